//! One use case, one transaction, at least one event.

use crate::error::{Doing, Error, Result};
use chrono::{DateTime, Utc};
use domain::history::Event;
use domain::id::{AccountId, ArticleId, ClaimId, IncidentId};
use domain::words::Invalid;
use sqlx::{PgConnection, Postgres, Transaction};
use uuid::Uuid;

/// What an event is about.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct About {
    pub article: Option<ArticleId>,
    pub claim: Option<ClaimId>,
    pub account: Option<AccountId>,
    pub incident: Option<IncidentId>,
}

impl About {
    pub fn claim(claim: ClaimId, article: ArticleId) -> Self {
        Self { claim: Some(claim), article: Some(article), ..Self::default() }
    }

    pub fn article(article: ArticleId) -> Self {
        Self { article: Some(article), ..Self::default() }
    }

    pub fn account(account: AccountId) -> Self {
        Self { account: Some(account), ..Self::default() }
    }

    pub fn incident(incident: IncidentId) -> Self {
        Self { incident: Some(incident), ..Self::default() }
    }
}

/// A request that must have its effect once, however often it is sent.
#[derive(Clone, Debug)]
pub struct Once {
    /// What the client calls it.
    pub key: String,
    /// SHA-256 of the request.
    pub request: [u8; 32],
}

/// A change is done again where the database ended its transaction because it and others waited for
/// each other. Claims are held in the order of their ids, so that this is rare; what is counted in
/// several articles at once has no such order.
#[derive(Default)]
pub(crate) struct Tries(u8);

impl Tries {
    const MOST: u8 = 3;

    /// Whether to do it again.
    pub fn again<T>(&mut self, done: &Result<T>) -> bool {
        self.0 += 1;
        self.0 < Self::MOST && matches!(done, Err(error) if error.was_in_the_way())
    }
}

/// Does something again where others were in the way; each time anew, in a transaction of its own.
macro_rules! tried {
    ($attempt:expr) => {{
        let mut tries = crate::tx::Tries::default();
        loop {
            let done = $attempt.await;
            if !tries.again(&done) {
                break done;
            }
        }
    }};
}
pub(crate) use tried;

/// Waits until no other transaction changes the same thing, which nobody may hold as a row: it is only
/// ever added to.
pub(crate) async fn one_after_another(tx: &mut Tx, what: &str, key: &str) -> Result<()> {
    sqlx::query!("select pg_advisory_xact_lock(hashtextextended($1, 7))", format!("claimdesk.{what} {key}"))
        .fetch_one(tx.db())
        .await
        .doing("wait for another change")?;
    Ok(())
}

pub(crate) struct Tx {
    inner: Transaction<'static, Postgres>,
    pub now: DateTime<Utc>,
    actor: Option<AccountId>,
    events: usize,
    /// What people are told of when it is done.
    to_tell: Vec<(About, Event)>,
}

impl Tx {
    pub(crate) fn new(
        inner: Transaction<'static, Postgres>,
        actor: Option<AccountId>,
        now: DateTime<Utc>,
    ) -> Self {
        Self { inner, now, actor, events: 0, to_tell: Vec::new() }
    }

    pub fn db(&mut self) -> &mut PgConnection {
        &mut self.inner
    }

    /// Leaves one event.
    pub async fn event(&mut self, about: About, event: &Event) -> Result<()> {
        self.events(&[(about, event.clone())]).await
    }

    /// Leaves many events with one statement, after all they tell of has been written: the database
    /// chains each to the one before it and to what was written since. For that it holds the claim,
    /// the article or the account that the event is about, so a transaction that leaves events about
    /// an article and its claims takes the article first.
    pub async fn events(&mut self, events: &[(About, Event)]) -> Result<()> {
        let articles: Vec<Option<Uuid>> = events.iter().map(|(a, _)| a.article.map(|id| id.0)).collect();
        let claims: Vec<Option<Uuid>> = events.iter().map(|(a, _)| a.claim.map(|id| id.0)).collect();
        let accounts: Vec<Option<Uuid>> = events.iter().map(|(a, _)| a.account.map(|id| id.0)).collect();
        let incidents: Vec<Option<Uuid>> = events.iter().map(|(a, _)| a.incident.map(|id| id.0)).collect();
        let kinds: Vec<String> = events.iter().map(|(_, e)| e.kind().to_owned()).collect();
        let bodies = events
            .iter()
            .map(|(_, e)| serde_json::to_value(e))
            .collect::<Result<Vec<_>, _>>()
            .map_err(|error| Error::Task(error.to_string()))?;
        sqlx::query!(
            "insert into event (at, actor_id, article_id, claim_id, account_id, incident_id, kind, body)
             select $1, $2, e.article_id, e.claim_id, e.account_id, e.incident_id, e.kind, e.body
               from unnest($3::uuid[], $4::uuid[], $5::uuid[], $6::uuid[], $7::text[], $8::jsonb[])
                 as e (article_id, claim_id, account_id, incident_id, kind, body)",
            self.now,
            self.actor.map(|id| id.0),
            &articles as &[Option<Uuid>],
            &claims as &[Option<Uuid>],
            &accounts as &[Option<Uuid>],
            &incidents as &[Option<Uuid>],
            &kinds,
            &bodies,
        )
        .execute(&mut *self.inner)
        .await
        .doing("write the history")?;
        crate::incidents::look_after(self, events).await?;
        self.events += events.len();
        self.to_tell.extend_from_slice(events);
        Ok(())
    }

    /// Claims an idempotency key for this transaction. `Some` is the id that the first request
    /// with this key made: the caller answers with it and changes nothing. A second request that
    /// comes while the first is under way waits here for it.
    pub async fn once(&mut self, once: Option<&Once>) -> Result<Option<Uuid>> {
        let (Some(once), Some(actor)) = (once, self.actor) else { return Ok(None) };
        if once.key.is_empty() || once.key.len() > 255 || once.key.contains('\0') {
            return Err(
                Invalid::new("idempotency_key", "Use a key of 1 to 255 characters, such as a UUID.").into()
            );
        }
        let fresh = sqlx::query!(
            "insert into idempotency_key (account_id, key, request, at) values ($1, $2, $3, $4)
             on conflict (account_id, key) do nothing",
            actor.0,
            once.key,
            &once.request[..],
            self.now,
        )
        .execute(&mut *self.inner)
        .await
        .doing("claim an idempotency key")?
        .rows_affected()
            == 1;
        if fresh {
            return Ok(None);
        }
        let first = sqlx::query!(
            "select request, result from idempotency_key where account_id = $1 and key = $2",
            actor.0,
            once.key,
        )
        .fetch_one(&mut *self.inner)
        .await
        .doing("read an idempotency key")?;
        if first.request != once.request {
            return Err(Error::KeyReused);
        }
        Ok(first.result)
    }

    /// Keeps what the request with this key made.
    pub async fn made(&mut self, once: Option<&Once>, result: Uuid) -> Result<()> {
        let (Some(once), Some(actor)) = (once, self.actor) else { return Ok(()) };
        sqlx::query!(
            "update idempotency_key set result = $3 where account_id = $1 and key = $2",
            actor.0,
            once.key,
            result,
        )
        .execute(&mut *self.inner)
        .await
        .doing("keep an idempotency key")?;
        Ok(())
    }

    /// From here on it is this person who acts: they were not known when it began.
    pub fn act_as(&mut self, actor: AccountId) {
        self.actor = Some(actor);
    }

    /// Commits, whether or not there was something to change.
    pub async fn commit_what_there_is(self) -> Result<()> {
        self.inner.commit().await.doing("commit")
    }

    /// Commits a transaction that found nothing to change.
    pub async fn commit_nothing_changed(self) -> Result<()> {
        debug_assert!(self.events == 0, "an event says that something changed");
        self.inner.commit().await.doing("commit")
    }

    /// Who acts; `None`: the system itself.
    pub fn actor(&self) -> Option<AccountId> {
        self.actor
    }

    pub async fn commit(mut self) -> Result<()> {
        debug_assert!(self.events > 0, "every change leaves an event");
        let to_tell = std::mem::take(&mut self.to_tell);
        self.tell(&to_tell).await?;
        self.inner.commit().await.doing("commit")
    }
}
