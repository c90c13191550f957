//! Corrections through the JSON API.

use crate::harness::{ARTICLE, Program, World};
use domain::policy::Role;
use http::StatusCode;
use serde_json::{Value, json};
use sqlx::PgPool;

/// The claim whose words contain these.
async fn about(program: &Program, words: &str) -> Value {
    let claims = program.get("/claims?sort=newest").await.json();
    let claims = claims["claims"].as_array().expect("claims").clone();
    let found = claims.iter().find(|claim| claim["text"].as_str().is_some_and(|text| text.contains(words)));
    found.unwrap_or_else(|| panic!("no claim about {words}: {claims:#?}")).clone()
}

fn path(claim: &Value) -> String {
    format!("/claims/{}", claim["id"].as_str().expect("an id"))
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn each_part_of_a_claim_is_corrected_and_the_answer_says_by_whom(pool: PgPool) {
    let world = World::new(pool).await;
    world.claims().await;
    let program = world.program(Role::Reviewer).await;
    let claim = about(&program, "41 people").await;
    let body = json!({
        "version": claim["version"],
        "words": "detained 41 people",
        "kind": "count",
        "source": { "name": "Nadia Tashiri", "kind": "person", "role": "director" },
        "measures": [
            { "position": 0, "class": "civilian", "figure": "about 40" },
            { "indicator": "affected", "low": 5, "high": 9, "bound": "range", "counts": "families" },
        ],
    });
    let answer = program.patch(&path(&claim), &body).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    let now = answer.json();
    assert_eq!((&now["text"], &now["kind"]), (&json!("detained 41 people"), &json!("count")));
    assert_eq!(now["source"]["name"], "Nadia Tashiri");
    assert_eq!(now["attributions"][0]["linked_by"], "a person’s correction");
    assert_eq!((&now["measures"][0]["best"], &now["measures"][0]["bound"]), (&json!(40.0), &json!("about")));
    assert_eq!((&now["measures"][1]["text"], &now["measures"][1]["low"]), (&json!("5–9"), &json!(5.0)));
    let parts: Vec<_> =
        now["corrections"].as_array().expect("corrections").iter().map(|c| &c["part"]).collect();
    assert_eq!(parts, ["kind", "measures", "source", "span"]);
    assert!(now["corrections"][0]["by"] == "reviewer", "{now}");
    let points: i64 = now["contributions"]
        .as_array()
        .expect("parts")
        .iter()
        .filter_map(|part| part["points"].as_i64())
        .sum();
    assert_eq!(now["priority"], points);
    let history = program.get(&format!("{}/history", path(&claim))).await.text;
    assert!(history.contains("corrected the kind: detention became count"), "{history}");

    // The same article with a line before it: what was corrected stays.
    let later = json!({ "title": "Shell hits market", "text": format!("Updated at noon.\n\n{ARTICLE}"),
        "outlet": "Courier", "url": "https://courier.example/market", "published": "2026-03-11" });
    assert_eq!(program.post("/articles", &later).await.status, StatusCode::CREATED);
    let again = program.get(&path(&claim)).await.json();
    assert_eq!(again["snapshot"], json!({ "number": 2, "of": 2, "in_latest": true }));
    for part in ["text", "kind", "source"] {
        assert_eq!(again[part], now[part], "{part}");
    }
    assert_eq!(again["measures"][0]["text"], "about 40");
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_correction_that_makes_no_sense_names_the_field(pool: PgPool) {
    let world = World::new(pool).await;
    world.claims().await;
    let program = world.program(Role::Reviewer).await;
    let claim = about(&program, "41 people").await;
    for (body, field) in [
        (json!({ "words": "nothing of the kind" }), "words"),
        (json!({ "words": " " }), "words"),
        (json!({ "words": "detained 41 people", "span": { "start": 1, "end": 2 } }), "span"),
        (json!({ "span": { "start": 4, "end": 4 } }), "span"),
        (json!({ "span": { "start": 4, "end": 40_000 } }), "span"),
        (json!({ "kind": "rumour" }), "kind"),
        (json!({ "source": { "role": "director" } }), "name"),
        (json!({ "source": { "name": "x".repeat(101) } }), "name"),
        (json!({ "measures": [{ "position": 7 }] }), "measures"),
        (json!({ "measures": [{ "position": 0, "figure": "plenty" }] }), "figure"),
        (json!({ "measures": [{ "position": 0, "figure": "4", "low": 4 }] }), "figure"),
        (json!({ "measures": [{ "position": 0, "low": 4, "high": 2, "bound": "range" }] }), "high"),
        (json!({ "measures": [{ "figure": "4" }] }), "indicator"),
        (json!({ "measures": [{ "position": 0, "colour": "red" }] }), "measures[0].colour"),
    ] {
        let mut whole = body;
        whole["version"] = claim["version"].clone();
        let answer = program.patch(&path(&claim), &whole).await;
        assert_eq!(answer.problem(), (422, "/problems/invalid".into(), field.into()), "{whole}");
    }
    assert_eq!(program.patch(&path(&claim), &json!({ "kind": "event" })).await.problem().2, "version");
    let same = program.get(&path(&claim)).await.json();
    assert_eq!((&same["version"], &same["corrections"]), (&claim["version"], &json!([])));
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_late_correction_learns_what_differs(pool: PgPool) {
    let world = World::new(pool).await;
    world.claims().await;
    let (one, two) = (world.program(Role::Reviewer).await, world.program(Role::Editor).await);
    let claim = about(&one, "41 people").await;
    let kind = |kind: &str| json!({ "version": claim["version"], "kind": kind });
    assert_eq!(one.patch(&path(&claim), &kind("event")).await.status, StatusCode::OK);
    let late = two.patch(&path(&claim), &kind("count")).await;
    assert_eq!(late.problem(), (409, "/problems/conflict".into(), String::new()));
    let problem = late.json();
    let theirs = "corrected the kind: detention became event";
    assert_eq!(
        problem["differences"],
        json!([{ "field": "claim", "yours": "as you saw it", "theirs": theirs },
            { "field": "kind", "yours": "count", "theirs": "event" }])
    );
    assert_eq!(problem["current_version"].as_i64(), claim["version"].as_i64().map(|version| version + 1));
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn claims_are_split_and_merged(pool: PgPool) {
    let world = World::new(pool).await;
    world.claims().await;
    let program = world.program(Role::Reviewer).await;
    let claim = about(&program, "41 people").await;
    let body = json!({ "version": claim["version"],
        "parts": [{ "words": "detained 41 people" }, { "words": "people near the bridge" }] });
    let key = format!("{}/split", path(&claim));
    let split = program.post_once(&key, &body, "once").await;
    assert_eq!(split.status, StatusCode::CREATED, "{}", split.text);
    assert_eq!(program.post_once(&key, &body, "once").await.json(), split.json());
    let parts = split.json()["claims"].as_array().expect("claims").clone();
    let words: Vec<_> = parts.iter().map(|part| part["text"].as_str().unwrap_or_default()).collect();
    assert_eq!(words, ["detained 41 people", "people near the bridge"]);
    let whole = program.get(&path(&claim)).await.json();
    assert_eq!((&whole["stage"], &whole["became"][1]["how"]), (&json!("dismissed"), &json!("split")));

    let with = json!([{ "id": parts[1]["id"], "version": 1 }]);
    let merged =
        program.post(&format!("{}/merge", path(&parts[0])), &json!({ "version": 1, "with": with })).await;
    assert_eq!(merged.status, StatusCode::OK, "{}", merged.text);
    let merged = merged.json();
    assert_eq!(merged["text"], "detained 41 people near the bridge");
    assert_eq!(merged["measures"].as_array().map(Vec::len), Some(1));
    let gone = program.get(&path(&parts[1])).await.json();
    assert_eq!((&gone["stage"], &gone["became"][0]["id"]), (&json!("dismissed"), &parts[0]["id"]));

    for (body, field) in [
        (json!({ "version": 2, "with": [] }), "with"),
        (json!({ "version": 2, "with": [{ "id": parts[0]["id"], "version": 2 }] }), "with"),
    ] {
        let answer = program.post(&format!("{}/merge", path(&parts[0])), &body).await;
        assert_eq!(answer.problem().2, field, "{body}");
    }
    let one_part = json!({ "version": 2, "parts": [{ "words": "detained 41" }] });
    assert_eq!(program.post(&format!("{}/split", path(&parts[0])), &one_part).await.problem().2, "parts");
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_refused_form_comes_back_with_its_words_and_never_as_markup(pool: PgPool) {
    let world = World::new(pool).await;
    world.claims().await;
    let claim = about(&world.program(Role::Reviewer).await, "41 people").await;
    let (id, version) = (claim["id"].as_str().expect("an id"), claim["version"].to_string());
    let mut browser = world.signed_in(Role::Reviewer).await;
    let evil = "</textarea><script>alert(1)</script>";
    let form = [("claim", id), ("version", &version), ("words", evil)];
    let answer = browser.submit("/actions/claims/words", &form).await;
    assert_eq!(answer.location(), format!("/claims/{id}#correct"));
    let page = browser.get(&format!("/claims/{id}")).await.text;
    assert!(page.contains("does not stand in the article"), "the reason stands beside the field");
    assert!(page.contains("&lt;/textarea&gt;&lt;script&gt;alert(1)"), "what was typed is there");
    assert!(!page.contains(evil));

    let named = [
        ("claim", id),
        ("version", &version),
        ("says", "named"),
        ("name", "<b>Nadia</b>"),
        ("kind", "person"),
    ];
    let answer = browser.submit("/actions/claims/source", &named).await;
    assert_eq!(answer.location(), format!("/claims/{id}?done=corrected#claim-head"));
    let page = browser.get(&format!("/claims/{id}")).await.text;
    assert!(page.contains("&lt;b&gt;Nadia&lt;/b&gt;") && !page.contains("<b>Nadia"), "{page}");

    let again = browser.submit("/actions/claims/source", &named).await;
    assert_eq!(again.location(), format!("/claims/{id}#correct"), "the version is an old one");
    let page = browser.get(&format!("/claims/{id}")).await.text;
    assert!(page.contains("changed this meanwhile"), "{page}");

    // A draft sent before the form may arrive after its refusal: the reason stays until more is typed.
    let form = format!("source:{id}");
    for (name, reason) in [("<b>Nadia</b>", true), ("Nadia", false)] {
        let fields =
            json!({ "version": version, "says": "named", "name": name, "kind": "person" }).to_string();
        browser.submit("/actions/drafts/keep", &[("form", &form), ("fields", &fields)]).await;
        let page = browser.get(&format!("/claims/{id}")).await.text;
        assert_eq!(page.contains("changed this meanwhile"), reason, "{name}");
    }
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_page_of_a_source_asks_whether_another_name_is_it_and_leads_to_what_makes_them_one(pool: PgPool) {
    let world = World::new(pool.clone()).await;
    let mut ids = Vec::new();
    for name in ["Kesmara's health ministry", "health ministry in the capital", "Kesmara's interior ministry"]
    {
        let id: uuid::Uuid = sqlx::query_scalar(
            "insert into source (id, name, kind) values (gen_random_uuid(), $1, 'organisation') returning id",
        )
        .bind(name)
        .fetch_one(&pool)
        .await
        .expect("a source");
        ids.push(id.to_string());
    }
    let mut editor = world.signed_in(Role::Editor).await;
    let place = format!("/sources/{}", ids[0]);
    let page = editor.get(&place).await.text;
    assert!(page.contains("May be one source with:"), "{page}");
    let make = format!("{place}?of=health+ministry+in+the+capital#names");
    assert!(page.contains(&make), "{page}");
    assert!(!page.contains(&format!("value=\"{}\"", ids[2])), "another ministry is not proposed");
    let asked = editor.get(&make).await.text;
    assert!(
        asked.contains("value=\"health ministry in the capital\"") && asked.contains("id=\"what-changes\"")
    );
    let reader = world.signed_in(Role::Reviewer).await.get(&place).await.text;
    assert!(!reader.contains("May be one source with:"), "editors decide");

    let pair = [("source", ids[0].as_str()), ("other", ids[1].as_str())];
    let told = editor.submit("/actions/sources/apart", &pair).await;
    assert_eq!(told.location(), format!("{place}?done=told_apart"));
    let page = editor.get(&place).await.text;
    assert!(!page.contains("May be one source with:") && page.contains("Not the same source as:"), "{page}");
    editor.submit("/actions/sources/ask-again", &pair).await;
    assert!(editor.get(&place).await.text.contains("May be one source with:"));
    let same = [("source", ids[0].as_str()), ("other", ids[0].as_str())];
    assert!(editor.submit("/actions/sources/apart", &same).await.location().contains(&ids[0]));
}
