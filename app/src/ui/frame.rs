//! What every page has around it.

use crate::islands::{Drafts, Keyboard, Live, Palette};
use crate::language;
use crate::language::t;
use crate::ui::icon;
use crate::{paths, request};
use domain::language::Language;
use domain::policy::Role;
use leptos::prelude::*;
use leptos_meta::Title;
use phrase::{msg, t, tn, view};

/// What a page says of itself.
pub struct Frame<'a> {
    pub title: &'a str,
    /// The address of the section it belongs to.
    pub here: &'static str,
    /// What it keeps current: ids of article and claim, empty for everything. `None`: nothing.
    pub live: Option<(String, String)>,
}

/// A part of the administration.
pub struct Section {
    pub address: &'static str,
    pub name: &'static str,
    key: &'static str,
    /// What is done there.
    pub says: &'static str,
}

const fn section(
    address: &'static str,
    name: &'static str,
    key: &'static str,
    says: &'static str,
) -> Section {
    Section { address, name, key, says }
}

/// What admins look after.
pub const ADMIN_SECTIONS: [Section; 8] = [
    section(
        paths::ACCOUNTS,
        msg!("Accounts"),
        "g u",
        msg!("Who works here, in which role, and who is locked out."),
    ),
    section(
        paths::POLICY,
        msg!("Policy"),
        "g p",
        msg!("Which claims take two people, what a verdict has to rest on, who has to have a second factor."),
    ),
    section(
        paths::IDENTITY,
        msg!("Who we are"),
        "g w",
        msg!(
            "What readers are told of the desk: its name, who pays for it, how to reach it, how it corrects."
        ),
    ),
    section(
        paths::SCALES,
        msg!("Scales"),
        "g s",
        msg!("The ratings that verdicts give, and what each asks of the evidence."),
    ),
    section(
        paths::COPIES,
        msg!("Copies"),
        "g f",
        msg!("Kept copies of evidence that are no longer what was attached."),
    ),
    section(
        paths::HISTORY,
        msg!("History"),
        "g y",
        msg!("Checkpoints of the history, and the head to keep elsewhere."),
    ),
    section(
        paths::RECEIVERS,
        msg!("Receivers"),
        "g r",
        msg!("Who is told of what is published, and what they answered."),
    ),
    section(paths::MAIL, msg!("Mail"), "g e", msg!("Mail that waits or could not be sent.")),
];

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
            <a href=address data-key=key data-says=t!("Go to {name}") aria-current=(address == here).then_some("page")>
                {name}
            </a>
        }
    };
    let bar = who.as_ref().map(|who| {
        let admin = who.actor.role == Role::Admin;
        let reviews = who.actor.role >= Role::Reviewer;
        view! {
            <nav aria-label="Sections">
                {place(paths::DESK, t!("Desk"), "g h")}
                {place(paths::CLAIMS, t!("Claims"), "g c")}
                {place(paths::ARTICLES, t!("Articles"), "g a")}
                {place(paths::INCIDENTS, t!("Incidents"), "g i")}
                {place(paths::DASHBOARD, t!("Dashboard"), "g d")}
                {reviews.then(|| place(paths::INTAKE, t!("Add article"), "g n"))}
                {admin.then(|| view! {
                    <a href=paths::ADMIN data-key="g m" data-says="Go to Administration"
                        aria-current=here.starts_with(paths::ADMIN).then_some("true")>"Admin"</a>
                })}
            </nav>
            <form class="find" method="get" action=paths::FIND role="search">
                <label class="hidden" for="find">"Find anything"</label>
                <input id="find" name="q" type="search" maxlength="200" placeholder="Find anything" data-key="/" data-says="Find anything (or Ctrl K)" />
                <kbd aria-hidden="true">"Ctrl K"</kbd>
            </form>
            {bell(who.unread, here)}
            <a class="who" href=paths::ACCOUNT aria-current=(here == paths::ACCOUNT).then_some("page")>
                {who.actor.name.clone()} " " <span class="quiet small">{t(who.actor.role.label())}</span>
            </a>
        }
    });
    // The admins' sections have a row of their own, below the bar of everybody's.
    let is_admin = who.as_ref().is_some_and(|who| who.actor.role == Role::Admin);
    let sections = (is_admin && here.starts_with(paths::ADMIN)).then(|| {
        let places = ADMIN_SECTIONS
            .iter()
            .map(|section| place(section.address, crate::language::t(section.name), section.key));
        view! { <nav class="sections" aria-label="Administration">{places.collect_view()}</nav> }
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
        {sections}
        <main id="main" tabindex="-1">{content}</main>
        <footer class="foot small quiet">
            {live}
            <span class="keys-hint">"Press " <kbd>"?"</kbd> " for the keys"</span>
            {languages()}
        </footer>
        <span id="words" hidden data-updated=t!("Updated just now") data-kept=t!("Draft kept")
            data-not-kept=t!("Draft not kept: no connection") data-enter=t!("Save what you wrote (Shift Enter: new line)")
            data-leave=t!("Leave the field") data-keys=t!("Show the keys")></span>
        <Keyboard />
        {is_somebody.then(|| view! { <Palette /> })}
        <Drafts />
    }
    .into_any()
}

/// The choice of a language: each by its own name, and the way back to this page.
fn languages() -> AnyView {
    let chosen = language::language();
    let choices = Language::ALL.iter().map(|one| {
        view! {
            <button name="language" value=one.word() lang=one.word() dir=one.direction()
                aria-current=(*one == chosen).then_some("true")>{one.label()}</button>
        }
    });
    view! {
        <form class="languages" method="post" action=paths::LANGUAGE aria-label="Language">
            <input type="hidden" name="back" value=request::address() />
            {choices.collect_view()}
        </form>
    }
    .into_any()
}

/// How many claims have news for the reader; a number beside a bell, and in words.
fn bell(unread: i64, here: &'static str) -> AnyView {
    let says = match unread {
        0 => t!("Notifications").to_owned(),
        n if n >= desk::MOST_COUNTED => t!("Notifications, {} unread or more", desk::MOST_COUNTED),
        n => tn!(n, "Notifications, 1 unread", "Notifications, {n} unread"),
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
                <a href=paths::ABOUT>"Who we are"</a>
                <a href=paths::feed(crate::language::language())>"Feed"</a>
            </nav>
        </header>
        <main id="main" tabindex="-1">{content}</main>
        <footer class="foot small quiet">
            <a href=paths::ABOUT>"Who we are, who pays for it, and how to reach us"</a>
            {languages()}
        </footer>
    }
    .into_any()
}

/// Draws what other sites show in a frame: the content alone. Nothing in it changes anything, and its links
/// open beside the page around it.
pub fn embed_frame(about: &str, content: AnyView) -> AnyView {
    view! {
        {title(about)}
        <main id="main" class="embedded">{content}</main>
    }
    .into_any()
}
