//! Everything, for other programs: claims a batch at a time, so that memory stays flat.

use crate::Desk;
use crate::claims::{ClaimFilter, ClaimRow, Sort};
use crate::error::{Doing, Result, word};
use crate::media::assessed;
use crate::page::Cursor;
use chrono::{DateTime, Utc};
use domain::claim::Polarity;
use domain::id::ClaimId;
use domain::media::AssessedMedia;
use domain::policy::{self, Actor, Read};
use std::collections::HashMap;
use uuid::Uuid;

/// A claim with the verdict that stands.
#[derive(Clone, Debug)]
pub struct ExportRow {
    pub claim: ClaimRow,
    /// What its source does with it; an article that says it itself asserts it.
    pub polarity: Polarity,
    pub reviewer: Option<String>,
    pub rationale: Option<String>,
    pub figure: Option<String>,
    pub given_at: Option<DateTime<Utc>>,
    /// What pictures, videos and recordings among the evidence were found to be.
    pub media: Vec<AssessedMedia>,
}

impl Desk {
    /// The next claims to export, most urgent first, and where to go on.
    ///
    /// # Errors
    /// `Refused` for nobody, or where the database fails.
    pub async fn export(
        &self,
        actor: &Actor,
        filter: &ClaimFilter,
        after: Option<Cursor>,
    ) -> Result<(Vec<ExportRow>, Option<Cursor>)> {
        let _: policy::Permit<Read> = policy::permit(actor)?;
        let page = self.claims(actor, filter, Sort::Priority, after, 200).await?;
        let ids: Vec<Uuid> = page.rows.iter().map(|row| row.id.0).collect();
        let mut verdicts: HashMap<ClaimId, _> = sqlx::query!(
            "select v.claim_id, account.name, v.rationale, v.figure_text, v.given_at
               from claim join verdict v on v.id = claim.verdict_id
               join account on account.id = v.reviewer_id
              where claim.id = any($1)",
            &ids,
        )
        .fetch_all(&self.reads)
        .await
        .doing("read verdicts to export")?
        .into_iter()
        .map(|row| (row.claim_id, row))
        .collect();
        let not_asserted: HashMap<ClaimId, Polarity> = sqlx::query!(
            r#"select claim_id as "claim_id: ClaimId", polarity from attribution
              where claim_id = any($1) and hop = 0 and polarity <> 'asserted'"#,
            &ids,
        )
        .fetch_all(&self.reads)
        .await
        .doing("read what sources do with claims to export")?
        .into_iter()
        .map(|row| Ok((row.claim_id, word("attribution", "polarity", &row.polarity)?)))
        .collect::<Result<_>>()?;
        let mut media = assessed(&self.reads, &ids).await?;
        let rows = page
            .rows
            .into_iter()
            .map(|claim| {
                let verdict = verdicts.remove(&claim.id);
                let (reviewer, rationale, figure, given_at) = match verdict {
                    Some(v) => (Some(v.name), Some(v.rationale), v.figure_text, Some(v.given_at)),
                    None => (None, None, None, None),
                };
                let media = media.remove(&claim.id).unwrap_or_default();
                let polarity = not_asserted.get(&claim.id).copied().unwrap_or(Polarity::Asserted);
                ExportRow { claim, polarity, reviewer, rationale, figure, given_at, media }
            })
            .collect();
        Ok((rows, page.next))
    }
}
