//! The other subcommands, as whoever runs the machine calls them, and the process from its start to
//! its end.

use crate::harness::root;
use sqlx::{ConnectOptions as _, PgPool};
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, ChildStderr, Command, Output, Stdio};
use std::time::{Duration, Instant};

fn claimdesk(pool: &PgPool, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_claimdesk"));
    command
        .args(arguments)
        .env("DATABASE_URL", pool.connect_options().to_url_lossy().to_string())
        .env_remove("CLAIMDESK_PASSWORD")
        .current_dir(root())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

fn run(pool: &PgPool, arguments: &[&str], input: &str) -> Output {
    let mut child = claimdesk(pool, arguments).spawn().expect("starts");
    child.stdin.take().expect("stdin").write_all(input.as_bytes()).expect("written");
    child.wait_with_output().expect("ends")
}

fn out(output: &Output) -> String {
    let words = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{words}");
    String::from_utf8(output.stdout.clone()).expect("UTF-8")
}

/// What it said, where it failed.
fn refusal(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(1));
    assert!(output.stdout.is_empty());
    String::from_utf8(output.stderr.clone()).expect("UTF-8")
}

#[sqlx::test(migrations = false)]
async fn from_an_empty_database_to_an_export(pool: PgPool) {
    // Whoever runs the tests may let new databases come migrated.
    sqlx::raw_sql("drop schema public cascade; create schema public; grant usage on schema public to public")
        .execute(&pool)
        .await
        .expect("an empty database");
    out(&run(&pool, &["migrate"], ""));
    out(&run(&pool, &["migrate"], ""));

    let made_up =
        out(&run(&pool, &["user", "add", "ada@desk.example", "--name", "Ada", "--role", "admin"], ""));
    assert!(made_up.trim().len() >= 12, "a password: {made_up}");
    let noor = ["user", "add", "noor@desk.example", "--name", "Noor", "--password-stdin"];
    assert_eq!(out(&run(&pool, &noor, "a password of her own\n")), "");
    assert!(refusal(&run(&pool, &noor, "a password of her own\n")).contains("already"));
    let short = ["user", "add", "sam@desk.example", "--name", "Sam", "--password-stdin"];
    assert!(refusal(&run(&pool, &short, "short\n")).contains("12 characters"));
    assert_eq!(
        run(&pool, &["user", "add", "x@desk.example", "--name", "X", "--role", "boss"], "").status.code(),
        Some(2)
    );
    assert_eq!(
        out(&run(&pool, &["user", "list"], "")),
        "ada@desk.example\tadmin\tin use\tAda\nnoor@desk.example\treviewer\tin use\tNoor\n"
    );

    let reset = ["user", "reset-second-factor", "noor@desk.example", "--reason", "lost the phone"];
    assert!(refusal(&run(&pool, &reset, "")).contains("Noor has no second factor"));

    let token =
        out(&run(&pool, &["token", "create", "--for", "noor@desk.example", "--name", "wire feed"], ""));
    assert!(token.starts_with("cd_") && token.trim().len() == 46, "{token}");

    let file = "+++\ntitle = \"From the file\"\noutlet = \"Courier\"\n+++\n\nAt least 12 people were killed, police said.\n";
    let ingest = ["ingest", "-", "--as", "noor@desk.example", "--title", "From the flag"];
    let first = out(&run(&pool, &ingest, file));
    assert_eq!(out(&run(&pool, &ingest, file)), first, "the same text is the same article");
    assert!(refusal(&run(&pool, &["ingest", "--as", "noor@desk.example"], "No head.")).contains("title"));
    assert!(
        refusal(&run(&pool, &["ingest", "https://x.example/", "--as", "noor@desk.example"], ""))
            .contains("not offered")
    );

    let csv = out(&run(&pool, &["export"], ""));
    assert!(csv.contains("From the flag") && csv.contains("Courier"), "{csv}");
    assert_eq!(
        out(&run(&pool, &["export", "--format", "jsonl"], "")).lines().count(),
        csv.lines().count() - 1
    );

    out(&run(&pool, &["user", "disable", "noor@desk.example"], ""));
    assert!(refusal(&run(&pool, &ingest, file)).contains("no such account"));
}

#[sqlx::test(migrations = false)]
async fn sample_data_is_loaded_once(pool: PgPool) {
    out(&run(&pool, &["migrate"], ""));
    out(&run(&pool, &["seed", "--once", "--fill", "30"], ""));
    let claims = out(&run(&pool, &["export", "--format", "jsonl"], "")).lines().count();
    assert!(claims > 130, "{claims}");
    let again = run(&pool, &["seed", "--once", "--fill", "30"], "");
    assert!(String::from_utf8_lossy(&again.stderr).contains("nothing loaded"));
    assert_eq!(out(&run(&pool, &["export", "--format", "jsonl"], "")).lines().count(), claims);
}

/// The tables stay with who migrates; the application works as a role that owns none of them.
#[sqlx::test(migrations = false)]
async fn everything_but_migrating_works_as_a_role_that_owns_nothing(pool: PgPool) {
    let role = "claimdesk_app";
    out(&run(&pool, &["migrate"], ""));
    let unknown = refusal(&run(&pool, &["migrate", "--grant-to", "nobody_of_this_name"], ""));
    assert!(unknown.contains("create role nobody_of_this_name login"), "{unknown}");
    sqlx::query(
        "do $$ begin
             if not exists (select from pg_roles where rolname = 'claimdesk_app') then
                 create role claimdesk_app login;
             end if;
         end $$",
    )
    .execute(&pool)
    .await
    .expect("a role");
    out(&run(&pool, &["migrate", "--grant-to", role], ""));
    let lesser = (*pool.connect_options()).clone().username(role).to_url_lossy().to_string();
    let run_lesser = |arguments: &[&str]| {
        let output = claimdesk(&pool, arguments).env("DATABASE_URL", &lesser).output();
        output.expect("ends")
    };
    out(&run_lesser(&["seed", "--once", "--fill", "30"]));
    assert!(out(&run_lesser(&["export", "--format", "jsonl"])).lines().count() > 130);
    out(&run_lesser(&["user", "add", "ada2@desk.example", "--name", "Ada", "--role", "admin"]));
    assert!(out(&run_lesser(&["history", "head", "--now"])).contains("claimdesk.head/1"));
    out(&run_lesser(&["history", "verify"]));
    assert!(refusal(&run_lesser(&["migrate"])).contains("could not bring the database up to date"));
}

/// A running server, killed where a test ends early.
struct Running {
    child: Child,
    words: BufReader<ChildStderr>,
    address: String,
    site: std::path::PathBuf,
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = std::fs::remove_dir_all(&self.site);
    }
}

fn serve(pool: &PgPool) -> Running {
    let site = std::env::temp_dir().join(format!("claimdesk-site-{}", uuid::Uuid::now_v7()));
    std::fs::create_dir_all(&site).expect("a folder");
    let manifest = r#"{"boot":"/pkg/b.js","client":"/pkg/c.js","wasm":"/pkg/c.wasm","style":"/pkg/s.css"}"#;
    std::fs::write(site.join("manifest.json"), manifest).expect("a manifest");
    let mut child = claimdesk(pool, &["serve", "--address", "127.0.0.1:0"])
        .env("CLAIMDESK_SITE", &site)
        .spawn()
        .expect("starts");
    let mut words = BufReader::new(child.stderr.take().expect("stderr"));
    let mut line = String::new();
    while !line.contains("listening on http://") {
        line.clear();
        assert!(words.read_line(&mut line).expect("a line") > 0, "it ended");
    }
    let address =
        line.split("http://").nth(1).and_then(|rest| rest.split_whitespace().next()).expect("an address");
    Running { child, words, address: address.to_owned(), site }
}

fn ask(running: &Running, request: &str) -> TcpStream {
    let mut stream = TcpStream::connect(&running.address).expect("connected");
    stream.set_read_timeout(Some(Duration::from_secs(10))).expect("set");
    stream.write_all(request.replace("HOST", &running.address).as_bytes()).expect("sent");
    stream
}

fn read_until(stream: &mut TcpStream, wanted: &str) -> String {
    let mut read = Vec::new();
    let mut piece = [0; 4096];
    while !String::from_utf8_lossy(&read).contains(wanted) {
        let count = stream.read(&mut piece).expect("an answer in time");
        assert!(count > 0, "no {wanted} in {}", String::from_utf8_lossy(&read));
        read.extend_from_slice(&piece[..count]);
    }
    String::from_utf8_lossy(&read).into_owned()
}

#[sqlx::test(migrations = false)]
async fn a_server_that_is_told_to_end_ends_also_with_pages_open(pool: PgPool) {
    out(&run(&pool, &["migrate"], ""));
    out(&run(
        &pool,
        &["user", "add", "noor@desk.example", "--name", "Noor", "--password-stdin"],
        "a password of her own\n",
    ));
    let mut running = serve(&pool);
    read_until(&mut ask(&running, "GET /health/ready HTTP/1.1\r\nHost: HOST\r\n\r\n"), "ready\n");

    let form = "email=noor%40desk.example&password=a+password+of+her+own";
    let sign_in = format!(
        "POST /actions/account/sign-in HTTP/1.1\r\nHost: HOST\r\nContent-Type: application/x-www-form-urlencoded\r\n\
         Content-Length: {}\r\n\r\n{form}",
        form.len()
    );
    let answer = read_until(&mut ask(&running, &sign_in), "\r\n\r\n");
    assert!(answer.starts_with("HTTP/1.1 303"), "{answer}");
    let cookie = answer
        .split("set-cookie: claimdesk=")
        .nth(1)
        .and_then(|rest| rest.split(';').next())
        .expect("a cookie");
    assert!(!answer.contains("; Secure"), "the address is this machine's: {answer}");

    let live = format!("GET /live HTTP/1.1\r\nHost: HOST\r\nCookie: claimdesk={cookie}\r\n\r\n");
    let mut live = ask(&running, &live);
    read_until(&mut live, "event: open");

    let started = Instant::now();
    let id = running.child.id().to_string();
    assert!(Command::new("kill").args(["-TERM", &id]).status().expect("sent").success());
    let status = running.child.wait().expect("ended");
    assert!(
        status.success() && started.elapsed() < Duration::from_secs(5),
        "{status} after {:?}",
        started.elapsed()
    );
    let mut log = String::new();
    running.words.read_to_string(&mut log).expect("the rest of the log");
    assert!(
        !log.contains("a password of her own") && !log.contains("noor@") && !log.contains(cookie),
        "{log}"
    );
}

#[sqlx::test(migrations = false)]
async fn a_server_without_a_bundle_names_the_fix(pool: PgPool) {
    let output = claimdesk(&pool, &["serve", "--address", "127.0.0.1:0", "--site", "/no/such/folder"])
        .output()
        .expect("ends");
    assert!(refusal(&output).contains("cargo xtask bundle"));
}
