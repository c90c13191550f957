//! Who comes from an identity provider.

use crate::harness::Newsroom;
use desk::{Entry, Error, House, Identity};
use domain::elsewhere::Refusal;
use domain::policy::{Actor, Role};
use sqlx::PgPool;

const ISSUER: &str = "https://id.example";

fn house(domains: &[&str]) -> House {
    House { name: "Newsroom".into(), domains: domains.iter().map(|domain| (*domain).to_owned()).collect() }
}

fn comes(subject: &str, email: &str) -> Identity {
    Identity {
        issuer: ISSUER.into(),
        subject: subject.into(),
        email: Some(email.into()),
        is_email_verified: true,
        name: Some("Noor Adeyemi".into()),
        is_strong: false,
    }
}

impl Newsroom {
    async fn enters(&self, identity: &Identity) -> Result<Actor, Refusal> {
        match self.desk.sign_in_elsewhere(identity, &house(&["desk.example"])).await {
            Ok(Entry::In(signed_in)) => Ok(signed_in.actor),
            Ok(Entry::Code(_)) => panic!("nobody here has a second factor"),
            Err(Error::TurnedAway(refusal)) => Err(refusal),
            Err(error) => panic!("{error:?}"),
        }
    }
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_verified_address_links_the_first_time_and_the_subject_from_then_on(pool: PgPool) {
    let room = Newsroom::over(pool);
    let noor = room.reviewer("Noor").await;
    assert_eq!(room.enters(&comes("n-1", "Noor@Desk.example")).await, Ok(noor.clone()));
    let moved = Identity { is_email_verified: false, ..comes("n-1", "married@elsewhere.example") };
    assert_eq!(room.enters(&moved).await, Ok(noor.clone()), "the address no longer matters");
    assert_eq!(room.desk.identities(&noor).await.unwrap().len(), 1);
    assert_eq!(room.count("select count(*) from event where kind = 'identity_linked'").await, 1);
    assert_eq!(room.count("select count(*) from event where kind = 'signed_in'").await, 2);
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn nobody_is_linked_by_an_address_that_is_not_verified(pool: PgPool) {
    let room = Newsroom::over(pool);
    room.reviewer("Noor").await;
    let unverified = Identity { is_email_verified: false, ..comes("n-1", "noor@desk.example") };
    assert_eq!(room.enters(&unverified).await, Err(Refusal::Unverified));
    let silent = Identity { email: None, ..comes("n-1", "") };
    assert_eq!(room.enters(&silent).await, Err(Refusal::Unverified));
    assert_eq!(room.count("select count(*) from identity").await, 0);
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn another_person_there_does_not_get_a_linked_account(pool: PgPool) {
    let room = Newsroom::over(pool);
    let noor = room.reviewer("Noor").await;
    room.enters(&comes("n-1", "noor@desk.example")).await.unwrap();
    assert_eq!(room.enters(&comes("n-2", "noor@desk.example")).await, Err(Refusal::Taken));
    let elsewhere = Identity { issuer: "https://other.example".into(), ..comes("n-1", "noor@desk.example") };
    assert_eq!(room.enters(&elsewhere).await, Ok(noor), "another provider is another link");
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_stranger_becomes_a_viewer_of_an_admitted_domain_and_nothing_more(pool: PgPool) {
    let room = Newsroom::over(pool);
    let viewer = room.enters(&comes("s-1", "sam@desk.example")).await.unwrap();
    assert_eq!((viewer.role, viewer.name.as_str()), (Role::Viewer, "Noor Adeyemi"));
    assert_eq!(room.enters(&comes("s-2", "sam@elsewhere.example")).await, Err(Refusal::Unknown));
    let sign_in = desk::SignIn {
        email: "sam@desk.example".into(),
        password: "none".into(),
        address: "192.0.2.1".parse().unwrap(),
    };
    assert!(matches!(room.desk.sign_in(sign_in).await, Err(Error::WrongPassword)), "there is no password");
    let locked_out = room.desk.unlink_identity(&viewer, ISSUER).await;
    assert!(matches!(locked_out, Err(Error::Invalid(_))), "the only way in stays");
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_disabled_account_is_refused_linked_or_not(pool: PgPool) {
    let room = Newsroom::over(pool);
    let (noor, robin) = (room.reviewer("Noor").await, room.reviewer("Robin").await);
    room.enters(&comes("n-1", "noor@desk.example")).await.unwrap();
    for person in [&noor, &robin] {
        room.desk.disable_account(None, person.id).await.unwrap();
    }
    assert_eq!(room.enters(&comes("n-1", "noor@desk.example")).await, Err(Refusal::Disabled));
    assert_eq!(room.enters(&comes("r-1", "robin@desk.example")).await, Err(Refusal::Disabled));
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn two_first_sign_ins_at_once_make_one_link(pool: PgPool) {
    let room = Newsroom::over(pool);
    let tries = (0..4).map(|_| {
        let desk = room.second_desk();
        let identity = comes("s-1", "sam@desk.example");
        tokio::spawn(async move { desk.sign_in_elsewhere(&identity, &house(&["desk.example"])).await })
    });
    for attempt in tries.collect::<Vec<_>>() {
        assert!(attempt.await.unwrap().is_ok());
    }
    assert_eq!(room.count("select count(*) from account").await, 1);
    assert_eq!(room.count("select count(*) from identity").await, 1);
}
