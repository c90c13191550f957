//! `GET /dashboard/….csv`: the cards of the dashboard, for a spreadsheet.

use super::Server;
use super::problem::Trouble;
use app::request::Who;
use axum::Extension;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use chrono::TimeDelta;
use desk::DayRange;
use domain::policy::Actor;
use http::StatusCode;
use http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use serde::Deserialize;

/// The period as the dashboard's address has it.
#[derive(Deserialize)]
pub struct Asked {
    #[serde(default)]
    days: String,
    #[serde(default)]
    from: String,
    #[serde(default)]
    to: String,
}

impl Asked {
    fn range(&self, server: &Server) -> Result<DayRange, Trouble> {
        let today = server.desk.clock().now().date_naive();
        Ok(DayRange::asked(&self.days, &self.from, &self.to, today)?)
    }
}

fn actor(Who(person): Who) -> Result<Actor, Trouble> {
    person.map(|person| person.actor).ok_or_else(|| Trouble::of_status(StatusCode::UNAUTHORIZED))
}

/// Times in seconds; what nobody left has none.
pub async fn stages(
    State(server): State<Server>,
    Extension(who): Extension<Who>,
    Query(asked): Query<Asked>,
) -> Result<Response, Trouble> {
    let flow = server.desk.flow(&actor(who)?, asked.range(&server)?).await?;
    let seconds =
        |time: Option<TimeDelta>| time.map(|time| time.num_seconds().to_string()).unwrap_or_default();
    let rows = flow.stages.iter().map(|stage| {
        vec![
            stage.stage.word().to_owned(),
            stage.left.to_string(),
            seconds(stage.median),
            seconds(stage.p90),
            stage.now.to_string(),
            seconds(stage.median_age),
            seconds(stage.p90_age),
            stage.oldest.map(|at| at.to_rfc3339()).unwrap_or_default(),
            seconds(Some(stage.stalled_after)),
            stage.stalled.to_string(),
        ]
    });
    let head = [
        "stage",
        "left",
        "median_s",
        "p90_s",
        "now",
        "median_age_s",
        "p90_age_s",
        "oldest_since",
        "stalled_after_s",
        "stalled",
    ];
    file("stages", &head, rows)
}

/// The claims that the card lists.
pub async fn stalled(
    State(server): State<Server>,
    Extension(who): Extension<Who>,
    Query(asked): Query<Asked>,
) -> Result<Response, Trouble> {
    let flow = server.desk.flow(&actor(who)?, asked.range(&server)?).await?;
    let rows = flow.stalled.iter().map(|late| {
        vec![
            late.claim.id.to_string(),
            late.claim.text.clone(),
            late.claim.article_title.clone(),
            late.claim.stage.word().to_owned(),
            late.claim.stage_since.to_rfc3339(),
            (flow.at - late.claim.stage_since).num_seconds().to_string(),
            late.limit.num_seconds().to_string(),
            late.claim.holder.clone().or_else(|| late.claim.assignee.clone()).unwrap_or_default(),
        ]
    });
    file("stalled", &["claim", "text", "article", "stage", "since", "for_s", "stalled_after_s", "with"], rows)
}

/// A line a day.
pub async fn throughput(
    State(server): State<Server>,
    Extension(who): Extension<Who>,
    Query(asked): Query<Asked>,
) -> Result<Response, Trouble> {
    let (actor, days) = (actor(who)?, asked.range(&server)?);
    let flow = server.desk.flow(&actor, days).await?;
    let dashboard = server.desk.dashboard_over(&actor, days).await?;
    let rows = flow.each_day.iter().map(|day| {
        let verdicts = dashboard.days.iter().find(|one| one.day == day.day).map_or(0, desk::DayRow::verdicts);
        [day.taken_in, verdicts, day.settled, day.published, day.reopened, day.dismissed].into_iter().fold(
            vec![day.day.to_string()],
            |mut row, n| {
                row.push(n.to_string());
                row
            },
        )
    });
    file(
        "throughput",
        &["day", "taken_in", "verdicts", "settled", "published", "reopened", "dismissed"],
        rows,
    )
}

/// A line a person.
pub async fn reviewers(
    State(server): State<Server>,
    Extension(who): Extension<Who>,
    Query(asked): Query<Asked>,
) -> Result<Response, Trouble> {
    let dashboard = server.desk.dashboard_over(&actor(who)?, asked.range(&server)?).await?;
    let all: i64 = dashboard.reviewers.iter().map(desk::ReviewerRow::verdicts).sum();
    let rows = dashboard.reviewers.iter().map(|row| {
        let share =
            if all > 0 { format!("{:.4}", row.verdicts() as f64 / all as f64) } else { String::new() };
        vec![row.name.clone(), row.held.to_string(), row.today.to_string(), row.verdicts().to_string(), share]
    });
    file("reviewers", &["person", "holds", "today", "verdicts", "share"], rows)
}

/// How many sources the file lists.
const SOURCES: i64 = 200;

/// A line a source, of all time; the share with its 95 % interval.
pub async fn sources(
    State(server): State<Server>,
    Extension(who): Extension<Who>,
) -> Result<Response, Trouble> {
    let sources = server.desk.sources_by_track(&actor(who)?, SOURCES).await?;
    let share = |share: Option<f64>| share.map(|share| format!("{share:.4}")).unwrap_or_default();
    let rows = sources.iter().map(|row| {
        let (low, high) = row.track.interval().unzip();
        vec![
            row.id.to_string(),
            row.name.clone(),
            row.track.settled().to_string(),
            row.track.held.to_string(),
            row.track.not_held.to_string(),
            row.track.other.to_string(),
            share(row.track.share()),
            share(low),
            share(high),
            row.grade.word().to_owned(),
        ]
    });
    let head = ["source", "name", "settled", "held", "not_held", "other", "share", "low", "high", "grade"];
    file("sources", &head, rows)
}

fn file(
    name: &'static str,
    head: &[&str],
    rows: impl Iterator<Item = Vec<String>>,
) -> Result<Response, Trouble> {
    let text = table(head, rows).map_err(|_| Trouble::of_status(StatusCode::INTERNAL_SERVER_ERROR))?;
    let headers = [
        (CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (CONTENT_DISPOSITION, format!("attachment; filename=\"{name}.csv\"")),
    ];
    Ok((headers, text).into_response())
}

fn table(head: &[&str], rows: impl Iterator<Item = Vec<String>>) -> anyhow::Result<Vec<u8>> {
    let mut csv = csv::Writer::from_writer(Vec::new());
    csv.write_record(head)?;
    for row in rows {
        // A spreadsheet takes a cell that begins with some signs for a formula.
        csv.write_record(row.iter().map(|cell| crate::export::cell(cell)))?;
    }
    Ok(csv.into_inner().map_err(csv::IntoInnerError::into_error)?)
}
