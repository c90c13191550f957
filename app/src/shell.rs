//! The document around every page, the table of pages, and the page for what goes wrong.

use crate::language;
use crate::pages;
use crate::paths;
use crate::request;
use crate::ui::{Frame, frame, set_status};
use domain::language::Language;
use domain::phrase::Phrase;
use domain::problem::Kind;
use http::header::{CONTENT_SECURITY_POLICY, HeaderValue};
use leptos::config::LeptosOptions;
use leptos::nonce::use_nonce;
use leptos::prelude::*;
use leptos_axum::ResponseOptions;
use leptos_meta::{MetaTags, provide_meta_context};
use leptos_router::components::{FlatRoutes, Route, Router};
use leptos_router::{SsrMode, path};
use phrase::{phrase, t, view};

/// The document. No script stands in it: the one script tag names a file and carries the nonce.
pub fn shell(_options: LeptosOptions) -> impl IntoView {
    // Only islands run in the browser: nothing outside them is marked for it.
    if let Some(context) = Owner::current_shared_context() {
        context.set_is_hydrating(false);
    }
    let assets = request::site().assets;
    let nonce = use_nonce().map(|nonce| nonce.to_string()).unwrap_or_default();
    let address = request::address();
    let path = address.split('?').next().unwrap_or_default();
    // The server's own header (`X-Frame-Options`) goes by the same rule.
    let framed_by = if paths::may_be_framed(path) { "*" } else { "'none'" };
    if let (Some(response), Ok(policy)) =
        (use_context::<ResponseOptions>(), HeaderValue::from_str(&content_policy(&nonce, framed_by)))
    {
        response.insert_header(CONTENT_SECURITY_POLICY, policy);
    }
    // What readers see needs no script.
    let is_public = paths::is_public(path);
    let script =
        (!is_public).then(|| view! { <script type="module" src=assets.boot.clone() nonce=nonce></script> });
    let language = language::language();
    let feed = is_public.then(|| {
        view! { <link rel="alternate" type="application/atom+xml" href=paths::feed(language) title="Verdicts and corrections" /> }
    });
    view! {
        <!DOCTYPE html>
        <html lang=language.word() dir=language.direction()>
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content="light dark" />
                <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
                <link rel="stylesheet" href=assets.style.clone() />
                {feed}
                {script}
                <MetaTags />
            </head>
            <body>
                <App />
            </body>
        </html>
    }
}

fn content_policy(nonce: &str, framed_by: &str) -> String {
    format!(
        "default-src 'none'; script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:; \
         connect-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors {framed_by}; \
         manifest-src 'self'"
    )
}

/// The table of pages.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    view! {
        <Router>
            <FlatRoutes fallback=not_found>
                <Route path=path!("/") view=pages::queue::page ssr=SsrMode::Async />
                <Route path=path!("/claims") view=pages::claims::page ssr=SsrMode::Async />
                <Route path=path!("/claims/assign") view=pages::assign::page ssr=SsrMode::Async />
                <Route path=path!("/claims/:id") view=pages::claim::page ssr=SsrMode::Async />
                <Route path=path!("/claims/:id/publish") view=pages::publish::page ssr=SsrMode::Async />
                <Route path=path!("/claims/:id/correct-verdict") view=pages::correct_verdict::page ssr=SsrMode::Async />
                <Route path=path!("/articles") view=pages::articles::page ssr=SsrMode::Async />
                <Route path=path!("/articles/:id") view=pages::article::page ssr=SsrMode::Async />
                <Route path=path!("/articles/:id/report") view=pages::report::page ssr=SsrMode::Async />
                <Route path=path!("/intake") view=pages::intake::page ssr=SsrMode::Async />
                <Route path=path!("/incidents") view=pages::incidents::page ssr=SsrMode::Async />
                <Route path=path!("/incidents/:id") view=pages::incident::page ssr=SsrMode::Async />
                <Route path=path!("/dashboard") view=pages::dashboard::page ssr=SsrMode::Async />
                <Route path=path!("/find") view=pages::find::page ssr=SsrMode::Async />
                <Route path=path!("/account") view=pages::account::page ssr=SsrMode::Async />
                <Route path=path!("/admin/copies") view=pages::copies::page ssr=SsrMode::Async />
                <Route path=path!("/account/second-factor") view=pages::second_factor::page ssr=SsrMode::Async />
                <Route path=path!("/admin") view=pages::admin::page ssr=SsrMode::Async />
                <Route path=path!("/admin/accounts") view=pages::accounts::page ssr=SsrMode::Async />
                <Route path=path!("/agreement") view=pages::agreement::page ssr=SsrMode::Async />
                <Route path=path!("/admin/policy") view=pages::policy::page ssr=SsrMode::Async />
                <Route path=path!("/admin/identity") view=pages::identity::page ssr=SsrMode::Async />
                <Route path=path!("/admin/history") view=pages::history::page ssr=SsrMode::Async />
                <Route path=path!("/notifications") view=pages::notifications::page ssr=SsrMode::Async />
                <Route path=path!("/admin/mail") view=pages::mail::page ssr=SsrMode::Async />
                <Route path=path!("/admin/receivers") view=pages::receivers::page ssr=SsrMode::Async />
                <Route path=path!("/admin/scales") view=pages::scales::page ssr=SsrMode::Async />
                <Route path=path!("/admin/scales/:id") view=pages::scales::one ssr=SsrMode::Async />
                <Route path=path!("/sources/:id") view=pages::source::page ssr=SsrMode::Async />
                <Route path=path!("/login") view=pages::login::page ssr=SsrMode::Async />
                <Route path=path!("/public") view=pages::public::front ssr=SsrMode::Async />
                <Route path=path!("/public/about") view=pages::public_about::page ssr=SsrMode::Async />
                <Route path=path!("/public/claims/:slug") view=pages::public::claim ssr=SsrMode::Async />
                <Route path=path!("/public/incidents/:slug") view=pages::public_incident::page ssr=SsrMode::Async />
                <Route path=path!("/public/incidents/:slug/embed") view=pages::public_incident::embed ssr=SsrMode::Async />
                <Route path=path!("/login/code") view=pages::login::code_page ssr=SsrMode::Async />
            </FlatRoutes>
        </Router>
    }
}

fn not_found() -> AnyView {
    set_status(Kind::NotFound);
    frame(
        Frame { title: t!("Nothing here"), here: "", live: None },
        view! {
            <div class="page narrow">
                <h1>"There is nothing here"</h1>
                <p>"The address may be mistyped, or what was here was never public."</p>
                <p><a href="/">"Back to the desk"</a></p>
            </div>
        }
        .into_any(),
    )
}

/// A whole page for what goes wrong outside of pages.
pub fn problem_page(language: Language, kind: Kind, words: &Phrase, style: &str) -> String {
    plain_page(language, &Phrase::label(kind.label()), words, None, style)
}

/// What a plain page asks: a button that sends a form.
pub struct Ask<'a> {
    pub action: &'a str,
    pub button: Phrase,
}

/// A whole page outside of the table of pages: plain HTML, no script.
pub fn plain_page(
    language: Language,
    title: &Phrase,
    words: &Phrase,
    ask: Option<Ask<'_>>,
    style: &str,
) -> String {
    let speaker = language::speaker(language);
    let escape = |text: &str| {
        text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
    };
    let form = ask.map_or_else(String::new, |ask| {
        format!(
            "<form method=\"post\" action=\"{}\"><p><button class=\"btn go\">{}</button></p></form>",
            escape(ask.action),
            escape(&ask.button.say(speaker))
        )
    });
    let (title, words, style) = (escape(&title.say(speaker)), escape(&words.say(speaker)), escape(style));
    let back = escape(&phrase!("Back to the desk").say(speaker));
    let (lang, dir) = (language.word(), language.direction());
    format!(
        "<!DOCTYPE html><html lang=\"{lang}\" dir=\"{dir}\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <meta name=\"color-scheme\" content=\"light dark\"><link rel=\"icon\" href=\"/favicon.svg\" type=\"image/svg+xml\">\
         <link rel=\"stylesheet\" href=\"{style}\"><title>{title} · Claimdesk</title></head><body>\
         <header class=\"bar\"><a class=\"mark\" href=\"/\">Claimdesk</a></header>\
         <main id=\"main\"><div class=\"page narrow\"><h1>{title}</h1><p>{words}</p>{form}\
         <p class=\"pages\"><a href=\"/\">{back}</a></p></div></main></body></html>"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_page_escapes_what_it_is_told() {
        let page =
            problem_page(Language::English, Kind::Invalid, &Phrase::verbatim("<script>"), "/pkg/style.css");
        assert!(page.contains("&lt;script&gt;") && !page.contains("<script"));
    }
}
