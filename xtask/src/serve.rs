//! `cargo xtask serve`: from a bare clone to a page in the browser.

use std::env;
use std::io::ErrorKind;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::PathBuf;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use clap::Args;

use crate::application::{self, Application, Demo, Profile};
use crate::bundle::{self, Effort};
use crate::lock::Lock;
use crate::postgres::{Access, Cluster, Purpose, Server};
use crate::project;
use crate::shell::{self, Running};
use crate::steps::{Elapsed, Steps, note, warn};
use crate::wasm;

#[derive(Args)]
pub struct Options {
    /// Compile the server with optimisations
    #[arg(long)]
    release: bool,
    /// The port to serve on, at 127.0.0.1
    #[arg(long, default_value_t = 3000)]
    port: u16,
    /// Leave the database as it is: load no demo data
    #[arg(long)]
    no_seed: bool,
}

pub fn run(options: &Options) -> Result<()> {
    let started = Instant::now();
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, options.port));
    let mut lock = Lock::take("serve", &format!("http://{address}"))?;
    check_port(address)?;
    let profile = if options.release { Profile::Release } else { Profile::Debug };

    let mut steps = Steps::new(6);
    let compiler = steps.run("Finding a compiler for the browser's part", wasm::ensure_compiler)?;
    let binary = steps.run("Building the server", || application::build(shell::cargo(), profile))?;
    steps.run("Building the browser's part", || {
        let manifest = bundle::build(&compiler, Effort::Small)?;
        note(bundle::report(&bundle::sizes(&manifest)?));
        Ok(())
    })?;
    let mut database = steps.run("Starting the database", Database::start)?;
    let application = Application::new(binary, database.access(), files());
    steps.run("Preparing the data", || {
        application.migrate()?;
        if options.no_seed { Ok(()) } else { application.seed() }
    })?;
    let mut server = steps.run("Starting the server", || {
        let mut server = application.serve(address, None)?;
        lock.set_server(Some(server.id()))?;
        application::wait_until_ready(&mut server, address)?;
        Ok(server)
    })?;
    announce(address, started, options);
    watch(&mut server, &mut database)?;
    drop(database);
    println!("Stopped.");
    Ok(())
}

/// Where copies of evidence are kept: where the person said, or beside our own database.
fn files() -> PathBuf {
    match env::var_os("CLAIMDESK_FILES") {
        Some(place) if !place.is_empty() => place.into(),
        _ => project::path(".data/files"),
    }
}

/// The database in use: one that the person named, or our own.
enum Database {
    Named(String),
    Private(Server),
}

impl Database {
    fn start() -> Result<Self> {
        match env::var("DATABASE_URL") {
            Ok(url) if !url.is_empty() => {
                note(format!("using the database that DATABASE_URL names, {}", without_password(&url)));
                Ok(Self::Named(url))
            }
            _ => Ok(Self::Private(Cluster::locate(Purpose::Serve)?.start()?)),
        }
    }

    /// Who names a database says as which role the application works there.
    fn access(&self) -> Access {
        match self {
            Self::Named(url) => Access { owner: url.clone(), application: None },
            Self::Private(server) => server.access(),
        }
    }
}

/// Said before minutes of building, not after.
fn check_port(address: SocketAddr) -> Result<()> {
    if let Err(error) = TcpListener::bind(address) {
        bail!("{}", port_refused(address.port(), error.kind()));
    }
    Ok(())
}

fn port_refused(port: u16, kind: ErrorKind) -> String {
    let why = match kind {
        ErrorKind::AddrInUse => "is already in use by another program",
        ErrorKind::PermissionDenied => "is reserved for the administrator",
        _ => "cannot be used",
    };
    let other = if port == 3001 { 3002 } else { 3001 };
    format!("port {port} {why}. Choose another: cargo xtask serve --port {other}")
}

/// An address fit for the terminal.
fn without_password(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else {
        return "…".to_owned();
    };
    let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let shown = match authority.rsplit_once('@') {
        Some((user, host)) => {
            let user = user.split(':').next().unwrap_or_default();
            format!("{user}@{host}")
        }
        None => authority.to_owned(),
    };
    let path = path.split('?').next().unwrap_or_default();
    format!("{scheme}://{shown}{path}")
}

fn announce(address: SocketAddr, started: Instant, options: &Options) {
    println!();
    println!("Claimdesk is served at http://{address} (after {})", Elapsed(started.elapsed()));
    if !options.no_seed {
        match Demo::read() {
            Ok(demo) => {
                println!();
                println!("Demo accounts, each with the password {}", demo.demo_password);
                println!("{}", demo.table());
            }
            Err(error) => warn(format!("{error:#}")),
        }
    }
    println!();
    println!("Ctrl-C stops it.");
}

/// Until the server ends. The private database is started again if it is killed meanwhile: the
/// server reconnects by itself.
fn watch(server: &mut Running, database: &mut Database) -> Result<()> {
    loop {
        if let Some(status) = server.finished()? {
            if shell::was_interrupted() || status.success() {
                return Ok(());
            }
            bail!("{}", application::ended(status));
        }
        if let Database::Private(postgres) = database
            && !shell::was_interrupted()
            && postgres.revive()?
        {
            note("the database had stopped and was started again");
        }
        thread::sleep(Duration::from_millis(200));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_taken_port_names_the_way_out() {
        let words = port_refused(3000, ErrorKind::AddrInUse);
        assert!(words.contains("already in use") && words.contains("--port 3001"), "{words}");
        assert!(port_refused(3001, ErrorKind::AddrInUse).contains("--port 3002"));
    }

    #[test]
    fn a_password_is_not_printed() {
        assert_eq!(
            without_password("postgres://desk:s3cret@db.example:5432/claimdesk?sslmode=require"),
            "postgres://desk@db.example:5432/claimdesk"
        );
        assert_eq!(without_password("postgres://localhost/claimdesk"), "postgres://localhost/claimdesk");
    }
}
