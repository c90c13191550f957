//! Finding anything by a word or a part of a name: one box for all of the desk.

use crate::Desk;
use crate::claims::{ClaimFilter, ClaimRow, Sort};
use crate::db::Anew;
use crate::error::{Doing, Result, word};
use crate::incidents::{IncidentFilter, IncidentRow};
use domain::claim::SourceKind;
use domain::id::{AccountId, ArticleId, SourceId};
use domain::policy::{self, Actor, Read, Role};

/// How many of each kind are shown.
const EACH: i64 = 6;
/// Of a longer text only the beginning is looked for: nobody types more into such a box.
pub const LONGEST_SEARCH: usize = 200;
/// So many matches are ranked; of words that stand in more titles than that, some are never seen.
const RANKED: i64 = 400;

/// What was found, best first in each part.
#[derive(Clone, Debug, Default)]
pub struct FoundThings {
    pub claims: Vec<ClaimRow>,
    pub incidents: Vec<IncidentRow>,
    pub articles: Vec<FoundArticle>,
    pub sources: Vec<FoundSource>,
    pub people: Vec<FoundPerson>,
}

impl FoundThings {
    pub fn is_empty(&self) -> bool {
        self.claims.is_empty()
            && self.incidents.is_empty()
            && self.articles.is_empty()
            && self.sources.is_empty()
            && self.people.is_empty()
    }
}

#[derive(Clone, Debug)]
pub struct FoundArticle {
    pub id: ArticleId,
    pub title: String,
    pub outlet: Option<String>,
}

#[derive(Clone, Debug)]
pub struct FoundSource {
    pub id: SourceId,
    pub name: String,
    pub kind: SourceKind,
    pub organisation: Option<String>,
}

#[derive(Clone, Debug)]
pub struct FoundPerson {
    pub id: AccountId,
    pub name: String,
    pub role: Role,
}

impl Desk {
    /// Whatever has these words in its text or its name. Fewer than two characters find nothing.
    ///
    /// # Errors
    /// `Refused` for nobody, or where the database fails.
    pub async fn find(&self, actor: &Actor, wanted: &str) -> Result<FoundThings> {
        let _: policy::Permit<Read> = policy::permit(actor)?;
        let wanted: String = wanted.trim().chars().filter(|c| *c != '\0').take(LONGEST_SEARCH).collect();
        if wanted.chars().count() < 2 {
            return Ok(FoundThings::default());
        }
        let part = format!("%{}%", escaped(&wanted.to_lowercase()));
        let named = IncidentFilter { q: Some(wanted.clone()), ..IncidentFilter::default() };
        let filter = ClaimFilter { q: Some(wanted), ..ClaimFilter::default() };
        let (claims, incidents, articles, sources, people) = tokio::try_join!(
            self.claims(actor, &filter, Sort::Priority, None, EACH),
            self.incidents(actor, &named, None, EACH),
            self.articles_called(&part),
            self.sources_called(&part),
            self.people_called(&part),
        )?;
        Ok(FoundThings { claims: claims.rows, incidents: incidents.rows, articles, sources, people })
    }

    async fn articles_called(&self, part: &str) -> Result<Vec<FoundArticle>> {
        sqlx::query_as!(
            FoundArticle,
            r#"select article.id as "id: ArticleId", article.title, outlet.name as "outlet?"
                 from (select id, title, outlet_id, added_at from article
                        where lower(title) like $1 limit $2) article
                 left join outlet on outlet.id = article.outlet_id
                order by article.added_at desc, article.id desc limit $3"#,
            part,
            RANKED,
            EACH,
        )
        .fetch_all(Anew(&self.reads))
        .await
        .doing("find articles")
    }

    async fn sources_called(&self, part: &str) -> Result<Vec<FoundSource>> {
        sqlx::query!(
            r#"select id as "id: SourceId", name, kind, organisation
                 from (select id, name, kind, organisation from source where lower(name) like $1 limit $2) source
                order by length(name), lower(name), id limit $3"#,
            part,
            RANKED,
            EACH,
        )
        .fetch_all(Anew(&self.reads))
        .await
        .doing("find sources")?
        .into_iter()
        .map(|row| {
            Ok(FoundSource {
                id: row.id,
                name: row.name,
                kind: word("source", "kind", &row.kind)?,
                organisation: row.organisation,
            })
        })
        .collect()
    }

    async fn people_called(&self, part: &str) -> Result<Vec<FoundPerson>> {
        sqlx::query!(
            r#"select id as "id: AccountId", name, role from account
                where lower(name) like $1 and disabled_at is null order by lower(name), id limit $2"#,
            part,
            EACH,
        )
        .fetch_all(Anew(&self.reads))
        .await
        .doing("find people")?
        .into_iter()
        .map(|row| Ok(FoundPerson { id: row.id, name: row.name, role: word("account", "role", &row.role)? }))
        .collect()
    }
}

/// A text as `like` finds it literally.
fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_")
}
