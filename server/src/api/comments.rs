//! What people say about claims: `/api/v1/claims/{id}/comments` and `/api/v1/comments/{id}`.

use super::bodies::{Comment, Comments, MadeComment, NewComment, NewWords, Resolution};
use super::request::{Caller, Id, Query, Sent};
use crate::http::Server;
use crate::http::problem::{Problem, Trouble};
use axum::Json;
use axum::extract::State;
use desk::{CommentForm, SpanGiven};
use domain::id::{ClaimId, CommentId};
use domain::words::{ClaimWords, CommentText};
use http::StatusCode;

/// The comments of a claim and the answers to them.
#[utoipa::path(get, path = "/claims/{id}/comments", tag = "talk",
    params(("id" = uuid::Uuid, Path),
        ("cursor" = Option<String>, Query, description = "`next` of the page before"),
        ("limit" = Option<i64>, Query, description = "1 to 200; 50 where it is not given")),
    responses((status = 200, body = Comments), (status = 401, body = Problem), (status = 404, body = Problem),
        (status = 422, body = Problem)))]
pub async fn list(
    State(server): State<Server>,
    Caller(actor): Caller,
    Id(id): Id<ClaimId>,
    mut query: Query,
) -> Result<Json<Comments>, Trouble> {
    let (after, limit) = query.page()?;
    query.finish()?;
    let page = server.desk.comments(&actor, id, after, limit).await?;
    Ok(Json(Comments {
        comments: page.rows.into_iter().map(Into::into).collect(),
        next: page.next.map(|next| next.to_string()),
    }))
}

/// Comment on a claim, on words of its text, or answer a comment.
#[utoipa::path(post, path = "/claims/{id}/comments", tag = "talk", request_body = NewComment,
    params(("id" = uuid::Uuid, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = MadeComment), (status = 400, body = Problem), (status = 401, body = Problem),
        (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)))]
pub async fn add(
    State(server): State<Server>,
    Caller(actor): Caller,
    Id(id): Id<ClaimId>,
    Sent { body, once }: Sent<NewComment>,
) -> Result<(StatusCode, Json<MadeComment>), Trouble> {
    let on = match (body.words, body.span) {
        (Some(_), Some(_)) => {
            return Err(Trouble::invalid("span", "Give the words or their span, not both."));
        }
        (Some(words), None) => Some(SpanGiven::Words(ClaimWords::parse(&words)?)),
        (None, Some(span)) => Some(SpanGiven::At(domain::text::Span { start: span.start, end: span.end })),
        (None, None) => None,
    };
    let form =
        CommentForm { text: CommentText::parse(&body.text)?, on, reply_to: body.reply_to.map(CommentId) };
    let made = server.desk.comment(&actor, id, form, once.as_ref()).await?;
    let comment = server.desk.one_comment(&actor, made.id).await?.into();
    Ok((StatusCode::CREATED, Json(MadeComment { comment, uncalled: made.uncalled })))
}

/// Change the words of one's own comment. The words before are kept.
#[utoipa::path(patch, path = "/comments/{id}", tag = "talk", request_body = NewWords,
    params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = MadeComment), (status = 400, body = Problem), (status = 401, body = Problem),
        (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, description = "With the current version and what differs", body = Problem),
        (status = 422, description = "Also for somebody else's comment", body = Problem)))]
pub async fn change(
    State(server): State<Server>,
    Caller(actor): Caller,
    Id(id): Id<CommentId>,
    Sent { body, .. }: Sent<NewWords>,
) -> Result<Json<MadeComment>, Trouble> {
    let text = CommentText::parse(&body.text)?;
    let made = server.desk.change_comment(&actor, id, &text, body.version).await?;
    let comment = server.desk.one_comment(&actor, id).await?.into();
    Ok(Json(MadeComment { comment, uncalled: made.uncalled }))
}

/// Withdraw a comment: one's own, or as an editor anybody's. That it was there stays in sight.
#[utoipa::path(delete, path = "/comments/{id}", tag = "talk", params(("id" = uuid::Uuid, Path)),
    responses((status = 204), (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem), (status = 422, body = Problem)))]
pub async fn withdraw(
    State(server): State<Server>,
    Caller(actor): Caller,
    Id(id): Id<CommentId>,
    query: Query,
) -> Result<StatusCode, Trouble> {
    query.finish()?;
    server.desk.withdraw_comment(&actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Call a comment and its answers resolved, or take them up again.
#[utoipa::path(post, path = "/comments/{id}/resolve", tag = "talk", request_body = Option<Resolution>,
    params(("id" = uuid::Uuid, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Comment), (status = 400, body = Problem), (status = 401, body = Problem),
        (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 422, body = Problem)))]
pub async fn resolve(
    State(server): State<Server>,
    Caller(actor): Caller,
    Id(id): Id<CommentId>,
    Sent { body, once }: Sent<Resolution>,
) -> Result<Json<Comment>, Trouble> {
    server.desk.resolve_comment(&actor, id, body.resolved.unwrap_or(true), once.as_ref()).await?;
    Ok(Json(server.desk.one_comment(&actor, id).await?.into()))
}
