//! How work flows: how long claims stay where, what has stalled and with whom, how much comes and
//! goes a day, and on how few people it rests. Every number is read from maintained counters or from
//! the end of an index: none of it grows with the number of claims.

use crate::Desk;
use crate::agreement::Period;
use crate::claims::ClaimRow;
use crate::error::{Doing, Result, word};
use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use domain::load::Concentration;
use domain::policy::{self, Actor, Read};
use domain::stays::{BY_HOUR, Entered, Stays, TIMED, stalled_after};
use domain::words::Invalid;
use domain::workflow::Stage;
use phrase::phrase;
use std::collections::{BTreeMap, HashMap};

/// Longest period that is shown.
const MOST_DAYS: i64 = 366;
/// The periods that are offered, in days.
pub const PERIODS: [u64; 3] = [7, 30, 90];
/// How many stalled claims are listed.
const STALLED: i64 = 8;

/// Days in UTC, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DayRange {
    pub from: NaiveDate,
    pub to: NaiveDate,
}

/// How long claims stay in a stage.
#[derive(Clone, Debug)]
pub struct StageTime {
    pub stage: Stage,
    /// How many left it in the period.
    pub left: i64,
    pub median: Option<TimeDelta>,
    /// Nine of ten that left it had been there no longer.
    pub p90: Option<TimeDelta>,
    /// How many are in it now.
    pub now: i64,
    pub oldest: Option<DateTime<Utc>>,
    /// Half of those that are in it now have been for no longer.
    pub median_age: Option<TimeDelta>,
    pub p90_age: Option<TimeDelta>,
    /// After how long one counts as stalled, and how many do.
    pub stalled_after: TimeDelta,
    pub stalled: i64,
}

/// A claim that has been in its stage for too long.
#[derive(Clone, Debug)]
pub struct Stalled {
    pub claim: ClaimRow,
    /// How long it may be there before it counts as stalled.
    pub limit: TimeDelta,
}

/// What came and went on a day (UTC).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FlowDay {
    pub day: NaiveDate,
    pub taken_in: i64,
    pub settled: i64,
    pub published: i64,
    pub reopened: i64,
    pub dismissed: i64,
}

/// How work flowed over a period.
#[derive(Clone, Debug)]
pub struct Flow {
    pub at: DateTime<Utc>,
    pub days: DayRange,
    /// In the order that a claim meets them.
    pub stages: Vec<StageTime>,
    /// Longest first.
    pub stalled: Vec<Stalled>,
    /// Oldest first, days on which nothing happened included.
    pub each_day: Vec<FlowDay>,
    /// Of the verdicts of the period; `None` where there are none.
    pub load: Option<Concentration>,
}

impl Flow {
    /// How much came and went in all.
    pub fn sum(&self, of: impl Fn(&FlowDay) -> i64) -> i64 {
        self.each_day.iter().map(of).sum()
    }

    /// How many claims have stalled, in all stages.
    pub fn all_stalled(&self) -> i64 {
        self.stages.iter().map(|stage| stage.stalled).sum()
    }
}

impl DayRange {
    /// The last so many days, today included.
    pub fn last(days: u64, today: NaiveDate) -> Self {
        Self { from: today.checked_sub_days(Days::new(days.saturating_sub(1))).unwrap_or(today), to: today }
    }

    /// A period as people choose it: open ends are the last week's.
    ///
    /// # Errors
    /// `Invalid` where it ends before it begins, or is longer than a year.
    pub fn of(period: Period, today: NaiveDate) -> Result<Self, Invalid> {
        let to = period.to.unwrap_or(today);
        let days = Self { from: period.from.unwrap_or_else(|| Self::last(7, to).from), to };
        if days.from > days.to {
            return Err(Invalid::new("from", "Choose a first day that is not after the last one."));
        }
        if days.n() > MOST_DAYS {
            return Err(Invalid::new("from", phrase!("Choose at most {MOST_DAYS} days.")));
        }
        Ok(days)
    }

    /// A period as an address has it: `days` 7, 30 or 90, or a first and a last day.
    ///
    /// # Errors
    /// `Invalid` for another number of days, for what is no day, and as [`Self::of`].
    pub fn asked(days: &str, from: &str, to: &str, today: NaiveDate) -> Result<Self, Invalid> {
        let day = |field: &'static str, text: &str| match text.trim() {
            "" => Ok(None),
            text => text.parse().map(Some).map_err(|_| Invalid::new(field, "Write the day as 2026-03-12.")),
        };
        let period = Period { from: day("from", from)?, to: day("to", to)? };
        match days.trim() {
            "" => Self::of(period, today),
            text => match text.parse() {
                Ok(days) if PERIODS.contains(&days) => Ok(Self::last(days, today)),
                _ => Err(Invalid::new("days", "Choose 7, 30 or 90 days, or give from and to.")),
            },
        }
    }

    /// How many days.
    pub fn n(self) -> i64 {
        (self.to - self.from).num_days() + 1
    }
}

impl Desk {
    /// How work flowed over some days.
    ///
    /// # Errors
    /// `Refused` for nobody, or where the database fails.
    pub async fn flow(&self, actor: &Actor, days: DayRange) -> Result<Flow> {
        let _: policy::Permit<Read> = policy::permit(actor)?;
        let now = self.clock.now();
        let (left, entered, oldest, each_day, load) = tokio::try_join!(
            self.left(days),
            self.entered(now),
            self.oldest(),
            self.each_day(days),
            self.concentration(days),
        )?;
        let none = (Stays::default(), Entered::default());
        let stages: Vec<StageTime> = TIMED
            .into_iter()
            .map(|stage| {
                let (left, there) =
                    (left.get(&stage).unwrap_or(&none.0), entered.get(&stage).unwrap_or(&none.1));
                let limit = stalled_after(stage, left);
                StageTime {
                    stage,
                    left: left.n(),
                    median: left.percentile(0.5),
                    p90: left.percentile(0.9),
                    now: there.n(),
                    oldest: oldest.get(&stage).copied(),
                    median_age: there.age(0.5, now),
                    p90_age: there.age(0.9, now),
                    stalled_after: limit,
                    stalled: there.longer_than(limit, now),
                }
            })
            .collect();
        let stalled = self.stalled(&stages, now).await?;
        Ok(Flow { at: now, days, stages, stalled, each_day, load })
    }

    /// Finished stays by stage. A range of the primary key: after days are put together, a row for
    /// each day, stage and bucket that occurred, some 20,000 in 90 busy days.
    async fn left(&self, days: DayRange) -> Result<HashMap<Stage, Stays>> {
        let rows = sqlx::query!(
            r#"select stage, bucket, sum(n)::bigint as "n!" from stage_stay
                where day between $1 and $2 group by stage, bucket"#,
            days.from,
            days.to,
        )
        .fetch_all(&self.reads)
        .await
        .doing("read how long claims stayed")?;
        let mut left: HashMap<Stage, Stays> = HashMap::new();
        for row in rows {
            left.entry(word("stage_stay", "stage", &row.stage)?).or_default().add(row.bucket, row.n);
        }
        Ok(left)
    }

    /// What is in each stage by when it came. The whole of a small table: an hour or a day a row.
    async fn entered(&self, now: DateTime<Utc>) -> Result<HashMap<Stage, Entered>> {
        let rows = sqlx::query!(
            r#"select stage, case when entered < $1 then date_trunc('day', entered, 'UTC') else entered end as "entered!",
                      sum(n)::bigint as "n!"
                 from stage_now group by 1, 2 having sum(n) <> 0"#,
            now - BY_HOUR,
        )
        .fetch_all(&self.reads)
        .await
        .doing("read since when claims wait")?;
        let mut entered: HashMap<Stage, Entered> = HashMap::new();
        for row in rows {
            entered.entry(word("stage_now", "stage", &row.stage)?).or_default().add(row.entered, row.n);
        }
        Ok(entered)
    }

    /// The end of `claim_stage_since_idx` for each stage.
    async fn oldest(&self) -> Result<HashMap<Stage, DateTime<Utc>>> {
        let stages: Vec<String> = TIMED.iter().map(|stage| stage.word().to_owned()).collect();
        let rows = sqlx::query!(
            r#"select s.stage as "stage!", first.stage_since
                 from unnest($1::text[]) as s (stage)
                 join lateral (select stage_since from claim where claim.stage = s.stage
                                order by stage_since, id limit 1) first on true"#,
            &stages,
        )
        .fetch_all(&self.reads)
        .await
        .doing("find what waits longest")?;
        rows.into_iter().map(|row| Ok((word("claim", "stage", &row.stage)?, row.stage_since))).collect()
    }

    /// The oldest of each stage that are past its limit, from the end of `claim_stage_since_idx`.
    async fn stalled(&self, stages: &[StageTime], now: DateTime<Utc>) -> Result<Vec<Stalled>> {
        let words: Vec<String> = stages.iter().map(|stage| stage.stage.word().to_owned()).collect();
        let before: Vec<DateTime<Utc>> = stages.iter().map(|stage| now - stage.stalled_after).collect();
        let ids = sqlx::query_scalar!(
            r#"select late.id as "id!: domain::id::ClaimId"
                 from unnest($1::text[], $2::timestamptz[]) as s (stage, before)
                cross join lateral (select id, stage_since from claim
                                     where claim.stage = s.stage and stage_since < s.before
                                     order by stage_since, id limit $3) late
                order by late.stage_since, late.id limit $3"#,
            &words,
            &before,
            STALLED,
        )
        .fetch_all(&self.reads)
        .await
        .doing("find what has stalled")?;
        let limits: HashMap<Stage, TimeDelta> =
            stages.iter().map(|stage| (stage.stage, stage.stalled_after)).collect();
        let rows = self.rows(&self.reads, &ids).await?;
        Ok(rows
            .into_iter()
            .filter_map(|claim| Some(Stalled { limit: *limits.get(&claim.stage)?, claim }))
            .collect())
    }

    /// A range of the primary key of a table with five rows a day.
    async fn each_day(&self, days: DayRange) -> Result<Vec<FlowDay>> {
        let rows = sqlx::query!(
            r#"select day, what, sum(n)::bigint as "n!" from desk_flow where day between $1 and $2 group by day, what"#,
            days.from,
            days.to,
        )
        .fetch_all(&self.reads)
        .await
        .doing("read what came and went")?;
        let mut all: BTreeMap<NaiveDate, FlowDay> = days
            .from
            .iter_days()
            .take_while(|day| *day <= days.to)
            .map(|day| (day, FlowDay { day, ..FlowDay::default() }))
            .collect();
        for row in rows {
            let Some(day) = all.get_mut(&row.day) else { continue };
            match row.what.as_str() {
                "taken_in" => day.taken_in = row.n,
                "settled" => day.settled = row.n,
                "published" => day.published = row.n,
                "reopened" => day.reopened = row.n,
                _ => day.dismissed = row.n,
            }
        }
        Ok(all.into_values().collect())
    }

    /// A range of `reviewer_tally_day_idx`: a row for each person, day and rating.
    async fn concentration(&self, days: DayRange) -> Result<Option<Concentration>> {
        let done = sqlx::query_scalar!(
            r#"select sum(n)::bigint as "n!" from reviewer_tally where day between $1 and $2 group by reviewer_id"#,
            days.from,
            days.to,
        )
        .fetch_all(&self.reads)
        .await
        .doing("read who gave how many verdicts")?;
        Ok(Concentration::of(&done))
    }

    /// Puts the counters of days and hours that are over together, so that there are few to add up.
    pub(crate) async fn put_stays_together(&self) -> Result<()> {
        sqlx::query("select put_stays_together($1)")
            .bind(self.clock.now())
            .execute(&self.pool)
            .await
            .doing("put counters together")?;
        Ok(())
    }
}
