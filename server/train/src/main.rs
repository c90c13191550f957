//! `train --data DIR --out DIR [--only NAME]`: reads the labelled texts under `--data` and writes
//! one file of weights for each model that `extract` carries. The same texts give the same bytes on
//! every machine: everything runs in one fixed order on one thread, and what is not basic arithmetic
//! comes from `libm` instead of the system.

use clap::Parser;
use std::path::PathBuf;

/// Rebuild the weights that extraction carries.
#[derive(Parser)]
struct Arguments {
    /// The folder of the labelled texts, one folder for each collection
    #[arg(long)]
    data: PathBuf,
    /// Where the files of weights go
    #[arg(long, default_value = "server/extract/model")]
    out: PathBuf,
    /// One model instead of all
    #[arg(long)]
    only: Option<String>,
    /// A file that names documents to leave out, one a line: to measure on them honestly
    #[arg(long)]
    without: Option<PathBuf>,
}

fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    std::fs::create_dir_all(&arguments.out)?;
    let named = arguments.without.as_deref().map(std::fs::read_to_string).transpose()?.unwrap_or_default();
    let data = train::Data {
        folder: arguments.data,
        without: named.lines().map(|l| l.trim().to_owned()).filter(|l| !l.is_empty()).collect(),
    };
    let mut found = false;
    for (name, train) in train::MODELS {
        if arguments.only.as_deref().is_none_or(|only| only == *name) {
            found = true;
            eprintln!("training {name}");
            let bytes = train(&data)?;
            let path = arguments.out.join(format!("{name}.bin"));
            std::fs::write(&path, &bytes)?;
            eprintln!("wrote {} ({} bytes)", path.display(), bytes.len());
        }
    }
    anyhow::ensure!(found, "there is no model of that name: give one of {}", train::names().join(", "));
    Ok(())
}
