//! `/articles/{id}/report`: what stands of an article, for paper: each claim with who says so, its
//! verdict, the evidence, and the sentence that may be printed.

use super::article::byline;
use super::{Notice, id, signed_in};
use crate::language::{say, t};
use crate::paths;
use crate::ui::{
    Frame, capital, frame, measure_chips, media_original, moment, printed, said_by, standing_tag,
    unchecked_tag,
};
use desk::{Report, ReportClaim};
use domain::claim::Polarity;
use domain::id::ArticleId;
use leptos::prelude::*;
use phrase::{t, view};

pub fn page() -> AnyView {
    let wanted = id::<ArticleId>();
    signed_in(
        |desk, actor| async move { desk.report(&actor, wanted?).await },
        |report, _, notice| view(&report, notice),
    )
}

fn view(report: &Report, notice: Notice) -> AnyView {
    let article = &report.view.article;
    let clearance = article.clearance();
    let by =
        byline(&article.outlet, &report.view.author, article.published_at.map(moment), &report.view.address);
    let claims = report.claims.iter().map(claim).collect_view();
    let none =
        report.claims.is_empty().then(|| view! { <p class="quiet">"No checkable claims were found."</p> });
    frame(
        Frame { title: &t!("Report: {}", article.title), here: paths::ARTICLES, live: None },
        view! {
            <div class="page narrow report">
                {notice.view()}
                <p class="small no-print"><a href=paths::article(article.id)>"Back to the article"</a> " · print it with the browser: Ctrl P"</p>
                <header>
                    <h1>{article.title.clone()}</h1>
                    <p class="quiet">{by}</p>
                    <p class="answer-line"><b>{crate::language::say(&clearance.phrase())}</b></p>
                </header>
                {none}
                <ol class="report-claims">{claims}</ol>
                <p class="small quiet">"As the desk knew it at " {moment(report.at)} "."</p>
            </div>
        }
        .into_any(),
    )
}

fn claim(one: &ReportClaim) -> AnyView {
    let claim = &one.claim;
    let figures = claim.measures.iter().map(measure_chips).collect_view();
    let original = claim.attributions.first();
    let said = said_by(original.map_or(Polarity::Asserted, |original| original.polarity));
    let who = original.map(|original| original.name.clone().unwrap_or_else(|| original.mention.clone()));
    let who = who.unwrap_or_else(|| t!("the article itself").to_owned());
    let verdict = one.verdict.as_ref().filter(|_| claim.stage.is_decided() || claim.mark.is_some()).map(|verdict| {
        let figure = verdict.figure.clone().map(|figure| t!(" The evidence supports {figure}."));
        view! { <p>{verdict.rationale.clone()} {figure} <span class="quiet small block">{verdict.reviewer.clone()} ", " {moment(verdict.given_at)}</span></p> }
    });
    let evidence = one
        .evidence
        .iter()
        .map(|piece| {
            let title = match piece.address.clone() {
                Some(address) => view! { <a href=address rel="noreferrer noopener external">{piece.title.clone()}</a> }.into_any(),
                None => piece.title.clone().into_any(),
            };
            let source = piece.source.as_ref().map(|source| format!(", {} ({})", source.name, source.reliability.word()));
            view! { <li>{capital(t(piece.stance.label()))} ": " {title} {source} ", information " {piece.information.word()}</li> }
        })
        .collect_view();
    let evidence = (!one.evidence.is_empty()).then(|| view! { <ul class="small">{evidence}</ul> });
    let media = one
        .media
        .iter()
        .map(|medium| {
            let original = media_original(medium.context.as_deref(), medium.original.as_deref());
            view! { <li>{say(&medium.phrase())} {original}</li> }
        })
        .collect_view();
    let media = (!one.media.is_empty()).then(|| view! { <ul class="small">{media}</ul> });
    let printed = one.printable.as_deref().map(printed);
    view! {
        <li>
            <p class="row top"><a class="says" href=paths::claim_in_text(claim.id)>{claim.text.clone()}</a> <span class="standing">{standing_tag(claim.stage, claim.mark.as_deref())} {unchecked_tag(claim.runs_unchecked)}</span></p>
            <p class="small quiet">{said} {who}</p>
            <div class="chips">{figures}</div>
            {verdict} {media} {evidence} {printed}
        </li>
    }
    .into_any()
}
