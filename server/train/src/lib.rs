//! Learning the weights of `extract`'s models from labelled texts.

mod attribution;
pub mod chain;
pub mod data;
mod discourse;
pub mod linear;
pub mod worth;

use anyhow::{Context, Result};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// The labelled texts.
pub struct Data {
    /// One folder for each collection.
    pub folder: PathBuf,
    /// Documents that are not learned from, by name, to measure on them honestly.
    pub without: BTreeSet<String>,
}

impl Data {
    /// The files of a folder with an extension, in the order of their names.
    pub fn files(&self, folder: &Path, extension: &str) -> Result<Vec<PathBuf>> {
        let entries = std::fs::read_dir(folder)
            .with_context(|| format!("the folder {} cannot be read", folder.display()))?;
        let mut files = entries.map(|e| Ok(e?.path())).collect::<Result<Vec<_>>>()?;
        files.retain(|f| f.extension().is_some_and(|e| e == extension));
        files.sort();
        Ok(files)
    }

    /// A file's text.
    pub fn text(&self, path: &Path) -> Result<String> {
        std::fs::read_to_string(path).with_context(|| format!("{} cannot be read", path.display()))
    }
}

/// Learns one model from the labelled texts; the bytes are what `extract` embeds.
pub type Train = fn(&Data) -> Result<Vec<u8>>;

/// Every model, in the order in which they are learned.
pub const MODELS: &[(&str, Train)] =
    &[("attribution", attribution::train), ("worth", |data| worth::train(&data.folder))];

/// The names of the models.
pub fn names() -> Vec<&'static str> {
    MODELS.iter().map(|(name, _)| *name).collect()
}
