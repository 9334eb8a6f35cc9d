//! Which scenarios have been played in this browser: how far one is on the learning path.

use std::cell::RefCell;

use editor::EditorState;
use editor::state::Origin;

use super::local_storage;
use crate::store::{Interest, StoreHandle, Subscription};

const KEY: &str = "played";

/// The scenarios that have been played here.
#[must_use]
pub fn played() -> Vec<String> {
    let kept = local_storage::read(KEY).unwrap_or_default();
    kept.split_whitespace().map(str::to_owned).collect()
}

/// The scenario at work. One that is only looked at is not played.
fn at_work(state: &EditorState) -> Option<&str> {
    match &state.origin {
        Origin::Gallery(name) if state.playback.transport.playing => Some(name),
        _ => None,
    }
}

/// Keeps what is played, until it is dropped.
#[must_use]
pub fn remember(store: &StoreHandle) -> Subscription {
    let last = RefCell::new(String::new());
    store.subscribe(Interest::Page, move |state| {
        let Some(name) = at_work(state).filter(|name| *name != last.borrow().as_str()) else { return };
        name.clone_into(&mut last.borrow_mut());
        let mut all = played();
        if !all.iter().any(|played| played == name) {
            all.push(name.to_owned());
            local_storage::write(KEY, &all.join(" "));
        }
    })
}
