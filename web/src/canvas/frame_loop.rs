//! Once for every picture the browser shows: time goes on, and the painter paints.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use editor::Action;
use gloo_render::{AnimationFrame, request_animation_frame};
use kernel::SimDuration;

use crate::browser::{self, marks};
use crate::store::StoreHandle;

/// After a pause of the page, no more real time than this goes by at once, milliseconds.
const LONGEST_FRAME_MS: f64 = 100.0;

/// Runs until it is dropped.
pub struct FrameLoop(Rc<Inner>);

struct Inner {
    store: StoreHandle,
    next: RefCell<Option<AnimationFrame>>,
    last_ms: Cell<Option<f64>>,
    /// A moving message was drawn in the frame before.
    drew_message: Cell<bool>,
    running: Cell<bool>,
}

impl FrameLoop {
    /// Starts with the next picture.
    #[must_use]
    pub fn start(store: StoreHandle) -> Self {
        let inner = Rc::new(Inner {
            store,
            next: RefCell::default(),
            last_ms: Cell::new(None),
            drew_message: Cell::new(false),
            running: Cell::new(true),
        });
        request(&inner);
        Self(inner)
    }
}

impl Drop for FrameLoop {
    fn drop(&mut self) {
        self.0.running.set(false);
        self.0.next.borrow_mut().take();
    }
}

fn request(inner: &Rc<Inner>) {
    let again = inner.clone();
    let next = request_animation_frame(move |now_ms| {
        if again.running.get() {
            again.frame(now_ms);
            request(&again);
        }
    });
    *inner.next.borrow_mut() = Some(next);
}

impl Inner {
    fn frame(&self, now_ms: f64) {
        let elapsed_ms =
            (now_ms - self.last_ms.replace(Some(now_ms)).unwrap_or(now_ms)).clamp(0.0, LONGEST_FRAME_MS);
        let elapsed = SimDuration::from_micros((elapsed_ms * 1_000.0) as u64);
        self.store.dispatch(Action::AnimationFrame { elapsed });
        if self.drew_message.get() {
            marks::mark(marks::Moment::FirstMessage);
        }
        let (now, viewport) =
            self.store.read(|state| (state.playback.presentation_seconds(), state.viewport));
        let ratio = browser::window().map_or(1.0, |window| window.device_pixel_ratio());
        let stats = self.store.flow().paint(now, &viewport, ratio);
        self.drew_message.set(stats.marks > 0 || stats.bands > 0);
    }
}
