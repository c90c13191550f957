//! A ledger as a file of its own, for whoever answers addresses that are no pages.

use crate::pages::incident::drawn;
use crate::ui::ledger_file;
use desk::LedgerView;

/// The chart as SVG; `None` where no figure says how many there are in all.
pub fn file(view: &LedgerView) -> Option<String> {
    let (ledger, figures) = drawn(view);
    ledger_file(&ledger, &figures)
}
