//! Learning the weights of `extract`'s models from labelled texts.

use std::path::Path;

pub mod data;
pub mod linear;
pub mod worth;

/// Learns one model from the folder of the labelled texts; the bytes are what `extract` embeds.
pub type Train = fn(&Path) -> anyhow::Result<Vec<u8>>;

/// Every model, in the order in which they are learned.
pub const MODELS: &[(&str, Train)] = &[("worth", worth::train)];

/// The names of the models.
pub fn names() -> Vec<&'static str> {
    MODELS.iter().map(|(name, _)| *name).collect()
}
