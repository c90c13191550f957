//! What a person may correct of what was found in a text, and what a correction must be. Whatever a
//! person has corrected stays as they left it when the text is read again.

use crate::claim::SourceKind;
use crate::closed_set;
use crate::history::Event;
use crate::measure::{Bound, Class, Confirmation, Indicator, Measure, PartOf, Past, Reading};
use crate::text::Span;
use crate::words::{Counted, Invalid, Organisation, Side, SourceName, SourceRole, Unit};
use phrase::{msg, phrase};

closed_set! {
    /// The parts of a claim that a person can correct, each kept by itself.
    Part {
        Span = "span", "the words";
        Kind = "kind", "the kind";
        Source = "source", "who says so";
        Measures = "measures", "the figures";
    }
}

/// Longest stretch of text that one claim may be, in code points: a long paragraph.
pub const MAX_SPAN: u32 = 2_000;
/// Most claims that one can be split into.
pub const MAX_PARTS: usize = 8;
/// Most measures of one claim.
pub const MAX_MEASURES: usize = 40;

/// Who says a claim, as a person gives it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SourceGiven {
    /// Nobody but the article.
    Article,
    Named(NamedSource),
}

/// A source as a person names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedSource {
    pub name: SourceName,
    pub kind: SourceKind,
    pub role: Option<SourceRole>,
    pub organisation: Option<Organisation>,
}

/// A source in words: name, role and organisation.
pub fn source_in_words(name: &str, role: Option<&str>, organisation: Option<&str>) -> String {
    [Some(name), role, organisation].into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// Who speaks where no source is named.
pub const THE_ARTICLE: &str = msg!("the article itself");

/// A number as somebody gives it.
#[derive(Clone, Debug, PartialEq)]
pub struct Figure {
    /// As it was written.
    pub text: String,
    pub low: Option<f64>,
    pub best: Option<f64>,
    pub high: Option<f64>,
    pub bound: Bound,
    /// What its wording says it is counted in.
    pub unit: Option<String>,
}

impl Figure {
    /// # Errors
    /// `Invalid` where no number is given, they are out of order, or the bound lacks its number.
    pub fn checked(self) -> Result<Self, Invalid> {
        let given = [("low", self.low), ("best", self.best), ("high", self.high)];
        // Beyond this a double no longer counts one by one.
        if let Some((field, _)) = given.iter().find(|(_, n)| n.is_some_and(|n| n.is_nan() || n.abs() > 9e15))
        {
            return Err(Invalid::new(field, "Give a number of at most sixteen digits."));
        }
        let numbers: Vec<f64> = given.iter().filter_map(|(_, n)| *n).collect();
        if numbers.is_empty() {
            return Err(Invalid::new("figure", "Give a number."));
        }
        if !numbers.is_sorted() {
            return Err(Invalid::new("high", "Give low, best and high in rising order."));
        }
        let lacks = match self.bound {
            Bound::AtLeast if self.low.is_none() => Some(("low", "“at least” needs a low.")),
            Bound::AtMost if self.high.is_none() => Some(("high", "“at most” needs a high.")),
            Bound::Range if self.low.is_none() || self.high.is_none() => {
                Some(("low", "A range needs a low and a high."))
            }
            Bound::Exact | Bound::About if self.best.is_none() => {
                Some(("best", "An exact or approximate figure needs a best."))
            }
            _ => None,
        };
        match lacks {
            Some((field, fix)) => Err(Invalid::new(field, fix)),
            None => Ok(self),
        }
    }
}

/// How a figure is given: in words, to be read like an article's, or in numbers.
#[derive(Clone, Debug, PartialEq)]
pub enum FigureGiven {
    Words(String),
    Numbers(Figure),
}

/// One figure of a claim as a person gives it. What is `None` stays as it was found; blank text
/// takes away what was found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MeasureGiven {
    /// Which of the claim's figures it corrects, counted from 0; `None` adds one.
    pub of: Option<u32>,
    pub indicator: Option<Indicator>,
    pub figure: Option<FigureGiven>,
    pub counts: Option<String>,
    pub unit: Option<String>,
    pub class: Option<Class>,
    pub side: Option<String>,
    pub denied: Option<bool>,
    /// Whether the text tells it as an earlier count, or as one taken back.
    pub earlier: Option<bool>,
    /// Whether it counts only some of a total.
    pub only_some: Option<bool>,
    pub reading: Option<Reading>,
    pub confirmation: Option<Confirmation>,
}

impl MeasureGiven {
    /// A figure that stays as it is.
    pub fn kept(of: u32) -> Self {
        Self { of: Some(of), ..Self::default() }
    }
}

/// Puts what is given in the place of a claim's figures: those that are not named are removed.
/// Gives the new figures and what to tell the history. A figure that was added, or whose wording
/// changed, has no place in the text yet.
///
/// # Errors
/// `Invalid` for a figure that cannot be read, one that does not exist or comes twice, a new one
/// without a number or without what it counts, and more than [`MAX_MEASURES`].
pub fn measures(
    old: &[Measure],
    given: &[MeasureGiven],
    read: impl Fn(&str) -> Result<Figure, Invalid>,
) -> Result<(Vec<Measure>, Vec<Event>), Invalid> {
    if given.len() > MAX_MEASURES {
        return Err(Invalid::new("measures", phrase!("A claim has at most {MAX_MEASURES} figures.")));
    }
    let mut moved: Vec<Option<u32>> = vec![None; old.len()];
    let mut new = Vec::with_capacity(given.len());
    let mut events = Vec::new();
    for (place, one) in given.iter().enumerate() {
        let Some(of) = one.of else {
            let measure = one.over(None, &read)?;
            events.push(Event::MeasureAdded { measure: measure.described() });
            new.push(measure);
            continue;
        };
        let (Some(before), Some(slot)) = (old.get(of as usize), moved.get_mut(of as usize)) else {
            return Err(Invalid::new("measures", phrase!("The claim has no figure {of}; count from 0.")));
        };
        if slot.replace(u32::try_from(place).unwrap_or(u32::MAX)).is_some() {
            return Err(Invalid::new("measures", phrase!("Figure {of} is given twice.")));
        }
        let after = one.over(Some(before), &read)?;
        if after != *before {
            events.push(Event::MeasureCorrected { before: before.described(), after: after.described() });
        }
        new.push(after);
    }
    for (measure, place) in old.iter().zip(&moved) {
        if place.is_none() {
            events.push(Event::MeasureRemoved { measure: measure.described() });
        }
    }
    for measure in &mut new {
        if let Some(PartOf::Here(whole)) = measure.part_of {
            measure.part_of = moved.get(whole as usize).copied().flatten().map(PartOf::Here);
        }
    }
    Ok((new, events))
}

impl MeasureGiven {
    fn over(
        &self,
        before: Option<&Measure>,
        read: &impl Fn(&str) -> Result<Figure, Invalid>,
    ) -> Result<Measure, Invalid> {
        let figure = match &self.figure {
            Some(FigureGiven::Words(words)) if before.is_some_and(|old| old.text.trim() == words.trim()) => {
                None
            }
            Some(FigureGiven::Words(words)) => Some(read(words)?.checked()?),
            Some(FigureGiven::Numbers(figure)) => Some(figure.clone().checked()?),
            None if before.is_none() => return Err(Invalid::new("figure", "Give a number.")),
            None => None,
        };
        let mut measure = match before {
            Some(before) => before.clone(),
            None => Measure {
                start: 0,
                end: 0,
                indicator: self
                    .indicator
                    .ok_or_else(|| Invalid::new("indicator", "Say what the figure counts."))?,
                low: None,
                best: None,
                high: None,
                bound: Bound::Exact,
                text: String::new(),
                counts: None,
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
            },
        };
        let mut written = None;
        if let Some(Figure { text, low, best, high, bound, unit }) = figure {
            written = unit;
            measure = Measure { start: 0, end: 0, text, low, best, high, bound, ..measure };
            if measure.text.trim().is_empty() {
                measure.text = measure.in_words();
            }
        }
        let said = |typed: &Option<String>, was: Option<String>, parse: fn(&str) -> Parsed| match typed {
            Some(typed) => parse(typed),
            None => Ok(was),
        };
        Ok(Measure {
            indicator: self.indicator.unwrap_or(measure.indicator),
            counts: said(&self.counts, measure.counts, |t| Ok(Counted::optional(t)?.map(|c| c.to_string())))?,
            unit: said(&self.unit, measure.unit, |t| Ok(Unit::optional(t)?.map(|u| u.to_string())))?
                .or(written),
            side: said(&self.side, measure.side, |t| Ok(Side::optional(t)?.map(|s| s.to_string())))?,
            class: self.class.unwrap_or(measure.class),
            denied: self.denied.unwrap_or(measure.denied),
            past: match self.earlier {
                Some(true) => measure.past.or(Some(Past::Earlier)),
                Some(false) => None,
                None => measure.past,
            },
            only_some: self.only_some.or(measure.only_some),
            reading: self.reading.unwrap_or(measure.reading),
            confirmation: self.confirmation.unwrap_or(measure.confirmation),
            ..measure
        })
    }
}

type Parsed = Result<Option<String>, Invalid>;

/// Whether a stretch can be one claim.
///
/// # Errors
/// `Invalid` where it is empty or longer than [`MAX_SPAN`].
pub fn one_claim(span: Span) -> Result<Span, Invalid> {
    if span.is_empty() {
        return Err(Invalid::new("span", "Choose some words of the article."));
    }
    if span.len() > MAX_SPAN {
        let most = crate::measure::number(f64::from(MAX_SPAN));
        return Err(Invalid::new(
            "span",
            phrase!("A claim has at most {most} characters. Choose fewer words."),
        ));
    }
    Ok(span)
}

/// Whether a claim can be split into these stretches.
///
/// # Errors
/// `Invalid` for fewer than two or more than [`MAX_PARTS`], for a part that has nothing of the
/// claim, and for one that lies in another: it would be checked twice.
pub fn split(whole: Span, parts: &[Span]) -> Result<(), Invalid> {
    if !(2..=MAX_PARTS).contains(&parts.len()) {
        return Err(Invalid::new(
            "parts",
            phrase!("Give two to {MAX_PARTS} parts, each with words of the article."),
        ));
    }
    for (at, part) in parts.iter().enumerate() {
        one_claim(*part).map_err(|wrong| Invalid::new("parts", wrong.fix))?;
        if !part.overlaps(whole) {
            return Err(Invalid::new("parts", phrase!("Part {} has no words of this claim.", at + 1)));
        }
        let inside = |(other, span): (usize, &Span)| other != at && span.contains(*part);
        if parts.iter().enumerate().any(inside) {
            return Err(Invalid::new(
                "parts",
                phrase!("Part {} lies in another part. Give each its own words.", at + 1),
            ));
        }
    }
    Ok(())
}

/// The stretch that claims have when they become one.
///
/// # Errors
/// `Invalid` where nothing is merged, or they lie further apart than one claim may be long.
pub fn merge(into: Span, others: &[Span]) -> Result<Span, Invalid> {
    if others.is_empty() {
        return Err(Invalid::new("with", "Choose the claim to merge with this one."));
    }
    let start = others.iter().map(|span| span.start).fold(into.start, u32::min);
    let end = others.iter().map(|span| span.end).fold(into.end, u32::max);
    one_claim(Span::new(start, end)).map_err(|_| {
        Invalid::new("with", "These claims stand too far apart to be one. Merge claims that stand together.")
    })
}

/// The figures of claims that become one, each once, in the order of the text.
pub fn merged_measures(of_each: Vec<Vec<Measure>>) -> Vec<Measure> {
    let mut all: Vec<Measure> = Vec::new();
    for measures in of_each {
        let before = u32::try_from(all.len()).unwrap_or(u32::MAX);
        for mut measure in measures {
            if let Some(PartOf::Here(whole)) = measure.part_of {
                measure.part_of = Some(PartOf::Here(whole + before));
            }
            all.push(measure);
        }
    }
    let is_same = |a: &Measure, b: &Measure| {
        (a.start, a.end, a.indicator, &a.text) == (b.start, b.end, b.indicator, &b.text)
    };
    let mut order: Vec<usize> = (0..all.len()).collect();
    order.sort_by_key(|at| all.get(*at).map(|measure| (measure.start, measure.end)));
    let mut kept: Vec<Measure> = Vec::new();
    let mut moved: Vec<u32> = vec![0; all.len()];
    for at in order {
        let Some(measure) = all.get(at) else { continue };
        let place = kept.iter().position(|other| is_same(other, measure)).unwrap_or_else(|| {
            kept.push(measure.clone());
            kept.len() - 1
        });
        if let Some(slot) = moved.get_mut(at) {
            *slot = u32::try_from(place).unwrap_or(u32::MAX);
        }
    }
    for measure in &mut kept {
        if let Some(PartOf::Here(whole)) = measure.part_of {
            measure.part_of = moved.get(whole as usize).copied().map(PartOf::Here);
        }
    }
    kept
}

/// Whether a claim that reading a text again has found is left out: people have decided what more
/// than half of its words are.
pub fn is_covered(found: Span, decided: &[Span]) -> bool {
    let mut spans: Vec<Span> = decided.iter().copied().filter(|span| span.overlaps(found)).collect();
    spans.sort();
    let mut from = found.start;
    let mut covered = 0;
    for span in spans {
        let (start, end) = (span.start.max(from), span.end.min(found.end));
        if start < end {
            covered += end - start;
            from = end;
        }
    }
    covered * 2 > found.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exact(n: f64) -> Figure {
        Figure {
            text: n.to_string(),
            low: Some(n),
            best: Some(n),
            high: Some(n),
            bound: Bound::Exact,
            unit: None,
        }
    }

    fn read(words: &str) -> Result<Figure, Invalid> {
        words.parse().map(exact).map_err(|_| Invalid::new("figure", "Write a number."))
    }

    fn added(n: &str) -> MeasureGiven {
        MeasureGiven {
            indicator: Some(Indicator::Killed),
            figure: Some(FigureGiven::Words(n.to_owned())),
            ..MeasureGiven::default()
        }
    }

    fn three() -> Vec<Measure> {
        let all = ["10", "3", "1"].map(added);
        let mut three = measures(&[], &all, read).expect("figures").0;
        three[1].part_of = Some(PartOf::Here(0));
        three[2].part_of = Some(PartOf::Here(1));
        three
    }

    #[test]
    fn what_is_not_given_stays_as_it_was_found() {
        let old = three();
        let given = MeasureGiven {
            class: Some(Class::Civilian),
            counts: Some(" children ".to_owned()),
            figure: Some(FigureGiven::Words("3".to_owned())),
            ..MeasureGiven::kept(1)
        };
        let (new, events) =
            measures(&old, &[MeasureGiven::kept(0), given, MeasureGiven::kept(2)], |_| panic!("read again"))
                .expect("corrected");
        assert_eq!((new[0].clone(), new[2].clone()), (old[0].clone(), old[2].clone()));
        assert_eq!(
            events,
            [Event::MeasureCorrected {
                before: "3 killed, part of another figure".into(),
                after: "3 children killed, civilians, part of another figure".into(),
            }]
        );
    }

    #[test]
    fn what_counts_only_some_is_what_a_person_says() {
        let given = MeasureGiven { only_some: Some(true), ..MeasureGiven::kept(0) };
        let (new, events) = measures(&three()[..1], &[given], read).expect("one");
        assert!(crate::ledger::counts_only_some(&new[0], "12 people were killed"));
        assert_eq!(events.len(), 1);
        let whole = MeasureGiven { only_some: Some(false), ..MeasureGiven::kept(0) };
        let (new, _) = measures(&new, &[whole], read).expect("one");
        assert!(!crate::ledger::counts_only_some(&new[0], "including 12 people in her town"));
    }

    #[test]
    fn a_part_follows_its_whole_and_is_none_where_the_whole_is_gone() {
        let (new, events) =
            measures(&three(), &[MeasureGiven::kept(1), MeasureGiven::kept(2)], read).expect("two");
        assert_eq!((new[0].part_of, new[1].part_of), (None, Some(PartOf::Here(0))));
        assert_eq!(events, [Event::MeasureRemoved { measure: "10 killed".into() }]);
    }

    #[test]
    fn a_figure_keeps_the_unit_of_its_wording_unless_another_is_given() {
        let percent = |_: &str| Ok(Figure { unit: Some("%".to_owned()), ..exact(4.0) });
        let unit = |given: MeasureGiven| measures(&[], &[given], percent).map(|(new, _)| new[0].unit.clone());
        assert_eq!(unit(added("4 per cent")), Ok(Some("%".to_owned())));
        let blank = MeasureGiven { unit: Some(" ".to_owned()), ..added("4 per cent") };
        assert_eq!(unit(blank), Ok(Some("%".to_owned())));
        let points = MeasureGiven { unit: Some("points".to_owned()), ..added("4 per cent") };
        assert_eq!(unit(points), Ok(Some("points".to_owned())));
    }

    #[test]
    fn a_figure_that_makes_no_sense_names_its_field() {
        let field = |given: &[MeasureGiven]| measures(&three(), given, read).map_err(|wrong| wrong.field);
        assert_eq!(field(&[added("many")]), Err("figure"));
        assert_eq!(field(&[MeasureGiven { indicator: None, ..added("1") }]), Err("indicator"));
        assert_eq!(field(&[MeasureGiven::kept(3)]), Err("measures"));
        assert_eq!(field(&[MeasureGiven::kept(1), MeasureGiven::kept(1)]), Err("measures"));
        let numbers = |low, best, high, bound| {
            let figure = Figure { text: String::new(), low, best, high, bound, unit: None };
            field(&[MeasureGiven { figure: Some(FigureGiven::Numbers(figure)), ..MeasureGiven::kept(0) }])
        };
        assert_eq!(numbers(Some(5.0), Some(4.0), None, Bound::About), Err("high"));
        assert_eq!(numbers(None, None, None, Bound::Vague), Err("figure"));
        assert_eq!(numbers(None, Some(4.0), None, Bound::AtLeast), Err("low"));
        assert_eq!(numbers(Some(f64::NAN), None, None, Bound::Vague), Err("low"));
        assert!(numbers(Some(4.0), None, None, Bound::AtLeast).is_ok());
    }

    #[test]
    fn parts_of_a_claim_have_words_of_it_and_none_lies_in_another() {
        let whole = Span::new(10, 40);
        assert!(split(whole, &[Span::new(10, 20), Span::new(18, 45)]).is_ok());
        for parts in [
            vec![Span::new(10, 20)],
            vec![Span::new(10, 20), Span::new(41, 50)],
            vec![Span::new(10, 20), Span::new(10, 20)],
            vec![Span::new(10, 20), Span::new(12, 15)],
            vec![Span::new(10, 10), Span::new(12, 15)],
        ] {
            assert_eq!(split(whole, &parts).map_err(|wrong| wrong.field), Err("parts"), "{parts:?}");
        }
    }

    #[test]
    fn claims_that_become_one_reach_from_the_first_to_the_last() {
        let merged = merge(Span::new(30, 40), &[Span::new(5, 12), Span::new(38, 50)]);
        assert_eq!(merged, Ok(Span::new(5, 50)));
        assert!(merge(Span::new(0, 10), &[]).is_err());
        assert!(merge(Span::new(0, 10), &[Span::new(5_000, 5_010)]).is_err());
    }

    #[test]
    fn a_figure_that_two_merged_claims_share_is_kept_once() {
        let (mut one, mut two) = (three(), three());
        for (at, measure) in one.iter_mut().chain(&mut two).enumerate() {
            measure.start = 10 * u32::try_from(at).expect("small");
        }
        two[0].start = one[0].start;
        let merged = merged_measures(vec![one, two]);
        assert_eq!(merged.len(), 5);
        assert!(merged.is_sorted_by_key(|measure| measure.start));
        let parts: Vec<_> = merged.iter().map(|measure| measure.part_of).collect();
        let here = |at| Some(PartOf::Here(at));
        assert_eq!(parts, [None, here(0), here(1), here(0), here(3)]);
    }

    #[test]
    fn what_people_have_decided_is_not_found_again() {
        let found = Span::new(10, 30);
        assert!(is_covered(found, &[Span::new(0, 100)]));
        assert!(is_covered(found, &[Span::new(10, 16), Span::new(14, 21)]));
        assert!(!is_covered(found, &[Span::new(10, 20)]));
        assert!(!is_covered(found, &[Span::new(10, 20), Span::new(12, 20)]));
        assert!(!is_covered(found, &[]));
    }
}
