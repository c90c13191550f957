//! The report of an article: what may be printed of its claims, and on what evidence.

use crate::correct::words;
use crate::harness::{Newsroom, because, evidence, said, verdict};
use desk::{EvidenceForm, MergeForm, OriginGiven, SplitForm, VerdictForm};
use domain::claim::{Polarity, Stance};
use domain::words::{Excerpt, SourceName};
use sqlx::PgPool;

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn what_may_be_printed_of_a_denied_claim_is_nobodys_word_for_it(pool: PgPool) {
    let room = Newsroom::over(pool);
    let eda = room.editor("Eda").await;
    let texts = [
        said("40 soldiers were killed near Orla").by("army").doing(Polarity::Denied),
        said("The bridge was hit by 12 rockets").by("army").doing(Polarity::Denied),
        said("12 people were killed").by("army").doing(Polarity::Doubted),
    ];
    let (article, claims) = room.article(&eda, "Denials", &texts).await;
    for (claim, rating) in claims.iter().zip(["verified", "false", "unverified"]) {
        room.judge(&eda, *claim, rating).await;
    }
    let expected = [
        "40 soldiers were killed near Orla; the army denied this.",
        "The army denied that the bridge was hit by 12 rockets, and the evidence supports the denial.",
        "The army did not confirm that at least 12 people were killed; this could not be verified independently.",
    ];
    let report = room.desk.report(&eda, article).await.unwrap();
    let printed: Vec<_> = report.claims.iter().map(|claim| claim.printable.as_deref().unwrap()).collect();
    assert_eq!(printed, expected);
    for (claim, expected) in claims.iter().zip(expected) {
        let view = room.desk.claim(&eda, *claim).await.unwrap();
        assert_eq!(view.printable().as_deref(), Some(expected), "the workbench says the same");
    }
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn the_right_figure_is_printed_with_who_gives_it_in_the_evidence(pool: PgPool) {
    let room = Newsroom::over(pool);
    let eda = room.editor("Eda").await;
    let texts = ["14", "15"].map(|_| said("At least 12 people were killed").by("the governor"));
    let (article, claims) = room.article(&eda, "Raid", &texts).await;
    for (claim, figure) in claims.iter().zip(["14", "15"]) {
        let name = SourceName::parse("Regional Hospital").unwrap();
        let list = EvidenceForm {
            stance: Stance::Refutes,
            excerpt: Excerpt::parse("The strike killed 14 people.").unwrap(),
            source: Some(OriginGiven { name, kind: None }),
            ..evidence("List")
        };
        room.desk.add_evidence(&eda, *claim, list, None).await.unwrap();
        let form = VerdictForm { figure: Some(figure.into()), ..verdict("false", 1) };
        room.desk.give_verdict(&eda, *claim, form, None).await.unwrap();
    }
    let expected = [
        "14 people were killed, according to Regional Hospital. The governor had given another figure.",
        "15 people were killed, according to evidence that the desk has seen. The governor had given another figure.",
    ];
    let report = room.desk.report(&eda, article).await.unwrap();
    let printed: Vec<_> = report.claims.iter().map(|claim| claim.printable.as_deref().unwrap()).collect();
    assert_eq!(printed, expected);
    for (claim, expected) in claims.iter().zip(expected) {
        let view = room.desk.claim(&eda, *claim).await.unwrap();
        assert_eq!(view.printable().as_deref(), Some(expected), "the workbench says the same");
    }
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_figure_is_printed_as_it_is_read_in_what_a_reviewer_wrote(pool: PgPool) {
    let room = Newsroom::over(pool);
    let eda = room.editor("Eda").await;
    let figures = [
        ("12 civilians", "12 civilians were killed"),
        ("At least one", "At least 1 person was killed"),
        ("several hundred people", "Several hundred people were killed"),
        ("about 1715 dead", "About 1,715 people were killed"),
    ];
    let texts = figures.map(|_| said("At least 12 people were killed").by("the governor"));
    let (article, claims) = room.article(&eda, "Raid", &texts).await;
    for (claim, (figure, _)) in claims.iter().zip(figures) {
        let form = VerdictForm { figure: Some(figure.into()), ..verdict("false", 1) };
        room.desk.give_verdict(&eda, *claim, form, None).await.unwrap();
    }
    let report = room.desk.report(&eda, article).await.unwrap();
    for (claim, (_, printed)) in report.claims.iter().zip(figures) {
        let sentence = claim.printable.as_deref().unwrap();
        assert!(sentence.starts_with(&format!("{printed}, according to evidence")), "{sentence}");
    }
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn the_evidence_of_claims_that_were_split_or_merged_is_in_the_report(pool: PgPool) {
    let room = Newsroom::over(pool);
    let eda = room.editor("Eda").await;
    let texts = [
        said("At least 12 people were killed and seven hid."),
        said("At least 12 fled."),
        said("At least 12 stayed."),
    ];
    let (article, claims) = room.article(&eda, "Raid", &texts).await;
    for (claim, title) in claims.iter().zip(["Whole", "Merged", "Own"]) {
        room.desk.add_evidence(&eda, *claim, evidence(title), None).await.unwrap();
        let gone = room.desk.add_evidence(&eda, *claim, evidence("Forged"), None).await.unwrap();
        room.desk.withdraw_evidence(&eda, gone, because("It is forged.")).await.unwrap();
    }
    let parts = ["At least 12 people were killed", "seven hid."].map(words).to_vec();
    room.desk.split(&eda, claims[0], SplitForm { version: 1, parts }, None).await.unwrap();
    let merge = MergeForm { version: 1, with: vec![(claims[1], 1)] };
    room.desk.merge(&eda, claims[2], merge, None).await.unwrap();
    let report = room.desk.report(&eda, article).await.unwrap();
    let found: Vec<Vec<&str>> = report
        .claims
        .iter()
        .map(|claim| claim.evidence.iter().map(|piece| piece.title.as_str()).collect())
        .collect();
    assert_eq!(found, [vec!["Whole"], vec!["Whole"], vec!["Merged", "Own"]]);
}
