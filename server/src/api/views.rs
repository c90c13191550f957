//! `/api/v1/views`: filters of the claims list that people keep under a name.

use super::bodies::SortWord;
use super::claims::filter;
use super::request::{Caller, Id, Query, Sent};
use crate::http::Server;
use crate::http::problem::{Problem, Trouble};
use axum::Json;
use axum::extract::State;
use desk::{NewView, Sort, ViewRow};
use domain::id::ViewId;
use domain::problem::Kind;
use domain::words::ViewName;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use url::form_urlencoded;
use utoipa::ToSchema;
use uuid::Uuid;

/// The views that one sees.
#[derive(Serialize, ToSchema)]
pub struct Views {
    /// One's own and those that others share, by name.
    views: Vec<View>,
}

/// A filter and an order of the claims list under a name: `GET /claims?view={id}` gives what is in it.
#[derive(Serialize, ToSchema)]
pub struct View {
    id: Uuid,
    name: String,
    /// Whether the whole desk sees it.
    shared: bool,
    owner: String,
    /// Whether it is yours.
    yours: bool,
    /// The words of `GET /claims`; what is not in it does not matter.
    #[schema(value_type = Object, example = json!({ "stage": "open", "kind": "casualty" }))]
    filter: BTreeMap<String, String>,
    #[schema(value_type = SortWord)]
    sort: Sort,
}

impl From<ViewRow> for View {
    fn from(row: ViewRow) -> Self {
        Self {
            id: row.id.0,
            filter: words(&row).into_iter().filter(|(name, _)| name != "sort").collect(),
            name: row.name,
            shared: row.shared,
            owner: row.owner,
            yours: row.is_own,
            sort: row.sort,
        }
    }
}

/// What a view asks for, in the words of the list's address.
pub(super) fn words(row: &ViewRow) -> Vec<(String, String)> {
    let address = app::paths::claims(&row.filter, row.sort, None);
    let query = address.split_once('?').map_or("", |(_, query)| query);
    form_urlencoded::parse(query.as_bytes()).into_owned().collect()
}

/// A view to save.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewViewBody {
    pub name: String,
    /// Whether the whole desk sees it.
    #[serde(default)]
    pub shared: bool,
    /// The words of `GET /claims`, such as `stage`, `rating` or `q`. `me` is kept as your account.
    #[serde(default)]
    #[schema(value_type = Object, example = json!({ "stage": "open", "assignee": "me" }))]
    pub filter: BTreeMap<String, String>,
    /// Most urgent first where it is left out.
    #[schema(value_type = Option<SortWord>)]
    pub sort: Option<Sort>,
}

/// One's own views and those that others share.
#[utoipa::path(get, path = "/views", tag = "claims",
    responses((status = 200, body = Views), (status = 401, body = Problem), (status = 422, body = Problem)))]
pub async fn list(
    State(server): State<Server>,
    Caller(actor): Caller,
    query: Query,
) -> Result<Json<Views>, Trouble> {
    query.finish()?;
    let views = server.desk.views(&actor).await?;
    Ok(Json(Views { views: views.into_iter().map(Into::into).collect() }))
}

/// Save a filter of the claims list under a name.
#[utoipa::path(post, path = "/views", tag = "claims", request_body = NewViewBody,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = View), (status = 400, body = Problem), (status = 401, body = Problem),
        (status = 404, description = "A key’s view that is deleted since", body = Problem),
        (status = 422, description = "Also where you have a view of this name, or a hundred views", body = Problem)))]
pub async fn save(
    State(server): State<Server>,
    Caller(actor): Caller,
    Sent { body, once }: Sent<NewViewBody>,
) -> Result<(StatusCode, Json<View>), Trouble> {
    let mut wanted = Query::of(body.filter);
    let filter = filter(&actor, &mut wanted, server.desk.scales().await?.as_ref())?;
    wanted.finish()?;
    let view = NewView {
        name: ViewName::parse(&body.name)?,
        filter,
        sort: body.sort.unwrap_or(Sort::Priority),
        shared: body.shared,
    };
    let id = server.desk.save_view(&actor, view, once.as_ref()).await?;
    Ok((StatusCode::CREATED, Json(server.desk.view(&actor, id).await?.into())))
}

/// Delete a view: one's own, and as an editor one that others share.
#[utoipa::path(delete, path = "/views/{id}", tag = "claims", params(("id" = uuid::Uuid, Path)),
    responses((status = 204), (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 404, description = "Also where it is another’s and not shared", body = Problem),
        (status = 422, body = Problem)))]
pub async fn delete(
    State(server): State<Server>,
    Caller(actor): Caller,
    Id(id): Id<ViewId>,
    query: Query,
) -> Result<StatusCode, Trouble> {
    query.finish()?;
    server.desk.delete_view(&actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A view that a query names.
pub(super) async fn named(
    server: &Server,
    actor: &domain::policy::Actor,
    id: ViewId,
) -> Result<ViewRow, Trouble> {
    server.desk.view(actor, id).await.map_err(|error| match error.kind() {
        Kind::NotFound => {
            Trouble::invalid("view", "Use the id of a view that you see; GET views lists them.")
        }
        _ => error.into(),
    })
}
