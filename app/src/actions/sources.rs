//! How reliable sources are.

use super::answer::{Done, asked, back, fields, go_done, id};
use super::claims::forget;
use crate::paths;
use crate::problem::Problem;
use desk::Error;
use domain::grade::Reliability;
use domain::id::SourceId;
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
