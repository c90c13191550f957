//! What people are told of, and how.

#![expect(clippy::too_many_arguments, reason = "an action takes one argument for each field of its form")]

use super::answer::{Done, asked, back, go, go_done, id};
use crate::paths;
use crate::problem::Problem;
use desk::{Choices, Error};
use domain::id::ClaimId;
use domain::notification::{Channel, Level, Occasion};
use domain::policy::{OwnAccount, Read};
use domain::words::Invalid;
use leptos::prelude::*;
use phrase::t;

/// Where a form of the list of notifications came from: that list, or the claim.
fn came_from(page: &str, claim: Option<ClaimId>) -> String {
    match claim {
        _ if page.starts_with(paths::NOTIFICATIONS) => page.to_owned(),
        Some(claim) => paths::claim_part(claim, "talk"),
        None => paths::NOTIFICATIONS.to_owned(),
    }
}

/// Marks as read what happened to a claim, or without one, everything.
#[server(prefix = "/actions", endpoint = "notifications/read")]
pub async fn mark_read(
    #[server(default)] claim: String,
    #[server(default)] page: String,
) -> Result<(), Problem> {
    let (desk, actor) = asked::<Read>()?;
    let claims: Option<[ClaimId; 1]> = if claim.is_empty() { None } else { Some([id("claim", &claim)?]) };
    let page = came_from(&page, None);
    match desk.mark_read(&actor, claims.as_ref().map(|claims| &claims[..]), None).await {
        Ok(()) => go(&page),
        Err(error) => return back(&desk, &actor, error, &page, None).await,
    }
    Ok(())
}

/// Watches a claim, stops watching it, or mutes it.
#[server(prefix = "/actions", endpoint = "claims/watch")]
pub async fn watch_claim(
    #[server(default)] claim: String,
    #[server(default)] level: String,
    #[server(default)] page: String,
) -> Result<(), Problem> {
    let (desk, actor) = asked::<Read>()?;
    let claim: ClaimId = id("claim", &claim)?;
    let page = came_from(&page, Some(claim));
    let done = match level.parse::<Level>() {
        Ok(level) => desk.follow(&actor, claim, level).await.map(|()| level),
        Err(_) => Err(Error::from(Invalid::new("level", t!("Choose one of the list.")))),
    };
    match done {
        Ok(Level::Watching) => go_done(&page, Done::Watching),
        Ok(Level::Unwatched) => go_done(&page, Done::Unwatched),
        Ok(Level::Muted) => go_done(&page, Done::Muted),
        Err(error) => return back(&desk, &actor, error, &page, None).await,
    }
    Ok(())
}

/// Chooses how to be told of what: one field for each occasion, by its word.
#[server(prefix = "/actions", endpoint = "account/notifications")]
pub async fn choose(
    #[server(default)] mentioned: String,
    #[server(default)] reply: String,
    #[server(default)] takeover: String,
    #[server(default)] lease_ran_out: String,
    #[server(default)] comment: String,
    #[server(default)] verdict: String,
    #[server(default)] disagreement: String,
    #[server(default)] adjudication: String,
    #[server(default)] publication: String,
    #[server(default)] public_correction: String,
    #[server(default)] reopening: String,
    #[server(default)] dismissal: String,
    #[server(default)] correction: String,
    #[server(default)] deadline: String,
    #[server(default)] assignment: String,
    #[server(default)] hour: String,
) -> Result<(), Problem> {
    let (desk, actor) = asked::<OwnAccount>()?;
    let word = |occasion: Occasion| match occasion {
        Occasion::Mentioned => &mentioned,
        Occasion::Reply => &reply,
        Occasion::Takeover => &takeover,
        Occasion::LeaseRanOut => &lease_ran_out,
        Occasion::Comment => &comment,
        Occasion::Verdict => &verdict,
        Occasion::Disagreement => &disagreement,
        Occasion::Adjudication => &adjudication,
        Occasion::Publication => &publication,
        Occasion::PublicCorrection => &public_correction,
        Occasion::Reopening => &reopening,
        Occasion::Dismissal => &dismissal,
        Occasion::Correction => &correction,
        Occasion::Deadline => &deadline,
        Occasion::Assignment => &assignment,
    };
    let given = || -> Result<Choices, Error> {
        let mut channels = Vec::new();
        for occasion in Occasion::ALL.iter().filter(|occasion| !word(**occasion).is_empty()) {
            let channel = word(*occasion)
                .parse::<Channel>()
                .map_err(|unknown| Invalid::new("channel", format!("{unknown}.")))?;
            channels.push((*occasion, channel));
        }
        let hour = hour.parse().map_err(|_| Invalid::new("hour", t!("Choose an hour from 0 to 23.")))?;
        Ok(Choices { channels, hour })
    };
    let done = match given() {
        Ok(choices) => desk.choose(&actor, &choices).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(()) => go_done(&format!("{}#told", paths::ACCOUNT), Done::Notifications),
        Err(error) => return back(&desk, &actor, error, paths::ACCOUNT, None).await,
    }
    Ok(())
}
