use crate::harness::{Newsroom, because, noon, said};
use chrono::{DateTime, TimeDelta, Utc};
use desk::{Due, Error, NotificationFilter};
use domain::deadline::Phase;
use domain::history::Event;
use domain::id::{ArticleId, ClaimId};
use domain::notification::{Level, Occasion};
use domain::policy::Actor;
use sqlx::PgPool;

async fn set(room: &Newsroom, by: &Actor, article: ArticleId, at: Option<DateTime<Utc>>) {
    room.desk.set_deadline(by, article, at).await.unwrap();
}

async fn phase(room: &Newsroom, by: &Actor, article: ArticleId) -> Option<Phase> {
    room.desk.article(by, article).await.unwrap().article.deadline.map(|deadline| deadline.phase)
}

/// Which claims a person is told are due, and how often.
async fn told(room: &Newsroom, who: &Actor) -> Vec<(ClaimId, i32)> {
    let filter = NotificationFilter { occasion: Some(Occasion::Deadline), ..NotificationFilter::default() };
    let page = room.desk.notifications(who, filter, None, 50).await.unwrap();
    page.rows.iter().map(|row| (row.claim, row.parts.iter().map(|part| part.n).sum())).collect()
}

async fn escalations(room: &Newsroom, claim: ClaimId) -> usize {
    let eda = room.reviewer(&format!("Reader {}", uuid::Uuid::now_v7())).await;
    let history = room.desk.history(&eda, claim, None).await.unwrap();
    history.iter().filter(|entry| matches!(entry.event, Event::Escalated { .. })).count()
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_deadline_weighs_in_the_priority_and_says_so(pool: PgPool) {
    let room = Newsroom::over(pool);
    let (eda, noor) = (room.editor("Eda").await, room.reviewer("Noor").await);
    let (article, claims) =
        room.article(&eda, "Raid", &[said("At least 12 died."), said("At least 13 died.")]).await;
    let plain = room.view(&eda, claims[0]).await.claim.priority;
    assert!(matches!(room.desk.set_deadline(&noor, article, Some(noon())).await, Err(Error::Refused(_))));
    let passed = room.desk.set_deadline(&eda, article, Some(noon())).await;
    assert!(matches!(passed, Err(Error::Invalid(invalid)) if invalid.field == "deadline"));
    set(&room, &eda, article, Some(noon() + TimeDelta::hours(6))).await;
    let view = room.view(&eda, claims[0]).await;
    assert_eq!(view.claim.priority, plain + 4);
    assert_eq!(
        view.contributions().last().map(|part| part.why.clone()),
        Some("the article has a deadline".into())
    );
    // Reading the text again keeps it, and so does a new claim of the article.
    let again = room.view(&eda, claims[1]).await;
    assert_eq!(again.claim.priority, plain + 4);
    let events = room.events().await;
    set(&room, &eda, article, Some(noon() + TimeDelta::hours(6))).await;
    assert_eq!(room.events().await, events, "what changes nothing leaves no trace");
    set(&room, &eda, article, None).await;
    assert_eq!(room.view(&eda, claims[0]).await.claim.priority, plain);
    assert_eq!(phase(&room, &eda, article).await, None);
    assert_eq!(
        room.told(&eda, claims[0]).await.split_off(1),
        [
            format!("Eda changed its priority from {plain} to {}: the article’s deadline was set", plain + 4),
            format!(
                "Eda changed its priority from {} to {plain}: the article’s deadline was cleared",
                plain + 4
            ),
        ]
    );
    let verified = room.desk.verify_history(None, None, |_| ()).await.unwrap();
    assert_eq!(verified.findings, []);
    room.assert_counters_equal_a_recount().await;
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_deadline_is_made_heard_of_when_it_comes_close_and_when_it_has_passed_once_each(pool: PgPool) {
    let room = Newsroom::over(pool);
    let (eda, noor, ola) =
        (room.editor("Eda").await, room.reviewer("Noor").await, room.reviewer("Ola").await);
    let (article, claims) = room
        .article(
            &eda,
            "Raid",
            &[said("At least 12 died.").worth(0.9), said("At least 13 died."), said("At least 14 died.")],
        )
        .await;
    room.judge(&noor, claims[2], "verified").await;
    set(&room, &eda, article, Some(noon() + TimeDelta::hours(3))).await;
    room.desk.follow(&ola, claims[1], Level::Watching).await.unwrap();
    assert_eq!(room.desk.escalate_deadlines().await.unwrap(), 0);
    room.wait_minutes(61);
    let other = room.second_desk();
    let (one, two) = tokio::join!(room.desk.escalate_deadlines(), other.escalate_deadlines());
    assert_eq!(one.unwrap() + two.unwrap(), 1, "several workers share it");
    assert_eq!(phase(&room, &eda, article).await, Some(Phase::DueSoon));
    assert_eq!(
        (told(&room, &eda).await, told(&room, &ola).await),
        (vec![(claims[0], 1)], vec![(claims[1], 1)])
    );
    assert_eq!(room.desk.escalate_deadlines().await.unwrap(), 0);
    room.wait_minutes(120);
    assert_eq!(room.desk.escalate_deadlines().await.unwrap(), 1);
    assert_eq!(room.desk.escalate_deadlines().await.unwrap(), 0);
    assert_eq!(phase(&room, &eda, article).await, Some(Phase::Overdue));
    assert_eq!(
        (told(&room, &eda).await, told(&room, &ola).await),
        (vec![(claims[0], 2)], vec![(claims[1], 2)])
    );
    assert_eq!((escalations(&room, claims[0]).await, escalations(&room, claims[2]).await), (2, 0));
    let late = room.view(&eda, claims[0]).await;
    assert!(late.contributions().iter().any(|part| part.why == "the article is overdue"));
    let verified = room.desk.verify_history(None, None, |_| ()).await.unwrap();
    assert_eq!(verified.findings, []);
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_deadline_that_is_moved_is_made_heard_of_again(pool: PgPool) {
    let room = Newsroom::over(pool);
    let eda = room.editor("Eda").await;
    let (article, claims) = room.article(&eda, "Raid", &[said("At least 12 died.")]).await;
    set(&room, &eda, article, Some(noon() + TimeDelta::hours(1))).await;
    assert_eq!(phase(&room, &eda, article).await, Some(Phase::DueSoon), "who sets it so close knows");
    room.wait_minutes(90);
    assert_eq!(room.desk.escalate_deadlines().await.unwrap(), 1);
    set(&room, &eda, article, Some(noon() + TimeDelta::hours(9))).await;
    assert_eq!(phase(&room, &eda, article).await, Some(Phase::Set));
    room.wait_minutes(9 * 60);
    assert_eq!(room.desk.escalate_deadlines().await.unwrap(), 1, "past both steps at once it is one");
    assert_eq!(escalations(&room, claims[0]).await, 2);
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn an_article_is_due_for_as_long_as_a_claim_of_it_is_in_work(pool: PgPool) {
    let room = Newsroom::over(pool);
    let (eda, noor) = (room.editor("Eda").await, room.reviewer("Noor").await);
    let mut articles = Vec::new();
    for (n, hours) in [(0, 5), (1, 1), (2, 3)] {
        let words = [format!("At least 12 died in house {n}."), format!("At least 13 died in house {n}.")];
        let (article, claims) = room.article(&eda, "Raid", &[said(&words[0]), said(&words[1])]).await;
        set(&room, &eda, article, Some(noon() + TimeDelta::hours(hours))).await;
        articles.push((article, claims));
    }
    let due = async |due: Due| -> Vec<ArticleId> {
        let mut all = Vec::new();
        let mut after = None;
        loop {
            let page = room.desk.due_articles(&eda, due, after, 1).await.unwrap();
            all.extend(page.rows.iter().map(|row| row.id));
            after = page.next;
            if after.is_none() {
                return all;
            }
        }
    };
    assert_eq!(due(Due::All).await, [articles[1].0, articles[2].0, articles[0].0]);
    room.wait_minutes(121);
    assert_eq!((due(Due::Overdue).await, due(Due::Soon).await), (vec![articles[1].0], vec![articles[2].0]));
    let count = room.desk.due_count().await.unwrap();
    assert_eq!((count.set, count.overdue, count.soon), (3, 1, 1));
    room.desk.escalate_deadlines().await.unwrap();
    assert_eq!(due(Due::Escalated).await, [articles[1].0, articles[2].0]);
    assert_eq!(room.desk.due_count().await.unwrap().escalated, 2);
    room.judge(&noor, articles[1].1[0], "verified").await;
    assert_eq!(due(Due::Overdue).await.len(), 1);
    room.desk.dismiss(&noor, articles[1].1[1], 1, because("twice")).await.unwrap();
    assert!(due(Due::Overdue).await.is_empty());
    room.desk.reopen(&eda, articles[1].1[0], 2, because("news")).await.unwrap();
    assert_eq!(due(Due::Overdue).await.len(), 1);
    set(&room, &eda, articles[1].0, None).await;
    assert!(due(Due::Overdue).await.is_empty());
    room.assert_counters_equal_a_recount().await;
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_deadline_is_escalated_once_the_desk_was_told_of_it_and_no_sooner(pool: PgPool) {
    let room = Newsroom::over(pool);
    let (eda, noor) = (room.editor("Eda").await, room.reviewer("Noor").await);
    let (close, _) = room.article(&eda, "Raid", &[said("At least 12 died.")]).await;
    let (decided, claims) = room.article(&eda, "Ferry", &[said("At least 13 died.")]).await;
    let escalated = async || {
        let page = room.desk.due_articles(&eda, Due::Escalated, None, 50).await.unwrap();
        let listed: Vec<ArticleId> = page.rows.iter().map(|row| row.id).collect();
        assert_eq!(room.desk.due_count().await.unwrap().escalated, listed.len() as i64);
        listed
    };
    set(&room, &eda, close, Some(noon() + TimeDelta::minutes(90))).await;
    set(&room, &eda, decided, Some(noon() + TimeDelta::hours(4))).await;
    assert_eq!(room.desk.escalate_deadlines().await.unwrap(), 0);
    assert_eq!(phase(&room, &eda, close).await, Some(Phase::DueSoon));
    assert!(escalated().await.is_empty(), "who set it so close was told of nothing");
    room.judge(&noor, claims[0], "verified").await;
    room.wait_minutes(121);
    assert_eq!(room.desk.escalate_deadlines().await.unwrap(), 2, "one has passed, one came close");
    assert_eq!(escalated().await, [close]);
    room.desk.reopen(&eda, claims[0], 2, because("news")).await.unwrap();
    assert_eq!(escalated().await, [close], "nothing waited when it came close");
    room.wait_minutes(120);
    assert_eq!(room.desk.escalate_deadlines().await.unwrap(), 1);
    assert_eq!(escalated().await, [close, decided]);
    set(&room, &eda, close, Some(room.desk.clock().now() + TimeDelta::hours(1))).await;
    assert_eq!(escalated().await, [decided], "of a deadline that is moved it is told anew");
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn what_is_due_is_counted_while_claims_move_at_the_same_time(pool: PgPool) {
    let room = Newsroom::over(pool);
    let (eda, noor) = (room.editor("Eda").await, room.reviewer("Noor").await);
    let words: Vec<String> = (0..12).map(|n| format!("At least 12 died in house {n}.")).collect();
    let all: Vec<_> = words.iter().map(|words| said(words)).collect();
    let (article, claims) = room.article(&eda, "Raid", &all).await;
    let judging = async {
        for claim in &claims {
            room.judge(&noor, *claim, "verified").await;
        }
    };
    let setting = async {
        for hours in 1..8 {
            set(&room, &eda, article, Some(noon() + TimeDelta::hours(hours))).await;
            set(&room, &eda, article, None).await;
        }
        set(&room, &eda, article, Some(noon() + TimeDelta::hours(9))).await;
    };
    tokio::join!(judging, setting);
    room.assert_counters_equal_a_recount().await;
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn the_past_has_the_deadline_that_was_known_then(pool: PgPool) {
    let room = Newsroom::over(pool);
    let eda = room.editor("Eda").await;
    let (article, claims) = room.article(&eda, "Raid", &[said("At least 12 died.")]).await;
    room.wait_minutes(5);
    set(&room, &eda, article, Some(noon() + TimeDelta::hours(9))).await;
    let known = room.desk.clock().now();
    room.wait_minutes(5);
    set(&room, &eda, article, None).await;
    let then = room.desk.article_then(article, known).await.unwrap();
    let view = then.article(&eda, article).await.unwrap();
    assert_eq!(
        view.article.deadline.map(|deadline| (deadline.at, deadline.by)),
        Some((noon() + TimeDelta::hours(9), "Eda".into()))
    );
    drop(then);
    let then = room.desk.claim_then(claims[0], known - TimeDelta::minutes(1)).await.unwrap();
    let view = then.claim(&eda, claims[0]).await.unwrap();
    assert_eq!((view.phase, view.claim.assignee), (None, None));
}
