//! `/admin/identity`: what readers are told of the desk itself.

use super::{Notice, signed_in};
use crate::actions::IDENTITY_FORM;
use crate::paths;
use crate::ui::{Draft, Frame, field, frame, text_area};
use desk::CurrentPolicy;
use domain::policy::{self, ManageDesk};
use leptos::prelude::*;
use phrase::{t, view};
use std::sync::Arc;

pub fn page() -> AnyView {
    signed_in(
        |desk, actor| async move {
            let _: policy::Permit<ManageDesk> = policy::permit(&actor)?;
            let drafts = desk.drafts(&actor, &[IDENTITY_FORM.to_owned()]).await?;
            let draft = drafts.into_iter().next().map(|(_, fields)| Draft::of(fields)).unwrap_or_default();
            desk.look_at_policy_again();
            Ok((desk.policy().await?, draft))
        },
        |(policy, draft), _, notice| view(&policy, &draft, notice),
    )
}

fn view(policy: &Arc<CurrentPolicy>, draft: &Draft, notice: Notice) -> AnyView {
    let now = &policy.body.identity;
    let said = |name: &str, there: &Option<String>| draft.or(name, there.as_deref().unwrap_or_default());
    let line = |name: &'static str, kind: &'static str, label, hint, there: &Option<String>| {
        field(&format!("desk-{name}"), name, kind, label, hint, said(name, there), false, draft.wrong(name))
    };
    let passage = |name: &'static str, label, hint, there: &Option<String>| {
        text_area(&format!("desk-{name}"), name, label, hint, 6, &said(name, there), draft.wrong(name))
    };
    let unsaid = (!now.is_said()).then(|| {
        view! { <p class="notice" id="unsaid">"Readers cannot tell yet who runs this desk, who pays for it or how to reach it; the public page says so. Directories of fact-checkers ask for all three."</p> }
    });
    let refused = draft.refused().map(|words| view! { <p class="notice bad" role="alert">{words}</p> });
    frame(
        Frame { title: t!("Who we are"), here: paths::IDENTITY, live: None },
        view! {
            <div class="page narrow">
                {notice.view()}
                <h1>"Who we are"</h1>
                <p>"What is written here stands on " <a href=paths::ABOUT>"the page for readers"</a> ", in the feed, and as the author of every ClaimReview. What is left empty is said to be missing."</p>
                {unsaid}
                <form method="post" action="/actions/policy/identity" class="form card" data-draft=IDENTITY_FORM>
                    <input type="hidden" name="version" value=draft.current().unwrap_or(policy.version) />
                    {refused}
                    {line("name", "text", t!("Name of the desk"), t!("As readers know it."), &now.name)}
                    {line("address", "url", t!("Web address"), t!("The desk’s own site. Without one, it is this server’s address."), &now.address)}
                    {line("contact", "text", t!("Where readers write to"), t!("An e-mail address, or the address of a form."), &now.contact)}
                    {passage("organisation", t!("Organisation and funding"), t!("Who runs the desk, in which legal form, who pays for it, and who decides what is checked."), &now.organisation)}
                    {passage("corrections", t!("Corrections policy"), t!("In the desk’s own words, beside what the program does in any case."), &now.corrections)}
                    {field("desk-reason", "reason", "text", t!("Why this is changed"), "", draft.typed("reason").unwrap_or_default(), true, draft.wrong("reason"))}
                    <div class="row"><span class="small quiet" data-draft-state="true" role="status"></span><button class="btn go">"Save"</button></div>
                </form>
                <p class="small"><a href=format!("{}#versions", paths::POLICY)>"What was changed, when and by whom"</a></p>
            </div>
        }
        .into_any(),
    )
}
