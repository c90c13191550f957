//! `/api/v1/claims`, to say who is to do what.

use super::bodies::{Assignee, Claim, Claims, Handout};
use super::request::{Caller, Id, Query, Sent};
use crate::http::Server;
use crate::http::problem::{Problem, Trouble};
use axum::Json;
use axum::extract::State;
use desk::Assignment;
use domain::id::{AccountId, ClaimId};
use domain::policy::{self, Actor, Review};
use http::StatusCode;

fn person(actor: &Actor, text: &str) -> Result<AccountId, Trouble> {
    match text.trim() {
        "me" => Ok(actor.id),
        id => id.parse().map_err(|_| Trouble::invalid("to", "Use an account's id, or me.")),
    }
}

/// Say whose a claim is to do: `claims/next` gives it to them first and to nobody else.
#[utoipa::path(put, path = "/claims/{id}/assignee", tag = "review", request_body = Assignee, params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = Claim), (status = 400, body = Problem), (status = 401, body = Problem),
        (status = 403, description = "Others than oneself take an editor", body = Problem), (status = 404, body = Problem),
        (status = 409, description = "It cannot be theirs; `differences` says why", body = Problem), (status = 422, body = Problem)))]
pub async fn assign(
    State(server): State<Server>,
    Caller(actor): Caller,
    Id(id): Id<ClaimId>,
    Sent { body, once }: Sent<Assignee>,
) -> Result<Json<Claim>, Trouble> {
    let to = Some(person(&actor, &body.to)?);
    give(&server, &actor, id, to, once.as_ref()).await?;
    Ok(Json(server.desk.claim_row(&actor, id).await?.into()))
}

/// Say that a claim is anybody's to do.
#[utoipa::path(delete, path = "/claims/{id}/assignee", tag = "review", params(("id" = uuid::Uuid, Path)),
    responses((status = 204), (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem), (status = 422, body = Problem)))]
pub async fn unassign(
    State(server): State<Server>,
    Caller(actor): Caller,
    Id(id): Id<ClaimId>,
    query: Query,
) -> Result<StatusCode, Trouble> {
    query.finish()?;
    give(&server, &actor, id, None, None).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What is so already needs nothing done.
async fn give(
    server: &Server,
    actor: &Actor,
    claim: ClaimId,
    to: Option<AccountId>,
    once: Option<&desk::Once>,
) -> Result<(), Trouble> {
    let _: policy::Permit<Review> = policy::permit(actor).map_err(desk::Error::from)?;
    if server.desk.claim_row(actor, claim).await?.assignee_id != to {
        server.desk.assign(actor, &[Assignment { claim, to }], once).await?;
    }
    Ok(())
}

/// Give up to 200 claims to people: all of them or none.
#[utoipa::path(post, path = "/claims/assignments", tag = "review", request_body = Handout,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, description = "The claims as they are now", body = Claims), (status = 400, body = Problem),
        (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, description = "Some cannot be given out, so none was; `differences` names each and says why", body = Problem),
        (status = 422, body = Problem)))]
pub async fn hand_out(
    State(server): State<Server>,
    Caller(actor): Caller,
    Sent { body, once }: Sent<Handout>,
) -> Result<Json<Claims>, Trouble> {
    let given = body
        .assignments
        .iter()
        .map(|one| {
            let to = one.to.as_deref().map(|to| person(&actor, to)).transpose()?;
            Ok(Assignment { claim: ClaimId(one.claim), to })
        })
        .collect::<Result<Vec<_>, Trouble>>()?;
    server.desk.assign(&actor, &given, once.as_ref()).await?;
    let ids: Vec<ClaimId> = given.iter().map(|one| one.claim).collect();
    let rows = server.desk.claim_rows(&actor, &ids).await?;
    Ok(Json(Claims { claims: rows.into_iter().map(Into::into).collect(), next: None }))
}
