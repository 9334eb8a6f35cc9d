//! Copy, cut and paste by the browser's own keys: these get the clipboard without asking anybody.

use std::cell::Cell;
use std::rc::Rc;

use editor::clipboard::copied_text;
use editor::panels::Screen;
use editor::{Action, Command, Point};
use gloo_events::{EventListener, EventListenerOptions};
use wasm_bindgen::JsCast;
use web_sys::{ClipboardEvent, Element, PointerEvent};

use crate::browser;
use crate::store::StoreHandle;

/// Listens until it is dropped.
#[must_use]
pub fn listen(store: &StoreHandle) -> Vec<EventListener> {
    let Some(document) = browser::document() else { return Vec::new() };
    let options = EventListenerOptions::enable_prevent_default();
    let pointer = Rc::new(Cell::new((-1.0, -1.0)));
    let seen = pointer.clone();
    let moved = EventListener::new(&document, "pointermove", move |event| {
        if let Some(event) = event.dyn_ref::<PointerEvent>() {
            seen.set((f64::from(event.client_x()), f64::from(event.client_y())));
        }
    });
    let copy = |name: &'static str, cut: bool| {
        let store = store.clone();
        EventListener::new_with_options(&document, name, options, move |event| {
            let Some(event) = event.dyn_ref::<ClipboardEvent>().filter(|_| is_ours(&store)) else { return };
            let Some(text) = store.read(copied_text) else { return };
            let done = event.clipboard_data().is_some_and(|data| data.set_data("text/plain", &text).is_ok());
            if done {
                event.prevent_default();
                store.dispatch(if cut { Action::Command(Command::Delete) } else { Action::CopiedByKey });
            }
        })
    };
    let (copied, cut) = (copy("copy", false), copy("cut", true));
    let paste = {
        let store = store.clone();
        EventListener::new_with_options(&document, "paste", options, move |event| {
            let Some(event) = event.dyn_ref::<ClipboardEvent>().filter(|_| is_ours(&store)) else { return };
            let text = event.clipboard_data().and_then(|data| data.get_data("text/plain").ok());
            if let Some(text) = text.filter(|text| !text.trim().is_empty()) {
                event.prevent_default();
                store.dispatch(Action::Paste { text, at: on_canvas(pointer.get()) });
            }
        })
    };
    vec![moved, copied, cut, paste]
}

/// Fields and dialogs have the clipboard to themselves, and so has text that was selected to be copied.
fn is_ours(store: &StoreHandle) -> bool {
    let document = browser::document();
    let in_dialog = document
        .as_ref()
        .is_some_and(|document| document.query_selector("dialog[open]").is_ok_and(|open| open.is_some()));
    let selected = browser::window().and_then(|window| window.get_selection().ok().flatten());
    let has_text = selected.is_some_and(|text| !text.is_collapsed());
    let editing = store.read(|state| state.panels.screen == Screen::Editor);
    editing && !in_dialog && !has_text && !browser::is_typing()
}

/// Where the pointer is on the canvas, if it is there.
fn on_canvas((x, y): (f64, f64)) -> Option<Point> {
    let under: Element = browser::document()?.element_from_point(x as f32, y as f32)?;
    let canvas = under.closest(".canvas").ok().flatten()?;
    let rect = canvas.get_bounding_client_rect();
    Some(Point::new(x - rect.left(), y - rect.top()))
}
