//! What the API sends: the desk's views under the words of the vocabulary. Fields are only ever
//! added.

use chrono::{DateTime, NaiveDate, Utc};
use desk::{
    ArticleRow, ArticleView, AttributionView, ByAt, ClaimRow, ClaimView, CommentView, CopyView,
    CorrectionView, DayRow, EvidenceView, HistoryEntry, IncidentStanding, IncidentStatus, LinkView,
    MarkedClaim, MediaView, NotificationView, OfClaim, PartView, Related, ReviewerRow, SameAs, SourceView,
    Succession, VerdictView,
};
use domain::claim::{ClaimKind, Manner, Polarity, SourceBy, SourceKind, Stance};
use domain::clearance::Standing;
use domain::copy::{MediaType, Outcome};
use domain::correction::Part;
use domain::figure::Found;
use domain::grade::Reliability;
use domain::grounds::Need;
use domain::id::EvidenceId;
use domain::ledger::{MarkKind, Other};
use domain::ledger_news::LedgerStep;
use domain::link::LinkKind;
use domain::measure::{Bound, Class, Confirmation, Indicator, PartOf, Past, Reading};
use domain::media::{Authenticity, Medium};
use domain::notification::{Level, Occasion};
use domain::policy::{Actor, Role};
use domain::publication::PublicationKind;
use domain::scale::{Icon, Tone};
use domain::workflow::{Part as VerdictPart, Stage};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::sync::Arc;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};
use utoipa::{PartialSchema, ToSchema};
use uuid::Uuid;

/// Describes the closed sets of `domain` by their own words, so that the document cannot fall
/// behind them.
macro_rules! word_lists {
    ($($name:ident = $set:ty;)+) => { $(
        pub struct $name;

        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                let words = <$set>::ALL.iter().map(|member| member.word());
                ObjectBuilder::new().schema_type(Type::String).enum_values(Some(words)).into()
            }
        }

        impl ToSchema for $name {}
    )+ };
}

word_lists! {
    StageWord = Stage;
    VerdictPartWord = VerdictPart;
    KindWord = ClaimKind;
    IndicatorWord = Indicator;
    StandingWord = IncidentStanding;
    StatusWord = IncidentStatus;
    MarkWord = MarkKind;
    LedgerStepWord = LedgerStep;
    BoundWord = Bound;
    ClassWord = Class;
    PastWord = Past;
    OtherWord = Other;
    ReadingWord = Reading;
    ConfirmationWord = Confirmation;
    MannerWord = Manner;
    PolarityWord = Polarity;
    PartWord = Part;
    SuccessionWord = Succession;
    SourceKindWord = SourceKind;
    StanceWord = Stance;
    MediaTypeWord = MediaType;
    MediumWord = Medium;
    AuthenticityWord = Authenticity;
    OutcomeWord = Outcome;
    CameOutWord = domain::track::Outcome;
    ReliabilityWord = Reliability;
    SourceByWord = SourceBy;
    FoundWord = Found;
    ToneWord = Tone;
    IconWord = Icon;
    NeedWord = Need;
    RoleWord = Role;
    CameWord = desk::Came;
    SortWord = desk::Sort;
    OccasionWord = Occasion;
    LevelWord = Level;
    LinkKindWord = LinkKind;
    PublicationWord = PublicationKind;
}

/// A key of one of the desk's scales, which are data: `GET /scales` lists them.
pub struct RatingWord;

impl PartialSchema for RatingWord {
    fn schema() -> RefOr<Schema> {
        let examples = ["verified", "unverified"].map(serde_json::Value::from);
        let says = "Key of a rating of one of the desk's scales; `GET /scales` lists them";
        ObjectBuilder::new().schema_type(Type::String).description(Some(says)).examples(examples).into()
    }
}

impl ToSchema for RatingWord {}

/// A half-open range of code points.
#[derive(Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Span {
    pub start: u32,
    pub end: u32,
}

impl From<domain::text::Span> for Span {
    fn from(span: domain::text::Span) -> Self {
        Self { start: span.start, end: span.end }
    }
}

/// The token's owner.
#[derive(Serialize, ToSchema)]
pub struct Person {
    id: Uuid,
    name: String,
    #[schema(value_type = RoleWord)]
    role: Role,
}

impl From<Actor> for Person {
    fn from(actor: Actor) -> Self {
        Self { id: actor.id.0, name: actor.name, role: actor.role }
    }
}

/// A field that two people filled differently.
#[derive(Serialize, ToSchema)]
pub struct Differing {
    pub field: String,
    pub yours: String,
    pub theirs: String,
}

/// How many claims stand where.
#[derive(Serialize, ToSchema)]
pub struct StandingCount {
    #[schema(value_type = StageWord)]
    stage: Stage,
    #[schema(value_type = Option<RatingWord>)]
    rating: Option<String>,
    claims: i64,
    /// How many of them the desk's policy lets run unchecked; of an article only.
    run_unchecked: i64,
}

impl From<Standing> for StandingCount {
    fn from(standing: Standing) -> Self {
        Self {
            stage: standing.stage,
            rating: standing.rating,
            claims: standing.claims,
            run_unchecked: standing.let_go,
        }
    }
}

fn standings(standings: Vec<Standing>) -> Vec<StandingCount> {
    standings.into_iter().map(Into::into).collect()
}

/// Can it run?
#[derive(Serialize, ToSchema)]
pub struct ClearanceAnswer {
    label: &'static str,
    sentence: String,
    /// How many claims may run unchecked by the desk's policy, where it can run or waits for others.
    unchecked: i64,
}

/// An article in a list.
#[derive(Serialize, ToSchema)]
pub struct Article {
    id: Uuid,
    title: String,
    outlet: Option<String>,
    language: String,
    published: Option<DateTime<Utc>>,
    added_at: DateTime<Utc>,
    standings: Vec<StandingCount>,
    clearance: ClearanceAnswer,
    /// By when its claims have to be decided.
    deadline: Option<DateTime<Utc>>,
}

impl From<ArticleRow> for Article {
    fn from(row: ArticleRow) -> Self {
        let clearance = row.clearance();
        Self {
            id: row.id.0,
            clearance: ClearanceAnswer {
                label: clearance.label(),
                sentence: clearance.sentence(),
                unchecked: clearance.unchecked(),
            },
            title: row.title,
            outlet: row.outlet,
            language: row.language,
            published: row.published_at,
            added_at: row.added_at,
            standings: standings(row.standings),
            deadline: row.deadline.map(|deadline| deadline.at),
        }
    }
}

/// An article with its text and claims.
#[derive(Serialize, ToSchema)]
pub struct FullArticle {
    #[serde(flatten)]
    article: Article,
    address: Option<String>,
    author: Option<String>,
    added_by: String,
    /// The newest snapshot.
    text: String,
    /// SHA-256 of the text in UTF-8, in hexadecimal.
    sha256: String,
    taken_at: DateTime<Utc>,
    /// How many snapshots there are.
    snapshots: i32,
    /// In the order of the text.
    claims: Vec<ClaimInText>,
    /// Claims whose wording only an earlier snapshot has.
    earlier_claims: Vec<ClaimInText>,
}

impl From<ArticleView> for FullArticle {
    fn from(view: ArticleView) -> Self {
        Self {
            article: view.article.into(),
            address: view.address,
            author: view.author,
            added_by: view.added_by,
            text: view.text,
            sha256: view.sha256.iter().map(|byte| format!("{byte:02x}")).collect(),
            taken_at: view.taken_at,
            snapshots: view.snapshots,
            claims: view.claims.into_iter().map(Into::into).collect(),
            earlier_claims: view.earlier.into_iter().map(Into::into).collect(),
        }
    }
}

/// What became of an article that was handed in.
#[derive(Serialize, ToSchema)]
pub struct AddedArticle {
    /// `new`, `new_version` of an address that the desk knows, or `known`: this very text.
    pub outcome: &'static str,
    pub article: FullArticle,
}

/// A claim where it stands in its article.
#[derive(Serialize, ToSchema)]
pub struct ClaimInText {
    id: Uuid,
    text: String,
    span: Span,
    #[schema(value_type = KindWord)]
    kind: ClaimKind,
    #[schema(value_type = StageWord)]
    stage: Stage,
    /// The desk's policy lets it run as it is.
    runs_unchecked: bool,
    #[schema(value_type = Option<RatingWord>)]
    rating: Option<String>,
    priority: i16,
    source: Option<String>,
    holder: Option<String>,
    /// The claim so that it is understood alone; null where its own words already are.
    statement: Option<String>,
    measures: Vec<Measure>,
    attributions: Vec<Attribution>,
    /// What people have corrected of it.
    corrections: Vec<Correction>,
}

impl From<MarkedClaim> for ClaimInText {
    fn from(claim: MarkedClaim) -> Self {
        Self {
            id: claim.id.0,
            text: claim.text,
            span: claim.span.into(),
            kind: claim.kind,
            stage: claim.stage,
            runs_unchecked: claim.runs_unchecked,
            rating: claim.rating,
            priority: claim.priority,
            source: claim.source,
            holder: claim.holder,
            statement: claim.statement,
            measures: claim.measures.into_iter().map(Into::into).collect(),
            attributions: claim.attributions.into_iter().map(Into::into).collect(),
            corrections: claim.corrections.into_iter().map(Into::into).collect(),
        }
    }
}

/// A measure of the same claim by its index, or of another claim of the same extraction.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
pub enum Whole {
    Here(u32),
    Elsewhere { claim: u32, measure: u32 },
}

/// One quantity as a claim states it.
#[derive(Serialize, ToSchema)]
pub struct Measure {
    start: u32,
    end: u32,
    #[schema(value_type = IndicatorWord)]
    indicator: Indicator,
    low: Option<f64>,
    best: Option<f64>,
    high: Option<f64>,
    #[schema(value_type = BoundWord)]
    bound: Bound,
    /// The wording it came from.
    text: String,
    counts: Option<String>,
    unit: Option<String>,
    #[schema(value_type = ClassWord)]
    class: Class,
    side: Option<String>,
    part_of: Option<Whole>,
    denied: bool,
    /// How the text tells it where it is not the count that holds; null: it holds.
    #[schema(value_type = Option<PastWord>)]
    past: Option<Past>,
    /// Whether it counts only some of a total, as a person says; null: as its text is read.
    only_some: Option<bool>,
    #[schema(value_type = ReadingWord)]
    reading: Reading,
    #[schema(value_type = ConfirmationWord)]
    confirmation: Confirmation,
    place: Option<String>,
    from: Option<String>,
    to: Option<String>,
}

impl From<domain::measure::Measure> for Measure {
    fn from(measure: domain::measure::Measure) -> Self {
        Self {
            start: measure.start,
            end: measure.end,
            indicator: measure.indicator,
            low: measure.low,
            best: measure.best,
            high: measure.high,
            bound: measure.bound,
            text: measure.text,
            counts: measure.counts,
            unit: measure.unit,
            class: measure.class,
            side: measure.side,
            part_of: measure.part_of.map(|whole| match whole {
                PartOf::Here(measure) => Whole::Here(measure),
                PartOf::Elsewhere { claim, measure } => Whole::Elsewhere { claim, measure },
            }),
            denied: measure.denied,
            past: measure.past,
            only_some: measure.only_some,
            reading: measure.reading,
            confirmation: measure.confirmation,
            place: measure.place,
            from: measure.from,
            to: measure.to,
        }
    }
}

/// A claim in a list.
#[derive(Serialize, ToSchema)]
pub struct Claim {
    id: Uuid,
    article: ArticleOfClaim,
    text: String,
    #[schema(value_type = KindWord)]
    kind: ClaimKind,
    /// 0 to 100.
    priority: i16,
    #[schema(value_type = StageWord)]
    stage: Stage,
    stage_since: DateTime<Utc>,
    /// The desk's policy lets it run as it is.
    runs_unchecked: bool,
    created_at: DateTime<Utc>,
    /// Why it cannot be right together with another claim of its incident, where it cannot.
    contradiction: Option<String>,
    #[schema(value_type = Option<RatingWord>)]
    rating: Option<String>,
    /// What the rating was called when it was given.
    rating_name: Option<String>,
    /// Key of the scale of the verdict that stands.
    scale: Option<String>,
    /// Send it with a verdict or a correction.
    version: i32,
    source: Option<SourceOfClaim>,
    /// Who is checking it.
    holder: Option<String>,
    /// Whose it is to do.
    assignee: Option<AssigneeOfClaim>,
    measures: Vec<Measure>,
}

#[derive(Serialize, ToSchema)]
pub struct ArticleOfClaim {
    id: Uuid,
    title: String,
    outlet: Option<String>,
}

#[derive(Serialize, ToSchema)]
pub struct SourceOfClaim {
    id: Uuid,
    name: String,
}

impl From<ClaimRow> for Claim {
    fn from(row: ClaimRow) -> Self {
        Self {
            id: row.id.0,
            article: ArticleOfClaim { id: row.article.0, title: row.article_title, outlet: row.outlet },
            text: row.text,
            kind: row.kind,
            priority: row.priority,
            stage: row.stage,
            stage_since: row.stage_since,
            runs_unchecked: row.runs_unchecked,
            created_at: row.created_at,
            contradiction: row.contradiction,
            rating: row.rating,
            rating_name: row.mark.map(|rating| rating.name.clone()),
            scale: row.scale,
            version: row.version,
            source: row.source_id.zip(row.source).map(|(id, name)| SourceOfClaim { id: id.0, name }),
            holder: row.holder,
            assignee: row.assignee_id.zip(row.assignee).map(|(id, name)| AssigneeOfClaim { id: id.0, name }),
            measures: row.measures.into_iter().map(Into::into).collect(),
        }
    }
}

/// A person who is to do something.
#[derive(Serialize, ToSchema)]
pub struct AssigneeOfClaim {
    id: Uuid,
    name: String,
}

/// Whose a claim is to do.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Assignee {
    /// An account's id, or `me`.
    pub to: String,
}

/// Claims to be given out, at most 200.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Handout {
    pub assignments: Vec<HandoutOfClaim>,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HandoutOfClaim {
    pub claim: Uuid,
    /// An account's id, or `me`; null: anybody's.
    pub to: Option<String>,
}

/// By when an article's claims have to be decided.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewDeadline {
    /// A moment with its offset; null: there is none.
    #[schema(example = "2026-03-12T18:00:00Z")]
    pub deadline: Option<String>,
}

/// A page of claims.
#[derive(Serialize, ToSchema)]
pub struct Claims {
    pub claims: Vec<Claim>,
    pub next: Option<String>,
}

/// A page of articles.
#[derive(Serialize, ToSchema)]
pub struct Articles {
    pub articles: Vec<Article>,
    pub next: Option<String>,
}

/// Everything about one claim but its history.
#[derive(Serialize, ToSchema)]
pub struct FullClaim {
    #[serde(flatten)]
    claim: Claim,
    /// The claim so that it is understood alone; null where its own words already are.
    statement: Option<String>,
    span: Span,
    snapshot: SnapshotOfClaim,
    checkworthiness: f32,
    /// Why it ranks where it does.
    reasons: Vec<String>,
    extractor: String,
    /// What the priority is made of.
    contributions: Vec<Contribution>,
    lease: Option<Lease>,
    /// The original source first, then whoever relayed it.
    attributions: Vec<Attribution>,
    /// What people have corrected of it. Reading the text again changes none of it.
    corrections: Vec<Correction>,
    /// The claims that took the place of this one.
    became: Vec<RelatedClaim>,
    /// The claims whose place this one took.
    came_from: Vec<RelatedClaim>,
    /// Of this claim and of those whose place it took.
    evidence: Vec<Evidence>,
    /// The incident that it is about, then those that it may be about.
    incidents: Vec<IncidentOfClaim>,
    /// A decided claim that says the same: its verdict can be taken over.
    same_as: Option<SameClaim>,
    /// A first verdict is in, and a second reviewer is waited for.
    second_review: Option<SecondReview>,
    /// Newest first. A first verdict that waits for a second is there for its author only.
    verdicts: Vec<Verdict>,
    /// What it is to other claims, and they to it.
    links: Vec<LinkOfClaim>,
    /// Where readers see it; null where it never was public.
    public: Option<PublicPlace>,
}

/// A link between two claims, seen from one of them.
#[derive(Serialize, ToSchema)]
pub struct LinkOfClaim {
    id: Uuid,
    #[schema(value_type = LinkKindWord)]
    kind: LinkKind,
    /// True where this claim is the duplicate, the update, and so on; false where the other one is.
    outgoing: bool,
    other: LinkedClaim,
    by: String,
    at: DateTime<Utc>,
    reason: Option<String>,
}

/// The claim at the other end of a link.
#[derive(Serialize, ToSchema)]
pub struct LinkedClaim {
    id: Uuid,
    text: String,
    #[schema(value_type = StageWord)]
    stage: Stage,
    #[schema(value_type = Option<RatingWord>)]
    rating: Option<String>,
}

impl From<LinkView> for LinkOfClaim {
    fn from(view: LinkView) -> Self {
        Self {
            id: view.id.0,
            kind: view.kind,
            outgoing: view.outgoing,
            other: LinkedClaim { id: view.other.0, text: view.text, stage: view.stage, rating: view.rating },
            by: view.by,
            at: view.at,
            reason: view.reason,
        }
    }
}

/// The page that readers see, and what stands there last.
#[derive(Serialize, ToSchema)]
pub struct PublicPlace {
    address: String,
    /// How many times something was published there.
    number: i32,
    #[schema(value_type = PublicationWord)]
    kind: PublicationKind,
    at: DateTime<Utc>,
}

/// An incident as one of its claims shows it.
#[derive(Serialize, ToSchema)]
pub struct IncidentOfClaim {
    id: Uuid,
    title: String,
    #[schema(value_type = StandingWord)]
    standing: IncidentStanding,
    /// What the rules came to.
    score: i16,
    reasons: Vec<Contribution>,
    /// Who says so; null: the rules.
    by: Option<String>,
}

impl From<OfClaim> for IncidentOfClaim {
    fn from(of: OfClaim) -> Self {
        Self {
            id: of.incident.0,
            title: of.title,
            standing: of.standing,
            score: of.score,
            reasons: of.reasons.into_iter().map(Into::into).collect(),
            by: of.by,
        }
    }
}

/// A decided claim that says the same as this one.
#[derive(Serialize, ToSchema)]
pub struct SameClaim {
    claim: Uuid,
    text: String,
    article: String,
    outlet: Option<String>,
    #[schema(value_type = RatingWord)]
    rating: String,
    /// What the rating was called when it was given.
    rating_name: Option<String>,
}

impl From<SameAs> for SameClaim {
    fn from(same: SameAs) -> Self {
        Self {
            claim: same.claim.0,
            text: same.text,
            article: same.article_title,
            outlet: same.outlet,
            rating: same.rating,
            rating_name: same.mark.map(|rating| rating.name.clone()),
        }
    }
}

/// A claim that takes two reviewers, of whom one is in.
#[derive(Serialize, ToSchema)]
pub struct SecondReview {
    first_by: String,
    /// You gave the first verdict: the second has to be another person's.
    yours: bool,
    /// Why it takes two.
    because: String,
}

/// The text that a claim is anchored in.
#[derive(Serialize, ToSchema)]
pub struct SnapshotOfClaim {
    number: i32,
    of: i32,
    /// False once the newest snapshot no longer has the claim's wording.
    in_latest: bool,
}

#[derive(Serialize, ToSchema)]
pub struct Lease {
    holder: Uuid,
    name: String,
    until: DateTime<Utc>,
}

impl FullClaim {
    /// `copies` are those of its evidence; `own` is what published addresses begin with.
    pub fn of(view: ClaimView, copies: Vec<CopyView>, own: &str) -> Self {
        let contributions = view.contributions();
        let public = view.in_public.map(|place| PublicPlace {
            address: format!("{own}{}", app::paths::public_claim(&place.slug)),
            number: place.number,
            kind: place.kind,
            at: place.at,
        });
        Self {
            contributions: contributions.into_iter().map(Into::into).collect(),
            incidents: view.incidents.into_iter().map(Into::into).collect(),
            same_as: view.same_as.map(Into::into),
            statement: view.statement,
            corrections: view.corrections.into_iter().map(Into::into).collect(),
            became: view.became.into_iter().map(Into::into).collect(),
            came_from: view.came_from.into_iter().map(Into::into).collect(),
            evidence: evidence(view.evidence, &view.claim.measures, copies, view.media),
            links: view.links.into_iter().map(Into::into).collect(),
            public,
            claim: view.claim.into(),
            span: view.span.into(),
            snapshot: SnapshotOfClaim {
                number: view.snapshot_number,
                of: view.snapshots,
                in_latest: view.in_latest,
            },
            checkworthiness: view.checkworthiness,
            reasons: view.reasons,
            extractor: view.extractor,
            lease: view.lease.map(|lease| Lease {
                holder: lease.holder.0,
                name: lease.name,
                until: lease.until,
            }),
            attributions: view.attributions.into_iter().map(Into::into).collect(),
            second_review: view.second.map(|second| SecondReview {
                first_by: second.first_by,
                yours: second.is_own,
                because: second.because,
            }),
            verdicts: view.verdicts.into_iter().map(Into::into).collect(),
        }
    }
}

/// Points of a priority and why they are there.
#[derive(Serialize, ToSchema)]
pub struct Contribution {
    points: i32,
    why: String,
}

impl From<domain::priority::Contribution> for Contribution {
    fn from(part: domain::priority::Contribution) -> Self {
        Self { points: part.points, why: part.why }
    }
}

/// A part of a claim that stands as a person left it.
#[derive(Serialize, ToSchema)]
pub struct Correction {
    #[schema(value_type = PartWord)]
    part: Part,
    by: String,
    at: DateTime<Utc>,
}

impl From<CorrectionView> for Correction {
    fn from(view: CorrectionView) -> Self {
        Self { part: view.part, by: view.by, at: view.at }
    }
}

/// A claim that took the place of another.
#[derive(Serialize, ToSchema)]
pub struct RelatedClaim {
    id: Uuid,
    text: String,
    #[schema(value_type = SuccessionWord)]
    how: Succession,
}

impl From<Related> for RelatedClaim {
    fn from(related: Related) -> Self {
        Self { id: related.id.0, text: related.text, how: related.how }
    }
}

/// One hop of who says so.
#[derive(Serialize, ToSchema)]
pub struct Attribution {
    source: Option<Uuid>,
    name: Option<String>,
    #[schema(value_type = Option<SourceKindWord>)]
    kind: Option<SourceKind>,
    role: Option<String>,
    organisation: Option<String>,
    /// The party to the conflict it speaks for.
    party: Option<String>,
    /// As the article says it.
    mention: String,
    /// Null where a person named a source for which no words stand in the text.
    mention_at: Option<Span>,
    cue: Option<String>,
    #[schema(value_type = MannerWord)]
    manner: Manner,
    #[schema(value_type = PolarityWord)]
    polarity: Polarity,
    told_to: Option<String>,
    confidence: f32,
    /// The rule that linked mention and name.
    linked_by: String,
}

impl From<AttributionView> for Attribution {
    fn from(view: AttributionView) -> Self {
        Self {
            source: view.source.map(|id| id.0),
            name: view.name,
            kind: view.kind,
            role: view.role,
            organisation: view.organisation,
            party: view.party,
            mention: view.mention,
            mention_at: view.mention_at.map(Into::into),
            cue: view.cue,
            manner: view.manner,
            polarity: view.polarity,
            told_to: view.told_to,
            confidence: view.confidence,
            linked_by: view.linked_by,
        }
    }
}

/// One thing that bears on a claim.
#[derive(Serialize, ToSchema)]
pub struct Evidence {
    pub id: Uuid,
    /// The claim it was added to.
    claim: Uuid,
    address: Option<String>,
    title: String,
    excerpt: String,
    #[schema(value_type = StanceWord)]
    stance: Stance,
    added_by: String,
    added_at: DateTime<Utc>,
    version: i32,
    withdrawn: Option<Withdrawal>,
    /// Who originally says it; null where that is not known. Ten outlets that quote one ministry are
    /// the ministry's evidence.
    source: Option<SourceOfEvidence>,
    /// Who passed it on.
    publisher: Option<String>,
    /// 1 to 6 of the Admiralty code; 6: truth cannot be judged.
    information: i16,
    /// A photo or a video shows it.
    visual: bool,
    /// A party to the conflict says that it did it.
    admission: bool,
    /// What became of each of the claim's figures in the excerpt.
    figures: Vec<FigureFound>,
    /// Unaltered copies of it, oldest first; `GET copies/{id}/content` gives their bytes.
    copies: Vec<Copy>,
    /// What its picture, video or recording was found to be. Never changed: the first one stands, unless it
    /// was taken back, the others are what was said before it.
    assessments: Vec<MediaAssessment>,
}

/// What a picture, a video or a recording was found to be, as schema.org's MediaReview has it.
#[derive(Serialize, ToSchema)]
pub struct MediaAssessment {
    pub id: Uuid,
    /// 1, 2, …; send it with the next one.
    number: i32,
    #[schema(value_type = MediumWord)]
    medium: Medium,
    #[schema(value_type = Vec<AuthenticityWord>)]
    categories: Vec<Authenticity>,
    /// Where it is shared.
    address: Option<String>,
    /// The copy that is the picture itself.
    copy: Option<Uuid>,
    /// Of that copy, in hexadecimal.
    sha256: Option<String>,
    /// What the original shows, and when, where and by whom.
    context: Option<String>,
    /// Where the original is.
    original: Option<String>,
    given_by: String,
    given_at: DateTime<Utc>,
    /// Who said since that it does not stand, and why; then nothing does.
    taken_back: Option<AssessmentTakenBack>,
}

/// That an assessment was taken back.
#[derive(Serialize, ToSchema)]
struct AssessmentTakenBack {
    by: String,
    reason: String,
    at: DateTime<Utc>,
    /// Send it with the next assessment.
    number: i32,
}

impl From<MediaView> for MediaAssessment {
    fn from(view: MediaView) -> Self {
        let number = view.last_number();
        Self {
            id: view.id.0,
            number: view.number,
            taken_back: view.taken_back.map(|back| AssessmentTakenBack {
                by: back.by,
                reason: back.reason,
                at: back.at,
                number,
            }),
            medium: view.medium,
            categories: view.categories,
            address: view.address,
            copy: view.copy.map(|id| id.0),
            sha256: view.sha256,
            context: view.context,
            original: view.original,
            given_by: view.given_by,
            given_at: view.given_at,
        }
    }
}

/// An assessment of a picture, a video or a recording.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewMediaAssessment {
    #[schema(value_type = MediumWord)]
    pub medium: Medium,
    /// What it is in the context in which it is shared. Several may hold, but what is original is not
    /// edited, transformed or staged as well.
    #[schema(value_type = Vec<AuthenticityWord>)]
    pub categories: Vec<Authenticity>,
    /// Where it is shared; needed where no copy is named.
    pub address: Option<String>,
    /// A copy of the evidence that is the picture itself, byte for byte.
    pub copy: Option<Uuid>,
    /// What the original shows, and when, where and by whom. `DecontextualizedContent` needs it, or
    /// `original`.
    pub context: Option<String>,
    /// Where the original is.
    pub original: Option<String>,
    /// The number of the assessment that stands, or of what took it back; 0, which is meant where it is left
    /// out: there was none.
    #[serde(default)]
    pub number: i32,
}

/// Takes an assessment back, without another in its place.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TakenBackAssessment {
    /// Why it does not stand.
    pub reason: String,
    /// The number of the assessment that stands.
    pub number: i32,
}

#[derive(Serialize, ToSchema)]
pub struct SourceOfEvidence {
    id: Uuid,
    name: String,
    #[schema(value_type = SourceKindWord)]
    kind: SourceKind,
    organisation: Option<String>,
    /// A to F of the Admiralty code; F: cannot be judged.
    #[schema(value_type = ReliabilityWord)]
    reliability: Reliability,
    /// How it is known that this is the source.
    #[schema(value_type = SourceByWord)]
    by: SourceBy,
    /// The excerpt's words that stand for it.
    words: Option<String>,
}

/// A figure of the claim, looked for in an excerpt.
#[derive(Serialize, ToSchema)]
pub struct FigureFound {
    /// Which of the claim's measures, counted from 0.
    measure: u32,
    #[schema(value_type = FoundWord)]
    found: Found,
    /// Where the number stands in the excerpt.
    at: Option<Span>,
    /// In a sentence.
    words: String,
}

/// Evidence as it was read for a claim's figures.
pub fn evidence(
    all: Vec<EvidenceView>,
    measures: &[domain::measure::Measure],
    copies: Vec<CopyView>,
    media: Vec<MediaView>,
) -> Vec<Evidence> {
    let mut assessments: HashMap<EvidenceId, Vec<MediaAssessment>> = HashMap::new();
    for one in media {
        assessments.entry(one.evidence).or_default().push(one.into());
    }
    let mut of_evidence: HashMap<EvidenceId, Vec<Copy>> = HashMap::new();
    for copy in copies {
        of_evidence.entry(copy.evidence).or_default().push(copy.into());
    }
    all.into_iter()
        .map(|view| {
            let figures = view
                .findings
                .iter()
                .zip(measures)
                .zip(0..)
                .map(|((finding, figure), measure)| FigureFound {
                    measure,
                    found: finding.found,
                    at: finding.at.map(Into::into),
                    words: finding.in_words(figure),
                })
                .collect();
            let copies = of_evidence.remove(&view.id).unwrap_or_default();
            let assessments = assessments.remove(&view.id).unwrap_or_default();
            Evidence { figures, copies, assessments, ..view.into() }
        })
        .collect()
}

#[derive(Serialize, ToSchema)]
pub struct Withdrawal {
    by: String,
    reason: String,
}

impl From<EvidenceView> for Evidence {
    fn from(view: EvidenceView) -> Self {
        Self {
            id: view.id.0,
            claim: view.claim.0,
            address: view.address,
            title: view.title,
            excerpt: view.excerpt,
            stance: view.stance,
            added_by: view.added_by,
            added_at: view.added_at,
            version: view.version,
            withdrawn: view.withdrawn.map(|(by, reason)| Withdrawal { by, reason }),
            source: view.source.map(|source| SourceOfEvidence {
                id: source.id.0,
                name: source.name,
                kind: source.kind,
                organisation: source.organisation,
                reliability: source.reliability,
                by: source.by,
                words: source.words,
            }),
            publisher: view.publisher,
            information: view.information.number(),
            visual: view.visual,
            admission: view.admission,
            figures: Vec::new(),
            copies: Vec::new(),
            assessments: Vec::new(),
        }
    }
}

/// An unaltered copy of what a piece of evidence rests on.
#[derive(Serialize, ToSchema)]
pub struct Copy {
    id: Uuid,
    evidence: Uuid,
    /// In hexadecimal.
    sha256: String,
    bytes: u64,
    /// As the content itself shows, whatever it was sent as.
    #[schema(value_type = MediaTypeWord)]
    media_type: MediaType,
    /// What the sender called the file.
    name: Option<String>,
    /// Where it was captured.
    address: Option<String>,
    captured_at: DateTime<Utc>,
    added_by: String,
    added_at: DateTime<Utc>,
    /// What the last look at it found.
    #[schema(value_type = OutcomeWord)]
    outcome: Outcome,
    checked_at: DateTime<Utc>,
}

impl From<CopyView> for Copy {
    fn from(view: CopyView) -> Self {
        Self {
            id: view.id.0,
            evidence: view.evidence.0,
            sha256: view.sha256,
            bytes: view.bytes,
            media_type: view.media_type,
            name: view.name,
            address: view.address,
            captured_at: view.captured_at,
            added_by: view.added_by,
            added_at: view.added_at,
            outcome: view.outcome,
            checked_at: view.checked_at,
        }
    }
}

/// One reviewer's rating of one claim. Never changed, only superseded.
#[derive(Serialize, ToSchema)]
pub struct Verdict {
    pub id: Uuid,
    number: i32,
    /// Which decision it belongs to, counted from 1.
    round: i32,
    #[schema(value_type = VerdictPartWord)]
    part: VerdictPart,
    /// It is the one that stands.
    stands: bool,
    /// Its author took it back; it counts for nothing.
    undone: bool,
    reviewer: String,
    #[schema(value_type = RatingWord)]
    rating: String,
    /// What the rating was called when it was given.
    rating_name: String,
    scale: String,
    scale_version: i32,
    rationale: String,
    /// The figure that the evidence supports.
    figure: Option<String>,
    given_at: DateTime<Utc>,
    /// What the rating asked for and the evidence did not have.
    unmet: Vec<String>,
    /// Why it was given all the same.
    override_reason: Option<String>,
}

impl From<VerdictView> for Verdict {
    fn from(view: VerdictView) -> Self {
        Self {
            id: view.id.0,
            number: view.number,
            round: view.round,
            part: view.part,
            stands: view.stands,
            undone: view.is_undone,
            reviewer: view.reviewer,
            rating_name: view.mark.map_or_else(|| view.rating.clone(), |rating| rating.name.clone()),
            rating: view.rating,
            scale: view.scale,
            scale_version: view.scale_version,
            unmet: view.unmet,
            override_reason: view.override_reason,
            rationale: view.rationale,
            figure: view.figure,
            given_at: view.given_at,
        }
    }
}

/// What somebody said about a claim.
#[derive(Serialize, ToSchema)]
pub struct Comment {
    id: Uuid,
    /// The comment it answers.
    reply_to: Option<Uuid>,
    author: String,
    author_id: Uuid,
    at: DateTime<Utc>,
    /// Null where the comment was withdrawn.
    text: Option<String>,
    /// Send it with a change of the words.
    version: i32,
    /// When the words were changed last.
    changed_at: Option<DateTime<Utc>>,
    /// The words before, oldest first.
    earlier: Vec<EarlierWords>,
    /// The words of the article it is about; null for the claim as a whole.
    quote: Option<Quote>,
    /// Names of the people who were called, by what stands after the @.
    mentioned: std::collections::BTreeMap<String, String>,
    resolved: Option<SomebodyAt>,
    withdrawn: Option<SomebodyAt>,
}

#[derive(Serialize, ToSchema)]
pub struct EarlierWords {
    text: String,
    at: DateTime<Utc>,
}

/// Words of the article that a comment is about.
#[derive(Serialize, ToSchema)]
pub struct Quote {
    words: String,
    span: Span,
    /// Whether the span counts in the snapshot that the claim is anchored in now.
    in_text: bool,
}

/// Who did it, and when.
#[derive(Serialize, ToSchema)]
pub struct SomebodyAt {
    by: String,
    at: DateTime<Utc>,
}

impl From<ByAt> for SomebodyAt {
    fn from(one: ByAt) -> Self {
        Self { by: one.by, at: one.at }
    }
}

impl From<CommentView> for Comment {
    fn from(view: CommentView) -> Self {
        let mut earlier = view.versions;
        let last = earlier.pop();
        Self {
            id: view.id.0,
            reply_to: view.reply_to.map(|id| id.0),
            author: view.author,
            author_id: view.author_id.0,
            at: view.at,
            changed_at: last.as_ref().filter(|_| !earlier.is_empty()).map(|version| version.at),
            text: last.map(|version| version.text),
            version: view.version,
            earlier: earlier.into_iter().map(|one| EarlierWords { text: one.text, at: one.at }).collect(),
            quote: view.quote.map(|quote| Quote {
                words: quote.words,
                span: quote.span.into(),
                in_text: quote.in_text,
            }),
            mentioned: view.mentioned.into_iter().collect(),
            resolved: view.resolved.map(Into::into),
            withdrawn: view.withdrawn.map(Into::into),
        }
    }
}

/// A page of comments, in the order they were made.
#[derive(Serialize, ToSchema)]
pub struct Comments {
    pub comments: Vec<Comment>,
    pub next: Option<String>,
}

/// A comment that was made.
#[derive(Serialize, ToSchema)]
pub struct MadeComment {
    pub comment: Comment,
    /// Who could not be called, in words.
    pub uncalled: Option<String>,
}

/// A comment to make.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewComment {
    /// At most 5,000 characters. `@first.last`, or `@` and the beginning of an e-mail address, calls
    /// somebody.
    pub text: String,
    /// The words of the article it is about, as they stand there.
    pub words: Option<String>,
    /// Their place in the text, instead of `words`.
    pub span: Option<Span>,
    /// The comment it answers; such a one has neither `words` nor `span`.
    pub reply_to: Option<Uuid>,
}

/// Other words for a comment.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewWords {
    pub text: String,
    /// The comment's version that you saw.
    pub version: i32,
}

/// Whether a comment is resolved.
#[derive(Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Resolution {
    /// `false` takes it up again; left out, it is resolved.
    pub resolved: Option<bool>,
}

/// What happened to one claim.
#[derive(Serialize, ToSchema)]
pub struct Notification {
    claim: Uuid,
    text: String,
    article_title: String,
    at: DateTime<Utc>,
    unread: bool,
    /// How much happened since it was read.
    count: i32,
    /// How closely you follow the claim; null where you never said.
    #[schema(value_type = Option<LevelWord>)]
    level: Option<Level>,
    /// Newest first; where something is unread, only that.
    parts: Vec<NotificationPart>,
}

/// Something that happened, once or several times.
#[derive(Serialize, ToSchema)]
pub struct NotificationPart {
    #[schema(value_type = OccasionWord)]
    occasion: Occasion,
    /// How often since it was read.
    count: i32,
    /// Who did it last; null: the system itself.
    by: Option<String>,
    comment: Option<Uuid>,
    at: DateTime<Utc>,
    /// The same in words.
    words: String,
}

impl From<PartView> for NotificationPart {
    fn from(part: PartView) -> Self {
        Self {
            words: part.occasion.told(part.n, part.by.as_deref()),
            occasion: part.occasion,
            count: part.n,
            by: part.by,
            comment: part.comment.map(|id| id.0),
            at: part.at,
        }
    }
}

impl From<NotificationView> for Notification {
    fn from(view: NotificationView) -> Self {
        Self {
            count: view.n(),
            claim: view.claim.0,
            text: view.text,
            article_title: view.article_title,
            at: view.at,
            unread: view.is_unread,
            level: view.level,
            parts: view.parts.into_iter().map(Into::into).collect(),
        }
    }
}

/// A page of notifications, the newest first.
#[derive(Serialize, ToSchema)]
pub struct Notifications {
    pub notifications: Vec<Notification>,
    pub next: Option<String>,
}

/// Which claims' notifications were read.
#[derive(Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MarkedRead {
    /// At most 1,000; left out, all.
    pub claims: Option<Vec<Uuid>>,
}

/// How closely to follow a claim.
#[derive(Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Watch {
    /// `watching` where it is left out.
    #[schema(value_type = Option<LevelWord>)]
    pub level: Option<Level>,
}

/// How closely you follow a claim.
#[derive(Serialize, ToSchema)]
pub struct Watching {
    #[schema(value_type = LevelWord)]
    pub level: Level,
}

/// How to lease a claim.
#[derive(Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct NewLease {
    /// Why it is taken from whoever holds it; they are told.
    pub take_over: Option<String>,
}

/// A verdict and what the claim became: its stage says whether the verdict settled it, waits for a
/// second one, or differs from the first.
#[derive(Serialize, ToSchema)]
pub struct GivenVerdict {
    pub verdict: Verdict,
    pub claim: Claim,
}

/// The desk's scales in force, the one that desks start with first.
#[derive(Serialize, ToSchema)]
pub struct Scales {
    pub scales: Vec<Scale>,
}

/// A set of ratings. Never changed: an admin makes a new version of it.
#[derive(Serialize, ToSchema)]
pub struct Scale {
    key: String,
    version: i32,
    name: String,
    about: String,
    ratings: Vec<Rating>,
}

/// One step of a scale.
#[derive(Serialize, ToSchema)]
pub struct Rating {
    key: String,
    name: String,
    meaning: String,
    /// The key on the keyboard that gives it.
    shortcut: Option<char>,
    #[schema(value_type = ToneWord)]
    tone: Tone,
    #[schema(value_type = IconWord)]
    icon: Icon,
    /// `ratingValue` of a ClaimReview, 1 to 5.
    claim_review: Option<u8>,
    /// Giving it says that the claim's figure is right.
    asserts_figure: bool,
    needs: Vec<Precondition>,
}

/// At least so many of something.
#[derive(Serialize, ToSchema)]
pub struct Precondition {
    #[schema(value_type = NeedWord)]
    kind: Need,
    least: u8,
    words: String,
}

impl From<&domain::scale::Scale> for Scale {
    fn from(scale: &domain::scale::Scale) -> Self {
        let need = |need: &domain::grounds::Precondition| Precondition {
            kind: need.kind,
            least: need.least,
            words: need.in_words(),
        };
        let rating = |rating: &Arc<domain::scale::Rating>| Rating {
            key: rating.key.clone(),
            name: rating.name.clone(),
            meaning: rating.meaning.clone(),
            shortcut: rating.shortcut,
            tone: rating.tone,
            icon: rating.icon,
            claim_review: rating.claim_review,
            asserts_figure: rating.asserts_figure,
            needs: rating.needs.iter().map(need).collect(),
        };
        Self {
            key: scale.key.clone(),
            version: scale.version,
            name: scale.name.clone(),
            about: scale.about.clone(),
            ratings: scale.ratings.iter().map(rating).collect(),
        }
    }
}

/// What happened, oldest first.
#[derive(Serialize, ToSchema)]
pub struct History {
    pub events: Vec<Entry>,
}

#[derive(Serialize, ToSchema)]
pub struct Entry {
    at: DateTime<Utc>,
    /// Null: the system itself.
    by: Option<String>,
    /// What happened, to follow the name.
    words: String,
    /// The event as it is kept; `kind` says which fields it has.
    event: serde_json::Value,
}

impl From<HistoryEntry> for Entry {
    fn from(entry: HistoryEntry) -> Self {
        Self {
            at: entry.at,
            by: entry.by,
            words: entry.event.in_words(),
            event: serde_json::to_value(&entry.event).unwrap_or_default(),
        }
    }
}

/// The newest checkpoint: what `claimdesk history verify --head` takes.
#[derive(Serialize, ToSchema)]
pub struct HistoryHead {
    /// `claimdesk.head/1`
    #[schema(value_type = String)]
    format: desk::HeadFormat,
    /// Its number.
    checkpoint: i64,
    /// When it was taken.
    at: DateTime<Utc>,
    /// How many events it and all before it cover.
    events: i64,
    /// The last of them.
    up_to: i64,
    /// SHA-256 in 64 hexadecimal digits.
    hash: String,
}

impl From<desk::Head> for HistoryHead {
    fn from(head: desk::Head) -> Self {
        let desk::Head { format, checkpoint, at, events, up_to, hash } = head;
        Self { format, checkpoint, at, events, up_to, hash }
    }
}

/// The desk at a glance.
#[derive(Serialize, ToSchema)]
pub struct Dashboard {
    at: DateTime<Utc>,
    standings: Vec<StandingCount>,
    /// How many people hold a claim now.
    reviewing: i64,
    /// Verdicts given today (UTC).
    today: i64,
    /// Longest first.
    waiting: Vec<Waiting>,
    /// Newest first.
    articles: Vec<Article>,
    reviewers: Vec<Reviewer>,
    /// The last fourteen days, oldest first.
    days: Vec<Day>,
}

#[derive(Serialize, ToSchema)]
pub struct Waiting {
    since: DateTime<Utc>,
    claim: Claim,
}

/// What one person did in the last seven days.
#[derive(Serialize, ToSchema)]
pub struct Reviewer {
    id: Uuid,
    name: String,
    /// The account is switched off; it is here for what it did.
    disabled: bool,
    verdicts: i64,
    ratings: Vec<RatingCount>,
    today: i64,
    held: i64,
}

/// Verdicts of one day (UTC).
#[derive(Serialize, ToSchema)]
pub struct Day {
    day: NaiveDate,
    verdicts: i64,
    ratings: Vec<RatingCount>,
}

#[derive(Serialize, ToSchema)]
pub struct RatingCount {
    #[schema(value_type = RatingWord)]
    rating: String,
    verdicts: i64,
}

fn ratings(ratings: Vec<(Arc<domain::scale::Rating>, i64)>) -> Vec<RatingCount> {
    ratings
        .into_iter()
        .map(|(rating, verdicts)| RatingCount { rating: rating.key.clone(), verdicts })
        .collect()
}

impl From<ReviewerRow> for Reviewer {
    fn from(row: ReviewerRow) -> Self {
        Self {
            id: row.id.0,
            verdicts: row.verdicts(),
            name: row.name,
            disabled: row.is_disabled,
            ratings: ratings(row.ratings),
            today: row.today,
            held: row.held,
        }
    }
}

impl From<DayRow> for Day {
    fn from(row: DayRow) -> Self {
        Self { day: row.day, verdicts: row.verdicts(), ratings: ratings(row.ratings) }
    }
}

impl From<desk::Dashboard> for Dashboard {
    fn from(dashboard: desk::Dashboard) -> Self {
        Self {
            at: dashboard.at,
            standings: standings(dashboard.standings),
            reviewing: dashboard.reviewing,
            today: dashboard.today,
            waiting: dashboard
                .waiting
                .into_iter()
                .map(|waiting| Waiting { since: waiting.since, claim: waiting.claim.into() })
                .collect(),
            articles: dashboard.articles.into_iter().map(Into::into).collect(),
            reviewers: dashboard.reviewers.into_iter().map(Into::into).collect(),
            days: dashboard.days.into_iter().map(Into::into).collect(),
        }
    }
}

/// An article to take in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewArticle {
    pub title: String,
    /// At most 1 MiB of UTF-8.
    pub text: Option<String>,
    /// Where it stands on the web. The same address with another text is a new snapshot.
    pub url: Option<String>,
    /// The same as `url`.
    pub address: Option<String>,
    pub outlet: Option<String>,
    pub author: Option<String>,
    /// A time with its offset, or a day.
    #[schema(example = "2024-03-12T18:42:00+03:00")]
    pub published: Option<String>,
    /// Two letters; found out from the text where it is not given.
    #[schema(example = "en")]
    pub language: Option<String>,
}

/// Which claim to lease.
#[derive(Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Next {
    /// Go on after this claim, which was skipped.
    pub after: Option<Uuid>,
}

/// Evidence to attach.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewEvidence {
    pub address: Option<String>,
    pub title: String,
    pub excerpt: String,
    #[schema(value_type = StanceWord)]
    pub stance: Stance,
    /// Who originally says it. Left out: whom the excerpt names, or else the publisher.
    pub source: Option<NewOrigin>,
    /// Who passed it on.
    pub publisher: Option<String>,
    /// 1 to 6 of the Admiralty code; 6, which is meant where it is left out: truth cannot be judged.
    pub information: Option<i16>,
    /// A photo or a video shows it.
    #[serde(default)]
    pub visual: bool,
    /// A party to the conflict says that it did it.
    #[serde(default)]
    pub admission: bool,
}

/// Who originally says a piece of evidence.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewOrigin {
    pub name: String,
    /// Left out: whatever the desk knows by this name, else an organisation.
    #[schema(value_type = Option<SourceKindWord>)]
    pub kind: Option<SourceKind>,
}

/// A figure as people write it, or a plain number.
#[derive(Deserialize, ToSchema)]
#[serde(untagged, expecting = "expected a number or a text such as “38-44”")]
pub enum Figure {
    Whole(i64),
    Number(f64),
    Text(String),
}

impl Figure {
    pub fn into_text(self) -> String {
        match self {
            Self::Whole(number) => number.to_string(),
            Self::Number(number) => number.to_string(),
            Self::Text(text) => text,
        }
    }
}

/// A verdict to give.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewVerdict {
    /// Key of the scale to judge by; left out: the desk's default.
    pub scale: Option<String>,
    #[schema(value_type = RatingWord)]
    pub rating: String,
    pub rationale: String,
    /// The figure that the evidence supports: 41, “38-44”, “at least 12”.
    pub figure: Option<Figure>,
    /// The claim's version that you saw.
    pub version: i32,
    /// Why it is given although the evidence lacks what the rating asks for, where the desk's policy
    /// allows that. Kept only where something is missing.
    pub override_reason: Option<String>,
}

/// An editor's decision between two verdicts that differ.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewAdjudication {
    /// A key of the scale that the two judged by.
    #[schema(value_type = RatingWord)]
    pub rating: String,
    /// Why: both reviewers read it. It also stands as the reason where the evidence lacks what the
    /// rating asks for.
    pub reason: String,
    /// The figure that the evidence supports: 41, “38-44”, “at least 12”.
    pub figure: Option<Figure>,
    /// The claim's version that you saw.
    pub version: i32,
}

/// How reliable a source is found to be.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewGrade {
    /// A to F of the Admiralty code; F: cannot be judged.
    #[schema(value_type = ReliabilityWord)]
    pub grade: String,
    pub reason: String,
}

/// A source and how reliable people have found it.
#[derive(Serialize, ToSchema)]
pub struct Source {
    id: Uuid,
    name: String,
    #[schema(value_type = SourceKindWord)]
    kind: SourceKind,
    role: Option<String>,
    organisation: Option<String>,
    /// The grade that holds; F where nobody gave one.
    #[schema(value_type = ReliabilityWord)]
    reliability: Reliability,
    /// Newest first; at most 200.
    grades: Vec<GradeGiven>,
    /// Claims that it makes, up to 1,000.
    claims: i64,
    /// Evidence in use that comes from it, up to 1,000.
    evidence: i64,
}

/// One time that somebody graded a source.
#[derive(Serialize, ToSchema)]
pub struct GradeGiven {
    #[schema(value_type = ReliabilityWord)]
    grade: Reliability,
    reason: String,
    by: String,
    at: DateTime<Utc>,
}

impl From<SourceView> for Source {
    fn from(view: SourceView) -> Self {
        Self {
            reliability: view.reliability(),
            id: view.id.0,
            name: view.name,
            kind: view.kind,
            role: view.role,
            organisation: view.organisation,
            grades: view
                .grades
                .into_iter()
                .map(|given| GradeGiven {
                    grade: given.grade,
                    reason: given.reason,
                    by: given.by,
                    at: given.at,
                })
                .collect(),
            claims: view.claims,
            evidence: view.evidence,
        }
    }
}

/// What to correct of a claim; what is left out stays as it is.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewCorrection {
    /// The claim's version that you saw.
    pub version: i32,
    /// The claim's words, as they stand in the article; looked up near where the claim stands.
    pub words: Option<String>,
    /// The claim's place in the text, instead of `words`.
    pub span: Option<Span>,
    #[schema(value_type = Option<KindWord>)]
    pub kind: Option<ClaimKind>,
    pub source: Option<NewSource>,
    /// All figures of the claim: those that are not named here are removed.
    pub measures: Option<Vec<NewMeasure>>,
}

/// Who says a claim. Without a name, the article itself does.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewSource {
    pub name: Option<String>,
    #[schema(value_type = Option<SourceKindWord>)]
    pub kind: Option<SourceKind>,
    pub role: Option<String>,
    pub organisation: Option<String>,
}

/// A figure of a claim. What is left out stays as it was found; an empty text takes away what was.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewMeasure {
    /// Which of the claim's measures it corrects, counted from 0; left out, it is a new one.
    pub position: Option<u32>,
    #[schema(value_type = Option<IndicatorWord>)]
    pub indicator: Option<Indicator>,
    /// The number in words, read as an article is: 41, “38-44”, “at least 12”.
    pub figure: Option<Figure>,
    /// The number in numbers, instead of `figure`.
    pub low: Option<f64>,
    pub best: Option<f64>,
    pub high: Option<f64>,
    #[schema(value_type = Option<BoundWord>)]
    pub bound: Option<Bound>,
    pub counts: Option<String>,
    pub unit: Option<String>,
    #[schema(value_type = Option<ClassWord>)]
    pub class: Option<Class>,
    pub side: Option<String>,
    pub denied: Option<bool>,
    /// Whether the text tells it as an earlier count, or as one taken back.
    pub earlier: Option<bool>,
    /// Whether it counts only some of a total.
    pub only_some: Option<bool>,
    #[schema(value_type = Option<ReadingWord>)]
    pub reading: Option<Reading>,
    #[schema(value_type = Option<ConfirmationWord>)]
    pub confirmation: Option<Confirmation>,
}

/// A claim to split.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewSplit {
    /// The claim's version that you saw.
    pub version: i32,
    /// Two to eight claims that it becomes, each by its words or its place.
    pub parts: Vec<NewPart>,
}

/// Words of the article that are one claim.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPart {
    pub words: Option<String>,
    pub span: Option<Span>,
}

/// Claims to merge into one.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewMerge {
    /// The claim's version that you saw.
    pub version: i32,
    /// Claims of the same version of the article.
    pub with: Vec<MergedClaim>,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MergedClaim {
    pub id: Uuid,
    /// Its version that you saw.
    pub version: i32,
}

/// The claims that one was split into.
#[derive(Serialize, ToSchema)]
pub struct SplitClaims {
    pub claims: Vec<Claim>,
}
