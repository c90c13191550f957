//! What actions and panics leave behind, made into answers.

use super::problem::{Trouble, wants_page};
use app::problem::Problem;
use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use http::{HeaderName, StatusCode};
use std::any::Any;

/// Where the page library says that an action failed; a plain form would be sent back to the page
/// it came from, with the error in its address.
const FAILED: HeaderName = HeaderName::from_static("serverfnerror");
/// A problem is a kind and a sentence.
const MOST: usize = 64 << 10;

/// An action that failed is answered with its problem, under the problem's own status.
pub async fn of_actions(request: Request, next: Next) -> Response {
    let is_action = request.uri().path().starts_with("/actions/");
    let page = wants_page(request.headers());
    let response = next.run(request).await;
    let status = response.status();
    let failed = response.headers().contains_key(FAILED)
        || (page && (status.is_client_error() || status.is_server_error()));
    if !is_action || !failed || response.extensions().get::<Trouble>().is_some() {
        return response;
    }
    let told = to_bytes(response.into_body(), MOST).await.unwrap_or_default();
    match serde_json::from_slice::<Problem>(&told) {
        Ok(problem) => Trouble::new(problem.kind, problem.words).into_response(),
        Err(_) if status.is_client_error() => Trouble::of_status(status).into_response(),
        Err(_) => Trouble::of_status(StatusCode::INTERNAL_SERVER_ERROR).into_response(),
    }
}

/// A page ends with its document. The page library writes scripts behind it that carry the data of
/// resources; pages have none, so that nothing is lost, and no script stands in a page.
pub async fn of_pages(request: Request, next: Next) -> Response {
    let response = next.run(request).await;
    let is_page =
        response.headers().get(CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    if !is_page {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let Ok(mut page) = to_bytes(body, usize::MAX).await else {
        return Trouble::of_status(StatusCode::INTERNAL_SERVER_ERROR).into_response();
    };
    const END: &[u8] = b"</html>";
    if let Some(at) = page.windows(END.len()).rposition(|words| words == END) {
        page.truncate(at + END.len());
        parts.headers.remove(CONTENT_LENGTH);
    }
    Response::from_parts(parts, Body::from(page))
}

/// A panic is a fault of ours; what it said is on stderr.
pub fn of_panic(_: Box<dyn Any + Send + 'static>) -> http::Response<Body> {
    Trouble::of_status(StatusCode::INTERNAL_SERVER_ERROR).into_response()
}
