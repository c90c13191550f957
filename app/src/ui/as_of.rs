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

/// Says that the page shows the past, and leads back.
pub fn as_of_banner(address: String, at: DateTime<Utc>) -> AnyView {
    view! {
        <div class="notice past" id="as-of-banner">
            <p><b>"As the desk knew it at " {moment(at)}</b> ". Nothing that came later is shown, and nothing can be changed here. "
                <a href=address.clone()>"Back to now"</a></p>
            {as_of_form(address, "as-of-again", Some(at))}
        </div>
    }
    .into_any()
}
