//! What a sentence shows that tells how far it can be checked: its words, pairs of words and parts of
//! words, and typed clues from the steps before (figures, money, dates, who speaks, how). All are
//! handed out as hashes; the typed ones have names, so that a score can be explained.

use crate::lexicon::Class;
use crate::quantity::Quantity;
use crate::token::{Kind, Text};
use domain::measure::Bound;
use std::ops::Range;

/// What kind of clue a hash stands for. Long sentences have many of the first two, whose sums are
/// therefore divided by the root of their number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    /// One or two words.
    Words = 0,
    /// Three to five letters within a word.
    Letters = 1,
    /// A typed clue.
    Typed = 2,
}

const SEED: u64 = 0xcbf2_9ce4_8422_2325;

fn feed(hash: u64, bytes: &[u8]) -> u64 {
    bytes.iter().fold(hash, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

/// The upper half mixed into the lower: Fowler–Noll–Vo's last bytes stir its low bits little.
fn close(hash: u64) -> u32 {
    let mixed = (hash ^ (hash >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    (mixed >> 32) as u32
}

/// The hash of a typed clue.
pub fn named(name: &str) -> u32 {
    close(feed(feed(SEED, b"="), name.as_bytes()))
}

/// All clues of the sentence, in order.
pub fn each(
    text: &Text<'_>,
    range: &Range<usize>,
    quantities: &[Quantity],
    dated: bool,
    mut sink: impl FnMut(Group, u32),
) {
    words(text, range, &mut sink);
    typed(text, range, quantities, dated, |name| sink(Group::Typed, named(name)));
}

fn words(text: &Text<'_>, range: &Range<usize>, sink: &mut impl FnMut(Group, u32)) {
    let start = feed(SEED, b"<");
    let (mut last, mut before) = (start, start);
    for k in range.clone() {
        let token = text.at(k);
        let low = text.low(k);
        let whole = match token.kind {
            // A figure counts by its length: "1992" and "300,000" are different things.
            Kind::Number => {
                let digits = low.bytes().filter(u8::is_ascii_digit).count().min(9) as u8;
                feed(SEED, &[b'0', digits, u8::from(low.contains('.')), u8::from(low.contains(','))])
            }
            Kind::Word => feed(SEED, low.as_bytes()),
            Kind::Mark if matches!(token.sign, '?' | '!' | '$' | '%' | ',' | ':') => {
                feed(SEED, &[token.sign as u8])
            }
            _ => continue,
        };
        sink(Group::Words, close(whole));
        sink(Group::Words, close(feed(last, &whole.to_le_bytes())));
        sink(Group::Words, close(feed(before ^ 0x5bd1, &whole.to_le_bytes())));
        before = last;
        last = whole;
        if token.kind == Kind::Word {
            letters(low, sink);
        }
    }
    sink(Group::Words, close(feed(last, b">")));
}

/// How many bytes a part of a word has at most; the shortest has two fewer.
const LONGEST: usize = 5;

fn letters(word: &str, sink: &mut impl FnMut(Group, u32)) {
    let bytes = word.as_bytes();
    let at = |k: usize| if k == 0 { b' ' } else { bytes.get(k - 1).copied().unwrap_or(b' ') };
    let length = bytes.len() + 2;
    for from in 0..length.saturating_sub(2) {
        let mut hash = feed(SEED, b"~");
        for (size, k) in (from..length.min(from + LONGEST)).enumerate() {
            hash = feed(hash, &[at(k)]);
            if size >= 2 {
                sink(Group::Letters, close(hash));
            }
        }
    }
}

const SUPERLATIVES: &[&str] = &[
    "highest",
    "lowest",
    "largest",
    "biggest",
    "smallest",
    "greatest",
    "worst",
    "best",
    "fastest",
    "slowest",
    "most",
    "least",
    "first",
    "only",
    "longest",
    "oldest",
    "richest",
    "poorest",
    "strongest",
    "never",
    "every",
    "all",
    "none",
    "ever",
];
const COMPARATIVES: &[&str] = &[
    "more", "less", "fewer", "higher", "lower", "larger", "bigger", "smaller", "greater", "worse", "better",
    "than", "faster", "slower", "longer", "double", "twice", "half",
];

fn typed(
    text: &Text<'_>,
    range: &Range<usize>,
    quantities: &[Quantity],
    dated: bool,
    mut show: impl FnMut(&'static str),
) {
    let first = (range.start..range.end).find(|&k| text.at(k).is_word());
    let opening = first.map_or("", |k| text.low(k));
    let has = |class: Class| range.clone().any(|k| text.at(k).has(class));
    let count = |class: Class| range.clone().filter(|&k| text.at(k).has(class)).count();
    let says = |words: &[&str]| range.clone().any(|k| words.contains(&text.low(k)));
    let length = range.clone().filter(|&k| text.at(k).is_word()).count();
    for (least, name) in [
        (4, "4 words or more"),
        (6, "6 words or more"),
        (9, "9 words or more"),
        (13, "13 words or more"),
        (18, "18 words or more"),
        (25, "25 words or more"),
        (35, "35 words or more"),
        (50, "50 words or more"),
    ] {
        if length >= least {
            show(name);
        }
    }
    let figures = || quantities.iter().filter(|q| !q.ordinal && q.best != Some(1.0));
    let numbers = figures().count();
    if numbers > 0 {
        show("a figure");
    }
    if numbers > 1 {
        show("two figures");
    }
    if numbers > 2 {
        show("three figures or more");
    }
    if numbers > 0 && length < 12 {
        show("a figure in a short sentence");
    }
    let percent = quantities.iter().any(Quantity::is_percent);
    if percent {
        show("a percentage");
    }
    let money = quantities.iter().any(Quantity::is_money);
    if money {
        show("money");
    }
    let largest = figures().filter_map(|q| q.best.or(q.high).or(q.low)).fold(0.0f64, f64::max);
    for (least, name) in [
        (10.0, "ten or more"),
        (100.0, "a hundred or more"),
        (1e4, "ten thousand or more"),
        (1e6, "a million or more"),
        (1e9, "a billion or more"),
    ] {
        if largest >= least {
            show(name);
        }
    }
    if quantities.iter().any(|q| q.ordinal) {
        show("an ordinal");
    }
    if quantities.iter().any(|q| q.bound == Bound::Vague) {
        show("a vague figure");
    }
    if figures().any(|q| matches!(q.bound, Bound::AtLeast | Bound::AtMost | Bound::About)) {
        show("a bounded figure");
    }
    if quantities.iter().any(|q| q.change.is_some()) {
        show("a figure that changes");
    }
    if figures().any(|q| q.counts.is_some()) {
        show("things counted");
    }
    if dated {
        show("a date");
    }
    let year = range.clone().any(|k| {
        text.at(k).kind == Kind::Number
            && text.low(k).len() == 4
            && matches!(text.low(k).get(..2), Some("18" | "19" | "20"))
    });
    if year {
        show("a year");
    }
    let trend = has(Class::TREND);
    if trend {
        show("a trend");
    }
    if trend && numbers > 0 {
        show("a trend with a figure");
    }
    let superlative = says(SUPERLATIVES);
    if superlative {
        show("a superlative");
    }
    if superlative && dated {
        show("a superlative with a date");
    }
    let comparative = says(COMPARATIVES);
    if comparative {
        show("a comparison");
    }
    if comparative && numbers > 0 {
        show("a comparison with a figure");
    }
    let me = says(&["i", "me", "my", "mine", "i'm", "i've", "i'd", "i'll", "myself"]);
    if me {
        show("speaks of itself");
    }
    let us = says(&["we", "us", "our", "ours", "we're", "we've", "we'd", "we'll"]);
    if us {
        show("speaks of us");
    }
    let you = says(&["you", "your", "yours", "you're", "you've", "you'd", "you'll"]);
    if you {
        show("speaks to someone");
    }
    let other = says(&["he", "she", "his", "her", "him", "he's", "she's", "they", "their", "them"]);
    if other {
        show("speaks of another");
    }
    if numbers > 0 && me {
        show("a figure and the speaker");
    }
    if numbers > 0 && you {
        show("a figure and the hearer");
    }
    match opening {
        "and" | "but" | "so" | "well" | "now" | "or" => show("goes on"),
        "i" | "i'm" | "i've" | "i'd" | "i'll" => show("opens with I"),
        "we" | "we're" | "we've" | "we'd" | "we'll" => show("opens with we"),
        "he" | "she" | "they" | "it" => show("opens with another"),
        "you" => show("opens with you"),
        "what" | "how" | "why" | "who" | "when" | "where" | "do" | "does" | "did" | "is" | "are" | "can"
        | "will" | "would" | "should" | "have" | "has" => show("opens as a question"),
        "let" | "let's" | "thank" | "please" => show("opens as a request"),
        "the" | "a" | "an" => show("opens with an article"),
        _ => {}
    }
    if range.clone().any(|k| text.at(k).sign == '?') {
        show("a question");
    }
    if range.clone().any(|k| text.at(k).sign == '!') {
        show("an exclamation");
    }
    if range.clone().any(|k| text.at(k).is_quote()) {
        show("a quotation");
    }
    let future = has(Class::FUTURE) || says(&["going", "gonna"]);
    if future {
        show("what may be");
    }
    if says(&["should", "must", "ought", "need", "needs", "let's"]) {
        show("what should be");
    }
    if future && numbers > 0 {
        show("a figure of what may be");
    }
    let past = range
        .clone()
        .filter(|&k| {
            text.at(k).is_word()
                && (text.low(k).len() > 4 && text.low(k).ends_with("ed")
                    || matches!(
                        text.low(k),
                        "was"
                            | "were"
                            | "had"
                            | "did"
                            | "been"
                            | "went"
                            | "came"
                            | "took"
                            | "made"
                            | "said"
                            | "left"
                            | "got"
                            | "gave"
                            | "lost"
                            | "won"
                            | "cut"
                            | "voted"
                            | "became"
                            | "spent"
                            | "rose"
                            | "fell"
                            | "grew"
                            | "brought"
                            | "put"
                    ))
        })
        .count();
    if past > 0 {
        show("what was");
    }
    if past > 1 {
        show("much that was");
    }
    if past > 0 && other {
        show("what another did");
    }
    if past > 0 && !future && !me {
        show("a plain account");
    }
    if has(Class::BE) && past == 0 && !future {
        show("what is");
    }
    if says(&["has", "have", "'ve", "i've", "we've", "they've", "he's"]) {
        show("what has been");
    }
    if has(Class::NEGATION) {
        show("a denial");
    }
    if has(Class::BELIEF) || says(&["feel", "guess", "sure", "opinion", "agree"]) {
        show("a belief");
    }
    if has(Class::OPINION) {
        show("a judgement");
    }
    if count(Class::SAY) > 0 {
        show("speech");
    }
    let names = range
        .clone()
        .filter(|&k| {
            text.is_name(k) && Some(k) != first && text.low(k).len() > 1 && !text.low(k).starts_with("i'")
        })
        .count();
    if names > 0 {
        show("a name");
    }
    if names > 1 {
        show("two names");
    }
    if names > 3 {
        show("four names or more");
    }
    if names > 0 && past > 0 {
        show("a name and what was");
    }
    if names > 0 && numbers > 0 {
        show("a name and a figure");
    }
    if has(Class::PLACE) {
        show("a country or capital");
    }
    if has(Class::NATIONALITY) {
        show("a nationality");
    }
    if has(Class::ORGANISATION) {
        show("an organisation");
    }
    if has(Class::GROUP) || has(Class::CIVILIAN) {
        show("a group of people");
    }
    if range.clone().any(|k| text.at(k).shouted && text.low(k) != "i") && !text.upper_case {
        show("an acronym");
    }
    if has(Class::CURRENCY) {
        show("a currency");
    }
    if says(&[
        "voted",
        "vote",
        "votes",
        "signed",
        "vetoed",
        "passed",
        "proposed",
        "supported",
        "opposed",
        "promised",
    ]) {
        show("a political act");
    }
    if says(&["because", "therefore", "if", "unless", "although"]) {
        show("an argument");
    }
}
