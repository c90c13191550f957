use super::moment;
use crate::language;
use desk::HistoryEntry;
use leptos::prelude::*;
use phrase::{t, view};

/// What happened, the latest first.
pub fn history_list(entries: &[HistoryEntry]) -> AnyView {
    let entries = entries
        .iter()
        .rev()
        .map(|entry| {
            let by = entry.by.clone().unwrap_or_else(|| t!("The system").to_owned());
            view! { <li><b>{by}</b> " " {language::say(&entry.event.phrase())} <span class="quiet small block">{moment(entry.at)}</span></li> }
        })
        .collect_view();
    view! { <ol class="history">{entries}</ol> }.into_any()
}
