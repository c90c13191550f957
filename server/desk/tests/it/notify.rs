use crate::harness::{Newsroom, because, said};
use crate::talk::comment;
use desk::{Choices, CommentForm, Fields, NotificationFilter, NotificationView};
use domain::id::ClaimId;
use domain::notification::{Channel, Level, Occasion};
use domain::policy::{Actor, Role};
use sqlx::PgPool;

impl Newsroom {
    /// What a person is told of, as a list shows it: the claim's words, and what happened.
    async fn heard(&self, who: &Actor) -> Vec<String> {
        self.lines(who, NotificationFilter { unread: true, occasion: None }).await
    }

    async fn lines(&self, who: &Actor, filter: NotificationFilter) -> Vec<String> {
        let page = self.desk.notifications(who, filter, None, 50).await.unwrap();
        page.rows.iter().map(line).collect()
    }

    async fn unread(&self, who: &Actor) -> i64 {
        self.desk.signed_in(who.id).await.unwrap().unwrap().unread
    }

    /// Says something and calls somebody by name.
    async fn call(&self, by: &Actor, claim: ClaimId, whom: &Actor) {
        self.desk.comment(by, claim, comment(&format!("@{}?", whom.name)), None).await.unwrap();
    }
}

fn line(row: &NotificationView) -> String {
    let parts: Vec<String> =
        row.parts.iter().map(|part| part.occasion.told(part.n, part.by.as_deref())).collect();
    format!("{}: {}", row.text, parts.join("; "))
}

async fn two_claims(room: &Newsroom, by: &Actor) -> (ClaimId, ClaimId) {
    let claims = room.article(by, "Raid", &[said("12 fell."), said("12 fled.")]).await.1;
    (claims[0], claims[1])
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn who_is_mentioned_answered_or_watches_is_told_once_and_the_actor_never(pool: PgPool) {
    let room = Newsroom::over(pool);
    let (noor, robin, sam) =
        (room.reviewer("Noor").await, room.reviewer("Robin").await, room.reviewer("Sam").await);
    let (claim, _) = two_claims(&room, &noor).await;
    room.desk.follow(&sam, claim, Level::Watching).await.unwrap();
    let first =
        room.desk.comment(&noor, claim, comment("@robin and @noor, who says so?"), None).await.unwrap();
    assert_eq!(room.heard(&robin).await, ["12 fell.: Noor mentioned you"]);
    assert_eq!(room.heard(&sam).await, ["12 fell.: Noor commented"]);
    assert!(room.heard(&noor).await.is_empty(), "not even by a mention of oneself");
    // Robin answers and watches from then on; Noor hears of the answer and not also of the comment.
    let answer = CommentForm { reply_to: Some(first.id), ..comment("The ministry.") };
    room.desk.comment(&robin, claim, answer, None).await.unwrap();
    assert_eq!(room.heard(&noor).await, ["12 fell.: Robin answered"]);
    room.desk.comment(&noor, claim, comment("Thanks."), None).await.unwrap();
    assert_eq!(room.heard(&robin).await, ["12 fell.: Noor mentioned you; Noor commented"]);
    assert_eq!(room.heard(&sam).await, ["12 fell.: 3 comments, the last by Noor"], "collapsed on one line");
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn who_gave_a_verdict_hears_what_becomes_of_it_and_never_how_another_turned_out(pool: PgPool) {
    let room = Newsroom::over(pool);
    let (noor, eda) = (room.reviewer("Noor").await, room.editor("Eda").await);
    let (claim, _) = two_claims(&room, &noor).await;
    room.judge(&noor, claim, "unverified").await;
    room.judge(&eda, claim, "false").await;
    room.desk.publish(&eda, claim, room.version_of(claim).await, None).await.unwrap();
    room.desk.reopen(&eda, claim, room.version_of(claim).await, because("news")).await.unwrap();
    room.desk.dismiss(&eda, claim, room.version_of(claim).await, because("twice")).await.unwrap();
    let heard = room.lines(&noor, NotificationFilter::default()).await.join("");
    for words in ["Eda gave a verdict", "Eda published it", "Eda reopened it", "Eda set it aside"] {
        assert!(heard.contains(words), "{heard}");
    }
    let kept: String = sqlx::query_scalar(
        "select string_agg(to_jsonb(n)::text || to_jsonb(p)::text, '') from notification n join notification_part p using (claim_id)",
    )
    .fetch_one(&room.pool)
    .await
    .unwrap();
    assert!(!kept.contains("false\"") && !kept.to_lowercase().contains("unverified"), "{kept}");
    assert!(room.heard(&eda).await.is_empty());
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn what_was_read_is_counted_anew_and_the_bell_follows(pool: PgPool) {
    let room = Newsroom::over(pool);
    let (noor, robin) = (room.reviewer("Noor").await, room.reviewer("Robin").await);
    let (one, other) = two_claims(&room, &noor).await;
    room.call(&noor, one, &robin).await;
    room.call(&noor, one, &robin).await;
    room.call(&noor, other, &robin).await;
    assert_eq!(room.unread(&robin).await, 2, "claims, not events");
    assert_eq!(room.heard(&robin).await[1], "12 fell.: 2 mentions, the last by Noor");
    assert_eq!(room.desk.opened(&robin, one).await.unwrap(), 1);
    assert_eq!(room.heard(&robin).await, ["12 fled.: Noor mentioned you"]);
    assert_eq!(room.lines(&robin, NotificationFilter::default()).await.len(), 2, "what was read stays");
    room.wait_minutes(1);
    room.call(&noor, one, &robin).await;
    assert_eq!(room.heard(&robin).await[0], "12 fell.: Noor mentioned you", "one, not three");
    room.desk.mark_read(&robin, None, None).await.unwrap();
    assert_eq!(room.unread(&robin).await, 0);
    assert_eq!(room.unread(&noor).await, 0);
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_muted_claim_is_silent_and_an_unwatched_one_only_calls(pool: PgPool) {
    let room = Newsroom::over(pool);
    let (noor, robin, vic) =
        (room.reviewer("Noor").await, room.reviewer("Robin").await, room.person("Vic", Role::Viewer).await);
    let (claim, _) = two_claims(&room, &noor).await;
    room.judge(&robin, claim, "verified").await;
    room.desk.follow(&robin, claim, Level::Unwatched).await.unwrap();
    room.desk.follow(&vic, claim, Level::Watching).await.unwrap();
    room.desk.comment(&noor, claim, comment("Hm."), None).await.unwrap();
    assert_eq!((room.unread(&robin).await, room.unread(&vic).await), (0, 1));
    room.call(&noor, claim, &robin).await;
    assert_eq!(room.heard(&robin).await, ["12 fell.: Noor mentioned you"]);
    // Saying something does not undo the choice.
    room.desk.comment(&robin, claim, comment("Yes."), None).await.unwrap();
    assert_eq!(room.desk.followers(&robin, claim).await.unwrap().own, Some(Level::Unwatched));
    room.desk.follow(&robin, claim, Level::Muted).await.unwrap();
    assert_eq!(room.unread(&robin).await, 0, "muting reads what there was");
    room.call(&noor, claim, &robin).await;
    assert_eq!(room.unread(&robin).await, 0);
    let before = room.events().await;
    room.desk.follow(&robin, claim, Level::Muted).await.unwrap();
    assert_eq!(room.events().await, before, "the same again leaves no trace");
    assert!(
        room.told(&noor, claim).await.iter().all(|told| !told.contains("watch")),
        "nor is it the claim’s history"
    );
    assert_eq!(room.desk.followers(&noor, claim).await.unwrap().watching, ["Noor", "Vic"]);
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn who_chose_not_to_hear_of_something_does_not(pool: PgPool) {
    let room = Newsroom::over(pool);
    let (noor, robin) = (room.reviewer("Noor").await, room.reviewer("Robin").await);
    let (claim, _) = two_claims(&room, &noor).await;
    let choices = room.desk.choices(&robin).await.unwrap();
    assert_eq!(choices.channels.len(), Occasion::ALL.len());
    assert!(choices.channels.contains(&(Occasion::Mentioned, Channel::Mail)));
    room.desk.follow(&robin, claim, Level::Watching).await.unwrap();
    let only = |channels| Choices { channels, hour: 9 };
    let wanted = only(vec![(Occasion::Comment, Channel::Nothing), (Occasion::Verdict, Channel::Digest)]);
    room.desk.choose(&robin, &wanted).await.unwrap();
    let before = room.events().await;
    room.desk.choose(&robin, &wanted).await.unwrap();
    assert_eq!(room.events().await, before);
    room.desk.comment(&noor, claim, comment("Hm."), None).await.unwrap();
    assert_eq!(room.unread(&robin).await, 0);
    room.judge(&noor, claim, "verified").await;
    assert_eq!(room.heard(&robin).await, ["12 fell.: Noor gave a verdict"]);
    let due = room.count("select count(*) from notification_part where mail_due = '2024-03-15 09:00Z'").await;
    assert_eq!(due, 1, "the daily mail of tomorrow, at the chosen hour");
    room.desk.choose(&robin, &only(vec![(Occasion::Verdict, Channel::App)])).await.unwrap();
    assert_eq!(room.count("select count(*) from notification_part where mail_due is not null").await, 0);
    let late = Choices { channels: Vec::new(), hour: 24 };
    assert_eq!(room.desk.choose(&robin, &late).await.unwrap_err().field(), Some("hour"));
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn whose_time_runs_out_is_told_where_words_were_left_behind(pool: PgPool) {
    let room = Newsroom::over(pool);
    let (noor, robin) = (room.reviewer("Noor").await, room.reviewer("Robin").await);
    let (one, other) = two_claims(&room, &noor).await;
    room.desk.take(&robin, one).await.unwrap();
    room.desk.take(&robin, other).await.unwrap();
    let typed = Fields::from([("rationale".to_owned(), "Two sour".to_owned())]);
    room.desk.keep_draft(&robin, &format!("verdict:{one}"), &typed).await.unwrap();
    room.wait_minutes(31);
    assert_eq!(room.desk.expire_leases().await.unwrap(), 2);
    assert_eq!(room.heard(&robin).await, ["12 fell.: Your time with it ran out; what you wrote is kept"]);
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn nobody_is_told_of_what_was_not_done(pool: PgPool) {
    let room = Newsroom::over(pool);
    let (noor, robin) = (room.reviewer("Noor").await, room.reviewer("Robin").await);
    let (claim, _) = two_claims(&room, &noor).await;
    room.judge(&robin, claim, "verified").await;
    let stale = room.desk.give_verdict(&noor, claim, crate::harness::verdict("false", 1), None).await;
    assert!(stale.is_err());
    assert_eq!(room.count("select count(*) from notification").await, 0);
    room.desk.disable_account(None, robin.id).await.unwrap();
    room.call(&noor, claim, &robin).await;
    assert_eq!(room.count("select count(*) from notification").await, 0, "nor who is no longer here");
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn notifications_are_listed_by_cursor_and_by_kind(pool: PgPool) {
    let room = Newsroom::over(pool);
    let (noor, robin) = (room.reviewer("Noor").await, room.reviewer("Robin").await);
    let all: Vec<_> = (0..5).map(|_| said("12 fell.")).collect();
    let claims = room.article(&noor, "Raid", &all).await.1;
    for claim in &claims {
        room.wait_minutes(1);
        room.call(&noor, *claim, &robin).await;
    }
    room.desk.follow(&robin, claims[1], Level::Watching).await.unwrap();
    room.judge(&noor, claims[1], "verified").await;
    for filter in [
        NotificationFilter::default(),
        NotificationFilter { unread: true, occasion: Some(Occasion::Mentioned) },
    ] {
        let (mut after, mut seen) = (None, Vec::new());
        loop {
            let page = room.desk.notifications(&robin, filter, after, 2).await.unwrap();
            seen.extend(page.rows.iter().map(|row| row.claim));
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        let newest: Vec<_> = claims.iter().rev().copied().collect();
        if filter.unread {
            assert_eq!(seen, newest);
        } else {
            assert_eq!(seen.len(), 5);
            assert_eq!(seen[0], claims[4].max(claims[1]), "of one moment, by their ids");
        }
    }
    let verdicts = NotificationFilter { unread: false, occasion: Some(Occasion::Verdict) };
    assert_eq!(room.lines(&robin, verdicts).await.len(), 1);
    let theirs = room.desk.notifications(&noor, NotificationFilter::default(), None, 9).await.unwrap();
    assert!(theirs.rows.is_empty(), "everybody sees their own");
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn what_was_read_is_swept_after_ninety_days_and_what_was_not_stays(pool: PgPool) {
    let room = Newsroom::over(pool);
    let (noor, robin) = (room.reviewer("Noor").await, room.reviewer("Robin").await);
    let (one, other) = two_claims(&room, &noor).await;
    room.call(&noor, one, &robin).await;
    room.call(&noor, other, &robin).await;
    room.desk.opened(&robin, one).await.unwrap();
    room.wait_minutes(60 * 24 * 89);
    room.desk.sweep().await.unwrap();
    assert_eq!(room.count("select count(*) from notification").await, 2);
    room.wait_minutes(60 * 24 * 2);
    room.desk.sweep().await.unwrap();
    assert_eq!(room.count("select count(*) from notification").await, 1);
    assert_eq!(room.count("select count(*) from notification_part").await, 1);
    assert_eq!(room.heard(&robin).await, ["12 fled.: Noor mentioned you"]);
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn people_who_talk_at_the_same_moment_do_not_block_each_other(pool: PgPool) {
    let room = Newsroom::over(pool);
    let mut people = Vec::new();
    for name in ["Ada", "Ben", "Cid", "Dot", "Eli", "Fay"] {
        people.push(room.reviewer(name).await);
    }
    let (one, other) = two_claims(&room, &people[0]).await;
    for person in &people {
        room.desk.follow(person, one, Level::Watching).await.unwrap();
        room.desk.follow(person, other, Level::Watching).await.unwrap();
    }
    let mut talking = tokio::task::JoinSet::new();
    for person in people.clone() {
        let desk = room.second_desk();
        talking.spawn(async move {
            for n in 0..10 {
                let claim = if n % 2 == 0 { one } else { other };
                desk.comment(&person, claim, comment(&format!("@ada @ben {n}")), None).await.unwrap();
                if n % 3 == 0 {
                    desk.mark_read(&person, None, None).await.unwrap();
                }
            }
        });
    }
    while let Some(done) = talking.join_next().await {
        done.unwrap();
    }
    room.desk.mark_read(&people[0], None, None).await.unwrap();
    room.call(&people[1], one, &people[0]).await;
    assert_eq!(room.heard(&people[0]).await, ["12 fell.: Ben mentioned you"]);
    let wrong = room
        .count(
            "select count(*) from notification where is_unread <> exists (select from notification_part p
              where p.account_id = notification.account_id and p.claim_id = notification.claim_id and p.n > 0)",
        )
        .await;
    assert_eq!(wrong, 0, "unread is what has news, and nothing else");
}
