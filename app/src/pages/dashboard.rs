//! `/dashboard`: the desk at a glance. Every number leads to the list behind it.

use super::articles::articles_table;
use super::{Notice, as_of, query, signed_in};
use crate::language::{apart, number, t};
use crate::paths;
use crate::ui::{
    Frame, age, as_of_banner, as_of_form, days_chart, field, frame, icon, lasting, rating_tag, stage_name,
    stage_times, standing_tag, time_of_day, tone,
};
use chrono::{DateTime, NaiveDate, Utc};
use desk::{
    Agreed, ArticleRow, Came, ClaimFilter, Dashboard, DayRange, Due, DueCount, Flow, PERIODS, ReviewerRow,
    Scope, ScopeNames, Sort, TrackRow, Waiting,
};
use domain::load::Concentration;
use domain::policy::{Actor, Role};
use domain::problem::Kind;
use domain::track::Outcome;
use domain::words::Invalid;
use domain::workflow::Stage;
use leptos::prelude::*;
use phrase::{t, tn, view};

/// How many sources the card lists; its file has more.
const SOURCES: i64 = 8;

pub fn page() -> AnyView {
    let wanted = as_of();
    let word = |name| query(name).unwrap_or_default();
    let typed = Typed { days: word("days"), from: word("from"), to: word("to") };
    let (article, incident) = (word("article"), word("incident"));
    signed_in(
        |desk, actor| async move {
            let scope = Scope::asked(&article, &incident)?;
            let names = desk.scope_names(&actor, scope).await?;
            let of = Of { scope, names };
            if let Some(at) = wanted? {
                let of = Of::default();
                let dashboard = desk.dashboard_then(at).await?.dashboard(&actor).await?;
                return Ok(Seen {
                    dashboard,
                    of,
                    flow: None,
                    due: None,
                    sources: None,
                    past: Some(at),
                    wrong: None,
                });
            }
            let today = desk.clock().now().date_naive();
            let (days, wrong) = match DayRange::asked(&typed.days, &typed.from, &typed.to, today) {
                Ok(days) => (days, None),
                Err(invalid) => (DayRange::last(7, today), Some((invalid, typed))),
            };
            let (dashboard, flow) = desk.at_a_glance(&actor, days, scope).await?;
            let flow = Some(flow);
            if !scope.is_all() {
                return Ok(Seen { dashboard, of, flow, due: None, sources: None, past: None, wrong });
            }
            let due = desk.due_count().await?;
            let sources = Some(desk.sources_by_track(&actor, SOURCES).await?);
            let pressing = desk.due_articles(&actor, Due::All, None, 4).await?.rows;
            Ok(Seen { dashboard, of, flow, due: Some((due, pressing)), sources, past: None, wrong })
        },
        |seen, actor, notice| view(seen, &actor, notice),
    )
}

/// A period as it stands in the address.
struct Typed {
    days: String,
    from: String,
    to: String,
}

/// Of which claims the numbers are.
#[derive(Default)]
struct Of {
    scope: Scope,
    names: ScopeNames,
}

/// What the page shows.
struct Seen {
    dashboard: Dashboard,
    of: Of,
    /// How work flows; of the past only the rest is kept.
    flow: Option<Flow>,
    /// How many articles are due, and those that press most; of all claims only.
    due: Option<(DueCount, Vec<ArticleRow>)>,
    /// The sources with most settled claims; of all claims of the present only.
    sources: Option<Vec<TrackRow>>,
    /// The moment as of which it is shown.
    past: Option<DateTime<Utc>>,
    /// What is wrong with the period that was asked for: the last week is shown.
    wrong: Option<(Invalid, Typed)>,
}

/// What to do while there is nothing, for those who may.
fn first_article(actor: &Actor) -> AnyView {
    if actor.role >= Role::Reviewer {
        view! { <p class="quiet"><a href=paths::INTAKE>"Add the first article."</a></p> }.into_any()
    } else {
        view! { <p class="quiet">"No articles yet."</p> }.into_any()
    }
}

/// A number with its list, and beside it one that may have a list of its own.
fn kpi(href: String, tone: &'static str, name: &'static str, value: i64, said: AnyView) -> AnyView {
    view! {
        <div><a class="of" href=href><span class=format!("small st {tone}")>{name}</span>
            <b class="num">{number(value as f64)}</b></a><span class="small quiet">{said}</span></div>
    }
    .into_any()
}

fn kpis(dashboard: &Dashboard, due: Option<DueCount>, scope: Scope) -> AnyView {
    let today = dashboard.at.date_naive();
    let oldest = dashboard
        .open_since
        .map_or_else(|| t!("none waits").to_owned(), |since| t!("oldest {}", age(since, dashboard.at)));
    let reviewing = match dashboard.reviewing {
        0 => t!("nobody").to_owned(),
        n => tn!(n, "1 person", "{n} people"),
    };
    let linked = |n: i64, href: String, words: String| {
        if n > 0 { view! { <a href=href>{words}</a> }.into_any() } else { words.into_any() }
    };
    let list =
        |stage| paths::claims(&ClaimFilter { stage: Some(stage), ..scope.filter() }, Sort::Priority, None);
    let of = |stage, tone, name, said| kpi(list(stage), tone, name, dashboard.in_stage(stage), said);
    let verdicts = linked(
        dashboard.today,
        paths::claims_judged(None, DayRange::last(1, today), scope),
        t!("{} verdicts today", number(dashboard.today as f64)),
    );
    let dismissed = dashboard.in_stage(Stage::Dismissed);
    let dismissed = linked(dismissed, list(Stage::Dismissed), t!("{} dismissed", number(dismissed as f64)));
    let open = paths::claims_waiting_in(Stage::Open, None, scope);
    view! {
        {kpi(open, "open", t!("Open"), dashboard.in_stage(Stage::Open), oldest.into_any())}
        {of(Stage::InReview, "context", t!("In review"), reviewing.into_any())}
        {of(Stage::AwaitingSecondReview, "unverified", t!("Second review"), t!("one verdict is in").into_any())}
        {of(Stage::Disagreed, "disputed", t!("Disagreed"), t!("an editor decides").into_any())}
        {due.map(|count| {
            let soon = match count.soon {
                0 => t!("none is due soon").into_any(),
                n => linked(n, paths::articles_due(Due::Soon, None), t!("{n} due within 2 h")),
            };
            kpi(paths::articles_due(Due::Overdue, None), if count.overdue > 0 { "false" } else { "open" }, t!("Overdue"), count.overdue, soon)
        })}
        {of(Stage::Reopened, "false", t!("Reopened"), t!("to be decided again").into_any())}
        {of(Stage::Settled, "verified", t!("Settled"), verdicts)}
        {of(Stage::Published, "verified", t!("Published"), dismissed)}
    }
    .into_any()
}

/// How many claims have which standing rating.
fn ratings_card(dashboard: &Dashboard, scope: Scope, csv: Option<AnyView>) -> AnyView {
    let waiting = dashboard.in_stage(Stage::Open)
        + dashboard.in_stage(Stage::Reopened)
        + dashboard.in_stage(Stage::AwaitingSecondReview)
        + dashboard.in_stage(Stage::Disagreed);
    let decided = dashboard.in_stage(Stage::Settled) + dashboard.in_stage(Stage::Published);
    let all: i64 = dashboard.ratings.iter().map(|rating| dashboard.rated(&rating.key)).sum();
    let ratings = dashboard
        .shown_ratings()
        .map(|(rating, n)| {
            let share = if all > 0 { n as f64 / all as f64 * 100.0 } else { 0.0 };
            let filter = ClaimFilter { rating: Some(rating.key.clone()), ..scope.filter() };
            view! {
                <tr>
                    <th scope="row">{rating_tag(rating)}</th>
                    <td class="num"><a href=paths::claims(&filter, Sort::Priority, None)>{number(n as f64)}</a></td>
                    <td class="wide"><svg class="stack" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
                        <rect class=tone(Some(rating.tone)) x="0" y="0" width=format!("{share:.2}") height="8" /></svg></td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <section class="card" id="ratings" data-live="true">
            <h2><span>"Standing verdicts"</span> <span class="small num">{t!("{} decided, {} wait", number(decided as f64), number(waiting as f64))}</span> {csv}</h2>
            <table><thead class="hidden"><tr><th scope="col">"Rating"</th><th scope="col">"Claims"</th><th scope="col">"Share"</th></tr></thead>
                <tbody>{ratings}</tbody></table>
        </section>
    }
    .into_any()
}

/// Articles that have to be decided by a moment.
fn deadlines_card(count: DueCount) -> AnyView {
    let row = |due: Due, name: &'static str, n: i64| {
        view! { <tr><th scope="row">{name}</th><td class="num"><a href=paths::articles_due(due, None)>{number(n as f64)}</a></td></tr> }
    };
    view! {
        <section class="card" id="deadlines" data-live="true">
            <h2><span>"Deadlines"</span> <a class="small" href=paths::DEADLINES_CSV aria-label=t!("{} as CSV", t!("Deadlines"))>"CSV"</a></h2>
            <table><thead class="hidden"><tr><th scope="col">"Articles"</th><th scope="col">"How many"</th></tr></thead>
                <tbody>
                    {row(Due::All, t!("Set, with claims to decide"), count.set)}
                    {row(Due::Soon, t!("Due within 2 h"), count.soon)}
                    {row(Due::Overdue, t!("Overdue"), count.overdue)}
                    {row(Due::Escalated, t!("Escalated: the desk was told"), count.escalated)}
                </tbody></table>
        </section>
    }
    .into_any()
}

/// The claims that have waited longest, of the past: of the present the cards of the flow say more.
fn longest(dashboard: &Dashboard) -> AnyView {
    let nothing_waits = dashboard.waiting.is_empty().then(|| view! { <p class="quiet">"Nothing waits."</p> });
    let rows = dashboard.waiting.iter().map(|waiting| waiting_row(waiting, dashboard)).collect_view();
    view! {
        <section class="card" id="oldest">
            <h2>"Waiting longest"</h2>
            {nothing_waits}
            <table><thead class="hidden"><tr><th scope="col">"Claim"</th><th scope="col">"Stage"</th><th scope="col">"For"</th></tr></thead>
                <tbody>{rows}</tbody></table>
        </section>
    }
    .into_any()
}

/// What came and went in the period.
fn came(flow: &Flow, scope: Scope) -> AnyView {
    let sums = [
        (flow.sum(|day| day.taken_in), Came::TakenIn, t!("taken in")),
        (flow.sum(|day| day.settled), Came::Settled, t!("settled")),
        (flow.sum(|day| day.published), Came::Published, t!("published")),
        (flow.sum(|day| day.corrected), Came::Corrected, t!("corrected")),
        (flow.sum(|day| day.reopened), Came::Reopened, t!("reopened")),
    ];
    let sums = sums
        .into_iter()
        .map(|(n, came, words)| {
            let said = format!("{} {words}", number(n as f64));
            if n == 0 {
                return view! { <li>{said}</li> }.into_any();
            }
            view! { <li><a href=paths::claims_that_came(came, flow.days, scope)>{said}</a></li> }.into_any()
        })
        .collect_view();
    let in_days = tn!(flow.days.n(), "In one day:", "In {n} days:");
    view! { <p class="small quiet" id="came-words">{in_days}</p> <ul class="chips small in-all" id="came" aria-labelledby="came-words">{sums}</ul> }
        .into_any()
}

fn runs_card(dashboard: &Dashboard, pressing: Vec<ArticleRow>, actor: &Actor, is_now: bool) -> AnyView {
    let list = if dashboard.articles.is_empty() {
        first_article(actor)
    } else {
        // What presses comes first, then what is new.
        let mut rows = pressing;
        let new = dashboard.articles.iter().filter(|one| rows.iter().all(|row| row.id != one.id));
        let new: Vec<ArticleRow> = new.cloned().collect();
        rows.extend(new);
        rows.truncate(12);
        view! { <div class="scroll">{articles_table(rows)}</div> }.into_any()
    };
    let csv = is_now.then(|| {
        view! { <a class="small" href=paths::RUNS_CSV aria-label=t!("{} as CSV", t!("Can it run?"))>"CSV"</a> }
    });
    view! {
        <section class="card" id="runs" data-live="true">
            <h2><span>"Can it run?"</span> <span class="tags"><a class="small" href=paths::ARTICLES>"all articles"</a> {csv}</span></h2>
            {list}
        </section>
    }
    .into_any()
}

fn reviewers_card(seen: &Seen, actor: &Actor, csv: Option<AnyView>) -> AnyView {
    let (dashboard, scope) = (&seen.dashboard, seen.of.scope);
    let days = seen.flow.as_ref().map_or(DayRange::last(7, dashboard.at.date_naive()), |flow| flow.days);
    let n = days.n();
    let rows =
        dashboard.reviewers.iter().map(|row| reviewer_row(row, days, dashboard.at, scope)).collect_view();
    let load = seen.flow.as_ref().and_then(|flow| flow.load);
    let busiest = dashboard.reviewers.first().map(|row| paths::claims_judged(Some(row.id), days, scope));
    let link = (actor.role >= Role::Reviewer && scope.is_all())
        .then(|| view! { <a class="small" href=paths::AGREEMENT>"agreement"</a> });
    let agreed = seen
        .flow
        .as_ref()
        .filter(|_| actor.role >= Role::Editor)
        .map(|flow| agreed(flow.agreed, days, scope));
    view! {
        <section class="card" id="reviewers" data-live="true">
            <h2><span>{match n { 7 => t!("Reviewers, seven days").to_owned(), n => t!("Reviewers, {n} days") }}</span>
                <span class="tags">{link} {csv}</span></h2>
            {load.map(|load| concentration(load, busiest.unwrap_or_default()))}
            {agreed}
            <div class="scroll"><table>
                <thead><tr><th scope="col">"Person"</th><th scope="col" class="num">"Has"</th>
                    <th scope="col" class="num">"Today"</th><th scope="col" class="num">{t!("{n} days")}</th><th scope="col">"Ratings"</th></tr></thead>
                <tbody>{rows}</tbody>
            </table></div>
        </section>
    }
    .into_any()
}

/// How often two agreed who judged the same claim; of all claims, with what is behind it.
fn agreed(agreed: Agreed, days: DayRange, scope: Scope) -> AnyView {
    if agreed.judged == 0 {
        return view! { <p class="small quiet" id="agreed">"No claim was judged by two in these days."</p> }
            .into_any();
    }
    let of = t!("{} of {}", number(agreed.agreed as f64), number(agreed.judged as f64));
    let number = if scope.is_all() {
        view! { <a class="num" href=paths::agreement(days)>{of}</a> }.into_any()
    } else {
        view! { <span class="num">{of}</span> }.into_any()
    };
    view! { <p class="small quiet" id="agreed">"Claims judged by two on which they agree: " {number} "."</p> }
        .into_any()
}

fn view(seen: Seen, actor: &Actor, notice: Notice) -> AnyView {
    let today = seen.dashboard.at.date_naive();
    let (scope, past) = (seen.of.scope, seen.past);
    let csv = |card: &'static str| {
        seen.flow.as_ref().map(|flow| {
            let name = match card {
                "stages" => t!("Where time goes"),
                "stalled" => t!("Stalled"),
                "throughput" => t!("Verdicts a day"),
                "ratings" => t!("Standing verdicts"),
                _ => t!("Reviewers"),
            };
            let href = paths::dashboard_csv(card, scope, flow.days, today);
            view! { <a class="small" href=href aria-label=t!("{} as CSV", name)>"CSV"</a> }.into_any()
        })
    };
    if seen.wrong.is_some() {
        crate::ui::set_status(Kind::Invalid);
    }
    let each_day = seen.flow.as_ref().map(|flow| flow.each_day.clone()).unwrap_or_default();
    let ratings = ratings_card(&seen.dashboard, scope, csv("ratings"));
    let (ratings_left, ratings_right) =
        if scope.is_all() { (None, Some(ratings)) } else { (Some(ratings), None) };
    let title = match (past, scope.is_all()) {
        (Some(_), _) => t!("The desk then"),
        (None, true) => t!("The desk now"),
        (None, false) => t!("Flow of these claims"),
    };
    let pressing = seen.due.as_ref().map(|(_, pressing)| pressing.clone()).unwrap_or_default();
    let due = seen.due.as_ref().map(|(count, _)| *count);
    let reviewers = reviewers_card(&seen, actor, csv("reviewers"));
    frame(
        Frame { title: t!("Dashboard"), here: paths::DASHBOARD, live: past.is_none().then(|| (String::new(), String::new())) },
        view! {
            <div class="page">
                {notice.view()}
                {past.map(|at| as_of_banner(paths::DASHBOARD.to_owned(), at, None))}
                <div class="row"><div><h1>{title}</h1>
                        <span id="as-of" data-live="true" class="small quiet">{icon("in_review")} " as of " {time_of_day(seen.dashboard.at)}</span></div>
                    {seen.flow.as_ref().map(|flow| periods(flow.days, today, &seen.of, seen.wrong.as_ref()))}
                    {(past.is_none() && scope.is_all()).then(|| as_of_form(paths::DASHBOARD.to_owned(), "as-of-at", None))}</div>
                {seen.flow.as_ref().map(|flow| chips(&seen.of, flow.days, today))}
                <div class="kpis" id="kpis" data-live="true">{kpis(&seen.dashboard, due, scope)}</div>
                <div class="two">
                    <div class="stack-of-cards">
                        {scope.is_all().then(|| runs_card(&seen.dashboard, pressing, actor, past.is_none()))}
                        <section class="card" id="days" data-live="true">
                            <h2><span>"Verdicts a day"</span> {csv("throughput")}</h2>
                            {days_chart(&seen.dashboard.days, &each_day, scope)}
                            {seen.flow.as_ref().map(|flow| came(flow, scope))}
                        </section>
                        {ratings_left}
                        {seen.sources.as_deref().map(source_card)}
                    </div>
                    <div class="stack-of-cards">
                        {seen.flow.as_ref().map(|flow| view! {
                            <section class="card" id="stages" data-live="true">
                                <h2><span>"Where time goes"</span> {csv("stages")}</h2>
                                {stage_times(&flow.stages, flow.at, scope)}
                            </section>
                            <section class="card" id="stalled" data-live="true">
                                <h2><span>"Stalled"</span> {csv("stalled")}</h2>
                                {stalled(flow, scope)}
                            </section>
                        })}
                        {due.map(deadlines_card)}
                        {ratings_right}
                        {seen.flow.is_none().then(|| longest(&seen.dashboard))}
                        {reviewers}
                    </div>
                </div>
            </div>
        }
        .into_any(),
    )
}

/// Whose claims are counted, each to be taken off.
fn chips(of: &Of, days: DayRange, today: NaiveDate) -> AnyView {
    let chip = |kind: &'static str, name: &str, page: String, without: Scope| {
        let off = t!("Take off: {}", name);
        view! {
            <li class="tag"><span class="nowrap">{kind}</span> " " <a href=page>{shortened(name, 60)}</a>
                <a href=paths::dashboard(without, days, today) aria-label=off>"×"</a></li>
        }
    };
    let Of { scope, names } = of;
    let article = scope.article.zip(names.article.as_deref());
    let incident = scope.incident.zip(names.incident.as_deref());
    let article = article
        .map(|(id, name)| chip(t!("Article:"), name, paths::article(id), Scope { article: None, ..*scope }));
    let incident = incident.map(|(id, name)| {
        chip(t!("Incident:"), name, paths::incident(id), Scope { incident: None, ..*scope })
    });
    if scope.is_all() {
        return ().into_any();
    }
    view! { <ul class="chips scope" id="scope" aria-label="Only the claims of">{article} {incident}</ul> }
        .into_any()
}

/// The periods to choose from, and one's own.
fn periods(shown: DayRange, today: NaiveDate, of: &Of, wrong: Option<&(Invalid, Typed)>) -> AnyView {
    let links = PERIODS
        .into_iter()
        .map(|n| {
            let days = DayRange::last(n, today);
            let current = (days == shown && wrong.is_none()).then_some("true");
            view! { <a href=paths::dashboard(of.scope, days, today) aria-current=current>{t!("{n} days")}</a> }
        })
        .collect_view();
    let is_own = wrong.is_some() || PERIODS.into_iter().all(|n| DayRange::last(n, today) != shown);
    let said = |field: &str| {
        wrong
            .filter(|(invalid, _)| invalid.field == field)
            .map(|(invalid, _)| crate::language::say(&invalid.fix))
    };
    let (from, to) = match wrong {
        Some((_, typed)) => (typed.from.clone(), typed.to.clone()),
        None => (shown.from.to_string(), shown.to.to_string()),
    };
    let refused = said("days").map(|words| view! { <p class="notice bad" role="alert">{words}</p> });
    let kept = [
        ("article", of.scope.article.map(|id| id.to_string())),
        ("incident", of.scope.incident.map(|id| id.to_string())),
    ];
    let kept = kept
        .into_iter()
        .filter_map(|(name, id)| Some(view! { <input type="hidden" name=name value=id? /> }))
        .collect_view();
    view! {
        <nav class="periods small" aria-label="Period">{links}</nav>
        <details class="own-period" open=is_own>
            <summary class="small">{if is_own && wrong.is_none() { crate::language::days(shown.from, shown.to) } else { t!("Other days").to_owned() }}</summary>
            {refused}
            <form class="filters" method="get" action=paths::DASHBOARD aria-label="Other days">
                {kept}
                {field("period-from", "from", "date", t!("From"), "", from, false, said("from"))}
                {field("period-to", "to", "date", t!("To"), "", to, false, said("to"))}
                <div class="end"><button class="btn small">"Show"</button></div>
            </form>
        </details>
    }
    .into_any()
}

/// What has been in its stage for too long, and with whom.
fn stalled(flow: &Flow, scope: Scope) -> AnyView {
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
            view! { <li><a href=paths::claims_waiting_in(stage.stage, Some(stage.stalled_before), scope)>{words}</a> " " <span class="quiet">{t!("over {}", lasting(stage.stalled_after))}</span></li> }
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
        view! { <span class="nowrap">{format!("{} %", percent(share))} " " <span class="quiet small">{format!("({})", apart(&format!("{}–{}", percent(low), percent(high))))}</span></span> }
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

/// On how few people the verdicts rest; the busiest one's list is given.
fn concentration(load: Concentration, busiest: String) -> AnyView {
    let share = |share: f64| format!("{:.0} %", share * 100.0);
    let two = (load.people > 1).then(|| t!(", the busiest two {}", share(load.busiest_two)));
    let half = tn!(load.half, "one person gives half of them", "half of them rest on {n} people");
    let first = t!("The busiest person gave {} of the verdicts", share(load.busiest));
    view! { <p class="small quiet" id="concentration"><a href=busiest>{first}</a>{format!("{}; {half}.", two.unwrap_or_default())}</p> }
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

fn reviewer_row(row: &ReviewerRow, days: DayRange, now: DateTime<Utc>, scope: Scope) -> AnyView {
    let all = row.verdicts();
    let has = ClaimFilter { assignee: Some(row.id), ..scope.filter() };
    let today = DayRange::last(1, now.date_naive());
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
    let gone = row.is_disabled.then(|| view! { " " <span class="quiet small">"disabled"</span> });
    view! {
        <tr>
            <th scope="row">{row.name.clone()} {gone}</th>
            <td class="num"><a href=paths::claims(&has, Sort::Priority, None)>{row.held}</a></td>
            <td class="num"><a href=paths::claims_judged(Some(row.id), today, scope)>{row.today}</a></td>
            <td class="num"><a href=paths::claims_judged(Some(row.id), days, scope)>{all}</a></td>
            <td>{ratings}</td>
        </tr>
    }
    .into_any()
}
