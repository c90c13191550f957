//! Of which claims the dashboard's numbers are: of all of the desk's, or of an article's or an incident's.
//! The desk's are read from counters; those of an article or an incident, a few hundred at most, are
//! looked at.

use crate::Desk;
use crate::claims::ClaimFilter;
use crate::error::{Doing, Error, Result};
use domain::id::{ArticleId, IncidentId};
use domain::policy::{self, Actor, Read};
use domain::words::Invalid;
use phrase::phrase;
use std::str::FromStr;
use uuid::Uuid;

/// Whose claims are counted; where both are given, those that the article has of the incident.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Scope {
    pub article: Option<ArticleId>,
    pub incident: Option<IncidentId>,
}

/// What a scope is called.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ScopeNames {
    pub article: Option<String>,
    pub incident: Option<String>,
}

/// A query of `given`: how many verdicts of which rating who gave on which day (UTC). Of all claims, as
/// they are counted; of those in the first argument, as `tally_verdict` counts them.
macro_rules! of_given {
    ($query:ident, $last:literal, $($argument:expr),+ $(,)?) => {
        sqlx::$query!(
            r#"with given as not materialized (
                   select reviewer_id, day, rating, n from reviewer_tally where $1::uuid[] is null
                   union all
                   select v.reviewer_id, (v.given_at at time zone 'UTC')::date,
                          case when v.part = 'first' and not exists (
                                   select from verdict later where later.claim_id = v.claim_id
                                      and later.number > v.number and later.part <> 'first')
                               then '' else v.rating end, 1
                     from verdict v
                    where v.claim_id = any($1)
                      and not exists (select from verdict_undone u where u.verdict_id = v.id))
               "#
                + $last,
            $($argument),+
        )
    };
}
pub(crate) use of_given;

impl Scope {
    /// As an address has it.
    ///
    /// # Errors
    /// `Invalid` for what is no id.
    pub fn asked(article: &str, incident: &str) -> Result<Self, Invalid> {
        fn id<T: FromStr>(text: &str, wrong: impl Fn() -> Invalid) -> Result<Option<T>, Invalid> {
            let text = text.trim();
            if text.is_empty() { Ok(None) } else { text.parse().map(Some).map_err(|_| wrong()) }
        }
        Ok(Self {
            article: id(article, || Invalid::new("article", phrase!("Give the id of an article.")))?,
            incident: id(incident, || Invalid::new("incident", phrase!("Give the id of an incident.")))?,
        })
    }

    /// Whether it is all claims of the desk.
    pub fn is_all(self) -> bool {
        self == Self::default()
    }

    /// The list of its claims.
    pub fn filter(self) -> ClaimFilter {
        ClaimFilter { article: self.article, incident: self.incident, ..ClaimFilter::default() }
    }
}

impl Desk {
    /// What an article and an incident are called, whose claims are asked for.
    ///
    /// # Errors
    /// `NotFound` for what is not there, `Refused` for nobody, or where the database fails.
    pub async fn scope_names(&self, actor: &Actor, scope: Scope) -> Result<ScopeNames> {
        let _: policy::Permit<Read> = policy::permit(actor)?;
        let mut names = ScopeNames::default();
        if let Some(article) = scope.article {
            let title = sqlx::query_scalar!("select title from article where id = $1", article.0)
                .fetch_optional(&self.reads)
                .await
                .doing("look an article up")?;
            names.article = Some(title.ok_or(Error::NotFound("article"))?);
        }
        if let Some(incident) = scope.incident {
            let title = sqlx::query_scalar!("select title from incident where id = $1", incident.0)
                .fetch_optional(&self.reads)
                .await
                .doing("look an incident up")?;
            names.incident = Some(title.ok_or(Error::NotFound("incident"))?);
        }
        Ok(names)
    }

    /// The claims that are looked at; `None` where all are counted.
    pub(crate) async fn claims_of_scope(&self, scope: Scope) -> Result<Option<Vec<Uuid>>> {
        let ids = match (scope.article, scope.incident) {
            (None, None) => return Ok(None),
            (article, Some(incident)) => {
                sqlx::query_scalar!(
                    "select claim.id from incident_claim m join claim on claim.id = m.claim_id
                      where m.incident_id = $1 and m.standing = 'confirmed'
                        and ($2::uuid is null or claim.article_id = $2)",
                    incident.0,
                    article.map(|id| id.0),
                )
                .fetch_all(&self.reads)
                .await
            }
            (Some(article), None) => {
                sqlx::query_scalar!("select id from claim where article_id = $1", article.0)
                    .fetch_all(&self.reads)
                    .await
            }
        };
        let ids: Vec<domain::id::ClaimId> = ids.doing("find the claims to count")?;
        Ok(Some(ids.into_iter().map(|id| id.0).collect()))
    }
}
