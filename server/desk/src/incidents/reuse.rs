//! The same figure, of the same source, about the same incident: once it is decided, its copies can take
//! the verdict over with one key.

use crate::Desk;
use crate::error::{Doing, Error, Result};
use crate::review::VerdictForm;
use crate::scales::mark;
use crate::tx::{About, Once};
use crate::work::lock_all;
use domain::history::Event;
use domain::id::{ClaimId, VerdictId};
use domain::link::LinkKind;
use domain::phrase::Phrase;
use domain::policy::{self, Actor, Read, Review};
use domain::scale::Rating;
use domain::words::{Invalid, Rationale, Reason};
use phrase::phrase;
use std::sync::Arc;

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
    /// and of the same source, or in the same words. `None` where it is decided itself.
    ///
    /// # Errors
    /// `Refused` for nobody, or where the database fails.
    pub async fn same_as(&self, actor: &Actor, id: ClaimId) -> Result<Option<SameAs>> {
        let _: policy::Permit<Read> = policy::permit(actor)?;
        let row = sqlx::query!(
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
                  and (lower(other.text) = lower(claim.text)
                       or (other.source_id = claim.source_id and said(other.id) = said(claim.id)))
                order by other.stage = 'published' desc, other.stage_since desc, other.id
                limit 1"#,
            id.0,
        )
        .fetch_optional(&self.pool)
        .await
        .doing("look for a claim that says the same")?;
        let Some(row) = row else { return Ok(None) };
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
        let other = self.to_take_over(&self.pool, id, of).await?;
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
    async fn to_take_over<'a>(
        &self,
        from: impl sqlx::PgExecutor<'a>,
        id: ClaimId,
        of: ClaimId,
    ) -> Result<TakenOver> {
        sqlx::query_as!(
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
                  and other.stage in ('settled', 'published') and other.rating is not null
                  and (lower(other.text) = lower(claim.text)
                       or (other.source_id = claim.source_id and said(other.id) = said(claim.id)))"#,
            id.0,
            of.0,
        )
        .fetch_optional(from)
        .await
        .doing("read the verdict to take over")?
        .ok_or_else(|| Invalid::new("of", "Choose a decided claim of the same incident that says the same.").into())
    }
}
