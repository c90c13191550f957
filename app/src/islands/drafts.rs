//! Keeps what is typed. A form marked `data-draft="name"` is sent to the desk a moment after the
//! last key, and at once when the page is left, so that nothing typed is lost.

use leptos::prelude::*;
use phrase::view;

#[island]
pub fn Drafts() -> impl IntoView {
    #[cfg(target_family = "wasm")]
    browser::listen();
    view! { <span class="hidden"></span> }
}

#[cfg(target_family = "wasm")]
mod browser {
    use std::cell::RefCell;
    use wasm_bindgen::prelude::*;
    use web_sys::{Element, Event, FormData, HtmlFormElement, RequestInit, UrlSearchParams};

    const QUIET_MS: i32 = 700;

    thread_local! {
        /// The form that was typed in, and the timer that will keep it.
        static PENDING: RefCell<Option<(HtmlFormElement, i32)>> = const { RefCell::new(None) };
    }

    pub fn listen() {
        let Some(window) = web_sys::window() else { return };
        let Some(document) = window.document() else { return };
        let on_input = Closure::<dyn FnMut(Event)>::new(|event: Event| {
            let form = event
                .target()
                .and_then(|target| target.dyn_into::<Element>().ok())
                .and_then(|field| field.closest("form[data-draft]").ok().flatten())
                .and_then(|form| form.dyn_into::<HtmlFormElement>().ok());
            if let Some(form) = form {
                later(form);
            }
        });
        for name in ["input", "change"] {
            let _ = document.add_event_listener_with_callback(name, on_input.as_ref().unchecked_ref());
        }
        on_input.forget();

        let on_submit = Closure::<dyn FnMut(Event)>::new(|event: Event| {
            // What is sent needs no keeping: the server keeps it where it refuses it.
            let of_form = event.target().and_then(|target| target.dyn_into::<HtmlFormElement>().ok());
            PENDING.with_borrow_mut(|pending| {
                if let (Some((form, timer)), Some(sent)) = (pending.as_ref(), of_form) {
                    if *form == sent {
                        if let Some(window) = web_sys::window() {
                            window.clear_timeout_with_handle(*timer);
                        }
                        *pending = None;
                    }
                }
            });
        });
        let _ = document.add_event_listener_with_callback("submit", on_submit.as_ref().unchecked_ref());
        on_submit.forget();

        let on_leave = Closure::<dyn FnMut(Event)>::new(|_: Event| {
            if let Some((form, timer)) = PENDING.take() {
                if let Some(window) = web_sys::window() {
                    window.clear_timeout_with_handle(timer);
                }
                keep(&form);
            }
        });
        let _ = window.add_event_listener_with_callback("pagehide", on_leave.as_ref().unchecked_ref());
        on_leave.forget();
    }

    fn later(form: HtmlFormElement) {
        let Some(window) = web_sys::window() else { return };
        PENDING.with_borrow_mut(|pending| {
            if let Some((before, timer)) = pending.take() {
                window.clear_timeout_with_handle(timer);
                if before != form {
                    keep(&before);
                }
            }
            let again = Closure::once_into_js(|| {
                if let Some((form, _)) = PENDING.take() {
                    keep(&form);
                }
            });
            let timer = window
                .set_timeout_with_callback_and_timeout_and_arguments_0(again.unchecked_ref(), QUIET_MS)
                .unwrap_or_default();
            *pending = Some((form, timer));
        });
    }

    /// Sends the form's fields to be kept; `keepalive` lets it finish while the page goes away.
    fn keep(form: &HtmlFormElement) -> Option<()> {
        let name = form.get_attribute("data-draft")?;
        let data = FormData::new_with_form(form).ok()?;
        let fields = js_sys::Object::new();
        for entry in data.entries().into_iter().flatten() {
            let pair = js_sys::Array::from(&entry);
            if pair.get(1).is_string() {
                js_sys::Reflect::set(&fields, &pair.get(0), &pair.get(1)).ok()?;
            }
        }
        let body = UrlSearchParams::new().ok()?;
        body.append("form", &name);
        body.append("fields", &String::from(js_sys::JSON::stringify(&fields).ok()?));
        let init = RequestInit::new();
        init.set_method("POST");
        // Browsers refuse long bodies with `keepalive`.
        let body = String::from(body.to_string());
        js_sys::Reflect::set(&init, &"keepalive".into(), &JsValue::from_bool(body.len() < 60_000)).ok()?;
        let headers = web_sys::Headers::new().ok()?;
        headers.set("content-type", "application/x-www-form-urlencoded").ok()?;
        headers.set("accept", "application/json").ok()?;
        init.set_headers(&headers);
        init.set_body(&JsValue::from_str(&body));
        let sent = web_sys::window()?.fetch_with_str_and_init("/actions/drafts/keep", &init);
        let form = form.clone();
        wasm_bindgen_futures::spawn_local(async move {
            let kept = wasm_bindgen_futures::JsFuture::from(sent)
                .await
                .ok()
                .and_then(|response| response.dyn_into::<web_sys::Response>().ok())
                .is_some_and(|response| response.ok());
            if let Ok(Some(said)) = form.query_selector("[data-draft-state]") {
                let words = super::super::said(if kept { "kept" } else { "not-kept" });
                said.set_text_content(Some(&words));
            }
        });
        Some(())
    }
}
