//! Comments through the JSON API and through the forms of the workbench.

use crate::harness::World;
use domain::policy::Role;
use http::{Method, StatusCode};
use serde_json::json;
use sqlx::PgPool;

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_comment_is_made_answered_resolved_and_withdrawn_by_programs(pool: PgPool) {
    let world = World::new(pool).await;
    let claim = world.claims().await[0];
    let (reviewer, editor) = (world.program(Role::Reviewer).await, world.program(Role::Editor).await);
    let path = format!("/claims/{claim}/comments");
    let made = reviewer
        .post(&path, &json!({ "text": "Which @editor says so? @nobody", "words": "12 people" }))
        .await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text);
    let made = made.json();
    let comment = &made["comment"];
    assert_eq!(made["uncalled"], "Nobody here is called @nobody.");
    assert_eq!(comment["mentioned"], json!({ "editor": "editor" }));
    assert_eq!(
        (&comment["quote"]["words"], &comment["quote"]["in_text"]),
        (&json!("12 people"), &json!(true))
    );
    let id = comment["id"].as_str().expect("an id").to_owned();

    let answer = editor.post(&path, &json!({ "text": "The ministry.", "reply_to": id })).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
    let both = json!({ "text": "x", "words": "12", "span": { "start": 0, "end": 2 } });
    assert_eq!(editor.post(&path, &both).await.problem(), (422, "/problems/invalid".into(), "span".into()));
    let about = json!({ "text": "x", "words": "12", "reply_to": id });
    assert_eq!(editor.post(&path, &about).await.problem(), (422, "/problems/invalid".into(), "words".into()));

    let changed = json!({ "text": "Which editor?", "version": 1 });
    let changed = reviewer.patch(&format!("/comments/{id}"), &changed).await.json();
    assert_eq!(
        (&changed["comment"]["version"], &changed["comment"]["earlier"][0]["text"]),
        (&json!(2), &comment["text"])
    );
    let stale = reviewer.patch(&format!("/comments/{id}"), &json!({ "text": "?", "version": 1 })).await;
    assert_eq!((stale.status, &stale.json()["current_version"]), (StatusCode::CONFLICT, &json!(2)));

    let resolved = editor.post(&format!("/comments/{id}/resolve"), &json!({})).await.json();
    assert_eq!(resolved["resolved"]["by"], "editor");
    let open = editor.post(&format!("/comments/{id}/resolve"), &json!({ "resolved": false })).await.json();
    assert!(open["resolved"].is_null(), "{open}");
    assert_eq!(editor.call(Method::DELETE, &format!("/comments/{id}")).await.status, StatusCode::NO_CONTENT);

    let listed = world.program(Role::Viewer).await.get(&format!("{path}?limit=1")).await.json();
    assert!(listed["comments"][0]["text"].is_null(), "{listed}");
    assert_eq!(listed["comments"][0]["withdrawn"]["by"], "editor");
    let next = listed["next"].as_str().expect("another one");
    let rest = reviewer.get(&format!("{path}?cursor={next}")).await.json();
    assert_eq!((&rest["comments"][0]["reply_to"], &rest["next"]), (&json!(id), &json!(null)));
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_comment_that_is_refused_comes_back_with_what_was_typed(pool: PgPool) {
    let world = World::new(pool).await;
    let claim = world.claims().await[0].to_string();
    let mut browser = world.signed_in(Role::Reviewer).await;
    let refused = browser
        .submit(
            "/actions/comments/add",
            &[("claim", &claim), ("text", "Who <b>counted</b>?"), ("words", "nine elephants")],
        )
        .await;
    assert_eq!(refused.location(), format!("/claims/{claim}#talk"));
    let page = browser.get(&format!("/claims/{claim}")).await.text;
    assert!(
        page.contains("“nine elephants” does not stand in the article."),
        "the reason stands by the field"
    );
    assert!(page.contains("Who &lt;b&gt;counted&lt;/b&gt;?"), "and the words in theirs");
    let sent = [
        ("claim", claim.as_str()),
        ("text", "Who <b>counted</b>, @reuters & @editor?"),
        ("words", "12 people"),
    ];
    let made = browser.submit("/actions/comments/add", &sent).await;
    let location = made.location().to_owned();
    assert!(location.starts_with(&format!("/claims/{claim}?notice=1&done=commented#comment-")), "{location}");
    let page = browser.get(location.split('#').next().expect("a page")).await.text;
    assert!(page.contains("Nobody here is called @reuters."));
    assert!(page.contains("<b title=\"editor\" class=\"mention\">@editor<"), "{page}");
    assert!(!page.contains("<b>counted"), "what people write is text");
    assert!(page.contains("on-text talked inside"), "the words are marked in the article");
    assert!(!page.contains("nine elephants"), "the draft is gone");
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn viewers_see_what_is_said_and_no_form(pool: PgPool) {
    let world = World::new(pool).await;
    let claim = world.claims().await[0];
    let said = json!({ "text": "Ask the hospital." });
    world.program(Role::Reviewer).await.post(&format!("/claims/{claim}/comments"), &said).await;
    let page = world.signed_in(Role::Viewer).await.get(&format!("/claims/{claim}")).await.text;
    assert!(page.contains("Ask the hospital.") && !page.contains("/actions/comments/"));
}
