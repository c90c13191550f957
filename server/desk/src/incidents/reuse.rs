//! The same figures, of the same source, about the same incident: once they are decided, their copies can
//! take the verdict over with one key. What says the same is decided in [`domain::ledger`].

use super::contradict::origin;
use crate::Desk;
use crate::claims::measures;
use crate::error::{Doing, Error, Result, word};
use crate::review::VerdictForm;
use crate::scales::mark;
use crate::tx::{About, Once};
use crate::work::lock_all;
use domain::claim::Polarity;
use domain::grade::Reliability;
use domain::history::Event;
use domain::id::{ArticleId, ClaimId, SourceId, VerdictId};
use domain::ledger::{Figure, Origin, Stated, say_the_same};
use domain::link::LinkKind;
use domain::measure::Measure;
use domain::phrase::Phrase;
use domain::policy::{self, Actor, Read, Review};
use domain::scale::Rating;
use domain::words::{Invalid, Rationale, Reason};
use phrase::phrase;
use sqlx::{PgConnection, PgExecutor};
use std::collections::HashMap;
use std::sync::Arc;
use uuid::Uuid;

/// Most decided claims with the same numbers that are looked at for one that says the same.
const LOOKED_AT: i64 = 50;

/// A decided claim that says the same as one that is not.
#[derive(Clone, Debug, PartialEq)]
pub struct SameAs {
    pub claim: ClaimId,
    pub text: String,
    pub article_title: String,
    pub outlet: Option<String>,
    /// Key of the rating that stands.
    pub rating: String,
    /// The rating as it was when it was given.
    pub mark: Option<Arc<Rating>>,
}

/// A verdict to be taken over.
#[derive(PartialEq)]
struct TakenOver {
    text: String,
    scale: String,
    rating: String,
    rationale: String,
    figure: Option<String>,
    reviewer: String,
}

impl Desk {
    /// The claim whose verdict this one could take over: of the same incident, with the same figures
    /// and of the same source. `None` where it is decided itself.
    ///
    /// # Errors
    /// `Refused` for nobody, or where the database fails.
    pub async fn same_as(&self, actor: &Actor, id: ClaimId) -> Result<Option<SameAs>> {
        let _: policy::Permit<Read> = policy::permit(actor)?;
        let rows = sqlx::query!(
            r#"select other.id as "id: ClaimId", other.text, other.rating as "rating!", other.rating_scale,
                      other.rating_version, article.title, outlet.name as "outlet?"
                 from claim
                 join incident_claim mine on mine.claim_id = claim.id and mine.standing = 'confirmed'
                 join incident_claim m on m.incident_id = mine.incident_id and m.standing = 'confirmed'
                                      and m.claim_id <> claim.id
                 join claim other on other.id = m.claim_id
                 join article on article.id = other.article_id
                 left join outlet on outlet.id = article.outlet_id
                where claim.id = $1 and is_undecided(claim.stage) and claim.stage <> 'reopened'
                  and other.stage in ('settled', 'published') and other.rating is not null
                  and (lower(other.text) = lower(claim.text) or said(other.id) = said(claim.id))
                order by other.stage = 'published' desc, other.stage_since desc, other.id
                limit $2"#,
            id.0,
            LOOKED_AT,
        )
        .fetch_all(&self.pool)
        .await
        .doing("look for a claim that says the same")?;
        if rows.is_empty() {
            return Ok(None);
        }
        let ids: Vec<ClaimId> = rows.iter().map(|row| row.id).chain([id]).collect();
        let said = said(&self.pool, &ids).await?;
        let same =
            |other: ClaimId| said.get(&id).zip(said.get(&other)).is_some_and(|(one, other)| one.is(other));
        let Some(row) = rows.into_iter().find(|row| same(row.id)) else { return Ok(None) };
        let scales =
            self.scales_with([(row.rating_scale.as_deref(), row.rating_version)].into_iter()).await?;
        Ok(Some(SameAs {
            claim: row.id,
            text: row.text,
            article_title: row.title,
            outlet: row.outlet,
            mark: mark(&scales, Some(&row.rating), row.rating_scale.as_deref(), row.rating_version),
            rating: row.rating,
        }))
    }

    /// Gives a claim the verdict of another that says the same, and links it as its duplicate. Whoever
    /// does it is its reviewer, and can take it back like any verdict.
    ///
    /// # Errors
    /// `Refused` below reviewer, `NotFound`, `Invalid` where the other does not say the same or has no
    /// verdict that stands, or where the desk's policy asks for two reviewers and the one who decided
    /// is this one; otherwise as [`Desk::give_verdict`].
    pub async fn reuse_verdict(
        &self,
        actor: &Actor,
        id: ClaimId,
        of: ClaimId,
        version: i32,
        once: Option<&Once>,
    ) -> Result<VerdictId> {
        let _: policy::Permit<Review> = policy::permit(actor)?;
        // Read before anything is held, and again below: it may take a connection of its own.
        let other = self
            .to_take_over(&mut *self.pool.acquire().await.doing("read the verdict to take over")?, id, of)
            .await?;
        let words: String =
            format!("The same as “{}”, decided by {}: {}", other.text, other.reviewer, other.rationale)
                .chars()
                .take(1_900)
                .collect();
        let form = VerdictForm {
            scale: Some(other.scale.clone()),
            rating: other.rating.clone(),
            rationale: Rationale::parse(&words)?,
            figure: other.figure.clone(),
            version,
            override_reason: Some(Reason::parse("Takes over the verdict of a claim that says the same.")?),
        };
        let judged = self.judged(&form).await?;
        let mut tx = self.begin(Some(actor.id)).await?;
        if let Some(first) = tx.once(once).await? {
            return Ok(VerdictId(first));
        }
        // Both, in the order of their ids, before either moves.
        let locked = lock_all(&mut tx, &[id, of]).await?;
        let Some(claim) = locked.get(&id) else { return Err(Error::NotFound("claim")) };
        if self.to_take_over(tx.db(), id, of).await? != other {
            return Err(Invalid::new("of", "Its verdict was changed this moment: look again.").into());
        }
        // Two reviewers mean two judgements: a copy of the first one is not the second.
        let second = self.second_review_because(&mut tx, id, claim.article, &other.rating).await?;
        if let Some(why) = second {
            let why = Phrase::stored(why);
            let words = phrase!("This claim takes two reviewers: {why}. Give it a verdict of your own.");
            return Err(Invalid::new("of", words).into());
        }
        if !self.has_link(&mut tx, id, of, LinkKind::Duplicate).await? {
            self.make_link(&mut tx, actor, (id, of), LinkKind::Duplicate, None).await?;
        }
        let about = About::claim(id, claim.article);
        tx.event(about, &Event::VerdictReused { of, words: other.text }).await?;
        let verdict = self.give_in(&mut tx, actor, id, form, judged).await?;
        tx.made(once, verdict.0).await?;
        tx.commit().await?;
        Ok(verdict)
    }

    /// The verdict that one claim can take over from another.
    async fn to_take_over(&self, db: &mut PgConnection, id: ClaimId, of: ClaimId) -> Result<TakenOver> {
        let wrong = || Invalid::new("of", "Choose a decided claim of the same incident that says the same.");
        let taken = sqlx::query_as!(
            TakenOver,
            r#"select other.text, verdict.scale, verdict.rating, verdict.rationale, verdict.figure_text as figure,
                      reviewer.name as reviewer
                 from claim
                 join incident_claim mine on mine.claim_id = claim.id and mine.standing = 'confirmed'
                 join incident_claim m on m.incident_id = mine.incident_id and m.standing = 'confirmed'
                 join claim other on other.id = m.claim_id
                 join verdict on verdict.id = other.verdict_id
                 join account reviewer on reviewer.id = verdict.reviewer_id
                where claim.id = $1 and other.id = $2 and other.id <> claim.id
                  and other.stage in ('settled', 'published') and other.rating is not null"#,
            id.0,
            of.0,
        )
        .fetch_optional(&mut *db)
        .await
        .doing("read the verdict to take over")?
        .ok_or_else(wrong)?;
        let said = said(db, &[id, of]).await?;
        match said.get(&id).zip(said.get(&of)) {
            Some((one, other)) if one.is(other) => Ok(taken),
            _ => Err(wrong().into()),
        }
    }
}

/// What a claim says.
struct Said {
    words: String,
    polarity: Polarity,
    origin: Origin,
    figures: Vec<Figure>,
}

impl Said {
    /// Whether a verdict on the other holds for this one.
    fn is(&self, other: &Self) -> bool {
        let same_words = self.words.to_lowercase() == other.words.to_lowercase();
        self.origin == other.origin
            && self.polarity == other.polarity
            && (same_words || !self.figures.is_empty())
            && say_the_same(&self.figures, &other.figures)
    }
}

/// What claims say, and who.
async fn said(db: impl PgExecutor<'_>, claims: &[ClaimId]) -> Result<HashMap<ClaimId, Said>> {
    let ids: Vec<Uuid> = claims.iter().map(|id| id.0).collect();
    sqlx::query!(
        r#"select claim.id as "id!: ClaimId", claim.text as "text!", coalesce(claim.statement, claim.text) as "alone!",
                  claim.article_id as "article!: ArticleId", article.title as "title!",
                  coalesce(article.published_at, article.added_at) as "at!",
                  coalesce(called.same_as, called.id) as "source?: SourceId", hop.mention as "mention?",
                  hop.polarity as "polarity?", outlet.name as "outlet?",
                  (select jsonb_agg(body order by position) from measure
                    where measure.claim_id = claim.id) as measures
             from claim
             join article on article.id = claim.article_id
             left join outlet on outlet.id = article.outlet_id
             left join source called on called.id = claim.source_id
             left join attribution hop on hop.claim_id = claim.id and hop.hop = 0
            where claim.id = any($1)"#,
        &ids,
    )
    .fetch_all(db)
    .await
    .doing("read what claims say")?
    .into_iter()
    .map(|row| {
        let origin = origin(row.article, row.source, row.mention.as_deref(), row.outlet.as_deref());
        let polarity = match row.polarity {
            Some(polarity) => word("attribution", "polarity", &polarity)?,
            None => Polarity::Asserted,
        };
        let measures: Vec<Measure> = measures(row.measures)?;
        let figures = (0u32..).zip(&measures).map(|(position, measure)| {
            let stated = Stated {
                article: row.article,
                title: &row.title,
                claim: row.id,
                text: &row.alone,
                position,
                origin: origin.clone(),
                source: String::new(),
                polarity,
                reliability: Reliability::F,
                role: None,
                kind: None,
                party: None,
                outlet: None,
                relays: Vec::new(),
                at: row.at,
                verdict: None,
                judged: None,
                supported: None,
            };
            Figure::read(measure, stated)
        });
        let figures = figures.collect();
        Ok((row.id, Said { words: row.text, polarity, origin, figures }))
    })
    .collect()
}
