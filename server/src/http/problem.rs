//! Trouble on its way to the client. A handler answers with a [`Trouble`]; one layer draws it as a
//! page for people and as `application/problem+json` (RFC 9457) for programs, and does the same
//! for the bare refusals of the libraries around.

use super::Server;
use super::trace::RequestId;
use app::shell::problem_page;
use axum::Extension;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use desk::Difference;
use domain::language::Language;
use domain::phrase::Phrase;
use domain::problem::Kind;
use domain::words::Invalid;
use http::header::{ACCEPT, CONTENT_LENGTH, CONTENT_TYPE, LOCATION, WWW_AUTHENTICATE};
use http::{HeaderMap, HeaderValue, StatusCode};
use phrase::{msg, phrase};
use serde::Serialize;
use std::borrow::Cow;
use tracing::error;

/// What went wrong, for a person or a program.
#[derive(Clone, Debug)]
pub struct Trouble {
    pub status: StatusCode,
    /// `None` where the status says all there is to say.
    pub kind: Option<Kind>,
    pub words: Phrase,
    pub field: Option<Cow<'static, str>>,
    pub current_version: Option<i32>,
    pub differences: Vec<Difference>,
}

impl Trouble {
    pub fn new(kind: Kind, words: impl Into<Phrase>) -> Self {
        Self {
            status: StatusCode::from_u16(kind.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
            kind: Some(kind),
            words: words.into(),
            field: None,
            current_version: None,
            differences: Vec::new(),
        }
    }

    /// A field that should be mended.
    pub fn invalid(field: impl Into<Cow<'static, str>>, words: impl Into<Phrase>) -> Self {
        Self { field: Some(field.into()), ..Self::new(Kind::Invalid, words) }
    }

    /// The same trouble under another status.
    pub fn with_status(self, status: StatusCode) -> Self {
        Self { status, ..self }
    }

    /// A status that some library chose, in words of ours.
    pub fn of_status(status: StatusCode) -> Self {
        let (kind, words) = match status {
            StatusCode::UNAUTHORIZED => (Some(Kind::NotSignedIn), msg!("Sign in first.")),
            StatusCode::FORBIDDEN => (Some(Kind::Forbidden), msg!("This is not allowed.")),
            StatusCode::NOT_FOUND => (Some(Kind::NotFound), msg!("There is nothing at this address.")),
            StatusCode::METHOD_NOT_ALLOWED => {
                (None, msg!("This address is not for that method; see the Allow header."))
            }
            StatusCode::PAYLOAD_TOO_LARGE => (Some(Kind::TooLarge), msg!("The request is too large.")),
            StatusCode::UNPROCESSABLE_ENTITY => {
                (Some(Kind::Invalid), msg!("The request cannot be understood."))
            }
            StatusCode::SERVICE_UNAVAILABLE => {
                (Some(Kind::Unavailable), msg!("This is not possible right now. Try again in a moment."))
            }
            status if status.is_server_error() => (
                Some(Kind::Internal),
                msg!("Something broke on our side. It has been logged; try again in a moment."),
            ),
            _ => (None, msg!("The request cannot be understood.")),
        };
        let mut trouble = Self::new(kind.unwrap_or(Kind::Invalid), words).with_status(status);
        trouble.kind = kind;
        trouble
    }
}

/// Causes from inside are logged here, once, and not told.
impl From<desk::Error> for Trouble {
    fn from(error: desk::Error) -> Self {
        if matches!(error.kind(), Kind::Internal | Kind::Unavailable) {
            error!(error = %chain(&error), "{error}");
        }
        let mut trouble = Self::new(error.kind(), error.told());
        trouble.field = error.field().map(Cow::Borrowed);
        match error {
            desk::Error::Stale { current, differences, .. } => {
                trouble.current_version = Some(current);
                trouble.differences = differences;
            }
            desk::Error::Unassignable { refused, .. } => {
                let differs = |one: desk::Unassignable| Difference {
                    field: "claims",
                    yours: one.claim.to_string(),
                    theirs: one.why.to_string(),
                };
                trouble.differences = refused.into_iter().map(differs).collect();
            }
            _ => {}
        }
        trouble
    }
}

impl From<Invalid> for Trouble {
    fn from(invalid: Invalid) -> Self {
        desk::Error::from(invalid).into()
    }
}

impl IntoResponse for Trouble {
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// An error and its causes on one line.
pub fn chain(error: &dyn std::error::Error) -> String {
    let mut words = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        words += &format!(": {error}");
        cause = error.source();
    }
    words
}

/// `application/problem+json`.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(description = "What went wrong, after RFC 9457.")]
pub struct Problem {
    /// Stable; relative to the server. `about:blank` where the status says all.
    #[serde(rename = "type")]
    #[schema(example = "/problems/conflict")]
    of_type: String,
    title: String,
    status: u16,
    /// What to do about it.
    detail: String,
    /// The request's id, as in the server's log.
    #[schema(example = "urn:uuid:01934f6e-0000-7000-8000-000000000000")]
    instance: String,
    /// The field to mend.
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<String>,
    /// With a conflict: the version that the claim has meanwhile.
    #[serde(skip_serializing_if = "Option::is_none")]
    current_version: Option<i32>,
    /// With a conflict: what differs between what was sent and what stands.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Vec<crate::api::bodies::Differing>)]
    differences: Vec<Difference>,
}

impl Problem {
    fn new(trouble: Trouble, id: Option<&RequestId>) -> Self {
        let title = match trouble.kind {
            Some(kind) => kind.label(),
            None => trouble.status.canonical_reason().unwrap_or("Refused"),
        };
        Self {
            of_type: trouble
                .kind
                .map_or_else(|| "about:blank".to_owned(), |kind| format!("/problems/{kind}")),
            title: title.to_owned(),
            status: trouble.status.as_u16(),
            detail: trouble.words.to_string(),
            instance: id.map(|id| format!("urn:uuid:{}", id.0)).unwrap_or_default(),
            field: trouble.field.map(Cow::into_owned),
            current_version: trouble.current_version,
            differences: trouble.differences,
        }
    }
}

/// Whether the client wants a page.
pub fn wants_page(headers: &HeaderMap) -> bool {
    headers
        .get(ACCEPT)
        .and_then(|accept| accept.to_str().ok())
        .is_some_and(|accept| accept.contains("text/html"))
}

/// Draws trouble, ours and that of libraries: a refusal without a content type has nothing to say.
pub async fn render(State(server): State<Server>, request: Request, next: Next) -> Response {
    let page = wants_page(request.headers()) && !request.uri().path().starts_with("/api/");
    let id = request.extensions().get::<RequestId>().copied();
    let language = super::language::of(request.headers());
    let mut response = next.run(request).await;
    let status = response.status();
    let is_bare = (status.is_client_error() || status.is_server_error())
        && !response.headers().contains_key(CONTENT_TYPE);
    let trouble = match response.extensions_mut().remove::<Trouble>() {
        Some(trouble) => trouble,
        // Panics and our own failures bring their trouble: this is the session library, which could
        // not reach the database and has logged it.
        None if is_bare && status == StatusCode::INTERNAL_SERVER_ERROR => {
            Trouble::of_status(StatusCode::SERVICE_UNAVAILABLE)
        }
        None if is_bare => Trouble::of_status(status),
        None => return response,
    };
    let status = trouble.status;
    let (content_type, body) = if page {
        let kind = trouble.kind.unwrap_or(Kind::Invalid);
        (
            "text/html; charset=utf-8",
            problem_page(language, kind, &trouble.words, &server.assets.style).into_bytes(),
        )
    } else {
        let problem = Problem::new(trouble, id.as_ref());
        ("application/problem+json", serde_json::to_vec(&problem).unwrap_or_default())
    };
    let (mut parts, _) = response.into_parts();
    parts.status = status;
    parts.headers.remove(CONTENT_LENGTH);
    parts.headers.remove(LOCATION);
    parts.headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    if status == StatusCode::UNAUTHORIZED {
        parts.headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    Response::from_parts(parts, body.into())
}

/// `GET /problems/{kind}`: what a problem's `type` means.
pub async fn explanation(
    State(server): State<Server>,
    Extension(language): Extension<Language>,
    kind: Result<Path<String>, PathRejection>,
) -> Response {
    match kind.ok().and_then(|Path(kind)| kind.parse::<Kind>().ok()) {
        Some(kind) => {
            let words = phrase!(
                "Problems of the type /problems/{kind} come with the status {}. Their “detail” says what to do.",
                kind.status(),
                kind = kind.word()
            );
            (
                [(CONTENT_TYPE, "text/html; charset=utf-8")],
                problem_page(language, kind, &words, &server.assets.style),
            )
                .into_response()
        }
        None => Trouble::of_status(StatusCode::NOT_FOUND).into_response(),
    }
}
