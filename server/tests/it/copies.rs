//! Copies of evidence, from the form to the disk and back to a browser that must not run them.

use crate::harness::{Answer, Browser, HOST, World, root, send, settings};
use app::request::Assets;
use axum::body::{Body, Bytes};
use desk::Files;
use domain::copy::MAX_BYTES;
use domain::id::ClaimId;
use domain::policy::Role;
use futures_util::stream;
use http::header::{
    CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_SECURITY_POLICY,
    CONTENT_TYPE, ETAG,
};
use http::{Method, StatusCode};
use serde_json::{Value, json};
use server::http::{COPY_FORM, Server, build_router};
use sqlx::{ConnectOptions as _, PgPool};
use std::path::PathBuf;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

const PDF: &[u8] = b"%PDF-1.7\nTwelve names.\n%%EOF\n";
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0";
const PAGE: &[u8] = b"<!DOCTYPE html><title>List</title><script>alert(document.cookie)</script>";
const SVG: &[u8] = b"<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>";

/// A claim with one piece of evidence, and a folder for copies.
struct Scene {
    world: World,
    folder: PathBuf,
    claim: ClaimId,
    evidence: String,
}

impl Drop for Scene {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

impl Scene {
    async fn new(pool: PgPool) -> Self {
        let name = format!("claimdesk-server-copies-{}", uuid::Uuid::now_v7());
        Self::in_folder(pool, std::env::temp_dir().join(name)).await
    }

    async fn in_folder(pool: PgPool, folder: PathBuf) -> Self {
        let mut world = World::new(pool).await;
        world.desk = world.desk.clone().with_files(Files::in_folder(folder.clone()));
        let assets = Assets { boot: "".into(), client: "".into(), wasm: "".into(), style: "".into() };
        world.server = Server::new(world.desk.clone(), settings(), assets, world.closing.clone());
        world.router = build_router(world.server.clone());
        let claim = world.claims().await[0];
        let program = world.program(Role::Reviewer).await;
        let body = json!({ "title": "Hospital list", "excerpt": "Twelve names.", "stance": "supports" });
        let added = program.post(&format!("/claims/{claim}/evidence"), &body).await;
        let evidence = added.json()["id"].as_str().expect("an id").to_owned();
        Self { world, folder, claim, evidence }
    }

    /// Sends the form with a file, as a browser does.
    async fn attach(&self, browser: &mut Browser, name: &str, declared: &str, content: &[u8]) -> Answer {
        let fields = [("claim", self.claim.to_string()), ("evidence_id", self.evidence.clone())];
        let fields = fields.each_ref().map(|(name, value)| (*name, value.as_str()));
        submit(browser, &fields, Some((name, declared, content))).await
    }

    /// The copies of the evidence, oldest first.
    async fn copies(&self) -> Vec<Value> {
        let program = self.world.program(Role::Viewer).await;
        let listed = program.get(&format!("/evidence/{}/copies", self.evidence)).await;
        listed.json().as_array().expect("copies").clone()
    }

    async fn newest(&self) -> Value {
        self.copies().await.pop().expect("a copy")
    }

    async fn address(&self) -> String {
        format!("/copies/{}/content", self.newest().await["id"].as_str().expect("an id"))
    }

    /// Changes one bit of the newest copy on the disk.
    async fn flip_a_bit(&self) {
        let sha256 = self.newest().await["sha256"].as_str().expect("a hash").to_owned();
        let file = self.folder.join("sha256").join(&sha256[..2]).join(&sha256[2..4]).join(&sha256);
        let mut content = std::fs::read(&file).expect("content");
        content[10] ^= 1;
        std::fs::write(&file, content).expect("written");
    }
}

fn multipart(fields: &[(&str, &str)], file: Option<(&str, &str, &[u8])>) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, value) in fields {
        body.extend(
            format!("--x\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").bytes(),
        );
    }
    let (name, declared, content) = file.unwrap_or(("", "application/octet-stream", b""));
    let head = format!(
        "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\nContent-Type: {declared}\r\n\r\n"
    );
    body.extend(head.bytes());
    body.extend(content);
    body.extend(b"\r\n--x--\r\n");
    body
}

async fn submit(browser: &mut Browser, fields: &[(&str, &str)], file: Option<(&str, &str, &[u8])>) -> Answer {
    let body = Body::from(multipart(fields, file));
    browser.send(form(browser, body)).await
}

fn form(browser: &Browser, body: Body) -> http::Request<Body> {
    browser
        .request(Method::POST, COPY_FORM)
        .header("sec-fetch-site", "same-origin")
        .header("origin", format!("https://{HOST}"))
        .header(CONTENT_TYPE, "multipart/form-data; boundary=x")
        .body(body)
        .expect("a request")
}

/// Content that need not be text.
async fn content(scene: &Scene, browser: &Browser, path: &str) -> (http::response::Parts, Bytes) {
    let request = browser.request(Method::GET, path).header("accept-encoding", "br, gzip");
    let response = send(&scene.world.router, request.body(Body::empty()).expect("a request")).await;
    let (parts, body) = response.into_parts();
    (parts, axum::body::to_bytes(body, usize::MAX).await.expect("content"))
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn what_content_is_decides_how_it_is_sent_and_never_what_it_was_sent_as(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let mut browser = scene.world.signed_in(Role::Reviewer).await;
    for (name, declared, sent, kind, how) in [
        ("list.html", "text/html", PAGE, "text/plain; charset=utf-8", "inline; filename=\"list.html.txt\""),
        (
            "list.png",
            "image/png",
            b"<html><script>alert(2)</script>".as_slice(),
            "text/plain; charset=utf-8",
            "inline; filename=\"list.png.html.txt\"",
        ),
        ("map.svg", "image/svg+xml", SVG, "text/plain; charset=utf-8", "inline; filename=\"map.svg.txt\""),
        (
            "a.js",
            "text/javascript",
            b"alert(1)",
            "text/plain; charset=utf-8",
            "inline; filename=\"a.js.txt\"",
        ),
        ("photo.html", "text/html", PNG, "image/png", "inline; filename=\"photo.html.png\""),
        ("list.png", "image/png", PDF, "application/pdf", "attachment; filename=\"list.png.pdf\""),
        (
            "old.txt",
            "text/html; charset=utf-7",
            b"\xcf\xf0\xe8\xe2\xe5\xf2",
            "text/plain",
            "inline; filename=\"old.txt\"",
        ),
    ] {
        let answer = scene.attach(&mut browser, name, declared, sent).await;
        assert!(answer.location().contains("done=copy_added"), "{name}: {}", answer.location());
        let path = scene.address().await;
        let (parts, got) = content(&scene, &browser, &path).await;
        let header =
            |header: &str| parts.headers.get(header).map_or("", |value| value.to_str().expect("visible"));
        assert_eq!((parts.status, &got[..]), (StatusCode::OK, sent), "{name}");
        assert_eq!(header(CONTENT_TYPE.as_str()), kind, "{name}");
        assert!(
            header(CONTENT_DISPOSITION.as_str()).starts_with(how),
            "{name}: {}",
            header("content-disposition")
        );
        assert_eq!(
            header(CONTENT_SECURITY_POLICY.as_str()),
            "sandbox; default-src 'none'; frame-ancestors 'none'"
        );
        assert_eq!(header("x-content-type-options"), "nosniff");
        assert_eq!(header("cross-origin-resource-policy"), "same-origin");
        assert_eq!(header(CACHE_CONTROL.as_str()), "private, max-age=31536000, immutable");
        assert_eq!(header(CONTENT_LENGTH.as_str()), sent.len().to_string());
        assert_eq!(header(CONTENT_ENCODING.as_str()), "", "{name}: it arrives as it is kept");
        let (parts, _) = content(&scene, &browser, &format!("{path}?save=1")).await;
        assert!(parts.headers[CONTENT_DISPOSITION].to_str().expect("visible").starts_with("attachment; "));
    }
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn who_has_a_copy_is_not_sent_it_again(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let mut browser = scene.world.signed_in(Role::Reviewer).await;
    scene.attach(&mut browser, "Список \"12\".pdf", "application/pdf", PDF).await;
    let path = scene.address().await;
    let first = browser.get(&path).await;
    let tag = format!("\"{}\"", scene.newest().await["sha256"].as_str().expect("a hash"));
    assert_eq!(first.header(ETAG), tag);
    let request = browser.request(Method::GET, &path).header("if-none-match", format!("\"x\", {tag}"));
    let again = browser.send(request.body(Body::empty()).expect("a request")).await;
    assert_eq!((again.status, again.text.as_str()), (StatusCode::NOT_MODIFIED, ""));
    let mut guest = scene.world.signed_in(Role::Viewer).await;
    assert_eq!(guest.get(&path).await.status, StatusCode::OK);
    assert!(scene.world.nobody().get(&path).await.location().starts_with("/login"));
    for nowhere in ["/copies/x/content", "/copies/01934f6e-0000-7000-8000-000000000000/content"] {
        assert_eq!(guest.get(nowhere).await.status, StatusCode::NOT_FOUND);
    }
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn what_was_typed_comes_back_with_a_file_that_was_refused(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let mut browser = scene.world.signed_in(Role::Reviewer).await;
    let (claim, evidence) = (scene.claim.to_string(), scene.evidence.clone());
    let typed = [
        ("claim", claim.as_str()),
        ("evidence_id", &evidence),
        ("address", "https://hospital.example/list"),
        ("captured_at", "2026-03-11T08:00"),
        ("text", "Twelve names,\r\none < two."),
    ];
    let refused = submit(&mut browser, &typed, Some(("a.zip", "image/png", b"PK\x03\x04\x14\0\0\0"))).await;
    assert_eq!(refused.location(), format!("/claims/{claim}#copies-{evidence}"));
    let page = browser.get(&format!("/claims/{claim}")).await.text;
    assert!(page.contains("it seems to be application/zip"), "{page}");
    assert!(
        page.contains("Twelve names,\r\none &lt; two.") || page.contains("Twelve names,\none &lt; two."),
        "{page}"
    );
    assert!(
        page.contains("value=\"2026-03-11T08:00\"")
            && page.contains("value=\"https://hospital.example/list\"")
    );
    assert!(scene.copies().await.is_empty());
    // Each field that can be wrong says so itself.
    for (name, value, field) in [
        ("address", "javascript:alert(1)", "address"),
        ("captured_at", "2027-01-01T00:00", "captured_at"),
        ("captured_at", "soon", "captured_at"),
        ("text", "nul\0", "text"),
        ("text", "", "file"),
    ] {
        let changed = typed.map(|(typed, was)| (typed, if typed == name { value } else { was }));
        submit(&mut browser, &changed, None).await;
        let draft =
            scene.world.desk.draft(scene.world.actor(Role::Reviewer), &format!("copy:{evidence}")).await;
        assert_eq!(draft.expect("a draft")["!field"], field, "{name} {value:?}");
    }
    assert!(scene.copies().await.is_empty());
    let done = submit(&mut browser, &typed, Some(("list.pdf", "", PDF))).await;
    assert!(done.location().contains("done=copy_added"));
    let copies = scene.copies().await;
    assert_eq!(
        copies.iter().map(|copy| copy["media_type"].as_str()).collect::<Vec<_>>(),
        [Some("application/pdf"), Some("text/plain")]
    );
    assert_eq!(copies[1]["bytes"], "Twelve names,\none < two.".len());
    assert_eq!(
        (&copies[0]["captured_at"], &copies[0]["name"]),
        (&json!("2026-03-11T08:00:00Z"), &json!("list.pdf"))
    );
    let again = submit(&mut browser, &typed, Some(("other.pdf", "", PDF))).await;
    assert!(again.location().contains("done=copy_known"));
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn what_was_typed_waits_where_nothing_can_be_kept(pool: PgPool) {
    let scene = Scene::in_folder(pool, "/dev/null/copies".into()).await;
    let mut browser = scene.world.signed_in(Role::Reviewer).await;
    let (claim, evidence) = (scene.claim.to_string(), scene.evidence.clone());
    let typed = [("claim", claim.as_str()), ("evidence_id", &evidence), ("text", "Twelve names.")];
    let refused = submit(&mut browser, &typed, Some(("a.pdf", "", PDF))).await;
    assert_eq!(refused.location(), format!("/claims/{claim}#copies-{evidence}"));
    let page = browser.get(&format!("/claims/{claim}")).await.text;
    assert!(
        page.contains("The store of copies cannot be reached.") && page.contains("Twelve names."),
        "{page}"
    );
    let program = scene.world.program(Role::Reviewer).await;
    let request = program.request(Method::POST, &format!("/evidence/{evidence}/copies"));
    let refused = program.send(request.body(Body::from(PDF)).expect("a request")).await;
    assert_eq!(refused.problem().0, 503);
    assert!(scene.copies().await.is_empty());
}

/// A piece of a body that says when it is let go.
struct Piece(Vec<u8>, Arc<AtomicUsize>);

impl AsRef<[u8]> for Piece {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

impl Drop for Piece {
    fn drop(&mut self) {
        self.1.fetch_sub(self.0.len(), Ordering::Relaxed);
    }
}

/// A body of `length` bytes of text between a head and an end, made while it is read; the two
/// counters hold what is held of it now, and the most that ever was.
fn long(head: Vec<u8>, length: u64, end: &'static [u8]) -> (Body, Arc<AtomicUsize>) {
    const SIZE: u64 = 64 << 10;
    let (held, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let told = most.clone();
    let middle = (0..length.div_ceil(SIZE)).map(move |at| {
        let size = usize::try_from(SIZE.min(length - at * SIZE)).expect("a size");
        let now = held.fetch_add(size, Ordering::Relaxed) + size;
        told.fetch_max(now, Ordering::Relaxed);
        Bytes::from_owner(Piece(vec![b'x'; size], held.clone()))
    });
    let pieces = std::iter::once(Bytes::from(head)).chain(middle).chain([Bytes::from_static(end)]);
    (Body::from_stream(stream::iter(pieces.map(Ok::<_, std::io::Error>))), most)
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_file_is_passed_on_as_it_comes_and_may_have_25_megabytes(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let mut browser = scene.world.signed_in(Role::Reviewer).await;
    let program = scene.world.program(Role::Reviewer).await;
    let fields = [("claim", scene.claim.to_string()), ("evidence_id", scene.evidence.clone())];
    let fields = fields.each_ref().map(|(name, value)| (*name, value.as_str()));
    let head = || {
        let mut form = multipart(&fields, Some(("long.txt", "text/plain", b"")));
        form.truncate(form.len() - b"\r\n--x--\r\n".len());
        form
    };
    let (body, most_held) = long(head(), MAX_BYTES + 1, b"\r\n--x--\r\n");
    let refused = browser.send(form(&browser, body)).await;
    assert!(refused.location().ends_with(&format!("#copies-{}", scene.evidence)));
    let draft =
        scene.world.desk.draft(scene.world.actor(Role::Reviewer), &format!("copy:{}", scene.evidence)).await;
    let draft = draft.expect("a draft");
    assert_eq!(draft["!field"], "file");
    assert!(draft["!words"].contains("the most is 25 MB"), "{}", draft["!words"]);
    assert!(most_held.load(Ordering::Relaxed) <= 1 << 20, "{most_held:?} bytes were held");

    let api = format!("/evidence/{}/copies", scene.evidence);
    let (body, _) = long(Vec::new(), MAX_BYTES + 1, b"");
    let refused = program.send(program.request(Method::POST, &api).body(body).expect("a request")).await;
    assert_eq!(refused.problem(), (413, "/problems/too_large".into(), "body".into()));
    let (body, most_held) = long(Vec::new(), MAX_BYTES, b"");
    let kept = program.send(program.request(Method::POST, &api).body(body).expect("a request")).await;
    assert_eq!((kept.status, &kept.json()["bytes"]), (StatusCode::CREATED, &json!(MAX_BYTES)));
    assert!(most_held.load(Ordering::Relaxed) <= 1 << 20, "{most_held:?} bytes were held");
    // What does not end is cut off.
    let (body, _) = long(Vec::new(), 4 * MAX_BYTES, b"");
    let refused = program.send(program.request(Method::POST, &api).body(body).expect("a request")).await;
    assert_eq!(refused.problem().0, 413);
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn programs_keep_copies_and_verify_them(pool: PgPool) {
    let scene = Scene::new(pool.clone()).await;
    let program = scene.world.program(Role::Reviewer).await;
    let path = format!(
        "/evidence/{}/copies?address=https://hospital.example/list&captured_at=2026-03-11T08:00:00Z",
        scene.evidence
    );
    let keep = async |path: &str, content: &'static [u8], key: &str| {
        let request = program
            .request(Method::POST, path)
            .header(CONTENT_TYPE, "text/html")
            .header("x-file-name", "%D1%81%D0%BF%D0%B8%D1%81%D0%BE%D0%BA.pdf")
            .header("idempotency-key", key);
        program.send(request.body(Body::from(content)).expect("a request")).await
    };
    let first = keep(&path, PDF, "one").await;
    assert_eq!(first.status, StatusCode::CREATED, "{}", first.text);
    let copy = first.json();
    assert_eq!((&copy["name"], &copy["media_type"]), (&json!("список.pdf"), &json!("application/pdf")));
    assert_eq!(
        (&copy["outcome"], &copy["address"]),
        (&json!("intact"), &json!("https://hospital.example/list"))
    );
    assert_eq!(keep(&path, PDF, "one").await.json()["id"], copy["id"]);
    assert_eq!(keep(&path, PNG, "one").await.problem().0, 422);
    assert_eq!(keep(&path, PDF, "two").await.status, StatusCode::OK);
    assert_eq!(
        keep("/evidence/01934f6e-0000-7000-8000-000000000000/copies", PDF, "three").await.problem().0,
        404
    );
    assert_eq!(keep(&format!("{path}&captured_at=x"), PDF, "four").await.problem().2, "captured_at");
    assert_eq!(
        keep(&format!("/evidence/{}/copies?adress=x", scene.evidence), PDF, "five").await.problem().2,
        "adress"
    );
    let id = copy["id"].as_str().expect("an id");
    assert_eq!(program.get(&format!("/copies/{id}/content")).await.text.as_bytes(), PDF);
    scene.flip_a_bit().await;
    let looked = program.call(Method::POST, &format!("/copies/{id}/verify")).await;
    assert_eq!((looked.status, &looked.json()["outcome"]), (StatusCode::OK, &json!("altered")));
    let verify = format!("/copies/{id}/verify");
    let looks = async || -> i64 {
        let count = "select count(*) from copy_check";
        sqlx::query_scalar(count).fetch_one(&pool).await.expect("a count")
    };
    assert_eq!(program.post_once(&verify, &json!({}), "look").await.status, StatusCode::OK);
    let looked = looks().await;
    assert_eq!(program.post_once(&verify, &json!({}), "look").await.json()["outcome"], "altered");
    assert_eq!(program.post_once(&verify, &json!({ "a": 1 }), "look").await.problem().0, 422);
    assert_eq!(looks().await, looked, "looked at once");
    assert_eq!(program.get(&format!("/copies/{id}")).await.json()["outcome"], "altered");
    assert_eq!(program.get(&format!("/copies/{id}/content")).await.problem().0, 503);
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_broken_copy_shows_on_the_claim_and_to_admins(pool: PgPool) {
    let scene = Scene::new(pool.clone()).await;
    let mut browser = scene.world.signed_in(Role::Reviewer).await;
    scene.attach(&mut browser, "list.pdf", "application/pdf", PDF).await;
    let id = scene.newest().await["id"].as_str().expect("an id").to_owned();
    let claim = scene.claim.to_string();
    let verify = [("claim", claim.as_str()), ("copy", id.as_str())];
    assert!(browser.submit("/actions/copies/verify", &verify).await.location().contains("done=copy_intact"));
    scene.flip_a_bit().await;
    let found = browser.submit("/actions/copies/verify", &verify).await;
    let page = browser.get(found.location().split('#').next().expect("a page")).await.text;
    assert!(page.contains("The copy is altered: it is not what was kept."), "{page}");
    assert!(page.contains("its SHA-256 is "), "the history of the claim has it");
    assert!(browser.get(&format!("/copies/{id}/content")).await.text.contains("altered"));
    let mut admin = scene.world.signed_in(Role::Admin).await;
    let page = admin.get("/admin/copies").await.text;
    assert!(page.contains("1 broken") && page.contains(&format!("/claims/{claim}#copy-{id}")), "{page}");
    assert_eq!(
        admin.submit("/actions/copies/verify-all", &[]).await.location(),
        "/admin/copies?done=copies_asked"
    );
    assert!(admin.get("/admin/copies").await.text.contains("Being looked at"));

    let verify = || {
        let output = Command::new(env!("CARGO_BIN_EXE_claimdesk"))
            .args(["copies", "verify"])
            .env("DATABASE_URL", pool.connect_options().to_url_lossy().to_string())
            .env("CLAIMDESK_FILES", &scene.folder)
            .current_dir(root())
            .output()
            .expect("runs");
        (
            output.status.code(),
            String::from_utf8(output.stdout).expect("UTF-8"),
            String::from_utf8(output.stderr).expect("UTF-8"),
        )
    };
    let sha256 = scene.newest().await["sha256"].as_str().expect("a hash").to_owned();
    let (status, out, words) = verify();
    assert_eq!((status, out), (Some(1), format!("altered\t{sha256}\t{claim}\tlist.pdf\n")), "{words}");
    scene.attach(&mut browser, "list.pdf", "application/pdf", PDF).await;
    let (status, out, words) = verify();
    assert_eq!((status, out.as_str()), (Some(0), ""), "{words}");
    assert!(words.contains("Looked at 1 file: every copy is what was kept."), "{words}");
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn no_upload_breaks_the_form_or_the_api(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let mut browser = scene.world.signed_in(Role::Reviewer).await;
    let program = scene.world.program(Role::Reviewer).await;
    let fields = [("claim", scene.claim.to_string()), ("evidence_id", scene.evidence.clone())];
    let fields = fields.each_ref().map(|(name, value)| (*name, value.as_str()));
    let whole = multipart(&fields, Some(("a.pdf", "application/pdf", PDF)));
    let mut bodies: Vec<Vec<u8>> = (0..whole.len()).step_by(17).map(|end| whole[..end].to_vec()).collect();
    bodies.extend([
        multipart(&[], Some(("a.pdf", "", PDF))),
        multipart(&[("claim", "x"), ("evidence_id", "y")], Some(("a.pdf", "", PDF))),
        multipart(&[("evidence_id", &scene.evidence)], None),
        multipart(&[("claim", &"9".repeat(100_000)), ("text", "\0")], None),
        b"--x\r\n\r\n\r\n--x--\r\n".to_vec(),
        vec![0xff; 1000],
    ]);
    let foreign = browser
        .request(Method::POST, COPY_FORM)
        .header("sec-fetch-site", "cross-site")
        .header("origin", "https://elsewhere.example")
        .header(CONTENT_TYPE, "multipart/form-data; boundary=x");
    let foreign = browser.send(foreign.body(whole.into()).expect("a request")).await;
    assert_eq!(foreign.status, StatusCode::FORBIDDEN);
    assert!(scene.copies().await.is_empty());
    for body in bodies {
        let what = String::from_utf8_lossy(&body[..body.len().min(200)]).into_owned();
        for kind in ["multipart/form-data; boundary=x", "multipart/form-data", "text/plain", ""] {
            let request =
                browser.request(Method::POST, COPY_FORM).header(CONTENT_TYPE, kind).body(body.clone().into());
            let answer = browser.send(request.expect("a request")).await;
            assert!(answer.status.as_u16() < 500, "{kind} {what}: {}", answer.text);
        }
        let request = program.request(Method::POST, &format!("/evidence/{}/copies", scene.evidence));
        let answer = program
            .send(request.header("x-file-name", "%ff/..\\").body(body.into()).expect("a request"))
            .await;
        assert!(answer.status.as_u16() < 500, "{what}: {}", answer.text);
    }
}
