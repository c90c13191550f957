//! Keeping what is typed.

use super::answer::{Done, asked, go, go_done};
use crate::problem::Problem;
use desk::Fields;
use domain::policy::Read;
use domain::problem::Kind;
use leptos::prelude::*;
use phrase::t;

/// Keeps the fields of a form; the browser sends them as JSON while somebody types.
#[server(prefix = "/actions", endpoint = "drafts/keep")]
pub async fn keep_draft(
    #[server(default)] form: String,
    #[server(default)] fields: String,
) -> Result<(), Problem> {
    let (desk, actor) = asked::<Read>()?;
    let refuse = |words: &str| {
        crate::ui::set_status(Kind::Invalid);
        Problem { kind: Kind::Invalid, words: words.to_owned() }
    };
    if !is_form(&form) {
        return Err(refuse(t!("form: there is no such form.")));
    }
    let mut fields: Fields =
        serde_json::from_str(&fields).map_err(|_| refuse(t!("fields: send a JSON object of strings.")))?;
    // What starts with a mark is ours, not typed.
    fields.retain(|name, _| !name.starts_with('!'));
    let failed = |error: desk::Error| {
        crate::ui::set_status(error.kind());
        Problem::from(&error)
    };
    // What was typed before a form was sent may arrive after it was refused: why it was refused stays
    // until something else is typed.
    let before = desk.draft(&actor, &form).await.map_err(failed)?;
    let refused = before.keys().any(|name| name.starts_with('!'));
    let same = before.iter().all(|(name, typed)| fields.get(name).is_none_or(|now| now == typed));
    if refused && same {
        return Ok(());
    }
    desk.keep_draft(&actor, &form, &fields).await.map_err(failed)
}

/// Throws a draft away and goes back to the page it belongs to.
#[server(prefix = "/actions", endpoint = "drafts/discard")]
pub async fn discard_draft(
    #[server(default)] form: String,
    #[server(default)] page: String,
) -> Result<(), Problem> {
    let (desk, actor) = asked::<Read>()?;
    if is_form(&form) {
        desk.drop_draft(&actor, &form).await.map_err(|error| {
            crate::ui::set_status(error.kind());
            Problem::from(&error)
        })?;
    }
    // Only to pages of this site.
    if page.starts_with('/') && !page.starts_with("//") && !page.starts_with("/\\") {
        go_done(&page, Done::Discarded);
    } else {
        go("/");
    }
    Ok(())
}

/// The forms that have drafts.
fn is_form(name: &str) -> bool {
    let known = [
        "verdict:",
        "adjudication:",
        "takeover:",
        "evidence:",
        "correction:",
        "copy:",
        "reason:",
        "note:",
        "correct-verdict:",
        "link:",
        "words:",
        "kind:",
        "source:",
        "measure:",
        "split:",
        "merge:",
        "policy:",
        "comment:",
        "reply:",
        "change:",
        "grade:",
        "scale:",
    ];
    name.len() <= 80
        && (["intake", "account", "policy"].contains(&name)
            || known.iter().any(|start| name.starts_with(start)))
}
