//! The bundle and the public files, as `cargo xtask bundle` leaves them: compressed beforehand, and
//! with the content's hash in the bundle's names.

use super::Server;
use super::problem::Trouble;
use anyhow::Context as _;
use app::request::Assets;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use http::header::CACHE_CONTROL;
use http::{HeaderValue, Method, StatusCode};
use std::path::Path;
use tower::ServiceExt as _;
use tower_http::services::ServeDir;

const FOR_EVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
const AN_HOUR: HeaderValue = HeaderValue::from_static("public, max-age=3600");

/// The addresses of the bundle's files.
///
/// # Errors
/// Where there is no bundle.
pub fn assets(site: &Path) -> anyhow::Result<Assets> {
    let file = site.join("manifest.json");
    let manifest = std::fs::read(&file).with_context(|| {
        format!("could not read {}; build the bundle with `cargo xtask bundle`", file.display())
    })?;
    serde_json::from_slice(&manifest).with_context(|| {
        format!("{} is not as expected; build the bundle again with `cargo xtask bundle`", file.display())
    })
}

/// `GET /pkg/…`
pub async fn bundle(State(server): State<Server>, request: Request) -> Response {
    file(&server, request, FOR_EVER).await
}

/// Public files, and whatever else nobody answers.
pub async fn public(State(server): State<Server>, request: Request) -> Response {
    if matches!(*request.method(), Method::GET | Method::HEAD) && !request.uri().path().starts_with("/api/") {
        file(&server, request, AN_HOUR).await
    } else {
        Trouble::of_status(StatusCode::NOT_FOUND).into_response()
    }
}

async fn file(server: &Server, request: Request, keep: HeaderValue) -> Response {
    let files = ServeDir::new(&server.settings.site)
        .append_index_html_on_directories(false)
        .precompressed_br()
        .precompressed_gzip();
    let mut response = match files.oneshot(request).await {
        Ok(response) => response.into_response(),
        Err(never) => match never {},
    };
    let status = response.status();
    if status.is_success() || status == StatusCode::NOT_MODIFIED {
        response.headers_mut().insert(CACHE_CONTROL, keep);
        response
    } else if status.is_redirection() || status == StatusCode::RANGE_NOT_SATISFIABLE {
        response
    } else {
        Trouble::of_status(StatusCode::NOT_FOUND).into_response()
    }
}
