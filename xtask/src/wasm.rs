//! Compiles `client` for the browser, and finds a compiler that can.
//!
//! Two ways lead there. rustup's toolchain with its `wasm32-unknown-unknown` target, which rustup can
//! usually fetch. Where it cannot, Debian's `rustc-web`, whose package of sources lets cargo build the
//! standard library for the target itself. Output goes to a folder of its own, so that neither way
//! disturbs what the native build has cached.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::packages;
use crate::project;
use crate::shell;
use crate::steps::note;

pub const TARGET: &str = "wasm32-unknown-unknown";
const DEBIAN_PACKAGES: [&str; 3] = ["rustc-web", "cargo-web", "rust-web-src"];
const DEBIAN_RUSTC: &str = "/usr/bin/rustc";
const DEBIAN_CARGO: &str = "/usr/bin/cargo";

/// A way to compile for the browser.
#[derive(Clone, Debug, PartialEq)]
pub enum Compiler {
    /// The person's own toolchain has the target.
    Installed,
    /// Debian's compiler builds the standard library too, and links with this program.
    Debian { linker: PathBuf },
}

/// Finds a compiler for the browser, installing what is missing.
pub fn ensure_compiler() -> Result<Compiler> {
    let sysroot = sysroot()?;
    if has_target(&sysroot) {
        return Ok(Compiler::Installed);
    }
    // Asking rustup again on each run would cost time where it has failed before.
    if chose_debian_before() && debian_is_complete() {
        return debian(&sysroot);
    }
    let rustup = match add_target() {
        Ok(()) if has_target(&sysroot) => return Ok(Compiler::Installed),
        Ok(()) => "rustup added the target to another toolchain than the one in use".to_owned(),
        Err(error) => format!("{error:#}"),
    };
    note("rustup cannot fetch the wasm target here, trying Debian's compiler");
    if !debian_is_complete() {
        if !packages::can_install() {
            bail!("{}", no_compiler(&rustup));
        }
        packages::install(&DEBIAN_PACKAGES).with_context(|| no_compiler(&rustup))?;
        if !debian_is_complete() {
            bail!("{}", no_compiler(&rustup));
        }
    }
    debian(&sysroot)
}

/// Compiles `client` and returns the module cargo made.
pub fn build(compiler: &Compiler) -> Result<PathBuf> {
    let output = project::target().join("wasm");
    let mut cargo = match compiler {
        Compiler::Installed => shell::cargo(),
        Compiler::Debian { linker } => debian_cargo(linker),
    };
    cargo
        .args(["build", "--package", "client", "--target", TARGET, "--profile", "wasm-release"])
        .arg("--target-dir")
        .arg(&output);
    if matches!(compiler, Compiler::Debian { .. }) {
        cargo.args(["-Z", "build-std=std,panic_abort"]);
    }
    shell::run(&mut cargo).context("could not compile `client` for the browser")?;
    // Written after a success only: a half-working choice is made anew.
    let choice = if *compiler == Compiler::Installed { "installed" } else { "debian" };
    fs::write(choice_file(), choice).context("could not note which compiler was used")?;
    Ok(output.join(TARGET).join("wasm-release").join("client.wasm"))
}

fn sysroot() -> Result<PathBuf> {
    let printed = shell::quiet(shell::program("rustc").args(["--print", "sysroot"]))
        .context("no Rust compiler: install one from https://rustup.rs")?;
    Ok(PathBuf::from(printed.trim()))
}

fn has_target(sysroot: &Path) -> bool {
    let libraries = sysroot.join("lib/rustlib").join(TARGET).join("lib");
    fs::read_dir(libraries).is_ok_and(|mut files| {
        files.any(|file| file.is_ok_and(|file| file.file_name().as_encoded_bytes().starts_with(b"libstd-")))
    })
}

fn add_target() -> Result<()> {
    if shell::find("rustup").is_none() {
        bail!("rustup is not installed");
    }
    note(format!("fetching the {TARGET} target with rustup"));
    shell::quiet_within(
        shell::program("rustup")
            // One try: a closed network should not cost a minute.
            .env("RUSTUP_MAX_RETRIES", "0")
            .args(["target", "add", TARGET]),
        Duration::from_secs(180),
    )?;
    Ok(())
}

fn choice_file() -> PathBuf {
    project::target().join("wasm").join("compiler")
}

fn chose_debian_before() -> bool {
    fs::read_to_string(choice_file()).is_ok_and(|choice| choice == "debian")
}

/// The compiler, its cargo and the standard library's sources, all three.
fn debian_is_complete() -> bool {
    shell::is_executable(Path::new(DEBIAN_RUSTC))
        && shell::is_executable(Path::new(DEBIAN_CARGO))
        && Path::new("/usr/lib/rustlib/src/rust/library/std/Cargo.toml").exists()
}

fn debian(sysroot: &Path) -> Result<Compiler> {
    Ok(Compiler::Debian { linker: linker(sysroot)? })
}

/// Debian's compiler comes without the linker for wasm; the one of rustup's toolchain fits.
fn linker(sysroot: &Path) -> Result<PathBuf> {
    let hosts = sysroot.join("lib/rustlib");
    let shipped = fs::read_dir(&hosts)
        .ok()
        .into_iter()
        .flatten()
        .flatten()
        .map(|host| host.path().join("bin/rust-lld"))
        .find(|file| shell::is_executable(file));
    shipped
        .or_else(|| ["rust-lld", "wasm-ld", "wasm-ld-19"].iter().find_map(|name| shell::find(name)))
        .with_context(|| {
            format!(
                "found no linker for wasm: neither rust-lld below {} nor wasm-ld on the PATH. \
                 Install rustup's toolchain (https://rustup.rs) or Debian's package lld",
                hosts.display()
            )
        })
}

fn debian_cargo(linker: &Path) -> Command {
    let mut cargo = shell::program(DEBIAN_CARGO);
    // Whatever chooses or wraps the person's own compiler must not reach this one.
    for (name, _) in env::vars_os() {
        if name.to_str().is_some_and(chooses_a_compiler) {
            cargo.env_remove(name);
        }
    }
    cargo
        .env("RUSTC_BOOTSTRAP", "1")
        .env("RUSTC", DEBIAN_RUSTC)
        .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", linker);
    cargo
}

fn chooses_a_compiler(variable: &str) -> bool {
    const NAMES: [&str; 9] = [
        "RUSTC",
        "RUSTC_WRAPPER",
        "RUSTC_WORKSPACE_WRAPPER",
        "RUSTDOC",
        "RUSTFLAGS",
        "CARGO_ENCODED_RUSTFLAGS",
        "RUSTUP_TOOLCHAIN",
        "CARGO_BUILD_RUSTC",
        "CARGO_BUILD_RUSTC_WRAPPER",
    ];
    NAMES.contains(&variable)
}

fn no_compiler(rustup: &str) -> String {
    format!(
        "no compiler for the browser's part ({TARGET}). One of these helps:\n\
         \x20   with a network:       rustup target add {TARGET}\n\
         \x20   on Debian, as root:   apt-get install {}\n\
         rustup said: {}",
        DEBIAN_PACKAGES.join(" "),
        rustup.trim()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_message_names_both_ways_out() {
        let words = no_compiler("no route to host");
        assert!(words.contains("rustup target add wasm32-unknown-unknown"));
        assert!(words.contains("apt-get install rustc-web cargo-web rust-web-src"));
        assert!(words.contains("no route to host"));
    }

    #[test]
    fn the_other_compiler_is_not_told_about_this_one() {
        assert!(chooses_a_compiler("RUSTUP_TOOLCHAIN"));
        assert!(!chooses_a_compiler("CARGO_HOME"));
    }
}
