//! An incident's figures as readers get them, and what may show them in a frame.

use crate::harness::{Answer, World};
use axum::body::Body;
use domain::id::{ClaimId, IncidentId};
use domain::policy::Role;
use http::Method;
use http::header::{
    CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, IF_NONE_MATCH, LOCATION,
};
use serde_json::json;
use sqlx::PgPool;

impl World {
    /// The incident of a claim.
    pub async fn incident_of(&self, claim: ClaimId) -> IncidentId {
        let of = self.desk.incidents_of(self.actor(Role::Viewer), claim).await.expect("a list");
        of.first().expect("the article tells of an event").incident
    }

    pub async fn incident_version(&self, incident: IncidentId) -> i32 {
        self.desk.incident_row(self.actor(Role::Viewer), incident).await.expect("an incident").version
    }

    /// Makes its figures public as an editor does on its page; the path for readers.
    pub async fn publish_figures(&self, incident: IncidentId) -> String {
        let mut editor = self.signed_in(Role::Editor).await;
        let version = self.incident_version(incident).await.to_string();
        let form = [("incident", incident.to_string()), ("version", version), ("confirm", "yes".to_owned())];
        let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let done = editor.submit("/actions/incidents/publish", &form).await;
        assert!(done.location().contains("done=ledger_published"), "{} {}", done.status, done.location());
        let page = editor.get(done.location().split('#').next().unwrap_or_default()).await.text;
        let (_, rest) = page.split_once("href=\"/public/incidents/").expect("the public page is linked");
        let slug = rest.split('"').next().unwrap_or_default();
        format!("/public/incidents/{slug}")
    }
}

/// Whether other sites may show it in a frame, by both headers, which must say the same.
fn may_be_framed(answer: &Answer) -> bool {
    let policy = answer.header(CONTENT_SECURITY_POLICY);
    let by_policy = policy.contains("frame-ancestors *;");
    assert_eq!(by_policy, answer.header("x-frame-options").is_empty(), "{policy}");
    assert_eq!(!by_policy, policy.contains("frame-ancestors 'none'"), "{policy}");
    assert!(by_policy || answer.header("x-frame-options") == "DENY");
    by_policy
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn readers_get_the_figures_with_their_articles_and_nothing_that_leads_into_the_desk(pool: PgPool) {
    let world = World::new(pool).await;
    let claims = world.claims().await;
    let incident = world.incident_of(claims[0]).await;
    let path = world.publish_figures(incident).await;
    let page = world.nobody().get(&path).await;
    assert_eq!(page.status, 200);
    assert_eq!(page.header("link"), format!("<https://desk.example{path}>; rel=\"canonical\""));
    assert_eq!(page.header(CACHE_CONTROL), "no-store", "as the other pages for readers");
    assert!(page.text.contains("https://courier.example/market"), "the article is linked");
    assert!(page.text.contains("The desk holds") && page.text.contains("<svg"), "{}", page.text);
    assert!(page.text.contains("last changed"), "{}", page.text);
    assert!(page.text.contains("\"@type\":\"Dataset\""), "{}", page.text);
    assert!(!page.text.contains("/pkg/boot.js"), "no script runs");
    for link in page.text.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next()) {
        let is_for_all = ["/public", "/pkg/", "/favicon.svg", "#", "https://courier.example/"]
            .iter()
            .any(|start| link.starts_with(start));
        assert!(is_for_all, "{link}");
    }
    let ids = claims.iter().map(ToString::to_string).chain([incident.to_string()]);
    for id in ids {
        assert!(!page.text.contains(&id), "{id} is an address of the desk");
    }
    assert!(
        page.text.contains("&lt;iframe src=&quot;https://desk.example/public/incidents/")
            || page.text.contains("<iframe src=&quot;"),
        "how to embed it"
    );
    let front = world.nobody().get("/public").await;
    assert!(front.text.contains(&format!("href=\"{path}\"")), "{}", front.text);
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn only_published_verdicts_are_told_on_the_page_and_in_the_file(pool: PgPool) {
    let world = World::new(pool).await;
    let claims = world.claims().await;
    let path = world.publish_figures(world.incident_of(claims[0]).await).await;
    let editor = world.actor(Role::Editor);
    let version = world.desk.claim_row(editor, claims[0]).await.expect("a claim").version;
    let words = domain::words::Rationale::parse("The morgue’s list has twelve names.").expect("words");
    let form = desk::VerdictForm::new("verified", words, version);
    world.desk.give_verdict(editor, claims[0], form, None).await.expect("a verdict");
    let csv = format!("{path}/killed.csv");
    for path in [&path, &csv] {
        let text = world.nobody().get(path).await.text;
        assert!(!text.contains("Verified") && !text.contains("morgue"), "{text}");
    }
    let version = world.desk.claim_row(editor, claims[0]).await.expect("a claim").version;
    world.desk.publish(editor, claims[0], version, None).await.expect("published");
    let slug = world.desk.published(editor, claims[0]).await.expect("public").slug;
    for path in [&path, &csv] {
        let text = world.nobody().get(path).await.text;
        assert!(text.contains("Verified") && text.contains(&format!("/public/claims/{slug}")), "{text}");
    }
    let under_review = async || {
        let text = world.nobody().get(&csv).await.text;
        let mut rows = csv::Reader::from_reader(text.as_bytes());
        let place = rows.headers().expect("a head").iter().position(|column| column == "under_review");
        let place = place.expect("a column");
        rows.records().map(|row| row.expect("a row")[place].to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(under_review().await, ["false", ""]);
    let version = world.desk.claim_row(editor, claims[0]).await.expect("a claim").version;
    let why = domain::words::Reason::parse("Two names stand there twice.").expect("words");
    world.desk.reopen(editor, claims[0], version, why).await.expect("reopened");
    assert_eq!(under_review().await, ["true", ""], "its verdict does not stand as it did");
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn nothing_but_the_embedded_figures_may_stand_in_a_frame(pool: PgPool) {
    let world = World::new(pool).await;
    let claims = world.claims().await;
    let incident = world.incident_of(claims[0]).await;
    let path = world.publish_figures(incident).await;
    let embed = format!("{path}/embed");
    let mut browser = world.signed_in(Role::Editor).await;
    let framed = browser.get(&embed).await;
    assert_eq!(framed.status, 200);
    assert!(may_be_framed(&framed));
    assert!(framed.text.contains("<svg") && framed.text.contains(&format!("href=\"{path}#killed\"")));
    assert!(!framed.text.contains("<form") && !framed.text.contains("<script"), "{}", framed.text);
    assert!(!framed.text.contains("editor"), "who looks is not told");
    for of in ["killed", "wounded", "nonsense"] {
        assert_eq!(browser.get(&format!("{embed}?of={of}")).await.status, 200, "{of}");
    }
    for path in [
        path.clone(),
        format!("{embed}/"),
        format!("{path}/killed.csv"),
        format!("{path}/killed.svg"),
        "/".to_owned(),
        "/public".to_owned(),
        "/login".to_owned(),
        "/language".to_owned(),
        format!("/incidents/{incident}"),
        format!("/incidents/{incident}/embed"),
        "/public/claims/none/embed".to_owned(),
        "/public/incidents/none".to_owned(),
        "/public/incidents/a/b/embed".to_owned(),
    ] {
        assert!(!may_be_framed(&browser.get(&path).await), "{path}");
    }
    let none = world.nobody().get("/public/incidents/none/embed").await;
    assert_eq!((none.status.as_u16(), may_be_framed(&none)), (404, true));
    assert!(!none.text.contains("<form"), "{}", none.text);
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn without_the_database_nothing_stands_in_a_frame(pool: PgPool) {
    let world = World::new(pool.clone()).await;
    let claims = world.claims().await;
    let path = world.publish_figures(world.incident_of(claims[0]).await).await;
    let mut browser = world.nobody();
    pool.close().await;
    let answer = browser.get(&format!("{path}/embed")).await;
    assert!(answer.status.is_server_error());
    assert!(!may_be_framed(&answer));
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn chart_and_figures_can_be_taken_along_and_are_kept_a_minute(pool: PgPool) {
    let world = World::new(pool).await;
    let claims = world.claims().await;
    let path = world.publish_figures(world.incident_of(claims[0]).await).await;
    let chart = world.nobody().get(&format!("{path}/killed.svg")).await;
    assert_eq!((chart.status.as_u16(), chart.header(CONTENT_TYPE)), (200, "image/svg+xml"));
    assert!(chart.text.starts_with("<?xml") && chart.text.contains("Killed by source over time"));
    let table = world.nobody().get(&format!("{path}/killed.csv")).await;
    assert_eq!(table.header(CONTENT_TYPE), "text/csv; charset=utf-8");
    assert_eq!(table.header(CACHE_CONTROL), "public, max-age=60");
    assert!(
        table.header(CONTENT_DISPOSITION).ends_with("-killed.csv\""),
        "{}",
        table.header(CONTENT_DISPOSITION)
    );
    assert!(table.text.starts_with("indicator,published,source,"), "{}", table.text);
    assert!(table.text.contains("https://courier.example/market") && table.text.contains("at least 12"));
    assert!(!table.text.contains("stage") && !table.text.contains(&claims[0].to_string()), "{}", table.text);
    let mut reader = world.nobody();
    let request = reader.request(Method::GET, &format!("{path}/killed.csv"));
    let request = request.header(IF_NONE_MATCH, table.header(ETAG));
    let known = reader.send(request.body(Body::empty()).expect("a request")).await;
    assert_eq!((known.status.as_u16(), known.text.as_str()), (304, ""));
    let request = reader.request(Method::GET, &format!("{path}/killed.svg")).header("accept-language", "uk");
    let ukrainian = reader.send(request.body(Body::empty()).expect("a request")).await;
    assert_ne!(ukrainian.text, chart.text, "a chart is in the reader's language");
    assert!(ukrainian.header("vary").contains("accept-language"), "{}", ukrainian.header("vary"));
    for missing in ["killed.png", "displaced.csv", "nonsense.csv", "killed"] {
        assert_eq!(world.nobody().get(&format!("{path}/{missing}")).await.status, 404, "{missing}");
    }
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn without_the_word_of_who_publishes_nothing_becomes_public(pool: PgPool) {
    let world = World::new(pool).await;
    let claims = world.claims().await;
    let incident = world.incident_of(claims[0]).await;
    let id = incident.to_string();
    let mut editor = world.signed_in(Role::Editor).await;
    let page = editor.get(&format!("/incidents/{id}?publish=true")).await.text;
    assert!(page.contains("Anybody will see, without an account"), "{page}");
    let refused = editor.submit("/actions/incidents/publish", &[("incident", &id)]).await;
    assert!(!refused.location().contains("done="), "{}", refused.location());
    let page = editor.get(&format!("/incidents/{id}")).await.text;
    assert!(page.contains("Look at what readers will see"), "{page}");
    assert!(world.desk.public_ledgers(10).await.expect("a list").is_empty());
    let path = world.publish_figures(incident).await;
    let short = editor.submit("/actions/incidents/withdraw", &[("incident", &id), ("note", "No.")]).await;
    assert!(!short.location().contains("done="), "{}", short.location());
    assert_eq!(world.nobody().get(&path).await.status, 200);
    let note = "Two markets were mixed up <b>here</b>.";
    let unseen = editor.submit("/actions/incidents/withdraw", &[("incident", &id), ("note", note)]).await;
    assert!(!unseen.location().contains("done="), "{}", unseen.location());
    let page = editor.get(&format!("/incidents/{id}")).await.text;
    assert!(page.contains(&note.replace('<', "&lt;").replace('>', "&gt;")), "what was typed stays: {page}");
    let version = world.incident_version(incident).await.to_string();
    let form = [("incident", id.as_str()), ("version", version.as_str()), ("note", note)];
    let done = editor.submit("/actions/incidents/withdraw", &form).await;
    assert!(done.location().contains("done=ledger_withdrawn"), "{}", done.location());
    for path in [path.clone(), format!("{path}/embed")] {
        let gone = world.nobody().get(&path).await;
        assert_eq!(gone.status, 410, "{path}");
        assert!(gone.text.contains("Two markets were mixed up &lt;b&gt;here&lt;/b&gt;."), "{}", gone.text);
        assert!(!gone.text.contains("<svg"), "{}", gone.text);
    }
    assert_eq!(world.nobody().get(&format!("{path}/killed.csv")).await.status, 410);
    let page = editor.get(&format!("/incidents/{id}")).await.text;
    assert!(page.contains("Withdrawn from the public"), "{page}");
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn after_a_merge_readers_are_led_to_the_incident_that_is_left(pool: PgPool) {
    let world = World::new(pool).await;
    let claims = world.claims().await;
    let incident = world.incident_of(claims[0]).await;
    let path = world.publish_figures(incident).await;
    let editor = world.program(Role::Editor).await;
    let version = editor.get(&format!("/incidents/{incident}")).await.json()["version"].clone();
    let split = json!({ "claims": [claims[0]], "title": "The other market", "version": version });
    let other = editor.post(&format!("/incidents/{incident}/split"), &split).await.json();
    let (id, version) = (other["id"].as_str().expect("an id").to_owned(), other["version"].clone());
    let split_off = world.publish_figures(id.parse().expect("an id")).await;
    assert_ne!(split_off, path);
    let merge = json!({ "into": incident, "version": version });
    assert_eq!(editor.post(&format!("/incidents/{id}/merge"), &merge).await.status, 200);
    for (from, to) in [
        (split_off.clone(), path.clone()),
        (format!("{split_off}/embed"), format!("{path}/embed")),
        (format!("{split_off}/embed?of=killed"), format!("{path}/embed?of=killed")),
        (format!("{split_off}/killed.csv"), format!("{path}/killed.csv")),
    ] {
        let moved = world.nobody().get(&from).await;
        assert_eq!((moved.status.as_u16(), moved.header(LOCATION)), (302, to.as_str()), "{from}");
    }
    let note = domain::words::CorrectionNote::parse("Two markets were mixed up.").expect("a note");
    let (seen, editor) = (world.incident_version(incident).await, world.actor(Role::Editor));
    world.desk.withdraw_ledger(editor, incident, seen, note, None).await.expect("withdrawn");
    let gone = world.nobody().get(&split_off).await;
    assert_eq!(gone.status, 410);
    assert!(!gone.text.contains("mixed up"), "that was said of the other address");
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn what_articles_say_is_text_on_the_page_in_the_frame_and_in_the_line_for_other_sites(pool: PgPool) {
    let world = World::new(pool).await;
    let claims = world.claims().await;
    let incident = world.incident_of(claims[0]).await;
    let editor = world.program(Role::Editor).await;
    let version = editor.get(&format!("/incidents/{incident}")).await.json()["version"].clone();
    let title = "\"></iframe><script>alert(1)</script>";
    let renamed = json!({ "title": title, "version": version });
    assert_eq!(editor.post(&format!("/incidents/{incident}/rename"), &renamed).await.status, 200);
    let estimate = json!({ "indicator": "killed", "figure": "10-14", "basis": "<script>alert(2)</script>" });
    editor.post(&format!("/incidents/{incident}/estimate"), &estimate).await;
    let path = world.publish_figures(incident).await;
    for path in [
        path.clone(),
        format!("{path}/embed"),
        format!("{path}/killed.svg"),
        format!("/incidents/{incident}"),
    ] {
        let page = world.signed_in(Role::Editor).await.get(&path).await;
        assert_eq!(page.status, 200);
        assert!(!page.text.contains("<script>alert"), "{path}: {}", page.text);
        assert!(!page.text.contains("</iframe><script"), "{path}");
    }
    // In the line itself it is escaped for an attribute, and once more where the line stands.
    let page = world.nobody().get(&path).await.text;
    assert!(!page.contains("title=&quot;Killed: &quot;&gt;"), "{page}");
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_program_publishes_figures_reads_them_and_withdraws_them(pool: PgPool) {
    let world = World::new(pool).await;
    let claims = world.claims().await;
    let incident = world.incident_of(claims[0]).await;
    let (editor, viewer) = (world.program(Role::Editor).await, world.program(Role::Viewer).await);
    let path = |what: &str| format!("/incidents/{incident}/{what}");
    assert_eq!(viewer.get(&path("publication")).await.problem().0, 404, "they are not public yet");
    let version = world.incident_version(incident).await;
    let stale = editor.post(&path("publish"), &json!({ "version": version + 1 })).await;
    assert_eq!(stale.problem().0, 409);
    let body = json!({ "version": version });
    for _ in 0..2 {
        let published = editor.post_once(&path("publish"), &body, "one").await;
        assert_eq!(published.status.as_u16(), 204, "{}", published.text);
    }
    let shown = viewer.get(&path("publication")).await.json();
    let killed = &shown["indicators"][0];
    assert_eq!(
        (&killed["indicator"], killed["figures"].as_array().map(Vec::len)),
        (&json!("killed"), Some(2))
    );
    assert_eq!(killed["figures"][0]["article_url"], "https://courier.example/market");
    assert_eq!(shown["publications"].as_array().map(Vec::len), Some(1), "the second request did nothing");
    let text = shown.to_string();
    for id in claims.iter().map(ToString::to_string).chain([incident.to_string()]) {
        assert!(!text.contains(&id), "{id} is an address of the desk: {text}");
    }
    let page = shown["url"].as_str().and_then(|url| url.strip_prefix("https://desk.example")).expect("ours");
    let open = world.nobody().get(&format!("{page}/figures.json")).await;
    assert_eq!((open.header(CONTENT_TYPE), open.json()), ("application/json", shown.clone()), "anybody may");

    let wrong = editor.post(&path("withdraw"), &json!({ "version": version, "note": " " })).await;
    assert_eq!(wrong.problem(), (422, "/problems/invalid".into(), "note".into()));
    let asked = editor.post(&format!("{}?why=no", path("publish")), &body).await;
    assert_eq!(asked.problem(), (422, "/problems/invalid".into(), "why".into()));
    let note = json!({ "version": version, "note": "Two markets were mixed up." });
    for _ in 0..2 {
        let withdrawn = editor.post_once(&path("withdraw"), &note, "two").await;
        assert_eq!(withdrawn.status.as_u16(), 204, "{}", withdrawn.text);
    }
    assert_eq!(editor.post(&path("withdraw"), &note).await.problem().0, 404, "they are not public");
    assert_eq!(viewer.get(&path("publication")).await.problem().0, 404);
    assert_eq!(world.nobody().get(&format!("{page}/figures.json")).await.status, 410);
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn the_feed_tells_of_figures_that_were_published_changed_and_withdrawn(pool: PgPool) {
    let world = World::new(pool).await;
    let claims = world.claims().await;
    let incident = world.incident_of(claims[0]).await;
    world.publish(claims[0], "verified", "Two calls.", None).await;
    world.clock.advance(chrono::TimeDelta::minutes(5));
    let path = world.publish_figures(incident).await;
    world.clock.advance(chrono::TimeDelta::minutes(5));
    assert_eq!(world.desk.tell_ledger_news().await.expect("a look"), 0, "nothing is new since");
    let editor = world.program(Role::Editor).await;
    let estimate = json!({ "indicator": "killed", "figure": "10-14", "basis": "Names compared." });
    editor.post(&format!("/incidents/{incident}/estimate"), &estimate).await;
    assert_eq!(world.desk.tell_ledger_news().await.expect("a look"), 0, "it may still be put right");
    world.clock.advance(chrono::TimeDelta::minutes(1));
    assert_eq!(world.desk.tell_ledger_news().await.expect("a look"), 1);
    world.clock.advance(chrono::TimeDelta::minutes(5));
    let read = async || -> atom_syndication::Feed {
        world.nobody().get("/public/feed.atom").await.text.parse().expect("Atom")
    };
    let told = |feed: &atom_syndication::Feed| -> Vec<(String, String)> {
        let words =
            |entry: &atom_syndication::Entry| entry.content().and_then(|c| c.value()).map(str::to_owned);
        let told = |entry| (entry_kind(entry), words(entry).unwrap_or_default());
        feed.entries().iter().map(told).collect()
    };
    let kinds = |told: &[(String, String)]| told.iter().map(|(kind, _)| kind.clone()).collect::<Vec<_>>();
    let feed = read().await;
    let before = told(&feed);
    assert_eq!(kinds(&before), ["changed", "published", "published"], "{before:#?}");
    assert!(before[0].1.starts_with("killed: the desk holds 10–14 now, before "), "{}", before[0].1);
    assert!(before[1].1.starts_with("killed: the desk holds "), "{}", before[1].1);
    let ids: std::collections::BTreeSet<&str> = feed.entries().iter().map(|entry| entry.id()).collect();
    assert_eq!(ids.len(), 3, "each entry has an id of its own");

    let version = world.incident_version(incident).await;
    let note = json!({ "version": version, "note": "Two markets were <mixed> up." });
    editor.post(&format!("/incidents/{incident}/withdraw"), &note).await;
    let answer = world.nobody().get("/public/feed.atom").await;
    let feed = read().await;
    let after = told(&feed);
    assert_eq!(kinds(&after), ["withdrawn", "published"], "of what is withdrawn nothing else is told");
    assert_eq!(after[0].1, "Two markets were <mixed> up.");
    for entry in &feed.entries()[..1] {
        assert!(entry.title().value.starts_with("Figures "), "{:?}", entry.title());
        assert_eq!(entry.links()[0].href(), format!("https://desk.example{path}"));
        assert!(entry.id().starts_with("urn:uuid:") && entry.published() == Some(entry.updated()));
    }
    assert_eq!(feed.updated(), feed.entries()[0].updated());
    assert_eq!(world.nobody().get("/public/feed.atom").await.text, answer.text, "ids and times are stable");
}

fn entry_kind(entry: &atom_syndication::Entry) -> String {
    entry.categories()[0].term().to_owned()
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn looking_back_beyond_what_is_known_says_so_on_the_page_in_the_api_and_in_files(pool: PgPool) {
    let world = World::new(pool.clone()).await;
    let claims = world.claims().await;
    let incident = world.incident_of(claims[0]).await;
    let moment = world.clock.now().to_rfc3339_opts(chrono::SecondsFormat::Secs, true);
    world.clock.advance(chrono::TimeDelta::minutes(10));
    let program = world.program(Role::Editor).await;
    let path = format!("/incidents/{incident}");
    let as_of = |path: &str| format!("{path}?as_of={moment}");
    let mut browser = world.signed_in(Role::Editor).await;
    let exact = program.get(&as_of(&path)).await.json();
    assert_eq!(exact["moves_known_since"], serde_json::Value::Null);
    assert!(!browser.get(&as_of(&path)).await.text.contains("This may be incomplete."));
    // As a desk has it that was there before moves were kept.
    let known = world.clock.now() - chrono::TimeDelta::minutes(5);
    sqlx::query("insert into known_since (what, at) values ('moves', $1)")
        .bind(known)
        .execute(&pool)
        .await
        .expect("a row");
    for path in [path.clone(), format!("{path}/figures")] {
        let told = program.get(&as_of(&path)).await.json()["moves_known_since"].clone();
        let told: chrono::DateTime<chrono::Utc> = serde_json::from_value(told).expect("a moment");
        assert_eq!(told, known, "{path}");
        assert_eq!(program.get(&path).await.json()["moves_known_since"], serde_json::Value::Null);
    }
    assert!(browser.get(&as_of(&path)).await.text.contains("This may be incomplete."));
    let csv = browser.get(&as_of(&format!("{path}/killed.csv"))).await.text;
    assert!(csv.lines().next().is_some_and(|head| head.ends_with(",may_be_incomplete")), "{csv}");
    assert!(
        csv.lines().skip(1).all(|line| line.contains("claims taken out of the incident before 20")),
        "{csv}"
    );
    let svg = browser.get(&as_of(&format!("{path}/killed.svg"))).await.text;
    assert!(svg.contains("May be incomplete: claims taken out of the incident before 20"), "{svg}");
    let later = world.clock.now().to_rfc3339_opts(chrono::SecondsFormat::Secs, true);
    let after = program.get(&format!("{path}?as_of={later}")).await.json();
    assert_eq!(after["moves_known_since"], serde_json::Value::Null, "from then on nothing is missing");
}
