//! What the desk holds of one indicator, made of what sources say now: low, best and high after UCDP, which
//! figures decide it, which do not, and why.

use super::{Counted, Figure, Line, Mark, MarkKind, Origin, Range, SAME_HOURS, Sort, may_fall};
use crate::claim::SourceKind;
use crate::closed_set;
use crate::grade::Reliability;
use crate::measure::{Bound, Confirmation};
use crate::one_source::{Called, may_be_one};
use crate::phrase::Phrase;
use crate::scale::Tone;
use phrase::phrase;
use std::collections::BTreeSet;

/// The desk's own reading of the figures.
#[derive(Clone, Debug, PartialEq)]
pub struct Estimate {
    pub range: Range,
    /// Of whom or what: only figures that count the same make one estimate.
    pub of: Counted,
    /// Which rule gave each of the three, in words.
    pub basis: Vec<Phrase>,
    /// What sources say now and what does not decide it; each as its place in the list of figures.
    pub left_out: Vec<(usize, LeftOut)>,
    /// What it rests on; `None` where an editor decided.
    pub support: Option<Support>,
}

impl Estimate {
    /// What an editor holds, for the reason that they give.
    pub fn by_an_editor(range: Range, of: Counted, basis: String) -> Self {
        Self { range, of, basis: vec![Phrase::verbatim(basis)], left_out: Vec::new(), support: None }
    }
}

closed_set! {
    /// Why a figure that a source says now does not decide what the desk holds.
    LeftOut {
        Refuted = "refuted", "refuted by a verdict";
        Lowered = "lowered", "lowered since";
        Outdated = "outdated", "a later count is higher";
        MixedUp = "mixed_up", "may be mixed up with another count";
        FarOff = "far_off", "far from all others";
        Unreliable = "unreliable", "graded D or E";
        Apart = "apart", "counts others";
    }
}

/// How much an estimate rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Support {
    /// Sources whose current figures decide it.
    pub sources: usize,
    /// Sources that say a number now.
    pub of: usize,
    /// Of those that decide it, as many are official counts.
    pub official: usize,
    /// Of those that decide it, as many people have graded A or B.
    pub reliable: usize,
    /// A verdict stands on its best figure.
    pub is_settled: bool,
}

/// A current figure, with its place in the list of figures.
#[derive(Clone, Copy)]
struct Current<'f> {
    place: usize,
    figure: &'f Figure,
}

/// Which figures an estimate is made of.
struct Sifted<'f> {
    kept: Vec<Current<'f>>,
    left_out: Vec<(usize, LeftOut)>,
}

impl Sifted<'_> {
    fn leave_out(&mut self, why: LeftOut, is_out: impl Fn(&Current<'_>) -> bool) {
        let left_out = &mut self.left_out;
        self.kept.retain(|one| {
            let goes = is_out(one);
            if goes {
                left_out.push((one.place, why));
            }
            !goes
        });
    }

    fn has(&self, why: LeftOut) -> bool {
        self.left_out.iter().any(|(_, reason)| *reason == why)
    }

    fn figures(&self) -> impl Iterator<Item = &Figure> {
        self.kept.iter().map(|one| one.figure)
    }
}

/// The desk's low, best and high after UCDP: best is what the most reliable sources say, a settled
/// verdict before all; low and high are the ends of what reliable sources say now.
pub(super) fn estimate(
    main: &Figure,
    lines: &[Line],
    figures: &[Figure],
    marks: &[Mark],
) -> Option<Estimate> {
    let marked = |kind: MarkKind| {
        let of = marks.iter().filter(move |mark| mark.kind == kind);
        of.filter_map(|mark| mark.figures.first().copied())
    };
    let far: BTreeSet<usize> = marked(MarkKind::Outlier).collect();
    // Whoever says such a number later says the same.
    let mixed: Vec<f64> = marked(MarkKind::MixedUp).filter_map(|at| figures.get(at)?.point()).collect();
    let kept: Vec<Current<'_>> = lines
        .iter()
        .filter_map(|line| Some(Current { place: line.current?, figure: figures.get(line.current?)? }))
        .filter(|one| one.figure.says_what())
        .collect();
    let all = voices(kept.iter().map(|one| one.figure));
    let mut sifted = Sifted { kept, left_out: Vec::new() };
    let sort = main.sort();
    sifted.leave_out(LeftOut::Apart, |one| !sort.counts_with(&one.figure.sort()));
    let before = sifted.kept.len();
    let verdicts = Verdicts { lines, figures };
    let settled = verdicts.settled(&sort);
    sifted.leave_out(LeftOut::Refuted, |one| verdicts.refuted(one.place));
    sifted.leave_out(LeftOut::MixedUp, |one| one.figure.point().is_some_and(|n| mixed.contains(&n)));
    sifted.leave_out(LeftOut::FarOff, |one| far.contains(&one.place));
    lowered(&mut sifted, figures, marks);
    let latest = settled.iter().max_by_key(|(figure, _)| (figure.judged, figure.at));
    outdated(&mut sifted, latest.map(|(figure, range)| (*figure, *range)), marks);
    let mut basis = Vec::new();
    let of = main.counted();
    if let Some((figure, range)) = latest {
        basis.push(match differs(figure) {
            true => phrase!(
                "Best: the figure that the evidence supports, by the settled verdict on “{}” of {}.",
                figure.words,
                figure.source
            ),
            false => phrase!("Best: the settled verdict on “{}” of {}.", figure.words, figure.source),
        });
        let range = around(range, &sifted);
        basis.push(phrase!("Low and high: the ends of what is not left out."));
        // Whom the evidence corrects does not support what it says.
        let judged = Some(*figure).filter(|figure| !differs(figure));
        let judged = judged.into_iter().chain(sifted.figures());
        let support = Some(support(judged, all, true));
        return Some(Estimate { range, of, basis, left_out: sifted.left_out, support });
    }
    let top = sifted.figures().map(grade).min()?;
    if top < UNRELIABLE {
        sifted.leave_out(LeftOut::Unreliable, |one| grade(one.figure) >= UNRELIABLE);
    }
    let (low, high) = ends(&sifted);
    let best = match of_unknown_side(&sifted, lines, figures) {
        Some(apart) => {
            basis.push(phrase!(
                "No best figure: these sources differ and do not say whose people they count; {} counts {} alone.",
                apart.source,
                apart.counted().phrase()
            ));
            None
        }
        None => best(&sifted, top, before == 1, &mut basis),
    };
    basis.push(phrase!("Low and high: the lowest and the highest current figure (after UCDP)."));
    let low = low.and_then(|low| least(Some(low), best));
    let high = high.and_then(|high| most(Some(high), best));
    let support = Some(support(sifted.figures(), all, false));
    Some(Estimate { range: Range { low, best, high }, of, basis, left_out: sifted.left_out, support })
}

/// Nobody has judged it: neither good nor bad.
const UNGRADED: u8 = 3;
/// From this grade on a source is not believed where better ones speak.
const UNRELIABLE: u8 = 4;

/// The lower, the better.
fn grade(figure: &Figure) -> u8 {
    match figure.reliability {
        Reliability::A => 0,
        Reliability::B => 1,
        Reliability::C => 2,
        Reliability::F => UNGRADED,
        Reliability::D => UNRELIABLE,
        Reliability::E => 5,
    }
}

/// Whether the evidence supports another figure than the one that was judged.
fn differs(figure: &Figure) -> bool {
    figure.supported.is_some_and(|range| range.best.or(range.low) != figure.point())
}

/// What verdicts say of the figures of a ledger.
struct Verdicts<'f> {
    lines: &'f [Line],
    figures: &'f [Figure],
}

impl<'f> Verdicts<'f> {
    /// Whoever repeats a number that a verdict stands on says what was judged.
    fn on(&self, place: usize) -> Option<&'f Figure> {
        let figure = self.figures.get(place)?;
        let line = self.lines.iter().find(|line| line.figures.contains(&place))?;
        let same = line.figures.iter().filter_map(|at| self.figures.get(*at));
        same.filter(|one| one.verdict.is_some() && one.says_number_of(figure)).max_by_key(|one| one.judged)
    }

    fn refuted(&self, place: usize) -> bool {
        self.on(place).is_some_and(|judged| judged.verdict == Some(Tone::False) || differs(judged))
    }

    /// What a source was right about on Monday is not what it says on Wednesday.
    fn is_outdated(&self, place: usize, figure: &Figure) -> bool {
        let line = self.lines.iter().find(|line| line.totals.contains(&place));
        let now = line.and_then(|line| line.current).and_then(|at| Some((at, self.figures.get(at)?)));
        !differs(figure)
            && now.is_some_and(|(at, now)| {
                now.at > figure.at && !now.says_number_of(figure) && !self.refuted(at)
            })
    }

    /// Verdicts that say what a figure is, each with that figure.
    fn settled(&self, main: &Sort<'_>) -> Vec<(&'f Figure, Range)> {
        self.figures
            .iter()
            .enumerate()
            .filter(|(_, figure)| figure.verdict.is_some() && figure.is_total())
            .filter(|(_, figure)| main.counts_with(&figure.sort()))
            .filter_map(|(place, figure)| settled(figure).map(|range| (place, figure, range)))
            .filter(|(place, figure, _)| !self.is_outdated(*place, figure))
            .map(|(_, figure, range)| (figure, range))
            .collect()
    }
}

/// What a verdict says the figure is.
fn settled(figure: &Figure) -> Option<Range> {
    match (figure.verdict, figure.supported) {
        (Some(_), Some(supported)) => Some(supported),
        (Some(Tone::Verified), None) => Some(figure.range()),
        _ => None,
    }
}

/// A count that somebody reports as lowered, where the one who had said it and the one who says the lower
/// number may be one body under two names: "health ministry in the capital", "Kesmara's health ministry".
fn lowered(sifted: &mut Sifted<'_>, figures: &[Figure], marks: &[Mark]) {
    let lowered: BTreeSet<usize> = marks
        .iter()
        .filter(|mark| mark.kind == MarkKind::BackwardRevision)
        .filter_map(|mark| {
            let [lower, higher] = mark.figures.as_slice() else { return None };
            let (now, was) = (figures.get(*lower)?, figures.get(*higher)?);
            (now.at >= was.at && (now.origin == was.origin || is_same_body(now, was))).then_some(*higher)
        })
        .collect();
    sifted.leave_out(LeftOut::Lowered, |one| lowered.contains(&one.place));
}

/// Whether two figures may be of one body under two names.
pub(super) fn is_same_body(one: &Figure, other: &Figure) -> bool {
    fn called(figure: &Figure) -> Called<'_> {
        let parties = figure.party.as_slice();
        Called { name: &figure.source, kind: SourceKind::Organisation, parties }
    }
    may_be_one(&called(one), &called(other)).is_some()
}

/// A toll rises: what was counted half a day earlier and lower says what was known then. Only a settled
/// figure shows that, or two voices that are heard as well; one louder voice alone does not. Nor is a count only
/// old that somebody contradicted when it was made.
fn outdated(sifted: &mut Sifted<'_>, settled: Option<(&Figure, Range)>, marks: &[Mark]) {
    let disputed: BTreeSet<usize> = marks
        .iter()
        .filter(|mark| mark.kind == MarkKind::Conflict)
        .flat_map(|mark| mark.figures.iter().copied())
        .collect();
    let others: Vec<Current<'_>> = sifted.kept.clone();
    sifted.leave_out(LeftOut::Outdated, |one| {
        let figure = one.figure;
        if may_fall(figure.indicator) {
            return false;
        }
        // "At least 19" stays true; as the lower end of what is known it is over.
        let most = if figure.bound == Bound::AtLeast { figure.point() } else { Some(figure.reach().1) };
        let Some(most) = most else { return false };
        let is_later = |at| at - figure.at > SAME_HOURS;
        let settled_higher = settled.is_some_and(|(judged, range)| {
            is_later(judged.at) && range.low.or(range.best).is_some_and(|low| low > most)
        });
        let higher = others.iter().map(|other| other.figure).filter(|other| {
            is_later(other.at)
                && other.reach().0 > most
                && grade(other) <= grade(figure)
                && grade(other) < UNRELIABLE
        });
        settled_higher || !disputed.contains(&one.place) && voices(higher) > 1
    });
}

/// As many speak for themselves: whoever speaks for one party is one voice.
fn voices<'f>(figures: impl Iterator<Item = &'f Figure>) -> usize {
    let voices: BTreeSet<(Option<String>, Option<&Origin>)> = figures
        .map(|figure| match &figure.party {
            Some(party) => (Some(party.to_lowercase()), None),
            None => (None, Some(&figure.origin)),
        })
        .collect();
    voices.len()
}

fn support<'f>(figures: impl Iterator<Item = &'f Figure>, of: usize, is_settled: bool) -> Support {
    let figures: Vec<&Figure> = figures.collect();
    let those = |holds: &dyn Fn(&Figure) -> bool| {
        let origins: BTreeSet<&Origin> =
            figures.iter().filter(|figure| holds(figure)).map(|figure| &figure.origin).collect();
        origins.len()
    };
    Support {
        sources: those(&|_| true),
        of,
        official: those(&|figure| figure.confirmation == Confirmation::Official),
        reliable: those(&|figure| matches!(figure.reliability, Reliability::A | Reliability::B)),
        is_settled,
    }
}

/// Low and high around what a verdict says.
fn around(settled: &Range, sifted: &Sifted<'_>) -> Range {
    // "At least 50" is no ceiling, "up to 50" no ground.
    let own = (
        settled.low.or(settled.best.filter(|_| settled.high.is_none())),
        settled.high.or(settled.best.filter(|_| settled.low.is_none())),
    );
    let ends = if sifted.kept.is_empty() { own } else { ends(sifted) };
    let low = own.0.and_then(|own| least(Some(own), Some(ends.0?)));
    let high = own.1.and_then(|own| most(Some(own), Some(ends.1?)));
    Range { low, best: settled.best.or(settled.low), high }
}

/// In fighting each side has its dead. Where one source says that it counts the fighters of one side, the
/// others differ and say of none whose people they count, no number of theirs is the best of all: the figure
/// that says whose.
fn of_unknown_side<'f>(sifted: &Sifted<'_>, lines: &[Line], figures: &'f [Figure]) -> Option<&'f Figure> {
    let differ = sifted.figures().any(|one| sifted.figures().any(|other| one.reach().1 < other.reach().0));
    if !differ || sifted.figures().any(|figure| figure.side.is_some()) {
        return None;
    }
    let current = lines.iter().filter_map(|line| figures.get(line.current?));
    let mut sided = current.filter(|figure| figure.side.is_some() && figure.fights() == Some(true));
    sided.next()
}

/// The best figure, with the rule that gave it.
fn best(sifted: &Sifted<'_>, top: u8, is_alone: bool, basis: &mut Vec<Phrase>) -> Option<f64> {
    let mut best_of: Vec<&Figure> = sifted.figures().filter(|figure| grade(figure) == top).collect();
    best_of.sort_by(|a, b| a.point().unwrap_or_default().total_cmp(&b.point().unwrap_or_default()));
    let parties: BTreeSet<&str> = best_of.iter().filter_map(|figure| figure.party.as_deref()).collect();
    let neutral: Vec<&Figure> = best_of.iter().filter(|figure| figure.party.is_none()).copied().collect();
    let chosen = if parties.is_empty() || neutral.is_empty() { &best_of } else { &neutral };
    // After ACLED: where equally good sources differ, the lower of the two in the middle.
    let middle = chosen.get(chosen.len().saturating_sub(1) / 2)?;
    let is_ungraded = top == UNGRADED;
    basis.push(match (chosen.len(), is_ungraded) {
        (1, _) if is_alone => phrase!("Best: {}, the only source with a current figure.", middle.source),
        (1, true) if chosen.len() == best_of.len() && sifted.has(LeftOut::Unreliable) => {
            phrase!("Best: {}, the only source that nobody has graded D or E.", middle.source)
        }
        (1, true) if chosen.len() == best_of.len() => {
            phrase!("Best: {}, the only source that is not left out.", middle.source)
        }
        (1, true) => phrase!("Best: {}, the only source that speaks for no party.", middle.source),
        (1, false) => phrase!("Best: {}, the most reliable source.", middle.source),
        (n, true) => phrase!(
            "Best: the middle of {n} sources that nobody has graded, the lower one where two are in it: {}.",
            middle.source
        ),
        (n, false) => phrase!(
            "Best: the middle of the {n} most reliable sources, the lower one where two are in it: {}.",
            middle.source
        ),
    });
    if chosen.len() < best_of.len() {
        basis.push(phrase!("Parties to the conflict do not decide the best estimate where others count."));
    }
    middle.best.or(middle.low)
}

/// The lowest and the highest of what figures say; an end is open where the figure there leaves it open: the
/// desk does not hold 20 where all that is known is "at least 20".
fn ends(sifted: &Sifted<'_>) -> (Option<f64>, Option<f64>) {
    let ranges: Vec<(Range, Bound)> = sifted.figures().map(|figure| (figure.range(), figure.bound)).collect();
    let bottom = |range: &Range| range.low.or(range.best).or(range.high).unwrap_or_default();
    let top = |range: &Range| range.high.or(range.best).or(range.low).unwrap_or_default();
    let low = ranges.iter().min_by(|(a, _), (b, _)| bottom(a).total_cmp(&bottom(b)));
    let high = ranges.iter().max_by(|(a, _), (b, _)| top(a).total_cmp(&top(b)));
    let high = high.and_then(|(range, bound)| match bound {
        Bound::AtLeast => range.high,
        _ => range.high.or(range.best).or(range.low),
    });
    (low.and_then(|(range, _)| range.low.or(range.best)), high)
}

fn least(one: Option<f64>, other: Option<f64>) -> Option<f64> {
    one.into_iter().chain(other).min_by(f64::total_cmp)
}

fn most(one: Option<f64>, other: Option<f64>) -> Option<f64> {
    one.into_iter().chain(other).max_by(f64::total_cmp)
}
