//! What learning the weights needs of the engine: the same tokens and features that it reads with.

pub use crate::tagger::{LABELS, Part, Stretch, UNITS, mark, may_follow};
pub use crate::weights::{Weights, mix, write};

use crate::{attribution, lexicon, quote, sentence, tagger, token};
use std::ops::Range;

/// A text cut as the engine cuts it.
pub struct Read {
    pub stretches: Vec<Stretch>,
    /// Where each token stands, in code points.
    pub places: Vec<(u32, u32)>,
}

/// Reads a text up to the point where the tagger is asked.
pub fn read(source: &str) -> Read {
    let text = token::read(source);
    let sentences = sentence::split(&text);
    let passages = quote::scan(&text);
    let said = attribution::scan(&text, &sentences, &passages);
    Read {
        stretches: tagger::stretches(&text, &sentences, &passages, &said),
        places: (0..text.len()).map(|i| (text.at(i).start, text.at(i).end)).collect(),
    }
}

/// Whether a lower-case word may be what reports speech.
pub fn is_cue(word: &str) -> bool {
    tagger::is_cue_word(lexicon::class(word), word)
}

/// The tokens of which more than half lies in a span of code points.
pub fn tokens_in(places: &[(u32, u32)], span: (u32, u32)) -> Range<usize> {
    let inside = |p: &(u32, u32)| 2 * (p.1.min(span.1)).saturating_sub(p.0.max(span.0)) > p.1 - p.0;
    let from = places.partition_point(|p| p.1 <= span.0);
    let first = (from..places.len()).find(|&k| places.get(k).is_some_and(&inside)).unwrap_or(from);
    let mut end = first;
    while places.get(end).is_some_and(&inside) {
        end += 1;
    }
    first..end
}

/// The clues of a sentence's worth and the form that their weights are kept in.
pub mod worth {
    pub use crate::clues::{Group, named};
    pub use crate::linear::{Sums, UNIT, Weights, write};
    use crate::{clues, date, quantity, token};

    struct All(Vec<(Group, u32)>);

    impl clues::Sink for All {
        fn clue(&mut self, group: Group, hash: u32) {
            self.0.push((group, hash));
        }
    }

    /// The clues of a text that is one sentence.
    pub fn clues(source: &str) -> Vec<(Group, u32)> {
        let text = token::read(source);
        let dates = date::scan(&text, None);
        let mut taken = vec![false; text.len()];
        for date in &dates {
            taken.get_mut(date.tokens.clone()).unwrap_or_default().fill(true);
        }
        let quantities = quantity::scan(&text, &taken);
        let found = clues::Found { quantities: &quantities, dated: !dates.is_empty() };
        let mut all = All(Vec::new());
        clues::each(&text, &(0..text.len()), &found, &mut all);
        all.0
    }
}
