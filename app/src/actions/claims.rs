//! Review on the workbench.

use super::answer::{Done, asked, back, fields, go, go_done, id};
use crate::paths;
use crate::problem::Problem;
use desk::{Error, EvidenceForm, Fields, VerdictForm};
use domain::claim::Stance;
use domain::id::{ClaimId, EvidenceId};
use domain::policy::{Publish, Reopen, Review};
use domain::words::{CorrectionNote, EvidenceTitle, Excerpt, Invalid, Rationale, Reason, WebAddress};
use leptos::prelude::*;

/// Takes the next claim; `after` skips the one just looked at.
#[server(prefix = "/actions", endpoint = "claims/next")]
pub async fn next_claim(#[server(default)] after: String) -> Result<(), Problem> {
    let (desk, actor) = asked::<Review>()?;
    match desk.take_next(&actor, after.parse().ok(), None).await {
        Ok(Some(claim)) => go(&paths::claim_in_text(claim)),
        Ok(None) => go_done(paths::DESK, Done::Empty),
        Err(error) => return back(&desk, &actor, error, paths::DESK, None).await,
    }
    Ok(())
}

#[server(prefix = "/actions", endpoint = "claims/take")]
pub async fn take_claim(#[server(default)] claim: String) -> Result<(), Problem> {
    let (desk, actor) = asked::<Review>()?;
    let claim: ClaimId = id("claim", &claim)?;
    match desk.take(&actor, claim).await {
        Ok(()) => go_done(&paths::claim_in_text(claim), Done::Taken),
        Err(error) => return back(&desk, &actor, error, &paths::claim(claim), None).await,
    }
    Ok(())
}

/// Gives a claim back; `then = "next"` goes on with the next one.
#[server(prefix = "/actions", endpoint = "claims/release")]
pub async fn release_claim(
    #[server(default)] claim: String,
    #[server(default)] then: String,
) -> Result<(), Problem> {
    let (desk, actor) = asked::<Review>()?;
    let claim: ClaimId = id("claim", &claim)?;
    if let Err(error) = desk.release(&actor, claim).await {
        return back(&desk, &actor, error, &paths::claim(claim), None).await;
    }
    if then == "next" {
        match desk.take_next(&actor, Some(claim), None).await {
            Ok(Some(next)) => go(&paths::claim_in_text(next)),
            Ok(None) => go_done(paths::DESK, Done::Released),
            Err(error) => return back(&desk, &actor, error, paths::DESK, None).await,
        }
    } else {
        go_done(paths::DESK, Done::Released);
    }
    Ok(())
}

/// The form whose draft a claim's verdict is.
pub fn verdict_form(claim: ClaimId) -> String {
    format!("verdict:{claim}")
}

/// Gives a verdict and goes on: `then` is `next` or `stay`.
#[server(prefix = "/actions", endpoint = "claims/verdict")]
pub async fn give_verdict(
    #[server(default)] claim: String,
    #[server(default)] rating: String,
    #[server(default)] rationale: String,
    #[server(default)] figure: String,
    #[server(default)] version: String,
    #[server(default)] then: String,
) -> Result<(), Problem> {
    let (desk, actor) = asked::<Review>()?;
    let claim: ClaimId = id("claim", &claim)?;
    let form = verdict_form(claim);
    let given = async {
        let rating_given = if rating.is_empty() {
            Err(Error::from(Invalid::new("rating", "Choose a rating.")))
        } else {
            Ok(rating.clone())
        };
        let verdict = VerdictForm {
            rating: rating_given?,
            rationale: Rationale::parse(&rationale)?,
            figure: Some(figure.clone()),
            version: version.parse().unwrap_or_default(),
        };
        desk.give_verdict(&actor, claim, verdict, None).await
    }
    .await;
    if let Err(error) = given {
        let typed = fields([("rating", &rating), ("rationale", &rationale), ("figure", &figure)]);
        let page = format!("{}#verdict", paths::claim(claim));
        return back(&desk, &actor, error, &page, Some((&form, typed))).await;
    }
    forget(&desk, &actor, &form).await;
    if then == "stay" {
        go_done(&paths::claim_in_text(claim), Done::Settled);
        return Ok(());
    }
    match desk.take_next(&actor, Some(claim), None).await {
        Ok(Some(next)) => go_done(&paths::claim_in_text(next), Done::Settled),
        Ok(None) => go_done(paths::DESK, Done::NothingLeft),
        Err(error) => return back(&desk, &actor, error, paths::DESK, None).await,
    }
    Ok(())
}

/// The form whose draft a claim's new evidence is.
pub fn evidence_form(claim: ClaimId) -> String {
    format!("evidence:{claim}")
}

/// The form whose draft the correction of a piece of evidence is.
pub fn correction_form(evidence: EvidenceId) -> String {
    format!("correction:{evidence}")
}

fn evidence(address: &str, title: &str, excerpt: &str, stance: &str) -> Result<EvidenceForm, Error> {
    Ok(EvidenceForm {
        title: EvidenceTitle::parse(title)?,
        address: WebAddress::optional("address", address)?,
        excerpt: Excerpt::parse(excerpt)?,
        stance: stance
            .parse::<Stance>()
            .map_err(|_| Invalid::new("stance", "Say what it does to the claim."))?,
    })
}

fn evidence_typed(address: &str, title: &str, excerpt: &str, stance: &str) -> Fields {
    fields([("address", address), ("title", title), ("excerpt", excerpt), ("stance", stance)])
}

#[server(prefix = "/actions", endpoint = "evidence/add")]
pub async fn add_evidence(
    #[server(default)] claim: String,
    #[server(default)] address: String,
    #[server(default)] title: String,
    #[server(default)] excerpt: String,
    #[server(default)] stance: String,
) -> Result<(), Problem> {
    let (desk, actor) = asked::<Review>()?;
    let claim: ClaimId = id("claim", &claim)?;
    let form = evidence_form(claim);
    let added = match evidence(&address, &title, &excerpt, &stance) {
        Ok(evidence) => desk.add_evidence(&actor, claim, evidence, None).await,
        Err(error) => Err(error),
    };
    let page = format!("{}#evidence", paths::claim(claim));
    if let Err(error) = added {
        let typed = evidence_typed(&address, &title, &excerpt, &stance);
        return back(&desk, &actor, error, &page, Some((&form, typed))).await;
    }
    forget(&desk, &actor, &form).await;
    go_done(&page, Done::Evidence);
    Ok(())
}

#[server(prefix = "/actions", endpoint = "evidence/correct")]
pub async fn correct_evidence(
    #[server(default)] claim: String,
    #[server(default)] evidence_id: String,
    #[server(default)] address: String,
    #[server(default)] title: String,
    #[server(default)] excerpt: String,
    #[server(default)] stance: String,
    #[server(default)] version: String,
) -> Result<(), Problem> {
    let (desk, actor) = asked::<Review>()?;
    let claim: ClaimId = id("claim", &claim)?;
    let target: EvidenceId = id("evidence", &evidence_id)?;
    let form = correction_form(target);
    let corrected = match evidence(&address, &title, &excerpt, &stance) {
        Ok(evidence) => {
            desk.correct_evidence(&actor, target, evidence, version.parse().unwrap_or_default()).await
        }
        Err(error) => Err(error),
    };
    let page = format!("{}#evidence", paths::claim(claim));
    if let Err(error) = corrected {
        let typed = evidence_typed(&address, &title, &excerpt, &stance);
        return back(&desk, &actor, error, &page, Some((&form, typed))).await;
    }
    forget(&desk, &actor, &form).await;
    go_done(&page, Done::Evidence);
    Ok(())
}

#[server(prefix = "/actions", endpoint = "evidence/withdraw")]
pub async fn withdraw_evidence(
    #[server(default)] claim: String,
    #[server(default)] evidence_id: String,
    #[server(default)] reason: String,
) -> Result<(), Problem> {
    let (desk, actor) = asked::<Review>()?;
    let claim: ClaimId = id("claim", &claim)?;
    let target: EvidenceId = id("evidence", &evidence_id)?;
    let done = match Reason::parse(&reason) {
        Ok(reason) => desk.withdraw_evidence(&actor, target, reason).await,
        Err(invalid) => Err(invalid.into()),
    };
    let page = format!("{}#evidence", paths::claim(claim));
    match done {
        Ok(_) => go_done(&page, Done::Withdrawn),
        Err(error) => return back(&desk, &actor, error, &page, None).await,
    }
    Ok(())
}

#[server(prefix = "/actions", endpoint = "claims/publish")]
pub async fn publish_claim(
    #[server(default)] claim: String,
    #[server(default)] version: String,
    #[server(default)] note: String,
) -> Result<(), Problem> {
    let (desk, actor) = asked::<Publish>()?;
    let claim: ClaimId = id("claim", &claim)?;
    let done = match CorrectionNote::optional(&note) {
        Ok(note) => desk.publish(&actor, claim, version.parse().unwrap_or_default(), note).await,
        Err(invalid) => Err(invalid.into()),
    };
    with_note((desk, actor), done, claim, &note, Done::Published).await
}

/// The form whose draft the note to readers of a claim is.
pub fn note_form(claim: ClaimId) -> String {
    format!("note:{claim}")
}

async fn with_note(
    (desk, actor): (desk::Desk, domain::policy::Actor),
    done: Result<(), Error>,
    claim: ClaimId,
    note: &str,
    word: Done,
) -> Result<(), Problem> {
    let form = note_form(claim);
    if let Err(error) = done {
        let page = format!("{}#more", paths::claim(claim));
        return back(&desk, &actor, error, &page, Some((&form, fields([("note", note)])))).await;
    }
    forget(&desk, &actor, &form).await;
    go_done(&paths::claim(claim), word);
    Ok(())
}

/// The form whose draft the reason for reopening or dismissing a claim is.
pub fn reason_form(claim: ClaimId) -> String {
    format!("reason:{claim}")
}

#[server(prefix = "/actions", endpoint = "claims/reopen")]
pub async fn reopen_claim(
    #[server(default)] claim: String,
    #[server(default)] version: String,
    #[server(default)] reason: String,
) -> Result<(), Problem> {
    let (desk, actor) = asked::<Reopen>()?;
    let claim: ClaimId = id("claim", &claim)?;
    let done = match Reason::parse(&reason) {
        Ok(parsed) => desk.reopen(&actor, claim, version.parse().unwrap_or_default(), parsed).await,
        Err(invalid) => Err(invalid.into()),
    };
    with_reason((desk, actor), done, claim, &reason, Done::Reopened, &paths::claim(claim)).await
}

#[server(prefix = "/actions", endpoint = "claims/dismiss")]
pub async fn dismiss_claim(
    #[server(default)] claim: String,
    #[server(default)] version: String,
    #[server(default)] reason: String,
) -> Result<(), Problem> {
    let (desk, actor) = asked::<Review>()?;
    let claim: ClaimId = id("claim", &claim)?;
    let done = match Reason::parse(&reason) {
        Ok(parsed) => desk.dismiss(&actor, claim, version.parse().unwrap_or_default(), parsed).await,
        Err(invalid) => Err(invalid.into()),
    };
    with_reason((desk, actor), done, claim, &reason, Done::Dismissed, paths::DESK).await
}

async fn with_reason(
    (desk, actor): (desk::Desk, domain::policy::Actor),
    done: Result<(), Error>,
    claim: ClaimId,
    reason: &str,
    word: Done,
    then: &str,
) -> Result<(), Problem> {
    let form = reason_form(claim);
    if let Err(error) = done {
        let page = format!("{}#more", paths::claim(claim));
        return back(&desk, &actor, error, &page, Some((&form, fields([("reason", reason)])))).await;
    }
    forget(&desk, &actor, &form).await;
    go_done(then, word);
    Ok(())
}

/// Drops a draft that was sent. That this fails loses nothing: the draft is merely shown again.
pub(super) async fn forget(desk: &desk::Desk, actor: &domain::policy::Actor, form: &str) {
    if let Err(error) = desk.drop_draft(actor, form).await {
        tracing::warn!(
            error = &error as &dyn std::error::Error,
            "a draft that was sent could not be dropped"
        );
    }
}
