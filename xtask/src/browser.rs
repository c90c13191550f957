//! The browser tests: a browser, a server with the demo data, and Playwright.

use std::env;
use std::fs::{self, File};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::application::{self, Application, Demo};
use crate::bundle::install_npm_packages;
use crate::packages;
use crate::postgres::Server;
use crate::project;
use crate::shell::{self, Running};
use crate::steps::note;

const DATABASE: &str = "browser";

/// Runs the browser tests against this server, handing each line they print to `look`.
pub fn test(binary: PathBuf, database: &Server, look: impl FnMut(&str)) -> Result<()> {
    let end2end = project::path("end2end");
    if !end2end.join("package.json").exists() {
        bail!("there are no browser tests: end2end/package.json is missing from this checkout");
    }
    install_npm_packages(&end2end, Duration::from_secs(300))?;
    let chromium = ensure_chromium(&end2end)?;
    let demo = Demo::read()?;
    let application = Application::new(binary, database.fresh_access(DATABASE)?, fresh_files()?);
    application.migrate()?;
    application.seed()?;

    let address = free_address()?;
    let provider = Provider::start(&end2end, address)?;
    let log_path = project::target().join("browser-test-server.log");
    let log =
        File::create(&log_path).with_context(|| format!("could not write {}", project::shown(&log_path)))?;
    let mut server = application.serve_with(address, Some(&log), &provider.settings())?;
    application::wait_until_ready(&mut server, address).with_context(|| last_words(&log_path))?;
    note(format!("testing http://{address} with {}", chromium.display()));
    let mut playwright = shell::program("npx");
    playwright
        .current_dir(&end2end)
        .args(["--no-install", "playwright", "test"])
        .env("BASE_URL", format!("http://{address}"))
        .env("CHROMIUM_PATH", &chromium)
        // A test breaks what is kept there, to see that it is found.
        .env("CLAIMDESK_FILES", application.files())
        .env("DEMO_PASSWORD", &demo.demo_password)
        .env("OIDC_ISSUER", &provider.issuer)
        // The HTML report must not open itself and wait for a person.
        .env("PLAYWRIGHT_HTML_OPEN", "never");
    let all_passed = shell::run_reading(&mut playwright, look)?;
    let died = server.finished()?;
    server.stop(Duration::from_secs(10));
    if let Some(status) = died {
        bail!("the server ended during the tests ({status}).\n{}", last_words(&log_path));
    }
    if !all_passed {
        bail!("browser tests failed; the server's log is {}", project::shown(&log_path));
    }
    Ok(())
}

/// Where the server under test keeps copies: empty, as its database is.
fn fresh_files() -> Result<PathBuf> {
    let files = project::target().join("browser-test-files");
    if files.exists() {
        fs::remove_dir_all(&files).with_context(|| format!("could not clear {}", project::shown(&files)))?;
    }
    Ok(files)
}

/// The identity provider that people of the tests sign in at, ended when this is dropped.
struct Provider {
    issuer: String,
    _running: Running,
}

impl Provider {
    fn start(end2end: &Path, desk: SocketAddr) -> Result<Self> {
        let address = free_address()?;
        let log_path = project::target().join("browser-test-provider.log");
        let log = File::create(&log_path)
            .with_context(|| format!("could not write {}", project::shown(&log_path)))?;
        let mut node = shell::program("node");
        node.current_dir(end2end)
            .args(["support/provider.mjs", &address.port().to_string(), &format!("http://{desk}")])
            .stdout(log.try_clone()?)
            .stderr(log);
        let mut running = Running::start(&mut node)?;
        let deadline = Instant::now() + Duration::from_secs(30);
        while TcpStream::connect(address).is_err() {
            shell::stop_if_interrupted()?;
            if running.finished()?.is_some() || Instant::now() > deadline {
                bail!("the identity provider did not start.\n{}", last_words(&log_path));
            }
            thread::sleep(Duration::from_millis(50));
        }
        Ok(Self { issuer: format!("http://{address}"), _running: running })
    }

    /// What the server is told of it; the secret is in `end2end/support/provider.mjs` as well.
    fn settings(&self) -> [(&str, &str); 5] {
        [
            ("CLAIMDESK_OIDC_ISSUER", &self.issuer),
            ("CLAIMDESK_OIDC_CLIENT_ID", "claimdesk"),
            ("CLAIMDESK_OIDC_CLIENT_SECRET", "a secret between the desk and its provider"),
            ("CLAIMDESK_OIDC_NAME", "Newsroom"),
            ("CLAIMDESK_OIDC_DOMAINS", "readers.example"),
        ]
    }
}

fn last_words(log: &Path) -> String {
    let text = fs::read_to_string(log).unwrap_or_default();
    format!("the end of {}:\n{}", project::shown(log), shell::tail(&text, 15))
}

fn free_address() -> Result<SocketAddr> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
        .and_then(|listener| listener.local_addr())
        .context("found no free port on 127.0.0.1")
}

/// The headless shell is Chromium without what only a screen needs, and takes two thirds of the time. Where
/// there is none: a Chromium that is installed, else Debian's package, else Playwright's own.
fn ensure_chromium(end2end: &Path) -> Result<PathBuf> {
    if let Some(chosen) = env::var_os("CHROMIUM_PATH").filter(|path| !path.is_empty()) {
        let chosen = PathBuf::from(chosen);
        if shell::is_executable(&chosen) {
            return Ok(chosen);
        }
        bail!("CHROMIUM_PATH names {}, which is not a program", chosen.display());
    }
    if let Some(shell) = headless_shell() {
        return Ok(shell);
    }
    if let Some(found) = installed_chromium() {
        return Ok(found);
    }
    let from_system = if packages::can_install() { packages::install(&["chromium"]).err() } else { None };
    if let Some(found) = installed_chromium() {
        return Ok(found);
    }
    playwrights_chromium(end2end).map_err(|error| {
        let system = from_system.map(|error| format!("\napt said: {error:#}")).unwrap_or_default();
        error.context(format!(
            "no Chromium for the browser tests. Install one (Debian: sudo apt-get install chromium) \
             or name it in CHROMIUM_PATH{system}"
        ))
    })
}

fn headless_shell() -> Option<PathBuf> {
    const NAMES: [&str; 2] = ["chromium-headless-shell", "chrome-headless-shell"];
    let installed = || NAMES.iter().find_map(|name| shell::find(name));
    if let Some(found) = installed() {
        return Some(found);
    }
    if packages::can_install() && packages::install_quickly(&NAMES[..1]).is_err() {
        note("going on without it: the browser tests take longer");
    }
    installed()
}

fn installed_chromium() -> Option<PathBuf> {
    const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
    const APPLICATIONS: [&str; 2] = [
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
        "/Applications/Chromium.app/Contents/MacOS/Chromium",
    ];
    NAMES
        .iter()
        .find_map(|name| shell::find(name))
        .or_else(|| APPLICATIONS.iter().map(PathBuf::from).find(|file| shell::is_executable(file)))
}

fn playwrights_chromium(end2end: &Path) -> Result<PathBuf> {
    let script = "console.log(require('@playwright/test').chromium.executablePath())";
    let printed = shell::quiet(shell::program("node").current_dir(end2end).args(["-e", script]))?;
    let path = PathBuf::from(printed.trim());
    if !shell::is_executable(&path) {
        note("downloading Playwright's Chromium");
        shell::quiet_within(
            shell::program("npx").current_dir(end2end).args([
                "--no-install",
                "playwright",
                "install",
                "chromium",
            ]),
            Duration::from_secs(600),
        )?;
    }
    if shell::is_executable(&path) {
        Ok(path)
    } else {
        bail!("Playwright's Chromium is not at {}", path.display())
    }
}
