//! The built `claimdesk` binary: its subcommands, and the server while it runs.

use std::fs::File;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use crate::postgres::{APPLICATION, Access};
use crate::project;
use crate::shell::{self, Running};

/// How the server is compiled.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Profile {
    Debug,
    Release,
}

/// The binary, the database it works on, and where it keeps copies of evidence.
pub struct Application {
    binary: PathBuf,
    access: Access,
    files: PathBuf,
}

/// Compiles the server with this cargo and returns its binary.
pub fn build(mut cargo: Command, profile: Profile) -> Result<PathBuf> {
    cargo.args(["build", "--package", "server", "--bin", "claimdesk"]);
    let dir = match profile {
        Profile::Debug => "debug",
        Profile::Release => {
            cargo.arg("--release");
            "release"
        }
    };
    shell::run(&mut cargo).context("could not compile the server")?;
    Ok(project::target().join(dir).join("claimdesk"))
}

impl Application {
    pub fn new(binary: PathBuf, access: Access, files: PathBuf) -> Self {
        Self { binary, access, files }
    }

    pub fn files(&self) -> &Path {
        &self.files
    }

    pub fn migrate(&self) -> Result<()> {
        let mut command = self.command();
        command.arg("migrate").env("DATABASE_URL", &self.access.owner);
        if self.access.application.is_some() {
            command.args(["--grant-to", APPLICATION]);
        }
        shell::quiet(&mut command).context("could not bring the database up to date")?;
        Ok(())
    }

    /// Loads the demo data into a database that has none yet.
    pub fn seed(&self) -> Result<()> {
        shell::quiet(self.command().args(["seed", "--once"])).context("could not load the demo data")?;
        Ok(())
    }

    /// Runs a subcommand and returns what it printed.
    pub fn run(&self, arguments: &[&str], environment: &[(&str, &str)]) -> Result<String> {
        shell::quiet(self.command().args(arguments).envs(environment.iter().copied()))
    }

    /// Starts the server. Its words go to the terminal, or to a file where one is given.
    pub fn serve(&self, address: SocketAddr, log: Option<&File>) -> Result<Running> {
        self.serve_with(address, log, &[])
    }

    /// As [`Self::serve`], with more settings.
    pub fn serve_with(
        &self,
        address: SocketAddr,
        log: Option<&File>,
        settings: &[(&str, &str)],
    ) -> Result<Running> {
        let mut command = self.command();
        command.envs(settings.iter().copied());
        command
            .arg("serve")
            .env("CLAIMDESK_ADDRESS", address.to_string())
            .env("CLAIMDESK_SITE", project::site());
        if let Some(log) = log {
            command.stdout(log.try_clone()?).stderr(log.try_clone()?);
        }
        Running::start(&mut command)
    }

    fn command(&self) -> Command {
        let mut command = shell::program(&self.binary);
        command
            .env("DATABASE_URL", self.access.application.as_ref().unwrap_or(&self.access.owner))
            .env("CLAIMDESK_FILES", &self.files)
            .stdin(Stdio::null());
        command
    }
}

/// Waits until the server answers that it is ready.
pub fn wait_until_ready(server: &mut Running, address: SocketAddr) -> Result<()> {
    let deadline = Instant::now() + Duration::from_secs(60);
    while !is_ready(address) {
        shell::stop_if_interrupted()?;
        if let Some(status) = server.finished()? {
            bail!("{}", ended(status));
        }
        if Instant::now() > deadline {
            bail!("the server did not answer on http://{address}/health/ready within a minute");
        }
        thread::sleep(Duration::from_millis(50));
    }
    Ok(())
}

pub fn ended(status: ExitStatus) -> String {
    format!("the server ended by itself ({status}); its last words are above")
}

fn is_ready(address: SocketAddr) -> bool {
    ask(address).is_ok_and(|status| status.contains(" 200"))
}

fn ask(address: SocketAddr) -> std::io::Result<String> {
    let patience = Duration::from_secs(2);
    let mut stream = TcpStream::connect_timeout(&address, patience)?;
    stream.set_read_timeout(Some(patience))?;
    write!(stream, "GET /health/ready HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n")?;
    let mut answer = [0; 64];
    let read = stream.read(&mut answer)?;
    let answer = String::from_utf8_lossy(&answer[..read]);
    Ok(answer.lines().next().unwrap_or_default().to_owned())
}

/// Who can sign in once the demo data is loaded.
#[derive(Debug, PartialEq, Deserialize)]
pub struct Demo {
    pub demo_password: String,
    #[serde(rename = "account", default)]
    pub accounts: Vec<Account>,
}

#[derive(Debug, PartialEq, Deserialize)]
pub struct Account {
    pub email: String,
    pub role: String,
    pub name: String,
}

impl Demo {
    pub fn read() -> Result<Self> {
        let file = project::path("seeds/demo.toml");
        let text = std::fs::read_to_string(&file)
            .with_context(|| format!("could not read {}", project::shown(&file)))?;
        toml::from_str(&text).with_context(|| format!("{} is not as expected", project::shown(&file)))
    }

    /// The accounts as a small table.
    pub fn table(&self) -> String {
        let width = |of: fn(&Account) -> &str| {
            self.accounts.iter().map(|account| of(account).chars().count()).max().unwrap_or_default()
        };
        let (email, role) = (width(|a| &a.email), width(|a| &a.role));
        let rows: Vec<String> = self
            .accounts
            .iter()
            .map(|account| format!("    {:role$}  {:email$}  {}", account.role, account.email, account.name))
            .collect();
        rows.join("\n")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn demo_accounts_are_read_and_lined_up() {
        let demo: Demo = toml::from_str(
            r#"
            demo_password = "a long one"
            [[account]]
            email = "a@desk.example"
            role = "admin"
            name = "Ada"
            [[account]]
            email = "robin@desk.example"
            role = "reviewer"
            name = "Robin"
            extra = 1
            "#,
        )
        .expect("the format of seeds/demo.toml");
        assert_eq!(demo.demo_password, "a long one");
        assert_eq!(
            demo.table(),
            "    admin     a@desk.example      Ada\n    reviewer  robin@desk.example  Robin"
        );
    }
}
