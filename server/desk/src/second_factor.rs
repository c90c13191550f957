//! The second step of signing in: an authenticator's codes (RFC 6238) and the recovery codes for
//! the day it is lost. A code is good once; the shared secret is shown while it is being set up and
//! never again.

use crate::Desk;
use crate::accounts::{Again, HalfIn, SignedIn};
use crate::error::{Doing, Error, Result};
use crate::tx::{About, Tx};
use chrono::{DateTime, TimeDelta, Utc};
use domain::code::{self, Code};
use domain::history::Event;
use domain::id::AccountId;
use domain::policy::{self, Actor, ManageAccounts, OwnAccount};
use domain::words::{Invalid, Reason};
use phrase::phrase;
use sha2::{Digest, Sha256};
use std::net::IpAddr;
use totp_rs::{Builder, Totp};

/// What an authenticator calls the desk.
const ISSUER: &str = "Claimdesk";
/// 160 bits, as RFC 4226 advises.
const SECRET_BYTES: usize = 20;
/// A setup that takes longer begins anew.
const PATIENCE: TimeDelta = TimeDelta::minutes(15);

/// How a person's second factor stands.
#[derive(Clone, Debug)]
pub struct SecondFactor {
    /// Since when it is asked for; `None` where it is not.
    pub since: Option<DateTime<Utc>>,
    /// Recovery codes that are not used up.
    pub codes_left: i64,
    /// Whether the person has a password; who signs in elsewhere only has none.
    pub has_password: bool,
}

/// What an authenticator needs to know. Not shown by `Debug`.
pub struct Enrolment {
    /// The shared secret as people type it, in groups of four letters.
    pub secret: String,
    /// The same as an `otpauth` address, for a QR code.
    pub address: String,
}

/// Which code was taken.
#[derive(Clone, Copy, Debug)]
enum Took {
    Shown,
    Recovery,
}

impl Desk {
    /// How one's own second factor stands.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn second_factor(&self, actor: &Actor) -> Result<SecondFactor> {
        let _: policy::Permit<OwnAccount> = policy::permit(actor)?;
        let row = sqlx::query!(
            r#"select (select confirmed_at from second_factor where account_id = account.id) as since,
                      (select count(*) from recovery_code
                        where account_id = account.id and used_at is null) as "codes_left!",
                      password_hash
                 from account where id = $1"#,
            actor.id.0,
        )
        .fetch_optional(&self.pool)
        .await
        .doing("look up a second factor")?
        .ok_or(Error::NotFound("account"))?;
        Ok(SecondFactor {
            since: row.since,
            codes_left: row.codes_left,
            has_password: crate::accounts::is_password(&row.password_hash),
        })
    }

    /// Begins to set up an authenticator: makes a secret that counts once a code confirms it.
    ///
    /// # Errors
    /// `Invalid` where the person cannot show that it is they, or has a second factor already;
    /// `Throttled` after too many tries.
    pub async fn begin_second_factor(&self, actor: &Actor, again: Again) -> Result<()> {
        let _: policy::Permit<OwnAccount> = policy::permit(actor)?;
        self.ask_again(actor, again).await?;
        let mut secret = [0; SECRET_BYTES];
        getrandom::fill(&mut secret).map_err(|error| Error::Task(error.to_string()))?;
        let begun = sqlx::query!(
            "insert into second_factor (account_id, secret, begun_at) values ($1, $2, $3)
             on conflict (account_id) do update set secret = excluded.secret, begun_at = excluded.begun_at
              where second_factor.confirmed_at is null",
            actor.id.0,
            self.seal.close(&secret, actor.id.0.as_bytes())?,
            self.clock.now(),
        )
        .execute(&self.pool)
        .await
        .doing("begin a second factor")?;
        if begun.rows_affected() == 0 {
            return Err(already_on());
        }
        Ok(())
    }

    /// The secret of a setup that is under way; `None` where none is.
    ///
    /// # Errors
    /// Where the database fails or the secret cannot be opened.
    pub async fn enrolment(&self, actor: &Actor) -> Result<Option<Enrolment>> {
        let _: policy::Permit<OwnAccount> = policy::permit(actor)?;
        let row = sqlx::query!(
            "select account.email, second_factor.secret
               from second_factor join account on account.id = second_factor.account_id
              where account_id = $1 and confirmed_at is null and begun_at > $2",
            actor.id.0,
            self.clock.now() - PATIENCE,
        )
        .fetch_optional(&self.pool)
        .await
        .doing("look up a setup")?;
        let Some(row) = row else { return Ok(None) };
        let totp = self.totp(actor.id, &row.secret, &row.email)?;
        let letters: Vec<char> = totp.secret().to_base32().chars().collect();
        let groups: Vec<String> = letters.chunks(4).map(|group| group.iter().collect()).collect();
        Ok(Some(Enrolment {
            secret: groups.join(" "),
            address: totp.to_url().map_err(|error| Error::Task(error.to_string()))?,
        }))
    }

    /// Confirms a setup with the first code. From now on signing in takes a code; the recovery
    /// codes are given here and nowhere else. Ends the person's other sessions.
    ///
    /// # Errors
    /// `Invalid` where the code is wrong or the setup took too long; `Throttled` after too many
    /// tries.
    pub async fn confirm_second_factor(
        &self,
        actor: &Actor,
        typed: &str,
        from: IpAddr,
    ) -> Result<Vec<String>> {
        let _: policy::Permit<OwnAccount> = policy::permit(actor)?;
        let Code::Shown(digits) = Code::parse(typed)? else {
            return Err(Invalid::new("code", "Type the six digits that your authenticator shows now.").into());
        };
        let attempt = self.attempt_of(actor.id, from).await?;
        let mut tx = self.begin(Some(actor.id)).await?;
        let now = tx.now;
        let row = sqlx::query!(
            "select secret from second_factor
              where account_id = $1 and confirmed_at is null and begun_at > $2 for update",
            actor.id.0,
            now - PATIENCE,
        )
        .fetch_optional(tx.db())
        .await
        .doing("look up a setup")?;
        let Some(row) = row else {
            self.forget_attempt(attempt).await?;
            return Err(Invalid::new(
                "setup",
                "This setup took too long, or was finished elsewhere. Begin anew.",
            )
            .into());
        };
        let totp = self.totp(actor.id, &row.secret, "")?;
        let Some(step) = matching(&totp, &digits, now, 0) else { return Err(wrong_code()) };
        sqlx::query!(
            "update second_factor set confirmed_at = $2, last_step = $3 where account_id = $1",
            actor.id.0,
            now,
            step,
        )
        .execute(tx.db())
        .await
        .doing("confirm a second factor")?;
        let codes = renew_codes(&mut tx, actor.id).await?;
        end_sessions_of(&mut tx, actor.id).await?;
        tx.event(About::account(actor.id), &Event::SecondFactorOn).await?;
        tx.commit().await?;
        self.forget_attempt(attempt).await?;
        Ok(codes)
    }

    /// Makes new recovery codes in place of the old ones.
    ///
    /// # Errors
    /// As [`Self::disable_second_factor`].
    pub async fn renew_recovery_codes(
        &self,
        actor: &Actor,
        again: Again,
        typed: &str,
    ) -> Result<Vec<String>> {
        let mut tx = self.with_code(actor, again, typed).await?;
        let codes = renew_codes(&mut tx, actor.id).await?;
        end_sessions_of(&mut tx, actor.id).await?;
        tx.event(About::account(actor.id), &Event::RecoveryCodesRenewed).await?;
        tx.commit().await?;
        Ok(codes)
    }

    /// Switches the second factor off and ends the person's other sessions.
    ///
    /// # Errors
    /// `Invalid` where password or code is wrong or there is nothing to switch off; `Throttled`
    /// after too many tries.
    pub async fn disable_second_factor(&self, actor: &Actor, again: Again, typed: &str) -> Result<()> {
        let mut tx = self.with_code(actor, again, typed).await?;
        remove(&mut tx, actor.id).await?;
        end_sessions_of(&mut tx, actor.id).await?;
        tx.event(About::account(actor.id), &Event::SecondFactorOff).await?;
        tx.commit().await
    }

    /// Takes the second factor off an account whose owner has lost it, and ends their sessions.
    /// `by` is `None` on the command line.
    ///
    /// # Errors
    /// `Refused` below admin, `Invalid` for one's own account or where there is none to reset.
    pub async fn reset_second_factor(
        &self,
        by: Option<&Actor>,
        id: AccountId,
        reason: &Reason,
    ) -> Result<()> {
        if let Some(by) = by {
            let _: policy::Permit<ManageAccounts> = policy::permit(by)?;
            if by.id == id {
                return Err(
                    Invalid::new("account", "Ask another admin to reset your own second factor.").into()
                );
            }
        }
        let mut tx = self.begin(by.map(|by| by.id)).await?;
        let name = sqlx::query_scalar!("select name from account where id = $1 for update", id.0)
            .fetch_optional(tx.db())
            .await
            .doing("look up an account")?
            .ok_or(Error::NotFound("account"))?;
        if !remove(&mut tx, id).await? {
            return Err(Invalid::new("account", phrase!("{name} has no second factor.")).into());
        }
        end_sessions_of(&mut tx, id).await?;
        let event = Event::SecondFactorReset { name, reason: reason.as_str().to_owned() };
        tx.event(About::account(id), &event).await?;
        tx.commit().await
    }

    /// The second step of signing in, for who has done the first.
    ///
    /// # Errors
    /// `WrongCode`; `Throttled` after too many failures; `SignedOut` where the account has changed
    /// since the first step.
    pub async fn finish_sign_in(&self, half: &HalfIn, typed: &str, from: IpAddr) -> Result<SignedIn> {
        let typed = Code::parse(typed).map_err(|_| Error::WrongCode)?;
        let attempt = self.attempt_of(half.account, from).await?;
        let Some(signed_in) = self.signed_in(half.account).await? else { return Err(Error::SignedOut) };
        if signed_in.proof != half.proof {
            return Err(Error::SignedOut);
        }
        let mut tx = self.begin(Some(half.account)).await?;
        let Some(took) = self.take_code(&mut tx, half.account, &typed).await? else {
            return Err(Error::WrongCode);
        };
        let step = match took {
            Took::Shown => "a code",
            Took::Recovery => "a recovery code",
        };
        crate::accounts::note_sign_in(&mut tx, half.account, &format!("{} and {step}", half.how)).await?;
        tx.commit().await?;
        self.forget_attempt(attempt).await?;
        Ok(signed_in)
    }

    /// A transaction for somebody who has shown password and code.
    async fn with_code(&self, actor: &Actor, again: Again, typed: &str) -> Result<Tx> {
        let _: policy::Permit<OwnAccount> = policy::permit(actor)?;
        let typed = Code::parse(typed)?;
        let from = again.from;
        self.ask_again(actor, again).await?;
        let attempt = self.attempt_of(actor.id, from).await?;
        let mut tx = self.begin(Some(actor.id)).await?;
        if self.take_code(&mut tx, actor.id, &typed).await?.is_none() {
            return Err(wrong_code());
        }
        self.forget_attempt(attempt).await?;
        Ok(tx)
    }

    /// Takes a code, once: `None` where it is wrong or was taken before.
    async fn take_code(&self, tx: &mut Tx, id: AccountId, code: &Code) -> Result<Option<Took>> {
        let now = tx.now;
        // Two requests with the same code wait for each other here.
        let factor = sqlx::query!(
            "select secret, last_step from second_factor
              where account_id = $1 and confirmed_at is not null for update",
            id.0,
        )
        .fetch_optional(tx.db())
        .await
        .doing("look up a second factor")?;
        let Some(factor) = factor else { return Ok(None) };
        match code {
            Code::Shown(digits) => {
                let totp = self.totp(id, &factor.secret, "")?;
                let Some(step) = matching(&totp, digits, now, factor.last_step) else { return Ok(None) };
                // Kept anew: a key that was given or replaced since takes hold with the next sign-in.
                let kept = self.seal.close(totp.secret().as_bytes(), id.0.as_bytes())?;
                sqlx::query!(
                    "update second_factor set last_step = $2, secret = $3 where account_id = $1",
                    id.0,
                    step,
                    kept,
                )
                .execute(tx.db())
                .await
                .doing("take a code")?;
                Ok(Some(Took::Shown))
            }
            Code::Recovery(typed) => {
                let used = sqlx::query!(
                    "update recovery_code set used_at = $3
                      where account_id = $1 and sha256 = $2 and used_at is null",
                    id.0,
                    hashed(typed),
                    now,
                )
                .execute(tx.db())
                .await
                .doing("take a recovery code")?;
                if used.rows_affected() == 0 {
                    return Ok(None);
                }
                let left = sqlx::query_scalar!(
                    r#"select count(*) as "left!" from recovery_code where account_id = $1 and used_at is null"#,
                    id.0,
                )
                .fetch_one(tx.db())
                .await
                .doing("count recovery codes")?;
                tx.event(About::account(id), &Event::RecoveryCodeUsed { left }).await?;
                Ok(Some(Took::Recovery))
            }
        }
    }

    /// SHA-1, six digits, thirty seconds: what every authenticator knows.
    fn totp(&self, id: AccountId, kept: &[u8], email: &str) -> Result<Totp> {
        Builder::new()
            .with_secret(self.seal.open(kept, id.0.as_bytes())?)
            .with_digits(u8::try_from(code::DIGITS).unwrap_or(6))
            .with_step_duration(code::STEP_SECONDS.unsigned_abs())
            // Which steps count is decided in `domain`.
            .with_skew(0)
            .with_issuer(Some(ISSUER))
            // A colon would end the issuer's name.
            .with_account_name(email.replace(':', "_"))
            .build()
            .map_err(|error| Error::Task(error.to_string()))
    }
}

/// The step that a code belongs to, of those that count.
fn matching(totp: &Totp, digits: &str, now: DateTime<Utc>, last_used: i64) -> Option<i64> {
    code::acceptable(now.timestamp(), last_used)
        .find(|step| totp.check(digits, step.saturating_mul(code::STEP_SECONDS).unsigned_abs()).is_some())
}

fn hashed(code: &str) -> Vec<u8> {
    Sha256::digest(code.as_bytes()).to_vec()
}

fn wrong_code() -> Error {
    Invalid::new("code", "This code is wrong, or was used before. Wait for the next one and type that.")
        .into()
}

fn already_on() -> Error {
    Invalid::new("setup", "You have a second factor already. Switch it off first to set up another.").into()
}

/// Ten new codes in place of all that there were, as people read them.
async fn renew_codes(tx: &mut Tx, id: AccountId) -> Result<Vec<String>> {
    let mut codes = Vec::new();
    for _ in 0..code::RECOVERY_CODES {
        codes.push(made_up()?);
    }
    let hashes: Vec<Vec<u8>> = codes.iter().map(|code| hashed(code)).collect();
    sqlx::query!("delete from recovery_code where account_id = $1", id.0)
        .execute(tx.db())
        .await
        .doing("drop recovery codes")?;
    sqlx::query!(
        "insert into recovery_code (account_id, sha256) select $1, code from unnest($2::bytea[]) as code",
        id.0,
        &hashes,
    )
    .execute(tx.db())
    .await
    .doing("keep recovery codes")?;
    Ok(codes.iter().map(|code| code::in_groups(code)).collect())
}

fn made_up() -> Result<String> {
    let mut bytes = [0; code::RECOVERY_LENGTH];
    getrandom::fill(&mut bytes).map_err(|error| Error::Task(error.to_string()))?;
    let letters = bytes.iter().filter_map(|byte| code::RECOVERY_LETTERS.get(usize::from(byte % 32)));
    Ok(letters.map(|letter| char::from(*letter)).collect())
}

/// Whether there was one.
async fn remove(tx: &mut Tx, id: AccountId) -> Result<bool> {
    let removed =
        sqlx::query!("delete from second_factor where account_id = $1 returning confirmed_at", id.0)
            .fetch_optional(tx.db())
            .await
            .doing("remove a second factor")?;
    sqlx::query!("delete from recovery_code where account_id = $1", id.0)
        .execute(tx.db())
        .await
        .doing("drop recovery codes")?;
    Ok(removed.is_some_and(|row| row.confirmed_at.is_some()))
}

async fn end_sessions_of(tx: &mut Tx, id: AccountId) -> Result<()> {
    sqlx::query!("update account set session_epoch = session_epoch + 1 where id = $1", id.0)
        .execute(tx.db())
        .await
        .doing("end sessions")?;
    Ok(())
}
