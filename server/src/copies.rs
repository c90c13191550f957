//! `claimdesk copies`, and the worker that looks at copies every night.

use crate::config::Copies;
use anyhow::{Context as _, bail};
use desk::Desk;
use std::time::Duration;
use tokio_util::sync::CancellationToken;
use tracing::{error, info, warn};

/// How often a worker looks whether there is something to do.
const EVERY: Duration = Duration::from_secs(5);
/// Rows of the list at a time.
const PAGE: i64 = 200;

/// # Errors
/// Where the database or the store cannot be reached, or a copy is not what was kept.
pub async fn run(command: Copies) -> anyhow::Result<()> {
    let Copies::Verify { database } = command;
    let desk = database.connect().await?;
    let run = desk.ask_for_check(None).await?;
    // Workers that run elsewhere share the work.
    let run = loop {
        while let Some(looked) = desk.check_next().await? {
            if looked.outcome != domain::copy::Outcome::Intact {
                eprintln!("{} is {}", looked.sha256, looked.outcome.label());
            }
        }
        let run = desk.check_run(run).await?;
        if run.finished_at.is_some() {
            break run;
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    };
    list_broken(&desk).await?;
    desk.close().await;
    let files = if run.checked == 1 { "1 file".to_owned() } else { format!("{} files", run.checked) };
    match run.broken {
        0 => eprintln!("Looked at {files}: every copy is what was kept."),
        broken => bail!("looked at {files}: {broken} of them not what was kept"),
    }
    Ok(())
}

/// One line for each broken copy.
async fn list_broken(desk: &Desk) -> anyhow::Result<()> {
    let mut after = None;
    loop {
        let page = desk.broken_copies(None, after, PAGE).await.context("could not list the broken copies")?;
        let lines: String = page
            .rows
            .iter()
            .map(|copy| {
                let name = copy.name.as_deref().unwrap_or_default();
                format!("{}\t{}\t{}\t{name}\n", copy.outcome, copy.sha256, copy.claim)
            })
            .collect();
        crate::print(lines.as_bytes())?;
        after = page.next;
        if after.is_none() {
            return Ok(());
        }
    }
}

/// Looks at copies until `closing`: those of the night, and those that somebody asked for. Any number
/// of processes may do so at once.
pub(crate) async fn keep_looking(desk: &Desk, closing: &CancellationToken) {
    let mut failures = 0;
    loop {
        let wait = match step(desk, closing).await {
            Ok(()) => {
                failures = 0;
                EVERY
            }
            Err(error) => {
                failures += 1;
                warn!(error = %crate::http::problem::chain(&error), "copies could not be looked at; the worker will try again");
                crate::worker::backoff(failures).max(EVERY)
            }
        };
        tokio::select! {
            () = closing.cancelled() => return,
            () = tokio::time::sleep(wait) => {}
        }
    }
}

async fn step(desk: &Desk, closing: &CancellationToken) -> desk::Result<()> {
    if desk.begin_nightly_check().await? {
        info!("the nightly look at the copies begins");
    }
    let mut has_looked = false;
    while !closing.is_cancelled() {
        let Some(looked) = desk.check_next().await? else { break };
        has_looked = true;
        if looked.outcome != domain::copy::Outcome::Intact {
            let (sha256, outcome) = (looked.sha256, looked.outcome);
            error!(sha256, %outcome, "the copy {sha256} is {outcome}");
        }
    }
    if has_looked && !closing.is_cancelled() {
        let swept = desk.sweep_content().await?;
        if swept > 0 {
            info!(files = swept, "swept {swept} uploads that were never attached");
        }
    }
    Ok(())
}
