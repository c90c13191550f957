//! Looking at what was kept: on demand, and all of it every night. Any number of workers share a
//! run: each takes one file at a time, and a file is taken by one of them. Where a worker dies, its
//! file is taken by another some minutes later, and the run goes on where it stood.

use super::files::{Look, hex};
use super::{CopyView, Kept, hash, hold_content, signed};
use crate::Desk;
use crate::db::Anew;
use crate::error::{Doing, Error, Result, word};
use crate::page::{Cursor, Page};
use crate::tx::{About, Once, Tx};
use chrono::{DateTime, NaiveTime, TimeDelta, Utc};
use domain::copy::Outcome;
use domain::history::Event;
use domain::id::{AccountId, ClaimId, CopyId, EvidenceId};
use domain::policy::{self, Actor, KeepCopies, Review};
use futures_util::TryStreamExt as _;
use std::time::Duration;
use uuid::Uuid;

/// The hour, UTC, at which the nightly look begins.
const NIGHT_HOUR: u32 = 2;
/// How long a worker may take over one file before another takes it: many times what the largest
/// takes.
const CLAIM: TimeDelta = TimeDelta::minutes(10);
const PATIENCE: Duration = Duration::from_secs(9 * 60);
/// How long content may lie unattached. An upload and its row are seconds apart.
const UNATTACHED: TimeDelta = TimeDelta::hours(24);

/// One file that was looked at in a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Looked {
    /// In hexadecimal.
    pub sha256: String,
    pub outcome: Outcome,
}

/// A look at everything.
#[derive(Clone, Debug)]
pub struct RunView {
    /// Who asked for it; `None` for the nightly one, and for whoever runs the machine.
    pub asked_by: Option<String>,
    pub is_nightly: bool,
    pub started_at: DateTime<Utc>,
    pub finished_at: Option<DateTime<Utc>>,
    pub checked: u64,
    pub broken: u64,
    /// Why it does not get on.
    pub trouble: Option<String>,
}

/// How all copies stand.
#[derive(Clone, Debug)]
pub struct CopiesStanding {
    pub copies: u64,
    /// Different content, and how much of it.
    pub files: u64,
    pub bytes: u64,
    pub broken: u64,
    /// The one under way.
    pub running: Option<RunView>,
    /// The last one that ended.
    pub last: Option<RunView>,
    /// Where they are kept.
    pub place: String,
}

/// A copy that is not what was kept.
#[derive(Clone, Debug)]
pub struct BrokenCopy {
    pub id: CopyId,
    pub claim: ClaimId,
    pub evidence: EvidenceId,
    pub title: String,
    /// In hexadecimal.
    pub sha256: String,
    pub name: Option<String>,
    pub outcome: Outcome,
    pub checked_at: DateTime<Utc>,
}

impl Desk {
    /// Looks at one copy now, and says what was found.
    ///
    /// # Errors
    /// `Refused` below reviewer, `NotFound`, `Unavailable` where the store cannot be reached.
    pub async fn verify_copy(&self, actor: &Actor, id: CopyId, once: Option<&Once>) -> Result<CopyView> {
        let _: policy::Permit<Review> = policy::permit(actor)?;
        let row = sqlx::query!(
            "select f.sha256, f.bytes from copy c join copy_file f on f.sha256 = c.sha256 where c.id = $1",
            id.0
        )
        .fetch_optional(&self.pool)
        .await
        .doing("look for a copy")?
        .ok_or(Error::NotFound("copy"))?;
        let sha256 = hash("copy_file", row.sha256)?;
        let look = self.files.look(sha256, row.bytes.unsigned_abs()).await?;
        let mut tx = self.begin(Some(actor.id)).await?;
        if tx.once(once).await?.is_some() {
            return self.copy(actor, id).await;
        }
        let before = lock_file(&mut tx, sha256).await?;
        note(&mut tx, sha256, before, look, Some((actor.id, id))).await?;
        tx.made(once, id.0).await?;
        tx.commit().await?;
        self.copy(actor, id).await
    }

    /// Asks for a look at everything, and says which run it is; workers take it from there. A run
    /// that is under way begins again. Without an actor it is whoever runs the machine.
    ///
    /// # Errors
    /// `Refused` below admin, or where the database fails.
    pub async fn ask_for_check(&self, actor: Option<&Actor>) -> Result<Uuid> {
        if let Some(actor) = actor {
            let _: policy::Permit<KeepCopies> = policy::permit(actor)?;
        }
        let by = actor.map(|actor| actor.id);
        let mut tx = self.begin(by).await?;
        let now = tx.now;
        let run = sqlx::query_scalar!(
            "insert into copy_run (id, since, asked_by, started_at) values ($1, $2, $3, $2)
             on conflict ((finished_at is null)) where finished_at is null
             do update set since = excluded.since, asked_by = excluded.asked_by
             returning id",
            self.new_id(),
            now,
            by.map(|id| id.0),
        )
        .fetch_one(tx.db())
        .await
        .doing("ask for a look at all copies")?;
        let about = About { account: by, ..About::default() };
        tx.event(about, &Event::CopiesCheckAsked).await?;
        tx.commit().await?;
        Ok(run)
    }

    /// Begins the nightly run, where the night has come, nobody has begun it, and something was kept
    /// before it.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn begin_nightly_check(&self) -> Result<bool> {
        let now = self.clock.now();
        let night = last_night(now);
        let begun = sqlx::query!(
            "insert into copy_run (id, since, started_at)
             select $1, $2, $3
              where exists (select from copy_file where checked_at < $2)
                and not exists (select from copy_run where since >= $2)
             on conflict do nothing",
            self.new_id(),
            night,
            now,
        )
        .execute(&self.pool)
        .await
        .doing("begin the nightly look at the copies")?
        .rows_affected();
        Ok(begun == 1)
    }

    /// Looks at the next file of the run under way, and says what was found; `None` where there is no
    /// run, or others look at the last files of it.
    ///
    /// # Errors
    /// Where the database or the store of copies cannot be reached; the file stays due.
    pub async fn check_next(&self) -> Result<Option<Looked>> {
        loop {
            let run = sqlx::query!("select id, since from copy_run where finished_at is null")
                .fetch_optional(&self.pool)
                .await
                .doing("look for a run")?;
            let Some(run) = run else { return Ok(None) };
            let me = self.new_id();
            let Some((sha256, bytes)) = self.take_due(run.since, me).await? else {
                self.finish_run(run.id).await?;
                return Ok(None);
            };
            let look = match tokio::time::timeout(PATIENCE, self.files.look(sha256, bytes)).await {
                Ok(Ok(look)) => look,
                Ok(Err(error)) => {
                    self.leave_file(run.id, sha256, me, &error).await?;
                    return Err(error);
                }
                Err(_) => Look::nothing(Outcome::Unreadable),
            };
            if self.note_in_run(run.id, sha256, me, look).await? {
                return Ok(Some(Looked { sha256: hex(sha256), outcome: look.outcome }));
            }
            // Somebody else has looked at it meanwhile.
        }
    }

    /// Takes the file that was not looked at for longest, so that no other worker takes it.
    async fn take_due(&self, since: DateTime<Utc>, me: Uuid) -> Result<Option<([u8; 32], u64)>> {
        let now = self.clock.now();
        sqlx::query!(
            "update copy_file set claimed_by = $3, claimed_until = $4
              where sha256 = (
                    select sha256 from copy_file
                     where checked_at < $1 and (claimed_until is null or claimed_until <= $2)
                     order by checked_at, sha256
                     limit 1
                       for update skip locked)
             returning sha256, bytes",
            since,
            now,
            me,
            now + CLAIM,
        )
        .fetch_optional(&self.pool)
        .await
        .doing("take the next file of copies")?
        .map(|row| Ok((hash("copy_file", row.sha256)?, row.bytes.unsigned_abs())))
        .transpose()
    }

    async fn leave_file(&self, run: Uuid, sha256: [u8; 32], me: Uuid, why: &Error) -> Result<()> {
        sqlx::query!(
            "update copy_file set claimed_by = null, claimed_until = null where sha256 = $1 and claimed_by = $2",
            &sha256[..],
            me,
        )
        .execute(&self.pool)
        .await
        .doing("give a file of copies back")?;
        sqlx::query!("update copy_run set trouble = $2 where id = $1", run, why.to_string())
            .execute(&self.pool)
            .await
            .doing("note why a run does not get on")?;
        Ok(())
    }

    /// Writes down what was found; false where the file is not this worker's any more.
    async fn note_in_run(&self, run: Uuid, sha256: [u8; 32], me: Uuid, look: Look) -> Result<bool> {
        let mut tx = self.begin(None).await?;
        let mine = sqlx::query_scalar!(
            "select outcome from copy_file where sha256 = $1 and claimed_by = $2 for update",
            &sha256[..],
            me,
        )
        .fetch_optional(tx.db())
        .await
        .doing("lock a file of copies")?;
        let Some(before) = mine else { return Ok(false) };
        let is_news = note(&mut tx, sha256, word("copy_file", "outcome", &before)?, look, None).await?;
        sqlx::query!(
            "update copy_run set checked = checked + 1, broken = broken + $2, trouble = null where id = $1",
            run,
            i64::from(look.outcome != Outcome::Intact),
        )
        .execute(tx.db())
        .await
        .doing("count a file of copies")?;
        // That nothing has changed is kept with the copy; the history tells what has.
        if is_news {
            tx.commit().await?
        } else {
            tx.commit_nothing_changed().await?
        }
        Ok(true)
    }

    /// Ends a run of which nothing is left.
    async fn finish_run(&self, run: Uuid) -> Result<()> {
        let mut tx = self.begin(None).await?;
        let now = tx.now;
        let ended = sqlx::query!(
            "update copy_run set finished_at = $2, trouble = null
              where id = $1 and finished_at is null
                and not exists (select from copy_file where checked_at < copy_run.since)
             returning checked, broken",
            run,
            now,
        )
        .fetch_optional(tx.db())
        .await
        .doing("end a run")?;
        let Some(ended) = ended else { return tx.commit_nothing_changed().await };
        let event = Event::CopiesChecked {
            checked: ended.checked.unsigned_abs(),
            broken: ended.broken.unsigned_abs(),
        };
        tx.event(About::default(), &event).await?;
        tx.commit().await
    }

    /// Deletes content that was kept and never attached: its request failed in between. Says how
    /// much.
    ///
    /// # Errors
    /// Where the database or the store of copies cannot be reached.
    pub async fn sweep_content(&self) -> Result<u64> {
        let before = self.clock.now() - UNATTACHED;
        let mut swept = self.files.sweep_incoming(before).await?;
        let mut old = self.files.older_than(before)?.try_ready_chunks(500);
        loop {
            let chunk = match old.try_next().await {
                Ok(Some(chunk)) => chunk,
                Ok(None) => return Ok(swept),
                Err(broken_off) => return Err(broken_off.1),
            };
            let hashes: Vec<Vec<u8>> = chunk.iter().map(|sha256| sha256.to_vec()).collect();
            let unattached = sqlx::query_scalar!(
                r#"select there.sha256 as "sha256!" from unnest($1::bytea[]) as there (sha256)
                    where not exists (select from copy_file f where f.sha256 = there.sha256)"#,
                &hashes,
            )
            .fetch_all(&self.pool)
            .await
            .doing("look for what no copy is of")?;
            for sha256 in unattached {
                swept += u64::from(self.sweep_one(hash("copy_file", sha256)?).await?);
            }
        }
    }

    async fn sweep_one(&self, sha256: [u8; 32]) -> Result<bool> {
        let mut tx = self.begin(None).await?;
        hold_content(&mut tx, sha256).await?;
        let is_attached = sqlx::query_scalar!(
            r#"select exists (select from copy_file where sha256 = $1) as "is_attached!""#,
            &sha256[..]
        )
        .fetch_one(tx.db())
        .await
        .doing("look for what no copy is of")?;
        if !is_attached {
            self.files.delete(sha256).await?;
        }
        tx.commit_nothing_changed().await?;
        Ok(!is_attached)
    }

    /// How all copies stand.
    ///
    /// # Errors
    /// `Refused` below admin, or where the database fails.
    pub async fn copies_standing(&self, actor: &Actor) -> Result<CopiesStanding> {
        let _: policy::Permit<KeepCopies> = policy::permit(actor)?;
        let row = sqlx::query!(
            r#"select coalesce(sum(copies), 0)::bigint as "copies!", coalesce(sum(files), 0)::bigint as "files!",
                      coalesce(sum(bytes), 0)::bigint as "bytes!", coalesce(sum(broken), 0)::bigint as "broken!"
                 from copy_tally"#
        )
        .fetch_one(&self.pool)
        .await
        .doing("count the copies")?;
        Ok(CopiesStanding {
            copies: row.copies.unsigned_abs(),
            files: row.files.unsigned_abs(),
            bytes: row.bytes.unsigned_abs(),
            broken: row.broken.unsigned_abs(),
            running: self.run(None, false).await?,
            last: self.run(None, true).await?,
            place: self.files.shown().to_owned(),
        })
    }

    /// A run that was asked for.
    ///
    /// # Errors
    /// `NotFound`, or where the database fails.
    pub async fn check_run(&self, id: Uuid) -> Result<RunView> {
        match self.run(Some(id), false).await? {
            Some(run) => Ok(run),
            None => self.run(Some(id), true).await?.ok_or(Error::NotFound("run")),
        }
    }

    async fn run(&self, id: Option<Uuid>, is_finished: bool) -> Result<Option<RunView>> {
        let row = sqlx::query!(
            r#"select account.name as "asked_by?", r.since < r.started_at as "is_nightly!", r.started_at, r.finished_at, r.checked, r.broken, r.trouble
                 from copy_run r left join account on account.id = r.asked_by
                where ($1::uuid is null or r.id = $1) and (r.finished_at is not null) = $2
                order by r.since desc
                limit 1"#,
            id,
            is_finished,
        )
        .fetch_optional(&self.pool)
        .await
        .doing("read a run")?;
        Ok(row.map(|row| RunView {
            asked_by: row.asked_by,
            is_nightly: row.is_nightly,
            started_at: row.started_at,
            finished_at: row.finished_at,
            checked: row.checked.unsigned_abs(),
            broken: row.broken.unsigned_abs(),
            trouble: row.trouble,
        }))
    }

    /// The copies that are not what was kept, those looked at last first. Without an actor it is
    /// whoever runs the machine.
    ///
    /// # Errors
    /// `Refused` below admin, `Invalid` for a cursor that no list gave out.
    pub async fn broken_copies(
        &self,
        actor: Option<&Actor>,
        after: Option<Cursor>,
        limit: i64,
    ) -> Result<Page<BrokenCopy>> {
        if let Some(actor) = actor {
            let _: policy::Permit<KeepCopies> = policy::permit(actor)?;
        }
        let moment = after.map(|cursor| cursor.moment()).transpose()?;
        let rows = sqlx::query!(
            "select c.id, e.claim_id, c.evidence_id, e.title, c.sha256, c.original_name, f.outcome, f.checked_at
               from copy_file f
               join copy c on c.sha256 = f.sha256
               join evidence e on e.id = c.evidence_id
              where f.outcome <> 'intact'
                and ($1::timestamptz is null or (f.checked_at, c.id) < ($1, $2))
              order by f.checked_at desc, c.id desc
              limit $3",
            moment,
            after.map(|cursor| cursor.id),
            limit + 1,
        )
        .fetch_all(Anew(&self.pool))
        .await
        .doing("list the broken copies")?;
        let rows = rows
            .into_iter()
            .map(|row| {
                Ok(BrokenCopy {
                    id: row.id,
                    claim: row.claim_id,
                    evidence: row.evidence_id,
                    title: row.title,
                    sha256: hex(hash("copy", row.sha256)?),
                    name: row.original_name,
                    outcome: word("copy_file", "outcome", &row.outcome)?,
                    checked_at: row.checked_at,
                })
            })
            .collect::<Result<Vec<_>>>()?;
        Ok(Page::of(rows, limit, |row| Cursor { key: row.checked_at.timestamp_micros(), id: row.id.0 }))
    }
}

/// When the night last began.
fn last_night(now: DateTime<Utc>) -> DateTime<Utc> {
    let hour = NaiveTime::from_hms_opt(NIGHT_HOUR, 0, 0).unwrap_or(NaiveTime::MIN);
    let today = now.date_naive().and_time(hour).and_utc();
    if today <= now { today } else { today - TimeDelta::days(1) }
}

/// Whether content that was just kept anew had been broken: then it is sound again.
pub(super) async fn mend(tx: &mut Tx, kept: &Kept) -> Result<bool> {
    let before = lock_file(tx, kept.sha256).await?;
    if before == Outcome::Intact {
        return Ok(false);
    }
    let look = Look { outcome: Outcome::Intact, sha256: Some(kept.sha256), bytes: Some(kept.bytes) };
    note(tx, kept.sha256, before, look, None).await
}

/// Holds a file until the transaction ends; gives what was last found of it.
async fn lock_file(tx: &mut Tx, sha256: [u8; 32]) -> Result<Outcome> {
    let outcome =
        sqlx::query_scalar!("select outcome from copy_file where sha256 = $1 for update", &sha256[..])
            .fetch_one(tx.db())
            .await
            .doing("lock a file of copies")?;
    word("copy_file", "outcome", &outcome)
}

/// Writes down what was found of a file that is held, with every copy of it, and tells the history of
/// each claim where that is news: it changed, or somebody asked. True where it told any.
async fn note(
    tx: &mut Tx,
    sha256: [u8; 32],
    before: Outcome,
    look: Look,
    asked: Option<(AccountId, CopyId)>,
) -> Result<bool> {
    let now = tx.now;
    sqlx::query!(
        "update copy_file set outcome = $2, checked_at = $3, claimed_by = null, claimed_until = null where sha256 = $1",
        &sha256[..],
        look.outcome.word(),
        now,
    )
    .execute(tx.db())
    .await
    .doing("note what was found of a copy")?;
    let found = look.sha256.map(|sha256| sha256.to_vec());
    sqlx::query!(
        "insert into copy_check (copy_id, at, outcome, found_sha256, found_bytes, asked_by)
         select id, $2, $3, $4, $5, $6 from copy where sha256 = $1 order by id",
        &sha256[..],
        now,
        look.outcome.word(),
        found,
        look.bytes.map(signed),
        asked.map(|(by, _)| by.0),
    )
    .execute(tx.db())
    .await
    .doing("keep what was found of a copy")?;
    let copies = sqlx::query!(
        "select c.id, e.title, e.claim_id, claim.article_id
           from copy c
           join evidence e on e.id = c.evidence_id
           join claim on claim.id = e.claim_id
          where c.sha256 = $1
          order by e.claim_id, c.id",
        &sha256[..]
    )
    .fetch_all(tx.db())
    .await
    .doing("look for the copies of a file")?;
    let has_changed = before != look.outcome;
    let found_sha256 = look.sha256.filter(|found| *found != sha256).map(hex);
    let events: Vec<(About, Event)> = copies
        .into_iter()
        .filter(|copy| has_changed || asked.is_some_and(|(_, id)| id == copy.id))
        .map(|copy| {
            let about = About::claim(copy.claim_id, copy.article_id);
            let event = Event::CopyChecked {
                title: copy.title,
                sha256: hex(sha256),
                outcome: look.outcome,
                found_sha256: found_sha256.clone(),
            };
            (about, event)
        })
        .collect();
    if events.is_empty() {
        return Ok(false);
    }
    tx.events(&events).await?;
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_night_begins_at_two() {
        let moment = |text: &str| text.parse::<DateTime<Utc>>().expect("a moment");
        assert_eq!(last_night(moment("2026-03-12T02:00:00Z")), moment("2026-03-12T02:00:00Z"));
        assert_eq!(last_night(moment("2026-03-12T23:59:59Z")), moment("2026-03-12T02:00:00Z"));
        assert_eq!(last_night(moment("2026-03-12T01:59:59Z")), moment("2026-03-11T02:00:00Z"));
    }
}
