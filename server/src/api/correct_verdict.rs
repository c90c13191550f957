//! `/api/v1/claims/{id}/dependants` and `…/corrections`: what depends on a verdict, and correcting it.

use super::bodies::{AuthenticityWord, Figure, FullClaim, MediumWord, RatingWord};
use super::claims::full;
use super::request::{Caller, Id, Query, Sent};
use crate::http::Server;
use crate::http::problem::{Problem, Trouble};
use axum::Json;
use axum::extract::State;
use desk::{Change, CorrectVerdictForm, Correction, Dependants};
use domain::id::ClaimId;
use domain::media::{Authenticity, Medium};
use domain::words::{CorrectionNote, Invalid, Rationale, Reason};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// What depends on a verdict.
#[derive(Serialize, ToSchema)]
pub struct DependantsBody {
    /// Send it with the correction: it says that this list was seen.
    digest: String,
    /// The claim's version, to be sent as well.
    version: i32,
    /// Claims that rest on this one.
    claims: Vec<RestingClaim>,
    /// Articles for which the answer to “can this run?” changes.
    articles: Vec<ChangedArticle>,
    /// Public pages, the claim's own first.
    pages: Vec<String>,
    /// Pictures, videos and recordings of which readers are told something else with the correction.
    media: Vec<ChangedMedia>,
    /// Who has fetched the verdict since it was given.
    fetches: Vec<FetchedBy>,
    /// Receivers that were told of it.
    receivers: Vec<ToldReceiver>,
}

#[derive(Serialize, ToSchema)]
struct RestingClaim {
    id: Uuid,
    #[schema(example = "duplicate")]
    how: &'static str,
    text: String,
    stage: &'static str,
    /// Where it goes; null where it stays.
    becomes: Option<&'static str>,
    /// Who is checking it now. They keep it, and are told.
    held_by: Option<String>,
}

#[derive(Serialize, ToSchema)]
struct ChangedArticle {
    id: Uuid,
    title: String,
    before: String,
    after: String,
}

#[derive(Serialize, ToSchema)]
struct ChangedMedia {
    evidence: Uuid,
    title: String,
    #[schema(value_type = MediumWord)]
    medium: Medium,
    /// What readers are told now; empty where that is nothing.
    #[schema(value_type = Vec<AuthenticityWord>)]
    before: Vec<Authenticity>,
    #[schema(value_type = Vec<AuthenticityWord>)]
    after: Vec<Authenticity>,
}

#[derive(Serialize, ToSchema)]
struct FetchedBy {
    #[schema(example = "csv")]
    what: &'static str,
    /// Null: somebody at the command line.
    by: Option<String>,
    token: Option<String>,
    times: i64,
    last: chrono::DateTime<chrono::Utc>,
}

#[derive(Serialize, ToSchema)]
struct ToldReceiver {
    id: Uuid,
    name: String,
    told: i64,
    last: chrono::DateTime<chrono::Utc>,
}

impl DependantsBody {
    fn of(dependants: Dependants, version: i32, own: &str) -> Self {
        Self {
            digest: dependants.digest(),
            version,
            claims: dependants
                .claims
                .into_iter()
                .map(|claim| RestingClaim {
                    id: claim.id.0,
                    how: claim.how.word(),
                    stage: claim.stage.word(),
                    becomes: claim.becomes().map(|stage| stage.word()),
                    held_by: claim.holder.map(|(_, name)| name),
                    text: claim.text,
                })
                .collect(),
            articles: dependants
                .articles
                .into_iter()
                .map(|article| ChangedArticle {
                    id: article.id.0,
                    title: article.title,
                    before: article.before.label().to_owned(),
                    after: article.after.label().to_owned(),
                })
                .collect(),
            pages: dependants
                .pages
                .iter()
                .map(|page| format!("{own}{}", app::paths::public_claim(&page.slug)))
                .collect(),
            media: dependants
                .media
                .into_iter()
                .map(|media| ChangedMedia {
                    evidence: media.evidence.0,
                    title: media.title,
                    medium: media.medium,
                    before: media.before,
                    after: media.after,
                })
                .collect(),
            fetches: dependants
                .fetches
                .into_iter()
                .map(|fetch| FetchedBy {
                    what: fetch.what.word(),
                    by: fetch.by,
                    token: fetch.token,
                    times: fetch.times,
                    last: fetch.last,
                })
                .collect(),
            receivers: dependants
                .receivers
                .into_iter()
                .map(|receiver| ToldReceiver {
                    id: receiver.id.0,
                    name: receiver.name,
                    told: receiver.told,
                    last: receiver.last,
                })
                .collect(),
        }
    }
}

/// A correction of a verdict: a new one in its place, or a withdrawal from publication.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewVerdictCorrection {
    /// True to withdraw what is public, without a new verdict.
    #[serde(default)]
    pub withdraw: bool,
    /// The key of one of the desk's scales; without it, the one of the verdict that stands.
    pub scale: Option<String>,
    /// A key of that scale.
    pub rating: Option<String>,
    /// Why it is given although the evidence lacks what the rating asks for.
    pub override_reason: Option<String>,
    pub rationale: Option<String>,
    /// The figure that the evidence supports: 41, “38-44”, “at least 12”.
    pub figure: Option<Figure>,
    /// What readers are told; needed where the claim is public.
    pub note: Option<String>,
    /// The claim's version that you saw.
    pub version: i32,
    /// The digest of `GET claims/{id}/dependants` for this correction.
    pub digest: String,
}

/// What a correction did.
#[derive(Serialize, ToSchema)]
pub struct CorrectedBody {
    /// The new verdict; null where the claim was withdrawn.
    verdict: Option<Uuid>,
    /// Claims that rested on it and wait now.
    requeued: u32,
    claim: FullClaim,
}

/// What depends on the verdict of a claim.
///
/// Say what is to change: another `rating` or `figure`, or `withdraw=true`. Without any, it is what
/// a withdrawal would change.
#[utoipa::path(get, path = "/claims/{id}/dependants", tag = "review",
    params(("id" = uuid::Uuid, Path),
        ("rating" = inline(Option<RatingWord>), Query), ("figure" = Option<String>, Query),
        ("withdraw" = Option<bool>, Query)),
    responses((status = 200, body = DependantsBody), (status = 401, body = Problem), (status = 404, body = Problem),
        (status = 422, body = Problem)))]
pub async fn dependants(
    State(server): State<Server>,
    Caller(actor): Caller,
    Id(id): Id<ClaimId>,
    mut query: Query,
) -> Result<Json<DependantsBody>, Trouble> {
    let (rating, figure) = (query.text("rating")?, query.text("figure")?);
    let withdraw = query.parsed::<bool>("withdraw")?.unwrap_or_default();
    query.finish()?;
    let change = match rating {
        Some(rating) if !withdraw => {
            let rationale = Rationale::parse("To be written.")?;
            let correction =
                Correction::Verdict { scale: None, rating, rationale, figure, override_reason: None };
            server.desk.change_by(&actor, id, &correction).await?
        }
        _ => Change::Withdrawn,
    };
    let version = server.desk.claim_row(&actor, id).await?.version;
    let dependants = server.desk.dependants(&actor, id, &change).await?;
    Ok(Json(DependantsBody::of(dependants, version, server.settings.own_address())))
}

/// Correct a verdict, with everything that depends on it, in one step.
#[utoipa::path(post, path = "/claims/{id}/corrections", tag = "review", request_body = NewVerdictCorrection,
    params(("id" = uuid::Uuid, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = CorrectedBody), (status = 400, body = Problem), (status = 401, body = Problem),
        (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, description = "The claim moved, or something else depends on it than was seen; also where no verdict stands", body = Problem),
        (status = 422, body = Problem)))]
pub async fn correct(
    State(server): State<Server>,
    Caller(actor): Caller,
    Id(id): Id<ClaimId>,
    Sent { body, once }: Sent<NewVerdictCorrection>,
) -> Result<(StatusCode, Json<CorrectedBody>), Trouble> {
    let correction = if body.withdraw {
        Correction::Withdrawal
    } else {
        let missing = || Trouble::invalid("rating", "Give a rating and a rationale, or withdraw.");
        Correction::Verdict {
            scale: body.scale,
            override_reason: body
                .override_reason
                .as_deref()
                .map(Reason::parse)
                .transpose()
                .map_err(|invalid| Invalid { field: "override_reason", ..invalid })?,
            rating: body.rating.ok_or_else(missing)?,
            rationale: Rationale::parse(body.rationale.as_deref().unwrap_or_default())?,
            figure: body.figure.map(Figure::into_text),
        }
    };
    let form = CorrectVerdictForm {
        correction,
        note: CorrectionNote::optional(body.note.as_deref().unwrap_or_default())?,
        version: body.version,
        digest: body.digest,
    };
    let done = server.desk.correct_verdict(&actor, id, form, once.as_ref()).await?;
    let claim = full(&server, &server.desk, &actor, id).await?;
    let body = CorrectedBody { verdict: done.verdict.map(|id| id.0), requeued: done.requeued, claim };
    Ok((StatusCode::CREATED, Json(body)))
}
