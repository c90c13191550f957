//! What `train` needs of the engine: the clues of a text and the form that weights are kept in.

pub use crate::clues::{Group, named};
pub use crate::linear::{Sums, UNIT, Weights, write};
use crate::{clues, date, quantity, token};

/// The clues of a text that is one sentence.
pub fn clues(source: &str) -> Vec<(Group, u32)> {
    let text = token::read(source);
    let dates = date::scan(&text, None);
    let mut taken = vec![false; text.len()];
    for date in &dates {
        taken.get_mut(date.tokens.clone()).unwrap_or_default().fill(true);
    }
    let quantities = quantity::scan(&text, &taken);
    let mut found = Vec::new();
    clues::each(&text, &(0..text.len()), &quantities, !dates.is_empty(), |group, hash| {
        found.push((group, hash))
    });
    found
}
