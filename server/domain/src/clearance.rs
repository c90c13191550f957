//! The one-line answer to "can this run?".

use crate::phrase::Phrase;
use crate::scale::Tone;
use crate::workflow::Stage;
use phrase::{msg, phrase, plural};

/// How many claims of an article stand where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    pub stage: Stage,
    /// Key of the rating that stands.
    pub rating: Option<String>,
    /// What the rating says of the claim.
    pub tone: Option<Tone>,
    pub claims: i64,
}

/// Whether an article can run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clearance {
    /// Nothing to check was found.
    NothingToCheck,
    /// Every claim is decided and none was found false or misleading.
    Clear,
    /// Claims wait or are being checked.
    NotYet { blocking: i64, of: i64 },
    /// A claim was reopened after a verdict: what stands may have to be corrected.
    CorrectionDue { reopened: i64 },
    /// Everything is decided, but some claims do not hold as they stand.
    Rewrite { claims: i64, of: i64 },
}

impl Clearance {
    /// Decides from the standings of an article's claims. Dismissed ones do not count.
    pub fn of(standings: &[Standing]) -> Self {
        let count = |pick: &dyn Fn(&Standing) -> bool| -> i64 {
            standings.iter().filter(|s| pick(s)).map(|s| s.claims).sum()
        };
        let of = count(&|s| s.stage != Stage::Dismissed);
        let reopened = count(&|s| s.stage.is_in_work() && s.rating.is_some());
        let blocking = count(&|s| s.stage.is_in_work());
        let unsound = count(&|s| s.stage.is_decided() && s.tone.is_some_and(Tone::is_unsound));
        if of == 0 {
            Self::NothingToCheck
        } else if reopened > 0 {
            Self::CorrectionDue { reopened }
        } else if blocking > 0 {
            Self::NotYet { blocking, of }
        } else if unsound > 0 {
            Self::Rewrite { claims: unsound, of }
        } else {
            Self::Clear
        }
    }

    /// One word or two, for a table.
    pub fn label(self) -> &'static str {
        match self {
            Self::NothingToCheck => msg!("Nothing to check"),
            Self::Clear => msg!("Clear"),
            Self::NotYet { .. } => msg!("Not yet"),
            Self::CorrectionDue { .. } => msg!("Correction due"),
            Self::Rewrite { .. } => msg!("Needs rewriting"),
        }
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
            Self::NotYet { blocking, of } => plural!(
                of,
                "Not yet: {blocking} of {n} claim still has to be checked.",
                "Not yet: {blocking} of {n} claims still have to be checked."
            ),
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
        Standing { stage, rating: rating.map(str::to_owned), tone, claims }
    }

    #[test]
    fn an_article_is_clear_only_when_every_claim_is_decided() {
        let settled = standing(Stage::Settled, Some("verified"), 3);
        assert_eq!(Clearance::of(std::slice::from_ref(&settled)), Clearance::Clear);
        let open = standing(Stage::Open, None, 1);
        assert_eq!(Clearance::of(&[settled, open]), Clearance::NotYet { blocking: 1, of: 4 });
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
        assert_eq!(Clearance::of(&standings), Clearance::NotYet { blocking: 3, of: 6 });
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
}
