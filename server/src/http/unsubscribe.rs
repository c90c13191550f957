//! `/unsubscribe/{token}`: the link at the end of every mail. It asks nobody to sign in: its token is
//! signed. A visit asks first, because programs follow links to look at them; a POST, as mail programs
//! send it with one click (RFC 8058), does it at once.

use super::Server;
use super::problem::Trouble;
use app::shell::{Ask, plain_page};
use axum::Extension;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::response::{Html, IntoResponse, Response};
use domain::language::Language;
use http::StatusCode;
use phrase::phrase;

type Token = Result<Path<String>, PathRejection>;
type Answer = Result<Response, Trouble>;

pub async fn ask(
    State(server): State<Server>,
    Extension(language): Extension<Language>,
    token: Token,
) -> Answer {
    let token = known(token)?;
    server.desk.stops_mail_of(&token).await?;
    let action = format!("/unsubscribe/{token}");
    let ask = Ask { action: &action, button: phrase!("Stop all mail") };
    let words = phrase!(
        "Claimdesk will send you no more mail. You still see everything by the bell at the top of every page."
    );
    Ok(Html(plain_page(language, &phrase!("No more mail?"), &words, Some(ask), &server.style()))
        .into_response())
}

pub async fn stop(
    State(server): State<Server>,
    Extension(language): Extension<Language>,
    token: Token,
) -> Answer {
    let token = known(token)?;
    server.desk.stop_mail(&token).await?;
    let words = phrase!("You get no more mail from this desk. On your account page you can choose it again.");
    Ok(Html(plain_page(language, &phrase!("Mail is stopped"), &words, None, &server.style())).into_response())
}

fn known(token: Token) -> Result<String, Trouble> {
    let Path(token) = token.map_err(|_| Trouble::of_status(StatusCode::NOT_FOUND))?;
    Ok(token)
}
