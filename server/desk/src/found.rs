//! What a claim says: found by extraction, or as a person left it. One way to read it from the
//! tables and one to write it, so that sources, figures, priority and search always agree.

use crate::Desk;
use crate::claims::span;
use crate::deadlines::phase_of;
use crate::error::{Doing, Error, Result, word};
use crate::tx::Tx;
use domain::claim::{ClaimKind, Manner, Polarity, SourceKind};
use domain::deadline::Phase;
use domain::id::{ArticleId, ClaimId, SnapshotId};
use domain::measure::Measure;
use domain::priority;
use domain::text::{Span, Wordings};
use extract::schema::{Claim, Extraction, Quotation, Speaker};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use uuid::Uuid;

/// Longest chain of who told whom. Nobody writes a longer one.
const MAX_HOPS: usize = 8;

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Found {
    pub span: Span,
    pub text: String,
    pub statement: Option<String>,
    pub kind: ClaimKind,
    /// 0 to 1: how much it is worth checking.
    pub worth: f64,
    pub reasons: Vec<String>,
    pub extractor: String,
    /// The original source first, then whoever relayed it.
    pub hops: Vec<Hop>,
    pub measures: Vec<Measure>,
}

/// One of those through whom a claim came.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Hop {
    /// `None` where the text does not tell.
    pub name: Option<String>,
    pub kind: SourceKind,
    pub role: Option<String>,
    pub organisation: Option<String>,
    pub party: Option<String>,
    pub mention: String,
    pub mention_at: Option<Span>,
    pub cue: Option<String>,
    pub cue_at: Option<Span>,
    pub manner: Manner,
    pub polarity: Polarity,
    pub told_to: Option<String>,
    pub confidence: f64,
    pub linked_by: String,
}

impl Found {
    pub fn of(claim: &Claim, extraction: &Extraction) -> Self {
        Self {
            span: Span::new(claim.start, claim.end),
            text: claim.text.clone(),
            statement: claim.statement.clone().filter(|statement| *statement != claim.text),
            kind: claim.kind,
            worth: claim.checkworthiness,
            reasons: claim.reasons.clone(),
            extractor: extraction.extractor.clone(),
            hops: hops(claim, extraction),
            measures: claim.measures.clone(),
        }
    }

    /// The same claim at another place, or in another text: what it was made of is looked up around
    /// there.
    pub fn moved_to(&self, to: Span, text: String, wordings: &Wordings) -> Self {
        let mut moved = Self { span: to, text, ..self.clone() };
        moved.hops = self.hops_at(to, wordings);
        moved.measures = self.measures_at(to, wordings);
        moved
    }

    pub fn hops_at(&self, to: Span, wordings: &Wordings) -> Vec<Hop> {
        let near = |at: Option<Span>, words: &str| wordings.find(words, shifted(at?, self.span, to), &[]);
        let again = |hop: &Hop| Hop {
            mention_at: near(hop.mention_at, &hop.mention),
            cue_at: hop.cue.as_deref().and_then(|cue| near(hop.cue_at, cue)),
            ..hop.clone()
        };
        self.hops.iter().map(again).collect()
    }

    pub fn measures_at(&self, to: Span, wordings: &Wordings) -> Vec<Measure> {
        let again = |measure: &Measure| {
            let was = Span { start: measure.start, end: measure.end };
            placed(measure.clone(), shifted(was, self.span, to), to, wordings)
        };
        self.measures.iter().map(again).collect()
    }

    /// Claims as the tables have them.
    pub async fn load(tx: &mut Tx, ids: &[ClaimId]) -> Result<HashMap<ClaimId, Self>> {
        let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
        let mut found = HashMap::with_capacity(ids.len());
        let rows = sqlx::query!(
            "select id, span_start, span_end, text, statement, kind, checkworthiness, reasons, extractor,
                    (select jsonb_agg(body order by position) from measure
                      where measure.claim_id = claim.id) as measures
               from claim where id = any($1)",
            &ids,
        )
        .fetch_all(tx.db())
        .await
        .doing("read what claims say")?;
        for row in rows {
            let claim = Self {
                span: span(row.span_start, row.span_end),
                text: row.text,
                statement: row.statement,
                kind: word("claim", "kind", &row.kind)?,
                worth: f64::from(row.checkworthiness),
                reasons: row.reasons,
                extractor: row.extractor,
                hops: Vec::new(),
                measures: crate::claims::measures(row.measures)?,
            };
            found.insert(row.id, claim);
        }
        let rows = sqlx::query!(
            r#"select a.claim_id as "claim_id: ClaimId", source.name as "name?", source.kind as "kind?", a.role,
                      a.organisation, a.party, a.mention, a.mention_start, a.mention_end, a.cue, a.cue_start,
                      a.cue_end, a.manner, a.polarity, a.told_to, a.confidence, a.linked_by
                 from attribution a left join source on source.id = a.source_id
                where a.claim_id = any($1)
                order by a.claim_id, a.hop"#,
            &ids,
        )
        .fetch_all(tx.db())
        .await
        .doing("read who says claims")?;
        for row in rows {
            let kind = row.kind.as_deref().map(|kind| word("source", "kind", kind)).transpose()?;
            let hop = Hop {
                name: row.name,
                kind: kind.unwrap_or(SourceKind::Anonymous),
                role: row.role,
                organisation: row.organisation,
                party: row.party,
                mention: row.mention,
                mention_at: row.mention_start.zip(row.mention_end).map(|(from, to)| span(from, to)),
                cue: row.cue,
                cue_at: row.cue_start.zip(row.cue_end).map(|(from, to)| span(from, to)),
                manner: word("attribution", "manner", &row.manner)?,
                polarity: word("attribution", "polarity", &row.polarity)?,
                told_to: row.told_to,
                confidence: f64::from(row.confidence),
                linked_by: row.linked_by,
            };
            if let Some(claim) = found.get_mut(&row.claim_id) {
                claim.hops.push(hop);
            }
        }
        Ok(found)
    }

    /// One claim as the tables have it.
    pub async fn load_one(tx: &mut Tx, id: ClaimId) -> Result<Self> {
        Self::load(tx, &[id]).await?.remove(&id).ok_or(Error::NotFound("claim"))
    }
}

/// A measure with the place of its wording inside a claim; empty, at the claim's beginning, where
/// the wording does not stand in it.
pub(crate) fn placed(measure: Measure, near: Span, claim: Span, wordings: &Wordings) -> Measure {
    let found = wordings.find(&measure.text, near, &[]).filter(|found| claim.contains(*found));
    let at =
        found.or_else(|| wordings.find(&measure.text, claim, &[]).filter(|found| claim.contains(*found)));
    let at = at.unwrap_or(Span::new(claim.start, claim.start));
    Measure { start: at.start, end: at.end, ..measure }
}

/// Where something is expected when the claim around it has moved.
fn shifted(at: Span, from: Span, to: Span) -> Span {
    let shift = |place: u32| (place + to.start).saturating_sub(from.start);
    Span { start: shift(at.start), end: shift(at.end) }
}

/// Who says a claim and through whom it came: the speaker of its quotation, then of the one that was
/// reported in, and so on outwards.
fn hops(claim: &Claim, extraction: &Extraction) -> Vec<Hop> {
    let at = |index: u32| extraction.quotations.get(index as usize).map(|quotation| (index, quotation));
    let mut hops = Vec::new();
    let mut seen: Vec<u32> = Vec::new();
    let mut next = claim.quotation.and_then(at);
    while let Some((index, quotation)) = next {
        if seen.contains(&index) || seen.len() == MAX_HOPS {
            break;
        }
        seen.push(index);
        hops.extend(quotation.source.as_ref().map(|speaker| Hop::of(quotation, speaker)));
        next = quotation.within.and_then(at);
    }
    hops
}

impl Hop {
    /// Who is quoted.
    pub fn of(quotation: &Quotation, speaker: &Speaker) -> Self {
        // A name longer than any name is a misreading.
        let name = speaker.name.as_deref().filter(|name| !name.trim().is_empty() && name.len() <= 400);
        // One name has one spelling, whichever apostrophe an outlet sets.
        let name = name.map(|name| name.replace(['’', 'ʼ'], "'"));
        Self {
            name,
            kind: speaker.kind,
            role: speaker.role.clone(),
            organisation: speaker.organisation.clone(),
            party: speaker.party.clone(),
            mention: speaker.text.clone(),
            mention_at: Some(Span { start: speaker.start, end: speaker.end }),
            cue: quotation.cue.as_ref().map(|cue| cue.text.clone()),
            cue_at: quotation.cue.as_ref().map(|cue| Span { start: cue.start, end: cue.end }),
            manner: quotation.manner,
            polarity: quotation.polarity,
            told_to: quotation.told_to.clone(),
            confidence: speaker.confidence,
            linked_by: speaker.linked_by.clone(),
        }
    }
}

/// What some claims say, as arrays of rows.
struct Rows {
    claims: serde_json::Value,
    attributions: serde_json::Value,
    measures: serde_json::Value,
}

type Sources = HashMap<(String, &'static str), Uuid>;

impl Desk {
    /// Adds claims to the queue, after [`before_marking`](crate::to_settle::before_marking).
    pub(crate) async fn insert_found(
        &self,
        tx: &mut Tx,
        article: ArticleId,
        snapshot: SnapshotId,
        title: &str,
        claims: &[(ClaimId, Found)],
    ) -> Result<()> {
        if claims.is_empty() {
            return Ok(());
        }
        let phase = phase_of(tx, article).await?;
        let rows = self.rows_of(tx, claims, phase).await?;
        let now = tx.now;
        sqlx::query!(
            "insert into claim (id, article_id, snapshot_id, span_start, span_end, text, statement, kind,
                                checkworthiness, reasons, extractor, source_id, asserted, indicators, priority, stage,
                                stage_since, version, created_at, search, in_latest)
             select r.id, $2, $3, r.span_start, r.span_end, r.text, r.statement, r.kind,
                    r.checkworthiness, r.reasons, r.extractor, r.source_id, r.asserted, r.indicators, r.priority, 'open',
                    $4, 1, $4, search_words(r.text, r.who, $5),
                    $3 = (select snapshot_id from article_snapshot v
                           where v.article_id = $2 order by number desc limit 1)
               from jsonb_to_recordset($1) as r (
                    id uuid, span_start int, span_end int, text text, statement text, kind text,
                    checkworthiness real, reasons text[], extractor text, source_id uuid, asserted boolean, indicators text[],
                    priority smallint, who text)",
            rows.claims,
            article.0,
            snapshot.0,
            now,
            title,
        )
        .execute(tx.db())
        .await
        .doing("add claims")?;
        insert_details(tx, &rows).await?;
        self.mark_by_policy(tx, claims).await?;
        to_gather(tx, claims).await
    }

    /// Writes anew what claims say, and in which text, after
    /// [`before_marking`](crate::to_settle::before_marking). Their stage and their verdicts stay.
    pub(crate) async fn update_found(
        &self,
        tx: &mut Tx,
        snapshot: SnapshotId,
        title: &str,
        claims: &[(ClaimId, Found)],
    ) -> Result<()> {
        if claims.is_empty() {
            return Ok(());
        }
        let article = article_of(tx, claims).await?;
        let phase = phase_of(tx, article).await?;
        let rows = self.rows_of(tx, claims, phase).await?;
        sqlx::query!(
            "update claim
                set snapshot_id = $2, span_start = r.span_start, span_end = r.span_end, text = r.text,
                    statement = r.statement, kind = r.kind,
                    in_latest = $2 = (select snapshot_id from article_snapshot v
                                       where v.article_id = claim.article_id order by number desc limit 1),
                    checkworthiness = r.checkworthiness, reasons = r.reasons, extractor = r.extractor,
                    source_id = r.source_id, asserted = r.asserted, indicators = r.indicators,
                    priority = least(100, r.priority + case when claim.contradiction is null then 0 else $4 end),
                    search = search_words(r.text, r.who, $3)
               from jsonb_to_recordset($1) as r (
                    id uuid, span_start int, span_end int, text text, statement text, kind text,
                    checkworthiness real, reasons text[], extractor text, source_id uuid, asserted boolean, indicators text[],
                    priority smallint, who text)
              where claim.id = r.id",
            rows.claims,
            snapshot.0,
            title,
            priority::CONTRADICTION,
        )
        .execute(tx.db())
        .await
        .doing("write what claims say")?;
        sqlx::query!(
            "with gone as (
                 delete from attribution using jsonb_to_recordset($1) as r (id uuid) where attribution.claim_id = r.id)
             delete from measure using jsonb_to_recordset($1) as r (id uuid) where measure.claim_id = r.id",
            rows.claims,
        )
        .execute(tx.db())
        .await
        .doing("clear what was read before")?;
        insert_details(tx, &rows).await?;
        self.mark_by_policy(tx, claims).await?;
        to_gather(tx, claims).await
    }

    /// What claims say, as rows to be written with a fixed number of statements for any number of
    /// claims. Adds the sources that the desk did not know.
    async fn rows_of(&self, tx: &mut Tx, claims: &[(ClaimId, Found)], phase: Option<Phase>) -> Result<Rows> {
        let sources = self.sources(tx, claims.iter().flat_map(|(_, found)| &found.hops)).await?;
        let source = |hop: &Hop| {
            let name = hop.name.as_ref()?;
            sources.get(&(name.to_lowercase(), hop.kind.word())).copied()
        };
        let mut rows = Vec::with_capacity(claims.len());
        let mut attributions = Vec::new();
        let mut measures = Vec::new();
        for (id, found) in claims {
            let original = found.hops.first();
            let mut parts =
                priority::contributions(found.kind, found.worth, original.is_some(), &found.measures);
            parts.extend(phase.map(Phase::contribution));
            let indicators: BTreeSet<&str> = found.measures.iter().map(|m| m.indicator.word()).collect();
            rows.push(json!({
                "id": id, "span_start": found.span.start, "span_end": found.span.end, "text": found.text,
                "statement": found.statement, "kind": found.kind, "checkworthiness": found.worth,
                "reasons": found.reasons, "extractor": found.extractor, "source_id": original.and_then(source),
                "asserted": original.is_none_or(|hop| hop.polarity == Polarity::Asserted),
                "priority": priority::total(&parts), "indicators": indicators,
                "who": original.and_then(|hop| hop.name.as_deref()).unwrap_or_default(),
            }));
            for (place, hop) in found.hops.iter().enumerate() {
                attributions.push(json!({
                    "claim_id": id, "hop": place, "source_id": source(hop), "role": hop.role,
                    "organisation": hop.organisation, "party": hop.party, "mention": hop.mention,
                    "mention_start": hop.mention_at.map(|at| at.start),
                    "mention_end": hop.mention_at.map(|at| at.end), "cue": hop.cue,
                    "cue_start": hop.cue_at.map(|at| at.start), "cue_end": hop.cue_at.map(|at| at.end),
                    "manner": hop.manner, "polarity": hop.polarity, "told_to": hop.told_to,
                    "confidence": hop.confidence, "linked_by": hop.linked_by,
                }));
            }
            for (position, measure) in found.measures.iter().enumerate() {
                measures.push(json!({
                    "claim_id": id, "position": position, "indicator": measure.indicator,
                    "low": measure.low, "best": measure.best, "high": measure.high,
                    "bound": measure.bound, "wording": measure.text, "body": measure,
                }));
            }
        }
        Ok(Rows { claims: json!(rows), attributions: json!(attributions), measures: json!(measures) })
    }

    /// Ids of the named sources, added where the desk did not know them, by lower-case name and kind.
    async fn sources<'a>(&self, tx: &mut Tx, hops: impl Iterator<Item = &'a Hop>) -> Result<Sources> {
        // One row for each, in the order of their keys, so that two intakes never wait in a circle.
        let mut named: BTreeMap<(String, &'static str), &Hop> = BTreeMap::new();
        for hop in hops {
            let Some(name) = &hop.name else { continue };
            let entry = named.entry((name.to_lowercase(), hop.kind.word())).or_insert(hop);
            if entry.role.is_none() && hop.role.is_some() {
                *entry = hop;
            }
        }
        let rows: Vec<_> = named
            .values()
            .map(|hop| {
                json!({
                    "id": self.new_id(), "name": hop.name, "kind": hop.kind,
                    "role": hop.role, "organisation": hop.organisation,
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
                let kind = word::<SourceKind>("source", "kind", &row.kind).ok()?;
                Some(((row.name.to_lowercase(), kind.word()), row.id))
            })
            .collect())
    }
}

/// What was written is to be brought to its incident: see `incidents::gather`.
async fn to_gather(tx: &mut Tx, claims: &[(ClaimId, Found)]) -> Result<()> {
    let ids = claims.iter().map(|(id, _)| *id).collect();
    crate::incidents::wait_again(tx, &ids).await
}

/// Writes who says so and what is counted.
/// The article of claims, which are all of one text.
async fn article_of(tx: &mut Tx, claims: &[(ClaimId, Found)]) -> Result<ArticleId> {
    let first = claims.first().map(|(id, _)| id.0);
    sqlx::query_scalar!("select article_id from claim where id = $1", first)
        .fetch_optional(tx.db())
        .await
        .doing("look up a claim's article")?
        .ok_or(Error::NotFound("claim"))
}

async fn insert_details(tx: &mut Tx, rows: &Rows) -> Result<()> {
    sqlx::query!(
        "insert into attribution (claim_id, hop, source_id, role, organisation, party, mention, mention_start,
                                  mention_end, cue, cue_start, cue_end, manner, polarity, told_to, confidence,
                                  linked_by)
         select r.claim_id, r.hop, r.source_id, r.role, r.organisation, r.party, r.mention, r.mention_start,
                r.mention_end, r.cue, r.cue_start, r.cue_end, r.manner, r.polarity, r.told_to, r.confidence,
                r.linked_by
           from jsonb_to_recordset($1) as r (
                claim_id uuid, hop smallint, source_id uuid, role text, organisation text, party text,
                mention text, mention_start int, mention_end int, cue text, cue_start int, cue_end int,
                manner text, polarity text, told_to text, confidence real, linked_by text)",
        rows.attributions,
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
        rows.measures,
    )
    .execute(tx.db())
    .await
    .doing("add measures")?;
    Ok(())
}
