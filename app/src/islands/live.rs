//! Keeps a page current. One connection tells that something changed; the page is then asked for
//! again and its parts marked `data-live` are replaced, each found by its id. Parts in which
//! somebody is typing are left alone.

use leptos::prelude::*;
use phrase::view;

/// `article` and `claim` say what the page is about, by id; empty strings mean that everything
/// matters. A page that does not follow what happens still hears what its reader is told of.
#[island]
pub fn Live(article: String, claim: String, follows: bool) -> impl IntoView {
    #[cfg(target_family = "wasm")]
    browser::listen(article, claim, follows);
    #[cfg(not(target_family = "wasm"))]
    let _ = (article, claim, follows);
    view! { <span id="live" class="live" role="status"></span> }
}

#[cfg(target_family = "wasm")]
mod browser {
    use std::cell::Cell;
    use wasm_bindgen::prelude::*;
    use web_sys::{DomParser, Element, EventSource, MessageEvent, SupportedType};

    const GATHER_MS: i32 = 250;

    thread_local! {
        static DUE: Cell<bool> = const { Cell::new(false) };
    }

    pub fn listen(article: String, claim: String, follows: bool) {
        let Ok(source) = EventSource::new("/live") else { return };
        let on_change = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            let said = event.data().as_string().unwrap_or_default();
            let everything = article.is_empty() && claim.is_empty();
            let concerns = |id: &str| !id.is_empty() && said.contains(id);
            // The policy says of every article whether it can run.
            let policy = said.contains("\"policy\":true");
            if follows && (everything || policy || concerns(&article) || concerns(&claim)) {
                soon();
            }
        });
        let _ = source.add_event_listener_with_callback("changed", on_change.as_ref().unchecked_ref());
        on_change.forget();
        let on_stale = Closure::<dyn FnMut(MessageEvent)>::new(|_: MessageEvent| soon());
        for name in ["stale", "told"] {
            let _ = source.add_event_listener_with_callback(name, on_stale.as_ref().unchecked_ref());
        }
        on_stale.forget();
        let on_open = Closure::<dyn FnMut(MessageEvent)>::new(|_: MessageEvent| {
            if let Some(root) =
                web_sys::window().and_then(|w| w.document()).and_then(|d| d.document_element())
            {
                // The first opening is the page's own; a later one may have missed changes.
                if root.has_attribute("data-live-open") {
                    soon();
                }
                let _ = root.set_attribute("data-live-open", "true");
            }
        });
        source.set_onopen(Some(on_open.as_ref().unchecked_ref()));
        on_open.forget();
        // The browser reconnects by itself; leaving the page closes the connection.
        std::mem::forget(source);
    }

    /// Refreshes once for everything that changes within a moment.
    fn soon() {
        if DUE.replace(true) {
            return;
        }
        let Some(window) = web_sys::window() else { return };
        let then = Closure::once_into_js(|| {
            DUE.set(false);
            wasm_bindgen_futures::spawn_local(async {
                let _ = refresh().await;
            });
        });
        let _ = window.set_timeout_with_callback_and_timeout_and_arguments_0(then.unchecked_ref(), GATHER_MS);
    }

    async fn refresh() -> Option<()> {
        let window = web_sys::window()?;
        let document = window.document()?;
        let address = window.location().href().ok()?;
        let address = address.split('#').next()?.to_owned();
        let response = wasm_bindgen_futures::JsFuture::from(window.fetch_with_str(&address)).await.ok()?;
        let response: web_sys::Response = response.dyn_into().ok()?;
        if !response.ok() || response.redirected() {
            return None;
        }
        let text = wasm_bindgen_futures::JsFuture::from(response.text().ok()?).await.ok()?.as_string()?;
        let fresh = DomParser::new().ok()?.parse_from_string(&text, SupportedType::TextHtml).ok()?;
        let parts = document.query_selector_all("[data-live]").ok()?;
        let mut changed = false;
        for at in 0..parts.length() {
            let Some(part) = parts.item(at).and_then(|node| node.dyn_into::<Element>().ok()) else {
                continue;
            };
            let Some(with) = fresh.get_element_by_id(&part.id()) else { continue };
            // What somebody has ticked in a list would be lost with it.
            let ticked = part.query_selector("[data-pick]:checked").ok().flatten().is_some();
            if ticked
                || part.is_equal_node(Some(&with))
                || part.contains(document.active_element().as_deref())
            {
                continue;
            }
            part.replace_with_with_node_1(&with).ok()?;
            changed = true;
        }
        if changed {
            if let Some(status) = document.get_element_by_id("live") {
                status.set_text_content(Some(&super::super::said("updated")));
            }
        }
        Some(())
    }
}
