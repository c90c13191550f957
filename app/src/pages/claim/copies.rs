//! The copies of a piece of evidence: a quiet line for each, and the form that brings another.

use super::refusal;
use crate::actions::copy_form;
use crate::language::t;
use crate::paths;
use crate::ui::{Draft, copy_outcome, field, file, moment, text_area};
use desk::{ClaimView, CopyView, Desk, Error, EvidenceView};
use domain::copy::{MediaType, Outcome, size_in_words};
use domain::id::{ClaimId, EvidenceId};
use domain::policy::Actor;
use leptos::prelude::*;
use phrase::{t, view};
use std::collections::HashMap;

/// The copies of all evidence on the page, and what was typed for new ones.
pub(super) struct Copies {
    claim: ClaimId,
    of: HashMap<EvidenceId, Vec<CopyView>>,
    drafts: HashMap<EvidenceId, Draft>,
}

/// Loads them with one question for the whole page.
pub(super) async fn load(
    desk: &Desk,
    actor: &Actor,
    view: &ClaimView,
    drafts: HashMap<EvidenceId, Draft>,
) -> Result<Copies, Error> {
    let evidence: Vec<EvidenceId> = view.evidence.iter().map(|evidence| evidence.id).collect();
    let mut of: HashMap<EvidenceId, Vec<CopyView>> = HashMap::new();
    for copy in desk.copies(actor, &evidence).await? {
        of.entry(copy.evidence).or_default().push(copy);
    }
    Ok(Copies { claim: view.claim.id, of, drafts })
}

impl Copies {
    /// The copies of a piece of evidence that are pictures.
    pub(super) fn pictures(&self, evidence: EvidenceId) -> Vec<&CopyView> {
        let copies = self.of.get(&evidence).map(Vec::as_slice).unwrap_or_default();
        copies.iter().filter(|copy| copy.media_type.is_picture()).collect()
    }

    pub(super) fn view(&self, evidence: &EvidenceView, reviews: bool) -> AnyView {
        let copies = self.of.get(&evidence.id).map(Vec::as_slice).unwrap_or_default();
        let adds = reviews && evidence.withdrawn.is_none();
        if copies.is_empty() && !adds {
            return ().into_any();
        }
        let lines = copies.iter().map(|copy| line(self.claim, copy, reviews)).collect_view();
        let list =
            (!copies.is_empty()).then(|| view! { <ul class="copies" aria-label="Copies">{lines}</ul> });
        let form = adds.then(|| adding(self.claim, evidence, self.drafts.get(&evidence.id)));
        view! { <div class="copies-of" id=format!("copies-{}", evidence.id)>{list} {form}</div> }.into_any()
    }
}

fn line(claim: ClaimId, copy: &CopyView, reviews: bool) -> AnyView {
    let short: String = copy.sha256.chars().take(8).collect();
    let name = copy.name.clone().unwrap_or_else(|| match copy.media_type {
        MediaType::Html => t!("pasted page").to_owned(),
        _ => t!("pasted text").to_owned(),
    });
    // What is not what was kept is not sent.
    let is_sound = copy.outcome == Outcome::Intact;
    let open = match copy.media_type {
        MediaType::Pdf => None,
        MediaType::Html => Some(t!("Show its source")),
        _ => Some(t!("Show")),
    }
    .filter(|_| is_sound)
    .map(|words| {
        view! { <a href=paths::copy_content(copy.id) target="_blank" rel="noopener" aria-label=format!("{words}: {name}")>{words}</a> }
    });
    let save = is_sound.then(|| {
        view! { <a href=paths::copy_to_save(copy.id) aria-label=t!("Save {name}")>"Save"</a> }
    });
    let address = copy.address.clone().map(|address| {
        let shown = address.clone();
        view! { <dt>"From"</dt><dd><a href=address rel="noreferrer noopener external">{shown}</a></dd> }
    });
    let verify = reviews.then(|| {
        view! {
            <form method="post" action="/actions/copies/verify" class="inline">
                <input type="hidden" name="claim" value=claim.to_string() />
                <input type="hidden" name="copy" value=copy.id.to_string() />
                <button class="btn small" aria-label=t!("Verify now: {name}")>"Verify now"</button>
            </form>
        }
    });
    view! {
        <li id=format!("copy-{}", copy.id)>
            <details class="copy small">
                <summary>
                    <span class="copy-name">{name.clone()}</span> " "
                    <span class="quiet">{t(copy.media_type.label())} " · " {crate::language::say(&size_in_words(copy.bytes))} " · "</span>
                    <code class="quiet">{short}</code> " "
                    {copy_outcome(copy.outcome)}
                </summary>
                <dl class="facts">
                    <dt>"SHA-256"</dt><dd class="hash"><code>{copy.sha256.clone()}</code></dd>
                    {address}
                    <dt>"Captured"</dt><dd>{moment(copy.captured_at)}</dd>
                    <dt>"Kept"</dt><dd>{moment(copy.added_at)} " by " {copy.added_by.clone()}</dd>
                    <dt>"Checked"</dt><dd>{moment(copy.checked_at)}</dd>
                </dl>
                <div class="chips">{open} {save} {verify}</div>
            </details>
        </li>
    }
    .into_any()
}

fn adding(claim: ClaimId, evidence: &EvidenceView, draft: Option<&Draft>) -> AnyView {
    let draft = draft.cloned().unwrap_or_default();
    let id = evidence.id;
    let form = format!("copy-of-{id}");
    let part = |name: &str| format!("{form}-{name}");
    view! {
        <details class="change" open=!draft.is_empty()>
            <summary class="small">"Keep a copy"</summary>
            <form method="post" action="/actions/copies/add" enctype="multipart/form-data" class="form" data-draft=copy_form(id)
                aria-label=t!("Keep a copy for {}", evidence.title)>
                <input type="hidden" name="claim" value=claim.to_string() />
                <input type="hidden" name="evidence_id" value=id.to_string() />
                {refusal(&draft)}
                {text_area(&part("text"), "text", t!("Text"), t!("Pasted as it stands there."), 3, &draft.typed("text").unwrap_or_default(), draft.wrong("text"))}
                {file(&part("file"), "file", t!("Or a file"), t!("PDF, picture, saved page or plain text, at most 25 MB."), draft.wrong("file"))}
                {field(&part("address"), "address", "url", t!("Captured from"), "", draft.or("address", evidence.address.as_deref().unwrap_or_default()), false, draft.wrong("address"))}
                {field(&part("captured"), "captured_at", "datetime-local", t!("Captured (UTC)"), t!("Now where left empty."), draft.typed("captured_at").unwrap_or_default(), false, draft.wrong("captured_at"))}
                <div class="row"><span class="quiet small" data-draft-state="true" role="status"></span><button class="btn">"Keep the copy"</button></div>
            </form>
        </details>
    }
    .into_any()
}
