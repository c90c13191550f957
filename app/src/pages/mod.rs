//! The screens. Each loads by calling the desk and draws what it gives.

pub mod account;
pub mod accounts;
pub mod admin;
pub mod agreement;
pub mod article;
pub mod articles;
pub mod assign;
pub mod claim;
pub mod claims;
pub mod copies;
mod correct;
pub mod correct_verdict;
pub mod dashboard;
pub mod find;
pub mod history;
pub mod identity;
pub mod incident;
pub mod incidents;
pub mod intake;
pub mod login;
pub mod mail;
pub mod notifications;
pub mod policy;
pub mod public;
pub mod public_about;
pub mod public_incident;
pub mod publish;
pub mod queue;
pub mod receivers;
pub mod report;
pub mod scales;
pub mod second_factor;
pub mod source;

use crate::actions::{Done, FLASH};
use crate::language::t;
use crate::request;
use crate::ui::{Draft, TOLD_WORDS, load};
use chrono::{DateTime, Utc};
use desk::{CanUndo, Desk, Error, LastHandout};
use domain::policy::Actor;
use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};
use phrase::view;
use std::future::Future;

/// A message of the last action, at the top of a page.
#[derive(Clone, Debug, Default)]
pub struct Notice {
    done: Option<Done>,
    refused: Option<String>,
    /// The verdict that was just given, while it can be undone.
    undo: Option<CanUndo>,
    /// Claims that were just given out, while that can be undone.
    handout: Option<LastHandout>,
    told: Option<String>,
}

impl Notice {
    /// Whether this was just done.
    pub fn says(&self, done: Done) -> bool {
        self.done == Some(done)
    }

    pub fn view(self) -> AnyView {
        let undo = self.undo.map(|undo| {
            view! {
                <form method="post" action="/actions/claims/undo" class="inline">
                    <input type="hidden" name="verdict" value=undo.verdict.to_string() />
                    <button class="btn small" data-key="z" data-says="Undo the verdict, within a minute">"Undo " <kbd>"Z"</kbd></button>
                </form>
            }
        });
        let take_back = self.handout.map(|last| {
            view! {
                <form method="post" action="/actions/claims/undo-assign" class="inline">
                    <input type="hidden" name="handout" value=last.id.to_string() />
                    <button class="btn small" data-key="z" data-says="Undo handing out, within fifteen minutes">"Undo " <kbd>"Z"</kbd></button>
                </form>
            }
            .into_any()
        });
        let undo = undo.map(IntoAny::into_any).or(take_back);
        let done = self.done.map(|done| match undo {
            Some(undo) => {
                view! { <div class="notice good row"><p role="status">{t(done.label())}</p> {undo}</div> }
                    .into_any()
            }
            None => view! { <p class="notice good" role="status">{t(done.label())}</p> }.into_any(),
        });
        let refused = self.refused.map(|words| view! { <p class="notice bad" role="alert">{words}</p> });
        let told = self.told.map(|words| view! { <p class="notice" role="status">{words}</p> });
        view! { {done} {refused} {told} }.into_any()
    }
}

/// Draws a page for who is signed in: loads with the desk and the actor, then draws with them.
fn signed_in<T: Send + 'static, F>(
    ask: impl FnOnce(Desk, Actor) -> F + Send + 'static,
    view: impl FnOnce(T, Actor, Notice) -> AnyView + Send + 'static,
) -> AnyView
where
    F: Future<Output = Result<T, Error>> + Send + 'static,
{
    let desk = request::site().desk.on_one_connection();
    let actor = request::actor();
    let done = query("done").and_then(|word| word.parse().ok());
    let noticed = query("notice").is_some();
    load(
        async move {
            let actor = actor.ok_or(Error::SignedOut)?;
            let gave = matches!(done, Some(Done::Settled | Done::First | Done::NothingLeft));
            let undo = if gave { desk.can_undo(&actor).await? } else { None };
            let gave_out = matches!(done, Some(Done::Assigned | Done::Unassigned | Done::HandedOut));
            let handout = if gave_out { desk.last_handout(&actor).await? } else { None };
            let mut notice = Notice { done, undo, handout, refused: None, told: None };
            if noticed {
                let flash = Draft::of(desk.draft(&actor, FLASH).await?);
                // Whatever field it was about: no form stands here to say it.
                notice.refused = flash.words();
                notice.told = flash.typed(TOLD_WORDS);
                desk.drop_draft(&actor, FLASH).await?;
            }
            let asked = actor.clone();
            Ok((ask(desk, asked).await?, actor, notice))
        },
        move |(loaded, actor, notice)| view(loaded, actor, notice),
    )
}

/// One word of the address's query.
fn query(name: &str) -> Option<String> {
    use_query_map().with_untracked(|map| map.get(name)).filter(|value| !value.is_empty())
}

/// The key in the address.
fn query_key() -> String {
    use_params_map().with_untracked(|map| map.get("id")).unwrap_or_default()
}

/// The moment in the address as of which the page is wanted.
fn as_of() -> Result<Option<DateTime<Utc>>, Error> {
    Ok(query("as_of").map(|text| domain::words::moment("as_of", &text)).transpose()?)
}

/// The id in the address; what is none names nothing.
fn id<T: std::str::FromStr>() -> Result<T, Error> {
    use_params_map()
        .with_untracked(|map| map.get("id"))
        .and_then(|id| id.parse().ok())
        .ok_or(Error::NotFound("page"))
}
