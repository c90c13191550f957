//! What editors see: how much stands where, what waits, who did what. Every number is read from a
//! maintained counter or from the end of an index.

use crate::Desk;
use crate::articles::ArticleRow;
use crate::claims::ClaimRow;
use crate::error::{Doing, Result, word};
use crate::flow::{DayRange, Flow};
use crate::scope::{Scope, of_given};
use chrono::{DateTime, NaiveDate, Utc};
use domain::clearance::Standing;
use domain::id::AccountId;
use domain::load::Concentration;
use domain::policy::{self, Actor, Read};
use domain::scale::{Rating, Scales};
use domain::workflow::Stage;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use uuid::Uuid;

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
    /// The account is switched off: it is here for what it did.
    pub is_disabled: bool,
    /// How many verdicts of each rating.
    pub ratings: Vec<(Arc<Rating>, i64)>,
    /// First verdicts that nobody sees yet: their ratings are not told.
    pub sealed: i64,
    /// Verdicts given today, whatever days were asked for.
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
    /// Over all claims that are counted.
    pub standings: Vec<Standing>,
    /// How many people hold a claim now.
    pub reviewing: i64,
    /// Verdicts given today.
    pub today: i64,
    /// Since when the oldest open claim is open.
    pub open_since: Option<DateTime<Utc>>,
    /// Longest first; of all claims only.
    pub waiting: Vec<Waiting>,
    /// Newest first; of all claims only.
    pub articles: Vec<ArticleRow>,
    /// Everybody who gave a verdict, and others of the desk; the busiest first.
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

    /// The ratings to show, with how many claims have them: the desk's own scale is always in sight, of
    /// other scales what stands somewhere.
    pub fn shown_ratings(&self) -> impl Iterator<Item = (&Arc<Rating>, i64)> {
        let counted =
            self.ratings.iter().enumerate().map(|(at, rating)| (at, rating, self.rated(&rating.key)));
        counted.filter(|(at, _, n)| *at < self.own_ratings || *n > 0).map(|(_, rating, n)| (rating, n))
    }

    /// How many verdicts the reviewers gave in all, of which theirs are shares.
    pub fn given(&self) -> i64 {
        self.reviewers.iter().map(ReviewerRow::verdicts).sum()
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
        let (people, days) = (DayRange::last(7, today), DayRange::last(14, today));
        self.dashboard_of(actor, people, days, Scope::default()).await
    }

    /// All claims or some of them at a glance, with what people did over some days.
    ///
    /// # Errors
    /// As [`Self::dashboard`].
    pub async fn dashboard_over(&self, actor: &Actor, days: DayRange, scope: Scope) -> Result<Dashboard> {
        self.dashboard_of(actor, days, days, scope).await
    }

    async fn dashboard_of(
        &self,
        actor: &Actor,
        people: DayRange,
        days: DayRange,
        scope: Scope,
    ) -> Result<Dashboard> {
        let _: policy::Permit<Read> = policy::permit(actor)?;
        let some = self.claims_of_scope(scope).await?;
        let given = self.given(people, days, self.clock.now().date_naive(), some.as_deref()).await?;
        self.dashboard_from(actor, days, some.as_deref(), &given).await
    }

    /// Both [`Self::dashboard_over`] and [`Self::flow`] of the same days, for whoever shows them together.
    ///
    /// # Errors
    /// As [`Self::dashboard`].
    pub async fn at_a_glance(
        &self,
        actor: &Actor,
        days: DayRange,
        scope: Scope,
    ) -> Result<(Dashboard, Flow)> {
        let _: policy::Permit<Read> = policy::permit(actor)?;
        let some = self.claims_of_scope(scope).await?;
        let some = some.as_deref();
        let given = self.given(days, days, self.clock.now().date_naive(), some).await?;
        let dashboard = self.dashboard_from(actor, days, some, &given).await?;
        Ok((dashboard, self.flow_from(days, some, given.load()).await?))
    }

    async fn dashboard_from(
        &self,
        actor: &Actor,
        days: DayRange,
        some: Option<&[Uuid]>,
        given: &Given,
    ) -> Result<Dashboard> {
        let scales = self.scales().await?;
        let of_all = async {
            if some.is_none() {
                let (waiting, articles) = tokio::try_join!(self.waiting(8), self.articles(actor, None, 12))?;
                Ok((waiting, articles.rows))
            } else {
                Ok((Vec::new(), Vec::new()))
            }
        };
        let (standings, reviewing, open_since, (waiting, articles), reviewers) = tokio::try_join!(
            self.standings(some),
            self.reviewing(some),
            self.open_since(some),
            of_all,
            self.reviewers(&scales, given, some),
        )?;
        Ok(Dashboard {
            at: self.clock.now(),
            standings,
            reviewing,
            today: given.today.values().sum(),
            open_since,
            waiting,
            articles,
            reviewers,
            days: given.each_day(&scales, days),
            own_ratings: scales.current().next().map_or(0, |scale| scale.ratings.len()),
            ratings: scales.ratings().into_iter().cloned().collect(),
        })
    }

    /// How many claims stand where: of all, as they are counted, or of some.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn standings(&self, some: Option<&[Uuid]>) -> Result<Vec<Standing>> {
        let scales = self.scales().await?;
        sqlx::query!(
            r#"select stage as "stage!", rating as "rating!", sum(n)::bigint as "n!"
                 from (select stage, rating, n from desk_tally where $1::uuid[] is null
                       union all
                       select stage, coalesce(rating, ''), 1 from claim where id = any($1)) tally
                group by stage, rating having sum(n) <> 0 order by stage, rating"#,
            some,
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

    async fn reviewing(&self, some: Option<&[Uuid]>) -> Result<i64> {
        sqlx::query_scalar!(
            r#"select count(distinct lease_holder) as "people!" from claim
                where lease_holder is not null and ($1::uuid[] is null or id = any($1))"#,
            some,
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

    /// The end of `claim_stage_since_idx`, or the least of some claims.
    async fn open_since(&self, some: Option<&[Uuid]>) -> Result<Option<DateTime<Utc>>> {
        sqlx::query_scalar!(
            r#"select min(stage_since) from (
                   (select stage_since from claim where stage = 'open' and $1::uuid[] is null
                     order by stage_since, id limit 1)
                   union all
                   select stage_since from claim where id = any($1) and stage = 'open') open"#,
            some,
        )
        .fetch_one(&self.reads)
        .await
        .doing("find what has been open longest")
    }

    /// Verdicts of some days, by person and by day, read once for both.
    async fn given(
        &self,
        people: DayRange,
        days: DayRange,
        today: NaiveDate,
        some: Option<&[Uuid]>,
    ) -> Result<Given> {
        let rows = of_given!(
            query,
            r#"select reviewer_id as "who?: AccountId", day as "day?", rating as "rating?",
                      grouping(day) as "of_person!",
                      coalesce(sum(n) filter (where day between $2 and $3), 0)::bigint as "of_people!",
                      coalesce(sum(n) filter (where day between $4 and $5), 0)::bigint as "of_days!",
                      coalesce(sum(n) filter (where day = $6), 0)::bigint as "today!"
                 from given
                where day between $2 and $3 or day between $4 and $5 or day = $6
                group by grouping sets ((reviewer_id, rating), (day, rating))"#,
            some,
            people.from,
            people.to,
            days.from,
            days.to,
            today,
        )
        .fetch_all(&self.reads)
        .await
        .doing("read the counters of verdicts")?;
        let mut given = Given::default();
        for row in rows {
            let rating = row.rating.unwrap_or_default();
            match (row.who, row.day) {
                (Some(who), _) if row.of_person == 1 => {
                    *given.people.entry(who).or_default().entry(rating).or_default() += row.of_people;
                    *given.today.entry(who).or_default() += row.today;
                }
                (_, Some(day)) => {
                    *given.days.entry(day).or_default().entry(rating).or_default() += row.of_days
                }
                _ => {}
            }
        }
        given.people.retain(|_, ratings| ratings.values().any(|n| *n > 0));
        given.today.retain(|_, n| *n > 0);
        Ok(given)
    }

    /// Everybody who gave a verdict in these days or today, whatever became of their account: shares are
    /// of all. Of the others, those who may give one, up to thirty rows; where some claims are counted,
    /// those who have one of them.
    async fn reviewers(
        &self,
        scales: &Scales,
        given: &Given,
        some: Option<&[Uuid]>,
    ) -> Result<Vec<ReviewerRow>> {
        let busy: BTreeSet<AccountId> = given.people.keys().chain(given.today.keys()).copied().collect();
        let ids: Vec<Uuid> = busy.iter().map(|id| id.0).collect();
        let rows = sqlx::query!(
            r#"with holder as (
                   select lease_holder as id from claim where id = any($1)
                   union
                   select assignee from claim where id = any($1)),
               shown as (
                   select id, name, disabled_at from account where id = any($2)
                   union all
                   (select id, name, disabled_at from account
                     where id <> all($2)
                       and case when $1::uuid[] is null then disabled_at is null and role <> 'viewer'
                                else id in (select id from holder) end
                     order by lower(name), id
                     limit greatest(0, $3 - cardinality($2))))
               select id as "id!: AccountId", name as "name!", disabled_at is not null as "is_disabled!",
                      (select count(*) from claim
                        where (lease_holder = shown.id or assignee = shown.id)
                          and ($1::uuid[] is null or claim.id = any($1))) as "held!"
                 from shown order by lower(name), id"#,
            some,
            &ids,
            LISTED,
        )
        .fetch_all(&self.reads)
        .await
        .doing("read who reviews")?;
        let nothing = BTreeMap::new();
        let mut all: Vec<ReviewerRow> = rows
            .into_iter()
            .map(|row| {
                let counts = given.people.get(&row.id).unwrap_or(&nothing);
                ReviewerRow {
                    id: row.id,
                    name: row.name,
                    is_disabled: row.is_disabled,
                    ratings: ratings(scales, counts),
                    sealed: sealed(counts),
                    today: given.today.get(&row.id).copied().unwrap_or_default(),
                    held: row.held,
                }
            })
            .collect();
        let of_days =
            |row: &ReviewerRow| -> i64 { given.people.get(&row.id).map_or(0, |of| of.values().sum()) };
        all.sort_by_key(|row| std::cmp::Reverse((of_days(row), row.today)));
        Ok(all)
    }
}

/// As many people are listed, where fewer gave verdicts.
const LISTED: i32 = 30;

/// How many verdicts of which rating.
type Ratings = BTreeMap<String, i64>;

/// Verdicts of some days, added up in two ways.
#[derive(Default)]
struct Given {
    people: BTreeMap<AccountId, Ratings>,
    days: BTreeMap<NaiveDate, Ratings>,
    /// Of today, by person, whatever days were asked for.
    today: BTreeMap<AccountId, i64>,
}

impl Given {
    /// On how few people the verdicts rest.
    fn load(&self) -> Option<Concentration> {
        let done: Vec<i64> = self.people.values().map(|ratings| ratings.values().sum()).collect();
        Concentration::of(&done)
    }

    fn each_day(&self, scales: &Scales, days: DayRange) -> Vec<DayRow> {
        let nothing = Ratings::new();
        days.from
            .iter_days()
            .take_while(|day| *day <= days.to)
            .map(|day| {
                let counts = self.days.get(&day).unwrap_or(&nothing);
                DayRow { day, ratings: ratings(scales, counts), sealed: sealed(counts) }
            })
            .collect()
    }
}

/// What counts under no rating: see `reviewer_tally`.
fn sealed(counts: &Ratings) -> i64 {
    counts.get("").copied().unwrap_or_default()
}

/// In the order of the scales.
fn ratings(scales: &Scales, counts: &Ratings) -> Vec<(Arc<Rating>, i64)> {
    scales
        .ratings()
        .into_iter()
        .filter_map(|rating| Some((Arc::clone(rating), *counts.get(&rating.key).filter(|n| **n > 0)?)))
        .collect()
}
