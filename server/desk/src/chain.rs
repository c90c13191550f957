//! The history that proves itself: checkpoints over all its chains, and the check whether anything
//! was changed, taken out, put in or cut off. Hashes are worked out here a second time, with nothing
//! of the database's own functions.

use crate::Desk;
use crate::error::{Doing, Error, Result};
use crate::page::{Cursor, Page};
use chrono::{DateTime, TimeDelta, Utc};
use domain::chain::{self, Checkpoint, Covered, Entry, Hash, NOTHING, Standing, Version, hex};
use domain::id::{AccountId, ClaimId};
use domain::policy::{self, Actor, Audit, Read};
use domain::words::Invalid;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sqlx::PgConnection;
use std::collections::HashMap;
use uuid::Uuid;

/// How long after a checkpoint the worker takes the next one, if anything has happened.
const EVERY: TimeDelta = TimeDelta::hours(1);
/// Tables of which versions are kept: [`Batch::live`] reads each.
pub const CHECKED_TABLES: [&str; 22] = [
    "article",
    "article_snapshot",
    "attribution",
    "claim",
    "claim_link",
    "claim_link_end",
    "comment",
    "comment_resolution",
    "comment_version",
    "copy",
    "correction",
    "evidence",
    "incident",
    "incident_claim",
    "incident_estimate",
    "incident_publication",
    "measure",
    "media_assessment",
    "publication",
    "succession",
    "verdict",
    "verdict_undone",
];
/// How many events are read at once: with what they stand for, some megabytes.
const BATCH: i64 = 2_000;
/// How many findings are kept; whoever has that many knows enough.
const MOST_FINDINGS: usize = 200;

/// The newest checkpoint as it is kept elsewhere. It holds nothing secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    pub format: HeadFormat,
    /// Its number.
    pub checkpoint: i64,
    /// When it was taken.
    pub at: DateTime<Utc>,
    /// How many events it and all before it cover.
    pub events: i64,
    /// The last of them.
    pub up_to: i64,
    /// 64 hexadecimal digits.
    pub hash: String,
}

/// What a head's file says it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum HeadFormat {
    #[serde(rename = "claimdesk.head/1")]
    One,
}

impl std::str::FromStr for Head {
    type Err = Invalid;
    fn from_str(text: &str) -> Result<Self, Invalid> {
        serde_json::from_str(text).map_err(|error| {
            let words =
                format!("This is no head of a history as `claimdesk history head` prints it: {error}.");
            Invalid::new("head", words)
        })
    }
}

/// A checkpoint in a list.
#[derive(Clone, Debug)]
pub struct CheckpointRow {
    pub head: Head,
    /// How many events it covers beyond those of the one before.
    pub events: i64,
    /// `None`: the worker.
    pub by: Option<String>,
}

/// Where something is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// In a chain of events, at the entry with this number.
    Entry {
        of: &'static str,
        chain: Uuid,
        number: i64,
        event: Option<i64>,
    },
    /// In a chain that has no entry which speaks of it.
    Row {
        chain: Uuid,
    },
    /// A text that was read.
    Text(Uuid),
    Checkpoint(i64),
    /// An event that only a checkpoint knows of, or that the checkpoint does not.
    Event {
        event: i64,
        checkpoint: i64,
    },
    /// The head that was kept elsewhere.
    Head,
    /// What guards a table.
    Guard(String),
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Entry { of: "desk", number, event: Some(event), .. } => {
                write!(f, "the desk’s chain, entry {number} (event {event})")
            }
            Self::Entry { of, chain, number, event: Some(event) } => {
                write!(f, "{of} {chain}, entry {number} (event {event})")
            }
            Self::Entry { of, chain, number, event: None } => write!(f, "{of} {chain}, entry {number}"),
            Self::Row { chain } => write!(f, "{chain}"),
            Self::Text(id) => write!(f, "text {id}"),
            Self::Checkpoint(number) => write!(f, "checkpoint {number}"),
            Self::Event { event, checkpoint } => write!(f, "event {event}, checkpoint {checkpoint}"),
            Self::Head => write!(f, "the head that was kept"),
            Self::Guard(trigger) => write!(f, "the guard {trigger}"),
        }
    }
}

/// One thing that is not as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    pub place: Place,
    pub what: String,
    /// The event it concerns, to tell what came first; what concerns none comes last.
    event: i64,
}

impl std::fmt::Display for Finding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.place, self.what)
    }
}

/// What a check has seen.
#[derive(Clone, Debug, Default)]
pub struct Verified {
    pub chains: u64,
    pub events: u64,
    /// Versions of rows that events stand for.
    pub versions: u64,
    pub texts: u64,
    pub checkpoints: u64,
    /// Events that no checkpoint covers yet.
    pub uncovered: i64,
    /// The newest checkpoint.
    pub head: Option<Head>,
    /// The first bad entry first; at most a few hundred.
    pub findings: Vec<Finding>,
}

impl Verified {
    fn found(&mut self, event: Option<i64>, place: Place, what: impl Into<String>) {
        if self.findings.len() < MOST_FINDINGS {
            self.findings.push(Finding { place, what: what.into(), event: event.unwrap_or(i64::MAX) });
        }
    }
}

impl Desk {
    /// Commits to every event that is in: `None` where none came since the last checkpoint.
    ///
    /// # Errors
    /// `Refused` below admin, or where the database fails; `None` for the actor is whoever runs the
    /// machine.
    pub async fn checkpoint(&self, actor: Option<&Actor>) -> Result<Option<Head>> {
        if let Some(actor) = actor {
            let _: policy::Permit<Audit> = policy::permit(actor)?;
        }
        let up_to = self.settled().await?;
        let mut tx = self.begin(actor.map(|actor| actor.id)).await?;
        // One at a time.
        sqlx::query!("select pg_advisory_xact_lock(hashtextextended('claimdesk.checkpoint', 7))")
            .fetch_one(tx.db())
            .await
            .doing("wait for another checkpoint")?;
        let last = newest(tx.db()).await?;
        let (from, number, total) = last.as_ref().map_or((0, 0, 0), |row| (row.up_to, row.number, row.total));
        if up_to <= from {
            tx.commit_nothing_changed().await?;
            return Ok(None);
        }
        let mut covered = Covered::after(from);
        let mut after = from;
        loop {
            let events = hashes(tx.db(), after, up_to).await?;
            let Some((last, _)) = events.last() else { break };
            after = *last;
            for (id, hash) in events {
                covered.event(id, &hash);
            }
        }
        let (events, gaps, content) = covered.end();
        let previous = last.map_or(NOTHING.to_vec(), |row| row.hash);
        let checkpoint = Checkpoint {
            number: number + 1,
            at: tx.now,
            by: actor.map(|actor| actor.id.0),
            up_to,
            events,
            total: total + events,
            gaps: &gaps,
            content: &content,
            previous: &previous,
        };
        let hash = checkpoint.hash();
        sqlx::query!(
            "insert into checkpoint (number, at, by, up_to, events, total, gaps, content, previous, hash)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
            checkpoint.number,
            checkpoint.at,
            checkpoint.by,
            up_to,
            events,
            checkpoint.total,
            &gaps,
            &content[..],
            previous,
            &hash[..],
        )
        .execute(tx.db())
        .await
        .doing("take a checkpoint")?;
        let head = Head {
            format: HeadFormat::One,
            checkpoint: checkpoint.number,
            at: checkpoint.at,
            events: checkpoint.total,
            up_to,
            hash: hex(&hash),
        };
        // A checkpoint is about the history; it is no part of it.
        tx.commit_nothing_changed().await?;
        Ok(Some(head))
    }

    /// Takes a checkpoint where the last one is an hour old and something happened since.
    ///
    /// # Errors
    /// Where the database fails, also where somebody writes for so long that it would have to wait.
    pub async fn checkpoint_when_due(&self) -> Result<Option<Head>> {
        let mut connection = self.pool.acquire().await.doing("connect")?;
        let last = newest(&mut connection).await?;
        drop(connection);
        if last.is_some_and(|last| self.clock.now() - last.at < EVERY) {
            return Ok(None);
        }
        self.checkpoint(None).await
    }

    /// The last event of which it is certain that no event with a smaller id is still to come. Nobody
    /// may write events for the moment in which it is read; not for long, as others wait meanwhile.
    async fn settled(&self) -> Result<i64> {
        sqlx::query_scalar!(r#"select last_settled_event() as "last!""#)
            .fetch_one(&self.pool)
            .await
            .doing("wait for events on their way")
    }

    /// The newest checkpoint, to be kept elsewhere.
    ///
    /// # Errors
    /// `NotFound` before the first, or where the database fails. `None` is whoever runs the machine.
    pub async fn head(&self, actor: Option<&Actor>) -> Result<Head> {
        if let Some(actor) = actor {
            let _: policy::Permit<Read> = policy::permit(actor)?;
        }
        let mut connection = self.pool.acquire().await.doing("connect")?;
        newest(&mut connection).await?.map(Checked::head).ok_or(Error::NotFound("checkpoint yet"))
    }

    /// Checkpoints, newest first, a page at a time, and how many events none of them covers.
    ///
    /// # Errors
    /// `Refused` below admin, or where the database fails.
    pub async fn checkpoints(
        &self,
        actor: &Actor,
        after: Option<Cursor>,
        limit: i64,
    ) -> Result<(Page<CheckpointRow>, i64)> {
        let _: policy::Permit<Audit> = policy::permit(actor)?;
        let limit = limit.clamp(1, 200);
        let rows: Vec<CheckpointRow> = sqlx::query!(
            r#"select c.number, c.at, c.events, c.total, c.up_to, c.hash, account.name as "by?"
                 from checkpoint c left join account on account.id = c.by
                where $1::bigint is null or c.number < $1
                order by c.number desc
                limit $2"#,
            after.map(|cursor| cursor.key),
            limit + 1,
        )
        .fetch_all(&self.pool)
        .await
        .doing("list checkpoints")?
        .into_iter()
        .map(|row| CheckpointRow {
            head: Head {
                format: HeadFormat::One,
                checkpoint: row.number,
                at: row.at,
                events: row.total,
                up_to: row.up_to,
                hash: hex(&row.hash),
            },
            events: row.events,
            by: row.by,
        })
        .collect();
        let uncovered = sqlx::query_scalar!(
            r#"select count(*) as "n!" from (
                   select from event
                    where id > coalesce((select up_to from checkpoint order by number desc limit 1), 0)
                    limit 100000) later"#
        )
        .fetch_one(&self.pool)
        .await
        .doing("count events after the last checkpoint")?;
        let page = Page::of(rows, limit, |row| Cursor { key: row.head.checkpoint, id: Uuid::nil() });
        Ok((page, uncovered))
    }

    /// Leaves an event in each chain whose rows a migration wrote, so that it stands for them.
    pub(crate) async fn renew_records(&self, after: i64) -> Result<()> {
        sqlx::query!(
            "insert into event (at, claim_id, article_id, incident_id, kind, body)
             select $1, claim.id, coalesce(claim.article_id, article.id), incident.id, 'record_renewed',
                    jsonb_build_object('kind', 'record_renewed')
               from (select distinct chain from version
                      where id > $2
                        and id > (select kept from event where event.chain = version.chain order by number desc limit 1)
                      order by chain) written
               left join claim on claim.id = written.chain
               left join article on article.id = written.chain
               left join incident on incident.id = written.chain
              where claim.id is not null or article.id is not null or incident.id is not null
              order by written.chain",
            self.clock.now(),
            after,
        )
        .execute(&self.pool)
        .await
        .doing("note what a migration wrote")?;
        Ok(())
    }

    /// Reads the whole history, or one claim's, and says what is not as it was written. `head` is
    /// what was kept elsewhere; `tell` hears how many events have been read.
    ///
    /// # Errors
    /// `NotFound` for a claim that has no history, or where the database fails.
    pub async fn verify_history(
        &self,
        head: Option<&Head>,
        only: Option<ClaimId>,
        mut tell: impl FnMut(u64),
    ) -> Result<Verified> {
        // All of it as of one moment, while others go on writing.
        let mut tx = self
            .pool
            .pool()
            .begin_with("begin transaction isolation level repeatable read, read only")
            .await
            .doing("begin")?;
        let mut seen = Verified::default();
        guards(&mut tx, &mut seen).await?;
        match only {
            Some(claim) => {
                let batch = Batch { first: claim.0, last: claim.0 };
                batch.check(&mut tx, &mut seen).await?;
                if seen.events == 0 && seen.findings.is_empty() {
                    return Err(Error::NotFound("claim"));
                }
            }
            None => {
                let mut first = Some(Uuid::nil());
                while let Some(from) = first {
                    let batch = Batch::from(&mut tx, from).await?;
                    batch.check(&mut tx, &mut seen).await?;
                    tell(seen.events);
                    first = batch.next();
                }
                texts(&mut tx, &mut seen).await?;
            }
        }
        if only.is_none() || head.is_some() {
            checkpoints(&mut tx, head, &mut seen).await?;
        }
        tx.commit().await.doing("end the check")?;
        seen.findings.sort_by_key(|finding| finding.event);
        Ok(seen)
    }
}

/// A checkpoint as its table has it.
struct Checked {
    number: i64,
    at: DateTime<Utc>,
    by: Option<AccountId>,
    up_to: i64,
    events: i64,
    total: i64,
    gaps: Vec<i64>,
    content: Vec<u8>,
    previous: Vec<u8>,
    hash: Vec<u8>,
}

impl Checked {
    fn head(self) -> Head {
        Head {
            format: HeadFormat::One,
            checkpoint: self.number,
            at: self.at,
            events: self.total,
            up_to: self.up_to,
            hash: hex(&self.hash),
        }
    }

    fn worked_out(&self) -> Hash {
        let Self { number, at, by, up_to, events, total, gaps, content, previous, hash: _ } = self;
        Checkpoint {
            number: *number,
            at: *at,
            by: by.map(|by| by.0),
            up_to: *up_to,
            events: *events,
            total: *total,
            gaps,
            content,
            previous,
        }
        .hash()
    }
}

async fn newest(connection: &mut PgConnection) -> Result<Option<Checked>> {
    sqlx::query_as!(
        Checked,
        r#"select number, at, by as "by: AccountId", up_to, events, total, gaps, content, previous, hash
             from checkpoint order by number desc limit 1"#
    )
    .fetch_optional(connection)
    .await
    .doing("find the last checkpoint")
}

/// Ids and hashes of events after one and up to another, some thousands at a time.
async fn hashes(connection: &mut PgConnection, after: i64, up_to: i64) -> Result<Vec<(i64, Vec<u8>)>> {
    Ok(sqlx::query!(
        "select id, hash from event where id > $1 and id <= $2 order by id limit 20000",
        after,
        up_to,
    )
    .fetch_all(connection)
    .await
    .doing("read events")?
    .into_iter()
    .map(|row| (row.id, row.hash))
    .collect())
}

/// Triggers that are switched off guard nothing.
async fn guards(connection: &mut PgConnection, seen: &mut Verified) -> Result<()> {
    let off = sqlx::query_scalar!(
        r#"select format('%s of %s', t.tgname, c.relname) as "guard!"
             from pg_trigger t join pg_class c on c.oid = t.tgrelid
            where c.relnamespace = 'public'::regnamespace and not t.tgisinternal and t.tgenabled <> 'O'
            order by 1"#
    )
    .fetch_all(connection)
    .await
    .doing("look at the guards")?;
    for guard in off {
        seen.found(None, Place::Guard(guard), "is switched off");
    }
    Ok(())
}

/// Some chains, by their ids; both ends belong to it. Rows that belong to no chain lie in one too.
#[derive(Clone, Copy, Debug)]
struct Batch {
    first: Uuid,
    last: Uuid,
}

struct EventRow {
    id: i64,
    at: DateTime<Utc>,
    actor_id: Option<Uuid>,
    article_id: Option<Uuid>,
    claim_id: Option<Uuid>,
    account_id: Option<Uuid>,
    incident_id: Option<Uuid>,
    kind: String,
    body: String,
    chain: Uuid,
    number: i64,
    previous: Vec<u8>,
    stage: Option<String>,
    rating: Option<String>,
    since: Option<DateTime<Utc>>,
    moved: bool,
    was_stage: Option<String>,
    was_rating: Option<String>,
    was_since: Option<DateTime<Utc>>,
    kept: i64,
    content: Option<Vec<u8>>,
    hash: Vec<u8>,
}

struct VersionRow {
    id: i64,
    chain: Uuid,
    what: String,
    key: String,
    gone: bool,
    row: String,
}

impl VersionRow {
    fn version(&self) -> Version<'_> {
        Version { id: self.id, what: &self.what, key: &self.key, gone: self.gone, row: &self.row }
    }
}

/// A row as its table has it now.
struct LiveRow {
    what: String,
    chain: Uuid,
    key: String,
    row: String,
}

impl EventRow {
    fn entry(&self) -> Entry<'_> {
        Entry {
            chain: self.chain,
            number: self.number,
            previous: &self.previous,
            id: self.id,
            at: self.at,
            actor: self.actor_id,
            article: self.article_id,
            claim: self.claim_id,
            account: self.account_id,
            incident: self.incident_id,
            kind: &self.kind,
            body: &self.body,
            standing: Standing {
                stage: self.stage.as_deref(),
                rating: self.rating.as_deref(),
                since: self.since,
            },
            was: Standing {
                stage: self.was_stage.as_deref(),
                rating: self.was_rating.as_deref(),
                since: self.was_since,
            },
            moved: self.moved,
            kept: self.kept,
            content: self.content.as_deref(),
        }
    }

    fn of(&self) -> &'static str {
        match (self.claim_id, self.article_id, self.account_id, self.incident_id) {
            (Some(_), _, _, _) => "claim",
            (None, Some(_), _, _) => "article",
            (None, None, Some(_), _) => "account",
            (None, None, None, Some(_)) => "incident",
            (None, None, None, None) => "desk",
        }
    }

    fn place(&self) -> Place {
        Place::Entry { of: self.of(), chain: self.chain, number: self.number, event: Some(self.id) }
    }
}

impl Batch {
    /// The chains from one on that have a few thousand events together.
    async fn from(connection: &mut PgConnection, first: Uuid) -> Result<Self> {
        let last = sqlx::query_scalar!(
            "select chain from event where chain >= $1 order by chain, number offset $2 limit 1",
            first,
            BATCH,
        )
        .fetch_optional(connection)
        .await
        .doing("find the next chains")?;
        Ok(Self { first, last: last.unwrap_or(Uuid::max()) })
    }

    /// The id after its last, if there is one.
    fn next(self) -> Option<Uuid> {
        self.last.as_u128().checked_add(1).map(Uuid::from_u128)
    }

    async fn check(self, connection: &mut PgConnection, seen: &mut Verified) -> Result<()> {
        let events = self.events(connection).await?;
        let versions = self.versions(connection).await?;
        let mut live: HashMap<(Uuid, String, String), String> = self
            .live(connection)
            .await?
            .into_iter()
            .map(|live| ((live.chain, live.what, live.key), live.row))
            .collect();
        seen.events += events.len() as u64;
        seen.versions += versions.len() as u64;
        let mut versions = versions.as_slice();
        for chain in events.chunk_by(|one, next| one.chain == next.chain) {
            seen.chains += 1;
            let Some(id) = chain.first().map(|entry| entry.chain) else { continue };
            versions = unowned(versions, |chain| chain < id, seen);
            let own = versions.iter().take_while(|version| version.chain == id).count();
            let (own, rest) = versions.split_at(own);
            versions = rest;
            walk(chain, own, seen);
            compare(chain, own, &mut live, seen);
        }
        unowned(versions, |_| true, seen);
        for (chain, what, key) in live.into_keys() {
            seen.found(None, Place::Row { chain }, format!("the {what} {key} was put in without any entry"));
        }
        Ok(())
    }

    async fn events(self, connection: &mut PgConnection) -> Result<Vec<EventRow>> {
        sqlx::query_as!(
            EventRow,
            r#"select id, at, actor_id, article_id as "article_id: Uuid", claim_id as "claim_id: Uuid",
                      account_id, incident_id as "incident_id: Uuid", kind, body::text as "body!", chain, number, previous, stage, rating, since,
                      moved, was_stage, was_rating, was_since, kept, content, hash
                 from event where chain between $1 and $2 order by chain, number"#,
            self.first,
            self.last,
        )
        .fetch_all(connection)
        .await
        .doing("read the history")
    }

    async fn versions(self, connection: &mut PgConnection) -> Result<Vec<VersionRow>> {
        sqlx::query_as!(
            VersionRow,
            r#"select id, chain, what, key, gone, row::text as "row!"
                 from version where chain between $1 and $2 order by chain, id"#,
            self.first,
            self.last,
        )
        .fetch_all(connection)
        .await
        .doing("read what rows said")
    }

    /// Every table of which versions are kept.
    async fn live(self, connection: &mut PgConnection) -> Result<Vec<LiveRow>> {
        sqlx::query_as!(
            LiveRow,
            r#"select 'article' as "what!", id as "chain!: Uuid", id::text as "key!", to_jsonb(t)::text as "row!"
                 from article t where id between $1 and $2
               union all select 'article_snapshot', article_id, number::text, to_jsonb(t)::text
                 from article_snapshot t where article_id between $1 and $2
               union all select 'claim', id, id::text, (to_jsonb(t) - '{search,urgency}'::text[])::text
                 from claim t where id between $1 and $2
               union all select 'measure', claim_id, position::text, to_jsonb(t)::text
                 from measure t where claim_id between $1 and $2
               union all select 'attribution', claim_id, hop::text, to_jsonb(t)::text
                 from attribution t where claim_id between $1 and $2
               union all select 'correction', claim_id, part, to_jsonb(t)::text
                 from correction t where claim_id between $1 and $2
               union all select 'succession', claim_id, became_id::text, to_jsonb(t)::text
                 from succession t where claim_id between $1 and $2
               union all select 'evidence', claim_id, id::text, to_jsonb(t)::text
                 from evidence t where claim_id between $1 and $2
               union all select 'claim_link', claim_id, id::text, to_jsonb(t)::text
                 from claim_link t where claim_id between $1 and $2
               union all select 'claim_link_end', claim_id, link_id::text, to_jsonb(t)::text
                 from claim_link_end t where claim_id between $1 and $2
               union all select 'publication', claim_id, id::text, to_jsonb(t)::text
                 from publication t where claim_id between $1 and $2
               union all select 'copy', evidence.claim_id, t.id::text, to_jsonb(t)::text
                 from evidence join copy t on t.evidence_id = evidence.id where evidence.claim_id between $1 and $2
               union all select 'media_assessment', evidence.claim_id, t.id::text, to_jsonb(t)::text
                 from evidence join media_assessment t on t.evidence_id = evidence.id
                where evidence.claim_id between $1 and $2
               union all select 'incident', id, id::text, to_jsonb(t)::text
                 from incident t where id between $1 and $2
               union all select 'incident_claim', incident_id, claim_id::text, to_jsonb(t)::text
                 from incident_claim t where incident_id between $1 and $2
               union all select 'incident_estimate', incident_id, id::text, to_jsonb(t)::text
                 from incident_estimate t where incident_id between $1 and $2
               union all select 'incident_publication', incident_id, id::text, to_jsonb(t)::text
                 from incident_publication t where incident_id between $1 and $2
               union all select 'verdict', claim_id, id::text, to_jsonb(t)::text
                 from verdict t where claim_id between $1 and $2
               union all select 'verdict_undone', verdict.claim_id, verdict_id::text, to_jsonb(t)::text
                 from verdict join verdict_undone t on t.verdict_id = verdict.id
                where verdict.claim_id between $1 and $2
               union all select 'comment', claim_id, id::text, to_jsonb(t)::text
                 from comment t where claim_id between $1 and $2
               union all select 'comment_version', comment.claim_id, comment_id || '/' || t.number, to_jsonb(t)::text
                 from comment join comment_version t on t.comment_id = comment.id
                where comment.claim_id between $1 and $2
               union all select 'comment_resolution', comment.claim_id, comment_id || '/' || t.number, to_jsonb(t)::text
                 from comment join comment_resolution t on t.comment_id = comment.id
                where comment.claim_id between $1 and $2"#,
            self.first,
            self.last,
        )
        .fetch_all(connection)
        .await
        .doing("read what rows say now")
    }
}

/// Reports versions, up to a chain, that belong to no chain of events; gives what comes after them.
fn unowned<'a>(
    versions: &'a [VersionRow],
    is_before: impl Fn(Uuid) -> bool,
    seen: &mut Verified,
) -> &'a [VersionRow] {
    let count = versions.iter().take_while(|version| is_before(version.chain)).count();
    let (unowned, rest) = versions.split_at(count);
    for version in unowned.chunk_by(|one, next| one.chain == next.chain).filter_map(<[_]>::first) {
        let what = format!("all its entries are gone; there was a {} {}", version.what, version.key);
        seen.found(None, Place::Row { chain: version.chain }, what);
    }
    rest
}

/// Checks one chain from its first entry to its last.
fn walk(chain: &[EventRow], mut versions: &[VersionRow], seen: &mut Verified) {
    let mut number = 0;
    let mut previous = NOTHING.to_vec();
    let mut last: Option<&EventRow> = None;
    for row in chain {
        let mut wrong = |what: String| seen.found(Some(row.id), row.place(), what);
        let follows = row.number == number + 1;
        if row.chain != Entry::chain_of(row.claim_id, row.article_id, row.account_id, row.incident_id) {
            wrong("stands in a chain that is not its own".to_owned());
        }
        if last.is_some_and(|last| row.id <= last.id) {
            wrong("was moved: it was written before the entry that stands before it".to_owned());
        }
        if row.number <= number {
            wrong("was put in: there is an entry with this number already".to_owned());
        } else if follows && row.previous != previous {
            wrong(
                "does not follow the entry before it: that one was changed, or another put in its place"
                    .to_owned(),
            );
        }
        if row.entry().hash()[..] != row.hash {
            wrong("was changed: it does not give its own hash".to_owned());
        }
        let own = versions.iter().take_while(|version| version.id <= row.kept).count();
        let (own, rest) = versions.split_at(own);
        versions = rest;
        let content = chain::of_versions(own.iter().map(VersionRow::version));
        // After a gap it cannot be told what the entries recorded that are not there.
        if follows && content.as_ref().map(|hash| hash.as_slice()) != row.content.as_deref() {
            wrong(match own.first().zip(own.last()) {
                Some((first, last)) => {
                    format!("what it recorded (versions {} to {}) was changed", first.id, last.id)
                }
                None => "what it recorded was taken out".to_owned(),
            });
        }
        if row.number > number + 1 {
            let first = number + 1;
            let what = match row.number - 1 {
                last if last == first => format!("the entry before it, {first}, was taken out"),
                last => format!("the entries before it, {first} to {last}, were taken out"),
            };
            seen.found(last.map_or(Some(0), |last| Some(last.id + 1)), row.place(), what);
        }
        number = row.number;
        previous.clone_from(&row.hash);
        last = Some(row);
    }
    if let (Some(last), Some(loose)) = (last, versions.first()) {
        let place = Place::Entry { of: last.of(), chain: last.chain, number: number + 1, event: None };
        let what = format!(
            "was taken out: a {} was written (version {}) and no entry speaks of it",
            loose.what, loose.id
        );
        seen.found(Some(last.id + 1), place, what);
    }
}

/// Compares what the entries recorded last of each row with what the tables say, and takes the rows
/// that it knows out of `live`.
fn compare(
    chain: &[EventRow],
    versions: &[VersionRow],
    live: &mut HashMap<(Uuid, String, String), String>,
    seen: &mut Verified,
) {
    let mut newest: HashMap<(&str, &str), &VersionRow> = HashMap::new();
    for version in versions {
        newest.insert((&version.what, &version.key), version);
    }
    let mut newest: Vec<&VersionRow> = newest.into_values().collect();
    newest.sort_by_key(|version| version.id);
    for version in newest {
        let now = live.remove(&(version.chain, version.what.clone(), version.key.clone()));
        let what = match (now, version.gone) {
            (None, true) => continue,
            (None, false) => format!("the {} it recorded is gone", version.what),
            (Some(_), true) => format!("the {} that it recorded as gone is there", version.what),
            (Some(now), false) if now == version.row => continue,
            (Some(now), false) => match differing(&version.row, &now) {
                None => continue,
                Some(fields) => format!("the {} it recorded was changed: {fields}", version.what),
            },
        };
        let by = chain.iter().find(|entry| entry.kept >= version.id);
        let place = by.map_or(Place::Row { chain: version.chain }, EventRow::place);
        seen.found(by.map(|entry| entry.id), place, what);
    }
}

/// Which fields of a row differ from what was recorded. Columns that came later were not recorded,
/// and columns that are no more cannot be compared.
fn differing(recorded: &str, now: &str) -> Option<String> {
    let (Ok(Value::Object(recorded)), Ok(Value::Object(now))) =
        (serde_json::from_str(recorded), serde_json::from_str(now))
    else {
        return Some("it cannot be read".to_owned());
    };
    let short = |value: &Value| {
        let text = value.to_string();
        if text.chars().count() > 60 { text.chars().take(58).chain(['…']).collect() } else { text }
    };
    let fields: Vec<String> = recorded
        .iter()
        .filter_map(|(name, was)| Some((name, was, now.get(name)?)))
        .filter(|(_, was, is)| was != is)
        .map(|(name, was, is)| format!("{name} was {} and is {}", short(was), short(is)))
        .collect();
    (!fields.is_empty()).then(|| fields.join(", "))
}

/// Checks every text against its hash, and that hash against the versions of articles.
async fn texts(connection: &mut PgConnection, seen: &mut Verified) -> Result<()> {
    let mut after = Uuid::nil();
    loop {
        let rows = sqlx::query!(
            r#"select id as "id: Uuid", text, sha256,
                      array(select v.sha256 from article_snapshot v where v.snapshot_id = snapshot.id) as "known!"
                 from snapshot where id > $1 order by id limit 100"#,
            after,
        )
        .fetch_all(&mut *connection)
        .await
        .doing("read texts")?;
        let Some(last) = rows.last() else { return Ok(()) };
        after = last.id;
        seen.texts += rows.len() as u64;
        for row in &rows {
            let hash = chain::of_text(&row.text);
            if row.sha256 != hash || row.known.iter().any(|known| *known != hash) {
                seen.found(
                    None,
                    Place::Text(row.id),
                    "was changed: it does not give the hash it was read under",
                );
            }
        }
    }
}

/// Checks every checkpoint against the one before it and the events it covers, and against the head.
async fn checkpoints(connection: &mut PgConnection, head: Option<&Head>, seen: &mut Verified) -> Result<()> {
    let (mut number, mut up_to, mut total) = (0, 0, 0);
    let mut previous = NOTHING.to_vec();
    let mut headed = false;
    loop {
        let row = sqlx::query_as!(
            Checked,
            r#"select number, at, by as "by: AccountId", up_to, events, total, gaps, content, previous, hash
                 from checkpoint where number > $1 order by number limit 1"#,
            number,
        )
        .fetch_optional(&mut *connection)
        .await
        .doing("read checkpoints")?;
        let Some(row) = row else { break };
        let place = Place::Checkpoint(row.number);
        if row.number != number + 1 {
            let what = format!("the checkpoint before it, {}, was taken out", number + 1);
            seen.found(Some(row.up_to), place.clone(), what);
        } else if row.previous != previous {
            seen.found(Some(row.up_to), place.clone(), "does not follow the checkpoint before it");
        }
        let hash = row.worked_out();
        if row.hash != hash {
            seen.found(Some(row.up_to), place, "was changed: it does not give its own hash");
        }
        recount(connection, &row, up_to, total, seen).await?;
        if let Some(head) = head.filter(|head| head.checkpoint == row.number) {
            headed = true;
            if head.hash != hex(&hash) {
                let what = format!(
                    "checkpoint {} had another hash: the history up to it was written anew",
                    head.checkpoint
                );
                seen.found(None, Place::Head, what);
            }
        }
        (number, up_to, total) = (row.number, row.up_to, row.total);
        previous.clone_from(&row.hash);
        seen.checkpoints += 1;
        seen.head = Some(row.head());
    }
    if let Some(head) = head.filter(|_| !headed) {
        let what = format!(
            "checkpoint {} is not there: the newest of the history, up to event {}, was cut off, or this is another desk",
            head.checkpoint, head.up_to
        );
        seen.found(None, Place::Head, what);
    }
    seen.uncovered = sqlx::query_scalar!(r#"select count(*) as "n!" from event where id > $1"#, up_to)
        .fetch_one(connection)
        .await
        .doing("count events after the last checkpoint")?;
    Ok(())
}

/// Checks what one checkpoint says of the events since the one before it.
async fn recount(
    connection: &mut PgConnection,
    row: &Checked,
    from: i64,
    total: i64,
    seen: &mut Verified,
) -> Result<()> {
    let mut covered = Covered::after(from);
    let mut after = from;
    loop {
        let events = hashes(connection, after, row.up_to).await?;
        let Some((last, _)) = events.last() else { break };
        after = *last;
        for (id, hash) in events {
            covered.event(id, &hash);
        }
    }
    let (events, mut gaps, content) = covered.end();
    if after < row.up_to {
        gaps.extend([after + 1, row.up_to]);
    }
    if gaps != row.gaps {
        let mut differ = |here: &[i64], there: &[i64], what: &str| {
            for event in missing(here, there).take(MOST_FINDINGS) {
                let place = Place::Event { event, checkpoint: row.number };
                seen.found(Some(event), place, what);
            }
        };
        differ(&gaps, &row.gaps, "was taken out: the checkpoint covers it and it is gone");
        differ(&row.gaps, &gaps, "was put in: the checkpoint was taken without it");
    } else if row.content != content || row.events != events || row.total != total + events {
        let what = format!(
            "events {} to {} are not the ones it was taken over: at least one was written anew",
            from + 1,
            row.up_to
        );
        seen.found(Some(row.up_to), Place::Checkpoint(row.number), what);
    }
    Ok(())
}

/// The ids in the gaps `here` that are in no gap `there`.
fn missing<'a>(here: &'a [i64], there: &'a [i64]) -> impl Iterator<Item = i64> + 'a {
    let pairs = |gaps: &'a [i64]| {
        gaps.chunks_exact(2).filter_map(|pair| match pair {
            [first, last] => Some((*first, *last)),
            _ => None,
        })
    };
    pairs(here)
        .flat_map(|(first, last)| first..=last)
        .filter(move |id| !pairs(there).any(|(first, last)| (first..=last).contains(id)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gaps_that_are_new_are_named_one_by_one() {
        assert_eq!(missing(&[3, 5, 9, 9], &[4, 4]).collect::<Vec<_>>(), [3, 5, 9]);
        assert_eq!(missing(&[4, 4], &[3, 5]).count(), 0);
    }

    #[test]
    fn a_column_that_came_later_is_no_change() {
        assert_eq!(differing(r#"{"a": 1}"#, r#"{"a": 1, "b": 2}"#), None);
        assert_eq!(differing(r#"{"a": 1, "gone": 2}"#, r#"{"a": 1}"#), None);
        assert_eq!(differing(r#"{"a": 1}"#, r#"{"a": 2}"#).as_deref(), Some("a was 1 and is 2"));
    }

    #[test]
    fn a_head_reads_back_as_it_was_written() {
        let head = Head {
            format: HeadFormat::One,
            checkpoint: 3,
            at: DateTime::UNIX_EPOCH,
            events: 7,
            up_to: 9,
            hash: hex(&NOTHING),
        };
        let text = serde_json::to_string(&head).expect("written");
        assert!(text.contains("claimdesk.head/1"));
        assert_eq!(text.parse::<Head>(), Ok(head));
        assert!("{}".parse::<Head>().is_err());
        assert!(text.replace("head/1", "head/9").parse::<Head>().is_err());
    }
}
