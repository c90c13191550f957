//! The evidence of a claim, and the forms that change it.

use super::{Bench, compared, refusal};
use crate::actions::{correction_form, evidence_form};
use crate::paths;
use crate::ui::{Draft, choice, field, icon, moment, text_area};
use desk::{ClaimView, EvidenceView};
use domain::claim::Stance;
use domain::id::ClaimId;
use leptos::prelude::*;

pub(super) fn evidence(view: &ClaimView, bench: &Bench, reviews: bool) -> AnyView {
    let claim = view.claim.id;
    let list = view
        .evidence
        .iter()
        .map(|evidence| {
            let draft = bench.corrections.get(&evidence.id).cloned().unwrap_or_default();
            piece(claim, evidence, draft, bench.copies.view(evidence, reviews), reviews)
        })
        .collect_view();
    let none = view.evidence.is_empty().then(|| view! { <p class="quiet small">"None yet."</p> });
    let form = reviews.then(|| {
        let draft = &bench.evidence;
        view! {
            <details class="adding" open=!draft.is_empty()>
                <summary data-key="e" data-says="Add evidence" data-then="evidence-title">"Add evidence " <kbd>"E"</kbd></summary>
                <form method="post" action="/actions/evidence/add" class="form" data-draft=evidence_form(claim)>
                    <input type="hidden" name="claim" value=claim.to_string() />
                    {refusal(draft)}
                    {evidence_fields("evidence", draft, None)}
                    <div class="row"><span class="quiet small" data-draft-state="true" role="status"></span>
                        <button class="btn go">"Attach"</button></div>
                </form>
            </details>
        }
    });
    view! { <h2>"Evidence"</h2> {none} {list} {form} }.into_any()
}

fn evidence_fields(form: &str, draft: &Draft, there: Option<&EvidenceView>) -> AnyView {
    let or = |name: &str, there: Option<String>| draft.or(name, &there.unwrap_or_default());
    let stances = Stance::ALL.iter().map(|stance| (stance.word(), stance.label())).collect();
    view! {
        {field(&format!("{form}-title"), "title", "text", "Title", "", or("title", there.map(|e| e.title.clone())), true, draft.wrong("title"))}
        {field(&format!("{form}-address"), "address", "url", "Address", "", or("address", there.and_then(|e| e.address.clone())), false, draft.wrong("address"))}
        {text_area(&format!("{form}-excerpt"), "excerpt", "Excerpt", "The words that bear on the claim.", 3, &or("excerpt", there.map(|e| e.excerpt.clone())), draft.wrong("excerpt"))}
        {choice(form, "stance", "It …", stances, &or("stance", there.map(|e| e.stance.word().to_owned())), draft.wrong("stance"))}
    }
    .into_any()
}

fn piece(claim: ClaimId, evidence: &EvidenceView, draft: Draft, copies: AnyView, reviews: bool) -> AnyView {
    let title = match evidence.address.clone() {
        Some(address) => {
            view! { <a href=address rel="noreferrer noopener external">{evidence.title.clone()}</a> }
                .into_any()
        }
        None => evidence.title.clone().into_any(),
    };
    let (tone, drawn) = match evidence.stance {
        Stance::Supports => ("verified", "verified"),
        Stance::Refutes => ("false", "false"),
        Stance::Context => ("context", "context"),
    };
    let withdrawn = evidence.withdrawn.clone().map(|(by, why)| {
        view! { <p class="small notice bad">{format!("Withdrawn by {by}: {why}")}</p> }
    });
    let elsewhere = (evidence.claim != claim).then(|| {
        view! { " · added to " <a href=paths::claim(evidence.claim)>"the claim before"</a> }
    });
    let id = evidence.id.to_string();
    let form = format!("correct-{id}");
    let change = (reviews && evidence.withdrawn.is_none()).then(|| {
        let version = draft.current().unwrap_or(evidence.version);
        view! {
            <details class="change" open=!draft.is_empty()>
                <summary class="small">"Correct or withdraw"</summary>
                <form method="post" action="/actions/evidence/correct" class="form" data-draft=correction_form(evidence.id)>
                    <input type="hidden" name="claim" value=claim.to_string() />
                    <input type="hidden" name="evidence_id" value=id.clone() />
                    <input type="hidden" name="version" value=version />
                    {refusal(&draft)} {compared(&draft, &["title", "address", "excerpt", "stance"])}
                    {evidence_fields(&form, &draft, Some(evidence))}
                    <div class="row"><span class="quiet small" data-draft-state="true"></span><button class="btn">"Save the correction"</button></div>
                </form>
                <form method="post" action="/actions/evidence/withdraw" class="form">
                    <input type="hidden" name="claim" value=claim.to_string() />
                    <input type="hidden" name="evidence_id" value=id.clone() />
                    {field(&format!("withdraw-{id}"), "reason", "text", "Reason to withdraw it", "", String::new(), true, None)}
                    <div class="row"><span></span><button class="btn">"Withdraw"</button></div>
                </form>
            </details>
        }
    });
    view! {
        <div class="ev" class:gone=evidence.withdrawn.is_some()>
            <div class="row"><b class="small">{title}</b> <span class=format!("st small {tone}")>{icon(drawn)} " " {evidence.stance.label()}</span></div>
            <blockquote class="small">{evidence.excerpt.clone()}</blockquote>
            <p class="small quiet">{evidence.added_by.clone()} " · " {moment(evidence.added_at)} {elsewhere}</p>
            {withdrawn} {copies} {change}
        </div>
    }
    .into_any()
}
