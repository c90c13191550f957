//! `worth_folds DATA`: what the sentence score reaches on sentences it has not seen. Each fold of
//! ClaimBuster, and each collection of CLEF's debates, is scored by weights learned without its
//! sentences.

use anyhow::Context;
use std::collections::HashSet;
use std::path::{Path, PathBuf};
use train::{data, worth};

type Ranking = Vec<(f64, bool)>;

fn main() -> anyhow::Result<()> {
    let folder = PathBuf::from(std::env::args().nth(1).context("give the folder of the labelled texts")?);
    let sentences = data::debate_sentences(&folder)?;
    let folds = data::folds(&folder)?;
    let examples = worth::examples(&sentences, &worth::sure(&folds));
    let without = |left_out: &HashSet<String>| {
        let kept: Vec<_> = sentences
            .iter()
            .zip(&examples)
            .filter(|(s, _)| !left_out.contains(&plain(&s.text)))
            .map(|(_, e)| e)
            .collect();
        eprintln!("learning from {} of {} sentences", kept.len(), sentences.len());
        worth::learn(&kept)
    };
    let mut pooled = Ranking::new();
    for fold in &folds {
        let learned = without(&fold.iter().map(|s| plain(&s.text)).collect());
        pooled.extend(fold.iter().map(|s| (learned.score(&s.text), s.verdict == 1)));
    }
    println!("ClaimBuster folds: F1 {:.4}, AP {:.4}", f1(&pooled), average_precision(pooled));
    for name in ["clef2019/training", "clef2020_task5/training_filtered"] {
        let debates = debates(&folder.join(name))?;
        let learned = without(&debates.iter().flatten().map(|(text, _)| plain(text)).collect());
        let sum: f64 = debates
            .iter()
            .map(|d| average_precision(d.iter().map(|(text, worth)| (learned.score(text), *worth)).collect()))
            .sum();
        println!("{name}: MAP {:.4}", sum / debates.len() as f64);
    }
    Ok(())
}

fn plain(text: &str) -> String {
    text.trim().to_lowercase()
}

fn f1(ranking: &Ranking) -> f64 {
    let count = |hit: fn(&(f64, bool)) -> bool| ranking.iter().filter(|r| hit(r)).count() as f64;
    2.0 * count(|r| r.0 >= 0.0 && r.1) / (count(|r| r.0 >= 0.0) + count(|r| r.1))
}

fn average_precision(mut ranking: Ranking) -> f64 {
    ranking.sort_by(|a, b| b.0.total_cmp(&a.0));
    let (mut hits, mut sum) = (0.0, 0.0);
    for (place, _) in ranking.iter().enumerate().filter(|(_, r)| r.1) {
        hits += 1.0;
        sum += hits / (place as f64 + 1.0);
    }
    sum / f64::max(hits, 1.0)
}

/// The lines of every debate: number, speaker, words, label.
fn debates(folder: &Path) -> anyhow::Result<Vec<Vec<(String, bool)>>> {
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder)
        .with_context(|| format!("cannot read {}", folder.display()))?
        .map(|entry| entry.map(|e| e.path()))
        .collect::<Result<_, _>>()?;
    paths.sort();
    paths
        .iter()
        .map(|path| {
            let text =
                std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
            Ok(text
                .lines()
                .filter_map(|line| match line.trim_end_matches('\r').split('\t').collect::<Vec<_>>()[..] {
                    [_, _, words, label] if !words.trim().is_empty() => {
                        Some((words.trim().to_owned(), label == "1"))
                    }
                    _ => None,
                })
                .collect())
        })
        .collect()
}
