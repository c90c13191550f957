//! What else can be done with a claim: publish, reopen, set aside.

use super::refusal;
use crate::actions::reason_form;
use crate::ui::{Draft, field};
use desk::ClaimView;
use domain::policy::{Actor, Role};
use domain::workflow::Stage;
use leptos::prelude::*;

pub(super) fn more(view: &ClaimView, actor: &Actor, draft: &Draft) -> AnyView {
    let claim = &view.claim;
    let editor = actor.role >= Role::Editor;
    let reviews = actor.role >= Role::Reviewer;
    let id = claim.id.to_string();
    let hidden = move || {
        view! {
            <input type="hidden" name="claim" value=id.clone() />
            <input type="hidden" name="version" value=claim.version />
        }
    };
    let reason = |label: &'static str| {
        field(
            "reason",
            "reason",
            "text",
            label,
            "",
            draft.typed("reason").unwrap_or_default(),
            true,
            draft.wrong("reason"),
        )
    };
    let publish = (editor && claim.stage == Stage::Settled).then(|| {
        view! {
            <form method="post" action="/actions/claims/publish" class="row">
                {hidden()} <span class="small quiet">"The verdict is settled."</span>
                <button class="btn" data-key="p" data-says="Publish">"Publish " <kbd>"P"</kbd></button>
            </form>
        }
    });
    let finished = matches!(claim.stage, Stage::Settled | Stage::Published | Stage::Dismissed);
    let reopen = (editor && finished).then(|| {
        view! {
            <details open=!draft.is_empty()>
                <summary class="small" data-key="o" data-says="Reopen" data-then="reason">"Reopen " <kbd>"O"</kbd></summary>
                <form method="post" action="/actions/claims/reopen" class="form" data-draft=reason_form(claim.id)>
                    {hidden()} {refusal(draft)} {reason("Reason to reopen it")}
                    <div class="row"><span></span><button class="btn">"Reopen"</button></div>
                </form>
            </details>
        }
    });
    let dismiss = (reviews && !finished).then(|| {
        view! {
            <details open=!draft.is_empty()>
                <summary class="small" data-key="x" data-says="Dismiss: not a claim, or a duplicate" data-then="reason">"Not a claim, or a duplicate " <kbd>"X"</kbd></summary>
                <form method="post" action="/actions/claims/dismiss" class="form" data-draft=reason_form(claim.id)>
                    {hidden()} {refusal(draft)} {reason("Reason to dismiss it")}
                    <div class="row"><span></span><button class="btn">"Dismiss"</button></div>
                </form>
            </details>
        }
    });
    if publish.is_none() && reopen.is_none() && dismiss.is_none() {
        return ().into_any();
    }
    view! { <section id="more">{publish} {reopen} {dismiss}</section> }.into_any()
}
