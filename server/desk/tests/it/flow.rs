use crate::harness::{Newsroom, because, noon, said};
use chrono::{NaiveDate, TimeDelta};
use desk::{Came, ClaimFilter, DayRange, Error, Flow, Period, Scope, Sort, StageTime};
use domain::desk_policy::Rule;
use domain::id::{ArticleId, IncidentId};
use domain::policy::{Actor, Role};
use domain::stays::bucket_of;
use domain::workflow::Stage;
use sqlx::PgPool;

async fn flow(room: &Newsroom, actor: &Actor, days: u64) -> Flow {
    let today = room.desk.clock().now().date_naive();
    room.desk.flow(actor, DayRange::last(days, today), Scope::default()).await.unwrap()
}

fn of(flow: &Flow, stage: Stage) -> &StageTime {
    flow.stages.iter().find(|one| one.stage == stage).unwrap()
}

/// Within what a bucket leaves open.
fn about(found: Option<TimeDelta>, minutes: i64) -> bool {
    let found = found.unwrap().num_seconds() as f64 / 60.0;
    (found / minutes as f64 - 1.0).abs() < domain::stays::ERROR + 0.01
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn the_time_that_claims_stayed_is_known_by_stage(pool: PgPool) {
    let room = Newsroom::over(pool);
    let (eda, noor) = (room.editor("Eda").await, room.reviewer("Noor").await);
    let words: Vec<String> = (0..5).map(|n| format!("At least 12 died in house {n}.")).collect();
    let all: Vec<_> = words.iter().map(|words| said(words)).collect();
    let (_, claims) = room.article(&eda, "Raid", &all).await;
    // Open for 30, 60, 90 and 120 minutes, then ten minutes in review; one stays open.
    for claim in &claims[..4] {
        room.wait_minutes(20);
        room.desk.take(&noor, *claim).await.unwrap();
        room.wait_minutes(10);
        room.judge(&noor, *claim, "verified").await;
    }
    room.wait_minutes(40);
    room.desk.publish(&eda, claims[0], 2, None).await.unwrap();
    let seen = flow(&room, &eda, 7).await;
    let open = of(&seen, Stage::Open);
    assert_eq!((open.left, open.now), (4, 1));
    assert!(about(open.median, 50) && about(open.p90, 110), "{open:?}");
    assert_eq!(open.oldest, Some(noon()));
    let age = open.median_age.unwrap();
    assert!((age - TimeDelta::minutes(160)).abs() <= TimeDelta::minutes(30), "{age}");
    let review = of(&seen, Stage::InReview);
    assert_eq!((review.left, review.now, review.oldest), (4, 0, None));
    assert!(about(review.median, 10) && about(review.p90, 10), "{review:?}");
    let settled = of(&seen, Stage::Settled);
    assert_eq!((settled.left, settled.now), (1, 3));
    assert!(about(settled.median, 130), "{settled:?}");
    assert_eq!(
        (seen.sum(|day| day.taken_in), seen.sum(|day| day.settled), seen.sum(|day| day.published)),
        (5, 4, 1)
    );
    room.assert_counters_equal_a_recount().await;
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn what_left_before_the_period_does_not_count(pool: PgPool) {
    let room = Newsroom::over(pool);
    let (eda, noor) = (room.editor("Eda").await, room.reviewer("Noor").await);
    let claim = room.claim(&eda).await;
    room.wait_minutes(5);
    room.judge(&noor, claim, "verified").await;
    assert_eq!(of(&flow(&room, &eda, 1).await, Stage::Open).left, 1);
    room.wait_minutes(24 * 60);
    assert_eq!(of(&flow(&room, &eda, 1).await, Stage::Open).left, 0);
    let week = flow(&room, &eda, 7).await;
    assert_eq!((of(&week, Stage::Open).left, week.each_day.len()), (1, 7));
    assert_eq!(week.each_day[5].settled, 1);
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn what_has_stalled_is_listed_with_who_has_it(pool: PgPool) {
    let room = Newsroom::over(pool);
    let (eda, noor) = (room.editor("Eda").await, room.reviewer("Noor").await);
    let (_, claims) = room
        .article(
            &eda,
            "Raid",
            &[said("At least 12 died."), said("At least 13 died."), said("At least 14 died.")],
        )
        .await;
    room.judge(&noor, claims[0], "verified").await;
    room.wait_minutes(23 * 60);
    assert!(flow(&room, &eda, 7).await.stalled.is_empty());
    room.wait_minutes(2 * 60);
    room.desk.take(&noor, claims[1]).await.unwrap();
    let seen = flow(&room, &eda, 7).await;
    let listed: Vec<_> = seen.stalled.iter().map(|late| (late.claim.id, late.claim.stage)).collect();
    assert_eq!(listed, [(claims[0], Stage::Settled), (claims[2], Stage::Open)]);
    assert_eq!((seen.all_stalled(), of(&seen, Stage::Open).stalled), (2, 1));
    // Somebody who keeps a claim for hours by writing on.
    sqlx::query("update claim set lease_until = lease_until + interval '3 hours' where id = $1")
        .bind(claims[1].0)
        .execute(&room.pool)
        .await
        .unwrap();
    room.wait_minutes(120);
    let late = flow(&room, &eda, 7).await.stalled.pop().unwrap();
    assert_eq!((late.claim.id, late.claim.holder.as_deref()), (claims[1], Some("Noor")));
    assert_eq!(late.limit, TimeDelta::hours(1));
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn counters_of_days_that_are_over_are_put_together_and_say_the_same(pool: PgPool) {
    let room = Newsroom::over(pool);
    let (eda, noor) = (room.editor("Eda").await, room.reviewer("Noor").await);
    for n in 0..3 {
        let words = [format!("At least 12 died in house {n}."), format!("At least 14 died in house {n}.")];
        let (_, claims) = room.article(&eda, "Raid", &[said(&words[0]), said(&words[1])]).await;
        room.wait_minutes(7);
        room.judge(&noor, claims[0], "verified").await;
    }
    room.wait_minutes(26 * 60);
    let before = flow(&room, &eda, 7).await;
    for _ in 0..2 {
        room.desk.sweep().await.unwrap();
        let after = flow(&room, &eda, 7).await;
        assert_eq!(format!("{:?}", after.stages), format!("{:?}", before.stages));
        assert_eq!(after.each_day, before.each_day);
    }
    for left in ["stage_stay", "stage_now", "desk_flow"] {
        let query = match left {
            "stage_stay" => "select count(*) from stage_stay where shard >= 0",
            "stage_now" => "select count(*) from stage_now where shard >= 0 or n = 0",
            _ => "select count(*) from desk_flow where shard >= 0",
        };
        assert_eq!(room.count(query).await, 0, "{left}");
    }
    room.assert_counters_equal_a_recount().await;
    // Past thirty days a day is as exact as it gets, before and after it is put together.
    room.wait_minutes(40 * 24 * 60);
    let before = flow(&room, &eda, 7).await;
    room.desk.sweep().await.unwrap();
    let after = flow(&room, &eda, 7).await;
    assert_eq!(format!("{:?}", after.stages), format!("{:?}", before.stages));
    let open = of(&after, Stage::Open);
    assert_eq!(open.now, 3);
    let exact = room.desk.clock().now() - open.oldest.unwrap();
    assert!((open.median_age.unwrap() - exact).abs() <= TimeDelta::hours(12) + TimeDelta::minutes(30));
    assert_eq!(room.count("select count(*) from stage_now where stage = 'open'").await, 1);
    // What moves afterwards is taken back from where it came.
    let claim = room.desk.take_next(&noor, None, None).await.unwrap().unwrap();
    assert_eq!(of(&flow(&room, &eda, 7).await, Stage::Open).now, 2);
    room.desk.sweep().await.unwrap();
    assert_eq!(of(&flow(&room, &eda, 7).await, Stage::Open).now, 2);
    room.desk.release(&noor, claim).await.unwrap();
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn the_database_counts_in_the_buckets_of_the_domain(pool: PgPool) {
    for seconds in [0.0, 0.5, 0.999, 1.0, 1.2, 2.0, 3.0, 59.9, 60.0, 3601.0, 86_400.0, 31_536_000.0, 1e9] {
        let counted: i16 =
            sqlx::query_scalar("select stay_bucket($1)").bind(seconds).fetch_one(&pool).await.unwrap();
        assert_eq!(counted, bucket_of(seconds), "{seconds}");
    }
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_desk_that_one_person_carries_says_so(pool: PgPool) {
    let room = Newsroom::over(pool);
    let (eda, noor) = (room.editor("Eda").await, room.reviewer("Noor").await);
    assert_eq!(flow(&room, &eda, 7).await.load, None);
    for by in [&noor, &noor, &noor, &eda] {
        let claim = room.claim(&eda).await;
        room.judge(by, claim, "verified").await;
    }
    let load = flow(&room, &eda, 7).await.load.unwrap();
    assert_eq!((load.people, load.half), (2, 1));
    assert!((load.busiest - 0.75).abs() < 1e-9);
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn as_many_have_stalled_as_the_list_of_those_since_before_has(pool: PgPool) {
    let room = Newsroom::over(pool);
    let eda = room.editor("Eda").await;
    // Three of an hour, and one a minute later than the limit.
    for wait in [20, 20, 1, 0] {
        let words = format!("At least 12 died {wait} minutes later, in house {}.", room.events().await);
        room.article(&eda, "Raid", &[said(&words)]).await;
        room.wait_minutes(wait);
    }
    for (minutes, expected) in [(24 * 60 - 41, 0), (1, 1), (20, 2), (20, 3), (1, 4), (26 * 60, 4)] {
        room.wait_minutes(minutes);
        let seen = flow(&room, &eda, 7).await;
        let open = of(&seen, Stage::Open);
        let filter = ClaimFilter {
            stage: Some(Stage::Open),
            since_before: Some(open.stalled_before),
            ..ClaimFilter::default()
        };
        let listed = room.desk.claims(&eda, &filter, Sort::Waiting, None, 50).await.unwrap().rows.len();
        assert_eq!((open.stalled, listed), (expected, usize::try_from(expected).unwrap()), "{open:?}");
        assert_eq!(seen.stalled.len(), listed);
    }
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn an_article_alone_and_an_incident_alone_count_as_the_desk_does(pool: PgPool) {
    let room = Newsroom::over(pool);
    let (ada, eda) = (room.person("Ada", Role::Admin).await, room.editor("Eda").await);
    let (noor, robin) = (room.reviewer("Noor").await, room.reviewer("Robin").await);
    let words: Vec<String> = (0..8).map(|n| format!("At least 12 fled from house {n}.")).collect();
    let all: Vec<_> = words.iter().map(|words| said(words)).collect();
    let (article, claims) = room.article(&eda, "Raid", &all).await;
    room.wait_minutes(7);
    room.judge(&noor, claims[0], "verified").await;
    room.desk.publish(&eda, claims[0], 2, None).await.unwrap();
    room.judge(&noor, claims[1], "false").await;
    room.desk.reopen(&eda, claims[1], 2, because("news")).await.unwrap();
    room.desk.dismiss(&eda, claims[2], 1, because("twice")).await.unwrap();
    crate::second_review::rules(&room, &ada, vec![Rule::default()]).await;
    for (claim, other) in [(claims[3], "verified"), (claims[4], "false")] {
        room.judge(&noor, claim, "verified").await;
        room.wait_minutes(2);
        room.judge(&robin, claim, other).await;
    }
    room.judge(&robin, claims[5], "false").await;
    let undone = room.judge(&noor, claims[6], "false").await;
    room.desk.undo_verdict(&noor, undone).await.unwrap();
    room.wait_minutes(25 * 60);
    room.desk.take(&noor, claims[7]).await.unwrap();

    let days = DayRange::last(7, room.desk.clock().now().date_naive());
    let scope = Scope { article: Some(article), incident: None };
    let seen = async |scope: Scope| {
        let board = room.desk.dashboard_over(&eda, days, scope).await.unwrap();
        let done = board.reviewers.iter().filter(|one| one.verdicts() + one.held > 0);
        let done: Vec<_> = done.map(|one| (one.name.clone(), one.verdicts(), one.held, one.sealed)).collect();
        let flow = room.desk.flow(&eda, days, scope).await.unwrap();
        (format!("{:?} {:?} {:?} {done:?}", board.standings, board.days, board.open_since), flow)
    };
    let (desk, of_desk) = seen(Scope::default()).await;
    let (alone, of_article) = seen(scope).await;
    assert_eq!(alone, desk);
    assert_eq!(format!("{of_article:?}"), format!("{of_desk:?}"));
    assert_eq!((of_article.agreed.judged, of_article.agreed.agreed), (2, 1));
    assert_eq!(room.desk.agreements(&eda, Period::default()).await.unwrap().all.judged, 2);
    room.assert_counters_equal_a_recount().await;

    // An incident of all of them is the same, and what another article has is none of its business.
    sqlx::query(
        "insert into incident (id, title, status, version, created_at) values (gen_random_uuid(), 'Raid', 'open', 1, now())",
    )
    .execute(&room.pool)
    .await
    .unwrap();
    let incident: IncidentId = sqlx::query_scalar("select id from incident order by created_at desc limit 1")
        .fetch_one(&room.pool)
        .await
        .unwrap();
    sqlx::query("delete from incident_claim").execute(&room.pool).await.unwrap();
    sqlx::query(
        "insert into incident_claim (incident_id, claim_id, standing, score, reasons, decided_at)
         select $1, id, 'confirmed', 1, '[]', now() from claim",
    )
    .bind(incident.0)
    .execute(&room.pool)
    .await
    .unwrap();
    let (_, others) = room.article(&eda, "Ferry", &[said("At least 20 drowned.")]).await;
    room.judge(&eda, others[0], "false").await;
    for scope in [
        scope,
        Scope { article: None, incident: Some(incident) },
        Scope { incident: Some(incident), ..scope },
    ] {
        let (again, flow) = seen(scope).await;
        assert_eq!((again, format!("{:?}", flow.stages)), (desk.clone(), format!("{:?}", of_desk.stages)));
    }
    let names = room.desk.scope_names(&eda, Scope { incident: Some(incident), ..scope }).await.unwrap();
    assert_eq!((names.article.as_deref(), names.incident.as_deref()), (Some("Raid"), Some("Raid")));
    let nothing = Scope { article: Some(ArticleId(uuid::Uuid::nil())), incident: None };
    assert!(matches!(room.desk.scope_names(&eda, nothing).await, Err(Error::NotFound("article"))));
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn the_claims_that_somebody_judged_in_some_days_are_those_that_are_counted(pool: PgPool) {
    let room = Newsroom::over(pool);
    let (eda, noor) = (room.editor("Eda").await, room.reviewer("Noor").await);
    let old = room.claim(&eda).await;
    room.judge(&noor, old, "verified").await;
    room.wait_minutes(24 * 60);
    let (_, claims) =
        room.article(&eda, "Raid", &[said("Ten fled."), said("Two fled."), said("Six fled.")]).await;
    room.judge(&noor, claims[0], "false").await;
    room.judge(&eda, claims[1], "false").await;
    let undone = room.judge(&noor, claims[2], "false").await;
    room.desk.undo_verdict(&noor, undone).await.unwrap();
    let today = room.desk.clock().now().date_naive();
    let listed = async |reviewer: Option<&Actor>, from, to| {
        let filter = ClaimFilter {
            reviewer: reviewer.map(|who| who.id),
            judged_from: from,
            judged_to: to,
            ..ClaimFilter::default()
        };
        let page = room.desk.claims(&eda, &filter, Sort::Newest, None, 50).await.unwrap();
        page.rows.into_iter().map(|row| row.id).collect::<Vec<_>>()
    };
    assert_eq!(listed(Some(&noor), Some(today), Some(today)).await, [claims[0]]);
    assert_eq!(listed(Some(&noor), None, today.pred_opt()).await, [old]);
    assert_eq!(listed(Some(&noor), None, None).await, [claims[0], old]);
    assert_eq!(listed(None, Some(today), None).await.len(), 2);
    let board = room.desk.dashboard(&eda).await.unwrap();
    assert_eq!(board.today, 2);
    let of_noor = board.reviewers.iter().find(|one| one.id == noor.id).unwrap();
    assert_eq!((of_noor.today, of_noor.verdicts()), (1, 2));
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn what_came_on_a_day_is_what_its_list_has_each_time_it_came(pool: PgPool) {
    let room = Newsroom::over(pool);
    let (eda, noor) = (room.editor("Eda").await, room.reviewer("Noor").await);
    let (article, claims) =
        room.article(&eda, "Raid", &[said("Ten fled."), said("Two fled."), said("Six fled.")]).await;
    let version = async |claim| room.version_of(claim).await;
    room.judge(&noor, claims[0], "verified").await;
    room.desk.publish(&eda, claims[0], version(claims[0]).await, None).await.unwrap();
    room.wait_minutes(24 * 60);
    room.judge(&noor, claims[1], "verified").await;
    room.judge(&noor, claims[1], "false").await;
    for _ in 0..2 {
        room.desk.reopen(&eda, claims[1], version(claims[1]).await, because("news")).await.unwrap();
        room.judge(&eda, claims[1], "false").await;
    }
    room.desk.dismiss(&noor, claims[2], version(claims[2]).await, because("twice")).await.unwrap();
    room.article(&eda, "Ferry", &[said("At least 20 drowned.")]).await;
    let today = room.desk.clock().now().date_naive();
    for scope in [Scope::default(), Scope { article: Some(article), incident: None }] {
        for (from, to) in [(0, 0), (1, 0), (1, 1)] {
            let days = DayRange { from: today - TimeDelta::days(from), to: today - TimeDelta::days(to) };
            let flow = room.desk.flow(&eda, days, scope).await.unwrap();
            for (came, count) in [
                (Came::TakenIn, flow.sum(|day| day.taken_in)),
                (Came::Settled, flow.sum(|day| day.settled)),
                (Came::Published, flow.sum(|day| day.published)),
                (Came::Reopened, flow.sum(|day| day.reopened)),
                (Came::Dismissed, flow.sum(|day| day.dismissed)),
                (Came::Corrected, flow.sum(|day| day.corrected)),
            ] {
                let (came_from, came_to) = (Some(days.from), Some(days.to));
                let list = ClaimFilter { came: Some(came), came_from, came_to, ..scope.filter() };
                assert_eq!(room.counted(&eda, &list).await, count, "{list:?}");
            }
            let board = room.desk.dashboard_over(&eda, days, scope).await.unwrap();
            let days_too = board.days.iter().map(|day| day.verdicts()).sum::<i64>();
            let list =
                ClaimFilter { judged_from: Some(days.from), judged_to: Some(days.to), ..scope.filter() };
            assert_eq!(room.counted(&eda, &list).await, days_too);
            for person in &board.reviewers {
                let list = ClaimFilter { reviewer: Some(person.id), ..list.clone() };
                assert_eq!(room.counted(&eda, &list).await, person.verdicts(), "{}", person.name);
            }
        }
    }
}

#[test]
fn a_period_is_at_most_a_year_and_not_upside_down() {
    let day = |text: &str| text.parse::<NaiveDate>().unwrap();
    let today = day("2024-03-14");
    let of = |from: &str, to: &str| {
        let read = |text: &str| (!text.is_empty()).then(|| day(text));
        DayRange::of(Period { from: read(from), to: read(to) }, today)
    };
    assert_eq!(of("", "").unwrap(), DayRange::last(7, today));
    assert_eq!(of("2024-01-01", "").unwrap().n(), 74);
    assert_eq!(of("", "2024-02-01").unwrap().from, day("2024-01-26"));
    assert!(of("2024-03-15", "").is_err() && of("2022-01-01", "").is_err());
    assert!(of("2024-03-14", "2024-03-14").is_ok_and(|one| one.n() == 1));
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_claim_that_is_reopened_and_set_aside_is_counted_where_it_went(pool: PgPool) {
    let room = Newsroom::over(pool);
    let (eda, noor) = (room.editor("Eda").await, room.reviewer("Noor").await);
    let claim = room.claim(&eda).await;
    room.judge(&noor, claim, "verified").await;
    room.desk.reopen(&eda, claim, 2, because("news")).await.unwrap();
    room.wait_minutes(3);
    room.desk.dismiss(&noor, claim, 3, because("twice")).await.unwrap();
    let seen = flow(&room, &eda, 1).await;
    let day = seen.each_day[0];
    assert_eq!((day.settled, day.reopened, day.dismissed), (1, 1, 1));
    assert!(about(of(&seen, Stage::Reopened).median, 3));
    assert!(seen.stages.iter().all(|stage| stage.now == 0));
    room.assert_counters_equal_a_recount().await;
}
