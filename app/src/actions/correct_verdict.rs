//! Correcting a verdict: first what depends on it is looked at, then all of it moves at once.

#![expect(clippy::too_many_arguments, reason = "an action takes one argument for each field of its form")]

use super::answer::{Done, asked, back, fields, go, go_done, id};
use super::claims::{chosen_rating, forget, reason_to_override};
use crate::paths;
use crate::problem::Problem;
use desk::{CorrectVerdictForm, Correction, Error, Fields};
use domain::id::ClaimId;
use domain::policy::Review;
use domain::words::{CorrectionNote, Rationale};
use leptos::prelude::*;

/// The form whose draft the correction of a claim's verdict is.
pub fn correct_verdict_form(claim: ClaimId) -> String {
    format!("correct-verdict:{claim}")
}

/// The word that withdraws instead of giving a verdict.
pub const WITHDRAW: &str = "withdraw";

/// What was typed, as a correction.
///
/// # Errors
/// `Invalid`, with the field to mend.
pub fn typed_correction(typed: &Fields) -> Result<Correction, Error> {
    let of = |name: &str| typed.get(name).map(String::as_str).unwrap_or_default();
    if of("outcome") == WITHDRAW {
        return Ok(Correction::Withdrawal);
    }
    Ok(Correction::Verdict {
        scale: None,
        rating: chosen_rating(of("rating"))?,
        override_reason: reason_to_override(of("override_reason"))?,
        rationale: Rationale::parse(of("rationale"))?,
        figure: Some(of("figure").to_owned()),
    })
}

fn typed(outcome: &str, rating: &str, rationale: &str, figure: &str, note: &str) -> Fields {
    fields([
        ("outcome", outcome),
        ("rating", rating),
        ("rationale", rationale),
        ("figure", figure),
        ("note", note),
    ])
}

/// Keeps what was typed and shows what depends on it; nothing changes yet.
#[server(prefix = "/actions", endpoint = "claims/preview-correction")]
pub async fn preview_correction(
    #[server(default)] claim: String,
    #[server(default)] outcome: String,
    #[server(default)] rating: String,
    #[server(default)] rationale: String,
    #[server(default)] figure: String,
    #[server(default)] note: String,
) -> Result<(), Problem> {
    let (desk, actor) = asked::<Review>()?;
    let claim: ClaimId = id("claim", &claim)?;
    let form = correct_verdict_form(claim);
    let typed = typed(&outcome, &rating, &rationale, &figure, &note);
    let looked = async {
        let is_public = desk.claim_row(&actor, claim).await?.stage == domain::workflow::Stage::Published;
        desk.change_by(&actor, claim, &typed_correction(&typed)?).await?;
        if is_public {
            CorrectionNote::parse(&note)?;
        }
        desk.keep_draft(&actor, &form, &typed).await
    }
    .await;
    match looked {
        Ok(()) => go(&paths::check_correction(claim)),
        Err(error) => {
            return back(&desk, &actor, error, &paths::correct_verdict(claim), Some((&form, typed))).await;
        }
    }
    Ok(())
}

#[server(prefix = "/actions", endpoint = "claims/correct-verdict")]
pub async fn correct_verdict(
    #[server(default)] claim: String,
    #[server(default)] outcome: String,
    #[server(default)] rating: String,
    #[server(default)] rationale: String,
    #[server(default)] figure: String,
    #[server(default)] note: String,
    #[server(default)] version: String,
    #[server(default)] digest: String,
    #[server(default)] seen: String,
) -> Result<(), Problem> {
    let (desk, actor) = asked::<Review>()?;
    let claim: ClaimId = id("claim", &claim)?;
    let form = correct_verdict_form(claim);
    let mut typed = typed(&outcome, &rating, &rationale, &figure, &note);
    let done = async {
        let correction = CorrectVerdictForm {
            correction: typed_correction(&typed)?,
            note: CorrectionNote::optional(&note)?,
            version: version.parse().unwrap_or_default(),
            digest,
        };
        desk.correct_verdict(&actor, claim, correction, None).await
    }
    .await;
    match done {
        Ok(_) => {
            forget(&desk, &actor, &form).await;
            let done = if outcome == WITHDRAW { Done::WithdrawnFromPublic } else { Done::CorrectedVerdict };
            go_done(&paths::claim(claim), done);
        }
        Err(error) => {
            // What was seen before tells what is new in the list.
            typed.insert("seen".to_owned(), seen);
            let page = match error.field() {
                Some(_) => paths::correct_verdict(claim),
                None => paths::check_correction(claim),
            };
            return back(&desk, &actor, error, &page, Some((&form, typed))).await;
        }
    }
    Ok(())
}
