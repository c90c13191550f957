use super::*;
use crate::measure::number;
use phrase::phrase;
use uuid::Uuid;

const DAY: i64 = 24;

/// A figure that its article published so many hours after the event.
fn said(source: &str, indicator: Indicator, n: f64, hours: i64) -> Figure {
    let at = DateTime::UNIX_EPOCH + TimeDelta::days(20_000) + TimeDelta::hours(hours);
    let id = source.bytes().fold(7_u64, |sum, byte| sum.wrapping_mul(31).wrapping_add(byte.into()));
    let id = u128::from(id);
    Figure {
        article: ArticleId(Uuid::from_u128(id * 131 + hours as u128)),
        claim: ClaimId(Uuid::from_u128(id * 1_000_003 + n.to_bits() as u128 + hours as u128)),
        position: 0,
        indicator,
        low: Some(n),
        best: Some(n),
        high: Some(n),
        bound: Bound::Exact,
        words: number(n),
        said: phrase!("{}", n),
        counts: None,
        unit: None,
        reading: Reading::Unknown,
        confirmation: Confirmation::Claimed,
        is_part: false,
        denied: false,
        doubted: false,
        past: None,
        lowers: false,
        place: None,
        cause: None,
        headline: None,
        is_of_longer_time: false,
        other: None,
        one_place: None,
        is_told_apart: false,
        side: None,
        origin: Origin::Source(SourceId(Uuid::from_u128(id))),
        source: source.to_owned(),
        reliability: Reliability::F,
        role: None,
        unnamed: None,
        party: None,
        outlet: Some("Wire".to_owned()),
        relays: Vec::new(),
        at,
        verdict: None,
        judged: None,
        supported: None,
    }
}

fn killed(source: &str, n: f64, hours: i64) -> Figure {
    said(source, Indicator::Killed, n, hours)
}

fn marks(figures: &[Figure]) -> Vec<(MarkKind, Vec<usize>)> {
    marks_beside(figures, &[])
}

fn marks_beside(figures: &[Figure], elsewhere: &[Figure]) -> Vec<(MarkKind, Vec<usize>)> {
    ledger(Indicator::Killed, figures, &elsewhere.iter().collect::<Vec<_>>())
        .marks
        .into_iter()
        .map(|mark| (mark.kind, mark.figures))
        .collect()
}

#[test]
fn some_of_those_who_were_counted_are_no_toll() {
    for (text, number) in [
        ("Seven of the dead were children", "seven"),
        ("its teams had counted 44 dead, including nine children", "nine"),
        ("Among them were five children and two market guards", "two"),
        ("She said the toll included 14 pupils of a boarding school", "14"),
        ("400 people were killed in her town alone", "400"),
        ("17 homes burned down on Monday alone, the mayor said", "17"),
    ] {
        assert!(counts_some(text, number), "{text}");
    }
    for (text, number) in [
        ("At least 12 people were killed", "12"),
        ("dozens of soldiers died", "dozens"),
        ("12 died in a house where a widow lived alone", "12"),
        ("12 people died at home, alone", "12"),
        ("none", "12"),
        ("x", ""),
    ] {
        assert!(!counts_some(text, number), "{text}");
    }
}

#[test]
fn counts_that_need_not_be_of_the_same_do_not_contradict() {
    let apart = |indicator| {
        let figures = [said("A", indicator, 37.0, 0), said("B", indicator, 90.0, 0)];
        ledger(indicator, &figures, &[]).marks.iter().any(|mark| mark.kind == MarkKind::Conflict)
    };
    assert!(apart(Indicator::Killed) && apart(Indicator::Destroyed));
    assert!(!apart(Indicator::Count) && !apart(Indicator::Money) && !apart(Indicator::Percent));
}

#[test]
fn ten_outlets_that_quote_one_ministry_are_one_line() {
    let figures: Vec<Figure> = (0..10)
        .map(|n| Figure { outlet: Some(format!("Outlet {n}")), ..killed("Ministry", 234.0, n) })
        .collect();
    let ledger = ledger(Indicator::Killed, &figures, &[]);
    assert_eq!(ledger.lines.len(), 1);
    assert_eq!((ledger.lines[0].outlets, ledger.lines[0].current), (10, Some(9)));
    assert_eq!(ledger.marks, []);
}

#[test]
fn a_ministry_that_cuts_its_own_toll_revised_it_backwards() {
    let figures = [killed("Ministry", 41.0, DAY), killed("Ministry", 37.0, 2 * DAY)];
    assert_eq!(marks(&figures), [(MarkKind::BackwardRevision, vec![1, 0])]);
    assert_eq!(ledger(Indicator::Killed, &figures, &[]).lines[0].current, Some(1));
}

#[test]
fn a_lowered_toll_takes_back_what_a_source_of_a_like_name_had_said_before_what_others_said_later() {
    let lowered = Figure { lowers: true, ..killed("Kesmara's ministry", 37.0, 3 * DAY) };
    let league = killed("Rescue League", 44.0, 2 * DAY);
    let figures = [killed("Health ministry", 41.0, DAY), league, lowered];
    let found = marks(&figures);
    assert!(found.contains(&(MarkKind::BackwardRevision, vec![2, 0])), "{found:?}");
}

#[test]
fn a_report_that_a_toll_was_lowered_is_marked_with_the_toll_it_takes_back() {
    let lowered = Figure { lowers: true, ..killed("Meridian Post", 37.0, 2 * DAY) };
    let figures = [killed("Health ministry", 41.0, DAY), lowered];
    let found = marks(&figures);
    assert!(found.contains(&(MarkKind::BackwardRevision, vec![1, 0])), "{found:?}");
    for text in [
        "the ministry lowered the toll to 37",
        "Officials cut their earlier estimate of the dead to 37",
        "the toll was later lowered to 37",
        "the count of 41 has since been reduced to 37",
        "It revised its figure down to 37",
    ] {
        assert!(lowers(text), "{text}");
    }
    for text in [
        "19 people were killed",
        "Strikes cut power to a number of districts and killed 12 people",
        "The blast reduced a building to rubble; the toll stands at 38",
        "The number of trains was known. The strike cut the line, and 12 died",
        "The council cut a number of jobs",
    ] {
        assert!(!lowers(text), "{text}");
    }
}

#[test]
fn a_toll_that_rises_is_no_mark() {
    let figures =
        [killed("Ministry", 19.0, 0), killed("Ministry", 41.0, DAY), killed("Ministry", 44.0, 2 * DAY)];
    assert_eq!(marks(&figures), []);
}

#[test]
fn a_count_that_falls_by_more_than_half_is_hardly_the_same_count() {
    let figures = [killed("Ministry", 900.0, 0), killed("Ministry", 31.0, DAY)];
    assert_eq!(marks(&figures), [(MarkKind::ImpossibleDrop, vec![1, 0])]);
}

#[test]
fn the_missing_grow_fewer_without_anybody_being_wrong() {
    let figures = [
        said("Coast guard", Indicator::Missing, 58.0, 0),
        said("Coast guard", Indicator::Missing, 33.0, DAY),
    ];
    assert_eq!(ledger(Indicator::Missing, &figures, &[]).marks, []);
}

#[test]
fn new_ones_since_the_last_report_are_no_toll() {
    let more = Figure { reading: Reading::Incremental, ..killed("Coast guard", 17.0, 2 * DAY) };
    let figures = [killed("Coast guard", 26.0, 0), more, killed("Coast guard", 43.0, 2 * DAY)];
    assert_eq!(marks(&figures), []);
    assert_eq!(ledger(Indicator::Killed, &figures, &[]).estimate.expect("one").range.best, Some(43.0));
}

#[test]
fn sub_counts_are_never_the_toll_and_never_added() {
    let children = Figure { is_part: true, ..killed("Ministry", 9.0, DAY + 1) };
    let ledger = ledger(Indicator::Killed, &[killed("Ministry", 44.0, DAY), children], &[]);
    assert_eq!(ledger.marks, []);
    assert_eq!(ledger.lines[0].current, Some(0));
    let range = ledger.estimate.expect("one").range;
    assert_eq!((range.low, range.best, range.high), (Some(44.0), Some(44.0), Some(44.0)));
}

#[test]
fn two_sides_with_ranges_apart_contradict_each_other() {
    let army = Figure { party: Some("Varland".into()), ..killed("Army", 13.0, 0) };
    let rebels = Figure { party: Some("Front".into()), ..killed("Rebels", 60.0, 3) };
    let figures = [army, rebels];
    assert_eq!(marks(&figures), [(MarkKind::Conflict, vec![1, 0])]);
    let ledger = ledger(Indicator::Killed, &figures, &[]);
    assert!(
        ledger.marks[0].why.to_string().ends_with("They speak for different sides."),
        "{}",
        ledger.marks[0].why
    );
    assert!(contradicted(&ledger, figures[0].claim, &figures).is_some());
}

#[test]
fn ranges_that_meet_do_not_contradict() {
    let at_least = Figure { bound: Bound::AtLeast, high: None, ..killed("Hospital", 19.0, 0) };
    let dozens = Figure {
        bound: Bound::Vague,
        low: Some(30.0),
        best: None,
        high: Some(99.0),
        ..killed("Rescuers", 30.0, 1)
    };
    let about = Figure { bound: Bound::About, ..killed("Mayor", 40.0, 2) };
    assert_eq!(marks(&[at_least, dozens, about, killed("Ministry", 41.0, 3)]), []);
}

#[test]
fn an_older_lower_figure_is_outdated_and_an_older_higher_one_contradicted() {
    assert_eq!(marks(&[killed("Mayor", 19.0, 0), killed("Ministry", 41.0, 3 * DAY)]), []);
    let figures = [killed("Mayor", 60.0, 0), killed("Ministry", 41.0, 3 * DAY)];
    assert_eq!(marks(&figures).len(), 1);
}

#[test]
fn each_sides_losses_are_counted_by_themselves() {
    let ours = Figure { side: Some("Russian".into()), ..killed("Ruslan", 160.0, 0) };
    let theirs = Figure { side: Some("Ukrainian".into()), ..killed("Ministry", 234.0, 0) };
    let figures = [ours, theirs];
    assert_eq!(marks(&figures), []);
    assert_eq!(ledger(Indicator::Killed, &figures, &[]).lines.len(), 2);
}

#[test]
fn what_pictures_show_is_not_compared_with_what_a_side_claims() {
    let claimed = said("Ministry", Indicator::Destroyed, 12.0, 0);
    let seen =
        Figure { confirmation: Confirmation::Visual, ..said("Institute", Indicator::Destroyed, 5.0, 1) };
    assert_eq!(ledger(Indicator::Destroyed, &[claimed, seen], &[]).marks, []);
}

#[test]
fn tanks_and_houses_are_not_compared() {
    let of = |counts: &str, source: &str, n| Figure {
        counts: Some(counts.into()),
        ..said(source, Indicator::Destroyed, n, 0)
    };
    let figures = [of("tanks", "Ministry", 7.0), of("houses", "Mayor", 300.0), of("tanks", "Army", 3.0)];
    let ledger = ledger(Indicator::Destroyed, &figures, &[]);
    assert_eq!(ledger.marks.len(), 1);
    assert_eq!(ledger.marks[0].kind, MarkKind::Conflict);
    assert!(!ledger.marks[0].figures.contains(&1));
}

#[test]
fn shelters_taken_for_dead_are_found() {
    let shelters = Figure {
        counts: Some("evacuation shelters".into()),
        ..said("Agency", Indicator::Count, 3_871.0, DAY)
    };
    let found = marks_beside(&[killed("Agency", 3_871.0, 0)], &[shelters]);
    assert_eq!(found, [(MarkKind::MixedUp, vec![0])]);
}

#[test]
fn one_number_as_killed_and_as_killed_or_wounded_is_found() {
    let both = said("Ministry", Indicator::KilledOrWounded, 742.0, DAY);
    assert_eq!(marks_beside(&[killed("Paper", 742.0, 2 * DAY)], &[both]), [(MarkKind::MixedUp, vec![0])]);
}

#[test]
fn small_and_round_numbers_are_the_same_by_chance() {
    let wounded = |n| said("Hospital", Indicator::Wounded, n, 0);
    assert_eq!(marks_beside(&[killed("Ministry", 12.0, 0)], &[wounded(12.0)]), []);
    assert_eq!(marks_beside(&[killed("Ministry", 200.0, 0)], &[wounded(200.0)]), []);
}

#[test]
fn the_missing_added_to_the_dead_are_found() {
    let figures = [killed("Coast guard", 49.0, 0), killed("Minister", 82.0, 1)];
    let missing = said("Coast guard", Indicator::Missing, 33.0, 0);
    let found = marks_beside(&figures, &[missing]);
    assert!(found.contains(&(MarkKind::MixedUp, vec![1, 0])), "{found:?}");
    let estimate =
        ledger(Indicator::Killed, &figures, &[&said("Coast guard", Indicator::Missing, 33.0, 0)]).estimate;
    assert_eq!(estimate.expect("one").range.high, Some(49.0), "the sum is no end of the estimate");
}

#[test]
fn one_figure_far_from_three_that_agree_is_an_outlier() {
    let figures = [
        killed("A", 40.0, 0),
        killed("B", 41.0, 0),
        killed("C", 44.0, 0),
        Figure { bound: Bound::AtLeast, high: None, ..killed("D", 400.0, 0) },
    ];
    let outliers: Vec<Vec<usize>> = marks(&figures)
        .into_iter()
        .filter(|(kind, _)| *kind == MarkKind::Outlier)
        .map(|(_, at)| at)
        .collect();
    assert_eq!(outliers, [vec![3]]);
    assert!(marks(&figures[..3]).iter().all(|(kind, _)| *kind == MarkKind::Conflict));
}

#[test]
fn a_denied_figure_is_on_record_but_is_no_count() {
    let denied = Figure { denied: true, ..killed("Army", 500.0, 0) };
    let ledger = ledger(Indicator::Killed, &[denied, killed("Ministry", 37.0, 1)], &[]);
    assert_eq!(ledger.marks, []);
    assert_eq!(ledger.lines.len(), 2);
    assert_eq!(ledger.estimate.expect("one").range.high, Some(37.0));
}

#[test]
fn the_estimate_takes_the_most_reliable_source_and_the_ends_of_all_that_are_credible() {
    let figures = [
        Figure { reliability: Reliability::B, ..killed("Hospital", 38.0, 0) },
        killed("Ministry", 37.0, 1),
        killed("League", 44.0, 2),
        Figure { reliability: Reliability::E, ..killed("Channel", 110.0, 3) },
    ];
    let estimate = ledger(Indicator::Killed, &figures, &[]).estimate.expect("one");
    let Range { low, best, high } = estimate.range;
    assert_eq!((low, best, high), (Some(37.0), Some(38.0), Some(44.0)));
    assert!(estimate.basis.iter().any(|why| why.to_string().contains("Hospital")), "{:?}", estimate.basis);
}

#[test]
fn a_settled_verdict_decides_the_best_estimate() {
    let range = Range { low: Some(36.0), best: Some(37.0), high: Some(38.0) };
    let figures = [
        Figure { reliability: Reliability::A, ..killed("Hospital", 45.0, 0) },
        Figure { verdict: Some(Tone::Disputed), supported: Some(range), ..killed("Ministry", 41.0, 1) },
        Figure { verdict: Some(Tone::False), ..killed("Channel", 300.0, 2) },
    ];
    let range = ledger(Indicator::Killed, &figures, &[]).estimate.expect("one").range;
    assert_eq!((range.low, range.best, range.high), (Some(36.0), Some(37.0), Some(45.0)));
}

#[test]
fn where_nobody_is_graded_the_middle_is_taken_and_the_lower_of_two() {
    let figures = [killed("A", 37.0, 0), killed("B", 44.0, 0)];
    assert_eq!(ledger(Indicator::Killed, &figures, &[]).estimate.expect("one").range.best, Some(37.0));
}

#[test]
fn a_party_to_the_conflict_does_not_decide_where_others_count() {
    let figures = [
        Figure { party: Some("Front".into()), ..killed("Front", 20.0, 0) },
        Figure { party: Some("Kesmara".into()), ..killed("Army", 60.0, 0) },
        killed("Hospital", 38.0, 0),
    ];
    assert_eq!(ledger(Indicator::Killed, &figures, &[]).estimate.expect("one").range.best, Some(38.0));
}

#[test]
fn what_a_source_was_right_about_is_not_what_it_says_now() {
    let figures = [
        Figure { verdict: Some(Tone::Verified), ..killed("Ministry", 19.0, 0) },
        killed("Ministry", 41.0, 2 * DAY),
        killed("Rescue", 44.0, 2 * DAY),
    ];
    let range = ledger(Indicator::Killed, &figures, &[]).estimate.expect("one").range;
    assert_eq!((range.low, range.best, range.high), (Some(41.0), Some(41.0), Some(44.0)));
}

#[test]
fn a_number_that_stands_under_two_indicators_is_left_out_whoever_repeats_it() {
    let figures = [killed("Ministry", 41.0, 0), killed("Ministry", 41.0, 2), killed("Hospital", 37.0, 3)];
    let wounded = [said("Wire", Indicator::Wounded, 41.0, 1)];
    let estimate = ledger(Indicator::Killed, &figures, &wounded.each_ref()).estimate.expect("one");
    assert_eq!((estimate.range.best, estimate.range.high), (Some(37.0), Some(37.0)));
    let clean = ledger(Indicator::Killed, &[killed("Hospital", 37.0, 3)], &[]).estimate.expect("one");
    assert_eq!(clean.left_out, []);
}

#[test]
fn unlike_things_make_neither_an_estimate_nor_a_chart() {
    let of = |source: &str, n: f64, counts: Option<&str>, unit: Option<&str>| Figure {
        counts: counts.map(str::to_owned),
        unit: unit.map(str::to_owned),
        ..said(source, Indicator::Count, n, 0)
    };
    let mixed = [
        of("Mayor", 3.0, Some("years"), None),
        of("Council", 1.4e9, Some("crowns"), None),
        of("Wire", 160.0, None, None),
        of("Post", 160_000.0, None, None),
    ];
    let apart = ledger(Indicator::Count, &mixed, &[]);
    assert_eq!((apart.estimate, apart.marks), (None, Vec::new()));
    assert!(apart.lines.iter().all(|line| !line.is_drawn));
    let children = [
        of("Mayor", 30.0, Some("children"), None),
        of("Council", 34.0, Some("children"), None),
        of("Wire", 4.0, Some("villages"), None),
    ];
    let together = ledger(Indicator::Count, &children, &[]);
    assert_eq!(together.estimate, None, "nobody but a person knows whether they are the same children");
    assert_eq!(together.lines.iter().filter(|line| line.is_drawn).count(), 2);
    // The same noun in another unit is another quantity.
    let shares = [of("Mayor", 40.0, Some("homes"), Some("%")), of("Council", 1200.0, Some("homes"), None)];
    assert!(ledger(Indicator::Count, &shares, &[]).lines.iter().all(|line| !line.is_drawn));
    let houses = |source: &str, n: f64, counts: &str| Figure {
        counts: Some(counts.to_owned()),
        ..said(source, Indicator::Destroyed, n, 0)
    };
    let destroyed =
        [houses("Mayor", 40.0, "houses"), houses("Army", 3.0, "tanks"), houses("Wire", 44.0, "houses")];
    let estimate = ledger(Indicator::Destroyed, &destroyed, &[]).estimate.expect("one");
    assert_eq!((estimate.range.low, estimate.range.high), (Some(40.0), Some(44.0)));
    assert_eq!(estimate.of.counts.as_deref(), Some("houses"));
}

#[test]
fn the_worst_since_a_war_began_is_one_event_and_what_was_then_is_another() {
    let at = DateTime::UNIX_EPOCH + TimeDelta::days(20_000);
    let longer = |text: &str| event::is_of_longer_time(text, at);
    assert!(longer("thousands have died since the war began"));
    assert!(longer("It was the worst accident since 2011, when 74 people died in a sinking"));
    assert!(!longer("The deadliest strike since the war began killed 41"));
    assert!(!longer("41 died in the largest attack in the war"));
}

#[test]
fn a_toll_goes_before_the_children_in_it() {
    let children = |source: &str| Figure { counts: Some("children".into()), ..killed(source, 9.0, 0) };
    let figures = [children("A"), children("B"), children("C"), killed("Ministry", 41.0, 0)];
    let estimate = ledger(Indicator::Killed, &figures, &[]).estimate.expect("one");
    assert_eq!((estimate.range.best, estimate.of), (Some(41.0), Counted::default()));
}

#[test]
fn a_toll_is_new_only_where_the_words_say_so() {
    assert_eq!(reading(Reading::Incremental, "17 more bodies"), Reading::Incremental);
    assert_eq!(reading(Reading::Incremental, "more than 17 people were killed"), Reading::Unknown);
    assert_eq!(reading(Reading::Incremental, "19 people were killed"), Reading::Unknown);
    assert_eq!(reading(Reading::Cumulative, "another 19"), Reading::Cumulative);
}

#[test]
fn the_same_number_of_the_same_source_says_the_same() {
    let one = killed("Ministry", 234.0, 0);
    assert!(says_the_same(&one, &Figure { outlet: Some("Other".into()), ..killed("Ministry", 234.0, 40) }));
    assert!(!says_the_same(&one, &killed("Army", 234.0, 0)));
    assert!(!says_the_same(&one, &killed("Ministry", 235.0, 0)));
    assert!(!says_the_same(&one, &Figure { bound: Bound::AtLeast, ..killed("Ministry", 234.0, 0) }));
    for other in [
        Figure { past: Some(Past::Withdrawn), ..one.clone() },
        Figure { denied: true, ..one.clone() },
        Figure { is_part: true, ..one.clone() },
        Figure { reading: Reading::Incremental, ..one.clone() },
        Figure { place: Some("Darum".into()), ..one.clone() },
        Figure { side: Some("Kesmara".into()), ..one.clone() },
        Figure { counts: Some("soldiers".into()), ..one.clone() },
    ] {
        assert!(!says_the_same(&one, &other), "{other:?}");
    }
    let destroyed =
        |counts: &str| Figure { indicator: Indicator::Destroyed, counts: Some(counts.into()), ..one.clone() };
    assert!(!says_the_same(&destroyed("tanks"), &destroyed("houses")));
    assert!(say_the_same(&[one.clone(), destroyed("tanks")], &[destroyed("tanks"), one.clone()]));
    assert!(!say_the_same(&[one.clone(), one.clone()], &[one.clone(), destroyed("tanks")]));
    assert!(!say_the_same(std::slice::from_ref(&one), &[]));
}

fn judged(figure: Figure, verdict: Tone, supported: Option<Range>) -> Figure {
    Figure { judged: Some(figure.at), verdict: Some(verdict), supported, ..figure }
}

fn estimate_of(figures: &[Figure]) -> Range {
    ledger(Indicator::Killed, figures, &[]).estimate.expect("an estimate").range
}

fn exactly(n: f64) -> Range {
    Range { low: Some(n), best: Some(n), high: Some(n) }
}

#[test]
fn a_number_that_a_verdict_corrects_is_no_end_of_the_estimate() {
    let figures = [judged(killed("Ministry", 300.0, 0), Tone::False, Some(exactly(41.0)))];
    assert_eq!(estimate_of(&figures), exactly(41.0));
    let beside = [figures[0].clone(), killed("Hospital", 37.0, 1)];
    assert_eq!(estimate_of(&beside), Range { low: Some(37.0), best: Some(41.0), high: Some(41.0) });
}

#[test]
fn whoever_repeats_a_verified_number_takes_no_verdict_away() {
    let figures = [
        judged(killed("Ministry", 41.0, 0), Tone::Verified, None),
        killed("Ministry", 41.0, 1),
        killed("Hospital", 37.0, 1),
        killed("Mayor", 35.0, 1),
    ];
    assert_eq!(estimate_of(&figures).best, Some(41.0));
}

#[test]
fn a_refuted_number_does_not_come_back_when_it_is_repeated() {
    let figures = [
        judged(killed("Channel", 300.0, 0), Tone::False, None),
        killed("Channel", 300.0, 5),
        killed("Hospital", 37.0, 1),
    ];
    assert_eq!(estimate_of(&figures), exactly(37.0));
}

#[test]
fn at_least_is_no_ceiling_of_a_verdict() {
    let supported = Range { low: Some(50.0), best: Some(50.0), high: None };
    let figures = [judged(killed("Ministry", 41.0, 0), Tone::Unverified, Some(supported))];
    assert_eq!(estimate_of(&figures), supported);
}

#[test]
fn about_forty_is_no_exact_count() {
    let about = Figure { bound: Bound::About, ..killed("Mayor", 40.0, 0) };
    assert_eq!(estimate_of(&[about]), Range { low: Some(36.0), best: Some(40.0), high: Some(44.0) });
}

fn of_whom(figure: Figure, counts: &str) -> Figure {
    Figure { counts: Some(counts.into()), ..figure }
}

fn together(mut figures: Vec<Figure>) -> Vec<Figure> {
    read_together(&mut figures.iter_mut().collect::<Vec<_>>());
    figures
}

#[test]
fn civilians_are_no_lower_count_of_soldiers() {
    let figures = together(vec![
        of_whom(killed("Ministry", 45.0, 0), "soldiers"),
        of_whom(killed("Ministry", 30.0, DAY), "civilians"),
        of_whom(killed("Mayor", 75.0, DAY), "people"),
    ]);
    let ledger = ledger(Indicator::Killed, &figures, &[]);
    assert_eq!((ledger.lines.len(), ledger.marks), (3, Vec::new()));
    assert_eq!(ledger.estimate.expect("of all").range, exactly(75.0));
    // Where only soldiers are counted, they are who was killed.
    let alone = together(vec![
        of_whom(killed("Ministry", 45.0, 0), "soldiers"),
        of_whom(killed("Ministry", 40.0, DAY), "people"),
    ]);
    assert_eq!(marks(&alone).first().map(|(kind, _)| *kind), Some(MarkKind::BackwardRevision));
}

#[test]
fn a_withdrawal_that_an_outlet_tells_of_is_of_one_source() {
    let withdrawn = Figure {
        past: Some(Past::Withdrawn),
        origin: Origin::Outlet("Wire".into()),
        ..killed("Wire", 41.0, DAY)
    };
    let now = |figures: &[Figure]| {
        let ledger = ledger(Indicator::Killed, figures, &[]);
        ledger.lines.iter().filter(|line| line.current.is_some()).count()
    };
    assert_eq!(now(&[killed("Agency", 41.0, 0), withdrawn.clone()]), 0);
    assert_eq!(now(&[killed("Agency", 41.0, 0), killed("Ministry", 41.0, 1), withdrawn]), 2);
}

#[test]
fn more_children_than_one_village_has_dead_contradict_nothing() {
    let village = Figure { one_place: Some("selm".into()), ..killed("Agency", 12.0, 0) };
    let children = of_whom(killed("Hospital", 30.0, 0), "children");
    assert_eq!(marks(&[village, children.clone()]), Vec::new());
    assert_eq!(marks(&[killed("Agency", 12.0, 0), children])[0].0, MarkKind::Conflict);
}

#[test]
fn the_basis_names_the_sources_that_decide() {
    let party = |source: &str, n| Figure { party: Some(source.into()), ..killed(source, n, 0) };
    let figures =
        [party("North", 80.0), party("South", 10.0), party("East", 20.0), killed("Hospital", 41.0, 0)];
    let basis = ledger(Indicator::Killed, &figures, &[]).estimate.expect("one").basis;
    assert!(basis[0].to_string().contains("Hospital, the only source that speaks for no party"), "{basis:?}");
    let graded = Figure { reliability: Reliability::E, ..killed("Channel", 90.0, 0) };
    let basis =
        ledger(Indicator::Killed, &[graded, killed("Hospital", 41.0, 0)], &[]).estimate.expect("one").basis;
    assert!(
        basis.iter().any(|why| why.to_string().contains("the only source that nobody has graded D or E")),
        "{basis:?}"
    );
}

#[test]
fn who_does_not_confirm_a_number_says_none() {
    let open = Figure { doubted: true, ..killed("Army", 40.0, 1) };
    let figures = [killed("Ministry", 12.0, 0), open.clone()];
    let ledger = ledger(Indicator::Killed, &figures, &[&said("Army", Indicator::Wounded, 40.0, 0)]);
    assert_eq!(ledger.marks, Vec::new(), "it contradicts nobody and is mixed up with nothing");
    assert_eq!(ledger.estimate.expect("of the ministry").range, exactly(12.0));
    let army = ledger.lines.iter().find(|line| line.source == "Army").expect("a line");
    assert_eq!((army.current, army.totals.len()), (None, 0));
    assert!(!says_the_same(&open, &killed("Army", 40.0, 1)));
}

fn left_out(figures: &[Figure]) -> Vec<(usize, LeftOut)> {
    ledger(Indicator::Killed, figures, &[]).estimate.expect("an estimate").left_out
}

#[test]
fn what_is_left_out_of_an_estimate_is_told_with_the_reason() {
    let figures = [
        Figure { reliability: Reliability::B, ..killed("Hospital", 38.0, 0) },
        Figure { reliability: Reliability::E, ..killed("Channel", 110.0, 3) },
        Figure { verdict: Some(Tone::False), ..killed("Blog", 60.0, 3) },
    ];
    let mut out = left_out(&figures);
    out.sort_unstable();
    assert_eq!(out, [(1, LeftOut::Unreliable), (2, LeftOut::Refuted)]);
    let support = ledger(Indicator::Killed, &figures, &[]).estimate.expect("one").support.expect("by rules");
    assert_eq!((support.sources, support.of, support.reliable, support.is_settled), (1, 3, 1, false));
}

#[test]
fn a_settled_later_count_ends_what_was_counted_before_it() {
    let figures = [
        killed("Hospital", 19.0, 0),
        Figure { bound: Bound::AtLeast, high: None, ..killed("Rescuers", 19.0, 0) },
        Figure { verdict: Some(Tone::Verified), ..killed("Ministry", 37.0, 2 * DAY) },
    ];
    assert_eq!(estimate_of(&figures), exactly(37.0));
    assert_eq!(left_out(&figures), [(0, LeftOut::Outdated), (1, LeftOut::Outdated)]);
}

#[test]
fn one_louder_voice_does_not_end_what_others_counted_and_two_do() {
    let figures =
        [killed("Coast guard", 41.0, 0), killed("Union", 60.0, 2 * DAY), killed("Relatives", 58.0, 2 * DAY)];
    assert_eq!(estimate_of(&figures[..2]).low, Some(41.0));
    assert_eq!(estimate_of(&figures).low, Some(58.0));
    let of_one_party = figures.clone().map(|figure| match figure.source.as_str() {
        "Coast guard" => figure,
        _ => Figure { party: Some("North".into()), ..figure },
    });
    assert_eq!(estimate_of(&of_one_party).low, Some(41.0), "one party is one voice");
    let soon = [killed("Coast guard", 41.0, 0), killed("Union", 60.0, 6), killed("Relatives", 58.0, 6)];
    assert_eq!(estimate_of(&soon).low, Some(41.0), "they speak of the same moment");
    let disputed =
        [killed("Coast guard", 41.0, 0), killed("Fishers", 20.0, 1), figures[1].clone(), figures[2].clone()];
    assert_eq!(estimate_of(&disputed).low, Some(20.0), "they were contradicted when they counted");
    let graded = [
        Figure { reliability: Reliability::A, ..killed("Coast guard", 41.0, 0) },
        killed("Union", 60.0, 2 * DAY),
        killed("Relatives", 58.0, 2 * DAY),
    ];
    assert_eq!(estimate_of(&graded).low, Some(41.0), "better sources are not replaced by others");
}

#[test]
fn fewer_missing_are_not_outdated() {
    let missing = |source: &str, n: f64, hours| said(source, Indicator::Missing, n, hours);
    let figures =
        [missing("Army", 9.0, 0), missing("Union", 30.0, 2 * DAY), missing("Police", 31.0, 2 * DAY)];
    let estimate = ledger(Indicator::Missing, &figures, &[]).estimate.expect("one");
    assert_eq!((estimate.range.low, estimate.left_out), (Some(9.0), Vec::new()));
}

#[test]
fn a_count_that_its_body_lowered_under_another_name_is_no_end_of_the_estimate() {
    let lowers = |source: &str| {
        [
            killed("health ministry in the capital", 41.0, 0),
            Figure { lowers: true, ..killed(source, 37.0, DAY) },
        ]
    };
    let same = lowers("Kesmara's health ministry");
    assert_eq!(left_out(&same), [(0, LeftOut::Lowered)]);
    assert_eq!(estimate_of(&same), exactly(37.0));
    let other = lowers("Harbour police");
    assert_eq!(left_out(&other), [], "whose count was lowered is not plain");
}

#[test]
fn of_fighters_whose_side_is_not_said_no_number_is_the_best() {
    let sided = Figure {
        counts: Some("northern soldiers".into()),
        side: Some("North".into()),
        ..killed("Spokesman", 160.0, 0)
    };
    let figures = [killed("Ministry", 234.0, 0), killed("Channel", 90.0, 0), killed("Legion", 4.0, 0), sided];
    let estimate = ledger(Indicator::Killed, &figures, &[]).estimate.expect("one");
    assert_eq!(estimate.range, Range { low: Some(4.0), best: None, high: Some(234.0) });
    assert_eq!(estimate.left_out, [(3, LeftOut::Apart)]);
    assert!(estimate.basis.iter().any(|why| why.to_string().starts_with("No best figure")));
    let agreed = [figures[0].clone(), killed("Channel", 234.0, 0), figures[3].clone()];
    assert_eq!(estimate_of(&agreed).best, Some(234.0), "nobody differs");
    let tourists = Figure { counts: Some("French tourists".into()), ..figures[3].clone() };
    let disaster = [figures[0].clone(), figures[1].clone(), tourists];
    assert!(estimate_of(&disaster).best.is_some(), "nobody fights in it");
}

#[test]
fn who_has_no_name_is_told_from_who_has_one() {
    for (kind, name, why) in [
        (SourceKind::Person, "spokesman for the volunteers", Some(Unnamed::Role)),
        (SourceKind::Person, "Rana Kesh", None),
        (SourceKind::Person, "رنا كيش", None),
        (SourceKind::Anonymous, "Granitsa-31", Some(Unnamed::Anonymous)),
        (SourceKind::Organisation, "defence ministry", None),
    ] {
        assert_eq!(unnamed(Some(kind), name), why, "{name}");
    }
}

#[test]
fn attackers_and_civilians_are_no_range_of_one_toll() {
    let of =
        |source: &str, n: f64, counts: &str| Figure { counts: Some(counts.into()), ..killed(source, n, 0) };
    let mut figures =
        [of("Gazette", 300.0, "attackers"), of("Kedr", 3.0, "dead civilians"), killed("Misha", 7.0, 0)];
    read_together(&mut figures.iter_mut().collect::<Vec<_>>());
    assert_eq!(estimate_of(&figures), exactly(7.0));
    assert_eq!(left_out(&figures), [(0, LeftOut::Apart), (1, LeftOut::Apart)]);
}
