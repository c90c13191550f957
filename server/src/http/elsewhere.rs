//! Signing in at the identity provider: to it and back. Both are ordinary addresses, because a form
//! may lead to this site only.

use super::Server;
use super::account::{Answer as Page, same_site, to_code, unavailable};
use super::session::{self, Auth, Person};
use crate::oidc::{Answer, Failed};
use app::paths;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Redirect};
use desk::Entry;
use domain::elsewhere::Refusal;
use http::StatusCode;
use serde::Deserialize;
use tracing::{info, warn};

#[derive(Deserialize)]
pub struct Wanted {
    #[serde(default)]
    next: String,
}

/// To the provider, with what must come back kept in this browser's session.
pub async fn begin(State(server): State<Server>, mut auth: Auth, Query(wanted): Query<Wanted>) -> Page {
    let Some(provider) = &server.elsewhere else { return Ok(StatusCode::NOT_FOUND.into_response()) };
    match provider.begin(same_site(&wanted.next).map(str::to_owned)).await {
        Ok((address, begun)) => {
            session::go_elsewhere(&mut auth, begun).await.map_err(unavailable)?;
            Ok(Redirect::to(address.as_str()).into_response())
        }
        Err(failed) => Ok(turned_away(&failed)),
    }
}

/// Back from the provider.
pub async fn finish(
    State(server): State<Server>,
    mut auth: Auth,
    answer: Result<Query<Answer>, QueryRejection>,
) -> Page {
    let Some(provider) = &server.elsewhere else { return Ok(StatusCode::NOT_FOUND.into_response()) };
    // Taken out: an answer is read once.
    let begun = session::back_from_elsewhere(&mut auth).await.map_err(unavailable)?;
    let (Some(begun), Ok(Query(answer))) = (begun, answer) else { return Ok(turned_away(&Failed::Stale)) };
    let next = begun.next.clone();
    let next = next.as_deref().and_then(same_site);
    let identity = match provider.finish(begun, answer).await {
        Ok(identity) => identity,
        Err(failed) => return Ok(turned_away(&failed)),
    };
    match server.desk.sign_in_elsewhere(&identity, provider.house()).await {
        Ok(Entry::In(signed_in)) => {
            session::enter(&mut auth, Person(signed_in), identity.is_strong).await.map_err(unavailable)?;
            Ok(Redirect::to(next.unwrap_or(paths::DESK)).into_response())
        }
        Ok(Entry::Code(half)) => {
            session::go_halfway(&mut auth, half).await.map_err(unavailable)?;
            Ok(Redirect::to(&to_code(next, None)).into_response())
        }
        Err(desk::Error::TurnedAway(refusal)) => {
            info!(refusal = %refusal, "somebody who came from the identity provider was not let in");
            Ok(to_login(refusal))
        }
        Err(error) => Err(error.into()),
    }
}

fn turned_away(failed: &Failed) -> axum::response::Response {
    let refusal = match failed {
        Failed::Stale => Refusal::Stale,
        Failed::Declined(_) => Refusal::Declined,
        Failed::Broken(_) => Refusal::Unreachable,
    };
    warn!(error = %super::problem::chain(failed), "signing in at the identity provider did not work");
    to_login(refusal)
}

fn to_login(refusal: Refusal) -> axum::response::Response {
    Redirect::to(&paths::with(paths::LOGIN, "elsewhere", refusal.word())).into_response()
}
