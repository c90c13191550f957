//! Taking a verdict back within a minute.

use crate::harness::{Newsroom, because, verdict};
use chrono::TimeDelta;
use desk::{Error, VerdictForm};
use domain::desk_policy::{DeskPolicy, Rule, SecondReview};
use domain::id::VerdictId;
use domain::policy::{Actor, Role};
use domain::workflow::Blocked;
use sqlx::PgPool;

async fn takes_two(room: &Newsroom) {
    let ada = room.person("Ada", Role::Admin).await;
    let policy =
        DeskPolicy { second_review: SecondReview { rules: vec![Rule::default()] }, ..DeskPolicy::default() };
    room.desk.set_policy(&ada, policy, 0, &because("agreed")).await.unwrap();
}

fn seconds(room: &Newsroom, seconds: i64) {
    room.desk.clock().advance(TimeDelta::seconds(seconds));
}

async fn refused(room: &Newsroom, by: &Actor, verdict: VerdictId) -> Blocked {
    match room.desk.undo_verdict(by, verdict).await.unwrap_err() {
        Error::Blocked(blocked) => blocked,
        other => panic!("{other:?}"),
    }
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_verdict_that_is_undone_leaves_the_claim_where_it_was_and_stays_in_the_history(pool: PgPool) {
    let room = Newsroom::over(pool);
    let noor = room.reviewer("Noor").await;
    let claim = room.claim(&noor).await;
    room.desk.take(&noor, claim).await.unwrap();
    let form = VerdictForm { figure: Some("12".into()), ..verdict("false", 1) };
    let given = room.desk.give_verdict(&noor, claim, form, None).await.unwrap();
    assert_eq!(room.desk.can_undo(&noor).await.unwrap().map(|can| can.verdict), Some(given));
    seconds(&room, 60);
    let undone = room.desk.undo_verdict(&noor, given).await.unwrap();
    assert_eq!(undone.typed["rating"], "false");
    assert_eq!(undone.typed["figure"], "12");
    let view = room.view(&noor, claim).await;
    assert_eq!((view.claim.stage.word(), view.claim.rating), ("in_review", None));
    assert_eq!(view.lease.map(|lease| lease.holder), Some(noor.id));
    assert!(view.verdicts[0].is_undone && !view.verdicts[0].stands);
    assert_eq!(room.told(&noor, claim).await.last().unwrap(), "Noor took verdict 1 back");
    assert!(room.desk.can_undo(&noor).await.unwrap().is_none());
    room.assert_counters_equal_a_recount().await;
    room.judge(&noor, claim, "verified").await;
    assert_eq!(room.view(&noor, claim).await.standing().map(|v| v.number), Some(2));
    room.assert_counters_equal_a_recount().await;
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn after_a_minute_or_by_another_or_twice_nothing_is_undone(pool: PgPool) {
    let room = Newsroom::over(pool);
    let (noor, robin) = (room.reviewer("Noor").await, room.reviewer("Robin").await);
    let claim = room.claim(&noor).await;
    let given = room.judge(&noor, claim, "false").await;
    assert_eq!(refused(&room, &robin, given).await, Blocked::NotYours);
    room.desk.undo_verdict(&noor, given).await.unwrap();
    assert_eq!(refused(&room, &noor, given).await, Blocked::Overtaken);
    let given = room.judge(&noor, claim, "false").await;
    seconds(&room, 61);
    assert!(room.desk.can_undo(&noor).await.unwrap().is_none());
    assert_eq!(refused(&room, &noor, given).await, Blocked::TooLateToUndo);
    assert_eq!(room.stage_of(claim).await, "settled");
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn what_happened_since_keeps_a_verdict(pool: PgPool) {
    let room = Newsroom::over(pool);
    let (noor, robin) = (room.reviewer("Noor").await, room.reviewer("Robin").await);
    let claim = room.claim(&noor).await;
    let given = room.judge(&noor, claim, "false").await;
    room.add_evidence(&robin, claim).await;
    assert!(room.desk.can_undo(&noor).await.unwrap().is_none());
    assert_eq!(refused(&room, &noor, given).await, Blocked::Overtaken);
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn undoing_a_verdict_that_replaced_another_puts_that_one_back(pool: PgPool) {
    let room = Newsroom::over(pool);
    let (noor, robin) = (room.reviewer("Noor").await, room.reviewer("Robin").await);
    let claim = room.claim(&noor).await;
    let first = room.judge(&noor, claim, "false").await;
    let second = room.judge(&robin, claim, "verified").await;
    room.desk.undo_verdict(&robin, second).await.unwrap();
    let view = room.view(&noor, claim).await;
    assert_eq!((view.claim.stage.word(), view.claim.rating.as_deref()), ("settled", Some("false")));
    assert_eq!(view.standing().map(|v| v.id), Some(first));
    room.assert_counters_equal_a_recount().await;
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_first_verdict_is_undone_without_being_told_and_a_second_one_not_at_all(pool: PgPool) {
    let room = Newsroom::over(pool);
    takes_two(&room).await;
    let (noor, robin) = (room.reviewer("Noor").await, room.reviewer("Robin").await);
    let claim = room.claim(&noor).await;
    let first = room.judge(&noor, claim, "false").await;
    room.desk.undo_verdict(&noor, first).await.unwrap();
    assert!(room.view(&robin, claim).await.verdicts.is_empty());
    room.assert_counters_equal_a_recount().await;
    room.judge(&noor, claim, "verified").await;
    let second = room.judge(&robin, claim, "verified").await;
    assert_eq!(refused(&room, &robin, second).await, Blocked::SawTheFirst);
    assert_eq!(room.stage_of(claim).await, "settled");
    room.assert_counters_equal_a_recount().await;
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn nobody_changes_that_a_verdict_was_undone(pool: PgPool) {
    let room = Newsroom::over(pool);
    let noor = room.reviewer("Noor").await;
    let claim = room.claim(&noor).await;
    let given = room.judge(&noor, claim, "false").await;
    room.desk.undo_verdict(&noor, given).await.unwrap();
    for change in
        ["update verdict_undone set at = now()", "delete from verdict_undone", "truncate verdict_undone"]
    {
        let refused = sqlx::query(change).execute(&room.pool).await.unwrap_err();
        assert!(refused.to_string().contains("append-only"), "{refused}");
    }
}
