//! `/api/v1/flow`: how work flows, by the same numbers as the dashboard.

use super::bodies::{Article, Claim, StageWord};
use super::request::{Caller, Query};
use crate::http::Server;
use crate::http::problem::{Problem, Trouble};
use axum::Json;
use axum::extract::State;
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use desk::{Dashboard, DayRange, DayRow, Due, DueCount, Scope};
use domain::load::Concentration;
use domain::policy::Role;
use domain::workflow::Stage;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// How many of the articles that press most are named.
const PRESSING: i64 = 20;

/// How work flowed over some days. Medians and percentiles are exact to 9 %.
#[derive(Serialize, ToSchema)]
pub struct FlowBody {
    at: DateTime<Utc>,
    /// First day, in UTC.
    from: NaiveDate,
    /// Last day.
    to: NaiveDate,
    /// In the order that a claim meets them.
    stages: Vec<TimeInStage>,
    /// How many claims have been in their stage for too long.
    stalled_claims: i64,
    /// Those that have been there longest, at most eight.
    stalled: Vec<StalledClaim>,
    /// Null where the claims of an article or an incident are asked for.
    deadlines: Option<Deadlines>,
    /// What came and went, oldest day first; days on which nothing happened are there as well.
    days: Vec<Throughput>,
    /// Who did how much, the busiest first.
    people: Vec<Load>,
    /// On how few people the verdicts of these days rest; null where there are none.
    concentration: Option<Rests>,
    /// How far two agreed who judged the same claim, by the day of the second verdict; null below editor.
    agreement: Option<BothJudged>,
}

/// How often two agreed who judged a claim without sight of each other.
#[derive(Serialize, ToSchema)]
struct BothJudged {
    judged_claims: i64,
    agreed_claims: i64,
    /// 0 to 1; null where nothing was judged by two.
    agreed_share: Option<f64>,
}

/// How long claims are in a stage.
#[derive(Serialize, ToSchema)]
struct TimeInStage {
    #[schema(value_type = StageWord)]
    stage: Stage,
    /// How many left it in these days.
    left_claims: i64,
    /// Half of them had been in it no longer; null where none left.
    median_seconds: Option<i64>,
    /// Nine of ten had been in it no longer.
    p90_seconds: Option<i64>,
    /// How many are in it now.
    current_claims: i64,
    oldest_since: Option<DateTime<Utc>>,
    /// Half of those that are in it now have been for no longer.
    median_age_seconds: Option<i64>,
    p90_age_seconds: Option<i64>,
    /// After how long a claim counts as stalled here.
    stalled_after_seconds: i64,
    stalled_claims: i64,
}

/// A claim that has been in its stage for too long.
#[derive(Serialize, ToSchema)]
struct StalledClaim {
    claim: Claim,
    for_seconds: i64,
    stalled_after_seconds: i64,
}

/// Articles with a deadline whose claims are not all decided.
#[derive(Serialize, ToSchema)]
struct Deadlines {
    /// All that have one.
    set_articles: i64,
    overdue_articles: i64,
    /// Due within two hours.
    soon_articles: i64,
    /// The desk was told that it came close or passed while claims waited.
    escalated_articles: i64,
    /// Those that press most, the most urgent first, at most twenty.
    articles: Vec<Article>,
}

/// What came and went on a day (UTC).
#[derive(Serialize, ToSchema)]
struct Throughput {
    day: NaiveDate,
    taken_in_claims: i64,
    verdicts: i64,
    settled_claims: i64,
    published_claims: i64,
    reopened_claims: i64,
    dismissed_claims: i64,
    /// Times that readers were told of a change to what was published.
    corrections: i64,
}

/// What one person did in these days, and has to do.
#[derive(Serialize, ToSchema)]
struct Load {
    id: Uuid,
    name: String,
    /// The account is switched off; it is here for what it did.
    disabled: bool,
    verdicts: i64,
    /// Of all verdicts of these days, 0 to 1; null where there are none.
    verdicts_share: Option<f64>,
    verdicts_today: i64,
    /// Theirs to do or under their lease.
    held_claims: i64,
}

/// On how few people the verdicts rest.
#[derive(Serialize, ToSchema)]
struct Rests {
    /// How many people gave any.
    people: usize,
    /// Of all verdicts, 0 to 1.
    busiest_share: f64,
    busiest_two_share: f64,
    /// The least number of people who gave half of them.
    half_people: usize,
}

impl From<Concentration> for Rests {
    fn from(load: Concentration) -> Self {
        Self {
            people: load.people,
            busiest_share: load.busiest,
            busiest_two_share: load.busiest_two,
            half_people: load.half,
        }
    }
}

impl FlowBody {
    fn of(
        flow: desk::Flow,
        dashboard: Dashboard,
        due: Option<(DueCount, Vec<desk::ArticleRow>)>,
        sees_agreement: bool,
    ) -> Self {
        let seconds = |time: Option<TimeDelta>| time.map(|time| time.num_seconds());
        let all = dashboard.given();
        let verdicts =
            |day: NaiveDate| dashboard.days.iter().find(|one| one.day == day).map_or(0, DayRow::verdicts);
        Self {
            at: flow.at,
            from: flow.days.from,
            to: flow.days.to,
            stalled_claims: flow.all_stalled(),
            stages: flow
                .stages
                .iter()
                .map(|stage| TimeInStage {
                    stage: stage.stage,
                    left_claims: stage.left,
                    median_seconds: seconds(stage.median),
                    p90_seconds: seconds(stage.p90),
                    current_claims: stage.now,
                    oldest_since: stage.oldest,
                    median_age_seconds: seconds(stage.median_age),
                    p90_age_seconds: seconds(stage.p90_age),
                    stalled_after_seconds: stage.stalled_after.num_seconds(),
                    stalled_claims: stage.stalled,
                })
                .collect(),
            days: flow
                .each_day
                .iter()
                .map(|day| Throughput {
                    day: day.day,
                    taken_in_claims: day.taken_in,
                    verdicts: verdicts(day.day),
                    settled_claims: day.settled,
                    published_claims: day.published,
                    reopened_claims: day.reopened,
                    dismissed_claims: day.dismissed,
                    corrections: day.corrected,
                })
                .collect(),
            stalled: flow
                .stalled
                .into_iter()
                .map(|late| StalledClaim {
                    for_seconds: (flow.at - late.claim.stage_since).num_seconds(),
                    stalled_after_seconds: late.limit.num_seconds(),
                    claim: late.claim.into(),
                })
                .collect(),
            deadlines: due.map(|(due, pressing)| Deadlines {
                set_articles: due.set,
                overdue_articles: due.overdue,
                soon_articles: due.soon,
                escalated_articles: due.escalated,
                articles: pressing.into_iter().map(Into::into).collect(),
            }),
            people: dashboard
                .reviewers
                .into_iter()
                .map(|row| Load {
                    id: row.id.0,
                    disabled: row.is_disabled,
                    verdicts: row.verdicts(),
                    verdicts_share: (all > 0).then(|| row.verdicts() as f64 / all as f64),
                    verdicts_today: row.today,
                    held_claims: row.held,
                    name: row.name,
                })
                .collect(),
            concentration: flow.load.map(Into::into),
            agreement: sees_agreement.then(|| BothJudged {
                judged_claims: flow.agreed.judged,
                agreed_claims: flow.agreed.agreed,
                agreed_share: flow.agreed.share(),
            }),
        }
    }
}

/// How work flows: time and age in each stage, what has stalled, deadlines, what came and went each
/// day, and on how few people it rests. Without a period, the last seven days.
#[utoipa::path(get, path = "/flow", tag = "dashboard",
    params(("days" = Option<u64>, Query, description = "The last 7, 30 or 90 days, today included"),
        ("from" = Option<NaiveDate>, Query, description = "First day, in UTC; at most 366 days in all"),
        ("to" = Option<NaiveDate>, Query, description = "Last day; today where it is left out"),
        ("article" = Option<Uuid>, Query, description = "Only its claims"),
        ("incident" = Option<Uuid>, Query, description = "Only claims about it")),
    responses((status = 200, body = FlowBody), (status = 401, body = Problem), (status = 404, body = Problem),
        (status = 422, body = Problem)))]
pub async fn flow(
    State(server): State<Server>,
    Caller(actor): Caller,
    mut query: Query,
) -> Result<Json<FlowBody>, Trouble> {
    let mut word = |name| Ok::<String, Trouble>(query.text(name)?.unwrap_or_default());
    let (days, from, to) = (word("days")?, word("from")?, word("to")?);
    let (article, incident) = (word("article")?, word("incident")?);
    query.finish()?;
    let desk = &server.desk;
    let days = DayRange::asked(&days, &from, &to, desk.clock().now().date_naive())?;
    let scope = Scope::asked(&article, &incident)?;
    desk.scope_names(&actor, scope).await?;
    let (dashboard, flow) = desk.at_a_glance(&actor, days, scope).await?;
    let due = if scope.is_all() {
        let pressing = desk.due_articles(&actor, Due::All, None, PRESSING).await?.rows;
        Some((desk.due_count().await?, pressing))
    } else {
        None
    };
    Ok(Json(FlowBody::of(flow, dashboard, due, actor.role >= Role::Editor)))
}
