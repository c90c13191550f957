//! Where sentences begin and end. Paragraph ends always end a sentence; inside a paragraph a
//! terminal mark does, unless it belongs to an abbreviation, a number, a list label or an aside.

use crate::lexicon::Class;
use crate::token::{Kind, Text};
use std::ops::Range;

/// Token ranges of the sentences, in order, without gaps inside a paragraph.
pub fn split(text: &Text<'_>) -> Vec<Range<usize>> {
    let mut sentences = Vec::new();
    for paragraph in &text.paragraphs {
        let mut start = paragraph.start;
        let mut depth = 0i32;
        let mut i = paragraph.start;
        while i < paragraph.end {
            match text.at(i).sign {
                '(' | '[' => depth += 1,
                ')' | ']' => depth = (depth - 1).max(0),
                _ => {}
            }
            if i > start && starts_item(text, i, start) {
                sentences.push(start..i);
                start = i;
                depth = 0;
            }
            if let Some(end) = sentence_end(text, i, start, paragraph, depth) {
                sentences.push(start..end);
                start = end;
                i = end;
                depth = 0;
                continue;
            }
            i += 1;
        }
        if start < paragraph.end {
            sentences.push(start..paragraph.end);
        }
    }
    sentences
}

/// A list label inside a running line: "1.) ", "2) ", "• 9.", "b. ".
fn starts_item(text: &Text<'_>, i: usize, start: usize) -> bool {
    let token = text.at(i);
    if !token.gap {
        return false;
    }
    if matches!(token.sign, '•' | '⁃') {
        return true;
    }
    let first = text.at(start);
    let labelled =
        |k: usize| text.at(k + 1).sign == ')' || (text.at(k + 1).sign == '.' && !text.at(k + 1).gap);
    if token.kind == Kind::Number && first.kind == Kind::Number && labelled(i) && labelled(start) {
        let follows = text
            .low(i)
            .parse::<u32>()
            .ok()
            .zip(text.low(start).parse::<u32>().ok())
            .is_some_and(|(b, a)| b == a + 1);
        return follows && text.at(i + 2).kind != Kind::Nothing;
    }
    // "a. The first item b. The second item"
    let letter = |k: usize| {
        text.at(k).is_word()
            && text.low(k).trim_end_matches('.').len() == 1
            && (text.low(k).ends_with('.') || text.at(k + 1).sign == '.')
    };
    if letter(start) && letter(i) && !token.capital && !first.capital {
        let (a, b) = (text.low(start).bytes().next(), text.low(i).bytes().next());
        return a.zip(b).is_some_and(|(a, b)| b == a + 1);
    }
    false
}

/// The token after the sentence when one ends at the terminal mark `i`.
fn sentence_end(
    text: &Text<'_>,
    i: usize,
    start: usize,
    paragraph: &Range<usize>,
    depth: i32,
) -> Option<usize> {
    let token = text.at(i);
    let abbreviation = token.is_word() && token.byte_end > token.byte + 1 && text.low(i).ends_with('.');
    let terminal = matches!(token.sign, '.' | '!' | '?' | '。' | '！' | '？')
        && matches!(token.kind, Kind::Mark | Kind::Ellipsis)
        || token.kind == Kind::Ellipsis
        || abbreviation;
    if !terminal {
        return None;
    }
    let mut end = i + 1;
    let spaced_dots = token.sign == '.' && token.kind == Kind::Mark;
    while end < paragraph.end {
        let next = text.at(end);
        let more = matches!(next.sign, '.' | '!' | '?' | '。' | '！' | '？')
            && (!next.gap || spaced_dots && next.sign == '.' && next.kind == Kind::Mark)
            || next.kind == Kind::Ellipsis && !next.gap;
        let closes = !next.gap
            && (matches!(next.kind, Kind::Close | Kind::SingleClose) || matches!(next.sign, ')' | ']'));
        // A footnote mark belongs to what it notes: "in 2014. [4]"
        let footnote = next.sign == '['
            && text.at(end + 1).kind == Kind::Number
            && text.low(end + 1).len() <= 3
            && text.at(end + 2).sign == ']';
        if footnote {
            end += 3;
        } else if more || closes {
            end += 1;
        } else {
            break;
        }
    }
    if end >= paragraph.end {
        return Some(end);
    }
    if end - i < 40 && label_only(text, start, i) {
        return None;
    }
    let next = text.at(end);
    let after = if matches!(next.kind, Kind::Open | Kind::SingleOpen) || matches!(next.sign, '(' | '[') {
        text.at(end + 1)
    } else {
        next
    };
    let dots = spaced_dots_count(text, i);
    if dots == 3 && spaced_dots {
        // ". . ." leaves out words: the sentence goes on after small letters.
        return None;
    }
    let cjk = matches!(token.sign, '。' | '！' | '？');
    if !next.gap && !cjk {
        // "world.Today": a capital glued to a lower-case word's stop starts a new sentence.
        let glued = token.kind == Kind::Mark
            && token.sign == '.'
            && next.is_word()
            && next.capital
            && text.before(i).is_word()
            && (!text.before(i).capital || text.low(i.wrapping_sub(1)).len() > 4)
            && text.low(i.wrapping_sub(1)).len() > 1
            && text.at(end + 1).gap;
        let number = token.kind == Kind::Mark
            && token.sign == '.'
            && next.is_word()
            && next.capital
            && text.before(i).kind == Kind::Number
            && text.low(end).len() > 3;
        return (glued || number || next.kind == Kind::Open && end > i + 1).then_some(end);
    }
    let aside = depth > 0 && !matches!(text.at(end - 1).sign, ')' | ']');
    if aside && end - start < 60 {
        return None;
    }
    if text.at(end - 1).sign == ')' && !starts_upper(text, end) {
        return None;
    }
    let starts = after.capital
        || after.kind == Kind::Number
        || matches!(after.sign, '•' | '⁃' | '$' | '£' | '€' | '@' | '#' | '.')
        || cjk
        || (after.is_word() && !after.sign.is_lowercase());
    if abbreviation {
        return (starts && abbreviation_ends(text, i, end)).then_some(end);
    }
    if token.kind == Kind::Ellipsis {
        return (starts && after.is_word()).then_some(end);
    }
    // "Albert I. Jones"
    if text.low(i.wrapping_sub(1)) == "i"
        && text.at(i.wrapping_sub(2)).capital
        && after.capital
        && !after.has(Class::STARTER)
        && token.sign == '.'
    {
        return None;
    }
    if !starts {
        let small = after.is_word() && matches!(next.kind, Kind::Open);
        return small.then_some(end);
    }
    if token.sign == '!' && end == i + 1 && after.is_word() && !after.capital {
        return None;
    }
    let before = text.before(i);
    // "N°. 1026", "No. 5", "p. 55"
    if after.kind == Kind::Number
        && (before.sign == '°'
            || matches!(
                text.low(i.wrapping_sub(1)),
                "no" | "nos" | "nr" | "p" | "pp" | "art" | "sec" | "vol" | "fig" | "op"
            ))
        && token.sign == '.'
        && before.capital | (text.low(i.wrapping_sub(1)).len() <= 2 && text.low(i.wrapping_sub(1)) != "no")
    {
        return None;
    }
    Some(end)
}

/// Only a list label stands before the stop: "1." or "a." at the start of a sentence.
fn label_only(text: &Text<'_>, start: usize, i: usize) -> bool {
    let first = if matches!(text.at(start).sign, '•' | '⁃' | '-' | '*') { start + 1 } else { start };
    let label = text.at(first);
    let short = label.kind == Kind::Number && text.low(first).len() <= 3
        || label.is_word() && text.low(first).trim_end_matches('.').len() == 1 && !label.capital;
    short && (i == first + 1 || i == first && label.is_word())
}

fn spaced_dots_count(text: &Text<'_>, i: usize) -> usize {
    if text.at(i).sign != '.' || text.at(i).kind != Kind::Mark {
        return 0;
    }
    let (mut first, mut last) = (i, i);
    while first > 0 && i - first < 6 && text.at(first - 1).sign == '.' && text.at(first).gap {
        first -= 1;
    }
    while last - i < 6 && text.at(last + 1).sign == '.' && text.at(last + 1).kind == Kind::Mark {
        last += 1;
    }
    last - first + 1
}

fn starts_upper(text: &Text<'_>, i: usize) -> bool {
    let token = text.at(i);
    token.capital || token.kind == Kind::Number || matches!(token.kind, Kind::Open | Kind::SingleOpen)
}

/// A verb stands in the few words before: the time of day closes a sentence.
fn told_before(text: &Text<'_>, i: usize) -> bool {
    (1..8)
        .map(|back| i.wrapping_sub(back))
        .take_while(|&k| !matches!(text.at(k).sign, '.' | '\0'))
        .any(|k| text.at(k).has(Class::VERB.or(Class::BE)))
}

/// Whether a sentence may end at an abbreviation, the next word beginning with a capital.
fn abbreviation_ends(text: &Text<'_>, i: usize, end: usize) -> bool {
    if text.at(end - 1).kind == Kind::Close {
        return true;
    }
    let word = text.low(i);
    let next = text.at(end);
    let starter = next.has(Class::STARTER) && next.capital;
    if text.at(i).has(Class::TITLE) && !matches!(word, "jr." | "sr.") {
        return false;
    }
    match word {
        "a.m." | "p.m." => {
            (!next.has(Class::TITLE) || told_before(text, i)) && (next.capital || next.is_quote())
        }
        "e.g." | "i.e." | "vs." | "v." | "cf." | "mt." | "st." | "ft." | "no." | "nos." | "p." | "pp."
        | "fig." | "al." => starter && word == "al.",
        _ if word.len() == 2 => {
            // An initial: the sentence ends only before a word that opens sentences, and only
            // where no name goes on.
            starter && !text.before(i).capital
                || starter && text.before(i).capital && text.at(end).has(Class::PRONOUN)
        }
        _ => starter || matches!(next.kind, Kind::Open) && text.at(end + 1).capital,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::token;

    fn sentences(source: &str) -> Vec<String> {
        let text = token::read(source);
        split(&text).iter().map(|s| text.words(s).to_owned()).collect()
    }

    #[test]
    fn a_stop_after_a_title_ends_nothing() {
        assert_eq!(sentences("Mr. Smith left. Dr. No stayed.").len(), 2);
    }

    #[test]
    fn a_quotation_with_its_own_stop_is_not_cut_from_its_speaker() {
        assert_eq!(
            sentences("\"We saw it!\" he said. Nobody else did."),
            ["\"We saw it!\" he said.", "Nobody else did."]
        );
    }

    #[test]
    fn a_paragraph_end_ends_a_sentence() {
        assert_eq!(sentences("A headline without stop\n\nThen text.").len(), 2);
    }
}
