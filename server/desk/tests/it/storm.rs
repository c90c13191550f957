//! Many people at once, none of whom waits for another to finish.

use crate::harness::{Newsroom, because, said, verdict};
use crate::publish::note;
use desk::{Clock, CorrectionForm, Desk, Error, MeasuresGiven};
use domain::claim::ClaimKind;
use domain::correction::MeasureGiven;
use domain::id::{AccountId, ClaimId, VerdictId};
use domain::measure::Indicator;
use domain::policy::{Actor, Role};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex};

const PEOPLE: u64 = 30;
const STEPS: u64 = 25;

/// Enough of a generator for a storm that is the same every time, as far as its order allows.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % sides
    }
}

/// What people believe they hold: the desk must never let two believe it of one claim.
#[derive(Default)]
struct Believed {
    holders: HashMap<ClaimId, AccountId>,
    verdicts: Vec<VerdictId>,
    twice: Vec<ClaimId>,
}

struct Person {
    desk: Desk,
    actor: Actor,
    claims: Vec<ClaimId>,
    believed: Arc<Mutex<Believed>>,
    dice: Dice,
}

impl Person {
    async fn work(mut self) {
        for _ in 0..STEPS {
            if let Err(error) = self.step().await {
                assert!(
                    matches!(error, Error::Blocked(_) | Error::Held { .. } | Error::Stale { .. }),
                    "a storm may refuse, not fail: {error:?}"
                );
            }
        }
    }

    async fn step(&mut self) -> Result<(), Error> {
        let claim = self.claims[self.dice.roll(self.claims.len() as u64) as usize];
        let desk = &self.desk;
        match self.dice.roll(12) {
            0..3 => {
                if let Some(next) = desk.take_next(&self.actor, None, None).await? {
                    let mut believed = self.believed.lock().unwrap();
                    if believed.holders.insert(next, self.actor.id).is_some() {
                        believed.twice.push(next);
                    }
                }
                Ok(())
            }
            3 => match self.held() {
                // No longer believed before it is given up: somebody may take it at once.
                Some(held) => {
                    self.forget(held);
                    desk.release(&self.actor, held).await
                }
                None => Ok(()),
            },
            4..7 => {
                let target = self.held().unwrap_or(claim);
                let version = desk.claim_row(&self.actor, target).await?.version;
                self.forget_if_mine(target);
                let rating = ["verified", "false", "disputed"][self.dice.roll(3) as usize];
                let given =
                    self.desk.give_verdict(&self.actor, target, verdict(rating, version), None).await?;
                self.believed.lock().unwrap().verdicts.push(given);
                Ok(())
            }
            7 => {
                let version = desk.claim_row(&self.actor, claim).await?.version;
                desk.publish(&self.actor, claim, version, Some(note("It was looked at again."))).await
            }
            10 => {
                let version = desk.claim_row(&self.actor, claim).await?.version;
                let kind = [ClaimKind::Casualty, ClaimKind::Event][self.dice.roll(2) as usize];
                let form = CorrectionForm { version, kind: Some(kind), ..CorrectionForm::default() };
                desk.correct(&self.actor, claim, form).await.map(drop)
            }
            11 => {
                let version = desk.claim_row(&self.actor, claim).await?.version;
                let wounded = self.dice.roll(2) == 0;
                let measure = MeasureGiven {
                    of: Some(0),
                    indicator: Some(if wounded { Indicator::Wounded } else { Indicator::Killed }),
                    ..MeasureGiven::default()
                };
                let measures = Some(MeasuresGiven::One(measure));
                let form = CorrectionForm { version, measures, ..CorrectionForm::default() };
                desk.correct(&self.actor, claim, form).await.map(drop)
            }
            8 => {
                let version = desk.claim_row(&self.actor, claim).await?.version;
                desk.reopen(&self.actor, claim, version, because("storm")).await
            }
            _ => {
                let Some(held) = self.held() else { return desk.expire_leases().await.map(drop) };
                let version = desk.claim_row(&self.actor, held).await?.version;
                self.forget(held);
                desk.dismiss(&self.actor, held, version, because("storm")).await
            }
        }
    }

    fn held(&self) -> Option<ClaimId> {
        let believed = self.believed.lock().unwrap();
        let mut held: Vec<_> = believed.holders.iter().filter(|(_, who)| **who == self.actor.id).collect();
        held.sort();
        held.first().map(|(claim, _)| **claim)
    }

    fn forget(&self, claim: ClaimId) {
        self.believed.lock().unwrap().holders.remove(&claim);
    }

    fn forget_if_mine(&self, claim: ClaimId) {
        let mut believed = self.believed.lock().unwrap();
        if believed.holders.get(&claim) == Some(&self.actor.id) {
            believed.holders.remove(&claim);
        }
    }
}

async fn newsroom(pool: PgPoolOptions, database: PgConnectOptions) -> (Newsroom, Vec<Actor>, Vec<ClaimId>) {
    let pool = pool.max_connections(20).connect_with(database).await.unwrap();
    let room = Newsroom::over(pool);
    let mut people = Vec::new();
    for n in 0..PEOPLE {
        people.push(room.editor(&format!("Person {n}")).await);
    }
    let mut claims = Vec::new();
    for title in ["One", "Two", "Three", "Four"] {
        let words: Vec<String> = (0..10).map(|n| format!("At least 12 fled from house {n}.")).collect();
        let all: Vec<_> = words.iter().map(|words| said(words)).collect();
        claims.extend(room.article(&people[0], title, &all).await.1);
    }
    (room, people, claims)
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn in_a_storm_no_claim_has_two_holders_and_no_verdict_is_lost(
    pool: PgPoolOptions,
    database: PgConnectOptions,
) {
    let (room, people, claims) = newsroom(pool, database).await;
    let believed = Arc::new(Mutex::new(Believed::default()));
    let mut storm = tokio::task::JoinSet::new();
    for (actor, seed) in people.into_iter().zip(1..) {
        let dice = Dice(0x9e37_79b9_7f4a_7c15_u64.wrapping_mul(seed));
        let person = Person {
            desk: room.second_desk(),
            actor,
            claims: claims.clone(),
            believed: Arc::clone(&believed),
            dice,
        };
        storm.spawn(person.work());
    }
    storm.join_all().await;
    let believed = Arc::into_inner(believed).unwrap().into_inner().unwrap();
    assert!(believed.twice.is_empty(), "given to two people: {:?}", believed.twice);
    let given: HashSet<VerdictId> = believed.verdicts.iter().copied().collect();
    let kept: Vec<VerdictId> =
        sqlx::query_scalar("select id from verdict").fetch_all(&room.pool).await.unwrap();
    assert_eq!((kept.len(), HashSet::from_iter(kept)), (believed.verdicts.len(), given));
    assert!(believed.verdicts.len() > 30, "the storm was a storm: {}", believed.verdicts.len());
    room.assert_counters_equal_a_recount().await;
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn in_a_storm_with_leases_that_run_out_the_counters_stay_right(
    pool: PgPoolOptions,
    database: PgConnectOptions,
) {
    let (room, people, claims) = newsroom(pool, database).await;
    let admin = room.person("Ada", Role::Admin).await;
    let start = room.desk.clock().now();
    let mut storm = tokio::task::JoinSet::new();
    for (actor, seed) in people.into_iter().zip(1u64..) {
        let (pool, claims, admin) = (room.pool.clone(), claims.clone(), admin.clone());
        storm.spawn(async move {
            let mut dice = Dice(0x2545_f491_4f6c_dd1d_u64.wrapping_mul(seed));
            for step in 0..STEPS {
                // Each lives in a time of its own, up to hours apart: leases run out under people's hands.
                let now =
                    start + chrono::TimeDelta::minutes(i64::try_from(step * 20 + dice.roll(90)).unwrap());
                let desk = Desk::over(pool.clone(), Clock::frozen(now));
                let claim = claims[dice.roll(40) as usize];
                let version = desk.claim_row(&actor, claim).await.unwrap().version;
                let done = match dice.roll(9) {
                    0..3 => desk.take_next(&actor, Some(claim), None).await.map(drop),
                    3 => desk.take(&actor, claim).await,
                    4 => desk.expire_leases().await.map(drop),
                    5..7 => {
                        desk.give_verdict(&actor, claim, verdict("verified", version), None).await.map(drop)
                    }
                    7 => desk.reopen(&actor, claim, version, because("storm")).await,
                    _ => match desk.disable_account(Some(&admin), actor.id).await {
                        Ok(()) => desk.enable_account(&admin, actor.id).await,
                        failed => failed,
                    },
                };
                if let Err(error) = done {
                    assert!(
                        matches!(error, Error::Blocked(_) | Error::Held { .. } | Error::Stale { .. }),
                        "a storm may refuse, not fail: {error:?}"
                    );
                }
            }
        });
    }
    storm.join_all().await;
    room.assert_counters_equal_a_recount().await;
}
