use crate::harness::{Newsroom, because, empty, is_refused, once, said, verdict};
use crate::publish::note;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::TimeDelta;
use desk::{
    Attempt, Change, ClaimFilter, CorrectVerdictForm, Correction, DeliveryState, Desk, Error, Fetched,
    Fetcher, NewReceiver, NewsEntry, Seal,
};
use domain::clearance::Clearance;
use domain::id::{ClaimId, ReceiverId, SourceId};
use domain::link::LinkKind;
use domain::policy::{Actor, Role};
use domain::publication::PublicationKind;
use domain::receiver::{Loopback, MOST_ATTEMPTS, Telling};
use domain::words::{Rationale, ReceiverName, TokenName};
use sqlx::PgPool;
use std::collections::BTreeSet;

fn to(rating: &str) -> Correction {
    let rationale = Rationale::parse("The agency has mixed up two rows.").unwrap();
    Correction::Verdict {
        scale: None,
        override_reason: None,
        rating: rating.to_owned(),
        rationale,
        figure: None,
    }
}

impl Newsroom {
    async fn form(&self, by: &Actor, claim: ClaimId, correction: Correction) -> CorrectVerdictForm {
        let change = self.desk.change_by(by, claim, &correction).await.unwrap();
        let digest = self.desk.dependants(by, claim, &change).await.unwrap().digest();
        let version = self.version_of(claim).await;
        let note = Some(note("The figure was of shelters, not of people."));
        CorrectVerdictForm { correction, note, version, digest }
    }

    /// A claim that is published, and as many duplicates of it, each in an article of its own.
    async fn with_duplicates(&self, eda: &Actor, n: usize) -> (ClaimId, Vec<ClaimId>) {
        let claim = self.claim(eda).await;
        self.judge(eda, claim, "verified").await;
        self.publish(eda, claim, None).await;
        let mut duplicates = Vec::new();
        for at in 0..n {
            let words = format!("At least 12 people were killed, copy {at}.");
            let (_, claims) = self.article(eda, &format!("Copy {at}"), &[said(&words)]).await;
            self.desk.dismiss_as_duplicate(eda, claims[0], 1, claim, None).await.unwrap();
            duplicates.push(claims[0]);
        }
        (claim, duplicates)
    }
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn thirty_dependants_move_at_once_and_the_one_that_is_held_stays_with_its_holder(pool: PgPool) {
    let room = Newsroom::over(pool);
    let (eda, noor) = (room.editor("Eda").await, room.reviewer("Noor").await);
    let (claim, duplicates) = room.with_duplicates(&eda, 30).await;
    // One of them came back before, and Noor is checking it.
    let held = duplicates[7];
    room.desk.reopen(&eda, held, 2, because("It may be another raid.")).await.unwrap();
    room.desk.take(&noor, held).await.unwrap();
    let seen_by_noor = room.version_of(held).await;

    let form = room.form(&eda, claim, to("false")).await;
    let listed =
        room.desk.dependants(&eda, claim, &Change::Verdict { rating: "false".into() }).await.unwrap();
    assert_eq!(listed.claims.len(), 30);
    assert_eq!(listed.held().map(|one| one.id).collect::<Vec<_>>(), [held]);
    assert_eq!(listed.articles.len(), 30, "29 whose duplicate comes back, and the claim's own");
    let cleared = |one: &&desk::DependantArticle| {
        matches!(one.before, Clearance::NothingToCheck | Clearance::Clear) && one.after != Clearance::Clear
    };
    assert_eq!(listed.articles.iter().filter(cleared).count(), 30);
    assert_eq!(listed.pages.iter().map(|page| page.own).collect::<Vec<_>>(), [true]);

    let events = room.events().await;
    let done = room.desk.correct_verdict(&eda, claim, form, None).await.unwrap();
    assert_eq!(done.requeued, 30, "29 wait, one is told");
    let days = desk::DayRange::last(7, room.desk.clock().now().date_naive());
    let flow = room.desk.flow(&eda, days, desk::Scope::default()).await.unwrap();
    assert_eq!(flow.sum(|day| day.corrected), 1);
    assert_eq!(room.count("select count(*) from claim where stage = 'open'").await, 29);
    assert_eq!(room.stage_of(held).await, "in_review");
    let view = room.desk.claim(&noor, held).await.unwrap();
    assert_eq!(view.lease.unwrap().holder, noor.id, "the lease is kept");
    assert_eq!(room.events().await - events, 2 + 30 + 29, "two of the claim, one or two of each dependant");
    assert_eq!(
        room.told(&eda, held).await.last().unwrap(),
        "Eda corrected “At least 12 people were killed.”, on which this claim rests"
    );
    // What Noor had before her eyes no longer holds: she is told before her verdict counts.
    let answer = room.desk.give_verdict(&noor, held, verdict("verified", seen_by_noor), None).await;
    assert!(matches!(&answer, Err(Error::Stale { by, .. }) if by == "Eda"), "{answer:?}");

    assert_eq!(room.stage_of(claim).await, "published");
    let public = room.desk.published(&eda, claim).await.unwrap();
    assert_eq!(public.newest().unwrap().kind, PublicationKind::Corrected);
    assert_eq!(public.standing().unwrap().1.rating.key, "false");
    room.assert_counters_equal_a_recount().await;
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_correction_that_fails_changes_nothing(pool: PgPool) {
    let room = Newsroom::over(pool);
    let (eda, noor) = (room.editor("Eda").await, room.reviewer("Noor").await);
    let (claim, _) = room.with_duplicates(&eda, 3).await;
    let good = room.form(&eda, claim, to("false")).await;
    let before = room.count("select count(*) from event").await;

    let refused = room.desk.correct_verdict(&noor, claim, good.clone(), None).await;
    assert!(is_refused(&refused), "{refused:?}");
    let missing = CorrectVerdictForm { note: None, ..good.clone() };
    let answer = room.desk.correct_verdict(&eda, claim, missing, None).await.unwrap_err();
    assert_eq!(answer.field(), Some("note"));
    let unknown = CorrectVerdictForm { correction: to("true"), ..good.clone() };
    assert_eq!(
        room.desk.correct_verdict(&eda, claim, unknown, None).await.unwrap_err().field(),
        Some("rating")
    );
    let stale = CorrectVerdictForm { version: 1, ..good };
    let answer = room.desk.correct_verdict(&eda, claim, stale, None).await;
    assert!(matches!(answer, Err(Error::Stale { current: 3, .. })), "{answer:?}");
    assert_eq!(room.count("select count(*) from event").await, before);
    assert_eq!(room.count("select count(*) from publication").await, 1);
    assert_eq!(room.count("select count(*) from claim where stage = 'dismissed'").await, 3);
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn what_is_new_since_the_list_was_seen_has_to_be_seen_first(pool: PgPool) {
    let room = Newsroom::over(pool);
    let (eda, noor) = (room.editor("Eda").await, room.reviewer("Noor").await);
    let (claim, duplicates) = room.with_duplicates(&eda, 1).await;
    let change = Change::Verdict { rating: "false".into() };
    let seen = room.desk.dependants(&eda, claim, &change).await.unwrap();
    let form = room.form(&eda, claim, to("false")).await;
    let fetcher = Fetcher::Account(&noor, None);
    room.desk.note_export(fetcher, Fetched::Csv, &ClaimFilter::default()).await.unwrap();

    let answer = room.desk.correct_verdict(&eda, claim, form.clone(), None).await;
    let Err(Error::ListMoved { digest }) = answer else { panic!("{answer:?}") };
    let now = room.desk.dependants(&eda, claim, &change).await.unwrap();
    let new: Vec<_> = now.keys().difference(&seen.keys()).cloned().collect();
    assert_eq!((now.digest(), new), (digest.clone(), vec!["fetch:csv:Noor:".to_owned()]));
    // The same person again is nothing new; a link that has ended no longer counts.
    room.desk.note_export(fetcher, Fetched::Csv, &ClaimFilter::default()).await.unwrap();
    assert_eq!(room.desk.dependants(&eda, claim, &change).await.unwrap().digest(), digest);
    let link = room.desk.claim(&eda, duplicates[0]).await.unwrap().links[0].id;
    room.desk.end_link(&eda, link, because("It is another raid.")).await.unwrap();
    assert_eq!(room.desk.dependants(&eda, claim, &change).await.unwrap().claims.len(), 0);
    let form = CorrectVerdictForm { ..room.form(&eda, claim, to("false")).await };
    assert_eq!(room.desk.correct_verdict(&eda, claim, form, None).await.unwrap().requeued, 0);
    assert_eq!(room.stage_of(duplicates[0]).await, "dismissed");
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_withdrawal_puts_the_claim_and_what_rests_on_it_back(pool: PgPool) {
    let room = Newsroom::over(pool);
    let eda = room.editor("Eda").await;
    let (claim, duplicates) = room.with_duplicates(&eda, 2).await;
    let form = room.form(&eda, claim, Correction::Withdrawal).await;
    let key = once("withdrawal", 1);
    let done = room.desk.correct_verdict(&eda, claim, form.clone(), Some(&key)).await.unwrap();
    assert_eq!((done.verdict, done.requeued), (None, 2));
    let again = room.desk.correct_verdict(&eda, claim, form, Some(&key)).await.unwrap();
    assert_eq!((again.verdict, again.requeued), (None, 0), "a repeated request counts once");
    assert_eq!(room.stage_of(claim).await, "reopened");
    assert_eq!(room.stage_of(duplicates[1]).await, "open");
    let feed = room.desk.newest_publications(1).await.unwrap();
    assert_eq!(feed[0].publication.kind, PublicationKind::Withdrawn);
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_settled_verdict_on_which_others_rest_is_not_replaced_unseen(pool: PgPool) {
    let room = Newsroom::over(pool);
    let (eda, noor) = (room.editor("Eda").await, room.reviewer("Noor").await);
    let base = room.claim(&noor).await;
    room.judge(&noor, base, "verified").await;
    let (_, derived) = room.article(&noor, "Sum", &[said("So 24 in both.")]).await;
    let (_, of_derived) = room.article(&noor, "Sum again", &[said("24 in both, again.")]).await;
    room.judge(&noor, derived[0], "verified").await;
    room.desk.link(&noor, derived[0], base, LinkKind::DerivedFrom, None).await.unwrap();
    room.desk.dismiss_as_duplicate(&noor, of_derived[0], 1, derived[0], None).await.unwrap();
    // What contradicts it stands alone.
    let (_, other) = room.article(&noor, "Other", &[said("Nobody was killed.")]).await;
    room.judge(&noor, other[0], "false").await;
    room.desk.link(&noor, other[0], base, LinkKind::Contradicts, None).await.unwrap();

    let answer = room.desk.give_verdict(&noor, base, verdict("false", 2), None).await;
    assert!(matches!(answer, Err(Error::HasDependants { claims: 2 })), "{answer:?}");
    // Only other words: nothing that rests on the rating moves.
    let form = room.form(&noor, base, to("verified")).await;
    assert_eq!(room.desk.correct_verdict(&noor, base, form, None).await.unwrap().requeued, 0);
    let key = once("k", 1);
    let form = room.form(&noor, base, to("false")).await;
    let done = room.desk.correct_verdict(&noor, base, form.clone(), Some(&key)).await.unwrap();
    assert_eq!(done.requeued, 2, "what was derived, and its duplicate");
    let again = room.desk.correct_verdict(&noor, base, form, Some(&key)).await.unwrap();
    assert_eq!(again.verdict, done.verdict);
    assert_eq!(room.stage_of(derived[0]).await, "reopened");
    assert_eq!(room.stage_of(other[0]).await, "settled");

    // A verdict after a reopening moves them as well, and the same verdict again does not.
    room.judge(&noor, derived[0], "verified").await;
    assert_eq!(room.stage_of(of_derived[0]).await, "open");
    room.desk
        .dismiss(&noor, of_derived[0], room.version_of(of_derived[0]).await, because("Twice."))
        .await
        .unwrap();
    let version = room.version_of(base).await;
    room.desk.reopen(&eda, base, version, because("News.")).await.unwrap();
    room.judge(&noor, base, "false").await;
    assert_eq!(room.stage_of(derived[0]).await, "settled", "the verdict is the same");
    let version = room.version_of(base).await;
    room.desk.reopen(&eda, base, version, because("More news.")).await.unwrap();
    room.judge(&noor, base, "verified").await;
    assert_eq!(room.stage_of(derived[0]).await, "reopened");
    assert_eq!(room.stage_of(of_derived[0]).await, "open");
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn links_are_many_and_each_ends_with_a_reason(pool: PgPool) {
    let room = Newsroom::over(pool);
    let noor = room.reviewer("Noor").await;
    let (_, claims) =
        room.article(&noor, "Raid", &[said("Ten fled."), said("Two fled."), said("Six fled.")]).await;
    let desk = &room.desk;
    let link = desk.link(&noor, claims[0], claims[1], LinkKind::Contradicts, None).await.unwrap();
    desk.link(&noor, claims[0], claims[1], LinkKind::Updates, None).await.unwrap();
    desk.link(&noor, claims[2], claims[1], LinkKind::DerivedFrom, None).await.unwrap();
    let twice = desk.link(&noor, claims[0], claims[1], LinkKind::Contradicts, None).await;
    assert_eq!(twice.unwrap_err().field(), Some("other"));
    let itself = desk.link(&noor, claims[0], claims[0], LinkKind::Updates, None).await;
    assert_eq!(itself.unwrap_err().field(), Some("other"));
    let nothing = desk.link(&noor, claims[0], ClaimId(uuid::Uuid::nil()), LinkKind::Updates, None).await;
    assert_eq!(nothing.unwrap_err().field(), Some("other"));
    let seen: Vec<_> =
        desk.claim(&noor, claims[1]).await.unwrap().links.iter().map(|l| (l.kind, l.outgoing)).collect();
    assert_eq!(
        seen,
        [(LinkKind::Contradicts, false), (LinkKind::Updates, false), (LinkKind::DerivedFrom, false)]
    );
    desk.end_link(&noor, link, because("They speak of two days.")).await.unwrap();
    assert!(matches!(desk.end_link(&noor, link, because("Twice.")).await, Err(Error::NotFound(_))));
    assert_eq!(desk.claim(&noor, claims[0]).await.unwrap().links.len(), 1);
    desk.link(&noor, claims[0], claims[1], LinkKind::Contradicts, None).await.unwrap();
    assert_eq!(room.count("select count(*) from claim_link").await, 4, "what has ended stays on record");
    let candidates = desk.link_candidates(&noor, claims[0]).await.unwrap();
    assert_eq!(candidates.iter().map(|one| one.id).collect::<Vec<_>>(), [claims[1], claims[2]]);
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn an_export_counts_where_it_was_to_have_the_claim(pool: PgPool) {
    let room = Newsroom::over(pool);
    let (eda, noor) = (room.editor("Eda").await, room.reviewer("Noor").await);
    let (claim, _) = room.with_duplicates(&eda, 0).await;
    let token = room.desk.create_token(&noor, TokenName::parse("wire").unwrap()).await.unwrap();
    let who = Fetcher::Account(&noor, Some(token.id));
    let filter = ClaimFilter::default;
    for (has, what) in [
        (false, ClaimFilter { rating: Some("false".into()), ..filter() }),
        (false, ClaimFilter { q: Some("zeppelin".into()), ..filter() }),
        (false, ClaimFilter { reviewer: Some(noor.id), ..filter() }),
        (false, ClaimFilter { stage: Some(domain::workflow::Stage::Open), ..filter() }),
        (true, ClaimFilter { stage: Some(domain::workflow::Stage::Settled), ..filter() }),
        (true, ClaimFilter { q: Some("people killed".into()), rating: Some("verified".into()), ..filter() }),
    ] {
        room.desk.note_export(who, Fetched::Jsonl, &what).await.unwrap();
        let list = room.desk.dependants(&eda, claim, &Change::Withdrawn).await.unwrap();
        assert_eq!(!list.fetches.is_empty(), has, "{what:?}");
    }
    room.desk.note_claim_review(who, claim).await.unwrap();
    room.desk.note_export(Fetcher::CommandLine, Fetched::Csv, &filter()).await.unwrap();
    let list = room.desk.dependants(&eda, claim, &Change::Withdrawn).await.unwrap();
    let mut who: Vec<_> = list
        .fetches
        .iter()
        .map(|one| (one.what, one.by.as_deref(), one.token.as_deref(), one.times))
        .collect();
    who.sort();
    assert_eq!(
        who,
        [
            (Fetched::Csv, None, None, 1),
            (Fetched::Jsonl, Some("Noor"), Some("wire"), 2),
            (Fetched::ClaimReview, Some("Noor"), Some("wire"), 1),
        ]
    );
    // What was fetched before the verdict that stands does not have it.
    room.wait_minutes(1);
    let form = room.form(&eda, claim, to("false")).await;
    room.desk.correct_verdict(&eda, claim, form, None).await.unwrap();
    let list = room.desk.dependants(&eda, claim, &Change::Withdrawn).await.unwrap();
    assert!(list.fetches.is_empty(), "{:?}", list.fetches);
}

fn answered(status: Option<u16>) -> Attempt {
    Attempt { status, said: "as\0said".into(), took: TimeDelta::milliseconds(12) }
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn receivers_are_told_by_one_worker_at_a_time_until_they_answer_or_it_is_given_up(pool: PgPool) {
    let room = Newsroom::over(pool);
    let (eda, root) = (room.editor("Eda").await, room.person("Root", Role::Admin).await);
    let name = |name: &str| ReceiverName::parse(name).unwrap();
    let address = "https://hooks.example/a";
    assert!(is_refused(&room.desk.add_receiver(&eda, name("A"), address, Loopback::Refused).await));
    let bad = room.desk.add_receiver(&root, name("A"), "http://10.0.0.1/", Loopback::Refused).await;
    assert_eq!(bad.err().and_then(|error| error.field()), Some("address"));
    let added = room.desk.add_receiver(&root, name("Wire"), address, Loopback::Refused).await.unwrap();
    assert!(added.secret.starts_with("whsec_") && added.secret.len() > 40);
    let off = room.desk.add_receiver(&root, name("Off"), address, Loopback::Refused).await.unwrap();
    room.desk.disable_receiver(&root, off.id).await.unwrap();

    let (claim, _) = room.with_duplicates(&eda, 0).await;
    let other = room.second_desk();
    let (one, two) = tokio::join!(room.desk.take_deliveries(9, &[]), other.take_deliveries(9, &[]));
    let mut taken = [one.unwrap(), two.unwrap()].concat();
    assert_eq!(taken.len(), 1, "one receiver is in use, and one worker has it");
    let first = taken.remove(0);
    let Some(NewsEntry::Claim(entry)) = first.entry else { panic!("it tells of a claim") };
    assert_eq!((first.event, entry.claim), (Telling::Published, claim));
    room.desk.note_attempt(first.id, &answered(Some(503))).await.unwrap();
    assert!(room.desk.take_deliveries(9, &[]).await.unwrap().is_empty(), "it waits before it is tried again");
    room.wait_minutes(1);
    assert_eq!(room.desk.take_deliveries(9, &[]).await.unwrap()[0].id, first.id);
    room.desk.note_attempt(first.id, &answered(Some(204))).await.unwrap();
    let list = room.desk.dependants(&eda, claim, &Change::Withdrawn).await.unwrap();
    assert_eq!(
        list.receivers.iter().map(|one| (one.name.as_str(), one.told)).collect::<Vec<_>>(),
        [("Wire", 1)]
    );

    // The correction is queued in its own transaction; nobody answers, for ever.
    let form = room.form(&eda, claim, to("false")).await;
    room.desk.correct_verdict(&eda, claim, form, None).await.unwrap();
    for attempt in 1..=MOST_ATTEMPTS {
        let due = room.desk.take_deliveries(9, &[]).await.unwrap();
        assert_eq!(due.len(), 1, "attempt {attempt}");
        assert_eq!(due[0].event, Telling::Corrected);
        room.desk.note_attempt(due[0].id, &answered(None)).await.unwrap();
        room.wait_minutes(24 * 60);
    }
    assert!(room.desk.take_deliveries(9, &[]).await.unwrap().is_empty());
    let log = room.desk.deliveries(&root, None, None, 50).await.unwrap().rows;
    let states: Vec<_> = log.iter().map(|one| (one.event, one.state, one.attempts)).collect();
    assert_eq!(
        states,
        [
            (Telling::Corrected, DeliveryState::GivenUp, MOST_ATTEMPTS),
            (Telling::Published, DeliveryState::Delivered, 2)
        ]
    );
    assert_eq!(log[0].last.as_ref().unwrap().1, "as\u{fffd}said");

    room.desk.replay_delivery(&root, log[0].id).await.unwrap();
    room.desk.test_receiver(&root, added.id).await.unwrap();
    assert!(matches!(room.desk.test_receiver(&root, off.id).await, Err(Error::NotFound(_))));
    let due = room.desk.take_deliveries(9, &[]).await.unwrap();
    let mut events: Vec<_> = due.iter().map(|one| one.event).collect();
    events.sort();
    assert_eq!(events, [Telling::Corrected, Telling::Test]);
    room.desk.disable_receiver(&root, added.id).await.unwrap();
    room.wait_minutes(60);
    assert!(room.desk.take_deliveries(9, &[]).await.unwrap().is_empty(), "what is disabled is told nothing");
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn what_is_due_for_one_receiver_holds_up_no_other(pool: PgPool) {
    let room = Newsroom::over(pool);
    let root = room.person("Root", Role::Admin).await;
    let add = async |name: &str| {
        let name = ReceiverName::parse(name).unwrap();
        room.desk.add_receiver(&root, name, "https://hooks.example/a", Loopback::Refused).await.unwrap().id
    };
    let (dead, wire) = (add("Dead").await, add("Wire").await);
    for _ in 0..40 {
        room.desk.test_receiver(&root, dead).await.unwrap();
    }
    room.wait_minutes(1);
    room.desk.test_receiver(&root, wire).await.unwrap();
    let take = async |busy: &[ReceiverId]| {
        let taken = room.desk.take_deliveries(8, busy).await.unwrap();
        let of = |id| taken.iter().filter(|one| one.receiver == id).count();
        (of(dead), of(wire))
    };
    assert_eq!(take(&[]).await, (2, 1));
    room.desk.test_receiver(&root, wire).await.unwrap();
    assert_eq!(take(&[dead]).await, (0, 1), "whoever is being told something waits");
    assert_eq!(take(&[]).await, (2, 0));
    let page = room.desk.deliveries(&root, Some(dead), None, 30).await.unwrap();
    let rest = room.desk.deliveries(&root, Some(dead), page.next, 30).await.unwrap();
    let ids: BTreeSet<_> = page.rows.iter().chain(&rest.rows).map(|one| one.id).collect();
    assert_eq!((page.rows.len(), rest.rows.len(), ids.len(), rest.next), (30, 10, 40, None));
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn receivers_that_were_silent_share_half_of_the_places(pool: PgPool) {
    let room = Newsroom::over(pool);
    let root = room.person("Root", Role::Admin).await;
    for n in 0..12 {
        let name = ReceiverName::parse(&format!("Silent {n}")).unwrap();
        let added = room.desk.add_receiver(&root, name, "https://hooks.example/a", Loopback::Refused).await;
        let id = added.unwrap().id;
        for _ in 0..3 {
            room.desk.test_receiver(&root, id).await.unwrap();
        }
    }
    let silent = Attempt { status: None, said: "timed out".into(), took: TimeDelta::seconds(15) };
    let first = room.desk.take_deliveries(40, &[]).await.unwrap();
    assert_eq!(first.len(), 24, "nobody was silent yet");
    for one in &first {
        room.desk.note_attempt(one.id, &silent).await.unwrap();
    }
    let second = room.desk.take_deliveries(40, &[]).await.unwrap();
    assert_eq!(second.len(), 8);
    let busy: Vec<ReceiverId> = second.iter().map(|one| one.receiver).collect();
    assert_eq!(busy.iter().collect::<BTreeSet<_>>().len(), 8, "one each");
    assert!(room.desk.take_deliveries(40, &busy).await.unwrap().is_empty());
    assert_eq!(room.desk.take_deliveries(40, &busy[..6]).await.unwrap().len(), 2);
    let soon = Attempt { status: Some(500), said: String::new(), took: TimeDelta::milliseconds(90) };
    room.desk.note_attempt(second[0].id, &soon).await.unwrap();
    assert_eq!(room.count("select count(*) from receiver where answers").await, 1, "refusing is an answer");
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn the_secret_of_a_receiver_is_sealed_also_one_from_before_there_was_a_key(pool: PgPool) {
    let room = Newsroom::over(pool);
    let root = room.person("Root", Role::Admin).await;
    let name = |name: &str| ReceiverName::parse(name).unwrap();
    let add = async |desk: &Desk, called: &str| {
        desk.add_receiver(&root, name(called), "https://hooks.example/a", Loopback::Refused).await.unwrap()
    };
    let secret_of = |added: &NewReceiver| {
        let secret = added.secret.strip_prefix("whsec_").unwrap().to_owned();
        STANDARD.decode(secret).unwrap()
    };
    let with = |keys: &[&str]| {
        let seal = Seal::of(keys.iter().copied()).unwrap();
        room.second_desk().with_seal(seal)
    };
    let (old, new) = ("a key of thirty-two random letters", "another key of many random letters");
    let bare = add(&room.desk, "Bare").await;
    let sealed = add(&with(&[old]), "Sealed").await;
    let kept = async || {
        let kept: Vec<Vec<u8>> = sqlx::query_scalar("select secret from receiver order by name")
            .fetch_all(&room.pool)
            .await
            .unwrap();
        kept
    };
    let at_first = kept().await;
    assert_eq!((at_first[0][0], &at_first[0][1..]), (0, &secret_of(&bare)[..]), "as it is");
    assert_eq!(at_first[1][0], 1);
    assert!(!at_first[1].windows(8).any(|part| secret_of(&sealed).starts_with(part)));

    // A worker with the key opens both, and seals what was not.
    let told = async |desk: &Desk| {
        for receiver in [&bare, &sealed] {
            room.desk.test_receiver(&root, receiver.id).await.unwrap();
        }
        let due = desk.take_deliveries(9, &[]).await.unwrap();
        for one in &due {
            room.desk.note_attempt(one.id, &answered(Some(204))).await.unwrap();
        }
        assert_eq!(due.len(), 2);
        let mut secrets: Vec<_> = due.into_iter().map(|one| one.secret).collect();
        secrets.sort();
        secrets
    };
    let mut both = vec![Some(secret_of(&bare)), Some(secret_of(&sealed))];
    both.sort();
    assert_eq!(told(&with(&[old])).await, both);
    let then = kept().await;
    assert_eq!((then[0][0], &then[1]), (1, &at_first[1]), "what is sealed already stays as it is");
    // A new key takes the place of the old one.
    assert_eq!(told(&with(&[new, old])).await, both);
    assert_eq!(told(&with(&[new])).await, both);
    // Without its key none opens; who is told nothing is not sent something unsigned.
    assert_eq!(told(&room.desk).await, [None, None]);
    assert_eq!(told(&with(&[old])).await, [None, None]);
}

#[sqlx::test(migrations = false)]
async fn secrets_of_receivers_from_before_they_were_sealed_still_open(pool: PgPool) {
    empty(&pool).await;
    let (before, after): (Vec<_>, Vec<_>) =
        desk::MIGRATOR.iter().cloned().partition(|migration| migration.version < 20_261_126_102_000);
    sqlx::migrate::Migrator::with_migrations(before.clone()).run(&pool).await.unwrap();
    for statement in [
        "insert into account (id, email, name, role, password_hash, created_at)
         values ('00000000-0000-0000-0000-0000000000a1', 'a@desk.example', 'Ada', 'admin', 'none', now())",
        "insert into receiver (id, name, address, secret, added_by, added_at)
         values ('00000000-0000-0000-0000-0000000000e1', 'Wire', 'https://hooks.example/a', 'thirty-two bytes that nobody knows',
                 '00000000-0000-0000-0000-0000000000a1', now())",
        "insert into delivery (id, receiver_id, event, queued_at, due_at)
         values (gen_random_uuid(), '00000000-0000-0000-0000-0000000000e1', 'test', '2024-01-01', '2024-01-01')",
    ] {
        sqlx::query(statement).execute(&pool).await.unwrap();
    }
    let all: Vec<_> = before.into_iter().chain(after).collect();
    sqlx::migrate::Migrator::with_migrations(all).run(&pool).await.unwrap();
    let due = Newsroom::over(pool).desk.take_deliveries(9, &[]).await.unwrap();
    assert_eq!(due[0].secret.as_deref(), Some(&b"thirty-two bytes that nobody knows"[..]));
}

/// A claim whose verdict others rest on, reopened; and one that rests on it and came to the desk
/// before it did, so that it is held first.
async fn with_one_that_came_before(room: &Newsroom, eda: &Actor) -> (ClaimId, ClaimId) {
    let rests = room.claim(eda).await;
    let (_, claims) = room.article(eda, "Later", &[said("At least 12 people were killed, later.")]).await;
    let claim = claims[0];
    room.judge(eda, rests, "verified").await;
    room.judge(eda, claim, "verified").await;
    room.desk.link(eda, rests, claim, LinkKind::DerivedFrom, None).await.unwrap();
    let version = room.version_of(claim).await;
    room.desk.reopen(eda, claim, version, because("New figures.")).await.unwrap();
    assert!(rests < claim);
    (claim, rests)
}

/// Waits until somebody waits for a lock.
async fn until_one_waits(room: &Newsroom) {
    let waiting = "select count(*) from pg_locks join pg_stat_activity using (pid)
                    where not granted and datname = current_database()";
    while room.count(waiting).await == 0 {
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
}

/// Whoever holds what rests on a claim and then wants the claim itself gets it.
#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_verdict_holds_its_claim_only_once_it_has_what_comes_before(pool: PgPool) {
    let room = Newsroom::over(pool);
    let eda = room.editor("Eda").await;
    let (claim, rests) = with_one_that_came_before(&room, &eda).await;
    let mut other = room.pool.begin().await.unwrap();
    let hold = "select id from claim where id = $1 for update";
    sqlx::query(hold).bind(rests.0).execute(&mut *other).await.unwrap();
    let version = room.version_of(claim).await;
    let (desk, by) = (room.desk.clone(), eda.clone());
    let verdict =
        tokio::spawn(async move { desk.give_verdict(&by, claim, verdict("false", version), None).await });
    until_one_waits(&room).await;
    sqlx::query("set local lock_timeout = '500ms'").execute(&mut *other).await.unwrap();
    sqlx::query(hold).bind(claim.0).execute(&mut *other).await.expect("nobody holds it yet");
    other.commit().await.unwrap();
    verdict.await.unwrap().unwrap();
    assert_eq!(
        (room.stage_of(claim).await, room.stage_of(rests).await),
        ("settled".into(), "reopened".into())
    );
}

/// What is counted in two articles has no order that all keep to: the database ends one of two
/// transactions that wait for each other, and it is done again.
#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_verdict_that_the_database_ended_in_a_circle_is_given_all_the_same(pool: PgPool) {
    let room = Newsroom::over(pool);
    let eda = room.editor("Eda").await;
    let (claim, rests) = with_one_that_came_before(&room, &eda).await;
    let count =
        "update article_tally set n = n where article_id = (select article_id from claim where id = $1)";
    let mut other = room.pool.begin().await.unwrap();
    sqlx::query(count).bind(rests.0).execute(&mut *other).await.unwrap();
    let version = room.version_of(claim).await;
    let (desk, by) = (room.desk.clone(), eda.clone());
    let verdict =
        tokio::spawn(async move { desk.give_verdict(&by, claim, verdict("false", version), None).await });
    // It has counted its own claim, and waits to count the other's.
    until_one_waits(&room).await;
    // Where the machine is so slow that the database looked for a circle before there was one, it ends
    // whoever came last.
    match sqlx::query(count).bind(claim.0).execute(&mut *other).await {
        Ok(_) => other.commit().await.unwrap(),
        Err(error) => {
            let code = error.as_database_error().and_then(|error| error.code());
            assert_eq!(code.as_deref(), Some("40P01"), "{error}");
            other.rollback().await.unwrap();
        }
    }
    verdict.await.unwrap().unwrap();
    assert_eq!(
        (room.stage_of(claim).await, room.stage_of(rests).await),
        ("settled".into(), "reopened".into())
    );
    let given = "select count(*) from event where kind = 'verdict_given'";
    assert_eq!(room.count(given).await, 3, "once each");
    room.assert_counters_equal_a_recount().await;
}

/// Other changes of claims are done again just so. Where the machine is so slow that the database looked for
/// a circle before there was one, it ends the other transaction: then it is tried with the next claim.
#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_dismissal_that_the_database_ended_in_a_circle_is_done_all_the_same(pool: PgPool) {
    let room = Newsroom::over(pool);
    let eda = room.editor("Eda").await;
    let words = [said("At least 12 fell."), said("At least 12 fled."), said("At least 12 hid.")];
    let (_, claims) = room.article(&eda, "Raid", &words).await;
    let mut was_ended = false;
    for claim in claims {
        let mut other = room.pool.begin().await.unwrap();
        let count =
            "update article_tally set n = n where article_id = (select article_id from claim where id = $1)";
        sqlx::query(count).bind(claim.0).execute(&mut *other).await.unwrap();
        let (desk, by) = (room.desk.clone(), eda.clone());
        let dismissal = tokio::spawn(async move { desk.dismiss(&by, claim, 1, because("No claim.")).await });
        // It holds its claim, and waits to count it.
        until_one_waits(&room).await;
        let hold = "select id from claim where id = $1 for update";
        was_ended = match sqlx::query(hold).bind(claim.0).execute(&mut *other).await {
            Ok(_) => other.commit().await.is_ok(),
            Err(_) => other.rollback().await.is_err(),
        };
        dismissal.await.unwrap().unwrap();
        assert_eq!(room.stage_of(claim).await, "dismissed");
        if was_ended {
            break;
        }
    }
    assert!(was_ended, "the database ended no dismissal");
    room.assert_counters_equal_a_recount().await;
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn an_export_of_a_source_had_what_it_said_under_its_other_names(pool: PgPool) {
    let room = Newsroom::over(pool);
    let eda = room.editor("Eda").await;
    let words =
        [said("At least 12 fell.").by("Ministry of Defence"), said("At least 12 died.").by("The ministry")];
    let (_, claims) = room.article(&eda, "Raid", &words).await;
    room.judge(&eda, claims[1], "verified").await;
    let source = async |claim: ClaimId| {
        sqlx::query_scalar::<_, uuid::Uuid>("select source_id from claim where id = $1")
            .bind(claim.0)
            .fetch_one(&room.pool)
            .await
            .map(SourceId)
            .unwrap()
    };
    let (main, name) = (source(claims[0]).await, source(claims[1]).await);
    let fetched = async || {
        let change = Change::Verdict { rating: "false".into() };
        room.desk.dependants(&eda, claims[1], &change).await.unwrap().fetches.len()
    };
    let filter = ClaimFilter { source: Some(main), ..ClaimFilter::default() };
    room.desk.note_export(Fetcher::Account(&eda, None), Fetched::Csv, &filter).await.unwrap();
    assert_eq!(fetched().await, 0, "of another source");
    room.desk.name_source(&eda, name, "Ministry of Defence", because("The same.")).await.unwrap();
    assert_eq!(fetched().await, 1);
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn what_is_told_late_says_what_is_public_by_then(pool: PgPool) {
    let room = Newsroom::over(pool);
    let eda = room.editor("Eda").await;
    let claim = room.claim(&eda).await;
    room.judge(&eda, claim, "verified").await;
    room.publish(&eda, claim, None).await;
    room.wait_minutes(1);
    room.desk.withdraw(&eda, claim, 3, note("The figure is of shelters.")).await.unwrap();
    let feed = room.desk.newest_publications(10).await.unwrap();
    let said: Vec<(i32, bool, bool)> =
        feed.iter().map(|entry| (entry.publication.number, entry.is_public, entry.is_newest)).collect();
    assert_eq!(said, [(2, false, true), (1, false, false)]);
}
