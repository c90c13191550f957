//! What a person corrects of a claim, and who may.

use crate::harness::{Newsroom, Said, because, evidence, is_refused, once, said, verdict};
use desk::{
    ClaimFilter, CorrectionForm, Difference, Error, MeasuresGiven, MergeForm, Sort, SpanGiven, SplitForm,
};
use domain::claim::{ClaimKind, SourceKind};
use domain::correction::{FigureGiven, MeasureGiven, NamedSource, Part, SourceGiven};
use domain::id::ClaimId;
use domain::measure::{Bound, Class, Indicator};
use domain::policy::Role;
use domain::text::Span;
use domain::words::{ClaimWords, Invalid, SourceName, SourceRole};
use domain::workflow::{Blocked, Stage};
use sqlx::PgPool;

pub fn words(words: &str) -> SpanGiven {
    SpanGiven::Words(ClaimWords::parse(words).unwrap())
}

pub fn by(name: &str) -> SourceGiven {
    SourceGiven::Named(NamedSource {
        name: SourceName::parse(name).unwrap(),
        kind: SourceKind::Person,
        role: SourceRole::optional("spokesman").unwrap(),
        organisation: None,
    })
}

pub fn figure(of: Option<u32>, written: &str) -> MeasureGiven {
    MeasureGiven {
        of,
        figure: Some(FigureGiven::Words(written.to_owned())),
        indicator: of.is_none().then_some(Indicator::Wounded),
        ..MeasureGiven::default()
    }
}

const BOTH: &str = "At least 12 people were killed and seven were wounded near the mill.";

/// A claim of two figures, and one more.
async fn raid(room: &Newsroom) -> (domain::policy::Actor, Vec<ClaimId>) {
    let noor = room.reviewer("Noor").await;
    let all: [Said<'_>; 2] = [said(BOTH).by("Olena K."), said("At least 12 hid.")];
    let (_, claims) = room.article(&noor, "Raid", &all).await;
    (noor, claims)
}

fn invalid<T: std::fmt::Debug>(answer: Result<T, Error>) -> Invalid {
    match answer {
        Err(Error::Invalid(invalid)) => invalid,
        other => panic!("{other:?}"),
    }
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_correction_changes_what_it_names_and_nothing_else(pool: PgPool) {
    let room = Newsroom::over(pool);
    let (noor, claims) = raid(&room).await;
    let before = room.view(&noor, claims[0]).await;
    let form = CorrectionForm {
        version: 1,
        span: Some(words("at least 12  people were KILLED")),
        kind: Some(ClaimKind::Event),
        ..CorrectionForm::default()
    };
    room.desk.correct(&noor, claims[0], form).await.unwrap();
    let after = room.view(&noor, claims[0]).await;
    assert_eq!(after.claim.text, "At least 12 people were killed", "the article’s own letters");
    let text = domain::text::CharIndex::new(&after.text);
    assert_eq!(text.slice(after.span), Some(after.claim.text.as_str()));
    assert_eq!((after.claim.kind, after.claim.version), (ClaimKind::Event, 2));
    assert_eq!(after.claim.measures, before.claim.measures);
    assert_eq!((after.claim.source.as_deref(), after.attributions.len()), (Some("Olena K."), 1));
    let corrected: Vec<_> = after.corrections.iter().map(|c| (c.part, c.by.as_str())).collect();
    assert_eq!(corrected, [(Part::Kind, "Noor"), (Part::Span, "Noor")]);
    let told = room.told(&noor, claims[0]).await;
    assert_eq!(
        told[1..],
        [
            format!("Noor corrected the words: “{BOTH}” became “At least 12 people were killed”"),
            "Noor corrected the kind: casualties became event".to_owned(),
        ]
    );
    room.assert_counters_equal_a_recount().await;
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_corrected_source_is_found_under_its_new_name(pool: PgPool) {
    let room = Newsroom::over(pool);
    let (noor, claims) = raid(&room).await;
    let source = |source| CorrectionForm { source: Some(source), ..CorrectionForm::default() };
    let named = CorrectionForm { version: 1, ..source(by("Petro S.")) };
    room.desk.correct(&noor, claims[0], named).await.unwrap();
    let view = room.view(&noor, claims[0]).await;
    let hop = &view.attributions[0];
    assert_eq!((hop.name.as_deref(), hop.role.as_deref()), (Some("Petro S."), Some("spokesman")));
    assert_eq!((hop.mention_at, hop.confidence), (None, 1.0), "the name does not stand in the text");
    let filter = ClaimFilter { q: Some("Petro".into()), ..ClaimFilter::default() };
    let found = room.desk.claims(&noor, &filter, Sort::Newest, None, 9).await.unwrap();
    assert_eq!(found.rows.len(), 1);
    room.assert_counters_equal_a_recount().await;

    let office = match by("Petro S.") {
        SourceGiven::Named(named) => {
            SourceGiven::Named(NamedSource { kind: SourceKind::Organisation, ..named })
        }
        SourceGiven::Article => SourceGiven::Article,
    };
    let office = CorrectionForm { version: 2, ..source(office) };
    room.desk.correct(&noor, claims[0], office).await.unwrap();
    let told = room.told(&noor, claims[0]).await;
    assert!(told[2].ends_with("Petro S., spokesman (person) became Petro S., spokesman (organisation)"));

    let nobody = CorrectionForm { version: 3, ..source(SourceGiven::Article) };
    room.desk.correct(&noor, claims[0], nobody).await.unwrap();
    let view = room.view(&noor, claims[0]).await;
    assert!(view.attributions.is_empty() && view.claim.source_id.is_none());
    assert!(view.contributions().iter().any(|part| part.why == "no source is named"));
    let told = room.told(&noor, claims[0]).await;
    assert_eq!(told[1], "Noor corrected who says so: Olena K. became Petro S., spokesman");
    assert_eq!(told[3], "Noor corrected who says so: Petro S., spokesman became the article itself");
    room.assert_counters_equal_a_recount().await;
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn figures_are_corrected_added_and_removed(pool: PgPool) {
    let room = Newsroom::over(pool);
    let (noor, claims) = raid(&room).await;
    let given =
        |version, given| CorrectionForm { version, measures: Some(given), ..CorrectionForm::default() };
    let civilians = MeasureGiven { class: Some(Class::Civilian), ..figure(Some(0), "more than 14") };
    for (version, change) in [
        (1, MeasuresGiven::One(civilians)),
        (2, MeasuresGiven::One(figure(None, "seven"))),
        (3, MeasuresGiven::Without(0)),
    ] {
        room.desk.correct(&noor, claims[0], given(version, change)).await.unwrap();
        room.assert_counters_equal_a_recount().await;
    }
    let view = room.view(&noor, claims[0]).await;
    let [seven] = view.claim.measures.as_slice() else { panic!("{:?}", view.claim.measures) };
    assert_eq!((seven.best, seven.bound), (Some(7.0), Bound::Exact));
    let text = domain::text::CharIndex::new(&view.text);
    assert_eq!(text.slice(Span::new(seven.start, seven.end)), Some("seven"));
    let told = room.told(&noor, claims[0]).await;
    assert_eq!(
        told[1..],
        [
            "Noor corrected a figure: at least 12 people killed became at least 14 people killed, civilians",
            "Noor added a figure: 7 wounded",
            "Noor removed a figure: at least 14 people killed, civilians",
        ]
    );
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn what_cannot_be_is_refused_with_its_field_and_changes_nothing(pool: PgPool) {
    let room = Newsroom::over(pool);
    let (noor, claims) = raid(&room).await;
    let events = room.events().await;
    let form = CorrectionForm { version: 1, ..CorrectionForm::default() };
    let measures = |given| CorrectionForm { measures: Some(MeasuresGiven::One(given)), ..form.clone() };
    for (form, field) in [
        (CorrectionForm { span: Some(words("13 people were killed")), ..form.clone() }, "words"),
        (CorrectionForm { span: Some(words("At least 12 hid.")), ..form.clone() }, "words"),
        (CorrectionForm { span: Some(SpanGiven::At(Span::new(5, 900))), ..form.clone() }, "span"),
        (measures(figure(Some(0), "quite a lot of them")), "figure"),
        (measures(MeasureGiven { indicator: None, ..figure(None, "7") }), "indicator"),
    ] {
        let wrong = invalid(room.desk.correct(&noor, claims[0], form.clone()).await);
        assert_eq!(wrong.field, field, "{form:?}: {wrong}");
    }
    assert_eq!(room.version_of(claims[0]).await, 1);
    assert_eq!(room.events().await, events);
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn the_second_to_correct_learns_what_differs(pool: PgPool) {
    let room = Newsroom::over(pool);
    let (noor, claims) = raid(&room).await;
    let robin = room.reviewer("Robin").await;
    let form = |kind| CorrectionForm { version: 1, kind: Some(kind), ..CorrectionForm::default() };
    room.desk.correct(&noor, claims[0], form(ClaimKind::Event)).await.unwrap();
    let stale = room.desk.correct(&robin, claims[0], form(ClaimKind::Count)).await;
    let Err(Error::Stale { by, current, differences }) = stale else { panic!("{stale:?}") };
    assert_eq!((by.as_str(), current), ("Noor", 2));
    let done = Difference {
        field: "claim",
        yours: "as you saw it".into(),
        theirs: "corrected the kind: casualties became event".into(),
    };
    let kind = Difference { field: "kind", yours: "count".into(), theirs: "event".into() };
    assert_eq!(differences, [done.clone(), kind]);
    let late = room.desk.give_verdict(&robin, claims[0], verdict("verified", 1), None).await;
    let Err(Error::Stale { by, differences, .. }) = late else { panic!("{late:?}") };
    assert_eq!((by.as_str(), &differences[0]), ("Noor", &done));
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn viewers_do_not_correct_and_nobody_corrects_what_another_checks_or_what_is_decided(pool: PgPool) {
    let room = Newsroom::over(pool);
    let (noor, claims) = raid(&room).await;
    let (viewer, robin) = (room.person("Vic", Role::Viewer).await, room.editor("Robin").await);
    let form =
        |version| CorrectionForm { version, kind: Some(ClaimKind::Event), ..CorrectionForm::default() };
    let split =
        |version| SplitForm { version, parts: vec![words("At least 12 people"), words("seven were")] };
    let merge = |version| MergeForm { version, with: vec![(claims[1], 1)] };
    assert!(is_refused(&room.desk.correct(&viewer, claims[0], form(1)).await));
    assert!(is_refused(&room.desk.split(&viewer, claims[0], split(1), None).await));
    assert!(is_refused(&room.desk.merge(&viewer, claims[0], merge(1), None).await));

    room.desk.take(&noor, claims[1]).await.unwrap();
    let held = room.desk.correct(&robin, claims[1], form(1)).await;
    assert!(matches!(held, Err(Error::Held { holder, .. }) if holder == "Noor"));
    let merged = room.desk.merge(&robin, claims[0], merge(1), None).await;
    assert!(matches!(merged, Err(Error::Held { .. })), "{merged:?}");
    room.desk.correct(&noor, claims[1], form(1)).await.unwrap();

    room.judge(&noor, claims[0], "verified").await;
    for answer in [
        room.desk.correct(&robin, claims[0], form(2)).await.map(|_| ()),
        room.desk.split(&robin, claims[0], split(2), None).await.map(|_| ()),
        room.desk.merge(&robin, claims[0], merge(2), None).await,
    ] {
        let settled = matches!(answer, Err(Error::Blocked(Blocked::Stage { stage: Stage::Settled, .. })));
        assert!(settled, "{answer:?}");
    }
    room.desk.reopen(&robin, claims[0], 2, because("a figure is wrong")).await.unwrap();
    room.desk.correct(&robin, claims[0], form(3)).await.unwrap();
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_claim_that_is_split_says_what_became_of_it(pool: PgPool) {
    let room = Newsroom::over(pool);
    let (noor, claims) = raid(&room).await;
    room.desk.add_evidence(&noor, claims[0], evidence("Hospital list"), None).await.unwrap();
    // One more figure, whose wording stands nowhere in the text.
    let nowhere = MeasuresGiven::One(figure(None, "about 90"));
    let form = CorrectionForm { version: 1, measures: Some(nowhere), ..CorrectionForm::default() };
    room.desk.correct(&noor, claims[0], form).await.unwrap();
    let parts = ["At least 12 people were killed", "seven were wounded near the mill."];
    let form = SplitForm { version: 2, parts: parts.map(words).to_vec() };
    let key = once("s", 1);
    let new = room.desk.split(&noor, claims[0], form.clone(), Some(&key)).await.unwrap();
    assert_eq!(room.desk.split(&noor, claims[0], form, Some(&key)).await.unwrap(), new);
    let whole = room.view(&noor, claims[0]).await;
    assert_eq!((whole.claim.stage, whole.claim.text.as_str()), (Stage::Dismissed, BOTH));
    assert_eq!(whole.became.iter().map(|claim| claim.id).collect::<Vec<_>>(), new);
    let told = room.told(&noor, claims[0]).await;
    assert_eq!(
        told.last().unwrap(),
        "Noor dismissed it: split into “At least 12 people were killed” and “seven were wounded near the mill.”"
    );
    for ((part, words), figures) in new.iter().zip(parts).zip([2, 0]) {
        let view = room.view(&noor, *part).await;
        assert_eq!((view.claim.text.as_str(), view.claim.stage), (words, Stage::Open));
        assert_eq!(view.claim.measures.len(), figures, "each figure stays with its words");
        assert_eq!(view.claim.source.as_deref(), Some("Olena K."));
        assert_eq!(view.came_from[0].id, claims[0]);
        assert_eq!(view.evidence[0].title, "Hospital list", "evidence stays within reach");
    }
    room.assert_counters_equal_a_recount().await;
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn claims_that_are_merged_become_one_with_all_figures_and_evidence(pool: PgPool) {
    let room = Newsroom::over(pool);
    let (noor, claims) = raid(&room).await;
    room.desk.add_evidence(&noor, claims[1], evidence("Cellar"), None).await.unwrap();
    let form = MergeForm { version: 1, with: vec![(claims[1], 1)] };
    room.desk.merge(&noor, claims[0], form.clone(), None).await.unwrap();
    let one = room.view(&noor, claims[0]).await;
    assert_eq!(one.claim.text, format!("{BOTH}, said Olena K.\n\nAt least 12 hid."));
    assert_eq!((one.claim.measures.len(), one.claim.version), (2, 2));
    assert_eq!((one.evidence.len(), one.evidence[0].claim), (1, claims[1]));
    let other = room.view(&noor, claims[1]).await;
    assert_eq!((other.claim.stage, other.became[0].id), (Stage::Dismissed, claims[0]));
    assert!(
        room.told(&noor, claims[1]).await.last().unwrap().starts_with("Noor dismissed it: merged into “")
    );
    let stale = room.desk.merge(&noor, claims[0], form, None).await;
    assert!(matches!(stale, Err(Error::Stale { .. })), "{stale:?}");
    room.assert_counters_equal_a_recount().await;
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn only_claims_of_one_text_are_merged(pool: PgPool) {
    let room = Newsroom::over(pool);
    let (noor, claims) = raid(&room).await;
    let (_, elsewhere) = room.article(&noor, "Flight", &[said("Ten fled.")]).await;
    for with in [vec![], vec![(elsewhere[0], 1)], vec![(claims[0], 1)], vec![(claims[1], 1), (claims[1], 1)]]
    {
        let form = MergeForm { version: 1, with };
        assert_eq!(invalid(room.desk.merge(&noor, claims[0], form, None).await).field, "with");
    }
    let moved = room.desk.merge(&noor, claims[0], MergeForm { version: 1, with: vec![(claims[1], 7)] }, None);
    assert!(matches!(moved.await, Err(Error::Stale { current: 1, .. })));
}
