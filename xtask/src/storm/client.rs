//! What the clients do, and what they believe of it.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use crate::application::Application;
use crate::http::{self, Answer};
use crate::postgres::Server;
use crate::shell;

const PASSWORD: &str = "a password for the storm";
/// How long a client tries to have an answer after the storm has passed.
const GRACE: Duration = Duration::from_secs(60);
/// Between two tries of one request.
const PAUSE: Duration = Duration::from_millis(60);

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Role {
    Reviewer,
    Editor,
}

impl Role {
    /// One client in six is an editor.
    pub fn of(number: u32) -> Self {
        if number.is_multiple_of(6) { Self::Editor } else { Self::Reviewer }
    }

    fn word(self) -> &'static str {
        match self {
            Self::Reviewer => "reviewer",
            Self::Editor => "editor",
        }
    }
}

/// A person of the storm.
#[derive(Clone)]
pub struct Account {
    number: u32,
    role: Role,
    email: String,
    token: String,
}

/// Makes the accounts and a token for each. Editors have passwords too: publishing is a form.
pub fn accounts(database: &Server, application: &Application, count: u32) -> Result<Vec<Account>> {
    let mut accounts = Vec::new();
    for number in 0..count {
        let role = Role::of(number);
        let email = format!("storm.{number}@desk.example");
        // Unguessable tokens are for desks that last longer than a minute.
        let token = format!("cd_storm_{number}_{}", std::process::id());
        if role == Role::Editor {
            application.run(
                &["user", "add", &email, "--name", &format!("Storm {number}"), "--role", role.word()],
                &[("CLAIMDESK_PASSWORD", PASSWORD)],
            )?;
        } else {
            database.query(&format!(
                "insert into account (id, email, name, role, password_hash, created_at)
                 values (gen_random_uuid(), '{email}', 'Storm {number}', '{}', 'none', now())",
                role.word()
            ))?;
        }
        database.query(&format!(
            "insert into token (id, account_id, name, sha256, created_at)
             select gen_random_uuid(), id, 'storm', sha256(convert_to('{token}', 'UTF8')), now()
               from account where email = '{email}'"
        ))?;
        accounts.push(Account { number, role, email, token });
    }
    // Larger figures take two people, so that both ways to a settled claim are gone.
    database.query(
        r#"insert into desk_policy (version, body, set_by, set_at, reason)
           select coalesce(max(version), 0) + 1, '{"second_review":{"rules":[{"at_least":50}]}}',
                  (select id from account order by created_at limit 1), now(), 'the storm'
             from desk_policy"#,
    )?;
    Ok(accounts)
}

/// Brings articles in until there are enough claims; gives the claims' ids.
pub fn claims(
    database: &Server,
    address: SocketAddr,
    accounts: &[Account],
    count: u32,
) -> Result<Vec<String>> {
    let first = accounts.first().context("a storm needs clients")?;
    for article in 0..=count {
        let ids = database.query("select id from claim order by id")?;
        let ids: Vec<String> = ids.lines().map(str::to_owned).collect();
        if ids.len() >= count as usize {
            return Ok(ids);
        }
        let sentences: Vec<String> = (1..=10)
            .map(|at| {
                let killed = article * 7 + at * 9;
                format!(
                    "At least {killed} people were killed when shells hit Village {article}-{at} on Tuesday, \
                     the ministry said."
                )
            })
            .collect();
        let body = json!({ "title": format!("Storm report {article}"), "text": sentences.join("\n\n") });
        let answer = api(address, &first.token, "POST", "/articles", Some(&body), None)?;
        if answer.status != 201 {
            bail!("an article was not taken in: {} {}", answer.status, String::from_utf8_lossy(&answer.body));
        }
    }
    bail!("{count} articles do not have {count} claims")
}

/// What all clients share.
pub struct Storm {
    address: SocketAddr,
    claims: Vec<String>,
    began: Instant,
    lasts: Duration,
    takes_two: bool,
    holders: Mutex<HashMap<String, u32>>,
    twice: Mutex<Vec<String>>,
}

impl Storm {
    pub fn new(address: SocketAddr, claims: Vec<String>, lasts: Duration, takes_two: bool) -> Self {
        Self {
            address,
            claims,
            began: Instant::now(),
            lasts,
            takes_two,
            holders: Mutex::default(),
            twice: Mutex::default(),
        }
    }

    pub fn claims(&self) -> usize {
        self.claims.len()
    }

    pub fn elapsed(&self) -> Duration {
        self.began.elapsed()
    }

    /// Sleeps until so long after the beginning.
    pub fn wait_until(&self, after: Duration) -> Result<()> {
        while self.began.elapsed() < after {
            shell::stop_if_interrupted()?;
            thread::sleep(Duration::from_millis(20));
        }
        Ok(())
    }

    fn is_over(&self) -> bool {
        self.began.elapsed() >= self.lasts || shell::was_interrupted()
    }

    /// Claims that two clients have been told, at the same time, that they hold.
    pub fn held_twice(&self) -> Vec<String> {
        lock(&self.twice).clone()
    }

    fn took(&self, claim: &str, client: u32) {
        if lock(&self.holders).insert(claim.to_owned(), client).is_some_and(|other| other != client) {
            lock(&self.twice).push(claim.to_owned());
        }
    }

    /// Said before the request is sent: from then on somebody else may hold it.
    fn lets_go(&self, claim: &str, client: u32) {
        let mut holders = lock(&self.holders);
        if holders.get(claim) == Some(&client) {
            holders.remove(claim);
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What a client has been told.
#[derive(Debug, Default)]
pub struct Believed {
    /// Verdicts that were acknowledged: key and id.
    pub verdicts: Vec<(String, String)>,
    pub evidence: Vec<String>,
    pub published: u64,
    pub reopened: u64,
    /// Disagreements that were decided.
    pub decided: u64,
    /// How long each acknowledged verdict took, from the try that was answered.
    pub latencies: Vec<Duration>,
    pub requests: u64,
    /// Tries that had no answer, or that of a server without a database.
    pub lost: u64,
    /// Answers that no client may get.
    pub unexpected: Vec<String>,
    /// Requests that had no answer long after the storm.
    pub given_up: u64,
}

/// One client at work.
pub struct Client {
    storm: Arc<Storm>,
    account: Account,
    cookie: Option<String>,
    dice: u64,
    keys: u64,
    believed: Believed,
}

impl Client {
    pub fn new(storm: Arc<Storm>, account: Account) -> Self {
        let dice = 0x9E37_79B9_7F4A_7C15_u64.wrapping_mul(u64::from(account.number) + 1) | 1;
        Self { storm, account, cookie: None, dice, keys: 0, believed: Believed::default() }
    }

    pub fn work(mut self) -> Believed {
        while !self.storm.is_over() {
            let roll = self.roll(100);
            match (self.account.role, roll) {
                (Role::Editor, 0..30) => self.reopen_some(),
                (Role::Editor, 30..55) => self.publish_some(),
                (Role::Editor, 55..75) if self.storm.takes_two => self.decide_some(),
                (_, 0..70) => self.take_next(),
                (_, 70..80) => self.take_one(),
                (_, 80..92) => self.add_evidence(),
                _ => self.look(),
            }
        }
        self.believed
    }

    /// Takes what comes next, and judges it or puts it back.
    fn take_next(&mut self) {
        let key = self.key();
        let Some(answer) = self.ask("POST", "/claims/next", Some(&json!({})), Some(&key)) else { return };
        match answer.status {
            200 => {
                let claim = answer.json();
                self.has_taken(&claim);
            }
            204 => {
                // Everything is done: there is more to do for editors.
                if self.account.role == Role::Editor {
                    self.reopen_some();
                } else {
                    thread::sleep(Duration::from_millis(5));
                }
            }
            _ => self.note(&answer, "take the next claim"),
        }
    }

    /// Takes a claim that others may want too.
    fn take_one(&mut self) {
        let claim = self.some_claim();
        let Some(answer) = self.ask("PUT", &format!("/claims/{claim}/lease"), None, None) else { return };
        match answer.status {
            200 => {
                let claim = answer.json();
                self.has_taken(&claim);
            }
            409 => {}
            _ => self.note(&answer, "take a claim"),
        }
    }

    fn has_taken(&mut self, claim: &Value) {
        let (Some(id), Some(version)) = (text(claim, "id"), claim["version"].as_i64()) else {
            self.believed.unexpected.push(format!("a claim without id or version: {claim}"));
            return;
        };
        self.storm.took(&id, self.account.number);
        if self.roll(10) == 0 {
            self.storm.lets_go(&id, self.account.number);
            if let Some(answer) = self.ask("DELETE", &format!("/claims/{id}/lease"), None, None)
                && !matches!(answer.status, 204 | 409)
            {
                self.note(&answer, "release a claim");
            }
            return;
        }
        self.judge(&id, version);
    }

    fn judge(&mut self, id: &str, version: i64) {
        let key = self.key();
        // Two people agree more often than not, and sometimes they do not.
        let rating = ["verified", "verified", "verified", "disputed", "false"][self.roll(5) as usize];
        let body = json!({
            "rating": rating, "rationale": format!("Storm {key}"), "version": version,
            // Kept where the evidence lacks the figure, as it mostly does here.
            "override_reason": "A storm waits for no evidence.",
        });
        self.storm.lets_go(id, self.account.number);
        let path = format!("/claims/{id}/verdicts");
        let Some(answer) = self.ask("POST", &path, Some(&body), Some(&key)) else { return };
        match answer.status {
            201 => match text(&answer.json()["verdict"], "id") {
                Some(verdict) => {
                    self.believed.verdicts.push((key, verdict));
                    self.believed.latencies.push(answer.took);
                }
                None => self.believed.unexpected.push(format!("a verdict without id: {}", answer.json())),
            },
            // Somebody was faster.
            409 => {}
            _ => self.note(&answer, "give a verdict"),
        }
    }

    fn add_evidence(&mut self) {
        let claim = self.some_claim();
        let key = self.key();
        let body = json!({
            "title": format!("Storm {key}"), "stance": "supports",
            "excerpt": "Rescuers counted the dead; the list has twelve names.",
        });
        let path = format!("/claims/{claim}/evidence");
        let Some(answer) = self.ask("POST", &path, Some(&body), Some(&key)) else { return };
        match answer.status {
            201 => self.believed.evidence.extend(text(&answer.json(), "id")),
            409 => {}
            _ => self.note(&answer, "add evidence"),
        }
    }

    fn look(&mut self) {
        let claim = self.some_claim();
        for path in [format!("/claims/{claim}"), "/dashboard".to_owned()] {
            let Some(answer) = self.ask("GET", &path, None, None) else { return };
            if answer.status != 200 {
                self.note(&answer, "look at the desk");
            }
        }
    }

    fn publish_some(&mut self) {
        if let Some((claim, version)) = self.some_in("settled")
            && self.form("/actions/claims/publish", &[("claim", &claim), ("version", &version)])
        {
            self.believed.published += 1;
        }
    }

    /// Decides between two reviewers who disagree.
    fn decide_some(&mut self) {
        if let Some((claim, version)) = self.some_in("disagreed") {
            let fields = [
                ("claim", &*claim),
                ("version", &*version),
                ("rating", "disputed"),
                ("reason", "The+storm+has+seen+both."),
            ];
            if self.form("/actions/claims/adjudicate", &fields) {
                self.believed.decided += 1;
            }
        }
    }

    fn reopen_some(&mut self) {
        let stage = if self.roll(2) == 0 { "settled" } else { "published" };
        if let Some((claim, version)) = self.some_in(stage) {
            let fields = [("claim", &*claim), ("version", &*version), ("reason", "The+storm+goes+on.")];
            if self.form("/actions/claims/reopen", &fields) {
                self.believed.reopened += 1;
            }
        }
    }

    /// One of the first claims in a stage, with its version.
    fn some_in(&mut self, stage: &str) -> Option<(String, String)> {
        let answer = self.ask("GET", &format!("/claims?stage={stage}&limit=50"), None, None)?;
        if answer.status != 200 {
            self.note(&answer, "list claims");
            return None;
        }
        let found = answer.json();
        let claims = found["claims"].as_array()?;
        let claim = claims.get(self.roll(claims.len().max(1) as u64) as usize)?;
        Some((text(claim, "id")?, claim["version"].as_i64()?.to_string()))
    }

    /// Sends a form as a page does. It has no key, so it is not sent again: whether it was done is
    /// not known then.
    fn form(&mut self, path: &str, fields: &[(&str, &str)]) -> bool {
        let Some(cookie) = self.signed_in() else { return false };
        let body: Vec<String> = fields.iter().map(|(name, value)| format!("{name}={value}")).collect();
        self.believed.requests += 1;
        match post(self.storm.address, path, &body.join("&"), Some(&cookie)) {
            Ok(answer) if answer.status == 303 => {
                let to = answer.header("location").unwrap_or_default();
                if to.starts_with("/login") {
                    self.cookie = None;
                }
                to.contains("done=")
            }
            Ok(answer) if is_outage(answer.status) => {
                self.believed.lost += 1;
                false
            }
            Ok(answer) if matches!(answer.status, 409 | 404) => false,
            Ok(answer) => {
                self.believed.unexpected.push(format!("{path}: {}", answer.status));
                false
            }
            Err(_) => {
                self.believed.lost += 1;
                thread::sleep(PAUSE);
                false
            }
        }
    }

    fn signed_in(&mut self) -> Option<String> {
        if self.cookie.is_none() {
            let body = format!("email={}&password={}", self.account.email, PASSWORD.replace(' ', "+"));
            let answer = post(self.storm.address, "/actions/account/sign-in", &body, None).ok()?;
            let cookies = answer.head.lines().filter_map(|line| {
                let (name, value) = line.split_once(':')?;
                name.eq_ignore_ascii_case("set-cookie").then(|| value.trim().split(';').next())?
            });
            self.cookie =
                cookies.into_iter().find(|cookie| cookie.starts_with("claimdesk=")).map(str::to_owned);
        }
        self.cookie.clone()
    }

    /// Sends a request until it is answered, the same one each time: with its key it has its effect
    /// once.
    fn ask(&mut self, method: &str, path: &str, body: Option<&Value>, key: Option<&str>) -> Option<Answered> {
        let patience = self.storm.lasts + GRACE;
        while self.storm.began.elapsed() < patience && !shell::was_interrupted() {
            self.believed.requests += 1;
            let sent = Instant::now();
            match api(self.storm.address, &self.account.token, method, path, body, key) {
                Ok(answer) if !is_outage(answer.status) => {
                    return Some(Answered { answer, took: sent.elapsed() });
                }
                _ => {
                    self.believed.lost += 1;
                    thread::sleep(PAUSE);
                }
            }
        }
        self.believed.given_up += 1;
        None
    }

    fn note(&mut self, answer: &Answer, doing: &str) {
        let words: String = String::from_utf8_lossy(&answer.body).chars().take(300).collect();
        self.believed.unexpected.push(format!("could not {doing}: {} {words}", answer.status));
    }

    fn some_claim(&mut self) -> String {
        let at = self.roll(self.storm.claims.len() as u64) as usize;
        self.storm.claims[at].clone()
    }

    fn key(&mut self) -> String {
        self.keys += 1;
        format!("storm-{}-{}", self.account.number, self.keys)
    }

    fn roll(&mut self, sides: u64) -> u64 {
        self.dice ^= self.dice << 13;
        self.dice ^= self.dice >> 7;
        self.dice ^= self.dice << 17;
        self.dice % sides
    }
}

struct Answered {
    answer: Answer,
    took: Duration,
}

impl std::ops::Deref for Answered {
    type Target = Answer;

    fn deref(&self) -> &Answer {
        &self.answer
    }
}

/// Answers of a server that is without its database, or gave up waiting for it.
fn is_outage(status: u16) -> bool {
    status >= 500
}

fn text(value: &Value, field: &str) -> Option<String> {
    value[field].as_str().map(str::to_owned)
}

fn api(
    address: SocketAddr,
    token: &str,
    method: &str,
    path: &str,
    body: Option<&Value>,
    key: Option<&str>,
) -> std::io::Result<Answer> {
    let bearer = format!("Bearer {token}");
    let mut headers = vec![("Authorization", bearer.as_str())];
    if let Some(key) = key {
        headers.push(("Idempotency-Key", key));
    }
    let body = body.map(Value::to_string);
    if body.is_some() {
        headers.push(("Content-Type", "application/json"));
    }
    http::send(address, method, &format!("/api/v1{path}"), &headers, &body.unwrap_or_default())
}

fn post(address: SocketAddr, path: &str, body: &str, cookie: Option<&str>) -> std::io::Result<Answer> {
    let mut headers = vec![
        ("Accept", "text/html"),
        ("Sec-Fetch-Site", "same-origin"),
        ("Content-Type", "application/x-www-form-urlencoded"),
    ];
    if let Some(cookie) = cookie {
        headers.push(("Cookie", cookie));
    }
    http::send(address, "POST", path, &headers, body)
}
