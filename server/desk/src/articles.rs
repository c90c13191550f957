//! What people see of articles: the list and the reading view.

use crate::Desk;
use crate::claims::{AttributionView, CorrectionView, measures, span};
use crate::db::Anew;
use crate::deadlines::DeadlineView;
use crate::error::{Doing, Error, Result, word};
use crate::page::{Cursor, Page};
use crate::scales::mark;
use chrono::{DateTime, Utc};
use domain::claim::ClaimKind;
use domain::clearance::{Clearance, Standing};
use domain::deadline::Phase;
use domain::id::{ArticleId, ClaimId};
use domain::measure::Measure;
use domain::policy::{self, Actor, Read};
use domain::priority::{self, Contribution};
use domain::scale::{Rating, Scales};
use domain::text::Span;
use domain::workflow::Stage;
use serde::Deserialize;
use std::sync::Arc;
use uuid::Uuid;

/// An article in a list.
#[derive(Clone, Debug)]
pub struct ArticleRow {
    pub id: ArticleId,
    pub title: String,
    pub outlet: Option<String>,
    pub language: String,
    pub published_at: Option<DateTime<Utc>>,
    pub added_at: DateTime<Utc>,
    pub standings: Vec<Standing>,
    /// By when its claims have to be decided.
    pub deadline: Option<DeadlineView>,
}

impl ArticleRow {
    pub fn clearance(&self) -> Clearance {
        Clearance::of(&self.standings)
    }
}

/// A claim as the reading view marks it.
#[derive(Clone, Debug)]
pub struct MarkedClaim {
    pub id: ClaimId,
    pub text: String,
    pub span: Span,
    pub kind: ClaimKind,
    pub stage: Stage,
    /// The desk's policy lets it run as it is.
    pub runs_unchecked: bool,
    pub rating: Option<String>,
    /// The rating as it was when it was given.
    pub mark: Option<Arc<Rating>>,
    pub priority: i16,
    pub source: Option<String>,
    pub holder: Option<String>,
    /// Whose it is to do.
    pub assignee: Option<String>,
    /// How close the article's deadline was when that was last weighed.
    pub phase: Option<Phase>,
    /// Why it cannot be right together with another claim of its incident.
    pub contradiction: Option<String>,
    /// The claim so that it is understood alone; `None` where its own words already are.
    pub statement: Option<String>,
    pub checkworthiness: f32,
    pub reasons: Vec<String>,
    pub measures: Vec<Measure>,
    /// The original source first.
    pub attributions: Vec<AttributionView>,
    /// What people have corrected of it.
    pub corrections: Vec<CorrectionView>,
}

impl MarkedClaim {
    /// The parts of the priority and why they are there.
    pub fn contributions(&self) -> Vec<Contribution> {
        let worth = f64::from(self.checkworthiness);
        let mut parts =
            priority::contributions(self.kind, worth, !self.attributions.is_empty(), &self.measures);
        parts.extend(self.phase.map(Phase::contribution));
        parts.extend(priority::contradiction(self.contradiction.as_deref()));
        parts
    }
}

/// The reading view.
#[derive(Clone, Debug)]
pub struct ArticleView {
    pub article: ArticleRow,
    pub author: Option<String>,
    pub address: Option<String>,
    pub added_by: String,
    pub text: String,
    pub sha256: Vec<u8>,
    pub taken_at: DateTime<Utc>,
    pub snapshots: i32,
    /// In the order of the text.
    pub claims: Vec<MarkedClaim>,
    /// Claims whose wording only an earlier version has: with their verdicts and their public pages, but
    /// they keep the article from nothing.
    pub earlier: Vec<MarkedClaim>,
}

#[derive(Deserialize)]
struct Tally {
    stage: String,
    rating: String,
    n: i64,
    let_go: i64,
}

pub(crate) fn standings(value: Option<serde_json::Value>, scales: &Scales) -> Result<Vec<Standing>> {
    let inconsistent = |what: String| Error::Inconsistent { table: "article_tally", column: "stage", what };
    let tallies: Vec<Tally> = value
        .map_or(Ok(Vec::new()), serde_json::from_value)
        .map_err(|error| inconsistent(error.to_string()))?;
    tallies
        .into_iter()
        .map(|tally| {
            Ok(Standing {
                stage: word("article_tally", "stage", &tally.stage)?,
                tone: scales.by_key(&tally.rating).map(|rating| rating.tone),
                rating: (!tally.rating.is_empty()).then_some(tally.rating),
                claims: tally.n,
                let_go: tally.let_go,
            })
        })
        .collect()
}

/// The columns of an article's deadline, which are there together.
fn deadline(
    at: Option<DateTime<Utc>>,
    by: Option<String>,
    set_at: Option<DateTime<Utc>>,
    phase: Option<String>,
) -> Result<Option<DeadlineView>> {
    let (Some(at), Some(by), Some(set_at), Some(phase)) = (at, by, set_at, phase) else { return Ok(None) };
    Ok(Some(DeadlineView { at, by, set_at, phase: word("article", "deadline_phase", &phase)? }))
}

impl Desk {
    /// Articles, newest first, a page at a time.
    ///
    /// # Errors
    /// `Refused` for nobody, or where the database fails.
    pub async fn articles(
        &self,
        actor: &Actor,
        after: Option<Cursor>,
        limit: i64,
    ) -> Result<Page<ArticleRow>> {
        let _: policy::Permit<Read> = policy::permit(actor)?;
        let limit = limit.clamp(1, 200);
        let found = sqlx::query!(
            r#"select id, added_at from article
                where $1::timestamptz is null or (added_at, id) < ($1, $2::uuid)
                order by added_at desc, id desc
                limit $3"#,
            after.map(|cursor| cursor.moment()).transpose()?,
            after.map(|cursor| cursor.id),
            limit + 1,
        )
        .fetch_all(Anew(&self.reads))
        .await
        .doing("list articles")?
        .into_iter()
        .map(|row| (row.added_at, row.id))
        .collect();
        let page = Page::of(found, limit, |(added_at, id): &(DateTime<Utc>, ArticleId)| Cursor {
            key: added_at.timestamp_micros(),
            id: id.0,
        });
        let ids: Vec<Uuid> = page.rows.iter().map(|(_, id)| id.0).collect();
        Ok(Page { rows: self.article_rows(&ids).await?, next: page.next })
    }

    /// The articles with these ids, in this order, each as a list shows it.
    pub(crate) async fn article_rows(&self, ids: &[Uuid]) -> Result<Vec<ArticleRow>> {
        let scales = self.scales().await?;
        sqlx::query!(
            r#"select article.id, article.title, outlet.name as "outlet?", article.language,
                      article.published_at, article.added_at,
                      article.deadline, setter.name as "deadline_by?", article.deadline_set_at, article.deadline_phase,
                      (select jsonb_agg(jsonb_build_object('stage', stage, 'rating', rating, 'n', n, 'let_go', let_go)
                                        order by stage, rating)
                         from article_tally where article_id = article.id and n > 0) as standings
                 from unnest($1::uuid[]) with ordinality as wanted (id, place)
                 join article on article.id = wanted.id
                 left join outlet on outlet.id = article.outlet_id
                 left join account setter on setter.id = article.deadline_by
                order by wanted.place"#,
            ids,
        )
        .fetch_all(&self.reads)
        .await
        .doing("read articles")?
        .into_iter()
        .map(|row| {
            Ok(ArticleRow {
                id: row.id,
                title: row.title,
                outlet: row.outlet,
                language: row.language,
                published_at: row.published_at,
                added_at: row.added_at,
                standings: standings(row.standings, &scales)?,
                deadline: deadline(row.deadline, row.deadline_by, row.deadline_set_at, row.deadline_phase)?,
            })
        })
        .collect()
    }

    /// The reading view of one article: its latest text with its claims.
    ///
    /// # Errors
    /// `NotFound`, or where the database fails.
    pub async fn article(&self, actor: &Actor, id: ArticleId) -> Result<ArticleView> {
        let _: policy::Permit<Read> = policy::permit(actor)?;
        let row = sqlx::query!(
            r#"select article.id, article.title, outlet.name as "outlet?", article.language, article.author,
                      article.address, article.published_at, article.added_at, account.name as added_by,
                      article.deadline, setter.name as "deadline_by?", article.deadline_set_at, article.deadline_phase,
                      latest.number, latest.taken_at, snapshot.text, snapshot.sha256,
                      snapshot.id as "snapshot_id: Uuid",
                      (select jsonb_agg(jsonb_build_object('stage', stage, 'rating', rating, 'n', n, 'let_go', let_go)
                                        order by stage, rating)
                         from article_tally where article_id = article.id and n > 0) as standings
                 from article
                 join account on account.id = article.added_by
                 join lateral (select number, snapshot_id, taken_at from article_snapshot
                                where article_id = article.id order by number desc limit 1) latest on true
                 join snapshot on snapshot.id = latest.snapshot_id
                 left join outlet on outlet.id = article.outlet_id
                 left join account setter on setter.id = article.deadline_by
                where article.id = $1"#,
            id.0,
        )
        .fetch_optional(&self.pool)
        .await
        .doing("read an article")?
        .ok_or(Error::NotFound("article"))?;
        let article_deadline =
            deadline(row.deadline, row.deadline_by, row.deadline_set_at, row.deadline_phase)?;
        let phase = article_deadline.as_ref().map(|deadline| deadline.phase);
        let rows = sqlx::query!(
            r#"select claim.id, claim.text, claim.span_start, claim.span_end, claim.kind, claim.stage, claim.rating,
                      claim.rating_scale, claim.rating_version, claim.priority, source.name as "source?", holder.name as "holder?", assignee.name as "assignee?", claim.in_latest,
                      claim.statement, claim.checkworthiness, claim.reasons, claim.contradiction,
                      claim.in_latest and runs_unchecked(claim.stage, claim.rating, claim.first_reviewer)
                      and exists (select from claim_let_go mark where mark.claim_id = claim.id and mark.until is null)
                          as "runs_unchecked!",
                      (select jsonb_agg(body order by position) from measure
                        where measure.claim_id = claim.id) as measures
                 from claim
                 left join source on source.id = claim.source_id
                 left join account holder on holder.id = claim.lease_holder
                 left join account assignee on assignee.id = claim.assignee
                where claim.article_id = $1
                order by claim.span_start, claim.id
                limit 5000"#,
            id.0,
        )
        .fetch_all(&self.pool)
        .await
        .doing("read an article's claims")?;
        let given = rows.iter().map(|row| (row.rating_scale.as_deref(), row.rating_version));
        let scales = self.scales_with(given).await?;
        let ids: Vec<Uuid> = rows.iter().map(|row| row.id.0).collect();
        let mut attributions = self.attributions_of(&ids).await?;
        let mut corrections = self.corrections_of(&ids).await?;
        let (claims, earlier) = rows
            .into_iter()
            .map(|row| {
                let claim = MarkedClaim {
                    statement: row.statement,
                    checkworthiness: row.checkworthiness,
                    reasons: row.reasons,
                    measures: measures(row.measures)?,
                    attributions: attributions.remove(&row.id).unwrap_or_default(),
                    corrections: corrections.remove(&row.id).unwrap_or_default(),
                    id: row.id,
                    text: row.text,
                    span: span(row.span_start, row.span_end),
                    kind: word("claim", "kind", &row.kind)?,
                    stage: word("claim", "stage", &row.stage)?,
                    runs_unchecked: row.runs_unchecked,
                    mark: mark(
                        &scales,
                        row.rating.as_deref(),
                        row.rating_scale.as_deref(),
                        row.rating_version,
                    ),
                    rating: row.rating,
                    priority: row.priority,
                    source: row.source,
                    holder: row.holder,
                    assignee: row.assignee,
                    phase,
                    contradiction: row.contradiction,
                };
                Ok((claim, row.in_latest))
            })
            .collect::<Result<Vec<_>>>()?
            .into_iter()
            .partition::<Vec<_>, _>(|(_, in_latest)| *in_latest);
        let only = |claims: Vec<(MarkedClaim, bool)>| claims.into_iter().map(|(claim, _)| claim).collect();
        Ok(ArticleView {
            article: ArticleRow {
                id: row.id,
                title: row.title,
                outlet: row.outlet,
                language: row.language,
                published_at: row.published_at,
                added_at: row.added_at,
                standings: standings(row.standings, &scales)?,
                deadline: article_deadline,
            },
            author: row.author,
            address: row.address,
            added_by: row.added_by,
            text: row.text,
            sha256: row.sha256,
            taken_at: row.taken_at,
            snapshots: row.number,
            claims: only(claims),
            earlier: only(earlier),
        })
    }
}
