//! `/claims`: every claim, by filters that stand in the address.

use super::{Notice, query, signed_in};
use crate::paths;
use crate::ui::{Frame, age, frame, select, standing_tag};
use chrono::{DateTime, Utc};
use desk::{ClaimFilter, ClaimRow, Cursor, Error, Page, Sort};
use domain::claim::ClaimKind;
use domain::measure::Indicator;
use domain::policy::Role;
use domain::scale::Scales;
use domain::words::Invalid;
use domain::workflow::Stage;
use leptos::prelude::*;
use std::str::FromStr;

const PER_PAGE: i64 = 40;

pub fn page() -> AnyView {
    let asked = read_query();
    signed_in(
        |desk, actor| async move {
            let (filter, sort, cursor) = asked?;
            let page = desk.claims(&actor, &filter, sort, cursor, PER_PAGE).await?;
            Ok((filter, sort, cursor.is_some(), page, desk.scales().await?, desk.clock().now()))
        },
        |(filter, sort, paged, page, scales, now), actor, notice| {
            view((filter, sort, paged), page, &scales, now, actor.role >= Role::Reviewer, notice)
        },
    )
}

/// What the address asks for. A word that is not known is an error that names it: showing
/// everything instead would answer another question.
fn read_query() -> Result<(ClaimFilter, Sort, Option<Cursor>), Error> {
    fn word<T: FromStr>(name: &'static str, known: impl Fn(&T::Err) -> String) -> Result<Option<T>, Error> {
        query(name)
            .map(|text| {
                text.parse()
                    .map_err(|error| Error::from(Invalid::new(name, format!("{name}: {}", known(&error)))))
            })
            .transpose()
    }
    let filter = ClaimFilter {
        stage: word::<Stage>("stage", ToString::to_string)?,
        rating: query("rating"),
        kind: word::<ClaimKind>("kind", ToString::to_string)?,
        indicator: word::<Indicator>("indicator", ToString::to_string)?,
        source: word("source", |_| "this is not an id".to_owned())?,
        article: word("article", |_| "this is not an id".to_owned())?,
        incident: word("incident", |_| "this is not an id".to_owned())?,
        assignee: word("assignee", |_| "this is not an id".to_owned())?,
        reviewer: word("reviewer", |_| "this is not an id".to_owned())?,
        q: query("q").map(|q| q.chars().take(300).collect()),
    };
    let sort = word::<Sort>("sort", ToString::to_string)?.unwrap_or(Sort::Priority);
    Ok((filter, sort, word::<Cursor>("cursor", |invalid| invalid.fix.clone())?))
}

fn view(
    (filter, sort, paged): (ClaimFilter, Sort, bool),
    page: Page<ClaimRow>,
    scales: &Scales,
    now: DateTime<Utc>,
    adds: bool,
    notice: Notice,
) -> AnyView {
    let any = |label: &str| vec![(String::new(), label.to_owned())];
    let mut stages = any("any stage");
    stages.extend(Stage::ALL.iter().map(|s| (s.word().to_owned(), s.label().to_owned())));
    let mut ratings = any("any rating");
    ratings.extend(scales.ratings().into_iter().map(|r| (r.key.clone(), r.name.to_lowercase())));
    let mut kinds = any("any kind");
    kinds.extend(ClaimKind::ALL.iter().map(|k| (k.word().to_owned(), k.label().to_owned())));
    let mut indicators = any("anything counted");
    indicators.extend(Indicator::ALL.iter().map(|i| (i.word().to_owned(), i.label().to_owned())));
    let sorts = Sort::ALL.iter().map(|s| (s.word().to_owned(), s.label().to_owned())).collect();
    // Narrowings that only links set stay while the others change.
    let kept = [
        ("source", filter.source.map(|id| id.to_string()), "one source"),
        ("article", filter.article.map(|id| id.to_string()), "one article"),
        ("incident", filter.incident.map(|id| id.to_string()), "one incident"),
        ("assignee", filter.assignee.map(|id| id.to_string()), "in one person’s hands"),
        ("reviewer", filter.reviewer.map(|id| id.to_string()), "verdicts by one person"),
    ];
    let hidden = kept
        .iter()
        .filter_map(|(name, value, _)| Some((*name, value.clone()?)))
        .map(|(name, value)| view! { <input type="hidden" name=name value=value /> })
        .collect_view();
    let only = kept
        .iter()
        .filter(|(_, value, _)| value.is_some())
        .map(|(_, _, words)| view! { <span class="tag">{*words}</span> })
        .collect_view();
    let filtered = filter != ClaimFilter::default();
    let next = page.next.map(|cursor| {
        view! {
            <a class="btn" rel="next" href=paths::claims(&filter, sort, Some(cursor)) data-key="j" data-says="Next page">
                "Next page " <kbd>"J"</kbd>
            </a>
        }
    });
    let first =
        paged.then(|| view! { <a class="btn" href=paths::claims(&filter, sort, None)>"First page"</a> });
    let list = if page.rows.is_empty() {
        view! {
            <div class="card empty">
                <h2>{if filtered { "No claim fits" } else { "No claims yet" }}</h2>
                {if filtered {
                    view! { <p><a href=paths::CLAIMS>"Show all claims"</a>" or loosen a filter."</p> }.into_any()
                } else {
                    view! { <p>"Claims are lifted out of articles. "
                        {adds.then(|| view! { <a href=paths::INTAKE>"Add an article."</a> })}</p> }.into_any()
                }}
            </div>
        }
        .into_any()
    } else {
        view! {
            <div class="card flush"><ol class="claims">
                {page.rows.into_iter().map(|row| item(row, now)).collect_view()}
            </ol></div>
        }
        .into_any()
    };
    frame(
        Frame { title: "Claims", here: paths::CLAIMS, live: Some((String::new(), String::new())) },
        view! {
            <div class="page">
                {notice.view()}
                <div class="row"><h1>"Claims"</h1> <div class="chips">{only}</div></div>
                <form class="filters" method="get" action=paths::CLAIMS aria-label="Filters">
                    {hidden}
                    <div class="field grow">
                        <label for="q">"Words"</label>
                        <input id="q" name="q" type="search" value=filter.q.clone().unwrap_or_default()
                            placeholder="words, “a phrase”, -without" />
                    </div>
                    {select("stage", "stage", "Stage", stages, filter.stage.map_or("", Stage::word))}
                    {select("rating", "rating", "Rating", ratings, filter.rating.as_deref().unwrap_or(""))}
                    {select("kind", "kind", "Kind", kinds, filter.kind.map_or("", ClaimKind::word))}
                    {select("indicator", "indicator", "Counted", indicators, filter.indicator.map_or("", Indicator::word))}
                    {select("sort", "sort", "Order", sorts, sort.word())}
                    <div class="field end"><button class="btn">"Show"</button>
                        {filtered.then(|| view! { <a class="small" href=paths::CLAIMS>"Clear"</a> })}</div>
                </form>
                <div id="claims-list" data-live="true">{list}</div>
                <div class="row pages">{first} {next}</div>
            </div>
        }
        .into_any(),
    )
}

fn item(row: ClaimRow, now: DateTime<Utc>) -> AnyView {
    let figures = row
        .measures
        .iter()
        .take(3)
        .map(|m| view! { <span class="tag num">{format!("{} {}", m.in_words(), m.indicator.label())}</span> })
        .collect_view();
    let who = row.source.clone().zip(row.source_id).map(|(name, id)| {
        let href =
            paths::claims(&ClaimFilter { source: Some(id), ..ClaimFilter::default() }, Sort::Priority, None);
        view! { <a href=href>{name}</a> " · " }
    });
    let holder =
        row.holder.clone().map(|name| view! { <span class="quiet small">{format!("with {name}")}</span> });
    view! {
        <li class="claim-item">
            <span class="num priority" title="Priority, 0 to 100">{row.priority}</span>
            <div>
                <a class="says" href=paths::claim_in_text(row.id)>{row.text.clone()}</a>
                <p class="quiet small">
                    {who}
                    <a href=paths::article(row.article)>{row.article_title.clone()}</a>
                    {row.outlet.clone().map(|outlet| format!(" · {outlet}"))}
                    " · " {age(row.stage_since, now)}
                </p>
                <div class="chips">{figures}</div>
            </div>
            <div class="standing">{standing_tag(row.stage, row.mark.as_deref())} {holder}</div>
        </li>
    }
    .into_any()
}
