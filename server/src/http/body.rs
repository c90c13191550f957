//! How much a request may carry.

use super::problem::Trouble;
use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use domain::problem::Kind;
use futures_util::StreamExt as _;
use http::Method;

/// The largest article has 1 MiB; written as a form or as escaped JSON, each byte of it can take
/// three or more.
pub const LIMIT: usize = 4 << 20;
/// A refused body is still read up to here: a browser that is cut off while it sends shows no answer.
const PATIENCE: usize = 32 << 20;

/// Reads the body and refuses one that is too large, in whatever way it comes.
pub async fn within_limit(request: Request, next: Next) -> Response {
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
