use crate::harness::{Newsroom, because, noon, said};
use chrono::TimeDelta;
use desk::{Came, ClaimFilter, Cursor, Error, Sort};
use domain::claim::ClaimKind;
use domain::id::{ClaimId, SourceId};
use domain::measure::Indicator;
use domain::policy::Actor;
use domain::track::Outcome;
use domain::workflow::Stage;
use sqlx::PgPool;
use std::collections::BTreeSet;

/// A desk with something of everything.
async fn mixed(room: &Newsroom) -> (Actor, Actor) {
    let (eda, noor) = (room.editor("Eda").await, room.reviewer("Noor").await);
    let kinds = [
        (ClaimKind::Casualty, Indicator::Killed),
        (ClaimKind::Casualty, Indicator::Wounded),
        (ClaimKind::EquipmentLoss, Indicator::Destroyed),
        (ClaimKind::Money, Indicator::Money),
    ];
    for (title, who) in
        [("Raid near Kozinka", Some("Olena K.")), ("Ferry sinks", Some("Mr Brown")), ("Budget", None)]
    {
        let words: Vec<String> = (0..12).map(|n| format!("At least 12 fled from house {n}.")).collect();
        let all: Vec<_> = words
            .iter()
            .zip(0..)
            .map(|(words, n)| {
                let (kind, indicator) = kinds[n % 4];
                let one = said(words).counting(kind, indicator).worth(f64::from(n as u8 % 3) / 4.0);
                if n % 2 == 0 { who.map_or(one, |who| one.by(who)) } else { one }
            })
            .collect();
        let (_, claims) = room.article(&eda, title, &all).await;
        room.wait_minutes(3);
        room.judge(&noor, claims[0], "verified").await;
        room.judge(&eda, claims[1], "false").await;
        room.desk.publish(&eda, claims[1], 2, None).await.unwrap();
        room.judge(&noor, claims[2], "false").await;
        room.judge(&eda, claims[2], "disputed").await;
        room.desk.reopen(&eda, claims[2], 3, because("news")).await.unwrap();
        room.desk.take(&noor, claims[3]).await.unwrap();
        room.desk.take(&eda, claims[4]).await.unwrap();
        room.desk.dismiss(&noor, claims[5], 1, because("twice")).await.unwrap();
    }
    (eda, noor)
}

async fn all(room: &Newsroom, actor: &Actor, filter: &ClaimFilter, sort: Sort, step: i64) -> Vec<ClaimId> {
    let (mut ids, mut after) = (Vec::new(), None);
    loop {
        let page = room.desk.claims(actor, filter, sort, after, step).await.unwrap();
        ids.extend(page.rows.iter().map(|row| row.id));
        let Some(next) = page.next else { return ids };
        // As it goes through an address and back.
        after = Some(next.to_string().parse::<Cursor>().unwrap());
    }
}

/// Every value worth trying for one filter, with the condition that says the same.
async fn filters(room: &Newsroom, eda: &Actor, noor: &Actor) -> Vec<Vec<(ClaimFilter, String)>> {
    let article = room.desk.articles(eda, None, 1).await.unwrap().rows[0].id;
    let source: uuid::Uuid = sqlx::query_scalar("select id from source where name = 'Olena K.'")
        .fetch_one(&room.pool)
        .await
        .unwrap();
    let none = ClaimFilter::default;
    let day = |text: &str| text.parse().ok();
    vec![
        vec![
            (none(), "true".into()),
            (ClaimFilter { stage: Some(Stage::Open), ..none() }, "stage = 'open'".into()),
            (ClaimFilter { stage: Some(Stage::Reopened), ..none() }, "stage = 'reopened'".into()),
            (ClaimFilter { stage: Some(Stage::Settled), ..none() }, "stage = 'settled'".into()),
        ],
        vec![
            (none(), "true".into()),
            (ClaimFilter { rating: Some("false".into()), ..none() }, "rating = 'false'".into()),
            (ClaimFilter { rating: Some("no\0such".into()), ..none() }, "false".into()),
            (
                ClaimFilter { outcome: Some(Outcome::Settled), ..none() },
                "rating is not null and stage in ('settled', 'published')".into(),
            ),
        ],
        vec![
            (none(), "true".into()),
            (ClaimFilter { kind: Some(ClaimKind::Casualty), ..none() }, "kind = 'casualty'".into()),
        ],
        vec![
            (none(), "true".into()),
            (
                ClaimFilter { indicator: Some(Indicator::Wounded), ..none() },
                "exists (select from measure where claim_id = claim.id and indicator = 'wounded')".into(),
            ),
        ],
        vec![
            (none(), "true".into()),
            (ClaimFilter { source: Some(SourceId(source)), ..none() }, format!("source_id = '{source}'")),
        ],
        vec![
            (none(), "true".into()),
            (ClaimFilter { article: Some(article), ..none() }, format!("article_id = '{article}'")),
        ],
        vec![
            (none(), "true".into()),
            (ClaimFilter { assignee: Some(noor.id), ..none() }, format!("lease_holder = '{}'", noor.id)),
        ],
        vec![
            (none(), "true".into()),
            (
                ClaimFilter { reviewer: Some(eda.id), ..none() },
                format!(
                    "exists (select from verdict where claim_id = claim.id and reviewer_id = '{}')",
                    eda.id
                ),
            ),
        ],
        vec![
            (none(), "true".into()),
            (
                ClaimFilter { judged_from: day("2024-03-14"), judged_to: day("2024-03-14"), ..none() },
                "exists (select from verdict where claim_id = claim.id)".into(),
            ),
            (ClaimFilter { judged_to: day("2024-03-13"), ..none() }, "false".into()),
        ],
        vec![
            (none(), "true".into()),
            (
                ClaimFilter { came: Some(Came::Reopened), came_from: day("2024-03-14"), ..none() },
                "stage = 'reopened'".into(),
            ),
            (ClaimFilter { came: Some(Came::TakenIn), came_to: day("2024-03-14"), ..none() }, "true".into()),
            (
                ClaimFilter { came: Some(Came::TakenIn), came_from: day("2024-03-15"), ..none() },
                "false".into(),
            ),
            (ClaimFilter { came: Some(Came::JudgedByTwo), judge: Some(noor.id), ..none() }, "false".into()),
        ],
        vec![
            (none(), "true".into()),
            (ClaimFilter { evidence_from: Some(SourceId(source)), ..none() }, "false".into()),
        ],
        vec![
            (none(), "true".into()),
            (
                ClaimFilter { since_before: Some(noon() + TimeDelta::minutes(1)), ..none() },
                format!("stage_since < '{}'", (noon() + TimeDelta::minutes(1)).to_rfc3339()),
            ),
        ],
        vec![
            (none(), "true".into()),
            (
                ClaimFilter { q: Some(" kozinka ".into()), ..none() },
                "article_id = (select id from article where title like '%Kozinka')".into(),
            ),
            (ClaimFilter { q: Some("  ".into()), ..none() }, "true".into()),
        ],
    ]
}

fn both(a: &ClaimFilter, b: &ClaimFilter) -> ClaimFilter {
    ClaimFilter {
        stage: a.stage.or(b.stage),
        rating: a.rating.clone().or(b.rating.clone()),
        outcome: a.outcome.or(b.outcome),
        kind: a.kind.or(b.kind),
        indicator: a.indicator.or(b.indicator),
        source: a.source.or(b.source),
        article: a.article.or(b.article),
        incident: a.incident.or(b.incident),
        assignee: a.assignee.or(b.assignee),
        reviewer: a.reviewer.or(b.reviewer),
        judged_from: a.judged_from.or(b.judged_from),
        judged_to: a.judged_to.or(b.judged_to),
        came: a.came.or(b.came),
        came_from: a.came_from.or(b.came_from),
        came_to: a.came_to.or(b.came_to),
        scale: a.scale.clone().or(b.scale.clone()),
        judge: a.judge.or(b.judge),
        other_judge: a.other_judge.or(b.other_judge),
        evidence_from: a.evidence_from.or(b.evidence_from),
        since_before: a.since_before.or(b.since_before),
        q: a.q.clone().or(b.q.clone()),
    }
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn each_filter_alone_and_with_each_other_one_finds_what_it_says(pool: PgPool) {
    let room = Newsroom::over(pool);
    let (eda, noor) = mixed(&room).await;
    let table = filters(&room, &eda, &noor).await;
    for (n, some) in table.iter().enumerate() {
        for others in &table[n + 1..] {
            for ((a, a_says), (b, b_says)) in some.iter().flat_map(|a| others.iter().map(move |b| (a, b))) {
                let says = format!("select id from claim where ({a_says}) and ({b_says})");
                let expected: Vec<ClaimId> = sqlx::query_scalar(sqlx::AssertSqlSafe(says.clone()))
                    .fetch_all(&room.pool)
                    .await
                    .unwrap();
                let found = all(&room, &eda, &both(a, b), Sort::Priority, 200).await;
                assert_eq!(found.len(), expected.len(), "{says}");
                assert_eq!(BTreeSet::from_iter(found), BTreeSet::from_iter(expected), "{says}");
            }
        }
    }
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn all_filters_at_once_find_the_one_claim_that_passes_them(pool: PgPool) {
    let room = Newsroom::over(pool);
    let (eda, noor) = mixed(&room).await;
    let source = sqlx::query_scalar("select id from source where name = 'Olena K.'")
        .fetch_one(&room.pool)
        .await
        .unwrap();
    let article = sqlx::query_scalar("select id from article where title like 'Raid%'")
        .fetch_one(&room.pool)
        .await
        .unwrap();
    let claims = room.claims_of(article).await;
    room.desk.take(&eda, claims[2]).await.unwrap();
    let filter = ClaimFilter {
        stage: Some(Stage::InReview),
        rating: Some("disputed".into()),
        outcome: None,
        kind: Some(ClaimKind::EquipmentLoss),
        indicator: Some(Indicator::Destroyed),
        source: Some(source),
        article: Some(article),
        incident: None,
        assignee: Some(eda.id),
        reviewer: Some(noor.id),
        judged_from: Some(noon().date_naive()),
        judged_to: Some(noon().date_naive()),
        came: Some(Came::Reopened),
        came_from: Some(noon().date_naive()),
        came_to: None,
        scale: None,
        judge: None,
        other_judge: None,
        evidence_from: None,
        since_before: Some(noon() + TimeDelta::days(1)),
        q: Some("house fled".into()),
    };
    for sort in Sort::ALL {
        assert_eq!(all(&room, &eda, &filter, *sort, 10).await, [claims[2]]);
    }
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn what_came_of_claims_on_some_days_is_not_asked_without_what_it_is(pool: PgPool) {
    let room = Newsroom::over(pool);
    let eda = room.editor("Eda").await;
    let none = ClaimFilter::default;
    for filter in [
        ClaimFilter { came_from: Some(noon().date_naive()), ..none() },
        ClaimFilter { judge: Some(eda.id), ..none() },
        ClaimFilter { came: Some(Came::Settled), scale: Some("default".into()), ..none() },
    ] {
        let refused = room.desk.claims(&eda, &filter, Sort::Newest, None, 9).await;
        assert!(matches!(&refused, Err(Error::Invalid(invalid)) if invalid.field == "came"), "{refused:?}");
    }
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn the_evidence_of_a_source_is_that_of_the_claims_in_its_list(pool: PgPool) {
    let room = Newsroom::over(pool);
    let eda = room.editor("Eda").await;
    let (_, claims) =
        room.article(&eda, "Raid", &[said("Ten fled."), said("Two fled."), said("Six fled.")]).await;
    for claim in [claims[0], claims[0], claims[1], claims[2]] {
        room.add_evidence(&eda, claim).await;
    }
    sqlx::query("insert into source (id, name, kind) values (gen_random_uuid(), 'Mr Brown', 'person')")
        .execute(&room.pool)
        .await
        .unwrap();
    let source: SourceId = sqlx::query_scalar("select id from source where name = 'Mr Brown'")
        .fetch_one(&room.pool)
        .await
        .unwrap();
    sqlx::query(
        "update evidence set source_id = $1, source_by = 'person',
                withdrawn_at = case when claim_id = $2 then now() end, withdrawn_by = case when claim_id = $2 then $3 end,
                withdrawn_reason = case when claim_id = $2 then 'wrong' end",
    )
    .bind(source.0)
    .bind(claims[2].0)
    .bind(eda.id.0)
    .execute(&room.pool)
    .await
    .unwrap();
    let filter = ClaimFilter { evidence_from: Some(source), ..ClaimFilter::default() };
    let view = room.desk.source(&eda, source).await.unwrap();
    assert_eq!((view.evidence, room.counted(&eda, &filter).await), (3, 3));
    assert_eq!(all(&room, &eda, &filter, Sort::Newest, 1).await, [claims[1], claims[0]]);
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn each_order_is_the_one_it_names(pool: PgPool) {
    let room = Newsroom::over(pool);
    let (eda, _) = mixed(&room).await;
    for (sort, says) in [
        (Sort::Priority, "select id from claim order by priority desc, id"),
        (Sort::Newest, "select id from claim order by created_at desc, id desc"),
        (Sort::Waiting, "select id from claim order by stage_since, id"),
        (
            Sort::Judged,
            "select id from claim join lateral (select max(given_at) as judged_at from verdict where claim_id = claim.id) v
                on judged_at is not null order by judged_at desc, id desc",
        ),
    ] {
        let expected: Vec<ClaimId> = sqlx::query_scalar(says).fetch_all(&room.pool).await.unwrap();
        assert_eq!(all(&room, &eda, &ClaimFilter::default(), sort, 200).await, expected, "{sort}");
    }
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn pages_show_every_claim_once_while_others_come_in(pool: PgPool) {
    let room = Newsroom::over(pool);
    let (eda, _) = mixed(&room).await;
    for sort in Sort::ALL {
        for stage in [None, Some(Stage::Open)] {
            let filter = ClaimFilter { stage, ..ClaimFilter::default() };
            let there: BTreeSet<ClaimId> = all(&room, &eda, &filter, *sort, 200).await.into_iter().collect();
            let (mut seen, mut after) = (Vec::new(), None);
            loop {
                let page = room.desk.claims(&eda, &filter, *sort, after, 4).await.unwrap();
                seen.extend(page.rows.iter().map(|row| row.id));
                let Some(next) = page.next else { break };
                after = Some(next);
                if seen.len() < 40 {
                    room.claim(&eda).await;
                }
            }
            let distinct: BTreeSet<ClaimId> = seen.iter().copied().collect();
            assert_eq!(distinct.len(), seen.len(), "{sort} shows none twice");
            assert!(there.is_subset(&distinct), "{sort} leaves none out");
        }
    }
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn article_pages_show_every_article_once_newest_first(pool: PgPool) {
    let room = Newsroom::over(pool);
    let noor = room.reviewer("Noor").await;
    let mut added = Vec::new();
    for n in 0..11 {
        added.push(room.article(&noor, &format!("Article {n}"), &[said("Ten fled.")]).await.0);
        // Some come in the same moment.
        room.wait_minutes(n % 2);
    }
    added.reverse();
    let (mut seen, mut after) = (Vec::new(), None);
    loop {
        let page = room.desk.articles(&noor, after, 3).await.unwrap();
        seen.extend(page.rows.iter().map(|row| row.id));
        let Some(next) = page.next else { break };
        after = Some(next.to_string().parse().unwrap());
        room.article(&noor, &format!("Later {}", seen.len()), &[said("Ten fled.")]).await;
    }
    assert_eq!(seen, added);
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_made_up_cursor_is_an_error_that_names_it_or_an_empty_page(pool: PgPool) {
    let room = Newsroom::over(pool);
    let (eda, _) = mixed(&room).await;
    for key in [i64::MIN, -1, 0, 40_000, 1_000_000_000_000_000_000, i64::MAX] {
        let cursor = Some(Cursor { key, id: uuid::Uuid::from_u128(7) });
        for sort in Sort::ALL {
            let page = room.desk.claims(&eda, &ClaimFilter::default(), *sort, cursor, 5).await;
            assert!(matches!(page, Ok(_) | Err(Error::Invalid(_))), "{sort} {key}: {page:?}");
        }
        let page = room.desk.articles(&eda, cursor, 5).await;
        assert!(matches!(page, Ok(_) | Err(Error::Invalid(_))), "{key}: {page:?}");
    }
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_search_finds_words_of_the_text_the_title_and_the_speaker(pool: PgPool) {
    let room = Newsroom::over(pool);
    let noor = room.reviewer("Noor").await;
    let raid = [said("Dozens of lorries were destroyed.").by("Oleksiy Williams"), said("Ten fled.")];
    let (_, claims) = room.article(&noor, "Raid near Kozinka", &raid).await;
    room.article(&noor, "Ferry sinks", &[said("Київ: 12 загинули.")]).await;
    for (q, found) in [
        ("lorries", 1),
        ("LORRY destroyed", 1),
        ("\"lorries were\"", 1),
        ("lorries -destroyed", 0),
        ("kozinka", 2),
        ("Williams", 1),
        ("oleksiy lorries", 1),
        ("загинули", 1),
        ("nowhere", 0),
        ("ferry or kozinka", 3),
    ] {
        let filter = ClaimFilter { q: Some(q.into()), ..ClaimFilter::default() };
        assert_eq!(all(&room, &noor, &filter, Sort::Priority, 10).await.len(), found, "{q}");
    }
    let filter = ClaimFilter { q: Some("williams".into()), ..ClaimFilter::default() };
    assert_eq!(all(&room, &noor, &filter, Sort::Newest, 10).await, [claims[0]]);
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn whatever_is_typed_into_the_search_box_is_no_error(pool: PgPool) {
    let room = Newsroom::over(pool);
    let noor = room.reviewer("Noor").await;
    room.claim(&noor).await;
    for q in [
        "\0",
        "a\0b",
        "'",
        "\"",
        "& | ! ( )",
        ":*",
        "the",
        "\\",
        "%",
        "-",
        "or",
        "<->",
        "🕯",
        &"x ".repeat(20_000),
        &"y".repeat(60_000),
    ] {
        let filter = ClaimFilter { q: Some(q.into()), ..ClaimFilter::default() };
        let page = room.desk.claims(&noor, &filter, Sort::Priority, None, 10).await;
        assert!(page.is_ok(), "{:?}: {page:?}", q.chars().take(20).collect::<String>());
    }
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_page_has_at_most_two_hundred_rows(pool: PgPool) {
    let room = Newsroom::over(pool);
    let admin = room.person("Ada", domain::policy::Role::Admin).await;
    room.desk.fill(&admin, 21, |_| {}).await.unwrap();
    for (limit, rows) in [(i64::MIN, 1), (0, 1), (5, 5), (i64::MAX, 200)] {
        let page =
            room.desk.claims(&admin, &ClaimFilter::default(), Sort::Priority, None, limit).await.unwrap();
        assert_eq!(page.rows.len(), rows);
    }
}

/// Frequent words are found on the way along the order, rare ones are looked up and put in order.
#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_search_gives_each_claim_once_however_frequent_its_words_are(pool: PgPool) {
    let room = Newsroom::over(pool);
    let admin = room.person("Ada", domain::policy::Role::Admin).await;
    room.desk.fill(&admin, 40, |_| {}).await.unwrap();
    for (q, n) in [("people", 400), ("ambush", 40), ("wounded", 2), ("shelling bombing", 0), ("nowhere", 0)] {
        let filter = ClaimFilter { q: Some(q.into()), ..ClaimFilter::default() };
        // Nothing is judged.
        for sort in Sort::ALL.iter().filter(|sort| **sort != Sort::Judged) {
            let (mut seen, mut after) = (Vec::new(), None);
            loop {
                let page = room.desk.claims(&admin, &filter, *sort, after, 15).await.unwrap();
                seen.extend(page.rows);
                after = page.next;
                if after.is_none() {
                    break;
                }
            }
            let ids: std::collections::HashSet<_> = seen.iter().map(|row| row.id).collect();
            assert_eq!((seen.len(), ids.len()), (n, n), "{q} by {sort}");
            let in_order = seen.is_sorted_by(|one, next| match sort {
                Sort::Priority => (100 - one.priority, one.id) < (100 - next.priority, next.id),
                Sort::Newest => one.id > next.id,
                Sort::Waiting | Sort::Judged => (one.stage_since, one.id) < (next.stage_since, next.id),
            });
            assert!(in_order, "{q} by {sort}");
        }
    }
}
