//! Correcting a verdict through forms and through the API, and telling it to a receiver.

use crate::harness::World;
use axum::Router;
use axum::extract::State;
use axum::routing::post;
use domain::policy::Role;
use domain::receiver::Loopback;
use domain::words::ReceiverName;
use http::HeaderMap;
use serde_json::json;
use server::config::Telling;
use server::deliveries::Sender;
use sqlx::PgPool;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use tokio_util::sync::CancellationToken;

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_program_sees_what_depends_on_a_verdict_and_confirms_just_that(pool: PgPool) {
    let world = World::new(pool).await;
    let claims = world.claims().await;
    let claim = claims[0];
    world.publish(claim, "verified", "Two calls.", None).await;
    let editor = world.actor(Role::Editor);
    world.desk.dismiss_as_duplicate(editor, claims[1], 1, claim, None).await.expect("a duplicate");
    let program = world.program(Role::Editor).await;
    let list = format!("/claims/{claim}/dependants?rating=false");
    let seen = program.get(&list).await.json();
    assert_eq!(seen["claims"][0]["id"], claims[1].to_string());
    assert_eq!(
        (&seen["claims"][0]["stage"], &seen["claims"][0]["becomes"]),
        (&json!("dismissed"), &json!("open"))
    );
    let mut body = json!({ "rating": "false", "rationale": "It was shelters.", "version": seen["version"],
        "digest": seen["digest"], "note": "The figure was of shelters, not of people." });

    // Somebody fetches the verdict meanwhile.
    let reader = world.program(Role::Viewer).await;
    assert_eq!(reader.get("/export/claims.csv").await.status, 200);
    let path = format!("/claims/{claim}/corrections");
    assert_eq!(program.post(&path, &body).await.problem().0, 409);
    let seen = program.get(&list).await.json();
    assert_eq!((&seen["fetches"][0]["what"], &seen["fetches"][0]["token"]), (&json!("csv"), &json!("test")));
    body["digest"] = seen["digest"].clone();
    let done = program.post(&path, &body).await;
    assert_eq!(done.status, 201, "{}", done.text);
    assert_eq!((&done.json()["requeued"], &done.json()["claim"]["stage"]), (&json!(1), &json!("published")));
    let review = program.get(&format!("/claims/{claim}/claimreview.json")).await.json();
    assert_eq!(review["correction"][0]["text"], "The figure was of shelters, not of people.");
    assert_eq!(reader.post(&path, &body).await.problem().0, 403);
    assert_eq!(program.get(&format!("/claims/{claim}/dependants?rating=true")).await.problem().2, "rating");
}

/// The value of a hidden field.
fn hidden(page: &str, name: &str) -> String {
    let form = page.split("id=\"confirm\"").nth(1).expect("a form to confirm");
    let field = form.split(&format!("name=\"{name}\"")).nth(1).unwrap_or_else(|| panic!("no field {name}"));
    let value = field.split("value=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a value");
    value.to_owned()
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_person_is_shown_what_is_new_and_loses_nothing_that_was_typed(pool: PgPool) {
    let world = World::new(pool).await;
    let claims = world.claims().await;
    let claim = claims[0].to_string();
    world.publish(claims[0], "verified", "Two calls.", None).await;
    let mut browser = world.signed_in(Role::Editor).await;
    let form = [
        ("claim", claim.as_str()),
        ("outcome", "correct"),
        ("rating", "false"),
        ("rationale", "It was shelters."),
        ("figure", ""),
        ("note", "short"),
    ];
    let page = format!("/claims/{claim}/correct-verdict");
    let answer = browser.submit("/actions/claims/preview-correction", &form).await;
    assert_eq!(answer.location(), page, "the note is too short");
    assert!(browser.get(&page).await.text.contains("Write at least 10 characters."));
    let mut form = form;
    form[5].1 = "The figure was of shelters, not of people.";
    let answer = browser.submit("/actions/claims/preview-correction", &form).await;
    let check = answer.location().to_owned();
    let shown = browser.get(&check).await.text;
    assert!(shown.contains("Will stand") && shown.contains(form[5].1), "{shown}");
    assert!(!shown.contains(">new<"), "{shown}");
    assert_eq!(
        world.desk.claim_row(world.actor(Role::Editor), claims[0]).await.expect("a claim").rating.as_deref(),
        Some("verified")
    );

    let reader = world.program(Role::Viewer).await;
    assert_eq!(reader.get(&format!("/claims/{claim}/claimreview.json")).await.status, 200);
    let send = |shown: &str| {
        let mut fields: Vec<(String, String)> =
            form.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        for name in ["version", "digest", "seen"] {
            fields.push((name.to_owned(), hidden(shown, name)));
        }
        fields
    };
    let fields = send(&shown);
    let pairs: Vec<(&str, &str)> =
        fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let answer = browser.submit("/actions/claims/correct-verdict", &pairs).await;
    assert_eq!(answer.location(), check);
    let shown = browser.get(&check).await.text;
    assert!(shown.contains("Something else depends on this verdict than you saw."), "{shown}");
    assert!(shown.contains(">new<") && shown.contains("It was shelters."), "{shown}");
    let fields = send(&shown);
    let pairs: Vec<(&str, &str)> =
        fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let answer = browser.submit("/actions/claims/correct-verdict", &pairs).await;
    assert_eq!(answer.location(), format!("/claims/{claim}?done=corrected_verdict"));
}

type Heard = Arc<Mutex<Vec<(HeaderMap, String)>>>;

async fn hear(State(heard): State<Heard>, headers: HeaderMap, body: String) -> &'static str {
    heard.lock().expect("a list").push((headers, body));
    "thanks"
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_receiver_hears_of_publications_and_one_inside_the_network_is_never_called(pool: PgPool) {
    server::provide_tls();
    let heard = Heard::default();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let away = axum::routing::get(|| async { axum::response::Redirect::temporary("/hook") });
    let app = Router::new()
        .route("/hook", post(hear))
        .route("/away", away.post(|| async { axum::response::Redirect::temporary("/hook") }))
        .with_state(heard.clone());
    tokio::spawn(async move { axum::serve(listener, app).await });

    let world = World::new(pool).await;
    let admin = world.actor(Role::Admin);
    let add = async |path: &str| {
        let name = ReceiverName::parse(path).expect("a name");
        let address = format!("http://127.0.0.1:{port}/{path}");
        world.desk.add_receiver(admin, name, &address, Loopback::Allowed).await.expect("a receiver")
    };
    let hook = add("hook").await;
    add("away").await;
    let claim = world.claims().await[0];
    let page = world.publish(claim, "verified", "Two calls.", None).await;
    let telling = |loopback_receivers| Telling {
        public_url: Some("https://desk.example".parse().expect("a URL")),
        loopback_receivers,
    };
    // As the server is started in earnest, addresses on this machine are not called.
    let strict = Sender::new(&telling(false)).expect("a client");
    assert_eq!(strict.send_due(&world.desk, &CancellationToken::new()).await.expect("a database"), 2);
    assert!(heard.lock().expect("a list").is_empty());
    let log = world.desk.deliveries(admin, None, None, 50).await.expect("a log").rows;
    assert!(log.iter().all(|one| one.last.as_ref().is_some_and(|last| last.1.contains("private network"))));

    world.clock.advance(chrono::TimeDelta::minutes(1));
    let lenient = Sender::new(&telling(true)).expect("a client");
    assert_eq!(lenient.send_due(&world.desk, &CancellationToken::new()).await.expect("a database"), 2);
    let (headers, body) = {
        let heard = heard.lock().expect("a list");
        assert_eq!(heard.len(), 1, "a redirect is not followed");
        heard[0].clone()
    };
    let told: serde_json::Value = serde_json::from_str(&body).expect("JSON");
    assert_eq!(
        (&told["type"], &told["data"]["claim"]),
        (&json!("claim.published"), &json!(claim.to_string()))
    );
    assert_eq!(told["data"]["url"], format!("https://desk.example{page}"));
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).expect(name).to_owned();
    let signed = format!("{}.{}.{body}", header("webhook-id"), header("webhook-timestamp"));
    assert_eq!(header("webhook-signature"), signature(&hook.secret, &signed));
    let log = world.desk.deliveries(admin, Some(hook.id), None, 50).await.expect("a log").rows;
    assert_eq!(log[0].slug.as_deref(), page.rsplit('/').next());
    assert_eq!(log[0].last.as_ref().map(|last| (last.0, last.1.as_str())), Some((Some(200), "thanks")));
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_receiver_that_does_not_answer_holds_up_no_other(pool: PgPool) {
    server::provide_tls();
    let heard = Heard::default();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let app = Router::new()
        .route("/hook", post(hear))
        .route("/silent", post(std::future::pending::<()>))
        .with_state(heard.clone());
    tokio::spawn(async move { axum::serve(listener, app).await });

    let world = World::new(pool).await;
    let admin = world.actor(Role::Admin);
    for path in ["silent", "hook"] {
        let name = ReceiverName::parse(path).expect("a name");
        let address = format!("http://127.0.0.1:{port}/{path}");
        let added = world.desk.add_receiver(admin, name, &address, Loopback::Allowed).await;
        let id = added.expect("a receiver").id;
        for _ in 0..20 {
            world.desk.test_receiver(admin, id).await.expect("queued");
        }
    }
    let telling = Telling { public_url: None, loopback_receivers: true };
    let (sender, closing) = (Sender::new(&telling).expect("a client"), CancellationToken::new());
    let (desk, stop) = (world.desk.clone(), closing.clone());
    let sending = tokio::spawn(async move { sender.send_due(&desk, &stop).await });
    while heard.lock().expect("a list").len() < 20 {
        tokio::task::yield_now().await;
    }
    assert!(!sending.is_finished(), "the other is waited for meanwhile");
    sending.abort();
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn however_many_receivers_are_silent_the_others_have_places_left(pool: PgPool) {
    server::provide_tls();
    let heard = Heard::default();
    let begun = Arc::new(AtomicUsize::new(0));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let count = Arc::clone(&begun);
    let silent = move || {
        count.fetch_add(1, Ordering::SeqCst);
        std::future::pending::<()>()
    };
    let app =
        Router::new().route("/hook", post(hear)).route("/silent", post(silent)).with_state(heard.clone());
    tokio::spawn(async move { axum::serve(listener, app).await });

    let world = World::new(pool.clone()).await;
    let admin = world.actor(Role::Admin);
    let add = async |name: String, path: &str| {
        let address = format!("http://127.0.0.1:{port}/{path}");
        let name = ReceiverName::parse(&name).expect("a name");
        world.desk.add_receiver(admin, name, &address, Loopback::Allowed).await.expect("a receiver").id
    };
    // Each was silent before, and all of it is due before what the other is to be told.
    for n in 0..40 {
        let id = add(format!("Silent {n}"), "silent").await;
        for _ in 0..3 {
            world.desk.test_receiver(admin, id).await.expect("queued");
        }
    }
    sqlx::query("update receiver set answers = false").execute(&pool).await.expect("silent");
    world.clock.advance(chrono::TimeDelta::seconds(1));
    let hook = add("Wire".to_owned(), "hook").await;
    for _ in 0..20 {
        world.desk.test_receiver(admin, hook).await.expect("queued");
    }
    let telling = Telling { public_url: None, loopback_receivers: true };
    let (sender, closing) = (Sender::new(&telling).expect("a client"), CancellationToken::new());
    let (desk, stop) = (world.desk.clone(), closing.clone());
    let sending = tokio::spawn(async move { sender.send_due(&desk, &stop).await });
    while heard.lock().expect("a list").len() < 20 {
        tokio::task::yield_now().await;
    }
    assert!(!sending.is_finished());
    assert!(begun.load(Ordering::SeqCst) <= 8, "the silent ones have half of the places");
    sending.abort();
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_receiver_hears_what_is_new_in_the_figures_of_an_incident_and_again_when_asked(pool: PgPool) {
    server::provide_tls();
    let heard = Heard::default();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let app = Router::new().route("/hook", post(hear)).with_state(heard.clone());
    tokio::spawn(async move { axum::serve(listener, app).await });

    let world = World::new(pool).await;
    let claims = world.claims().await;
    let incident = world.incident_of(claims[0]).await;
    let admin = world.actor(Role::Admin);
    let name = ReceiverName::parse("Wire").expect("a name");
    let address = format!("http://127.0.0.1:{port}/hook");
    let hook = world.desk.add_receiver(admin, name, &address, Loopback::Allowed).await.expect("a receiver");
    let page = world.publish_figures(incident).await;
    let program = world.program(Role::Editor).await;
    let estimate = json!({ "indicator": "killed", "figure": "10-14", "basis": "Names compared." });
    program.post(&format!("/incidents/{incident}/estimate"), &estimate).await;
    world.clock.advance(chrono::TimeDelta::minutes(1));
    assert_eq!(world.desk.tell_ledger_news().await.expect("a look"), 1);
    let note =
        json!({ "version": world.incident_version(incident).await, "note": "Two markets were mixed up." });
    program.post(&format!("/incidents/{incident}/withdraw"), &note).await;
    let url = "https://desk.example".parse().expect("a URL");
    let sender = Sender::new(&Telling { public_url: Some(url), loopback_receivers: true }).expect("a client");
    assert_eq!(sender.send_due(&world.desk, &CancellationToken::new()).await.expect("a database"), 3);
    let log = world.desk.deliveries(admin, Some(hook.id), None, 50).await.expect("a log").rows;
    let changed = log.iter().find(|one| one.event.word() == "incident.changed").expect("it is in the log");
    assert_eq!(changed.slug.as_deref(), page.rsplit('/').next());
    world.desk.replay_delivery(admin, changed.id).await.expect("queued again");
    assert_eq!(sender.send_due(&world.desk, &CancellationToken::new()).await.expect("a database"), 1);

    let mut told: Vec<serde_json::Value> = Vec::new();
    for (headers, body) in heard.lock().expect("a list").iter() {
        let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).expect("a header");
        let signed = format!("{}.{}.{body}", header("webhook-id"), header("webhook-timestamp"));
        assert_eq!(header("webhook-signature"), signature(&hook.secret, &signed));
        told.push(serde_json::from_str(body).expect("JSON"));
    }
    let of = |kind: &str| told.iter().filter(|one| one["type"] == kind).collect::<Vec<_>>();
    let [published] = of("incident.published")[..] else { panic!("{told:#?}") };
    assert_eq!(published["data"]["incident"], incident.to_string());
    assert_eq!(published["data"]["url"], format!("https://desk.example{page}"));
    assert_eq!(published["data"]["figures"][0]["indicator"], "killed");
    let [changed, again] = of("incident.changed")[..] else { panic!("{told:#?}") };
    assert_eq!(changed["data"], again["data"]);
    let news = &changed["data"]["news"][0];
    assert_eq!((&news["what"], &news["after"]["low"]), (&json!("estimate"), &json!(10.0)));
    assert!(news["words"].as_str().is_some_and(|words| words.contains("10–14")), "{news}");
    let [withdrawn] = of("incident.withdrawn")[..] else { panic!("{told:#?}") };
    assert_eq!(
        (&withdrawn["data"]["is_public"], &withdrawn["data"]["publication"]["note"]),
        (&json!(false), &json!("Two markets were mixed up."))
    );
}

/// HMAC-SHA256 by hand (RFC 2104), so that the code under test is not asked about itself.
fn signature(secret: &str, words: &str) -> String {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;
    use sha2::{Digest as _, Sha256};
    let mut key = STANDARD.decode(secret.trim_start_matches("whsec_")).expect("base64");
    key.resize(64, 0);
    let pad = |with: u8| key.iter().map(|byte| byte ^ with).collect::<Vec<u8>>();
    let inner = Sha256::new().chain_update(pad(0x36)).chain_update(words).finalize();
    format!("v1,{}", STANDARD.encode(Sha256::new().chain_update(pad(0x5c)).chain_update(inner).finalize()))
}
