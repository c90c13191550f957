//! What readers are told. A publication is written once and never changed: whatever comes later is
//! a further one, with a note that says what changed, and the earlier ones stay below it.

use crate::Desk;
use crate::dependants::{lock_with_resting, requeue};
use crate::error::{Doing, Error, Result, storable, word};
use crate::incidents::LedgerEntry;
use crate::media::assessed_of;
use crate::receivers::{Subject, queue};
use crate::tx::{About, Tx};
use crate::work::{held, keep, last_move, lock};
use chrono::{DateTime, Utc};
use domain::history::Event;
use domain::id::{ClaimId, LedgerPublicationId, PublicationId, VerdictId};
use domain::measure::Measure;
use domain::media::AssessedMedia;
use domain::policy::{self, Actor, Publish};
use domain::publication::{
    Appearance, Body, PublicationKind, PublishedEvidence, PublishedRating, SaidBy, kind_of, slug,
};
use domain::receiver::Telling;
use domain::words::{CorrectionNote, Invalid};
use domain::workflow::{Blocked, Stage, Work};
use std::collections::{BTreeSet, HashMap};
use uuid::Uuid;

/// One publication of a claim.
#[derive(Clone, Debug)]
pub struct Publication {
    pub id: PublicationId,
    pub number: i32,
    pub kind: PublicationKind,
    /// `None` where the claim was withdrawn.
    pub body: Option<Body>,
    /// What readers are told about the change.
    pub note: Option<String>,
    pub at: DateTime<Utc>,
}

/// A claim as readers see it.
#[derive(Clone, Debug)]
pub struct PublicClaim {
    pub claim: ClaimId,
    pub slug: String,
    /// Newest first; there is at least one, and the first of all has a body.
    pub publications: Vec<Publication>,
    /// Set while the desk looks again at what is public.
    pub under_review_since: Option<DateTime<Utc>>,
}

impl PublicClaim {
    /// What readers see first.
    pub fn newest(&self) -> Option<&Publication> {
        self.publications.first()
    }

    /// What is public now; `None` where the claim was withdrawn.
    pub fn standing(&self) -> Option<(&Publication, &Body)> {
        let newest = self.newest()?;
        Some((newest, newest.body.as_ref()?))
    }

    /// What was last public, whether or not it was withdrawn since.
    pub fn last_body(&self) -> Option<&Body> {
        self.publications.iter().find_map(|publication| publication.body.as_ref())
    }
}

/// A claim as readers would see it if it were published.
#[derive(Clone, Debug)]
pub struct Proof {
    /// Of the claim, to be sent when it is published.
    pub version: i32,
    pub public: PublicClaim,
}

/// What readers are told with a publication.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Told<'a> {
    /// What has changed since it was public before, if it was.
    Since(Option<&'a CorrectionNote>),
    /// What was wrong with what is public.
    Correction(&'a CorrectionNote),
}

impl<'a> Told<'a> {
    pub(crate) fn missing() -> Invalid {
        Invalid::new("note", "Tell readers what changed since it was last public, and why.")
    }

    fn note(self) -> Option<&'a CorrectionNote> {
        match self {
            Self::Since(note) => note,
            Self::Correction(note) => Some(note),
        }
    }
}

/// An entry of the feed: one publication and what it is about.
#[derive(Clone, Debug)]
pub struct FeedEntry {
    pub claim: ClaimId,
    pub slug: String,
    pub publication: Publication,
    /// What was last public: of the publication itself, or before it was withdrawn.
    pub body: Body,
    /// Readers see the claim now, whatever this publication said of it.
    pub is_public: bool,
    /// Nothing was published of the claim since.
    pub is_newest: bool,
    /// The desk looks at its claim again.
    pub under_review: bool,
}

/// Something that readers are told, whatever it is about.
#[derive(Clone, Debug)]
pub enum NewsEntry {
    Claim(Box<FeedEntry>),
    Ledger(Box<LedgerEntry>),
}

impl NewsEntry {
    pub fn at(&self) -> DateTime<Utc> {
        match self {
            Self::Claim(entry) => entry.publication.at,
            Self::Ledger(entry) => entry.publication.at,
        }
    }
}

/// Where a claim stands in public, for the desk's own pages.
#[derive(Clone, Debug)]
pub struct InPublic {
    pub slug: String,
    pub number: i32,
    pub kind: PublicationKind,
    pub at: DateTime<Utc>,
    /// What readers are told of its pictures, videos and recordings; nothing of a claim that is
    /// withdrawn.
    pub media: Vec<AssessedMedia>,
}

impl Desk {
    /// Makes a settled claim public. Where it was public before, readers are told what changed.
    ///
    /// # Errors
    /// `Refused` below editor, `Blocked` where it is not settled, `Stale`, `Invalid` where the note
    /// is missing that readers of an earlier publication need.
    pub async fn publish(
        &self,
        actor: &Actor,
        id: ClaimId,
        seen: i32,
        note: Option<CorrectionNote>,
    ) -> Result<()> {
        let permit: policy::Permit<Publish> = policy::permit(actor)?;
        let mut tx = self.begin(Some(actor.id)).await?;
        let locked = lock(&mut tx, id).await?;
        let work = moved(&mut tx, id, locked.work.publish(permit, seen)).await?;
        keep(&mut tx, id, &work, None).await?;
        let event = self.publish_standing(&mut tx, actor, id, Told::Since(note.as_ref())).await?;
        tx.event(About::claim(id, locked.article), &event).await?;
        tx.commit().await
    }

    /// What readers would see of a settled claim if it were published now, the publication that would be
    /// new in front. Nothing is changed.
    ///
    /// # Errors
    /// `Refused` below editor, `Blocked` where it is not settled.
    pub async fn proof(&self, actor: &Actor, id: ClaimId) -> Result<Proof> {
        let permit: policy::Permit<Publish> = policy::permit(actor)?;
        let mut tx = self.begin(Some(actor.id)).await?;
        let locked = lock(&mut tx, id).await?;
        let version = locked.work.version;
        moved(&mut tx, id, locked.work.publish(permit, version)).await?;
        let (body, _) = body_of(&mut tx, id).await?;
        let at = tx.now;
        drop(tx);
        let before = self.publications_of(id).await?;
        let (slug, earlier) = match before {
            Some(before) => (before.slug, before.publications),
            None => (slug(body.statement.as_deref().unwrap_or(&body.claim), id), Vec::new()),
        };
        let bodies: Vec<Option<Body>> = earlier.iter().rev().map(|one| one.body.clone()).collect();
        let new = Publication {
            id: PublicationId(self.new_id()),
            number: i32::try_from(bodies.len()).unwrap_or(i32::MAX).saturating_add(1),
            kind: kind_of(&bodies, &body),
            body: Some(body),
            note: None,
            at,
        };
        let publications = std::iter::once(new).chain(earlier).collect();
        Ok(Proof { version, public: PublicClaim { claim: id, slug, publications, under_review_since: None } })
    }

    /// Takes a claim from the public. A published one goes back into the queue; one that was reopened or
    /// set aside since stays where it is. What was public stays on its page, below the note, and what rests
    /// on the claim goes back into the queue.
    ///
    /// # Errors
    /// `Refused` below editor, `Blocked` or `NotFound` where it is not public, `Stale`.
    pub async fn withdraw(&self, actor: &Actor, id: ClaimId, seen: i32, note: CorrectionNote) -> Result<()> {
        let permit: policy::Permit<Publish> = policy::permit(actor)?;
        let mut tx = self.begin(Some(actor.id)).await?;
        let locked = lock_with_resting(&mut tx, id).await?;
        let work = moved(&mut tx, id, locked.work.withdraw(permit, seen)).await?;
        keep(&mut tx, id, &work, None).await?;
        let event = self.withdraw_standing(&mut tx, actor, id, &note).await?;
        tx.event(About::claim(id, locked.article), &event).await?;
        requeue(&mut tx, actor, id, "withdrew").await?;
        tx.commit().await
    }

    /// Writes the publication of the verdict that stands, and says what happened.
    pub(crate) async fn publish_standing(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        id: ClaimId,
        told: Told<'_>,
    ) -> Result<Event> {
        let (body, verdict) = body_of(tx, id).await?;
        let before = publications(tx, id).await?;
        let bodies: Vec<Option<Body>> = before.publications.into_iter().map(|(_, body)| body).collect();
        let kind = match (kind_of(&bodies, &body), told) {
            (PublicationKind::Published, _) => PublicationKind::Published,
            (_, Told::Correction(_)) => PublicationKind::Corrected,
            (kind, Told::Since(_)) => kind,
        };
        let note = match kind {
            PublicationKind::Published => None,
            _ => Some(told.note().ok_or_else(Told::missing)?),
        };
        let number = i32::try_from(bodies.len()).unwrap_or(i32::MAX).saturating_add(1);
        let slug = before.slug.unwrap_or_else(|| slug(body.statement.as_deref().unwrap_or(&body.claim), id));
        let stored = serde_json::to_value(&body).map_err(|error| Error::Task(error.to_string()))?;
        self.write(tx, actor, id, number, &slug, kind, Some((verdict, stored)), note).await?;
        Ok(match note {
            None => Event::Published,
            Some(note) => Event::PublishedAgain {
                number,
                what: kind.label().to_owned(),
                note: note.as_str().to_owned(),
            },
        })
    }

    /// Writes that what was public is withdrawn.
    pub(crate) async fn withdraw_standing(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        id: ClaimId,
        note: &CorrectionNote,
    ) -> Result<Event> {
        let before = publications(tx, id).await?;
        let is_public = before.publications.last().is_some_and(|(_, body)| body.is_some());
        let (true, Some(slug)) = (is_public, before.slug) else { return Err(Error::NotFound("public page")) };
        let number = i32::try_from(before.publications.len()).unwrap_or(i32::MAX).saturating_add(1);
        self.write(tx, actor, id, number, &slug, PublicationKind::Withdrawn, None, Some(note)).await?;
        Ok(Event::Withdrawn { note: note.as_str().to_owned() })
    }

    #[expect(clippy::too_many_arguments, reason = "one argument for each thing that is written")]
    async fn write(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        id: ClaimId,
        number: i32,
        slug: &str,
        kind: PublicationKind,
        of: Option<(VerdictId, serde_json::Value)>,
        note: Option<&CorrectionNote>,
    ) -> Result<()> {
        let now = tx.now;
        let (verdict, body) = of.unzip();
        let publication = PublicationId(self.new_id());
        sqlx::query!(
            "insert into publication (id, claim_id, number, slug, kind, verdict_id, body, note,
                                      published_by, published_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
            publication.0,
            id.0,
            number,
            slug,
            kind.word(),
            verdict.map(|id| id.0),
            body,
            note.map(CorrectionNote::as_str),
            actor.id.0,
            now,
        )
        .execute(tx.db())
        .await
        .doing("publish a claim")?;
        queue(tx, Telling::of(kind), Subject::Claim(publication)).await
    }

    /// A claim as readers see it. Nobody has to be signed in.
    ///
    /// # Errors
    /// `NotFound` where nothing was ever published under this address.
    pub async fn public_claim(&self, slug: &str) -> Result<PublicClaim> {
        let claim = sqlx::query_scalar!(
            "select claim_id from publication where slug = $1 and number = 1",
            storable(slug)
        )
        .fetch_optional(&self.pool)
        .await
        .doing("look a public page up")?
        .ok_or(Error::NotFound("page"))?;
        self.publications_of(claim).await?.ok_or(Error::NotFound("page"))
    }

    /// Everything that was ever published of a claim; `None` where that is nothing.
    pub(crate) async fn publications_of(&self, id: ClaimId) -> Result<Option<PublicClaim>> {
        let rows = sqlx::query!(
            "select id, slug, number, kind, body, note, published_at
               from publication where claim_id = $1 order by number desc",
            id.0,
        )
        .fetch_all(&self.pool)
        .await
        .doing("read publications")?;
        let Some(slug) = rows.first().map(|row| row.slug.clone()) else { return Ok(None) };
        let publications = rows
            .into_iter()
            .map(|row| {
                Ok(Publication {
                    id: PublicationId(row.id),
                    number: row.number,
                    kind: word("publication", "kind", &row.kind)?,
                    body: row.body.map(stored_body).transpose()?,
                    note: row.note,
                    at: row.published_at,
                })
            })
            .collect::<Result<Vec<_>>>()?;
        let is_public = publications.first().is_some_and(|newest| newest.body.is_some());
        let under_review_since = if is_public { self.under_review_since(id).await? } else { None };
        Ok(Some(PublicClaim { claim: id, slug, publications, under_review_since }))
    }

    /// Since when the desk looks again at a claim that is public.
    async fn under_review_since(&self, id: ClaimId) -> Result<Option<DateTime<Utc>>> {
        let row = sqlx::query!(
            r#"select stage, stage_since,
                      (select at from event where claim_id = claim.id and kind = 'reopened'
                        order by id desc limit 1) as "reopened_at?"
                 from claim where id = $1"#,
            id.0,
        )
        .fetch_one(&self.pool)
        .await
        .doing("read since when a claim is under review")?;
        let is_published = row.stage == Stage::Published.word();
        Ok((!is_published).then(|| row.reopened_at.unwrap_or(row.stage_since)))
    }

    /// Where a claim stands in public; `None` where it never did.
    pub(crate) async fn in_public(&self, id: ClaimId) -> Result<Option<InPublic>> {
        sqlx::query!(
            "select slug, number, kind, published_at, body -> 'media' as media from publication
              where claim_id = $1 order by number desc limit 1",
            id.0,
        )
        .fetch_optional(&self.pool)
        .await
        .doing("read the newest publication")?
        .map(|row| {
            Ok(InPublic {
                slug: row.slug,
                number: row.number,
                kind: word("publication", "kind", &row.kind)?,
                at: row.published_at,
                media: stored_media(row.media)?,
            })
        })
        .transpose()
    }

    /// A claim that is public, for programs.
    ///
    /// # Errors
    /// `NotFound` where it is not public now.
    pub async fn published(&self, actor: &Actor, id: ClaimId) -> Result<PublicClaim> {
        let row = self.claim_row(actor, id).await?;
        match self.publications_of(id).await? {
            Some(public) if public.standing().is_some() => Ok(public),
            _ => Err(Error::NotPublic { stage: row.stage }),
        }
    }

    /// The newest publications, newest first.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn newest_publications(&self, limit: i64) -> Result<Vec<FeedEntry>> {
        let ids = sqlx::query_scalar!(
            r#"select id as "id: PublicationId" from publication order by published_at desc, id desc limit $1"#,
            limit.clamp(1, 200),
        )
        .fetch_all(&self.pool)
        .await
        .doing("find the newest publications")?;
        let mut entries = self.entries_of(&ids).await?;
        Ok(ids.iter().filter_map(|id| entries.remove(id)).collect())
    }

    /// What readers were told last of claims and of the figures of incidents, newest first.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn newest_news(&self, limit: i64) -> Result<Vec<NewsEntry>> {
        let rows = sqlx::query!(
            r#"(select id as "id!", false as "of_figures!", published_at as "at!" from publication
                 order by published_at desc, id desc limit $1)
               union all
               -- of figures that were withdrawn since, that is all that is told
               (select id, true, published_at from incident_publication p
                 where (kind <> 'changed' or body -> 'news' <> '[]')
                   and not exists (select from incident_publication later
                                    where later.incident_id = p.incident_id and later.number > p.number
                                      and later.kind = 'withdrawn')
                 order by published_at desc, id desc limit $1)
               order by 3 desc, 1 desc limit $1"#,
            limit.clamp(1, 200),
        )
        .fetch_all(&self.pool)
        .await
        .doing("find what readers were told last")?;
        let of = |of_figures: bool| {
            let rows = rows.iter().filter(move |row| row.of_figures == of_figures);
            rows.map(|row| row.id).collect::<Vec<Uuid>>()
        };
        let claims: Vec<PublicationId> = of(false).into_iter().map(PublicationId).collect();
        let ledgers: Vec<LedgerPublicationId> = of(true).into_iter().map(LedgerPublicationId).collect();
        let mut claims = self.entries_of(&claims).await?;
        let mut ledgers = self.ledger_entries_of(&ledgers).await?;
        let entry = |row: &_| -> Option<NewsEntry> {
            let (id, of_figures): (Uuid, bool) = *row;
            match of_figures {
                false => claims.remove(&PublicationId(id)).map(|entry| NewsEntry::Claim(Box::new(entry))),
                true => {
                    ledgers.remove(&LedgerPublicationId(id)).map(|entry| NewsEntry::Ledger(Box::new(entry)))
                }
            }
        };
        let rows: Vec<(Uuid, bool)> = rows.iter().map(|row| (row.id, row.of_figures)).collect();
        Ok(rows.iter().filter_map(entry).collect())
    }

    /// Publications, each with what it is about.
    pub(crate) async fn entries_of(
        &self,
        ids: &[PublicationId],
    ) -> Result<HashMap<PublicationId, FeedEntry>> {
        let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
        sqlx::query!(
            r#"select p.id, p.claim_id, p.slug, p.number, p.kind, p.body, p.note, p.published_at,
                      case when p.body is null then
                          (select earlier.body from publication earlier
                            where earlier.claim_id = p.claim_id and earlier.number < p.number
                              and earlier.body is not null
                            order by earlier.number desc limit 1)
                      end as "earlier?",
                      claim.stage, newest.is_public as "is_public!", newest.number = p.number as "is_newest!"
                 from publication p
                 join claim on claim.id = p.claim_id
                cross join lateral (
                      select n.number, n.body is not null as is_public from publication n
                       where n.claim_id = p.claim_id order by n.number desc limit 1) newest
                where p.id = any($1)"#,
            &ids,
        )
        .fetch_all(&self.pool)
        .await
        .doing("read publications")?
        .into_iter()
        .map(|row| {
            let own = row.body.map(stored_body).transpose()?;
            let earlier = row.earlier.map(stored_body).transpose()?;
            let inconsistent =
                || Error::Inconsistent { table: "publication", column: "body", what: "nothing".to_owned() };
            let id = PublicationId(row.id);
            let entry = FeedEntry {
                claim: row.claim_id,
                slug: row.slug,
                body: own.clone().or(earlier).ok_or_else(inconsistent)?,
                is_public: row.is_public,
                is_newest: row.is_newest,
                under_review: own.is_some() && row.stage != Stage::Published.word(),
                publication: Publication {
                    id,
                    number: row.number,
                    kind: word("publication", "kind", &row.kind)?,
                    body: own,
                    note: row.note,
                    at: row.published_at,
                },
            };
            Ok((id, entry))
        })
        .collect()
    }

    /// Writes the first publication of claims that were published before there were any; how many
    /// there were.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn publish_what_was_published(&self) -> Result<u64> {
        let mut done = 0;
        loop {
            let mut tx = self.begin(None).await?;
            let rows = sqlx::query!(
                r#"select claim.id, claim.article_id, published.actor_id as "actor_id!", published.at
                     from claim
                     join lateral (select actor_id, at from event
                                    where event.claim_id = claim.id and kind = 'published'
                                    order by id desc limit 1) published on published.actor_id is not null
                    where claim.stage = 'published'
                      and not exists (select from publication where publication.claim_id = claim.id)
                    order by claim.id
                    limit 100
                      for update of claim"#,
            )
            .fetch_all(tx.db())
            .await
            .doing("find what was published before")?;
            if rows.is_empty() {
                return Ok(done);
            }
            for row in rows {
                let (body, verdict) = body_of(&mut tx, row.id).await?;
                let slug = slug(body.statement.as_deref().unwrap_or(&body.claim), row.id);
                let stored = serde_json::to_value(&body).map_err(|error| Error::Task(error.to_string()))?;
                sqlx::query!(
                    "insert into publication (id, claim_id, number, slug, kind, verdict_id, body,
                                              published_by, published_at)
                     values ($1, $2, 1, $3, 'published', $4, $5, $6, $7)",
                    self.new_id(),
                    row.id.0,
                    slug,
                    verdict.0,
                    stored,
                    row.actor_id,
                    row.at,
                )
                .execute(tx.db())
                .await
                .doing("give a published claim its page")?;
                tx.event(About::claim(row.id, row.article_id), &Event::PageMade { slug }).await?;
                done += 1;
            }
            tx.commit().await?;
        }
    }
}

/// What a step made of a claim, or why it could not be taken.
pub(crate) async fn moved(tx: &mut Tx, id: ClaimId, step: Result<Work, Blocked>) -> Result<Work> {
    match step {
        Ok(work) => Ok(work),
        Err(Blocked::Stale { current, .. }) => {
            let (by, differences) = last_move(tx, id).await?;
            Err(Error::Stale { by, current, differences })
        }
        Err(blocked) => Err(held(tx, blocked).await),
    }
}

/// Which of these claims readers see.
pub(crate) async fn seen_by_readers(tx: &mut Tx, claims: &[ClaimId]) -> Result<BTreeSet<ClaimId>> {
    let ids: Vec<Uuid> = claims.iter().map(|id| id.0).collect();
    let seen: Vec<ClaimId> = sqlx::query_scalar!(
        r#"select id as "id!: ClaimId" from unnest($1::uuid[]) as claim (id)
            where (select p.body is not null from publication p
                    where p.claim_id = claim.id order by p.number desc limit 1)"#,
        &ids,
    )
    .fetch_all(tx.db())
    .await
    .doing("look which claims readers see")?;
    Ok(seen.into_iter().collect())
}

/// What was published of a claim so far, oldest first.
struct Before {
    slug: Option<String>,
    publications: Vec<(PublicationKind, Option<Body>)>,
}

async fn publications(tx: &mut Tx, id: ClaimId) -> Result<Before> {
    let rows =
        sqlx::query!("select slug, kind, body from publication where claim_id = $1 order by number", id.0)
            .fetch_all(tx.db())
            .await
            .doing("read what was published")?;
    Ok(Before {
        slug: rows.first().map(|row| row.slug.clone()),
        publications: rows
            .into_iter()
            .map(|row| Ok((word("publication", "kind", &row.kind)?, row.body.map(stored_body).transpose()?)))
            .collect::<Result<_>>()?,
    })
}

/// Whether readers see a claim now, whatever stage it is in.
pub(crate) async fn stands_in_public(tx: &mut Tx, id: ClaimId) -> Result<bool> {
    Ok(publications(tx, id).await?.publications.last().is_some_and(|(_, body)| body.is_some()))
}

pub(crate) fn stored_body(body: serde_json::Value) -> Result<Body> {
    serde_json::from_value(body).map_err(|error| Error::Inconsistent {
        table: "publication",
        column: "body",
        what: error.to_string(),
    })
}

fn stored_media(media: Option<serde_json::Value>) -> Result<Vec<AssessedMedia>> {
    // From before media were assessed, and of what is withdrawn, there is none.
    media.map_or(Ok(Vec::new()), serde_json::from_value).map_err(|error| Error::Inconsistent {
        table: "publication",
        column: "body",
        what: error.to_string(),
    })
}

/// What readers are told of the media of a claim; nothing where it is not public.
pub(crate) async fn told_of_media(db: impl sqlx::PgExecutor<'_>, id: ClaimId) -> Result<Vec<AssessedMedia>> {
    let media = sqlx::query_scalar!(
        "select body -> 'media' as media from publication where claim_id = $1 order by number desc limit 1",
        id.0,
    )
    .fetch_optional(db)
    .await
    .doing("read what readers are told of media")?;
    stored_media(media.flatten())
}

/// What readers are told of a claim as it stands in this transaction, and the verdict that says so.
pub(crate) async fn body_of(tx: &mut Tx, id: ClaimId) -> Result<(Body, VerdictId)> {
    let row = sqlx::query!(
        r#"select claim.text, claim.statement, claim.kind, article.title, outlet.name as "outlet?",
                  article.address, article.author, article.published_at, article.language,
                  (select jsonb_agg(body order by position) from measure
                    where measure.claim_id = claim.id) as measures,
                  v.id as "verdict_id!: VerdictId", v.scale, v.scale_version, v.rating, v.rationale,
                  v.figure_text, v.given_at, given.name as "rating_name?", given.meaning as "meaning?",
                  given.tone as "tone?", given.claim_review as "value?"
             from claim
             join article on article.id = claim.article_id
             left join outlet on outlet.id = article.outlet_id
             join verdict v on v.id = claim.verdict_id
             left join rating given on given.scale = v.scale and given.version = v.scale_version and given.key = v.rating
            where claim.id = $1"#,
        id.0,
    )
    .fetch_optional(tx.db())
    .await
    .doing("read what is to be public")?
    .ok_or(Error::NotFound("verdict"))?;
    let measures: Vec<Measure> = crate::claims::measures(row.measures)?;
    let body = Body {
        claim: row.text,
        statement: row.statement,
        language: row.language,
        kind: word("claim", "kind", &row.kind)?,
        figures: measures.iter().map(Measure::described).collect(),
        said_by: said_by(tx, id).await?,
        appearance: Appearance {
            title: row.title,
            outlet: row.outlet,
            address: row.address,
            author: row.author,
            published_at: row.published_at,
        },
        rating: PublishedRating {
            name: row.rating_name.unwrap_or_else(|| row.rating.clone()),
            key: row.rating,
            meaning: row.meaning.unwrap_or_default(),
            tone: row.tone.unwrap_or_else(|| "open".to_owned()),
            scale: row.scale,
            scale_version: row.scale_version,
            value: row.value.and_then(|value| u8::try_from(value).ok()),
        },
        rationale: row.rationale,
        figure: row.figure_text,
        checked_at: row.given_at,
        evidence: evidence(tx, id).await?,
        media: assessed_of(tx.db(), id).await?,
    };
    Ok((body, row.verdict_id))
}

async fn said_by(tx: &mut Tx, id: ClaimId) -> Result<Vec<SaidBy>> {
    sqlx::query!(
        r#"select source.name as "name?", source.kind as "kind?", a.role, a.organisation, a.mention,
                  a.manner, a.polarity
             from attribution a left join source on source.id = a.source_id
            where a.claim_id = $1
            order by a.hop"#,
        id.0,
    )
    .fetch_all(tx.db())
    .await
    .doing("read who said what is to be public")?
    .into_iter()
    .map(|row| {
        Ok(SaidBy {
            name: row.name.unwrap_or(row.mention),
            kind: row.kind.map(|kind| word("source", "kind", &kind)).transpose()?,
            role: row.role,
            organisation: row.organisation,
            manner: word("attribution", "manner", &row.manner)?,
            polarity: word("attribution", "polarity", &row.polarity)?,
        })
    })
    .collect()
}

/// The evidence that was not withdrawn, of the claim and of those whose place it took.
async fn evidence(tx: &mut Tx, id: ClaimId) -> Result<Vec<PublishedEvidence>> {
    sqlx::query!(
        "with recursive whose (id) as (
             select $1::uuid
             union
             select s.claim_id from whose join succession s on s.became_id = whose.id)
         select e.title, e.address, e.excerpt, e.stance
           from evidence e
          where e.claim_id in (select id from whose) and e.withdrawn_at is null
          order by e.added_at, e.id
          limit 200",
        id.0,
    )
    .fetch_all(tx.db())
    .await
    .doing("read the evidence that is to be public")?
    .into_iter()
    .map(|row| {
        Ok(PublishedEvidence {
            title: row.title,
            address: row.address,
            excerpt: row.excerpt,
            stance: word("evidence", "stance", &row.stance)?,
        })
    })
    .collect()
}
