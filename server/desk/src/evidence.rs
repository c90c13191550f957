//! Evidence: what bears on a claim.

use crate::Desk;
use crate::error::{Difference, Doing, Error, Result};
use crate::tx::{About, Once, Tx};
use crate::work::last_actor;
use domain::claim::Stance;
use domain::history::Event;
use domain::id::{ArticleId, ClaimId, EvidenceId};
use domain::policy::{self, Actor, Review};
use domain::words::{EvidenceTitle, Excerpt, Reason, WebAddress};

/// A piece of evidence as it is handed in.
#[derive(Clone, Debug)]
pub struct EvidenceForm {
    pub address: Option<WebAddress>,
    pub title: EvidenceTitle,
    pub excerpt: Excerpt,
    pub stance: Stance,
}

impl Desk {
    /// Attaches evidence.
    ///
    /// # Errors
    /// `Refused` below reviewer, `NotFound`.
    pub async fn add_evidence(
        &self,
        actor: &Actor,
        id: ClaimId,
        form: EvidenceForm,
        once: Option<&Once>,
    ) -> Result<EvidenceId> {
        let _: policy::Permit<Review> = policy::permit(actor)?;
        let mut tx = self.begin(Some(actor.id)).await?;
        if let Some(first) = tx.once(once).await? {
            return Ok(EvidenceId(first));
        }
        let article = self.extend(&mut tx, actor, id).await?;
        let evidence = EvidenceId(self.new_id());
        let now = tx.now;
        sqlx::query!(
            "insert into evidence (id, claim_id, address, title, excerpt, stance, added_by, added_at, version)
             values ($1, $2, $3, $4, $5, $6, $7, $8, 1)",
            evidence.0,
            id.0,
            form.address.as_ref().map(WebAddress::as_str),
            form.title.as_str(),
            form.excerpt.as_str(),
            form.stance.word(),
            actor.id.0,
            now,
        )
        .execute(tx.db())
        .await
        .doing("add evidence")?;
        let event = Event::EvidenceAdded { title: form.title.to_string(), stance: form.stance };
        tx.event(About::claim(id, article), &event).await?;
        tx.made(once, evidence.0).await?;
        tx.commit().await?;
        Ok(evidence)
    }

    /// Corrects a piece of evidence; the history keeps what it said before. What changes nothing
    /// leaves no trace.
    ///
    /// # Errors
    /// `Stale` with what differs where somebody else corrected it meanwhile, `NotFound` where it
    /// is withdrawn.
    pub async fn correct_evidence(
        &self,
        actor: &Actor,
        id: EvidenceId,
        form: EvidenceForm,
        seen: i32,
    ) -> Result<ClaimId> {
        let _: policy::Permit<Review> = policy::permit(actor)?;
        let mut tx = self.begin(Some(actor.id)).await?;
        let old = sqlx::query!(
            "select claim_id, address, title, excerpt, stance, version from evidence
              where id = $1 and withdrawn_at is null for update",
            id.0,
        )
        .fetch_optional(tx.db())
        .await
        .doing("read evidence")?
        .ok_or(Error::NotFound("evidence in use"))?;
        let address = form.address.as_ref().map(WebAddress::as_str);
        let mut differences = Vec::new();
        let mut compare = |field: &'static str, yours: &str, theirs: &str| {
            if yours != theirs {
                differences.push(Difference { field, yours: yours.to_owned(), theirs: theirs.to_owned() });
            }
        };
        compare("title", form.title.as_str(), &old.title);
        compare("address", address.unwrap_or_default(), old.address.as_deref().unwrap_or_default());
        compare("excerpt", form.excerpt.as_str(), &old.excerpt);
        compare("stance", form.stance.word(), &old.stance);
        if old.version != seen {
            let by = last_actor(&mut tx, old.claim_id, &["evidence_corrected"]).await?;
            return Err(Error::Stale { by, current: old.version, differences });
        }
        if differences.is_empty() {
            return Ok(old.claim_id);
        }
        let article = self.extend(&mut tx, actor, old.claim_id).await?;
        sqlx::query!(
            "update evidence set address = $2, title = $3, excerpt = $4, stance = $5, version = version + 1
              where id = $1",
            id.0,
            address,
            form.title.as_str(),
            form.excerpt.as_str(),
            form.stance.word(),
        )
        .execute(tx.db())
        .await
        .doing("correct evidence")?;
        let said = |pick: &dyn Fn(&Difference) -> &str| {
            let parts: Vec<String> =
                differences.iter().map(|d| format!("{} “{}”", d.field, pick(d))).collect();
            parts.join(", ")
        };
        let event = Event::EvidenceCorrected {
            title: old.title.clone(),
            before: said(&|d| &d.theirs),
            after: said(&|d| &d.yours),
        };
        tx.event(About::claim(old.claim_id, article), &event).await?;
        tx.commit().await?;
        Ok(old.claim_id)
    }

    /// Takes a piece of evidence out; it stays visible, with the reason.
    ///
    /// # Errors
    /// `NotFound` where it is withdrawn already.
    pub async fn withdraw_evidence(&self, actor: &Actor, id: EvidenceId, reason: Reason) -> Result<ClaimId> {
        let _: policy::Permit<Review> = policy::permit(actor)?;
        let mut tx = self.begin(Some(actor.id)).await?;
        let now = tx.now;
        let row = sqlx::query!(
            "update evidence
                set withdrawn_at = $2, withdrawn_by = $3, withdrawn_reason = $4, version = version + 1
              where id = $1 and withdrawn_at is null
             returning claim_id, title",
            id.0,
            now,
            actor.id.0,
            reason.as_str(),
        )
        .fetch_optional(tx.db())
        .await
        .doing("withdraw evidence")?
        .ok_or(Error::NotFound("evidence in use"))?;
        let article = self.extend(&mut tx, actor, row.claim_id).await?;
        let event = Event::EvidenceWithdrawn { title: row.title, reason: reason.as_str().to_owned() };
        tx.event(About::claim(row.claim_id, article), &event).await?;
        tx.commit().await?;
        Ok(row.claim_id)
    }

    /// Whoever works on a claim keeps it: moves the end of the actor's own lease.
    pub(crate) async fn extend(&self, tx: &mut Tx, actor: &Actor, id: ClaimId) -> Result<ArticleId> {
        let until = tx.now + domain::workflow::LEASE;
        sqlx::query_scalar!(
            "with kept as (update claim set lease_until = $3 where id = $1 and lease_holder = $2)
             select article_id from claim where id = $1",
            id.0,
            actor.id.0,
            until,
        )
        .fetch_optional(tx.db())
        .await
        .doing("keep a claim longer")?
        .ok_or(Error::NotFound("claim"))
    }
}
