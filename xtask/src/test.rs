//! `cargo xtask test`: everything that proves the checkout sound, quickest first.

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use clap::{Args, ValueEnum};

use crate::application::{self, Profile};
use crate::browser;
use crate::bundle::{self, Effort, Size};
use crate::lock::Lock;
use crate::migrations;
use crate::postgres::{Cluster, Purpose, Server};
use crate::project;
use crate::shell;
use crate::sqlx_cache;
use crate::steps::{Elapsed, note};
use crate::storm;
use crate::structure;
use crate::tally::{self, Tally};
use crate::wasm;
use crate::words;

/// What the browser may have to fetch, compressed.
const WASM_BUDGET: u64 = 100_000;
const FIRST_VISIT_BUDGET: u64 = 200_000;

#[derive(Args)]
pub struct Options {
    /// Run one step alone
    #[arg(long, value_name = "STEP")]
    only: Option<Step>,
}

#[derive(Clone, Copy, Debug, PartialEq, ValueEnum)]
enum Step {
    /// Formatting
    Fmt,
    /// Lints
    Clippy,
    /// Who depends on whom, and what stands where
    Structure,
    /// The query cache is current
    Sqlx,
    /// Rust tests: unit, property, database, HTTP
    Rust,
    /// The browser's part builds and stays small
    Bundle,
    /// Many clients while server and database are killed
    Storm,
    /// Browser tests
    Browser,
}

impl Step {
    const ALL: [Self; 8] = [
        Self::Fmt,
        Self::Clippy,
        Self::Structure,
        Self::Sqlx,
        Self::Rust,
        Self::Bundle,
        Self::Storm,
        Self::Browser,
    ];
    const QUICK: [Self; 4] = [Self::Fmt, Self::Clippy, Self::Structure, Self::Sqlx];

    fn title(self) -> &'static str {
        match self {
            Self::Fmt => "Formatting",
            Self::Clippy => "Lints",
            Self::Structure => "Structure",
            Self::Sqlx => "Query cache",
            Self::Rust => "Rust tests",
            Self::Storm => "Storm",
            Self::Bundle => "Bundle",
            Self::Browser => "Browser tests",
        }
    }
}

pub fn run(options: &Options) -> Result<()> {
    match options.only {
        Some(step) => run_steps(&[step], shell::cargo_at_once),
        None => run_steps(&Step::ALL, shell::cargo_at_once),
    }
}

/// The part without a browser, for use while writing.
pub fn check() -> Result<()> {
    run_steps(&Step::QUICK, shell::cargo)
}

fn run_steps(steps: &[Step], cargo: fn() -> Command) -> Result<()> {
    let _lock = Lock::take("test", "")?;
    let mut bench = Bench::new(cargo, steps.contains(&Step::Sqlx));
    let mut outcomes = Vec::new();
    let before = Generated::now()?;
    for (at, step) in steps.iter().enumerate() {
        shell::stop_if_interrupted()?;
        println!("\n── [{}/{}] {} ──", at + 1, steps.len(), step.title());
        let started = Instant::now();
        let result = bench.run(*step);
        shell::stop_if_interrupted()?;
        let outcome = Outcome::of(*step, result.as_ref().err(), bench.take_tally(), started.elapsed());
        let has_failed = outcome.state == State::Failed;
        outcomes.push(outcome);
        if let Err(error) = result {
            println!("\nfailed: {error:#}");
        }
        if has_failed {
            break;
        }
    }
    drop(bench);
    let rewritten = Generated::now()?.changed_since(&before);
    let is_clean = rewritten.is_empty();
    if !is_clean {
        println!("\nThe run has rewritten generated files; commit them: {}", rewritten.join(", "));
    }
    finish(steps, &outcomes, is_clean)
}

/// Prints the table and the closing line.
fn finish(steps: &[Step], outcomes: &[Outcome], is_clean: bool) -> Result<()> {
    println!();
    let mut total = Tally::default();
    for outcome in outcomes {
        println!("{outcome}");
        total += outcome.tally;
    }
    for step in &steps[outcomes.len()..] {
        println!("  {:16}not run", step.title());
    }
    if !is_clean {
        println!("  {:16}failed", "Generated files");
        total += Tally::ONE_FAILED;
    }
    println!("\n{} passed, {} failed", total.passed, total.failed);
    if total.failed > 0 { bail!("not all is well; the first failure is shown above") } else { Ok(()) }
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum State {
    Passed,
    Failed,
}

/// How a step went. A step that counts no tests of its own counts as one.
struct Outcome {
    step: Step,
    state: State,
    tally: Tally,
    elapsed: Duration,
}

impl Outcome {
    fn of(step: Step, error: Option<&anyhow::Error>, counted: Tally, elapsed: Duration) -> Self {
        let state = if error.is_some() { State::Failed } else { State::Passed };
        let tally = match state {
            State::Passed if counted == Tally::default() => Tally::ONE_PASSED,
            State::Failed if counted.failed == 0 => Tally { failed: 1, ..counted },
            _ => counted,
        };
        Self { step, state, tally, elapsed }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = match self.state {
            State::Passed => "passed",
            State::Failed => "failed",
        };
        let counts = match self.tally {
            Tally::ONE_PASSED | Tally::ONE_FAILED => String::new(),
            Tally { passed, failed: 0 } => format!("{passed} tests"),
            Tally { passed, failed } => format!("{failed} of {} tests failed", passed + failed),
        };
        let line =
            format!("  {:16}{state}  {:>12}  {counts}", self.step.title(), Elapsed(self.elapsed).to_string());
        f.write_str(line.trim_end())
    }
}

/// What steps share: the tests' database, started by the first that needs it, and the counts.
struct Bench {
    cargo: fn() -> Command,
    database: Option<Server>,
    /// Whether one of the steps looks at the query cache, and what sqlx noted for it.
    checks_queries: bool,
    queries: Option<sqlx_cache::Cache>,
    has_bundle: bool,
    /// The server as the Rust tests have compiled it.
    binary: Option<PathBuf>,
    tally: Tally,
}

impl Bench {
    fn new(cargo: fn() -> Command, checks_queries: bool) -> Self {
        Self {
            cargo,
            database: None,
            checks_queries,
            queries: None,
            has_bundle: false,
            binary: None,
            tally: Tally::default(),
        }
    }

    fn run(&mut self, step: Step) -> Result<()> {
        match step {
            Step::Fmt => shell::run(shell::cargo().args(["fmt", "--all", "--check"]))
                .context("the code is not formatted. Run: cargo fmt --all"),
            Step::Clippy => self.lint(),
            Step::Structure => structure::check().and_then(|()| words::check()),
            Step::Sqlx => self.queries(),
            Step::Rust => self.rust(),
            Step::Storm => self.storm(),
            Step::Bundle => self.bundle(),
            Step::Browser => self.browser(),
        }
    }

    fn take_tally(&mut self) -> Tally {
        std::mem::take(&mut self.tally)
    }

    fn database(&mut self) -> Result<&Server> {
        let server = match self.database.take() {
            Some(server) => server,
            None => Cluster::locate(Purpose::Test)?.start()?,
        };
        Ok(self.database.insert(server))
    }

    /// Where the queries are checked as well, sqlx notes them while they are linted: one compilation.
    fn lint(&mut self) -> Result<()> {
        let mut clippy = (self.cargo)();
        clippy.args(["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]);
        if self.checks_queries {
            self.queries = Some(sqlx_cache::record(self.database()?, clippy)?);
            Ok(())
        } else {
            shell::run(&mut clippy)
        }
    }

    fn queries(&mut self) -> Result<()> {
        let recorded = match self.queries.take() {
            Some(recorded) => recorded,
            None => {
                let checking = sqlx_cache::checking((self.cargo)())?;
                sqlx_cache::record(self.database()?, checking)?
            }
        };
        sqlx_cache::compare(&recorded)
    }

    /// nextest gives each test a process of its own; without it cargo's runner does. What they
    /// need is compiled first, so that the time of the tests is their own.
    fn rust(&mut self) -> Result<()> {
        let has_nextest = shell::quiet(shell::cargo().args(["nextest", "--version"])).is_ok();
        let mut compiling = (self.cargo)();
        let mut cargo = (self.cargo)();
        if has_nextest {
            compiling.args(["nextest", "run", "--workspace", "--no-run"]);
            cargo.args(["nextest", "run", "--workspace", "--no-tests=pass", "--no-fail-fast"]);
        } else {
            note("cargo-nextest is not installed, using cargo test");
            compiling.args(["test", "--workspace", "--no-run"]);
            cargo.args(["test", "--workspace", "--no-fail-fast"]);
        }
        shell::run(&mut compiling).context("the tests did not compile")?;
        self.binary = compiled_with_the_tests();
        let database = self.database()?;
        // Each test has a database of its own. One that is migrated is copied as quickly as an empty one.
        let _template = database.template(|name| {
            migrations::run(database, name)?;
            migrations::note_all(database, name)
        })?;
        cargo.env("DATABASE_URL", database.url());
        let mut tally = Tally::default();
        let all_passed = shell::run_reading(&mut cargo, |line| {
            if let Some(counted) = tally::read(line) {
                tally += counted;
            }
        })?;
        self.tally = tally;
        if all_passed { Ok(()) } else { bail!("Rust tests failed") }
    }

    fn storm(&mut self) -> Result<()> {
        self.ensure_bundle()?;
        let binary = self.binary()?;
        storm::with(&storm::Options::short(), binary)
    }

    fn ensure_bundle(&mut self) -> Result<()> {
        if !self.has_bundle {
            bundle::build(&wasm::ensure_compiler()?, Effort::Small)?;
            self.has_bundle = true;
        }
        Ok(())
    }

    fn binary(&mut self) -> Result<PathBuf> {
        let binary = match self.binary.take() {
            Some(binary) => binary,
            None => application::build((self.cargo)(), Profile::Debug)?,
        };
        Ok(self.binary.insert(binary).clone())
    }

    fn bundle(&mut self) -> Result<()> {
        let compiler = wasm::ensure_compiler()?;
        let manifest = bundle::build(&compiler, Effort::Small)?;
        self.has_bundle = true;
        let sizes = bundle::sizes(&manifest)?;
        note(bundle::report(&sizes));
        check_budget(&sizes)
    }

    fn browser(&mut self) -> Result<()> {
        self.ensure_bundle()?;
        let binary = self.binary()?;
        let mut tally = Tally::default();
        let outcome = browser::test(binary, self.database()?, |line| {
            if let Some(counted) = tally::read(line) {
                tally += counted;
            }
        });
        self.tally = tally;
        outcome
    }
}

/// Cargo compiles a package's binaries along with its integration tests. Asking for the server alone
/// would give some dependencies other features and compile them once more.
fn compiled_with_the_tests() -> Option<PathBuf> {
    let binary = project::target().join("debug/claimdesk");
    (project::path("server/tests").is_dir() && binary.exists()).then_some(binary)
}

fn check_budget(sizes: &[Size]) -> Result<()> {
    let total: u64 = sizes.iter().map(|size| size.brotli).sum();
    let wasm: u64 = sizes.iter().filter(|size| size.address.ends_with(".wasm")).map(|size| size.brotli).sum();
    for (what, bytes, budget) in
        [("the wasm module", wasm, WASM_BUDGET), ("a first visit", total, FIRST_VISIT_BUDGET)]
    {
        if bytes > budget {
            bail!("{what} weighs {bytes} bytes with brotli, more than its budget of {budget}");
        }
    }
    Ok(())
}

/// Files that programs write and people commit, by content. Screenshots are left out: they differ by
/// a pixel from machine to machine.
#[derive(Debug, PartialEq)]
struct Generated(BTreeMap<PathBuf, String>);

impl Generated {
    fn now() -> Result<Self> {
        let mut list = shell::program("git");
        list.args(["ls-files", "--cached", "--others", "--exclude-standard"]);
        // A checkout without git, from an archive for instance, has nothing to compare.
        let listed = shell::quiet(&mut list).unwrap_or_default();
        shell::stop_if_interrupted()?;
        let files = listed.lines().filter(|file| is_generated(file));
        Ok(Self(
            files
                .filter_map(|file| {
                    let bytes = fs::read(project::path(file)).ok()?;
                    Some((PathBuf::from(file), project::short_hash(&bytes)))
                })
                .collect(),
        ))
    }

    fn changed_since(&self, before: &Self) -> Vec<String> {
        let names = self.0.keys().chain(before.0.keys());
        let mut changed: Vec<String> = names
            .filter(|name| self.0.get(*name) != before.0.get(*name))
            .map(|name| name.display().to_string())
            .collect();
        changed.sort();
        changed.dedup();
        changed
    }
}

fn is_generated(file: &str) -> bool {
    file.starts_with(".sqlx/")
        || ["Cargo.lock", "package-lock.json", "openapi.json", ".snap", ".snap.new"]
            .iter()
            .any(|end| file.ends_with(end))
        || (file.contains("-snapshots/") && !file.ends_with(".png"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bundle_over_its_budget_fails() {
        let size = |address: &str, brotli| Size { address: address.to_owned(), raw: 0, brotli };
        assert!(check_budget(&[size("/pkg/client.a.wasm", 99_000), size("/pkg/style.b.css", 9_000)]).is_ok());
        assert!(check_budget(&[size("/pkg/client.a.wasm", 100_001)]).is_err());
        assert!(
            check_budget(&[size("/pkg/client.a.wasm", 90_000), size("/pkg/client.b.js", 111_000)]).is_err()
        );
    }

    #[test]
    fn a_step_without_tests_of_its_own_counts_as_one() {
        let took = Duration::from_secs(1);
        let passed = Outcome::of(Step::Fmt, None, Tally::default(), took);
        assert_eq!(passed.tally, Tally::ONE_PASSED);
        let error = anyhow::anyhow!("did not compile");
        let failed = Outcome::of(Step::Rust, Some(&error), Tally { passed: 3, failed: 0 }, took);
        assert_eq!(failed.tally, Tally { passed: 3, failed: 1 });
    }

    #[test]
    fn generated_files_are_compared_by_content() {
        let files = |entries: &[(&str, &str)]| {
            Generated(entries.iter().map(|(name, hash)| (PathBuf::from(name), (*hash).to_owned())).collect())
        };
        let before = files(&[("Cargo.lock", "1"), (".sqlx/query-a.json", "1")]);
        let after = files(&[("Cargo.lock", "1"), (".sqlx/query-a.json", "2"), ("a.snap.new", "1")]);
        assert_eq!(after.changed_since(&before), [".sqlx/query-a.json", "a.snap.new"]);
        assert!(before.changed_since(&before).is_empty());
    }

    #[test]
    fn screenshots_may_differ() {
        assert!(is_generated("end2end/tests/desk.spec.ts-snapshots/desk.aria.yml"));
        assert!(!is_generated("end2end/tests/desk.spec.ts-snapshots/desk.png"));
        assert!(!is_generated("app/src/lib.rs"));
    }
}
