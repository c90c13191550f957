//! What readers get without an account.

use crate::harness::{Answer, World};
use axum::body::Body;
use desk::VerdictForm;
use domain::id::ClaimId;
use domain::policy::Role;
use domain::words::{CorrectionNote, Rationale};
use http::Method;
use http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, IF_NONE_MATCH, LAST_MODIFIED};
use serde_json::Value;
use sqlx::PgPool;

impl World {
    /// Gives a verdict and makes it public; the path of its page.
    pub async fn publish(&self, claim: ClaimId, rating: &str, rationale: &str, note: Option<&str>) -> String {
        let editor = self.actor(Role::Editor);
        let version = async || self.desk.claim_row(editor, claim).await.expect("a claim").version;
        let words = Rationale::parse(rationale).expect("a rationale");
        let form = VerdictForm::new(rating, words, version().await);
        self.desk.give_verdict(editor, claim, form, None).await.expect("a verdict");
        let note = note.map(|note| CorrectionNote::parse(note).expect("a note"));
        self.desk.publish(editor, claim, version().await, note).await.expect("published");
        let public = self.desk.published(editor, claim).await.expect("public");
        format!("/public/claims/{}", public.slug)
    }
}

/// What stands in the page's `application/ld+json`.
fn data(page: &str) -> Value {
    let (_, rest) = page.split_once("<script type=\"application/ld+json\"").expect("data for programs");
    let (_, rest) = rest.split_once('>').expect("the tag's end");
    let (json, _) = rest.split_once("</script>").expect("its end");
    serde_json::from_str(json).unwrap_or_else(|error| panic!("{error}: {json}"))
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn the_page_and_the_file_say_the_same_and_nothing_ends_the_script(pool: PgPool) {
    let world = World::new(pool).await;
    let claim = world.claims().await[0];
    let hostile = "It holds. </script><script>alert(1)</script><!-- & more";
    let path = world.publish(claim, "verified", hostile, None).await;
    let page = world.nobody().get(&path).await;
    assert_eq!(page.status, 200);
    assert!(!page.text.contains("<script>") && !page.text.contains("src=\"/pkg/boot.js\""), "no script runs");
    assert_eq!(page.header("link"), format!("<https://desk.example{path}>; rel=\"canonical\""));
    assert!(page.text.contains("type=\"application/atom+xml\""), "{}", page.text);
    let review = data(&page.text);
    assert_eq!(review["reviewBody"], hostile);
    let nonce = page.text.split("nonce=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a nonce");
    assert!(page.header(CONTENT_SECURITY_POLICY).contains(&format!("'nonce-{nonce}'")));
    let file = world.program(Role::Viewer).await.get(&format!("/claims/{claim}/claimreview.json")).await;
    assert_eq!(file.json(), review);
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_correction_is_told_on_the_page_and_in_the_feed(pool: PgPool) {
    let world = World::new(pool).await;
    let claim = world.claims().await[0];
    let editor = world.actor(Role::Editor);
    let path = world.publish(claim, "verified", "The ministry says so.", None).await;
    let version = world.desk.claim_row(editor, claim).await.expect("a claim").version;
    let reason = domain::words::Reason::parse("The toll was halved.").expect("a reason");
    world.desk.reopen(editor, claim, version, reason).await.expect("reopened");
    let page = world.nobody().get(&path).await;
    assert!(page.text.contains("Under review since"), "{}", page.text);

    let note = "We said verified; the ministry has halved its toll.";
    assert_eq!(world.publish(claim, "false", "The register has six names.", Some(note)).await, path);
    let page = world.nobody().get(&path).await;
    assert!(page.text.contains("Corrected on") && page.text.contains(note), "{}", page.text);
    assert!(page.text.contains("The ministry says so."), "what the page said before stays on it");
    assert!(!page.text.contains("Under review since"), "{}", page.text);
    let review = data(&page.text);
    assert_eq!(review["correction"][0]["@type"], "CorrectionComment");
    assert_eq!(review["correction"][0]["text"], note);

    let feed = world.nobody().get("/public/feed.atom").await;
    assert_eq!(feed.header(CONTENT_TYPE), "application/atom+xml; charset=utf-8");
    assert_eq!(feed.text.matches("<entry>").count(), 2, "{}", feed.text);
    assert!(feed.text.contains("Correction, False:") && feed.text.contains(note), "{}", feed.text);
    assert!(feed.text.contains(&format!("href=\"https://desk.example{path}\"")), "{}", feed.text);
    assert_eq!(feed.header(LAST_MODIFIED), "Thu, 12 Mar 2026 09:00:00 GMT");
    let again = world.nobody().get("/public/feed.atom").await;
    assert_eq!(again.text, feed.text, "ids and times are stable");

    let mut reader = world.nobody();
    let request = reader.request(Method::GET, "/public/feed.atom").header(IF_NONE_MATCH, feed.header(ETAG));
    let known = reader.send(request.body(Body::empty()).expect("a request")).await;
    assert_eq!((known.status.as_u16(), known.text.as_str()), (304, ""));
    assert_eq!(known.header(ETAG), feed.header(ETAG));
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn the_feed_is_told_in_the_language_that_is_asked_for(pool: PgPool) {
    let world = World::new(pool).await;
    let claim = world.claims().await[0];
    world.publish(claim, "verified", "The ministry says so.", None).await;
    let feed = world.nobody().get("/public/feed.atom").await.text;
    assert!(feed.contains(r#"xml:lang="en""#), "{feed}");
    assert!(feed.contains(r#"hreflang="uk""#) && feed.contains("/public/feed.atom?language=uk"), "{feed}");
    let id = feed.split("urn:uuid:").nth(1).expect("an entry").split('<').next().expect("its id");
    for (language, title, rating) in
        [("uk", "вердикти", "Підтверджено"), ("ru", "вердикты", "Подтверждено"), ("ar", "الأحكام", "مؤكد")]
    {
        let other = world.nobody().get(&format!("/public/feed.atom?language={language}")).await;
        assert_eq!(other.status, 200);
        assert!(other.text.contains(&format!(r#"xml:lang="{language}""#)), "{}", other.text);
        assert!(other.text.contains(title) && other.text.contains(rating), "{}", other.text);
        assert!(other.text.contains("The ministry says so."), "what people wrote stays: {}", other.text);
        assert!(other.text.contains(id), "an entry is the same entry in every language");
    }
    let unknown = world.nobody().get("/public/feed.atom?language=xx").await;
    assert_eq!(unknown.status, 422);
    assert!(unknown.text.contains("Choose one of the languages."), "{}", unknown.text);
    let mut reader = world.nobody();
    let request = reader.request(Method::GET, "/public").header("accept-language", "ru");
    let page = reader.send(request.body(Body::empty()).expect("a request")).await;
    assert!(page.text.contains("/public/feed.atom?language=ru"), "{}", page.text);
}

/// Texts were kept with them before they were made visible where they come in.
#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn the_feed_is_well_formed_whatever_characters_were_kept(pool: PgPool) {
    let world = World::new(pool.clone()).await;
    let claim = world.claims().await[0];
    world.publish(claim, "verified", "The ministry says so.", None).await;
    let kept = r"alter table publication disable trigger user;
        update publication set body = jsonb_set(body, '{rationale}', to_jsonb(U&'one\FFFEtwo\FFFF'::text));
        alter table publication enable trigger user;";
    sqlx::raw_sql(kept).execute(&pool).await.expect("as it was kept once");
    let feed = world.nobody().get("/public/feed.atom").await;
    assert!(feed.text.contains("one\u{fffd}two\u{fffd}"), "{}", feed.text);
    assert!(!feed.text.contains(['\u{fffe}', '\u{ffff}']), "{}", feed.text);
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn an_address_that_nothing_was_published_under_is_not_found(pool: PgPool) {
    let world = World::new(pool).await;
    let answer = world.nobody().get("/public/claims/at-least-12-people-000000000000").await;
    assert_eq!(answer.status, 404);
    assert!(answer.text.contains("Nothing was ever published under this address."));
    let empty = world.nobody().get("/public/feed.atom").await;
    assert_eq!((empty.status.as_u16(), empty.text.matches("<entry>").count()), (200, 0));
}

/// Says who the desk is, as an admin does on its page.
async fn say_who(world: &World, fields: &[(&str, &str)]) -> Answer {
    let mut admin = world.signed_in(Role::Admin).await;
    let version = world.desk.policy().await.expect("a policy").version.to_string();
    let form: Vec<_> = [("version", version.as_str()), ("reason", "Readers asked.")]
        .into_iter()
        .chain(fields.iter().copied())
        .collect();
    let done = admin.submit("/actions/policy/identity", &form).await;
    admin.get(done.location().split('#').next().unwrap_or_default()).await
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_desk_that_has_not_said_who_it_is_says_so(pool: PgPool) {
    let world = World::new(pool).await;
    let claim = world.claims().await[0];
    let path = world.publish(claim, "verified", "Two calls.", None).await;
    let about = world.nobody().get("/public/about").await;
    assert_eq!(about.status, 200);
    for unsaid in [
        "has not said its name yet",
        "who runs it and who pays for it",
        "has not given an address for readers",
    ] {
        assert!(about.text.contains(unsaid), "{unsaid}");
    }
    assert!(!about.text.contains("/admin/identity"), "the hint is for admins");
    for role in [Role::Editor, Role::Admin] {
        let page = world.signed_in(role).await.get("/public/about").await.text;
        assert_eq!(page.contains("/admin/identity"), role == Role::Admin, "{role}");
    }
    let page = world.nobody().get(&path).await.text;
    assert!(page.contains("href=\"/public/about\""), "each public page leads there");
    assert_eq!(data(&page)["author"]["name"], "Claimdesk");
    assert_eq!(data(&page)["author"]["url"], "https://desk.example");
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn what_the_desk_says_of_itself_stands_on_its_page_in_the_feed_and_in_what_programs_get(pool: PgPool) {
    let world = World::new(pool).await;
    let claim = world.claims().await[0];
    let path = world.publish(claim, "verified", "Two calls.", None).await;
    let said = [
        ("name", "Harbour <Desk>"),
        ("address", "https://harbour.example"),
        ("contact", "write@harbour.example"),
        ("organisation", "A charity that its readers pay for."),
        ("corrections", "We answer within two days."),
    ];
    let done = say_who(&world, &said).await;
    assert!(done.text.contains("The policy is changed."), "{}", done.text);
    let about = world.nobody().get("/public/about").await.text;
    for words in [
        "Harbour &lt;Desk&gt;",
        "A charity that its readers pay for.",
        "We answer within two days.",
        "mailto:write@harbour.example",
        "href=\"https://harbour.example\"",
        "/public#methods",
    ] {
        assert!(about.contains(words), "{words}: {about}");
    }
    assert!(!about.contains("has not"), "{about}");
    let front = world.nobody().get("/public").await.text;
    assert!(front.contains("mailto:write@harbour.example"), "{front}");
    let feed = world.nobody().get("/public/feed.atom").await.text;
    assert!(
        feed.contains("<name>Harbour &lt;Desk&gt;</name>")
            && feed.contains("<uri>https://harbour.example</uri>"),
        "{feed}"
    );
    assert!(feed.contains("https://desk.example/public/about"), "{feed}");

    let page = world.nobody().get(&path).await.text;
    let file = format!("{path}/claimreview.json");
    assert!(page.contains(&format!("href=\"{file}\"")), "{page}");
    let answer = world.nobody().get(&file).await;
    assert_eq!((answer.status.as_u16(), answer.header(CONTENT_TYPE)), (200, "application/ld+json"));
    let review = answer.json();
    assert_eq!(review, data(&page));
    for one in ["author", "publisher"] {
        assert_eq!(review[one]["name"], "Harbour <Desk>");
        assert_eq!(review[one]["url"], "https://harbour.example");
        assert_eq!(review[one]["email"], "write@harbour.example");
        assert_eq!(review[one]["correctionsPolicy"], "https://desk.example/public/about#corrections");
    }
    assert_eq!(world.nobody().get("/public/claims/nothing-000000000000/claimreview.json").await.status, 404);

    let mut admin = world.signed_in(Role::Admin).await;
    let policy = admin.get("/admin/policy").await.text;
    assert!(
        policy.contains("A charity that its readers pay for.") && policy.contains("Readers asked."),
        "{policy}"
    );
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn an_address_that_is_none_is_refused_and_what_was_typed_stays(pool: PgPool) {
    let world = World::new(pool).await;
    let refused = say_who(&world, &[("name", "Harbour Desk"), ("contact", "javascript:alert(1)")]).await;
    assert!(refused.text.contains("Give an address such as name@example.org"), "{}", refused.text);
    assert!(refused.text.contains("value=\"Harbour Desk\""), "{}", refused.text);
    assert_eq!(world.desk.policy().await.expect("a policy").version, 0);
}
