//! One span, one line and one measurement for each request. Bodies, queries, tokens and cookies
//! never reach the log.

use super::metrics;
use axum::extract::{MatchedPath, Request};
use axum::middleware::Next;
use axum::response::Response;
use http::{HeaderName, HeaderValue};
use std::time::Instant;
use tracing::{Instrument as _, debug, error, info, info_span};
use uuid::Uuid;

pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Ours, never the client's: it is in the log.
#[derive(Clone, Copy, Debug)]
pub struct RequestId(pub Uuid);

pub async fn follow(matched: Option<MatchedPath>, mut request: Request, next: Next) -> Response {
    let id = RequestId(Uuid::now_v7());
    request.extensions_mut().insert(id);
    let method = request.method().clone();
    // Without a route the path is anybody's text.
    let route = matched.as_ref().map_or("none", MatchedPath::as_str).to_owned();
    let span = info_span!("request", id = %id.0, %method, route);
    async move {
        let started = Instant::now();
        let mut response = next.run(request).await;
        let took = started.elapsed();
        let status = response.status();
        metrics::answered(method.as_str(), &route, status, took);
        let (status, duration_ms) = (status.as_u16(), took.as_micros() as f64 / 1000.0);
        if status >= 500 {
            error!(status, duration_ms, "answered {status}");
        } else if route.starts_with("/health/") || route.starts_with("/pkg/") || route == "/metrics" {
            debug!(status, duration_ms, "answered {status}");
        } else {
            info!(status, duration_ms, "answered {status}");
        }
        if let Ok(value) = HeaderValue::from_str(&id.0.to_string()) {
            response.headers_mut().insert(REQUEST_ID, value);
        }
        response
    }
    .instrument(span)
    .await
}
