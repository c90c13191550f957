//! `/admin/copies`: whether all that was kept is still what was kept.

use super::{Notice, query, signed_in};
use crate::paths;
use crate::ui::{Frame, copy_outcome, day, frame, icon, moment};
use desk::{BrokenCopy, CopiesStanding, Cursor, Page, RunView};
use domain::copy::size_in_words;
use leptos::prelude::*;
use phrase::{t, tn, view};

const ROWS: i64 = 50;

struct Copies {
    standing: CopiesStanding,
    broken: Page<BrokenCopy>,
}

pub fn page() -> AnyView {
    let cursor = query("cursor").map(|cursor| cursor.parse::<Cursor>());
    signed_in(
        |desk, actor| async move {
            let standing = desk.copies_standing(&actor).await?;
            let broken = desk.broken_copies(Some(&actor), cursor.transpose()?, ROWS).await?;
            Ok(Copies { standing, broken })
        },
        |copies, _, notice| view(copies, notice),
    )
}

fn view(copies: Copies, notice: Notice) -> AnyView {
    let Copies { standing, broken } = copies;
    let verdict = match (standing.files, standing.broken) {
        (0, _) => view! { <span class="st open">{icon("open")} "nothing kept yet"</span> }.into_any(),
        (_, 0) => view! { <span class="st verified">{icon("verified")} "all intact"</span> }.into_any(),
        (_, broken) => {
            view! { <span class="st false">{icon("false")} {t!("{broken} broken")}</span> }.into_any()
        }
    };
    let kept = t!(
        "{} of {}, {}, in {}",
        tn!(standing.copies, "{n} copy", "{n} copies"),
        tn!(standing.files, "{n} file", "{n} different files"),
        size_in_words(standing.bytes),
        standing.place,
    );
    let running = standing.running.as_ref().map(|run| running(run, standing.files));
    let last = match standing.last.as_ref() {
        Some(run) => finished(run),
        None => view! { <p class="quiet">"There was no look at all copies yet. The next one begins at 02:00 UTC."</p> }.into_any(),
    };
    let go = if standing.running.is_some() { t!("Begin again from the first") } else { t!("Verify all now") };
    let next = broken.next.map(|cursor| {
        view! { <p class="pages"><a class="btn" rel="next" href=paths::broken_copies(cursor) data-key="j" data-says="Next page">"Next page " <kbd>"J"</kbd></a></p> }
    });
    let rows = broken.rows.iter().map(row).collect_view();
    let list = if broken.rows.is_empty() {
        ().into_any()
    } else {
        view! {
            <h2>"Not what was kept"</h2>
            <p class="quiet small">"Attaching the very same file again to any evidence mends its copies."</p>
            <div class="card flush scroll"><table>
                <thead><tr><th scope="col">"Evidence"</th><th scope="col">"Found"</th><th scope="col">"SHA-256"</th><th scope="col">"Checked"</th></tr></thead>
                <tbody>{rows}</tbody>
            </table></div>
            {next}
        }
        .into_any()
    };
    frame(
        Frame { title: t!("Copies"), here: paths::COPIES, live: None },
        view! {
            <div class="page">
                {notice.view()}
                <h1>"Copies of evidence"</h1>
                <div class="card stack-of-cards">
                    <div class="row"><p class="tags">{verdict} <span class="quiet">{kept}</span></p>
                        <form method="post" action="/actions/copies/verify-all" class="inline"><button class="btn">{go}</button></form></div>
                    {running} {last}
                </div>
                {list}
            </div>
        }
        .into_any(),
    )
}

fn asked(run: &RunView) -> String {
    match &run.asked_by {
        Some(by) => t!("asked for by {by}"),
        None if run.is_nightly => t!("nightly").to_owned(),
        None => t!("asked for on the command line").to_owned(),
    }
}

fn running(run: &RunView, files: u64) -> AnyView {
    let trouble = run.trouble.clone().map(|why| {
        view! { <p class="notice bad" role="alert">{t!("It does not get on: {why}. It goes on by itself once that is mended.")}</p> }
    });
    let far = tn!(files, "{} of {n} file so far", "{} of {n} files so far", run.checked.min(files));
    view! {
        <div>
            <p>"Being looked at, " {asked(run)} ", since " {moment(run.started_at)} ": " {far} "."</p>
            {trouble}
        </div>
    }
    .into_any()
}

fn finished(run: &RunView) -> AnyView {
    let found = match run.broken {
        0 => t!("all intact").to_owned(),
        broken => t!("{broken} not what was kept"),
    };
    let ended = run.finished_at.map(moment);
    view! {
        <p class="quiet">"Last looked at " {ended} " (" {asked(run)} "): " {tn!(run.checked, "{n} file, {found}.", "{n} files, {found}.")}</p>
    }
    .into_any()
}

fn row(copy: &BrokenCopy) -> AnyView {
    let short: String = copy.sha256.chars().take(8).collect();
    let name = copy.name.clone().map(|name| view! { <span class="quiet small block">{name}</span> });
    view! {
        <tr>
            <th scope="row"><a href=paths::copy_of(copy.claim, copy.id)>{copy.title.clone()}</a> {name}</th>
            <td>{copy_outcome(copy.outcome)}</td>
            <td><code class="nowrap" title=copy.sha256.clone()>{short}</code></td>
            <td class="small">{day(copy.checked_at)}</td>
        </tr>
    }
    .into_any()
}
