//! How far reviewers agree, counted from their verdicts.

use crate::harness::{Newsroom, because, said};
use desk::Period;
use domain::claim::ClaimKind;
use domain::desk_policy::{DeskPolicy, Rule, SecondReview};
use domain::policy::{Actor, Role};
use sqlx::PgPool;

/// A table of two answers as Wikipedia’s “Cohen’s kappa” has it, a fifth of its size: 4 and 3
/// agreements, 1 and 2 differences; agreement .70, κ .40.
async fn judged(room: &Newsroom, noor: &Actor, robin: &Actor) {
    let table = [
        ("verified", "verified", 4),
        ("verified", "false", 1),
        ("false", "verified", 2),
        ("false", "false", 3),
    ];
    for (one, other, times) in table {
        for turn in 0..times {
            let words = format!("At least 12 died, said witness {one} {other} {turn}.");
            let claim = room.article(noor, "Raid", &[said(&words)]).await.1[0];
            // Whoever judges first, the same person is first in the pair.
            let order =
                if turn % 2 == 0 { [(noor, one), (robin, other)] } else { [(robin, other), (noor, one)] };
            for (by, rating) in order {
                room.judge(by, claim, rating).await;
            }
        }
    }
}

async fn newsroom(pool: PgPool) -> (Newsroom, Actor, Actor, Actor) {
    let room = Newsroom::over(pool);
    let ada = room.person("Ada", Role::Admin).await;
    let policy =
        DeskPolicy { second_review: SecondReview { rules: vec![Rule::default()] }, ..DeskPolicy::default() };
    room.desk.set_policy(&ada, policy, 0, &because("agreed")).await.unwrap();
    let (noor, robin) = (room.reviewer("Noor").await, room.reviewer("Robin").await);
    (room, ada, noor, robin)
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn agreement_is_counted_by_scale_kind_and_pair(pool: PgPool) {
    let (room, ada, noor, robin) = newsroom(pool).await;
    judged(&room, &noor, &robin).await;
    let (_, other) = room
        .article(
            &noor,
            "Sums",
            &[said("At least 12 m.").counting(ClaimKind::Money, domain::measure::Indicator::Money)],
        )
        .await;
    room.judge(&noor, other[0], "false").await;
    room.judge(&ada, other[0], "false").await;
    let agreements = room.desk.agreements(&ada, Period::default()).await.unwrap();
    assert_eq!(agreements.all.judged, 11);
    assert_eq!(
        agreements.scales.iter().map(|row| (row.of.as_str(), row.agreement.judged)).collect::<Vec<_>>(),
        [("default", 11)]
    );
    let kinds: Vec<_> = agreements
        .kinds
        .iter()
        .map(|row| (row.of, row.agreement.judged, row.agreement.is_too_few()))
        .collect();
    assert_eq!(kinds, [(ClaimKind::Casualty, 10, false), (ClaimKind::Money, 1, true)]);
    let pair = &agreements.pairs[0];
    assert_eq!(pair.of, ("Noor".to_owned(), "Robin".to_owned()));
    assert_eq!((pair.agreement.judged, pair.agreement.share), (10, Some(0.7)));
    assert!((pair.agreement.kappa.unwrap() - 0.4).abs() < 1e-9, "{pair:?}");
    assert!(agreements.pairs[1].agreement.is_too_few());
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn each_number_is_of_the_claims_in_its_list(pool: PgPool) {
    let (room, ada, noor, robin) = newsroom(pool).await;
    judged(&room, &noor, &robin).await;
    let again = room.claim(&noor).await;
    for _ in 0..2 {
        room.judge(&noor, again, "false").await;
        room.judge(&ada, again, "false").await;
        room.desk.reopen(&ada, again, room.version_of(again).await, because("news")).await.unwrap();
    }
    let today = room.desk.clock().now().date_naive();
    for (who, period, judged) in [
        (&ada, Period::default(), 12),
        (&ada, Period { from: Some(today), to: Some(today) }, 12),
        (&ada, Period { from: None, to: today.pred_opt() }, 0),
        (&robin, Period::default(), 10),
    ] {
        let seen = room.desk.agreements(who, period).await.unwrap();
        assert_eq!((seen.all.judged as i64, room.counted(who, &seen.list).await), (judged, judged));
        let pairs = seen.pairs.iter().map(|row| (row.agreement.judged, &row.list));
        let kinds = seen.kinds.iter().map(|row| (row.agreement.judged, &row.list));
        let scales = seen.scales.iter().map(|row| (row.agreement.judged, &row.list));
        for (judged, list) in pairs.chain(kinds).chain(scales) {
            assert_eq!(room.counted(who, list).await, judged as i64, "{list:?}");
        }
    }
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn reviewers_see_the_pairs_they_are_in_and_viewers_none(pool: PgPool) {
    let (room, ada, noor, robin) = newsroom(pool).await;
    let claim = room.claim(&ada).await;
    room.judge(&ada, claim, "false").await;
    room.judge(&robin, claim, "false").await;
    let own = room.desk.agreements(&noor, Period::default()).await.unwrap();
    assert!(own.is_own && own.pairs.is_empty());
    assert_eq!(room.desk.agreements(&robin, Period::default()).await.unwrap().pairs.len(), 1);
    let viewer = room.person("Vic", Role::Viewer).await;
    assert!(room.desk.agreements(&viewer, Period::default()).await.is_err());
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_first_verdict_that_waits_is_not_counted_and_a_period_bounds_what_is(pool: PgPool) {
    let (room, ada, noor, robin) = newsroom(pool).await;
    let claim = room.claim(&ada).await;
    room.judge(&noor, claim, "false").await;
    assert_eq!(room.desk.agreements(&ada, Period::default()).await.unwrap().all.judged, 0);
    room.judge(&robin, claim, "verified").await;
    let today = room.desk.clock().now().date_naive();
    let judged = |from, to| {
        let desk = room.desk.clone();
        let ada = ada.clone();
        async move { desk.agreements(&ada, Period { from, to }).await.unwrap().all.judged }
    };
    assert_eq!(judged(Some(today), Some(today)).await, 1);
    assert_eq!(judged(today.succ_opt(), None).await, 0);
    assert_eq!(judged(None, today.pred_opt()).await, 0);
}
