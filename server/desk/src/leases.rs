//! Leases: who holds which claim, and until when.

use crate::Desk;
use crate::error::{Doing, Error, Result};
use crate::tx::{About, Once, Tx};
use crate::work::{Locked, held, keep, lock, lock_all};
use chrono::{DateTime, TimeDelta, Utc};
use domain::history::Event;
use domain::id::{AccountId, ClaimId};
use domain::policy::{self, Actor, Review};
use domain::words::Reason;
use domain::workflow::Work;
use std::collections::HashMap;

/// Which leases are due to end.
pub(crate) enum Due {
    /// Those that ran out.
    RunOut,
    /// All of one person, who left.
    HeldBy(AccountId),
}

/// A claim that somebody took over from a person.
#[derive(Clone, Debug)]
pub struct TakenOver {
    pub claim: ClaimId,
    pub text: String,
    pub by: String,
    pub at: DateTime<Utc>,
    pub reason: String,
}

/// How long a person is told that a claim was taken over from them.
const TOLD: TimeDelta = TimeDelta::hours(24);

impl Desk {
    /// What others took over from a person lately and did not give back, newest first.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn taken_from(&self, actor: &Actor) -> Result<Vec<TakenOver>> {
        let rows = sqlx::query!(
            r#"select claim.id, claim.text, by.name as by, event.at, event.body
                 from event
                 join claim on claim.id = event.claim_id
                 join account by on by.id = event.actor_id
                where event.account_id = $1 and event.kind = 'taken_over' and event.at > $2
                  and claim.lease_holder is distinct from $1
                  and not exists (select from event later where later.claim_id = event.claim_id
                                     and later.id > event.id and later.actor_id = $1)
                order by event.id desc
                limit 5"#,
            actor.id.0,
            self.clock.now() - TOLD,
        )
        .fetch_all(&self.pool)
        .await
        .doing("look for claims that were taken over")?;
        Ok(rows
            .into_iter()
            .map(|row| TakenOver {
                claim: row.id,
                text: row.text,
                by: row.by,
                at: row.at,
                reason: row
                    .body
                    .get("reason")
                    .and_then(|reason| reason.as_str())
                    .unwrap_or_default()
                    .to_owned(),
            })
            .collect())
    }

    /// Takes the claim that matters most of those nobody holds, or the next one after `after`.
    /// `None` where nothing waits.
    ///
    /// A claim whose words are no longer in its article waits like any other, and the desk's counters have
    /// it among what waits: others may have printed it, and it may belong to an incident. It only keeps its
    /// article from nothing (`domain::clearance`). A desk that does not care sets it aside.
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
        let found = next_for(&mut tx, actor.id, after).await?;
        let Some(id) = found else { return Ok(None) };
        let Locked { article, work, .. } = lock(&mut tx, id).await?;
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

    /// Takes a claim from whoever holds it. What they had typed stays with them, and they are told.
    ///
    /// # Errors
    /// `Blocked` where it is not in the queue or waits for somebody else to review it.
    pub async fn take_over(&self, actor: &Actor, id: ClaimId, reason: &Reason) -> Result<()> {
        let permit: policy::Permit<Review> = policy::permit(actor)?;
        let mut tx = self.begin(Some(actor.id)).await?;
        let locked = lock(&mut tx, id).await?;
        let now = tx.now;
        let holder = locked
            .work
            .lease
            .filter(|lease| lease.until > now && lease.holder != actor.id)
            .map(|lease| lease.holder);
        let work = locked.work.take_over(permit, now).map_err(Error::Blocked)?;
        keep(&mut tx, id, &work, None).await?;
        let about = About::claim(id, locked.article);
        match holder {
            Some(holder) => {
                let from = sqlx::query_scalar!("select name from account where id = $1", holder.0)
                    .fetch_one(tx.db())
                    .await
                    .doing("look up who held a claim")?;
                let event =
                    Event::TakenOver { until: until(&work), from, reason: reason.as_str().to_owned() };
                tx.event(About { account: Some(holder), ..about }, &event).await?;
            }
            None => tx.event(about, &taken(&work)).await?,
        }
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
        let left = matches!(due, Due::HeldBy(_));
        let held = held_claims(tx, due).await?;
        let all: Vec<ClaimId> = held.iter().map(|row| row.id).collect();
        let mut claims = if all.is_empty() { HashMap::new() } else { lock_all(tx, &all).await? };
        let mut ids = Vec::new();
        let mut stages = Vec::new();
        let mut events = Vec::new();
        for row in held {
            let Some(Locked { article, work, .. }) = claims.remove(&row.id) else { continue };
            let work = if left { Some(work.abandon()) } else { work.expire(now) };
            let Some(work) = work else { continue };
            ids.push(row.id.0);
            stages.push(work.stage.word().to_owned());
            let about = About { account: Some(row.holder_id), ..About::claim(row.id, article) };
            events.push((about, Event::Expired { holder: row.holder }));
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
}

/// The next claim for a person: first what is theirs to do, then what anybody may take. A claim that
/// was just skipped goes to the end of its part of the line, so that nobody who skips all of their
/// own is held up by them.
async fn next_for(tx: &mut Tx, person: AccountId, after: Option<ClaimId>) -> Result<Option<ClaimId>> {
    let skipped = match after {
        Some(after) => sqlx::query_scalar!(
            r#"select coalesce(assignee = $2, false) as "own!" from claim
                where id = $1 and stage in ('open', 'reopened', 'awaiting_second_review')"#,
            after.0,
            person.0,
        )
        .fetch_optional(tx.db())
        .await
        .doing("look at the claim that was skipped")?,
        None => None,
    };
    let own = match skipped {
        Some(_) => own_after(tx, person, after).await?,
        None => own_first(tx, person, after).await?,
    };
    if own.is_some() {
        return Ok(own);
    }
    let further = match after {
        Some(after) if skipped != Some(true) => next_after(tx, person, after).await?,
        _ => None,
    };
    if further.is_some() {
        return Ok(further);
    }
    match first(tx, person, after).await? {
        Some(found) => Ok(Some(found)),
        None => own_first(tx, person, after).await,
    }
}

/// The most urgent claim that is a person's to do, but not `except`.
async fn own_first(tx: &mut Tx, person: AccountId, except: Option<ClaimId>) -> Result<Option<ClaimId>> {
    sqlx::query_scalar!(
        r#"select id as "id: ClaimId" from claim
            where assignee = $1 and stage in ('open', 'reopened', 'awaiting_second_review')
              and id is distinct from $2
            order by urgency, id
            limit 1
              for update skip locked"#,
        person.0,
        except.map(|id| id.0),
    )
    .fetch_optional(tx.db())
    .await
    .doing("find what a person is to do")
}

/// The next one of them after `after`.
async fn own_after(tx: &mut Tx, person: AccountId, after: Option<ClaimId>) -> Result<Option<ClaimId>> {
    sqlx::query_scalar!(
        r#"select id as "id: ClaimId" from claim
            where assignee = $1 and stage in ('open', 'reopened', 'awaiting_second_review')
              and (urgency, id) > ((select urgency from claim where id = $2), $2)
            order by urgency, id
            limit 1
              for update skip locked"#,
        person.0,
        after.map(|id| id.0),
    )
    .fetch_optional(tx.db())
    .await
    .doing("find what a person is to do next")
}

/// The first claim in line for this person that nobody else is about to take, but not `except`.
/// What waits for a second review is looked up by who gave the first one, so that the walk along
/// the index never passes over one's own.
async fn first(tx: &mut Tx, person: AccountId, except: Option<ClaimId>) -> Result<Option<ClaimId>> {
    sqlx::query_scalar!(
        r#"with recursive first (id) as (
               (select first_reviewer from claim where stage = 'awaiting_second_review' and assignee is null
                 order by first_reviewer limit 1)
               union all
               select (select first_reviewer from claim
                        where stage = 'awaiting_second_review' and assignee is null and first_reviewer > first.id
                        order by first_reviewer limit 1)
                 from first where first.id is not null)
           select id as "id!: ClaimId" from (
               select * from (
                   select id, urgency from claim
                    where stage in ('open', 'reopened') and assignee is null and id is distinct from $1
                    order by urgency, id
                    limit 1
                      for update skip locked) one
               union all
               select second.* from first cross join lateral (
                   select id, urgency from claim
                    where stage = 'awaiting_second_review' and first_reviewer = first.id and assignee is null
                      and id is distinct from $1
                    order by urgency, id
                    limit 1
                      for update skip locked) second
                where first.id <> $2
           ) waiting
           order by urgency, id
           limit 1"#,
        except.map(|id| id.0),
        person.0,
    )
    .fetch_optional(tx.db())
    .await
    .doing("find the next claim")
}

/// The one in line after `after`. Its place is looked up by columns of its own, because only then
/// does the walk along the index begin there.
async fn next_after(tx: &mut Tx, person: AccountId, after: ClaimId) -> Result<Option<ClaimId>> {
    sqlx::query_scalar!(
        r#"with recursive first (id) as (
               (select first_reviewer from claim where stage = 'awaiting_second_review' and assignee is null
                 order by first_reviewer limit 1)
               union all
               select (select first_reviewer from claim
                        where stage = 'awaiting_second_review' and assignee is null and first_reviewer > first.id
                        order by first_reviewer limit 1)
                 from first where first.id is not null)
           select id as "id!: ClaimId" from (
               select * from (
                   select id, urgency from claim
                    where stage in ('open', 'reopened') and assignee is null
                      and (urgency, id) > ((select urgency from claim where id = $1), $1)
                    order by urgency, id
                    limit 1
                      for update skip locked) one
               union all
               select second.* from first cross join lateral (
                   select id, urgency from claim
                    where stage = 'awaiting_second_review' and first_reviewer = first.id and assignee is null
                      and (urgency, id) > ((select urgency from claim where id = $1), $1)
                    order by urgency, id
                    limit 1
                      for update skip locked) second
                where first.id <> $2
           ) waiting
           order by urgency, id
           limit 1"#,
        after.0,
        person.0,
    )
    .fetch_optional(tx.db())
    .await
    .doing("find the next claim")
}

struct HeldRow {
    id: ClaimId,
    holder: String,
    holder_id: AccountId,
}

async fn held_claims(tx: &mut Tx, due: Due) -> Result<Vec<HeldRow>> {
    let now = tx.now;
    match due {
        // Whoever is at work on one of them this moment ends its lease anyway; the rest comes with
        // the next round.
        Due::RunOut => {
            sqlx::query_as!(
                HeldRow,
                "select claim.id, holder.name as holder, holder.id as holder_id
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
                "select claim.id, holder.name as holder, holder.id as holder_id
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

fn taken(work: &Work) -> Event {
    Event::Taken { until: until(work) }
}

fn until(work: &Work) -> String {
    work.lease.map(|lease| lease.until.to_rfc3339()).unwrap_or_default()
}
