//! Articles come in: an unchangeable snapshot, and the claims that extraction finds in it.

use crate::Desk;
use crate::error::{Doing, Error, OnConstraint, Result};
use crate::tx::{About, Once, Tx};
use chrono::{DateTime, Utc};
use domain::history::Event;
use domain::id::{ArticleId, ClaimId, SnapshotId};
use domain::policy::{self, Actor, Intake};
use domain::priority;
use domain::text::CharIndex;
use domain::words::{ArticleText, Author, Invalid, OutletName, Title, WebAddress};
use extract::schema::{Claim, Extraction, Speaker};
use serde_json::json;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet, HashMap};
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

/// An article that the desk has, its latest version's number and text.
struct Known {
    article: ArticleId,
    number: i32,
    sha256: Vec<u8>,
}

/// A text that becomes a version of an article.
struct Version<'a> {
    article: ArticleId,
    number: i32,
    text: &'a ArticleText,
    sha256: &'a [u8],
}

/// What was read about some claims, as arrays of rows.
struct Readings {
    claims: serde_json::Value,
    attributions: serde_json::Value,
    measures: serde_json::Value,
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
        self.add_read_article(actor, new, &extraction, once).await
    }

    /// Takes in an article whose claims were lifted out already.
    ///
    /// # Errors
    /// As [`Self::add_article`]; `Invalid` where a claim does not lie in the text.
    pub async fn add_read_article(
        &self,
        actor: &Actor,
        new: NewArticle,
        extraction: &Extraction,
        once: Option<&Once>,
    ) -> Result<Added> {
        let _: policy::Permit<Intake> = policy::permit(actor)?;
        is_language(new.language.as_deref())?;
        lies_in(&new.text, extraction)?;
        let mut tx = self.begin(Some(actor.id)).await?;
        if let Some(first) = tx.once(once).await? {
            return Ok(Added { article: ArticleId(first), outcome: Outcome::Known });
        }
        let sha256 = Sha256::digest(new.text.as_str().as_bytes()).to_vec();
        lock_texts(&mut tx, new.address.as_ref(), &sha256).await?;
        let known = match &new.address {
            Some(address) => article_at(&mut tx, address).await?,
            None => article_of_text(&mut tx, &new, &sha256).await?,
        };
        let added = match known {
            // Nothing changes, so nothing is committed but the key.
            Some(known) if known.sha256 == sha256 => {
                Added { article: known.article, outcome: Outcome::Known }
            }
            Some(Known { article, number, .. }) => {
                let version = Version { article, number: number + 1, text: &new.text, sha256: &sha256 };
                self.add_version(&mut tx, actor, version, extraction, &new.title).await?;
                Added { article, outcome: Outcome::NewVersion }
            }
            None => {
                let article = self.insert_article(&mut tx, actor, &new, &sha256, extraction).await?;
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
        sha256: &[u8],
        extraction: &Extraction,
    ) -> Result<ArticleId> {
        let article = ArticleId(self.new_id());
        let outlet = self.outlet(tx, new.outlet.as_ref()).await?;
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
        let version = Version { article, number: 1, text: &new.text, sha256 };
        let snapshot = self.take_snapshot(tx, actor, &version).await?;
        let ids: Vec<ClaimId> = extraction.claims.iter().map(|_| ClaimId(self.new_id())).collect();
        let claims: Vec<(ClaimId, &Claim)> = ids.iter().copied().zip(&extraction.claims).collect();
        let readings = self.readings(tx, &claims, extraction).await?;
        insert_claims(tx, article, snapshot, &readings, extraction, &new.title).await?;
        insert_details(tx, &readings).await?;
        let count = u32::try_from(ids.len()).unwrap_or(u32::MAX);
        let mut events = vec![(
            About::article(article),
            Event::ArticleAdded { title: new.title.to_string(), claims: count },
        )];
        events.extend(extracted(&ids, article, extraction));
        tx.events(&events).await?;
        Ok(article)
    }

    async fn add_version(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        version: Version<'_>,
        extraction: &Extraction,
        title: &Title,
    ) -> Result<()> {
        let Version { article, number, .. } = version;
        let snapshot = self.take_snapshot(tx, actor, &version).await?;
        let old = lock_claims(tx, article).await?;
        let (carried, lost, fresh) = match_wording(&old, &extraction.claims);
        let fresh: Vec<(ClaimId, &Claim)> =
            fresh.into_iter().map(|claim| (ClaimId(self.new_id()), claim)).collect();

        // What was read about a carried claim counts in the old text: it is read again.
        let readings = self.readings(tx, &carried, extraction).await?;
        move_claims(tx, snapshot, &readings, extraction, title).await?;
        insert_details(tx, &readings).await?;
        mark_lost(tx, &lost).await?;
        let readings = self.readings(tx, &fresh, extraction).await?;
        insert_claims(tx, article, snapshot, &readings, extraction, title).await?;
        insert_details(tx, &readings).await?;

        let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        let mut events = vec![(
            About::article(article),
            Event::SnapshotTaken {
                number,
                carried: count(carried.len()),
                added: count(fresh.len()),
                lost: count(lost.len()),
            },
        )];
        events.extend(
            carried
                .iter()
                .map(|(id, _)| (About::claim(*id, article), Event::ClaimCarried { snapshot: number })),
        );
        events.extend(
            lost.iter().map(|id| (About::claim(*id, article), Event::ClaimLost { snapshot: number })),
        );
        let added: Vec<ClaimId> = fresh.iter().map(|(id, _)| *id).collect();
        events.extend(extracted(&added, article, extraction));
        tx.events(&events).await
    }

    /// Keeps a text as the next version of an article.
    async fn take_snapshot(&self, tx: &mut Tx, actor: &Actor, version: &Version<'_>) -> Result<SnapshotId> {
        sqlx::query!(
            "insert into snapshot (id, sha256, text) values ($1, $2, $3) on conflict (sha256) do nothing",
            self.new_id(),
            version.sha256,
            version.text.as_str(),
        )
        .execute(tx.db())
        .await
        .doing("keep a text")?;
        let snapshot = sqlx::query_scalar!("select id from snapshot where sha256 = $1", version.sha256)
            .fetch_one(tx.db())
            .await
            .doing("find a text")?;
        let now = tx.now;
        sqlx::query!(
            "insert into article_snapshot (article_id, number, snapshot_id, taken_at, taken_by)
             values ($1, $2, $3, $4, $5)",
            version.article.0,
            version.number,
            snapshot.0,
            now,
            actor.id.0,
        )
        .execute(tx.db())
        .await
        .doing("add a version of an article")?;
        Ok(snapshot)
    }

    /// What was read about claims, as rows to be written with a fixed number of statements for any
    /// number of claims. Adds the sources that the desk did not know.
    async fn readings(
        &self,
        tx: &mut Tx,
        claims: &[(ClaimId, &Claim)],
        extraction: &Extraction,
    ) -> Result<Readings> {
        let quotation = |claim: &Claim| claim.quotation.and_then(|at| extraction.quotations.get(at as usize));
        let speaker = |claim: &Claim| quotation(claim).and_then(|quotation| quotation.source.as_ref());
        let sources = self.sources(tx, claims.iter().filter_map(|(_, claim)| speaker(claim))).await?;
        let mut rows = Vec::with_capacity(claims.len());
        let mut attributions = Vec::new();
        let mut measures = Vec::new();
        for (id, claim) in claims {
            let speaker = speaker(claim);
            let name = speaker.and_then(source_name);
            let source: Option<Uuid> = speaker.zip(name).and_then(|(speaker, name)| {
                sources.get(&(name.to_lowercase(), speaker.kind.word())).copied()
            });
            let parts = priority::contributions(
                claim.kind,
                claim.checkworthiness,
                speaker.is_some(),
                &claim.measures,
            );
            let indicators: BTreeSet<&str> = claim.measures.iter().map(|m| m.indicator.word()).collect();
            rows.push(json!({
                "id": id, "span_start": claim.start, "span_end": claim.end, "text": claim.text,
                "kind": claim.kind, "checkworthiness": claim.checkworthiness, "reasons": claim.reasons,
                "source_id": source, "priority": priority::total(&parts), "indicators": indicators,
                "who": name.unwrap_or_default(),
            }));
            if let (Some(quotation), Some(speaker)) = (quotation(claim), speaker) {
                attributions.push(json!({
                    "claim_id": id, "source_id": source,
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
        Ok(Readings { claims: json!(rows), attributions: json!(attributions), measures: json!(measures) })
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
            let Some(name) = source_name(speaker) else { continue };
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
                let kind =
                    crate::error::word::<domain::claim::SourceKind>("source", "kind", &row.kind).ok()?;
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

/// The article the desk has at an address.
async fn article_at(tx: &mut Tx, address: &WebAddress) -> Result<Option<Known>> {
    sqlx::query_as!(
        Known,
        "select article.id as article, latest.number, snapshot.sha256
           from article
           join lateral (select number, snapshot_id from article_snapshot
                          where article_id = article.id order by number desc limit 1) latest on true
           join snapshot on snapshot.id = latest.snapshot_id
          where article.address = $1",
        address.as_str(),
    )
    .fetch_optional(tx.db())
    .await
    .doing("look for the article")
}

/// The article without an address that the desk has for this text, title and outlet.
async fn article_of_text(tx: &mut Tx, new: &NewArticle, sha256: &[u8]) -> Result<Option<Known>> {
    sqlx::query_as!(
        Known,
        "select article.id as article, version.number, snapshot.sha256
           from snapshot
           join article_snapshot version on version.snapshot_id = snapshot.id
           join article on article.id = version.article_id
           left join outlet on outlet.id = article.outlet_id
          where snapshot.sha256 = $1 and article.address is null and article.title = $2
            and lower(outlet.name) is not distinct from lower($3)
          order by article.id
          limit 1",
        sha256,
        new.title.as_str(),
        new.outlet.as_ref().map(OutletName::as_str),
    )
    .fetch_optional(tx.db())
    .await
    .doing("look for the article")
}

/// A claim that an earlier version of an article had.
struct OldClaim {
    id: ClaimId,
    text: String,
    in_latest: bool,
    span_start: i32,
}

/// All claims of an article, locked in the order of their ids as everywhere.
async fn lock_claims(tx: &mut Tx, article: ArticleId) -> Result<Vec<OldClaim>> {
    sqlx::query_as!(
        OldClaim,
        "select id, text, in_latest, span_start from claim where article_id = $1 order by id for update",
        article.0,
    )
    .fetch_all(tx.db())
    .await
    .doing("read an article's claims")
}

/// Matches claims by their wording, each with one: the first of the old with the first of the new,
/// in the order of the text; a claim of the version before goes ahead of one that had been gone.
/// Gives those carried over, those now gone and those that are new.
fn match_wording<'a>(
    old: &[OldClaim],
    new: &'a [Claim],
) -> (Vec<(ClaimId, &'a Claim)>, Vec<ClaimId>, Vec<&'a Claim>) {
    let mut by_wording: HashMap<&str, Vec<&Claim>> = HashMap::new();
    for claim in new.iter().rev() {
        by_wording.entry(claim.text.as_str()).or_default().push(claim);
    }
    let mut old: Vec<&OldClaim> = old.iter().collect();
    old.sort_by_key(|claim| (!claim.in_latest, claim.span_start, claim.id));
    let mut carried = Vec::new();
    let mut lost = Vec::new();
    for claim in old {
        match by_wording.get_mut(claim.text.as_str()).and_then(Vec::pop) {
            Some(again) => carried.push((claim.id, again)),
            None if claim.in_latest => lost.push(claim.id),
            None => {}
        }
    }
    let mut fresh: Vec<&Claim> = by_wording.into_values().flatten().collect();
    fresh.sort_by_key(|claim| (claim.start, claim.end));
    (carried, lost, fresh)
}

async fn insert_claims(
    tx: &mut Tx,
    article: ArticleId,
    snapshot: SnapshotId,
    readings: &Readings,
    extraction: &Extraction,
    title: &Title,
) -> Result<()> {
    let now = tx.now;
    sqlx::query!(
        "insert into claim (id, article_id, snapshot_id, span_start, span_end, text, kind, checkworthiness,
                            reasons, extractor, source_id, indicators, priority, stage, stage_since, version,
                            created_at, search)
         select r.id, $2, $3, r.span_start, r.span_end, r.text, r.kind, r.checkworthiness,
                r.reasons, $4, r.source_id, r.indicators, r.priority, 'open', $5, 1, $5,
                search_words(r.text, r.who, $6)
           from jsonb_to_recordset($1) as r (
                id uuid, span_start int, span_end int, text text, kind text, checkworthiness real,
                reasons text[], source_id uuid, indicators text[], priority smallint, who text)",
        readings.claims,
        article.0,
        snapshot.0,
        extraction.extractor,
        now,
        title.as_str(),
    )
    .execute(tx.db())
    .await
    .doing("add claims")?;
    Ok(())
}

/// Anchors claims in a newer text. Their stage, their verdicts and their place in line stay.
async fn move_claims(
    tx: &mut Tx,
    snapshot: SnapshotId,
    readings: &Readings,
    extraction: &Extraction,
    title: &Title,
) -> Result<()> {
    sqlx::query!(
        "update claim
            set snapshot_id = $2, span_start = r.span_start, span_end = r.span_end, in_latest = true,
                kind = r.kind, checkworthiness = r.checkworthiness, reasons = r.reasons, extractor = $3,
                source_id = r.source_id, indicators = r.indicators, search = search_words(r.text, r.who, $4)
           from jsonb_to_recordset($1) as r (
                id uuid, span_start int, span_end int, text text, kind text, checkworthiness real,
                reasons text[], source_id uuid, indicators text[], who text)
          where claim.id = r.id",
        readings.claims,
        snapshot.0,
        extraction.extractor,
        title.as_str(),
    )
    .execute(tx.db())
    .await
    .doing("carry claims over")?;
    sqlx::query!(
        "with gone as (
             delete from attribution using jsonb_to_recordset($1) as r (id uuid) where attribution.claim_id = r.id)
         delete from measure using jsonb_to_recordset($1) as r (id uuid) where measure.claim_id = r.id",
        readings.claims,
    )
    .execute(tx.db())
    .await
    .doing("clear what was read before")?;
    Ok(())
}

async fn mark_lost(tx: &mut Tx, lost: &[ClaimId]) -> Result<()> {
    let lost: Vec<Uuid> = lost.iter().map(|id| id.0).collect();
    sqlx::query!("update claim set in_latest = false where id = any($1)", &lost)
        .execute(tx.db())
        .await
        .doing("mark claims that are gone")?;
    Ok(())
}

/// Writes who says so and what is counted.
async fn insert_details(tx: &mut Tx, readings: &Readings) -> Result<()> {
    sqlx::query!(
        "insert into attribution (claim_id, hop, source_id, mention, mention_start, mention_end, cue,
                                  cue_start, cue_end, manner, told_to, confidence, linked_by)
         select r.claim_id, 0, r.source_id, r.mention, r.mention_start, r.mention_end, r.cue,
                r.cue_start, r.cue_end, r.manner, r.told_to, r.confidence, r.linked_by
           from jsonb_to_recordset($1) as r (
                claim_id uuid, source_id uuid, mention text, mention_start int, mention_end int, cue text,
                cue_start int, cue_end int, manner text, told_to text, confidence real, linked_by text)",
        readings.attributions,
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
        readings.measures,
    )
    .execute(tx.db())
    .await
    .doing("add measures")?;
    Ok(())
}

fn is_language(code: Option<&str>) -> Result<(), Invalid> {
    let good =
        code.is_none_or(|code| (2..=3).contains(&code.len()) && code.bytes().all(|b| b.is_ascii_lowercase()));
    if good { Ok(()) } else { Err(Invalid::new("language", "Give a code of two letters, such as en or uk.")) }
}

fn lies_in(text: &ArticleText, extraction: &Extraction) -> Result<(), Invalid> {
    let text = CharIndex::new(text.as_str());
    let good = |claim: &Claim| {
        claim.start < claim.end && text.byte(claim.start).is_some() && text.byte(claim.end).is_some()
    };
    if extraction.claims.iter().all(good) {
        Ok(())
    } else {
        Err(Invalid::new("claims", "A claim does not lie in the text. Extract again from this very text."))
    }
}

/// What a speaker is kept under; a name longer than any name is a misreading.
fn source_name(speaker: &Speaker) -> Option<&str> {
    speaker.name.as_deref().filter(|name| !name.trim().is_empty() && name.len() <= 400)
}

fn extracted(ids: &[ClaimId], article: ArticleId, extraction: &Extraction) -> Vec<(About, Event)> {
    let event = Event::ClaimExtracted { extractor: extraction.extractor.clone() };
    ids.iter().map(|id| (About::claim(*id, article), event.clone())).collect()
}
