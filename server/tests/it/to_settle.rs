//! What has to be settled before an article runs: the policy's page, and every surface that answers
//! whether an article can run.

use crate::harness::World;
use domain::policy::Role;
use serde_json::json;
use sqlx::PgPool;

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_rule_for_what_has_to_be_settled_is_added_and_removed_on_the_page(pool: PgPool) {
    let world = World::new(pool).await;
    let mut admin = world.signed_in(Role::Admin).await;
    assert!(admin.get("/admin/policy").await.text.contains("Every claim: there is no rule."));
    for (field, value, says) in [
        ("worth", "plenty", "Write a whole number from 0 to 100, or leave it empty."),
        ("worth", "101", "Write a whole number from 0 to 100, or leave it empty."),
        ("at_least", "many", "Write a whole number, such as 50, or leave it empty."),
        ("kind", "rumour", "Choose one of the list."),
    ] {
        let fields = [("version", "0"), ("of", "to_settle"), (field, value), ("reason", "Agreed.")];
        admin.submit("/actions/policy/add-rule", &fields).await;
        let page = admin.get("/admin/policy").await.text;
        assert!(page.contains(says), "{field}: {page}");
        assert!(page.contains(&format!("settle-{field}-wrong")), "beside its field: {field}");
    }
    let fields = [("version", "0"), ("of", "to_settle"), ("rating", "false"), ("reason", "Agreed.")];
    admin.submit("/actions/policy/add-rule", &fields).await;
    assert!(admin.get("/admin/policy").await.text.contains("leave ratings and other figures out"));

    let fields = [
        ("version", "0"),
        ("of", "to_settle"),
        ("kind", "casualty"),
        ("worth", "40 %"),
        ("reason", "Tolls first."),
    ];
    let added = admin.submit("/actions/policy/add-rule", &fields).await;
    assert_eq!(added.location(), "/admin/policy?done=policy");
    let page = admin.get("/admin/policy").await.text;
    assert!(page.contains("Casualties, worth checking at 40 % or more"), "{page}");
    assert!(page.contains("To be settled before an article runs"), "the history names what changed: {page}");
    assert!(page.contains("One verdict settles any claim"), "second reviews are as they were");

    let fields = [("version", "1"), ("of", "to_settle"), ("at", "0"), ("reason", "Too few.")];
    admin.submit("/actions/policy/remove-rule", &fields).await;
    assert!(admin.get("/admin/policy").await.text.contains("Every claim: there is no rule."));
    let fields = [("version", "2"), ("of", "elsewhere"), ("at", "0"), ("reason", "Why not.")];
    admin.submit("/actions/policy/remove-rule", &fields).await;
    assert_eq!(world.desk.policy().await.expect("a policy").version, 2, "nothing is removed");
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn every_surface_says_what_may_run_unchecked(pool: PgPool) {
    let world = World::new(pool).await;
    let claims = world.claims().await;
    let row = world.desk.claim_row(world.actor(Role::Editor), claims[0]).await.expect("a claim");
    let mut admin = world.signed_in(Role::Admin).await;
    let program = world.program(Role::Viewer).await;
    let path = format!("/articles/{}", row.article);
    let before = program.get(&path).await.json();
    assert_eq!(
        (&before["clearance"]["label"], &before["clearance"]["unchecked"]),
        (&json!("Not yet"), &json!(0))
    );

    // A rule that nothing here meets: everything may run.
    let fields = [("version", "0"), ("of", "to_settle"), ("at_least", "1000000"), ("reason", "Agreed.")];
    admin.submit("/actions/policy/add-rule", &fields).await;
    let n = claims.len();
    let after = program.get(&path).await.json();
    assert_eq!(
        (&after["clearance"]["label"], &after["clearance"]["unchecked"]),
        (&json!("Clear"), &json!(n))
    );
    assert!(after["claims"].as_array().expect("claims").iter().all(|claim| claim["runs_unchecked"] == true));
    let listed = program.get("/articles").await.json();
    assert_eq!(listed["articles"][0]["clearance"], after["clearance"]);
    let sentence = format!("It can run: the policy names none of its claims; {n} are unchecked.");
    assert_eq!(after["clearance"]["sentence"], json!(sentence));
    let page = admin.get(&path).await.text;
    assert!(page.contains(&sentence) && page.matches("may run unchecked").count() == n, "{page}");
    let report = admin.get(&format!("{path}/report")).await.text;
    assert!(report.contains(&sentence) && report.contains("may run unchecked"), "{report}");
    let list = admin.get("/claims").await.text;
    assert!(list.matches("may run unchecked").count() == n, "{list}");
    let claim = admin.get(&format!("/claims/{}", claims[0])).await.text;
    assert!(claim.contains("may run unchecked"), "{claim}");
    for list in ["/articles", "/dashboard"] {
        let page = admin.get(list).await.text;
        assert!(page.contains(&format!("{n} may run unchecked")), "{list}: {page}");
    }
}
