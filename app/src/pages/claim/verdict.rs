//! The verdicts of a claim, the form that gives one, and the one that decides between two.

use super::{compared, differences, refusal};
use crate::actions::{adjudication_form, verdict_form};
use crate::paths;
use crate::ui::{Draft, capital, field, icon, moment, rating_tag, text_area, tone};
use desk::{ClaimView, VerdictView};
use domain::policy::{Actor, Role};
use domain::scale;
use domain::workflow::{Part, Stage};
use leptos::prelude::*;

/// What was found: the verdict that stands with those it rests on, or those that wait.
pub(super) fn verdicts(view: &ClaimView) -> AnyView {
    if view.verdicts.is_empty() {
        return ().into_any();
    }
    let waits = |verdict: &&VerdictView| {
        verdict.round == view.round && (view.second.is_some() || view.claim.stage == Stage::Disagreed)
    };
    let standing = view.standing().filter(|_| view.claim.rating.is_some());
    let rests_on = |verdict: &&VerdictView| standing.is_some_and(|standing| standing.round == verdict.round);
    let in_sight: Vec<&VerdictView> = if view.verdicts.iter().any(|verdict| waits(&verdict)) {
        view.verdicts.iter().rev().filter(waits).collect()
    } else {
        view.verdicts.iter().filter(rests_on).filter(|verdict| !verdict.is_undone).collect()
    };
    let earlier: Vec<&VerdictView> =
        view.verdicts.iter().filter(|verdict| !in_sight.iter().any(|shown| shown.id == verdict.id)).collect();
    let heading = if view.claim.stage == Stage::Disagreed {
        "Two verdicts that differ"
    } else if in_sight.iter().any(|verdict| verdict.part == Part::First && view.second.is_some()) {
        "Your verdict"
    } else {
        "Verdict"
    };
    let together = if view.claim.stage == Stage::Disagreed { "both" } else { "given-all" };
    let older = (!earlier.is_empty()).then(|| {
        view! {
            <details><summary>{format!("{} earlier", earlier.len())}</summary>{earlier.iter().map(|verdict| given(verdict)).collect_view()}</details>
        }
    });
    let shown = (!in_sight.is_empty()).then(|| {
        let all = in_sight.iter().map(|verdict| given(verdict)).collect_view();
        view! { <h2>{heading}</h2> <div class=together>{all}</div> }
    });
    view! { {shown} {older} }.into_any()
}

fn given(verdict: &VerdictView) -> AnyView {
    let figure = verdict
        .figure
        .clone()
        .map(|figure| view! { <span class="tag num">{format!("evidence supports {figure}")}</span> });
    let part = (verdict.part != Part::Sole).then(|| format!("{} · ", capital(verdict.part.label())));
    let undone = verdict.is_undone.then(|| view! { <span class="tag">"taken back"</span> });
    view! {
        <div class="given" class:gone=verdict.is_undone>
            <p class="row"><span class="tags">{rating_tag(&verdict.rating)} {undone}</span>
                <span class="small quiet">{part} {verdict.reviewer.clone()} " · " {moment(verdict.given_at)}</span></p>
            <p class="rationale">{verdict.rationale.clone()}</p> {figure}
        </div>
    }
    .into_any()
}

/// What can be done where two reviewers differ.
pub(super) fn disagreement(view: &ClaimView, actor: &Actor, draft: &Draft) -> AnyView {
    let is_one_of_them = view.disagreement().is_some_and(|(first, second)| first.is_own || second.is_own);
    if actor.role < Role::Editor {
        return view! { <p class="quiet small">"The two reviewers differ. An editor decides, and says why."</p> }
            .into_any();
    }
    if is_one_of_them {
        return view! { <p class="quiet small">"You gave one of the two verdicts. An editor who gave none of them decides."</p> }
            .into_any();
    }
    let claim = &view.claim;
    view! {
        <form method="post" action="/actions/claims/adjudicate" data-draft=adjudication_form(claim.id) data-enter="send">
            <input type="hidden" name="claim" value=claim.id.to_string() />
            <input type="hidden" name="version" value=draft.current().unwrap_or(claim.version) />
            {refusal(draft)} {differences(draft)}
            <p class="small">"You decide between the two. Both will see what you decide and why."</p>
            {rate(draft, "reason")}
            <div class="verdict-words">
                {text_area("reason", "reason", "Why", "", 2, &draft.typed("reason").unwrap_or_default(), draft.wrong("reason"))}
                {field("figure", "figure", "text", "Figure the evidence supports", "", draft.typed("figure").unwrap_or_default(), false, draft.wrong("figure"))}
            </div>
            <div class="row">
                <span class="small quiet" data-draft-state="true" role="status"></span>
                <button class="btn go">"Decide " <kbd>"Enter"</kbd></button>
            </div>
        </form>
    }
    .into_any()
}

/// The ratings to choose from; a key goes on to the field `then`.
fn rate(draft: &Draft, then: &'static str) -> AnyView {
    let chosen = draft.typed("rating").unwrap_or_default();
    let ratings = scale::DEFAULT
        .ratings
        .iter()
        .map(|rating| {
            let id = format!("rating-{}", rating.key);
            let class = tone(Some(rating.key));
            view! {
                <span class=format!("rate-one {class}")>
                    <input type="radio" name="rating" id=id.clone() value=rating.key checked={chosen == rating.key} required
                        data-key=rating.shortcut.to_string() data-says=format!("{}: {}", rating.name, rating.meaning) data-then=then />
                    <label for=id title=rating.meaning>{icon(class)} <span>{rating.name}</span> <kbd>{rating.shortcut.to_ascii_uppercase().to_string()}</kbd></label>
                </span>
            }
        })
        .collect_view();
    let wrong = draft.wrong("rating").map(|words| view! { <p class="wrong">{words}</p> });
    view! { <fieldset class="rate"><legend class="hidden">"Rating"</legend>{ratings}</fieldset> {wrong} }
        .into_any()
}

pub(super) fn verdict_panel(view: &ClaimView, draft: &Draft) -> AnyView {
    let claim = &view.claim;
    let version = draft.current().unwrap_or(claim.version);
    let discard = (!draft.is_empty()).then(|| {
        view! {
            <form method="post" action="/actions/drafts/discard" class="inline" id="discard-verdict">
                <input type="hidden" name="form" value=verdict_form(claim.id) />
                <input type="hidden" name="page" value=paths::claim(claim.id) />
            </form>
        }
    });
    let discard_button = (!draft.is_empty()).then(|| {
        view! { <button class="link" form="discard-verdict" formnovalidate>"Discard the draft"</button> }
    });
    let supersedes = claim.rating.as_deref().filter(|_| claim.stage == Stage::Settled).map(|_| {
        view! { <p class="small quiet">"A new verdict takes the place of the one that stands; both stay in the history."</p> }
    });
    let blind = view.second.as_ref().map(|second| {
        view! {
            <p class="notice small"><b>"You are the second reviewer"</b> {format!(" after {}. It takes two: {}. ", second.first_by, second.because)}
                "The first verdict is shown when yours is in."</p>
        }
    });
    view! {
        {discard}
        <form method="post" action="/actions/claims/verdict" data-draft=verdict_form(claim.id) data-enter="send">
            <input type="hidden" name="claim" value=claim.id.to_string() />
            <input type="hidden" name="version" value=version />
            {refusal(draft)} {compared(draft, &["rating", "rationale", "figure"])} {supersedes} {blind}
            {rate(draft, "rationale")}
            <div class="verdict-words">
                {text_area("rationale", "rationale", "Why", "", 2, &draft.typed("rationale").unwrap_or_default(), draft.wrong("rationale"))}
                {field("figure", "figure", "text", "Figure the evidence supports", "", draft.typed("figure").unwrap_or_default(), false, draft.wrong("figure"))}
            </div>
            <div class="row">
                <span class="small quiet"><span data-draft-state="true" role="status"></span> {discard_button}</span>
                <span class="chips">
                    <button class="btn" name="then" value="stay">"Save"</button>
                    <button class="btn go" name="then" value="next">"Save, next " <kbd>"Enter"</kbd></button>
                </span>
            </div>
        </form>
    }
    .into_any()
}
