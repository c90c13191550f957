//! Which language a reader has: chosen by hand and kept in a cookie, or else what the browser accepts.

use super::account::same_site;
use super::{Server, problem::Trouble};
use app::paths;
use axum::Form;
use axum::extract::rejection::FormRejection;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use domain::language::Language;
use http::header::{ACCEPT_LANGUAGE, COOKIE, SET_COOKIE};
use http::{HeaderMap, HeaderValue};
use leptos::context::{provide_context, use_context};
use serde::Deserialize;

/// The cookie that keeps what was chosen.
const NAME: &str = "language";
/// A year, in seconds.
const KEPT: u32 = 31_536_000;

/// The reader's language.
pub fn of(headers: &HeaderMap) -> Language {
    let chosen =
        headers.get_all(COOKIE).iter().filter_map(|cookies| cookies.to_str().ok()).find_map(|cookies| {
            cookies.split(';').find_map(|cookie| {
                let (name, word) = cookie.trim().split_once('=')?;
                (name == NAME).then(|| word.parse().ok())?
            })
        });
    let accepted = || Language::accepted(headers.get(ACCEPT_LANGUAGE)?.to_str().ok()?);
    chosen.or_else(accepted).unwrap_or(Language::English)
}

/// Notes it on the request, for whatever answers.
pub async fn note(mut request: Request, next: Next) -> Response {
    let language = of(request.headers());
    request.extensions_mut().insert(language);
    next.run(request).await
}

/// Tells pages and actions of it.
pub fn provide() {
    let parts = use_context::<http::request::Parts>();
    provide_context(parts.map_or(Language::English, |parts| of(&parts.headers)));
}

#[derive(Deserialize)]
pub struct Choice {
    language: String,
    #[serde(default)]
    back: String,
}

/// The form at the foot of every page.
pub async fn choose(State(server): State<Server>, form: Result<Form<Choice>, FormRejection>) -> Response {
    let Ok(Form(Choice { language, back })) = form else {
        return Trouble::invalid("language", "Choose one of the languages.").into_response();
    };
    let Ok(language) = language.parse::<Language>() else {
        return Trouble::invalid("language", "Choose one of the languages.").into_response();
    };
    let secure = if server.settings.secure_cookies { "; Secure" } else { "" };
    let cookie = format!("{NAME}={language}; Path=/; Max-Age={KEPT}; SameSite=Lax; HttpOnly{secure}");
    let mut response = Redirect::to(same_site(&back).unwrap_or(paths::DESK)).into_response();
    if let Ok(cookie) = HeaderValue::from_str(&cookie) {
        response.headers_mut().insert(SET_COOKIE, cookie);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(cookie: &'static str, accept: &'static str) -> Language {
        let mut headers = HeaderMap::new();
        headers.insert(COOKIE, HeaderValue::from_static(cookie));
        headers.insert(ACCEPT_LANGUAGE, HeaderValue::from_static(accept));
        of(&headers)
    }

    #[test]
    fn what_was_chosen_goes_before_what_the_browser_accepts() {
        assert_eq!(asked("id=1; language=ar", "uk, en"), Language::Arabic);
        assert_eq!(asked("language=klingon", "uk, en"), Language::Ukrainian);
        assert_eq!(asked("id=1", "fr"), Language::English);
    }
}
