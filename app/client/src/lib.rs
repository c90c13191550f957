//! What the browser loads: the islands of `app`, and what turns a panic into a message.
#![cfg(target_family = "wasm")]

// Islands are found by name: without this the linker drops them.
use app as _;

/// Called once, before any island.
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_islands();
}
