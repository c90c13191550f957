//! `cargo xtask bench`: how long reads and writes take on a desk that is full, over HTTP and without it,
//! beside what is promised.

use std::fs::File;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use clap::Args;

use crate::application::{self, Application, Demo, Profile};
use crate::bundle::{self, Effort};
use crate::http;
use crate::lock::Lock;
use crate::postgres::{Cluster, Purpose, Server};
use crate::project;
use crate::shell;
use crate::steps::Steps;
use crate::wasm;

/// How many requests of one kind are timed, after some that warm up.
const REQUESTS: usize = 100;
const WARMING: usize = 60;

#[derive(Args)]
pub struct Options {
    /// How many articles the desk has, of ten claims each
    ///
    /// 100000 takes a quarter of an hour to fill and 9 GB of disk, the first time.
    #[arg(long, default_value_t = 10_000, value_parser = clap::value_parser!(u32).range(1_000..=1_000_000))]
    articles: u32,
    /// Measure the pages only, not the use cases behind them nor what is written
    #[arg(long)]
    pages: bool,
}

/// What is promised of a median, in milliseconds.
mod promise {
    pub const PAGE: f64 = 5.0;
    pub const DASHBOARD: f64 = 10.0;
    pub const LEDGER: f64 = 20.0;
    pub const LIST: f64 = 20.0;
    pub const SEARCH: f64 = 50.0;
}

pub fn run(options: &Options) -> Result<()> {
    let _lock = Lock::take("bench", "")?;
    let mut steps = Steps::new(5);
    let binary = steps.run("Building the server and what measures it, optimised", || {
        bundle::build(&wasm::ensure_compiler()?, Effort::Small)?;
        let mut cargo = shell::cargo();
        cargo.args(["build", "--release", "--package", "desk", "--example", "measure"]);
        shell::run(&mut cargo).context("could not compile the measurements")?;
        application::build(shell::cargo(), Profile::Release)
    })?;
    let database = steps.run("Starting the database", || Cluster::locate(Purpose::Bench)?.start())?;
    let application = Application::new(binary, database.access(), project::target().join("bench-files"));
    steps.run("Filling the desk and measuring its use cases", || {
        application.migrate()?;
        application.seed()?;
        let program = project::target().join("release/examples/measure");
        let mut measure = shell::program(program);
        measure.arg(database.url()).arg(options.articles.to_string());
        if options.pages {
            measure.arg("--fill-only");
        }
        shell::run(&mut measure).context("could not measure the use cases")
    })?;
    let address = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
        .and_then(|listener| listener.local_addr())
        .context("found no free port on 127.0.0.1")?;
    let log_path = project::target().join("bench-server.log");
    let log =
        File::create(&log_path).with_context(|| format!("could not write {}", project::shown(&log_path)))?;
    let mut server = steps.run("Starting the server", || {
        let mut server = application.serve(address, Some(&log))?;
        application::wait_until_ready(&mut server, address)?;
        Ok(server)
    })?;
    let measured = steps.run("Measuring pages", || pages(&database, address));
    server.stop(Duration::from_secs(10));
    println!("\n{}\n\n{}", of_what(&database)?, table(&measured?));
    Ok(())
}

/// Something that is asked for.
struct Asked {
    what: String,
    path: String,
    promised: f64,
}

/// How long it took, in milliseconds.
struct Measured {
    asked: Asked,
    median: f64,
    most: f64,
}

fn pages(database: &Server, address: SocketAddr) -> Result<Vec<Measured>> {
    let cookie = sign_in(address)?;
    asked(database)?
        .into_iter()
        .map(|asked| {
            let mut times = Vec::new();
            for n in 0..WARMING + REQUESTS {
                shell::stop_if_interrupted()?;
                let began = Instant::now();
                let answer = http::send(address, "GET", &asked.path, &[("Cookie", &cookie)], "")?;
                let took = began.elapsed();
                if answer.status != 200 {
                    bail!("{} answered {}, not 200", asked.path, answer.status);
                }
                if n >= WARMING {
                    times.push(took);
                }
                // Who reads takes a breath: the pool gets its connections back meanwhile.
                thread::sleep(Duration::from_millis(1));
            }
            times.sort();
            let at = |part: usize| times.get(times.len() * part / 100).map_or(0.0, Duration::as_secs_f64);
            Ok(Measured { asked, median: at(50) * 1000.0, most: at(90) * 1000.0 })
        })
        .collect()
}

/// The cookie of a session of an editor of the demo desk.
fn sign_in(address: SocketAddr) -> Result<String> {
    let demo = Demo::read()?;
    let editor = demo
        .accounts
        .iter()
        .find(|account| account.role == "editor")
        .context("the demo desk has no editor")?;
    let body = format!("email={}&password={}", editor.email, demo.demo_password.replace(' ', "+"));
    let headers = [("Content-Type", "application/x-www-form-urlencoded")];
    let answer = http::send(address, "POST", "/actions/account/sign-in", &headers, &body)?;
    answer
        .head
        .lines()
        .filter_map(|line| line.split_once(':'))
        .filter(|(name, _)| name.eq_ignore_ascii_case("set-cookie"))
        .filter_map(|(_, value)| value.trim().split(';').next())
        .find(|cookie| cookie.starts_with("claimdesk="))
        .map(str::to_owned)
        .with_context(|| format!("could not sign in as {}: {}", editor.email, answer.status))
}

/// Every page that shows much, and what it is asked about.
fn asked(database: &Server) -> Result<Vec<Asked>> {
    use promise::{DASHBOARD, LEDGER, LIST, PAGE, SEARCH};
    let one = |sql: &str| -> Result<String> {
        let answer = database.query(sql)?;
        if answer.is_empty() {
            bail!("the desk is not as it was filled: nothing for {sql}")
        } else {
            Ok(answer)
        }
    };
    let mut all: Vec<Asked> = [
        ("the reviewer's desk", "/", PAGE),
        ("dashboard", "/dashboard", DASHBOARD),
        ("claims", "/claims", LIST),
        ("claims, settled and false", "/claims?stage=settled&rating=false", LIST),
        ("claims, longest waiting", "/claims?sort=waiting", LIST),
        ("claims, one indicator of 1 in 200", "/claims?indicator=wounded", LIST),
        ("search, in every claim", "/claims?q=people", SEARCH),
        ("search, 1 in 10", "/claims?q=shelling", SEARCH),
        ("search, 1 in 200", "/claims?q=wounded", SEARCH),
        ("search, few", "/claims?q=village+777", SEARCH),
        ("search, never together", "/claims?q=shelling+bombing", SEARCH),
        ("search, nowhere", "/claims?q=nowhere", SEARCH),
        ("find anything, of much", "/find?q=village", SEARCH),
        ("find anything, of little", "/find?q=town+777", SEARCH),
        ("articles", "/articles", LIST),
        ("incidents", "/incidents", LIST),
        ("incidents, contradictory", "/incidents?contradictory=true", LIST),
    ]
    .into_iter()
    .map(|(what, path, promised)| Asked { what: what.to_owned(), path: path.to_owned(), promised })
    .collect();
    let mut ask = |what: String, path: String, promised: f64| all.push(Asked { what, path, promised });
    for size in [10, 30, 50, 200] {
        let incident = one(&format!(
            "select incident_id from incident_tally join incident on id = incident_id
              where claims = {size} and title like 'Fighting near Village %' order by id limit 1"
        ))?;
        ask(format!("ledger of {size} claims"), format!("/incidents/{incident}"), LEDGER);
        let claim = one(&format!(
            "select claim_id from incident_claim join claim on claim.id = claim_id
              where incident_id = '{incident}' and stage = 'settled' order by claim_id limit 1"
        ))?;
        ask(format!("claim, in an incident of {size}"), format!("/claims/{claim}"), PAGE);
    }
    let article =
        one("select id from article where title like 'Fighting near Village %' order by id limit 1")?;
    ask("article".to_owned(), format!("/articles/{article}"), PAGE);
    for (of, name) in [("1 in 10", "Northern Command"), ("1 in 100", "Ministry of district 7")] {
        let source = one(&format!("select id from source where name = '{name}'"))?;
        ask(format!("source, {of} claims"), format!("/sources/{source}"), PAGE);
        ask(format!("claims of it that held, {of}"), format!("/claims?source={source}&outcome=held"), LIST);
    }
    Ok(all)
}

/// What was measured on.
fn of_what(database: &Server) -> Result<String> {
    let count = |table: &str| -> Result<String> {
        let n = database.query(&format!("select count(*) from {table}"))?;
        Ok(grouped(&n))
    };
    Ok(format!(
        "{} claims in {} articles, {} incidents, {} sources; PostgreSQL {}, {} cores; medians and 9 of 10 of \
         {REQUESTS} requests, in ms",
        count("claim")?,
        count("article")?,
        count("incident")?,
        count("source")?,
        database.query("show server_version")?,
        thread::available_parallelism().map_or(1, usize::from),
    ))
}

/// With commas between thousands.
fn grouped(digits: &str) -> String {
    let mut grouped = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// As the README has it.
fn table(measured: &[Measured]) -> String {
    let mut lines =
        vec!["| page | median | 9 of 10 | promised | share |".to_owned(), "|---|---|---|---|---|".to_owned()];
    lines.extend(measured.iter().map(|one| {
        let share = one.median / one.asked.promised;
        let misses = if share > 1.0 { " misses" } else { "" };
        format!(
            "| {} | {:.1} | {:.1} | {:.0} | {share:.2}{misses} |",
            one.asked.what, one.median, one.most, one.asked.promised
        )
    }));
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_commas_between_thousands() {
        for (digits, shown) in [("7", "7"), ("999", "999"), ("1000", "1,000"), ("1000472", "1,000,472")] {
            assert_eq!(grouped(digits), shown);
        }
    }

    #[test]
    fn a_median_above_what_is_promised_is_called_a_miss() {
        let asked = |promised| Asked { what: "claims".to_owned(), path: "/claims".to_owned(), promised };
        let rows = table(&[
            Measured { asked: asked(5.0), median: 2.0, most: 6.0 },
            Measured { asked: asked(5.0), median: 5.5, most: 6.0 },
        ]);
        let rows: Vec<&str> = rows.lines().skip(2).collect();
        assert_eq!(rows, ["| claims | 2.0 | 6.0 | 5 | 0.40 |", "| claims | 5.5 | 6.0 | 5 | 1.10 misses |"]);
    }
}
