//! `/api/v1/claims`, to read.

use super::bodies::{
    CameOutWord, CameWord, Claims, FullClaim, History, IndicatorWord, KindWord, RatingWord, SortWord,
    StageWord,
};
use super::request::{Caller, Id, Query, TokenUsed};
use super::views;
use crate::http::Server;
use crate::http::problem::{Problem, Trouble};
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use chrono::NaiveDate;
use desk::{ClaimFilter, Desk, Fetcher, Sort};
use domain::id::{AccountId, ClaimId, EvidenceId, ViewId};
use domain::policy::Actor;
use domain::scale::Scales;
use http::header::CONTENT_TYPE;
use std::str::FromStr;

/// Longest search, in bytes.
const MAX_SEARCH: usize = 1_000;

/// Claims that pass a filter.
#[utoipa::path(get, path = "/claims", tag = "claims",
    params(
        ("stage" = inline(Option<StageWord>), Query),
        ("rating" = inline(Option<RatingWord>), Query, description = "Of the verdict that stands"),
        ("outcome" = inline(Option<CameOutWord>), Query, description = "Settled or published, and came out so"),
        ("kind" = inline(Option<KindWord>), Query),
        ("indicator" = inline(Option<IndicatorWord>), Query, description = "With a measure of this indicator"),
        ("source" = Option<uuid::Uuid>, Query, description = "Said by this source"),
        ("article" = Option<uuid::Uuid>, Query),
        ("incident" = Option<uuid::Uuid>, Query, description = "About this incident"),
        ("assignee" = Option<String>, Query, description = "Theirs to do, or under their lease; `me` for one's own"),
        ("reviewer" = Option<String>, Query, description = "With a verdict by this account; `me` for one's own"),
        ("judged_from" = Option<chrono::NaiveDate>, Query, description = "With a verdict, of `reviewer` where one is given, of this day (UTC) or later"),
        ("judged_to" = Option<chrono::NaiveDate>, Query, description = "The same, of this day or earlier"),
        ("came" = inline(Option<CameWord>), Query, description = "This came of it"),
        ("came_from" = Option<chrono::NaiveDate>, Query, description = "That came of it on this day (UTC) or later"),
        ("came_to" = Option<chrono::NaiveDate>, Query, description = "The same, on this day or earlier"),
        ("scale" = Option<String>, Query, description = "Where it was judged by two: on this scale"),
        ("judge" = Option<String>, Query, description = "Where it was judged by two: this account was one of them; `me` for one's own"),
        ("other_judge" = Option<String>, Query, description = "The same, and this account the other"),
        ("evidence_from" = Option<uuid::Uuid>, Query, description = "With evidence in use that comes from this source"),
        ("since_before" = Option<chrono::DateTime<chrono::Utc>>, Query, description = "In its stage since before this moment"),
        ("q" = Option<String>, Query, description = "Words to look for; “quotes”, or, -not"),
        ("view" = Option<uuid::Uuid>, Query, description = "A saved view: its filter and order. Words beside it take the place of the view's"),
        ("sort" = inline(Option<SortWord>), Query),
        ("cursor" = Option<String>, Query, description = "`next` of the page before, with the same filter and sort"),
        ("limit" = Option<i64>, Query, description = "1 to 200; 50 where it is not given")),
    responses((status = 200, body = Claims), (status = 401, body = Problem), (status = 422, body = Problem)))]
pub async fn list(
    State(server): State<Server>,
    Caller(actor): Caller,
    mut query: Query,
) -> Result<Json<Claims>, Trouble> {
    of_view(&server, &actor, &mut query).await?;
    let filter = filter(&actor, &mut query, server.desk.scales().await?.as_ref())?;
    let sort = query.parsed("sort")?.unwrap_or(Sort::Priority);
    let (after, limit) = query.page()?;
    query.finish()?;
    let page = server.desk.claims(&actor, &filter, sort, after, limit).await?;
    Ok(Json(Claims {
        claims: page.rows.into_iter().map(Into::into).collect(),
        next: page.next.map(|next| next.to_string()),
    }))
}

/// Adds the words of the view that a query names; words beside it take the place of the view's.
///
/// # Errors
/// For a view that the actor does not see.
pub async fn of_view(server: &Server, actor: &Actor, query: &mut Query) -> Result<(), Trouble> {
    if let Some(id) = query.parsed::<ViewId>("view")? {
        query.add_missing(views::words(&views::named(server, actor, id).await?));
    }
    Ok(())
}

/// The words of a query that say which claims are meant.
///
/// # Errors
/// For a word that is not of its kind.
pub fn filter(actor: &Actor, query: &mut Query, scales: &Scales) -> Result<ClaimFilter, Trouble> {
    let rating = query.text("rating")?;
    if rating.as_deref().is_some_and(|key| scales.by_key(key).is_none()) {
        let keys: Vec<&str> = scales.ratings().into_iter().map(|rating| rating.key.as_str()).collect();
        return Err(Trouble::invalid("rating", format!("Use one of {}.", keys.join(", "))));
    }
    let q = query.text("q")?;
    if q.as_ref().is_some_and(|q| q.len() > MAX_SEARCH) {
        return Err(Trouble::invalid("q", "Search for fewer words."));
    }
    Ok(ClaimFilter {
        stage: query.parsed("stage")?,
        rating,
        outcome: query.parsed("outcome")?,
        kind: query.parsed("kind")?,
        indicator: query.parsed("indicator")?,
        source: query.parsed("source")?,
        article: query.parsed("article")?,
        incident: query.parsed("incident")?,
        assignee: account(actor, query, "assignee")?,
        reviewer: account(actor, query, "reviewer")?,
        judged_from: day(query, "judged_from")?,
        judged_to: day(query, "judged_to")?,
        came: query.parsed("came")?,
        came_from: day(query, "came_from")?,
        came_to: day(query, "came_to")?,
        scale: query.text("scale")?,
        judge: account(actor, query, "judge")?,
        other_judge: account(actor, query, "other_judge")?,
        evidence_from: query.parsed("evidence_from")?,
        since_before: query
            .text("since_before")?
            .map(|text| domain::words::moment("since_before", &text))
            .transpose()?,
        q,
    })
}

fn day(query: &mut Query, name: &'static str) -> Result<Option<NaiveDate>, Trouble> {
    query
        .text(name)?
        .map(|text| text.trim().parse().map_err(|_| Trouble::invalid(name, "Write the day as 2026-03-12.")))
        .transpose()
}

fn account(actor: &Actor, query: &mut Query, name: &'static str) -> Result<Option<AccountId>, Trouble> {
    match query.text(name)?.as_deref().map(str::trim) {
        None => Ok(None),
        Some("me") => Ok(Some(actor.id)),
        Some(id) => AccountId::from_str(id)
            .map(Some)
            .map_err(|_| Trouble::invalid(name, "Use an account's id, or me.")),
    }
}

/// Everything about one claim, now or as the desk knew it at a moment.
#[utoipa::path(get, path = "/claims/{id}", tag = "claims",
    params(("id" = uuid::Uuid, Path), ("as_of" = Option<chrono::DateTime<chrono::Utc>>, Query, description = "As it was known then")),
    responses((status = 200, body = FullClaim), (status = 401, body = Problem), (status = 404, body = Problem),
        (status = 422, body = Problem)))]
pub async fn one(
    State(server): State<Server>,
    Caller(actor): Caller,
    Id(id): Id<ClaimId>,
    mut query: Query,
) -> Result<Json<FullClaim>, Trouble> {
    let as_of = query.as_of()?;
    query.finish()?;
    let Some(as_of) = as_of else { return Ok(Json(full(&server, &server.desk, &actor, id).await?)) };
    let then = server.desk.claim_then(id, as_of).await?;
    Ok(Json(full(&server, &then, &actor, id).await?))
}

/// Everything about a claim, as a desk of now or of a moment knows it.
pub(super) async fn full(
    server: &Server,
    desk: &Desk,
    actor: &Actor,
    id: ClaimId,
) -> Result<FullClaim, Trouble> {
    let view = desk.claim(actor, id).await?;
    let evidence: Vec<EvidenceId> = view.evidence.iter().map(|evidence| evidence.id).collect();
    let copies = desk.copies(actor, &evidence).await?;
    Ok(FullClaim::of(view, copies, server.settings.own_address()))
}

/// What happened to a claim, up to a moment.
#[utoipa::path(get, path = "/claims/{id}/history", tag = "claims",
    params(("id" = uuid::Uuid, Path), ("as_of" = Option<chrono::DateTime<chrono::Utc>>, Query, description = "Nothing after this")),
    responses((status = 200, body = History), (status = 401, body = Problem), (status = 404, body = Problem),
        (status = 422, body = Problem)))]
pub async fn history(
    State(server): State<Server>,
    Caller(actor): Caller,
    Id(id): Id<ClaimId>,
    mut query: Query,
) -> Result<Json<History>, Trouble> {
    let as_of = query.as_of()?;
    query.finish()?;
    let events = server.desk.history(&actor, id, as_of).await?;
    Ok(Json(History { events: events.into_iter().map(Into::into).collect() }))
}

/// A published claim as schema.org's ClaimReview.
#[utoipa::path(get, path = "/claims/{id}/claimreview.json", tag = "claims", params(("id" = uuid::Uuid, Path)),
    responses(
        (status = 200, description = "schema.org ClaimReview", body = serde_json::Value, content_type = "application/ld+json"),
        (status = 401, body = Problem),
        (status = 404, description = "Also where the claim is not published", body = Problem),
        (status = 422, body = Problem)))]
pub async fn claim_review(
    State(server): State<Server>,
    Caller(actor): Caller,
    Extension(TokenUsed(token)): Extension<TokenUsed>,
    Id(id): Id<ClaimId>,
    query: Query,
) -> Result<Response, Trouble> {
    query.finish()?;
    let public = server.desk.published(&actor, id).await?;
    let review = desk::claim_review(
        &public,
        server.settings.own_address(),
        &server.desk.policy().await?.body.identity,
    );
    server.desk.note_claim_review(Fetcher::Account(&actor, Some(token)), id).await?;
    Ok(([(CONTENT_TYPE, "application/ld+json")], Json(review).into_response().into_body()).into_response())
}
