//! Keys to the JSON API. The token is shown once; only its hash is kept.

use crate::Desk;
use crate::error::{Doing, Error, Result};
use crate::tx::About;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use domain::history::Event;
use domain::id::TokenId;
use domain::policy::{self, Actor, OwnAccount};
use domain::words::TokenName;
use sha2::{Digest, Sha256};

/// A token just made: the only time its secret is there.
pub struct NewToken {
    pub id: TokenId,
    pub secret: String,
}

/// A token as its owner sees it later.
#[derive(Clone, Debug)]
pub struct TokenRow {
    pub id: TokenId,
    pub name: String,
    pub created_at: DateTime<Utc>,
    pub revoked_at: Option<DateTime<Utc>>,
}

impl Desk {
    /// Makes a token that acts as `actor`.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn create_token(&self, actor: &Actor, name: TokenName) -> Result<NewToken> {
        let _: policy::Permit<OwnAccount> = policy::permit(actor)?;
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes).map_err(|error| Error::Task(error.to_string()))?;
        let secret = format!("cd_{}", URL_SAFE_NO_PAD.encode(bytes));
        let id = TokenId(self.new_id());
        let mut tx = self.begin(Some(actor.id)).await?;
        let now = tx.now;
        sqlx::query!(
            "insert into token (id, account_id, name, sha256, created_at) values ($1, $2, $3, $4, $5)",
            id.0,
            actor.id.0,
            name.as_str(),
            Sha256::digest(secret.as_bytes()).to_vec(),
            now,
        )
        .execute(tx.db())
        .await
        .doing("create a token")?;
        tx.event(About::account(actor.id), &Event::TokenCreated { name: name.to_string() }).await?;
        tx.commit().await?;
        Ok(NewToken { id, secret })
    }

    /// Takes a token of one's own out of use.
    ///
    /// # Errors
    /// `NotFound` where the actor has no such token in use.
    pub async fn revoke_token(&self, actor: &Actor, id: TokenId) -> Result<()> {
        let mut tx = self.begin(Some(actor.id)).await?;
        let now = tx.now;
        let name = sqlx::query_scalar!(
            "update token set revoked_at = $3 where id = $1 and account_id = $2 and revoked_at is null returning name",
            id.0,
            actor.id.0,
            now,
        )
        .fetch_optional(tx.db())
        .await
        .doing("revoke a token")?
        .ok_or(Error::NotFound("token"))?;
        tx.event(About::account(actor.id), &Event::TokenRevoked { name }).await?;
        tx.commit().await
    }

    /// The actor's tokens, newest first.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn tokens(&self, actor: &Actor) -> Result<Vec<TokenRow>> {
        sqlx::query_as!(
            TokenRow,
            "select id, name, created_at, revoked_at from token where account_id = $1
              order by created_at desc limit 100",
            actor.id.0,
        )
        .fetch_all(&self.pool)
        .await
        .doing("list tokens")
    }

    /// Whom a token acts as; `None` where it is unknown, revoked, or its owner disabled.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn actor_of_token(&self, secret: &str) -> Result<Option<(Actor, TokenId)>> {
        let row = sqlx::query!(
            "select account.id, account.name, account.role, token.id as token_id
               from token join account on account.id = token.account_id
              where token.sha256 = $1 and token.revoked_at is null and account.disabled_at is null",
            Sha256::digest(secret.as_bytes()).to_vec(),
        )
        .fetch_optional(&self.pool)
        .await
        .doing("look up a token")?;
        row.map(|row| {
            let role = crate::error::word("account", "role", &row.role)?;
            Ok((Actor { id: row.id, name: row.name, role }, row.token_id))
        })
        .transpose()
    }
}
