//! Two people for one decision, the second of whom does not know what the first one found.

use crate::harness::{Newsroom, because, said, verdict};
use chrono::{DateTime, TimeDelta, Utc};
use desk::{AdjudicationForm, ClaimFilter, Error, Sort, VerdictForm};
use domain::claim::ClaimKind;
use domain::desk_policy::{DeskPolicy, Rule, SecondReview};
use domain::id::ClaimId;
use domain::policy::{Actor, Role};
use domain::words::Rationale;
use domain::workflow::{Blocked, Part, Stage};
use sqlx::PgPool;

/// A desk where every claim takes two, and its people.
struct Two {
    room: Newsroom,
    noor: Actor,
    robin: Actor,
    eda: Actor,
    ada: Actor,
    claim: ClaimId,
}

const SECRET: &str = "Xylophone: the register lists other people.";

async fn two(pool: PgPool) -> Two {
    let room = Newsroom::over(pool);
    let ada = room.person("Ada", Role::Admin).await;
    rules(&room, &ada, vec![Rule::default()]).await;
    let (noor, robin) = (room.reviewer("Noor").await, room.reviewer("Robin").await);
    let eda = room.editor("Eda").await;
    let claim = room.claim(&eda).await;
    Two { room, noor, robin, eda, ada, claim }
}

pub async fn rules(room: &Newsroom, ada: &Actor, rules: Vec<Rule>) {
    let policy = DeskPolicy { second_review: SecondReview { rules }, ..DeskPolicy::default() };
    let seen = room.desk.policy().await.unwrap().version;
    room.desk.set_policy(ada, policy, seen, &because("agreed")).await.unwrap();
}

fn secret(rating: &str, version: i32) -> VerdictForm {
    VerdictForm {
        rationale: Rationale::parse(SECRET).unwrap(),
        figure: Some("7".into()),
        ..verdict(rating, version)
    }
}

fn decision(rating: &str, version: i32) -> AdjudicationForm {
    AdjudicationForm {
        rating: rating.into(),
        reason: Rationale::parse("The list is the older one.").unwrap(),
        figure: None,
        version,
    }
}

impl Two {
    async fn first(&self) {
        self.room.desk.give_verdict(&self.noor, self.claim, secret("false", 1), None).await.unwrap();
    }

    async fn disagree(&self) {
        self.first().await;
        self.room.judge(&self.robin, self.claim, "verified").await;
    }

    async fn stage(&self) -> (Stage, Option<String>) {
        let claim = self.room.desk.claim_row(&self.ada, self.claim).await.unwrap();
        (claim.stage, claim.rating)
    }
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn without_a_rule_one_verdict_settles(pool: PgPool) {
    let two = two(pool).await;
    rules(&two.room, &two.ada, vec![]).await;
    two.first().await;
    assert_eq!(two.stage().await, (Stage::Settled, Some("false".into())));
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_rule_weighs_the_figures_of_the_claim(pool: PgPool) {
    let two = two(pool).await;
    let from = |least| Rule { kind: Some(ClaimKind::Casualty), at_least: Some(least), ..Rule::default() };
    for (least, stage) in [(13, Stage::Settled), (12, Stage::AwaitingSecondReview)] {
        rules(&two.room, &two.ada, vec![from(least)]).await;
        let claim = two.room.claim(&two.eda).await;
        two.room.judge(&two.noor, claim, "verified").await;
        let view = two.room.view(&two.robin, claim).await;
        assert_eq!(view.claim.stage, stage);
        let because = view.second.map(|second| second.because);
        assert_eq!(because, (least == 12).then(|| "casualties, at least 12 people".to_owned()));
    }
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_rule_looks_at_other_figures_on_record(pool: PgPool) {
    let two = two(pool).await;
    rules(&two.room, &two.ada, vec![Rule { disagreement: true, ..Rule::default() }]).await;
    let (_, claims) =
        two.room.article(&two.eda, "Raid", &[said("At least 12 fell."), said("At least 12 died.")]).await;
    two.room.judge(&two.noor, claims[0], "verified").await;
    assert_eq!(two.room.stage_of(claims[0]).await, "settled", "both say at least twelve");
    sqlx::query(
        r#"update measure set body = body || '{"low": 7, "best": 7, "high": 7, "bound": "exact"}' where claim_id = $1"#,
    )
    .bind(claims[1].0)
    .execute(&two.room.pool)
    .await
    .unwrap();
    two.room.judge(&two.noor, claims[1], "verified").await;
    assert_eq!(two.room.stage_of(claims[1]).await, "awaiting_second_review");
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn another_server_with_an_old_policy_in_memory_decides_by_the_new_one(pool: PgPool) {
    let two = two(pool).await;
    let other = two.room.second_desk();
    assert_eq!(other.policy().await.unwrap().version, 1);
    rules(&two.room, &two.ada, vec![]).await;
    other.give_verdict(&two.noor, two.claim, verdict("false", 1), None).await.unwrap();
    assert_eq!(two.stage().await.0, Stage::Settled);
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_first_verdict_is_seen_by_its_author_alone(pool: PgPool) {
    let two = two(pool).await;
    two.first().await;
    let own = two.room.view(&two.noor, two.claim).await;
    assert_eq!(
        own.verdicts.iter().map(|v| (v.rating.as_str(), v.part)).collect::<Vec<_>>(),
        [("false", Part::First)]
    );
    assert!(own.second.is_some_and(|second| second.is_own));
    for person in [&two.robin, &two.eda, &two.ada] {
        let desk = &two.room.desk;
        let view = two.room.view(person, two.claim).await;
        assert!(view.verdicts.is_empty());
        let second = view.second.clone().expect("it takes two");
        assert_eq!((second.first_by.as_str(), second.is_own), ("Noor", false));
        assert_eq!(second.because, "every claim");
        let all = ClaimFilter::default();
        let everything = [
            format!("{view:?}"),
            format!("{:?}", desk.history(person, two.claim, None).await.unwrap()),
            format!("{:?}", desk.claims(person, &all, Sort::Newest, None, 50).await.unwrap()),
            format!("{:?}", desk.export(person, &all, None).await.unwrap()),
            format!("{:?}", desk.queue(person).await.unwrap()),
            {
                // Besides what it tells of the work, the dashboard names every rating there is.
                let board = desk.dashboard(person).await.unwrap();
                let work = (board.standings, board.waiting, board.articles, board.reviewers, board.days);
                format!("{work:?}")
            },
            format!("{:?}", desk.article(person, view.claim.article).await.unwrap()),
        ];
        for seen in everything {
            assert!(!seen.contains("Xylophone"), "{seen}");
            assert!(!seen.contains("\"false\"") && !seen.contains("False"), "{seen}");
        }
        let stale = desk.give_verdict(person, two.claim, verdict("verified", 1), None).await.unwrap_err();
        assert!(
            !format!("{stale:?}").contains("Xylophone") && !format!("{stale:?}").contains("\"false\""),
            "{stale:?}"
        );
        let rated = ClaimFilter { rating: Some("false".into()), ..ClaimFilter::default() };
        assert!(desk.claims(person, &rated, Sort::Newest, None, 50).await.unwrap().rows.is_empty());
        let found = ClaimFilter { q: Some("xylophone".into()), ..ClaimFilter::default() };
        assert!(desk.claims(person, &found, Sort::Newest, None, 50).await.unwrap().rows.is_empty());
    }
    let events: String = sqlx::query_scalar("select string_agg(body::text, '') from event")
        .fetch_one(&two.room.pool)
        .await
        .unwrap();
    assert!(
        !events.contains("Xylophone") && !events.contains("False"),
        "the history says nothing of it either"
    );
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn counters_do_not_tell_a_first_verdict_and_catch_up_when_it_is_shown(pool: PgPool) {
    let two = two(pool).await;
    two.first().await;
    let row = |board: desk::Dashboard| board.reviewers.into_iter().find(|row| row.name == "Noor").unwrap();
    let noor = row(two.room.desk.dashboard(&two.ada).await.unwrap());
    assert_eq!((noor.verdicts(), noor.sealed, noor.ratings.len()), (1, 1, 0));
    two.room.assert_counters_equal_a_recount().await;
    two.room.judge(&two.robin, two.claim, "verified").await;
    let noor = row(two.room.desk.dashboard(&two.ada).await.unwrap());
    let ratings: Vec<(&str, i64)> =
        noor.ratings.iter().map(|(rating, n)| (rating.key.as_str(), *n)).collect();
    assert_eq!((noor.verdicts(), noor.sealed, ratings), (1, 0, vec![("false", 1)]));
    two.room.assert_counters_equal_a_recount().await;
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn looking_back_does_not_tell_a_first_verdict_either_nor_count_one_that_was_taken_back(pool: PgPool) {
    let two = two(pool).await;
    let desk = &two.room.desk;
    let noor = async |at: DateTime<Utc>| {
        let then = desk.dashboard_then(at).await.unwrap();
        let board = then.dashboard(&two.ada).await.unwrap();
        let row = board.reviewers.into_iter().find(|row| row.name == "Noor").unwrap();
        let told = row.ratings.iter().filter(|(_, n)| *n != 0);
        (row.sealed, told.map(|(rating, n)| (rating.key.clone(), *n)).collect::<Vec<_>>())
    };
    let undone = desk.give_verdict(&two.noor, two.claim, secret("verified", 1), None).await.unwrap();
    let given = desk.clock().now();
    desk.clock().advance(TimeDelta::seconds(20));
    desk.undo_verdict(&two.noor, undone).await.unwrap();
    let taken_back = desk.clock().now();
    two.room.wait_minutes(1);
    let version = two.room.version_of(two.claim).await;
    desk.give_verdict(&two.noor, two.claim, secret("false", version), None).await.unwrap();
    let sealed = desk.clock().now();
    two.room.wait_minutes(24 * 60);
    let next_day = desk.clock().now();
    two.room.wait_minutes(1);
    two.room.judge(&two.robin, two.claim, "verified").await;
    let shown = desk.clock().now();
    two.room.wait_minutes(1);
    assert_eq!(noor(given).await, (1, vec![]));
    assert_eq!(noor(taken_back).await, (0, vec![]));
    assert_eq!(noor(sealed).await, (1, vec![]));
    assert_eq!(noor(next_day).await, (1, vec![]), "of a day before");
    assert_eq!(noor(shown).await, (0, vec![("false".to_owned(), 1)]));
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn the_next_claim_is_never_one_s_own_second_review(pool: PgPool) {
    let two = two(pool).await;
    two.first().await;
    let desk = &two.room.desk;
    assert_eq!(desk.take_next(&two.noor, None, None).await.unwrap(), None);
    assert_eq!(desk.queue(&two.noor).await.unwrap().waiting, 0);
    assert_eq!(desk.queue(&two.noor).await.unwrap().for_others.len(), 1);
    let own = desk.take(&two.noor, two.claim).await;
    assert!(matches!(own, Err(Error::Blocked(Blocked::OwnFirst))), "{own:?}");
    let own = desk.give_verdict(&two.noor, two.claim, verdict("false", 2), None).await;
    assert!(matches!(own, Err(Error::Blocked(Blocked::OwnFirst))), "{own:?}");
    assert_eq!(desk.queue(&two.robin).await.unwrap().next.len(), 1);
    assert_eq!(desk.take_next(&two.robin, None, None).await.unwrap(), Some(two.claim));
    desk.release(&two.robin, two.claim).await.unwrap();
    assert_eq!(two.stage().await.0, Stage::AwaitingSecondReview);
    desk.take(&two.robin, two.claim).await.unwrap();
    two.room.wait_minutes(31);
    assert_eq!(desk.take_next(&two.noor, None, None).await.unwrap(), None, "not even when it ran out");
    assert_eq!(two.stage().await.0, Stage::AwaitingSecondReview);
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn the_next_claim_is_the_most_urgent_of_both_queues(pool: PgPool) {
    let two = two(pool).await;
    let (_, claims) = two
        .room
        .article(
            &two.eda,
            "Late",
            &[said("Six fled.").worth(0.1), said("One fled.").worth(0.9), said("Two fled.").worth(0.8)],
        )
        .await;
    two.room.judge(&two.noor, claims[1], "verified").await;
    two.room.judge(&two.eda, claims[0], "verified").await;
    let mut order = Vec::new();
    let mut after = None;
    while let Some(next) = two.room.desk.take_next(&two.robin, after, None).await.unwrap() {
        order.push(next);
        after = Some(next);
    }
    assert_eq!(order, [claims[1], claims[2], two.claim, claims[0]]);
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn two_who_agree_settle_it_and_both_verdicts_are_shown(pool: PgPool) {
    let two = two(pool).await;
    two.first().await;
    let form = VerdictForm { figure: Some("seven".into()), ..verdict("false", 2) };
    let second = two.room.desk.give_verdict(&two.robin, two.claim, form, None).await.unwrap();
    assert_eq!(two.stage().await, (Stage::Settled, Some("false".into())));
    let view = two.room.view(&two.eda, two.claim).await;
    assert_eq!(view.verdicts.iter().map(|v| v.part).collect::<Vec<_>>(), [Part::Second, Part::First]);
    assert_eq!(view.standing().map(|v| v.id), Some(second));
    let told = two.room.told(&two.eda, two.claim).await;
    assert_eq!(
        told[1..],
        [
            "Noor gave verdict 1, the first of two: the claim needs a second review (every claim)".to_owned(),
            "Robin gave verdict 2, False, which agrees with the first: Two sources agree.".to_owned(),
            format!("Robin brought verdict 1 to light, by Noor, False, figure 7: {SECRET}"),
        ]
    );
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn an_editor_who_is_neither_decides_between_two_who_differ(pool: PgPool) {
    let two = two(pool).await;
    two.disagree().await;
    assert_eq!(two.stage().await, (Stage::Disagreed, None));
    let desk = &two.room.desk;
    let view = two.room.view(&two.eda, two.claim).await;
    let (first, second) = view.disagreement().expect("both in sight");
    assert_eq!((first.rationale.as_str(), second.rating.as_str()), (SECRET, "verified"));
    assert_eq!(desk.queue(&two.eda).await.unwrap().disagreed.len(), 1);
    let refused = desk.adjudicate(&two.robin, two.claim, decision("false", 3), None).await;
    assert!(matches!(refused, Err(Error::Refused(_))), "{refused:?}");
    let stale = desk.adjudicate(&two.eda, two.claim, decision("false", 2), None).await;
    assert!(matches!(stale, Err(Error::Stale { current: 3, .. })), "{stale:?}");
    desk.adjudicate(&two.eda, two.claim, decision("disputed", 3), None).await.unwrap();
    assert_eq!(two.stage().await, (Stage::Settled, Some("disputed".into())));
    for reviewer in [&two.noor, &two.robin] {
        let told = two.room.told(reviewer, two.claim).await;
        assert_eq!(
            told.last().unwrap(),
            "Eda decided between Noor (False, 7) and Robin (Verified) with verdict 3, Disputed: The list is the older one."
        );
    }
    let exported = desk.export(&two.noor, &ClaimFilter::default(), None).await.unwrap().0;
    assert_eq!(exported[0].rationale.as_deref(), Some("The list is the older one."));
    two.room.assert_counters_equal_a_recount().await;
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn an_editor_or_admin_does_not_decide_on_their_own_verdict(pool: PgPool) {
    let two = two(pool).await;
    two.room.judge(&two.ada, two.claim, "false").await;
    two.room.judge(&two.eda, two.claim, "verified").await;
    for person in [&two.ada, &two.eda] {
        let own = two.room.desk.adjudicate(person, two.claim, decision("false", 3), None).await;
        assert!(matches!(own, Err(Error::Blocked(Blocked::OwnDisagreement))), "{own:?}");
    }
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn the_database_refuses_a_second_verdict_by_the_same_person_whatever_the_role(pool: PgPool) {
    let two = two(pool).await;
    two.room.judge(&two.ada, two.claim, "false").await;
    let insert = |number: i32, part: &'static str, by: &Actor, because: Option<&'static str>| {
        sqlx::query(
            "insert into verdict (id, claim_id, number, reviewer_id, scale, scale_version, rating, rationale,
                                  given_at, round, part, second_because, stage_before)
             values (gen_random_uuid(), $1, $2, $3, 'default', 1, 'false', 'forced', now(), 1, $4, $5, 'open')",
        )
        .bind(two.claim.0)
        .bind(number)
        .bind(by.id.0)
        .bind(part)
        .bind(because)
        .execute(&two.room.pool)
    };
    let own = insert(2, "second", &two.ada, None).await.unwrap_err();
    assert!(own.to_string().contains("another person"), "{own}");
    assert!(insert(2, "sole", &two.ada, None).await.is_err());
    assert!(insert(2, "first", &two.robin, Some("x")).await.is_err(), "a round has one first verdict");
    assert!(insert(2, "adjudication", &two.eda, None).await.is_err(), "there is nothing to decide between");
    assert!(insert(2, "second", &two.robin, None).await.is_ok());
    let decided = insert(3, "adjudication", &two.robin, None).await.unwrap_err();
    assert!(decided.to_string().contains("another person"), "{decided}");
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn the_database_gives_nobody_their_own_second_review_and_settles_nothing_on_one_verdict(pool: PgPool) {
    let two = two(pool).await;
    two.room.judge(&two.ada, two.claim, "false").await;
    let lease = sqlx::query(
        "update claim set stage = 'in_review', lease_holder = first_reviewer, lease_until = now() where id = $1",
    )
    .bind(two.claim.0)
    .execute(&two.room.pool)
    .await
    .unwrap_err();
    assert!(lease.to_string().contains("claim_own_second_check"), "{lease}");
    let settle = sqlx::query(
        "update claim set stage = 'settled', first_reviewer = null, rating = 'false' where id = $1",
    )
    .bind(two.claim.0)
    .execute(&two.room.pool)
    .await
    .unwrap_err();
    assert!(settle.to_string().contains("not settled by one"), "{settle}");
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn reopening_begins_anew_and_the_reviewers_may_judge_again(pool: PgPool) {
    let two = two(pool).await;
    two.disagree().await;
    two.room.desk.reopen(&two.eda, two.claim, 3, because("a new list")).await.unwrap();
    assert_eq!(two.stage().await, (Stage::Open, None));
    two.room.judge(&two.robin, two.claim, "verified").await;
    two.room.judge(&two.noor, two.claim, "verified").await;
    assert_eq!(two.stage().await, (Stage::Settled, Some("verified".into())));
    two.room.assert_counters_equal_a_recount().await;
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_correction_voids_the_first_verdict_and_keeps_it_to_its_author(pool: PgPool) {
    let two = two(pool).await;
    two.first().await;
    let form = desk::CorrectionForm { version: 2, kind: Some(ClaimKind::Event), ..Default::default() };
    two.room.desk.correct(&two.robin, two.claim, form).await.unwrap();
    assert_eq!(two.stage().await, (Stage::Open, None));
    assert!(two.room.view(&two.robin, two.claim).await.verdicts.is_empty(), "who judges next is blind still");
    assert_eq!(two.room.view(&two.noor, two.claim).await.verdicts.len(), 1);
    two.room.judge(&two.robin, two.claim, "verified").await;
    two.room.judge(&two.noor, two.claim, "verified").await;
    assert_eq!(two.stage().await.0, Stage::Settled);
    assert_eq!(two.room.view(&two.robin, two.claim).await.verdicts.len(), 3, "all is told in the end");
    two.room.assert_counters_equal_a_recount().await;
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn whoever_leaves_the_desk_gives_a_second_review_back(pool: PgPool) {
    let two = two(pool).await;
    two.first().await;
    two.room.desk.take(&two.robin, two.claim).await.unwrap();
    two.room.desk.disable_account(Some(&two.ada), two.robin.id).await.unwrap();
    assert_eq!(two.stage().await.0, Stage::AwaitingSecondReview);
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn what_waits_for_a_second_review_blocks_the_article(pool: PgPool) {
    let two = two(pool).await;
    two.first().await;
    let article = two.room.desk.claim_row(&two.ada, two.claim).await.unwrap().article;
    let standings = two.room.desk.article(&two.ada, article).await.unwrap().article.standings;
    assert_eq!(
        domain::clearance::Clearance::of(&standings),
        domain::clearance::Clearance::NotYet { blocking: 1, of: 1, unchecked: 0 }
    );
}

/// Waits until this many statements wait for a lock in this database.
async fn until_waiting(pool: &PgPool, statements: i64) {
    loop {
        let waiting: i64 = sqlx::query_scalar(
            "select count(distinct pid) from pg_locks join pg_stat_activity using (pid)
              where not granted and datname = current_database()",
        )
        .fetch_one(pool)
        .await
        .unwrap();
        if waiting >= statements {
            return;
        }
        tokio::task::yield_now().await;
    }
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn who_waits_for_a_claim_while_its_first_verdict_is_given_has_it_for_the_second(pool: PgPool) {
    let two = two(pool.clone()).await;
    let mut held = pool.begin().await.unwrap();
    sqlx::query("select from claim where id = $1 for update")
        .bind(two.claim.0)
        .execute(&mut *held)
        .await
        .unwrap();
    let (desk, noor, claim) = (two.room.desk.clone(), two.noor.clone(), two.claim);
    let first = tokio::spawn(async move { desk.give_verdict(&noor, claim, secret("false", 1), None).await });
    until_waiting(&pool, 1).await;
    let (desk, robin) = (two.room.second_desk(), two.robin.clone());
    let takes = tokio::spawn(async move { desk.take(&robin, claim).await });
    until_waiting(&pool, 2).await;
    held.commit().await.unwrap();
    first.await.unwrap().unwrap();
    takes.await.unwrap().unwrap();
    // Both are in, and neither began a decision of its own.
    two.room.desk.give_verdict(&two.robin, claim, secret("false", 2), None).await.unwrap();
    assert_eq!(two.stage().await, (Stage::Settled, Some("false".into())));
    let parts =
        two.room.count("select count(*) from verdict where round = 1 and part in ('first', 'second')").await;
    assert_eq!(parts, 2);
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn the_database_forgets_no_first_verdict(pool: PgPool) {
    let two = two(pool).await;
    two.first().await;
    let forgotten = sqlx::query("update claim set stage = 'open', first_reviewer = null where id = $1")
        .bind(two.claim.0)
        .execute(&two.room.pool)
        .await
        .unwrap_err();
    assert!(forgotten.to_string().contains("only a second one settles"), "{forgotten}");
}
