//! `/incidents/{id}/{indicator}.svg` and `.csv`: a ledger to take along, for the desk; and
//! `/public/incidents/{slug}/…`, the same for readers.

use super::problem::Trouble;
use super::{Server, feed};
use crate::api::publication::PublishedFigures;
use crate::export::{cell, table};
use app::request::Who;
use app::{ledger, paths};
use axum::Extension;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use desk::{Error, LedgerAddress, LedgerView, PublicLedger, PublicVerdict};
use domain::id::IncidentId;
use domain::language::Language;
use domain::ledger::{Figure, Mark};
use domain::measure::Indicator;
use domain::words::well_formed;
use http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE, ETAG, LOCATION, VARY};
use http::{HeaderMap, StatusCode};
use serde::Deserialize;

/// The moment as of which the file is wanted.
#[derive(Deserialize)]
pub struct Asked {
    as_of: Option<String>,
}

pub async fn file(
    State(server): State<Server>,
    Extension(who): Extension<Who>,
    Path((id, file)): Path<(String, String)>,
    Query(asked): Query<Asked>,
) -> Result<Response, Trouble> {
    let Who(Some(person)) = who else { return Err(Trouble::of_status(StatusCode::UNAUTHORIZED)) };
    let missing = || Trouble::from(Error::NotFound("ledger"));
    let id: IncidentId = id.parse().map_err(|_| missing())?;
    let (word, format) = file.rsplit_once('.').ok_or_else(missing)?;
    let indicator: Indicator = word.parse().map_err(|_| missing())?;
    let (ledgers, row, moves_known_since) = match asked.as_of.as_deref().filter(|text| !text.is_empty()) {
        Some(text) => {
            let then = server.desk.incident_then(id, domain::words::moment("as_of", text)?).await?;
            let row = then.incident_row(&person.actor, id).await?;
            (then.incident_figures(&person.actor, id).await?, row, then.moves_known_since)
        }
        None => {
            let row = server.desk.incident_row(&person.actor, id).await?;
            (server.desk.incident_figures(&person.actor, id).await?, row, None)
        }
    };
    let view = ledgers.into_iter().find(|view| view.indicator == indicator).ok_or_else(missing)?;
    let named = |ending: &str| format!("attachment; filename=\"{}.{ending}\"", indicator.word());
    match format {
        "svg" => {
            let drawing =
                well_formed(ledger::file(&row.title, &view, moves_known_since).ok_or_else(missing)?);
            let headers = [(CONTENT_TYPE, "image/svg+xml".to_owned()), (CONTENT_DISPOSITION, named("svg"))];
            Ok((headers, drawing).into_response())
        }
        "csv" => {
            let rows = table_for_desk(&view, moves_known_since)
                .map_err(|_| Trouble::of_status(StatusCode::INTERNAL_SERVER_ERROR))?;
            let headers =
                [(CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()), (CONTENT_DISPOSITION, named("csv"))];
            Ok((headers, rows).into_response())
        }
        _ => Err(missing()),
    }
}

/// For readers, who need not be signed in. It is as old as the page in front of it may be.
pub async fn public(
    State(server): State<Server>,
    Extension(language): Extension<Language>,
    Path((slug, file)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, Trouble> {
    let missing = || Trouble::from(Error::NotFound("ledger"));
    if file == paths::FIGURES_JSON {
        return whole(&server, &slug, &headers).await;
    }
    let (word, format) = file.rsplit_once('.').ok_or_else(missing)?;
    let indicator: Indicator = word.parse().map_err(|_| missing())?;
    let page = match server.desk.public_ledger(&slug).await? {
        LedgerAddress::Here(page) => page,
        LedgerAddress::Moved(slug) => {
            let there = paths::public_ledger_file(&slug, indicator, format);
            return Ok((StatusCode::FOUND, [(LOCATION, there)]).into_response());
        }
        LedgerAddress::Gone(_) => return Err(missing().with_status(StatusCode::GONE)),
    };
    let view = page.shown.ledgers.iter().find(|view| view.indicator == indicator).ok_or_else(missing)?;
    let own = server.settings.own_address();
    let (kind, content) = match format {
        "svg" => {
            let address = format!("{own}{}", paths::public_ledger(&page.slug, indicator));
            let drawing = ledger::file_for_readers(language, &page.shown.title, view, &address);
            ("image/svg+xml", well_formed(drawing.ok_or_else(missing)?).into_bytes())
        }
        "csv" => {
            let table = table_for_readers(view, &page.shown.verdicts, own);
            (
                "text/csv; charset=utf-8",
                table.map_err(|_| Trouble::of_status(StatusCode::INTERNAL_SERVER_ERROR))?,
            )
        }
        _ => return Err(missing()),
    };
    let tag = feed::tag_of(&content);
    let known = [
        (CONTENT_TYPE, kind.to_owned()),
        (CACHE_CONTROL, feed::KEPT.to_owned()),
        (ETAG, tag.clone()),
        // A chart is in the reader's language.
        (VARY, "accept-language, cookie".to_owned()),
        (CONTENT_DISPOSITION, format!("attachment; filename=\"{slug}-{}.{format}\"", indicator.word())),
    ];
    if feed::has_newest(&headers, &tag, None) {
        return Ok((StatusCode::NOT_MODIFIED, known).into_response());
    }
    Ok((known, content).into_response())
}

/// All of it for programs, as the JSON API gives it to those who have a token.
async fn whole(server: &Server, slug: &str, headers: &HeaderMap) -> Result<Response, Trouble> {
    let page = match server.desk.public_ledger(slug).await? {
        LedgerAddress::Here(page) => page,
        LedgerAddress::Moved(slug) => {
            let there = format!("{}/{}", paths::public_incident(&slug), paths::FIGURES_JSON);
            return Ok((StatusCode::FOUND, [(LOCATION, there)]).into_response());
        }
        LedgerAddress::Gone(_) => {
            return Err(Trouble::from(Error::NotFound("ledger")).with_status(StatusCode::GONE));
        }
    };
    let figures = PublishedFigures::of(*page, server.settings.own_address());
    let content =
        serde_json::to_vec(&figures).map_err(|_| Trouble::of_status(StatusCode::INTERNAL_SERVER_ERROR))?;
    let tag = feed::tag_of(&content);
    let known = [
        (CONTENT_TYPE, "application/json".to_owned()),
        (CACHE_CONTROL, feed::KEPT.to_owned()),
        (ETAG, tag.clone()),
    ];
    if feed::has_newest(headers, &tag, None) {
        return Ok((StatusCode::NOT_MODIFIED, known).into_response());
    }
    Ok((known, content).into_response())
}

/// The columns that say who says a figure.
const SAID: [&str; 6] = ["indicator", "published", "source", "party", "relayed_by", "outlet"];
/// The columns that say which number it is.
const COUNTED: [&str; 16] = [
    "words",
    "low",
    "best",
    "high",
    "bound",
    "counts",
    "unit",
    "side",
    "place",
    "reading",
    "confirmation",
    "part_of_a_total",
    "denied",
    "doubted",
    "past",
    "other_event",
];

fn said(indicator: Indicator, figure: &Figure) -> [String; SAID.len()] {
    [
        indicator.word().to_owned(),
        figure.at.to_rfc3339(),
        cell(&figure.source),
        cell(figure.party.as_deref().unwrap_or_default()),
        cell(&figure.relays.join("; ")),
        cell(figure.outlet.as_deref().unwrap_or_default()),
    ]
}

fn counted(figure: &Figure) -> [String; COUNTED.len()] {
    [
        cell(&figure.words),
        number(figure.low),
        number(figure.best),
        number(figure.high),
        figure.bound.word().to_owned(),
        cell(figure.counts.as_deref().unwrap_or_default()),
        cell(figure.unit.as_deref().unwrap_or_default()),
        cell(figure.side.as_deref().unwrap_or_default()),
        cell(figure.place.as_deref().unwrap_or_default()),
        figure.reading.word().to_owned(),
        figure.confirmation.word().to_owned(),
        figure.is_part.to_string(),
        figure.denied.to_string(),
        figure.doubted.to_string(),
        figure.past.map(|past| past.word().to_owned()).unwrap_or_default(),
        figure.other.map(|other| other.word().to_owned()).unwrap_or_default(),
    ]
}

/// One line a figure, oldest first, with what readers see of it and nothing else.
fn table_for_readers(view: &PublicLedger, verdicts: &[PublicVerdict], own: &str) -> anyhow::Result<Vec<u8>> {
    let article = ["article", "address"];
    let more = ["notes", "published_rating", "under_review", "verdict"];
    let head: Vec<&str> = SAID.iter().chain(&article).chain(&COUNTED).chain(&more).copied().collect();
    let mut csv = table(&head);
    for (place, one) in view.figures.iter().enumerate() {
        let verdict = one.verdict.and_then(|at| verdicts.get(at));
        let article = [cell(&one.article_title), cell(one.article_address.as_deref().unwrap_or_default())];
        let more = [
            cell(&notes(&view.marks, place)),
            cell(verdict.map(|verdict| verdict.rating.name.as_str()).unwrap_or_default()),
            verdict.map(|verdict| verdict.under_review.to_string()).unwrap_or_default(),
            verdict.map(|verdict| format!("{own}{}", paths::public_claim(&verdict.slug))).unwrap_or_default(),
        ];
        let said = said(view.indicator, &one.figure).into_iter().chain(article);
        csv.write_record(said.chain(counted(&one.figure)).chain(more))?;
    }
    Ok(csv.into_inner().map_err(csv::IntoInnerError::into_error)?)
}

fn number(value: Option<f64>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

/// What does not fit about a figure.
fn notes(marks: &[Mark], place: usize) -> String {
    let about = marks.iter().filter(|mark| mark.figures.contains(&place));
    about.map(|mark| mark.why.to_string()).collect::<Vec<_>>().join(" ")
}

/// One line a figure, oldest first; the marks stand in words at the figures that they are about. The last
/// column is filled where lines may be missing.
fn table_for_desk(view: &LedgerView, moves_known_since: Option<DateTime<Utc>>) -> anyhow::Result<Vec<u8>> {
    let incomplete = moves_known_since.map(|since| {
        format!("claims taken out of the incident before {} are not listed", since.to_rfc3339())
    });
    let more = ["claim", "stage", "rating", "notes", "may_be_incomplete"];
    let head: Vec<&str> = SAID.iter().chain(&COUNTED).chain(&more).copied().collect();
    let mut csv = table(&head);
    for (place, record) in view.figures.iter().enumerate() {
        let more = [
            record.figure.claim.to_string(),
            record.stage.word().to_owned(),
            cell(record.rating_name.as_deref().unwrap_or_default()),
            cell(&notes(&view.marks, place)),
            incomplete.clone().unwrap_or_default(),
        ];
        csv.write_record(
            said(view.indicator, &record.figure).into_iter().chain(counted(&record.figure)).chain(more),
        )?;
    }
    Ok(csv.into_inner().map_err(csv::IntoInnerError::into_error)?)
}
