//! How many connections are taken, and what becomes of one that breaks.

use crate::harness::{Newsroom, said};
use desk::{ClaimFilter, Clock, Desk, Sort};
use sqlx::PgPool;
use sqlx::postgres::PgPoolOptions;
use std::time::Duration;

/// A pool that gives no second connection to anybody.
async fn of_one(pool: &PgPool) -> PgPool {
    PgPoolOptions::new()
        .max_connections(1)
        .acquire_timeout(Duration::from_secs(5))
        .connect_with((*pool.connect_options()).clone())
        .await
        .unwrap()
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn whoever_keeps_a_connection_waits_for_no_other(pool: PgPool) {
    let room = Newsroom::over(pool.clone());
    let (eda, noor) = (room.editor("Eda").await, room.reviewer("Noor").await);
    let (article, claims) =
        room.article(&eda, "Raid", &[said("Ten soldiers were killed").by("Governor")]).await;
    let desk = Desk::over(of_one(&pool).await, Clock::System).on_one_connection();
    assert_eq!(desk.claim(&noor, claims[0]).await.unwrap().claim.id, claims[0]);
    let listed = desk.claims(&noor, &ClaimFilter::default(), Sort::Priority, None, 50).await.unwrap();
    assert_eq!(listed.rows.len(), 1);
    assert_eq!(desk.take_next(&noor, None, None).await.unwrap(), Some(claims[0]));
    assert_eq!(desk.article(&noor, article).await.unwrap().claims.len(), 1);
    assert_eq!(desk.dashboard(&eda).await.unwrap().reviewing, 1);
    assert!(desk.checkpoint_when_due().await.is_ok());
    let again = desk.on_one_connection();
    assert_eq!(again.claim_row(&noor, claims[0]).await.unwrap().holder.as_deref(), Some("Noor"));
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_kept_connection_that_broke_is_replaced(pool: PgPool) {
    let room = Newsroom::over(pool.clone());
    let eda = room.editor("Eda").await;
    let (_, claims) = room.article(&eda, "Raid", &[said("Ten soldiers were killed")]).await;
    let one = of_one(&pool).await;
    let desk = Desk::over(one.clone(), Clock::System).on_one_connection();
    let backend: i32 = sqlx::query_scalar("select pg_backend_pid()").fetch_one(&one).await.unwrap();
    desk.claim_row(&eda, claims[0]).await.unwrap();
    sqlx::query("select pg_terminate_backend($1, 5000)").bind(backend).execute(&pool).await.unwrap();
    assert!(desk.claim_row(&eda, claims[0]).await.is_err(), "it was asked over the broken one");
    assert_eq!(desk.claim_row(&eda, claims[0]).await.unwrap().id, claims[0]);
}
