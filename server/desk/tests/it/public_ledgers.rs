//! What readers see of an incident's figures, and what they do not.

use crate::harness::{Newsroom, address_of, article, because, is_refused, outlet, said, verdict};
use crate::incidents::{DAY_TWO, ELSEWHERE, assert_history_holds, darum, incidents, only, report};
use crate::publish::note;
use chrono::{DateTime, TimeDelta, Utc};
use desk::{
    CorrectionForm, Error, EstimateForm, LedgerAddress, LedgerPage, MeasuresGiven, NewArticle, NewsEntry,
    PublicIncident, PublicLedger, VerdictForm,
};
use domain::grade::Reliability;
use domain::id::{ClaimId, IncidentId, SourceId};
use domain::ledger::MarkKind;
use domain::ledger_news::LedgerStep;
use domain::measure::Indicator;
use domain::policy::Actor;
use domain::words::CorrectionNote;
use sqlx::PgPool;

impl Newsroom {
    /// Publishes figures as they are seen now.
    pub async fn publish_ledger(&self, by: &Actor, id: IncidentId) -> Result<String, Error> {
        self.desk.publish_ledger(by, id, self.incident_version(id).await, None).await
    }

    pub async fn withdraw_ledger(
        &self,
        by: &Actor,
        id: IncidentId,
        note: CorrectionNote,
    ) -> Result<(), Error> {
        self.desk.withdraw_ledger(by, id, self.incident_version(id).await, note, None).await
    }

    pub async fn incident_version(&self, id: IncidentId) -> i32 {
        sqlx::query_scalar("select version from incident where id = $1")
            .bind(id.0)
            .fetch_one(&self.pool)
            .await
            .unwrap()
    }

    pub async fn public_page(&self, slug: &str) -> LedgerPage {
        match self.desk.public_ledger(slug).await.unwrap() {
            LedgerAddress::Here(page) => *page,
            other => panic!("not there: {other:?}"),
        }
    }

    /// The claim whose text has these words.
    async fn says(&self, by: &Actor, id: IncidentId, words: &str) -> ClaimId {
        let view = self.desk.incident(by, id).await.unwrap();
        view.members.iter().find(|one| one.claim.text.contains(words)).expect("a claim").claim.id
    }
}

fn killed(shown: &PublicIncident) -> &PublicLedger {
    shown.ledgers.iter().find(|of| of.indicator == Indicator::Killed).expect("figures of the killed")
}

fn points(shown: &PublicIncident) -> Vec<f64> {
    killed(shown).figures.iter().filter_map(|one| one.figure.point()).collect()
}

fn basis(shown: &PublicIncident) -> String {
    let estimate = killed(shown).estimate.as_ref().expect("an estimate");
    estimate.basis.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn editors_publish_figures_and_withdraw_them_and_the_history_says_so(pool: PgPool) {
    let room = Newsroom::over(pool);
    let (robin, edith) = (room.reviewer("Robin").await, room.editor("Edith").await);
    darum(&room, &robin).await;
    let id = only(&room, &robin).await.incident.id;
    assert!(is_refused(&room.publish_ledger(&robin, id).await));
    assert!(is_refused(&room.desk.ledger_for_readers(&robin, id).await));
    assert!(room.desk.public_ledgers(10).await.unwrap().is_empty());
    let slug = room.publish_ledger(&edith, id).await.unwrap();
    assert!(slug.starts_with("darum-"), "{slug}");
    let page = room.public_page(&slug).await;
    assert_eq!(points(&page.shown), [19.0, 60.0, 41.0, 37.0]);
    let kinds: Vec<MarkKind> = killed(&page.shown).marks.iter().map(|mark| mark.kind).collect();
    assert!(kinds.contains(&MarkKind::BackwardRevision) && kinds.contains(&MarkKind::Conflict), "{kinds:?}");

    let events = room.events().await;
    assert_eq!(room.publish_ledger(&edith, id).await.unwrap(), slug, "once is enough");
    assert_eq!(room.events().await, events);
    assert_eq!(room.desk.public_ledgers(10).await.unwrap()[0].slug, slug);

    assert!(is_refused(&room.withdraw_ledger(&robin, id, note("Two towns were mixed up.")).await));
    room.wait_minutes(5);
    room.withdraw_ledger(&edith, id, note("Two towns were mixed up.")).await.unwrap();
    let LedgerAddress::Gone(Some(last)) = room.desk.public_ledger(&slug).await.unwrap() else {
        panic!("its address says that it was withdrawn")
    };
    assert_eq!((last.number, last.note.as_deref()), (2, Some("Two towns were mixed up.")));
    assert!(room.desk.public_ledgers(10).await.unwrap().is_empty());
    let again = room.withdraw_ledger(&edith, id, note("Two towns were mixed up.")).await;
    assert!(matches!(again, Err(Error::NotFound(_))), "{again:?}");

    assert_eq!(room.publish_ledger(&edith, id).await.unwrap(), slug, "under the address that it had");
    let steps: Vec<LedgerStep> =
        room.public_page(&slug).await.publications.iter().map(|one| one.step).collect();
    assert_eq!(steps, [LedgerStep::Published, LedgerStep::Withdrawn, LedgerStep::Reinstated]);
    let view = only(&room, &robin).await;
    let told: Vec<String> = view.history.iter().map(|entry| entry.event.in_words()).collect();
    for words in [
        "published its figures",
        "withdrew its figures from the public: Two towns were mixed up.",
        "published its figures again",
    ] {
        assert!(told.iter().any(|told| told == words), "{words}: {told:?}");
    }
    assert_eq!(view.public.map(|(slug, last)| (slug, last.is_public())), Some((slug, true)));
    assert_history_holds(&room).await;
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_verdict_counts_for_readers_once_it_is_published(pool: PgPool) {
    let room = Newsroom::over(pool);
    let (robin, edith) = (room.reviewer("Robin").await, room.editor("Edith").await);
    darum(&room, &robin).await;
    let id = only(&room, &robin).await.incident.id;
    let slug = room.publish_ledger(&edith, id).await.unwrap();
    let before = room.public_page(&slug).await;
    let claim = room.says(&robin, id, "41").await;
    let form = VerdictForm { figure: Some("39".into()), ..verdict("false", room.version_of(claim).await) };
    room.wait_minutes(5);
    room.desk.give_verdict(&robin, claim, form, None).await.unwrap();
    let own = room.desk.incident_figures(&edith, id).await.unwrap();
    let own = own.iter().find(|of| of.indicator == Indicator::Killed).unwrap();
    assert_eq!(own.computed.as_ref().and_then(|estimate| estimate.range.best), Some(39.0));
    assert_eq!(
        room.public_page(&slug).await,
        before,
        "nothing of it is seen, not even that something changed"
    );

    room.publish(&edith, claim, None).await;
    let now = room.desk.clock().now();
    let after = room.public_page(&slug).await;
    assert_eq!(after.shown.changed_at, now);
    assert_eq!(after.shown.verdicts.len(), 1);
    let verdict = &after.shown.verdicts[0];
    assert_eq!((verdict.rating.key.as_str(), verdict.under_review), ("false", false));
    assert!(room.desk.public_claim(&verdict.slug).await.is_ok());
    let told = killed(&after.shown).figures.iter().find(|one| one.figure.point() == Some(41.0)).unwrap();
    assert_eq!(told.verdict, Some(0));
    assert!(basis(&after.shown).contains("the settled verdict"), "{}", basis(&after.shown));

    room.wait_minutes(5);
    room.desk.reopen(&edith, claim, room.version_of(claim).await, because("News.")).await.unwrap();
    let again = room.public_page(&slug).await;
    assert!(again.shown.verdicts[0].under_review);
    assert!(!basis(&again.shown).contains("verdict"), "{}", basis(&again.shown));
    room.desk.dismiss(&edith, claim, room.version_of(claim).await, because("Twice.")).await.unwrap();
    let gone = room.public_page(&slug).await;
    assert!(gone.shown.verdicts.is_empty() && !points(&gone.shown).contains(&41.0));
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn what_is_only_proposed_and_who_works_on_it_is_not_for_readers(pool: PgPool) {
    let room = Newsroom::over(pool);
    let (robin, edith) = (room.reviewer("Robin").await, room.editor("Edith").await);
    darum(&room, &robin).await;
    let id = only(&room, &robin).await.incident.id;
    let slug = room.publish_ledger(&edith, id).await.unwrap();
    let (rebel, first) = (room.says(&robin, id, "60").await, room.says(&robin, id, "19").await);
    sqlx::query("update incident_claim set standing = 'proposed' where claim_id = $1")
        .bind(rebel.0)
        .execute(&room.pool)
        .await
        .unwrap();
    room.desk.dismiss(&robin, first, room.version_of(first).await, because("Seen twice.")).await.unwrap();
    let basis_of_editor = because("Lists of the morgue.");
    room.desk
        .set_estimate(&edith, id, Indicator::Killed, EstimateForm::new(Some("37-41"), basis_of_editor), None)
        .await
        .unwrap();
    let page = room.public_page(&slug).await;
    assert_eq!(points(&page.shown), [41.0, 37.0]);
    assert_eq!((basis(&page.shown).as_str(), killed(&page.shown).is_own), ("Lists of the morgue.", true));
    let all = format!("{page:?}");
    for person in ["Robin", "Edith", "Seen twice", "60 people", "Abu Seif"] {
        assert!(!all.contains(person), "{person}: {all}");
    }
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn figures_of_what_has_not_run_yet_are_kept_back(pool: PgPool) {
    let room = Newsroom::over(pool);
    let (robin, edith) = (room.reviewer("Robin").await, room.editor("Edith").await);
    darum(&room, &robin).await;
    let id = only(&room, &robin).await.incident.id;
    let later = room.desk.clock().now() + TimeDelta::hours(2);
    let story = |title: &str, published: Option<DateTime<Utc>>, address: Option<&str>| NewArticle {
        outlet: outlet("Our own"),
        published,
        address: address.map(address_of),
        ..article(title, &DAY_TWO.replace("41", "44"))
    };
    for new in [
        story("Our story on Darum", None, None),
        story("Under embargo", Some(later), Some("https://own.example/darum")),
    ] {
        let added = room.desk.add_article(&robin, new, None).await.unwrap().article;
        for claim in room.claims_of(added).await {
            room.desk.confirm_in_incident(&robin, id, claim, None).await.unwrap();
        }
    }
    let shown = room.desk.ledger_for_readers(&edith, id).await.unwrap();
    assert_eq!((points(&shown), shown.kept_back), (vec![19.0, 60.0, 41.0, 37.0], 2));
    room.wait_minutes(121);
    let shown = room.desk.ledger_for_readers(&edith, id).await.unwrap();
    assert_eq!((points(&shown).contains(&44.0), shown.kept_back), (true, 1));
    assert_eq!(shown.changed_at, later, "it changed when the embargo ended");
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn the_page_follows_the_figures_and_says_when_they_last_changed(pool: PgPool) {
    let room = Newsroom::over(pool);
    let (robin, edith) = (room.reviewer("Robin").await, room.editor("Edith").await);
    darum(&room, &robin).await;
    let id = only(&room, &robin).await.incident.id;
    let slug = room.publish_ledger(&edith, id).await.unwrap();
    let published = room.desk.clock().now();
    room.wait_minutes(5);
    let rebel = room.says(&robin, id, "60").await;
    room.desk.take(&robin, rebel).await.unwrap();
    room.add_evidence(&robin, rebel).await;
    room.judge(&robin, rebel, "unverified").await;
    assert_eq!(room.public_page(&slug).await.shown.changed_at, published, "that is the desk's own work");
    room.wait_minutes(5);
    let first = room.says(&robin, id, "19").await;
    let without = CorrectionForm {
        version: room.version_of(first).await,
        measures: Some(MeasuresGiven::Without(0)),
        ..CorrectionForm::default()
    };
    room.desk.correct(&robin, first, without).await.unwrap();
    let page = room.public_page(&slug).await;
    assert_eq!(
        (points(&page.shown), page.shown.changed_at),
        (vec![60.0, 41.0, 37.0], room.desk.clock().now())
    );
    room.wait_minutes(5);
    room.desk.reject_from_incident(&robin, id, rebel, None, None).await.unwrap();
    let page = room.public_page(&slug).await;
    assert_eq!((points(&page.shown), page.shown.changed_at), (vec![41.0, 37.0], room.desk.clock().now()));
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn figures_change_with_what_their_sources_are_called_and_how_they_are_graded(pool: PgPool) {
    let room = Newsroom::over(pool);
    let (robin, edith) = (room.reviewer("Robin").await, room.editor("Edith").await);
    darum(&room, &robin).await;
    let id = only(&room, &robin).await.incident.id;
    let slug = room.publish_ledger(&edith, id).await.unwrap();
    let source = async |like: &str| {
        sqlx::query_as::<_, (uuid::Uuid, String)>("select id, name from source where name ilike $1")
            .bind(like)
            .fetch_one(&room.pool)
            .await
            .unwrap()
    };
    // Its main name stands in no claim of the incident.
    let (_, _) = room.article(&robin, "Raid", &[said("At least 12 fell.").by("Commander Seif")]).await;
    let ((rebel, _), (main, name)) = (source("%Abu Seif%").await, source("Commander Seif").await);
    let rebel = SourceId(rebel);
    let changed = async || room.public_page(&slug).await.shown.changed_at == room.desk.clock().now();
    room.wait_minutes(5);
    assert!(!changed().await);
    room.desk.name_source(&edith, rebel, &name, because("The same.")).await.unwrap();
    assert!(changed().await);
    room.wait_minutes(5);
    let grade = room.desk.grade_source(&robin, SourceId(main), Reliability::C, because("Often."), None);
    grade.await.unwrap();
    assert!(changed().await);
    room.wait_minutes(5);
    room.desk.part_source(&edith, rebel, because("Another one.")).await.unwrap();
    assert!(changed().await);
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn after_a_merge_the_address_leads_to_what_took_it_in_if_readers_may_see_that(pool: PgPool) {
    let room = Newsroom::over(pool);
    let (robin, edith) = (room.reviewer("Robin").await, room.editor("Edith").await);
    darum(&room, &robin).await;
    report(&room, &robin, "Wire: twelve killed in Orhan", ELSEWHERE, "2024-03-12").await;
    let all = incidents(&room, &edith).await;
    let (from, into) = (all[1].clone(), all[0].clone());
    let slug = room.publish_ledger(&edith, from.id).await.unwrap();
    room.desk.merge_incidents(&edith, from.id, from.version, into.id, None).await.unwrap();
    assert_eq!(room.desk.public_ledger(&slug).await.unwrap(), LedgerAddress::Gone(None));
    assert!(room.desk.public_ledgers(10).await.unwrap().is_empty());
    let merged = room.publish_ledger(&edith, from.id).await;
    assert!(matches!(merged, Err(Error::Invalid(_))), "{merged:?}");
    let other = room.publish_ledger(&edith, into.id).await.unwrap();
    assert_eq!(room.desk.public_ledger(&slug).await.unwrap(), LedgerAddress::Moved(other.clone()));
    let change = room.desk.incident(&edith, into.id).await.unwrap().changes[0].id;
    room.desk.undo_incident_change(&edith, into.id, change, None).await.unwrap();
    assert_eq!(points(&room.public_page(&slug).await.shown), [12.0]);
    assert!(matches!(room.desk.public_ledger("nothing-000000000000").await, Err(Error::NotFound(_))));
    assert_history_holds(&room).await;
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn the_database_keeps_the_order_in_which_figures_are_published_and_withdrawn(pool: PgPool) {
    let room = Newsroom::over(pool);
    let (robin, edith) = (room.reviewer("Robin").await, room.editor("Edith").await);
    darum(&room, &robin).await;
    let id = only(&room, &robin).await.incident.id;
    let slug = room.publish_ledger(&edith, id).await.unwrap();
    for (number, slug, kind) in
        [(2, slug.as_str(), "reinstated"), (3, slug.as_str(), "withdrawn"), (2, "other", "withdrawn")]
    {
        let refused = sqlx::query(
            "insert into incident_publication (id, incident_id, number, slug, kind, note, published_by, published_at)
             values (gen_random_uuid(), $1, $2, $3, $4, case when $4 = 'withdrawn' then 'Wrong town.' end, $5, now())",
        )
        .bind(id.0)
        .bind(number)
        .bind(slug)
        .bind(kind)
        .bind(edith.id.0)
        .execute(&room.pool)
        .await;
        assert!(
            refused.unwrap_err().to_string().contains("published, withdrawn and published again"),
            "{kind}"
        );
    }
    let changed = sqlx::query("delete from incident_publication").execute(&room.pool).await;
    assert!(changed.is_err(), "what was public stays on record");
}

impl Newsroom {
    /// What readers are told is new once figures have settled: each entry, newest first, in words.
    async fn news(&self) -> Vec<String> {
        self.wait_minutes(1);
        self.desk.tell_ledger_news().await.unwrap();
        let entries = self.desk.newest_news(50).await.unwrap();
        let words = |entry: &NewsEntry| match entry {
            NewsEntry::Ledger(entry) => {
                let news = entry.publication.news.iter().map(|one| one.phrase().to_string());
                let news = news.collect::<Vec<_>>().join(" ");
                format!("{} {news}", entry.publication.step.word()).trim_end().to_owned()
            }
            NewsEntry::Claim(entry) => format!("claim {}", entry.publication.kind.word()),
        };
        entries.iter().map(words).collect()
    }
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn readers_are_told_of_another_estimate_and_of_nothing_less(pool: PgPool) {
    let room = Newsroom::over(pool);
    let (robin, edith) = (room.reviewer("Robin").await, room.editor("Edith").await);
    darum(&room, &robin).await;
    let id = only(&room, &robin).await.incident.id;
    room.publish_ledger(&edith, id).await.unwrap();
    assert_eq!(room.news().await, ["published"]);
    let version = room.incident_version(id).await;
    let title = domain::words::Title::parse("Market of Darum").unwrap();
    room.desk.rename_incident(&edith, id, version, title, None).await.unwrap();
    let rebel = room.says(&robin, id, "60").await;
    room.judge(&robin, rebel, "unverified").await;
    assert_eq!(room.news().await, ["published"], "neither a title nor what is not published is news");

    let set = async |figure: &'static str| {
        room.desk
            .set_estimate(
                &edith,
                id,
                Indicator::Killed,
                EstimateForm::new(Some(figure), because("Names compared.")),
                None,
            )
            .await
    };
    set("37-44").await.unwrap();
    set("38-44").await.unwrap();
    let told = room.news().await;
    assert_eq!(told.len(), 2, "a row of changes is told as one: {told:?}");
    assert!(told[0].starts_with("changed killed: the desk holds 38–44 now, before "), "{told:?}");
    set("1-2").await.unwrap();
    set("38-44").await.unwrap();
    assert_eq!(room.news().await, told, "what was put back at once is not told at all");

    let note = note("Two towns were mixed up.");
    room.withdraw_ledger(&edith, id, note).await.unwrap();
    set("40").await.unwrap();
    let told = room.news().await;
    assert_eq!(
        (told.len(), told[0].as_str()),
        (1, "withdrawn"),
        "nobody sees what changes then, nor what stood before"
    );
    room.publish_ledger(&edith, id).await.unwrap();
    assert_eq!(room.news().await[0], "reinstated");
    let words: Vec<String> =
        only(&room, &robin).await.history.iter().map(|entry| entry.event.in_words()).collect();
    assert!(words.iter().any(|words| words.starts_with("told readers what is new: killed:")), "{words:?}");
    assert_history_holds(&room).await;
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn readers_are_told_when_sources_come_to_contradict_each_other_and_when_they_no_longer_do(
    pool: PgPool,
) {
    let room = Newsroom::over(pool);
    let (robin, edith) = (room.reviewer("Robin").await, room.editor("Edith").await);
    darum(&room, &robin).await;
    let id = only(&room, &robin).await.incident.id;
    room.publish_ledger(&edith, id).await.unwrap();
    room.desk
        .set_estimate(
            &edith,
            id,
            Indicator::Killed,
            EstimateForm::new(Some("41"), because("As it is.")),
            None,
        )
        .await
        .unwrap();
    let before = room.news().await.len();
    let rebel = room.says(&robin, id, "60").await;
    room.desk.reject_from_incident(&robin, id, rebel, None, None).await.unwrap();
    let told = room.news().await;
    assert_eq!(told.len(), before + 1, "{told:?}");
    assert!(told[0].contains(" no longer contradict each other."), "{told:?}");
    room.desk.confirm_in_incident(&robin, id, rebel, None).await.unwrap();
    let told = room.news().await;
    assert_eq!(told.len(), before + 2, "{told:?}");
    assert!(told[0].contains(": both cannot be right."), "{told:?}");
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn readers_are_told_of_a_merge_of_an_embargo_that_ends_and_of_a_verdict_that_moves_the_estimate(
    pool: PgPool,
) {
    let room = Newsroom::over(pool);
    let (robin, edith) = (room.reviewer("Robin").await, room.editor("Edith").await);
    darum(&room, &robin).await;
    let id = only(&room, &robin).await.incident.id;
    let later = room.desk.clock().now() + TimeDelta::hours(2);
    let new = NewArticle {
        outlet: outlet("Our own"),
        published: Some(later),
        address: Some(address_of("https://own.example/darum")),
        ..article("Under embargo", &DAY_TWO.replace("41", "144"))
    };
    let added = room.desk.add_article(&robin, new, None).await.unwrap().article;
    for claim in room.claims_of(added).await {
        room.desk.confirm_in_incident(&robin, id, claim, None).await.unwrap();
    }
    room.publish_ledger(&edith, id).await.unwrap();
    assert_eq!(room.news().await, ["published"]);
    room.wait_minutes(120);
    let told = room.news().await;
    assert!(told.len() == 2 && told[0].contains("144"), "it is news once its article is out: {told:?}");

    report(&room, &robin, "Wire: twelve killed in Orhan", ELSEWHERE, "2024-03-12").await;
    let orhan = incidents(&room, &edith).await.into_iter().find(|row| row.id != id).unwrap();
    let version = room.incident_version(id).await;
    room.desk.merge_incidents(&edith, id, version, orhan.id, None).await.unwrap();
    let told = room.news().await;
    let nameless = "changed These figures are part of another incident now, whose figures are not public.";
    assert_eq!(told[0], nameless, "what is not public is not named");
    let change = room.desk.incident(&edith, orhan.id).await.unwrap().changes[0].id;
    room.desk.undo_incident_change(&edith, orhan.id, change, None).await.unwrap();
    assert_eq!(room.news().await[0], "changed These figures stand by themselves again.");

    let claim = room.says(&robin, id, "60").await;
    let form = VerdictForm { figure: Some("61".into()), ..verdict("verified", room.version_of(claim).await) };
    room.desk.give_verdict(&edith, claim, form, None).await.unwrap();
    let before = room.news().await;
    room.publish(&edith, claim, None).await;
    let told = room.news().await;
    assert_eq!(told.len(), before.len() + 2, "the verdict, and what it does to the estimate: {told:?}");
    assert!(told[0].starts_with("changed killed: the desk holds "), "{told:?}");
    assert_history_holds(&room).await;
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn what_readers_see_of_figures_from_before_news_were_kept_is_taken_down_and_told_to_nobody(
    pool: PgPool,
) {
    let room = Newsroom::over(pool);
    let (robin, edith) = (room.reviewer("Robin").await, room.editor("Edith").await);
    darum(&room, &robin).await;
    let id = only(&room, &robin).await.incident.id;
    for statement in [
        "insert into incident_publication (id, incident_id, number, slug, kind, published_by, published_at)
         select gen_random_uuid(), id, 1, 'darum-000000000000', 'published', $1, $2 from incident",
        "insert into ledger_look (incident_id, due_at) select id, $2 from incident where $1 is not null",
    ] {
        let done = sqlx::query(statement).bind(edith.id.0).bind(room.desk.clock().now());
        done.execute(&room.pool).await.unwrap();
    }
    assert_eq!(room.news().await, ["published"]);
    let steps: Vec<LedgerStep> =
        room.public_page("darum-000000000000").await.publications.iter().map(|one| one.step).collect();
    assert_eq!(steps, [LedgerStep::Published, LedgerStep::Changed], "that it was taken down is kept");
    room.desk
        .set_estimate(&edith, id, Indicator::Killed, EstimateForm::new(Some("40"), because("Names.")), None)
        .await
        .unwrap();
    assert!(room.news().await[0].starts_with("changed killed: the desk holds 40 now"));
}
