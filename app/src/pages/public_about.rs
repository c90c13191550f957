//! `/public/about`: who runs the desk, who pays for it, how it works and corrects, and how to reach it.

use crate::paths;
use crate::request;
use crate::ui::{load, public_frame};
use domain::identity::Identity;
use domain::policy::Role;
use leptos::prelude::*;
use phrase::{t, view};

pub fn page() -> AnyView {
    let desk = request::site().desk;
    load(async move { desk.policy().await }, |policy| about(&policy.body.identity))
}

fn about(desk: &Identity) -> AnyView {
    let name = match (&desk.name, &desk.address) {
        (Some(name), Some(address)) => {
            view! { <p><a href=address.clone()><b>{name.clone()}</b></a></p> }.into_any()
        }
        (Some(name), None) => view! { <p><b>{name.clone()}</b></p> }.into_any(),
        (None, _) => view! { <p class="quiet">"The desk that publishes here has not said its name yet."</p> }
            .into_any(),
    };
    let organisation = match &desk.organisation {
        Some(words) => view! { <p class="rationale">{words.clone()}</p> }.into_any(),
        None => view! { <p class="quiet">"The desk has not said yet who runs it and who pays for it."</p> }
            .into_any(),
    };
    let is_admin = request::signed_in().is_some_and(|who| who.actor.role == Role::Admin);
    let hint = (is_admin && !desk.is_said()).then(|| {
        view! { <p class="notice">"You look after this desk: " <a href=paths::IDENTITY>"say who you are"</a> "."</p> }
    });
    public_frame(
        t!("Who we are"),
        view! {
            <div class="public">
                <h1>"Who we are"</h1>
                {hint}
                {name}
                <section aria-labelledby="organisation">
                    <h2 id="organisation">"Organisation and funding"</h2>
                    {organisation}
                </section>
                <section aria-labelledby="methods">
                    <h2 id="methods">"Methods"</h2>
                    <p>"How claims are chosen, checked and rated: " <a href=format!("{}#methods", paths::PUBLIC)>"Methods"</a></p>
                </section>
                <section aria-labelledby="corrections">
                    <h2 id="corrections">"Corrections policy"</h2>
                    {corrections(desk)}
                </section>
                <section aria-labelledby="contact">
                    <h2 id="contact">"Contact"</h2>
                    <p>{contact(desk)}</p>
                </section>
            </div>
        }
        .into_any(),
    )
}

/// How the desk corrects: what the program does in any case, what the desk says of it, and where to report.
pub(super) fn corrections(desk: &Identity) -> AnyView {
    let own = desk.corrections.clone().map(|words| view! { <p class="rationale">{words}</p> });
    view! {
        {own}
        <p>"When facts move or we were wrong, we correct the verdict on its page, say what changed and why at the top, and put the correction into the feed. What the page said before stays below, unchanged. A claim that should not have been published is withdrawn in the same way, and its page stays."</p>
        <p>"While we look at a published claim again, its page says so."</p>
        <p>"Have you seen an error? Write to us and name the page’s address; we look at every report." " " {contact(desk)}</p>
    }
    .into_any()
}

/// Where readers write to.
fn contact(desk: &Identity) -> AnyView {
    match (desk.contact_link(), desk.contact.clone()) {
        (Some(link), Some(contact)) => view! { <a href=link>{contact}</a> }.into_any(),
        _ => view! { <span class="quiet">"The desk has not given an address for readers yet."</span> }
            .into_any(),
    }
}
