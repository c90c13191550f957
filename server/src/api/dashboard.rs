//! `/api/v1/dashboard`

use super::bodies::Dashboard;
use super::request::{Caller, Query};
use crate::http::Server;
use crate::http::problem::{Problem, Trouble};
use axum::Json;
use axum::extract::State;

/// How much stands where, what waits, who did what.
#[utoipa::path(get, path = "/dashboard", tag = "dashboard", responses(
    (status = 200, body = Dashboard), (status = 401, body = Problem)))]
pub async fn dashboard(
    State(server): State<Server>,
    Caller(actor): Caller,
    query: Query,
) -> Result<Json<Dashboard>, Trouble> {
    query.finish()?;
    Ok(Json(server.desk.dashboard(&actor).await?.into()))
}
