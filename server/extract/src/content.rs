//! What a reported content is: something that is or is not so ("that the bridge was closed"), a thing
//! ("the allegations"), what somebody is to do ("to leave"), a figure. Word classes stand in for a
//! parser; every walk is short.

use crate::attribution;
use crate::lexicon::Class;
use crate::phrase;
use crate::token::{Kind, Text};
use std::ops::Range;

/// Verbs of saying after which a clause stands nearly always, hardly ever a thing (by the counts of
/// complements in English treebanks).
const CLAUSAL: &[&str] = &[
    "according",
    "alleged",
    "alleges",
    "alleging",
    "argue",
    "argued",
    "argues",
    "arguing",
    "believe",
    "believed",
    "believes",
    "believing",
    "conclude",
    "concluded",
    "concludes",
    "concluding",
    "contend",
    "contended",
    "contending",
    "contends",
    "hope",
    "hoped",
    "hopes",
    "insist",
    "insisted",
    "insisting",
    "insists",
    "said",
    "say",
    "saying",
    "says",
    "state",
    "stated",
    "states",
    "stating",
    "tell",
    "telling",
    "tells",
    "think",
    "thinking",
    "thinks",
    "thought",
    "told",
];

/// Whether what follows a cue says that something is so: a clause with a finite verb of its own. A
/// thing ("denied the allegations") or what somebody is to do ("asked him to leave") says nothing
/// that could be true or false.
pub fn proposes(text: &Text<'_>, cue: &Range<usize>, content: &Range<usize>) -> bool {
    /// How far into the content its verb may stand.
    const FAR: usize = 20;
    let finite = |k: usize| is_finite(text, k, content.start);
    let from = |start: usize| (start..content.end).any(finite);
    let first = text.at(content.start);
    let word = text.low(content.start);
    let last = text.low(cue.end.wrapping_sub(1));
    if opens_thing(word) || cue.len() > 1 && opens_thing(last) && text.low(cue.start) != "according" {
        return false;
    }
    if word == "that" {
        let next = text.at(content.start + 1);
        // "asked that day": when, not what.
        if next.has(Class::TIME) {
            return false;
        }
        if next.capital || next.has(Class::DETERMINER.or(Class::PRONOUN).or(Class::NUMBER)) {
            return true;
        }
    }
    if is_account(text, content) {
        return true;
    }
    if first.has(Class::SUBORDINATOR) || matches!(word, "he" | "she" | "they" | "we" | "i" | "there") {
        return from(content.start + 1);
    }
    if cue.clone().any(|k| CLAUSAL.contains(&text.low(k))) && from(content.start) {
        return true;
    }
    if first.has(Class::PREPOSITION) || cue.clone().any(|k| is_verdict(text.low(k))) {
        return false;
    }
    for k in content.start..content.end.min(content.start + FAR) {
        let token = text.at(k);
        let aside = matches!(token.sign, ',' | ';' | '—' | ':')
            || token.kind == Kind::Dash && token.gap
            || token.has(Class::RELATIVE.or(Class::SUBORDINATOR));
        // "acknowledged the problem and left": what the source did next.
        if k > content.start && aside || token.has(Class::CONJUNCTION) {
            return false;
        }
        if finite(k) {
            return true;
        }
    }
    false
}

/// "the allegations", "a report of the ministry": a thing that itself says something.
fn is_account(text: &Text<'_>, content: &Range<usize>) -> bool {
    phrase::right(text, content.start, content.end).is_some_and(|end| {
        let head = phrase::head(text, &(content.start..end));
        text.at(head).has(Class::CUE_NOUN)
            || matches!(
                text.low(head),
                "charge"
                    | "charges"
                    | "correction"
                    | "version"
                    | "account"
                    | "accounts"
                    | "figure"
                    | "figures"
                    | "toll"
            )
    })
}

/// "told about", "known for", "refused to": a thing or a deed follows.
fn opens_thing(word: &str) -> bool {
    matches!(
        word,
        "to" | "about" | "of" | "for" | "against" | "with" | "as" | "from" | "into" | "upon" | "towards"
    )
}

/// Verbs that pass judgement on a thing: no clause ever follows them.
pub fn is_verdict(word: &str) -> bool {
    const STEMS: &[&str] = &[
        "accus", "applaud", "blam", "brand", "call", "chid", "condemn", "critici", "decr", "defend",
        "denounc", "describ", "dismiss", "dub", "hail", "label", "lambast", "laud", "mock", "prais",
        "reject", "ridicul", "scold", "slam", "tout",
    ];
    const ENDS: &[&str] = &[
        "", "e", "es", "ed", "ing", "s", "se", "ses", "sed", "sing", "ze", "zes", "zed", "zing", "bed",
        "bing", "ied", "ies", "ying", "led", "ling", "med", "ming",
    ];
    STEMS.iter().any(|stem| word.strip_prefix(stem).is_some_and(|end| ENDS.contains(&end)))
}

/// Whether a token of a content that begins at `start` is a finite verb, as far as word classes tell.
fn is_finite(text: &Text<'_>, k: usize, start: usize) -> bool {
    let token = text.at(k);
    let word = text.low(k);
    let before = text.before(k);
    let previous = text.low(k.wrapping_sub(1));
    // "being swept away", "getting trampled", "to fully understand"
    let bound = matches!(previous, "being" | "been" | "having" | "getting" | "to")
        || before.has(Class::ADVERB) && text.low(k.wrapping_sub(2)) == "to";
    if bound || matches!(word, "being" | "having" | "been" | "be") {
        return false;
    }
    if token.has(Class::BE.or(Class::HAVE).or(Class::MODAL).or(Class::DO)) {
        return true;
    }
    let noun_place = before.has(Class::DETERMINER.or(Class::PREPOSITION).or(Class::POSSESSIVE))
        && !before.has(Class::PRONOUN);
    k > start
        && !noun_place
        && !token.capital
        && !matches!(before.kind, Kind::Open | Kind::SingleOpen)
        && (token.has(Class::VERB)
            // "carried out by": a participle.
            || word.len() > 4 && word.ends_with("ed") && text.low(k + 1) != "by"
            || crate::trigger::is_outcome(word))
}

/// Whether a content has a verb at all.
pub fn is_clause(text: &Text<'_>, parts: &[Range<usize>]) -> bool {
    parts.iter().any(|p| attribution::has_verb(text, p.clone()))
}

/// Whether a content holds a figure: "announced 41 deaths" needs no verb. A date is none.
pub fn is_counted(text: &Text<'_>, parts: &[Range<usize>]) -> bool {
    parts.iter().flat_map(Clone::clone).any(|k| {
        text.at(k).kind == Kind::Number && !is_dated(text, k)
            || text.at(k).has(Class::NUMBER) && !matches!(text.low(k), "one" | "half")
    })
}

/// Whether a content holds any number in figures, dates included.
pub fn has_number(text: &Text<'_>, parts: &[Range<usize>]) -> bool {
    parts.iter().flat_map(Clone::clone).any(|k| text.at(k).kind == Kind::Number)
}

/// "in 2011", "17 January 1831"
fn is_dated(text: &Text<'_>, k: usize) -> bool {
    let word = text.low(k);
    let year = word.len() == 4
        && matches!(word.get(..2), Some("17" | "18" | "19" | "20"))
        && word.bytes().all(|b| b.is_ascii_digit());
    let month = |k: usize| text.at(k).has(Class::MONTH) && text.at(k).capital;
    let before = text.before(k);
    (year || word.len() <= 2) && (month(k.wrapping_sub(1)) || month(k + 1))
        || year && (before.has(Class::PREPOSITION.or(Class::DETERMINER)) || before.sign == ',')
}

/// A content up to where another clause joins it: ", and", ", which", "that".
pub fn first_clause(text: &Text<'_>, content: &Range<usize>) -> Range<usize> {
    let joint = (content.start + 1..content.end).find(|&k| {
        text.at(k).has(Class::RELATIVE)
            || text.at(k).sign == ',' && text.at(k + 1).has(Class::CONJUNCTION.or(Class::RELATIVE))
    });
    content.start..joint.unwrap_or(content.end)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::token;

    /// Whether what follows the first of the cue's words proposes something.
    fn told(cue: &str, rest: &str) -> bool {
        let source = format!("She {cue} {rest}");
        let text = token::read(&source);
        let words = cue.split(' ').count();
        proposes(&text, &(1..1 + words), &(1 + words..text.len()))
    }

    #[test]
    fn a_clause_proposes_something() {
        for (cue, rest) in [
            ("said", "the bridge and the road were closed"),
            ("announced", "that the bridge will open in May"),
            ("confirmed", "the bridge was hit"),
            ("knew", "he had left"),
            ("denied", "the allegations"),
            ("dismissed", "a report of the ministry"),
            ("denied", "that the Legion"),
            ("explained", "how the bridge was built"),
            ("thinks", "prices rose"),
        ] {
            assert!(told(cue, rest), "{cue} {rest}");
        }
    }

    #[test]
    fn a_thing_or_a_deed_proposes_nothing() {
        for (cue, rest) in [
            ("denied", "the excesses of his parents, and joined a monastery"),
            ("asked", "him to be patient"),
            ("agreed", "to leave"),
            ("described", "her as the best pupil he ever taught"),
            ("criticised", "the attack carried out by the army"),
            ("acknowledged", "the problem and left"),
            ("complained", "of the price"),
            ("talked about", "prices that rose"),
            ("asked", "that day"),
            ("feared", "getting trampled"),
        ] {
            assert!(!told(cue, rest), "{cue} {rest}");
        }
    }

    #[test]
    fn a_date_is_no_figure() {
        let counted = |source: &str| {
            let text = token::read(source);
            is_counted(&text, std::slice::from_ref(&(0..text.len())))
        };
        assert!(counted("41 deaths") && counted("three deaths"));
        assert!(!counted("the response in a 2011 interview"));
        assert!(!counted("his work on 17 January 1831"));
    }
}
