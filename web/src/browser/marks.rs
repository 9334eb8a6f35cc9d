//! `performance.mark`s that benchmarks of the page wait for.

use std::cell::Cell;

thread_local! {
    static SET: Cell<u8> = const { Cell::new(0) };
}

/// A moment worth measuring.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// The editor answers input.
    AppReady,
    /// The frame after the first moving message was drawn.
    FirstMessage,
}

/// Marks a moment, the first time it comes.
pub fn mark(moment: Moment) {
    let (bit, name) = match moment {
        Moment::AppReady => (1, "app-ready"),
        Moment::FirstMessage => (2, "first-message"),
    };
    let before = SET.get();
    if before & bit != 0 {
        return;
    }
    SET.set(before | bit);
    if let Some(performance) = super::window().and_then(|window| window.performance()) {
        let _ = performance.mark(name);
    }
}
