//! `cargo xtask storm`: many clients at once, while server and database are killed, and what is left
//! of it afterwards is what was acknowledged, once, and in the right hands.

mod check;
mod client;

use std::fs::File;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::PathBuf;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use clap::Args;
use nix::sys::signal::Signal;

use crate::application::{self, Application, Profile};
use crate::bundle::{self, Effort};
use crate::lock::Lock;
use crate::postgres::{Cluster, Purpose, Server};
use crate::project;
use crate::shell::{self, Running};
use crate::steps::{Elapsed, note};
use crate::wasm;
use client::{Client, Storm};

#[derive(Args)]
pub struct Options {
    /// How long the clients go on
    #[arg(long, default_value_t = 60, value_parser = clap::value_parser!(u64).range(2..=3600))]
    seconds: u64,
    /// How many clients there are, each with an account of its own
    #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u32).range(3..=200))]
    clients: u32,
    /// How many claims they work on, at least
    #[arg(long, default_value_t = 200, value_parser = clap::value_parser!(u32).range(10..=5000))]
    claims: u32,
    /// Compile the server with optimisations
    #[arg(long)]
    release: bool,
    /// Use this server instead of compiling one
    #[arg(long, value_name = "FILE", conflicts_with = "release")]
    binary: Option<PathBuf>,
}

impl Options {
    /// Short enough for every run of the tests.
    pub fn short() -> Self {
        Self { seconds: 8, clients: 8, claims: 40, release: false, binary: None }
    }
}

pub fn run(options: &Options) -> Result<()> {
    bundle::build(&wasm::ensure_compiler()?, Effort::Small)?;
    let binary = match &options.binary {
        Some(binary) => binary.canonicalize().with_context(|| format!("there is no {}", binary.display()))?,
        None => {
            let profile = if options.release { Profile::Release } else { Profile::Debug };
            application::build(shell::cargo(), profile)?
        }
    };
    with(options, binary)
}

/// As [`run`], with a server that is compiled already.
pub fn with(options: &Options, binary: PathBuf) -> Result<()> {
    let _lock = Lock::take("storm", "")?;
    let mut database = Cluster::locate(Purpose::Storm)?.start()?;
    let application = Application::new(binary, database.access(), project::target().join("storm-files"));
    application.migrate()?;
    let address = free_address()?;
    let log_path = project::target().join("storm-server.log");
    let log =
        File::create(&log_path).with_context(|| format!("could not write {}", project::shown(&log_path)))?;
    let serve = || -> Result<Running> {
        let mut server = application.serve(address, Some(&log))?;
        application::wait_until_ready(&mut server, address)?;
        Ok(server)
    };
    let mut server = serve()?;

    let accounts = client::accounts(&database, &application, options.clients)?;
    let claims = client::claims(&database, address, &accounts, options.claims)?;
    note(format!(
        "{} clients on {} claims for {} s, at http://{address}",
        accounts.len(),
        claims.len(),
        options.seconds
    ));
    let lasts = Duration::from_secs(options.seconds);
    let storm = Arc::new(Storm::new(address, claims, lasts, check::takes_two(&database)?));
    let clients: Vec<_> = accounts
        .into_iter()
        .map(|account| {
            let client = Client::new(storm.clone(), account);
            thread::spawn(move || client.work())
        })
        .collect();

    let mut outages = Vec::new();
    // After a quarter, half and three quarters of the time.
    for (share, victim) in [(0.25, Victim::Server), (0.5, Victim::Database), (0.75, Victim::Server)] {
        storm.wait_until(Duration::from_secs(options.seconds).mul_f64(share))?;
        let killed = Instant::now();
        match victim {
            Victim::Server => {
                shell::signal(i32::try_from(server.id())?, Signal::SIGKILL);
                server.wait()?;
                server = serve()?;
            }
            Victim::Database => {
                database.kill()?;
                database.revive()?;
                application::wait_until_ready(&mut server, address)?;
            }
        }
        outages.push((victim, killed.elapsed()));
    }
    let mut believed = Vec::new();
    for client in clients {
        believed.push(client.join().map_err(|_| anyhow::anyhow!("a client panicked"))?);
    }
    shell::stop_if_interrupted()?;
    let lasted = storm.elapsed();
    for (victim, outage) in &outages {
        note(format!("{} was killed, and all answered again after {}", victim.name(), Elapsed(*outage)));
    }
    let died = server.finished()?;
    server.stop(Duration::from_secs(10));
    if let Some(status) = died {
        bail!("the server ended by itself ({status}); its log is {}", project::shown(&log_path));
    }
    check::all(&database, &application, &storm, &believed, lasted)
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Victim {
    Server,
    Database,
}

impl Victim {
    fn name(self) -> &'static str {
        match self {
            Self::Server => "the server",
            Self::Database => "the database",
        }
    }
}

fn free_address() -> Result<SocketAddr> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
        .and_then(|listener| listener.local_addr())
        .context("found no free port on 127.0.0.1")
}

/// A number in SQL's answer.
fn number(database: &Server, sql: &str) -> Result<u64> {
    let answer = database.query(sql)?;
    answer.parse().with_context(|| format!("{answer:?} is no number; the query was {sql}"))
}

#[cfg(test)]
mod tests {
    use super::client::Role;
    use super::*;

    #[test]
    fn the_short_storm_has_an_editor_and_several_reviewers() {
        let roles: Vec<Role> = (0..Options::short().clients).map(Role::of).collect();
        assert!(roles.contains(&Role::Editor));
        assert!(roles.iter().filter(|role| **role == Role::Reviewer).count() >= 2);
    }
}
