//! Where a claim is in the work, and every way it can move. Nothing is a dead end: what is
//! published or set aside can be reopened.

use crate::closed_set;
use crate::id::AccountId;
use crate::policy::{Adjudicate, Correct, Permit, Publish, Reopen, Review};
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

closed_set! {
    /// Where a claim is in the work. Never the same thing as its rating.
    Stage {
        Open = "open", "open";
        InReview = "in_review", "in review";
        AwaitingSecondReview = "awaiting_second_review", "awaiting second review";
        Disagreed = "disagreed", "disagreed";
        Settled = "settled", "settled";
        Published = "published", "published";
        Reopened = "reopened", "reopened";
        Dismissed = "dismissed", "dismissed";
    }
}

impl Stage {
    /// Waits for somebody to take it.
    pub fn is_waiting(self) -> bool {
        matches!(self, Self::Open | Self::Reopened | Self::AwaitingSecondReview)
    }

    /// Is in the hands of reviewers: waits for them, is with one of them, or is disputed between
    /// two of them.
    pub fn is_in_work(self) -> bool {
        matches!(
            self,
            Self::Open | Self::Reopened | Self::InReview | Self::AwaitingSecondReview | Self::Disagreed
        )
    }

    /// Can be taken from the public, where it has a page: also what was reopened or set aside since it was
    /// published, as nobody else would take the page down.
    pub fn may_be_withdrawn(self) -> bool {
        matches!(self, Self::Published | Self::Reopened | Self::Dismissed)
    }

    /// Has a verdict that stands.
    pub fn is_decided(self) -> bool {
        matches!(self, Self::Settled | Self::Published)
    }
}

/// How long a claim stays with a person who does nothing.
pub const LEASE: TimeDelta = TimeDelta::minutes(30);

/// How long a verdict can be undone by who gave it.
pub const UNDO: TimeDelta = TimeDelta::seconds(60);

/// "Being checked by X", until then.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lease {
    pub holder: AccountId,
    pub until: DateTime<Utc>,
}

/// A figure that evidence supports, as it was read; a side that the wording leaves open is `None`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Supported {
    pub low: Option<f64>,
    pub best: Option<f64>,
    pub high: Option<f64>,
}

impl Supported {
    /// Whether two people who wrote these mean the same number: they allow a number in common,
    /// and their best numbers, where both give one, are equal. "At least 12" agrees with "12" but
    /// not with "14".
    pub fn agrees_with(&self, other: &Self) -> bool {
        let least = |one: &Self| one.low.or(one.best).unwrap_or(f64::NEG_INFINITY);
        let most = |one: &Self| one.high.unwrap_or(f64::INFINITY);
        let common = least(self) <= most(other) && least(other) <= most(self);
        common && self.best.zip(other.best).is_none_or(|(one, other)| one == other)
    }
}

/// What one reviewer found, as far as it is compared with what another did.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Opinion {
    pub by: AccountId,
    /// Key of the scale.
    pub scale: String,
    /// Key of the rating.
    pub rating: String,
    /// The figure that the evidence supports, where it was given.
    pub figure: Option<Supported>,
}

impl Opinion {
    /// Whether both come to the same: rating and figure. A figure that only one of them gives has
    /// been seen by one person only, so it is not agreed on.
    pub fn agrees_with(&self, other: &Self) -> bool {
        let figures = match (&self.figure, &other.figure) {
            (None, None) => true,
            (Some(one), Some(other)) => one.agrees_with(other),
            (None, Some(_)) | (Some(_), None) => false,
        };
        self.scale == other.scale && self.rating == other.rating && figures
    }
}

/// What is in of a round of review. A round is one decision: by one person, or by two who do not
/// see each other's verdict, and by an editor where the two differ.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum SoFar {
    /// No verdict, or one that was enough.
    #[default]
    Nothing,
    /// The first of two verdicts.
    First(Opinion),
    /// Two verdicts that differ.
    Both(Opinion, Opinion),
}

impl SoFar {
    /// Whether this person gave one of the verdicts.
    pub fn is_by(&self, person: AccountId) -> bool {
        match self {
            Self::Nothing => false,
            Self::First(first) => first.by == person,
            Self::Both(first, second) => first.by == person || second.by == person,
        }
    }
}

/// How many reviewers a decision takes, as the desk's policy has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Takes {
    One,
    Two,
}

closed_set! {
    /// What a verdict is in its round. A first one waits for a second, and only its author sees it;
    /// a second is given without sight of it; an adjudication is an editor's, where the two differ.
    Part {
        Sole = "sole", "verdict";
        First = "first", "first verdict";
        Second = "second", "second verdict";
        Adjudication = "adjudication", "editor’s decision";
    }
}

/// A verdict that was just given, to be undone.
#[derive(Clone, Debug, PartialEq)]
pub struct Undoable {
    pub by: AccountId,
    pub at: DateTime<Utc>,
    pub part: Part,
    /// The stage it was given in.
    pub stage_before: Stage,
    /// Key of the rating that stood before.
    pub rating_before: Option<String>,
    /// Something happened to the claim since.
    pub is_overtaken: bool,
}

/// The part of a claim that review moves.
#[derive(Clone, Debug, PartialEq)]
pub struct Work {
    pub stage: Stage,
    /// 1, 2, …: which decision it is. A verdict belongs to a round, and nobody gives two in one.
    pub round: i32,
    pub so_far: SoFar,
    /// Grows with every verdict and every change of stage that a person decides on; taking and
    /// releasing do not count, so that opening a claim never makes a form stale.
    pub version: i32,
    pub lease: Option<Lease>,
    /// Key of the rating of the verdict that stands, kept while the claim is reopened.
    pub rating: Option<String>,
}

/// Why a claim cannot move as asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, phrase::Phrased)]
pub enum Blocked {
    #[error("Somebody else is checking this claim until {}.", until.format("%H:%M UTC"))]
    Held { by: AccountId, until: DateTime<Utc> },
    #[error("This claim was changed meanwhile: it is at version {current}, and you had version {seen}.")]
    Stale { seen: i32, current: i32 },
    #[error("A claim that is {} cannot be {wanted}.", stage.label())]
    Stage { stage: Stage, wanted: &'static str },
    #[error(
        "You gave the first verdict on this claim. It waits for a second reviewer, who has to be another person."
    )]
    OwnFirst,
    #[error(
        "A verdict on this claim takes two reviewers. Reopen it, so that both can give theirs; what is public can be withdrawn at once."
    )]
    TakesTwo,
    #[error("You gave one of the two verdicts on this claim. An editor who gave none of them decides.")]
    OwnDisagreement,
    #[error("Only the person who gave a verdict can undo it.")]
    NotYours,
    #[error("A verdict can be undone for a minute. Give a new one, or ask an editor to reopen the claim.")]
    TooLateToUndo,
    #[error(
        "Something happened to this claim since your verdict, so that it cannot be undone. Give a new one, or ask an editor to reopen the claim."
    )]
    Overtaken,
    #[error("A second verdict cannot be undone: the first one has been shown to you.")]
    SawTheFirst,
    #[error("A decision between reviewers cannot be undone. Reopen the claim to have it decided again.")]
    Adjudicated,
    #[error("This person gave a verdict that another person's is compared with, so they cannot do the rest.")]
    GaveFirst,
}

impl Work {
    /// A claim as extraction leaves it.
    pub fn new() -> Self {
        Self { stage: Stage::Open, round: 1, so_far: SoFar::Nothing, version: 1, lease: None, rating: None }
    }

    /// Takes the claim for review, or keeps it longer where the person holds it already.
    ///
    /// # Errors
    /// `Held` where another person holds it, `OwnFirst` where it waits for somebody else to review
    /// it, `Stage` where it is not in the queue.
    pub fn take(self, permit: Permit<Review>, now: DateTime<Utc>) -> Result<Self, Blocked> {
        self.free_for(permit.by(), now)?;
        self.taken_by(permit, now)
    }

    /// Takes the claim from whoever holds it.
    ///
    /// # Errors
    /// As [`Self::take`], but that it is held.
    pub fn take_over(self, permit: Permit<Review>, now: DateTime<Utc>) -> Result<Self, Blocked> {
        self.taken_by(permit, now)
    }

    fn taken_by(self, permit: Permit<Review>, now: DateTime<Utc>) -> Result<Self, Blocked> {
        if !(self.stage.is_waiting() || self.stage == Stage::InReview) {
            return Err(Blocked::Stage { stage: self.stage, wanted: "taken for review" });
        }
        if self.so_far.is_by(permit.by()) {
            return Err(Blocked::OwnFirst);
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

    /// Whether the claim may be somebody's to do; `None`: nobody's, which it always may.
    ///
    /// # Errors
    /// `Stage` where nothing is left to do, `GaveFirst` for who gave one of two verdicts of its round.
    pub fn may_be_given_to(&self, person: Option<AccountId>) -> Result<(), Blocked> {
        let Some(person) = person else { return Ok(()) };
        if !self.stage.is_in_work() {
            return Err(Blocked::Stage { stage: self.stage, wanted: "assigned" });
        }
        if self.so_far.is_by(person) { Err(Blocked::GaveFirst) } else { Ok(()) }
    }

    /// Gives the claim back where its lease has run out; `None` where it has not.
    pub fn expire(self, now: DateTime<Utc>) -> Option<Self> {
        let due = self.stage == Stage::InReview && self.lease.is_none_or(|lease| lease.until <= now);
        due.then(|| self.back_in_queue())
    }

    /// Gives the claim back because its holder left the desk.
    pub fn abandon(self) -> Self {
        if self.stage == Stage::InReview { self.back_in_queue() } else { self }
    }

    /// Takes in a verdict, and says what it is in its round. Allowed from the queue, from one's own
    /// review, and from settled (the new verdict begins a round and supersedes the old one); what
    /// is published is reopened first. The first of two verdicts leaves the rating that stood as
    /// it is, so that nothing tells it.
    ///
    /// # Errors
    /// `Stale` where the claim moved since `seen`, `Held` where another person holds it, `OwnFirst`
    /// where the person gave the first verdict, `Stage` where it is published, dismissed, or for an
    /// editor to decide.
    pub fn judge(
        self,
        permit: Permit<Review>,
        opinion: Opinion,
        takes: Takes,
        seen: i32,
        now: DateTime<Utc>,
    ) -> Result<(Self, Part), Blocked> {
        self.is_as_seen(seen)?;
        self.free_for(permit.by(), now)?;
        if self.so_far.is_by(permit.by()) {
            return Err(Blocked::OwnFirst);
        }
        let round = match self.stage {
            Stage::Open | Stage::Reopened | Stage::InReview | Stage::AwaitingSecondReview => self.round,
            Stage::Settled => self.round + 1,
            Stage::Disagreed => {
                return Err(Blocked::Stage {
                    stage: self.stage,
                    wanted: "given another verdict; an editor decides",
                });
            }
            stage => return Err(Blocked::Stage { stage, wanted: "given a verdict; reopen it first" }),
        };
        let work = Self { round, version: self.version + 1, lease: None, ..self };
        Ok(match (work.so_far.clone(), takes) {
            (SoFar::First(first), _) if first.agrees_with(&opinion) => {
                (work.settled(opinion.rating), Part::Second)
            }
            (SoFar::First(first), _) => {
                let so_far = SoFar::Both(first, opinion);
                (Self { stage: Stage::Disagreed, so_far, ..work }, Part::Second)
            }
            (_, Takes::One) => (work.settled(opinion.rating), Part::Sole),
            (_, Takes::Two) => {
                let so_far = SoFar::First(opinion);
                (Self { stage: Stage::AwaitingSecondReview, so_far, ..work }, Part::First)
            }
        })
    }

    fn settled(self, rating: String) -> Self {
        Self { stage: Stage::Settled, so_far: SoFar::Nothing, rating: Some(rating), lease: None, ..self }
    }

    /// Decides between two verdicts that differ.
    ///
    /// # Errors
    /// `Stage` where no two differ, `OwnDisagreement` for who gave one of them, `Stale` where it
    /// moved since `seen`.
    pub fn adjudicate(self, permit: Permit<Adjudicate>, rating: &str, seen: i32) -> Result<Self, Blocked> {
        self.is_as_seen(seen)?;
        if self.stage != Stage::Disagreed {
            return Err(Blocked::Stage { stage: self.stage, wanted: "decided between reviewers" });
        }
        if self.so_far.is_by(permit.by()) {
            return Err(Blocked::OwnDisagreement);
        }
        let version = self.version + 1;
        Ok(Self { version, ..self.settled(rating.to_owned()) })
    }

    /// Takes a verdict back within a minute of giving it: the claim returns to where it was, with
    /// the lease where the person held it, and a new round begins.
    ///
    /// # Errors
    /// `NotYours`, `TooLateToUndo`, `Overtaken` where anything happened since, `SawTheFirst` for a
    /// second verdict: with it the first was shown, and what follows would not be blind;
    /// `Adjudicated` for a decision between reviewers, who have been told of it.
    pub fn undo(
        self,
        permit: Permit<Review>,
        verdict: &Undoable,
        now: DateTime<Utc>,
    ) -> Result<Self, Blocked> {
        if verdict.by != permit.by() {
            return Err(Blocked::NotYours);
        }
        match verdict.part {
            Part::Second => return Err(Blocked::SawTheFirst),
            Part::Adjudication => return Err(Blocked::Adjudicated),
            Part::Sole | Part::First => {}
        }
        if verdict.is_overtaken || !matches!(self.stage, Stage::Settled | Stage::AwaitingSecondReview) {
            return Err(Blocked::Overtaken);
        }
        if now - verdict.at > UNDO {
            return Err(Blocked::TooLateToUndo);
        }
        let before = Self {
            version: self.version + 1,
            round: self.round + 1,
            so_far: SoFar::Nothing,
            lease: None,
            rating: verdict.rating_before.clone(),
            ..self
        };
        Ok(match verdict.stage_before {
            Stage::Settled => Self { stage: Stage::Settled, ..before },
            Stage::InReview => {
                let lease = Some(Lease { holder: permit.by(), until: now + LEASE });
                Self { stage: Stage::InReview, lease, ..before }
            }
            _ => before.back_in_queue(),
        })
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

    /// Takes a claim from the public: a published one goes back into the queue, what was reopened or set
    /// aside since stays where it is.
    ///
    /// # Errors
    /// `Stage` where it cannot be public, `Stale` where it moved since `seen`.
    pub fn withdraw(self, _: Permit<Publish>, seen: i32) -> Result<Self, Blocked> {
        self.is_as_seen(seen)?;
        match self.stage {
            Stage::Published => {
                Ok(Self { version: self.version + 1, ..self.in_a_new_round().back_in_queue() })
            }
            stage if stage.may_be_withdrawn() => Ok(Self { version: self.version + 1, ..self }),
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
            Stage::Settled
            | Stage::Published
            | Stage::Dismissed
            | Stage::AwaitingSecondReview
            | Stage::Disagreed => {
                Ok(Self { version: self.version + 1, ..self.in_a_new_round().back_in_queue() })
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
            Stage::Settled
            | Stage::Published
            | Stage::Dismissed
            | Stage::AwaitingSecondReview
            | Stage::Disagreed => Some(Self { version, ..self.in_a_new_round().back_in_queue() }),
            // A first verdict that rested on it is void.
            Stage::InReview => Some(Self { version, ..self.without_a_first_verdict() }),
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
            Stage::Open | Stage::Reopened | Stage::InReview | Stage::AwaitingSecondReview => {
                let version = self.version + 1;
                Ok(Self { stage: Stage::Dismissed, version, lease: None, ..self.without_a_first_verdict() })
            }
            stage => Err(Blocked::Stage { stage, wanted: "dismissed" }),
        }
    }

    /// Corrects what was found. Whoever holds the claim keeps it longer. A first verdict that waits
    /// for a second is void: it was about other words.
    ///
    /// # Errors
    /// `Stage` where it is finished: what was decided or set aside is reopened first. `Held` where
    /// another person holds it, `Stale` where it moved.
    pub fn correct(self, permit: Permit<Correct>, seen: i32, now: DateTime<Utc>) -> Result<Self, Blocked> {
        let may = self.may_change(permit, seen, now, "corrected before it is reopened")?;
        let lease = may.lease.map(|lease| Lease { until: now + LEASE, ..lease });
        let version = may.version + 1;
        let corrected = may.without_a_first_verdict();
        if corrected.stage == Stage::AwaitingSecondReview {
            return Ok(Self { version, ..corrected.back_in_queue() });
        }
        Ok(Self { version, lease, ..corrected })
    }

    /// Sets the claim aside because others take its place: it was split, or merged into another.
    ///
    /// # Errors
    /// As [`Self::correct`].
    pub fn replace(self, permit: Permit<Correct>, seen: i32, now: DateTime<Utc>) -> Result<Self, Blocked> {
        let may = self.may_change(permit, seen, now, "split or merged before it is reopened")?;
        let version = may.version + 1;
        Ok(Self { stage: Stage::Dismissed, version, lease: None, ..may.without_a_first_verdict() })
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
            Stage::Open | Stage::Reopened | Stage::InReview | Stage::AwaitingSecondReview => Ok(self),
            stage => Err(Blocked::Stage { stage, wanted }),
        }
    }

    fn back_in_queue(self) -> Self {
        let stage = match (&self.so_far, &self.rating) {
            (SoFar::First(_), _) => Stage::AwaitingSecondReview,
            (_, Some(_)) => Stage::Reopened,
            (_, None) => Stage::Open,
        };
        Self { stage, lease: None, ..self }
    }

    fn in_a_new_round(self) -> Self {
        Self { round: self.round + 1, so_far: SoFar::Nothing, ..self }
    }

    fn without_a_first_verdict(self) -> Self {
        if self.so_far == SoFar::Nothing { self } else { self.in_a_new_round() }
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

    fn opinion(n: u128, rating: &str) -> Opinion {
        Opinion { by: person(n).id, scale: "default".into(), rating: rating.into(), figure: None }
    }

    fn judged(work: Work, n: u128, rating: &str, seen: i32, minute: i64) -> Result<(Work, Part), Blocked> {
        work.judge(may(n), opinion(n, rating), Takes::One, seen, at(minute))
    }

    fn settled_by(n: u128) -> Work {
        judged(Work::new(), n, "verified", 1, 0).expect("open").0
    }

    #[test]
    fn a_claim_held_by_one_cannot_be_taken_by_another_until_it_expires() {
        let held = Work::new().take(may(1), at(0)).expect("free");
        assert!(matches!(held.clone().take(may(2), at(29)), Err(Blocked::Held { .. })));
        assert!(held.take(may(2), at(30)).is_ok());
    }

    #[test]
    fn a_published_claim_cannot_be_assigned() {
        let someone = Some(person(2).id);
        assert_eq!(Work::new().may_be_given_to(someone), Ok(()));
        let settled = settled_by(1);
        let published = settled.clone().publish(may(1), 2).expect("settled");
        for (work, stage) in [(settled, Stage::Settled), (published, Stage::Published)] {
            let refused = work.may_be_given_to(someone);
            assert_eq!(refused, Err(Blocked::Stage { stage, wanted: "assigned" }));
            assert_eq!(work.may_be_given_to(None), Ok(()), "nobody may always have it");
        }
    }

    #[test]
    fn the_rest_of_a_round_is_not_given_to_who_gave_one_of_its_verdicts() {
        let first = Work::new().judge(may(1), opinion(1, "false"), Takes::Two, 1, at(0)).expect("open").0;
        assert_eq!(first.may_be_given_to(Some(person(1).id)), Err(Blocked::GaveFirst));
        assert_eq!(first.may_be_given_to(Some(person(2).id)), Ok(()));
        let both = judged(first, 2, "verified", 2, 1).expect("another").0;
        assert_eq!(both.may_be_given_to(Some(person(2).id)), Err(Blocked::GaveFirst));
        assert_eq!(both.may_be_given_to(Some(person(3).id)), Ok(()));
    }

    #[test]
    fn a_published_claim_takes_no_verdict_before_it_is_reopened() {
        let settled = settled_by(1);
        let published = settled.publish(may(1), 2).expect("settled");
        assert!(judged(published.clone(), 2, "false", 3, 1).is_err());
        let reopened = published.reopen(may(1), 3).expect("published");
        assert_eq!(reopened.stage, Stage::Reopened);
        assert_eq!(reopened.rating.as_deref(), Some("verified"));
        assert!(judged(reopened, 2, "false", 4, 1).is_ok());
    }

    #[test]
    fn what_is_set_aside_or_reopened_can_still_be_taken_from_the_public() {
        let reopened =
            settled_by(1).publish(may(1), 2).expect("settled").reopen(may(1), 3).expect("published");
        let aside = reopened.clone().dismiss(may(1), 4, at(1)).expect("reopened");
        for (work, seen) in [(reopened, 4), (aside, 5)] {
            let stage = work.stage;
            let withdrawn = work.withdraw(may(1), seen).expect("it may have a page");
            assert_eq!((withdrawn.stage, withdrawn.version), (stage, seen + 1), "it stays where it is");
        }
        assert!(settled_by(1).withdraw(may(1), 2).is_err());
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
        let settled = settled_by(1);
        assert_eq!(judged(settled, 2, "false", 1, 0).err(), Some(Blocked::Stale { seen: 1, current: 2 }));
    }

    #[test]
    fn a_released_claim_that_had_a_verdict_waits_as_reopened() {
        let work = settled_by(1);
        let held = work.reopen(may(1), 2).expect("settled").take(may(2), at(1)).expect("waiting");
        assert_eq!(held.release(may(2), at(2)).expect("held").stage, Stage::Reopened);
    }

    #[test]
    fn what_was_decided_or_set_aside_is_corrected_only_once_it_is_reopened() {
        let settled = settled_by(1);
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

    fn first_by(n: u128) -> Work {
        Work::new().judge(may(n), opinion(n, "verified"), Takes::Two, 1, at(0)).expect("open").0
    }

    #[test]
    fn where_it_takes_two_the_first_verdict_tells_nothing_and_waits_for_another_person() {
        let work = first_by(1);
        assert_eq!((work.stage, work.rating.clone()), (Stage::AwaitingSecondReview, None));
        assert_eq!(work.clone().take(may(1), at(1)), Err(Blocked::OwnFirst));
        assert_eq!(judged(work.clone(), 1, "verified", 2, 1).err(), Some(Blocked::OwnFirst));
        let held = work.take(may(2), at(1)).expect("another");
        assert_eq!(held.clone().release(may(2), at(2)).expect("held").stage, Stage::AwaitingSecondReview);
        assert_eq!(held.clone().take_over(may(1), at(2)), Err(Blocked::OwnFirst));
        assert_eq!(held.expire(at(40)).expect("due").stage, Stage::AwaitingSecondReview);
    }

    #[test]
    fn two_who_agree_settle_it_whatever_the_policy_says_by_then() {
        for takes in [Takes::One, Takes::Two] {
            let (work, part) =
                first_by(1).judge(may(2), opinion(2, "verified"), takes, 2, at(1)).expect("another");
            assert_eq!(
                (work.stage, work.rating.as_deref(), part),
                (Stage::Settled, Some("verified"), Part::Second)
            );
            assert_eq!(work.so_far, SoFar::Nothing);
        }
    }

    #[test]
    fn two_who_differ_leave_it_to_an_editor_who_is_neither() {
        let (work, _) = judged(first_by(1), 2, "false", 2, 1).expect("another");
        assert_eq!((work.stage, work.rating.clone()), (Stage::Disagreed, None));
        assert!(matches!(judged(work.clone(), 3, "false", 3, 2), Err(Blocked::Stage { .. })));
        for reviewer in [1, 2] {
            assert_eq!(work.clone().adjudicate(may(reviewer), "false", 3), Err(Blocked::OwnDisagreement));
        }
        let decided = work.adjudicate(may(3), "false", 3).expect("neither");
        assert_eq!((decided.stage, decided.rating.as_deref()), (Stage::Settled, Some("false")));
    }

    #[test]
    fn figures_agree_where_they_mean_the_same_number() {
        let figure = |low, best, high| Supported { low, best, high };
        let exact = |n| figure(Some(n), Some(n), Some(n));
        let at_least = |n| figure(Some(n), Some(n), None);
        assert!(exact(12.0).agrees_with(&exact(12.0)));
        assert!(!exact(12.0).agrees_with(&exact(14.0)));
        assert!(at_least(12.0).agrees_with(&exact(12.0)));
        assert!(!at_least(12.0).agrees_with(&exact(14.0)));
        let between = figure(Some(38.0), None, Some(44.0));
        assert!(between.agrees_with(&exact(41.0)) && !between.agrees_with(&exact(50.0)));
        let mut one = opinion(1, "disputed");
        let two = opinion(2, "disputed");
        assert!(one.agrees_with(&two));
        one.figure = Some(exact(5.0));
        assert!(!one.agrees_with(&two), "a figure that one person saw is not agreed on");
    }

    #[test]
    fn a_correction_voids_a_first_verdict() {
        let work = first_by(1).correct(may(1), 2, at(1)).expect("waiting");
        assert_eq!((work.stage, work.round, work.so_far.clone()), (Stage::Open, 2, SoFar::Nothing));
        let held = first_by(1).take(may(2), at(1)).expect("another").correct(may(2), 2, at(2)).expect("held");
        assert_eq!((held.stage, held.so_far), (Stage::InReview, SoFar::Nothing));
    }

    #[test]
    fn reopening_begins_a_new_round() {
        let (disagreed, _) = judged(first_by(1), 2, "false", 2, 1).expect("another");
        for work in [first_by(1), disagreed] {
            let version = work.version;
            let reopened = work.reopen(may(3), version).expect("may");
            assert_eq!((reopened.stage, reopened.round, reopened.so_far), (Stage::Open, 2, SoFar::Nothing));
        }
    }

    fn undoable(n: u128, part: Part, stage_before: Stage) -> Undoable {
        Undoable { by: person(n).id, at: at(0), part, stage_before, rating_before: None, is_overtaken: false }
    }

    #[test]
    fn a_verdict_is_undone_for_a_minute_by_who_gave_it_where_nothing_happened_since() {
        let work = settled_by(1);
        let verdict = undoable(1, Part::Sole, Stage::InReview);
        let soon = at(0) + UNDO;
        assert_eq!(work.clone().undo(may(2), &verdict, soon), Err(Blocked::NotYours));
        assert_eq!(
            work.clone().undo(may(1), &verdict, soon + TimeDelta::seconds(1)),
            Err(Blocked::TooLateToUndo)
        );
        let overtaken = Undoable { is_overtaken: true, ..verdict.clone() };
        assert_eq!(work.clone().undo(may(1), &overtaken, soon), Err(Blocked::Overtaken));
        let undone = work.undo(may(1), &verdict, soon).expect("in time");
        assert_eq!((undone.stage, undone.rating.clone(), undone.round), (Stage::InReview, None, 2));
        assert_eq!(undone.lease.map(|lease| lease.holder), Some(person(1).id));
    }

    #[test]
    fn an_undone_verdict_leaves_what_stood_before() {
        let verdict =
            Undoable { rating_before: Some("false".into()), ..undoable(1, Part::Sole, Stage::Settled) };
        let undone = settled_by(1).undo(may(1), &verdict, at(0)).expect("in time");
        assert_eq!((undone.stage, undone.rating.as_deref()), (Stage::Settled, Some("false")));
        let first = undoable(1, Part::First, Stage::Open);
        let undone = first_by(1).undo(may(1), &first, at(0)).expect("in time");
        assert_eq!((undone.stage, undone.so_far), (Stage::Open, SoFar::Nothing));
    }

    #[test]
    fn who_gave_the_second_verdict_has_seen_the_first_and_undoes_nothing() {
        let (work, part) = judged(first_by(1), 2, "verified", 2, 0).expect("another");
        let verdict = undoable(2, part, Stage::InReview);
        assert_eq!(work.undo(may(2), &verdict, at(0)), Err(Blocked::SawTheFirst));
    }

    proptest! {
        #[test]
        fn no_sequence_of_commands_reaches_an_impossible_state(
            commands in prop::collection::vec((0u8..15, 1u128..5, 0i64..20, prop::bool::ANY, prop::bool::ANY), 0..80)
        ) {
            let mut work = Work::new();
            let mut now = 0;
            let mut given: Vec<(i32, u128)> = Vec::new();
            let mut last: Option<Undoable> = None;
            for (command, n, wait, two, differ) in commands {
                now += wait;
                let seen = work.version;
                let before = work.clone();
                let takes = if two { Takes::Two } else { Takes::One };
                let rating = if differ { "disputed" } else { "verified" };
                let mut verdict = None;
                let next = match command {
                    0 => work.clone().take(may(n), at(now)),
                    1 => work.clone().release(may(n), at(now)),
                    2 | 3 => work.clone().judge(may(n), opinion(n, rating), takes, seen, at(now)).map(|(next, part)| {
                        verdict = Some(part);
                        next
                    }),
                    4 => work.clone().publish(may(n), seen),
                    5 => work.clone().reopen(may(n), seen),
                    6 => work.clone().dismiss(may(n), seen, at(now)),
                    7 => work.clone().correct(may(n), seen, at(now)),
                    8 => work.clone().replace(may(n), seen, at(now)),
                    9 => work.clone().take_over(may(n), at(now)),
                    10 => work.clone().adjudicate(may(n), rating, seen).inspect(|_| verdict = Some(Part::Adjudication)),
                    11 => match &last {
                        Some(last) => work.clone().undo(may(n), last, at(now)),
                        None => Ok(before.clone()),
                    },
                    12 => work.clone().withdraw(may(n), seen),
                    13 => Ok(work.clone().lose_basis(may(n)).unwrap_or(before.clone())),
                    _ => Ok(work.clone().expire(at(now)).unwrap_or(before.clone())),
                };
                if let Ok(next) = next {
                    work = next;
                    if let Some(part) = verdict {
                        prop_assert!(!given.contains(&(work.round, n)), "nobody gives two verdicts in a round");
                        given.push((work.round, n));
                        last = Some(Undoable {
                            by: person(n).id,
                            at: at(now),
                            part,
                            stage_before: before.stage,
                            rating_before: before.rating.clone(),
                            is_overtaken: false,
                        });
                    } else if let Some(last) = last.as_mut() {
                        last.is_overtaken |= work != before;
                    }
                }
                prop_assert_eq!(work.lease.is_some(), work.stage == Stage::InReview);
                prop_assert!(!work.stage.is_decided() || work.rating.is_some());
                prop_assert!(work.stage != Stage::Reopened || work.rating.is_some());
                prop_assert!(work.version >= before.version && work.round >= before.round);
                match &work.so_far {
                    SoFar::Nothing => prop_assert!(!matches!(work.stage, Stage::AwaitingSecondReview | Stage::Disagreed)),
                    SoFar::First(_) => prop_assert!(matches!(work.stage, Stage::AwaitingSecondReview | Stage::InReview)),
                    SoFar::Both(one, other) => {
                        prop_assert_eq!(work.stage, Stage::Disagreed);
                        prop_assert!(one.by != other.by && !one.agrees_with(other));
                    }
                }
                if let (SoFar::First(first), Some(lease)) = (&work.so_far, &work.lease) {
                    prop_assert!(first.by != lease.holder, "nobody holds a claim to review their own verdict");
                }
                let two_in = given.iter().filter(|(round, _)| *round == work.round).count();
                let one_sided =
                    verdict.is_some() && matches!(before.so_far, SoFar::First(_)) && work.stage == Stage::Settled;
                prop_assert!(!one_sided || two_in >= 2, "what takes two is never settled by one");
            }
        }
    }
}
