//! What every page has around it.

use crate::islands::{Drafts, Keyboard, Live};
use crate::ui::icon;
use crate::{paths, request};
use domain::policy::Role;
use leptos::prelude::*;
use leptos_meta::Title;

/// What a page says of itself.
pub struct Frame<'a> {
    pub title: &'a str,
    /// The address of the section it belongs to.
    pub here: &'static str,
    /// What it keeps current: ids of article and claim, empty for everything. `None`: nothing.
    pub live: Option<(String, String)>,
}

/// The page's title. `leptos_meta` writes it unescaped, so that is done here, once.
pub fn title(text: &str) -> impl IntoView {
    let escaped = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    view! { <Title text=format!("{escaped} · Claimdesk") /> }
}

/// Draws a page.
pub fn frame(about: Frame<'_>, content: AnyView) -> AnyView {
    let who = request::signed_in();
    let here = about.here;
    let place = |address: &'static str, name: &'static str, key: &'static str| {
        view! {
            <a href=address data-key=key data-says=format!("Go to {name}") aria-current=(address == here).then_some("page")>
                {name}
            </a>
        }
    };
    let bar = who.as_ref().map(|who| {
        let admin = who.actor.role == Role::Admin;
        let reviews = who.actor.role >= Role::Reviewer;
        view! {
            <nav aria-label="Sections">
                {place(paths::DESK, "Desk", "g h")}
                {place(paths::CLAIMS, "Claims", "g c")}
                {place(paths::ARTICLES, "Articles", "g a")}
                {place(paths::DASHBOARD, "Dashboard", "g d")}
                {reviews.then(|| place(paths::INTAKE, "Add article", "g n"))}
                {admin.then(|| place(paths::COPIES, "Copies", "g f"))}
                {admin.then(|| place(paths::ACCOUNTS, "Accounts", "g u"))}
                {admin.then(|| place(paths::RECEIVERS, "Receivers", "g r"))}
                {admin.then(|| place(paths::POLICY, "Policy", "g p"))}
                {admin.then(|| place(paths::HISTORY, "History", "g y"))}
                {admin.then(|| place(paths::SCALES, "Scales", "g s"))}
            </nav>
            <form class="find" method="get" action=paths::CLAIMS role="search">
                <label class="hidden" for="find">"Find claims"</label>
                <input id="find" name="q" type="search" placeholder="Find claims" data-key="/" data-says="Find claims" />
                <kbd aria-hidden="true">"/"</kbd>
            </form>
            {bell(who.unread, here)}
            <a class="who" href=paths::ACCOUNT aria-current=(here == paths::ACCOUNT).then_some("page")>
                {who.actor.name.clone()} " " <span class="quiet small">{who.actor.role.label()}</span>
            </a>
        }
    });
    // Every page hears of what its reader is told, and some of nothing else.
    let is_somebody = who.is_some();
    let live = is_somebody.then(|| match about.live {
        Some((article, claim)) => view! { <Live article claim follows=true /> },
        None => view! { <Live article=String::new() claim=String::new() follows=false /> },
    });
    view! {
        {title(about.title)}
        <a class="skip" href="#main">"Skip to the content"</a>
        <header class="bar">
            <a class="mark" href=paths::DESK>"Claimdesk"</a>
            {bar}
        </header>
        <main id="main" tabindex="-1">{content}</main>
        <footer class="foot small quiet">
            {live}
            <span class="keys-hint">"Press " <kbd>"?"</kbd> " for the keys"</span>
        </footer>
        <Keyboard />
        <Drafts />
    }
    .into_any()
}

/// How many claims have news for the reader; a number beside a bell, and in words.
fn bell(unread: i64, here: &'static str) -> AnyView {
    let says = match unread {
        0 => "Notifications".to_owned(),
        n if n >= desk::MOST_COUNTED => format!("Notifications, {} unread or more", desk::MOST_COUNTED),
        n => format!("Notifications, {n} unread"),
    };
    let number = match unread {
        0 => None,
        n if n >= desk::MOST_COUNTED => Some("99+".to_owned()),
        n => Some(n.to_string()),
    };
    view! {
        <a id="bell" class="bell" data-live="true" href=paths::NOTIFICATIONS data-key="g b" data-says="Go to Notifications"
            aria-label=says aria-current=(here == paths::NOTIFICATIONS).then_some("page")>
            {icon("bell")} {number.map(|number| view! { <b class="num">{number}</b> })}
        </a>
    }
    .into_any()
}

/// Draws a page for readers: no account, no script.
pub fn public_frame(about: &str, content: AnyView) -> AnyView {
    view! {
        {title(about)}
        <a class="skip" href="#main">"Skip to the content"</a>
        <header class="bar public-bar">
            <a class="mark" href=paths::PUBLIC>"Claimdesk"</a>
            <nav aria-label="Sections">
                <a href=format!("{}#methods", paths::PUBLIC)>"Methods"</a>
                <a href=format!("{}#corrections", paths::PUBLIC)>"Corrections"</a>
                <a href=paths::FEED>"Feed"</a>
            </nav>
        </header>
        <main id="main" tabindex="-1">{content}</main>
    }
    .into_any()
}
