use crate::harness::{Newsroom, address_of, article, because, is_refused, outlet, verdict};
use crate::publish::note;
use chrono::{DateTime, TimeDelta, Utc};
use desk::{
    Error, EstimateForm, IncidentFilter, IncidentRow, IncidentStanding, IncidentView, MergeForm, NewArticle,
    SpanGiven, SplitForm, SplitTo,
};
use domain::grade::Reliability;
use domain::id::{ArticleId, ClaimId, IncidentId, SourceId};
use domain::ledger::MarkKind;
use domain::link::LinkKind;
use domain::measure::Indicator;
use domain::policy::{Actor, Role};
use domain::text::Span;
use domain::words::{ArticleText, ClaimWords, Title};
use domain::workflow::Stage;
use sqlx::PgPool;

const DAY_ONE: &str = "DARUM, Kesmara, March 12 - At least 19 people were killed when rockets struck a market in the town of \
    Darum on Tuesday, the health ministry said. The rebel commander Abu Seif said that 60 people were killed.";
pub const DAY_TWO: &str = "The death toll from Tuesday's rocket attack on the market of Darum has risen to 41, the health \
    ministry said on Wednesday.";
const DAY_THREE: &str = "The death toll of Tuesday's rocket attack on the market of Darum was lowered to 37, the health \
    ministry said on Thursday.";
pub const ELSEWHERE: &str = "ORHAN, Kesmara, March 12 - Twelve people were killed when rockets hit a bus station in the town of \
    Orhan on Tuesday, the governor said.";

pub async fn report(room: &Newsroom, by: &Actor, title: &str, text: &str, day: &str) -> ArticleId {
    let published: DateTime<Utc> = format!("{day}T10:00:00Z").parse().unwrap();
    let new = NewArticle {
        title: Title::parse(title).unwrap(),
        text: ArticleText::parse(text).unwrap(),
        outlet: outlet(title.split(' ').next().unwrap_or_default()),
        address: None,
        author: None,
        published: Some(published),
        language: None,
    };
    room.desk.add_article(by, new, None).await.unwrap().article
}

pub async fn darum(room: &Newsroom, by: &Actor) -> Vec<ArticleId> {
    vec![
        report(room, by, "Wire: rockets hit Darum market, 19 dead", DAY_ONE, "2024-03-12").await,
        report(room, by, "Post: Darum market toll rises to 41", DAY_TWO, "2024-03-13").await,
        report(room, by, "Courier: Darum market toll cut to 37", DAY_THREE, "2024-03-14").await,
    ]
}

pub async fn incidents(room: &Newsroom, by: &Actor) -> Vec<IncidentRow> {
    room.desk.incidents(by, &IncidentFilter::default(), None, 50).await.unwrap().rows
}

pub async fn only(room: &Newsroom, by: &Actor) -> IncidentView {
    let all = incidents(room, by).await;
    assert_eq!(all.len(), 1, "{all:#?}");
    room.desk.incident(by, all[0].id).await.unwrap()
}

fn killed(view: &IncidentView) -> &desk::LedgerView {
    view.ledgers.iter().find(|ledger| ledger.indicator == Indicator::Killed).expect("figures of the killed")
}

fn marks(view: &IncidentView) -> Vec<MarkKind> {
    killed(view).marks.iter().map(|mark| mark.kind).collect()
}

async fn in_incident(room: &Newsroom, id: IncidentId) -> Vec<ClaimId> {
    let ids: Vec<uuid::Uuid> = sqlx::query_scalar(
        "select claim_id from incident_claim where incident_id = $1 and standing = 'confirmed' order by claim_id",
    )
    .bind(id.0)
    .fetch_all(&room.pool)
    .await
    .unwrap();
    ids.into_iter().map(ClaimId).collect()
}

async fn memberships(room: &Newsroom) -> String {
    sqlx::query_scalar(
        "select string_agg(incident_id || ' ' || claim_id || ' ' || standing || ' ' || coalesce(decided_by::text, ''), E'\n'
                           order by incident_id, claim_id) from incident_claim",
    )
    .fetch_one(&room.pool)
    .await
    .unwrap()
}

async fn assert_tallies_equal_a_recount(room: &Newsroom) {
    let wrong = room
        .count(
            "select count(*) from incident_tally t
               left join lateral (
                select count(*) filter (where m.standing = 'confirmed') as a,
                       count(distinct c.article_id) filter (where m.standing = 'confirmed') as b,
                       count(*) filter (where m.standing = 'confirmed' and is_undecided(c.stage)) as c,
                       count(*) filter (where m.standing = 'confirmed' and c.contradiction is not null
                                          and c.stage <> 'dismissed') as d,
                       count(*) filter (where m.standing = 'proposed' and c.stage <> 'dismissed') as e
                  from incident_claim m join claim c on c.id = m.claim_id where m.incident_id = t.incident_id) n on true
              where (t.claims, t.articles, t.open, t.contradictory, t.proposed) <> (n.a, n.b, n.c, n.d, n.e)",
        )
        .await;
    assert_eq!(wrong, 0, "counters differ from a recount");
}

pub async fn assert_history_holds(room: &Newsroom) {
    let seen = room.desk.verify_history(None, None, |_| {}).await.unwrap();
    assert_eq!(seen.findings, []);
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn reports_of_one_event_become_one_incident_and_those_of_another_do_not(pool: PgPool) {
    let room = Newsroom::over(pool);
    let robin = room.reviewer("Robin").await;
    darum(&room, &robin).await;
    let view = only(&room, &robin).await;
    assert_eq!((view.incident.articles, view.incident.claims), (3, 4));
    assert!(view.incident.title.starts_with("Darum"), "{}", view.incident.title);
    report(&room, &robin, "Wire: twelve killed in Orhan", ELSEWHERE, "2024-03-12").await;
    assert_eq!(incidents(&room, &robin).await.len(), 2);
    let of_darum = IncidentFilter { q: Some("darum".into()), ..IncidentFilter::default() };
    assert_eq!(room.desk.incidents(&robin, &of_darum, None, 50).await.unwrap().rows.len(), 1);
    let found = room.desk.find(&robin, "darum").await.unwrap().incidents;
    assert_eq!(found.iter().map(|one| (one.id, one.claims)).collect::<Vec<_>>(), [(view.incident.id, 4)]);
    assert_tallies_equal_a_recount(&room).await;
    assert_history_holds(&room).await;
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_ministry_that_cuts_its_toll_is_marked_and_stays_one_line(pool: PgPool) {
    let room = Newsroom::over(pool);
    let robin = room.reviewer("Robin").await;
    darum(&room, &robin).await;
    let view = only(&room, &robin).await;
    let ledger = killed(&view);
    let ministry =
        ledger.lines.iter().find(|line| line.source.to_lowercase().contains("ministry")).expect("its line");
    assert_eq!((ministry.figures.len(), ministry.outlets), (3, 3));
    assert!(marks(&view).contains(&MarkKind::BackwardRevision), "{:#?}", ledger.marks);
    assert_eq!(ledger.computed.as_ref().and_then(|estimate| estimate.range.best), Some(37.0));
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn figures_that_cannot_both_be_right_go_up_in_the_queue_and_come_down_again(pool: PgPool) {
    let room = Newsroom::over(pool);
    let robin = room.reviewer("Robin").await;
    darum(&room, &robin).await;
    let view = only(&room, &robin).await;
    assert!(marks(&view).contains(&MarkKind::Conflict));
    let marked: Vec<ClaimId> =
        view.members.iter().filter(|m| m.contradiction.is_some()).map(|m| m.claim.id).collect();
    assert_eq!(marked.len(), 2, "{:#?}", view.members);
    assert_eq!(view.incident.contradictory, 2);
    for claim in &marked {
        let claim = room.desk.claim(&robin, *claim).await.unwrap();
        assert!(claim.contributions().iter().any(|part| part.why.contains("contradicts")));
        assert_eq!(
            i32::from(claim.claim.priority),
            claim.contributions().iter().map(|p| p.points).sum::<i32>()
        );
        assert!(claim.history.iter().any(|entry| entry.event.kind() == "contradicted"));
    }
    let rebel =
        view.members.iter().find(|m| m.claim.text.contains("60")).expect("the rebels' figure").claim.id;
    room.desk.reject_from_incident(&robin, view.incident.id, rebel, None, None).await.unwrap();
    assert_eq!(room.count("select count(*) from claim where contradiction is not null").await, 0);
    assert_tallies_equal_a_recount(&room).await;
    assert_history_holds(&room).await;
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn reading_the_same_text_again_changes_nothing(pool: PgPool) {
    let room = Newsroom::over(pool);
    let robin = room.reviewer("Robin").await;
    darum(&room, &robin).await;
    let (before, events) = (memberships(&room).await, room.events().await);
    darum(&room, &robin).await;
    sqlx::query("insert into gathering (claim_id, at) select id, '2000-01-01' from claim")
        .execute(&room.pool)
        .await
        .unwrap();
    assert_eq!(room.desk.gather_left().await.unwrap(), 3);
    assert_eq!(memberships(&room).await, before);
    assert_eq!(room.events().await, events);
    assert_eq!(room.count("select count(*) from gathering").await, 0);
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn what_a_person_said_stands_whatever_the_rules_think(pool: PgPool) {
    let room = Newsroom::over(pool);
    let robin = room.reviewer("Robin").await;
    darum(&room, &robin).await;
    let view = only(&room, &robin).await;
    let claim = view.members[0].claim.id;
    let before = memberships(&room).await;
    room.desk
        .reject_from_incident(&robin, view.incident.id, claim, Some(because("Another market.")), None)
        .await
        .unwrap();
    assert!(!in_incident(&room, view.incident.id).await.contains(&claim));
    // The rules looked for another incident, and did not put it back.
    let of_claim = room.desk.incidents_of(&robin, claim).await.unwrap();
    assert!(of_claim.iter().all(|of| of.incident != view.incident.id), "{of_claim:?}");
    let view = room.desk.incident(&robin, view.incident.id).await.unwrap();
    room.desk.undo_incident_change(&robin, view.incident.id, view.changes[0].id, None).await.unwrap();
    assert_eq!(memberships(&room).await, before);
    assert!(
        room.desk.undo_incident_change(&robin, view.incident.id, view.changes[0].id, None).await.is_err(),
        "once"
    );
    assert_tallies_equal_a_recount(&room).await;
    assert_history_holds(&room).await;
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_claim_is_about_one_incident_and_moves_when_a_person_says_so(pool: PgPool) {
    let room = Newsroom::over(pool);
    let robin = room.reviewer("Robin").await;
    darum(&room, &robin).await;
    let orhan = report(&room, &robin, "Wire: twelve killed in Orhan", ELSEWHERE, "2024-03-12").await;
    let claim = room.claims_of(orhan).await[0];
    let own = room.desk.incidents_of(&robin, claim).await.unwrap()[0].incident;
    let darum = incidents(&room, &robin).await.into_iter().find(|row| row.id != own).expect("Darum").id;
    room.desk.confirm_in_incident(&robin, darum, claim, None).await.unwrap();
    let of_claim = room.desk.incidents_of(&robin, claim).await.unwrap();
    assert_eq!(of_claim.len(), 1);
    assert_eq!((of_claim[0].incident, of_claim[0].standing), (darum, IncidentStanding::Confirmed));
    assert_eq!(of_claim[0].by.as_deref(), Some("Robin"));
    let history = room.desk.history(&robin, claim, None).await.unwrap();
    assert!(history.iter().any(|entry| entry.event.kind() == "joined_incident"));
    let view = room.desk.incident(&robin, darum).await.unwrap();
    room.desk.undo_incident_change(&robin, view.incident.id, view.changes[0].id, None).await.unwrap();
    assert_eq!(room.desk.incidents_of(&robin, claim).await.unwrap()[0].incident, own);
    assert_history_holds(&room).await;
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_merge_can_be_taken_back_and_leaves_everything_as_it_was(pool: PgPool) {
    let room = Newsroom::over(pool);
    let (robin, edith) = (room.reviewer("Robin").await, room.editor("Edith").await);
    darum(&room, &robin).await;
    report(&room, &robin, "Wire: twelve killed in Orhan", ELSEWHERE, "2024-03-12").await;
    let all = incidents(&room, &edith).await;
    let (from, into) = (all[1].clone(), all[0].clone());
    let before = memberships(&room).await;
    assert!(is_refused(&room.desk.merge_incidents(&robin, from.id, from.version, into.id, None).await));
    room.desk.merge_incidents(&edith, from.id, from.version, into.id, None).await.unwrap();
    let rows = incidents(&room, &edith).await;
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0].claims, from.claims + into.claims);
    let merged = room.desk.incident_row(&edith, from.id).await.unwrap();
    assert_eq!(merged.merged_into, Some(into.id));
    let again = room.desk.merge_incidents(&edith, from.id, merged.version, into.id, None).await;
    assert!(matches!(again, Err(Error::Invalid(_))), "{again:?}");
    let change = room.desk.incident(&edith, into.id).await.unwrap().changes[0].id;
    let elsewhere = room.desk.undo_incident_change(&edith, from.id, change, None).await;
    assert!(matches!(elsewhere, Err(Error::NotFound(_))), "it was done with the other: {elsewhere:?}");
    assert!(is_refused(&room.desk.undo_incident_change(&robin, into.id, change, None).await));
    room.desk.undo_incident_change(&edith, into.id, change, None).await.unwrap();
    assert_eq!(memberships(&room).await, before);
    assert_eq!(incidents(&room, &edith).await.len(), 2);
    assert_tallies_equal_a_recount(&room).await;
    assert_history_holds(&room).await;
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn claims_are_split_off_and_a_change_that_was_built_upon_is_not_taken_back(pool: PgPool) {
    let room = Newsroom::over(pool);
    let (robin, edith) = (room.reviewer("Robin").await, room.editor("Edith").await);
    darum(&room, &robin).await;
    let view = only(&room, &edith).await;
    let (id, version) = (view.incident.id, view.incident.version);
    let claims: Vec<ClaimId> = view.members.iter().take(2).map(|member| member.claim.id).collect();
    let new = |title: &str| SplitTo::New(Title::parse(title).unwrap());
    let stale = room.desk.split_incident(&edith, id, version + 1, &claims, new("Second strike"), None).await;
    assert!(matches!(stale, Err(Error::Stale { .. })), "{stale:?}");
    let before = memberships(&room).await;
    let other =
        room.desk.split_incident(&edith, id, version, &claims, new("Second strike"), None).await.unwrap();
    assert_eq!(in_incident(&room, other).await.len(), 2);
    assert_eq!(room.desk.incident_row(&edith, other).await.unwrap().title, "Second strike");
    let change = room.desk.incident(&edith, id).await.unwrap().changes[0].id;
    room.desk.confirm_in_incident(&robin, id, claims[0], None).await.unwrap();
    let blocked = room.desk.undo_incident_change(&edith, id, change, None).await;
    assert!(matches!(blocked, Err(Error::Invalid(_))), "{blocked:?}");
    let last = room.desk.incident(&edith, id).await.unwrap().changes[0].id;
    room.desk.undo_incident_change(&edith, id, last, None).await.unwrap();
    room.desk.undo_incident_change(&edith, id, change, None).await.unwrap();
    assert_eq!(memberships(&room).await, before);
    assert_tallies_equal_a_recount(&room).await;
    assert_history_holds(&room).await;
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn an_editors_figure_holds_until_it_is_left_to_the_rules(pool: PgPool) {
    let room = Newsroom::over(pool);
    let (robin, edith) = (room.reviewer("Robin").await, room.editor("Edith").await);
    darum(&room, &robin).await;
    let id = only(&room, &edith).await.incident.id;
    let set = |figure: Option<&'static str>| {
        room.desk.set_estimate(
            &edith,
            id,
            Indicator::Killed,
            EstimateForm::new(figure, because("Names compared.")),
            None,
        )
    };
    assert!(matches!(set(Some("many")).await, Err(Error::Invalid(_))));
    set(Some("37-44")).await.unwrap();
    let own = killed(&only(&room, &edith).await).own.clone().expect("the editor's");
    assert_eq!((own.range.low, own.range.high, own.number), (Some(37.0), Some(44.0), 1));
    assert_eq!((own.basis.as_str(), own.by.as_str()), ("Names compared.", "Edith"));
    set(None).await.unwrap();
    assert_eq!(killed(&only(&room, &edith).await).own, None);
    let change = only(&room, &edith).await.changes[0].id;
    room.desk.undo_incident_change(&edith, id, change, None).await.unwrap();
    assert_eq!(killed(&only(&room, &edith).await).own.clone().map(|own| own.range), Some(own.range));
    let view = only(&room, &edith).await;
    room.desk
        .rename_incident(&edith, id, view.incident.version, Title::parse("Market of Darum").unwrap(), None)
        .await
        .unwrap();
    assert_eq!(only(&room, &edith).await.incident.title, "Market of Darum");
    let kinds: Vec<&str> = only(&room, &edith).await.history.iter().map(|entry| entry.event.kind()).collect();
    assert!(kinds.contains(&"incident_began") && kinds.contains(&"incident_renamed"), "{kinds:?}");
    assert_history_holds(&room).await;
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn undoing_a_merge_leaves_what_an_editor_held_of_the_other_incident(pool: PgPool) {
    let room = Newsroom::over(pool);
    let (robin, edith) = (room.reviewer("Robin").await, room.editor("Edith").await);
    darum(&room, &robin).await;
    let into = only(&room, &edith).await.incident.id;
    report(&room, &robin, "Wire: twelve killed in Orhan", ELSEWHERE, "2024-03-12").await;
    let from = incidents(&room, &edith).await.into_iter().find(|row| row.id != into).expect("Orhan");
    room.desk
        .set_estimate(
            &edith,
            into,
            Indicator::Killed,
            EstimateForm::new(Some("41"), because("Names compared.")),
            None,
        )
        .await
        .unwrap();
    room.desk.merge_incidents(&edith, from.id, from.version, into, None).await.unwrap();
    let change = room.desk.incident(&edith, into).await.unwrap().changes[0].id;
    room.desk.undo_incident_change(&edith, into, change, None).await.unwrap();
    let own = killed(&room.desk.incident(&edith, into).await.unwrap()).own.clone().expect("the editor's");
    assert_eq!((own.range.best, own.basis.as_str()), (Some(41.0), "Names compared."));
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn an_editors_figure_goes_with_its_incident_where_the_other_has_none(pool: PgPool) {
    let room = Newsroom::over(pool);
    let (robin, edith, marta) =
        (room.reviewer("Robin").await, room.editor("Edith").await, room.editor("Marta").await);
    darum(&room, &robin).await;
    let into = only(&room, &edith).await.incident.id;
    report(&room, &robin, "Wire: twelve killed in Orhan", ELSEWHERE, "2024-03-12").await;
    let from = incidents(&room, &edith).await.into_iter().find(|row| row.id != into).expect("Orhan").id;
    let held = async |of: Indicator| {
        let view = room.desk.incident(&edith, into).await.unwrap();
        let own =
            view.ledgers.iter().find(|ledger| ledger.indicator == of).and_then(|ledger| ledger.own.clone());
        own.map(|own| (own.range.best, own.basis, own.by))
    };
    let merged = async || {
        let version = room.desk.incident_row(&edith, from).await.unwrap().version;
        room.desk.merge_incidents(&edith, from, version, into, None).await.unwrap();
        room.desk.incident(&edith, into).await.unwrap().changes[0].clone()
    };
    for of in [Indicator::Killed, Indicator::Wounded] {
        room.desk
            .set_estimate(&marta, from, of, EstimateForm::new(Some("12"), because("The register.")), None)
            .await
            .unwrap();
    }
    let theirs = Some((Some(12.0), "The register.".to_owned(), "Marta".to_owned()));
    let change = merged().await;
    assert_eq!(
        (held(Indicator::Killed).await, held(Indicator::Wounded).await),
        (theirs.clone(), theirs.clone())
    );
    assert!(!change.what.to_string().contains("stay"), "{}", change.what);
    room.desk.undo_incident_change(&edith, into, change.id, None).await.unwrap();
    assert_eq!((held(Indicator::Killed).await, held(Indicator::Wounded).await), (None, None));

    room.desk
        .set_estimate(&edith, into, Indicator::Killed, EstimateForm::new(Some("41"), because("Names.")), None)
        .await
        .unwrap();
    let own = held(Indicator::Killed).await;
    let change = merged().await;
    assert_eq!((held(Indicator::Killed).await, held(Indicator::Wounded).await), (own.clone(), theirs));
    assert!(change.what.to_string().contains("those here stay"), "{}", change.what);
    room.desk.undo_incident_change(&edith, into, change.id, None).await.unwrap();
    assert_eq!((held(Indicator::Killed).await, held(Indicator::Wounded).await), (own, None));
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn figures_that_editors_set_are_taken_back_one_after_the_other_with_their_basis(pool: PgPool) {
    let room = Newsroom::over(pool);
    let (robin, edith) = (room.reviewer("Robin").await, room.editor("Edith").await);
    let marta = room.editor("Marta").await;
    darum(&room, &robin).await;
    let id = only(&room, &edith).await.incident.id;
    let set = async |who: &Actor, figure: &str, basis: &str| {
        room.desk
            .set_estimate(who, id, Indicator::Killed, EstimateForm::new(Some(figure), because(basis)), None)
            .await
            .unwrap();
        only(&room, &edith).await.changes[0].id
    };
    let first = set(&edith, "41", "Names compared.").await;
    let second = set(&marta, "44", "The hospital's list.").await;
    room.desk.undo_incident_change(&marta, id, second, None).await.unwrap();
    let own = killed(&only(&room, &edith).await).own.clone().expect("the first");
    assert_eq!(
        (own.range.best, own.basis.as_str(), own.by.as_str()),
        (Some(41.0), "Names compared.", "Edith")
    );
    // Also where the figure stayed and its basis alone was another.
    let third = set(&marta, "41", "The hospital's list.").await;
    room.desk.undo_incident_change(&marta, id, third, None).await.unwrap();
    let own = killed(&only(&room, &edith).await).own.clone().expect("the first");
    assert_eq!((own.basis.as_str(), own.by.as_str()), ("Names compared.", "Edith"));
    room.desk.undo_incident_change(&edith, id, first, None).await.unwrap();
    assert_eq!(killed(&only(&room, &edith).await).own, None);
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn an_editor_does_not_replace_a_figure_that_was_set_since(pool: PgPool) {
    let room = Newsroom::over(pool);
    let (robin, edith, marta) =
        (room.reviewer("Robin").await, room.editor("Edith").await, room.editor("Marta").await);
    darum(&room, &robin).await;
    let id = only(&room, &edith).await.incident.id;
    let set = async |who: &Actor, figure: Option<&str>, seen: i32| {
        let form = EstimateForm { seen: Some(seen), ..EstimateForm::new(figure, because("Names compared.")) };
        room.desk.set_estimate(who, id, Indicator::Killed, form, None).await
    };
    set(&edith, Some("41"), 0).await.unwrap();
    match set(&marta, Some("44"), 0).await {
        Err(Error::Stale { by, current: 1, differences }) => {
            assert_eq!((by.as_str(), differences.len()), ("Edith", 1));
            assert_eq!((differences[0].yours.as_str(), differences[0].theirs.as_str()), ("44", "41"));
        }
        other => panic!("{other:?}"),
    }
    set(&marta, Some("44"), 1).await.unwrap();
    assert!(matches!(set(&edith, None, 1).await, Err(Error::Stale { current: 2, .. })));
    set(&edith, None, 2).await.unwrap();
    set(&marta, Some("44"), 0).await.unwrap();
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn what_an_editor_did_later_with_a_figure_does_not_bar_undoing_something_else(pool: PgPool) {
    let room = Newsroom::over(pool);
    let (robin, edith) = (room.reviewer("Robin").await, room.editor("Edith").await);
    darum(&room, &robin).await;
    let view = only(&room, &edith).await;
    let (id, claim) = (view.incident.id, view.members[0].claim.id);
    room.desk.reject_from_incident(&robin, id, claim, None, None).await.unwrap();
    let rejected = room.desk.incident(&edith, id).await.unwrap().changes[0].id;
    room.desk
        .set_estimate(&edith, id, Indicator::Killed, EstimateForm::new(Some("41"), because("Names.")), None)
        .await
        .unwrap();
    room.desk.undo_incident_change(&robin, id, rejected, None).await.unwrap();
    let own = killed(&room.desk.incident(&edith, id).await.unwrap()).own.clone().expect("the editor's");
    assert_eq!(own.range.best, Some(41.0));
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_claim_is_not_put_back_into_an_incident_that_was_merged_since(pool: PgPool) {
    let room = Newsroom::over(pool);
    let (robin, edith) = (room.reviewer("Robin").await, room.editor("Edith").await);
    darum(&room, &robin).await;
    let darum = only(&room, &edith).await.incident.id;
    let orhan = report(&room, &robin, "Wire: twelve killed in Orhan", ELSEWHERE, "2024-03-12").await;
    let claim = room.claims_of(orhan).await[0];
    let own = room.desk.incidents_of(&robin, claim).await.unwrap()[0].incident;
    let third = ELSEWHERE.replace("Orhan", "Selmar");
    let third = report(&room, &robin, "Wire: twelve killed in Selmar", &third, "2024-03-12").await;
    let third = room.desk.incidents_of(&robin, room.claims_of(third).await[0]).await.unwrap()[0].incident;
    room.desk.confirm_in_incident(&robin, darum, claim, None).await.unwrap();
    let moved = room.desk.incident(&edith, darum).await.unwrap().changes[0].id;
    let version = room.desk.incident_row(&edith, own).await.unwrap().version;
    room.desk.merge_incidents(&edith, own, version, third, None).await.unwrap();
    let barred = room.desk.undo_incident_change(&robin, darum, moved, None).await;
    assert!(matches!(&barred, Err(Error::Invalid(_))), "{barred:?}");
    let merged = room.desk.incident(&edith, third).await.unwrap().changes[0].id;
    room.desk.undo_incident_change(&edith, third, merged, None).await.unwrap();
    room.desk.undo_incident_change(&robin, darum, moved, None).await.unwrap();
    assert_eq!(room.desk.incidents_of(&robin, claim).await.unwrap()[0].incident, own);
    assert_tallies_equal_a_recount(&room).await;
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_contradiction_ends_with_the_claim_that_made_it(pool: PgPool) {
    let room = Newsroom::over(pool);
    let robin = room.reviewer("Robin").await;
    darum(&room, &robin).await;
    let view = only(&room, &robin).await;
    let rebel = view.members.iter().find(|m| m.claim.text.contains("60")).expect("the rebels'").claim.id;
    let version = room.version_of(rebel).await;
    room.desk.dismiss(&robin, rebel, version, because("Not a claim.")).await.unwrap();
    room.wait_minutes(1);
    room.desk.gather_left().await.unwrap();
    let marked = "select count(*) from claim where contradiction is not null and stage <> 'dismissed'";
    assert_eq!(room.count(marked).await, 0);
    assert_eq!(room.desk.gather_left().await.unwrap(), 0, "nothing is left behind for ever");
}

/// An article of another place, the second claim of which a person has put into the incident of Darum, where
/// it contradicts others.
async fn out_of_place(room: &Newsroom, by: &Actor) -> Vec<ClaimId> {
    darum(room, by).await;
    let view = only(room, by).await;
    let rebel = view.members.iter().find(|m| m.claim.text.contains("60")).expect("the rebels'").claim.id;
    room.desk.reject_from_incident(by, view.incident.id, rebel, None, None).await.unwrap();
    assert_eq!(standing_contradictions(room).await, 0);
    let text = format!("{ELSEWHERE} The rebel commander Abu Seif said that 60 people were killed in Orhan.");
    let orhan = report(room, by, "Wire: twelve killed in Orhan", &text, "2024-03-12").await;
    let mut claims = room.claims_of(orhan).await;
    let sixty = room.desk.claim_rows(by, &claims).await.unwrap();
    let sixty = sixty.into_iter().find(|row| row.text.contains("60")).expect("60 killed").id;
    claims.retain(|claim| *claim != sixty);
    claims.push(sixty);
    room.desk.confirm_in_incident(by, view.incident.id, sixty, None).await.unwrap();
    claims
}

/// How many claims in work contradict others in the incident of Darum.
async fn standing_contradictions(room: &Newsroom) -> i64 {
    room.wait_minutes(1);
    room.desk.gather_left().await.unwrap();
    assert_tallies_equal_a_recount(room).await;
    let marked = "select count(*) from claim c join article a on a.id = c.article_id
                   where c.contradiction is not null and c.stage <> 'dismissed' and a.title like '%Darum%'";
    room.count(marked).await
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_contradiction_ends_with_the_claim_that_is_merged_into_another(pool: PgPool) {
    let room = Newsroom::over(pool);
    let robin = room.reviewer("Robin").await;
    let claims = out_of_place(&room, &robin).await;
    let (into, sixty) = (claims[0], claims[1]);
    assert!(standing_contradictions(&room).await > 0);
    let with = vec![(sixty, room.version_of(sixty).await)];
    let form = MergeForm { version: room.version_of(into).await, with };
    room.desk.merge(&robin, into, form, None).await.unwrap();
    assert_eq!(standing_contradictions(&room).await, 0);
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_contradiction_ends_with_the_claim_that_is_split(pool: PgPool) {
    let room = Newsroom::over(pool);
    let robin = room.reviewer("Robin").await;
    let sixty = out_of_place(&room, &robin).await[1];
    assert!(standing_contradictions(&room).await > 0);
    let part = |words: &str| SpanGiven::Words(ClaimWords::parse(words).unwrap());
    let parts = vec![part("60 people were"), part("killed in Orhan")];
    let form = SplitForm { version: room.version_of(sixty).await, parts };
    room.desk.split(&robin, sixty, form, None).await.unwrap();
    assert_eq!(standing_contradictions(&room).await, 0);
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn claims_split_off_say_where_they_were_and_an_empty_incident_catches_none(pool: PgPool) {
    let room = Newsroom::over(pool);
    let (robin, edith) = (room.reviewer("Robin").await, room.editor("Edith").await);
    darum(&room, &robin).await;
    let darum = only(&room, &edith).await.incident.id;
    let orhan = report(&room, &robin, "Wire: twelve killed in Orhan", ELSEWHERE, "2024-03-12").await;
    let claim = room.claims_of(orhan).await[0];
    room.desk.confirm_in_incident(&robin, darum, claim, None).await.unwrap();
    let version = room.desk.incident_row(&edith, darum).await.unwrap().version;
    let title = Title::parse("A bus station").unwrap();
    let new =
        room.desk.split_incident(&edith, darum, version, &[claim], SplitTo::New(title), None).await.unwrap();
    assert_eq!(room.desk.incident_row(&edith, new).await.unwrap().place.as_deref(), Some("Orhan"));
    let change = room.desk.incident(&edith, darum).await.unwrap().changes[0].id;
    room.desk.undo_incident_change(&edith, darum, change, None).await.unwrap();
    let kept = sqlx::query_scalar::<_, i64>("select count(*) from incident_facts where incident_id = $1");
    assert_eq!(kept.bind(new.0).fetch_one(&room.pool).await.unwrap(), 0);
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn what_a_later_version_of_an_article_says_it_says_since_then(pool: PgPool) {
    let room = Newsroom::over(pool);
    let robin = room.reviewer("Robin").await;
    let text = |toll: &str| {
        format!(
            "DARUM, Kesmara, March 12 - {toll} people were killed when rockets struck a market in the town of Darum on \
             Tuesday, the health ministry said."
        )
    };
    let add = async |toll: &str| {
        let new = NewArticle {
            address: Some(address_of("https://wire.example/darum")),
            published: Some("2024-03-12T10:00:00Z".parse().unwrap()),
            ..article("Rockets hit Darum", &text(toll))
        };
        room.desk.add_article(&robin, new, None).await.unwrap();
    };
    add("At least 19").await;
    room.wait_minutes(60);
    add("41").await;
    let view = only(&room, &robin).await;
    let ledger = killed(&view);
    let current = ledger.lines[0].current.map(|at| ledger.figures[at].figure.words.clone());
    assert_eq!((ledger.lines.len(), current.as_deref()), (1, Some("41")), "{:#?}", ledger.lines);
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn what_is_split_is_as_new_as_the_claim_that_it_was_split_from(pool: PgPool) {
    let room = Newsroom::over(pool);
    let robin = room.reviewer("Robin").await;
    let add = async |toll: &str| {
        let text = format!(
            "DARUM, Kesmara, March 12 - {toll} people were killed when rockets struck a market in the town of Darum on \
             Tuesday, the health ministry said."
        );
        let new = NewArticle {
            address: Some(address_of("https://wire.example/darum")),
            published: Some("2024-03-12T10:00:00Z".parse().unwrap()),
            ..article("Rockets hit Darum", &text)
        };
        room.desk.add_article(&robin, new, None).await.unwrap().article
    };
    add("At least 19").await;
    room.wait_minutes(60);
    let since = room.desk.clock().now();
    let article = add("41").await;
    room.wait_minutes(60);
    let (claim, start, end, words): (uuid::Uuid, i32, i32, String) = sqlx::query_as(
        "select id, span_start, span_end, text from claim where article_id = $1 and in_latest and text like '%41%'",
    )
    .bind(article.0)
    .fetch_one(&room.pool)
    .await
    .unwrap();
    let (start, end) = (u32::try_from(start).unwrap(), u32::try_from(end).unwrap());
    let cut = start + u32::try_from(words.find(" when ").unwrap()).unwrap();
    let parts = vec![SpanGiven::At(Span { start, end: cut }), SpanGiven::At(Span { start: cut + 1, end })];
    let claim = ClaimId(claim);
    let version = room.version_of(claim).await;
    room.desk.split(&robin, claim, SplitForm { version, parts }, None).await.unwrap();
    let view = only(&room, &robin).await;
    let of_later: Vec<_> =
        killed(&view).figures.iter().map(|on| &on.figure).filter(|figure| figure.words == "41").collect();
    assert_eq!(of_later.iter().map(|figure| figure.at).collect::<Vec<_>>(), [since], "{of_later:#?}");
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_merge_forgets_nothing_that_people_rejected(pool: PgPool) {
    let room = Newsroom::over(pool);
    let (robin, edith) = (room.reviewer("Robin").await, room.editor("Edith").await);
    darum(&room, &robin).await;
    let darum = only(&room, &robin).await;
    report(&room, &robin, "Wire: twelve killed in Orhan", ELSEWHERE, "2024-03-12").await;
    let orhan =
        incidents(&room, &edith).await.into_iter().find(|row| row.id != darum.incident.id).expect("Orhan");
    let rebel =
        darum.members.iter().find(|m| m.claim.text.contains("60")).expect("the rebels' figure").claim.id;
    room.desk.reject_from_incident(&robin, darum.incident.id, rebel, None, None).await.unwrap();
    let stands = async |incident: IncidentId| {
        sqlx::query_as::<_, (String, Option<uuid::Uuid>)>(
            "select standing, decided_by from incident_claim where incident_id = $1 and claim_id = $2",
        )
        .bind(incident.0)
        .bind(rebel.0)
        .fetch_optional(&room.pool)
        .await
        .unwrap()
    };
    let rejected = Some(("rejected".to_owned(), Some(robin.id.0)));
    for (from, into) in [(darum.incident.id, orhan.id), (orhan.id, darum.incident.id)] {
        // Whatever the rules made of it since.
        sqlx::query("delete from incident_claim where claim_id = $1 and decided_by is null")
            .bind(rebel.0)
            .execute(&room.pool)
            .await
            .unwrap();
        if from == orhan.id {
            sqlx::query("insert into incident_claim values ($1, $2, 'confirmed', 70, '[]', null, now())")
                .bind(orhan.id.0)
                .bind(rebel.0)
                .execute(&room.pool)
                .await
                .unwrap();
        }
        let before = memberships(&room).await;
        let version = room.desk.incident_row(&edith, from).await.unwrap().version;
        room.desk.merge_incidents(&edith, from, version, into, None).await.unwrap();
        assert_eq!(stands(into).await, rejected);
        sqlx::query("insert into gathering values ($1, '2000-01-01') on conflict do nothing")
            .bind(rebel.0)
            .execute(&room.pool)
            .await
            .unwrap();
        room.wait_minutes(1);
        room.desk.gather_left().await.unwrap();
        assert_eq!(stands(into).await, rejected, "the rules do not bring it back");
        let change = room.desk.incident(&edith, into).await.unwrap().changes[0].id;
        room.desk.undo_incident_change(&edith, into, change, None).await.unwrap();
        assert_eq!(memberships(&room).await, before);
    }
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn contradictions_come_back_with_a_claim_that_was_set_aside(pool: PgPool) {
    let room = Newsroom::over(pool);
    let (robin, edith) = (room.reviewer("Robin").await, room.editor("Edith").await);
    darum(&room, &robin).await;
    let view = only(&room, &robin).await;
    let rebel =
        view.members.iter().find(|m| m.claim.text.contains("60")).expect("the rebels' figure").claim.id;
    let marked = async || {
        room.wait_minutes(1);
        room.desk.gather_left().await.unwrap();
        assert_tallies_equal_a_recount(&room).await;
        room.count("select count(*) from claim where contradiction is not null and stage <> 'dismissed'")
            .await
    };
    assert_eq!(marked().await, 2);
    room.desk.dismiss(&robin, rebel, 1, because("Not a claim.")).await.unwrap();
    assert_eq!(marked().await, 0);
    room.desk.reopen(&edith, rebel, 2, because("It is one.")).await.unwrap();
    assert_eq!(marked().await, 2);
    // Also where it comes back because the claim moved that it was a duplicate of.
    let ministry =
        view.members.iter().find(|m| m.claim.text.contains("19")).expect("the first toll").claim.id;
    room.judge(&robin, ministry, "verified").await;
    let version = room.version_of(rebel).await;
    room.desk.dismiss_as_duplicate(&robin, rebel, version, ministry, None).await.unwrap();
    assert_eq!(marked().await, 0);
    room.publish(&edith, ministry, None).await;
    let version = room.version_of(ministry).await;
    room.desk.withdraw(&edith, ministry, version, note("Of another day.")).await.unwrap();
    assert_eq!(marked().await, 2);
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn two_names_that_are_parted_contradict_each_other_again(pool: PgPool) {
    let room = Newsroom::over(pool);
    let (robin, edith) = (room.reviewer("Robin").await, room.editor("Edith").await);
    darum(&room, &robin).await;
    let source = async |like: &str| {
        sqlx::query_as::<_, (uuid::Uuid, String)>("select id, name from source where name ilike $1")
            .bind(like)
            .fetch_one(&room.pool)
            .await
            .unwrap()
    };
    let ((rebel, _), (_, ministry)) = (source("%Abu Seif%").await, source("%ministry%").await);
    let marked = async || {
        room.wait_minutes(1);
        room.desk.gather_left().await.unwrap();
        room.count("select count(*) from claim where contradiction is not null").await
    };
    let apart = marked().await;
    assert!(apart > 0);
    room.desk.name_source(&edith, SourceId(rebel), &ministry, because("The same.")).await.unwrap();
    assert!(marked().await < apart, "nobody contradicts themselves");
    room.desk.part_source(&edith, SourceId(rebel), because("Another one.")).await.unwrap();
    assert_eq!(marked().await, apart);
    // A grade changes no contradiction: nothing is brought to its incident again.
    let grade = room.desk.grade_source(&robin, SourceId(rebel), Reliability::C, because("Often."), None);
    grade.await.unwrap();
    assert_eq!(room.count("select count(*) from gathering").await, 0);
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn nobody_is_asked_where_a_claim_belongs_that_is_set_aside(pool: PgPool) {
    let room = Newsroom::over(pool);
    let (robin, edith) = (room.reviewer("Robin").await, room.editor("Edith").await);
    darum(&room, &robin).await;
    let view = only(&room, &robin).await;
    let (id, claim) = (view.incident.id, view.members[0].claim.id);
    sqlx::query("update incident_claim set standing = 'proposed' where claim_id = $1")
        .bind(claim.0)
        .execute(&room.pool)
        .await
        .unwrap();
    sqlx::query("update incident_tally set claims = claims - 1, open = open - 1, proposed = 1")
        .execute(&room.pool)
        .await
        .unwrap();
    let asked = async || {
        let listed = room.desk.proposals(&robin, None, 50).await.unwrap().rows.len();
        (listed, room.desk.incident_row(&robin, id).await.unwrap().proposed)
    };
    assert_eq!(asked().await, (1, 1));
    room.desk.dismiss(&robin, claim, 1, because("Not a claim.")).await.unwrap();
    assert_eq!(asked().await, (0, 0));
    room.desk.reopen(&edith, claim, 2, because("It is one.")).await.unwrap();
    assert_eq!(asked().await, (1, 1));
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn what_cannot_be_brought_to_its_incident_holds_up_nobody_else(pool: PgPool) {
    let room = Newsroom::over(pool);
    let robin = room.reviewer("Robin").await;
    let bad = report(&room, &robin, "Wire: rockets hit Darum market, 19 dead", DAY_ONE, "2024-03-12").await;
    report(&room, &robin, "Wire: twelve killed in Orhan", ELSEWHERE, "2024-03-12").await;
    sqlx::query("update measure set body = '{}' from claim where claim.id = claim_id and article_id = $1")
        .bind(bad.0)
        .execute(&room.pool)
        .await
        .unwrap();
    sqlx::query(
        "insert into gathering (claim_id, at) select id, '2000-01-01' from claim on conflict do nothing",
    )
    .execute(&room.pool)
    .await
    .unwrap();
    assert_eq!(room.desk.gather_left().await.unwrap(), 2);
    let left = room.count("select count(*) from gathering where at < '2001-01-01'").await;
    assert_eq!((left, room.desk.gather_left().await.unwrap()), (0, 0), "it waits");
    let waiting: i64 = sqlx::query_scalar(
        "select count(*) from gathering join claim on claim.id = claim_id where article_id <> $1",
    )
    .bind(bad.0)
    .fetch_one(&room.pool)
    .await
    .unwrap();
    assert_eq!(waiting, 0);
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn who_may_only_read_changes_no_incident(pool: PgPool) {
    let room = Newsroom::over(pool);
    let (robin, vera) = (room.reviewer("Robin").await, room.person("Vera", Role::Viewer).await);
    darum(&room, &robin).await;
    let view = only(&room, &vera).await;
    let (id, claim) = (view.incident.id, view.members[0].claim.id);
    assert!(is_refused(&room.desk.confirm_in_incident(&vera, id, claim, None).await));
    assert!(is_refused(&room.desk.reject_from_incident(&vera, id, claim, None, None).await));
    let title = Title::parse("T").unwrap();
    assert!(is_refused(&room.desk.rename_incident(&robin, id, 1, title.clone(), None).await));
    assert!(is_refused(&room.desk.split_incident(&robin, id, 1, &[claim], SplitTo::New(title), None).await));
    let own = room
        .desk
        .set_estimate(&robin, id, Indicator::Killed, EstimateForm::new(Some("41"), because("Seen.")), None)
        .await;
    assert!(is_refused(&own));
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn the_verdict_on_a_copy_is_taken_over_with_one_word_and_taken_back_with_another(pool: PgPool) {
    let room = Newsroom::over(pool);
    let (robin, rosa) = (room.reviewer("Robin").await, room.reviewer("Rosa").await);
    darum(&room, &robin).await;
    let copy = report(&room, &robin, "Mirror: Darum market toll rises to 41", DAY_TWO, "2024-03-13").await;
    let copy = room.claims_of(copy).await[0];
    let view = only(&room, &robin).await;
    let first = view
        .members
        .iter()
        .find(|m| m.claim.text.contains("41") && m.claim.id != copy)
        .expect("the first")
        .claim
        .id;
    assert_eq!(room.desk.same_as(&rosa, copy).await.unwrap(), None, "nothing is decided");
    let version = room.version_of(first).await;
    room.desk.give_verdict(&robin, first, verdict("unverified", version), None).await.unwrap();
    let same = room.desk.same_as(&rosa, copy).await.unwrap().expect("the decided one");
    assert_eq!((same.claim, same.rating.as_str()), (first, "unverified"));
    let other = view.members.iter().find(|m| m.claim.text.contains("60")).expect("another figure").claim.id;
    let version = room.version_of(copy).await;
    assert!(matches!(
        room.desk.reuse_verdict(&rosa, copy, other, version, None).await,
        Err(Error::Invalid(_))
    ));
    let verdict = room.desk.reuse_verdict(&rosa, copy, first, version, None).await.unwrap();
    let claim = room.view(&rosa, copy).await;
    assert_eq!((claim.claim.stage, claim.claim.rating.as_deref()), (Stage::Settled, Some("unverified")));
    assert!(
        claim
            .links
            .iter()
            .any(|link| link.kind == LinkKind::Duplicate && link.outgoing && link.other == first)
    );
    assert!(claim.history.iter().any(|entry| entry.event.kind() == "verdict_reused"));
    assert_tallies_equal_a_recount(&room).await;
    room.desk.undo_verdict(&rosa, verdict).await.unwrap();
    let claim = room.view(&rosa, copy).await;
    assert_eq!((claim.claim.rating, claim.links.len()), (None, 0));
    assert_tallies_equal_a_recount(&room).await;
    assert_history_holds(&room).await;
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_verdict_is_taken_over_by_what_says_the_same_alone(pool: PgPool) {
    let room = Newsroom::over(pool);
    let (robin, rosa) = (room.reviewer("Robin").await, room.reviewer("Rosa").await);
    let first = report(&room, &robin, "Post: Darum market toll rises to 41", DAY_TWO, "2024-03-13").await;
    let copy = report(&room, &robin, "Mirror: Darum market toll rises to 41", DAY_TWO, "2024-03-13").await;
    let (first, copy) = (room.claims_of(first).await[0], room.claims_of(copy).await[0]);
    room.judge(&robin, first, "verified").await;
    let is_offered = async || room.desk.same_as(&rosa, copy).await.unwrap().is_some();
    assert!(is_offered().await);
    for other in [
        r#"update measure set body = body || '{"counts": "soldiers"}' where claim_id = $1"#,
        r#"update measure set body = body || '{"side": "Kesmara"}' where claim_id = $1"#,
        r#"update measure set body = body || '{"past": "withdrawn"}' where claim_id = $1"#,
        r#"update measure set body = body || '{"only_some": true}' where claim_id = $1"#,
        r#"update measure set body = body || '{"place": "Orhan"}' where claim_id = $1"#,
        r#"update measure set body = body || '{"denied": true}' where claim_id = $1"#,
        "update attribution set polarity = 'denied' where claim_id = $1 and hop = 0",
        "update claim set source_id = null where id = $1",
    ] {
        let kept: (serde_json::Value, Option<uuid::Uuid>) = sqlx::query_as(
            "select m.body, claim.source_id from claim join measure m on m.claim_id = claim.id where claim.id = $1",
        )
        .bind(copy.0)
        .fetch_one(&room.pool)
        .await
        .unwrap();
        sqlx::query(other).bind(copy.0).execute(&room.pool).await.unwrap();
        assert!(!is_offered().await, "{other}");
        let version = room.version_of(copy).await;
        let taken = room.desk.reuse_verdict(&rosa, copy, first, version, None).await;
        assert!(matches!(taken, Err(Error::Invalid(_))), "{other}: {taken:?}");
        for (back, value) in [
            ("update measure set body = $2 where claim_id = $1", kept.0),
            ("update claim set source_id = ($2 ->> 0)::uuid where id = $1", serde_json::json!([kept.1])),
            (
                "update attribution set polarity = $2 ->> 0 where claim_id = $1",
                serde_json::json!(["asserted"]),
            ),
        ] {
            sqlx::query(back).bind(copy.0).bind(value).execute(&room.pool).await.unwrap();
        }
        assert!(is_offered().await);
    }
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_decided_claim_is_no_longer_open_in_its_incident(pool: PgPool) {
    let room = Newsroom::over(pool);
    let robin = room.reviewer("Robin").await;
    darum(&room, &robin).await;
    let view = only(&room, &robin).await;
    room.judge(&robin, view.members[0].claim.id, "verified").await;
    let row = room.desk.incident_row(&robin, view.incident.id).await.unwrap();
    assert_eq!(row.open, view.incident.open - 1);
    assert_tallies_equal_a_recount(&room).await;
    let filter = desk::ClaimFilter { incident: Some(view.incident.id), ..Default::default() };
    let listed = room.desk.claims(&robin, &filter, desk::Sort::Priority, None, 50).await.unwrap().rows;
    assert_eq!(listed.len(), usize::try_from(view.incident.claims).unwrap());
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn lists_of_incidents_go_on_where_they_ended(pool: PgPool) {
    let room = Newsroom::over(pool);
    let robin = room.reviewer("Robin").await;
    for (n, town) in ["Alba", "Brona", "Cerith", "Dolmar", "Estrin"].iter().enumerate() {
        let text = format!(
            "{} - Nine people were killed by shelling in the town of {town}, police said.",
            town.to_uppercase()
        );
        let day = (chrono::NaiveDate::from_ymd_opt(2024, 1, 1).unwrap() + TimeDelta::days(70 * n as i64))
            .to_string();
        report(&room, &robin, &format!("Wire: shelling in {town}"), &text, &day).await;
    }
    let mut seen = Vec::new();
    let mut after = None;
    loop {
        let page = room.desk.incidents(&robin, &IncidentFilter::default(), after, 2).await.unwrap();
        seen.extend(page.rows.into_iter().map(|row| row.id));
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    let all: Vec<IncidentId> = incidents(&room, &robin).await.into_iter().map(|row| row.id).collect();
    assert_eq!((seen.len(), seen), (5, all));
}
