//! The tagger of sources, cues and contents, learned from articles with brat stand-off annotations
//! (PolNeAR) and from the attributions of discourse trees (GUM).

use crate::Data;
use crate::chain::{self, Lessons, Settings};
use crate::discourse;
use anyhow::{Context, Result};
use extract::learn::{self, LABELS, Part};
use std::collections::BTreeMap;

const SETTINGS: Settings = Settings {
    labels: LABELS,
    epochs: 12,
    least: 8,
    step: 0.05,
    pull: 1e-4,
    hidden: 150,
    averaged: 6,
    units: learn::UNITS as f32,
    lines: 15,
};

/// Spans of code points of one attribution.
pub type Spans = Vec<(Part, Vec<(u32, u32)>)>;

/// Learns the weights.
pub fn train(data: &Data) -> Result<Vec<u8>> {
    let folder = data.folder.join("polnear/train");
    let mut annotations: BTreeMap<String, std::path::PathBuf> = BTreeMap::new();
    for path in data.files(&folder.join("attributions"), "ann")? {
        let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        annotations.entry(article(&stem).to_owned()).or_insert(path);
    }
    let mut lessons = Lessons::default();
    let mut articles = 0;
    for (name, path) in &annotations {
        if data.without.contains(name) {
            continue;
        }
        let text = data.text(&folder.join("text").join(format!("{name}.txt")))?;
        let marks = data.text(path)?;
        add(&mut lessons, &text, &attributions(&marks).with_context(|| format!("{}", path.display()))?);
        articles += 1;
    }
    for document in discourse::documents(data, &data.folder.join("gum/rstweb"))? {
        if !data.without.contains(&document.name) {
            add(&mut lessons, &document.text, &document.attributions);
            articles += 1;
        }
    }
    eprintln!("  {articles} articles");
    Ok(chain::learn(lessons, SETTINGS))
}

/// The article of a file of annotations: its name without the four hexadecimal digits of the annotator.
fn article(stem: &str) -> &str {
    match stem.rsplit_once('_') {
        Some((name, tail)) if tail.len() == 4 && tail.bytes().all(|b| b.is_ascii_hexdigit()) => name,
        _ => stem,
    }
}

fn add(lessons: &mut Lessons, text: &str, attributions: &[Spans]) {
    let read = learn::read(text);
    let mut labels = vec![0u8; read.places.len()];
    // The widest first: one label for each token, the outermost attribution's.
    let mut order: Vec<&Spans> = attributions.iter().collect();
    order.sort_by_key(|spans| {
        let all = || spans.iter().flat_map(|(_, s)| s);
        let start = all().map(|s| s.0).min().unwrap_or(0);
        (std::cmp::Reverse(all().map(|s| s.1).max().unwrap_or(0) - start), start)
    });
    for spans in order {
        for (part, pieces) in spans {
            for piece in pieces {
                learn::mark(&mut labels, *part, &learn::tokens_in(&read.places, *piece));
            }
        }
    }
    for stretch in &read.stretches {
        let Some(mine) = labels.get(stretch.tokens.clone()) else { continue };
        lessons.add(whole(mine), |i, name| stretch.features(i, name));
    }
}

/// A label that goes on from a stretch before begins anew.
fn whole(labels: &[u8]) -> Vec<u8> {
    let mut before = 0u8;
    labels
        .iter()
        .map(|label| {
            let fits = learn::may_follow(usize::from(before), usize::from(*label));
            before = if fits { *label } else { *label - 1 };
            before
        })
        .collect()
}

/// The attributions of one brat file: `T` lines give spans, `E` lines join them.
fn attributions(marks: &str) -> Result<Vec<Spans>> {
    let mut pieces: BTreeMap<&str, Vec<(u32, u32)>> = BTreeMap::new();
    for line in marks.lines().filter(|l| l.starts_with('T')) {
        let mut fields = line.split('\t');
        let (Some(key), Some(kind)) = (fields.next(), fields.next()) else { continue };
        let Some((_, places)) = kind.split_once(' ') else { continue };
        let spans = places
            .split(';')
            .map(|piece| {
                let (start, end) = piece.split_once(' ').context("a span without an end")?;
                Ok((start.parse()?, end.parse()?))
            })
            .collect::<Result<Vec<(u32, u32)>>>()?;
        pieces.insert(key, spans);
    }
    let mut out = Vec::new();
    for line in marks.lines().filter(|l| l.starts_with('E')) {
        let Some((_, roles)) = line.split_once('\t') else { continue };
        let mut spans: Spans = Vec::new();
        for (role, key) in roles.split_whitespace().filter_map(|r| r.split_once(':')) {
            let part = match role.trim_end_matches(|c: char| c.is_ascii_digit()) {
                "Source" => Part::Source,
                "Cue" => Part::Cue,
                "Content" => Part::Content,
                _ => continue,
            };
            if let Some(found) = pieces.get(key) {
                spans.push((part, found.clone()));
            }
        }
        if spans.iter().any(|(part, _)| *part == Part::Content) {
            out.push(spans);
        }
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_annotator_is_no_part_of_the_name() {
        assert_eq!(article("outlet_2016-01-01_a-title_0a3f"), "outlet_2016-01-01_a-title");
        assert_eq!(article("outlet_2016-01-01_a-title"), "outlet_2016-01-01_a-title");
    }

    #[test]
    fn annotations_are_read_with_their_pieces() {
        let marks = "T1\tSource 0 2\tHe\nT2\tCue 3 7\tsaid\nT3\tContent 8 10;12 14\tab cd\nT4\tAttribution 3 7\tsaid\n\
                     E1\tAttribution:T4 Content:T3 Cue:T2 Source:T1\n";
        let found = attributions(marks).expect("well formed");
        assert_eq!(found.len(), 1);
        assert_eq!(found[0][0], (Part::Content, vec![(8, 10), (12, 14)]));
    }
}
