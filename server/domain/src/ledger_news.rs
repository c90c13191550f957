//! What readers of an incident's public figures are told as news: that the desk holds another number, that
//! two sources have come to contradict each other or no longer do, and that the figures have gone over to
//! another incident. One more report of a known number, a verdict that leaves the estimate as it was,
//! another title or other words of a basis are none: the page has them, and nobody is called for it.

use crate::closed_set;
use crate::ledger::{Counted, Figure, Mark, MarkKind, Range};
use crate::measure::Indicator;
use crate::phrase::Phrase;
use phrase::phrase;
use serde::{Deserialize, Serialize};

closed_set! {
    /// What happens to an incident's figures in public.
    LedgerStep {
        Published = "published", "published";
        Changed = "changed", "changed";
        Withdrawn = "withdrawn", "withdrawn";
        Reinstated = "reinstated", "published again";
    }
}

/// What of an incident's figures is worth a word when it changes, as readers saw it at a moment. It is
/// stored with what was published, so fields are only ever added.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Headline {
    pub title: String,
    /// In the order of indicators.
    pub figures: Vec<Held>,
    /// The incident that this one was merged into, by its title; empty where that is not public.
    pub part_of: Option<String>,
}

/// The same of one indicator.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Held {
    pub indicator: Indicator,
    /// What the desk holds.
    pub holds: Option<Range>,
    /// Of whom or what. `None` where it was told before this was kept.
    #[serde(default)]
    pub of: Option<Counted>,
    /// Whether an editor set that.
    pub is_own: bool,
    pub conflicts: Vec<Conflict>,
    /// Who is on record with which number. Empty where it was told before this was kept.
    #[serde(default)]
    pub on_record: Vec<Saying>,
}

/// Two sources of which one must be wrong.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Conflict {
    pub one: Saying,
    pub other: Saying,
    /// Whose people or things both count.
    pub side: Option<String>,
}

/// Who says which number, in English.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Saying {
    pub source: String,
    pub figure: String,
}

impl Conflict {
    /// The contradictions among the figures of one indicator.
    pub fn among(figures: &[Figure], marks: &[Mark]) -> Vec<Self> {
        let of_mark = |mark: &Mark| {
            let [one, other] = mark.figures.as_slice() else { return None };
            let (one, other) = (figures.get(*one)?, figures.get(*other)?);
            // "30 children" against "12" in all: without its noun the one would be read as a toll.
            let of_parts = one.counted() != other.counted();
            let figure = |of: &Figure| match of.counted().counts.filter(|_| of_parts) {
                Some(counts) => format!("{} {counts}", of.words),
                None => of.words.clone(),
            };
            let says = |of: &Figure| Saying { source: of.source.clone(), figure: figure(of) };
            Some(Self { one: says(one), other: says(other), side: one.side.clone() })
        };
        marks.iter().filter(|mark| mark.kind == MarkKind::Conflict).filter_map(of_mark).collect()
    }

    /// Whether both are between the same sources about the same thing, whatever number each now says.
    fn is_same(&self, other: &Self) -> bool {
        let between = |of: &Self| {
            let mut names = [of.one.source.to_lowercase(), of.other.source.to_lowercase()];
            names.sort_unstable();
            (names, of.side.as_deref().map(str::to_lowercase))
        };
        between(self) == between(other)
    }
}

/// One thing that is new. Stored, so variants and fields are only ever added.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum News {
    /// The desk holds another number, or one for the first time, or none any more.
    Estimate {
        indicator: Indicator,
        before: Option<Range>,
        after: Option<Range>,
        /// Of whom or what the desk held it, and holds it now.
        #[serde(default)]
        of_before: Counted,
        #[serde(default)]
        of_after: Counted,
    },
    ConflictBegan {
        indicator: Indicator,
        between: Conflict,
    },
    ConflictEnded {
        indicator: Indicator,
        between: Conflict,
    },
    /// Its claims are another incident's now.
    Merged {
        into: String,
    },
    /// That was taken back.
    StandsAgain,
}

impl News {
    /// In a sentence.
    pub fn phrase(&self) -> Phrase {
        match self {
            Self::Estimate { indicator, before, after, of_before, of_after } => {
                let of = indicator.label();
                let before = before.map(|range| of_before.counting(range.phrase()));
                let after = after.map(|range| of_after.counting(range.phrase()));
                match (before, after) {
                    (Some(before), Some(after)) => {
                        phrase!("{of}: the desk holds {} now, before {}.", after, before)
                    }
                    (None, Some(after)) => phrase!("{of}: the desk holds {} now, before no figure.", after),
                    (Some(before), None) => {
                        phrase!("{of}: the desk holds no figure any more, before {}.", before)
                    }
                    (None, None) => Phrase::empty(),
                }
            }
            Self::ConflictBegan { indicator, between: Conflict { one, other, .. } } => phrase!(
                "{}: {} says {}, {} says {}: both cannot be right.",
                indicator.label(),
                one.source,
                one.figure,
                other.source,
                other.figure
            ),
            Self::ConflictEnded { indicator, between: Conflict { one, other, .. } } => {
                phrase!(
                    "{}: {} and {} no longer contradict each other.",
                    indicator.label(),
                    one.source,
                    other.source
                )
            }
            Self::Merged { into } if into.is_empty() => {
                phrase!("These figures are part of another incident now, whose figures are not public.")
            }
            Self::Merged { into } => {
                phrase!("These figures are part of “{into}” now.")
            }
            Self::StandsAgain => phrase!("These figures stand by themselves again."),
        }
    }
}

/// What is new for readers who were told `before`.
pub fn news(before: &Headline, after: &Headline) -> Vec<News> {
    match (&before.part_of, &after.part_of) {
        (before, Some(into)) if before.as_ref() != Some(into) => {
            return vec![News::Merged { into: into.clone() }];
        }
        (Some(_), Some(_)) => return Vec::new(),
        (Some(_), None) => return vec![News::StandsAgain],
        (None, _) => {}
    }
    let mut indicators: Vec<Indicator> =
        before.figures.iter().chain(&after.figures).map(|held| held.indicator).collect();
    indicators.sort_unstable();
    indicators.dedup();
    indicators.into_iter().flat_map(|indicator| news_of(indicator, before, after)).collect()
}

fn news_of(indicator: Indicator, before: &Headline, after: &Headline) -> Vec<News> {
    let of = |headline: &Headline| headline.figures.iter().find(|held| held.indicator == indicator).cloned();
    let (before, after) = (of(before), of(after));
    let holds = |held: &Option<Held>| held.as_ref().and_then(|held| held.holds);
    let conflicts = |held: Option<Held>| held.map(|held| held.conflicts).unwrap_or_default();
    let mut news = Vec::new();
    let of_what = |held: &Option<Held>| held.as_ref().and_then(|held| held.of.clone());
    let (of_before, of_after) = (of_what(&before), of_what(&after));
    // The same number of something else is another figure.
    let counts_else = of_before.as_ref().zip(of_after.as_ref()).is_some_and(|(was, is)| was != is)
        && holds(&before).is_some()
        && holds(&after).is_some();
    if holds(&before) != holds(&after) || counts_else {
        news.push(News::Estimate {
            indicator,
            before: holds(&before),
            after: holds(&after),
            of_before: of_before.unwrap_or_default(),
            of_after: of_after.unwrap_or_default(),
        });
    }
    // Where a name is gone and its number is not, it is another name of somebody: nobody has changed a word.
    let on_record = after.as_ref().map(|held| held.on_record.clone()).unwrap_or_default();
    let is_renamed = |of: &Saying| {
        let says = |one: &&Saying| one.figure == of.figure;
        let named = |one: &Saying| one.source.eq_ignore_ascii_case(&of.source);
        !on_record.iter().any(named) && on_record.iter().any(|one| says(&one))
    };
    let (before, after) = (conflicts(before), conflicts(after));
    let missing = |all: &[Conflict], of: &[Conflict]| -> Vec<Conflict> {
        all.iter().filter(|one| !of.iter().any(|other| other.is_same(one))).cloned().collect()
    };
    let began = missing(&after, &before).into_iter();
    news.extend(began.map(|between| News::ConflictBegan { indicator, between }));
    let ended = missing(&before, &after).into_iter();
    let ended = ended.filter(|of| !is_renamed(&of.one) && !is_renamed(&of.other));
    news.extend(ended.map(|between| News::ConflictEnded { indicator, between }));
    news
}

#[cfg(test)]
mod tests {
    use super::*;

    fn range(low: f64, high: f64) -> Option<Range> {
        Some(Range { low: Some(low), best: None, high: Some(high) })
    }

    fn conflict(one: &str, figure: &str, other: &str) -> Conflict {
        let says = |source: &str, figure: &str| Saying { source: source.into(), figure: figure.into() };
        Conflict { one: says(one, figure), other: says(other, "60"), side: None }
    }

    fn headline(holds: Option<Range>, conflicts: Vec<Conflict>) -> Headline {
        let on_record = Vec::new();
        let of = Some(Counted::default());
        let killed = Held { indicator: Indicator::Killed, holds, of, is_own: false, conflicts, on_record };
        Headline { title: "Darum".into(), figures: vec![killed], part_of: None }
    }

    fn told(before: &Headline, after: &Headline) -> Vec<String> {
        news(before, after).iter().map(|one| one.phrase().to_string()).collect()
    }

    #[test]
    fn two_names_that_become_one_source_are_no_news() {
        let before = headline(None, vec![conflict("Ministry", "12", "Army")]);
        let mut after = headline(None, Vec::new());
        let says = |source: &str, figure: &str| Saying { source: source.into(), figure: figure.into() };
        after.figures[0].on_record = vec![says("Army", "60"), says("Army", "12")];
        assert_eq!(told(&before, &after), Vec::<String>::new());
        after.figures[0].on_record = vec![says("Army", "60"), says("Ministry", "60")];
        assert_eq!(told(&before, &after).len(), 1, "both still speak, and agree");
        after.figures[0].on_record = vec![says("Army", "60")];
        assert_eq!(told(&before, &after).len(), 1, "one of them was wrong here");
    }

    #[test]
    fn another_number_is_news_and_the_same_number_is_none() {
        let before = headline(range(19.0, 41.0), Vec::new());
        let after = headline(range(37.0, 44.0), Vec::new());
        assert_eq!(told(&before, &after), ["killed: the desk holds 37–44 now, before 19–41."]);
        assert_eq!(
            told(&headline(None, Vec::new()), &after),
            ["killed: the desk holds 37–44 now, before no figure."]
        );
        let none = Headline { figures: Vec::new(), ..before.clone() };
        assert_eq!(told(&before, &none), ["killed: the desk holds no figure any more, before 19–41."]);
        let mut renamed = Headline { title: "Market of Darum".into(), ..before.clone() };
        renamed.figures.iter_mut().for_each(|held| held.is_own = true);
        assert!(told(&before, &renamed).is_empty(), "neither a title nor who set the number is news");
    }

    #[test]
    fn a_number_of_something_else_is_told_with_what_it_counts() {
        let of = |counts: &str, low, high| {
            let mut held = headline(range(low, high), Vec::new());
            held.figures[0].indicator = Indicator::Destroyed;
            held.figures[0].of = Some(Counted { counts: Some(counts.into()), ..Counted::default() });
            held
        };
        assert_eq!(
            told(&of("tanks", 7.0, 7.0), &of("houses", 300.0, 310.0)),
            ["destroyed: the desk holds 300–310 houses now, before 7 tanks."]
        );
        assert_eq!(told(&of("tanks", 7.0, 7.0), &of("houses", 7.0, 7.0)).len(), 1);
        let mut unknown = of("tanks", 7.0, 7.0);
        unknown.figures[0].of = None;
        assert!(told(&unknown, &of("tanks", 7.0, 7.0)).is_empty(), "from before it was kept");
    }

    #[test]
    fn a_contradiction_is_news_when_it_begins_and_when_it_ends_and_not_between() {
        let none = headline(None, Vec::new());
        let began = headline(None, vec![conflict("Ministry", "41", "Civil Rescue League")]);
        assert_eq!(
            told(&none, &began),
            ["killed: Ministry says 41, Civil Rescue League says 60: both cannot be right."]
        );
        let goes_on = headline(None, vec![conflict("ministry", "37", "Civil Rescue League")]);
        assert!(told(&began, &goes_on).is_empty(), "the same two still differ");
        let mut turned = conflict("Ministry", "37", "Civil Rescue League");
        std::mem::swap(&mut turned.one, &mut turned.other);
        assert!(told(&began, &headline(None, vec![turned])).is_empty(), "in whichever order");
        assert_eq!(
            told(&began, &none),
            ["killed: Ministry and Civil Rescue League no longer contradict each other."]
        );
        let of_a_side =
            Conflict { side: Some("North".into()), ..conflict("Ministry", "9", "Civil Rescue League") };
        assert_eq!(news(&began, &headline(None, vec![of_a_side])).len(), 2, "about others it is another one");
    }

    #[test]
    fn figures_that_go_over_to_another_incident_are_told_as_that_alone() {
        let before = headline(range(19.0, 41.0), Vec::new());
        let merged = Headline { figures: Vec::new(), part_of: Some("Orhan".into()), ..before.clone() };
        assert_eq!(told(&before, &merged), ["These figures are part of “Orhan” now."]);
        assert!(told(&merged, &merged).is_empty());
        assert_eq!(told(&merged, &before), ["These figures stand by themselves again."]);
    }

    #[test]
    fn what_is_stored_is_read_back() {
        let after = headline(range(1.0, 2.0), vec![conflict("A", "1", "B")]);
        let news = news(&headline(None, Vec::new()), &after);
        let stored = serde_json::to_value((&after, &news)).expect("written");
        assert_eq!(stored[1][0]["what"], "estimate");
        assert_eq!(serde_json::from_value::<(Headline, Vec<News>)>(stored).expect("read"), (after, news));
    }
}
