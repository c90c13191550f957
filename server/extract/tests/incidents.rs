//! From texts to events: claims are lifted out of reports by extraction, and every two of them are
//! judged to be about the same event or not. The labels say what is right. Wrong joins are worse than
//! missed ones: a toll of two events is a false figure.

use domain::id::{ArticleId, SourceId};
use domain::incident::{Belongs, Days, Facts, Said, Setting, Told, is_gathered, paragraph, score};
use extract::schema::{Claim, Extraction};
use serde::Deserialize;
use std::collections::HashMap;
use uuid::Uuid;

#[derive(Deserialize)]
struct Labels {
    report: Vec<Report>,
    seed: Vec<Seed>,
}

#[derive(Deserialize)]
struct Report {
    part: String,
    title: String,
    published: String,
    text: String,
    claims: Vec<Label>,
}

#[derive(Deserialize)]
struct Seed {
    part: String,
    article: String,
    claims: Vec<Label>,
}

#[derive(Deserialize)]
struct Label {
    contains: String,
    incident: String,
}

#[derive(Deserialize)]
struct Head {
    title: String,
    published: String,
}

/// A claim as it was found, with the event it is about.
struct Labelled {
    part: String,
    article: usize,
    published: chrono::NaiveDate,
    incident: String,
    words: String,
    facts: Facts,
}

fn seed_text(name: &str) -> (Head, String) {
    let path = format!("{}/../../seeds/articles/{name}.txt", env!("CARGO_MANIFEST_DIR"));
    let whole = std::fs::read_to_string(&path).expect("a sample article");
    let mut parts = whole.splitn(3, "+++\n");
    let (_, head, text) = (parts.next(), parts.next().expect("a head"), parts.next().expect("a text"));
    (toml::from_str(head).expect("a head in TOML"), text.trim().to_owned())
}

fn speaker(claim: &Claim, read: &Extraction) -> Option<String> {
    read.quotations.get(claim.quotation? as usize)?.source.as_ref()?.name.clone()
}

fn days(claim: &Claim) -> Option<Days> {
    let measure = claim.measures.iter().find(|measure| measure.from.is_some())?;
    Some((measure.from.as_deref()?.parse().ok()?, measure.to.as_deref()?.parse().ok()?))
}

/// Reads an article and finds its labelled claims among what was lifted out.
fn read(
    article: usize,
    (part, title, published, text): (&str, &str, &str, &str),
    labels: &[Label],
    sources: &mut HashMap<String, SourceId>,
) -> Vec<Labelled> {
    let published = published.get(..10).expect("a day").parse().expect("a day");
    let text = text.trim();
    let read = extract::extract(text, &extract::Options { published: Some(published), id: None });
    let people: Vec<String> = read
        .quotations
        .iter()
        .filter_map(|said| said.source.as_ref())
        .filter(|source| source.kind == domain::claim::SourceKind::Person)
        .filter_map(|source| source.name.clone())
        .collect();
    let told = Told {
        article: ArticleId(Uuid::from_u128(article as u128)),
        title,
        text,
        published,
        speakers: &people,
    };
    let setting = Setting::of(&told, read.claims.iter().filter_map(days));
    let chars: Vec<char> = text.chars().collect();
    labels
        .iter()
        .map(|label| {
            let at = text
                .find(&label.contains)
                .unwrap_or_else(|| panic!("“{}” stands in the text", label.contains));
            let at = text[..at].chars().count() as u32;
            let until = at + label.contains.chars().count() as u32;
            let meets = |claim: &&Claim| {
                claim.start < until && at < claim.end && is_gathered(claim.kind, &claim.measures)
            };
            let overlap = |claim: &&Claim| claim.end.min(until) - claim.start.max(at);
            let claim = read.claims.iter().filter(meets).max_by_key(overlap).unwrap_or_else(|| {
                let found: Vec<&str> = read.claims.iter().map(|claim| claim.text.as_str()).collect();
                panic!("no claim is found at “{}”: {found:#?}", label.contains)
            });
            assert!(claim.end as usize <= chars.len());
            let next = sources.len() as u128 + 1;
            let source = speaker(claim, &read)
                .map(|name| *sources.entry(name.to_lowercase()).or_insert(SourceId(Uuid::from_u128(next))));
            let words = claim.statement.as_deref().unwrap_or(&claim.text);
            let said = Said {
                words,
                paragraph: paragraph(text, claim.start),
                kind: claim.kind,
                measures: &claim.measures,
                source,
            };
            Labelled {
                part: part.to_owned(),
                article,
                published,
                incident: label.incident.clone(),
                words: words.to_owned(),
                facts: setting.facts(&said),
            }
        })
        .collect()
}

fn labelled() -> Vec<Labelled> {
    let labels: Labels = toml::from_str(include_str!("incidents/reports.toml")).expect("labels");
    let mut sources = HashMap::new();
    let mut all = Vec::new();
    for (number, report) in labels.report.iter().enumerate() {
        let about =
            (report.part.as_str(), report.title.as_str(), report.published.as_str(), report.text.as_str());
        all.extend(read(number, about, &report.claims, &mut sources));
    }
    for (number, seed) in labels.seed.iter().enumerate() {
        let (head, text) = seed_text(&seed.article);
        let about = (seed.part.as_str(), head.title.as_str(), head.published.as_str(), text.as_str());
        all.extend(read(1_000 + number, about, &seed.claims, &mut sources));
    }
    all
}

#[derive(Default)]
struct Tally {
    same: u32,
    joined: u32,
    right: u32,
    /// Right ones that are joined or shown to a person.
    reached: u32,
    pairs: u32,
}

impl Tally {
    fn precision(&self) -> f64 {
        f64::from(self.right) / f64::from(self.joined.max(1))
    }

    fn recall(&self) -> f64 {
        f64::from(self.right) / f64::from(self.same.max(1))
    }
}

impl std::fmt::Display for Tally {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "{} pairs, {} of one event: precision {:.3}, recall {:.3} (with what is proposed {:.3})",
            self.pairs,
            self.same,
            self.precision(),
            self.recall(),
            f64::from(self.reached) / f64::from(self.same.max(1)),
        )
    }
}

/// Judges every two claims for which `counts` holds, the earlier one as the incident.
fn judge(
    all: &[Labelled],
    counts: impl Fn(&Labelled, &Labelled) -> bool,
    mut wrong: impl FnMut(String),
) -> Tally {
    let mut tally = Tally::default();
    for (place, one) in all.iter().enumerate() {
        for other in all.iter().skip(place + 1).filter(|other| counts(one, other)) {
            let (first, then) = if other.published < one.published { (other, one) } else { (one, other) };
            let score = score(&then.facts, &first.facts);
            let same = one.incident == other.incident;
            let decided = score.decision();
            tally.pairs += 1;
            tally.same += u32::from(same);
            tally.joined += u32::from(decided == Belongs::Join);
            tally.right += u32::from(same && decided == Belongs::Join);
            tally.reached += u32::from(same && decided != Belongs::No);
            if same != (decided == Belongs::Join) {
                let parts: Vec<String> =
                    score.parts.iter().map(|part| format!("{:+} {}", part.points, part.why)).collect();
                wrong(format!(
                    "{} {} ({}): “{}” / “{}”\n    {}",
                    if same { "missed" } else { "WRONG" },
                    score.points(),
                    first.incident,
                    first.words,
                    then.words,
                    parts.join("; ")
                ));
            }
        }
    }
    tally
}

#[test]
fn claims_of_one_event_are_joined_and_hardly_ever_those_of_two() {
    let all = labelled();
    let mut wrong = Vec::new();
    let of = |part: &'static str, within: bool| {
        move |one: &Labelled, other: &Labelled| {
            let here = |claim: &Labelled| part == "all" || claim.part == part;
            here(one) && here(other) && (one.article == other.article) == within
        }
    };
    let across = judge(&all, of("all", false), |words| wrong.push(words));
    let within = judge(&all, of("all", true), |words| wrong.push(words));
    let held = judge(&all, of("held", false), |_| {});
    println!("across articles: {across}");
    println!("within an article: {within}");
    println!("across articles, reports that no point was set by: {held}");
    for words in &wrong {
        println!("  {words}");
    }
    assert!(across.same >= 100 && within.same >= 50 && across.pairs >= 200, "{across}; {within}");
    for tally in [&across, &within] {
        assert!(tally.precision() >= 0.95, "{tally}");
        assert!(tally.recall() >= 0.80, "{tally}");
    }
    // One wrong pair of these few is five in a hundred.
    assert!(held.same >= 15 && held.precision() >= 0.90 && held.recall() >= 0.80, "{held}");
}
