//! What rests on a verdict: found before the verdict moves, and put back into the queue when it
//! does.

use crate::Desk;
use crate::articles::standings;
use crate::error::{Doing, Error, Result, word};
use crate::fetches::Fetched;
use crate::incidents::wait_again;
use crate::media::assessed_of;
use crate::publish::told_of_media;
use crate::tx::{About, Tx};
use crate::work::{Locked, lock, lock_all};
use chrono::{DateTime, Utc};
use domain::clearance::Clearance;
use domain::history::Event;
use domain::id::{AccountId, ArticleId, ClaimId, EvidenceId, ReceiverId};
use domain::link::{LinkKind, Move, after};
use domain::media::{AssessedMedia, Authenticity, Medium};
use domain::policy::{self, Actor, Read, Review};
use domain::scale::Scales;
use domain::workflow::Stage;
use sha2::{Digest as _, Sha256};
use sqlx::{PgConnection, PgExecutor};
use std::collections::{BTreeSet, HashMap};
use uuid::Uuid;

/// More claims than this never rested on one; the rest would not fit on a page either.
const MOST: i64 = 1_000;

/// What is about to happen to a verdict, as far as others depend on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// The rating and the figure stay; only the words of the verdict change.
    Words,
    /// Another rating, or another figure under this one.
    Verdict { rating: String },
    /// Back into the queue.
    Withdrawn,
}

/// A claim that rests on another.
#[derive(Clone, Debug)]
pub struct DependantClaim {
    pub id: ClaimId,
    pub how: LinkKind,
    pub text: String,
    pub stage: Stage,
    pub rating: Option<String>,
    /// The desk's policy lets it run unchecked, once no verdict stands for it.
    pub let_go: bool,
    pub article: ArticleId,
    pub article_title: String,
    /// Whether the article's latest text has it.
    pub in_latest: bool,
    /// Who is checking it right now.
    pub holder: Option<(AccountId, String)>,
    /// The page it has in public.
    pub slug: Option<String>,
}

impl DependantClaim {
    /// Where it goes when its basis moves; `None` where it stays where it is.
    pub fn becomes(&self) -> Option<Stage> {
        let waits = if self.rating.is_some() { Stage::Reopened } else { Stage::Open };
        let moves = !matches!(self.stage, Stage::Open | Stage::Reopened | Stage::InReview);
        moves.then_some(waits)
    }
}

/// An article whose answer to "can this run?" changes.
#[derive(Clone, Debug)]
pub struct DependantArticle {
    pub id: ArticleId,
    pub title: String,
    pub before: Clearance,
    pub after: Clearance,
}

/// A page that readers see.
#[derive(Clone, Debug)]
pub struct DependantPage {
    pub slug: String,
    pub text: String,
    /// The page of the claim itself, not of one that rests on it.
    pub own: bool,
}

/// Who has fetched the verdict since it was given.
#[derive(Clone, Debug)]
pub struct DependantFetch {
    pub what: Fetched,
    /// `None`: somebody at the command line.
    pub by: Option<String>,
    pub token: Option<String>,
    pub times: i64,
    pub last: DateTime<Utc>,
}

/// A program that was told of what was published.
#[derive(Clone, Debug)]
pub struct DependantReceiver {
    pub id: ReceiverId,
    pub name: String,
    pub told: i64,
    pub last: DateTime<Utc>,
    pub is_disabled: bool,
}

/// A picture, a video or a recording of which readers are told something else from then on.
#[derive(Clone, Debug)]
pub struct DependantMedia {
    pub evidence: EvidenceId,
    /// Which of its assessments; 0 where its evidence is no longer in use.
    pub number: i32,
    pub title: String,
    pub medium: Medium,
    /// What readers are told of it now; nothing where that is nothing.
    pub before: Vec<Authenticity>,
    pub after: Vec<Authenticity>,
}

/// Everything that depends on a verdict.
#[derive(Clone, Debug, Default)]
pub struct Dependants {
    pub claims: Vec<DependantClaim>,
    pub articles: Vec<DependantArticle>,
    pub pages: Vec<DependantPage>,
    /// What a correction tells readers beside the verdict: assessed since it was last public.
    pub media: Vec<DependantMedia>,
    pub fetches: Vec<DependantFetch>,
    pub receivers: Vec<DependantReceiver>,
}

impl Dependants {
    pub fn is_empty(&self) -> bool {
        self.keys().is_empty()
    }

    /// People who hold a claim that rests on this one.
    pub fn held(&self) -> impl Iterator<Item = &DependantClaim> {
        self.claims.iter().filter(|claim| claim.holder.is_some())
    }

    /// A name for each thing in the list, by which one tells what is new in it.
    pub fn keys(&self) -> BTreeSet<String> {
        let mut keys = BTreeSet::new();
        keys.extend(self.claims.iter().map(DependantClaim::key));
        keys.extend(self.claims.iter().filter_map(DependantClaim::holder_key));
        keys.extend(self.articles.iter().map(DependantArticle::key));
        keys.extend(self.pages.iter().map(DependantPage::key));
        keys.extend(self.media.iter().map(DependantMedia::key));
        keys.extend(self.fetches.iter().map(DependantFetch::key));
        keys.extend(self.receivers.iter().map(DependantReceiver::key));
        keys
    }

    /// Stands for the whole list: what was seen is what is confirmed.
    pub fn digest(&self) -> String {
        let mut hasher = Sha256::new();
        for key in self.keys() {
            hasher.update(key.as_bytes());
            hasher.update(b"\n");
        }
        hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

impl DependantClaim {
    pub fn key(&self) -> String {
        format!("claim:{}:{}", self.id, self.stage)
    }

    pub fn holder_key(&self) -> Option<String> {
        self.holder.as_ref().map(|(holder, _)| format!("held:{}:{holder}", self.id))
    }
}

impl DependantArticle {
    pub fn key(&self) -> String {
        format!("article:{}:{}", self.id, self.after.label())
    }
}

impl DependantMedia {
    pub fn key(&self) -> String {
        format!("media:{}:{}", self.evidence, self.number)
    }
}

impl DependantPage {
    pub fn key(&self) -> String {
        format!("page:{}", self.slug)
    }
}

impl DependantFetch {
    /// That somebody fetched it once more is nothing new.
    pub fn key(&self) -> String {
        let name = |name: &Option<String>| name.clone().unwrap_or_default();
        format!("fetch:{}:{}:{}", self.what, name(&self.by), name(&self.token))
    }
}

impl DependantReceiver {
    pub fn key(&self) -> String {
        format!("receiver:{}", self.id)
    }
}

impl Desk {
    /// What depends on the verdict of a claim, and what becomes of it with this change.
    ///
    /// # Errors
    /// `NotFound`, or where the database fails.
    pub async fn dependants(&self, actor: &Actor, id: ClaimId, change: &Change) -> Result<Dependants> {
        let _: policy::Permit<Read> = policy::permit(actor)?;
        let scales = self.scales().await?;
        let mut connection = self.pool.acquire().await.doing("look for what rests on a verdict")?;
        dependants(&mut connection, id, change, &scales).await
    }

    /// How many claims rest on this one.
    pub(crate) async fn resting_on(&self, id: ClaimId) -> Result<i64> {
        Ok(i64::try_from(resting(&self.pool, id).await?.len()).unwrap_or(MOST))
    }
}

/// How often what rests on a claim is looked for again, because more came while the claims were waited
/// for.
const LOOKS: usize = 5;

/// Holds a claim that is to have a verdict, and where one stands already, everything that rests on it
/// and may move with it: in the order of their ids, before anything is decided. Whoever took the claim
/// first and the rest later would wait in a circle with another who has part of the rest.
pub(crate) async fn lock_with_resting(tx: &mut Tx, id: ClaimId) -> Result<Locked> {
    let stands =
        sqlx::query_scalar!(r#"select rating is not null as "stands!" from claim where id = $1"#, id.0)
            .fetch_optional(tx.db())
            .await
            .doing("look whether a verdict stands")?
            .ok_or(Error::NotFound("claim"))?;
    // Where one comes to stand meanwhile, what was seen is stale and nothing moves.
    if !stands {
        return lock(tx, id).await;
    }
    let mut all = resting(tx.db(), id).await?;
    for _ in 0..LOOKS {
        sqlx::query("savepoint nothing_held").execute(tx.db()).await.doing("begin to hold claims")?;
        let mut locked = lock_all(tx, &[&all[..], &[id]].concat()).await?;
        let locked = locked.remove(&id).ok_or(Error::NotFound("claim"))?;
        let now = resting(tx.db(), id).await?;
        if now.iter().all(|claim| all.contains(claim)) {
            return Ok(locked);
        }
        // Lets go of all of them.
        sqlx::query("rollback to savepoint nothing_held").execute(tx.db()).await.doing("let go of claims")?;
        all = now;
    }
    lock(tx, id).await
}

/// The claims that rest on one, at any remove, in the order of their ids.
pub(crate) async fn resting(db: impl PgExecutor<'_>, id: ClaimId) -> Result<Vec<ClaimId>> {
    sqlx::query_scalar!(
        r#"with recursive resting (id) as (
               select l.claim_id from claim_link l
                where l.other_id = $1 and l.kind in ('duplicate', 'derived_from')
                  and not exists (select from claim_link_end e where e.link_id = l.id)
               union
               select l.claim_id from resting join claim_link l on l.other_id = resting.id
                where l.kind in ('duplicate', 'derived_from')
                  and not exists (select from claim_link_end e where e.link_id = l.id))
           select id as "id!: ClaimId" from resting where id <> $1 order by id limit $2"#,
        id.0,
        MOST,
    )
    .fetch_all(db)
    .await
    .doing("look for claims that rest on a verdict")
}

pub(crate) async fn dependants(
    db: &mut PgConnection,
    id: ClaimId,
    change: &Change,
    scales: &Scales,
) -> Result<Dependants> {
    let own = sqlx::query!("select article_id, stage, rating, in_latest from claim where id = $1", id.0)
        .fetch_optional(&mut *db)
        .await
        .doing("read a claim")?
        .ok_or(Error::NotFound("claim"))?;
    let stage: Stage = word("claim", "stage", &own.stage)?;
    let claims = if *change == Change::Words { Vec::new() } else { claims(db, id).await? };
    let mut moves: HashMap<ArticleId, Vec<Move>> = HashMap::new();
    let to = match change {
        Change::Words => None,
        Change::Verdict { rating } => Some((stage, Some(rating.clone()))),
        Change::Withdrawn => Some((Stage::Reopened, own.rating.clone())),
    };
    // What is gone from an article's text bears on its answer no more, wherever it moves.
    if let Some(to) = to.filter(|_| own.in_latest) {
        moves.entry(own.article_id).or_default().push(Move { from: (stage, own.rating), to, let_go: false });
    }
    for claim in claims.iter().filter(|claim| claim.in_latest) {
        if let Some(becomes) = claim.becomes() {
            let from = (claim.stage, claim.rating.clone());
            let to = (becomes, claim.rating.clone());
            moves.entry(claim.article).or_default().push(Move { from, to, let_go: claim.let_go });
        }
    }
    let mut all = vec![id];
    all.extend(claims.iter().map(|claim| claim.id));
    Ok(Dependants {
        articles: articles(db, &moves, scales).await?,
        pages: pages(db, id, &claims).await?,
        media: match change {
            Change::Withdrawn => Vec::new(),
            _ if stage != Stage::Published => Vec::new(),
            _ => media(db, id).await?,
        },
        fetches: fetches(db, id).await?,
        receivers: receivers(db, &all).await?,
        claims,
    })
}

async fn claims(db: &mut PgConnection, id: ClaimId) -> Result<Vec<DependantClaim>> {
    let ids: Vec<Uuid> = resting(&mut *db, id).await?.into_iter().map(|id| id.0).collect();
    sqlx::query!(
        r#"select claim.id, claim.text, claim.stage, claim.rating, claim.article_id, article.title,
                  claim.in_latest,
                  exists (select from claim_let_go mark where mark.claim_id = claim.id and mark.until is null) as "let_go!",
                  claim.lease_holder, holder.name as "holder?",
                  (select l.kind from claim_link l
                    where l.claim_id = claim.id and l.kind in ('duplicate', 'derived_from')
                      and not exists (select from claim_link_end e where e.link_id = l.id)
                    order by l.other_id <> $2, l.made_at limit 1) as "how!",
                  (select slug from publication where claim_id = claim.id order by number desc limit 1) as "slug?"
             from claim
             join article on article.id = claim.article_id
             left join account holder on holder.id = claim.lease_holder
            where claim.id = any($1)
            order by claim.id"#,
        &ids,
        id.0,
    )
    .fetch_all(db)
    .await
    .doing("read the claims that rest on a verdict")?
    .into_iter()
    .map(|row| {
        Ok(DependantClaim {
            id: row.id,
            how: word("claim_link", "kind", &row.how)?,
            text: row.text,
            stage: word("claim", "stage", &row.stage)?,
            rating: row.rating,
            let_go: row.let_go,
            article: row.article_id,
            article_title: row.title,
            in_latest: row.in_latest,
            holder: row.lease_holder.zip(row.holder),
            slug: row.slug,
        })
    })
    .collect()
}

/// The articles for which the answer is another one afterwards.
async fn articles(
    db: &mut PgConnection,
    moves: &HashMap<ArticleId, Vec<Move>>,
    scales: &Scales,
) -> Result<Vec<DependantArticle>> {
    let ids: Vec<Uuid> = moves.keys().map(|id| id.0).collect();
    let rows = sqlx::query!(
        "select article.id, article.title,
                (select jsonb_agg(jsonb_build_object('stage', stage, 'rating', rating, 'n', n, 'let_go', let_go)
                                  order by stage, rating)
                   from article_tally where article_id = article.id and n > 0) as standings
           from article where article.id = any($1)
          order by article.id",
        &ids,
    )
    .fetch_all(db)
    .await
    .doing("read the articles that rest on a verdict")?;
    let mut changed = Vec::new();
    for row in rows {
        let standings = standings(row.standings, scales)?;
        let moves = moves.get(&row.id).map(Vec::as_slice).unwrap_or_default();
        let (before, then) = (Clearance::of(&standings), Clearance::of(&after(&standings, moves, scales)));
        if before != then {
            changed.push(DependantArticle { id: row.id, title: row.title, before, after: then });
        }
    }
    Ok(changed)
}

/// The pages on which readers see the verdict, or one that rests on it.
async fn pages(db: &mut PgConnection, id: ClaimId, claims: &[DependantClaim]) -> Result<Vec<DependantPage>> {
    let own = sqlx::query!(
        "select publication.slug, claim.text
           from publication join claim on claim.id = publication.claim_id
          where publication.claim_id = $1 and number = 1",
        id.0,
    )
    .fetch_optional(db)
    .await
    .doing("look for a public page")?;
    let own = own.map(|row| DependantPage { slug: row.slug, text: row.text, own: true });
    let others = claims.iter().filter_map(|claim| {
        Some(DependantPage { slug: claim.slug.clone()?, text: claim.text.clone(), own: false })
    });
    Ok(own.into_iter().chain(others).collect())
}

/// Where an assessment stands that readers were not told, or one was told that stands no longer.
async fn media(db: &mut PgConnection, id: ClaimId) -> Result<Vec<DependantMedia>> {
    let told = told_of_media(&mut *db, id).await?;
    let stands = assessed_of(&mut *db, id).await?;
    let of = |all: &[AssessedMedia], evidence: EvidenceId| {
        all.iter().find(|one| one.evidence == evidence).cloned()
    };
    let changed = stands.iter().filter_map(|now| {
        let before = of(&told, now.evidence);
        let moved = before.as_ref().is_none_or(|before| before.number != now.number);
        moved.then(|| DependantMedia {
            evidence: now.evidence,
            number: now.number,
            title: now.title.clone(),
            medium: now.medium,
            before: before.map(|before| before.categories).unwrap_or_default(),
            after: now.categories.clone(),
        })
    });
    let gone = told.iter().filter(|before| of(&stands, before.evidence).is_none());
    let gone = gone.map(|before| DependantMedia {
        evidence: before.evidence,
        number: 0,
        title: before.title.clone(),
        medium: before.medium,
        before: before.categories.clone(),
        after: Vec::new(),
    });
    Ok(changed.chain(gone).collect())
}

/// Exports that were to have the claim, and its ClaimReview, since the verdict that stands.
async fn fetches(db: &mut PgConnection, id: ClaimId) -> Result<Vec<DependantFetch>> {
    let Some(since) = sqlx::query_scalar!(
        "select given_at from claim join verdict on verdict.id = claim.verdict_id where claim.id = $1",
        id.0,
    )
    .fetch_optional(&mut *db)
    .await
    .doing("read when a verdict was given")?
    else {
        return Ok(Vec::new());
    };
    // Stages move, so an export of any of the stages that a verdict is seen in may have had it.
    sqlx::query!(
        r#"select had.what as "what!", account.name as "by?", token.name as "token?",
                  count(*) as "times!", max(had.at) as "last!"
             from (select what, account_id, token_id, at from fetched where claim_id = $1 and at >= $2
                   union all
                   select f.what, f.account_id, f.token_id, f.at
                     from fetched f join claim c on c.id = $1
                    where f.claim_id is null and f.at >= $2
                      and coalesce(f.filter ->> 'stage' in ('settled', 'published', c.stage), true)
                      and coalesce(f.filter ->> 'rating' = c.rating, true)
                      and coalesce(f.filter ->> 'kind' = c.kind, true)
                      and coalesce(f.filter ->> 'indicator' = any(c.indicators), true)
                      and (not f.filter ? 'source'
                           -- under whichever of its names
                           or (select coalesce(s.same_as, s.id) from source s where s.id = (f.filter ->> 'source')::uuid)
                            = (select coalesce(s.same_as, s.id) from source s where s.id = c.source_id))
                      and coalesce((f.filter ->> 'article')::uuid = c.article_id, true)
                      and not f.filter ? 'assignee'
                      and coalesce((f.filter ->> 'reviewer')::uuid = any(c.reviewers), true)
                      and coalesce(c.search @@ websearch_to_tsquery('english', f.filter ->> 'q'), true)) had
             left join account on account.id = had.account_id
             left join token on token.id = had.token_id
            group by had.what, had.account_id, account.name, had.token_id, token.name
            order by max(had.at) desc
            limit 200"#,
        id.0,
        since,
    )
    .fetch_all(db)
    .await
    .doing("look for who fetched a verdict")?
    .into_iter()
    .map(|row| {
        Ok(DependantFetch {
            what: word("fetched", "what", &row.what)?,
            by: row.by,
            token: row.token,
            times: row.times,
            last: row.last,
        })
    })
    .collect()
}

/// Receivers that were told of one of these claims.
async fn receivers(db: &mut PgConnection, claims: &[ClaimId]) -> Result<Vec<DependantReceiver>> {
    let claims: Vec<Uuid> = claims.iter().map(|id| id.0).collect();
    let rows = sqlx::query!(
        r#"select r.id as "id: ReceiverId", r.name, r.disabled_at is not null as "is_disabled!",
                  count(*) as "told!", max(d.done_at) as "last!"
             from publication p
             join delivery d on d.publication_id = p.id and d.state = 'delivered'
             join receiver r on r.id = d.receiver_id
            where p.claim_id = any($1)
            group by r.id
            order by r.name, r.id"#,
        &claims,
    )
    .fetch_all(db)
    .await
    .doing("look for who was told of a verdict")?;
    Ok(rows
        .into_iter()
        .map(|row| DependantReceiver {
            id: row.id,
            name: row.name,
            told: row.told,
            last: row.last,
            is_disabled: row.is_disabled,
        })
        .collect())
}

/// Puts back into the queue what rests on a claim, in the transaction that moves its verdict; how
/// many claims moved. Whoever holds one keeps it, and is told. `what` says what was done to the
/// verdict, to stand before the words of the claim.
pub(crate) async fn requeue(tx: &mut Tx, actor: &Actor, id: ClaimId, what: &str) -> Result<u32> {
    let permit: policy::Permit<Review> = policy::permit(actor)?;
    let ids = resting(tx.db(), id).await?;
    if ids.is_empty() {
        return Ok(0);
    }
    let words = sqlx::query_scalar!("select text from claim where id = $1", id.0)
        .fetch_one(tx.db())
        .await
        .doing("read a claim")?;
    let mut locked = lock_all(tx, &ids).await?;
    let mut rows = Vec::new();
    let mut events = Vec::new();
    let mut back = BTreeSet::new();
    for dependant in ids {
        let Some(locked) = locked.remove(&dependant) else { continue };
        let about = About::claim(dependant, locked.article);
        let held = locked.work.lease.is_some();
        let told = Event::BasisMoved { of: id, words: words.clone(), what: what.to_owned() };
        events.push((about, told));
        let was = locked.work.stage;
        let Some(work) = locked.work.lose_basis(permit) else { continue };
        if was == Stage::Dismissed {
            back.insert(dependant);
        }
        if !held {
            let reason = format!("{what} “{words}”, on which it rests.");
            events.push((about, Event::Reopened { reason }));
        }
        rows.push((dependant.0, work));
    }
    let moved: Vec<Uuid> = rows.iter().map(|(id, _)| *id).collect();
    let stages: Vec<String> = rows.iter().map(|(_, work)| work.stage.word().to_owned()).collect();
    let rounds: Vec<i32> = rows.iter().map(|(_, work)| work.round).collect();
    let versions: Vec<i32> = rows.iter().map(|(_, work)| work.version).collect();
    let now = tx.now;
    sqlx::query!(
        "update claim
            set stage_since = case when claim.stage = moved.stage then claim.stage_since else $4 end,
                stage = moved.stage, version = moved.version, round = moved.round,
                first_reviewer = null, second_reviewer = null
           from unnest($1::uuid[], $2::text[], $3::int[], $5::int[]) as moved (id, stage, version, round)
          where claim.id = moved.id",
        &moved,
        &stages,
        &versions,
        now,
        &rounds,
    )
    .execute(tx.db())
    .await
    .doing("put back what rests on a verdict")?;
    wait_again(tx, &back).await?;
    tx.events(&events).await?;
    Ok(u32::try_from(moved.len()).unwrap_or(u32::MAX))
}
