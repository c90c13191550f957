//! The `claimdesk` program. What each subcommand does is in the library, so that tests can do it.

use clap::Parser as _;
use server::config::{Cli, Command};
use std::process::ExitCode;

/// Extraction makes many small strings and drops them soon: a quarter faster with this allocator.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let cli = Cli::parse();
    let outcome = match cli.command {
        // Starts no runtime and opens no connection: a pipeline calls it once for each text.
        Command::Extract(options) => server::extraction::run(&options),
        Command::Serve(options) => server::with_runtime(&cli.log, server::serve::run(options)),
        Command::Migrate(options) => server::with_runtime(&cli.log, server::people::migrate(options)),
        Command::Seed(options) => server::with_runtime(&cli.log, server::seed::run(options)),
        Command::Ingest(options) => server::with_runtime(&cli.log, server::ingest::run(options)),
        Command::User(command) => server::with_runtime(&cli.log, server::people::user(command)),
        Command::Token(command) => server::with_runtime(&cli.log, server::people::token(command)),
        Command::Export(options) => server::with_runtime(&cli.log, server::export::run(options)),
        Command::Copies(command) => server::with_runtime(&cli.log, server::copies::run(command)),
        Command::History(command) => server::with_runtime(&cli.log, server::history::run(command)),
        Command::Worker(options) => server::with_runtime(&cli.log, server::worker::alone(options)),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("claimdesk: {error:#}");
            ExitCode::FAILURE
        }
    }
}
