//! The few things the page asks of the browser, one file each. Every one of them may fail and says so.

pub mod clipboard;
pub mod download;
pub mod drafts;
pub mod entropy;
pub mod failure;
pub mod learning;
pub mod local_storage;
pub mod location;
pub mod marks;
pub mod panel_memory;
pub mod picture;
pub mod rest;
pub mod theme;

use wasm_bindgen::JsCast;
use web_sys::{Document, HtmlElement, HtmlInputElement, Window};

/// The window; none inside a worker.
#[must_use]
pub fn window() -> Option<Window> {
    web_sys::window()
}

/// The document; none inside a worker.
#[must_use]
pub fn document() -> Option<Document> {
    window()?.document()
}

/// Milliseconds since the page was opened, of a clock that never goes back.
#[must_use]
pub fn now_ms() -> f64 {
    window().and_then(|window| window.performance()).map_or(0.0, |performance| performance.now())
}

/// Whether a media query holds.
#[must_use]
pub fn media_matches(query: &str) -> bool {
    window().and_then(|window| window.match_media(query).ok().flatten()).is_some_and(|list| list.matches())
}

/// Whether the visitor asks for less motion.
#[must_use]
pub fn prefers_reduced_motion() -> bool {
    media_matches("(prefers-reduced-motion: reduce)")
}

/// Moves the focus to the first element that a selector finds.
pub fn focus_first(selector: &str) -> bool {
    let found = document().and_then(|document| document.query_selector(selector).ok().flatten());
    let Some(element) = found.and_then(|element| element.dyn_into::<HtmlElement>().ok()) else {
        return false;
    };
    element.focus().is_ok()
}

/// The first element of a kind that a selector finds.
#[must_use]
pub fn find<T: JsCast>(selector: &str) -> Option<T> {
    document()?.query_selector(selector).ok().flatten()?.dyn_into().ok()
}

/// Selects all of the text in a field.
pub fn select_all(selector: &str) -> bool {
    let found = document().and_then(|document| document.query_selector(selector).ok().flatten());
    match found.map(|element| element.dyn_into::<HtmlInputElement>()) {
        Some(Ok(input)) => {
            input.select();
            true
        }
        Some(Err(_)) => true,
        None => false,
    }
}

/// Brings the first element that a selector finds into view.
pub fn scroll_to(selector: &str) {
    let found = document().and_then(|document| document.query_selector(selector).ok().flatten());
    if let Some(element) = found {
        // Only as far as needed: the list shall not jump under the pointer.
        let options = web_sys::ScrollIntoViewOptions::new();
        options.set_block(web_sys::ScrollLogicalPosition::Nearest);
        element.scroll_into_view_with_scroll_into_view_options(&options);
    }
}

/// Whether the element with the focus takes text, so that single letters are not commands.
#[must_use]
pub fn is_typing() -> bool {
    let active = document().and_then(|document| document.active_element());
    active.is_some_and(|element| match element.tag_name().as_str() {
        "TEXTAREA" | "SELECT" => true,
        "INPUT" => !matches!(
            element.get_attribute("type").as_deref(),
            Some("range" | "checkbox" | "radio" | "button" | "file")
        ),
        _ => element.has_attribute("contenteditable"),
    })
}
