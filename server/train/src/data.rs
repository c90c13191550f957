//! The labelled texts, as they lie in their folder.

use anyhow::Context;
use std::path::Path;

/// A sentence of a debate and whether it is worth checking.
#[derive(serde::Deserialize)]
pub struct DebateSentence {
    #[serde(rename = "Sentence_id")]
    pub id: String,
    #[serde(rename = "Text")]
    pub text: String,
    /// 1 a fact worth checking, 0 a fact of no importance, -1 no fact.
    #[serde(rename = "Verdict")]
    pub verdict: i32,
}

/// ClaimBuster's sentences that were labelled by a crowd, in the order of the file.
pub fn debate_sentences(data: &Path) -> anyhow::Result<Vec<DebateSentence>> {
    let path = data.join("claimbuster/crowdsourced.csv");
    let mut reader =
        csv::Reader::from_path(&path).with_context(|| format!("cannot read {}", path.display()))?;
    reader
        .deserialize()
        .collect::<Result<_, _>>()
        .with_context(|| format!("{} is not a table with Sentence_id, Text and Verdict", path.display()))
}

/// A sentence of one of ClaimBuster's folds.
#[derive(serde::Deserialize)]
pub struct FoldSentence {
    pub sentence_id: u64,
    #[serde(rename = "Text")]
    pub text: String,
    #[serde(rename = "Verdict")]
    pub verdict: i32,
}

/// ClaimBuster's cross-validation folds, in the order of their names.
pub fn folds(data: &Path) -> anyhow::Result<Vec<Vec<FoldSentence>>> {
    let folder = data.join("claimbuster/dev_folds");
    let mut paths: Vec<_> = std::fs::read_dir(&folder)
        .with_context(|| format!("cannot read {}", folder.display()))?
        .map(|entry| entry.map(|e| e.path()))
        .collect::<Result<_, _>>()?;
    paths.sort();
    paths
        .iter()
        .map(|path| {
            let text =
                std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
            serde_json::from_str(&text).with_context(|| format!("{} is not a fold", path.display()))
        })
        .collect()
}
