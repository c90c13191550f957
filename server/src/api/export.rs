//! `/api/v1/export`: all claims that pass a filter, sent a batch at a time.

use super::claims::{filter, of_view};
use super::request::{Caller, Query, TokenUsed};
use crate::export::Format;
use crate::http::Server;
use crate::http::problem::{Problem, Trouble};
use axum::Extension;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use desk::{ClaimFilter, Cursor, Fetcher};
use domain::id::TokenId;
use domain::policy::Actor;
use futures_util::stream;
use http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use tracing::error;

/// Claims with the verdicts that stand, for a spreadsheet.
///
/// Takes the filters of `GET /claims`, a saved `view` as well. Each rating comes with the key and the version of the scale it
/// is of, in `scale` and `scale_version`; `polarity` whether the `source` asserts the claim, denies it or does not confirm
/// it (`asserted`, `denied`, `doubted`); each of `measures` what it counts, and whether that is denied, told as an earlier count or
/// as taken back; `media` what pictures, videos and recordings among the evidence were found to be. A text that a spreadsheet would take for a formula begins
/// with an apostrophe.
#[utoipa::path(get, path = "/export/claims.csv", tag = "export", responses(
    (status = 200, body = String, content_type = "text/csv"), (status = 401, body = Problem), (status = 422, body = Problem)))]
pub async fn csv(
    State(server): State<Server>,
    Caller(actor): Caller,
    Extension(TokenUsed(token)): Extension<TokenUsed>,
    query: Query,
) -> Result<Response, Trouble> {
    send(server, (actor, token), query, Format::Csv).await
}

/// Claims with the verdicts that stand, one JSON object a line.
///
/// Takes the filters of `GET /claims`, a saved `view` as well. Each rating comes with the key and the version of the scale it
/// is of, in `scale` and `scale_version`; `polarity` whether the `source` asserts the claim, denies it or does not confirm
/// it (`asserted`, `denied`, `doubted`); `media` what pictures, videos and recordings among the evidence were
/// found to be.
#[utoipa::path(get, path = "/export/claims.jsonl", tag = "export", responses(
    (status = 200, body = String, content_type = "application/jsonl"), (status = 401, body = Problem),
    (status = 422, body = Problem)))]
pub async fn jsonl(
    State(server): State<Server>,
    Caller(actor): Caller,
    Extension(TokenUsed(token)): Extension<TokenUsed>,
    query: Query,
) -> Result<Response, Trouble> {
    send(server, (actor, token), query, Format::Jsonl).await
}

/// How far an export is.
enum At {
    After(Option<Cursor>),
    End,
}

struct Export {
    server: Server,
    actor: Actor,
    filter: ClaimFilter,
    format: Format,
}

impl Export {
    async fn batch(&self, after: Option<Cursor>) -> anyhow::Result<(Vec<u8>, At)> {
        let (rows, next) = self.server.desk.export(&self.actor, &self.filter, after).await?;
        Ok((self.format.lines(&rows)?, next.map_or(At::End, |next| At::After(Some(next)))))
    }
}

async fn send(
    server: Server,
    (actor, token): (Actor, TokenId),
    mut query: Query,
    format: Format,
) -> Result<Response, Trouble> {
    of_view(&server, &actor, &mut query).await?;
    // A view has an order; an export has one of its own.
    query.text("sort")?;
    let filter = filter(&actor, &mut query, server.desk.scales().await?.as_ref())?;
    query.finish()?;
    // What can be refused is refused before the answer begins.
    server.desk.claims(&actor, &filter, desk::Sort::Priority, None, 1).await?;
    server.desk.note_export(Fetcher::Account(&actor, Some(token)), format.fetched(), &filter).await?;
    let export = Export { server, actor, filter, format };
    let batches = stream::try_unfold((export, At::After(None)), |(export, at)| async move {
        let At::After(after) = at else { return Ok(None) };
        match export.batch(after).await {
            Ok((lines, next)) => {
                let bytes = if after.is_none() { [export.format.head(), lines].concat() } else { lines };
                Ok(Some((Bytes::from(bytes), (export, next))))
            }
            Err(error) => {
                // The answer is cut off, which tells the client that it is not whole.
                error!(error = format!("{error:#}"), "an export broke off");
                Err(error)
            }
        }
    });
    let headers = [
        (CONTENT_TYPE, format.content_type().to_owned()),
        (CONTENT_DISPOSITION, format!("attachment; filename=\"{}\"", format.file_name())),
    ];
    Ok((headers, Body::from_stream(batches)).into_response())
}
