//! `/api/v1/incidents/{id}/publication`: an incident's figures as readers see them, made public and withdrawn.

use super::bodies::{IndicatorWord, LedgerStepWord, MarkWord, OtherWord, PastWord};
use super::incidents::{CountedBy, FigureRange, LeftOutFigure, index};
use super::request::{Caller, Id, Query, Sent};
use crate::http::Server;
use crate::http::problem::{Problem, Trouble};
use app::paths;
use axum::Json;
use axum::extract::State;
use chrono::{DateTime, NaiveDate, Utc};
use desk::{LedgerPage, LedgerPublication, PublicFigure, PublicLedger, PublicVerdict};
use domain::id::IncidentId;
use domain::ledger::{MarkKind, Other};
use domain::ledger_news::LedgerStep;
use domain::measure::{Indicator, Past};
use domain::words::{CorrectionNote, Invalid};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// An incident's figures as readers see them. Nothing of it is the desk's alone.
#[derive(Serialize, ToSchema)]
pub struct PublishedFigures {
    /// The page for readers.
    url: String,
    title: String,
    place: Option<String>,
    from: Option<NaiveDate>,
    to: Option<NaiveDate>,
    /// When something that stands here changed last.
    changed_at: DateTime<Utc>,
    indicators: Vec<PublishedIndicator>,
    /// Published verdicts on claims about it.
    verdicts: Vec<VerdictForReaders>,
    /// Oldest first.
    publications: Vec<FiguresPublication>,
}

#[derive(Serialize, ToSchema)]
struct PublishedIndicator {
    #[schema(value_type = IndicatorWord)]
    indicator: Indicator,
    /// Oldest first.
    figures: Vec<FigureForReaders>,
    lines: Vec<LineForReaders>,
    marks: Vec<MarkForReaders>,
    /// What the desk holds.
    estimate: Option<EstimateForReaders>,
}

#[derive(Serialize, ToSchema)]
struct FigureForReaders {
    /// The original source.
    source: String,
    party: Option<String>,
    side: Option<String>,
    /// Who passed it on.
    relays: Vec<String>,
    outlet: Option<String>,
    article_title: String,
    article_url: Option<String>,
    /// When the article was published.
    at: DateTime<Utc>,
    low: Option<f64>,
    best: Option<f64>,
    high: Option<f64>,
    words: String,
    counts: Option<String>,
    /// It counts only some.
    is_part: bool,
    /// Its source says that it is not so.
    denied: bool,
    /// Its source neither says nor denies it.
    doubted: bool,
    /// How the text tells it where it is not the count that holds; null: it holds.
    #[schema(value_type = Option<PastWord>)]
    past: Option<Past>,
    /// Why it does not count the incident's event; null: it does.
    #[schema(value_type = Option<OtherWord>)]
    other: Option<Other>,
    /// The place that it counts alone, where articles tell several apart.
    one_place: Option<String>,
    /// It says how many there are in all.
    is_total: bool,
    /// Index of `verdicts`: the one on its claim.
    verdict: Option<u32>,
}

#[derive(Serialize, ToSchema)]
struct LineForReaders {
    source: String,
    party: Option<String>,
    side: Option<String>,
    /// Indices of `figures`, oldest first.
    figures: Vec<u32>,
    /// Index of the latest that says how many there are in all.
    current: Option<u32>,
    outlets: u32,
}

#[derive(Serialize, ToSchema)]
struct MarkForReaders {
    #[schema(value_type = MarkWord)]
    kind: MarkKind,
    /// Indices of `figures`, the one that stands out first.
    figures: Vec<u32>,
    why: String,
}

#[derive(Serialize, ToSchema)]
struct EstimateForReaders {
    #[serde(flatten)]
    range: FigureRange,
    of: CountedBy,
    basis: Vec<String>,
    /// What sources say now and does not decide it.
    left_out: Vec<LeftOutFigure>,
    /// An editor set it; else the rules give it.
    is_own: bool,
}

#[derive(Serialize, ToSchema)]
struct VerdictForReaders {
    /// The claim's page for readers.
    url: String,
    claim: String,
    language: String,
    rating: String,
    /// The desk looks at it again: it weighs in no estimate.
    under_review: bool,
}

/// One time that figures were published, changed for readers or were withdrawn.
#[derive(Serialize, ToSchema)]
struct FiguresPublication {
    id: Uuid,
    number: i32,
    #[schema(value_type = LedgerStepWord)]
    kind: LedgerStep,
    at: DateTime<Utc>,
    /// What readers were told where they were withdrawn.
    note: Option<String>,
    /// What was new, each in a sentence.
    news: Vec<String>,
}

/// Makes figures public.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PublishFigures {
    /// The incident's version that you saw.
    pub version: i32,
}

/// Takes figures back from the public.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WithdrawFigures {
    /// What readers are told under the address that the figures had.
    pub note: String,
    /// The incident's version that you saw.
    pub version: i32,
}

impl From<&PublicFigure> for FigureForReaders {
    fn from(one: &PublicFigure) -> Self {
        let figure = one.figure.clone();
        Self {
            is_total: figure.is_total(),
            source: figure.source,
            party: figure.party,
            side: figure.side,
            relays: figure.relays,
            outlet: figure.outlet,
            article_title: one.article_title.clone(),
            article_url: one.article_address.clone(),
            at: figure.at,
            low: figure.low,
            best: figure.best,
            high: figure.high,
            words: figure.words,
            counts: figure.counts,
            is_part: figure.is_part,
            denied: figure.denied,
            doubted: figure.doubted,
            past: figure.past,
            other: figure.other,
            one_place: figure.one_place,
            verdict: one.verdict.map(index),
        }
    }
}

impl From<PublicLedger> for PublishedIndicator {
    fn from(of: PublicLedger) -> Self {
        let places = |places: Vec<usize>| places.into_iter().map(index).collect();
        Self {
            indicator: of.indicator,
            figures: of.figures.iter().map(Into::into).collect(),
            lines: of
                .lines
                .into_iter()
                .map(|line| LineForReaders {
                    source: line.source,
                    party: line.party,
                    side: line.side,
                    figures: places(line.figures),
                    current: line.current.map(index),
                    outlets: index(line.outlets),
                })
                .collect(),
            marks: of
                .marks
                .into_iter()
                .map(|mark| MarkForReaders {
                    kind: mark.kind,
                    why: mark.why.to_string(),
                    figures: places(mark.figures),
                })
                .collect(),
            estimate: of.estimate.map(|estimate| EstimateForReaders {
                left_out: LeftOutFigure::all(&estimate),
                range: estimate.range.into(),
                of: estimate.of.into(),
                basis: estimate.basis.iter().map(ToString::to_string).collect(),
                is_own: of.is_own,
            }),
        }
    }
}

impl From<LedgerPublication> for FiguresPublication {
    fn from(one: LedgerPublication) -> Self {
        Self {
            id: one.id.0,
            number: one.number,
            kind: one.step,
            at: one.at,
            note: one.note,
            news: one.news.iter().map(|news| news.phrase().to_string()).collect(),
        }
    }
}

impl PublishedFigures {
    pub fn of(page: LedgerPage, own: &str) -> Self {
        let shown = page.shown;
        let verdict = |one: PublicVerdict| VerdictForReaders {
            url: format!("{own}{}", paths::public_claim(&one.slug)),
            claim: one.claim,
            language: one.language,
            rating: one.rating.name,
            under_review: one.under_review,
        };
        Self {
            url: format!("{own}{}", paths::public_incident(&page.slug)),
            title: shown.title,
            place: shown.place,
            from: shown.from,
            to: shown.to,
            changed_at: shown.changed_at,
            indicators: shown.ledgers.into_iter().map(Into::into).collect(),
            verdicts: shown.verdicts.into_iter().map(verdict).collect(),
            publications: page.publications.into_iter().map(Into::into).collect(),
        }
    }
}

/// An incident's figures as readers see them.
#[utoipa::path(get, path = "/incidents/{id}/publication", tag = "incidents", params(("id" = Uuid, Path)),
    responses((status = 200, body = PublishedFigures), (status = 401, body = Problem),
        (status = 404, description = "Also where they are not public", body = Problem), (status = 422, body = Problem)))]
pub async fn one(
    State(server): State<Server>,
    Caller(actor): Caller,
    Id(id): Id<IncidentId>,
    query: Query,
) -> Result<Json<PublishedFigures>, Trouble> {
    query.finish()?;
    let page = server.desk.published_ledger(&actor, id).await?;
    Ok(Json(PublishedFigures::of(page, server.settings.own_address())))
}

/// Make an incident's figures public, as they stand and as they change. It takes an editor.
///
/// Where they are public already, nothing changes. `GET incidents/{id}/publication` gives what readers see.
#[utoipa::path(post, path = "/incidents/{id}/publish", tag = "incidents", request_body = PublishFigures,
    params(("id" = Uuid, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 204), (status = 400, body = Problem), (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem), (status = 409, description = "With the current version", body = Problem),
        (status = 422, description = "Also where it was merged into another", body = Problem)))]
pub async fn publish(
    State(server): State<Server>,
    Caller(actor): Caller,
    Id(id): Id<IncidentId>,
    Sent { body, once }: Sent<PublishFigures>,
) -> Result<StatusCode, Trouble> {
    server.desk.publish_ledger(&actor, id, body.version, once.as_ref()).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Take an incident's figures back from the public, with a note to readers. It takes an editor.
#[utoipa::path(post, path = "/incidents/{id}/withdraw", tag = "incidents", request_body = WithdrawFigures,
    params(("id" = Uuid, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 204), (status = 400, body = Problem), (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 404, description = "Also where they are not public", body = Problem),
        (status = 409, description = "With the current version", body = Problem), (status = 422, body = Problem)))]
pub async fn withdraw(
    State(server): State<Server>,
    Caller(actor): Caller,
    Id(id): Id<IncidentId>,
    Sent { body, once }: Sent<WithdrawFigures>,
) -> Result<StatusCode, Trouble> {
    let note = CorrectionNote::parse(&body.note).map_err(|invalid| Invalid { field: "note", ..invalid })?;
    server.desk.withdraw_ledger(&actor, id, body.version, note, once.as_ref()).await?;
    Ok(StatusCode::NO_CONTENT)
}
