//! Looking back: the field that asks for a moment, and the banner over what was known then.

use super::time::moment;
use chrono::{DateTime, Utc};
use leptos::prelude::*;
use phrase::view;

/// Asks for a moment and shows the page at `address` as the desk knew it then. `id` tells the fields
/// of one page apart.
pub fn as_of_form(address: String, id: &'static str, at: Option<DateTime<Utc>>) -> AnyView {
    let value = at.map(|at| at.format("%Y-%m-%dT%H:%M:%S").to_string());
    view! {
        <form method="get" action=address class="as-of">
            <label for=id class="small">"As the desk knew it at (UTC)"</label>
            <input id=id name="as_of" type="datetime-local" step="1" required value=value />
            <button class="btn small">"Look back"</button>
        </form>
    }
    .into_any()
}

/// Says that the page shows the past, and leads back. Where claims may be missing in it, it says that too:
/// until `moves_known_since` the desk did not record which ones were taken out of an incident.
pub fn as_of_banner(address: String, at: DateTime<Utc>, moves_known_since: Option<DateTime<Utc>>) -> AnyView {
    let inexact = moves_known_since.map(|since| {
        view! {
            <p id="inexact"><b>"This may be incomplete."</b> " Claims that were taken out of this incident before " {moment(since)}
                " are not shown, even where they were still in it at the moment you look at: until then the desk did not record when claims left an incident."</p>
        }
    });
    view! {
        <div class="notice past" id="as-of-banner">
            <p><b>"As the desk knew it at " {moment(at)}</b> ". Nothing that came later is shown, and nothing can be changed here. "
                <a href=address.clone()>"Back to now"</a></p>
            {inexact}
            {as_of_form(address, "as-of-again", Some(at))}
        </div>
    }
    .into_any()
}
