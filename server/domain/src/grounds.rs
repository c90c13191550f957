//! What a verdict rests on: preconditions of ratings, checked against the evidence, and whether
//! evidence shows the figure that a rating asserts.

use crate::claim::{SourceKind, Stance};
use crate::closed_set;
use crate::figure::{Finding, Found};
use crate::grade::Reliability;
use crate::measure::{Bound, Indicator, Measure};
use crate::phrase::Phrase;
use crate::policy::Role;
use crate::scale::Rating;
use crate::words::Invalid;
use phrase::{phrase, plural};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

closed_set! {
    /// What a rating can ask of the evidence.
    Need {
        Evidence = "evidence", "pieces of evidence";
        Supporting = "supporting", "pieces of evidence that support the claim";
        Refuting = "refuting", "pieces of evidence that refute the claim";
        Context = "context", "pieces of evidence that give context";
        Sources = "sources", "independent original sources";
        CredibleSources = "credible_sources", "independent original sources not graded D or E";
        Figure = "figure", "supporting excerpts with the claimed figure";
        Visual = "visual", "photos or videos";
        Admission = "admission", "admissions by a named party to the conflict";
    }
}

/// At least so many of something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Precondition {
    pub kind: Need,
    pub least: u8,
}

impl Precondition {
    /// What it asks for, in English: [`Self::phrase`].
    pub fn in_words(&self) -> String {
        self.phrase().to_string()
    }

    /// What it asks for: "2 independent original sources".
    pub fn phrase(&self) -> Phrase {
        let n = self.least;
        match self.kind {
            Need::Evidence => plural!(n, "a piece of evidence", "{n} pieces of evidence"),
            Need::Supporting => plural!(
                n,
                "a piece of evidence that supports the claim",
                "{n} pieces of evidence that support the claim"
            ),
            Need::Refuting => plural!(
                n,
                "a piece of evidence that refutes the claim",
                "{n} pieces of evidence that refute the claim"
            ),
            Need::Context => plural!(
                n,
                "a piece of evidence that gives context",
                "{n} pieces of evidence that give context"
            ),
            Need::Sources => {
                plural!(n, "an original source that is known", "{n} independent original sources")
            }
            Need::CredibleSources => plural!(
                n,
                "an original source that is known and not graded D or E",
                "{n} independent original sources not graded D or E"
            ),
            Need::Figure => plural!(
                n,
                "a supporting excerpt with the claimed figure",
                "{n} supporting excerpts with the claimed figure"
            ),
            Need::Visual => plural!(n, "a photo or video", "{n} photos or videos"),
            Need::Admission => plural!(
                n,
                "an admission by a named party to the conflict",
                "{n} admissions by a named party to the conflict"
            ),
        }
    }
}

/// Who originally says what a piece of evidence has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    pub name: String,
    pub kind: SourceKind,
    /// Whom a person speaks for.
    pub organisation: Option<String>,
    pub reliability: Reliability,
}

/// A piece of evidence, as far as preconditions ask.
#[derive(Clone, Debug)]
pub struct Piece {
    pub stance: Stance,
    pub origin: Option<Origin>,
    pub visual: bool,
    pub admission: bool,
    /// What became of each of the claim's figures in its excerpt, in their order.
    pub findings: Vec<Finding>,
}

/// What a verdict is about to rest on.
#[derive(Clone, Debug, Default)]
pub struct Grounds {
    /// Evidence in use.
    pub pieces: Vec<Piece>,
    /// The claim's figures.
    pub figures: Vec<Measure>,
    /// Whether a supporting excerpt has the figure that the reviewer gives instead.
    pub own_figure_shown: bool,
}

/// What is missing for a rating.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Missing {
    /// Preconditions of the scale that are not met, each in a sentence.
    pub preconditions: Vec<Phrase>,
    /// Why evidence does not carry the figure that the rating asserts, in a sentence.
    pub figure: Option<Phrase>,
}

impl Missing {
    pub fn is_empty(&self) -> bool {
        self.preconditions.is_empty() && self.figure.is_none()
    }

    /// All of it, each in a sentence.
    pub fn sentences(&self) -> Vec<Phrase> {
        self.preconditions.iter().cloned().chain(self.figure.clone()).collect()
    }
}

impl Grounds {
    /// What is missing for a rating.
    pub fn missing_for(&self, rating: &Rating) -> Missing {
        Missing {
            preconditions: rating.needs.iter().filter_map(|need| self.unmet(rating, *need)).collect(),
            figure: rating.asserts_figure.then(|| self.figure_missing(rating)).flatten(),
        }
    }

    fn unmet(&self, rating: &Rating, need: Precondition) -> Option<Phrase> {
        let least = usize::from(need.least);
        let count = |pick: &dyn Fn(&Piece) -> bool| self.pieces.iter().filter(|piece| pick(piece)).count();
        let few = |has: usize| (has < least).then_some(has);
        let supports = |piece: &Piece| piece.stance == Stance::Supports;
        let has = match need.kind {
            Need::Evidence => match few(count(&|_| true))? {
                0 => phrase!("the claim has none"),
                n => plural!(n, "the claim has 1 piece of evidence", "the claim has {n} pieces of evidence"),
            },
            Need::Supporting | Need::Refuting | Need::Context => {
                let stance = match need.kind {
                    Need::Refuting => Stance::Refutes,
                    Need::Context => Stance::Context,
                    _ => Stance::Supports,
                };
                match few(count(&|piece| piece.stance == stance))? {
                    0 => phrase!("the evidence has none"),
                    n => plural!(n, "the evidence has 1 that does", "the evidence has {n} that do"),
                }
            }
            Need::Visual => evidence_has(few(count(&|p| p.visual))?),
            Need::Figure => {
                let figures = self.asserted();
                let shows = |piece: &Piece| figures.iter().any(|at| finding(piece, *at).shows());
                // A claim without a figure asks for none.
                if figures.is_empty() {
                    return None;
                }
                match few(count(&|p| supports(p) && shows(p)))? {
                    0 => phrase!("the supporting evidence has none"),
                    n => phrase!("the supporting evidence has {n}"),
                }
            }
            Need::Admission => {
                let named = |p: &Piece| p.origin.as_ref().is_some_and(|o| o.kind != SourceKind::Anonymous);
                let nameless = count(&|p| p.admission && !named(p));
                let has = evidence_has(few(count(&|p| p.admission && named(p)))?);
                match nameless {
                    0 => has,
                    n => plural!(
                        n,
                        "{has}, and one admission that names no party",
                        "{has}, and {n} admissions that name no party"
                    ),
                }
            }
            Need::Sources | Need::CredibleSources => {
                let credible_only = need.kind == Need::CredibleSources;
                self.too_few_sources(least, credible_only)?
            }
        };
        Some(phrase!("{} needs {}; {has}.", rating.name, need.phrase()))
    }

    /// Says how many independent sources there are, where they are fewer than `least`.
    fn too_few_sources(&self, least: usize, credible_only: bool) -> Option<Phrase> {
        let supporting = || self.pieces.iter().filter(|piece| piece.stance == Stance::Supports);
        let counts = |origin: &&Origin| !credible_only || origin.reliability.is_credible();
        let origins: Vec<&Origin> =
            supporting().filter_map(|piece| piece.origin.as_ref()).filter(counts).collect();
        let independent = independent(&origins);
        if independent.len() >= least {
            return None;
        }
        let sources = Phrase::listed(independent.iter().map(|source| match source.pieces {
            1 => Phrase::verbatim(source.name.clone()),
            n => plural!(n, "{} ({n} piece)", "{} ({n} pieces)", source.name),
        }));
        let all = supporting().count();
        let unknown = supporting().filter(|piece| piece.origin.as_ref().is_none_or(nameless)).count();
        let doubted = supporting().filter_map(|p| p.origin.as_ref()).filter(|o| !counts(o)).count();
        let has = match independent.len() {
            _ if all == 0 => phrase!("no evidence supports the claim"),
            0 => phrase!("the supporting evidence has none"),
            n => phrase!("the supporting evidence has {n}: {sources}"),
        };
        let unknown = (unknown > 0).then(|| phrase!("; of {unknown} the source is not known"));
        let doubted = (doubted > 0).then(|| phrase!("; {doubted} from sources graded D or E"));
        Some(Phrase::beside([Some(has), unknown, doubted].into_iter().flatten()))
    }

    /// Which figures of the claim a rating asserts: its losses where it has any, else all. What is
    /// denied or a part of another figure is none of its own.
    fn asserted(&self) -> Vec<usize> {
        let own: Vec<usize> = (0..self.figures.len())
            .filter(|at| {
                let figure = &self.figures[*at];
                let numbered = figure.low.is_some() || figure.best.is_some() || figure.high.is_some();
                numbered && !figure.denied && figure.part_of.is_none()
            })
            .collect();
        let weighty =
            |at: &usize| !matches!(self.figures[*at].indicator, Indicator::Count | Indicator::Other);
        if own.iter().any(weighty) { own.into_iter().filter(weighty).collect() } else { own }
    }

    /// Says which asserted figures no supporting evidence has, where there is supporting evidence
    /// at all: a verdict without evidence rests on none, which is for preconditions to stop.
    fn figure_missing(&self, rating: &Rating) -> Option<Phrase> {
        let supporting: Vec<&Piece> = self.pieces.iter().filter(|p| p.stance == Stance::Supports).collect();
        if supporting.is_empty() || self.own_figure_shown {
            return None;
        }
        let missing: Vec<Phrase> = self
            .asserted()
            .into_iter()
            .filter(|at| !supporting.iter().any(|piece| finding(piece, *at).shows()))
            .map(|at| {
                let figure = &self.figures[at];
                let of = match figure.indicator {
                    Indicator::Other | Indicator::Count => {
                        figure.counts.as_ref().map(|counts| Phrase::verbatim(format!(" {counts}")))
                    }
                    Indicator::Money | Indicator::Percent => None,
                    indicator => Some(phrase!(" {}", indicator.label())),
                };
                let mut others: Vec<Phrase> = Vec::new();
                for instead in supporting.iter().filter_map(|piece| finding(piece, at).instead()) {
                    if !others.contains(&instead) {
                        others.push(instead);
                    }
                }
                others.sort_by_key(Phrase::to_string);
                let instead = (!others.is_empty()).then(|| phrase!(" (it says {})", Phrase::listed(others)));
                Phrase::beside([Some(figure.phrase()), of, instead].into_iter().flatten())
            })
            .collect();
        (!missing.is_empty()).then(|| {
            phrase!(
                "{} asserts the figure, and no supporting evidence has it: {}.",
                rating.name,
                Phrase::enumerated(missing)
            )
        })
    }
}

fn finding(piece: &Piece, at: usize) -> &Finding {
    const ABSENT: &Finding = &Finding { found: Found::Absent, at: None, words: String::new(), counts: None };
    piece.findings.get(at).unwrap_or(ABSENT)
}

fn nameless(origin: &Origin) -> bool {
    origin.kind == SourceKind::Anonymous || words(&origin.name).is_empty()
}

fn evidence_has(has: usize) -> Phrase {
    match has {
        0 => phrase!("the evidence has none"),
        n => phrase!("the evidence has {n}"),
    }
}

/// A source that draws on no other of those it stands beside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Independent {
    pub name: String,
    /// How many pieces of evidence lead back to it.
    pub pieces: usize,
}

/// Collapses who originally speaks to sources that are independent of each other, in the order they
/// came: a person counts as whom they speak for, and a name whose words are all in another one is
/// that other one ("Defence Ministry", "Russian Defence Ministry"). In doubt it counts too few:
/// naming a source fully tells it apart. What is not named cannot be told apart and does not count.
pub fn independent(origins: &[&Origin]) -> Vec<Independent> {
    let named: Vec<(BTreeSet<String>, &str)> = origins
        .iter()
        .filter(|origin| !nameless(origin))
        .map(|origin| {
            let speaks_for = origin.organisation.as_deref().filter(|_| origin.kind == SourceKind::Person);
            let name = speaks_for.filter(|name| !words(name).is_empty()).unwrap_or(&origin.name);
            (words(name), name)
        })
        .collect();
    let mut independent: Vec<(&BTreeSet<String>, Independent)> = Vec::new();
    for (words, name) in &named {
        let fuller = named.iter().any(|(other, _)| words != other && words.is_subset(other));
        if fuller || independent.iter().any(|(known, _)| *known == words) {
            continue;
        }
        let pieces = named.iter().filter(|(other, _)| other.is_subset(words)).count();
        independent.push((words, Independent { name: (*name).to_owned(), pieces }));
    }
    independent.into_iter().map(|(_, source)| source).collect()
}

/// The words of a name that tell it from others.
fn words(name: &str) -> BTreeSet<String> {
    name.to_lowercase()
        .replace("’s ", " ")
        .replace("'s ", " ")
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !matches!(*word, "" | "the" | "a" | "an" | "of" | "for" | "and" | "s"))
        .map(|word| match word {
            "defense" => "defence".to_owned(),
            other => other.to_owned(),
        })
        .collect()
}

/// The figure that a reviewer gives instead of a claim's, to look for it in excerpts.
pub fn own_figure(
    like: &Measure,
    low: Option<f64>,
    best: Option<f64>,
    high: Option<f64>,
    bound: Bound,
) -> Measure {
    Measure { low, best, high, bound, ..like.clone() }
}

closed_set! {
    /// What happens to a verdict that asserts a figure which its evidence does not have.
    MissingFigure {
        Reason = "reason", "needs a reason";
        Stop = "stop", "is stopped";
    }
}

/// What the desk allows where the grounds of a verdict fall short.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct GroundsPolicy {
    /// The least role that may give a rating whose preconditions are not met, with a reason;
    /// `None`: nobody.
    pub override_by: Option<Role>,
    pub missing_figure: MissingFigure,
}

impl Default for GroundsPolicy {
    fn default() -> Self {
        Self { override_by: Some(Role::Editor), missing_figure: MissingFigure::Reason }
    }
}

impl GroundsPolicy {
    /// Whether a role may give a rating for which this is missing, if it says why.
    pub fn may_override(&self, role: Role, missing: &Missing) -> bool {
        self.forbids(role, missing).is_none()
    }

    /// Why a role may not override, in a sentence.
    fn forbids(&self, role: Role, missing: &Missing) -> Option<Phrase> {
        if missing.figure.is_some() && self.missing_figure == MissingFigure::Stop {
            return Some(phrase!("The desk’s policy stops such verdicts."));
        }
        match self.override_by {
            _ if missing.preconditions.is_empty() => None,
            None => Some(phrase!("The desk’s policy lets nobody override it.")),
            Some(least) if role < least => {
                Some(phrase!("It takes the role of {} or above to override it.", least.label()))
            }
            Some(_) => None,
        }
    }

    /// The reason that overrides what is missing.
    ///
    /// # Errors
    /// `Invalid` with what is missing and what can be done about it.
    pub fn override_with(
        &self,
        role: Role,
        missing: &Missing,
        reason: Option<&str>,
    ) -> Result<String, Invalid> {
        let what = Phrase::spaced(missing.sentences());
        match (self.forbids(role, missing), reason) {
            (Some(why), Some(_)) => Err(Invalid::new("override_reason", phrase!("{what} {why}"))),
            (Some(why), None) => Err(Invalid::new("rating", phrase!("{what} {why}"))),
            (None, Some(reason)) => Ok(reason.to_owned()),
            (None, None) => {
                let fix = phrase!(
                    "{what} Add to the evidence, choose another rating, or say why you give it all the same."
                );
                Err(Invalid::new("rating", fix))
            }
        }
    }

    /// In English, for the history of the policy.
    pub fn in_words(&self) -> String {
        self.phrase().to_string()
    }

    /// In words.
    pub fn phrase(&self) -> Phrase {
        let over = match self.override_by {
            Some(role) => phrase!("from {} on, with a reason", role.label()),
            None => phrase!("by nobody"),
        };
        phrase!(
            "unmet preconditions may be overridden {over}; a verdict on evidence without the figure {}",
            self.missing_figure.label()
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scale::tests::rating;
    use proptest::prelude::*;

    fn origin(name: &str) -> Origin {
        Origin {
            name: name.to_owned(),
            kind: SourceKind::Organisation,
            organisation: None,
            reliability: Reliability::F,
        }
    }

    fn piece(stance: Stance, from: Option<Origin>) -> Piece {
        Piece { stance, origin: from, visual: false, admission: false, findings: Vec::new() }
    }

    fn resting_on(pieces: Vec<Piece>) -> Grounds {
        Grounds { pieces, ..Grounds::default() }
    }

    fn missing(grounds: &Grounds, need: Need, least: u8) -> Vec<String> {
        let missing = grounds.missing_for(&rating("fair", &[(need, least)])).preconditions;
        missing.iter().map(Phrase::to_string).collect()
    }

    #[test]
    fn ten_outlets_that_quote_one_ministry_are_one_source() {
        let quotes = [
            "Defence Ministry",
            "the Ministry of Defence",
            "Ministry of Defense",
            "Russia's Defence Ministry",
        ];
        let ten = (0..10).map(|at| piece(Stance::Supports, Some(origin(quotes[at % 4])))).collect();
        assert_eq!(
            missing(&resting_on(ten), Need::Sources, 2),
            ["fair needs 2 independent original sources; the supporting evidence has 1: \
              Russia's Defence Ministry (10 pieces)."]
        );
    }

    #[test]
    fn two_ministries_of_the_same_name_are_two_sources_once_they_are_named_fully() {
        let named = [
            origin("Defence Ministry"),
            origin("Russian Defence Ministry"),
            origin("Ukrainian Defence Ministry"),
        ];
        let names: Vec<String> =
            independent(&named.iter().collect::<Vec<_>>()).into_iter().map(|source| source.name).collect();
        assert_eq!(names, ["Russian Defence Ministry", "Ukrainian Defence Ministry"]);
    }

    #[test]
    fn a_spokesman_is_whom_he_speaks_for_and_who_is_not_named_does_not_count() {
        let spokesman = Origin {
            kind: SourceKind::Person,
            organisation: Some("Defence Ministry".into()),
            ..origin("Igor K.")
        };
        let unnamed = Origin { kind: SourceKind::Anonymous, ..origin("an official") };
        let grounds = resting_on(vec![
            piece(Stance::Supports, Some(spokesman)),
            piece(Stance::Supports, Some(origin("Defence Ministry"))),
            piece(Stance::Supports, Some(unnamed)),
            piece(Stance::Supports, None),
            piece(Stance::Refutes, Some(origin("Red Crescent"))),
        ]);
        assert_eq!(
            missing(&grounds, Need::Sources, 2),
            [
                "fair needs 2 independent original sources; the supporting evidence has 1: Defence Ministry (2 pieces); \
              of 2 the source is not known."
            ]
        );
    }

    #[test]
    fn sources_graded_d_or_e_are_not_credible_but_those_nobody_graded_may_be() {
        let doubted = Origin { reliability: Reliability::E, ..origin("Harbour Herald") };
        let grounds = resting_on(vec![
            piece(Stance::Supports, Some(doubted)),
            piece(Stance::Supports, Some(origin("Red Crescent"))),
        ]);
        assert!(missing(&grounds, Need::Sources, 2).is_empty());
        assert_eq!(
            missing(&grounds, Need::CredibleSources, 2),
            [
                "fair needs 2 independent original sources not graded D or E; the supporting evidence has 1: Red Crescent; \
              1 from sources graded D or E."
            ]
        );
    }

    #[test]
    fn each_unmet_precondition_says_what_there_is() {
        let nothing = resting_on(Vec::new());
        assert_eq!(
            missing(&nothing, Need::Evidence, 2),
            ["fair needs 2 pieces of evidence; the claim has none."]
        );
        assert_eq!(
            missing(&nothing, Need::Refuting, 1),
            ["fair needs a piece of evidence that refutes the claim; the evidence has none."]
        );
        assert_eq!(
            missing(&nothing, Need::Sources, 1),
            ["fair needs an original source that is known; no evidence supports the claim."]
        );
        let mut admitted = piece(Stance::Supports, None);
        admitted.admission = true;
        assert_eq!(
            missing(&resting_on(vec![admitted.clone()]), Need::Admission, 1),
            ["fair needs an admission by a named party to the conflict; the evidence has none, \
              and one admission that names no party."]
        );
        admitted.origin = Some(origin("Air Force"));
        assert!(missing(&resting_on(vec![admitted]), Need::Admission, 1).is_empty());
    }

    #[test]
    fn a_rating_without_preconditions_needs_nothing_and_a_claim_without_figures_lacks_none() {
        let mut verified = rating("verified", &[(Need::Figure, 1)]);
        verified.asserts_figure = true;
        assert!(resting_on(Vec::new()).missing_for(&rating("unverified", &[])).is_empty());
        assert!(resting_on(vec![piece(Stance::Supports, None)]).missing_for(&verified).is_empty());
    }

    #[test]
    fn overriding_takes_the_role_that_policy_names_and_a_reason() {
        let unmet = Missing { preconditions: vec!["Fair needs more.".into()], figure: None };
        let policy = GroundsPolicy::default();
        let refused = policy.override_with(Role::Reviewer, &unmet, Some("I know.")).expect_err("refused");
        assert_eq!(refused.field, "override_reason");
        assert_eq!(
            refused.fix.to_string(),
            "Fair needs more. It takes the role of editor or above to override it."
        );
        let without = policy.override_with(Role::Editor, &unmet, None).expect_err("no reason");
        assert_eq!(without.field, "rating");
        assert_eq!(policy.override_with(Role::Editor, &unmet, Some("I know.")), Ok("I know.".to_owned()));
        let nobody = GroundsPolicy { override_by: None, ..policy };
        assert!(!nobody.may_override(Role::Admin, &unmet));
    }

    #[test]
    fn evidence_without_the_figure_takes_a_reason_or_stops_the_verdict() {
        let unread = Missing { preconditions: Vec::new(), figure: Some("It is not in it.".into()) };
        let policy = GroundsPolicy::default();
        assert!(policy.may_override(Role::Reviewer, &unread));
        let strict = GroundsPolicy { missing_figure: MissingFigure::Stop, ..policy };
        assert!(!strict.may_override(Role::Admin, &unread));
    }

    proptest! {
        #[test]
        fn more_evidence_never_takes_away_what_was_met(
            first in proptest::collection::vec((0..3usize, 0..4usize, any::<bool>()), 0..8),
            more in proptest::collection::vec((0..3usize, 0..4usize, any::<bool>()), 0..4),
            least in 1..4u8,
        ) {
            // Of full names only: a fuller name may tell that two sources were one.
            let made = |all: &[(usize, usize, bool)]| -> Vec<Piece> {
                all.iter().map(|(stance, name, flag)| {
                    let from = ["Red Crescent", "Health Ministry", "Air Force", ""][*name];
                    Piece {
                        visual: *flag,
                        admission: *flag,
                        ..piece(Stance::ALL[*stance], (!from.is_empty()).then(|| origin(from)))
                    }
                }).collect()
            };
            let less = resting_on(made(&first));
            let all = resting_on(made(&[first.clone(), more].concat()));
            for need in Need::ALL {
                if missing(&less, *need, least).is_empty() {
                    prop_assert!(missing(&all, *need, least).is_empty(), "{need}");
                }
            }
        }

        #[test]
        fn the_order_of_evidence_does_not_change_how_many_sources_there_are(
            names in proptest::collection::vec("(red |blue )?(army|ministry)( press)?", 1..8),
            turn in 0..8usize,
        ) {
            let origins: Vec<Origin> = names.iter().map(|name| origin(name)).collect();
            let mut turned = origins.clone();
            turned.rotate_left(turn % origins.len());
            let count = |of: &[Origin]| independent(&of.iter().collect::<Vec<_>>()).len();
            prop_assert_eq!(count(&origins), count(&turned));
            prop_assert!(count(&origins) >= 1);
        }
    }
}
