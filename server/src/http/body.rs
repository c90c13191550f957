//! How much a request may carry.

use super::problem::Trouble;
use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use domain::problem::Kind;
use futures_util::StreamExt as _;
use http::{Method, StatusCode};
use std::time::Duration;

/// The largest article has 1 MiB; written as a form or as escaped JSON, each byte of it can take
/// three or more.
pub const LIMIT: usize = 4 << 20;
/// A refused body is still read up to here: a browser that is cut off while it sends shows no answer.
const PATIENCE: usize = 32 << 20;

/// The most that a request may carry which brings a file. The file has a limit of its own; what it
/// has beyond that is still read.
const UPLOAD: usize = 64 << 20;
/// No page takes a hundredth of it; the largest article on a loaded machine takes some seconds.
const QUICK: Duration = Duration::from_secs(30);
/// Twenty-five megabytes over a bad line.
const SLOW: Duration = Duration::from_secs(15 * 60);

/// Whether a request brings a file, which is read as it comes and never held.
fn is_upload(request: &Request) -> bool {
    let path = request.uri().path();
    *request.method() == Method::POST
        && (path == super::COPY_FORM || (path.starts_with("/api/v1/evidence/") && path.ends_with("/copies")))
}

/// Gives up on what takes too long.
pub async fn in_time(request: Request, next: Next) -> Response {
    let patience = if is_upload(&request) { SLOW } else { QUICK };
    match tokio::time::timeout(patience, next.run(request)).await {
        Ok(response) => response,
        Err(_) => StatusCode::SERVICE_UNAVAILABLE.into_response(),
    }
}

/// Breaks off an upload that does not end.
fn bounded(body: Body) -> Body {
    let mut size: usize = 0;
    Body::from_stream(body.into_data_stream().map(move |piece| {
        let piece = piece.map_err(std::io::Error::other)?;
        size = size.saturating_add(piece.len());
        if size > UPLOAD { Err(std::io::Error::other("the upload does not end")) } else { Ok(piece) }
    }))
}

/// Reads the body and refuses one that is too large, in whatever way it comes.
pub async fn within_limit(request: Request, next: Next) -> Response {
    if is_upload(&request) {
        let (parts, body) = request.into_parts();
        return next.run(Request::from_parts(parts, bounded(body))).await;
    }
    if matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS) {
        return next.run(request).await;
    }
    let (parts, body) = request.into_parts();
    match read(body).await {
        Ok(bytes) => next.run(Request::from_parts(parts, Body::from(bytes))).await,
        Err(trouble) => trouble.into_response(),
    }
}

async fn read(body: Body) -> Result<Bytes, Trouble> {
    let mut pieces = body.into_data_stream();
    let mut kept = Vec::new();
    let mut size: usize = 0;
    while let Some(piece) = pieces.next().await {
        let piece = piece.map_err(|_| Trouble::new(Kind::Invalid, "The request broke off."))?;
        size = size.saturating_add(piece.len());
        if size > PATIENCE {
            break;
        }
        if size <= LIMIT {
            kept.extend_from_slice(&piece);
        } else {
            kept = Vec::new();
        }
    }
    if size <= LIMIT {
        return Ok(kept.into());
    }
    let most = domain::measure::number((LIMIT >> 20) as f64);
    Err(Trouble::new(
        Kind::TooLarge,
        format!("A request may have {most} MB; this one has more. Split the text into parts."),
    ))
}
