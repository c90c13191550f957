//! Migrations by way of psql: nothing of the workspace has to compile for it.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use sha2::{Digest, Sha384};

use crate::postgres::Server;
use crate::project;

/// Runs all of them on an empty database.
pub fn run(server: &Server, database: &str) -> Result<()> {
    files()?.iter().try_for_each(|file| server.run_file(database, file))
}

/// Notes in a database that all of them have run, as sqlx does: it finds nothing left to do.
pub fn note_all(server: &Server, database: &str) -> Result<()> {
    let mut sql = String::from(
        "create table _sqlx_migrations (version bigint primary key, description text not null,
             installed_on timestamptz not null default now(), success boolean not null,
             checksum bytea not null, execution_time bigint not null);\n",
    );
    for file in files()? {
        let text = fs::read(&file).with_context(|| format!("could not read {}", project::shown(&file)))?;
        let (version, words) = parts(&file)?;
        writeln!(
            sql,
            "insert into _sqlx_migrations values ({version}, '{}', now(), true, '\\x{}', 0);",
            words.replace('_', " "),
            hex(&Sha384::digest(text)),
        )?;
    }
    let list = project::target().join("migrations.sql");
    fs::write(&list, sql).with_context(|| format!("could not write {}", project::shown(&list)))?;
    server.run_file(database, &list)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// `20261122095000` and `tallies`.
fn parts(file: &Path) -> Result<(&str, &str)> {
    file.file_stem()
        .and_then(|name| name.to_str())
        .and_then(|name| name.split_once('_'))
        .with_context(|| format!("{} is not named by a time and a word", project::shown(file)))
}

fn files() -> Result<Vec<PathBuf>> {
    let dir = project::path("migrations");
    let entries = fs::read_dir(&dir).context("could not list migrations")?;
    let mut files: Vec<PathBuf> = entries
        .flatten()
        .map(|entry| entry.path())
        .filter(|file| file.extension().is_some_and(|extension| extension == "sql"))
        .collect();
    // Names begin with a time stamp of fixed length.
    files.sort();
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_migration_is_known_by_its_time_and_its_words() {
        let named = parts(Path::new("migrations/20261122095000_one_source.sql")).expect("a name");
        assert_eq!(named, ("20261122095000", "one_source"));
        assert!(parts(Path::new("migrations/notes.sql")).is_err());
    }
}
