use crate::harness::Newsroom;
use desk::{Came, ClaimFilter, Error, NewView, Sort};
use domain::claim::ClaimKind;
use domain::id::{AccountId, ArticleId, SourceId};
use domain::measure::Indicator;
use domain::policy::{Actor, Role};
use domain::track::Outcome;
use domain::words::ViewName;
use domain::workflow::Stage;
use sqlx::PgPool;
use uuid::Uuid;

fn name(text: &str) -> ViewName {
    ViewName::parse(text).unwrap()
}

fn view(text: &str, shared: bool) -> NewView {
    let filter = ClaimFilter {
        stage: Some(Stage::Open),
        rating: Some("false".into()),
        outcome: Some(Outcome::NotHeld),
        kind: Some(ClaimKind::Casualty),
        indicator: Some(Indicator::Killed),
        source: Some(SourceId(Uuid::from_u128(1))),
        article: Some(ArticleId(Uuid::from_u128(2))),
        incident: None,
        assignee: Some(AccountId(Uuid::from_u128(3))),
        reviewer: Some(AccountId(Uuid::from_u128(4))),
        judged_from: "2024-03-01".parse().ok(),
        judged_to: "2024-03-14".parse().ok(),
        came: Some(Came::JudgedByTwo),
        came_from: "2024-03-02".parse().ok(),
        came_to: "2024-03-13".parse().ok(),
        scale: Some("simple".into()),
        judge: Some(AccountId(Uuid::from_u128(5))),
        other_judge: Some(AccountId(Uuid::from_u128(6))),
        evidence_from: Some(SourceId(Uuid::from_u128(7))),
        since_before: "2024-03-14T11:59:59.123456Z".parse().ok(),
        q: Some("“ferry” -Kozinka & more".into()),
    };
    NewView { name: name(text), filter, sort: Sort::Waiting, shared }
}

async fn names(room: &Newsroom, who: &Actor) -> Vec<String> {
    room.desk.views(who).await.unwrap().into_iter().map(|view| view.name).collect()
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_view_keeps_the_filter_and_the_order(pool: PgPool) {
    let room = Newsroom::over(pool);
    let noor = room.reviewer("Noor").await;
    room.desk.save_view(&noor, view("Ferry", false), None).await.unwrap();
    let none = NewView { filter: ClaimFilter::default(), sort: Sort::Priority, ..view("all", false) };
    room.desk.save_view(&noor, none, None).await.unwrap();
    let kept = room.desk.views(&noor).await.unwrap();
    assert_eq!((kept[1].filter.clone(), kept[1].sort), (view("Ferry", false).filter, Sort::Waiting));
    assert_eq!(kept[0].filter, ClaimFilter::default());
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_view_is_private_until_it_is_shared_with_the_desk(pool: PgPool) {
    let room = Newsroom::over(pool);
    let (eda, noor, vera) =
        (room.editor("Eda").await, room.reviewer("Noor").await, room.person("Vera", Role::Viewer).await);
    let id = room.desk.save_view(&noor, view("Ferry", false), None).await.unwrap();
    room.desk.save_view(&vera, view("Ferry", true), None).await.unwrap();
    assert_eq!(names(&room, &noor).await, ["Ferry", "Ferry"]);
    assert_eq!(names(&room, &eda).await, ["Ferry"]);
    assert!(
        matches!(room.desk.delete_view(&eda, id).await, Err(Error::NotFound(_))),
        "not even an editor sees it"
    );
    room.desk.change_view(&noor, id, &name("Sunk"), true).await.unwrap();
    assert_eq!(names(&room, &vera).await, ["Ferry", "Sunk"]);
    let again = room.desk.save_view(&noor, view("sunk", false), None).await;
    assert!(matches!(again, Err(Error::Invalid(invalid)) if invalid.field == "name"));
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_shared_view_is_changed_by_its_owner_or_an_editor(pool: PgPool) {
    let room = Newsroom::over(pool);
    let (eda, noor, ola) =
        (room.editor("Eda").await, room.reviewer("Noor").await, room.reviewer("Ola").await);
    let id = room.desk.save_view(&noor, view("Ferry", true), None).await.unwrap();
    let events = room.events().await;
    assert!(matches!(room.desk.change_view(&ola, id, &name("Mine"), true).await, Err(Error::Refused(_))));
    assert!(matches!(room.desk.delete_view(&ola, id).await, Err(Error::Refused(_))));
    room.desk.change_view(&eda, id, &name("Ferry"), false).await.unwrap();
    assert_eq!(names(&room, &ola).await, ["Ferry"], "sharing is its owner's to decide");
    assert_eq!(room.events().await, events);
    room.desk.change_view(&eda, id, &name("Sinkings"), false).await.unwrap();
    room.desk.delete_view(&eda, id).await.unwrap();
    assert!(names(&room, &noor).await.is_empty());
    assert_eq!(room.events().await, events + 2);
    assert!(matches!(room.desk.delete_view(&noor, id).await, Err(Error::NotFound(_))));
}
