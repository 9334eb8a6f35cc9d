//! Whether the player is seen: what is off the screen does nothing.

use editor::Action;
use js_sys::Array;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{IntersectionObserver, IntersectionObserverEntry};

use super::{Autoplay, play_by_itself};
use crate::browser;
use crate::store::StoreHandle;

/// Watches until it is dropped.
pub(super) struct Sight {
    observer: Option<IntersectionObserver>,
    _callback: Closure<dyn FnMut(Array)>,
}

impl Drop for Sight {
    fn drop(&mut self) {
        if let Some(observer) = &self.observer {
            observer.disconnect();
        }
    }
}

/// Holds the player while it is not seen, and lets it begin when it first is.
pub(super) fn watch(store: &StoreHandle, autoplay: Autoplay) -> Sight {
    let (seen, store) = (store.clone(), store.clone());
    let mut waiting = autoplay == Autoplay::InView;
    let callback = Closure::new(move |entries: Array| {
        let Some(entry) = entries.pop().dyn_into::<IntersectionObserverEntry>().ok() else { return };
        let visible = entry.is_intersecting();
        seen.dispatch(Action::SetHidden(!visible));
        if visible && std::mem::take(&mut waiting) {
            play_by_itself(&store);
        }
    });
    let observer = IntersectionObserver::new(callback.as_ref().unchecked_ref()).ok();
    let root = browser::document().and_then(|document| document.document_element());
    if let (Some(observer), Some(root)) = (&observer, root) {
        observer.observe(&root);
    }
    Sight { observer, _callback: callback }
}
