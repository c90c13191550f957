//! What has to happen without anybody asking: leases that ran out go back to the queue, mail goes
//! out, the history is committed to each hour, what nobody needs any more is swept away, copies are
//! looked at every night, and readers and receivers are told what is new. Any number of workers may run at once.

use crate::config::{Telling, Worker};
use crate::deliveries;
use crate::mail::{Mailer, keep_delivering};
use desk::Desk;
use std::time::Duration;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

const LEASES_EVERY: Duration = Duration::from_secs(5);
const SWEEP_EVERY: Duration = Duration::from_secs(600);
const LONGEST_WAIT: Duration = Duration::from_secs(60);

/// Runs the worker until the process is told to end.
///
/// # Errors
/// Where no connection can be had at the start, or the mail server's address cannot be read.
pub async fn alone(options: Worker) -> anyhow::Result<()> {
    let mailer = options.mail.mailer(&options.telling.url()?)?;
    let seal = options.secrets.seal()?;
    let desk = options.database.connect().await?.with_seal(seal);
    let closing = crate::serve::closing_on_signals();
    info!("the worker runs");
    run(desk.clone(), options.telling, mailer, closing).await;
    desk.close().await;
    Ok(())
}

/// Works until `closing`. The database may go away meanwhile. Mail is sent and receivers are told
/// beside the rest: a server that is slow to answer must not hold up the leases.
pub async fn run(desk: Desk, telling: Telling, mailer: Option<Mailer>, closing: CancellationToken) {
    let mailing = async {
        if let Some(mailer) = &mailer {
            keep_delivering(&desk, mailer, &closing).await;
        }
    };
    tokio::join!(
        turn_over(&desk, &closing),
        crate::copies::keep_looking(&desk, &closing),
        mailing,
        deliveries::run(&desk, &telling, &closing),
    );
}

/// Gives leases back and sweeps.
async fn turn_over(desk: &Desk, closing: &CancellationToken) {
    let mut failures = 0;
    let mut sweep_due = Instant::now();
    loop {
        match step(desk, &mut sweep_due).await {
            Ok(()) => failures = 0,
            Err(error) => {
                failures += 1;
                warn!(error = %crate::http::problem::chain(&error), "the worker could not work; it will try again");
            }
        }
        let wait = if failures == 0 { LEASES_EVERY } else { backoff(failures) };
        tokio::select! {
            () = closing.cancelled() => return,
            () = tokio::time::sleep(wait) => {}
        }
    }
}

async fn step(desk: &Desk, sweep_due: &mut Instant) -> desk::Result<()> {
    let expired = desk.expire_leases().await?;
    if expired > 0 {
        info!(claims = expired, "gave {expired} claims back to the queue: their leases had run out");
    }
    let due = desk.escalate_deadlines().await?;
    if due > 0 {
        info!(articles = due, "told of {due} deadlines that came close or passed");
    }
    let gathered = desk.gather_left().await?;
    if gathered > 0 {
        info!(articles = gathered, "brought the claims of {gathered} articles to their incidents");
    }
    let told = desk.tell_ledger_news().await?;
    if told > 0 {
        info!(incidents = told, "told readers what is new in the figures of {told} incidents");
    }
    if *sweep_due <= Instant::now() {
        desk.sweep().await?;
        // Somebody who writes for long makes it wait; the next round tries again.
        match desk.checkpoint_when_due().await {
            Ok(Some(head)) => info!(
                checkpoint = head.checkpoint,
                events = head.events,
                "took checkpoint {}",
                head.checkpoint
            ),
            Ok(None) => {}
            Err(error) => {
                warn!(error = %crate::http::problem::chain(&error), "no checkpoint of the history this time")
            }
        }
        *sweep_due = Instant::now() + SWEEP_EVERY;
    }
    Ok(())
}

/// Doubles with every failure, from a second to a minute.
pub(crate) fn backoff(failures: u32) -> Duration {
    Duration::from_secs(1 << failures.saturating_sub(1).min(6)).min(LONGEST_WAIT)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waiting_doubles_up_to_a_minute() {
        let seconds: Vec<u64> = [1, 2, 3, 7, 100].map(|failures| backoff(failures).as_secs()).to_vec();
        assert_eq!(seconds, [1, 2, 4, 60, 60]);
    }
}
