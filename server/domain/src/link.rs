//! How claims are linked, and what moves when the verdict moves that a claim rests on.

use crate::clearance::{Standing, can_run_unchecked};
use crate::closed_set;
use crate::scale::Scales;
use crate::words::Invalid;
use crate::workflow::Stage;
use phrase::msg;

closed_set! {
    /// What one claim is to another.
    LinkKind {
        Duplicate = "duplicate", "duplicate of";
        Contradicts = "contradicts", "contradicts";
        Updates = "updates", "updates";
        DerivedFrom = "derived_from", "derived from";
    }
}

impl LinkKind {
    /// What the other claim is to this one.
    pub fn seen_from_the_other(self) -> &'static str {
        match self {
            Self::Duplicate => msg!("has the duplicate"),
            Self::Contradicts => msg!("is contradicted by"),
            Self::Updates => msg!("is updated by"),
            Self::DerivedFrom => msg!("is what this was derived from:"),
        }
    }

    /// Whether the one claim rests on the verdict of the other: a duplicate took it over, and what
    /// was derived from a figure falls with it. What contradicts or updates another stands alone.
    pub fn rests_on_the_other(self) -> bool {
        matches!(self, Self::Duplicate | Self::DerivedFrom)
    }
}

/// Whether a claim can be set aside because another says the same: that one has to go on saying it.
///
/// # Errors
/// `Invalid` where the other is set aside itself, or rests on the claim, at any remove.
pub fn stands_in(other: Stage, rests_on_the_claim: bool) -> Result<(), Invalid> {
    if other == Stage::Dismissed {
        return Err(Invalid::new(
            "other",
            "That claim is set aside itself, so that neither would count. Choose one that is not.",
        ));
    }
    if rests_on_the_claim {
        return Err(Invalid::new(
            "other",
            "That claim rests on this one, so that neither would stand. Set that one aside, or end its link first.",
        ));
    }
    Ok(())
}

/// One claim that goes from one standing to another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Move {
    pub from: (Stage, Option<String>),
    pub to: (Stage, Option<String>),
    /// Whether the desk's policy lets the claim run unchecked.
    pub let_go: bool,
}

/// How an article stands once some of its claims have moved; `scales` tell what a rating says.
pub fn after(standings: &[Standing], moves: &[Move], scales: &Scales) -> Vec<Standing> {
    let mut after = standings.to_vec();
    let mut add = |(stage, rating): &(Stage, Option<String>), claims: i64, let_go: bool| {
        let goes = let_go && can_run_unchecked(*stage, rating.is_some(), false);
        let let_go = if goes { claims } else { 0 };
        match after.iter_mut().find(|one| one.stage == *stage && one.rating == *rating) {
            Some(one) => {
                one.claims += claims;
                one.let_go += let_go;
            }
            None => {
                let tone = rating.as_deref().and_then(|key| scales.by_key(key)).map(|rating| rating.tone);
                after.push(Standing { stage: *stage, rating: rating.clone(), tone, claims, let_go });
            }
        }
    };
    for one in moves {
        add(&one.from, -1, one.let_go);
        add(&one.to, 1, one.let_go);
    }
    after.retain(|one| one.claims != 0);
    after
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clearance::Clearance;
    use crate::scale::Tone;

    #[test]
    fn an_article_whose_duplicate_comes_back_is_no_longer_clear() {
        let standing = |stage, rating: Option<&str>, claims| Standing {
            stage,
            rating: rating.map(str::to_owned),
            tone: rating.map(|_| Tone::Verified),
            claims,
            let_go: 0,
        };
        let before = [standing(Stage::Settled, Some("verified"), 2), standing(Stage::Dismissed, None, 1)];
        assert_eq!(Clearance::of(&before), Clearance::Clear);
        let back = Move { from: (Stage::Dismissed, None), to: (Stage::Open, None), let_go: false };
        let named = after(&before, std::slice::from_ref(&back), &Scales::default());
        assert_eq!(named, [standing(Stage::Settled, Some("verified"), 2), standing(Stage::Open, None, 1)]);
        assert_eq!(Clearance::of(&named), Clearance::NotYet { blocking: 1, of: 3, unchecked: 0 });
        let others = after(&before, &[Move { let_go: true, ..back }], &Scales::default());
        assert_eq!(Clearance::of(&others), Clearance::ClearUnchecked { settled: 2, unchecked: 1 });
    }
}
