//! What a reviewer should take first: a visible sum, never a hidden score.

use crate::claim::ClaimKind;
use crate::measure::Measure;
use phrase::msg;

/// One part of a priority and why it is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contribution {
    pub points: i32,
    pub why: String,
}

/// What a claim gains that cannot be right together with another of its incident.
pub const CONTRADICTION: i32 = 15;

/// The part that a contradiction adds.
pub fn contradiction(why: Option<&str>) -> Option<Contribution> {
    why.map(|_| Contribution {
        points: CONTRADICTION,
        why: msg!("contradicts another figure of its incident").to_owned(),
    })
}

/// The parts of a claim's priority; [`total`] adds them. What a contradiction adds is
/// [`contradiction`].
pub fn contributions(
    kind: ClaimKind,
    worth: f64,
    has_source: bool,
    measures: &[Measure],
) -> Vec<Contribution> {
    let mut parts = Vec::new();
    let mut add = |points: i32, why: String| {
        if points > 0 {
            parts.push(Contribution { points, why });
        }
    };
    add((worth.clamp(0.0, 1.0) * 50.0).round() as i32, msg!("worth checking").to_owned());
    if measures.iter().any(|m| m.indicator.is_harm_to_people()) {
        add(25, msg!("people were harmed").to_owned());
    } else if matches!(kind, ClaimKind::Displacement | ClaimKind::Detention | ClaimKind::EquipmentLoss) {
        add(12, kind.label().to_owned());
    }
    let largest = measures
        .iter()
        .filter(|m| m.indicator.is_harm_to_people())
        .filter_map(|m| m.best.or(m.low).or(m.high))
        .fold(0.0, f64::max);
    if largest >= 1.0 {
        // One point for each doubling, at most 15: 100 dead weigh 7, ten thousand 14.
        add((largest.log2().round() as i32 + 1).clamp(1, 15), msg!("number of people").to_owned());
    }
    if !has_source {
        add(5, msg!("no source is named").to_owned());
    }
    parts
}

/// The highest priority that there is.
pub const MOST: i32 = 100;

/// What the parts of a priority come to.
pub fn sum(parts: &[Contribution]) -> i32 {
    parts.iter().map(|part| part.points).sum()
}

/// The priority, 0 to [`MOST`].
pub fn total(parts: &[Contribution]) -> i16 {
    sum(parts).clamp(0, MOST) as i16
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn harm_to_people_goes_before_money() {
        let money = total(&contributions(ClaimKind::Money, 0.9, true, &[]));
        let killed = total(&contributions(ClaimKind::Casualty, 0.9, true, &[sample_killed(12.0)]));
        assert!(killed > money + 20, "{killed} {money}");
    }

    #[test]
    fn the_sum_stays_within_a_hundred() {
        let parts = contributions(ClaimKind::Casualty, 9.0, false, &[sample_killed(1e12)]);
        assert_eq!(total(&parts), 95);
    }

    fn sample_killed(n: f64) -> Measure {
        use crate::measure::{Bound, Class, Confirmation, Indicator, Reading};
        Measure {
            start: 0,
            end: 1,
            indicator: Indicator::Killed,
            low: Some(n),
            best: Some(n),
            high: Some(n),
            bound: Bound::Exact,
            text: "n".into(),
            counts: None,
            unit: None,
            class: Class::Unknown,
            side: None,
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
}
