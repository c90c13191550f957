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

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

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
