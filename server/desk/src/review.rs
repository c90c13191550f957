//! Verdicts and what follows from them.

use crate::Desk;
use crate::claims::measures;
use crate::correct_verdict::{Standing, standing};
use crate::dependants::{lock_with_resting, requeue, resting};
use crate::error::{Difference, Doing, Error, Result, word};
use crate::figure::{Number, read_number};
use crate::grounds::Judgement;
use crate::incidents::{look_after_dismissal, wait_again};
use crate::publish::seen_by_readers;
use crate::scales::mark;
use crate::tx::{About, Once, Tries, Tx, tried};
use crate::work::{Given, held, keep, last_move, lock};
use chrono::{DateTime, Utc};
use domain::desk_policy::{Elsewhere, Weighed, disagree};
use domain::history::{Event, ShownVerdict};
use domain::id::{AccountId, ArticleId, ClaimId, SourceId, VerdictId};
use domain::measure::Measure;
use domain::policy::{self, Actor, Adjudicate, Reopen, Review};
use domain::scale::Scales;
use domain::words::{Invalid, Rationale, Reason};
use domain::workflow::{Blocked, Opinion, Part, SoFar, Stage, Supported, Takes, Work};

/// A verdict as it is handed in.
#[derive(Clone, Debug)]
pub struct VerdictForm {
    /// The key of one of the desk's scales; `None`: the desk's default.
    pub scale: Option<String>,
    /// A key of that scale.
    pub rating: String,
    pub rationale: Rationale,
    /// The figure that the evidence supports, as people write it ("38-44", "at least 12").
    pub figure: Option<String>,
    /// The claim's version that the reviewer saw.
    pub version: i32,
    /// Why it is given although the evidence lacks what the rating asks for. It is kept only where
    /// something is missing.
    pub override_reason: Option<Reason>,
}

impl VerdictForm {
    /// A verdict by the desk's default scale.
    pub fn new(rating: impl Into<String>, rationale: Rationale, version: i32) -> Self {
        let rating = rating.into();
        Self { scale: None, rating, rationale, figure: None, version, override_reason: None }
    }
}

/// An editor's decision between two reviewers, as it is handed in.
#[derive(Clone, Debug)]
pub struct AdjudicationForm {
    /// A key of the scale that the first reviewer judged by.
    pub rating: String,
    /// Why: both reviewers see it. It is also the reason where the evidence lacks what the rating
    /// asks for.
    pub reason: Rationale,
    pub figure: Option<String>,
    /// The claim's version that the editor saw.
    pub version: i32,
}

/// A verdict to be kept.
pub(crate) struct NewVerdict<'a> {
    pub id: VerdictId,
    pub claim: ClaimId,
    pub reviewer: AccountId,
    pub given: &'a Judgement,
    pub rationale: &'a Rationale,
    pub figure: Option<&'a Number>,
    pub round: i32,
    pub part: Part,
    pub second_because: Option<&'a str>,
    pub stage_before: Stage,
    pub replaces: Option<VerdictId>,
}

impl Desk {
    /// Gives a verdict. It settles the claim, or waits for a second reviewer where the desk's
    /// policy asks for one, or is the second itself: then both are shown, and settle the claim
    /// where they agree. A later round supersedes an earlier one.
    ///
    /// # Errors
    /// `Invalid` for an unknown rating, a figure without a number, or grounds that the rating does
    /// not rest on; `Stale` with what differs where the claim moved since the version seen, `Held` where another person checks it,
    /// `Blocked` where it is published or dismissed, or waits for another person than this one.
    pub async fn give_verdict(
        &self,
        actor: &Actor,
        id: ClaimId,
        form: VerdictForm,
        once: Option<&Once>,
    ) -> Result<VerdictId> {
        let mut tries = Tries::default();
        loop {
            let done = self.try_verdict(actor, id, form.clone(), once).await;
            if !tries.again(&done) {
                return done;
            }
        }
    }

    async fn try_verdict(
        &self,
        actor: &Actor,
        id: ClaimId,
        form: VerdictForm,
        once: Option<&Once>,
    ) -> Result<VerdictId> {
        let _: policy::Permit<Review> = policy::permit(actor)?;
        let judged = self.judged(&form).await?;
        let mut tx = self.begin(Some(actor.id)).await?;
        if let Some(first) = tx.once(once).await? {
            return Ok(VerdictId(first));
        }
        let verdict = self.give_in(&mut tx, actor, id, form, judged).await?;
        tx.made(once, verdict.0).await?;
        tx.commit().await?;
        Ok(verdict)
    }

    /// Reads what a verdict says. Before a transaction begins: it may take a connection of its own.
    pub(crate) async fn judged(&self, form: &VerdictForm) -> Result<(Judgement, Option<Number>)> {
        let judgement = self.judgement(form.scale.as_deref(), &form.rating).await?;
        Ok((judgement, figure_of(form.figure.as_deref())?))
    }

    /// Gives a verdict in a transaction that does more.
    pub(crate) async fn give_in(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        id: ClaimId,
        form: VerdictForm,
        (judgement, figure): (Judgement, Option<Number>),
    ) -> Result<VerdictId> {
        let permit: policy::Permit<Review> = policy::permit(actor)?;
        let locked = lock_with_resting(tx, id).await?;
        if locked.work.stage == Stage::Settled {
            let claims = resting(tx.db(), id).await?.len();
            if claims > 0 {
                return Err(Error::HasDependants { claims });
            }
        }
        let because = match &locked.work.so_far {
            SoFar::First(_) => None,
            _ => self.second_review_because(tx, id, locked.article, &judgement.rating.key).await?,
        };
        let opinion = opinion_of(actor, &judgement, figure.as_ref());
        let takes = if because.is_some() { Takes::Two } else { Takes::One };
        let before = locked.work.clone();
        let (work, part) = match locked.work.judge(permit, opinion, takes, form.version, tx.now) {
            Ok(judged) => judged,
            Err(Blocked::Stale { current, .. }) => {
                return Err(stale_verdict(tx, id, &form, current).await?);
            }
            Err(blocked) => return Err(held(tx, blocked).await),
        };
        let supersedes = self.name_of_standing(tx, id, before.rating.as_deref()).await?;
        let reason = form.override_reason.as_ref();
        let given = self.hold(tx, actor, id, judgement, figure.as_ref(), reason).await?;
        let verdict = VerdictId(self.new_id());
        let stood = if before.rating.is_some() { standing(tx, id).await? } else { None };
        let number = insert_verdict(
            tx,
            &NewVerdict {
                id: verdict,
                claim: id,
                reviewer: actor.id,
                given: &given,
                rationale: &form.rationale,
                figure: figure.as_ref(),
                round: work.round,
                part,
                second_because: because.as_deref().filter(|_| part == Part::First),
                stage_before: before.stage,
                replaces: locked.stands,
            },
        )
        .await?;
        let stands = (work.stage == Stage::Settled).then_some(verdict);
        keep(tx, id, &work, Some(Given { reviewer: actor.id, stands })).await?;
        let about = About::claim(id, locked.article);
        let rationale = form.rationale.as_str().to_owned();
        let rating = given.named();
        match part {
            Part::First => {
                let because = because.unwrap_or_default();
                // Also that something was missing would tell of the rating: it stands with the verdict.
                tx.event(about, &Event::FirstVerdictGiven { number, because }).await?;
            }
            Part::Second => {
                let shown = self.first_shown(tx, id, work.round).await?;
                let agrees = work.stage == Stage::Settled;
                let given_second = Event::SecondVerdictGiven { number, rating, rationale, agrees };
                tx.events(&[(about, given_second), (about, shown)]).await?;
                if let Some(overrode) = given.overrode() {
                    tx.event(about, &overrode).await?;
                }
            }
            Part::Sole | Part::Adjudication => {
                tx.event(about, &Event::VerdictGiven { number, rating, rationale, supersedes }).await?;
                if let Some(overrode) = given.overrode() {
                    tx.event(about, &overrode).await?;
                }
            }
        }
        if stands.is_some() {
            requeue_where_it_moved(tx, actor, id, stood).await?;
        }
        Ok(verdict)
    }

    /// Decides between two reviewers who differ.
    ///
    /// # Errors
    /// `Refused` below editor, `Blocked` where no two differ or the editor is one of them,
    /// `Invalid` for an unknown rating or a figure without a number, `Stale`.
    pub async fn adjudicate(
        &self,
        actor: &Actor,
        id: ClaimId,
        form: AdjudicationForm,
        once: Option<&Once>,
    ) -> Result<VerdictId> {
        let mut tries = Tries::default();
        loop {
            let done = self.try_adjudication(actor, id, &form, once).await;
            if !tries.again(&done) {
                return done;
            }
        }
    }

    async fn try_adjudication(
        &self,
        actor: &Actor,
        id: ClaimId,
        form: &AdjudicationForm,
        once: Option<&Once>,
    ) -> Result<VerdictId> {
        let permit: policy::Permit<Adjudicate> = policy::permit(actor)?;
        let figure = figure_of(form.figure.as_deref())?;
        let mut tx = self.begin(Some(actor.id)).await?;
        if let Some(first) = tx.once(once).await? {
            return Ok(VerdictId(first));
        }
        let locked = lock_with_resting(&mut tx, id).await?;
        let before = locked.work.clone();
        let scale = match &before.so_far {
            SoFar::Both(first, _) => Some(first.scale.as_str()),
            _ => None,
        };
        let judgement = self.judgement(scale, &form.rating).await?;
        let work = match locked.work.adjudicate(permit, &judgement.rating.key, form.version) {
            Ok(work) => work,
            Err(Blocked::Stale { current, .. }) => {
                let (by, differences) = last_move(&mut tx, id).await?;
                return Err(Error::Stale { by, current, differences });
            }
            Err(blocked) => return Err(Error::Blocked(blocked)),
        };
        let stood = if before.rating.is_some() { standing(&mut tx, id).await? } else { None };
        let mut between = self.both(&mut tx, id, work.round).await?.into_iter();
        let words: String = form.reason.as_str().chars().take(1_000).collect();
        let reason = Reason::parse(&words)?;
        let given = self.hold(&mut tx, actor, id, judgement, figure.as_ref(), Some(&reason)).await?;
        let verdict = VerdictId(self.new_id());
        let number = insert_verdict(
            &mut tx,
            &NewVerdict {
                id: verdict,
                claim: id,
                reviewer: actor.id,
                given: &given,
                rationale: &form.reason,
                figure: figure.as_ref(),
                round: work.round,
                part: Part::Adjudication,
                second_because: None,
                stage_before: before.stage,
                replaces: locked.stands,
            },
        )
        .await?;
        keep(&mut tx, id, &work, Some(Given { reviewer: actor.id, stands: Some(verdict) })).await?;
        let event = Event::Adjudicated {
            number,
            rating: given.named(),
            reason: form.reason.as_str().to_owned(),
            first: between.next().unwrap_or_default(),
            second: between.next().unwrap_or_default(),
        };
        tx.event(About::claim(id, locked.article), &event).await?;
        if let Some(overrode) = given.overrode() {
            tx.event(About::claim(id, locked.article), &overrode).await?;
        }
        requeue_where_it_moved(&mut tx, actor, id, stood).await?;
        tx.made(once, verdict.0).await?;
        tx.commit().await?;
        Ok(verdict)
    }

    /// Why the desk's policy asks for a second review of a claim that is given this rating.
    pub(crate) async fn second_review_because(
        &self,
        tx: &mut Tx,
        id: ClaimId,
        article: ArticleId,
        rating: &str,
    ) -> Result<Option<String>> {
        let policy = self.policy_in(tx).await?;
        let rules = &policy.body.second_review;
        if rules.rules.is_empty() {
            return Ok(None);
        }
        let claim = sqlx::query!(
            r#"select kind, source_id as "source_id: SourceId", indicators, checkworthiness,
                      (select jsonb_agg(body order by position) from measure
                        where measure.claim_id = claim.id) as measures
                 from claim where id = $1"#,
            id.0,
        )
        .fetch_one(tx.db())
        .await
        .doing("read what the policy weighs")?;
        let measures = measures(claim.measures)?;
        let disagrees = rules.asks_for_disagreement()
            && disagrees(tx, (id, article, claim.source_id), &claim.indicators, &measures).await?;
        let weighed = Weighed {
            disagrees,
            rating,
            ..Weighed::unjudged(word("claim", "kind", &claim.kind)?, &measures, claim.checkworthiness.into())
        };
        Ok(rules.why(&weighed))
    }

    /// Brings a finished claim back into the queue.
    ///
    /// # Errors
    /// `Refused` below editor, `Blocked` where it is not finished, `Stale`.
    pub async fn reopen(&self, actor: &Actor, id: ClaimId, seen: i32, reason: Reason) -> Result<()> {
        let permit: policy::Permit<Reopen> = policy::permit(actor)?;
        let event = Event::Reopened { reason: reason.as_str().to_owned() };
        tried!(self.move_on(actor, id, event.clone(), |work, _| work.reopen(permit, seen)))
    }

    /// Sets a claim aside.
    ///
    /// # Errors
    /// `Refused` below reviewer, `Held`, `Blocked` where it is finished, `Stale`.
    pub async fn dismiss(&self, actor: &Actor, id: ClaimId, seen: i32, reason: Reason) -> Result<()> {
        let permit: policy::Permit<Review> = policy::permit(actor)?;
        let event = Event::Dismissed { reason: reason.as_str().to_owned(), is_public: false };
        tried!(self.move_on(actor, id, event.clone(), |work, now| work.dismiss(permit, seen, now)))
    }

    /// What the rating that stands was called when it was given.
    pub(crate) async fn name_of_standing(
        &self,
        tx: &mut Tx,
        id: ClaimId,
        rating: Option<&str>,
    ) -> Result<Option<String>> {
        let Some(rating) = rating else { return Ok(None) };
        let given = sqlx::query!("select rating_scale, rating_version from claim where id = $1", id.0)
            .fetch_one(tx.db())
            .await
            .doing("read the scale of the verdict that stands")?;
        let (scale, version) = (given.rating_scale.as_deref(), given.rating_version);
        let scales = self.scales_with(std::iter::once((scale, version))).await?;
        Ok(mark(&scales, Some(rating), scale, version).map(|rating| rating.name.clone()))
    }

    /// The first verdict of a round, for the history: the second one is in.
    async fn first_shown(&self, tx: &mut Tx, id: ClaimId, round: i32) -> Result<Event> {
        let first = sqlx::query!(
            "select v.number, account.name as by, v.scale, v.scale_version, v.rating, v.rationale,
                    v.figure_text as figure
               from verdict v join account on account.id = v.reviewer_id
              where v.claim_id = $1 and v.round = $2 and v.part = 'first'",
            id.0,
            round,
        )
        .fetch_one(tx.db())
        .await
        .doing("read the first verdict")?;
        let given = std::iter::once((Some(first.scale.as_str()), Some(first.scale_version)));
        let scales = self.scales_with(given).await?;
        Ok(Event::FirstVerdictShown(ShownVerdict {
            number: first.number,
            by: first.by,
            rating: name_of(&scales, &first.rating, &first.scale, first.scale_version),
            rationale: first.rationale,
            figure: first.figure,
        }))
    }

    /// Who found what in a round, in words, in their order: "Noor (False, 12)".
    async fn both(&self, tx: &mut Tx, id: ClaimId, round: i32) -> Result<Vec<String>> {
        let rows = sqlx::query!(
            "select account.name as by, v.scale, v.scale_version, v.rating, v.figure_text as figure
               from verdict v join account on account.id = v.reviewer_id
              where v.claim_id = $1 and v.round = $2 order by v.number",
            id.0,
            round,
        )
        .fetch_all(tx.db())
        .await
        .doing("read the verdicts of a round")?;
        let given = rows.iter().map(|row| (Some(row.scale.as_str()), Some(row.scale_version)));
        let scales = self.scales_with(given).await?;
        Ok(rows
            .into_iter()
            .map(|row| {
                let rating = name_of(&scales, &row.rating, &row.scale, row.scale_version);
                match row.figure {
                    Some(figure) => format!("{} ({rating}, {figure})", row.by),
                    None => format!("{} ({rating})", row.by),
                }
            })
            .collect())
    }

    async fn move_on(
        &self,
        actor: &Actor,
        id: ClaimId,
        mut event: Event,
        step: impl FnOnce(Work, DateTime<Utc>) -> Result<Work, Blocked>,
    ) -> Result<()> {
        let mut tx = self.begin(Some(actor.id)).await?;
        let locked = lock(&mut tx, id).await?;
        let now = tx.now;
        let comes_back = locked.work.stage == Stage::Dismissed;
        let work = match step(locked.work, now) {
            Ok(work) => work,
            Err(Blocked::Stale { current, .. }) => {
                let (by, differences) = last_move(&mut tx, id).await?;
                return Err(Error::Stale { by, current, differences });
            }
            Err(blocked) => return Err(held(&mut tx, blocked).await),
        };
        keep(&mut tx, id, &work, None).await?;
        if let Event::Dismissed { is_public, .. } = &mut event {
            *is_public = seen_by_readers(&mut tx, &[id]).await?.contains(&id);
            look_after_dismissal(&mut tx, &[id]).await?;
        }
        if comes_back && work.stage != Stage::Dismissed {
            wait_again(&mut tx, &[id].into()).await?;
        }
        tx.event(About::claim(id, locked.article), &event).await?;
        tx.commit().await
    }
}

fn name_of(scales: &Scales, rating: &str, scale: &str, version: i32) -> String {
    let known = mark(scales, Some(rating), Some(scale), Some(version));
    known.map_or_else(|| rating.to_owned(), |rating| rating.name.clone())
}

/// Reads the figure that a reviewer says the evidence supports.
///
/// # Errors
/// `Invalid` where it has no number.
pub(crate) fn figure_of(typed: Option<&str>) -> Result<Option<Number>, Invalid> {
    typed.map(str::trim).filter(|figure| !figure.is_empty()).map(read_number).transpose()
}

pub(crate) fn opinion_of(actor: &Actor, given: &Judgement, figure: Option<&Number>) -> Opinion {
    Opinion {
        by: actor.id,
        scale: given.scale.key.clone(),
        rating: given.rating.key.clone(),
        figure: figure.map(|figure| Supported { low: figure.low, best: figure.best, high: figure.high }),
    }
}

/// Puts back what rests on a claim where another rating or figure stands now than before.
async fn requeue_where_it_moved(
    tx: &mut Tx,
    actor: &Actor,
    id: ClaimId,
    stood: Option<Standing>,
) -> Result<()> {
    if stood.is_some() && stood != standing(tx, id).await? {
        requeue(tx, actor, id, "corrected").await?;
    }
    Ok(())
}

/// Keeps a verdict; gives its number.
pub(crate) async fn insert_verdict(tx: &mut Tx, new: &NewVerdict<'_>) -> Result<i32> {
    let now = tx.now;
    sqlx::query_scalar!(
        "insert into verdict (id, claim_id, number, reviewer_id, scale, scale_version, rating, rationale,
                              figure_text, figure_low, figure_best, figure_high, given_at,
                              round, part, second_because, stage_before, replaced_id, unmet, override_reason)
         select $1, $2, coalesce(max(number), 0) + 1, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16,
                $17, $18, $19
           from verdict where claim_id = $2
         returning number",
        new.id.0,
        new.claim.0,
        new.reviewer.0,
        new.given.scale.key,
        new.given.scale.version,
        new.given.rating.key,
        new.rationale.as_str(),
        new.figure.map(|f| f.text.as_str()),
        new.figure.and_then(|f| f.low),
        new.figure.and_then(|f| f.best),
        new.figure.and_then(|f| f.high),
        now,
        new.round,
        new.part.word(),
        new.second_because,
        new.stage_before.word(),
        new.replaces.map(|id| id.0),
        &new.given.unmet,
        new.given.override_reason,
    )
    .fetch_one(tx.db())
    .await
    .doing("give a verdict")
}

/// Whether figures on record contradict a claim's: those of the same article, and those that the
/// same source gave elsewhere.
async fn disagrees(
    tx: &mut Tx,
    (id, article, source): (ClaimId, ArticleId, Option<SourceId>),
    indicators: &[String],
    measures: &[Measure],
) -> Result<bool> {
    if measures.is_empty() {
        return Ok(false);
    }
    let others = sqlx::query!(
        r#"select other.article_id = $2 as "here!", measure.body as "body!"
             from (
                   (select id, article_id from claim where article_id = $2 limit 2000)
                   union
                   (select id, article_id from claim where source_id = $3 and indicators && $4
                     order by urgency, id limit 500)
             ) other
             join measure on measure.claim_id = other.id and measure.indicator = any($4)
             join claim on claim.id = other.id
            where other.id <> $1 and claim.stage <> 'dismissed'"#,
        id.0,
        article.0,
        source.map(|id| id.0),
        indicators,
    )
    .fetch_all(tx.db())
    .await
    .doing("look for other figures on record")?;
    for other in others {
        let other_is = if other.here { Elsewhere::SameArticle } else { Elsewhere::OtherArticle };
        let figure: Vec<Measure> = measures_of(other.body)?;
        if measures.iter().any(|one| figure.iter().any(|other| disagree(one, other, other_is))) {
            return Ok(true);
        }
    }
    Ok(false)
}

fn measures_of(body: serde_json::Value) -> Result<Vec<Measure>> {
    measures(Some(serde_json::Value::Array(vec![body])))
}

/// What differs between the verdict that was sent and the one that stands meanwhile.
async fn stale_verdict(tx: &mut Tx, id: ClaimId, form: &VerdictForm, current: i32) -> Result<Error> {
    let theirs = sqlx::query!(
        r#"select v.rating as "rating?", v.rationale as "rationale?", v.figure_text, claim.stage
             from claim left join verdict v on v.id = claim.verdict_id
            where claim.id = $1"#,
        id.0,
    )
    .fetch_one(tx.db())
    .await
    .doing("read the verdict that stands")?;
    let (by, mut differences) = last_move(tx, id).await?;
    let mut compare = |field: &'static str, yours: String, theirs: String| {
        if yours != theirs {
            differences.push(Difference { field, yours, theirs });
        }
    };
    // Where none stands there is nothing to compare with: a first verdict of somebody else tells
    // nothing before the second one is in.
    if let Some((rating, rationale)) = theirs.rating.zip(theirs.rationale) {
        compare("rating", form.rating.clone(), rating);
        compare("rationale", form.rationale.as_str().to_owned(), rationale);
        compare("figure", form.figure.clone().unwrap_or_default(), theirs.figure_text.unwrap_or_default());
    }
    compare("stage", "settled".to_owned(), theirs.stage);
    Ok(Error::Stale { by, current, differences })
}
