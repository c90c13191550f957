//! `/api/v1/copies` and those of a piece of evidence.

use super::bodies::Copy;
use super::request::{Caller, Id, Query, Sent, idempotency_key};
use crate::http::Server;
use crate::http::copies::answer;
use crate::http::problem::{Problem, Trouble};
use axum::Json;
use axum::extract::{OriginalUri, Request, State};
use axum::response::Response;
use desk::{Attached, CopyForm, Kept, Once};
use domain::copy::FileName;
use domain::id::{CopyId, EvidenceId};
use domain::words::{WebAddress, moment};
use futures_util::StreamExt as _;
use http::{HeaderMap, StatusCode};
use serde::de::IgnoredAny;
use sha2::{Digest as _, Sha256};

const NAME: &str = "X-File-Name";

/// Keep a copy of what a piece of evidence rests on. The body is the content itself, kept byte for
/// byte: a PDF, a PNG, JPEG, WebP or GIF picture, an HTML page or plain text of at most 25 MB. What
/// it is, is read from the content; a Content-Type is not asked for.
#[utoipa::path(post, path = "/evidence/{id}/copies", tag = "copies",
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    params(("id" = uuid::Uuid, Path),
        ("address" = Option<String>, Query, description = "Where it was captured"),
        ("captured_at" = Option<chrono::DateTime<chrono::Utc>>, Query, description = "When; now where left out"),
        ("X-File-Name" = Option<String>, Header, description = "What the file is called, percent-encoded UTF-8"),
        ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = Copy), (status = 200, description = "The evidence has this very copy", body = Copy),
        (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 413, body = Problem), (status = 422, body = Problem), (status = 503, body = Problem)))]
pub async fn add(
    State(server): State<Server>,
    Caller(actor): Caller,
    Id(evidence): Id<EvidenceId>,
    mut query: Query,
    OriginalUri(uri): OriginalUri,
    request: Request,
) -> Result<(StatusCode, Json<Copy>), Trouble> {
    let form = CopyForm {
        name: name(request.headers()),
        address: WebAddress::optional("address", &query.text("address")?.unwrap_or_default())?,
        captured: query.text("captured_at")?.map(|text| moment("captured_at", &text)).transpose()?,
    };
    query.finish()?;
    let key = idempotency_key(request.headers())?;
    let asked = format!("{} {uri}\n{:?}\n", request.method(), form.name);
    let mut pieces = request.into_body().into_data_stream();
    let kept = server.desk.keep_content(&actor, evidence, "body", &mut pieces).await;
    if kept.is_err() {
        // Whoever is cut off while sending sees no answer. It ends: the whole is bounded.
        while let Some(Ok(_)) = pieces.next().await {}
    }
    let kept = kept?;
    let once = key.map(|key| Once { key, request: hashed(&asked, &kept) });
    let added = server.desk.add_copy(&actor, evidence, kept, form, once.as_ref()).await?;
    let status = if added.how == Attached::New { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, Json(server.desk.copy(&actor, added.id).await?.into())))
}

fn hashed(asked: &str, kept: &Kept) -> [u8; 32] {
    let mut hasher = Sha256::new();
    hasher.update(asked.as_bytes());
    hasher.update(kept.sha256());
    hasher.finalize().into()
}

/// What the file is called, where a name is left after cleaning: it is for people to read only.
fn name(headers: &HeaderMap) -> Option<FileName> {
    FileName::clean(&String::from_utf8_lossy(&unescaped(headers.get(NAME)?.as_bytes())))
}

fn unescaped(text: &[u8]) -> Vec<u8> {
    let digit = |at: usize| text.get(at).and_then(|byte| char::from(*byte).to_digit(16));
    let mut bytes = Vec::with_capacity(text.len());
    let mut at = 0;
    while let Some(byte) = text.get(at) {
        match (byte, digit(at + 1), digit(at + 2)) {
            (b'%', Some(high), Some(low)) => {
                bytes.extend(u8::try_from(high * 16 + low));
                at += 3;
            }
            _ => {
                bytes.push(*byte);
                at += 1;
            }
        }
    }
    bytes
}

/// The copies of a piece of evidence, oldest first.
#[utoipa::path(get, path = "/evidence/{id}/copies", tag = "copies", params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = Vec<Copy>), (status = 401, body = Problem), (status = 404, body = Problem),
        (status = 422, body = Problem)))]
pub async fn list(
    State(server): State<Server>,
    Caller(actor): Caller,
    Id(evidence): Id<EvidenceId>,
    query: Query,
) -> Result<Json<Vec<Copy>>, Trouble> {
    query.finish()?;
    let copies = server.desk.copies_of(&actor, evidence).await?;
    Ok(Json(copies.into_iter().map(Copy::from).collect()))
}

/// A copy: what it is, where and when it was captured, and what the last look at it found.
#[utoipa::path(get, path = "/copies/{id}", tag = "copies", params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = Copy), (status = 401, body = Problem), (status = 404, body = Problem),
        (status = 422, body = Problem)))]
pub async fn one(
    State(server): State<Server>,
    Caller(actor): Caller,
    Id(id): Id<CopyId>,
    query: Query,
) -> Result<Json<Copy>, Trouble> {
    query.finish()?;
    Ok(Json(server.desk.copy(&actor, id).await?.into()))
}

/// The content of a copy, byte for byte. Pages come as text. What was altered breaks off before its
/// end.
#[utoipa::path(get, path = "/copies/{id}/content", tag = "copies", params(("id" = uuid::Uuid, Path)),
    responses((status = 200, description = "The content", body = Vec<u8>, content_type = "application/octet-stream"),
        (status = 304, description = "The client has it"), (status = 401, body = Problem),
        (status = 404, body = Problem), (status = 422, body = Problem),
        (status = 503, description = "It is not what was kept, or the store cannot be reached", body = Problem)))]
pub async fn content(
    State(server): State<Server>,
    Caller(actor): Caller,
    Id(id): Id<CopyId>,
    query: Query,
    headers: HeaderMap,
) -> Result<Response, Trouble> {
    query.finish()?;
    Ok(answer(server.desk.open_copy(&actor, id).await?, &headers, true))
}

/// Look at a copy now: read it from end to end and compare it with its SHA-256.
#[utoipa::path(post, path = "/copies/{id}/verify", tag = "copies",
    params(("id" = uuid::Uuid, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, description = "What was found is in “outcome”", body = Copy),
        (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 422, body = Problem), (status = 503, description = "The store cannot be reached", body = Problem)))]
pub async fn verify(
    State(server): State<Server>,
    Caller(actor): Caller,
    Id(id): Id<CopyId>,
    Sent { once, .. }: Sent<IgnoredAny>,
) -> Result<Json<Copy>, Trouble> {
    Ok(Json(server.desk.verify_copy(&actor, id, once.as_ref()).await?.into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_name_is_unescaped_and_cleaned() {
        let named = |sent: &'static str| {
            let headers =
                HeaderMap::from_iter([(http::HeaderName::from_static("x-file-name"), sent.parse().ok()?)]);
            name(&headers).map(|name| name.as_str().to_owned())
        };
        assert_eq!(named("%D1%81%D0%BF%D0%B8%D1%81%D0%BE%D0%BA.pdf").as_deref(), Some("список.pdf"));
        assert_eq!(named("a%2F..%2fb+c%zz%").as_deref(), Some("b+c%zz%"));
        assert_eq!(named("%00%0d%0a"), None);
    }
}
