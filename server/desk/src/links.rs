//! Links between claims: made, shown from both ends, and ended by a row of their own.

use crate::Desk;
use crate::dependants::resting;
use crate::error::{Doing, Error, Result, word};
use crate::incidents::look_after_dismissal;
use crate::publish::{moved, seen_by_readers};
use crate::scales::mark;
use crate::tx::{About, Tx, tried};
use crate::work::{keep, lock_all};
use chrono::{DateTime, Utc};
use domain::history::Event;
use domain::id::{ClaimId, LinkId};
use domain::link::{LinkKind, stands_in};
use domain::policy::{self, Actor, Read, Review};
use domain::scale::Rating;
use domain::words::{Invalid, Reason};
use domain::workflow::Stage;
use std::collections::HashMap;
use std::sync::Arc;

/// A link as one of its claims shows it.
#[derive(Clone, Debug)]
pub struct LinkView {
    pub id: LinkId,
    pub kind: LinkKind,
    /// Whether the claim that shows it is the one that is the duplicate, updates, and so on.
    pub outgoing: bool,
    pub other: ClaimId,
    pub text: String,
    pub stage: Stage,
    pub rating: Option<String>,
    /// The rating as it was when it was given.
    pub mark: Option<Arc<Rating>>,
    pub by: String,
    pub at: DateTime<Utc>,
    pub reason: Option<String>,
}

/// A claim that another may be a duplicate of.
#[derive(Clone, Debug)]
pub struct Candidate {
    pub id: ClaimId,
    pub text: String,
    pub article_title: String,
    pub same_article: bool,
    pub stage: Stage,
    pub rating: Option<String>,
}

impl Desk {
    /// Links a claim to another.
    ///
    /// # Errors
    /// `Refused` below reviewer, `Invalid` where they are linked so already or are the same,
    /// `NotFound`.
    pub async fn link(
        &self,
        actor: &Actor,
        claim: ClaimId,
        other: ClaimId,
        kind: LinkKind,
        reason: Option<Reason>,
    ) -> Result<LinkId> {
        let _: policy::Permit<Review> = policy::permit(actor)?;
        let mut tx = self.begin(Some(actor.id)).await?;
        let id = self.make_link(&mut tx, actor, (claim, other), kind, reason.as_ref()).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// Ends a link.
    ///
    /// # Errors
    /// `Refused` below reviewer, `NotFound` where there is none that holds.
    pub async fn end_link(&self, actor: &Actor, id: LinkId, reason: Reason) -> Result<()> {
        let _: policy::Permit<Review> = policy::permit(actor)?;
        let mut tx = self.begin(Some(actor.id)).await?;
        let now = tx.now;
        let link = sqlx::query!(
            r#"with ended as (
                   insert into claim_link_end (link_id, claim_id, reason, ended_by, ended_at)
                   select id, claim_id, $2, $3, $4 from claim_link where id = $1
                   on conflict do nothing
                   returning link_id)
               select l.claim_id, l.other_id, l.kind, one.text, one.article_id,
                      other.text as other_text, other.article_id as "other_article: domain::id::ArticleId"
                 from ended
                 join claim_link l on l.id = ended.link_id
                 join claim one on one.id = l.claim_id
                 join claim other on other.id = l.other_id"#,
            id.0,
            reason.as_str(),
            actor.id.0,
            now,
        )
        .fetch_optional(tx.db())
        .await
        .doing("end a link")?
        .ok_or(Error::NotFound("link"))?;
        let kind: LinkKind = word("claim_link", "kind", &link.kind)?;
        let ended = |other: ClaimId, words: String| Event::LinkEnded {
            what: kind.label().to_owned(),
            other,
            words,
            reason: reason.as_str().to_owned(),
        };
        tx.events(&[
            (About::claim(link.claim_id, link.article_id), ended(link.other_id, link.other_text)),
            (About::claim(link.other_id, link.other_article), ended(link.claim_id, link.text)),
        ])
        .await?;
        tx.commit().await
    }

    /// Sets a claim aside because it says the same as another.
    ///
    /// # Errors
    /// As [`Desk::dismiss`] and [`Desk::link`], and `Invalid` where the other is set aside itself or rests
    /// on this one.
    pub async fn dismiss_as_duplicate(
        &self,
        actor: &Actor,
        id: ClaimId,
        seen: i32,
        of: ClaimId,
        reason: Option<Reason>,
    ) -> Result<()> {
        tried!(self.try_duplicate(actor, id, seen, of, reason.clone()))
    }

    async fn try_duplicate(
        &self,
        actor: &Actor,
        id: ClaimId,
        seen: i32,
        of: ClaimId,
        reason: Option<Reason>,
    ) -> Result<()> {
        let permit: policy::Permit<Review> = policy::permit(actor)?;
        let mut tx = self.begin(Some(actor.id)).await?;
        // Both, in the order of their ids, before either moves.
        let mut locked = lock_all(&mut tx, &[id, of]).await?;
        let claim = locked.remove(&id).ok_or(Error::NotFound("claim"))?;
        if let Some(other) = locked.get(&of) {
            let rests = resting(tx.db(), id).await?.contains(&of);
            stands_in(other.work.stage, rests)?;
        }
        let now = tx.now;
        let work = moved(&mut tx, id, claim.work.dismiss(permit, seen, now)).await?;
        keep(&mut tx, id, &work, None).await?;
        self.make_link(&mut tx, actor, (id, of), LinkKind::Duplicate, reason.as_ref()).await?;
        let words = reason
            .map_or_else(|| "A duplicate of another claim.".to_owned(), |reason| reason.as_str().to_owned());
        look_after_dismissal(&mut tx, &[id]).await?;
        let is_public = seen_by_readers(&mut tx, &[id]).await?.contains(&id);
        tx.event(About::claim(id, claim.article), &Event::Dismissed { reason: words, is_public }).await?;
        tx.commit().await
    }

    /// Whether a claim is linked to another like this.
    pub(crate) async fn has_link(
        &self,
        tx: &mut Tx,
        claim: ClaimId,
        other: ClaimId,
        kind: LinkKind,
    ) -> Result<bool> {
        sqlx::query_scalar!(
            r#"select exists (
                   select from claim_link l
                    where l.claim_id = $1 and l.other_id = $2 and l.kind = $3
                      and not exists (select from claim_link_end e where e.link_id = l.id)) as "known!""#,
            claim.0,
            other.0,
            kind.word(),
        )
        .fetch_one(tx.db())
        .await
        .doing("look for a link")
    }

    pub(crate) async fn make_link(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        (claim, other): (ClaimId, ClaimId),
        kind: LinkKind,
        reason: Option<&Reason>,
    ) -> Result<LinkId> {
        if claim == other {
            return Err(Invalid::new("other", "Choose another claim than this one.").into());
        }
        let locked = lock_all(tx, &[claim, other]).await?;
        let (Some(one), Some(two)) = (locked.get(&claim), locked.get(&other)) else {
            return Err(
                Invalid::new("other", "There is no such claim; paste the address of its page.").into()
            );
        };
        if self.has_link(tx, claim, other, kind).await? {
            return Err(Invalid::new("other", "The two claims are linked like this already.").into());
        }
        let texts: HashMap<ClaimId, String> =
            sqlx::query!("select id, text from claim where id = any($1)", &[claim.0, other.0],)
                .fetch_all(tx.db())
                .await
                .doing("read the claims to link")?
                .into_iter()
                .map(|row| (row.id, row.text))
                .collect();
        let id = LinkId(self.new_id());
        let now = tx.now;
        sqlx::query!(
            "insert into claim_link (id, claim_id, other_id, kind, reason, made_by, made_at)
             values ($1, $2, $3, $4, $5, $6, $7)",
            id.0,
            claim.0,
            other.0,
            kind.word(),
            reason.map(Reason::as_str),
            actor.id.0,
            now,
        )
        .execute(tx.db())
        .await
        .doing("link claims")?;
        let text = |id: ClaimId| texts.get(&id).cloned().unwrap_or_default();
        let (label, back) = (kind.label().to_owned(), kind.seen_from_the_other().to_owned());
        let events = [
            (About::claim(claim, one.article), Event::LinkMade { what: label, other, words: text(other) }),
            (
                About::claim(other, two.article),
                Event::LinkMade { what: back, other: claim, words: text(claim) },
            ),
        ];
        tx.events(&events).await?;
        Ok(id)
    }

    /// The links of a claim that hold, from both ends.
    pub(crate) async fn links_of(&self, id: ClaimId) -> Result<Vec<LinkView>> {
        let rows = sqlx::query!(
            r#"select l.id as "id!: LinkId", l.kind as "kind!", l.outgoing as "outgoing!", claim.id as "other!: ClaimId",
                      claim.text as "text!", claim.stage as "stage!", claim.rating, claim.rating_scale,
                      claim.rating_version, account.name as "by!",
                      l.made_at as "at!", l.reason
                 from (select id, kind, true as outgoing, other_id as other, made_by, made_at, reason
                         from claim_link where claim_id = $1
                       union all
                       select id, kind, false, claim_id, made_by, made_at, reason
                         from claim_link where other_id = $1) l
                 join claim on claim.id = l.other
                 join account on account.id = l.made_by
                where not exists (select from claim_link_end e where e.link_id = l.id)
                order by l.made_at, l.id
                limit 200"#,
            id.0,
        )
        .fetch_all(&self.pool)
        .await
        .doing("read a claim's links")?;
        let given = rows.iter().map(|row| (row.rating_scale.as_deref(), row.rating_version));
        let scales = self.scales_with(given).await?;
        rows.into_iter()
            .map(|row| {
                Ok(LinkView {
                    mark: mark(
                        &scales,
                        row.rating.as_deref(),
                        row.rating_scale.as_deref(),
                        row.rating_version,
                    ),
                    id: row.id,
                    kind: word("claim_link", "kind", &row.kind)?,
                    outgoing: row.outgoing,
                    other: row.other,
                    text: row.text,
                    stage: word("claim", "stage", &row.stage)?,
                    rating: row.rating,
                    by: row.by,
                    at: row.at,
                    reason: row.reason,
                })
            })
            .collect()
    }

    /// Claims that may say the same: those of the same article that count the same, then those
    /// elsewhere with the same figure.
    ///
    /// # Errors
    /// `Refused` for nobody, or where the database fails.
    pub async fn link_candidates(&self, actor: &Actor, id: ClaimId) -> Result<Vec<Candidate>> {
        let _: policy::Permit<Read> = policy::permit(actor)?;
        sqlx::query!(
            r#"with own as (
                   select claim.article_id, m.indicator, coalesce(m.best, m.low, m.high) as figure
                     from claim join measure m on m.claim_id = claim.id
                    where claim.id = $1 order by m.position limit 1),
               found as (
                   (select claim.id, true as same_article
                      from own join claim on claim.article_id = own.article_id
                     where own.indicator = any(claim.indicators) and claim.id <> $1
                     order by claim.span_start limit 6)
                   union all
                   (select same.claim_id, false
                      from own
                      -- the newest only: a common number is on record many thousand times
                     cross join lateral (
                          select m.claim_id from measure m
                           where m.indicator = own.indicator and coalesce(m.best, m.low, m.high) = own.figure
                           order by m.claim_id desc limit 20) same
                      join claim on claim.id = same.claim_id
                     where claim.article_id <> own.article_id
                     order by same.claim_id desc limit 6))
               select distinct on (found.same_article, claim.id)
                      claim.id, claim.text, article.title, found.same_article as "same_article!", claim.stage, claim.rating
                 from found
                 join claim on claim.id = found.id
                 join article on article.id = claim.article_id
                order by found.same_article desc, claim.id"#,
            id.0,
        )
        .fetch_all(&self.pool)
        .await
        .doing("look for claims that say the same")?
        .into_iter()
        .map(|row| {
            Ok(Candidate {
                id: row.id,
                text: row.text,
                article_title: row.title,
                same_article: row.same_article,
                stage: word("claim", "stage", &row.stage)?,
                rating: row.rating,
            })
        })
        .collect()
    }
}
