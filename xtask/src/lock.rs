//! One `serve` and one `test` at a time in a folder: an operating system lock on a file, so that it
//! is gone with its holder however that ends.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use nix::sys::signal::Signal;
use serde::{Deserialize, Serialize};

use crate::project;
use crate::shell;
use crate::steps::note;

/// What the holder of the lock tells others about itself.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Holder {
    pub process: u32,
    /// The address that is served, empty for `test`.
    pub address: String,
    /// The application server's process, once it runs.
    pub server: Option<u32>,
}

/// The lock, held until this is dropped.
pub struct Lock {
    file: File,
    holder: Holder,
}

impl Lock {
    /// Takes `.data/<name>.lock` or says who has it.
    pub fn take(name: &str, address: &str) -> Result<Self> {
        let path = lock_path(name)?;
        let mut file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .read(true)
            .write(true)
            .open(&path)
            .with_context(|| not_writable(&path))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => bail!("{}", taken(name, &read(&mut file))),
            Err(TryLockError::Error(error)) => {
                return Err(error).with_context(|| format!("could not lock {}", project::shown(&path)));
            }
        }
        end_leftover_server(&read(&mut file));
        let holder = Holder { process: std::process::id(), address: address.to_owned(), server: None };
        let mut lock = Self { file, holder };
        lock.write()?;
        Ok(lock)
    }

    /// Notes the server's process, so that it can be ended if this program is killed before it.
    pub fn set_server(&mut self, id: Option<u32>) -> Result<()> {
        self.holder.server = id;
        self.write()
    }

    fn write(&mut self) -> Result<()> {
        let text = serde_json::to_vec(&self.holder).context("could not describe this process")?;
        self.file.set_len(0)?;
        self.file.rewind()?;
        self.file.write_all(&text)?;
        Ok(())
    }
}

fn lock_path(name: &str) -> Result<PathBuf> {
    let dir = project::path(".data");
    fs::create_dir_all(&dir).with_context(|| not_writable(&dir))?;
    Ok(dir.join(format!("{name}.lock")))
}

fn not_writable(path: &Path) -> String {
    format!(
        "cannot write {}: run this as the user who owns the folder, or move .data away",
        project::shown(path)
    )
}

fn read(file: &mut File) -> Holder {
    let mut text = String::new();
    let _ = file.rewind();
    let _ = file.read_to_string(&mut text);
    serde_json::from_str(&text).unwrap_or_default()
}

fn taken(name: &str, holder: &Holder) -> String {
    let process = holder.process;
    if holder.address.is_empty() {
        format!(
            "`cargo xtask {name}` is already running in this folder (process {process}). \
             Wait for it, or stop it: kill {process}"
        )
    } else {
        format!(
            "Claimdesk is already served from this folder at {} (process {process}). \
             Open that address, or stop it first: kill {process}",
            holder.address
        )
    }
}

/// A holder that was killed outright could not take its server along.
fn end_leftover_server(holder: &Holder) {
    let Some(id) = holder.server.and_then(|id| i32::try_from(id).ok()) else {
        return;
    };
    let ours = shell::is_alive(id) && shell::command_line(id).is_some_and(|line| is_our_server(&line));
    if !ours {
        return;
    }
    note(format!("ending the server that an earlier run left behind (process {id})"));
    shell::signal(id, Signal::SIGTERM);
    for _ in 0..250 {
        if !shell::is_alive(id) {
            return;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    shell::signal(id, Signal::SIGKILL);
    std::thread::sleep(Duration::from_millis(100));
}

/// Process ids are used again: only a `claimdesk` of this checkout is ended.
fn is_our_server(command_line: &str) -> bool {
    let program = command_line.split_whitespace().next().unwrap_or_default();
    Path::new(program).starts_with(project::target())
        && Path::new(program).file_name().is_some_and(|name| name == "claimdesk")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_serve_is_told_where_the_first_one_is() {
        let holder = Holder { process: 42, address: "http://127.0.0.1:3000".to_owned(), server: None };
        let words = taken("serve", &holder);
        assert!(words.contains("http://127.0.0.1:3000") && words.contains("kill 42"), "{words}");
    }

    #[test]
    fn another_program_with_the_same_id_is_left_alone() {
        let ours = project::target().join("debug/claimdesk");
        assert!(is_our_server(&format!("{} serve", ours.display())));
        assert!(!is_our_server("/usr/bin/vim claimdesk"));
        assert!(!is_our_server("/elsewhere/target/debug/claimdesk serve"));
    }
}
