//! `/claims/{id}`: the workbench. The article in the middle, the claim's span marked in it; beside
//! it who says so, the evidence, and the verdict always within reach.

mod copies;
mod evidence;
pub mod incident;
mod links;
mod media;
mod more;
mod talk;
mod verdict;

use self::evidence::evidence;
use self::links::links;
use self::more::more;
use self::verdict::{disagreement, verdict_panel, verdicts};
use super::article::byline;
use super::correct;
use super::{Notice, as_of, id, query, signed_in};
use crate::actions::{
    Done, adjudication_form, comment_form, copy_form, correction_form, dismiss_form, duplicate_form,
    evidence_form, join_form, link_form, media_form, reopen_form, take_back_form, takeover_form,
    verdict_form, withdraw_form,
};
use crate::language::t;
use crate::paths;
use crate::ui::{
    Draft, Frame, Mark, age, article_text, as_of_banner, as_of_form, capital, corrected_by, field, frame,
    history_list, hop, measure_chips, moment, priority, select, standing_tag, time_of_day, tone,
    unchecked_tag,
};
use chrono::{DateTime, Utc};
use desk::{
    Candidate, ClaimView, Desk, Error, Followers, IncidentStanding, LedgerView, Person, Related, Succession,
    TakenOver, Thread,
};
use domain::correction::Part;
use domain::grounds::GroundsPolicy;
use domain::history::Event;
use domain::id::{ClaimId, EvidenceId};
use domain::policy::{Actor, Role};
use domain::scale::Scales;
use domain::workflow::Stage;
use leptos::prelude::*;
use phrase::{t, tn, view};
use std::collections::HashMap;
use std::sync::Arc;

/// Everything the screen needs.
struct Bench {
    view: ClaimView,
    verdict: Draft,
    adjudication: Draft,
    takeover: Draft,
    /// Who took the claim over from the person who looks at it.
    taken: Option<TakenOver>,
    evidence: Draft,
    reopen: Draft,
    dismiss: Draft,
    duplicate: Draft,
    withdraw: Draft,
    join: Draft,
    link: Draft,
    candidates: Vec<Candidate>,
    corrections: HashMap<EvidenceId, Draft>,
    media: HashMap<EvidenceId, [Draft; 2]>,
    copies: copies::Copies,
    found: correct::Drafts,
    threads: Vec<Thread>,
    followers: Followers,
    comment: Draft,
    said: talk::Drafts,
    /// The ledgers of the incident that the claim is about.
    ledgers: Vec<LedgerView>,
    waiting: i64,
    today: i64,
    /// Whom the claim may be given to.
    hands: Vec<Person>,
    now: DateTime<Utc>,
    scales: Arc<Scales>,
    /// Key of the scale that the address asks for.
    scale: Option<String>,
    policy: GroundsPolicy,
    /// The moment as of which it is shown.
    past: Option<DateTime<Utc>>,
}

pub fn page() -> AnyView {
    let wanted = id::<ClaimId>();
    let scale = query("scale");
    let at = as_of();
    signed_in(
        |desk, actor| async move {
            let id = wanted?;
            if let Some(at) = at? {
                return looked_back(&desk, &actor, id, at).await;
            }
            let view = desk.claim(&actor, id).await?;
            let threads = desk.talk(&actor, id).await?;
            let names: Vec<String> = [
                verdict_form(id),
                adjudication_form(id),
                takeover_form(id),
                evidence_form(id),
                reopen_form(id),
                dismiss_form(id),
                duplicate_form(id),
                withdraw_form(id),
                join_form(id),
                link_form(id),
            ]
            .into_iter()
            .chain(view.evidence.iter().map(|evidence| correction_form(evidence.id)))
            .chain(view.evidence.iter().map(|evidence| copy_form(evidence.id)))
            .chain(view.evidence.iter().flat_map(|e| [media_form(e.id), take_back_form(e.id)]))
            .chain(correct::forms(&view))
            .chain([comment_form(id)])
            .chain(talk::forms(&threads, &actor))
            .collect();
            let mut drafts = desk.drafts(&actor, &names).await?;
            let mut draft = |name: String| Draft::of(drafts.remove(&name).unwrap_or_default());
            let corrections = view.evidence.iter().map(|e| (e.id, draft(correction_form(e.id)))).collect();
            let media = view
                .evidence
                .iter()
                .map(|e| (e.id, [draft(media_form(e.id)), draft(take_back_form(e.id))]))
                .collect();
            let copy_drafts = view.evidence.iter().map(|e| (e.id, draft(copy_form(e.id)))).collect();
            let copies = copies::load(&desk, &actor, &view, copy_drafts).await?;
            let found = correct::forms(&view).into_iter().map(|form| (form.clone(), draft(form))).collect();
            let said = talk::forms(&threads, &actor);
            let said = said.into_iter().map(|form| (form.clone(), draft(form))).collect();
            let (waiting, today) = desk.progress(&actor).await?;
            let about = view.incidents.iter().find(|of| of.standing == IncidentStanding::Confirmed);
            let ledgers = match about {
                Some(of) => {
                    let counted = |one| view.claim.measures.iter().any(|measure| measure.indicator == one);
                    desk.ledgers_of(&actor, of.incident, counted).await?
                }
                None => Vec::new(),
            };
            let candidates = if actor.role >= Role::Reviewer {
                desk.link_candidates(&actor, id).await?
            } else {
                Vec::new()
            };
            Ok(Bench {
                verdict: draft(verdict_form(id)),
                adjudication: draft(adjudication_form(id)),
                takeover: draft(takeover_form(id)),
                taken: desk.taken_from(&actor).await?.into_iter().find(|taken| taken.claim == id),
                evidence: draft(evidence_form(id)),
                reopen: draft(reopen_form(id)),
                dismiss: draft(dismiss_form(id)),
                duplicate: draft(duplicate_form(id)),
                withdraw: draft(withdraw_form(id)),
                join: draft(join_form(id)),
                link: draft(link_form(id)),
                candidates,
                corrections,
                media,
                copies,
                found,
                followers: desk.followers(&actor, id).await?,
                threads,
                comment: draft(comment_form(id)),
                said,
                ledgers,
                waiting,
                today,
                hands: if actor.role >= Role::Editor { desk.hands(&actor).await? } else { Vec::new() },
                now: desk.clock().now(),
                scales: desk.scales().await?,
                scale,
                policy: desk.grounds_policy().await?,
                past: None,
                view,
            })
        },
        |bench, actor, notice| match bench.past {
            // The past can be read, by anybody alike.
            Some(_) => draw(bench, &Actor { role: Role::Viewer, ..actor }, notice),
            None => draw(bench, &actor, notice),
        },
    )
}

/// The claim as the desk knew it at a moment, with nothing to fill in.
async fn looked_back(desk: &Desk, actor: &Actor, id: ClaimId, at: DateTime<Utc>) -> Result<Bench, Error> {
    let then = desk.claim_then(id, at).await?;
    let view = then.claim(actor, id).await?;
    let copies = copies::load(&then, actor, &view, HashMap::new()).await?;
    Ok(Bench {
        verdict: Draft::default(),
        evidence: Draft::default(),
        reopen: Draft::default(),
        dismiss: Draft::default(),
        duplicate: Draft::default(),
        withdraw: Draft::default(),
        join: Draft::default(),
        link: Draft::default(),
        adjudication: Draft::default(),
        takeover: Draft::default(),
        taken: None,
        candidates: Vec::new(),
        followers: Followers::default(),
        scales: desk.scales().await?,
        scale: None,
        policy: desk.grounds_policy().await?,
        corrections: HashMap::new(),
        media: HashMap::new(),
        copies,
        found: HashMap::new(),
        threads: Vec::new(),
        comment: Draft::default(),
        said: HashMap::new(),
        ledgers: Vec::new(),
        waiting: 0,
        today: 0,
        hands: Vec::new(),
        now: at,
        past: Some(at),
        view,
    })
}

fn draw(bench: Bench, actor: &Actor, notice: Notice) -> AnyView {
    let view = &bench.view;
    let claim = &view.claim;
    let reviews = actor.role >= Role::Reviewer;
    let held_by_other = view.lease.as_ref().is_some_and(|lease| lease.holder != actor.id);
    let by = byline(&claim.outlet, &view.author, view.published_at.map(moment), &view.address);
    let version = match (view.snapshots, view.in_latest) {
        (1, _) => None,
        (of, true) => Some(t!(" · version {} of {of}", view.snapshot_number)),
        (of, false) => {
            Some(t!(" · version {} of {of}; the latest no longer has this claim", view.snapshot_number))
        }
    };
    let past = bench.past;
    let verdict = if past.is_some() {
        ().into_any()
    } else if !reviews {
        view! { <p class="quiet small">"Reviewers give verdicts; as viewer you can read them."</p> }
            .into_any()
    } else if held_by_other {
        take_over(view, &bench.takeover)
    } else if matches!(claim.stage, Stage::Published | Stage::Dismissed) {
        let words = t!("This claim is {}. An editor can reopen it.", t(claim.stage.label()));
        let corrects = claim.stage == Stage::Published && actor.role >= Role::Editor;
        view! { <div class="row"><span class="quiet small">{words}</span> {corrects.then(|| correct_link(view))}</div> }.into_any()
    } else if claim.stage == Stage::Settled && view.resting_on_it > 0 {
        let words = tn!(
            view.resting_on_it,
            "Another claim rests on this verdict.",
            "{n} claims rest on this verdict."
        );
        view! { <div class="row"><span class="quiet small">{words}</span> {correct_link(view)}</div> }
            .into_any()
    } else if claim.stage == Stage::Disagreed {
        disagreement(&bench, actor)
    } else if view.second.as_ref().is_some_and(|second| second.is_own) {
        view! { <p class="quiet small">"Your verdict waits for a second reviewer. Until then only you see it; you can correct what was found, add evidence, or go on with the next claim."</p> }
            .into_any()
    } else {
        verdict_panel(&bench, actor)
    };
    // What already has a verdict elsewhere takes one key, where the person could give one here.
    let same = view.same_as.as_ref().filter(|_| {
        let own_first = view.second.as_ref().is_some_and(|second| second.is_own);
        past.is_none()
            && reviews
            && !held_by_other
            && !own_first
            && claim.stage.is_in_work()
            && claim.stage != Stage::Disagreed
    });
    let same = same.map(|same| incident::same(view, same));
    let correct = (reviews && !held_by_other).then(|| {
        correct::section(view, &bench.found, notice.says(Done::Corrected) || notice.says(Done::Unchanged))
    });
    frame(
        Frame {
            title: &claim.text.clone(),
            here: paths::CLAIMS,
            live: past.is_none().then(|| (claim.article.to_string(), claim.id.to_string())),
        },
        view! {
            <div class="bench">
                <article class="read" lang=view.language.clone()>
                    <header>
                        <h1><a href=paths::article(claim.article)>{claim.article_title.clone()}</a></h1>
                        <p class="by">{by} {version}</p>
                    </header>
                    {article_text(&view.text, &text_marks(&bench))}
                </article>
                <aside class="panel" aria-label="Claim">
                    {notice.view()}
                    {bench.taken.as_ref().map(taken_over)}
                    {past.map(|at| as_of_banner(paths::claim(claim.id), at, None))}
                    {past.is_none().then(|| view! {
                        <div class="progress small quiet row">
                            <span class="num">{t!("{} wait · {} by you today", bench.waiting, bench.today)}</span>
                            {reviews.then(|| neighbours_nav(view))}
                        </div>
                    })}
                    <section id="claim-head" data-live="true">{head(view, actor, bench.now)}</section>
                    {past.is_none().then(|| view! { <section id="assignee" data-live="true">{assignee(view, actor, &bench.hands)}</section> })}
                    <section id="who" data-live="true">{who(view)}</section>
                    {correct}
                    {past.is_none().then(|| incident::section(view, &bench.ledgers, &bench.join, actor))}
                    <section id="verdicts" data-live="true" class:empty-part=view.verdicts.is_empty()>{verdicts(view)}</section>
                    <section id="evidence">{evidence(view, &bench, reviews)}</section>
                    {past.is_none().then(|| talk::talk(view, &bench.threads, &bench.followers, actor, &bench.comment, &bench.said))}
                    {more(view, actor, &bench)}
                    <section id="links" class:empty-part={view.links.is_empty() && !reviews}>{links(view, &bench.candidates, &bench.link, reviews)}</section>
                    <section id="history" data-live="true">{history(view)}</section>
                    {past.is_none().then(|| view! { <section id="look-back">{as_of_form(paths::claim(claim.id), "as-of-at", None)}</section> })}
                    {past.is_none().then(|| view! { <div class="verdict" id="verdict">{same} {verdict}</div> })}
                </aside>
                <nav class="jump" aria-label="Parts of this page">
                    <a href="#claim-head">"Claim"</a> <a href="#claim">"In the text"</a> <a href=if past.is_some() { "#verdicts" } else { "#verdict" }>"Verdict"</a>
                </nav>
            </div>
        }
        .into_any(),
    )
}

/// The way to correct a verdict that others have seen or built on.
fn correct_link(view: &ClaimView) -> AnyView {
    let says = t!("Correct the verdict, after a look at what depends on it");
    view! {
        <a class="btn" href=paths::correct_verdict(view.claim.id) data-key="v" data-says=says>"Correct the verdict " <kbd>"V"</kbd></a>
    }
    .into_any()
}

/// Somebody else holds the claim: waiting, or taking it over.
fn take_over(view: &ClaimView, draft: &Draft) -> AnyView {
    let own_first = view.second.as_ref().is_some_and(|second| second.is_own);
    if own_first {
        return view! { <p class="quiet small">"Your verdict is with a second reviewer."</p> }.into_any();
    }
    view! {
        <p class="quiet">"You can give a verdict when the claim is free again."</p>
        <details open=!draft.is_empty()>
            <summary class="small" data-key="t" data-says="Take the claim over" data-then="takeover-reason">"Take it over " <kbd>"T"</kbd></summary>
            <form method="post" action="/actions/claims/take-over" class="form" data-draft=takeover_form(view.claim.id)>
                <input type="hidden" name="claim" value=view.claim.id.to_string() />
                {refusal(draft)}
                {field("takeover-reason", "reason", "text", t!("Reason to take it over"), t!("Whoever holds it is told, and keeps what they have typed."), draft.typed("reason").unwrap_or_default(), true, draft.wrong("reason"))}
                <div class="row"><span></span><button class="btn">"Take it over"</button></div>
            </form>
        </details>
    }
    .into_any()
}

/// Tells who held the claim that somebody took it over.
fn taken_over(taken: &TakenOver) -> AnyView {
    view! {
        <p class="notice" role="status"><b>{taken.by.clone()}</b> " took this claim over from you at " {time_of_day(taken.at)} ": " {taken.reason.clone()}
            " What you had typed is kept."</p>
    }
    .into_any()
}

fn text_marks(bench: &Bench) -> Vec<Mark> {
    let view = &bench.view;
    let mut marks = vec![Mark {
        span: view.span,
        class: "here".to_owned(),
        href: None,
        says: t!("The claim").to_owned(),
        id: Some("claim".to_owned()),
    }];
    for attribution in &view.attributions {
        let Some(span) = attribution.mention_at else { continue };
        marks.push(Mark {
            span,
            class: "speaker".to_owned(),
            href: None,
            says: t!("Says so: {}", attribution.name.as_deref().unwrap_or(&attribution.mention)),
            id: None,
        });
    }
    for other in &view.neighbours {
        let class = match other.stage {
            Stage::Settled | Stage::Published => tone(other.mark.as_ref().map(|rating| rating.tone)),
            Stage::Dismissed => "dismissed",
            _ => "open",
        };
        marks.push(Mark {
            span: other.span,
            class: format!("faint {class}"),
            href: Some(paths::claim_in_text(other.id)),
            says: t!("Another claim, {}", t(other.stage.label())),
            id: None,
        });
    }
    for talked in talk::marks(view, &bench.threads) {
        // Of two marks on the same words only one would be seen.
        match marks.iter_mut().find(|mark| mark.span == talked.span) {
            Some(mark) => {
                mark.class += " talked";
                mark.id = mark.id.take().or(talked.id);
            }
            None => marks.push(talked),
        }
    }
    marks
}

/// The claims before and after in the same text.
fn neighbours_nav(view: &ClaimView) -> AnyView {
    let before = view.neighbours.iter().rfind(|n| n.span.start < view.span.start);
    let after = view.neighbours.iter().find(|n| n.span.start > view.span.start);
    let link = |to: Option<&desk::Neighbour>, key: &'static str, words: &'static str, says: &'static str| {
        to.map(|to| {
            view! { <a href=paths::claim_in_text(to.id) data-key=key data-says=says>{words} " " <kbd>{key.to_uppercase()}</kbd></a> }
        })
    };
    view! {
        <span class="chips">
            {link(before, "k", t!("before"), t!("The claim before in this article"))}
            {link(after, "j", t!("after"), t!("The claim after in this article"))}
        </span>
    }
    .into_any()
}

fn head(view: &ClaimView, actor: &Actor, now: DateTime<Utc>) -> AnyView {
    let claim = &view.claim;
    let id = claim.id.to_string();
    let reviews = actor.role >= Role::Reviewer;
    let small = |action: &'static str,
                 key: &'static str,
                 says: &'static str,
                 words: &'static str,
                 then: &'static str| {
        view! {
            <form method="post" action=format!("/actions/claims/{action}") class="inline">
                <input type="hidden" name="claim" value=id.clone() />
                {(!then.is_empty()).then(|| view! { <input type="hidden" name="then" value=then /> })}
                <button class="btn small" data-key=key data-says=says>{words} " " <kbd>{key.to_uppercase()}</kbd></button>
            </form>
        }
        .into_any()
    };
    let (lease, buttons) = match &view.lease {
        Some(lease) if lease.holder == actor.id => (
            view! { <span>" · yours until " {time_of_day(lease.until)}</span> }.into_any(),
            view! {
                {small("release", "s", t!("Put it back and take the next"), t!("Skip"), "next")}
                {small("release", "r", t!("Put it back"), t!("Release"), "")}
            }
            .into_any(),
        ),
        Some(lease) => (
            view! { <span>" · being checked by " <b>{lease.name.clone()}</b> " until " {time_of_day(lease.until)}</span> }
                .into_any(),
            ().into_any(),
        ),
        None if view.second.as_ref().is_some_and(|second| second.is_own) => {
            (view! { <span>" · waits for a second reviewer"</span> }.into_any(), ().into_any())
        }
        None if reviews && claim.stage.is_waiting() => {
            (().into_any(), small("take", "t", t!("Take this claim"), t!("Take it"), ""))
        }
        None => (().into_any(), ().into_any()),
    };
    let chips = claim.measures.iter().map(measure_chips).collect_view();
    let priority =
        priority(claim.priority, view.contributions(), &view.reasons, Some(view.extractor.as_str()));
    let alone = view.statement.clone().map(|statement| {
        view! { <p class="small alone"><span class="quiet">"In full: "</span> {statement}</p> }
    });
    view! {
        <div class="row state small">
            <span class="tags">{standing_tag(claim.stage, claim.mark.as_deref())} {unchecked_tag(claim.runs_unchecked)} <span class="quiet">{age(claim.stage_since, now)}</span> {lease}</span>
            <span class="chips">{buttons}</span>
            {priority}
        </div>
        {relatives(view)}
        {basis(view)}
        <p class="say">{claim.text.clone()}</p>
        {alone}
        <div class="chips"><span class="tag">{t(claim.kind.label())}</span> {chips}</div>
        {corrected_by(&view.corrections, &[Part::Span, Part::Kind, Part::Measures])}
    }
    .into_any()
}

/// Whose the claim is to do; editors give it to anybody, reviewers take it on or off themselves.
fn assignee(view: &ClaimView, actor: &Actor, hands: &[Person]) -> AnyView {
    let claim = &view.claim;
    if !claim.stage.is_in_work() {
        return view! { <span class="empty-part"></span> }.into_any();
    }
    let id = claim.id.to_string();
    let own = claim.assignee_id == Some(actor.id);
    let now = match (&claim.assignee, own) {
        (_, true) => t!("Yours to do").to_owned(),
        (Some(name), _) => t!("For {name} to do"),
        (None, _) => t!("Anybody’s to do").to_owned(),
    };
    let own_first = view.second.as_ref().is_some_and(|second| second.is_own);
    let small = |to: &'static str, words: &'static str| {
        view! {
            <form method="post" action="/actions/claims/assign-one" class="inline">
                <input type="hidden" name="claim" value=id.clone() /> <input type="hidden" name="to" value=to />
                <button class="btn small">{words}</button>
            </form>
        }
        .into_any()
    };
    let change = if actor.role >= Role::Editor {
        let mut options = vec![(String::new(), t!("nobody in particular").to_owned())];
        options.extend(hands.iter().map(|person| {
            let has = if person.has == 0 { t!("has none").to_owned() } else { t!("has {}", person.has) };
            (person.id.to_string(), format!("{} ({has})", person.name))
        }));
        let chosen = claim.assignee_id.map(|id| id.to_string()).unwrap_or_default();
        view! {
            <details><summary class="small">"Assign"</summary>
                <form method="post" action="/actions/claims/assign-one" class="filters">
                    <input type="hidden" name="claim" value=id.clone() />
                    {select("assign-to", "to", t!("Whose to do"), options, &chosen)}
                    <div class="end"><button class="btn small">"Assign"</button></div>
                </form>
            </details>
        }
        .into_any()
    } else if actor.role < Role::Reviewer {
        ().into_any()
    } else if own {
        small("", t!("Take it off my list"))
    } else if claim.assignee_id.is_none() && !own_first {
        small("me", t!("Put it on my list"))
    } else {
        ().into_any()
    };
    view! { <div class="row small"><span class="quiet">{now}</span> {change}</div> }.into_any()
}

/// That the verdict moved on which this claim rests, until somebody has looked and decided.
fn basis(view: &ClaimView) -> AnyView {
    let moved = view.history.iter().rev().find_map(|entry| match &entry.event {
        Event::BasisMoved { of, words, what } => Some(Some((entry, *of, words, what))),
        Event::VerdictGiven { .. } | Event::Dismissed { .. } => Some(None),
        _ => None,
    });
    let Some((entry, of, words, what)) = moved.flatten() else { return ().into_any() };
    let by = entry.by.clone().unwrap_or_else(|| t!("The system").to_owned());
    view! {
        <div class="notice bad small" id="basis">
            <p>{by} " " {what.clone()} " " <a href=paths::claim(of)>{words.clone()}</a> ", on which this claim rests, " {moment(entry.at)} ". Look again before you decide."</p>
        </div>
    }
    .into_any()
}

/// The claims that took the place of this one, and those whose place it took.
fn relatives(view: &ClaimView) -> AnyView {
    let list = |words: &'static str, related: Vec<&Related>| {
        (!related.is_empty()).then(|| {
            let links = related
                .iter()
                .map(|one| view! { <li><a href=paths::claim_in_text(one.id)>{one.text.clone()}</a></li> })
                .collect_view();
            view! { <div class="notice small"><p>{words}</p><ul>{links}</ul></div> }
        })
    };
    let of = |all: &'_ [Related], how: Succession| -> Vec<Related> {
        all.iter().filter(|one| one.how == how).cloned().collect()
    };
    let (split, merged) = (of(&view.became, Succession::Split), of(&view.became, Succession::Merged));
    let (off, took) = (of(&view.came_from, Succession::Split), of(&view.came_from, Succession::Merged));
    view! {
        {list(t!("This claim was split into:"), split.iter().collect())}
        {list(t!("This claim was merged into:"), merged.iter().collect())}
        {list(t!("Split off from:"), off.iter().collect())}
        {list(t!("Merged into this claim:"), took.iter().collect())}
    }
    .into_any()
}

fn who(view: &ClaimView) -> AnyView {
    let outlet = view.claim.outlet.clone().unwrap_or_else(|| t!("The article").to_owned());
    let hops = view
        .attributions
        .iter()
        .enumerate()
        .map(|(at, attribution)| {
            let relayed = (at > 0).then(|| view! { <span class="small quiet block">"passed on by"</span> });
            view! { <li><div>{relayed} {hop(attribution)}</div></li> }
        })
        .collect_view();
    let said = if view.attributions.is_empty() {
        view! { <li><div><b>{outlet}</b> <span class="quiet">" says it itself; no other source is named"</span></div></li> }.into_any()
    } else {
        // Whoever speaks to the article is the last of the chain.
        let told = view.attributions.last().and_then(|a| a.told_to.clone());
        let manner = view.attributions.last().map(|a| t(a.manner.label())).unwrap_or_default();
        let via = match told {
            Some(told) => t!("told {told}, in "),
            None => t!("in ").to_owned(),
        };
        view! { <li><div class="small">{via} <b>{outlet}</b> ", " {manner}</div></li> }.into_any()
    };
    view! {
        <h2>"Who says so"</h2><ol class="chain">{hops} {said}</ol>
        {corrected_by(&view.corrections, &[Part::Source])}
    }
    .into_any()
}

pub fn refusal(draft: &Draft) -> AnyView {
    draft.refused().map(|words| view! { <p class="notice bad" role="alert">{words}</p> }).into_any()
}

/// What differs from what somebody else saved meanwhile, field by field.
pub fn differences(draft: &Draft) -> AnyView {
    compared(draft, &[])
}

/// What differs, with the choice of whose words stay for each of the `fields` that the form sends.
pub fn compared(draft: &Draft, fields: &[&str]) -> AnyView {
    let differences = draft.differences();
    if differences.is_empty() {
        return ().into_any();
    }
    let said = |field: &str, text: &str| {
        if text.is_empty() {
            return t!("nothing").to_owned();
        }
        match field {
            "rating" => capital(&text.replace('_', " ")),
            "stage" => text.replace('_', " "),
            _ => text.to_owned(),
        }
    };
    let rows = differences
        .into_iter()
        .map(|d| {
            let (yours, theirs) = (said(&d.field, &d.yours), said(&d.field, &d.theirs));
            if !fields.contains(&d.field.as_str()) {
                return view! { <tr><th scope="row">{capital(&d.field)}</th><td>{yours}</td><td>{theirs}</td></tr> }.into_any();
            }
            let name = format!("merge[keep][{}]", d.field);
            let described = format!("differs-{}", d.field);
            let by = described.clone();
            let choice = move |value: &'static str, whose: &'static str, words: String| {
                view! {
                    <label class="choice"><input type="radio" name=name.clone() value=value checked={value == "mine"} aria-describedby=by.clone() />
                        <span><span class="hidden">{whose}</span> {words}</span></label>
                }
            };
            view! {
                <tr><th scope="row" id=described>{capital(&d.field)} <input type="hidden" name=format!("merge[theirs][{}]", d.field) value=d.theirs.clone() /></th>
                    <td>{choice("mine", t!("Keep yours:"), yours)}</td>
                    <td>{choice("theirs", t!("Take what is saved now:"), theirs)}</td></tr>
            }
            .into_any()
        })
        .collect_view();
    view! {
        <div class="scroll"><table class="differs small">
            <thead><tr><th scope="col">"Field"</th><th scope="col">"Yours"</th><th scope="col">"Now saved"</th></tr></thead>
            <tbody>{rows}</tbody>
        </table></div>
    }
    .into_any()
}

fn history(view: &ClaimView) -> AnyView {
    view! {
        <details><summary>{tn!(view.history.len(), "History, one entry", "History, {n} entries")}</summary>{history_list(&view.history)}</details>
    }
    .into_any()
}
