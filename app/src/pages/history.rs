//! `/admin/history`: checkpoints, and the head to be kept elsewhere.

use super::{Notice, query, signed_in};
use crate::paths;
use crate::ui::{Frame, frame, moment};
use desk::{CheckpointRow, Cursor, Page};
use leptos::prelude::*;
use phrase::{t, view};

pub fn page() -> AnyView {
    let cursor = query("cursor").map(|cursor| cursor.parse::<Cursor>());
    signed_in(
        |desk, actor| async move {
            let cursor = cursor.transpose()?;
            let (page, uncovered) = desk.checkpoints(&actor, cursor, 24).await?;
            Ok((page, uncovered, cursor.is_some()))
        },
        |(page, uncovered, paged), _, notice| view(page, uncovered, paged, notice),
    )
}

fn view(page: Page<CheckpointRow>, uncovered: i64, paged: bool, notice: Notice) -> AnyView {
    let next = page.next.map(|cursor| {
        view! { <a class="btn" rel="next" href=paths::history(cursor) data-key="j" data-says="Older checkpoints">"Older " <kbd>"J"</kbd></a> }
    });
    let first = paged.then(|| view! { <a class="btn" href=paths::HISTORY>"Newest"</a> });
    let newest = page.rows.first().filter(|_| !paged).map(head);
    let list = if page.rows.is_empty() {
        view! { <div class="card empty"><h2>"No checkpoint yet"</h2><p>"Take the first one; from then on the desk takes one each hour in which something happened."</p></div> }
            .into_any()
    } else {
        let rows = page.rows.iter().map(row).collect_view();
        view! {
            <div class="card flush scroll"><table>
                <thead><tr>
                    <th scope="col">"Checkpoint"</th><th scope="col">"Taken"</th><th scope="col">"By"</th>
                    <th scope="col" class="num">"Events"</th><th scope="col" class="num">"In all"</th><th scope="col">"Hash"</th>
                </tr></thead>
                <tbody>{rows}</tbody>
            </table></div>
        }
        .into_any()
    };
    let since = match uncovered {
        0 => t!("Every event is covered by a checkpoint.").to_owned(),
        1 => t!("One event came after the last checkpoint.").to_owned(),
        100_000.. => t!("More than a hundred thousand events came after the last checkpoint.").to_owned(),
        count => t!("{count} events came after the last checkpoint."),
    };
    frame(
        Frame { title: t!("History"), here: paths::HISTORY, live: None },
        view! {
            <div class="page">
                {notice.view()}
                <div class="row"><h1>"History"</h1>
                    <form method="post" action="/actions/history/checkpoint" class="inline">
                        <span class="small quiet">{since}</span> <button class="btn">"Take a checkpoint now"</button>
                    </form></div>
                <section class="card" id="proof">
                    <h2>"What proves it"</h2>
                    <p>"Each event commits to the one before it and to what it changed; a checkpoint commits to all of them. Whoever \
                        keeps the newest checkpoint somewhere else can prove later that nothing up to it was changed, taken out or cut off:"</p>
                    <p><code>"claimdesk history verify --head FILE"</code></p>
                    {newest}
                </section>
                {list}
                <div class="row pages">{first} {next}</div>
            </div>
        }
        .into_any(),
    )
}

fn head(row: &CheckpointRow) -> AnyView {
    let head = &row.head;
    view! {
        <div class="row">
            <p class="small">{t!("Checkpoint {}, {} events: ", head.checkpoint, head.events)} <code>{head.hash.clone()}</code></p>
            <a class="btn go" href=paths::HISTORY_HEAD download=format!("claimdesk-head-{}.json", head.checkpoint)>"Download the head"</a>
        </div>
    }
    .into_any()
}

fn row(row: &CheckpointRow) -> AnyView {
    let head = &row.head;
    let by = row.by.clone().unwrap_or_else(|| t!("the system").to_owned());
    let short: String = head.hash.chars().take(16).collect();
    view! {
        <tr>
            <th scope="row">{head.checkpoint}</th>
            <td class="small nowrap">{moment(head.at)}</td>
            <td class="nowrap">{by}</td>
            <td class="num">{row.events}</td>
            <td class="num">{head.events}</td>
            <td class="nowrap"><code title=head.hash.clone()>{short}"…"</code></td>
        </tr>
    }
    .into_any()
}
