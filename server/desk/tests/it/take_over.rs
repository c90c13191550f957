//! Taking a claim from whoever holds it.

use crate::harness::{Newsroom, because};
use desk::{Error, Fields};
use domain::policy::Role;
use domain::workflow::Blocked;
use sqlx::PgPool;

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_claim_is_taken_over_with_a_reason_and_its_holder_is_told(pool: PgPool) {
    let room = Newsroom::over(pool);
    let (noor, robin) = (room.reviewer("Noor").await, room.reviewer("Robin").await);
    let claim = room.claim(&noor).await;
    room.desk.take(&noor, claim).await.unwrap();
    let form = format!("verdict:{claim}");
    let typed = Fields::from([("rationale".to_owned(), "Two lists".to_owned())]);
    room.desk.keep_draft(&noor, &form, &typed).await.unwrap();
    room.desk.take_over(&robin, claim, &because("you are off duty")).await.unwrap();
    assert_eq!(room.view(&noor, claim).await.lease.map(|lease| lease.holder), Some(robin.id));
    assert_eq!(
        room.told(&noor, claim).await.last().unwrap(),
        "Robin took it over from Noor: you are off duty"
    );
    let told = room.desk.taken_from(&noor).await.unwrap();
    assert_eq!(
        (told[0].claim, told[0].by.as_str(), told[0].reason.as_str()),
        (claim, "Robin", "you are off duty")
    );
    assert!(room.desk.taken_from(&robin).await.unwrap().is_empty());
    assert_eq!(room.desk.draft(&noor, &form).await.unwrap(), typed, "what was typed is kept");
    room.wait_minutes(25 * 60);
    assert!(room.desk.taken_from(&noor).await.unwrap().is_empty(), "a day later it is old news");
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_claim_that_nobody_holds_is_simply_taken(pool: PgPool) {
    let room = Newsroom::over(pool);
    let (noor, robin) = (room.reviewer("Noor").await, room.reviewer("Robin").await);
    let claim = room.claim(&noor).await;
    room.desk.take(&noor, claim).await.unwrap();
    room.wait_minutes(31);
    room.desk.take_over(&robin, claim, &because("it ran out")).await.unwrap();
    assert!(room.told(&noor, claim).await.last().unwrap().starts_with("Robin took it for review"));
    assert!(room.desk.taken_from(&noor).await.unwrap().is_empty());
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn what_is_settled_is_not_taken_over_and_a_viewer_takes_nothing(pool: PgPool) {
    let room = Newsroom::over(pool);
    let noor = room.reviewer("Noor").await;
    let viewer = room.person("Vic", Role::Viewer).await;
    let claim = room.claim(&noor).await;
    let refused = room.desk.take_over(&viewer, claim, &because("I want it")).await;
    assert!(matches!(refused, Err(Error::Refused(_))), "{refused:?}");
    room.judge(&noor, claim, "false").await;
    let settled = room.desk.take_over(&noor, claim, &because("once more")).await;
    assert!(matches!(settled, Err(Error::Blocked(Blocked::Stage { .. }))), "{settled:?}");
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_lease_that_runs_out_keeps_what_was_typed(pool: PgPool) {
    let room = Newsroom::over(pool);
    let noor = room.reviewer("Noor").await;
    let claim = room.claim(&noor).await;
    room.desk.take(&noor, claim).await.unwrap();
    let form = format!("verdict:{claim}");
    let typed = Fields::from([("rationale".to_owned(), "Two lists".to_owned())]);
    room.desk.keep_draft(&noor, &form, &typed).await.unwrap();
    room.wait_minutes(31);
    assert_eq!(room.desk.expire_leases().await.unwrap(), 1);
    assert_eq!(room.desk.draft(&noor, &form).await.unwrap(), typed);
}
