//! What people typed and have not sent yet, or sent and was refused.

use crate::Desk;
use crate::error::{Doing, Error, Result, storable};
use domain::policy::Actor;
use domain::words::Invalid;
use phrase::phrase;
use std::collections::BTreeMap;

/// Field names and what was typed in them.
pub type Fields = BTreeMap<String, String>;

/// An article with room for the form's other fields.
const MAX_DRAFT_BYTES: usize = 2 * domain::words::MAX_ARTICLE_BYTES;
/// Longest name of a form, in bytes: some forms have an id in theirs.
const MAX_FORM_BYTES: usize = 200;

impl Desk {
    /// Keeps what was typed into a form, in place of what was kept before.
    ///
    /// # Errors
    /// `Invalid` where it is larger than two articles, or where the database fails.
    pub async fn keep_draft(&self, actor: &Actor, form: &str, fields: &Fields) -> Result<()> {
        if form.len() > MAX_FORM_BYTES {
            return Err(
                Invalid::new("form", phrase!("A form's name has at most {MAX_FORM_BYTES} bytes.")).into()
            );
        }
        let bytes: usize = fields.iter().map(|(name, typed)| name.len() + typed.len()).sum();
        if bytes > MAX_DRAFT_BYTES {
            let most = domain::measure::number(MAX_DRAFT_BYTES as f64);
            let fix = format!("This is too long to keep as a draft; the most is {most} bytes.");
            return Err(Invalid::too_large("text", fix).into());
        }
        let fields: Fields = fields.iter().map(|(name, typed)| (storable(name), storable(typed))).collect();
        let value = serde_json::to_value(fields).map_err(|error| Error::Task(error.to_string()))?;
        sqlx::query!(
            "insert into draft (account_id, form, fields, saved_at) values ($1, $2, $3, $4)
             on conflict (account_id, form) do update set fields = excluded.fields, saved_at = excluded.saved_at",
            actor.id.0,
            storable(form),
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
            storable(form),
        )
        .fetch_optional(&self.pool)
        .await
        .doing("read a draft")?;
        Ok(fields.and_then(|fields| serde_json::from_value(fields).ok()).unwrap_or_default())
    }

    /// What was typed into several forms, by form; those without a draft are not there.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn drafts(&self, actor: &Actor, forms: &[String]) -> Result<BTreeMap<String, Fields>> {
        let rows = sqlx::query!(
            "select form, fields from draft where account_id = $1 and form = any($2)",
            actor.id.0,
            forms,
        )
        .fetch_all(&self.pool)
        .await
        .doing("read drafts")?;
        Ok(rows
            .into_iter()
            .filter_map(|row| Some((row.form, serde_json::from_value(row.fields).ok()?)))
            .collect())
    }

    /// Forgets a draft: it was sent, or thrown away.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn drop_draft(&self, actor: &Actor, form: &str) -> Result<()> {
        sqlx::query!("delete from draft where account_id = $1 and form = $2", actor.id.0, storable(form))
            .execute(&self.pool)
            .await
            .doing("drop a draft")?;
        Ok(())
    }
}
