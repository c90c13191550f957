//! Saved views of the claims list.

use super::answer::{Done, asked, back, fields, go_done, id};
use crate::pages::claims::read_filter;
use crate::paths;
use crate::problem::Problem;
use desk::{Error, NewView};
use domain::id::ViewId;
use domain::policy::Read;
use domain::words::ViewName;
use leptos::prelude::*;

/// The form whose draft a new view is.
pub const VIEW_FORM: &str = "view";

/// Saves the filter and the order that `query` has, as the list's address has them.
#[server(prefix = "/actions", endpoint = "views/save")]
pub async fn save_view(
    #[server(default)] name: String,
    #[server(default)] query: String,
    #[server(default)] shared: String,
) -> Result<(), Problem> {
    let (desk, actor) = asked::<Read>()?;
    let page = list(&query);
    let read = || -> Result<NewView, Error> {
        let (filter, sort) = read_filter(&query)?;
        Ok(NewView { name: ViewName::parse(&name)?, filter, sort, shared: !shared.is_empty() })
    };
    let saved = match read() {
        Ok(view) => desk.save_view(&actor, view, None).await,
        Err(error) => Err(error),
    };
    if let Err(error) = saved {
        let typed = fields([("name", &name), ("shared", &shared)]);
        return back(&desk, &actor, error, &format!("{page}#views"), Some((VIEW_FORM, typed))).await;
    }
    if let Err(error) = desk.drop_draft(&actor, VIEW_FORM).await {
        tracing::warn!(error = &error as &dyn std::error::Error, "a draft could not be dropped");
    }
    go_done(&page, Done::ViewSaved);
    Ok(())
}

/// Renames a view, and says whether the desk sees it.
#[server(prefix = "/actions", endpoint = "views/change")]
pub async fn change_view(
    #[server(default)] view: String,
    #[server(default)] name: String,
    #[server(default)] shared: String,
    #[server(default)] query: String,
) -> Result<(), Problem> {
    let (desk, actor) = asked::<Read>()?;
    let view: ViewId = id("view", &view)?;
    let page = list(&query);
    let done = match ViewName::parse(&name) {
        Ok(name) => desk.change_view(&actor, view, &name, !shared.is_empty()).await,
        Err(invalid) => Err(invalid.into()),
    };
    match done {
        Ok(()) => go_done(&page, Done::ViewChanged),
        Err(error) => return back(&desk, &actor, error, &page, None).await,
    }
    Ok(())
}

#[server(prefix = "/actions", endpoint = "views/delete")]
pub async fn delete_view(
    #[server(default)] view: String,
    #[server(default)] query: String,
) -> Result<(), Problem> {
    let (desk, actor) = asked::<Read>()?;
    let view: ViewId = id("view", &view)?;
    match desk.delete_view(&actor, view).await {
        Ok(()) => go_done(&list(&query), Done::ViewDeleted),
        Err(error) => return back(&desk, &actor, error, &list(&query), None).await,
    }
    Ok(())
}

/// The list that a form came from; what is no filter of it leads to the whole list.
fn list(query: &str) -> String {
    read_filter(query)
        .map_or_else(|_| paths::CLAIMS.to_owned(), |(filter, sort)| paths::claims(&filter, sort, None))
}
