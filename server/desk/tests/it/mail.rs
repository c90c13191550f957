use crate::harness::{Newsroom, said};
use crate::talk::comment;
use desk::Choices;
use domain::notification::{Channel, Occasion};
use domain::policy::Role;
use sqlx::PgPool;

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn the_daily_mail_gathers_a_day_and_names_each_claim_once(pool: PgPool) {
    let room = Newsroom::over(pool);
    let (noor, robin) = (room.reviewer("Noor").await, room.reviewer("Robin").await);
    let claims = room.article(&noor, "Raid", &[said("12 fell."), said("12 fled.")]).await.1;
    let daily = Choices { channels: vec![(Occasion::Mentioned, Channel::Digest)], hour: 17 };
    room.desk.choose(&robin, &daily).await.unwrap();
    for claim in [claims[0], claims[1], claims[0]] {
        room.wait_minutes(10);
        room.desk.comment(&noor, claim, comment("@robin?"), None).await.unwrap();
    }
    room.wait_minutes(4 * 60);
    assert_eq!(room.desk.gather_mail().await.unwrap(), 0, "half past four");
    room.wait_minutes(60);
    assert_eq!(room.desk.gather_mail().await.unwrap(), 1);
    let mails = room.desk.due_mail().await.unwrap();
    let lines: Vec<_> =
        mails[0].body.lines.iter().map(|line| format!("{}: {}", line.text, line.said.join("; "))).collect();
    assert_eq!(lines, ["12 fell.: 2 mentions, the last by Noor", "12 fled.: Noor mentioned you"]);
    assert_eq!((mails[0].to.as_str(), mails[0].body.more), ("robin@desk.example", 0));
    assert!(room.desk.due_mail().await.unwrap().is_empty(), "it is being sent");
    room.desk.mail_sent(mails[0].id).await.unwrap();
    room.wait_minutes(60);
    assert!(room.desk.due_mail().await.unwrap().is_empty());
    assert_eq!(room.desk.gather_mail().await.unwrap(), 0);
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_worker_that_dies_while_it_sends_leaves_the_mail_to_another(pool: PgPool) {
    let room = Newsroom::over(pool);
    let (noor, robin) = (room.reviewer("Noor").await, room.reviewer("Robin").await);
    let claim = room.claim(&noor).await;
    room.desk.comment(&noor, claim, comment("@robin?"), None).await.unwrap();
    room.wait_minutes(2);
    room.desk.gather_mail().await.unwrap();
    let taken = room.desk.due_mail().await.unwrap();
    room.wait_minutes(6);
    let again = room.desk.due_mail().await.unwrap();
    assert_eq!((taken[0].id, &taken[0].body), (again[0].id, &again[0].body));
    // Whoever left meanwhile gets none.
    room.desk.disable_account(None, robin.id).await.unwrap();
    room.wait_minutes(6);
    assert!(room.desk.due_mail().await.unwrap().is_empty());
    assert_eq!(room.count("select count(*) from mail").await, 0);
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_mail_is_given_up_after_so_many_tries_and_only_admins_decide(pool: PgPool) {
    let room = Newsroom::over(pool);
    let (noor, robin, ada) =
        (room.reviewer("Noor").await, room.reviewer("Robin").await, room.person("Ada", Role::Admin).await);
    let claim = room.claim(&noor).await;
    room.desk.comment(&noor, claim, comment("@robin?"), None).await.unwrap();
    room.wait_minutes(2);
    room.desk.gather_mail().await.unwrap();
    let mut tries = 0;
    let id = loop {
        let mails = room.desk.due_mail().await.unwrap();
        tries += 1;
        if room.desk.mail_failed(mails[0].id, "no answer", false).await.unwrap() {
            break mails[0].id;
        }
        room.wait_minutes(6 * 60);
    };
    assert_eq!(tries, domain::notification::MOST_TRIES);
    room.wait_minutes(24 * 60);
    assert!(room.desk.due_mail().await.unwrap().is_empty());
    assert!(room.desk.outbox(&noor).await.is_err() && room.desk.drop_mail(&robin, id).await.is_err());
    let outbox = room.desk.outbox(&ada).await.unwrap();
    assert_eq!(
        (outbox.waiting, outbox.failed[0].failed.as_str(), outbox.failed[0].due_at),
        (0, "no answer", None)
    );
    let before = room.events().await;
    room.desk.drop_mail(&ada, id).await.unwrap();
    assert_eq!(room.events().await, before + 1);
    assert!(room.desk.outbox(&ada).await.unwrap().failed.is_empty());
}
