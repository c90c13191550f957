//! `/api/v1/claims`, to correct what was found.

use super::bodies::{
    Figure, FullClaim, NewCorrection, NewMeasure, NewMerge, NewPart, NewSource, NewSplit, Span, SplitClaims,
};
use super::claims::full;
use super::request::{Caller, Id, Sent};
use crate::http::Server;
use crate::http::problem::{Problem, Trouble};
use axum::Json;
use axum::extract::State;
use desk::{CorrectionForm, MeasuresGiven, MergeForm, SpanGiven, SplitForm};
use domain::claim::SourceKind;
use domain::correction::{self, FigureGiven, MeasureGiven, NamedSource, SourceGiven};
use domain::id::ClaimId;
use domain::measure::Bound;
use domain::words::{ClaimWords, Invalid, Organisation, SourceName, SourceRole};
use http::StatusCode;

/// Correct what was found: words, kind, source or figures. Reading the article again leaves what was
/// corrected alone.
#[utoipa::path(patch, path = "/claims/{id}", tag = "review", request_body = NewCorrection,
    params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = FullClaim), (status = 400, body = Problem), (status = 401, body = Problem),
        (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, description = "With the current version and what differs; also where it is decided, or somebody else holds it", body = Problem),
        (status = 422, body = Problem)))]
pub async fn correct(
    State(server): State<Server>,
    Caller(actor): Caller,
    Id(id): Id<ClaimId>,
    Sent { body, .. }: Sent<NewCorrection>,
) -> Result<Json<FullClaim>, Trouble> {
    let form = CorrectionForm {
        version: body.version,
        span: match (&body.words, &body.span) {
            (None, None) => None,
            _ => Some(stretch(body.words.as_deref(), body.span.as_ref())?),
        },
        kind: body.kind,
        source: body.source.map(source).transpose()?,
        measures: match body.measures {
            Some(given) => {
                Some(MeasuresGiven::All(given.into_iter().map(measure).collect::<Result<_, _>>()?))
            }
            None => None,
        },
    };
    server.desk.correct(&actor, id, form).await?;
    Ok(Json(full(&server, &server.desk, &actor, id).await?))
}

/// Split a claim into several. They wait in the queue; the claim itself is dismissed.
#[utoipa::path(post, path = "/claims/{id}/split", tag = "review", request_body = NewSplit,
    params(("id" = uuid::Uuid, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = SplitClaims), (status = 400, body = Problem), (status = 401, body = Problem),
        (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem),
        (status = 422, body = Problem)))]
pub async fn split(
    State(server): State<Server>,
    Caller(actor): Caller,
    Id(id): Id<ClaimId>,
    Sent { body, once }: Sent<NewSplit>,
) -> Result<(StatusCode, Json<SplitClaims>), Trouble> {
    let part = |part: &NewPart| {
        stretch(part.words.as_deref(), part.span.as_ref()).map_err(|wrong| Invalid::new("parts", wrong.fix))
    };
    // Beyond what one can be split into nothing is read.
    let parts = body.parts.iter().take(correction::MAX_PARTS + 1).map(part).collect::<Result<_, _>>()?;
    let form = SplitForm { version: body.version, parts };
    let parts = server.desk.split(&actor, id, form, once.as_ref()).await?;
    let claims = server.desk.claim_rows(&actor, &parts).await?;
    Ok((StatusCode::CREATED, Json(SplitClaims { claims: claims.into_iter().map(Into::into).collect() })))
}

/// Merge other claims of the article into this one. They are dismissed; their evidence stays within
/// reach here.
#[utoipa::path(post, path = "/claims/{id}/merge", tag = "review", request_body = NewMerge,
    params(("id" = uuid::Uuid, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = FullClaim), (status = 400, body = Problem), (status = 401, body = Problem),
        (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem),
        (status = 422, body = Problem)))]
pub async fn merge(
    State(server): State<Server>,
    Caller(actor): Caller,
    Id(id): Id<ClaimId>,
    Sent { body, once }: Sent<NewMerge>,
) -> Result<Json<FullClaim>, Trouble> {
    let with = body.with.into_iter().map(|claim| (ClaimId(claim.id), claim.version)).collect();
    server.desk.merge(&actor, id, MergeForm { version: body.version, with }, once.as_ref()).await?;
    Ok(Json(full(&server, &server.desk, &actor, id).await?))
}

fn stretch(words: Option<&str>, span: Option<&Span>) -> Result<SpanGiven, Invalid> {
    match (words, span) {
        (Some(words), None) => Ok(SpanGiven::Words(ClaimWords::parse(words)?)),
        (None, Some(span)) if span.start < span.end => {
            Ok(SpanGiven::At(domain::text::Span { start: span.start, end: span.end }))
        }
        (None, Some(_)) => Err(Invalid::new("span", "Give a start before the end.")),
        (None, None) => Err(Invalid::new("words", "Give words or span.")),
        (Some(_), Some(_)) => Err(Invalid::new("span", "Give words or span, not both.")),
    }
}

fn source(given: NewSource) -> Result<SourceGiven, Invalid> {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let Some(name) = SourceName::optional(&text(&given.name))? else {
        let is_nothing = given.kind.is_none() && given.role.is_none() && given.organisation.is_none();
        return if is_nothing {
            Ok(SourceGiven::Article)
        } else {
            Err(Invalid::new("name", "Name the source, or send nothing but null for the article itself."))
        };
    };
    Ok(SourceGiven::Named(NamedSource {
        name,
        kind: given.kind.unwrap_or(SourceKind::Person),
        role: SourceRole::optional(&text(&given.role))?,
        organisation: Organisation::optional(&text(&given.organisation))?,
    }))
}

fn measure(given: NewMeasure) -> Result<MeasureGiven, Invalid> {
    let has_numbers = given.low.or(given.best).or(given.high).is_some() || given.bound.is_some();
    let figure = match given.figure {
        Some(_) if has_numbers => {
            return Err(Invalid::new("figure", "Give figure or numbers, not both."));
        }
        Some(Figure::Whole(number)) => Some(FigureGiven::Words(number.to_string())),
        Some(Figure::Number(number)) => Some(FigureGiven::Words(number.to_string())),
        Some(Figure::Text(text)) => Some(FigureGiven::Words(text)),
        None if has_numbers => Some(FigureGiven::Numbers(correction::Figure {
            text: String::new(),
            low: given.low,
            best: given.best,
            high: given.high,
            bound: given.bound.unwrap_or(Bound::Exact),
            unit: None,
        })),
        None => None,
    };
    Ok(MeasureGiven {
        of: given.position,
        indicator: given.indicator,
        figure,
        counts: given.counts,
        unit: given.unit,
        class: given.class,
        side: given.side,
        denied: given.denied,
        earlier: given.earlier,
        only_some: given.only_some,
        reading: given.reading,
        confirmation: given.confirmation,
    })
}
