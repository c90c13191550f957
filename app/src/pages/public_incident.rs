//! `/public/incidents/{slug}` and `/public/incidents/{slug}/embed`: an incident's figures for readers, and the
//! part of them that other sites show in a frame.

use super::incident::shown;
use super::incidents::days;
use super::public::{canonical, data, never_published, nothing};
use super::query;
use crate::language::t;
use crate::paths;
use crate::request;
use crate::ui::{
    Sheet, capital, embed_frame, held, ledger_answer, ledger_chart, ledger_key, ledger_notes, ledger_short,
    load, moment, public_frame, readers_brief, readers_table, readers_verdict,
};
use desk::{LedgerAddress, LedgerPage, LedgerPublication, PublicIncident, PublicLedger, PublicVerdict};
use domain::ledger_news::LedgerStep;
use domain::measure::Indicator;
use domain::problem::Kind;
use http::StatusCode;
use http::header::{HeaderValue, LOCATION};
use leptos::prelude::*;
use leptos_axum::ResponseOptions;
use leptos_router::hooks::use_params_map;
use phrase::{t, tn, view};
use serde_json::json;

pub fn page() -> AnyView {
    at_address(paths::public_incident, |page, own| whole(&page, own))
}

pub fn embed() -> AnyView {
    let of = query("of").and_then(|word| word.parse::<Indicator>().ok());
    let to = move |slug: &str| match of {
        Some(of) => paths::ledger_embed(slug, of),
        None => paths::embed(slug),
    };
    at_address(to, move |page, own| embedded(&page, of, own))
}

/// Draws what there is under the address; what moved is at `to`.
fn at_address(
    to: impl Fn(&str) -> String + Send + 'static,
    draw: impl FnOnce(Box<LedgerPage>, &str) -> AnyView + Send + 'static,
) -> AnyView {
    let site = request::site();
    let slug = use_params_map().with_untracked(|map| map.get("slug")).unwrap_or_default();
    load(
        async move {
            match site.desk.public_ledger(&slug).await {
                Ok(found) => Ok(Some(found)),
                Err(error) if error.kind() == Kind::NotFound => Ok(None),
                Err(error) => Err(error),
            }
        },
        move |found| match found {
            Some(LedgerAddress::Here(page)) => draw(page, &site.public_url),
            Some(LedgerAddress::Moved(slug)) => moved(&to(&slug)),
            Some(LedgerAddress::Gone(last)) => gone(last.as_ref()),
            None if in_frame() => embed_frame(
                t!("Nothing here"),
                view! { <div class="public">{never_published()}</div> }.into_any(),
            ),
            None => nothing(),
        },
    )
}

/// Whether the page asked for may stand in a frame on another site: there is no bar and no form there.
fn in_frame() -> bool {
    paths::may_be_framed(request::address().split('?').next().unwrap_or_default())
}

/// The incident is part of another one. It may become one of its own again, so that nobody is to
/// remember this for ever.
fn moved(address: &str) -> AnyView {
    if let (Some(response), Ok(location)) = (use_context::<ResponseOptions>(), HeaderValue::from_str(address))
    {
        response.set_status(StatusCode::FOUND);
        response.insert_header(LOCATION, location);
    }
    view! { <p><a href=address.to_owned()>"These figures have moved"</a></p> }.into_any()
}

fn gone(last: Option<&LedgerPublication>) -> AnyView {
    if let Some(response) = use_context::<ResponseOptions>() {
        response.set_status(StatusCode::GONE);
    }
    let why = last.and_then(|last| Some((last.at, last.note.clone()?))).map(|(at, note)| {
        view! {
            <div class="notice bad" id="correction">
                <p><b>"Withdrawn on " {moment(at)}</b></p>
                <p class="rationale">{note}</p>
            </div>
        }
    });
    let content = view! {
        <div class="public">
            {why}
            <h1>"These figures are no longer public"</h1>
            <p>"The desk had published them under this address and has taken them back."</p>
            <p><a href=paths::PUBLIC target="_top">"What was published last"</a></p>
        </div>
    };
    // In a frame on another site there is no room for more.
    if in_frame() {
        return embed_frame(t!("No longer public"), content.into_any());
    }
    public_frame(t!("No longer public"), content.into_any())
}

fn whole(page: &LedgerPage, own: &str) -> AnyView {
    let shown = &page.shown;
    let address = format!("{own}{}", paths::public_incident(&page.slug));
    canonical(&address);
    let where_and_when: Vec<String> =
        [shown.place.as_deref().map(crate::language::apart), days(shown.from, shown.to)]
            .into_iter()
            .flatten()
            .collect();
    let contents = (shown.ledgers.len() > 1).then(|| {
        let tabs = shown.ledgers.iter().map(|of| {
            view! {
                <a class="tab" href=paths::public_ledger(&page.slug, of.indicator)>{capital(t(of.indicator.label()))}
                    " " <span class="num quiet">{of.figures.len()}</span></a>
            }
        });
        view! { <nav class="tabs" aria-label="What is counted">{tabs.collect_view()}</nav> }
    });
    let none = shown
        .ledgers
        .is_empty()
        .then(|| view! { <p class="quiet">"No figures are on record at the moment."</p> });
    let ledgers = shown.ledgers.iter().map(|of| ledger(of, page, own)).collect_view();
    public_frame(
        &shown.title,
        view! {
            {data(&dataset(page, own))}
            <article class="public ledger" id="publication">
                <p class="kicker">"Figures by source · last changed " {moment(shown.changed_at)}</p>
                <h1>{shown.title.clone()}</h1>
                <p class="by">{where_and_when.join(" · ")}</p>
                <p>"Who says which number, and since when. However many outlets repeat a source, it is one line; what a side claims and what was seen are kept apart. That a figure stands here does not say that it is right."</p>
                {contents} {none} {ledgers}
                {verdicts(&shown.verdicts)}
                <section aria-labelledby="how">
                    <h2 id="how">"How this was put together"</h2>
                    <p>"Figures are lifted out of the articles that are named, with who said them first, and put beside each other. What the desk holds is worked out from them, or set by an editor, on the basis that is given. When a figure is corrected, added or taken out, this page changes with it. "
                        <a href=format!("{}#methods", paths::PUBLIC)>"Methods"</a> " · "
                        <a href=format!("{}#corrections", paths::PUBLIC)>"Corrections policy"</a></p>
                </section>
                {dates(page)}
            </article>
        }
        .into_any(),
    )
}

fn ledger(of: &PublicLedger, page: &LedgerPage, own: &str) -> AnyView {
    let (drawn, figures) = of.drawn();
    let indicator = of.indicator;
    let word = indicator.word();
    let sheet = Sheet::of(&drawn, &figures);
    let chart = ledger_chart(&sheet).map(|chart| view! { {chart} {ledger_key()} });
    let has_file = sheet.has_file();
    let files = |format: &'static str| paths::public_ledger_file(&page.slug, indicator, format);
    let svg = has_file.then(|| view! { <a href=files("svg")>"Chart as SVG"</a> " · " });
    let n = figures.len();
    let table = (n > 0).then(|| {
        view! {
            <h3>{tn!(n, "The one figure on record", "All {n} figures on record")}</h3>
            {readers_table(of, &sheet, &page.shown.verdicts)}
            <p class="small">{svg} <a href=files("csv")>"Figures as CSV"</a></p>
        }
    });
    let id = format!("snippet-{word}");
    view! {
        <section class="card" id=word aria-labelledby=format!("{word}-title")>
            <h2 id=format!("{word}-title")>{capital(t(indicator.label()))}</h2>
            {ledger_short(&sheet, of.is_own.then(|| t!("Set by an editor").to_owned()))}
            <h3>"Who says what now"</h3>
            {ledger_answer(&sheet)}
            {ledger_notes(&sheet)}
            {chart}
            {table}
            <details class="small"><summary>"Show this on another site"</summary>
                <div class="field"><label for=id.clone()>"Copy this into its page"</label>
                    <input id=id class="snippet" dir="ltr" readonly=true value=snippet(own, &page.slug, of, &page.shown.title) /></div>
            </details>
        </section>
    }
    .into_any()
}

/// The line of HTML with which another site shows the chart. What it says is escaped for an attribute.
pub(super) fn snippet(own: &str, slug: &str, of: &PublicLedger, title: &str) -> String {
    let escape = |text: &str| {
        text.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;").replace('>', "&gt;")
    };
    let address = escape(&format!("{own}{}", paths::ledger_embed(slug, of.indicator)));
    let title = escape(&format!("{}: {title}", capital(t(of.indicator.label()))));
    format!(
        "<iframe src=\"{address}\" title=\"{title}\" width=\"100%\" height=\"760\" loading=\"lazy\" style=\"border:0\"></iframe>"
    )
}

fn verdicts(all: &[PublicVerdict]) -> AnyView {
    if all.is_empty() {
        return ().into_any();
    }
    let items = all
        .iter()
        .map(|one| view! { <li><p lang=one.language.clone()>{format!("“{}”", one.claim.trim().trim_matches(['“', '”', '"']))}</p> <p>{readers_verdict(one)}</p></li> })
        .collect_view();
    view! {
        <section aria-labelledby="verdicts">
            <h2 id="verdicts">"Published verdicts on claims about it"</h2>
            <ol class="newest">{items}</ol>
        </section>
    }
    .into_any()
}

/// Most changes that are listed, the newest: the feed has told of the others.
const MOST_CHANGES: usize = 20;

fn dates(page: &LedgerPage) -> AnyView {
    let changes = page.publications.iter().filter(|one| !one.news.is_empty()).count();
    let mut older = changes.saturating_sub(MOST_CHANGES);
    let rows = page
        .publications
        .iter()
        .filter(|one| match one.step {
            LedgerStep::Changed if one.news.is_empty() => false,
            LedgerStep::Changed if older > 0 => {
                older -= 1;
                false
            }
            _ => true,
        })
        .map(|one| {
            let news = one.news.iter().map(|news| crate::language::say(&news.phrase())).collect::<Vec<_>>();
            let news =
                (!news.is_empty()).then(|| view! { <span class="small block">{news.join(" ")}</span> });
            view! { <dt>{capital(t(one.step.label()))}</dt><dd>{moment(one.at)} {news}</dd> }
        })
        .collect_view();
    view! {
        <section aria-labelledby="dates"><h2 id="dates">"Dates"</h2>
            <dl class="dates">{rows}<dt>"Last changed"</dt><dd>{moment(page.shown.changed_at)}</dd></dl></section>
    }
    .into_any()
}

/// The page's content for programs, as a Dataset of schema.org.
fn dataset(page: &LedgerPage, own: &str) -> serde_json::Value {
    let shown = &page.shown;
    let address = format!("{own}{}", paths::public_incident(&page.slug));
    let files: Vec<serde_json::Value> = shown
        .ledgers
        .iter()
        .filter(|of| !of.figures.is_empty())
        .map(|of| {
            json!({
                "@type": "DataDownload",
                "name": of.indicator.label(),
                "encodingFormat": "text/csv",
                "contentUrl": format!("{own}{}", paths::public_ledger_file(&page.slug, of.indicator, "csv")),
            })
        })
        .collect();
    json!({
        "@context": "https://schema.org",
        "@type": "Dataset",
        "name": shown.title,
        "description": format!("Figures by original source over time: {}", shown.title),
        "url": address,
        "datePublished": page.publications.first().map(|one| one.at.to_rfc3339()),
        "dateModified": shown.changed_at.to_rfc3339(),
        "measurementTechnique": "Figures lifted out of news articles, each with its original source",
        "variableMeasured": shown.ledgers.iter().map(|of| of.indicator.label()).collect::<Vec<_>>(),
        "distribution": files,
    })
}

fn embedded(page: &LedgerPage, of: Option<Indicator>, own: &str) -> AnyView {
    let shown_incident: &PublicIncident = &page.shown;
    let counts = shown_incident.ledgers.iter().map(|ledger| (ledger.indicator, ledger.figures.len()));
    let wanted = shown(counts, of);
    canonical(&format!("{own}{}", paths::public_incident(&page.slug)));
    let found = wanted.and_then(|of| shown_incident.ledgers.iter().find(|ledger| ledger.indicator == of));
    let address = match found {
        Some(ledger) => paths::public_ledger(&page.slug, ledger.indicator),
        None => paths::public_incident(&page.slug),
    };
    let content = found.map(|of| {
        let (drawn, figures) = of.drawn();
        let sheet = Sheet::of(&drawn, &figures);
        let chart = ledger_chart(&sheet);
        let holds = of.estimate.as_ref().map(held);
        view! {
            <p class="kicker">{capital(t(of.indicator.label()))} ", by source"</p>
            {holds} {chart} {readers_brief(&sheet, &address)}
        }
    });
    let none =
        found.is_none().then(|| view! { <p class="quiet">"No figures are on record at the moment."</p> });
    embed_frame(
        &shown_incident.title,
        view! {
            <article class="ledger embed">
                <h1><a href=address.clone() target="_blank" rel="noopener">{shown_incident.title.clone()}</a></h1>
                {content} {none}
                <p class="small quiet">"Last changed " {moment(shown_incident.changed_at)} " · "
                    <a href=address.clone() target="_blank" rel="noopener">"All figures, with sources and verdicts, at Claimdesk"</a></p>
            </article>
        }
        .into_any(),
    )
}
