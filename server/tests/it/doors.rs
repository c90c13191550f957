//! Every route and action, for every role and for nobody. A route that is not in the table fails
//! the test, so that none goes without an answer to "who may?".

use crate::harness::{Answer, World};
use domain::id::ClaimId;
use domain::policy::Role;
use http::Method;
use server::{api, http as surface};
use sqlx::PgPool;
use std::collections::BTreeSet;

/// Who may.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Least {
    /// Also nobody.
    Anybody,
    Role(Role),
}

use Least::Anybody;
const VIEWER: Least = Least::Role(Role::Viewer);
const REVIEWER: Least = Least::Role(Role::Reviewer);
const EDITOR: Least = Least::Role(Role::Editor);
const ADMIN: Least = Least::Role(Role::Admin);

const PAGES: &[(&str, Least)] = &[
    ("/", VIEWER),
    ("/account", VIEWER),
    ("/account/second-factor", VIEWER),
    ("/admin", ADMIN),
    ("/find", VIEWER),
    ("/admin/accounts", ADMIN),
    ("/admin/copies", ADMIN),
    ("/admin/receivers", ADMIN),
    ("/admin/identity", ADMIN),
    ("/admin/policy", ADMIN),
    ("/admin/mail", ADMIN),
    ("/agreement", REVIEWER),
    ("/admin/history", ADMIN),
    ("/admin/scales", VIEWER),
    ("/admin/scales/{id}", VIEWER),
    ("/articles", VIEWER),
    ("/articles/{id}", VIEWER),
    ("/articles/{id}/report", VIEWER),
    ("/incidents", VIEWER),
    ("/incidents/{id}", VIEWER),
    ("/claims", VIEWER),
    ("/claims/{id}", VIEWER),
    ("/claims/{id}/publish", EDITOR),
    ("/claims/{id}/correct-verdict", REVIEWER),
    ("/claims/assign", REVIEWER),
    ("/dashboard", VIEWER),
    ("/intake", REVIEWER),
    ("/sources/{id}", VIEWER),
    ("/login", Anybody),
    ("/notifications", VIEWER),
    ("/public", Anybody),
    ("/public/about", Anybody),
    ("/public/claims/{slug}", Anybody),
    ("/public/incidents/{slug}", Anybody),
    ("/public/incidents/{slug}/embed", Anybody),
    // Also for who has done the first step of signing in: see `second_factor`.
    ("/login/code", VIEWER),
];

/// Signing in is tried with wrong words here; the rest of it is in `accounts`.
const ACTIONS: &[(&str, Least)] = &[
    // Also for who has done the first step of signing in: see `second_factor`.
    ("/actions/account/code", VIEWER),
    ("/actions/account/notifications", VIEWER),
    ("/actions/account/password", VIEWER),
    ("/actions/account/second-factor/begin", VIEWER),
    ("/actions/account/second-factor/codes", VIEWER),
    ("/actions/account/second-factor/confirm", VIEWER),
    ("/actions/account/second-factor/off", VIEWER),
    ("/actions/account/sign-in", Anybody),
    ("/actions/account/sign-out", VIEWER),
    ("/actions/account/sign-out-everywhere", VIEWER),
    ("/actions/account/unlink", VIEWER),
    ("/actions/accounts/create", ADMIN),
    ("/actions/accounts/disable", ADMIN),
    ("/actions/accounts/enable", ADMIN),
    ("/actions/accounts/reset-second-factor", ADMIN),
    ("/actions/accounts/role", ADMIN),
    ("/actions/articles/add", REVIEWER),
    ("/actions/claims/adjudicate", EDITOR),
    ("/actions/claims/correct-verdict", REVIEWER),
    ("/actions/claims/dismiss", REVIEWER),
    ("/actions/claims/duplicate", REVIEWER),
    ("/actions/claims/kind", REVIEWER),
    ("/actions/claims/link", REVIEWER),
    ("/actions/claims/measure", REVIEWER),
    ("/actions/claims/merge", REVIEWER),
    ("/actions/claims/next", REVIEWER),
    ("/actions/claims/preview-correction", REVIEWER),
    ("/actions/claims/publish", EDITOR),
    ("/actions/claims/release", REVIEWER),
    ("/actions/claims/reopen", EDITOR),
    ("/actions/claims/source", REVIEWER),
    ("/actions/claims/split", REVIEWER),
    ("/actions/claims/take", REVIEWER),
    ("/actions/claims/take-over", REVIEWER),
    ("/actions/claims/undo", REVIEWER),
    ("/actions/claims/unlink", REVIEWER),
    ("/actions/claims/verdict", REVIEWER),
    ("/actions/claims/watch", VIEWER),
    ("/actions/claims/withdraw", EDITOR),
    ("/actions/claims/words", REVIEWER),
    ("/actions/comments/add", REVIEWER),
    ("/actions/comments/change", REVIEWER),
    ("/actions/comments/resolve", REVIEWER),
    ("/actions/comments/withdraw", REVIEWER),
    ("/actions/copies/add", REVIEWER),
    ("/actions/copies/verify", REVIEWER),
    ("/actions/copies/verify-all", ADMIN),
    ("/actions/drafts/discard", VIEWER),
    ("/actions/drafts/keep", VIEWER),
    ("/actions/evidence/add", REVIEWER),
    ("/actions/evidence/assess", REVIEWER),
    ("/actions/evidence/correct", REVIEWER),
    ("/actions/evidence/take-back-assessment", REVIEWER),
    ("/actions/evidence/withdraw", REVIEWER),
    ("/actions/policy/add-rule", ADMIN),
    ("/actions/policy/grounds", ADMIN),
    ("/actions/policy/identity", ADMIN),
    ("/actions/policy/remove-rule", ADMIN),
    ("/actions/policy/second-factor", ADMIN),
    ("/actions/history/checkpoint", ADMIN),
    ("/actions/mail/again", ADMIN),
    ("/actions/mail/drop", ADMIN),
    ("/actions/notifications/read", VIEWER),
    ("/actions/receivers/add", ADMIN),
    ("/actions/receivers/disable", ADMIN),
    ("/actions/receivers/enable", ADMIN),
    ("/actions/receivers/replay", ADMIN),
    ("/actions/receivers/test", ADMIN),
    ("/actions/scales/change", ADMIN),
    ("/actions/scales/create", ADMIN),
    ("/actions/sources/grade", REVIEWER),
    ("/actions/incidents/confirm", REVIEWER),
    ("/actions/incidents/reject", REVIEWER),
    ("/actions/incidents/join", REVIEWER),
    ("/actions/incidents/undo", REVIEWER),
    ("/actions/incidents/rename", EDITOR),
    ("/actions/incidents/merge", EDITOR),
    ("/actions/incidents/split", EDITOR),
    ("/actions/incidents/estimate", EDITOR),
    ("/actions/incidents/publish", EDITOR),
    ("/actions/incidents/withdraw", EDITOR),
    ("/actions/claims/reuse", REVIEWER),
    ("/actions/sources/name", EDITOR),
    ("/actions/sources/part", EDITOR),
    ("/actions/sources/apart", EDITOR),
    ("/actions/sources/ask-again", EDITOR),
    ("/actions/tokens/revoke", VIEWER),
    ("/actions/articles/deadline", EDITOR),
    ("/actions/claims/assign", REVIEWER),
    ("/actions/claims/assign-one", REVIEWER),
    ("/actions/claims/undo-assign", REVIEWER),
    ("/actions/views/change", VIEWER),
    ("/actions/views/delete", VIEWER),
    ("/actions/views/save", VIEWER),
];

const API: &[(&str, &str, Least)] = &[
    ("get", "/me", VIEWER),
    ("post", "/articles", REVIEWER),
    ("get", "/articles", VIEWER),
    ("get", "/articles/{id}", VIEWER),
    ("get", "/claims", VIEWER),
    ("post", "/claims/next", REVIEWER),
    ("get", "/claims/{id}", VIEWER),
    ("patch", "/claims/{id}", REVIEWER),
    ("post", "/claims/{id}/split", REVIEWER),
    ("post", "/claims/{id}/merge", REVIEWER),
    ("get", "/claims/{id}/history", VIEWER),
    ("get", "/claims/{id}/claimreview.json", VIEWER),
    ("put", "/claims/{id}/lease", REVIEWER),
    ("delete", "/claims/{id}/lease", REVIEWER),
    ("post", "/claims/{id}/evidence", REVIEWER),
    ("post", "/claims/{id}/verdicts", REVIEWER),
    ("post", "/claims/{id}/adjudications", EDITOR),
    ("delete", "/verdicts/{id}", REVIEWER),
    ("get", "/sources/{id}", VIEWER),
    ("post", "/sources/{id}/grades", REVIEWER),
    ("get", "/claims/{id}/comments", VIEWER),
    ("post", "/claims/{id}/comments", REVIEWER),
    ("put", "/claims/{id}/watch", VIEWER),
    ("delete", "/claims/{id}/watch", VIEWER),
    ("patch", "/comments/{id}", REVIEWER),
    ("delete", "/comments/{id}", REVIEWER),
    ("post", "/comments/{id}/resolve", REVIEWER),
    ("post", "/evidence/{id}/assessments", REVIEWER),
    ("post", "/evidence/{id}/assessments/take-back", REVIEWER),
    ("post", "/evidence/{id}/copies", REVIEWER),
    ("get", "/evidence/{id}/copies", VIEWER),
    ("get", "/copies/{id}", VIEWER),
    ("get", "/copies/{id}/content", VIEWER),
    ("post", "/copies/{id}/verify", REVIEWER),
    ("get", "/notifications", VIEWER),
    ("post", "/notifications/read", VIEWER),
    ("get", "/claims/{id}/dependants", VIEWER),
    ("post", "/claims/{id}/corrections", REVIEWER),
    ("post", "/claims/{id}/reuse-verdict", REVIEWER),
    ("get", "/incidents", VIEWER),
    ("get", "/incidents/proposals", VIEWER),
    ("get", "/incidents/{id}", VIEWER),
    ("get", "/incidents/{id}/figures", VIEWER),
    ("get", "/incidents/{id}/publication", VIEWER),
    ("post", "/incidents/{id}/publish", EDITOR),
    ("post", "/incidents/{id}/withdraw", EDITOR),
    ("post", "/incidents/{id}/confirm", REVIEWER),
    ("post", "/incidents/{id}/reject", REVIEWER),
    ("post", "/incidents/{id}/split", EDITOR),
    ("post", "/incidents/{id}/merge", EDITOR),
    ("post", "/incidents/{id}/rename", EDITOR),
    ("post", "/incidents/{id}/estimate", EDITOR),
    ("post", "/incidents/{id}/undo", REVIEWER),
    ("get", "/scales", VIEWER),
    ("get", "/dashboard", VIEWER),
    ("get", "/flow", VIEWER),
    ("get", "/views", VIEWER),
    ("post", "/views", VIEWER),
    ("delete", "/views/{id}", VIEWER),
    ("get", "/history/head", VIEWER),
    ("get", "/export/claims.csv", VIEWER),
    ("get", "/export/claims.jsonl", VIEWER),
    ("put", "/articles/{id}/deadline", EDITOR),
    ("put", "/claims/{id}/assignee", REVIEWER),
    ("delete", "/claims/{id}/assignee", REVIEWER),
    ("post", "/claims/assignments", REVIEWER),
    ("get", "/openapi.json", Anybody),
];

/// What the process answers beside pages, actions and API.
const OTHERS: &[(&str, Least)] = &[
    ("/admin/history/head.json", ADMIN),
    ("/agreement.csv", REVIEWER),
    ("/incidents/{id}/killed.svg", VIEWER),
    ("/incidents/{id}/killed.csv", VIEWER),
    ("/dashboard/stages.csv", VIEWER),
    ("/dashboard/stalled.csv", VIEWER),
    ("/dashboard/throughput.csv", VIEWER),
    ("/dashboard/reviewers.csv", VIEWER),
    ("/dashboard/ratings.csv", VIEWER),
    ("/dashboard/runs.csv", VIEWER),
    ("/dashboard/deadlines.csv", VIEWER),
    ("/dashboard/sources.csv", VIEWER),
    ("/live", VIEWER),
    ("/health/live", Anybody),
    ("/health/ready", Anybody),
    ("/problems/forbidden", Anybody),
    ("/public/feed.atom", Anybody),
    ("/public/claims/{slug}/claimreview.json", Anybody),
    ("/public/incidents/{slug}/killed.svg", Anybody),
    ("/public/incidents/{slug}/killed.csv", Anybody),
    ("/favicon.svg", Anybody),
];

fn sorted<T: Ord>(items: impl IntoIterator<Item = T>) -> BTreeSet<T> {
    items.into_iter().collect()
}

#[test]
fn the_table_names_every_route_and_no_other() {
    let routes = surface::page_routes();
    let pages = sorted(routes.iter().map(|route| route.path()));
    assert_eq!(pages, sorted(PAGES.iter().map(|(path, _)| *path)));

    let actions = leptos::server_fn::axum::server_fn_paths().map(|(path, method)| {
        assert_eq!(method, Method::POST, "{path}");
        path
    });
    let actions = sorted(actions.chain(surface::ACCOUNT_FORMS).chain([surface::COPY_FORM]));
    assert_eq!(actions, sorted(ACTIONS.iter().map(|(path, _)| *path)));

    assert_eq!(sorted(api::ROUTES.to_vec()), sorted(API.iter().map(|(method, path, _)| (*method, *path))));
}

/// What an answer says about the door.
#[derive(Debug, PartialEq, Eq)]
enum Seen {
    /// 303 to the sign-in page, or 401.
    SignInFirst,
    /// 403, with the role that it takes.
    NotForYou,
    /// Whatever comes behind the door.
    In,
}

fn seen(answer: &Answer) -> Seen {
    let to_login = answer.status == 303
        && answer.location().starts_with("/login")
        && !answer.location().contains("done=");
    match answer.status.as_u16() {
        303 if to_login => Seen::SignInFirst,
        401 => Seen::SignInFirst,
        403 => {
            assert!(answer.text.contains("It takes the role of"), "{}", answer.text);
            Seen::NotForYou
        }
        status => {
            assert!(status < 500, "{status}: {}", answer.text);
            Seen::In
        }
    }
}

fn expected(least: Least, role: Option<Role>) -> Seen {
    match (least, role) {
        (Anybody, _) => Seen::In,
        (Least::Role(_), None) => Seen::SignInFirst,
        (Least::Role(least), Some(role)) if role < least => Seen::NotForYou,
        (Least::Role(_), Some(_)) => Seen::In,
    }
}

fn everybody() -> impl Iterator<Item = Option<Role>> {
    std::iter::once(None).chain(Role::ALL.iter().copied().map(Some))
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn each_page_opens_for_those_who_may_see_it(pool: PgPool) {
    let world = World::new(pool).await;
    let claim = world.claims().await[0];
    let article = world.desk.claim_row(world.actor(Role::Viewer), claim).await.expect("a claim").article;
    let public = world.publish(claim, "verified", "Two calls.", None).await;
    let slug = public.rsplit('/').next().unwrap_or_default();
    world.desk.checkpoint(None).await.expect("a checkpoint");
    let source = a_source(&world, claim).await;
    let viewer = world.actor(Role::Viewer);
    let incidents =
        world.desk.incidents(viewer, &desk::IncidentFilter::default(), None, 1).await.expect("a list");
    let incident = incidents.rows.first().expect("the article tells of an event").id;
    let editor = world.actor(Role::Editor);
    let version = incidents.rows.first().expect("an incident").version;
    let figures = world.desk.publish_ledger(editor, incident, version, None).await.expect("public figures");
    for role in everybody() {
        let mut browser = match role {
            Some(role) => world.signed_in(role).await,
            None => world.nobody(),
        };
        for (path, least) in PAGES.iter().chain(OTHERS.iter().filter(|(path, _)| *path != "/live")) {
            let id = match *path {
                path if path.starts_with("/claims") => claim.to_string(),
                path if path.starts_with("/sources") => source.clone(),
                path if path.starts_with("/incidents") => incident.to_string(),
                path if path.starts_with("/admin/scales") => "default".to_owned(),
                _ => article.to_string(),
            };
            let slug = if path.starts_with("/public/incidents") { figures.as_str() } else { slug };
            let answer = browser.get(&path.replace("{id}", &id).replace("{slug}", slug)).await;
            assert_eq!(seen(&answer), expected(*least, role), "{path} for {role:?}");
            if expected(*least, role) == Seen::In {
                assert_eq!(answer.status, 200, "{path} for {role:?}");
            }
        }
    }
    assert_eq!(world.nobody().get("/live").await.location(), "/login?next=%2Flive");
    let mut stream = world.nobody();
    stream.accept = "text/event-stream";
    assert_eq!(stream.get("/live").await.status, 401);
}

/// The id of a source that evidence comes from.
async fn a_source(world: &World, claim: ClaimId) -> String {
    let program = world.program(Role::Reviewer).await;
    let body = serde_json::json!({
        "title": "T", "excerpt": "E", "stance": "context", "source": { "name": "City Hospital" },
    });
    let evidence = program.post(&format!("/claims/{claim}/evidence"), &body).await.json();
    evidence["source"]["id"].as_str().expect("an id").to_owned()
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn each_action_works_for_those_who_may_do_it(pool: PgPool) {
    let world = World::new(pool).await;
    world.claims().await;
    for role in everybody() {
        for (path, least) in ACTIONS {
            // Some of them end sessions.
            let mut browser = match role {
                Some(role) => world.signed_in(role).await,
                None => world.nobody(),
            };
            let answer = browser.submit(path, &[]).await;
            let is_sign_in = path.ends_with("/sign-in");
            if is_sign_in {
                assert_eq!(answer.location(), "/login?problem=not_signed_in");
                continue;
            }
            assert_eq!(seen(&answer), expected(*least, role), "{path} for {role:?}");
            if role.is_none() {
                assert_eq!(answer.location(), "/login?next=%2Fclaims", "{path}");
                browser.accept = "application/json";
                assert_eq!(browser.submit(path, &[]).await.problem().0, 401, "{path}");
            }
        }
    }
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn each_part_of_the_api_works_for_those_who_may_use_it(pool: PgPool) {
    let world = World::new(pool).await;
    let claim = world.claims().await[0];
    let article = world.desk.claim_row(world.actor(Role::Viewer), claim).await.expect("a claim").article;
    for role in everybody() {
        let mut program = world.program(role.unwrap_or(Role::Admin)).await;
        if role.is_none() {
            program.token = "cd_unknown".into();
        }
        for (method, path, least) in API {
            let id = if path.starts_with("/claims") { claim.to_string() } else { article.to_string() };
            let path = path.replace("{id}", &id);
            let method: Method = method.to_uppercase().parse().expect("a method");
            let has_body = path.ends_with("/assignee") && method == Method::PUT;
            let answer = if method == Method::POST || method == Method::PATCH || has_body {
                program.send_json(method.clone(), &path, &filled(&path)).await
            } else {
                program.call(method.clone(), &path).await
            };
            assert_eq!(
                seen(&answer),
                expected(*least, role),
                "{method} {path} for {role:?}: {}",
                answer.text
            );
        }
    }
}

/// A body that is understood, so that the answer is about the role.
fn filled(path: &str) -> serde_json::Value {
    if path.ends_with("/articles") {
        serde_json::json!({ "title": "T", "text": "Two people died." })
    } else if path.ends_with("/evidence") {
        serde_json::json!({ "title": "T", "excerpt": "E", "stance": "context" })
    } else if path.ends_with("/assessments") {
        serde_json::json!({ "medium": "video", "categories": ["StagedContent"], "address": "https://c.example/1" })
    } else if path.ends_with("/take-back") {
        serde_json::json!({ "reason": "It is another one.", "number": 1 })
    } else if path.ends_with("/adjudications") {
        serde_json::json!({ "rating": "verified", "reason": "Seen.", "version": 1 })
    } else if path.ends_with("/views") {
        serde_json::json!({ "name": "V" })
    } else if path.ends_with("/grades") {
        serde_json::json!({ "grade": "C", "reason": "Right before." })
    } else if path.ends_with("/comments") {
        serde_json::json!({ "text": "T" })
    } else if path.starts_with("/comments/") && !path.ends_with("/resolve") {
        serde_json::json!({ "text": "T", "version": 1 })
    } else if path.starts_with("/incidents/") && path.ends_with("/publish") {
        serde_json::json!({ "version": 1 })
    } else if path.starts_with("/incidents/") && path.ends_with("/withdraw") {
        serde_json::json!({ "version": 1, "note": "Two towns were mixed up." })
    } else if path.starts_with("/incidents/") {
        let id = uuid::Uuid::nil();
        serde_json::json!({
            "claim": id, "claims": [id], "title": "T", "into": (!path.ends_with("/split")).then_some(id), "version": 1,
            "indicator": "killed", "figure": "41", "basis": "Seen.", "change": id,
        })
    } else if path.ends_with("/reuse-verdict") {
        serde_json::json!({ "of": uuid::Uuid::nil(), "version": 1 })
    } else if path.ends_with("/split") {
        serde_json::json!({ "version": 9, "parts": [{ "words": "twelve" }, { "words": "seven" }] })
    } else if path.ends_with("/assignee") {
        serde_json::json!({ "to": "me" })
    } else if path.ends_with("/assignments") {
        serde_json::json!({ "assignments": [] })
    } else if path.ends_with("/merge") {
        serde_json::json!({ "version": 9, "with": [] })
    } else if path.starts_with("/claims/") && path.matches('/').count() == 2 && !path.ends_with("/next") {
        serde_json::json!({ "version": 9, "kind": "event" })
    } else if path.ends_with("/corrections") {
        serde_json::json!({ "rating": "verified", "rationale": "Seen.", "version": 1, "digest": "" })
    } else if path.ends_with("/verdicts") {
        serde_json::json!({ "rating": "verified", "rationale": "Seen.", "version": 1 })
    } else {
        serde_json::json!({})
    }
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_cookie_opens_nothing_of_the_api(pool: PgPool) {
    let world = World::new(pool).await;
    let mut browser = world.signed_in(Role::Admin).await;
    assert_eq!(
        browser.get("/api/v1/me").await.problem(),
        (401, "/problems/not_signed_in".into(), String::new())
    );
}
