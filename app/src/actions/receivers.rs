//! Programs that are told of what is published.

use super::answer::{Done, asked, back, fields, go, go_done, id};
use super::claims::forget;
use crate::paths;
use crate::problem::Problem;
use crate::request;
use desk::Error;
use domain::id::{DeliveryId, ReceiverId};
use domain::policy::ManageReceivers;
use domain::words::ReceiverName;
use leptos::prelude::*;

/// The form whose draft a new receiver is.
pub const RECEIVER_FORM: &str = "receiver";
/// The draft that carries a new receiver's secret to the page that shows it once.
pub const SECRET: &str = "receiver-secret";

#[server(prefix = "/actions", endpoint = "receivers/add")]
pub async fn add_receiver(
    #[server(default)] name: String,
    #[server(default)] address: String,
) -> Result<(), Problem> {
    let (desk, actor) = asked::<ManageReceivers>()?;
    let loopback = request::site().loopback;
    let added = match ReceiverName::parse(&name) {
        Ok(name) => desk.add_receiver(&actor, name, &address, loopback).await,
        Err(invalid) => Err(invalid.into()),
    };
    let kept = match added {
        Ok(added) => {
            desk.keep_draft(&actor, SECRET, &fields([("name", &name), ("secret", &added.secret)])).await
        }
        Err(error) => Err(error),
    };
    if let Err(error) = kept {
        let typed = fields([("name", &name), ("address", &address)]);
        return back(&desk, &actor, error, paths::RECEIVERS, Some((RECEIVER_FORM, typed))).await;
    }
    forget(&desk, &actor, RECEIVER_FORM).await;
    go(paths::RECEIVERS);
    Ok(())
}

async fn changed(
    desk: desk::Desk,
    actor: domain::policy::Actor,
    done: Result<(), Error>,
    word: Done,
) -> Result<(), Problem> {
    match done {
        Ok(()) => go_done(paths::RECEIVERS, word),
        Err(error) => return back(&desk, &actor, error, paths::RECEIVERS, None).await,
    }
    Ok(())
}

#[server(prefix = "/actions", endpoint = "receivers/disable")]
pub async fn disable_receiver(#[server(default)] receiver: String) -> Result<(), Problem> {
    let (desk, actor) = asked::<ManageReceivers>()?;
    let id: ReceiverId = id("receiver", &receiver)?;
    let done = desk.disable_receiver(&actor, id).await;
    changed(desk, actor, done, Done::Receiver).await
}

#[server(prefix = "/actions", endpoint = "receivers/enable")]
pub async fn enable_receiver(#[server(default)] receiver: String) -> Result<(), Problem> {
    let (desk, actor) = asked::<ManageReceivers>()?;
    let id: ReceiverId = id("receiver", &receiver)?;
    let done = desk.enable_receiver(&actor, id).await;
    changed(desk, actor, done, Done::Receiver).await
}

#[server(prefix = "/actions", endpoint = "receivers/test")]
pub async fn test_receiver(#[server(default)] receiver: String) -> Result<(), Problem> {
    let (desk, actor) = asked::<ManageReceivers>()?;
    let id: ReceiverId = id("receiver", &receiver)?;
    let done = desk.test_receiver(&actor, id).await;
    changed(desk, actor, done, Done::Queued).await
}

/// Sends again what was delivered or given up.
#[server(prefix = "/actions", endpoint = "receivers/replay")]
pub async fn replay_delivery(#[server(default)] delivery: String) -> Result<(), Problem> {
    let (desk, actor) = asked::<ManageReceivers>()?;
    let id: DeliveryId = id("delivery", &delivery)?;
    let done = desk.replay_delivery(&actor, id).await;
    changed(desk, actor, done, Done::Queued).await
}
