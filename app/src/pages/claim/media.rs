//! What the picture, the video or the recording of a piece of evidence was found to be, and the form
//! that says so.

use super::{differences, refusal};
use crate::actions::{category_field, media_form, take_back_form};
use crate::language::t;
use crate::paths;
use crate::ui::{Draft, choice, field, found_media, media_original, moment, select_of, text_area, tick};
use desk::{ClaimView, CopyView, EvidenceView, MediaView};
use domain::id::ClaimId;
use domain::media::{Authenticity, Medium};
use domain::publication::PublicationKind;
use leptos::prelude::*;
use phrase::{t, view};

/// What is said of the medium, the newest first. What was taken back is among what was said earlier.
pub(super) fn assessed(view: &ClaimView, evidence: &EvidenceView) -> AnyView {
    let (stands, earlier): (Vec<&MediaView>, Vec<&MediaView>) = {
        let newest = view.media_of(evidence.id).next().map(|one| one.id);
        view.media_of(evidence.id).partition(|one| one.taken_back.is_none() && Some(one.id) == newest)
    };
    let stands = stands.first().copied();
    if stands.is_none() && earlier.is_empty() {
        return ().into_any();
    }
    let back = earlier.first().filter(|_| stands.is_none()).and_then(|one| one.taken_back.as_ref());
    let back = back.map(|back| {
        view! { <p class="small notice">{t!("Taken back by {}: {}", back.by, back.reason)} <span class="quiet block">{moment(back.at)}</span></p> }
    });
    let older = (!earlier.is_empty()).then(|| {
        let lines = earlier.iter().map(|one| one_of(one)).collect_view();
        view! { <details><summary class="small">{t!("{} earlier", earlier.len())}</summary>{lines}</details> }
    });
    let in_use = evidence.withdrawn.is_none();
    let told = view.in_public.as_ref().filter(|public| public.kind != PublicationKind::Withdrawn && in_use);
    let told = told.map(|public| {
        let told = public.media.iter().find(|one| one.evidence == evidence.id).map(|one| one.number);
        let words = match stands {
            Some(stands) if told != Some(stands.number) => {
                t!("Readers are not told this yet. They are when the verdict is corrected, or the claim published again.")
            }
            None if told.is_some() => {
                t!("Readers still see the assessment that was taken back. They no longer do when the verdict is corrected, or the claim published again.")
            }
            _ => return ().into_any(),
        };
        view! { <p class="notice small">{words}</p> }.into_any()
    });
    let shown = stands.map(one_of);
    view! { <div class="assessed" id=format!("media-{}", evidence.id)>{shown} {back} {told} {older}</div> }
        .into_any()
}

fn one_of(one: &MediaView) -> AnyView {
    let address = one.address.clone().map(|address| {
        let shown = address.clone();
        view! { <a class="address" href=address rel="noreferrer noopener external">{shown}</a> " · " }
    });
    let kept = one.sha256.as_deref().map(|hash| {
        let short: String = hash.chars().take(8).collect();
        let shown = view! { <code>{short}</code> };
        match one.copy {
            Some(copy) => view! { <a href=paths::copy_content(copy) target="_blank" rel="noopener">"kept copy " {shown}</a> " · " }.into_any(),
            None => view! { "kept copy " {shown} " · " }.into_any(),
        }
    });
    view! {
        <div>
            {found_media(one.medium, &one.categories)}
            {media_original(one.context.as_deref(), one.original.as_deref())}
            <p class="small quiet">{address} {kept} {one.given_by.clone()} " · " {moment(one.given_at)}</p>
        </div>
    }
    .into_any()
}

/// Whether the evidence has a picture, a video or a recording, as far as can be told.
pub(super) fn is_media(view: &ClaimView, evidence: &EvidenceView, pictures: &[&CopyView]) -> bool {
    evidence.visual || !pictures.is_empty() || view.media_of(evidence.id).next().is_some()
}

pub(super) fn assessing(
    view: &ClaimView,
    evidence: &EvidenceView,
    pictures: &[&CopyView],
    draft: Draft,
) -> AnyView {
    let claim: ClaimId = view.claim.id;
    let last = view.media_of(evidence.id).next();
    let stands = last.filter(|one| one.taken_back.is_none());
    let form = format!("media-of-{}", evidence.id);
    let part = |name: &str| format!("{form}-{name}");
    let version = draft.current().unwrap_or_else(|| last.map_or(0, MediaView::last_number));
    let media = Medium::ALL.iter().map(|one| (one.word(), t(one.label()))).collect();
    let categories = Authenticity::ALL
        .iter()
        .map(|one| {
            let name = category_field(*one);
            let ticked = if draft.is_empty() {
                stands.is_some_and(|stands| stands.categories.contains(one))
            } else {
                draft.typed(&name).is_some_and(|typed| !typed.is_empty())
            };
            tick(&part(one.word()), &name, t(one.label()), ticked)
        })
        .collect_view();
    let wrong = draft.wrong("categories");
    let class = if wrong.is_some() { "field is-wrong" } else { "field" };
    let wrong = wrong.map(|words| view! { <p class="wrong" role="alert">{words}</p> });
    let copies = (!pictures.is_empty()).then(|| {
        let mut options = vec![(String::new(), t!("none of them").to_owned())];
        options.extend(pictures.iter().map(|copy| {
            let short: String = copy.sha256.chars().take(8).collect();
            (copy.id.to_string(), format!("{} {short}", copy.name.as_deref().unwrap_or(t!("picture"))))
        }));
        let kept = stands.and_then(|stands| stands.copy).map(|copy| copy.to_string()).unwrap_or_default();
        select_of(
            &part("copy"),
            "copy",
            t!("The copy that is the picture itself"),
            options,
            &draft.or("copy", &kept),
            draft.wrong("copy"),
        )
    });
    // Without a list of copies to choose from there is no field that could say what is wrong with one.
    let wrong_copy = draft.wrong("copy").filter(|_| pictures.is_empty());
    let wrong_copy = wrong_copy.map(|words| view! { <p class="wrong" role="alert">{words}</p> });
    let address = stands.map_or(evidence.address.as_deref(), |stands| stands.address.as_deref());
    let medium = stands.map_or("", |stands| stands.medium.word());
    let context = stands.and_then(|stands| stands.context.as_deref()).unwrap_or_default();
    let original = stands.and_then(|stands| stands.original.as_deref()).unwrap_or_default();
    let summary =
        if stands.is_some() { t!("Assess it anew") } else { t!("Assess a picture, video or recording") };
    view! {
        <details class="change" open=!draft.is_empty()>
            <summary class="small">{summary}</summary>
            <form method="post" action="/actions/evidence/assess" class="form" data-draft=media_form(evidence.id)
                aria-label=t!("Assess the picture, video or recording of {}", evidence.title)>
                <input type="hidden" name="claim" value=claim.to_string() />
                <input type="hidden" name="evidence_id" value=evidence.id.to_string() />
                <input type="hidden" name="version" value=version />
                {refusal(&draft)} {differences(&draft)}
                {choice(&form, "medium", t!("It is a"), media, &draft.or("medium", medium), draft.wrong("medium"))}
                <fieldset class=class>
                    <legend>"As it is shared, it is"</legend>
                    <div class="choices">{categories}</div>
                    <p class="hint">"Several can hold. " <a href=format!("{}#media", paths::PUBLIC)>"What each of them means"</a></p>
                    {wrong}
                </fieldset>
                {field(&part("address"), "address", "url", t!("Where it is shared"), "", draft.or("address", address.unwrap_or_default()), false, draft.wrong("address"))}
                {copies} {wrong_copy}
                {text_area(&part("context"), "context", t!("What the original shows"), t!("And when, where and by whom; readers are told. Needed where context is missing, unless it is said where the original is."), 2, &draft.or("context", context), draft.wrong("context"))}
                {field(&part("original"), "original", "url", t!("Where the original is"), "", draft.or("original", original), false, draft.wrong("original"))}
                <div class="row"><span class="quiet small" data-draft-state="true" role="status"></span><button class="btn">"Save the assessment"</button></div>
            </form>
        </details>
    }
    .into_any()
}

/// Takes back what stands, with a reason.
pub(super) fn taking_back(view: &ClaimView, evidence: &EvidenceView, draft: &Draft) -> AnyView {
    let stands = view.media_of(evidence.id).next().filter(|one| one.taken_back.is_none());
    let Some(stands) = stands else { return ().into_any() };
    let version = draft.current().unwrap_or(stands.number);
    view! {
        <details class="change" open=!draft.is_empty()>
            <summary class="small">"Take the assessment back"</summary>
            <form method="post" action="/actions/evidence/take-back-assessment" class="form" data-draft=take_back_form(evidence.id)
                aria-label=t!("Take back the assessment of {}", evidence.title)>
                <input type="hidden" name="claim" value=view.claim.id.to_string() />
                <input type="hidden" name="evidence_id" value=evidence.id.to_string() />
                <input type="hidden" name="version" value=version />
                {refusal(draft)}
                {field(&format!("take-back-{}", evidence.id), "reason", "text", t!("Why it does not stand"), t!("Nothing is said of it from then on. What was said stays here, with this reason."), draft.typed("reason").unwrap_or_default(), true, draft.wrong("reason"))}
                <div class="row"><span class="quiet small" data-draft-state="true" role="status"></span><button class="btn">"Take it back"</button></div>
            </form>
        </details>
    }
    .into_any()
}
