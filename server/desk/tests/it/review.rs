use crate::harness::{Newsroom, address_of, because, evidence, is_refused, noon, once, said, verdict};
use desk::{Difference, Error, EvidenceForm, VerdictForm};
use domain::link::LinkKind;
use domain::policy::Role;
use domain::workflow::{Blocked, Stage};
use sqlx::PgPool;

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn the_most_urgent_claim_comes_next_and_of_equals_the_oldest(pool: PgPool) {
    let room = Newsroom::over(pool);
    let noor = room.reviewer("Noor").await;
    let (_, early) =
        room.article(&noor, "Early", &[said("Ten fled.").worth(0.2), said("Two fled.").worth(0.6)]).await;
    let (_, late) =
        room.article(&noor, "Late", &[said("Six fled.").worth(0.6), said("One fled.").worth(0.9)]).await;
    let mut order = Vec::new();
    while let Some(next) = room.desk.take_next(&noor, None, None).await.unwrap() {
        order.push(next);
    }
    assert_eq!(order, [late[1], early[1], late[0], early[0]]);
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_claim_that_another_holds_is_skipped(pool: PgPool) {
    let room = Newsroom::over(pool);
    let (noor, robin) = (room.reviewer("Noor").await, room.reviewer("Robin").await);
    let (_, claims) = room.article(&noor, "Raid", &[said("Ten fled."), said("Two fled.")]).await;
    assert_eq!(room.desk.take_next(&noor, None, None).await.unwrap(), Some(claims[0]));
    assert_eq!(room.desk.take_next(&robin, None, None).await.unwrap(), Some(claims[1]));
    assert_eq!(room.desk.take_next(&robin, None, None).await.unwrap(), None);
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_released_claim_is_not_the_next_one_for_who_released_it(pool: PgPool) {
    let room = Newsroom::over(pool);
    let noor = room.reviewer("Noor").await;
    let (_, claims) =
        room.article(&noor, "Raid", &[said("Ten fled."), said("Two fled."), said("Six fled.")]).await;
    let mut order = Vec::new();
    let mut after = None;
    for _ in 0..4 {
        let next = room.desk.take_next(&noor, after, None).await.unwrap().unwrap();
        room.desk.release(&noor, next).await.unwrap();
        order.push(next);
        after = Some(next);
    }
    assert_eq!(order, [claims[0], claims[1], claims[2], claims[0]], "after the last one it begins anew");
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn the_only_claim_is_not_given_again_to_who_passed_it_on(pool: PgPool) {
    let room = Newsroom::over(pool);
    let noor = room.reviewer("Noor").await;
    let claim = room.claim(&noor).await;
    assert_eq!(room.desk.take_next(&noor, Some(claim), None).await.unwrap(), None);
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_lease_that_ran_out_puts_the_claim_back_for_everybody(pool: PgPool) {
    let room = Newsroom::over(pool);
    let (noor, robin) = (room.reviewer("Noor").await, room.reviewer("Robin").await);
    let claim = room.claim(&noor).await;
    room.desk.take(&noor, claim).await.unwrap();
    room.wait_minutes(29);
    assert_eq!(room.desk.take_next(&robin, None, None).await.unwrap(), None);
    room.wait_minutes(1);
    assert_eq!(room.desk.take_next(&robin, None, None).await.unwrap(), Some(claim));
    assert!(
        room.told(&noor, claim)
            .await
            .contains(&"The desk gave it back to the queue: Noor had left it".into())
    );
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_claim_with_a_verdict_comes_back_as_reopened(pool: PgPool) {
    let room = Newsroom::over(pool);
    let eda = room.editor("Eda").await;
    let claim = room.claim(&eda).await;
    room.judge(&eda, claim, "verified").await;
    room.desk.reopen(&eda, claim, 2, because("news")).await.unwrap();
    room.desk.take(&eda, claim).await.unwrap();
    room.wait_minutes(30);
    assert_eq!(room.desk.expire_leases().await.unwrap(), 1);
    assert_eq!(room.stage_of(claim).await, "reopened");
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn work_on_a_claim_keeps_it(pool: PgPool) {
    let room = Newsroom::over(pool);
    let (noor, robin) = (room.reviewer("Noor").await, room.reviewer("Robin").await);
    let claim = room.claim(&noor).await;
    room.desk.take(&noor, claim).await.unwrap();
    room.wait_minutes(20);
    room.add_evidence(&noor, claim).await;
    room.add_evidence(&robin, claim).await;
    let lease = room.desk.claim(&noor, claim).await.unwrap().lease.unwrap();
    assert_eq!((lease.holder, lease.until), (noor.id, noon() + chrono::TimeDelta::minutes(50)));
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn what_another_holds_is_refused_with_the_name(pool: PgPool) {
    let room = Newsroom::over(pool);
    let (noor, robin) = (room.reviewer("Noor").await, room.reviewer("Robin").await);
    let claim = room.claim(&noor).await;
    room.desk.take(&noor, claim).await.unwrap();
    for answer in [
        room.desk.take(&robin, claim).await,
        room.desk.release(&robin, claim).await,
        room.desk.dismiss(&robin, claim, 1, because("twice")).await,
        room.desk.give_verdict(&robin, claim, verdict("false", 1), None).await.map(drop),
    ] {
        assert_eq!(answer.unwrap_err().words(), "Noor is checking this claim until 12:30 UTC.");
    }
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_verdict_settles_the_claim_and_frees_it(pool: PgPool) {
    let room = Newsroom::over(pool);
    let noor = room.reviewer("Noor").await;
    let claim = room.claim(&noor).await;
    room.desk.take(&noor, claim).await.unwrap();
    room.judge(&noor, claim, "verified").await;
    let view = room.desk.claim(&noor, claim).await.unwrap();
    assert_eq!((view.claim.stage, view.claim.rating.as_deref()), (Stage::Settled, Some("verified")));
    assert!(view.lease.is_none());
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_later_verdict_supersedes_and_the_earlier_one_stays_as_it_was(pool: PgPool) {
    let room = Newsroom::over(pool);
    let (noor, robin) = (room.reviewer("Noor").await, room.reviewer("Robin").await);
    let claim = room.claim(&noor).await;
    room.judge(&noor, claim, "unverified").await;
    room.wait_minutes(5);
    room.judge(&robin, claim, "verified").await;
    let view = room.desk.claim(&noor, claim).await.unwrap();
    let all: Vec<_> = view
        .verdicts
        .iter()
        .map(|v| (v.number, v.reviewer.as_str(), v.rating.as_str(), v.given_at == noon()))
        .collect();
    assert_eq!(all, [(2, "Robin", "verified", false), (1, "Noor", "unverified", true)]);
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_verdict_on_what_has_moved_is_told_what_differs(pool: PgPool) {
    let room = Newsroom::over(pool);
    let (noor, robin) = (room.reviewer("Noor").await, room.reviewer("Robin").await);
    let claim = room.claim(&noor).await;
    room.judge(&noor, claim, "unverified").await;
    // What does not move the claim is not what the form is compared with.
    room.add_evidence(&robin, claim).await;
    let answer = room.desk.give_verdict(&robin, claim, verdict("verified", 1), None).await;
    let Err(Error::Stale { by, current, differences }) = answer else { panic!("{answer:?}") };
    assert_eq!((by.as_str(), current), ("Noor", 2));
    let rating = Difference { field: "rating", yours: "verified".into(), theirs: "unverified".into() };
    assert_eq!(differences, [rating]);
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn of_two_verdicts_at_once_one_stands_and_the_other_is_told(pool: PgPool) {
    let room = Newsroom::over(pool);
    let (noor, robin) = (room.reviewer("Noor").await, room.reviewer("Robin").await);
    let other = room.second_desk();
    for _ in 0..10 {
        let claim = room.claim(&noor).await;
        room.wait_minutes(1);
        let version = room.version_of(claim).await;
        let before = room.count("select count(*) from verdict").await;
        let (one, two) = tokio::join!(
            room.desk.give_verdict(&noor, claim, verdict("verified", version), None),
            other.give_verdict(&robin, claim, verdict("false", version), None),
        );
        let stale =
            [&one, &two].into_iter().filter(|answer| matches!(answer, Err(Error::Stale { .. }))).count();
        assert_eq!((one.is_ok() as usize + two.is_ok() as usize, stale), (1, 1), "{one:?} {two:?}");
        assert_eq!(room.count("select count(*) from verdict").await, before + 1);
    }
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_published_claim_takes_no_verdict_before_it_is_reopened(pool: PgPool) {
    let room = Newsroom::over(pool);
    let eda = room.editor("Eda").await;
    let claim = room.claim(&eda).await;
    room.judge(&eda, claim, "verified").await;
    room.desk.publish(&eda, claim, 2, None).await.unwrap();
    let answer = room.desk.give_verdict(&eda, claim, verdict("false", 3), None).await;
    assert!(
        matches!(answer, Err(Error::Blocked(Blocked::Stage { stage: Stage::Published, .. }))),
        "{answer:?}"
    );
    room.desk.reopen(&eda, claim, 3, because("The ministry halved its toll.")).await.unwrap();
    room.judge(&eda, claim, "false").await;
    assert_eq!(room.stage_of(claim).await, "settled");
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_stale_publication_is_told_who_moved_the_claim(pool: PgPool) {
    let room = Newsroom::over(pool);
    let (eda, noor) = (room.editor("Eda").await, room.reviewer("Noor").await);
    let claim = room.claim(&eda).await;
    room.judge(&eda, claim, "verified").await;
    room.judge(&noor, claim, "false").await;
    let answer = room.desk.publish(&eda, claim, 2, None).await;
    assert!(matches!(&answer, Err(Error::Stale { by, current: 3, .. }) if by == "Noor"), "{answer:?}");
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_dismissed_claim_can_be_reopened(pool: PgPool) {
    let room = Newsroom::over(pool);
    let eda = room.editor("Eda").await;
    let claim = room.claim(&eda).await;
    room.desk.dismiss(&eda, claim, 1, because("A duplicate.")).await.unwrap();
    assert_eq!(room.desk.take_next(&eda, None, None).await.unwrap(), None);
    room.desk.reopen(&eda, claim, 2, because("It is not.")).await.unwrap();
    assert_eq!(room.desk.take_next(&eda, None, None).await.unwrap(), Some(claim));
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_rating_must_be_of_the_scale(pool: PgPool) {
    let room = Newsroom::over(pool);
    let noor = room.reviewer("Noor").await;
    let claim = room.claim(&noor).await;
    for rating in ["", "true", "Verified", "verified\0"] {
        let answer = room.desk.give_verdict(&noor, claim, verdict(rating, 1), None).await;
        assert_eq!(answer.unwrap_err().field(), Some("rating"), "{rating:?}");
    }
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_figure_without_a_number_is_refused_and_a_blank_one_is_none(pool: PgPool) {
    let room = Newsroom::over(pool);
    let noor = room.reviewer("Noor").await;
    let claim = room.claim(&noor).await;
    for figure in ["not known", "\0", &"9".repeat(101)] {
        let form = VerdictForm { figure: Some(figure.to_owned()), ..verdict("verified", 1) };
        let answer = room.desk.give_verdict(&noor, claim, form, None).await;
        assert_eq!(answer.unwrap_err().field(), Some("figure"), "{figure:?}");
    }
    let form = VerdictForm { figure: Some("  ".to_owned()), ..verdict("verified", 1) };
    room.desk.give_verdict(&noor, claim, form, None).await.unwrap();
    assert_eq!(room.desk.claim(&noor, claim).await.unwrap().verdicts[0].figure, None);
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_bare_number_is_the_figure_it_says(pool: PgPool) {
    let room = Newsroom::over(pool);
    let noor = room.reviewer("Noor").await;
    for (typed, says) in
        [("41", 41.0), (" 2024 ", 2024.0), ("1,234,567", 1_234_567.0), ("12\u{a0}000", 12_000.0)]
    {
        let claim = room.claim(&noor).await;
        let form = VerdictForm {
            figure: Some(typed.to_owned()),
            ..verdict("verified", room.version_of(claim).await)
        };
        room.desk.give_verdict(&noor, claim, form, None).await.unwrap();
        let kept: f64 = sqlx::query_scalar("select figure_best from verdict order by id desc limit 1")
            .fetch_one(&room.pool)
            .await
            .unwrap();
        assert_eq!(kept, says, "{typed:?}");
    }
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn corrected_evidence_tells_what_it_said_before(pool: PgPool) {
    let room = Newsroom::over(pool);
    let noor = room.reviewer("Noor").await;
    let claim = room.claim(&noor).await;
    let piece = room.add_evidence(&noor, claim).await;
    let form = EvidenceForm { address: Some(address_of("https://a.example/b")), ..evidence("Morgue list") };
    assert_eq!(room.desk.correct_evidence(&noor, piece, form, 1).await.unwrap(), claim);
    let view = room.desk.claim(&noor, claim).await.unwrap();
    assert_eq!((view.evidence[0].version, view.evidence[0].title.as_str()), (2, "Morgue list"));
    assert_eq!(
        room.told(&noor, claim).await.last().unwrap(),
        "Noor corrected the evidence “Hospital list”: title “Hospital list”, address “https://hospital.example/list” \
         became title “Morgue list”, address “https://a.example/b”"
    );
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_correction_of_what_was_corrected_meanwhile_is_told_what_differs(pool: PgPool) {
    let room = Newsroom::over(pool);
    let (noor, robin) = (room.reviewer("Noor").await, room.reviewer("Robin").await);
    let claim = room.claim(&noor).await;
    let piece = room.add_evidence(&noor, claim).await;
    room.desk.correct_evidence(&noor, piece, evidence("Morgue list"), 1).await.unwrap();
    let answer = room.desk.correct_evidence(&robin, piece, evidence("Ward list"), 1).await;
    let Err(Error::Stale { by, current: 2, differences }) = answer else { panic!("{answer:?}") };
    assert_eq!(by, "Noor");
    assert_eq!(
        differences,
        [Difference { field: "title", yours: "Ward list".into(), theirs: "Morgue list".into() }]
    );
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn withdrawn_evidence_stays_to_be_seen_with_the_reason_and_cannot_be_changed(pool: PgPool) {
    let room = Newsroom::over(pool);
    let noor = room.reviewer("Noor").await;
    let claim = room.claim(&noor).await;
    let piece = room.add_evidence(&noor, claim).await;
    room.desk.withdraw_evidence(&noor, piece, because("It is of another year.")).await.unwrap();
    let view = room.desk.claim(&noor, claim).await.unwrap();
    assert_eq!(view.evidence[0].withdrawn, Some(("Noor".into(), "It is of another year.".into())));
    let answer = room.desk.correct_evidence(&noor, piece, evidence("Ward list"), 2).await;
    assert!(matches!(answer, Err(Error::NotFound(_))), "{answer:?}");
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_repeated_request_has_its_effect_once(pool: PgPool) {
    let room = Newsroom::over(pool);
    let noor = room.reviewer("Noor").await;
    let (_, claims) = room.article(&noor, "Raid", &[said("Ten fled."), said("Two fled.")]).await;
    let key = once("v", 1);
    let first = room.desk.give_verdict(&noor, claims[0], verdict("verified", 1), Some(&key)).await.unwrap();
    let again = room.desk.give_verdict(&noor, claims[0], verdict("verified", 1), Some(&key)).await.unwrap();
    assert_eq!(first, again);
    let key = once("e", 2);
    let first = room.desk.add_evidence(&noor, claims[0], evidence("List"), Some(&key)).await.unwrap();
    let again = room.desk.add_evidence(&noor, claims[0], evidence("List"), Some(&key)).await.unwrap();
    assert_eq!(first, again);
    let key = once("n", 3);
    let first = room.desk.take_next(&noor, None, Some(&key)).await.unwrap();
    assert_eq!(room.desk.take_next(&noor, None, Some(&key)).await.unwrap(), first);
    let rows =
        room.count("select (select count(*) from verdict) * 10 + (select count(*) from evidence)").await;
    assert_eq!(rows, 11, "one verdict, one piece of evidence");
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_key_is_for_one_request_of_one_person(pool: PgPool) {
    let room = Newsroom::over(pool);
    let (noor, robin) = (room.reviewer("Noor").await, room.reviewer("Robin").await);
    let claim = room.claim(&noor).await;
    room.desk.add_evidence(&noor, claim, evidence("List"), Some(&once("k", 1))).await.unwrap();
    let other = room.desk.add_evidence(&noor, claim, evidence("Other"), Some(&once("k", 2))).await;
    assert!(matches!(other, Err(Error::KeyReused)), "{other:?}");
    room.desk.add_evidence(&robin, claim, evidence("Other"), Some(&once("k", 2))).await.unwrap();
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_request_that_failed_may_be_sent_again_under_its_key(pool: PgPool) {
    let room = Newsroom::over(pool);
    let (noor, robin) = (room.reviewer("Noor").await, room.reviewer("Robin").await);
    let claim = room.claim(&noor).await;
    room.desk.take(&robin, claim).await.unwrap();
    let key = once("k", 1);
    assert!(room.desk.give_verdict(&noor, claim, verdict("verified", 1), Some(&key)).await.is_err());
    room.desk.release(&robin, claim).await.unwrap();
    assert!(room.desk.give_verdict(&noor, claim, verdict("verified", 1), Some(&key)).await.is_ok());
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn the_same_key_at_the_same_moment_has_one_effect(pool: PgPool) {
    let room = Newsroom::over(pool);
    let noor = room.reviewer("Noor").await;
    let claim = room.claim(&noor).await;
    let mut requests = tokio::task::JoinSet::new();
    for _ in 0..8 {
        let (desk, noor) = (room.second_desk(), noor.clone());
        requests.spawn(async move {
            desk.give_verdict(&noor, claim, verdict("verified", 1), Some(&once("k", 1))).await.unwrap()
        });
    }
    let mut ids = requests.join_all().await;
    ids.dedup();
    assert_eq!(ids.len(), 1);
    assert_eq!(room.count("select count(*) from verdict").await, 1);
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_key_without_end_or_with_a_nul_is_refused(pool: PgPool) {
    let room = Newsroom::over(pool);
    let noor = room.reviewer("Noor").await;
    let claim = room.claim(&noor).await;
    for key in ["", "a\0b", &"k".repeat(5_000)] {
        let answer = room.desk.add_evidence(&noor, claim, evidence("List"), Some(&once(key, 1))).await;
        assert_eq!(answer.unwrap_err().field(), Some("idempotency_key"), "{key:?}");
    }
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn what_is_not_there_is_not_found(pool: PgPool) {
    let room = Newsroom::over(pool);
    let eda = room.person("Eda", Role::Editor).await;
    let (claim, piece) = (domain::id::ClaimId(uuid::Uuid::nil()), domain::id::EvidenceId(uuid::Uuid::nil()));
    let desk = &room.desk;
    for answer in [
        desk.take(&eda, claim).await,
        desk.release(&eda, claim).await,
        desk.publish(&eda, claim, 1, None).await,
        desk.reopen(&eda, claim, 1, because("news")).await,
        desk.dismiss(&eda, claim, 1, because("twice")).await,
        desk.give_verdict(&eda, claim, verdict("verified", 1), None).await.map(drop),
        desk.add_evidence(&eda, claim, evidence("List"), None).await.map(drop),
        desk.correct_evidence(&eda, piece, evidence("List"), 1).await.map(drop),
        desk.withdraw_evidence(&eda, piece, because("forged")).await.map(drop),
        desk.claim(&eda, claim).await.map(drop),
    ] {
        assert!(matches!(answer, Err(Error::NotFound(_))) && !is_refused(&answer), "{answer:?}");
    }
    assert_eq!(desk.take_next(&eda, Some(claim), None).await.unwrap(), None);
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn two_claims_are_never_set_aside_as_duplicates_of_each_other(pool: PgPool) {
    let room = Newsroom::over(pool);
    let robin = room.reviewer("Robin").await;
    let words = ["At least 12 people were killed.", "At least 12 people died.", "At least 12 fell."];
    let (_, claims) = room.article(&robin, "Raid", &words.map(said)).await;
    let (one, other, sum) = (claims[0], claims[1], claims[2]);
    room.desk.dismiss_as_duplicate(&robin, one, 1, other, None).await.unwrap();
    let back = room.desk.dismiss_as_duplicate(&robin, other, 1, one, None).await;
    assert!(matches!(&back, Err(Error::Invalid(invalid)) if invalid.field == "other"), "{back:?}");
    assert_eq!(room.stage_of(other).await, "open");
    // Nor where the other only came back to the queue, or rests on it at some remove.
    room.desk.link(&robin, sum, one, LinkKind::DerivedFrom, None).await.unwrap();
    let edith = room.editor("Edith").await;
    room.desk.reopen(&edith, one, 2, because("Not the same after all.")).await.unwrap();
    for of in [one, sum] {
        let back = room.desk.dismiss_as_duplicate(&robin, other, 1, of, None).await;
        assert!(matches!(&back, Err(Error::Invalid(invalid)) if invalid.field == "other"), "{back:?}");
    }
}
