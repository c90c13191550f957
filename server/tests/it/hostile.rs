//! Whatever is sent, the answer is a clear refusal and never a fault of ours.

use crate::harness::{Answer, World};
use axum::body::Body;
use domain::policy::Role;
use http::header::CONTENT_TYPE;
use http::{HeaderValue, Method};
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;
use sqlx::PgPool;

fn is_clear(answer: &Answer, what: &str) {
    assert!(answer.status.as_u16() < 500, "{what}: {} {}", answer.status, answer.text);
    if answer.status.is_client_error() && answer.header(CONTENT_TYPE) != "text/html; charset=utf-8" {
        answer.problem();
    }
}

/// What people and scanners put where a word is expected.
const WORDS: &[&str] = &[
    "",
    " ",
    "%00",
    "a%00b",
    "%ff",
    "%",
    "%zz",
    "..",
    "../../etc/passwd",
    "%2e%2e%2f",
    "'",
    "\"",
    "' or 1=1--",
    "{id}",
    "-1",
    "0",
    "9223372036854775808",
    "1e999",
    "NaN",
    "null",
    "undefined",
    "[]",
    "%E2%80%AE",
    "%F0%9F%98%80",
    "a&b=c",
    "%3Cscript%3E",
    "01934f6e-0000-7000-8000-00000000000",
    "01934f6e-0000-7000-8000-000000000000",
    "ffffffff-ffff-ffff-ffff-ffffffffffff",
    "f____________________________39",
    "gAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
    "f_________8AAAAAAAAAAAAAAAAAAAAA",
    "%28%28%28%22%3A%2A%26%7C%21",
    "2026-02-30T25:61:61Z",
    "-262144-01-01T00:00:00Z",
];

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn no_word_in_an_address_breaks_the_api(pool: PgPool) {
    let world = World::new(pool).await;
    world.claims().await;
    let program = world.program(Role::Admin).await;
    let queries = [
        (
            "/claims",
            &[
                "stage",
                "rating",
                "kind",
                "indicator",
                "source",
                "article",
                "assignee",
                "reviewer",
                "q",
                "view",
                "cursor",
                "limit",
            ][..],
        ),
        ("/claims?sort=newest", &["cursor"]),
        ("/claims?sort=waiting", &["cursor"]),
        ("/articles", &["cursor", "limit"]),
        ("/claims/01934f6e-0000-7000-8000-000000000000/history", &["as_of"]),
        ("/export/claims.csv", &["q", "stage", "view"]),
        ("/flow", &["days", "from", "to"]),
    ];
    for word in WORDS.iter().map(|word| word.replace(' ', "+").replace(['"', '{', '}'], "%22")) {
        for (path, names) in queries {
            let separator = if path.contains('?') { '&' } else { '?' };
            for name in names {
                let path = format!("{path}{separator}{name}={word}");
                is_clear(&program.get(&path).await, &path);
            }
        }
        if !word.is_empty() && !word.contains('/') {
            for path in [
                format!("/articles/{word}"),
                format!("/claims/{word}"),
                format!("/claims/{word}/history"),
                format!("/copies/{word}/content"),
                format!("/evidence/{word}/copies"),
            ] {
                is_clear(&program.get(&path).await, &path);
            }
        }
    }
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn no_word_in_an_address_breaks_a_page(pool: PgPool) {
    let world = World::new(pool).await;
    world.claims().await;
    let mut browser = world.signed_in(Role::Admin).await;
    for word in WORDS.iter().map(|word| word.replace(' ', "+").replace(['"', '{', '}'], "%22")) {
        for path in [
            "/claims?stage=",
            "/claims?rating=",
            "/claims?q=",
            "/claims?cursor=",
            "/claims?sort=waiting&cursor=",
            "/claims?source=",
            "/claims?reviewer=",
            "/articles?cursor=",
            "/login?next=",
            "/login?problem=",
            "/?done=",
            "/account?field=",
            "/intake?notice=",
            "/dashboard?x=",
            "/admin/copies?cursor=",
            "/problems/",
        ] {
            let path = format!("{path}{word}");
            is_clear(&browser.get(&path).await, &path);
        }
        if !word.is_empty() && !word.contains('/') {
            for path in [
                format!("/claims/{word}"),
                format!("/articles/{word}"),
                format!("/copies/{word}/content"),
                format!("/{word}"),
            ] {
                is_clear(&browser.get(&path).await, &path);
            }
        }
    }
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn no_body_breaks_the_api(pool: PgPool) {
    let world = World::new(pool).await;
    let claim = world.claims().await[0];
    let program = world.program(Role::Editor).await;
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let bodies: Vec<Vec<u8>> = [
        "",
        "{",
        "[]",
        "null",
        "7",
        "\"x\"",
        "{}",
        "{\"title\":}",
        "{\"title\":\"\\ud800\"}",
        "{\"title\":\"a\",\"title\":\"b\"}",
        "{\"title\":\"T\",\"text\":\"\\u0000\"}",
        "{\"rating\":\"verified\",\"rationale\":\"\\u0000\\u0000\\u0000\",\"version\":1}",
        "{\"rating\":\"verified\",\"rationale\":\"Seen it.\",\"version\":-2147483648}",
        "{\"rating\":\"verified\",\"rationale\":\"Seen it.\",\"version\":1,\"figure\":1e308}",
        "{\"rating\":\"verified\",\"rationale\":\"Seen it.\",\"version\":1,\"figure\":\"\\u0000 12\"}",
        "{\"title\":\"T\",\"excerpt\":\"E\",\"stance\":\"context\",\"address\":\"https://\\u0000\"}",
        "{\"after\":\"x\"}",
        "{} {}",
        &deep,
    ]
    .iter()
    .map(|body| body.as_bytes().to_vec())
    .chain([vec![0xff, 0xfe], vec![0; 100], b"{\"title\":\"\xff\"}".to_vec()])
    .collect();
    for path in [
        "/articles".to_owned(),
        "/claims/next".to_owned(),
        format!("/claims/{claim}/evidence"),
        format!("/claims/{claim}/verdicts"),
    ] {
        for body in &bodies {
            let what = format!("{path} {:?}", String::from_utf8_lossy(&body[..body.len().min(80)]));
            for kind in ["application/json", "text/plain", "application/x-www-form-urlencoded; \u{7f}"] {
                let Ok(kind) = HeaderValue::from_str(kind) else { continue };
                let request = program.request(Method::POST, &path).header(CONTENT_TYPE, kind);
                is_clear(&program.send(request.body(body.clone().into()).expect("a request")).await, &what);
            }
        }
    }
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn no_form_breaks_an_action(pool: PgPool) {
    let world = World::new(pool).await;
    let claim = world.claims().await[0];
    let mut browser = world.signed_in(Role::Admin).await;
    let fields = [
        "claim",
        "evidence_id",
        "article",
        "account",
        "token",
        "rating",
        "rationale",
        "figure",
        "version",
        "then",
        "after",
        "title",
        "outlet",
        "address",
        "author",
        "published",
        "text",
        "excerpt",
        "stance",
        "reason",
        "email",
        "name",
        "role",
        "new_password",
        "form",
        "fields",
        "page",
    ];
    let actions: Vec<&str> = leptos::server_fn::axum::server_fn_paths().map(|(path, _)| path).collect();
    for path in &actions {
        for word in [
            "\0",
            "\u{202e}",
            "-1",
            "99999999999999999999",
            "[",
            "{\"a\":1}",
            "//evil.example",
            "\r\nSet-Cookie: x=1",
        ] {
            let mut form: Vec<(&str, &str)> = fields.iter().map(|name| (*name, word)).collect();
            let answer = browser.submit(path, &form).await;
            is_clear(&answer, &format!("{path} {word:?}"));
            if answer.status == 303 {
                assert!(
                    answer.location().starts_with('/') && !answer.location().starts_with("//"),
                    "{}",
                    answer.location()
                );
            }
            let id = claim.to_string();
            form.retain(|(name, _)| *name != "claim");
            form.push(("claim", &id));
            is_clear(&browser.submit(path, &form).await, &format!("{path} {word:?}"));
        }
        for (kind, body) in [
            ("application/x-www-form-urlencoded", &b"claim=%ff&claim[x]=1&claim=2&[=&%"[..]),
            ("application/x-www-form-urlencoded", b"\xff\xfe\x00"),
            ("multipart/form-data; boundary=x", b"--x\r\nnonsense"),
            ("application/json", b"{}"),
            ("", b"claim=1"),
        ] {
            let request = browser.request(Method::POST, path).header(CONTENT_TYPE, kind);
            let answer = browser.send(request.body(Body::from(body)).expect("a request")).await;
            is_clear(&answer, &format!("{path} as {kind}"));
        }
    }
    for path in server::http::ACCOUNT_FORMS.iter().filter(|path| !path.contains("sign-out")) {
        for (kind, body) in [
            ("application/x-www-form-urlencoded", &b"email=%00&password=%00&old_password=%00"[..]),
            ("application/x-www-form-urlencoded", b"email=a&email=b"),
            ("application/json", b"{}"),
            ("", b""),
        ] {
            let request = browser.request(Method::POST, path).header(CONTENT_TYPE, kind);
            let answer = browser.send(request.body(Body::from(body)).expect("a request")).await;
            is_clear(&answer, &format!("{path} as {kind}"));
        }
    }
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn random_requests_are_answered(pool: PgPool) {
    let world = World::new(pool).await;
    let claim = world.claims().await[0];
    let program = world.program(Role::Editor).await;
    let paths = ["/articles", "/claims/next", "/claims/ID/evidence", "/claims/ID/verdicts"];
    let value = prop_oneof![
        Just(serde_json::json!(null)),
        any::<i64>().prop_map(|n| serde_json::json!(n)),
        any::<f64>().prop_map(|n| serde_json::json!(n)),
        "\\PC{0,40}|(?s).{0,20}".prop_map(|text| serde_json::json!(text)),
        Just(serde_json::json!(["x"])),
        Just(serde_json::json!("verified")),
        Just(serde_json::json!(1)),
    ];
    let name = prop::sample::select(vec![
        "title",
        "text",
        "url",
        "outlet",
        "published",
        "language",
        "rating",
        "rationale",
        "figure",
        "version",
        "excerpt",
        "stance",
        "address",
        "after",
    ]);
    let request = (0..paths.len(), prop::collection::btree_map(name, value, 0..6));
    let mut runner = TestRunner::deterministic();
    for _ in 0..300 {
        let (path, fields) = request.new_tree(&mut runner).expect("a request").current();
        let path = paths[path].replace("ID", &claim.to_string());
        let body = serde_json::json!(fields);
        is_clear(&program.post(&path, &body).await, &format!("{path} {body}"));
    }
}
