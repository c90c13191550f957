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

    /// Makes its figures public as an editor does on its page; the path for readers.
    pub async fn publish_figures(&self, incident: IncidentId) -> String {
        let mut editor = self.signed_in(Role::Editor).await;
        let form = [("incident", incident.to_string()), ("confirm", "yes".to_owned())];
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
    let page = editor.get(&format!("/incidents/{id}")).await.text;
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
    let done = editor.submit("/actions/incidents/withdraw", &[("incident", &id), ("note", note)]).await;
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
    world.desk.withdraw_ledger(world.actor(Role::Editor), incident, note).await.expect("withdrawn");
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
