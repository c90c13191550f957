//! The languages of the interface.

use crate::harness::World;
use domain::language::Language;
use domain::policy::Role;
use sqlx::PgPool;

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
