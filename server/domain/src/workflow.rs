//! Where a claim is in the work, and every way it can move. Nothing is a dead end: what is
//! published or set aside can be reopened.

use crate::closed_set;
use crate::id::AccountId;
use crate::policy::{Correct, Permit, Publish, Reopen, Review};
use chrono::{DateTime, TimeDelta, Utc};

closed_set! {
    /// Where a claim is in the work. Never the same thing as its rating.
    Stage {
        Open = "open", "open";
        InReview = "in_review", "in review";
        Settled = "settled", "settled";
        Published = "published", "published";
        Reopened = "reopened", "reopened";
        Dismissed = "dismissed", "dismissed";
    }
}

impl Stage {
    /// Waits for somebody to take it.
    pub fn is_waiting(self) -> bool {
        matches!(self, Self::Open | Self::Reopened)
    }

    /// Has a verdict that stands.
    pub fn is_decided(self) -> bool {
        matches!(self, Self::Settled | Self::Published)
    }
}

/// How long a claim stays with a person who does nothing.
pub const LEASE: TimeDelta = TimeDelta::minutes(30);

/// "Being checked by X", until then.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lease {
    pub holder: AccountId,
    pub until: DateTime<Utc>,
}

/// The part of a claim that review moves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Work {
    pub stage: Stage,
    /// Grows with every verdict and every change of stage that a person decides on; taking and
    /// releasing do not count, so that opening a claim never makes a form stale.
    pub version: i32,
    pub lease: Option<Lease>,
    /// Key of the rating of the verdict that stands, kept while the claim is reopened.
    pub rating: Option<String>,
}

/// Why a claim cannot move as asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Blocked {
    #[error("Somebody else is checking this claim until {}.", until.format("%H:%M UTC"))]
    Held { by: AccountId, until: DateTime<Utc> },
    #[error("This claim was changed meanwhile: it is at version {current}, and you had version {seen}.")]
    Stale { seen: i32, current: i32 },
    #[error("A claim that is {} cannot be {wanted}.", stage.label())]
    Stage { stage: Stage, wanted: &'static str },
}

impl Work {
    /// A claim as extraction leaves it.
    pub fn new() -> Self {
        Self { stage: Stage::Open, version: 1, lease: None, rating: None }
    }

    /// Takes the claim for review, or keeps it longer where the person holds it already.
    ///
    /// # Errors
    /// `Held` where another person holds it, `Stage` where it is not in the queue.
    pub fn take(self, permit: Permit<Review>, now: DateTime<Utc>) -> Result<Self, Blocked> {
        self.free_for(permit.by(), now)?;
        if !(self.stage.is_waiting() || self.stage == Stage::InReview) {
            return Err(Blocked::Stage { stage: self.stage, wanted: "taken for review" });
        }
        let lease = Some(Lease { holder: permit.by(), until: now + LEASE });
        Ok(Self { stage: Stage::InReview, lease, ..self })
    }

    /// Gives the claim back to the queue.
    ///
    /// # Errors
    /// `Held` where another person holds it, `Stage` where nobody does.
    pub fn release(self, permit: Permit<Review>, now: DateTime<Utc>) -> Result<Self, Blocked> {
        if self.stage != Stage::InReview {
            return Err(Blocked::Stage { stage: self.stage, wanted: "released" });
        }
        self.free_for(permit.by(), now)?;
        Ok(self.back_in_queue())
    }

    /// Gives the claim back where its lease has run out; `None` where it has not.
    pub fn expire(self, now: DateTime<Utc>) -> Option<Self> {
        let due = self.stage == Stage::InReview && self.lease.is_none_or(|lease| lease.until <= now);
        due.then(|| self.back_in_queue())
    }

    /// Settles the claim with a verdict. Allowed from the queue, from one's own review, and from
    /// settled (the new verdict supersedes the old one); what is published is reopened first.
    ///
    /// # Errors
    /// `Stale` where the claim moved since `seen`, `Held` where another person holds it, `Stage`
    /// where it is published or dismissed.
    pub fn settle(
        self,
        permit: Permit<Review>,
        rating: &str,
        seen: i32,
        now: DateTime<Utc>,
    ) -> Result<Self, Blocked> {
        self.is_as_seen(seen)?;
        self.free_for(permit.by(), now)?;
        match self.stage {
            Stage::Open | Stage::Reopened | Stage::InReview | Stage::Settled => Ok(Self {
                stage: Stage::Settled,
                version: self.version + 1,
                lease: None,
                rating: Some(rating.to_owned()),
            }),
            stage => Err(Blocked::Stage { stage, wanted: "given a verdict; reopen it first" }),
        }
    }

    /// Makes a settled claim public.
    ///
    /// # Errors
    /// `Stage` where it is not settled, `Stale` where it moved since `seen`.
    pub fn publish(self, _: Permit<Publish>, seen: i32) -> Result<Self, Blocked> {
        self.is_as_seen(seen)?;
        match self.stage {
            Stage::Settled => Ok(Self { stage: Stage::Published, version: self.version + 1, ..self }),
            stage => Err(Blocked::Stage { stage, wanted: "published" }),
        }
    }

    /// Takes a published claim back, into the queue.
    ///
    /// # Errors
    /// `Stage` where it is not published, `Stale` where it moved since `seen`.
    pub fn withdraw(self, _: Permit<Publish>, seen: i32) -> Result<Self, Blocked> {
        self.is_as_seen(seen)?;
        match self.stage {
            Stage::Published => Ok(Self { version: self.version + 1, ..self.back_in_queue() }),
            stage => Err(Blocked::Stage { stage, wanted: "withdrawn from publication" }),
        }
    }

    /// Brings a finished claim back into the queue.
    ///
    /// # Errors
    /// `Stage` where it is in the queue or in review already, `Stale` where it moved since `seen`.
    pub fn reopen(self, _: Permit<Reopen>, seen: i32) -> Result<Self, Blocked> {
        self.is_as_seen(seen)?;
        match self.stage {
            Stage::Settled | Stage::Published | Stage::Dismissed => {
                Ok(Self { version: self.version + 1, ..self.back_in_queue() })
            }
            stage => Err(Blocked::Stage { stage, wanted: "reopened" }),
        }
    }

    /// What becomes of the claim when the verdict moves that it rests on. What was decided or set
    /// aside goes back into the queue; whoever holds it keeps it, but has to look before deciding.
    /// `None` where nothing has to change. The permit is that of who moved the verdict.
    pub fn lose_basis(self, _: Permit<Review>) -> Option<Self> {
        let version = self.version + 1;
        match self.stage {
            Stage::Settled | Stage::Published | Stage::Dismissed => {
                Some(Self { version, ..self.back_in_queue() })
            }
            Stage::InReview => Some(Self { version, ..self }),
            Stage::Open | Stage::Reopened => None,
        }
    }

    /// Sets the claim aside: not a claim, or a duplicate.
    ///
    /// # Errors
    /// `Stage` where it is finished, `Held` where another person holds it, `Stale` where it moved.
    pub fn dismiss(self, permit: Permit<Review>, seen: i32, now: DateTime<Utc>) -> Result<Self, Blocked> {
        self.is_as_seen(seen)?;
        self.free_for(permit.by(), now)?;
        match self.stage {
            Stage::Open | Stage::Reopened | Stage::InReview => {
                Ok(Self { stage: Stage::Dismissed, version: self.version + 1, lease: None, ..self })
            }
            stage => Err(Blocked::Stage { stage, wanted: "dismissed" }),
        }
    }

    /// Corrects what was found. Whoever holds the claim keeps it longer.
    ///
    /// # Errors
    /// `Stage` where it is finished: what was decided or set aside is reopened first. `Held` where
    /// another person holds it, `Stale` where it moved.
    pub fn correct(self, permit: Permit<Correct>, seen: i32, now: DateTime<Utc>) -> Result<Self, Blocked> {
        let may = self.may_change(permit, seen, now, "corrected before it is reopened")?;
        let lease = may.lease.map(|lease| Lease { until: now + LEASE, ..lease });
        Ok(Self { version: may.version + 1, lease, ..may })
    }

    /// Sets the claim aside because others take its place: it was split, or merged into another.
    ///
    /// # Errors
    /// As [`Self::correct`].
    pub fn replace(self, permit: Permit<Correct>, seen: i32, now: DateTime<Utc>) -> Result<Self, Blocked> {
        let may = self.may_change(permit, seen, now, "split or merged before it is reopened")?;
        Ok(Self { stage: Stage::Dismissed, version: may.version + 1, lease: None, ..may })
    }

    fn may_change(
        self,
        permit: Permit<Correct>,
        seen: i32,
        now: DateTime<Utc>,
        wanted: &'static str,
    ) -> Result<Self, Blocked> {
        self.is_as_seen(seen)?;
        self.free_for(permit.by(), now)?;
        match self.stage {
            Stage::Open | Stage::Reopened | Stage::InReview => Ok(self),
            stage => Err(Blocked::Stage { stage, wanted }),
        }
    }

    fn back_in_queue(self) -> Self {
        let stage = if self.rating.is_some() { Stage::Reopened } else { Stage::Open };
        Self { stage, lease: None, ..self }
    }

    fn free_for(&self, person: AccountId, now: DateTime<Utc>) -> Result<(), Blocked> {
        match self.lease {
            Some(lease) if lease.holder != person && lease.until > now => {
                Err(Blocked::Held { by: lease.holder, until: lease.until })
            }
            _ => Ok(()),
        }
    }

    fn is_as_seen(&self, seen: i32) -> Result<(), Blocked> {
        if self.version == seen { Ok(()) } else { Err(Blocked::Stale { seen, current: self.version }) }
    }
}

impl Default for Work {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::{self, Actor, Role};
    use proptest::prelude::*;

    fn at(minute: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::minutes(minute)
    }

    fn person(n: u128) -> Actor {
        Actor { id: AccountId(uuid::Uuid::from_u128(n)), name: format!("P{n}"), role: Role::Editor }
    }

    fn may<A: policy::Action>(n: u128) -> Permit<A> {
        policy::permit(&person(n)).expect("editors may")
    }

    #[test]
    fn a_claim_held_by_one_cannot_be_taken_by_another_until_it_expires() {
        let held = Work::new().take(may(1), at(0)).expect("free");
        assert!(matches!(held.clone().take(may(2), at(29)), Err(Blocked::Held { .. })));
        assert!(held.take(may(2), at(30)).is_ok());
    }

    #[test]
    fn a_published_claim_takes_no_verdict_before_it_is_reopened() {
        let settled = Work::new().settle(may(1), "verified", 1, at(0)).expect("open");
        let published = settled.publish(may(1), 2).expect("settled");
        assert!(published.clone().settle(may(2), "false", 3, at(1)).is_err());
        let reopened = published.reopen(may(1), 3).expect("published");
        assert_eq!(reopened.stage, Stage::Reopened);
        assert_eq!(reopened.rating.as_deref(), Some("verified"));
        assert!(reopened.settle(may(2), "false", 4, at(1)).is_ok());
    }

    #[test]
    fn a_claim_that_loses_its_basis_waits_again_but_stays_with_who_holds_it() {
        let dismissed = Work::new().dismiss(may(1), 1, at(0)).expect("open");
        let back = dismissed.lose_basis(may(2)).expect("it moves");
        assert_eq!((back.stage, back.version), (Stage::Open, 3));
        let held = Work::new().take(may(1), at(0)).expect("free");
        let told = held.clone().lose_basis(may(2)).expect("its holder is told");
        assert_eq!((told.lease, told.version), (held.lease, held.version + 1));
        assert_eq!(Work::new().lose_basis(may(2)), None);
    }

    #[test]
    fn a_verdict_on_an_old_version_is_refused() {
        let settled = Work::new().settle(may(1), "verified", 1, at(0)).expect("open");
        assert_eq!(settled.settle(may(2), "false", 1, at(0)), Err(Blocked::Stale { seen: 1, current: 2 }));
    }

    #[test]
    fn a_released_claim_that_had_a_verdict_waits_as_reopened() {
        let work = Work::new().settle(may(1), "verified", 1, at(0)).expect("open");
        let held = work.reopen(may(1), 2).expect("settled").take(may(2), at(1)).expect("waiting");
        assert_eq!(held.release(may(2), at(2)).expect("held").stage, Stage::Reopened);
    }

    #[test]
    fn what_was_decided_or_set_aside_is_corrected_only_once_it_is_reopened() {
        let settled = Work::new().settle(may(1), "verified", 1, at(0)).expect("open");
        let blocked = settled.clone().correct(may(1), 2, at(0)).expect_err("settled");
        assert_eq!(blocked.to_string(), "A claim that is settled cannot be corrected before it is reopened.");
        let dismissed = Work::new().dismiss(may(1), 1, at(0)).expect("open");
        assert!(dismissed.replace(may(1), 2, at(0)).is_err());
        let reopened = settled.reopen(may(1), 2).expect("settled");
        assert_eq!(reopened.correct(may(1), 3, at(0)).expect("reopened").version, 4);
    }

    #[test]
    fn only_the_holder_corrects_a_claim_in_review_and_keeps_it_longer() {
        let held = Work::new().take(may(1), at(0)).expect("free");
        assert!(matches!(held.clone().correct(may(2), 1, at(1)), Err(Blocked::Held { .. })));
        assert!(matches!(held.clone().replace(may(2), 1, at(1)), Err(Blocked::Held { .. })));
        let corrected = held.correct(may(1), 1, at(20)).expect("one's own");
        assert_eq!(corrected.lease.map(|lease| lease.until), Some(at(50)));
    }

    proptest! {
        #[test]
        fn no_sequence_of_commands_reaches_an_impossible_state(
            commands in prop::collection::vec((0u8..11, 1u128..4, 0i64..20), 0..60)
        ) {
            let mut work = Work::new();
            let mut now = 0;
            for (command, n, wait) in commands {
                now += wait;
                let seen = work.version;
                let before = work.clone();
                let next = match command {
                    0 => work.clone().take(may(n), at(now)),
                    1 => work.clone().release(may(n), at(now)),
                    2 => work.clone().settle(may(n), "disputed", seen, at(now)),
                    3 => work.clone().publish(may(n), seen),
                    4 => work.clone().reopen(may(n), seen),
                    5 => work.clone().dismiss(may(n), seen, at(now)),
                    6 => work.clone().correct(may(n), seen, at(now)),
                    7 => work.clone().replace(may(n), seen, at(now)),
                    8 => work.clone().withdraw(may(n), seen),
                    9 => Ok(work.clone().lose_basis(may(n)).unwrap_or(before.clone())),
                    _ => Ok(work.clone().expire(at(now)).unwrap_or(before.clone())),
                };
                if let Ok(next) = next {
                    work = next;
                }
                prop_assert_eq!(work.lease.is_some(), work.stage == Stage::InReview);
                prop_assert!(!work.stage.is_decided() || work.rating.is_some());
                prop_assert!(work.stage != Stage::Reopened || work.rating.is_some());
                prop_assert!(work.version >= before.version);
            }
        }
    }
}
