//! The languages of the interface.

use crate::harness::{ARTICLE, World};
use chrono::TimeDelta;
use desk::Assignment;
use domain::language::Language;
use domain::policy::Role;
use scraper::{Html, Selector};
use sqlx::PgPool;
use std::collections::{BTreeMap, BTreeSet, HashSet};

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn every_page_is_in_the_language_that_was_chosen(pool: PgPool) {
    let world = World::new(pool).await;
    let claim = world.claims().await[0];
    let mut browser = world.signed_in(Role::Reviewer).await;
    let spoken = [
        (Language::Ukrainian, "Взяти це твердження", "ltr", "березня 2026"),
        (Language::Russian, "Взять это утверждение", "ltr", "марта 2026"),
        (Language::Arabic, "أخذ هذا الادعاء", "rtl", "مارس 2026"),
        (Language::English, "Take this claim", "ltr", "March 2026"),
    ];
    for (language, words, direction, month) in spoken {
        let back = format!("/claims/{claim}");
        let answer = browser.submit("/language", &[("language", language.word()), ("back", &back)]).await;
        assert_eq!(answer.location(), back);
        let page = browser.get(&back).await.text;
        assert!(page.contains(&format!("<html lang=\"{language}\" dir=\"{direction}\">")), "{page}");
        assert!(page.contains(words) && page.contains(month), "{language}: {page}");
    }
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn what_is_refused_is_told_in_the_readers_language(pool: PgPool) {
    let world = World::new(pool).await;
    let claim = world.claims().await[0].to_string();
    let mut browser = world.signed_in(Role::Reviewer).await;
    browser.submit("/language", &[("language", "uk")]).await;
    browser.submit("/actions/claims/take", &[("claim", &claim)]).await;
    browser.submit("/actions/claims/dismiss", &[("claim", &claim), ("reason", "")]).await;
    let page = browser.get(&format!("/claims/{claim}")).await.text;
    assert!(page.contains("Це не може бути порожнім."), "{page}");
    let nothing = browser.get("/nowhere").await;
    assert_eq!(nothing.status, 404);
    assert!(
        nothing.text.contains("<html lang=\"uk\" dir=\"ltr\">") && nothing.text.contains("Тут нічого немає")
    );
    // Programs are told in English whatever they accept.
    let refused = world.program(Role::Reviewer).await.get("/claims/nonsense").await;
    assert!(refused.json()["detail"].as_str().is_some_and(str::is_ascii), "{}", refused.text);
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_language_that_there_is_not_is_refused_and_the_way_back_stays_here(pool: PgPool) {
    let world = World::new(pool).await;
    let mut browser = world.signed_in(Role::Viewer).await;
    assert_eq!(browser.submit("/language", &[("language", "xx")]).await.status, 422);
    assert_eq!(browser.submit("/language", &[]).await.status, 422);
    let away = browser.submit("/language", &[("language", "ru"), ("back", "//evil.example")]).await;
    assert_eq!((away.status.as_u16(), away.location()), (303, "/"));
}

/// What is read on a page, or has to be read to somebody, with letters in it; what articles and people say
/// and what is code is left out.
fn spoken(page: &str) -> BTreeSet<String> {
    let page = Html::parse_document(page);
    let aside = Selector::parse(
        "script, style, kbd, code, .read, .read *, .says, .say, blockquote, textarea, q, q *",
    )
    .expect("a selector");
    let aside: HashSet<_> = page.select(&aside).map(|element| element.id()).collect();
    let all = Selector::parse("body *").expect("a selector");
    let letters = |text: &str| text.bytes().filter(u8::is_ascii_alphabetic).nth(1).is_some();
    let mut said = BTreeSet::new();
    for element in page.select(&all).filter(|element| !aside.contains(&element.id())) {
        let texts =
            element.children().filter_map(|child| child.value().as_text().map(|text| text.trim().to_owned()));
        let read = ["title", "placeholder", "aria-label", "data-says", "alt"];
        let attributes = read.iter().filter_map(|name| element.value().attr(name).map(str::to_owned));
        said.extend(texts.chain(attributes).filter(|text| letters(text)));
    }
    said
}

/// Names, addresses and what articles, people and the demo data say: the same in every language.
fn is_of_people(text: &str) -> bool {
    const NAMES: [&str; 13] = [
        "Claimdesk",
        "English",
        "SHA-256",
        "CSV",
        "viewer",
        "reviewer",
        "editor",
        "admin",
        "Courier",
        "health ministry",
        "hospital's director",
        "Names compared.",
        "dead",
    ];
    let said = text.trim_matches(['“', '”']);
    let is_hour = text.ends_with(":00 UTC");
    // The title of an incident is kept as it was first made, and people rename it.
    let is_title = text.starts_with("Darum: ");
    // A rating's fields show what its key and name are, to be changed.
    let is_numbered = text.split_once(". ").is_some_and(|(n, _)| n.parse::<u8>().is_ok());
    // What stands at the end of a line of a chart: a number and who says it.
    let is_line =
        text.split_once(' ').is_some_and(|(n, name)| n.parse::<u32>().is_ok() && NAMES.contains(&name));
    NAMES.contains(&text)
        || is_line
        || is_hour
        || is_title
        || is_numbered
        || text.ends_with("@desk.example")
        || said.len() > 4 && ARTICLE.contains(said)
        || said == "Shell hits market"
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn nothing_of_the_interface_stays_english_in_another_language(pool: PgPool) {
    let world = World::new(pool).await;
    let claims = world.claims().await;
    world.publish(claims[0], "verified", "Names compared.", None).await;
    let mut browser = world.signed_in(Role::Admin).await;
    let row = world.desk.claim_row(world.actor(Role::Editor), claims[0]).await.expect("a claim");
    let mut paths: Vec<String> = [
        "/",
        "/claims",
        "/claims?q=nothing",
        "/articles",
        "/articles?due=overdue",
        "/incidents",
        "/incidents?show=proposals",
        "/dashboard",
        "/intake",
        "/account",
        "/account/second-factor",
        "/notifications",
        "/agreement",
        "/find?q=killed",
        "/admin",
        "/admin/accounts",
        "/admin/policy",
        "/admin/identity",
        "/admin/scales",
        "/admin/scales/default",
        "/admin/scales/airwars",
        "/admin/copies",
        "/admin/history",
        "/admin/receivers",
        "/admin/mail",
        "/public",
        "/public/about",
        "/nowhere",
    ]
    .map(str::to_owned)
    .to_vec();
    paths.extend(claims.iter().map(|claim| format!("/claims/{claim}")));
    paths.push(format!("/articles/{}", row.article));
    paths.push(format!("/articles/{}/report", row.article));
    let figures = world.publish_figures(world.incident_of(claims[0]).await).await;
    paths.extend([format!("{figures}/embed"), figures]);
    // What would change, and why some of it cannot; then what is refused.
    let reviewer = world.actor(Role::Reviewer).id;
    let all: String = claims.iter().map(|claim| format!("claim={claim}&")).collect();
    paths.push(format!("/claims/assign?{all}"));
    paths.push(format!("/claims/assign?{all}to={reviewer}"));
    paths.push(format!("/claims/{}?as_of=1999-01-01T00:00Z", claims[0]));
    let mut english = BTreeMap::new();
    for path in &paths {
        english.insert(path, spoken(&browser.get(path).await.text));
    }
    browser.submit("/language", &[("language", "ar")]).await;
    let mut left = BTreeSet::new();
    for (path, said) in english {
        let now = spoken(&browser.get(path).await.text);
        let same = said.intersection(&now).filter(|text| !is_of_people(text));
        left.extend(same.map(|text| format!("{path}: {text}")));
        // A scale's form shows what a rating is called, to be changed.
        let is_form = path.starts_with("/admin/scales/");
        let words = now.iter().filter(|text| !is_of_people(text) && !is_form);
        left.extend(
            words.flat_map(|text| latin(text).map(move |word| format!("{path}: “{word}” in {text}"))),
        );
    }
    assert!(left.is_empty(), "{left:#?}");
    // What is refused is told on the page that it leads back to.
    let (claim, late) = (claims[0].to_string(), claims[1]);
    let given = Assignment { claim: late, to: Some(reviewer) };
    let handout =
        world.desk.assign(world.actor(Role::Admin), &[given], None).await.expect("given").to_string();
    world.clock.advance(TimeDelta::minutes(16));
    for (action, fields) in [
        ("claims/watch", [("claim", claim.as_str()), ("level", "much")]),
        ("claims/undo-assign", [("handout", handout.as_str()), ("page", "/claims")]),
        ("claims/dismiss", [("claim", claim.as_str()), ("reason", "")]),
    ] {
        let refused = browser.submit(&format!("/actions/{action}"), &fields).await;
        let page = browser.get(refused.location().split('#').next().unwrap_or_default()).await.text;
        let told = told(&page);
        assert!(!told.is_empty() && latin(&told).next().is_none(), "{action}: {told:?}");
    }
}

/// What a page says of something that was not done.
fn told(page: &str) -> String {
    let refused = Selector::parse(".notice.bad, .wrong").expect("a selector");
    Html::parse_document(page).select(&refused).flat_map(|said| said.text().map(str::to_owned)).collect()
}

/// The Latin words of a text in another script, but for names, abbreviations, addresses and what stands in
/// quotation marks.
fn latin(text: &str) -> impl Iterator<Item = &str> {
    const NAMES: [&str; 11] = [
        "Airwars",
        "ClaimReview",
        "Ctrl",
        "MediaReview",
        "Oryx",
        "https",
        "memory",
        "rules",
        "tagger",
        "Names",
        "compared",
    ];
    let outside = text.split('“').enumerate().filter_map(|(at, part)| match at {
        0 => Some(part),
        _ => part.split_once('”').map(|(_, after)| after),
    });
    outside
        .flat_map(|part| part.split(|c: char| !c.is_ascii_alphanumeric()))
        .filter(|word| word.bytes().any(|c| c.is_ascii_lowercase()))
        .filter(|word| !NAMES.contains(word) && !is_of_people(word) && !ARTICLE.contains(*word))
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn numbers_and_times_of_a_full_desk_are_said_as_the_language_says_them(pool: PgPool) {
    let world = World::new(pool).await;
    world.desk.fill(world.actor(Role::Admin), 200, |_| ()).await.expect("made up claims");
    let mut browser = world.signed_in(Role::Admin).await;
    browser.submit("/language", &[("language", "uk")]).await;
    let page = spoken_numbers(&browser.get("/dashboard").await.text);
    assert!(page.iter().any(|text| text.contains('\u{a0}')), "{page:#?}");
    for text in page {
        let english = text.split(|c: char| !(c.is_ascii_digit() || c == ',')).any(|number| {
            number.split_once(',').is_some_and(|(_, rest)| rest.len() == 3 && !rest.contains(','))
        });
        assert!(!english && !text.contains("p90") && !text.contains(" h "), "{text}");
    }
}

/// Whatever on a page has a digit.
fn spoken_numbers(page: &str) -> Vec<String> {
    let page = Html::parse_document(page);
    let all = Selector::parse("main *").expect("a selector");
    page.select(&all)
        .flat_map(|element| element.children())
        .filter_map(|child| child.value().as_text().map(|text| text.trim().to_owned()))
        .filter(|text| text.bytes().any(|c| c.is_ascii_digit()))
        .collect()
}
