//! `/dashboard`: the desk at a glance. Every number leads to the list behind it.

use super::articles::articles_table;
use super::{Notice, as_of, signed_in};
use crate::paths;
use crate::ui::{
    Frame, age, as_of_banner, as_of_form, days_chart, frame, icon, rating_tag, standing_tag, time_of_day,
    tone,
};
use chrono::{DateTime, Utc};
use desk::{ClaimFilter, Dashboard, ReviewerRow, Sort, Waiting};
use domain::measure::number;
use domain::policy::{Actor, Role};
use domain::workflow::Stage;
use leptos::prelude::*;

pub fn page() -> AnyView {
    let wanted = as_of();
    signed_in(
        |desk, actor| async move {
            let past = wanted?;
            let Some(at) = past else { return Ok((desk.dashboard(&actor).await?, None)) };
            Ok((desk.dashboard_then(at).await?.dashboard(&actor).await?, past))
        },
        |(dashboard, past), actor, notice| view(dashboard, past, &actor, notice),
    )
}

/// What to do while there is nothing, for those who may.
fn first_article(actor: &Actor) -> AnyView {
    if actor.role >= Role::Reviewer {
        view! { <p class="quiet"><a href=paths::INTAKE>"Add the first article."</a></p> }.into_any()
    } else {
        view! { <p class="quiet">"No articles yet."</p> }.into_any()
    }
}

fn view(dashboard: Dashboard, past: Option<DateTime<Utc>>, actor: &Actor, notice: Notice) -> AnyView {
    let waiting = dashboard.in_stage(Stage::Open) + dashboard.in_stage(Stage::Reopened);
    let oldest = dashboard.waiting.first().map_or_else(
        || "none waits".to_owned(),
        |first| format!("oldest {}", age(first.since, dashboard.at)),
    );
    let reviewing = match dashboard.reviewing {
        0 => "nobody".to_owned(),
        1 => "1 person".to_owned(),
        n => format!("{n} people"),
    };
    let decided = dashboard.in_stage(Stage::Settled) + dashboard.in_stage(Stage::Published);
    let kpi = |href: String, tone: &'static str, name: &'static str, value: i64, said: String| {
        view! {
            <a href=href><span class=format!("small st {tone}")>{name}</span>
                <b class="num">{number(value as f64)}</b><span class="small quiet">{said}</span></a>
        }
    };
    let waiting_list = ClaimFilter { stage: Some(Stage::Open), ..ClaimFilter::default() };
    let kpis = view! {
        {kpi(paths::claims(&waiting_list, Sort::Waiting, None), "open", "Open", dashboard.in_stage(Stage::Open), oldest)}
        {kpi(paths::claims_in(Stage::InReview), "context", "In review", dashboard.in_stage(Stage::InReview), reviewing)}
        {kpi(paths::claims_in(Stage::Reopened), "false", "Reopened", dashboard.in_stage(Stage::Reopened), "to be decided again".to_owned())}
        {kpi(paths::claims_in(Stage::Settled), "verified", "Settled", dashboard.in_stage(Stage::Settled), format!("{} verdicts today", dashboard.today))}
        {kpi(paths::claims_in(Stage::Published), "verified", "Published", dashboard.in_stage(Stage::Published), format!("{} dismissed", dashboard.in_stage(Stage::Dismissed)))}
    };
    let all: i64 = dashboard.ratings.iter().map(|rating| dashboard.rated(&rating.key)).sum();
    // The desk's own scale is always in sight, of other scales what stands somewhere.
    let ratings = dashboard
        .ratings
        .iter()
        .enumerate()
        .filter(|(at, rating)| *at < dashboard.own_ratings || dashboard.rated(&rating.key) > 0)
        .map(|(_, rating)| {
            let n = dashboard.rated(&rating.key);
            let share = if all > 0 { n as f64 / all as f64 * 100.0 } else { 0.0 };
            view! {
                <tr>
                    <th scope="row">{rating_tag(rating)}</th>
                    <td class="num"><a href=paths::claims_rated(&rating.key)>{number(n as f64)}</a></td>
                    <td class="wide"><svg class="stack" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
                        <rect class=tone(Some(rating.tone)) x="0" y="0" width=format!("{share:.2}") height="8" /></svg></td>
                </tr>
            }
        })
        .collect_view();
    let nothing_waits = dashboard.waiting.is_empty().then(|| view! { <p class="quiet">"Nothing waits."</p> });
    let oldest_rows = dashboard.waiting.iter().map(|waiting| waiting_row(waiting, &dashboard)).collect_view();
    let reviewers = dashboard.reviewers.iter().map(reviewer_row).collect_view();
    let no_articles = dashboard.articles.is_empty();
    frame(
        Frame { title: "Dashboard", here: paths::DASHBOARD, live: past.is_none().then(|| (String::new(), String::new())) },
        view! {
            <div class="page">
                {notice.view()}
                {past.map(|at| as_of_banner(paths::DASHBOARD.to_owned(), at))}
                <div class="row"><h1>{if past.is_some() { "The desk then" } else { "The desk now" }}</h1>
                    {past.is_none().then(|| as_of_form(paths::DASHBOARD.to_owned(), "as-of-at", None))}
                    <span id="as-of" data-live="true" class="small quiet">{icon("in_review")} " as of " {time_of_day(dashboard.at)}</span></div>
                <div class="kpis" id="kpis" data-live="true">{kpis}</div>
                <div class="two">
                    <div class="stack-of-cards">
                        <section class="card" id="runs" data-live="true">
                            <h2><span>"Can it run?"</span> <a class="small" href=paths::ARTICLES>"all articles"</a></h2>
                            {if no_articles {
                                first_article(actor)
                            } else {
                                view! { <div class="scroll">{articles_table(dashboard.articles.clone())}</div> }.into_any()
                            }}
                        </section>
                        <section class="card" id="days" data-live="true">
                            <h2>"Verdicts a day"</h2>
                            {days_chart(&dashboard.days)}
                        </section>
                    </div>
                    <div class="stack-of-cards">
                        <section class="card" id="ratings" data-live="true">
                            <h2><span>"Standing verdicts"</span> <span class="small num">{format!("{} decided, {} wait", number(decided as f64), number(waiting as f64))}</span></h2>
                            <table><thead class="hidden"><tr><th scope="col">"Rating"</th><th scope="col">"Claims"</th><th scope="col">"Share"</th></tr></thead>
                                <tbody>{ratings}</tbody></table>
                        </section>
                        <section class="card" id="oldest" data-live="true">
                            <h2><span>"Waiting longest"</span> <a class="small" href=paths::claims(&waiting_list, Sort::Waiting, None)>"all"</a></h2>
                            {nothing_waits}
                            <table><thead class="hidden"><tr><th scope="col">"Claim"</th><th scope="col">"Stage"</th><th scope="col">"For"</th></tr></thead>
                                <tbody>{oldest_rows}</tbody></table>
                        </section>
                        <section class="card" id="reviewers" data-live="true">
                            <h2>"Reviewers, seven days"</h2>
                            <div class="scroll"><table>
                                <thead><tr><th scope="col">"Person"</th><th scope="col" class="num">"Holds"</th>
                                    <th scope="col" class="num">"Today"</th><th scope="col" class="num">"7 days"</th><th scope="col">"Ratings"</th></tr></thead>
                                <tbody>{reviewers}</tbody>
                            </table></div>
                        </section>
                    </div>
                </div>
            </div>
        }
        .into_any(),
    )
}

fn waiting_row(waiting: &Waiting, dashboard: &Dashboard) -> AnyView {
    let claim = &waiting.claim;
    let short: String = if claim.text.chars().count() > 90 {
        claim.text.chars().take(88).chain(['…']).collect()
    } else {
        claim.text.clone()
    };
    view! {
        <tr>
            <th scope="row"><a href=paths::claim_in_text(claim.id)>{short}</a></th>
            <td class="small">{standing_tag(claim.stage, claim.mark.as_deref())}</td>
            <td class="num small nowrap">{age(waiting.since, dashboard.at)}</td>
        </tr>
    }
    .into_any()
}

fn reviewer_row(row: &ReviewerRow) -> AnyView {
    let all = row.verdicts();
    let mut at = 0.0;
    let bars = row
        .ratings
        .iter()
        .map(|(rating, n)| {
            let width = *n as f64 / all.max(1) as f64 * 100.0;
            let from = at;
            at += width;
            view! { <rect class=tone(Some(rating.tone)) x=format!("{from:.2}") y="0" width=format!("{:.2}", (width - 0.8).max(0.4)) height="8" /> }
        })
        .collect_view();
    let words =
        row.ratings.iter().map(|(rating, n)| format!("{n} {}", rating.name)).collect::<Vec<_>>().join(", ");
    let ratings = (all > 0).then(|| {
        view! { <svg class="stack" viewBox="0 0 100 8" preserveAspectRatio="none" role="img" aria-label=words.clone()><title>{words.clone()}</title>{bars}</svg> }
    });
    view! {
        <tr>
            <th scope="row">{row.name.clone()}</th>
            <td class="num"><a href=paths::claims_held_by(row.id)>{row.held}</a></td>
            <td class="num">{row.today}</td>
            <td class="num"><a href=paths::claims_by(row.id)>{all}</a></td>
            <td>{ratings}</td>
        </tr>
    }
    .into_any()
}
