//! The verdicts of a claim, and the form that gives one.

use super::{differences, refusal};
use crate::actions::verdict_form;
use crate::paths;
use crate::ui::{Draft, field, icon, moment, rating_tag, text_area, tone};
use desk::{ClaimView, VerdictView};
use domain::scale;
use domain::workflow::Stage;
use leptos::prelude::*;

pub(super) fn verdicts(verdicts: &[VerdictView]) -> AnyView {
    let Some((standing, earlier)) = verdicts.split_first() else { return ().into_any() };
    let one = |verdict: &VerdictView| {
        let figure = verdict
            .figure
            .clone()
            .map(|figure| view! { <span class="tag num">{format!("evidence supports {figure}")}</span> });
        view! {
            <div class="given">
                <p class="row">{rating_tag(&verdict.rating)} <span class="small quiet">{verdict.reviewer.clone()} " · " {moment(verdict.given_at)}</span></p>
                <p class="rationale">{verdict.rationale.clone()}</p> {figure}
            </div>
        }
    };
    let older = (!earlier.is_empty()).then(|| {
        view! {
            <details><summary>{format!("{} earlier", earlier.len())}</summary>{earlier.iter().map(one).collect_view()}</details>
        }
    });
    view! { <h2>"Verdict"</h2> {one(standing)} {older} }.into_any()
}

pub(super) fn verdict_panel(view: &ClaimView, draft: &Draft) -> AnyView {
    let claim = &view.claim;
    let chosen = draft.typed("rating").unwrap_or_default();
    let version = draft.current().unwrap_or(claim.version);
    let ratings = scale::DEFAULT
        .ratings
        .iter()
        .map(|rating| {
            let id = format!("rating-{}", rating.key);
            let class = tone(Some(rating.key));
            view! {
                <span class=format!("rate-one {class}")>
                    <input type="radio" name="rating" id=id.clone() value=rating.key checked={chosen == rating.key} required
                        data-key=rating.shortcut.to_string() data-says=format!("{}: {}", rating.name, rating.meaning) data-then="rationale" />
                    <label for=id title=rating.meaning>{icon(class)} <span>{rating.name}</span> <kbd>{rating.shortcut.to_ascii_uppercase().to_string()}</kbd></label>
                </span>
            }
        })
        .collect_view();
    let wrong_rating = draft.wrong("rating").map(|words| view! { <p class="wrong">{words}</p> });
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
    view! {
        {discard}
        <form method="post" action="/actions/claims/verdict" data-draft=verdict_form(claim.id) data-enter="send">
            <input type="hidden" name="claim" value=claim.id.to_string() />
            <input type="hidden" name="version" value=version />
            {refusal(draft)} {differences(draft)} {supersedes}
            <fieldset class="rate"><legend class="hidden">"Rating"</legend>{ratings}</fieldset>
            {wrong_rating}
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
