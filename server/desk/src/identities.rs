//! Who signs in at an identity provider: the link between a person there and an account here.

use crate::Desk;
use crate::accounts::{Entry, HalfIn, note_sign_in};
use crate::error::{Doing, Error, Result};
use crate::tx::{About, Tx};
use chrono::{DateTime, Utc};
use domain::elsewhere::{Refusal, is_of_domain};
use domain::history::Event;
use domain::id::AccountId;
use domain::policy::{self, Actor, OwnAccount, Role};
use domain::words::{Email, Invalid, PersonName};

/// Kept in place of a password's hash where there is no password.
const NO_PASSWORD: &str = "none";

/// What an identity provider says of somebody, its signature checked.
#[derive(Clone, Debug)]
pub struct Identity {
    pub issuer: String,
    /// The provider's unchanging name for the person.
    pub subject: String,
    pub email: Option<String>,
    pub is_email_verified: bool,
    pub name: Option<String>,
    /// Whether more than one factor was asked for there.
    pub is_strong: bool,
}

/// Who the provider is, and whom it may bring.
#[derive(Clone, Debug)]
pub struct House {
    /// What people call it.
    pub name: String,
    /// Whoever has a verified address of one of these domains and no account gets one, as viewer.
    pub domains: Vec<String>,
}

/// A link, as its owner sees it.
#[derive(Clone, Debug)]
pub struct IdentityRow {
    pub issuer: String,
    pub email: String,
    pub linked_at: DateTime<Utc>,
}

impl Desk {
    /// Signs in who comes from an identity provider. The first time, a verified address that an
    /// account in use has links the two. Nobody gets a role that way but viewers of the domains
    /// that are let in. Where the provider asked for one factor only, the desk asks for its own
    /// second one of who has set it up.
    ///
    /// # Errors
    /// `TurnedAway` with the reason.
    pub async fn sign_in_elsewhere(&self, identity: &Identity, house: &House) -> Result<Entry> {
        let mut tx = self.begin(None).await?;
        // Two first sign-ins of the same person wait for each other.
        hold(&mut tx, &identity.subject).await?;
        let linked = sqlx::query!(
            "select account.id, account.disabled_at
               from identity join account on account.id = identity.account_id
              where issuer = $1 and subject = $2",
            identity.issuer,
            identity.subject,
        )
        .fetch_optional(tx.db())
        .await
        .doing("look up a link")?;
        let id = match linked {
            Some(row) if row.disabled_at.is_some() => return Err(Error::TurnedAway(Refusal::Disabled)),
            Some(row) => row.id,
            None => self.first_time(&mut tx, identity, house).await?,
        };
        let takes_code = sqlx::query_scalar!(
            r#"select exists (select from second_factor
                               where account_id = $1 and confirmed_at is not null) as "takes_code!""#,
            id.0,
        )
        .fetch_one(tx.db())
        .await
        .doing("look up a second factor")?;
        let asks = takes_code && !identity.is_strong;
        if asks {
            tx.commit_what_there_is().await?;
        } else {
            tx.act_as(id);
            note_sign_in(&mut tx, id, &house.name).await?;
            tx.commit().await?;
        }
        let Some(signed_in) = self.signed_in(id).await? else {
            return Err(Error::TurnedAway(Refusal::Disabled));
        };
        Ok(if asks {
            Entry::Code(HalfIn { account: id, proof: signed_in.proof, how: house.name.clone() })
        } else {
            Entry::In(signed_in)
        })
    }

    /// Links somebody whom the desk sees for the first time.
    async fn first_time(&self, tx: &mut Tx, identity: &Identity, house: &House) -> Result<AccountId> {
        let turned_away = |refusal| Err(Error::TurnedAway(refusal));
        let email = identity.email.as_deref().and_then(|email| Email::parse(email).ok());
        let Some(email) = email.filter(|_| identity.is_email_verified) else {
            return turned_away(Refusal::Unverified);
        };
        hold(tx, email.as_str()).await?;
        let account =
            sqlx::query!("select id, disabled_at from account where email = $1 for update", email.as_str(),)
                .fetch_optional(tx.db())
                .await
                .doing("look up an account")?;
        let id = match account {
            Some(row) if row.disabled_at.is_some() => return turned_away(Refusal::Disabled),
            Some(row) => row.id,
            None if is_of_domain(email.as_str(), &house.domains) => {
                self.admit_viewer(tx, &email, identity.name.as_deref()).await?
            }
            None => return turned_away(Refusal::Unknown),
        };
        let now = tx.now;
        let linked = sqlx::query!(
            "insert into identity (issuer, subject, account_id, email, linked_at) values ($1, $2, $3, $4, $5)
             on conflict do nothing",
            identity.issuer,
            identity.subject,
            id.0,
            email.as_str(),
            now,
        )
        .execute(tx.db())
        .await
        .doing("link an identity")?;
        if linked.rows_affected() == 0 {
            return turned_away(Refusal::Taken);
        }
        tx.act_as(id);
        tx.event(About::account(id), &Event::IdentityLinked { provider: house.name.clone() }).await?;
        Ok(id)
    }

    /// An account for somebody of a domain that is let in.
    async fn admit_viewer(&self, tx: &mut Tx, email: &Email, name: Option<&str>) -> Result<AccountId> {
        let id = AccountId(self.new_id());
        let now = tx.now;
        // A name that cannot be one must not keep anybody out.
        let before_at = email.as_str().split('@').next().unwrap_or_default();
        let name = name.and_then(|name| PersonName::parse(name).ok());
        let name = name.map_or_else(|| before_at.chars().take(100).collect(), |name| name.to_string());
        sqlx::query!(
            "insert into account (id, email, name, role, password_hash, created_at) values ($1, $2, $3, $4, $5, $6)",
            id.0,
            email.as_str(),
            name,
            Role::Viewer.word(),
            NO_PASSWORD,
            now,
        )
        .execute(tx.db())
        .await
        .doing("create an account")?;
        let event = Event::AccountCreated { name, role: Role::Viewer.label().to_owned() };
        tx.event(About::account(id), &event).await?;
        Ok(id)
    }

    /// One's own links, the newest first.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn identities(&self, actor: &Actor) -> Result<Vec<IdentityRow>> {
        let _: policy::Permit<OwnAccount> = policy::permit(actor)?;
        sqlx::query_as!(
            IdentityRow,
            "select issuer, email, linked_at from identity where account_id = $1
              order by linked_at desc limit 20",
            actor.id.0,
        )
        .fetch_all(&self.pool)
        .await
        .doing("list links")
    }

    /// Cuts one of one's own links and ends the sessions. Who has no password would be locked out,
    /// so they keep theirs.
    ///
    /// # Errors
    /// `Invalid` for who has no password, `NotFound` where there is no such link.
    pub async fn unlink_identity(&self, actor: &Actor, issuer: &str) -> Result<()> {
        let _: policy::Permit<OwnAccount> = policy::permit(actor)?;
        let mut tx = self.begin(Some(actor.id)).await?;
        let hash =
            sqlx::query_scalar!("select password_hash from account where id = $1 for update", actor.id.0)
                .fetch_optional(tx.db())
                .await
                .doing("look up an account")?
                .ok_or(Error::NotFound("account"))?;
        if !crate::accounts::is_password(&hash) {
            let words = "This is the only way in that you have: you have no password here.";
            return Err(Invalid::new("issuer", words).into());
        }
        let cut =
            sqlx::query!("delete from identity where account_id = $1 and issuer = $2", actor.id.0, issuer)
                .execute(tx.db())
                .await
                .doing("cut a link")?;
        if cut.rows_affected() == 0 {
            return Err(Error::NotFound("link"));
        }
        tx.event(About::account(actor.id), &Event::IdentityUnlinked { provider: issuer.to_owned() }).await?;
        tx.commit().await
    }
}

/// Lets one at a time go on with the same words, until its transaction ends.
async fn hold(tx: &mut Tx, words: &str) -> Result<()> {
    sqlx::query!("select pg_advisory_xact_lock(hashtextextended($1, 0))", words)
        .execute(tx.db())
        .await
        .doing("hold a link")?;
    Ok(())
}
