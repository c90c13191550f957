//! `/api/v1/evidence/{id}/assessments`: what a picture, a video or a recording is found to be.

use super::bodies::{MediaAssessment, NewMediaAssessment, TakenBackAssessment};
use super::request::{Caller, Id, Sent};
use crate::http::Server;
use crate::http::problem::{Problem, Trouble};
use axum::Json;
use axum::extract::State;
use domain::id::{CopyId, EvidenceId};
use domain::media::{Assessment, Given};
use domain::words::{OriginalContext, Reason, WebAddress};
use http::StatusCode;

/// Say what the picture, the video or the recording of a piece of evidence is found to be.
///
/// It takes the place of what was said before, which stays. Readers are told with the next publication
/// of the claim, as a MediaReview beside its ClaimReview. What says the same as the one that stands
/// changes nothing.
#[utoipa::path(post, path = "/evidence/{id}/assessments", tag = "review", request_body = NewMediaAssessment,
    params(("id" = uuid::Uuid, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = MediaAssessment), (status = 400, body = Problem), (status = 401, body = Problem),
        (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, description = "Somebody else assessed it meanwhile: with the number that stands and what differs", body = Problem),
        (status = 422, description = "Also where it contradicts itself, or lacks the context of the original", body = Problem)))]
pub async fn assess(
    State(server): State<Server>,
    Caller(actor): Caller,
    Id(evidence): Id<EvidenceId>,
    Sent { body, once }: Sent<NewMediaAssessment>,
) -> Result<(StatusCode, Json<MediaAssessment>), Trouble> {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let assessment = Assessment::of(Given {
        medium: body.medium,
        categories: body.categories,
        address: WebAddress::optional("address", &text(&body.address))?,
        copy: body.copy.map(CopyId),
        context: OriginalContext::optional(&text(&body.context))?,
        original: WebAddress::optional("original", &text(&body.original))?,
    })?;
    let id = server.desk.assess_media(&actor, evidence, &assessment, body.number, once.as_ref()).await?;
    Ok((StatusCode::CREATED, Json(server.desk.media_assessment(&actor, id).await?.into())))
}

/// Take back what was found, without another word in its place.
///
/// It stays with the reason. Readers who were told are told with the next publication of the claim, which
/// no longer carries it.
#[utoipa::path(post, path = "/evidence/{id}/assessments/take-back", tag = "review", request_body = TakenBackAssessment,
    params(("id" = uuid::Uuid, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = MediaAssessment), (status = 400, body = Problem), (status = 401, body = Problem),
        (status = 403, body = Problem), (status = 404, description = "Also where nothing stands", body = Problem),
        (status = 409, description = "Another word came in: with the number that stands", body = Problem),
        (status = 422, body = Problem)))]
pub async fn take_back(
    State(server): State<Server>,
    Caller(actor): Caller,
    Id(evidence): Id<EvidenceId>,
    Sent { body, once }: Sent<TakenBackAssessment>,
) -> Result<Json<MediaAssessment>, Trouble> {
    let reason = Reason::parse(&body.reason)?;
    let id = server.desk.take_back_assessment(&actor, evidence, body.number, reason, once.as_ref()).await?;
    Ok(Json(server.desk.media_assessment(&actor, id).await?.into()))
}
