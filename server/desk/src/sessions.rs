//! Sessions as the session library keeps them: an id, some JSON, an end.

use crate::Desk;
use crate::error::{Doing, Result};
use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};

fn hashed(id: &str) -> Vec<u8> {
    Sha256::digest(id.as_bytes()).to_vec()
}

impl Desk {
    /// Keeps a new session; `false` where the id is taken.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn create_session(
        &self,
        id: &str,
        data: &serde_json::Value,
        expires: DateTime<Utc>,
    ) -> Result<bool> {
        let created = sqlx::query!(
            "insert into session (id, data, expires_at) values ($1, $2, $3) on conflict (id) do nothing",
            hashed(id),
            data,
            expires,
        )
        .execute(&self.pool)
        .await
        .doing("create a session")?;
        Ok(created.rows_affected() == 1)
    }

    /// Keeps a session as it now is.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn save_session(
        &self,
        id: &str,
        data: &serde_json::Value,
        expires: DateTime<Utc>,
    ) -> Result<()> {
        sqlx::query!(
            "insert into session (id, data, expires_at) values ($1, $2, $3)
             on conflict (id) do update set data = excluded.data, expires_at = excluded.expires_at",
            hashed(id),
            data,
            expires,
        )
        .execute(&self.pool)
        .await
        .doing("save a session")?;
        Ok(())
    }

    /// A session that has not ended.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn load_session(&self, id: &str) -> Result<Option<(serde_json::Value, DateTime<Utc>)>> {
        let row = sqlx::query!(
            "select data, expires_at from session where id = $1 and expires_at > $2",
            hashed(id),
            self.clock.now(),
        )
        .fetch_optional(&self.pool)
        .await
        .doing("load a session")?;
        Ok(row.map(|row| (row.data, row.expires_at)))
    }

    /// # Errors
    /// Where the database fails.
    pub async fn delete_session(&self, id: &str) -> Result<()> {
        sqlx::query!("delete from session where id = $1", hashed(id))
            .execute(&self.pool)
            .await
            .doing("delete a session")?;
        Ok(())
    }

    /// Deletes what has run out: sessions, old failures, setups of second factors that nobody finished,
    /// idempotency keys of more than a day, and notifications that were read long ago.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn sweep(&self) -> Result<()> {
        let now = self.clock.now();
        sqlx::query!("delete from session where expires_at <= $1", now)
            .execute(&self.pool)
            .await
            .doing("sweep sessions")?;
        sqlx::query!("delete from sign_in_failure where at < $1", now - chrono::TimeDelta::hours(1))
            .execute(&self.pool)
            .await
            .doing("sweep failures")?;
        sqlx::query!(
            "delete from second_factor where confirmed_at is null and begun_at < $1",
            now - chrono::TimeDelta::hours(1),
        )
        .execute(&self.pool)
        .await
        .doing("sweep setups that were not finished")?;
        sqlx::query!("delete from idempotency_key where at < $1", now - chrono::TimeDelta::hours(24))
            .execute(&self.pool)
            .await
            .doing("sweep idempotency keys")?;
        self.sweep_mail().await?;
        self.put_stays_together().await?;
        self.put_settled_together().await?;
        self.sweep_notifications().await
    }
}
