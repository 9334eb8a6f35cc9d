//! One timer for the nearest deadline of a queue.

use kernel::SimTime;

use super::queue::QueueTimer;
use crate::context::Context;

/// The timers that are set, nearest last.
///
/// A timer is set only when none is set before its time. Nothing is due before the nearest one, so a request needs a
/// single comparison to know that there is nothing to catch up with.
#[derive(Clone, Debug, Default)]
pub(super) struct Alarm {
    set: Vec<SimTime>,
}

impl Alarm {
    /// Makes sure that the queue wakes at `at` or before.
    #[inline]
    pub(super) fn wake_by(&mut self, at: SimTime, cx: &mut Context<'_>) {
        if self.set.last().is_none_or(|nearest| at < *nearest) {
            self.set.push(at);
            cx.schedule_at(at, QueueTimer);
        }
    }

    /// Something may be due.
    #[inline]
    pub(super) fn is_due(&self, now: SimTime) -> bool {
        self.set.last().is_some_and(|nearest| *nearest <= now)
    }

    /// The nearest timer went off.
    pub(super) fn went_off(&mut self) {
        self.set.pop();
    }
}
