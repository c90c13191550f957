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
    let path_of = format!("/comments/{id}/resolve");
    editor.post_once(&path_of, &json!({}), "done").await;
    editor.post(&path_of, &json!({ "resolved": false })).await;
    let again = editor.post_once(&path_of, &json!({}), "done").await;
    assert!(again.status.is_success() && again.json()["resolved"].is_null(), "it was done: {}", again.text);
    assert_eq!(editor.post_once(&path_of, &json!({ "resolved": false }), "done").await.problem().0, 422);
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

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn who_is_called_sees_the_bell_until_the_claim_is_opened(pool: PgPool) {
    let world = World::new(pool).await;
    let claim = world.claims().await[0];
    let mut browser = world.signed_in(Role::Editor).await;
    assert!(browser.get("/").await.text.contains("aria-label=\"Notifications\""));
    let said = json!({ "text": "@editor?" });
    let made = world.program(Role::Reviewer).await.post(&format!("/claims/{claim}/comments"), &said).await;
    let comment = made.json()["comment"]["id"].as_str().expect("an id").to_owned();
    for page in ["/", "/account", "/dashboard"] {
        assert!(browser.get(page).await.text.contains("Notifications, 1 unread"), "{page}");
    }
    let list = browser.get("/notifications?show=unread&of=mentioned").await.text;
    assert!(list.contains("reviewer mentioned you"), "{list}");
    assert!(list.contains(&format!("/claims/{claim}#comment-{comment}")), "straight to the comment");
    assert!(browser.get("/notifications?of=verdict").await.text.contains("Nothing of this kind"));
    assert_eq!(browser.get("/notifications?of=gossip").await.status, StatusCode::UNPROCESSABLE_ENTITY);
    // A script that looks whether something changed reads nothing for anybody.
    let request = browser.request(Method::GET, &format!("/claims/{claim}")).header("sec-fetch-mode", "cors");
    let fetched = browser.send(request.body(Default::default()).expect("a request")).await;
    assert!(fetched.text.contains("Notifications, 1 unread"));
    let opened = browser.get(&format!("/claims/{claim}")).await.text;
    assert!(opened.contains("aria-label=\"Notifications\""), "the page that is opened counts without it");
    assert!(
        browser.get("/notifications").await.text.contains("reviewer mentioned you"),
        "what was read stays"
    );
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn programs_read_watch_and_mute(pool: PgPool) {
    let world = World::new(pool).await;
    let claim = world.claims().await[0];
    let (viewer, reviewer) = (world.program(Role::Viewer).await, world.program(Role::Reviewer).await);
    assert!(viewer.post_once("/notifications/read", &json!({}), "read").await.status.is_success());
    let watch = format!("/claims/{claim}/watch");
    assert_eq!(viewer.call(Method::PUT, &watch).await.json(), json!({ "level": "watching" }));
    let said = json!({ "text": "Hm." });
    reviewer.post(&format!("/claims/{claim}/comments"), &said).await;
    let list = viewer.get("/notifications?unread=true&occasion=comment").await.json();
    let one = &list["notifications"][0];
    assert_eq!((&one["claim"], &one["count"], &one["level"]), (&json!(claim), &json!(1), &json!("watching")));
    assert_eq!(one["parts"][0]["words"], "reviewer commented");
    let nothing = viewer.post("/notifications/read", &json!({ "claims": [] })).await;
    assert_eq!(nothing.status, StatusCode::NO_CONTENT);
    let again = viewer.post_once("/notifications/read", &json!({}), "read").await;
    assert_eq!(again.status, StatusCode::NO_CONTENT, "what came since stays unread");
    assert_eq!(
        viewer.get("/notifications?unread=true").await.json()["notifications"].as_array().map(Vec::len),
        Some(1)
    );
    viewer.post("/notifications/read", &json!({})).await;
    assert_eq!(viewer.get("/notifications?unread=true").await.json()["notifications"], json!([]));
    let muted = viewer.send_json(Method::PUT, &watch, &json!({ "level": "muted" })).await;
    assert_eq!(muted.json(), json!({ "level": "muted" }));
    assert_eq!(viewer.call(Method::DELETE, &watch).await.status, StatusCode::NO_CONTENT);
    let nowhere = format!("/claims/{}/watch", uuid::Uuid::nil());
    assert_eq!(viewer.call(Method::PUT, &nowhere).await.status, StatusCode::NOT_FOUND);
    let gossip = viewer.send_json(Method::PUT, &watch, &json!({ "level": "shouting" })).await;
    assert_eq!(gossip.problem(), (422, "/problems/invalid".into(), "level".into()));
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn people_choose_how_they_are_told(pool: PgPool) {
    let world = World::new(pool).await;
    let mut browser = world.signed_in(Role::Reviewer).await;
    let chosen = [("mentioned", "digest"), ("verdict", "none"), ("hour", "17")];
    let answer = browser.submit("/actions/account/notifications", &chosen).await;
    assert_eq!(answer.location(), "/account?done=notifications#told");
    let choices = world.desk.choices(world.actor(Role::Reviewer)).await.expect("choices");
    let of = |word: &str| {
        choices.channels.iter().find(|(one, _)| one.word() == word).map(|(_, channel)| channel.word())
    };
    assert_eq!(
        (of("mentioned"), of("verdict"), of("reply"), choices.hour),
        (Some("digest"), Some("none"), Some("mail"), 17)
    );
    let page = browser.get("/account").await.text;
    assert!(page.contains("<option value=\"17\" selected>"), "{page}");
    let wrong =
        browser.submit("/actions/account/notifications", &[("mentioned", "pigeon"), ("hour", "1")]).await;
    assert_eq!(wrong.location(), "/account?notice=1");
    assert!(
        browser
            .get("/account?notice=1")
            .await
            .text
            .contains("“pigeon” is not one of none, app, digest, mail")
    );
}
