//! Incidents: the events in the world that claims are about. Listed, read with their ledgers, and
//! what people say of them: which claims belong, what they are called, which are one. All of it can be
//! taken back.

mod contradict;
mod gather;
mod keep;
mod news;
mod public;
mod reuse;

pub use contradict::OnRecord;
pub use keep::{Membership, Standing};
pub use news::LedgerEntry;
pub(crate) use news::{look_after, look_after_dismissal, look_after_grade, look_after_name};
pub use public::{
    LedgerAddress, LedgerPage, LedgerPublication, PublicFigure, PublicIncident, PublicLedger,
    PublicLedgerRow, PublicVerdict,
};
pub use reuse::SameAs;

use crate::Desk;
use crate::claims::{ClaimRow, HistoryEntry};
use crate::db::Anew;
use crate::error::{Difference, Doing, Error, Result, storable, word};
use crate::figure::read_number;
use crate::page::{Cursor, Page};
use crate::tx::{About, Once, Tx, tried};
use chrono::{DateTime, NaiveDate, Utc};
use contradict::{InOrder, contradictions, figures, ledgers, together};
use domain::closed_set;
use domain::history::Event;
use domain::id::{AccountId, ChangeId, ClaimId, IncidentId};
use domain::ledger::{Estimate, Line, Mark, Range};
use domain::measure::Indicator;
use domain::phrase::Phrase;
use domain::policy::{self, Actor, Curate, Gather, Read};
use domain::priority::Contribution;
use domain::scale::Scales;
use domain::words::{Invalid, Reason, Title};
use keep::{lock_incidents, memberships_of, place_it, reasons, rebuild, recount, write_memberships};
use phrase::phrase;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sqlx::PgExecutor;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// Most claims that are moved at a time.
const MOST_MOVED: usize = 500;

closed_set! {
    /// Whether an incident stands by itself.
    Status {
        Open = "open", "open";
        Merged = "merged", "merged into another";
    }
}

/// Which incidents to list; what is `None` or false does not matter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct IncidentFilter {
    /// Words of the title or the place.
    pub q: Option<String>,
    /// Those that were not over before this day.
    pub from: Option<NaiveDate>,
    /// Those that had begun by this day.
    pub to: Option<NaiveDate>,
    /// With figures that contradict each other.
    pub contradictory: bool,
    /// With claims that have no verdict yet.
    pub open: bool,
    /// With claims of which a person must say whether they belong.
    pub proposed: bool,
}

/// An incident in a list.
#[derive(Clone, Debug, PartialEq)]
pub struct IncidentRow {
    pub id: IncidentId,
    pub title: String,
    pub place: Option<String>,
    pub from: Option<NaiveDate>,
    pub to: Option<NaiveDate>,
    pub status: Status,
    pub merged_into: Option<IncidentId>,
    pub version: i32,
    pub claims: i32,
    pub articles: i32,
    /// Claims without a verdict that stands.
    pub open: i32,
    pub contradictory: i32,
    pub proposed: i32,
    /// When its newest article was published.
    pub last_at: DateTime<Utc>,
}

/// What an editor holds to be the figure.
#[derive(Clone, Debug, PartialEq)]
pub struct OwnEstimate {
    pub range: Range,
    pub basis: String,
    pub by: String,
    pub at: DateTime<Utc>,
    /// How many there have been of this indicator.
    pub number: i32,
}

/// What an editor is to hold from now on, as it is handed in.
#[derive(Clone, Debug)]
pub struct EstimateForm {
    /// As people write it ("37-44", "at least 12"); nothing: the rules decide again.
    pub figure: Option<String>,
    pub basis: Reason,
    /// The number of what was held when the form was opened, 0 for nothing; `None`: whatever is held.
    pub seen: Option<i32>,
}

impl EstimateForm {
    /// In place of whatever is held.
    pub fn new(figure: Option<&str>, basis: Reason) -> Self {
        Self { figure: figure.map(str::to_owned), basis, seen: None }
    }
}

/// The figures of one indicator.
#[derive(Clone, Debug, PartialEq)]
pub struct LedgerView {
    pub indicator: Indicator,
    /// Oldest first; lines and marks name them by their places here.
    pub figures: Vec<OnRecord>,
    pub lines: Vec<Line>,
    pub marks: Vec<Mark>,
    /// What the rules make of them.
    pub computed: Option<Estimate>,
    /// What an editor holds instead.
    pub own: Option<OwnEstimate>,
}

/// A claim of which the rules or a person said something.
#[derive(Clone, Debug)]
pub struct Member {
    pub claim: ClaimRow,
    pub standing: Standing,
    pub score: i16,
    pub reasons: Vec<Contribution>,
    /// `None`: the rules.
    pub by: Option<String>,
    pub at: DateTime<Utc>,
    /// Why it contradicts another claim, where it does.
    pub contradiction: Option<String>,
}

/// Something that a person did and can be taken back.
#[derive(Clone, Debug, PartialEq)]
pub struct ChangeView {
    pub id: ChangeId,
    pub what: Phrase,
    pub by: String,
    pub at: DateTime<Utc>,
    pub undone: Option<(String, DateTime<Utc>)>,
}

/// Everything about one incident.
#[derive(Clone, Debug)]
pub struct IncidentView {
    pub incident: IncidentRow,
    pub ledgers: Vec<LedgerView>,
    /// Confirmed ones first, then those proposed; by the time of their articles.
    pub members: Vec<Member>,
    /// Newest first.
    pub changes: Vec<ChangeView>,
    /// Oldest first.
    pub history: Vec<HistoryEntry>,
    /// Whether readers see its figures or saw them once: what was last done about it, and under which
    /// address.
    pub public: Option<(String, LedgerPublication)>,
}

/// A claim that waits for a person to say whether it belongs.
#[derive(Clone, Debug)]
pub struct Proposal {
    pub incident: IncidentId,
    pub title: String,
    pub claim: ClaimRow,
    pub score: i16,
    pub reasons: Vec<Contribution>,
    pub at: DateTime<Utc>,
}

/// The incident of a claim, as the claim's page shows it.
#[derive(Clone, Debug, PartialEq)]
pub struct OfClaim {
    pub incident: IncidentId,
    pub title: String,
    pub standing: Standing,
    pub score: i16,
    pub reasons: Vec<Contribution>,
    /// `None`: the rules.
    pub by: Option<String>,
}

/// Rows as they were or are, to put them back.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Kept {
    claims: BTreeSet<ClaimId>,
    memberships: Vec<Value>,
    incidents: Vec<Value>,
    estimates: Vec<Value>,
}

struct RawRow {
    id: IncidentId,
    title: String,
    place: Option<String>,
    from_day: Option<NaiveDate>,
    to_day: Option<NaiveDate>,
    status: String,
    merged_into: Option<IncidentId>,
    version: i32,
    claims: i32,
    articles: i32,
    open: i32,
    contradictory: i32,
    proposed: i32,
    last_at: DateTime<Utc>,
}

impl TryFrom<RawRow> for IncidentRow {
    type Error = Error;
    fn try_from(row: RawRow) -> Result<Self> {
        Ok(Self {
            status: word("incident", "status", &row.status)?,
            id: row.id,
            title: row.title,
            place: row.place,
            from: row.from_day,
            to: row.to_day,
            merged_into: row.merged_into,
            version: row.version,
            claims: row.claims,
            articles: row.articles,
            open: row.open,
            contradictory: row.contradictory,
            proposed: row.proposed,
            last_at: row.last_at,
        })
    }
}

impl Desk {
    /// Incidents, those with the newest reports first, a page at a time.
    ///
    /// # Errors
    /// `Refused` for nobody, or where the database fails.
    pub async fn incidents(
        &self,
        actor: &Actor,
        filter: &IncidentFilter,
        after: Option<Cursor>,
        limit: i64,
    ) -> Result<Page<IncidentRow>> {
        let _: policy::Permit<Read> = policy::permit(actor)?;
        let limit = limit.clamp(1, 200);
        let q = filter.q.as_deref().map(storable).filter(|q| !q.trim().is_empty());
        let rows = sqlx::query_as!(
            RawRow,
            r#"select incident.id as "id: IncidentId", incident.title, incident.place, incident.from_day, incident.to_day,
                      incident.status, incident.merged_into as "merged_into: IncidentId", incident.version,
                      t.claims, t.articles, t.open, t.contradictory, t.proposed, t.last_at
                 from incident_tally t
                 join incident on incident.id = t.incident_id
                where t.claims > 0
                  and ($1::text is null or to_tsvector('simple', incident.title || ' ' || coalesce(incident.place, ''))
                                           @@ websearch_to_tsquery('simple', $1))
                  and ($2::date is null or incident.to_day >= $2)
                  and ($3::date is null or incident.from_day <= $3)
                  and (not $4::bool or t.contradictory > 0)
                  and (not $5::bool or t.open > 0)
                  and (not $6::bool or t.proposed > 0)
                  and ($7::timestamptz is null or (t.last_at, t.incident_id) < ($7, $8::uuid))
                order by t.last_at desc, t.incident_id desc
                limit $9"#,
            q,
            filter.from,
            filter.to,
            filter.contradictory,
            filter.open,
            filter.proposed,
            after.map(|cursor| cursor.moment()).transpose()?,
            after.map(|cursor| cursor.id),
            limit + 1,
        )
        .fetch_all(Anew(&self.reads))
        .await
        .doing("list incidents")?;
        let rows = rows.into_iter().map(TryInto::try_into).collect::<Result<Vec<IncidentRow>>>()?;
        Ok(Page::of(rows, limit, |row| Cursor { key: row.last_at.timestamp_micros(), id: row.id.0 }))
    }

    /// One incident as a list shows it.
    ///
    /// # Errors
    /// `Refused` for nobody, `NotFound`.
    pub async fn incident_row(&self, actor: &Actor, id: IncidentId) -> Result<IncidentRow> {
        let _: policy::Permit<Read> = policy::permit(actor)?;
        sqlx::query_as!(
            RawRow,
            r#"select incident.id as "id: IncidentId", incident.title, incident.place, incident.from_day, incident.to_day,
                      incident.status, incident.merged_into as "merged_into: IncidentId", incident.version,
                      coalesce(t.claims, 0) as "claims!", coalesce(t.articles, 0) as "articles!",
                      coalesce(t.open, 0) as "open!", coalesce(t.contradictory, 0) as "contradictory!",
                      coalesce(t.proposed, 0) as "proposed!", coalesce(t.last_at, incident.created_at) as "last_at!"
                 from incident left join incident_tally t on t.incident_id = incident.id
                where incident.id = $1"#,
            id.0,
        )
        .fetch_optional(&self.pool)
        .await
        .doing("read an incident")?
        .ok_or(Error::NotFound("incident"))?
        .try_into()
    }

    /// The ledgers of an incident: its figures by indicator, with what is made of them.
    ///
    /// # Errors
    /// `Refused` for nobody, `NotFound`.
    pub async fn incident_figures(&self, actor: &Actor, id: IncidentId) -> Result<Vec<LedgerView>> {
        self.ledgers_of(actor, id, |_| true).await
    }

    /// Only those of some indicators: what is made of the others is not worked out.
    ///
    /// # Errors
    /// As [`Self::incident_figures`].
    pub async fn ledgers_of(
        &self,
        actor: &Actor,
        id: IncidentId,
        asked: impl Fn(Indicator) -> bool,
    ) -> Result<Vec<LedgerView>> {
        let _: policy::Permit<Read> = policy::permit(actor)?;
        let scales = self.scales().await?;
        let records = figures(&scales, &self.pool, id).await?;
        if records.is_empty() {
            self.incident_row(actor, id).await?;
        }
        let own = own_estimates(&self.pool, id).await?;
        views(records, own, asked)
    }

    /// Everything about one incident.
    ///
    /// # Errors
    /// `Refused` for nobody, `NotFound`.
    pub async fn incident(&self, actor: &Actor, id: IncidentId) -> Result<IncidentView> {
        self.on_one_connection().incident_over_one(actor, id).await
    }

    async fn incident_over_one(&self, actor: &Actor, id: IncidentId) -> Result<IncidentView> {
        let incident = self.incident_row(actor, id).await?;
        let rows = sqlx::query!(
            r#"select m.claim_id as "claim: ClaimId", m.standing, m.score, m.reasons, account.name as "by?", m.decided_at,
                      claim.contradiction
                 from incident_claim m
                 join claim on claim.id = m.claim_id
                 join article on article.id = claim.article_id
                 left join account on account.id = m.decided_by
                where m.incident_id = $1 and m.standing <> 'rejected'
                order by m.standing, coalesce(article.published_at, article.added_at), article.id, claim.span_start
                limit 1000"#,
            id.0,
        )
        .fetch_all(&self.pool)
        .await
        .doing("read an incident's claims")?;
        let ids: Vec<ClaimId> = rows.iter().map(|row| row.claim).collect();
        let mut claims: BTreeMap<ClaimId, ClaimRow> =
            self.rows(&self.pool, &ids).await?.into_iter().map(|row| (row.id, row)).collect();
        let members = rows
            .into_iter()
            .filter_map(|row| Some((claims.remove(&row.claim)?, row)))
            .map(|(claim, row)| {
                Ok(Member {
                    claim,
                    standing: word("incident_claim", "standing", &row.standing)?,
                    score: row.score,
                    reasons: reasons(row.reasons)?,
                    by: row.by,
                    at: row.decided_at,
                    contradiction: row.contradiction,
                })
            })
            .collect::<Result<_>>()?;
        let changes = sqlx::query!(
            r#"select c.id as "id: ChangeId", c.what, c.done, c.at, account.name as by, undoer.name as "undone_by?", c.undone_at
                 from incident_change c
                 join account on account.id = c.by
                 left join account undoer on undoer.id = c.undone_by
                where c.incident_id = $1 order by c.at desc, c.id desc limit 50"#,
            id.0,
        )
        .fetch_all(&self.pool)
        .await
        .doing("read what was done with an incident")?
        .into_iter()
        .map(|row| {
            let done = row.done.map(done_before).transpose()?;
            Ok(ChangeView {
                id: row.id,
                what: done.map_or_else(|| Phrase::verbatim(row.what), |done| done.phrase()),
                by: row.by,
                at: row.at,
                undone: row.undone_by.zip(row.undone_at),
            })
        })
        .collect::<Result<_>>()?;
        let history = sqlx::query!(
            r#"select event.at, account.name as "by?", event.body
                 from event left join account on account.id = event.actor_id
                where event.incident_id = $1 order by event.id desc limit 200"#,
            id.0,
        )
        .fetch_all(&self.pool)
        .await
        .doing("read an incident's history")?
        .into_iter()
        .rev()
        .map(|row| {
            let event = serde_json::from_value(row.body).map_err(|error| Error::Inconsistent {
                table: "event",
                column: "body",
                what: error.to_string(),
            })?;
            Ok(HistoryEntry { at: row.at, by: row.by, event })
        })
        .collect::<Result<_>>()?;
        let ledgers = self.incident_figures(actor, id).await?;
        let public = self.ledger_in_public(id).await?;
        Ok(IncidentView { incident, ledgers, members, changes, history, public })
    }

    /// Claims of which a person must say whether they belong to an incident, newest first.
    ///
    /// # Errors
    /// `Refused` for nobody, or where the database fails.
    pub async fn proposals(
        &self,
        actor: &Actor,
        after: Option<Cursor>,
        limit: i64,
    ) -> Result<Page<Proposal>> {
        let _: policy::Permit<Read> = policy::permit(actor)?;
        let limit = limit.clamp(1, 200);
        let rows = sqlx::query!(
            r#"select m.incident_id as "incident: IncidentId", incident.title, m.claim_id as "claim: ClaimId", m.score,
                      m.reasons, m.decided_at
                 from incident_claim m
                 join incident on incident.id = m.incident_id
                 join claim on claim.id = m.claim_id and claim.stage <> 'dismissed'
                where m.standing = 'proposed'
                  and ($1::timestamptz is null or (m.decided_at, m.claim_id) < ($1, $2::uuid))
                order by m.decided_at desc, m.claim_id desc
                limit $3"#,
            after.map(|cursor| cursor.moment()).transpose()?,
            after.map(|cursor| cursor.id),
            limit + 1,
        )
        .fetch_all(&self.pool)
        .await
        .doing("list what is proposed")?;
        let page =
            Page::of(rows, limit, |row| Cursor { key: row.decided_at.timestamp_micros(), id: row.claim.0 });
        let ids: Vec<ClaimId> = page.rows.iter().map(|row| row.claim).collect();
        let claims: BTreeMap<ClaimId, ClaimRow> =
            self.rows(&self.pool, &ids).await?.into_iter().map(|row| (row.id, row)).collect();
        let proposals = page
            .rows
            .into_iter()
            .filter_map(|row| Some((claims.get(&row.claim)?.clone(), row)))
            .map(|(claim, row)| {
                Ok(Proposal {
                    incident: row.incident,
                    title: row.title,
                    claim,
                    score: row.score,
                    reasons: reasons(row.reasons)?,
                    at: row.decided_at,
                })
            })
            .collect::<Result<_>>()?;
        Ok(Page { rows: proposals, next: page.next })
    }

    /// What a claim is about, and may be about: the one that is confirmed first.
    ///
    /// # Errors
    /// `Refused` for nobody, or where the database fails.
    pub async fn incidents_of(&self, actor: &Actor, claim: ClaimId) -> Result<Vec<OfClaim>> {
        let _: policy::Permit<Read> = policy::permit(actor)?;
        sqlx::query!(
            r#"select m.incident_id as "incident: IncidentId", incident.title, m.standing, m.score, m.reasons,
                      account.name as "by?"
                 from incident_claim m
                 join incident on incident.id = m.incident_id
                 left join account on account.id = m.decided_by
                where m.claim_id = $1 and m.standing <> 'rejected'
                order by m.standing, m.score desc"#,
            claim.0,
        )
        .fetch_all(&self.pool)
        .await
        .doing("read what a claim is about")?
        .into_iter()
        .map(|row| {
            Ok(OfClaim {
                incident: row.incident,
                title: row.title,
                standing: word("incident_claim", "standing", &row.standing)?,
                score: row.score,
                reasons: reasons(row.reasons)?,
                by: row.by,
            })
        })
        .collect()
    }

    /// Says that a claim is about an incident; it leaves the one that it was in.
    ///
    /// # Errors
    /// `Refused` below reviewer, `NotFound`, `Invalid` where the incident was merged into another.
    pub async fn confirm_in_incident(
        &self,
        actor: &Actor,
        id: IncidentId,
        claim: ClaimId,
        once: Option<&Once>,
    ) -> Result<()> {
        tried!(self.try_confirm(actor, id, claim, once))
    }

    async fn try_confirm(
        &self,
        actor: &Actor,
        id: IncidentId,
        claim: ClaimId,
        once: Option<&Once>,
    ) -> Result<()> {
        let _: policy::Permit<Gather> = policy::permit(actor)?;
        let scales = self.scales().await?;
        let mut tx = self.begin(Some(actor.id)).await?;
        if tx.once(once).await?.is_some() {
            return Ok(());
        }
        let incident = hold(&mut tx, id).await?;
        let (words, article) = claim_words(&mut tx, claim).await?;
        let claims: BTreeSet<ClaimId> = [claim].into();
        let before = Kept::of(&mut tx, &claims, &[id], id).await?;
        let left = self.move_claims(&scales, &mut tx, actor, &claims, id).await?;
        let done = Event::IncidentConfirmed { claim, words };
        tx.events(&left).await?;
        tx.events(&[
            (About::incident(id), done.clone()),
            (About::claim(claim, article), Event::JoinedIncident { incident: id, title: incident.title }),
        ])
        .await?;
        self.keep_change(&mut tx, actor, id, &done, &claims, &[id], before).await?;
        tx.made(once, id.0).await?;
        tx.commit().await
    }

    /// Says that a claim is not about an incident. The rules look for another.
    ///
    /// # Errors
    /// `Refused` below reviewer, `NotFound`.
    pub async fn reject_from_incident(
        &self,
        actor: &Actor,
        id: IncidentId,
        claim: ClaimId,
        reason: Option<Reason>,
        once: Option<&Once>,
    ) -> Result<()> {
        tried!(self.try_reject(actor, id, claim, reason.clone(), once))
    }

    async fn try_reject(
        &self,
        actor: &Actor,
        id: IncidentId,
        claim: ClaimId,
        reason: Option<Reason>,
        once: Option<&Once>,
    ) -> Result<()> {
        let _: policy::Permit<Gather> = policy::permit(actor)?;
        let scales = self.scales().await?;
        let mut tx = self.begin(Some(actor.id)).await?;
        if tx.once(once).await?.is_some() {
            return Ok(());
        }
        let incident = hold(&mut tx, id).await?;
        let (words, article) = claim_words(&mut tx, claim).await?;
        let claims: BTreeSet<ClaimId> = [claim].into();
        let kept = Kept::of(&mut tx, &claims, &[id], id).await?;
        let before = memberships_of(&mut tx, &[claim]).await?;
        if !before.iter().any(|row| row.incident == id) {
            return Err(Error::NotFound("claim of this incident"));
        }
        let now = tx.now;
        let wanted: Vec<Membership> = before
            .iter()
            .map(|row| match row.incident == id {
                true => Membership {
                    standing: Standing::Rejected,
                    decided_by: Some(actor.id),
                    decided_at: now,
                    ..row.clone()
                },
                false => row.clone(),
            })
            .collect();
        write_memberships(&mut tx, &before, &wanted).await?;
        wait_again(&mut tx, &claims).await?;
        self.settle(&scales, &mut tx, &[id].into(), &claims).await?;
        let reason = reason.map(|reason| reason.as_str().to_owned());
        let done = Event::IncidentRejected { claim, words, reason };
        tx.events(&[
            (About::incident(id), done.clone()),
            (About::claim(claim, article), Event::LeftIncident { incident: id, title: incident.title }),
        ])
        .await?;
        self.keep_change(&mut tx, actor, id, &done, &claims, &[id], kept).await?;
        tx.made(once, id.0).await?;
        tx.commit().await?;
        self.gather_soon(article).await;
        Ok(())
    }

    /// Moves claims out of an incident into another, or into a new one that is made for them; gives
    /// which.
    ///
    /// # Errors
    /// `Refused` below editor, `NotFound`, `Invalid` where a claim is not in it or the title is
    /// missing, `Stale` where the incident changed since the version seen.
    pub async fn split_incident(
        &self,
        actor: &Actor,
        id: IncidentId,
        version: i32,
        claims: &[ClaimId],
        to: SplitTo,
        once: Option<&Once>,
    ) -> Result<IncidentId> {
        tried!(self.try_split(actor, id, version, claims, to.clone(), once))
    }

    async fn try_split(
        &self,
        actor: &Actor,
        id: IncidentId,
        version: i32,
        claims: &[ClaimId],
        to: SplitTo,
        once: Option<&Once>,
    ) -> Result<IncidentId> {
        let _: policy::Permit<Curate> = policy::permit(actor)?;
        let claims: BTreeSet<ClaimId> = claims.iter().copied().collect();
        if claims.is_empty() || claims.len() > MOST_MOVED {
            return Err(
                Invalid::new("claims", phrase!("Choose 1 to {MOST_MOVED} claims of the incident.")).into()
            );
        }
        let scales = self.scales().await?;
        let mut tx = self.begin(Some(actor.id)).await?;
        if let Some(first) = tx.once(once).await? {
            return Ok(IncidentId(first));
        }
        let from = hold(&mut tx, id).await?;
        self.fresh(&mut tx, &from, version).await?;
        let list: Vec<ClaimId> = claims.iter().copied().collect();
        let before = memberships_of(&mut tx, &list).await?;
        let inside = |claim: &&ClaimId| {
            before
                .iter()
                .any(|row| row.claim == **claim && row.incident == id && row.standing == Standing::Confirmed)
        };
        if claims.iter().filter(inside).count() < claims.len() {
            return Err(Invalid::new("claims", "Choose claims that are in this incident.").into());
        }
        let target = match &to {
            SplitTo::New(_) => IncidentId(self.new_id()),
            SplitTo::Known(other) if *other == id => {
                return Err(Invalid::new("to", "Choose another incident than this one.").into());
            }
            SplitTo::Known(other) => *other,
        };
        let touched = [id, target];
        let kept = Kept::of(&mut tx, &claims, &touched, id).await?;
        let now = tx.now;
        let title = match &to {
            SplitTo::New(title) => {
                sqlx::query!(
                    "insert into incident (id, title, status, is_titled, version, created_at, created_by)
                     values ($1, $2, 'open', true, 1, $3, $4)",
                    target.0,
                    title.as_str(),
                    now,
                    actor.id.0,
                )
                .execute(tx.db())
                .await
                .doing("add an incident")?;
                title.to_string()
            }
            SplitTo::Known(_) => hold_chosen(&mut tx, target, "to").await?.title,
        };
        let mut left = self.move_claims(&scales, &mut tx, actor, &claims, target).await?;
        if matches!(to, SplitTo::New(_)) {
            place_it(&mut tx, target).await?;
        }
        // The one that is split says it in words of its own.
        left.retain(|(about, _)| about.incident != Some(id));
        tx.events(&left).await?;
        raise(&mut tx, &touched).await?;
        let n = u32::try_from(claims.len()).unwrap_or(u32::MAX);
        let done = Event::IncidentSplit { into: target, title, claims: n };
        tx.events(&[
            (About::incident(id), done.clone()),
            (
                About::incident(target),
                Event::IncidentSplitOff { from: id, title: from.title.clone(), claims: n },
            ),
        ])
        .await?;
        self.keep_change(&mut tx, actor, id, &done, &claims, &touched, kept).await?;
        tx.made(once, target.0).await?;
        tx.commit().await?;
        Ok(target)
    }

    /// Makes two incidents one: all claims of the first are about the other.
    ///
    /// # Errors
    /// `Refused` below editor, `NotFound`, `Invalid` for an incident with itself, `Stale`.
    pub async fn merge_incidents(
        &self,
        actor: &Actor,
        id: IncidentId,
        version: i32,
        into: IncidentId,
        once: Option<&Once>,
    ) -> Result<()> {
        tried!(self.try_merge(actor, id, version, into, once))
    }

    async fn try_merge(
        &self,
        actor: &Actor,
        id: IncidentId,
        version: i32,
        into: IncidentId,
        once: Option<&Once>,
    ) -> Result<()> {
        let _: policy::Permit<Curate> = policy::permit(actor)?;
        if id == into {
            return Err(Invalid::new("into", "Choose another incident than this one.").into());
        }
        let scales = self.scales().await?;
        let mut tx = self.begin(Some(actor.id)).await?;
        if tx.once(once).await?.is_some() {
            return Ok(());
        }
        let from = hold(&mut tx, id).await?;
        self.fresh(&mut tx, &from, version).await?;
        let target = hold_chosen(&mut tx, into, "into").await?;
        let claims: BTreeSet<ClaimId> = sqlx::query_scalar!(
            r#"select claim_id as "claim: ClaimId" from incident_claim
                where incident_id = $1 and (standing in ('confirmed', 'proposed') or decided_by is not null)"#,
            id.0,
        )
        .fetch_all(tx.db())
        .await
        .doing("read an incident's claims")?
        .into_iter()
        .collect();
        let touched = [id, into];
        let kept = Kept::of(&mut tx, &claims, &touched, into).await?;
        let list: Vec<ClaimId> = claims.iter().copied().collect();
        let before = memberships_of(&mut tx, &list).await?;
        let elsewhere = |row: &Membership| row.incident != id;
        let mut wanted: Vec<Membership> = before.iter().filter(|row| elsewhere(row)).cloned().collect();
        for row in before.iter().filter(|row| row.incident == id) {
            let moved = Membership { incident: into, ..row.clone() };
            match wanted.iter_mut().find(|other| other.claim == row.claim && other.incident == into) {
                Some(there) if moved.outweighs(there) => *there = moved,
                Some(_) => {}
                None => wanted.push(moved),
            }
        }
        write_memberships(&mut tx, &before, &wanted).await?;
        // What a person said is not about the one is not about the other either: the rules look elsewhere.
        let confirmed = |rows: &[Membership]| -> BTreeSet<ClaimId> {
            rows.iter().filter(|row| row.standing == Standing::Confirmed).map(|row| row.claim).collect()
        };
        let out: BTreeSet<ClaimId> = &confirmed(&before) - &confirmed(&wanted);
        wait_again(&mut tx, &out).await?;
        sqlx::query!("update incident set status = 'merged', merged_into = $2 where id = $1", id.0, into.0,)
            .execute(tx.db())
            .await
            .doing("merge an incident")?;
        raise(&mut tx, &touched).await?;
        self.settle(&scales, &mut tx, &touched.into(), &claims).await?;
        let came = before.iter().filter(|row| row.incident == id && row.standing != Standing::Rejected);
        let n = u32::try_from(came.count()).unwrap_or(u32::MAX);
        let keeps_own = self.bring_estimates(&mut tx, id, into).await?;
        let done = Event::IncidentTookIn { from: id, title: from.title, claims: n, keeps_own };
        tx.events(&[
            (About::incident(id), Event::IncidentMerged { into, title: target.title, claims: n }),
            (About::incident(into), done.clone()),
        ])
        .await?;
        self.keep_change(&mut tx, actor, into, &done, &claims, &touched, kept).await?;
        tx.made(once, into.0).await?;
        tx.commit().await
    }

    /// Gives an incident a title of a person's.
    ///
    /// # Errors
    /// `Refused` below editor, `NotFound`, `Stale`.
    pub async fn rename_incident(
        &self,
        actor: &Actor,
        id: IncidentId,
        version: i32,
        title: Title,
        once: Option<&Once>,
    ) -> Result<()> {
        let _: policy::Permit<Curate> = policy::permit(actor)?;
        let mut tx = self.begin(Some(actor.id)).await?;
        if tx.once(once).await?.is_some() {
            return Ok(());
        }
        let incident = hold(&mut tx, id).await?;
        self.fresh(&mut tx, &incident, version).await?;
        if incident.title == title.as_str() {
            tx.made(once, id.0).await?;
            return tx.commit_nothing_changed().await;
        }
        let kept = Kept::of(&mut tx, &BTreeSet::new(), &[id], id).await?;
        sqlx::query!(
            "update incident set title = $2, is_titled = true, version = version + 1 where id = $1",
            id.0,
            title.as_str(),
        )
        .execute(tx.db())
        .await
        .doing("rename an incident")?;
        let (before, after) = (incident.title, title.to_string());
        let done = Event::IncidentRenamed { before, after };
        tx.event(About::incident(id), &done).await?;
        self.keep_change(&mut tx, actor, id, &done, &BTreeSet::new(), &[id], kept).await?;
        tx.made(once, id.0).await?;
        tx.commit().await
    }

    /// Sets the desk's figure of an incident, or leaves it to the rules again.
    ///
    /// # Errors
    /// `Refused` below editor, `NotFound`, `Invalid` for a figure without a number, `Stale` with the figure
    /// that another editor set since the one seen.
    pub async fn set_estimate(
        &self,
        actor: &Actor,
        id: IncidentId,
        indicator: Indicator,
        form: EstimateForm,
        once: Option<&Once>,
    ) -> Result<()> {
        let _: policy::Permit<Curate> = policy::permit(actor)?;
        let EstimateForm { figure, basis, seen } = form;
        let range = match figure.as_deref().map(str::trim).filter(|figure| !figure.is_empty()) {
            Some(figure) => {
                let read = read_number(figure)?;
                let best = read.best.filter(|best| {
                    read.low.is_none_or(|low| low <= *best) && read.high.is_none_or(|high| *best <= high)
                });
                Some(Range { low: read.low, best, high: read.high })
            }
            None => None,
        };
        let mut tx = self.begin(Some(actor.id)).await?;
        if tx.once(once).await?.is_some() {
            return Ok(());
        }
        hold(&mut tx, id).await?;
        let kept = Kept::of(&mut tx, &BTreeSet::new(), &[id], id).await?;
        let held = own_estimates(tx.db(), id).await?.remove(indicator.word());
        let current = held.as_ref().map_or(0, |own| own.number);
        if seen.is_some_and(|seen| seen != current) {
            let in_words = |range: Option<Range>| range.map(|range| range.in_words()).unwrap_or_default();
            let (yours, theirs) = (in_words(range), in_words(held.as_ref().map(|own| own.range)));
            let by = held.map_or_else(|| "Somebody".to_owned(), |own| own.by);
            let differences = vec![Difference { field: "figure", yours, theirs }];
            return Err(Error::Stale { by, current, differences });
        }
        let before = held.map(|own| own.range);
        if before.is_none() && range.is_none() {
            tx.made(once, id.0).await?;
            return tx.commit_nothing_changed().await;
        }
        self.add_estimate(&mut tx, actor.id, id, indicator, range, basis.as_str()).await?;
        let done = Event::IncidentEstimated {
            indicator,
            before: before.map(|range| range.in_words()),
            after: range.map(|range| range.in_words()),
            basis: basis.as_str().to_owned(),
        };
        tx.event(About::incident(id), &done).await?;
        self.keep_change(&mut tx, actor, id, &done, &BTreeSet::new(), &[id], kept).await?;
        tx.made(once, id.0).await?;
        tx.commit().await
    }

    /// Takes back what a person did with incidents, and puts everything as it was.
    ///
    /// # Errors
    /// `Refused` below reviewer, and below editor for what takes one; `NotFound`, also where it was done
    /// with another incident; `Invalid` where it was taken back already or something that it changed was
    /// changed again.
    pub async fn undo_incident_change(
        &self,
        actor: &Actor,
        incident: IncidentId,
        id: ChangeId,
        once: Option<&Once>,
    ) -> Result<()> {
        tried!(self.try_undo(actor, incident, id, once))
    }

    async fn try_undo(
        &self,
        actor: &Actor,
        incident: IncidentId,
        id: ChangeId,
        once: Option<&Once>,
    ) -> Result<()> {
        let _: policy::Permit<Gather> = policy::permit(actor)?;
        let scales = self.scales().await?;
        let mut tx = self.begin(Some(actor.id)).await?;
        if tx.once(once).await?.is_some() {
            return Ok(());
        }
        lock_incidents(&mut tx).await?;
        let change = sqlx::query!(
            "select what, done, before, after, undone_at from incident_change
              where id = $1 and incident_id = $2 for update",
            id.0,
            incident.0,
        )
        .fetch_optional(tx.db())
        .await
        .doing("read what was done with an incident")?
        .ok_or(Error::NotFound("change"))?;
        let (before, after) = (Kept::read(change.before)?, Kept::read(change.after)?);
        let is_an_editors =
            before.incidents != after.incidents || before.held() != after.held() || after.incidents.len() > 1;
        if is_an_editors {
            let _: policy::Permit<Curate> = policy::permit(actor)?;
        }
        if change.undone_at.is_some() {
            return Err(Invalid::new("change", "This was taken back already.").into());
        }
        let touched: Vec<IncidentId> =
            after.incidents.iter().filter_map(|row| id_of(row, "id")).map(IncidentId).collect();
        let now = Kept::of(&mut tx, &after.claims, &touched, incident).await?;
        if !now.still(&before, &after) {
            let words = "Something that this changed was changed again since: take that back first.";
            return Err(Invalid::new("change", words).into());
        }
        let incidents = self.put_back(&mut tx, actor, &before, &after, &touched).await?;
        let at = tx.now;
        sqlx::query!(
            "update incident_change set undone_by = $2, undone_at = $3 where id = $1",
            id.0,
            actor.id.0,
            at,
        )
        .execute(tx.db())
        .await
        .doing("note that it was taken back")?;
        self.settle(&scales, &mut tx, &incidents, &after.claims).await?;
        let done = change.done.map(done_before).transpose()?.map(Box::new);
        let event = Event::IncidentUndone { what: change.what, done };
        let events: Vec<(About, Event)> =
            incidents.iter().map(|incident| (About::incident(*incident), event.clone())).collect();
        tx.events(&events).await?;
        tx.made(once, id.0).await?;
        tx.commit().await
    }

    /// Writes rows as they were. Gives the incidents that it concerns.
    async fn put_back(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        before: &Kept,
        after: &Kept,
        touched: &[IncidentId],
    ) -> Result<BTreeSet<IncidentId>> {
        let list: Vec<ClaimId> = before.claims.iter().copied().collect();
        let is = memberships_of(tx, &list).await?;
        let was = before.memberships.iter().map(membership).collect::<Result<Vec<_>>>()?;
        let mut incidents: BTreeSet<IncidentId> = touched.iter().copied().collect();
        incidents.extend(is.iter().chain(&was).map(|row| row.incident));
        write_memberships(tx, &is, &was).await?;
        for row in &before.incidents {
            sqlx::query!(
                "update incident i
                    set title = r.title, is_titled = r.is_titled, status = r.status, merged_into = r.merged_into,
                        version = i.version + 1
                   from jsonb_to_record($1) as r (id uuid, title text, is_titled bool, status text, merged_into uuid)
                  where i.id = r.id",
                row,
            )
            .execute(tx.db())
            .await
            .doing("put an incident back")?;
        }
        refuse_merged(tx, &was).await?;
        let (was_held, is_held) = (before.held(), after.held());
        for row in after.estimates.iter().filter(|_| was_held != is_held) {
            let indicator: Indicator = word(
                "incident_estimate",
                "indicator",
                row.get("indicator").and_then(Value::as_str).unwrap_or_default(),
            )?;
            let incident = id_of(row, "incident_id").map(IncidentId);
            let of = |kept: &&Value| kept.get("indicator") == row.get("indicator");
            let was = before.estimates.iter().find(of);
            if was == Some(row) {
                continue;
            }
            let Some(incident) = incident else { continue };
            let n = |name: &str| was.and_then(|was| was.get(name)).and_then(Value::as_f64);
            let range = was.map(|_| Range { low: n("low"), best: n("best"), high: n("high") });
            let range = range.filter(|r| r.low.is_some() || r.best.is_some() || r.high.is_some());
            // With its basis, as whoever set it wrote it.
            let text = |name: &str| was.and_then(|was| was.get(name)).and_then(Value::as_str);
            let basis = text("basis").unwrap_or("Taken back.");
            let by = was.and_then(|was| id_of(was, "set_by")).map_or(actor.id, AccountId);
            self.add_estimate(tx, by, incident, indicator, range, basis).await?;
        }
        Ok(incidents)
    }

    /// Makes claims be about an incident because a person says so, and about no other. Gives the entries
    /// for the histories of those that they leave: without one, nobody who looks back would know when.
    async fn move_claims(
        &self,
        scales: &Scales,
        tx: &mut Tx,
        actor: &Actor,
        claims: &BTreeSet<ClaimId>,
        to: IncidentId,
    ) -> Result<Vec<(About, Event)>> {
        let list: Vec<ClaimId> = claims.iter().copied().collect();
        let before = memberships_of(tx, &list).await?;
        let now = tx.now;
        let mut wanted: Vec<Membership> = before
            .iter()
            .filter(|row| row.incident != to)
            .map(|row| match row.standing {
                // The rules must not bring it back.
                Standing::Confirmed => Membership {
                    standing: Standing::Rejected,
                    decided_by: Some(actor.id),
                    decided_at: now,
                    ..row.clone()
                },
                _ => row.clone(),
            })
            .collect();
        // What is decided is no longer proposed elsewhere.
        wanted.retain(|row| row.standing != Standing::Proposed);
        for claim in claims {
            let there = before.iter().find(|row| row.claim == *claim && row.incident == to);
            wanted.push(Membership {
                incident: to,
                claim: *claim,
                standing: Standing::Confirmed,
                score: there.map_or(0, |row| row.score),
                reasons: there.map(|row| row.reasons.clone()).unwrap_or_default(),
                decided_by: Some(actor.id),
                decided_at: now,
            });
        }
        write_memberships(tx, &before, &wanted).await?;
        let mut left: BTreeMap<IncidentId, u32> = BTreeMap::new();
        for row in before.iter().filter(|row| row.incident != to && row.standing != Standing::Rejected) {
            *left.entry(row.incident).or_default() += 1;
        }
        let mut incidents: BTreeSet<IncidentId> = before.iter().map(|row| row.incident).collect();
        incidents.insert(to);
        self.settle(scales, tx, &incidents, claims).await?;
        let left = left.into_iter().map(|(incident, left)| {
            (About::incident(incident), Event::IncidentGathered { confirmed: 0, proposed: 0, left })
        });
        Ok(left.collect())
    }

    /// What follows once claims have moved: names, counters and contradictions.
    async fn settle(
        &self,
        scales: &Scales,
        tx: &mut Tx,
        incidents: &BTreeSet<IncidentId>,
        claims: &BTreeSet<ClaimId>,
    ) -> Result<()> {
        rebuild(tx, incidents).await?;
        recount(tx, incidents).await?;
        let claims: Vec<ClaimId> = claims.iter().copied().collect();
        contradictions(scales, tx, incidents, &claims).await
    }

    /// Brings what editors hold of an incident to the one that it is merged into, where nothing is held of
    /// that; gives whether something was held of both.
    async fn bring_estimates(&self, tx: &mut Tx, from: IncidentId, into: IncidentId) -> Result<bool> {
        let held = sqlx::query!(
            r#"select distinct on (incident_id, indicator) incident_id as "incident: IncidentId", indicator, low, best,
                      high, basis, set_by as "set_by: AccountId"
                 from incident_estimate where incident_id in ($1, $2)
                order by incident_id, indicator, number desc"#,
            from.0,
            into.0,
        )
        .fetch_all(tx.db())
        .await
        .doing("read the figures of incidents")?;
        let is_held = |range: &Range| range.low.is_some() || range.best.is_some() || range.high.is_some();
        let held = held.into_iter().map(|row| {
            let range = Range { low: row.low, best: row.best, high: row.high };
            (row.incident, row.indicator, range, row.basis, row.set_by)
        });
        let (own, theirs): (Vec<_>, Vec<_>) =
            held.filter(|(_, _, range, ..)| is_held(range)).partition(|(incident, ..)| *incident == into);
        let mut keeps_own = false;
        for (_, indicator, range, basis, by) in theirs {
            if own.iter().any(|(_, there, ..)| *there == indicator) {
                keeps_own = true;
                continue;
            }
            let indicator: Indicator = word("incident_estimate", "indicator", &indicator)?;
            self.add_estimate(tx, by, into, indicator, Some(range), &basis).await?;
        }
        Ok(keeps_own)
    }

    async fn add_estimate(
        &self,
        tx: &mut Tx,
        by: AccountId,
        id: IncidentId,
        indicator: Indicator,
        range: Option<Range>,
        basis: &str,
    ) -> Result<()> {
        let now = tx.now;
        sqlx::query!(
            "insert into incident_estimate (id, incident_id, indicator, number, low, best, high, basis, set_by, set_at)
             select $1, $2, $3, coalesce(max(number), 0) + 1, $4, $5, $6, $7, $8, $9
               from incident_estimate where incident_id = $2 and indicator = $3",
            self.new_id(),
            id.0,
            indicator.word(),
            range.and_then(|range| range.low),
            range.and_then(|range| range.best),
            range.and_then(|range| range.high),
            basis,
            by.0,
            now,
        )
        .execute(tx.db())
        .await
        .doing("set a figure")?;
        Ok(())
    }

    #[expect(clippy::too_many_arguments, reason = "a row with a column for each")]
    async fn keep_change(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        id: IncidentId,
        done: &Event,
        claims: &BTreeSet<ClaimId>,
        touched: &[IncidentId],
        before: Kept,
    ) -> Result<()> {
        let after = Kept::of(tx, claims, touched, id).await?;
        let now = tx.now;
        sqlx::query!(
            "insert into incident_change (id, incident_id, what, done, before, after, by, at)
             values ($1, $2, $3, $4, $5, $6, $7, $8)",
            self.new_id(),
            id.0,
            done.phrase().to_string(),
            json!(done),
            json!(before),
            json!(after),
            actor.id.0,
            now,
        )
        .execute(tx.db())
        .await
        .doing("keep what was done with an incident")?;
        Ok(())
    }

    /// # Errors
    /// `Stale` where the incident is no longer as it was seen.
    async fn fresh(&self, tx: &mut Tx, incident: &Held, seen: i32) -> Result<()> {
        if incident.version == seen {
            return Ok(());
        }
        let by = sqlx::query_scalar!(
            "select account.name from incident_change c join account on account.id = c.by
              where c.incident_id = $1 order by c.at desc limit 1",
            incident.id.0,
        )
        .fetch_optional(tx.db())
        .await
        .doing("look up who changed an incident")?
        .unwrap_or_else(|| "Somebody".to_owned());
        Err(Error::Stale { by, current: incident.version, differences: Vec::new() })
    }
}

/// What editors hold of an incident, by indicator.
async fn own_estimates(db: impl PgExecutor<'_>, id: IncidentId) -> Result<BTreeMap<String, OwnEstimate>> {
    let own = sqlx::query!(
        r#"select distinct on (e.indicator) e.indicator, e.number, e.low, e.best, e.high, e.basis, e.set_at,
                  account.name as by
             from incident_estimate e join account on account.id = e.set_by
            where e.incident_id = $1
            order by e.indicator, e.number desc"#,
        id.0,
    )
    .fetch_all(db)
    .await
    .doing("read an incident's estimates")?
    .into_iter()
    .filter(|row| row.low.is_some() || row.best.is_some() || row.high.is_some())
    .map(|row| {
        let range = Range { low: row.low, best: row.best, high: row.high };
        let own = OwnEstimate { range, basis: row.basis, by: row.by, at: row.set_at, number: row.number };
        (row.indicator, own)
    });
    Ok(own.collect())
}

/// Figures put in order, one ledger for each indicator.
fn views(
    mut records: Vec<OnRecord>,
    mut own: BTreeMap<String, OwnEstimate>,
    asked: impl Fn(Indicator) -> bool,
) -> Result<Vec<LedgerView>> {
    together(&mut records);
    let mut views: Vec<LedgerView> = ledgers(records, &asked)
        .into_iter()
        .map(|InOrder { ledger, records, .. }| LedgerView {
            indicator: ledger.indicator,
            figures: records,
            lines: ledger.lines,
            marks: ledger.marks,
            computed: ledger.estimate,
            own: own.remove(ledger.indicator.word()),
        })
        .collect();
    // An editor may know a figure that no claim states.
    for (indicator, own) in own {
        let indicator = word("incident_estimate", "indicator", &indicator)?;
        if !asked(indicator) {
            continue;
        }
        views.push(LedgerView {
            indicator,
            figures: Vec::new(),
            lines: Vec::new(),
            marks: Vec::new(),
            computed: None,
            own: Some(own),
        });
    }
    views.sort_by_key(|view| view.indicator);
    Ok(views)
}

/// Where claims go that are split off.
#[derive(Clone, Debug)]
pub enum SplitTo {
    New(Title),
    Known(IncidentId),
}

/// An incident as a change finds it.
struct Held {
    id: IncidentId,
    title: String,
    version: i32,
}

/// Holds all incidents, and reads one that stands by itself.
async fn hold(tx: &mut Tx, id: IncidentId) -> Result<Held> {
    lock_incidents(tx).await?;
    let row = sqlx::query!(
        r#"select title, version, merged_into as "merged_into: IncidentId" from incident where id = $1 for no key update"#,
        id.0,
    )
    .fetch_optional(tx.db())
    .await
    .doing("hold an incident")?
    .ok_or(Error::NotFound("incident"))?;
    if row.merged_into.is_some() {
        return Err(Invalid::new("incident", "This incident was merged into another: go there.").into());
    }
    Ok(Held { id, title: row.title, version: row.version })
}

/// The same of an incident that somebody chose in a field.
async fn hold_chosen(tx: &mut Tx, id: IncidentId, field: &'static str) -> Result<Held> {
    match hold(tx, id).await {
        Err(Error::NotFound(_)) => Err(Invalid::new(field, "There is no incident with this address.").into()),
        Err(Error::Invalid(invalid)) => Err(Invalid { field, ..invalid }.into()),
        held => held,
    }
}

/// Refuses to put claims back where nobody would find them any more.
async fn refuse_merged(tx: &mut Tx, rows: &[Membership]) -> Result<()> {
    let to = rows.iter().filter(|row| row.standing != Standing::Rejected);
    let ids: Vec<Uuid> = to.map(|row| row.incident.0).collect();
    let merged = sqlx::query_scalar!(
        "select title from incident where id = any($1) and merged_into is not null",
        &ids
    )
    .fetch_optional(tx.db())
    .await
    .doing("read which incidents were merged")?;
    match merged {
        Some(title) => {
            Err(Invalid::new("change", phrase!("“{title}” was merged since: take that back first.")).into())
        }
        None => Ok(()),
    }
}

async fn raise(tx: &mut Tx, incidents: &[IncidentId]) -> Result<()> {
    let ids: Vec<Uuid> = incidents.iter().map(|id| id.0).collect();
    sqlx::query!("update incident set version = version + 1 where id = any($1)", &ids)
        .execute(tx.db())
        .await
        .doing("note that an incident changed")?;
    Ok(())
}

async fn claim_words(tx: &mut Tx, id: ClaimId) -> Result<(String, domain::id::ArticleId)> {
    let row = sqlx::query!("select text, article_id from claim where id = $1", id.0)
        .fetch_optional(tx.db())
        .await
        .doing("read a claim")?
        .ok_or(Error::NotFound("claim"))?;
    Ok((row.text, row.article_id))
}

/// The rules are to look at these claims again: at what they are about, and what they contradict.
pub(crate) async fn wait_again(tx: &mut Tx, claims: &BTreeSet<ClaimId>) -> Result<()> {
    if claims.is_empty() {
        return Ok(());
    }
    let ids: Vec<Uuid> = claims.iter().map(|id| id.0).collect();
    let now = tx.now;
    sqlx::query!(
        "insert into gathering (claim_id, at) select unnest($1::uuid[]), $2
         on conflict (claim_id) do update set at = excluded.at",
        &ids,
        now,
    )
    .execute(tx.db())
    .await
    .doing("have claims brought to their incidents")?;
    Ok(())
}

/// What was done, as it is kept with a change.
fn done_before(kept: Value) -> Result<Event> {
    serde_json::from_value(kept).map_err(|error| Error::Inconsistent {
        table: "incident_change",
        column: "done",
        what: error.to_string(),
    })
}

fn id_of(row: &Value, name: &str) -> Option<Uuid> {
    row.get(name)?.as_str()?.parse().ok()
}

/// A kept row of `incident_claim`.
fn membership(row: &Value) -> Result<Membership> {
    let wrong = |what: &str| Error::Inconsistent {
        table: "incident_change",
        column: "before",
        what: what.to_owned(),
    };
    let text = |name: &str| row.get(name).and_then(Value::as_str);
    Ok(Membership {
        incident: IncidentId(id_of(row, "incident_id").ok_or_else(|| wrong("no incident"))?),
        claim: ClaimId(id_of(row, "claim_id").ok_or_else(|| wrong("no claim"))?),
        standing: word("incident_change", "before", text("standing").unwrap_or_default())?,
        score: row
            .get("score")
            .and_then(Value::as_i64)
            .and_then(|n| i16::try_from(n).ok())
            .unwrap_or_default(),
        reasons: reasons(row.get("reasons").cloned().unwrap_or_default())?,
        decided_by: id_of(row, "decided_by").map(AccountId),
        decided_at: text("decided_at").and_then(|at| at.parse().ok()).ok_or_else(|| wrong("no time"))?,
    })
}

impl Kept {
    /// What there is of these claims and incidents now.
    async fn of(
        tx: &mut Tx,
        claims: &BTreeSet<ClaimId>,
        incidents: &[IncidentId],
        estimates_of: IncidentId,
    ) -> Result<Self> {
        let list: Vec<Uuid> = claims.iter().map(|id| id.0).collect();
        let memberships = sqlx::query_scalar!(
            r#"select to_jsonb(m) as "row!" from incident_claim m where claim_id = any($1)
                order by claim_id, incident_id"#,
            &list,
        )
        .fetch_all(tx.db())
        .await
        .doing("keep how claims stand")?;
        let ids: Vec<Uuid> = incidents.iter().map(|id| id.0).collect();
        let rows = sqlx::query_scalar!(
            r#"select jsonb_build_object('id', id, 'title', title, 'is_titled', is_titled, 'status', status,
                                         'merged_into', merged_into) as "row!"
                 from incident where id = any($1) order by id"#,
            &ids,
        )
        .fetch_all(tx.db())
        .await
        .doing("keep how incidents stand")?;
        let estimates = sqlx::query_scalar!(
            r#"select distinct on (e.indicator)
                      jsonb_build_object('incident_id', incident_id, 'indicator', indicator, 'number', number,
                                         'low', low, 'best', best, 'high', high, 'basis', basis,
                                         'set_by', set_by) as "row!"
                 from incident_estimate e where incident_id = $1 order by e.indicator, e.number desc"#,
            estimates_of.0,
        )
        .fetch_all(tx.db())
        .await
        .doing("keep how figures stand")?;
        Ok(Self { claims: claims.clone(), memberships, incidents: rows, estimates })
    }

    fn read(kept: Value) -> Result<Self> {
        serde_json::from_value(kept).map_err(|error| Error::Inconsistent {
            table: "incident_change",
            column: "before",
            what: error.to_string(),
        })
    }

    /// What editors hold and on what basis, by indicator: a figure that was left to the rules again is none.
    fn held(&self) -> BTreeMap<&str, ([Option<f64>; 3], &str)> {
        let held = self.estimates.iter().filter_map(|row| {
            let figure = ["low", "best", "high"].map(|end| row.get(end).and_then(Value::as_f64));
            let basis = row.get("basis").and_then(Value::as_str).unwrap_or_default();
            Some((row.get("indicator")?.as_str()?, (figure, basis)))
        });
        held.filter(|(_, (figure, _))| figure.iter().any(Option::is_some)).collect()
    }

    /// Whether everything stands as a change left it that it changed; what the rules did since does not matter.
    fn still(&self, before: &Self, after: &Self) -> bool {
        let by_people = |kept: &Self| -> Vec<Value> {
            let is = |row: &&Value| row.get("decided_by").is_some_and(|by| !by.is_null());
            kept.memberships.iter().filter(is).cloned().collect()
        };
        by_people(self) == by_people(after)
            && self.incidents == after.incidents
            && (before.held() == after.held() || self.held() == after.held())
    }
}
