//! `/public/claims/{slug}/claimreview.json`: what a public claim's page says, for programs, without a token.

use super::problem::Trouble;
use super::{Server, feed};
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use desk::Error;
use http::header::{ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL, CONTENT_TYPE, ETAG};
use http::{HeaderMap, StatusCode};

pub async fn file(
    State(server): State<Server>,
    Path(slug): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Trouble> {
    let public = server.desk.public_claim(&slug).await?;
    let policy = server.desk.policy().await?;
    let review = desk::claim_review(&public, server.settings.own_address(), &policy.body.identity)
        // It was public once, and was withdrawn.
        .ok_or_else(|| Trouble::from(Error::NotFound("public page")).with_status(StatusCode::GONE))?;
    let content = review.to_string();
    let tag = feed::tag_of(&content);
    let known = [
        (CONTENT_TYPE, "application/ld+json".to_owned()),
        (CACHE_CONTROL, feed::KEPT.to_owned()),
        (ETAG, tag.clone()),
        (ACCESS_CONTROL_ALLOW_ORIGIN, "*".to_owned()),
    ];
    if feed::has_newest(&headers, &tag, None) {
        return Ok((StatusCode::NOT_MODIFIED, known).into_response());
    }
    Ok((known, content).into_response())
}
