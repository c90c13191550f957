//! `/notifications`: what happened to the claims one watches, a line for each.

use super::{Notice, query, signed_in};
use crate::language::t;
use crate::paths;
use crate::ui::{Frame, age, frame, select};
use chrono::{DateTime, Utc};
use desk::{Cursor, Error, NotificationFilter, NotificationView, Page};
use domain::notification::{Level, Occasion};
use domain::words::Invalid;
use leptos::prelude::*;
use phrase::{t, view};

const PER_PAGE: i64 = 30;

pub fn page() -> AnyView {
    let asked = read_query();
    signed_in(
        |desk, actor| async move {
            let (filter, cursor) = asked?;
            let page = desk.notifications(&actor, filter, cursor, PER_PAGE).await?;
            Ok((filter, cursor.is_some(), page, desk.clock().now()))
        },
        |(filter, paged, page, now), _, notice| view(filter, paged, page, now, notice),
    )
}

fn read_query() -> Result<(NotificationFilter, Option<Cursor>), Error> {
    let unread = match query("show").as_deref() {
        None => false,
        Some("unread") => true,
        Some(_) => return Err(Invalid::new("show", t!("Use unread, or leave it out.")).into()),
    };
    let occasion = query("of").map(|word| word.parse::<Occasion>()).transpose();
    let occasion = occasion.map_err(|unknown| Invalid::new("of", format!("{unknown}.")))?;
    let cursor = query("cursor").map(|cursor| cursor.parse::<Cursor>()).transpose()?;
    Ok((NotificationFilter { unread, occasion }, cursor))
}

fn view(
    filter: NotificationFilter,
    paged: bool,
    page: Page<NotificationView>,
    now: DateTime<Utc>,
    notice: Notice,
) -> AnyView {
    let mut occasions = vec![(String::new(), t!("anything").to_owned())];
    occasions.extend(Occasion::ALL.iter().map(|one| (one.word().to_owned(), t(one.label()).to_owned())));
    let shows =
        vec![(String::new(), t!("all").to_owned()), ("unread".to_owned(), t!("unread only").to_owned())];
    let has_unread = page.rows.iter().any(|row| row.is_unread);
    let here = paths::notifications(filter, None);
    let all_read = has_unread.then(|| {
        view! {
            <form method="post" action="/actions/notifications/read">
                <input type="hidden" name="page" value=here.clone() />
                <button class="btn" data-key="r" data-says="Mark all as read">"Mark all as read " <kbd>"R"</kbd></button>
            </form>
        }
    });
    let next = page.next.map(|cursor| {
        view! {
            <a class="btn" rel="next" href=paths::notifications(filter, Some(cursor)) data-key="j" data-says="Next page">"Next page " <kbd>"J"</kbd></a>
        }
    });
    let first = paged.then(|| view! { <a class="btn" href=here.clone()>"First page"</a> });
    let list = if page.rows.is_empty() {
        let is_filtered = filter != NotificationFilter::default();
        view! {
            <div class="card empty">
                <h2>{if is_filtered { t!("Nothing of this kind") } else { t!("Nothing has happened yet") }}</h2>
                <p>{if is_filtered {
                    view! { <a href=paths::NOTIFICATIONS>"Show all notifications"</a> }.into_any()
                } else {
                    t!("You hear of claims that you give a verdict or comment on, or watch, and when somebody mentions you.").into_any()
                }}</p>
            </div>
        }
        .into_any()
    } else {
        let rows = page.rows.into_iter().map(|row| line(row, now, &here)).collect_view();
        view! { <div class="card flush"><ol class="claims told">{rows}</ol></div> }.into_any()
    };
    frame(
        Frame { title: t!("Notifications"), here: paths::NOTIFICATIONS, live: None },
        view! {
            <div class="page">
                {notice.view()}
                <div class="row">
                    <h1>"Notifications"</h1>
                    <a class="small" href=format!("{}#told", paths::ACCOUNT)>"Choose what you are told of"</a>
                </div>
                <form class="filters" method="get" action=paths::NOTIFICATIONS>
                    {select("show", "show", t!("Show"), shows, if filter.unread { "unread" } else { "" })}
                    {select("of", "of", t!("Of"), occasions, filter.occasion.map_or("", Occasion::word))}
                    <div class="end"><button class="btn">"Filter"</button></div>
                </form>
                <div id="told" data-live="true">
                    <div class="row">{all_read}</div>
                    {list}
                    <div class="row pages"><span class="chips">{first}</span> {next}</div>
                </div>
            </div>
        }
        .into_any(),
    )
}

fn line(row: NotificationView, now: DateTime<Utc>, here: &str) -> AnyView {
    let address = match row.comment() {
        Some(comment) => paths::comment(row.claim, comment),
        None => paths::claim_in_text(row.claim),
    };
    let n = row.n();
    let said: Vec<String> = row
        .parts
        .iter()
        .map(|part| crate::language::say(&part.occasion.phrase(part.n, part.by.as_deref())))
        .collect();
    let claim = row.claim.to_string();
    let hidden = |level: Option<Level>| {
        view! {
            <input type="hidden" name="claim" value=claim.clone() />
            <input type="hidden" name="page" value=here.to_owned() />
            {level.map(|level| view! { <input type="hidden" name="level" value=level.word() /> })}
        }
    };
    let read = row.is_unread.then(|| {
        view! {
            <form method="post" action="/actions/notifications/read" class="inline">
                {hidden(None)}
                <button class="btn small" aria-label=t!("Mark as read: {}", row.text)>"Mark as read"</button>
            </form>
        }
    });
    let (word, level) = match row.level {
        Some(Level::Muted) => (t!("Unmute"), Level::Unwatched),
        _ => (t!("Mute"), Level::Muted),
    };
    view! {
        <li class="claim-item" class:unread=row.is_unread>
            <span class="num count" title=if row.is_unread { t!("New since you looked") } else { t!("Read") }>
                {if row.is_unread { n.to_string() } else { String::new() }}
                <span class="hidden">{if row.is_unread { " new" } else { "read" }}</span>
            </span>
            <div>
                <a class="says" href=address>{row.text.clone()}</a>
                <p class="small happened">{said.join(" · ")}</p>
                <p class="quiet small">{row.article_title.clone()} " · " {age(row.at, now)}</p>
            </div>
            <span class="chips">
                {read}
                <form method="post" action="/actions/claims/watch" class="inline">
                    {hidden(Some(level))}
                    <button class="btn small" aria-label=format!("{word}: {}", row.text)>{word}</button>
                </form>
            </span>
        </li>
    }
    .into_any()
}
