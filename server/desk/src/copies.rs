//! Copies of evidence: what was attached or pasted, kept byte for byte outside the database, and
//! looked at again. A row is there only once its content is.

mod checks;
mod files;
mod sniff;

pub use checks::{BrokenCopy, CopiesStanding, Looked, RunView};
pub use files::{Files, Kept};

use crate::Desk;
use crate::error::{Doing, Error, Result, word};
use crate::tx::{About, Once, Tx};
use bytes::Bytes;
use chrono::{DateTime, Utc};
use domain::copy::{self, FileName, MediaType, Outcome};
use domain::history::Event;
use domain::id::{CopyId, EvidenceId};
use domain::policy::{self, Actor, Read, Review};
use domain::words::WebAddress;
use futures_util::Stream;
use futures_util::stream::BoxStream;
use std::fmt::Display;
use uuid::Uuid;

/// What is said of a copy as it is handed in.
#[derive(Clone, Debug, Default)]
pub struct CopyForm {
    /// What the sender called the file.
    pub name: Option<FileName>,
    /// Where it was captured.
    pub address: Option<WebAddress>,
    /// When; now where nothing is said.
    pub captured: Option<DateTime<Utc>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AddedCopy {
    pub id: CopyId,
    pub how: Attached,
}

/// What became of a copy that was handed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Attached {
    New,
    /// The evidence had a copy of this very content already.
    Known,
    /// It had, and its file was broken: it is sound again.
    Mended,
}

/// A copy as people see it.
#[derive(Clone, Debug)]
pub struct CopyView {
    pub id: CopyId,
    pub evidence: EvidenceId,
    /// In hexadecimal.
    pub sha256: String,
    pub bytes: u64,
    pub media_type: MediaType,
    /// For text: whether it is UTF-8.
    pub is_utf8: bool,
    pub name: Option<String>,
    pub address: Option<String>,
    pub captured_at: DateTime<Utc>,
    pub added_by: String,
    pub added_at: DateTime<Utc>,
    /// What the last look at it found, and when.
    pub outcome: Outcome,
    pub checked_at: DateTime<Utc>,
}

/// A copy to be sent: what is altered meanwhile breaks off before its end.
pub struct CopyContent {
    pub copy: CopyView,
    pub pieces: BoxStream<'static, std::io::Result<Bytes>>,
}

impl Desk {
    /// Takes the content of a copy in, piece by piece, and keeps it durably. Nothing is attached yet:
    /// content that never is, is swept after a day.
    ///
    /// # Errors
    /// `Refused` below reviewer, `NotFound` where the evidence is not in use, `Invalid` for `field`
    /// where the content is empty, too large, of a kind that is not kept, or breaks off.
    pub async fn keep_content<E: Display>(
        &self,
        actor: &Actor,
        evidence: EvidenceId,
        field: &'static str,
        pieces: impl Stream<Item = Result<Bytes, E>> + Send + Unpin,
    ) -> Result<Kept> {
        let _: policy::Permit<Review> = policy::permit(actor)?;
        sqlx::query_scalar!(
            r#"select true as "there!" from evidence where id = $1 and withdrawn_at is null"#,
            evidence.0
        )
        .fetch_optional(&self.pool)
        .await
        .doing("look for evidence")?
        .ok_or(Error::NotFound("evidence in use"))?;
        self.files.keep(self.new_id(), field, pieces).await
    }

    /// Attaches content that was kept to a piece of evidence. The same content twice is one copy.
    ///
    /// # Errors
    /// `Refused` below reviewer, `NotFound` where the evidence is not in use, `Invalid` for a moment
    /// of capture that cannot be, `Unavailable` where the content was swept meanwhile.
    pub async fn add_copy(
        &self,
        actor: &Actor,
        evidence: EvidenceId,
        kept: Kept,
        form: CopyForm,
        once: Option<&Once>,
    ) -> Result<AddedCopy> {
        let _: policy::Permit<Review> = policy::permit(actor)?;
        let captured = copy::captured(form.captured, self.clock.now())?;
        let mut tx = self.begin(Some(actor.id)).await?;
        if let Some(first) = tx.once(once).await? {
            return Ok(AddedCopy { id: CopyId(first), how: Attached::New });
        }
        hold_content(&mut tx, kept.sha256).await?;
        if !self.files.is_there(kept.sha256, kept.bytes).await? {
            return Err(Error::CopyBroken(Outcome::Missing));
        }
        let mended = self.keep_file(&mut tx, &kept).await?;
        let row = sqlx::query!(
            "select claim_id, title from evidence where id = $1 and withdrawn_at is null for share",
            evidence.0
        )
        .fetch_optional(tx.db())
        .await
        .doing("read evidence")?
        .ok_or(Error::NotFound("evidence in use"))?;
        let article = self.extend(&mut tx, actor, row.claim_id).await?;
        let (id, now) = (CopyId(self.new_id()), tx.now);
        let is_new = sqlx::query!(
            "insert into copy (id, evidence_id, sha256, original_name, address, captured_at, added_by, added_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8)
             on conflict on constraint copy_evidence_sha256_key do nothing",
            id.0,
            evidence.0,
            &kept.sha256[..],
            form.name.as_ref().map(FileName::as_str),
            form.address.as_ref().map(WebAddress::as_str),
            captured,
            actor.id.0,
            now,
        )
        .execute(tx.db())
        .await
        .doing("add a copy")?
        .rows_affected()
            == 1;
        if !is_new {
            let id = sqlx::query_scalar!(
                "select id from copy where evidence_id = $1 and sha256 = $2",
                evidence.0,
                &kept.sha256[..]
            )
            .fetch_one(tx.db())
            .await
            .doing("look for a copy")?;
            tx.made(once, id.0).await?;
            let how = if mended { Attached::Mended } else { Attached::Known };
            if mended {
                tx.commit().await?
            } else {
                tx.commit_nothing_changed().await?
            }
            return Ok(AddedCopy { id, how });
        }
        sqlx::query!(
            "insert into copy_check (copy_id, at, outcome, found_sha256, found_bytes, asked_by)
             values ($1, $2, 'intact', $3, $4, $5)",
            id.0,
            now,
            &kept.sha256[..],
            signed(kept.bytes),
            actor.id.0,
        )
        .execute(tx.db())
        .await
        .doing("note that a copy was read back")?;
        tx.made(once, id.0).await?;
        let event = Event::CopyAdded {
            title: row.title,
            media_type: kept.media_type,
            bytes: kept.bytes,
            sha256: files::hex(kept.sha256),
        };
        tx.event(About::claim(row.claim_id, article), &event).await?;
        tx.commit().await?;
        Ok(AddedCopy { id, how: Attached::New })
    }

    /// Notes content that was kept. True where it was known and broken: the upload mended it.
    async fn keep_file(&self, tx: &mut Tx, kept: &Kept) -> Result<bool> {
        let now = tx.now;
        let is_new = sqlx::query!(
            "insert into copy_file (sha256, bytes, media_type, is_utf8, kept_at, outcome, checked_at)
             values ($1, $2, $3, $4, $5, 'intact', $5)
             on conflict (sha256) do nothing",
            &kept.sha256[..],
            signed(kept.bytes),
            kept.media_type.word(),
            kept.is_utf8,
            now,
        )
        .execute(tx.db())
        .await
        .doing("note the content of a copy")?
        .rows_affected()
            == 1;
        if is_new {
            return Ok(false);
        }
        checks::mend(tx, kept).await
    }

    /// The copies of some pieces of evidence, oldest first.
    ///
    /// # Errors
    /// `Refused` for nobody, or where the database fails.
    pub async fn copies(&self, actor: &Actor, evidence: &[EvidenceId]) -> Result<Vec<CopyView>> {
        let _: policy::Permit<Read> = policy::permit(actor)?;
        let evidence: Vec<Uuid> = evidence.iter().map(|id| id.0).collect();
        self.copy_rows(&evidence, None).await
    }

    /// The copies of one piece of evidence.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn copies_of(&self, actor: &Actor, evidence: EvidenceId) -> Result<Vec<CopyView>> {
        let copies = self.copies(actor, &[evidence]).await?;
        if copies.is_empty() {
            sqlx::query_scalar!(r#"select true as "there!" from evidence where id = $1"#, evidence.0)
                .fetch_optional(&self.pool)
                .await
                .doing("look for evidence")?
                .ok_or(Error::NotFound("evidence"))?;
        }
        Ok(copies)
    }

    /// # Errors
    /// `NotFound`.
    pub async fn copy(&self, actor: &Actor, id: CopyId) -> Result<CopyView> {
        let _: policy::Permit<Read> = policy::permit(actor)?;
        self.copy_rows(&[], Some(id.0)).await?.pop().ok_or(Error::NotFound("copy"))
    }

    /// Opens a copy to be sent.
    ///
    /// # Errors
    /// `NotFound`; `CopyBroken` where the last look found, or this one finds, something else than
    /// what was kept.
    pub async fn open_copy(&self, actor: &Actor, id: CopyId) -> Result<CopyContent> {
        let copy = self.copy(actor, id).await?;
        if copy.outcome != Outcome::Intact {
            return Err(Error::CopyBroken(copy.outcome));
        }
        let sha256 = files::unhex(&copy.sha256).ok_or_else(|| Error::Inconsistent {
            table: "copy",
            column: "sha256",
            what: copy.sha256.clone(),
        })?;
        let pieces = self.files.open(sha256, copy.bytes).await?.map_err(Error::CopyBroken)?;
        Ok(CopyContent { copy, pieces })
    }

    async fn copy_rows(&self, evidence: &[Uuid], copy: Option<Uuid>) -> Result<Vec<CopyView>> {
        sqlx::query!(
            "select c.id, c.evidence_id, c.sha256, f.bytes, f.media_type, f.is_utf8, c.original_name, c.address,
                    c.captured_at, account.name as added_by, c.added_at, f.outcome, f.checked_at
               from copy c
               join copy_file f on f.sha256 = c.sha256
               join account on account.id = c.added_by
              where c.evidence_id = any($1) or c.id = $2
              order by c.added_at, c.id
              limit 2000",
            evidence,
            copy,
        )
        .fetch_all(&self.pool)
        .await
        .doing("read copies")?
        .into_iter()
        .map(|row| {
            Ok(CopyView {
                id: row.id,
                evidence: row.evidence_id,
                sha256: hash("copy", row.sha256).map(files::hex)?,
                bytes: row.bytes.unsigned_abs(),
                media_type: word("copy_file", "media_type", &row.media_type)?,
                is_utf8: row.is_utf8,
                name: row.original_name,
                address: row.address,
                captured_at: row.captured_at,
                added_by: row.added_by,
                added_at: row.added_at,
                outcome: word("copy_file", "outcome", &row.outcome)?,
                checked_at: row.checked_at,
            })
        })
        .collect()
    }
}

/// Keeps content from being swept, and sweepers from content that is just being attached, until the
/// transaction ends.
async fn hold_content(tx: &mut Tx, sha256: [u8; 32]) -> Result<()> {
    let [a, b, c, d, e, f, g, h, ..] = sha256;
    let lock = i64::from_be_bytes([a, b, c, d, e, f, g, h]);
    sqlx::query!("select pg_advisory_xact_lock($1)", lock)
        .fetch_one(tx.db())
        .await
        .doing("hold the content of a copy")?;
    Ok(())
}

/// A hash as a column has it, in hexadecimal.
pub(crate) fn hexed(hash: &[u8]) -> String {
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn hash(table: &'static str, bytes: Vec<u8>) -> Result<[u8; 32]> {
    bytes.try_into().map_err(|bytes: Vec<u8>| Error::Inconsistent {
        table,
        column: "sha256",
        what: format!("{} bytes", bytes.len()),
    })
}

/// As Postgres counts; nothing that is kept comes near the end of it.
fn signed(bytes: u64) -> i64 {
    i64::try_from(bytes).unwrap_or(i64::MAX)
}
