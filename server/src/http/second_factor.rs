//! The forms of the second factor: the second step of signing in, setting an authenticator up,
//! new recovery codes, switching it off.

use super::Server;
use super::account::{Answer, CHECKING, same_site, sent, to_code, unavailable};
use super::problem::Trouble;
use super::session::{self, Auth, Person};
use app::paths;
use app::request::{FreshCodes, Who};
use app::shell::shell;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Redirect, Response};
use desk::{Again, SignedIn};
use domain::problem::Kind;
use leptos::context::provide_context;
use leptos_axum::render_app_async_with_context;
use serde::Deserialize;
use std::net::IpAddr;

#[derive(Deserialize)]
pub struct CodeForm {
    #[serde(default)]
    code: String,
    #[serde(default)]
    next: String,
}

#[derive(Deserialize)]
pub struct AgainForm {
    #[serde(default)]
    password: String,
    #[serde(default)]
    code: String,
}

/// The second step of signing in.
pub async fn sign_in(State(server): State<Server>, mut auth: Auth, request: Request) -> Answer {
    let (from, form) = sent::<CodeForm>(&server, request).await?;
    let next = same_site(&form.next);
    if auth.user.is_some() {
        return Ok(Redirect::to(next.unwrap_or(paths::DESK)).into_response());
    }
    let Some(half) = session::halfway(&auth).await.map_err(unavailable)? else {
        return Ok(Redirect::to(paths::LOGIN).into_response());
    };
    match server.desk.finish_sign_in(&half, &form.code, from).await {
        Ok(signed_in) => {
            session::enter(&mut auth, Person(signed_in), false).await.map_err(unavailable)?;
            Ok(Redirect::to(next.unwrap_or(paths::DESK)).into_response())
        }
        Err(desk::Error::SignedOut) => Ok(Redirect::to(paths::LOGIN).into_response()),
        Err(error) if matches!(error.kind(), Kind::NotSignedIn | Kind::Throttled) => {
            Ok(Redirect::to(&to_code(next, Some(error.kind()))).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

pub async fn begin(State(server): State<Server>, auth: Auth, request: Request) -> Answer {
    let (from, form) = sent::<AgainForm>(&server, request).await?;
    let Some(who) = signed_in(&auth) else { return to_sign_in() };
    let again = again(&auth, from, form.password).await?;
    let _turn = CHECKING.acquire().await;
    match server.desk.begin_second_factor(&who.actor, again).await {
        Ok(()) => Ok(Redirect::to(paths::SECOND_FACTOR).into_response()),
        Err(error) => back("begin", error),
    }
}

pub async fn confirm(State(server): State<Server>, mut auth: Auth, request: Request) -> Answer {
    let (from, form) = sent::<AgainForm>(&server, request).await?;
    let Some(who) = signed_in(&auth) else { return to_sign_in() };
    match server.desk.confirm_second_factor(&who.actor, &form.code, from).await {
        Ok(codes) => show(&server, &mut auth, codes).await,
        Err(error) => back("confirm", error),
    }
}

pub async fn renew_codes(State(server): State<Server>, mut auth: Auth, request: Request) -> Answer {
    let (from, form) = sent::<AgainForm>(&server, request).await?;
    let Some(who) = signed_in(&auth) else { return to_sign_in() };
    let again = again(&auth, from, form.password).await?;
    let turn = CHECKING.acquire().await;
    let renewed = server.desk.renew_recovery_codes(&who.actor, again, &form.code).await;
    drop(turn);
    match renewed {
        Ok(codes) => show(&server, &mut auth, codes).await,
        Err(error) => back("codes", error),
    }
}

pub async fn switch_off(State(server): State<Server>, mut auth: Auth, request: Request) -> Answer {
    let (from, form) = sent::<AgainForm>(&server, request).await?;
    let Some(who) = signed_in(&auth) else { return to_sign_in() };
    let again = again(&auth, from, form.password).await?;
    let turn = CHECKING.acquire().await;
    let off = server.desk.disable_second_factor(&who.actor, again, &form.code).await;
    drop(turn);
    match off {
        Ok(()) => {
            go_on(&server, &mut auth).await?;
            Ok(Redirect::to(&paths::with(paths::ACCOUNT, "done", "second_factor_off")).into_response())
        }
        Err(error) => back("off", error),
    }
}

/// Asks for the address of a form that answered with recovery codes, as a reload or a live update
/// does: the codes are not there a second time.
pub async fn page() -> Redirect {
    Redirect::to(paths::SECOND_FACTOR)
}

fn signed_in(auth: &Auth) -> Option<SignedIn> {
    auth.user.clone().map(|Person(signed_in)| signed_in)
}

fn to_sign_in() -> Answer {
    Ok(Redirect::to(paths::LOGIN).into_response())
}

async fn again(auth: &Auth, from: IpAddr, password: String) -> Result<Again, Trouble> {
    Ok(Again { password, just_signed_in: session::is_new(auth).await.map_err(unavailable)?, from })
}

/// Back to the page, which says in words of its own what was wrong with which form.
fn back(form: &str, error: desk::Error) -> Answer {
    let field = error.field().unwrap_or_default();
    if !matches!(error.kind(), Kind::Invalid | Kind::Throttled) {
        return Err(error.into());
    }
    let to = paths::with(paths::SECOND_FACTOR, "problem", error.kind().word());
    let to = paths::with(&paths::with(&to, "field", field), "form", form);
    Ok(Redirect::to(&to).into_response())
}

/// The other sessions have ended; this one goes on with the new proof.
async fn go_on(server: &Server, auth: &mut Auth) -> Result<Option<SignedIn>, Trouble> {
    let Some(who) = signed_in(auth) else { return Ok(None) };
    let again = server.desk.signed_in(who.actor.id).await?;
    if let Some(again) = again.clone() {
        session::go_on(auth, Person(again)).await.map_err(unavailable)?;
    }
    Ok(again)
}

/// Answers with the page of the new recovery codes itself: they are kept nowhere that a redirect
/// could find them.
async fn show(server: &Server, auth: &mut Auth, codes: Vec<String>) -> Result<Response, Trouble> {
    let who = go_on(server, auth).await?;
    let site = server.site();
    let options = server.options.clone();
    let mut page = Request::new(Body::empty());
    *page.uri_mut() = http::Uri::from_static(paths::SECOND_FACTOR);
    page.extensions_mut().insert(Who(who));
    page.extensions_mut().insert(FreshCodes(codes));
    let draw =
        render_app_async_with_context(move || provide_context(site.clone()), move || shell(options.clone()));
    Ok(draw(page).await.into_response())
}
