//! System packages, where this program may install them.

use std::sync::OnceLock;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::shell;
use crate::steps::note;

/// Whether `install` can work at all: root on a system with apt.
pub fn can_install() -> bool {
    shell::is_root() && shell::find("apt-get").is_some()
}

/// Installs Debian packages. The package lists are refreshed once in a run: a bare image has none.
pub fn install(packages: &[&str]) -> Result<()> {
    install_within(packages, Duration::from_secs(900))
}

/// The same, for what one can go on without: gives up soon.
pub fn install_quickly(packages: &[&str]) -> Result<()> {
    install_within(packages, Duration::from_secs(120))
}

fn install_within(packages: &[&str], patience: Duration) -> Result<()> {
    if !can_install() {
        bail!("installing {} needs root on a system with apt", packages.join(", "));
    }
    note(format!("installing {} with apt", packages.join(", ")));
    refresh_lists(patience);
    shell::quiet_within(
        shell::program("apt-get")
            .env("DEBIAN_FRONTEND", "noninteractive")
            .args(["install", "--yes", "--quiet", "--no-install-recommends"])
            .args(packages),
        patience,
    )
    .with_context(|| format!("apt could not install {}", packages.join(", ")))?;
    Ok(())
}

/// A stale list is better than none, so a failure here is left for the installation to report.
fn refresh_lists(patience: Duration) {
    static DONE: OnceLock<()> = OnceLock::new();
    DONE.get_or_init(|| {
        let mut update = shell::program("apt-get");
        update.env("DEBIAN_FRONTEND", "noninteractive").args(["update", "--quiet"]);
        let _ = shell::quiet_within(&mut update, patience.min(Duration::from_secs(300)));
    });
}
