//! Copies words to the clipboard, with a button that is there only where that works.

use leptos::prelude::*;

/// `label` and `done` are said in the reader's language.
#[island]
pub fn Copy(words: String, label: String, done: String) -> impl IntoView {
    let (said, say) = signal(label);
    let (works, work) = signal(false);
    Effect::new(move |_| {
        #[cfg(target_family = "wasm")]
        work.set(web_sys::window().is_some_and(|window| window.is_secure_context()));
        #[cfg(not(target_family = "wasm"))]
        let _ = work;
    });
    let copy = move |_| {
        #[cfg(target_family = "wasm")]
        {
            let (words, done) = (words.clone(), done.clone());
            wasm_bindgen_futures::spawn_local(async move {
                let Some(window) = web_sys::window() else { return };
                let written = window.navigator().clipboard().write_text(&words);
                if wasm_bindgen_futures::JsFuture::from(written).await.is_ok() {
                    say.set(done);
                }
            });
        }
        #[cfg(not(target_family = "wasm"))]
        let _ = (&words, &done, say);
    };
    view! { <button type="button" class="btn small" hidden=move || !works.get() on:click=copy><span role="status">{said}</span></button> }
}
