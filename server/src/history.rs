//! `claimdesk history`: commits to the history and checks it, as whoever runs the machine.

use crate::config::{Database, History};
use anyhow::{Context as _, bail};
use desk::{Head, Verified};
use domain::id::ClaimId;
use std::path::Path;
use std::time::Instant;

/// Progress is told each time this many more events have been read.
const TELL_EVERY: u64 = 50_000;

/// # Errors
/// Where something in the history is not as it was written, there is no head yet, or the database
/// or a file fails.
pub async fn run(command: History) -> anyhow::Result<()> {
    match command {
        History::Verify { head, claim, database } => verify(head.as_deref(), claim, database).await,
        History::Head { now, database } => {
            let desk = database.connect().await?;
            if now {
                desk.checkpoint(None).await?;
            }
            let head = desk.head(None).await.context("take one with `claimdesk history head --now`")?;
            crate::print(&file(&head)?)
        }
    }
}

/// The head as a file: the same bytes wherever it is had.
///
/// # Errors
/// Where it cannot be written as JSON, which no head is known to do.
pub fn file(head: &Head) -> anyhow::Result<Vec<u8>> {
    let mut text = serde_json::to_vec_pretty(head)?;
    text.push(b'\n');
    Ok(text)
}

async fn verify(head: Option<&Path>, claim: Option<ClaimId>, database: Database) -> anyhow::Result<()> {
    let head: Option<Head> = match head {
        Some(path) => {
            let text = std::fs::read_to_string(path)
                .with_context(|| format!("could not read {}", path.display()))?;
            Some(text.parse().with_context(|| format!("{} is no head", path.display()))?)
        }
        None => None,
    };
    let desk = database.connect().await?;
    let begun = Instant::now();
    let mut told = 0;
    let seen = desk
        .verify_history(head.as_ref(), claim, |events| {
            if events >= told + TELL_EVERY {
                told = events;
                eprintln!("{events} events read");
            }
        })
        .await?;
    for finding in &seen.findings {
        crate::print(format!("{finding}\n").as_bytes())?;
    }
    let seconds = begun.elapsed().as_secs_f64();
    eprintln!(
        "Read {} events in {} chains, {} versions of rows, {} texts and {} checkpoints in {seconds:.1} s.",
        seen.events, seen.chains, seen.versions, seen.texts, seen.checkpoints
    );
    say_what_is_open(&seen, head.as_ref(), claim);
    match seen.findings.len() {
        0 => {
            eprintln!("All is as it was written.");
            Ok(())
        }
        1 => bail!("one thing is not as it was written"),
        count => bail!("{count} things are not as they were written; the first is the first above"),
    }
}

/// What no check of this kind can tell.
fn say_what_is_open(seen: &Verified, head: Option<&Head>, claim: Option<ClaimId>) {
    if let Some(head) = head {
        let later = seen.head.as_ref().map_or(0, |newest| newest.events - head.events) + seen.uncovered;
        eprintln!(
            "The head of checkpoint {} vouches for {} events; {} came later.",
            head.checkpoint,
            head.events,
            later.max(0)
        );
    } else if claim.is_none() {
        eprintln!(
            "No head was given, so it cannot be excluded that the newest entries were cut off, or that all was written \
             anew. Keep what `claimdesk history head` prints elsewhere and give it with --head."
        );
        eprintln!("{} events came after the last checkpoint.", seen.uncovered);
    }
}
