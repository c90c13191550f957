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
    let mut browser = world.signed_in(Role::Viewer).await;
    let stages = browser.get("/dashboard/stages.csv?days=30").await;
    assert_eq!(stages.header(http::header::CONTENT_TYPE), "text/csv; charset=utf-8");
    assert_eq!(stages.text.lines().count(), 7, "{}", stages.text);
    assert!(stages.text.starts_with("stage,left,median_s,p90_s,now"), "{}", stages.text);
    let days = browser.get("/dashboard/throughput.csv?from=2026-03-01&to=2026-03-12").await;
    assert_eq!(days.text.lines().count(), 13, "{}", days.text);
    let claims = world.claims().await;
    world.publish(claims[0], "verified", "Two calls.", None).await;
    let people = browser.get("/dashboard/reviewers.csv?from=2026-03-01&to=2026-03-10").await.text;
    assert!(people.starts_with("person,holds,today,verdicts,share,disabled"), "{people}");
    assert!(people.contains("\"editor\",0,1,0,\"\",\"false\""), "today is none of those days: {people}");
    for query in ["days=8", "from=2026-03-12&to=2026-03-01", "from=yesterday", "from=2020-01-01"] {
        assert_eq!(browser.get(&format!("/dashboard/reviewers.csv?{query}")).await.status, 422, "{query}");
    }
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_program_reads_the_numbers_of_the_dashboard(pool: PgPool) {
    let world = World::new(pool).await;
    let claims = world.claims().await;
    let editor = world.program(Role::Editor).await;
    let article = world.desk.claim_row(world.actor(Role::Editor), claims[0]).await.expect("a claim").article;
    let deadline = json!({ "deadline": "2026-03-12T10:00:00Z" });
    editor.send_json(Method::PUT, &format!("/articles/{article}/deadline"), &deadline).await;
    world.clock.advance(chrono::TimeDelta::minutes(30));
    world.publish(claims[0], "verified", "Two calls.", None).await;
    world.clock.advance(chrono::TimeDelta::days(3));

    let flow = world.program(Role::Viewer).await.get("/flow").await;
    assert_eq!(flow.status, StatusCode::OK, "{}", flow.text);
    let flow = flow.json();
    assert_eq!((&flow["from"], &flow["to"]), (&json!("2026-03-09"), &json!("2026-03-15")));
    let open = &flow["stages"][0];
    let waiting = i64::try_from(claims.len()).expect("few") - 1;
    assert_eq!((&open["stage"], &open["left_claims"]), (&json!("open"), &json!(1)));
    assert_eq!((&open["current_claims"], &open["stalled_claims"]), (&json!(waiting), &json!(waiting)));
    assert_eq!(flow["stalled_claims"], json!(waiting));
    let median = open["median_seconds"].as_i64().expect("one left");
    assert!((1_600..=2_000).contains(&median), "half an hour, to 9 %: {median}");
    assert_eq!(open["oldest_since"], "2026-03-12T09:00:00Z");
    let late = &flow["stalled"][0];
    assert_eq!(late["for_seconds"], json!(3 * 86_400 + 1_800));
    assert!(late["stalled_after_seconds"].as_i64() < late["for_seconds"].as_i64(), "{late}");
    assert!(late["claim"]["id"].is_string());
    assert_eq!(
        (&flow["deadlines"]["overdue_articles"], &flow["deadlines"]["soon_articles"]),
        (&json!(1), &json!(0))
    );
    assert_eq!(flow["deadlines"]["articles"][0]["id"], json!(article.to_string()));
    assert_eq!((&flow["deadlines"]["set_articles"], &flow["agreement"]), (&json!(1), &json!(null)));
    let days = flow["days"].as_array().expect("days");
    assert_eq!(days.len(), 7);
    assert_eq!(
        days[3],
        json!({ "day": "2026-03-12", "taken_in_claims": waiting + 1, "verdicts": 1, "settled_claims": 1,
            "published_claims": 1, "reopened_claims": 0, "dismissed_claims": 0, "corrections": 0 })
    );
    let busiest = &flow["people"][0];
    assert_eq!((&busiest["name"], &busiest["verdicts_share"]), (&json!("editor"), &json!(1.0)));
    assert_eq!(
        flow["concentration"],
        json!({ "people": 1, "busiest_share": 1.0, "busiest_two_share": 1.0, "half_people": 1 })
    );

    let program = world.program(Role::Viewer).await;
    let before = program.get("/flow?from=2026-03-01&to=2026-03-10").await.json();
    assert_eq!(
        (&before["concentration"], &before["people"][0]["verdicts_share"]),
        (&json!(null), &json!(null))
    );
    assert_eq!(before["days"].as_array().map(Vec::len), Some(10));
    assert_eq!(program.get("/flow?days=30").await.json()["days"].as_array().map(Vec::len), Some(30));
    for (query, field) in [
        ("days=8", "days"),
        ("days=week", "days"),
        ("days=7&days=30", "days"),
        ("from=yesterday", "from"),
        ("to=2026-02-30", "to"),
        ("from=2026-03-12&to=2026-03-01", "from"),
        ("from=2020-01-01", "from"),
        ("as_of=2026-03-12T09:00Z", "as_of"),
    ] {
        assert_eq!(
            program.get(&format!("/flow?{query}")).await.problem(),
            (422, "/problems/invalid".into(), field.into()),
            "{query}"
        );
    }
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn the_numbers_of_one_article_are_those_of_its_claims(pool: PgPool) {
    let world = World::new(pool).await;
    let claims = world.claims().await;
    let editor = world.program(Role::Editor).await;
    let article = world.desk.claim_row(world.actor(Role::Editor), claims[0]).await.expect("a claim").article;
    world.publish(claims[0], "verified", "Two calls.", None).await;
    world.clock.advance(chrono::TimeDelta::days(3));
    let waiting = claims.len() - 1;
    let flow = editor.get(&format!("/flow?article={article}")).await.json();
    assert_eq!((&flow["stages"][0]["current_claims"], &flow["deadlines"]), (&json!(waiting), &json!(null)));
    assert_eq!((&flow["people"][0]["verdicts"], &flow["agreement"]["judged_claims"]), (&json!(1), &json!(0)));
    let nobody = uuid::Uuid::nil();
    for (query, status) in [
        ("article=raid".to_owned(), 422),
        ("incident=raid".to_owned(), 422),
        (format!("article={nobody}"), 404),
        (format!("incident={nobody}"), 404),
    ] {
        assert_eq!(editor.get(&format!("/flow?{query}")).await.problem().0, status, "{query}");
    }

    let mut browser = world.signed_in(Role::Editor).await;
    let page = browser.get(&format!("/dashboard?days=30&article={article}")).await.text;
    assert!(page.contains("Take off: ") && page.contains("href=\"/dashboard?days=30\""), "{page}");
    assert!(page.contains(&format!("/claims?stage=published&amp;article={article}")), "{page}");
    for card in ["Can it run?", "Deadlines", "Sources by track record"] {
        assert!(!page.contains(card), "{card} is of the whole desk");
    }
    let text = browser.get(&format!("/articles/{article}")).await.text;
    assert!(text.contains(&format!("/dashboard?article={article}")), "{text}");
    let stalled = browser.get(&format!("/dashboard/stalled.csv?article={article}")).await.text;
    assert_eq!(stalled.lines().count(), waiting + 1, "all of them: {stalled}");
    let none = browser.get(&format!("/dashboard/stages.csv?article={nobody}")).await;
    assert_eq!(none.status, StatusCode::NOT_FOUND);
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_period_that_is_wrong_says_so_at_its_field(pool: PgPool) {
    let world = World::new(pool).await;
    let mut browser = world.signed_in(Role::Viewer).await;
    let page = browser.get("/dashboard?from=2026-03-12&to=2026-03-01").await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.text.contains("Choose a first day that is not after the last one."), "{}", page.text);
    assert!(
        page.text.contains("value=\"2026-03-12\"") && page.text.contains("aria-invalid=\"true\""),
        "{}",
        page.text
    );
    let own = browser.get("/dashboard?from=2026-03-01&to=2026-03-10").await;
    assert_eq!(own.status, StatusCode::OK);
    assert!(
        own.text.contains("value=\"2026-03-10\"") && own.text.contains("1–10 March 2026"),
        "{}",
        own.text
    );
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn each_number_leads_to_the_list_that_counts_the_same(pool: PgPool) {
    let world = World::new(pool).await;
    let claims = world.claims().await;
    world.publish(claims[0], "verified", "Two calls.", None).await;
    world.clock.advance(chrono::TimeDelta::days(2));
    world.publish(claims[1], "verified", "Two calls.", None).await;
    let mut browser = world.signed_in(Role::Editor).await;
    let page = browser.get("/dashboard").await.text;
    let editor = world.actor(Role::Editor).id;
    for (list, count) in [
        (format!("/claims?reviewer={editor}&judged_from=2026-03-14&judged_to=2026-03-14&sort=judged"), 1),
        (format!("/claims?reviewer={editor}&judged_from=2026-03-08&judged_to=2026-03-14&sort=judged"), 2),
        ("/claims?judged_from=2026-03-12&judged_to=2026-03-12&sort=judged".to_owned(), 1),
        (
            "/claims?stage=open&since_before=2026-03-13T09%3A00%3A00.000000Z&sort=waiting".to_owned(),
            claims.len() - 2,
        ),
        ("/claims?came=published&came_from=2026-03-08&came_to=2026-03-14&sort=newest".to_owned(), 2),
        (
            "/claims?came=taken_in&came_from=2026-03-12&came_to=2026-03-12&sort=newest".to_owned(),
            claims.len(),
        ),
        ("/claims?came=settled&came_from=2026-03-14&came_to=2026-03-14&sort=newest".to_owned(), 1),
    ] {
        assert!(page.contains(&list.replace('&', "&amp;")), "{list} in {page}");
        let listed = browser.get(&list).await.text;
        assert_eq!(listed.matches("class=\"claim-item\"").count(), count, "{list}");
    }
    for bad in ["judged_from=today", "judged_to=x", "since_before=x", "came=x", "judge=x", "evidence_from=x"]
    {
        assert_eq!(browser.get(&format!("/claims?{bad}")).await.status, 422, "{bad}");
        let refused = world.program(Role::Viewer).await.get(&format!("/claims?{bad}")).await.problem();
        assert_eq!((refused.0, Some(refused.2.as_str())), (422, bad.split('=').next()), "{bad}");
    }
    for bad in ["came_from=2026-03-12", "came=settled&scale=default"] {
        let refused = world.program(Role::Viewer).await.get(&format!("/claims?{bad}")).await.problem();
        assert_eq!((refused.0, refused.2.as_str()), (422, "came"), "{bad}");
        assert_eq!(browser.get(&format!("/claims?{bad}")).await.status, 422, "{bad}");
    }
    let runs = browser.get("/dashboard/runs.csv").await.text;
    assert!(
        runs.starts_with("article,title,outlet,published_at,claims,to_decide,can_run,deadline"),
        "{runs}"
    );
    assert!(runs.lines().count() > 1 && runs.contains("Not yet"), "{runs}");
    let ratings = browser.get("/dashboard/ratings.csv").await.text;
    assert!(ratings.contains("\"verified\",\"Verified\",2,1.0000"), "{ratings}");
    let deadlines = browser.get("/dashboard/deadlines.csv").await.text;
    assert_eq!(deadlines.lines().count(), 1, "only its head: {deadlines}");
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_view_is_saved_used_and_deleted(pool: PgPool) {
    let world = World::new(pool).await;
    let claims = world.claims().await;
    world.publish(claims[0], "verified", "Two calls.", None).await;
    let (reviewer, editor) = (world.program(Role::Reviewer).await, world.program(Role::Editor).await);
    let open =
        json!({ "name": "Mine & open", "filter": { "stage": "open", "assignee": "me" }, "sort": "waiting" });
    let saved = reviewer.post_once("/views", &open, "one").await;
    assert_eq!(saved.status, StatusCode::CREATED, "{}", saved.text);
    let mine = saved.json();
    let own = world.actor(Role::Reviewer).id.to_string();
    assert_eq!(
        (&mine["filter"], &mine["sort"], &mine["yours"]),
        (&json!({ "stage": "open", "assignee": own }), &json!("waiting"), &json!(true))
    );
    assert_eq!(reviewer.post_once("/views", &open, "one").await.json()["id"], mine["id"]);
    let shared = json!({ "name": "Published", "shared": true, "filter": { "stage": "published" } });
    let shared = reviewer.post("/views", &shared).await.json();
    let names = async |program: &crate::harness::Program| {
        let all = program.get("/views").await.json()["views"].clone();
        let all = all.as_array().expect("views").clone();
        all.iter().map(|one| one["name"].as_str().expect("a name").to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(names(&reviewer).await, ["Mine & open", "Published"]);
    assert_eq!(names(&editor).await, ["Published"], "others see what is shared");

    let ids = async |program: &crate::harness::Program, path: String| {
        let answer = program.get(&path).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
        let all = answer.json()["claims"].as_array().expect("claims").clone();
        all.iter().map(|one| one["id"].as_str().expect("an id").to_owned()).collect::<Vec<_>>()
    };
    let view = shared["id"].as_str().expect("an id");
    assert_eq!(ids(&editor, format!("/claims?view={view}")).await, [claims[0].to_string()]);
    let all_open = ids(&editor, format!("/claims?view={view}&stage=open&sort=newest&limit=200")).await;
    assert_eq!(all_open.len(), claims.len() - 1, "a word beside it takes the place of the view's");
    let lines = editor.get(&format!("/export/claims.jsonl?view={view}")).await.text;
    assert!(lines.lines().count() == 1 && lines.contains(&claims[0].to_string()), "{lines}");
    let waiting = mine["id"].as_str().expect("an id");
    assert_eq!(ids(&reviewer, format!("/claims?view={waiting}")).await, [""; 0]);
    assert_eq!(reviewer.get(&format!("/export/claims.csv?view={waiting}")).await.text.lines().count(), 1);

    for (program, query) in [
        (&editor, format!("view={waiting}")),
        (&editor, format!("view={}", uuid::Uuid::nil())),
        (&reviewer, "view=mine".to_owned()),
        (&reviewer, format!("view={view}&view={view}")),
    ] {
        let answer = program.get(&format!("/claims?{query}")).await;
        assert_eq!(answer.problem(), (422, "/problems/invalid".into(), "view".into()), "{query}");
    }
    for (sent, field) in [
        (json!({}), "name"),
        (json!({ "name": " " }), "name"),
        (json!({ "name": "published" }), "name"),
        (json!({ "name": "x".repeat(81) }), "name"),
        (json!({ "name": "N", "shared": "yes" }), "shared"),
        (json!({ "name": "N", "sort": "age" }), "sort"),
        (json!({ "name": "N", "filter": [] }), "filter"),
        (json!({ "name": "N", "filter": { "stage": "opened" } }), "stage"),
        (json!({ "name": "N", "filter": { "stage": 1 } }), "filter.stage"),
        (json!({ "name": "N", "filter": { "rating": "true" } }), "rating"),
        (json!({ "name": "N", "filter": { "sort": "newest" } }), "sort"),
        (json!({ "name": "N", "filter": { "view": view } }), "view"),
        (json!({ "name": "N", "filters": {} }), "filters"),
    ] {
        let answer = reviewer.post("/views", &sent).await;
        assert_eq!(answer.problem(), (422, "/problems/invalid".into(), field.into()), "{sent}");
    }

    let delete = async |program: &crate::harness::Program, id: &str| {
        program.call(Method::DELETE, &format!("/views/{id}")).await.status.as_u16()
    };
    let viewer = world.program(Role::Viewer).await;
    assert_eq!(delete(&viewer, view).await, 403, "another's takes an editor");
    assert_eq!(delete(&editor, waiting).await, 404, "what is not shared is not there for others");
    assert_eq!(delete(&editor, view).await, 204);
    assert_eq!(delete(&reviewer, view).await, 404);
    assert_eq!(delete(&reviewer, "1").await, 422);
    assert_eq!(delete(&reviewer, waiting).await, 204);
    assert_eq!(names(&reviewer).await, [""; 0]);
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
    assert_eq!(lines[1], format!("\"{id}\",\"{source}\",1,1,0,0,1.0000,0.2065,1.0000,\"B\""));
    let past = browser.get("/dashboard?as_of=2026-03-12T08:59Z").await.text;
    assert!(!past.contains("Sources by track record"), "of the present only");
}
