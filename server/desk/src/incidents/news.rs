//! What readers of public figures are told when these change. Whatever may change them only notes that
//! they are to be looked at; a minute later a worker compares what readers see with what they were told
//! last, so that a row of changes is told as one and what was put back at once not at all. What is news
//! in it is decided in [`domain::ledger_news`].

use super::keep::lock_incidents;
use super::public::{LedgerPublication, PublicIncident, PublicationRow, for_readers, publications};
use crate::Desk;
use crate::error::{Doing, Error, Result};
use crate::receivers::{Subject, queue};
use crate::tx::{About, Tx};
use chrono::{DateTime, TimeDelta, Utc};
use domain::history::Event;
use domain::id::{ClaimId, IncidentId, LedgerPublicationId, SourceId};
use domain::ledger::Figure;
use domain::ledger_news::{Conflict, Headline, Held, LedgerStep, News, Saying, news};
use domain::receiver::Telling;
use domain::words::CorrectionNote;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use uuid::Uuid;

/// How long figures are left to settle before readers are told that they changed.
const SETTLES: TimeDelta = TimeDelta::minutes(1);
/// How long figures wait that could not be read.
const LATER: TimeDelta = TimeDelta::minutes(10);
/// Most incidents that are looked at in one round.
const AT_ONCE: i64 = 50;

/// What readers saw with a publication, and what was new in it, as it is stored.
#[derive(Serialize, Deserialize)]
pub(super) struct Told {
    pub headline: Headline,
    pub news: Vec<News>,
}

impl Told {
    pub fn read(body: Option<serde_json::Value>) -> Result<(Option<Headline>, Vec<News>)> {
        let Some(body) = body else { return Ok((None, Vec::new())) };
        let told: Self = serde_json::from_value(body).map_err(|error| Error::Inconsistent {
            table: "incident_publication",
            column: "body",
            what: error.to_string(),
        })?;
        Ok((Some(told.headline), told.news))
    }
}

/// One time that an incident's figures were published, changed or withdrawn, with what it is about.
#[derive(Clone, Debug, PartialEq)]
pub struct LedgerEntry {
    pub incident: IncidentId,
    pub slug: String,
    /// What the incident was called then.
    pub title: String,
    pub publication: LedgerPublication,
    /// Readers see its figures now, whatever this publication said of them.
    pub is_public: bool,
    /// Readers were told nothing of its figures since.
    pub is_newest: bool,
}

/// What of that which readers see is worth a word when it changes.
pub(super) fn headline(shown: &PublicIncident, part_of: Option<String>) -> Headline {
    let held = shown.ledgers.iter().map(|ledger| {
        let (_, figures) = ledger.drawn();
        Held {
            indicator: ledger.indicator,
            holds: ledger.estimate.as_ref().map(|estimate| estimate.range),
            of: ledger.estimate.as_ref().map(|estimate| estimate.of.clone()),
            is_own: ledger.is_own,
            conflicts: Conflict::among(&figures, &ledger.marks),
            on_record: on_record(&figures),
        }
    });
    Headline { title: shown.title.clone(), figures: held.collect(), part_of }
}

/// Who is on record with which number, each once.
fn on_record(figures: &[Figure]) -> Vec<Saying> {
    let says = |of: &Figure| Saying { source: of.source.clone(), figure: of.words.clone() };
    let mut all: Vec<Saying> = figures.iter().map(says).collect();
    all.sort_by(|a, b| (&a.source, &a.figure).cmp(&(&b.source, &b.figure)));
    all.dedup();
    all
}

/// Writes a publication of figures, and queues it for receivers. Nobody publishes a change: it is worked
/// out.
pub(super) async fn write_publication(
    tx: &mut Tx,
    id: IncidentId,
    before: usize,
    slug: &str,
    step: LedgerStep,
    note: Option<&CorrectionNote>,
    told: &Told,
) -> Result<()> {
    let (now, actor) = (tx.now, tx.actor());
    let body = serde_json::to_value(told).map_err(|error| Error::Task(error.to_string()))?;
    let publication = LedgerPublicationId(Uuid::now_v7());
    sqlx::query!(
        "insert into incident_publication (id, incident_id, number, slug, kind, note, published_by, published_at, body)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        publication.0,
        id.0,
        i32::try_from(before).unwrap_or(i32::MAX).saturating_add(1),
        slug,
        step.word(),
        note.map(CorrectionNote::as_str),
        actor.map(|id| id.0),
        now,
        body,
    )
    .execute(tx.db())
    .await
    .doing("publish the figures of an incident")?;
    if is_told(step, &told.news) {
        queue(tx, Telling::of_figures(step), Subject::Ledger(publication)).await?;
    }
    Ok(())
}

/// Where it was only taken down what readers see, nobody is told.
fn is_told(step: LedgerStep, news: &[News]) -> bool {
    step != LedgerStep::Changed || !news.is_empty()
}

/// Has the figures that events may have changed looked at, where they are public.
pub(crate) async fn look_after(tx: &mut Tx, events: &[(About, Event)]) -> Result<()> {
    let changing = || events.iter().filter(|(_, event)| event.may_change_figures());
    let incidents: Vec<Uuid> = changing().filter_map(|(about, _)| about.incident).map(|id| id.0).collect();
    let claims: Vec<Uuid> = changing().filter_map(|(about, _)| about.claim).map(|id| id.0).collect();
    if incidents.is_empty() && claims.is_empty() {
        return Ok(());
    }
    let due = tx.now + SETTLES;
    sqlx::query!(
        "insert into ledger_look (incident_id, due_at)
         select p.incident_id, $3
           from (select unnest($1::uuid[]) as id
                 union
                 select incident_id from incident_claim where claim_id = any($2)) changed
           join incident_publication p on p.incident_id = changed.id and p.number = 1",
        &incidents,
        &claims,
        due,
    )
    .execute(tx.db())
    .await
    .doing("have public figures looked at")?;
    Ok(())
}

/// The same where a source is graded, under whichever of its names.
pub(crate) async fn look_after_grade(tx: &mut Tx, source: SourceId) -> Result<()> {
    let due = tx.now + SETTLES;
    sqlx::query!(
        "insert into ledger_look (incident_id, due_at)
         select p.incident_id, $2::timestamptz
           from incident_publication p
          where p.number = 1
            and exists (select from incident_claim m
                          join claim on claim.id = m.claim_id
                          join source called on called.id = claim.source_id
                         where m.incident_id = p.incident_id and $1 in (called.id, called.same_as))",
        source.0,
        due,
    )
    .execute(tx.db())
    .await
    .doing("have public figures looked at")?;
    Ok(())
}

/// The same where a name comes to stand for another source: what it says may be a line with other
/// figures, and contradict others, in every incident that has claims of it.
pub(crate) async fn look_after_name(tx: &mut Tx, name: SourceId) -> Result<()> {
    look_after_grade(tx, name).await?;
    let now = tx.now;
    sqlx::query!(
        "insert into gathering (claim_id, at)
         select distinct on (m.incident_id) claim.id, $2::timestamptz
           from claim
           join incident_claim m on m.claim_id = claim.id and m.standing = 'confirmed'
          where claim.source_id = $1 and claim.stage <> 'dismissed'
          order by m.incident_id, claim.id
         on conflict (claim_id) do update set at = excluded.at",
        name.0,
        now,
    )
    .execute(tx.db())
    .await
    .doing("have contradictions of a source looked at")?;
    Ok(())
}

/// Has claims looked at again that contradict one of those that are gone.
pub(crate) async fn look_after_dismissal(tx: &mut Tx, claims: &[ClaimId]) -> Result<()> {
    let claims: Vec<Uuid> = claims.iter().map(|claim| claim.0).collect();
    let now = tx.now;
    sqlx::query!(
        "insert into gathering (claim_id, at)
         select distinct other.id, $2::timestamptz
           from incident_claim m
           join incident_claim beside on beside.incident_id = m.incident_id and beside.standing = 'confirmed'
           join claim other on other.id = beside.claim_id and other.contradiction is not null
                           and other.stage <> 'dismissed'
          where m.claim_id = any($1) and m.standing = 'confirmed'
         on conflict (claim_id) do update set at = excluded.at",
        &claims,
        now,
    )
    .execute(tx.db())
    .await
    .doing("have contradictions looked at")?;
    Ok(())
}

/// Has the figures of an incident looked at once they have settled, or when a figure comes out that is
/// kept back until its article is published.
pub(super) async fn look_later(tx: &mut Tx, id: IncidentId, out_next: Option<DateTime<Utc>>) -> Result<()> {
    let Some(due) = out_next else { return Ok(()) };
    sqlx::query!("insert into ledger_look (incident_id, due_at) values ($1, $2)", id.0, due)
        .execute(tx.db())
        .await
        .doing("have public figures looked at later")?;
    Ok(())
}

impl Desk {
    /// Tells readers what is new in figures that are public; of how many incidents there was something.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn tell_ledger_news(&self) -> Result<usize> {
        let due = sqlx::query_scalar!(
            r#"select incident_id as "id: IncidentId" from ledger_look where due_at <= $1
                group by incident_id order by min(due_at) limit $2"#,
            self.clock.now(),
            AT_ONCE,
        )
        .fetch_all(&self.pool)
        .await
        .doing("find public figures that may have changed")?;
        let mut told = 0;
        for id in due {
            match self.look_at_ledger(id).await {
                Ok(is_told) => told += usize::from(is_told),
                Err(error) => {
                    tracing::warn!(incident.id = %id, error = %error, "could not look at public figures; they wait");
                    self.look_again_later(id).await?;
                }
            }
        }
        Ok(told)
    }

    /// Leaves the figures of an incident for later, so that they hold up no others.
    async fn look_again_later(&self, id: IncidentId) -> Result<()> {
        let now = self.clock.now();
        sqlx::query!(
            "with due as (delete from ledger_look where incident_id = $1 and due_at <= $2 returning incident_id)
             insert into ledger_look (incident_id, due_at) select distinct incident_id, $3::timestamptz from due",
            id.0,
            now,
            now + LATER,
        )
        .execute(&self.pool)
        .await
        .doing("leave public figures for later")?;
        Ok(())
    }

    async fn look_at_ledger(&self, id: IncidentId) -> Result<bool> {
        let scales = self.scales().await?;
        let mut tx = self.begin(None).await?;
        lock_incidents(&mut tx).await?;
        let now = tx.now;
        // What is noted while this goes on is looked at later.
        sqlx::query!("delete from ledger_look where incident_id = $1 and due_at <= $2", id.0, now)
            .execute(tx.db())
            .await
            .doing("look at public figures")?;
        let before = publications(tx.db(), id).await?;
        let Some((slug, last)) = before.last().filter(|(_, last)| last.is_public()) else {
            tx.commit_nothing_changed().await?;
            return Ok(false);
        };
        let part_of = sqlx::query_scalar!(
            // What is not public itself is not named.
            r#"select case when (select p.kind from incident_publication p where p.incident_id = other.id
                                  order by p.number desc limit 1) <> 'withdrawn'
                           then other.title else '' end as "title!"
                 from incident join incident other on other.id = incident.merged_into
                where incident.id = $1"#,
            id.0,
        )
        .fetch_optional(tx.db())
        .await
        .doing("read what an incident was merged into")?;
        let (shown, out_next) = for_readers(&scales, &mut tx, id).await?;
        look_later(&mut tx, id, out_next).await?;
        let headline = headline(&shown, part_of);
        let news = last.told.as_ref().map(|told| news(told, &headline));
        if news.as_ref().is_some_and(Vec::is_empty) {
            tx.commit_nothing_changed().await?;
            return Ok(false);
        }
        let told = Told { headline, news: news.unwrap_or_default() };
        write_publication(&mut tx, id, before.len(), slug, LedgerStep::Changed, None, &told).await?;
        let words = told.news.iter().map(|one| one.phrase().to_string()).collect();
        tx.event(About::incident(id), &Event::LedgerChanged { news: words }).await?;
        tx.commit().await?;
        Ok(!told.news.is_empty())
    }

    /// Publications of figures, each with what it is about.
    pub(crate) async fn ledger_entries_of(
        &self,
        ids: &[LedgerPublicationId],
    ) -> Result<HashMap<LedgerPublicationId, LedgerEntry>> {
        let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
        sqlx::query!(
            r#"select p.id as "id: LedgerPublicationId", p.incident_id as "incident: IncidentId", p.number, p.slug, p.kind,
                      p.note, p.published_at, p.body, incident.title,
                      (select n.kind from incident_publication n where n.incident_id = p.incident_id
                        order by n.number desc limit 1) as "newest!",
                      not exists (select from incident_publication n
                                   where n.incident_id = p.incident_id and n.number > p.number
                                     and (n.kind <> 'changed' or n.body -> 'news' <> '[]')) as "is_newest!"
                 from incident_publication p join incident on incident.id = p.incident_id
                where p.id = any($1)"#,
            &ids,
        )
        .fetch_all(&self.pool)
        .await
        .doing("read publications of figures")?
        .into_iter()
        .map(|row| {
            let (slug, publication) = PublicationRow {
                id: row.id,
                number: row.number,
                slug: row.slug,
                kind: row.kind,
                note: row.note,
                published_at: row.published_at,
                body: row.body,
            }
            .read()?;
            let title = publication.told.as_ref().map_or(row.title, |told| told.title.clone());
            let (is_public, is_newest) = (row.newest != LedgerStep::Withdrawn.word(), row.is_newest);
            let entry =
                LedgerEntry { incident: row.incident, slug, title, publication, is_public, is_newest };
            Ok((row.id, entry))
        })
        .collect()
    }
}
