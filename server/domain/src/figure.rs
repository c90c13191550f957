//! Reading evidence for a figure: whether the number that a claim states stands in an excerpt in any
//! form, or another number for the same thing, or none. Knows nothing of how numbers are read.

use crate::closed_set;
use crate::measure::{Bound, Indicator, Measure};
use crate::phrase::Phrase;
use crate::text::Span;
use phrase::phrase;
use serde::{Deserialize, Serialize};

/// A number as it was read in an excerpt.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Read {
    pub start: u32,
    pub end: u32,
    /// Its wording.
    pub text: String,
    pub low: Option<f64>,
    pub best: Option<f64>,
    pub high: Option<f64>,
    pub bound: Bound,
    pub unit: Option<String>,
    /// The noun that is counted.
    pub counts: Option<String>,
    /// The outcome it counts, where the excerpt says one.
    pub indicator: Option<Indicator>,
}

closed_set! {
    /// What became of a claim's figure in an excerpt, best first.
    Found {
        Same = "same", "the figure is in it";
        Bounded = "bounded", "the number is in it, limited in another way";
        Within = "within", "its figure lies within what is claimed";
        Other = "other", "it has another figure";
        CountsElse = "counts_else", "the number is in it, but counts something else";
        Absent = "absent", "the figure is not in it";
    }
}

/// What became of one figure in one excerpt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    pub found: Found,
    /// Where the number stands in the excerpt.
    pub at: Option<Span>,
    /// The number's wording there.
    pub words: String,
    /// What it counts there, where that is something else.
    pub counts: Option<String>,
}

impl Finding {
    /// Whether the excerpt carries the figure: says it, or says something narrower.
    pub fn shows(&self) -> bool {
        matches!(self.found, Found::Same | Found::Bounded | Found::Within)
    }

    /// What the excerpt says instead.
    pub fn instead(&self) -> Option<Phrase> {
        match self.found {
            Found::Other => Some(phrase!("“{}”", self.words)),
            Found::CountsElse => {
                Some(phrase!("“{}”, which counts {}", self.words, self.counts.as_deref().unwrap_or_default()))
            }
            _ => None,
        }
    }

    /// In an English sentence: [`Self::phrase`].
    pub fn in_words(&self, figure: &Measure) -> String {
        self.phrase(figure).to_string()
    }

    /// In a sentence, beside the excerpt.
    pub fn phrase(&self, figure: &Measure) -> Phrase {
        let (claimed, said) = (figure.phrase(), &self.words);
        let of = match (figure.indicator, figure.counts.as_deref()) {
            (Indicator::Other | Indicator::Count, Some(counts)) => phrase!(" {counts}"),
            (Indicator::Other | Indicator::Count | Indicator::Money | Indicator::Percent, _) => {
                Phrase::empty()
            }
            (indicator, _) => phrase!(" {}", indicator.label()),
        };
        match self.found {
            Found::Same => phrase!("The figure is in it: “{said}”."),
            Found::Bounded => phrase!("The number is in it as “{said}”; the claim says {claimed}."),
            Found::Within => phrase!("It says “{said}”, which is within the claim’s {claimed}."),
            Found::Other => phrase!("It has another figure: “{said}”, not {claimed}{of}."),
            Found::CountsElse => {
                let counts = self.counts.clone().map_or_else(|| phrase!("something else"), Phrase::verbatim);
                phrase!("“{said}” is in it, but counts {counts}, not{of}.")
            }
            Found::Absent => phrase!("The figure is not in it: {claimed}{of}."),
        }
    }
}

/// Looks for a claim's figure among the numbers of an excerpt; the best that is found.
pub fn look_for(figure: &Measure, read: &[Read]) -> Finding {
    read.iter()
        .map(|number| {
            let (found, counts) = compare(figure, number);
            (
                found,
                Finding {
                    found,
                    at: (found != Found::Absent).then_some(Span { start: number.start, end: number.end }),
                    words: number.text.clone(),
                    counts,
                },
            )
        })
        .filter(|(found, _)| *found != Found::Absent)
        .min_by_key(|(found, _)| *found)
        .map_or(
            Finding { found: Found::Absent, at: None, words: String::new(), counts: None },
            |(_, finding)| finding,
        )
}

fn compare(figure: &Measure, read: &Read) -> (Found, Option<String>) {
    let same_unit = unit(figure.unit.as_deref()) == unit(read.unit.as_deref());
    if !same_unit {
        return (Found::Absent, None);
    }
    let same_number = stated(figure.bound, figure.low, figure.best, figure.high)
        == stated(read.bound, read.low, read.best, read.high);
    match counted(figure, read) {
        Counted::Other(what) if same_number => (Found::CountsElse, Some(what)),
        Counted::Other(_) => (Found::Absent, None),
        Counted::Same | Counted::Unsaid if same_number => {
            let same_bound = figure.bound == read.bound || (plain(figure.bound) && plain(read.bound));
            (if same_bound { Found::Same } else { Found::Bounded }, None)
        }
        Counted::Same => {
            let (claimed, said) = (
                Reach::of(figure.bound, figure.low, figure.best, figure.high),
                Reach::of(read.bound, read.low, read.best, read.high),
            );
            (if claimed.holds(said) { Found::Within } else { Found::Other }, None)
        }
        // A number of who knows what is no other figure for this.
        Counted::Unsaid => (Found::Absent, None),
    }
}

/// A range is stated by its ends as exactly as a number by itself.
fn plain(bound: Bound) -> bool {
    matches!(bound, Bound::Exact | Bound::Range)
}

fn unit(unit: Option<&str>) -> Option<String> {
    unit.map(str::trim).filter(|unit| !unit.is_empty()).map(str::to_lowercase)
}

/// The number or the two that the wording has, whatever limits them.
fn stated(bound: Bound, low: Option<f64>, best: Option<f64>, high: Option<f64>) -> Vec<u64> {
    let bits = |numbers: Vec<Option<f64>>| {
        let mut bits: Vec<u64> =
            numbers.into_iter().flatten().map(|n| ((n * 1e6).round() / 1e6 + 0.0).to_bits()).collect();
        bits.dedup();
        bits
    };
    match bound {
        Bound::AtLeast => bits(vec![low.or(best)]),
        Bound::AtMost => bits(vec![high.or(best)]),
        Bound::Range | Bound::Vague => bits(vec![low, high]),
        Bound::Exact | Bound::About => bits(vec![best.or(low).or(high)]),
    }
}

/// Which numbers a wording allows.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Reach {
    low: f64,
    high: f64,
}

impl Reach {
    /// "About 40" allows a tenth more or less: the desk's own rule.
    fn of(bound: Bound, low: Option<f64>, best: Option<f64>, high: Option<f64>) -> Self {
        let least = low.or(best).unwrap_or(f64::NEG_INFINITY);
        let most = high.or(best).unwrap_or(f64::INFINITY);
        match bound {
            Bound::AtLeast => Self { low: least, high: f64::INFINITY },
            Bound::AtMost => Self { low: f64::NEG_INFINITY, high: most },
            Bound::About => {
                let best = best.or(low).or(high).unwrap_or_default();
                let slack = best.abs() * 0.1;
                Self { low: least.min(best - slack), high: most.max(best + slack) }
            }
            Bound::Exact | Bound::Range => Self { low: least, high: most },
            Bound::Vague => Self { low: least, high: high.unwrap_or(f64::INFINITY) },
        }
    }

    fn holds(self, other: Self) -> bool {
        self.low <= other.low && other.high <= self.high
    }
}

enum Counted {
    Same,
    /// The excerpt does not say what it counts.
    Unsaid,
    Other(String),
}

/// Words for people, who may all be counted under any harm to people.
const PEOPLE: &[&str] = &[
    "people",
    "persons",
    "person",
    "men",
    "women",
    "children",
    "child",
    "civilians",
    "civilian",
    "residents",
    "resident",
    "soldiers",
    "soldier",
    "troops",
    "fighters",
    "fighter",
    "militants",
    "servicemen",
    "conscripts",
    "personnel",
    "victims",
    "victim",
    "dead",
    "bodies",
    "body",
    "names",
    "name",
    "deaths",
    "death",
    "fatalities",
    "casualties",
    "killed",
    "wounded",
    "injured",
    "missing",
    "patients",
    "passengers",
    "workers",
    "police",
    "officers",
    "prisoners",
    "graves",
    "coffins",
    "boys",
    "girls",
    "lives",
    "others",
    "volunteers",
    "families",
    "villagers",
    "protesters",
    "detainees",
    "captives",
    "evacuees",
    "refugees",
];

fn counted(figure: &Measure, read: &Read) -> Counted {
    let noun = read.counts.as_deref().map(str::to_lowercase);
    if let Some(indicator) = read.indicator {
        if akin(figure.indicator, indicator) {
            return match (&figure.counts, &noun) {
                // Of people who came to harm the outcome says enough: "persons displaced, all blocks".
                (Some(claimed), Some(noun))
                    if !counts_people(indicator) && !same_things(figure.indicator, claimed, noun) =>
                {
                    Counted::Other(of_what(noun, indicator))
                }
                _ => Counted::Same,
            };
        }
        if !matches!(indicator, Indicator::Other | Indicator::Count) {
            let what = noun.map_or_else(|| indicator.label().to_owned(), |noun| of_what(&noun, indicator));
            return Counted::Other(what);
        }
    }
    match (&noun, &figure.counts) {
        (None, _) => Counted::Unsaid,
        (Some(noun), Some(claimed)) if same_things(figure.indicator, claimed, noun) => Counted::Unsaid,
        (Some(noun), None) if is_people(noun) && counts_people(figure.indicator) => Counted::Unsaid,
        (Some(_), None) if !counts_people(figure.indicator) => Counted::Unsaid,
        (Some(noun), _) => Counted::Other(noun.clone()),
    }
}

/// What is counted, in words: "tanks destroyed", "stubs".
fn of_what(noun: &str, indicator: Indicator) -> String {
    match indicator {
        Indicator::Count | Indicator::Other => noun.to_owned(),
        indicator => format!("{noun} {}", indicator.label()),
    }
}

/// One of them may stand where the other is asked for.
fn akin(claimed: Indicator, read: Indicator) -> bool {
    claimed == read
        || matches!(
            (claimed, read),
            (Indicator::Count, Indicator::Other) | (Indicator::Other, Indicator::Count)
        )
}

fn counts_people(indicator: Indicator) -> bool {
    indicator.is_harm_to_people()
        || matches!(
            indicator,
            Indicator::Displaced | Indicator::Detained | Indicator::Rescued | Indicator::Affected
        )
}

fn same_things(indicator: Indicator, claimed: &str, noun: &str) -> bool {
    let last = |words: &str| {
        let word = words.to_lowercase().split_whitespace().next_back().unwrap_or_default().to_owned();
        word.strip_suffix('s').map(str::to_owned).unwrap_or(word)
    };
    last(claimed) == last(noun) || (counts_people(indicator) && is_people(claimed) && is_people(noun))
}

fn is_people(words: &str) -> bool {
    words.to_lowercase().split_whitespace().any(|word| PEOPLE.contains(&word))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::{Class, Confirmation, Reading};
    use proptest::prelude::*;

    fn figure(bound: Bound, low: Option<f64>, best: Option<f64>, high: Option<f64>) -> Measure {
        Measure {
            start: 0,
            end: 0,
            indicator: Indicator::Killed,
            low,
            best,
            high,
            bound,
            text: "n".into(),
            counts: Some("people".into()),
            unit: None,
            class: Class::Unknown,
            side: None,
            part_of: None,
            denied: false,
            past: None,
            only_some: None,
            reading: Reading::Unknown,
            confirmation: Confirmation::Unknown,
            place: None,
            from: None,
            to: None,
        }
    }

    fn exactly(n: f64) -> Measure {
        figure(Bound::Exact, Some(n), Some(n), Some(n))
    }

    fn at_least(n: f64) -> Measure {
        figure(Bound::AtLeast, Some(n), Some(n), None)
    }

    fn dozens() -> Measure {
        figure(Bound::Vague, Some(12.0), None, Some(99.0))
    }

    fn reads(of: &Measure, indicator: Option<Indicator>, counts: Option<&str>) -> Read {
        Read {
            start: 3,
            end: 9,
            text: "said".into(),
            low: of.low,
            best: of.best,
            high: of.high,
            bound: of.bound,
            unit: of.unit.clone(),
            counts: counts.map(str::to_owned),
            indicator,
        }
    }

    fn killed(of: &Measure) -> Read {
        reads(of, Some(Indicator::Killed), Some("people"))
    }

    fn found(claimed: &Measure, read: &[Read]) -> Found {
        look_for(claimed, read).found
    }

    #[test]
    fn the_number_is_found_whatever_limits_it() {
        assert_eq!(found(&exactly(12.0), &[killed(&exactly(12.0))]), Found::Same);
        assert_eq!(found(&exactly(12.0), &[killed(&at_least(12.0))]), Found::Bounded);
        let about = figure(Bound::About, None, Some(12.0), None);
        assert_eq!(found(&at_least(12.0), &[killed(&about)]), Found::Bounded);
        assert_eq!(found(&exactly(12.0), &[reads(&exactly(12.0), None, Some("names"))]), Found::Same);
        assert_eq!(found(&exactly(12.0), &[reads(&exactly(12.0), None, None)]), Found::Same);
    }

    #[test]
    fn dozens_holds_twelve_and_fourteen_but_twelve_does_not_hold_dozens() {
        assert_eq!(found(&dozens(), &[killed(&exactly(12.0))]), Found::Within);
        assert_eq!(found(&dozens(), &[killed(&exactly(14.0))]), Found::Within);
        assert_eq!(found(&exactly(12.0), &[killed(&dozens())]), Found::Other);
        assert_eq!(found(&exactly(12.0), &[killed(&exactly(14.0))]), Found::Other);
        assert_eq!(found(&at_least(12.0), &[killed(&exactly(14.0))]), Found::Within);
    }

    #[test]
    fn the_number_of_something_else_is_not_the_figure() {
        let toll = exactly(2_357.0);
        let shelters = reads(&exactly(2_357.0), None, Some("evacuation shelters"));
        let finding = look_for(&toll, std::slice::from_ref(&shelters));
        assert_eq!(finding.found, Found::CountsElse);
        assert!(!finding.shows());
        assert_eq!(finding.in_words(&toll), "“said” is in it, but counts evacuation shelters, not killed.");
        let wounded = reads(&exactly(12.0), Some(Indicator::Wounded), Some("people"));
        assert_eq!(found(&exactly(12.0), &[wounded]), Found::CountsElse);
    }

    #[test]
    fn of_people_who_came_to_harm_the_outcome_says_enough_and_of_things_it_does_not() {
        let mut moved = exactly(214_000.0);
        moved.indicator = Indicator::Displaced;
        let blocks = reads(&moved, Some(Indicator::Displaced), Some("blocks"));
        assert_eq!(found(&moved, &[blocks]), Found::Same);
        let mut tanks = exactly(7.0);
        tanks.indicator = Indicator::Destroyed;
        tanks.counts = Some("tanks".into());
        let houses = reads(&tanks, Some(Indicator::Destroyed), Some("houses"));
        assert_eq!(look_for(&tanks, &[houses]).counts.as_deref(), Some("houses destroyed"));
    }

    #[test]
    fn numbers_of_other_things_are_no_other_figure() {
        let read = [reads(&exactly(300.0), None, Some("kilometres")), reads(&exactly(5.0), None, None)];
        assert_eq!(found(&exactly(12.0), &read), Found::Absent);
        assert_eq!(
            look_for(&exactly(6_438.0), &read).in_words(&exactly(6_438.0)),
            "The figure is not in it: 6,438 killed."
        );
    }

    #[test]
    fn the_best_of_what_an_excerpt_says_counts() {
        let read =
            [killed(&exactly(9.0)), reads(&exactly(12.0), None, Some("houses")), killed(&at_least(12.0))];
        assert_eq!(found(&exactly(12.0), &read), Found::Bounded);
        assert_eq!(found(&exactly(12.0), &read[..2]), Found::Other);
    }

    #[test]
    fn money_is_not_compared_across_currencies() {
        let mut dollars = exactly(12.0);
        dollars.unit = Some("USD".into());
        let mut euros = killed(&exactly(12.0));
        euros.unit = Some("EUR".into());
        assert_eq!(found(&dollars, &[euros]), Found::Absent);
    }

    fn any_figure() -> impl Strategy<Value = Measure> {
        (0..4u8, 0..500u32, 0..100u32).prop_map(|(kind, n, more)| {
            let (n, top) = (f64::from(n), f64::from(n + more));
            match kind {
                0 => exactly(n),
                1 => at_least(n),
                2 => figure(Bound::AtMost, None, None, Some(n)),
                _ => figure(Bound::Range, Some(n), None, Some(top)),
            }
        })
    }

    proptest! {
        #[test]
        fn a_claim_finds_its_own_figure(claimed in any_figure()) {
            prop_assert_eq!(found(&claimed, &[killed(&claimed)]), Found::Same);
        }

        #[test]
        fn what_is_the_same_is_the_same_from_both_sides(one in any_figure(), other in any_figure()) {
            let same = |a: &Measure, b: &Measure| matches!(found(a, &[killed(b)]), Found::Same | Found::Bounded);
            prop_assert_eq!(same(&one, &other), same(&other, &one));
        }

        #[test]
        fn what_shows_a_figure_says_nothing_that_the_claim_does_not(claimed in any_figure(), said in any_figure()) {
            if found(&claimed, &[killed(&said)]) == Found::Within {
                let (outer, inner) = (Reach::of(claimed.bound, claimed.low, claimed.best, claimed.high),
                    Reach::of(said.bound, said.low, said.best, said.high));
                prop_assert!(outer.low <= inner.low && inner.high <= outer.high);
            }
        }

        #[test]
        fn more_words_never_make_a_finding_worse(
            claimed in any_figure(),
            said in proptest::collection::vec(any_figure(), 1..5),
        ) {
            let read: Vec<Read> = said.iter().map(killed).collect();
            prop_assert!(found(&claimed, &read) <= found(&claimed, &read[..1]));
        }
    }
}
