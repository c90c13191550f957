//! `/intake`: an article comes in.

use super::{Notice, signed_in};
use crate::paths;
use crate::ui::{Draft, Frame, field, frame, text_area};
use domain::policy::{self, Intake};
use leptos::prelude::*;
use phrase::{t, view};

pub fn page() -> AnyView {
    signed_in(
        |desk, actor| async move {
            let _: policy::Permit<Intake> = policy::permit(&actor)?;
            Ok(Draft::of(desk.draft(&actor, crate::actions::INTAKE_FORM).await?))
        },
        |draft, _, notice| view(draft, notice),
    )
}

fn view(draft: Draft, notice: Notice) -> AnyView {
    let refused = draft.refused().map(|words| view! { <p class="notice bad" role="alert">{words}</p> });
    let summary = ["title", "text", "outlet", "address", "author", "published"]
        .into_iter()
        .find_map(|name| Some((name, draft.wrong(name)?)))
        .map(|(name, words)| {
            view! { <p class="notice bad" role="alert"><a href=format!("#{name}")>{name}</a> ": " {words}</p> }
        });
    let discard = (!draft.is_empty()).then(|| {
        view! {
            <form method="post" action="/actions/drafts/discard" class="inline">
                <input type="hidden" name="form" value=crate::actions::INTAKE_FORM />
                <input type="hidden" name="page" value=paths::INTAKE />
                <button class="link">"Start over with empty fields"</button>
            </form>
        }
    });
    let value = |name: &str| draft.typed(name).unwrap_or_default();
    let typed =
        |name: &'static str, kind: &'static str, label: &'static str, hint: &'static str, required: bool| {
            field(name, name, kind, label, hint, value(name), required, draft.wrong(name))
        };
    frame(
        Frame { title: t!("Add an article"), here: paths::INTAKE, live: None },
        view! {
            <div class="page narrow">
                {notice.view()}
                <h1>"Add an article"</h1>
                <p class="quiet">"Paste the text; its claims are lifted out with who says them. The text is kept unchanged, with its SHA-256."</p>
                {refused} {summary}
                <form method="post" action="/actions/articles/add" class="form card" data-draft=crate::actions::INTAKE_FORM>
                    {typed("title", "text", t!("Title"), t!("The headline."), true)}
                    <div class="two-fields">
                        {typed("outlet", "text", t!("Outlet"), t!("Who publishes it."), false)}
                        {typed("author", "text", t!("Author"), "", false)}
                    </div>
                    {typed("address", "url", t!("Address"), t!("Where it stands on the web. A later text under the same address becomes its next version."), false)}
                    {typed("published", "datetime-local", t!("Published (UTC)"), t!("Dates such as “on Tuesday” are read from here."), false)}
                    {text_area("text", "text", t!("Text"), t!("Paragraphs set apart by empty lines; at most 1 MiB."), 16, &value("text"), draft.wrong("text"))}
                    <div class="row">
                        <span class="quiet small" data-draft-state="true" role="status"></span>
                        <button class="btn go">"Find its claims"</button>
                    </div>
                </form>
                {discard}
            </div>
        }
        .into_any(),
    )
}
