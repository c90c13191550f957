//! Who is to do what, and by when.

use super::answer::{Done, asked, back, fields, go_done, go_told, id};
use crate::paths;
use crate::problem::Problem;
use desk::Assignment;
use domain::id::{AccountId, ArticleId, ClaimId, HandoutId};
use domain::policy::{Actor, Review, SetDeadlines};
use domain::words::{Invalid, moment};
use leptos::prelude::*;
use phrase::{t, tn};

/// The form whose draft an article's deadline is.
pub fn deadline_form(article: ArticleId) -> String {
    format!("deadline:{article}")
}

/// Sets an article's deadline; blank clears it.
#[server(prefix = "/actions", endpoint = "articles/deadline")]
pub async fn set_deadline(
    #[server(default)] article: String,
    #[server(default)] deadline: String,
    #[server(default)] clear: String,
) -> Result<(), Problem> {
    let (desk, actor) = asked::<SetDeadlines>()?;
    let article: ArticleId = id("article", &article)?;
    let form = deadline_form(article);
    let at = match (clear.is_empty(), deadline.trim()) {
        (false, _) => Ok(None),
        (true, "") => Err(Invalid::new("deadline", t!("Choose a moment, or clear the deadline."))),
        (true, text) => moment("deadline", text).map(Some),
    };
    let done = match at {
        Ok(at) => desk.set_deadline(&actor, article, at).await.map(|()| at),
        Err(invalid) => Err(invalid.into()),
    };
    match done {
        Ok(at) => {
            if let Err(error) = desk.drop_draft(&actor, &form).await {
                tracing::warn!(error = &error as &dyn std::error::Error, "a draft could not be dropped");
            }
            let done = if at.is_some() { Done::Deadline } else { Done::DeadlineCleared };
            go_done(&paths::article(article), done);
        }
        Err(error) => {
            let page = format!("{}#deadline", paths::article(article));
            let typed = fields([("deadline", &deadline)]);
            return back(&desk, &actor, error, &page, Some((&form, typed))).await;
        }
    }
    Ok(())
}

/// A claim and a person as the forms have them: an id, `me`, or nothing for nobody.
fn person(actor: &Actor, text: &str) -> Result<Option<AccountId>, Problem> {
    match text.trim() {
        "" => Ok(None),
        "me" => Ok(Some(actor.id)),
        text => id("to", text).map(Some),
    }
}

/// Gives one claim to somebody, from its workbench.
#[server(prefix = "/actions", endpoint = "claims/assign-one")]
pub async fn assign_one(
    #[server(default)] claim: String,
    #[server(default)] to: String,
) -> Result<(), Problem> {
    let (desk, actor) = asked::<Review>()?;
    let claim: ClaimId = id("claim", &claim)?;
    let to = person(&actor, &to)?;
    let page = paths::claim_part(claim, "claim-head");
    match desk.assign(&actor, &[Assignment { claim, to }], None).await {
        Ok(_) => go_done(&page, if to.is_some() { Done::Assigned } else { Done::Unassigned }),
        Err(error) => return back(&desk, &actor, error, &page, None).await,
    }
    Ok(())
}

/// Gives claims out as the preview showed it: `pairs` are claims and people, `claim:person`, with
/// spaces between. `page` is the preview, where whoever is refused finds what has changed.
#[server(prefix = "/actions", endpoint = "claims/assign")]
pub async fn hand_out(
    #[server(default)] pairs: String,
    #[server(default)] page: String,
) -> Result<(), Problem> {
    let (desk, actor) = asked::<Review>()?;
    let page = if page.starts_with(paths::ASSIGN) { page } else { paths::ASSIGN.to_owned() };
    let given = pairs
        .split_whitespace()
        .map(|pair| {
            let (claim, to) = pair.split_once(':').unwrap_or((pair, ""));
            Ok(Assignment { claim: id("claim", claim)?, to: person(&actor, to)? })
        })
        .collect::<Result<Vec<_>, Problem>>()?;
    match desk.assign(&actor, &given, None).await {
        Ok(_) => {
            let words = tn!(given.len(), "One claim was handed out.", "{n} claims were handed out.");
            go_told(&desk, &actor, paths::CLAIMS, Done::HandedOut, &words).await
        }
        Err(error) => back(&desk, &actor, error, &page, None).await,
    }
}

/// Gives claims back to whom they were with before they were handed out.
#[server(prefix = "/actions", endpoint = "claims/undo-assign")]
pub async fn undo_hand_out(#[server(default)] handout: String) -> Result<(), Problem> {
    let (desk, actor) = asked::<Review>()?;
    let handout: HandoutId = id("handout", &handout)?;
    match desk.undo_handout(&actor, handout).await {
        Ok(back) if back.left == 0 => go_done(paths::CLAIMS, Done::HandingOutUndone),
        Ok(back) => {
            let words = tn!(
                back.left,
                "One claim has moved since and stays as it is.",
                "{n} claims have moved since and stay as they are."
            );
            return go_told(&desk, &actor, paths::CLAIMS, Done::HandingOutUndone, &words).await;
        }
        Err(error) => return back(&desk, &actor, error, paths::CLAIMS, None).await,
    }
    Ok(())
}
