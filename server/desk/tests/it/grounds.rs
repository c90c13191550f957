//! What verdicts rest on: scales, their preconditions, evidence that is read, and graded sources.

use crate::harness::{Newsroom, Said, because, is_refused, said, verdict};
use desk::{Error, EvidenceForm, OriginGiven, VerdictForm, read_scale};
use domain::claim::{SourceBy, Stance};
use domain::figure::Found;
use domain::grade::{Information, Reliability};
use domain::grounds::{Need, Precondition};
use domain::id::ClaimId;
use domain::policy::{Actor, Role};
use domain::scale::Scale;
use domain::words::{EvidenceTitle, Excerpt, OutletName, SourceName};
use sqlx::PgPool;
use std::sync::Arc;

fn saying(excerpt: &str) -> EvidenceForm {
    let title = EvidenceTitle::parse("A report").unwrap();
    EvidenceForm::new(title, Excerpt::parse(excerpt).unwrap(), Stance::Supports)
}

fn from(source: &str, excerpt: &str) -> EvidenceForm {
    let name = SourceName::parse(source).unwrap();
    EvidenceForm { source: Some(OriginGiven { name, kind: None }), ..saying(excerpt) }
}

fn on(scale: &str, rating: &str, version: i32) -> VerdictForm {
    VerdictForm { scale: Some(scale.to_owned()), ..verdict(rating, version) }
}

async fn attach(room: &Newsroom, by: &Actor, claim: ClaimId, form: EvidenceForm) {
    room.desk.add_evidence(by, claim, form, None).await.unwrap();
}

/// Why a verdict is refused: the field, and what to do.
async fn refusal(room: &Newsroom, by: &Actor, claim: ClaimId, form: VerdictForm) -> (String, String) {
    let error = room.desk.give_verdict(by, claim, form, None).await.unwrap_err();
    (error.field().unwrap_or_default().to_owned(), error.words())
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn ten_outlets_that_quote_one_ministry_do_not_make_two_sources(pool: PgPool) {
    let room = Newsroom::over(pool);
    let noor = room.reviewer("Noor").await;
    let claim = room.claim(&noor).await;
    for at in 0..10 {
        let excerpt = match at % 3 {
            0 => "According to the Defence Ministry, at least 12 people were killed.",
            1 => "At least 12 people were killed, the Defence Ministry said.",
            _ => "The Defence Ministry said that at least 12 people were killed.",
        };
        let publisher = OutletName::parse(&format!("Outlet {at}")).unwrap();
        attach(&room, &noor, claim, EvidenceForm { publisher: Some(publisher), ..saying(excerpt) }).await;
    }
    let view = room.view(&noor, claim).await;
    for piece in &view.evidence {
        let source = piece.source.as_ref().unwrap();
        assert_eq!(
            (source.name.as_str(), source.by),
            ("Defence Ministry", SourceBy::Excerpt),
            "{}",
            piece.excerpt
        );
    }
    let (field, words) = refusal(&room, &noor, claim, on("airwars", "fair", 1)).await;
    assert_eq!(field, "rating");
    assert_eq!(
        words,
        "Fair needs 2 independent original sources not graded D or E; the supporting evidence has 1: \
         Defence Ministry (10 pieces). It takes the role of editor or above to override it."
    );

    attach(&room, &noor, claim, from("City Hospital", "At least 12 people were killed.")).await;
    room.desk.give_verdict(&noor, claim, on("airwars", "fair", 1), None).await.unwrap();
    let row = room.view(&noor, claim).await.claim;
    assert_eq!((row.rating.as_deref(), row.scale.as_deref()), (Some("fair"), Some("airwars")));
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_verdict_on_evidence_without_the_figure_takes_a_reason_that_stays_with_it(pool: PgPool) {
    let room = Newsroom::over(pool);
    let noor = room.reviewer("Noor").await;
    let claim = room.claim(&noor).await;
    attach(&room, &noor, claim, saying("Several cities reported protests, and shops stayed closed.")).await;
    let view = room.view(&noor, claim).await;
    assert_eq!(view.evidence[0].findings[0].found, Found::Absent);
    let (field, words) = refusal(&room, &noor, claim, verdict("verified", 1)).await;
    assert_eq!(field, "rating");
    assert!(
        words.starts_with(
            "Verified asserts the figure, and no supporting evidence has it: at least 12 killed."
        )
    );

    let form =
        VerdictForm { override_reason: Some(because("The list is on paper.")), ..verdict("verified", 1) };
    room.desk.give_verdict(&noor, claim, form, None).await.unwrap();
    let standing = &room.view(&noor, claim).await.verdicts[0];
    assert_eq!(standing.override_reason.as_deref(), Some("The list is on paper."));
    assert_eq!(standing.unmet.len(), 1);
    let told = room.told(&noor, claim).await;
    assert!(told.last().unwrap().ends_with("Why: The list is on paper."), "{told:?}");
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn honest_verdicts_are_not_stopped(pool: PgPool) {
    let room = Newsroom::over(pool);
    let noor = room.reviewer("Noor").await;
    let (_, claims) =
        room.article(&noor, "Raid", &[said("One."), said("Two."), said("Three."), said("Four.")]).await;
    // Without evidence, nothing is claimed of it.
    room.judge(&noor, claims[0], "verified").await;
    // An excerpt that refutes has another figure by nature.
    let refuting = EvidenceForm { stance: Stance::Refutes, ..saying("Only four people were killed.") };
    attach(&room, &noor, claims[1], refuting).await;
    room.judge(&noor, claims[1], "false").await;
    // A rating that asserts nothing rests on any evidence.
    attach(&room, &noor, claims[2], saying("Nothing about numbers.")).await;
    room.judge(&noor, claims[2], "unverified").await;
    // The figure that the evidence supports is the one it has.
    attach(&room, &noor, claims[3], saying("The hospital counted 14 people killed, not more.")).await;
    let form = VerdictForm { figure: Some("14".to_owned()), ..verdict("verified", 1) };
    room.desk.give_verdict(&noor, claims[3], form, None).await.unwrap();
    let unmet = room.count("select count(*) from verdict where cardinality(unmet) > 0").await;
    assert_eq!(unmet, 0);
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn an_editor_overrides_a_precondition_with_a_reason_and_a_reviewer_does_not(pool: PgPool) {
    let room = Newsroom::over(pool);
    let (noor, eda) = (room.reviewer("Noor").await, room.editor("Eda").await);
    let claim = room.claim(&noor).await;
    let with_reason = || VerdictForm {
        override_reason: Some(because("He said so on air.")),
        ..on("airwars", "confirmed", 1)
    };
    let (field, words) = refusal(&room, &noor, claim, with_reason()).await;
    assert_eq!(field, "override_reason");
    assert!(
        words.contains(
            "Confirmed needs an admission by a named party to the conflict; the evidence has none."
        )
    );
    room.desk.give_verdict(&eda, claim, with_reason(), None).await.unwrap();
    let standing = &room.view(&noor, claim).await.verdicts[0];
    assert_eq!(
        standing.unmet,
        ["Confirmed needs an admission by a named party to the conflict; the evidence has none."]
    );
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_reason_where_nothing_is_missing_is_not_kept(pool: PgPool) {
    let room = Newsroom::over(pool);
    let noor = room.reviewer("Noor").await;
    let claim = room.claim(&noor).await;
    let form = VerdictForm { override_reason: Some(because("To be sure.")), ..verdict("unverified", 1) };
    room.desk.give_verdict(&noor, claim, form, None).await.unwrap();
    assert_eq!(room.view(&noor, claim).await.verdicts[0].override_reason, None);
}

/// The scale in force, with its first rating called something else.
async fn renamed(room: &Newsroom, key: &str, name: &str) -> Scale {
    let mut scale = Scale::clone(room.desk.scales().await.unwrap().find(key).unwrap());
    Arc::make_mut(&mut scale.ratings[0]).name = name.to_owned();
    scale
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn an_old_verdict_keeps_the_name_it_was_given_under(pool: PgPool) {
    let room = Newsroom::over(pool);
    let (noor, ada) = (room.reviewer("Noor").await, room.person("Ada", Role::Admin).await);
    let claim = room.claim(&noor).await;
    room.judge(&noor, claim, "verified").await;
    let scale = renamed(&room, "default", "Borne out").await;
    assert!(is_refused(&room.desk.change_scale(&noor, scale.clone(), 1, because("Plainer.")).await));
    assert_eq!(room.desk.change_scale(&ada, scale, 1, because("Plainer.")).await.unwrap(), 2);

    let name = |view: &desk::ClaimView| view.claim.mark.as_ref().unwrap().name.clone();
    let old = room.view(&noor, claim).await;
    assert_eq!((name(&old).as_str(), old.verdicts[0].scale_version), ("Verified", 1));
    room.judge(&noor, claim, "verified").await;
    let new = room.view(&noor, claim).await;
    assert_eq!((name(&new).as_str(), new.verdicts[0].scale_version), ("Borne out", 2));
    assert_eq!(new.verdicts[1].mark.as_ref().unwrap().name, "Verified");
    assert!(room.told(&noor, claim).await.last().unwrap().contains("Borne out, in place of Verified"));
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_server_that_has_not_heard_of_a_new_version_judges_by_it(pool: PgPool) {
    let room = Newsroom::over(pool);
    let (noor, ada) = (room.reviewer("Noor").await, room.person("Ada", Role::Admin).await);
    let claim = room.claim(&noor).await;
    let other = room.second_desk();
    assert_eq!(other.scales().await.unwrap().find("default").unwrap().version, 1);
    let scale = renamed(&room, "default", "Borne out").await;
    room.desk.change_scale(&ada, scale, 1, because("Plainer.")).await.unwrap();

    other.give_verdict(&noor, claim, verdict("verified", 1), None).await.unwrap();
    let view = other.claim(&noor, claim).await.unwrap();
    assert_eq!(view.claim.mark.unwrap().name, "Borne out");
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn who_changes_an_old_version_of_a_scale_sees_what_differs(pool: PgPool) {
    let room = Newsroom::over(pool);
    let (ada, max) = (room.person("Ada", Role::Admin).await, room.person("Max", Role::Admin).await);
    let (one, other) =
        (renamed(&room, "airwars", "Admitted").await, renamed(&room, "airwars", "Owned").await);
    room.desk.change_scale(&ada, one.clone(), 1, because("Plainer.")).await.unwrap();
    match room.desk.change_scale(&max, other, 1, because("Plainer.")).await.unwrap_err() {
        Error::Stale { by, current, differences } => {
            assert_eq!((by.as_str(), current), ("Ada", 2));
            assert!(differences[0].theirs.contains("Admitted") && differences[0].yours.contains("Owned"));
        }
        other => panic!("{other}"),
    }
    // What changes nothing makes no version.
    assert_eq!(room.desk.change_scale(&max, one, 2, because("Again.")).await.unwrap(), 2);
    assert_eq!(room.desk.scale_versions(&ada, "airwars").await.unwrap().len(), 2);
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_desk_makes_a_scale_of_its_own_and_judges_by_it(pool: PgPool) {
    let room = Newsroom::over(pool);
    let (ada, noor) = (room.person("Ada", Role::Admin).await, room.reviewer("Noor").await);
    room.desk.ship_scales().await.unwrap();
    let shipped = renamed(&room, "default", "Listed").await;
    let scale = Scale { key: "morgue".into(), name: "Morgue lists".into(), ..shipped };
    let other = room.second_desk();
    other.scales().await.unwrap();
    assert!(is_refused(&room.desk.create_scale(&noor, scale.clone(), because("We count lists.")).await));
    let bad = Scale { key: "Two words".into(), ..scale.clone() };
    let refused = room.desk.create_scale(&ada, bad, because("We count lists.")).await.unwrap_err();
    assert!(refused.words().contains("small letters"), "{}", refused.words());
    let before = room.events().await;
    room.desk.create_scale(&ada, scale.clone(), because("We count lists.")).await.unwrap();
    assert_eq!(room.events().await, before + 1);
    let again = room.desk.create_scale(&ada, scale, because("We count lists.")).await.unwrap_err();
    assert_eq!(again.field(), Some("key"));
    assert_eq!(room.events().await, before + 1);
    let versions = room.desk.scale_versions(&ada, "morgue").await.unwrap();
    assert_eq!((versions.len(), versions[0].by.as_deref()), (1, Some("Ada")));
    assert_eq!(versions[0].reason.as_deref(), Some("We count lists."));
    // A server that knew the scales before judges by it as well.
    let claim = room.claim(&noor).await;
    let form = VerdictForm { scale: Some("morgue".into()), ..verdict("verified", 1) };
    other.give_verdict(&noor, claim, form, None).await.unwrap();
    let row = room.desk.claim_row(&noor, claim).await.unwrap();
    assert_eq!((row.scale.as_deref(), row.scale_version), (Some("morgue"), Some(1)));
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn scales_of_files_are_put_in_once_and_never_change_what_is_there(pool: PgPool) {
    let room = Newsroom::over(pool);
    assert_eq!(room.desk.ship_scales().await.unwrap(), 4);
    assert_eq!(room.desk.ship_scales().await.unwrap(), 0);
    let keys: Vec<String> =
        room.desk.scales().await.unwrap().current().map(|scale| scale.key.clone()).collect();
    assert_eq!(keys, ["default", "airwars", "visual", "two_sources"]);
    assert!(read_scale("key = 'x'").is_err());
    for table in ["scale", "scale_version", "rating"] {
        for change in ["delete from", "truncate"] {
            let statement = sqlx::AssertSqlSafe(format!("{change} {table}"));
            assert!(sqlx::query(statement).execute(&room.pool).await.is_err(), "{change} {table}");
        }
    }
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn preconditions_are_checked_on_the_evidence_in_use(pool: PgPool) {
    let room = Newsroom::over(pool);
    let (noor, ada) = (room.reviewer("Noor").await, room.person("Ada", Role::Admin).await);
    let mut scale = Scale::clone(room.desk.scales().await.unwrap().find("default").unwrap());
    Arc::make_mut(&mut scale.ratings[1]).needs = vec![Precondition { kind: Need::Evidence, least: 1 }];
    room.desk.change_scale(&ada, scale, 1, because("Nothing without evidence.")).await.unwrap();
    let claim = room.claim(&noor).await;
    let evidence = room.add_evidence(&noor, claim).await;
    room.desk.withdraw_evidence(&noor, evidence, because("Another town.")).await.unwrap();
    let (_, words) = refusal(&room, &noor, claim, verdict("unverified", 1)).await;
    assert!(words.starts_with("Unverified needs a piece of evidence; the claim has none."), "{words}");
    room.add_evidence(&noor, claim).await;
    room.judge(&noor, claim, "unverified").await;
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn the_source_of_evidence_is_read_named_or_the_publisher(pool: PgPool) {
    let room = Newsroom::over(pool);
    let noor = room.reviewer("Noor").await;
    let claim = room.claim(&noor).await;
    let publisher = Some(OutletName::parse("The Courier").unwrap());
    let own = EvidenceForm { publisher, ..saying("Our reporters counted 12 bodies.") };
    let id = room.desk.add_evidence(&noor, claim, own.clone(), None).await.unwrap();
    let source =
        |view: &desk::ClaimView| view.evidence[0].source.clone().map(|source| (source.name, source.by));
    assert_eq!(source(&room.view(&noor, claim).await), Some(("The Courier".into(), SourceBy::Publisher)));

    let name = SourceName::parse("Border Guard").unwrap();
    let named = EvidenceForm {
        source: Some(OriginGiven { name, kind: None }),
        information: Information::Two,
        visual: true,
        ..own
    };
    room.desk.correct_evidence(&noor, id, named, 1).await.unwrap();
    let view = room.view(&noor, claim).await;
    assert_eq!(source(&view), Some(("Border Guard".into(), SourceBy::Person)));
    assert_eq!((view.evidence[0].information, view.evidence[0].visual), (Information::Two, true));
    let told = room.told(&noor, claim).await;
    assert!(told.last().unwrap().contains("source “The Courier”"), "{told:?}");
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_source_is_graded_with_a_reason_and_keeps_its_history(pool: PgPool) {
    let room = Newsroom::over(pool);
    let (noor, vera) = (room.reviewer("Noor").await, room.person("Vera", Role::Viewer).await);
    let claim = room.claim(&noor).await;
    attach(&room, &noor, claim, from("Harbour Herald", "At least 12 people were killed.")).await;
    let id = room.view(&noor, claim).await.evidence[0].source.as_ref().unwrap().id;
    assert_eq!(room.desk.source(&vera, id).await.unwrap().reliability(), Reliability::F);
    let refused = room.desk.grade_source(&vera, id, Reliability::A, because("It is ours."), None).await;
    assert!(is_refused(&refused));
    room.desk.grade_source(&noor, id, Reliability::C, because("Right before."), None).await.unwrap();
    room.desk.grade_source(&noor, id, Reliability::E, because("Made it up in May."), None).await.unwrap();
    let view = room.desk.source(&vera, id).await.unwrap();
    let grades: Vec<_> = view.grades.iter().map(|grade| (grade.grade, grade.by.as_str())).collect();
    assert_eq!(grades, [(Reliability::E, "Noor"), (Reliability::C, "Noor")]);
    assert_eq!(view.evidence, 1);
    assert_eq!(
        room.view(&noor, claim).await.evidence[0].source.as_ref().unwrap().reliability,
        Reliability::E
    );
    let change = sqlx::query("update source_grade set grade = 'A'").execute(&room.pool).await;
    assert!(change.is_err());
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn the_database_keeps_no_overridden_verdict_without_a_reason(pool: PgPool) {
    let room = Newsroom::over(pool);
    let noor = room.reviewer("Noor").await;
    let claim = room.claim(&noor).await;
    let kept = sqlx::query(
        "insert into verdict (id, claim_id, number, reviewer_id, scale, scale_version, rating, rationale, given_at, unmet,
                              round, part, stage_before)
         values (gen_random_uuid(), $1, 1, $2, 'default', 1, 'verified', 'So.', now(), '{\"It needs two.\"}',
                 1, 'sole', 'open')",
    )
    .bind(claim.0)
    .bind(noor.id.0)
    .execute(&room.pool)
    .await;
    assert!(kept.unwrap_err().to_string().contains("verdict_override_check"));
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn the_figure_of_a_corrected_claim_is_looked_for_anew(pool: PgPool) {
    let room = Newsroom::over(pool);
    let noor = room.reviewer("Noor").await;
    let said: [Said<'_>; 1] = [said("At least 12 people were killed.")];
    let (_, claims) = room.article(&noor, "Raid", &said).await;
    attach(&room, &noor, claims[0], saying("The hospital counted 14 people killed.")).await;
    let found = |view: &desk::ClaimView| view.evidence[0].findings[0].found;
    assert_eq!(found(&room.view(&noor, claims[0]).await), Found::Within);
    sqlx::query(
        "update measure set body = body || '{\"low\": 9, \"best\": 9, \"high\": 9, \"bound\": \"exact\"}'
          where claim_id = $1",
    )
    .bind(claims[0].0)
    .execute(&room.pool)
    .await
    .unwrap();
    assert_eq!(found(&room.desk.claim(&noor, claims[0]).await.unwrap()), Found::Other);
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn who_denies_it_in_an_excerpt_is_no_source_that_supports_it(pool: PgPool) {
    let room = Newsroom::over(pool);
    let noor = room.reviewer("Noor").await;
    let claim = room.claim(&noor).await;
    let excerpt = "The Defence Ministry denied that 12 people were killed.";
    attach(&room, &noor, claim, saying(excerpt)).await;
    attach(&room, &noor, claim, EvidenceForm { stance: Stance::Refutes, ..saying(excerpt) }).await;
    let view = room.view(&noor, claim).await;
    let sources: Vec<Option<&str>> =
        view.evidence.iter().map(|one| one.source.as_ref().map(|source| source.name.as_str())).collect();
    assert_eq!(sources, [None, Some("Defence Ministry")]);
}
