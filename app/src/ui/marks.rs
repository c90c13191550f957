//! Standing in a word and a shape: colour never stands alone.

use crate::language::{label, t};
use domain::copy::Outcome;
use domain::scale::{Icon, Rating, Tone};
use domain::workflow::Stage;
use leptos::prelude::*;
use phrase::view;

/// The class that colours a standing.
pub fn tone_class(tone: Option<Tone>) -> &'static str {
    tone.map_or("open", Tone::word)
}

/// A small drawing for a standing; the word stands beside it.
pub fn icon(name: &str) -> AnyView {
    let path = match name {
        "verified" => "M3 8.5l3.2 3.2L13 4.8",
        "unverified" => "M5.5 6a2.5 2.5 0 1 1 3.6 2.2c-.8.4-1.1.9-1.1 1.8M8 12.6v.1",
        "disputed" => "M3 5.5h9M9.5 3L12 5.5 9.5 8M13 10.5H4M6.5 8L4 10.5 6.5 13",
        "false" => "M4 4l8 8M12 4l-8 8",
        "context" => "M3.5 8h.1M8 8h.1M12.500 8h.1",
        "double_check" => "M1.500 8.500l3 3L10 5M8 11.300L14.500 5",
        "half" => "M8 3.500a4.500 4.500 0 1 0 .01 0M8 3.500v9M8 5.800h3M8 8.200h4M8 10.600h3",
        "eye" => {
            "M1.500 8C4 4.200 12 4.200 14.500 8C12 11.800 4 11.800 1.500 8zM8 6.400a1.600 1.600 0 1 0 .01 0"
        }
        "missing" => "M8 2.800L14.200 13.200H1.800zM8 6.500v3.300M8 11.500v.1",
        "in_review" => "M8 3a5 5 0 1 0 0 10zM8 3a5 5 0 0 1 0 10",
        "awaiting_second_review" => {
            "M5.500 5a2 2 0 1 1 .01 0M2.500 12.500a3 3 0 0 1 6 0M11.500 5v5M9 7.500h5"
        }
        "disagreed" => {
            "M2.500 8h4M4.500 5.500L2.500 8l2 2.500M13.500 8h-4M11.500 5.500l2 2.500-2 2.500M8 3v10"
        }
        "published" => "M8 13V4M4.500 7.500L8 4l3.500 3.500",
        "reopened" => "M4 8a4 4 0 1 1 1.500 3.100M4 12.500V9.800h2.700",
        "dismissed" => "M4 8h8",
        "bell" => "M4 11.500V7.500a4 4 0 0 1 8 0v4l1 1H3zM7 14h2",
        "settled" => "M4 8.500l2.700 2.700L12 5.500",
        _ => "M8 4.500a3.500 3.500 0 1 0 .01 0",
    };
    view! {
        <svg class="icon" viewBox="0 0 16 16" width="14" height="14" aria-hidden="true" focusable="false">
            <path d=path fill="none" stroke="currentColor" stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round" />
        </svg>
    }
    .into_any()
}

/// The drawing of a rating.
pub fn rating_icon(of: Icon) -> AnyView {
    icon(match of {
        Icon::Check => "verified",
        Icon::Question => "unverified",
        Icon::Arrows => "disputed",
        Icon::Cross => "false",
        Icon::Dots => "context",
        other => other.word(),
    })
}

/// A rating with its icon.
pub fn rating_tag(rating: &Rating) -> AnyView {
    let tone = tone_class(Some(rating.tone));
    view! { <span class=format!("st {tone}") title=label(&rating.meaning)>{rating_icon(rating.icon)} {label(&rating.name)}</span> }
        .into_any()
}

/// A stage with its icon.
pub fn stage_tag(stage: Stage) -> AnyView {
    let label = capital(t(stage.label()));
    view! { <span class="st open">{icon(stage.word())} {label}</span> }.into_any()
}

/// Where a claim stands: its rating where a verdict stands, and its stage where that says more.
pub fn standing_tag(stage: Stage, rating: Option<&Rating>) -> AnyView {
    match (stage, rating) {
        (Stage::Settled, Some(rating)) => rating_tag(rating),
        (Stage::Published, Some(rating)) => {
            view! { <span class="tags">{rating_tag(rating)} <span class="quiet small">"published"</span></span> }
                .into_any()
        }
        (stage, _) => stage_tag(stage),
    }
}

pub fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// What a look at a copy found, with its icon.
pub fn copy_outcome(outcome: Outcome) -> AnyView {
    let drawn = if outcome == Outcome::Intact { "verified" } else { "false" };
    view! { <span class=format!("st {drawn}")>{icon(drawn)} {t(outcome.label())}</span> }.into_any()
}
