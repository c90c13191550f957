//! `/api/v1/articles`

use super::bodies::{AddedArticle, Article, Articles, FullArticle, NewArticle, NewDeadline};
use super::request::{Caller, Id, Query, Sent};
use crate::front_matter::Head;
use crate::http::Server;
use crate::http::problem::{Problem, Trouble};
use crate::ingest;
use axum::Json;
use axum::extract::State;
use desk::Outcome;
use domain::id::ArticleId;
use http::StatusCode;

/// Take an article in and lift out its claims.
#[utoipa::path(post, path = "/articles", tag = "articles", request_body = NewArticle,
    params(("Idempotency-Key" = Option<String>, Header, description = "1 to 200 visible ASCII characters")),
    responses(
        (status = 201, description = "A new article, or a new snapshot of a known one", body = AddedArticle),
        (status = 200, description = "The desk has this very text", body = AddedArticle),
        (status = 400, body = Problem), (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 413, body = Problem), (status = 415, body = Problem), (status = 422, body = Problem)))]
pub async fn add(
    State(server): State<Server>,
    Caller(actor): Caller,
    Sent { body, once }: Sent<NewArticle>,
) -> Result<(StatusCode, Json<AddedArticle>), Trouble> {
    let (text, head) = parts(body)?;
    let added = server.desk.add_article(&actor, ingest::article(&head, &text)?, once.as_ref()).await?;
    let (status, outcome) = match added.outcome {
        Outcome::New => (StatusCode::CREATED, "new"),
        Outcome::NewVersion => (StatusCode::CREATED, "new_version"),
        Outcome::Known => (StatusCode::OK, "known"),
    };
    let article = server.desk.article(&actor, added.article).await?.into();
    Ok((status, Json(AddedArticle { outcome, article })))
}

fn parts(body: NewArticle) -> Result<(String, Head), Trouble> {
    let address = match (body.address, body.url) {
        (Some(address), Some(url)) if address != url => {
            return Err(Trouble::invalid("address", "Give url or address, not two different ones."));
        }
        (address, url) => address.or(url),
    };
    let text = body.text.ok_or_else(|| match &address {
        Some(_) => Trouble::invalid(
            "text",
            "Reading an article by its address is not offered; send its text as well.",
        ),
        None => Trouble::invalid("text", "Send the article's text."),
    })?;
    let head = Head {
        title: Some(body.title),
        outlet: body.outlet,
        address,
        author: body.author,
        published: body.published,
        language: body.language,
    };
    Ok((text, head))
}

/// Articles, newest first.
#[utoipa::path(get, path = "/articles", tag = "articles",
    params(
        ("cursor" = Option<String>, Query, description = "`next` of the page before"),
        ("limit" = Option<i64>, Query, description = "1 to 200; 50 where it is not given")),
    responses((status = 200, body = Articles), (status = 401, body = Problem), (status = 422, body = Problem)))]
pub async fn list(
    State(server): State<Server>,
    Caller(actor): Caller,
    mut query: Query,
) -> Result<Json<Articles>, Trouble> {
    let (after, limit) = query.page()?;
    query.finish()?;
    let page = server.desk.articles(&actor, after, limit).await?;
    Ok(Json(Articles {
        articles: page.rows.into_iter().map(Into::into).collect(),
        next: page.next.map(|next| next.to_string()),
    }))
}

/// Set, move or clear (null) the moment by which an article's claims have to be decided.
#[utoipa::path(put, path = "/articles/{id}/deadline", tag = "articles", request_body = NewDeadline,
    params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = Article), (status = 400, body = Problem), (status = 401, body = Problem),
        (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)))]
pub async fn deadline(
    State(server): State<Server>,
    Caller(actor): Caller,
    Id(id): Id<ArticleId>,
    Sent { body, .. }: Sent<NewDeadline>,
) -> Result<Json<Article>, Trouble> {
    let at = body.deadline.as_deref().map(|text| domain::words::moment("deadline", text)).transpose()?;
    server.desk.set_deadline(&actor, id, at).await?;
    Ok(Json(server.desk.article(&actor, id).await?.article.into()))
}

/// One article with its text and claims, now or as the desk knew it at a moment.
#[utoipa::path(get, path = "/articles/{id}", tag = "articles",
    params(("id" = uuid::Uuid, Path), ("as_of" = Option<chrono::DateTime<chrono::Utc>>, Query, description = "As it was known then")),
    responses((status = 200, body = FullArticle), (status = 401, body = Problem), (status = 404, body = Problem),
        (status = 422, body = Problem)))]
pub async fn one(
    State(server): State<Server>,
    Caller(actor): Caller,
    Id(id): Id<ArticleId>,
    mut query: Query,
) -> Result<Json<FullArticle>, Trouble> {
    let as_of = query.as_of()?;
    query.finish()?;
    if let Some(as_of) = as_of {
        let then = server.desk.article_then(id, as_of).await?;
        return Ok(Json(then.article(&actor, id).await?.into()));
    }
    Ok(Json(server.desk.article(&actor, id).await?.into()))
}
