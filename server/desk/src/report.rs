//! An article's report: what stands of each claim, on what evidence, and what may be printed.

use crate::Desk;
use crate::articles::{ArticleView, MarkedClaim};
use crate::claims::AttributionView;
use crate::error::{Doing, Result, word};
use crate::media::assessed;
use chrono::{DateTime, Utc};
use domain::claim::{Polarity, Stance};
use domain::grade::{Information, Reliability};
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

/// A piece of evidence in use.
#[derive(Clone, Debug)]
pub struct ReportEvidence {
    pub title: String,
    pub address: Option<String>,
    pub stance: Stance,
    pub source: Option<String>,
    pub reliability: Reliability,
    pub information: Information,
}

/// A claim with what the desk has found.
#[derive(Clone, Debug)]
pub struct ReportClaim {
    pub claim: MarkedClaim,
    pub verdict: Option<ReportVerdict>,
    pub evidence: Vec<ReportEvidence>,
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
        let mut evidence: HashMap<ClaimId, Vec<ReportEvidence>> = HashMap::new();
        let rows = sqlx::query!(
            r#"select e.claim_id as "claim_id: ClaimId", e.title, e.address, e.stance, source.name as "source?",
                      e.information,
                      (select g.grade from source_grade g where g.source_id = source.id
                        order by g.id desc limit 1) as grade
                 from evidence e
                 left join source called on called.id = e.source_id
                 left join source on source.id = coalesce(called.same_as, called.id)
                where e.claim_id = any($1) and e.withdrawn_at is null
                order by e.added_at, e.id
                limit 2000"#,
            &ids,
        )
        .fetch_all(&self.pool)
        .await
        .doing("read the evidence of an article")?;
        for row in rows {
            evidence.entry(row.claim_id).or_default().push(ReportEvidence {
                title: row.title,
                address: row.address,
                stance: word("evidence", "stance", &row.stance)?,
                source: row.source,
                reliability: row
                    .grade
                    .map_or(Ok(Reliability::F), |grade| word("source_grade", "grade", &grade))?,
                information: Information::of_number(row.information).unwrap_or(Information::Six),
            });
        }
        let mut media = assessed(&self.pool, &ids).await?;
        let claims = kept
            .into_iter()
            .map(|claim| {
                let verdict = verdicts.remove(&claim.id);
                let printable =
                    claim.printable(verdict.as_ref().and_then(|verdict| verdict.figure.as_deref()));
                ReportClaim {
                    evidence: evidence.remove(&claim.id).unwrap_or_default(),
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
        printable(&Judged {
            words: self.statement.as_deref().unwrap_or(&self.claim.text),
            measures: &self.claim.measures,
            source: self.claim.source.as_deref(),
            polarity: polarity(&self.attributions),
            tone: standing.mark.as_ref()?.tone,
            figure: standing.figure.as_deref(),
        })
    }
}

impl MarkedClaim {
    /// The sentence that may be printed of it; `None` before it is decided, and where nothing can
    /// stand.
    fn printable(&self, figure: Option<&str>) -> Option<String> {
        let rating = self.mark.as_ref().filter(|_| self.stage.is_decided())?;
        printable(&Judged {
            words: self.statement.as_deref().unwrap_or(&self.text),
            measures: &self.measures,
            source: self.source.as_deref(),
            polarity: polarity(&self.attributions),
            tone: rating.tone,
            figure,
        })
    }
}

/// What the original source does with a claim; an article that says it itself asserts it.
fn polarity(attributions: &[AttributionView]) -> Polarity {
    attributions.first().map_or(Polarity::Asserted, |original| original.polarity)
}
