use crate::harness::{Newsroom, because, said, verdict};
use desk::{Among, Assignment, ClaimFilter, Error, NotificationFilter, Sort};
use domain::id::{AccountId, ClaimId, HandoutId};
use domain::notification::Occasion;
use domain::policy::Actor;
use domain::workflow::Blocked;
use sqlx::PgPool;

async fn claims(room: &Newsroom, by: &Actor, n: usize) -> Vec<ClaimId> {
    let words: Vec<String> = (0..n).map(|n| format!("At least 12 died in house {n}.")).collect();
    let all: Vec<_> = words.iter().map(|words| said(words)).collect();
    room.article(by, "Raid", &all).await.1
}

fn to(claims: &[ClaimId], person: Option<&Actor>) -> Vec<Assignment> {
    claims.iter().map(|claim| Assignment { claim: *claim, to: person.map(|person| person.id) }).collect()
}

async fn give(room: &Newsroom, by: &Actor, claims: &[ClaimId], person: Option<&Actor>) -> HandoutId {
    room.desk.assign(by, &to(claims, person), None).await.unwrap()
}

async fn with(room: &Newsroom, by: &Actor, claim: ClaimId) -> Option<String> {
    room.desk.claim_row(by, claim).await.unwrap().assignee
}

async fn has(room: &Newsroom, by: &Actor, person: AccountId) -> i64 {
    room.desk.hands(by).await.unwrap().iter().find(|one| one.id == person).unwrap().has
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn the_queue_gives_what_is_assigned_first_and_to_nobody_else(pool: PgPool) {
    let room = Newsroom::over(pool);
    let (eda, noor, ola) =
        (room.editor("Eda").await, room.reviewer("Noor").await, room.reviewer("Ola").await);
    let all = claims(&room, &eda, 4).await;
    give(&room, &eda, &all[2..], Some(&noor)).await;
    let queue = room.desk.queue(&ola).await.unwrap();
    assert_eq!(queue.waiting, 2);
    assert!(queue.next.iter().all(|row| all[..2].contains(&row.id)) && queue.assigned.is_empty());
    let own = room.desk.queue(&noor).await.unwrap();
    assert_eq!((own.waiting, own.assigned.len(), own.next.len()), (4, 2, 2));
    // Hers first, then what anybody may take; the other gets only that.
    let mut taken = Vec::new();
    for _ in 0..3 {
        let next = room.desk.take_next(&noor, None, None).await.unwrap().unwrap();
        room.judge(&noor, next, "verified").await;
        taken.push(next);
    }
    assert!(all[2..].contains(&taken[0]) && all[2..].contains(&taken[1]) && all[..2].contains(&taken[2]));
    let last = room.desk.take_next(&ola, None, None).await.unwrap().unwrap();
    assert!(all[..2].contains(&last) && last != taken[2]);
    room.desk.release(&ola, last).await.unwrap();
    give(&room, &eda, &[last], Some(&noor)).await;
    assert_eq!(room.desk.take_next(&ola, None, None).await.unwrap(), None);
    room.assert_counters_equal_a_recount().await;
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn whoever_skips_all_of_their_own_comes_to_the_rest(pool: PgPool) {
    let room = Newsroom::over(pool);
    let (eda, noor) = (room.editor("Eda").await, room.reviewer("Noor").await);
    let all = claims(&room, &eda, 4).await;
    give(&room, &eda, &all[..2], Some(&noor)).await;
    let mut seen = Vec::new();
    let mut after = None;
    for _ in 0..4 {
        let next = room.desk.take_next(&noor, after, None).await.unwrap().unwrap();
        room.desk.release(&noor, next).await.unwrap();
        seen.push(next);
        after = Some(next);
    }
    assert_eq!(seen, all, "each once, one's own before the others");
    // What was given meanwhile comes after a verdict.
    let free = room.desk.take_next(&noor, Some(all[1]), None).await.unwrap().unwrap();
    room.judge(&noor, free, "verified").await;
    let next = room.desk.take_next(&noor, Some(free), None).await.unwrap().unwrap();
    assert!(all[..2].contains(&next));
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_reviewer_gives_claims_to_themselves_and_an_editor_to_anybody(pool: PgPool) {
    let room = Newsroom::over(pool);
    let (eda, noor, ola) =
        (room.editor("Eda").await, room.reviewer("Noor").await, room.reviewer("Ola").await);
    let vera = room.person("Vera", domain::policy::Role::Viewer).await;
    let all = claims(&room, &eda, 2).await;
    give(&room, &noor, &all[..1], Some(&noor)).await;
    assert_eq!(with(&room, &eda, all[0]).await.as_deref(), Some("Noor"));
    for (by, claim, person) in [(&noor, all[1], Some(&ola)), (&ola, all[0], Some(&ola)), (&ola, all[0], None)]
    {
        let refused = room.desk.assign(by, &to(&[claim], person), None).await;
        assert!(matches!(refused, Err(Error::Refused(_))), "{refused:?}");
    }
    assert!(matches!(room.desk.assign(&vera, &to(&all, Some(&vera)), None).await, Err(Error::Refused(_))));
    let nobody = room.desk.assign(&eda, &to(&all, Some(&vera)), None).await;
    assert!(matches!(nobody, Err(Error::Invalid(invalid)) if invalid.field == "to"));
    give(&room, &noor, &all[..1], None).await;
    assert_eq!(with(&room, &eda, all[0]).await, None);
    give(&room, &eda, &all, Some(&ola)).await;
    give(&room, &eda, &all[..1], Some(&noor)).await;
    assert_eq!(
        room.told(&eda, all[0]).await.split_off(1),
        [
            "Noor assigned it to Noor",
            "Noor took it off the list of Noor",
            "Eda assigned it to Ola",
            "Eda assigned it to Noor, who has it from Ola"
        ]
    );
    let filter = NotificationFilter { occasion: Some(Occasion::Assignment), ..NotificationFilter::default() };
    let told = async |who: &Actor| room.desk.notifications(who, filter, None, 9).await.unwrap().rows.len();
    assert_eq!((told(&noor).await, told(&ola).await, told(&eda).await), (1, 2, 0));
    let verified = room.desk.verify_history(None, None, |_| ()).await.unwrap();
    assert_eq!(verified.findings, []);
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_published_claim_cannot_be_assigned(pool: PgPool) {
    let room = Newsroom::over(pool);
    let (eda, noor) = (room.editor("Eda").await, room.reviewer("Noor").await);
    let all = claims(&room, &eda, 4).await;
    for claim in &all[..2] {
        room.judge(&noor, *claim, "verified").await;
    }
    room.desk.publish(&eda, all[0], 2, None).await.unwrap();
    room.desk.dismiss(&noor, all[2], 1, because("twice")).await.unwrap();
    let events = room.events().await;
    let refused = room.desk.assign(&eda, &to(&all, Some(&noor)), None).await;
    let Err(Error::Unassignable { of: 4, refused }) = refused else { panic!("{refused:?}") };
    let mut claims: Vec<ClaimId> = refused.iter().map(|one| one.claim).collect();
    claims.sort();
    let mut expected = all[..3].to_vec();
    expected.sort();
    assert_eq!(claims, expected);
    let why = |claim: ClaimId| refused.iter().find(|one| one.claim == claim).unwrap().why.to_string();
    assert_eq!(why(all[0]), "A claim that is published cannot be assigned.");
    assert_eq!(with(&room, &eda, all[3]).await, None, "nothing is half done");
    assert_eq!(room.events().await, events);
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn what_is_decided_is_nobodys_to_do_any_more(pool: PgPool) {
    let room = Newsroom::over(pool);
    let (eda, noor) = (room.editor("Eda").await, room.reviewer("Noor").await);
    let all = claims(&room, &eda, 3).await;
    give(&room, &eda, &all, Some(&noor)).await;
    assert_eq!(has(&room, &eda, noor.id).await, 3);
    room.judge(&eda, all[0], "verified").await;
    room.desk.dismiss(&eda, all[1], 1, because("twice")).await.unwrap();
    assert_eq!((with(&room, &eda, all[0]).await, with(&room, &eda, all[1]).await), (None, None));
    assert_eq!(has(&room, &eda, noor.id).await, 1);
    room.desk.reopen(&eda, all[0], 2, because("news")).await.unwrap();
    assert_eq!(with(&room, &eda, all[0]).await, None);
    room.assert_counters_equal_a_recount().await;
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn the_second_review_is_not_given_to_who_gave_the_first(pool: PgPool) {
    let room = Newsroom::over(pool);
    let (eda, noor, ola) =
        (room.editor("Eda").await, room.reviewer("Noor").await, room.reviewer("Ola").await);
    let all = claims(&room, &eda, 1).await;
    give(&room, &eda, &all, Some(&noor)).await;
    let ada = room.person("Ada", domain::policy::Role::Admin).await;
    crate::second_review::rules(&room, &ada, vec![domain::desk_policy::Rule::default()]).await;
    room.judge(&noor, all[0], "verified").await;
    assert_eq!(room.stage_of(all[0]).await, "awaiting_second_review");
    assert_eq!(with(&room, &eda, all[0]).await, None, "the first verdict is given");
    let refused = room.desk.assign(&eda, &to(&all, Some(&noor)), None).await;
    let Err(Error::Unassignable { refused, .. }) = refused else { panic!("{refused:?}") };
    assert_eq!(refused[0].why.to_string(), Blocked::GaveFirst.to_string());
    let preview = room.desk.preview_handout(&eda, &all, &Among::People(vec![noor.id, ola.id])).await.unwrap();
    assert_eq!(preview.rows[0].to.as_ref().map(|to| to.name.as_str()), Some("Ola"));
    give(&room, &eda, &all, Some(&ola)).await;
    assert_eq!(room.desk.queue(&noor).await.unwrap().waiting, 0);
    assert_eq!(room.desk.take_next(&ola, None, None).await.unwrap(), Some(all[0]));
    room.assert_counters_equal_a_recount().await;
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_preview_says_what_handing_out_then_does(pool: PgPool) {
    let room = Newsroom::over(pool);
    let (eda, noor, ola) =
        (room.editor("Eda").await, room.reviewer("Noor").await, room.reviewer("Ola").await);
    let all = claims(&room, &eda, 7).await;
    give(&room, &eda, &all[..2], Some(&noor)).await;
    room.judge(&eda, all[6], "verified").await;
    let events = room.events().await;
    let among = Among::People(vec![noor.id, ola.id]);
    let preview = room.desk.preview_handout(&eda, &all[2..], &among).await.unwrap();
    assert_eq!(room.events().await, events, "looking changes nothing");
    assert_eq!((preview.would_have(noor.id), preview.would_have(ola.id)), (3, 3));
    assert_eq!(preview.rows.iter().filter(|row| row.why_not.is_some()).count(), 1);
    assert_eq!(preview.assignments().len(), 4);
    room.desk.assign(&eda, &preview.assignments(), None).await.unwrap();
    assert_eq!((has(&room, &eda, noor.id).await, has(&room, &eda, ola.id).await), (3, 3));
    // Whatever is found, one may only give to oneself.
    let other = room.desk.preview_handout(&noor, &all, &Among::People(vec![ola.id])).await;
    assert!(matches!(other, Err(Error::Refused(_))));
    let off = room.desk.preview_handout(&eda, &all, &Among::Nobody).await.unwrap();
    assert_eq!((off.assignments().len(), off.would_have(noor.id)), (6, 0));
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn handing_out_is_undone_as_a_whole_but_for_what_moved_since(pool: PgPool) {
    let room = Newsroom::over(pool);
    let (eda, noor, ola) =
        (room.editor("Eda").await, room.reviewer("Noor").await, room.reviewer("Ola").await);
    let all = claims(&room, &eda, 3).await;
    give(&room, &eda, &all[..1], Some(&ola)).await;
    let id = give(&room, &eda, &all, Some(&noor)).await;
    let last = room.desk.last_handout(&eda).await.unwrap().unwrap();
    assert_eq!((last.id, last.claims), (id, 3));
    assert!(matches!(room.desk.undo_handout(&noor, id).await, Err(Error::NotFound(_))));
    room.judge(&noor, all[2], "verified").await;
    let back = room.desk.undo_handout(&eda, id).await.unwrap();
    assert_eq!((back.claims, back.left), (2, 1));
    assert_eq!(with(&room, &eda, all[0]).await.as_deref(), Some("Ola"));
    assert_eq!(with(&room, &eda, all[1]).await, None);
    assert!(matches!(room.desk.undo_handout(&eda, id).await, Err(Error::Invalid(_))), "once");
    assert_eq!(room.desk.last_handout(&eda).await.unwrap(), None);
    let id = give(&room, &eda, &all[..1], Some(&noor)).await;
    room.wait_minutes(16);
    assert!(matches!(room.desk.undo_handout(&eda, id).await, Err(Error::Invalid(_))), "too late");
    room.assert_counters_equal_a_recount().await;
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn at_most_two_hundred_are_given_out_at_once_and_a_repeated_request_once(pool: PgPool) {
    let room = Newsroom::over(pool);
    let (eda, noor) = (room.editor("Eda").await, room.reviewer("Noor").await);
    let all = claims(&room, &eda, 2).await;
    let many: Vec<ClaimId> = (0..201).map(|_| ClaimId(uuid::Uuid::now_v7())).collect();
    let refused = room.desk.assign(&eda, &to(&many, Some(&noor)), None).await;
    assert!(matches!(refused, Err(Error::Invalid(invalid)) if invalid.field == "claims"));
    assert!(matches!(
        room.desk.assign(&eda, &to(&many[..3], Some(&noor)), None).await,
        Err(Error::NotFound(_))
    ));
    let once = crate::harness::once("a", 1);
    let first = room.desk.assign(&eda, &to(&all, Some(&noor)), Some(&once)).await.unwrap();
    let events = room.events().await;
    assert_eq!(room.desk.assign(&eda, &to(&all, Some(&noor)), Some(&once)).await.unwrap(), first);
    assert_eq!(room.events().await, events);
    assert!(matches!(room.desk.assign(&eda, &to(&all, Some(&noor)), None).await, Err(Error::Invalid(_))));
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn the_filter_by_person_finds_what_they_hold_and_what_is_theirs_to_do(pool: PgPool) {
    let room = Newsroom::over(pool);
    let (eda, noor) = (room.editor("Eda").await, room.reviewer("Noor").await);
    let all = claims(&room, &eda, 4).await;
    give(&room, &eda, &all[..2], Some(&noor)).await;
    room.desk.take(&noor, all[1]).await.unwrap();
    room.desk.take(&noor, all[2]).await.unwrap();
    for sort in [Sort::Priority, Sort::Newest, Sort::Waiting] {
        let filter = ClaimFilter { assignee: Some(noor.id), ..ClaimFilter::default() };
        let page = room.desk.claims(&eda, &filter, sort, None, 10).await.unwrap();
        let mut found: Vec<ClaimId> = page.rows.iter().map(|row| row.id).collect();
        found.sort();
        assert_eq!(found, all[..3]);
    }
    let row = room.desk.dashboard(&eda).await.unwrap().reviewers.into_iter().find(|row| row.id == noor.id);
    assert_eq!(row.map(|row| row.held), Some(3));
    // A claim under somebody's lease is judged by them all the same.
    room.desk.give_verdict(&noor, all[2], verdict("verified", 1), None).await.unwrap();
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn who_leaves_has_nothing_to_do_any_more(pool: PgPool) {
    let room = Newsroom::over(pool);
    let (eda, noor) = (room.editor("Eda").await, room.reviewer("Noor").await);
    let ada = room.person("Ada", domain::policy::Role::Admin).await;
    let all = claims(&room, &eda, 3).await;
    give(&room, &eda, &all, Some(&noor)).await;
    room.desk.take(&noor, all[0]).await.unwrap();
    room.desk.disable_account(Some(&ada), noor.id).await.unwrap();
    for claim in &all {
        assert_eq!(with(&room, &eda, *claim).await, None);
    }
    assert_eq!(room.told(&eda, all[1]).await.last().unwrap(), "Ada took it off the list of Noor");
    let verified = room.desk.verify_history(None, None, |_| ()).await.unwrap();
    assert_eq!(verified.findings, []);
    room.assert_counters_equal_a_recount().await;
}
