//! For load balancers: is the process there, and can it work?

use super::Server;
use super::problem::chain;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use std::time::Duration;
use tracing::warn;

const PATIENCE: Duration = Duration::from_secs(2);

/// `GET /health/live`: the process answers.
pub async fn live() -> &'static str {
    "alive\n"
}

/// `GET /health/ready`: the database answers and is up to date.
pub async fn ready(State(server): State<Server>) -> Response {
    match tokio::time::timeout(PATIENCE, server.desk.is_ready()).await {
        Ok(Ok(true)) => "ready\n".into_response(),
        Ok(Ok(false)) => {
            (StatusCode::SERVICE_UNAVAILABLE, "the database is not up to date: run claimdesk migrate\n")
                .into_response()
        }
        Ok(Err(error)) => {
            warn!(error = %chain(&error), "not ready");
            (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n").into_response()
        }
        Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer in time\n").into_response(),
    }
}
