//! `Ctrl K`: finds anything, over whatever page is open. What it shows is a part of `/find`, which
//! does the same without it.

use leptos::prelude::*;
use phrase::view;

#[island]
pub fn Palette() -> impl IntoView {
    #[cfg(target_family = "wasm")]
    browser::listen();
    view! {
        <dialog id="palette" class="palette" aria-labelledby="palette-title">
            <h2 id="palette-title" class="hidden">"Find anything"</h2>
            <label class="hidden" for="palette-words">"Look for"</label>
            <input id="palette-words" type="text" maxlength="200" autocomplete="off" placeholder="Find claims, incidents, articles, sources, people, places" />
            <div id="palette-found" class="found"></div>
            <p class="small quiet keys-line"><kbd>"↑"</kbd> " " <kbd>"↓"</kbd> " choose, " <kbd>"Enter"</kbd> " go, " <kbd>"Esc"</kbd> " close"</p>
        </dialog>
    }
}

#[cfg(target_family = "wasm")]
mod browser {
    use std::cell::Cell;
    use wasm_bindgen::prelude::*;
    use web_sys::{
        Document, DomParser, Element, Event, HtmlDialogElement, HtmlElement, HtmlInputElement, KeyboardEvent,
        SupportedType, UrlSearchParams,
    };

    /// Typing pauses this long before the server is asked.
    const PAUSE_MS: i32 = 120;

    thread_local! {
        /// How often was asked: an answer to an earlier question is not shown.
        static ASKED: Cell<u32> = const { Cell::new(0) };
    }

    pub fn listen() {
        let Some(document) = document() else { return };
        let on_key = Closure::<dyn FnMut(KeyboardEvent)>::new(|event: KeyboardEvent| {
            pressed(&event);
        });
        if document.add_event_listener_with_callback("keydown", on_key.as_ref().unchecked_ref()).is_ok() {
            on_key.forget();
        }
        let Some(words) = document.get_element_by_id("palette-words") else { return };
        let on_input = Closure::<dyn FnMut(Event)>::new(|_: Event| soon());
        if words.add_event_listener_with_callback("input", on_input.as_ref().unchecked_ref()).is_ok() {
            on_input.forget();
        }
    }

    fn document() -> Option<Document> {
        web_sys::window()?.document()
    }

    fn pressed(event: &KeyboardEvent) -> Option<()> {
        let document = document()?;
        let dialog: HtmlDialogElement = document.get_element_by_id("palette")?.dyn_into().ok()?;
        let command = event.ctrl_key() || event.meta_key();
        if command && !event.shift_key() && !event.alt_key() && event.key().eq_ignore_ascii_case("k") {
            event.prevent_default();
            // The page itself finds: its field is the palette.
            if let Some(wanted) = document.get_element_by_id("wanted") {
                return wanted.dyn_into::<HtmlElement>().ok()?.focus().ok();
            }
            if document.query_selector("dialog[open]").ok()?.is_none() {
                dialog.show_modal().ok()?;
                let words: HtmlInputElement = document.get_element_by_id("palette-words")?.dyn_into().ok()?;
                words.select();
                soon();
            }
            return Some(());
        }
        if !dialog.open() {
            return None;
        }
        let step = match event.key().as_str() {
            "ArrowDown" => 1,
            "ArrowUp" => -1,
            "Enter" => 0,
            _ => return None,
        };
        let active = document.active_element()?;
        let choices = document.query_selector_all("#palette-found a, #palette-found button").ok()?;
        let choice = |at: u32| choices.item(at).and_then(|node| node.dyn_into::<HtmlElement>().ok());
        let here =
            (0..choices.length()).find(|at| choices.item(*at).is_some_and(|c| c.is_same_node(Some(&active))));
        match (here, step) {
            // In the field, Enter goes to the first thing found; elsewhere the browser does.
            (None, 0) => {
                event.prevent_default();
                choice(0)?.click();
            }
            (Some(_), 0) => return None,
            (None, 1) => {
                event.prevent_default();
                choice(0)?.focus().ok()?;
            }
            (None, _) => return None,
            (Some(0), -1) => {
                event.prevent_default();
                document.get_element_by_id("palette-words")?.dyn_into::<HtmlElement>().ok()?.focus().ok()?;
            }
            (Some(at), step) => {
                event.prevent_default();
                let next = if step > 0 { at + 1 } else { at - 1 };
                choice(next)?.focus().ok()?;
            }
        }
        Some(())
    }

    /// Asks once for everything that is typed within a moment.
    fn soon() {
        let Some(window) = web_sys::window() else { return };
        let number = ASKED.get().wrapping_add(1);
        ASKED.set(number);
        let then = Closure::once_into_js(move || {
            if ASKED.get() == number {
                wasm_bindgen_futures::spawn_local(async move {
                    let _ = ask(number).await;
                });
            }
        });
        let _ = window.set_timeout_with_callback_and_timeout_and_arguments_0(then.unchecked_ref(), PAUSE_MS);
    }

    async fn ask(number: u32) -> Option<()> {
        let window = web_sys::window()?;
        let document = window.document()?;
        let words: HtmlInputElement = document.get_element_by_id("palette-words")?.dyn_into().ok()?;
        let query = UrlSearchParams::new().ok()?;
        query.append("q", &words.value());
        let address = format!("/find?{}", query.to_string().as_string()?);
        let response = wasm_bindgen_futures::JsFuture::from(window.fetch_with_str(&address)).await.ok()?;
        let response: web_sys::Response = response.dyn_into().ok()?;
        if !response.ok() || response.redirected() {
            return None;
        }
        let text = wasm_bindgen_futures::JsFuture::from(response.text().ok()?).await.ok()?.as_string()?;
        if ASKED.get() != number {
            return None;
        }
        let fresh = DomParser::new().ok()?.parse_from_string(&text, SupportedType::TextHtml).ok()?;
        let found: Element = fresh.get_element_by_id("found")?;
        let place = document.get_element_by_id("palette-found")?;
        place.replace_children_with_node_0();
        while let Some(child) = found.first_child() {
            place.append_child(&child).ok()?;
        }
        Some(())
    }
}
