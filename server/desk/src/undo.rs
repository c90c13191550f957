//! Taking back a verdict that was just given. The verdict stays, marked as taken back by a row of
//! its own; the claim returns to where it was.

use crate::Desk;
use crate::dependants::resting;
use crate::drafts::Fields;
use crate::error::{Doing, Error, Result, word};
use crate::found::Found;
use crate::to_settle::before_marking;
use crate::tx::{About, Tx};
use crate::work::{keep, lock};
use chrono::{DateTime, Utc};
use domain::history::Event;
use domain::id::{AccountId, ClaimId, VerdictId};
use domain::policy::{self, Actor, Review};
use domain::workflow::{UNDO, Undoable};

/// A verdict that its author can still take back.
#[derive(Clone, Debug)]
pub struct CanUndo {
    pub verdict: VerdictId,
    /// Until when.
    pub until: DateTime<Utc>,
}

/// A verdict that was taken back.
#[derive(Clone, Debug)]
pub struct Undone {
    pub claim: ClaimId,
    /// What was typed, under the names of the form's fields.
    pub typed: Fields,
}

struct Given {
    claim_id: ClaimId,
    number: i32,
    reviewer_id: AccountId,
    part: String,
    scale: String,
    rating: String,
    rationale: String,
    override_reason: Option<String>,
    figure_text: Option<String>,
    given_at: DateTime<Utc>,
    stage_before: String,
    replaced_id: Option<VerdictId>,
    rating_before: Option<String>,
    is_overtaken: bool,
}

impl Desk {
    /// The verdict that a person gave a moment ago, while it can be undone.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn can_undo(&self, actor: &Actor) -> Result<Option<CanUndo>> {
        let last = sqlx::query!(
            r#"select v.id, v.given_at,
                      exists (select from verdict_undone u where u.verdict_id = v.id)
                      or not coalesce((select e.kind in ('verdict_given', 'first_verdict_given')
                                          and (e.body ->> 'number')::int = v.number
                                         from event e where e.claim_id = v.claim_id and e.kind <> 'overrode'
                                        order by e.id desc limit 1), false) as "is_overtaken!"
                 from verdict v
                where v.reviewer_id = $1 and v.given_at >= $2 and v.part in ('sole', 'first')
                order by v.given_at desc
                limit 1"#,
            actor.id.0,
            self.clock.now() - UNDO,
        )
        .fetch_optional(&self.pool)
        .await
        .doing("look for a verdict to undo")?;
        Ok(last
            .filter(|last| !last.is_overtaken)
            .map(|last| CanUndo { verdict: last.id, until: last.given_at + UNDO }))
    }

    /// Takes a verdict back within a minute of giving it.
    ///
    /// # Errors
    /// `Refused` below reviewer, `NotFound`, `Blocked` for another person's verdict, after a minute,
    /// where anything happened to the claim since, and for a verdict with which another was shown.
    pub async fn undo_verdict(&self, actor: &Actor, verdict: VerdictId) -> Result<Undone> {
        let permit: policy::Permit<Review> = policy::permit(actor)?;
        let mut tx = self.begin(Some(actor.id)).await?;
        before_marking(&mut tx).await?;
        let claim = sqlx::query_scalar!("select claim_id from verdict where id = $1", verdict.0)
            .fetch_optional(tx.db())
            .await
            .doing("look a verdict up")?
            .ok_or(Error::NotFound("verdict"))?;
        let locked = lock(&mut tx, claim).await?;
        let given = given(&mut tx, verdict).await?;
        // What rests on the claim was told of the verdict, and cannot be untold.
        let was_built_on = given.replaced_id.is_some() && !resting(tx.db(), claim).await?.is_empty();
        let undoable = Undoable {
            by: given.reviewer_id,
            at: given.given_at,
            part: word("verdict", "part", &given.part)?,
            stage_before: word("verdict", "stage_before", &given.stage_before)?,
            rating_before: given.rating_before,
            is_overtaken: given.is_overtaken || was_built_on,
        };
        let work = locked.work.undo(permit, &undoable, tx.now).map_err(Error::Blocked)?;
        let now = tx.now;
        sqlx::query!(
            "insert into verdict_undone (verdict_id, by, at) values ($1, $2, $3)",
            verdict.0,
            actor.id.0,
            now,
        )
        .execute(tx.db())
        .await
        .doing("undo a verdict")?;
        keep(&mut tx, claim, &work, None).await?;
        sqlx::query!(
            "update claim
                set verdict_id = $2,
                    (rating_scale, rating_version) = (
                        select v.scale, v.scale_version from verdict v where v.id = $2 and claim.rating is not null),
                    reviewers = array(select distinct reviewer_id from verdict
                                       where verdict.claim_id = claim.id
                                         and not exists (select from verdict_undone u where u.verdict_id = verdict.id))
              where id = $1",
            claim.0,
            given.replaced_id.map(|id| id.0),
        )
        .execute(tx.db())
        .await
        .doing("put back the verdict that stood")?;
        // The policy may have changed while a verdict stood.
        let found = Found::load_one(&mut tx, claim).await?;
        self.mark_by_policy(&mut tx, &[(claim, found)]).await?;
        // A verdict that was taken over made the claim a duplicate.
        let links = sqlx::query!(
            r#"with ended as (
                   insert into claim_link_end (link_id, claim_id, reason, ended_by, ended_at)
                   select l.id, l.claim_id, 'The verdict was taken back.', $2, $3
                     from claim_link l
                    where l.claim_id = $1 and l.kind = 'duplicate' and l.made_at = $4 and l.made_by = $2
                      and exists (select from event e where e.claim_id = $1 and e.kind = 'verdict_reused' and e.at = $4)
                   on conflict do nothing
                   returning link_id)
               select l.other_id as "other: ClaimId", claim.text
                 from ended join claim_link l on l.id = ended.link_id join claim on claim.id = l.other_id"#,
            claim.0,
            actor.id.0,
            now,
            given.given_at,
        )
        .fetch_all(tx.db())
        .await
        .doing("end the link of a verdict that was taken over")?;
        let about = About::claim(claim, locked.article);
        let mut events: Vec<(About, Event)> = links
            .into_iter()
            .map(|link| {
                let event = Event::LinkEnded {
                    what: domain::link::LinkKind::Duplicate.label().to_owned(),
                    other: link.other,
                    words: link.text,
                    reason: "The verdict was taken back.".to_owned(),
                };
                (about, event)
            })
            .collect();
        events.push((about, Event::VerdictUndone { number: given.number }));
        tx.events(&events).await?;
        tx.commit().await?;
        let typed = [
            ("scale", given.scale),
            ("rating", given.rating),
            ("rationale", given.rationale),
            ("figure", given.figure_text.unwrap_or_default()),
            ("override_reason", given.override_reason.unwrap_or_default()),
        ];
        Ok(Undone {
            claim: given.claim_id,
            typed: typed.into_iter().map(|(name, value)| (name.to_owned(), value)).collect(),
        })
    }
}

async fn given(tx: &mut Tx, verdict: VerdictId) -> Result<Given> {
    sqlx::query_as!(
        Given,
        r#"select v.claim_id, v.number, v.reviewer_id, v.part, v.scale, v.rating, v.rationale,
                  v.override_reason, v.figure_text, v.given_at,
                  v.stage_before, v.replaced_id, before.rating as "rating_before?",
                  exists (select from verdict_undone u where u.verdict_id = v.id)
                  or not coalesce((select e.kind in ('verdict_given', 'first_verdict_given')
                                      and (e.body ->> 'number')::int = v.number
                                     from event e where e.claim_id = v.claim_id and e.kind <> 'overrode'
                                    order by e.id desc limit 1), false) as "is_overtaken!"
             from verdict v left join verdict before on before.id = v.replaced_id
            where v.id = $1"#,
        verdict.0,
    )
    .fetch_one(tx.db())
    .await
    .doing("read a verdict")
}
