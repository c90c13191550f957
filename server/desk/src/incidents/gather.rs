//! Bringing claims to their incidents, by the rules. Right after a claim is written, in a transaction of
//! its own: what was to be kept is kept by then, and what fails here is done again by the worker. One
//! at a time, so that two reports of a new event do not begin it twice; each takes some milliseconds.

use super::contradict::contradictions;
use super::keep::{Membership, Standing, keys, lock_incidents, memberships_of, recount, write_memberships};
use crate::Desk;
use crate::claims::measures;
use crate::error::{Doing, Error, Result, word};
use crate::tx::{About, Tx};
use chrono::{NaiveDate, TimeDelta};
use domain::claim::ClaimKind;
use domain::history::Event;
use domain::id::{ArticleId, ClaimId, IncidentId, SourceId};
use domain::incident::{
    Belongs, Days, EventKind, Facts, Said, Score, Setting, Told, as_title, begins, is_gathered, paragraph,
    score,
};
use domain::measure::Measure;
use domain::scale::Scales;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use uuid::Uuid;

/// Incidents longer ago or ahead than this are not looked at, in days.
const AROUND: i64 = 60;
/// Most incidents that are looked at for one name, and for one article.
const FOR_A_NAME: i64 = 12;
const FOR_AN_ARTICLE: i64 = 60;
/// How long claims wait whose article could not be read.
const LATER: TimeDelta = TimeDelta::minutes(10);
/// How alike two spellings of a place must be to be looked at, after pg_trgm.
const ALIKE: f64 = 0.5;

/// A claim that is to be brought to its incident.
struct Waiting {
    id: ClaimId,
    kind: ClaimKind,
    words: String,
    start: u32,
    source: Option<SourceId>,
    measures: Vec<Measure>,
    in_latest: bool,
    waits: bool,
}

/// An article as far as it says what its claims are about.
struct Article {
    title: String,
    text: String,
    published: NaiveDate,
    speakers: Vec<String>,
}

/// An incident that a claim may be about.
struct Pooled {
    id: IncidentId,
    facts: Facts,
    is_new: bool,
    title: String,
    changed: bool,
}

/// What became of one incident.
#[derive(Default)]
struct Moves {
    confirmed: u32,
    proposed: u32,
    left: u32,
}

impl Desk {
    /// Brings an article's claims to their incidents. What fails is logged, and done by the worker.
    pub(crate) async fn gather_soon(&self, article: ArticleId) {
        if let Err(error) = self.gather(article).await {
            tracing::warn!(article.id = %article, error = %error, "could not bring claims to their incidents; the worker will");
        }
    }

    /// Brings claims to their incidents that were left behind; gives how many articles it looked at. What
    /// fails is logged and waits, so that it holds up nobody else's.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn gather_left(&self) -> Result<usize> {
        let articles = sqlx::query_scalar!(
            r#"select distinct claim.article_id as "article_id!: ArticleId"
                 from (select gathering.claim_id
                         from gathering join claim on claim.id = gathering.claim_id and claim.stage <> 'dismissed'
                        where at < $1 order by at, gathering.claim_id limit 200) left_behind
                 join claim on claim.id = left_behind.claim_id"#,
            self.clock.now() - TimeDelta::seconds(5),
        )
        .fetch_all(&self.pool)
        .await
        .doing("find claims without an incident")?;
        for article in &articles {
            if let Err(error) = self.gather(*article).await {
                tracing::warn!(article.id = %article, error = %error, "could not bring claims to their incidents; they wait");
                self.gather_later(*article).await?;
            }
        }
        Ok(articles.len())
    }

    /// Leaves an article's claims for later.
    async fn gather_later(&self, article: ArticleId) -> Result<()> {
        sqlx::query!(
            "update gathering set at = $2
               from claim where claim.id = gathering.claim_id and claim.article_id = $1",
            article.0,
            self.clock.now() + LATER,
        )
        .execute(&self.pool)
        .await
        .doing("leave claims for later")?;
        Ok(())
    }

    pub(crate) async fn gather(&self, id: ArticleId) -> Result<()> {
        // Nothing that may take another connection once this one is held: others wait with theirs.
        let scales = self.scales().await?;
        let mut tx = self.begin(None).await?;
        lock_incidents(&mut tx).await?;
        let claims = claims_of(&mut tx, id).await?;
        if !claims.iter().any(|claim| claim.waits) {
            return tx.commit_nothing_changed().await;
        }
        let article = article(&mut tx, id).await?;
        let told = Told {
            article: id,
            title: &article.title,
            text: &article.text,
            published: article.published,
            speakers: &article.speakers,
        };
        let setting =
            Setting::of(&told, claims.iter().flat_map(|claim| claim.measures.iter().filter_map(days)));
        let waiting: Vec<&Waiting> = claims.iter().filter(|claim| claim.waits).collect();
        let facts: HashMap<ClaimId, Facts> = waiting
            .iter()
            .filter(|claim| is_gathered(claim.kind, &claim.measures))
            .map(|claim| {
                let paragraph = if claim.in_latest { paragraph(&article.text, claim.start) } else { "" };
                let said = Said {
                    words: &claim.words,
                    paragraph,
                    kind: claim.kind,
                    measures: &claim.measures,
                    source: claim.source,
                };
                (claim.id, setting.facts(&said))
            })
            .collect();
        let ids: Vec<ClaimId> = waiting.iter().map(|claim| claim.id).collect();
        let before = memberships_of(&mut tx, &ids).await?;
        let mut pool = self.candidates(&mut tx, id, &facts, article.published).await?;
        let mut wanted: Vec<Membership> = Vec::new();
        for claim in &waiting {
            let own: Vec<&Membership> = before.iter().filter(|row| row.claim == claim.id).collect();
            // What a person said stands, whatever the rules think.
            wanted.extend(own.iter().filter(|row| row.decided_by.is_some()).map(|row| (*row).clone()));
            let Some(about) = facts.get(&claim.id) else { continue };
            if let Some(by_a_person) =
                own.iter().find(|row| row.decided_by.is_some() && row.standing == Standing::Confirmed)
            {
                if let Some(incident) = pool.iter_mut().find(|pooled| pooled.id == by_a_person.incident) {
                    incident.facts.take_in(about);
                    incident.changed = true;
                }
                continue;
            }
            let barred: BTreeSet<IncidentId> =
                own.iter().filter(|row| row.decided_by.is_some()).map(|row| row.incident).collect();
            self.place(&tx, claim, about, &barred, &article, &mut pool, &mut wanted);
        }
        self.write_gathered(&scales, &mut tx, &ids, &before, &wanted, &facts, &pool).await?;
        tx.commit_what_there_is().await
    }

    /// Decides which incident a claim is about.
    #[expect(clippy::too_many_arguments, reason = "one step of a long decision over what was loaded for it")]
    fn place(
        &self,
        tx: &Tx,
        claim: &Waiting,
        about: &Facts,
        barred: &BTreeSet<IncidentId>,
        article: &Article,
        pool: &mut Vec<Pooled>,
        wanted: &mut Vec<Membership>,
    ) {
        let best = pool
            .iter()
            .enumerate()
            .filter(|(_, incident)| !barred.contains(&incident.id))
            .map(|(place, incident)| (score(about, &incident.facts), place))
            .max_by_key(|(score, place)| (score.points(), usize::MAX - place));
        let row = |incident: IncidentId, standing: Standing, score: &Score| Membership {
            incident,
            claim: claim.id,
            standing,
            score: i16::try_from(score.points()).unwrap_or(i16::MAX),
            reasons: score.parts.clone(),
            decided_by: None,
            decided_at: tx.now,
        };
        let decision = best.as_ref().map_or(Belongs::No, |(score, _)| score.decision());
        if let (Belongs::Join, Some((score, place))) = (decision, &best) {
            if let Some(incident) = pool.get_mut(*place) {
                incident.facts.take_in(about);
                incident.changed = true;
                wanted.push(row(incident.id, Standing::Confirmed, score));
            }
            return;
        }
        if let (Belongs::Propose, Some((score, place))) = (decision, &best)
            && let Some(incident) = pool.get(*place)
        {
            wanted.push(row(incident.id, Standing::Proposed, score));
        }
        if begins(claim.kind, &claim.measures) && about.can_begin() {
            let incident = Pooled {
                id: IncidentId(self.new_id()),
                title: title(about, &article.title),
                facts: about.clone(),
                is_new: true,
                changed: true,
            };
            wanted.push(row(incident.id, Standing::Confirmed, &Score { parts: Vec::new() }));
            pool.push(incident);
        }
    }

    /// The incidents that an article's claims may be about, found by their names and days.
    async fn candidates(
        &self,
        tx: &mut Tx,
        article: ArticleId,
        facts: &HashMap<ClaimId, Facts>,
        published: NaiveDate,
    ) -> Result<Vec<Pooled>> {
        let mut names: BTreeSet<String> = BTreeSet::new();
        let mut places: BTreeSet<String> = BTreeSet::new();
        let mut days = vec![published];
        for about in facts.values() {
            names.extend(about.lookup());
            places
                .extend(about.places.union(&about.around).filter(|place| place.chars().count() > 4).cloned());
            days.extend(about.days().map(|days| days.0));
        }
        let names: Vec<String> = names.into_iter().collect();
        let places: Vec<String> = places.into_iter().take(12).collect();
        let first = days.iter().min().copied().unwrap_or(published) - TimeDelta::days(AROUND);
        let last = published + TimeDelta::days(AROUND);
        // For this transaction: the index then passes over spellings that are further off.
        sqlx::query!("select set_config('pg_trgm.similarity_threshold', $1::text, true)", ALIKE.to_string())
            .fetch_one(tx.db())
            .await
            .doing("say how alike spellings must be")?;
        let rows = sqlx::query!(
            r#"with alike (key) as (
                   select unnest($1::text[])
                   union
                   select near.key
                     from unnest($2::text[]) as wanted (key)
                    cross join lateral (
                          select p.key from incident_place p where p.key % wanted.key
                           order by similarity(p.key, wanted.key) desc limit 4) near),
               hit (incident_id, n) as (
                   select found.incident_id, count(*)
                     from alike
                    cross join lateral (
                          select k.incident_id from incident_key k
                           where k.key = alike.key and k.last_day between $3 and $4
                           order by k.last_day desc, k.incident_id desc limit $5) found
                    group by found.incident_id
                   union all
                   select m.incident_id, 1000
                     from claim c join incident_claim m on m.claim_id = c.id and m.standing = 'confirmed'
                    where c.article_id = $7)
               select incident.id as "id!: IncidentId", incident.title as "title!", f.facts as "facts!"
                 from (select incident_id, sum(n) as n from hit group by incident_id
                        order by sum(n) desc, incident_id limit $6) best
                 join incident on incident.id = best.incident_id and incident.status = 'open'
                 join incident_facts f on f.incident_id = incident.id
                order by best.n desc, incident.id"#,
            &names,
            &places,
            first,
            last,
            FOR_A_NAME,
            FOR_AN_ARTICLE,
            article.0,
        )
        .fetch_all(tx.db())
        .await
        .doing("look for incidents")?;
        rows.into_iter()
            .map(|row| {
                Ok(Pooled {
                    id: row.id,
                    title: row.title,
                    facts: super::keep::facts(row.facts)?,
                    is_new: false,
                    changed: false,
                })
            })
            .collect()
    }

    #[expect(clippy::too_many_arguments, reason = "writes everything that was decided at once")]
    async fn write_gathered(
        &self,
        scales: &Scales,
        tx: &mut Tx,
        claims: &[ClaimId],
        before: &[Membership],
        wanted: &[Membership],
        facts: &HashMap<ClaimId, Facts>,
        pool: &[Pooled],
    ) -> Result<()> {
        let now = tx.now;
        let new: Vec<_> = pool
            .iter()
            .filter(|incident| incident.is_new)
            .map(|incident| {
                let days = incident.facts.days();
                json!({
                    "id": incident.id, "title": incident.title, "place": incident.facts.main_place().map(as_title),
                    "from_day": days.map(|days| days.0), "to_day": days.map(|days| days.1),
                })
            })
            .collect();
        if !new.is_empty() {
            sqlx::query!(
                "insert into incident (id, title, place, from_day, to_day, status, version, created_at)
                 select r.id, r.title, r.place, r.from_day, r.to_day, 'open', 1, $2
                   from jsonb_to_recordset($1) as r (id uuid, title text, place text, from_day date, to_day date)",
                json!(new),
                now,
            )
            .execute(tx.db())
            .await
            .doing("add incidents")?;
        }
        let moves = write_memberships(tx, before, wanted).await?;
        let rows: Vec<_> = facts.iter().map(|(id, facts)| json!({ "id": id, "facts": facts })).collect();
        sqlx::query!(
            "insert into claim_facts (claim_id, facts)
             select r.id, r.facts from jsonb_to_recordset($1) as r (id uuid, facts jsonb)
             on conflict (claim_id) do update set facts = excluded.facts",
            json!(rows),
        )
        .execute(tx.db())
        .await
        .doing("keep what claims are about")?;
        let changed: Vec<(IncidentId, &Facts)> = pool
            .iter()
            .filter(|incident| incident.changed)
            .map(|incident| (incident.id, &incident.facts))
            .collect();
        keys(tx, &changed).await?;
        let ids: Vec<Uuid> = claims.iter().map(|id| id.0).collect();
        sqlx::query!("delete from gathering where claim_id = any($1)", &ids)
            .execute(tx.db())
            .await
            .doing("note that claims are at their incidents")?;
        let mut touched: BTreeMap<IncidentId, Moves> = BTreeMap::new();
        for (incident, standing, came) in moves {
            let moves = touched.entry(incident).or_default();
            match (came, standing) {
                (true, Standing::Confirmed) => moves.confirmed += 1,
                (true, Standing::Proposed) => moves.proposed += 1,
                (true, Standing::Rejected) => {}
                (false, _) => moves.left += 1,
            }
        }
        let mut about: BTreeSet<IncidentId> = touched.keys().copied().collect();
        about.extend(changed.iter().map(|(id, _)| *id));
        recount(tx, &about).await?;
        let events: Vec<(About, Event)> = touched
            .iter()
            .map(|(id, moves)| {
                let began = pool.iter().find(|incident| incident.id == *id && incident.is_new);
                let event = match began {
                    Some(incident) => {
                        Event::IncidentBegan { title: incident.title.clone(), claims: moves.confirmed }
                    }
                    None => Event::IncidentGathered {
                        confirmed: moves.confirmed,
                        proposed: moves.proposed,
                        left: moves.left,
                    },
                };
                (About::incident(*id), event)
            })
            .collect();
        if !events.is_empty() {
            tx.events(&events).await?;
        }
        contradictions(scales, tx, &about, claims).await?;
        Ok(())
    }
}

fn days(measure: &Measure) -> Option<Days> {
    Some((measure.from.as_deref()?.parse().ok()?, measure.to.as_deref()?.parse().ok()?))
}

/// What an incident is called until a person names it: where, what and when.
fn title(facts: &Facts, headline: &str) -> String {
    let kinds: Vec<EventKind> = facts.kinds.iter().chain(&facts.kinds_around).copied().collect();
    let kind = kinds
        .iter()
        .find(|kind| facts.kinds.contains(kind) && facts.kinds_around.contains(kind))
        .or_else(|| facts.kinds_around.first())
        .or_else(|| facts.kinds.first());
    let when = facts.days().map(|(from, _)| from.format("%-d %b %Y").to_string());
    match (facts.main_place(), kind, when) {
        (Some(place), Some(kind), Some(when)) => format!("{}: {}, {when}", as_title(place), kind.label()),
        (Some(place), None, Some(when)) => format!("{}, {when}", as_title(place)),
        _ => headline.chars().take(300).collect(),
    }
}

async fn claims_of(tx: &mut Tx, article: ArticleId) -> Result<Vec<Waiting>> {
    sqlx::query!(
        r#"select claim.id, claim.kind, coalesce(claim.statement, claim.text) as "words!", claim.span_start,
                  claim.source_id, claim.in_latest,
                  (select jsonb_agg(body order by position) from measure
                    where measure.claim_id = claim.id) as measures,
                  exists (select from gathering where gathering.claim_id = claim.id) as "waits!"
             from claim
            where claim.article_id = $1 and claim.stage <> 'dismissed'
            order by claim.span_start, claim.id"#,
        article.0,
    )
    .fetch_all(tx.db())
    .await
    .doing("read an article's claims")?
    .into_iter()
    .map(|row| {
        Ok(Waiting {
            id: row.id,
            kind: word("claim", "kind", &row.kind)?,
            words: row.words,
            start: u32::try_from(row.span_start).unwrap_or_default(),
            source: row.source_id,
            measures: measures(row.measures)?,
            in_latest: row.in_latest,
            waits: row.waits,
        })
    })
    .collect()
}

async fn article(tx: &mut Tx, id: ArticleId) -> Result<Article> {
    let row = sqlx::query!(
        r#"select article.title, coalesce(article.published_at, article.added_at) as "published!",
                  snapshot.text,
                  array(select distinct source.name
                          from claim
                          join attribution on attribution.claim_id = claim.id
                          join source on source.id = attribution.source_id
                         where claim.article_id = article.id and source.kind = 'person') as "speakers!"
             from article
             join lateral (select snapshot_id from article_snapshot v
                            where v.article_id = article.id order by number desc limit 1) latest on true
             join snapshot on snapshot.id = latest.snapshot_id
            where article.id = $1"#,
        id.0,
    )
    .fetch_optional(tx.db())
    .await
    .doing("read what an article is about")?
    .ok_or(Error::NotFound("article"))?;
    Ok(Article {
        title: row.title,
        text: row.text,
        published: row.published.date_naive(),
        speakers: row.speakers,
    })
}
