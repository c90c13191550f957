//! `/admin/receivers`: programs that are told of what is published, and what they were told.

use super::{Notice, query, signed_in};
use crate::actions::{RECEIVER_FORM, SECRET};
use crate::language::t;
use crate::paths;
use crate::ui::{Draft, Frame, capital, day, field, frame, moment};
use desk::{Cursor, DeliveryRow, DeliveryState, Page, ReceiverRow};
use leptos::prelude::*;
use phrase::{t, view};

struct Loaded {
    receivers: Vec<ReceiverRow>,
    deliveries: Page<DeliveryRow>,
    /// Not the newest deliveries.
    paged: bool,
    draft: Draft,
    secret: Draft,
}

/// How many deliveries a page lists.
const LISTED: i64 = 50;

pub fn page() -> AnyView {
    let cursor = query("cursor").map(|cursor| cursor.parse::<Cursor>());
    signed_in(
        |desk, actor| async move {
            let cursor = cursor.transpose()?;
            let receivers = desk.receivers(&actor).await?;
            let deliveries = desk.deliveries(&actor, None, cursor, LISTED).await?;
            let paged = cursor.is_some();
            let draft = Draft::of(desk.draft(&actor, RECEIVER_FORM).await?);
            // Shown once.
            let secret = Draft::of(desk.draft(&actor, SECRET).await?);
            desk.drop_draft(&actor, SECRET).await?;
            Ok(Loaded { receivers, deliveries, paged, draft, secret })
        },
        |loaded, _, notice| view(loaded, notice),
    )
}

fn view(loaded: Loaded, notice: Notice) -> AnyView {
    let Loaded { receivers, deliveries, paged, draft, secret } = loaded;
    let refused = draft.refused().map(|words| view! { <p class="notice bad" role="alert">{words}</p> });
    let secret = secret.typed("secret").map(|words| {
        view! {
            <div class="notice good" role="status">
                <p>{t!("The receiver “{}” was added. This is its secret; it is shown only now:", secret.typed("name").unwrap_or_default())}</p>
                <p><code id="secret">{words}</code></p>
                <p class="small">"What is sent is signed with it: any Standard Webhooks library checks webhook-signature."</p>
            </div>
        }
    });
    let typed = |name: &'static str, kind: &'static str, label: &'static str, hint: &'static str| {
        field(name, name, kind, label, hint, draft.typed(name).unwrap_or_default(), true, draft.wrong(name))
    };
    let none = receivers.is_empty().then(|| {
        view! { <p class="quiet">"No program is told yet. Add one below: it gets every verdict, correction and withdrawal as it is published."</p> }
    });
    let list = (!receivers.is_empty()).then(|| {
        view! { <ul class="receivers card flush">{receivers.into_iter().map(receiver).collect_view()}</ul> }
    });
    let next = deliveries.next.map(|cursor| {
        view! { <a class="btn" rel="next" href=paths::receivers(cursor) data-key="j" data-says="Next page">"Next page " <kbd>"J"</kbd></a> }
    });
    let first = paged.then(|| view! { <a class="btn" href=paths::RECEIVERS>"Newest"</a> });
    let log = (!deliveries.rows.is_empty() || paged).then(|| {
        view! {
            <h2>"Deliveries"</h2>
            <ol class="receivers card flush" id="deliveries">{deliveries.rows.into_iter().map(delivery).collect_view()}</ol>
            <div class="row pages">{first} {next}</div>
        }
    });
    frame(
        Frame { title: t!("Receivers"), here: paths::RECEIVERS, live: None },
        view! {
            <div class="page">
                {notice.view()} {secret}
                <h1>"Receivers"</h1>
                {none} {list}
                <form method="post" action="/actions/receivers/add" class="form card" aria-labelledby="new-receiver">
                    <h2 id="new-receiver">"New receiver"</h2>
                    {refused}
                    <div class="two-fields">
                        {typed("name", "text", t!("Name"), "")}
                        {typed("address", "url", t!("Address"), t!("Begins with https://, on the public internet."))}
                    </div>
                    <div class="row"><span></span><button class="btn go">"Add the receiver"</button></div>
                </form>
                {log}
            </div>
        }
        .into_any(),
    )
}

fn receiver(row: ReceiverRow) -> AnyView {
    let id = row.id.to_string();
    let button = |action: &'static str, words: &'static str| {
        view! {
            <form method="post" action=format!("/actions/receivers/{action}") class="inline">
                <input type="hidden" name="receiver" value=id.clone() />
                <button class="btn small" aria-label=format!("{words}: {}", row.name)>{words}</button>
            </form>
        }
    };
    let change = match row.disabled_at {
        None => view! { {button("test", t!("Send a test"))} {button("disable", t!("Disable"))} }.into_any(),
        Some(_) => button("enable", t!("Enable")).into_any(),
    };
    view! {
        <li class="row">
            <span><b>{row.name.clone()}</b>
                {row.disabled_at.map(|_| view! { " " <span class="tag">"disabled"</span> })}
                <span class="small quiet block">{row.address.clone()} " · since " {day(row.added_at)}</span></span>
            <span class="chips">{change}</span>
        </li>
    }
    .into_any()
}

fn delivery(row: DeliveryRow) -> AnyView {
    let tone = match row.state {
        DeliveryState::Waiting => "unverified",
        DeliveryState::Delivered => "verified",
        DeliveryState::GivenUp => "false",
    };
    let about = match row.slug {
        Some(slug) => {
            let page = if row.event.is_of_figures() {
                paths::public_incident(&slug)
            } else {
                paths::public_claim(&slug)
            };
            view! { <a href=page>{capital(t(row.event.label()))}</a> }.into_any()
        }
        None => t!("Test").into_any(),
    };
    let waits = row.state == DeliveryState::Waiting;
    let next = (waits && row.attempts > 0).then(|| view! { ", next try " {moment(row.due_at)} });
    let said = row.last.map(|(status, said, at)| {
        let status = status.map_or_else(|| t!("no answer").to_owned(), |status| t!("answered {status}"));
        let said = (!said.trim().is_empty()).then(|| view! { <code class="said-back">{said}</code> });
        view! { <span class="small quiet block">{t!("Try {}: {status}, ", row.attempts)} {moment(at)} {next}</span> {said} }
    });
    let replay = (!waits).then(|| {
        view! {
            <form method="post" action="/actions/receivers/replay" class="inline">
                <input type="hidden" name="delivery" value=row.id.to_string() />
                <button class="btn small" aria-label=t!("Send again to {}: {}", row.receiver_name, t(row.event.label()))>"Send again"</button>
            </form>
        }
    });
    view! {
        <li class="row">
            <span class="told"><b>{about}</b> " to " {row.receiver_name.clone()}
                <span class="small quiet">" · " {moment(row.queued_at)}</span>
                {said}</span>
            <span class="chips"><span class=format!("st {tone}")>{t(row.state.label())}</span> {replay}</span>
        </li>
    }
    .into_any()
}
