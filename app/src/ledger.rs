//! A ledger as a file of its own, for whoever answers addresses that are no pages.

use crate::pages::incident::drawn;
use crate::ui::{Heading, ledger_file};
use chrono::{DateTime, Utc};
use desk::{LedgerView, PublicLedger};
use domain::language::Language;
use leptos::prelude::{Owner, provide_context};

/// The chart as SVG; `None` where no figure says how many there are in all. It says where claims may be
/// missing in it that were taken out of the incident before `moves_known_since`.
pub fn file(title: &str, view: &LedgerView, moves_known_since: Option<DateTime<Utc>>) -> Option<String> {
    let (ledger, figures) = drawn(view);
    let note = moves_known_since.map(|since| {
        let since = since.format("%Y-%m-%d %H:%M UTC");
        format!("May be incomplete: claims taken out of the incident before {since} are not shown.")
    });
    ledger_file(&ledger, &figures, &Heading { title, address: None, note: note.as_deref() })
}

/// The same as readers see it, in their language.
pub fn file_for_readers(
    language: Language,
    title: &str,
    view: &PublicLedger,
    address: &str,
) -> Option<String> {
    let (ledger, figures) = view.drawn();
    Owner::new().with(|| {
        provide_context(language);
        ledger_file(&ledger, &figures, &Heading { title, address: Some(address), note: None })
    })
}
