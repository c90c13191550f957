//! Review: leases, evidence, verdicts and what follows from them.

use crate::Desk;
use crate::error::{Difference, Doing, Error, Result, storable, word};
use crate::tx::{About, Once, Tx};
use chrono::{DateTime, Utc};
use domain::claim::Stance;
use domain::history::Event;
use domain::id::{AccountId, ArticleId, ClaimId, EvidenceId, VerdictId};
use domain::measure::Bound;
use domain::policy::{self, Actor, Publish, Reopen, Review};
use domain::scale;
use domain::words::{EvidenceTitle, Excerpt, Invalid, Rationale, Reason, WebAddress};
use domain::workflow::{Blocked, Lease, Stage, Work};
use std::collections::HashMap;
use uuid::Uuid;

/// A piece of evidence as it is handed in.
#[derive(Clone, Debug)]
pub struct EvidenceForm {
    pub address: Option<WebAddress>,
    pub title: EvidenceTitle,
    pub excerpt: Excerpt,
    pub stance: Stance,
}

/// A verdict as it is handed in.
#[derive(Clone, Debug)]
pub struct VerdictForm {
    /// A key of the default scale.
    pub rating: String,
    pub rationale: Rationale,
    /// The figure that the evidence supports, as people write it ("38-44", "at least 12").
    pub figure: Option<String>,
    /// The claim's version that the reviewer saw.
    pub version: i32,
}

/// Which leases are due to end.
pub(crate) enum Due {
    /// Those that ran out.
    RunOut,
    /// All of one person, who left.
    HeldBy(AccountId),
}

pub(crate) struct Locked {
    id: ClaimId,
    pub article: ArticleId,
    pub work: Work,
}

impl Desk {
    /// Takes the claim that matters most of those nobody holds, or the next one after `after`.
    /// `None` where nothing waits.
    ///
    /// # Errors
    /// `Refused` below reviewer, or where the database fails.
    pub async fn take_next(
        &self,
        actor: &Actor,
        after: Option<ClaimId>,
        once: Option<&Once>,
    ) -> Result<Option<ClaimId>> {
        let permit: policy::Permit<Review> = policy::permit(actor)?;
        self.expire_leases().await?;
        let mut tx = self.begin(Some(actor.id)).await?;
        if let Some(first) = tx.once(once).await? {
            return Ok(Some(ClaimId(first)));
        }
        let further = match after {
            Some(after) => lock_next_after(&mut tx, after).await?,
            None => None,
        };
        let found = match further {
            Some(found) => Some(found),
            None => lock_first(&mut tx, after).await?,
        };
        let Some(Locked { id, article, work }) = found else { return Ok(None) };
        let work = work.take(permit, tx.now).map_err(Error::Blocked)?;
        keep(&mut tx, id, &work, None).await?;
        tx.event(About::claim(id, article), &taken(&work)).await?;
        tx.made(once, id.0).await?;
        tx.commit().await?;
        Ok(Some(id))
    }

    /// Takes one claim, or keeps one's own longer.
    ///
    /// # Errors
    /// `Held` where another person has it, `Blocked` where it is not in the queue.
    pub async fn take(&self, actor: &Actor, id: ClaimId) -> Result<()> {
        let permit: policy::Permit<Review> = policy::permit(actor)?;
        let mut tx = self.begin(Some(actor.id)).await?;
        let locked = lock(&mut tx, id).await?;
        let work = match locked.work.take(permit, tx.now) {
            Ok(work) => work,
            Err(blocked) => return Err(held(&mut tx, blocked).await),
        };
        keep(&mut tx, id, &work, None).await?;
        tx.event(About::claim(id, locked.article), &taken(&work)).await?;
        tx.commit().await
    }

    /// Gives a claim back to the queue.
    ///
    /// # Errors
    /// `Held` where another person has it, `Blocked` where nobody does.
    pub async fn release(&self, actor: &Actor, id: ClaimId) -> Result<()> {
        let permit: policy::Permit<Review> = policy::permit(actor)?;
        let mut tx = self.begin(Some(actor.id)).await?;
        let locked = lock(&mut tx, id).await?;
        let work = match locked.work.release(permit, tx.now) {
            Ok(work) => work,
            Err(blocked) => return Err(held(&mut tx, blocked).await),
        };
        keep(&mut tx, id, &work, None).await?;
        tx.event(About::claim(id, locked.article), &Event::Released).await?;
        tx.commit().await
    }

    /// Gives claims back whose lease has run out; how many there were.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn expire_leases(&self) -> Result<u64> {
        let due = sqlx::query_scalar!(
            r#"select exists (select from claim where lease_until <= $1) as "due!""#,
            self.clock.now(),
        )
        .fetch_one(&self.pool)
        .await
        .doing("look for leases that ran out")?;
        if !due {
            return Ok(0);
        }
        let mut tx = self.begin(None).await?;
        let count = self.give_back(&mut tx, Due::RunOut).await?;
        if count > 0 {
            tx.commit().await?;
        }
        Ok(count)
    }

    pub(crate) async fn give_back(&self, tx: &mut Tx, due: Due) -> Result<u64> {
        let now = tx.now;
        let mut ids = Vec::new();
        let mut stages = Vec::new();
        let mut events = Vec::new();
        for row in held_claims(tx, due).await? {
            let held = Work { stage: Stage::InReview, version: row.version, lease: None, rating: row.rating };
            let Some(work) = held.expire(now) else { continue };
            ids.push(row.id.0);
            stages.push(work.stage.word().to_owned());
            events.push((About::claim(row.id, row.article_id), Event::Expired { holder: row.holder }));
        }
        if ids.is_empty() {
            return Ok(0);
        }
        sqlx::query!(
            "update claim set stage = due.stage, stage_since = $3, lease_holder = null, lease_until = null
               from unnest($1::uuid[], $2::text[]) as due (id, stage)
              where claim.id = due.id",
            &ids,
            &stages,
            now,
        )
        .execute(tx.db())
        .await
        .doing("end leases")?;
        tx.events(&events).await?;
        Ok(ids.len() as u64)
    }

    /// Attaches evidence.
    ///
    /// # Errors
    /// `Refused` below reviewer, `NotFound`.
    pub async fn add_evidence(
        &self,
        actor: &Actor,
        id: ClaimId,
        form: EvidenceForm,
        once: Option<&Once>,
    ) -> Result<EvidenceId> {
        let _: policy::Permit<Review> = policy::permit(actor)?;
        let mut tx = self.begin(Some(actor.id)).await?;
        if let Some(first) = tx.once(once).await? {
            return Ok(EvidenceId(first));
        }
        let article = self.extend(&mut tx, actor, id).await?;
        let evidence = EvidenceId(self.new_id());
        let now = tx.now;
        sqlx::query!(
            "insert into evidence (id, claim_id, address, title, excerpt, stance, added_by, added_at, version)
             values ($1, $2, $3, $4, $5, $6, $7, $8, 1)",
            evidence.0,
            id.0,
            form.address.as_ref().map(WebAddress::as_str),
            form.title.as_str(),
            form.excerpt.as_str(),
            form.stance.word(),
            actor.id.0,
            now,
        )
        .execute(tx.db())
        .await
        .doing("add evidence")?;
        let event = Event::EvidenceAdded { title: form.title.to_string(), stance: form.stance };
        tx.event(About::claim(id, article), &event).await?;
        tx.made(once, evidence.0).await?;
        tx.commit().await?;
        Ok(evidence)
    }

    /// Corrects a piece of evidence; the history keeps what it said before. What changes nothing
    /// leaves no trace.
    ///
    /// # Errors
    /// `Stale` with what differs where somebody else corrected it meanwhile, `NotFound` where it
    /// is withdrawn.
    pub async fn correct_evidence(
        &self,
        actor: &Actor,
        id: EvidenceId,
        form: EvidenceForm,
        seen: i32,
    ) -> Result<ClaimId> {
        let _: policy::Permit<Review> = policy::permit(actor)?;
        let mut tx = self.begin(Some(actor.id)).await?;
        let old = sqlx::query!(
            "select claim_id, address, title, excerpt, stance, version from evidence
              where id = $1 and withdrawn_at is null for update",
            id.0,
        )
        .fetch_optional(tx.db())
        .await
        .doing("read evidence")?
        .ok_or(Error::NotFound("evidence in use"))?;
        let address = form.address.as_ref().map(WebAddress::as_str);
        let mut differences = Vec::new();
        let mut compare = |field: &'static str, yours: &str, theirs: &str| {
            if yours != theirs {
                differences.push(Difference { field, yours: yours.to_owned(), theirs: theirs.to_owned() });
            }
        };
        compare("title", form.title.as_str(), &old.title);
        compare("address", address.unwrap_or_default(), old.address.as_deref().unwrap_or_default());
        compare("excerpt", form.excerpt.as_str(), &old.excerpt);
        compare("stance", form.stance.word(), &old.stance);
        if old.version != seen {
            let by = last_actor(&mut tx, old.claim_id, &["evidence_corrected"]).await?;
            return Err(Error::Stale { by, current: old.version, differences });
        }
        if differences.is_empty() {
            return Ok(old.claim_id);
        }
        let article = self.extend(&mut tx, actor, old.claim_id).await?;
        sqlx::query!(
            "update evidence set address = $2, title = $3, excerpt = $4, stance = $5, version = version + 1
              where id = $1",
            id.0,
            address,
            form.title.as_str(),
            form.excerpt.as_str(),
            form.stance.word(),
        )
        .execute(tx.db())
        .await
        .doing("correct evidence")?;
        let said = |pick: &dyn Fn(&Difference) -> &str| {
            let parts: Vec<String> =
                differences.iter().map(|d| format!("{} “{}”", d.field, pick(d))).collect();
            parts.join(", ")
        };
        let event = Event::EvidenceCorrected {
            title: old.title.clone(),
            before: said(&|d| &d.theirs),
            after: said(&|d| &d.yours),
        };
        tx.event(About::claim(old.claim_id, article), &event).await?;
        tx.commit().await?;
        Ok(old.claim_id)
    }

    /// Takes a piece of evidence out; it stays visible, with the reason.
    ///
    /// # Errors
    /// `NotFound` where it is withdrawn already.
    pub async fn withdraw_evidence(&self, actor: &Actor, id: EvidenceId, reason: Reason) -> Result<ClaimId> {
        let _: policy::Permit<Review> = policy::permit(actor)?;
        let mut tx = self.begin(Some(actor.id)).await?;
        let now = tx.now;
        let row = sqlx::query!(
            "update evidence
                set withdrawn_at = $2, withdrawn_by = $3, withdrawn_reason = $4, version = version + 1
              where id = $1 and withdrawn_at is null
             returning claim_id, title",
            id.0,
            now,
            actor.id.0,
            reason.as_str(),
        )
        .fetch_optional(tx.db())
        .await
        .doing("withdraw evidence")?
        .ok_or(Error::NotFound("evidence in use"))?;
        let article = self.extend(&mut tx, actor, row.claim_id).await?;
        let event = Event::EvidenceWithdrawn { title: row.title, reason: reason.as_str().to_owned() };
        tx.event(About::claim(row.claim_id, article), &event).await?;
        tx.commit().await?;
        Ok(row.claim_id)
    }

    /// Gives a verdict and settles the claim; a later one supersedes an earlier one.
    ///
    /// # Errors
    /// `Invalid` for an unknown rating or a figure without a number, `Stale` with what differs
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
        let rating = scale::DEFAULT.rating(&form.rating).ok_or_else(|| {
            let keys: Vec<&str> = scale::DEFAULT.ratings.iter().map(|rating| rating.key).collect();
            Invalid::new("rating", format!("Choose one of {}.", keys.join(", ")))
        })?;
        let figure =
            form.figure.as_deref().map(str::trim).filter(|f| !f.is_empty()).map(read_number).transpose()?;
        let mut tx = self.begin(Some(actor.id)).await?;
        if let Some(first) = tx.once(once).await? {
            return Ok(VerdictId(first));
        }
        let locked = lock(&mut tx, id).await?;
        let before = locked.work.rating.clone();
        let work = match locked.work.settle(permit, rating.key, form.version, tx.now) {
            Ok(work) => work,
            Err(Blocked::Stale { current, .. }) => {
                return Err(stale_verdict(&mut tx, id, &form, current).await?);
            }
            Err(blocked) => return Err(held(&mut tx, blocked).await),
        };
        let verdict = VerdictId(self.new_id());
        let now = tx.now;
        let article = locked.article;
        let (low, best, high) = figure.as_ref().map_or((None, None, None), |f| (f.low, f.best, f.high));
        let number = sqlx::query_scalar!(
            "insert into verdict (id, claim_id, number, reviewer_id, scale, scale_version, rating, rationale,
                                  figure_text, figure_low, figure_best, figure_high, given_at)
             select $1, $2, coalesce(max(number), 0) + 1, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12
               from verdict where claim_id = $2
             returning number",
            verdict.0,
            id.0,
            actor.id.0,
            scale::DEFAULT.key,
            scale::DEFAULT.version,
            rating.key,
            form.rationale.as_str(),
            figure.as_ref().map(|f| f.text.as_str()),
            low,
            best,
            high,
            now,
        )
        .fetch_one(tx.db())
        .await
        .doing("give a verdict")?;
        keep(&mut tx, id, &work, Some(actor.id)).await?;
        let event = Event::VerdictGiven {
            number,
            rating: rating.name.to_owned(),
            rationale: form.rationale.as_str().to_owned(),
            supersedes: before
                .and_then(|key| scale::DEFAULT.rating(&key))
                .map(|rating| rating.name.to_owned()),
        };
        tx.event(About::claim(id, article), &event).await?;
        tx.made(once, verdict.0).await?;
        tx.commit().await?;
        Ok(verdict)
    }

    /// Makes a settled claim public.
    ///
    /// # Errors
    /// `Refused` below editor, `Blocked` where it is not settled, `Stale`.
    pub async fn publish(&self, actor: &Actor, id: ClaimId, seen: i32) -> Result<()> {
        let permit: policy::Permit<Publish> = policy::permit(actor)?;
        self.move_on(actor, id, Event::Published, |work, _| work.publish(permit, seen)).await
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

    /// Whoever works on a claim keeps it: moves the end of the actor's own lease.
    async fn extend(&self, tx: &mut Tx, actor: &Actor, id: ClaimId) -> Result<ArticleId> {
        let until = tx.now + domain::workflow::LEASE;
        sqlx::query_scalar!(
            "with kept as (update claim set lease_until = $3 where id = $1 and lease_holder = $2)
             select article_id from claim where id = $1",
            id.0,
            actor.id.0,
            until,
        )
        .fetch_optional(tx.db())
        .await
        .doing("keep a claim longer")?
        .ok_or(Error::NotFound("claim"))
    }
}

/// A claim as a change finds it.
struct LockedRow {
    id: ClaimId,
    article_id: ArticleId,
    stage: String,
    version: i32,
    lease_holder: Option<AccountId>,
    lease_until: Option<DateTime<Utc>>,
    rating: Option<String>,
}

impl TryFrom<LockedRow> for Locked {
    type Error = Error;
    fn try_from(row: LockedRow) -> Result<Self> {
        Ok(Self {
            id: row.id,
            article: row.article_id,
            work: Work {
                stage: word("claim", "stage", &row.stage)?,
                version: row.version,
                lease: row.lease_holder.zip(row.lease_until).map(|(holder, until)| Lease { holder, until }),
                rating: row.rating,
            },
        })
    }
}

/// Holds a claim until the transaction ends.
pub(crate) async fn lock(tx: &mut Tx, id: ClaimId) -> Result<Locked> {
    sqlx::query_as!(
        LockedRow,
        "select id, article_id, stage, version, lease_holder, lease_until, rating
           from claim where id = $1 for update",
        id.0,
    )
    .fetch_optional(tx.db())
    .await
    .doing("lock a claim")?
    .ok_or(Error::NotFound("claim"))?
    .try_into()
}

/// Holds claims until the transaction ends, in the order of their ids as everywhere.
pub(crate) async fn lock_all(tx: &mut Tx, ids: &[ClaimId]) -> Result<HashMap<ClaimId, Locked>> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
    sqlx::query_as!(
        LockedRow,
        "select id, article_id, stage, version, lease_holder, lease_until, rating
           from claim where id = any($1) order by id for update",
        &ids,
    )
    .fetch_all(tx.db())
    .await
    .doing("lock claims")?
    .into_iter()
    .map(|row| Ok((row.id, row.try_into()?)))
    .collect()
}

/// The first claim in line that nobody else is about to take, but not `except`.
async fn lock_first(tx: &mut Tx, except: Option<ClaimId>) -> Result<Option<Locked>> {
    sqlx::query_as!(
        LockedRow,
        "select id, article_id, stage, version, lease_holder, lease_until, rating
           from claim
          where stage in ('open', 'reopened') and id is distinct from $1
          order by urgency, id
          limit 1
            for update skip locked",
        except.map(|id| id.0),
    )
    .fetch_optional(tx.db())
    .await
    .doing("find the next claim")?
    .map(Locked::try_from)
    .transpose()
}

/// The one in line after `after`. Its place is looked up by columns of its own, because only then
/// does the walk along the index begin there.
async fn lock_next_after(tx: &mut Tx, after: ClaimId) -> Result<Option<Locked>> {
    sqlx::query_as!(
        LockedRow,
        "select id, article_id, stage, version, lease_holder, lease_until, rating
           from claim
          where stage in ('open', 'reopened')
            and (urgency, id) > ((select urgency from claim where id = $1), $1)
          order by urgency, id
          limit 1
            for update skip locked",
        after.0,
    )
    .fetch_optional(tx.db())
    .await
    .doing("find the next claim")?
    .map(Locked::try_from)
    .transpose()
}

struct HeldRow {
    id: ClaimId,
    article_id: ArticleId,
    rating: Option<String>,
    version: i32,
    holder: String,
}

async fn held_claims(tx: &mut Tx, due: Due) -> Result<Vec<HeldRow>> {
    let now = tx.now;
    match due {
        // Whoever is at work on one of them this moment ends its lease anyway; the rest comes with
        // the next round.
        Due::RunOut => {
            sqlx::query_as!(
                HeldRow,
                "select claim.id, claim.article_id, claim.rating, claim.version, holder.name as holder
                   from claim join account holder on holder.id = claim.lease_holder
                  where claim.lease_until <= $1
                  order by claim.id
                  limit 1000
                    for update of claim skip locked",
                now,
            )
            .fetch_all(tx.db())
            .await
        }
        Due::HeldBy(person) => {
            sqlx::query_as!(
                HeldRow,
                "select claim.id, claim.article_id, claim.rating, claim.version, holder.name as holder
                   from claim join account holder on holder.id = claim.lease_holder
                  where claim.lease_holder = $1
                  order by claim.id
                    for update of claim",
                person.0,
            )
            .fetch_all(tx.db())
            .await
        }
    }
    .doing("find leases to end")
}

/// Writes where a claim now is, and who gave it a verdict.
pub(crate) async fn keep(tx: &mut Tx, id: ClaimId, work: &Work, reviewer: Option<AccountId>) -> Result<()> {
    let now = tx.now;
    sqlx::query!(
        "update claim
            set stage_since = case when stage = $2 then stage_since else $7 end,
                stage = $2, version = $3, lease_holder = $4, lease_until = $5, rating = $6,
                reviewers = case when $8::uuid is null or reviewers @> array[$8] then reviewers
                                 else array_append(reviewers, $8) end
          where id = $1",
        id.0,
        work.stage.word(),
        work.version,
        work.lease.map(|lease| lease.holder.0),
        work.lease.map(|lease| lease.until),
        work.rating,
        now,
        reviewer.map(|id| id.0),
    )
    .execute(tx.db())
    .await
    .doing("move a claim")?;
    Ok(())
}

fn taken(work: &Work) -> Event {
    Event::Taken { until: work.lease.map(|lease| lease.until.to_rfc3339()).unwrap_or_default() }
}

/// Says who holds a claim, by name.
pub(crate) async fn held(tx: &mut Tx, blocked: Blocked) -> Error {
    let Blocked::Held { by, until } = blocked else { return Error::Blocked(blocked) };
    match sqlx::query_scalar!("select name from account where id = $1", by.0).fetch_one(tx.db()).await {
        Ok(holder) => Error::Held { holder, until },
        Err(source) => Error::Database { doing: "look up who holds a claim", source },
    }
}

/// Events that make a form that was opened before them stale.
const MOVES: &[&str] = &[
    "verdict_given",
    "published",
    "reopened",
    "dismissed",
    "span_corrected",
    "kind_corrected",
    "source_corrected",
    "measure_corrected",
    "measure_added",
    "measure_removed",
    "claim_split",
    "claim_merged",
    "claim_took_in",
];

/// Who last did one of these things to a claim.
async fn last_actor(tx: &mut Tx, id: ClaimId, kinds: &[&str]) -> Result<String> {
    let kinds: Vec<String> = kinds.iter().map(|&kind| kind.to_owned()).collect();
    let name = sqlx::query_scalar!(
        "select account.name from event join account on account.id = event.actor_id
          where event.claim_id = $1 and event.kind = any($2) order by event.id desc limit 1",
        id.0,
        &kinds,
    )
    .fetch_optional(tx.db())
    .await
    .doing("look up who changed a claim")?;
    Ok(name.unwrap_or_else(|| "Somebody".to_owned()))
}

/// Who last moved a claim, and what they corrected of it where that was it.
pub(crate) async fn last_move(tx: &mut Tx, id: ClaimId) -> Result<(String, Vec<Difference>)> {
    let kinds: Vec<String> = MOVES.iter().map(|&kind| kind.to_owned()).collect();
    let last = sqlx::query!(
        r#"select account.name as "name?", event.body
             from event left join account on account.id = event.actor_id
            where event.claim_id = $1 and event.kind = any($2) order by event.id desc limit 1"#,
        id.0,
        &kinds,
    )
    .fetch_optional(tx.db())
    .await
    .doing("look up what changed a claim")?;
    let somebody = || "Somebody".to_owned();
    let Some(last) = last else { return Ok((somebody(), Vec::new())) };
    let differences = match serde_json::from_value::<Event>(last.body) {
        Ok(event) if event.is_correction() => {
            let yours = "as you saw it".to_owned();
            vec![Difference { field: "claim", yours, theirs: event.in_words() }]
        }
        _ => Vec::new(),
    };
    Ok((last.name.unwrap_or_else(somebody), differences))
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

/// A figure as it was read.
pub(crate) struct Number {
    pub text: String,
    pub low: Option<f64>,
    pub best: Option<f64>,
    pub high: Option<f64>,
    pub bound: Bound,
    pub unit: Option<String>,
}

/// Reads a figure with the same engine that reads articles.
///
/// # Errors
/// `Invalid` where it has no number or is longer than any.
pub(crate) fn read_number(text: &str) -> Result<Number, Invalid> {
    if text.chars().count() > 100 {
        return Err(Invalid::new("figure", "Use at most 100 characters."));
    }
    let text = storable(text.trim());
    // In an article four digits alone may well be a year; here they are a figure.
    if let Some(number) = bare_number(&text) {
        let best = Some(number);
        return Ok(Number { text, low: best, best, high: best, bound: Bound::Exact, unit: None });
    }
    let read = extract::extract(&text, &extract::Options::default());
    let quantity = read.quantities.into_iter().next().ok_or_else(|| {
        Invalid::new("figure", "Write a number, such as 41, 38-44, “at least 12” or “dozens”.")
    })?;
    let extract::schema::Quantity { low, best, high, bound, unit, .. } = quantity;
    Ok(Number { text, low, best, high, bound, unit })
}

/// A number in digits, in one piece or with its thousands set apart.
fn bare_number(text: &str) -> Option<f64> {
    let groups: Vec<&str> = text.split([',', ' ', '\u{a0}', '\u{202f}']).collect();
    let (first, rest) = groups.split_first()?;
    let apart = rest.is_empty() || (first.len() <= 3 && rest.iter().all(|group| group.len() == 3));
    let digits = groups.concat();
    let plain = !first.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    if apart && plain { digits.parse().ok() } else { None }
}
