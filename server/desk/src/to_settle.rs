//! Which claims the desk's policy lets run unchecked. `domain` decides from what a claim says; what it
//! decides is kept as a mark, so that lists and counters need not ask again: written with the claim,
//! and anew for all that are not judged when the policy changes.

use crate::Desk;
use crate::claims::measures;
use crate::error::{Doing, Result, word};
use crate::found::Found;
use crate::tx::Tx;
use domain::claim::ClaimKind;
use domain::desk_policy::{ToSettle, Weighed};
use domain::id::ClaimId;
use domain::measure::Measure;
use futures_util::TryStreamExt;
use uuid::Uuid;

/// Waits until nobody changes the policy, which then waits for this transaction. To be called before
/// the transaction holds a claim: who changes the policy goes on to hold many.
pub(crate) async fn before_marking(tx: &mut Tx) -> Result<()> {
    sqlx::query!("select pg_advisory_xact_lock_shared(hashtextextended('claimdesk.let_go', 7))")
        .fetch_one(tx.db())
        .await
        .doing("wait for a change of the policy")?;
    Ok(())
}

/// Waits until nobody marks claims by the policy as it was.
pub(crate) async fn before_changing(tx: &mut Tx) -> Result<()> {
    sqlx::query!("select pg_advisory_xact_lock(hashtextextended('claimdesk.let_go', 7))")
        .fetch_one(tx.db())
        .await
        .doing("wait for changes of claims")?;
    Ok(())
}

impl Desk {
    /// Marks claims by what they now say. Whoever calls this called [`before_marking`] and holds them.
    pub(crate) async fn mark_by_policy(&self, tx: &mut Tx, claims: &[(ClaimId, Found)]) -> Result<()> {
        let policy = self.policy_in(tx).await?;
        let to_settle = &policy.body.to_settle;
        let (named, let_go): (Vec<_>, Vec<_>) = claims.iter().partition(|(_, found)| {
            to_settle.names(&weighed(found.kind, &found.measures, found.worth as f32))
        });
        let ids = |claims: Vec<&(ClaimId, Found)>| claims.into_iter().map(|(id, _)| id.0).collect::<Vec<_>>();
        mark(tx, &ids(named), &ids(let_go)).await
    }
}

/// Marks every claim that no verdict stands for, by a policy that is about to hold. Claims whose mark
/// changes are held in the order of their ids.
pub(crate) async fn mark_all(tx: &mut Tx, to_settle: &ToSettle) -> Result<()> {
    let (mut named, mut let_go) = (Vec::new(), Vec::new());
    let mut rows = sqlx::query!(
        r#"select claim.id, claim.kind, claim.checkworthiness, mark.claim_id is not null as "is_let_go!",
                  (select jsonb_agg(body order by position) from measure
                    where measure.claim_id = claim.id) as measures
             from claim left join claim_let_go mark on mark.claim_id = claim.id and mark.until is null
            where claim.rating is null and ($1 or mark.claim_id is not null)"#,
        !to_settle.is_everything(),
    )
    .fetch(tx.db());
    while let Some(row) = rows.try_next().await.doing("read what the policy weighs")? {
        let measures = measures(row.measures)?;
        let kind = word("claim", "kind", &row.kind)?;
        match (to_settle.names(&weighed(kind, &measures, row.checkworthiness)), row.is_let_go) {
            (true, true) => named.push(row.id.0),
            (false, false) => let_go.push(row.id.0),
            (true, false) | (false, true) => {}
        }
    }
    drop(rows);
    let changes: Vec<Uuid> = named.iter().chain(&let_go).copied().collect();
    sqlx::query!("select id from claim where id = any($1) order by id for no key update", &changes)
        .fetch_all(tx.db())
        .await
        .doing("hold claims that the policy names or lets go")?;
    mark(tx, &named, &let_go).await
}

/// As the table of claims has it: what is written and what is read back are weighed alike.
fn weighed(kind: ClaimKind, measures: &[Measure], worth: f32) -> Weighed<'_> {
    Weighed::unjudged(kind, measures, f64::from(worth))
}

/// Ends the marks of some claims and puts them on others; the database counts them.
async fn mark(tx: &mut Tx, named: &[Uuid], let_go: &[Uuid]) -> Result<()> {
    let now = tx.now;
    if !named.is_empty() {
        sqlx::query!(
            "update claim_let_go set until = greatest(since, $2) where claim_id = any($1) and until is null",
            named,
            now,
        )
        .execute(tx.db())
        .await
        .doing("mark claims that have to be settled")?;
    }
    if !let_go.is_empty() {
        sqlx::query!(
            "insert into claim_let_go (claim_id, since)
             select wanted.id, $2 from unnest($1::uuid[]) as wanted (id)
             on conflict (claim_id) where until is null do nothing",
            let_go,
            now,
        )
        .execute(tx.db())
        .await
        .doing("mark claims that may run unchecked")?;
    }
    Ok(())
}
