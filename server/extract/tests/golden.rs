//! One line for each claim of the sample articles, kept in `tests/golden`: what a change of the rules
//! alters shows in a diff. `UPDATE_GOLDEN=1 cargo nextest run -p extract golden` writes them anew.

use extract::{Options, extract};
use std::fmt::Write as _;
use std::path::Path;

/// How the text tells a figure that it does not give as what holds, and whether it is a part of another.
fn past(measure: &domain::measure::Measure) -> String {
    let past = measure.past.map(|past| format!("{past} "));
    let part = measure.part_of.map(|_| "part ".to_owned());
    [past, part].into_iter().flatten().collect()
}

fn summary(source: &str, published: Option<chrono::NaiveDate>) -> String {
    let found = extract(source, &Options { published, id: None });
    let mut out = format!("language {}\n", found.language);
    for claim in &found.claims {
        let who = claim.quotation.and_then(|q| found.quotations.get(q as usize)).map_or_else(
            || "article".to_owned(),
            |q| {
                q.source.as_ref().map_or_else(
                    || "nobody named".to_owned(),
                    |s| s.name.clone().unwrap_or_else(|| format!("“{}”, not resolved", s.text)),
                )
            },
        );
        let measures: Vec<String> =
            claim.measures.iter().map(|m| format!("{}{} {}", past(m), m.indicator, m.in_words())).collect();
        let text = claim.text.split_whitespace().collect::<Vec<_>>().join(" ");
        let _ = writeln!(
            out,
            "{} {:.2} [{}] {who}: {text}",
            claim.kind,
            claim.checkworthiness,
            measures.join("; ")
        );
        if let Some(statement) = &claim.statement {
            let _ = writeln!(out, "  = {statement}");
        }
    }
    for total in &found.totals {
        let _ = writeln!(out, "total {} {:?} {:?}", total.indicator, total.low.or(total.best), total.bound);
    }
    out
}

/// The body after the front matter between two "+++" lines, and the day it was published.
fn parts(file: &str) -> (&str, Option<chrono::NaiveDate>) {
    let Some((head, body)) = file.strip_prefix("+++").and_then(|rest| rest.split_once("\n+++")) else {
        return (file, None);
    };
    let day = head.lines().find_map(|line| {
        let (key, value) = line.split_once('=')?;
        let value = value.trim().trim_matches('"');
        key.trim().starts_with("published").then(|| value.get(..10)?.parse().ok())?
    });
    (body.trim_start_matches(['\r', '\n']), day)
}

#[test]
fn the_claims_of_the_sample_articles_are_the_golden_ones() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let golden = here.join("tests/golden");
    let update = std::env::var_os("UPDATE_GOLDEN").is_some();
    let Ok(folder) = std::fs::read_dir(here.join("../../seeds/articles")) else { return };
    let mut files: Vec<_> = folder
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|p| p.extension().is_some_and(|e| e == "txt"))
        .collect();
    files.sort();
    let mut wrong = Vec::new();
    for path in files {
        let file = std::fs::read_to_string(&path).expect("a sample article is readable");
        let (body, published) = parts(&file);
        let made = summary(body, published);
        let kept = golden.join(path.file_name().expect("a file has a name"));
        if update {
            std::fs::create_dir_all(&golden).expect("the golden folder can be made");
            std::fs::write(&kept, made).expect("a golden file can be written");
        } else if std::fs::read_to_string(&kept).unwrap_or_default() != made {
            wrong.push(kept.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default());
        }
    }
    assert!(
        wrong.is_empty(),
        "changed: {}; look at the difference, then run with UPDATE_GOLDEN=1",
        wrong.join(", ")
    );
}
