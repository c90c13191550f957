//! `/api/v1/claims`, to work on.

use super::bodies::{
    self, Evidence, Figure, FullClaim, GivenVerdict, NewAdjudication, NewEvidence, NewLease, NewVerdict, Next,
};
use super::claims::full;
use super::request::{Caller, Id, Query, Sent};
use crate::http::Server;
use crate::http::problem::{Problem, Trouble};
use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use desk::{AdjudicationForm, EvidenceForm, OriginGiven, VerdictForm};
use domain::grade::Information;
use domain::id::{ClaimId, VerdictId};
use domain::policy::Actor;
use domain::problem::Kind;
use domain::words::{EvidenceTitle, Excerpt, Invalid, OutletName, Rationale, Reason, SourceName, WebAddress};
use http::StatusCode;

/// Lease the claim that matters most of those that nobody holds.
#[utoipa::path(post, path = "/claims/next", tag = "review", request_body = Option<Next>,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = FullClaim), (status = 204, description = "Nothing waits"),
        (status = 401, body = Problem), (status = 403, body = Problem), (status = 422, body = Problem)))]
pub async fn next(
    State(server): State<Server>,
    Caller(actor): Caller,
    Sent { body, once }: Sent<Next>,
) -> Result<Response, Trouble> {
    match server.desk.take_next(&actor, body.after.map(ClaimId), once.as_ref()).await? {
        Some(id) => Ok(Json(full(&server, &server.desk, &actor, id).await?).into_response()),
        None => Ok(StatusCode::NO_CONTENT.into_response()),
    }
}

/// Lease this claim, or keep one's lease longer. With `take_over`, from whoever holds it.
#[utoipa::path(put, path = "/claims/{id}/lease", tag = "review", request_body = Option<NewLease>, params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = FullClaim), (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem), (status = 409, description = "Somebody else holds it, or it is not in the queue", body = Problem),
        (status = 422, body = Problem)))]
pub async fn take(
    State(server): State<Server>,
    Caller(actor): Caller,
    Id(id): Id<ClaimId>,
    Sent { body, .. }: Sent<NewLease>,
) -> Result<Json<FullClaim>, Trouble> {
    match body.take_over {
        Some(reason) => {
            let reason =
                Reason::parse(&reason).map_err(|invalid| Invalid { field: "take_over", ..invalid })?;
            server.desk.take_over(&actor, id, &reason).await?;
        }
        None => server.desk.take(&actor, id).await?,
    }
    Ok(Json(full(&server, &server.desk, &actor, id).await?))
}

/// Give a claim back to the queue.
#[utoipa::path(delete, path = "/claims/{id}/lease", tag = "review", params(("id" = uuid::Uuid, Path)),
    responses((status = 204), (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub async fn release(
    State(server): State<Server>,
    Caller(actor): Caller,
    Id(id): Id<ClaimId>,
    query: Query,
) -> Result<StatusCode, Trouble> {
    query.finish()?;
    server.desk.release(&actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Attach evidence to a claim.
#[utoipa::path(post, path = "/claims/{id}/evidence", tag = "review", request_body = NewEvidence,
    params(("id" = uuid::Uuid, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = Evidence), (status = 400, body = Problem), (status = 401, body = Problem),
        (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)))]
pub async fn add_evidence(
    State(server): State<Server>,
    Caller(actor): Caller,
    Id(id): Id<ClaimId>,
    Sent { body, once }: Sent<NewEvidence>,
) -> Result<(StatusCode, Json<Evidence>), Trouble> {
    let named = |invalid: Invalid| Invalid { field: "source", ..invalid };
    let (source_name, kind) = body.source.map(|source| (source.name, source.kind)).unwrap_or_default();
    let source = SourceName::optional(&source_name).map_err(named)?;
    let publisher = body.publisher.as_deref().unwrap_or_default();
    let form = EvidenceForm {
        address: WebAddress::optional("address", body.address.as_deref().unwrap_or_default())?,
        source: source.map(|name| OriginGiven { name, kind }),
        publisher: OutletName::optional(publisher)
            .map_err(|invalid| Invalid { field: "publisher", ..invalid })?,
        information: match body.information {
            None => Information::Six,
            Some(number) => Information::of_number(number)
                .ok_or_else(|| Trouble::invalid("information", "Use a number from 1 to 6."))?,
        },
        visual: body.visual,
        admission: body.admission,
        ..EvidenceForm::new(EvidenceTitle::parse(&body.title)?, Excerpt::parse(&body.excerpt)?, body.stance)
    };
    let added = server.desk.add_evidence(&actor, id, form, once.as_ref()).await?;
    let view = server.desk.claim(&actor, id).await?;
    let mut of_claim =
        bodies::evidence(view.evidence, &view.claim.measures, Vec::new(), Vec::new()).into_iter();
    let evidence = of_claim.find(|evidence| evidence.id == added.0).ok_or_else(gone)?;
    Ok((StatusCode::CREATED, Json(evidence)))
}

/// Give a verdict. It settles the claim, and supersedes the verdict before.
#[utoipa::path(post, path = "/claims/{id}/verdicts", tag = "review", request_body = NewVerdict,
    params(("id" = uuid::Uuid, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = GivenVerdict), (status = 400, body = Problem), (status = 401, body = Problem),
        (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, description = "With the current version and what differs", body = Problem),
        (status = 422, description = "Also where the evidence lacks what the rating asks for: it says what", body = Problem)))]
pub async fn give_verdict(
    State(server): State<Server>,
    Caller(actor): Caller,
    Id(id): Id<ClaimId>,
    Sent { body, once }: Sent<NewVerdict>,
) -> Result<(StatusCode, Json<GivenVerdict>), Trouble> {
    let over = |invalid: Invalid| Invalid { field: "override_reason", ..invalid };
    let form = VerdictForm {
        scale: body.scale,
        rating: body.rating,
        rationale: Rationale::parse(&body.rationale)?,
        figure: body.figure.map(Figure::into_text),
        version: body.version,
        override_reason: body.override_reason.as_deref().map(Reason::parse).transpose().map_err(over)?,
    };
    let given = server.desk.give_verdict(&actor, id, form, once.as_ref()).await?;
    shown(&server, &actor, id, given).await
}

/// Decide between two verdicts that differ. It takes an editor who gave neither of them.
#[utoipa::path(post, path = "/claims/{id}/adjudications", tag = "review", request_body = NewAdjudication,
    params(("id" = uuid::Uuid, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = GivenVerdict), (status = 400, body = Problem), (status = 401, body = Problem),
        (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, description = "With the current version; also where no two verdicts differ, and for who gave one of them", body = Problem),
        (status = 422, body = Problem)))]
pub async fn adjudicate(
    State(server): State<Server>,
    Caller(actor): Caller,
    Id(id): Id<ClaimId>,
    Sent { body, once }: Sent<NewAdjudication>,
) -> Result<(StatusCode, Json<GivenVerdict>), Trouble> {
    let form = AdjudicationForm {
        rating: body.rating,
        reason: Rationale::parse(&body.reason).map_err(|invalid| Invalid { field: "reason", ..invalid })?,
        figure: body.figure.map(Figure::into_text),
        version: body.version,
    };
    let given = server.desk.adjudicate(&actor, id, form, once.as_ref()).await?;
    shown(&server, &actor, id, given).await
}

/// Take back a verdict of one's own within a minute, where nothing happened to the claim since. That
/// it was given stays in the history; the claim is again where it was.
#[utoipa::path(delete, path = "/verdicts/{id}", tag = "review", params(("id" = uuid::Uuid, Path)),
    responses((status = 200, description = "The claim as it is now", body = FullClaim),
        (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, description = "After a minute, where something happened since, for somebody else's verdict, and for one with which another was shown", body = Problem),
        (status = 422, body = Problem)))]
pub async fn undo(
    State(server): State<Server>,
    Caller(actor): Caller,
    Id(id): Id<VerdictId>,
    query: Query,
) -> Result<Json<FullClaim>, Trouble> {
    query.finish()?;
    let undone = server.desk.undo_verdict(&actor, id).await?;
    Ok(Json(full(&server, &server.desk, &actor, undone.claim).await?))
}

/// A verdict that was just given, with its claim.
async fn shown(
    server: &Server,
    actor: &Actor,
    id: ClaimId,
    given: VerdictId,
) -> Result<(StatusCode, Json<GivenVerdict>), Trouble> {
    let view = server.desk.claim(actor, id).await?;
    let verdict = view.verdicts.into_iter().find(|verdict| verdict.id == given).ok_or_else(gone)?;
    Ok((StatusCode::CREATED, Json(GivenVerdict { verdict: verdict.into(), claim: view.claim.into() })))
}

/// What a key made belongs to another claim than the one in the path, or to more than a page shows.
fn gone() -> Trouble {
    Trouble::new(Kind::NotFound, "It is done, but cannot be shown here.")
}
