//! `/incidents/{id}/{indicator}.svg` and `.csv`: a ledger to take along.

use super::Server;
use super::problem::Trouble;
use app::ledger;
use app::request::Who;
use axum::Extension;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use desk::{Error, LedgerView};
use domain::id::IncidentId;
use domain::measure::Indicator;
use http::StatusCode;
use http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};

pub async fn file(
    State(server): State<Server>,
    Extension(who): Extension<Who>,
    Path((id, file)): Path<(String, String)>,
) -> Result<Response, Trouble> {
    let Who(Some(person)) = who else { return Err(Trouble::of_status(StatusCode::UNAUTHORIZED)) };
    let missing = || Trouble::from(Error::NotFound("ledger"));
    let id: IncidentId = id.parse().map_err(|_| missing())?;
    let (word, format) = file.rsplit_once('.').ok_or_else(missing)?;
    let indicator: Indicator = word.parse().map_err(|_| missing())?;
    let ledgers = server.desk.incident_figures(&person.actor, id).await?;
    let view = ledgers.into_iter().find(|view| view.indicator == indicator).ok_or_else(missing)?;
    let named = |ending: &str| format!("attachment; filename=\"{}.{ending}\"", indicator.word());
    match format {
        "svg" => {
            let drawing = ledger::file(&view).ok_or_else(missing)?;
            let headers = [(CONTENT_TYPE, "image/svg+xml".to_owned()), (CONTENT_DISPOSITION, named("svg"))];
            Ok((headers, drawing).into_response())
        }
        "csv" => {
            let table = table(&view).map_err(|_| Trouble::of_status(StatusCode::INTERNAL_SERVER_ERROR))?;
            let headers =
                [(CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()), (CONTENT_DISPOSITION, named("csv"))];
            Ok((headers, table).into_response())
        }
        _ => Err(missing()),
    }
}

/// One line a figure, oldest first; the marks stand in words at the figures that they are about.
fn table(view: &LedgerView) -> anyhow::Result<Vec<u8>> {
    let mut csv = csv::Writer::from_writer(Vec::new());
    csv.write_record([
        "indicator",
        "published",
        "source",
        "party",
        "relayed_by",
        "outlet",
        "words",
        "low",
        "best",
        "high",
        "bound",
        "counts",
        "side",
        "reading",
        "confirmation",
        "part_of_a_total",
        "denied",
        "claim",
        "stage",
        "rating",
        "notes",
    ])?;
    let cell = crate::export::cell;
    let number = |value: Option<f64>| value.map(|value| value.to_string()).unwrap_or_default();
    for (place, record) in view.figures.iter().enumerate() {
        let figure = &record.figure;
        let notes: Vec<String> = view
            .marks
            .iter()
            .filter(|mark| mark.figures.contains(&place))
            .map(|mark| mark.why.to_string())
            .collect();
        csv.write_record([
            view.indicator.word().to_owned(),
            figure.at.to_rfc3339(),
            cell(&figure.source),
            cell(figure.party.as_deref().unwrap_or_default()),
            cell(&figure.relays.join("; ")),
            cell(figure.outlet.as_deref().unwrap_or_default()),
            cell(&figure.words),
            number(figure.low),
            number(figure.best),
            number(figure.high),
            figure.bound.word().to_owned(),
            cell(figure.counts.as_deref().unwrap_or_default()),
            cell(figure.side.as_deref().unwrap_or_default()),
            figure.reading.word().to_owned(),
            figure.confirmation.word().to_owned(),
            figure.is_part.to_string(),
            figure.denied.to_string(),
            figure.claim.to_string(),
            record.stage.word().to_owned(),
            cell(record.rating_name.as_deref().unwrap_or_default()),
            cell(&notes.join(" ")),
        ])?;
    }
    Ok(csv.into_inner().map_err(csv::IntoInnerError::into_error)?)
}
