//! An article's report: what stands of each claim, on what evidence, and what may be printed.

use crate::Desk;
use crate::articles::{ArticleView, MarkedClaim};
use crate::claims::{AttributionView, EvidenceView, evidence_of_each};
use crate::error::{Doing, Result};
use crate::figure::read_figure;
use crate::grounds::who_gives;
use crate::media::assessed;
use chrono::{DateTime, Utc};
use domain::claim::Polarity;
use domain::id::{ArticleId, ClaimId};
use domain::media::AssessedMedia;
use domain::policy::Actor;
use domain::wording::{Judged, printable};
use std::collections::HashMap;
use uuid::Uuid;

/// The verdict that stands.
#[derive(Clone, Debug)]
pub struct ReportVerdict {
    pub reviewer: String,
    pub rationale: String,
    /// The figure that the evidence supports, as it was written.
    pub figure: Option<String>,
    pub given_at: DateTime<Utc>,
}

/// A claim with what the desk has found.
#[derive(Clone, Debug)]
pub struct ReportClaim {
    pub claim: MarkedClaim,
    pub verdict: Option<ReportVerdict>,
    /// In use, its own and that of claims whose place it took.
    pub evidence: Vec<EvidenceView>,
    /// What pictures, videos and recordings among it were found to be.
    pub media: Vec<AssessedMedia>,
    /// The sentence that may be printed.
    pub printable: Option<String>,
}

/// Everything about an article on paper.
#[derive(Clone, Debug)]
pub struct Report {
    pub view: ArticleView,
    /// In the order of the text, those that were set aside left out.
    pub claims: Vec<ReportClaim>,
    pub at: DateTime<Utc>,
}

impl Desk {
    /// The report of an article, as it stands now.
    ///
    /// # Errors
    /// `Refused` for nobody, `NotFound`, or where the database fails.
    pub async fn report(&self, actor: &Actor, id: ArticleId) -> Result<Report> {
        let view = self.article(actor, id).await?;
        let kept: Vec<MarkedClaim> = view
            .claims
            .iter()
            .filter(|claim| claim.stage != domain::workflow::Stage::Dismissed)
            .cloned()
            .collect();
        let ids: Vec<Uuid> = kept.iter().map(|claim| claim.id.0).collect();
        let mut verdicts: HashMap<ClaimId, ReportVerdict> = sqlx::query!(
            r#"select v.claim_id as "claim_id: ClaimId", account.name, v.rationale, v.figure_text, v.given_at
                 from claim join verdict v on v.id = claim.verdict_id
                 join account on account.id = v.reviewer_id
                where claim.id = any($1)"#,
            &ids,
        )
        .fetch_all(&self.pool)
        .await
        .doing("read the verdicts of an article")?
        .into_iter()
        .map(|row| {
            let verdict = ReportVerdict {
                reviewer: row.name,
                rationale: row.rationale,
                figure: row.figure_text,
                given_at: row.given_at,
            };
            (row.claim_id, verdict)
        })
        .collect();
        let figures = kept.iter().map(|claim| (claim.id, claim.measures.as_slice())).collect();
        let mut evidence = evidence_of_each(&self.pool, &figures, 2000).await?;
        let mut media = assessed(&self.pool, &ids).await?;
        let claims = kept
            .into_iter()
            .map(|claim| {
                let verdict = verdicts.remove(&claim.id);
                let mut evidence = evidence.remove(&claim.id).unwrap_or_default();
                evidence.retain(|piece| piece.withdrawn.is_none());
                let figure = verdict.as_ref().and_then(|verdict| verdict.figure.as_deref());
                let printable = claim.printable(figure, &evidence);
                ReportClaim {
                    evidence,
                    media: media.remove(&claim.id).unwrap_or_default(),
                    verdict,
                    printable,
                    claim,
                }
            })
            .collect();
        Ok(Report { view, claims, at: self.clock.now() })
    }
}

impl crate::ClaimView {
    /// The sentence that may be printed of it, as [`Report`] has it.
    pub fn printable(&self) -> Option<String> {
        let standing = self.standing().filter(|_| self.claim.stage.is_decided())?;
        let figure = standing.figure.as_deref();
        printable(&Judged {
            words: self.statement.as_deref().unwrap_or(&self.claim.text),
            measures: &self.claim.measures,
            source: self.claim.source.as_deref(),
            polarity: polarity(&self.attributions),
            tone: standing.mark.as_ref()?.tone,
            figure: figure.map(read_figure).transpose().ok()?.as_ref(),
            evidence: figure.and_then(|figure| who_gives(figure, &self.evidence, &self.claim.measures)),
        })
    }
}

impl MarkedClaim {
    /// The sentence that may be printed of it; `None` before it is decided, and where nothing can
    /// stand.
    fn printable(&self, figure: Option<&str>, evidence: &[EvidenceView]) -> Option<String> {
        let rating = self.mark.as_ref().filter(|_| self.stage.is_decided())?;
        printable(&Judged {
            words: self.statement.as_deref().unwrap_or(&self.text),
            measures: &self.measures,
            source: self.source.as_deref(),
            polarity: polarity(&self.attributions),
            tone: rating.tone,
            figure: figure.map(read_figure).transpose().ok()?.as_ref(),
            evidence: figure.and_then(|figure| who_gives(figure, evidence, &self.measures)),
        })
    }
}

/// What the original source does with a claim; an article that says it itself asserts it.
fn polarity(attributions: &[AttributionView]) -> Polarity {
    attributions.first().map_or(Polarity::Asserted, |original| original.polarity)
}
