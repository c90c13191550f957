//! What pictures, videos and recordings were found to be, for every page that says so.

use super::capital;
use crate::language::t;
use domain::media::{Authenticity, Medium};
use leptos::prelude::*;
use phrase::view;

/// The medium and each category, in a line.
pub fn found_media(medium: Medium, categories: &[Authenticity]) -> AnyView {
    let found = categories
        .iter()
        .map(|one| view! { <span class="tag" title=t(one.meaning(medium))>{capital(t(one.label()))}</span> " " })
        .collect_view();
    view! { <span class="chips"><b>{capital(t(medium.label()))}</b> " " {found}</span> }.into_any()
}

/// Each category with what it means for such a medium.
pub fn media_meanings(medium: Medium, categories: &[Authenticity]) -> AnyView {
    let rows = categories
        .iter()
        .map(|one| view! { <dt><b>{capital(t(one.label()))}</b></dt><dd>{t(one.meaning(medium))}</dd> })
        .collect_view();
    view! { <dl class="ratings">{rows}</dl> }.into_any()
}

/// What the original shows, and where it is.
pub fn media_original(context: Option<&str>, address: Option<&str>) -> AnyView {
    let address = address.map(str::to_owned).map(|address| {
        let shown = address.clone();
        view! { <a class="address" href=address rel="noreferrer noopener nofollow external">{shown}</a> }
    });
    if context.is_none() && address.is_none() {
        return ().into_any();
    }
    let context = context.map(str::to_owned);
    view! { <p class="small"><b>"The original: "</b> {context} " " {address}</p> }.into_any()
}
