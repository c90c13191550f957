//! `/admin/policy`: what the desk has agreed on, and how that changed.

use super::{Notice, signed_in};
use crate::actions::{GROUNDS_FORM, SECOND_FACTOR_FORM, remove_rule_form, rule_form};
use crate::language::t;
use crate::paths;
use crate::ui::{Draft, Frame, capital, field, frame, moment, select_of};
use desk::{CurrentPolicy, PolicyVersion};
use domain::claim::ClaimKind;
use domain::desk_policy::{MAX_RULES, Rule, RulesFor, second_factor_in_words};
use domain::grounds::MissingFigure;
use domain::measure::Indicator;
use domain::policy::{self, ManageDesk, Role};
use domain::scale::Scales;
use leptos::prelude::*;
use phrase::{msg, t, view};
use std::collections::BTreeMap;
use std::sync::Arc;

struct Settings {
    policy: Arc<CurrentPolicy>,
    versions: Vec<PolicyVersion>,
    drafts: BTreeMap<String, Draft>,
    scales: Arc<Scales>,
}

impl Settings {
    fn draft(&self, form: &str) -> Draft {
        self.drafts.get(form).cloned().unwrap_or_default()
    }
}

pub fn page() -> AnyView {
    signed_in(
        |desk, actor| async move {
            let _: policy::Permit<ManageDesk> = policy::permit(&actor)?;
            let forms: Vec<String> = RulesFor::ALL
                .iter()
                .flat_map(|of| (0..MAX_RULES).map(|at| remove_rule_form(*of, at)))
                .chain(RulesFor::ALL.iter().map(|of| rule_form(*of).to_owned()))
                .chain([SECOND_FACTOR_FORM, GROUNDS_FORM].map(str::to_owned))
                .collect();
            let drafts = desk.drafts(&actor, &forms).await?;
            let drafts = drafts.into_iter().map(|(form, fields)| (form, Draft::of(fields))).collect();
            // What is shown to be changed must be what holds.
            desk.look_at_policy_again();
            Ok(Settings {
                policy: desk.policy().await?,
                versions: desk.policy_versions(&actor).await?,
                drafts,
                scales: desk.scales().await?,
            })
        },
        |settings, _, notice| view(&settings, notice),
    )
}

fn view(settings: &Settings, notice: Notice) -> AnyView {
    let versions = settings.versions.iter().map(version_row).collect_view();
    let history = if settings.versions.is_empty() {
        view! { <p class="quiet">"Nobody has changed anything yet: the program’s defaults hold."</p> }
            .into_any()
    } else {
        view! { <ol class="history">{versions}</ol> }.into_any()
    };
    frame(
        Frame { title: t!("Policy"), here: paths::POLICY, live: None },
        view! {
            <div class="page narrow">
                {notice.view()}
                <h1>"Policy of the desk"</h1>
                <section class="card" id="second-review">
                    <h2>"Second review"</h2>
                    {rules(settings, RulesFor::SecondReview)}
                    {new_rule(settings, RulesFor::SecondReview)}
                </section>
                <section class="card" id="to-settle">
                    <h2>"What has to be settled before an article runs"</h2>
                    {rules(settings, RulesFor::ToSettle)}
                    <p class="small quiet">"Whatever stands here, a claim keeps its article from running that was reopened, that reviewers disagree on or one of two has judged, and that was found false, disputed or misleading."</p>
                    {new_rule(settings, RulesFor::ToSettle)}
                </section>
                <section class="card" id="grounds">
                    <h2>"Grounds of a verdict"</h2>
                    {grounds(settings)}
                </section>
                {second_factor(settings)}
                <section class="card" id="versions">
                    <h2>"Changes"</h2>
                    {history}
                </section>
            </div>
        }
        .into_any(),
    )
}

/// Beside a rule that asks for nothing but a rating.
const GUESSED: &str = msg!(
    "This rule gives the first verdict away: whoever is asked for a second one can tell which \
rating the first reviewer gave, because no other brings a claim here. Set something else as well, such as a kind or a size, or \
leave the rating out."
);

fn refused(draft: &Draft) -> AnyView {
    draft.refused().map(|words| view! { <p class="notice bad" role="alert">{words}</p> }).into_any()
}

/// The rules for something, and what they are for.
fn rules(settings: &Settings, of: RulesFor) -> AnyView {
    let rules = settings.policy.body.rules(of);
    let listed = rules.iter().enumerate().map(|(at, rule)| rule_item(settings, of, at, rule)).collect_view();
    let says = match (of, rules.is_empty()) {
        (RulesFor::SecondReview, true) => t!("One verdict settles any claim: there is no rule."),
        (RulesFor::SecondReview, false) => t!(
            "A claim takes two people, the second of whom does not see what the first one found, where any of these is true:"
        ),
        (RulesFor::ToSettle, true) => {
            t!(
                "Every claim: there is no rule. With the first rule, claims that it is not true of may run unchecked."
            )
        }
        (RulesFor::ToSettle, false) => {
            t!(
                "A claim has to be settled where any of these is true. The others may run unchecked; they are still listed, and say so:"
            )
        }
    };
    let listed = (!rules.is_empty()).then(|| view! { <ol class="rules">{listed}</ol> });
    view! { <p>{says}</p> {listed} }.into_any()
}

fn rule_item(settings: &Settings, of: RulesFor, at: usize, rule: &Rule) -> AnyView {
    let form = remove_rule_form(of, at);
    let draft = settings.draft(&form);
    let id = match of {
        RulesFor::SecondReview => format!("remove-{at}"),
        RulesFor::ToSettle => format!("remove-to-settle-{at}"),
    };
    view! {
        <li>
            <span>{capital(&crate::language::say(&rule.phrase()))}</span>
            {rule.asks_for_a_rating_only().then(|| view! { <p class="notice small">{crate::language::t(GUESSED)}</p> })}
            <details open=!draft.is_empty()>
                <summary class="small">"Remove" <span class="hidden">{format!(": {}", crate::language::say(&rule.phrase()))}</span></summary>
                <form method="post" action="/actions/policy/remove-rule" class="form" data-draft=form>
                    <input type="hidden" name="version" value=settings.policy.version />
                    <input type="hidden" name="of" value=of.word() />
                    <input type="hidden" name="at" value=at.to_string() />
                    {refused(&draft)}
                    {field(&id, "reason", "text", t!("Why it no longer holds"), "", draft.typed("reason").unwrap_or_default(), true, draft.wrong("reason"))}
                    <div class="row"><span></span><button class="btn">"Remove the rule"</button></div>
                </form>
            </details>
        </li>
    }
    .into_any()
}

fn new_rule(settings: &Settings, of: RulesFor) -> AnyView {
    let draft = settings.draft(rule_form(of));
    // What has to be settled goes by what a claim says, which is known before anybody judges it.
    let is_judged = of == RulesFor::SecondReview;
    let prefix = if is_judged { "rule" } else { "settle" };
    let any = |words: &str| vec![(String::new(), words.to_owned())];
    let mut kinds = any(t!("any kind"));
    kinds.extend(ClaimKind::ALL.iter().map(|kind| (kind.word().to_owned(), t(kind.label()).to_owned())));
    let mut indicators = any(t!("anything or nothing"));
    indicators.extend(Indicator::ALL.iter().map(|one| (one.word().to_owned(), t(one.label()).to_owned())));
    let mut ratings = any(t!("any rating"));
    ratings.extend(
        settings
            .scales
            .ratings()
            .into_iter()
            .map(|one| (one.key.clone(), crate::language::label(&one.name).to_lowercase())),
    );
    let typed = |name: &str| draft.typed(name).unwrap_or_default();
    let choose = |name: &'static str, label: &'static str, options: Vec<(String, String)>| {
        select_of(&format!("{prefix}-{name}"), name, label, options, &typed(name), draft.wrong(name))
    };
    let text = |name: &'static str, label: &'static str, hint: &'static str, required: bool| {
        field(
            &format!("{prefix}-{name}"),
            name,
            "text",
            label,
            hint,
            typed(name),
            required,
            draft.wrong(name),
        )
    };
    let wrong_rule = draft.wrong("rule").map(|words| view! { <p class="wrong">{words}</p> });
    let guessed = is_judged
        .then(|| view! { " One that sets nothing but the first rating lets the second reviewer guess it." });
    let summary = if is_judged {
        view! { <summary data-key="a" data-says="Add a rule" data-then="rule-kind">"Add a rule " <kbd>"A"</kbd></summary> }.into_any()
    } else {
        view! { <summary>"Add a rule for what has to be settled"</summary> }.into_any()
    };
    let disagreement = is_judged.then(|| {
        view! {
            <fieldset class="field"><legend>"Other figures"</legend>
                <span class="choice">
                    <input type="checkbox" id="rule-disagreement" name="disagreement" checked={typed("disagreement") == "on"} />
                    <label for="rule-disagreement">"Figures on record disagree"</label>
                </span>
            </fieldset>
        }
    });
    view! {
        <details class="adding" open=!draft.is_empty()>
            {summary}
            <form method="post" action="/actions/policy/add-rule" class="form" data-draft=rule_form(of)>
                <input type="hidden" name="version" value=draft.current().unwrap_or(settings.policy.version) />
                <input type="hidden" name="of" value=of.word() />
                {refused(&draft)} {wrong_rule}
                <p class="small quiet">"All that you set must be true of a claim; indicator, side and size of one and the same figure. A rule that sets nothing is true of every claim." {guessed}</p>
                <div class="two-fields">
                    {choose("kind", t!("Kind"), kinds)}
                    {is_judged.then(|| choose("rating", t!("First rating"), ratings))}
                    {choose("indicator", t!("What the figure counts"), indicators)}
                    {text("at_least", t!("The figure is at least"), t!("A whole number. What counts is the highest number that the wording allows."), false)}
                    {text("side", t!("Of whose people or things"), t!("As articles call them: “Russia” is true of “Russian forces” too."), false)}
                    {text("worth", t!("Worth checking, at least"), t!("In percent, 0 to 100. Half of it is what “worth checking” adds to a claim’s priority."), false)}
                    {disagreement}
                </div>
                {text("reason", t!("Why the desk agreed on this"), "", true)}
                <div class="row"><span class="small quiet" data-draft-state="true" role="status"></span><button class="btn go">"Add the rule"</button></div>
            </form>
        </details>
    }
    .into_any()
}

/// Who has to have a second factor.
fn second_factor(settings: &Settings) -> AnyView {
    let draft = settings.draft(SECOND_FACTOR_FORM);
    let holds = settings.policy.body.second_factor;
    let options = std::iter::once(None)
        .chain(Role::ALL.iter().copied().map(Some))
        .map(|least| {
            (
                least.map_or_else(String::new, |least| least.word().to_owned()),
                capital(crate::language::t(second_factor_in_words(least))),
            )
        })
        .collect();
    let chosen = draft.or("least", holds.map_or("", Role::word));
    view! {
        <section class="card" id="second-factor">
            <h2>"Second factor"</h2>
            <p>{capital(crate::language::t(second_factor_in_words(holds)))} ". Who has to and has none sets it up after signing in, before anything else."</p>
            <details class="adding" open=!draft.is_empty()>
                <summary>"Change it"</summary>
                <form method="post" action="/actions/policy/second-factor" class="form" data-draft=SECOND_FACTOR_FORM>
                    <input type="hidden" name="version" value=draft.current().unwrap_or(settings.policy.version) />
                    {refused(&draft)}
                    {select_of("factor-least", "least", t!("Second factor"), options, &chosen, draft.wrong("least"))}
                    {field("factor-reason", "reason", "text", t!("Why the desk agreed on this"), "", draft.typed("reason").unwrap_or_default(), true, draft.wrong("reason"))}
                    <div class="row"><span class="small quiet" data-draft-state="true" role="status"></span><button class="btn go">"Set it"</button></div>
                </form>
            </details>
        </section>
    }
    .into_any()
}

/// What may be overridden, and what happens to verdicts whose evidence lacks the figure.
fn grounds(settings: &Settings) -> AnyView {
    let draft = settings.draft(GROUNDS_FORM);
    let now = settings.policy.body.grounds;
    let mut roles = vec![("nobody".to_owned(), t!("nobody").to_owned())];
    roles.extend(
        Role::ALL
            .iter()
            .filter(|role| **role >= Role::Reviewer)
            .map(|role| (role.word().to_owned(), t!("{} or above, with a reason", t(role.label())))),
    );
    let outcomes =
        MissingFigure::ALL.iter().map(|one| (one.word().to_owned(), t!("It {}", t(one.label())))).collect();
    let role = draft.or("override_by", now.override_by.map_or("nobody", Role::word));
    let outcome = draft.or("missing_figure", now.missing_figure.word());
    view! {
        <p>"Where the evidence lacks what a rating asks for, the verdict panel says what is missing before anybody chooses. "
            <a href=paths::SCALES>"The scales"</a> " say what each rating asks for."</p>
        <form method="post" action="/actions/policy/grounds" class="form" data-draft=GROUNDS_FORM>
            <input type="hidden" name="version" value=draft.current().unwrap_or(settings.policy.version) />
            {refused(&draft)}
            <div class="two-fields">
                {select_of("override-by", "override_by", t!("Unmet preconditions may be overridden by"), roles, &role, draft.wrong("override_by"))}
                {select_of("missing-figure", "missing_figure", t!("A verdict that asserts a figure which its evidence does not have"), outcomes, &outcome, draft.wrong("missing_figure"))}
            </div>
            {field("grounds-reason", "reason", "text", t!("Why the desk wants it so"), "", draft.typed("reason").unwrap_or_default(), true, draft.wrong("reason"))}
            <div class="row"><span class="small quiet" data-draft-state="true" role="status"></span><button class="btn go">"Save"</button></div>
        </form>
    }
    .into_any()
}

fn version_row(version: &PolicyVersion) -> AnyView {
    let changes = version
        .changes
        .iter()
        .map(|change| {
            view! { <span class="block">{capital(&change.setting)} ": " {change.after.clone()} <span class="quiet">" (was: " {change.before.clone()} ")"</span></span> }
        })
        .collect_view();
    view! {
        <li>
            <b>{version.by.clone()}</b> " set version " <span class="num">{version.version}</span> ": " {version.reason.clone()}
            {changes}
            <span class="quiet small block">{moment(version.at)}</span>
        </li>
    }
    .into_any()
}
