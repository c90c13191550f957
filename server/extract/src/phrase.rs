//! Noun phrases by their edges: where the phrase that ends or begins at a token begins or ends.
//! Word classes and capitals stand in for a parser; every walk is short.

use crate::lexicon::Class;
use crate::token::{Kind, Text};
use std::ops::Range;

const REACH: usize = 30;

/// Words that no noun phrase holds (determiners begin one and are looked at apart).
const OUTSIDE: Class = Class::BE
    .or(Class::HAVE)
    .or(Class::MODAL)
    .or(Class::SUBORDINATOR)
    .or(Class::CONJUNCTION)
    .or(Class::DO)
    .or(Class::PREPOSITION)
    .or(Class::NEGATION);

/// Whether a token can stand inside a noun phrase.
pub fn nounish(text: &Text<'_>, i: usize) -> bool {
    let token = text.at(i);
    if token.kind == Kind::Number {
        return true;
    }
    if !token.is_word() {
        return false;
    }
    if text.is_name(i) && !token.has(Class::STARTER) {
        return true;
    }
    let word = text.low(i);
    if token.has(OUTSIDE)
        || token.has(Class::DETERMINER)
        || token.has(Class::PRONOUN) && !matches!(word, "others" | "one")
    {
        return false;
    }
    let noun_too = token.has(
        Class::GROUP
            .or(Class::DOCUMENT)
            .or(Class::PERSON)
            .or(Class::ROLE)
            .or(Class::ORGANISATION)
            .or(Class::THING)
            .or(Class::CUE_NOUN)
            .or(Class::TITLE),
    );
    (noun_too || word == "state" || !token.has(Class::VERB.or(Class::SAY)))
        && (!token.has(Class::ADVERB) || matches!(word, "early" | "back" | "well" | "most"))
}

/// Where the noun phrase begins whose last token is `last`; not before `floor`.
pub fn left(text: &Text<'_>, last: usize, floor: usize) -> Option<usize> {
    let token = text.at(last);
    if token.kind == Kind::Nothing || last < floor {
        return None;
    }
    if token.has(Class::PRONOUN) && !nounish(text, last) || text.low(last) == "who" {
        return (!matches!(
            text.low(last),
            "him" | "them" | "us" | "me" | "himself" | "themselves" | "itself" | "herself"
        ))
        .then_some(last);
    }
    if !nounish(text, last) && text.low(last) != "'s" {
        return matches!(text.low(last), "all" | "both" | "some" | "many" | "this" | "that" | "another")
            .then_some(last);
    }
    let mut at = last;
    while at > floor && last - at < REACH {
        let prev = at - 1;
        let word = text.low(prev);
        let t = text.at(prev);
        if t.paragraph != token.paragraph {
            break;
        }
        if nounish(text, prev)
            || matches!(word, "'s" | "'")
            || t.kind == Kind::Dash && !t.gap && !text.at(at).gap
            || t.sign == '.' && !t.gap && t.kind == Kind::Mark && text.is_name(at) && !text.at(at).gap
        {
            at = prev;
            continue;
        }
        if t.has(Class::DETERMINER) {
            at = prev;
            if text.low(prev.wrapping_sub(1)).is_empty() || prev == floor {
                break;
            }
            let joins = matches!(text.low(prev - 1), "of" | "for" | "at" | "from" | "with" | "in" | "on");
            if !joins {
                if text.at(prev - 1).has(Class::DETERMINER)
                    && matches!(text.low(prev - 1), "all" | "both" | "such")
                {
                    at = prev - 1;
                }
                break;
            }
            continue;
        }
        let link = matches!(word, "of" | "for" | "at" | "from" | "with" | "in" | "on" | "near" | "by");
        if link
            && prev > floor
            && nounish(text, prev - 1)
            && !text.at(prev - 1).has(Class::TIME.or(Class::WEEKDAY))
        {
            at = prev - 1;
            continue;
        }
        let and = matches!(word, "and" | "&" | "or");
        if and
            && prev > floor
            && nounish(text, prev - 1)
            && (text.is_name(prev - 1) == text.is_name(at) || word == "&")
            && !text.at(at).has(Class::DETERMINER)
            && text.low(prev - 1).len() > 1
        {
            at = prev - 1;
            continue;
        }
        if and
            && prev > floor
            && text.is_name(prev - 1)
            && (text.is_name(at) || text.at(at).has(Class::TITLE))
        {
            at = prev - 1;
            continue;
        }
        break;
    }
    Some(at)
}

/// Where the noun phrase ends that begins at `first`; not beyond `ceiling`.
pub fn right(text: &Text<'_>, first: usize, ceiling: usize) -> Option<usize> {
    let token = text.at(first);
    if first >= ceiling {
        return None;
    }
    if token.has(Class::PRONOUN) && !token.has(Class::POSSESSIVE) && !nounish(text, first)
        || text.low(first) == "her" && !nounish(text, first + 1)
    {
        return (!token.has(Class::RELATIVE)).then_some(first + 1);
    }
    let mut at = first;
    while at < ceiling && text.at(at).has(Class::DETERMINER) && at < first + 3 {
        at += 1;
    }
    let mut end = at;
    while end < ceiling && end < first + REACH {
        let t = text.at(end);
        if nounish(text, end)
            || matches!(text.low(end), "'s" | "'")
            || t.kind == Kind::Dash && !t.gap && !text.at(end + 1).gap && end > at
        {
            end += 1;
            continue;
        }
        if end == at {
            break;
        }
        let link = matches!(text.low(end), "of" | "for" | "at" | "from" | "in" | "with")
            || matches!(text.low(end), "and" | "&") && (text.is_name(end + 1) && text.is_name(end - 1));
        let next = if text.at(end + 1).has(Class::DETERMINER) { end + 2 } else { end + 1 };
        if link
            && next < ceiling
            && nounish(text, next)
            && !text.at(next).has(Class::TIME.or(Class::WEEKDAY).or(Class::MONTH))
            && text.at(next).kind != Kind::Number
        {
            end = next + 1;
            continue;
        }
        break;
    }
    (end > at).then_some(end)
}

/// The subject whose last token stands just before `verb` (auxiliaries and adverbs left out): a
/// noun phrase, with an apposition between commas where there is one.
pub fn subject(text: &Text<'_>, verb: usize, floor: usize) -> Option<Range<usize>> {
    let last = verb.checked_sub(1)?;
    if last < floor {
        return None;
    }
    let token = text.at(last);
    if token.sign == ')' {
        let open = (floor..last).rev().take(REACH).find(|&k| text.at(k).sign == '(')?;
        let end = open.checked_sub(1)?;
        return left(text, end, floor).map(|s| s..last + 1);
    }
    if token.sign == ',' || token.kind == Kind::Dash && token.gap {
        let sign = token.sign;
        let comma = (floor + 1..last)
            .rev()
            .take(REACH)
            .find(|&k| text.at(k).sign == sign || matches!(text.at(k).kind, Kind::Close))?;
        if text.at(comma).sign != sign || comma == floor {
            return None;
        }
        // "Smith, 42, of Paris, said": the phrase before the first of a row of short asides.
        let mut end = comma - 1;
        let mut start = left(text, end, floor)?;
        let aside_like = |s: usize, e: usize| {
            text.at(s).kind == Kind::Number && e == s
                || text.low(s) == "of"
                || text.at(s).has(Class::PREPOSITION)
        };
        if (text.at(start).kind == Kind::Number && start == end
            || start > floor && text.at(start - 1).has(Class::PREPOSITION))
            && aside_like(if text.at(start - 1).has(Class::PREPOSITION) { start - 1 } else { start }, end)
        {
            let edge = if text.at(start - 1).has(Class::PREPOSITION) { start - 1 } else { start };
            if edge > floor + 1 && text.at(edge - 1).sign == ',' {
                end = edge - 2;
                start = left(text, end, floor)?;
            }
        }
        if text.at(start).has(Class::TIME.or(Class::WEEKDAY).or(Class::MONTH)) && !text.is_name(start + 1)
            || start > floor && text.at(start - 1).has(Class::PREPOSITION) && start - 1 == floor
        {
            return None;
        }
        // "Mr. Berg, in an interview on Saturday, said": when and where is no part of who.
        let when = matches!(
            text.low(comma + 1),
            "in" | "on" | "at" | "during" | "after" | "before" | "speaking" | "writing" | "while" | "through"
        );
        return Some(start..if when && end + 1 == comma { comma } else { last });
    }
    left(text, last, floor).map(|s| s..last + 1)
}

/// The head noun of a phrase: the last noun before the first preposition or comma.
pub fn head(text: &Text<'_>, phrase: &Range<usize>) -> usize {
    let mut head = phrase.start;
    for i in phrase.clone() {
        let token = text.at(i);
        if i > phrase.start
            && (token.has(Class::PREPOSITION) || token.sign == ',' || token.has(Class::RELATIVE))
        {
            break;
        }
        if token.is_word() && !matches!(text.low(i), "'s" | "'") {
            head = i;
        }
    }
    head
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::token;

    fn subject_of(source: &str, verb: &str) -> String {
        let text = token::read(source);
        let at = (0..text.len()).find(|&i| text.low(i) == verb).expect("the verb is there");
        subject(&text, at, 0).map(|r| text.words(&r).to_owned()).unwrap_or_default()
    }

    #[test]
    fn a_subject_may_hold_an_apposition() {
        assert_eq!(
            subject_of("Anis Rahmani, security expert and editor of a local paper, told Reuters", "told"),
            "Anis Rahmani, security expert and editor of a local paper"
        );
    }

    #[test]
    fn a_subject_reaches_over_of_and_for() {
        assert_eq!(
            subject_of("On Monday a spokesman for the ministry said", "said"),
            "a spokesman for the ministry"
        );
        assert_eq!(subject_of("Mrs. Clinton and Ms. Warren said", "said"), "Mrs. Clinton and Ms. Warren");
    }
}
