//! Live updates: what one changes, another sees.

use crate::harness::World;
use domain::policy::Role;
use serde_json::{Value, json};
use sqlx::PgPool;

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_page_hears_of_a_change_by_another_person(pool: PgPool) {
    let world = World::new(pool).await;
    let claim = world.claims().await[0];
    let mut events = world.signed_in(Role::Viewer).await.listen().await;
    let following = tokio::spawn(world.server.live.clone().follow(world.desk.clone()));
    assert_eq!(events.next().await.expect("open").0, "open");
    assert_eq!(events.next().await.expect("listening").0, "stale");
    world.desk.take(world.actor(Role::Reviewer), claim).await.expect("taken");
    let (name, data) = events.next().await.expect("news");
    let data: Value = serde_json::from_str(&data).expect("JSON");
    assert_eq!((name.as_str(), &data["claim"]), ("changed", &json!(claim)));
    assert!(data["article"].is_string());

    world.closing.cancel();
    assert_eq!(events.next().await, None, "the stream ends with the process");
    following.await.expect("the listener ends too");
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_burst_is_told_as_a_few_events(pool: PgPool) {
    let world = World::new(pool).await;
    let claims = world.claims().await;
    let mut events = world.signed_in(Role::Viewer).await.listen().await;
    tokio::spawn(world.server.live.clone().follow(world.desk.clone()));
    assert_eq!(events.next().await.expect("open").0, "open");
    assert_eq!(events.next().await.expect("listening").0, "stale");
    let reviewer = world.actor(Role::Reviewer);
    let started = std::time::Instant::now();
    for _ in 0..20 {
        for claim in &claims {
            world.desk.take(reviewer, *claim).await.expect("taken");
        }
    }
    // The last change marks the end of the burst.
    let own = world.desk.claim_row(reviewer, claims[0]).await.expect("a claim").article;
    let mut told = 0;
    loop {
        let (name, data) = events.next().await.expect("news");
        told += 1;
        assert!(name == "changed" && data.contains(&own.to_string()), "{name} {data}");
        if world_is_quiet(&mut events).await {
            break;
        }
    }
    let most = started.elapsed().as_millis() / 250 + 2;
    assert!(told <= most, "{told} events in {:?}", started.elapsed());
}

async fn world_is_quiet(events: &mut crate::harness::Events) -> bool {
    tokio::time::timeout(std::time::Duration::from_millis(600), events.peek()).await.is_err()
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_page_that_comes_back_is_told_to_look_again(pool: PgPool) {
    let world = World::new(pool).await;
    let mut browser = world.signed_in(Role::Viewer).await;
    let mut events = browser.listen_after("7").await;
    assert_eq!(events.next().await.expect("first").0, "stale");
}
