//! Signing in.

use super::query;
use crate::language::t;
use crate::paths::{ELSEWHERE, with};
use crate::ui::{Frame, field, frame};
use domain::elsewhere::Refusal;
use domain::problem::Kind;
use leptos::prelude::*;
use phrase::{t, view};

/// The cookie in which a refused attempt leaves the address that was typed.
const TYPED: &str = "cd_email=";

pub fn page() -> AnyView {
    let next = query("next").unwrap_or_else(|| "/".to_owned());
    let problem: Option<Kind> = query("problem").and_then(|word| word.parse().ok());
    let wrong = problem.map(|kind| match kind {
        Kind::NotSignedIn => t!("The e-mail address or the password is wrong."),
        Kind::Throttled => t!("Too many failed attempts. Wait fifteen minutes and try again."),
        Kind::Unavailable => t!("The database cannot be reached. Try again in a moment."),
        _ => t!("Signing in did not work. Try again."),
    });
    let turned_away: Option<Refusal> = query("elsewhere").and_then(|word| word.parse().ok());
    let elsewhere = crate::request::site().sign_in_elsewhere.map(|name| {
        let address = if next == "/" { ELSEWHERE.to_owned() } else { with(ELSEWHERE, "next", &next) };
        view! {
            <p class="or quiet small"><span>"or"</span></p>
            <a class="btn wide" href=address>{t!("Sign in with {name}", name = &*name)}</a>
        }
    });
    let left = query("done").is_some_and(|word| word == "signed_out");
    frame(
        Frame { title: t!("Sign in"), here: "", live: None },
        view! {
            <div class="page narrow">
                <h1>"Sign in"</h1>
                {left.then(|| view! { <p class="notice good" role="status">"You are signed out."</p> })}
                {wrong.map(|wrong| view! { <p class="notice bad" role="alert">{wrong}</p> })}
                {turned_away.map(|refusal| view! { <p class="notice bad" role="alert">{t(refusal.label())}</p> })}
                <form method="post" action="/actions/account/sign-in" class="form card">
                    <input type="hidden" name="next" value=next />
                    {field("email", "email", "email", t!("E-mail address"), "", typed().unwrap_or_default(), true, None)}
                    {field("password", "password", "password", t!("Password"), "", String::new(), true, None)}
                    <button class="btn go">"Sign in"</button>
                    {elsewhere}
                </form>
                <p class="quiet small">"No account? An admin of your desk can make one."</p>
            </div>
        }
        .into_any(),
    )
}

/// The second step, for who has a second factor.
pub fn code_page() -> AnyView {
    let next = query("next").unwrap_or_else(|| "/".to_owned());
    let problem: Option<Kind> = query("problem").and_then(|word| word.parse().ok());
    let is_wrong = problem == Some(Kind::NotSignedIn);
    let wrong = is_wrong.then(|| {
        t!("This code is wrong, or was used before. Wait for the next one and type that.").to_owned()
    });
    let refused = problem.filter(|_| !is_wrong).map(|kind| match kind {
        Kind::Throttled => t!("Too many failed attempts. Wait fifteen minutes and try again."),
        _ => t!("Signing in did not work. Try again."),
    });
    frame(
        Frame { title: t!("Your code"), here: "", live: None },
        view! {
            <div class="page narrow">
                <h1>"One more step"</h1>
                {refused.map(|words| view! { <p class="notice bad" role="alert">{words}</p> })}
                <form method="post" action="/actions/account/code" class="form card">
                    <input type="hidden" name="next" value=next />
                    {field(
                        "code",
                        "code",
                        "text",
                        t!("Code"),
                        t!("The six digits that your authenticator shows, or one of your recovery codes."),
                        String::new(),
                        true,
                        wrong,
                    )}
                    <button class="btn go">"Sign in"</button>
                </form>
                <p class="quiet small"><a href=crate::paths::LOGIN>"Sign in as somebody else"</a></p>
                <p class="quiet small">"Lost the authenticator and the recovery codes? An admin of your desk can reset them."</p>
            </div>
        }
        .into_any(),
    )
}

fn typed() -> Option<String> {
    let parts = use_context::<http::request::Parts>()?;
    let cookies = parts.headers.get(http::header::COOKIE)?.to_str().ok()?;
    let value = cookies.split(';').map(str::trim).find_map(|cookie| cookie.strip_prefix(TYPED))?;
    let decoded = url::form_urlencoded::parse(format!("v={value}").as_bytes()).next()?.1.into_owned();
    Some(decoded)
}
