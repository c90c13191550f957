//! From reports to what a ledger says of them: conflicts made by hand are all found, and none is invented.

use chrono::{DateTime, TimeDelta, Utc};
use domain::claim::Polarity;
use domain::grade::Reliability;
use domain::id::{ArticleId, ClaimId, SourceId};
use domain::ledger::{Figure, Origin, Stated, ledger, read_together};
use domain::measure::{Indicator, number};
use std::collections::BTreeMap;
use uuid::Uuid;

/// A case as it is written down.
#[derive(Default)]
struct Case {
    name: String,
    reports: Vec<(String, i64, String, String)>,
    marks: Vec<String>,
    now: Vec<String>,
}

fn cases(file: &str) -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    for line in file.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let (sign, rest) = line.split_once(' ').expect("a sign and words");
        if sign == "==" {
            cases.push(Case { name: rest.to_owned(), ..Case::default() });
            continue;
        }
        let case = cases.last_mut().expect("a case begins with ==");
        match sign {
            "@" => {
                let parts: Vec<&str> = rest.splitn(3, " | ").collect();
                let [head, title, text] = parts[..] else { panic!("{line}") };
                let (outlet, hours) = head.split_once(' ').expect("an outlet and hours");
                let hours = hours.parse().expect("hours");
                case.reports.push((outlet.to_owned(), hours, title.to_owned(), text.to_owned()));
            }
            ">" => case.marks.push(rest.to_owned()),
            "=" => case.now.push(rest.to_owned()),
            _ => panic!("{line}"),
        }
    }
    cases
}

/// The figures of all reports of a case, as the desk reads them.
fn figures(case: &Case) -> Vec<Figure> {
    let first: DateTime<Utc> = "2024-10-09T09:00:00Z".parse().expect("a moment");
    let mut figures = Vec::new();
    for (place, (outlet, hours, title, text)) in case.reports.iter().enumerate() {
        let at = first + TimeDelta::hours(*hours);
        let found = extract::extract(text, &extract::Options { published: Some(at.date_naive()), id: None });
        for (k, claim) in found.claims.iter().enumerate() {
            let quotation = claim.quotation.and_then(|q| found.quotations.get(q as usize));
            let speaker = quotation.and_then(|quotation| quotation.source.as_ref());
            let name = speaker.map(|speaker| {
                let name = speaker.name.clone().unwrap_or_else(|| speaker.text.clone());
                let bare = ["The ", "the "].iter().find_map(|the| name.strip_prefix(the)).map(str::to_owned);
                bare.unwrap_or(name)
            });
            let origin = match &name {
                Some(name) => Origin::Source(SourceId(Uuid::from_u128(
                    name.bytes().fold(7, |sum: u128, byte| sum.wrapping_mul(257) + u128::from(byte)),
                ))),
                None => Origin::Outlet(outlet.clone()),
            };
            for (position, measure) in claim.measures.iter().enumerate() {
                figures.push(Figure::read(
                    measure,
                    Stated {
                        article: ArticleId(Uuid::from_u128(place as u128)),
                        title,
                        claim: ClaimId(Uuid::from_u128((place * 1_000 + k) as u128)),
                        text: claim.statement.as_deref().unwrap_or(&claim.text),
                        position: position as u32,
                        origin: origin.clone(),
                        source: name.clone().unwrap_or_else(|| outlet.clone()),
                        polarity: quotation.map_or(Polarity::Asserted, |quotation| quotation.polarity),
                        reliability: Reliability::F,
                        role: speaker.and_then(|speaker| speaker.role.clone()),
                        kind: speaker.map(|speaker| speaker.kind),
                        party: speaker.and_then(|speaker| speaker.party.clone()),
                        outlet: Some(outlet.clone()),
                        relays: Vec::new(),
                        at,
                        verdict: None,
                        judged: None,
                        supported: None,
                    },
                ));
            }
        }
    }
    read_together(&mut figures.iter_mut().collect::<Vec<_>>());
    figures
}

/// A number as the cases write it.
fn plain(figure: &Figure) -> String {
    number(figure.point().unwrap_or_default()).replace(',', "")
}

#[test]
fn conflicts_made_by_hand_are_all_found_and_none_is_invented() {
    let all = cases(include_str!("conflicts/cases.txt"));
    assert!(all.len() >= 40, "{} cases", all.len());
    let mut wrong = Vec::new();
    for case in &all {
        let figures = figures(case);
        let mut of: BTreeMap<Indicator, Vec<Figure>> = BTreeMap::new();
        for figure in &figures {
            of.entry(figure.indicator).or_default().push(figure.clone());
        }
        let mut marks = Vec::new();
        let mut now = Vec::new();
        for (indicator, own) in &of {
            let elsewhere: Vec<&Figure> =
                figures.iter().filter(|figure| figure.indicator != *indicator).collect();
            let ledger = ledger(*indicator, own, &elsewhere);
            for mark in &ledger.marks {
                let numbers: Vec<String> = mark.figures.iter().map(|at| plain(&own[*at])).collect();
                marks.push(format!("{indicator} {} {}", mark.kind, numbers.join(" ")));
            }
            for line in &ledger.lines {
                let says = line.current.map_or_else(|| "-".to_owned(), |at| plain(&own[at]));
                now.push(format!("{indicator} {} {says}", line.source));
            }
        }
        let mut expected = case.marks.clone();
        expected.sort();
        marks.sort();
        let absent: Vec<&String> = case.now.iter().filter(|says| !now.contains(says)).collect();
        if marks != expected || !absent.is_empty() {
            wrong.push(format!("{}\n  marks {marks:?}\n  not {expected:?}\n  now {now:?}", case.name));
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), all.len(), wrong.join("\n"));
}
