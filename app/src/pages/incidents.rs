//! `/incidents`: the events that claims are about, and the claims of which a person must say whether
//! they belong.

use super::{Notice, query, signed_in};
use crate::language;
use crate::paths;
use crate::ui::{Frame, age, frame, icon, standing_tag, tick};
use chrono::{DateTime, NaiveDate, Utc};
use desk::{Cursor, IncidentFilter, IncidentRow, Page, Proposal};
use domain::policy::Role;
use leptos::prelude::*;
use phrase::{t, tn, view};

const PER_PAGE: i64 = 40;

pub fn page() -> AnyView {
    if query("show").as_deref() == Some("proposals") {
        return proposals();
    }
    let cursor = query("cursor").map(|cursor| cursor.parse::<Cursor>());
    let filter = IncidentFilter {
        q: query("q").map(|q| q.chars().take(300).collect()),
        contradictory: query("contradictory").is_some(),
        open: query("open").is_some(),
        ..IncidentFilter::default()
    };
    signed_in(
        |desk, actor| async move {
            let cursor = cursor.transpose()?;
            let page = desk.incidents(&actor, &filter, cursor, PER_PAGE).await?;
            Ok((filter, cursor.is_some(), page, desk.clock().now()))
        },
        |(filter, paged, page, now), _, notice| view(&filter, paged, page, now, notice),
    )
}

fn view(
    filter: &IncidentFilter,
    paged: bool,
    page: Page<IncidentRow>,
    now: DateTime<Utc>,
    notice: Notice,
) -> AnyView {
    let next = page.next.map(|cursor| {
        view! { <a class="btn" rel="next" href=paths::incidents(filter, Some(cursor)) data-key="j" data-says="Next page">"Next page " <kbd>"J"</kbd></a> }
    });
    let first = paged.then(|| view! { <a class="btn" href=paths::incidents(filter, None)>"First page"</a> });
    let filtered = *filter != IncidentFilter::default();
    let list = if page.rows.is_empty() {
        view! {
            <div class="card empty"><h2>{if filtered { t!("No incident fits") } else { t!("No incidents yet") }}</h2>
                {if filtered {
                    view! { <p><a href=paths::INCIDENTS>"Show all incidents"</a></p> }.into_any()
                } else {
                    view! { <p>"Claims about the same event are gathered here as articles come in."</p> }.into_any()
                }}</div>
        }
        .into_any()
    } else {
        let rows = page.rows.into_iter().map(|row| item(&row, now)).collect_view();
        view! { <div class="card flush"><ol class="claims">{rows}</ol></div> }.into_any()
    };
    frame(
        Frame { title: t!("Incidents"), here: paths::INCIDENTS, live: Some((String::new(), String::new())) },
        view! {
            <div class="page">
                {notice.view()}
                <div class="row"><h1>"Incidents"</h1> <a class="btn" href=paths::proposals()>"What the system proposes"</a></div>
                <form class="filters" method="get" action=paths::INCIDENTS aria-label="Filters">
                    <div class="field grow"><label for="q">"Words"</label>
                        <input id="q" name="q" type="search" value=filter.q.clone().unwrap_or_default() placeholder="words of a title or a place" /></div>
                    {tick("contradictory", "contradictory", t!("With contradictions"), filter.contradictory)}
                    {tick("open", "open", t!("With open claims"), filter.open)}
                    <div class="field end"><button class="btn">"Show"</button>
                        {filtered.then(|| view! { <a class="small" href=paths::INCIDENTS>"Show all"</a> })}</div>
                </form>
                <div id="incidents-list" data-live="true">{list}</div>
                <div class="row pages">{first} {next}</div>
            </div>
        }
        .into_any(),
    )
}

/// The days of an incident in words: "3 May 2024", "3–5 May 2024".
pub fn days(from: Option<NaiveDate>, to: Option<NaiveDate>) -> Option<String> {
    match (from, to) {
        (Some(from), Some(to)) => Some(language::days(from, to)),
        (Some(day), None) | (None, Some(day)) => Some(language::day(day)),
        (None, None) => None,
    }
}

fn item(row: &IncidentRow, now: DateTime<Utc>) -> AnyView {
    let about: Vec<String> = [
        row.place.as_deref().map(language::apart),
        days(row.from, row.to),
        Some(tn!(row.claims, "one claim", "{n} claims")),
        Some(tn!(row.articles, "one article", "{n} articles")),
    ]
    .into_iter()
    .flatten()
    .collect();
    let contradictory = (row.contradictory > 0).then(|| {
        view! { <span class="st false">{icon("disputed")} " " {tn!(row.contradictory, "one contradiction", "{n} contradictions")}</span> }
    });
    let open = (row.open > 0)
        .then(|| view! { <span class="st open">{icon("open")} " " {t!("{} open", row.open)}</span> });
    let done =
        (row.open == 0).then(|| view! { <span class="st verified">{icon("verified")} " all decided"</span> });
    let proposed = (row.proposed > 0)
        .then(|| view! { <span class="st context">{t!("{} proposed", row.proposed)}</span> });
    view! {
        <li class="claim-item incident-item">
            <div>
                <a class="says" href=paths::incident(row.id)>{row.title.clone()}</a>
                <p class="quiet small">{about.join(" · ")} " · newest report " {age(row.last_at, now)} " ago"</p>
            </div>
            <div class="standing">{contradictory} {open} {done} {proposed}</div>
        </li>
    }
    .into_any()
}

fn proposals() -> AnyView {
    let cursor = query("cursor").map(|cursor| cursor.parse::<Cursor>());
    signed_in(
        |desk, actor| async move {
            let cursor = cursor.transpose()?;
            desk.proposals(&actor, cursor, PER_PAGE).await
        },
        |page, actor, notice| proposals_view(page, actor.role >= Role::Reviewer, notice),
    )
}

fn proposals_view(page: Page<Proposal>, may: bool, notice: Notice) -> AnyView {
    let next = page.next.map(|cursor| {
        let address = paths::with(&paths::proposals(), "cursor", &cursor.to_string());
        view! { <a class="btn" rel="next" href=address data-key="j" data-says="Next page">"Next page " <kbd>"J"</kbd></a> }
    });
    let list = if page.rows.is_empty() {
        view! { <div class="card empty"><h2>"Nothing is proposed"</h2><p class="quiet">"What clearly belongs to an incident is in it; what may belong waits here for a person."</p></div> }
            .into_any()
    } else {
        let rows = page
            .rows
            .into_iter()
            .map(|proposal| {
                let claim = &proposal.claim;
                view! {
                    <li class="claim-item">
                        <span class="num priority" title="How well it fits, in points">{proposal.score}</span>
                        <div>
                            <a class="says" href=paths::claim_in_text(claim.id)>{claim.text.clone()}</a>
                            <p class="quiet small">{claim.article_title.clone()}</p>
                            <p class="small">"May be about " <a href=paths::incident(proposal.incident)><b>{proposal.title.clone()}</b></a></p>
                            {super::claim::incident::reasons(&proposal.reasons)}
                            {may.then(|| super::claim::incident::decide(proposal.incident, claim.id, "proposals"))}
                        </div>
                        <div class="standing">{standing_tag(claim.stage, claim.mark.as_deref())}</div>
                    </li>
                }
            })
            .collect_view();
        view! { <div class="card flush"><ol class="claims">{rows}</ol></div> }.into_any()
    };
    frame(
        Frame { title: t!("Proposals"), here: paths::INCIDENTS, live: None },
        view! {
            <div class="page">
                {notice.view()}
                <div class="row"><h1>"What the system proposes"</h1> <a class="btn" href=paths::INCIDENTS>"All incidents"</a></div>
                {list}
                <div class="row pages">{next}</div>
            </div>
        }
        .into_any(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_said_as_people_write_them() {
        let day = |text: &str| text.parse::<NaiveDate>().ok();
        let said = |from: &str, to: &str| days(day(from), day(to)).unwrap_or_default();
        assert_eq!(said("2024-05-03", "2024-05-03"), "3 May 2024");
        assert_eq!(said("2024-05-03", "2024-05-05"), "3–5 May 2024");
        assert_eq!(said("2024-05-30", "2024-06-02"), "30 May 2024 – 2 June 2024");
        assert_eq!(said("", ""), "");
    }
}
