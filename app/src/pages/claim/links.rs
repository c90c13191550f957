//! The links of a claim to others, and the form that makes one.

use super::refusal;
use crate::actions::link_form;
use crate::language::t;
use crate::paths;
use crate::ui::{Draft, capital, field, moment, select_of, standing_tag};
use desk::{Candidate, ClaimView, LinkView};
use domain::link::LinkKind;
use leptos::prelude::*;
use phrase::{t, view};

pub(super) fn links(view: &ClaimView, candidates: &[Candidate], draft: &Draft, reviews: bool) -> AnyView {
    if view.links.is_empty() && !reviews {
        return ().into_any();
    }
    let claim = view.claim.id;
    let list = (!view.links.is_empty()).then(|| {
        let items = view.links.iter().map(|link| item(view, link, reviews)).collect_view();
        view! { <ul class="links">{items}</ul> }
    });
    let form = reviews.then(|| {
        let kinds = LinkKind::ALL.iter().map(|kind| (kind.word().to_owned(), format!("{} …", t(kind.label())))).collect();
        view! {
            <details class="adding" open=!draft.is_empty()>
                <summary class="small" data-key="l" data-says="Link to another claim" data-then="link-kind">"Link to another claim " <kbd>"L"</kbd></summary>
                <form method="post" action="/actions/claims/link" class="form" data-draft=link_form(claim)>
                    <input type="hidden" name="claim" value=claim.to_string() />
                    {refusal(draft)}
                    {select_of("link-kind", "kind", t!("This claim"), kinds, &draft.or("kind", "contradicts"), draft.wrong("kind"))}
                    {choose("link", candidates, draft)}
                    {field("link-reason", "reason", "text", t!("Reason, if it needs one"), "", draft.typed("reason").unwrap_or_default(), false, draft.wrong("reason"))}
                    <div class="row"><span class="quiet small" data-draft-state="true" role="status"></span><button class="btn">"Link"</button></div>
                </form>
            </details>
        }
    });
    view! { <h2>"Linked claims"</h2> {list} {form} }.into_any()
}

/// Which other claim: one of a short list, or one whose address is pasted.
pub(super) fn choose(form: &'static str, candidates: &[Candidate], draft: &Draft) -> AnyView {
    let chosen = draft.typed("candidate").unwrap_or_default();
    let options = candidates
        .iter()
        .enumerate()
        .map(|(at, one)| {
            let id = format!("{form}-candidate-{at}");
            let value = one.id.to_string();
            let place = if one.same_article { t!("in this article").to_owned() } else { one.article_title.clone() };
            view! {
                <span class="choice">
                    <input type="radio" name="candidate" id=id.clone() checked={value == chosen} value=value />
                    <label for=id>{one.text.clone()} <span class="small quiet block">{place} " · " {t(one.stage.label())}</span></label>
                </span>
            }
        })
        .collect_view();
    let list = (!candidates.is_empty()).then(|| {
        view! { <fieldset class="field"><legend>"Which counts the same"</legend><div class="lines">{options}</div></fieldset> }
    });
    let id = format!("{form}-other");
    view! {
        {list}
        {field(&id, "other", "text", t!("Or paste the page of another claim"), "", draft.typed("other").unwrap_or_default(), false, draft.wrong("other"))}
    }
    .into_any()
}

fn item(view: &ClaimView, link: &LinkView, reviews: bool) -> AnyView {
    let words = if link.outgoing { t(link.kind.label()) } else { t(link.kind.seen_from_the_other()) };
    let id = link.id.to_string();
    let end = reviews.then(|| {
        view! {
            <details>
                <summary class="small">"End this link"</summary>
                <form method="post" action="/actions/claims/unlink" class="form">
                    <input type="hidden" name="claim" value=view.claim.id.to_string() />
                    <input type="hidden" name="link" value=id.clone() />
                    {field(&format!("unlink-{id}"), "reason", "text", t!("Reason to end it"), "", String::new(), true, None)}
                    <div class="row"><span></span><button class="btn small">"End it"</button></div>
                </form>
            </details>
        }
    });
    let reason = link.reason.clone().map(|reason| format!(" · {reason}"));
    view! {
        <li>
            <span class="quiet small">{capital(words)}</span> " "
            <a href=paths::claim(link.other)>{link.text.clone()}</a> " "
            <span class="small">{standing_tag(link.stage, link.mark.as_deref())}</span>
            <span class="small quiet block">{link.by.clone()} ", " {moment(link.at)} {reason}</span>
            {end}
        </li>
    }
    .into_any()
}
