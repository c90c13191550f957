//! What the token's owner is told of: `/api/v1/notifications`, and which claims they watch.

use super::bodies::{MarkedRead, Notifications, OccasionWord, Watch, Watching};
use super::request::{Caller, Id, Query, Sent};
use crate::http::Server;
use crate::http::problem::{Problem, Trouble};
use axum::Json;
use axum::extract::State;
use desk::NotificationFilter;
use domain::id::ClaimId;
use domain::notification::Level;
use http::StatusCode;

/// Most claims that are marked as read by one request.
const MOST: usize = 1000;

/// What the token's owner is told of, one entry for each claim, the newest first.
#[utoipa::path(get, path = "/notifications", tag = "talk",
    params(("unread" = Option<bool>, Query, description = "Only what was not read"),
        ("occasion" = inline(Option<OccasionWord>), Query, description = "With something of this kind"),
        ("cursor" = Option<String>, Query, description = "`next` of the page before, with the same filter"),
        ("limit" = Option<i64>, Query, description = "1 to 200; 50 where it is not given")),
    responses((status = 200, body = Notifications), (status = 401, body = Problem), (status = 422, body = Problem)))]
pub async fn list(
    State(server): State<Server>,
    Caller(actor): Caller,
    mut query: Query,
) -> Result<Json<Notifications>, Trouble> {
    let filter = NotificationFilter {
        unread: query.parsed("unread")?.unwrap_or(false),
        occasion: query.parsed("occasion")?,
    };
    let (after, limit) = query.page()?;
    query.finish()?;
    let page = server.desk.notifications(&actor, filter, after, limit).await?;
    Ok(Json(Notifications {
        notifications: page.rows.into_iter().map(Into::into).collect(),
        next: page.next.map(|next| next.to_string()),
    }))
}

/// Mark as read what happened to some claims, or to all.
#[utoipa::path(post, path = "/notifications/read", tag = "talk", request_body = Option<MarkedRead>,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 204), (status = 400, body = Problem), (status = 401, body = Problem),
        (status = 422, body = Problem)))]
pub async fn read(
    State(server): State<Server>,
    Caller(actor): Caller,
    Sent { body, once }: Sent<MarkedRead>,
) -> Result<StatusCode, Trouble> {
    let claims: Option<Vec<ClaimId>> = body.claims.map(|claims| claims.into_iter().map(ClaimId).collect());
    if claims.as_ref().is_some_and(|claims| claims.len() > MOST) {
        return Err(Trouble::invalid("claims", format!("Name at most {MOST} claims, or none for all.")));
    }
    server.desk.mark_read(&actor, claims.as_deref(), once.as_ref()).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Watch a claim, or mute it. Whoever gives a verdict or comments watches from then on.
#[utoipa::path(put, path = "/claims/{id}/watch", tag = "talk", request_body = Option<Watch>,
    params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = Watching), (status = 400, body = Problem), (status = 401, body = Problem),
        (status = 404, body = Problem), (status = 422, body = Problem)))]
pub async fn watch(
    State(server): State<Server>,
    Caller(actor): Caller,
    Id(id): Id<ClaimId>,
    Sent { body, .. }: Sent<Watch>,
) -> Result<Json<Watching>, Trouble> {
    let level = body.level.unwrap_or(Level::Watching);
    server.desk.follow(&actor, id, level).await?;
    Ok(Json(Watching { level }))
}

/// Stop watching a claim; one is still told when somebody mentions or answers one.
#[utoipa::path(delete, path = "/claims/{id}/watch", tag = "talk", params(("id" = uuid::Uuid, Path)),
    responses((status = 204), (status = 401, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)))]
pub async fn unwatch(
    State(server): State<Server>,
    Caller(actor): Caller,
    Id(id): Id<ClaimId>,
    query: Query,
) -> Result<StatusCode, Trouble> {
    query.finish()?;
    server.desk.follow(&actor, id, Level::Unwatched).await?;
    Ok(StatusCode::NO_CONTENT)
}
