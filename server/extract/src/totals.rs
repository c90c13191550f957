//! The article's own toll for its main incident: one figure for each outcome, sub-counts and
//! background left out.

use crate::claim::Incident;
use crate::lexicon::Class;
use crate::marks::Marks;
use crate::schema::{Claim, Total};
use crate::token::Text;
use domain::measure::{Bound, Indicator, Measure, PartOf};

/// One total per outcome that the claims state.
pub fn totals(text: &Text<'_>, claims: &[Claim], length: u32, shooting: Option<Shooting>) -> Vec<Total> {
    let mut totals = Vec::new();
    // What a correction says holds, be it less than was said before.
    let words: Vec<u32> = (0..text.len())
        .map(|k| text.at(k))
        .filter(|token| token.marks.meets(Marks::CORRECTION))
        .map(|token| token.start)
        .collect();
    let may_correct = |claim: &Claim| {
        words.get(words.partition_point(|start| *start < claim.start)).is_some_and(|start| *start < claim.end)
    };
    let corrections: Vec<&Claim> =
        claims.iter().rev().filter(|claim| may_correct(claim) && corrects(&claim.text)).collect();
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
        if let Some(measure) = main_figure(claims, &corrections, indicator, length) {
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
/// What a claim lists side by side ("two adults and two teenagers") is one figure.
fn main_figure(
    claims: &[Claim],
    corrections: &[&Claim],
    indicator: Indicator,
    length: u32,
) -> Option<Measure> {
    let corrected = corrections.iter().find_map(|claim| {
        listed(claim, indicator).into_iter().find(|m| m.best.or(m.low).is_some_and(|v| v > 0.0))
    });
    if corrected.is_some() {
        return corrected;
    }
    let mut best: Option<(f64, Measure)> = None;
    for claim in claims.iter().filter(|c| c.measures.iter().any(|m| m.indicator == indicator)) {
        let place = f64::from(claim.start) / f64::from(length.max(1));
        let old = claim.reasons.iter().any(|r| r.starts_with("background"));
        let toll = claim.reasons.iter().any(|r| r.starts_with("gives a total toll"));
        for measure in listed(claim, indicator) {
            let size = measure.best.or(measure.low).or(measure.high).unwrap_or(0.0);
            let mut weight = (1.0 - place) + (size + 1.0).ln().min(6.0) * 0.12;
            if old {
                weight -= 0.8;
            }
            if toll {
                weight += 0.3;
            }
            if best.as_ref().is_none_or(|(w, _)| weight > w + 1e-9) {
                best = Some((weight, measure));
            }
        }
    }
    best.map(|(_, m)| m)
}

/// "revised the toll down to 11", "CORRECTION: the number of dead is 11", "11 were killed, not 14".
fn corrects(text: &str) -> bool {
    let low = text.to_lowercase();
    let says = |list: &[&str]| low.split(|c: char| !c.is_alphanumeric()).any(|word| list.contains(&word));
    let revised = says(&["revised", "corrected", "lowered", "reduced"])
        && says(&["toll", "number", "figure", "figures", "count", "tally"]);
    let headed = low.contains("correction:");
    let instead = low.split(", not ").skip(1).any(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    revised || headed || instead
}

/// A claim's own figures for an outcome, people in one list added up; but "two people, a man and a
/// woman," are two.
fn listed(claim: &Claim, indicator: Indicator) -> Vec<Measure> {
    let people =
        indicator.is_harm_to_people() || matches!(indicator, Indicator::Displaced | Indicator::Detained);
    // Of those affected 900 were displaced: part of another sum, yet all who were displaced.
    let part = |m: &Measure| match m.part_of {
        Some(PartOf::Here(whole)) => {
            claim.measures.get(whole as usize).is_none_or(|w| w.indicator == indicator)
        }
        Some(PartOf::Elsewhere { .. }) => true,
        None => false,
    };
    let own = claim
        .measures
        .iter()
        .filter(|m| m.indicator == indicator && !part(m) && !m.denied && m.past.is_none());
    let mut lists: Vec<Vec<&Measure>> = Vec::new();
    for measure in own {
        match lists.last_mut() {
            Some(list)
                if people && list.last().is_some_and(|l| side_by_side(claim, l.end, measure.start)) =>
            {
                list.push(measure);
            }
            _ => lists.push(vec![measure]),
        }
    }
    let point = |m: &Measure| m.best.or(m.low).unwrap_or(0.0);
    lists
        .into_iter()
        .filter_map(|list| {
            let (first, rest) = list.split_first()?;
            let mut sum = (*first).clone();
            let told_apart = rest.len() > 1 && rest.iter().map(|m| point(m)).sum::<f64>() == point(first);
            if !told_apart {
                rest.iter().for_each(|more| add(&mut sum, more));
            }
            Some(sum)
        })
        .collect()
}

/// Only nouns and "and" or a comma between the two figures: no verb, no number, no other clause.
fn side_by_side(claim: &Claim, from: u32, to: u32) -> bool {
    let (skip, take) = (from.saturating_sub(claim.start) as usize, to.saturating_sub(from) as usize);
    if take > 60 {
        return false;
    }
    let between: String = claim.text.chars().skip(skip).take(take).collect();
    let mut words = between.split_whitespace();
    let last = words.next_back().unwrap_or("");
    (last == "and" || last == "plus" || last.ends_with(','))
        && between
            .chars()
            .all(|c| c.is_alphabetic() || c.is_whitespace() || matches!(c, ',' | '-' | '\'' | '’'))
        && !between
            .split_whitespace()
            .any(|w| matches!(w, "were" | "was" | "had" | "in" | "who" | "including" | "or"))
}

fn add(sum: &mut Measure, more: &Measure) {
    let plus = |a: Option<f64>, b: Option<f64>| a.zip(b).map(|(a, b)| a + b);
    (sum.low, sum.best, sum.high) =
        (plus(sum.low, more.low), plus(sum.best, more.best), plus(sum.high, more.high));
    if sum.bound == Bound::Exact {
        sum.bound = more.bound;
    }
}

/// What an article about a shooting says of it beyond its claims.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Shooting {
    incident: Incident,
    /// How many died where no figure says so: "a homicide", "the double murder"; 0 where nobody did.
    deaths: f64,
    /// The attacker died too, by his own hand or another's.
    attacker: bool,
    /// A figure already counts the attacker in.
    included: bool,
}

/// Headline and lead say whether somebody died; later deaths are often those of another day.
const LEAD: usize = 300;

/// Words for the one who attacked.
fn is_attacker(word: &str) -> bool {
    matches!(word, "gunman" | "shooter" | "attacker" | "assailant" | "suspect" | "killer")
}

/// What the article says of a shooting; `None` where it is about none.
pub fn shooting(text: &Text<'_>, incident: Incident) -> Option<Shooting> {
    let looked = text.len().min(1500);
    let shot =
        |i: usize| matches!(text.low(i), "shooting" | "shootings" | "gunfire" | "gunshot" | "gunshots");
    if incident.shot.is_none() && !(0..looked).any(shot) {
        return None;
    }
    let mut told = Shooting { incident, ..Shooting::default() };
    for i in 0..looked {
        let word = text.low(i);
        let own = || matches!(text.low(i + 1), "himself" | "herself" | "self");
        told.attacker |= matches!(
            word,
            "killed" | "killing" | "shot" | "shooting" | "kills" | "shoots" | "on" | "kill" | "and"
        ) && own()
            || matches!(word, "his" | "her") && text.low(i + 1) == "own" && text.low(i + 2) == "life"
            || killed_attacker(text, i);
        told.included |= matches!(word, "including" | "includes" | "include" | "plus" | "and")
            && (i + 1..i + 4).any(|k| is_attacker(text.low(k)))
            && (i.saturating_sub(8)..i + 8).any(|k| matches!(text.low(k), "dead" | "died" | "killed"));
        if i <= LEAD {
            told.deaths = told.deaths.max(deaths(text, i));
        }
    }
    Some(told)
}

/// "the gunman was shot dead", "police killed the gunman", "before dying in a shootout".
fn killed_attacker(text: &Text<'_>, i: usize) -> bool {
    let word = text.low(i);
    if is_attacker(word) {
        let after = (i + 1..i + 5).take_while(|&k| text.at(k).is_word() && text.low(k) != "in").any(|k| {
            matches!(text.low(k), "dead" | "died")
                || text.low(k) == "killed" && text.at(k - 1).has(Class::BE.or(Class::CONJUNCTION))
        });
        return after && !matches!(text.low(i + 1), "who" | "in");
    }
    if word == "before" {
        return text.low(i + 1) == "dying"
            || matches!(text.low(i + 1), "being") && (i + 2..i + 6).any(|k| text.low(k) == "killed")
            || matches!(text.low(i + 1), "he" | "she")
                && text.at(i + 2).has(Class::BE)
                && (i + 3..i + 6).any(|k| text.low(k) == "killed");
    }
    matches!(word, "killed" | "killing") && text.low(i + 1) == "the" && is_attacker(text.low(i + 2))
}

/// How many a word says to have died without a figure. Attempted murder, non-fatal wounds and the
/// homicide unit kill nobody.
fn deaths(text: &Text<'_>, i: usize) -> f64 {
    let word = text.low(i);
    let deadly = matches!(
        word,
        "killed"
            | "died"
            | "dead"
            | "dies"
            | "fatal"
            | "fatally"
            | "homicide"
            | "murder"
            | "slain"
            | "deceased"
            | "death"
            | "killing"
            | "slaying"
            | "murders"
            | "killings"
            | "slayings"
            | "homicides"
    );
    if !deadly {
        return 0.0;
    }
    let before = i.saturating_sub(4)..i;
    let spared = || {
        before.clone().any(|k| match text.low(k) {
            "attempted" | "attempt" | "non" | "nobody" | "none" | "conspiracy" => true,
            "no" | "not" => k + 3 > i,
            _ => false,
        })
    };
    let unit = matches!(
        text.low(i + 1),
        "unit"
            | "detectives"
            | "detective"
            | "investigators"
            | "bureau"
            | "division"
            | "squad"
            | "section"
            | "penalty"
            | "threats"
            | "row"
    );
    if unit || spared() {
        return 0.0;
    }
    before
        .rev()
        .take(3)
        .find_map(|k| match text.low(k) {
            "double" => Some(2.0),
            "triple" => Some(3.0),
            "quadruple" => Some(4.0),
            "quintuple" => Some(5.0),
            _ => None,
        })
        .unwrap_or(1.0)
}

impl Shooting {
    /// Who was shot and not killed was wounded; the attacker counts among the dead.
    fn complete(self, totals: &mut Vec<Total>) {
        let value = |totals: &[Total], indicator: Indicator| {
            totals.iter().find(|t| t.indicator == indicator).and_then(|t| t.best.or(t.low))
        };
        if self.deaths > 0.0 && value(totals, Indicator::Killed).is_none_or(|v| v < self.deaths) {
            totals.retain(|t| t.indicator != Indicator::Killed);
            totals.push(Total {
                indicator: Indicator::Killed,
                low: Some(self.deaths),
                best: None,
                high: None,
                bound: Bound::AtLeast,
            });
        }
        // "Four dead" counts the attacker in; "he killed three" does not.
        if self.attacker
            && !self.included
            && let Some(total) = totals.iter_mut().find(|t| t.indicator == Indicator::Killed)
        {
            let now = total.best.or(total.low).unwrap_or(0.0);
            let slain = self.incident.slain.unwrap_or(now).max(now);
            let dead = self.incident.dead.filter(|d| *d >= now && *d <= slain + 2.0);
            let more = match dead {
                Some(dead) => dead - now,
                None => slain + 1.0 - now,
            };
            for end in [&mut total.low, &mut total.best, &mut total.high] {
                *end = end.map(|v| v + more);
            }
        }
        let killed = value(totals, Indicator::Killed).unwrap_or(0.0);
        let shot = self.incident.shot.unwrap_or(0.0);
        if value(totals, Indicator::Wounded).is_none() && shot > killed {
            let left = Some(shot - killed);
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

    fn totals_of(source: &str) -> (Option<f64>, Option<f64>) {
        let found = crate::extract(source, &crate::Options::default());
        let of =
            |indicator| found.totals.iter().find(|t| t.indicator == indicator).and_then(|t| t.best.or(t.low));
        (of(Indicator::Killed), of(Indicator::Wounded))
    }

    #[test]
    fn an_attacker_who_dies_counts_among_the_dead_once() {
        for (source, killed) in [
            ("A gunman shot and killed three clerks in a bank shooting, then killed himself.", 4.0),
            ("Four dead after bank shooting. The gunman killed three clerks, then killed himself.", 4.0),
            ("Four people died in the shooting, including the gunman, who shot himself.", 4.0),
            ("The man killed five guests in the shooting before he was killed by police.", 6.0),
        ] {
            assert_eq!(totals_of(source).0, Some(killed), "{source}");
        }
    }

    #[test]
    fn what_is_listed_side_by_side_adds_up() {
        assert_eq!(totals_of("The shooting left three men and two women injured.").1, Some(5.0));
        assert_eq!(totals_of("A raid killed 2 adults, 2 teens, officials said.").0, Some(4.0));
    }

    #[test]
    fn a_correction_lowers_the_toll() {
        for later in [
            "The governor has corrected the death toll: 11 people were killed, not 14.",
            "The ministry lowered the death toll to 11 from 14.",
            "CORRECTION: The number of dead is 11. An earlier post said 14.",
            "The death toll has been revised down to 11.",
        ] {
            let text = format!("12:05 Fourteen people were killed in the strike.\n\n13:40 {later}");
            assert_eq!(totals_of(&text).0, Some(11.0), "{later}");
        }
    }

    #[test]
    fn an_apposition_is_not_added() {
        assert_eq!(totals_of("Two people, a man and a woman, were killed on Friday.").0, Some(2.0));
    }

    #[test]
    fn attempted_murder_and_the_homicide_unit_kill_nobody() {
        for source in [
            "Two men were wounded in a shooting; the homicide unit is investigating.",
            "He faces four counts of attempted murder after the shooting that wounded two women.",
            "Both women suffered non-fatal wounds in the shooting.",
        ] {
            assert_eq!(totals_of(source).0, None, "{source}");
        }
        assert_eq!(totals_of("Police are investigating a double homicide after a shooting.").0, Some(2.0));
    }

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
        Shooting { incident: Incident { shot: Some(5.0), ..Incident::default() }, ..Shooting::default() }
            .complete(&mut totals);
        assert_eq!(totals.iter().find(|t| t.indicator == Indicator::Wounded).and_then(|t| t.best), Some(4.0));
    }
}
