//! Counts and latencies for Prometheus at `/metrics`. They say how busy a newsroom is, so they are
//! for this machine, or for whoever has the token that the configuration names.

use super::problem::Trouble;
use super::{Server, client};
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use domain::problem::Kind;
use http::StatusCode;
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use sha2::{Digest as _, Sha256};
use std::sync::OnceLock;
use std::time::Duration;

/// From a cached page to one that nobody waits for.
const SECONDS: [f64; 11] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0, 30.0];

fn handle() -> Option<&'static PrometheusHandle> {
    static HANDLE: OnceLock<Option<PrometheusHandle>> = OnceLock::new();
    HANDLE
        .get_or_init(|| PrometheusBuilder::new().set_buckets(&SECONDS).ok()?.install_recorder().ok())
        .as_ref()
}

pub fn answered(method: &str, route: &str, status: StatusCode, took: Duration) {
    handle();
    // Any token can stand where a method does; the known ones are few.
    let method = match method {
        "GET" | "HEAD" | "POST" | "PUT" | "DELETE" | "OPTIONS" => method.to_owned(),
        _ => "other".to_owned(),
    };
    let labels = [("method", method), ("route", route.to_owned()), ("status", status.as_u16().to_string())];
    metrics::counter!("http_requests_total", &labels).increment(1);
    metrics::histogram!("http_request_duration_seconds", &labels).record(took.as_secs_f64());
}

/// `GET /metrics`.
pub async fn text(State(server): State<Server>, request: Request) -> Response {
    if let Err(trouble) = may_read(&server, &request) {
        return trouble.into_response();
    }
    let Some(handle) = handle() else {
        return Trouble::new(Kind::Unavailable, "Nothing is measured.").into_response();
    };
    handle.run_upkeep();
    ([(CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], handle.render()).into_response()
}

fn may_read(server: &Server, request: &Request) -> Result<(), Trouble> {
    let Some(token) = &server.settings.metrics_token else {
        let is_near = client::address(request.headers(), request.extensions(), &server.settings)
            .is_some_and(|address| address.is_loopback());
        // Somebody's proxy that was not declared: its own address says nothing.
        let is_relayed =
            request.headers().contains_key("x-forwarded-for") || request.headers().contains_key("forwarded");
        return if is_near && !(is_relayed && server.settings.trusted_proxies.is_empty()) {
            Ok(())
        } else {
            Err(Trouble::new(Kind::Forbidden, "Set CLAIMDESK_METRICS_TOKEN and send it as a bearer token."))
        };
    };
    let sent = request.headers().get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    let sent = sent.and_then(|value| value.strip_prefix("Bearer ")).unwrap_or_default();
    // Compared by their hashes: how long it takes says nothing about the token.
    if Sha256::digest(sent) == Sha256::digest(token) {
        Ok(())
    } else {
        Err(Trouble::new(Kind::NotSignedIn, "Send the token that CLAIMDESK_METRICS_TOKEN names."))
    }
}
