//! A desk with a frozen clock and a person of each role, and the verbs that tests are written in.

use app::request::Assets;
use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::response::Response;
use chrono::{DateTime, TimeZone as _, Utc};
use desk::{Clock, Desk};
use domain::id::ClaimId;
use domain::policy::{Actor, Role};
use domain::receiver::Loopback;
use domain::words::{Email, NewPassword, PersonName, TokenName};
use futures_util::StreamExt as _;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, COOKIE, LOCATION, SET_COOKIE};
use http::{HeaderMap, Method, Request, StatusCode};
use serde_json::Value;
use server::http::{Server, Settings, build_router};
use sqlx::PgPool;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt as _;
use url::form_urlencoded;

pub const PASSWORD: &str = "four quiet herons at dawn";
pub const HOST: &str = "desk.example";

/// Two people are named, one of them by role only; three figures; every sentence is a claim or none.
pub const ARTICLE: &str = "At least 12 people were killed and 30 were wounded when a shell hit the market in Darum on \
Tuesday, the health ministry said.\n\nThe hospital's director, Nadia Tashiri, said that seven of the dead were \
children. \"We have no blood left,\" she said.\n\nPolice detained 41 people near the bridge.\n";

pub fn now() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 3, 12, 9, 0, 0).single().expect("a moment")
}

pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the workspace").to_owned()
}

pub fn settings() -> Settings {
    Settings {
        site: root().join("app/public"),
        secure_cookies: false,
        trusted_proxies: Vec::new(),
        public_url: "https://desk.example".parse().expect("a URL"),
        metrics_token: None,
        loopback: Loopback::Refused,
        sends_mail: false,
    }
}

pub struct World {
    pub desk: Desk,
    pub clock: Clock,
    pub server: Server,
    pub closing: CancellationToken,
    pub router: Router,
    pub people: BTreeMap<Role, Actor>,
}

impl World {
    pub async fn new(pool: PgPool) -> Self {
        Self::with(pool, settings()).await
    }

    pub async fn with(pool: PgPool, settings: Settings) -> Self {
        let clock = Clock::frozen(now());
        let desk = Desk::over(pool, clock.clone());
        let assets = Assets {
            boot: "/pkg/boot.js".into(),
            client: "/pkg/client.js".into(),
            wasm: "/pkg/client.wasm".into(),
            style: "/pkg/style.css".into(),
        };
        let closing = CancellationToken::new();
        let server = Server::new(desk.clone(), settings, assets, closing.clone());
        let mut people = BTreeMap::new();
        for role in Role::ALL {
            let email = Email::parse(&email(*role)).expect("an address");
            let name = PersonName::parse(role.label()).expect("a name");
            let password = NewPassword::parse("password", PASSWORD).expect("a password");
            desk.create_account(None, email.clone(), name, *role, password).await.expect("an account");
            people.insert(*role, desk.actor_by_email(&email).await.expect("an actor"));
        }
        Self { desk, clock, router: build_router(server.clone()), server, closing, people }
    }

    pub fn actor(&self, role: Role) -> &Actor {
        &self.people[&role]
    }

    /// Somebody who has not signed in.
    pub fn nobody(&self) -> Browser {
        Browser { router: self.router.clone(), cookies: BTreeMap::new(), accept: "text/html,*/*" }
    }

    pub async fn signed_in(&self, role: Role) -> Browser {
        let mut browser = self.nobody();
        let answer = browser.sign_in(&email(role), PASSWORD).await;
        assert_eq!(answer.location(), "/", "signing in as {role}");
        browser
    }

    pub async fn program(&self, role: Role) -> Program {
        let name = TokenName::parse("test").expect("a name");
        let token = self.desk.create_token(self.actor(role), name).await.expect("a token");
        Program { router: self.router.clone(), token: token.secret }
    }

    /// The claims of [`ARTICLE`], in the order of the text.
    pub async fn claims(&self) -> Vec<ClaimId> {
        let program = self.program(Role::Reviewer).await;
        let body = serde_json::json!({ "title": "Shell hits market", "text": ARTICLE, "outlet": "Courier",
            "url": "https://courier.example/market", "published": "2026-03-11" });
        let added = program.post("/articles", &body).await;
        assert!(added.status.is_success(), "{}", added.text);
        let claims = added.json()["article"]["claims"].as_array().expect("claims").clone();
        assert!(claims.len() >= 3, "{claims:#?}");
        claims.iter().map(|claim| claim["id"].as_str().expect("an id").parse().expect("a UUID")).collect()
    }
}

pub fn email(role: Role) -> String {
    format!("{role}@{HOST}")
}

/// An answer, read to its end.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub text: String,
}

impl Answer {
    async fn of(response: Response) -> Self {
        let (parts, body) = response.into_parts();
        let bytes = axum::body::to_bytes(body, usize::MAX).await.expect("a body");
        let text = String::from_utf8(bytes.to_vec()).expect("UTF-8");
        Self { status: parts.status, headers: parts.headers, text }
    }

    pub fn header(&self, name: impl http::header::AsHeaderName) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().expect("visible"))
    }

    /// Where a 303 leads.
    pub fn location(&self) -> &str {
        assert_eq!(self.status, StatusCode::SEE_OTHER, "{}", self.text);
        self.header(LOCATION)
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }

    /// A problem as programs get it: status, type and field.
    pub fn problem(&self) -> (u16, String, String) {
        assert_eq!(self.header(CONTENT_TYPE), "application/problem+json", "{}", self.text);
        let problem = self.json();
        assert_eq!(problem["status"], self.status.as_u16());
        assert!(problem["instance"].as_str().is_some_and(|id| id.starts_with("urn:uuid:")), "{problem}");
        assert!(problem["detail"].as_str().is_some_and(|detail| detail.len() > 10), "{problem}");
        let word = |name: &str| problem[name].as_str().unwrap_or_default().to_owned();
        (self.status.as_u16(), word("type"), word("field"))
    }
}

/// Sends a request as if it came over the network.
pub async fn send(router: &Router, mut request: Request<Body>) -> Response {
    request.extensions_mut().insert(ConnectInfo(SocketAddr::from(([192, 0, 2, 7], 4000))));
    match router.clone().oneshot(request).await {
        Ok(response) => response,
        Err(never) => match never {},
    }
}

/// A person's browser without scripts: it keeps cookies and sends forms.
#[derive(Clone)]
pub struct Browser {
    router: Router,
    pub cookies: BTreeMap<String, String>,
    pub accept: &'static str,
}

impl Browser {
    pub fn request(&self, method: Method, path: &str) -> http::request::Builder {
        let cookies: Vec<String> =
            self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        Request::builder()
            .method(method)
            .uri(path)
            .header("host", HOST)
            .header(ACCEPT, self.accept)
            .header(COOKIE, cookies.join("; "))
    }

    pub async fn send(&mut self, request: Request<Body>) -> Answer {
        let answer = Answer::of(send(&self.router, request).await).await;
        for cookie in answer.headers.get_all(SET_COOKIE) {
            let cookie = cookie.to_str().expect("visible");
            let (name, value) =
                cookie.split(';').next().and_then(|pair| pair.split_once('=')).expect("a cookie");
            if value.is_empty() || cookie.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        answer
    }

    pub async fn get(&mut self, path: &str) -> Answer {
        let request = self.request(Method::GET, path).body(Body::empty()).expect("a request");
        self.send(request).await
    }

    /// Sends a form as a page of ours does.
    pub async fn submit(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let request = self
            .request(Method::POST, path)
            .header("sec-fetch-site", "same-origin")
            .header("origin", format!("https://{HOST}"))
            .header("referer", format!("https://{HOST}/claims"))
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(body.into())
            .expect("a request");
        self.send(request).await
    }

    pub async fn sign_in(&mut self, email: &str, password: &str) -> Answer {
        self.submit("/actions/account/sign-in", &[("email", email), ("password", password)]).await
    }

    /// Opens the stream of live updates.
    pub async fn listen(&mut self) -> Events {
        self.stream(self.request(Method::GET, "/live")).await
    }

    /// Opens it again after a break.
    pub async fn listen_after(&mut self, last: &str) -> Events {
        self.stream(self.request(Method::GET, "/live").header("last-event-id", last)).await
    }

    async fn stream(&self, request: http::request::Builder) -> Events {
        let request = request.body(Body::empty()).expect("a request");
        let response = send(&self.router, request).await;
        assert_eq!(response.status(), StatusCode::OK);
        assert_eq!(response.headers()[CONTENT_TYPE], "text/event-stream");
        Events { body: response.into_body().into_data_stream(), read: String::new() }
    }
}

/// A stream of server-sent events.
pub struct Events {
    body: axum::body::BodyDataStream,
    read: String,
}

impl Events {
    /// Waits until there is more to read.
    pub async fn peek(&mut self) {
        while !self.read.contains("\n\n") {
            let Some(piece) = self.body.next().await else { return };
            self.read += std::str::from_utf8(&piece.expect("a piece")).expect("UTF-8");
        }
    }

    /// Name and data of the next event; `None` at the end.
    pub async fn next(&mut self) -> Option<(String, String)> {
        loop {
            if let Some((event, rest)) = self.read.split_once("\n\n") {
                let line = |name: &str| event.lines().find_map(|line| line.strip_prefix(name)).map(str::trim);
                let found = line("event:")
                    .map(|name| (name.to_owned(), line("data:").unwrap_or_default().to_owned()));
                self.read = rest.to_owned();
                match found {
                    Some(found) => return Some(found),
                    None => continue,
                }
            }
            let piece = tokio::time::timeout(Duration::from_secs(20), self.body.next())
                .await
                .expect("news in time")?;
            self.read += std::str::from_utf8(&piece.expect("a piece")).expect("UTF-8");
        }
    }
}

/// A program with a token.
#[derive(Clone)]
pub struct Program {
    pub router: Router,
    pub token: String,
}

impl Program {
    pub fn request(&self, method: Method, path: &str) -> http::request::Builder {
        Request::builder()
            .method(method)
            .uri(format!("/api/v1{path}"))
            .header("host", HOST)
            .header(AUTHORIZATION, format!("Bearer {}", self.token))
    }

    pub async fn send(&self, request: Request<Body>) -> Answer {
        Answer::of(send(&self.router, request).await).await
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.call(Method::GET, path).await
    }

    pub async fn call(&self, method: Method, path: &str) -> Answer {
        self.send(self.request(method, path).body(Body::empty()).expect("a request")).await
    }

    pub async fn post(&self, path: &str, body: &Value) -> Answer {
        self.send_json(Method::POST, path, body).await
    }

    pub async fn patch(&self, path: &str, body: &Value) -> Answer {
        self.send_json(Method::PATCH, path, body).await
    }

    pub async fn send_json(&self, method: Method, path: &str, body: &Value) -> Answer {
        let request = self.request(method, path).header(CONTENT_TYPE, "application/json");
        self.send(request.body(body.to_string().into()).expect("a request")).await
    }

    pub async fn post_once(&self, path: &str, body: &Value, key: &str) -> Answer {
        let request = self.request(Method::POST, path).header(CONTENT_TYPE, "application/json");
        let request = request.header("idempotency-key", key);
        self.send(request.body(body.to_string().into()).expect("a request")).await
    }
}
