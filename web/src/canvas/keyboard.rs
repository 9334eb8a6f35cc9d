//! Keys, for the whole page.

use editor::Action;
use editor::keymap::{KeyInput, command_of};
use gloo_events::{EventListener, EventListenerOptions};
use messaging::LogicalId;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, KeyboardEvent};

use super::node::node_selector;
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
    if event.key() == "Tab"
        && !event.alt_key()
        && active.as_ref().is_some_and(|at| tab(store, at, event.shift_key()))
    {
        event.prevent_default();
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

/// From a node Tab goes to the links that leave it, then to the next node; after the last one it leaves the canvas.
fn tab(store: &StoreHandle, active: &Element, back: bool) -> bool {
    let Some(node) = active.closest(".canvas [data-node]").ok().flatten() else { return false };
    let Ok(stops) = node.query_selector_all("button") else { return false };
    let stops: Vec<HtmlElement> =
        (0..stops.length()).filter_map(|place| stops.item(place)?.dyn_into::<HtmlElement>().ok()).collect();
    let here = stops.iter().position(|stop| **stop == *active);
    let next = match (here, back) {
        (None, false) => stops.first().cloned(),
        (Some(place), false) => stops.get(place + 1).cloned(),
        (None, true) => None,
        (Some(0), true) => node.clone().dyn_into().ok(),
        (Some(place), true) => stops.get(place - 1).cloned(),
    };
    if let Some(next) = next {
        return next.focus().is_ok();
    }
    let id = LogicalId::from(node.get_attribute("data-node").unwrap_or_default().as_str());
    let next = store.read(|state| {
        let place = state.scenario.resources.get_index_of(&id)?;
        let next = if back { place.checked_sub(1)? } else { place + 1 };
        state.scenario.resources.get_index(next).map(|(id, _)| id.clone())
    });
    let Some(next) = next else { return false };
    store.dispatch(Action::Reveal(next.clone()));
    browser::focus_first(&node_selector(&next))
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
