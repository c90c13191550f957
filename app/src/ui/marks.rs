//! Standing in a word and a shape: colour never stands alone.

use domain::copy::Outcome;
use domain::scale::{self, Tone};
use domain::workflow::Stage;
use leptos::prelude::*;

/// The class that colours a standing.
pub fn tone_class(rating: Option<&str>) -> &'static str {
    match rating.and_then(|key| scale::DEFAULT.rating(key)).map(|rating| rating.tone) {
        Some(Tone::Verified) => "verified",
        Some(Tone::Unverified) => "unverified",
        Some(Tone::Disputed) => "disputed",
        Some(Tone::False) => "false",
        Some(Tone::Context) => "context",
        None => "open",
    }
}

/// A small drawing for a standing; the word stands beside it.
pub fn icon(name: &str) -> AnyView {
    let path = match name {
        "verified" => "M3 8.5l3.2 3.2L13 4.8",
        "unverified" => "M5.5 6a2.5 2.5 0 1 1 3.6 2.2c-.8.4-1.1.9-1.1 1.8M8 12.6v.1",
        "disputed" => "M3 5.5h9M9.5 3L12 5.5 9.5 8M13 10.5H4M6.5 8L4 10.5 6.5 13",
        "false" => "M4 4l8 8M12 4l-8 8",
        "context" => "M3.5 8h.1M8 8h.1M12.500 8h.1",
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

/// A rating with its icon.
pub fn rating_tag(key: &str) -> AnyView {
    let name = scale::DEFAULT.rating(key).map_or_else(|| key.to_owned(), |rating| rating.name.to_owned());
    let tone = tone_class(Some(key));
    view! { <span class=format!("st {tone}")>{icon(tone)} {name}</span> }.into_any()
}

/// A stage with its icon.
pub fn stage_tag(stage: Stage) -> AnyView {
    let label = capital(stage.label());
    view! { <span class="st open">{icon(stage.word())} {label}</span> }.into_any()
}

/// Where a claim stands: its rating where a verdict stands, and its stage where that says more.
pub fn standing_tag(stage: Stage, rating: Option<&str>) -> AnyView {
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
    view! { <span class=format!("st {drawn}")>{icon(drawn)} {outcome.label()}</span> }.into_any()
}
