//! Media assessments: what pictures, videos and recordings are found to be, and what readers are told.

use crate::harness::{Newsroom, address_of, because, evidence, is_refused, once, said};
use crate::publish::note;
use Authenticity::{Decontextualized, Edited, Original, Staged};
use bytes::Bytes;
use desk::{CopyForm, CorrectVerdictForm, Correction, Error, Files, claim_review, media_reviews};
use domain::id::{AssessmentId, ClaimId, CopyId, EvidenceId};
use domain::identity::Identity;
use domain::media::{Assessment, Authenticity, Given, Medium};
use domain::policy::{Actor, Role};
use domain::publication::PublicationKind::{Corrected, Published, Reinstated};
use domain::words::{OriginalContext, Rationale};
use futures_util::stream;
use serde_json::json;
use sqlx::{Executor as _, PgPool};
use std::convert::Infallible;

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0";
const OWN: &str = "https://d.example";

fn given(categories: &[Authenticity]) -> Given {
    Given {
        medium: Medium::Video,
        categories: categories.to_vec(),
        address: Some(address_of("https://clips.example/1")),
        copy: None,
        context: Some(OriginalContext::parse("Filmed in 2019 at another bridge.").unwrap()),
        original: None,
    }
}

fn video(categories: &[Authenticity]) -> Assessment {
    Assessment::of(given(categories)).unwrap()
}

impl Newsroom {
    async fn assess(
        &self,
        by: &Actor,
        evidence: EvidenceId,
        found: &[Authenticity],
        seen: i32,
    ) -> AssessmentId {
        self.desk.assess_media(by, evidence, &video(found), seen, None).await.unwrap()
    }

    /// A published claim with a video among its evidence that was found to be staged.
    async fn with_video(&self, eda: &Actor) -> (ClaimId, EvidenceId) {
        let claim = self.claim(eda).await;
        let piece = self.desk.add_evidence(eda, claim, evidence("Bridge"), None).await.unwrap();
        self.assess(eda, piece, &[Staged], 0).await;
        self.judge(eda, claim, "false").await;
        self.publish(eda, claim, None).await;
        (claim, piece)
    }

    /// What readers are told of media, newest publication first.
    async fn told_of_media(&self, by: &Actor, claim: ClaimId) -> Vec<Vec<Vec<Authenticity>>> {
        let public = self.desk.published(by, claim).await.unwrap();
        let of = |publication: &desk::Publication| {
            let media = publication.body.iter().flat_map(|body| body.media.clone());
            media.map(|one| one.categories).collect()
        };
        public.publications.iter().map(of).collect()
    }

    /// The same verdict again, in other words.
    async fn reworded(&self, by: &Actor, claim: ClaimId) -> CorrectVerdictForm {
        let correction = Correction::Verdict {
            scale: None,
            override_reason: None,
            rating: "false".to_owned(),
            rationale: Rationale::parse("The video is from 2019.").unwrap(),
            figure: None,
        };
        let change = self.desk.change_by(by, claim, &correction).await.unwrap();
        let digest = self.desk.dependants(by, claim, &change).await.unwrap().digest();
        let version = self.version_of(claim).await;
        let note = Some(note("We took the video for staged; it is an old one."));
        CorrectVerdictForm { correction, note, version, digest }
    }
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn an_assessment_stands_until_another_takes_its_place_and_both_stay(pool: PgPool) {
    let room = Newsroom::over(pool);
    let (noor, eda) = (room.reviewer("Noor").await, room.editor("Eda").await);
    let claim = room.claim(&noor).await;
    let piece = room.desk.add_evidence(&noor, claim, evidence("Bridge"), None).await.unwrap();
    let first = room.assess(&noor, piece, &[Staged], 0).await;
    room.wait_minutes(5);
    room.assess(&eda, piece, &[Edited, Decontextualized], 1).await;

    let view = room.view(&noor, claim).await;
    let all: Vec<_> = view.media_of(piece).collect();
    assert_eq!(all.iter().map(|one| one.number).collect::<Vec<_>>(), [2, 1]);
    assert_eq!(
        (all[0].categories.as_slice(), all[0].given_by.as_str()),
        (&[Decontextualized, Edited][..], "Eda")
    );
    assert_eq!((all[1].id, all[1].categories.as_slice()), (first, &[Staged][..]));
    assert_eq!(
        room.told(&noor, claim).await[2..],
        [
            "Noor assessed the video “Bridge” as staged: Filmed in 2019 at another bridge.",
            "Eda assessed the video “Bridge” as missing context and edited or cropped, in place of staged: Filmed in 2019 at another bridge.",
        ]
    );
    assert_eq!(room.version_of(claim).await, 1, "nobody’s verdict form gets stale by it");
    let viewer = room.person("Vic", Role::Viewer).await;
    assert!(is_refused(&room.desk.assess_media(&viewer, piece, &video(&[Staged]), 2, None).await));
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn whoever_has_not_seen_the_one_that_stands_learns_what_differs(pool: PgPool) {
    let room = Newsroom::over(pool);
    let (noor, eda) = (room.reviewer("Noor").await, room.editor("Eda").await);
    let claim = room.claim(&noor).await;
    let piece = room.add_evidence(&noor, claim).await;
    room.assess(&noor, piece, &[Staged], 0).await;
    let answer = room.desk.assess_media(&eda, piece, &video(&[Edited]), 0, None).await;
    let Err(Error::Stale { by, current: 1, differences }) = answer else { panic!("{answer:?}") };
    assert_eq!(by, "Noor");
    let fields: Vec<_> = differences.iter().map(|one| (one.field, one.theirs.as_str())).collect();
    assert_eq!(fields, [("categories", "StagedContent")]);
    room.assess(&eda, piece, &[Edited], 1).await;
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn what_says_the_same_again_leaves_no_trace_and_a_request_counts_once(pool: PgPool) {
    let room = Newsroom::over(pool);
    let noor = room.reviewer("Noor").await;
    let claim = room.claim(&noor).await;
    let piece = room.add_evidence(&noor, claim).await;
    let key = once("a", 1);
    let first = room.desk.assess_media(&noor, piece, &video(&[Staged]), 0, Some(&key)).await.unwrap();
    let again = room.desk.assess_media(&noor, piece, &video(&[Staged]), 0, Some(&key)).await.unwrap();
    let events = room.events().await;
    let same = room.assess(&noor, piece, &[Staged], 1).await;
    assert_eq!((again, same), (first, first));
    assert_eq!(room.events().await, events);
    room.desk.withdraw_evidence(&noor, piece, because("It is forged.")).await.unwrap();
    let gone = room.desk.assess_media(&noor, piece, &video(&[Edited]), 1, None).await;
    assert!(matches!(gone, Err(Error::NotFound(_))), "{gone:?}");
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn readers_are_told_what_stood_when_it_was_published_and_of_a_change_with_a_correction(pool: PgPool) {
    let room = Newsroom::over(pool);
    let eda = room.editor("Eda").await;
    let (claim, piece) = room.with_video(&eda).await;
    assert_eq!(room.told_of_media(&eda, claim).await, [[vec![Staged]]]);

    let unaware = room.reworded(&eda, claim).await;
    room.assess(&eda, piece, &[Decontextualized], 1).await;
    assert_eq!(room.told_of_media(&eda, claim).await, [[vec![Staged]]], "what was published stays");
    let view = room.view(&eda, claim).await;
    let told: Vec<i32> = view.in_public.unwrap().media.iter().map(|one| one.number).collect();
    assert_eq!(told, [1], "the desk sees that readers were told of the first");

    // Nobody corrects a verdict and tells readers of a medium what they have not seen.
    let answer = room.desk.correct_verdict(&eda, claim, unaware, None).await;
    assert!(matches!(answer, Err(Error::ListMoved { .. })), "{answer:?}");
    let aware = room.reworded(&eda, claim).await;
    let listed = room.desk.dependants(&eda, claim, &desk::Change::Words).await.unwrap().media;
    let moved: Vec<_> = listed.into_iter().map(|one| (one.title, one.before, one.after)).collect();
    assert_eq!(moved, [("Bridge".to_owned(), vec![Staged], vec![Decontextualized])]);
    room.desk.correct_verdict(&eda, claim, aware, None).await.unwrap();

    assert_eq!(room.told_of_media(&eda, claim).await, [[vec![Decontextualized]], [vec![Staged]]]);
    let public = room.desk.published(&eda, claim).await.unwrap();
    assert_eq!(public.publications.iter().map(|one| one.kind).collect::<Vec<_>>(), [Corrected, Published]);
    assert!(room.desk.dependants(&eda, claim, &desk::Change::Words).await.unwrap().media.is_empty());
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn published_again_with_another_assessment_is_a_correction(pool: PgPool) {
    let room = Newsroom::over(pool);
    let eda = room.editor("Eda").await;
    let (claim, piece) = room.with_video(&eda).await;
    let reopen = async || {
        let version = room.version_of(claim).await;
        room.desk.reopen(&eda, claim, version, because("A new source.")).await.unwrap();
        room.judge(&eda, claim, "false").await;
    };
    reopen().await;
    room.publish(&eda, claim, Some("The verdict still stands.")).await;
    reopen().await;
    room.desk.withdraw_evidence(&eda, piece, because("It is another bridge.")).await.unwrap();
    room.publish(&eda, claim, Some("The video has nothing to do with it.")).await;
    let public = room.desk.published(&eda, claim).await.unwrap();
    let kinds: Vec<_> = public.publications.iter().map(|one| one.kind).collect();
    assert_eq!(kinds, [Corrected, Reinstated, Published]);
    assert_eq!(room.told_of_media(&eda, claim).await[0], Vec::<Vec<_>>::new());
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_claim_that_takes_the_place_of_another_has_its_media(pool: PgPool) {
    let room = Newsroom::over(pool);
    let eda = room.editor("Eda").await;
    let said = [said("At least 12 people were killed."), said("At least 12 fled.")];
    let (article, claims) = room.article(&eda, "Raid", &said).await;
    let piece = room.desk.add_evidence(&eda, claims[1], evidence("Bridge"), None).await.unwrap();
    room.assess(&eda, piece, &[Original], 0).await;
    let merged = claims[0];
    let form = desk::MergeForm { version: 1, with: vec![(claims[1], 1)] };
    room.desk.merge(&eda, merged, form, None).await.unwrap();
    let report = room.desk.report(&eda, article).await.unwrap();
    let one = report.claims.iter().find(|one| one.claim.id == merged).unwrap();
    assert_eq!(one.media.iter().map(|one| one.categories.clone()).collect::<Vec<_>>(), [[Original]]);
    let filter = desk::ClaimFilter { article: Some(article), ..desk::ClaimFilter::default() };
    let (rows, _) = room.desk.export(&eda, &filter, None).await.unwrap();
    let exported = rows.iter().find(|row| row.claim.id == merged).unwrap();
    assert_eq!(exported.media, one.media);
    assert_eq!(room.view(&eda, merged).await.media_of(piece).count(), 1);
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_kept_picture_is_named_by_its_hash(pool: PgPool) {
    let folder = std::env::temp_dir().join(format!("claimdesk-media-{}", uuid::Uuid::now_v7()));
    let mut room = Newsroom::over(pool);
    room.desk = room.desk.with_files(Files::in_folder(folder.clone()));
    let eda = room.editor("Eda").await;
    let claim = room.claim(&eda).await;
    let piece = room.desk.add_evidence(&eda, claim, evidence("Bridge"), None).await.unwrap();
    let other = room.desk.add_evidence(&eda, claim, evidence("Other"), None).await.unwrap();
    let keep = async |piece, content: &'static [u8]| -> CopyId {
        let pieces = stream::iter([Ok::<_, Infallible>(Bytes::from_static(content))]);
        let kept = room.desk.keep_content(&eda, piece, "file", pieces).await.unwrap();
        room.desk.add_copy(&eda, piece, kept, CopyForm::default(), None).await.unwrap().id
    };
    let (picture, text) = (keep(piece, PNG).await, keep(piece, b"Twelve names.").await);
    let elsewhere = keep(other, PNG).await;
    let of = |medium, copy| Given { medium, copy: Some(copy), address: None, ..given(&[Edited]) };
    let assess = async |given: Given| {
        let assessment = Assessment::of(given).unwrap();
        room.desk.assess_media(&eda, piece, &assessment, 0, None).await
    };
    for (medium, copy) in [
        (Medium::Image, text),
        (Medium::Video, picture),
        (Medium::Image, elsewhere),
        (Medium::Image, CopyId(claim.0)),
    ] {
        let refused = assess(of(medium, copy)).await.unwrap_err();
        assert_eq!(refused.field(), Some("copy"), "{refused:?}");
    }
    assess(of(Medium::Image, picture)).await.unwrap();
    room.judge(&eda, claim, "false").await;
    room.publish(&eda, claim, None).await;
    let public = room.desk.published(&eda, claim).await.unwrap();
    let sha256 = room.desk.copy(&eda, picture).await.unwrap().sha256;
    assert_eq!(
        media_reviews(&public, OWN, &Identity::default())[0]["itemReviewed"]["mediaItemAppearance"],
        json!([{ "@type": "ImageObjectSnapshot", "sha256": sha256, "encodingFormat": "image/png" }])
    );
    std::fs::remove_dir_all(folder).unwrap();
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_media_review_stands_beside_the_claim_review_while_the_claim_is_public(pool: PgPool) {
    let room = Newsroom::over(pool);
    let eda = room.editor("Eda").await;
    let (claim, piece) = room.with_video(&eda).await;
    room.wait_minutes(60 * 48);
    room.assess(&eda, piece, &[Decontextualized, Edited], 1).await;
    let form = room.reworded(&eda, claim).await;
    room.desk.correct_verdict(&eda, claim, form, None).await.unwrap();
    let public = room.desk.published(&eda, claim).await.unwrap();
    let [review] = &media_reviews(&public, OWN, &Identity::default())[..] else { panic!("one") };
    assert_eq!(
        review["mediaAuthenticityCategory"],
        json!(["DecontextualizedContent", "EditedOrCroppedContent"])
    );
    assert_eq!(review["originalMediaContextDescription"], "Filmed in 2019 at another bridge.");
    assert_eq!(review["itemReviewed"]["mediaItemAppearance"][0]["@type"], "VideoObject");
    assert_eq!(
        (review["datePublished"].as_str(), review["dateModified"].as_str()),
        (Some("2024-03-14"), Some("2024-03-16T12:00:00+00:00")),
        "when readers were first told of the video, and last"
    );
    assert_eq!(
        claim_review(&public, OWN, &Identity::default()).unwrap()["associatedMediaReview"],
        json!([review])
    );

    let version = room.version_of(claim).await;
    room.desk.withdraw(&eda, claim, version, note("The claim was another one.")).await.unwrap();
    let view = room.view(&eda, claim).await;
    assert!(view.in_public.unwrap().media.is_empty(), "nothing is told of what is withdrawn");
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn the_database_refuses_what_contradicts_itself_and_every_change(pool: PgPool) {
    let room = Newsroom::over(pool);
    let noor = room.reviewer("Noor").await;
    let claim = room.claim(&noor).await;
    let piece = room.add_evidence(&noor, claim).await;
    room.assess(&noor, piece, &[Staged], 0).await;
    let another = |number: i32, categories: &str, rest: &str| {
        format!(
            "insert into media_assessment (id, evidence_id, number, medium, categories, address, context, given_by, given_at)
             select gen_random_uuid(), evidence_id, {number}, medium, '{{{categories}}}', {rest}, given_by, given_at
               from media_assessment"
        )
    };
    for statement in [
        "update media_assessment set context = 'x'".to_owned(),
        "delete from media_assessment".to_owned(),
        "truncate media_assessment".to_owned(),
        another(1, "StagedContent", "address, context"),
        another(3, "StagedContent", "address, context"),
        another(2, "", "address, context"),
        another(2, "Staged", "address, context"),
        another(2, "OriginalMediaContent,StagedContent", "address, context"),
        another(2, "DecontextualizedContent", "address, null"),
        another(2, "StagedContent", "null, context"),
    ] {
        let answer = sqlx::query(sqlx::AssertSqlSafe(statement.clone())).execute(&room.pool).await;
        assert!(answer.is_err(), "{statement}");
    }
    let allowed = another(2, "OriginalMediaContent,DecontextualizedContent", "address, context");
    sqlx::query(sqlx::AssertSqlSafe(allowed)).execute(&room.pool).await.unwrap();
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn what_is_taken_back_stands_no_longer_and_readers_are_told_with_a_correction(pool: PgPool) {
    let room = Newsroom::over(pool);
    let eda = room.editor("Eda").await;
    let (claim, piece) = room.with_video(&eda).await;
    let take_back = async |by: &Actor, seen: i32| {
        room.desk.take_back_assessment(by, piece, seen, because("It is another bridge."), None).await
    };
    let viewer = room.person("Vic", Role::Viewer).await;
    assert!(is_refused(&take_back(&viewer, 1).await));
    assert!(matches!(take_back(&eda, 0).await, Err(Error::Stale { current: 1, .. })));
    room.wait_minutes(5);
    take_back(&eda, 1).await.unwrap();
    assert!(matches!(take_back(&eda, 2).await, Err(Error::NotFound(_))), "nothing stands");
    let view = room.view(&eda, claim).await;
    let all: Vec<_> = view.media_of(piece).collect();
    let back = all[0].taken_back.as_ref().unwrap();
    assert_eq!((all.len(), back.by.as_str(), back.reason.as_str()), (1, "Eda", "It is another bridge."));
    assert_eq!(
        room.told(&eda, claim).await.last().unwrap(),
        "Eda took back the assessment of the video “Bridge” as staged: It is another bridge."
    );

    assert_eq!(room.told_of_media(&eda, claim).await, [[vec![Staged]]], "what was published stays");
    let listed = room.desk.dependants(&eda, claim, &desk::Change::Words).await.unwrap().media;
    let moved: Vec<_> = listed.into_iter().map(|one| (one.before, one.after)).collect();
    assert_eq!(moved, [(vec![Staged], vec![])]);
    let form = room.reworded(&eda, claim).await;
    room.desk.correct_verdict(&eda, claim, form, None).await.unwrap();
    let public = room.desk.published(&eda, claim).await.unwrap();
    assert_eq!(public.publications[0].kind, Corrected);
    assert!(public.publications[0].body.as_ref().unwrap().media.is_empty());
    assert!(media_reviews(&public, OWN, &Identity::default()).is_empty(), "programs find it no more");
    assert!(room.desk.dependants(&eda, claim, &desk::Change::Words).await.unwrap().media.is_empty());

    assert!(matches!(
        room.desk.assess_media(&eda, piece, &video(&[Edited]), 1, None).await,
        Err(Error::Stale { current: 2, .. })
    ));
    room.assess(&eda, piece, &[Edited], 2).await;
    let view = room.view(&eda, claim).await;
    let numbers: Vec<i32> = view.media_of(piece).map(|one| one.number).collect();
    assert_eq!(numbers, [3, 1]);
    let seen = room.desk.verify_history(None, None, |_| {}).await.unwrap();
    assert!(
        seen.findings.is_empty(),
        "{:?}",
        seen.findings.iter().map(ToString::to_string).collect::<Vec<_>>()
    );
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn assessments_are_bound_by_the_chain_and_seen_when_looking_back(pool: PgPool) {
    let room = Newsroom::over(pool);
    let noor = room.reviewer("Noor").await;
    let claim = room.claim(&noor).await;
    let piece = room.add_evidence(&noor, claim).await;
    room.assess(&noor, piece, &[Staged], 0).await;
    let then = room.desk.clock().now();
    room.wait_minutes(10);
    room.assess(&noor, piece, &[Edited], 1).await;
    let seen = room.desk.claim_then(claim, then).await.unwrap().claim(&noor, claim).await.unwrap();
    assert_eq!(seen.media_of(piece).map(|one| one.number).collect::<Vec<_>>(), [1]);

    let verified = async || {
        let seen = room.desk.verify_history(None, None, |_| {}).await.unwrap();
        seen.findings.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
    };
    assert_eq!(verified().await, "");
    let mut tx = room.pool.begin().await.unwrap();
    for statement in [
        "alter table media_assessment disable trigger user",
        "update media_assessment set categories = '{TransformedContent}' where number = 1",
        "alter table media_assessment enable trigger user",
    ] {
        tx.execute(statement).await.unwrap();
    }
    tx.commit().await.unwrap();
    let found = verified().await;
    assert!(found.contains("the media_assessment it recorded was changed: categories was"), "{found}");
}
