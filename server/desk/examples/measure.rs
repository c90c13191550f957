//! How long the use cases take on a desk full of claims: the median and the 95th percentile of many
//! calls, in milliseconds, from the call to the answer, beside what is promised of the median.
//!
//! ```sh
//! cargo run --release -p desk --example measure -- postgres:///full?host=/tmp 10000
//! ```
//!
//! fills the database with ten claims for each of so many articles, where it has fewer, and measures.
//! `cargo xtask bench` does that with a database of its own, and measures the pages as well.

use desk::{ClaimFilter, DayRange, Desk, Due, IncidentFilter, IncidentRow, Sort, VerdictForm};
use domain::measure::Indicator;
use domain::policy::{Actor, Role};
use domain::track::Outcome;
use domain::words::{ArticleText, Email, NewPassword, PersonName, Rationale, Reason, Title};
use domain::workflow::Stage;
use std::future::Future;
use std::time::{Duration, Instant};

const CALLS: u32 = 200;

/// What is promised of a median, in milliseconds.
const PAGE: Option<f64> = Some(5.0);
const DASHBOARD: Option<f64> = Some(10.0);
const LEDGER: Option<f64> = Some(20.0);
const LIST: Option<f64> = Some(20.0);
const SEARCH: Option<f64> = Some(50.0);
/// A new claim with everything that follows from it.
const CLAIM: Option<f64> = Some(5.0);

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(url), Some(articles)) = (arguments.next(), arguments.next()) else {
        return Err("usage: measure DATABASE_URL ARTICLES [--fill-only]".into());
    };
    let fills_only = arguments.next().is_some_and(|flag| flag == "--fill-only");
    let articles: i64 = articles.parse()?;
    let desk = Desk::connect(&url, None, 8).await?;
    desk.migrate().await?;
    let admin = person(&desk, "admin", Role::Admin).await?;
    for n in 0..20 {
        person(&desk, &format!("reviewer{n}"), Role::Reviewer).await?;
    }
    let there: i64 = desk.standings(None).await?.iter().map(|standing| standing.claims).sum();
    if there < articles * 10 {
        desk.fill(&admin, articles - there / 10, |done| eprint!("\r{done} articles")).await?;
        eprintln!();
    }
    if !fills_only {
        reads(&desk, &admin).await?;
        writes(&desk, &admin).await?;
    }
    desk.close().await;
    Ok(())
}

async fn person(desk: &Desk, name: &str, role: Role) -> Result<Actor, Box<dyn std::error::Error>> {
    let email = Email::parse(&format!("{name}@measure.example"))?;
    if let Ok(actor) = desk.actor_by_email(&email).await {
        return Ok(actor);
    }
    let password = NewPassword::parse("password", "only for measuring")?;
    desk.create_account(None, email.clone(), PersonName::parse(name)?, role, password).await?;
    Ok(desk.actor_by_email(&email).await?)
}

async fn reads(desk: &Desk, actor: &Actor) -> desk::Result<()> {
    let none = ClaimFilter::default;
    let everything = none();
    let first = desk.claims(actor, &everything, Sort::Priority, None, 50).await?;
    let Some(row) = first.rows.first() else { return Ok(()) };
    let article = row.article;
    let reviewer = desk.dashboard(actor).await?.reviewers.first().map(|reviewer| reviewer.id);
    measure("queue", PAGE, || desk.queue(actor)).await?;
    measure("article", PAGE, || desk.article(actor, article)).await?;
    measure("articles", LIST, || desk.articles(actor, None, 50)).await?;
    measure("dashboard", DASHBOARD, || desk.dashboard(actor)).await?;
    let quarter = DayRange::last(90, desk.clock().now().date_naive());
    measure("flow over 90 days", DASHBOARD, || desk.flow(actor, quarter, desk::Scope::default())).await?;
    let of_article = desk::Scope { article: Some(article), incident: None };
    measure("dashboard over 90 days", DASHBOARD, || {
        desk.dashboard_over(actor, quarter, desk::Scope::default())
    })
    .await?;
    measure("dashboard of an article", DASHBOARD, || desk.dashboard_over(actor, quarter, of_article)).await?;
    measure("flow of an article", DASHBOARD, || desk.flow(actor, quarter, of_article)).await?;
    measure("sources by track record", DASHBOARD, || desk.sources_by_track(actor, 8)).await?;
    measure("articles that are due", LIST, || desk.due_articles(actor, Due::All, None, 50)).await?;
    measure("export, 200 claims", LIST, || desk.export(actor, &everything, None)).await?;
    let all = IncidentFilter::default();
    measure("incidents", LIST, || desk.incidents(actor, &all, None, 50)).await?;
    for (name, filter) in [
        ("open", IncidentFilter { open: true, ..Default::default() }),
        ("contradictory", IncidentFilter { contradictory: true, ..Default::default() }),
    ] {
        measure(&format!("incidents, {name}"), LIST, || desk.incidents(actor, &filter, None, 50)).await?;
    }
    for q in ["village 777", "fighting"] {
        let named = IncidentFilter { q: Some(q.into()), ..Default::default() };
        measure(&format!("incidents, search {q}"), SEARCH, || desk.incidents(actor, &named, None, 50))
            .await?;
    }
    measure("proposals", LIST, || desk.proposals(actor, None, 50)).await?;
    for incident in of_each_size(desk, actor).await? {
        let (id, of) = (incident.id, incident.claims);
        measure(&format!("incident of {of} claims"), LEDGER, || desk.incident(actor, id)).await?;
        measure(&format!("its figures, {of} claims"), LEDGER, || desk.incident_figures(actor, id)).await?;
        let filter = ClaimFilter { incident: Some(id), ..none() };
        let its = desk.claims(actor, &filter, Sort::Priority, None, 1).await?;
        if let Some(claim) = its.rows.first().map(|row| row.id) {
            measure(&format!("claim among {of} of an incident"), PAGE, || desk.claim(actor, claim)).await?;
            measure("its history", PAGE, || desk.history(actor, claim, None)).await?;
        }
        let scope = desk::Scope { article: None, incident: Some(id) };
        measure(&format!("flow of an incident of {of}"), DASHBOARD, || desk.flow(actor, quarter, scope))
            .await?;
        measure(&format!("dashboard of an incident of {of}"), DASHBOARD, || {
            desk.dashboard_over(actor, quarter, scope)
        })
        .await?;
        measure(&format!("claims of an incident of {of}"), LIST, || {
            desk.claims(actor, &filter, Sort::Priority, None, 50)
        })
        .await?;
    }
    // One source of a tenth of all claims, one of a hundredth, one of a few.
    let mut sources = Vec::new();
    for (name, part) in
        [("Northern Command", "1 in 10"), ("Ministry of district 7", "1 in 100"), ("Mayor of town 1", "few")]
    {
        let found = desk.find(actor, name).await?.sources.into_iter().find(|source| source.name == name);
        sources.extend(found.map(|source| (source.id, part)));
    }
    for (source, part) in sources {
        for (also, filter) in [
            ("", none()),
            (", settled", ClaimFilter { stage: Some(Stage::Settled), ..none() }),
            (", that held", ClaimFilter { outcome: Some(Outcome::Held), ..none() }),
        ] {
            let filter = ClaimFilter { source: Some(source), ..filter };
            lists(desk, actor, &format!("source ({part}){also}"), LIST, &filter).await?;
        }
    }
    let week = Some(DayRange::last(7, quarter.to).from);
    let late = Some(desk.clock().now() - chrono::TimeDelta::days(1));
    for (name, filter) in [
        ("all", none()),
        ("stage open", ClaimFilter { stage: Some(Stage::Open), ..none() }),
        ("stage reopened (rare)", ClaimFilter { stage: Some(Stage::Reopened), ..none() }),
        ("rating false", ClaimFilter { rating: Some("false".into()), ..none() }),
        (
            "open and false (none)",
            ClaimFilter { stage: Some(Stage::Open), rating: Some("false".into()), ..none() },
        ),
        ("that held", ClaimFilter { outcome: Some(Outcome::Held), ..none() }),
        ("indicator killed", ClaimFilter { indicator: Some(Indicator::Killed), ..none() }),
        ("indicator wounded (1 in 200)", ClaimFilter { indicator: Some(Indicator::Wounded), ..none() }),
        ("indicator missing (none)", ClaimFilter { indicator: Some(Indicator::Missing), ..none() }),
        ("article", ClaimFilter { article: Some(article), ..none() }),
        ("held by nobody much", ClaimFilter { assignee: Some(actor.id), ..none() }),
        ("reviewer", ClaimFilter { reviewer, ..none() }),
        ("judged by a reviewer in a week", ClaimFilter { reviewer, judged_from: week, ..none() }),
        (
            "judged by a reviewer in a quarter",
            ClaimFilter { reviewer, judged_from: Some(quarter.from), ..none() },
        ),
        ("judged in a week", ClaimFilter { judged_from: week, ..none() }),
        (
            "open since before yesterday",
            ClaimFilter { stage: Some(Stage::Open), since_before: late, ..none() },
        ),
        ("reviewer, false", ClaimFilter { reviewer, rating: Some("false".into()), ..none() }),
    ] {
        lists(desk, actor, name, LIST, &filter).await?;
    }
    let q = |q: &str| ClaimFilter { q: Some(q.to_owned()), ..none() };
    for (name, filter) in [
        ("people (all)", q("people")),
        ("shelling (1 in 10)", q("shelling")),
        ("wounded (1 in 200)", q("wounded")),
        ("village 777 (few)", q("village 777")),
        ("nowhere (none)", q("nowhere")),
        ("shelling bombing (never together)", q("shelling bombing")),
        ("people, open", ClaimFilter { stage: Some(Stage::Open), ..q("people") }),
        ("wounded, false", ClaimFilter { rating: Some("false".into()), ..q("wounded") }),
    ] {
        lists(desk, actor, &format!("search {name}"), SEARCH, &filter).await?;
    }
    for wanted in ["village", "town 777", "nowhere"] {
        measure(&format!("find {wanted}"), SEARCH, || desk.find(actor, wanted)).await?;
    }
    Ok(())
}

/// One incident of each size that there is among the newest thousand.
async fn of_each_size(desk: &Desk, actor: &Actor) -> desk::Result<Vec<IncidentRow>> {
    let mut found: Vec<IncidentRow> = Vec::new();
    let mut after = None;
    for _ in 0..5 {
        let page = desk.incidents(actor, &IncidentFilter::default(), after, 200).await?;
        for row in page.rows.into_iter().filter(|row| row.title.starts_with("Fighting near Village")) {
            if found.iter().all(|known| known.claims != row.claims) {
                found.push(row);
            }
        }
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    found.sort_by_key(|row| row.claims);
    Ok(found)
}

async fn lists(
    desk: &Desk,
    actor: &Actor,
    name: &str,
    promised: Option<f64>,
    filter: &ClaimFilter,
) -> desk::Result<()> {
    for sort in Sort::ALL {
        measure(&format!("claims, {name}, {sort}"), promised, || desk.claims(actor, filter, *sort, None, 50))
            .await?;
    }
    Ok(())
}

async fn writes(desk: &Desk, actor: &Actor) -> desk::Result<()> {
    let (mut take, mut verdict, mut reopen) = (Vec::new(), Vec::new(), Vec::new());
    let words = |_| desk::Error::NotFound("word");
    let (rationale, reason) =
        (Rationale::parse("Two sources.").map_err(words)?, Reason::parse("Measured.").map_err(words)?);
    for _ in 0..CALLS {
        let start = Instant::now();
        let Some(id) = desk.take_next(actor, None, None).await? else { break };
        take.push(start.elapsed());
        let version = desk.claim_row(actor, id).await?.version;
        let form = VerdictForm::new("verified", rationale.clone(), version);
        let start = Instant::now();
        desk.give_verdict(actor, id, form, None).await?;
        verdict.push(start.elapsed());
        let start = Instant::now();
        desk.reopen(actor, id, version + 1, reason.clone()).await?;
        reopen.push(start.elapsed());
        // Settled again, so that the next one is another claim.
        let form = VerdictForm::new("verified", rationale.clone(), version + 2);
        desk.give_verdict(actor, id, form, None).await?;
    }
    let (mut intake, began) = (Vec::new(), desk.clock().now().timestamp());
    for n in 0..CALLS / 4 {
        let town = ["Abrany", "Belkas", "Corvin", "Dalmer", "Ertang", "Fossil", "Gorven", "Hamlet"];
        let town = format!(
            "{}{}",
            town.get(n as usize % 8).unwrap_or(&"Town"),
            ["ova", "ino", "grad", "sk"][n as usize % 4]
        );
        let text = format!(
            "{}, March 12 - At least {} people were killed when rockets struck a market in the town of {town} on \
             Tuesday, the health ministry said. Another {} were wounded. The mayor said that {} houses were destroyed. \
             The rebel command said that {} soldiers were killed near {town}.",
            town.to_uppercase(),
            20 + n,
            60 + n,
            100 + n,
            30 + n
        );
        let new = desk::NewArticle {
            title: Title::parse(&format!("Rockets hit {town} market, report {n} of {began}"))
                .map_err(words)?,
            text: ArticleText::parse(&text).map_err(words)?,
            outlet: None,
            address: None,
            author: None,
            published: "2024-03-12T10:00:00Z".parse().ok(),
            language: None,
        };
        let start = Instant::now();
        let added = desk.add_article(actor, new, None).await?;
        let took = start.elapsed();
        let claims = desk.article(actor, added.article).await?.claims.len();
        intake.push(took / u32::try_from(claims.max(1)).unwrap_or(1));
    }
    told("a new claim, with its incident", CLAIM, intake);
    told("take the next claim", PAGE, take);
    told("give a verdict", None, verdict);
    told("reopen", None, reopen);
    Ok(())
}

async fn measure<T, F: Future<Output = desk::Result<T>>>(
    name: &str,
    promised: Option<f64>,
    call: impl Fn() -> F,
) -> desk::Result<()> {
    let mut times = Vec::new();
    for _ in 0..CALLS {
        let start = Instant::now();
        call().await?;
        times.push(start.elapsed());
    }
    told(name, promised, times);
    Ok(())
}

fn told(name: &str, promised: Option<f64>, mut times: Vec<Duration>) {
    times.sort();
    let at =
        |part: usize| times.get(times.len() * part / 100).copied().unwrap_or_default().as_secs_f64() * 1000.0;
    let beside = promised.map_or(String::new(), |promised| {
        let misses = if at(50) > promised { "  misses" } else { "" };
        format!("{promised:>6.0} promised {:>6.2} of it{misses}", at(50) / promised)
    });
    println!("{name:<62} {:>8.2} ms median {:>8.2} ms 95 % {beside}", at(50), at(95));
}
