use domain::measure::{Indicator, Measure, Past};

fn killed(source: &str) -> Vec<Measure> {
    let options = crate::Options { published: "2024-10-09".parse().ok(), id: None };
    crate::extract(source, &options)
        .claims
        .into_iter()
        .flat_map(|claim| claim.measures)
        .filter(|measure| measure.indicator == Indicator::Killed)
        .collect()
}

/// The number, and how the text tells it.
fn told(source: &str) -> Vec<(f64, Option<Past>)> {
    killed(source).into_iter().map(|m| (m.best.or(m.low).unwrap_or_default(), m.past)).collect()
}

const NOW: Option<Past> = None;
const EARLIER: Option<Past> = Some(Past::Earlier);
const WITHDRAWN: Option<Past> = Some(Past::Withdrawn);

#[test]
fn what_words_call_an_earlier_count_is_one() {
    for (source, expected) in [
        (
            "The ministry said 41 people were killed, up from an earlier toll of 30.",
            &[(41.0, NOW), (30.0, EARLIER)][..],
        ),
        ("An earlier toll of 30 dead was given by the mayor.", &[(30.0, EARLIER)]),
        ("The prior toll was 30 dead. The new toll is 44.", &[(30.0, EARLIER), (44.0, NOW)]),
        (
            "The ministry previously reported 15 people killed; it now says 19 people died.",
            &[(15.0, EARLIER), (19.0, NOW)],
        ),
        ("Previously, officials had spoken of 12 dead.", &[(12.0, EARLIER)]),
        ("The previously reported 15 deaths were two too many, the governor said.", &[(15.0, EARLIER)]),
    ] {
        assert_eq!(told(source), expected, "{source}");
    }
}

#[test]
fn a_number_that_a_change_starts_from_is_over() {
    for source in [
        "The death toll rose to 41 on Tuesday, up from 12 a day earlier.",
        "The ministry lowered the death toll to 41 from 47.",
        "The toll jumped from 12 to 41 on Tuesday.",
        "The strike killed 41 people, compared with 12 in the previous count.",
        "Officials said 41 people were killed, not 30 as first reported.",
        "The ministry revised an initial death toll of 12 to 41.",
        "41 people were killed, four fewer than the 45 dead it had reported.",
    ] {
        let holds: Vec<f64> =
            told(source).into_iter().filter(|(_, past)| past.is_none()).map(|(n, _)| n).collect();
        assert_eq!(holds, [41.0], "{source}");
    }
}

#[test]
fn what_somebody_had_said_is_earlier_where_something_newer_stands_beside_it() {
    for (source, expected) in [
        (
            "Rescuers found 41 bodies. The ministry had said on Monday that 9 people were killed.",
            &[(41.0, NOW), (9.0, EARLIER)][..],
        ),
        (
            "The ministry had announced 41 deaths a day earlier. It now says that 37 people were killed.",
            &[(41.0, EARLIER), (37.0, NOW)],
        ),
        (
            "The army said 12 soldiers were killed. It had earlier put the number of dead at 5.",
            &[(12.0, NOW), (5.0, EARLIER)],
        ),
        (
            "Rescuers first reported 20 dead. By evening 25 people were dead, they said.",
            &[(20.0, EARLIER), (25.0, NOW)],
        ),
        (
            "12 people were initially reported dead, but the mayor said 9 people died.",
            &[(12.0, EARLIER), (9.0, NOW)],
        ),
        ("Monday's toll of 12 dead was raised to 19.", &[(12.0, EARLIER), (19.0, NOW)]),
        (
            "The ministry said on Monday that 12 people were killed. On Tuesday it said that 19 people had \
             been killed.",
            &[(12.0, EARLIER), (19.0, NOW)],
        ),
        (
            "37 people were killed. The mayor, who had spoken of 23 dead, would not give figures.",
            &[(37.0, NOW), (23.0, EARLIER)],
        ),
        // Nothing newer: it is what is known.
        ("The ministry had said that 9 people were killed.", &[(9.0, NOW)]),
        ("In an earlier statement, the ministry said 12 people were killed.", &[(12.0, NOW)]),
        ("Initially, officials said 12 people were killed.", &[(12.0, NOW)]),
        // Two sources, and the older one counts more: they may well contradict each other.
        (
            "The governor said 37 people were killed. The ministry had said that 41 people were killed.",
            &[(37.0, NOW), (41.0, NOW)],
        ),
    ] {
        assert_eq!(told(source), expected, "{source}");
    }
}

#[test]
fn a_count_of_now_is_none_of_before() {
    for source in [
        "The league said on Tuesday that its teams had counted 44 dead.",
        "Earlier on Monday, 44 people were killed in the town.",
        "The death toll from the strike on Monday rose to 44.",
        "At least 44 people from 9 families were killed in the strike.",
        "The former mayor said 44 people were killed.",
        "The first strike of the night killed 44 people.",
        "More than 44 people were killed.",
        "The army withdrew from the town after 44 soldiers were killed.",
        "44 people had been killed by the evening, the ministry said.",
        "The first report spoke of 44 dead.",
    ] {
        assert_eq!(told(source), [(44.0, NOW)], "{source}");
    }
}

#[test]
fn the_counts_of_two_places_do_not_replace_each_other() {
    let source = "The ministry said on Monday that 12 people were killed in Selm. On Tuesday it said that 15 people \
                  were killed in Dorn.";
    assert_eq!(told(source), [(12.0, NOW), (15.0, NOW)]);
}

#[test]
fn a_count_that_is_taken_back_is_withdrawn() {
    for (source, expected) in [
        ("The agency withdrew its figure of 3,870 dead.", &[(3870.0, WITHDRAWN)][..]),
        ("The agency withdrew its statement that 3,870 people were killed.", &[(3870.0, WITHDRAWN)]),
        (
            "The toll of 41 dead given on Monday was wrong; the ministry said 37 people were killed.",
            &[(41.0, WITHDRAWN), (37.0, NOW)],
        ),
        (
            "A bulletin that had put the dead at 41 contained a typing error, officials said.",
            &[(41.0, WITHDRAWN)],
        ),
        ("A bulletin that put the dead at 41 was confirmed, officials said.", &[(41.0, NOW)]),
        ("The toll of 41 dead was not wrong, the ministry said.", &[(41.0, NOW)]),
        ("The toll of 41 dead was confirmed by the ministry.", &[(41.0, NOW)]),
    ] {
        assert_eq!(told(source), expected, "{source}");
    }
}

#[test]
fn one_person_told_of_is_one_of_those_counted_before() {
    for source in [
        "The strike killed 41 people. A teacher was killed as she crossed the street, her brother said.",
        "One of the dead, a teacher, lived near the market. The strike killed 41 people.",
        "A woman was killed in her kitchen. Her death brought the toll to 41.",
    ] {
        let figures = killed(source);
        let wholes: Vec<f64> =
            figures.iter().filter(|m| m.part_of.is_none()).filter_map(|m| m.best).collect();
        assert_eq!(wholes, [41.0], "{source}");
        assert_eq!(figures.len(), 2, "{source}");
    }
}

#[test]
fn one_person_who_is_told_of_as_another_is_no_part() {
    for (source, expected) in [
        ("A man was killed when a shell hit his house, the mayor said.", &[1.0][..]),
        ("The strike killed 41 people. Another woman was killed in the hospital.", &[41.0, 1.0]),
        ("Two men were killed in Selm. A woman was killed in Dorn.", &[2.0, 1.0]),
        ("The strike killed 41 people. A guard was killed later when a wall fell.", &[41.0, 1.0]),
        ("Police said a gunman killed three people and then killed a guard.", &[3.0, 1.0]),
    ] {
        let wholes: Vec<f64> =
            killed(source).iter().filter(|m| m.part_of.is_none()).filter_map(|m| m.best).collect();
        assert_eq!(wholes, expected, "{source}");
    }
}
