//! `/api/v1/history`

use super::bodies::HistoryHead;
use super::request::{Caller, Query};
use crate::http::Server;
use crate::http::problem::{Problem, Trouble};
use axum::Json;
use axum::extract::State;

/// The newest checkpoint of the history. Keep it elsewhere: `claimdesk history verify --head` then
/// finds also what was cut off or written anew up to it.
#[utoipa::path(get, path = "/history/head", tag = "history", responses(
    (status = 200, body = HistoryHead), (status = 401, body = Problem),
    (status = 404, description = "Before the first checkpoint", body = Problem), (status = 422, body = Problem)))]
pub async fn head(
    State(server): State<Server>,
    Caller(actor): Caller,
    query: Query,
) -> Result<Json<HistoryHead>, Trouble> {
    query.finish()?;
    Ok(Json(server.desk.head(Some(&actor)).await?.into()))
}
