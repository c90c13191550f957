//! The JSON API: lists, review, export, and the document that describes it.

use crate::harness::{Answer, Program, World};
use domain::policy::Role;
use http::header::CONTENT_TYPE;
use http::{Method, StatusCode};
use serde_json::{Value, json};
use sqlx::PgPool;
use std::collections::BTreeSet;
use utoipa::OpenApi as _;

fn verdict(rating: &str, version: i32) -> Value {
    json!({ "rating": rating, "rationale": "Two records agree.", "version": version })
}

async fn ids(program: &Program, path: &str) -> (Vec<String>, Option<String>) {
    let page = program.get(path).await.json();
    let ids = page["claims"]
        .as_array()
        .expect("claims")
        .iter()
        .map(|claim| claim["id"].as_str().expect("an id").to_owned());
    (ids.collect(), page["next"].as_str().map(str::to_owned))
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn pages_by_cursor_give_each_claim_once_in_every_order(pool: PgPool) {
    let world = World::new(pool).await;
    let count = world.claims().await.len();
    let program = world.program(Role::Viewer).await;
    for sort in ["priority", "newest", "waiting"] {
        let mut seen = Vec::new();
        let mut cursor: Option<String> = None;
        loop {
            let cursor_word = cursor.as_ref().map(|cursor| format!("&cursor={cursor}")).unwrap_or_default();
            let (page, next) = ids(&program, &format!("/claims?sort={sort}&limit=2{cursor_word}")).await;
            seen.extend(page);
            match next {
                Some(next) => cursor = Some(next),
                None => break,
            }
        }
        assert_eq!(seen.len(), count, "{sort}");
        assert_eq!(seen.iter().collect::<BTreeSet<_>>().len(), count, "{sort}");
    }
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn filters_narrow_and_a_misspelt_one_is_refused(pool: PgPool) {
    let world = World::new(pool).await;
    let claims = world.claims().await;
    let program = world.program(Role::Reviewer).await;
    assert_eq!(
        program.call(Method::PUT, &format!("/claims/{}/lease", claims[0])).await.status,
        StatusCode::OK
    );
    assert_eq!(ids(&program, "/claims?assignee=me").await.0, [claims[0].to_string()]);
    assert_eq!(ids(&program, "/claims?stage=in_review").await.0, [claims[0].to_string()]);
    assert_eq!(ids(&program, "/claims?q=detained+-nobody&indicator=detained&stage=").await.0.len(), 1);
    assert_eq!(ids(&program, "/claims?rating=verified").await.0.len(), 0);
    for (query, field) in [
        ("stag=open", "stag"),
        ("stage=opened", "stage"),
        ("stage=open&stage=open", "stage"),
        ("rating=true", "rating"),
        ("kind=x", "kind"),
        ("indicator=x", "indicator"),
        ("source=x", "source"),
        ("article=1", "article"),
        ("assignee=you", "assignee"),
        ("sort=age", "sort"),
        ("cursor=x", "cursor"),
        ("limit=0", "limit"),
        ("limit=201", "limit"),
        ("limit=ten", "limit"),
    ] {
        let answer = program.get(&format!("/claims?{query}")).await;
        assert_eq!(answer.problem(), (422, "/problems/invalid".into(), field.into()), "{query}");
    }
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_claim_goes_from_the_queue_to_a_published_review(pool: PgPool) {
    let world = World::new(pool).await;
    world.claims().await;
    let program = world.program(Role::Reviewer).await;
    let next = program.post("/claims/next", &json!({})).await.json();
    let id = next["id"].as_str().expect("an id");
    assert_eq!((next["stage"].as_str(), next["holder"].as_str()), (Some("in_review"), Some("reviewer")));
    assert!(
        next["lease"]["until"].as_str().is_some_and(|until| until.starts_with("2026-03-12T09:30")),
        "{next}"
    );

    let evidence = json!({ "title": "Register", "excerpt": "12 dead.", "stance": "supports", "address": "https://h.example/1" });
    let added = program.post(&format!("/claims/{id}/evidence"), &evidence).await;
    assert_eq!((added.status, &added.json()["stance"]), (StatusCode::CREATED, &json!("supports")));

    let mut body = verdict(
        "verified",
        next["version"].as_i64().and_then(|version| i32::try_from(version).ok()).expect("a version"),
    );
    body["figure"] = json!(12);
    let given = program.post(&format!("/claims/{id}/verdicts"), &body).await;
    assert_eq!(given.status, StatusCode::CREATED, "{}", given.text);
    let given = given.json();
    assert_eq!((&given["verdict"]["figure"], &given["claim"]["stage"]), (&json!("12"), &json!("settled")));

    let review = format!("/claims/{id}/claimreview.json");
    let early = program.get(&review).await;
    assert_eq!(early.problem().0, 404);
    assert!(early.text.contains("once it is published"), "{}", early.text);
    let version = i32::try_from(given["claim"]["version"].as_i64().expect("a version")).expect("small");
    world
        .desk
        .publish(world.actor(Role::Editor), id.parse().expect("an id"), version, None)
        .await
        .expect("published");
    let answer = program.get(&review).await;
    assert_eq!(answer.header(CONTENT_TYPE), "application/ld+json");
    let review = answer.json();
    for required in [
        "@context",
        "@type",
        "url",
        "claimReviewed",
        "reviewRating",
        "datePublished",
        "author",
        "itemReviewed",
    ] {
        assert!(!review[required].is_null(), "{required}: {review}");
    }
    let address = review["url"].as_str().expect("an address");
    assert!(address.starts_with("https://desk.example/public/claims/at-least-12-"), "{address}");
    assert_eq!(review["reviewRating"]["alternateName"], "Verified");
    assert_eq!(
        (&review["reviewRating"]["ratingValue"], &review["reviewRating"]["bestRating"]),
        (&json!(5), &json!(5))
    );
    assert_eq!(review["itemReviewed"]["appearance"]["url"], "https://courier.example/market");

    let history = program.get(&format!("/claims/{id}/history")).await.json();
    let kinds: Vec<&str> = history["events"]
        .as_array()
        .expect("events")
        .iter()
        .map(|event| event["event"]["kind"].as_str().expect("a kind"))
        .collect();
    assert_eq!(kinds, ["claim_extracted", "taken", "evidence_added", "verdict_given", "published"]);
    let before = program.get(&format!("/claims/{id}/history?as_of=2026-03-12T08:59:59Z")).await.json();
    assert_eq!(before["events"], json!([]));
    assert_eq!(program.get(&format!("/claims/{id}/history?as_of=then")).await.problem().2, "as_of");
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn the_second_to_judge_learns_what_differs_and_loses_nothing(pool: PgPool) {
    let world = World::new(pool).await;
    let claim = world.claims().await[0];
    let (one, two) = (world.program(Role::Reviewer).await, world.program(Role::Editor).await);
    let path = format!("/claims/{claim}/verdicts");
    assert_eq!(one.post(&path, &verdict("verified", 1)).await.status, StatusCode::CREATED);
    let refused = two.post(&path, &verdict("false", 1)).await;
    assert_eq!(refused.problem(), (409, "/problems/conflict".into(), String::new()));
    let problem = refused.json();
    assert_eq!(problem["current_version"], 2);
    assert_eq!(
        problem["differences"],
        json!([{ "field": "rating", "yours": "false", "theirs": "verified" }])
    );
    assert_eq!(two.post(&path, &verdict("false", 2)).await.status, StatusCode::CREATED);
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_claim_is_held_by_one_at_a_time(pool: PgPool) {
    let world = World::new(pool).await;
    let claim = world.claims().await[0];
    let (one, two) = (world.program(Role::Reviewer).await, world.program(Role::Editor).await);
    let path = format!("/claims/{claim}/lease");
    assert_eq!(one.call(Method::PUT, &path).await.status, StatusCode::OK);
    for method in [Method::PUT, Method::DELETE] {
        let answer = two.call(method, &path).await;
        assert_eq!(answer.problem().0, 409);
        assert!(answer.text.contains("reviewer is checking this claim until 09:30 UTC"), "{}", answer.text);
    }
    assert_eq!(one.call(Method::DELETE, &path).await.status, StatusCode::NO_CONTENT);
    assert_eq!(two.call(Method::PUT, &path).await.status, StatusCode::OK);
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_lease_is_taken_over_with_a_reason(pool: PgPool) {
    let world = World::new(pool).await;
    let claim = world.claims().await[0];
    let (one, two) = (world.program(Role::Reviewer).await, world.program(Role::Editor).await);
    let path = format!("/claims/{claim}/lease");
    assert_eq!(one.call(Method::PUT, &path).await.status, StatusCode::OK);
    let no_reason = two.send_json(Method::PUT, &path, &json!({ "take_over": "" })).await;
    assert_eq!(no_reason.problem(), (422, "/problems/invalid".into(), "take_over".into()));
    let taken = two.send_json(Method::PUT, &path, &json!({ "take_over": "for the evening" })).await.json();
    assert_eq!(taken["lease"]["name"], "editor");
    assert_eq!(one.call(Method::DELETE, &path).await.problem().0, 409);
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_verdict_that_waits_for_a_second_one_says_so_and_is_nobody_else_s(pool: PgPool) {
    let world = World::new(pool).await;
    let claim = world.claims().await[0];
    let rule = domain::desk_policy::Rule::default();
    let policy = domain::desk_policy::DeskPolicy {
        second_review: domain::desk_policy::SecondReview { rules: vec![rule] },
        ..Default::default()
    };
    let reason = domain::words::Reason::parse("agreed").expect("a reason");
    world.desk.set_policy(world.actor(Role::Admin), policy, 0, &reason).await.expect("set");
    let (one, two) = (world.program(Role::Reviewer).await, world.program(Role::Editor).await);
    let path = format!("/claims/{claim}/verdicts");
    let given = one.post(&path, &verdict("false", 1)).await;
    assert_eq!(given.status, StatusCode::CREATED);
    let given = given.json();
    assert_eq!(
        (&given["claim"]["stage"], &given["verdict"]["part"]),
        (&json!("awaiting_second_review"), &json!("first"))
    );
    let own = one.post(&path, &verdict("false", 2)).await;
    assert_eq!(own.problem().0, 409);
    assert!(own.text.contains("another person"), "{}", own.text);
    for person in [Role::Editor, Role::Admin, Role::Viewer] {
        let program = world.program(person).await;
        let seen = program.get(&format!("/claims/{claim}")).await.json();
        assert_eq!((&seen["verdicts"], &seen["rating"]), (&json!([]), &json!(null)));
        assert_eq!(seen["second_review"]["yours"], false);
        let history = program.get(&format!("/claims/{claim}/history")).await.text;
        assert!(!history.contains("False") && !history.contains("\"false\""), "{history}");
        let rows = program.get("/export/claims.jsonl").await.text;
        assert!(!rows.contains("\"false\""), "{rows}");
    }
    let second = two.post(&path, &verdict("verified", 2)).await.json();
    assert_eq!(second["claim"]["stage"], "disagreed");
    let seen = two.get(&format!("/claims/{claim}")).await.json();
    assert_eq!(seen["verdicts"].as_array().map(Vec::len), Some(2));
}

/// Makes every claim take two people.
async fn takes_two(world: &World) {
    let rule = domain::desk_policy::Rule::default();
    let policy = domain::desk_policy::DeskPolicy {
        second_review: domain::desk_policy::SecondReview { rules: vec![rule] },
        ..Default::default()
    };
    let reason = domain::words::Reason::parse("agreed").expect("a reason");
    world.desk.set_policy(world.actor(Role::Admin), policy, 0, &reason).await.expect("set");
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn an_editor_decides_between_two_who_differ(pool: PgPool) {
    let world = World::new(pool).await;
    let claim = world.claims().await[0];
    takes_two(&world).await;
    let (one, two) = (world.program(Role::Reviewer).await, world.program(Role::Admin).await);
    let editor = world.program(Role::Editor).await;
    let verdicts = format!("/claims/{claim}/verdicts");
    one.post(&verdicts, &verdict("false", 1)).await;
    two.post(&verdicts, &verdict("verified", 2)).await;
    let path = format!("/claims/{claim}/adjudications");
    let body =
        json!({ "rating": "disputed", "reason": "The lists are of two days.", "figure": 12, "version": 3 });
    for (field, value) in [
        ("rating", json!("maybe")),
        ("reason", json!(" ")),
        ("figure", json!("plenty")),
        ("version", json!("three")),
        ("colour", json!("red")),
    ] {
        let mut wrong = body.clone();
        wrong[field] = value;
        let refused = editor.post(&path, &wrong).await.problem();
        assert_eq!(refused, (422, "/problems/invalid".into(), field.into()), "{wrong}");
    }
    assert_eq!(
        editor.post(&path, &json!({ "rating": "disputed", "version": 3 })).await.problem().2,
        "reason"
    );
    assert_eq!(one.post(&path, &body).await.problem().0, 403);
    let own = two.post(&path, &body).await;
    assert_eq!(
        own.problem(),
        (409, "/problems/conflict".into(), String::new()),
        "an admin who gave one of them"
    );
    let mut late = body.clone();
    late["version"] = json!(2);
    let late = editor.post(&path, &late).await;
    assert_eq!((late.problem().0, &late.json()["current_version"]), (409, &json!(3)));

    let given = editor.post_once(&path, &body, "decide").await;
    assert_eq!(given.status, StatusCode::CREATED, "{}", given.text);
    let decided = given.json();
    assert_eq!(
        (&decided["verdict"]["part"], &decided["verdict"]["rating"], &decided["claim"]["stage"]),
        (&json!("adjudication"), &json!("disputed"), &json!("settled"))
    );
    assert_eq!(
        editor.post_once(&path, &body, "decide").await.json(),
        decided,
        "sent again it is not decided again"
    );
    assert_eq!(editor.post(&path, &body).await.problem().0, 409);
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_verdict_is_taken_back_within_the_minute(pool: PgPool) {
    let world = World::new(pool).await;
    let claim = world.claims().await[0];
    let (program, other) = (world.program(Role::Reviewer).await, world.program(Role::Admin).await);
    program.call(Method::PUT, &format!("/claims/{claim}/lease")).await;
    let given = program.post(&format!("/claims/{claim}/verdicts"), &verdict("false", 1)).await.json();
    let path = format!("/verdicts/{}", given["verdict"]["id"].as_str().expect("an id"));
    assert_eq!(other.call(Method::DELETE, &path).await.problem().0, 409, "only who gave it");
    let undone = program.call(Method::DELETE, &path).await;
    assert_eq!(undone.status, StatusCode::OK, "{}", undone.text);
    let undone = undone.json();
    assert_eq!((&undone["stage"], &undone["rating"]), (&json!("in_review"), &json!(null)));
    assert_eq!(undone["lease"]["name"], "reviewer");
    let again = program.call(Method::DELETE, &path).await;
    assert_eq!(again.problem(), (409, "/problems/conflict".into(), String::new()));
    let given = program.post(&format!("/claims/{claim}/verdicts"), &verdict("false", 3)).await.json();
    let path = format!("/verdicts/{}", given["verdict"]["id"].as_str().expect("an id"));
    world.clock.advance(chrono::TimeDelta::seconds(61));
    assert!(program.call(Method::DELETE, &path).await.text.contains("for a minute"));
    assert_eq!(program.call(Method::DELETE, &format!("/verdicts/{claim}")).await.problem().0, 404);
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_source_is_graded_and_keeps_what_it_was_graded_before(pool: PgPool) {
    let world = World::new(pool).await;
    let claim = world.claims().await[0];
    let program = world.program(Role::Reviewer).await;
    let source = program.get(&format!("/claims/{claim}")).await.json()["source"]["id"].clone();
    let path = format!("/sources/{}", source.as_str().expect("an id"));
    let known = program.get(&path).await.json();
    assert_eq!(
        (&known["reliability"], &known["grades"], &known["claims"]),
        (&json!("F"), &json!([]), &json!(2)),
        "the dead and the wounded are by the ministry"
    );
    let grades = format!("{path}/grades");
    for (body, field) in [
        (json!({ "grade": "G", "reason": "Right before." }), "grade"),
        (json!({ "grade": "B", "reason": " " }), "reason"),
        (json!({ "grade": "B" }), "reason"),
        (json!({ "reason": "Right before." }), "grade"),
    ] {
        let refused = program.post(&grades, &body).await.problem();
        assert_eq!(refused, (422, "/problems/invalid".into(), field.into()), "{body}");
    }
    let viewer = world.program(Role::Viewer).await;
    let body = json!({ "grade": "B", "reason": "Right before." });
    assert_eq!(viewer.post(&grades, &body).await.problem().0, 403);
    let first = program.post_once(&grades, &body, "grade").await;
    assert_eq!(first.status, StatusCode::CREATED, "{}", first.text);
    assert_eq!(program.post_once(&grades, &body, "grade").await.json(), first.json());
    program.post(&grades, &json!({ "grade": "E", "reason": "Made it up." })).await;
    let now = viewer.get(&path).await.json();
    assert_eq!(now["reliability"], "E");
    let given: Vec<(&str, &str, &str)> = now["grades"]
        .as_array()
        .expect("grades")
        .iter()
        .map(|one| {
            (
                one["grade"].as_str().unwrap_or(""),
                one["reason"].as_str().unwrap_or(""),
                one["by"].as_str().unwrap_or(""),
            )
        })
        .collect();
    assert_eq!(given, [("E", "Made it up.", "reviewer"), ("B", "Right before.", "reviewer")]);
    assert_eq!(program.get(&format!("/sources/{claim}")).await.problem().0, 404);
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_claim_comes_with_its_links_its_public_page_and_the_copies_of_its_evidence(pool: PgPool) {
    let world = World::new(pool).await;
    let claims = world.claims().await;
    let program = world.program(Role::Editor).await;
    let path = format!("/claims/{}", claims[0]);
    let bare = program.get(&path).await.json();
    assert_eq!((&bare["links"], &bare["public"]), (&json!([]), &json!(null)));
    let editor = world.actor(Role::Editor);
    let why = domain::words::Reason::parse("Another count.").expect("a reason");
    let kind = domain::link::LinkKind::Contradicts;
    world.desk.link(editor, claims[0], claims[1], kind, Some(why)).await.expect("linked");
    let evidence = json!({ "title": "Register", "excerpt": "12 dead.", "stance": "supports" });
    let made = program.post(&format!("{path}/evidence"), &evidence).await.json();
    let copies = format!("/evidence/{}/copies", made["id"].as_str().expect("an id"));
    let request = program.request(Method::POST, &copies).body("Twelve names.".into()).expect("a request");
    let copy = program.send(request).await.json();
    let page = world.publish(claims[0], "verified", "Two calls.", None).await;

    let whole = program.get(&path).await.json();
    assert_eq!(
        whole["public"],
        json!({ "address": format!("https://desk.example{page}"), "number": 1, "kind": "published",
                "at": "2026-03-12T09:00:00Z" })
    );
    assert_eq!(whole["evidence"][0]["copies"], json!([copy]));
    let link = &whole["links"][0];
    assert_eq!(
        (&link["kind"], &link["outgoing"], &link["reason"], &link["by"]),
        (&json!("contradicts"), &json!(true), &json!("Another count."), &json!("editor"))
    );
    assert_eq!(
        (&link["other"]["id"], &link["other"]["stage"]),
        (&json!(claims[1].to_string()), &json!("open"))
    );
    let other = program.get(&format!("/claims/{}", claims[1])).await.json();
    assert_eq!(
        (&other["links"][0]["outgoing"], &other["links"][0]["other"]["rating"]),
        (&json!(false), &json!("verified"))
    );
    // As it was before any of it.
    world.clock.advance(chrono::TimeDelta::minutes(2));
    let then = program.get(&format!("{path}?as_of=2026-03-12T09:00:30Z")).await.json();
    assert_eq!(then["links"].as_array().map(Vec::len), Some(1));
    assert_eq!(then["evidence"][0]["copies"].as_array().map(Vec::len), Some(1));
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn an_empty_queue_gives_nothing(pool: PgPool) {
    let world = World::new(pool).await;
    let program = world.program(Role::Reviewer).await;
    let answer = program.call(Method::POST, "/claims/next").await;
    assert_eq!((answer.status, answer.text.as_str()), (StatusCode::NO_CONTENT, ""));
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn asking_for_the_next_claim_once_gives_one(pool: PgPool) {
    let world = World::new(pool).await;
    world.claims().await;
    let program = world.program(Role::Reviewer).await;
    let first = program.post_once("/claims/next", &json!({}), "next-1").await.json();
    let again = program.post_once("/claims/next", &json!({}), "next-1").await.json();
    assert_eq!(first["id"], again["id"]);
    let skipped = program.post("/claims/next", &json!({ "after": first["id"] })).await.json();
    assert_ne!(first["id"], skipped["id"]);
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn evidence_and_verdicts_sent_twice_with_a_key_are_there_once(pool: PgPool) {
    let world = World::new(pool).await;
    let claim = world.claims().await[0];
    let program = world.program(Role::Reviewer).await;
    let evidence = json!({ "title": "Register", "excerpt": "12 dead.", "stance": "supports" });
    let body = verdict("verified", 1);
    for (path, body, key) in [("evidence", &evidence, "e"), ("verdicts", &body, "v")] {
        let path = format!("/claims/{claim}/{path}");
        let first = program.post_once(&path, body, key).await;
        let again = program.post_once(&path, body, key).await;
        assert_eq!((first.status, &first.text), (StatusCode::CREATED, &again.text));
        assert_eq!(
            program
                .post_once(
                    &path.replace(&claim.to_string(), "01934f6e-0000-7000-8000-000000000000"),
                    body,
                    key
                )
                .await
                .status,
            422
        );
    }
    let view = program.get(&format!("/claims/{claim}")).await.json();
    assert_eq!(
        (view["evidence"].as_array().map(Vec::len), view["verdicts"].as_array().map(Vec::len)),
        (Some(1), Some(1))
    );
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_verdict_must_be_of_the_scale_and_of_this_version(pool: PgPool) {
    let world = World::new(pool).await;
    let claim = world.claims().await[0];
    let program = world.program(Role::Reviewer).await;
    let path = format!("/claims/{claim}/verdicts");
    for (field, value) in [
        ("rating", json!("true")),
        ("rationale", json!("")),
        ("figure", json!("none")),
        ("figure", json!({})),
        ("version", json!("1")),
        ("version", json!(99_999_999_999_i64)),
        ("override_reason", json!("")),
        ("scale", json!("none")),
        ("why", json!("because")),
    ] {
        let mut body = verdict("verified", 1);
        body[field] = value;
        let answer = program.post(&path, &body).await;
        assert_eq!(answer.problem(), (422, "/problems/invalid".into(), field.into()), "{body}");
    }
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn an_export_has_every_claim_and_its_verdict(pool: PgPool) {
    let world = World::new(pool).await;
    let claims = world.claims().await;
    let program = world.program(Role::Reviewer).await;
    let mut body = verdict("verified", 1);
    body["rationale"] = json!("=HYPERLINK(\"evil\"), \"quoted\"\nand broken");
    program.post(&format!("/claims/{}/verdicts", claims[0]), &body).await;

    let csv = program.get("/export/claims.csv").await;
    assert_eq!(csv.header(CONTENT_TYPE), "text/csv; charset=utf-8; header=present");
    assert!(csv.header("content-disposition").contains("claims.csv"));
    let mut reader = csv::Reader::from_reader(csv.text.as_bytes());
    let at = |name: &str, reader: &mut csv::Reader<&[u8]>| {
        reader.headers().expect("a head").iter().position(|column| column == name).expect("a column")
    };
    let (id, rationale) = (at("id", &mut reader), at("rationale", &mut reader));
    let rows: Vec<csv::StringRecord> = reader.records().collect::<Result<_, _>>().expect("rows");
    assert_eq!(rows.len(), claims.len());
    let judged = rows.iter().find(|row| row[id] == claims[0].to_string()).expect("the claim");
    assert_eq!(&judged[rationale], "'=HYPERLINK(\"evil\"), \"quoted\"\nand broken");
    assert!(csv.text.lines().nth(1).is_some_and(|row| row.starts_with('"')), "texts stand in quotes");
    let (scale, scale_version) = (at("scale", &mut reader), at("scale_version", &mut reader));
    assert_eq!((&judged[scale], &judged[scale_version]), ("default", "1"));
    let other = rows.iter().find(|row| row[id] == claims[1].to_string()).expect("the claim");
    assert_eq!((&other[scale], &other[scale_version]), ("", ""), "no verdict stands");

    let lines = program.get("/export/claims.jsonl?stage=settled").await;
    let objects: Vec<Value> =
        lines.text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(objects.len(), 1);
    assert_eq!((&objects[0]["rating"], &objects[0]["reviewer"]), (&json!("verified"), &json!("reviewer")));
    assert!(objects[0]["measures"].is_array());
    assert_eq!((&objects[0]["scale"], &objects[0]["scale_version"]), (&json!("default"), &json!(1)));
    assert_eq!(program.get("/export/claims.csv?stage=x").await.problem().2, "stage");
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn an_export_never_gives_what_a_source_denies_as_what_it_says(pool: PgPool) {
    let world = World::new(pool).await;
    let program = world.program(Role::Editor).await;
    let text = "The army denied that 40 soldiers were killed near Orla on Monday. \
                The mayor said that 12 people were wounded.";
    let body = json!({ "title": "Denial", "text": text, "published": "2026-03-11" });
    let added = program.post("/articles", &body).await;
    assert!(added.status.is_success(), "{}", added.text);
    let csv = program.get("/export/claims.csv").await;
    let mut reader = csv::Reader::from_reader(csv.text.as_bytes());
    let heads = reader.headers().expect("a head").clone();
    let at = |name: &str| heads.iter().position(|column| column == name).expect("a column");
    let rows: Vec<csv::StringRecord> = reader.records().collect::<Result<_, _>>().expect("rows");
    let said: Vec<(&str, bool)> = rows
        .iter()
        .map(|row| (&row[at("polarity")], row[at("measures")].starts_with("denied: 40 soldiers killed")))
        .collect();
    assert!(said.contains(&("denied", true)) && said.contains(&("asserted", false)), "{}", csv.text);
    let lines = program.get("/export/claims.jsonl").await.text;
    let polarities: BTreeSet<String> = lines
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).expect("JSON")["polarity"].to_string())
        .collect();
    assert_eq!(polarities, ["\"asserted\"", "\"denied\""].map(str::to_owned).into());
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_long_export_comes_in_batches_and_is_whole(pool: PgPool) {
    let world = World::new(pool).await;
    world.desk.fill(world.actor(Role::Admin), 60, |_| {}).await.expect("filled");
    let program = world.program(Role::Viewer).await;
    let lines = program.get("/export/claims.jsonl").await;
    let ids: BTreeSet<String> = lines
        .text
        .lines()
        .map(|line| {
            serde_json::from_str::<Value>(line).expect("JSON")["id"].as_str().expect("an id").to_owned()
        })
        .collect();
    assert_eq!((lines.text.lines().count(), ids.len()), (600, 600));
    assert_eq!(program.get("/export/claims.csv").await.text.lines().count(), 601);
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn the_dashboard_and_me_say_what_pages_say(pool: PgPool) {
    let world = World::new(pool).await;
    let claims = world.claims().await;
    let program = world.program(Role::Reviewer).await;
    program.post(&format!("/claims/{}/verdicts", claims[0]), &verdict("disputed", 1)).await;
    let dashboard = program.get("/dashboard").await.json();
    assert_eq!(dashboard["today"], 1);
    assert_eq!(dashboard["days"].as_array().map(Vec::len), Some(14));
    let counted: i64 = dashboard["standings"]
        .as_array()
        .expect("standings")
        .iter()
        .filter_map(|standing| standing["claims"].as_i64())
        .sum();
    assert_eq!(usize::try_from(counted), Ok(claims.len()));
    let me = program.get("/me").await.json();
    assert_eq!((&me["name"], &me["role"]), (&json!("reviewer"), &json!("reviewer")));
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_token_is_asked_for_and_a_revoked_one_is_none(pool: PgPool) {
    let world = World::new(pool).await;
    let program = world.program(Role::Viewer).await;
    let without: Answer = program
        .send(http::Request::get("/api/v1/me").body(axum::body::Body::empty()).expect("a request"))
        .await;
    assert_eq!(without.problem(), (401, "/problems/not_signed_in".into(), String::new()));
    assert_eq!(without.header("www-authenticate"), "Bearer");
    let actor = world.actor(Role::Viewer);
    let token = world.desk.tokens(actor).await.expect("tokens")[0].id;
    world.desk.revoke_token(actor, token).await.expect("revoked");
    assert_eq!(program.get("/me").await.problem().0, 401);
}

#[test]
fn the_document_describes_every_route() {
    let document = serde_json::to_value(server::api::Document::openapi()).expect("JSON");
    let mut described = BTreeSet::new();
    for (path, methods) in document["paths"].as_object().expect("paths") {
        for (method, operation) in methods.as_object().expect("methods") {
            described.insert((method.clone(), path.clone()));
            let takes_a_key = operation.to_string().contains("\"Idempotency-Key\"");
            assert!(takes_a_key || method != "post", "every POST takes a key: {path}");
        }
    }
    let routes = server::api::ROUTES.iter().map(|(method, path)| ((*method).to_owned(), (*path).to_owned()));
    assert_eq!(described, routes.collect());

    // Each reference leads somewhere, and each operation has a name of its own.
    let text = document.to_string();
    for reference in text.split("\"$ref\":\"#").skip(1) {
        let pointer = reference.split('"').next().expect("a pointer");
        assert!(document.pointer(pointer).is_some(), "{pointer}");
    }
    insta::assert_json_snapshot!("openapi", document);
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn the_document_is_served_to_anybody(pool: PgPool) {
    let world = World::new(pool).await;
    let answer = world.nobody().get("/api/v1/openapi.json").await;
    assert_eq!((answer.status, answer.header(CONTENT_TYPE)), (StatusCode::OK, "application/json"));
    assert_eq!(answer.json()["openapi"], "3.1.0");
}
