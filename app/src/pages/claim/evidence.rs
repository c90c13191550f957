//! The evidence of a claim, and the forms that change it.

use super::media::{assessed, assessing, is_media, taking_back};
use super::{Bench, compared, refusal};
use crate::actions::{correction_form, evidence_form};
use crate::language::t;
use crate::paths;
use crate::ui::{
    Draft, Mark, article_text, capital, choice, field, icon, moment, select_of, text_area, tick,
};
use desk::{ClaimView, EvidenceView};
use domain::claim::{SourceBy, SourceKind, Stance};
use domain::grade::Information;
use domain::measure::Measure;
use leptos::prelude::*;
use phrase::{t, view};

pub(super) fn evidence(view: &ClaimView, bench: &Bench, reviews: bool) -> AnyView {
    let claim = view.claim.id;
    let list = view
        .evidence
        .iter()
        .map(|evidence| {
            let draft = bench.corrections.get(&evidence.id).cloned().unwrap_or_default();
            piece(view, evidence, draft, bench, reviews)
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
    let stances = Stance::ALL.iter().map(|stance| (stance.word(), t(stance.label()))).collect();
    let mut kinds = vec![(String::new(), t!("as the desk knows it").to_owned())];
    kinds.extend(
        SourceKind::ALL
            .iter()
            .filter(|kind| **kind != SourceKind::Anonymous)
            .map(|kind| (kind.word().to_owned(), t(kind.label()).to_owned())),
    );
    let grades = Information::ALL
        .iter()
        .map(|grade| (grade.word().to_owned(), format!("{grade}: {}", t(grade.label()))))
        .collect();
    // What was read in the excerpt is read again when the excerpt changes.
    let given = there.and_then(|e| e.source.as_ref()).filter(|source| source.by == SourceBy::Person);
    let ticked = |name: &str, there: bool| draft.typed(name).map_or(there, |typed| !typed.is_empty());
    let about = ["source", "source_kind", "publisher", "information"];
    let open = there.is_some()
        || about.iter().any(|name| {
            draft.wrong(name).is_some() || draft.typed(name).is_some_and(|typed| !typed.is_empty())
        });
    view! {
        {field(&format!("{form}-title"), "title", "text", t!("Title"), "", or("title", there.map(|e| e.title.clone())), true, draft.wrong("title"))}
        {field(&format!("{form}-address"), "address", "url", t!("Address"), "", or("address", there.and_then(|e| e.address.clone())), false, draft.wrong("address"))}
        {text_area(&format!("{form}-excerpt"), "excerpt", t!("Excerpt"), t!("The words that bear on the claim."), 3, &or("excerpt", there.map(|e| e.excerpt.clone())), draft.wrong("excerpt"))}
        {choice(form, "stance", t!("It …"), stances, &or("stance", there.map(|e| e.stance.word().to_owned())), draft.wrong("stance"))}
        <details class="part about-source" open=open>
            <summary>"Where it comes from, and how good it is"</summary>
            <div class="form">
                {field(&format!("{form}-publisher"), "publisher", "text", t!("Published by"), t!("The outlet or account that passed it on."), or("publisher", there.and_then(|e| e.publisher.clone())), false, draft.wrong("publisher"))}
                {field(&format!("{form}-source"), "source", "text", t!("Original source"), t!("Who says so to begin with. Left empty, it is whom the excerpt names, or else the publisher."), or("source", given.map(|source| source.name.clone())), false, draft.wrong("source"))}
                <div class="pairs">
                    {select_of(&format!("{form}-source-kind"), "source_kind", t!("The source is"), kinds, &or("source_kind", given.map(|source| source.kind.word().to_owned())), draft.wrong("source_kind"))}
                    {select_of(&format!("{form}-information"), "information", t!("Information"), grades, &draft.or("information", there.map_or(Information::Six, |e| e.information).word()), draft.wrong("information"))}
                </div>
                <div class="choices">
                    {tick(&format!("{form}-visual"), "visual", t!("A photo or video shows it"), ticked("visual", there.is_some_and(|e| e.visual)))}
                    {tick(&format!("{form}-admission"), "admission", t!("A party to the conflict admits it"), ticked("admission", there.is_some_and(|e| e.admission)))}
                </div>
            </div>
        </details>
    }
    .into_any()
}

/// The excerpt, with the numbers marked that were looked for.
fn excerpt(evidence: &EvidenceView) -> AnyView {
    let marks: Vec<Mark> = evidence
        .findings
        .iter()
        .filter_map(|finding| {
            Some(Mark {
                span: finding.at?,
                class: if finding.shows() { "sought shown" } else { "sought" }.to_owned(),
                href: None,
                says: capital(t(finding.found.label())),
                id: None,
            })
        })
        .collect();
    view! { <blockquote class="small">{article_text(&evidence.excerpt, &marks)}</blockquote> }.into_any()
}

/// What became of the claim's figures in the excerpt, in words.
fn read_for(evidence: &EvidenceView, figures: &[Measure]) -> AnyView {
    let lines = figures
        .iter()
        .zip(&evidence.findings)
        .filter(|(figure, _)| {
            !figure.denied && (figure.low.is_some() || figure.best.is_some() || figure.high.is_some())
        })
        .map(|(figure, finding)| {
            let (class, drawn) = match (finding.shows(), evidence.stance) {
                (true, _) => ("st verified", "verified"),
                // Only what is to support a figure falls short without it.
                (false, Stance::Supports) => ("st disputed", "missing"),
                (false, _) => ("quiet", "open"),
            };
            view! { <li class=class>{icon(drawn)} " " {crate::language::say(&finding.phrase(figure))}</li> }
        })
        .collect_view();
    view! { <ul class="read-for small">{lines}</ul> }.into_any()
}

/// Who originally says it, through whom it came, and how good it is held to be.
fn origin(evidence: &EvidenceView) -> AnyView {
    let from = match &evidence.source {
        None => view! { <span class="quiet">"Its original source is not known"</span> }.into_any(),
        Some(source) => {
            let grade = source.reliability;
            let how = match (&source.words, source.by) {
                (Some(words), _) => t!("read in the excerpt: “{words}”"),
                (None, by) => t(by.label()).to_owned(),
            };
            let of = source.organisation.clone().map(|organisation| format!(", {organisation}"));
            view! {
                "From " <b><a href=paths::source(source.id)>{source.name.clone()}</a></b> {of} " "
                <span class="tag" title=t(grade.meaning())>{format!("{grade}, {}", t(grade.label()))}</span>
                <span class="quiet">" " {how}</span>
            }
            .into_any()
        }
    };
    let itself = evidence.source.as_ref().is_some_and(|source| source.by == SourceBy::Publisher);
    let relayed =
        evidence.publisher.clone().filter(|_| !itself).map(|publisher| t!(" · passed on by {publisher}"));
    let information = evidence.information;
    view! {
        <p class="small">{from} {relayed}</p>
        <div class="chips">
            <span class="tag">{t!("information {}: {}", information.word(), t(information.label()))}</span>
            {evidence.visual.then(|| view! { <span class="tag">{icon("eye")} "photo or video"</span> })}
            {evidence.admission.then(|| view! { <span class="tag">"admission"</span> })}
        </div>
    }
    .into_any()
}

fn piece(view: &ClaimView, evidence: &EvidenceView, draft: Draft, bench: &Bench, reviews: bool) -> AnyView {
    let claim = view.claim.id;
    let copies = bench.copies.view(evidence, reviews);
    let pictures = bench.copies.pictures(evidence.id);
    let typed = bench.media.get(&evidence.id);
    let assess = || {
        let [anew, back] = typed.cloned().unwrap_or_default();
        view! { {assessing(view, evidence, &pictures, anew)} {taking_back(view, evidence, &back)} }
    };
    let may_assess = reviews && evidence.withdrawn.is_none();
    // Where nothing tells of a medium, its form is among what is rarely wanted.
    let is_media = is_media(view, evidence, &pictures)
        || typed.is_some_and(|typed| typed.iter().any(|one| !one.is_empty()));
    let assess_here = (may_assess && is_media).then(assess);
    let assess_below = (may_assess && !is_media).then(assess);
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
        view! { <p class="small notice bad">{t!("Withdrawn by {by}: {why}")}</p> }
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
                    {field(&format!("withdraw-{id}"), "reason", "text", t!("Reason to withdraw it"), "", String::new(), true, None)}
                    <div class="row"><span></span><button class="btn">"Withdraw"</button></div>
                </form>
                {assess_below}
            </details>
        }
    });
    view! {
        <div class="ev" class:gone=evidence.withdrawn.is_some()>
            <div class="row"><b class="small">{title}</b> <span class=format!("st small {tone}")>{icon(drawn)} " " {t(evidence.stance.label())}</span></div>
            {excerpt(evidence)} {read_for(evidence, &view.claim.measures)} {origin(evidence)}
            <p class="small quiet">{evidence.added_by.clone()} " · " {moment(evidence.added_at)} {elsewhere}</p>
            {withdrawn} {assessed(view, evidence)} {copies} {assess_here} {change}
        </div>
    }
    .into_any()
}
