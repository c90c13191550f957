//! What the README's two commands call: sets up what is missing, builds, serves and tests Claimdesk.
//!
//! Nothing here is part of the product: a production server needs the `claimdesk` binary, the bundle
//! and a database, not this program.

mod application;
mod bench;
mod browser;
mod bundle;
mod css;
mod database;
mod http;
mod learn;
mod lock;
mod migrations;
mod packages;
mod postgres;
mod project;
mod serve;
mod shell;
mod sqlx_cache;
mod steps;
mod storm;
mod structure;
mod tally;
mod test;
mod wasm;
mod words;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", about, max_term_width = 100)]
/// Builds, sets up, serves and tests Claimdesk
///
/// Every command sets up what it needs first and says what it does. None of them asks a question.
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Build everything, start a private PostgreSQL, load the demo data and serve the application
    ///
    /// Uses the database that DATABASE_URL names, or, where it is unset, a PostgreSQL of its own whose
    /// data lives in `.data/` and which stops with this command.
    Serve(serve::Options),
    /// Run every check and test: formatting, lints, structure, Rust tests, bundle size, browser
    Test(test::Options),
    /// The quick part of `test`: formatting, lints, structure and generated files; no browser
    Check,
    /// Build what the browser loads into `target/site`
    Bundle(bundle::Options),
    /// Start, stop or name the private PostgreSQL, for work by hand
    Database(database::Options),
    /// Let many clients at the server while it and its database are killed, and check what is left
    ///
    /// Fails where a claim was held by two, a verdict that was acknowledged is lost or there twice, a
    /// second review is by the author of the first, a counter differs from a recount or the history does
    /// not verify. The database is one of its own, made anew.
    Storm(storm::Options),
    /// Measure how long reads and writes take on a desk that is full, beside what is promised of them
    ///
    /// The database is one of its own, which is kept: it is filled once. Nothing of it is a test, since how
    /// fast a machine is says nothing of whether the program is right.
    Bench(bench::Options),
    /// Regenerate `.sqlx`, the query cache that lets the workspace build without a database
    Prepare,
    /// Bring the catalogues of the interface's languages in step with the source
    ///
    /// Texts that are new stand there untranslated, what is gone is dropped. `--check` only looks, as
    /// `test` does.
    Words(words::Options),
    /// Learn the weights that extraction carries again, from the labelled texts
    ///
    /// Writes `server/extract/model`. The same texts give the same bytes on every machine.
    Train(learn::Train),
    /// Measure extraction on the labelled texts, task by task, with the scorer that lies beside them
    Evaluate(learn::Evaluate),
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    if let Err(error) = shell::watch_signals() {
        return fail(&error);
    }
    let outcome = match cli.command {
        Command::Serve(options) => serve::run(&options),
        Command::Test(options) => test::run(&options),
        Command::Check => test::check(),
        Command::Bundle(options) => bundle::run(&options),
        Command::Database(options) => database::run(&options),
        Command::Storm(options) => storm::run(&options),
        Command::Bench(options) => bench::run(&options),
        Command::Prepare => sqlx_cache::prepare(),
        Command::Words(options) => words::run(&options),
        Command::Train(options) => learn::train(&options),
        Command::Evaluate(options) => learn::evaluate(&options),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) if shell::was_interrupted() => {
            eprintln!("Stopped.");
            ExitCode::from(130)
        }
        Err(error) => fail(&error),
    }
}

/// Prints the whole chain, outermost first: what was being tried, then why it did not work.
fn fail(error: &anyhow::Error) -> ExitCode {
    eprintln!();
    for (depth, cause) in error.chain().enumerate() {
        let lead = if depth == 0 { "error: " } else { "  because: " };
        eprintln!("{lead}{cause}");
    }
    ExitCode::FAILURE
}
