//! The sentence that may be printed, to be taken along.

use crate::islands::Copy;
use leptos::prelude::*;
use phrase::{t, view};

/// Draws it with what copies it. The sentence is English, as what may be printed of an English article is.
pub fn printed(words: &str) -> AnyView {
    view! {
        <div class="printable"><p><span class="small quiet">"To print: "</span> <q lang="en" dir="ltr">{words.to_owned()}</q></p>
            <button type="button" class="btn small" data-copy=words.to_owned() data-copied=t!("Copied")>"Copy"</button>
            <span class="small quiet" role="status"></span>
            <Copy /></div>
    }
    .into_any()
}
