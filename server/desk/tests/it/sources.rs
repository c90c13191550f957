//! One speaker under several names, how what it said held up, and finding anything by a part of its
//! name.

use crate::harness::{Newsroom, because, is_refused, said};
use desk::{ClaimFilter, Error, Sort};
use domain::claim::Polarity;
use domain::grade::Reliability;
use domain::id::{ClaimId, IncidentId, SourceId};
use domain::policy::Actor;
use domain::scale::Tone;
use domain::track::{Outcome, Track};
use sqlx::{Connection as _, PgConnection, PgPool};

async fn called(room: &Newsroom, name: &str) -> SourceId {
    let id =
        sqlx::query_scalar("select id from source where name = $1").bind(name).fetch_one(&room.pool).await;
    SourceId(id.unwrap())
}

/// A text in which two names speak, which are one ministry.
async fn two_names(room: &Newsroom, by: &Actor) -> (Vec<ClaimId>, SourceId, SourceId) {
    let texts = [
        said("Twelve soldiers were killed").by("Ministry of Defence"),
        said("Fourteen soldiers were killed").by("Defence Ministry"),
        said("Nine soldiers were killed").by("Governor"),
    ];
    let (_, claims) = room.article(by, "Two names", &texts).await;
    (claims, called(room, "Ministry of Defence").await, called(room, "Defence Ministry").await)
}

/// All who speak are bodies, not people.
async fn are_bodies(room: &Newsroom) {
    sqlx::query("update source set kind = 'organisation'").execute(&room.pool).await.unwrap();
}

fn invalid_field<T>(result: Result<T, Error>) -> &'static str {
    match result {
        Err(Error::Invalid(invalid)) => invalid.field,
        _ => panic!("it is refused"),
    }
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn two_names_of_one_source_have_one_list_of_claims_and_one_track_record(pool: PgPool) {
    let room = Newsroom::over(pool);
    let (eda, noor) = (room.editor("Eda").await, room.reviewer("Noor").await);
    let (claims, ministry, other) = two_names(&room, &eda).await;
    room.judge(&noor, claims[0], "verified").await;
    room.judge(&noor, claims[1], "false").await;
    let of = |source| ClaimFilter { source: Some(source), ..ClaimFilter::default() };
    let listed = async |source| {
        let page = room.desk.claims(&noor, &of(source), Sort::Newest, None, 50).await.unwrap();
        page.rows.into_iter().map(|row| row.id).collect::<Vec<_>>()
    };
    assert_eq!(listed(ministry).await, [claims[0]]);

    room.desk.name_source(&eda, other, " ministry of defence ", because("The same house.")).await.unwrap();
    assert_eq!(listed(ministry).await, [claims[1], claims[0]]);
    assert_eq!(listed(other).await, [claims[1], claims[0]], "under whatever name");
    let view = room.desk.source(&noor, ministry).await.unwrap();
    assert_eq!(
        view.aliases.iter().map(|alias| alias.name.as_str()).collect::<Vec<_>>(),
        ["Defence Ministry"]
    );
    assert_eq!((view.settled(), view.rated(|tone| tone == Tone::Verified)), (2, 1));
    let name = room.desk.source(&noor, other).await.unwrap();
    assert_eq!(name.same_as, Some((ministry, "Ministry of Defence".to_owned())));

    room.desk.part_source(&eda, other, because("Another country’s.")).await.unwrap();
    assert_eq!(listed(ministry).await, [claims[0]]);
    assert_eq!(room.desk.source(&noor, ministry).await.unwrap().settled(), 1);
    let told = room.count("select count(*) from event where kind in ('source_named', 'source_parted')").await;
    assert_eq!(told, 2);
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn names_lead_to_a_source_in_one_step_in_the_database_too(pool: PgPool) {
    let room = Newsroom::over(pool);
    let (eda, noor) = (room.editor("Eda").await, room.reviewer("Noor").await);
    let (_, ministry, other) = two_names(&room, &eda).await;
    let name = |actor: Actor, id, of: &'static str| {
        let desk = room.desk.clone();
        async move { desk.name_source(&actor, id, of, because("One.")).await }
    };
    assert!(is_refused(&name(noor.clone(), other, "Ministry of Defence").await), "an editor’s decision");
    assert_eq!(invalid_field(name(eda.clone(), other, "Nobody").await), "of");
    assert_eq!(invalid_field(name(eda.clone(), other, "Defence Ministry").await), "of");
    name(eda.clone(), other, "Ministry of Defence").await.unwrap();
    assert_eq!(invalid_field(name(eda.clone(), ministry, "Governor").await), "of", "it has a name itself");
    // A name of a name is a name of the source.
    let governor = called(&room, "Governor").await;
    name(eda.clone(), governor, "Defence Ministry").await.unwrap();
    assert_eq!(room.desk.source(&noor, governor).await.unwrap().same_as.map(|same| same.0), Some(ministry));
    let chain = sqlx::query("update source set same_as = $2 where id = $1")
        .bind(ministry.0)
        .bind(governor.0)
        .execute(&room.pool)
        .await;
    assert!(chain.unwrap_err().to_string().contains("no further names"));
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn another_name_of_a_source_has_no_grade_of_its_own(pool: PgPool) {
    let room = Newsroom::over(pool);
    let (eda, noor) = (room.editor("Eda").await, room.reviewer("Noor").await);
    let (_, ministry, other) = two_names(&room, &eda).await;
    let grade =
        async |id| room.desk.grade_source(&noor, id, Reliability::D, because("Wrong twice."), None).await;
    room.desk.name_source(&eda, other, "Ministry of Defence", because("One.")).await.unwrap();
    assert_eq!(invalid_field(grade(other).await), "grade");
    grade(ministry).await.unwrap();
    room.desk.part_source(&eda, other, because("Another country’s.")).await.unwrap();
    grade(other).await.unwrap();
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn anything_is_found_by_a_part_of_its_name_or_its_words(pool: PgPool) {
    let room = Newsroom::over(pool);
    let (eda, vera) =
        (room.editor("Eda Quill").await, room.person("Vera", domain::policy::Role::Viewer).await);
    let (claims, ministry, _) = two_names(&room, &eda).await;
    let found = room.desk.find(&vera, "istry of def").await.unwrap();
    assert_eq!(found.sources.iter().map(|source| source.id).collect::<Vec<_>>(), [ministry]);
    let found = room.desk.find(&vera, "two NAM").await.unwrap();
    assert_eq!(found.articles.len(), 1);
    let found = room.desk.find(&vera, "fourteen killed").await.unwrap();
    assert_eq!(found.claims.iter().map(|claim| claim.id).collect::<Vec<_>>(), [claims[1]]);
    let found = room.desk.find(&vera, "quil").await.unwrap();
    assert_eq!(found.people.iter().map(|person| person.id).collect::<Vec<_>>(), [eda.id]);
    for nothing in ["", "x", "%", "_a_", "\0"] {
        assert!(room.desk.find(&vera, nothing).await.unwrap().is_empty(), "{nothing:?}");
    }
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn sources_stand_by_how_many_of_their_claims_are_settled_under_one_name(pool: PgPool) {
    let room = Newsroom::over(pool);
    let (eda, noor) = (room.editor("Eda").await, room.reviewer("Noor").await);
    assert!(room.desk.sources_by_track(&noor, 8).await.unwrap().is_empty());
    let (claims, ministry, other) = two_names(&room, &eda).await;
    room.judge(&noor, claims[0], "verified").await;
    room.judge(&noor, claims[1], "false").await;
    room.judge(&noor, claims[2], "verified").await;
    let said_more =
        [said("Ten soldiers were killed").by("Governor"), said("Six soldiers were killed").by("Hospital")];
    let (_, more) = room.article(&eda, "More", &said_more).await;
    room.judge(&noor, more[0], "unverified").await;
    let listed = async |limit| {
        let rows = room.desk.sources_by_track(&noor, limit).await.unwrap();
        rows.into_iter().map(|row| (row.name, row.track)).collect::<Vec<_>>()
    };
    let track = |held, not_held, other| Track { held, not_held, other };
    let governor = ("Governor".to_owned(), track(1, 0, 1));
    // One of one leads nowhere, and what is not settled counts nothing.
    assert_eq!(listed(8).await[0], governor);
    assert_eq!(listed(8).await.len(), 3);

    room.desk.name_source(&eda, other, "Ministry of Defence", because("The same house.")).await.unwrap();
    let both = ("Ministry of Defence".to_owned(), track(1, 1, 0));
    let mut two = listed(8).await;
    two.sort_by(|one, other| one.0.cmp(&other.0));
    assert_eq!(two, [governor.clone(), both.clone()]);
    room.judge(&noor, more[1], "verified").await;
    let (_, again) =
        room.article(&eda, "Again", &[said("Five soldiers were killed").by("Defence Ministry")]).await;
    room.judge(&noor, again[0], "verified").await;
    let first = ("Ministry of Defence".to_owned(), track(2, 1, 0));
    assert_eq!(
        listed(1).await,
        std::slice::from_ref(&first),
        "a source of two names is found though each has fewer"
    );
    assert_eq!(listed(2).await, [first, governor.clone()]);

    // Every number is as long as the list behind it.
    for row in room.desk.sources_by_track(&noor, 8).await.unwrap() {
        let counts = [
            (Outcome::Settled, row.track.settled()),
            (Outcome::Held, row.track.held),
            (Outcome::NotHeld, row.track.not_held),
            (Outcome::Other, row.track.other),
        ];
        for (outcome, n) in counts {
            let filter =
                ClaimFilter { source: Some(row.id), outcome: Some(outcome), ..ClaimFilter::default() };
            for sort in Sort::ALL {
                let page = room.desk.claims(&noor, &filter, *sort, None, 50).await.unwrap();
                assert_eq!(i64::try_from(page.rows.len()).unwrap(), n, "{} {outcome} by {sort}", row.name);
            }
        }
    }

    let seen = room.version_of(claims[2]).await;
    room.desk.reopen(&eda, claims[2], seen, because("New figures.")).await.unwrap();
    room.desk.part_source(&eda, other, because("Two houses.")).await.unwrap();
    let of = async |id| {
        let rows = room.desk.sources_by_track(&noor, 8).await.unwrap();
        rows.into_iter().find(|row| row.id == id).map(|row| row.track)
    };
    assert_eq!((of(ministry).await, of(other).await), (Some(track(1, 0, 0)), Some(track(1, 1, 0))));
    assert_eq!(listed(8).await.iter().find(|row| row.0 == "Governor").map(|row| row.1), Some(track(0, 0, 1)));
    room.assert_counters_equal_a_recount().await;
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn sources_stand_in_the_same_order_while_their_counters_are_put_together(pool: PgPool) {
    let room = Newsroom::over(pool);
    let (eda, noor) = (room.editor("Eda").await, room.reviewer("Noor").await);
    let words: Vec<String> = (0..6).map(|n| format!("{n} soldiers were killed")).collect();
    let by: Vec<_> = ["Governor", "Governor", "Governor", "Hospital", "Hospital", "Mayor"]
        .into_iter()
        .zip(&words)
        .map(|(source, words)| said(words).by(source))
        .collect();
    let (_, claims) = room.article(&eda, "Raid", &by).await;
    for claim in &claims {
        room.judge(&noor, *claim, "verified").await;
    }
    let listed = async |limit| {
        let rows = room.desk.sources_by_track(&noor, limit).await.unwrap();
        rows.into_iter().map(|row| (row.name, row.track.settled())).collect::<Vec<_>>()
    };
    let of = |named: &[(&str, i64)]| -> Vec<(String, i64)> {
        named.iter().map(|(name, n)| ((*name).to_owned(), *n)).collect()
    };
    let fresh = "select count(*) from source_settled where shard >= 0";
    assert_eq!((listed(1).await, room.count(fresh).await > 0), (of(&[("Governor", 3)]), true));
    room.desk.sweep().await.unwrap();
    assert_eq!((listed(1).await, room.count(fresh).await), (of(&[("Governor", 3)]), 0));

    // Below its place in the index: the next in line has to be found all the same.
    for claim in &claims[..2] {
        let seen = room.version_of(*claim).await;
        room.desk.reopen(&eda, *claim, seen, because("New figures.")).await.unwrap();
    }
    assert_eq!(listed(1).await, of(&[("Hospital", 2)]));
    let mut all = listed(8).await;
    all.sort();
    assert_eq!(all, of(&[("Governor", 1), ("Hospital", 2), ("Mayor", 1)]));
    room.assert_counters_equal_a_recount().await;
    for _ in 0..2 {
        room.desk.sweep().await.unwrap();
        assert_eq!((listed(1).await, room.count(fresh).await), (of(&[("Hospital", 2)]), 0));
        room.assert_counters_equal_a_recount().await;
    }
}

/// Whoever settles a claim counts it in a row of the connection's own.
#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn claims_of_one_source_are_settled_at_the_same_moment(pool: PgPool) {
    let room = Newsroom::over(pool.clone());
    let eda = room.editor("Eda").await;
    let mut claims = Vec::new();
    for title in ["One", "Two"] {
        claims.extend(room.article(&eda, title, &[said("Ten soldiers were killed").by("Governor")]).await.1);
    }
    let settle = "update claim set stage = 'settled', rating = 'verified', stage_since = now() where id = $1";
    let shard = "select pg_backend_pid() % 16";
    let mut one = pool.begin().await.unwrap();
    let own: i32 = sqlx::query_scalar(shard).fetch_one(&mut *one).await.unwrap();
    sqlx::query(settle).bind(claims[0].0).execute(&mut *one).await.unwrap();
    let mut two = PgConnection::connect_with(&pool.connect_options()).await.unwrap();
    // Processes have numbers in a row, so that this ends soon.
    while sqlx::query_scalar::<_, i32>(shard).fetch_one(&mut two).await.unwrap() == own {
        two = PgConnection::connect_with(&pool.connect_options()).await.unwrap();
    }
    sqlx::query("set lock_timeout = '5s'").execute(&mut two).await.unwrap();
    sqlx::query(settle).bind(claims[1].0).execute(&mut two).await.expect("it waits for nobody");
    one.commit().await.unwrap();
    assert_eq!(room.count("select sum(n)::bigint from source_settled").await, 2);
}

/// Of a claim that somebody denies it is the denial that holds or does not.
#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn what_a_source_denies_or_leaves_open_is_no_claim_of_its_own(pool: PgPool) {
    let room = Newsroom::over(pool);
    let (eda, noor) = (room.editor("Eda").await, room.reviewer("Noor").await);
    let texts = [
        said("Twelve soldiers were killed").by("Army"),
        said("Forty soldiers were killed").by("Army").doing(Polarity::Denied),
        said("Nine soldiers were killed").by("Army").doing(Polarity::Doubted),
        said("Six soldiers were killed").by("Garrison").doing(Polarity::Denied),
    ];
    let (_, claims) = room.article(&eda, "Denials", &texts).await;
    for (claim, rating) in claims.iter().zip(["verified", "false", "false", "false"]) {
        room.judge(&noor, *claim, rating).await;
    }
    let army = called(&room, "Army").await;
    let view = room.desk.source(&noor, army).await.unwrap();
    assert_eq!((view.settled(), view.rated(|tone| tone == Tone::False), view.claims), (1, 0, 3));
    let rows = room.desk.sources_by_track(&noor, 8).await.unwrap();
    assert_eq!(rows.len(), 1, "who only denied has no track record");
    assert_eq!(rows[0].track, Track { held: 1, not_held: 0, other: 0 });
    for sort in Sort::ALL {
        let listed = async |filter: ClaimFilter| {
            let page = room.desk.claims(&noor, &filter, *sort, None, 50).await.unwrap();
            page.rows.len()
        };
        let settled = Some(Outcome::Settled);
        let filter = ClaimFilter { source: Some(army), outcome: settled, ..ClaimFilter::default() };
        assert_eq!(listed(filter).await, 1, "as many as the track record counts");
        assert_eq!(listed(ClaimFilter { outcome: settled, ..ClaimFilter::default() }).await, 4);
        assert_eq!(listed(ClaimFilter { source: Some(army), ..ClaimFilter::default() }).await, 3);
    }
    room.assert_counters_equal_a_recount().await;
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_settled_claim_that_turns_out_to_be_a_denial_leaves_the_track_record(pool: PgPool) {
    let room = Newsroom::over(pool);
    let eda = room.editor("Eda").await;
    let read = |polarity| [said("Twelve soldiers were killed").by("Army").doing(polarity)];
    let added = room.version(&eda, "https://paper.example/1", &read(Polarity::Asserted)).await;
    let claims = room.claims_of(added.article).await;
    room.judge(&eda, claims[0], "false").await;
    let army = called(&room, "Army").await;
    let settled = async || room.desk.source(&eda, army).await.unwrap().settled();
    assert_eq!(settled().await, 1);
    room.version(
        &eda,
        "https://paper.example/1",
        &[read(Polarity::Denied)[0], said("It rained on two towns")],
    )
    .await;
    assert_eq!((settled().await, room.stage_of(claims[0]).await.as_str()), (0, "settled"));
    room.assert_counters_equal_a_recount().await;
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn denials_that_were_counted_before_are_counted_anew_and_the_history_stays_true(pool: PgPool) {
    let room = Newsroom::over(pool.clone());
    let eda = room.editor("Eda").await;
    let texts = [
        said("Twelve soldiers were killed").by("Army"),
        said("Forty soldiers were killed").by("Army").doing(Polarity::Denied),
    ];
    let (_, claims) = room.article(&eda, "Denials", &texts).await;
    for claim in &claims {
        room.judge(&eda, *claim, "false").await;
    }
    let before = "alter table claim drop column asserted;
        update source_tally set n = 2;
        update source_settled set n = 2;";
    sqlx::raw_sql(before).execute(&pool).await.unwrap();
    let migration = include_str!("../../../../migrations/20261127200000_denials_are_no_claims.sql");
    sqlx::raw_sql(migration).execute(&pool).await.unwrap();
    room.assert_counters_equal_a_recount().await;
    let seen = room.desk.verify_history(None, None, |_| {}).await.unwrap();
    assert!(seen.findings.is_empty(), "{:?}", seen.findings);
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn what_may_be_one_source_is_proposed_until_somebody_says_that_it_is_not(pool: PgPool) {
    let room = Newsroom::over(pool);
    let (eda, noor) = (room.editor("Eda").await, room.reviewer("Noor").await);
    let texts = [
        said("Twelve people were killed").by("Kesmara's health ministry"),
        said("Fourteen people were killed").by("health ministry in the capital"),
        said("Nine people were killed").by("Darum's health ministry"),
        said("Eight people were killed").by("Kesmara's interior ministry"),
    ];
    room.article(&eda, "Raid", &texts).await;
    are_bodies(&room).await;
    let source = called(&room, "Kesmara's health ministry").await;
    let other = called(&room, "health ministry in the capital").await;
    let proposed = async |id| -> Vec<SourceId> {
        room.desk.source(&noor, id).await.unwrap().proposals.into_iter().map(|one| one.id).collect()
    };
    assert_eq!(proposed(source).await, [other]);
    assert_eq!(proposed(other).await.len(), 2, "it may be this or that ministry's");
    assert!(is_refused(&room.desk.tell_sources_apart(&noor, source, other).await), "an editor’s decision");
    assert_eq!(invalid_field(room.desk.tell_sources_apart(&eda, source, source).await), "other");
    let before = room.events().await;
    room.desk.tell_sources_apart(&eda, other, source).await.unwrap();
    room.desk.tell_sources_apart(&eda, source, other).await.unwrap();
    assert_eq!(room.events().await, before + 1, "said twice it is said once");
    assert!(proposed(source).await.is_empty());
    let view = room.desk.source(&noor, source).await.unwrap();
    assert_eq!(view.apart.iter().map(|one| (one.id, one.by.as_str())).collect::<Vec<_>>(), [(other, "Eda")]);
    room.desk.ask_of_sources_again(&eda, source, other).await.unwrap();
    assert!(matches!(
        room.desk.ask_of_sources_again(&eda, source, other).await,
        Err(Error::NotFound("sources told apart"))
    ));
    assert_eq!(proposed(source).await, [other]);
    room.desk
        .name_source(&eda, other, "Kesmara's health ministry", because("The same house."))
        .await
        .unwrap();
    assert!(proposed(source).await.is_empty() && proposed(other).await.is_empty());
    let verified = room.desk.verify_history(None, None, |_| ()).await.unwrap();
    assert_eq!(verified.findings, []);
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_source_that_speaks_for_another_party_is_not_proposed(pool: PgPool) {
    let room = Newsroom::over(pool);
    let eda = room.editor("Eda").await;
    let (_, ministry, other) = two_names(&room, &eda).await;
    are_bodies(&room).await;
    assert_eq!(room.desk.source(&eda, ministry).await.unwrap().proposals.len(), 1);
    for (source, party) in [(ministry, "Kesmara"), (other, "Darum")] {
        sqlx::query("update attribution set party = $2 where source_id = $1")
            .bind(source.0)
            .bind(party)
            .execute(&room.pool)
            .await
            .unwrap();
    }
    assert!(room.desk.source(&eda, ministry).await.unwrap().proposals.is_empty());
    assert_eq!(room.desk.source(&eda, ministry).await.unwrap().alike.len(), 1);
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn the_initials_of_a_source_are_found_from_its_full_name(pool: PgPool) {
    let room = Newsroom::over(pool);
    let eda = room.editor("Eda").await;
    let texts = [said("Twelve died").by("Israel Defense Forces"), said("Nine died").by("IDF")];
    room.article(&eda, "Raid", &texts).await;
    are_bodies(&room).await;
    let (full, short) = (called(&room, "Israel Defense Forces").await, called(&room, "IDF").await);
    let view = room.desk.source(&eda, full).await.unwrap();
    assert_eq!(view.proposals.iter().map(|one| one.id).collect::<Vec<_>>(), [short]);
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn of_an_incident_editors_are_asked_which_of_its_sources_are_one(pool: PgPool) {
    let room = Newsroom::over(pool);
    let (eda, noor) = (room.editor("Eda").await, room.reviewer("Noor").await);
    let (_, ministry, other) = two_names(&room, &eda).await;
    are_bodies(&room).await;
    sqlx::query("delete from incident_claim").execute(&room.pool).await.unwrap();
    let incident: IncidentId = sqlx::query_scalar(
        "insert into incident (id, title, status, version, created_at)
         values (gen_random_uuid(), 'Raid', 'open', 1, now()) returning id",
    )
    .fetch_one(&room.pool)
    .await
    .unwrap();
    sqlx::query(
        "insert into incident_claim (incident_id, claim_id, standing, score, reasons, decided_at)
         select $1, id, 'confirmed', 1, '[]', now() from claim",
    )
    .bind(incident.0)
    .execute(&room.pool)
    .await
    .unwrap();
    let ledgers = room.desk.incident(&eda, incident).await.unwrap().ledgers;
    let asked = async || -> Vec<(SourceId, SourceId)> {
        let pairs = room.desk.alike_sources(&eda, &ledgers).await.unwrap();
        pairs.into_iter().map(|pair| (pair.name.id, pair.source.id)).collect()
    };
    assert_eq!(asked().await, [(other, ministry)], "the shorter is a name of the longer");
    assert!(is_refused(&room.desk.alike_sources(&noor, &ledgers).await));
    room.desk.tell_sources_apart(&eda, ministry, other).await.unwrap();
    assert!(asked().await.is_empty());
}
