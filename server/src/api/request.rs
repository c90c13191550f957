//! What a request brings, checked before any handler sees it: who asks, the ids in the path, the
//! words of the query, the body. Each refusal names the field.

use crate::http::Server;
use crate::http::problem::Trouble;
use axum::RequestExt as _;
use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, OriginalUri, RawPathParams, Request};
use desk::{Cursor, Once};
use domain::id::TokenId;
use domain::policy::Actor;
use domain::problem::Kind;
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use http::request::Parts;
use http::{HeaderMap, StatusCode};
use serde::de::DeserializeOwned;
use sha2::{Digest as _, Sha256};
use std::fmt::Display;
use std::str::FromStr;
use url::form_urlencoded;

/// Whom the request's token acts as.
pub struct Caller(pub Actor);

impl FromRequestParts<Server> for Caller {
    type Rejection = Trouble;

    async fn from_request_parts(parts: &mut Parts, server: &Server) -> Result<Self, Trouble> {
        let sent = parts.headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
        let secret = sent.and_then(|value| {
            let (scheme, secret) = value.split_once(' ')?;
            scheme.eq_ignore_ascii_case("bearer").then(|| secret.trim())
        });
        let Some(secret) = secret else {
            return Err(Trouble::new(
                Kind::NotSignedIn,
                "Send a token: Authorization: Bearer cd_…. `claimdesk token create` makes one.",
            ));
        };
        match server.desk.actor_of_token(secret).await? {
            Some((actor, token)) => {
                parts.extensions.insert(TokenUsed(token));
                Ok(Self(actor))
            }
            None => Err(Trouble::new(
                Kind::NotSignedIn,
                "The token is unknown, revoked, or its owner's account is disabled.",
            )),
        }
    }
}

/// The token that the request came with; comes after [`Caller`].
#[derive(Clone, Copy)]
pub struct TokenUsed(pub TokenId);

/// The `{id}` of the path.
pub struct Id<T>(pub T);

impl<T: FromStr + Send> FromRequestParts<Server> for Id<T> {
    type Rejection = Trouble;

    async fn from_request_parts(parts: &mut Parts, server: &Server) -> Result<Self, Trouble> {
        let bad = || {
            Trouble::invalid(
                "id",
                "Use the id as the API gave it, such as 01934f6e-0000-7000-8000-000000000000.",
            )
        };
        let given = RawPathParams::from_request_parts(parts, server).await.map_err(|_| bad())?;
        let id = given.iter().find(|(name, _)| *name == "id").and_then(|(_, id)| id.parse().ok());
        id.map(Self).ok_or_else(bad)
    }
}

/// The words of a query, taken one by one; what is left over is refused, so that a misspelt filter
/// never passes for none.
pub struct Query {
    pairs: Vec<(String, String)>,
    known: Vec<&'static str>,
}

impl FromRequestParts<Server> for Query {
    type Rejection = Trouble;

    async fn from_request_parts(parts: &mut Parts, _: &Server) -> Result<Self, Trouble> {
        let pairs =
            form_urlencoded::parse(parts.uri.query().unwrap_or_default().as_bytes()).into_owned().collect();
        Ok(Self { pairs, known: Vec::new() })
    }
}

impl Query {
    /// Words that came otherwise than in an address.
    pub fn of(pairs: impl IntoIterator<Item = (String, String)>) -> Self {
        Self { pairs: pairs.into_iter().collect(), known: Vec::new() }
    }

    /// Adds words that are not there yet.
    pub fn add_missing(&mut self, pairs: Vec<(String, String)>) {
        let missing: Vec<_> =
            pairs.into_iter().filter(|(name, _)| self.pairs.iter().all(|(there, _)| there != name)).collect();
        self.pairs.extend(missing);
    }

    /// A word that may be there once. An empty one counts as none, as forms send it.
    ///
    /// # Errors
    /// Where it is there twice.
    pub fn text(&mut self, name: &'static str) -> Result<Option<String>, Trouble> {
        self.known.push(name);
        let mut found: Vec<String> = Vec::new();
        self.pairs.retain(|(key, value)| {
            if key == name {
                found.push(value.clone());
            }
            key != name
        });
        if found.len() > 1 {
            return Err(Trouble::invalid(name, format!("Give {name} once.")));
        }
        Ok(found.pop().filter(|value| !value.trim().is_empty()))
    }

    /// A word that must be of a kind.
    ///
    /// # Errors
    /// Where it is not, or is there twice.
    pub fn parsed<T: FromStr<Err: Display>>(&mut self, name: &'static str) -> Result<Option<T>, Trouble> {
        self.text(name)?
            .map(|word| word.trim().parse().map_err(|error| Trouble::invalid(name, format!("{error}."))))
            .transpose()
    }

    /// The moment as of which something is wanted.
    ///
    /// # Errors
    /// Where it is none, or is there twice.
    pub fn as_of(&mut self) -> Result<Option<chrono::DateTime<chrono::Utc>>, Trouble> {
        Ok(self.text("as_of")?.map(|text| domain::words::moment("as_of", &text)).transpose()?)
    }

    /// Where a list goes on, and how many rows are wanted.
    ///
    /// # Errors
    /// For a cursor that no list gave out, and a limit below 1 or above 200.
    pub fn page(&mut self) -> Result<(Option<Cursor>, i64), Trouble> {
        let cursor = self.text("cursor")?.map(|cursor| cursor.parse::<Cursor>()).transpose()?;
        let limit = self.text("limit")?.map_or(Ok(50), |limit| limit.trim().parse::<i64>());
        match limit {
            Ok(limit @ 1..=200) => Ok((cursor, limit)),
            _ => Err(Trouble::invalid("limit", "Give a number from 1 to 200.")),
        }
    }

    /// # Errors
    /// Where a word is left over.
    pub fn finish(self) -> Result<(), Trouble> {
        let Some((name, _)) = self.pairs.first() else { return Ok(()) };
        let name: String = name.chars().take(60).collect();
        let known = if self.known.is_empty() {
            "none are".to_owned()
        } else {
            format!("use {}", self.known.join(", "))
        };
        Err(Trouble::invalid(name.clone(), format!("“{name}” is not a word of this query; {known}.")))
    }
}

/// A JSON body and the idempotency key that came with it. What is sent stands in the body: words of a query
/// are refused.
pub struct Sent<T> {
    pub body: T,
    pub once: Option<Once>,
}

impl<T: DeserializeOwned> FromRequest<Server> for Sent<T> {
    type Rejection = Trouble;

    async fn from_request(mut request: Request, server: &Server) -> Result<Self, Trouble> {
        let Ok(OriginalUri(uri)) = request.extract_parts::<OriginalUri>().await;
        request.extract_parts_with_state::<Query, Server>(server).await?.finish()?;
        let method = request.method().clone();
        let headers = request.headers().clone();
        let bytes = Bytes::from_request(request, server).await.map_err(|_| {
            Trouble::new(Kind::Invalid, "The body cannot be read.").with_status(StatusCode::BAD_REQUEST)
        })?;
        let once = idempotency_key(&headers)?.map(|key| {
            let mut hasher = Sha256::new();
            for part in [method.as_str().as_bytes(), b" ", uri.path().as_bytes(), b"\n", &bytes] {
                hasher.update(part);
            }
            Once { key, request: hasher.finalize().into() }
        });
        Ok(Self { body: json(&headers, &bytes)?, once })
    }
}

pub fn idempotency_key(headers: &HeaderMap) -> Result<Option<String>, Trouble> {
    const NAME: &str = "Idempotency-Key";
    let Some(key) = headers.get(NAME) else { return Ok(None) };
    let is_good = (1..=200).contains(&key.len()) && key.as_bytes().iter().all(u8::is_ascii_graphic);
    match key.to_str() {
        Ok(key) if is_good => Ok(Some(key.to_owned())),
        _ => Err(Trouble::invalid(NAME, "Use 1 to 200 visible ASCII characters, such as a UUID.")),
    }
}

fn json<T: DeserializeOwned>(headers: &HeaderMap, bytes: &[u8]) -> Result<T, Trouble> {
    // A body that is not there is an empty object.
    let (bytes, is_given) = if bytes.is_empty() { (&b"{}"[..], false) } else { (bytes, true) };
    if is_given && !is_json(headers) {
        let mut trouble = Trouble::of_status(StatusCode::UNSUPPORTED_MEDIA_TYPE);
        trouble.words = "Send the body as JSON, with Content-Type: application/json.".into();
        return Err(trouble);
    }
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let body = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let path = error.path().to_string();
        body_trouble(&path, error.inner())
    })?;
    reader.end().map_err(|error| body_trouble(".", &error))?;
    Ok(body)
}

fn is_json(headers: &HeaderMap) -> bool {
    let Some(kind) = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()) else { return false };
    let kind = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    kind == "application/json" || (kind.starts_with("application/") && kind.ends_with("+json"))
}

fn body_trouble(path: &str, error: &serde_json::Error) -> Trouble {
    let words = error.to_string();
    if !error.is_data() {
        return Trouble::new(Kind::Invalid, format!("The body is not JSON: {words}."))
            .with_status(StatusCode::BAD_REQUEST);
    }
    // A field that is missing or unknown has no place in the path; the words name it.
    let named = ["missing field `", "unknown field `", "duplicate field `"]
        .iter()
        .find_map(|start| words.strip_prefix(start)?.split_once('`'))
        .map(|(name, _)| name.to_owned());
    let field = match (path, named) {
        ("." | "?", Some(name)) => name,
        ("." | "?", None) => "body".to_owned(),
        (path, Some(name)) if !path.ends_with(&name) => format!("{path}.{name}"),
        (path, _) => path.to_owned(),
    };
    let field: String = field.chars().take(100).collect();
    Trouble::invalid(field, format!("{}.", words.chars().take(300).collect::<String>()))
}
