//! What the role that the application works as may not do, whatever SQL it sends: the rules of review
//! and the history hold in the database. Every other test here works as that role as well.

use crate::harness::{Newsroom, ROLE, as_application, because, once, said, verdict};
use chrono::TimeDelta;
use desk::{Clock, Desk, Error, RIGHTS, Verified};
use domain::desk_policy::{DeskPolicy, Rule, SecondReview};
use domain::id::ClaimId;
use domain::policy::{Actor, Role};
use domain::words::Rationale;
use sqlx::{Connection as _, Executor as _, PgConnection, PgPool};
use std::collections::BTreeMap;

/// A connection of somebody who has the application's password.
async fn intruder(pool: &PgPool) -> PgConnection {
    // The role has its rights once the desk has been asked something.
    as_application(pool).acquire().await.unwrap();
    let options = (*pool.connect_options()).clone().username(ROLE);
    PgConnection::connect_with(&options).await.unwrap()
}

/// The code with which the database refuses a statement; its changes are not kept where it does not.
async fn refusal(connection: &mut PgConnection, statement: &'static str) -> Option<String> {
    let mut tx = connection.begin().await.unwrap();
    let refused = match tx.execute(statement).await {
        // What is deferred to the end is refused there.
        Ok(_) => tx.execute("set constraints all immediate").await.err(),
        Err(error) => Some(error),
    };
    refused.map(|error| match error {
        sqlx::Error::Database(error) => error.code().unwrap_or_default().into_owned(),
        other => panic!("{statement}: {other:?}"),
    })
}

async fn verify(room: &Newsroom) -> Verified {
    room.desk.verify_history(None, None, |_| {}).await.unwrap()
}

/// A desk on which something of everything has happened.
async fn worked(pool: PgPool) -> (Newsroom, ClaimId) {
    let room = Newsroom::over(pool);
    let (noor, eda) = (room.reviewer("Noor").await, room.editor("Eda").await);
    let (_, claims) = room.article(&noor, "Raid", &[said("At least 12 people were killed.")]).await;
    let claim = claims[0];
    room.add_evidence(&noor, claim).await;
    let given = room.judge(&noor, claim, "false").await;
    room.desk.undo_verdict(&noor, given).await.unwrap();
    room.judge(&noor, claim, "verified").await;
    room.desk.publish(&eda, claim, room.version_of(claim).await, None).await.unwrap();
    room.desk.ship_scales().await.unwrap();
    room.desk.checkpoint(None).await.unwrap().unwrap();
    (room, claim)
}

/// Not a right: 42501, insufficient privilege.
const NO_RIGHT: &str = "42501";

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn nothing_that_was_said_can_be_rewritten(pool: PgPool) {
    let (room, _) = worked(pool).await;
    let mut intruder = intruder(&room.pool).await;
    let tables: Vec<&str> = RIGHTS
        .iter()
        .filter(|(_, rights)| !rights.contains("update"))
        .map(|(table, _)| *table)
        .filter(|table| *table != "_sqlx_migrations")
        .collect();
    for table in [
        "article_snapshot",
        "checkpoint",
        "claim_link",
        "comment_version",
        "copy",
        "event",
        "publication",
        "rating",
        "scale",
        "scale_version",
        "snapshot",
        "verdict",
        "verdict_undone",
        "version",
    ] {
        assert!(tables.contains(&table), "{table} may be updated");
    }
    for statement in [
        "update event set hash = previous",
        "update event set body = '{}'",
        "delete from event",
        "truncate event cascade",
        "update version set row = '{}'",
        "delete from version",
        "truncate version cascade",
        // What an event stands for is recorded by the database alone.
        "insert into version (chain, what, key, gone, row) select chain, what, key, gone, row from version",
        "update checkpoint set hash = previous",
        "delete from checkpoint",
        "truncate checkpoint cascade",
        "update verdict set rating = 'false'",
        "delete from verdict",
        "truncate verdict cascade",
        "delete from verdict_undone",
        "truncate verdict_undone cascade",
        "update scale_version set name = 'Other'",
        "delete from scale_version",
        "update rating set name = 'Other'",
        "delete from rating",
        "truncate scale, scale_version, rating cascade",
        "update publication set body = null",
        "delete from publication",
        "truncate publication cascade",
        "update snapshot set text = 'Nothing happened.'",
        "delete from snapshot",
        "truncate snapshot cascade",
        "update article_snapshot set snapshot_id = snapshot_id",
        "delete from claim",
        "truncate claim cascade",
        "delete from evidence",
        "delete from article",
        "delete from account",
        "update desk_tally set n = 0",
        "insert into reviewer_tally (reviewer_id, day, rating, n) select id, now(), '', 1 from account",
        // The guards themselves.
        "alter table event disable trigger all",
        "alter table event disable trigger event_chain",
        "alter table verdict disable trigger user",
        "alter table claim drop constraint claim_own_second_check",
        "alter table event drop column hash",
        "drop trigger verdict_round on verdict",
        "drop trigger event_append_only on event",
        "drop table checkpoint",
        "set session_replication_role = replica",
        "alter function chain_event() security invoker",
        "create or replace function refuse_change() returns trigger language plpgsql as 'begin return new; end'",
        "create function pg_temp.f() returns trigger language plpgsql as 'begin return null; end'; \
         create trigger before_all before insert on event for each row execute function pg_temp.f()",
        "create table own (id integer)",
        "create or replace rule r as on insert to event do instead nothing",
        "select setval('event_number_seq', 1)",
        "select nextval('event_number_seq')",
        "lock table event in access exclusive mode",
        "grant update on event to public; update event set kind = kind",
        "reassign owned by claimdesk to claimdesk_app",
        "set role claimdesk",
        "update _sqlx_migrations set checksum = ''",
    ] {
        let code = refusal(&mut intruder, statement).await;
        assert_eq!(code.as_deref(), Some(NO_RIGHT), "{statement}");
    }
    assert!(verify(&room).await.findings.is_empty());
}

/// An event can be added, as everybody who works adds them; what it says of its place in the chain is
/// replaced by where it stands.
#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_forged_link_of_the_chain_becomes_a_true_one(pool: PgPool) {
    let (room, claim) = worked(pool).await;
    let mut intruder = intruder(&room.pool).await;
    sqlx::query(
        "insert into event (id, at, claim_id, kind, body, chain, number, previous, hash, kept, content, stage, rating)
         values (1, '2020-01-01', $1, 'released', '{\"kind\": \"released\"}', gen_random_uuid(), 1, '\\x00', '\\x00', 0,
                 '\\x00', 'open', 'false')",
    )
    .bind(claim.0)
    .execute(&mut intruder)
    .await
    .unwrap();
    let seen = verify(&room).await;
    assert_eq!(seen.findings.iter().map(ToString::to_string).collect::<Vec<_>>(), [""; 0]);
    let true_ones =
        "select count(*) from event where kind = 'released' and number > 1 and stage = 'published'
                        and rating = 'verified' and at > '2024-01-01'";
    assert_eq!(room.count(true_ones).await, 1);
}

/// A claim that takes two, with a first verdict by an admin.
async fn first_by_an_admin(pool: PgPool) -> (Newsroom, Actor, Actor, ClaimId) {
    let room = Newsroom::over(pool);
    let ada = room.person("Ada", Role::Admin).await;
    let noor = room.reviewer("Noor").await;
    let policy =
        DeskPolicy { second_review: SecondReview { rules: vec![Rule::default()] }, ..DeskPolicy::default() };
    room.desk.set_policy(&ada, policy, 0, &because("agreed")).await.unwrap();
    let claim = room.claim(&noor).await;
    room.judge(&ada, claim, "verified").await;
    assert_eq!(room.stage_of(claim).await, "awaiting_second_review");
    (room, ada, noor, claim)
}

/// A further verdict on every claim, like the last one but for some columns.
macro_rules! verdict_like_the_last {
    ($reviewer:literal, $round:literal, $part:literal) => {
        concat!(
            "insert into verdict (id, claim_id, number, reviewer_id, scale, scale_version, rating, rationale, given_at,
                                  round, part, second_because, stage_before, unmet)
             select gen_random_uuid(), claim_id, number + 1, ", $reviewer, ", scale, scale_version, rating, rationale,
                    given_at, ", $round, ", ", $part, ", case ", $part, " when 'first' then 'agreed' end, 'open', unmet
               from verdict order by number desc limit 1"
        )
    };
}

const NOOR: &str = "noor";

/// For the application's role and, as far as constraints go, for the owner too.
#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn what_takes_two_is_not_settled_by_one_whoever_they_are(pool: PgPool) {
    let (room, _, noor, claim) = first_by_an_admin(pool).await;
    assert_eq!(noor.name.to_lowercase(), NOOR);
    let mut owner = room.pool.acquire().await.unwrap().detach();
    let mut intruder = intruder(&room.pool).await;
    for (statement, code) in [
        // The second verdict by who gave the first, and a decision between by them.
        (verdict_like_the_last!("reviewer_id", "round", "'second'"), "23514"),
        (verdict_like_the_last!("reviewer_id", "round", "'adjudication'"), "23514"),
        // Two verdicts in one decision; one that is enough where two are under way.
        (verdict_like_the_last!("reviewer_id", "round", "'first'"), "23514"),
        (verdict_like_the_last!("reviewer_id", "round", "'sole'"), "23514"),
        (
            verdict_like_the_last!("(select id from account where name = 'Noor')", "round", "'sole'"),
            "23514",
        ),
        // A decision between two of which one is in; a second one in a round that has no first.
        (
            verdict_like_the_last!("(select id from account where name = 'Noor')", "round", "'adjudication'"),
            "23514",
        ),
        (
            verdict_like_the_last!("(select id from account where name = 'Noor')", "round + 1", "'second'"),
            "23514",
        ),
        // Settled with one verdict in, in this round or in one that is merely called another.
        (
            "update claim set stage = 'settled', rating = 'verified', first_reviewer = null, lease_holder = null,
                              verdict_id = (select id from verdict limit 1)",
            "23514",
        ),
        (
            "update claim set stage = 'settled', rating = 'verified', first_reviewer = null, round = round + 1,
                              verdict_id = (select id from verdict limit 1)",
            "23514",
        ),
        (
            "update claim set stage = 'published', rating = 'verified', first_reviewer = null, round = round + 1",
            "23514",
        ),
        ("update claim set stage = 'settled', rating = 'verified'", "23514"),
        // With its first reviewer for the second review.
        (
            "update claim set stage = 'in_review', lease_holder = first_reviewer, lease_until = now()",
            "23514",
        ),
        ("update claim set stage = 'disagreed', second_reviewer = first_reviewer", "23514"),
    ] {
        for connection in [&mut intruder, &mut owner] {
            assert_eq!(refusal(connection, statement).await.as_deref(), Some(code), "{statement}");
        }
    }
    // The true way is open.
    room.judge(&noor, claim, "verified").await;
    assert_eq!(room.stage_of(claim).await, "settled");
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_first_verdict_that_was_taken_back_does_not_stop_the_claim(pool: PgPool) {
    let (room, ada, _, claim) = first_by_an_admin(pool).await;
    let given = room.desk.can_undo(&ada).await.unwrap().unwrap();
    room.desk.undo_verdict(&ada, given.verdict).await.unwrap();
    assert_eq!(room.stage_of(claim).await, "open");
    // Where one stood before, that one stands again.
    let policy = DeskPolicy::default();
    room.desk.set_policy(&ada, policy, 1, &because("agreed")).await.unwrap();
    room.judge(&ada, claim, "false").await;
    let policy =
        DeskPolicy { second_review: SecondReview { rules: vec![Rule::default()] }, ..DeskPolicy::default() };
    room.desk.set_policy(&ada, policy, 2, &because("agreed")).await.unwrap();
    let given = room.judge(&ada, claim, "verified").await;
    assert_eq!(room.stage_of(claim).await, "awaiting_second_review");
    room.desk.undo_verdict(&ada, given).await.unwrap();
    assert_eq!(room.stage_of(claim).await, "settled");
}

/// The use cases of everyday work over a connection of the role itself, looking back included.
#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn the_work_of_a_day_needs_no_other_rights(pool: PgPool) {
    let (room, claim) = worked(pool).await;
    let ada = room.person("Ada", Role::Admin).await;
    let desk = Desk::over(as_application(&room.pool), room.desk.clock().clone());
    desk.clock().advance(TimeDelta::minutes(5));
    let then = desk.claim_then(claim, crate::harness::noon() + TimeDelta::minutes(1)).await.unwrap();
    assert_eq!(then.claim(&ada, claim).await.unwrap().claim.rating.as_deref(), Some("verified"));
    desk.dashboard_then(crate::harness::noon() + TimeDelta::minutes(1)).await.unwrap();
    desk.reopen(&ada, claim, room.version_of(claim).await, because("New figures.")).await.unwrap();
    desk.take(&ada, claim).await.unwrap();
    let words = Rationale::parse("The ministry says so now.").unwrap();
    let form = desk::VerdictForm { rationale: words, ..verdict("false", room.version_of(claim).await) };
    let given = desk.give_verdict(&ada, claim, form.clone(), Some(&once("key", 1))).await.unwrap();
    assert_eq!(desk.give_verdict(&ada, claim, form, Some(&once("key", 1))).await.unwrap(), given);
    assert_eq!(desk.export(&ada, &Default::default(), None).await.unwrap().0.len(), 1);
    desk.expire_leases().await.unwrap();
    desk.sweep().await.unwrap();
    assert!(desk.is_ready().await.unwrap());
    assert!(desk.checkpoint(None).await.unwrap().is_some());
    assert!(verify(&room).await.findings.is_empty());
    room.assert_counters_equal_a_recount().await;
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn rights_are_given_to_a_role_of_its_own_only(pool: PgPool) {
    let desk = Desk::over(pool.clone(), Clock::System);
    let owner: String = sqlx::query_scalar("select current_user::text").fetch_one(&pool).await.unwrap();
    for role in ["nobody_of_this_name", "postgres", owner.as_str(), "x; drop table event"] {
        let refused = desk.grant_to(role).await;
        assert!(
            matches!(&refused, Err(Error::Invalid(invalid)) if invalid.field == "grant-to"),
            "{role}: {refused:?}"
        );
    }
}

/// Whoever adds a table says what the application does with it.
#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn every_table_has_its_rights_and_what_refuses_changes_gives_none(pool: PgPool) {
    let rights: BTreeMap<&str, &str> = RIGHTS.iter().copied().collect();
    let tables: Vec<String> = sqlx::query_scalar(
        "select relname::text from pg_class
          where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'v') order by relname collate \"C\"",
    )
    .fetch_all(&pool)
    .await
    .unwrap();
    assert_eq!(tables, rights.keys().map(|table| (*table).to_owned()).collect::<Vec<_>>());
    // Bits of tgtype: 8 delete, 16 update. A guard of some columns leaves the others.
    let guarded: Vec<(String, bool, bool)> = sqlx::query_as(
        "select tgrelid::regclass::text, bool_or(tgtype & 16 > 0 and tgattr = ''), bool_or(tgtype & 8 > 0)
           from pg_trigger where tgfoid = 'refuse_change'::regproc group by 1",
    )
    .fetch_all(&pool)
    .await
    .unwrap();
    assert!(guarded.len() > 20);
    for (table, updates, deletes) in guarded {
        let may = rights[table.as_str()];
        assert!(!(updates && may.contains("update")), "{table}: {may}");
        assert!(!(deletes && may.contains("delete")), "{table}: {may}");
    }
}
