//! What editors see: how much stands where, what waits, who did what. Every number is read from a
//! maintained counter or from the end of an index.

use crate::Desk;
use crate::articles::ArticleRow;
use crate::claims::ClaimRow;
use crate::error::{Doing, Result, word};
use crate::flow::DayRange;
use chrono::{DateTime, NaiveDate, Utc};
use domain::clearance::Standing;
use domain::id::AccountId;
use domain::policy::{self, Actor, Read};
use domain::scale::{Rating, Scales};
use domain::workflow::Stage;
use std::sync::Arc;

/// A claim that waits, and since when.
#[derive(Clone, Debug)]
pub struct Waiting {
    pub claim: ClaimRow,
    pub since: DateTime<Utc>,
}

/// What one person did in the last seven days, or the days asked for.
#[derive(Clone, Debug)]
pub struct ReviewerRow {
    pub id: AccountId,
    pub name: String,
    /// How many verdicts of each rating.
    pub ratings: Vec<(Arc<Rating>, i64)>,
    /// First verdicts that nobody sees yet: their ratings are not told.
    pub sealed: i64,
    pub today: i64,
    /// Claims under the person's lease or theirs to do.
    pub held: i64,
}

impl ReviewerRow {
    pub fn verdicts(&self) -> i64 {
        self.sealed + self.ratings.iter().map(|(_, n)| n).sum::<i64>()
    }
}

/// Verdicts of one day (UTC).
#[derive(Clone, Debug)]
pub struct DayRow {
    pub day: NaiveDate,
    pub ratings: Vec<(Arc<Rating>, i64)>,
    /// First verdicts that nobody sees yet: their ratings are not told.
    pub sealed: i64,
}

impl DayRow {
    pub fn verdicts(&self) -> i64 {
        self.sealed + self.ratings.iter().map(|(_, n)| n).sum::<i64>()
    }
}

#[derive(Clone, Debug)]
pub struct Dashboard {
    pub at: DateTime<Utc>,
    /// Over all articles.
    pub standings: Vec<Standing>,
    /// How many people hold a claim now.
    pub reviewing: i64,
    /// Verdicts given today.
    pub today: i64,
    /// Longest first.
    pub waiting: Vec<Waiting>,
    /// Newest first.
    pub articles: Vec<ArticleRow>,
    pub reviewers: Vec<ReviewerRow>,
    /// The last fourteen days, or those asked for, oldest first, days without verdicts included.
    pub days: Vec<DayRow>,
    /// Every rating of the desk, in the order of its scales.
    pub ratings: Vec<Arc<Rating>>,
    /// How many of them are of the desk's default scale: the first ones.
    pub own_ratings: usize,
}

impl Dashboard {
    /// How many claims are in a stage.
    pub fn in_stage(&self, stage: Stage) -> i64 {
        self.standings.iter().filter(|s| s.stage == stage).map(|s| s.claims).sum()
    }

    /// How many claims have a standing rating.
    pub fn rated(&self, rating: &str) -> i64 {
        self.standings.iter().filter(|s| s.rating.as_deref() == Some(rating)).map(|s| s.claims).sum()
    }
}

impl Desk {
    /// The desk at a glance.
    ///
    /// # Errors
    /// `Refused` for nobody, or where the database fails.
    pub async fn dashboard(&self, actor: &Actor) -> Result<Dashboard> {
        let today = self.clock.now().date_naive();
        self.dashboard_of(actor, DayRange::last(7, today), DayRange::last(14, today)).await
    }

    /// The desk at a glance, with what people did over some days.
    ///
    /// # Errors
    /// As [`Self::dashboard`].
    pub async fn dashboard_over(&self, actor: &Actor, days: DayRange) -> Result<Dashboard> {
        self.dashboard_of(actor, days, days).await
    }

    async fn dashboard_of(&self, actor: &Actor, people: DayRange, days: DayRange) -> Result<Dashboard> {
        let _: policy::Permit<Read> = policy::permit(actor)?;
        let now = self.clock.now();
        let today = now.date_naive();
        let scales = self.scales().await?;
        let (standings, reviewing, waiting, articles, reviewers, days) = tokio::try_join!(
            self.standings(),
            self.reviewing(),
            self.waiting(8),
            self.articles(actor, None, 12),
            self.reviewers(people, today),
            self.days(days),
        )?;
        Ok(Dashboard {
            at: now,
            standings,
            reviewing,
            today: days.iter().find(|row| row.day == today).map_or(0, DayRow::verdicts),
            waiting,
            articles: articles.rows,
            reviewers,
            days,
            own_ratings: scales.current().next().map_or(0, |scale| scale.ratings.len()),
            ratings: scales.ratings().into_iter().cloned().collect(),
        })
    }

    /// How many claims stand where, over all articles.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn standings(&self) -> Result<Vec<Standing>> {
        let scales = self.scales().await?;
        sqlx::query!(
            r#"select stage, rating, sum(n)::bigint as "n!" from desk_tally
                group by stage, rating having sum(n) <> 0 order by stage, rating"#
        )
        .fetch_all(&self.reads)
        .await
        .doing("read the counters")?
        .into_iter()
        .map(|row| {
            Ok(Standing {
                stage: word("desk_tally", "stage", &row.stage)?,
                tone: scales.by_key(&row.rating).map(|rating| rating.tone),
                rating: (!row.rating.is_empty()).then_some(row.rating),
                claims: row.n,
                // Only of an article is it asked whether it can run.
                let_go: 0,
            })
        })
        .collect()
    }

    async fn reviewing(&self) -> Result<i64> {
        sqlx::query_scalar!(
            r#"select count(distinct lease_holder) as "people!" from claim where lease_holder is not null"#
        )
        .fetch_one(&self.reads)
        .await
        .doing("count who reviews")
    }

    async fn waiting(&self, limit: i64) -> Result<Vec<Waiting>> {
        let ids = sqlx::query_scalar!(
            r#"select id as "id!: domain::id::ClaimId" from (
                   (select id, stage_since from claim where stage = 'open' order by stage_since, id limit $1)
                   union all
                   (select id, stage_since from claim where stage = 'reopened' order by stage_since, id limit $1)
                   union all
                   (select id, stage_since from claim where stage = 'awaiting_second_review'
                     order by stage_since, id limit $1)
                   union all
                   (select id, stage_since from claim where stage = 'disagreed' order by stage_since, id limit $1)
               ) waiting order by stage_since, id limit $1"#,
            limit,
        )
        .fetch_all(&self.reads)
        .await
        .doing("find what waits longest")?;
        Ok(self
            .rows(&self.reads, &ids)
            .await?
            .into_iter()
            .map(|claim| Waiting { since: claim.stage_since, claim })
            .collect())
    }

    async fn reviewers(&self, days: DayRange, today: NaiveDate) -> Result<Vec<ReviewerRow>> {
        let scales = self.scales().await?;
        let rows = sqlx::query!(
            r#"select account.id, account.name,
                      coalesce(jsonb_object_agg(tally.rating, tally.n) filter (where tally.rating is not null),
                               '{}') as "ratings!",
                      coalesce(sum(tally.today), 0)::bigint as "today!",
                      (select count(*) from claim where lease_holder = account.id or assignee = account.id) as "held!"
                 from account
                 left join (select reviewer_id, rating, sum(n)::bigint as n,
                                   sum(n) filter (where day = $3) as today
                              from reviewer_tally where day between $1 and $2 group by reviewer_id, rating) tally
                   on tally.reviewer_id = account.id
                where account.disabled_at is null and account.role <> 'viewer'
                group by account.id
                order by coalesce(sum(tally.n), 0) desc, lower(account.name)
                limit 30"#,
            days.from,
            days.to,
            today,
        )
        .fetch_all(&self.reads)
        .await
        .doing("read the reviewers' counters")?;
        Ok(rows
            .into_iter()
            .map(|row| ReviewerRow {
                id: row.id,
                name: row.name,
                ratings: ratings(&scales, &row.ratings),
                sealed: sealed(&row.ratings),
                today: row.today,
                held: row.held,
            })
            .collect())
    }

    async fn days(&self, days: DayRange) -> Result<Vec<DayRow>> {
        let scales = self.scales().await?;
        let rows = sqlx::query!(
            r#"select days.day as "day!",
                      coalesce((select jsonb_object_agg(rating, n) from (
                                select rating, sum(n)::bigint as n from reviewer_tally
                                 where reviewer_tally.day = days.day group by rating) tally), '{}') as "ratings!"
                 from (select $1::date + ahead as day from generate_series(0, $2::date - $1::date) as ahead) days
                order by days.day"#,
            days.from,
            days.to,
        )
        .fetch_all(&self.reads)
        .await
        .doing("read the days' counters")?;
        Ok(rows
            .into_iter()
            .map(|row| DayRow {
                day: row.day,
                ratings: ratings(&scales, &row.ratings),
                sealed: sealed(&row.ratings),
            })
            .collect())
    }
}

/// What counts under no rating: see `reviewer_tally`.
fn sealed(counts: &serde_json::Value) -> i64 {
    counts.get("").and_then(serde_json::Value::as_i64).unwrap_or_default()
}

/// In the order of the scales.
fn ratings(scales: &Scales, counts: &serde_json::Value) -> Vec<(Arc<Rating>, i64)> {
    scales
        .ratings()
        .into_iter()
        .filter_map(|rating| Some((Arc::clone(rating), counts.get(&rating.key)?.as_i64()?)))
        .collect()
}
