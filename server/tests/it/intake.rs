//! Articles in, by page and by API.

use crate::harness::{ARTICLE, World};
use axum::body::Body;
use domain::policy::Role;
use domain::words::MAX_ARTICLE_BYTES;
use http::Method;
use http::header::CONTENT_TYPE;
use serde_json::json;
use sqlx::PgPool;

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_pasted_article_is_shown_with_its_claims(pool: PgPool) {
    let world = World::new(pool).await;
    let mut browser = world.signed_in(Role::Reviewer).await;
    let fields = [("title", "Shell hits market"), ("outlet", "Courier"), ("text", ARTICLE)];
    let answer = browser.submit("/actions/articles/add", &fields).await;
    let page = browser.get(answer.location()).await;
    assert!(
        page.text.contains("Shell hits market") && page.text.contains("12 people were killed"),
        "{}",
        page.text
    );
    let claims = world.program(Role::Viewer).await.get("/claims").await.json();
    assert!(claims["claims"].as_array().is_some_and(|claims| claims.len() >= 3), "{claims}");
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_refused_article_comes_back_with_what_was_typed(pool: PgPool) {
    let world = World::new(pool).await;
    let mut browser = world.signed_in(Role::Reviewer).await;
    let fields = [("title", ""), ("outlet", "Courier & Sons"), ("text", "Two people <b>died</b>.")];
    let answer = browser.submit("/actions/articles/add", &fields).await;
    assert!(answer.location().starts_with("/intake"));
    let page = browser.get(answer.location()).await;
    assert!(page.text.contains("This may not be empty."), "{}", page.text);
    assert!(
        page.text.contains("Courier &amp; Sons") && page.text.contains("Two people &lt;b&gt;died"),
        "{}",
        page.text
    );
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn the_largest_article_passes_in_every_encoding_and_one_byte_more_does_not(pool: PgPool) {
    let world = World::new(pool).await;
    let program = world.program(Role::Reviewer).await;
    // Two bytes a letter: three times as long in a form, and escaped in JSON.
    let largest = "ж".repeat(MAX_ARTICLE_BYTES / 2);
    let added = program.post("/articles", &json!({ "title": "Largest", "text": largest })).await;
    assert_eq!(added.status, 201);
    assert_eq!(added.json()["article"]["text"], largest);
    let escaped =
        format!("{{\"title\":\"Escaped\",\"text\":\"{}\"}}", "\\u0436".repeat(MAX_ARTICLE_BYTES / 2));
    let request = program.request(Method::POST, "/articles").header(CONTENT_TYPE, "application/json");
    assert_eq!(program.send(request.body(escaped.into()).expect("a request")).await.status, 201);
    let mut browser = world.signed_in(Role::Reviewer).await;
    let answer = browser.submit("/actions/articles/add", &[("title", "By form"), ("text", &largest)]).await;
    assert!(answer.location().starts_with("/articles/"), "{}", answer.location());

    let more = format!("{largest}x");
    let answer = program.post("/articles", &json!({ "title": "More", "text": more })).await;
    assert_eq!(answer.problem(), (413, "/problems/too_large".into(), "text".into()));
    let answer = browser.submit("/actions/articles/add", &[("title", "More"), ("text", &more)]).await;
    assert!(answer.location().starts_with("/intake"));
    assert!(browser.get("/intake").await.text.contains("the most is 1,048,576"));
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_request_beyond_the_limit_is_refused_however_it_comes(pool: PgPool) {
    let world = World::new(pool).await;
    let program = world.program(Role::Reviewer).await;
    let large = vec![b'x'; 5 << 20];
    let request = program.request(Method::POST, "/articles").header(CONTENT_TYPE, "application/json");
    let whole = program.send(request.body(large.clone().into()).expect("a request")).await;
    assert_eq!(whole.problem(), (413, "/problems/too_large".into(), String::new()));
    let pieces = futures_util::stream::iter(
        large.chunks(1 << 16).map(|piece| Ok::<_, std::io::Error>(piece.to_vec())).collect::<Vec<_>>(),
    );
    let request = program.request(Method::POST, "/articles").header(CONTENT_TYPE, "application/json");
    let pieces = program.send(request.body(Body::from_stream(pieces)).expect("a request")).await;
    assert_eq!(pieces.problem().0, 413);
    let mut browser = world.signed_in(Role::Reviewer).await;
    let page = browser.submit("/actions/articles/add", &[("text", &"x".repeat(5 << 20))]).await;
    assert_eq!(page.status, 413);
    assert!(page.text.contains("4 MB"), "{}", page.text);
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn the_same_text_again_is_the_same_article(pool: PgPool) {
    let world = World::new(pool).await;
    let program = world.program(Role::Reviewer).await;
    let body = json!({ "title": "T", "text": ARTICLE, "url": "https://courier.example/a" });
    let first = program.post("/articles", &body).await;
    let second = program.post("/articles", &body).await;
    assert_eq!((first.status.as_u16(), second.status.as_u16()), (201, 200));
    assert_eq!((&first.json()["outcome"], &second.json()["outcome"]), (&json!("new"), &json!("known")));
    assert_eq!(first.json()["article"]["id"], second.json()["article"]["id"]);
    let changed = json!({ "title": "T", "text": "Nothing happened.", "url": "https://courier.example/a" });
    let third = program.post("/articles", &changed).await;
    assert_eq!((third.status.as_u16(), &third.json()["outcome"]), (201, &json!("new_version")));
    assert_eq!(third.json()["article"]["snapshots"], 2);
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn any_unicode_survives_and_control_characters_are_made_visible(pool: PgPool) {
    let world = World::new(pool).await;
    let program = world.program(Role::Reviewer).await;
    let text = "Zwölf — “двенадцать” 十二 👩🏽‍🚒 e\u{301} \u{202e}left\u{202c}\u{0}\u{7f} end.\r\nTwo died.";
    let added = program.post("/articles", &json!({ "title": "T\u{0}itle", "text": text })).await.json();
    let kept = "Zwölf — “двенадцать” 十二 👩🏽‍🚒 e\u{301} \u{202e}left\u{202c}\u{fffd}\u{fffd} end.\nTwo died.";
    assert_eq!(added["article"]["text"], kept);
    assert_eq!(added["article"]["title"], "T itle");
    let letters: Vec<char> = kept.chars().collect();
    for claim in added["article"]["claims"].as_array().expect("claims") {
        let at = |end: &str| usize::try_from(claim["span"][end].as_u64().expect("an offset")).expect("small");
        let words: String = letters[at("start")..at("end")].iter().collect();
        assert_eq!(claim["text"], words, "offsets count code points");
    }
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn each_refusal_names_the_field(pool: PgPool) {
    let world = World::new(pool).await;
    let program = world.program(Role::Reviewer).await;
    let good = json!({ "title": "T", "text": "Two died." });
    for (field, value, named) in [
        ("title", json!(""), "title"),
        ("title", json!(null), "title"),
        ("title", json!(7), "title"),
        ("title", json!("x".repeat(301)), "title"),
        ("text", json!("  \n"), "text"),
        ("text", json!(null), "text"),
        ("outlet", json!("x".repeat(121)), "outlet"),
        ("url", json!("javascript:alert(1)"), "address"),
        ("published", json!("yesterday"), "published"),
        ("published", json!("+120000-01-01T00:00:00Z"), "published"),
        ("language", json!("English"), "language"),
        ("headline", json!("T"), "headline"),
    ] {
        let mut body = good.clone();
        body[field] = value;
        let answer = program.post("/articles", &body).await;
        assert_eq!(answer.problem(), (422, "/problems/invalid".into(), named.into()), "{body}");
    }
    let missing = program.post("/articles", &json!({ "text": "Two died." })).await;
    assert_eq!(missing.problem().2, "title");
    let address_only =
        program.post("/articles", &json!({ "title": "T", "url": "https://courier.example/a" })).await;
    assert_eq!(address_only.problem().2, "text");
    assert!(address_only.text.contains("is not offered"), "{}", address_only.text);
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_key_makes_a_request_happen_once(pool: PgPool) {
    let world = World::new(pool).await;
    let program = world.program(Role::Reviewer).await;
    let body = json!({ "title": "T", "text": "Two died." });
    let first = program.post_once("/articles", &body, "one").await;
    let again = program.post_once("/articles", &body, "one").await;
    assert_eq!(first.json()["article"]["id"], again.json()["article"]["id"]);
    let other = program.post_once("/articles", &json!({ "title": "U", "text": "Three died." }), "one").await;
    assert_eq!((other.status.as_u16(), other.problem().1), (422, "/problems/invalid".into()));
    for bad in ["", "with space", &"x".repeat(201)] {
        let answer = program.post_once("/articles", &body, bad).await;
        assert_eq!(answer.problem(), (422, "/problems/invalid".into(), "Idempotency-Key".into()), "{bad}");
    }
    // A key belongs to one person.
    let editor = world.program(Role::Editor).await;
    assert!(
        editor
            .post_once("/articles", &json!({ "title": "V", "text": "Four died." }), "one")
            .await
            .status
            .is_success()
    );
}
