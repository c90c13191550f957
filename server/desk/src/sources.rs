//! Sources: who says things, and how reliable people have found them.

use crate::Desk;
use crate::error::{Doing, Error, Result, storable, word};
use crate::incidents::{look_after_grade, look_after_name};
use crate::tx::{About, Once, Tx, one_after_another};
use chrono::{DateTime, Utc};
use domain::claim::SourceKind;
use domain::grade::Reliability;
use domain::history::Event;
use domain::id::SourceId;
use domain::policy::{self, Actor, Grade, NameSources, Read};
use domain::scale::{Rating, Tone};
use domain::words::{Invalid, Reason};
use phrase::phrase;
use std::sync::Arc;
use uuid::Uuid;

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
    /// The parties to a conflict that it was heard to speak for.
    pub parties: Vec<String>,
    /// The source that this is another name of.
    pub same_as: Option<(SourceId, String)>,
    /// Its other names.
    pub aliases: Vec<Alias>,
    /// Sources whose names are like its own: perhaps the same.
    pub alike: Vec<Alias>,
    /// How the settled and published claims that it makes are rated, in the order of the scales; all names
    /// together. What it denies or does not confirm is none of them.
    pub track: Vec<(Arc<Rating>, i64)>,
    /// Newest first: the first one holds.
    pub grades: Vec<GradeView>,
    /// Claims that it makes, denies or does not confirm, up to 1,000.
    pub claims: i64,
    /// Evidence in use that comes from it, up to 1,000.
    pub evidence: i64,
}

/// A source under another name.
#[derive(Clone, Debug)]
pub struct Alias {
    pub id: SourceId,
    pub name: String,
    pub kind: SourceKind,
}

impl SourceView {
    /// How many of its settled claims have a rating that says this of them.
    pub fn rated(&self, says: impl Fn(Tone) -> bool) -> i64 {
        self.track.iter().filter(|(rating, _)| says(rating.tone)).map(|(_, n)| n).sum()
    }

    /// How many of its claims are settled or published.
    pub fn settled(&self) -> i64 {
        self.rated(|_| true)
    }

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
        let called = self.names_of(id).await?;
        let scales = self.scales().await?;
        let row = sqlx::query!(
            r#"select source.name, source.kind, source.role, source.organisation,
                      source.same_as as "same_as: SourceId", other.name as "same_name?",
                      (select count(*) from (select from claim where source_id = any($2) limit 1000) c) as "claims!",
                      (select count(*) from (select from evidence
                                              where source_id = any($2) and withdrawn_at is null limit 1000) e) as "evidence!",
                      array(select distinct party from (select party from attribution
                              where source_id = any($2) and party is not null limit 1000) heard
                             order by party) as "parties!",
                      (select jsonb_object_agg(rating, n) from (
                              select rating, sum(n)::bigint as n from source_tally where source_id = any($2)
                               group by rating having sum(n) <> 0) rated) as track
                 from source left join source other on other.id = source.same_as where source.id = $1"#,
            id.0,
            &called,
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
        let others = sqlx::query!(
            r#"select id as "id!: SourceId", name as "name!", kind as "kind!", same_as is not null as "is_name!" from (
                   (select id, name, kind, same_as from source where same_as = $1 limit 100)
                   union all
                   (select other.id, other.name, other.kind, null from source other
                     where lower(other.name) % lower($2) and other.id <> all($3) and other.same_as is null
                       and not exists (select from source alias where alias.same_as = other.id)
                     order by similarity(lower(other.name), lower($2)) desc, other.id limit 8)) names
                order by lower(name), id"#,
            id.0,
            row.name,
            &called,
        )
        .fetch_all(&self.pool)
        .await
        .doing("read the names of a source")?;
        let (mut aliases, mut alike) = (Vec::new(), Vec::new());
        for other in others {
            let alias = Alias { id: other.id, name: other.name, kind: word("source", "kind", &other.kind)? };
            if other.is_name { aliases.push(alias) } else { alike.push(alias) }
        }
        let track = row.track.unwrap_or_default();
        Ok(SourceView {
            id,
            parties: row.parties,
            same_as: row.same_as.zip(row.same_name),
            aliases,
            alike,
            track: scales
                .ratings()
                .into_iter()
                .filter_map(|rating| Some((Arc::clone(rating), track.get(&rating.key)?.as_i64()?)))
                .collect(),
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
    /// `Refused` below reviewer, `NotFound`, `Invalid` where it is another name of a source: that one's grade
    /// counts.
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
            r#"select source.name, other.name as "same_as?", (select g.grade from source_grade g where g.source_id = source.id
                                     order by g.id desc limit 1) as grade
                 from source left join source other on other.id = source.same_as where source.id = $1"#,
            id.0,
        )
        .fetch_optional(tx.db())
        .await
        .doing("read the grade of a source")?
        .ok_or(Error::NotFound("source"))?;
        if let Some(source) = row.same_as {
            return Err(
                Invalid::new("grade", phrase!("It is another name of {source}: grade that one.")).into()
            );
        }
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
        look_after_grade(&mut tx, id).await?;
        tx.made(once, id.0).await?;
        tx.commit().await
    }

    /// Every id under which a source stands in claims: its own and those of its other names. One that
    /// is not known has its own only.
    pub(crate) async fn names_of(&self, id: SourceId) -> Result<Vec<Uuid>> {
        let called = sqlx::query_scalar!(
            r#"with meant as (select coalesce(same_as, id) as id from source where id = $1)
               select source.id as "id!: Uuid" from source, meant where source.id = meant.id
               union
               select source.id from source, meant where source.same_as = meant.id"#,
            id.0,
        )
        .fetch_all(&self.reads)
        .await
        .doing("find the names of a source")?;
        Ok(if called.is_empty() { vec![id.0] } else { called })
    }

    /// Says that a source is another name of `of`, found by its name. Its claims keep the name they
    /// were found with; they count as the other's from now on.
    ///
    /// # Errors
    /// `Refused` below editor, `NotFound`, `Invalid` where no source has this name, where it is the same
    /// one, and where it has names of its own.
    pub async fn name_source(&self, actor: &Actor, id: SourceId, of: &str, reason: Reason) -> Result<()> {
        let _: policy::Permit<NameSources> = policy::permit(actor)?;
        let mut tx = self.begin(Some(actor.id)).await?;
        let of = storable(of.trim());
        let other = sqlx::query!(
            r#"select coalesce(same_as, id) as "id!: SourceId" from source where lower(name) = lower($1)
                order by same_as is not null, kind <> 'organisation', id limit 1"#,
            of,
        )
        .fetch_optional(tx.db())
        .await
        .doing("find a source by its name")?
        .ok_or_else(|| Invalid::new("of", "No source has this name. Type it as it stands on its page."))?
        .id;
        let names = lock_names(&mut tx, &[id, other]).await?;
        let of_id =
            |wanted: SourceId| names.iter().find(|name| name.id == wanted).ok_or(Error::NotFound("source"));
        let (name, source) = (of_id(id)?, of_id(other)?);
        if id == other {
            return Err(Invalid::new("of", "This is the same source already.").into());
        }
        if name.has_names {
            let fix =
                "It has other names itself: take those away first, or make the other one a name of this.";
            return Err(Invalid::new("of", fix).into());
        }
        if source.same_as.is_some() || name.same_as.is_some() {
            return Err(Invalid::new(
                "of",
                "Somebody changed what these names stand for meanwhile. Look again.",
            )
            .into());
        }
        sqlx::query!("update source set same_as = $2 where id = $1", id.0, other.0)
            .execute(tx.db())
            .await
            .doing("name a source")?;
        let event = Event::SourceNamed {
            name: name.name.clone(),
            source: source.name.clone(),
            reason: reason.as_str().to_owned(),
        };
        tx.event(About::default(), &event).await?;
        look_after_name(&mut tx, id).await?;
        tx.commit().await
    }

    /// Says that a source is not another name of the one it was taken for.
    ///
    /// # Errors
    /// `Refused` below editor, `NotFound`, `Invalid` where it is nobody's other name.
    pub async fn part_source(&self, actor: &Actor, id: SourceId, reason: Reason) -> Result<()> {
        let _: policy::Permit<NameSources> = policy::permit(actor)?;
        let mut tx = self.begin(Some(actor.id)).await?;
        one_after_another(&mut tx, "source names", "").await?;
        let row = sqlx::query!(
            r#"select source.name, other.name as of from source join source other on other.id = source.same_as
                where source.id = $1"#,
            id.0,
        )
        .fetch_optional(tx.db())
        .await
        .doing("lock a source")?
        .ok_or_else(|| Invalid::new("source", "It is no other name of a source."))?;
        sqlx::query!("update source set same_as = null where id = $1", id.0)
            .execute(tx.db())
            .await
            .doing("part a source")?;
        let event =
            Event::SourceParted { name: row.name, source: row.of, reason: reason.as_str().to_owned() };
        tx.event(About::default(), &event).await?;
        look_after_name(&mut tx, id).await?;
        tx.commit().await
    }

    /// The source that a name stands for, added where the desk does not know it.
    pub(crate) async fn source_named(&self, tx: &mut Tx, named: &Named<'_>) -> Result<SourceId> {
        let kind = named.kind.map(SourceKind::word);
        // As in what is read from texts: one name has one spelling.
        let name = named.name.replace(['’', 'ʼ'], "'");
        // What somebody just added under this name is waited for and found by the second look.
        for is_first in [true, false] {
            let known = sqlx::query_scalar!(
                "select id from source where lower(name) = lower($1) and ($2::text is null or kind = $2)
                  order by kind <> 'organisation', kind limit 1",
                name,
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
                    name,
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

struct NameRow {
    id: SourceId,
    name: String,
    same_as: Option<SourceId>,
    has_names: bool,
}

/// Holds what sources are names of until the transaction ends, and reads it.
async fn lock_names(tx: &mut Tx, ids: &[SourceId]) -> Result<Vec<NameRow>> {
    one_after_another(tx, "source names", "").await?;
    let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
    sqlx::query_as!(
        NameRow,
        r#"select id as "id: SourceId", name, same_as as "same_as: SourceId",
                  exists (select from source alias where alias.same_as = source.id) as "has_names!"
             from source where id = any($1)"#,
        &ids,
    )
    .fetch_all(tx.db())
    .await
    .doing("read sources")
}
