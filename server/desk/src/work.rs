//! A claim as a change finds it and leaves it: locked, moved, and who moved it last.

use crate::error::{Difference, Doing, Error, Result, word};
use crate::tx::Tx;
use chrono::{DateTime, Utc};
use domain::history::Event;
use domain::id::{AccountId, ArticleId, ClaimId, VerdictId};
use domain::workflow::{Blocked, Lease, Opinion, SoFar, Work};
use std::collections::HashMap;
use uuid::Uuid;

pub(crate) struct Locked {
    pub article: ArticleId,
    pub work: Work,
    /// The verdict that stands.
    pub stands: Option<VerdictId>,
}

/// A claim as a change finds it.
struct LockedRow {
    id: ClaimId,
    article_id: ArticleId,
    stage: String,
    version: i32,
    round: i32,
    lease_holder: Option<AccountId>,
    lease_until: Option<DateTime<Utc>>,
    rating: Option<String>,
    verdict_id: Option<VerdictId>,
    /// The verdicts of a round that takes two, in their order.
    opinions: Option<serde_json::Value>,
}

impl TryFrom<LockedRow> for Locked {
    type Error = Error;
    fn try_from(row: LockedRow) -> Result<Self> {
        let opinions: Vec<Opinion> = match row.opinions {
            Some(opinions) => serde_json::from_value(opinions).map_err(|error| Error::Inconsistent {
                table: "verdict",
                column: "rating",
                what: error.to_string(),
            })?,
            None => Vec::new(),
        };
        let mut opinions = opinions.into_iter();
        let so_far = match (opinions.next(), opinions.next()) {
            (Some(first), Some(second)) => SoFar::Both(first, second),
            (Some(first), None) => SoFar::First(first),
            (None, _) => SoFar::Nothing,
        };
        Ok(Self {
            article: row.article_id,
            stands: row.verdict_id,
            work: Work {
                stage: word("claim", "stage", &row.stage)?,
                round: row.round,
                so_far,
                version: row.version,
                lease: row.lease_holder.zip(row.lease_until).map(|(holder, until)| Lease { holder, until }),
                rating: row.rating,
            },
        })
    }
}

/// Holds a claim until the transaction ends.
pub(crate) async fn lock(tx: &mut Tx, id: ClaimId) -> Result<Locked> {
    lock_all(tx, &[id]).await?.remove(&id).ok_or(Error::NotFound("claim"))
}

/// Holds claims until the transaction ends, in the order of their ids as everywhere.
///
/// They are read by a statement after the one that locks them: that one may have waited for somebody
/// who gave a verdict, and it would see the claim as it is now, but the verdicts as they were when it
/// began.
pub(crate) async fn lock_all(tx: &mut Tx, ids: &[ClaimId]) -> Result<HashMap<ClaimId, Locked>> {
    let held: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
    sqlx::query!("select from claim where id = any($1) order by id for update", &held)
        .execute(tx.db())
        .await
        .doing("lock claims")?;
    look_at_all(tx, ids).await
}

/// Claims as they are, without holding them: to say beforehand what a change would do.
pub(crate) async fn look_at_all(tx: &mut Tx, ids: &[ClaimId]) -> Result<HashMap<ClaimId, Locked>> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
    sqlx::query_as!(
        LockedRow,
        r#"select id, article_id, stage, version, round, lease_holder, lease_until, rating, verdict_id,
                  (select jsonb_agg(jsonb_build_object('by', reviewer_id, 'scale', scale, 'rating', verdict.rating,
                              'figure', case when figure_text is not null then jsonb_build_object(
                                  'low', figure_low, 'best', figure_best, 'high', figure_high) end)
                          order by number)
                     from verdict
                    where claim.first_reviewer is not null
                      and verdict.claim_id = claim.id and verdict.round = claim.round) as opinions
             from claim where id = any($1) order by id"#,
        &ids,
    )
    .fetch_all(tx.db())
    .await
    .doing("look at claims")?
    .into_iter()
    .map(|row| Ok((row.id, row.try_into()?)))
    .collect()
}

/// Who gave a claim a verdict, and which one stands now, where that changed.
#[derive(Clone, Copy)]
pub(crate) struct Given {
    pub reviewer: AccountId,
    pub stands: Option<VerdictId>,
}

/// Writes where a claim now is, and who gave it a verdict.
pub(crate) async fn keep(tx: &mut Tx, id: ClaimId, work: &Work, given: Option<Given>) -> Result<()> {
    let now = tx.now;
    let (first, second) = match &work.so_far {
        SoFar::Nothing => (None, None),
        SoFar::First(first) => (Some(first.by.0), None),
        SoFar::Both(first, second) => (Some(first.by.0), Some(second.by.0)),
    };
    sqlx::query!(
        "update claim
            set stage_since = case when stage = $2 then stage_since else $7 end,
                stage = $2, version = $3, lease_holder = $4, lease_until = $5, rating = $6,
                -- the scale of the verdict that stands
                (rating_scale, rating_version) = (
                    select v.scale, v.scale_version from verdict v
                     where v.id = coalesce($9, claim.verdict_id) and $6::text is not null),
                reviewers = case when $8::uuid is null or reviewers @> array[$8] then reviewers
                                 else array_append(reviewers, $8) end,
                verdict_id = coalesce($9, verdict_id), round = $10, first_reviewer = $11, second_reviewer = $12
          where id = $1",
        id.0,
        work.stage.word(),
        work.version,
        work.lease.map(|lease| lease.holder.0),
        work.lease.map(|lease| lease.until),
        work.rating,
        now,
        given.map(|given| given.reviewer.0),
        given.and_then(|given| given.stands).map(|id| id.0),
        work.round,
        first,
        second,
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
    "first_verdict_given",
    "second_verdict_given",
    "adjudicated",
    "verdict_undone",
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
