//! Evidence that is read and scales with preconditions, through API and forms.

use crate::harness::World;
use domain::policy::Role;
use serde_json::json;
use sqlx::PgPool;

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn evidence_says_through_the_api_who_speaks_and_whether_it_has_the_figure(pool: PgPool) {
    let world = World::new(pool).await;
    let claim = world.claims().await[0];
    let program = world.program(Role::Reviewer).await;
    let view = program.get(&format!("/claims/{claim}")).await.json();
    let figure = view["measures"][0]["text"].as_str().expect("a figure").to_owned();
    let path = format!("/claims/{claim}/evidence");
    let body = json!({
        "title": "Daily report", "stance": "supports", "publisher": "The Courier", "information": 2, "visual": true,
        "excerpt": format!("According to the Health Ministry, {figure} people were killed."),
    });
    let evidence = program.post(&path, &body).await.json();
    // The same source as the one that makes the claim, however it is spelt.
    assert_eq!(evidence["source"]["id"], view["source"]["id"], "{evidence:#}");
    assert_eq!(
        (&evidence["source"]["by"], &evidence["source"]["reliability"]),
        (&json!("excerpt"), &json!("F"))
    );
    assert_eq!((&evidence["publisher"], &evidence["information"]), (&json!("The Courier"), &json!(2)));
    assert_eq!(evidence["figures"][0]["found"], "same", "{evidence:#}");

    for (field, value) in [
        ("information", json!(7)),
        ("source", json!({ "name": "x".repeat(101) })),
        ("publisher", json!("x".repeat(121))),
    ] {
        let mut bad = body.clone();
        bad[field] = value;
        let answer = program.post(&path, &bad).await;
        assert_eq!(answer.problem(), (422, "/problems/invalid".into(), field.into()), "{bad}");
    }
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn an_unmet_precondition_is_a_422_that_says_what_is_missing(pool: PgPool) {
    let world = World::new(pool).await;
    let claim = world.claims().await[0];
    let path = format!("/claims/{claim}/verdicts");
    let body =
        json!({ "scale": "two_sources", "rating": "recorded", "rationale": "Two say so.", "version": 1 });
    let answer = world.program(Role::Reviewer).await.post(&path, &body).await;
    assert_eq!(answer.problem(), (422, "/problems/invalid".into(), "rating".into()));
    assert!(
        answer
            .text
            .contains("Recorded needs 2 independent original sources; no evidence supports the claim.")
    );

    let mut overridden = body.clone();
    overridden["override_reason"] = json!("Both lists are on paper.");
    let refused = world.program(Role::Reviewer).await.post(&path, &overridden).await;
    assert_eq!(refused.problem().2, "override_reason");
    let given = world.program(Role::Editor).await.post(&path, &overridden).await.json();
    assert_eq!(given["verdict"]["override_reason"], "Both lists are on paper.");
    assert_eq!(
        (&given["verdict"]["rating_name"], &given["claim"]["scale"]),
        (&json!("Recorded"), &json!("two_sources"))
    );
    let listed = world.program(Role::Viewer).await.get("/claims?rating=recorded").await.json();
    assert_eq!(listed["claims"].as_array().map(Vec::len), Some(1));
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn the_scales_are_listed_with_what_they_ask_for(pool: PgPool) {
    let world = World::new(pool).await;
    let scales = world.program(Role::Viewer).await.get("/scales").await.json();
    assert_eq!(scales["scales"][0]["key"], "default");
    let fair = &scales["scales"][1]["ratings"][1];
    assert_eq!(fair["needs"][0]["words"], "2 independent original sources not graded D or E");
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_refused_verdict_comes_back_on_its_scale_with_what_was_typed(pool: PgPool) {
    let world = World::new(pool).await;
    let claim = world.claims().await[0];
    let mut browser = world.signed_in(Role::Reviewer).await;
    let id = claim.to_string();
    let fields = [
        ("claim", id.as_str()),
        ("scale", "airwars"),
        ("rating", "fair"),
        ("rationale", "Two of them say so."),
        ("version", "1"),
        ("then", "stay"),
    ];
    let answer = browser.submit("/actions/claims/verdict", &fields).await;
    assert_eq!(answer.location(), format!("/claims/{claim}?scale=airwars#verdict"));
    let page = browser.get(&format!("/claims/{claim}?scale=airwars")).await.text;
    assert!(page.contains("Fair needs 2 independent original sources not graded D or E"));
    assert!(page.contains("Two of them say so."));
}

/// The fields of a rating in the form of a scale.
fn rating(at: usize, key: &str, name: &str) -> Vec<(String, String)> {
    [("key", key), ("name", name), ("meaning", "So it is."), ("tone", "verified"), ("icon", "check")]
        .map(|(field, value)| (format!("ratings[{at}][{field}]"), value.to_owned()))
        .into()
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn an_admin_makes_a_scale_and_what_was_typed_survives_a_refusal(pool: PgPool) {
    let world = World::new(pool).await;
    let mut admin = world.signed_in(Role::Admin).await;
    let form = async |admin: &mut crate::harness::Browser, key: &str, then: &str| {
        let mut fields: Vec<(String, String)> = [
            ("key", key),
            ("name", "Morgue lists"),
            ("about", "Where the dead are counted by name."),
            ("reason", "We count lists."),
            ("then", then),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into();
        fields.extend(rating(0, "listed", "Listed").into_iter().chain(rating(1, "unlisted", "Not listed")));
        let fields: Vec<(&str, &str)> =
            fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        admin.submit("/actions/scales/create", &fields).await.location().to_owned()
    };
    assert!(admin.get("/admin/scales").await.text.contains("action=\"/actions/scales/create\""));
    let viewers = world.signed_in(Role::Viewer).await.get("/admin/scales").await.text;
    assert!(!viewers.contains("/actions/scales/create"));
    for (key, words) in [("Two words", "small letters"), ("default", "a scale with this key already")] {
        assert_eq!(form(&mut admin, key, "save").await, "/admin/scales#new");
        let page = admin.get("/admin/scales").await.text;
        assert!(page.contains(words), "{key}: {page}");
        assert!(page.contains("value=\"Morgue lists\"") && page.contains("value=\"Not listed\""), "{page}");
    }
    assert_eq!(form(&mut admin, "morgue", "add").await, "/admin/scales#rating-2");
    let page = admin.get("/admin/scales").await.text;
    assert!(page.contains("ratings[2][key]"), "one more to fill");
    assert_eq!(form(&mut admin, "morgue", "save").await, "/admin/scales/morgue?done=scale_added");
    assert!(admin.get("/admin/scales/morgue").await.text.contains("We count lists."));
    assert!(!admin.get("/admin/scales").await.text.contains("value=\"Morgue lists\""), "the draft is gone");
    let listed = world.program(Role::Viewer).await.get("/scales").await.json();
    let keys: Vec<&str> = listed["scales"]
        .as_array()
        .expect("scales")
        .iter()
        .filter_map(|scale| scale["key"].as_str())
        .collect();
    assert_eq!(keys.last(), Some(&"morgue"));
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn the_policy_warns_of_a_rule_that_gives_the_first_verdict_away(pool: PgPool) {
    let world = World::new(pool).await;
    let mut admin = world.signed_in(Role::Admin).await;
    let warned = "This rule gives the first verdict away";
    let add = [("version", "0"), ("rating", "false"), ("kind", "casualty"), ("reason", "Agreed.")];
    admin.submit("/actions/policy/add-rule", &add).await;
    let page = admin.get("/admin/policy").await.text;
    assert!(page.contains("Rated false") && !page.contains(warned), "{page}");
    assert!(page.contains("lets the second reviewer guess it"), "it is said before as well");
    let add = [("version", "1"), ("rating", "verified"), ("reason", "Agreed.")];
    admin.submit("/actions/policy/add-rule", &add).await;
    let page = admin.get("/admin/policy").await.text;
    assert_eq!(page.matches(warned).count(), 1, "{page}");
}
