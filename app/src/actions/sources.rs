//! How reliable sources are.

use super::answer::{Done, asked, back, fields, go_done, id};
use super::claims::forget;
use crate::paths;
use crate::problem::Problem;
use desk::Error;
use domain::grade::Reliability;
use domain::id::{IncidentId, SourceId};
use domain::policy::{Grade, NameSources};
use domain::words::{Invalid, Reason};
use leptos::prelude::*;
use phrase::t;

/// The form whose draft a source's grade is.
pub fn grade_form(source: SourceId) -> String {
    format!("grade:{source}")
}

#[server(prefix = "/actions", endpoint = "sources/grade")]
pub async fn grade_source(
    #[server(default)] source: String,
    #[server(default)] grade: String,
    #[server(default)] reason: String,
) -> Result<(), Problem> {
    let (desk, actor) = asked::<Grade>()?;
    let source: SourceId = id("source", &source)?;
    let form = grade_form(source);
    let done = async {
        let choose = |_| Error::from(Invalid::new("grade", t!("Choose a grade from A to F.")));
        let parsed: Reliability = grade.parse().map_err(choose)?;
        desk.grade_source(&actor, source, parsed, Reason::parse(&reason)?, None).await
    }
    .await;
    if let Err(error) = done {
        let typed = fields([("grade", &grade), ("reason", &reason)]);
        return back(&desk, &actor, error, &paths::source(source), Some((&form, typed))).await;
    }
    forget(&desk, &actor, &form).await;
    go_done(&paths::source(source), Done::Graded);
    Ok(())
}

/// The form whose draft it is that a source is another one.
pub fn name_form(source: SourceId) -> String {
    format!("name:{source}")
}

#[server(prefix = "/actions", endpoint = "sources/name")]
pub async fn name_source(
    #[server(default)] source: String,
    #[server(default)] of: String,
    #[server(default)] reason: String,
) -> Result<(), Problem> {
    let (desk, actor) = asked::<NameSources>()?;
    let source: SourceId = id("source", &source)?;
    let form = name_form(source);
    let done = async { desk.name_source(&actor, source, &of, Reason::parse(&reason)?).await }.await;
    if let Err(error) = done {
        let typed = fields([("of", &of), ("reason", &reason)]);
        return back(&desk, &actor, error, &paths::source(source), Some((&form, typed))).await;
    }
    forget(&desk, &actor, &form).await;
    go_done(&paths::source(source), Done::Named);
    Ok(())
}

#[server(prefix = "/actions", endpoint = "sources/part")]
pub async fn part_source(
    #[server(default)] source: String,
    #[server(default)] reason: String,
) -> Result<(), Problem> {
    let (desk, actor) = asked::<NameSources>()?;
    let source: SourceId = id("source", &source)?;
    let form = name_form(source);
    let done = async { desk.part_source(&actor, source, Reason::parse(&reason)?).await }.await;
    if let Err(error) = done {
        let typed = fields([("reason", &reason)]);
        return back(&desk, &actor, error, &paths::source(source), Some((&form, typed))).await;
    }
    forget(&desk, &actor, &form).await;
    go_done(&paths::source(source), Done::Parted);
    Ok(())
}

/// Two sources are not one. `incident` leads back to the incident whose ledger asked.
#[server(prefix = "/actions", endpoint = "sources/apart")]
pub async fn tell_sources_apart(
    #[server(default)] source: String,
    #[server(default)] other: String,
    #[server(default)] incident: String,
) -> Result<(), Problem> {
    let (desk, actor) = asked::<NameSources>()?;
    let (source, other): (SourceId, SourceId) = (id("source", &source)?, id("other", &other)?);
    let place = match incident.as_str() {
        "" => paths::source(source),
        incident => paths::incident(id::<IncidentId>("incident", incident)?),
    };
    if let Err(error) = desk.tell_sources_apart(&actor, source, other).await {
        return back(&desk, &actor, error, &place, None).await;
    }
    go_done(&place, Done::ToldApart);
    Ok(())
}

#[server(prefix = "/actions", endpoint = "sources/ask-again")]
pub async fn ask_of_sources_again(
    #[server(default)] source: String,
    #[server(default)] other: String,
) -> Result<(), Problem> {
    let (desk, actor) = asked::<NameSources>()?;
    let (source, other): (SourceId, SourceId) = (id("source", &source)?, id("other", &other)?);
    if let Err(error) = desk.ask_of_sources_again(&actor, source, other).await {
        return back(&desk, &actor, error, &paths::source(source), None).await;
    }
    go_done(&paths::source(source), Done::AskedAgain);
    Ok(())
}
