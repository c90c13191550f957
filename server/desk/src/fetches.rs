//! Who has fetched what: one row for each export that was begun and each ClaimReview, so that one
//! knows whom a correction concerns.

use crate::Desk;
use crate::claims::ClaimFilter;
use crate::error::{Doing, Error, Result, storable};
use domain::closed_set;
use domain::id::{ClaimId, TokenId};
use domain::policy::Actor;
use serde_json::json;

closed_set! {
    /// What was fetched.
    Fetched {
        Csv = "csv", "export as CSV";
        Jsonl = "jsonl", "export as JSON Lines";
        ClaimReview = "claim_review", "ClaimReview of the claim";
    }
}

/// Who fetches, and with which token.
#[derive(Clone, Copy, Debug)]
pub enum Fetcher<'a> {
    CommandLine,
    Account(&'a Actor, Option<TokenId>),
}

impl Fetcher<'_> {
    fn columns(&self) -> (Option<uuid::Uuid>, Option<uuid::Uuid>) {
        match self {
            Self::CommandLine => (None, None),
            Self::Account(actor, token) => (Some(actor.id.0), token.map(|id| id.0)),
        }
    }
}

/// A filter by the names of the API's query.
fn named(filter: &ClaimFilter) -> serde_json::Value {
    let mut named = json!({
        "stage": filter.stage,
        "rating": filter.rating,
        "outcome": filter.outcome,
        "kind": filter.kind,
        "indicator": filter.indicator,
        "source": filter.source,
        "article": filter.article, "incident": filter.incident,
        "assignee": filter.assignee,
        "reviewer": filter.reviewer,
        "judged_from": filter.judged_from,
        "judged_to": filter.judged_to,
        "came": filter.came,
        "came_from": filter.came_from,
        "came_to": filter.came_to,
        "scale": filter.scale.as_deref().map(storable),
        "judge": filter.judge,
        "other_judge": filter.other_judge,
        "evidence_from": filter.evidence_from,
        "since_before": filter.since_before,
        "q": filter.q.as_deref().map(storable),
    });
    if let Some(named) = named.as_object_mut() {
        named.retain(|_, value| !value.is_null());
    }
    named
}

impl Desk {
    /// Notes that an export begins.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn note_export(&self, who: Fetcher<'_>, what: Fetched, filter: &ClaimFilter) -> Result<()> {
        if what == Fetched::ClaimReview {
            return Err(Error::Task("a ClaimReview is not an export".to_owned()));
        }
        self.note_fetch(who, what, None, Some(named(filter))).await
    }

    /// Notes that a claim's ClaimReview was fetched.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn note_claim_review(&self, who: Fetcher<'_>, claim: ClaimId) -> Result<()> {
        self.note_fetch(who, Fetched::ClaimReview, Some(claim), None).await
    }

    async fn note_fetch(
        &self,
        who: Fetcher<'_>,
        what: Fetched,
        claim: Option<ClaimId>,
        filter: Option<serde_json::Value>,
    ) -> Result<()> {
        let (account, token) = who.columns();
        sqlx::query!(
            "insert into fetched (at, what, account_id, token_id, claim_id, filter) values ($1, $2, $3, $4, $5, $6)",
            self.clock.now(),
            what.word(),
            account,
            token,
            claim.map(|id| id.0),
            filter,
        )
        .execute(&self.pool)
        .await
        .doing("note who fetched what")?;
        Ok(())
    }
}
