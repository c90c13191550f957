//! What every answer carries, and what libraries would answer in their own words.

use crate::harness::{World, send, settings};
use axum::body::Body;
use axum::extract::ConnectInfo;
use domain::policy::Role;
use http::header::{CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use http::{Method, Request, StatusCode};
use server::http::Settings;
use sqlx::PgPool;
use std::net::SocketAddr;
use tower::ServiceExt as _;

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn every_answer_carries_the_headers(pool: PgPool) {
    let world = World::new(pool).await;
    let mut browser = world.signed_in(Role::Viewer).await;
    for path in ["/", "/login", "/nothing", "/health/live", "/favicon.svg", "/api/v1/me", "/problems/invalid"]
    {
        let answer = browser.get(path).await;
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(answer.header("referrer-policy"), "same-origin", "{path}");
        assert_eq!(answer.header("x-frame-options"), "DENY", "{path}");
        assert_eq!(answer.header("cross-origin-opener-policy"), "same-origin", "{path}");
        assert!(!answer.header("permissions-policy").is_empty(), "{path}");
        assert!(answer.header(CONTENT_SECURITY_POLICY).contains("default-src 'none'"), "{path}");
        assert!(answer.header(CONTENT_SECURITY_POLICY).contains("frame-ancestors 'none'"), "{path}");
        assert!(answer.header("x-request-id").parse::<uuid::Uuid>().is_ok(), "{path}");
        assert!(
            answer.header("strict-transport-security").is_empty(),
            "{path}: the cookies are not secure here"
        );
    }
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_page_allows_its_own_scripts_by_a_nonce_that_no_other_page_has(pool: PgPool) {
    let world = World::new(pool).await;
    let mut browser = world.signed_in(Role::Viewer).await;
    let mut nonces = std::collections::HashSet::new();
    for _ in 0..3 {
        let page = browser.get("/dashboard").await;
        assert_eq!(page.header(CACHE_CONTROL), "no-store");
        let policy = page.header(CONTENT_SECURITY_POLICY);
        assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"), "{policy}");
        let nonce = policy.split("'nonce-").nth(1).and_then(|rest| rest.split('\'').next()).expect("a nonce");
        assert!(nonce.len() >= 16);
        for script in page.text.split("<script").skip(1) {
            let tag = script.split('>').next().unwrap_or_default();
            assert!(tag.contains(&format!("nonce=\"{nonce}\"")), "<script{tag}>");
            assert!(tag.contains("src=\"/pkg/"), "an inline script: <script{tag}>");
        }
        assert!(!page.text.contains("style=\""), "an inline style that the policy forbids");
        nonces.insert(nonce.to_owned());
    }
    assert_eq!(nonces.len(), 3);
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn refusals_are_pages_for_people_and_problems_for_programs(pool: PgPool) {
    let world = World::new(pool).await;
    let mut browser = world.signed_in(Role::Viewer).await;
    for (method, path, status) in [
        (Method::GET, "/nothing", 404),
        (Method::GET, "/pkg/nothing.js", 404),
        (Method::DELETE, "/claims", 405),
        (Method::GET, "/actions/account/sign-out", 405),
        (Method::POST, "/nothing", 404),
    ] {
        let request = browser.request(method.clone(), path).body(Body::empty()).expect("a request");
        let page = browser.send(request).await;
        assert_eq!(
            (page.status.as_u16(), page.header(CONTENT_TYPE)),
            (status, "text/html; charset=utf-8"),
            "{path}"
        );
        assert!(page.text.contains("<h1>"), "{}", page.text);
        browser.accept = "application/json";
        let request = browser.request(method, path).body(Body::empty()).expect("a request");
        assert_eq!(browser.send(request).await.problem().0, status, "{path}");
        browser.accept = "text/html";
    }
    let program = world.program(Role::Viewer).await;
    assert_eq!(program.get("/nothing").await.problem().0, 404);
    let answer = program.call(Method::DELETE, "/claims").await;
    assert_eq!(answer.problem(), (405, "about:blank".into(), String::new()));
    assert!(answer.header("allow").contains("GET"));
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn public_files_are_kept_an_hour_and_the_bundle_for_ever(pool: PgPool) {
    let site = std::env::temp_dir().join(format!("claimdesk-site-{}", uuid::Uuid::now_v7()));
    std::fs::create_dir_all(site.join("pkg")).expect("a folder");
    for (name, words) in
        [("pkg/a.1.js", "plain"), ("pkg/a.1.js.br", "smaller"), ("robots.txt", "User-agent: *")]
    {
        std::fs::write(site.join(name), words).expect("a file");
    }
    let world = World::with(pool, Settings { site: site.clone(), ..settings() }).await;
    let mut browser = world.nobody();
    let file = browser.get("/pkg/a.1.js").await;
    assert_eq!(file.header(CACHE_CONTROL), "public, max-age=31536000, immutable");
    assert_eq!((file.text.as_str(), file.header(CONTENT_TYPE)), ("plain", "text/javascript"));
    let request = browser.request(Method::GET, "/pkg/a.1.js").header("accept-encoding", "br");
    let packed = browser.send(request.body(Body::empty()).expect("a request")).await;
    assert_eq!((packed.text.as_str(), packed.header(CONTENT_ENCODING)), ("smaller", "br"));
    assert_eq!(browser.get("/robots.txt").await.header(CACHE_CONTROL), "public, max-age=3600");
    for outside in ["/../Cargo.toml", "/%2e%2e/Cargo.toml", "/pkg/..%2f..%2fCargo.toml", "/pkg/", "/pkg/%00"]
    {
        let answer = browser.get(outside).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{outside}");
        assert_eq!(answer.header(CACHE_CONTROL), "no-store");
    }
    std::fs::remove_dir_all(site).expect("removed");
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn long_pages_are_compressed(pool: PgPool) {
    let world = World::new(pool).await;
    let browser = world.signed_in(Role::Viewer).await;
    for (encoding, expected) in [("br, gzip", "br"), ("gzip", "gzip"), ("identity", "")] {
        let request = browser.request(Method::GET, "/dashboard").header("accept-encoding", encoding);
        let response = send(&world.router, request.body(Body::empty()).expect("a request")).await;
        let used =
            response.headers().get(CONTENT_ENCODING).map_or("", |used| used.to_str().expect("visible"));
        assert_eq!(used, expected);
    }
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn metrics_are_for_this_machine_or_for_a_token(pool: PgPool) {
    let ask = async |world: &World, address: [u8; 4], name: &'static str, value: &str| {
        let request = Request::get("/metrics").header(name, value);
        let mut request = request.body(Body::empty()).expect("a request");
        request.extensions_mut().insert(ConnectInfo(SocketAddr::from((address, 1))));
        world.router.clone().oneshot(request).await.expect("an answer").status().as_u16()
    };
    let (near, far) = ([127, 0, 0, 1], [192, 0, 2, 1]);
    let open = World::new(pool.clone()).await;
    assert_eq!(ask(&open, near, "accept", "*/*").await, 200);
    assert_eq!(ask(&open, far, "accept", "*/*").await, 403);
    assert_eq!(ask(&open, near, "x-forwarded-for", "192.0.2.1").await, 403);
    assert_eq!(ask(&open, far, "x-forwarded-for", "127.0.0.1").await, 403);
    let closed = Settings { metrics_token: Some("secret".into()), ..settings() };
    let closed = server::http::build_router(server::http::Server::new(
        open.desk.clone(),
        closed,
        app::request::Assets { boot: "".into(), client: "".into(), wasm: "".into(), style: "".into() },
        open.closing.clone(),
    ));
    let closed = World { router: closed, ..open };
    assert_eq!(ask(&closed, near, "accept", "*/*").await, 401);
    assert_eq!(ask(&closed, far, "authorization", "Bearer wrong").await, 401);
    assert_eq!(ask(&closed, far, "authorization", "Bearer secret").await, 200);
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn the_server_is_ready_when_the_database_is(pool: PgPool) {
    let world = World::new(pool.clone()).await;
    assert_eq!(world.nobody().get("/health/ready").await.status, StatusCode::OK);
    sqlx::query("delete from _sqlx_migrations where version = (select max(version) from _sqlx_migrations)")
        .execute(&pool)
        .await
        .expect("deleted");
    assert_eq!(world.nobody().get("/health/ready").await.status, StatusCode::SERVICE_UNAVAILABLE);
    pool.close().await;
    assert_eq!(world.nobody().get("/health/ready").await.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(world.nobody().get("/health/live").await.status, StatusCode::OK);
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn without_the_database_people_are_told_to_come_back(pool: PgPool) {
    let world = World::new(pool.clone()).await;
    let mut browser = world.signed_in(Role::Viewer).await;
    let program = world.program(Role::Viewer).await;
    pool.close().await;
    let page = browser.get("/claims").await;
    assert_eq!(page.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(page.text.contains("<h1>"), "{}", page.text);
    assert_eq!(page.header(CONTENT_TYPE), "text/html; charset=utf-8");
    assert!(program.get("/me").await.problem().0 >= 500);
}
