//! Deadlines and who is to do what, as programs ask for them; the dashboard's cards as files.

use crate::harness::World;
use domain::policy::Role;
use http::{Method, StatusCode};
use serde_json::json;
use sqlx::PgPool;

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_deadline_is_set_moved_and_cleared(pool: PgPool) {
    let world = World::new(pool).await;
    let claim = world.claims().await[0];
    let editor = world.program(Role::Editor).await;
    let article = world.desk.claim_row(world.actor(Role::Editor), claim).await.expect("a claim").article;
    let path = format!("/articles/{article}/deadline");
    let set = editor.send_json(Method::PUT, &path, &json!({ "deadline": "2026-03-12T18:00:00+02:00" })).await;
    assert_eq!((set.status, &set.json()["deadline"]), (StatusCode::OK, &json!("2026-03-12T16:00:00Z")));
    for bad in ["2026-03-01T10:00Z", "tomorrow"] {
        let refused = editor.send_json(Method::PUT, &path, &json!({ "deadline": bad })).await;
        assert_eq!(refused.problem(), (422, "/problems/invalid".into(), "deadline".into()), "{bad}");
    }
    let parts = editor.get(&format!("/claims/{claim}")).await.json()["contributions"].to_string();
    assert!(parts.contains("the article has a deadline"), "{parts}");
    let cleared = editor.send_json(Method::PUT, &path, &json!({ "deadline": null })).await;
    assert_eq!(cleared.json()["deadline"], json!(null));
    let reviewer = world.program(Role::Reviewer).await;
    let refused = reviewer.send_json(Method::PUT, &path, &json!({ "deadline": null })).await;
    assert_eq!(refused.problem().0, 403);
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn claims_are_given_out_all_or_none(pool: PgPool) {
    let world = World::new(pool).await;
    let claims = world.claims().await;
    let (editor, reviewer) = (world.program(Role::Editor).await, world.program(Role::Reviewer).await);
    let to = world.actor(Role::Reviewer).id;
    let path = format!("/claims/{}/assignee", claims[0]);
    let given = editor.send_json(Method::PUT, &path, &json!({ "to": to })).await;
    assert_eq!((given.status, &given.json()["assignee"]["name"]), (StatusCode::OK, &json!("reviewer")));
    // What is so already stays so.
    assert_eq!(editor.send_json(Method::PUT, &path, &json!({ "to": to })).await.status, StatusCode::OK);
    let next = reviewer.post("/claims/next", &json!({})).await.json();
    assert_eq!(next["id"], json!(claims[0].to_string()));
    assert_eq!(reviewer.call(Method::DELETE, &path).await.status, StatusCode::NO_CONTENT);
    let other = json!({ "to": world.actor(Role::Editor).id });
    assert_eq!(reviewer.send_json(Method::PUT, &path, &other).await.problem().0, 403);

    world.publish(claims[1], "verified", "Two calls.", None).await;
    let all = |claims: &[domain::id::ClaimId]| {
        let one = |claim: &domain::id::ClaimId| json!({ "claim": claim, "to": to });
        json!({ "assignments": claims.iter().map(one).collect::<Vec<_>>() })
    };
    let refused = editor.post("/claims/assignments", &all(&claims[..3])).await;
    assert_eq!(refused.problem().0, 409);
    let refused = refused.json();
    assert_eq!(refused["differences"][0]["yours"], json!(claims[1].to_string()), "{refused}");
    assert_eq!(editor.get(&format!("/claims/{}", claims[2])).await.json()["assignee"], json!(null));
    let given = editor.post("/claims/assignments", &all(&claims[2..4])).await;
    assert_eq!((given.status, given.json()["claims"].as_array().map(Vec::len)), (StatusCode::OK, Some(2)));
    let mine = reviewer.get("/claims?assignee=me").await.json();
    // Those two, and the one that is under lease.
    assert_eq!(mine["claims"].as_array().map(Vec::len), Some(3));
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn the_cards_of_the_dashboard_are_files_of_the_period_asked_for(pool: PgPool) {
    let world = World::new(pool).await;
    world.claims().await;
    let mut browser = world.signed_in(Role::Viewer).await;
    let stages = browser.get("/dashboard/stages.csv?days=30").await;
    assert_eq!(stages.header(http::header::CONTENT_TYPE), "text/csv; charset=utf-8");
    assert_eq!(stages.text.lines().count(), 7, "{}", stages.text);
    assert!(stages.text.starts_with("stage,left,median_s,p90_s,now"), "{}", stages.text);
    let days = browser.get("/dashboard/throughput.csv?from=2026-03-01&to=2026-03-12").await;
    assert_eq!(days.text.lines().count(), 13, "{}", days.text);
    for query in ["days=8", "from=2026-03-12&to=2026-03-01", "from=yesterday", "from=2020-01-01"] {
        assert_eq!(browser.get(&format!("/dashboard/reviewers.csv?{query}")).await.status, 422, "{query}");
    }
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn sources_stand_on_the_dashboard_with_their_track_record_and_the_grade_beside_it(pool: PgPool) {
    let world = World::new(pool).await;
    let claims = world.claims().await;
    let mut browser = world.signed_in(Role::Editor).await;
    let empty = browser.get("/dashboard").await.text;
    assert!(empty.contains("No claim that names a source is settled yet."), "{empty}");
    world.publish(claims[0], "verified", "Two calls.", None).await;
    let row = world.desk.claim_row(world.actor(Role::Editor), claims[0]).await.expect("a claim");
    let (source, id) = (row.source.expect("a source"), row.source_id.expect("a source"));
    let reason = ("reason", "Right before.");
    let id = id.to_string();
    browser.submit("/actions/sources/grade", &[("source", &id), ("grade", "B"), reason]).await;
    let page = browser.get("/dashboard").await.text;
    let list = format!("/claims?outcome=held&amp;source={id}");
    assert!(page.contains(&source) && page.contains(&list) && page.contains("(21–100)"), "{page}");
    let listed = browser.get(&list.replace("&amp;", "&")).await.text;
    assert!(listed.contains(&claims[0].to_string()) && listed.contains("settled: it holds"), "{listed}");
    let none = browser.get(&format!("/claims?outcome=not_held&source={id}")).await.text;
    assert!(none.contains("No claim fits"), "{none}");
    let file = browser.get("/dashboard/sources.csv").await;
    assert_eq!(file.header(http::header::CONTENT_TYPE), "text/csv; charset=utf-8");
    let lines: Vec<&str> = file.text.lines().collect();
    assert_eq!(lines[0], "source,name,settled,held,not_held,other,share,low,high,grade");
    assert_eq!(lines[1], format!("{id},{source},1,1,0,0,1.0000,0.2065,1.0000,B"));
    let past = browser.get("/dashboard?as_of=2026-03-12T08:59Z").await.text;
    assert!(!past.contains("Sources by track record"), "of the present only");
}
