//! The one-line answer to "can this run?".
//!
//! It is asked of the text that the article has now. A claim whose words are no longer in it says nothing
//! of that, whatever was found of it: it is still the desk's to check, its verdict stands, and where it
//! was published its page stays and can be corrected; but no article waits for it or has to be rewritten
//! because of it. Where the words come back, it counts again as it stands.

use crate::phrase::Phrase;
use crate::scale::Tone;
use crate::workflow::Stage;
use phrase::{msg, phrase, plural};

/// How many claims of an article's latest text stand where. The database counts no others
/// (`article_tally`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    pub stage: Stage,
    /// Key of the rating that stands.
    pub rating: Option<String>,
    /// What the rating says of the claim.
    pub tone: Option<Tone>,
    pub claims: i64,
    /// How many of them the desk's policy does not name and nobody has judged: what it lets run
    /// unchecked, as far as [`can_run_unchecked`] allows.
    pub let_go: i64,
}

impl Standing {
    /// How many of the claims may run unchecked. Whatever the policy says, none of those that a verdict
    /// stands for, and none that is disputed or half reviewed.
    fn unchecked(&self) -> i64 {
        if can_run_unchecked(self.stage, self.rating.is_some(), false) { self.let_go } else { 0 }
    }
}

/// Whether a claim that the desk's policy does not name may run unchecked as it is: only while nobody
/// has said anything about it. A claim that was reopened, and one with a first verdict, always count.
/// The database counts by the same rule (`runs_unchecked`).
pub const fn can_run_unchecked(stage: Stage, has_verdict: bool, has_first_verdict: bool) -> bool {
    matches!(stage, Stage::Open | Stage::InReview) && !has_verdict && !has_first_verdict
}

/// Whether an article can run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clearance {
    /// Nothing to check was found.
    NothingToCheck,
    /// Every claim is decided and none was found false or misleading.
    Clear,
    /// As many claims are decided, and none of them was found false or misleading; the others may run
    /// unchecked by the desk's policy.
    ClearUnchecked { settled: i64, unchecked: i64 },
    /// Claims that have to be settled wait or are being checked; beside them, some may run unchecked.
    NotYet { blocking: i64, of: i64, unchecked: i64 },
    /// A claim was reopened after a verdict: what stands may have to be corrected.
    CorrectionDue { reopened: i64 },
    /// Everything is decided, but some claims do not hold as they stand.
    Rewrite { claims: i64, of: i64 },
}

impl Clearance {
    /// Decides from the standings of the claims in an article's latest text. Dismissed ones do not count.
    pub fn of(standings: &[Standing]) -> Self {
        let count = |pick: &dyn Fn(&Standing) -> bool| -> i64 {
            standings.iter().filter(|s| pick(s)).map(|s| s.claims).sum()
        };
        let of = count(&|s| s.stage != Stage::Dismissed);
        let reopened = count(&|s| s.stage.is_in_work() && s.rating.is_some());
        let unchecked = standings.iter().map(Standing::unchecked).sum();
        let blocking = count(&|s| s.stage.is_in_work()) - unchecked;
        let unsound = count(&|s| s.stage.is_decided() && s.tone.is_some_and(Tone::is_unsound));
        if of == 0 {
            Self::NothingToCheck
        } else if reopened > 0 {
            Self::CorrectionDue { reopened }
        } else if blocking > 0 {
            Self::NotYet { blocking, of: of - unchecked, unchecked }
        } else if unsound > 0 {
            Self::Rewrite { claims: unsound, of }
        } else if unchecked > 0 {
            Self::ClearUnchecked { settled: of - unchecked, unchecked }
        } else {
            Self::Clear
        }
    }

    /// One word or two, for a table.
    pub fn label(self) -> &'static str {
        match self {
            Self::NothingToCheck => msg!("Nothing to check"),
            Self::Clear | Self::ClearUnchecked { .. } => msg!("Clear"),
            Self::NotYet { .. } => msg!("Not yet"),
            Self::CorrectionDue { .. } => msg!("Correction due"),
            Self::Rewrite { .. } => msg!("Needs rewriting"),
        }
    }

    /// How many claims may run unchecked, where that bears on the answer.
    pub const fn unchecked(self) -> i64 {
        match self {
            Self::ClearUnchecked { unchecked, .. } | Self::NotYet { unchecked, .. } => unchecked,
            Self::NothingToCheck | Self::Clear | Self::CorrectionDue { .. } | Self::Rewrite { .. } => 0,
        }
    }

    /// Whether what keeps it from running is still to be decided.
    pub const fn waits(self) -> bool {
        matches!(self, Self::NotYet { .. } | Self::CorrectionDue { .. })
    }

    /// The answer in an English sentence: [`Self::phrase`].
    pub fn sentence(self) -> String {
        self.phrase().to_string()
    }

    /// The answer in a sentence.
    pub fn phrase(self) -> Phrase {
        match self {
            Self::NothingToCheck => phrase!("It can run: no checkable claims were found."),
            Self::Clear => phrase!("It can run: every claim is settled."),
            Self::ClearUnchecked { settled: 0, unchecked } => plural!(
                unchecked,
                "It can run: the policy names none of its claims; one is unchecked.",
                "It can run: the policy names none of its claims; {n} are unchecked."
            ),
            Self::ClearUnchecked { settled, unchecked } => phrase!(
                "It can run: {}; {}.",
                plural!(
                    settled,
                    "one claim is settled and the policy names no other",
                    "{n} claims are settled and the policy names no others"
                ),
                plural!(unchecked, "one other is unchecked", "{n} others are unchecked")
            ),
            Self::NotYet { blocking, of, unchecked } => {
                let waits = plural!(
                    of,
                    "Not yet: {blocking} of {n} claim still has to be checked.",
                    "Not yet: {blocking} of {n} claims still have to be checked."
                );
                let others = (unchecked > 0).then(|| {
                    plural!(unchecked, "One other may run unchecked.", "{n} others may run unchecked.")
                });
                Phrase::spaced(std::iter::once(waits).chain(others))
            }
            Self::CorrectionDue { reopened } => plural!(
                reopened,
                "Hold: a verdict was reopened and may have to be corrected.",
                "Hold: {n} verdicts were reopened and may have to be corrected."
            ),
            Self::Rewrite { claims, .. } => plural!(
                claims,
                "Not as it stands: one claim is false, disputed or misleading. Attribute or correct it.",
                "Not as it stands: {n} claims are false, disputed or misleading. Attribute or correct them."
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn standing(stage: Stage, rating: Option<&str>, claims: i64) -> Standing {
        let tone = rating.map(|key| if key == "false" { Tone::False } else { Tone::Verified });
        Standing { stage, rating: rating.map(str::to_owned), tone, claims, let_go: 0 }
    }

    fn let_go(stage: Stage, claims: i64, let_go: i64) -> Standing {
        Standing { let_go, ..standing(stage, None, claims) }
    }

    #[test]
    fn an_article_is_clear_only_when_every_claim_is_decided() {
        let settled = standing(Stage::Settled, Some("verified"), 3);
        assert_eq!(Clearance::of(std::slice::from_ref(&settled)), Clearance::Clear);
        let open = standing(Stage::Open, None, 1);
        assert_eq!(Clearance::of(&[settled, open]), Clearance::NotYet { blocking: 1, of: 4, unchecked: 0 });
    }

    #[test]
    fn a_reopened_verdict_calls_for_a_correction_before_all_else() {
        let standings = [standing(Stage::Reopened, Some("verified"), 1), standing(Stage::Open, None, 5)];
        assert_eq!(Clearance::of(&standings), Clearance::CorrectionDue { reopened: 1 });
    }

    #[test]
    fn what_waits_for_a_second_reviewer_or_an_editor_blocks() {
        let settled = standing(Stage::Settled, Some("verified"), 3);
        let waits = [standing(Stage::AwaitingSecondReview, None, 1), standing(Stage::Disagreed, None, 2)];
        let standings: Vec<Standing> = waits.into_iter().chain([settled]).collect();
        assert_eq!(Clearance::of(&standings), Clearance::NotYet { blocking: 3, of: 6, unchecked: 0 });
        let again = standing(Stage::Disagreed, Some("verified"), 1);
        assert_eq!(Clearance::of(&[again]), Clearance::CorrectionDue { reopened: 1 });
    }

    #[test]
    fn a_false_claim_keeps_an_article_from_running_as_it_stands() {
        let standings =
            [standing(Stage::Settled, Some("false"), 1), standing(Stage::Published, Some("verified"), 2)];
        assert_eq!(Clearance::of(&standings), Clearance::Rewrite { claims: 1, of: 3 });
    }

    #[test]
    fn dismissed_claims_do_not_count() {
        assert_eq!(Clearance::of(&[standing(Stage::Dismissed, None, 2)]), Clearance::NothingToCheck);
    }

    #[test]
    fn an_article_runs_once_what_the_policy_names_is_settled() {
        let settled = standing(Stage::Settled, Some("verified"), 3);
        let clear = Clearance::of(&[settled.clone(), let_go(Stage::Open, 2, 2)]);
        assert_eq!(clear, Clearance::ClearUnchecked { settled: 3, unchecked: 2 });
        assert_eq!(clear.label(), "Clear");
        assert_eq!(
            clear.sentence(),
            "It can run: 3 claims are settled and the policy names no others; 2 others are unchecked."
        );
        let not_yet = Clearance::of(&[settled, let_go(Stage::Open, 2, 1), let_go(Stage::InReview, 1, 1)]);
        assert_eq!(not_yet, Clearance::NotYet { blocking: 1, of: 4, unchecked: 2 });
        assert_eq!(
            not_yet.sentence(),
            "Not yet: 1 of 4 claims still have to be checked. 2 others may run unchecked."
        );
    }

    #[test]
    fn where_the_policy_names_none_it_says_so() {
        let clear = Clearance::of(&[let_go(Stage::Open, 2, 2)]);
        assert_eq!(clear.sentence(), "It can run: the policy names none of its claims; 2 are unchecked.");
    }

    #[test]
    fn reopened_disputed_and_unsound_claims_count_whatever_the_policy_says() {
        let reopened = Standing { let_go: 1, ..standing(Stage::Reopened, Some("verified"), 1) };
        let again = Standing { let_go: 1, ..standing(Stage::InReview, Some("verified"), 1) };
        for one in [reopened, again] {
            assert_eq!(Clearance::of(&[one]), Clearance::CorrectionDue { reopened: 1 });
        }
        for stage in [Stage::AwaitingSecondReview, Stage::Disagreed] {
            let waits = Clearance::of(&[let_go(stage, 1, 1)]);
            assert_eq!(waits, Clearance::NotYet { blocking: 1, of: 1, unchecked: 0 });
        }
        let unsound = Standing { let_go: 1, ..standing(Stage::Settled, Some("false"), 1) };
        assert_eq!(
            Clearance::of(&[unsound, let_go(Stage::Open, 1, 1)]),
            Clearance::Rewrite { claims: 1, of: 2 }
        );
    }
}
