//! `/api/v1/dashboard`

use super::bodies::Dashboard;
use super::request::{Caller, Query};
use crate::http::Server;
use crate::http::problem::{Problem, Trouble};
use axum::Json;
use axum::extract::State;

/// How much stands where, what waits, who did what: now, or as the desk knew it at a moment.
#[utoipa::path(get, path = "/dashboard", tag = "dashboard",
    params(("as_of" = Option<chrono::DateTime<chrono::Utc>>, Query, description = "As it was known then")),
    responses((status = 200, body = Dashboard), (status = 401, body = Problem), (status = 422, body = Problem)))]
pub async fn dashboard(
    State(server): State<Server>,
    Caller(actor): Caller,
    mut query: Query,
) -> Result<Json<Dashboard>, Trouble> {
    let as_of = query.as_of()?;
    query.finish()?;
    if let Some(as_of) = as_of {
        let then = server.desk.dashboard_then(as_of).await?;
        return Ok(Json(then.dashboard(&actor).await?.into()));
    }
    Ok(Json(server.desk.dashboard(&actor).await?.into()))
}
