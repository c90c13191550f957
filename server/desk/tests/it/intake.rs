use crate::harness::{Newsroom, Said, address_of, article, once, outlet, reading, said};
use desk::{Error, NewArticle, Outcome};
use domain::claim::ClaimKind;
use domain::measure::Indicator;
use domain::words::ArticleText;
use sqlx::PgPool;

const ADDRESS: &str = "https://courier.example/raid";

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn the_same_text_twice_is_the_same_article(pool: PgPool) {
    let room = Newsroom::over(pool);
    let noor = room.reviewer("Noor").await;
    let first = room.desk.add_article(&noor, article("Raid", "At least 12 died."), None).await.unwrap();
    let events = room.events().await;
    let again = room.desk.add_article(&noor, article("Raid", "At least 12 died."), None).await.unwrap();
    assert_eq!((first.outcome, again.outcome), (Outcome::New, Outcome::Known));
    assert_eq!(first.article, again.article);
    assert_eq!(room.count("select count(*) from snapshot").await, 1);
    assert_eq!(room.events().await, events);
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn the_same_text_at_another_outlet_is_another_article_of_one_snapshot(pool: PgPool) {
    let room = Newsroom::over(pool);
    let noor = room.reviewer("Noor").await;
    let mut articles = Vec::new();
    for name in ["Courier", "Herald", "COURIER"] {
        let new = NewArticle { outlet: outlet(name), ..article("Raid", "At least 12 died.") };
        articles.push(room.desk.add_article(&noor, new, None).await.unwrap().article);
    }
    assert_ne!(articles[0], articles[1]);
    assert_eq!(articles[0], articles[2], "an outlet's name is the same in any case");
    assert_eq!(room.count("select count(*) from snapshot").await, 1);
    assert_eq!(room.count("select count(*) from outlet").await, 2);
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn what_is_known_adds_no_outlet(pool: PgPool) {
    let room = Newsroom::over(pool);
    let noor = room.reviewer("Noor").await;
    room.version(&noor, ADDRESS, &[said("At least 12 people were killed.")]).await;
    let (text, extraction) = reading(&[said("At least 12 people were killed.")]);
    let again =
        NewArticle { outlet: outlet("Herald"), address: Some(address_of(ADDRESS)), ..article("Raid", &text) };
    let added = room.desk.add_read_article(&noor, again, &extraction, None).await.unwrap();
    assert_eq!(added.outcome, Outcome::Known);
    assert_eq!(room.count("select count(*) from outlet").await, 0);
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_claim_is_anchored_to_its_words_with_its_source_and_its_figures(pool: PgPool) {
    let room = Newsroom::over(pool);
    let noor = room.reviewer("Noor").await;
    let all = [said("At least 12 people were killed 🕯.").by("Olena K."), said("At least 12 fled.")];
    let (_, claims) = room.article(&noor, "Raid", &all).await;
    for (claim, said) in claims.iter().zip(all) {
        let view = room.desk.claim(&noor, *claim).await.unwrap();
        let text = domain::text::CharIndex::new(&view.text);
        assert_eq!(text.slice(view.span), Some(said.words));
        assert_eq!(view.claim.measures[0].text, "At least 12");
        let who: Vec<_> = view
            .attributions
            .iter()
            .map(|hop| (hop.mention_at.and_then(|at| text.slice(at)), hop.name.as_deref()))
            .collect();
        assert_eq!(who, said.who.map(|who| (Some(who), Some(who))).into_iter().collect::<Vec<_>>());
    }
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn ten_mentions_of_a_speaker_are_one_source(pool: PgPool) {
    let room = Newsroom::over(pool);
    let noor = room.reviewer("Noor").await;
    for title in ["One", "Two", "Three"] {
        let words = format!("At least 12 people were killed on day {title}.");
        room.article(&noor, title, &[said(&words).by("Olena K."), said("Hundreds fled.").by("OLENA K.")])
            .await;
    }
    assert_eq!(room.count("select count(*) from source").await, 1);
}

/// A version of three claims, and a next one that keeps the second, further down.
async fn two_versions(room: &Newsroom) -> (domain::policy::Actor, desk::Added, Vec<domain::id::ClaimId>) {
    let noor = room.reviewer("Noor").await;
    let kept = said("At least 12 people were killed.").by("Olena K.");
    let first =
        room.version(&noor, ADDRESS, &[said("At least 12 fled."), kept, said("At least 12 hid.")]).await;
    let claims = room.claims_of(first.article).await;
    let longer = said("At least 12 lorries of help came before anything else was said about it.");
    let second = room.version(&noor, ADDRESS, &[longer, kept]).await;
    assert_eq!((second.article, second.outcome), (first.article, Outcome::NewVersion));
    (noor, second, claims)
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_claim_whose_wording_stands_is_carried_over_with_all_that_hangs_on_it(pool: PgPool) {
    let room = Newsroom::over(pool);
    let (noor, _, claims) = two_versions(&room).await;
    let view = room.desk.claim(&noor, claims[1]).await.unwrap();
    let text = domain::text::CharIndex::new(&view.text);
    assert_eq!((view.snapshot_number, view.snapshots, view.in_latest), (2, 2, true));
    assert_eq!(text.slice(view.span), Some("At least 12 people were killed."));
    assert_eq!(text.slice(view.attributions[0].mention_at.unwrap()), Some("Olena K."));
    let figure = &view.claim.measures[0];
    assert_eq!(text.slice(domain::text::Span::new(figure.start, figure.end)), Some("At least 12"));
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_claim_whose_wording_is_gone_is_kept_apart(pool: PgPool) {
    let room = Newsroom::over(pool);
    let (noor, added, _) = two_versions(&room).await;
    let view = room.desk.article(&noor, added.article).await.unwrap();
    let words = |claims: &[desk::MarkedClaim]| claims.iter().map(|c| c.text.clone()).collect::<Vec<_>>();
    assert_eq!(words(&view.earlier), ["At least 12 fled.", "At least 12 hid."]);
    assert_eq!(view.claims.len(), 2);
    assert_eq!(view.snapshots, 2);
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_new_version_tells_each_claim_what_became_of_it(pool: PgPool) {
    let room = Newsroom::over(pool);
    let (noor, _, claims) = two_versions(&room).await;
    for (claim, ending) in [(claims[0], "is no longer in it"), (claims[1], "still stands in it")] {
        let told = room.told(&noor, claim).await;
        assert!(told.last().unwrap().ends_with(ending), "{told:?}");
    }
    room.assert_counters_equal_a_recount().await;
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_wording_that_comes_back_is_the_claim_it_was(pool: PgPool) {
    let room = Newsroom::over(pool);
    let noor = room.reviewer("Noor").await;
    let (one, other) = ([said("At least 12 people were killed.")], [said("At least 12 fled.")]);
    let added = room.version(&noor, ADDRESS, &one).await;
    let claim = room.claims_of(added.article).await[0];
    room.judge(&noor, claim, "verified").await;
    room.version(&noor, ADDRESS, &other).await;
    room.version(&noor, ADDRESS, &one).await;
    let view = room.desk.claim(&noor, claim).await.unwrap();
    assert!(view.in_latest);
    assert_eq!((view.claim.rating.as_deref(), view.snapshots), (Some("verified"), 3));
    assert_eq!(room.count("select count(*) from claim").await, 2);
    assert_eq!(room.count("select count(*) from snapshot").await, 2);
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_wording_that_stands_twice_is_two_claims_in_every_version(pool: PgPool) {
    let room = Newsroom::over(pool);
    let noor = room.reviewer("Noor").await;
    let twice = said("At least 12 people were killed.");
    let added = room.version(&noor, ADDRESS, &[twice, twice]).await;
    room.version(&noor, ADDRESS, &[twice, said("At least 12 fled."), twice]).await;
    let view = room.desk.article(&noor, added.article).await.unwrap();
    assert_eq!((view.claims.len(), view.earlier.len()), (3, 0));
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn two_people_who_paste_the_same_piece_at_once_make_one_article(pool: PgPool) {
    let room = Newsroom::over(pool);
    let (noor, robin) = (room.reviewer("Noor").await, room.reviewer("Robin").await);
    let other = room.second_desk();
    for address in [None, Some(address_of(ADDRESS))] {
        let (text, extraction) = reading(&[said("At least 12 people were killed.").by("Olena K.")]);
        let new = NewArticle { address, outlet: outlet("Courier"), ..article("Raid", &text) };
        let (one, two) = tokio::join!(
            room.desk.add_read_article(&noor, new.clone(), &extraction, None),
            other.add_read_article(&robin, new, &extraction, None),
        );
        let (one, two) = (one.unwrap(), two.unwrap());
        assert_eq!(one.article, two.article);
        assert_ne!(one.outcome, two.outcome);
    }
    assert_eq!(room.count("select count(*) from article").await, 2);
    assert_eq!(room.count("select count(*) from claim").await, 2);
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn intakes_that_share_sources_do_not_wait_in_a_circle(pool: PgPool) {
    let room = Newsroom::over(pool);
    let noor = room.reviewer("Noor").await;
    let mut people = ["Ann", "Ben", "Cas", "Dee", "Eve", "Fay"];
    let mut intakes = tokio::task::JoinSet::new();
    for n in 0..24 {
        people.rotate_left(1);
        if n % 2 == 0 {
            people.reverse();
        }
        let words: Vec<String> =
            people.iter().map(|who| format!("At least 12 died, says {who} in {n}.")).collect();
        let all: Vec<Said<'_>> = words.iter().zip(people).map(|(words, who)| said(words).by(who)).collect();
        let (text, extraction) = reading(&all);
        let (desk, noor) = (room.second_desk(), noor.clone());
        intakes.spawn(async move {
            let new = NewArticle { outlet: outlet(&format!("Outlet {}", n % 3)), ..article("Raid", &text) };
            desk.add_read_article(&noor, new, &extraction, None).await
        });
    }
    for added in intakes.join_all().await {
        added.unwrap();
    }
    assert_eq!(room.count("select count(*) from source").await, 6);
    room.assert_counters_equal_a_recount().await;
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_repeated_intake_gives_the_first_article(pool: PgPool) {
    let room = Newsroom::over(pool);
    let noor = room.reviewer("Noor").await;
    let key = once("k1", 1);
    let first = room.desk.add_article(&noor, article("Raid", "At least 12 died."), Some(&key)).await.unwrap();
    let again = room.desk.add_article(&noor, article("Raid", "At least 12 died."), Some(&key)).await.unwrap();
    assert_eq!(again.article, first.article);
    let other = room.desk.add_article(&noor, article("Other", "Other text."), Some(&once("k1", 2))).await;
    assert!(matches!(other, Err(Error::KeyReused)), "{other:?}");
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn what_must_not_change_refuses_to_in_the_database_itself(pool: PgPool) {
    let room = Newsroom::over(pool);
    let noor = room.reviewer("Noor").await;
    let claim = room.claim(&noor).await;
    room.judge(&noor, claim, "verified").await;
    room.publish(&room.editor("Eda").await, claim, None).await;
    for statement in [
        "update snapshot set text = 'x'",
        "delete from snapshot",
        "truncate snapshot cascade",
        "update article_snapshot set number = 2",
        "delete from article_snapshot",
        "truncate article_snapshot",
        "update verdict set rating = 'false'",
        "delete from verdict",
        "truncate verdict cascade",
        "update event set at = now()",
        "delete from event",
        "truncate event",
        "update publication set note = null",
        "delete from publication",
        "truncate publication cascade",
        "delete from claim",
        "truncate claim cascade",
    ] {
        let error = sqlx::query(statement).execute(&room.pool).await.expect_err(statement);
        assert!(error.to_string().contains("append-only"), "{statement}: {error}");
    }
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_snapshot_whose_hash_is_not_its_texts_is_refused(pool: PgPool) {
    let forged =
        sqlx::query("insert into snapshot (id, sha256, text) values (gen_random_uuid(), sha256('a'), 'b')")
            .execute(&pool)
            .await;
    assert!(forged.unwrap_err().to_string().contains("snapshot_sha256_check"));
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn any_text_survives_byte_for_byte(pool: PgPool) {
    let room = Newsroom::over(pool);
    let noor = room.reviewer("Noor").await;
    for (n, (typed, kept)) in [
        ("a\0b", "a\u{fffd}b"),
        ("bell\u{7} and escape\u{1b}[31m", "bell\u{fffd} and escape\u{fffd}[31m"),
        ("one\r\ntwo\rthree\u{2028}four", "one\ntwo\nthree\nfour"),
        ("\u{feff}mark", "mark"),
        ("bidi \u{202e}\u{2066}x\u{2069}\u{200f}", "bidi \u{202e}\u{2066}x\u{2069}\u{200f}"),
        ("joined 👩\u{200d}👩\u{200d}👧 and 🇺🇦", "joined 👩\u{200d}👩\u{200d}👧 and 🇺🇦"),
        ("astral \u{10ffff}\u{1f980}𝔘", "astral \u{10ffff}\u{1f980}𝔘"),
        ("e\u{301} is not \u{e9}", "e\u{301} is not \u{e9}"),
        ("غزة שלום Київ 東京 ไทย", "غزة שלום Київ 東京 ไทย"),
        ("</script><b>&amp;\"'`\\u0000 \\ %s {0} $1", "</script><b>&amp;\"'`\\u0000 \\ %s {0} $1"),
        (
            "noncharacter \u{fffe}\u{ffff}\u{fdd0} private \u{e000}",
            "noncharacter \u{fffe}\u{ffff}\u{fdd0} private \u{e000}",
        ),
    ]
    .into_iter()
    .enumerate()
    {
        let title = format!("Text {n}");
        let added = room.desk.add_article(&noor, article(&title, typed), None).await.unwrap();
        let view = room.desk.article(&noor, added.article).await.unwrap();
        assert_eq!(view.text, kept);
        // Every character that is kept can also stand in a claim.
        let words = format!("{kept} At least 12 died.");
        let (_, claims) = room.article(&noor, &title, &[said(&words).by("Olena 🕯 \u{202e}K.")]).await;
        assert_eq!(room.desk.claim(&noor, claims[0]).await.unwrap().claim.text, words);
    }
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_claim_as_long_as_the_largest_article_is_kept(pool: PgPool) {
    let room = Newsroom::over(pool);
    let noor = room.reviewer("Noor").await;
    let words: String = (0u32..).map(|n| format!("w{n} ")).take(120_000).collect();
    let (_, claims) = room.article(&noor, "Long", &[said(words.trim_end()).by(&"x".repeat(5_000))]).await;
    assert_eq!(room.desk.claim(&noor, claims[0]).await.unwrap().claim.source, None);
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_claim_beyond_the_text_is_refused(pool: PgPool) {
    let room = Newsroom::over(pool);
    let noor = room.reviewer("Noor").await;
    let (_, extraction) = reading(&[said("At least 12 people were killed.")]);
    let answer = room.desk.add_read_article(&noor, article("Raid", "Short."), &extraction, None).await;
    assert_eq!(answer.unwrap_err().field(), Some("claims"));
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_language_is_a_code(pool: PgPool) {
    let room = Newsroom::over(pool);
    let noor = room.reviewer("Noor").await;
    for language in ["", "e\0", "English", "EN"] {
        let new = NewArticle { language: Some(language.into()), ..article("Raid", "A text.") };
        let answer = room.desk.add_article(&noor, new, None).await;
        assert_eq!(answer.unwrap_err().field(), Some("language"), "{language:?}");
    }
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn harm_to_people_is_more_urgent_than_money(pool: PgPool) {
    let room = Newsroom::over(pool);
    let noor = room.reviewer("Noor").await;
    let money = said("At least 12 million was spent.").counting(ClaimKind::Money, Indicator::Money);
    let (_, claims) = room.article(&noor, "Raid", &[money, said("At least 12 people were killed.")]).await;
    assert_eq!(room.desk.take_next(&noor, None, None).await.unwrap(), Some(claims[1]));
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn the_engine_that_reads_articles_reads_them_here(pool: PgPool) {
    let room = Newsroom::over(pool);
    let noor = room.reviewer("Noor").await;
    let text = ArticleText::parse("At least 12 people were killed, the ministry said.").unwrap();
    let added = room.desk.add_article(&noor, article("Raid", text.as_str()), None).await.unwrap();
    let found = extract::extract(text.as_str(), &extract::Options::default()).claims.len();
    assert_eq!(room.claims_of(added.article).await.len(), found);
}
