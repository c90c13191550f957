//! Scales: kept in memory by every server, because each rating that is drawn asks for its name, and
//! read again when one of them changes. Versions are only ever added, so what is in memory may lack
//! the newest but is never wrong.

use crate::Desk;
use crate::error::{Difference, Doing, Error, Result};
use crate::tx::{About, Tx, one_after_another};
use chrono::{DateTime, Utc};
use domain::history::Event;
use domain::policy::{self, Actor, ManageScales, Read};
use domain::scale::{Rating, Scale, Scales};
use domain::words::{Invalid, Reason};
use serde_json::json;
use std::sync::{Arc, PoisonError, RwLock};

/// The scales that a process knows.
pub(crate) type Memory = Arc<RwLock<Option<Arc<Scales>>>>;

/// What comes with the program, in the order of lists.
const SHIPPED: [&str; 4] = [
    include_str!("../../../seeds/scales/default.toml"),
    include_str!("../../../seeds/scales/airwars.toml"),
    include_str!("../../../seeds/scales/visual.toml"),
    include_str!("../../../seeds/scales/two_sources.toml"),
];

/// A version of a scale and who made it.
#[derive(Clone, Debug)]
pub struct ScaleVersion {
    pub scale: Arc<Scale>,
    /// `None`: it came with the program.
    pub by: Option<String>,
    pub at: DateTime<Utc>,
    pub reason: Option<String>,
}

/// Reads a scale as files have it.
///
/// # Errors
/// `Invalid` where it is not a scale.
pub fn read_scale(toml: &str) -> Result<Scale, Invalid> {
    let scale: Scale = toml::from_str(toml).map_err(|error| Invalid::new("scale", error.to_string()))?;
    Ok(scale.checked()?)
}

/// The rating that a key stands for: of the version it was given under where that is known.
pub(crate) fn mark(
    scales: &Scales,
    rating: Option<&str>,
    scale: Option<&str>,
    version: Option<i32>,
) -> Option<Arc<Rating>> {
    let key = rating?;
    let given = scale.zip(version).and_then(|(scale, version)| scales.rating(scale, version, key));
    given.or_else(|| scales.by_key(key)).cloned()
}

impl Desk {
    /// The desk's scales, from memory.
    ///
    /// # Errors
    /// Where they have to be read and the database fails.
    pub async fn scales(&self) -> Result<Arc<Scales>> {
        match self.remembered() {
            Some(scales) => Ok(scales),
            None => self.read_scales().await,
        }
    }

    /// The desk's scales, with these versions among them: another server may have made one just now.
    pub(crate) async fn scales_with<'a>(
        &self,
        given: impl Iterator<Item = (Option<&'a str>, Option<i32>)>,
    ) -> Result<Arc<Scales>> {
        let scales = self.scales().await?;
        let mut given = given.filter_map(|(scale, version)| scale.zip(version));
        if given.all(|(scale, version)| scales.version(scale, version).is_some()) {
            return Ok(scales);
        }
        self.read_scales().await
    }

    fn remembered(&self) -> Option<Arc<Scales>> {
        self.scales.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// They are read again when somebody asks next.
    pub(crate) fn forget_scales(&self) {
        *self.scales.write().unwrap_or_else(PoisonError::into_inner) = None;
    }

    pub(crate) async fn read_scales(&self) -> Result<Arc<Scales>> {
        let mut scales = self.load_scales().await?;
        // A database that was made a moment ago.
        if scales.is_empty() {
            self.ship_scales().await?;
            scales = self.load_scales().await?;
        }
        let scales = Arc::new(scales);
        *self.scales.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&scales));
        Ok(scales)
    }

    async fn load_scales(&self) -> Result<Scales> {
        let rows = sqlx::query!(
            r#"select v.scale, v.version, v.name, v.about,
                      (select jsonb_agg(jsonb_build_object(
                                  'key', r.key, 'name', r.name, 'meaning', r.meaning, 'shortcut', r.shortcut,
                                  'tone', r.tone, 'icon', r.icon, 'claim_review', r.claim_review,
                                  'asserts_figure', r.asserts_figure, 'needs', r.needs) order by r.position)
                         from rating r where r.scale = v.scale and r.version = v.version) as "ratings!"
                 from scale_version v join scale on scale.key = v.scale
                order by scale.position, v.scale, v.version desc"#
        )
        .fetch_all(&self.pool)
        .await
        .doing("read the scales")?;
        let versions = rows
            .into_iter()
            .map(|row| {
                let ratings: Vec<Rating> = serde_json::from_value(row.ratings).map_err(|error| {
                    Error::Inconsistent { table: "rating", column: "needs", what: error.to_string() }
                })?;
                Ok(Arc::new(Scale {
                    key: row.scale,
                    version: row.version,
                    name: row.name,
                    about: row.about,
                    ratings: ratings.into_iter().map(Arc::new).collect(),
                }))
            })
            .collect::<Result<_>>()?;
        Ok(Scales::new(versions))
    }

    /// Puts in the scales that come with the program, where they are absent.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn ship_scales(&self) -> Result<usize> {
        let scales = SHIPPED.iter().map(|toml| read_scale(toml)).collect::<Result<Vec<_>, _>>()?;
        self.add_scales(&scales).await
    }

    /// Puts in scales where they are absent, each as its first version; those that are there stay
    /// as they are. Says how many were added.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn add_scales(&self, scales: &[Scale]) -> Result<usize> {
        let mut tx = self.begin(None).await?;
        let mut added = Vec::new();
        for scale in scales {
            let scale = Scale { version: 1, ..scale.clone() };
            if insert_scale(&mut tx, &scale, None).await? {
                added.push((About::default(), Event::ScaleAdded { scale: scale.name.clone() }));
            }
        }
        if added.is_empty() {
            tx.commit_nothing_changed().await?;
            return Ok(0);
        }
        tx.events(&added).await?;
        tx.commit().await?;
        self.forget_scales();
        Ok(added.len())
    }

    /// Makes a scale of the desk's own, as its first version.
    ///
    /// # Errors
    /// `Refused` below admin, `Invalid`, also where there is a scale with this key.
    pub async fn create_scale(&self, actor: &Actor, form: Scale, reason: Reason) -> Result<()> {
        let _: policy::Permit<ManageScales> = policy::permit(actor)?;
        let scale = Scale { version: 1, ..form.checked().map_err(Invalid::from)? };
        let mut tx = self.begin(Some(actor.id)).await?;
        if !insert_scale(&mut tx, &scale, Some((actor, &reason))).await? {
            return Err(Invalid::new("key", "There is a scale with this key already. Choose another.").into());
        }
        tx.event(About::default(), &Event::ScaleAdded { scale: scale.name }).await?;
        tx.commit().await?;
        self.forget_scales();
        Ok(())
    }

    /// Makes a new version of a scale; what was judged by an earlier one stays as it is. What
    /// changes nothing makes none.
    ///
    /// # Errors
    /// `Refused` below admin, `Invalid`, `NotFound`, `Stale` where somebody else made a version
    /// after `seen`.
    pub async fn change_scale(&self, actor: &Actor, form: Scale, seen: i32, reason: Reason) -> Result<i32> {
        let _: policy::Permit<ManageScales> = policy::permit(actor)?;
        let form = form.checked().map_err(Invalid::from)?;
        let mut tx = self.begin(Some(actor.id)).await?;
        // Whoever comes second waits here, and then sees the new version.
        one_after_another(&mut tx, "scale", &form.key).await?;
        let current = sqlx::query_scalar!(
            r#"select (select max(version) from scale_version where scale = scale.key) as "version!"
                 from scale where key = $1"#,
            form.key,
        )
        .fetch_optional(tx.db())
        .await
        .doing("lock a scale")?
        .ok_or(Error::NotFound("scale"))?;
        self.forget_scales();
        let scales = self.scales().await?;
        let before = scales.version(&form.key, current).ok_or(Error::NotFound("scale"))?;
        let form = Scale { version: current + 1, ..form };
        if current != seen {
            let by = sqlx::query_scalar!(
                r#"select account.name from scale_version v join account on account.id = v.made_by
                    where v.scale = $1 and v.version = $2"#,
                form.key,
                current,
            )
            .fetch_optional(tx.db())
            .await
            .doing("look up who changed a scale")?
            .unwrap_or_else(|| "Somebody".to_owned());
            let theirs =
                scales.version(&form.key, seen).map(|old| before.changes_from(old)).unwrap_or_default();
            let yours = scales.version(&form.key, seen).map(|old| form.changes_from(old)).unwrap_or_default();
            let differences = vec![Difference { field: "scale", yours, theirs }];
            return Err(Error::Stale { by, current, differences });
        }
        let changes = form.changes_from(before);
        if changes.is_empty() {
            return Ok(current);
        }
        insert_version(&mut tx, &form, Some((actor, &reason))).await?;
        let event = Event::ScaleChanged {
            scale: form.name.clone(),
            version: form.version,
            changes,
            reason: reason.as_str().to_owned(),
        };
        tx.event(About::default(), &event).await?;
        tx.commit().await?;
        self.forget_scales();
        Ok(form.version)
    }

    /// Every version of a scale, the newest first.
    ///
    /// # Errors
    /// `Refused` for nobody, `NotFound`.
    pub async fn scale_versions(&self, actor: &Actor, key: &str) -> Result<Vec<ScaleVersion>> {
        let _: policy::Permit<Read> = policy::permit(actor)?;
        let rows = sqlx::query!(
            r#"select v.version, account.name as "by?", v.made_at, v.reason
                 from scale_version v left join account on account.id = v.made_by
                where v.scale = $1 order by v.version desc limit 200"#,
            crate::error::storable(key),
        )
        .fetch_all(&self.pool)
        .await
        .doing("read the versions of a scale")?;
        let scales = self.scales_with(rows.iter().map(|row| (Some(key), Some(row.version)))).await?;
        let versions: Vec<ScaleVersion> = rows
            .into_iter()
            .filter_map(|row| {
                let scale = Arc::clone(scales.version(key, row.version)?);
                Some(ScaleVersion { scale, by: row.by, at: row.made_at, reason: row.reason })
            })
            .collect();
        if versions.is_empty() { Err(Error::NotFound("scale")) } else { Ok(versions) }
    }
}

/// Adds a scale with its first version; says no where there is one with its key.
async fn insert_scale(tx: &mut Tx, scale: &Scale, made: Option<(&Actor, &Reason)>) -> Result<bool> {
    let added = sqlx::query!(
        "insert into scale (key, position)
         select $1, coalesce(max(position), 0) + 1 from scale
         on conflict (key) do nothing",
        scale.key,
    )
    .execute(tx.db())
    .await
    .doing("add a scale")?;
    if added.rows_affected() == 0 {
        return Ok(false);
    }
    insert_version(tx, scale, made).await?;
    Ok(true)
}

async fn insert_version(tx: &mut Tx, scale: &Scale, made: Option<(&Actor, &Reason)>) -> Result<()> {
    let now = tx.now;
    sqlx::query!(
        "insert into scale_version (scale, version, name, about, made_by, made_at, reason)
         values ($1, $2, $3, $4, $5, $6, $7)",
        scale.key,
        scale.version,
        scale.name,
        scale.about,
        made.map(|(actor, _)| actor.id.0),
        now,
        made.map(|(_, reason)| reason.as_str()),
    )
    .execute(tx.db())
    .await
    .doing("add a version of a scale")?;
    let rows: Vec<_> = scale
        .ratings
        .iter()
        .enumerate()
        .map(|(position, rating)| {
            json!({
                "position": position, "key": rating.key, "name": rating.name, "meaning": rating.meaning,
                "shortcut": rating.shortcut, "tone": rating.tone, "icon": rating.icon,
                "claim_review": rating.claim_review, "asserts_figure": rating.asserts_figure,
                "needs": rating.needs,
            })
        })
        .collect();
    sqlx::query!(
        "insert into rating (scale, version, position, key, name, meaning, shortcut, tone, icon, claim_review,
                             asserts_figure, needs)
         select $1, $2, r.position, r.key, r.name, r.meaning, r.shortcut, r.tone, r.icon, r.claim_review,
                r.asserts_figure, r.needs
           from jsonb_to_recordset($3) as r (
                position smallint, key text, name text, meaning text, shortcut text, tone text, icon text,
                claim_review smallint, asserts_figure boolean, needs jsonb)",
        scale.key,
        scale.version,
        json!(rows),
    )
    .execute(tx.db())
    .await
    .doing("add the ratings of a scale")?;
    Ok(())
}
