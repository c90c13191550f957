//! Reads an excerpt with the engine that reads articles: which numbers it has, of what, and who is
//! named as saying so.

use crate::found::{Found, Hop};
use domain::figure::{Read, look_for};
use domain::measure::{Indicator, Measure};
use extract::Extraction;

/// What an excerpt says.
pub(crate) struct Reading {
    pub figures: Vec<Read>,
    extraction: Extraction,
}

impl Reading {
    pub fn of(excerpt: &str) -> Self {
        let extraction = extract::extract(excerpt, &extract::Options::default());
        Self { figures: figures(&extraction), extraction }
    }

    /// Who is named as the original source: of the claim's figure where the excerpt has it, else of
    /// the first thing it claims. `None` where the excerpt says it in its own name, or does not name
    /// anybody.
    pub fn speaker(&self, claimed: &[Measure]) -> Option<Hop> {
        let found: Vec<Found> =
            self.extraction.claims.iter().map(|claim| Found::of(claim, &self.extraction)).collect();
        let shows = |found: &&Found| {
            let read: Vec<Read> = found.measures.iter().map(of_measure).collect();
            claimed.iter().any(|figure| look_for(figure, &read).shows())
        };
        let named = |hops: &[Hop]| hops.first().filter(|hop| hop.name.is_some()).cloned();
        if let Some(claim) = found.iter().find(shows) {
            return named(&claim.hops);
        }
        if let Some(claim) = found.iter().find(|claim| !claim.hops.is_empty()) {
            return named(&claim.hops);
        }
        if !found.is_empty() {
            return None;
        }
        self.extraction.quotations.iter().find_map(|quotation| {
            quotation
                .source
                .as_ref()
                .map(|speaker| Hop::of(quotation, speaker))
                .filter(|hop| hop.name.is_some())
        })
    }
}

/// Every number of a text once: as a measure where the text says what came of it, else as the bare
/// number with its noun.
fn figures(extraction: &Extraction) -> Vec<Read> {
    let measures: Vec<Read> =
        extraction.claims.iter().flat_map(|claim| &claim.measures).map(of_measure).collect();
    let taken = |start: u32, end: u32| measures.iter().any(|read| read.start < end && start < read.end);
    let bare = extraction
        .quantities
        .iter()
        .filter(|quantity| !quantity.ordinal && !taken(quantity.start, quantity.end))
        .map(|quantity| Read {
            start: quantity.start,
            end: quantity.end,
            text: quantity.text.clone(),
            low: quantity.low,
            best: quantity.best,
            high: quantity.high,
            bound: quantity.bound,
            unit: quantity.unit.clone(),
            counts: quantity.counts.clone(),
            indicator: None,
        });
    let mut all: Vec<Read> = bare.collect();
    all.extend(measures.iter().cloned());
    all.sort_by_key(|read| (read.start, read.end));
    all.dedup_by(|one, other| one.start == other.start && one.indicator == other.indicator);
    all
}

fn of_measure(measure: &Measure) -> Read {
    let indicator = Some(measure.indicator).filter(|indicator| *indicator != Indicator::Other);
    Read {
        start: measure.start,
        end: measure.end,
        text: measure.text.clone(),
        low: measure.low,
        best: measure.best,
        high: measure.high,
        bound: measure.bound,
        unit: measure.unit.clone(),
        counts: measure.counts.clone(),
        indicator,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::figure::Found as Seen;

    fn toll(text: &str) -> Measure {
        let text = format!("{text} people were killed.");
        let read = extract::extract(&text, &extract::Options::default());
        read.claims.into_iter().flat_map(|claim| claim.measures).next().expect("a toll")
    }

    fn found(claimed: &str, excerpt: &str) -> Seen {
        look_for(&toll(claimed), &Reading::of(excerpt).figures).found
    }

    #[test]
    fn a_figure_is_found_in_any_form() {
        for excerpt in [
            "A dozen people were killed.",
            "The strike killed 12 people.",
            "Twelve people died, the hospital said.",
            "Twelve names.",
            "The death toll stands at 12.",
        ] {
            assert_eq!(found("12", excerpt), Seen::Same, "{excerpt}");
        }
        assert_eq!(found("12", "At least 12 people were killed, the mayor said."), Seen::Bounded);
        assert_eq!(found("Dozens of", "The strike killed 14 people."), Seen::Within);
    }

    #[test]
    fn what_the_excerpt_says_instead_is_told() {
        assert_eq!(found("12", "The strike killed nine people."), Seen::Other);
        assert_eq!(found("12", "The strike wounded 12 people."), Seen::CountsElse);
        assert_eq!(found("2,357", "There are 2,357 evacuation shelters in the region."), Seen::CountsElse);
        assert_eq!(
            found("6,438", "Protests went on in several cities, and shops were closed."),
            Seen::Absent
        );
        assert_eq!(found("12", "The strike was 300 kilometres from the front."), Seen::Absent);
    }

    #[test]
    fn who_is_named_in_an_excerpt_is_its_original_source() {
        let speaker = |excerpt: &str| Reading::of(excerpt).speaker(&[toll("234")]).and_then(|hop| hop.name);
        for excerpt in [
            "According to the Defence Ministry, 234 people were killed.",
            "The Defence Ministry said that 234 people were killed.",
            "234 people were killed, the Defence Ministry said.",
            "The Defence Ministry reported 234 people killed.",
        ] {
            let name = speaker(excerpt).unwrap_or_default();
            assert!(name.contains("Defence Ministry"), "{excerpt}: {name}");
        }
        assert_eq!(speaker("Our reporters counted 234 people killed."), None);
    }
}
