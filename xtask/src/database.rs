//! `cargo xtask database`: the private PostgreSQL by hand, for psql, a debugger or `cargo test`.

use anyhow::Result;
use clap::{Args, Subcommand};

use crate::postgres::{Cluster, Purpose};

#[derive(Args)]
pub struct Options {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Start it, leave it running and print its address
    Start(Which),
    /// Stop it
    Stop(Which),
    /// Print the address, as DATABASE_URL takes it
    Url(Which),
}

#[derive(Args)]
struct Which {
    /// The tests' database instead of the application's: fast, made anew each time it starts
    #[arg(long)]
    test: bool,
}

impl Which {
    fn purpose(&self) -> Purpose {
        if self.test { Purpose::Test } else { Purpose::Serve }
    }
}

pub fn run(options: &Options) -> Result<()> {
    match &options.command {
        Command::Start(which) => {
            let server = Cluster::locate(which.purpose())?.start()?;
            println!("{}", server.url());
            server.keep()
        }
        Command::Stop(which) => {
            let was_running = Cluster::locate(which.purpose())?.stop();
            println!("{}", if was_running { "stopped" } else { "it was not running" });
            Ok(())
        }
        Command::Url(which) => {
            println!("{}", Cluster::locate(which.purpose())?.url("claimdesk"));
            Ok(())
        }
    }
}
