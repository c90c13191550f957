//! `/`: what to do next.

use super::{Notice, signed_in};
use crate::paths;
use crate::ui::{Frame, age, frame, standing_tag};
use chrono::{DateTime, Utc};
use desk::{ClaimRow, Queue};
use domain::policy::{Actor, Role};
use domain::workflow::Stage;
use leptos::prelude::*;

pub fn page() -> AnyView {
    signed_in(
        |desk, actor| async move {
            let queue = desk.queue(&actor).await?;
            Ok((queue, desk.clock().now()))
        },
        |(queue, now), actor, notice| view(queue, now, actor, notice),
    )
}

fn view(queue: Queue, now: DateTime<Utc>, actor: Actor, notice: Notice) -> AnyView {
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
    let empty = (none && queue.yours.is_empty()).then(|| {
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
    let next = (!queue.next.is_empty()).then(|| {
        view! {
            <section class="card">
                <h2><span>"Next in line"</span> <a class="small" href=paths::claims_in(Stage::Open)>"all"</a></h2>
                <ol class="claims">{queue.next.into_iter().map(|row| item(row, now, false)).collect_view()}</ol>
            </section>
        }
    });
    frame(
        Frame { title: "Desk", here: paths::DESK, live: Some((String::new(), String::new())) },
        view! {
            <div class="page">
                {notice.view()}
                <div class="row top" id="queue-head" data-live="true">
                    <div>
                        <h1>{match queue.waiting {
                            0 => "No claim waits".to_owned(),
                            1 => "One claim waits".to_owned(),
                            n => format!("{} claims wait", domain::measure::number(n as f64)),
                        }}</h1>
                        <p class="quiet">{match queue.today {
                            0 => "You have given no verdict today.".to_owned(),
                            1 => "You have given one verdict today.".to_owned(),
                            n => format!("You have given {n} verdicts today."),
                        }}</p>
                    </div>
                    {take}
                </div>
                {idle}
                <div id="queue-lists" data-live="true" class="stack-of-cards">{yours} {next} {empty}</div>
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
