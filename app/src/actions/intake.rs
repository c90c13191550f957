//! Articles come in.

use super::answer::{Done, asked, back, fields, go_done};
use crate::paths;
use crate::problem::Problem;
use chrono::{DateTime, NaiveDateTime, Utc};
use desk::{Error, NewArticle, Outcome};
use domain::policy::Intake;
use domain::words::{ArticleText, Author, Invalid, OutletName, Title, WebAddress};
use leptos::prelude::*;
use phrase::t;

/// The form whose draft an article is.
pub const FORM: &str = "intake";

#[server(prefix = "/actions", endpoint = "articles/add")]
pub async fn add_article(
    #[server(default)] title: String,
    #[server(default)] outlet: String,
    #[server(default)] address: String,
    #[server(default)] author: String,
    #[server(default)] published: String,
    #[server(default)] text: String,
) -> Result<(), Problem> {
    let (desk, actor) = asked::<Intake>()?;
    let read = || -> Result<NewArticle, Error> {
        Ok(NewArticle {
            title: Title::parse(&title)?,
            text: ArticleText::parse(&text)?,
            outlet: OutletName::optional(&outlet)?,
            address: WebAddress::optional("address", &address)?,
            author: Author::optional(&author)?,
            published: moment(&published)?,
            language: None,
        })
    };
    let added = match read() {
        Ok(article) => desk.add_article(&actor, article, None).await,
        Err(error) => Err(error),
    };
    match added {
        Ok(added) => {
            if let Err(error) = desk.drop_draft(&actor, FORM).await {
                tracing::warn!(error = &error as &dyn std::error::Error, "a draft could not be dropped");
            }
            let done = match added.outcome {
                Outcome::New => Done::Added,
                Outcome::NewVersion => Done::NewVersion,
                Outcome::Known => Done::Known,
            };
            go_done(&paths::article(added.article), done);
            Ok(())
        }
        Err(error) => {
            let typed = fields([
                ("title", &title),
                ("outlet", &outlet),
                ("address", &address),
                ("author", &author),
                ("published", &published),
                ("text", &text),
            ]);
            back(&desk, &actor, error, paths::INTAKE, Some((FORM, typed))).await
        }
    }
}

/// A moment as the browser's date field sends it, taken as UTC.
///
/// # Errors
/// `Invalid` for anything else.
pub fn moment(text: &str) -> Result<Option<DateTime<Utc>>, Invalid> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let parsed = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"]
        .iter()
        .find_map(|form| NaiveDateTime::parse_from_str(text, form).ok())
        .or_else(|| text.parse::<chrono::NaiveDate>().ok().and_then(|day| day.and_hms_opt(0, 0, 0)));
    match parsed {
        Some(at) => Ok(Some(at.and_utc())),
        None => text
            .parse::<DateTime<Utc>>()
            .map(Some)
            .map_err(|_| Invalid::new("published", t!("Write it as 2024-03-20T14:10, in UTC."))),
    }
}
