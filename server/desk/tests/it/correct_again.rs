//! A text that is read again leaves alone what people have corrected.

use crate::correct::{by, figure, words};
use crate::harness::{Newsroom, Said, article, because, reading, said};
use desk::{CorrectionForm, MeasuresGiven, MergeForm, SplitForm};
use domain::claim::{ClaimKind, Polarity};
use domain::correction::SourceGiven;
use domain::id::ClaimId;
use domain::measure::Indicator;
use domain::policy::Actor;
use domain::text::{CharIndex, Span};
use sqlx::PgPool;

const ADDRESS: &str = "https://courier.example/raid";
const RAID: &str = "At least 12 people were killed and seven were wounded near the mill.";
const FLIGHT: &str = "At least 12 fled.";

fn first() -> [Said<'static>; 2] {
    [said(RAID).by("Olena K."), said(FLIGHT)]
}

/// The same claims further down, read with other eyes.
fn again() -> [Said<'static>; 3] {
    let other = |claim: Said<'static>| claim.counting(ClaimKind::Count, Indicator::Affected).worth(0.9);
    let [raid, flight] = first();
    [said("At least 12 lorries of help came before anything else was known."), other(raid), other(flight)]
}

async fn reported(room: &Newsroom) -> (Actor, Vec<ClaimId>) {
    let noor = room.reviewer("Noor").await;
    let added = room.version(&noor, ADDRESS, &first()).await;
    let claims = room.claims_of(added.article).await;
    (noor, claims)
}

/// All claims of the article that are neither set aside nor gone.
async fn live(room: &Newsroom) -> Vec<String> {
    sqlx::query_scalar(
        "select text from claim where stage <> 'dismissed' and in_latest order by span_start, id",
    )
    .fetch_all(&room.pool)
    .await
    .unwrap()
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn what_was_corrected_stays_and_the_rest_is_read_again(pool: PgPool) {
    let room = Newsroom::over(pool);
    let (noor, claims) = reported(&room).await;
    let form = CorrectionForm {
        version: 1,
        kind: Some(ClaimKind::Event),
        source: Some(by("Petro S.")),
        ..CorrectionForm::default()
    };
    room.desk.correct(&noor, claims[0], form).await.unwrap();
    let figures = Some(MeasuresGiven::One(figure(Some(0), "more than 12")));
    let form = CorrectionForm { version: 1, measures: figures, ..CorrectionForm::default() };
    room.desk.correct(&noor, claims[1], form).await.unwrap();
    room.version(&noor, ADDRESS, &again()).await;

    let raid = room.view(&noor, claims[0]).await;
    assert_eq!((raid.claim.kind, raid.claim.source.as_deref()), (ClaimKind::Event, Some("Petro S.")));
    assert_eq!(raid.claim.measures[0].indicator, Indicator::Affected, "nobody had corrected the figures");
    let flight = room.view(&noor, claims[1]).await;
    let kept = &flight.claim.measures[0];
    assert_eq!((kept.text.as_str(), kept.indicator), ("more than 12", Indicator::Killed));
    assert_eq!((flight.claim.kind, flight.snapshot_number), (ClaimKind::Count, 2));
    assert_eq!(live(&room).await.len(), 3);
    room.assert_counters_equal_a_recount().await;
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_source_that_a_person_took_away_does_not_come_back(pool: PgPool) {
    let room = Newsroom::over(pool);
    let (noor, claims) = reported(&room).await;
    let source = Some(SourceGiven::Article);
    let form = CorrectionForm { version: 1, source, ..CorrectionForm::default() };
    room.desk.correct(&noor, claims[0], form).await.unwrap();
    room.version(&noor, ADDRESS, &again()).await;
    assert!(room.view(&noor, claims[0]).await.attributions.is_empty());
    room.assert_counters_equal_a_recount().await;
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn corrected_words_are_carried_over_and_the_found_ones_not_added_again(pool: PgPool) {
    let room = Newsroom::over(pool);
    let (noor, claims) = reported(&room).await;
    let span = Some(words("12 people were killed"));
    let form = CorrectionForm { version: 1, span, ..CorrectionForm::default() };
    room.desk.correct(&noor, claims[0], form).await.unwrap();
    room.version(&noor, ADDRESS, &again()).await;
    let view = room.view(&noor, claims[0]).await;
    let text = CharIndex::new(&view.text);
    assert_eq!((view.snapshot_number, view.in_latest), (2, true));
    assert_eq!(text.slice(view.span), Some("12 people were killed"));
    assert_eq!(text.slice(view.attributions[0].mention_at.unwrap()), Some("Olena K."));
    let measure = &view.claim.measures[0];
    assert!(measure.start == measure.end, "its wording reaches beyond the claim: {measure:?}");
    assert_eq!(live(&room).await.len(), 3);
    room.assert_counters_equal_a_recount().await;
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn corrected_words_that_are_gone_from_the_text_are_kept_apart_and_come_back_with_it(pool: PgPool) {
    let room = Newsroom::over(pool);
    let (noor, claims) = reported(&room).await;
    let span = Some(words("seven were wounded near the mill."));
    let form = CorrectionForm { version: 1, span, ..CorrectionForm::default() };
    room.desk.correct(&noor, claims[0], form).await.unwrap();
    room.version(&noor, ADDRESS, &[said(FLIGHT)]).await;
    assert!(!room.view(&noor, claims[0]).await.in_latest);
    room.version(&noor, ADDRESS, &first()).await;
    assert!(room.view(&noor, claims[0]).await.in_latest);
    assert_eq!(live(&room).await, ["seven were wounded near the mill.", FLIGHT]);
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_claim_of_an_earlier_text_is_corrected_there(pool: PgPool) {
    let room = Newsroom::over(pool);
    let (noor, claims) = reported(&room).await;
    room.version(&noor, ADDRESS, &[said(RAID)]).await;
    let form = CorrectionForm { version: 1, kind: Some(ClaimKind::Event), ..CorrectionForm::default() };
    room.desk.correct(&noor, claims[1], form).await.unwrap();
    let view = room.view(&noor, claims[1]).await;
    assert_eq!((view.in_latest, view.snapshot_number, view.claim.kind), (false, 1, ClaimKind::Event));
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_split_claim_is_not_found_again_and_its_parts_move_with_the_text(pool: PgPool) {
    let room = Newsroom::over(pool);
    let (noor, claims) = reported(&room).await;
    let parts = ["At least 12 people were killed", "seven were wounded near the mill."];
    let form = SplitForm { version: 1, parts: parts.map(words).to_vec() };
    let new = room.desk.split(&noor, claims[0], form, None).await.unwrap();
    room.version(&noor, ADDRESS, &again()).await;
    assert_eq!(live(&room).await, [again()[0].words, parts[0], parts[1], FLIGHT]);
    for part in &new {
        let view = room.view(&noor, *part).await;
        let text = CharIndex::new(&view.text);
        assert_eq!((view.snapshot_number, text.slice(view.span)), (2, Some(view.claim.text.as_str())));
    }
    let figure = room.view(&noor, new[0]).await.claim.measures[0].clone();
    let text = room.view(&noor, new[0]).await.text;
    assert_eq!(CharIndex::new(&text).slice(Span::new(figure.start, figure.end)), Some("At least 12"));

    // The whole is worded differently now, around the same parts.
    let reworded = format!("{RAID} It burned.");
    room.version(&noor, ADDRESS, &[said(&reworded), said(FLIGHT)]).await;
    assert_eq!(live(&room).await, [parts[0], parts[1], FLIGHT]);
    room.assert_counters_equal_a_recount().await;
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn merged_claims_are_not_found_again_one_by_one(pool: PgPool) {
    let room = Newsroom::over(pool);
    let (noor, claims) = reported(&room).await;
    let form = MergeForm { version: 1, with: vec![(claims[1], 1)] };
    room.desk.merge(&noor, claims[0], form, None).await.unwrap();
    let merged = room.view(&noor, claims[0]).await.claim.text;
    room.version(&noor, ADDRESS, &again()).await;
    assert_eq!(live(&room).await, [again()[0].words, merged.as_str()]);
    assert_eq!(room.stage_of(claims[1]).await, "dismissed");
    assert_eq!(room.view(&noor, claims[0]).await.claim.measures.len(), 2);
    room.assert_counters_equal_a_recount().await;
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn what_a_person_dismissed_is_not_found_again(pool: PgPool) {
    let room = Newsroom::over(pool);
    let (noor, claims) = reported(&room).await;
    room.desk.dismiss(&noor, claims[1], 1, because("no claim")).await.unwrap();
    room.version(&noor, ADDRESS, &again()).await;
    assert_eq!(live(&room).await, [again()[0].words, RAID]);
}

/// A claim passed on twice, that the article itself would not leave as it stands.
fn passed_on() -> (String, extract::Extraction) {
    let (text, mut read) = reading(&[
        said("At least 12 people were killed").by("Olena K."),
        said("At least 12 people were taken away").by("Petro S."),
    ]);
    let (inner, outer) = read.quotations.split_at_mut(1);
    inner[0].within = Some(1);
    inner[0].polarity = Polarity::Denied;
    outer[0].told_to = Some("the Courier".to_owned());
    if let Some(speaker) = &mut inner[0].source {
        speaker.party = Some("the garrison".to_owned());
        speaker.role = Some("commander".to_owned());
    }
    read.claims[0].statement = Some("At least 12 people were killed near the mill".to_owned());
    (text, read)
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn who_passed_a_claim_on_and_what_they_made_of_it_is_kept(pool: PgPool) {
    let room = Newsroom::over(pool);
    let noor = room.reviewer("Noor").await;
    let (text, read) = passed_on();
    let added = room.desk.add_read_article(&noor, article("Raid", &text), &read, None).await.unwrap();
    let claims = room.claims_of(added.article).await;
    let view = room.view(&noor, claims[0]).await;
    assert_eq!(view.statement.as_deref(), Some("At least 12 people were killed near the mill"));
    let hops: Vec<_> = view
        .attributions
        .iter()
        .map(|hop| (hop.name.as_deref(), hop.polarity, hop.party.as_deref(), hop.told_to.as_deref()))
        .collect();
    assert_eq!(
        hops,
        [
            (Some("Olena K."), Polarity::Denied, Some("the garrison"), None),
            (Some("Petro S."), Polarity::Asserted, None, Some("the Courier")),
        ]
    );
    assert_eq!(view.claim.source.as_deref(), Some("Olena K."), "the original source counts");

    // Another source takes the place of the first one of the chain only.
    let source = Some(by("Ivan D."));
    let form = CorrectionForm { version: 1, source, ..CorrectionForm::default() };
    room.desk.correct(&noor, claims[0], form).await.unwrap();
    let hops: Vec<_> = room.view(&noor, claims[0]).await.attributions;
    assert_eq!(
        hops.iter().map(|hop| hop.name.as_deref()).collect::<Vec<_>>(),
        [Some("Ivan D."), Some("Petro S.")]
    );
    assert_eq!((hops[0].party.as_deref(), hops[0].polarity), (None, Polarity::Denied));
    room.assert_counters_equal_a_recount().await;
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn speech_that_is_reported_in_itself_ends(pool: PgPool) {
    let room = Newsroom::over(pool);
    let noor = room.reviewer("Noor").await;
    let (text, mut read) = passed_on();
    read.quotations[1].within = Some(0);
    let added = room.desk.add_read_article(&noor, article("Raid", &text), &read, None).await.unwrap();
    let claims = room.claims_of(added.article).await;
    assert_eq!(room.view(&noor, claims[0]).await.attributions.len(), 2);
}
