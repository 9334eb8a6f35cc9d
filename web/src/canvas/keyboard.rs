//! Keys, for the whole page.

use editor::Action;
use editor::keymap::{KeyInput, command_of};
use gloo_events::{EventListener, EventListenerOptions};
use wasm_bindgen::JsCast;
use web_sys::{Element, KeyboardEvent};

use crate::browser;
use crate::store::StoreHandle;

/// Listens until it is dropped.
#[must_use]
pub fn listen(store: StoreHandle) -> Option<EventListener> {
    let document = browser::document()?;
    let options = EventListenerOptions::enable_prevent_default();
    Some(EventListener::new_with_options(&document, "keydown", options, move |event| {
        if let Some(event) = event.dyn_ref::<KeyboardEvent>() {
            pressed(&store, event);
        }
    }))
}

fn pressed(store: &StoreHandle, event: &KeyboardEvent) {
    let active = browser::document().and_then(|document| document.active_element());
    // A dialog has its keys to itself.
    let in_dialog = browser::document()
        .and_then(|document| document.query_selector("dialog[open]").ok().flatten())
        .is_some();
    if event.default_prevented() || event.is_composing() || in_dialog || is_for(active.as_ref(), &event.key())
    {
        return;
    }
    let on_canvas = active.as_ref().is_none_or(|at| at.tag_name() == "BODY" || is_in(at, ".canvas"));
    let input = KeyInput {
        key: event.key(),
        control: event.ctrl_key() || event.meta_key(),
        shift: event.shift_key(),
        alt: event.alt_key(),
        in_text: browser::is_typing(),
        on_canvas,
    };
    if command_of(&input, store.read(|state| state.panels.single_keys)).is_some() {
        event.prevent_default();
        store.dispatch(Action::Key(input));
    }
}

/// The control with the focus has a use of its own for the key.
fn is_for(active: Option<&Element>, key: &str) -> bool {
    let Some(active) = active else { return false };
    let role = active.get_attribute("role").unwrap_or_default();
    let tag = active.tag_name();
    match key {
        " " | "Enter" => {
            matches!(tag.as_str(), "BUTTON" | "A" | "SUMMARY") || role == "option" || role == "treeitem"
        }
        "Home" | "End" | "PageUp" | "PageDown" | "ArrowLeft" | "ArrowRight" | "ArrowUp" | "ArrowDown" => {
            matches!(role.as_str(), "slider" | "tab" | "listbox" | "treeitem" | "option")
                || active.get_attribute("type").as_deref() == Some("range")
        }
        _ => false,
    }
}

fn is_in(element: &Element, selector: &str) -> bool {
    element.closest(selector).ok().flatten().is_some()
}
