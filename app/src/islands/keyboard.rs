//! Keys. Elements say their key in `data-key`: one character, or `g` and a character for going
//! somewhere. Letters do nothing while somebody types; Enter sends a form marked
//! `data-enter="send"` (Shift+Enter makes a new line), and `?` lists the keys.

use leptos::prelude::*;
use phrase::view;

#[island]
pub fn Keyboard() -> impl IntoView {
    #[cfg(target_family = "wasm")]
    browser::listen();
    view! {
        <dialog id="keys" class="keys" aria-labelledby="keys-title">
            <form method="dialog">
                <h2 id="keys-title">"Keys"</h2>
                <dl id="keys-list"></dl>
                <button class="btn" data-close="true">"Close"</button>
            </form>
        </dialog>
    }
}

#[cfg(target_family = "wasm")]
mod browser {
    use std::cell::Cell;
    use wasm_bindgen::prelude::*;
    use web_sys::{
        Document, Element, Event, HtmlDialogElement, HtmlElement, HtmlFormElement, HtmlInputElement,
        KeyboardEvent,
    };

    thread_local! {
        /// `g` was pressed and a place to go is awaited.
        static GOING: Cell<bool> = const { Cell::new(false) };
    }

    pub fn listen() {
        let Some(document) = document() else { return };
        let on_key = Closure::<dyn FnMut(KeyboardEvent)>::new(|event: KeyboardEvent| {
            pressed(&event);
        });
        let added = document.add_event_listener_with_callback("keydown", on_key.as_ref().unchecked_ref());
        if added.is_ok() {
            on_key.forget();
        }
        // The lists of choices send their form at once: choosing is enough.
        let on_change = Closure::<dyn FnMut(Event)>::new(|event: Event| {
            let Some(target) = event.target().and_then(|t| t.dyn_into::<Element>().ok()) else { return };
            if target.has_attribute("data-auto") {
                if let Ok(Some(form)) = target.closest("form") {
                    if let Ok(form) = form.dyn_into::<HtmlFormElement>() {
                        let _ = form.request_submit();
                    }
                }
            }
        });
        if document.add_event_listener_with_callback("change", on_change.as_ref().unchecked_ref()).is_ok() {
            on_change.forget();
        }
        if let Some(root) = document.document_element() {
            let _ = root.set_attribute("data-ready", "true");
        }
    }

    fn document() -> Option<Document> {
        web_sys::window()?.document()
    }

    fn pressed(event: &KeyboardEvent) -> Option<()> {
        let document = document()?;
        if event.is_composing() || event.alt_key() {
            return None;
        }
        let target = event.target()?.dyn_into::<Element>().ok();
        let key = event.key();
        let command = event.ctrl_key() || event.meta_key();
        if key == "Enter" {
            let field = target?;
            let form = field.closest("form[data-enter='send']").ok()??;
            let writes = is_writing(&field);
            let is_control = matches!(field.tag_name().as_str(), "BUTTON" | "A" | "SUMMARY" | "SELECT");
            if event.shift_key() || (is_control && !command) || (!writes && !is_rating(&field) && !command) {
                return None;
            }
            event.prevent_default();
            let form = form.dyn_into::<HtmlFormElement>().ok()?;
            let _ = form.request_submit();
            return Some(());
        }
        if command {
            return None;
        }
        if key == "Escape" {
            if let Some(active) = document.active_element().and_then(|a| a.dyn_into::<HtmlElement>().ok()) {
                let _ = active.blur();
            }
            GOING.set(false);
            return Some(());
        }
        if target.as_ref().is_some_and(is_writing) || document.query_selector("dialog[open]").ok()?.is_some()
        {
            return None;
        }
        if key == "?" {
            event.prevent_default();
            return show_keys(&document);
        }
        let wanted = if GOING.replace(false) { format!("g {key}") } else { key.to_lowercase() };
        if wanted == "g" {
            GOING.set(true);
            return None;
        }
        let acted = act(&document, &wanted);
        if acted.is_some() {
            event.prevent_default();
        }
        acted
    }

    fn is_rating(element: &Element) -> bool {
        element.get_attribute("type").as_deref() == Some("radio")
    }

    fn is_writing(element: &Element) -> bool {
        match element.tag_name().as_str() {
            "TEXTAREA" | "SELECT" => true,
            "INPUT" => !matches!(
                element.get_attribute("type").as_deref(),
                Some("radio" | "checkbox" | "submit" | "button")
            ),
            _ => element.has_attribute("contenteditable"),
        }
    }

    /// Does what the first visible element with this key is there for.
    fn act(document: &Document, key: &str) -> Option<()> {
        let all = document.query_selector_all("[data-key]").ok()?;
        for at in 0..all.length() {
            let Some(element) = all.item(at).and_then(|node| node.dyn_into::<HtmlElement>().ok()) else {
                continue;
            };
            if element.get_attribute("data-key").as_deref() != Some(key) {
                continue;
            }
            if let Some(input) = element.dyn_ref::<HtmlInputElement>() {
                if input.type_() == "radio" {
                    input.set_checked(true);
                    let event = Event::new("change").ok()?;
                    let _ = input.dispatch_event(&event);
                } else {
                    let _ = input.focus();
                }
            } else if element.tag_name() == "TEXTAREA" {
                let _ = element.focus();
            } else {
                element.click();
            }
            if let Some(next) = element.get_attribute("data-then") {
                if let Some(field) =
                    document.get_element_by_id(&next).and_then(|f| f.dyn_into::<HtmlElement>().ok())
                {
                    let mut around = field.closest("details").ok().flatten();
                    while let Some(details) = around {
                        let _ = details.set_attribute("open", "");
                        around = details
                            .parent_element()
                            .and_then(|parent| parent.closest("details").ok().flatten());
                    }
                    let _ = field.focus();
                    field.scroll_into_view_with_bool(false);
                }
            }
            return Some(());
        }
        None
    }

    /// Fills the list of keys from what the page has and opens it.
    fn show_keys(document: &Document) -> Option<()> {
        let list = document.get_element_by_id("keys-list")?;
        list.set_text_content(None);
        let all = document.query_selector_all("[data-key]").ok()?;
        let mut said: Vec<String> = Vec::new();
        for at in 0..all.length() {
            let Some(element) = all.item(at).and_then(|node| node.dyn_into::<Element>().ok()) else {
                continue;
            };
            let (Some(key), Some(label)) =
                (element.get_attribute("data-key"), element.get_attribute("data-says"))
            else {
                continue;
            };
            if said.contains(&key) {
                continue;
            }
            add(document, &list, &key, &label)?;
            said.push(key);
        }
        if document.query_selector("form[data-enter='send']").ok()?.is_some() {
            add(document, &list, "Enter", &super::super::said("enter"))?;
        }
        add(document, &list, "Esc", &super::super::said("leave"))?;
        add(document, &list, "?", &super::super::said("keys"))?;
        let dialog = document.get_element_by_id("keys")?.dyn_into::<HtmlDialogElement>().ok()?;
        let _ = dialog.show_modal();
        Some(())
    }

    fn add(document: &Document, list: &Element, key: &str, label: &str) -> Option<()> {
        let term = document.create_element("dt").ok()?;
        let kbd = document.create_element("kbd").ok()?;
        kbd.set_text_content(Some(&key.to_uppercase()));
        term.append_child(&kbd).ok()?;
        let meaning = document.create_element("dd").ok()?;
        meaning.set_text_content(Some(label));
        list.append_child(&term).ok()?;
        list.append_child(&meaning).ok()?;
        Some(())
    }
}
