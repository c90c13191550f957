//! `GET /admin/history/head.json`: the newest checkpoint, as a file to be kept elsewhere.

use super::Server;
use super::problem::Trouble;
use app::request::Who;
use axum::Extension;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use domain::policy::{self, Audit};
use http::StatusCode;
use http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};

pub async fn file(State(server): State<Server>, Extension(who): Extension<Who>) -> Result<Response, Trouble> {
    let Who(Some(person)) = who else { return Err(Trouble::of_status(StatusCode::UNAUTHORIZED)) };
    let _: policy::Permit<Audit> = policy::permit(&person.actor).map_err(desk::Error::from)?;
    let head = server.desk.head(Some(&person.actor)).await?;
    let name = format!("attachment; filename=\"claimdesk-head-{}.json\"", head.checkpoint);
    let text =
        crate::history::file(&head).map_err(|_| Trouble::of_status(StatusCode::INTERNAL_SERVER_ERROR))?;
    Ok(([(CONTENT_TYPE, "application/json".to_owned()), (CONTENT_DISPOSITION, name)], text).into_response())
}
