//! Takes words from the article. A button marked `data-fill="id"` puts what is selected in the
//! article's text into the field with that id; it is there only where this runs, and can be pressed
//! once something is selected.

use leptos::prelude::*;
use phrase::view;

#[island]
pub fn Selection() -> impl IntoView {
    #[cfg(target_family = "wasm")]
    browser::listen();
    view! { <span class="hidden"></span> }
}

#[cfg(target_family = "wasm")]
mod browser {
    use std::cell::RefCell;
    use wasm_bindgen::prelude::*;
    use web_sys::{Document, Element, Event, EventInit, HtmlButtonElement, HtmlTextAreaElement};

    thread_local! {
        /// What was selected last in the article: the selection itself may be gone by the time the
        /// button is pressed.
        static SELECTED: RefCell<String> = const { RefCell::new(String::new()) };
    }

    pub fn listen() {
        let Some(document) = document() else { return };
        for button in buttons(&document) {
            button.set_hidden(false);
            button.set_disabled(true);
        }
        let on_select = Closure::<dyn FnMut(Event)>::new(|_: Event| {
            remember();
        });
        let on_click = Closure::<dyn FnMut(Event)>::new(|event: Event| {
            fill(&event);
        });
        for (name, heard) in [("selectionchange", &on_select), ("click", &on_click)] {
            let _ = document.add_event_listener_with_callback(name, heard.as_ref().unchecked_ref());
        }
        on_select.forget();
        on_click.forget();
    }

    fn document() -> Option<Document> {
        web_sys::window()?.document()
    }

    fn buttons(document: &Document) -> Vec<HtmlButtonElement> {
        let Ok(all) = document.query_selector_all("button[data-fill]") else { return Vec::new() };
        (0..all.length()).filter_map(|at| all.item(at)?.dyn_into().ok()).collect()
    }

    fn remember() -> Option<()> {
        let document = document()?;
        let selection = document.get_selection().ok()??;
        let within = |node: Option<web_sys::Node>| {
            let element = node.and_then(|node| match node.dyn_into::<Element>() {
                Ok(element) => Some(element),
                Err(text) => text.parent_element(),
            });
            element.is_some_and(|element| element.closest("article.read").ok().flatten().is_some())
        };
        let words = String::from(selection.to_string());
        if words.trim().is_empty() || !within(selection.anchor_node()) || !within(selection.focus_node()) {
            return None;
        }
        SELECTED.set(words);
        for button in buttons(&document) {
            button.set_disabled(false);
        }
        Some(())
    }

    fn fill(event: &Event) -> Option<()> {
        let target = event.target()?.dyn_into::<Element>().ok()?;
        let button = target.closest("button[data-fill]").ok()??;
        let field = document()?.get_element_by_id(&button.get_attribute("data-fill")?)?;
        let field = field.dyn_into::<HtmlTextAreaElement>().ok()?;
        field.set_value(SELECTED.with_borrow(|words| words.trim().to_owned()).as_str());
        // As if it had been typed, so that the draft is kept.
        let bubbles = EventInit::new();
        bubbles.set_bubbles(true);
        let _ = field.dispatch_event(&Event::new_with_event_init_dict("input", &bubbles).ok()?);
        let _ = field.focus();
        Some(())
    }
}
