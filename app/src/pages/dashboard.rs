//! `/dashboard`: the desk at a glance. Every number leads to the list behind it.

use super::articles::articles_table;
use super::{Notice, as_of, query, signed_in};
use crate::language::{number, t};
use crate::paths;
use crate::ui::{
    Frame, age, as_of_banner, as_of_form, days_chart, frame, icon, lasting, rating_tag, stage_name,
    stage_times, standing_tag, time_of_day, tone,
};
use chrono::{DateTime, NaiveDate, Utc};
use desk::{
    ArticleRow, ClaimFilter, Dashboard, DayRange, Due, DueCount, Flow, PERIODS, ReviewerRow, Sort, TrackRow,
    Waiting,
};
use domain::load::Concentration;
use domain::policy::{Actor, Role};
use domain::track::Outcome;
use domain::workflow::Stage;
use leptos::prelude::*;
use phrase::{t, tn, view};

/// How many sources the card lists; its file has more.
const SOURCES: i64 = 8;

pub fn page() -> AnyView {
    let wanted = as_of();
    let word = |name| query(name).unwrap_or_default();
    let (days, from, to) = (word("days"), word("from"), word("to"));
    signed_in(
        |desk, actor| async move {
            if let Some(at) = wanted? {
                let dashboard = desk.dashboard_then(at).await?.dashboard(&actor).await?;
                return Ok(Seen { dashboard, flow: None, due: None, sources: None, past: Some(at) });
            }
            let days = DayRange::asked(&days, &from, &to, desk.clock().now().date_naive())?;
            let dashboard = desk.dashboard_over(&actor, days).await?;
            let flow = desk.flow(&actor, days).await?;
            let due = desk.due_count().await?;
            let sources = desk.sources_by_track(&actor, SOURCES).await?;
            let pressing = desk.due_articles(&actor, Due::All, None, 4).await?.rows;
            Ok(Seen {
                dashboard,
                flow: Some(flow),
                due: Some((due, pressing)),
                sources: Some(sources),
                past: None,
            })
        },
        |seen, actor, notice| view(seen, &actor, notice),
    )
}

/// What the page shows.
struct Seen {
    dashboard: Dashboard,
    /// How work flows; of the past only the rest is kept.
    flow: Option<Flow>,
    /// How many articles are due, and those that press most.
    due: Option<(DueCount, Vec<ArticleRow>)>,
    /// The sources with most settled claims; of the present only.
    sources: Option<Vec<TrackRow>>,
    /// The moment as of which it is shown.
    past: Option<DateTime<Utc>>,
}

/// What to do while there is nothing, for those who may.
fn first_article(actor: &Actor) -> AnyView {
    if actor.role >= Role::Reviewer {
        view! { <p class="quiet"><a href=paths::INTAKE>"Add the first article."</a></p> }.into_any()
    } else {
        view! { <p class="quiet">"No articles yet."</p> }.into_any()
    }
}

fn view(Seen { dashboard, flow, due, sources, past }: Seen, actor: &Actor, notice: Notice) -> AnyView {
    let today = dashboard.at.date_naive();
    let waiting = dashboard.in_stage(Stage::Open)
        + dashboard.in_stage(Stage::Reopened)
        + dashboard.in_stage(Stage::AwaitingSecondReview);
    let oldest = dashboard
        .waiting
        .first()
        .map_or_else(|| t!("none waits").to_owned(), |first| t!("oldest {}", age(first.since, dashboard.at)));
    let reviewing = match dashboard.reviewing {
        0 => t!("nobody").to_owned(),
        n => tn!(n, "1 person", "{n} people"),
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
        {kpi(paths::claims(&waiting_list, Sort::Waiting, None), "open", t!("Open"), dashboard.in_stage(Stage::Open), oldest)}
        {kpi(paths::claims_in(Stage::InReview), "context", t!("In review"), dashboard.in_stage(Stage::InReview), reviewing)}
        {kpi(paths::claims_in(Stage::AwaitingSecondReview), "unverified", t!("Second review"), dashboard.in_stage(Stage::AwaitingSecondReview), t!("one verdict is in").to_owned())}
        {kpi(paths::claims_in(Stage::Disagreed), "disputed", t!("Disagreed"), dashboard.in_stage(Stage::Disagreed), t!("an editor decides").to_owned())}
        {due.as_ref().map(|(count, _)| {
            let soon = match count.soon {
                0 => t!("none is due soon").to_owned(),
                n => t!("{n} due within 2 h"),
            };
            let list = if count.overdue > 0 || count.soon == 0 { Due::Overdue } else { Due::Soon };
            kpi(paths::articles_due(list, None), if count.overdue > 0 { "false" } else { "open" }, t!("Overdue"), count.overdue, soon)
        })}
        {kpi(paths::claims_in(Stage::Reopened), "false", t!("Reopened"), dashboard.in_stage(Stage::Reopened), t!("to be decided again").to_owned())}
        {kpi(paths::claims_in(Stage::Settled), "verified", t!("Settled"), dashboard.in_stage(Stage::Settled), t!("{} verdicts today", dashboard.today))}
        {kpi(paths::claims_in(Stage::Published), "verified", t!("Published"), dashboard.in_stage(Stage::Published), t!("{} dismissed", dashboard.in_stage(Stage::Dismissed)))}
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
    let longest = flow.is_none().then(|| {
        view! {
            <section class="card" id="oldest">
                <h2>"Waiting longest"</h2>
                {nothing_waits}
                <table><thead class="hidden"><tr><th scope="col">"Claim"</th><th scope="col">"Stage"</th><th scope="col">"For"</th></tr></thead>
                    <tbody>{oldest_rows}</tbody></table>
            </section>
        }
    });
    let csv = |card: &'static str| {
        flow.as_ref().map(|flow| {
            let says = t!("{} as CSV", match card { "stages" => t!("Where time goes"), "stalled" => t!("Stalled"), "throughput" => t!("Verdicts a day"), _ => t!("Reviewers") });
            view! { <a class="small" href=paths::dashboard_csv(card, flow.days, today) aria-label=says>"CSV"</a> }
        })
    };
    let of_days = flow.as_ref().map_or(7, |flow| flow.days.n());
    let each_day = flow.as_ref().map(|flow| flow.each_day.clone()).unwrap_or_default();
    let came = flow.as_ref().map(|flow| {
        let sums = [
            (flow.sum(|day| day.taken_in), t!("taken in")),
            (flow.sum(|day| day.settled), t!("settled")),
            (flow.sum(|day| day.published), t!("published")),
            (flow.sum(|day| day.reopened), t!("reopened")),
        ];
        let words = sums.map(|(n, words)| format!("{} {words}", number(n as f64))).join(", ");
        view! { <p class="small quiet num">{t!("{words} in {} days", flow.days.n())}</p> }
    });
    let reviewers = dashboard.reviewers.iter().map(reviewer_row).collect_view();
    let no_articles = dashboard.articles.is_empty();
    frame(
        Frame { title: t!("Dashboard"), here: paths::DASHBOARD, live: past.is_none().then(|| (String::new(), String::new())) },
        view! {
            <div class="page">
                {notice.view()}
                {past.map(|at| as_of_banner(paths::DASHBOARD.to_owned(), at, None))}
                <div class="row"><h1>{if past.is_some() { t!("The desk then") } else { t!("The desk now") }}</h1>
                    {flow.as_ref().map(|flow| periods(flow.days, today))}
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
                                // What presses comes first, then what is new.
                                let mut rows = due.map(|(_, pressing)| pressing).unwrap_or_default();
                                let new = dashboard.articles.iter().filter(|one| rows.iter().all(|row| row.id != one.id));
                                let new: Vec<ArticleRow> = new.cloned().collect();
                                rows.extend(new);
                                rows.truncate(12);
                                view! { <div class="scroll">{articles_table(rows)}</div> }.into_any()
                            }}
                        </section>
                        <section class="card" id="days" data-live="true">
                            <h2><span>"Verdicts a day"</span> {csv("throughput")}</h2>
                            {days_chart(&dashboard.days, &each_day)}
                            {came}
                        </section>
                        {sources.as_deref().map(source_card)}
                    </div>
                    <div class="stack-of-cards">
                        {flow.as_ref().map(|flow| view! {
                            <section class="card" id="stages" data-live="true">
                                <h2><span>"Where time goes"</span> {csv("stages")}</h2>
                                {stage_times(&flow.stages, flow.at)}
                            </section>
                            <section class="card" id="stalled" data-live="true">
                                <h2><span>"Stalled"</span> {csv("stalled")}</h2>
                                {stalled(flow)}
                            </section>
                        })}
                        <section class="card" id="ratings" data-live="true">
                            <h2><span>"Standing verdicts"</span> <span class="small num">{t!("{} decided, {} wait", number(decided as f64), number(waiting as f64))}</span></h2>
                            <table><thead class="hidden"><tr><th scope="col">"Rating"</th><th scope="col">"Claims"</th><th scope="col">"Share"</th></tr></thead>
                                <tbody>{ratings}</tbody></table>
                        </section>
                        {longest}
                        <section class="card" id="reviewers" data-live="true">
                            <h2><span>{match of_days { 7 => t!("Reviewers, seven days").to_owned(), n => t!("Reviewers, {n} days") }}</span>
                                <span class="tags">{(actor.role >= Role::Reviewer).then(|| view! { <a class="small" href=paths::AGREEMENT>"agreement"</a> })} {csv("reviewers")}</span></h2>
                            {flow.as_ref().and_then(|flow| flow.load).map(concentration)}
                            <div class="scroll"><table>
                                <thead><tr><th scope="col">"Person"</th><th scope="col" class="num">"Has"</th>
                                    <th scope="col" class="num">"Today"</th><th scope="col" class="num">{t!("{of_days} days")}</th><th scope="col">"Ratings"</th></tr></thead>
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

/// The periods to choose from, and one's own.
fn periods(shown: DayRange, today: NaiveDate) -> AnyView {
    let links = PERIODS
        .into_iter()
        .map(|n| {
            let days = DayRange::last(n, today);
            view! { <a href=paths::dashboard(days, today) aria-current=(days == shown).then_some("true")>{t!("{n} days")}</a> }
        })
        .collect_view();
    view! { <nav class="periods small" aria-label="Period">{links}</nav> }.into_any()
}

/// What has been in its stage for too long, and with whom.
fn stalled(flow: &Flow) -> AnyView {
    if flow.stalled.is_empty() {
        return view! { <p class="quiet">"Nothing has stalled."</p> }.into_any();
    }
    let rows = flow
        .stalled
        .iter()
        .map(|late| {
            let claim = &late.claim;
            let who = match claim.holder.as_ref().or(claim.assignee.as_ref()) {
                Some(person) => view! { <span>{person.clone()}</span> }.into_any(),
                None => view! { <span class="quiet">"nobody"</span> }.into_any(),
            };
            let limit = t!("Stalled after {}", lasting(late.limit));
            view! {
                <tr>
                    <th scope="row"><a href=paths::claim_in_text(claim.id)>{shortened(&claim.text, 60)}</a></th>
                    <td class="small">{stage_name(claim.stage)}</td>
                    <td class="num small nowrap" title=limit>{age(claim.stage_since, flow.at)}</td>
                    <td class="small">{who}</td>
                </tr>
            }
        })
        .collect_view();
    let in_all = flow
        .stages
        .iter()
        .filter(|stage| stage.stalled > 0)
        .map(|stage| {
            let words = format!("{} {}", number(stage.stalled as f64), stage_name(stage.stage));
            view! { <li><a href=paths::claims_waiting_in(stage.stage)>{words}</a> " " <span class="quiet">{t!("over {}", lasting(stage.stalled_after))}</span></li> }
        })
        .collect_view();
    view! {
        <div class="scroll"><table><thead class="hidden"><tr><th scope="col">"Claim"</th><th scope="col">"Stage"</th><th scope="col">"For"</th><th scope="col">"With"</th></tr></thead>
            <tbody>{rows}</tbody></table></div>
        <ul class="chips small in-all" aria-label="Stalled by stage">{in_all}</ul>
    }
    .into_any()
}

/// How what sources said held up, those first of which most is settled.
fn source_card(sources: &[TrackRow]) -> AnyView {
    let rows = sources.iter().map(source_row).collect_view();
    let table = if sources.is_empty() {
        view! { <p class="quiet">"No claim that names a source is settled yet."</p> }.into_any()
    } else {
        view! {
            <div class="scroll"><table>
                <thead><tr><th scope="col">"Source"</th><th scope="col" class="num">"Settled"</th><th scope="col" class="num">"Held"</th>
                    <th scope="col" class="num">"Did not"</th><th scope="col" class="num">"Other"</th>
                    <th scope="col" class="num">"Share that held"</th><th scope="col">"Grade"</th></tr></thead>
                <tbody>{rows}</tbody>
            </table></div>
            <p class="small quiet">"Of all settled and published claims, whatever period is chosen; names that are one source count as one. Most settled claims first. In brackets: between what the share lies with 95 % confidence, which of few claims is wide. The grade is people’s judgement and no part of it."</p>
        }
        .into_any()
    };
    view! {
        <section class="card" id="sources" data-live="true">
            <h2><span>"Sources by track record"</span> <a class="small" href=paths::SOURCES_CSV aria-label=t!("Sources by track record as CSV")>"CSV"</a></h2>
            {table}
        </section>
    }
    .into_any()
}

fn source_row(row: &TrackRow) -> AnyView {
    let cell = |n: i64, outcome: Outcome| {
        let href = paths::claims_that(row.id, outcome);
        let says = format!("{}: {} {}", row.name, number(n as f64), t(outcome.label()));
        view! { <td class="num"><a href=href aria-label=says>{number(n as f64)}</a></td> }
    };
    let percent = |share: f64| format!("{:.0}", share * 100.0);
    let share = row.track.share().zip(row.track.interval()).map(|(share, (low, high))| {
        view! { <span class="nowrap">{format!("{} %", percent(share))} " " <span class="quiet small">{format!("({}–{})", percent(low), percent(high))}</span></span> }
    });
    view! {
        <tr>
            <th scope="row"><a href=paths::source(row.id)>{shortened(&row.name, 40)}</a></th>
            {cell(row.track.settled(), Outcome::Settled)}
            {cell(row.track.held, Outcome::Held)}
            {cell(row.track.not_held, Outcome::NotHeld)}
            {cell(row.track.other, Outcome::Other)}
            <td class="num">{share}</td>
            <td title=t(row.grade.label())>{row.grade.word()}</td>
        </tr>
    }
    .into_any()
}

/// On how few people the verdicts rest.
fn concentration(load: Concentration) -> AnyView {
    let share = |share: f64| format!("{:.0} %", share * 100.0);
    let two = (load.people > 1).then(|| t!(", the busiest two {}", share(load.busiest_two)));
    let half = tn!(load.half, "one person gives half of them", "half of them rest on {n} people");
    view! { <p class="small quiet" id="concentration">{t!("The busiest person gave {} of the verdicts{}; {half}.", share(load.busiest), two.unwrap_or_default())}</p> }
        .into_any()
}

/// The beginning of a text, in at most so many characters.
fn shortened(text: &str, most: usize) -> String {
    if text.chars().count() > most {
        text.chars().take(most.saturating_sub(2)).chain(['…']).collect()
    } else {
        text.to_owned()
    }
}

fn waiting_row(waiting: &Waiting, dashboard: &Dashboard) -> AnyView {
    let claim = &waiting.claim;
    let short = shortened(&claim.text, 90);
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
    let sealed = (row.sealed > 0).then(|| t!("{} that wait for a second reviewer", row.sealed));
    let words = row
        .ratings
        .iter()
        .map(|(rating, n)| format!("{n} {}", crate::language::label(&rating.name)))
        .chain(sealed)
        .collect::<Vec<_>>()
        .join(", ");
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
