//! How wide the panels are and which are folded away, kept in this browser. Narrow pages fold and size them by
//! themselves: there nothing is kept.

use std::cell::Cell;

use editor::panels::Panel;
use editor::{Action, EditorState};
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use super::local_storage;
use crate::store::{Interest, StoreHandle, Subscription};

/// The narrowest page that has all three panels beside the diagram.
const ROOMY: &str = "(min-width: 1280px)";
const FOLDED: &str = "folded";
const PANELS: [(Panel, &str); 3] =
    [(Panel::Palette, "palette"), (Panel::Inspector, "inspector"), (Panel::Dock, "dock")];

fn is_open(state: &EditorState, panel: Panel) -> bool {
    match panel {
        Panel::Palette => state.panels.palette_open,
        Panel::Inspector => state.panels.inspector_open,
        Panel::Dock => state.panels.dock_open,
    }
}

fn folded(state: &EditorState) -> [bool; 3] {
    PANELS.map(|(panel, _)| !is_open(state, panel))
}

/// Folds and sizes the panels as they were left.
pub fn restore(store: &StoreHandle) {
    if !super::media_matches(ROOMY) {
        return;
    }
    let kept = local_storage::read(FOLDED).unwrap_or_default();
    for (panel, name) in PANELS {
        if kept.split(' ').any(|folded| folded == name) {
            store.dispatch(Action::TogglePanel(panel));
        }
    }
    for property in PROPERTIES {
        if let Some(pixels) = local_storage::read(property).and_then(|kept| kept.parse().ok()) {
            set_size(property, pixels);
        }
    }
}

/// Keeps which panels are folded, until it is dropped.
#[must_use]
pub fn remember(store: &StoreHandle) -> Subscription {
    let last = Cell::new(store.read(folded));
    store.subscribe(Interest::Page, move |state| {
        let now = folded(state);
        if last.replace(now) != now && super::media_matches(ROOMY) {
            let names = PANELS.iter().zip(now).filter(|(_, folded)| *folded).map(|((_, name), _)| *name);
            local_storage::write(FOLDED, &names.collect::<Vec<_>>().join(" "));
        }
    })
}

/// The custom properties of the stylesheet that say how large the panels are.
const PROPERTIES: [&str; 4] = ["--w-palette", "--w-inspector", "--w-policy", "--h-dock-own"];

/// Makes a panel so large, CSS px.
pub fn set_size(property: &str, pixels: f64) {
    let root = super::document().and_then(|document| document.document_element());
    if let Some(root) = root.and_then(|root| root.dyn_into::<HtmlElement>().ok()) {
        let _ = root.style().set_property(property, &format!("{pixels:.0}px"));
    }
}

/// Keeps a size.
pub fn keep_size(property: &str, pixels: f64) {
    local_storage::write(property, &format!("{pixels:.0}"));
}
