//! Sources: who says things, and how reliable people have found them.

use crate::Desk;
use crate::error::{Doing, Error, Result, storable, word};
use crate::incidents::{LedgerView, look_after_grade, look_after_name};
use crate::tx::{About, Once, Tx, one_after_another};
use chrono::{DateTime, Utc};
use domain::claim::SourceKind;
use domain::grade::Reliability;
use domain::history::Event;
use domain::id::SourceId;
use domain::one_source::{Alike, Called, initials, may_be_one, pairs};
use domain::policy::{self, Actor, Grade, NameSources, Read};
use domain::scale::{Rating, Tone};
use domain::words::{Invalid, Reason};
use phrase::phrase;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;
use uuid::Uuid;

/// How many sources are proposed to be one with another.
const PROPOSED: usize = 6;

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
    /// Those of them of which a rule says why they may be the same; nobody said that they are not.
    pub proposals: Vec<PerhapsSame>,
    /// Those of which somebody said that they are not the same.
    pub apart: Vec<Apart>,
    /// Whether it can be made another name of a source: it has no other names itself.
    pub can_be_named: bool,
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

/// A source that may be another one.
#[derive(Clone, Debug)]
pub struct PerhapsSame {
    pub id: SourceId,
    pub name: String,
    pub why: Alike,
    /// Whether it can be made another name of a source: it has no other names itself.
    pub can_be_named: bool,
}

/// A source that is not another one, whatever their names.
#[derive(Clone, Debug)]
pub struct Apart {
    pub id: SourceId,
    pub name: String,
    pub by: String,
    pub at: DateTime<Utc>,
}

/// Two sources on record for one incident that may be one.
#[derive(Clone, Debug)]
pub struct AlikeSources {
    /// The one that would be another name of the other.
    pub name: Alias,
    pub source: Alias,
    pub why: Alike,
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
        let can_be_named = aliases.is_empty() && row.same_as.is_none();
        let track = row.track.unwrap_or_default();
        let kind: SourceKind = word("source", "kind", &row.kind)?;
        let proposals = match row.same_as {
            None => self.may_be(&Called { name: &row.name, kind, parties: &row.parties }, &called).await?,
            Some(_) => Vec::new(),
        };
        Ok(SourceView {
            id,
            parties: row.parties,
            same_as: row.same_as.zip(row.same_name),
            aliases,
            alike,
            proposals,
            apart: self.apart_from(id).await?,
            can_be_named,
            track: scales
                .ratings()
                .into_iter()
                .filter_map(|rating| Some((Arc::clone(rating), track.get(&rating.key)?.as_i64()?)))
                .collect(),
            name: row.name,
            kind,
            role: row.role,
            organisation: row.organisation,
            grades,
            claims: row.claims,
            evidence: row.evidence,
        })
    }

    /// Which sources may be this one: looked for among those with a like name, by the trigrams of names.
    /// `called` are its own ids.
    async fn may_be(&self, source: &Called<'_>, called: &[Uuid]) -> Result<Vec<PerhapsSame>> {
        let rows = sqlx::query!(
            r#"select other.id as "id!: SourceId", other.name as "name!", other.kind as "kind!",
                      exists (select from source alias where alias.same_as = other.id) as "has_names!"
                 from (select id, name, kind from source
                        where (lower(name) % lower($1) or lower(name) %> lower($1) or lower(name) = any($3))
                          and id <> all($2) and same_as is null
                        -- of a name that thousands are like, some
                        limit 500) other
                where not exists (select from source_apart known
                                   where (known.one_id = other.id and known.other_id = any($2))
                                      or (known.other_id = other.id and known.one_id = any($2)))
                order by similarity(lower(other.name), lower($1)) desc, other.id
                limit 60"#,
            source.name,
            called,
            &initials(source.name),
        )
        .fetch_all(&self.pool)
        .await
        .doing("look for other names of a source")?;
        let mut found = Vec::new();
        for row in rows {
            let kind = word("source", "kind", &row.kind)?;
            let why = may_be_one(source, &Called { name: &row.name, kind, parties: &[] });
            if let Some(why) = why.filter(|why| why.holds_anywhere()) {
                found.push((
                    kind,
                    PerhapsSame { id: row.id, name: row.name, why, can_be_named: !row.has_names },
                ));
            }
        }
        found.truncate(PROPOSED);
        let ids: Vec<Uuid> = found.iter().map(|(_, one)| one.id.0).collect();
        let parties = self.parties_of(&ids).await?;
        let heard = |id: SourceId| parties.get(&id).map(Vec::as_slice).unwrap_or_default();
        let of_one_side = |(kind, one): &(SourceKind, PerhapsSame)| {
            let other = Called { name: &one.name, kind: *kind, parties: heard(one.id) };
            may_be_one(source, &other).is_some()
        };
        Ok(found.into_iter().filter(of_one_side).map(|(_, one)| one).collect())
    }

    /// The parties that sources were heard to speak for, under whatever name.
    async fn parties_of(&self, sources: &[Uuid]) -> Result<HashMap<SourceId, Vec<String>>> {
        if sources.is_empty() {
            return Ok(HashMap::new());
        }
        let rows = sqlx::query!(
            r#"select asked.id as "id!: SourceId",
                      array(select distinct party from (
                                select party from attribution
                                 where source_id in (select id from source where id = asked.id or same_as = asked.id)
                                   and party is not null limit 200) heard) as "parties!"
                 from unnest($1::uuid[]) as asked (id)"#,
            sources,
        )
        .fetch_all(&self.pool)
        .await
        .doing("read for whom sources speak")?;
        Ok(rows.into_iter().map(|row| (row.id, row.parties)).collect())
    }

    /// What a source is not, in somebody's words.
    async fn apart_from(&self, id: SourceId) -> Result<Vec<Apart>> {
        sqlx::query_as!(
            Apart,
            r#"select other.id as "id!: SourceId", other.name as "name!", account.name as "by!", known.at as "at!"
                 from (select other_id as id, by, at from source_apart where one_id = $1
                       union all
                       select one_id, by, at from source_apart where other_id = $1) known
                 join source other on other.id = known.id
                 join account on account.id = known.by
                order by known.at desc, other.id limit 100"#,
            id.0,
        )
        .fetch_all(&self.pool)
        .await
        .doing("read what a source is not")
    }

    /// Pairs among the sources of an incident's ledgers that may be one, for whoever names sources.
    ///
    /// # Errors
    /// `Refused` below editor, or where the database fails.
    pub async fn alike_sources(&self, actor: &Actor, ledgers: &[LedgerView]) -> Result<Vec<AlikeSources>> {
        let _: policy::Permit<NameSources> = policy::permit(actor)?;
        let mut said: BTreeMap<SourceId, (&str, BTreeSet<&str>)> = BTreeMap::new();
        for record in ledgers.iter().flat_map(|ledger| &ledger.figures) {
            let Some(id) = record.source_id else { continue };
            let (_, parties) = said.entry(id).or_insert((&record.figure.source, BTreeSet::new()));
            parties.extend(record.figure.party.as_deref());
        }
        let ids: Vec<Uuid> = said.keys().map(|id| id.0).collect();
        let known = sqlx::query!(
            r#"select id as "id: SourceId", name, kind, same_as is null as "is_own!",
                      exists (select from source alias where alias.same_as = source.id) as "has_names!"
                 from source where id = any($1)"#,
            &ids,
        )
        .fetch_all(&self.pool)
        .await
        .doing("read the sources of an incident")?;
        let apart = sqlx::query!(
            r#"select one_id as "one: SourceId", other_id as "other: SourceId" from source_apart
                where one_id = any($1) and other_id = any($1)"#,
            &ids,
        )
        .fetch_all(&self.pool)
        .await
        .doing("read which sources are not one")?;
        let mut sources = Vec::new();
        for row in known.into_iter().filter(|row| row.is_own) {
            let kind: SourceKind = word("source", "kind", &row.kind)?;
            let parties =
                said.get(&row.id).map(|(_, parties)| parties.iter().map(|party| (*party).to_owned()));
            let parties: Vec<String> = parties.into_iter().flatten().collect();
            sources.push((Alias { id: row.id, name: row.name, kind }, parties, row.has_names));
        }
        let called: Vec<Called<'_>> = sources
            .iter()
            .map(|(source, parties, _)| Called { name: &source.name, kind: source.kind, parties })
            .collect();
        let pairs = pairs(&called).into_iter().filter_map(|(one, other, why)| {
            let (one, other) = (sources.get(one)?, sources.get(other)?);
            let is_apart = apart.iter().any(|pair| {
                (pair.one == one.0.id && pair.other == other.0.id)
                    || (pair.one == other.0.id && pair.other == one.0.id)
            });
            // What says less is a name of what says more, where it may be.
            let says_more = |a: &str, b: &str| a.chars().count() > b.chars().count();
            let (name, source) = match (one.2, other.2) {
                _ if is_apart => return None,
                (true, true) => return None,
                (true, false) => (other, one),
                (false, true) => (one, other),
                (false, false) if says_more(&one.0.name, &other.0.name) => (other, one),
                (false, false) => (one, other),
            };
            Some(AlikeSources { name: name.0.clone(), source: source.0.clone(), why })
        });
        Ok(pairs.collect())
    }

    /// Says that two sources are not one, whatever their names: nobody is asked about them any more.
    ///
    /// # Errors
    /// `Refused` below editor, `NotFound`, `Invalid` for one and the same.
    pub async fn tell_sources_apart(&self, actor: &Actor, one: SourceId, other: SourceId) -> Result<()> {
        let permit: policy::Permit<NameSources> = policy::permit(actor)?;
        let mut tx = self.begin(Some(actor.id)).await?;
        let (name, other_name) = two_names(&mut tx, one, other).await?;
        let now = tx.now;
        let added = sqlx::query!(
            "insert into source_apart (one_id, other_id, by, at) values (least($1::uuid, $2::uuid), greatest($1::uuid, $2::uuid), $3, $4)
             on conflict (one_id, other_id) do nothing",
            one.0,
            other.0,
            permit.by().0,
            now,
        )
        .execute(tx.db())
        .await
        .doing("tell sources apart")?
        .rows_affected();
        if added == 0 {
            return Ok(());
        }
        let event = Event::SourcesToldApart { name, other: other_name };
        tx.event(About::default(), &event).await?;
        tx.commit().await
    }

    /// Takes back that two sources are not one.
    ///
    /// # Errors
    /// `Refused` below editor, `NotFound` where nobody said so.
    pub async fn ask_of_sources_again(&self, actor: &Actor, one: SourceId, other: SourceId) -> Result<()> {
        let _: policy::Permit<NameSources> = policy::permit(actor)?;
        let mut tx = self.begin(Some(actor.id)).await?;
        let (name, other_name) = two_names(&mut tx, one, other).await?;
        let gone = sqlx::query!(
            "delete from source_apart where one_id = least($1::uuid, $2::uuid) and other_id = greatest($1::uuid, $2::uuid)",
            one.0,
            other.0,
        )
        .execute(tx.db())
        .await
        .doing("take back that sources are apart")?
        .rows_affected();
        if gone == 0 {
            return Err(Error::NotFound("sources told apart"));
        }
        let event = Event::SourcesAskedAgain { name, other: other_name };
        tx.event(About::default(), &event).await?;
        tx.commit().await
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
        sqlx::query!(
            "delete from source_apart where one_id = least($1::uuid, $2::uuid) and other_id = greatest($1::uuid, $2::uuid)",
            id.0,
            other.0,
        )
        .execute(tx.db())
        .await
        .doing("forget that sources were apart")?;
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

/// What two sources are called, which are two.
async fn two_names(tx: &mut Tx, one: SourceId, other: SourceId) -> Result<(String, String)> {
    if one == other {
        return Err(Invalid::new("other", "This is the same source already.").into());
    }
    let names = lock_names(tx, &[one, other]).await?;
    let name_of = |wanted: SourceId| {
        let found = names.iter().find(|name| name.id == wanted);
        found.map(|name| name.name.clone()).ok_or(Error::NotFound("source"))
    };
    Ok((name_of(one)?, name_of(other)?))
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
