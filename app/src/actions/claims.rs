//! Review on the workbench.

#![expect(clippy::too_many_arguments, reason = "an action takes one argument for each field of its form")]

use super::answer::{Done, asked, back, fields, go, go_done, id};
use crate::paths;
use crate::problem::Problem;
use desk::{AdjudicationForm, Error, EvidenceForm, Fields, OriginGiven, VerdictForm};
use domain::claim::{SourceKind, Stance};
use domain::grade::Information;
use domain::id::{ClaimId, EvidenceId, VerdictId};
use domain::policy::{Adjudicate, Publish, Reopen, Review};
use domain::scale::DEFAULT;
use domain::words::{
    CorrectionNote, EvidenceTitle, Excerpt, Invalid, OutletName, Rationale, Reason, SourceName, WebAddress,
};
use domain::workflow::Stage;
use leptos::prelude::*;
use phrase::t;
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
    #[server(default)] scale: String,
    #[server(default)] rating: String,
    #[server(default)] rationale: String,
    #[server(default)] figure: String,
    #[server(default)] override_reason: String,
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
        let verdict = VerdictForm {
            scale: Some(scale.clone()),
            rating: chosen_rating(&rating)?,
            rationale: Rationale::parse(&rationale)?,
            figure: Some(figure.clone()),
            version: version.parse().unwrap_or_default(),
            override_reason: reason_to_override(&override_reason)?,
        };
        desk.give_verdict(&actor, claim, verdict, None).await
    }
    .await;
    if let Err(error) = given {
        let typed = fields([
            ("scale", &scale),
            ("rating", &rating),
            ("rationale", &rationale),
            ("figure", &figure),
            ("override_reason", &override_reason),
        ]);
        let page = if scale.is_empty() || scale == DEFAULT {
            verdict_page(claim)
        } else {
            paths::claim_on_scale(claim, &scale)
        };
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

/// The key of a rating, once one is chosen.
pub(super) fn chosen_rating(key: &str) -> Result<String, Invalid> {
    if key.is_empty() { Err(Invalid::new("rating", t!("Choose a rating."))) } else { Ok(key.to_owned()) }
}

/// Where the form stands that a verdict is given with, or a decision between two.
fn verdict_page(claim: ClaimId) -> String {
    paths::claim_part(claim, "verdict")
}

/// Blank where nothing is overridden.
pub(super) fn reason_to_override(text: &str) -> Result<Option<Reason>, Invalid> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    Reason::parse(text).map(Some).map_err(|invalid| Invalid { field: "override_reason", ..invalid })
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
        let decision = AdjudicationForm {
            rating: chosen_rating(&rating)?,
            reason: Rationale::parse(&reason).map_err(|invalid| Invalid { field: "reason", ..invalid })?,
            figure: Some(figure.clone()),
            version: version.parse().unwrap_or_default(),
        };
        desk.adjudicate(&actor, claim, decision, None).await
    }
    .await;
    if let Err(error) = decided {
        let typed = fields([("rating", &rating), ("reason", &reason), ("figure", &figure)]);
        return back(&desk, &actor, error, &verdict_page(claim), Some((&form, typed))).await;
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

/// The fields of a piece of evidence, as they were typed.
struct Typed {
    address: String,
    title: String,
    excerpt: String,
    stance: String,
    source: String,
    source_kind: String,
    publisher: String,
    information: String,
    visual: String,
    admission: String,
}

impl Typed {
    fn parse(&self) -> Result<EvidenceForm, Error> {
        let stance = || Invalid::new("stance", t!("Say what it does to the claim."));
        let kind = || Invalid::new("source_kind", t!("Choose what sort of source it is."));
        let information = || Invalid::new("information", t!("Choose a grade from 1 to 6."));
        let source_kind = match self.source_kind.trim() {
            "" => None,
            word => Some(word.parse::<SourceKind>().map_err(|_| kind())?),
        };
        let source = SourceName::optional(&self.source)
            .map_err(|invalid| Invalid { field: "source", ..invalid })?
            .map(|name| OriginGiven { name, kind: source_kind });
        Ok(EvidenceForm {
            title: EvidenceTitle::parse(&self.title)?,
            address: WebAddress::optional("address", &self.address)?,
            excerpt: Excerpt::parse(&self.excerpt)?,
            stance: self.stance.parse::<Stance>().map_err(|_| stance())?,
            source,
            publisher: OutletName::optional(&self.publisher)
                .map_err(|invalid| Invalid { field: "publisher", ..invalid })?,
            information: match self.information.trim() {
                "" => Information::Six,
                word => word.parse().map_err(|_| information())?,
            },
            visual: !self.visual.is_empty(),
            admission: !self.admission.is_empty(),
        })
    }

    fn fields(&self) -> Fields {
        fields([
            ("address", &self.address),
            ("title", &self.title),
            ("excerpt", &self.excerpt),
            ("stance", &self.stance),
            ("source", &self.source),
            ("source_kind", &self.source_kind),
            ("publisher", &self.publisher),
            ("information", &self.information),
            ("visual", &self.visual),
            ("admission", &self.admission),
        ])
    }
}

#[server(prefix = "/actions", endpoint = "evidence/add")]
pub async fn add_evidence(
    #[server(default)] claim: String,
    #[server(default)] address: String,
    #[server(default)] title: String,
    #[server(default)] excerpt: String,
    #[server(default)] stance: String,
    #[server(default)] source: String,
    #[server(default)] source_kind: String,
    #[server(default)] publisher: String,
    #[server(default)] information: String,
    #[server(default)] visual: String,
    #[server(default)] admission: String,
) -> Result<(), Problem> {
    let (desk, actor) = asked::<Review>()?;
    let claim: ClaimId = id("claim", &claim)?;
    let form = evidence_form(claim);
    let typed = Typed {
        address,
        title,
        excerpt,
        stance,
        source,
        source_kind,
        publisher,
        information,
        visual,
        admission,
    };
    let added = match typed.parse() {
        Ok(evidence) => desk.add_evidence(&actor, claim, evidence, None).await,
        Err(error) => Err(error),
    };
    let page = format!("{}#evidence", paths::claim(claim));
    if let Err(error) = added {
        return back(&desk, &actor, error, &page, Some((&form, typed.fields()))).await;
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
    #[server(default)] source: String,
    #[server(default)] source_kind: String,
    #[server(default)] publisher: String,
    #[server(default)] information: String,
    #[server(default)] visual: String,
    #[server(default)] admission: String,
    #[server(default)] version: String,
    #[server(default)] merge: Merge,
) -> Result<(), Problem> {
    let (desk, actor) = asked::<Review>()?;
    let claim: ClaimId = id("claim", &claim)?;
    let target: EvidenceId = id("evidence", &evidence_id)?;
    let (address, title) = (merge.of("address", address), merge.of("title", title));
    let (excerpt, stance) = (merge.of("excerpt", excerpt), merge.of("stance", stance));
    let form = correction_form(target);
    let typed = Typed {
        address,
        title,
        excerpt,
        stance,
        source,
        source_kind,
        publisher,
        information,
        visual,
        admission,
    };
    let corrected = match typed.parse() {
        Ok(evidence) => {
            desk.correct_evidence(&actor, target, evidence, version.parse().unwrap_or_default()).await
        }
        Err(error) => Err(error),
    };
    let page = format!("{}#evidence", paths::claim(claim));
    if let Err(error) = corrected {
        return back(&desk, &actor, error, &page, Some((&form, typed.fields()))).await;
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
    if let Err(error) = done {
        let typed = fields([("note", &note)]);
        let page = paths::publish(claim);
        return back(&desk, &actor, error, &page, Some((&note_form(claim), typed))).await;
    }
    forget(&desk, &actor, &note_form(claim)).await;
    go_done(&paths::claim(claim), Done::Published);
    Ok(())
}

/// Takes a claim from the public that was reopened or set aside since it was published.
#[server(prefix = "/actions", endpoint = "claims/withdraw")]
pub async fn withdraw_claim(
    #[server(default)] claim: String,
    #[server(default)] version: String,
    #[server(default)] note: String,
) -> Result<(), Problem> {
    let (desk, actor) = asked::<Publish>()?;
    let claim: ClaimId = id("claim", &claim)?;
    let form = withdraw_form(claim);
    let done = match CorrectionNote::parse(&note) {
        Ok(note) => desk.withdraw(&actor, claim, version.parse().unwrap_or_default(), note).await,
        Err(invalid) => Err(invalid.into()),
    };
    let page = format!("{}#more", paths::claim(claim));
    if let Err(error) = done {
        let typed = fields([("note", &note)]);
        return back(&desk, &actor, error, &page, Some((&form, typed))).await;
    }
    forget(&desk, &actor, &form).await;
    go_done(&page, Done::TakenFromPublic);
    Ok(())
}

/// The form whose draft the note to readers of a claim is.
pub fn note_form(claim: ClaimId) -> String {
    format!("note:{claim}")
}

/// The form whose draft the reason for reopening a claim is.
pub fn reopen_form(claim: ClaimId) -> String {
    format!("reopen:{claim}")
}

/// The form whose draft the reason for dismissing a claim is.
pub fn dismiss_form(claim: ClaimId) -> String {
    format!("dismiss:{claim}")
}

/// The form whose draft the note to readers is of a claim that is withdrawn once it is not published any more.
pub fn withdraw_form(claim: ClaimId) -> String {
    format!("withdraw:{claim}")
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
    let form = reopen_form(claim);
    with_reason((desk, actor), done, (claim, &form), &reason, Done::Reopened, &paths::claim(claim)).await
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
    let form = dismiss_form(claim);
    with_reason((desk, actor), done, (claim, &form), &reason, Done::Dismissed, paths::DESK).await
}

async fn with_reason(
    (desk, actor): (desk::Desk, domain::policy::Actor),
    done: Result<(), Error>,
    (claim, form): (ClaimId, &str),
    reason: &str,
    word: Done,
    then: &str,
) -> Result<(), Problem> {
    if let Err(error) = done {
        let page = format!("{}#more", paths::claim(claim));
        return back(&desk, &actor, error, &page, Some((form, fields([("reason", reason)])))).await;
    }
    forget(&desk, &actor, form).await;
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
