//! What a claim is about: its incident with every other figure on record, and a verdict that it could
//! take over.

use crate::actions::join_form;
use crate::language::{say, t};
use crate::paths;
use crate::ui::{Draft, Sheet, capital, field, icon, ledger_answer, of_which, rating_tag};
use desk::{ClaimView, IncidentStanding, LedgerView, SameAs};
use domain::id::{ClaimId, IncidentId};
use domain::measure::Indicator;
use domain::policy::{Actor, Role};
use domain::priority::Contribution;
use leptos::prelude::*;
use phrase::{t, view};

/// Why the rules think that a claim belongs, as a sum.
pub fn reasons(parts: &[Contribution]) -> AnyView {
    let rows = parts
        .iter()
        .map(|part| view! { <li><span class="num">{format!("{:+}", part.points)}</span> " " {say(&domain::incident::reason(&part.why))}</li> })
        .collect_view();
    view! { <ul class="sum small">{rows}</ul> }.into_any()
}

/// How well the rules find that a claim belongs, in words.
pub fn fits(score: i16) -> String {
    if score > 0 { t!("fits by {score} points") } else { t!("the incident began with it").to_owned() }
}

/// The two answers to whether a claim belongs. `from` is where they lead back to: a claim's id or a
/// list's name; empty for the incident.
pub fn decide(incident: IncidentId, claim: ClaimId, from: &str) -> AnyView {
    let form = |action: &'static str, words: &'static str| {
        view! {
            <form method="post" action=format!("/actions/incidents/{action}") class="inline">
                <input type="hidden" name="incident" value=incident.to_string() />
                <input type="hidden" name="claim" value=claim.to_string() />
                <input type="hidden" name="from" value=from.to_owned() />
                <button class="btn small">{words}</button>
            </form>
        }
    };
    view! { <div class="chips">{form("confirm", t!("It is about it"))} {form("reject", t!("It is not"))}</div> }
        .into_any()
}

/// The part of the workbench.
pub fn section(view: &ClaimView, ledgers: &[LedgerView], draft: &Draft, actor: &Actor) -> AnyView {
    let may = actor.role >= Role::Reviewer;
    let claim = &view.claim;
    let about = view
        .incidents
        .iter()
        .map(|of| {
            let says = match (of.standing, &of.by) {
                (IncidentStanding::Proposed, _) => t!("may be about it: a person decides").to_owned(),
                (_, Some(name)) => t!("{name} says so"),
                (_, None) => fits(of.score),
            };
            let asks = (may && of.standing == IncidentStanding::Proposed).then(|| decide(of.incident, claim.id, &claim.id.to_string()));
            let out = (may && of.standing == IncidentStanding::Confirmed).then(|| {
                view! {
                    <form method="post" action="/actions/incidents/reject" class="inline">
                        <input type="hidden" name="incident" value=of.incident.to_string() />
                        <input type="hidden" name="claim" value=claim.id.to_string() />
                        <input type="hidden" name="from" value=claim.id.to_string() />
                        <button class="btn small">"It is not about it"</button>
                    </form>
                }
            });
            view! {
                <li><a href=paths::incident(of.incident)><b>{of.title.clone()}</b></a>
                    <details class="small quiet"><summary>{says}</summary>{reasons(&of.reasons)} {out}</details> {asks}</li>
            }
        })
        .collect_view();
    let none = view.incidents.is_empty().then(|| {
        view! { <p class="quiet small">"No incident: nothing else on record is about the same event."</p> }
    });
    let contradiction = claim.contradiction.as_deref().map(|kept| {
        let drawn: Vec<_> = ledgers.iter().map(crate::pages::incident::drawn).collect();
        let why = crate::pages::incident::contradiction(&drawn, claim.id, kept);
        view! { <p class="contradiction"><span class="st false">{icon("disputed")} " Contradiction"</span> " " {why}</p> }
    });
    let join = (may && view.incidents.iter().all(|of| of.standing != IncidentStanding::Confirmed)).then(|| {
        view! {
            <details class="adding small" open=draft.typed("incident").is_some()><summary>"Put it into an incident"</summary>
                <form method="post" action="/actions/incidents/join" class="form" data-draft=join_form(claim.id)>
                    <input type="hidden" name="claim" value=claim.id.to_string() />
                    {super::refusal(draft)}
                    {field("join-incident", "incident", "text", t!("Address of the incident’s page"), "", draft.typed("incident").unwrap_or_default(), true, draft.wrong("incident"))}
                    <div class="row"><span></span><button class="btn">"Put it there"</button></div>
                </form></details>
        }
    });
    let confirmed =
        view.incidents.iter().find(|of| of.standing == IncidentStanding::Confirmed).map(|of| of.incident);
    // What others say of the same: of the claim's own indicators, in the order in which it counts them.
    let mut counted: Vec<Indicator> = Vec::new();
    for measure in &claim.measures {
        if !counted.contains(&measure.indicator) {
            counted.push(measure.indicator);
        }
    }
    let figures = counted
        .into_iter()
        .filter_map(|of| ledgers.iter().find(|ledger| ledger.indicator == of && ledger.lines.len() > 1))
        .filter_map(|ledger| Some((ledger, confirmed?)))
        .map(|(ledger, incident)| {
            let (drawn, figures) = crate::pages::incident::drawn(ledger);
            let holds = drawn.estimate.as_ref().map(|estimate| {
                view! { <span class="small">"the desk holds " <b class="num">{say(&estimate.range.phrase())}</b> " " {of_which(&estimate.of)}</span> }
            });
            view! {
                <div class="ledger brief">
                    <p class="row"><a href=paths::ledger(incident, ledger.indicator)><b>{capital(t(ledger.indicator.label()))}</b></a> {holds}</p>
                    {ledger_answer(&Sheet::of(&drawn, &figures))}
                </div>
            }
        })
        .collect_view();
    view! {
        <section class="part" id="incident">
            <h2>"Incident"</h2>
            {contradiction}
            <ul class="plain">{about}</ul> {none} {figures} {join}
        </section>
    }
    .into_any()
}

/// The verdict of a claim that says the same, to be taken over with one key.
pub fn same(view: &ClaimView, same: &SameAs) -> AnyView {
    let mark = same.mark.as_deref().map(rating_tag);
    view! {
        <form method="post" action="/actions/claims/reuse" class="notice same-as">
            <input type="hidden" name="claim" value=view.claim.id.to_string() />
            <input type="hidden" name="version" value=view.claim.version.to_string() />
            <input type="hidden" name="of" value=same.claim.to_string() />
            <p>"Says the same as " <q><a href=paths::claim_in_text(same.claim)>{same.text.clone()}</a></q> " ("
                {same.outlet.clone().unwrap_or_else(|| same.article_title.clone())} "): " {mark}</p>
            <button class="btn go" data-key="i" data-says="Take over the verdict of the claim that says the same">"Take over this verdict " <kbd>"I"</kbd></button>
        </form>
    }
    .into_any()
}
