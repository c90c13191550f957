use crate::harness::{Answer, Program, World, root};
use domain::policy::Role;
use serde_json::{Value, json};
use sqlx::PgPool;
use uuid::Uuid;

fn named<'a>(incidents: &'a Value, word: &str) -> &'a Value {
    let all = incidents["incidents"].as_array().expect("incidents");
    let found = all.iter().filter(|one| one["title"].as_str().is_some_and(|title| title.contains(word)));
    found
        .max_by_key(|one| one["claims"].as_i64())
        .unwrap_or_else(|| panic!("no incident {word}: {incidents:#}"))
}

fn of_killed(figures: &Value) -> &Value {
    let indicators = figures["indicators"].as_array().expect("indicators");
    indicators.iter().find(|one| one["indicator"] == "killed").expect("figures of the killed")
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn the_demo_desk_has_incidents_with_sides_outlets_and_a_toll_that_was_cut(pool: PgPool) {
    let world = World::new(pool).await;
    server::seed::load(&world.desk, &root().join("seeds")).await.expect("loaded");
    let program = world.program(Role::Editor).await;
    let incidents = program.get("/incidents?limit=200").await.json();
    assert!(incidents["incidents"].as_array().expect("incidents").len() >= 8, "{incidents:#}");
    let darum = named(&incidents, "Darum");
    assert!(darum["articles"].as_i64() >= Some(3), "{darum:#}");
    let figures =
        program.get(&format!("/incidents/{}/figures", darum["id"].as_str().expect("an id"))).await.json();
    let killed = of_killed(&figures);
    let kinds: Vec<&str> =
        killed["marks"].as_array().expect("marks").iter().filter_map(|mark| mark["kind"].as_str()).collect();
    assert!(kinds.contains(&"backward_revision"), "{killed:#}");
    let lines = killed["lines"].as_array().expect("lines");
    assert!(lines.len() >= 4, "{lines:#?}");
    assert!(
        killed["estimate"]["best"].as_f64().is_some_and(|best| (37.0..=44.0).contains(&best)),
        "{killed:#}"
    );
    // Several outlets that quote one ministry are one line.
    let raids = incidents["incidents"].as_array().expect("incidents").iter();
    let mut most = 0;
    for one in raids {
        let path = format!("/incidents/{}/figures", one["id"].as_str().expect("an id"));
        let figures = program.get(&path).await.json();
        for of in figures["indicators"].as_array().expect("indicators") {
            for line in of["lines"].as_array().expect("lines") {
                most = most.max(line["outlets"].as_i64().unwrap_or_default());
            }
        }
    }
    assert!(most >= 2, "no line has two outlets");
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn programs_read_and_change_incidents(pool: PgPool) {
    let world = World::new(pool).await;
    let claims = world.claims().await;
    let (reviewer, editor) = (world.program(Role::Reviewer).await, world.program(Role::Editor).await);
    let incidents = editor.get("/incidents").await.json();
    let incident = &incidents["incidents"][0];
    let id = incident["id"].as_str().expect("an incident of the article").to_owned();
    let full = editor.get(&format!("/incidents/{id}")).await.json();
    let members = full["members"].as_array().expect("members");
    assert!(!members.is_empty());
    let claim = members[0]["id"].as_str().expect("a claim").to_owned();
    assert!(claims.iter().any(|id| id.to_string() == claim));
    let of_claim = editor.get(&format!("/claims/{claim}")).await.json();
    assert_eq!(of_claim["incidents"][0]["id"], id.as_str());
    let listed = editor.get(&format!("/claims?incident={id}")).await.json();
    assert_eq!(listed["claims"].as_array().map(Vec::len), Some(members.len()));

    let renamed = editor
        .post(
            &format!("/incidents/{id}/rename"),
            &json!({ "title": "The market", "version": full["version"] }),
        )
        .await;
    assert_eq!((renamed.status.as_u16(), renamed.json()["title"].clone()), (200, json!("The market")));
    let stale = editor
        .post(&format!("/incidents/{id}/rename"), &json!({ "title": "Another", "version": full["version"] }))
        .await;
    assert_eq!(stale.problem().0, 409);
    let estimate = json!({ "indicator": "killed", "figure": "10-14", "basis": "Names compared." });
    let figures = editor.post(&format!("/incidents/{id}/estimate"), &estimate).await.json();
    assert_eq!(of_killed(&figures)["estimate"]["low"], 10.0);
    let refused = reviewer.post(&format!("/incidents/{id}/estimate"), &estimate).await;
    assert_eq!(refused.problem().0, 403);
    let split =
        json!({ "claims": [claim], "title": "The other market", "version": renamed.json()["version"] });
    let split = editor.post(&format!("/incidents/{id}/split"), &split).await;
    assert_eq!(split.status.as_u16(), 200, "{}", split.text);
    let other = split.json()["id"].as_str().expect("an id").to_owned();
    let back = reviewer.post(&format!("/incidents/{id}/confirm"), &json!({ "claim": claim })).await;
    assert_eq!(back.status.as_u16(), 204, "{}", back.text);
    let change = editor.get(&format!("/incidents/{id}")).await.json()["changes"][0]["id"].clone();
    let undone = reviewer.post(&format!("/incidents/{id}/undo"), &json!({ "change": change })).await;
    assert_eq!(undone.status.as_u16(), 204, "{}", undone.text);
    let of_claim = editor.get(&format!("/claims/{claim}")).await.json();
    assert_eq!(of_claim["incidents"][0]["id"], other.as_str());
    let version = editor.get(&format!("/incidents/{other}")).await.json()["version"].clone();
    let merged =
        editor.post(&format!("/incidents/{other}/merge"), &json!({ "into": id, "version": version })).await;
    assert_eq!(merged.status.as_u16(), 200, "{}", merged.text);
    assert_eq!(editor.get("/incidents/proposals").await.status.as_u16(), 200);
    for path in [format!("/incidents/{}", Uuid::nil()), format!("/incidents/{}/figures", Uuid::nil())] {
        assert_eq!(editor.get(&path).await.problem().0, 404);
    }
}

/// Sends a request twice under one key: the second gives the same answer and changes nothing, and
/// another request under that key is refused.
async fn once(pool: &PgPool, by: &Program, path: &str, body: &Value, other: &Value) -> Answer {
    let changes = async || -> (i64, i64) {
        let count = "select (select count(*) from event), (select count(*) from incident_change)";
        sqlx::query_as(count).fetch_one(pool).await.expect("a count")
    };
    let first = by.post_once(path, body, path).await;
    assert!(first.status.is_success(), "{path}: {}", first.text);
    let made = changes().await;
    let again = by.post_once(path, body, path).await;
    assert_eq!((again.status, &again.text), (first.status, &first.text), "{path}");
    let reused = by.post_once(path, other, path).await;
    assert_eq!((reused.status.as_u16(), reused.problem().1), (422, "/problems/invalid".into()), "{path}");
    assert_eq!(changes().await, made, "{path}");
    first
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_key_makes_each_change_of_an_incident_happen_once(pool: PgPool) {
    let world = World::new(pool.clone()).await;
    world.claims().await;
    let editor = world.program(Role::Editor).await;
    let id = editor.get("/incidents").await.json()["incidents"][0]["id"].as_str().expect("an id").to_owned();
    let full = editor.get(&format!("/incidents/{id}")).await.json();
    let claim = full["members"][0]["id"].clone();
    let of = |incident: &str, what: &str| format!("/incidents/{incident}/{what}");
    let at = |version: &Value| json!({ "title": "The market", "version": version });
    let renamed =
        once(&pool, &editor, &of(&id, "rename"), &at(&full["version"]), &at(&json!(99))).await.json();
    let estimate =
        |figure: &str| json!({ "indicator": "killed", "figure": figure, "basis": "Names compared." });
    once(&pool, &editor, &of(&id, "estimate"), &estimate("10-14"), &estimate("11")).await;
    let split = |title: &str| json!({ "claims": [claim], "title": title, "version": renamed["version"] });
    let split = once(&pool, &editor, &of(&id, "split"), &split("Another market"), &split("A third")).await;
    let other = split.json()["id"].as_str().expect("an id").to_owned();
    let chosen = |reason: &str| json!({ "claim": claim, "reason": reason });
    once(&pool, &editor, &of(&id, "confirm"), &chosen("Here."), &chosen("There.")).await;
    once(&pool, &editor, &of(&id, "reject"), &chosen("Not here."), &chosen("Not there.")).await;

    let change = editor.get(&format!("/incidents/{id}")).await.json()["changes"][0]["id"].clone();
    let change = json!({ "change": change });
    let elsewhere = editor.post(&of(&other, "undo"), &change).await;
    assert_eq!(elsewhere.problem().0, 404, "it was done with another incident");
    once(&pool, &editor, &of(&id, "undo"), &change, &json!({ "change": Uuid::nil() })).await;
    let version = editor.get(&format!("/incidents/{other}")).await.json()["version"].clone();
    let merge = |version: &Value| json!({ "into": id, "version": version });
    once(&pool, &editor, &of(&other, "merge"), &merge(&version), &merge(&json!(99))).await;
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn an_incident_is_given_as_the_desk_knew_it_at_a_moment(pool: PgPool) {
    let world = World::new(pool).await;
    world.claims().await;
    let editor = world.program(Role::Editor).await;
    let id = editor.get("/incidents").await.json()["incidents"][0]["id"].as_str().expect("an id").to_owned();
    let before = editor.get(&format!("/incidents/{id}")).await.json();
    let figures = editor.get(&format!("/incidents/{id}/figures")).await.json();
    let moment = world.clock.now().to_rfc3339_opts(chrono::SecondsFormat::Secs, true);
    world.clock.advance(chrono::TimeDelta::minutes(10));
    let estimate = json!({ "indicator": "killed", "figure": "10-14", "basis": "Names compared." });
    editor.post(&format!("/incidents/{id}/estimate"), &estimate).await;
    let title = json!({ "title": "The market", "version": before["version"] });
    editor.post(&format!("/incidents/{id}/rename"), &title).await;
    for (path, seen) in
        [(format!("/incidents/{id}"), &before), (format!("/incidents/{id}/figures"), &figures)]
    {
        assert_ne!(&editor.get(&path).await.json(), seen, "{path} has changed");
        assert_eq!(&editor.get(&format!("{path}?as_of={moment}")).await.json(), seen, "{path}");
        let early = editor.get(&format!("{path}?as_of=2020-01-01T00:00Z")).await;
        assert_eq!(early.problem().0, 404, "{path}");
        let wrong = editor.get(&format!("{path}?as_of=yesterday")).await;
        assert_eq!(wrong.problem(), (422, "/problems/invalid".into(), "as_of".into()), "{path}");
    }
    let mut browser = world.signed_in(Role::Editor).await;
    let title = before["title"].as_str().expect("a title");
    let page = browser.get(&format!("/incidents/{id}?as_of={moment}")).await.text;
    assert!(page.contains(&format!("<h1>{title}<")) && page.contains("As the desk knew it at"), "{page}");
    assert!(!page.contains("Names compared."), "{page}");
    assert!(!page.contains("action=\"/actions/incidents/"), "nothing can be changed there: {page}");
    assert!(page.contains(&format!("killed.csv?as_of={}", moment.replace(':', "%3A"))), "{page}");
    let now = browser.get(&format!("/incidents/{id}")).await.text;
    assert!(now.contains("name=\"as_of\"") && now.contains("<h1>The market<"), "{now}");
    let file = format!("/incidents/{id}/killed.csv");
    let old = browser.get(&format!("{file}?as_of={moment}")).await;
    assert_eq!(
        (old.status.as_u16(), old.text),
        (200, browser.get(&file).await.text),
        "the same figures stand in it"
    );
    assert_eq!(browser.get(&format!("{file}?as_of=yesterday")).await.status, 422);
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn an_address_that_names_no_incident_stays_in_its_field(pool: PgPool) {
    let world = World::new(pool).await;
    let claims = world.claims().await;
    let incident = world.incident_of(claims[0]).await;
    let (claim, id) = (claims[0].to_string(), incident.to_string());
    let mut browser = world.signed_in(Role::Editor).await;
    let editor = world.actor(Role::Editor);
    // What a refused form has kept: what was typed, and what is wrong with it.
    let kept = async |form: String, typed: &str, says: &str| {
        let draft = world.desk.draft(editor, &form).await.expect("a draft");
        assert!(draft.values().any(|value| value == typed), "{draft:?}");
        assert!(draft.values().any(|value| value.contains(says)), "{draft:?}");
    };
    let nowhere = format!("https://desk.example/incidents/{}", Uuid::nil());
    let other = format!("https://desk.example/claims/{claim}");
    let unknown = "There is no incident with this address.";
    for (address, says) in [(&other, "Paste the address of the incident’s page."), (&nowhere, unknown)] {
        let sent = [("claim", claim.as_str()), ("incident", address.as_str())];
        let refused = browser.submit("/actions/incidents/join", &sent).await;
        assert!(refused.location().starts_with(&format!("/claims/{claim}")), "{}", refused.location());
        kept(format!("join:{claim}"), address, says).await;
    }
    let version = world.incident_version(incident).await.to_string();
    let merge = [("incident", id.as_str()), ("version", &version), ("into", &nowhere)];
    let refused = browser.submit("/actions/incidents/merge", &merge).await;
    assert!(refused.location().starts_with(&format!("/incidents/{id}")), "{}", refused.location());
    kept(format!("incident:{id}"), &nowhere, unknown).await;
    for (to, says) in [(&nowhere, unknown), (&other, "Paste the address of the other incident’s page.")] {
        let split = [("incident", id.as_str()), ("version", &version), ("claims[0]", &claim), ("title", to)];
        let refused = browser.submit("/actions/incidents/split", &split).await;
        assert!(refused.location().starts_with(&format!("/incidents/{id}")), "{}", refused.location());
        kept(format!("incident:{id}"), to, says).await;
    }
}
