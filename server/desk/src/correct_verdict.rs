//! Correcting a verdict that others have seen or built on. First everything that depends on it is
//! listed; what is confirmed is exactly what was seen; then all of it moves in one transaction.

use crate::Desk;
use crate::dependants::{Change, dependants, requeue, resting};
use crate::error::{Doing, Error, Result};
use crate::publish::{Told, moved, stands_in_public};
use crate::review::{NewVerdict, figure_of, insert_verdict, opinion_of};
use crate::tx::{About, Once, Tries, Tx};
use crate::work::{Given, keep, lock_all};
use domain::history::Event;
use domain::id::{ClaimId, VerdictId};
use domain::policy::{self, Actor, Publish, Reopen, Review};
use domain::words::{CorrectionNote, Rationale, Reason};
use domain::workflow::{Blocked, Part, Stage, Takes, Work};

/// What is to become of a verdict.
#[derive(Clone, Debug)]
pub enum Correction {
    /// Another verdict takes its place; what is public is corrected.
    Verdict {
        /// The key of one of the desk's scales; `None`: the one of the verdict that stands.
        scale: Option<String>,
        rating: String,
        rationale: Rationale,
        figure: Option<String>,
        /// Why it is given although the evidence lacks what the rating asks for.
        override_reason: Option<Reason>,
    },
    /// What is public is withdrawn, and the claim checked again.
    Withdrawal,
}

/// A correction as it is handed in.
#[derive(Clone, Debug)]
pub struct CorrectVerdictForm {
    pub correction: Correction,
    /// What readers are told; needed where the claim is public.
    pub note: Option<CorrectionNote>,
    /// The claim's version that was seen.
    pub version: i32,
    /// [`crate::Dependants::digest`] of the list that was seen.
    pub digest: String,
}

/// What a correction did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Corrected {
    /// The new verdict, where one was given.
    pub verdict: Option<VerdictId>,
    /// Claims that rested on it and wait now.
    pub requeued: u32,
}

impl Desk {
    /// What a correction changes for those who depend on the verdict that stands.
    ///
    /// # Errors
    /// `NotFound`, `Invalid` for an unknown rating or a figure without a number.
    pub async fn change_by(&self, actor: &Actor, id: ClaimId, correction: &Correction) -> Result<Change> {
        let row = self.claim_row(actor, id).await?;
        let Correction::Verdict { scale, rating, figure, .. } = correction else {
            return Ok(Change::Withdrawn);
        };
        let stands = self.standing_verdict(id).await?;
        let judgement = self.judgement(scale.as_deref().or(stands.scale.as_deref()), rating).await?;
        let figure = figure_of(figure.as_deref())?.map(|number| number.text);
        let same = row.rating.as_deref() == Some(judgement.rating.key.as_str())
            && stands.scale.as_deref() == Some(judgement.scale.key.as_str())
            && stands.figure == figure;
        Ok(if same { Change::Words } else { Change::Verdict { rating: judgement.rating.key.clone() } })
    }

    /// Corrects a verdict: the new one, what readers are told, and what rests on it, all or nothing.
    ///
    /// # Errors
    /// `Refused` below reviewer, and below editor where the claim is public; `Stale` where the claim
    /// moved since the version seen; `ListMoved` where something else depends on it than was seen;
    /// `Invalid` where the note is missing that readers need; `Blocked` where no verdict stands.
    pub async fn correct_verdict(
        &self,
        actor: &Actor,
        id: ClaimId,
        form: CorrectVerdictForm,
        once: Option<&Once>,
    ) -> Result<Corrected> {
        let mut tries = Tries::default();
        loop {
            let done = self.try_correction(actor, id, form.clone(), once).await;
            if !tries.again(&done) {
                return done;
            }
        }
    }

    async fn try_correction(
        &self,
        actor: &Actor,
        id: ClaimId,
        form: CorrectVerdictForm,
        once: Option<&Once>,
    ) -> Result<Corrected> {
        let review: policy::Permit<Review> = policy::permit(actor)?;
        let change = self.change_by(actor, id, &form.correction).await?;
        let mut tx = self.begin(Some(actor.id)).await?;
        if let Some(first) = tx.once(once).await? {
            let verdict = (!matches!(form.correction, Correction::Withdrawal)).then_some(VerdictId(first));
            return Ok(Corrected { verdict, requeued: 0 });
        }
        // The claim and what rests on it, in the order of their ids, before anything is decided.
        let mut all = resting(tx.db(), id).await?;
        all.push(id);
        let mut locked = lock_all(&mut tx, &all).await?;
        let locked = locked.remove(&id).ok_or(Error::NotFound("claim"))?;
        let seen = form.version;
        let (work, about) = (locked.work, About::claim(id, locked.article));
        if work.version != seen {
            moved(&mut tx, id, Err(Blocked::Stale { seen, current: work.version })).await?;
        }
        let withdraws = matches!(form.correction, Correction::Withdrawal);
        let is_public = work.stage == Stage::Published
            || withdraws && work.stage.may_be_withdrawn() && stands_in_public(&mut tx, id).await?;
        if !work.stage.is_decided() && !is_public {
            let wanted = "corrected; give it a verdict";
            return Err(Error::Blocked(Blocked::Stage { stage: work.stage, wanted }));
        }
        let publish: Option<policy::Permit<Publish>> =
            is_public.then(|| policy::permit(actor)).transpose()?;
        let now_there = dependants(tx.db(), id, &change, self.scales().await?.as_ref()).await?;
        if now_there.digest() != form.digest {
            return Err(Error::ListMoved { digest: now_there.digest() });
        }
        let Correction::Verdict { scale, rating, rationale, figure, override_reason } = form.correction
        else {
            let Some(permit) = publish else {
                let wanted = "withdrawn from publication";
                return Err(Error::Blocked(Blocked::Stage { stage: work.stage, wanted }));
            };
            let note = form.note.ok_or_else(Told::missing)?;
            let work = moved(&mut tx, id, work.withdraw(permit, seen)).await?;
            keep(&mut tx, id, &work, None).await?;
            let event = self.withdraw_standing(&mut tx, actor, id, &note).await?;
            tx.event(about, &event).await?;
            let requeued = requeue(&mut tx, actor, id, "withdrew").await?;
            tx.made(once, id.0).await?;
            tx.commit().await?;
            return Ok(Corrected { verdict: None, requeued });
        };
        let (before, now) = (work.clone(), tx.now);
        let supersedes = self.name_of_standing(&mut tx, id, before.rating.as_deref()).await?;
        let scale = match scale {
            Some(scale) => Some(scale),
            None => self.standing_verdict(id).await?.scale,
        };
        let judgement = self.judgement(scale.as_deref(), &rating).await?;
        let figure = figure_of(figure.as_deref())?;
        let because = self.second_review_because(&mut tx, id, locked.article, &judgement.rating.key).await?;
        if because.is_some() {
            return Err(Error::Blocked(Blocked::TakesTwo));
        }
        let given =
            self.hold(&mut tx, actor, id, judgement, figure.as_ref(), override_reason.as_ref()).await?;
        let opinion = opinion_of(actor, &given, figure.as_ref());
        let judge = |work: Work| {
            let seen = work.version;
            work.judge(review, opinion, Takes::One, seen, now).map(|(work, _)| work)
        };
        let work = match publish {
            Some(permit) => {
                let reopen: policy::Permit<Reopen> = policy::permit(actor)?;
                work.reopen(reopen, seen).and_then(judge).and_then(|work| {
                    let seen = work.version;
                    work.publish(permit, seen)
                })
            }
            None => judge(work),
        };
        let work = moved(&mut tx, id, work).await?;
        let verdict = VerdictId(self.new_id());
        let new = NewVerdict {
            id: verdict,
            claim: id,
            reviewer: actor.id,
            given: &given,
            rationale: &rationale,
            figure: figure.as_ref(),
            round: work.round,
            part: Part::Sole,
            second_because: None,
            stage_before: before.stage,
            replaces: locked.stands,
        };
        let number = insert_verdict(&mut tx, &new).await?;
        keep(&mut tx, id, &work, Some(Given { reviewer: actor.id, stands: Some(verdict) })).await?;
        let event = Event::VerdictGiven {
            number,
            rating: given.named(),
            rationale: rationale.as_str().to_owned(),
            supersedes,
        };
        tx.event(about, &event).await?;
        if let Some(overrode) = given.overrode() {
            tx.event(about, &overrode).await?;
        }
        if publish.is_some() {
            let note = form.note.as_ref().ok_or_else(Told::missing)?;
            let event = self.publish_standing(&mut tx, actor, id, Told::Correction(note)).await?;
            tx.event(about, &event).await?;
        }
        let requeued = match change {
            Change::Words => 0,
            _ => requeue(&mut tx, actor, id, "corrected").await?,
        };
        tx.made(once, verdict.0).await?;
        tx.commit().await?;
        Ok(Corrected { verdict: Some(verdict), requeued })
    }
}

/// What others take over from a verdict.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Standing {
    pub rating: String,
    pub figure: Option<String>,
}

/// The scale and the figure of a verdict.
#[derive(Default)]
struct StandingVerdict {
    scale: Option<String>,
    figure: Option<String>,
}

impl Desk {
    async fn standing_verdict(&self, id: ClaimId) -> Result<StandingVerdict> {
        let row = sqlx::query!(
            "select verdict.scale, figure_text from claim join verdict on verdict.id = claim.verdict_id
              where claim.id = $1",
            id.0,
        )
        .fetch_optional(&self.pool)
        .await
        .doing("read the verdict that stands")?;
        Ok(row.map_or_else(StandingVerdict::default, |row| StandingVerdict {
            scale: Some(row.scale),
            figure: row.figure_text,
        }))
    }
}

/// The verdict that stands in this transaction.
pub(crate) async fn standing(tx: &mut Tx, id: ClaimId) -> Result<Option<Standing>> {
    sqlx::query_as!(
        Standing,
        "select verdict.rating, figure_text as figure
           from claim join verdict on verdict.id = claim.verdict_id where claim.id = $1",
        id.0,
    )
    .fetch_optional(tx.db())
    .await
    .doing("read the verdict that stands")
}
