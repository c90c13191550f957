//! The head of the history: one file, however it is had, and the command that checks against it.

use crate::harness::{World, root};
use domain::policy::Role;
use http::header::CONTENT_DISPOSITION;
use sqlx::{ConnectOptions as _, Executor as _, PgPool};
use std::process::{Command, Output};

fn history(pool: &PgPool, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_claimdesk"))
        .arg("history")
        .args(arguments)
        .env("DATABASE_URL", pool.connect_options().to_url_lossy().to_string())
        .current_dir(root())
        .output()
        .expect("it runs")
}

fn words(output: &Output) -> (String, String) {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("UTF-8");
    (text(&output.stdout), text(&output.stderr))
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn the_head_is_the_same_from_the_page_the_api_and_the_command(pool: PgPool) {
    let world = World::new(pool.clone()).await;
    let program = world.program(Role::Viewer).await;
    assert_eq!(program.get("/history/head").await.problem().0, 404);
    let mut admin = world.signed_in(Role::Admin).await;
    assert_eq!(
        admin.submit("/actions/history/checkpoint", &[]).await.location(),
        "/admin/history?done=checkpoint"
    );
    assert_eq!(
        admin.submit("/actions/history/checkpoint", &[]).await.location(),
        "/admin/history?done=no_checkpoint"
    );

    let file = admin.get("/admin/history/head.json").await;
    assert_eq!(file.header(CONTENT_DISPOSITION), "attachment; filename=\"claimdesk-head-1.json\"");
    assert_eq!(file.json(), program.get("/history/head").await.json());
    assert_eq!(words(&history(&pool, &["head"])).0, file.text);
    let page = admin.get("/admin/history").await.text;
    assert!(page.contains(file.json()["hash"].as_str().expect("a hash")), "{page}");
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn the_command_proves_a_history_and_names_what_is_wrong_with_it(pool: PgPool) {
    let world = World::new(pool.clone()).await;
    let claim = world.claims().await[0];
    let folder = std::env::temp_dir().join(format!("claimdesk-head-{}", uuid::Uuid::now_v7()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let file = folder.join("head.json");
    let path = file.to_str().expect("UTF-8");
    let head = history(&pool, &["head", "--now"]);
    assert!(head.status.success(), "{:?}", words(&head));
    std::fs::write(&file, &head.stdout).expect("written");

    let good = history(&pool, &["verify"]);
    assert!(good.status.success() && good.stdout.is_empty(), "{:?}", words(&good));
    assert!(
        words(&good).1.contains("it cannot be excluded that the newest entries were cut off"),
        "{:?}",
        words(&good)
    );
    let good = history(&pool, &["verify", "--head", path]);
    assert!(good.status.success() && words(&good).1.contains("vouches for"), "{:?}", words(&good));

    for statement in [
        "alter table event disable trigger user",
        "update event set body = jsonb_set(body, '{extractor}', '\"other\"') where kind = 'claim_extracted'",
        "alter table event enable trigger user",
    ] {
        pool.execute(statement).await.expect("done");
    }
    let bad = history(&pool, &["verify", "--head", path]);
    assert_eq!(bad.status.code(), Some(1));
    assert!(
        words(&bad).0.starts_with("claim ") && words(&bad).0.contains("entry 1 (event "),
        "{:?}",
        words(&bad)
    );
    let bad = history(&pool, &["verify", "--claim", &claim.to_string()]);
    assert_eq!(bad.status.code(), Some(1));
    assert!(words(&bad).0.starts_with(&format!("claim {claim}, entry 1 ")), "{:?}", words(&bad));

    std::fs::write(&file, "{}").expect("written");
    let unread = history(&pool, &["verify", "--head", path]);
    assert!(
        unread.status.code() == Some(1) && words(&unread).1.contains("is no head"),
        "{:?}",
        words(&unread)
    );
    std::fs::remove_dir_all(&folder).expect("removed");
}
