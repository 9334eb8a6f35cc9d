//! The address bar: the part after `#` holds the whole scenario.

use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// The address of this binary's own JavaScript.
    #[wasm_bindgen(thread_local_v2, js_namespace = ["import", "meta"], js_name = url)]
    static SCRIPT: String;
}

/// What stands after the `#`, without it.
#[must_use]
pub fn fragment() -> String {
    let hash = super::window().and_then(|window| window.location().hash().ok()).unwrap_or_default();
    hash.strip_prefix('#').unwrap_or(&hash).to_owned()
}

/// The address of this binary's own JavaScript, in the page and in the worker.
#[must_use]
pub fn script() -> String {
    SCRIPT.with(String::clone)
}

/// The value of a query parameter.
#[must_use]
pub fn query(name: &str) -> Option<String> {
    let search = super::window()?.location().search().ok()?;
    web_sys::UrlSearchParams::new_with_str(&search).ok()?.get(name)
}

/// The address of the folder this page stands in, with its `/`.
#[must_use]
pub fn folder() -> String {
    let address = address();
    let path = address.split('?').next().unwrap_or_default();
    path.rsplit_once('/').map_or_else(String::new, |(folder, _)| format!("{folder}/"))
}

/// Replaces the fragment without a new entry in the history and without a `hashchange` event.
pub fn replace_fragment(fragment: &str) {
    let Some(window) = super::window() else { return };
    let location = window.location();
    let path = location.pathname().unwrap_or_default() + &location.search().unwrap_or_default();
    let address = if fragment.is_empty() { path } else { format!("{path}#{fragment}") };
    if let Ok(history) = window.history() {
        let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(&address));
    }
}

/// The address of this page without its fragment.
#[must_use]
pub fn address() -> String {
    let href = super::window().and_then(|window| window.location().href().ok()).unwrap_or_default();
    href.split('#').next().unwrap_or_default().to_owned()
}
