//! Articles come in: an unchangeable snapshot, and the claims that extraction finds in it.

use crate::error::{Doing, Error, OnConstraint, Result};
use crate::tx::{About, Once, Tx};
use crate::Desk;
use chrono::{DateTime, Utc};
use domain::history::Event;
use domain::id::{ArticleId, ClaimId, SnapshotId};
use domain::policy::{self, Actor, Intake};
use domain::priority;
use domain::words::{ArticleText, Author, OutletName, Title, WebAddress};
use extract::schema::{Claim, Extraction, Speaker};
use serde_json::json;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, HashMap};
use uuid::Uuid;

/// An article as it is handed in.
#[derive(Clone, Debug)]
pub struct NewArticle {
    pub title: Title,
    pub text: ArticleText,
    pub outlet: Option<OutletName>,
    pub address: Option<WebAddress>,
    pub author: Option<Author>,
    pub published: Option<DateTime<Utc>>,
    /// ISO 639-1, where the person says it; extraction looks for itself otherwise.
    pub language: Option<String>,
}

/// What became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The desk had not seen it.
    New,
    /// The desk knew the address; the text is a new version.
    NewVersion,
    /// The desk has this very text; nothing changed.
    Known,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Added {
    pub article: ArticleId,
    pub outcome: Outcome,
}

impl Desk {
    /// Takes an article in and lifts out its claims. The same text under the same address (or,
    /// without one, the same title and outlet) is the article the desk has; another text under a
    /// known address is a new version of it, and claims whose wording still stands are carried over.
    ///
    /// # Errors
    /// `Refused` below reviewer, or where the database fails.
    pub async fn add_article(&self, actor: &Actor, new: NewArticle, once: Option<&Once>) -> Result<Added> {
        let _: policy::Permit<Intake> = policy::permit(actor)?;
        let options = extract::Options { published: new.published.map(|at| at.date_naive()), id: None };
        let text = new.text.clone();
        // Reading takes a while for long texts: not on the threads that serve others.
        let extraction = tokio::task::spawn_blocking(move || extract::extract(text.as_str(), &options))
            .await
            .map_err(|error| Error::Task(error.to_string()))?;

        let mut tx = self.begin(Some(actor.id)).await?;
        if let Some(first) = tx.once(once).await? {
            return Ok(Added { article: ArticleId(first), outcome: Outcome::Known });
        }
        let sha256 = Sha256::digest(new.text.as_str().as_bytes()).to_vec();
        lock_texts(&mut tx, new.address.as_ref(), &sha256).await?;
        let snapshot = self.snapshot(&mut tx, &new.text, &sha256).await?;
        let outlet = self.outlet(&mut tx, new.outlet.as_ref()).await?;
        let known = find_article(&mut tx, &new, outlet, snapshot).await?;
        let added = match known {
            Some((article, latest, _)) if latest == snapshot => {
                // Nothing changes, so nothing is committed but the key.
                Added { article, outcome: Outcome::Known }
            }
            Some((article, _, number)) => {
                self.add_version(&mut tx, actor, article, snapshot, number + 1, &extraction, &new).await?;
                Added { article, outcome: Outcome::NewVersion }
            }
            None => {
                let article = self.insert_article(&mut tx, actor, &new, outlet, snapshot, &extraction).await?;
                Added { article, outcome: Outcome::New }
            }
        };
        tx.made(once, added.article.0).await?;
        if added.outcome == Outcome::Known {
            tx.commit_nothing_changed().await?;
        } else {
            tx.commit().await?;
        }
        Ok(added)
    }

    async fn snapshot(&self, tx: &mut Tx, text: &ArticleText, sha256: &[u8]) -> Result<SnapshotId> {
        sqlx::query!(
            "insert into snapshot (id, sha256, text) values ($1, $2, $3) on conflict (sha256) do nothing",
            self.new_id(),
            sha256,
            text.as_str(),
        )
        .execute(tx.db())
        .await
        .doing("keep a text")?;
        sqlx::query_scalar!("select id from snapshot where sha256 = $1", sha256)
            .fetch_one(tx.db())
            .await
            .doing("find a text")
    }

    async fn outlet(&self, tx: &mut Tx, name: Option<&OutletName>) -> Result<Option<Uuid>> {
        let Some(name) = name else { return Ok(None) };
        sqlx::query!(
            "insert into outlet (id, name) values ($1, $2) on conflict (lower(name)) do nothing",
            self.new_id(),
            name.as_str(),
        )
        .execute(tx.db())
        .await
        .doing("add an outlet")?;
        sqlx::query_scalar!("select id from outlet where lower(name) = lower($1)", name.as_str())
            .fetch_optional(tx.db())
            .await
            .doing("find an outlet")
    }

    async fn insert_article(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        new: &NewArticle,
        outlet: Option<Uuid>,
        snapshot: SnapshotId,
        extraction: &Extraction,
    ) -> Result<ArticleId> {
        let article = ArticleId(self.new_id());
        let now = tx.now;
        sqlx::query!(
            "insert into article (id, outlet_id, title, address, author, published_at, language, added_by, added_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            article.0,
            outlet,
            new.title.as_str(),
            new.address.as_ref().map(WebAddress::as_str),
            new.author.as_ref().map(Author::as_str),
            new.published,
            new.language.as_deref().unwrap_or(&extraction.language),
            actor.id.0,
            now,
        )
        .execute(tx.db())
        .await
        .on_constraint("article_address_key", "address", "The desk has an article with this address.")?
        .doing("add an article")?;
        self.link_snapshot(tx, actor, article, snapshot, 1).await?;
        let claims: Vec<&Claim> = extraction.claims.iter().collect();
        let ids = self.insert_claims(tx, article, snapshot, &claims, extraction, new).await?;
        let count = u32::try_from(ids.len()).unwrap_or(u32::MAX);
        let mut events =
            vec![(About::article(article), Event::ArticleAdded { title: new.title.to_string(), claims: count })];
        events.extend(extracted(&ids, article, extraction));
        tx.events(&events).await?;
        Ok(article)
    }

    #[expect(clippy::too_many_arguments, reason = "one step of one use case, called once")]
    async fn add_version(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        article: ArticleId,
        snapshot: SnapshotId,
        number: i32,
        extraction: &Extraction,
        new: &NewArticle,
    ) -> Result<()> {
        self.link_snapshot(tx, actor, article, snapshot, number).await?;
        // Claims are matched by their wording, each with one: the first of the old with the first
        // of the new, in the order of the text.
        let old = sqlx::query!(
            "select id, text from claim where article_id = $1 and in_latest order by span_start, id for update",
            article.0,
        )
        .fetch_all(tx.db())
        .await
        .doing("read an article's claims")?;
        let mut by_wording: HashMap<&str, Vec<&Claim>> = HashMap::new();
        for claim in extraction.claims.iter().rev() {
            by_wording.entry(claim.text.as_str()).or_default().push(claim);
        }
        let mut carried: Vec<(ClaimId, &Claim)> = Vec::new();
        let mut lost = Vec::new();
        for row in &old {
            match by_wording.get_mut(row.text.as_str()).and_then(Vec::pop) {
                Some(claim) => carried.push((row.id, claim)),
                None => lost.push(row.id),
            }
        }
        let mut fresh: Vec<&Claim> = by_wording.into_values().flatten().collect();
        fresh.sort_by_key(|claim| (claim.start, claim.end));

        let ids: Vec<Uuid> = carried.iter().map(|(id, _)| id.0).collect();
        let starts: Vec<i32> = carried.iter().map(|(_, claim)| offset(claim.start)).collect();
        let ends: Vec<i32> = carried.iter().map(|(_, claim)| offset(claim.end)).collect();
        sqlx::query!(
            "update claim set snapshot_id = $2, span_start = c.span_start, span_end = c.span_end
               from unnest($1::uuid[], $3::int[], $4::int[]) as c (id, span_start, span_end)
              where claim.id = c.id",
            &ids,
            snapshot.0,
            &starts,
            &ends,
        )
        .execute(tx.db())
        .await
        .doing("carry claims over")?;
        let lost_ids: Vec<Uuid> = lost.iter().map(|id| id.0).collect();
        sqlx::query!("update claim set in_latest = false where id = any($1)", &lost_ids)
            .execute(tx.db())
            .await
            .doing("mark claims that are gone")?;
        let added = self.insert_claims(tx, article, snapshot, &fresh, extraction, new).await?;

        let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        let mut events = vec![(
            About::article(article),
            Event::SnapshotTaken {
                number,
                carried: count(carried.len()),
                added: count(added.len()),
                lost: count(lost.len()),
            },
        )];
        events.extend(
            carried.iter().map(|(id, _)| (About::claim(*id, article), Event::ClaimCarried { snapshot: number })),
        );
        events.extend(lost.iter().map(|id| (About::claim(*id, article), Event::ClaimLost { snapshot: number })));
        events.extend(extracted(&added, article, extraction));
        tx.events(&events).await
    }

    async fn link_snapshot(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        article: ArticleId,
        snapshot: SnapshotId,
        number: i32,
    ) -> Result<()> {
        let now = tx.now;
        sqlx::query!(
            "insert into article_snapshot (article_id, number, snapshot_id, taken_at, taken_by)
             values ($1, $2, $3, $4, $5)",
            article.0,
            number,
            snapshot.0,
            now,
            actor.id.0,
        )
        .execute(tx.db())
        .await
        .doing("add a version of an article")?;
        Ok(())
    }

    /// Adds claims with their sources, attributions and measures: a fixed number of statements for
    /// any number of claims.
    async fn insert_claims(
        &self,
        tx: &mut Tx,
        article: ArticleId,
        snapshot: SnapshotId,
        claims: &[&Claim],
        extraction: &Extraction,
        new: &NewArticle,
    ) -> Result<Vec<ClaimId>> {
        if claims.is_empty() {
            return Ok(Vec::new());
        }
        let quotation = |claim: &Claim| claim.quotation.and_then(|at| extraction.quotations.get(at as usize));
        let speaker = |claim: &Claim| quotation(claim).and_then(|quotation| quotation.source.as_ref());
        let sources = self.sources(tx, claims.iter().filter_map(|claim| speaker(claim))).await?;
        let source_of = |claim: &Claim| -> Option<Uuid> {
            let speaker = speaker(claim)?;
            let name = speaker.name.as_deref()?;
            sources.get(&(name.to_lowercase(), speaker.kind.word())).copied()
        };

        let ids: Vec<ClaimId> = claims.iter().map(|_| ClaimId(self.new_id())).collect();
        let mut rows = Vec::with_capacity(claims.len());
        let mut attributions = Vec::new();
        let mut measures = Vec::new();
        for (id, claim) in ids.iter().zip(claims) {
            let speaker = speaker(claim);
            let parts =
                priority::contributions(claim.kind, claim.checkworthiness, speaker.is_some(), &claim.measures);
            let reasons: Vec<String> = claim.reasons.clone();
            rows.push(json!({
                "id": id, "span_start": claim.start, "span_end": claim.end, "text": claim.text,
                "kind": claim.kind, "checkworthiness": claim.checkworthiness, "reasons": reasons,
                "source_id": source_of(claim), "priority": priority::total(&parts),
                "who": speaker.and_then(|s| s.name.clone()).unwrap_or_default(),
            }));
            if let (Some(quotation), Some(speaker)) = (quotation(claim), speaker) {
                attributions.push(json!({
                    "claim_id": id, "source_id": source_of(claim),
                    "mention": speaker.text, "mention_start": speaker.start, "mention_end": speaker.end,
                    "cue": quotation.cue.as_ref().map(|cue| &cue.text),
                    "cue_start": quotation.cue.as_ref().map(|cue| cue.start),
                    "cue_end": quotation.cue.as_ref().map(|cue| cue.end),
                    "manner": quotation.manner, "told_to": quotation.told_to,
                    "confidence": speaker.confidence, "linked_by": speaker.linked_by,
                }));
            }
            for (position, measure) in claim.measures.iter().enumerate() {
                measures.push(json!({
                    "claim_id": id, "position": position, "indicator": measure.indicator,
                    "low": measure.low, "best": measure.best, "high": measure.high,
                    "bound": measure.bound, "wording": measure.text, "body": measure,
                }));
            }
        }
        let now = tx.now;
        sqlx::query!(
            "insert into claim (id, article_id, snapshot_id, span_start, span_end, text, kind, checkworthiness,
                                reasons, extractor, source_id, priority, stage, stage_since, version, created_at,
                                search)
             select r.id, $2, $3, r.span_start, r.span_end, r.text, r.kind, r.checkworthiness,
                    r.reasons, $4, r.source_id, r.priority, 'open', $5, 1, $5,
                    setweight(to_tsvector('english', r.text), 'A') || setweight(to_tsvector('english', $6), 'C')
                    || setweight(to_tsvector('simple', r.who), 'B')
               from jsonb_to_recordset($1) as r (
                    id uuid, span_start int, span_end int, text text, kind text, checkworthiness real,
                    reasons text[], source_id uuid, priority smallint, who text)",
            json!(rows),
            article.0,
            snapshot.0,
            extraction.extractor,
            now,
            new.title.as_str(),
        )
        .execute(tx.db())
        .await
        .doing("add claims")?;
        sqlx::query!(
            "insert into attribution (claim_id, hop, source_id, mention, mention_start, mention_end, cue,
                                      cue_start, cue_end, manner, told_to, confidence, linked_by)
             select r.claim_id, 0, r.source_id, r.mention, r.mention_start, r.mention_end, r.cue,
                    r.cue_start, r.cue_end, r.manner, r.told_to, r.confidence, r.linked_by
               from jsonb_to_recordset($1) as r (
                    claim_id uuid, source_id uuid, mention text, mention_start int, mention_end int, cue text,
                    cue_start int, cue_end int, manner text, told_to text, confidence real, linked_by text)",
            json!(attributions),
        )
        .execute(tx.db())
        .await
        .doing("add attributions")?;
        sqlx::query!(
            "insert into measure (claim_id, position, indicator, low, best, high, bound, wording, body)
             select r.claim_id, r.position, r.indicator, r.low, r.best, r.high, r.bound, r.wording, r.body
               from jsonb_to_recordset($1) as r (
                    claim_id uuid, position smallint, indicator text, low double precision,
                    best double precision, high double precision, bound text, wording text, body jsonb)",
            json!(measures),
        )
        .execute(tx.db())
        .await
        .doing("add measures")?;
        Ok(ids)
    }

    /// Ids of the named sources, added where the desk did not know them, by lower-case name and kind.
    async fn sources<'a>(
        &self,
        tx: &mut Tx,
        speakers: impl Iterator<Item = &'a Speaker>,
    ) -> Result<HashMap<(String, &'static str), Uuid>> {
        // One row for each, in the order of their keys, so that two intakes never wait in a circle.
        let mut named: BTreeMap<(String, &'static str), &Speaker> = BTreeMap::new();
        for speaker in speakers {
            let Some(name) = &speaker.name else { continue };
            let entry = named.entry((name.to_lowercase(), speaker.kind.word())).or_insert(speaker);
            if entry.role.is_none() && speaker.role.is_some() {
                *entry = speaker;
            }
        }
        let rows: Vec<_> = named
            .values()
            .map(|speaker| {
                json!({
                    "id": self.new_id(), "name": speaker.name, "kind": speaker.kind,
                    "role": speaker.role, "organisation": speaker.organisation,
                })
            })
            .collect();
        if rows.is_empty() {
            return Ok(HashMap::new());
        }
        let rows = json!(rows);
        sqlx::query!(
            "insert into source (id, name, kind, role, organisation)
             select r.id, r.name, r.kind, r.role, r.organisation
               from jsonb_to_recordset($1) as r (id uuid, name text, kind text, role text, organisation text)
              order by lower(r.name), r.kind
             on conflict (lower(name), kind) do nothing",
            rows,
        )
        .execute(tx.db())
        .await
        .doing("add sources")?;
        let found = sqlx::query!(
            r#"select r.name as "name!", r.kind as "kind!", source.id as "id!: Uuid"
                 from jsonb_to_recordset($1) as r (name text, kind text)
                 join source on lower(source.name) = lower(r.name) and source.kind = r.kind"#,
            rows,
        )
        .fetch_all(tx.db())
        .await
        .doing("find sources")?;
        Ok(found
            .into_iter()
            .filter_map(|row| {
                let kind = crate::error::word::<domain::claim::SourceKind>("source", "kind", &row.kind).ok()?;
                Some(((row.name.to_lowercase(), kind.word()), row.id))
            })
            .collect())
    }
}

/// Two people who paste the same piece at the same moment: the second waits and finds the first's.
async fn lock_texts(tx: &mut Tx, address: Option<&WebAddress>, sha256: &[u8]) -> Result<()> {
    let mut keys: Vec<String> = address.map(|address| address.as_str().to_owned()).into_iter().collect();
    keys.push(sha256.iter().map(|byte| format!("{byte:02x}")).collect());
    keys.sort();
    sqlx::query!(
        "select pg_advisory_xact_lock(hashtextextended(key, 7)) from unnest($1::text[]) as key order by key",
        &keys,
    )
    .fetch_all(tx.db())
    .await
    .doing("lock a text")?;
    Ok(())
}

/// The article the desk has for this text, its latest snapshot and that one's number.
async fn find_article(
    tx: &mut Tx,
    new: &NewArticle,
    outlet: Option<Uuid>,
    snapshot: SnapshotId,
) -> Result<Option<(ArticleId, SnapshotId, i32)>> {
    let row = sqlx::query!(
        r#"select article.id, latest.number, latest.snapshot_id as "snapshot_id: SnapshotId"
             from article
             join lateral (select number, snapshot_id from article_snapshot
                            where article_id = article.id order by number desc limit 1) latest on true
            where ($1::text is not null and article.address = $1)
               or ($1::text is null and article.address is null and article.title = $2
                   and article.outlet_id is not distinct from $3
                   and article.id in (select article_id from article_snapshot where snapshot_id = $4))
            order by article.id
            limit 1"#,
        new.address.as_ref().map(WebAddress::as_str),
        new.title.as_str(),
        outlet,
        snapshot.0,
    )
    .fetch_optional(tx.db())
    .await
    .doing("look for the article")?;
    Ok(row.map(|row| (row.id, row.snapshot_id, row.number)))
}

fn extracted(ids: &[ClaimId], article: ArticleId, extraction: &Extraction) -> Vec<(About, Event)> {
    let event = Event::ClaimExtracted { extractor: extraction.extractor.clone() };
    ids.iter().map(|id| (About::claim(*id, article), event.clone())).collect()
}

/// Offsets fit: an article has at most 2^20 bytes.
fn offset(at: u32) -> i32 {
    i32::try_from(at).unwrap_or(i32::MAX)
}
