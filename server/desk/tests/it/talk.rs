use crate::harness::{Newsroom, is_refused, once, said};
use desk::{CommentForm, Error, SpanGiven};
use domain::id::CommentId;
use domain::policy::Role;
use domain::text::Span;
use domain::words::{ClaimWords, CommentText};
use sqlx::PgPool;

fn words(text: &str) -> CommentText {
    CommentText::parse(text).unwrap()
}

pub fn comment(text: &str) -> CommentForm {
    CommentForm { text: words(text), on: None, reply_to: None }
}

fn on(quote: &str, text: &str) -> CommentForm {
    CommentForm { on: Some(SpanGiven::Words(ClaimWords::parse(quote).unwrap())), ..comment(text) }
}

fn reply(to: CommentId, text: &str) -> CommentForm {
    CommentForm { reply_to: Some(to), ..comment(text) }
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_comment_stands_with_its_words_and_its_answers(pool: PgPool) {
    let room = Newsroom::over(pool);
    let (noor, robin) = (room.reviewer("Noor").await, room.reviewer("Robin").await);
    let (_, claims) = room
        .article(&noor, "Raid", &[said("At least 12 people were killed."), said("12 people fled.")])
        .await;
    let claim = claims[1];
    let made = room.desk.comment(&noor, claim, on("12  PEOPLE", "Which twelve?"), None).await.unwrap();
    let answer = room.desk.comment(&robin, claim, reply(made.id, "Those from the bus."), None).await.unwrap();
    // What answers an answer answers the first comment: one level.
    room.desk.comment(&noor, claim, reply(answer.id, "Ah."), None).await.unwrap();
    let talk = room.desk.talk(&robin, claim).await.unwrap();
    assert_eq!(talk.len(), 1);
    let quote = talk[0].first.quote.as_ref().unwrap();
    assert_eq!(
        (quote.words.as_str(), quote.span, quote.in_text),
        ("12 people", Span::new(33, 42), true),
        "near the claim"
    );
    let said: Vec<_> =
        talk[0].replies.iter().map(|reply| (reply.author.as_str(), reply.text().unwrap())).collect();
    assert_eq!(said, [("Robin", "Those from the bus."), ("Noor", "Ah.")]);
    let told = room.told(&noor, claim).await;
    assert_eq!(
        told[1..],
        ["Noor commented on “12 people”", "Robin answered Noor’s comment", "Noor answered Noor’s comment"]
    );
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn words_that_do_not_stand_in_the_article_are_refused_and_leave_nothing(pool: PgPool) {
    let room = Newsroom::over(pool);
    let noor = room.reviewer("Noor").await;
    let claim = room.claim(&noor).await;
    let before = room.events().await;
    let error = room.desk.comment(&noor, claim, on("thirteen people", "?"), None).await.unwrap_err();
    assert_eq!(error.field(), Some("words"));
    let beyond = CommentForm { on: Some(SpanGiven::At(Span::new(10, 4000))), ..comment("?") };
    assert_eq!(room.desk.comment(&noor, claim, beyond, None).await.unwrap_err().field(), Some("span"));
    assert_eq!((room.events().await, room.count("select count(*) from comment").await), (before, 0));
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn an_answer_stays_with_its_claim(pool: PgPool) {
    let room = Newsroom::over(pool);
    let noor = room.reviewer("Noor").await;
    let (_, claims) = room.article(&noor, "Raid", &[said("12 people fell."), said("12 people fled.")]).await;
    let made = room.desk.comment(&noor, claims[0], comment("One"), None).await.unwrap();
    let error = room.desk.comment(&noor, claims[1], reply(made.id, "Two"), None).await.unwrap_err();
    assert_eq!(error.field(), Some("reply_to"));
    // The database says so too, and that nobody answers an answer.
    let answer = room.desk.comment(&noor, claims[0], reply(made.id, "Two"), None).await.unwrap();
    for (claim, to) in [(claims[1], made.id), (claims[0], answer.id)] {
        let forced = sqlx::query(
            "insert into comment (id, claim_id, reply_to, author_id, at, version) values (gen_random_uuid(), $1, $2, $3, now(), 1)",
        )
        .bind(claim.0)
        .bind(to.0)
        .bind(noor.id.0)
        .execute(&room.pool)
        .await;
        assert!(forced.unwrap_err().to_string().contains("comment_reply_fkey"));
    }
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_changed_comment_keeps_what_it_said_before(pool: PgPool) {
    let room = Newsroom::over(pool);
    let (noor, robin) = (room.reviewer("Noor").await, room.editor("Robin").await);
    let claim = room.claim(&noor).await;
    let made = room.desk.comment(&noor, claim, comment("Twelve?"), None).await.unwrap();
    room.wait_minutes(1);
    room.desk.change_comment(&noor, made.id, &words("Twelve or thirteen?"), 1).await.unwrap();
    let before = room.events().await;
    room.desk.change_comment(&noor, made.id, &words("Twelve or thirteen?"), 1).await.unwrap();
    assert_eq!(room.events().await, before, "the same words leave no trace");
    let stale = room.desk.change_comment(&noor, made.id, &words("Fourteen"), 1).await.unwrap_err();
    assert!(
        matches!(stale, Error::Stale { current: 2, ref differences, .. } if differences[0].theirs == "Twelve or thirteen?")
    );
    let others = room.desk.change_comment(&robin, made.id, &words("Mine"), 2).await.unwrap_err();
    assert_eq!(others.field(), Some("comment"), "not even an editor puts words into a mouth");
    let view = room.desk.one_comment(&robin, made.id).await.unwrap();
    let said: Vec<_> = view.versions.iter().map(|version| version.text.as_str()).collect();
    assert_eq!((said, view.version), (vec!["Twelve?", "Twelve or thirteen?"], 2));
    for forced in [
        "update comment_version set text = 'x'",
        "delete from comment_version",
        "delete from comment",
        "update comment set author_id = (select id from account where name = 'Robin')",
    ] {
        assert!(sqlx::query(forced).execute(&room.pool).await.is_err(), "{forced}");
    }
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_withdrawn_comment_stays_with_who_withdrew_it_and_its_words_are_out_of_sight(pool: PgPool) {
    let room = Newsroom::over(pool);
    let (noor, robin, eda) =
        (room.reviewer("Noor").await, room.reviewer("Robin").await, room.editor("Eda").await);
    let claim = room.claim(&noor).await;
    let made = room.desk.comment(&noor, claim, comment("The driver is Ivan."), None).await.unwrap();
    assert!(is_refused(&room.desk.withdraw_comment(&robin, made.id).await), "somebody else’s, below editor");
    room.desk.withdraw_comment(&eda, made.id).await.unwrap();
    let view = room.desk.one_comment(&noor, made.id).await.unwrap();
    assert_eq!(
        (view.text(), view.withdrawn.as_ref().map(|withdrawn| withdrawn.by.as_str())),
        (None, Some("Eda"))
    );
    assert!(room.told(&noor, claim).await.iter().all(|told| !told.contains("Ivan")), "nor in the history");
    assert!(matches!(room.desk.withdraw_comment(&eda, made.id).await, Err(Error::NotFound(_))));
    assert!(matches!(
        room.desk.change_comment(&noor, made.id, &words("x"), 1).await,
        Err(Error::NotFound(_))
    ));
    assert_eq!(
        room.count("select count(*) from comment_version where text like '%Ivan%'").await,
        1,
        "but never lost"
    );
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_comment_is_resolved_and_taken_up_again_and_each_is_kept(pool: PgPool) {
    let room = Newsroom::over(pool);
    let (noor, robin) = (room.reviewer("Noor").await, room.reviewer("Robin").await);
    let claim = room.claim(&noor).await;
    let made = room.desk.comment(&noor, claim, comment("Which twelve?"), None).await.unwrap();
    let answer = room.desk.comment(&robin, claim, reply(made.id, "These."), None).await.unwrap();
    assert_eq!(
        room.desk.resolve_comment(&robin, answer.id, true, None).await.unwrap_err().field(),
        Some("comment")
    );
    let before = room.events().await;
    room.desk.resolve_comment(&robin, made.id, false, None).await.unwrap();
    assert_eq!(room.events().await, before, "it is open already");
    room.desk.resolve_comment(&robin, made.id, true, None).await.unwrap();
    room.desk.resolve_comment(&noor, made.id, true, None).await.unwrap();
    let resolved = room.desk.one_comment(&noor, made.id).await.unwrap().resolved.unwrap();
    assert_eq!((resolved.by.as_str(), room.events().await), ("Robin", before + 1));
    room.desk.resolve_comment(&noor, made.id, false, None).await.unwrap();
    assert!(room.desk.one_comment(&noor, made.id).await.unwrap().resolved.is_none());
    assert_eq!(room.count("select count(*) from comment_resolution").await, 2);
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn who_is_called_is_found_by_address_or_name_and_who_is_not_is_said(pool: PgPool) {
    let room = Newsroom::over(pool);
    let noor = room.reviewer("Noor").await;
    for (address, name) in [("jsmit", "Jan Smit"), ("x.smit", "Jan Smit"), ("ilona", "Ilona Ó Brádaigh")] {
        sqlx::query("insert into account (id, email, name, role, password_hash, created_at) values (gen_random_uuid(), $1 || '@d.example', $2, 'viewer', '', now())")
            .bind(address)
            .bind(name)
            .execute(&room.pool)
            .await
            .unwrap();
    }
    let claim = room.claim(&noor).await;
    let text = "@ILONA.Ó.Brádaigh, @ilona and @jsmit: ask @reuters and @jan.smit, not a@b.example.";
    let made = room.desk.comment(&noor, claim, comment(text), None).await.unwrap();
    assert_eq!(
        made.uncalled.as_deref(),
        Some(
            "Nobody here is called @reuters; several people are called @jan.smit: use the beginning of an e-mail address."
        )
    );
    let told = room.told(&noor, claim).await;
    assert_eq!(told[1], "Noor commented and mentioned Ilona Ó Brádaigh, Jan Smit");
    let view = room.desk.one_comment(&noor, made.id).await.unwrap();
    let mut mentioned: Vec<_> = view.mentioned.into_iter().collect();
    mentioned.sort();
    let as_typed = ["ilona", "ilona.ó.brádaigh", "jsmit"];
    assert_eq!(mentioned.iter().map(|(handle, _)| handle.as_str()).collect::<Vec<_>>(), as_typed);
    // A change calls only those who were not called before.
    room.desk.change_comment(&noor, made.id, &words("@ilona @x.smit"), 1).await.unwrap();
    assert_eq!(room.told(&noor, claim).await[2], "Noor changed a comment and mentioned Jan Smit");
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn viewers_read_what_is_said_and_say_nothing(pool: PgPool) {
    let room = Newsroom::over(pool);
    let (noor, vic) = (room.reviewer("Noor").await, room.person("Vic", Role::Viewer).await);
    let claim = room.claim(&noor).await;
    let made = room.desk.comment(&noor, claim, comment("One"), None).await.unwrap();
    assert!(is_refused(&room.desk.comment(&vic, claim, comment("Two"), None).await));
    assert!(is_refused(&room.desk.resolve_comment(&vic, made.id, true, None).await));
    assert!(is_refused(&room.desk.withdraw_comment(&vic, made.id).await));
    assert_eq!(room.desk.talk(&vic, claim).await.unwrap().len(), 1);
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_comment_sent_twice_is_made_once_and_lists_go_on(pool: PgPool) {
    let room = Newsroom::over(pool);
    let noor = room.reviewer("Noor").await;
    let claim = room.claim(&noor).await;
    let first = room.desk.comment(&noor, claim, comment("1"), Some(&once("c", 1))).await.unwrap();
    assert_eq!(
        room.desk.comment(&noor, claim, comment("1"), Some(&once("c", 1))).await.unwrap().id,
        first.id
    );
    for n in 2..=5 {
        room.desk.comment(&noor, claim, comment(&n.to_string()), None).await.unwrap();
    }
    let (mut after, mut seen) = (None, Vec::new());
    loop {
        let page = room.desk.comments(&noor, claim, after, 2).await.unwrap();
        seen.extend(page.rows.iter().map(|row| row.text().unwrap().to_owned()));
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(seen, ["1", "2", "3", "4", "5"]);
    let nowhere = domain::id::ClaimId(uuid::Uuid::nil());
    assert!(matches!(room.desk.comments(&noor, nowhere, None, 2).await, Err(Error::NotFound("claim"))));
    assert!(matches!(
        room.desk.comment(&noor, nowhere, comment("1"), None).await,
        Err(Error::NotFound("claim"))
    ));
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn who_comments_keeps_the_claim_longer(pool: PgPool) {
    let room = Newsroom::over(pool);
    let noor = room.reviewer("Noor").await;
    let claim = room.claim(&noor).await;
    room.desk.take(&noor, claim).await.unwrap();
    room.wait_minutes(20);
    room.desk.comment(&noor, claim, comment("Calling the hospital."), None).await.unwrap();
    room.wait_minutes(20);
    assert_eq!(room.desk.expire_leases().await.unwrap(), 0);
}
