//! How an article stands, at a glance.

use crate::language::t;
use crate::ui::marks::{icon, tone_class};
use desk::DeadlineView;
use domain::clearance::{Clearance, Standing};
use domain::deadline::Phase;
use domain::workflow::Stage;
use leptos::prelude::*;
use phrase::{msg, t, view};

/// A bar of an article's claims by standing, with its words for who does not see it.
pub fn stack(standings: &[Standing]) -> AnyView {
    let counted: Vec<&Standing> = standings.iter().filter(|s| s.stage != Stage::Dismissed).collect();
    let all: i64 = counted.iter().map(|s| s.claims).sum();
    if all == 0 {
        return view! { <span class="quiet small">"no claims"</span> }.into_any();
    }
    let mut parts: Vec<(&'static str, i64)> = Vec::new();
    for class in
        [msg!("verified"), msg!("context"), msg!("unverified"), msg!("disputed"), msg!("false"), "open"]
    {
        let claims = counted
            .iter()
            .filter(|s| (if s.stage.is_decided() { tone_class(s.tone) } else { "open" }) == class)
            .map(|s| s.claims)
            .sum::<i64>();
        if claims > 0 {
            parts.push((class, claims));
        }
    }
    let words = parts
        .iter()
        .map(|(class, n)| {
            format!("{n} {}", if *class == "open" { t!("to check") } else { crate::language::t(class) })
        })
        .collect::<Vec<_>>()
        .join(", ");
    let mut at = 0.0;
    let bars = parts
        .into_iter()
        .map(|(class, n)| {
            let width = n as f64 / all as f64 * 100.0;
            let from = at;
            at += width;
            view! { <rect class=class x=format!("{from:.2}") y="0" width=format!("{:.2}", (width - 0.8).max(0.4)) height="8" /> }
        })
        .collect_view();
    view! {
        <svg class="stack" viewBox="0 0 100 8" preserveAspectRatio="none" role="img" aria-label=words.clone()>
            <title>{words.clone()}</title>
            {bars}
        </svg>
    }
    .into_any()
}

/// How close a deadline is, while there is something left to decide.
pub fn deadline_tag(deadline: &DeadlineView, clearance: Clearance) -> AnyView {
    match deadline.phase {
        _ if !clearance.waits() => view! { <span class="quiet small">"due"</span> }.into_any(),
        Phase::Overdue => {
            view! { <span class="st false small">{icon("reopened")} "Overdue"</span> }.into_any()
        }
        Phase::DueSoon => {
            view! { <span class="st unverified small">{icon("in_review")} "Due soon"</span> }.into_any()
        }
        Phase::Set => view! { <span class="quiet small">"due"</span> }.into_any(),
    }
}

/// Beside a claim that the desk's policy lets run as it is.
pub fn unchecked_tag(runs_unchecked: bool) -> AnyView {
    runs_unchecked.then(|| view! { <span class="quiet small">"may run unchecked"</span> }).into_any()
}

/// The answer to "can this run?" in a word and a shape.
pub fn clearance_tag(clearance: Clearance) -> AnyView {
    let (tone, drawn) = match clearance {
        Clearance::Clear | Clearance::ClearUnchecked { .. } | Clearance::NothingToCheck => {
            ("verified", "verified")
        }
        Clearance::NotYet { .. } => ("unverified", "open"),
        Clearance::CorrectionDue { .. } => ("false", "reopened"),
        Clearance::Rewrite { .. } => ("disputed", "false"),
    };
    view! { <span class=format!("st {tone}")>{icon(drawn)} {t(clearance.label())}</span> }.into_any()
}
