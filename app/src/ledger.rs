//! A ledger as a file of its own, for whoever answers addresses that are no pages.

use crate::pages::incident::drawn;
use crate::ui::ledger_file;
use desk::{LedgerView, PublicLedger};
use domain::language::Language;
use leptos::prelude::{Owner, provide_context};

/// The chart as SVG; `None` where no figure says how many there are in all.
pub fn file(view: &LedgerView) -> Option<String> {
    let (ledger, figures) = drawn(view);
    ledger_file(&ledger, &figures)
}

/// The same as readers see it, in their language.
pub fn file_for_readers(language: Language, view: &PublicLedger) -> Option<String> {
    let (ledger, figures) = view.drawn();
    Owner::new().with(|| {
        provide_context(language);
        ledger_file(&ledger, &figures)
    })
}
