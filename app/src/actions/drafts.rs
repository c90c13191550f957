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
        "media:",
        "take-back:",
        "reopen:",
        "dismiss:",
        "withdraw:",
        "duplicate:",
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
        "name:",
        "scale:",
        "deadline:",
        "incident:",
        "join:",
        "estimate:",
        "publish-ledger:",
        "withdraw-ledger:",
    ];
    name.len() <= 80
        && (["intake", "account", "policy", "receiver", "view"].contains(&name)
            || known.iter().any(|start| name.starts_with(start)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::actions;
    use domain::id::ClaimId;
    use domain::measure::Indicator;

    #[test]
    fn what_is_typed_into_any_form_is_kept() {
        const ID: &str = "01934f6e-0000-7000-8000-000000000000";
        let claim: ClaimId = ID.parse().expect("an id");
        let (evidence, article) = (ID.parse().expect("an id"), ID.parse().expect("an id"));
        let (incident, comment) = (ID.parse().expect("an id"), ID.parse().expect("an id"));
        let source = ID.parse().expect("an id");
        let estimates = Indicator::ALL.iter().map(|of| actions::estimate_form(incident, *of));
        let forms = [
            actions::takeover_form(claim),
            actions::verdict_form(claim),
            actions::adjudication_form(claim),
            actions::evidence_form(claim),
            actions::correction_form(evidence),
            actions::note_form(claim),
            actions::reopen_form(claim),
            actions::dismiss_form(claim),
            actions::withdraw_form(claim),
            actions::duplicate_form(claim),
            actions::copy_form(evidence),
            actions::words_form(claim),
            actions::kind_form(claim),
            actions::source_form(claim),
            actions::measure_form(claim, None),
            actions::measure_form(claim, Some(1)),
            actions::split_form(claim),
            actions::merge_form(claim),
            actions::correct_verdict_form(claim),
            actions::deadline_form(article),
            actions::incident_form(incident),
            actions::join_form(claim),
            actions::publish_ledger_form(incident),
            actions::withdraw_ledger_form(incident),
            actions::link_form(claim),
            actions::media_form(evidence),
            actions::take_back_form(evidence),
            actions::grade_form(source),
            actions::name_form(source),
            actions::comment_form(claim),
            actions::reply_form(comment),
            actions::change_form(comment),
            actions::INTAKE_FORM.to_owned(),
            actions::RECEIVER_FORM.to_owned(),
            actions::VIEW_FORM.to_owned(),
        ];
        for form in forms.into_iter().chain(estimates) {
            assert!(is_form(&form), "{form}");
        }
        assert!(!is_form("elsewhere:1"));
    }
}
