//! `/`: what to do next.

use super::{Notice, signed_in};
use crate::paths;
use crate::ui::{Frame, age, frame, standing_tag};
use chrono::{DateTime, Utc};
use desk::{ClaimRow, Queue, TakenOver};
use domain::policy::{Actor, Role};
use domain::workflow::Stage;
use leptos::prelude::*;
use phrase::{t, tn, view};

pub fn page() -> AnyView {
    signed_in(
        |desk, actor| async move {
            let queue = desk.queue(&actor).await?;
            let taken = desk.taken_from(&actor).await?;
            Ok((queue, taken, desk.clock().now()))
        },
        |(queue, taken, now), actor, notice| view(queue, taken, now, actor, notice),
    )
}

fn view(queue: Queue, taken: Vec<TakenOver>, now: DateTime<Utc>, actor: Actor, notice: Notice) -> AnyView {
    let reviews = actor.role >= Role::Reviewer;
    let none = queue.waiting == 0;
    let take = (reviews && !none).then(|| {
        view! {
            <form method="post" action="/actions/claims/next">
                <button class="btn go big" data-key="n" data-says="Take the next claim">
                    "Take the next claim " <kbd>"N"</kbd>
                </button>
            </form>
        }
    });
    let idle = (!reviews).then(|| {
        view! { <p class="quiet">"As viewer you can read everything. Reviewers take claims and give verdicts."</p> }
    });
    let empty = (none && queue.yours.is_empty() && queue.for_others.is_empty()).then(|| {
        view! {
            <div class="card empty">
                <h2>"Nothing waits"</h2>
                {if reviews {
                    view! { <p>"Every claim is decided or in somebody’s hands. "
                        <a href=paths::INTAKE>"Add an article"</a>" to find more."</p> }.into_any()
                } else {
                    view! { <p>"Every claim is decided or in somebody’s hands."</p> }.into_any()
                }}
            </div>
        }
    });
    let yours = (!queue.yours.is_empty()).then(|| {
        view! {
            <section class="card">
                <h2>"In your hands"</h2>
                <ol class="claims">{queue.yours.into_iter().map(|row| item(row, now, true)).collect_view()}</ol>
            </section>
        }
    });
    let assigned = (!queue.assigned.is_empty()).then(|| {
        view! {
            <section class="card" id="assigned">
                <h2><span>"Yours to do"</span> <a class="small" href=paths::claims_held_by(actor.id)>"all"</a></h2>
                <ol class="claims">{queue.assigned.into_iter().map(|row| item(row, now, false)).collect_view()}</ol>
            </section>
        }
    });
    let next = (!queue.next.is_empty()).then(|| {
        view! {
            <section class="card">
                <h2><span>"Next in line"</span> <a class="small" href=paths::claims_in(Stage::Open)>"all"</a></h2>
                <ol class="claims">{queue.next.into_iter().map(|row| item(row, now, false)).collect_view()}</ol>
            </section>
        }
    });
    let taken = (!taken.is_empty()).then(|| {
        let rows = taken
            .into_iter()
            .map(|one| {
                view! {
                    <li><b>{one.by}</b> " took over " <q><a href=paths::claim_in_text(one.claim)>{one.text}</a></q> ": " {one.reason}
                        <span class="quiet small block">{age(one.at, now)}</span></li>
                }
            })
            .collect_view();
        view! {
            <section class="card" id="taken-over">
                <h2>"Taken over from you"</h2>
                <ul class="history">{rows}</ul>
            </section>
        }
    });
    let for_others = (!queue.for_others.is_empty()).then(|| {
        view! {
            <section class="card" id="for-others">
                <h2>"Waits for a second reviewer after you"</h2>
                <ol class="claims">{queue.for_others.into_iter().map(|row| item(row, now, true)).collect_view()}</ol>
            </section>
        }
    });
    let disagreed = (actor.role >= Role::Editor && !queue.disagreed.is_empty()).then(|| {
        let all = match queue.disagreements {
            1 => t!("all").to_owned(),
            n => t!("all {}", n),
        };
        view! {
            <section class="card" id="disagreed">
                <h2><span>"Reviewers disagree: an editor decides"</span> <a class="small" href=paths::claims_in(Stage::Disagreed)>{all}</a></h2>
                <ol class="claims">{queue.disagreed.into_iter().map(|row| item(row, now, true)).collect_view()}</ol>
            </section>
        }
    });
    frame(
        Frame { title: t!("Desk"), here: paths::DESK, live: Some((String::new(), String::new())) },
        view! {
            <div class="page">
                {notice.view()}
                <div class="row top" id="queue-head" data-live="true">
                    <div>
                        <h1>{match queue.waiting {
                            0 => t!("No claim waits").to_owned(),
                            n => tn!(n, "One claim waits", "{n} claims wait"),
                        }}</h1>
                        <p class="quiet">{match queue.today {
                            0 => t!("You have given no verdict today.").to_owned(),
                            n => tn!(n, "You have given one verdict today.", "You have given {n} verdicts today."),
                        }}</p>
                    </div>
                    {take}
                </div>
                {idle}
                <div id="queue-lists" data-live="true" class="stack-of-cards">{taken} {yours} {assigned} {disagreed} {next} {for_others} {empty}</div>
            </div>
        }
        .into_any(),
    )
}

fn item(row: ClaimRow, now: DateTime<Utc>, mine: bool) -> AnyView {
    let who = row.source.clone().map(|who| view! { <span>{who}</span> " · " });
    view! {
        <li class="claim-item">
            <span class="num priority" title="Priority, 0 to 100">{row.priority}</span>
            <div>
                <a class="says" href=paths::claim_in_text(row.id)>{row.text.clone()}</a>
                <p class="quiet small">
                    {who}
                    <a href=paths::article(row.article)>{row.article_title.clone()}</a>
                    " · " {age(row.stage_since, now)}
                </p>
            </div>
            {(!mine && row.stage != Stage::Open).then(|| standing_tag(row.stage, row.mark.as_deref()))}
        </li>
    }
    .into_any()
}
