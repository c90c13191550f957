//! `/articles/{id}`: the text with every claim marked by where it stands.

use super::{Notice, as_of, id, signed_in};
use crate::actions::deadline_form;
use crate::language::t;
use crate::paths;
use crate::ui::{
    Draft, Frame, Mark, article_text, as_of_banner, as_of_form, clearance_tag, corrected_by, deadline_tag,
    field, frame, hop, measure_chips, moment, priority, standing_tag, tone, unchecked_tag,
};
use chrono::{DateTime, Utc};
use desk::{ArticleRow, ArticleView, MarkedClaim, Scope};
use domain::correction::Part;
use domain::id::ArticleId;
use domain::policy::{Actor, Role};
use domain::workflow::Stage;
use leptos::prelude::*;
use phrase::{t, view};

pub fn page() -> AnyView {
    let wanted = id::<ArticleId>();
    let at = as_of();
    signed_in(
        |desk, actor| async move {
            let (id, past) = (wanted?, at?);
            let Some(at) = past else {
                let draft = Draft::of(desk.draft(&actor, &deadline_form(id)).await?);
                return Ok((desk.article(&actor, id).await?, draft, None));
            };
            Ok((desk.article_then(id, at).await?.article(&actor, id).await?, Draft::default(), past))
        },
        |(article, draft, past), actor, notice| view(article, &draft, past, &actor, notice),
    )
}

fn view(
    view: ArticleView,
    draft: &Draft,
    past: Option<DateTime<Utc>>,
    actor: &Actor,
    notice: Notice,
) -> AnyView {
    let article = view.article.clone();
    let marks: Vec<Mark> = view
        .claims
        .iter()
        .map(|claim| Mark {
            span: claim.span,
            class: format!("faint {}", mark_class(claim)),
            href: Some(paths::claim_in_text(claim.id)),
            says: standing_words(claim),
            id: None,
        })
        .collect();
    let by = byline(&article.outlet, &view.author, article.published_at.map(moment), &view.address);
    let clearance = article.clearance();
    let none = view.claims.is_empty();
    let claims = view.claims.iter().map(item).collect_view();
    let earlier = (!view.earlier.is_empty()).then(|| {
        view! {
            <h2>"Only in an earlier version"</h2>
            <p class="quiet small">"No longer in the text: whether it can run does not depend on them."</p>
            <ol class="claims tight">{view.earlier.iter().map(item).collect_view()}</ol>
        }
    });
    let hash: String = view.sha256.iter().map(|byte| format!("{byte:02x}")).collect();
    frame(
        Frame {
            title: &article.title.clone(),
            here: paths::ARTICLES,
            live: past.is_none().then(|| (article.id.to_string(), String::new())),
        },
        view! {
            <div class="bench reading">
                <article class="read" lang=article.language.clone()>
                    <header>
                        {notice.view()}
                        {past.map(|at| as_of_banner(paths::article(article.id), at, None))}
                        <h1>{article.title.clone()}</h1>
                        <p class="by">{by}</p>
                    </header>
                    <div id="article-text" data-live="true">{article_text(&view.text, &marks)}</div>
                </article>
                <aside class="panel" aria-label="Claims of this article">
                    <section id="clearance" data-live="true">
                        <h2>"Can this run?"</h2>
                        <p class="answer">{clearance_tag(clearance)} <span>{crate::language::say(&clearance.phrase())}</span></p>
                        <p class="small"><a href=paths::report(article.id)>"Report to print, with the sentences that may run"</a></p>
                    </section>
                    <section id="deadline">{deadline(&article, draft, actor.role >= Role::Editor && past.is_none())}</section>
                    <section id="article-claims" data-live="true">
                        <h2><span>"Claims"</span> <a class="small" href=paths::claims_of(article.id, None)>"as a list"</a>
                            <a class="small" href=paths::flow_of(Scope { article: Some(article.id), incident: None })>"flow"</a></h2>
                        {none.then(|| view! { <p class="quiet">{if article.language == "en" {
                            t!("No checkable claims were found.").to_owned()
                        } else {
                            t!("The text is in “{}”; claims are lifted out of English texts only.", article.language)
                        }}</p> })}
                        <ol class="claims tight">{claims}</ol>
                        {earlier}
                    </section>
                    <section class="small quiet">
                        <p>{t!("Version {} · added by {} on ", view.snapshots, view.added_by)} {moment(view.taken_at)}</p>
                        <p class="hash">"SHA-256 " <code>{hash}</code></p>
                        {past.is_none().then(|| as_of_form(paths::article(article.id), "as-of-at", None))}
                    </section>
                </aside>
            </div>
        }
        .into_any(),
    )
}

/// By when its claims have to be decided; editors say it here.
fn deadline(article: &ArticleRow, draft: &Draft, sets: bool) -> AnyView {
    let set = article.deadline.as_ref().map(|deadline| {
        view! {
            <p id="deadline-now" data-live="true">{deadline_tag(deadline, article.clearance())} " " <b>{moment(deadline.at)}</b>
                <span class="quiet small block">{t!("set by {}", deadline.by)}</span></p>
        }
    });
    if !sets {
        let empty = set.is_none();
        return view! { <div class:empty-part=empty>{(!empty).then(|| view! { <h2>"Deadline"</h2> })} {set}</div> }.into_any();
    }
    let there = article.deadline.as_ref().map(|deadline| deadline.at.format("%Y-%m-%dT%H:%M").to_string());
    let id = article.id.to_string();
    let clear = article.deadline.is_some().then(|| {
        view! { <button class="btn small" name="clear" value="yes" formnovalidate>"Take it off"</button> }
    });
    view! {
        <h2>"Deadline"</h2>
        {set}
        <details open=!draft.is_empty()>
            <summary class="small">{if article.deadline.is_some() { t!("Move or clear it") } else { t!("Set a deadline") }}</summary>
            <form method="post" action="/actions/articles/deadline" class="form" data-draft=deadline_form(article.id)>
                <input type="hidden" name="article" value=id />
                {draft.refused().map(|words| view! { <p class="notice bad" role="alert">{words}</p> })}
                {field("deadline-at", "deadline", "datetime-local", t!("Every claim decided by (UTC)"), t!("Its claims go up in the queue; you and who watches them are told two hours before and when it passes."), draft.or("deadline", &there.unwrap_or_default()), true, draft.wrong("deadline"))}
                <div class="row"><span>{clear}</span> <button class="btn small">"Set the deadline"</button></div>
            </form>
        </details>
    }
    .into_any()
}

/// Outlet, author, time and address of an article, as far as they are known.
pub fn byline(
    outlet: &Option<String>,
    author: &Option<String>,
    published: Option<AnyView>,
    address: &Option<String>,
) -> AnyView {
    let mut parts: Vec<AnyView> = Vec::new();
    if let Some(outlet) = outlet.clone() {
        parts.push(outlet.into_any());
    }
    if let Some(author) = author.clone() {
        parts.push(t!("by {author}").into_any());
    }
    if let Some(published) = published {
        parts.push(published);
    }
    if let Some(address) = address.clone() {
        parts.push(view! { <a href=address rel="noreferrer noopener external">"original"</a> }.into_any());
    }
    parts
        .into_iter()
        .enumerate()
        .map(|(at, part)| view! { {(at > 0).then_some(" · ")} {part} })
        .collect_view()
        .into_any()
}

/// How a claim is marked in a text.
pub fn mark_class(claim: &MarkedClaim) -> &'static str {
    match claim.stage {
        Stage::Settled | Stage::Published => tone(claim.mark.as_ref().map(|rating| rating.tone)),
        Stage::Dismissed => "dismissed",
        _ => "open",
    }
}

fn standing_words(claim: &MarkedClaim) -> String {
    match (claim.stage.is_decided(), &claim.mark) {
        (true, Some(rating)) => format!("{}: {}", crate::language::label(&rating.name), claim.text),
        _ => format!("{}: {}", t(claim.stage.label()), claim.text),
    }
}

fn item(claim: &MarkedClaim) -> AnyView {
    let with = claim
        .holder
        .clone()
        .map(|name| t!(" · with {name}"))
        .or_else(|| claim.assignee.clone().map(|name| t!(" · for {name}")));
    let who = claim.attributions.iter().map(hop).collect_view();
    let figures = claim.measures.iter().map(measure_chips).collect_view();
    let alone = claim.statement.clone().map(|statement| {
        view! { <p class="small"><span class="quiet">"In full: "</span> {statement}</p> }
    });
    view! {
        <li class="claim-item">
            <div>
                <a class="says" href=paths::claim_in_text(claim.id)>{claim.text.clone()}</a>
                {alone}
                <div class="small said">{who}</div>
                <div class="chips"><span class="tag">{t(claim.kind.label())}</span> {figures}</div>
                <div class="small quiet row">
                    {priority(claim.priority, claim.contributions(), &claim.reasons, None)} {with}
                </div>
                {corrected_by(&claim.corrections, Part::ALL)}
            </div>
            <div class="standing">{standing_tag(claim.stage, claim.mark.as_deref())} {unchecked_tag(claim.runs_unchecked)}</div>
        </li>
    }
    .into_any()
}
