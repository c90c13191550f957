//! Whole texts from end to end: what a reviewer must see.

use domain::claim::ClaimKind;
use domain::claim::Polarity;
use domain::measure::{Bound, Class, Indicator, Measure, PartOf, Reading};
use extract::schema::Claim;
use extract::{Extraction, Options, extract};

fn read(source: &str) -> Extraction {
    extract(source, &Options { published: chrono::NaiveDate::from_ymd_opt(2024, 3, 13), id: None })
}

fn speaker(found: &Extraction, claim: &Claim) -> Option<String> {
    found.quotations.get(claim.quotation? as usize)?.source.as_ref()?.name.clone()
}

#[test]
fn two_assertions_in_one_sentence_are_two_claims_of_the_resolved_speaker() {
    let found = read(
        "The volunteers crossed the border at dawn. Their unit is led by Oleksiy B., a 42-year-old drone operator.\n\n\
         \"Dozens of armoured vehicles were destroyed or disabled, hundreds of soldiers were killed or wounded\", he said.",
    );
    let claims: Vec<&Claim> = found
        .claims
        .iter()
        .filter(|c| matches!(c.kind, ClaimKind::Casualty | ClaimKind::EquipmentLoss))
        .collect();
    let words: Vec<&str> = claims.iter().map(|c| c.text.as_str()).collect();
    assert_eq!(
        words,
        [
            "Dozens of armoured vehicles were destroyed or disabled",
            "hundreds of soldiers were killed or wounded"
        ]
    );
    let measures: Vec<_> =
        claims.iter().flat_map(|c| &c.measures).map(|m| (m.indicator, m.low, m.bound)).collect();
    assert_eq!(
        measures,
        [
            (Indicator::DestroyedOrDamaged, Some(12.0), Bound::Vague),
            (Indicator::KilledOrWounded, Some(100.0), Bound::Vague)
        ]
    );
    for claim in claims {
        assert_eq!(speaker(&found, claim).as_deref(), Some("Oleksiy B."));
    }
}

#[test]
fn a_sub_count_names_its_total() {
    let found = read("At least 12 people were killed in the strike, including three children, police said.");
    let claim = &found.claims[0];
    assert_eq!(claim.measures.iter().map(|m| m.part_of).collect::<Vec<_>>(), [None, Some(PartOf::Here(0))]);
    assert_eq!(speaker(&found, claim).as_deref(), Some("police"));
    assert_eq!(found.totals.first().and_then(|t| t.low), Some(12.0));
}

#[test]
fn the_next_sentence_may_name_a_part_of_the_toll() {
    let found = read("At least 81 people have been killed. Among them are 48 civilians, the group said.");
    let part = found.claims.iter().flat_map(|c| &c.measures).find(|m| m.best == Some(48.0));
    assert!(
        part.is_some_and(|m| m.indicator == Indicator::Killed
            && m.part_of == Some(PartOf::Elsewhere { claim: 0, measure: 0 }))
    );
    assert_eq!(found.totals.first().and_then(|t| t.low), Some(81.0));
}

#[test]
fn forecasts_and_threats_are_no_claims() {
    for source in [
        "We will never surrender.",
        "The storm could kill thousands of people.",
        "Why did nobody act?",
        "If the dam breaks, 3,000 people would be killed.",
        "\"We will kill 300 of them,\" the commander said.",
        "The group threatened that 40 hostages would be executed.",
        "The number of displaced could reach 50,000 by Friday.",
    ] {
        assert!(read(source).claims.is_empty(), "{source}");
    }
}

#[test]
fn figures_of_a_claim_name_side_and_place() {
    let side_and_place = |source: &str| {
        let found = read(source);
        let measure = found.claims.first().and_then(|c| c.measures.first()).cloned();
        measure.map(|m| (m.side.unwrap_or_default(), m.place.unwrap_or_default()))
    };
    for (source, side, place) in [
        ("Guards killed 12 Ansara fighters in the village of Bel Amra.", "Ansara", "Bel Amra"),
        (
            "A mine killed three soldiers of the 4th Brigade in Tolka district.",
            "the 4th Brigade",
            "Tolka district",
        ),
        ("Police captured 30 Iranian-backed gunmen near Mosul, Iraq.", "Iranian-backed", "Mosul, Iraq"),
        ("The army of Varland lost 40 tanks north of Orel.", "The army of Varland", "Orel"),
    ] {
        assert_eq!(side_and_place(source), Some((side.to_owned(), place.to_owned())), "{source}");
    }
}

#[test]
fn two_shares_in_a_sentence_are_two_claims() {
    let found = read("Exports rose 5% in March, and imports fell 3%.");
    let words: Vec<&str> = found.claims.iter().map(|c| c.text.as_str()).collect();
    assert_eq!(words, ["Exports rose 5% in March", "imports fell 3%"]);
}

#[test]
fn no_claim_ends_within_a_quotation_that_opens_in_it() {
    let found = read("The clerk said that “between 90 and 110” attackers had died.");
    let words: Vec<&str> = found.claims.iter().map(|c| c.text.as_str()).collect();
    assert_eq!(words, ["“between 90 and 110” attackers had died"]);
}

#[test]
fn a_statement_says_the_claim_so_that_it_stands_alone() {
    let statement =
        |source: &str| read(source).claims.iter().filter_map(|c| c.statement.clone()).collect::<Vec<_>>();
    for (source, said) in [
        ("A drone strike hit the market in Orhan. It killed 12 people.", "the drone strike killed 12 people"),
        (
            "The quake damaged 80 houses, destroyed a dam and injured nine guests.",
            "The quake injured nine guests",
        ),
        ("Rebels said they had captured 20 soldiers.", "Rebels had captured 20 soldiers"),
        ("Colonel Ivan Petrenko said he had counted 60 bodies.", "Ivan Petrenko had counted 60 bodies"),
        ("\"I saw three tanks burn,\" Colonel Ivan Petrenko said.", "Ivan Petrenko saw three tanks burn"),
        ("Forty people died in the raid. Three of them were children.", "Three of the people were children"),
        ("Forty people were shot in the raid. Twelve died.", "Twelve people died"),
        (
            "A quake rocked the island, destroying 400 homes and killing 70 people.",
            "A quake rocked the island killing 70 people",
        ),
        ("On Monday a bomb exploded in Basra, and 12 people were killed.", "12 people were killed on Monday"),
    ] {
        assert!(statement(source).contains(&said.to_owned()), "{source}: {:?}", statement(source));
    }
}

#[test]
fn what_stands_alone_or_is_unclear_has_no_statement() {
    for source in [
        "Twelve people were killed in Orhan on Monday.",
        "A strike and an explosion hit the town. It killed 12 people.",
        "Anna Berg met Carla Stein on Monday, Maria Lopez said. She had lost 12 relatives.",
        "They killed 12 people.",
    ] {
        let found = read(source);
        assert!(found.claims.iter().all(|c| c.statement.is_none()), "{source}: {:?}", found.claims);
    }
}

#[test]
fn a_text_in_another_language_gives_numbers_but_no_claims() {
    let found = read(
        "Das Ministerium teilte am Montag mit, dass bei dem Angriff mindestens 10 Menschen getötet und 25 verletzt wurden.",
    );
    assert_eq!(found.language, "de");
    assert!(found.claims.is_empty() && found.quotations.is_empty());
    assert_eq!(found.quantities.len(), 2);
}

#[test]
fn the_displaced_of_a_text_in_another_language_are_a_claim() {
    let found = read(
        "Según las autoridades, más de 2.000 personas fueron evacuadas en el valle. El gobernador visitó la zona el lunes.",
    );
    assert_eq!(found.language, "es");
    assert!(found.quotations.is_empty());
    let [claim] = found.claims.as_slice() else { panic!("one claim: {:?}", found.claims) };
    let [measure] = claim.measures.as_slice() else { panic!("one figure: {:?}", claim.measures) };
    assert_eq!((claim.kind, measure.indicator), (ClaimKind::Displacement, Indicator::Displaced));
    assert_eq!((measure.low, measure.bound), (Some(2000.0), Bound::AtLeast));
    assert_eq!((measure.text.as_str(), measure.counts.as_deref()), ("más de 2.000", Some("people")));
    // The number is right among the quantities too.
    assert!(found.quantities.iter().any(|q| q.best == Some(2000.0)));
}

/// Indicator, point and reading of each figure, and whether it is a part.
fn figures(source: &str) -> Vec<(Indicator, f64, Reading, bool)> {
    let of = |m: &Measure| (m.indicator, m.best.or(m.low).unwrap_or(0.0), m.reading, m.part_of.is_some());
    read(source).claims.iter().flat_map(|c| &c.measures).map(of).collect()
}

#[test]
fn places_without_a_total_are_added_up() {
    use Indicator::{Damaged, Destroyed, Displaced};
    use Reading::{Incremental, Sum};
    assert_eq!(
        figures("About 4,000 people were evacuated in Nyeri, 2,500 in Garissa and 1,200 in Tana River."),
        [
            (Displaced, 4000.0, Incremental, true),
            (Displaced, 2500.0, Incremental, true),
            (Displaced, 1200.0, Incremental, true),
            (Displaced, 7700.0, Sum, false),
        ]
    );
    // Two assertions have a claim of their own for what they make together.
    assert_eq!(
        figures(
            "In Harn, 31 houses were destroyed and 300 damaged, while in Belt, 36 houses were destroyed."
        ),
        [
            (Destroyed, 31.0, Incremental, true),
            (Damaged, 300.0, Incremental, false),
            (Destroyed, 67.0, Sum, false),
            (Destroyed, 36.0, Incremental, true),
        ]
    );
}

#[test]
fn totals_places_within_places_and_the_dead_are_not_added_up() {
    for source in [
        "In total 6,000 people were displaced in Nyeri and 2,500 in Garissa.",
        "About 4,000 people were evacuated in Nyeri, 2,500 of them in Garissa.",
        "Twelve people were killed in Kyiv and five in Kharkiv.",
        "Some 900 people fled Harn and 300 houses were destroyed in Belt.",
    ] {
        assert!(figures(source).iter().all(|f| f.2 != Reading::Sum), "{source}: {:?}", figures(source));
    }
}

#[test]
fn men_of_a_battalion_are_no_civilians() {
    let found = read("The battalion had lost seven men killed, with 19 in hospital and one missing.");
    let measures: Vec<_> =
        found.claims.iter().flat_map(|c| &c.measures).map(|m| (m.indicator, m.class)).collect();
    assert_eq!(
        measures,
        [
            (Indicator::Killed, Class::Unknown),
            (Indicator::Wounded, Class::Unknown),
            (Indicator::Missing, Class::Unknown)
        ]
    );
}

#[test]
fn an_empty_text_gives_an_empty_extraction() {
    let found = read("");
    assert!(found.sentences.is_empty() && found.claims.is_empty());
}

/// Of each quotation: who, named or as mentioned, polarity, and the quotation it stands in.
fn heard(source: &str) -> Vec<(String, Polarity, Option<u32>)> {
    read(source)
        .quotations
        .iter()
        .map(|q| {
            let who = q.source.as_ref().map(|s| s.name.clone().unwrap_or_else(|| s.text.clone()));
            (who.unwrap_or_default(), q.polarity, q.within)
        })
        .collect()
}

fn asserted(who: &str) -> (String, Polarity, Option<u32>) {
    (who.to_owned(), Polarity::Asserted, None)
}

#[test]
fn denied_and_doubted_speech_is_told_apart() {
    for (source, polarity) in [
        ("The ministry denied that 12 soldiers were killed.", Polarity::Denied),
        ("The army did not confirm that 12 soldiers died.", Polarity::Doubted),
        ("Police declined to confirm reports that four people had died.", Polarity::Doubted),
        ("Police said that four people had died.", Polarity::Asserted),
    ] {
        assert_eq!(heard(source).first().map(|h| h.1), Some(polarity), "{source}");
    }
    let denied = |source: &str| read(source).claims.iter().flat_map(|c| &c.measures).any(|m| m.denied);
    assert!(denied("The ministry denied that 12 soldiers were killed."));
    assert!(!denied("The army did not confirm that 12 soldiers died."));
}

#[test]
fn speech_within_speech_keeps_both_hops() {
    for source in [
        "The ministry said the mayor had claimed that 40 people were killed.",
        "“The mayor said that 40 people were killed,” the minister told reporters.",
        "Radio Salan quoted the mayor as saying that 40 people were killed.",
    ] {
        let found = read(source);
        let claim = found.claims.iter().find(|c| c.measures.iter().any(|m| m.best == Some(40.0)));
        let said = claim.and_then(|c| c.quotation).and_then(|q| found.quotations.get(q as usize));
        assert_eq!(
            said.and_then(|q| q.source.as_ref()).map(|s| s.text.as_str().to_lowercase()),
            Some("the mayor".to_owned()),
            "{source}"
        );
        assert!(said.is_some_and(|q| q.within.is_some()), "{source}");
    }
}

#[test]
fn whoever_is_cited_is_the_source_and_the_agency_relays() {
    let found = heard("At least 40 people were killed, state television said, citing officials.");
    assert_eq!(found, [asserted("state television"), ("officials".to_owned(), Polarity::Asserted, Some(0))]);
}

#[test]
fn labels_tell_who_speaks() {
    let talk = "Reporter: How many died?\n\nAnna Berg: We counted nine bodies.\n\nReporter: And then?\n\nAnna Berg: At least 20 people were wounded.";
    let found = read(talk);
    let claim = found.claims.iter().find(|c| c.measures.iter().any(|m| m.low == Some(20.0)));
    let said = claim.and_then(|c| c.quotation).and_then(|q| found.quotations.get(q as usize));
    assert_eq!(said.and_then(|q| q.source.as_ref()).and_then(|s| s.name.as_deref()), Some("Anna Berg"));
    assert_eq!(heard("Kyiv: 12 killed in strike on market"), [asserted("Kyiv")]);
    assert_eq!(heard("Killed: 12 people in strike on market"), []);
}

#[test]
fn a_poll_is_the_source_of_its_figures() {
    let found = read("In a survey released last week, 38 percent of voters said they trusted the army.");
    let claim = found.claims.first().expect("a claim");
    let said = claim.quotation.and_then(|q| found.quotations.get(q as usize));
    assert!(said.and_then(|q| q.source.as_ref()).is_some_and(|s| s.text.starts_with("a survey")));
}

#[test]
fn where_an_article_was_written_is_no_part_of_what_somebody_says() {
    let found = read(
        "OSTRAVIK, May 2 (Northline) - Consumer prices rose 2.8 percent in April from a year earlier, the State \
         Statistics Office said on Thursday.",
    );
    let claims: Vec<&str> = found.claims.iter().map(|claim| claim.text.as_str()).collect();
    assert_eq!(claims, ["Consumer prices rose 2.8 percent in April from a year earlier"]);
}

#[test]
fn whoever_raises_a_toll_is_its_source() {
    for (text, source) in [
        ("The ministry raised the death toll to 41 on Sunday.", "The ministry"),
        (
            "The Civil Protection Council raised its own toll on Saturday to 1,839 dead.",
            "The Civil Protection Council",
        ),
        ("The ministry lowered the death toll to 37 on Sunday.", "The ministry"),
    ] {
        let found = read(text);
        let claim = found.claims.first().expect("a claim");
        let said = claim.quotation.and_then(|q| found.quotations.get(q as usize));
        assert_eq!(said.and_then(|q| q.source.as_ref()).map(|s| s.text.as_str()), Some(source), "{text}");
    }
}

#[test]
fn what_a_source_said_before_is_not_its_name() {
    let found = read(
        "The Cell's evening bulletin listed 1,940 injured, of whom 412 are in a serious condition, and said that \
         214,000 people had been displaced.",
    );
    let names: Vec<&str> =
        found.quotations.iter().filter_map(|q| q.source.as_ref()).map(|s| s.text.as_str()).collect();
    assert_eq!(names, ["The Cell's evening bulletin"; 2]);
}

#[test]
fn mentions_mean_whom_the_text_introduced() {
    for (source, names) in [
        ("Minister of Works Lena Marsh said that nine people died.", vec!["Lena Marsh"]),
        ("According to the mayor, Pavel Orsic, 12 people were hurt.", vec!["Pavel Orsic"]),
        (
            "Lena Marsh said nine people died. The 42-year-old nurse said two were children.",
            vec!["Lena Marsh", "Lena Marsh"],
        ),
        (
            "Its commander, Lena Marsh, said nine people died. The commander said two were children.",
            vec!["Lena Marsh", "Lena Marsh"],
        ),
        ("U.S. officials said that nine people died.", vec!["U.S. officials"]),
        ("Lena Marsh said nine people died. The mayor said ten people died.", vec!["Lena Marsh", "mayor"]),
    ] {
        let found: Vec<String> = heard(source).into_iter().map(|h| h.0).collect();
        assert_eq!(found, names, "{source}");
    }
}

#[test]
fn it_was_reported_names_nobody() {
    let found = read("It was reported that nine people died.");
    assert!(found.quotations.iter().all(|q| q.source.is_none()));
    assert_eq!(found.claims.len(), 1);
}

#[test]
fn a_name_that_somebody_takes_is_no_speech() {
    assert_eq!(heard("The man who calls himself Kedr arrived on foot with two cups."), []);
}

#[test]
fn offices_speak_for_a_party() {
    let party = |source: &str| {
        read(source).quotations.first().and_then(|q| q.source.as_ref()).and_then(|s| s.party.clone())
    };
    assert_eq!(party("Russia’s defence ministry said 12 soldiers died.").as_deref(), Some("Russia"));
    assert_eq!(party("A Russian nurse said 12 soldiers died."), None);
}

#[test]
fn losses_of_a_briefing_are_told_apart() {
    let found =
        read("The General Staff claimed enemy losses of 1,140 personnel and 12 tanks over the past day.");
    let told: Vec<(Indicator, Option<f64>)> =
        found.claims.iter().flat_map(|c| &c.measures).map(|m| (m.indicator, m.best)).collect();
    assert_eq!(told, [(Indicator::KilledOrWounded, Some(1140.0)), (Indicator::Destroyed, Some(12.0))]);
    let money = read("The company reported losses of 5 million dollars in 2023.");
    assert!(money.claims.iter().flat_map(|c| &c.measures).all(|m| m.indicator == Indicator::Money));
}
