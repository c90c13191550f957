//! Articles come in: an unchangeable snapshot, and the claims that extraction finds in it.

use crate::Desk;
use crate::claims::span;
use crate::error::{Doing, Error, OnConstraint, Result};
use crate::found::Found;
use crate::to_settle::before_marking;
use crate::tx::{About, Once, Tx};
use chrono::{DateTime, Utc};
use domain::correction::{self, Part};
use domain::history::Event;
use domain::id::{ArticleId, ClaimId, SnapshotId};
use domain::policy::{self, Actor, Intake};
use domain::text::{CharIndex, Span, Wordings};
use domain::words::{ArticleText, Author, Invalid, OutletName, Title, WebAddress};
use extract::schema::{Claim, Extraction};
use sha2::{Digest, Sha256};
use std::collections::HashMap;
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
        before_marking(&mut tx).await?;
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
            self.gather_soon(added.article).await;
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
        let claims: Vec<(ClaimId, Found)> = ids
            .iter()
            .zip(&extraction.claims)
            .map(|(id, claim)| (*id, Found::of(claim, extraction)))
            .collect();
        self.insert_found(tx, article, snapshot, new.title.as_str(), &claims).await?;
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
        let text = version.text.as_str();
        let Carrying { carried, lost, fresh } = carry(&old, &extraction.claims, text);
        // What was read about a carried claim counts in the old text: it is read again.
        let carried = said_again(tx, &carried, extraction, text).await?;
        self.update_found(tx, snapshot, title.as_str(), &carried).await?;
        mark_lost(tx, &lost).await?;
        let fresh: Vec<(ClaimId, Found)> =
            fresh.into_iter().map(|claim| (ClaimId(self.new_id()), Found::of(claim, extraction))).collect();
        self.insert_found(tx, article, snapshot, title.as_str(), &fresh).await?;

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
    span_end: i32,
    /// What people have corrected of it.
    corrected: Vec<String>,
    /// The wording that was found before a person changed it.
    found: Option<String>,
}

impl OldClaim {
    fn is_corrected(&self, part: Part) -> bool {
        self.corrected.iter().any(|corrected| corrected == part.word())
    }
}

/// All claims of an article, locked in the order of their ids as everywhere.
async fn lock_claims(tx: &mut Tx, article: ArticleId) -> Result<Vec<OldClaim>> {
    sqlx::query_as!(
        OldClaim,
        r#"select id, text, in_latest, span_start, span_end,
                  array(select part from correction where correction.claim_id = claim.id) as "corrected!",
                  (select found from correction where correction.claim_id = claim.id and part = 'span') as found
             from claim where article_id = $1 order by id for update"#,
        article.0,
    )
    .fetch_all(tx.db())
    .await
    .doing("read an article's claims")
}

/// A claim that still stands in a new version of its article.
struct Carried<'a> {
    old: &'a OldClaim,
    at: Span,
    /// What reading the new version found of it; `None` where a person's wording stands for which
    /// it found no claim.
    again: Option<&'a Claim>,
}

/// What becomes of claims when their article has a new text.
struct Carrying<'a> {
    carried: Vec<Carried<'a>>,
    lost: Vec<ClaimId>,
    fresh: Vec<&'a Claim>,
}

/// Matches claims by their wording, each with one: the first of the old with the first of the new,
/// in the order of the text; a claim of the version before goes ahead of one that had been gone.
///
/// Claims whose words a person has set come first. They are carried over wherever those words stand,
/// and what was found before in their place, or is found now inside what people have set, is not
/// added again.
fn carry<'a>(old: &'a [OldClaim], new: &'a [Claim], text: &str) -> Carrying<'a> {
    let mut by_wording: HashMap<&str, Vec<&Claim>> = HashMap::new();
    for claim in new.iter().rev() {
        by_wording.entry(claim.text.as_str()).or_default().push(claim);
    }
    let mut order: Vec<&OldClaim> = old.iter().collect();
    order.sort_by_key(|claim| (!claim.in_latest, claim.span_start, claim.id));
    let (set, found): (Vec<_>, Vec<_>) = order.into_iter().partition(|claim| claim.is_corrected(Part::Span));
    let wordings = (!set.is_empty()).then(|| Wordings::new(text));
    let mut decided: Vec<Span> = Vec::new();
    let mut carried = Vec::new();
    let mut lost = Vec::new();
    for old in set {
        let again = by_wording.get_mut(old.text.as_str()).and_then(Vec::pop);
        let place = span(old.span_start, old.span_end);
        let at = match again {
            Some(again) => Some(Span::new(again.start, again.end)),
            None => wordings.as_ref().and_then(|wordings| wordings.find(&old.text, place, &decided)),
        };
        match at {
            Some(at) => {
                if let Some(found) = old.found.as_ref().filter(|found| **found != old.text) {
                    by_wording.get_mut(found.as_str()).and_then(Vec::pop);
                }
                decided.push(at);
                carried.push(Carried { old, at, again });
            }
            None if old.in_latest => lost.push(old.id),
            None => {}
        }
    }
    for old in found {
        match by_wording.get_mut(old.text.as_str()).and_then(Vec::pop) {
            Some(again) => {
                carried.push(Carried { old, at: Span::new(again.start, again.end), again: Some(again) });
            }
            None if old.in_latest => lost.push(old.id),
            None => {}
        }
    }
    let mut fresh: Vec<&Claim> = by_wording
        .into_values()
        .flatten()
        .filter(|claim| !correction::is_covered(Span::new(claim.start, claim.end), &decided))
        .collect();
    fresh.sort_by_key(|claim| (claim.start, claim.end));
    Carrying { carried, lost, fresh }
}

/// What carried claims say in the new text: what was read in it, but for what people have corrected.
async fn said_again(
    tx: &mut Tx,
    carried: &[Carried<'_>],
    extraction: &Extraction,
    text: &str,
) -> Result<Vec<(ClaimId, Found)>> {
    let is_kept = |carried: &&Carried<'_>| carried.again.is_none() || !carried.old.corrected.is_empty();
    let kept: Vec<ClaimId> = carried.iter().filter(is_kept).map(|carried| carried.old.id).collect();
    let mut before = if kept.is_empty() { HashMap::new() } else { Found::load(tx, &kept).await? };
    let wordings = (!kept.is_empty()).then(|| Wordings::new(text));
    let index = CharIndex::new(text);
    let mut said = Vec::with_capacity(carried.len());
    for Carried { old, at, again } in carried {
        let again = again.map(|claim| Found::of(claim, extraction));
        let found = match (before.remove(&old.id), &wordings) {
            (Some(kept), Some(wordings)) => {
                let words = index.slice(*at).unwrap_or(&old.text).to_owned();
                let mut found = again.unwrap_or_else(|| kept.moved_to(*at, words, wordings));
                if old.is_corrected(Part::Kind) {
                    found.kind = kept.kind;
                }
                if old.is_corrected(Part::Source) {
                    found.hops = kept.hops_at(*at, wordings);
                }
                if old.is_corrected(Part::Measures) {
                    found.measures = kept.measures_at(*at, wordings);
                }
                Some(found)
            }
            _ => again,
        };
        said.extend(found.map(|found| (old.id, found)));
    }
    Ok(said)
}

async fn mark_lost(tx: &mut Tx, lost: &[ClaimId]) -> Result<()> {
    let lost: Vec<Uuid> = lost.iter().map(|id| id.0).collect();
    sqlx::query!("update claim set in_latest = false where id = any($1)", &lost)
        .execute(tx.db())
        .await
        .doing("mark claims that are gone")?;
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

fn extracted(ids: &[ClaimId], article: ArticleId, extraction: &Extraction) -> Vec<(About, Event)> {
    let event = Event::ClaimExtracted { extractor: extraction.extractor.clone() };
    ids.iter().map(|id| (About::claim(*id, article), event.clone())).collect()
}
