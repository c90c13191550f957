//! `/api/v1/evidence/{id}/assessments`: what a picture, a video or a recording is found to be.

use super::bodies::{MediaAssessment, NewMediaAssessment};
use super::request::{Caller, Id, Query, Sent};
use crate::http::Server;
use crate::http::problem::{Problem, Trouble};
use axum::Json;
use axum::extract::State;
use domain::id::{CopyId, EvidenceId};
use domain::media::{Assessment, Given};
use domain::words::{OriginalContext, WebAddress};
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
    query: Query,
    Sent { body, once }: Sent<NewMediaAssessment>,
) -> Result<(StatusCode, Json<MediaAssessment>), Trouble> {
    query.finish()?;
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
