//! `/api/v1/incidents`: the events that claims are about, with every source's figures over time.

use super::bodies::{
    Claim, Contribution, IndicatorWord, LeftOutWord, MarkWord, OtherWord, PastWord, RatingWord, StageWord,
    StandingWord, StatusWord,
};
use super::request::{Caller, Id, Query, Sent};
use crate::http::Server;
use crate::http::problem::{Problem, Trouble};
use axum::Json;
use axum::extract::State;
use chrono::{DateTime, NaiveDate, Utc};
use desk::{EstimateForm, IncidentFilter, IncidentStanding, IncidentStatus, SplitTo};
use domain::id::{ChangeId, ClaimId, IncidentId};
use domain::ledger::{Estimate, LeftOut, MarkKind, Other};
use domain::measure::{Indicator, Past};
use domain::policy::Actor;
use domain::words::{Invalid, Reason, Title};
use domain::workflow::Stage;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// An event in the world that claims are about.
#[derive(Serialize, ToSchema)]
pub struct Incident {
    id: Uuid,
    title: String,
    place: Option<String>,
    from: Option<NaiveDate>,
    to: Option<NaiveDate>,
    #[schema(value_type = StatusWord)]
    status: IncidentStatus,
    /// The incident that it was merged into.
    merged_into: Option<Uuid>,
    /// Send it with a change.
    version: i32,
    claims: i32,
    articles: i32,
    /// Claims without a verdict that stands.
    open: i32,
    /// Claims that contradict another.
    contradictory: i32,
    /// Claims of which a person must say whether they belong.
    proposed: i32,
    /// When its newest article was published.
    last_at: DateTime<Utc>,
}

/// A page of incidents.
#[derive(Serialize, ToSchema)]
pub struct Incidents {
    incidents: Vec<Incident>,
    next: Option<String>,
}

/// Lowest, most likely and highest; a side that is open is null.
#[derive(Serialize, ToSchema)]
pub struct FigureRange {
    low: Option<f64>,
    best: Option<f64>,
    high: Option<f64>,
    words: String,
}

/// Whom or what a number counts, where that is not everybody: all null.
#[derive(Serialize, ToSchema)]
pub struct CountedBy {
    counts: Option<String>,
    side: Option<String>,
    place: Option<String>,
}

/// One figure that one claim states.
#[derive(Serialize, ToSchema)]
pub struct LedgerFigure {
    claim: Uuid,
    article: Uuid,
    article_title: String,
    outlet: Option<String>,
    /// When the article was published.
    at: DateTime<Utc>,
    low: Option<f64>,
    best: Option<f64>,
    high: Option<f64>,
    words: String,
    counts: Option<String>,
    side: Option<String>,
    /// The original source.
    source: String,
    source_id: Option<Uuid>,
    party: Option<String>,
    /// Who passed it on.
    relays: Vec<String>,
    /// It counts only some.
    is_part: bool,
    /// Its source says that it is not so.
    denied: bool,
    /// Its source neither says nor denies it.
    doubted: bool,
    /// How the text tells it where it is not the count that holds; null: it holds.
    #[schema(value_type = Option<PastWord>)]
    past: Option<Past>,
    /// Why it does not count the incident's event; null: it does.
    #[schema(value_type = Option<OtherWord>)]
    other: Option<Other>,
    /// The place that it counts alone, where articles tell several apart.
    one_place: Option<String>,
    /// It says how many there are in all.
    is_total: bool,
    #[schema(value_type = StageWord)]
    stage: Stage,
    #[schema(value_type = Option<RatingWord>)]
    rating: Option<String>,
    contradiction: Option<String>,
}

/// What one original source says, over time.
#[derive(Serialize, ToSchema)]
pub struct LedgerLine {
    source: String,
    party: Option<String>,
    side: Option<String>,
    counts: Option<String>,
    /// Indices of `figures`, oldest first.
    figures: Vec<u32>,
    /// Index of the latest that says how many there are in all.
    current: Option<u32>,
    outlets: u32,
}

/// Something that does not fit.
#[derive(Serialize, ToSchema)]
pub struct LedgerMark {
    #[schema(value_type = MarkWord)]
    kind: MarkKind,
    /// Indices of `figures`, the one that stands out first.
    figures: Vec<u32>,
    why: String,
}

/// A figure that a source says now and that does not decide what the desk holds.
#[derive(Serialize, ToSchema)]
pub struct LeftOutFigure {
    /// Index of `figures`.
    figure: u32,
    #[schema(value_type = LeftOutWord)]
    why: LeftOut,
}

impl LeftOutFigure {
    pub(super) fn all(of: &Estimate) -> Vec<Self> {
        of.left_out.iter().map(|(place, why)| Self { figure: index(*place), why: *why }).collect()
    }
}

/// The desk's figure.
#[derive(Serialize, ToSchema)]
pub struct DeskFigure {
    #[serde(flatten)]
    range: FigureRange,
    of: CountedBy,
    /// The rules that gave it, or what the editor wrote.
    basis: Vec<String>,
    /// Empty where an editor set it.
    left_out: Vec<LeftOutFigure>,
    /// The editor; null: the rules.
    by: Option<String>,
    at: Option<DateTime<Utc>>,
    /// Which figure of editors it is, to be given back as `seen` with another; 0: the rules'.
    number: i32,
}

/// The figures of one indicator.
#[derive(Serialize, ToSchema)]
pub struct IndicatorFigures {
    #[schema(value_type = IndicatorWord)]
    indicator: Indicator,
    figures: Vec<LedgerFigure>,
    lines: Vec<LedgerLine>,
    marks: Vec<LedgerMark>,
    /// An editor's, or else what the rules make of the figures.
    estimate: Option<DeskFigure>,
    /// What the rules make of them.
    computed: Option<DeskFigure>,
}

/// All figures of an incident.
#[derive(Serialize, ToSchema)]
pub struct Figures {
    incident: Uuid,
    indicators: Vec<IndicatorFigures>,
    /// Set where `as_of` lies before it: claims that were taken out of the incident before this moment may be
    /// missing, because the desk did not record yet that they went.
    moves_known_since: Option<DateTime<Utc>>,
}

impl Figures {
    fn of(
        incident: IncidentId,
        views: Vec<desk::LedgerView>,
        moves_known_since: Option<DateTime<Utc>>,
    ) -> Self {
        let indicators = views.into_iter().map(Into::into).collect();
        Self { incident: incident.0, indicators, moves_known_since }
    }
}

/// A claim of an incident.
#[derive(Serialize, ToSchema)]
pub struct MemberClaim {
    #[serde(flatten)]
    claim: Claim,
    #[schema(value_type = StandingWord)]
    standing: IncidentStanding,
    score: i16,
    why: Vec<Contribution>,
    /// Who says so; null: the rules.
    by: Option<String>,
    decided_at: DateTime<Utc>,
}

/// Something that a person did with an incident.
#[derive(Serialize, ToSchema)]
pub struct IncidentChange {
    id: Uuid,
    what: String,
    by: String,
    at: DateTime<Utc>,
    undone_by: Option<String>,
}

/// Everything about one incident.
#[derive(Serialize, ToSchema)]
pub struct FullIncident {
    #[serde(flatten)]
    incident: Incident,
    indicators: Vec<IndicatorFigures>,
    members: Vec<MemberClaim>,
    /// Newest first; each can be taken back by its id.
    changes: Vec<IncidentChange>,
    /// Set where `as_of` lies before it: claims that were taken out of the incident before this moment may be
    /// missing, because the desk did not record yet that they went.
    moves_known_since: Option<DateTime<Utc>>,
}

/// A claim that may be about an incident.
#[derive(Serialize, ToSchema)]
pub struct ProposedClaim {
    incident: Uuid,
    incident_title: String,
    claim: Claim,
    score: i16,
    why: Vec<Contribution>,
    at: DateTime<Utc>,
}

/// A page of proposals.
#[derive(Serialize, ToSchema)]
pub struct Proposals {
    proposals: Vec<ProposedClaim>,
    next: Option<String>,
}

/// A claim to be put in or taken out.
#[derive(Deserialize, ToSchema)]
pub struct ChosenClaim {
    pub claim: Uuid,
    pub reason: Option<String>,
}

/// Claims to be moved into a new incident with a `title`, or `into` one that is there.
#[derive(Deserialize, ToSchema)]
pub struct NewSplit {
    pub claims: Vec<Uuid>,
    pub title: Option<String>,
    pub into: Option<Uuid>,
    pub version: i32,
}

#[derive(Deserialize, ToSchema)]
pub struct NewMerge {
    pub into: Uuid,
    pub version: i32,
}

#[derive(Deserialize, ToSchema)]
pub struct NewTitle {
    pub title: String,
    pub version: i32,
}

/// The desk's figure in words, such as “37-44” or “at least 12”; without one it is left to the rules.
#[derive(Deserialize, ToSchema)]
pub struct NewEstimate {
    #[schema(value_type = IndicatorWord)]
    pub indicator: Indicator,
    pub figure: Option<String>,
    pub basis: String,
    /// The number of the desk's own figure that was seen, 0 where it held none. Where another was set
    /// since, nothing is changed. Left out, it takes the place of whatever is held.
    pub seen: Option<i32>,
}

/// What is to be taken back.
#[derive(Deserialize, ToSchema)]
pub struct ChosenChange {
    pub change: Uuid,
}

/// The claim whose verdict is taken over.
#[derive(Deserialize, ToSchema)]
pub struct Reused {
    pub of: Uuid,
    pub version: i32,
}

/// The verdict that was given.
#[derive(Serialize, ToSchema)]
pub struct ReusedVerdict {
    pub verdict: Uuid,
}

impl From<desk::IncidentRow> for Incident {
    fn from(row: desk::IncidentRow) -> Self {
        Self {
            id: row.id.0,
            title: row.title,
            place: row.place,
            from: row.from,
            to: row.to,
            status: row.status,
            merged_into: row.merged_into.map(|id| id.0),
            version: row.version,
            claims: row.claims,
            articles: row.articles,
            open: row.open,
            contradictory: row.contradictory,
            proposed: row.proposed,
            last_at: row.last_at,
        }
    }
}

impl From<domain::ledger::Range> for FigureRange {
    fn from(range: domain::ledger::Range) -> Self {
        Self { words: range.in_words(), low: range.low, best: range.best, high: range.high }
    }
}

impl From<domain::ledger::Counted> for CountedBy {
    fn from(of: domain::ledger::Counted) -> Self {
        Self { counts: of.counts, side: of.side, place: of.place }
    }
}

impl From<desk::OnRecord> for LedgerFigure {
    fn from(record: desk::OnRecord) -> Self {
        let figure = record.figure;
        Self {
            is_total: figure.is_total(),
            claim: figure.claim.0,
            article: record.article.0,
            article_title: record.article_title,
            outlet: figure.outlet,
            at: figure.at,
            low: figure.low,
            best: figure.best,
            high: figure.high,
            words: figure.words,
            counts: figure.counts,
            side: figure.side,
            source: figure.source,
            source_id: record.source_id.map(|id| id.0),
            party: figure.party,
            relays: figure.relays,
            is_part: figure.is_part,
            denied: figure.denied,
            doubted: figure.doubted,
            past: figure.past,
            other: figure.other,
            one_place: figure.one_place,
            stage: record.stage,
            rating: record.rating,
            contradiction: record.contradiction,
        }
    }
}

pub(super) fn index(place: usize) -> u32 {
    u32::try_from(place).unwrap_or(u32::MAX)
}

impl From<desk::LedgerView> for IndicatorFigures {
    fn from(view: desk::LedgerView) -> Self {
        let computed = |estimate: Estimate| DeskFigure {
            left_out: LeftOutFigure::all(&estimate),
            range: estimate.range.into(),
            of: estimate.of.into(),
            basis: estimate.basis.iter().map(ToString::to_string).collect(),
            by: None,
            at: None,
            number: 0,
        };
        let own = view.own.map(|own| DeskFigure {
            range: own.range.into(),
            of: domain::ledger::Counted::default().into(),
            basis: vec![own.basis],
            left_out: Vec::new(),
            by: Some(own.by),
            at: Some(own.at),
            number: own.number,
        });
        Self {
            indicator: view.indicator,
            figures: view.figures.into_iter().map(Into::into).collect(),
            lines: view
                .lines
                .into_iter()
                .map(|line| LedgerLine {
                    source: line.source,
                    party: line.party,
                    side: line.side,
                    counts: line.counts,
                    figures: line.figures.into_iter().map(index).collect(),
                    current: line.current.map(index),
                    outlets: index(line.outlets),
                })
                .collect(),
            marks: view
                .marks
                .into_iter()
                .map(|mark| LedgerMark {
                    kind: mark.kind,
                    figures: mark.figures.into_iter().map(index).collect(),
                    why: mark.why.to_string(),
                })
                .collect(),
            estimate: own.or_else(|| view.computed.clone().map(computed)),
            computed: view.computed.map(computed),
        }
    }
}

/// Incidents, those with the newest reports first.
#[utoipa::path(get, path = "/incidents", tag = "incidents",
    params(
        ("q" = Option<String>, Query, description = "Words of the title or the place"),
        ("from" = Option<NaiveDate>, Query, description = "Not over before this day"),
        ("to" = Option<NaiveDate>, Query, description = "Begun by this day"),
        ("contradictory" = Option<bool>, Query, description = "true: with figures that contradict each other"),
        ("open" = Option<bool>, Query, description = "true: with claims that have no verdict yet"),
        ("proposed" = Option<bool>, Query, description = "true: with claims that wait for a person's word"),
        ("cursor" = Option<String>, Query, description = "`next` of the page before, with the same filter"),
        ("limit" = Option<i64>, Query, description = "1 to 200; 50 where it is not given")),
    responses((status = 200, body = Incidents), (status = 401, body = Problem), (status = 422, body = Problem)))]
pub async fn list(
    State(server): State<Server>,
    Caller(actor): Caller,
    mut query: Query,
) -> Result<Json<Incidents>, Trouble> {
    let filter = IncidentFilter {
        q: query.text("q")?,
        from: query.parsed("from")?,
        to: query.parsed("to")?,
        contradictory: query.parsed("contradictory")?.unwrap_or_default(),
        open: query.parsed("open")?.unwrap_or_default(),
        proposed: query.parsed("proposed")?.unwrap_or_default(),
    };
    if filter.q.as_ref().is_some_and(|q| q.len() > 1_000) {
        return Err(Trouble::invalid("q", "Search for fewer words."));
    }
    let (after, limit) = query.page()?;
    query.finish()?;
    let page = server.desk.incidents(&actor, &filter, after, limit).await?;
    Ok(Json(Incidents {
        incidents: page.rows.into_iter().map(Into::into).collect(),
        next: page.next.map(|next| next.to_string()),
    }))
}

/// Claims of which a person must say whether they belong to an incident, newest first.
#[utoipa::path(get, path = "/incidents/proposals", tag = "incidents",
    params(("cursor" = Option<String>, Query, description = "`next` of the page before"),
        ("limit" = Option<i64>, Query, description = "1 to 200; 50 where it is not given")),
    responses((status = 200, body = Proposals), (status = 401, body = Problem), (status = 422, body = Problem)))]
pub async fn proposals(
    State(server): State<Server>,
    Caller(actor): Caller,
    mut query: Query,
) -> Result<Json<Proposals>, Trouble> {
    let (after, limit) = query.page()?;
    query.finish()?;
    let page = server.desk.proposals(&actor, after, limit).await?;
    let proposals = page
        .rows
        .into_iter()
        .map(|proposal| ProposedClaim {
            incident: proposal.incident.0,
            incident_title: proposal.title,
            claim: proposal.claim.into(),
            score: proposal.score,
            why: proposal.reasons.into_iter().map(Into::into).collect(),
            at: proposal.at,
        })
        .collect();
    Ok(Json(Proposals { proposals, next: page.next.map(|next| next.to_string()) }))
}

/// Everything about one incident, now or as the desk knew it at a moment.
#[utoipa::path(get, path = "/incidents/{id}", tag = "incidents",
    params(("id" = Uuid, Path), ("as_of" = Option<DateTime<Utc>>, Query, description = "As it was known then")),
    responses((status = 200, body = FullIncident), (status = 401, body = Problem), (status = 404, body = Problem),
        (status = 422, body = Problem)))]
pub async fn one(
    State(server): State<Server>,
    Caller(actor): Caller,
    Id(id): Id<IncidentId>,
    mut query: Query,
) -> Result<Json<FullIncident>, Trouble> {
    let as_of = query.as_of()?;
    query.finish()?;
    let (view, moves_known_since) = match as_of {
        Some(as_of) => {
            let then = server.desk.incident_then(id, as_of).await?;
            (then.incident(&actor, id).await?, then.moves_known_since)
        }
        None => (server.desk.incident(&actor, id).await?, None),
    };
    Ok(Json(FullIncident {
        moves_known_since,
        incident: view.incident.into(),
        indicators: view.ledgers.into_iter().map(Into::into).collect(),
        members: view
            .members
            .into_iter()
            .map(|member| MemberClaim {
                claim: member.claim.into(),
                standing: member.standing,
                score: member.score,
                why: member.reasons.into_iter().map(Into::into).collect(),
                by: member.by,
                decided_at: member.at,
            })
            .collect(),
        changes: view
            .changes
            .into_iter()
            .map(|change| IncidentChange {
                id: change.id.0,
                what: change.what.to_string(),
                by: change.by,
                at: change.at,
                undone_by: change.undone.map(|(by, _)| by),
            })
            .collect(),
    }))
}

/// Every source's figures of an incident, over time, with what does not fit and the desk's own; now or as
/// the desk knew them at a moment.
#[utoipa::path(get, path = "/incidents/{id}/figures", tag = "incidents",
    params(("id" = Uuid, Path), ("as_of" = Option<DateTime<Utc>>, Query, description = "As it was known then")),
    responses((status = 200, body = Figures), (status = 401, body = Problem), (status = 404, body = Problem),
        (status = 422, body = Problem)))]
pub async fn figures(
    State(server): State<Server>,
    Caller(actor): Caller,
    Id(id): Id<IncidentId>,
    mut query: Query,
) -> Result<Json<Figures>, Trouble> {
    let as_of = query.as_of()?;
    query.finish()?;
    let (views, moves_known_since) = match as_of {
        Some(as_of) => {
            let then = server.desk.incident_then(id, as_of).await?;
            (then.incident_figures(&actor, id).await?, then.moves_known_since)
        }
        None => (server.desk.incident_figures(&actor, id).await?, None),
    };
    Ok(Json(Figures::of(id, views, moves_known_since)))
}

/// Say that a claim is about this incident.
#[utoipa::path(post, path = "/incidents/{id}/confirm", tag = "incidents", request_body = ChosenClaim,
    params(("id" = Uuid, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 204), (status = 400, body = Problem), (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem), (status = 422, body = Problem)))]
pub async fn confirm(
    State(server): State<Server>,
    Caller(actor): Caller,
    Id(id): Id<IncidentId>,
    Sent { body, once }: Sent<ChosenClaim>,
) -> Result<StatusCode, Trouble> {
    server.desk.confirm_in_incident(&actor, id, ClaimId(body.claim), once.as_ref()).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Say that a claim is not about this incident.
#[utoipa::path(post, path = "/incidents/{id}/reject", tag = "incidents", request_body = ChosenClaim,
    params(("id" = Uuid, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 204), (status = 400, body = Problem), (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem), (status = 422, body = Problem)))]
pub async fn reject(
    State(server): State<Server>,
    Caller(actor): Caller,
    Id(id): Id<IncidentId>,
    Sent { body, once }: Sent<ChosenClaim>,
) -> Result<StatusCode, Trouble> {
    let reason = body.reason.as_deref().map(Reason::parse).transpose()?;
    server.desk.reject_from_incident(&actor, id, ClaimId(body.claim), reason, once.as_ref()).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Move claims into another incident, or a new one; gives that one.
#[utoipa::path(post, path = "/incidents/{id}/split", tag = "incidents", request_body = NewSplit,
    params(("id" = Uuid, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Incident), (status = 400, body = Problem), (status = 401, body = Problem),
        (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, description = "With the current version", body = Problem), (status = 422, body = Problem)))]
pub async fn split(
    State(server): State<Server>,
    Caller(actor): Caller,
    Id(id): Id<IncidentId>,
    Sent { body, once }: Sent<NewSplit>,
) -> Result<Json<Incident>, Trouble> {
    let to = match (body.title, body.into) {
        (Some(title), None) => SplitTo::New(Title::parse(&title)?),
        (None, Some(into)) => SplitTo::Known(IncidentId(into)),
        _ => {
            return Err(Trouble::invalid(
                "title",
                "Give a title for a new incident, or the one to move into.",
            ));
        }
    };
    let claims: Vec<ClaimId> = body.claims.into_iter().map(ClaimId).collect();
    let target = server.desk.split_incident(&actor, id, body.version, &claims, to, once.as_ref()).await?;
    shown(&server, &actor, target).await
}

/// Make this incident part of another; gives that one.
#[utoipa::path(post, path = "/incidents/{id}/merge", tag = "incidents", request_body = NewMerge,
    params(("id" = Uuid, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Incident), (status = 400, body = Problem), (status = 401, body = Problem),
        (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, description = "With the current version", body = Problem), (status = 422, body = Problem)))]
pub async fn merge(
    State(server): State<Server>,
    Caller(actor): Caller,
    Id(id): Id<IncidentId>,
    Sent { body, once }: Sent<NewMerge>,
) -> Result<Json<Incident>, Trouble> {
    let into = IncidentId(body.into);
    server.desk.merge_incidents(&actor, id, body.version, into, once.as_ref()).await?;
    shown(&server, &actor, into).await
}

/// Give an incident another title.
#[utoipa::path(post, path = "/incidents/{id}/rename", tag = "incidents", request_body = NewTitle,
    params(("id" = Uuid, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Incident), (status = 400, body = Problem), (status = 401, body = Problem),
        (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, description = "With the current version", body = Problem), (status = 422, body = Problem)))]
pub async fn rename(
    State(server): State<Server>,
    Caller(actor): Caller,
    Id(id): Id<IncidentId>,
    Sent { body, once }: Sent<NewTitle>,
) -> Result<Json<Incident>, Trouble> {
    server.desk.rename_incident(&actor, id, body.version, Title::parse(&body.title)?, once.as_ref()).await?;
    shown(&server, &actor, id).await
}

/// Set the desk's figure of an incident, or leave it to the rules.
#[utoipa::path(post, path = "/incidents/{id}/estimate", tag = "incidents", request_body = NewEstimate,
    params(("id" = Uuid, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Figures), (status = 400, body = Problem), (status = 401, body = Problem),
        (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, description = "With the figure that was set since", body = Problem),
        (status = 422, body = Problem)))]
pub async fn estimate(
    State(server): State<Server>,
    Caller(actor): Caller,
    Id(id): Id<IncidentId>,
    Sent { body, once }: Sent<NewEstimate>,
) -> Result<Json<Figures>, Trouble> {
    let basis = Reason::parse(&body.basis).map_err(|invalid| Invalid { field: "basis", ..invalid })?;
    let form = EstimateForm { figure: body.figure, basis, seen: body.seen };
    server.desk.set_estimate(&actor, id, body.indicator, form, once.as_ref()).await?;
    let views = server.desk.incident_figures(&actor, id).await?;
    Ok(Json(Figures::of(id, views, None)))
}

/// An incident that was just changed.
async fn shown(server: &Server, actor: &Actor, id: IncidentId) -> Result<Json<Incident>, Trouble> {
    Ok(Json(server.desk.incident_row(actor, id).await?.into()))
}

/// Take back what a person did with incidents.
#[utoipa::path(post, path = "/incidents/{id}/undo", tag = "incidents", request_body = ChosenChange,
    params(("id" = Uuid, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 204), (status = 400, body = Problem), (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem), (status = 422, body = Problem)))]
pub async fn undo(
    State(server): State<Server>,
    Caller(actor): Caller,
    Id(id): Id<IncidentId>,
    Sent { body, once }: Sent<ChosenChange>,
) -> Result<StatusCode, Trouble> {
    server.desk.undo_incident_change(&actor, id, ChangeId(body.change), once.as_ref()).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Give a claim the verdict of another that says the same.
#[utoipa::path(post, path = "/claims/{id}/reuse-verdict", tag = "incidents", request_body = Reused,
    params(("id" = Uuid, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = ReusedVerdict), (status = 400, body = Problem), (status = 401, body = Problem),
        (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, description = "With the current version and what differs", body = Problem),
        (status = 422, description = "Also where the other does not say the same, or it takes two reviewers", body = Problem)))]
pub async fn reuse(
    State(server): State<Server>,
    Caller(actor): Caller,
    Id(id): Id<ClaimId>,
    Sent { body, once }: Sent<Reused>,
) -> Result<(StatusCode, Json<ReusedVerdict>), Trouble> {
    let verdict =
        server.desk.reuse_verdict(&actor, id, ClaimId(body.of), body.version, once.as_ref()).await?;
    Ok((StatusCode::CREATED, Json(ReusedVerdict { verdict: verdict.0 })))
}
