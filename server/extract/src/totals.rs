//! The article's own toll for its main incident: one figure for each outcome, sub-counts and
//! background left out.

use crate::schema::{Claim, Total};
use crate::token::Text;
use domain::measure::{Bound, Indicator, Measure};

/// One total per outcome that the claims state.
pub fn totals(claims: &[Claim], length: u32, shooting: Option<Shooting>) -> Vec<Total> {
    let mut totals = Vec::new();
    for indicator in [
        Indicator::Killed,
        Indicator::Wounded,
        Indicator::KilledOrWounded,
        Indicator::Missing,
        Indicator::Captured,
        Indicator::Detained,
        Indicator::Displaced,
        Indicator::Destroyed,
        Indicator::Damaged,
        Indicator::DestroyedOrDamaged,
    ] {
        if let Some(measure) = main_figure(claims, indicator, length) {
            totals.push(Total {
                indicator,
                low: measure.low,
                best: measure.best,
                high: measure.high,
                bound: measure.bound,
            });
        }
    }
    if let Some(shooting) = shooting {
        shooting.complete(&mut totals);
    }
    totals
}

/// The figure a reader would give: the largest among those that stand early and are no background.
fn main_figure(claims: &[Claim], indicator: Indicator, length: u32) -> Option<Measure> {
    let mut best: Option<(f64, &Measure)> = None;
    for claim in claims {
        for measure in
            claim.measures.iter().filter(|m| m.indicator == indicator && m.part_of.is_none() && !m.denied)
        {
            let size = measure.best.or(measure.low).or(measure.high).unwrap_or(0.0);
            let place = f64::from(claim.start) / f64::from(length.max(1));
            let old = claim.reasons.iter().any(|r| r.starts_with("background"));
            let toll = claim.reasons.iter().any(|r| r.starts_with("gives a total toll"));
            let mut weight = (1.0 - place) + (size + 1.0).ln().min(6.0) * 0.12;
            if old {
                weight -= 0.8;
            }
            if toll {
                weight += 0.3;
            }
            if best.is_none_or(|(w, _)| weight > w + 1e-9) {
                best = Some((weight, measure));
            }
        }
    }
    best.map(|(_, m)| m.clone())
}

/// How many were shot in all, where an article speaks of shooting and not only of its outcome.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Shooting {
    /// How many were shot, killed or not; 0 where the text does not count them.
    pub shot: f64,
    /// Somebody died, though no figure says how many.
    pub deadly: bool,
    /// The one who shot died too and is in no figure.
    pub suicide: bool,
}

/// Headline and lead say whether somebody died; later deaths are often those of another day.
const LEAD: usize = 300;

/// What the article says of a shooting; `None` where it is about none.
pub fn shooting(text: &Text<'_>, shot: Option<f64>) -> Option<Shooting> {
    let looked = text.len().min(1500);
    let mut shooting = shot.is_some();
    let mut deadly = false;
    let mut suicide = false;
    let mut included = false;
    for i in 0..looked {
        let word = text.low(i);
        let own = matches!(text.low(i + 1), "himself" | "herself");
        suicide |= matches!(word, "killed" | "killing" | "shot" | "shooting" | "kills" | "on" | "kill")
            && own
            || matches!(word, "his" | "her") && text.low(i + 1) == "own" && text.low(i + 2) == "life";
        included |= word == "including"
            && (i + 1..i + 5).any(|k| matches!(text.low(k), "gunman" | "shooter" | "suspect" | "attacker"));
        match word {
            "shooting" | "shootings" | "gunfire" | "gunshot" | "gunshots" => shooting = true,
            _ if i > LEAD => {}
            "killed" | "died" | "dead" | "dies" | "fatal" | "fatally" | "homicide" | "murder" | "slain"
            | "deceased" | "death" | "killing" => deadly = true,
            _ => {}
        }
    }
    shooting.then_some(Shooting { shot: shot.unwrap_or(0.0), deadly, suicide: suicide && !included })
}

impl Shooting {
    /// Who was shot and not killed was wounded.
    fn complete(self, totals: &mut Vec<Total>) {
        let value = |totals: &[Total], indicator: Indicator| {
            totals.iter().find(|t| t.indicator == indicator).and_then(|t| t.best.or(t.low))
        };
        if self.deadly && value(totals, Indicator::Killed).is_none() {
            let one = Some(1.0);
            totals.push(Total {
                indicator: Indicator::Killed,
                low: one,
                best: None,
                high: None,
                bound: Bound::AtLeast,
            });
        }
        if self.suicide
            && let Some(total) = totals.iter_mut().find(|t| t.indicator == Indicator::Killed)
        {
            for end in [&mut total.low, &mut total.best, &mut total.high] {
                *end = end.map(|v| v + 1.0);
            }
        }
        let killed = value(totals, Indicator::Killed).unwrap_or(0.0);
        if value(totals, Indicator::Wounded).is_none() && self.shot > killed {
            let left = Some(self.shot - killed);
            totals.push(Total {
                indicator: Indicator::Wounded,
                low: left,
                best: left,
                high: left,
                bound: Bound::Exact,
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_was_shot_and_lived_was_wounded() {
        let killed = Some(1.0);
        let mut totals = vec![Total {
            indicator: Indicator::Killed,
            low: killed,
            best: killed,
            high: killed,
            bound: Bound::Exact,
        }];
        Shooting { shot: 5.0, deadly: false, suicide: false }.complete(&mut totals);
        assert_eq!(totals.iter().find(|t| t.indicator == Indicator::Wounded).and_then(|t| t.best), Some(4.0));
    }
}
