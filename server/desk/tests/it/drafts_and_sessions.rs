use crate::harness::{Newsroom, noon};
use chrono::TimeDelta;
use desk::{Error, Fields, Once};
use serde_json::json;
use sqlx::PgPool;

fn fields(all: &[(&str, &str)]) -> Fields {
    all.iter().map(|(name, typed)| ((*name).to_owned(), (*typed).to_owned())).collect()
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_draft_is_kept_for_its_person_and_its_form(pool: PgPool) {
    let room = Newsroom::over(pool);
    let (noor, robin) = (room.reviewer("Noor").await, room.reviewer("Robin").await);
    let typed = fields(&[("rationale", "Two sources…\n"), ("figure", "")]);
    room.desk.keep_draft(&noor, "verdict:1", &typed).await.unwrap();
    assert_eq!(room.desk.draft(&noor, "verdict:1").await.unwrap(), typed);
    assert_eq!(room.desk.draft(&noor, "verdict:2").await.unwrap(), Fields::new());
    assert_eq!(room.desk.draft(&robin, "verdict:1").await.unwrap(), Fields::new());
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_later_draft_replaces_an_earlier_one(pool: PgPool) {
    let room = Newsroom::over(pool);
    let noor = room.reviewer("Noor").await;
    room.desk.keep_draft(&noor, "intake", &fields(&[("title", "One"), ("text", "x")])).await.unwrap();
    room.desk.keep_draft(&noor, "intake", &fields(&[("title", "Two")])).await.unwrap();
    assert_eq!(room.desk.draft(&noor, "intake").await.unwrap(), fields(&[("title", "Two")]));
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_dropped_draft_is_gone(pool: PgPool) {
    let room = Newsroom::over(pool);
    let noor = room.reviewer("Noor").await;
    room.desk.keep_draft(&noor, "intake", &fields(&[("title", "One")])).await.unwrap();
    room.desk.drop_draft(&noor, "intake").await.unwrap();
    room.desk.drop_draft(&noor, "intake").await.unwrap();
    assert_eq!(room.desk.draft(&noor, "intake").await.unwrap(), Fields::new());
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_nul_in_a_draft_becomes_visible_wherever_it_stands(pool: PgPool) {
    let room = Newsroom::over(pool);
    let noor = room.reviewer("Noor").await;
    room.desk.keep_draft(&noor, "in\0take", &fields(&[("ti\0tle", "a\0b\u{202e}🦀")])).await.unwrap();
    let kept = room.desk.draft(&noor, "in\0take").await.unwrap();
    assert_eq!(kept, fields(&[("ti\u{fffd}tle", "a\u{fffd}b\u{202e}🦀")]));
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_draft_holds_the_largest_article_but_not_three_of_them(pool: PgPool) {
    let room = Newsroom::over(pool);
    let noor = room.reviewer("Noor").await;
    let article = "x".repeat(domain::words::MAX_ARTICLE_BYTES);
    room.desk.keep_draft(&noor, "intake", &fields(&[("text", &article)])).await.unwrap();
    let error =
        room.desk.keep_draft(&noor, "intake", &fields(&[("text", &article.repeat(3))])).await.unwrap_err();
    assert_eq!(error.kind(), domain::problem::Kind::TooLarge);
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_form_with_an_endless_name_is_refused(pool: PgPool) {
    let room = Newsroom::over(pool);
    let noor = room.reviewer("Noor").await;
    let error = room.desk.keep_draft(&noor, &"x".repeat(10_000), &Fields::new()).await.unwrap_err();
    assert_eq!(error.field(), Some("form"));
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_session_is_created_once_saved_and_loaded(pool: PgPool) {
    let room = Newsroom::over(pool);
    let until = noon() + TimeDelta::hours(1);
    assert!(room.desk.create_session("s1", &json!({"n": 1}), until).await.unwrap());
    assert!(!room.desk.create_session("s1", &json!({"n": 2}), until).await.unwrap());
    assert_eq!(room.desk.load_session("s1").await.unwrap(), Some((json!({"n": 1}), until)));
    room.desk.save_session("s1", &json!({"n": 3}), until).await.unwrap();
    assert_eq!(room.desk.load_session("s1").await.unwrap(), Some((json!({"n": 3}), until)));
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn who_reads_the_table_of_sessions_cannot_sign_in_with_it(pool: PgPool) {
    let room = Newsroom::over(pool);
    room.desk.create_session("secret", &json!({}), noon() + TimeDelta::hours(1)).await.unwrap();
    assert_eq!(room.count("select count(*) from session where id = convert_to('secret', 'UTF8')").await, 0);
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_session_ends_with_its_time(pool: PgPool) {
    let room = Newsroom::over(pool);
    room.desk.create_session("s1", &json!({}), noon() + TimeDelta::minutes(5)).await.unwrap();
    room.wait_minutes(5);
    assert_eq!(room.desk.load_session("s1").await.unwrap(), None);
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_deleted_session_is_gone(pool: PgPool) {
    let room = Newsroom::over(pool);
    room.desk.create_session("s1", &json!({}), noon() + TimeDelta::hours(1)).await.unwrap();
    room.desk.delete_session("s1").await.unwrap();
    assert_eq!(room.desk.load_session("s1").await.unwrap(), None);
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn sweeping_keeps_what_has_not_run_out(pool: PgPool) {
    let room = Newsroom::over(pool);
    let noor = room.reviewer("Noor").await;
    room.desk.create_session("short", &json!({}), noon() + TimeDelta::minutes(5)).await.unwrap();
    room.desk.create_session("long", &json!({}), noon() + TimeDelta::hours(50)).await.unwrap();
    let failed = desk::SignIn {
        email: "nobody@desk.example".into(),
        password: "guess".into(),
        address: "192.0.2.1".parse().unwrap(),
    };
    assert!(matches!(room.desk.sign_in(failed).await, Err(Error::WrongPassword)));
    room.claim(&noor).await;
    room.desk.take_next(&noor, None, Some(&Once { key: "old".into(), request: [1; 32] })).await.unwrap();
    room.wait_minutes(25 * 60);
    room.desk.sweep().await.unwrap();
    let left = room
        .count(
            "select (select count(*) from session) * 100 + (select count(*) from sign_in_failure) * 10
                  + (select count(*) from idempotency_key)",
        )
        .await;
    assert_eq!(left, 100, "one session, no failure, no key");
}
