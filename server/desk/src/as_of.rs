//! The desk as it knew things at a moment. Whatever reads the present reads the past as well: it runs
//! over a connection on which the tables are as the history recorded them (`see_as_of` in the
//! migrations), so that nothing which came later shines through.

use crate::clock::Clock;
use crate::db::Db;
use crate::error::{Doing, Error, Result};
use crate::{Desk, connect_past};
use chrono::{DateTime, Utc};
use domain::id::{ArticleId, ClaimId, IncidentId};
use domain::words::Invalid;
use phrase::{msg, phrase};
use std::ops::Deref;
use tokio::sync::{Semaphore, SemaphorePermit};
use uuid::Uuid;

/// How many people may look back at once: each takes a connection of its own.
static ROOM: Semaphore = Semaphore::const_new(4);

/// The desk at a moment. It can be asked like the desk itself about the claim, the article, the incident
/// or the dashboard that it was made for, and knows of nothing else. It refuses every change.
#[derive(Debug)]
pub struct Then {
    desk: Desk,
    /// Claims that were taken out of an incident before this moment, which came later, may be missing: the
    /// desk did not record yet that they went. `None`: nothing is missing.
    pub moves_known_since: Option<DateTime<Utc>>,
    _room: SemaphorePermit<'static>,
}

impl Deref for Then {
    type Target = Desk;
    fn deref(&self) -> &Desk {
        &self.desk
    }
}

impl Desk {
    /// The desk as it knew a claim, with its article, at a moment.
    ///
    /// # Errors
    /// `NotFound` where the desk did not know the claim then; `Invalid` for a moment that is still to
    /// come or before versions were kept.
    pub async fn claim_then(&self, id: ClaimId, moment: DateTime<Utc>) -> Result<Then> {
        self.known(id.0, moment, "claim").await?;
        // Its article with all its claims, and the claims elsewhere that it is linked to with theirs.
        let chains = sqlx::query_scalar!(
            r#"with linked (id) as (
                   select claim_id from claim_link where other_id = $1
                   union select other_id from claim_link where claim_id = $1)
               select id as "id!: Uuid" from claim where article_id = (select article_id from claim where id = $1)
               union select article_id from claim where id = $1
               union select id from linked
               union select article_id from claim where id in (select id from linked)
               union select incident_id from incident_claim where claim_id = $1"#,
            id.0,
        )
        .fetch_all(&self.pool)
        .await
        .doing("find a claim's article")?;
        self.then(moment, chains).await
    }

    /// The desk as it knew an article, with its claims, at a moment.
    ///
    /// # Errors
    /// As for a claim.
    pub async fn article_then(&self, id: ArticleId, moment: DateTime<Utc>) -> Result<Then> {
        self.known(id.0, moment, "article").await?;
        let mut chains =
            sqlx::query_scalar!(r#"select id as "id: Uuid" from claim where article_id = $1"#, id.0)
                .fetch_all(&self.pool)
                .await
                .doing("find an article's claims")?;
        chains.push(id.0);
        self.then(moment, chains).await
    }

    /// The desk as it knew an incident at a moment, with every claim that was about it then and their
    /// articles: what people and the rules said since of which claims belong does not matter.
    ///
    /// # Errors
    /// As for a claim.
    pub async fn incident_then(&self, id: IncidentId, moment: DateTime<Utc>) -> Result<Then> {
        self.known(id.0, moment, "incident").await?;
        let chains = sqlx::query_scalar!(
            r#"with ever (id) as (
                   select distinct key::uuid from version where chain = $1 and what = 'incident_claim')
               select $1::uuid as "id!: Uuid"
               union select id from ever
               union select article_id from claim where id in (select id from ever)"#,
            id.0,
        )
        .fetch_all(&self.pool)
        .await
        .doing("find what was ever about an incident")?;
        let known = sqlx::query_scalar!("select at from known_since where what = 'moves'")
            .fetch_optional(&self.pool)
            .await
            .doing("find since when moves are known")?;
        let then = self.then(moment, chains).await?;
        Ok(Then { moves_known_since: known.filter(|known| moment < *known), ..then })
    }

    /// The desk as its dashboard showed it at a moment.
    ///
    /// # Errors
    /// `Invalid` for a moment that is still to come or before versions were kept.
    pub async fn dashboard_then(&self, moment: DateTime<Utc>) -> Result<Then> {
        self.has_passed(moment)?;
        let began = sqlx::query_scalar!(
            "select at from event where chain = $1 and kind = 'record_began' order by number limit 1",
            Uuid::nil(),
        )
        .fetch_optional(&self.pool)
        .await
        .doing("find since when versions are kept")?;
        if let Some(began) = began.filter(|began| moment < *began) {
            return Err(kept_none_before(began));
        }
        // What the dashboard lists one by one: what waited longest and what was held, with their articles,
        // and the newest articles.
        // A claim that stands where it stood has not moved since; of the others, the first move after
        // the moment tells where they stood.
        let chains = sqlx::query_scalar!(
            r#"with shown (id) as (
                   (select id from claim where stage = 'open' and stage_since <= $1 and created_at <= $1
                     order by stage_since, id limit 12)
                   union all
                   (select id from claim where stage = 'reopened' and stage_since <= $1
                     order by stage_since, id limit 12)
                   union all
                   (select id from claim where stage = 'awaiting_second_review' and stage_since <= $1
                     order by stage_since, id limit 12)
                   union all
                   (select id from claim where stage = 'disagreed' and stage_since <= $1
                     order by stage_since, id limit 12)
                   union all
                   (select claim_id from event
                     where moved and at > $1 and was_since <= $1
                       and was_stage in ('open', 'reopened', 'awaiting_second_review', 'disagreed')
                     order by was_since, claim_id limit 12)
                   union all
                   (select id from claim where stage = 'in_review' and stage_since <= $1 limit 1000)
                   union all
                   (select claim_id from event
                     where moved and at > $1 and was_since <= $1 and was_stage = 'in_review' limit 1000)
                   union all
                   (select id from article where added_at <= $1 order by added_at desc, id desc limit 14)
               )
               select id as "id!: Uuid" from shown
               union select article_id from claim where id in (select id from shown)"#,
            moment,
        )
        .fetch_all(&self.pool)
        .await
        .doing("find what the dashboard showed")?;
        self.then(moment, chains).await
    }

    fn has_passed(&self, moment: DateTime<Utc>) -> Result<()> {
        if moment > self.clock.now() {
            return Err(Invalid::new("as_of", "Choose a moment that has passed.").into());
        }
        Ok(())
    }

    /// Whether the desk knew of something at a moment, and still knows what it knew.
    async fn known(&self, chain: Uuid, moment: DateTime<Utc>, what: &'static str) -> Result<()> {
        self.has_passed(moment)?;
        let since = sqlx::query!(
            r#"select (select at from event where chain = $1 order by number limit 1) as first,
                      (select at from event where chain = $1 and kept > 0 order by number limit 1) as kept"#,
            chain,
        )
        .fetch_one(&self.pool)
        .await
        .doing("find since when versions are kept")?;
        match (since.first, since.kept) {
            (None, _) => Err(Error::NotFound(what)),
            (Some(first), _) if moment < first => Err(Error::NotFound(match what {
                "claim" => msg!("claim at that moment"),
                "incident" => msg!("incident at that moment"),
                _ => msg!("article at that moment"),
            })),
            (_, Some(kept)) if moment < kept => Err(kept_none_before(kept)),
            _ => Ok(()),
        }
    }

    async fn then(&self, moment: DateTime<Utc>, chains: Vec<Uuid>) -> Result<Then> {
        // Ratings are named by the scales that are in memory: nothing can be put in in the past.
        self.scales().await?;
        let room = ROOM.acquire().await.map_err(|error| Error::Task(error.to_string()))?;
        let pool = connect_past(self.pool.pool(), moment, chains).await?;
        let pool = Db::over(pool);
        let desk = Self {
            reads: pool.clone(),
            has_replica: false,
            pool,
            clock: Clock::frozen(moment),
            ..self.clone()
        };
        Ok(Then { desk, moves_known_since: None, _room: room })
    }
}

fn kept_none_before(began: DateTime<Utc>) -> Error {
    let words = phrase!("The desk kept no versions before {began}. Choose a later moment.");
    Invalid::new("as_of", words).into()
}
