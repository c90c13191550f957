//! Signing in at an identity provider that changes its keys. The rest of it is tried in the browser,
//! against a certified provider.

use crate::harness::{Browser, World, settings};
use axum::routing::{get, post};
use axum::{Form, Json, Router};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::TimeDelta;
use desk::House;
use domain::policy::Role;
use ring::signature::{Ed25519KeyPair, KeyPair as _};
use serde_json::{Value, json};
use server::http::build_router;
use server::oidc::{Options, Provider};
use sha2::{Digest as _, Sha256, Sha512};
use sqlx::PgPool;
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use url::Url;

const CLIENT: &str = "claimdesk";

/// What the provider knows.
struct Keys {
    /// The seed of its key, which is the key's id as well.
    seed: u8,
    /// Of the question that it answers next.
    nonce: String,
    challenge: String,
    /// How often its keys were asked for.
    asked: usize,
    now: i64,
}

impl Keys {
    fn pair(&self) -> Ed25519KeyPair {
        Ed25519KeyPair::from_seed_unchecked(&[self.seed; 32]).expect("32 bytes")
    }

    fn kid(&self) -> String {
        format!("key-{}", self.seed)
    }

    fn jwks(&mut self) -> Value {
        self.asked += 1;
        let public = URL_SAFE_NO_PAD.encode(self.pair().public_key());
        json!({ "keys": [{ "kty": "OKP", "crv": "Ed25519", "x": public, "kid": self.kid(), "use": "sig", "alg": "EdDSA" }] })
    }

    fn token(&self, issuer: &str, access: &str) -> String {
        let half = &Sha512::digest(access)[..32];
        let claims = json!({
            "iss": issuer, "aud": CLIENT, "sub": "reviewer-1", "nonce": self.nonce, "iat": self.now, "exp": self.now + 300,
            "email": "reviewer@desk.example", "email_verified": true, "at_hash": URL_SAFE_NO_PAD.encode(half),
        });
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let signed = format!("{}.{}", part(&json!({ "alg": "EdDSA", "kid": self.kid() })), part(&claims));
        let signature = self.pair().sign(signed.as_bytes());
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
    }
}

/// A provider on this machine; gives its issuer and what it knows.
async fn provider() -> (String, Arc<Mutex<Keys>>) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let issuer = format!("http://{}", listener.local_addr().expect("an address"));
    let empty = String::new();
    let keys = Keys {
        seed: 1,
        nonce: empty.clone(),
        challenge: empty,
        asked: 0,
        now: crate::harness::now().timestamp(),
    };
    let keys = Arc::new(Mutex::new(keys));
    let about = json!({
        "issuer": issuer, "authorization_endpoint": format!("{issuer}/authorize"), "token_endpoint": format!("{issuer}/token"),
        "jwks_uri": format!("{issuer}/jwks"), "response_types_supported": ["code"], "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["EdDSA"],
    });
    let (jwks, tokens, own) = (keys.clone(), keys.clone(), issuer.clone());
    let router = Router::new()
        .route("/.well-known/openid-configuration", get(async move || Json(about)))
        .route("/jwks", get(async move || Json(jwks.lock().expect("whole").jwks())))
        .route(
            "/token",
            post(async move |Form(sent): Form<HashMap<String, String>>| {
                let keys = tokens.lock().expect("whole");
                let verifier = Sha256::digest(&sent["code_verifier"]);
                assert_eq!(URL_SAFE_NO_PAD.encode(verifier), keys.challenge);
                let access = "an access token";
                Json(json!({ "access_token": access, "token_type": "Bearer", "id_token": keys.token(&own, access) }))
            }),
        );
    tokio::spawn(async move { axum::serve(listener, router).await });
    (issuer, keys)
}

/// Goes to the provider and comes back; where that leads.
async fn sign_in(browser: &mut Browser, keys: &Mutex<Keys>) -> String {
    let there: Url = browser.get("/login/elsewhere").await.location().parse().expect("an address");
    let asked: HashMap<String, String> = there.query_pairs().into_owned().collect();
    {
        let mut keys = keys.lock().expect("whole");
        keys.nonce = asked["nonce"].clone();
        keys.challenge = asked["code_challenge"].clone();
    }
    let back = format!("/login/elsewhere/callback?code=once&state={}", asked["state"]);
    browser.get(&back).await.location().to_owned()
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_provider_that_changes_its_keys_is_understood_without_a_restart(pool: PgPool) {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let (issuer, keys) = provider().await;
    let mut world = World::with(pool, settings()).await;
    let options = Options {
        issuer,
        client_id: CLIENT.to_owned(),
        client_secret: Some("between the two".to_owned()),
        house: House { name: "Newsroom".to_owned(), domains: Vec::new() },
    };
    let callback = "https://desk.example/login/elsewhere/callback".to_owned();
    let known = Provider::new(options, callback, world.clock.clone()).expect("a provider");
    world.server = world.server.clone().with_provider(Some(known));
    world.router = build_router(world.server.clone());

    assert_eq!(sign_in(&mut world.nobody(), &keys).await, "/");
    assert_eq!(sign_in(&mut world.nobody(), &keys).await, "/");
    assert_eq!(keys.lock().expect("whole").asked, 1, "the keys are remembered");

    // A new key under a new name.
    let after = |minutes| {
        world.clock.advance(TimeDelta::minutes(minutes));
        keys.lock().expect("whole").now = world.clock.now().timestamp();
    };
    keys.lock().expect("whole").seed = 2;
    after(2);
    let mut browser = world.nobody();
    assert_eq!(sign_in(&mut browser, &keys).await, "/");
    assert!(browser.get("/").await.text.contains(Role::Reviewer.label()), "it is the same person");
    assert_eq!(keys.lock().expect("whole").asked, 2);
    assert_eq!(sign_in(&mut world.nobody(), &keys).await, "/");
    assert_eq!(keys.lock().expect("whole").asked, 2, "the new key is remembered");

    // Unknown keys do not make the desk ask without end.
    keys.lock().expect("whole").seed = 3;
    let refused = sign_in(&mut world.nobody(), &keys).await;
    assert!(refused.starts_with("/login?elsewhere="), "{refused}");
    assert_eq!(keys.lock().expect("whole").asked, 2, "it asked a moment ago");
    after(2);
    assert_eq!(sign_in(&mut world.nobody(), &keys).await, "/");
}
