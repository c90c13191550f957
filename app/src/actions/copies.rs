//! Looking at copies of evidence. What brings a copy is the server's: it reads files as they come.

use super::answer::{Done, asked, back, go_done, id};
use crate::language::t;
use crate::paths;
use crate::problem::Problem;
use domain::copy::Outcome;
use domain::id::{ClaimId, CopyId, EvidenceId};
use domain::policy::{KeepCopies, Review};
use domain::words::Invalid;
use leptos::prelude::*;
use phrase::t;

/// The form whose draft what is said of a new copy is; a file itself is never kept as a draft.
pub fn copy_form(evidence: EvidenceId) -> String {
    format!("copy:{evidence}")
}

/// Looks at one copy now.
#[server(prefix = "/actions", endpoint = "copies/verify")]
pub async fn verify_copy(
    #[server(default)] claim: String,
    #[server(default)] copy: String,
) -> Result<(), Problem> {
    let (desk, actor) = asked::<Review>()?;
    let claim: ClaimId = id("claim", &claim)?;
    let copy: CopyId = id("copy", &copy)?;
    let page = format!("{}#copy-{copy}", paths::claim(claim));
    let found = desk.verify_copy(&actor, copy, None).await;
    let broken = |outcome: Outcome| -> desk::Error {
        let words = t!("The copy is {}: it is not what was kept. An admin sees it too.", t(outcome.label()));
        // Of no field: nothing can be mended here.
        Invalid::new("", words).into()
    };
    match found.map(|copy| copy.outcome) {
        Ok(Outcome::Intact) => go_done(&page, Done::CopyIntact),
        Ok(outcome) => return back(&desk, &actor, broken(outcome), &page, None).await,
        Err(error) => return back(&desk, &actor, error, &page, None).await,
    }
    Ok(())
}

/// Asks for a look at everything.
#[server(prefix = "/actions", endpoint = "copies/verify-all")]
pub async fn verify_copies() -> Result<(), Problem> {
    let (desk, actor) = asked::<KeepCopies>()?;
    match desk.ask_for_check(Some(&actor)).await {
        Ok(_) => go_done(paths::COPIES, Done::CopiesAsked),
        Err(error) => return back(&desk, &actor, error, paths::COPIES, None).await,
    }
    Ok(())
}
