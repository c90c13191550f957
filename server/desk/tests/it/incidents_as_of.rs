//! Looking back at an incident shows what was shown then, and nothing that came later.

use crate::harness::{Newsroom, because};
use crate::incidents::{DAY_TWO, ELSEWHERE, assert_history_holds, darum, incidents, report};
use chrono::{DateTime, TimeDelta, Utc};
use desk::{CorrectionForm, Error, EstimateForm, IncidentView, MeasuresGiven};
use domain::grade::Reliability;
use domain::id::{ClaimId, IncidentId, SourceId};
use domain::measure::Indicator;
use domain::policy::Actor;
use domain::words::{CorrectionNote, Title};
use sqlx::PgPool;

async fn look_back(room: &Newsroom, who: &Actor, id: IncidentId, at: DateTime<Utc>) -> IncidentView {
    room.desk.incident_then(id, at).await.unwrap().incident(who, id).await.unwrap()
}

fn assert_same(now: &str, then: &str, at: DateTime<Utc>) {
    let differs = now.lines().zip(then.lines()).find(|(now, then)| now != then);
    assert_eq!((differs, now.len()), (None, then.len()), "at {at}");
}

fn saying(view: &IncidentView, words: &str) -> ClaimId {
    view.members.iter().find(|one| one.claim.text.contains(words)).expect("a claim").claim.id
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn looking_back_at_an_incident_shows_exactly_what_was_shown(pool: PgPool) {
    let room = Newsroom::over(pool);
    let (robin, edith) = (room.reviewer("Robin").await, room.editor("Edith").await);
    darum(&room, &robin).await;
    let desk = &room.desk;
    let darum = incidents(&room, &edith).await[0].id;
    report(&room, &robin, "Wire: twelve killed in Orhan", ELSEWHERE, "2024-03-12").await;
    let orhan = incidents(&room, &edith).await.into_iter().find(|row| row.id != darum).expect("Orhan");
    let view = desk.incident(&edith, darum).await.unwrap();
    let (rebel, toll) = (saying(&view, "60"), saying(&view, "41"));
    let sources: Vec<uuid::Uuid> = sqlx::query_scalar(
        "select id from source where lower(name) like any(array['%ministry%', '%seif%']) order by name",
    )
    .fetch_all(&room.pool)
    .await
    .unwrap();
    let ministry: String = sqlx::query_scalar("select name from source where lower(name) like '%ministry%'")
        .fetch_one(&room.pool)
        .await
        .unwrap();
    let seif: uuid::Uuid = sqlx::query_scalar("select id from source where lower(name) like '%seif%'")
        .fetch_one(&room.pool)
        .await
        .unwrap();
    assert_eq!(sources.len(), 2);
    let mut moments: Vec<(DateTime<Utc>, String, String)> = Vec::new();
    macro_rules! then {
        ($what:expr) => {{
            let made = $what.await;
            let of_darum = format!("{:#?}", desk.incident(&edith, darum).await.unwrap());
            let of_orhan = format!("{:#?}", desk.incident(&edith, orhan.id).await.unwrap());
            moments.push((desk.clock().now(), of_darum, of_orhan));
            room.wait_minutes(7);
            made.unwrap()
        }};
    }
    then!(async {
        Ok::<_, Error>(report(&room, &robin, "Mirror: Darum toll rises to 41", DAY_TWO, "2024-03-13").await)
    });
    then!(desk.set_estimate(
        &edith,
        darum,
        Indicator::Killed,
        EstimateForm::new(Some("37-44"), because("Names compared.")),
        None
    ));
    then!(desk.name_source(&edith, SourceId(seif), &ministry, because("His words are theirs.")));
    then!(desk.reject_from_incident(&robin, darum, rebel, Some(because("Another market.")), None));
    let change = desk.incident(&edith, darum).await.unwrap().changes[0].id;
    then!(desk.undo_incident_change(&robin, darum, change, None));
    then!(desk.part_source(&edith, SourceId(seif), because("He speaks for himself.")));
    then!(desk.grade_source(&robin, SourceId(seif), Reliability::E, because("Wrong before."), None));
    then!(async { Ok::<_, Error>(room.judge(&robin, toll, "verified").await) });
    then!(room.publish_ledger(&edith, darum));
    // It leaves one incident for another, and comes back.
    then!(desk.confirm_in_incident(&robin, orhan.id, toll, None));
    then!(desk.confirm_in_incident(&robin, darum, toll, None));
    let without = |version| CorrectionForm {
        version,
        measures: Some(MeasuresGiven::Without(0)),
        ..CorrectionForm::default()
    };
    then!(desk.correct(&robin, rebel, without(room.version_of(rebel).await)));
    then!(desk.dismiss(&robin, rebel, room.version_of(rebel).await, because("Says nothing.")));
    let version = desk.incident_row(&edith, darum).await.unwrap().version;
    then!(desk.rename_incident(&edith, darum, version, Title::parse("Market of Darum").unwrap(), None));
    let note = CorrectionNote::parse("Two towns were mixed up.").unwrap();
    then!(room.withdraw_ledger(&edith, darum, note));
    let version = desk.incident_row(&edith, orhan.id).await.unwrap().version;
    then!(desk.merge_incidents(&edith, orhan.id, version, darum, None));
    let change = desk.incident(&edith, darum).await.unwrap().changes[0].id;
    then!(desk.undo_incident_change(&edith, darum, change, None));
    for (at, of_darum, of_orhan) in &moments {
        for (id, seen) in [(darum, of_darum), (orhan.id, of_orhan)] {
            assert_same(seen, &format!("{:#?}", look_back(&room, &edith, id, *at).await), *at);
            let between = *at + TimeDelta::minutes(3);
            assert_same(seen, &format!("{:#?}", look_back(&room, &edith, id, between).await), between);
        }
    }
    let differ = moments.windows(2).filter(|two| two[0].1 != two[1].1).count();
    assert!(differ > 12, "each step was to change what is shown: {differ}");
    assert_history_holds(&room).await;
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn an_incident_that_was_not_known_yet_is_not_shown(pool: PgPool) {
    let room = Newsroom::over(pool);
    let (robin, edith) = (room.reviewer("Robin").await, room.editor("Edith").await);
    let before = room.desk.clock().now();
    room.wait_minutes(5);
    darum(&room, &robin).await;
    let id = incidents(&room, &robin).await[0].id;
    let none = room.desk.incident_then(id, before).await.unwrap_err();
    assert_eq!(none.to_string(), "There is no such incident at that moment.");
    let to_come = room.desk.clock().now() + TimeDelta::minutes(1);
    assert_eq!(room.desk.incident_then(id, to_come).await.err().unwrap().field(), Some("as_of"));
    let nothing = room.desk.incident_then(IncidentId(uuid::Uuid::from_u128(7)), before).await;
    assert!(matches!(nothing, Err(Error::NotFound("incident"))));
    let then = room.desk.incident_then(id, room.desk.clock().now()).await.unwrap();
    assert!(then.publish_ledger(&edith, id, 1, None).await.is_err(), "the past cannot be changed");
}
