//! The history proves itself: whatever is tampered with behind the program's back is found and
//! named, also what somebody does who may switch off every guard.

use crate::harness::{Newsroom, because, empty, evidence, said, verdict};
use desk::{CommentForm, Finding, Head, Verified};
use domain::id::ClaimId;
use domain::policy::{Actor, Role};
use domain::words::{CommentText, TokenName};
use sqlx::{Executor as _, PgPool};

/// A desk on which something has happened, and its first checkpoint.
struct Worked {
    room: Newsroom,
    noor: Actor,
    eda: Actor,
    claim: ClaimId,
    head: Head,
}

impl Worked {
    async fn over(pool: PgPool) -> Self {
        let room = Newsroom::over(pool);
        let (noor, eda) = (room.reviewer("Noor").await, room.editor("Eda").await);
        let said = [said("At least 12 people were killed.").by("Mayor Tor"), said("At least 12 fled.")];
        let (_, claims) = room.article(&noor, "Raid", &said).await;
        let claim = claims[0];
        room.desk.take(&noor, claim).await.unwrap();
        let piece = room.add_evidence(&noor, claim).await;
        room.desk.correct_evidence(&noor, piece, evidence("Longer list"), 1).await.unwrap();
        room.judge(&noor, claim, "false").await;
        room.judge(&eda, claim, "unverified").await;
        let version = room.version_of(claim).await;
        room.desk.publish(&eda, claim, version, None).await.unwrap();
        room.desk.create_token(&noor, TokenName::parse("wire").unwrap()).await.unwrap();
        let head = room.desk.checkpoint(None).await.unwrap().unwrap();
        Self { room, noor, eda, claim, head }
    }

    async fn verify(&self) -> Verified {
        self.room.desk.verify_history(None, None, |_| {}).await.unwrap()
    }

    async fn verify_with_head(&self) -> Verified {
        self.room.desk.verify_history(Some(&self.head), None, |_| {}).await.unwrap()
    }

    /// Does what nobody may, as somebody who can switch off every guard, and puts them back.
    async fn tamper(&self, statements: &[&'static str]) {
        let mut tx = self.room.pool.begin().await.unwrap();
        let guarded = ["event", "version", "checkpoint", "verdict", "evidence", "claim", "snapshot"];
        let switch = |on: &'static str| {
            guarded.map(move |table| sqlx::AssertSqlSafe(format!("alter table {table} {on} trigger user")))
        };
        for statement in switch("disable") {
            tx.execute(statement).await.unwrap();
        }
        for statement in statements {
            tx.execute(*statement).await.unwrap();
        }
        // What waits for the end of the transaction would keep a table from being altered.
        tx.execute("set constraints all immediate").await.unwrap();
        for statement in switch("enable") {
            tx.execute(statement).await.unwrap();
        }
        tx.commit().await.unwrap();
    }

    async fn id_of(&self, kind: &str) -> i64 {
        sqlx::query_scalar("select max(id) from event where kind = $1")
            .bind(kind)
            .fetch_one(&self.room.pool)
            .await
            .unwrap()
    }
}

fn told(seen: &Verified) -> Vec<String> {
    seen.findings.iter().map(Finding::to_string).collect()
}

#[track_caller]
fn assert_first(seen: &Verified, place: &str, what: &str) {
    let told = told(seen);
    let first = told.first().expect("something is found");
    assert!(first.contains(place) && first.contains(what), "{told:#?}");
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_history_that_nobody_touched_verifies(pool: PgPool) {
    let worked = Worked::over(pool).await;
    let seen = worked.verify_with_head().await;
    assert_eq!(told(&seen), [""; 0]);
    assert_eq!(seen.events as i64, worked.room.events().await);
    assert_eq!((seen.checkpoints, seen.uncovered, seen.texts), (1, 0, 1));
    assert_eq!(seen.head.as_ref(), Some(&worked.head));
    assert_eq!(worked.head.events, worked.room.events().await);
    let one = worked.room.desk.verify_history(None, Some(worked.claim), |_| {}).await.unwrap();
    assert_eq!((one.chains, one.events, told(&one).len()), (1, 7, 0));
    let none = ClaimId(uuid::Uuid::max());
    assert!(worked.room.desk.verify_history(None, Some(none), |_| {}).await.is_err());
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn each_entry_names_the_one_before_it_and_counts_without_a_gap(pool: PgPool) {
    let worked = Worked::over(pool).await;
    let wrong = "select count(*) from event one left join event before
                   on before.chain = one.chain and before.number = one.number - 1
                  where one.previous <> coalesce(before.hash, decode(repeat('00', 32), 'hex'))
                     or (before.id is null) <> (one.number = 1) or before.id > one.id";
    assert_eq!(worked.room.count(wrong).await, 0);
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_writer_cannot_choose_the_place_of_its_event(pool: PgPool) {
    let worked = Worked::over(pool).await;
    sqlx::query(
        "insert into event (id, at, claim_id, kind, body, chain, number, previous, hash, stage, moved, kept)
         values (1, now(), $1, 'taken', '{\"kind\": \"taken\", \"until\": \"\"}', gen_random_uuid(), 99, '', '', 'open', true, 0)",
    )
    .bind(worked.claim.0)
    .execute(&worked.room.pool)
    .await
    .unwrap();
    assert_eq!(told(&worked.verify().await), [""; 0]);
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn the_program_cannot_change_or_remove_what_happened(pool: PgPool) {
    let worked = Worked::over(pool).await;
    for table in ["event", "version", "checkpoint", "verdict", "article_snapshot", "snapshot"] {
        for statement in [
            format!("update {table} set ctid = ctid"),
            format!("delete from {table}"),
            format!("truncate {table} cascade"),
        ] {
            // No column is common to all: an update of each row to itself.
            let statement = if statement.starts_with("update") {
                let column: String = sqlx::query_scalar(
                    "select column_name::text from information_schema.columns
                      where table_name = $1 and is_identity = 'NO' order by ordinal_position limit 1",
                )
                .bind(table)
                .fetch_one(&worked.room.pool)
                .await
                .unwrap();
                format!("update {table} set {column} = {column}")
            } else {
                statement
            };
            let refused = worked.room.pool.execute(sqlx::AssertSqlSafe(statement.clone())).await.unwrap_err();
            assert!(refused.to_string().contains("append-only"), "{statement}: {refused}");
        }
    }
}

/// A tampering, and how the first finding names it. Every check knows nothing but the database.
macro_rules! tampering {
    ($($name:ident: [$($statement:literal),+ $(,)?] at |$worked:ident| $place:expr => $what:literal;)+) => { $(
        #[sqlx::test(migrator = "desk::MIGRATOR")]
        async fn $name(pool: PgPool) {
            let $worked = &Worked::over(pool).await;
            let place: String = $place;
            $worked.tamper(&[$($statement),+]).await;
            assert_first(&$worked.verify().await, &place, $what);
        }
    )+ };
}

async fn entry(worked: &Worked, number: i64, kind: &str) -> String {
    format!("claim {}, entry {number} (event {})", worked.claim, worked.id_of(kind).await)
}

tampering! {
    a_changed_word_is_found:
        ["update event set body = jsonb_set(body, '{rationale}', '\"No.\"') where body ->> 'rating' = 'False'"]
        at |worked| format!("claim {}, entry 5 ", worked.claim) => "was changed: it does not give its own hash";
    a_changed_person_is_found:
        ["update event set actor_id = null where kind = 'published'"]
        at |worked| entry(worked, 7, "published").await => "was changed";
    a_changed_moment_is_found:
        ["update event set at = at + interval '1 microsecond' where kind = 'evidence_added'"]
        at |worked| entry(worked, 3, "evidence_added").await => "was changed";
    an_entry_with_a_new_hash_does_not_fit_the_next:
        ["update event set body = jsonb_set(body, '{title}', '\"Other\"') where kind = 'evidence_added'",
         "update event set hash = event_hash(event) where kind = 'evidence_added'"]
        at |worked| entry(worked, 4, "evidence_corrected").await => "does not follow the entry before it";
    an_entry_taken_out_of_the_middle_is_missed:
        ["delete from event where kind = 'evidence_added'"]
        at |worked| entry(worked, 4, "evidence_corrected").await => "the entry before it, 3, was taken out";
    the_last_entry_of_a_claim_is_missed:
        ["delete from event where kind = 'published'"]
        at |worked| format!("claim {}, entry 7", worked.claim) => "was taken out: a claim was written";
    the_last_entry_of_an_account_is_missed:
        ["delete from event where kind = 'token_created'"]
        at |worked| format!("event {}, checkpoint 1", worked.id_of("token_created").await) => "was taken out";
    a_chain_that_is_gone_is_missed:
        ["delete from checkpoint", "delete from event where claim_id is not null and kind = 'claim_extracted'
           and claim_id not in (select claim_id from verdict)"]
        at |worked| String::new() => "all its entries are gone";
    entries_in_another_order_are_found:
        ["update event set number = -number where kind in ('evidence_added', 'evidence_corrected')",
         "update event set number = 7 + number where number < 0"]
        at |worked| entry(worked, 4, "evidence_added").await => "was moved";
    an_entry_moved_to_another_claim_is_missed:
        ["update event set chain = (select id from claim where id not in (select claim_id from verdict)), number = 2
           where kind = 'published'"]
        at |worked| format!("claim {}, entry 7", worked.claim) => "was taken out";
    an_entry_in_a_chain_of_another_account_is_found:
        ["update event set chain = (select id from account where name = 'Eda') where kind = 'token_created'"]
        at |worked| format!("account {}, entry 1 ", worked.eda.id) => "stands in a chain that is not its own";
    a_changed_verdict_is_found:
        ["update verdict set rating = 'verified' where rating = 'unverified'"]
        at |worked| format!("claim {}, entry 6 ", worked.claim)
        => "the verdict it recorded was changed: rating was \"unverified\" and is \"verified\"";
    a_verdict_that_is_gone_is_missed:
        ["update verdict set replaced_id = null", "update claim set verdict_id = null",
         "delete from verdict where rating = 'false'"]
        at |worked| format!("claim {}, entry 5 ", worked.claim) => "the verdict it recorded is gone";
    a_verdict_slipped_in_is_found:
        ["insert into verdict (id, claim_id, number, reviewer_id, scale, scale_version, rating, rationale, given_at,
                               round, part, stage_before)
          select gen_random_uuid(), claim_id, 9, reviewer_id, scale, scale_version, 'verified', 'r', given_at,
                 9, part, stage_before from verdict where number = 1"]
        at |worked| worked.claim.to_string() => "was put in without any entry";
    a_claim_slipped_in_is_found:
        ["insert into claim (id, article_id, snapshot_id, span_start, span_end, text, kind, checkworthiness, reasons,
                             extractor, priority, stage, stage_since, version, created_at, search)
          select '00000000-0000-0000-0000-00000000000c', article_id, snapshot_id, 0, 1, 'x', kind, 0, '{}', 'x', 0, 'open',
                 now(), 1, now(), '' from claim limit 1"]
        at |worked| "00000000-0000-0000-0000-00000000000c".to_owned() => "the claim 00000000-0000-0000-0000-00000000000c was put in";
    a_changed_claim_is_found:
        ["update claim set stage = 'settled' where stage = 'published'"]
        at |worked| entry(worked, 7, "published").await => "stage was \"published\" and is \"settled\"";
    changed_evidence_is_found:
        ["update evidence set excerpt = 'Thirteen names.'"]
        at |worked| entry(worked, 4, "evidence_corrected").await => "excerpt was \"Twelve names.\" and is \"Thirteen names.\"";
    a_changed_record_of_a_row_is_found:
        ["update version set row = jsonb_set(row, '{excerpt}', '\"Thirteen names.\"') where what = 'evidence'"]
        at |worked| entry(worked, 3, "evidence_added").await => "what it recorded";
    a_record_of_a_row_that_is_gone_is_missed:
        ["delete from version where what = 'verdict' and row ->> 'rating' = 'false'"]
        at |worked| format!("claim {}, entry 5 ", worked.claim) => "what it recorded";
    a_changed_text_is_found_also_with_its_hash:
        ["update snapshot set text = 'x', sha256 = sha256('x')"]
        at |worked| "text ".to_owned() => "was changed";
    a_changed_checkpoint_is_found:
        ["update checkpoint set at = at + interval '1 second'"]
        at |worked| "checkpoint 1".to_owned() => "does not give its own hash";
    a_chain_written_anew_is_not_the_one_of_the_checkpoint:
        ["update event set body = jsonb_set(body, '{name}', '\"other\"') where kind = 'token_created'",
         "update event set hash = event_hash(event) where kind = 'token_created'"]
        at |worked| "checkpoint 1".to_owned() => "at least one was written anew";
    a_guard_left_switched_off_is_found:
        ["create function nothing() returns trigger language plpgsql as 'begin return new; end'",
         "create trigger guard before insert on account for each row execute function nothing()",
         "alter table account disable trigger guard"]
        at |worked| "the guard guard of account".to_owned() => "is switched off";
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn an_entry_slipped_in_where_a_transaction_failed_is_found(pool: PgPool) {
    let worked = Worked::over(pool).await;
    let desk = &worked.room.desk;
    let mut failed = worked.room.pool.begin().await.unwrap();
    failed.execute("insert into event (at, kind, body) values (now(), 'x', '{}')").await.unwrap();
    failed.rollback().await.unwrap();
    desk.create_token(&worked.noor, TokenName::parse("second").unwrap()).await.unwrap();
    desk.checkpoint(None).await.unwrap().unwrap();
    assert_eq!(told(&worked.verify().await), [""; 0], "what failed is no event that was taken out");
    worked
        .tamper(&[
            "insert into event (id, at, account_id, kind, body, chain, number, previous, hash)
             select e.id - 1, e.at, e.account_id, e.kind, e.body, last.chain, last.number + 1, last.hash, ''
               from event e, (select chain, number, hash from event
                               where chain = '00000000-0000-0000-0000-000000000000' order by number desc limit 1) last
              order by e.id desc limit 1",
            "update event set account_id = null, hash = '' where chain = '00000000-0000-0000-0000-000000000000'",
            "update event set hash = event_hash(event) where hash = ''",
        ])
        .await;
    assert_first(&worked.verify().await, "checkpoint 2", "was put in");
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn what_is_cut_off_at_the_end_shows_against_a_head_kept_elsewhere_only(pool: PgPool) {
    let mut worked = Worked::over(pool).await;
    let first = worked.head.clone();
    worked.room.desk.create_token(&worked.noor, TokenName::parse("second").unwrap()).await.unwrap();
    worked.head = worked.room.desk.checkpoint(None).await.unwrap().unwrap();
    assert_eq!(told(&worked.verify_with_head().await), [""; 0]);
    worked
        .tamper(&[
            "delete from checkpoint where number = 2",
            "delete from event where body ->> 'name' = 'second'",
        ])
        .await;
    assert_eq!(told(&worked.verify().await), [""; 0], "nobody could tell");
    assert_first(&worked.verify_with_head().await, "the head that was kept", "checkpoint 2 is not there");
    worked.head = first;
    assert_eq!(told(&worked.verify_with_head().await), [""; 0], "an older head knows nothing of it");
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_history_written_anew_with_all_its_hashes_shows_against_the_head(pool: PgPool) {
    let worked = Worked::over(pool).await;
    worked
        .tamper(&[
            "update event set body = jsonb_set(body, '{name}', '\"other\"') where kind = 'token_created'",
            "update event set hash = event_hash(event) where kind = 'token_created'",
            "delete from checkpoint",
        ])
        .await;
    worked.room.desk.checkpoint(None).await.unwrap().unwrap();
    assert_eq!(told(&worked.verify().await), [""; 0], "nobody could tell");
    assert_first(&worked.verify_with_head().await, "the head that was kept", "written anew");
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_checkpoint_is_taken_of_what_is_new_and_at_most_each_hour_by_the_worker(pool: PgPool) {
    let worked = Worked::over(pool).await;
    let (room, desk) = (&worked.room, &worked.room.desk);
    let admin = room.person("Ada", Role::Admin).await;
    assert!(desk.checkpoint(None).await.unwrap().is_none(), "nothing has happened");
    room.wait_minutes(120);
    assert!(desk.checkpoint_when_due().await.unwrap().is_none(), "nothing has happened");
    desk.reopen(&worked.eda, worked.claim, room.version_of(worked.claim).await, because("news"))
        .await
        .unwrap();
    let (_, uncovered) = desk.checkpoints(&admin, None, 10).await.unwrap();
    assert_eq!(uncovered, 1);
    let second = desk.checkpoint_when_due().await.unwrap().unwrap();
    assert_eq!((second.checkpoint, second.events), (2, room.events().await));
    desk.take(&worked.noor, worked.claim).await.unwrap();
    room.wait_minutes(59);
    assert!(desk.checkpoint_when_due().await.unwrap().is_none(), "the last one is not an hour old");
    room.wait_minutes(1);
    assert!(desk.checkpoint_when_due().await.unwrap().is_some());
    assert_eq!(desk.head(Some(&worked.noor)).await.unwrap().checkpoint, 3);
    assert!(crate::harness::is_refused(&desk.checkpoint(Some(&worked.eda)).await));
    let (page, uncovered) = desk.checkpoints(&admin, None, 2).await.unwrap();
    assert_eq!((page.rows.len(), uncovered), (2, 0));
    let (rest, _) = desk.checkpoints(&admin, page.next, 2).await.unwrap();
    assert_eq!(rest.rows.iter().map(|row| row.head.checkpoint).collect::<Vec<_>>(), [1]);
    assert_eq!(told(&worked.verify_with_head().await), [""; 0]);
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_checkpoint_waits_for_events_that_are_on_their_way(pool: PgPool) {
    let worked = Worked::over(pool).await;
    let mut slow = worked.room.pool.begin().await.unwrap();
    slow.execute("insert into event (at, kind, body) values (now(), 'x', '{}')").await.unwrap();
    // A later id is in before the earlier one.
    worked.room.desk.create_token(&worked.noor, TokenName::parse("second").unwrap()).await.unwrap();
    let desk = worked.room.second_desk();
    let checkpoint = tokio::spawn(async move { desk.checkpoint(None).await });
    slow.commit().await.unwrap();
    let head = checkpoint.await.unwrap().unwrap().unwrap();
    assert_eq!(head.events, worked.room.events().await);
    assert_eq!(told(&worked.verify().await), [""; 0]);
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn many_writers_of_one_chain_at_once_make_one_chain(pool: PgPool) {
    let room = Newsroom::over(pool);
    let noor = room.reviewer("Noor").await;
    let (article, claims) =
        room.article(&noor, "Raid", &[said("At least 12 fled."), said("At least 12 hid.")]).await;
    let mut writers = tokio::task::JoinSet::new();
    for writer in 0..8 {
        let (desk, noor, pool, claims) =
            (room.second_desk(), noor.clone(), room.pool.clone(), claims.clone());
        writers.spawn(async move {
            for round in 0..6 {
                // None of these holds the claim, the account or the article before it writes.
                let claim = claims[(writer + round) % 2];
                desk.add_evidence(&noor, claim, evidence("List"), None).await.unwrap();
                desk.create_token(&noor, TokenName::parse("wire").unwrap()).await.unwrap();
                sqlx::query(
                    "insert into event (at, article_id, kind, body)
                     select now(), $1, 'article_added', '{\"kind\": \"article_added\", \"title\": \"\", \"claims\": 0}'
                       from generate_series(1, 3)",
                )
                .bind(article.0)
                .execute(&pool)
                .await
                .unwrap();
            }
        });
    }
    while let Some(done) = writers.join_next().await {
        done.unwrap();
    }
    let seen = room.desk.verify_history(None, None, |_| {}).await.unwrap();
    assert_eq!(told(&seen), [""; 0]);
    assert_eq!(
        room.count("select max(number) from event where claim_id is null and article_id is not null").await,
        145
    );
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_filled_desk_has_chains_too(pool: PgPool) {
    let room = Newsroom::over(pool);
    let admin = room.person("Ada", Role::Admin).await;
    room.desk.fill(&admin, 400, |_| {}).await.unwrap();
    let mut heard = Vec::new();
    let seen = room.desk.verify_history(None, None, |events| heard.push(events)).await.unwrap();
    assert_eq!(told(&seen), [""; 0]);
    assert_eq!((seen.chains, seen.events, seen.texts), (4649, 4649, 400));
    assert!(heard.len() > 1 && heard.last() == Some(&4649), "{heard:?}");
}

/// What was said about a claim, and that a verdict was taken back, cannot be changed unseen.
#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn comments_and_undone_verdicts_are_bound_by_the_chain(pool: PgPool) {
    let worked = Worked::over(pool).await;
    let Worked { room, noor, eda, .. } = &worked;
    let (_, claims) = room.article(noor, "Later", &[said("At least 12 people were killed, later.")]).await;
    let text = |text: &str| CommentText::parse(text).unwrap();
    let form = CommentForm { text: text("Who counted?"), on: None, reply_to: None };
    let comment = room.desk.comment(noor, claims[0], form, None).await.unwrap().id;
    room.desk.change_comment(noor, comment, &text("Who counted them?"), 1).await.unwrap();
    room.desk.resolve_comment(eda, comment, true, None).await.unwrap();
    let given = room.judge(noor, claims[0], "false").await;
    room.desk.undo_verdict(noor, given).await.unwrap();
    assert_eq!(told(&worked.verify().await), [""; 0]);
    for (statement, what) in [
        (
            "update comment_version set text = 'I counted.' where number = 1",
            "the comment_version it recorded was changed: text was \"Who counted?\" and is \"I counted.\"",
        ),
        ("delete from comment_version where number = 2", "the comment_version it recorded is gone"),
        ("update comment_resolution set resolved = false", "the comment_resolution it recorded was changed: resolved was true"),
        ("update comment set author_id = (select id from account where name = 'Eda')", "the comment it recorded was changed"),
        ("delete from verdict_undone", "the verdict_undone it recorded is gone"),
        (
            "insert into verdict_undone (verdict_id, by, at) select id, reviewer_id, now() from verdict where number = 1
             on conflict do nothing",
            "without any entry",
        ),
    ] {
        let mut tx = room.pool.begin().await.unwrap();
        for table in ["comment", "comment_version", "comment_resolution", "verdict_undone"] {
            tx.execute(sqlx::AssertSqlSafe(format!("alter table {table} disable trigger user"))).await.unwrap();
        }
        tx.execute(statement).await.unwrap();
        for table in ["comment", "comment_version", "comment_resolution", "verdict_undone"] {
            tx.execute(sqlx::AssertSqlSafe(format!("alter table {table} enable trigger user"))).await.unwrap();
        }
        tx.commit().await.unwrap();
        let found = told(&worked.verify().await).join("\n");
        assert!(found.contains(what), "{statement}: {found}");
    }
}

/// Whoever adds a table whose versions are kept adds it to the check as well.
#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn every_table_of_which_versions_are_kept_is_checked(pool: PgPool) {
    let kept: Vec<String> = sqlx::query_scalar(
        "select distinct c.relname::text from pg_trigger t join pg_class c on c.oid = t.tgrelid
          where t.tgfoid = 'keep_version'::regproc order by 1",
    )
    .fetch_all(&pool)
    .await
    .unwrap();
    assert_eq!(kept, desk::CHECKED_TABLES);
}

#[sqlx::test(migrations = false)]
async fn events_from_before_the_chains_are_chained_and_what_was_there_is_recorded(pool: PgPool) {
    empty(&pool).await;
    let (before, after): (Vec<_>, Vec<_>) =
        desk::MIGRATOR.iter().cloned().partition(|migration| migration.version < 20_261_125_130_000);
    sqlx::migrate::Migrator::with_migrations(before.clone()).run(&pool).await.unwrap();
    for statement in [
        "insert into account (id, email, name, role, password_hash, created_at)
         values ('00000000-0000-0000-0000-0000000000a1', 'a@desk.example', 'Ada', 'admin', 'none', now())",
        "insert into snapshot (id, sha256, text) values ('00000000-0000-0000-0000-0000000000f1', sha256('Two died.'), 'Two died.')",
        "insert into article (id, title, language, added_by, added_at) values ('00000000-0000-0000-0000-0000000000b1', 'T', 'en',
                 '00000000-0000-0000-0000-0000000000a1', now())",
        "insert into article_snapshot (article_id, number, snapshot_id, taken_at, taken_by)
         values ('00000000-0000-0000-0000-0000000000b1', 1, '00000000-0000-0000-0000-0000000000f1', now(),
                 '00000000-0000-0000-0000-0000000000a1')",
        "insert into claim (id, article_id, snapshot_id, span_start, span_end, text, kind, checkworthiness, reasons,
                            extractor, priority, stage, stage_since, version, created_at, search)
         values ('00000000-0000-0000-0000-0000000000c1', '00000000-0000-0000-0000-0000000000b1',
                 '00000000-0000-0000-0000-0000000000f1', 0, 9, 'Two died.', 'casualty', 0.5, '{}', 'x', 10, 'open', now(), 1,
                 now(), '')",
        "insert into event (at, article_id, claim_id, kind, body)
         select now(), '00000000-0000-0000-0000-0000000000b1', '00000000-0000-0000-0000-0000000000c1', 'released', '{\"kind\": \"released\"}'
           from generate_series(1, 5)",
        "insert into event (at, account_id, kind, body) values (now(), '00000000-0000-0000-0000-0000000000a1',
                 'password_changed', '{\"kind\": \"password_changed\"}')",
    ] {
        sqlx::query(statement).execute(&pool).await.unwrap();
    }
    let all: Vec<_> = before.into_iter().chain(after).collect();
    sqlx::migrate::Migrator::with_migrations(all).run(&pool).await.unwrap();
    let room = Newsroom::over(pool);
    let seen = room.desk.verify_history(None, None, |_| {}).await.unwrap();
    assert_eq!(told(&seen), [""; 0]);
    // Five of the claim and one of the account, and that the record began: claim, article, desk.
    assert_eq!((seen.chains, seen.events), (4, 9));
    assert_eq!(
        room.count("select number from event where claim_id is not null order by id desc limit 1").await,
        6
    );
    room.owner().migrate().await.unwrap();
    assert_eq!(
        room.events().await,
        9 + 4,
        "the scales came with the program; nothing else was left to record"
    );
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_verdict_that_was_refused_leaves_no_link(pool: PgPool) {
    let worked = Worked::over(pool).await;
    let before = worked.room.count("select count(*) from version").await;
    assert!(
        worked.room.desk.give_verdict(&worked.noor, worked.claim, verdict("false", 1), None).await.is_err()
    );
    assert_eq!(worked.room.count("select count(*) from version").await, before);
}
