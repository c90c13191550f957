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

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn pages_and_api_show_what_was_known_at_a_moment(pool: PgPool) {
    let world = World::new(pool).await;
    let claim = world.claims().await[0];
    let mut browser = world.signed_in(Role::Editor).await;
    let program = world.program(Role::Editor).await;
    let article = world.desk.claim_row(world.actor(Role::Editor), claim).await.expect("a claim").article;
    world.clock.advance(chrono::TimeDelta::minutes(10));
    let given = program
        .post(
            &format!("/claims/{claim}/verdicts"),
            &serde_json::json!({ "rating": "false", "rationale": "Two records say otherwise.", "version": 1 }),
        )
        .await;
    assert!(given.status.is_success(), "{}", given.text);

    let at = "2026-03-12T09:05Z";
    let then = program.get(&format!("/claims/{claim}?as_of={at}")).await.json();
    let now = program.get(&format!("/claims/{claim}")).await.json();
    assert_eq!((then["stage"].as_str(), now["stage"].as_str()), (Some("open"), Some("settled")));
    assert_eq!(then["verdicts"].as_array().map(Vec::len), Some(0));
    let stage_of = |article: serde_json::Value| article["claims"][0]["stage"].clone();
    assert_eq!(stage_of(program.get(&format!("/articles/{article}?as_of={at}")).await.json()), "open");
    let settled = |dashboard: serde_json::Value| {
        dashboard["standings"]
            .as_array()
            .expect("standings")
            .iter()
            .any(|standing| standing["stage"] == "settled")
    };
    assert!(!settled(program.get(&format!("/dashboard?as_of={at}")).await.json()));
    assert!(settled(program.get("/dashboard").await.json()));

    for path in [format!("/claims/{claim}"), format!("/articles/{article}"), "/dashboard".to_owned()] {
        let now = browser.get(&path).await.text;
        assert!(now.contains("name=\"as_of\"") && !now.contains("id=\"as-of-banner\""), "{path}");
        let then = browser.get(&format!("{path}?as_of={at}")).await;
        assert_eq!(then.status, 200, "{path}: {}", then.text);
        assert!(
            then.text.contains("As the desk knew it at") && then.text.contains("12 March 2026, 09:05 UTC"),
            "{path}"
        );
        // The choice of a language changes nothing of the desk.
        assert_eq!(then.text.matches("method=\"post\"").count(), 1, "nothing can be changed: {path}");
        assert!(!then.text.contains("Two records say otherwise"), "{path}");
        assert_eq!(browser.get(&format!("{path}?as_of=nonsense")).await.status, 422, "{path}");
        assert_eq!(browser.get(&format!("{path}?as_of=2030-01-01T00:00")).await.status, 422, "{path}");
    }
    for path in [format!("/claims/{claim}"), format!("/articles/{article}"), "/dashboard".to_owned()] {
        assert_eq!(
            program.get(&format!("{path}?as_of=soon")).await.problem(),
            (422, "/problems/invalid".to_owned(), "as_of".to_owned())
        );
    }
    assert_eq!(program.get(&format!("/claims/{claim}?as_of=2026-03-12T08:00Z")).await.problem().0, 404);
}
