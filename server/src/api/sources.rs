//! `/api/v1/sources`: who says things, and how reliable people have found them.

use super::bodies::{NewGrade, Source};
use super::request::{Caller, Id, Query, Sent};
use crate::http::Server;
use crate::http::problem::{Problem, Trouble};
use axum::Json;
use axum::extract::State;
use domain::grade::Reliability;
use domain::id::SourceId;
use domain::words::Reason;
use http::StatusCode;

/// A source, and every grade that it was given.
#[utoipa::path(get, path = "/sources/{id}", tag = "sources", params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = Source), (status = 401, body = Problem), (status = 404, body = Problem),
        (status = 422, body = Problem)))]
pub async fn one(
    State(server): State<Server>,
    Caller(actor): Caller,
    Id(id): Id<SourceId>,
    query: Query,
) -> Result<Json<Source>, Trouble> {
    query.finish()?;
    Ok(Json(server.desk.source(&actor, id).await?.into()))
}

/// Say how reliable a source is. What it was before stays in its history.
#[utoipa::path(post, path = "/sources/{id}/grades", tag = "sources", request_body = NewGrade,
    params(("id" = uuid::Uuid, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = Source), (status = 400, body = Problem), (status = 401, body = Problem),
        (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)))]
pub async fn grade(
    State(server): State<Server>,
    Caller(actor): Caller,
    Id(id): Id<SourceId>,
    Sent { body, once }: Sent<NewGrade>,
) -> Result<(StatusCode, Json<Source>), Trouble> {
    let grade: Reliability = body
        .grade
        .parse()
        .map_err(|_| Trouble::invalid("grade", "Use a grade from A to F; F: cannot be judged."))?;
    server.desk.grade_source(&actor, id, grade, Reason::parse(&body.reason)?, once.as_ref()).await?;
    Ok((StatusCode::CREATED, Json(server.desk.source(&actor, id).await?.into())))
}
