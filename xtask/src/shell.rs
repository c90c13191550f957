//! Running other programs, and stopping them when this one is asked to stop.
//!
//! Every program gets a process group of its own, so that Ctrl-C reaches this program alone and the
//! shutdown happens in our order: first what runs, then the database it uses.

use std::env;
use std::ffi::OsStr;
use std::fmt;
use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use nix::sys::signal::{Signal, kill, killpg};
use nix::unistd::{Pid, geteuid};

use crate::project;

static SIGNALS_SEEN: AtomicUsize = AtomicUsize::new(0);
static RUNNING: Mutex<Vec<u32>> = Mutex::new(Vec::new());

/// From now on Ctrl-C, SIGTERM and SIGHUP end what runs and let this program clean up behind it.
/// A second signal no longer asks politely.
pub fn watch_signals() -> Result<()> {
    ctrlc::set_handler(|| {
        let earlier = SIGNALS_SEEN.fetch_add(1, Ordering::SeqCst);
        let signal = if earlier == 0 { Signal::SIGTERM } else { Signal::SIGKILL };
        for id in running().iter() {
            signal_group(*id, signal);
        }
    })
    .context("could not set up the handling of Ctrl-C")
}

pub fn was_interrupted() -> bool {
    SIGNALS_SEEN.load(Ordering::SeqCst) > 0
}

pub fn stop_if_interrupted() -> Result<()> {
    if was_interrupted() { bail!("stopped on request") } else { Ok(()) }
}

fn running() -> MutexGuard<'static, Vec<u32>> {
    RUNNING.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Whether this program runs with all rights.
pub fn is_root() -> bool {
    geteuid().is_root()
}

/// Whether a process with this id exists, no matter whose.
pub fn is_alive(id: i32) -> bool {
    id > 0 && !matches!(kill(Pid::from_raw(id), None), Err(nix::errno::Errno::ESRCH))
}

/// The command line of a running process, as far as the system tells it.
pub fn command_line(id: i32) -> Option<String> {
    if let Ok(raw) = std::fs::read(format!("/proc/{id}/cmdline")) {
        return Some(String::from_utf8_lossy(&raw).replace('\0', " "));
    }
    let mut ps = Command::new("ps");
    ps.args(["-p", &id.to_string(), "-o", "args="]);
    quiet(&mut ps).ok()
}

/// Sends a signal to one process; one that has gone already is not an error.
pub fn signal(id: i32, signal: Signal) {
    let _ = kill(Pid::from_raw(id), signal);
}

fn signal_group(id: u32, signal: Signal) {
    if let Ok(id) = i32::try_from(id) {
        let _ = killpg(Pid::from_raw(id), signal);
    }
}

/// A program to run from the project's root, without the variables that the surrounding
/// `cargo run` has set for this program alone.
pub fn program(name: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(name);
    command.current_dir(project::root()).stdin(Stdio::null());
    for (name, _) in env::vars_os() {
        if name.to_str().is_some_and(is_meant_for_this_program) {
            command.env_remove(name);
        }
    }
    for name in ["LD_LIBRARY_PATH", "DYLD_FALLBACK_LIBRARY_PATH"] {
        match env::var_os(name).and_then(|value| without_cargos_folders(&value)) {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    command
}

/// The cargo that the person called.
pub fn cargo() -> Command {
    program("cargo")
}

/// The same, for what is compiled as a whole and tested: what makes the next compilation quicker takes
/// longer than all else in the first. Its output stands beside that of [`cargo`].
pub fn cargo_at_once() -> Command {
    let mut cargo = cargo();
    if env::var_os("CARGO_INCREMENTAL").is_none() {
        cargo.env("CARGO_INCREMENTAL", "0");
    }
    cargo
}

fn is_meant_for_this_program(variable: &str) -> bool {
    const NAMES: [&str; 6] = [
        "CARGO",
        "CARGO_BIN_NAME",
        "CARGO_CRATE_NAME",
        "CARGO_PRIMARY_PACKAGE",
        "OUT_DIR",
        "RUST_RECURSION_COUNT",
    ];
    const FAMILIES: [&str; 2] = ["CARGO_PKG_", "CARGO_MANIFEST_"];
    NAMES.contains(&variable) || FAMILIES.iter().any(|family| variable.starts_with(family))
}

/// Cargo lists its own output and its toolchain first, where another compiler must not look.
fn without_cargos_folders(list: &OsStr) -> Option<std::ffi::OsString> {
    let toolchain = env::var_os("CARGO")
        .map(PathBuf::from)
        .and_then(|cargo| Some(cargo.parent()?.parent()?.to_path_buf()));
    let target = project::target();
    let kept: Vec<PathBuf> = env::split_paths(list)
        .filter(|path| !path.starts_with(&target))
        .filter(|path| toolchain.as_ref().is_none_or(|toolchain| !path.starts_with(toolchain)))
        .collect();
    if kept.is_empty() { None } else { env::join_paths(kept).ok() }
}

/// The command as a person would type it, for messages.
struct Shown<'a>(&'a Command);

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.get_program().display())?;
        for argument in self.0.get_args() {
            write!(f, " {}", argument.display())?;
        }
        Ok(())
    }
}

/// A program that was started and is ended, with all it has started itself, when this is dropped.
pub struct Running {
    child: Child,
    shown: String,
}

impl Running {
    pub fn start(command: &mut Command) -> Result<Self> {
        let shown = Shown(command).to_string();
        let child = command.process_group(0).spawn().with_context(|| format!("could not start `{shown}`"))?;
        running().push(child.id());
        Ok(Self { child, shown })
    }

    pub fn id(&self) -> u32 {
        self.child.id()
    }

    pub fn wait(&mut self) -> Result<ExitStatus> {
        let status = self.child.wait().with_context(|| format!("lost sight of `{}`", self.shown))?;
        self.forget();
        Ok(status)
    }

    /// The exit status, once there is one.
    pub fn finished(&mut self) -> Result<Option<ExitStatus>> {
        let status = self.child.try_wait().with_context(|| format!("lost sight of `{}`", self.shown))?;
        if status.is_some() {
            self.forget();
        }
        Ok(status)
    }

    /// Asks it to end and, when it does not within the time, ends it.
    pub fn stop(&mut self, patience: Duration) {
        signal_group(self.id(), Signal::SIGTERM);
        let deadline = Instant::now() + patience;
        while matches!(self.finished(), Ok(None)) {
            if Instant::now() > deadline {
                signal_group(self.id(), Signal::SIGKILL);
                let _ = self.wait();
                return;
            }
            thread::sleep(Duration::from_millis(20));
        }
    }

    fn forget(&self) {
        running().retain(|id| *id != self.child.id());
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if running().contains(&self.id()) {
            self.stop(Duration::from_secs(10));
        }
    }
}

/// Runs a program whose output the person should see as it comes.
pub fn run(command: &mut Command) -> Result<()> {
    let shown = Shown(command).to_string();
    let status = Running::start(command)?.wait()?;
    stop_if_interrupted()?;
    if status.success() { Ok(()) } else { bail!("`{shown}` failed ({status})") }
}

/// Runs a program whose output the person should see and which `look` reads along, line by line.
/// Returns whether it succeeded.
pub fn run_reading(command: &mut Command, mut look: impl FnMut(&str)) -> Result<bool> {
    let (reader, writer) = std::io::pipe().context("could not open a pipe")?;
    command.stdout(writer.try_clone().context("could not open a pipe")?).stderr(writer);
    let mut running = Running::start(command)?;
    // The command holds the pipe's other end; reading would never finish while it does.
    command.stdout(Stdio::null()).stderr(Stdio::null());
    let mut reader = BufReader::new(reader);
    let mut line = Vec::new();
    while reader.read_until(b'\n', &mut line).unwrap_or(0) > 0 {
        let _ = std::io::stdout().write_all(&line);
        let _ = std::io::stdout().flush();
        look(without_colours(&String::from_utf8_lossy(&line)).trim_end());
        line.clear();
    }
    let status = running.wait()?;
    stop_if_interrupted()?;
    Ok(status.success())
}

/// Runs a program silently and returns what it printed on stdout; its words appear only when it fails.
pub fn quiet(command: &mut Command) -> Result<String> {
    quiet_within(command, Duration::from_secs(24 * 3600))
}

/// As `quiet`, for programs that may wait for a network which is not there.
pub fn quiet_within(command: &mut Command, patience: Duration) -> Result<String> {
    let shown = Shown(command).to_string();
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut running = Running::start(command)?;
    let stdout = read_aside(running.child.stdout.take());
    let stderr = read_aside(running.child.stderr.take());
    let deadline = Instant::now() + patience;
    let status = loop {
        if let Some(status) = running.finished()? {
            break status;
        }
        if Instant::now() > deadline {
            running.stop(Duration::from_secs(2));
            bail!("`{shown}` did not finish within {} s", patience.as_secs());
        }
        thread::sleep(Duration::from_millis(5));
    };
    let stdout = stdout.join().unwrap_or_default();
    let stderr = stderr.join().unwrap_or_default();
    stop_if_interrupted()?;
    if !status.success() {
        let words = tail(&format!("{stdout}{stderr}"), 30);
        bail!("`{shown}` failed ({status})\n{words}");
    }
    Ok(stdout)
}

fn read_aside(stream: Option<impl Read + Send + 'static>) -> thread::JoinHandle<String> {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        if let Some(mut stream) = stream {
            let _ = stream.read_to_end(&mut bytes);
        }
        String::from_utf8_lossy(&bytes).into_owned()
    })
}

/// The last lines of a long output, indented.
pub fn tail(text: &str, lines: usize) -> String {
    let all: Vec<&str> = text.trim_end().lines().collect();
    let from = all.len().saturating_sub(lines);
    all[from..].iter().map(|line| format!("    {line}")).collect::<Vec<_>>().join("\n")
}

/// Where a program is, if it is installed.
pub fn find(name: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    env::split_paths(&path).map(|dir| dir.join(name)).find(|file| is_executable(file))
}

pub fn is_executable(file: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    file.metadata().is_ok_and(|meta| meta.is_file() && meta.permissions().mode() & 0o111 != 0)
}

/// Drops the escape sequences that colour a terminal.
fn without_colours(line: &str) -> String {
    let mut plain = String::with_capacity(line.len());
    let mut rest = line.chars();
    while let Some(c) = rest.next() {
        if c == '\u{1b}' {
            rest.by_ref().find(|c| c.is_ascii_alphabetic());
        } else {
            plain.push(c);
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_dropped_from_what_is_read() {
        assert_eq!(without_colours("\u{1b}[32;1m  12 passed\u{1b}[0m (3s)"), "  12 passed (3s)");
    }

    #[test]
    fn what_cargo_set_for_this_program_does_not_reach_others() {
        assert!(is_meant_for_this_program("CARGO_PKG_NAME"));
        assert!(is_meant_for_this_program("CARGO"));
        assert!(!is_meant_for_this_program("CARGO_HOME"));
        assert!(!is_meant_for_this_program("CARGO_TERM_COLOR"));
    }

    #[test]
    fn a_failure_carries_the_words_of_the_program() {
        let error = quiet(program("sh").args(["-c", "echo out; echo err >&2; exit 3"]));
        let words = format!("{:#}", error.expect_err("it exits with 3"));
        assert!(words.contains("out") && words.contains("err") && words.contains('3'), "{words}");
    }

    #[test]
    fn a_program_that_hangs_is_ended() {
        let started = Instant::now();
        let outcome = quiet_within(program("sleep").arg("30"), Duration::from_millis(100));
        assert!(outcome.is_err());
        assert!(started.elapsed() < Duration::from_secs(10));
    }
}
