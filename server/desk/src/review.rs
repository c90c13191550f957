//! Verdicts and what follows from them.

use crate::Desk;
use crate::correct_verdict::standing;
use crate::dependants::{requeue, resting};
use crate::error::{Difference, Doing, Error, Result};
use crate::figure::{Number, read_number};
use crate::grounds::Judgement;
use crate::scales::mark;
use crate::tx::{About, Once, Tx};
use crate::work::{held, keep, last_move, lock};
use chrono::{DateTime, Utc};
use domain::history::Event;
use domain::id::{AccountId, ClaimId, VerdictId};
use domain::policy::{self, Actor, Reopen, Review};
use domain::words::{Invalid, Rationale, Reason};
use domain::workflow::{Blocked, Stage, Work};

/// A verdict as it is handed in.
#[derive(Clone, Debug)]
pub struct VerdictForm {
    /// The key of one of the desk's scales; `None`: the desk's default.
    pub scale: Option<String>,
    /// A key of that scale.
    pub rating: String,
    pub rationale: Rationale,
    /// The figure that the evidence supports, as people write it ("38-44", "at least 12").
    pub figure: Option<String>,
    /// The claim's version that the reviewer saw.
    pub version: i32,
    /// Why it is given although the evidence lacks what the rating asks for. It is kept only where
    /// something is missing.
    pub override_reason: Option<Reason>,
}

impl VerdictForm {
    /// A verdict by the desk's default scale.
    pub fn new(rating: impl Into<String>, rationale: Rationale, version: i32) -> Self {
        let rating = rating.into();
        Self { scale: None, rating, rationale, figure: None, version, override_reason: None }
    }
}

impl Desk {
    /// Gives a verdict and settles the claim; a later one supersedes an earlier one.
    ///
    /// # Errors
    /// `Invalid` for an unknown rating, a figure without a number, or grounds that the rating does
    /// not rest on; `Stale` with what differs
    /// where the claim moved since the version seen, `Held` where another person checks it,
    /// `Blocked` where it is published or dismissed.
    pub async fn give_verdict(
        &self,
        actor: &Actor,
        id: ClaimId,
        form: VerdictForm,
        once: Option<&Once>,
    ) -> Result<VerdictId> {
        let permit: policy::Permit<Review> = policy::permit(actor)?;
        let judgement = self.judgement(form.scale.as_deref(), &form.rating).await?;
        let figure = supported(form.figure.as_deref())?;
        let mut tx = self.begin(Some(actor.id)).await?;
        if let Some(first) = tx.once(once).await? {
            return Ok(VerdictId(first));
        }
        let locked = lock(&mut tx, id).await?;
        let before = locked.work.rating.clone();
        if locked.work.stage == Stage::Settled {
            let claims = resting(tx.db(), id).await?.len();
            if claims > 0 {
                return Err(Error::HasDependants { claims });
            }
        }
        let work = match locked.work.settle(permit, &judgement.rating.key, form.version, tx.now) {
            Ok(work) => work,
            Err(Blocked::Stale { current, .. }) => {
                return Err(stale_verdict(&mut tx, id, &form, current).await?);
            }
            Err(blocked) => return Err(held(&mut tx, blocked).await),
        };
        let before = self.name_of_standing(&mut tx, id, before.as_deref()).await?;
        let reason = form.override_reason.as_ref();
        let given = self.hold(&mut tx, actor, id, judgement, figure.as_ref(), reason).await?;
        let verdict = VerdictId(self.new_id());
        let stood = if before.is_some() { standing(&mut tx, id).await? } else { None };
        let ids = (id, verdict);
        let events =
            insert_verdict(&mut tx, actor.id, ids, &given, &form.rationale, figure.as_ref(), before).await?;
        keep(&mut tx, id, &work, Some(actor.id)).await?;
        for event in events {
            tx.event(About::claim(id, locked.article), &event).await?;
        }
        if stood.is_some() && stood != standing(&mut tx, id).await? {
            requeue(&mut tx, actor, id, "corrected").await?;
        }
        tx.made(once, verdict.0).await?;
        tx.commit().await?;
        Ok(verdict)
    }

    /// Brings a finished claim back into the queue.
    ///
    /// # Errors
    /// `Refused` below editor, `Blocked` where it is not finished, `Stale`.
    pub async fn reopen(&self, actor: &Actor, id: ClaimId, seen: i32, reason: Reason) -> Result<()> {
        let permit: policy::Permit<Reopen> = policy::permit(actor)?;
        let event = Event::Reopened { reason: reason.as_str().to_owned() };
        self.move_on(actor, id, event, |work, _| work.reopen(permit, seen)).await
    }

    /// Sets a claim aside.
    ///
    /// # Errors
    /// `Refused` below reviewer, `Held`, `Blocked` where it is finished, `Stale`.
    pub async fn dismiss(&self, actor: &Actor, id: ClaimId, seen: i32, reason: Reason) -> Result<()> {
        let permit: policy::Permit<Review> = policy::permit(actor)?;
        let event = Event::Dismissed { reason: reason.as_str().to_owned() };
        self.move_on(actor, id, event, |work, now| work.dismiss(permit, seen, now)).await
    }

    /// What the rating that stands was called when it was given.
    pub(crate) async fn name_of_standing(
        &self,
        tx: &mut Tx,
        id: ClaimId,
        rating: Option<&str>,
    ) -> Result<Option<String>> {
        let Some(rating) = rating else { return Ok(None) };
        let given = sqlx::query!("select rating_scale, rating_version from claim where id = $1", id.0)
            .fetch_one(tx.db())
            .await
            .doing("read the scale of the verdict that stands")?;
        let (scale, version) = (given.rating_scale.as_deref(), given.rating_version);
        let scales = self.scales_with(std::iter::once((scale, version))).await?;
        Ok(mark(&scales, Some(rating), scale, version).map(|rating| rating.name.clone()))
    }

    async fn move_on(
        &self,
        actor: &Actor,
        id: ClaimId,
        event: Event,
        step: impl FnOnce(Work, DateTime<Utc>) -> Result<Work, Blocked>,
    ) -> Result<()> {
        let mut tx = self.begin(Some(actor.id)).await?;
        let locked = lock(&mut tx, id).await?;
        let now = tx.now;
        let work = match step(locked.work, now) {
            Ok(work) => work,
            Err(Blocked::Stale { current, .. }) => {
                let (by, differences) = last_move(&mut tx, id).await?;
                return Err(Error::Stale { by, current, differences });
            }
            Err(blocked) => return Err(held(&mut tx, blocked).await),
        };
        keep(&mut tx, id, &work, None).await?;
        tx.event(About::claim(id, locked.article), &event).await?;
        tx.commit().await
    }
}

/// Keeps a verdict, in place of one that was called `before`; says what happened.
pub(crate) async fn insert_verdict(
    tx: &mut Tx,
    by: AccountId,
    (claim, id): (ClaimId, VerdictId),
    given: &Judgement,
    rationale: &Rationale,
    figure: Option<&Number>,
    before: Option<String>,
) -> Result<Vec<Event>> {
    let (low, best, high) = figure.map_or((None, None, None), |f| (f.low, f.best, f.high));
    let now = tx.now;
    let number = sqlx::query_scalar!(
        "insert into verdict (id, claim_id, number, reviewer_id, scale, scale_version, rating, rationale,
                              figure_text, figure_low, figure_best, figure_high, given_at, unmet,
                              override_reason)
         select $1, $2, coalesce(max(number), 0) + 1, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14
           from verdict where claim_id = $2
         returning number",
        id.0,
        claim.0,
        by.0,
        given.scale.key,
        given.scale.version,
        given.rating.key,
        rationale.as_str(),
        figure.map(|f| f.text.as_str()),
        low,
        best,
        high,
        now,
        &given.unmet,
        given.override_reason,
    )
    .fetch_one(tx.db())
    .await
    .doing("give a verdict")?;
    let event = Event::VerdictGiven {
        number,
        rating: given.named(),
        rationale: rationale.as_str().to_owned(),
        supersedes: before,
    };
    Ok(std::iter::once(event).chain(given.overrode()).collect())
}

/// Reads the figure that a reviewer says the evidence supports.
///
/// # Errors
/// `Invalid` where it has no number.
pub(crate) fn supported(figure: Option<&str>) -> Result<Option<Number>, Invalid> {
    figure.map(str::trim).filter(|figure| !figure.is_empty()).map(read_number).transpose()
}

/// What differs between the verdict that was sent and the one that stands meanwhile.
async fn stale_verdict(tx: &mut Tx, id: ClaimId, form: &VerdictForm, current: i32) -> Result<Error> {
    let theirs = sqlx::query!(
        "select v.rating, v.rationale, v.figure_text, claim.stage
           from claim left join lateral (
                select rating, rationale, figure_text from verdict
                 where claim_id = claim.id order by number desc limit 1) v on true
          where claim.id = $1",
        id.0,
    )
    .fetch_one(tx.db())
    .await
    .doing("read the verdict that stands")?;
    let (by, mut differences) = last_move(tx, id).await?;
    let mut compare = |field: &'static str, yours: String, theirs: String| {
        if yours != theirs {
            differences.push(Difference { field, yours, theirs });
        }
    };
    compare("rating", form.rating.clone(), theirs.rating.unwrap_or_default());
    compare("rationale", form.rationale.as_str().to_owned(), theirs.rationale.unwrap_or_default());
    compare("figure", form.figure.clone().unwrap_or_default(), theirs.figure_text.unwrap_or_default());
    compare("stage", "settled".to_owned(), theirs.stage);
    Ok(Error::Stale { by, current, differences })
}
