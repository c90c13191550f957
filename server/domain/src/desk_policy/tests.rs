use super::*;

fn figure(indicator: Indicator, best: f64, side: Option<&str>) -> Measure {
    Measure {
        start: 0,
        end: 1,
        indicator,
        low: Some(best),
        best: Some(best),
        high: Some(best),
        bound: Bound::Exact,
        text: "n".into(),
        counts: None,
        unit: None,
        class: Class::Unknown,
        side: side.map(str::to_owned),
        part_of: None,
        denied: false,
        past: None,
        only_some: None,
        reading: Reading::Unknown,
        confirmation: Confirmation::Unknown,
        place: None,
        from: None,
        to: None,
    }
}

fn casualties(measures: &[Measure]) -> Weighed<'_> {
    Weighed { rating: "verified", ..Weighed::unjudged(ClaimKind::Casualty, measures, 0.5) }
}

fn one(rule: Rule) -> SecondReview {
    SecondReview { rules: vec![rule] }
}

#[test]
fn without_rules_no_claim_needs_a_second_review() {
    let many = [figure(Indicator::Killed, 1e6, None)];
    assert_eq!(SecondReview::default().why(&casualties(&many)), None);
}

#[test]
fn a_rule_without_conditions_meets_every_claim() {
    assert_eq!(one(Rule::default()).why(&casualties(&[])).as_deref(), Some("every claim"));
}

#[test]
fn the_size_is_the_highest_number_that_a_figure_allows() {
    let rule = Rule { kind: Some(ClaimKind::Casualty), at_least: Some(50), ..Rule::default() };
    let mut between = figure(Indicator::Killed, 40.0, None);
    assert_eq!(one(rule.clone()).why(&casualties(&[between.clone()])), None);
    between.high = Some(60.0);
    assert_eq!(
        one(rule.clone()).why(&casualties(&[between])).as_deref(),
        Some("casualties, at least 50 people")
    );
    let vague = Measure { low: Some(100.0), best: None, high: None, ..figure(Indicator::Killed, 1.0, None) };
    assert!(one(rule).why(&casualties(&[vague])).is_some());
}

#[test]
fn size_indicator_and_side_are_those_of_one_figure() {
    let rule = Rule {
        indicator: Some(Indicator::Killed),
        at_least: Some(50),
        side: Some("Russia".into()),
        ..Rule::default()
    };
    let apart = [
        figure(Indicator::Destroyed, 50.0, Some("Russian forces")),
        figure(Indicator::Killed, 2.0, Some("Russian forces")),
        figure(Indicator::Killed, 90.0, Some("the volunteers")),
    ];
    assert!(!rule.meets(&casualties(&apart)));
    assert!(rule.meets(&casualties(&[figure(Indicator::Killed, 50.0, Some("the Russian army"))])));
}

#[test]
fn a_side_is_met_at_the_beginning_of_its_words_only() {
    let rule = Rule { side: Some("rus".into()), ..Rule::default() };
    assert!(!rule.meets(&casualties(&[figure(Indicator::Killed, 1.0, Some("Belarus"))])));
    assert!(rule.meets(&casualties(&[figure(Indicator::Killed, 1.0, Some("pro-Russian fighters"))])));
    assert!(!rule.meets(&casualties(&[figure(Indicator::Killed, 1.0, None)])));
}

#[test]
fn rating_and_disagreement_are_conditions_as_well() {
    let rule = Rule { rating: Some("false".into()), disagreement: true, ..Rule::default() };
    let claim = casualties(&[]);
    assert!(!rule.meets(&claim));
    assert!(!rule.meets(&Weighed { rating: "false", ..claim }));
    assert!(rule.meets(&Weighed { rating: "false", disagrees: true, ..claim }));
    assert_eq!(rule.in_words(), "rated false, other figures disagree");
}

#[test]
fn why_it_needs_a_second_review_never_tells_the_rating() {
    let claim = Weighed { rating: "false", ..casualties(&[]) };
    let rated = Rule { rating: Some("false".into()), ..Rule::default() };
    assert_eq!(one(rated.clone()).why(&claim).as_deref(), Some("the desk’s policy"));
    let with_kind = Rule { kind: Some(ClaimKind::Casualty), ..rated.clone() };
    assert_eq!(one(with_kind).why(&claim).as_deref(), Some("casualties"));
    let both = SecondReview { rules: vec![rated, Rule::default()] };
    assert_eq!(both.why(&claim).as_deref(), Some("every claim"));
}

#[test]
fn figures_of_one_article_disagree_where_no_number_fits_both() {
    let here = Elsewhere::SameArticle;
    let (seven, nine) = (figure(Indicator::Killed, 7.0, None), figure(Indicator::Killed, 9.0, None));
    assert!(disagree(&seven, &nine, here));
    assert!(!disagree(&seven, &seven, here));
    assert!(!disagree(&seven, &figure(Indicator::Wounded, 9.0, None), here));
    let at_least = Measure { bound: Bound::AtLeast, high: None, ..seven.clone() };
    assert!(!disagree(&at_least, &nine, here), "nine are at least seven");
    let part = Measure { part_of: Some(crate::measure::PartOf::Here(0)), ..seven.clone() };
    assert!(!disagree(&part, &nine, here));
    let seen = Measure { confirmation: Confirmation::Visual, ..seven.clone() };
    assert!(!disagree(&seen, &nine, here), "seen and claimed are two quantities");
    let denied = Measure { denied: true, ..seven.clone() };
    assert!(disagree(&denied, &seven, here) && !disagree(&denied, &nine, here));
    let theirs = Measure { side: Some("Russia".into()), ..seven.clone() };
    let ours = Measure { side: Some("Ukraine".into()), ..nine.clone() };
    assert!(!disagree(&theirs, &ours, here));
}

#[test]
fn figures_of_two_articles_disagree_only_about_the_same_place_and_time() {
    let elsewhere = Elsewhere::OtherArticle;
    let at = |n: f64, place: Option<&str>, day: Option<&str>| Measure {
        place: place.map(str::to_owned),
        from: day.map(str::to_owned),
        to: day.map(str::to_owned),
        ..figure(Indicator::Killed, n, None)
    };
    let one = at(7.0, Some("Tyotkino"), Some("2024-03-12"));
    assert!(disagree(&one, &at(9.0, Some("tyotkino"), Some("2024-03-12")), elsewhere));
    assert!(!disagree(&one, &at(9.0, Some("Grayvoron"), Some("2024-03-12")), elsewhere));
    assert!(!disagree(&one, &at(9.0, Some("Tyotkino"), Some("2024-03-13")), elsewhere));
    assert!(!disagree(&one, &at(9.0, None, None), elsewhere));
}

#[test]
fn a_policy_that_was_stored_before_a_field_existed_still_reads() {
    assert_eq!(serde_json::from_str::<DeskPolicy>("{}").expect("reads"), DeskPolicy::default());
    let old = r#"{"second_review":{"rules":[{"at_least":50}]},"gone":1}"#;
    let policy: DeskPolicy = serde_json::from_str(old).expect("reads");
    assert_eq!(policy.second_review.rules, [Rule { at_least: Some(50), ..Rule::default() }]);
}

#[test]
fn a_second_factor_is_asked_of_a_role_and_those_above_it() {
    let policy = DeskPolicy { second_factor: Some(Role::Editor), ..DeskPolicy::default() };
    let asked = Role::ALL.iter().filter(|role| policy.asks_for_second_factor(**role));
    assert!(asked.eq(&[Role::Editor, Role::Admin]));
    assert!(!DeskPolicy::default().asks_for_second_factor(Role::Admin));
    let changes = policy.changes_from(&DeskPolicy::default());
    assert_eq!(changes[0].after, "editors and admins have to have one");
}

#[test]
fn a_change_is_told_by_setting() {
    let before = DeskPolicy::default();
    let rule = Rule { at_least: Some(1000), ..Rule::default() };
    let after = DeskPolicy { second_review: one(rule), ..DeskPolicy::default() };
    assert_eq!(
        after.changes_from(&before),
        [Change {
            setting: "second review".into(),
            before: "no claim needs it".into(),
            after: "a figure of at least 1,000".into()
        }]
    );
    assert!(after.changes_from(&after).is_empty());
}

#[test]
fn the_same_rule_is_not_kept_twice() {
    let second_review = SecondReview { rules: vec![Rule::default(); 2] };
    let twice = DeskPolicy { second_review, ..DeskPolicy::default() };
    assert!(twice.checked().is_err());
    let to_settle = ToSettle { rules: vec![Rule::default(); 2] };
    assert!(DeskPolicy { to_settle, ..DeskPolicy::default() }.checked().is_err());
}

#[test]
fn without_rules_every_claim_has_to_be_settled() {
    let to_settle = ToSettle::default();
    assert!(to_settle.names(&Weighed::unjudged(ClaimKind::Statement, &[], 0.0)));
    assert_eq!(to_settle.in_words(), "every claim");
}

#[test]
fn what_no_rule_meets_may_run_unchecked() {
    let tolls = Rule { indicator: Some(Indicator::Killed), at_least: Some(10), ..Rule::default() };
    let money = Rule { kind: Some(ClaimKind::Money), ..Rule::default() };
    let to_settle = ToSettle { rules: vec![tolls, money] };
    let (few, many) = ([figure(Indicator::Killed, 9.0, None)], [figure(Indicator::Killed, 10.0, None)]);
    assert!(to_settle.names(&Weighed::unjudged(ClaimKind::Casualty, &many, 0.0)));
    assert!(!to_settle.names(&Weighed::unjudged(ClaimKind::Casualty, &few, 1.0)));
    assert!(to_settle.names(&Weighed::unjudged(ClaimKind::Money, &[], 0.0)));
    assert_eq!(to_settle.in_words(), "at least 10 killed; or money");
}

#[test]
fn how_much_a_claim_is_worth_checking_is_compared_in_percent() {
    let rule = Rule { worth: Some(80), ..Rule::default() };
    let worth = |worth| rule.meets(&Weighed::unjudged(ClaimKind::Event, &[], worth));
    assert!(worth(0.8) && worth(f64::from(0.8_f32)) && worth(0.796));
    assert!(!worth(0.79) && !worth(f64::NAN));
    assert_eq!(rule.in_words(), "worth checking at 80 % or more");
    let too_much = ToSettle { rules: vec![Rule { worth: Some(101), ..Rule::default() }] };
    let refused = DeskPolicy { to_settle: too_much, ..DeskPolicy::default() }.checked().unwrap_err();
    assert_eq!(refused.field, "worth");
}

#[test]
fn what_has_to_be_settled_cannot_go_by_what_a_review_finds() {
    for rule in [
        Rule { rating: Some("false".into()), ..Rule::default() },
        Rule { disagreement: true, ..Rule::default() },
    ] {
        let to_settle = ToSettle { rules: vec![rule] };
        assert_eq!(DeskPolicy { to_settle, ..DeskPolicy::default() }.checked().unwrap_err().field, "rule");
    }
}
