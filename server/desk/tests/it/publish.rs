use crate::harness::{Newsroom, because, evidence, is_refused, said, verdict};
use desk::{Error, MergeForm, NotificationFilter, VerdictForm, claim_review};
use domain::claim::Polarity;
use domain::id::ClaimId;
use domain::identity::Identity;
use domain::policy::Actor;
use domain::publication::PublicationKind::{Corrected, Published, Reinstated, Withdrawn};
use domain::words::{CorrectionNote, Rationale};
use sqlx::PgPool;

pub fn note(words: &str) -> CorrectionNote {
    CorrectionNote::parse(words).unwrap()
}

impl Newsroom {
    /// Makes a claim public as it stands.
    pub async fn publish(&self, by: &Actor, claim: ClaimId, told: Option<&str>) {
        let version = self.version_of(claim).await;
        self.desk.publish(by, claim, version, told.map(note)).await.unwrap();
    }

    async fn slug_of(&self, claim: ClaimId) -> String {
        sqlx::query_scalar("select slug from publication where claim_id = $1 and number = 1")
            .bind(claim.0)
            .fetch_one(&self.pool)
            .await
            .unwrap()
    }
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_published_claim_has_a_page_with_all_that_readers_need(pool: PgPool) {
    let room = Newsroom::over(pool);
    let (noor, eda) = (room.reviewer("Noor").await, room.editor("Eda").await);
    let (_, claims) =
        room.article(&noor, "Raid", &[said("At least 12 people were killed.").by("Ana Pavlovna")]).await;
    let claim = claims[0];
    room.add_evidence(&noor, claim).await;
    let gone = room.desk.add_evidence(&noor, claim, evidence("Forged list"), None).await.unwrap();
    room.desk.withdraw_evidence(&noor, gone, because("It is forged.")).await.unwrap();
    let form = VerdictForm { figure: Some("at least 14".into()), ..verdict("false", 1) };
    room.desk.give_verdict(&noor, claim, form, None).await.unwrap();
    room.publish(&eda, claim, None).await;

    let slug = room.slug_of(claim).await;
    assert!(slug.starts_with("at-least-12-people-were-killed-"), "{slug}");
    let public = room.desk.public_claim(&slug).await.unwrap();
    let (publication, body) = public.standing().unwrap();
    assert_eq!((publication.number, publication.kind, publication.note.as_deref()), (1, Published, None));
    assert_eq!(body.said_by[0].name, "Ana Pavlovna");
    assert_eq!((body.rating.key.as_str(), body.rating.value), ("false", Some(1)));
    assert_eq!(body.figure.as_deref(), Some("at least 14"));
    let titles: Vec<&str> = body.evidence.iter().map(|one| one.title.as_str()).collect();
    assert_eq!(titles, ["Hospital list"], "withdrawn evidence is not for readers");
    assert!(!serde_json::to_string(body).unwrap().contains("Noor"), "reviewers are not named to readers");
    assert_eq!(public.under_review_since, None);
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn what_was_published_stays_as_it_was_whatever_happens_to_the_claim(pool: PgPool) {
    let room = Newsroom::over(pool);
    let eda = room.editor("Eda").await;
    let claim = room.claim(&eda).await;
    room.judge(&eda, claim, "verified").await;
    room.publish(&eda, claim, None).await;
    let slug = room.slug_of(claim).await;
    let first = room.desk.public_claim(&slug).await.unwrap().publications.remove(0);

    room.wait_minutes(60);
    room.desk.reopen(&eda, claim, 3, because("The ministry halved its toll.")).await.unwrap();
    let since = room.desk.clock().now();
    room.wait_minutes(60);
    room.desk.take(&eda, claim).await.unwrap();
    let public = room.desk.public_claim(&slug).await.unwrap();
    assert_eq!(public.under_review_since, Some(since), "taking it does not make the review younger");
    assert_eq!(public.standing().unwrap().1, first.body.as_ref().unwrap());

    let form = VerdictForm {
        rationale: Rationale::parse("The ministry now says six.").unwrap(),
        ..verdict("false", 4)
    };
    room.desk.give_verdict(&eda, claim, form, None).await.unwrap();
    let missing = room.desk.publish(&eda, claim, 5, None).await.unwrap_err();
    assert_eq!(missing.field(), Some("note"), "readers of the first are told what changed");
    room.publish(&eda, claim, Some("We had twelve; the ministry halved its toll.")).await;

    let public = room.desk.public_claim(&slug).await.unwrap();
    assert_eq!(public.under_review_since, None);
    let kinds: Vec<_> = public.publications.iter().map(|one| (one.number, one.kind)).collect();
    assert_eq!(kinds, [(2, Corrected), (1, Published)]);
    assert_eq!(public.publications[1].body, first.body);
    assert_eq!(public.slug, slug, "the address stays");
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_withdrawn_claim_is_back_in_the_queue_and_its_page_says_so(pool: PgPool) {
    let room = Newsroom::over(pool);
    let eda = room.editor("Eda").await;
    let claim = room.claim(&eda).await;
    room.judge(&eda, claim, "verified").await;
    room.publish(&eda, claim, None).await;
    let slug = room.slug_of(claim).await;
    assert!(
        claim_review(
            &room.desk.published(&eda, claim).await.unwrap(),
            "https://d.example",
            &Identity::default()
        )
        .is_some()
    );

    room.desk.withdraw(&eda, claim, 3, note("The figure is of shelters.")).await.unwrap();
    assert_eq!(room.stage_of(claim).await, "reopened");
    let public = room.desk.public_claim(&slug).await.unwrap();
    assert!(public.standing().is_none() && public.last_body().is_some());
    assert_eq!(public.under_review_since, None, "what is not public is not under review in public");
    assert!(claim_review(&public, "https://d.example", &Identity::default()).is_none());
    assert!(matches!(room.desk.published(&eda, claim).await, Err(Error::NotPublic { .. })));

    room.judge(&eda, claim, "verified").await;
    room.publish(&eda, claim, Some("The agency stands by its figure after all.")).await;
    let review = claim_review(
        &room.desk.published(&eda, claim).await.unwrap(),
        "https://d.example",
        &Identity::default(),
    )
    .unwrap();
    let notes: Vec<&str> =
        review["correction"].as_array().unwrap().iter().map(|one| one["text"].as_str().unwrap()).collect();
    assert_eq!(notes, ["The agency stands by its figure after all.", "The figure is of shelters."]);
    let feed = room.desk.newest_publications(10).await.unwrap();
    let kinds: Vec<_> = feed.iter().map(|entry| entry.publication.kind).collect();
    assert_eq!(kinds, [Reinstated, Withdrawn, Published]);
    assert!(feed.iter().all(|entry| entry.body.claim == "At least 12 people were killed."));
    assert_eq!(
        room.told(&eda, claim).await[2..],
        [
            "Eda published it",
            "Eda withdrew it from publication: The figure is of shelters.",
            "Eda gave verdict 2, Verified, in place of Verified: Two sources agree.",
            "Eda told readers, publication 3, that it was published again: The agency stands by its figure after all.",
        ]
    );
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn the_database_refuses_to_alter_what_was_published(pool: PgPool) {
    let room = Newsroom::over(pool);
    let eda = room.editor("Eda").await;
    let claim = room.claim(&eda).await;
    room.judge(&eda, claim, "verified").await;
    room.publish(&eda, claim, None).await;
    let copy = |number: i32, kind: &str, slug: &str, note: &str| {
        format!(
            "insert into publication (id, claim_id, number, slug, kind, verdict_id, body, note, published_by, published_at)
             select gen_random_uuid(), claim_id, {number}, {slug}, '{kind}', verdict_id, body, {note}, published_by, published_at
               from publication"
        )
    };
    for statement in [
        "update publication set note = 'x'".to_owned(),
        "delete from publication".to_owned(),
        "truncate publication".to_owned(),
        copy(1, "published", "slug", "null"),
        copy(3, "corrected", "slug", "'a gap'"),
        copy(2, "published", "slug", "null"),
        copy(2, "corrected", "slug", "null"),
        copy(2, "corrected", "'elsewhere'", "'another address'"),
        copy(2, "withdrawn", "slug", "'with a body'"),
    ] {
        let answer = sqlx::query(sqlx::AssertSqlSafe(statement.clone())).execute(&room.pool).await;
        assert!(answer.is_err(), "{statement}");
    }
    let allowed = copy(2, "corrected", "slug", "'a note'");
    sqlx::query(sqlx::AssertSqlSafe(allowed)).execute(&room.pool).await.unwrap();
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn what_was_published_before_there_were_pages_gets_one_once(pool: PgPool) {
    let room = Newsroom::over(pool);
    let eda = room.editor("Eda").await;
    let claim = room.claim(&eda).await;
    room.judge(&eda, claim, "verified").await;
    // As an older version left it.
    for statement in [
        "update claim set stage = 'published', version = 3",
        "insert into event (at, actor_id, claim_id, kind, body)
         select now(), account.id, claim.id, 'published', '{\"kind\":\"published\"}' from claim, account",
    ] {
        sqlx::query(statement).execute(&room.pool).await.unwrap();
    }
    room.owner().migrate().await.unwrap();
    assert_eq!(
        room.desk.publish_what_was_published().await.unwrap(),
        0,
        "the second time there is nothing to do"
    );
    let public = room.desk.published(&eda, claim).await.unwrap();
    assert_eq!(public.newest().unwrap().kind, Published);
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn who_denies_a_claim_is_not_its_author(pool: PgPool) {
    let room = Newsroom::over(pool);
    let eda = room.editor("Eda").await;
    for (polarity, author) in
        [(Polarity::Asserted, Some("Army")), (Polarity::Denied, None), (Polarity::Doubted, None)]
    {
        let texts = [said("At least 12 people were killed.").by("Army").doing(polarity)];
        let claim = room.article(&eda, polarity.word(), &texts).await.1[0];
        room.judge(&eda, claim, "verified").await;
        room.publish(&eda, claim, None).await;
        let public = room.desk.published(&eda, claim).await.unwrap();
        assert_eq!(public.standing().unwrap().1.said_by[0].polarity, polarity, "readers are told which");
        let review =
            claim_review(&public, "https://d.example", &domain::identity::Identity::default()).unwrap();
        assert_eq!(review["itemReviewed"]["author"]["name"].as_str(), author);
    }
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_page_whose_claim_is_set_aside_is_taken_down_by_an_editor_who_hears_of_it(pool: PgPool) {
    let room = Newsroom::over(pool);
    let (eda, ed, noor) = (room.editor("Eda").await, room.editor("Ed").await, room.reviewer("Noor").await);
    let words = ["At least 12 people were killed.", "At least 12 people died.", "At least 12 people fell."];
    let (_, claims) = room.article(&eda, "Raid", &words.map(said)).await;
    let (dismissed, merged, reopened) = (claims[0], claims[1], claims[2]);
    let whole = room.claim(&eda).await;
    room.desk.dismiss(&noor, whole, 1, because("Not a claim.")).await.unwrap();
    for claim in [dismissed, merged, reopened] {
        room.judge(&eda, claim, "verified").await;
        room.publish(&eda, claim, None).await;
        room.desk.reopen(&eda, claim, 3, because("A new list.")).await.unwrap();
    }
    room.desk.dismiss(&noor, dismissed, 4, because("Not a claim.")).await.unwrap();
    let form = MergeForm { version: 4, with: vec![(merged, 4)] };
    room.desk.merge(&noor, reopened, form, None).await.unwrap();
    let heard = room.desk.notifications(&ed, NotificationFilter::default(), None, 50).await.unwrap().rows;
    let mut of: Vec<ClaimId> = heard.iter().map(|row| row.claim).collect();
    of.sort();
    assert_eq!(of, [dismissed, merged], "of what readers see, and of nothing else: {heard:#?}");
    for (claim, stage) in [(dismissed, "dismissed"), (merged, "dismissed"), (reopened, "reopened")] {
        let version = room.version_of(claim).await;
        let refused = room.desk.withdraw(&noor, claim, version, note("It was no claim.")).await;
        assert!(is_refused(&refused));
        room.desk.withdraw(&eda, claim, version, note("It was no claim at all.")).await.unwrap();
        assert_eq!(room.stage_of(claim).await, stage);
        let public = room.desk.public_claim(&room.slug_of(claim).await).await.unwrap();
        assert!(public.standing().is_none() && public.under_review_since.is_none());
        let again = room.desk.withdraw(&eda, claim, version + 1, note("It was no claim at all.")).await;
        assert!(matches!(again, Err(Error::NotFound(_))), "{again:?}");
    }
}
