//! The report of an article: what may be printed of its claims, and on what evidence.

use crate::harness::{Newsroom, said};
use domain::claim::Polarity;
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
