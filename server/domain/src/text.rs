//! Places in a text. Every offset that leaves a crate counts Unicode code points, half-open;
//! bytes are used only to cut, and only here.

use serde::{Deserialize, Serialize};

/// A half-open range of code points: `start` is the first character, `end` the one after the last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Span {
    pub start: u32,
    pub end: u32,
}

impl Span {
    pub fn new(start: u32, end: u32) -> Self {
        debug_assert!(start <= end);
        Self { start, end }
    }

    /// Number of code points covered.
    pub fn len(self) -> u32 {
        self.end - self.start
    }

    pub fn is_empty(self) -> bool {
        self.start == self.end
    }

    pub fn contains(self, other: Span) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    pub fn overlaps(self, other: Span) -> bool {
        self.start < other.end && other.start < self.end
    }
}

/// The byte position of every so-many-th character of a text, so that spans are cut without
/// reading the text from its beginning each time.
pub struct CharIndex<'a> {
    text: &'a str,
    marks: Vec<usize>,
    chars: usize,
}

const STEP: usize = 64;

impl<'a> CharIndex<'a> {
    pub fn new(text: &'a str) -> Self {
        let mut marks = Vec::with_capacity(text.len() / STEP + 1);
        let mut chars = 0;
        for (byte, _) in text.char_indices() {
            if chars % STEP == 0 {
                marks.push(byte);
            }
            chars += 1;
        }
        Self { text, marks, chars }
    }

    /// Length of the text in code points.
    pub fn len(&self) -> usize {
        self.chars
    }

    pub fn is_empty(&self) -> bool {
        self.chars == 0
    }

    /// The byte where the `at`-th character begins; the text's length for the position after the
    /// last; `None` beyond it.
    pub fn byte(&self, at: u32) -> Option<usize> {
        let at = at as usize;
        if at >= self.chars {
            return (at == self.chars).then_some(self.text.len());
        }
        let mark = *self.marks.get(at / STEP)?;
        self.text.get(mark..)?.char_indices().nth(at % STEP).map(|(byte, _)| mark + byte)
    }

    /// The words of a span; `None` where it does not lie in the text.
    pub fn slice(&self, span: Span) -> Option<&'a str> {
        self.text.get(self.byte(span.start)?..self.byte(span.end)?)
    }
}

/// A text in which wordings are looked up as people type them: white space of any length is one
/// blank, typographic marks are plain ones, and letters count in any case.
pub struct Wordings {
    folded: String,
    /// For each folded character its byte in `folded` and its place in the text.
    places: Vec<(usize, u32)>,
    length: u32,
}

impl Wordings {
    pub fn new(text: &str) -> Self {
        let mut folded = String::with_capacity(text.len());
        let mut places = Vec::with_capacity(text.len());
        let mut length = 0;
        for c in text.chars() {
            let blank_again = c.is_whitespace() && (folded.is_empty() || folded.ends_with(' '));
            if !blank_again {
                places.push((folded.len(), length));
                folded.push(fold(c));
            }
            length += 1;
        }
        Self { folded, places, length }
    }

    /// Where the words stand: inside `place` where they do, else as near to it as they are. Whole
    /// words go before parts of words, and places in `taken` do not count.
    pub fn find(&self, words: &str, place: Span, taken: &[Span]) -> Option<Span> {
        let wanted = Self::new(words.trim()).folded;
        if wanted.is_empty() {
            return None;
        }
        let found = self.folded.match_indices(&wanted).filter_map(|(byte, _)| {
            let span = self.span(byte, byte + wanted.len())?;
            let distance = if place.contains(span) {
                0
            } else {
                span.start.saturating_sub(place.end).max(place.start.saturating_sub(span.end)) + 1
            };
            let is_torn = self.is_inside_word(byte) || self.is_inside_word(byte + wanted.len());
            (!taken.contains(&span)).then_some(((is_torn, distance, span.start), span))
        });
        found.min_by_key(|(order, _)| *order).map(|(_, span)| span)
    }

    fn span(&self, from: usize, to: usize) -> Option<Span> {
        let first = self.places.binary_search_by_key(&from, |(byte, _)| *byte).ok()?;
        let after = self.places.partition_point(|(byte, _)| *byte < to);
        let last = self.places.get(after.checked_sub(1)?)?.1;
        Some(Span::new(self.places.get(first)?.1, (last + 1).min(self.length)))
    }

    /// Whether a word goes on from one side of a byte to the other.
    fn is_inside_word(&self, byte: usize) -> bool {
        let (Some(before), Some(after)) = (self.folded.get(..byte), self.folded.get(byte..)) else {
            return false;
        };
        before.chars().next_back().is_some_and(char::is_alphanumeric)
            && after.chars().next().is_some_and(char::is_alphanumeric)
    }
}

/// One character for each, so that places stay countable.
fn fold(c: char) -> char {
    match c {
        c if c.is_whitespace() => ' ',
        '\u{2018}' | '\u{2019}' | '\u{201a}' | '\u{2032}' | '`' => '\'',
        '\u{201c}' | '\u{201d}' | '\u{201e}' | '\u{2033}' | '«' | '»' => '"',
        '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
        c => {
            let mut lower = c.to_lowercase();
            match (lower.next(), lower.next()) {
                (Some(one), None) => one,
                _ => c,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn found(text: &str, words: &str, place: Span) -> Option<String> {
        let span = Wordings::new(text).find(words, place, &[])?;
        CharIndex::new(text).slice(span).map(str::to_owned)
    }

    #[test]
    fn words_are_found_as_people_type_them() {
        let text = "He said:\n“At  least – 12\u{a0}fell.”";
        assert_eq!(
            found(text, "\"at least - 12 fell.\"", Span::new(0, 1)).as_deref(),
            Some("“At  least – 12\u{a0}fell.”")
        );
        assert_eq!(found(text, "13 fell", Span::new(0, 1)), None);
        assert_eq!(found(text, "  ", Span::new(0, 1)), None);
    }

    #[test]
    fn words_that_stand_twice_are_those_at_the_place() {
        let text = "Two fell. Three fled. Two fell.";
        let wordings = Wordings::new(text);
        assert_eq!(wordings.find("Two fell.", Span::new(20, 31), &[]), Some(Span::new(22, 31)));
        assert_eq!(wordings.find("Two fell.", Span::new(0, 21), &[]), Some(Span::new(0, 9)));
        assert_eq!(wordings.find("Two fell.", Span::new(0, 21), &[Span::new(0, 9)]), Some(Span::new(22, 31)));
    }

    #[test]
    fn a_number_is_not_found_inside_a_longer_one() {
        let wordings = Wordings::new("1120 fled, 12 fell");
        assert_eq!(wordings.find("12", Span::new(0, 5), &[]), Some(Span::new(11, 13)));
    }

    proptest! {
        #[test]
        fn whatever_stands_in_a_text_is_found_in_it(text in "\\PC{1,80}", a in 0u32..80, b in 0u32..80) {
            let index = CharIndex::new(&text);
            let (start, end) = (a.min(b), a.max(b));
            if let Some(words) = index.slice(Span::new(start, end)).filter(|words| !words.trim().is_empty()) {
                let place = Span::new(start, end);
                let again = Wordings::new(&text).find(words, place, &[]).and_then(|span| index.slice(span));
                prop_assert_eq!(
                    again.map(|words| Wordings::new(words.trim()).folded),
                    Some(Wordings::new(words.trim()).folded)
                );
            }
        }
    }

    proptest! {
        #[test]
        fn a_slice_is_what_counting_characters_gives(text in "\\PC{0,300}", a in 0u32..320, b in 0u32..320) {
            let index = CharIndex::new(&text);
            let (start, end) = (a.min(b), a.max(b));
            let plain: Option<String> = (end as usize <= text.chars().count())
                .then(|| text.chars().skip(start as usize).take((end - start) as usize).collect());
            prop_assert_eq!(index.slice(Span::new(start, end)).map(str::to_owned), plain);
        }
    }

    #[test]
    fn touching_spans_do_not_overlap() {
        assert!(!Span::new(0, 3).overlaps(Span::new(3, 5)));
        assert!(Span::new(0, 4).overlaps(Span::new(3, 5)));
    }
}
