//! What people see of claims: the queue, the list, the workbench.

use crate::Desk;
use crate::agreement::Period;
use crate::db::{Anew, Db};
use crate::error::{Doing, Error, Result, storable, word};
use crate::incidents::{OfClaim, SameAs};
use crate::links::LinkView;
use crate::media::MediaView;
use crate::page::{Cursor, Page};
use crate::publish::InPublic;
use crate::reading::Reading;
use crate::scales::mark;
use chrono::{DateTime, NaiveDate, Utc};
use domain::claim::{ClaimKind, Manner, Polarity, SourceBy, SourceKind, Stance};
use domain::closed_set;
use domain::correction::Part;
use domain::deadline::Phase;
use domain::figure::{Finding, Read, look_for};
use domain::grade::{Information, Reliability};
use domain::grounds::Grounds;
use domain::history::Event;
use domain::id::{AccountId, ArticleId, ClaimId, EvidenceId, IncidentId, SourceId, VerdictId};
use domain::measure::{Indicator, Measure};
use domain::policy::{self, Actor, Read as MayRead};
use domain::priority::{self, Contribution};
use domain::scale::{Rating, Scales};
use domain::text::Span;
use domain::track::Outcome;
use domain::words::Invalid;
use domain::workflow::{Part as VerdictPart, Stage};
use std::collections::HashMap;
use std::sync::Arc;
use uuid::Uuid;

closed_set! {
    /// In what order claims are listed.
    Sort {
        Priority = "priority", "most urgent first";
        Newest = "newest", "newest first";
        Waiting = "waiting", "longest in its stage first";
        // Of what is asked for: by the person and in the days. What has none is not listed.
        Judged = "judged", "judged ones, latest verdict first";
    }
}

closed_set! {
    /// What came of claims, as the days of the dashboard count it.
    Came {
        TakenIn = "taken_in", "taken in";
        Settled = "settled", "settled";
        Published = "published", "published";
        Reopened = "reopened", "reopened";
        Dismissed = "dismissed", "dismissed";
        Corrected = "corrected", "corrected in public";
        JudgedByTwo = "judged_by_two", "judged by two";
    }
}

/// Which claims to list; what is `None` does not matter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ClaimFilter {
    pub stage: Option<Stage>,
    pub rating: Option<String>,
    /// Settled or published, and came out so.
    pub outcome: Option<Outcome>,
    pub kind: Option<ClaimKind>,
    pub indicator: Option<Indicator>,
    pub source: Option<SourceId>,
    pub article: Option<ArticleId>,
    /// About this incident.
    pub incident: Option<IncidentId>,
    /// This person's to do, or under their lease.
    pub assignee: Option<AccountId>,
    /// Has a verdict by this person.
    pub reviewer: Option<AccountId>,
    /// Has a verdict, where `reviewer` is given by that person, of this day (UTC) or a later one.
    pub judged_from: Option<NaiveDate>,
    /// The same, of this day or an earlier one.
    pub judged_to: Option<NaiveDate>,
    /// This came of it.
    pub came: Option<Came>,
    /// That came of it on this day (UTC) or a later one.
    pub came_from: Option<NaiveDate>,
    /// The same, on this day or an earlier one.
    pub came_to: Option<NaiveDate>,
    /// The two who judged it, then, used this scale.
    pub scale: Option<String>,
    /// This is one of the two.
    pub judge: Option<AccountId>,
    /// This is one of the two, too.
    pub other_judge: Option<AccountId>,
    /// Has evidence in use that comes from this source.
    pub evidence_from: Option<SourceId>,
    /// In its stage since before this moment.
    pub since_before: Option<DateTime<Utc>>,
    /// Words to look for, as people type them into a search box.
    pub q: Option<String>,
}

impl ClaimFilter {
    /// From when to before when a verdict is to be, where one is; what is open ends with all time.
    fn judged(&self) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
        let days = Period { from: self.judged_from, to: self.judged_to };
        (days != Period::default()).then(|| ends(days))
    }

    /// What is to have come of it, and from when to before when.
    ///
    /// # Errors
    /// `Invalid` where it is not said what came of it on these days, or who judged what was not judged
    /// by two.
    fn happened(&self) -> Result<Option<Happened>, Invalid> {
        let days = Period { from: self.came_from, to: self.came_to };
        let by_two = self.scale.is_some() || self.judge.is_some() || self.other_judge.is_some();
        match self.came {
            None if by_two || days != Period::default() => {
                Err(Invalid::new("came", "Say what came of the claims that are meant."))
            }
            Some(came) if by_two && came != Came::JudgedByTwo => {
                Err(Invalid::new("came", "A scale and who judged say only something of what two judged."))
            }
            came => Ok(came.map(|came| {
                let (from, before) = ends(days);
                Happened { came, from, before }
            })),
        }
    }
}

/// What is to have come of a claim, from when to before when.
#[derive(Clone, Copy)]
struct Happened {
    came: Came,
    from: DateTime<Utc>,
    before: DateTime<Utc>,
}

/// How often a claim counts among what a list is of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Times {
    /// Verdicts of the days, and by the person, that are asked for; 0 where no days are.
    pub verdicts: i64,
    /// Times that what is asked for came of it.
    pub came: i64,
    /// Pieces of evidence from the source that is asked for.
    pub evidence: i64,
}

/// From when to before when; what is open ends with all time.
fn ends(days: Period) -> (DateTime<Utc>, DateTime<Utc>) {
    let (from, before) = days.bounds();
    (from.unwrap_or(DateTime::UNIX_EPOCH), before.unwrap_or(FAR_AWAY))
}

/// After everything that is ever given: the year 9999.
const FAR_AWAY: DateTime<Utc> = match DateTime::from_timestamp(253_370_764_800, 0) {
    Some(moment) => moment,
    None => DateTime::UNIX_EPOCH,
};

/// A claim in a list.
#[derive(Clone, Debug)]
pub struct ClaimRow {
    pub id: ClaimId,
    pub article: ArticleId,
    pub article_title: String,
    pub outlet: Option<String>,
    pub text: String,
    pub kind: ClaimKind,
    pub priority: i16,
    pub stage: Stage,
    pub stage_since: DateTime<Utc>,
    /// The desk's policy lets it run as it is.
    pub runs_unchecked: bool,
    pub created_at: DateTime<Utc>,
    /// Why it cannot be right together with another claim of its incident.
    pub contradiction: Option<String>,
    /// Key of the rating that stands.
    pub rating: Option<String>,
    /// The rating as it was when it was given.
    pub mark: Option<Arc<Rating>>,
    /// Key of the scale of the verdict that stands.
    pub scale: Option<String>,
    /// Which version of that scale.
    pub scale_version: Option<i32>,
    pub version: i32,
    pub source: Option<String>,
    pub source_id: Option<SourceId>,
    pub holder: Option<String>,
    /// Whose it is to do.
    pub assignee: Option<String>,
    pub assignee_id: Option<AccountId>,
    pub measures: Vec<Measure>,
}

/// What a reviewer sees first.
#[derive(Clone, Debug)]
pub struct Queue {
    /// Claims that this person could take.
    pub waiting: i64,
    /// Verdicts the person gave today (UTC).
    pub today: i64,
    /// Claims under the person's lease.
    pub yours: Vec<ClaimRow>,
    /// Claims that are the person's to do and wait.
    pub assigned: Vec<ClaimRow>,
    /// The next ones in line, those for a second review included.
    pub next: Vec<ClaimRow>,
    /// Those the person gave the first verdict on: they wait for somebody else.
    pub for_others: Vec<ClaimRow>,
    /// Those that two reviewers disagree on, longest first, and how many there are.
    pub disagreed: Vec<ClaimRow>,
    pub disagreements: i64,
}

#[derive(Clone, Debug)]
pub struct LeaseView {
    pub holder: AccountId,
    pub name: String,
    pub until: DateTime<Utc>,
}

/// One hop of who says so.
#[derive(Clone, Debug)]
pub struct AttributionView {
    pub source: Option<SourceId>,
    pub name: Option<String>,
    pub kind: Option<SourceKind>,
    pub role: Option<String>,
    pub organisation: Option<String>,
    /// The party to the conflict it speaks for.
    pub party: Option<String>,
    pub mention: String,
    /// `None` where a person named a source for which no words stand in the text.
    pub mention_at: Option<Span>,
    pub cue: Option<String>,
    pub manner: Manner,
    pub polarity: Polarity,
    pub told_to: Option<String>,
    pub confidence: f32,
    pub linked_by: String,
}

/// A part of a claim that stands as a person left it.
#[derive(Clone, Debug)]
pub struct CorrectionView {
    pub part: Part,
    pub by: String,
    pub at: DateTime<Utc>,
}

closed_set! {
    /// How a claim took the place of another.
    Succession {
        Split = "split", "split";
        Merged = "merged", "merged";
    }
}

/// A claim that took the place of this one, or whose place this one took.
#[derive(Clone, Debug)]
pub struct Related {
    pub id: ClaimId,
    pub text: String,
    pub how: Succession,
}

#[derive(Clone, Debug)]
pub struct EvidenceView {
    pub id: EvidenceId,
    /// The claim it was added to: this one, or one whose place this one took.
    pub claim: ClaimId,
    pub address: Option<String>,
    pub title: String,
    pub excerpt: String,
    pub stance: Stance,
    pub added_by: String,
    pub added_at: DateTime<Utc>,
    pub version: i32,
    /// Who withdrew it and why.
    pub withdrawn: Option<(String, String)>,
    /// Who originally says it; `None` where that is not known.
    pub source: Option<EvidenceSource>,
    /// Who passed it on.
    pub publisher: Option<String>,
    pub information: Information,
    /// A photo or a video shows it.
    pub visual: bool,
    /// A party to the conflict says that it did it.
    pub admission: bool,
    /// The numbers of the excerpt.
    pub reading: Vec<Read>,
    /// What became of each of the claim's figures in the excerpt, in their order.
    pub findings: Vec<Finding>,
}

/// Who originally says what a piece of evidence has.
#[derive(Clone, Debug)]
pub struct EvidenceSource {
    pub id: SourceId,
    pub name: String,
    pub kind: SourceKind,
    pub organisation: Option<String>,
    pub reliability: Reliability,
    pub by: SourceBy,
    /// The excerpt's words that stand for it, where it was read there.
    pub words: Option<String>,
}

#[derive(Clone, Debug)]
pub struct VerdictView {
    pub id: VerdictId,
    pub number: i32,
    /// Which decision it belongs to, and what it is in it.
    pub round: i32,
    pub part: VerdictPart,
    pub reviewer: String,
    /// Given by who looks at it.
    pub is_own: bool,
    /// It is the one that stands.
    pub stands: bool,
    /// Its author took it back.
    pub is_undone: bool,
    pub rating: String,
    /// The rating as it was when it was given.
    pub mark: Option<Arc<Rating>>,
    /// Key, version and name of the scale it was given under.
    pub scale: String,
    pub scale_version: i32,
    pub scale_name: String,
    pub rationale: String,
    pub figure: Option<String>,
    pub given_at: DateTime<Utc>,
    /// What the rating asked for and the evidence did not have.
    pub unmet: Vec<String>,
    /// Why it was given all the same.
    pub override_reason: Option<String>,
}

/// A claim that takes two has its first verdict.
#[derive(Clone, Debug)]
pub struct SecondReview {
    pub first_by: String,
    /// Who looks at it gave the first verdict, and cannot give the second.
    pub is_own: bool,
    /// Why it takes two.
    pub because: String,
}

/// What happened to a claim or an incident.
#[derive(Clone, Debug, PartialEq)]
pub struct HistoryEntry {
    pub at: DateTime<Utc>,
    /// `None`: the system itself.
    pub by: Option<String>,
    pub event: Event,
}

/// Another claim of the same text.
#[derive(Clone, Debug)]
pub struct Neighbour {
    pub id: ClaimId,
    pub span: Span,
    pub stage: Stage,
    pub rating: Option<String>,
    pub mark: Option<Arc<Rating>>,
    pub text: String,
    pub version: i32,
}

/// The workbench: everything about one claim.
#[derive(Clone, Debug)]
pub struct ClaimView {
    pub claim: ClaimRow,
    /// The claim so that it is understood alone; `None` where its own words already are.
    pub statement: Option<String>,
    pub span: Span,
    pub reasons: Vec<String>,
    pub checkworthiness: f32,
    /// How close the article's deadline was when that was last weighed.
    pub phase: Option<Phase>,
    pub extractor: String,
    /// False once the article's latest version no longer has the claim's wording.
    pub in_latest: bool,
    pub author: Option<String>,
    pub address: Option<String>,
    pub published_at: Option<DateTime<Utc>>,
    pub language: String,
    /// The snapshot the claim is anchored in, and of how many it is the what-th.
    pub text: String,
    pub snapshot_number: i32,
    pub snapshots: i32,
    pub lease: Option<LeaseView>,
    pub attributions: Vec<AttributionView>,
    pub corrections: Vec<CorrectionView>,
    /// The claims that took the place of this one.
    pub became: Vec<Related>,
    /// The claims whose place this one took.
    pub came_from: Vec<Related>,
    pub neighbours: Vec<Neighbour>,
    pub evidence: Vec<EvidenceView>,
    /// What its pictures, videos and recordings were found to be; of each, what stands first.
    pub media: Vec<MediaView>,
    /// Newest first, those that were undone and those that do not count included. A first verdict
    /// that waits for a second is there for its author only.
    pub verdicts: Vec<VerdictView>,
    pub links: Vec<LinkView>,
    /// The incident that it is about, then those that it may be about.
    pub incidents: Vec<OfClaim>,
    /// A decided claim whose verdict it could take over.
    pub same_as: Option<SameAs>,
    /// How many claims rest on this one's verdict.
    pub resting_on_it: i64,
    /// Where it stands in public; `None` where it never did.
    pub in_public: Option<InPublic>,
    /// Which decision it is.
    pub round: i32,
    /// What a second reviewer is waited for with.
    pub second: Option<SecondReview>,
    /// Oldest first.
    pub history: Vec<HistoryEntry>,
}

impl ClaimView {
    /// The parts of the priority and why they are there.
    pub fn contributions(&self) -> Vec<Contribution> {
        let worth = f64::from(self.checkworthiness);
        let claim = &self.claim;
        let mut parts =
            priority::contributions(claim.kind, worth, !self.attributions.is_empty(), &claim.measures);
        parts.extend(self.phase.map(Phase::contribution));
        parts.extend(priority::contradiction(claim.contradiction.as_deref()));
        parts
    }

    /// What was said of the medium of a piece of evidence, what stands first.
    pub fn media_of(&self, evidence: EvidenceId) -> impl Iterator<Item = &MediaView> {
        self.media.iter().filter(move |one| one.evidence == evidence)
    }

    /// What a verdict on the claim would rest on.
    pub fn grounds(&self) -> Grounds {
        crate::grounds::grounds(&self.evidence, &self.claim.measures, None)
    }

    /// The verdict that stands.
    pub fn standing(&self) -> Option<&VerdictView> {
        self.verdicts.iter().find(|verdict| verdict.stands)
    }

    /// The two verdicts that differ, the first one first.
    pub fn disagreement(&self) -> Option<(&VerdictView, &VerdictView)> {
        let of = |part: VerdictPart| self.verdicts.iter().find(|v| v.round == self.round && v.part == part);
        let both = of(VerdictPart::First).zip(of(VerdictPart::Second));
        both.filter(|_| self.claim.stage == Stage::Disagreed)
    }

    /// Who corrected a part last.
    pub fn corrected(&self, part: Part) -> Option<&CorrectionView> {
        self.corrections.iter().find(|correction| correction.part == part)
    }
}

/// A claim as the queries of this module read it, before its words are parsed.
struct RawRow {
    id: ClaimId,
    article_id: ArticleId,
    article_title: String,
    outlet: Option<String>,
    text: String,
    kind: String,
    priority: i16,
    stage: String,
    stage_since: DateTime<Utc>,
    runs_unchecked: bool,
    created_at: DateTime<Utc>,
    contradiction: Option<String>,
    rating: Option<String>,
    rating_scale: Option<String>,
    rating_version: Option<i32>,
    version: i32,
    source: Option<String>,
    source_id: Option<SourceId>,
    holder: Option<String>,
    assignee: Option<String>,
    assignee_id: Option<AccountId>,
    measures: Option<serde_json::Value>,
}

impl ClaimRow {
    fn of(row: RawRow, scales: &Scales) -> Result<Self> {
        let (scale, version) = (row.rating_scale, row.rating_version);
        Ok(Self {
            mark: mark(scales, row.rating.as_deref(), scale.as_deref(), version),
            scale,
            scale_version: version,
            kind: word("claim", "kind", &row.kind)?,
            stage: word("claim", "stage", &row.stage)?,
            measures: measures(row.measures)?,
            id: row.id,
            article: row.article_id,
            article_title: row.article_title,
            outlet: row.outlet,
            text: row.text,
            priority: row.priority,
            stage_since: row.stage_since,
            runs_unchecked: row.runs_unchecked,
            created_at: row.created_at,
            contradiction: row.contradiction,
            rating: row.rating,
            version: row.version,
            source: row.source,
            source_id: row.source_id,
            holder: row.holder,
            assignee: row.assignee,
            assignee_id: row.assignee_id,
        })
    }
}

pub(crate) fn measures(bodies: Option<serde_json::Value>) -> Result<Vec<Measure>> {
    bodies.map_or(Ok(Vec::new()), serde_json::from_value).map_err(|error| Error::Inconsistent {
        table: "measure",
        column: "body",
        what: error.to_string(),
    })
}

impl Desk {
    /// What a reviewer sees first.
    ///
    /// # Errors
    /// `Refused` for nobody, or where the database fails.
    pub async fn queue(&self, actor: &Actor) -> Result<Queue> {
        let _: policy::Permit<MayRead> = policy::permit(actor)?;
        let (waiting, today) = self.progress(actor).await?;
        let held = sqlx::query_scalar!(
            r#"select id as "id: ClaimId" from claim where lease_holder = $1 order by lease_until limit 20"#,
            actor.id.0,
        )
        .fetch_all(&self.pool)
        .await
        .doing("list held claims")?;
        let assigned = sqlx::query_scalar!(
            r#"select id as "id: ClaimId" from claim
                where assignee = $1 and stage in ('open', 'reopened', 'awaiting_second_review')
                order by urgency, id limit 20"#,
            actor.id.0,
        )
        .fetch_all(&self.pool)
        .await
        .doing("list what a person is to do")?;
        let next = self.next_in_line(actor.id).await?;
        let for_others = sqlx::query_scalar!(
            r#"select id as "id: ClaimId" from claim
                where stage = 'awaiting_second_review' and first_reviewer = $1
                order by urgency, id limit 8"#,
            actor.id.0,
        )
        .fetch_all(&self.pool)
        .await
        .doing("list what waits for another reviewer")?;
        let disagreed = sqlx::query_scalar!(
            r#"select id as "id: ClaimId" from claim where stage = 'disagreed' order by stage_since, id limit 8"#,
        )
        .fetch_all(&self.pool)
        .await
        .doing("list what reviewers disagree on")?;
        let disagreements = sqlx::query_scalar!(
            r#"select coalesce(sum(n), 0)::bigint as "n!" from desk_tally where stage = 'disagreed'"#,
        )
        .fetch_one(&self.pool)
        .await
        .doing("count disagreements")?;
        let lists = [&held, &assigned, &next, &for_others, &disagreed];
        let all: Vec<ClaimId> = lists.into_iter().flatten().copied().collect();
        let rows = self.rows(&self.pool, &all).await?;
        let of = |ids: &[ClaimId]| rows.iter().filter(|row| ids.contains(&row.id)).cloned().collect();
        Ok(Queue {
            waiting,
            today,
            yours: of(&held),
            assigned: of(&assigned),
            next: of(&next),
            for_others: of(&for_others),
            disagreed: of(&disagreed),
            disagreements,
        })
    }

    /// The next claims that a person could take. What waits for a second review is looked up by who
    /// gave the first one, so that nobody's walk along the index passes over their own.
    async fn next_in_line(&self, person: AccountId) -> Result<Vec<ClaimId>> {
        sqlx::query_scalar!(
            r#"with recursive first (id) as (
                   (select first_reviewer from claim where stage = 'awaiting_second_review' and assignee is null
                     order by first_reviewer limit 1)
                   union all
                   select (select first_reviewer from claim
                            where stage = 'awaiting_second_review' and assignee is null and first_reviewer > first.id
                            order by first_reviewer limit 1)
                     from first where first.id is not null)
               select id as "id!: ClaimId" from (
                   (select id, urgency from claim where stage in ('open', 'reopened') and assignee is null
                     order by urgency, id limit 8)
                   union all
                   select second.* from first cross join lateral (
                       select id, urgency from claim
                        where stage = 'awaiting_second_review' and first_reviewer = first.id and assignee is null
                        order by urgency, id limit 8) second
                    where first.id <> $1
               ) waiting
               order by urgency, id
               limit 8"#,
            person.0,
        )
        .fetch_all(&self.pool)
        .await
        .doing("list the next claims")
    }

    /// How many claims wait that the person could take, and how many verdicts the person gave today
    /// (UTC).
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn progress(&self, actor: &Actor) -> Result<(i64, i64)> {
        let counts = sqlx::query!(
            r#"select (select coalesce(sum(n), 0)::bigint from desk_tally
                        where stage in ('open', 'reopened', 'awaiting_second_review')) as "waiting!",
                      (select count(*) from (
                           select from claim
                            where stage = 'awaiting_second_review' and first_reviewer = $1 and assignee is null
                            limit 1000) own) as "own!",
                      (select coalesce(sum(n), 0)::bigint from assignee_tally
                        where stage in ('open', 'reopened', 'awaiting_second_review')
                          and account_id <> $1) as "others!",
                      (select coalesce(sum(n), 0)::bigint from reviewer_tally
                        where reviewer_id = $1 and day = $2) as "today!""#,
            actor.id.0,
            self.clock.now().date_naive(),
        )
        .fetch_one(&self.pool)
        .await
        .doing("count the queue")?;
        Ok(((counts.waiting - counts.own - counts.others).max(0), counts.today))
    }

    /// Claims that pass a filter, a page at a time.
    ///
    /// # Errors
    /// `Refused` for nobody, or where the database fails.
    pub async fn claims(
        &self,
        actor: &Actor,
        filter: &ClaimFilter,
        sort: Sort,
        after: Option<Cursor>,
        limit: i64,
    ) -> Result<Page<ClaimRow>> {
        let _: policy::Permit<MayRead> = policy::permit(actor)?;
        let limit = limit.clamp(1, 200);
        let found = self.matching(filter, sort, after, limit + 1).await?;
        let page = Page::of(found, limit, |(key, id)| Cursor { key: *key, id: id.0 });
        let ids: Vec<ClaimId> = page.rows.iter().map(|(_, id)| *id).collect();
        Ok(Page { rows: self.rows(&self.reads, &ids).await?, next: page.next })
    }

    /// Sort keys and ids only, so that each order is one walk along one index. What is in no index in that
    /// order, such as words, is found on the way if it is frequent; only for what is rare is everything
    /// that passes looked up and put in order. Which of the two it is, Postgres would have to guess: that
    /// two frequent words never stand together, or that a word stands in what matters least, it cannot
    /// know, and walks through the whole table. So a walk ends after some thousand claims.
    pub(crate) async fn matching(
        &self,
        filter: &ClaimFilter,
        sort: Sort,
        after: Option<Cursor>,
        limit: i64,
    ) -> Result<Vec<(i64, ClaimId)>> {
        let stage = filter.stage.map(Stage::word);
        let kind = filter.kind.map(ClaimKind::word);
        let indicator = filter.indicator.map(Indicator::word);
        let after_id = after.map(|cursor| cursor.id);
        // A source of one name is one walk along its index; where it has more, theirs are put together.
        let called = match filter.source {
            Some(source) => Some(self.names_of(source).await?),
            None => None,
        };
        let alone = called.as_deref().filter(|called| called.len() == 1).and_then(|one| one.first().copied());
        let several = called.filter(|called| called.len() > 1);
        let rating = filter.rating.as_deref().map(storable);
        let scale = filter.scale.as_deref().map(storable);
        let outcome = match filter.outcome {
            Some(outcome) => {
                let scales = self.scales().await?;
                let ratings = scales.ratings().into_iter().filter(|rating| outcome.is_of(rating.tone));
                Some(ratings.map(|rating| rating.key.clone()).collect::<Vec<_>>())
            }
            None => None,
        };
        let q = filter.q.as_deref().map(searchable).filter(|q| !q.trim().is_empty());
        // Whose verdict of some days is wanted is found by these days.
        // In the order of verdicts they are walked along, and nothing else says which claims have one.
        let walks = sort == Sort::Judged;
        let judged = filter.judged().or_else(|| walks.then(|| ends(Period::default())));
        let reviewer = filter.reviewer.filter(|_| judged.is_none()).map(|id| id.0);
        let happened = filter.happened()?;
        let evidence_from = match filter.evidence_from {
            Some(source) => Some(self.names_of(source).await?),
            None => None,
        };
        // What a filter stands for is written once, around it how the claims that pass are looked for. All of
        // it is checked at compile time.
        macro_rules! asked {
            ($first:literal, $between:literal, $last:literal, $after:expr) => {
                sqlx::query_as!(
                    Found,
                    $first
                        + r#"($1::text is null or stage = $1)
                      and ($2::text is null or rating = $2)
                      and ($3::text is null or kind = $3)
                      and ($5::uuid is null or source_id = $5)
                      and ($13::uuid[] is null or source_id = any($13))
                      and ($6::uuid is null or article_id = $6)
                      and ($7::uuid is null or lease_holder = $7 or assignee = $7)
                      and ($14::uuid is null
                           or id = any(array(select claim_id from incident_claim m
                                              where m.incident_id = $14 and m.standing = 'confirmed')))
                      and ($16::timestamptz is null or $27
                           or id = any(array(select v.claim_id from verdict v
                                              where v.given_at >= $16 and v.given_at < $17
                                                and ($18::uuid is null or v.reviewer_id = $18)
                                                and not exists (select from verdict_undone u where u.verdict_id = v.id))))
                      and ($20::text is null
                           or id = any(array(select h.claim_id from happening h
                                              where h.what = $20 and h.at >= $21 and h.at < $22
                                                and ($23::text is null or h.scale = $23)
                                                and ($24::uuid is null or $24 in (h.one, h.other))
                                                and ($25::uuid is null or $25 in (h.one, h.other)))))
                      and ($26::uuid[] is null
                           or id = any(array(select e.claim_id from evidence e
                                              where e.source_id = any($26) and e.withdrawn_at is null)))"#
                        + $between
                        + r#"($15::text[] is null
                           or (rating = any($15) and stage in ('settled', 'published')
                               -- of a source: what it says, as its track record counts it
                               and (asserted is not false or ($5::uuid is null and $13::uuid[] is null))))
                      and ($4::text is null or indicators @> array[$4])
                      and ($8::uuid is null or reviewers @> array[$8])
                      and ($19::timestamptz is null or stage_since < $19)
                      and ($9::text is null or search @@ websearch_to_tsquery('english', $9))"#
                        + $last,
                    stage,
                    rating,
                    kind,
                    indicator,
                    alone,
                    filter.article.map(|id| id.0),
                    filter.assignee.map(|id| id.0),
                    reviewer,
                    q,
                    $after,
                    after_id,
                    limit,
                    several.as_deref(),
                    filter.incident.map(|id| id.0),
                    outcome.as_deref(),
                    judged.map(|(from, _)| from),
                    judged.map(|(_, before)| before),
                    judged.and(filter.reviewer).map(|id| id.0),
                    filter.since_before,
                    happened.map(|one| one.came.word()),
                    happened.map(|one| one.from),
                    happened.map(|one| one.before),
                    scale,
                    filter.judge.map(|id| id.0),
                    filter.other_judge.map(|id| id.0),
                    evidence_from.as_deref(),
                    walks,
                )
                .fetch_all(Anew(&self.reads))
                .await
                .doing("list claims")?
            };
        }
        let late = filter.since_before.is_some() && sort != Sort::Waiting;
        let unordered = q.is_some() || indicator.is_some() || reviewer.is_some() || late;
        let few = unordered || (outcome.is_some() && filter.source.is_some());
        let enough = |found: &[Found]| i64::try_from(found.len()).is_ok_and(|found| found >= limit);
        let walked = match (few, sort) {
            (false, _) => Vec::new(),
            (true, Sort::Priority) => asked!(
                r#"select urgency::bigint as "key!", id
                     from (select urgency, id, stage, stage_since, rating, asserted, indicators, reviewers, search from claim where "#,
                " and ($10::bigint is null or (urgency, id) > ($10, $11::uuid))
                    order by urgency, id limit 4000) walked
                    where ",
                " order by urgency, id limit $12",
                after.map(|cursor| cursor.key)
            ),
            (true, Sort::Newest) => asked!(
                r#"select 0::bigint as "key!", id
                     from (select id, stage, stage_since, rating, asserted, indicators, reviewers, search from claim where "#,
                " and ($10::bigint is null or id < $11::uuid)
                    order by id desc limit 4000) walked
                    where ",
                " order by id desc limit $12",
                after.map(|cursor| cursor.key)
            ),
            (true, Sort::Waiting) => asked!(
                r#"select (extract(epoch from stage_since) * 1000000)::bigint as "key!", id
                     from (select stage_since, id, stage, rating, asserted, indicators, reviewers, search from claim where "#,
                " and ($10::timestamptz is null or (stage_since, id) > ($10, $11::uuid))
                    order by stage_since, id limit 4000) walked
                    where ",
                " order by stage_since, id limit $12",
                after.map(|cursor| cursor.moment()).transpose()?
            ),
            (true, Sort::Judged) => asked!(
                r#"select (extract(epoch from judged_at) * 1000000)::bigint as "key!", id
                     from (select judged_at, id, stage, stage_since, rating, asserted, indicators, reviewers, search
                     from (select v.given_at as judged_at, v.claim_id as of_claim from verdict v
                            where v.given_at >= $16 and v.given_at < $17 and ($18::uuid is null or v.reviewer_id = $18)
                              and ($10::timestamptz is null or v.given_at <= $10)
                              and not exists (select from verdict_undone u where u.verdict_id = v.id)
                              and not exists (select from verdict later
                                               where later.claim_id = v.claim_id and later.number > v.number
                                                 and later.given_at < $17
                                                 and ($18::uuid is null or later.reviewer_id = $18)
                                                 and not exists (select from verdict_undone u where u.verdict_id = later.id))) given
                     join claim on claim.id = given.of_claim where "#,
                " and ($10::timestamptz is null or (judged_at, id) < ($10, $11::uuid))
                    order by judged_at desc, id desc limit 4000) walked
                    where ",
                " order by judged_at desc, id desc limit $12",
                after.map(|cursor| cursor.moment()).transpose()?
            ),
        };
        let found: Vec<Found> = match (few, sort) {
            _ if enough(&walked) => walked,
            (true, Sort::Priority) => asked!(
                "with passing as materialized (select urgency, id from claim where ",
                " and ",
                r#") select urgency::bigint as "key!", id
                       from passing
                      where $10::bigint is null or (urgency, id) > ($10, $11::uuid)
                      order by urgency, id limit $12"#,
                after.map(|cursor| cursor.key)
            ),
            (true, Sort::Newest) => asked!(
                "with passing as materialized (select id from claim where ",
                " and ",
                r#") select 0::bigint as "key!", id
                       from passing
                      where $10::bigint is null or id < $11::uuid
                      order by id desc limit $12"#,
                after.map(|cursor| cursor.key)
            ),
            (true, Sort::Waiting) => asked!(
                "with passing as materialized (select stage_since, id from claim where ",
                " and ",
                r#") select (extract(epoch from stage_since) * 1000000)::bigint as "key!", id
                       from passing
                      where $10::timestamptz is null or (stage_since, id) > ($10, $11::uuid)
                      order by stage_since, id limit $12"#,
                after.map(|cursor| cursor.moment()).transpose()?
            ),
            (true, Sort::Judged) => asked!(
                "with passing as materialized (select id from claim where ",
                " and ",
                r#") select (extract(epoch from judged_at) * 1000000)::bigint as "key!", id
                       from passing
                      cross join lateral (
                            select v.given_at as judged_at from verdict v
                             where v.claim_id = passing.id and v.given_at >= $16 and v.given_at < $17
                               and ($18::uuid is null or v.reviewer_id = $18)
                               and not exists (select from verdict_undone u where u.verdict_id = v.id)
                             order by v.number desc limit 1) given
                      where $10::timestamptz is null or (judged_at, id) < ($10, $11::uuid)
                      order by judged_at desc, id desc limit $12"#,
                after.map(|cursor| cursor.moment()).transpose()?
            ),
            (false, Sort::Priority) => asked!(
                r#"select urgency::bigint as "key!", id from claim where "#,
                " and ",
                " and ($10::bigint is null or (urgency, id) > ($10, $11::uuid)) order by urgency, id limit $12",
                after.map(|cursor| cursor.key)
            ),
            (false, Sort::Newest) => asked!(
                r#"select 0::bigint as "key!", id from claim where "#,
                " and ",
                " and ($10::bigint is null or id < $11::uuid) order by id desc limit $12",
                after.map(|cursor| cursor.key)
            ),
            (false, Sort::Waiting) => asked!(
                r#"select (extract(epoch from stage_since) * 1000000)::bigint as "key!", id from claim where "#,
                " and ",
                " and ($10::timestamptz is null or (stage_since, id) > ($10, $11::uuid))
                    order by stage_since, id limit $12",
                after.map(|cursor| cursor.moment()).transpose()?
            ),
            (false, Sort::Judged) => asked!(
                r#"select (extract(epoch from judged_at) * 1000000)::bigint as "key!", id
                     from (select v.given_at as judged_at, v.claim_id as of_claim from verdict v
                            where v.given_at >= $16 and v.given_at < $17 and ($18::uuid is null or v.reviewer_id = $18)
                              and ($10::timestamptz is null or v.given_at <= $10)
                              and not exists (select from verdict_undone u where u.verdict_id = v.id)
                              and not exists (select from verdict later
                                               where later.claim_id = v.claim_id and later.number > v.number
                                                 and later.given_at < $17
                                                 and ($18::uuid is null or later.reviewer_id = $18)
                                                 and not exists (select from verdict_undone u where u.verdict_id = later.id))) given
                     join claim on claim.id = given.of_claim where "#,
                " and ",
                " and ($10::timestamptz is null or (judged_at, id) < ($10, $11::uuid))
                    order by judged_at desc, id desc limit $12",
                after.map(|cursor| cursor.moment()).transpose()?
            ),
        };
        Ok(found.into_iter().map(|row| (row.key, row.id)).collect())
    }

    /// How often each of some claims counts among what a list is of: all together, as often as the number
    /// says that leads to the list. Those that count once for all of it are not among them.
    ///
    /// # Errors
    /// As [`Self::claims`].
    pub async fn times(
        &self,
        actor: &Actor,
        filter: &ClaimFilter,
        claims: &[ClaimId],
    ) -> Result<HashMap<ClaimId, Times>> {
        let _: policy::Permit<MayRead> = policy::permit(actor)?;
        let (judged, happened) = (filter.judged(), filter.happened()?);
        if judged.is_none() && happened.is_none() && filter.evidence_from.is_none() {
            return Ok(HashMap::new());
        }
        let from = match filter.evidence_from {
            Some(source) => self.names_of(source).await?,
            None => Vec::new(),
        };
        let ids: Vec<Uuid> = claims.iter().map(|id| id.0).collect();
        let rows = sqlx::query!(
            r#"select id as "id!: ClaimId",
                      (select count(*) from verdict v
                        where v.claim_id = listed.id and v.given_at >= $2 and v.given_at < $3
                          and ($4::uuid is null or v.reviewer_id = $4)
                          and not exists (select from verdict_undone u where u.verdict_id = v.id)) as "verdicts!",
                      (select count(*) from happening h
                        where h.claim_id = listed.id and h.what = $5 and h.at >= $6 and h.at < $7
                          and ($8::text is null or h.scale = $8)
                          and ($9::uuid is null or $9 in (h.one, h.other))
                          and ($10::uuid is null or $10 in (h.one, h.other))) as "came!",
                      (select count(*) from evidence e
                        where e.claim_id = listed.id and e.source_id = any($11) and e.withdrawn_at is null) as "evidence!"
                 from unnest($1::uuid[]) as listed (id)"#,
            &ids,
            judged.map(|(from, _)| from),
            judged.map(|(_, before)| before),
            filter.reviewer.map(|id| id.0),
            happened.map(|one| one.came.word()),
            happened.map(|one| one.from),
            happened.map(|one| one.before),
            filter.scale.as_deref().map(storable),
            filter.judge.map(|id| id.0),
            filter.other_judge.map(|id| id.0),
            &from,
        )
        .fetch_all(Anew(&self.reads))
        .await
        .doing("count how often claims are meant")?;
        let times = rows
            .into_iter()
            .map(|row| (row.id, Times { verdicts: row.verdicts, came: row.came, evidence: row.evidence }));
        Ok(times.filter(|(_, times)| times.verdicts.max(times.came).max(times.evidence) > 1).collect())
    }

    /// The claims with these ids, in this order, each as a list shows it. Lists read where they
    /// found the ids; what a person just changed is read from the primary.
    pub(crate) async fn rows(&self, from: &Db, ids: &[ClaimId]) -> Result<Vec<ClaimRow>> {
        macro_rules! read {
            ($wanted:literal, $ids:expr) => {
                sqlx::query_as!(
                    RawRow,
                    r#"select claim.id, claim.article_id, article.title as article_title, outlet.name as "outlet?",
                      claim.text, claim.kind, claim.priority, claim.stage, claim.stage_since, claim.created_at,
                      claim.contradiction, claim.rating, claim.rating_scale, claim.rating_version, claim.version,
                      source.name as "source?", claim.source_id, holder.name as "holder?",
                      assignee.name as "assignee?", claim.assignee as "assignee_id: AccountId",
                      claim.in_latest and runs_unchecked(claim.stage, claim.rating, claim.first_reviewer)
                      and exists (select from claim_let_go mark where mark.claim_id = claim.id and mark.until is null)
                          as "runs_unchecked!",
                      (select jsonb_agg(body order by position) from measure
                        where measure.claim_id = claim.id) as measures
                 from "#
                        + $wanted
                        + r#"
                 join claim on claim.id = wanted.id
                 join article on article.id = claim.article_id
                 left join outlet on outlet.id = article.outlet_id
                 left join source on source.id = claim.source_id
                 left join account holder on holder.id = claim.lease_holder
                 left join account assignee on assignee.id = claim.assignee
                order by wanted.place"#,
                    $ids,
                )
                .fetch_all(from)
                .await
                .doing("read claims")?
            };
        }
        // One is read with one plan for all; of many, Postgres makes the plan anew until it knows how many.
        let rows = match ids {
            [one] => read!("(select $1::uuid as id, 1 as place) as wanted", one.0),
            _ => {
                let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
                read!("unnest($1::uuid[]) with ordinality as wanted (id, place)", &ids)
            }
        };
        let given = rows.iter().map(|row| (row.rating_scale.as_deref(), row.rating_version));
        let scales = self.scales_with(given).await?;
        rows.into_iter().map(|row| ClaimRow::of(row, &scales)).collect()
    }

    /// One claim as a list shows it.
    ///
    /// # Errors
    /// `NotFound`, or where the database fails.
    pub async fn claim_row(&self, actor: &Actor, id: ClaimId) -> Result<ClaimRow> {
        let _: policy::Permit<MayRead> = policy::permit(actor)?;
        self.rows(&self.pool, &[id]).await?.pop().ok_or(Error::NotFound("claim"))
    }

    /// Some claims as a list shows them, in this order.
    ///
    /// # Errors
    /// `Refused` for nobody, or where the database fails.
    pub async fn claim_rows(&self, actor: &Actor, ids: &[ClaimId]) -> Result<Vec<ClaimRow>> {
        let _: policy::Permit<MayRead> = policy::permit(actor)?;
        self.rows(&self.pool, ids).await
    }

    /// Everything about one claim.
    ///
    /// # Errors
    /// `NotFound`, or where the database fails.
    pub async fn claim(&self, actor: &Actor, id: ClaimId) -> Result<ClaimView> {
        self.on_one_connection().claim_over_one(actor, id).await
    }

    async fn claim_over_one(&self, actor: &Actor, id: ClaimId) -> Result<ClaimView> {
        let claim = self.claim_row(actor, id).await?;
        let base = sqlx::query!(
            r#"select claim.statement, claim.span_start, claim.span_end, claim.reasons, claim.checkworthiness, claim.extractor,
                      claim.in_latest, claim.lease_holder, claim.lease_until, claim.round, claim.verdict_id,
                      claim.first_reviewer is not null and claim.second_reviewer is null as "is_second!",
                      article.author, article.address, article.published_at, article.language, article.deadline_phase,
                      snapshot.text, claim.snapshot_id as "snapshot_id: Uuid",
                      (select max(number) from article_snapshot v
                        where v.article_id = claim.article_id and v.snapshot_id = claim.snapshot_id) as "number!",
                      (select max(number) from article_snapshot v
                        where v.article_id = claim.article_id) as "snapshots!"
                 from claim
                 join article on article.id = claim.article_id
                 join snapshot on snapshot.id = claim.snapshot_id
                where claim.id = $1"#,
            id.0,
        )
        .fetch_one(&self.pool)
        .await
        .doing("read a claim")?;
        let neighbours = sqlx::query!(
            "select id, span_start, span_end, stage, rating, rating_scale, rating_version, text, version from claim
              where article_id = $1 and snapshot_id = $2 and id <> $3
              order by span_start, id limit 2000",
            claim.article.0,
            base.snapshot_id,
            id.0,
        )
        .fetch_all(&self.pool)
        .await
        .doing("read an article's claims")?;
        let given = neighbours.iter().map(|row| (row.rating_scale.as_deref(), row.rating_version));
        let scales = self.scales_with(given).await?;
        let neighbours = neighbours
            .into_iter()
            .map(|row| {
                Ok(Neighbour {
                    mark: mark(
                        &scales,
                        row.rating.as_deref(),
                        row.rating_scale.as_deref(),
                        row.rating_version,
                    ),
                    id: row.id,
                    span: span(row.span_start, row.span_end),
                    stage: word("claim", "stage", &row.stage)?,
                    rating: row.rating,
                    text: row.text,
                    version: row.version,
                })
            })
            .collect::<Result<_>>()?;
        let lease = match (base.lease_holder, base.lease_until, &claim.holder) {
            (Some(holder), Some(until), Some(name)) => Some(LeaseView { holder, name: name.clone(), until }),
            _ => None,
        };
        let (became, came_from) = self.related(id).await?;
        let evidence = evidence_of(&self.pool, id, &claim.measures).await?;
        let pieces: Vec<EvidenceId> = evidence.iter().map(|piece| piece.id).collect();
        Ok(ClaimView {
            statement: base.statement,
            corrections: self.corrections(id).await?,
            became,
            came_from,
            span: span(base.span_start, base.span_end),
            reasons: base.reasons,
            checkworthiness: base.checkworthiness,
            phase: base.deadline_phase.map(|phase| word("article", "deadline_phase", &phase)).transpose()?,
            extractor: base.extractor,
            in_latest: base.in_latest,
            author: base.author,
            address: base.address,
            published_at: base.published_at,
            language: base.language,
            text: base.text,
            snapshot_number: base.number,
            snapshots: base.snapshots,
            lease,
            attributions: self.attributions(id).await?,
            neighbours,
            media: self.media_of(&pieces).await?,
            evidence,
            links: self.links_of(id).await?,
            incidents: self.incidents_of(actor, id).await?,
            same_as: self.same_as(actor, id).await?,
            resting_on_it: self.resting_on(id).await?,
            in_public: self.in_public(id).await?,
            verdicts: self.verdicts(id, actor.id, base.verdict_id).await?,
            round: base.round,
            second: if base.is_second { self.second(id, actor.id).await? } else { None },
            history: self.history_of(id, None).await?,
            claim,
        })
    }

    async fn attributions(&self, id: ClaimId) -> Result<Vec<AttributionView>> {
        let mut of_claim = self.attributions_of(&[id.0]).await?;
        Ok(of_claim.remove(&id).unwrap_or_default())
    }

    /// Who says each of these claims, the original source first.
    pub(crate) async fn attributions_of(
        &self,
        claims: &[Uuid],
    ) -> Result<HashMap<ClaimId, Vec<AttributionView>>> {
        let rows = sqlx::query!(
            r#"select a.claim_id as "claim_id: ClaimId", a.source_id, source.name as "name?",
                      source.kind as "kind?", a.role, a.organisation, a.party, a.mention, a.mention_start,
                      a.mention_end, a.cue, a.manner, a.polarity, a.told_to, a.confidence, a.linked_by
                 from attribution a left join source on source.id = a.source_id
                where a.claim_id = any($1)
                order by a.claim_id, a.hop"#,
            claims,
        )
        .fetch_all(&self.pool)
        .await
        .doing("read attributions")?;
        let mut of_claims: HashMap<ClaimId, Vec<AttributionView>> = HashMap::new();
        for row in rows {
            let view = AttributionView {
                source: row.source_id,
                name: row.name,
                kind: row.kind.map(|kind| word("source", "kind", &kind)).transpose()?,
                role: row.role,
                organisation: row.organisation,
                party: row.party,
                mention: row.mention,
                mention_at: row.mention_start.zip(row.mention_end).map(|(from, to)| span(from, to)),
                cue: row.cue,
                manner: word("attribution", "manner", &row.manner)?,
                polarity: word("attribution", "polarity", &row.polarity)?,
                told_to: row.told_to,
                confidence: row.confidence,
                linked_by: row.linked_by,
            };
            of_claims.entry(row.claim_id).or_default().push(view);
        }
        Ok(of_claims)
    }

    async fn corrections(&self, id: ClaimId) -> Result<Vec<CorrectionView>> {
        let mut of_claim = self.corrections_of(&[id.0]).await?;
        Ok(of_claim.remove(&id).unwrap_or_default())
    }

    /// What people have corrected of each of these claims.
    pub(crate) async fn corrections_of(
        &self,
        claims: &[Uuid],
    ) -> Result<HashMap<ClaimId, Vec<CorrectionView>>> {
        let rows = sqlx::query!(
            r#"select c.claim_id as "claim_id: ClaimId", c.part, account.name as by, c.at
                 from correction c join account on account.id = c.by
                where c.claim_id = any($1)
                order by c.claim_id, c.at, c.part"#,
            claims,
        )
        .fetch_all(&self.pool)
        .await
        .doing("read corrections")?;
        let mut of_claims: HashMap<ClaimId, Vec<CorrectionView>> = HashMap::new();
        for row in rows {
            let view =
                CorrectionView { part: word("correction", "part", &row.part)?, by: row.by, at: row.at };
            of_claims.entry(row.claim_id).or_default().push(view);
        }
        Ok(of_claims)
    }

    /// The claims that took the place of one, and those whose place it took.
    async fn related(&self, id: ClaimId) -> Result<(Vec<Related>, Vec<Related>)> {
        let related = sqlx::query!(
            r#"select claim.id as "id!: Uuid", claim.text as "text!", s.how as "how!", true as "became!"
                 from succession s join claim on claim.id = s.became_id where s.claim_id = $1
               union all
               select claim.id, claim.text, s.how, false
                 from succession s join claim on claim.id = s.claim_id where s.became_id = $1
                order by 1"#,
            id.0,
        )
        .fetch_all(&self.pool)
        .await
        .doing("read what became of a claim")?
        .into_iter()
        .map(|row| {
            let related =
                Related { id: ClaimId(row.id), text: row.text, how: word("succession", "how", &row.how)? };
            Ok((related, row.became))
        })
        .collect::<Result<Vec<_>>>()?;
        let (became, came_from): (Vec<_>, Vec<_>) = related.into_iter().partition(|(_, became)| *became);
        let only = |related: Vec<(Related, bool)>| related.into_iter().map(|(one, _)| one).collect();
        Ok((only(became), only(came_from)))
    }

    /// The verdicts of a claim as a person may see them: a first verdict is its author's alone until
    /// another one that is not a first has followed it.
    async fn verdicts(
        &self,
        id: ClaimId,
        viewer: AccountId,
        stands: Option<VerdictId>,
    ) -> Result<Vec<VerdictView>> {
        let rows = sqlx::query!(
            r#"select v.id as "id: VerdictId", v.number, v.round, v.part, account.name as reviewer, v.reviewer_id,
                      v.scale, v.scale_version, v.rating, v.rationale, v.figure_text as figure, v.given_at,
                      v.unmet, v.override_reason,
                      exists (select from verdict_undone u where u.verdict_id = v.id) as "is_undone!"
                 from verdict v join account on account.id = v.reviewer_id
                where v.claim_id = $1
                  and (v.part <> 'first' or v.reviewer_id = $2
                       or exists (select from verdict later
                                   where later.claim_id = v.claim_id and later.number > v.number
                                     and later.part <> 'first'))
                order by v.number desc
                limit 200"#,
            id.0,
            viewer.0,
        )
        .fetch_all(&self.pool)
        .await
        .doing("read verdicts")?;
        let given = rows.iter().map(|row| (Some(row.scale.as_str()), Some(row.scale_version)));
        let scales = self.scales_with(given).await?;
        rows.into_iter()
            .map(|row| {
                Ok(VerdictView {
                    is_own: row.reviewer_id == viewer,
                    stands: Some(row.id) == stands,
                    id: row.id,
                    number: row.number,
                    round: row.round,
                    part: word("verdict", "part", &row.part)?,
                    reviewer: row.reviewer,
                    is_undone: row.is_undone,
                    mark: mark(&scales, Some(&row.rating), Some(&row.scale), Some(row.scale_version)),
                    rating: row.rating,
                    scale_name: scales
                        .version(&row.scale, row.scale_version)
                        .map_or_else(|| row.scale.clone(), |scale| scale.name.clone()),
                    scale: row.scale,
                    scale_version: row.scale_version,
                    rationale: row.rationale,
                    figure: row.figure,
                    given_at: row.given_at,
                    unmet: row.unmet,
                    override_reason: row.override_reason,
                })
            })
            .collect()
    }

    async fn second(&self, id: ClaimId, viewer: AccountId) -> Result<Option<SecondReview>> {
        let first = sqlx::query!(
            r#"select account.name as first_by, v.reviewer_id, v.second_because as "because!"
                 from claim
                 join verdict v on v.claim_id = claim.id and v.round = claim.round
                                and v.reviewer_id = claim.first_reviewer
                 join account on account.id = v.reviewer_id
                where claim.id = $1"#,
            id.0,
        )
        .fetch_optional(&self.pool)
        .await
        .doing("read why a claim takes two reviewers")?;
        Ok(first.map(|row| SecondReview {
            first_by: row.first_by,
            is_own: row.reviewer_id == viewer,
            because: row.because,
        }))
    }

    /// What happened to a claim, oldest first, up to a moment.
    ///
    /// # Errors
    /// `NotFound`, or where the database fails.
    pub async fn history(
        &self,
        actor: &Actor,
        id: ClaimId,
        as_of: Option<DateTime<Utc>>,
    ) -> Result<Vec<HistoryEntry>> {
        let _: policy::Permit<MayRead> = policy::permit(actor)?;
        let entries = self.history_of(id, as_of).await?;
        // Every claim has a history; before its first entry, or without one, it may not exist at all.
        if entries.is_empty() {
            self.claim_row(actor, id).await?;
        }
        Ok(entries)
    }

    async fn history_of(&self, id: ClaimId, as_of: Option<DateTime<Utc>>) -> Result<Vec<HistoryEntry>> {
        sqlx::query!(
            r#"select event.at, account.name as "by?", event.body
                 from event left join account on account.id = event.actor_id
                where event.claim_id = $1 and ($2::timestamptz is null or event.at <= $2)
                order by event.id
                limit 2000"#,
            id.0,
            as_of,
        )
        .fetch_all(&self.pool)
        .await
        .doing("read the history")?
        .into_iter()
        .map(|row| {
            let event = serde_json::from_value(row.body).map_err(|error| Error::Inconsistent {
                table: "event",
                column: "body",
                what: error.to_string(),
            })?;
            Ok(HistoryEntry { at: row.at, by: row.by, event })
        })
        .collect()
    }
}

/// Evidence of a claim and of those whose place it took, read for the claim's figures.
pub(crate) async fn evidence_of(
    db: impl sqlx::PgExecutor<'_>,
    id: ClaimId,
    claimed: &[Measure],
) -> Result<Vec<EvidenceView>> {
    let mut of_claims = evidence_of_each(db, &HashMap::from([(id, claimed)]), 500).await?;
    Ok(of_claims.remove(&id).unwrap_or_default())
}

/// Evidence of each of these claims with its figures, as [`evidence_of`], and no more than `limit` pieces
/// in all.
pub(crate) async fn evidence_of_each(
    db: impl sqlx::PgExecutor<'_>,
    claims: &HashMap<ClaimId, &[Measure]>,
    limit: i64,
) -> Result<HashMap<ClaimId, Vec<EvidenceView>>> {
    let ids: Vec<Uuid> = claims.keys().map(|id| id.0).collect();
    let rows = sqlx::query!(
        r#"with recursive whose (root, id) as (
               select id, id from unnest($1::uuid[]) as asked (id)
               union
               select whose.root, s.claim_id from whose join succession s on s.became_id = whose.id)
           select whose.root as "root!: ClaimId", e.id, e.claim_id, e.address, e.title, e.excerpt, e.stance,
                  adder.name as added_by, e.added_at, e.version,
                  withdrawer.name as "withdrawn_by?", e.withdrawn_reason, source.id as "source_id?: SourceId",
                  source.name as "source?", source.kind as "source_kind?",
                  source.organisation as "source_organisation?", e.source_by, e.source_words, e.publisher,
                  e.information, e.visual, e.admission, e.reading,
                  (select g.grade from source_grade g where g.source_id = source.id
                    order by g.id desc limit 1) as grade
             from whose
             join evidence e on e.claim_id = whose.id
             join account adder on adder.id = e.added_by
             left join account withdrawer on withdrawer.id = e.withdrawn_by
             left join source called on called.id = e.source_id
             -- under whatever name: what one speaker says under two is one source
             left join source on source.id = coalesce(called.same_as, called.id)
            order by e.withdrawn_at is not null, e.added_at, e.id
            limit $2"#,
        &ids,
        limit,
    )
    .fetch_all(db)
    .await
    .doing("read evidence")?;
    let mut of_claims: HashMap<ClaimId, Vec<EvidenceView>> = HashMap::new();
    for row in rows {
        let claimed = claims.get(&row.root).copied().unwrap_or_default();
        let reading: Vec<Read> = match row.reading {
            Some(reading) => serde_json::from_value(reading).map_err(|error| Error::Inconsistent {
                table: "evidence",
                column: "reading",
                what: error.to_string(),
            })?,
            // From before excerpts were read.
            None => Reading::of(&row.excerpt).figures,
        };
        let source = match (row.source_id, row.source, row.source_kind, row.source_by) {
            (Some(id), Some(name), Some(kind), Some(by)) => Some(EvidenceSource {
                id,
                name,
                kind: word("source", "kind", &kind)?,
                organisation: row.source_organisation,
                reliability: row
                    .grade
                    .map_or(Ok(Reliability::F), |grade| word("source_grade", "grade", &grade))?,
                by: word("evidence", "source_by", &by)?,
                words: row.source_words,
            }),
            _ => None,
        };
        let view = EvidenceView {
            id: row.id,
            claim: row.claim_id,
            address: row.address,
            title: row.title,
            excerpt: row.excerpt,
            stance: word("evidence", "stance", &row.stance)?,
            added_by: row.added_by,
            added_at: row.added_at,
            version: row.version,
            withdrawn: row.withdrawn_by.zip(row.withdrawn_reason),
            source,
            publisher: row.publisher,
            information: Information::of_number(row.information).unwrap_or(Information::Six),
            visual: row.visual,
            admission: row.admission,
            findings: claimed.iter().map(|figure| look_for(figure, &reading)).collect(),
            reading,
        };
        of_claims.entry(row.root).or_default().push(view);
    }
    Ok(of_claims)
}

struct Found {
    key: i64,
    id: ClaimId,
}

/// The beginning of what was typed into the search box: Postgres refuses a search of very many words,
/// and nobody types one.
fn searchable(typed: &str) -> String {
    storable(&typed.chars().take(300).collect::<String>())
}

/// The table refuses negative offsets.
pub(crate) fn span(start: i32, end: i32) -> Span {
    Span { start: start.unsigned_abs(), end: end.unsigned_abs() }
}
