//! `GET /dashboard/….csv`: the cards of the dashboard, for a spreadsheet. Files hold all rows; those that
//! may be long are sent a batch at a time.

use super::Server;
use super::problem::Trouble;
use app::request::Who;
use axum::Extension;
use axum::body::{Body, Bytes};
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, TimeDelta, Utc};
use desk::{ArticleRow, ClaimFilter, Cursor, DayRange, Due, Flow, MOST_SOURCES, Scope, Sort, StageTime};
use domain::policy::Actor;
use futures_util::stream;
use http::StatusCode;
use http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use serde::Deserialize;
use std::future::Future;
use tracing::error;

/// How many rows are read at a time.
const BATCH: i64 = 200;

/// The period and the claims as the dashboard's address has them.
#[derive(Deserialize)]
pub struct Asked {
    #[serde(default)]
    days: String,
    #[serde(default)]
    from: String,
    #[serde(default)]
    to: String,
    #[serde(default)]
    article: String,
    #[serde(default)]
    incident: String,
}

impl Asked {
    async fn of(&self, server: &Server, actor: &Actor) -> Result<(DayRange, Scope), Trouble> {
        let today = server.desk.clock().now().date_naive();
        let scope = Scope::asked(&self.article, &self.incident)?;
        // Nothing of what is not there would be a file without rows.
        server.desk.scope_names(actor, scope).await?;
        Ok((DayRange::asked(&self.days, &self.from, &self.to, today)?, scope))
    }

    async fn flow(&self, server: &Server, actor: &Actor) -> Result<(Flow, Scope), Trouble> {
        let (days, scope) = self.of(server, actor).await?;
        Ok((server.desk.flow(actor, days, scope).await?, scope))
    }

    async fn dashboard(&self, server: &Server, actor: &Actor) -> Result<desk::Dashboard, Trouble> {
        let (days, scope) = self.of(server, actor).await?;
        Ok(server.desk.dashboard_over(actor, days, scope).await?)
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
    let (flow, _) = asked.flow(&server, &actor(who)?).await?;
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
            moment(stage.oldest),
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

/// All claims that have stalled: stage by stage, in each those first that have been in it longest.
pub async fn stalled(
    State(server): State<Server>,
    Extension(who): Extension<Who>,
    Query(asked): Query<Asked>,
) -> Result<Response, Trouble> {
    let actor = actor(who)?;
    let (flow, scope) = asked.flow(&server, &actor).await?;
    let now = flow.at;
    let left = flow.stages.into_iter().filter(|stage| stage.stalled > 0).collect::<Vec<_>>();
    let head = ["claim", "text", "article", "stage", "since", "for_s", "stalled_after_s", "with"];
    let start = Some((left, None));
    Ok(sent("stalled", &head, start, move |(stages, after): (Vec<StageTime>, Option<Cursor>)| {
        let (server, actor) = (server.clone(), actor.clone());
        async move {
            let Some(stage) = stages.first() else { return Ok((Vec::new(), None)) };
            let filter = ClaimFilter {
                stage: Some(stage.stage),
                since_before: Some(stage.stalled_before),
                ..scope.filter()
            };
            let page = server.desk.claims(&actor, &filter, Sort::Waiting, after, BATCH).await?;
            let rows = page.rows.into_iter().map(|claim| {
                vec![
                    claim.id.to_string(),
                    claim.text,
                    claim.article_title,
                    claim.stage.word().to_owned(),
                    claim.stage_since.to_rfc3339(),
                    (now - claim.stage_since).num_seconds().to_string(),
                    stage.stalled_after.num_seconds().to_string(),
                    claim.holder.or(claim.assignee).unwrap_or_default(),
                ]
            });
            let rows = rows.collect();
            let next = match page.next {
                Some(next) => (stages, Some(next)),
                None => (stages.into_iter().skip(1).collect(), None),
            };
            Ok((rows, (!next.0.is_empty()).then_some(next)))
        }
    }))
}

/// A line a day.
pub async fn throughput(
    State(server): State<Server>,
    Extension(who): Extension<Who>,
    Query(asked): Query<Asked>,
) -> Result<Response, Trouble> {
    let actor = actor(who)?;
    let (days, scope) = asked.of(&server, &actor).await?;
    let (dashboard, flow) = server.desk.at_a_glance(&actor, days, scope).await?;
    let rows = flow.each_day.iter().map(|day| {
        let verdicts = dashboard.days.iter().find(|one| one.day == day.day).map_or(0, desk::DayRow::verdicts);
        let counts =
            [day.taken_in, verdicts, day.settled, day.published, day.reopened, day.dismissed, day.corrected];
        std::iter::once(day.day.to_string()).chain(counts.map(|n| n.to_string())).collect()
    });
    let head = ["day", "taken_in", "verdicts", "settled", "published", "reopened", "dismissed", "corrected"];
    file("throughput", &head, rows)
}

/// A line a person.
pub async fn reviewers(
    State(server): State<Server>,
    Extension(who): Extension<Who>,
    Query(asked): Query<Asked>,
) -> Result<Response, Trouble> {
    let dashboard = asked.dashboard(&server, &actor(who)?).await?;
    let all = dashboard.given();
    let rows = dashboard.reviewers.iter().map(|row| {
        vec![
            row.name.clone(),
            row.held.to_string(),
            row.today.to_string(),
            row.verdicts().to_string(),
            share(row.verdicts(), all),
            row.is_disabled.to_string(),
        ]
    });
    file("reviewers", &["person", "holds", "today", "verdicts", "share", "disabled"], rows)
}

/// A line a rating.
pub async fn ratings(
    State(server): State<Server>,
    Extension(who): Extension<Who>,
    Query(asked): Query<Asked>,
) -> Result<Response, Trouble> {
    let dashboard = asked.dashboard(&server, &actor(who)?).await?;
    let all: i64 = dashboard.shown_ratings().map(|(_, n)| n).sum();
    let rows = dashboard
        .shown_ratings()
        .map(|(rating, n)| vec![rating.key.clone(), rating.name.clone(), n.to_string(), share(n, all)]);
    file("ratings", &["rating", "name", "claims", "share"], rows)
}

/// A line an article, newest first: whether it can run.
pub async fn runs(State(server): State<Server>, Extension(who): Extension<Who>) -> Result<Response, Trouble> {
    let actor = actor(who)?;
    Ok(sent("runs", &ARTICLE, Some(None), move |after: Option<Cursor>| {
        let (server, actor) = (server.clone(), actor.clone());
        async move {
            let page = server.desk.articles(&actor, after, BATCH).await?;
            Ok((page.rows.iter().map(article).collect(), page.next.map(Some)))
        }
    }))
}

/// A line an article with a deadline and claims to decide, the most pressing first.
pub async fn deadlines(
    State(server): State<Server>,
    Extension(who): Extension<Who>,
) -> Result<Response, Trouble> {
    let actor = actor(who)?;
    Ok(sent("deadlines", &ARTICLE, Some(None), move |after: Option<Cursor>| {
        let (server, actor) = (server.clone(), actor.clone());
        async move {
            let page = server.desk.due_articles(&actor, Due::All, after, BATCH).await?;
            Ok((page.rows.iter().map(article).collect(), page.next.map(Some)))
        }
    }))
}

/// The columns of an article.
const ARTICLE: [&str; 9] = [
    "article",
    "title",
    "outlet",
    "published_at",
    "claims",
    "to_decide",
    "can_run",
    "deadline",
    "deadline_phase",
];

fn article(row: &ArticleRow) -> Vec<String> {
    let count = |in_work: bool| -> i64 {
        row.standings.iter().filter(|one| !in_work || one.stage.is_in_work()).map(|one| one.claims).sum()
    };
    vec![
        row.id.to_string(),
        row.title.clone(),
        row.outlet.clone().unwrap_or_default(),
        moment(row.published_at),
        count(false).to_string(),
        count(true).to_string(),
        row.clearance().label().to_owned(),
        moment(row.deadline.as_ref().map(|deadline| deadline.at)),
        row.deadline.as_ref().map(|deadline| deadline.phase.word().to_owned()).unwrap_or_default(),
    ]
}

/// A line a source, of all time; the share with its 95 % interval.
pub async fn sources(
    State(server): State<Server>,
    Extension(who): Extension<Who>,
) -> Result<Response, Trouble> {
    let sources = server.desk.sources_by_track(&actor(who)?, MOST_SOURCES).await?;
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

/// A part of all; nothing where there is nothing.
fn share(n: i64, all: i64) -> String {
    if all > 0 { format!("{:.4}", n as f64 / all as f64) } else { String::new() }
}

fn moment(at: Option<DateTime<Utc>>) -> String {
    at.map(|at| at.to_rfc3339()).unwrap_or_default()
}

fn file(
    name: &'static str,
    head: &[&str],
    rows: impl Iterator<Item = Vec<String>>,
) -> Result<Response, Trouble> {
    let text = lines(head, rows).map_err(|_| Trouble::of_status(StatusCode::INTERNAL_SERVER_ERROR))?;
    Ok((headers(name), text).into_response())
}

/// A file that is read as it is sent: `more` gives some rows and where to go on.
fn sent<S, F>(
    name: &'static str,
    head: &[&str],
    start: Option<S>,
    more: impl Fn(S) -> F + Send + 'static,
) -> Response
where
    S: Send + 'static,
    F: Future<Output = desk::Result<(Vec<Vec<String>>, Option<S>)>> + Send + 'static,
{
    let head: Vec<String> = head.iter().map(ToString::to_string).collect();
    let batches = stream::try_unfold((start, Some(head), more), |(at, head, more)| async move {
        let (rows, next) = match (at, &head) {
            (Some(at), _) => more(at).await.map_err(anyhow::Error::from)?,
            (None, Some(_)) => (Vec::new(), None),
            (None, None) => return Ok(None),
        };
        let text = lines(&head.unwrap_or_default(), rows.into_iter())?;
        Ok::<_, anyhow::Error>(Some((Bytes::from(text), (next, None, more))))
    });
    let batches = futures_util::TryStreamExt::inspect_err(batches, |error| {
        // The answer is cut off, which tells the client that it is not whole.
        error!(error = format!("{error:#}"), "a file broke off");
    });
    (headers(name), Body::from_stream(batches)).into_response()
}

fn headers(name: &str) -> [(http::HeaderName, String); 2] {
    [
        (CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (CONTENT_DISPOSITION, format!("attachment; filename=\"{name}.csv\"")),
    ]
}

fn lines<S: std::borrow::Borrow<str>>(
    head: &[S],
    rows: impl Iterator<Item = Vec<String>>,
) -> anyhow::Result<Vec<u8>> {
    let mut csv = crate::export::table(head);
    for row in rows {
        // A spreadsheet takes a cell that begins with some signs for a formula.
        csv.write_record(row.iter().map(|cell| crate::export::cell(cell)))?;
    }
    Ok(csv.into_inner().map_err(csv::IntoInnerError::into_error)?)
}
