//! Mail, handed to a mail server over TCP in the protocol's own words.

use crate::harness::{HOST, World, email, settings};
use chrono::TimeDelta;
use desk::Choices;
use domain::notification::{Channel, Level, Occasion};
use domain::policy::Role;
use http::{Method, StatusCode};
use serde_json::json;
use server::http::Settings;
use server::mail::{Mailer, deliver};
use sqlx::PgPool;
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// How the mail server behaves.
#[derive(Clone, Copy, PartialEq)]
enum Mood {
    Takes,
    /// "451": not now.
    Busy,
    /// "550": never.
    Refuses,
    /// Takes the mail and is gone before it says so.
    Dies,
}

/// Envelope and text of a mail.
type Mailed = (Vec<String>, String);

/// A mail server that says as little as it may, and keeps what it is told.
#[derive(Clone)]
struct Postmaster {
    address: String,
    mood: Arc<Mutex<Mood>>,
    /// Each mail that was taken.
    taken: Arc<Mutex<Vec<Mailed>>>,
}

impl Postmaster {
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = format!("smtp://{}", listener.local_addr().expect("an address"));
        let master = Self { address, mood: Arc::new(Mutex::new(Mood::Takes)), taken: Arc::default() };
        let serving = master.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let serving = serving.clone();
                tokio::spawn(async move { serving.talk(stream).await });
            }
        });
        master
    }

    async fn talk(&self, stream: TcpStream) -> Option<()> {
        let (read, mut write) = stream.into_split();
        let mut lines = BufReader::new(read).lines();
        write.write_all(b"220 postmaster.example ESMTP\r\n").await.ok()?;
        let mut envelope = Vec::new();
        while let Some(line) = lines.next_line().await.ok()? {
            let mood = *self.mood.lock().expect("a mood");
            let answer = match line.split([' ', ':']).next().unwrap_or_default().to_ascii_uppercase().as_str()
            {
                "EHLO" | "HELO" => "250-postmaster.example\r\n250 8BITMIME",
                "MAIL" => {
                    envelope = vec![line];
                    "250 ok"
                }
                "RCPT" if mood == Mood::Refuses => "550 5.1.1 no such mailbox",
                "RCPT" if mood == Mood::Busy => "451 4.3.0 come back later",
                "RCPT" => {
                    envelope.push(line);
                    "250 ok"
                }
                "DATA" => {
                    write.write_all(b"354 go ahead\r\n").await.ok()?;
                    let mut text = String::new();
                    while let Some(line) = lines.next_line().await.ok()? {
                        if line == "." {
                            break;
                        }
                        text.push_str(line.strip_prefix('.').unwrap_or(&line));
                        text.push('\n');
                    }
                    self.taken.lock().expect("mails").push((std::mem::take(&mut envelope), text));
                    if mood == Mood::Dies {
                        return None;
                    }
                    "250 taken"
                }
                "QUIT" => {
                    write.write_all(b"221 bye\r\n").await.ok()?;
                    return None;
                }
                _ => "250 ok",
            };
            write.write_all(format!("{answer}\r\n").as_bytes()).await.ok()?;
        }
        Some(())
    }

    fn is(&self, mood: Mood) {
        *self.mood.lock().expect("a mood") = mood;
    }

    fn taken(&self) -> Vec<(Vec<String>, String)> {
        self.taken.lock().expect("mails").clone()
    }

    fn mailer(&self) -> Mailer {
        let url = format!("https://{HOST}/").parse().expect("a URL");
        Mailer::new(&self.address, "The desk <desk@desk.example>", &url).expect("a mailer")
    }
}

/// A reviewer calls the editor, and a minute passes.
async fn call(world: &World, claim: domain::id::ClaimId, text: &str) {
    let said = json!({ "text": text });
    let made = world.program(Role::Reviewer).await.post(&format!("/claims/{claim}/comments"), &said).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text);
    world.clock.advance(TimeDelta::seconds(61));
}

fn with_mail() -> Settings {
    Settings { sends_mail: true, ..settings() }
}

/// The text of a mail's first part, its lines joined again.
fn decoded(mail: &str) -> String {
    mail.replace("=\n", "").replace("=E2=80=9C", "“").replace("=E2=80=9D", "”").replace("=3D", "=")
}

fn headed(mail: &str, name: &str) -> String {
    let head = mail.split("\n\n").next().unwrap_or_default().replace("\n ", " ");
    let line = head.lines().find(|line| line.to_ascii_lowercase().starts_with(&format!("{name}:")));
    line.map(|line| line[name.len() + 1..].trim().to_owned()).unwrap_or_default()
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn what_was_not_read_is_one_mail_for_each_person_and_says_no_rating(pool: PgPool) {
    let world = World::with(pool, with_mail()).await;
    let claims = world.claims().await;
    let (post, reviewer) = (Postmaster::start().await, world.program(Role::Reviewer).await);
    let mailer = post.mailer();
    let editor = world.actor(Role::Editor);
    world.desk.follow(editor, claims[0], Level::Watching).await.expect("a watch");
    let by_mail = Choices { channels: vec![(Occasion::Verdict, Channel::Mail)], hour: 6 };
    world.desk.choose(editor, &by_mail).await.expect("a choice");
    let said = json!({ "text": "@editor, who counted?" });
    reviewer.post(&format!("/claims/{}/comments", claims[0]), &said).await;
    assert_eq!(deliver(&world.desk, &mailer).await.expect("a round"), 0, "a minute to gather");
    reviewer.post(&format!("/claims/{}/comments", claims[0]), &said).await;
    let verdict = json!({ "rating": "false", "rationale": "Nobody was there.", "version": 1 });
    let given = reviewer.post(&format!("/claims/{}/verdicts", claims[0]), &verdict).await;
    assert_eq!(given.status, StatusCode::CREATED, "{}", given.text);
    call(&world, claims[1], "@editor and <b>this</b>?").await;
    assert_eq!(deliver(&world.desk, &mailer).await.expect("a round"), 1);
    assert_eq!(deliver(&world.desk, &mailer).await.expect("a round"), 0, "and no second one");
    let taken = post.taken();
    let (envelope, mail) = &taken[0];
    assert!(envelope[0].starts_with("MAIL FROM:<desk@desk.example>"), "{envelope:?}");
    assert!(envelope[1].starts_with(&format!("RCPT TO:<{}>", email(Role::Editor))), "{envelope:?}");
    assert_eq!(headed(mail, "subject"), "News of 2 claims");
    assert_eq!(headed(mail, "list-unsubscribe-post"), "List-Unsubscribe=One-Click");
    assert_eq!(headed(mail, "auto-submitted"), "auto-generated");
    assert!(
        mail.contains("multipart/alternative") && mail.contains("text/plain") && mail.contains("text/html")
    );
    let text = decoded(mail);
    assert!(text.contains("2 mentions, the last by reviewer"), "{text}");
    assert!(text.contains("reviewer gave a verdict"), "{text}");
    assert!(text.contains(&format!("https://{HOST}/claims/{}#comment-", claims[1])), "{text}");
    assert!(!text.to_lowercase().contains("false") && !text.contains("Nobody was there"), "{text}");
    assert!(!text.contains("who counted"), "what is said stays in the app");
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn what_was_read_in_the_app_is_not_mailed(pool: PgPool) {
    let world = World::with(pool, with_mail()).await;
    let claim = world.claims().await[0];
    let post = Postmaster::start().await;
    call(&world, claim, "@editor?").await;
    world.signed_in(Role::Editor).await.get(&format!("/claims/{claim}")).await;
    assert_eq!(deliver(&world.desk, &post.mailer()).await.expect("a round"), 0);
    assert!(post.taken().is_empty());
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_mail_is_tried_again_until_it_is_taken_and_then_is_gone(pool: PgPool) {
    let world = World::with(pool.clone(), with_mail()).await;
    let claim = world.claims().await[0];
    let post = Postmaster::start().await;
    let mailer = post.mailer();
    call(&world, claim, "@editor?").await;
    post.is(Mood::Busy);
    assert_eq!(deliver(&world.desk, &mailer).await.expect("a round"), 0);
    assert_eq!(deliver(&world.desk, &mailer).await.expect("a round"), 0, "not at once");
    let outbox = world.desk.outbox(world.actor(Role::Admin)).await.expect("an outbox");
    assert_eq!((outbox.waiting, outbox.failed[0].attempts), (1, 1));
    assert!(outbox.failed[0].failed.contains("come back later"), "{}", outbox.failed[0].failed);
    // The server takes it and the connection breaks before it can say so: the one case where a
    // mail goes out again, as the same mail.
    world.clock.advance(TimeDelta::seconds(61));
    post.is(Mood::Dies);
    assert_eq!(deliver(&world.desk, &mailer).await.expect("a round"), 0);
    world.clock.advance(TimeDelta::minutes(3));
    post.is(Mood::Takes);
    assert_eq!(deliver(&world.desk, &mailer).await.expect("a round"), 1);
    let taken = post.taken();
    assert_eq!(taken.len(), 2);
    assert_eq!(headed(&taken[0].1, "message-id"), headed(&taken[1].1, "message-id"));
    assert_eq!(headed(&taken[0].1, "date"), headed(&taken[1].1, "date"));
    let left: i64 = sqlx::query_scalar("select count(*) from mail").fetch_one(&pool).await.expect("a count");
    assert_eq!(left, 0);
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_mail_that_is_refused_is_given_up_and_admins_see_why(pool: PgPool) {
    let world = World::with(pool, with_mail()).await;
    let claim = world.claims().await[0];
    let post = Postmaster::start().await;
    let mailer = post.mailer();
    call(&world, claim, "@editor?").await;
    post.is(Mood::Refuses);
    assert_eq!(deliver(&world.desk, &mailer).await.expect("a round"), 0);
    world.clock.advance(TimeDelta::days(2));
    assert_eq!(deliver(&world.desk, &mailer).await.expect("a round"), 0, "never by itself");
    let mut admin = world.signed_in(Role::Admin).await;
    let page = admin.get("/admin/mail").await.text;
    assert!(page.contains("no such mailbox") && page.contains("given up"), "{page}");
    let id = world.desk.outbox(world.actor(Role::Admin)).await.expect("an outbox").failed[0].id.to_string();
    post.is(Mood::Takes);
    assert_eq!(
        admin.submit("/actions/mail/again", &[("mail", &id)]).await.location(),
        "/admin/mail?done=mail_tried_again"
    );
    assert_eq!(deliver(&world.desk, &mailer).await.expect("a round"), 1);
    assert!(admin.get("/admin/mail").await.text.contains("No mail has failed"));
    assert_eq!(admin.submit("/actions/mail/drop", &[("mail", &id)]).await.status, StatusCode::NOT_FOUND);
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn two_workers_send_each_mail_once(pool: PgPool) {
    let world = World::with(pool, with_mail()).await;
    let claims = world.claims().await;
    let post = Postmaster::start().await;
    for claim in &claims[..2] {
        call(&world, *claim, "@editor @admin @viewer?").await;
    }
    let (one, other) = (post.mailer(), post.mailer());
    let second = world.desk.clone();
    let (first, second) = tokio::join!(deliver(&world.desk, &one), deliver(&second, &other));
    let sent = first.expect("a round") + second.expect("a round");
    let rest = deliver(&world.desk, &one).await.expect("a round");
    let taken = post.taken();
    let mut to: Vec<_> = taken.iter().map(|(envelope, _)| envelope[1].clone()).collect();
    to.sort();
    assert_eq!((sent + rest, to.len()), (3, 3), "{to:?}");
    to.dedup();
    assert_eq!(to.len(), 3, "each person once");
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn one_click_stops_all_mail_without_signing_in(pool: PgPool) {
    let world = World::with(pool, with_mail()).await;
    let claim = world.claims().await[0];
    let post = Postmaster::start().await;
    call(&world, claim, "@editor?").await;
    deliver(&world.desk, &post.mailer()).await.expect("a round");
    let link = headed(&post.taken()[0].1, "list-unsubscribe");
    let path =
        link.trim_matches(['<', '>']).strip_prefix(&format!("https://{HOST}")).expect("ours").to_owned();
    let mut nobody = world.nobody();
    // A visit changes nothing: programs look at links.
    let asked = nobody.get(&path).await;
    assert!(
        asked.status == 200 && asked.text.contains("<button class=\"btn go\">Stop all mail</button>"),
        "{}",
        asked.text
    );
    let is_mailed = || async {
        let choices = world.desk.choices(world.actor(Role::Editor)).await.expect("choices");
        choices.channels.iter().any(|(_, channel)| matches!(channel.word(), "mail" | "digest"))
    };
    assert!(is_mailed().await);
    // As mail programs send it: from nowhere, without a cookie.
    let click = http::Request::builder()
        .method(Method::POST)
        .uri(&path)
        .header("host", HOST)
        .header("content-type", "application/x-www-form-urlencoded")
        .body("List-Unsubscribe=One-Click".into())
        .expect("a request");
    assert_eq!(nobody.send(click).await.status, 200);
    assert!(!is_mailed().await);
    call(&world, claim, "@editor, again?").await;
    assert_eq!(deliver(&world.desk, &post.mailer()).await.expect("a round"), 0);
    assert!(world.signed_in(Role::Editor).await.get("/").await.text.contains("Notifications, 1 unread"));
    // Somebody else's, or a made-up one, stops nothing.
    let forged = format!("{}A", &path[..path.len() - 1]);
    for bad in [forged.as_str(), "/unsubscribe/x", "/unsubscribe/%ff"] {
        if bad != path {
            assert_eq!(nobody.get(bad).await.status, StatusCode::NOT_FOUND, "{bad}");
        }
    }
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn without_a_mail_server_nothing_piles_up(pool: PgPool) {
    let world = World::new(pool.clone()).await;
    let claim = world.claims().await[0];
    call(&world, claim, "@editor?").await;
    world.desk.sweep().await.expect("a sweep");
    let count = async |query: &'static str| -> i64 {
        sqlx::query_scalar(query).fetch_one(&pool).await.expect("a count")
    };
    assert_eq!(count("select count(*) from mail").await, 0);
    // A mail server that is set later does not send what is long past.
    world.clock.advance(TimeDelta::days(1));
    let post = Postmaster::start().await;
    assert_eq!(deliver(&world.desk, &post.mailer()).await.expect("a round"), 0);
    world.desk.sweep().await.expect("a sweep");
    assert_eq!(count("select count(*) from notification_part where mail_due is not null").await, 0);
    assert!(
        world
            .signed_in(Role::Editor)
            .await
            .get("/account")
            .await
            .text
            .contains("This desk sends no mail at present")
    );
}
