//! `.sqlx`, the cache that lets the workspace build without a database.
//!
//! sqlx writes it while its macros expand, for every query they check against a live database. So the
//! crates with queries are compiled once more against a freshly migrated one; where all crates are
//! linted anyway, that is the same compilation. Migrations run through psql: the server that could run
//! them may not compile before the cache is right.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use crate::lock::Lock;
use crate::migrations;
use crate::postgres::{Cluster, Purpose, Server};
use crate::project;
use crate::shell;
use crate::steps::Steps;

const DATABASE: &str = "prepare";

/// Replaces `.sqlx` by what the queries and migrations of today give.
pub fn prepare() -> Result<()> {
    let _lock = Lock::take("test", "")?;
    let mut steps = Steps::new(2);
    let server = steps.run("Starting the database", || Cluster::locate(Purpose::Test)?.start())?;
    let fresh = steps.run("Checking the queries against the migrated database", || {
        record(&server, checking(shell::cargo())?)
    })?;
    let dir = project::path(".sqlx");
    fs::create_dir_all(&dir).context("could not create .sqlx")?;
    let before = read(&dir)?;
    for (name, text) in &fresh {
        if before.get(name) != Some(text) {
            fs::write(dir.join(name), text).with_context(|| format!("could not write .sqlx/{name}"))?;
        }
    }
    for name in before.keys().filter(|name| !fresh.contains_key(*name)) {
        fs::remove_file(dir.join(name)).with_context(|| format!("could not remove .sqlx/{name}"))?;
    }
    println!("{} queries in .sqlx: {}", fresh.len(), Difference::between(&before, &fresh));
    Ok(())
}

/// Fails where `.sqlx` is not what `prepare` would write.
pub fn compare(fresh: &Cache) -> Result<()> {
    let difference = Difference::between(&read(&project::path(".sqlx"))?, fresh);
    if difference.is_none() {
        Ok(())
    } else {
        bail!("the query cache .sqlx is not current ({difference}). Run: cargo xtask prepare")
    }
}

/// The files of `.sqlx`, by name.
pub type Cache = BTreeMap<String, String>;

/// How a cache differs from the right one.
#[derive(Debug, PartialEq)]
struct Difference {
    missing: usize,
    stale: usize,
    changed: usize,
}

impl Difference {
    fn between(found: &Cache, right: &Cache) -> Self {
        Self {
            missing: right.keys().filter(|name| !found.contains_key(*name)).count(),
            stale: found.keys().filter(|name| !right.contains_key(*name)).count(),
            changed: right
                .iter()
                .filter(|(name, text)| found.get(*name).is_some_and(|found| found != *text))
                .count(),
        }
    }

    fn is_none(&self) -> bool {
        (self.missing, self.stale, self.changed) == (0, 0, 0)
    }
}

impl std::fmt::Display for Difference {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} new, {} gone, {} changed", self.missing, self.stale, self.changed)
    }
}

/// The least that compiles every query.
pub fn checking(mut cargo: Command) -> Result<Command> {
    cargo.args(["check", "--all-targets"]);
    for package in packages_with_queries()? {
        cargo.args(["--package", &package.name]);
    }
    Ok(cargo)
}

/// Compiles the queries against the migrated database, with a command of cargo's that has all of their
/// packages compiled, and gives what sqlx wrote meanwhile.
pub fn record(server: &Server, mut compiling: Command) -> Result<Cache> {
    let database_url = server.fresh_database(DATABASE)?;
    migrations::run(server, DATABASE)?;
    let out = project::target().join("sqlx-prepare");
    if out.exists() {
        fs::remove_dir_all(&out).with_context(|| format!("could not empty {}", project::shown(&out)))?;
    }
    fs::create_dir_all(&out).with_context(|| format!("could not create {}", project::shown(&out)))?;
    let packages = packages_with_queries()?;
    if packages.is_empty() {
        return Ok(Cache::new());
    }
    let _touched = Touched::all(packages.iter().flat_map(|package| package.roots()), &out)?;
    compiling.env("SQLX_OFFLINE", "false").env("SQLX_OFFLINE_DIR", &out).env("DATABASE_URL", &database_url);
    shell::run(&mut compiling)
        .context("not everything compiles with queries that fit the migrated database")?;
    read(&out)
}

fn read(dir: &Path) -> Result<Cache> {
    let mut cache = Cache::new();
    let Ok(entries) = fs::read_dir(dir) else {
        return Ok(cache);
    };
    for entry in entries.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.starts_with("query-") && name.ends_with(".json") {
            let text = fs::read_to_string(entry.path()).with_context(|| format!("could not read {name}"))?;
            cache.insert(name, text);
        }
    }
    Ok(cache)
}

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    manifest_path: PathBuf,
    targets: Vec<Target>,
    dependencies: Vec<Dependency>,
}

#[derive(Deserialize)]
struct Target {
    src_path: PathBuf,
}

#[derive(Deserialize)]
struct Dependency {
    name: String,
}

impl Package {
    fn roots(&self) -> BTreeSet<&Path> {
        self.targets.iter().map(|target| target.src_path.as_path()).collect()
    }

    fn has_queries(&self) -> bool {
        self.dependencies.iter().any(|dependency| dependency.name == "sqlx")
            && self.manifest_path.parent().is_some_and(calls_query_macros)
    }
}

fn packages_with_queries() -> Result<Vec<Package>> {
    let printed = shell::quiet(shell::cargo().args(["metadata", "--format-version=1", "--no-deps"]))
        .context("cargo could not describe the workspace")?;
    let metadata: Metadata = serde_json::from_str(&printed).context("cargo described the workspace oddly")?;
    Ok(metadata.packages.into_iter().filter(Package::has_queries).collect())
}

/// Looks in the package's own folders: another package may live in a folder below.
fn calls_query_macros(package: &Path) -> bool {
    const MACROS: [&str; 5] = ["query!(", "query_as!(", "query_scalar!(", "query_file!(", "query_file_as!("];
    ["src", "tests", "benches", "examples"].iter().any(|folder| {
        crate::structure::rust_files(&package.join(folder)).iter().any(|file| {
            fs::read_to_string(file).is_ok_and(|text| MACROS.iter().any(|name| text.contains(name)))
        })
    })
}

/// Source files that look changed, so that cargo compiles them although they are not. Their times
/// come back afterwards, so that no other build takes them for changed.
struct Touched(Vec<(PathBuf, SystemTime)>);

impl Touched {
    fn all<'a>(files: impl Iterator<Item = &'a Path>, scratch: &Path) -> Result<Self> {
        let probe = scratch.join("now");
        let now = File::create(&probe).and_then(|file| file.metadata()?.modified()).context("no clock")?;
        fs::remove_file(&probe).context("could not remove a scratch file")?;
        let mut touched = Self(Vec::new());
        for file in files {
            let handle = File::options()
                .append(true)
                .open(file)
                .with_context(|| format!("could not open {}", project::shown(file)))?;
            let before = handle.metadata().and_then(|meta| meta.modified()).context("no file times")?;
            handle.set_modified(now).context("could not set a file's time")?;
            touched.0.push((file.to_path_buf(), before));
        }
        Ok(touched)
    }
}

impl Drop for Touched {
    fn drop(&mut self) {
        for (file, before) in &self.0 {
            // At worst one crate is compiled once more than needed.
            let _ = File::options().append(true).open(file).and_then(|file| file.set_modified(*before));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cache_is_compared_by_name_and_content() {
        let cache = |entries: &[(&str, &str)]| -> Cache {
            entries.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect()
        };
        let found = cache(&[("a", "1"), ("b", "1"), ("c", "1")]);
        let right = cache(&[("b", "1"), ("c", "2"), ("d", "1"), ("e", "1")]);
        let difference = Difference::between(&found, &right);
        assert_eq!(difference, Difference { missing: 2, stale: 1, changed: 1 });
        assert!(Difference::between(&right, &right).is_none());
    }
}
