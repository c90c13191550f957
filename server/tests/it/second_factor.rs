//! Signing in in two steps, as a browser does it.

use crate::harness::{Browser, PASSWORD, World, email};
use chrono::TimeDelta;
use domain::policy::Role;
use http::StatusCode;
use sqlx::PgPool;

const REVIEWER: Role = Role::Reviewer;
const PAGE: &str = "/account/second-factor";

/// What an authenticator with this key shows now.
fn shown(world: &World, secret: &str) -> String {
    let secret = totp_rs::Secret::try_from_base32(secret.replace(' ', "")).expect("base 32");
    let totp = totp_rs::Builder::new().with_secret(secret).build().expect("an authenticator");
    let at = u64::try_from(world.clock.now().timestamp()).expect("after 1970");
    totp.generate(at).to_string()
}

/// The key that a page shows.
fn key_in(page: &str) -> String {
    let at = page.find("aria-labelledby=\"key-label\"").expect("a key");
    let (_, rest) = page[at..].split_once('>').expect("a tag");
    rest.split_once('<').expect("its end").0.to_owned()
}

/// The recovery codes that a page shows.
fn codes_in(page: &str) -> Vec<String> {
    page.split("<li><code>")
        .skip(1)
        .filter_map(|rest| rest.split_once('<'))
        .map(|(code, _)| code.to_owned())
        .collect()
}

/// Sets the second factor up; gives the browser that did, the key and the recovery codes.
async fn enrolled(world: &World) -> (Browser, String, Vec<String>) {
    let mut browser = world.signed_in(REVIEWER).await;
    let begun = browser.submit("/actions/account/second-factor/begin", &[("password", PASSWORD)]).await;
    assert_eq!(begun.location(), PAGE);
    let page = browser.get(PAGE).await.text;
    assert!(page.contains("class=\"qr\""), "{page}");
    let key = key_in(&page);
    let code = shown(world, &key);
    let answer = browser.submit("/actions/account/second-factor/confirm", &[("code", &code)]).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    assert!(answer.header("cache-control").contains("no-store"), "codes are kept by nobody on the way");
    let codes = codes_in(&answer.text);
    assert_eq!(codes.len(), 10, "{}", answer.text);
    world.clock.advance(TimeDelta::minutes(1));
    (browser, key, codes)
}

async fn halfway(world: &World) -> Browser {
    let mut browser = world.nobody();
    assert_eq!(browser.sign_in(&email(REVIEWER), PASSWORD).await.location(), "/login/code");
    browser
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_second_factor_is_set_up_and_asked_for(pool: PgPool) {
    let world = World::new(pool).await;
    let mut elsewhere = world.signed_in(REVIEWER).await;
    let (mut here, key, codes) = enrolled(&world).await;
    assert_eq!(here.get("/").await.status, StatusCode::OK, "this session goes on");
    assert_eq!(elsewhere.get("/").await.location(), "/login", "the others end");
    assert_eq!(
        here.get("/actions/account/second-factor/confirm").await.location(),
        PAGE,
        "a reload shows the page"
    );
    let page = here.get(PAGE).await.text;
    assert!(!page.contains(&key) && codes.iter().all(|code| !page.contains(code)), "nothing is shown again");

    let mut browser = world.nobody();
    let fields = [
        ("email", email(REVIEWER)),
        ("password", PASSWORD.to_owned()),
        ("next", "/claims?stage=open".to_owned()),
    ];
    let fields = fields.each_ref().map(|(name, value)| (*name, value.as_str()));
    let code_page = browser.submit("/actions/account/sign-in", &fields).await.location().to_owned();
    assert_eq!(code_page, "/login/code?next=%2Fclaims%3Fstage%3Dopen");
    let form = browser.get(&code_page).await;
    assert_eq!(form.status, StatusCode::OK);
    assert!(
        form.text.contains("autocomplete=\"one-time-code\"")
            && form.text.contains("value=\"/claims?stage=open\"")
    );
    let before = browser.cookies["claimdesk"].clone();
    let wrong =
        browser.submit("/actions/account/code", &[("code", "000000"), ("next", "/claims?stage=open")]).await;
    assert_eq!(wrong.location(), "/login/code?problem=not_signed_in&next=%2Fclaims%3Fstage%3Dopen");
    let code = shown(&world, &key);
    let right =
        browser.submit("/actions/account/code", &[("code", &code), ("next", "/claims?stage=open")]).await;
    assert_eq!(right.location(), "/claims?stage=open");
    assert_ne!(browser.cookies["claimdesk"], before, "the session has a new id");
    assert_eq!(browser.get("/").await.status, StatusCode::OK);
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn half_a_sign_in_opens_nothing_but_the_second_step(pool: PgPool) {
    let world = World::new(pool).await;
    let (_, key, _) = enrolled(&world).await;
    let mut browser = halfway(&world).await;
    for path in ["/", "/claims", "/account", PAGE, "/dashboard", "/live"] {
        assert!(browser.get(path).await.location().starts_with("/login"), "{path}");
    }
    for form in [
        "/actions/account/password",
        "/actions/account/second-factor/off",
        "/actions/account/second-factor/begin",
        "/actions/account/sign-out-everywhere",
        "/actions/claims/next",
    ] {
        let answer = browser.submit(form, &[("password", PASSWORD)]).await;
        assert!(answer.location().starts_with("/login"), "{form}: {}", answer.text);
    }
    for next in ["https://evil.example/", "//evil.example"] {
        let mut browser = halfway(&world).await;
        let code = shown(&world, &key);
        assert_eq!(
            browser.submit("/actions/account/code", &[("code", &code), ("next", next)]).await.location(),
            "/"
        );
        world.clock.advance(TimeDelta::minutes(1));
    }
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn the_second_step_has_to_follow_the_first_within_ten_minutes(pool: PgPool) {
    let world = World::new(pool).await;
    let (_, key, _) = enrolled(&world).await;
    let mut browser = halfway(&world).await;
    world.clock.advance(TimeDelta::minutes(11));
    assert_eq!(browser.get("/login/code").await.location(), "/login?next=%2Flogin%2Fcode");
    let code = shown(&world, &key);
    assert!(
        browser.submit("/actions/account/code", &[("code", &code)]).await.location().starts_with("/login?")
    );
    assert_eq!(browser.get("/").await.location(), "/login");
    let mut stranger = world.nobody();
    assert!(stranger.get("/login/code").await.location().starts_with("/login"), "the first step comes first");
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn the_sixth_code_has_to_wait(pool: PgPool) {
    let world = World::new(pool).await;
    let (_, key, _) = enrolled(&world).await;
    let mut browser = halfway(&world).await;
    for _ in 0..5 {
        let answer = browser.submit("/actions/account/code", &[("code", "000000")]).await;
        assert_eq!(answer.location(), "/login/code?problem=not_signed_in");
    }
    let code = shown(&world, &key);
    let answer = browser.submit("/actions/account/code", &[("code", &code)]).await;
    assert_eq!(answer.location(), "/login/code?problem=throttled");
    assert!(browser.get("/login/code?problem=throttled").await.text.contains("Wait fifteen minutes"));
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn switching_it_off_takes_password_and_code_and_ends_other_sessions(pool: PgPool) {
    let world = World::new(pool).await;
    let (mut browser, key, codes) = enrolled(&world).await;
    let off = "/actions/account/second-factor/off";
    let code = shown(&world, &key);
    for (fields, field) in [
        ([("password", "wrong"), ("code", code.as_str())], "password"),
        ([("password", PASSWORD), ("code", "000000")], "code"),
    ] {
        let to = browser.submit(off, &fields).await.location().to_owned();
        assert_eq!(to, format!("{PAGE}?problem=invalid&field={field}&form=off"));
        assert!(browser.get(&to).await.text.contains(&format!("id=\"off-{field}-wrong\"")));
    }
    let mut elsewhere = halfway(&world).await;
    elsewhere.submit("/actions/account/code", &[("code", &codes[0])]).await;
    assert_eq!(elsewhere.get("/").await.status, StatusCode::OK);
    let done = browser.submit(off, &[("password", PASSWORD), ("code", &code)]).await;
    assert_eq!(done.location(), "/account?done=second_factor_off");
    assert_eq!(elsewhere.get("/").await.location(), "/login");
    assert_eq!(world.nobody().sign_in(&email(REVIEWER), PASSWORD).await.location(), "/");
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn an_admin_sees_who_has_one_and_resets_it_with_a_reason(pool: PgPool) {
    let world = World::new(pool).await;
    enrolled(&world).await;
    let mut admin = world.signed_in(Role::Admin).await;
    let page = admin.get("/admin/accounts").await.text;
    assert!(page.contains("Reset the second factor of reviewer") && page.contains("12 March 2026"), "{page}");
    let account = world.actor(REVIEWER).id.to_string();
    let form = "/actions/accounts/reset-second-factor";
    admin.submit(form, &[("account", &account), ("reason", " ")]).await;
    assert!(admin.get("/admin/accounts?notice=1").await.text.contains("Say why."));
    let done = admin.submit(form, &[("account", &account), ("reason", "Lost the phone.")]).await;
    assert_eq!(done.location(), "/admin/accounts?done=second_factor_reset");
    assert_eq!(world.nobody().sign_in(&email(REVIEWER), PASSWORD).await.location(), "/");
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn who_has_to_have_one_is_led_to_it_and_can_do_nothing_else(pool: PgPool) {
    let world = World::new(pool).await;
    let (mut reviewer, mut viewer) = (world.signed_in(REVIEWER).await, world.signed_in(Role::Viewer).await);
    let mut admin = world.signed_in(Role::Admin).await;
    let fields = [("version", "0"), ("least", "reviewer"), ("reason", "Agreed on Monday.")];
    let set = admin.submit("/actions/policy/second-factor", &fields).await;
    assert_eq!(set.location(), "/admin/policy?done=policy");

    assert_eq!(viewer.get("/").await.status, StatusCode::OK, "viewers are not asked");
    for path in ["/", "/claims", "/account", "/live"] {
        assert_eq!(reviewer.get(path).await.location(), PAGE, "{path}");
    }
    assert_eq!(reviewer.submit("/actions/claims/next", &[]).await.location(), PAGE);
    reviewer.accept = "application/json";
    assert_eq!(reviewer.submit("/actions/claims/next", &[]).await.problem().0, 403);
    reviewer.accept = "text/html,*/*";
    assert!(reviewer.get(PAGE).await.text.contains("Your desk asks you to have a second factor."));
    assert_eq!(world.program(REVIEWER).await.get("/me").await.status, StatusCode::OK, "programs have tokens");

    // Signing in is possible, and leads there too.
    let mut browser = world.nobody();
    assert_eq!(browser.sign_in(&email(REVIEWER), PASSWORD).await.location(), "/");
    browser.submit("/actions/account/second-factor/begin", &[("password", PASSWORD)]).await;
    let key = key_in(&browser.get(PAGE).await.text);
    let code = shown(&world, &key);
    browser.submit("/actions/account/second-factor/confirm", &[("code", &code)]).await;
    assert_eq!(browser.get("/").await.status, StatusCode::OK);
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn api_tokens_ask_for_no_code(pool: PgPool) {
    let world = World::new(pool).await;
    let program = world.program(REVIEWER).await;
    enrolled(&world).await;
    assert_eq!(program.get("/me").await.status, StatusCode::OK);
}
