//! People: signing in, passwords, roles.

use crate::Desk;
use crate::error::{Doing, Error, OnConstraint, Result, storable, word};
use crate::tx::{About, Tx};
use argon2::Argon2;
use argon2::password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString};
use chrono::{DateTime, TimeDelta, Utc};
use domain::history::Event;
use domain::id::AccountId;
use domain::policy::{self, Actor, ManageAccounts, OwnAccount, Role};
use domain::words::{Email, Invalid, NewPassword, PersonName};
use std::net::IpAddr;
use std::sync::LazyLock;

/// What a person types to sign in. The password is not shown by `Debug`.
#[derive(Clone)]
pub struct SignIn {
    pub email: String,
    pub password: String,
    pub address: IpAddr,
}

impl std::fmt::Debug for SignIn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SignIn").finish_non_exhaustive()
    }
}

/// An account that may act, and the proof a session must carry to act as it: it changes with the
/// password and when the person signs out everywhere.
#[derive(Clone, Debug)]
pub struct SignedIn {
    pub actor: Actor,
    pub email: String,
    pub proof: Vec<u8>,
    /// The desk's policy asks this person for a second factor, and they have none: they may set it
    /// up and do nothing else.
    pub must_enrol: bool,
    /// Claims that something happened to which the person has not read, [`crate::MOST_COUNTED`] at most;
    /// 0 where they sign in this moment.
    pub unread: i64,
}

/// How far somebody who signs in has come.
#[derive(Clone, Debug)]
pub enum Entry {
    In(SignedIn),
    /// A code is asked for before anything else is possible.
    Code(HalfIn),
}

/// Who has done the first step of signing in and may do nothing but the second.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
pub struct HalfIn {
    pub account: AccountId,
    /// As in [`SignedIn`]: what changes the account meanwhile ends the attempt.
    pub proof: Vec<u8>,
    /// What the first step was, for the history.
    pub how: String,
}

/// How somebody who is signed in shows that it is still they who sit there.
pub struct Again {
    pub password: String,
    /// Whether they signed in a moment ago, which is all that can be asked of who has no password.
    pub just_signed_in: bool,
    pub from: IpAddr,
}

/// An account in the list of accounts.
#[derive(Clone, Debug)]
pub struct AccountRow {
    pub id: AccountId,
    pub email: String,
    pub name: String,
    pub role: Role,
    pub created_at: DateTime<Utc>,
    pub disabled_at: Option<DateTime<Utc>>,
    pub last_sign_in_at: Option<DateTime<Utc>>,
    /// Since when signing in takes a code; `None` where it does not.
    pub second_factor_since: Option<DateTime<Utc>>,
    /// Claims under this person's lease.
    pub held: i64,
}

/// Failures within this time count.
const WINDOW: TimeDelta = TimeDelta::minutes(15);
/// Failures for one account before it has to wait: enough for a forgotten password, far too few
/// to guess one.
const PER_ACCOUNT: i64 = 5;
/// Failures from one address: a newsroom behind one address makes more typing errors than one
/// person.
const PER_ADDRESS: i64 = 30;

/// Verified against when there is no such account, so that the answer takes as long as for one.
static NOBODY: LazyLock<String> = LazyLock::new(|| hash_now("nobody has this password").unwrap_or_default());

impl Desk {
    /// Checks e-mail address and password. Who has a second factor is not in yet.
    ///
    /// # Errors
    /// `WrongPassword` for an unknown or disabled account as for a wrong password; `Throttled`
    /// after too many failures for the account or from the address.
    pub async fn sign_in(&self, sign_in: SignIn) -> Result<Entry> {
        let email: String = storable(sign_in.email.trim()).to_lowercase().chars().take(254).collect();
        let attempt = self.attempt(&email, sign_in.address).await?;
        let row = sqlx::query!(
            r#"select id, email, name, role, password_hash, session_epoch,
                      exists (select from second_factor
                               where account_id = account.id and confirmed_at is not null) as "takes_code!"
                 from account where email = $1 and disabled_at is null"#,
            email,
        )
        .fetch_optional(&self.pool)
        .await
        .doing("look up an account")?;
        let hash = row.as_ref().map(|row| row.password_hash.clone()).filter(|hash| is_password(hash));
        let has_password = hash.is_some();
        let right = verify(sign_in.password, hash.unwrap_or_else(|| NOBODY.clone())).await? && has_password;
        let Some(row) = row.filter(|_| right) else { return Err(Error::WrongPassword) };
        self.forget_attempt(attempt).await?;
        let how = "the password".to_owned();
        let proof = proof(&row.password_hash, row.session_epoch);
        if row.takes_code {
            return Ok(Entry::Code(HalfIn { account: row.id, proof, how }));
        }
        let mut tx = self.begin(Some(row.id)).await?;
        note_sign_in(&mut tx, row.id, &how).await?;
        tx.commit().await?;
        let role: Role = word("account", "role", &row.role)?;
        Ok(Entry::In(SignedIn {
            proof,
            must_enrol: self.policy().await?.body.asks_for_second_factor(role),
            actor: Actor { id: row.id, name: row.name, role },
            email: row.email,
            unread: 0,
        }))
    }

    /// Counts a try to sign in as a failure until [`Self::forget_attempt`]: guesses sent all at once
    /// are counted before the first of them is answered.
    pub(crate) async fn attempt(&self, email: &str, from: IpAddr) -> Result<i64> {
        let now = self.clock.now();
        let address = from.to_string();
        let attempt = sqlx::query_scalar!(
            "insert into sign_in_failure (email, address, at) values ($1, $2::text::inet, $3) returning id",
            email,
            address,
            now,
        )
        .fetch_one(&self.pool)
        .await
        .doing("note an attempt to sign in")?;
        let failures = sqlx::query!(
            r#"select (select count(*) from sign_in_failure
                        where email = $1 and at > $3 and id <> $4) as "of_account!",
                      (select count(*) from sign_in_failure
                        where address = $2::text::inet and at > $3 and id <> $4) as "of_address!""#,
            email,
            address,
            now - WINDOW,
            attempt,
        )
        .fetch_one(&self.pool)
        .await
        .doing("count failed sign-ins")?;
        if failures.of_account >= PER_ACCOUNT || failures.of_address >= PER_ADDRESS {
            // Not counted: who waits is let in after the time that the message names.
            self.forget_attempt(attempt).await?;
            return Err(Error::Throttled { minutes: WINDOW.num_minutes() });
        }
        Ok(attempt)
    }

    /// As [`Self::attempt`], for who is known: codes and passwords are counted together.
    pub(crate) async fn attempt_of(&self, id: AccountId, from: IpAddr) -> Result<i64> {
        let email = sqlx::query_scalar!("select email from account where id = $1", id.0)
            .fetch_optional(&self.pool)
            .await
            .doing("look up an account")?
            .ok_or(Error::NotFound("account"))?;
        self.attempt(&email, from).await
    }

    /// Whether it is still the person who signed in that sits there.
    ///
    /// # Errors
    /// `Invalid` where it is not shown, `Throttled` after too many tries.
    pub(crate) async fn ask_again(&self, actor: &Actor, again: Again) -> Result<()> {
        let hash = sqlx::query_scalar!("select password_hash from account where id = $1", actor.id.0)
            .fetch_optional(&self.pool)
            .await
            .doing("look up an account")?
            .ok_or(Error::NotFound("account"))?;
        if !is_password(&hash) {
            return if again.just_signed_in {
                Ok(())
            } else {
                Err(Invalid::new("signed_in", "Sign out, sign in again and come back within ten minutes.")
                    .into())
            };
        }
        let attempt = self.attempt_of(actor.id, again.from).await?;
        if !verify(again.password, hash).await? {
            return Err(Invalid::new("password", "This is not your present password.").into());
        }
        self.forget_attempt(attempt).await
    }

    pub(crate) async fn forget_attempt(&self, attempt: i64) -> Result<()> {
        sqlx::query!("delete from sign_in_failure where id = $1", attempt)
            .execute(&self.pool)
            .await
            .doing("forget an attempt to sign in")?;
        Ok(())
    }

    /// The account of a session; `None` once it is disabled.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn signed_in(&self, id: AccountId) -> Result<Option<SignedIn>> {
        let row = sqlx::query!(
            r#"select id, email, name, role, password_hash, session_epoch,
                      exists (select from second_factor
                               where account_id = account.id and confirmed_at is not null) as "takes_code!",
                      (select count(*) from (select from notification
                        where account_id = account.id and is_unread limit $2) as unread) as "unread!"
                 from account where id = $1 and disabled_at is null"#,
            id.0,
            crate::notify::MOST_COUNTED,
        )
        .fetch_optional(&self.pool)
        .await
        .doing("look up an account")?;
        let Some(row) = row else { return Ok(None) };
        let role: Role = word("account", "role", &row.role)?;
        Ok(Some(SignedIn {
            proof: proof(&row.password_hash, row.session_epoch),
            must_enrol: !row.takes_code && self.policy().await?.body.asks_for_second_factor(role),
            actor: Actor { id: row.id, name: row.name, role },
            email: row.email,
            unread: row.unread,
        }))
    }

    /// The account with an address, for the command line.
    ///
    /// # Errors
    /// `NotFound` where there is none in use.
    pub async fn actor_by_email(&self, email: &Email) -> Result<Actor> {
        let row = sqlx::query!(
            "select id, name, role from account where email = $1 and disabled_at is null",
            email.as_str(),
        )
        .fetch_optional(&self.pool)
        .await
        .doing("look up an account")?
        .ok_or(Error::NotFound("account"))?;
        Ok(Actor { id: row.id, name: row.name, role: word("account", "role", &row.role)? })
    }

    /// Changes one's own password and signs out everywhere else.
    ///
    /// # Errors
    /// `Invalid` where the old password is wrong.
    pub async fn change_password(&self, actor: &Actor, old: String, new: NewPassword) -> Result<()> {
        let _: policy::Permit<OwnAccount> = policy::permit(actor)?;
        let wrong = || Invalid::new("old_password", "This is not your present password.");
        let present = sqlx::query_scalar!("select password_hash from account where id = $1", actor.id.0)
            .fetch_optional(&self.pool)
            .await
            .doing("look up an account")?
            .ok_or(Error::NotFound("account"))?;
        if !is_password(&present) || !verify(old, present.clone()).await? {
            return Err(wrong().into());
        }
        let hash = hash_password(new).await?;
        let mut tx = self.begin(Some(actor.id)).await?;
        // The old password may have been changed elsewhere while it was verified here.
        let changed = sqlx::query!(
            "update account set password_hash = $2, session_epoch = session_epoch + 1
              where id = $1 and password_hash = $3",
            actor.id.0,
            hash,
            present,
        )
        .execute(tx.db())
        .await
        .doing("change a password")?;
        if changed.rows_affected() == 0 {
            return Err(wrong().into());
        }
        tx.event(About::account(actor.id), &Event::PasswordChanged).await?;
        tx.commit().await
    }

    /// Ends every session of the actor.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn end_sessions(&self, actor: &Actor) -> Result<()> {
        let mut tx = self.begin(Some(actor.id)).await?;
        sqlx::query!("update account set session_epoch = session_epoch + 1 where id = $1", actor.id.0)
            .execute(tx.db())
            .await
            .doing("end sessions")?;
        tx.event(About::account(actor.id), &Event::SessionsEnded).await?;
        tx.commit().await
    }

    /// Creates an account. `by` is `None` on the command line, where the first admin comes from.
    ///
    /// # Errors
    /// `Refused` below admin, `Invalid` where the address has an account.
    pub async fn create_account(
        &self,
        by: Option<&Actor>,
        email: Email,
        name: PersonName,
        role: Role,
        password: NewPassword,
    ) -> Result<AccountId> {
        if let Some(by) = by {
            let _: policy::Permit<ManageAccounts> = policy::permit(by)?;
        }
        let hash = hash_password(password).await?;
        let id = AccountId(self.new_id());
        let mut tx = self.begin(by.map(|by| by.id)).await?;
        let now = tx.now;
        sqlx::query!(
            "insert into account (id, email, name, role, password_hash, created_at) values ($1, $2, $3, $4, $5, $6)",
            id.0,
            email.as_str(),
            name.as_str(),
            role.word(),
            hash,
            now,
        )
        .execute(tx.db())
        .await
        .on_constraint("account_email_key", "email", "There is an account with this address already.")?
        .doing("create an account")?;
        let event = Event::AccountCreated { name: name.to_string(), role: role.label().to_owned() };
        tx.event(About::account(id), &event).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// Takes an account out of use, ends its sessions and gives its claims back to the queue.
    ///
    /// # Errors
    /// `Refused` below admin, `Invalid` for one's own account, `NotFound`.
    pub async fn disable_account(&self, by: Option<&Actor>, id: AccountId) -> Result<()> {
        if let Some(by) = by {
            let _: policy::Permit<ManageAccounts> = policy::permit(by)?;
            if by.id == id {
                return Err(Invalid::new("account", "Ask another admin to disable your own account.").into());
            }
        }
        let mut tx = self.begin(by.map(|by| by.id)).await?;
        let now = tx.now;
        let name = sqlx::query_scalar!(
            "update account set disabled_at = $2, session_epoch = session_epoch + 1
              where id = $1 and disabled_at is null returning name",
            id.0,
            now,
        )
        .fetch_optional(tx.db())
        .await
        .doing("disable an account")?
        .ok_or(Error::NotFound("account in use"))?;
        tx.event(About::account(id), &Event::AccountDisabled { name }).await?;
        self.give_back(&mut tx, crate::leases::Due::HeldBy(id)).await?;
        crate::handout::take_from_who_left(&mut tx, id).await?;
        tx.commit().await
    }

    /// Takes a disabled account into use again.
    ///
    /// # Errors
    /// `Refused` below admin, `NotFound` where it is not disabled.
    pub async fn enable_account(&self, by: &Actor, id: AccountId) -> Result<()> {
        let _: policy::Permit<ManageAccounts> = policy::permit(by)?;
        let mut tx = self.begin(Some(by.id)).await?;
        let name = sqlx::query_scalar!(
            "update account set disabled_at = null where id = $1 and disabled_at is not null returning name",
            id.0,
        )
        .fetch_optional(tx.db())
        .await
        .doing("enable an account")?
        .ok_or(Error::NotFound("disabled account"))?;
        tx.event(About::account(id), &Event::AccountEnabled { name }).await?;
        tx.commit().await
    }

    /// Changes what a person may do. Whoever may no longer review gives their claims back.
    ///
    /// # Errors
    /// `Refused` below admin, `Invalid` for one's own account, `NotFound`.
    pub async fn change_role(&self, by: &Actor, id: AccountId, role: Role) -> Result<()> {
        let _: policy::Permit<ManageAccounts> = policy::permit(by)?;
        if by.id == id {
            return Err(Invalid::new("role", "Ask another admin to change your own role.").into());
        }
        let mut tx = self.begin(Some(by.id)).await?;
        let old = sqlx::query!("select name, role from account where id = $1 for update", id.0)
            .fetch_optional(tx.db())
            .await
            .doing("look up an account")?
            .ok_or(Error::NotFound("account"))?;
        sqlx::query!("update account set role = $2 where id = $1", id.0, role.word())
            .execute(tx.db())
            .await
            .doing("change a role")?;
        let event = Event::RoleChanged { name: old.name, before: old.role, after: role.label().to_owned() };
        tx.event(About::account(id), &event).await?;
        if role < Role::Reviewer {
            self.give_back(&mut tx, crate::leases::Due::HeldBy(id)).await?;
            crate::handout::take_from_who_left(&mut tx, id).await?;
        }
        tx.commit().await
    }

    /// All accounts by name, for admins.
    ///
    /// # Errors
    /// `Refused` below admin.
    pub async fn accounts(&self, by: &Actor) -> Result<Vec<AccountRow>> {
        let _: policy::Permit<ManageAccounts> = policy::permit(by)?;
        self.all_accounts().await
    }

    /// All accounts by name, for the command line.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn all_accounts(&self) -> Result<Vec<AccountRow>> {
        sqlx::query!(
            r#"select id, email, name, role, created_at, disabled_at, last_sign_in_at,
                      (select confirmed_at from second_factor where account_id = account.id)
                        as second_factor_since,
                      (select count(*) from claim where lease_holder = account.id) as "held!"
                 from account
                order by disabled_at is not null, lower(name), id
                limit 5000"#,
        )
        .fetch_all(&self.pool)
        .await
        .doing("list accounts")?
        .into_iter()
        .map(|row| {
            Ok(AccountRow {
                id: row.id,
                email: row.email,
                name: row.name,
                role: word("account", "role", &row.role)?,
                created_at: row.created_at,
                disabled_at: row.disabled_at,
                last_sign_in_at: row.last_sign_in_at,
                second_factor_since: row.second_factor_since,
                held: row.held,
            })
        })
        .collect()
    }
}

/// Notes that somebody has done all steps of signing in.
pub(crate) async fn note_sign_in(tx: &mut Tx, id: AccountId, how: &str) -> Result<()> {
    let now = tx.now;
    sqlx::query!("update account set last_sign_in_at = $2 where id = $1", id.0, now)
        .execute(tx.db())
        .await
        .doing("note a sign-in")?;
    tx.event(About::account(id), &Event::SignedIn { how: how.to_owned() }).await
}

/// Whether it is the hash of a password. Who signs in elsewhere only has none.
pub(crate) fn is_password(hash: &str) -> bool {
    hash.starts_with("$argon2")
}

fn proof(password_hash: &str, epoch: i32) -> Vec<u8> {
    use sha2::{Digest, Sha256};
    let mut hasher = Sha256::new();
    hasher.update(password_hash.as_bytes());
    hasher.update(epoch.to_be_bytes());
    hasher.finalize().to_vec()
}

async fn hash_password(password: NewPassword) -> Result<String> {
    tokio::task::spawn_blocking(move || hash_now(password.as_str()))
        .await
        .map_err(|error| Error::Task(error.to_string()))?
}

/// argon2id with the library's defaults, which are OWASP's: 19 MiB, 2 passes, 1 lane.
fn hash_now(password: &str) -> Result<String> {
    let mut salt = [0; 16];
    getrandom::fill(&mut salt).map_err(|error| Error::Hash(error.to_string()))?;
    let salt = SaltString::encode_b64(&salt).map_err(|error| Error::Hash(error.to_string()))?;
    Argon2::default()
        .hash_password(password.as_bytes(), &salt)
        .map(|hash| hash.to_string())
        .map_err(|error| Error::Hash(error.to_string()))
}

async fn verify(password: String, hash: String) -> Result<bool> {
    tokio::task::spawn_blocking(move || {
        let hash = PasswordHash::new(&hash).map_err(|error| Error::Hash(error.to_string()))?;
        Ok(Argon2::default().verify_password(password.as_bytes(), &hash).is_ok())
    })
    .await
    .map_err(|error| Error::Task(error.to_string()))?
}
