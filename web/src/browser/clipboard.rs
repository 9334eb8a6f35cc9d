//! Copying text, and reading it.

use wasm_bindgen::JsValue;
use wasm_bindgen_futures::{JsFuture, spawn_local};

/// Puts text on the clipboard and says afterwards whether that worked.
pub fn copy(text: &str, done: impl FnOnce(Result<(), JsValue>) + 'static) {
    let Some(window) = super::window() else { return };
    let promise = window.navigator().clipboard().write_text(text);
    spawn_local(async move { done(JsFuture::from(promise).await.map(|_| ())) });
}

/// Asks for the text of the clipboard: the browser may ask the person, or refuse.
pub fn read(done: impl FnOnce(Option<String>) + 'static) {
    let Some(window) = super::window() else { return };
    let promise = window.navigator().clipboard().read_text();
    spawn_local(async move {
        done(JsFuture::from(promise).await.ok().and_then(|text| text.as_string()));
    });
}
