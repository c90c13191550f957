//! The settings of the desk: kept in memory, because nearly every change asks them, and read again
//! when they change.

use crate::Desk;
use crate::error::{Difference, Doing, Error, Result};
use crate::to_settle::{before_changing, mark_all};
use crate::tx::{About, Tries, Tx};
use chrono::{DateTime, Utc};
use domain::desk_policy::{Change, DeskPolicy};
use domain::history::Event;
use domain::policy::{self, Actor, ManageDesk, Read};
use domain::words::{Invalid, Reason};
use phrase::phrase;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};

/// The settings that hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CurrentPolicy {
    /// 0 before anybody set anything: the program's defaults.
    pub version: i32,
    pub body: DeskPolicy,
}

/// A change of the settings, as it was made.
#[derive(Clone, Debug)]
pub struct PolicyVersion {
    pub version: i32,
    pub by: String,
    pub at: DateTime<Utc>,
    pub reason: String,
    pub changes: Vec<Change>,
}

/// The settings in memory, shared by the clones of a desk.
#[derive(Debug, Default)]
pub(crate) struct Kept(RwLock<Option<(Arc<CurrentPolicy>, Instant)>>);

/// A process that does not listen for changes asks again after this long. Decisions do not rest
/// on it: a change that asks the policy compares versions in its own transaction.
const TRUSTED: Duration = Duration::from_secs(15);

impl Kept {
    fn get(&self) -> Option<Arc<CurrentPolicy>> {
        let kept = self.0.read().unwrap_or_else(PoisonError::into_inner);
        kept.as_ref().filter(|(_, since)| since.elapsed() < TRUSTED).map(|(policy, _)| policy.clone())
    }

    fn set(&self, policy: Arc<CurrentPolicy>) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Some((policy, Instant::now()));
    }

    /// Forgets the settings: they may have changed.
    pub(crate) fn forget(&self) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

impl Desk {
    /// The settings of the desk, from memory where they are known.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn policy(&self) -> Result<Arc<CurrentPolicy>> {
        if let Some(kept) = self.policy.get() {
            return Ok(kept);
        }
        let mut connection = self.pool.acquire().await.doing("read the desk's policy")?;
        let policy = Arc::new(read(&mut connection).await?);
        self.policy.set(policy.clone());
        Ok(policy)
    }

    /// The settings that hold, to decide by in a transaction: from memory where the version there
    /// is the newest one.
    pub(crate) async fn policy_in(&self, tx: &mut Tx) -> Result<Arc<CurrentPolicy>> {
        let newest = sqlx::query_scalar!(
            r#"select coalesce((select version from desk_policy order by version desc limit 1), 0) as "newest!""#,
        )
        .fetch_one(tx.db())
        .await
        .doing("look for a newer policy")?;
        if let Some(kept) = self.policy.get().filter(|kept| kept.version == newest) {
            return Ok(kept);
        }
        let policy = Arc::new(read(tx.db()).await?);
        self.policy.set(policy.clone());
        Ok(policy)
    }

    /// Reads the settings afresh the next time: for who is about to change them.
    pub fn look_at_policy_again(&self) {
        self.policy.forget();
    }

    /// Sets the desk's policy as a new version; gives its number. What changes nothing leaves no
    /// trace and gives the number that holds.
    ///
    /// # Errors
    /// `Refused` below admin, `Invalid` for what no desk can hold to, `Stale` with what differs
    /// where it was changed since `seen`.
    pub async fn set_policy(
        &self,
        actor: &Actor,
        policy: DeskPolicy,
        seen: i32,
        reason: &Reason,
    ) -> Result<i32> {
        let _: policy::Permit<ManageDesk> = policy::permit(actor)?;
        let policy = policy.checked()?;
        let mut tries = Tries::default();
        loop {
            let done = self.try_policy(actor, &policy, seen, reason).await;
            if !tries.again(&done) {
                return done;
            }
        }
    }

    async fn try_policy(
        &self,
        actor: &Actor,
        policy: &DeskPolicy,
        seen: i32,
        reason: &Reason,
    ) -> Result<i32> {
        let mut tx = self.begin(Some(actor.id)).await?;
        before_changing(&mut tx).await?;
        let before = read(tx.db()).await?;
        let changes = policy.changes_from(&before.body);
        if before.version != seen {
            return Err(stale(&mut tx, before.version, changes).await?);
        }
        if changes.is_empty() {
            return Ok(before.version);
        }
        let body = serde_json::to_value(policy).map_err(|error| Error::Task(error.to_string()))?;
        let now = tx.now;
        let set = sqlx::query_scalar!(
            "insert into desk_policy (version, body, set_by, set_at, reason) values ($1, $2, $3, $4, $5)
             on conflict (version) do nothing returning version",
            seen + 1,
            body,
            actor.id.0,
            now,
            reason.as_str(),
        )
        .fetch_optional(tx.db())
        .await
        .doing("set the desk's policy")?;
        let Some(version) = set else {
            // Somebody else set the same version this moment, and it is in now.
            let now = read(tx.db()).await?;
            let changes = policy.changes_from(&now.body);
            return Err(stale(&mut tx, now.version, changes).await?);
        };
        if policy.to_settle != before.body.to_settle {
            mark_all(&mut tx, &policy.to_settle).await?;
        }
        let event = Event::PolicyChanged { version, changes, reason: reason.as_str().to_owned() };
        tx.event(About::default(), &event).await?;
        tx.commit().await?;
        self.policy.forget();
        Ok(version)
    }

    /// The last changes of the settings, newest first.
    ///
    /// # Errors
    /// `Refused` for nobody, or where the database fails.
    pub async fn policy_versions(&self, actor: &Actor) -> Result<Vec<PolicyVersion>> {
        let _: policy::Permit<Read> = policy::permit(actor)?;
        // One more than is shown, to say what the oldest of them changed.
        let rows = sqlx::query!(
            "select version, body, account.name as by, set_at, reason
               from desk_policy join account on account.id = desk_policy.set_by
              order by version desc
              limit 51",
        )
        .fetch_all(&self.pool)
        .await
        .doing("read what the desk's policy was")?;
        let bodies = rows
            .iter()
            .map(|row| parsed(row.body.clone()))
            .chain([Ok(DeskPolicy::default())])
            .collect::<Result<Vec<_>>>()?;
        Ok(rows
            .into_iter()
            .zip(bodies.windows(2))
            .take(50)
            .map(|(row, bodies)| PolicyVersion {
                version: row.version,
                by: row.by,
                at: row.set_at,
                reason: row.reason,
                changes: match bodies {
                    [after, before] => after.changes_from(before),
                    _ => Vec::new(),
                },
            })
            .collect())
    }
}

/// The settings as they are in a transaction.
pub(crate) async fn read(db: &mut sqlx::PgConnection) -> Result<CurrentPolicy> {
    let row = sqlx::query!("select version, body from desk_policy order by version desc limit 1")
        .fetch_optional(db)
        .await
        .doing("read the desk's policy")?;
    match row {
        Some(row) => Ok(CurrentPolicy { version: row.version, body: parsed(row.body)? }),
        None => Ok(CurrentPolicy { version: 0, body: DeskPolicy::default() }),
    }
}

fn parsed(body: serde_json::Value) -> Result<DeskPolicy> {
    serde_json::from_value(body).map_err(|error| Error::Inconsistent {
        table: "desk_policy",
        column: "body",
        what: error.to_string(),
    })
}

async fn stale(tx: &mut Tx, current: i32, changes: Vec<Change>) -> Result<Error> {
    let by = sqlx::query_scalar!(
        "select account.name from desk_policy join account on account.id = desk_policy.set_by where version = $1",
        current,
    )
    .fetch_optional(tx.db())
    .await
    .doing("look up who set the desk's policy")?;
    let Some(by) = by else {
        return Ok(Invalid::new("version", phrase!("The policy is at version {current}.")).into());
    };
    let differences = changes
        .into_iter()
        .map(|change| Difference {
            field: "policy",
            yours: format!("{}: {}", change.setting, change.after),
            theirs: format!("{}: {}", change.setting, change.before),
        })
        .collect();
    Ok(Error::Stale { by, current, differences })
}
