//! The part of an incident's page that makes its figures public: first what readers will see, then the
//! button; afterwards where they see it, how other sites show it, and how it is withdrawn.

use super::super::public_incident::snippet;
use crate::actions::{publish_ledger_form, withdraw_ledger_form};
use crate::islands::Copy;
use crate::language::{say, t};
use crate::paths;
use crate::ui::{Draft, capital, in_full, moment, text_area, tick};
use desk::{IncidentRow, LedgerPublication, PublicIncident, PublicLedger};
use domain::measure::Indicator;
use leptos::prelude::*;
use phrase::{t, tn, view};

/// What editors are shown of the publication.
pub struct Publishing {
    /// What readers see or would see; read where it is public, or somebody is about to publish it.
    pub shown: Option<PublicIncident>,
    pub publish: Draft,
    pub withdraw: Draft,
}

/// The names of the two forms, of which only one stands on the page.
pub fn forms(row: &IncidentRow) -> [String; 2] {
    [publish_ledger_form(row.id), withdraw_ledger_form(row.id)]
}

/// For everybody on the desk: whether readers see it.
pub fn state(public: Option<&(String, LedgerPublication)>) -> AnyView {
    let Some((slug, last)) = public else { return ().into_any() };
    if last.is_public() {
        view! { <p class="small"><a href=paths::public_incident(slug)>"Public page"</a> " · " {t(last.step.label())} " " {moment(last.at)}</p> }
            .into_any()
    } else {
        view! { <p class="small quiet">"Withdrawn from the public " {moment(last.at)}</p> }.into_any()
    }
}

/// For editors.
pub fn card(
    row: &IncidentRow,
    public: Option<&(String, LedgerPublication)>,
    of: Option<Indicator>,
    publishing: &Publishing,
    own: &str,
) -> AnyView {
    match public {
        Some((slug, last)) if last.is_public() => {
            let shown = publishing.shown.as_ref();
            let embed = shown.and_then(|shown| {
                let chart = shown.ledgers.iter().find(|ledger| Some(ledger.indicator) == of)?;
                Some(embed(own, slug, chart, &shown.title))
            });
            view! {
                <section class="card" id="publish"><h2>"Public"</h2>
                    <p>"Readers see these figures as they stand: what changes here changes there. "
                        <a href=paths::public_incident(slug)>"Public page"</a></p>
                    {shown.map(kept_back)} {embed} {withdraw(row, &publishing.withdraw)}
                </section>
            }
            .into_any()
        }
        _ => match &publishing.shown {
            Some(shown) => view! {
                <section class="card" id="publish"><h2>"Publish the ledger"</h2>
                    {preview(shown)} {publish(row, &publishing.publish)}
                </section>
            }
            .into_any(),
            None => {
                let address = format!("{}#publish", paths::with(&paths::incident(row.id), "publish", "true"));
                view! { <p class="card" id="publish"><a href=address>"Publish the ledger"</a>
                " " <span class="small quiet">"First you see what readers will see."</span></p> }
                .into_any()
            }
        },
    }
}

/// What becomes public, in words.
fn preview(shown: &PublicIncident) -> AnyView {
    let ledgers = shown
        .ledgers
        .iter()
        .map(|of| {
            let n = of.figures.len();
            let holds = of.estimate.as_ref().map(|estimate| {
                let basis = of.is_own.then(|| estimate.basis.iter().map(say).collect::<Vec<_>>().join(" "));
                let basis = basis.map(|basis| view! { <span class="small quiet block">{t!("with its basis, as an editor wrote it: “{basis}”")}</span> });
                view! { " · " {t!("the desk holds {}", in_full(estimate))} {basis} }
            });
            view! { <li><b>{capital(t(of.indicator.label()))}</b> ": " {tn!(n, "one figure", "{n} figures")} {holds}</li> }
        })
        .collect_view();
    let verdicts = shown.verdicts.len();
    let rests =
        (verdicts == 0).then(|| view! { <li>"no verdict: none on a claim about it is published"</li> });
    let named = (verdicts > 0)
        .then(|| view! { <li>{tn!(verdicts, "the one published verdict on a claim about it", "the {n} published verdicts on claims about it")}</li> });
    view! {
        <p>"Anybody will see, without an account:"</p>
        <ul class="small">
            <li>{t!("the title “{}”", shown.title)}</li>
            {ledgers} {named} {rests}
            <li>"of each figure: who says it, for which side, through whom, the outlet and the article, when, what kind of number it is, and what does not fit"</li>
        </ul>
        <p class="small quiet">"Not shown: verdicts that are not published (what the desk holds is worked out without them), claims that are only proposed or were dismissed, comments, grades, and who works on it. From then on, what changes here changes there."</p>
        {kept_back(shown)}
    }
    .into_any()
}

fn kept_back(shown: &PublicIncident) -> AnyView {
    let n = shown.kept_back;
    if n == 0 {
        return ().into_any();
    }
    view! { <p class="small">{tn!(n, "One figure is kept back: its article has no address and no time of publication that has come.", "{n} figures are kept back: their articles have no address and no time of publication that has come.")}</p> }
        .into_any()
}

fn publish(row: &IncidentRow, draft: &Draft) -> AnyView {
    let refused = draft.words().map(|words| view! { <p class="notice bad" role="alert">{words}</p> });
    view! {
        <form method="post" action="/actions/incidents/publish" class="form">
            <input type="hidden" name="incident" value=row.id.to_string() />
            <input type="hidden" name="version" value=row.version />
            {refused}
            {tick("publish-confirm", "confirm", t!("I have looked at what readers will see"), false)}
            <div class="row"><span></span><button class="btn go">"Publish the ledger"</button></div>
        </form>
    }
    .into_any()
}

fn withdraw(row: &IncidentRow, draft: &Draft) -> AnyView {
    let form = withdraw_ledger_form(row.id);
    let refused = draft.refused().map(|words| view! { <p class="notice bad" role="alert">{words}</p> });
    view! {
        <details open={!draft.is_empty()}><summary class="small">"Withdraw"</summary>
            <form method="post" action="/actions/incidents/withdraw" class="form" data-draft=form>
                <input type="hidden" name="incident" value=row.id.to_string() />
                <input type="hidden" name="version" value=row.version />
                {refused}
                {text_area("withdraw-note", "note", t!("What readers are told"), t!("Shown under the address that the figures had."), 3, &draft.typed("note").unwrap_or_default(), draft.wrong("note"))}
                <div class="row"><span class="small quiet" data-draft-state="true" role="status"></span><button class="btn">"Withdraw from the public"</button></div>
            </form></details>
    }
    .into_any()
}

fn embed(own: &str, slug: &str, of: &PublicLedger, title: &str) -> AnyView {
    let words = snippet(own, slug, of, title);
    view! {
        <p class="small quiet" id="embed-says">{t!("To show the chart “{}” on another site, put this into its page:", capital(t(of.indicator.label())))}</p>
        <div class="printable"><p><code dir="ltr">{words.clone()}</code></p>
            <button type="button" class="btn small" aria-describedby="embed-says" data-copy=words data-copied=t!("Copied")>"Copy"</button>
            <span class="small quiet" role="status"></span>
            <Copy /></div>
    }
    .into_any()
}
