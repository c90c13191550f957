//! The settings of the desk, by admins: each section of the page is a form of its own, and each
//! change is a version with its reason.

#![expect(clippy::too_many_arguments, reason = "an action takes one argument for each field of its form")]

use super::answer::{Done, asked, back, fields, go_done};
use super::claims::forget;
use crate::paths;
use crate::problem::Problem;
use desk::{Desk, Error, Fields};
use domain::desk_policy::{DeskPolicy, Rule, RulesFor};
use domain::identity::Identity;
use domain::policy::{Actor, ManageDesk, Role};
use domain::scale::Scales;
use domain::words::{Invalid, Reason, Side};
use leptos::prelude::*;
use phrase::t;
use std::str::FromStr;

/// The form whose draft a new rule is.
pub const fn rule_form(of: RulesFor) -> &'static str {
    match of {
        RulesFor::SecondReview => "policy",
        RulesFor::ToSettle => "policy:to-settle",
    }
}

/// The form whose draft a change of who has to have a second factor is.
pub const SECOND_FACTOR_FORM: &str = "policy:second-factor";

/// The form whose draft what the desk says of itself is.
pub const IDENTITY_FORM: &str = "policy:identity";

/// The form whose draft the settings for the grounds of verdicts are.
pub const GROUNDS_FORM: &str = "policy:grounds";

/// Says what may be overridden where the grounds of a verdict fall short. `override_by` is a role
/// or `nobody`.
#[server(prefix = "/actions", endpoint = "policy/grounds")]
pub async fn set_grounds(
    #[server(default)] version: String,
    #[server(default)] override_by: String,
    #[server(default)] missing_figure: String,
    #[server(default)] reason: String,
) -> Result<(), Problem> {
    let asked = asked::<ManageDesk>()?;
    let typed =
        fields([("override_by", &override_by), ("missing_figure", &missing_figure), ("reason", &reason)]);
    let change = |policy: &mut DeskPolicy| {
        let choose = |field| Invalid::new(field, t!("Choose one of the list."));
        policy.grounds.override_by = match override_by.as_str() {
            "nobody" => None,
            role => Some(role.parse::<Role>().map_err(|_| choose("override_by"))?),
        };
        policy.grounds.missing_figure = missing_figure.parse().map_err(|_| choose("missing_figure"))?;
        Ok(())
    };
    set(asked, &version, &reason, change, (GROUNDS_FORM.to_owned(), typed)).await
}

/// The form whose draft the reason for removing a rule is.
pub fn remove_rule_form(of: RulesFor, at: usize) -> String {
    format!("{}:{at}", rule_form(of))
}

/// What rules a form is about: without a word, those for second review.
fn rules_for(of: &str) -> Result<RulesFor, Error> {
    if of.is_empty() {
        return Ok(RulesFor::SecondReview);
    }
    of.parse().map_err(|_| Invalid::new("of", t!("Choose one of the list.")).into())
}

/// Adds a rule to those that say which claims need a second review, or which ones have to be settled
/// before an article runs.
#[server(prefix = "/actions", endpoint = "policy/add-rule")]
pub async fn add_rule(
    #[server(default)] version: String,
    #[server(default)] of: String,
    #[server(default)] kind: String,
    #[server(default)] indicator: String,
    #[server(default)] side: String,
    #[server(default)] at_least: String,
    #[server(default)] worth: String,
    #[server(default)] rating: String,
    #[server(default)] disagreement: String,
    #[server(default)] reason: String,
) -> Result<(), Problem> {
    let asked = asked::<ManageDesk>()?;
    let of = rules_for(&of);
    let rule = match asked.0.scales().await {
        Ok(scales) => rule(&scales, (&kind, &indicator), &side, (&at_least, &worth), &rating, &disagreement),
        Err(error) => Err(error),
    };
    let typed = fields([
        ("kind", &kind),
        ("indicator", &indicator),
        ("side", &side),
        ("at_least", &at_least),
        ("worth", &worth),
        ("rating", &rating),
        ("disagreement", &disagreement),
        ("reason", &reason),
    ]);
    let form = rule_form(of.as_ref().copied().unwrap_or(RulesFor::SecondReview)).to_owned();
    let change = |policy: &mut DeskPolicy| {
        policy.rules_mut(of?).push(rule?);
        Ok(())
    };
    set(asked, &version, &reason, change, (form, typed)).await
}

/// Removes a rule; `at` counts from 0 in the version that was seen.
#[server(prefix = "/actions", endpoint = "policy/remove-rule")]
pub async fn remove_rule(
    #[server(default)] version: String,
    #[server(default)] of: String,
    #[server(default)] at: String,
    #[server(default)] reason: String,
) -> Result<(), Problem> {
    let asked = asked::<ManageDesk>()?;
    let at = at.parse::<usize>().unwrap_or(usize::MAX);
    let of = rules_for(&of);
    let form = remove_rule_form(
        of.as_ref().copied().unwrap_or(RulesFor::SecondReview),
        at.min(domain::desk_policy::MAX_RULES),
    );
    let change = |policy: &mut DeskPolicy| {
        let rules = policy.rules_mut(of?);
        if at >= rules.len() {
            return Err(Invalid::new("reason", t!("There is no such rule any more.")).into());
        }
        rules.remove(at);
        Ok(())
    };
    set(asked, &version, &reason, change, (form, fields([("reason", &reason)]))).await
}

/// Sets who has to have a second factor.
#[server(prefix = "/actions", endpoint = "policy/second-factor")]
pub async fn second_factor(
    #[server(default)] version: String,
    #[server(default)] least: String,
    #[server(default)] reason: String,
) -> Result<(), Problem> {
    let asked = asked::<ManageDesk>()?;
    let chosen: Result<Option<Role>, Error> = word("least", &least);
    let change = |policy: &mut DeskPolicy| {
        policy.second_factor = chosen?;
        Ok(())
    };
    let typed = fields([("least", &least), ("reason", &reason)]);
    set(asked, &version, &reason, change, (SECOND_FACTOR_FORM.to_owned(), typed)).await
}

/// Says who the desk is, as readers are told.
#[server(prefix = "/actions", endpoint = "policy/identity")]
pub async fn set_identity(
    #[server(default)] version: String,
    #[server(default)] name: String,
    #[server(default)] address: String,
    #[server(default)] contact: String,
    #[server(default)] organisation: String,
    #[server(default)] corrections: String,
    #[server(default)] reason: String,
) -> Result<(), Problem> {
    let asked = asked::<ManageDesk>()?;
    let said = Identity::parse(&name, &address, &contact, &organisation, &corrections);
    let change = |policy: &mut DeskPolicy| {
        policy.identity = said?;
        Ok(())
    };
    let typed = fields([
        ("name", &name),
        ("address", &address),
        ("contact", &contact),
        ("organisation", &organisation),
        ("corrections", &corrections),
        ("reason", &reason),
    ]);
    set_on(paths::IDENTITY, asked, &version, &reason, change, (IDENTITY_FORM.to_owned(), typed)).await
}

fn rule(
    scales: &Scales,
    (kind, indicator): (&str, &str),
    side: &str,
    (at_least, worth): (&str, &str),
    rating: &str,
    disagreement: &str,
) -> Result<Rule, Error> {
    let number = at_least.trim().replace([',', ' ', '\u{a0}', '\u{202f}'], "");
    let at_least = if number.is_empty() {
        None
    } else {
        let fix = t!("Write a whole number, such as 50, or leave it empty.");
        Some(number.parse().map_err(|_| Invalid::new("at_least", fix))?)
    };
    let worth = worth.trim().trim_end_matches('%').trim_end();
    let worth = if worth.is_empty() {
        None
    } else {
        let fix = t!("Write a whole number from 0 to 100, or leave it empty.");
        Some(worth.parse().map_err(|_| Invalid::new("worth", fix))?)
    };
    let rating = rating.trim();
    if !rating.is_empty() && scales.by_key(rating).is_none() {
        return Err(Invalid::new("rating", t!("Choose one of the ratings.")).into());
    }
    Ok(Rule {
        kind: word("kind", kind)?,
        indicator: word("indicator", indicator)?,
        side: Side::optional(side)?.map(|side| side.as_str().to_owned()),
        at_least,
        worth,
        disagreement: disagreement == "on",
        rating: (!rating.is_empty()).then(|| rating.to_owned()),
    })
}

fn word<T: FromStr>(field: &'static str, word: &str) -> Result<Option<T>, Error> {
    if word.is_empty() {
        return Ok(None);
    }
    word.parse().map(Some).map_err(|_| Invalid::new(field, t!("Choose one of the list.")).into())
}

/// Changes the settings as they were seen and goes back to their page.
async fn set(
    asked: (Desk, Actor),
    version: &str,
    reason: &str,
    change: impl FnOnce(&mut DeskPolicy) -> Result<(), Error>,
    draft: (String, Fields),
) -> Result<(), Problem> {
    set_on(paths::POLICY, asked, version, reason, change, draft).await
}

/// The same for settings that have a page of their own.
async fn set_on(
    page: &str,
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
        return back(&desk, &actor, error, page, Some((&form, typed))).await;
    }
    forget(&desk, &actor, &form).await;
    go_done(page, Done::Policy);
    Ok(())
}
