//! A ledger in short: what the desk holds and why, how sure that is, what does not count for it, and who changed
//! their number.

use super::{Note, Sheet, note_id, of_which, several_years};
use crate::language;
use domain::ledger::{Estimate, Figure, Ledger, LeftOut, MarkKind, Support};
use domain::measure::Past;
use leptos::prelude::*;
use phrase::{t, tn, view};

/// As many sources are named that say more than before; rising counts are the rule.
const RISES: usize = 3;

/// `set_by` is who set it and when, where an editor did.
pub fn ledger_short(sheet: &Sheet<'_>, set_by: Option<String>) -> AnyView {
    let Sheet { ledger, figures, notes, .. } = sheet;
    let (holds, sure, out, apart) = match &ledger.estimate {
        Some(estimate) => (
            holds(estimate, set_by),
            estimate.support.map(sure),
            left_out(estimate, figures, false),
            left_out(estimate, figures, true),
        ),
        None => (
            view! { <p class="holds">"no figure"</p> <p class="small quiet">"No rule says which of these figures count the same; an editor can."</p> }
                .into_any(),
            None,
            None,
            None,
        ),
    };
    let row = |name: &'static str, says: Option<AnyView>| {
        says.map(|says| view! { <div><dt>{name}</dt><dd>{says}</dd></div> })
    };
    view! {
        <dl class="in-short">
            {row(t!("The desk holds"), Some(holds))}
            {row(t!("How sure"), sure.map(IntoAny::into_any))}
            {row(t!("Left out"), out)}
            {row(t!("Kept apart"), apart)}
            {row(t!("Who revised"), revised(ledger, figures, notes))}
        </dl>
    }
    .into_any()
}

fn holds(estimate: &Estimate, set_by: Option<String>) -> AnyView {
    let basis = estimate.basis.iter().map(language::say).collect::<Vec<_>>().join(" ");
    let basis = match set_by {
        Some(who) => format!("{who}: {basis}"),
        None => basis,
    };
    view! {
        <p class="holds"><b class="num">{language::say(&estimate.range.phrase())}</b> " " {of_which(&estimate.of)}</p>
        <p class="small quiet basis">{basis}</p>
    }
    .into_any()
}

fn sure(support: Support) -> String {
    let verdict = if support.is_settled { t!("settled by a verdict") } else { t!("no verdict yet") };
    let (n, all) = (support.sources, support.of);
    let rests = if n == all {
        tn!(n, "one source", "{n} sources")
    } else {
        tn!(n, "one source of {all} counts", "{n} sources of {all} count")
    };
    let official = match support.official {
        0 => None,
        n => Some(tn!(n, "one official count", "{n} official counts")),
    };
    let reliable = match support.reliable {
        0 => t!("none graded A or B").to_owned(),
        n => tn!(n, "one graded A or B", "{n} graded A or B"),
    };
    [Some(verdict.to_owned()), Some(rests), official, Some(reliable)]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(" · ")
}

/// What sources say now and does not decide what the desk holds, by reason; `apart` what counts others.
fn left_out(estimate: &Estimate, figures: &[Figure], apart: bool) -> Option<AnyView> {
    let reasons = LeftOut::ALL.iter().filter(|why| (**why == LeftOut::Apart) == apart);
    let items: Vec<String> = reasons
        .filter_map(|why| {
            let of = estimate.left_out.iter().filter(|(_, reason)| reason == why);
            let mut said: Vec<String> = Vec::new();
            for figure in of.filter_map(|(place, _)| figures.get(*place)) {
                let words = language::say(&figure.counted().counting(figure.said.clone()));
                if !said.contains(&words) {
                    said.push(words);
                }
            }
            let said = (!said.is_empty()).then(|| said.join(", "))?;
            Some(if apart { said } else { format!("{said} ({})", language::t(why.label())) })
        })
        .collect();
    (!items.is_empty()).then(|| items.join(" · ").into_any())
}

/// Who says less than before, each with the note about it, and who says more.
fn revised(ledger: &Ledger, figures: &[Figure], notes: &[Note]) -> Option<AnyView> {
    let years = several_years(figures);
    let mut falls: Vec<AnyView> = Vec::new();
    for (nth, note) in notes.iter().enumerate().filter(|(_, note)| note.kind == MarkKind::BackwardRevision) {
        let [first, second] = note.figures.as_slice() else { continue };
        let (Some(first), Some(second)) = (figures.get(*first), figures.get(*second)) else { continue };
        let when = |figure: &Figure| language::short_moment(figure.at, years);
        let (who, what, at) = if second.past == Some(Past::Withdrawn) {
            let number = language::say(&first.said);
            (&first.source, t!("took back {number}"), when(second))
        } else {
            let (was, is) = (language::say(&second.said), language::say(&first.said));
            let what = if first.source == second.source {
                format!("↓ {was} → {is}")
            } else {
                let other = &second.source;
                format!("↓ {was} → {is} {}", t!("({was} was told by {other})"))
            };
            (&first.source, what, when(first))
        };
        let note = t!("note {}", nth + 1);
        falls.push(
            view! { <li><b>{who.clone()}</b> " " <span class="falls">{what}</span> " " <span class="small quiet">{at}</span>
                " " <a class="note-tag" href=format!("#{}", note_id(ledger, nth + 1))>{note}</a></li> }
            .into_any(),
        );
    }
    let rises: Vec<AnyView> = ledger
        .lines
        .iter()
        .filter_map(|line| {
            let now = line.current.and_then(|at| figures.get(at)).filter(|figure| figure.says_what())?;
            let before = line.totals.iter().rev().filter_map(|at| figures.get(*at));
            let before = before.clone().find(|one| one.at < now.at && one.point() != now.point())?;
            (before.point() < now.point()).then(|| {
                let (was, is) = (language::say(&before.said), language::say(&now.said));
                view! { <li><b>{line.source.clone()}</b> " " <span class="quiet">{format!("↑ {was} → {is}")}</span> " "
                    <span class="small quiet">{language::short_moment(now.at, years)}</span></li> }
                .into_any()
            })
        })
        .collect();
    let more = rises.len().saturating_sub(RISES);
    let more = (more > 0).then(|| {
        view! { <li class="quiet">{tn!(more, "one more says more than before", "{n} more say more than before")}</li> }
    });
    let nobody = (falls.is_empty() && rises.is_empty()).then(|| view! { <li class="quiet">"nobody"</li> });
    let rises: Vec<AnyView> = rises.into_iter().take(RISES).collect();
    Some(view! { <ul class="plain">{falls} {rises} {more} {nobody}</ul> }.into_any())
}
