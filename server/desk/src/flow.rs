//! How work flows: how long claims stay where, what has stalled and with whom, how much comes and
//! goes a day, and on how few people it rests. Every number is read from maintained counters or from
//! the end of an index: none of it grows with the number of claims. Of an article's or an incident's
//! claims it is read from them.

use crate::Desk;
use crate::agreement::Period;
use crate::claims::ClaimRow;
use crate::error::{Doing, Result, word};
use crate::scope::{Scope, of_given};
use chrono::{DateTime, Days, DurationRound, NaiveDate, TimeDelta, Utc};
use domain::load::Concentration;
use domain::policy::{self, Actor, Read};
use domain::stays::{BY_HOUR, Entered, Stays, TIMED, stalled_after};
use domain::words::Invalid;
use domain::workflow::Stage;
use phrase::phrase;
use std::collections::{BTreeMap, HashMap};
use uuid::Uuid;

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
    /// Those that have been in it since before this.
    pub stalled_before: DateTime<Utc>,
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
    /// Times that readers were told of a change to what was published.
    pub corrected: i64,
}

/// How often two agreed who judged a claim without sight of each other.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Agreed {
    /// Claims that a second one judged in the period.
    pub judged: i64,
    pub agreed: i64,
}

impl Agreed {
    /// `None` where nothing was judged by two.
    pub fn share(self) -> Option<f64> {
        (self.judged > 0).then(|| self.agreed as f64 / self.judged as f64)
    }
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
    /// Of the second verdicts of the period.
    pub agreed: Agreed,
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
    /// How work flowed over some days, of all claims or of some.
    ///
    /// # Errors
    /// `Refused` for nobody, or where the database fails.
    pub async fn flow(&self, actor: &Actor, days: DayRange, scope: Scope) -> Result<Flow> {
        let _: policy::Permit<Read> = policy::permit(actor)?;
        let some = self.claims_of_scope(scope).await?;
        let load = self.concentration(days, some.as_deref()).await?;
        self.flow_from(days, some.as_deref(), load).await
    }

    pub(crate) async fn flow_from(
        &self,
        days: DayRange,
        some: Option<&[Uuid]>,
        load: Option<Concentration>,
    ) -> Result<Flow> {
        let now = self.clock.now();
        let (left, entered, oldest, each_day, agreed) = tokio::try_join!(
            self.left(days, some),
            self.entered(now, some),
            self.oldest(some),
            self.each_day(days, some),
            self.agreed(days, some),
        )?;
        let none = (Stays::default(), Entered::default());
        let mut stages: Vec<StageTime> = TIMED
            .into_iter()
            .map(|stage| {
                let (left, there) =
                    (left.get(&stage).unwrap_or(&none.0), entered.get(&stage).unwrap_or(&none.1));
                let limit = stalled_after(stage, left);
                let stalled_before = now - limit;
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
                    stalled_before,
                    stalled: there.before_the_hour_of(stalled_before),
                }
            })
            .collect();
        let (counted, stalled) =
            tokio::try_join!(self.stalled_in_the_hour(&stages, some), self.stalled(&stages, some))?;
        for stage in &mut stages {
            stage.stalled += counted.get(&stage.stage).copied().unwrap_or_default();
        }
        Ok(Flow { at: now, days, stages, stalled, each_day, load, agreed })
    }

    /// Finished stays by stage. A range of the primary key: after days are put together, a row for
    /// each day, stage and bucket that occurred, some 20,000 in 90 busy days. Of some claims, from their
    /// history.
    async fn left(&self, days: DayRange, some: Option<&[Uuid]>) -> Result<HashMap<Stage, Stays>> {
        let rows = sqlx::query!(
            r#"select stage as "stage!", bucket as "bucket!", sum(n)::bigint as "n!"
                 from (select stage, bucket, n from stage_stay
                        where $1::uuid[] is null and day between $2 and $3
                       union all
                       select was_stage, stay_bucket(extract(epoch from since - was_since)::double precision), 1
                         from event
                        where claim_id = any($1) and moved and was_stage <> stage
                          and was_stage not in ('published', 'dismissed')
                          and (since at time zone 'UTC')::date between $2 and $3) stays
                group by stage, bucket"#,
            some,
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

    /// What is in each stage by when it came. The whole of a small table, an hour or a day a row, which comes
    /// as one list a stage: some thousand rows would take longer to hand over than to read.
    async fn entered(&self, now: DateTime<Utc>, some: Option<&[Uuid]>) -> Result<HashMap<Stage, Entered>> {
        let rows = sqlx::query!(
            r#"select stage as "stage!", array_agg(entered) as "entered!", array_agg(n) as "n!"
                 from (select stage, entered, n::bigint from stage_now where $1::uuid[] is null
                       union all
                       select stage, date_trunc('hour', stage_since, 'UTC'), 1 from claim
                        where id = any($1) and stage not in ('published', 'dismissed')) there
                group by stage"#,
            some,
        )
        .fetch_all(&self.reads)
        .await
        .doing("read since when claims wait")?;
        // Where hours are not put together into days yet, they count as if they were.
        let day = TimeDelta::days(1);
        let of_day = |at: DateTime<Utc>| at.duration_trunc(day).unwrap_or(at);
        let began = |at: DateTime<Utc>| if at < now - BY_HOUR { of_day(at) } else { at };
        let mut entered: HashMap<Stage, Entered> = HashMap::new();
        for row in rows {
            let of = entered.entry(word("stage_now", "stage", &row.stage)?).or_default();
            row.entered.into_iter().zip(row.n).for_each(|(at, n)| of.add(began(at), n));
        }
        Ok(entered)
    }

    /// The end of `claim_stage_since_idx` for each stage.
    async fn oldest(&self, some: Option<&[Uuid]>) -> Result<HashMap<Stage, DateTime<Utc>>> {
        let stages: Vec<String> = TIMED.iter().map(|stage| stage.word().to_owned()).collect();
        let rows = sqlx::query!(
            r#"select s.stage as "stage!", first.stage_since as "since!"
                 from unnest($2::text[]) as s (stage)
                 join lateral (select stage_since from claim where claim.stage = s.stage
                                order by stage_since, id limit 1) first on true
                where $1::uuid[] is null
               union all
               select stage, min(stage_since) from claim where id = any($1) and stage = any($2) group by stage"#,
            some,
            &stages,
        )
        .fetch_all(&self.reads)
        .await
        .doing("find what waits longest")?;
        rows.into_iter().map(|row| Ok((word("claim", "stage", &row.stage)?, row.since))).collect()
    }

    /// How many are past their stage's limit in the hour that it is in, from `claim_stage_since_idx`: with
    /// what came in the hours before, as many as the list has.
    async fn stalled_in_the_hour(
        &self,
        stages: &[StageTime],
        some: Option<&[Uuid]>,
    ) -> Result<HashMap<Stage, i64>> {
        let (words, before) = limits(stages);
        let rows = sqlx::query!(
            r#"select s.stage as "stage!",
                      (select count(*) from claim
                        where claim.stage = s.stage and claim.stage_since < s.before
                          and claim.stage_since >= date_trunc('hour', s.before, 'UTC')
                          and ($1::uuid[] is null or claim.id = any($1))) as "n!"
                 from unnest($2::text[], $3::timestamptz[]) as s (stage, before)"#,
            some,
            &words,
            &before,
        )
        .fetch_all(&self.reads)
        .await
        .doing("count what has stalled")?;
        rows.into_iter().map(|row| Ok((word("claim", "stage", &row.stage)?, row.n))).collect()
    }

    /// The oldest of each stage that are past its limit, from the end of `claim_stage_since_idx`.
    async fn stalled(&self, stages: &[StageTime], some: Option<&[Uuid]>) -> Result<Vec<Stalled>> {
        let (words, before) = limits(stages);
        let ids = sqlx::query_scalar!(
            r#"select late.id as "id!: domain::id::ClaimId"
                 from unnest($2::text[], $3::timestamptz[]) as s (stage, before)
                cross join lateral (
                    (select id, stage_since from claim
                      where $1::uuid[] is null and claim.stage = s.stage and stage_since < s.before
                      order by stage_since, id limit $4)
                    union all
                    select id, stage_since from claim
                     where id = any($1) and claim.stage = s.stage and stage_since < s.before) late
                order by late.stage_since, late.id limit $4"#,
            some,
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

    /// A range of the primary key of a table with five rows a day, and of the index of what readers were
    /// told later. Of some claims, from their history.
    async fn each_day(&self, days: DayRange, some: Option<&[Uuid]>) -> Result<Vec<FlowDay>> {
        let rows = sqlx::query!(
            r#"select day as "day!", what as "what!", sum(n)::bigint as "n!"
                 from (select day, what, n from desk_flow where $1::uuid[] is null and day between $2 and $3
                       union all
                       select (created_at at time zone 'UTC')::date, 'taken_in', 1 from claim where id = any($1)
                       union all
                       select (since at time zone 'UTC')::date, stage, 1 from event
                        where claim_id = any($1) and moved and was_stage <> stage
                          and stage in ('settled', 'published', 'reopened', 'dismissed')
                       union all
                       select (published_at at time zone 'UTC')::date, 'corrected', 1 from publication
                        where kind <> 'published' and published_at >= $2::date::timestamp at time zone 'UTC'
                          and published_at < ($3::date + 1)::timestamp at time zone 'UTC'
                          and ($1::uuid[] is null or claim_id = any($1))) flow
                where day between $2 and $3
                group by day, what"#,
            some,
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
                "corrected" => day.corrected = row.n,
                _ => day.dismissed = row.n,
            }
        }
        Ok(all.into_values().collect())
    }

    /// A range of `reviewer_tally_day_idx`: a row for each person, day and rating.
    async fn concentration(&self, days: DayRange, some: Option<&[Uuid]>) -> Result<Option<Concentration>> {
        let done = of_given!(
            query_scalar,
            r#"select sum(n)::bigint as "n!" from given where day between $2 and $3 group by reviewer_id"#,
            some,
            days.from,
            days.to,
        )
        .fetch_all(&self.reads)
        .await
        .doing("read who gave how many verdicts")?;
        Ok(Concentration::of(&done))
    }

    /// A range of the primary key of a table with a row a day and shard. As `/agreement` counts.
    async fn agreed(&self, days: DayRange, some: Option<&[Uuid]>) -> Result<Agreed> {
        let row = sqlx::query!(
            r#"select coalesce(sum(judged), 0)::bigint as "judged!", coalesce(sum(agreed), 0)::bigint as "agreed!"
                 from (select day, judged, agreed from agreement_tally where $1::uuid[] is null
                       union all
                       select (two.given_at at time zone 'UTC')::date, 1,
                              ((one.scale, one.rating) = (two.scale, two.rating))::int
                         from verdict two
                         join verdict one on one.claim_id = two.claim_id and one.round = two.round
                          and one.part = 'first'
                        where two.claim_id = any($1) and two.part = 'second') both_in
                where day between $2 and $3"#,
            some,
            days.from,
            days.to,
        )
        .fetch_one(&self.reads)
        .await
        .doing("read how often two agree")?;
        Ok(Agreed { judged: row.judged, agreed: row.agreed })
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

/// The stages as the database calls them, and before when a claim came that has stalled there.
fn limits(stages: &[StageTime]) -> (Vec<String>, Vec<DateTime<Utc>>) {
    stages.iter().map(|stage| (stage.stage.word().to_owned(), stage.stalled_before)).unzip()
}
