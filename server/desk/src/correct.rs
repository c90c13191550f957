//! Corrections: what a person changes of what was found in a text. Each is kept as an event, and
//! marked so that reading the text again leaves it alone.

use crate::Desk;
use crate::error::{Difference, Doing, Error, Result};
use crate::figure::{Number, read_number};
use crate::found::{Found, Hop, placed};
use crate::incidents::look_after_dismissal;
use crate::publish::seen_by_readers;
use crate::to_settle::before_marking;
use crate::tx::{About, Once, Tx};
use crate::work::{held, keep, last_move, lock, lock_all};
use domain::claim::{ClaimKind, Manner, Polarity};
use domain::correction::{
    self, Figure, MeasureGiven, NamedSource, Part, SourceGiven, THE_ARTICLE, source_in_words,
};
use domain::history::Event;
use domain::id::{AccountId, ClaimId, SnapshotId};
use domain::policy::{self, Actor, Correct};
use domain::text::{CharIndex, Span, Wordings};
use domain::words::{ClaimWords, Invalid, Organisation, SourceRole};
use domain::workflow::Blocked;
use phrase::phrase;
use std::collections::BTreeSet;
use uuid::Uuid;

/// Most claims that are merged into one at a time.
const MAX_MERGED: usize = 20;
/// What links a source to a claim where a person named it.
const BY_A_PERSON: &str = "a person’s correction";

/// Words of the article, by themselves or by their place.
#[derive(Clone, Debug)]
pub enum SpanGiven {
    /// Looked up near where the claim stands.
    Words(ClaimWords),
    At(Span),
}

/// What becomes of a claim's figures.
#[derive(Clone, Debug)]
pub enum MeasuresGiven {
    /// These take the place of all.
    All(Vec<MeasureGiven>),
    /// One is corrected or added; the others stay.
    One(MeasureGiven),
    /// The one with this index goes.
    Without(u32),
}

/// A correction as it is handed in; what is `None` stays as it is.
#[derive(Clone, Debug, Default)]
pub struct CorrectionForm {
    /// The claim's version that the person saw.
    pub version: i32,
    pub span: Option<SpanGiven>,
    pub kind: Option<ClaimKind>,
    pub source: Option<SourceGiven>,
    pub measures: Option<MeasuresGiven>,
}

/// A claim to be split.
#[derive(Clone, Debug)]
pub struct SplitForm {
    pub version: i32,
    /// The words of each claim that it becomes.
    pub parts: Vec<SpanGiven>,
}

/// Claims to become one.
#[derive(Clone, Debug)]
pub struct MergeForm {
    pub version: i32,
    /// The claims that go into this one, each with its version that the person saw.
    pub with: Vec<(ClaimId, i32)>,
}

/// The text a claim stands in.
pub(crate) struct Place {
    pub snapshot: SnapshotId,
    pub title: String,
    pub text: String,
}

/// What a correction makes of a claim.
struct Corrected {
    found: Found,
    parts: Vec<Part>,
    events: Vec<Event>,
}

impl Desk {
    /// Corrects what was found of a claim. What changes nothing leaves no trace; gives whether
    /// anything changed.
    ///
    /// # Errors
    /// `Invalid` for words that do not stand in the article and for figures that cannot be read,
    /// `Held` where another person checks it, `Blocked` where it is decided or set aside, `Stale`
    /// with what differs where it moved since the version seen.
    pub async fn correct(&self, actor: &Actor, id: ClaimId, form: CorrectionForm) -> Result<bool> {
        let permit: policy::Permit<Correct> = policy::permit(actor)?;
        let mut tx = self.begin(Some(actor.id)).await?;
        before_marking(&mut tx).await?;
        let locked = lock(&mut tx, id).await?;
        let found = Found::load_one(&mut tx, id).await?;
        let work = match locked.work.correct(permit, form.version, tx.now) {
            Ok(work) => work,
            Err(Blocked::Stale { current, .. }) => {
                let (by, mut differs) = last_move(&mut tx, id).await?;
                differs.extend(differences(&form, &found));
                return Err(Error::Stale { by, current, differences: differs });
            }
            Err(blocked) => return Err(held(&mut tx, blocked).await),
        };
        let place = place(&mut tx, id).await?;
        let Corrected { found: after, parts, events } = corrected(&form, &found, &place.text)?;
        if parts.is_empty() {
            return Ok(false);
        }
        if after.span != found.span {
            not_a_claim_yet(&mut tx, id, &[after.span], "words").await?;
        }
        keep(&mut tx, id, &work, None).await?;
        self.update_found(&mut tx, place.snapshot, &place.title, &[(id, after)]).await?;
        let marks: Vec<Mark> = parts.into_iter().map(|part| Mark::new(id, part, Some(&found.text))).collect();
        mark(&mut tx, actor.id, &marks).await?;
        let about = About::claim(id, locked.article);
        tx.events(&events.into_iter().map(|event| (about, event)).collect::<Vec<_>>()).await?;
        tx.commit().await?;
        self.gather_soon(locked.article).await;
        Ok(true)
    }

    /// Splits a claim into several, which wait in the queue; it is set aside and says what became
    /// of it. Gives the new claims in the order they were given.
    ///
    /// # Errors
    /// As [`Self::correct`].
    pub async fn split(
        &self,
        actor: &Actor,
        id: ClaimId,
        form: SplitForm,
        once: Option<&Once>,
    ) -> Result<Vec<ClaimId>> {
        let permit: policy::Permit<Correct> = policy::permit(actor)?;
        let mut tx = self.begin(Some(actor.id)).await?;
        before_marking(&mut tx).await?;
        if let Some(first) = tx.once(once).await? {
            return successors(&mut tx, ClaimId(first)).await;
        }
        let locked = lock(&mut tx, id).await?;
        let work = match locked.work.replace(permit, form.version, tx.now) {
            Ok(work) => work,
            Err(blocked) => return Err(blocked_by(&mut tx, id, blocked).await?),
        };
        let found = Found::load_one(&mut tx, id).await?;
        let place = place(&mut tx, id).await?;
        let parts: Vec<(ClaimId, Found)> = parts(&form, &found, &place.text)?
            .into_iter()
            .map(|part| (ClaimId(self.new_id()), part))
            .collect();
        let spans: Vec<Span> = parts.iter().map(|(_, part)| part.span).collect();
        not_a_claim_yet(&mut tx, id, &spans, "parts").await?;
        keep(&mut tx, id, &work, None).await?;
        look_after_dismissal(&mut tx, &[id]).await?;
        self.insert_found(&mut tx, locked.article, place.snapshot, &place.title, &parts).await?;
        let ids: Vec<ClaimId> = parts.iter().map(|(part, _)| *part).collect();
        let marks: Vec<Mark> = ids.iter().map(|part| Mark::new(*part, Part::Span, None)).collect();
        mark(&mut tx, actor.id, &marks).await?;
        succeed(&mut tx, &vec![id; ids.len()], &ids, "split").await?;
        let words = parts.iter().map(|(_, part)| part.text.clone()).collect();
        let is_public = seen_by_readers(&mut tx, &[id]).await?.contains(&id);
        let mut events = vec![(
            About::claim(id, locked.article),
            Event::ClaimSplit { into: ids.clone(), words, is_public },
        )];
        events.extend(ids.iter().map(|part| {
            let event = Event::ClaimSplitOff { from: id, words: found.text.clone() };
            (About::claim(*part, locked.article), event)
        }));
        tx.events(&events).await?;
        tx.made(once, id.0).await?;
        tx.commit().await?;
        self.gather_soon(locked.article).await;
        Ok(ids)
    }

    /// Merges other claims of the same text into this one. They are set aside and say what became
    /// of them; their evidence is found with this one as well.
    ///
    /// # Errors
    /// As [`Self::correct`]; each of the claims must be free to be corrected.
    pub async fn merge(
        &self,
        actor: &Actor,
        id: ClaimId,
        form: MergeForm,
        once: Option<&Once>,
    ) -> Result<()> {
        let permit: policy::Permit<Correct> = policy::permit(actor)?;
        let mut tx = self.begin(Some(actor.id)).await?;
        before_marking(&mut tx).await?;
        if tx.once(once).await?.is_some() {
            return Ok(());
        }
        let others: Vec<ClaimId> = form.with.iter().map(|(other, _)| *other).collect();
        let distinct: BTreeSet<ClaimId> = others.iter().copied().chain([id]).collect();
        if others.len() > MAX_MERGED || distinct.len() != others.len() + 1 {
            return Err(
                Invalid::new("with", phrase!("Choose up to {MAX_MERGED} other claims, each once.")).into()
            );
        }
        let mut all = lock_all(&mut tx, &distinct.into_iter().collect::<Vec<_>>()).await?;
        let locked = all.remove(&id).ok_or(Error::NotFound("claim"))?;
        let work = match locked.work.correct(permit, form.version, tx.now) {
            Ok(work) => work,
            Err(blocked) => return Err(blocked_by(&mut tx, id, blocked).await?),
        };
        let mut set_aside = Vec::with_capacity(others.len());
        for (other, seen) in &form.with {
            let there = all.remove(other).filter(|there| there.article == locked.article);
            let Some(there) = there else {
                return Err(Invalid::new("with", "Choose claims of the same article.").into());
            };
            match there.work.replace(permit, *seen, tx.now) {
                Ok(work) => set_aside.push((*other, work.version)),
                Err(blocked) => return Err(blocked_by(&mut tx, *other, blocked).await?),
            }
        }
        let place = place(&mut tx, id).await?;
        same_text(&mut tx, place.snapshot, &others).await?;
        let mut found = Found::load(&mut tx, &others).await?;
        let others_found: Vec<Found> = others.iter().filter_map(|other| found.remove(other)).collect();
        let own = Found::load_one(&mut tx, id).await?;
        let after = merged(&own, &others_found, &place.text)?;
        let own_words = after.text.clone();
        keep(&mut tx, id, &work, None).await?;
        set_all_aside(&mut tx, &set_aside).await?;
        look_after_dismissal(&mut tx, &others).await?;
        self.update_found(&mut tx, place.snapshot, &place.title, &[(id, after)]).await?;
        let mut marks = vec![Mark::new(id, Part::Span, Some(&own.text))];
        if has_corrected_measures(&mut tx, &others).await? {
            marks.push(Mark::new(id, Part::Measures, None));
        }
        mark(&mut tx, actor.id, &marks).await?;
        succeed(&mut tx, &others, &vec![id; others.len()], "merged").await?;
        let words = others_found.iter().map(|other| other.text.clone()).collect();
        let public = seen_by_readers(&mut tx, &others).await?;
        let mut events =
            vec![(About::claim(id, locked.article), Event::ClaimTookIn { from: others.clone(), words })];
        events.extend(others.iter().map(|other| {
            let is_public = public.contains(other);
            let event = Event::ClaimMerged { into: id, words: own_words.clone(), is_public };
            (About::claim(*other, locked.article), event)
        }));
        tx.events(&events).await?;
        tx.made(once, id.0).await?;
        tx.commit().await?;
        self.gather_soon(locked.article).await;
        Ok(())
    }
}

/// Applies a form to what was found.
fn corrected(form: &CorrectionForm, found: &Found, text: &str) -> Result<Corrected, Invalid> {
    let wordings = Wordings::new(text);
    let mut after = found.clone();
    let mut parts = Vec::new();
    let mut events = Vec::new();
    if let Some(given) = &form.span {
        let (span, words) = stretch(given, text, &wordings, found.span, &[], "words")?;
        correction::one_claim(span)?;
        if span != found.span {
            parts.push(Part::Span);
            events.push(Event::SpanCorrected { before: found.text.clone(), after: words.clone() });
            after = Found { span, text: words, statement: None, ..after };
            if form.measures.is_none() {
                events.extend(without_what_was_cut(&mut after)?);
            }
        }
    }
    if let Some(kind) = form.kind.filter(|kind| *kind != found.kind) {
        parts.push(Part::Kind);
        events.push(Event::KindCorrected { before: found.kind, after: kind });
        after.kind = kind;
    }
    if let Some(given) = &form.source {
        let hops = named(given, &after, &wordings);
        let (mut before, mut now) = (who(&found.hops), who(&hops));
        let kind = |hops: &[Hop]| hops.first().map(|hop| hop.kind);
        if let (true, Some(was), Some(is)) = (before == now, kind(&found.hops), kind(&hops))
            && was != is
        {
            before += &format!(" ({})", was.label());
            now += &format!(" ({})", is.label());
        }
        let does = |hops: &[Hop]| hops.first().map_or(Polarity::Asserted, |hop| hop.polarity);
        if does(&found.hops) != does(&hops) && !hops.is_empty() {
            before += &format!(" ({})", does(&found.hops).label());
            now += &format!(" ({})", does(&hops).label());
        }
        if before != now {
            parts.push(Part::Source);
            events.push(Event::SourceCorrected { before, after: now });
            after.hops = hops;
        }
    }
    if let Some(given) = &form.measures {
        let (measures, told) = correction::measures(&found.measures, &all(given, &found.measures), figure)?;
        if measures != found.measures {
            parts.push(Part::Measures);
            events.extend(told);
            let place = |measure: domain::measure::Measure| match measure.start == measure.end {
                true => placed(measure, after.span, after.span, &wordings),
                false => measure,
            };
            after.measures = measures.into_iter().map(place).collect();
        }
    }
    Ok(Corrected { found: after, parts, events })
}

/// The words that are given, where they stand.
pub(crate) fn stretch(
    given: &SpanGiven,
    text: &str,
    wordings: &Wordings,
    near: Span,
    taken: &[Span],
    field: &'static str,
) -> Result<(Span, String), Invalid> {
    let index = CharIndex::new(text);
    let span = match given {
        SpanGiven::Words(words) => wordings.find(words.as_str(), near, taken).ok_or_else(|| {
            let short: String = words.as_str().chars().take(60).collect();
            let more = if short.len() < words.as_str().len() { "…" } else { "" };
            Invalid::new(
                field,
                phrase!("“{short}{more}” does not stand in the article. Copy the words as they stand there, without a gap."),
            )
        })?,
        SpanGiven::At(span) => *span,
    };
    match index.slice(span) {
        Some(words) if !words.trim().is_empty() => Ok((span, words.to_owned())),
        _ => Err(Invalid::new("span", "This place is not in the article’s text; count in code points.")),
    }
}

/// Drops figures whose words no longer belong to the claim; what to tell the history.
fn without_what_was_cut(found: &mut Found) -> Result<Vec<Event>, Invalid> {
    let span = found.span;
    keep_measures(found, |place| place.is_empty() || span.overlaps(place))
}

/// Keeps the figures whose place in the text passes; what to tell the history.
fn keep_measures(found: &mut Found, stays: impl Fn(Span) -> bool) -> Result<Vec<Event>, Invalid> {
    let kept: Vec<MeasureGiven> = (0u32..)
        .zip(&found.measures)
        .filter(|(_, measure)| stays(Span { start: measure.start, end: measure.end }))
        .map(|(at, _)| MeasureGiven::kept(at))
        .collect();
    let (measures, events) = correction::measures(&found.measures, &kept, figure)?;
    found.measures = measures;
    Ok(events)
}

/// Who says a claim once a person has said who does. The words that stood for the source still do,
/// unless they were another one's name.
fn named(given: &SourceGiven, found: &Found, wordings: &Wordings) -> Vec<Hop> {
    let SourceGiven::Named(NamedSource { name, kind, role, organisation, polarity }) = given else {
        return Vec::new();
    };
    let old = found.hops.first();
    let is_same = old.is_some_and(|hop| hop.name.as_deref() == Some(name.as_str()));
    let mention = old.filter(|hop| is_same || hop.name.as_deref() != Some(hop.mention.as_str()));
    let written = wordings.find(name.as_str(), found.span, &[]);
    let original = Hop {
        name: Some(name.to_string()),
        kind: *kind,
        role: role.as_ref().map(SourceRole::to_string),
        organisation: organisation.as_ref().map(Organisation::to_string),
        party: old.filter(|_| is_same).and_then(|hop| hop.party.clone()),
        mention: mention.map_or_else(|| name.to_string(), |hop| hop.mention.clone()),
        mention_at: mention.map_or(written, |hop| hop.mention_at),
        cue: old.and_then(|hop| hop.cue.clone()),
        cue_at: old.and_then(|hop| hop.cue_at),
        manner: old.map_or(Manner::Indirect, |hop| hop.manner),
        polarity: polarity.unwrap_or_else(|| old.map_or(Polarity::Asserted, |hop| hop.polarity)),
        told_to: old.and_then(|hop| hop.told_to.clone()),
        confidence: 1.0,
        linked_by: BY_A_PERSON.to_owned(),
    };
    std::iter::once(original).chain(found.hops.iter().skip(1).cloned()).collect()
}

fn who(hops: &[Hop]) -> String {
    hops.first().map_or_else(
        || THE_ARTICLE.to_owned(),
        |hop| {
            let name = hop.name.as_deref().unwrap_or(&hop.mention);
            source_in_words(name, hop.role.as_deref(), hop.organisation.as_deref())
        },
    )
}

/// Every figure that is meant to be there in the end.
fn all(given: &MeasuresGiven, old: &[domain::measure::Measure]) -> Vec<MeasureGiven> {
    let kept = |but: Option<u32>| {
        let each = 0..u32::try_from(old.len()).unwrap_or(u32::MAX);
        each.filter(move |at| Some(*at) != but).map(MeasureGiven::kept)
    };
    match given {
        MeasuresGiven::All(all) => all.clone(),
        MeasuresGiven::Without(gone) => kept(Some(*gone)).collect(),
        MeasuresGiven::One(one) => match one.of.filter(|of| (*of as usize) < old.len()) {
            Some(of) => {
                let mut all: Vec<MeasureGiven> = kept(None).collect();
                if let Some(slot) = all.get_mut(of as usize) {
                    *slot = one.clone();
                }
                all
            }
            None => kept(None).chain([one.clone()]).collect(),
        },
    }
}

/// Reads a figure with the same engine that reads articles.
fn figure(words: &str) -> Result<Figure, Invalid> {
    let Number { text, low, best, high, bound, unit } = read_number(words)?;
    Ok(Figure { text, low, best, high, bound, unit })
}

/// The claims that one is split into.
fn parts(form: &SplitForm, found: &Found, text: &str) -> Result<Vec<Found>, Invalid> {
    let wordings = Wordings::new(text);
    let mut stretches: Vec<(Span, String)> = Vec::with_capacity(form.parts.len());
    for given in form.parts.iter().take(correction::MAX_PARTS + 1) {
        let taken: Vec<Span> = stretches.iter().map(|(span, _)| *span).collect();
        stretches.push(stretch(given, text, &wordings, found.span, &taken, "parts")?);
    }
    let spans: Vec<Span> = stretches.iter().map(|(span, _)| *span).collect();
    correction::split(found.span, &spans)?;
    stretches
        .into_iter()
        .enumerate()
        .map(|(at, (span, text))| {
            let mut part = Found { span, text, statement: None, ..found.clone() };
            // A figure whose wording stands nowhere goes with the first part, not with each.
            keep_measures(&mut part, |place| match place.is_empty() {
                true => at == 0,
                false => span.overlaps(place),
            })?;
            Ok(part)
        })
        .collect()
}

/// The claim that several become.
fn merged(own: &Found, others: &[Found], text: &str) -> Result<Found, Invalid> {
    let spans: Vec<Span> = others.iter().map(|other| other.span).collect();
    let span = correction::merge(own.span, &spans)?;
    let words = CharIndex::new(text).slice(span).unwrap_or(&own.text).to_owned();
    let each = || std::iter::once(own).chain(others);
    let mut reasons: Vec<String> = Vec::new();
    for reason in each().flat_map(|found| &found.reasons) {
        if !reasons.contains(reason) {
            reasons.push(reason.clone());
        }
    }
    let hops = each().map(|found| &found.hops).find(|hops| !hops.is_empty()).cloned().unwrap_or_default();
    Ok(Found {
        span,
        text: words,
        statement: None,
        worth: each().map(|found| found.worth).fold(0.0, f64::max),
        reasons,
        hops,
        measures: correction::merged_measures(each().map(|found| found.measures.clone()).collect()),
        ..own.clone()
    })
}

/// What differs between a correction that was sent and the claim as it is meanwhile.
fn differences(form: &CorrectionForm, found: &Found) -> Vec<Difference> {
    let mut differences = Vec::new();
    let mut compare = |field: &'static str, yours: String, theirs: String| {
        if yours != theirs {
            differences.push(Difference { field, yours, theirs });
        }
    };
    if let Some(SpanGiven::Words(words)) = &form.span {
        compare("words", words.as_str().to_owned(), found.text.clone());
    }
    if let Some(SpanGiven::At(span)) = &form.span {
        let said = |span: Span| format!("{} to {}", span.start, span.end);
        compare("span", said(*span), said(found.span));
    }
    if let Some(kind) = form.kind {
        compare("kind", kind.label().to_owned(), found.kind.label().to_owned());
    }
    match &form.source {
        Some(SourceGiven::Article) => compare("source", THE_ARTICLE.to_owned(), who(&found.hops)),
        Some(SourceGiven::Named(NamedSource { name, role, organisation, polarity, .. })) => {
            let yours = source_in_words(
                name.as_str(),
                role.as_ref().map(SourceRole::as_str),
                organisation.as_ref().map(Organisation::as_str),
            );
            compare("source", yours, who(&found.hops));
            if let (Some(yours), Some(hop)) = (polarity, found.hops.first()) {
                compare("polarity", yours.label().to_owned(), hop.polarity.label().to_owned());
            }
        }
        None => {}
    }
    if let Some(given) = &form.measures {
        let said = |measures: &[domain::measure::Measure]| {
            measures.iter().map(domain::measure::Measure::described).collect::<Vec<_>>().join("; ")
        };
        let yours = correction::measures(&found.measures, &all(given, &found.measures), figure);
        let yours = yours.map_or_else(|wrong| wrong.fix.to_string(), |(measures, _)| said(&measures));
        compare("measures", yours, said(&found.measures));
    }
    differences
}

pub(crate) async fn place(tx: &mut Tx, id: ClaimId) -> Result<Place> {
    sqlx::query_as!(
        Place,
        "select claim.snapshot_id as snapshot, article.title, snapshot.text
           from claim
           join article on article.id = claim.article_id
           join snapshot on snapshot.id = claim.snapshot_id
          where claim.id = $1",
        id.0,
    )
    .fetch_one(tx.db())
    .await
    .doing("read a claim's text")
}

/// Two claims of the same words would be checked twice.
async fn not_a_claim_yet(tx: &mut Tx, id: ClaimId, spans: &[Span], field: &'static str) -> Result<()> {
    let whole = |place: u32| i32::try_from(place).unwrap_or(i32::MAX);
    let starts: Vec<i32> = spans.iter().map(|span| whole(span.start)).collect();
    let ends: Vec<i32> = spans.iter().map(|span| whole(span.end)).collect();
    let there = sqlx::query_scalar!(
        "select other.text
           from claim
           join unnest($2::int[], $3::int[]) as span (first, after) on true
           join claim other on other.article_id = claim.article_id and other.span_start = span.first
                           and other.span_end = span.after and other.snapshot_id = claim.snapshot_id
          where claim.id = $1 and other.id <> claim.id and other.stage <> 'dismissed'
          limit 1",
        id.0,
        &starts,
        &ends,
    )
    .fetch_optional(tx.db())
    .await
    .doing("look for the same claim")?;
    match there {
        None => Ok(()),
        Some(words) => {
            let fix =
                phrase!("“{words}” is a claim of its own already. Choose other words, or merge the two.");
            Err(Invalid::new(field, fix).into())
        }
    }
}

/// Claims whose places count in different texts cannot be one.
async fn same_text(tx: &mut Tx, snapshot: SnapshotId, others: &[ClaimId]) -> Result<()> {
    let others: Vec<Uuid> = others.iter().map(|id| id.0).collect();
    let elsewhere = sqlx::query_scalar!(
        r#"select exists (select from claim where id = any($1) and snapshot_id <> $2) as "elsewhere!""#,
        &others,
        snapshot.0,
    )
    .fetch_one(tx.db())
    .await
    .doing("look which text claims stand in")?;
    if elsewhere {
        return Err(Invalid::new("with", "Choose claims of the same version of the article.").into());
    }
    Ok(())
}

async fn set_all_aside(tx: &mut Tx, claims: &[(ClaimId, i32)]) -> Result<()> {
    let ids: Vec<Uuid> = claims.iter().map(|(id, _)| id.0).collect();
    let versions: Vec<i32> = claims.iter().map(|(_, version)| *version).collect();
    let now = tx.now;
    sqlx::query!(
        "update claim
            set stage = 'dismissed', stage_since = $3, version = aside.version, lease_holder = null,
                lease_until = null
           from unnest($1::uuid[], $2::int[]) as aside (id, version)
          where claim.id = aside.id",
        &ids,
        &versions,
        now,
    )
    .execute(tx.db())
    .await
    .doing("set claims aside")?;
    Ok(())
}

async fn has_corrected_measures(tx: &mut Tx, claims: &[ClaimId]) -> Result<bool> {
    let claims: Vec<Uuid> = claims.iter().map(|id| id.0).collect();
    sqlx::query_scalar!(
        r#"select exists (select from correction where claim_id = any($1) and part = 'measures') as "corrected!""#,
        &claims,
    )
    .fetch_one(tx.db())
    .await
    .doing("look for corrected figures")
}

/// A part of a claim that stands as a person left it.
struct Mark {
    claim: ClaimId,
    part: Part,
    found: Option<String>,
}

impl Mark {
    /// `words` are those that the claim had before.
    fn new(claim: ClaimId, part: Part, words: Option<&str>) -> Self {
        Self { claim, part, found: words.filter(|_| part == Part::Span).map(str::to_owned) }
    }
}

/// Marks what a person corrected. The wording that was found first stays the one a claim is known by.
async fn mark(tx: &mut Tx, by: AccountId, marks: &[Mark]) -> Result<()> {
    let claims: Vec<Uuid> = marks.iter().map(|mark| mark.claim.0).collect();
    let parts: Vec<String> = marks.iter().map(|mark| mark.part.word().to_owned()).collect();
    let found: Vec<Option<String>> = marks.iter().map(|mark| mark.found.clone()).collect();
    let now = tx.now;
    sqlx::query!(
        "insert into correction (claim_id, part, by, at, found)
         select mark.claim_id, mark.part, $4, $5, mark.found
           from unnest($1::uuid[], $2::text[], $3::text[]) as mark (claim_id, part, found)
         on conflict (claim_id, part) do update set by = excluded.by, at = excluded.at",
        &claims,
        &parts,
        &found as &[Option<String>],
        by.0,
        now,
    )
    .execute(tx.db())
    .await
    .doing("mark corrections")?;
    Ok(())
}

/// Notes which claims took the place of which.
async fn succeed(tx: &mut Tx, old: &[ClaimId], new: &[ClaimId], how: &str) -> Result<()> {
    let old: Vec<Uuid> = old.iter().map(|id| id.0).collect();
    let new: Vec<Uuid> = new.iter().map(|id| id.0).collect();
    let now = tx.now;
    // A claim that was reopened can be merged into the same one again.
    sqlx::query!(
        "insert into succession (claim_id, became_id, how, at)
         select pair.claim_id, pair.became_id, $3, $4
           from unnest($1::uuid[], $2::uuid[]) as pair (claim_id, became_id)
         on conflict (claim_id, became_id) do update set how = excluded.how, at = excluded.at",
        &old,
        &new,
        how,
        now,
    )
    .execute(tx.db())
    .await
    .doing("note what became of claims")?;
    Ok(())
}

/// The claims that took the place of one that was split.
async fn successors(tx: &mut Tx, id: ClaimId) -> Result<Vec<ClaimId>> {
    sqlx::query_scalar!(
        r#"select became_id as "id: ClaimId" from succession where claim_id = $1 and how = 'split' order by became_id"#,
        id.0,
    )
    .fetch_all(tx.db())
    .await
    .doing("look what became of a claim")
}

/// Says who holds a claim, or who changed it meanwhile.
async fn blocked_by(tx: &mut Tx, id: ClaimId, blocked: Blocked) -> Result<Error> {
    match blocked {
        Blocked::Stale { current, .. } => {
            let (by, differences) = last_move(tx, id).await?;
            Ok(Error::Stale { by, current, differences })
        }
        blocked => Ok(held(tx, blocked).await),
    }
}
