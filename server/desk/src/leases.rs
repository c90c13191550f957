//! Leases: who holds which claim, and until when.

use crate::Desk;
use crate::error::{Doing, Error, Result};
use crate::tx::{About, Once, Tx};
use crate::work::{Locked, LockedRow, held, keep, lock};
use domain::history::Event;
use domain::id::{AccountId, ArticleId, ClaimId};
use domain::policy::{self, Actor, Review};
use domain::workflow::{Stage, Work};

/// Which leases are due to end.
pub(crate) enum Due {
    /// Those that ran out.
    RunOut,
    /// All of one person, who left.
    HeldBy(AccountId),
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
            let about = About { account: Some(row.holder_id), ..About::claim(row.id, row.article_id) };
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
                "select claim.id, claim.article_id, claim.rating, claim.version, holder.name as holder, holder.id as holder_id
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
                "select claim.id, claim.article_id, claim.rating, claim.version, holder.name as holder, holder.id as holder_id
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
    Event::Taken { until: work.lease.map(|lease| lease.until.to_rfc3339()).unwrap_or_default() }
}
