//! What else can be done with a claim: publish, reopen, set aside.

use super::links::choose;
use super::{Bench, refusal};
use crate::actions::{dismiss_form, duplicate_form, reopen_form, withdraw_form};
use crate::language::t;
use crate::paths;
use crate::ui::{Draft, field, moment, text_area};
use desk::ClaimView;
use domain::policy::{Actor, Role};
use domain::publication::PublicationKind;
use domain::workflow::Stage;
use leptos::prelude::*;
use phrase::{t, view};

pub(super) fn more(view: &ClaimView, actor: &Actor, bench: &Bench) -> AnyView {
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
    let reason = |id: &'static str, label: &'static str, draft: &Draft| {
        field(
            id,
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
            <div class="row"><span class="small quiet">"The verdict is settled."</span>
                <a class="btn" href=paths::publish(claim.id) data-key="p" data-says="See what readers will see, and publish">"Publish… " <kbd>"P"</kbd></a></div>
        }
    });
    let public = view.in_public.as_ref().map(|public| {
        view! {
            <p class="small"><a href=paths::public_claim(&public.slug)>"Public page"</a>
                " · " {t(public.kind.label())} " " {moment(public.at)}</p>
        }
    });
    let finished = matches!(claim.stage, Stage::Settled | Stage::Published | Stage::Dismissed);
    let two = matches!(claim.stage, Stage::AwaitingSecondReview | Stage::Disagreed);
    let reopen = (editor && (finished || two)).then(|| {
        let draft = &bench.reopen;
        view! {
            <details open=draft.typed("reason").is_some()>
                <summary class="small" data-key="o" data-says="Reopen" data-then="reopen-reason">"Reopen " <kbd>"O"</kbd></summary>
                <form method="post" action="/actions/claims/reopen" class="form" data-draft=reopen_form(claim.id)>
                    {hidden()} {refusal(draft)}
                    {two.then(|| view! { <p class="small quiet">"What was found so far counts no more; the review begins anew."</p> })}
                    {reason("reopen-reason", t!("Reason to reopen it"), draft)}
                    <div class="row"><span></span><button class="btn">"Reopen"</button></div>
                </form>
            </details>
        }
    });
    let duplicate = (reviews && !finished && claim.stage != Stage::Disagreed).then(|| {
        let draft = &bench.duplicate;
        let is_open = draft.typed("other").is_some();
        view! {
            <details open=is_open>
                <summary class="small" data-key="y" data-says="Dismiss as a duplicate of another claim" data-then="duplicate-other">"A duplicate of another claim " <kbd>"Y"</kbd></summary>
                <form method="post" action="/actions/claims/duplicate" class="form" data-draft=duplicate_form(claim.id)>
                    {hidden()} {refusal(draft)} {choose("duplicate", &bench.candidates, draft)}
                    <div class="row"><span></span><button class="btn">"Dismiss as a duplicate"</button></div>
                </form>
            </details>
        }
    });
    let dismiss = (reviews && !finished && claim.stage != Stage::Disagreed).then(|| {
        let draft = &bench.dismiss;
        view! {
            <details open=draft.typed("reason").is_some()>
                <summary class="small" data-key="x" data-says="Dismiss: not a claim, or a duplicate" data-then="dismiss-reason">"Not a claim, or a duplicate " <kbd>"X"</kbd></summary>
                <form method="post" action="/actions/claims/dismiss" class="form" data-draft=dismiss_form(claim.id)>
                    {hidden()} {refusal(draft)} {reason("dismiss-reason", t!("Reason to dismiss it"), draft)}
                    <div class="row"><span></span><button class="btn">"Dismiss"</button></div>
                </form>
            </details>
        }
    });
    let seen = view.in_public.as_ref().is_some_and(|public| public.kind != PublicationKind::Withdrawn);
    // What is published is withdrawn where its verdict is corrected.
    let left_public = seen && claim.stage != Stage::Published && claim.stage.may_be_withdrawn();
    let withdraw = (editor && left_public).then(|| {
        let draft = &bench.withdraw;
        view! {
            <details open=draft.typed("note").is_some()>
                <summary class="small">"Withdraw it from the public"</summary>
                <form method="post" action="/actions/claims/withdraw" class="form" data-draft=withdraw_form(claim.id)>
                    {hidden()} {refusal(draft)}
                    <p class="small quiet">"Readers still see the verdict that was published. The claim stays where it is in the work."</p>
                    {text_area("withdraw-note", "note", t!("What readers are told"), t!("Shown on its page, above what was public."), 3, &draft.typed("note").unwrap_or_default(), draft.wrong("note"))}
                    <div class="row"><span></span><button class="btn">"Withdraw from the public"</button></div>
                </form>
            </details>
        }
    });
    // Somebody else moved the claim meanwhile, and the form is gone: what was refused, and what was typed.
    let gone: Vec<AnyView> = [
        (&bench.reopen, reopen.is_none()),
        (&bench.dismiss, dismiss.is_none()),
        (&bench.duplicate, duplicate.is_none()),
    ]
    .into_iter()
    .filter(|(_, is_gone)| *is_gone)
    .filter_map(|(draft, _)| Some((draft.words()?, draft.typed("reason"))))
    .map(|(words, typed)| view! { <p class="notice bad" role="alert">{words} {typed.map(|typed| view! { " " <q>{typed}</q> })}</p> }.into_any())
    .collect();
    if publish.is_none() && reopen.is_none() && dismiss.is_none() && public.is_none() && gone.is_empty() {
        return ().into_any();
    }
    view! { <section id="more">{gone} {public} {withdraw} {publish} {reopen} {duplicate} {dismiss}</section> }
        .into_any()
}
