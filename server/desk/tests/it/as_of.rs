//! Looking back shows what was shown then, and nothing that came later.

use crate::harness::{Newsroom, address_of, article, because, evidence, reading, said};
use chrono::{DateTime, TimeDelta, Utc};
use desk::{CorrectionForm, Desk, Error, EvidenceForm, MeasuresGiven, NewArticle, OriginGiven};
use domain::claim::ClaimKind;
use domain::grade::Reliability;
use domain::id::{ArticleId, ClaimId, SourceId};
use domain::policy::{Actor, Role};
use domain::words::SourceName;
use sqlx::PgPool;

/// What somebody saw at a moment, with every field there is.
#[derive(Debug, PartialEq)]
struct Seen {
    claim: String,
    article: String,
    dashboard: String,
}

async fn look(
    claim_desk: &Desk,
    article_desk: &Desk,
    dashboard_desk: &Desk,
    who: &Actor,
    of: &Subject,
) -> Seen {
    Seen {
        claim: format!("{:#?}", claim_desk.claim(who, of.claim).await.unwrap()),
        article: format!("{:#?}", article_desk.article(who, of.article).await.unwrap()),
        dashboard: format!("{:#?}", dashboard_desk.dashboard(who).await.unwrap()),
    }
}

#[derive(Clone, Copy)]
struct Subject {
    claim: ClaimId,
    article: ArticleId,
}

async fn look_now(room: &Newsroom, who: &Actor, of: &Subject) -> Seen {
    look(&room.desk, &room.desk, &room.desk, who, of).await
}

async fn look_back(room: &Newsroom, who: &Actor, of: &Subject, at: DateTime<Utc>) -> Seen {
    let claim = room.desk.claim_then(of.claim, at).await.unwrap();
    let article = room.desk.article_then(of.article, at).await.unwrap();
    let dashboard = room.desk.dashboard_then(at).await.unwrap();
    look(&claim, &article, &dashboard, who, of).await
}

fn kind(version: i32, kind: ClaimKind) -> CorrectionForm {
    CorrectionForm { version, kind: Some(kind), ..CorrectionForm::default() }
}

/// Evidence that somebody says.
fn listed(title: &str) -> EvidenceForm {
    let name = SourceName::parse("Regional hospital").unwrap();
    EvidenceForm { source: Some(OriginGiven { name, kind: None }), ..evidence(title) }
}

const ADDRESS: &str = "https://courier.example/raid";

async fn read_again(room: &Newsroom, who: &Actor, words: &[&str]) -> ArticleId {
    let said: Vec<_> = words.iter().map(|words| said(words).by("Mayor Tor")).collect();
    let (text, extraction) = reading(&said);
    let new = NewArticle { address: Some(address_of(ADDRESS)), ..article("Raid", &text) };
    room.desk.add_read_article(who, new, &extraction, None).await.unwrap().article
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn looking_back_shows_exactly_what_was_shown(pool: PgPool) {
    let room = Newsroom::over(pool);
    let (noor, eda) = (room.reviewer("Noor").await, room.editor("Eda").await);
    let words = ["At least 12 people were killed.", "At least 12 fled.", "At least 12 hid."];
    let article = read_again(&room, &noor, &words).await;
    let claims = room.claims_of(article).await;
    let (claim, other) = (claims[0], claims[1]);
    let of = Subject { claim, article };
    let desk = &room.desk;
    let mut moments: Vec<(DateTime<Utc>, Seen)> = Vec::new();
    macro_rules! then {
        ($what:expr) => {{
            let made = $what.await;
            moments.push((desk.clock().now(), look_now(&room, &eda, &of).await));
            room.wait_minutes(7);
            made.unwrap()
        }};
    }
    then!(desk.take(&noor, claim));
    let piece = then!(desk.add_evidence(&noor, claim, listed("Hospital list"), None));
    then!(desk.correct_evidence(&noor, piece, listed("Longer list"), 1));
    then!(desk.correct(&noor, claim, kind(room.version_of(claim).await, ClaimKind::Event)));
    let without = CorrectionForm {
        version: room.version_of(claim).await,
        measures: Some(MeasuresGiven::Without(0)),
        ..CorrectionForm::default()
    };
    then!(desk.correct(&noor, claim, without));
    then!(desk.give_verdict(
        &noor,
        claim,
        crate::harness::verdict("false", room.version_of(claim).await),
        None
    ));
    then!(desk.dismiss(&noor, other, 1, because("twice")));
    let hospital: uuid::Uuid = sqlx::query_scalar("select source_id from evidence where id = $1")
        .bind(piece.0)
        .fetch_one(&room.pool)
        .await
        .unwrap();
    then!(desk.grade_source(&noor, SourceId(hospital), Reliability::B, because("right before"), None));
    then!(desk.give_verdict(
        &eda,
        claim,
        crate::harness::verdict("verified", room.version_of(claim).await),
        None
    ));
    then!(desk.publish(&eda, claim, room.version_of(claim).await, None));
    then!(async {
        read_again(&room, &noor, &["At least 12 people were killed.", "At least 12 came back."]).await;
        Ok::<_, Error>(())
    });
    then!(desk.withdraw_evidence(&noor, piece, because("forged")));
    room.wait_minutes(24 * 60);
    then!(desk.reopen(&eda, claim, room.version_of(claim).await, because("news")));
    then!(desk.take(&eda, claim));
    then!(async {
        room.wait_minutes(40);
        desk.expire_leases().await
    });
    for (at, seen) in &moments {
        let back = look_back(&room, &eda, &of, *at).await;
        for (now, then) in
            [(&seen.claim, &back.claim), (&seen.article, &back.article), (&seen.dashboard, &back.dashboard)]
        {
            let differs = now.lines().zip(then.lines()).find(|(now, then)| now != then);
            assert_eq!((differs, now.len()), (None, then.len()), "at {at}");
        }
        let between = *at + TimeDelta::minutes(3);
        assert_eq!(look_back(&room, &eda, &of, between).await.claim, seen.claim, "shortly after {at}");
    }
    assert!(moments.windows(2).any(|two| two[0].1.dashboard != two[1].1.dashboard));
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn what_waited_longest_is_shown_though_its_article_is_an_old_one(pool: PgPool) {
    let room = Newsroom::over(pool);
    let noor = room.reviewer("Noor").await;
    for n in 0..20 {
        let (fled, hid) = (format!("At least {} fled.", 12 + n), format!("At least {} hid.", 40 + n));
        room.article(&noor, "Raid", &[said(&fled), said(&hid)]).await;
        room.wait_minutes(1);
    }
    let shown = room.desk.dashboard(&noor).await.unwrap();
    let at = room.desk.clock().now();
    room.wait_minutes(9);
    for claim in shown.waiting.iter().map(|waiting| waiting.claim.id).collect::<Vec<_>>() {
        room.judge(&noor, claim, "verified").await;
    }
    let back = room.desk.dashboard_then(at).await.unwrap().dashboard(&noor).await.unwrap();
    assert_eq!(format!("{back:#?}"), format!("{shown:#?}"));
    assert_eq!(back.waiting.len(), 8);
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn evidence_and_verdict_are_as_they_were(pool: PgPool) {
    let room = Newsroom::over(pool);
    let noor = room.reviewer("Noor").await;
    let claim = room.claim(&noor).await;
    let piece = room.add_evidence(&noor, claim).await;
    room.judge(&noor, claim, "false").await;
    let at = room.desk.clock().now();
    room.wait_minutes(5);
    room.desk.correct_evidence(&noor, piece, evidence("Longer list"), 1).await.unwrap();
    room.judge(&noor, claim, "verified").await;
    let then = room.desk.claim_then(claim, at).await.unwrap().claim(&noor, claim).await.unwrap();
    assert_eq!(then.evidence[0].title, "Hospital list");
    assert_eq!(then.claim.rating.as_deref(), Some("false"));
    assert_eq!(then.verdicts.iter().map(|verdict| verdict.rating.as_str()).collect::<Vec<_>>(), ["false"]);
    assert_eq!(then.history.len(), 3);
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn what_was_not_known_yet_is_not_shown(pool: PgPool) {
    let room = Newsroom::over(pool);
    let noor = room.reviewer("Noor").await;
    let before = room.desk.clock().now();
    room.wait_minutes(5);
    let (article, claims) = room.article(&noor, "Raid", &[said("At least 12 fled.")]).await;
    let none = room.desk.claim_then(claims[0], before).await.unwrap_err();
    assert_eq!(none.to_string(), "There is no such claim at that moment.");
    let none = room.desk.article_then(article, before).await.unwrap_err();
    assert_eq!(none.to_string(), "There is no such article at that moment.");
    let dashboard = room.desk.dashboard_then(before).await.unwrap().dashboard(&noor).await.unwrap();
    assert!(dashboard.standings.is_empty() && dashboard.articles.is_empty() && dashboard.waiting.is_empty());
    let to_come = room.desk.clock().now() + TimeDelta::minutes(1);
    for refused in [
        room.desk.claim_then(claims[0], to_come).await.err(),
        room.desk.article_then(article, to_come).await.err(),
        room.desk.dashboard_then(to_come).await.err(),
    ] {
        assert_eq!(refused.unwrap().field(), Some("as_of"));
    }
    let nothing = room.desk.claim_then(ClaimId(uuid::Uuid::from_u128(7)), before).await;
    assert!(matches!(nothing, Err(Error::NotFound("claim"))));
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn before_versions_were_kept_the_desk_says_so(pool: PgPool) {
    let room = Newsroom::over(pool);
    let noor = room.reviewer("Noor").await;
    let claim = room.claim(&noor).await;
    let old = room.desk.clock().now();
    room.wait_minutes(60);
    // As the migration leaves a desk that was there before it: its first entries recorded nothing.
    for statement in [
        "alter table event disable trigger user",
        "update event set kept = 0, content = null",
        "alter table event enable trigger user",
    ] {
        sqlx::query(statement).execute(&room.pool).await.unwrap();
    }
    let article = room.desk.claim_row(&noor, claim).await.unwrap().article;
    for (claim, article) in [(Some(claim.0), Some(article.0)), (None, Some(article.0)), (None, None)] {
        sqlx::query(
            "insert into event (at, claim_id, article_id, kind, body)
             values ($1, $2, $3, 'record_began', '{\"kind\": \"record_began\"}')",
        )
        .bind(room.desk.clock().now())
        .bind(claim)
        .bind(article)
        .execute(&room.pool)
        .await
        .unwrap();
    }
    let words = "as_of: The desk kept no versions before 14 March 2024, 13:00 UTC. Choose a later moment.";
    assert_eq!(room.desk.claim_then(claim, old).await.unwrap_err().to_string(), words);
    assert_eq!(room.desk.dashboard_then(old).await.unwrap_err().to_string(), words);
    let began = room.desk.clock().now();
    let then = room.desk.claim_then(claim, began).await.unwrap();
    assert_eq!(then.claim(&noor, claim).await.unwrap().claim.id, claim);
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn the_past_cannot_be_changed(pool: PgPool) {
    let room = Newsroom::over(pool);
    let admin = room.person("Ada", Role::Admin).await;
    let claim = room.claim(&admin).await;
    let then = room.desk.claim_then(claim, room.desk.clock().now()).await.unwrap();
    assert!(then.take(&admin, claim).await.is_err());
    assert!(then.add_evidence(&admin, claim, evidence("List"), None).await.is_err());
    assert_eq!(room.stage_of(claim).await, "open");
}
