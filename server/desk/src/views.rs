//! Filters of the claims list that people keep under a name, for themselves or for the desk.

use crate::Desk;
use crate::claims::{ClaimFilter, Sort};
use crate::error::{Doing, Error, OnConstraint, Result, word};
use crate::tx::{About, Once, Tx};
use domain::history::Event;
use domain::id::{AccountId, ViewId};
use domain::policy::{self, Actor, ManageViews, Read};
use domain::words::{Invalid, ViewName};
use phrase::phrase;
use serde_json::{Map, Value};
use std::str::FromStr;

/// Most views that one person keeps.
const MOST: i64 = 100;

/// A saved view as a person sees it.
#[derive(Clone, Debug)]
pub struct ViewRow {
    pub id: ViewId,
    pub name: String,
    pub filter: ClaimFilter,
    pub sort: Sort,
    pub shared: bool,
    pub owner: String,
    pub is_own: bool,
}

impl ViewRow {
    /// Whether the actor may rename or delete it.
    pub fn is_changed_by(&self, actor: &Actor) -> bool {
        self.is_own || (self.shared && policy::permit::<ManageViews>(actor).is_ok())
    }
}

/// A view as it is handed in.
#[derive(Clone, Debug)]
pub struct NewView {
    pub name: ViewName,
    pub filter: ClaimFilter,
    pub sort: Sort,
    pub shared: bool,
}

/// A view as its row holds it.
struct Stored {
    id: ViewId,
    name: String,
    filter: Value,
    sort: String,
    shared: bool,
    owner_id: AccountId,
    owner: String,
}

impl Stored {
    fn seen_by(self, actor: &Actor) -> Result<ViewRow> {
        Ok(ViewRow {
            id: self.id,
            name: self.name,
            filter: read(&self.filter)?,
            sort: word("saved_view", "sort", &self.sort)?,
            shared: self.shared,
            owner: self.owner,
            is_own: self.owner_id == actor.id,
        })
    }
}

struct Locked {
    owner: AccountId,
    name: String,
    shared: bool,
}

impl Desk {
    /// The actor's own views and those that others share, by name.
    ///
    /// # Errors
    /// `Refused` for nobody, or where the database fails.
    pub async fn views(&self, actor: &Actor) -> Result<Vec<ViewRow>> {
        let _: policy::Permit<Read> = policy::permit(actor)?;
        sqlx::query_as!(
            Stored,
            r#"select v.id as "id!: ViewId", v.name as "name!", v.filter as "filter!", v.sort as "sort!", v.shared as "shared!",
                      v.owner_id as "owner_id!: AccountId", account.name as owner
                 from (select * from saved_view where owner_id = $1
                       union all
                       (select * from saved_view where shared and owner_id <> $1 order by lower(name), id limit 200)) v
                 join account on account.id = v.owner_id
                order by lower(v.name), v.id"#,
            actor.id.0,
        )
        .fetch_all(&self.pool)
        .await
        .doing("list saved views")?
        .into_iter()
        .map(|row| row.seen_by(actor))
        .collect()
    }

    /// A view that the actor sees.
    ///
    /// # Errors
    /// `NotFound` for another's that is not shared.
    pub async fn view(&self, actor: &Actor, id: ViewId) -> Result<ViewRow> {
        let _: policy::Permit<Read> = policy::permit(actor)?;
        sqlx::query_as!(
            Stored,
            r#"select v.id as "id: ViewId", v.name, v.filter, v.sort, v.shared, v.owner_id as "owner_id: AccountId",
                      account.name as owner
                 from saved_view v join account on account.id = v.owner_id
                where v.id = $1 and (v.shared or v.owner_id = $2)"#,
            id.0,
            actor.id.0,
        )
        .fetch_optional(&self.pool)
        .await
        .doing("read a saved view")?
        .ok_or(Error::NotFound("view"))?
        .seen_by(actor)
    }

    /// Keeps a filter and an order under a name.
    ///
    /// # Errors
    /// `Refused` for nobody; `Invalid` where the person has such a name already, or a hundred views.
    pub async fn save_view(&self, actor: &Actor, view: NewView, once: Option<&Once>) -> Result<ViewId> {
        let _: policy::Permit<Read> = policy::permit(actor)?;
        let mut tx = self.begin(Some(actor.id)).await?;
        if let Some(first) = tx.once(once).await? {
            return Ok(ViewId(first));
        }
        let has =
            sqlx::query_scalar!(r#"select count(*) as "n!" from saved_view where owner_id = $1"#, actor.id.0)
                .fetch_one(tx.db())
                .await
                .doing("count saved views")?;
        if has >= MOST {
            return Err(Invalid::new("name", phrase!("Keep at most {MOST} views. Delete one first.")).into());
        }
        let id = ViewId(self.new_id());
        let now = tx.now;
        sqlx::query!(
            "insert into saved_view (id, owner_id, name, shared, filter, sort, created_at)
             values ($1, $2, $3, $4, $5, $6, $7)",
            id.0,
            actor.id.0,
            view.name.as_str(),
            view.shared,
            written(&view.filter),
            view.sort.word(),
            now,
        )
        .execute(tx.db())
        .await
        .on_constraint("saved_view_name_key", "name", TAKEN)?
        .doing("save a view")?;
        let event = Event::ViewSaved { name: view.name.as_str().to_owned(), shared: view.shared };
        tx.event(About::account(actor.id), &event).await?;
        tx.made(once, id.0).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// Renames a view, and says whether the desk sees it. Sharing is its owner's to decide.
    ///
    /// # Errors
    /// `NotFound` for what the actor does not see; `Refused` for others' below editor; `Invalid` for a
    /// name that its owner has already.
    pub async fn change_view(&self, actor: &Actor, id: ViewId, name: &ViewName, shared: bool) -> Result<()> {
        let mut tx = self.begin(Some(actor.id)).await?;
        let locked = lock(&mut tx, actor, id).await?;
        let shared = if locked.owner == actor.id { shared } else { locked.shared };
        if locked.name == name.as_str() && locked.shared == shared {
            return Ok(());
        }
        sqlx::query!(
            "update saved_view set name = $2, shared = $3 where id = $1",
            id.0,
            name.as_str(),
            shared
        )
        .execute(tx.db())
        .await
        .on_constraint("saved_view_name_key", "name", TAKEN)?
        .doing("rename a view")?;
        let event = Event::ViewChanged { name: name.as_str().to_owned(), before: locked.name, shared };
        tx.event(About::account(locked.owner), &event).await?;
        tx.commit().await
    }

    /// Deletes a view.
    ///
    /// # Errors
    /// `NotFound` for what the actor does not see; `Refused` for others' below editor.
    pub async fn delete_view(&self, actor: &Actor, id: ViewId) -> Result<()> {
        let mut tx = self.begin(Some(actor.id)).await?;
        let locked = lock(&mut tx, actor, id).await?;
        sqlx::query!("delete from saved_view where id = $1", id.0)
            .execute(tx.db())
            .await
            .doing("delete a view")?;
        tx.event(About::account(locked.owner), &Event::ViewDeleted { name: locked.name }).await?;
        tx.commit().await
    }
}

const TAKEN: &str = "There is a view of this name already. Choose another name.";

/// A view that the actor may change; another's that is not shared does not exist for them.
async fn lock(tx: &mut Tx, actor: &Actor, id: ViewId) -> Result<Locked> {
    let _: policy::Permit<Read> = policy::permit(actor)?;
    let locked = sqlx::query_as!(
        Locked,
        r#"select owner_id as "owner: AccountId", name, shared from saved_view where id = $1 for update"#,
        id.0,
    )
    .fetch_optional(tx.db())
    .await
    .doing("look a view up")?
    .filter(|locked| locked.shared || locked.owner == actor.id)
    .ok_or(Error::NotFound("view"))?;
    if locked.owner != actor.id {
        let _: policy::Permit<ManageViews> = policy::permit(actor)?;
    }
    Ok(locked)
}

/// The words of a filter, as addresses have them.
fn written(filter: &ClaimFilter) -> Value {
    let mut words = Map::new();
    let mut word = |name: &str, value: Option<String>| {
        if let Some(value) = value {
            words.insert(name.to_owned(), Value::String(value));
        }
    };
    word("stage", filter.stage.map(|one| one.to_string()));
    word("rating", filter.rating.clone());
    word("outcome", filter.outcome.map(|one| one.to_string()));
    word("kind", filter.kind.map(|one| one.to_string()));
    word("indicator", filter.indicator.map(|one| one.to_string()));
    word("source", filter.source.map(|one| one.to_string()));
    word("article", filter.article.map(|one| one.to_string()));
    word("incident", filter.incident.map(|one| one.to_string()));
    word("assignee", filter.assignee.map(|one| one.to_string()));
    word("reviewer", filter.reviewer.map(|one| one.to_string()));
    word("judged_from", filter.judged_from.map(|day| day.to_string()));
    word("judged_to", filter.judged_to.map(|day| day.to_string()));
    word("came", filter.came.map(|one| one.to_string()));
    word("came_from", filter.came_from.map(|day| day.to_string()));
    word("came_to", filter.came_to.map(|day| day.to_string()));
    word("scale", filter.scale.as_deref().map(crate::error::storable));
    word("judge", filter.judge.map(|one| one.to_string()));
    word("other_judge", filter.other_judge.map(|one| one.to_string()));
    word("evidence_from", filter.evidence_from.map(|one| one.to_string()));
    word("since_before", filter.since_before.map(|at| at.to_rfc3339()));
    word("q", filter.q.as_deref().map(crate::error::storable));
    Value::Object(words)
}

fn read(words: &Value) -> Result<ClaimFilter> {
    fn parsed<T: FromStr>(words: &Value, name: &str) -> Result<Option<T>> {
        let Some(word) = words.get(name).and_then(Value::as_str) else { return Ok(None) };
        word.parse().map(Some).map_err(|_| Error::Inconsistent {
            table: "saved_view",
            column: "filter",
            what: format!("{name}: {word}"),
        })
    }
    Ok(ClaimFilter {
        stage: parsed(words, "stage")?,
        rating: parsed(words, "rating")?,
        outcome: parsed(words, "outcome")?,
        kind: parsed(words, "kind")?,
        indicator: parsed(words, "indicator")?,
        source: parsed(words, "source")?,
        article: parsed(words, "article")?,
        incident: parsed(words, "incident")?,
        assignee: parsed(words, "assignee")?,
        reviewer: parsed(words, "reviewer")?,
        judged_from: parsed(words, "judged_from")?,
        judged_to: parsed(words, "judged_to")?,
        came: parsed(words, "came")?,
        came_from: parsed(words, "came_from")?,
        came_to: parsed(words, "came_to")?,
        scale: parsed(words, "scale")?,
        judge: parsed(words, "judge")?,
        other_judge: parsed(words, "other_judge")?,
        evidence_from: parsed(words, "evidence_from")?,
        since_before: parsed(words, "since_before")?,
        q: parsed(words, "q")?,
    })
}
