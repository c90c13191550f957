//! The parts that run in the browser. Each works on the page that the server drew: without it the
//! page still does its job.

mod copy;
mod drafts;
mod keyboard;
mod live;
mod palette;
mod selection;

pub use copy::Copy;
pub use drafts::Drafts;
pub use keyboard::Keyboard;
pub use live::Live;
pub use palette::Palette;
pub use selection::Selection;

/// Words that the browser writes into the page, in the reader's language: the server puts them there
/// (`ui::frame`), one attribute for each.
#[cfg(target_family = "wasm")]
fn said(name: &str) -> String {
    web_sys::window()
        .and_then(|window| window.document())
        .and_then(|document| document.get_element_by_id("words"))
        .and_then(|words| words.get_attribute(&format!("data-{name}")))
        .unwrap_or_default()
}
