//! What every answer tells the browser not to do.

use super::Server;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY,
    X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use http::{HeaderName, HeaderValue};

const ALWAYS: [(HeaderName, &str); 6] = [
    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (REFERRER_POLICY, "same-origin"),
    (X_FRAME_OPTIONS, "DENY"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (
        HeaderName::from_static("permissions-policy"),
        "accelerometer=(), camera=(), geolocation=(), gyroscope=(), magnetometer=(), microphone=(), payment=(), usb=()",
    ),
];
/// Pages bring a policy of their own, with a nonce. Problem pages have a style and nothing else.
const OF_STATIC_PAGES: &str = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
const OF_DATA: &str = "default-src 'none'; frame-ancestors 'none'";

pub async fn guard(State(server): State<Server>, request: Request, next: Next) -> Response {
    let may_be_framed = app::paths::may_be_framed(request.uri().path());
    let mut response = next.run(request).await;
    let is_framed = may_be_framed && !response.status().is_server_error();
    let headers = response.headers_mut();
    if may_be_framed && !is_framed {
        // What went wrong stands on a page of the desk's, which is for no frame.
        headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(OF_STATIC_PAGES));
    }
    for (name, value) in ALWAYS.into_iter().filter(|(name, _)| !is_framed || *name != X_FRAME_OPTIONS) {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    let is_page = headers.get(CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    let policy = if is_page { OF_STATIC_PAGES } else { OF_DATA };
    headers.entry(CONTENT_SECURITY_POLICY).or_insert(HeaderValue::from_static(policy));
    // What is not a file is made for one person at one moment; a page that comes back from a cache
    // would show old values in its forms.
    headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    if server.settings.secure_cookies {
        headers.entry(STRICT_TRANSPORT_SECURITY).or_insert(HeaderValue::from_static("max-age=31536000"));
    }
    response
}
