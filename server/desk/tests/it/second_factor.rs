//! The second step of signing in. Codes are computed here from the secret alone, as an
//! authenticator does.

use crate::harness::{Newsroom, because, is_refused};
use chrono::TimeDelta;
use desk::{Again, Desk, Entry, Error, HalfIn, Seal, SignIn};
use domain::code::step;
use domain::policy::{Actor, Role};
use domain::words::{Email, NewPassword, PersonName};
use sqlx::PgPool;
use std::net::{IpAddr, Ipv4Addr};

const PASSWORD: &str = "a few plain words";
const HERE: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1));

/// A person and the secret in their authenticator.
struct Enrolled {
    actor: Actor,
    secret: String,
    codes: Vec<String>,
}

fn again() -> Again {
    Again { password: PASSWORD.into(), just_signed_in: false, from: HERE }
}

impl Newsroom {
    async fn noor(&self) -> Actor {
        let email = Email::parse("noor@desk.example").unwrap();
        let password = NewPassword::parse("password", PASSWORD).unwrap();
        let name = PersonName::parse("Noor").unwrap();
        self.desk.create_account(None, email.clone(), name, Role::Reviewer, password).await.unwrap();
        self.desk.actor_by_email(&email).await.unwrap()
    }

    /// What an authenticator with this secret shows so many seconds from now.
    fn shown(&self, secret: &str, seconds: i64) -> String {
        let secret = totp_rs::Secret::try_from_base32(secret.replace(' ', "")).unwrap();
        let totp = totp_rs::Builder::new().with_secret(secret).build().unwrap();
        let at = (self.desk.clock().now() + TimeDelta::seconds(seconds)).timestamp();
        totp.generate(u64::try_from(at).unwrap()).to_string()
    }

    async fn enrolled(&self) -> Enrolled {
        let actor = self.noor().await;
        self.desk.begin_second_factor(&actor, again()).await.unwrap();
        let secret = self.desk.enrolment(&actor).await.unwrap().unwrap().secret;
        let code = self.shown(&secret, 0);
        let codes = self.desk.confirm_second_factor(&actor, &code, HERE).await.unwrap();
        self.wait_minutes(1);
        Enrolled { actor, secret, codes }
    }

    async fn first_step(&self) -> Entry {
        let sign_in = SignIn { email: "noor@desk.example".into(), password: PASSWORD.into(), address: HERE };
        self.desk.sign_in(sign_in).await.unwrap()
    }

    async fn half(&self) -> HalfIn {
        match self.first_step().await {
            Entry::Code(half) => half,
            Entry::In(_) => panic!("a code should be asked for"),
        }
    }

    async fn finish(&self, code: &str) -> Result<desk::SignedIn, Error> {
        let half = self.half().await;
        self.desk.finish_sign_in(&half, code, HERE).await
    }
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_second_factor_counts_once_a_code_has_confirmed_it(pool: PgPool) {
    let room = Newsroom::over(pool);
    let noor = room.noor().await;
    let before = room.desk.signed_in(noor.id).await.unwrap().unwrap().proof;
    room.desk.begin_second_factor(&noor, again()).await.unwrap();
    assert!(matches!(room.first_step().await, Entry::In(_)), "an unfinished setup asks for nothing");
    let enrolment = room.desk.enrolment(&noor).await.unwrap().unwrap();
    assert!(enrolment.address.starts_with("otpauth://totp/Claimdesk:noor%40desk.example?secret="));
    let wrong = room.desk.confirm_second_factor(&noor, "000000", HERE).await;
    assert!(matches!(&wrong, Err(Error::Invalid(invalid)) if invalid.field == "code"), "{wrong:?}");
    let code = room.shown(&enrolment.secret, 0);
    let codes = room.desk.confirm_second_factor(&noor, &code, HERE).await.unwrap();
    assert_eq!(codes.len(), 10);
    assert!(room.desk.enrolment(&noor).await.unwrap().is_none(), "the secret is never shown again");
    assert_ne!(room.desk.signed_in(noor.id).await.unwrap().unwrap().proof, before, "other sessions end");
    room.half().await;
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn setting_up_takes_the_password_and_no_longer_than_a_quarter_of_an_hour(pool: PgPool) {
    let room = Newsroom::over(pool);
    let noor = room.noor().await;
    let wrong = Again { password: "guess".into(), just_signed_in: true, from: HERE };
    let refused = room.desk.begin_second_factor(&noor, wrong).await;
    assert!(matches!(&refused, Err(Error::Invalid(invalid)) if invalid.field == "password"), "{refused:?}");
    room.desk.begin_second_factor(&noor, again()).await.unwrap();
    let secret = room.desk.enrolment(&noor).await.unwrap().unwrap().secret;
    room.wait_minutes(16);
    assert!(room.desk.enrolment(&noor).await.unwrap().is_none());
    let late = room.desk.confirm_second_factor(&noor, &room.shown(&secret, 0), HERE).await;
    assert!(matches!(&late, Err(Error::Invalid(invalid)) if invalid.field == "setup"), "{late:?}");
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_code_is_good_once_and_for_the_neighbouring_steps(pool: PgPool) {
    let room = Newsroom::over(pool);
    let Enrolled { secret, .. } = room.enrolled().await;
    for (seconds, good) in [(-60, false), (60, false), (-30, true), (-30, false), (30, true), (0, false)] {
        let answer = room.finish(&room.shown(&secret, seconds)).await;
        assert_eq!(answer.is_ok(), good, "{seconds} s away: {answer:?}");
        if !good {
            assert!(matches!(answer, Err(Error::WrongCode)));
        }
    }
    assert_eq!(
        step(room.desk.clock().now().timestamp()) + 1,
        room.count("select last_step from second_factor").await
    );
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn the_same_code_sent_many_times_at_once_lets_one_in(pool: PgPool) {
    let room = Newsroom::over(pool);
    let Enrolled { secret, .. } = room.enrolled().await;
    let half = room.half().await;
    let code = room.shown(&secret, 0);
    let tries = (0..4).map(|_| {
        let (desk, half, code) = (room.second_desk(), half.clone(), code.clone());
        tokio::spawn(async move { desk.finish_sign_in(&half, &code, HERE).await.is_ok() })
    });
    let mut entered = 0;
    for attempt in tries.collect::<Vec<_>>() {
        entered += usize::from(attempt.await.unwrap());
    }
    assert_eq!(entered, 1);
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_recovery_code_lets_in_once_and_the_history_tells(pool: PgPool) {
    let room = Newsroom::over(pool);
    let Enrolled { actor, codes, .. } = room.enrolled().await;
    room.finish(&codes[3].to_uppercase()).await.unwrap();
    assert!(matches!(room.finish(&codes[3]).await, Err(Error::WrongCode)));
    assert!(matches!(room.finish("abcd-efgh-jkmn-pq23").await, Err(Error::WrongCode)));
    assert_eq!(room.desk.second_factor(&actor).await.unwrap().codes_left, 9);
    let told = "select count(*) from event where kind = 'recovery_code_used' and (body ->> 'left')::int = 9";
    assert_eq!(room.count(told).await, 1);
    let signed_in =
        "select count(*) from event where kind = 'signed_in' and body ->> 'how' like '% and a recovery code'";
    assert_eq!(room.count(signed_in).await, 1);
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn new_recovery_codes_take_the_place_of_the_old_ones(pool: PgPool) {
    let room = Newsroom::over(pool);
    let Enrolled { actor, secret, codes } = room.enrolled().await;
    assert!(room.desk.renew_recovery_codes(&actor, again(), "000000").await.is_err());
    let fresh = room.desk.renew_recovery_codes(&actor, again(), &room.shown(&secret, 0)).await.unwrap();
    assert!(matches!(room.finish(&codes[0]).await, Err(Error::WrongCode)));
    room.finish(&fresh[0]).await.unwrap();
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn codes_are_throttled_together_with_passwords(pool: PgPool) {
    let room = Newsroom::over(pool);
    let Enrolled { secret, .. } = room.enrolled().await;
    let half = room.half().await;
    for _ in 0..5 {
        assert!(matches!(room.desk.finish_sign_in(&half, "000000", HERE).await, Err(Error::WrongCode)));
    }
    let right = room.desk.finish_sign_in(&half, &room.shown(&secret, 0), HERE).await;
    assert!(matches!(right, Err(Error::Throttled { .. })), "{right:?}");
    room.wait_minutes(16);
    assert!(room.desk.finish_sign_in(&half, &room.shown(&secret, 0), HERE).await.is_ok());
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn switching_it_off_takes_password_and_code(pool: PgPool) {
    let room = Newsroom::over(pool);
    let Enrolled { actor, secret, codes } = room.enrolled().await;
    let guess = Again { password: "guess".into(), ..again() };
    assert!(room.desk.disable_second_factor(&actor, guess, &codes[0]).await.is_err());
    assert!(room.desk.disable_second_factor(&actor, again(), "000000").await.is_err());
    assert_eq!(room.desk.second_factor(&actor).await.unwrap().codes_left, 10, "a refusal uses up no code");
    let before = room.desk.signed_in(actor.id).await.unwrap().unwrap().proof;
    room.desk.disable_second_factor(&actor, again(), &room.shown(&secret, 0)).await.unwrap();
    assert_ne!(room.desk.signed_in(actor.id).await.unwrap().unwrap().proof, before);
    assert!(matches!(room.first_step().await, Entry::In(_)));
    assert_eq!(room.count("select count(*) from recovery_code").await, 0);
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn an_admin_resets_it_with_a_reason_but_not_their_own(pool: PgPool) {
    let room = Newsroom::over(pool);
    let Enrolled { actor, .. } = room.enrolled().await;
    let (admin, editor) = (room.person("Ada", Role::Admin).await, room.editor("Ed").await);
    let why = because("lost the phone");
    assert!(is_refused(&room.desk.reset_second_factor(Some(&editor), actor.id, &why).await));
    assert!(room.desk.reset_second_factor(Some(&admin), admin.id, &why).await.is_err());
    let half = room.half().await;
    room.desk.reset_second_factor(Some(&admin), actor.id, &why).await.unwrap();
    let late = room.desk.finish_sign_in(&half, "000000", HERE).await;
    assert!(matches!(late, Err(Error::SignedOut)), "what was begun before has ended: {late:?}");
    assert!(matches!(room.first_step().await, Entry::In(_)));
    assert!(room.desk.reset_second_factor(None, actor.id, &why).await.is_err(), "there is none any more");
    let told = "select count(*) from event where kind = 'second_factor_reset' and body ->> 'reason' = 'lost the phone'";
    assert_eq!(room.count(told).await, 1);
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_disabled_person_cannot_finish_what_they_began(pool: PgPool) {
    let room = Newsroom::over(pool);
    let Enrolled { actor, secret, .. } = room.enrolled().await;
    let half = room.half().await;
    room.desk.disable_account(None, actor.id).await.unwrap();
    let answer = room.desk.finish_sign_in(&half, &room.shown(&secret, 0), HERE).await;
    assert!(matches!(answer, Err(Error::SignedOut)), "{answer:?}");
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn with_a_key_the_secret_is_sealed_in_the_database(pool: PgPool) {
    let room = Newsroom::over(pool.clone());
    let Enrolled { secret, .. } = room.enrolled().await;
    assert_eq!(room.count("select get_byte(secret, 0)::bigint from second_factor").await, 0);
    let sealed = Newsroom {
        desk: Desk::over(pool.clone(), room.desk.clock().clone())
            .with_seal(Seal::of(["a key of thirty-two random letters"]).unwrap()),
        pool,
    };
    sealed.finish(&sealed.shown(&secret, 0)).await.unwrap();
    assert_eq!(
        room.count("select get_byte(secret, 0)::bigint from second_factor").await,
        1,
        "sealed with the next sign-in"
    );
    sealed.wait_minutes(1);
    assert!(
        matches!(room.finish(&room.shown(&secret, 0)).await, Err(Error::Seal)),
        "without its key it does not open"
    );
    sealed.finish(&sealed.shown(&secret, 0)).await.unwrap();
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn who_has_no_password_shows_a_recent_sign_in_instead(pool: PgPool) {
    let room = Newsroom::over(pool);
    let robin = room.reviewer("Robin").await;
    let old = Again { password: String::new(), just_signed_in: false, from: HERE };
    let refused = room.desk.begin_second_factor(&robin, old).await;
    assert!(matches!(&refused, Err(Error::Invalid(invalid)) if invalid.field == "signed_in"), "{refused:?}");
    let new = Again { password: String::new(), just_signed_in: true, from: HERE };
    room.desk.begin_second_factor(&robin, new).await.unwrap();
}
