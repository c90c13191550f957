//! `/incidents/{id}`: the figure ledger. What each source says now, who revised, what does not fit and
//! what the desk holds; then the claims that are about the event, and what people did with them. With
//! `as_of`, all of it as the desk knew it at a moment.

mod publish;

use super::incidents::days;
use super::{Notice, as_of, id, query, signed_in};
use crate::actions::{estimate_form, incident_form};
use crate::language::t;
use crate::paths;
use crate::request;
use crate::ui::{
    Draft, Frame, Sheet, as_of_banner, as_of_form, capital, field, frame, history_list, icon, ledger_answer,
    ledger_chart, ledger_key, ledger_notes, ledger_short, ledger_table, moment, standing_tag,
};
use chrono::{DateTime, SecondsFormat, Utc};
use desk::{
    AlikeSources, ChangeView, Error, IncidentRow, IncidentStanding, IncidentStatus, IncidentView, LedgerView,
    Member, Scope,
};
use domain::id::{ClaimId, IncidentId};
use domain::ledger::{Counted, Estimate, Figure, Ledger, contradicted, is_compared};
use domain::measure::Indicator;
use domain::policy::{Actor, Role};
use domain::words::Invalid;
use leptos::prelude::*;
use phrase::{t, tn, view};
use publish::Publishing;
use std::collections::BTreeSet;

/// The forms of the page with what was typed into them.
#[derive(Default)]
struct Drafts {
    change: Draft,
    estimate: Draft,
}

/// How the page is looked at.
struct Look {
    /// The indicator that is shown.
    shown: Option<Indicator>,
    /// The moment as of which it is shown; nothing can be changed there.
    past: Option<DateTime<Utc>>,
    /// Set where claims may be missing in it that had been taken out before this moment.
    moves_known_since: Option<DateTime<Utc>>,
    drafts: Drafts,
    /// Sources on record that may be one; for editors.
    alike: Vec<AlikeSources>,
    /// Whether readers see the figures.
    is_public: bool,
    /// For editors.
    publishing: Option<Publishing>,
    /// Where people reach the site.
    own: String,
    /// Whether all its claims are shown, however many.
    whole: bool,
}

impl Look {
    /// What somebody may change here, in terms of roles: of the past nobody anything.
    fn may(&self, actor: &Actor, least: Role) -> bool {
        self.past.is_none() && actor.role >= least
    }

    /// An address of this page, at the same moment.
    fn at(&self, address: String) -> String {
        match self.past {
            Some(at) => paths::with(&address, "as_of", &at.to_rfc3339_opts(SecondsFormat::AutoSi, true)),
            None => address,
        }
    }
}

pub fn page() -> AnyView {
    let wanted = id::<IncidentId>();
    let of = query("of");
    let at = as_of();
    let publishes = query("publish").is_some();
    let whole = query("members").is_some_and(|word| word == "all");
    let own = request::site().public_url.to_string();
    signed_in(
        move |desk, actor| async move {
            let (id, past) = (wanted?, at?);
            let (view, moves_known_since) = match past {
                Some(at) => {
                    let then = desk.incident_then(id, at).await?;
                    (then.incident(&actor, id).await?, then.moves_known_since)
                }
                None => (desk.incident(&actor, id).await?, None),
            };
            let of: Option<Indicator> = of
                .map(|word| {
                    word.parse().map_err(|_| {
                        Error::from(Invalid::new("of", t!("of: nothing is counted by this name.")))
                    })
                })
                .transpose()?;
            let shown = shown(view.ledgers.iter().map(|one| (one.indicator, one.figures.len())), of);
            let is_public = view.public.as_ref().is_some_and(|(_, last)| last.is_public());
            let drafts = Drafts::default();
            let mut look = Look {
                shown,
                past,
                moves_known_since,
                drafts,
                alike: Vec::new(),
                is_public,
                publishing: None,
                own,
                whole,
            };
            if past.is_some() {
                return Ok((view, look));
            }
            look.drafts.change = Draft::of(desk.draft(&actor, &incident_form(id)).await?);
            if let Some(of) = shown {
                look.drafts.estimate = Draft::of(desk.draft(&actor, &estimate_form(id, of)).await?);
            }
            if actor.role >= Role::Editor {
                look.alike = desk.alike_sources(&actor, &view.ledgers).await?;
            }
            if actor.role >= Role::Editor && view.incident.status == IncidentStatus::Open {
                let [publish, withdraw] = publish::forms(&view.incident);
                let publish = Draft::of(desk.draft(&actor, &publish).await?);
                let withdraw = Draft::of(desk.draft(&actor, &withdraw).await?);
                // A second ledger, of what is public: only for who is about to publish, or has.
                let is_looked_at = publishes || is_public || !publish.is_empty();
                let shown = match is_looked_at {
                    true => Some(desk.ledger_for_readers(&actor, id).await?),
                    false => None,
                };
                look.publishing = Some(Publishing { shown, publish, withdraw });
            }
            Ok((view, look))
        },
        |(incident, look), actor, notice| view(&incident, &look, &actor, notice),
    )
}

/// The indicator that is shown: the one asked for, else the dead, else what most figures are of, harm and loss
/// before counts of anything.
pub(super) fn shown(
    counts: impl Iterator<Item = (Indicator, usize)> + Clone,
    of: Option<Indicator>,
) -> Option<Indicator> {
    of.or_else(|| counts.clone().map(|(indicator, _)| indicator).find(|of| *of == Indicator::Killed)).or_else(
        || counts.max_by_key(|(of, figures)| (is_compared(*of), *figures)).map(|(indicator, _)| indicator),
    )
}

/// A ledger as it is drawn: what an editor holds goes before what the rules make of the figures.
pub fn drawn(view: &LedgerView) -> (Ledger, Vec<Figure>) {
    let own =
        view.own.as_ref().map(|own| Estimate::by_an_editor(own.range, Counted::default(), own.basis.clone()));
    let ledger = Ledger {
        indicator: view.indicator,
        lines: view.lines.clone(),
        marks: view.marks.clone(),
        estimate: own.or_else(|| view.computed.clone()),
    };
    (ledger, view.figures.iter().map(|record| record.figure.clone()).collect())
}

/// Why a claim contradicts others: the ledger tells it anew, in the reader's language. What is kept with the
/// claim is English.
pub fn contradiction(drawn: &[(Ledger, Vec<Figure>)], claim: ClaimId, kept: &str) -> String {
    let told = drawn
        .iter()
        .find_map(|(ledger, figures)| contradicted(ledger, claim, figures).map(crate::language::say));
    told.unwrap_or_else(|| kept.to_owned())
}

fn view(incident: &IncidentView, look: &Look, actor: &Actor, notice: Notice) -> AnyView {
    let row = &incident.incident;
    let (shown, past) = (look.shown, look.past);
    let sources: BTreeSet<_> =
        incident.ledgers.iter().flat_map(|ledger| &ledger.lines).map(|line| line.origin.clone()).collect();
    let about: Vec<String> = [
        row.place.as_deref().map(crate::language::apart),
        days(row.from, row.to),
        Some(tn!(row.claims, "one claim", "{n} claims")),
        Some(tn!(row.articles, "one article", "{n} articles")),
        Some(tn!(sources.len(), "one original source", "{n} original sources")),
    ]
    .into_iter()
    .flatten()
    .collect();
    let all: Vec<(Ledger, Vec<Figure>)> = incident.ledgers.iter().map(drawn).collect();
    let sheets: Vec<Sheet<'_>> = all.iter().map(|(ledger, figures)| Sheet::of(ledger, figures)).collect();
    let tabs = incident
        .ledgers
        .iter()
        .zip(&sheets)
        .map(|(ledger, sheet)| {
            let here = Some(ledger.indicator) == shown;
            let marks = sheet.notes();
            let marked = (marks > 0).then(|| view! { " " <span class="falls">{format!("!{marks}")}<span class="hidden">" that do not fit"</span></span> });
            view! {
                <a class="tab" href=look.at(paths::ledger(row.id, ledger.indicator)) aria-current=here.then_some("true")>
                    {capital(t(ledger.indicator.label()))} " " <span class="small quiet">{tn!(ledger.figures.len(), "one figure", "{n} figures")}</span> {marked}</a>
            }
        })
        .collect_view();
    let merged = row.merged_into.map(|into| {
        view! { <p class="notice">"This incident was merged into " <a href=paths::incident(into)>"another one"</a> "."</p> }
    });
    let mut ledgers = incident.ledgers.iter().zip(&sheets);
    let open_ledger = shown.and_then(|of| ledgers.find(|(ledger, _)| ledger.indicator == of));
    let ledger = match open_ledger {
        Some((ledger, sheet)) => ledger_card(row, ledger, sheet, look, actor),
        None => view! {
            <div class="card empty"><h2>"No figures yet"</h2>
                <p class="quiet">"Its claims state no numbers. The claims themselves stand below."</p></div>
        }
        .into_any(),
    };
    let live = past.is_none().then(|| (row.id.to_string(), String::new()));
    let publish = look
        .publishing
        .as_ref()
        .map(|publishing| publish::card(row, incident.public.as_ref(), shown, publishing, &look.own));
    let look_back = past.is_none().then(|| {
        view! { <section class="small" id="look-back">{as_of_form(paths::incident(row.id), "as-of-at", None)}</section> }
    });
    frame(
        Frame { title: &row.title, here: paths::INCIDENTS, live },
        view! {
            <div class="page ledger">
                {notice.view()} {merged}
                {past.map(|at| as_of_banner(paths::incident(row.id), at, look.moves_known_since))}
                <header id="incident-head" data-live="true">
                    <h1>{row.title.clone()}</h1>
                    <p class="quiet small">{about.join(" · ")} {past.is_none().then(|| {
                        let flow = paths::flow_of(Scope { article: None, incident: Some(row.id) });
                        view! { " · " <a href=flow>"flow"</a> }
                    })}</p>
                    {publish::state(incident.public.as_ref())}
                </header>
                <nav class="tabs" aria-label="What is counted">{tabs}</nav>
                <div id="ledger" data-live="true">{ledger}</div>
                {members(incident, &all, look, actor)}
                {changes(row, &incident.changes, look, actor)}
                {publish}
                {curate(incident, look, actor)}
                {history(incident)}
                {look_back}
            </div>
        }
        .into_any(),
    )
}

fn ledger_card(
    row: &IncidentRow,
    view: &LedgerView,
    sheet: &Sheet<'_>,
    look: &Look,
    actor: &Actor,
) -> AnyView {
    let of = view.indicator;
    let set_by =
        view.own.as_ref().map(|own| format!("{}, {}", own.by, crate::language::day(own.at.date_naive())));
    let file = sheet.has_file().then(|| {
        view! { <a href=look.at(paths::ledger_file(row.id, of, "svg"))>"Chart as SVG"</a> " · " }
    });
    let chart = ledger_chart(sheet).map(|chart| view! { {chart} {ledger_key()} });
    let estimate = look
        .may(actor, Role::Editor)
        .then(|| estimate_form_view(row, view, &look.drafts.estimate, look.is_public));
    let n = view.figures.len();
    view! {
        <section class="card" id="figures">
            <h2>{capital(t(of.label()))}</h2>
            {ledger_short(sheet, set_by)}
            <h3>"Who says what now"</h3>
            {ledger_answer(sheet)}
            {ledger_notes(sheet)}
            {one_source(row, view, &look.alike)}
            {chart}
            <div class="row">
                <p class="small quiet">"However many outlets repeat a source, it is one line."</p>
                <p class="small">{file} <a href=look.at(paths::ledger_file(row.id, of, "csv"))>"Figures as CSV"</a></p>
            </div>
            <details class="table-behind"><summary>{tn!(n, "The one figure on record", "All {n} figures on record")}</summary>
                {ledger_table(sheet)}</details>
            {estimate}
        </section>
    }
    .into_any()
}

/// Which of the ledger's sources may be one, for who can make them one.
fn one_source(row: &IncidentRow, view: &LedgerView, alike: &[AlikeSources]) -> AnyView {
    let is_here = |id| view.figures.iter().any(|figure| figure.source_id == Some(id));
    let pairs: Vec<_> =
        alike.iter().filter(|pair| is_here(pair.name.id) && is_here(pair.source.id)).collect();
    if pairs.is_empty() {
        return ().into_any();
    }
    let rows = pairs
        .into_iter()
        .map(|pair| {
            let (name, source) = (pair.name.name.clone(), pair.source.name.clone());
            let make = t!("Make {name} a name of {source}");
            let not = t!("{name} and {source} are not the same source");
            view! {
                <li><a href=paths::source(pair.name.id)>{name.clone()}</a> " · " <a href=paths::source(pair.source.id)>{source.clone()}</a>
                    " " <span class="quiet">{t(pair.why.label())}</span>
                    <div class="row"><a class="btn small" href=paths::name_source(pair.name.id, &pair.source.name) aria-label=make>"Make them one"</a>
                        <form method="post" action="/actions/sources/apart" class="inline">
                            <input type="hidden" name="source" value=pair.name.id.to_string() />
                            <input type="hidden" name="other" value=pair.source.id.to_string() />
                            <input type="hidden" name="incident" value=row.id.to_string() />
                            <button class="btn small" aria-label=not>"Not the same"</button>
                        </form></div></li>
            }
        })
        .collect_view();
    view! {
        <div id="one-source" class="small"><p>"May be one source:"</p> <ul class="plain">{rows}</ul></div>
    }
    .into_any()
}

fn estimate_form_view(row: &IncidentRow, view: &LedgerView, draft: &Draft, is_public: bool) -> AnyView {
    let rests_on = if is_public {
        t!("Which sources or verdicts it rests on. Readers see it.")
    } else {
        t!("Which sources or verdicts it rests on.")
    };
    let there = view.own.as_ref().map(|own| own.range.in_words()).unwrap_or_default();
    let refused = draft.refused().map(|words| view! { <p class="notice bad" role="alert">{words}</p> });
    let form = estimate_form(row.id, view.indicator);
    let open = draft.typed("figure").is_some();
    view! {
        <details class="adding" open=open>
            <summary>"Set what the desk holds"</summary>
            <form method="post" action="/actions/incidents/estimate" class="form" data-draft=form>
                <input type="hidden" name="incident" value=row.id.to_string() />
                <input type="hidden" name="indicator" value=view.indicator.word() />
                <input type="hidden" name="seen" value=view.own.as_ref().map_or(0, |own| own.number) />
                {refused}
                {field("estimate-figure", "figure", "text", t!("The figure"), t!("As “38–44” or “at least 12”. Left empty, the rules decide again."), draft.or("figure", &there), false, draft.wrong("figure"))}
                {field("estimate-basis", "basis", "text", t!("On what basis"), rests_on, draft.typed("basis").unwrap_or_default(), true, draft.wrong("reason"))}
                <div class="row"><span class="small quiet" data-draft-state="true" role="status"></span><button class="btn go">"Set it"</button></div>
            </form>
        </details>
    }
    .into_any()
}

/// As many of its claims are shown at first.
const MEMBERS: usize = 50;

fn members(
    incident: &IncidentView,
    ledgers: &[(Ledger, Vec<Figure>)],
    look: &Look,
    actor: &Actor,
) -> AnyView {
    let row = &incident.incident;
    let gathers = look.may(actor, Role::Reviewer);
    let splits = look.may(actor, Role::Editor)
        && incident.members.iter().filter(|m| m.standing == IncidentStanding::Confirmed).count() > 1;
    let (confirmed, proposed): (Vec<&Member>, Vec<&Member>) =
        incident.members.iter().partition(|member| member.standing == IncidentStanding::Confirmed);
    let draft = &look.drafts.change;
    let line = |member: &Member, chosen: bool| {
        let claim = &member.claim;
        let contradiction = member.contradiction.as_deref().map(|kept| {
            let why = contradiction(ledgers, claim.id, kept);
            view! { <p class="small why"><span class="st false">{icon("disputed")} " Contradiction"</span> " " {why}</p> }
        });
        let box_id = format!("choose-{}", claim.id);
        let tick = chosen.then(|| {
            let ticked = draft.typed(&format!("chosen:{}", claim.id)).is_some();
            view! {
                <input type="checkbox" id=box_id.clone() name="claims[]" value=claim.id.to_string() checked=ticked form="split" />
                <label class="hidden" for=box_id.clone()>{t!("Choose “{}”", claim.text)}</label>
            }
        });
        let by = match &member.by {
            Some(name) => t!("{name} says that it belongs"),
            None => super::claim::incident::fits(member.score),
        };
        let out = (gathers && member.standing == IncidentStanding::Confirmed).then(|| {
            // One form serves all claims: an incident may have hundreds.
            view! { <button class="btn small" form="not-about-it" name="claim" value=claim.id.to_string() aria-label=t!("Not about it: {}", claim.text)>"Not about it"</button> }
        });
        let asks = (gathers && member.standing == IncidentStanding::Proposed)
            .then(|| super::claim::incident::decide(row.id, claim.id, ""));
        view! {
            <li class="claim-item">
                <span class="choose">{tick}</span>
                <div>
                    <a class="says" href=paths::claim_in_text(claim.id)>{claim.text.clone()}</a>
                    <p class="quiet small">{claim.source.clone().map(|who| format!("{who} · "))}
                        <a href=paths::article(claim.article)>{claim.article_title.clone()}</a> {claim.outlet.clone().map(|outlet| format!(" · {outlet}"))}</p>
                    {contradiction}
                    <details class="small quiet"><summary>{by}</summary>{super::claim::incident::reasons(&member.reasons)}</details>
                    {asks}
                </div>
                <div class="standing">{standing_tag(claim.stage, claim.mark.as_deref())} {out}</div>
            </li>
        }
    };
    // What was chosen for a split that was refused stays in sight.
    let whole = look.whole || draft.typed("split_title").is_some();
    let more = if whole { 0 } else { confirmed.len().saturating_sub(MEMBERS) };
    let rest = (more > 0).then(|| {
        let address = look.at(format!("{}#members", paths::with(&paths::incident(row.id), "members", "all")));
        view! { <p class="rest"><a href=address>{tn!(more, "Show one more claim", "Show {n} more claims")}</a></p> }
    });
    let shown = confirmed.len().saturating_sub(more);
    let waiting = (!proposed.is_empty()).then(|| {
        view! {
            <section class="card flush" id="proposed"><h2>"May be about it: a person decides"</h2>
                <ol class="claims">{proposed.into_iter().map(|member| line(member, false)).collect_view()}</ol></section>
        }
    });
    let split = splits.then(|| {
        let refused = draft.wrong("claims").or(draft.wrong("to")).map(|words| view! { <p class="notice bad" role="alert">{words}</p> });
        view! {
            <form method="post" action="/actions/incidents/split" id="split" class="form split-form">
                <input type="hidden" name="incident" value=row.id.to_string() />
                <input type="hidden" name="version" value=row.version.to_string() />
                {refused}
                <div class="row">
                    <div class="grow">{field("split-title", "title", "text", t!("Chosen claims are about another event"), t!("Its title, or the address of the incident that has it."), draft.typed("split_title").unwrap_or_default(), true, draft.typed("split_title").and_then(|_| draft.wrong("title")))}</div>
                    <button class="btn">"Split them off"</button></div>
            </form>
        }
    });
    view! {
        {waiting}
        <section class="card flush" id="members">
            <h2><span>"Claims about it"</span> <a class="small" href=paths::claims_about(row.id)>"as a list"</a></h2>
            {gathers.then(|| view! {
                <form method="post" action="/actions/incidents/reject" id="not-about-it" hidden=true>
                    <input type="hidden" name="incident" value=row.id.to_string() /></form>
            })}
            <ol class="claims">{confirmed.into_iter().take(shown).map(|member| line(member, splits)).collect_view()}</ol>
            {rest} {split}
        </section>
    }
    .into_any()
}

fn changes(row: &IncidentRow, changes: &[ChangeView], look: &Look, actor: &Actor) -> AnyView {
    if changes.is_empty() {
        return ().into_any();
    }
    let gathers = look.may(actor, Role::Reviewer);
    let lines = changes
        .iter()
        .map(|change| {
            let what = crate::language::say(&change.what);
            let undone = change.undone.clone().map(|(by, at)| view! { <span class="small quiet block">{t!("taken back by {by}, ")} {moment(at)}</span> });
            let undo = (gathers && change.undone.is_none()).then(|| {
                view! {
                    <form method="post" action="/actions/incidents/undo" class="inline">
                        <input type="hidden" name="incident" value=row.id.to_string() />
                        <input type="hidden" name="change" value=change.id.to_string() />
                        <button class="btn small" aria-label=t!("Undo: {}", what)>"Undo"</button>
                    </form>
                }
            });
            view! { <li><b>{change.by.clone()}</b> " " {what} " " {undo} <span class="quiet small block">{moment(change.at)}</span> {undone}</li> }
        })
        .collect_view();
    view! { <section class="card" id="changes"><h2>"Changes"</h2><ol class="history">{lines}</ol></section> }
        .into_any()
}

fn curate(incident: &IncidentView, look: &Look, actor: &Actor) -> AnyView {
    let (row, draft) = (&incident.incident, &look.drafts.change);
    if !look.may(actor, Role::Editor) || row.status != IncidentStatus::Open {
        return ().into_any();
    }
    let address = look.is_public.then(|| {
        view! { <p class="small">"Readers see these figures. After a merge their address leads to the other incident if that is public too, and else says that they are no longer public."</p> }
    });
    let refused = draft.refused().map(|words| view! { <p class="notice bad" role="alert">{words}</p> });
    let hidden = || {
        view! {
            <input type="hidden" name="incident" value=row.id.to_string() />
            <input type="hidden" name="version" value=row.version.to_string() />
        }
    };
    let open = draft.typed("into").is_some() || draft.typed("title").is_some() || draft.refused().is_some();
    view! {
        <details class="card adding" id="change" open=open>
            <summary>"Rename or merge"</summary>
            {refused}
            <form method="post" action="/actions/incidents/rename" class="form">
                {hidden()}
                {field("incident-title", "title", "text", t!("Title"), t!("What happened, where and when, in a few words."), draft.or("title", &row.title), true, draft.typed("title").and_then(|_| draft.wrong("title")))}
                <div class="row"><span></span><button class="btn">"Rename"</button></div>
            </form>
            <form method="post" action="/actions/incidents/merge" class="form">
                {hidden()} {address}
                {field("incident-into", "into", "text", t!("It is the same event as"), t!("The address of the other incident’s page. All claims go there."), draft.typed("into").unwrap_or_default(), true, draft.wrong("into"))}
                <div class="row"><span></span><button class="btn">"Merge into it"</button></div>
            </form>
        </details>
    }
    .into_any()
}

fn history(incident: &IncidentView) -> AnyView {
    let n = i64::try_from(incident.history.len()).unwrap_or_default();
    view! {
        <details class="card" id="history"><summary>{tn!(n, "History, one entry", "History, {n} entries")}</summary>
            {history_list(&incident.history)}</details>
    }
    .into_any()
}
