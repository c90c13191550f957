//! Review on the workbench.

#![expect(clippy::too_many_arguments, reason = "an action takes one argument for each field of its form")]

use super::answer::{Done, asked, back, fields, go, go_done, id};
use crate::paths;
use crate::problem::Problem;
use desk::{AdjudicationForm, Error, EvidenceForm, Fields, VerdictForm};
use domain::claim::Stance;
use domain::id::{ClaimId, EvidenceId, VerdictId};
use domain::policy::{Adjudicate, Publish, Reopen, Review};
use domain::words::{CorrectionNote, EvidenceTitle, Excerpt, Invalid, Rationale, Reason, WebAddress};
use domain::workflow::Stage;
use leptos::prelude::*;
use std::collections::BTreeMap;

/// Where somebody else was faster: for each field that differs, whose words are to stay, and what
/// the other's are.
#[derive(Clone, Debug, Default, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct Merge {
    /// `theirs`, or else mine.
    pub keep: BTreeMap<String, String>,
    pub theirs: BTreeMap<String, String>,
}

impl Merge {
    /// What a field is sent with.
    fn of(&self, field: &str, mine: String) -> String {
        let theirs =
            self.theirs.get(field).filter(|_| self.keep.get(field).is_some_and(|keep| keep == "theirs"));
        theirs.cloned().unwrap_or(mine)
    }
}

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

/// The form whose draft the reason for taking a claim over is.
pub fn takeover_form(claim: ClaimId) -> String {
    format!("takeover:{claim}")
}

/// Takes a claim from whoever holds it, with a reason.
#[server(prefix = "/actions", endpoint = "claims/take-over")]
pub async fn take_over_claim(
    #[server(default)] claim: String,
    #[server(default)] reason: String,
) -> Result<(), Problem> {
    let (desk, actor) = asked::<Review>()?;
    let claim: ClaimId = id("claim", &claim)?;
    let form = takeover_form(claim);
    let done = match Reason::parse(&reason) {
        Ok(reason) => desk.take_over(&actor, claim, &reason).await,
        Err(invalid) => Err(invalid.into()),
    };
    if let Err(error) = done {
        let typed = fields([("reason", &reason)]);
        return back(&desk, &actor, error, &paths::claim(claim), Some((&form, typed))).await;
    }
    forget(&desk, &actor, &form).await;
    go_done(&paths::claim_in_text(claim), Done::TakenOver);
    Ok(())
}

/// Takes back a verdict that was just given; what was typed comes back with the form.
#[server(prefix = "/actions", endpoint = "claims/undo")]
pub async fn undo_verdict(#[server(default)] verdict: String) -> Result<(), Problem> {
    let (desk, actor) = asked::<Review>()?;
    let verdict: VerdictId = id("verdict", &verdict)?;
    match desk.undo_verdict(&actor, verdict).await {
        Ok(undone) => {
            if let Err(error) = desk.keep_draft(&actor, &verdict_form(undone.claim), &undone.typed).await {
                tracing::warn!(
                    error = &error as &dyn std::error::Error,
                    "what was typed for a verdict that was undone could not be kept"
                );
            }
            go_done(&paths::claim_in_text(undone.claim), Done::Undone);
        }
        Err(error) => return back(&desk, &actor, error, paths::DESK, None).await,
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
    #[server(default)] merge: Merge,
) -> Result<(), Problem> {
    let (desk, actor) = asked::<Review>()?;
    let claim: ClaimId = id("claim", &claim)?;
    let form = verdict_form(claim);
    let (rating, rationale, figure) =
        (merge.of("rating", rating), merge.of("rationale", rationale), merge.of("figure", figure));
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
    // Only words depend on it: where it cannot be read, they are the plain ones.
    let done = match desk.claim_row(&actor, claim).await.map(|claim| claim.stage) {
        Ok(Stage::AwaitingSecondReview) => Done::First,
        Ok(Stage::Disagreed) => Done::Disagreed,
        _ => Done::Settled,
    };
    if then == "stay" {
        go_done(&paths::claim_in_text(claim), done);
        return Ok(());
    }
    match desk.take_next(&actor, Some(claim), None).await {
        Ok(Some(next)) => go_done(&paths::claim_in_text(next), done),
        Ok(None) if done == Done::Settled => go_done(paths::DESK, Done::NothingLeft),
        Ok(None) => go_done(paths::DESK, done),
        Err(error) => return back(&desk, &actor, error, paths::DESK, None).await,
    }
    Ok(())
}

/// The form whose draft an editor's decision between reviewers is.
pub fn adjudication_form(claim: ClaimId) -> String {
    format!("adjudication:{claim}")
}

/// Decides between two reviewers who differ.
#[server(prefix = "/actions", endpoint = "claims/adjudicate")]
pub async fn decide_between(
    #[server(default)] claim: String,
    #[server(default)] rating: String,
    #[server(default)] reason: String,
    #[server(default)] figure: String,
    #[server(default)] version: String,
) -> Result<(), Problem> {
    let (desk, actor) = asked::<Adjudicate>()?;
    let claim: ClaimId = id("claim", &claim)?;
    let form = adjudication_form(claim);
    let decided = async {
        if rating.is_empty() {
            return Err(Error::from(Invalid::new("rating", "Choose a rating.")));
        }
        let words = Rationale::parse(&reason).map_err(|invalid| Invalid { field: "reason", ..invalid })?;
        let decision = AdjudicationForm {
            rating: rating.clone(),
            reason: words,
            figure: Some(figure.clone()),
            version: version.parse().unwrap_or_default(),
        };
        desk.adjudicate(&actor, claim, decision).await
    }
    .await;
    if let Err(error) = decided {
        let typed = fields([("rating", &rating), ("reason", &reason), ("figure", &figure)]);
        let page = format!("{}#verdict", paths::claim(claim));
        return back(&desk, &actor, error, &page, Some((&form, typed))).await;
    }
    forget(&desk, &actor, &form).await;
    go_done(&paths::claim_in_text(claim), Done::Adjudicated);
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
    #[server(default)] merge: Merge,
) -> Result<(), Problem> {
    let (desk, actor) = asked::<Review>()?;
    let claim: ClaimId = id("claim", &claim)?;
    let target: EvidenceId = id("evidence", &evidence_id)?;
    let (address, title) = (merge.of("address", address), merge.of("title", title));
    let (excerpt, stance) = (merge.of("excerpt", excerpt), merge.of("stance", stance));
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
