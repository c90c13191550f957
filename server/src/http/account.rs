//! The forms that change the session: signing in and out, and the password. Each answers 303, so
//! that they work without scripts; what went wrong is said by the page they lead to.

use super::problem::Trouble;
use super::session::{self, Auth, Person};
use super::{Server, client};
use app::paths;
use axum::Form;
use axum::RequestExt as _;
use axum::extract::rejection::FormRejection;
use axum::extract::{Request, State};
use axum::response::{AppendHeaders, IntoResponse, Redirect, Response};
use desk::{Entry, SignIn};
use domain::problem::Kind;
use domain::words::NewPassword;
use http::Uri;
use http::header::SET_COOKIE;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::net::{IpAddr, Ipv4Addr};
use tokio::sync::Semaphore;
use tower_sessions::cookie::time::Duration;
use tower_sessions::cookie::{Cookie, SameSite};
use url::form_urlencoded;

/// Brings the e-mail address back into the form after a failure: never in an address, where it
/// would be kept in histories and logs. Its value is escaped as in a form.
pub const EMAIL_COOKIE: &str = "cd_email";

/// Checking a password takes 19 MiB and a core: a flood of attempts waits here instead of taking
/// the machine.
pub(super) static CHECKING: Semaphore = Semaphore::const_new(4);

pub(super) type Answer = Result<Response, Trouble>;

#[derive(Deserialize)]
pub struct SignInForm {
    #[serde(default)]
    email: String,
    #[serde(default)]
    password: String,
    #[serde(default)]
    next: String,
}

#[derive(Deserialize)]
pub struct PasswordForm {
    #[serde(default)]
    old_password: String,
    #[serde(default)]
    new_password: String,
    #[serde(default)]
    repeat_password: String,
}

pub async fn sign_in(State(server): State<Server>, mut auth: Auth, request: Request) -> Answer {
    let (address, form) = sent::<SignInForm>(&server, request).await?;
    let next = same_site(&form.next);
    let secure = server.settings.secure_cookies;
    let attempt = SignIn { email: form.email.clone(), password: form.password, address };
    let turn = CHECKING.acquire().await;
    let checked = server.desk.sign_in(attempt).await;
    drop(turn);
    match checked {
        Ok(entry) => {
            let to = match entry {
                Entry::In(signed_in) => {
                    session::enter(&mut auth, Person(signed_in), false).await.map_err(unavailable)?;
                    next.unwrap_or(paths::DESK).to_owned()
                }
                Entry::Code(half) => {
                    session::go_halfway(&mut auth, half).await.map_err(unavailable)?;
                    to_code(next, None)
                }
            };
            let forget = AppendHeaders([(SET_COOKIE, email_cookie(None, secure))]);
            Ok((forget, Redirect::to(&to)).into_response())
        }
        Err(error) if matches!(error.kind(), Kind::NotSignedIn | Kind::Throttled) => {
            let mut back = paths::with(paths::LOGIN, "problem", error.kind().word());
            if let Some(next) = next {
                back = paths::with(&back, "next", next);
            }
            let keep = AppendHeaders([(SET_COOKIE, email_cookie(Some(&form.email), secure))]);
            Ok((keep, Redirect::to(&back)).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

pub async fn sign_out(mut auth: Auth) -> Answer {
    leave(&mut auth).await
}

pub async fn sign_out_everywhere(State(server): State<Server>, mut auth: Auth) -> Answer {
    if let Some(person) = &auth.user {
        server.desk.end_sessions(&person.0.actor).await?;
    }
    leave(&mut auth).await
}

pub async fn change_password(
    State(server): State<Server>,
    mut auth: Auth,
    form: Result<Form<PasswordForm>, FormRejection>,
) -> Answer {
    let Form(form) = form.map_err(form_trouble)?;
    let Some(Person(signed_in)) = auth.user.clone() else {
        return Ok(Redirect::to(paths::LOGIN).into_response());
    };
    match change(&server, &signed_in.actor, form).await {
        Ok(()) => {
            // The other sessions have ended; this one goes on with the new proof.
            if let Some(again) = server.desk.signed_in(signed_in.actor.id).await? {
                session::go_on(&mut auth, Person(again)).await.map_err(unavailable)?;
            }
            Ok(Redirect::to(&paths::with(paths::ACCOUNT, "done", "password")).into_response())
        }
        Err(error) => match error.field() {
            Some(field) => {
                let back = paths::with(paths::ACCOUNT, "problem", error.kind().word());
                Ok(Redirect::to(&paths::with(&back, "field", field)).into_response())
            }
            None => Err(error.into()),
        },
    }
}

async fn change(server: &Server, actor: &domain::policy::Actor, form: PasswordForm) -> desk::Result<()> {
    let new = NewPassword::parse("new_password", &form.new_password)?;
    if form.new_password != form.repeat_password {
        return Err(domain::words::Invalid::new("repeat_password", "The two are not the same.").into());
    }
    let _turn = CHECKING.acquire().await;
    server.desk.change_password(actor, form.old_password, new).await
}

/// Where a form was sent from, and what it says.
pub(super) async fn sent<T: DeserializeOwned + 'static>(
    server: &Server,
    request: Request,
) -> Result<(IpAddr, T), Trouble> {
    let nowhere = IpAddr::V4(Ipv4Addr::UNSPECIFIED);
    let address =
        client::address(request.headers(), request.extensions(), &server.settings).unwrap_or(nowhere);
    let Form(form) = request.extract::<Form<T>, _>().await.map_err(form_trouble)?;
    Ok((address, form))
}

/// The page that asks for a code.
pub(super) fn to_code(next: Option<&str>, problem: Option<Kind>) -> String {
    let mut to = paths::LOGIN_CODE.to_owned();
    if let Some(problem) = problem {
        to = paths::with(&to, "problem", problem.word());
    }
    match next {
        Some(next) => paths::with(&to, "next", next),
        None => to,
    }
}

async fn leave(auth: &mut Auth) -> Answer {
    auth.logout().await.map_err(unavailable)?;
    Ok(Redirect::to(&paths::with(paths::LOGIN, "done", "signed_out")).into_response())
}

pub(super) fn unavailable(error: impl std::error::Error) -> Trouble {
    tracing::error!(error = %super::problem::chain(&error), "could not change a session");
    Trouble::of_status(http::StatusCode::SERVICE_UNAVAILABLE)
}

fn form_trouble(rejection: FormRejection) -> Trouble {
    let status = rejection.status();
    let status = if status.is_client_error() { status } else { http::StatusCode::BAD_REQUEST };
    Trouble::new(Kind::Invalid, "The form was not sent as a browser sends it.").with_status(status)
}

fn email_cookie(email: Option<&str>, secure: bool) -> String {
    let value: String = form_urlencoded::byte_serialize(
        email.unwrap_or_default().chars().take(254).collect::<String>().as_bytes(),
    )
    .collect();
    let age = if email.is_some() { Duration::minutes(5) } else { Duration::ZERO };
    Cookie::build((EMAIL_COOKIE, value))
        .path(paths::LOGIN)
        .max_age(age)
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(secure)
        .build()
        .to_string()
}

/// An address of ours, or nothing: a link to the sign-in page must not lead people elsewhere.
pub(super) fn same_site(next: &str) -> Option<&str> {
    let is_path = next.starts_with('/') && !next.starts_with("//") && !next.contains('\\');
    let is_address = next.parse::<Uri>().is_ok_and(|uri| uri.authority().is_none());
    let is_page = !next.starts_with("/actions/") && !next.starts_with(paths::LOGIN) && next != "/live";
    (is_path && is_address && is_page).then_some(next)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_pages_of_ours_come_next() {
        for good in ["/", "/claims?stage=open&q=%C3%BC", "/articles/1#x"] {
            assert_eq!(same_site(good), Some(good));
        }
        for bad in [
            "",
            "claims",
            "//evil.example",
            "/\\evil.example",
            "https://evil.example/",
            "/a\nb",
            "/actions/x",
            "/login?next=/",
        ] {
            assert_eq!(same_site(bad), None, "{bad}");
        }
    }
}
