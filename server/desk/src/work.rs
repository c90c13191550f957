//! A claim as a change finds it and leaves it: locked, moved, and who moved it last.

use crate::error::{Difference, Doing, Error, Result, word};
use crate::tx::Tx;
use chrono::{DateTime, Utc};
use domain::history::Event;
use domain::id::{AccountId, ArticleId, ClaimId};
use domain::workflow::{Blocked, Lease, Work};
use std::collections::HashMap;
use uuid::Uuid;

pub(crate) struct Locked {
    pub id: ClaimId,
    pub article: ArticleId,
    pub work: Work,
}

/// A claim as a change finds it.
pub(crate) struct LockedRow {
    pub id: ClaimId,
    pub article_id: ArticleId,
    pub stage: String,
    pub version: i32,
    pub lease_holder: Option<AccountId>,
    pub lease_until: Option<DateTime<Utc>>,
    pub rating: Option<String>,
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

/// Writes where a claim now is, and who gave it a verdict.
pub(crate) async fn keep(tx: &mut Tx, id: ClaimId, work: &Work, reviewer: Option<AccountId>) -> Result<()> {
    let now = tx.now;
    sqlx::query!(
        "update claim
            set stage_since = case when stage = $2 then stage_since else $7 end,
                stage = $2, version = $3, lease_holder = $4, lease_until = $5, rating = $6,
                -- the scale of the newest verdict that gave this rating: the one that stands
                (rating_scale, rating_version) = (
                    select v.scale, v.scale_version from verdict v
                     where v.claim_id = $1 and v.rating = $6 order by v.number desc limit 1),
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
    "published_again",
    "withdrawn",
    "basis_moved",
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
pub(crate) async fn last_actor(tx: &mut Tx, id: ClaimId, kinds: &[&str]) -> Result<String> {
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
