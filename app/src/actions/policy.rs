//! The settings of the desk, by admins: each section of the page is a form of its own, and each
//! change is a version with its reason.

#![expect(clippy::too_many_arguments, reason = "an action takes one argument for each field of its form")]

use super::answer::{Done, asked, back, fields, go_done};
use super::claims::forget;
use crate::paths;
use crate::problem::Problem;
use desk::{Desk, Error, Fields};
use domain::desk_policy::{DeskPolicy, Rule};
use domain::policy::{Actor, ManageDesk};
use domain::scale;
use domain::words::{Invalid, Reason, Side};
use leptos::prelude::*;
use std::str::FromStr;

/// The form whose draft a new rule is.
pub const RULE_FORM: &str = "policy";

/// The form whose draft the reason for removing a rule is.
pub fn remove_rule_form(at: usize) -> String {
    format!("policy:{at}")
}

/// Adds a rule to those that say which claims need a second review.
#[server(prefix = "/actions", endpoint = "policy/add-rule")]
pub async fn add_rule(
    #[server(default)] version: String,
    #[server(default)] kind: String,
    #[server(default)] indicator: String,
    #[server(default)] side: String,
    #[server(default)] at_least: String,
    #[server(default)] rating: String,
    #[server(default)] disagreement: String,
    #[server(default)] reason: String,
) -> Result<(), Problem> {
    let asked = asked::<ManageDesk>()?;
    let rule = rule(&kind, &indicator, &side, &at_least, &rating, &disagreement);
    let typed = fields([
        ("kind", &kind),
        ("indicator", &indicator),
        ("side", &side),
        ("at_least", &at_least),
        ("rating", &rating),
        ("disagreement", &disagreement),
        ("reason", &reason),
    ]);
    let change = |policy: &mut DeskPolicy| {
        policy.second_review.rules.push(rule?);
        Ok(())
    };
    set(asked, &version, &reason, change, (RULE_FORM.to_owned(), typed)).await
}

/// Removes a rule; `at` counts from 0 in the version that was seen.
#[server(prefix = "/actions", endpoint = "policy/remove-rule")]
pub async fn remove_rule(
    #[server(default)] version: String,
    #[server(default)] at: String,
    #[server(default)] reason: String,
) -> Result<(), Problem> {
    let asked = asked::<ManageDesk>()?;
    let at = at.parse::<usize>().unwrap_or(usize::MAX);
    let change = |policy: &mut DeskPolicy| {
        if at >= policy.second_review.rules.len() {
            return Err(Invalid::new("reason", "There is no such rule any more.").into());
        }
        policy.second_review.rules.remove(at);
        Ok(())
    };
    let form = remove_rule_form(at.min(domain::desk_policy::MAX_RULES));
    set(asked, &version, &reason, change, (form, fields([("reason", &reason)]))).await
}

fn rule(
    kind: &str,
    indicator: &str,
    side: &str,
    at_least: &str,
    rating: &str,
    disagreement: &str,
) -> Result<Rule, Error> {
    let number = at_least.trim().replace([',', ' ', '\u{a0}', '\u{202f}'], "");
    let at_least = if number.is_empty() {
        None
    } else {
        let fix = "Write a whole number, such as 50, or leave it empty.";
        Some(number.parse().map_err(|_| Invalid::new("at_least", fix))?)
    };
    let rating = rating.trim();
    if !rating.is_empty() && scale::DEFAULT.rating(rating).is_none() {
        return Err(Invalid::new("rating", "Choose one of the ratings.").into());
    }
    Ok(Rule {
        kind: word("kind", kind)?,
        indicator: word("indicator", indicator)?,
        side: Side::optional(side)?.map(|side| side.as_str().to_owned()),
        at_least,
        disagreement: disagreement == "on",
        rating: (!rating.is_empty()).then(|| rating.to_owned()),
    })
}

fn word<T: FromStr>(field: &'static str, word: &str) -> Result<Option<T>, Error> {
    if word.is_empty() {
        return Ok(None);
    }
    word.parse().map(Some).map_err(|_| Invalid::new(field, "Choose one of the list.").into())
}

/// Changes the settings as they were seen and goes back to their page.
pub(super) async fn set(
    (desk, actor): (Desk, Actor),
    version: &str,
    reason: &str,
    change: impl FnOnce(&mut DeskPolicy) -> Result<(), Error>,
    (form, typed): (String, Fields),
) -> Result<(), Problem> {
    let done = async {
        let reason = Reason::parse(reason);
        desk.look_at_policy_again();
        let mut policy = desk.policy().await?.body.clone();
        change(&mut policy)?;
        desk.set_policy(&actor, policy, version.parse().unwrap_or_default(), &reason?).await
    }
    .await;
    if let Err(error) = done {
        return back(&desk, &actor, error, paths::POLICY, Some((&form, typed))).await;
    }
    forget(&desk, &actor, &form).await;
    go_done(paths::POLICY, Done::Policy);
    Ok(())
}
