//! Who is to do what: claims given to people, seen beforehand, all or none of them at once, and
//! taken back as easily.

use crate::Desk;
use crate::claims::ClaimRow;
use crate::error::{Doing, Error, Result, word};
use crate::tx::{About, Once, Tx};
use crate::work::{Locked, lock_all};
use chrono::{DateTime, TimeDelta, Utc};
use domain::history::Event;
use domain::id::{AccountId, ClaimId, HandoutId};
use domain::load::{Hand, ToGive, balance};
use domain::phrase::Phrase;
use domain::policy::{self, Actor, Assign, Refused, Review, Role};
use domain::words::Invalid;
use domain::workflow::{SoFar, Work};
use phrase::phrase;
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// Most claims that are given out at once.
pub const MOST_AT_ONCE: usize = 200;
/// How long handing out can be undone by who did it.
pub const UNDO_HANDOUT: TimeDelta = TimeDelta::minutes(15);

/// A claim and who is to do it; `None`: nobody in particular.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Assignment {
    pub claim: ClaimId,
    pub to: Option<AccountId>,
}

/// Why one of several claims cannot be given to somebody.
#[derive(Clone, Debug, PartialEq)]
pub struct Unassignable {
    pub claim: ClaimId,
    pub why: Phrase,
}

/// Somebody who may be given claims, and how many they have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    pub id: AccountId,
    pub name: String,
    pub has: i64,
}

/// What handing out would do.
#[derive(Clone, Debug)]
pub struct Preview {
    /// Everybody who may be given claims.
    pub people: Vec<Person>,
    /// The claims in the order they were named.
    pub rows: Vec<PreviewRow>,
}

#[derive(Clone, Debug)]
pub struct PreviewRow {
    pub claim: ClaimRow,
    /// Who it would go to; `None`: nobody.
    pub to: Option<Person>,
    /// Why it would not be given out.
    pub why_not: Option<Phrase>,
}

impl PreviewRow {
    /// Whether handing out changes anything about it.
    pub fn changes(&self) -> bool {
        self.why_not.is_none() && self.claim.assignee_id != self.to.as_ref().map(|to| to.id)
    }
}

impl Preview {
    /// How many claims a person would have.
    pub fn would_have(&self, person: AccountId) -> i64 {
        let of = |who: Option<AccountId>| i64::from(who == Some(person));
        let has = self.people.iter().find(|one| one.id == person).map_or(0, |one| one.has);
        let moved = self.rows.iter().filter(|row| row.changes());
        has + moved.map(|row| of(row.to.as_ref().map(|to| to.id)) - of(row.claim.assignee_id)).sum::<i64>()
    }

    /// What is to be done.
    pub fn assignments(&self) -> Vec<Assignment> {
        let changing = self.rows.iter().filter(|row| row.changes());
        changing.map(|row| Assignment { claim: row.claim.id, to: row.to.as_ref().map(|to| to.id) }).collect()
    }
}

/// To whom claims shall go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Among {
    /// Whoever has them shall have them no more.
    Nobody,
    /// Evenly to these people; all of them to one where there is one.
    People(Vec<AccountId>),
}

/// Handing out that can be undone still.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LastHandout {
    pub id: HandoutId,
    pub claims: i64,
    pub until: DateTime<Utc>,
}

/// What came of undoing it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TakenBack {
    pub claims: usize,
    /// Those that others have moved since, which stay as they are.
    pub left: usize,
}

impl Desk {
    /// Everybody who may be given claims, by name, and how many they have.
    ///
    /// # Errors
    /// `Refused` below reviewer, or where the database fails.
    pub async fn hands(&self, actor: &Actor) -> Result<Vec<Person>> {
        let _: policy::Permit<Review> = policy::permit(actor)?;
        let rows = sqlx::query!(
            r#"select account.id, account.name,
                      (select coalesce(sum(n), 0)::bigint from assignee_tally where account_id = account.id) as "has!"
                 from account where disabled_at is null and role <> 'viewer'
                order by lower(account.name), account.id
                limit 500"#,
        )
        .fetch_all(&self.pool)
        .await
        .doing("list who may be given claims")?;
        Ok(rows.into_iter().map(|row| Person { id: row.id, name: row.name, has: row.has }).collect())
    }

    /// What it would do to give these claims out. Changes nothing.
    ///
    /// # Errors
    /// `Refused` below reviewer, and below editor for others than oneself; `Invalid` for more than 200
    /// claims and for somebody who cannot be given any.
    pub async fn preview_handout(&self, actor: &Actor, claims: &[ClaimId], among: &Among) -> Result<Preview> {
        let _: policy::Permit<Review> = policy::permit(actor)?;
        at_most(claims.len())?;
        let people = self.hands(actor).await?;
        let named: HashMap<AccountId, &Person> = people.iter().map(|person| (person.id, person)).collect();
        let mut chosen: Vec<Hand> = Vec::new();
        if let Among::People(among) = among {
            for person in among {
                let found = named.get(person).ok_or_else(no_such_person)?;
                if chosen.iter().all(|hand| hand.person != *person) {
                    chosen.push(Hand { person: *person, has: found.has });
                }
            }
            if chosen.iter().any(|hand| hand.person != actor.id) {
                let _: policy::Permit<Assign> = policy::permit(actor)?;
            }
        }
        let mut seen = HashSet::new();
        let claims: Vec<ClaimId> = claims.iter().copied().filter(|id| seen.insert(*id)).collect();
        let rows = self.rows(&self.pool, &claims).await?;
        let works = self.works(&claims).await?;
        let to_give: Vec<ToGive> = rows
            .iter()
            .filter(|row| row.stage.is_in_work())
            .map(|row| ToGive {
                claim: row.id,
                with: row.assignee_id,
                not_to: works.get(&row.id).map(|work| judged_by(&work.so_far)).unwrap_or_default(),
            })
            .collect();
        let given: HashMap<ClaimId, Option<AccountId>> = match among {
            Among::Nobody => HashMap::new(),
            Among::People(_) => balance(&to_give, &chosen).into_iter().collect(),
        };
        let rows = rows
            .into_iter()
            .map(|claim| {
                let to = given.get(&claim.id).copied().flatten();
                // Where nobody chosen may have it, say why for the first of them.
                let wanted = to.or_else(|| chosen.first().map(|hand| hand.person));
                let why_not = works.get(&claim.id).and_then(|work| {
                    may(actor, work, claim.assignee_id, wanted).err().map(|error| error.phrase())
                });
                let to = to.and_then(|to| named.get(&to).map(|person| (*person).clone()));
                PreviewRow { to: to.filter(|_| why_not.is_none()), why_not, claim }
            })
            .collect();
        Ok(Preview { people, rows })
    }

    /// Gives claims to people, all of them or none.
    ///
    /// # Errors
    /// `Refused` below reviewer, and below editor for others' claims and other people; `Invalid` for
    /// more than 200 or none, or somebody who cannot be given any; `NotFound`; `Unassignable` with
    /// each claim that cannot be given out as asked, and then none was.
    pub async fn assign(
        &self,
        actor: &Actor,
        given: &[Assignment],
        once: Option<&Once>,
    ) -> Result<HandoutId> {
        let _: policy::Permit<Review> = policy::permit(actor)?;
        at_most(given.len())?;
        if given.is_empty() {
            return Err(Invalid::new("claims", "Choose at least one claim.").into());
        }
        let mut tx = self.begin(Some(actor.id)).await?;
        if let Some(first) = tx.once(once).await? {
            return Ok(HandoutId(first));
        }
        let wanted: HashMap<ClaimId, Option<AccountId>> =
            given.iter().map(|one| (one.claim, one.to)).collect();
        let ids: Vec<ClaimId> = wanted.keys().copied().collect();
        let id = HandoutId(self.new_id());
        let changes = changes(&mut tx, actor, &ids, |claim, _| wanted.get(&claim).copied()).await?;
        if changes.done.is_empty() {
            return Err(Invalid::new("claims", "All of them are with who was asked for already.").into());
        }
        changes.write(&mut tx, Some(id)).await?;
        tx.made(once, id.0).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// What the actor gave out last, while it can be undone.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn last_handout(&self, actor: &Actor) -> Result<Option<LastHandout>> {
        let last = sqlx::query!(
            r#"select handout.id as "id: HandoutId", at, undone_at,
                      (select count(*) from handout_claim where handout_id = handout.id) as "claims!"
                 from handout where by = $1 order by at desc, id desc limit 1"#,
            actor.id.0,
        )
        .fetch_optional(&self.pool)
        .await
        .doing("look for claims given out")?;
        let now = self.clock.now();
        Ok(last
            .filter(|last| last.undone_at.is_none() && now - last.at <= UNDO_HANDOUT)
            .map(|last| LastHandout { id: last.id, claims: last.claims, until: last.at + UNDO_HANDOUT }))
    }

    /// Gives claims back to whom they were with before they were given out.
    ///
    /// # Errors
    /// `Refused` below reviewer; `NotFound` where the actor gave out nothing under this id;
    /// `Invalid` where it is too long ago, was undone, or nothing of it is as it was left.
    pub async fn undo_handout(&self, actor: &Actor, id: HandoutId) -> Result<TakenBack> {
        let _: policy::Permit<Review> = policy::permit(actor)?;
        let mut tx = self.begin(Some(actor.id)).await?;
        let handout = sqlx::query!(
            "select at, undone_at from handout where id = $1 and by = $2 for update",
            id.0,
            actor.id.0
        )
        .fetch_optional(tx.db())
        .await
        .doing("look up claims given out")?
        .ok_or(Error::NotFound("handing out"))?;
        let now = tx.now;
        if handout.undone_at.is_some() {
            return Err(Invalid::new("handout", "This is undone already.").into());
        }
        if now - handout.at > UNDO_HANDOUT {
            let fix = phrase!(
                "Handing out can be undone for {} minutes. Hand the claims out again.",
                UNDO_HANDOUT.num_minutes()
            );
            return Err(Invalid::new("handout", fix).into());
        }
        let given: HashMap<ClaimId, (Option<AccountId>, Option<AccountId>)> = sqlx::query!(
            r#"select claim_id as "claim: ClaimId", before_id as "before: AccountId", after_id as "after: AccountId"
                 from handout_claim where handout_id = $1"#,
            id.0,
        )
        .fetch_all(tx.db())
        .await
        .doing("read claims given out")?
        .into_iter()
        .map(|row| (row.claim, (row.before, row.after)))
        .collect();
        let ids: Vec<ClaimId> = given.keys().copied().collect();
        let as_left = |claim: ClaimId, with: Option<AccountId>| {
            given.get(&claim).filter(|(_, after)| *after == with).map(|(before, _)| *before)
        };
        let changes = changes_where(&mut tx, actor, &ids, as_left, true).await?;
        let claims = changes.done.len();
        if claims == 0 {
            return Err(Invalid::new(
                "handout",
                "All of these claims have moved since; nothing can be undone.",
            )
            .into());
        }
        changes.write(&mut tx, None).await?;
        sqlx::query!("update handout set undone_at = $2 where id = $1", id.0, now)
            .execute(tx.db())
            .await
            .doing("undo handing out")?;
        tx.commit().await?;
        Ok(TakenBack { claims, left: given.len() - claims })
    }

    /// Where these claims are in the work, without holding them.
    async fn works(&self, claims: &[ClaimId]) -> Result<HashMap<ClaimId, Work>> {
        let mut tx = self.begin(None).await?;
        let locked = crate::work::look_at_all(&mut tx, claims).await?;
        Ok(locked.into_iter().map(|(claim, locked)| (claim, locked.work)).collect())
    }
}

/// Who gave the verdicts of a round.
fn judged_by(so_far: &SoFar) -> Vec<AccountId> {
    match so_far {
        SoFar::Nothing => Vec::new(),
        SoFar::First(first) => vec![first.by],
        SoFar::Both(first, second) => vec![first.by, second.by],
    }
}

fn at_most(claims: usize) -> Result<(), Invalid> {
    if claims > MOST_AT_ONCE {
        return Err(Invalid::new("claims", phrase!("Hand out at most {MOST_AT_ONCE} claims at once.")));
    }
    Ok(())
}

fn no_such_person() -> Invalid {
    Invalid::new("to", "Choose somebody who reviews here.")
}

/// Why a claim is not given to somebody.
#[derive(Debug, thiserror::Error, phrase::Phrased)]
enum Not {
    #[error(transparent)]
    Refused(#[from] Refused),
    #[error(transparent)]
    Blocked(#[from] domain::workflow::Blocked),
}

/// Whether the actor may give a claim to somebody: editors any to anybody, reviewers to themselves
/// what is nobody's, and back.
fn may(actor: &Actor, work: &Work, with: Option<AccountId>, to: Option<AccountId>) -> Result<(), Not> {
    let own = |who: Option<AccountId>| who.is_none_or(|who| who == actor.id);
    if !(own(with) && own(to)) {
        let _: policy::Permit<Assign> = policy::permit(actor)?;
    }
    Ok(work.may_be_given_to(to)?)
}

struct Change {
    about: About,
    before: Option<AccountId>,
    before_name: Option<String>,
    after: Option<AccountId>,
    after_name: Option<String>,
}

struct Changes {
    done: Vec<(ClaimId, Change)>,
}

async fn changes(
    tx: &mut Tx,
    actor: &Actor,
    ids: &[ClaimId],
    wanted: impl Fn(ClaimId, Option<AccountId>) -> Option<Option<AccountId>>,
) -> Result<Changes> {
    changes_where(tx, actor, ids, wanted, false).await
}

/// Locks claims and works out what changes; what cannot is left out where `lenient`, and refuses all
/// of it otherwise.
async fn changes_where(
    tx: &mut Tx,
    actor: &Actor,
    ids: &[ClaimId],
    wanted: impl Fn(ClaimId, Option<AccountId>) -> Option<Option<AccountId>>,
    lenient: bool,
) -> Result<Changes> {
    let mut locked = lock_all(tx, ids).await?;
    let all: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
    let now_with: HashMap<ClaimId, Option<AccountId>> =
        sqlx::query!(r#"select id, assignee as "assignee: AccountId" from claim where id = any($1)"#, &all)
            .fetch_all(tx.db())
            .await
            .doing("read who is to do claims")?
            .into_iter()
            .map(|row| (row.id, row.assignee))
            .collect();
    let mut people: HashSet<Uuid> = now_with.values().flatten().map(|id| id.0).collect();
    people.extend(
        ids.iter().filter_map(|id| wanted(*id, now_with.get(id).copied().flatten()).flatten()).map(|id| id.0),
    );
    let people: Vec<Uuid> = people.into_iter().collect();
    let named: HashMap<AccountId, (String, bool)> =
        sqlx::query!("select id, name, role, disabled_at from account where id = any($1)", &people,)
            .fetch_all(tx.db())
            .await
            .doing("look up people")?
            .into_iter()
            .map(|row| {
                let role: Role = word("account", "role", &row.role)?;
                Ok((row.id, (row.name, row.disabled_at.is_none() && role >= Role::Reviewer)))
            })
            .collect::<Result<_>>()?;
    let name = |who: Option<AccountId>| who.and_then(|who| named.get(&who)).map(|(name, _)| name.clone());
    let mut done = Vec::new();
    let mut refused = Vec::new();
    let mut sorted = ids.to_vec();
    sorted.sort_unstable();
    sorted.dedup();
    for id in sorted {
        let Some(Locked { article, work, .. }) = locked.remove(&id) else {
            return Err(Error::NotFound("claim"));
        };
        let before = now_with.get(&id).copied().flatten();
        let Some(after) = wanted(id, before) else { continue };
        if before == after {
            continue;
        }
        if after.is_some_and(|after| named.get(&after).is_none_or(|(_, may)| !may)) {
            if lenient {
                continue;
            }
            return Err(no_such_person().into());
        }
        match may(actor, &work, before, after) {
            Ok(()) => {}
            // Undoing gives back what was taken, to whomever.
            Err(Not::Refused(_)) if lenient => {}
            Err(Not::Refused(refused)) => return Err(refused.into()),
            Err(Not::Blocked(_)) if lenient => continue,
            Err(Not::Blocked(blocked)) => {
                refused.push(Unassignable { claim: id, why: blocked.phrase() });
                continue;
            }
        }
        let about = About { account: after.or(before), ..About::claim(id, article) };
        done.push((id, Change { about, before, before_name: name(before), after, after_name: name(after) }));
    }
    if !refused.is_empty() {
        return Err(Error::Unassignable { of: ids.len(), refused });
    }
    Ok(Changes { done })
}

impl Changes {
    /// Writes who is to do what, under `handout` where it can be undone.
    async fn write(self, tx: &mut Tx, handout: Option<HandoutId>) -> Result<()> {
        let ids: Vec<Uuid> = self.done.iter().map(|(id, _)| id.0).collect();
        let before: Vec<Option<Uuid>> = self.done.iter().map(|(_, one)| one.before.map(|id| id.0)).collect();
        let after: Vec<Option<Uuid>> = self.done.iter().map(|(_, one)| one.after.map(|id| id.0)).collect();
        let (now, actor) = (tx.now, tx.actor());
        sqlx::query!(
            "update claim set assignee = given.to_id from unnest($1::uuid[], $2::uuid[]) as given (id, to_id)
              where claim.id = given.id",
            &ids,
            &after as &[Option<Uuid>],
        )
        .execute(tx.db())
        .await
        .doing("give claims to people")?;
        if let Some(handout) = handout {
            sqlx::query!(
                "with made as (insert into handout (id, by, at) values ($1, $2, $3) returning id)
                 insert into handout_claim (handout_id, claim_id, before_id, after_id)
                 select made.id, given.claim_id, given.before_id, given.after_id
                   from made, unnest($4::uuid[], $5::uuid[], $6::uuid[]) as given (claim_id, before_id, after_id)",
                handout.0,
                actor.map(|id| id.0),
                now,
                &ids,
                &before as &[Option<Uuid>],
                &after as &[Option<Uuid>],
            )
            .execute(tx.db())
            .await
            .doing("note what was given out")?;
        }
        let events: Vec<(About, Event)> = self
            .done
            .into_iter()
            .map(|(_, one)| {
                let event = match one.after_name {
                    Some(to) => Event::Assigned { to, before: one.before_name },
                    None => Event::Unassigned { from: one.before_name.unwrap_or_default() },
                };
                (one.about, event)
            })
            .collect();
        tx.events(&events).await
    }
}

/// Takes from a person who left everything that they were to do.
pub(crate) async fn take_from_who_left(tx: &mut Tx, person: AccountId) -> Result<()> {
    let taken = sqlx::query!(
        r#"with had as (select id from claim where assignee = $1 order by id for update)
           update claim set assignee = null from had where claim.id = had.id
           returning claim.id, claim.article_id, (select name from account where account.id = $1) as "name!""#,
        person.0,
    )
    .fetch_all(tx.db())
    .await
    .doing("take claims from who left")?;
    let mut events: Vec<(About, Event)> = taken
        .into_iter()
        .map(|row| (About::claim(row.id, row.article_id), Event::Unassigned { from: row.name }))
        .collect();
    events.sort_by_key(|(about, _)| about.claim);
    if events.is_empty() { Ok(()) } else { tx.events(&events).await }
}
