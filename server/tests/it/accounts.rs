//! Signing in and out.

use crate::harness::{PASSWORD, World, email, settings};
use chrono::TimeDelta;
use domain::policy::Role;
use http::StatusCode;
use http::header::SET_COOKIE;
use server::http::Settings;
use sqlx::PgPool;

const REVIEWER: Role = Role::Reviewer;

fn cookie<'a>(answer: &'a crate::harness::Answer, name: &str) -> &'a str {
    let cookies = answer.headers.get_all(SET_COOKIE).iter().map(|cookie| cookie.to_str().expect("visible"));
    cookies.into_iter().find(|cookie| cookie.starts_with(name)).unwrap_or_default()
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn whoever_signs_in_lands_where_they_wanted_to_be(pool: PgPool) {
    let world = World::new(pool).await;
    let mut browser = world.nobody();
    assert_eq!(browser.get("/claims?stage=open").await.location(), "/login?next=%2Fclaims%3Fstage%3Dopen");
    let fields = [
        ("email", email(REVIEWER)),
        ("password", PASSWORD.to_owned()),
        ("next", "/claims?stage=open".to_owned()),
    ];
    let fields = fields.each_ref().map(|(name, value)| (*name, value.as_str()));
    assert_eq!(browser.submit("/actions/account/sign-in", &fields).await.location(), "/claims?stage=open");
    assert_eq!(browser.get("/claims?stage=open").await.status, StatusCode::OK);
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn nobody_is_led_to_another_site(pool: PgPool) {
    let world = World::new(pool).await;
    for next in ["//evil.example", "https://evil.example/", "/\\evil.example", "javascript:alert(1)"] {
        let email = email(REVIEWER);
        let fields = [("email", email.as_str()), ("password", PASSWORD), ("next", next)];
        assert_eq!(world.nobody().submit("/actions/account/sign-in", &fields).await.location(), "/");
    }
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn the_session_cookie_is_out_of_reach_of_scripts_and_other_sites(pool: PgPool) {
    let world = World::with(pool, Settings { secure_cookies: true, ..settings() }).await;
    let answer = world.nobody().sign_in(&email(REVIEWER), PASSWORD).await;
    let cookie = cookie(&answer, "claimdesk=");
    for flag in ["HttpOnly", "SameSite=Lax", "Secure", "Path=/", "Max-Age=1209600"] {
        assert!(cookie.contains(flag), "{flag}: {cookie}");
    }
    assert!(!answer.header("strict-transport-security").is_empty());
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn nobody_gets_a_session_before_signing_in(pool: PgPool) {
    let world = World::new(pool.clone()).await;
    let mut browser = world.nobody();
    browser.get("/login").await;
    browser.get("/").await;
    browser.sign_in(&email(REVIEWER), "wrong").await;
    let rows: i64 =
        sqlx::query_scalar("select count(*) from session").fetch_one(&pool).await.expect("a count");
    assert_eq!(rows, 0);
    assert!(!browser.cookies.contains_key("claimdesk"));
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_session_id_from_before_signing_in_is_not_kept(pool: PgPool) {
    let world = World::new(pool).await;
    let mut browser = world.nobody();
    let planted = "AAAAAAAAAAAAAAAAAAAAAA";
    browser.cookies.insert("claimdesk".into(), planted.into());
    browser.sign_in(&email(REVIEWER), PASSWORD).await;
    let first = browser.cookies["claimdesk"].clone();
    assert_ne!(first, planted);
    browser.sign_in(&email(Role::Editor), PASSWORD).await;
    assert_ne!(browser.cookies["claimdesk"], first);
    let mut old = world.nobody();
    old.cookies.insert("claimdesk".into(), first);
    assert_eq!(old.get("/").await.location(), "/login");
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_failure_brings_the_address_back_but_not_in_the_url(pool: PgPool) {
    let world = World::new(pool).await;
    let mut browser = world.nobody();
    let typed = "some one+x@desk.example";
    let answer = browser.sign_in(typed, "wrong").await;
    assert_eq!(answer.location(), "/login?problem=not_signed_in");
    let kept = cookie(&answer, "cd_email=");
    assert!(
        kept.contains("HttpOnly") && kept.contains("Max-Age=300") && kept.contains("Path=/login"),
        "{kept}"
    );
    let page = browser.get("/login?problem=not_signed_in").await;
    assert!(page.text.contains(&format!("value=\"{typed}\"")), "{}", page.text);
    browser.sign_in(&email(REVIEWER), PASSWORD).await;
    assert!(!browser.cookies.contains_key("cd_email"));
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn the_sixth_try_has_to_wait_even_with_the_right_password(pool: PgPool) {
    let world = World::new(pool).await;
    let mut browser = world.nobody();
    for _ in 0..5 {
        assert_eq!(
            browser.sign_in(&email(REVIEWER), "wrong").await.location(),
            "/login?problem=not_signed_in"
        );
    }
    assert_eq!(browser.sign_in(&email(REVIEWER), PASSWORD).await.location(), "/login?problem=throttled");
    world.clock.advance(TimeDelta::minutes(16));
    assert_eq!(browser.sign_in(&email(REVIEWER), PASSWORD).await.location(), "/");
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn signing_out_ends_one_session_and_signing_out_everywhere_ends_all(pool: PgPool) {
    let world = World::new(pool).await;
    let (mut one, mut two, mut three) =
        (world.signed_in(REVIEWER).await, world.signed_in(REVIEWER).await, world.signed_in(REVIEWER).await);
    let stolen = one.clone();
    assert_eq!(one.submit("/actions/account/sign-out", &[]).await.location(), "/login?done=signed_out");
    assert_eq!(stolen.clone().get("/").await.location(), "/login");
    assert_eq!(two.get("/").await.status, StatusCode::OK);
    two.submit("/actions/account/sign-out-everywhere", &[]).await;
    assert_eq!(three.get("/").await.location(), "/login");
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn changing_the_password_keeps_this_session_and_ends_the_others(pool: PgPool) {
    let world = World::new(pool).await;
    let (mut here, mut elsewhere) = (world.signed_in(REVIEWER).await, world.signed_in(REVIEWER).await);
    let before = here.cookies["claimdesk"].clone();
    let form = "/actions/account/password";
    let change = |old: &'static str, new: &'static str, again: &'static str| {
        [("old_password", old), ("new_password", new), ("repeat_password", again)]
    };
    let new = "another quiet heron";
    for (fields, field) in [
        (change("wrong", new, new), "old_password"),
        (change(PASSWORD, "short", "short"), "new_password"),
        (change(PASSWORD, new, "another loud heron"), "repeat_password"),
    ] {
        let answer = here.submit(form, &fields).await;
        assert_eq!(answer.location(), format!("/account?problem=invalid&field={field}"));
    }
    assert_eq!(here.submit(form, &change(PASSWORD, new, new)).await.location(), "/account?done=password");
    assert_ne!(here.cookies["claimdesk"], before);
    assert_eq!(here.get("/account").await.status, StatusCode::OK);
    assert_eq!(elsewhere.get("/").await.location(), "/login");
    assert_eq!(world.nobody().sign_in(&email(REVIEWER), new).await.location(), "/");
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_session_lasts_a_fortnight_after_the_last_visit(pool: PgPool) {
    let world = World::new(pool).await;
    let mut browser = world.signed_in(REVIEWER).await;
    for _ in 0..3 {
        world.clock.advance(TimeDelta::days(13));
        assert_eq!(browser.get("/").await.status, StatusCode::OK);
    }
    world.clock.advance(TimeDelta::days(15));
    assert_eq!(browser.get("/").await.location(), "/login");
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_disabled_account_is_out_at_once(pool: PgPool) {
    let world = World::new(pool).await;
    let mut browser = world.signed_in(REVIEWER).await;
    let program = world.program(REVIEWER).await;
    world.desk.disable_account(None, world.actor(REVIEWER).id).await.expect("disabled");
    assert_eq!(browser.get("/").await.location(), "/login");
    assert_eq!(program.get("/me").await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(
        world.nobody().sign_in(&email(REVIEWER), PASSWORD).await.location(),
        "/login?problem=not_signed_in"
    );
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_form_from_another_site_is_refused(pool: PgPool) {
    let world = World::new(pool).await;
    let mut browser = world.signed_in(REVIEWER).await;
    for (name, value) in
        [("sec-fetch-site", "cross-site"), ("origin", "https://evil.example"), ("origin", "null")]
    {
        let request = browser
            .request(http::Method::POST, "/actions/account/sign-out-everywhere")
            .header(name, value)
            .body(axum::body::Body::empty())
            .expect("a request");
        let answer = browser.send(request).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{name}: {value}");
        assert!(answer.text.contains("another site"), "{}", answer.text);
    }
    assert_eq!(browser.get("/").await.status, StatusCode::OK);
}
