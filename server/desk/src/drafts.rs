//! What people typed and have not sent yet, or sent and was refused.

use crate::error::{Doing, Error, Result};
use crate::Desk;
use domain::policy::Actor;
use std::collections::BTreeMap;

/// Field names and what was typed in them.
pub type Fields = BTreeMap<String, String>;

/// A draft larger than an article with room for its other fields is refused.
const MAX_DRAFT_BYTES: usize = 2 * domain::words::MAX_ARTICLE_BYTES;

impl Desk {
    /// Keeps what was typed into a form, in place of what was kept before.
    ///
    /// # Errors
    /// `Invalid` where it is larger than two articles, or where the database fails.
    pub async fn keep_draft(&self, actor: &Actor, form: &str, fields: &Fields) -> Result<()> {
        // NUL cannot be stored in jsonb; it is nobody's typing.
        let fields: Fields = fields.iter().map(|(k, v)| (k.clone(), v.replace('\0', "\u{fffd}"))).collect();
        if fields.values().map(String::len).sum::<usize>() > MAX_DRAFT_BYTES {
            return Err(domain::words::Invalid::new("text", "This is too long to keep as a draft.").into());
        }
        let value = serde_json::to_value(fields).map_err(|error| Error::Task(error.to_string()))?;
        sqlx::query!(
            "insert into draft (account_id, form, fields, saved_at) values ($1, $2, $3, $4)
             on conflict (account_id, form) do update set fields = excluded.fields, saved_at = excluded.saved_at",
            actor.id.0,
            form,
            value,
            self.clock.now(),
        )
        .execute(&self.pool)
        .await
        .doing("keep a draft")?;
        Ok(())
    }

    /// What was typed, empty where nothing was.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn draft(&self, actor: &Actor, form: &str) -> Result<Fields> {
        let fields = sqlx::query_scalar!(
            "select fields from draft where account_id = $1 and form = $2",
            actor.id.0,
            form,
        )
        .fetch_optional(&self.pool)
        .await
        .doing("read a draft")?;
        Ok(fields.and_then(|fields| serde_json::from_value(fields).ok()).unwrap_or_default())
    }

    /// Forgets a draft: it was sent, or thrown away.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn drop_draft(&self, actor: &Actor, form: &str) -> Result<()> {
        sqlx::query!("delete from draft where account_id = $1 and form = $2", actor.id.0, form)
            .execute(&self.pool)
            .await
            .doing("drop a draft")?;
        Ok(())
    }
}
