use crate::harness::{Newsroom, address_of, article, because, evidence, once, reading, said, verdict};
use desk::{CorrectionForm, NewArticle};
use domain::policy::Role;
use domain::words::{Email, NewPassword, PersonName, TokenName};
use sqlx::PgPool;

fn password(text: &str) -> NewPassword {
    NewPassword::parse("password", text).unwrap()
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn every_change_leaves_its_events_and_a_refused_one_none(pool: PgPool) {
    let room = Newsroom::over(pool);
    let desk = &room.desk;
    let admin = room.person("Ada", Role::Admin).await;
    let viewer = room.person("Vic", Role::Viewer).await;
    let claim = room.claim(&admin).await;
    // The first to ask puts in the scales that come with the program.
    let scale = domain::scale::Scale::clone(desk.scales().await.unwrap().find("airwars").unwrap());
    let mut before = room.events().await;
    // What was done, and how many events it leaves.
    macro_rules! leaves {
        ($events:literal, $what:expr) => {{
            let made = $what.await;
            let after = room.events().await;
            assert_eq!(after - before, $events, "{}: {:?}", stringify!($what), made.as_ref().err());
            before = after;
            made
        }};
    }
    let (text, extraction) = reading(&[said("At least 12 fled."), said("At least 12 hid.")]);
    let new =
        NewArticle { address: Some(address_of("https://courier.example/a")), ..article("Flight", &text) };
    leaves!(3, desk.add_read_article(&admin, new.clone(), &extraction, None)).unwrap();
    leaves!(0, desk.add_read_article(&admin, new, &extraction, None)).unwrap();
    let (text, extraction) = reading(&[said("At least 12 hid."), said("At least 12 ran.")]);
    let new =
        NewArticle { address: Some(address_of("https://courier.example/a")), ..article("Flight", &text) };
    let again = leaves!(4, desk.add_read_article(&admin, new, &extraction, None)).unwrap();
    let flight = room.claims_of(again.article).await[0];

    let taken = leaves!(1, desk.take_next(&admin, None, None)).unwrap().unwrap();
    leaves!(1, desk.release(&admin, taken)).unwrap();
    leaves!(0, desk.release(&admin, taken)).unwrap_err();
    leaves!(1, desk.take(&admin, claim)).unwrap();
    leaves!(0, desk.take(&viewer, claim)).unwrap_err();
    room.wait_minutes(31);
    leaves!(1, desk.expire_leases()).unwrap();
    leaves!(0, desk.expire_leases()).unwrap();

    leaves!(0, desk.change_scale(&admin, scale.clone(), 1, because("nothing"))).unwrap();
    let shorter = domain::scale::Scale { name: "Civilian harm".to_owned(), ..scale };
    leaves!(0, desk.change_scale(&viewer, shorter.clone(), 1, because("shorter"))).unwrap_err();
    leaves!(1, desk.change_scale(&admin, shorter, 1, because("shorter"))).unwrap();

    let piece = leaves!(1, desk.add_evidence(&admin, claim, evidence("List"), Some(&once("e", 1)))).unwrap();
    leaves!(0, desk.add_evidence(&admin, claim, evidence("List"), Some(&once("e", 1)))).unwrap();
    leaves!(0, desk.correct_evidence(&admin, piece, evidence("List"), 1)).unwrap();
    leaves!(1, desk.correct_evidence(&admin, piece, evidence("Longer list"), 1)).unwrap();
    leaves!(0, desk.correct_evidence(&admin, piece, evidence("Other list"), 1)).unwrap_err();
    leaves!(1, desk.withdraw_evidence(&admin, piece, because("forged"))).unwrap();
    leaves!(0, desk.withdraw_evidence(&admin, piece, because("forged"))).unwrap_err();

    let kind = |version| CorrectionForm {
        version,
        kind: Some(domain::claim::ClaimKind::Event),
        ..CorrectionForm::default()
    };
    leaves!(1, desk.correct(&admin, flight, kind(1))).unwrap();
    leaves!(0, desk.correct(&admin, flight, kind(2))).unwrap();
    leaves!(0, desk.correct(&admin, flight, kind(1))).unwrap_err();
    leaves!(0, desk.correct(&viewer, flight, kind(2))).unwrap_err();

    leaves!(1, desk.give_verdict(&admin, claim, verdict("verified", 1), Some(&once("v", 1)))).unwrap();
    leaves!(0, desk.give_verdict(&admin, claim, verdict("verified", 1), Some(&once("v", 1)))).unwrap();
    leaves!(0, desk.give_verdict(&admin, claim, verdict("false", 1), None)).unwrap_err();
    leaves!(1, desk.publish(&admin, claim, 2, None)).unwrap();
    leaves!(0, desk.publish(&admin, claim, 2, None)).unwrap_err();
    leaves!(1, desk.reopen(&admin, claim, 3, because("news"))).unwrap();
    leaves!(1, desk.dismiss(&admin, claim, 4, because("twice"))).unwrap();

    let mail = Email::parse("new@desk.example").unwrap();
    let name = PersonName::parse("New").unwrap();
    let old = "a few plain words";
    let id =
        leaves!(1, desk.create_account(Some(&admin), mail, name, Role::Reviewer, password(old))).unwrap();
    let person = desk.signed_in(id).await.unwrap().unwrap().actor;
    leaves!(1, desk.change_password(&person, old.into(), password("quite other words"))).unwrap();
    leaves!(0, desk.change_password(&person, old.into(), password("quite other words"))).unwrap_err();
    leaves!(1, desk.end_sessions(&person)).unwrap();
    let token = leaves!(1, desk.create_token(&person, TokenName::parse("t").unwrap())).unwrap();
    leaves!(1, desk.revoke_token(&person, token.id)).unwrap();
    leaves!(0, desk.revoke_token(&person, token.id)).unwrap_err();
    leaves!(1, desk.change_role(&admin, id, Role::Editor)).unwrap();
    leaves!(1, desk.disable_account(Some(&admin), id)).unwrap();
    leaves!(0, desk.disable_account(Some(&admin), id)).unwrap_err();
    leaves!(1, desk.enable_account(&admin, id)).unwrap();
    leaves!(13, desk.fill(&admin, 1, |_| {})).unwrap();
    let _ = before;
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn the_history_tells_in_words_who_did_what(pool: PgPool) {
    let room = Newsroom::over(pool);
    let (noor, eda) = (room.reviewer("Noor").await, room.editor("Eda").await);
    let claim = room.claim(&noor).await;
    room.desk.take(&noor, claim).await.unwrap();
    room.judge(&noor, claim, "unverified").await;
    room.judge(&eda, claim, "verified").await;
    room.desk.publish(&eda, claim, 3, None).await.unwrap();
    assert_eq!(
        room.told(&noor, claim).await,
        [
            "Noor added the article, and this claim was found (test/1)",
            "Noor took it for review",
            "Noor gave the verdict Unverified: Two sources agree.",
            "Eda gave verdict 2, Verified, in place of Unverified: Two sources agree.",
            "Eda published it",
        ]
    );
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn the_history_can_be_read_as_of_a_moment(pool: PgPool) {
    let room = Newsroom::over(pool);
    let noor = room.reviewer("Noor").await;
    let claim = room.claim(&noor).await;
    room.wait_minutes(10);
    let between = room.desk.clock().now();
    room.wait_minutes(10);
    room.judge(&noor, claim, "verified").await;
    let then = room.desk.history(&noor, claim, Some(between)).await.unwrap();
    let now = room.desk.history(&noor, claim, None).await.unwrap();
    assert_eq!((then.len(), now.len()), (1, 2));
    let before = room.desk.history(&noor, claim, Some(between - chrono::TimeDelta::days(1))).await.unwrap();
    assert!(before.is_empty());
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_claim_that_is_not_there_has_no_history(pool: PgPool) {
    let room = Newsroom::over(pool);
    let noor = room.reviewer("Noor").await;
    let answer = room.desk.history(&noor, domain::id::ClaimId(uuid::Uuid::nil()), None).await;
    assert!(matches!(answer, Err(desk::Error::NotFound("claim"))), "{answer:?}");
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn who_listens_hears_of_every_change_that_is_in_and_of_no_other(pool: PgPool) {
    let room = Newsroom::over(pool);
    let noor = room.reviewer("Noor").await;
    let claim = room.claim(&noor).await;
    let (tell, mut told) = tokio::sync::mpsc::unbounded_channel();
    let desk = room.second_desk();
    let listening = tokio::spawn(async move {
        desk.listen(|changed| tell.send(changed).unwrap()).await.unwrap();
    });
    assert_eq!(told.recv().await, Some(None), "from here on nothing is missed");
    assert!(room.desk.give_verdict(&noor, claim, verdict("verified", 9), None).await.is_err());
    room.desk.take(&noor, claim).await.unwrap();
    let article = Some(room.desk.claim_row(&noor, claim).await.unwrap().article);
    assert_eq!(
        told.recv().await,
        Some(Some(desk::Changed { article, claim: Some(claim), incident: None, policy: false, told: None }))
    );
    assert!(told.try_recv().is_err());
    listening.abort();
}
