//! Checkpoints of the history, by admins.

use super::answer::{Done, asked, back, go_done};
use crate::paths;
use crate::problem::Problem;
use domain::policy::Audit;
use leptos::prelude::*;

#[server(prefix = "/actions", endpoint = "history/checkpoint")]
pub async fn take_checkpoint() -> Result<(), Problem> {
    let (desk, actor) = asked::<Audit>()?;
    match desk.checkpoint(Some(&actor)).await {
        Ok(Some(_)) => go_done(paths::HISTORY, Done::Checkpoint),
        Ok(None) => go_done(paths::HISTORY, Done::NoCheckpoint),
        Err(error) => return back(&desk, &actor, error, paths::HISTORY, None).await,
    }
    Ok(())
}
