//! `/api/v1/me`

use super::bodies::Person;
use super::request::{Caller, Query};
use crate::http::problem::{Problem, Trouble};
use axum::Json;

/// Whom the token acts as.
#[utoipa::path(get, path = "/me", tag = "about", responses(
    (status = 200, body = Person), (status = 401, body = Problem)))]
pub async fn me(Caller(actor): Caller, query: Query) -> Result<Json<Person>, Trouble> {
    query.finish()?;
    Ok(Json(actor.into()))
}
