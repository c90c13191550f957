//! What a sentence shows that tells how far it can be checked: its words, pairs of words and parts of
//! words, and typed clues from the steps before (figures, money, dates, who speaks, how). All are
//! handed out as hashes; the typed ones have names, so that a score can be explained.

use crate::lexicon::{Class, SEED, fnv};
use crate::marks::Marks;
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

const fn feed(mut hash: u64, bytes: &[u8]) -> u64 {
    let mut rest = bytes;
    while let [byte, others @ ..] = rest {
        hash = fnv(hash, *byte);
        rest = others;
    }
    hash
}

/// Two hashes in their order as one.
const fn pair(first: u64, second: u64) -> u64 {
    (first.rotate_left(23) ^ second).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

/// The upper half mixed into the lower: Fowler–Noll–Vo's last bytes stir its low bits little.
const fn close(hash: u64) -> u32 {
    let mixed = (hash ^ (hash >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    (mixed >> 32) as u32
}

/// The hash of a typed clue.
pub const fn named(name: &str) -> u32 {
    close(feed(feed(SEED, b"="), name.as_bytes()))
}

/// The hash of a typed clue, made when the program is built.
macro_rules! clue {
    ($name:literal) => {
        const { named($name) }
    };
}

/// What takes the clues of sentences, in order.
pub trait Sink {
    fn clue(&mut self, group: Group, hash: u32);

    /// The letters of a word that has this hash: each part of it is a clue.
    fn letters(&mut self, word: &str, _hash: u64) {
        letters(word, |hash| self.clue(Group::Letters, hash));
    }
}

/// What the steps before found in a sentence.
pub struct Found<'f> {
    pub quantities: &'f [Quantity],
    pub dated: bool,
}

/// All clues of the sentence, in order.
pub fn each(text: &Text<'_>, range: &Range<usize>, found: &Found<'_>, sink: &mut impl Sink) {
    words(text, range, sink);
    typed(text, range, found, |hash| sink.clue(Group::Typed, hash));
}

fn words(text: &Text<'_>, range: &Range<usize>, sink: &mut impl Sink) {
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
            Kind::Word => token.hash,
            Kind::Mark if matches!(token.sign, '?' | '!' | '$' | '%' | ',' | ':') => {
                feed(SEED, &[token.sign as u8])
            }
            _ => continue,
        };
        sink.clue(Group::Words, close(whole));
        sink.clue(Group::Words, close(pair(last, whole)));
        sink.clue(Group::Words, close(pair(pair(before, 1), whole)));
        before = last;
        last = whole;
        if token.kind == Kind::Word {
            sink.letters(low, whole);
        }
    }
    sink.clue(Group::Words, close(feed(last, b">")));
}

/// How many bytes a part of a word has at most; the shortest has two fewer.
const LONGEST: usize = 5;

/// Hands out the parts of a word.
pub fn letters(word: &str, mut sink: impl FnMut(u32)) {
    let bytes = word.as_bytes();
    let at = |k: usize| if k == 0 { b' ' } else { bytes.get(k - 1).copied().unwrap_or(b' ') };
    let length = bytes.len() + 2;
    for from in 0..length.saturating_sub(2) {
        let mut hash = feed(SEED, b"~");
        for (size, k) in (from..length.min(from + LONGEST)).enumerate() {
            hash = feed(hash, &[at(k)]);
            if size >= 2 {
                sink(close(hash));
            }
        }
    }
}

/// What one walk over a sentence's tokens shows.
struct Seen {
    /// The first word.
    first: Option<usize>,
    words: usize,
    classes: Class,
    marks: Marks,
    year: bool,
    question: bool,
    exclamation: bool,
    quotation: bool,
    shouted: bool,
    past: usize,
    names: usize,
}

impl Seen {
    fn of(text: &Text<'_>, range: &Range<usize>) -> Self {
        let mut seen = Self {
            first: None,
            words: 0,
            classes: Class::NONE,
            marks: Marks::NONE,
            year: false,
            question: false,
            exclamation: false,
            quotation: false,
            shouted: false,
            past: 0,
            names: 0,
        };
        for k in range.clone() {
            let token = text.at(k);
            seen.classes = seen.classes.or(token.class);
            seen.marks = seen.marks.or(token.marks);
            match token.kind {
                Kind::Word => seen.word(text, k, token.marks),
                Kind::Number => {
                    let low = text.low(k);
                    seen.year |= low.len() == 4 && matches!(low.get(..2), Some("18" | "19" | "20"));
                }
                Kind::Open | Kind::Close => seen.quotation = true,
                _ => {}
            }
            seen.question |= token.sign == '?';
            seen.exclamation |= token.sign == '!';
            seen.shouted |= token.shouted && text.low(k) != "i";
        }
        seen
    }

    fn word(&mut self, text: &Text<'_>, k: usize, marks: Marks) {
        let low = text.low(k);
        let is_first = self.first.is_none();
        self.first = self.first.or(Some(k));
        self.words += 1;
        self.past += usize::from(low.len() > 4 && low.ends_with("ed") || marks.meets(Marks::PAST));
        self.names += usize::from(!is_first && low.len() > 1 && text.is_name(k) && !low.starts_with("i'"));
    }
}

fn typed(text: &Text<'_>, range: &Range<usize>, found: &Found<'_>, mut show: impl FnMut(u32)) {
    let Found { quantities, dated } = *found;
    let seen = Seen::of(text, range);
    let opening = seen.first.map_or("", |k| text.low(k));
    let has = |class: Class| seen.classes.meets(class);
    let says = |mark: Marks| seen.marks.meets(mark);
    let length = seen.words;
    for (least, name) in [
        (4, clue!("4 words or more")),
        (6, clue!("6 words or more")),
        (9, clue!("9 words or more")),
        (13, clue!("13 words or more")),
        (18, clue!("18 words or more")),
        (25, clue!("25 words or more")),
        (35, clue!("35 words or more")),
        (50, clue!("50 words or more")),
    ] {
        if length >= least {
            show(name);
        }
    }
    let figures = || quantities.iter().filter(|q| !q.ordinal && q.best != Some(1.0));
    let numbers = figures().count();
    if numbers > 0 {
        show(clue!("a figure"));
    }
    if numbers > 1 {
        show(clue!("two figures"));
    }
    if numbers > 2 {
        show(clue!("three figures or more"));
    }
    if numbers > 0 && length < 12 {
        show(clue!("a figure in a short sentence"));
    }
    let percent = quantities.iter().any(Quantity::is_percent);
    if percent {
        show(clue!("a percentage"));
    }
    let money = quantities.iter().any(Quantity::is_money);
    if money {
        show(clue!("money"));
    }
    let largest = figures().filter_map(|q| q.best.or(q.high).or(q.low)).fold(0.0f64, f64::max);
    for (least, name) in [
        (10.0, clue!("ten or more")),
        (100.0, clue!("a hundred or more")),
        (1e4, clue!("ten thousand or more")),
        (1e6, clue!("a million or more")),
        (1e9, clue!("a billion or more")),
    ] {
        if largest >= least {
            show(name);
        }
    }
    if quantities.iter().any(|q| q.ordinal) {
        show(clue!("an ordinal"));
    }
    if quantities.iter().any(|q| q.bound == Bound::Vague) {
        show(clue!("a vague figure"));
    }
    if figures().any(|q| matches!(q.bound, Bound::AtLeast | Bound::AtMost | Bound::About)) {
        show(clue!("a bounded figure"));
    }
    if quantities.iter().any(|q| q.change.is_some()) {
        show(clue!("a figure that changes"));
    }
    if figures().any(|q| q.counts.is_some()) {
        show(clue!("things counted"));
    }
    if dated {
        show(clue!("a date"));
    }
    if seen.year {
        show(clue!("a year"));
    }
    let trend = has(Class::TREND);
    if trend {
        show(clue!("a trend"));
    }
    if trend && numbers > 0 {
        show(clue!("a trend with a figure"));
    }
    let superlative = says(Marks::SUPERLATIVE);
    if superlative {
        show(clue!("a superlative"));
    }
    if superlative && dated {
        show(clue!("a superlative with a date"));
    }
    let comparative = says(Marks::COMPARISON);
    if comparative {
        show(clue!("a comparison"));
    }
    if comparative && numbers > 0 {
        show(clue!("a comparison with a figure"));
    }
    let me = says(Marks::ME);
    if me {
        show(clue!("speaks of itself"));
    }
    let us = says(Marks::US);
    if us {
        show(clue!("speaks of us"));
    }
    let you = says(Marks::YOU);
    if you {
        show(clue!("speaks to someone"));
    }
    let other = says(Marks::OTHER);
    if other {
        show(clue!("speaks of another"));
    }
    if numbers > 0 && me {
        show(clue!("a figure and the speaker"));
    }
    if numbers > 0 && you {
        show(clue!("a figure and the hearer"));
    }
    match opening {
        "and" | "but" | "so" | "well" | "now" | "or" => show(clue!("goes on")),
        "i" | "i'm" | "i've" | "i'd" | "i'll" => show(clue!("opens with I")),
        "we" | "we're" | "we've" | "we'd" | "we'll" => show(clue!("opens with we")),
        "he" | "she" | "they" | "it" => show(clue!("opens with another")),
        "you" => show(clue!("opens with you")),
        "what" | "how" | "why" | "who" | "when" | "where" | "do" | "does" | "did" | "is" | "are" | "can"
        | "will" | "would" | "should" | "have" | "has" => show(clue!("opens as a question")),
        "let" | "let's" | "thank" | "please" => show(clue!("opens as a request")),
        "the" | "a" | "an" => show(clue!("opens with an article")),
        _ => {}
    }
    if seen.question {
        show(clue!("a question"));
    }
    if seen.exclamation {
        show(clue!("an exclamation"));
    }
    if seen.quotation {
        show(clue!("a quotation"));
    }
    let future = has(Class::FUTURE) || says(Marks::GOING);
    if future {
        show(clue!("what may be"));
    }
    if says(Marks::OUGHT) {
        show(clue!("what should be"));
    }
    if future && numbers > 0 {
        show(clue!("a figure of what may be"));
    }
    let past = seen.past;
    if past > 0 {
        show(clue!("what was"));
    }
    if past > 1 {
        show(clue!("much that was"));
    }
    if past > 0 && other {
        show(clue!("what another did"));
    }
    if past > 0 && !future && !me {
        show(clue!("a plain account"));
    }
    if has(Class::BE) && past == 0 && !future {
        show(clue!("what is"));
    }
    if says(Marks::HAS) {
        show(clue!("what has been"));
    }
    if has(Class::NEGATION) {
        show(clue!("a denial"));
    }
    if has(Class::BELIEF) || says(Marks::FEELING) {
        show(clue!("a belief"));
    }
    if has(Class::OPINION) {
        show(clue!("a judgement"));
    }
    if has(Class::SAY) {
        show(clue!("speech"));
    }
    let names = seen.names;
    if names > 0 {
        show(clue!("a name"));
    }
    if names > 1 {
        show(clue!("two names"));
    }
    if names > 3 {
        show(clue!("four names or more"));
    }
    if names > 0 && past > 0 {
        show(clue!("a name and what was"));
    }
    if names > 0 && numbers > 0 {
        show(clue!("a name and a figure"));
    }
    if has(Class::PLACE) {
        show(clue!("a country or capital"));
    }
    if has(Class::NATIONALITY) {
        show(clue!("a nationality"));
    }
    if has(Class::ORGANISATION) {
        show(clue!("an organisation"));
    }
    if has(Class::GROUP) || has(Class::CIVILIAN) {
        show(clue!("a group of people"));
    }
    if seen.shouted && !text.upper_case {
        show(clue!("an acronym"));
    }
    if has(Class::CURRENCY) {
        show(clue!("a currency"));
    }
    if says(Marks::ACT) {
        show(clue!("a political act"));
    }
    if says(Marks::REASON) {
        show(clue!("an argument"));
    }
}
