//! What was found in a text, in words: figures, who says so, why it ranks where it does, and what a
//! person has corrected of it.

use crate::language::{say, t};
use crate::paths;
use desk::{AttributionView, CorrectionView};
use domain::claim::Polarity;
use domain::correction::Part;
use domain::measure::{Bound, Measure};
use domain::priority::{self, Contribution};
use leptos::prelude::*;
use phrase::{t, view};

/// A figure in words: the number first, then what is known about it.
pub fn measure_chips(measure: &Measure) -> AnyView {
    let denied = if measure.denied { t!("denied: ") } else { "" };
    let number = say(&measure.phrase());
    let known = measure.known().iter().map(say).collect::<Vec<_>>().join(" · ");
    let in_digits = measure.text.chars().all(|c| c.is_ascii_digit() || matches!(c, ',' | '.' | '%' | ' '));
    let wording = (measure.bound != Bound::Vague && !in_digits && !number.contains(measure.text.as_str()))
        .then(|| format!(" “{}”", measure.text));
    view! {
        <span class="tag num"><span><b>{denied} {number}</b> " " {known}
            {wording.map(|wording| view! { <span class="quiet">{wording}</span> })}</span></span>
    }
    .into_any()
}

/// One of those through whom a claim came, with the words that stand for them and how they were linked.
pub fn hop(attribution: &AttributionView) -> AnyView {
    let mention = attribution.mention.trim_end_matches([',', ':']);
    let name = attribution.name.clone().unwrap_or_else(|| mention.to_owned());
    let about = [attribution.role.clone(), attribution.organisation.clone()]
        .into_iter()
        .flatten()
        // Whoever is known by a role alone is named by it.
        .filter(|about| !about.eq_ignore_ascii_case(&name))
        .chain(attribution.party.as_ref().map(|party| t!("speaks for {party}")))
        .collect::<Vec<_>>()
        .join(", ");
    let link = attribution.source.map(paths::source);
    let named = match link {
        Some(href) => {
            view! { <b><a href=href title="How reliable this source is, and all its claims">{name.clone()}</a></b> }.into_any()
        }
        None => {
            view! { <b>{name.clone()}</b> <span class="quiet">" (not known who this is)"</span> }.into_any()
        }
    };
    let polarity = (attribution.polarity != Polarity::Asserted)
        .then(|| view! { <span class="tag">{t(attribution.polarity.label())}</span> });
    view! {
        <div>
            {named} " " <span class="quiet">{about}</span> " " {polarity}
            {linked(attribution).map(|linked| view! { <span class="small quiet block">{linked}</span> })}
        </div>
    }
    .into_any()
}

/// What stands before whoever is the original source of a claim.
pub fn said_by(polarity: Polarity) -> &'static str {
    match polarity {
        Polarity::Asserted => t!("Said by "),
        Polarity::Denied => t!("Denied by "),
        Polarity::Doubted => t!("Not confirmed by "),
    }
}

/// Which words stand for a source and what links them to it: "“he said” is Olena K.; pronoun: the
/// person who spoke before (likely)".
fn linked(attribution: &AttributionView) -> Option<String> {
    let mention = attribution.mention.trim_end_matches([',', ':']);
    let cue = attribution.cue.as_deref().map(|cue| format!(" {cue}")).unwrap_or_default();
    let rule = crate::language::label(&attribution.linked_by);
    let Some(name) = &attribution.name else { return Some(format!("“{mention}{cue}”: {rule}")) };
    if name == mention || attribution.mention_at.is_none() {
        return None;
    }
    // The name with its article before it is the name.
    let is_named = mention
        .split_once(' ')
        .is_some_and(|(first, rest)| first.eq_ignore_ascii_case("the") && rest.eq_ignore_ascii_case(name));
    let sure = match attribution.confidence {
        c if c >= 0.9 => t!("sure"),
        c if c >= 0.6 => t!("likely"),
        _ => t!("unsure"),
    };
    Some(match is_named {
        true => format!("“{mention}{cue}”: {rule} ({sure})"),
        false => t!("“{mention}{cue}” is {name}; {rule} ({sure})"),
    })
}

/// What a priority is made of, and what reading the text found worth checking.
pub fn priority(
    points: i16,
    parts: Vec<Contribution>,
    reasons: &[String],
    extractor: Option<&str>,
) -> AnyView {
    let sum = priority::sum(&parts);
    let capped = (sum > priority::MOST).then(|| {
        view! { <li class="quiet">{t!("{sum} in all; a priority is at most {most}", most = priority::MOST)}</li> }
    });
    let parts = parts
        .into_iter()
        .map(|part| {
            let reasons = (part.why == "worth checking" && !reasons.is_empty())
                .then(|| view! { <span class="quiet">{format!(": {}", reasons.iter().map(|reason| crate::language::label(reason)).collect::<Vec<_>>().join(t!(", ")))}</span> });
            view! { <li><b class="num">{format!("+{}", part.points)}</b> " " {crate::language::label(&part.why)} {reasons}</li> }
        })
        .collect_view();
    let read_by = extractor.map(|extractor| view! { <li class="quiet">{t!("read by {extractor}")}</li> });
    view! {
        <details class="why">
            <summary>"Priority " <b class="num">{points}</b></summary>
            <ul class="small">{parts} {capped} {read_by}</ul>
        </details>
    }
    .into_any()
}

/// Who corrected these parts of a claim.
pub fn corrected_by(corrections: &[CorrectionView], parts: &[Part]) -> AnyView {
    let mut people: Vec<(&str, Vec<&'static str>)> = Vec::new();
    for correction in corrections.iter().filter(|correction| parts.contains(&correction.part)) {
        match people.iter_mut().find(|(by, _)| *by == correction.by) {
            Some((_, corrected)) => corrected.push(t(correction.part.label())),
            None => people.push((&correction.by, vec![t(correction.part.label())])),
        }
    }
    if people.is_empty() {
        return ().into_any();
    }
    let said: Vec<String> = people
        .into_iter()
        .map(|(by, corrected)| t!("{} corrected by {by}", super::capital(&corrected.join(", "))))
        .collect();
    view! { <p class="small corrected">{super::icon("settled")} " " {said.join("; ")}</p> }.into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sum_that_is_more_than_the_highest_priority_says_so() {
        let shown = |points: &[i32]| {
            let parts =
                points.iter().map(|points| Contribution { points: *points, why: "worth checking".into() });
            let parts: Vec<Contribution> = parts.collect();
            Owner::new().with(|| priority(priority::total(&parts), parts, &[], None).to_html())
        };
        assert!(shown(&[50, 25, 10, 15, 15]).contains("115 in all; a priority is at most 100"));
        assert!(!shown(&[50, 25]).contains("in all"));
    }
}
