//! By when an article's claims have to be decided: set by editors, weighed into the priority of its
//! claims, and made heard of once when it comes close and once when it has passed.

use crate::Desk;
use crate::articles::ArticleRow;
use crate::db::Anew;
use crate::error::{Doing, Error, Result, word};
use crate::page::{Cursor, Page};
use crate::tx::{About, Tx};
use chrono::{DateTime, Utc};
use domain::claim::ClaimKind;
use domain::closed_set;
use domain::deadline::{Phase, SOON};
use domain::history::Event;
use domain::id::{AccountId, ArticleId, ClaimId};
use domain::policy::{self, Actor, Read, SetDeadlines};
use domain::priority;
use domain::words::Invalid;
use uuid::Uuid;

closed_set! {
    /// Which articles to list, of those that wait for claims to be decided.
    Due {
        Overdue = "overdue", "overdue";
        Soon = "soon", "due soon";
        Escalated = "escalated", "escalated";
        All = "all", "with a deadline";
    }
}

/// An article's deadline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeadlineView {
    pub at: DateTime<Utc>,
    pub by: String,
    pub set_at: DateTime<Utc>,
    /// How close it was when that was last weighed.
    pub phase: Phase,
}

/// How many articles are due that wait for claims to be decided.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DueCount {
    /// All that have a deadline.
    pub set: i64,
    pub overdue: i64,
    pub soon: i64,
    /// Those of which the desk was told that the deadline came close or passed while claims waited. One
    /// that was set when it was close already is not among them until it has passed.
    pub escalated: i64,
}

/// An article's deadline as a change finds it.
struct LockedDeadline {
    deadline: Option<DateTime<Utc>>,
    phase: Option<String>,
}

/// A claim whose priority changed.
struct Repriced {
    claim: ClaimId,
    /// It keeps its article from running.
    blocks: bool,
    before: i16,
    after: i16,
}

impl Desk {
    /// Sets, moves or clears an article's deadline. What changes nothing leaves no trace.
    ///
    /// # Errors
    /// `Refused` below editor, `NotFound`, `Invalid` for a moment that has passed.
    pub async fn set_deadline(
        &self,
        actor: &Actor,
        id: ArticleId,
        deadline: Option<DateTime<Utc>>,
    ) -> Result<()> {
        let permit: policy::Permit<SetDeadlines> = policy::permit(actor)?;
        let mut tx = self.begin(Some(actor.id)).await?;
        let locked = lock(&mut tx, id).await?;
        if locked.deadline == deadline {
            return Ok(());
        }
        let now = tx.now;
        if deadline.is_some_and(|deadline| deadline <= now) {
            return Err(Invalid::new("deadline", "Choose a moment that is still to come.").into());
        }
        let phase = deadline.map(|deadline| Phase::at(deadline, now));
        // Before the tally of the article, which is read to count what blocks: as whoever moves a claim.
        hold_claims(&mut tx, id).await?;
        sqlx::query!(
            "update article set deadline = $2, deadline_by = $3, deadline_set_at = $4, deadline_phase = $5 where id = $1",
            id.0,
            deadline,
            deadline.map(|_| permit.by().0),
            deadline.map(|_| now),
            phase.map(Phase::word),
        )
        .execute(tx.db())
        .await
        .doing("set a deadline")?;
        let words = |at: DateTime<Utc>| at.to_rfc3339();
        let event = match deadline {
            Some(deadline) => {
                Event::DeadlineSet { deadline: words(deadline), before: locked.deadline.map(words) }
            }
            None => Event::DeadlineCleared { before: locked.deadline.map(words).unwrap_or_default() },
        };
        tx.event(About::article(id), &event).await?;
        let because = match deadline {
            Some(_) => "the article’s deadline was set",
            None => "the article’s deadline was cleared",
        };
        let repriced = reprice(&mut tx, id, phase).await?;
        tx.events(&told(id, &repriced, because)).await?;
        tx.commit().await
    }

    /// Makes heard of deadlines that came close or passed since the last time, one article a
    /// transaction; how many there were. Several workers share them: each step of a deadline is
    /// taken by one of them, once.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn escalate_deadlines(&self) -> Result<u32> {
        let mut escalated = 0;
        while self.escalate_one().await? {
            escalated += 1;
        }
        Ok(escalated)
    }

    async fn escalate_one(&self) -> Result<bool> {
        let mut tx = self.begin(None).await?;
        let now = tx.now;
        let due = sqlx::query!(
            r#"select id, deadline as "deadline!", deadline_by as "by!: AccountId" from article
                where (deadline_phase = 'set' and deadline <= $2) or (deadline_phase = 'due_soon' and deadline <= $1)
                order by deadline
                limit 1
                  for no key update skip locked"#,
            now,
            now + SOON,
        )
        .fetch_optional(tx.db())
        .await
        .doing("look for deadlines that came close")?;
        let Some(due) = due else { return Ok(false) };
        let phase = Phase::at(due.deadline, now);
        sqlx::query!("update article set deadline_phase = $2 where id = $1", due.id.0, phase.word())
            .execute(tx.db())
            .await
            .doing("note how close a deadline is")?;
        let repriced = reprice(&mut tx, due.id, Some(phase)).await?;
        let mut events = vec![(
            About::article(due.id),
            Event::DeadlineCame { deadline: due.deadline.to_rfc3339(), overdue: phase == Phase::Overdue },
        )];
        let because = phase.contribution().why;
        // Whoever watches a claim that blocks hears of that claim; who set the deadline, of the most
        // urgent one.
        let first = repriced.iter().filter(|one| one.blocks).max_by_key(|one| (one.after, one.claim));
        for one in &repriced {
            if one.blocks {
                let account = first.filter(|first| first.claim == one.claim).map(|_| due.by);
                let event = Event::Escalated {
                    deadline: due.deadline.to_rfc3339(),
                    overdue: phase == Phase::Overdue,
                    before: one.before,
                    after: one.after,
                };
                events.push((About { account, ..About::claim(one.claim, due.id) }, event));
            } else if one.before != one.after {
                events.extend(told(due.id, std::slice::from_ref(one), &because));
            }
        }
        tx.events(&events).await?;
        if first.is_some() {
            sqlx::query!("update deadline_watch set escalated = true where article_id = $1", due.id.0)
                .execute(tx.db())
                .await
                .doing("note that the desk was told of a deadline")?;
        }
        tx.commit().await?;
        Ok(true)
    }

    /// Articles that are due and that wait for claims to be decided, the most pressing first, a page
    /// at a time: a walk along `deadline_watch_idx`.
    ///
    /// # Errors
    /// `Refused` for nobody, or where the database fails.
    pub async fn due_articles(
        &self,
        actor: &Actor,
        due: Due,
        after: Option<Cursor>,
        limit: i64,
    ) -> Result<Page<ArticleRow>> {
        let _: policy::Permit<Read> = policy::permit(actor)?;
        let limit = limit.clamp(1, 200);
        let now = self.clock.now();
        let (from, before) = match due {
            Due::Overdue => (None, Some(now)),
            Due::Soon => (Some(now), Some(now + SOON)),
            // None is before it is due soon.
            Due::Escalated => (None, Some(now + SOON)),
            Due::All => (None, None),
        };
        let found = sqlx::query!(
            r#"select article_id as "id: ArticleId", at from deadline_watch
                where blocking > 0 and ($1::timestamptz is null or at >= $1) and ($2::timestamptz is null or at <= $2)
                  and ($3::timestamptz is null or (at, article_id) > ($3, $4::uuid))
                  and (escalated or not $6)
                order by at, article_id
                limit $5"#,
            from,
            before,
            after.map(|cursor| cursor.moment()).transpose()?,
            after.map(|cursor| cursor.id),
            limit + 1,
            due == Due::Escalated,
        )
        .fetch_all(Anew(&self.reads))
        .await
        .doing("list articles that are due")?;
        let found = found.into_iter().map(|row| (row.at, row.id)).collect();
        let page = Page::of(found, limit, |(at, id): &(DateTime<Utc>, ArticleId)| Cursor {
            key: at.timestamp_micros(),
            id: id.0,
        });
        let ids: Vec<Uuid> = page.rows.iter().map(|(_, id)| id.0).collect();
        Ok(Page { rows: self.article_rows(&ids).await?, next: page.next })
    }

    /// How many articles are due that wait for claims to be decided.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn due_count(&self) -> Result<DueCount> {
        let now = self.clock.now();
        let row = sqlx::query!(
            r#"select count(*) as "set!", count(*) filter (where at <= $1) as "overdue!",
                      count(*) filter (where at > $1 and at <= $2) as "soon!",
                      count(*) filter (where escalated) as "escalated!"
                 from deadline_watch where blocking > 0"#,
            now,
            now + SOON,
        )
        .fetch_one(&self.reads)
        .await
        .doing("count what is due")?;
        Ok(DueCount { set: row.set, overdue: row.overdue, soon: row.soon, escalated: row.escalated })
    }
}

/// How close the deadline of a claim's article was when that was last weighed.
pub(crate) async fn phase_of(tx: &mut Tx, article: ArticleId) -> Result<Option<Phase>> {
    let phase = sqlx::query_scalar!("select deadline_phase from article where id = $1", article.0)
        .fetch_optional(tx.db())
        .await
        .doing("read a deadline")?;
    phase.flatten().map(|phase| word("article", "deadline_phase", &phase)).transpose()
}

/// Holds an article. Whoever leaves an event about a claim of it may go on meanwhile.
async fn lock(tx: &mut Tx, id: ArticleId) -> Result<LockedDeadline> {
    sqlx::query_as!(
        LockedDeadline,
        "select deadline, deadline_phase as phase from article where id = $1 for no key update",
        id.0,
    )
    .fetch_optional(tx.db())
    .await
    .doing("lock an article")?
    .ok_or(Error::NotFound("article"))
    .and_then(|locked| {
        if let Some(phase) = &locked.phase {
            word::<Phase>("article", "deadline_phase", phase)?;
        }
        Ok(locked)
    })
}

/// Holds all claims of an article, in the order of their ids as everywhere.
async fn hold_claims(tx: &mut Tx, article: ArticleId) -> Result<()> {
    sqlx::query!("select id from claim where article_id = $1 order by id for update", article.0)
        .fetch_all(tx.db())
        .await
        .doing("lock an article's claims")?;
    Ok(())
}

/// Works the priority of an article's claims out again; the claims are held in the order of their ids.
async fn reprice(tx: &mut Tx, article: ArticleId, phase: Option<Phase>) -> Result<Vec<Repriced>> {
    let rows = sqlx::query!(
        r#"select id, kind, checkworthiness, priority, contradiction, in_latest and is_in_work(stage) and not (
                      runs_unchecked(stage, rating, first_reviewer)
                      and exists (select from claim_let_go mark where mark.claim_id = claim.id and mark.until is null)) as "blocks!",
                  exists (select from attribution where attribution.claim_id = claim.id) as "has_source!",
                  (select jsonb_agg(body order by position) from measure where measure.claim_id = claim.id) as measures
             from claim where article_id = $1 order by id for update of claim"#,
        article.0,
    )
    .fetch_all(tx.db())
    .await
    .doing("lock an article's claims")?;
    let repriced = rows
        .into_iter()
        .map(|row| {
            let kind: ClaimKind = word("claim", "kind", &row.kind)?;
            let measures = crate::claims::measures(row.measures)?;
            let worth = f64::from(row.checkworthiness);
            let mut parts = priority::contributions(kind, worth, row.has_source, &measures);
            parts.extend(phase.map(Phase::contribution));
            parts.extend(priority::contradiction(row.contradiction.as_deref()));
            let after = priority::total(&parts);
            Ok(Repriced { claim: row.id, blocks: row.blocks, before: row.priority, after })
        })
        .collect::<Result<Vec<_>>>()?;
    let changed = repriced.iter().filter(|one| one.before != one.after);
    let (ids, priorities): (Vec<Uuid>, Vec<i16>) = changed.map(|one| (one.claim.0, one.after)).unzip();
    if !ids.is_empty() {
        sqlx::query!(
            "update claim set priority = r.priority from unnest($1::uuid[], $2::smallint[]) as r (id, priority)
              where claim.id = r.id",
            &ids,
            &priorities,
        )
        .execute(tx.db())
        .await
        .doing("weigh a deadline")?;
    }
    Ok(repriced)
}

fn told(article: ArticleId, repriced: &[Repriced], because: &str) -> Vec<(About, Event)> {
    repriced
        .iter()
        .filter(|one| one.before != one.after)
        .map(|one| {
            let event =
                Event::PriorityChanged { before: one.before, after: one.after, because: because.to_owned() };
            (About::claim(one.claim, article), event)
        })
        .collect()
}
