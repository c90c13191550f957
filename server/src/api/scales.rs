//! `/api/v1/scales`.

use super::bodies::{Scale, Scales};
use super::request::{Caller, Query};
use crate::http::Server;
use crate::http::problem::{Problem, Trouble};
use axum::Json;
use axum::extract::State;

/// What claims are judged by.
#[utoipa::path(get, path = "/scales", tag = "review",
    responses((status = 200, body = Scales), (status = 401, body = Problem), (status = 422, body = Problem)))]
pub async fn list(
    State(server): State<Server>,
    Caller(_): Caller,
    query: Query,
) -> Result<Json<Scales>, Trouble> {
    query.finish()?;
    let scales = server.desk.scales().await?;
    Ok(Json(Scales { scales: scales.current().map(|scale| Scale::from(scale.as_ref())).collect() }))
}
