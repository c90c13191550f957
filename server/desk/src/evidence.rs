//! Evidence: what bears on a claim, who originally says it, and which figures its excerpt has.

use crate::Desk;
use crate::claims::measures;
use crate::error::{Difference, Doing, Error, Result, word};
use crate::reading::Reading;
use crate::sources::Named;
use crate::tx::{About, Once, Tx};
use crate::work::last_actor;
use domain::claim::{Polarity, SourceBy, SourceKind, Stance};
use domain::grade::Information;
use domain::history::Event;
use domain::id::{ArticleId, ClaimId, EvidenceId, SourceId};
use domain::measure::Measure;
use domain::policy::{self, Actor, Review};
use domain::words::{EvidenceTitle, Excerpt, OutletName, Reason, SourceName, WebAddress};

/// A piece of evidence as it is handed in.
#[derive(Clone, Debug)]
pub struct EvidenceForm {
    pub address: Option<WebAddress>,
    pub title: EvidenceTitle,
    pub excerpt: Excerpt,
    pub stance: Stance,
    /// Who originally says it; `None`: whom the excerpt names, or else the publisher.
    pub source: Option<OriginGiven>,
    /// Who passed it on.
    pub publisher: Option<OutletName>,
    pub information: Information,
    /// A photo or a video shows it.
    pub visual: bool,
    /// A party to the conflict says that it did it.
    pub admission: bool,
}

/// Who originally says something, as a person gives it.
#[derive(Clone, Debug)]
pub struct OriginGiven {
    pub name: SourceName,
    /// `None`: whatever the desk knows by this name, else an organisation.
    pub kind: Option<SourceKind>,
}

impl EvidenceForm {
    /// Evidence of which no more is known.
    pub fn new(title: EvidenceTitle, excerpt: Excerpt, stance: Stance) -> Self {
        Self {
            address: None,
            title,
            excerpt,
            stance,
            source: None,
            publisher: None,
            information: Information::Six,
            visual: false,
            admission: false,
        }
    }
}

/// Who originally says a piece of evidence, and how that is known.
struct Origin {
    source: SourceId,
    by: SourceBy,
    words: Option<String>,
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
        let reading = Reading::of(form.excerpt.as_str());
        let origin = self.origin(&mut tx, id, &form, &reading).await?;
        let now = tx.now;
        sqlx::query!(
            "insert into evidence (id, claim_id, address, title, excerpt, stance, added_by, added_at, version,
                                   source_id, source_by, source_words, publisher, information, visual, admission,
                                   reading)
             values ($1, $2, $3, $4, $5, $6, $7, $8, 1, $9, $10, $11, $12, $13, $14, $15, $16)",
            evidence.0,
            id.0,
            form.address.as_ref().map(WebAddress::as_str),
            form.title.as_str(),
            form.excerpt.as_str(),
            form.stance.word(),
            actor.id.0,
            now,
            origin.as_ref().map(|origin| origin.source.0),
            origin.as_ref().map(|origin| origin.by.word()),
            origin.as_ref().and_then(|origin| origin.words.as_deref()),
            form.publisher.as_ref().map(OutletName::as_str),
            form.information.number(),
            form.visual,
            form.admission,
            as_kept(&reading)?,
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
            r#"select e.claim_id, e.address, e.title, e.excerpt, e.stance, e.version, e.source_id as "source_id: SourceId",
                      e.source_by, e.source_words, source.name as "source?", e.publisher, e.information, e.visual,
                      e.admission
                 from evidence e left join source on source.id = e.source_id
                where e.id = $1 and e.withdrawn_at is null for update of e"#,
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
        let publisher = form.publisher.as_ref().map(OutletName::as_str);
        compare("publisher", publisher.unwrap_or_default(), old.publisher.as_deref().unwrap_or_default());
        let information = old.information.to_string();
        compare("information", form.information.word(), &information);
        let yes = |yes: bool| if yes { "yes" } else { "no" };
        compare("visual", yes(form.visual), yes(old.visual));
        compare("admission", yes(form.admission), yes(old.admission));
        let reading = Reading::of(form.excerpt.as_str());
        let named = form.source.as_ref().map(|source| source.name.as_str());
        let kept = named.is_some_and(|name| {
            old.source.as_deref().is_some_and(|old| old.to_lowercase() == name.to_lowercase())
        });
        // Named as before, it stays known as it was known before.
        let origin = match (kept, old.source_id, &old.source_by) {
            (true, Some(source), Some(by)) => Some(Origin {
                source,
                by: word("evidence", "source_by", by)?,
                words: old.source_words.clone(),
            }),
            _ => self.origin(&mut tx, old.claim_id, &form, &reading).await?,
        };
        if origin.as_ref().map(|origin| origin.source) != old.source_id {
            let now = self.name_of(&mut tx, origin.as_ref()).await?;
            compare("source", &now, old.source.as_deref().unwrap_or_default());
        }
        if old.version != seen {
            let by = last_actor(&mut tx, old.claim_id, &["evidence_corrected"]).await?;
            return Err(Error::Stale { by, current: old.version, differences });
        }
        if differences.is_empty() {
            return Ok(old.claim_id);
        }
        let article = self.extend(&mut tx, actor, old.claim_id).await?;
        sqlx::query!(
            "update evidence set address = $2, title = $3, excerpt = $4, stance = $5, version = version + 1,
                    source_id = $6, source_by = $7, source_words = $8, publisher = $9, information = $10,
                    visual = $11, admission = $12, reading = $13
              where id = $1",
            id.0,
            address,
            form.title.as_str(),
            form.excerpt.as_str(),
            form.stance.word(),
            origin.as_ref().map(|origin| origin.source.0),
            origin.as_ref().map(|origin| origin.by.word()),
            origin.as_ref().and_then(|origin| origin.words.as_deref()),
            publisher,
            form.information.number(),
            form.visual,
            form.admission,
            as_kept(&reading)?,
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

    /// Who originally says a piece of evidence: whom the person names, else whom the excerpt names
    /// for the claim's figure, else who published it.
    async fn origin(
        &self,
        tx: &mut Tx,
        claim: ClaimId,
        form: &EvidenceForm,
        reading: &Reading,
    ) -> Result<Option<Origin>> {
        if let Some(given) = &form.source {
            let named = Named { name: given.name.as_str(), kind: given.kind, role: None, organisation: None };
            let source = self.source_named(tx, &named).await?;
            return Ok(Some(Origin { source, by: SourceBy::Person, words: None }));
        }
        if let Some(hop) = reading.speaker(&claimed(tx, claim).await?)
            && let Some(name) = hop.name.as_deref()
        {
            // Who denies what the claim says, or leaves it open, does not support it, whoever passed that on.
            if form.stance == Stance::Supports && hop.polarity != Polarity::Asserted {
                return Ok(None);
            }
            let (role, organisation) = (hop.role.as_deref(), hop.organisation.as_deref());
            let named = Named { name, kind: Some(hop.kind), role, organisation };
            let source = self.source_named(tx, &named).await?;
            return Ok(Some(Origin { source, by: SourceBy::Excerpt, words: Some(hop.mention) }));
        }
        let Some(publisher) = &form.publisher else { return Ok(None) };
        let named = Named { name: publisher.as_str(), kind: None, role: None, organisation: None };
        let source = self.source_named(tx, &named).await?;
        Ok(Some(Origin { source, by: SourceBy::Publisher, words: None }))
    }

    async fn name_of(&self, tx: &mut Tx, origin: Option<&Origin>) -> Result<String> {
        let Some(origin) = origin else { return Ok(String::new()) };
        sqlx::query_scalar!("select name from source where id = $1", origin.source.0)
            .fetch_one(tx.db())
            .await
            .doing("read a source's name")
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

/// The figures of a claim.
async fn claimed(tx: &mut Tx, claim: ClaimId) -> Result<Vec<Measure>> {
    let bodies = sqlx::query_scalar!(
        "select jsonb_agg(body order by position) from measure where claim_id = $1",
        claim.0,
    )
    .fetch_one(tx.db())
    .await
    .doing("read a claim's figures")?;
    measures(bodies)
}

fn as_kept(reading: &Reading) -> Result<serde_json::Value> {
    serde_json::to_value(&reading.figures).map_err(|error| Error::Task(error.to_string()))
}
