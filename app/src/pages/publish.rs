//! `/claims/{id}/publish`: what readers would see of a settled claim, and the button that lets them.

use super::claim::refusal;
use super::public::publication;
use super::{Notice, id, signed_in};
use crate::actions::note_form;
use crate::paths;
use crate::ui::{Draft, Frame, frame, text_area};
use desk::{Error, Proof};
use domain::id::ClaimId;
use domain::publication::PublicationKind;
use leptos::prelude::*;
use phrase::{t, view};

pub fn page() -> AnyView {
    let wanted = id::<ClaimId>();
    signed_in(
        |desk, actor| async move {
            let id = wanted?;
            let proof = match desk.proof(&actor, id).await {
                Ok(proof) => Some(proof),
                Err(Error::Blocked(_)) => None,
                Err(error) => return Err(error),
            };
            let note = Draft::of(desk.draft(&actor, &note_form(id)).await?);
            Ok((id, proof, note))
        },
        |(id, proof, note), _, notice| {
            let content = match &proof {
                Some(proof) => proof_of(proof, &note, notice),
                None => nothing(id, notice),
            };
            frame(Frame { title: t!("What readers will see"), here: paths::DESK, live: None }, content)
        },
    )
}

/// What stands here where the claim is not settled, or public already.
fn nothing(id: ClaimId, notice: Notice) -> AnyView {
    view! {
        <div class="page narrow">
            {notice.view()}
            <h1>"There is nothing to publish"</h1>
            <p>"Only a claim whose verdict is settled can be published, and this one is not settled or is public already."</p>
            <p><a href=paths::claim(id)>"Back to the claim"</a></p>
        </div>
    }
    .into_any()
}

fn proof_of(proof: &Proof, draft: &Draft, notice: Notice) -> AnyView {
    let public = &proof.public;
    let kind = public.newest().map_or(PublicationKind::Published, |newest| newest.kind);
    // Readers of what was public before are told what changed.
    let is_first = kind == PublicationKind::Published;
    let note = (!is_first).then(|| {
        text_area(
            "publish-note",
            "note",
            t!("What readers are told changed"),
            t!("Shown at the top of the public page and in the feed."),
            3,
            &draft.typed("note").unwrap_or_default(),
            draft.wrong("note"),
        )
    });
    let says = match kind {
        PublicationKind::Published => {
            t!("Nothing of this is public yet. This is the page as readers will see it.")
        }
        PublicationKind::Corrected => t!("Readers will see this page as a correction of what is public."),
        PublicationKind::Reinstated | PublicationKind::Withdrawn => {
            t!("Readers will see this page again, with what you tell them above it.")
        }
    };
    view! {
        <div class="page narrow preview">
            {notice.view()}
            <p class="small"><a href=paths::claim(public.claim)>"Back to the claim"</a></p>
            <form method="post" action="/actions/claims/publish" class="card form" data-draft=(!is_first).then(|| note_form(public.claim))>
                <input type="hidden" name="claim" value=public.claim.to_string() />
                <input type="hidden" name="version" value=proof.version />
                <p>{says}</p>
                {refusal(draft)} {note}
                <div class="row"><span></span>
                    <button class="btn go" data-key="p" data-says="Publish">"Publish " <kbd>"P"</kbd></button></div>
            </form>
            <section class="as-read" aria-label="The public page">{publication(public, None)}</section>
        </div>
    }
    .into_any()
}
