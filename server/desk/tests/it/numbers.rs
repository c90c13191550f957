//! The dashboard's numbers and the export.

use crate::harness::{Newsroom, because, said};
use desk::{DayRange, Scope};
use domain::clearance::Clearance;
use domain::policy::{Actor, Role};
use domain::workflow::Stage;
use sqlx::PgPool;

/// Claims in every stage: two open, one in review, one settled, one published, one reopened, one
/// dismissed.
async fn busy(room: &Newsroom) -> Actor {
    let eda = room.editor("Eda").await;
    let words: Vec<String> = (0..7).map(|n| format!("At least 12 fled from house {n}.")).collect();
    let all: Vec<_> = words.iter().map(|words| said(words)).collect();
    let (_, claims) = room.article(&eda, "Raid", &all).await;
    room.wait_minutes(1);
    room.desk.take(&eda, claims[2]).await.unwrap();
    room.judge(&eda, claims[3], "verified").await;
    room.judge(&eda, claims[4], "false").await;
    room.desk.publish(&eda, claims[4], 2, None).await.unwrap();
    room.judge(&eda, claims[5], "disputed").await;
    room.desk.reopen(&eda, claims[5], 2, because("news")).await.unwrap();
    room.desk.dismiss(&eda, claims[6], 1, because("twice")).await.unwrap();
    eda
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn the_dashboard_counts_claims_by_stage_and_rating(pool: PgPool) {
    let room = Newsroom::over(pool);
    let eda = busy(&room).await;
    let board = room.desk.dashboard(&eda).await.unwrap();
    let stages: Vec<_> = Stage::ALL.iter().map(|stage| (stage.word(), board.in_stage(*stage))).collect();
    assert_eq!(
        stages,
        [
            ("open", 2),
            ("in_review", 1),
            ("awaiting_second_review", 0),
            ("disagreed", 0),
            ("settled", 1),
            ("published", 1),
            ("reopened", 1),
            ("dismissed", 1)
        ]
    );
    assert_eq!([board.rated("verified"), board.rated("false"), board.rated("unverified")], [1, 1, 0]);
    room.assert_counters_equal_a_recount().await;
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn the_dashboard_says_who_reviews_what_waits_and_what_blocks(pool: PgPool) {
    let room = Newsroom::over(pool);
    let eda = busy(&room).await;
    let board = room.desk.dashboard(&eda).await.unwrap();
    assert_eq!((board.reviewing, board.today), (1, 3));
    let waits: Vec<_> = board.waiting.iter().map(|waiting| waiting.claim.stage).collect();
    assert_eq!(waits, [Stage::Open, Stage::Open, Stage::Reopened], "longest first");
    assert_eq!(board.articles[0].clearance(), Clearance::CorrectionDue { reopened: 1 });
    let rows: Vec<_> =
        board.reviewers.iter().map(|r| (r.name.as_str(), r.verdicts(), r.today, r.held)).collect();
    assert_eq!(rows, [("Eda", 3, 3, 1)]);
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_day_ends_at_midnight_utc(pool: PgPool) {
    let room = Newsroom::over(pool);
    let noor = room.reviewer("Noor").await;
    let (_, claims) = room.article(&noor, "Raid", &[said("Ten fled."), said("Two fled.")]).await;
    room.wait_minutes(12 * 60 - 1);
    room.judge(&noor, claims[0], "verified").await;
    assert_eq!(room.desk.dashboard(&noor).await.unwrap().today, 1);
    room.wait_minutes(1);
    assert_eq!(room.desk.dashboard(&noor).await.unwrap().today, 0);
    room.judge(&noor, claims[1], "false").await;
    let board = room.desk.dashboard(&noor).await.unwrap();
    let counted = |day: &desk::DayRow| -> Vec<(String, i64)> {
        day.ratings.iter().map(|(rating, n)| (rating.key.clone(), *n)).collect()
    };
    let last: Vec<_> = board.days[12..].iter().map(|day| (day.day.to_string(), counted(day))).collect();
    assert_eq!(
        last,
        [
            ("2024-03-14".to_owned(), vec![("verified".to_owned(), 1)]),
            ("2024-03-15".to_owned(), vec![("false".to_owned(), 1)]),
        ]
    );
    assert_eq!((board.reviewers[0].verdicts(), board.reviewers[0].today), (2, 1));
    assert_eq!(room.desk.queue(&noor).await.unwrap().today, 1);
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn the_dashboard_shows_fourteen_days_and_reviewers_of_seven(pool: PgPool) {
    let room = Newsroom::over(pool);
    let noor = room.reviewer("Noor").await;
    let claim = room.claim(&noor).await;
    room.judge(&noor, claim, "verified").await;
    for (days, of_week, of_fortnight) in [(6, 1, 1), (1, 0, 1), (6, 0, 1), (1, 0, 0)] {
        room.wait_minutes(days * 24 * 60);
        let board = room.desk.dashboard(&noor).await.unwrap();
        assert_eq!(board.days.len(), 14);
        assert!(board.days.is_sorted_by_key(|day| day.day));
        let fortnight: i64 = board.days.iter().map(desk::DayRow::verdicts).sum();
        assert_eq!((board.reviewers[0].verdicts(), fortnight), (of_week, of_fortnight));
    }
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn viewers_and_disabled_accounts_are_no_reviewers(pool: PgPool) {
    let room = Newsroom::over(pool);
    let viewer = room.person("Vic", Role::Viewer).await;
    room.reviewer("Noor").await;
    let gone = room.reviewer("Gone").await;
    room.desk.disable_account(None, gone.id).await.unwrap();
    let board = room.desk.dashboard(&viewer).await.unwrap();
    assert_eq!(board.reviewers.iter().map(|r| r.name.as_str()).collect::<Vec<_>>(), ["Noor"]);
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn shares_are_of_all_who_gave_verdicts_whatever_became_of_their_account(pool: PgPool) {
    let room = Newsroom::over(pool);
    let (eda, gone) = (room.editor("Eda").await, room.reviewer("Gone").await);
    for by in [&gone, &gone, &gone, &eda] {
        let claim = room.claim(&eda).await;
        room.judge(by, claim, "verified").await;
    }
    // More people who did nothing than the list has room for.
    for n in 0..40 {
        room.reviewer(&format!("Reader {n}")).await;
    }
    room.desk.disable_account(None, gone.id).await.unwrap();
    let days = DayRange::last(7, room.desk.clock().now().date_naive());
    let board = room.desk.dashboard_over(&eda, days, Scope::default()).await.unwrap();
    let first: Vec<_> =
        board.reviewers.iter().take(2).map(|r| (r.name.as_str(), r.verdicts(), r.is_disabled)).collect();
    assert_eq!(first, [("Gone", 3, true), ("Eda", 1, false)]);
    assert_eq!((board.given(), board.reviewers.len()), (4, 30));
    let load = room.desk.flow(&eda, days, Scope::default()).await.unwrap().load.unwrap();
    assert!((load.busiest - 3.0 / 4.0).abs() < 1e-9);
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn what_was_done_today_is_counted_whatever_days_are_asked_for(pool: PgPool) {
    let room = Newsroom::over(pool);
    let (eda, noor) = (room.editor("Eda").await, room.reviewer("Noor").await);
    let claim = room.claim(&eda).await;
    room.judge(&noor, claim, "verified").await;
    let day = |text: &str| text.parse().unwrap();
    let before = DayRange { from: day("2024-03-01"), to: day("2024-03-10") };
    let board = room.desk.dashboard_over(&eda, before, Scope::default()).await.unwrap();
    assert_eq!((board.today, board.given()), (1, 0));
    assert_eq!((board.reviewers[0].name.as_str(), board.reviewers[0].today), ("Noor", 1));
    room.wait_minutes(24 * 60);
    assert_eq!(room.desk.dashboard_over(&eda, before, Scope::default()).await.unwrap().today, 0);
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn the_queue_shows_what_one_holds_and_what_comes_next(pool: PgPool) {
    let room = Newsroom::over(pool);
    let eda = busy(&room).await;
    let queue = room.desk.queue(&eda).await.unwrap();
    assert_eq!((queue.waiting, queue.today, queue.yours.len(), queue.next.len()), (3, 3, 1, 3));
    assert_eq!(room.desk.take_next(&eda, None, None).await.unwrap(), Some(queue.next[0].id));
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn the_export_has_every_claim_once_with_the_verdict_that_stands(pool: PgPool) {
    let room = Newsroom::over(pool);
    let admin = room.person("Ada", Role::Admin).await;
    room.desk.fill(&admin, 45, |_| {}).await.unwrap();
    let (_, claims) = room.article(&admin, "Raid", &[said("Ten fled.")]).await;
    room.judge(&admin, claims[0], "unverified").await;
    room.judge(&admin, claims[0], "false").await;
    let (mut rows, mut after) = (Vec::new(), None);
    loop {
        let (more, next) = room.desk.export(&admin, &desk::ClaimFilter::default(), after).await.unwrap();
        rows.extend(more);
        let Some(next) = next else { break };
        after = Some(next);
    }
    let ids: std::collections::HashSet<_> = rows.iter().map(|row| row.claim.id).collect();
    assert_eq!((rows.len(), ids.len()), (451, 451));
    let superseded = rows.iter().find(|row| row.claim.id == claims[0]).unwrap();
    assert_eq!(superseded.claim.rating.as_deref(), Some("false"));
    assert!(rows.iter().all(|row| row.claim.rating.is_some() == row.rationale.is_some()));
}
