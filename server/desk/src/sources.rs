//! Sources: who says things, and how reliable people have found them.

use crate::Desk;
use crate::error::{Doing, Error, Result, word};
use crate::tx::{About, Once, Tx, one_after_another};
use chrono::{DateTime, Utc};
use domain::claim::SourceKind;
use domain::grade::Reliability;
use domain::history::Event;
use domain::id::SourceId;
use domain::policy::{self, Actor, Grade, Read};
use domain::words::Reason;

/// One time somebody said how reliable a source is.
#[derive(Clone, Debug)]
pub struct GradeView {
    pub grade: Reliability,
    pub reason: String,
    pub by: String,
    pub at: DateTime<Utc>,
}

/// A source and what the desk has of it.
#[derive(Clone, Debug)]
pub struct SourceView {
    pub id: SourceId,
    pub name: String,
    pub kind: SourceKind,
    pub role: Option<String>,
    pub organisation: Option<String>,
    /// Newest first: the first one holds.
    pub grades: Vec<GradeView>,
    /// Claims that it makes, up to 1,000.
    pub claims: i64,
    /// Evidence in use that comes from it, up to 1,000.
    pub evidence: i64,
}

impl SourceView {
    pub fn reliability(&self) -> Reliability {
        self.grades.first().map_or(Reliability::F, |grade| grade.grade)
    }
}

/// A source by its name, as somebody gives it or a text names it.
#[derive(Clone, Debug)]
pub(crate) struct Named<'a> {
    pub name: &'a str,
    /// `None`: whatever the desk knows by this name, else an organisation.
    pub kind: Option<SourceKind>,
    pub role: Option<&'a str>,
    pub organisation: Option<&'a str>,
}

impl Desk {
    /// One source.
    ///
    /// # Errors
    /// `Refused` for nobody, `NotFound`.
    pub async fn source(&self, actor: &Actor, id: SourceId) -> Result<SourceView> {
        let _: policy::Permit<Read> = policy::permit(actor)?;
        let row = sqlx::query!(
            r#"select source.name, source.kind, source.role, source.organisation,
                      (select count(*) from (select from claim where source_id = $1 limit 1000) c) as "claims!",
                      (select count(*) from (select from evidence
                                              where source_id = $1 and withdrawn_at is null limit 1000) e) as "evidence!"
                 from source where id = $1"#,
            id.0,
        )
        .fetch_optional(&self.pool)
        .await
        .doing("read a source")?
        .ok_or(Error::NotFound("source"))?;
        let grades = sqlx::query!(
            "select g.grade, g.reason, account.name as by, g.at
               from source_grade g join account on account.id = g.by
              where g.source_id = $1 order by g.id desc limit 200",
            id.0,
        )
        .fetch_all(&self.pool)
        .await
        .doing("read the grades of a source")?
        .into_iter()
        .map(|grade| {
            Ok(GradeView {
                grade: word("source_grade", "grade", &grade.grade)?,
                reason: grade.reason,
                by: grade.by,
                at: grade.at,
            })
        })
        .collect::<Result<_>>()?;
        Ok(SourceView {
            id,
            name: row.name,
            kind: word("source", "kind", &row.kind)?,
            role: row.role,
            organisation: row.organisation,
            grades,
            claims: row.claims,
            evidence: row.evidence,
        })
    }

    /// Says how reliable a source is. What it was before stays in its history.
    ///
    /// # Errors
    /// `Refused` below reviewer, `NotFound`.
    pub async fn grade_source(
        &self,
        actor: &Actor,
        id: SourceId,
        grade: Reliability,
        reason: Reason,
        once: Option<&Once>,
    ) -> Result<()> {
        let _: policy::Permit<Grade> = policy::permit(actor)?;
        let mut tx = self.begin(Some(actor.id)).await?;
        if tx.once(once).await?.is_some() {
            return Ok(());
        }
        // Grades of one source follow each other.
        one_after_another(&mut tx, "source", &id.to_string()).await?;
        let row = sqlx::query!(
            r#"select source.name, (select g.grade from source_grade g where g.source_id = source.id
                                     order by g.id desc limit 1) as grade
                 from source where source.id = $1"#,
            id.0,
        )
        .fetch_optional(tx.db())
        .await
        .doing("lock a source")?
        .ok_or(Error::NotFound("source"))?;
        let before = row.grade.map_or(Ok(Reliability::F), |grade| word("source_grade", "grade", &grade))?;
        let now = tx.now;
        sqlx::query!(
            "insert into source_grade (source_id, grade, reason, by, at) values ($1, $2, $3, $4, $5)",
            id.0,
            grade.word(),
            reason.as_str(),
            actor.id.0,
            now,
        )
        .execute(tx.db())
        .await
        .doing("grade a source")?;
        let event = Event::SourceGraded {
            source: row.name,
            before,
            after: grade,
            reason: reason.as_str().to_owned(),
        };
        tx.event(About::default(), &event).await?;
        tx.made(once, id.0).await?;
        tx.commit().await
    }

    /// The source that a name stands for, added where the desk does not know it.
    pub(crate) async fn source_named(&self, tx: &mut Tx, named: &Named<'_>) -> Result<SourceId> {
        let kind = named.kind.map(SourceKind::word);
        // What somebody just added under this name is waited for and found by the second look.
        for is_first in [true, false] {
            let known = sqlx::query_scalar!(
                "select id from source where lower(name) = lower($1) and ($2::text is null or kind = $2)
                  order by kind <> 'organisation', kind limit 1",
                named.name,
                kind,
            )
            .fetch_optional(tx.db())
            .await
            .doing("find a source")?;
            if let Some(known) = known {
                return Ok(known);
            }
            if is_first {
                sqlx::query!(
                    "insert into source (id, name, kind, role, organisation) values ($1, $2, $3, $4, $5)
                     on conflict (lower(name), kind) do nothing",
                    self.new_id(),
                    named.name,
                    kind.unwrap_or(SourceKind::Organisation.word()),
                    named.role,
                    named.organisation,
                )
                .execute(tx.db())
                .await
                .doing("add a source")?;
            }
        }
        Err(Error::NotFound("source"))
    }
}
