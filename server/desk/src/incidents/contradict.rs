//! The figures of incidents as they are read for a ledger, and which claims they show to contradict
//! others. A claim that does is marked, with the reason, and goes up in the queue.

use super::keep::recount;
use crate::error::{Doing, Error, Result, word};
use crate::found::Found;
use crate::scales::mark;
use crate::tx::{About, Tx};
use crate::work::lock_all;
use chrono::{DateTime, Utc};
use domain::claim::Polarity;
use domain::deadline::Phase;
use domain::grade::Reliability;
use domain::history::Event;
use domain::id::{ArticleId, ClaimId, IncidentId, SourceId};
use domain::ledger::{
    Figure, Ledger, Origin, Range, Stated, contradicted, is_compared, ledger, read_together,
};
use domain::measure::{Indicator, Measure};
use domain::priority;
use domain::scale::Scales;
use domain::workflow::Stage;
use sqlx::PgExecutor;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use uuid::Uuid;

/// Most figures that are read of one incident; more are never of one event.
pub(super) const MOST_FIGURES: i64 = 5_000;

/// A figure as it is on record, with what a page shows beside it.
#[derive(Clone, Debug, PartialEq)]
pub struct OnRecord {
    pub figure: Figure,
    pub measure: Measure,
    pub article: ArticleId,
    pub article_title: String,
    pub article_address: Option<String>,
    pub article_published: Option<DateTime<Utc>>,
    pub text: String,
    pub source_id: Option<SourceId>,
    pub stage: Stage,
    pub rating: Option<String>,
    /// What the rating is called.
    pub rating_name: Option<String>,
    pub contradiction: Option<String>,
    pub version: i32,
}

/// The figures of an incident, oldest first. Of one: a plan for a list of them is made anew each time, as
/// Postgres takes such a list for long, and that takes longer than all else.
pub(super) async fn figures(
    scales: &Scales,
    db: impl PgExecutor<'_>,
    incident: IncidentId,
) -> Result<Vec<OnRecord>> {
    let rows = sqlx::query!(
        r#"select claim.id as "claim: ClaimId", claim.article_id as "article: ArticleId",
                  coalesce(claim.statement, claim.text) as "text!", claim.stage, claim.rating, claim.rating_scale,
                  claim.rating_version, claim.contradiction, claim.version, source.id as "source?: SourceId",
                  measure.position, measure.body, source.name as "source_name?", source.kind as "kind?", coalesce(hop.role, source.role) as role, hop.mention as "mention?",
                  hop.party as "party?", hop.polarity as "polarity?", outlet.name as "outlet?", article.title,
                  article.address, article.published_at,
                  -- what a later version of an article says it says since then
                  greatest(coalesce(article.published_at, article.added_at), version.taken_at) as "at!",
                  (select g.grade from source_grade g where g.source_id = source.id
                    order by g.id desc limit 1) as grade,
                  array(select coalesce(s.name, a.mention) from attribution a
                          left join source s on s.id = a.source_id
                         where a.claim_id = claim.id and a.hop > 0 order by a.hop) as "relays!",
                  verdict.given_at as "judged?", verdict.figure_low as "figure_low?", verdict.figure_best as "figure_best?",
                  verdict.figure_high as "figure_high?"
             from incident_claim m
             join claim on claim.id = m.claim_id and claim.stage <> 'dismissed'
             join measure on measure.claim_id = claim.id
             join article on article.id = claim.article_id
             left join article_snapshot version
                    on version.article_id = claim.article_id and version.number > 1
                   and version.taken_at = case
                       when not exists (select from succession s where s.became_id = claim.id) then claim.created_at
                       -- it stands for those that it was split or merged from, and is as new as the newest
                       else coalesce((
                           with recursive whose (id) as (
                               select claim.id
                               union
                               select s.claim_id from whose join succession s on s.became_id = whose.id)
                           select max(found.taken_at)
                             from whose
                             join claim was on was.id = whose.id
                             join article_snapshot found
                               on found.article_id = was.article_id and found.taken_at = was.created_at),
                           claim.created_at) end
             left join outlet on outlet.id = article.outlet_id
             left join source called on called.id = claim.source_id
             -- under whatever name: what one speaker says under two is one line
             left join source on source.id = coalesce(called.same_as, called.id)
             left join attribution hop on hop.claim_id = claim.id and hop.hop = 0
             left join verdict on verdict.id = claim.verdict_id and claim.rating is not null
            where m.incident_id = $1 and m.standing = 'confirmed'
            order by "at!", claim.article_id, claim.span_start, claim.id, measure.position
            limit $2"#,
        incident.0,
        MOST_FIGURES,
    )
    .fetch_all(db)
    .await
    .doing("read the figures of an incident")?;
    let mut found = Vec::with_capacity(rows.len());
    for row in rows {
        let measure: Measure = serde_json::from_value(row.body).map_err(|error| Error::Inconsistent {
            table: "measure",
            column: "body",
            what: error.to_string(),
        })?;
        let rating = mark(scales, row.rating.as_deref(), row.rating_scale.as_deref(), row.rating_version);
        let origin = origin(row.article, row.source, row.mention.as_deref(), row.outlet.as_deref());
        let source = row
            .source_name
            .or(row.mention)
            .or_else(|| row.outlet.clone())
            .unwrap_or_else(|| "The article".to_owned());
        let stage: Stage = word("claim", "stage", &row.stage)?;
        // What the desk looks at again decides nothing meanwhile.
        let stands = stage.is_decided();
        let supported = [row.figure_low, row.figure_best, row.figure_high]
            .iter()
            .any(|end| end.is_some() && stands)
            .then_some(Range { low: row.figure_low, best: row.figure_best, high: row.figure_high });
        let figure = Figure::read(
            &measure,
            Stated {
                article: row.article,
                title: &row.title,
                claim: row.claim,
                text: &row.text,
                position: u32::try_from(row.position).unwrap_or_default(),
                origin,
                source,
                polarity: match row.polarity {
                    Some(polarity) => word("attribution", "polarity", &polarity)?,
                    None => Polarity::Asserted,
                },
                reliability: match row.grade {
                    Some(grade) => word("source_grade", "grade", &grade)?,
                    None => Reliability::F,
                },
                role: row.role,
                kind: match row.kind {
                    Some(kind) => Some(word("source", "kind", &kind)?),
                    None => None,
                },
                party: row.party,
                outlet: row.outlet,
                relays: row.relays,
                at: row.at,
                verdict: rating.as_ref().filter(|_| stands).map(|rating| rating.tone),
                judged: row.judged,
                supported,
            },
        );
        found.push(OnRecord {
            figure,
            measure,
            article: row.article,
            article_title: row.title,
            article_address: row.address,
            article_published: row.published_at,
            text: row.text,
            source_id: row.source,
            stage,
            rating_name: rating.map(|rating| rating.name.clone()),
            rating: row.rating,
            contradiction: row.contradiction,
            version: row.version,
        });
    }
    Ok(found)
}

/// Whose word a claim is: of a source under its main name, of somebody whom its article does not name, or
/// of the outlet.
pub(super) fn origin(
    article: ArticleId,
    source: Option<SourceId>,
    mention: Option<&str>,
    outlet: Option<&str>,
) -> Origin {
    match (source, mention, outlet) {
        (Some(source), _, _) => Origin::Source(source),
        (None, Some(mention), _) => Origin::Unnamed(format!("{article}: {}", mention.to_lowercase())),
        (None, None, Some(outlet)) => Origin::Outlet(outlet.to_owned()),
        (None, None, None) => Origin::Outlet(article.to_string()),
    }
}

/// Finds out which figures do not count their incident's event, or count one of its places; of those
/// that are given alone, so that readers' figures are told by readers' figures.
pub(super) fn together(records: &mut [OnRecord]) {
    let mut figures: Vec<&mut Figure> = records.iter_mut().map(|record| &mut record.figure).collect();
    read_together(&mut figures);
}

/// The figures of one indicator, as they are on record and put in order.
pub(super) struct InOrder {
    pub ledger: Ledger,
    pub figures: Vec<Figure>,
    /// At the same places.
    pub records: Vec<OnRecord>,
}

/// Ledgers of one incident, one for each indicator that has figures and is asked for, in the order of indicators.
pub(super) fn ledgers(records: Vec<OnRecord>, asked: impl Fn(Indicator) -> bool) -> Vec<InOrder> {
    let mut of: BTreeMap<Indicator, (Vec<Figure>, Vec<OnRecord>)> = BTreeMap::new();
    for record in records {
        let figure = &record.figure;
        if figure.point().is_some() || figure.low.is_some() || figure.high.is_some() {
            let (figures, records) = of.entry(figure.indicator).or_default();
            figures.push(figure.clone());
            records.push(record);
        }
    }
    let ledgers: Vec<Option<Ledger>> = of
        .iter()
        .map(|(indicator, (figures, _))| {
            let others = of.iter().filter(|(other, _)| *other != indicator);
            let elsewhere: Vec<&Figure> = others.flat_map(|(_, (figures, _))| figures).collect();
            asked(*indicator).then(|| ledger(*indicator, figures, &elsewhere))
        })
        .collect();
    ledgers
        .into_iter()
        .zip(of.into_values())
        .filter_map(|(ledger, (figures, records))| Some(InOrder { ledger: ledger?, figures, records }))
        .collect()
}

/// Marks the claims of incidents that contradict others and takes marks off that no longer hold; also
/// off `left`, which may have come out of an incident.
pub(super) async fn contradictions(
    scales: &Scales,
    tx: &mut Tx,
    incidents: &BTreeSet<IncidentId>,
    left: &[ClaimId],
) -> Result<()> {
    let mut wanted: BTreeMap<ClaimId, (IncidentId, String)> = BTreeMap::new();
    for incident in incidents {
        let mut records = figures(scales, tx.db(), *incident).await?;
        together(&mut records);
        for InOrder { ledger, figures, .. } in ledgers(records, is_compared) {
            for figure in &figures {
                if let Some(why) = contradicted(&ledger, figure.claim, &figures) {
                    wanted.entry(figure.claim).or_insert((*incident, why.to_string()));
                }
            }
        }
    }
    let ids: Vec<Uuid> = incidents.iter().map(|id| id.0).collect();
    let left: Vec<Uuid> = left.iter().map(|id| id.0).collect();
    let now_marked = sqlx::query!(
        r#"select claim.id, claim.contradiction as "why!", m.incident_id as "incident?: IncidentId"
             from claim left join incident_claim m on m.claim_id = claim.id and m.standing = 'confirmed'
            where claim.contradiction is not null
              and claim.id in (select claim_id from incident_claim where incident_id = any($1)
                               union select unnest($2::uuid[]))"#,
        &ids,
        &left,
    )
    .fetch_all(tx.db())
    .await
    .doing("read which claims contradict others")?;
    let mut changes: BTreeMap<ClaimId, (Option<IncidentId>, Option<String>)> = wanted
        .iter()
        .map(|(claim, (incident, why))| (*claim, (Some(*incident), Some(why.clone()))))
        .collect();
    for row in now_marked {
        // One that is in an incident which is not looked at here keeps its mark.
        let looked_at = row.incident.is_none_or(|incident| incidents.contains(&incident));
        match changes.get(&row.id) {
            Some((_, Some(why))) if *why == row.why => {
                changes.remove(&row.id);
            }
            Some(_) => {}
            None if looked_at => {
                changes.insert(row.id, (row.incident, None));
            }
            None => {}
        }
    }
    if changes.is_empty() {
        return Ok(());
    }
    let ids: Vec<ClaimId> = changes.keys().copied().collect();
    let locked = lock_all(tx, &ids).await?;
    let found: HashMap<ClaimId, Found> = Found::load(tx, &ids).await?;
    let phases = phases_of(tx, locked.values().map(|locked| locked.article)).await?;
    let mut rows = Vec::new();
    let mut events = Vec::new();
    for (claim, (incident, why)) in &changes {
        let (Some(found), Some(locked)) = (found.get(claim), locked.get(claim)) else { continue };
        let mut parts =
            priority::contributions(found.kind, found.worth, !found.hops.is_empty(), &found.measures);
        parts.extend(phases.get(&locked.article).copied().map(Phase::contribution));
        parts.extend(priority::contradiction(why.as_deref()));
        rows.push(serde_json::json!({ "id": claim, "why": why, "priority": priority::total(&parts) }));
        let incident = incident.unwrap_or(IncidentId(Uuid::nil()));
        let event = match why {
            Some(why) => Event::Contradicted { incident, why: why.clone() },
            None => Event::ContradictionEnded { incident },
        };
        events.push((About::claim(*claim, locked.article), event));
    }
    sqlx::query!(
        "update claim set contradiction = r.why, priority = r.priority
           from jsonb_to_recordset($1) as r (id uuid, why text, priority smallint)
          where claim.id = r.id",
        serde_json::json!(rows),
    )
    .execute(tx.db())
    .await
    .doing("mark claims that contradict others")?;
    tx.events(&events).await?;
    recount(tx, incidents).await
}

/// How close the deadlines of articles are, where they have one.
async fn phases_of(
    tx: &mut Tx,
    articles: impl Iterator<Item = ArticleId>,
) -> Result<HashMap<ArticleId, Phase>> {
    let ids: Vec<Uuid> = articles.map(|id| id.0).collect::<BTreeSet<_>>().into_iter().collect();
    sqlx::query!(
        r#"select id as "id: ArticleId", deadline_phase as "phase!" from article
            where id = any($1) and deadline_phase is not null"#,
        &ids,
    )
    .fetch_all(tx.db())
    .await
    .doing("read deadlines")?
    .into_iter()
    .map(|row| Ok((row.id, word("article", "deadline_phase", &row.phase)?)))
    .collect()
}
