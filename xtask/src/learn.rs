//! Learning the weights that extraction carries, and measuring what it reaches with them. Both need
//! the folder of the labelled texts, which is no part of the project.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use clap::Args;

use crate::project;
use crate::shell;
use crate::steps::Steps;

#[derive(Args)]
pub struct Train {
    /// The folder of the labelled texts, one folder for each collection
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    /// Learn one model instead of all
    #[arg(long, value_name = "NAME")]
    only: Option<String>,
    /// A file that names documents to leave out, one a line: to measure on them honestly
    #[arg(long, value_name = "FILE")]
    without: Option<PathBuf>,
}

#[derive(Args)]
pub struct Evaluate {
    /// The folder of the labelled texts, one folder for each collection
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    /// The folder of the scorer, `score.py` [default: the folder `eval` beside the data]
    #[arg(long, value_name = "DIR")]
    eval: Option<PathBuf>,
    /// Also write the figures to this file, as JSON
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
}

/// Where the weights lie that `extract` embeds.
const MODELS: &str = "server/extract/model";

pub fn train(options: &Train) -> Result<()> {
    let data = folder(&options.data, "--data")?;
    let mut steps = Steps::new(2);
    steps.run("building the trainer", || {
        shell::run(shell::cargo().args(["build", "--release", "--quiet", "--package", "train"]))
    })?;
    steps.run("learning", || {
        let mut command = shell::program(project::target().join("release/train"));
        command.arg("--data").arg(&data).arg("--out").arg(project::path(MODELS));
        if let Some(only) = &options.only {
            command.args(["--only", only]);
        }
        if let Some(file) = &options.without {
            let whole = file
                .canonicalize()
                .with_context(|| format!("--without {}: there is no such file", file.display()))?;
            command.arg("--without").arg(whole);
        }
        shell::run(&mut command)
    })?;
    println!("The weights are in {MODELS}; bring its CARD.md up to date and run `cargo xtask evaluate`.");
    Ok(())
}

pub fn evaluate(options: &Evaluate) -> Result<()> {
    let data = folder(&options.data, "--data")?;
    let scorer = scorer(options.eval.as_deref(), &data)?;
    let python = python()?;
    let json = match &options.json {
        Some(file) => Some(std::path::absolute(file).context("the current folder is gone")?),
        None => None,
    };
    let mut steps = Steps::new(2);
    steps.run("building the extractor", || {
        shell::run(shell::cargo().args([
            "build",
            "--release",
            "--quiet",
            "--package",
            "extract",
            "--example",
            "jsonl",
        ]))
    })?;
    steps.run("scoring", || {
        let extractor = project::target().join("release/examples/jsonl");
        let mut command = shell::program(python);
        command.arg(scorer).args(["all", "--data"]).arg(&data);
        command.arg("--cmd").arg(quoted(&extractor.display().to_string()));
        if let Some(json) = &json {
            command.arg("--json").arg(json);
        }
        shell::run(&mut command)
    })
}

/// An existing folder, by its whole path: programs are run from the project's root.
fn folder(given: &Path, option: &str) -> Result<PathBuf> {
    let whole = given
        .canonicalize()
        .with_context(|| format!("{option} {}: there is no such folder", given.display()))?;
    if !whole.is_dir() {
        bail!("{option} {}: this is a file, give the folder it lies in", given.display());
    }
    Ok(whole)
}

fn scorer(given: Option<&Path>, data: &Path) -> Result<PathBuf> {
    let folder = match given {
        Some(given) => folder(given, "--eval")?,
        None => data.parent().unwrap_or(data).join("eval"),
    };
    let scorer = folder.join("score.py");
    if !scorer.is_file() {
        bail!("{} is not there: name the scorer's folder with --eval DIR", scorer.display());
    }
    Ok(scorer)
}

fn python() -> Result<PathBuf> {
    shell::find("python3")
        .context("python3 is not installed: the scorer needs Python 3.11 or later, nothing else")
}

/// The word as the scorer's shell-like splitting gives it back.
fn quoted(word: &str) -> String {
    format!("'{}'", word.replace('\'', "'\"'\"'"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_folder_is_named_with_its_option() {
        let error = folder(Path::new("no/such/folder"), "--data").expect_err("it is missing");
        assert_eq!(error.to_string(), "--data no/such/folder: there is no such folder");
    }

    #[test]
    fn a_file_is_no_folder() {
        let error = folder(&project::path("Cargo.toml"), "--data").expect_err("it is a file");
        assert!(error.to_string().ends_with("give the folder it lies in"), "{error}");
    }

    #[test]
    fn without_a_scorer_beside_the_data_the_option_is_named() {
        let error = scorer(None, &project::path("seeds/articles")).expect_err("no scorer there");
        assert!(error.to_string().contains("--eval DIR"), "{error}");
    }

    #[test]
    fn a_path_with_blanks_and_quotes_stays_one_word() {
        assert_eq!(quoted("a b"), "'a b'");
        assert_eq!(quoted("it's"), "'it'\"'\"'s'");
    }
}
