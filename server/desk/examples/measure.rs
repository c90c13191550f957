//! How long the use cases take on a desk full of claims: the median and the 95th percentile of many
//! calls, in milliseconds, from the call to the answer.
//!
//! ```sh
//! cargo run --release -p desk --example measure -- postgres:///full?host=/tmp 10000
//! ```
//!
//! fills the database with ten claims for each of so many articles, where it has fewer, and measures.

use desk::{ClaimFilter, Desk, Sort, VerdictForm};
use domain::measure::Indicator;
use domain::policy::{Actor, Role};
use domain::words::{ArticleText, Email, NewPassword, PersonName, Rationale, Reason, Title};
use domain::workflow::Stage;
use std::future::Future;
use std::time::{Duration, Instant};

const CALLS: u32 = 200;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(url), Some(articles)) = (arguments.next(), arguments.next()) else {
        return Err("usage: measure DATABASE_URL ARTICLES".into());
    };
    let articles: i64 = articles.parse()?;
    let desk = Desk::connect(&url, None, 8).await?;
    desk.migrate().await?;
    let admin = person(&desk, "admin", Role::Admin).await?;
    for n in 0..20 {
        person(&desk, &format!("reviewer{n}"), Role::Reviewer).await?;
    }
    let there: i64 = desk.standings().await?.iter().map(|standing| standing.claims).sum();
    if there < articles * 10 {
        desk.fill(&admin, articles - there / 10, |done| eprint!("\r{done} articles")).await?;
        eprintln!();
    }
    reads(&desk, &admin).await?;
    writes(&desk, &admin).await?;
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
    let (claim, article, source) = (row.id, row.article, row.source_id);
    let reviewer = desk.dashboard(actor).await?.reviewers.first().map(|reviewer| reviewer.id);
    measure("queue", || desk.queue(actor)).await?;
    measure("claim", || desk.claim(actor, claim)).await?;
    measure("history", || desk.history(actor, claim, None)).await?;
    measure("article", || desk.article(actor, article)).await?;
    measure("articles", || desk.articles(actor, None, 50)).await?;
    measure("dashboard", || desk.dashboard(actor)).await?;
    measure("export, 200 claims", || desk.export(actor, &everything, None)).await?;
    let by_filter = |contradictory, open| desk::IncidentFilter { contradictory, open, ..Default::default() };
    let all = desk::IncidentFilter::default();
    let first = desk.incidents(actor, &all, None, 1).await?.rows.pop();
    measure("incidents", || desk.incidents(actor, &all, None, 50)).await?;
    let (filter, none_such) = (by_filter(false, true), by_filter(true, false));
    measure("incidents, open", || desk.incidents(actor, &filter, None, 50)).await?;
    measure("incidents, contradictory", || desk.incidents(actor, &none_such, None, 50)).await?;
    let named = desk::IncidentFilter { q: Some("village 777".into()), ..Default::default() };
    measure("incidents, search village 777", || desk.incidents(actor, &named, None, 50)).await?;
    measure("proposals", || desk.proposals(actor, None, 50)).await?;
    if let Some(incident) = first {
        measure("incident", || desk.incident(actor, incident.id)).await?;
        measure("incident's figures", || desk.incident_figures(actor, incident.id)).await?;
        let filter = ClaimFilter { incident: Some(incident.id), ..none() };
        measure("claims of an incident", || desk.claims(actor, &filter, Sort::Priority, None, 50)).await?;
    }
    let q = |q: &str| ClaimFilter { q: Some(q.to_owned()), ..none() };
    for (name, filter) in [
        ("all", none()),
        ("stage open", ClaimFilter { stage: Some(Stage::Open), ..none() }),
        ("stage reopened (rare)", ClaimFilter { stage: Some(Stage::Reopened), ..none() }),
        ("rating false", ClaimFilter { rating: Some("false".into()), ..none() }),
        (
            "open and false (none)",
            ClaimFilter { stage: Some(Stage::Open), rating: Some("false".into()), ..none() },
        ),
        ("indicator killed", ClaimFilter { indicator: Some(Indicator::Killed), ..none() }),
        ("indicator wounded (1 in 200)", ClaimFilter { indicator: Some(Indicator::Wounded), ..none() }),
        ("indicator missing (none)", ClaimFilter { indicator: Some(Indicator::Missing), ..none() }),
        ("source (1 in 50)", ClaimFilter { source, ..none() }),
        ("source, settled", ClaimFilter { source, stage: Some(Stage::Settled), ..none() }),
        ("article", ClaimFilter { article: Some(article), ..none() }),
        ("held by nobody much", ClaimFilter { assignee: Some(actor.id), ..none() }),
        ("reviewer", ClaimFilter { reviewer, ..none() }),
        ("reviewer, false", ClaimFilter { reviewer, rating: Some("false".into()), ..none() }),
        ("search people (all)", q("people")),
        ("search wounded (1 in 200)", q("wounded")),
        ("search village 777 (few)", q("village 777")),
        ("search nowhere (none)", q("nowhere")),
        ("search people, open", ClaimFilter { stage: Some(Stage::Open), ..q("people") }),
    ] {
        for sort in Sort::ALL {
            measure(&format!("claims, {name}, {sort}"), || desk.claims(actor, &filter, *sort, None, 50))
                .await?;
        }
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
    let mut intake = Vec::new();
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
            title: Title::parse(&format!("Rockets hit {town} market, report {n}")).map_err(words)?,
            text: ArticleText::parse(&text).map_err(words)?,
            outlet: None,
            address: None,
            author: None,
            published: "2024-03-12T10:00:00Z".parse().ok(),
            language: None,
        };
        let start = Instant::now();
        desk.add_article(actor, new, None).await?;
        intake.push(start.elapsed());
    }
    told("add_article, with its incident", intake);
    told("take_next", take);
    told("give_verdict", verdict);
    told("reopen", reopen);
    Ok(())
}

async fn measure<T, F: Future<Output = desk::Result<T>>>(
    name: &str,
    call: impl Fn() -> F,
) -> desk::Result<()> {
    let mut times = Vec::new();
    for _ in 0..CALLS {
        let start = Instant::now();
        call().await?;
        times.push(start.elapsed());
    }
    told(name, times);
    Ok(())
}

fn told(name: &str, mut times: Vec<Duration>) {
    times.sort();
    let at =
        |part: usize| times.get(times.len() * part / 100).copied().unwrap_or_default().as_secs_f64() * 1000.0;
    println!("{name:<50} {:>8.2} ms median {:>8.2} ms 95 %", at(50), at(95));
}
