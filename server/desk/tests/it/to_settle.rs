//! What has to be settled before an article runs, and what the policy lets run unchecked.

use crate::harness::{Newsroom, Said, because, empty, noon, said};
use chrono::TimeDelta;
use desk::{Change, CorrectionForm, Due, SpanGiven, SplitForm};
use domain::claim::{ClaimKind, Polarity};
use domain::clearance::{Clearance, can_run_unchecked};
use domain::desk_policy::{DeskPolicy, Rule, SecondReview, ToSettle};
use domain::id::{ArticleId, ClaimId};
use domain::measure::Indicator;
use domain::policy::{Actor, Role};
use domain::words::ClaimWords;
use domain::workflow::Stage;
use sqlx::PgPool;

fn casualties() -> DeskPolicy {
    let rule = Rule { kind: Some(ClaimKind::Casualty), ..Rule::default() };
    DeskPolicy { to_settle: ToSettle { rules: vec![rule] }, ..DeskPolicy::default() }
}

/// Of two people: an admin who sets the policy, a reviewer.
struct People {
    ada: Actor,
    noor: Actor,
}

async fn people(room: &Newsroom) -> People {
    People { ada: room.person("Ada", Role::Admin).await, noor: room.reviewer("Noor").await }
}

async fn agree(room: &Newsroom, by: &Actor, policy: DeskPolicy) {
    let seen = room.desk.policy().await.unwrap().version;
    room.desk.set_policy(by, policy, seen, &because("agreed")).await.unwrap();
}

/// One toll, and a sum of money.
const RAID: [Said<'_>; 2] = [
    Said {
        words: "At least 12 people were killed.",
        who: None,
        polarity: Polarity::Asserted,
        kind: ClaimKind::Casualty,
        indicator: Indicator::Killed,
        worth: 0.9,
    },
    Said {
        words: "At least 12 million was spent.",
        who: None,
        polarity: Polarity::Asserted,
        kind: ClaimKind::Money,
        indicator: Indicator::Damaged,
        worth: 0.4,
    },
];

async fn clearance(room: &Newsroom, by: &Actor, article: ArticleId) -> Clearance {
    let view = room.desk.article(by, article).await.unwrap();
    let listed = room.desk.articles(by, None, 50).await.unwrap().rows;
    let row = listed.iter().find(|row| row.id == article).unwrap();
    assert_eq!(row.clearance(), view.article.clearance(), "one rule for the list and the page");
    let none_earlier = view.earlier.iter().all(|claim| !claim.runs_unchecked);
    assert!(none_earlier, "what is gone does not run");
    let marked = view.claims.iter().filter(|claim| claim.runs_unchecked).count();
    let counted: i64 = view.article.standings.iter().map(|standing| standing.let_go).sum();
    assert_eq!(i64::try_from(marked).unwrap(), counted, "one rule for the claims and the counter");
    view.article.clearance()
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn without_a_rule_every_claim_has_to_be_settled(pool: PgPool) {
    let room = Newsroom::over(pool);
    let People { noor, .. } = people(&room).await;
    let (article, claims) = room.article(&noor, "Raid", &RAID).await;
    room.judge(&noor, claims[0], "verified").await;
    let not_yet = Clearance::NotYet { blocking: 1, of: 2, unchecked: 0 };
    assert_eq!(clearance(&room, &noor, article).await, not_yet);
    assert_eq!(room.count("select count(*) from claim_let_go").await, 0);
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_new_policy_marks_all_claims_that_wait_and_the_next_one_marks_them_anew(pool: PgPool) {
    let room = Newsroom::over(pool);
    let People { ada, noor } = people(&room).await;
    let (article, claims) = room.article(&noor, "Raid", &RAID).await;
    let (other, _) = room.article(&noor, "Spending", &RAID[1..]).await;
    agree(&room, &ada, casualties()).await;
    let not_yet = Clearance::NotYet { blocking: 1, of: 1, unchecked: 1 };
    assert_eq!(clearance(&room, &noor, article).await, not_yet);
    let none_named = Clearance::ClearUnchecked { settled: 0, unchecked: 1 };
    assert_eq!(clearance(&room, &noor, other).await, none_named);
    room.judge(&noor, claims[0], "verified").await;
    let clear = Clearance::ClearUnchecked { settled: 1, unchecked: 1 };
    assert_eq!(clearance(&room, &noor, article).await, clear);
    room.assert_counters_equal_a_recount().await;

    let worth = Rule { worth: Some(40), ..Rule::default() };
    agree(&room, &ada, DeskPolicy { to_settle: ToSettle { rules: vec![worth] }, ..casualties() }).await;
    let not_yet = Clearance::NotYet { blocking: 1, of: 2, unchecked: 0 };
    assert_eq!(clearance(&room, &noor, article).await, not_yet, "the sum is worth 40 %");
    room.assert_counters_equal_a_recount().await;

    agree(&room, &ada, casualties()).await;
    assert_eq!(clearance(&room, &noor, article).await, clear);
    agree(&room, &ada, DeskPolicy::default()).await;
    assert_eq!(clearance(&room, &noor, article).await, not_yet);
    room.assert_counters_equal_a_recount().await;
    let versions = room.desk.policy_versions(&ada).await.unwrap();
    assert_eq!(versions[3].changes[0].setting, "to be settled before an article runs");
    assert_eq!(
        (versions[3].changes[0].before.as_str(), versions[3].changes[0].after.as_str()),
        ("every claim", "casualties")
    );
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn what_comes_in_and_what_is_corrected_is_marked_by_the_policy_that_holds(pool: PgPool) {
    let room = Newsroom::over(pool);
    let People { ada, noor } = people(&room).await;
    agree(&room, &ada, casualties()).await;
    let (article, claims) = room.article(&noor, "Raid", &RAID).await;
    let not_yet = Clearance::NotYet { blocking: 1, of: 1, unchecked: 1 };
    assert_eq!(clearance(&room, &noor, article).await, not_yet);
    let kind = |version, kind| CorrectionForm { version, kind: Some(kind), ..CorrectionForm::default() };
    room.desk.correct(&noor, claims[0], kind(1, ClaimKind::Event)).await.unwrap();
    let none_named = Clearance::ClearUnchecked { settled: 0, unchecked: 2 };
    assert_eq!(clearance(&room, &noor, article).await, none_named);
    room.assert_counters_equal_a_recount().await;
    room.desk.correct(&noor, claims[1], kind(1, ClaimKind::Casualty)).await.unwrap();
    assert_eq!(clearance(&room, &noor, article).await, not_yet);
    room.assert_counters_equal_a_recount().await;
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_claim_that_is_being_checked_may_still_run_and_one_that_was_judged_may_not(pool: PgPool) {
    let room = Newsroom::over(pool);
    let People { ada, noor } = people(&room).await;
    let second_review = SecondReview { rules: vec![Rule::default()] };
    agree(&room, &ada, DeskPolicy { second_review, ..casualties() }).await;
    let (article, claims) = room.article(&noor, "Spending", &RAID[1..]).await;
    let none_named = Clearance::ClearUnchecked { settled: 0, unchecked: 1 };
    room.desk.take(&noor, claims[0]).await.unwrap();
    assert_eq!(clearance(&room, &noor, article).await, none_named);
    room.judge(&noor, claims[0], "verified").await;
    let waits = Clearance::NotYet { blocking: 1, of: 1, unchecked: 0 };
    assert_eq!(clearance(&room, &noor, article).await, waits, "one of two has judged it");
    room.assert_counters_equal_a_recount().await;
    let robin = room.reviewer("Robin").await;
    room.desk.take(&robin, claims[0]).await.unwrap();
    assert_eq!(clearance(&room, &noor, article).await, waits, "the second one looks at it");
    room.judge(&robin, claims[0], "verified").await;
    assert_eq!(clearance(&room, &noor, article).await, Clearance::Clear);
    let eda = room.editor("Eda").await;
    room.desk
        .reopen(&eda, claims[0], room.version_of(claims[0]).await, because("new figures"))
        .await
        .unwrap();
    assert_eq!(clearance(&room, &noor, article).await, Clearance::CorrectionDue { reopened: 1 });
    room.assert_counters_equal_a_recount().await;
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_claim_whose_verdict_is_undone_goes_by_the_policy_that_came_meanwhile(pool: PgPool) {
    let room = Newsroom::over(pool);
    let People { ada, noor } = people(&room).await;
    let (article, claims) = room.article(&noor, "Spending", &RAID[1..]).await;
    let given = room.judge(&noor, claims[0], "verified").await;
    agree(&room, &ada, casualties()).await;
    assert_eq!(clearance(&room, &noor, article).await, Clearance::Clear);
    room.desk.undo_verdict(&noor, given).await.unwrap();
    let none_named = Clearance::ClearUnchecked { settled: 0, unchecked: 1 };
    assert_eq!(clearance(&room, &noor, article).await, none_named);
    room.assert_counters_equal_a_recount().await;
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_deadline_waits_for_what_has_to_be_settled_only(pool: PgPool) {
    let room = Newsroom::over(pool);
    let People { ada, noor } = people(&room).await;
    let eda = room.editor("Eda").await;
    let (article, claims) = room.article(&noor, "Raid", &RAID).await;
    agree(&room, &ada, casualties()).await;
    room.desk.set_deadline(&eda, article, Some(noon() + TimeDelta::hours(1))).await.unwrap();
    let due = || async { room.desk.due_articles(&eda, Due::All, None, 9).await.unwrap().rows.len() };
    assert_eq!(due().await, 1);
    room.desk.escalate_deadlines().await.unwrap();
    let told = |claim: ClaimId| {
        let (room, eda) = (&room, &eda);
        async move { room.told(eda, claim).await.iter().filter(|words| words.contains("due")).count() }
    };
    assert_eq!(
        told(claims[1]).await,
        0,
        "nobody is told of what may run unchecked: {:?}",
        room.told(&eda, claims[1]).await
    );
    room.judge(&noor, claims[0], "verified").await;
    assert_eq!(due().await, 0);
    room.assert_counters_equal_a_recount().await;
    agree(&room, &ada, DeskPolicy::default()).await;
    assert_eq!(due().await, 1);
    room.assert_counters_equal_a_recount().await;
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn looking_back_sees_what_the_policy_let_go_then(pool: PgPool) {
    let room = Newsroom::over(pool);
    let People { ada, noor } = people(&room).await;
    let (article, claims) = room.article(&noor, "Raid", &RAID).await;
    room.wait_minutes(10);
    agree(&room, &ada, casualties()).await;
    room.wait_minutes(10);
    room.judge(&noor, claims[0], "verified").await;
    room.judge(&noor, claims[1], "verified").await;
    room.wait_minutes(10);
    agree(&room, &ada, DeskPolicy::default()).await;
    room.wait_minutes(10);
    let seen = async |minutes| {
        let at = noon() + TimeDelta::minutes(minutes);
        let then = room.desk.article_then(article, at).await.unwrap();
        let view = then.article(&noor, article).await.unwrap();
        let board = room.desk.dashboard_then(at).await.unwrap().dashboard(&noor).await.unwrap();
        assert_eq!(board.articles[0].clearance(), view.article.clearance());
        (view.article.clearance(), view.claims.iter().map(|claim| claim.runs_unchecked).collect::<Vec<_>>())
    };
    let all = Clearance::NotYet { blocking: 2, of: 2, unchecked: 0 };
    assert_eq!(seen(5).await, (all, vec![false, false]));
    let some = Clearance::NotYet { blocking: 1, of: 1, unchecked: 1 };
    assert_eq!(seen(15).await, (some, vec![false, true]));
    assert_eq!(seen(25).await, (Clearance::Clear, vec![false, false]));
    assert_eq!(seen(35).await, (Clearance::Clear, vec![false, false]));
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_policy_waits_for_what_is_being_taken_in_and_marks_it(pool: PgPool) {
    let room = Newsroom::over(pool);
    let People { ada, noor } = people(&room).await;
    let mut taking_in = room.pool.begin().await.unwrap();
    sqlx::query("select pg_advisory_xact_lock_shared(hashtextextended('claimdesk.let_go', 7))")
        .execute(&mut *taking_in)
        .await
        .unwrap();
    let (desk, by) = (room.desk.clone(), ada.clone());
    let setting =
        tokio::spawn(async move { desk.set_policy(&by, casualties(), 0, &because("agreed")).await });
    let waiting = "select count(*) from pg_locks join pg_stat_activity using (pid)
                    where not granted and datname = current_database()";
    while room.count(waiting).await == 0 {
        tokio::task::yield_now().await;
    }
    taking_in.commit().await.unwrap();
    setting.await.unwrap().unwrap();
    let (article, _) = room.article(&noor, "Spending", &RAID[1..]).await;
    let none_named = Clearance::ClearUnchecked { settled: 0, unchecked: 1 };
    assert_eq!(clearance(&room, &noor, article).await, none_named);
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn while_articles_come_in_and_the_policy_changes_no_claim_keeps_an_old_mark(pool: PgPool) {
    let room = Newsroom::over(pool);
    let People { ada, noor } = people(&room).await;
    let taken_in = async {
        for n in 0..8 {
            let (_, claims) = room.article(&noor, &format!("Raid {n}"), &RAID).await;
            room.judge(&noor, claims[n % 2], "verified").await;
        }
    };
    let agreed = async {
        for policy in [casualties(), DeskPolicy::default(), casualties()] {
            agree(&room, &ada, policy).await;
        }
    };
    tokio::join!(taken_in, agreed);
    let wrong = "select count(*) from claim left join claim_let_go mark on mark.claim_id = claim.id and mark.until is null
                  where rating is null and (kind <> 'casualty') <> (mark.claim_id is not null)";
    assert_eq!(room.count(wrong).await, 0);
    room.assert_counters_equal_a_recount().await;
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn the_database_counts_by_the_rule_of_the_domain(pool: PgPool) {
    for stage in Stage::ALL {
        for (rating, first) in [(None, None), (Some("verified"), None), (None, Some(uuid::Uuid::nil()))] {
            let counted: bool = sqlx::query_scalar("select runs_unchecked($1, $2, $3)")
                .bind(stage.word())
                .bind(rating)
                .bind(first)
                .fetch_one(&pool)
                .await
                .unwrap();
            assert_eq!(counted, can_run_unchecked(*stage, rating.is_some(), first.is_some()), "{stage}");
        }
    }
}

const ADDRESS: &str = "https://courier.example/raid";

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_false_claim_that_is_gone_from_the_text_no_longer_keeps_it_from_running(pool: PgPool) {
    let room = Newsroom::over(pool);
    let (noor, eda) = (room.reviewer("Noor").await, room.editor("Eda").await);
    let (stays, goes) = (said("At least 12 people were killed."), said("At least 40 people were killed."));
    let article = room.version(&noor, ADDRESS, &[stays, goes]).await.article;
    let claims = room.claims_of(article).await;
    room.judge(&noor, claims[0], "verified").await;
    room.judge(&noor, claims[1], "false").await;
    room.desk.publish(&eda, claims[1], room.version_of(claims[1]).await, None).await.unwrap();
    let rewrite = Clearance::Rewrite { claims: 1, of: 2 };
    assert_eq!(clearance(&room, &noor, article).await, rewrite);
    let before = room.desk.clock().now();
    room.wait_minutes(5);

    room.version(&noor, ADDRESS, &[stays]).await;
    assert_eq!(clearance(&room, &noor, article).await, Clearance::Clear);
    let view = room.desk.article(&noor, article).await.unwrap();
    let earlier: Vec<_> = view.earlier.iter().map(|claim| (claim.id, claim.stage)).collect();
    assert_eq!(earlier, [(claims[1], Stage::Published)], "it stays published, and is listed");
    let report = room.desk.report(&noor, article).await.unwrap();
    assert_eq!(report.claims.iter().map(|one| one.claim.id).collect::<Vec<_>>(), [claims[0]]);
    room.assert_counters_equal_a_recount().await;
    let gone = room.desk.clock().now();
    room.wait_minutes(5);

    // What moves it now moves the article's answer no more.
    let rests = room.desk.dependants(&eda, claims[1], &Change::Withdrawn).await.unwrap();
    assert!(rests.articles.is_empty() && !rests.pages.is_empty(), "{rests:?}");
    room.desk
        .reopen(&eda, claims[1], room.version_of(claims[1]).await, because("new figures"))
        .await
        .unwrap();
    assert_eq!(clearance(&room, &noor, article).await, Clearance::Clear);
    room.assert_counters_equal_a_recount().await;
    room.wait_minutes(5);

    room.version(&noor, ADDRESS, &[goes, stays]).await;
    let due = Clearance::CorrectionDue { reopened: 1 };
    assert_eq!(
        clearance(&room, &noor, article).await,
        due,
        "where the words come back it counts as it stands"
    );
    room.assert_counters_equal_a_recount().await;
    for (at, was) in [(before, rewrite), (gone, Clearance::Clear)] {
        let then = room.desk.article_then(article, at).await.unwrap().article(&noor, article).await.unwrap();
        assert_eq!(then.article.clearance(), was);
        let board = room.desk.dashboard_then(at).await.unwrap().dashboard(&noor).await.unwrap();
        assert_eq!(board.articles[0].clearance(), was);
    }
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn an_open_claim_that_is_gone_keeps_no_article_overdue(pool: PgPool) {
    let room = Newsroom::over(pool);
    let (noor, eda) = (room.reviewer("Noor").await, room.editor("Eda").await);
    let (stays, goes) = (said("At least 12 people were killed."), said("At least 40 people were killed."));
    let article = room.version(&noor, ADDRESS, &[stays, goes]).await.article;
    let claims = room.claims_of(article).await;
    room.judge(&noor, claims[0], "verified").await;
    room.desk.set_deadline(&eda, article, Some(noon() + TimeDelta::hours(1))).await.unwrap();
    room.wait_minutes(90);
    assert_eq!(room.desk.due_articles(&noor, Due::Overdue, None, 9).await.unwrap().rows.len(), 1);
    room.version(&noor, ADDRESS, &[stays]).await;
    assert_eq!(room.desk.due_articles(&noor, Due::All, None, 9).await.unwrap().rows.len(), 0);
    assert_eq!(room.desk.due_count().await.unwrap().overdue, 0);
    assert_eq!(room.desk.escalate_deadlines().await.unwrap(), 1, "its deadline passes");
    let told = room.told(&noor, claims[1]).await;
    assert!(!told.iter().any(|words| words.contains("overdue: ")), "{told:?}");
    room.assert_counters_equal_a_recount().await;
    // The desk has it still.
    assert_eq!(room.desk.take_next(&noor, None, None).await.unwrap(), Some(claims[1]));
    room.assert_counters_equal_a_recount().await;
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn what_is_gone_is_let_go_and_split_without_the_article(pool: PgPool) {
    let room = Newsroom::over(pool);
    let People { ada, noor } = people(&room).await;
    let stays = said("At least 12 people were killed.");
    let goes = said("At least 40 fled and at least 50 hid.").counting(ClaimKind::Event, Indicator::Displaced);
    let article = room.version(&noor, ADDRESS, &[stays, goes]).await.article;
    let claims = room.claims_of(article).await;
    agree(&room, &ada, casualties()).await;
    room.version(&noor, ADDRESS, &[stays]).await;
    let not_yet = Clearance::NotYet { blocking: 1, of: 1, unchecked: 0 };
    assert_eq!(clearance(&room, &noor, article).await, not_yet);
    agree(&room, &ada, DeskPolicy::default()).await;
    assert_eq!(clearance(&room, &noor, article).await, not_yet);
    agree(&room, &ada, casualties()).await;
    room.assert_counters_equal_a_recount().await;
    let part = |words: &str| SpanGiven::Words(ClaimWords::parse(words).unwrap());
    let parts = vec![part("At least 40 fled"), part("at least 50 hid")];
    let form = SplitForm { version: room.version_of(claims[1]).await, parts };
    room.desk.split(&noor, claims[1], form, None).await.unwrap();
    assert_eq!(clearance(&room, &noor, article).await, not_yet, "its parts are in no text either");
    room.assert_counters_equal_a_recount().await;
    room.version(&noor, ADDRESS, &[stays, goes]).await;
    room.assert_counters_equal_a_recount().await;
}

#[sqlx::test(migrations = false)]
async fn what_was_gone_before_leaves_the_counters(pool: PgPool) {
    empty(&pool).await;
    let (before, after): (Vec<_>, Vec<_>) =
        desk::MIGRATOR.iter().cloned().partition(|migration| migration.version < 20_261_127_201_000);
    sqlx::migrate::Migrator::with_migrations(before.clone()).run(&pool).await.unwrap();
    for statement in [
        "insert into account (id, email, name, role, password_hash, created_at)
         values ('00000000-0000-0000-0000-0000000000a1', 'a@desk.example', 'Ada', 'admin', 'none', now())",
        "insert into snapshot (id, sha256, text) values ('00000000-0000-0000-0000-0000000000f1', sha256('Two died.'), 'Two died.')",
        "insert into article (id, title, language, added_by, added_at)
         values ('00000000-0000-0000-0000-0000000000b1', 'T', 'en', '00000000-0000-0000-0000-0000000000a1', now())",
        // One that stays, and three that are gone: false, open, and open but let go.
        "insert into claim (id, article_id, snapshot_id, span_start, span_end, text, kind, checkworthiness, reasons,
                            extractor, priority, stage, rating, stage_since, version, created_at, search, in_latest)
         select ('00000000-0000-0000-0000-0000000000c' || n)::uuid, '00000000-0000-0000-0000-0000000000b1',
                '00000000-0000-0000-0000-0000000000f1', 0, 9, 'Two died.', 'casualty', 0.5, '{}', 'x', 10, stage, rating,
                now(), 1, now(), '', n = 1
           from (values (1, 'settled', 'verified'), (2, 'settled', 'false'), (3, 'open', null), (4, 'open', null)) as c (n, stage, rating)",
        "insert into claim_let_go (claim_id, since) values ('00000000-0000-0000-0000-0000000000c4', now())",
        "update article set deadline = now() + interval '1 hour', deadline_by = added_by, deadline_set_at = now(),
                            deadline_phase = 'due_soon'",
    ] {
        sqlx::query(statement).execute(&pool).await.unwrap();
    }
    let all: Vec<_> = before.into_iter().chain(after).collect();
    sqlx::migrate::Migrator::with_migrations(all).run(&pool).await.unwrap();
    let room = Newsroom::over(pool);
    let noor = room.reviewer("Noor").await;
    let listed = room.desk.articles(&noor, None, 9).await.unwrap().rows;
    assert_eq!(listed[0].clearance(), Clearance::Clear);
    assert_eq!(room.count("select blocking from deadline_watch").await, 0);
    assert_eq!(room.count("select count(*) from article_tally where n <> (stage = 'settled' and rating = 'verified')::int or let_go <> 0").await, 0);
}
