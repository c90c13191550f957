//! What readers see, without an account: a claim's page with everything that was ever published of
//! it, and how the desk works and corrects.

use super::public_about::corrections;
use crate::language::{self, label, say, t};
use crate::paths;
use crate::request;
use crate::ui::{
    capital, day, icon, load, media_meanings, media_original, moment, public_frame, rating_icon, said_by,
    set_status,
};
use desk::{FeedEntry, PublicClaim, PublicLedgerRow, Publication};
use domain::identity::Identity;
use domain::media::{AssessedMedia, Authenticity, Medium};
use domain::problem::Kind;
use domain::publication::{Body, PublicationKind, PublishedEvidence, SaidBy};
use domain::scale::{Scale, Scales};
use http::header::{HeaderValue, LINK};
use leptos::nonce::use_nonce;
use leptos::prelude::*;
use leptos_axum::ResponseOptions;
use leptos_router::hooks::use_params_map;
use phrase::{t, view};

/// `/public/claims/{slug}`
pub fn claim() -> AnyView {
    let site = request::site();
    let slug = use_params_map().with_untracked(|map| map.get("slug")).unwrap_or_default();
    load(
        async move {
            match site.desk.public_claim(&slug).await {
                Ok(public) => Ok(Some((public, site.desk.policy().await?))),
                Err(error) if error.kind() == Kind::NotFound => Ok(None),
                Err(error) => Err(error),
            }
        },
        move |found| {
            found.map_or_else(nothing, |(public, policy)| {
                claim_page(&public, &site.public_url, &policy.body.identity)
            })
        },
    )
}

/// The page of an address under which nothing was ever published.
pub(super) fn nothing() -> AnyView {
    public_frame(t!("Nothing here"), view! { <div class="public">{never_published()}</div> }.into_any())
}

/// What it says.
pub(super) fn never_published() -> AnyView {
    set_status(Kind::NotFound);
    view! {
        <h1>"There is nothing here"</h1>
        <p>"Nothing was ever published under this address. What was published once stays at its address."</p>
        <p><a href=paths::PUBLIC target="_top">"What was published last"</a></p>
    }
    .into_any()
}

fn claim_page(public: &PublicClaim, own: &str, desk: &Identity) -> AnyView {
    let Some(shown) = public.last_body() else { return nothing() };
    canonical(&format!("{own}{}", paths::public_claim(&public.slug)));
    public_frame(
        &shown.claim,
        view! {
            {for_programs(public, own, desk)}
            {publication(public, public.standing().map(|_| public.slug.as_str()))}
        }
        .into_any(),
    )
}

/// What a claim's page says. `file` is the slug of its file for programs, where there is one.
pub(super) fn publication(public: &PublicClaim, file: Option<&str>) -> AnyView {
    let (Some(newest), Some(shown)) = (public.newest(), public.last_body()) else { return ().into_any() };
    let earlier: Vec<AnyView> = public.publications.iter().skip(1).map(earlier).collect();
    let body = if newest.body.is_some() { whole(shown) } else { ().into_any() };
    let below = (!earlier.is_empty()).then(|| {
        view! {
            <section class="earlier" aria-labelledby="earlier">
                <h2 id="earlier">"What this page said before"</h2>
                <p class="quiet small">"Every earlier publication, unchanged, the newest first."</p>
                {earlier}
            </section>
        }
    });
    view! {
        <article class="public" id="publication">
            {banner(newest)}
            {review_note(public)}
            <p class="kicker">{capital(t(shown.kind.label()))} " · checked " {day(shown.checked_at)}</p>
            <h1 lang=shown.language.clone()>{quoted(&shown.claim)}</h1>
            {in_full(shown)}
            <p class="by">{who_and_where(shown)}</p>
            {body}
            {how(file)}
            {dates(public)}
            {below}
        </article>
    }
    .into_any()
}

/// Where the page belongs, whatever address it was reached by (RFC 6596). A header, because the page's
/// head is written before the claim is known.
pub(super) fn canonical(address: &str) {
    let link = HeaderValue::from_str(&format!("<{address}>; rel=\"canonical\""));
    if let (Some(response), Ok(link)) = (use_context::<ResponseOptions>(), link) {
        response.insert_header(LINK, link);
    }
}

/// What a claim's page says, for programs. Whoever looks for a MediaReview looks at what stands first in
/// a script, not inside of another.
fn for_programs(public: &PublicClaim, own: &str, desk: &Identity) -> Option<AnyView> {
    let review = desk::claim_review(public, own, desk)?;
    let media = desk::media_reviews(public, own, desk);
    Some(std::iter::once(&review).chain(&media).map(data).collect_view().into_any())
}

/// A page's content for programs. Nothing in it can end the element, and it runs nothing; the
/// nonce is there because the page's policy asks it of every script.
pub(super) fn data(content: &serde_json::Value) -> AnyView {
    let nonce = use_nonce().map(|nonce| nonce.to_string()).unwrap_or_default();
    view! { <script type="application/ld+json" nonce=nonce>{desk::for_script(content)}</script> }.into_any()
}

/// What became of what was public before, at the top.
fn banner(newest: &Publication) -> AnyView {
    let Some(note) = newest.note.clone() else { return ().into_any() };
    let (class, words) = match newest.kind {
        PublicationKind::Withdrawn => ("notice bad", t!("Withdrawn on ")),
        PublicationKind::Reinstated => ("notice", t!("Published again on ")),
        PublicationKind::Corrected | PublicationKind::Published => ("notice", t!("Corrected on ")),
    };
    view! {
        <div class=class id="correction">
            <p><b>{words} {moment(newest.at)}</b></p>
            <p class="rationale">{note}</p>
        </div>
    }
    .into_any()
}

fn review_note(public: &PublicClaim) -> AnyView {
    public
        .under_review_since
        .map(|since| {
            view! {
                <div class="notice" id="under-review">
                    <p><b>"Under review since " {moment(since)}</b></p>
                    <p>"New information has come in. What follows is what we published last; it may change."</p>
                </div>
            }
        })
        .into_any()
}

fn in_full(body: &Body) -> AnyView {
    body.statement
        .clone()
        .map(|statement| view! { <p class="alone"><span class="quiet">"In full: "</span> {statement}</p> })
        .into_any()
}

/// A claim as the words of somebody else.
fn quoted(words: &str) -> String {
    let words = words.trim().trim_matches(['“', '”', '"']);
    format!("“{words}”")
}

fn who_and_where(body: &Body) -> AnyView {
    let who = body.said_by.first().map(|first| {
        let passed_on: Vec<String> = body.said_by.iter().skip(1).map(named).collect();
        let via = (!passed_on.is_empty()).then(|| t!(", passed on by {}", language::together(&passed_on)));
        let verb = said_by(first.polarity);
        view! { {verb} <b>{named(first)}</b> {via} " in " }
    });
    let by_itself = body.said_by.is_empty().then_some(t!("Reported without another source in "));
    let at = &body.appearance;
    let title = match at.address.clone() {
        Some(address) => {
            view! { <a href=address rel="noreferrer noopener nofollow external">{at.title.clone()}</a> }
                .into_any()
        }
        None => view! { <cite>{at.title.clone()}</cite> }.into_any(),
    };
    let outlet = at.outlet.as_deref().map(|outlet| format!(", {}", crate::language::apart(outlet)));
    let published = at.published_at.map(|at| view! { ", " {day(at)} });
    view! { {who} {by_itself} {title} {outlet} {published} }.into_any()
}

fn named(source: &SaidBy) -> String {
    let role: Vec<&str> =
        [&source.role, &source.organisation].into_iter().flatten().map(String::as_str).collect();
    if role.is_empty() { source.name.clone() } else { format!("{} ({})", source.name, role.join(", ")) }
}

/// Everything that a publication says.
fn whole(body: &Body) -> AnyView {
    let rating = &body.rating;
    let figures = (!body.figures.is_empty()).then(|| {
        let figures =
            body.figures.iter().map(|figure| view! { <span class="tag num">{figure.clone()}</span> });
        view! { <p class="chips"><span class="small quiet">"Claimed:"</span> {figures.collect_view()}</p> }
    });
    view! {
        <section class=format!("stamp {}", rating.tone) aria-labelledby="rating">
            <h2 class="hidden" id="rating">"Our rating"</h2>
            <p class=format!("st {}", rating.tone)>{icon(&rating.tone)} " " {label(&rating.name)}</p>
            <p>{label(&rating.meaning)}</p>
        </section>
        <section aria-labelledby="why">
            <h2 id="why">"Why"</h2>
            <p class="rationale">{body.rationale.clone()}</p>
            {body.figure.clone().map(|figure| view! { <p>"The evidence supports: " <b class="num">{figure}</b></p> })}
            {figures}
        </section>
        {media(&body.media)}
        <section aria-labelledby="evidence">
            <h2 id="evidence">"Evidence"</h2>
            {evidence(&body.evidence)}
        </section>
    }
    .into_any()
}

/// What pictures, videos and recordings were found to be, each with what that means.
fn media(all: &[AssessedMedia]) -> AnyView {
    if all.is_empty() {
        return ().into_any();
    }
    let items = all
        .iter()
        .zip(1..)
        .map(|(one, place)| {
            let title = match one.address.clone() {
                Some(address) => view! {
                    <a href=address.clone() rel="noreferrer noopener nofollow external">{one.title.clone()}</a>
                    <span class="small quiet address">{address}</span>
                }
                .into_any(),
                None => view! { <span>{one.title.clone()}</span> }.into_any(),
            };
            let kept = one.sha256.clone().map(|hash| {
                view! { <p class="small quiet address">"We keep the picture; its SHA-256 is " <code>{hash}</code></p> }
            });
            view! {
                <li id=format!("media-{place}")>
                    <p><b>{title}</b> <span class="small quiet">{capital(t(one.medium.label()))}</span></p>
                    {media_meanings(one.medium, &one.categories)}
                    {media_original(one.context.as_deref(), one.original.as_deref())}
                    {kept}
                </li>
            }
        })
        .collect_view();
    view! {
        <section aria-labelledby="media">
            <h2 id="media">"Pictures, videos and recordings"</h2>
            <ol class="cited">{items}</ol>
        </section>
    }
    .into_any()
}

fn evidence(all: &[PublishedEvidence]) -> AnyView {
    if all.is_empty() {
        return view! { <p class="quiet">"No separate piece of evidence is on record."</p> }.into_any();
    }
    let items = all
        .iter()
        .map(|one| {
            let title = match one.address.clone() {
                Some(address) => view! {
                    <a href=address.clone() rel="noreferrer noopener nofollow external">{one.title.clone()}</a>
                    <span class="small quiet address">{address}</span>
                }
                .into_any(),
                None => view! { <span>{one.title.clone()}</span> }.into_any(),
            };
            view! {
                <li>
                    <p><b>{title}</b></p>
                    <blockquote>{one.excerpt.clone()}</blockquote>
                    <p class="small quiet">{capital(t(one.stance.label()))} {(one.stance != domain::claim::Stance::Context).then_some(t!(" the claim"))}</p>
                </li>
            }
        })
        .collect_view();
    view! { <ol class="cited">{items}</ol> }.into_any()
}

/// How it was checked, and what programs get of it while it stands.
fn how(slug: Option<&str>) -> AnyView {
    let file = slug.map(|slug| {
        view! { " · " <a href=paths::public_claim_review(slug) type="application/ld+json">"ClaimReview, for programs"</a> }
    });
    view! {
        <section aria-labelledby="how">
            <h2 id="how">"How this was checked"</h2>
            <p>
                "A reviewer traced the claim to who first made it, attached the evidence above and gave the rating with its reasons; an editor published it. "
                <a href=format!("{}#methods", paths::PUBLIC)>"Methods"</a> " · "
                <a href=format!("{}#corrections", paths::ABOUT)>"Corrections policy"</a> {file}
            </p>
        </section>
    }
    .into_any()
}

fn dates(public: &PublicClaim) -> AnyView {
    let rows = public
        .publications
        .iter()
        .rev()
        .map(|publication| view! { <dt>{capital(t(publication.kind.label()))}</dt><dd>{moment(publication.at)}</dd> })
        .collect_view();
    view! { <section aria-labelledby="dates"><h2 id="dates">"Dates"</h2><dl class="dates">{rows}</dl></section> }
        .into_any()
}

/// One publication that another has followed, as it was.
fn earlier(publication: &Publication) -> AnyView {
    let note = publication.note.clone().map(|note| view! { <p class="rationale"><b>"Note: "</b> {note}</p> });
    let said = match &publication.body {
        None => view! { <p>"The claim was withdrawn from publication."</p> }.into_any(),
        Some(body) => {
            let media = body
                .media
                .iter()
                .map(|one| view! { <p>{say(&one.phrase())}</p> {media_original(one.context.as_deref(), one.original.as_deref())} })
                .collect_view();
            let cited = (!body.evidence.is_empty()).then(|| {
                view! { <details><summary>{t!("Evidence, {}", body.evidence.len())}</summary>{evidence(&body.evidence)}</details> }
            });
            view! {
                <p class=format!("st {}", body.rating.tone)>{icon(&body.rating.tone)} " " {label(&body.rating.name)}</p>
                <p lang=body.language.clone()>{quoted(&body.claim)}</p>
                <p class="rationale">{body.rationale.clone()}</p>
                {body.figure.clone().map(|figure| view! { <p>"The evidence supports: " <b class="num">{figure}</b></p> })}
                {media}
                {cited}
            }
            .into_any()
        }
    };
    view! {
        <section class="card" id=format!("publication-{}", publication.number)>
            <h3>{capital(t(publication.kind.label()))} " " {moment(publication.at)}</h3>
            {note}
            {said}
        </section>
    }
    .into_any()
}

/// `/public`
pub fn front() -> AnyView {
    let desk = request::site().desk;
    load(
        async move {
            let newest = desk.newest_publications(20).await?;
            Ok((newest, desk.public_ledgers(20).await?, desk.scales().await?, desk.policy().await?))
        },
        |(newest, ledgers, scales, policy)| front_page(&newest, &ledgers, &scales, &policy.body.identity),
    )
}

fn front_page(
    newest: &[FeedEntry],
    ledgers: &[PublicLedgerRow],
    scales: &Scales,
    desk: &Identity,
) -> AnyView {
    let figures = (!ledgers.is_empty()).then(|| {
        let items = ledgers.iter().map(|one| {
            view! {
                <li><p class="row"><a href=paths::public_incident(&one.slug)>{one.title.clone()}</a>
                    <span class="small quiet">{moment(one.at)}</span></p></li>
            }
        });
        view! { <section aria-labelledby="figures"><h2 id="figures">"Figures of events, by source"</h2><ol class="newest">{items.collect_view()}</ol></section> }
    });
    let entries = newest.iter().map(entry).collect_view();
    let list = if newest.is_empty() {
        view! { <p class="quiet">"Nothing has been published yet."</p> }.into_any()
    } else {
        view! { <ol class="newest">{entries}</ol> }.into_any()
    };
    let ratings = |scale: &Scale| {
        let rows = scale
            .ratings
            .iter()
            .map(|rating| {
                let tone = rating.tone.word();
                view! { <dt class=format!("st {tone}")>{rating_icon(rating.icon)} " " {label(&rating.name)}</dt><dd>{label(&rating.meaning)}</dd> }
            })
            .collect_view();
        view! { <dl class="ratings">{rows}</dl> }
    };
    let own = scales.current().next().map(|scale| ratings(scale));
    let others = scales
        .current()
        .skip(1)
        .map(|scale| {
            view! { <details><summary>{label(&scale.name)}</summary><p>{label(&scale.about)}</p>{ratings(scale)}</details> }
        })
        .collect_view();
    let meanings = Medium::ALL
        .iter()
        .map(|medium| view! { <h3>{capital(t(medium.label()))}</h3> {media_meanings(*medium, Authenticity::ALL)} })
        .collect_view();
    public_frame(
        t!("Checked claims"),
        view! {
            <div class="public">
                <h1>"Checked claims"</h1>
                <section aria-labelledby="newest"><h2 id="newest">"Published and corrected last"</h2>{list}</section>
                {figures}
                <section aria-labelledby="methods">
                    <h2 id="methods">"Methods"</h2>
                    <p>"We check claims that can be settled by evidence: who was hurt, how many, what was destroyed, when, and who says so. Those that touch the most people, and those that contradict each other, come first, whoever makes them."</p>
                    <p>"For every claim we name who made it first. Ten outlets that quote one ministry are one source. What a side claims and what can be seen are kept apart."</p>
                    <p>"Each piece of evidence is named with its address and the words that bear on the claim, so that anybody can go the same way. We leave out only what would put a source in danger."</p>
                    <p>"A reviewer gives one of these ratings, with the reasons:"</p>
                    {own}
                    <p>"For some questions a claim is judged by another scale; its page says which."</p>
                    {others}
                    <details id="media">
                        <summary>"What we say of pictures, videos and recordings"</summary>
                        <p>"Where a picture, a video or a recording is passed off as something, we say what it is as it is shared. Several of these can hold at once; what is original is not altered as well."</p>
                        {meanings}
                    </details>
                </section>
                <section aria-labelledby="corrections">
                    <h2 id="corrections">"Corrections policy"</h2>
                    {corrections(desk)}
                </section>
            </div>
        }
        .into_any(),
    )
}

fn entry(entry: &FeedEntry) -> AnyView {
    let rating = &entry.body.rating;
    let stands = entry.publication.body.is_some();
    let said = if stands {
        view! { <span class=format!("st {}", rating.tone)>{icon(&rating.tone)} " " {label(&rating.name)}</span> }.into_any()
    } else {
        view! { <span class="st open">{icon("dismissed")} " Withdrawn"</span> }.into_any()
    };
    let again = (stands && entry.publication.kind != PublicationKind::Published)
        .then(|| view! { <span class="tag">{t(entry.publication.kind.label())}</span> });
    let review = entry.under_review.then(|| view! { <span class="tag">"under review"</span> });
    view! {
        <li>
            <p class="row"><span class="tags">{said} {again} {review}</span> <span class="small quiet">{moment(entry.publication.at)}</span></p>
            <p><a href=paths::public_claim(&entry.slug)>{quoted(&entry.body.claim)}</a></p>
        </li>
    }
    .into_any()
}
