//! `/articles`: what has been read, newest first.

use super::{Notice, query, signed_in};
use crate::paths;
use crate::ui::{Frame, clearance_tag, day, frame, stack};
use desk::{ArticleRow, Cursor, Page};
use domain::policy::{Actor, Role};
use leptos::prelude::*;

pub fn page() -> AnyView {
    let cursor = query("cursor").map(|cursor| cursor.parse::<Cursor>());
    signed_in(
        |desk, actor| async move {
            let cursor = cursor.transpose()?;
            Ok((desk.articles(&actor, cursor, 40).await?, cursor.is_some()))
        },
        |(page, paged), actor, notice| view(page, paged, &actor, notice),
    )
}

fn view(page: Page<ArticleRow>, paged: bool, actor: &Actor, notice: Notice) -> AnyView {
    let reviews = actor.role >= Role::Reviewer;
    let next = page.next.map(|cursor| {
        view! { <a class="btn" rel="next" href=paths::articles(cursor) data-key="j" data-says="Next page">"Next page " <kbd>"J"</kbd></a> }
    });
    let first = paged.then(|| view! { <a class="btn" href=paths::ARTICLES>"First page"</a> });
    let list = if page.rows.is_empty() {
        view! {
            <div class="card empty"><h2>"No articles yet"</h2>
                {reviews.then(|| view! { <p><a href=paths::INTAKE>"Add the first article"</a>" and its claims will wait here."</p> })}</div>
        }
        .into_any()
    } else {
        view! { <div class="card flush scroll">{articles_table(page.rows)}</div> }.into_any()
    };
    frame(
        Frame { title: "Articles", here: paths::ARTICLES, live: Some((String::new(), String::new())) },
        view! {
            <div class="page">
                {notice.view()}
                <div class="row"><h1>"Articles"</h1>
                    {reviews.then(|| view! { <a class="btn" href=paths::INTAKE>"Add an article"</a> })}</div>
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
            let outlet = row.outlet.clone().map(|outlet| view! { <span>{outlet}</span> });
            let when = row.published_at.map(|at| view! { " · " {day(at)} });
            let language = (row.language != "en")
                .then(|| view! { " · " <span class="tag">{row.language.clone()}</span> });
            view! {
                <tr>
                    <th scope="row"><a href=paths::article(row.id)>{row.title.clone()}</a>
                        <span class="quiet small block">{outlet} {when} {language}</span></th>
                    <td>{stack(&row.standings)}</td>
                    <td>{clearance_tag(clearance)}</td>
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
