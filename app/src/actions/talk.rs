//! Comments on a claim.

use super::answer::{Done, asked, back, fields, go_done, go_told, id};
use super::claims::forget;
use crate::paths;
use crate::problem::Problem;
use desk::{CommentForm, Commented, Desk, Error, SpanGiven};
use domain::id::{ClaimId, CommentId};
use domain::policy::{Actor, Comment};
use domain::words::{ClaimWords, CommentText};
use leptos::prelude::*;

/// The form whose draft a claim's new comment is.
pub fn comment_form(claim: ClaimId) -> String {
    format!("comment:{claim}")
}

/// The form whose draft an answer to a comment is.
pub fn reply_form(comment: CommentId) -> String {
    format!("reply:{comment}")
}

/// The form whose draft the change of a comment is.
pub fn change_form(comment: CommentId) -> String {
    format!("change:{comment}")
}

/// Comments on a claim, or on a comment where `reply_to` names one.
#[server(prefix = "/actions", endpoint = "comments/add")]
pub async fn add_comment(
    #[server(default)] claim: String,
    #[server(default)] reply_to: String,
    #[server(default)] text: String,
    #[server(default)] words: String,
) -> Result<(), Problem> {
    let (desk, actor) = asked::<Comment>()?;
    let claim: ClaimId = id("claim", &claim)?;
    let reply_to: Option<CommentId> =
        if reply_to.is_empty() { None } else { Some(id("reply_to", &reply_to)?) };
    let form = reply_to.map_or_else(|| comment_form(claim), reply_form);
    let given = || -> Result<CommentForm, Error> {
        let on =
            if words.trim().is_empty() { None } else { Some(SpanGiven::Words(ClaimWords::parse(&words)?)) };
        Ok(CommentForm { text: CommentText::parse(&text)?, on, reply_to })
    };
    let done = match given() {
        Ok(given) => desk.comment(&actor, claim, given, None).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(commented) => said(&desk, &actor, &form, commented).await,
        Err(error) => {
            let page = paths::claim_part(claim, "talk");
            let typed = fields([("text", &text), ("words", &words)]);
            back(&desk, &actor, error, &page, Some((&form, typed))).await
        }
    }
}

#[server(prefix = "/actions", endpoint = "comments/change")]
pub async fn change_comment(
    #[server(default)] claim: String,
    #[server(default)] comment: String,
    #[server(default)] version: String,
    #[server(default)] text: String,
) -> Result<(), Problem> {
    let (desk, actor) = asked::<Comment>()?;
    let claim: ClaimId = id("claim", &claim)?;
    let comment: CommentId = id("comment", &comment)?;
    let form = change_form(comment);
    let done = match CommentText::parse(&text) {
        Ok(parsed) => {
            desk.change_comment(&actor, comment, &parsed, version.parse().unwrap_or_default()).await
        }
        Err(invalid) => Err(invalid.into()),
    };
    match done {
        Ok(commented) => said(&desk, &actor, &form, commented).await,
        Err(error) => {
            let page = paths::claim_part(claim, "talk");
            back(&desk, &actor, error, &page, Some((&form, fields([("text", &text)])))).await
        }
    }
}

/// Back to the comment; who could not be called is said.
async fn said(desk: &Desk, actor: &Actor, form: &str, commented: Commented) -> Result<(), Problem> {
    forget(desk, actor, form).await;
    let page = paths::comment(commented.claim, commented.id);
    match commented.uncalled {
        None => go_done(&page, Done::Commented),
        Some(words) => go_told(desk, actor, &page, Done::Commented, &words).await?,
    }
    Ok(())
}

#[server(prefix = "/actions", endpoint = "comments/withdraw")]
pub async fn withdraw_comment(
    #[server(default)] claim: String,
    #[server(default)] comment: String,
) -> Result<(), Problem> {
    let (desk, actor) = asked::<Comment>()?;
    let claim: ClaimId = id("claim", &claim)?;
    let comment: CommentId = id("comment", &comment)?;
    match desk.withdraw_comment(&actor, comment).await {
        Ok(claim) => go_done(&paths::claim_part(claim, "talk"), Done::CommentWithdrawn),
        Err(error) => return back(&desk, &actor, error, &paths::claim_part(claim, "talk"), None).await,
    }
    Ok(())
}

/// Calls a comment resolved; `resolved = "no"` takes it up again.
#[server(prefix = "/actions", endpoint = "comments/resolve")]
pub async fn resolve_comment(
    #[server(default)] claim: String,
    #[server(default)] comment: String,
    #[server(default)] resolved: String,
) -> Result<(), Problem> {
    let (desk, actor) = asked::<Comment>()?;
    let claim: ClaimId = id("claim", &claim)?;
    let comment: CommentId = id("comment", &comment)?;
    let is_resolved = resolved != "no";
    match desk.resolve_comment(&actor, comment, is_resolved, None).await {
        Ok(claim) => {
            // A resolved comment stays folded away: its own address would unfold it.
            let (page, done) = match is_resolved {
                true => (paths::claim_part(claim, "talk"), Done::CommentResolved),
                false => (paths::comment(claim, comment), Done::CommentTakenUp),
            };
            go_done(&page, done);
        }
        Err(error) => return back(&desk, &actor, error, &paths::claim_part(claim, "talk"), None).await,
    }
    Ok(())
}
