//! What readers see of an incident once an editor has made its figures public: the ledger as it stands,
//! read anew each time, so that it is corrected wherever it is shown as soon as a figure is.
//!
//! Public is what is confirmed to be about the incident, by a person or by the rules, as on the desk's
//! own page: the ledger is made of nothing else. What the rules only propose is not, and neither is
//! anything of a claim that was dismissed, nor of an article that readers may not know yet
//! ([`domain::publication::is_out`]). A verdict counts, and is named, once its claim is published and for as
//! long as it is not looked at again: the estimate is worked out from these figures and verdicts, so that
//! it gives none away that are not public. Grades of sources weigh in it as on the desk and are not told,
//! the words of an editor's own figure are. Nobody of the desk is named.

use super::contradict::{OnRecord, figures};
use super::news::{Told, headline, look_later, write_publication};
use super::{LedgerView, hold, own_estimates, views};
use crate::Desk;
use crate::error::{Doing, Error, Result, storable, word};
use crate::publish::stored_body;
use crate::tx::{About, Once};
use chrono::{DateTime, NaiveDate, Utc};
use domain::history::{CHANGES_OF_FIGURES, CHANGES_OF_LEDGER, Event};
use domain::id::{ClaimId, IncidentId, LedgerPublicationId};
use domain::ledger::{Counted, Estimate, Figure, Ledger, Line, Mark, Range};
use domain::ledger_news::{Headline, LedgerStep, News};
use domain::measure::Indicator;
use domain::policy::{self, Actor, PublishFigures};
use domain::publication::{PublishedRating, is_out, ledger_slug};
use domain::scale::Scales;
use domain::words::CorrectionNote;
use domain::workflow::Stage;
use sqlx::PgConnection;
use std::collections::BTreeMap;

/// So many incidents may lie between an address and the one that took all of them in.
const MOST_MERGES: i32 = 50;
/// Most verdicts that are named with an incident.
const MOST_VERDICTS: i64 = 500;

/// One time that an incident's figures were made public, changed for readers or were withdrawn.
#[derive(Clone, Debug, PartialEq)]
pub struct LedgerPublication {
    pub id: LedgerPublicationId,
    pub number: i32,
    pub step: LedgerStep,
    /// What readers are told where they were withdrawn.
    pub note: Option<String>,
    pub at: DateTime<Utc>,
    /// What readers saw then, as far as its change is news; `None` from before that was kept.
    pub told: Option<Headline>,
    /// What was new in it, where it changed.
    pub news: Vec<News>,
}

impl LedgerPublication {
    /// Whether readers see the figures since then.
    pub fn is_public(&self) -> bool {
        self.step != LedgerStep::Withdrawn
    }
}

/// A verdict on a claim about the incident, as its own public page has it.
#[derive(Clone, Debug, PartialEq)]
pub struct PublicVerdict {
    /// Of the claim's page.
    pub slug: String,
    pub claim: String,
    pub language: String,
    pub rating: PublishedRating,
    /// The desk looks at it again: its page says so, and it weighs in no estimate.
    pub under_review: bool,
}

/// A figure as readers see it.
#[derive(Clone, Debug, PartialEq)]
pub struct PublicFigure {
    pub figure: Figure,
    pub article_title: String,
    pub article_address: Option<String>,
    /// The verdict on its claim: a place in the list of verdicts.
    pub verdict: Option<usize>,
}

/// The figures of one indicator as readers see them.
#[derive(Clone, Debug, PartialEq)]
pub struct PublicLedger {
    pub indicator: Indicator,
    /// Oldest first; lines and marks name them by their places here.
    pub figures: Vec<PublicFigure>,
    pub lines: Vec<Line>,
    pub marks: Vec<Mark>,
    /// What the desk holds, with its basis.
    pub estimate: Option<Estimate>,
    /// Whether an editor set that; else the rules give it.
    pub is_own: bool,
}

impl PublicLedger {
    /// As it is drawn.
    pub fn drawn(&self) -> (Ledger, Vec<Figure>) {
        let ledger = Ledger {
            indicator: self.indicator,
            lines: self.lines.clone(),
            marks: self.marks.clone(),
            estimate: self.estimate.clone(),
        };
        (ledger, self.figures.iter().map(|one| one.figure.clone()).collect())
    }
}

/// An incident as readers see it.
#[derive(Clone, Debug, PartialEq)]
pub struct PublicIncident {
    pub title: String,
    pub place: Option<String>,
    pub from: Option<NaiveDate>,
    pub to: Option<NaiveDate>,
    pub ledgers: Vec<PublicLedger>,
    pub verdicts: Vec<PublicVerdict>,
    /// Figures of articles that are not out: readers are not told of them, editors are.
    pub kept_back: usize,
    /// When something that stands here changed last.
    pub changed_at: DateTime<Utc>,
}

/// The public page of an incident.
#[derive(Clone, Debug, PartialEq)]
pub struct LedgerPage {
    pub slug: String,
    pub shown: PublicIncident,
    /// Oldest first, with what was new and without what was seen then.
    pub publications: Vec<LedgerPublication>,
}

/// What there is under a public address.
#[derive(Clone, Debug, PartialEq)]
pub enum LedgerAddress {
    Here(Box<LedgerPage>),
    /// The incident was merged into another that is public, under this address.
    Moved(String),
    /// Its figures were public once: withdrawn, or merged into an incident that is not public.
    Gone(Option<LedgerPublication>),
}

/// An incident in the list of those that are public.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicLedgerRow {
    pub slug: String,
    pub title: String,
    /// Since when.
    pub at: DateTime<Utc>,
}

impl Desk {
    /// Makes the figures of an incident public, and gives the last part of their address. Where they are
    /// public already, nothing changes. `seen` is the incident's version that was looked at.
    ///
    /// # Errors
    /// `Refused` below editor, `NotFound`, `Invalid` where it was merged into another, `Stale` where it
    /// changed since.
    pub async fn publish_ledger(
        &self,
        actor: &Actor,
        id: IncidentId,
        seen: i32,
        once: Option<&Once>,
    ) -> Result<String> {
        let _: policy::Permit<PublishFigures> = policy::permit(actor)?;
        let scales = self.scales().await?;
        let mut tx = self.begin(Some(actor.id)).await?;
        let is_done = tx.once(once).await?.is_some();
        let incident = hold(&mut tx, id).await?;
        let before = publications(tx.db(), id).await?;
        let (slug, step) = match before.last() {
            Some((slug, last)) if is_done || last.is_public() => {
                let slug = slug.clone();
                tx.made(once, id.0).await?;
                tx.commit_nothing_changed().await?;
                return Ok(slug);
            }
            Some((slug, _)) => (slug.clone(), LedgerStep::Reinstated),
            None => (ledger_slug(&incident.title, id), LedgerStep::Published),
        };
        self.fresh(&mut tx, &incident, seen).await?;
        let (shown, out_next) = for_readers(&scales, &mut tx, id).await?;
        let told = Told { headline: headline(&shown, None), news: Vec::new() };
        write_publication(&mut tx, id, before.len(), &slug, step, None, &told).await?;
        look_later(&mut tx, id, out_next).await?;
        let again = step == LedgerStep::Reinstated;
        tx.event(About::incident(id), &Event::LedgerPublished { slug: slug.clone(), again }).await?;
        tx.made(once, id.0).await?;
        tx.commit().await?;
        Ok(slug)
    }

    /// Takes the figures of an incident back from the public. Their address stays and says so, with the
    /// note.
    ///
    /// # Errors
    /// `Refused` below editor, `NotFound` where they are not public, `Invalid` where it was merged into
    /// another, `Stale` where it changed since the version seen.
    pub async fn withdraw_ledger(
        &self,
        actor: &Actor,
        id: IncidentId,
        seen: i32,
        note: CorrectionNote,
        once: Option<&Once>,
    ) -> Result<()> {
        let _: policy::Permit<PublishFigures> = policy::permit(actor)?;
        let scales = self.scales().await?;
        let mut tx = self.begin(Some(actor.id)).await?;
        if tx.once(once).await?.is_some() {
            return Ok(());
        }
        let incident = hold(&mut tx, id).await?;
        self.fresh(&mut tx, &incident, seen).await?;
        let before = publications(tx.db(), id).await?;
        let Some((slug, _)) = before.last().filter(|(_, last)| last.is_public()) else {
            return Err(Error::NotFound("public page"));
        };
        let (shown, _) = for_readers(&scales, &mut tx, id).await?;
        let told = Told { headline: headline(&shown, None), news: Vec::new() };
        write_publication(&mut tx, id, before.len(), slug, LedgerStep::Withdrawn, Some(&note), &told).await?;
        let event = Event::LedgerWithdrawn { note: note.as_str().to_owned() };
        tx.event(About::incident(id), &event).await?;
        tx.made(once, id.0).await?;
        tx.commit().await
    }

    /// What readers see, or would see, of an incident, for whoever publishes it.
    ///
    /// # Errors
    /// `Refused` below editor, `NotFound`.
    pub async fn ledger_for_readers(&self, actor: &Actor, id: IncidentId) -> Result<PublicIncident> {
        let _: policy::Permit<PublishFigures> = policy::permit(actor)?;
        self.shown_to_readers(id).await
    }

    /// The figures of an incident as readers see them, for programs.
    ///
    /// # Errors
    /// `Refused` for nobody, `NotFound` where they are not public now.
    pub async fn published_ledger(&self, actor: &Actor, id: IncidentId) -> Result<LedgerPage> {
        self.incident_row(actor, id).await?;
        let slug = self.ledger_in_public(id).await?.map(|(slug, _)| slug);
        match self.public_ledger(&slug.unwrap_or_default()).await {
            Ok(LedgerAddress::Here(page)) => Ok(*page),
            Ok(_) | Err(Error::NotFound(_)) => Err(Error::NotFound("public page of this incident")),
            Err(error) => Err(error),
        }
    }

    /// What there is under a public address. Nobody has to be signed in.
    ///
    /// # Errors
    /// `NotFound` where nothing was ever published under it.
    pub async fn public_ledger(&self, slug: &str) -> Result<LedgerAddress> {
        let end = sqlx::query!(
            r#"with recursive way (id, step) as (
                   select incident_id, 0 from incident_publication where slug = $1 and number = 1
                   union all
                   select incident.merged_into, way.step + 1
                     from way join incident on incident.id = way.id
                    where incident.merged_into is not null and way.step < $2)
               select id as "id!: IncidentId", step as "step!" from way order by step desc limit 1"#,
            storable(slug),
            MOST_MERGES,
        )
        .fetch_optional(&self.pool)
        .await
        .doing("look a public page up")?
        .ok_or(Error::NotFound("page"))?;
        let mut connection = self.pool.acquire().await.doing("connect")?;
        let all = publications(&mut connection, end.id).await?;
        drop(connection);
        let newest = all.last().cloned();
        let is_own = end.step == 0;
        match newest {
            Some((slug, last)) if last.is_public() && is_own => {
                Ok(LedgerAddress::Here(Box::new(LedgerPage {
                    shown: self.shown_to_readers(end.id).await?,
                    slug,
                    // What readers saw then they see no longer.
                    publications: all
                        .into_iter()
                        .map(|(_, publication)| LedgerPublication { told: None, ..publication })
                        .collect(),
                })))
            }
            Some((slug, last)) if last.is_public() => Ok(LedgerAddress::Moved(slug)),
            newest => Ok(LedgerAddress::Gone(newest.filter(|_| is_own).map(|(_, last)| last))),
        }
    }

    /// Incidents whose figures are public, those that became so last first.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn public_ledgers(&self, limit: i64) -> Result<Vec<PublicLedgerRow>> {
        sqlx::query_as!(
            PublicLedgerRow,
            "select p.slug, incident.title, p.published_at as at
               from incident_publication p join incident on incident.id = p.incident_id
              where p.kind <> 'withdrawn' and incident.status = 'open'
                and not exists (select from incident_publication later
                                 where later.incident_id = p.incident_id and later.number > p.number)
              order by p.published_at desc, p.id desc
              limit $1",
            limit.clamp(1, 200),
        )
        .fetch_all(&self.reads)
        .await
        .doing("list what is public")
    }

    /// What was last done about the publication of an incident's figures, and their address.
    pub(super) async fn ledger_in_public(
        &self,
        id: IncidentId,
    ) -> Result<Option<(String, LedgerPublication)>> {
        let mut connection = self.pool.acquire().await.doing("connect")?;
        Ok(publications(&mut connection, id).await?.pop())
    }

    async fn shown_to_readers(&self, id: IncidentId) -> Result<PublicIncident> {
        let scales = self.scales().await?;
        let mut connection = self.pool.acquire().await.doing("connect")?;
        let (shown, _) = for_readers_at(&scales, &mut connection, id, self.clock.now()).await?;
        Ok(shown)
    }
}

/// What readers see of an incident as it stands in this transaction, and when the first figure comes out
/// that is kept back until its article is published.
pub(super) async fn for_readers(
    scales: &Scales,
    tx: &mut crate::tx::Tx,
    id: IncidentId,
) -> Result<(PublicIncident, Option<DateTime<Utc>>)> {
    let now = tx.now;
    for_readers_at(scales, tx.db(), id, now).await
}

async fn for_readers_at(
    scales: &Scales,
    connection: &mut PgConnection,
    id: IncidentId,
    now: DateTime<Utc>,
) -> Result<(PublicIncident, Option<DateTime<Utc>>)> {
    let incident = sqlx::query!("select title, place, from_day, to_day from incident where id = $1", id.0)
        .fetch_optional(&mut *connection)
        .await
        .doing("read an incident")?
        .ok_or(Error::NotFound("incident"))?;
    let all = figures(scales, &mut *connection, id).await?;
    let (mut records, kept_back): (Vec<OnRecord>, Vec<OnRecord>) = all
        .into_iter()
        .partition(|record| is_out(record.article_address.as_deref(), record.article_published, now));
    let published = verdicts(&mut *connection, id).await?;
    let places: BTreeMap<ClaimId, usize> =
        published.iter().enumerate().map(|(place, one)| (one.claim, place)).collect();
    for record in &mut records {
        // What the desk found and has not told is told by no figure, mark or estimate either.
        let told = places
            .get(&record.figure.claim)
            .and_then(|place| published.get(*place))
            .filter(|one| !one.verdict.under_review);
        record.figure.verdict = told.and_then(|one| one.verdict.rating.tone.parse().ok());
        record.figure.supported = told.and_then(|one| one.supported);
        record.figure.judged = record.figure.judged.filter(|_| told.is_some());
    }
    let own = own_estimates(&mut *connection, id).await?;
    let estimated = own.values().map(|own| own.at).max();
    let last = last_change(&mut *connection, id).await?;
    let newest = records.iter().map(|record| record.figure.at).max();
    let changed_at = [last, newest, estimated].into_iter().flatten().max().unwrap_or(now);
    let ledgers = views(records, own, |_| true)?.into_iter().map(|view| public(view, &places)).collect();
    let out_next = kept_back.iter().filter_map(|record| record.article_published).min();
    let shown = PublicIncident {
        title: incident.title,
        place: incident.place,
        from: incident.from_day,
        to: incident.to_day,
        ledgers,
        verdicts: published.into_iter().map(|one| one.verdict).collect(),
        kept_back: kept_back.len(),
        changed_at,
    };
    Ok((shown, out_next))
}

/// What of a ledger is for readers.
fn public(view: LedgerView, places: &BTreeMap<ClaimId, usize>) -> PublicLedger {
    let is_own = view.own.is_some();
    let own = view.own.map(|own| Estimate::by_an_editor(own.range, Counted::default(), own.basis));
    PublicLedger {
        indicator: view.indicator,
        figures: view
            .figures
            .into_iter()
            .map(|record| PublicFigure {
                verdict: places.get(&record.figure.claim).copied(),
                article_title: record.article_title,
                article_address: record.article_address,
                figure: record.figure,
            })
            .collect(),
        lines: view.lines,
        marks: view.marks,
        estimate: own.or(view.computed),
        is_own,
    }
}

/// Every time that an incident's figures were published, changed or withdrawn, oldest first, with the address.
pub(super) async fn publications(
    connection: &mut PgConnection,
    id: IncidentId,
) -> Result<Vec<(String, LedgerPublication)>> {
    sqlx::query_as!(
        PublicationRow,
        r#"select id as "id: LedgerPublicationId", number, slug, kind, note, published_at, body
             from incident_publication where incident_id = $1 order by number"#,
        id.0,
    )
    .fetch_all(connection)
    .await
    .doing("read when figures were public")?
    .into_iter()
    .map(PublicationRow::read)
    .collect()
}

/// A publication of figures as it is kept.
pub(super) struct PublicationRow {
    pub id: LedgerPublicationId,
    pub number: i32,
    pub slug: String,
    pub kind: String,
    pub note: Option<String>,
    pub published_at: DateTime<Utc>,
    pub body: Option<serde_json::Value>,
}

impl PublicationRow {
    /// The address, and what it was.
    pub fn read(self) -> Result<(String, LedgerPublication)> {
        let (told, news) = Told::read(self.body)?;
        let publication = LedgerPublication {
            id: self.id,
            number: self.number,
            step: word("incident_publication", "kind", &self.kind)?,
            note: self.note,
            at: self.published_at,
            told,
            news,
        };
        Ok((self.slug, publication))
    }
}

/// A verdict that is public, with what it does to the figures of its claim.
struct Published {
    claim: ClaimId,
    supported: Option<Range>,
    verdict: PublicVerdict,
}

/// The verdicts that are public of claims about an incident, the newest first.
async fn verdicts(connection: &mut PgConnection, id: IncidentId) -> Result<Vec<Published>> {
    sqlx::query!(
        r#"select claim.id as "claim: ClaimId", claim.stage, p.slug, p.body as "body!", v.figure_low as "low?",
                  v.figure_best as "best?", v.figure_high as "high?"
             from incident_claim m
             join claim on claim.id = m.claim_id and claim.stage <> 'dismissed'
             join lateral (select slug, body, verdict_id, published_at, id from publication
                            where publication.claim_id = claim.id order by number desc limit 1) p on true
             left join verdict v on v.id = p.verdict_id
            where m.incident_id = $1 and m.standing = 'confirmed' and p.body is not null
            order by p.published_at desc, p.id desc
            limit $2"#,
        id.0,
        MOST_VERDICTS,
    )
    .fetch_all(connection)
    .await
    .doing("read which verdicts are public")?
    .into_iter()
    .map(|row| {
        let body = stored_body(row.body)?;
        let range = Range { low: row.low, best: row.best, high: row.high };
        let says = range.low.is_some() || range.best.is_some() || range.high.is_some();
        Ok(Published {
            claim: row.claim,
            supported: says.then_some(range),
            verdict: PublicVerdict {
                slug: row.slug,
                claim: body.claim,
                language: body.language,
                rating: body.rating,
                under_review: row.stage != Stage::Published.word(),
            },
        })
    })
    .collect()
}

/// When the histories of an incident, its claims and its sources last say something that readers see. What only the
/// desk sees moves it not: neither comments nor verdicts that are not public.
async fn last_change(connection: &mut PgConnection, id: IncidentId) -> Result<Option<DateTime<Utc>>> {
    let [of_incident, of_claims] = [&CHANGES_OF_LEDGER[..], &CHANGES_OF_FIGURES[..]]
        .map(|kinds| kinds.iter().map(|kind| (*kind).to_owned()));
    let (of_incident, of_claims): (Vec<String>, Vec<String>) = (of_incident.collect(), of_claims.collect());
    sqlx::query_scalar!(
        r#"select greatest(
                  (select max(at) from event
                    where incident_id = $1 and kind = any($2)
                      and (kind <> 'incident_gathered'
                           or (body ->> 'confirmed')::int > 0 or (body ->> 'left')::int > 0)),
                  (select max(event.at)
                     from incident_claim m join event on event.claim_id = m.claim_id
                    where m.incident_id = $1 and m.standing = 'confirmed'
                      and (event.kind = any($3)
                           or event.was_stage = 'dismissed'
                           or event.kind = 'reopened' and event.was_stage = 'published')),
                  (select max(g.at)
                     from incident_claim m
                     join claim on claim.id = m.claim_id
                     join source called on called.id = claim.source_id
                     join source_grade g on g.source_id = coalesce(called.same_as, called.id)
                    where m.incident_id = $1 and m.standing = 'confirmed'),
                  (select max(event.at)
                     from event
                    where kind in ('source_named', 'source_parted')
                      and body ->> 'name' in (
                          select called.name
                            from incident_claim m
                            join claim on claim.id = m.claim_id
                            join source called on called.id = claim.source_id
                           where m.incident_id = $1 and m.standing = 'confirmed'))) as at"#,
        id.0,
        &of_incident,
        &of_claims,
    )
    .fetch_one(connection)
    .await
    .doing("find when figures last changed")
}
