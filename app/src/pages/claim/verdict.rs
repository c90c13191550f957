//! The verdicts of a claim, the form that gives one, and the one that decides between two.

use super::{Bench, compared, differences, refusal};
use crate::actions::{adjudication_form, verdict_form};
use crate::language::{label, t};
use crate::paths;
use crate::ui::{Draft, capital, field, icon, moment, printed, rating_icon, rating_tag, text_area, tone};
use desk::{ClaimView, VerdictView};
use domain::policy::{Actor, Role};
use domain::scale::{DEFAULT, Rating, Scale};
use domain::workflow::{Part, Stage};
use leptos::prelude::*;
use phrase::{t, view};

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
        t!("Two verdicts that differ")
    } else if in_sight.iter().any(|verdict| verdict.part == Part::First && view.second.is_some()) {
        t!("Your verdict")
    } else {
        t!("Verdict")
    };
    let together = if view.claim.stage == Stage::Disagreed { "both" } else { "given-all" };
    let older = (!earlier.is_empty()).then(|| {
        view! {
            <details><summary>{t!("{} earlier", earlier.len())}</summary>{earlier.iter().map(|verdict| given(verdict)).collect_view()}</details>
        }
    });
    let shown = (!in_sight.is_empty()).then(|| {
        let all = in_sight.iter().map(|verdict| given(verdict)).collect_view();
        view! { <h2>{heading}</h2> <div class=together>{all}</div> }
    });
    let printed = shown.is_some().then(|| view.printable()).flatten().map(|words| printed(&words));
    view! { {shown} {printed} {older} }.into_any()
}

fn given(verdict: &VerdictView) -> AnyView {
    let figure = verdict
        .figure
        .clone()
        .map(|figure| view! { <span class="tag num">{t!("evidence supports {figure}")}</span> });
    let rating = match &verdict.mark {
        Some(rating) => rating_tag(rating),
        None => verdict.rating.clone().into_any(),
    };
    let scale = (verdict.scale != DEFAULT || verdict.scale_version > 1).then(|| {
        view! { <a class="small quiet" href=paths::scale_version(&verdict.scale, verdict.scale_version)>{
            t!("{}, version {}", label(&verdict.scale_name), verdict.scale_version)
        }</a> }
    });
    let overridden = verdict.override_reason.clone().map(|reason| {
        let unmet = verdict.unmet.iter().map(|unmet| view! { <li>{unmet.clone()}</li> }).collect_view();
        view! {
            <div class="notice small unmet"><ul>{unmet}</ul>
                <p><b>"Given all the same: "</b>{reason}</p></div>
        }
    });
    let part = (verdict.part != Part::Sole).then(|| format!("{} · ", capital(t(verdict.part.label()))));
    let undone = verdict.is_undone.then(|| view! { <span class="tag">"taken back"</span> });
    view! {
        <div class="given" class:gone=verdict.is_undone>
            <p class="row"><span class="tags">{rating} {undone}</span>
                <span class="small quiet">{part} {verdict.reviewer.clone()} " · " {moment(verdict.given_at)}</span></p>
            {scale}
            <p class="rationale">{verdict.rationale.clone()}</p> {figure} {overridden}
        </div>
    }
    .into_any()
}

/// What can be done where two reviewers differ.
pub(super) fn disagreement(bench: &Bench, actor: &Actor) -> AnyView {
    let (view, draft) = (&bench.view, &bench.adjudication);
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
    // The two judged by one scale, or their ratings could not be compared.
    let key = view.disagreement().map_or(DEFAULT, |(first, _)| first.scale.as_str());
    let Some(scale) = bench.scales.find(key) else {
        return view! { <p class="notice bad">"The scale of the two verdicts is no longer in use."</p> }
            .into_any();
    };
    let choices = choices(bench, scale, actor);
    view! {
        <form method="post" action="/actions/claims/adjudicate" data-draft=adjudication_form(claim.id) data-enter="send">
            <input type="hidden" name="claim" value=claim.id.to_string() />
            <input type="hidden" name="version" value=draft.current().unwrap_or(claim.version) />
            {refusal(draft)} {differences(draft)}
            <p class="small">"You decide between the two. Both will see what you decide and why."</p>
            {ratings(&choices, draft, "decision")}
            <div class="verdict-words">
                {text_area("decision", "reason", t!("Why"), "", 2, &draft.typed("reason").unwrap_or_default(), draft.wrong("reason"))}
                {field("figure", "figure", "text", t!("Figure the evidence supports"), "", draft.typed("figure").unwrap_or_default(), false, draft.wrong("figure"))}
            </div>
            <div class="row">
                <span class="small quiet" data-draft-state="true" role="status"></span>
                <button class="btn go">"Decide " <kbd>"Enter"</kbd></button>
            </div>
        </form>
    }
    .into_any()
}

/// What the reviewer sees of one rating before choosing it.
struct Choice<'a> {
    rating: &'a Rating,
    /// What is missing for it, each in a sentence.
    missing: Vec<String>,
    /// Whether the reviewer may give it all the same.
    may: bool,
}

/// Each rating of a scale with what the evidence lacks for it.
fn choices<'a>(bench: &Bench, scale: &'a Scale, actor: &Actor) -> Vec<Choice<'a>> {
    let grounds = bench.view.grounds();
    scale
        .ratings
        .iter()
        .map(|rating| {
            let missing = grounds.missing_for(rating);
            Choice {
                rating,
                may: !missing.is_empty() && bench.policy.may_override(actor.role, &missing),
                missing: missing.sentences().iter().map(crate::language::say).collect(),
            }
        })
        .collect()
}

pub(super) fn verdict_panel(bench: &Bench, actor: &Actor) -> AnyView {
    let (view, draft) = (&bench.view, &bench.verdict);
    let claim = &view.claim;
    let version = draft.current().unwrap_or(claim.version);
    // The address first, then what was begun, then what the desk judges by.
    let wanted = [bench.scale.clone(), draft.typed("scale")].into_iter().flatten();
    let Some(scale) = wanted
        .chain([DEFAULT.to_owned()])
        .find_map(|key| bench.scales.find(&key))
        .or_else(|| bench.scales.current().next())
    else {
        return view! { <p class="notice bad">"The desk has no scale to judge by."</p> }.into_any();
    };
    let choices = choices(bench, scale, actor);
    let supersedes = claim.rating.as_deref().filter(|_| claim.stage == Stage::Settled).map(|_| {
        view! { <p class="small quiet">"A new verdict takes the place of the one that stands; both stay in the history."</p> }
    });
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
    let blind = view.second.as_ref().map(|second| {
        view! {
            <p class="notice small"><b>"You are the second reviewer"</b> {t!(" after {}. It takes two: {}. ", second.first_by, second.because)}
                "The first verdict is shown when yours is in."</p>
        }
    });
    view! {
        {discard}
        {scale_choice(bench, scale)}
        <form method="post" action="/actions/claims/verdict" data-draft=verdict_form(claim.id) data-enter="send">
            <input type="hidden" name="claim" value=claim.id.to_string() />
            <input type="hidden" name="version" value=version />
            <input type="hidden" name="scale" value=scale.key.clone() />
            {refusal(draft)} {compared(draft, &["rating", "rationale", "figure"])} {supersedes} {blind}
            {ratings(&choices, draft, "rationale")}
            <div class="verdict-words">
                {text_area("rationale", "rationale", t!("Why"), "", 2, &draft.typed("rationale").unwrap_or_default(), draft.wrong("rationale"))}
                {field("figure", "figure", "text", t!("Figure the evidence supports"), "", draft.typed("figure").unwrap_or_default(), false, draft.wrong("figure"))}
            </div>
            {overriding(&choices, draft)}
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

/// The scales of the desk as links, so that the address holds which one is chosen.
fn scale_choice(bench: &Bench, chosen: &Scale) -> AnyView {
    let claim = bench.view.claim.id;
    let links = bench
        .scales
        .current()
        .map(|scale| {
            let here = scale.key == chosen.key;
            view! {
                <li><a href=paths::claim_on_scale(claim, &scale.key) aria-current=here.then_some("true")>{label(&scale.name)}</a></li>
            }
        })
        .collect_view();
    view! {
        <details class="scale-choice small">
            <summary>"Scale: " <b>{label(&chosen.name)}</b></summary>
            <p class="quiet">{label(&chosen.about)}</p>
            <ul class="chips" aria-label="Scales">{links}</ul>
        </details>
    }
    .into_any()
}

/// The ratings to choose from; a key goes on to the field `then`.
fn ratings(choices: &[Choice<'_>], draft: &Draft, then: &'static str) -> AnyView {
    let chosen = draft.typed("rating").unwrap_or_default();
    let buttons = choices
        .iter()
        .map(|choice| {
            let rating = choice.rating;
            let id = format!("rating-{}", rating.key);
            let class = tone(Some(rating.tone));
            let unmet = (!choice.missing.is_empty()).then(|| format!("unmet-{}", rating.key));
            let key = rating.shortcut.map(String::from);
            let shown = rating.shortcut.map(|key| view! { <kbd>{key.to_ascii_uppercase().to_string()}</kbd> });
            let lacks = unmet.is_some();
            view! {
                <span class=format!("rate-one {class}") class:lacks=lacks>
                    <input type="radio" name="rating" id=id.clone() value=rating.key.clone() checked={chosen == rating.key} required
                        aria-describedby=unmet
                        data-key=key data-says=format!("{}: {}", label(&rating.name), label(&rating.meaning)) data-then=then />
                    <label for=id title=label(&rating.meaning)>
                        {rating_icon(rating.icon)} <span>{label(&rating.name)}</span>
                        <span class="marks">{lacks.then(|| icon("missing"))} {shown}</span>
                    </label>
                </span>
            }
        })
        .collect_view();
    let lacking = choices
        .iter()
        .filter(|choice| !choice.missing.is_empty())
        .map(|choice| {
            let sentences = choice.missing.join(" ");
            view! { <li id=format!("unmet-{}", choice.rating.key)>{sentences}</li> }
        })
        .collect_view();
    let any = choices.iter().any(|choice| !choice.missing.is_empty());
    let list =
        any.then(|| view! { <ul class="lacking small" aria-label="What the evidence lacks">{lacking}</ul> });
    let wrong = draft.wrong("rating").or_else(|| draft.wrong("scale"));
    let wrong = wrong.map(|words| view! { <p class="wrong" role="alert">{words}</p> });
    view! {
        <fieldset class="rate" data-many=(choices.len() > 5).then_some("true")><legend class="hidden">"Rating"</legend>{buttons}</fieldset>
        {wrong} {list}
    }
    .into_any()
}

/// Where something is missing and the reviewer may still go on: why.
fn overriding(choices: &[Choice<'_>], draft: &Draft) -> AnyView {
    let typed = draft.typed("override_reason").unwrap_or_default();
    if typed.is_empty()
        && !choices.iter().any(|choice| choice.may)
        && draft.wrong("override_reason").is_none()
    {
        return ().into_any();
    }
    field(
        "override_reason",
        "override_reason",
        "text",
        t!("Reason to give it all the same"),
        t!("Kept with the verdict, and only where something is missing."),
        typed,
        false,
        draft.wrong("override_reason"),
    )
}
