//! Copies words. A button marked `data-copy` puts what it says there on the clipboard and then says its
//! `data-copied` in the element behind it; it is shown only where that works, which the root element then says.

use leptos::prelude::*;

#[island]
pub fn Copy() -> impl IntoView {
    #[cfg(target_family = "wasm")]
    browser::listen();
    view! { <span class="hidden"></span> }
}

#[cfg(target_family = "wasm")]
mod browser {
    use wasm_bindgen::prelude::*;
    use web_sys::{Element, Event};

    /// Says on the root element that buttons work: the style shows them then.
    const WORKS: &str = "data-copies";

    pub fn listen() {
        let Some(window) = web_sys::window() else { return };
        let Some(document) = window.document() else { return };
        let Some(root) = document.document_element() else { return };
        // A page may have several of these; one listener serves all buttons.
        if !window.is_secure_context()
            || root.has_attribute(WORKS)
            || root.set_attribute(WORKS, "true").is_err()
        {
            return;
        }
        let on_click = Closure::<dyn FnMut(Event)>::new(|event: Event| {
            copy(&event);
        });
        let _ = document.add_event_listener_with_callback("click", on_click.as_ref().unchecked_ref());
        on_click.forget();
    }

    fn copy(event: &Event) -> Option<()> {
        let target = event.target()?.dyn_into::<Element>().ok()?;
        let button = target.closest("button[data-copy]").ok()??;
        let (words, done) = (button.get_attribute("data-copy")?, button.get_attribute("data-copied")?);
        let written = web_sys::window()?.navigator().clipboard().write_text(&words);
        wasm_bindgen_futures::spawn_local(async move {
            if wasm_bindgen_futures::JsFuture::from(written).await.is_ok()
                && let Some(said) = button.next_element_sibling()
            {
                said.set_text_content(Some(&done));
            }
        });
        Some(())
    }
}
