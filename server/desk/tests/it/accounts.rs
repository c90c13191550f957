use crate::harness::{Newsroom, article, because, evidence, is_refused, verdict};
use desk::{ClaimFilter, Entry, Error, SignIn, SignedIn, Sort};
use domain::id::{AccountId, ArticleId, ClaimId, EvidenceId, TokenId};
use domain::policy::{Actor, Role};
use domain::words::{Email, NewPassword, PersonName, TokenName};
use sqlx::PgPool;
use uuid::Uuid;

const PASSWORD: &str = "a few plain words";

impl Newsroom {
    async fn account(&self, email: &str, role: Role) -> AccountId {
        let name = PersonName::parse("Noor").unwrap();
        self.desk.create_account(None, mail(email), name, role, password(PASSWORD)).await.unwrap()
    }

    async fn sign_in(&self, email: &str, password: &str, address: &str) -> Result<SignedIn, Error> {
        let sign_in =
            SignIn { email: email.into(), password: password.into(), address: address.parse().unwrap() };
        match self.desk.sign_in(sign_in).await? {
            Entry::In(signed_in) => Ok(signed_in),
            Entry::Code(half) => panic!("nobody here has a second factor: {half:?}"),
        }
    }

    async fn proof_of(&self, id: AccountId) -> Vec<u8> {
        self.desk.signed_in(id).await.unwrap().unwrap().proof
    }

    async fn actor(&self, id: AccountId) -> Actor {
        self.desk.signed_in(id).await.unwrap().unwrap().actor
    }
}

fn mail(text: &str) -> Email {
    Email::parse(text).unwrap()
}

fn password(text: &str) -> NewPassword {
    NewPassword::parse("password", text).unwrap()
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn the_right_password_signs_in_whatever_the_case_of_the_address(pool: PgPool) {
    let room = Newsroom::over(pool);
    let id = room.account("noor@desk.example", Role::Editor).await;
    let signed_in = room.sign_in(" Noor@Desk.example ", PASSWORD, "192.0.2.1").await.unwrap();
    assert_eq!((signed_in.actor.id, signed_in.actor.role), (id, Role::Editor));
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn wrong_unknown_and_disabled_are_answered_alike(pool: PgPool) {
    let room = Newsroom::over(pool);
    room.account("noor@desk.example", Role::Reviewer).await;
    let gone = room.account("gone@desk.example", Role::Reviewer).await;
    room.desk.disable_account(None, gone).await.unwrap();
    for (email, password) in [
        ("noor@desk.example", "some other words"),
        ("noor@desk.example", ""),
        ("nobody@desk.example", PASSWORD),
        ("gone@desk.example", PASSWORD),
        ("no\0or@desk.example", PASSWORD),
        ("", PASSWORD),
    ] {
        let answer = room.sign_in(email, password, "192.0.2.1").await;
        assert!(matches!(answer, Err(Error::WrongPassword)), "{email:?}: {answer:?}");
    }
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn five_failures_close_an_account_from_everywhere(pool: PgPool) {
    let room = Newsroom::over(pool);
    room.account("noor@desk.example", Role::Reviewer).await;
    for guess in 0..5 {
        let _ = room.sign_in("noor@desk.example", "guess", &format!("192.0.2.{guess}")).await;
    }
    let answer = room.sign_in("noor@desk.example", PASSWORD, "198.51.100.7").await;
    assert!(matches!(answer, Err(Error::Throttled { minutes: 15 })), "{answer:?}");
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn thirty_failures_close_an_address_for_every_account(pool: PgPool) {
    let room = Newsroom::over(pool);
    room.account("noor@desk.example", Role::Reviewer).await;
    for guess in 0..30 {
        let _ = room.sign_in(&format!("guess{guess}@desk.example"), "guess", "192.0.2.1").await;
    }
    let throttled = room.sign_in("noor@desk.example", PASSWORD, "192.0.2.1").await;
    assert!(matches!(throttled, Err(Error::Throttled { .. })), "{throttled:?}");
    assert!(room.sign_in("noor@desk.example", PASSWORD, "192.0.2.2").await.is_ok());
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn guesses_sent_all_at_once_are_counted_too(pool: PgPool) {
    let room = Newsroom::over(pool);
    room.account("noor@desk.example", Role::Reviewer).await;
    let mut guesses = tokio::task::JoinSet::new();
    for _ in 0..20 {
        let desk = room.second_desk();
        guesses.spawn(async move {
            let address = "192.0.2.1".parse().unwrap();
            desk.sign_in(SignIn { email: "noor@desk.example".into(), password: "guess".into(), address })
                .await
        });
    }
    let answers = guesses.join_all().await;
    let verified = answers.iter().filter(|answer| matches!(answer, Err(Error::WrongPassword))).count();
    assert!(verified <= 5, "{verified} guesses were verified");
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_throttle_ends_with_time_even_for_those_who_kept_trying(pool: PgPool) {
    let room = Newsroom::over(pool);
    room.account("noor@desk.example", Role::Reviewer).await;
    for _ in 0..5 {
        let _ = room.sign_in("noor@desk.example", "guess", "192.0.2.1").await;
    }
    room.wait_minutes(14);
    assert!(room.sign_in("noor@desk.example", PASSWORD, "192.0.2.1").await.is_err());
    room.wait_minutes(2);
    assert!(room.sign_in("noor@desk.example", PASSWORD, "192.0.2.1").await.is_ok());
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_sign_in_that_succeeds_is_no_failure(pool: PgPool) {
    let room = Newsroom::over(pool);
    room.account("noor@desk.example", Role::Reviewer).await;
    for _ in 0..6 {
        room.sign_in("noor@desk.example", PASSWORD, "192.0.2.1").await.unwrap();
    }
    assert_eq!(room.count("select count(*) from sign_in_failure").await, 0);
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_new_password_ends_the_sessions_of_the_old_one(pool: PgPool) {
    let room = Newsroom::over(pool);
    let id = room.account("noor@desk.example", Role::Viewer).await;
    let (actor, before) = (room.actor(id).await, room.proof_of(id).await);
    room.desk.change_password(&actor, PASSWORD.into(), password("quite other words")).await.unwrap();
    assert_ne!(room.proof_of(id).await, before);
    assert!(room.sign_in("noor@desk.example", "quite other words", "192.0.2.1").await.is_ok());
    assert!(room.sign_in("noor@desk.example", PASSWORD, "192.0.2.1").await.is_err());
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_password_is_not_changed_without_the_old_one(pool: PgPool) {
    let room = Newsroom::over(pool);
    let id = room.account("noor@desk.example", Role::Viewer).await;
    let (actor, before) = (room.actor(id).await, room.proof_of(id).await);
    let answer = room.desk.change_password(&actor, "not it".into(), password("quite other words")).await;
    assert_eq!(answer.unwrap_err().field(), Some("old_password"));
    assert_eq!(room.proof_of(id).await, before);
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn of_two_password_changes_at_once_one_wins(pool: PgPool) {
    let room = Newsroom::over(pool);
    let id = room.account("noor@desk.example", Role::Viewer).await;
    let actor = room.actor(id).await;
    let (one, two) = tokio::join!(
        room.desk.change_password(&actor, PASSWORD.into(), password("quite other words")),
        room.desk.change_password(&actor, PASSWORD.into(), password("still other words")),
    );
    assert!(one.is_ok() != two.is_ok(), "{one:?} {two:?}");
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn signing_out_everywhere_ends_every_session(pool: PgPool) {
    let room = Newsroom::over(pool);
    let id = room.account("noor@desk.example", Role::Viewer).await;
    let (actor, before) = (room.actor(id).await, room.proof_of(id).await);
    room.desk.end_sessions(&actor).await.unwrap();
    assert_ne!(room.proof_of(id).await, before);
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn an_address_has_one_account(pool: PgPool) {
    let room = Newsroom::over(pool);
    room.account("noor@desk.example", Role::Viewer).await;
    let name = PersonName::parse("Other").unwrap();
    let again = room
        .desk
        .create_account(None, mail("NOOR@desk.example"), name, Role::Viewer, password(PASSWORD))
        .await;
    assert_eq!(again.unwrap_err().field(), Some("email"));
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_disabled_account_has_no_session_no_token_and_no_claims(pool: PgPool) {
    let room = Newsroom::over(pool);
    let admin = room.person("Ada", Role::Admin).await;
    let robin = room.reviewer("Robin").await;
    let claim = room.claim(&robin).await;
    room.desk.take(&robin, claim).await.unwrap();
    let token = room.desk.create_token(&robin, TokenName::parse("scripts").unwrap()).await.unwrap();
    let typed = desk::Fields::from([("rationale".to_owned(), "half a thought".to_owned())]);
    room.desk.keep_draft(&robin, "verdict:1", &typed).await.unwrap();
    room.desk.disable_account(Some(&admin), robin.id).await.unwrap();
    assert_eq!(room.desk.draft(&robin, "verdict:1").await.unwrap(), typed, "what was typed is kept");
    assert!(room.desk.signed_in(robin.id).await.unwrap().is_none());
    assert!(room.desk.actor_of_token(&token.secret).await.unwrap().is_none());
    assert_eq!(room.stage_of(claim).await, "open");
    assert_eq!(
        room.told(&admin, claim).await.last().unwrap(),
        "Ada gave it back to the queue: Robin had left it"
    );
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn an_enabled_account_may_act_again(pool: PgPool) {
    let room = Newsroom::over(pool);
    let admin = room.person("Ada", Role::Admin).await;
    let robin = room.reviewer("Robin").await;
    room.desk.disable_account(Some(&admin), robin.id).await.unwrap();
    room.desk.enable_account(&admin, robin.id).await.unwrap();
    assert_eq!(room.desk.signed_in(robin.id).await.unwrap().unwrap().actor, robin);
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn whoever_may_no_longer_review_gives_claims_back(pool: PgPool) {
    let room = Newsroom::over(pool);
    let admin = room.person("Ada", Role::Admin).await;
    let robin = room.reviewer("Robin").await;
    let claim = room.claim(&robin).await;
    room.desk.take(&robin, claim).await.unwrap();
    room.desk.change_role(&admin, robin.id, Role::Viewer).await.unwrap();
    assert_eq!(room.stage_of(claim).await, "open");
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn admins_cannot_lock_themselves_out(pool: PgPool) {
    let room = Newsroom::over(pool);
    let admin = room.person("Ada", Role::Admin).await;
    assert_eq!(room.desk.disable_account(Some(&admin), admin.id).await.unwrap_err().field(), Some("account"));
    assert_eq!(
        room.desk.change_role(&admin, admin.id, Role::Viewer).await.unwrap_err().field(),
        Some("role")
    );
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn the_list_of_accounts_tells_who_holds_what(pool: PgPool) {
    let room = Newsroom::over(pool);
    let admin = room.person("Ada", Role::Admin).await;
    let robin = room.reviewer("Robin").await;
    let claim = room.claim(&robin).await;
    room.desk.take(&robin, claim).await.unwrap();
    let accounts = room.desk.accounts(&admin).await.unwrap();
    let held: Vec<(&str, i64)> = accounts.iter().map(|row| (row.name.as_str(), row.held)).collect();
    assert_eq!(held, [("Ada", 0), ("Robin", 1)]);
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_token_acts_as_its_owner_until_it_is_revoked(pool: PgPool) {
    let room = Newsroom::over(pool);
    let (robin, other) = (room.reviewer("Robin").await, room.reviewer("Other").await);
    let token = room.desk.create_token(&robin, TokenName::parse("scripts").unwrap()).await.unwrap();
    assert_eq!(room.desk.actor_of_token(&token.secret).await.unwrap(), Some((robin.clone(), token.id)));
    assert!(matches!(room.desk.revoke_token(&other, token.id).await, Err(Error::NotFound(_))));
    room.desk.revoke_token(&robin, token.id).await.unwrap();
    assert_eq!(room.desk.actor_of_token(&token.secret).await.unwrap(), None);
    assert!(room.desk.tokens(&robin).await.unwrap()[0].revoked_at.is_some());
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn every_use_case_asks_for_the_role_it_takes(pool: PgPool) {
    let room = Newsroom::over(pool);
    let desk = &room.desk;
    let (claim, piece) = (ClaimId(Uuid::nil()), EvidenceId(Uuid::nil()));
    let (no_article, nobody) = (ArticleId(Uuid::nil()), AccountId(Uuid::nil()));
    let filter = ClaimFilter::default();
    for role in Role::ALL {
        let actor = room.person(role.word(), *role).await;
        let name = || PersonName::parse("New").unwrap();
        let new_mail = mail(&format!("{role}@new.example"));
        let table = [
            ("queue", Role::Viewer, is_refused(&desk.queue(&actor).await)),
            ("claims", Role::Viewer, is_refused(&desk.claims(&actor, &filter, Sort::Newest, None, 1).await)),
            ("claim", Role::Viewer, is_refused(&desk.claim(&actor, claim).await)),
            ("claim_row", Role::Viewer, is_refused(&desk.claim_row(&actor, claim).await)),
            ("history", Role::Viewer, is_refused(&desk.history(&actor, claim, None).await)),
            ("articles", Role::Viewer, is_refused(&desk.articles(&actor, None, 1).await)),
            ("article", Role::Viewer, is_refused(&desk.article(&actor, no_article).await)),
            ("dashboard", Role::Viewer, is_refused(&desk.dashboard(&actor).await)),
            ("export", Role::Viewer, is_refused(&desk.export(&actor, &filter, None).await)),
            ("end_sessions", Role::Viewer, is_refused(&desk.end_sessions(&actor).await)),
            (
                "create_token",
                Role::Viewer,
                is_refused(&desk.create_token(&actor, TokenName::parse("t").unwrap()).await),
            ),
            ("tokens", Role::Viewer, is_refused(&desk.tokens(&actor).await)),
            (
                "revoke_token",
                Role::Viewer,
                is_refused(&desk.revoke_token(&actor, TokenId(Uuid::nil())).await),
            ),
            ("second_factor", Role::Viewer, is_refused(&desk.second_factor(&actor).await)),
            (
                "add_article",
                Role::Reviewer,
                is_refused(&desk.add_article(&actor, article("Title", "A text."), None).await),
            ),
            ("take_next", Role::Reviewer, is_refused(&desk.take_next(&actor, None, None).await)),
            ("take", Role::Reviewer, is_refused(&desk.take(&actor, claim).await)),
            ("release", Role::Reviewer, is_refused(&desk.release(&actor, claim).await)),
            (
                "add_evidence",
                Role::Reviewer,
                is_refused(&desk.add_evidence(&actor, claim, evidence("T"), None).await),
            ),
            (
                "correct_evidence",
                Role::Reviewer,
                is_refused(&desk.correct_evidence(&actor, piece, evidence("T"), 1).await),
            ),
            (
                "withdraw_evidence",
                Role::Reviewer,
                is_refused(&desk.withdraw_evidence(&actor, piece, because("wrong")).await),
            ),
            (
                "give_verdict",
                Role::Reviewer,
                is_refused(&desk.give_verdict(&actor, claim, verdict("verified", 1), None).await),
            ),
            ("dismiss", Role::Reviewer, is_refused(&desk.dismiss(&actor, claim, 1, because("twice")).await)),
            ("publish", Role::Editor, is_refused(&desk.publish(&actor, claim, 1, None).await)),
            ("reopen", Role::Editor, is_refused(&desk.reopen(&actor, claim, 1, because("news")).await)),
            ("accounts", Role::Admin, is_refused(&desk.accounts(&actor).await)),
            (
                "create_account",
                Role::Admin,
                is_refused(
                    &desk
                        .create_account(Some(&actor), new_mail, name(), Role::Viewer, password(PASSWORD))
                        .await,
                ),
            ),
            ("disable_account", Role::Admin, is_refused(&desk.disable_account(Some(&actor), nobody).await)),
            (
                "reset_second_factor",
                Role::Admin,
                is_refused(&desk.reset_second_factor(Some(&actor), nobody, &because("lost")).await),
            ),
            ("enable_account", Role::Admin, is_refused(&desk.enable_account(&actor, nobody).await)),
            ("change_role", Role::Admin, is_refused(&desk.change_role(&actor, nobody, Role::Viewer).await)),
            ("fill", Role::Admin, is_refused(&desk.fill(&actor, 0, |_| {}).await)),
        ];
        for (use_case, least, refused) in table {
            assert_eq!(refused, *role < least, "{use_case} as {role}");
        }
    }
}
