//! How incidents are written: which claims are about them, the names they are found by, their
//! counters. Whoever changes any of it holds all of it: [`lock_incidents`] comes first.

use crate::error::{Doing, Error, Result, word};
use crate::tx::Tx;
use chrono::{DateTime, Utc};
use domain::closed_set;
use domain::id::{AccountId, ClaimId, IncidentId};
use domain::incident::{Facts, as_title};
use domain::priority::Contribution;
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

closed_set! {
    /// What is said of a claim and an incident.
    Standing {
        Proposed = "proposed", "may be about it";
        Confirmed = "confirmed", "is about it";
        Rejected = "rejected", "is not about it";
    }
}

impl Membership {
    /// Whether it stands where two incidents become one and both say something of a claim: what a person
    /// said goes before what the rules think.
    pub(super) fn outweighs(&self, other: &Self) -> bool {
        match (self.decided_by.is_some(), other.decided_by.is_some()) {
            (true, false) => true,
            (false, true) => false,
            _ => self.standing == Standing::Confirmed,
        }
    }
}

/// A part of a sum as it is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Part {
    points: i32,
    why: String,
}

/// What is said of a claim and an incident, by whom and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Membership {
    pub incident: IncidentId,
    pub claim: ClaimId,
    pub standing: Standing,
    /// What the rules came to.
    pub score: i16,
    pub reasons: Vec<Contribution>,
    /// `None`: the rules.
    pub decided_by: Option<AccountId>,
    pub decided_at: DateTime<Utc>,
}

/// The parts of a sum, as the table has them.
pub(crate) fn reasons(kept: serde_json::Value) -> Result<Vec<Contribution>> {
    let parts: Vec<Part> = serde_json::from_value(kept).map_err(|error| Error::Inconsistent {
        table: "incident_claim",
        column: "reasons",
        what: error.to_string(),
    })?;
    Ok(parts.into_iter().map(|part| Contribution { points: part.points, why: part.why }).collect())
}

pub(crate) fn facts(kept: serde_json::Value) -> Result<Facts> {
    serde_json::from_value(kept).map_err(|error| Error::Inconsistent {
        table: "incident_facts",
        column: "facts",
        what: error.to_string(),
    })
}

/// Incidents are changed by one transaction at a time; others wait here, before they hold anything.
pub(super) async fn lock_incidents(tx: &mut Tx) -> Result<()> {
    sqlx::query!("select pg_advisory_xact_lock(hashtextextended('claimdesk.incidents', 7))")
        .fetch_one(tx.db())
        .await
        .doing("wait for another change of incidents")?;
    Ok(())
}

/// What is said of these claims.
pub(super) async fn memberships_of(tx: &mut Tx, claims: &[ClaimId]) -> Result<Vec<Membership>> {
    let ids: Vec<Uuid> = claims.iter().map(|id| id.0).collect();
    sqlx::query!(
        r#"select incident_id as "incident: IncidentId", claim_id as "claim: ClaimId", standing, score, reasons,
                  decided_by as "decided_by: AccountId", decided_at
             from incident_claim where claim_id = any($1)
            order by claim_id, incident_id"#,
        &ids,
    )
    .fetch_all(tx.db())
    .await
    .doing("read which incidents claims are about")?
    .into_iter()
    .map(|row| {
        Ok(Membership {
            incident: row.incident,
            claim: row.claim,
            standing: word("incident_claim", "standing", &row.standing)?,
            score: row.score,
            reasons: reasons(row.reasons)?,
            decided_by: row.decided_by,
            decided_at: row.decided_at,
        })
    })
    .collect()
}

/// Makes what is said of claims `wanted` where it was `before`. Gives each incident that a claim came
/// to (true) or left (false).
pub(super) async fn write_memberships(
    tx: &mut Tx,
    before: &[Membership],
    wanted: &[Membership],
) -> Result<Vec<(IncidentId, Standing, bool)>> {
    let place = |row: &Membership| (row.incident, row.claim);
    let was: BTreeMap<_, &Membership> = before.iter().map(|row| (place(row), row)).collect();
    let is: BTreeMap<_, &Membership> = wanted.iter().map(|row| (place(row), row)).collect();
    let same = |one: &Membership, other: &Membership| {
        one.standing == other.standing && one.decided_by == other.decided_by
    };
    let gone: Vec<&Membership> =
        was.iter().filter(|(at, _)| !is.contains_key(*at)).map(|(_, row)| *row).collect();
    let written: Vec<&Membership> = is
        .iter()
        .filter(|(at, row)| was.get(*at).is_none_or(|was| !same(was, row)))
        .map(|(_, row)| *row)
        .collect();
    let mut moves = Vec::new();
    if !gone.is_empty() {
        sqlx::query!(
            "delete from incident_claim m
              using unnest($1::uuid[], $2::uuid[]) as gone (incident_id, claim_id)
              where m.incident_id = gone.incident_id and m.claim_id = gone.claim_id",
            &gone.iter().map(|row| row.incident.0).collect::<Vec<_>>(),
            &gone.iter().map(|row| row.claim.0).collect::<Vec<_>>(),
        )
        .execute(tx.db())
        .await
        .doing("take claims out of incidents")?;
        moves.extend(gone.iter().map(|row| (row.incident, row.standing, false)));
    }
    // What is no longer confirmed goes first: a claim is about one incident at any moment.
    for confirmed in [false, true] {
        let rows: Vec<_> = written
            .iter()
            .filter(|row| (row.standing == Standing::Confirmed) == confirmed)
            .map(|row| {
                let parts: Vec<Part> =
                    row.reasons.iter().map(|part| Part { points: part.points, why: part.why.clone() }).collect();
                json!({
                    "incident_id": row.incident, "claim_id": row.claim, "standing": row.standing,
                    "score": row.score, "reasons": parts, "decided_by": row.decided_by, "decided_at": row.decided_at,
                })
            })
            .collect();
        if rows.is_empty() {
            continue;
        }
        sqlx::query!(
            "insert into incident_claim (incident_id, claim_id, standing, score, reasons, decided_by, decided_at)
             select r.incident_id, r.claim_id, r.standing, r.score, r.reasons, r.decided_by, r.decided_at
               from jsonb_to_recordset($1) as r (
                    incident_id uuid, claim_id uuid, standing text, score smallint, reasons jsonb, decided_by uuid,
                    decided_at timestamptz)
              order by r.incident_id, r.claim_id
             on conflict (incident_id, claim_id) do update
                set standing = excluded.standing, score = excluded.score, reasons = excluded.reasons,
                    decided_by = excluded.decided_by, decided_at = excluded.decided_at",
            json!(rows),
        )
        .execute(tx.db())
        .await
        .doing("bring claims to incidents")?;
    }
    for row in written {
        if was.get(&place(row)).is_some_and(|was| was.standing == Standing::Confirmed) {
            moves.push((row.incident, Standing::Confirmed, false));
        }
        moves.push((row.incident, row.standing, true));
    }
    Ok(moves)
}

/// Keeps what incidents are compared with, and the names they are found by.
pub(super) async fn keys(tx: &mut Tx, incidents: &[(IncidentId, &Facts)]) -> Result<()> {
    if incidents.is_empty() {
        return Ok(());
    }
    let rows: Vec<_> = incidents.iter().map(|(id, facts)| json!({ "id": id, "facts": facts })).collect();
    sqlx::query!(
        "insert into incident_facts (incident_id, facts)
         select r.id, r.facts from jsonb_to_recordset($1) as r (id uuid, facts jsonb)
         on conflict (incident_id) do update set facts = excluded.facts",
        json!(rows),
    )
    .execute(tx.db())
    .await
    .doing("keep what incidents are about")?;
    let ids: Vec<Uuid> = incidents.iter().map(|(id, _)| id.0).collect();
    let mut names = Vec::new();
    let mut places: BTreeSet<&String> = BTreeSet::new();
    for (id, facts) in incidents {
        let known = facts.days().map(|days| days.1);
        let last = known.max(facts.published.map(|published| published.1));
        let Some(last) = last else { continue };
        names.extend(facts.lookup().into_iter().map(|key| json!({ "key": key, "day": last, "id": id })));
        places.extend(facts.places.union(&facts.around));
    }
    let names = json!(names);
    // Only what differs: a busy incident has the same names with every report.
    sqlx::query!(
        "delete from incident_key k
          where k.incident_id = any($1)
            and not exists (select from jsonb_to_recordset($2) as r (key text, day date, id uuid)
                             where r.key = k.key and r.day = k.last_day and r.id = k.incident_id)",
        &ids,
        names,
    )
    .execute(tx.db())
    .await
    .doing("clear names of incidents")?;
    sqlx::query!(
        "insert into incident_key (key, last_day, incident_id)
         select r.key, r.day, r.id from jsonb_to_recordset($1) as r (key text, day date, id uuid)
         on conflict do nothing",
        names,
    )
    .execute(tx.db())
    .await
    .doing("keep names of incidents")?;
    let places: Vec<String> = places.into_iter().cloned().collect();
    sqlx::query!(
        "insert into incident_place (key) select unnest($1::text[]) on conflict do nothing",
        &places,
    )
    .execute(tx.db())
    .await
    .doing("keep places of incidents")?;
    Ok(())
}

/// What incidents are compared with, worked out anew from the claims that are about them.
pub(super) async fn rebuild(tx: &mut Tx, incidents: &BTreeSet<IncidentId>) -> Result<()> {
    let ids: Vec<Uuid> = incidents.iter().map(|id| id.0).collect();
    let rows = sqlx::query!(
        r#"select m.incident_id as "incident: IncidentId", f.facts
             from incident_claim m
             join claim on claim.id = m.claim_id
             join article on article.id = claim.article_id
             join claim_facts f on f.claim_id = claim.id
            where m.incident_id = any($1) and m.standing = 'confirmed'
            order by m.incident_id, coalesce(article.published_at, article.added_at), article.id, claim.span_start"#,
        &ids,
    )
    .fetch_all(tx.db())
    .await
    .doing("read what an incident's claims are about")?;
    let mut built: BTreeMap<IncidentId, Facts> = BTreeMap::new();
    for row in rows {
        let about = facts(row.facts)?;
        built.entry(row.incident).and_modify(|facts| facts.take_in(&about)).or_insert(about);
    }
    // An incident that is left without claims is found by nothing any more.
    let empty: Vec<Uuid> = incidents.iter().filter(|id| !built.contains_key(id)).map(|id| id.0).collect();
    sqlx::query!(
        "with gone as (delete from incident_facts where incident_id = any($1))
         delete from incident_key where incident_id = any($1)",
        &empty,
    )
    .execute(tx.db())
    .await
    .doing("clear what incidents were about")?;
    let built: Vec<(IncidentId, &Facts)> = built.iter().map(|(id, facts)| (*id, facts)).collect();
    keys(tx, &built).await
}

/// Says where and when an incident was, by what its claims are about.
pub(super) async fn place_it(tx: &mut Tx, id: IncidentId) -> Result<()> {
    let kept = sqlx::query_scalar!("select facts from incident_facts where incident_id = $1", id.0)
        .fetch_optional(tx.db())
        .await
        .doing("read what an incident is about")?;
    let Some(about) = kept.map(facts).transpose()? else { return Ok(()) };
    let days = about.days();
    sqlx::query!(
        "update incident set place = $2, from_day = $3, to_day = $4 where id = $1",
        id.0,
        about.main_place().map(as_title),
        days.map(|days| days.0),
        days.map(|days| days.1),
    )
    .execute(tx.db())
    .await
    .doing("say where an incident was")?;
    Ok(())
}

/// Counts anew what there is of incidents. Their counters are held first, so that whoever decides a
/// claim meanwhile counts after this or is seen by it.
pub(super) async fn recount(tx: &mut Tx, incidents: &BTreeSet<IncidentId>) -> Result<()> {
    if incidents.is_empty() {
        return Ok(());
    }
    let ids: Vec<Uuid> = incidents.iter().map(|id| id.0).collect();
    let now = tx.now;
    sqlx::query!(
        "insert into incident_tally (incident_id, last_at) select unnest($1::uuid[]), $2 on conflict do nothing",
        &ids,
        now,
    )
    .execute(tx.db())
    .await
    .doing("begin counters of incidents")?;
    sqlx::query!(
        "select from incident_tally where incident_id = any($1) order by incident_id for no key update",
        &ids,
    )
    .fetch_all(tx.db())
    .await
    .doing("hold counters of incidents")?;
    sqlx::query!(
        "update incident_tally t
            set claims = n.claims, articles = n.articles, open = n.open, contradictory = n.contradictory,
                proposed = n.proposed, last_at = coalesce(n.last_at, t.last_at)
           from (select wanted.id,
                        count(*) filter (where m.standing = 'confirmed') as claims,
                        count(distinct claim.article_id) filter (where m.standing = 'confirmed') as articles,
                        count(*) filter (where m.standing = 'confirmed' and is_undecided(claim.stage)) as open,
                        count(*) filter (where m.standing = 'confirmed' and claim.contradiction is not null
                                           and claim.stage <> 'dismissed') as contradictory,
                        count(*) filter (where m.standing = 'proposed' and claim.stage <> 'dismissed') as proposed,
                        max(coalesce(article.published_at, article.added_at))
                            filter (where m.standing = 'confirmed') as last_at
                   from unnest($1::uuid[]) as wanted (id)
                   left join incident_claim m on m.incident_id = wanted.id
                   left join claim on claim.id = m.claim_id
                   left join article on article.id = claim.article_id
                  group by wanted.id) n
          where t.incident_id = n.id",
        &ids,
    )
    .execute(tx.db())
    .await
    .doing("count what there is of incidents")?;
    Ok(())
}
