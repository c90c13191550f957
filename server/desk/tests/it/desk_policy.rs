//! What the desk has agreed on.

use crate::harness::{Newsroom, because};
use desk::Error;
use domain::claim::ClaimKind;
use domain::desk_policy::{DeskPolicy, Rule, SecondReview};
use domain::policy::Role;
use sqlx::PgPool;

fn from(least: u32) -> DeskPolicy {
    let rule = Rule { kind: Some(ClaimKind::Casualty), at_least: Some(least), ..Rule::default() };
    DeskPolicy { second_review: SecondReview { rules: vec![rule] }, ..DeskPolicy::default() }
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_change_is_a_version_with_its_reason_and_an_event(pool: PgPool) {
    let room = Newsroom::over(pool);
    let ada = room.person("Ada", Role::Admin).await;
    assert_eq!(room.desk.policy().await.unwrap().version, 0);
    assert_eq!(room.desk.set_policy(&ada, from(50), 0, &because("agreed on Monday")).await.unwrap(), 1);
    assert_eq!(room.desk.policy().await.unwrap().body, from(50), "at once where it was set");
    let told: String = sqlx::query_scalar("select body->>'reason' from event where kind = 'policy_changed'")
        .fetch_one(&room.pool)
        .await
        .unwrap();
    assert_eq!(told, "agreed on Monday");
    room.desk.set_policy(&ada, from(20), 1, &because("too high")).await.unwrap();
    let versions = room.desk.policy_versions(&ada).await.unwrap();
    assert_eq!(versions.iter().map(|v| v.version).collect::<Vec<_>>(), [2, 1]);
    assert_eq!(versions[0].changes[0].before, "casualties, at least 50 people");
    assert_eq!(versions[1].changes[0].before, "no claim needs it");
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn what_changes_nothing_is_no_version(pool: PgPool) {
    let room = Newsroom::over(pool);
    let ada = room.person("Ada", Role::Admin).await;
    assert_eq!(room.desk.set_policy(&ada, DeskPolicy::default(), 0, &because("as it was")).await.unwrap(), 0);
    assert_eq!(room.count("select count(*) from desk_policy").await, 0);
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn only_admins_set_the_policy_and_only_the_one_they_saw(pool: PgPool) {
    let room = Newsroom::over(pool);
    let (ada, eda) = (room.person("Ada", Role::Admin).await, room.editor("Eda").await);
    let refused = room.desk.set_policy(&eda, from(50), 0, &because("I say so")).await;
    assert!(matches!(refused, Err(Error::Refused(_))), "{refused:?}");
    room.desk.set_policy(&ada, from(50), 0, &because("agreed")).await.unwrap();
    let late = room.second_desk().set_policy(&ada, from(60), 0, &because("agreed")).await.unwrap_err();
    let Error::Stale { by, current, differences } = late else { panic!("{late:?}") };
    assert_eq!((by.as_str(), current), ("Ada", 1));
    assert_eq!(differences[0].theirs, "second review: casualties, at least 50 people");
    assert_eq!(differences[0].yours, "second review: casualties, at least 60 people");
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn of_two_who_set_it_at_once_one_is_told_of_the_other(pool: PgPool) {
    let room = Newsroom::over(pool);
    let ada = room.person("Ada", Role::Admin).await;
    let other = room.second_desk();
    let (why, because) = (because("agreed"), because("agreed"));
    let (one, two) = tokio::join!(
        room.desk.set_policy(&ada, from(50), 0, &why),
        other.set_policy(&ada, from(60), 0, &because),
    );
    assert_eq!([one.is_ok(), two.is_ok()].iter().filter(|ok| **ok).count(), 1, "{one:?} {two:?}");
    assert!(matches!(one.and(two), Err(Error::Stale { current: 1, .. })));
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn another_server_hears_of_a_change(pool: PgPool) {
    let room = Newsroom::over(pool);
    let ada = room.person("Ada", Role::Admin).await;
    let other = room.second_desk();
    assert_eq!(other.policy().await.unwrap().version, 0);
    let (tell, mut told) = tokio::sync::mpsc::unbounded_channel();
    let listens = other.clone();
    let listening = tokio::spawn(async move {
        listens.listen(|changed| tell.send(changed).unwrap()).await.unwrap();
    });
    assert_eq!(told.recv().await, Some(None));
    assert_eq!(other.policy().await.unwrap().version, 0);
    room.desk.set_policy(&ada, from(50), 0, &because("agreed")).await.unwrap();
    let heard = told.recv().await.unwrap().unwrap();
    assert!(heard.policy);
    assert_eq!(other.policy().await.unwrap().version, 1);
    listening.abort();
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_version_of_the_policy_is_never_changed(pool: PgPool) {
    let room = Newsroom::over(pool);
    let ada = room.person("Ada", Role::Admin).await;
    room.desk.set_policy(&ada, from(50), 0, &because("agreed")).await.unwrap();
    for change in
        ["update desk_policy set reason = 'other'", "delete from desk_policy", "truncate desk_policy"]
    {
        let refused = sqlx::query(change).execute(&room.pool).await.unwrap_err();
        assert!(refused.to_string().contains("append-only"), "{refused}");
    }
}
