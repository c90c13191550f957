//! `GET /agreement.csv`: how far reviewers agree, for a spreadsheet.

use super::Server;
use super::problem::Trouble;
use app::request::Who;
use axum::Extension;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use chrono::NaiveDate;
use desk::{Agreements, Period};
use domain::agreement::Agreement;
use http::StatusCode;
use http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use serde::Deserialize;

/// The period as the page's form sends it.
#[derive(Deserialize)]
pub struct Asked {
    #[serde(default)]
    from: String,
    #[serde(default)]
    to: String,
}

pub async fn csv(
    State(server): State<Server>,
    Extension(who): Extension<Who>,
    Query(asked): Query<Asked>,
) -> Result<Response, Trouble> {
    let Who(Some(person)) = who else { return Err(Trouble::of_status(StatusCode::UNAUTHORIZED)) };
    let period = Period { from: day("from", &asked.from)?, to: day("to", &asked.to)? };
    let agreements = server.desk.agreements(&person.actor, period).await?;
    let text = table(&agreements).map_err(|_| Trouble::of_status(StatusCode::INTERNAL_SERVER_ERROR))?;
    let headers = [
        (CONTENT_TYPE, "text/csv; charset=utf-8"),
        (CONTENT_DISPOSITION, "attachment; filename=\"agreement.csv\""),
    ];
    Ok((headers, text).into_response())
}

fn day(field: &'static str, text: &str) -> Result<Option<NaiveDate>, Trouble> {
    match text.trim() {
        "" => Ok(None),
        text => text.parse().map(Some).map_err(|_| Trouble::invalid(field, "Write the day as 2026-03-12.")),
    }
}

/// One line a group; a figure that too few stand behind is left empty.
fn table(agreements: &Agreements) -> anyhow::Result<Vec<u8>> {
    let head = ["group", "of", "and", "judged", "agreement", "cohens_kappa", "krippendorffs_alpha"];
    let mut csv = crate::export::table(&head);
    let mut line = |group: &str, of: &str, and: &str, agreement: &Agreement| {
        let figure = |value: Option<f64>| value.map(|value| format!("{value:.4}")).unwrap_or_default();
        csv.write_record([
            group.to_owned(),
            // A spreadsheet takes a cell that begins with one of these for a formula.
            crate::export::cell(of),
            crate::export::cell(and),
            agreement.judged.to_string(),
            figure(agreement.share),
            figure(agreement.kappa),
            figure(agreement.alpha),
        ])
    };
    line("all", "", "", &agreements.all)?;
    for row in &agreements.scales {
        line("scale", &row.of, "", &row.agreement)?;
    }
    for row in &agreements.kinds {
        line("kind", row.of.word(), "", &row.agreement)?;
    }
    for row in &agreements.pairs {
        line("pair", &row.of.0, &row.of.1, &row.agreement)?;
    }
    Ok(csv.into_inner().map_err(csv::IntoInnerError::into_error)?)
}
