//! `/api/v1/openapi.json`: made from the handlers themselves.

use super::Document;
use axum::response::{IntoResponse, Response};
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use std::sync::LazyLock;
use utoipa::openapi::OpenApi;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme};
use utoipa::{Modify, OpenApi as _};

pub const DESCRIPTION: &str = "Articles in, claims with their sources out, and each claim through review to a verdict.

Send a token with every request: `Authorization: Bearer cd_…`. Make one with `claimdesk token create` or on the \
account page; it may do what its owner may.

Offsets are half-open and count Unicode code points. Times are UTC. Lists go on with the `next` of the page before as \
`cursor`, and end where `next` is null. Every POST takes an `Idempotency-Key`: sent again with the same request within \
a day, it changes nothing and answers with what the first one made. Refusals are `application/problem+json` with a \
stable `type`; a field to mend is named in `field`.";

pub struct Finish;

impl Modify for Finish {
    fn modify(&self, document: &mut OpenApi) {
        document.info.version = "1".to_owned();
        let scheme = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .description(Some("A token: cd_ and 43 letters"))
            .build();
        let components = document.components.get_or_insert_default();
        components.add_security_scheme("token", SecurityScheme::Http(scheme));
        document.security = Some(vec![SecurityRequirement::new("token", Vec::<String>::new())]);
    }
}

static JSON: LazyLock<String> = LazyLock::new(|| Document::openapi().to_pretty_json().unwrap_or_default());

/// This document.
#[utoipa::path(get, path = "/openapi.json", tag = "about", security(()),
    responses((status = 200, description = "OpenAPI 3.1", body = serde_json::Value)))]
pub async fn document() -> Response {
    let headers = [(CONTENT_TYPE, "application/json"), (CACHE_CONTROL, "public, max-age=3600")];
    (headers, JSON.as_str()).into_response()
}
