//! Media assessments: what a picture, a video or a recording among the evidence is found to be.
//! Never changed, only followed by another one or taken back; readers are told with the next publication.

use crate::Desk;
use crate::copies::hexed;
use crate::error::{Difference, Doing, Error, Result, word};
use crate::tx::{About, Once, Tx};
use chrono::{DateTime, Utc};
use domain::copy::MediaType;
use domain::history::Event;
use domain::id::{AssessmentId, ClaimId, CopyId, EvidenceId};
use domain::media::{AssessedMedia, Assessment, Authenticity, Medium};
use domain::policy::{self, Actor, Read, Review};
use domain::words::{Invalid, OriginalContext, Reason, WebAddress};
use std::collections::HashMap;
use uuid::Uuid;

/// An assessment of a piece of evidence as people of the desk see it.
#[derive(Clone, Debug)]
pub struct MediaView {
    pub id: AssessmentId,
    pub evidence: EvidenceId,
    /// 1, 2, …: the highest of its evidence stands.
    pub number: i32,
    pub medium: Medium,
    /// In the order of the set.
    pub categories: Vec<Authenticity>,
    pub address: Option<String>,
    /// The kept copy that is the medium.
    pub copy: Option<CopyId>,
    /// Its hash, in hexadecimal.
    pub sha256: Option<String>,
    pub context: Option<String>,
    pub original: Option<String>,
    pub given_by: String,
    pub given_at: DateTime<Utc>,
    /// That it no longer stands, and nothing was said in its place.
    pub taken_back: Option<AssessmentTakenBack>,
}

impl MediaView {
    /// The number that the next word on the medium has to name: of this one, or of what took it back.
    pub fn last_number(&self) -> i32 {
        self.number + i32::from(self.taken_back.is_some())
    }
}

/// Who took an assessment back, when and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AssessmentTakenBack {
    pub by: String,
    pub reason: String,
    pub at: DateTime<Utc>,
}

/// The last word on a medium, as a change finds it.
struct Last {
    id: AssessmentId,
    number: i32,
    /// `None`: what was said before was taken back.
    medium: Option<String>,
    categories: Option<Vec<String>>,
    address: Option<String>,
    sha256: Option<Vec<u8>>,
    context: Option<String>,
    original: Option<String>,
    by: String,
}

/// A piece of evidence whose medium is assessed.
struct Assessed {
    claim_id: ClaimId,
    title: String,
}

/// Whether there is still anything to do.
enum Begun {
    /// The same request came before, and this is what came of it.
    Before(AssessmentId),
    Now(Tx, Assessed),
}

impl Desk {
    /// Says what the picture, the video or the recording of a piece of evidence is found to be, in
    /// place of what was said of it before. What changes nothing leaves no trace. `seen` is the number
    /// of the assessment that stood, 0 where there was none.
    ///
    /// # Errors
    /// `Refused` below reviewer, `NotFound` where the evidence is not in use, `Invalid` for a copy that
    /// is not of this evidence or cannot be such a medium, `Stale` where another assessment came in.
    pub async fn assess_media(
        &self,
        actor: &Actor,
        evidence: EvidenceId,
        assessment: &Assessment,
        seen: i32,
        once: Option<&Once>,
    ) -> Result<AssessmentId> {
        let (mut tx, row) = match self.begin_assessing(actor, evidence, once).await? {
            Begun::Before(first) => return Ok(first),
            Begun::Now(tx, row) => (tx, row),
        };
        let given = assessment.given();
        let sha256 = match given.copy {
            Some(copy) => Some(pictured(&mut tx, evidence, copy, assessment).await?),
            None => None,
        };
        let categories: Vec<String> = given.categories.iter().map(|one| one.word().to_owned()).collect();
        let address = given.address.as_ref().map(WebAddress::as_str);
        let context = given.context.as_ref().map(OriginalContext::as_str);
        let original = given.original.as_ref().map(WebAddress::as_str);
        let before = last(&mut tx, evidence).await?;
        let number = before.as_ref().map_or(0, |before| before.number);
        if let Some(before) = &before {
            let mut differences = Vec::new();
            let mut compare = |field: &'static str, yours: &str, theirs: &str| {
                if yours != theirs {
                    differences.push(Difference {
                        field,
                        yours: yours.to_owned(),
                        theirs: theirs.to_owned(),
                    });
                }
            };
            compare("medium", given.medium.word(), before.medium.as_deref().unwrap_or_default());
            let stood = before.categories.as_deref().unwrap_or_default();
            compare("categories", &categories.join(", "), &stood.join(", "));
            compare("address", address.unwrap_or_default(), before.address.as_deref().unwrap_or_default());
            let hash = |hash: Option<&[u8]>| hash.map(hexed).unwrap_or_default();
            compare("copy", &hash(sha256.as_deref()), &hash(before.sha256.as_deref()));
            compare("context", context.unwrap_or_default(), before.context.as_deref().unwrap_or_default());
            compare("original", original.unwrap_or_default(), before.original.as_deref().unwrap_or_default());
            if seen != number {
                return Err(Error::Stale { by: before.by.clone(), current: number, differences });
            }
            if differences.is_empty() {
                return Ok(before.id);
            }
        }
        let article = self.extend(&mut tx, actor, row.claim_id).await?;
        let id = AssessmentId(self.new_id());
        let now = tx.now;
        sqlx::query!(
            "insert into media_assessment (id, evidence_id, number, medium, categories, address, sha256, context,
                                           original, given_by, given_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
            id.0,
            evidence.0,
            number + 1,
            given.medium.word(),
            &categories,
            address,
            sha256,
            context,
            original,
            actor.id.0,
            now,
        )
        .execute(tx.db())
        .await
        .doing("assess media")?;
        let instead_of = before.and_then(|before| before.categories);
        let instead_of = instead_of.map(|stood| authenticity(&stood)).transpose()?;
        let event = Event::MediaAssessed {
            title: row.title,
            medium: given.medium,
            categories: given.categories.clone(),
            instead_of,
            context: context.map(str::to_owned),
            original: original.map(str::to_owned),
        };
        tx.event(About::claim(row.claim_id, article), &event).await?;
        tx.made(once, id.0).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// Takes back what the picture, the video or the recording of a piece of evidence was found to be:
    /// nothing stands then. Readers who were told are told with the next publication, as they are of
    /// another assessment. `seen` is the number of the one that stands; gives its id.
    ///
    /// # Errors
    /// `Refused` below reviewer, `NotFound` where the evidence is not in use or nothing stands, `Stale`
    /// where another word came in.
    pub async fn take_back_assessment(
        &self,
        actor: &Actor,
        evidence: EvidenceId,
        seen: i32,
        reason: Reason,
        once: Option<&Once>,
    ) -> Result<AssessmentId> {
        let (mut tx, row) = match self.begin_assessing(actor, evidence, once).await? {
            Begun::Before(first) => return Ok(first),
            Begun::Now(tx, row) => (tx, row),
        };
        let stands = last(&mut tx, evidence).await?.ok_or(Error::NotFound("assessment that stands"))?;
        if stands.number != seen {
            return Err(Error::Stale { by: stands.by, current: stands.number, differences: Vec::new() });
        }
        let (Some(medium), Some(categories)) = (stands.medium, stands.categories) else {
            return Err(Error::NotFound("assessment that stands"));
        };
        let article = self.extend(&mut tx, actor, row.claim_id).await?;
        let now = tx.now;
        sqlx::query!(
            "insert into media_assessment (id, evidence_id, number, reason, given_by, given_at)
             values ($1, $2, $3, $4, $5, $6)",
            self.new_id(),
            evidence.0,
            stands.number + 1,
            reason.as_str(),
            actor.id.0,
            now,
        )
        .execute(tx.db())
        .await
        .doing("take an assessment back")?;
        let event = Event::AssessmentTakenBack {
            title: row.title,
            medium: word("media_assessment", "medium", &medium)?,
            categories: authenticity(&categories)?,
            reason: reason.as_str().to_owned(),
        };
        tx.event(About::claim(row.claim_id, article), &event).await?;
        tx.made(once, stands.id.0).await?;
        tx.commit().await?;
        Ok(stands.id)
    }

    /// Holds a piece of evidence that is in use, to say something of its medium.
    async fn begin_assessing(
        &self,
        actor: &Actor,
        evidence: EvidenceId,
        once: Option<&Once>,
    ) -> Result<Begun> {
        let _: policy::Permit<Review> = policy::permit(actor)?;
        let mut tx = self.begin(Some(actor.id)).await?;
        if let Some(first) = tx.once(once).await? {
            return Ok(Begun::Before(AssessmentId(first)));
        }
        let row = sqlx::query_as!(
            Assessed,
            "select claim_id, title from evidence where id = $1 and withdrawn_at is null for update",
            evidence.0,
        )
        .fetch_optional(tx.db())
        .await
        .doing("read evidence")?
        .ok_or(Error::NotFound("evidence in use"))?;
        Ok(Begun::Now(tx, row))
    }

    /// Every assessment of some pieces of evidence, those that stand first.
    pub(crate) async fn media_of(&self, evidence: &[EvidenceId]) -> Result<Vec<MediaView>> {
        if evidence.is_empty() {
            return Ok(Vec::new());
        }
        let evidence: Vec<Uuid> = evidence.iter().map(|id| id.0).collect();
        self.media_rows(&evidence, None).await
    }

    /// One assessment.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn media_assessment(&self, actor: &Actor, id: AssessmentId) -> Result<MediaView> {
        let _: policy::Permit<Read> = policy::permit(actor)?;
        self.media_rows(&[], Some(id.0)).await?.pop().ok_or(Error::NotFound("assessment"))
    }

    async fn media_rows(&self, evidence: &[Uuid], one: Option<Uuid>) -> Result<Vec<MediaView>> {
        sqlx::query!(
            r#"select a.id as "id: AssessmentId", a.evidence_id as "evidence_id: EvidenceId", a.number,
                      a.medium as "medium!", a.categories as "categories!", a.address, a.sha256, copy.id as "copy?: CopyId", a.context, a.original,
                      account.name as given_by, a.given_at, back.reason as "reason?", back.given_at as "taken_back_at?",
                      taker.name as "taken_back_by?"
                 from media_assessment a
                 join account on account.id = a.given_by
                 left join copy on copy.evidence_id = a.evidence_id and copy.sha256 = a.sha256
                 left join media_assessment back on back.evidence_id = a.evidence_id and back.number = a.number + 1
                                                and back.reason is not null
                 left join account taker on taker.id = back.given_by
                where (a.evidence_id = any($1) or a.id = $2) and a.reason is null
                order by a.number desc, a.evidence_id
                limit 500"#,
            evidence,
            one,
        )
        .fetch_all(&self.pool)
        .await
        .doing("read media assessments")?
        .into_iter()
        .map(|row| {
            Ok(MediaView {
                id: row.id,
                evidence: row.evidence_id,
                number: row.number,
                medium: word("media_assessment", "medium", &row.medium)?,
                categories: authenticity(&row.categories)?,
                address: row.address,
                copy: row.copy,
                sha256: row.sha256.as_deref().map(hexed),
                context: row.context,
                original: row.original,
                given_by: row.given_by,
                given_at: row.given_at,
                taken_back: match (row.taken_back_by, row.reason, row.taken_back_at) {
                    (Some(by), Some(reason), Some(at)) => Some(AssessmentTakenBack { by, reason, at }),
                    _ => None,
                },
            })
        })
        .collect()
    }
}

/// The hash of a copy that is to be the medium itself.
async fn pictured(
    tx: &mut Tx,
    evidence: EvidenceId,
    copy: CopyId,
    assessment: &Assessment,
) -> Result<Vec<u8>> {
    let row = sqlx::query!(
        "select c.sha256, f.media_type from copy c join copy_file f on f.sha256 = c.sha256
          where c.id = $1 and c.evidence_id = $2",
        copy.0,
        evidence.0,
    )
    .fetch_optional(tx.db())
    .await
    .doing("look for a copy")?
    .ok_or_else(|| Invalid::new("copy", "Choose a copy of this piece of evidence."))?;
    let media_type: MediaType = word("copy_file", "media_type", &row.media_type)?;
    assessment.may_be(media_type)?;
    Ok(row.sha256)
}

/// The last word on the medium of a piece of evidence.
async fn last(tx: &mut Tx, evidence: EvidenceId) -> Result<Option<Last>> {
    sqlx::query_as!(
        Last,
        r#"select a.id as "id: AssessmentId", a.number, a.medium, a.categories, a.address, a.sha256, a.context,
                  a.original, account.name as by
             from media_assessment a join account on account.id = a.given_by
            where a.evidence_id = $1
            order by a.number desc
            limit 1"#,
        evidence.0,
    )
    .fetch_optional(tx.db())
    .await
    .doing("read a media assessment")
}

/// What stands of the media among the evidence in use, for each of these claims: their own evidence,
/// and that of the claims whose place they took.
pub(crate) async fn assessed(
    db: impl sqlx::PgExecutor<'_>,
    claims: &[Uuid],
) -> Result<HashMap<ClaimId, Vec<AssessedMedia>>> {
    let rows = sqlx::query!(
        r#"with recursive whose (root, id) as (
               select id, id from unnest($1::uuid[]) as asked (id)
               union
               select whose.root, s.claim_id from whose join succession s on s.became_id = whose.id)
           select whose.root as "claim!: ClaimId", e.id as "evidence!: EvidenceId", e.title as "title!", a.number as "number!",
                  a.medium as "medium!", a.categories as "categories!", a.address as "address?", a.sha256 as "sha256?",
                  f.media_type as "media_type?", a.context as "context?", a.original as "original?", a.given_at as "given_at!"
             from whose
             join evidence e on e.claim_id = whose.id
            cross join lateral (select * from media_assessment m
                                 where m.evidence_id = e.id order by m.number desc limit 1) a
             left join copy_file f on f.sha256 = a.sha256
            where e.withdrawn_at is null and a.reason is null
            order by e.added_at, e.id
            limit 2000"#,
        claims,
    )
    .fetch_all(db)
    .await
    .doing("read what media were found to be")?;
    let mut of_claims: HashMap<ClaimId, Vec<AssessedMedia>> = HashMap::new();
    for row in rows {
        let assessed = AssessedMedia {
            evidence: row.evidence,
            number: row.number,
            title: row.title,
            medium: word("media_assessment", "medium", &row.medium)?,
            categories: authenticity(&row.categories)?,
            address: row.address,
            sha256: row.sha256.as_deref().map(hexed),
            media_type: row.media_type.map(|kind| word("copy_file", "media_type", &kind)).transpose()?,
            context: row.context,
            original: row.original,
            assessed_at: row.given_at,
        };
        of_claims.entry(row.claim).or_default().push(assessed);
    }
    Ok(of_claims)
}

/// What stands of the media of one claim.
pub(crate) async fn assessed_of(db: impl sqlx::PgExecutor<'_>, claim: ClaimId) -> Result<Vec<AssessedMedia>> {
    Ok(assessed(db, &[claim.0]).await?.remove(&claim).unwrap_or_default())
}

fn authenticity(words: &[String]) -> Result<Vec<Authenticity>> {
    words.iter().map(|one| word("media_assessment", "categories", one)).collect()
}
