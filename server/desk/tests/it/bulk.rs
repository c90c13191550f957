use crate::harness::Newsroom;
use domain::policy::Role;
use sqlx::PgPool;

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_filled_desk_has_what_was_asked_for_and_counts_it_rightly(pool: PgPool) {
    let room = Newsroom::over(pool);
    let admin = room.person("Ada", Role::Admin).await;
    room.reviewer("Robin").await;
    let mut told = Vec::new();
    room.desk.fill(&admin, 100, |done| told.push(done)).await.unwrap();
    assert_eq!(told, [100]);
    assert_eq!(room.count("select count(*) from claim").await, 1000);
    room.assert_counters_equal_a_recount().await;
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_filled_desk_reads_like_any_other(pool: PgPool) {
    let room = Newsroom::over(pool);
    let admin = room.person("Ada", Role::Admin).await;
    room.desk.fill(&admin, 3, |_| {}).await.unwrap();
    room.wait_minutes(1);
    room.desk.fill(&admin, 3, |_| {}).await.unwrap();
    for article in room.desk.articles(&admin, None, 10).await.unwrap().rows {
        let view = room.desk.article(&admin, article.id).await.unwrap();
        let text = domain::text::CharIndex::new(&view.text);
        for claim in &view.claims {
            assert_eq!(text.slice(claim.span), Some(claim.text.as_str()));
            let figure = &room.desk.claim(&admin, claim.id).await.unwrap().claim.measures[0];
            let wording = text.slice(domain::text::Span::new(figure.start, figure.end));
            assert_eq!(wording, Some(figure.text.as_str()));
        }
    }
}
