//! `/articles`: what has been read, newest first.

use super::{Notice, query, signed_in};
use crate::paths;
use crate::ui::{Frame, clearance_tag, day, deadline_tag, frame, moment, stack};
use desk::{ArticleRow, Cursor, Due, Error, Page};
use domain::policy::{Actor, Role};
use domain::words::Invalid;
use leptos::prelude::*;
use phrase::{t, tn, view};

pub fn page() -> AnyView {
    let cursor = query("cursor").map(|cursor| cursor.parse::<Cursor>());
    let due = query("due").map(|word| {
        word.parse::<Due>().map_err(|unknown| Error::from(Invalid::new("due", format!("due: {unknown}"))))
    });
    signed_in(
        |desk, actor| async move {
            let (cursor, due) = (cursor.transpose()?, due.transpose()?);
            let page = match due {
                Some(due) => desk.due_articles(&actor, due, cursor, 40).await?,
                None => desk.articles(&actor, cursor, 40).await?,
            };
            Ok((page, due, cursor.is_some()))
        },
        |(page, due, paged), actor, notice| view(page, due, paged, &actor, notice),
    )
}

/// Which articles to show.
fn choices(shown: Option<Due>) -> AnyView {
    let link = |due: Option<Due>, words: &'static str| {
        let href = due.map_or_else(|| paths::ARTICLES.to_owned(), |due| paths::articles_due(due, None));
        view! { <a href=href aria-current=(due == shown).then_some("true")>{words}</a> }
    };
    view! {
        <nav class="periods small" aria-label="Which articles">
            {link(None, t!("newest"))} {link(Some(Due::All), t!("with a deadline"))} {link(Some(Due::Soon), t!("due soon"))} {link(Some(Due::Overdue), t!("overdue"))} {link(Some(Due::Escalated), t!("escalated"))}
        </nav>
    }
    .into_any()
}

fn view(page: Page<ArticleRow>, due: Option<Due>, paged: bool, actor: &Actor, notice: Notice) -> AnyView {
    let reviews = actor.role >= Role::Reviewer;
    let next = page.next.map(|cursor| {
        view! { <a class="btn" rel="next" href=due.map_or_else(|| paths::articles(cursor), |due| paths::articles_due(due, Some(cursor))) data-key="j" data-says="Next page">"Next page " <kbd>"J"</kbd></a> }
    });
    let first = paged.then(|| view! { <a class="btn" href=due.map_or_else(|| paths::ARTICLES.to_owned(), |due| paths::articles_due(due, None))>"First page"</a> });
    let list = if page.rows.is_empty() && due.is_some() {
        view! {
            <div class="card empty"><h2>"Nothing here is due"</h2>
                <p>"An article with a deadline stands here for as long as a claim of it still has to be decided."</p></div>
        }
        .into_any()
    } else if page.rows.is_empty() {
        view! {
            <div class="card empty"><h2>"No articles yet"</h2>
                {reviews.then(|| view! { <p><a href=paths::INTAKE>"Add the first article"</a>" and its claims will wait here."</p> })}</div>
        }
        .into_any()
    } else {
        view! { <div class="card flush scroll">{articles_table(page.rows)}</div> }.into_any()
    };
    frame(
        Frame { title: t!("Articles"), here: paths::ARTICLES, live: Some((String::new(), String::new())) },
        view! {
            <div class="page">
                {notice.view()}
                <div class="row"><h1>"Articles"</h1>
                    {reviews.then(|| view! { <a class="btn" href=paths::INTAKE>"Add an article"</a> })}</div>
                <div class="row">{choices(due)}</div>
                <div id="articles-list" data-live="true">{list}</div>
                <div class="row pages">{first} {next}</div>
            </div>
        }
        .into_any(),
    )
}

/// Articles with the answer to "can it run?".
pub fn articles_table(rows: Vec<ArticleRow>) -> AnyView {
    let rows = rows
        .into_iter()
        .map(|row| {
            let clearance = row.clearance();
            let unchecked = (clearance.unchecked() > 0).then(|| {
                view! { <span class="quiet small block num">{tn!(clearance.unchecked(), "one may run unchecked", "{n} may run unchecked")}</span> }
            });
            let outlet = row.outlet.clone().map(|outlet| view! { <span>{outlet}</span> });
            let when = row.published_at.map(|at| view! { " · " {day(at)} });
            let deadline = row.deadline.clone().map(|deadline| {
                view! { <span class="small block num">{deadline_tag(&deadline, clearance)} " " {moment(deadline.at)}</span> }
            });
            let language = (row.language != "en")
                .then(|| view! { " · " <span class="tag">{row.language.clone()}</span> });
            view! {
                <tr>
                    <th scope="row"><a href=paths::article(row.id)>{row.title.clone()}</a>
                        <span class="quiet small block">{outlet} {when} {language}</span> {deadline}</th>
                    <td>{stack(&row.standings)}</td>
                    <td>{clearance_tag(clearance)} {unchecked}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <table class="articles">
            <thead><tr><th scope="col">"Article"</th><th scope="col">"Claims"</th><th scope="col">"Can it run?"</th></tr></thead>
            <tbody>{rows}</tbody>
        </table>
    }
    .into_any()
}
