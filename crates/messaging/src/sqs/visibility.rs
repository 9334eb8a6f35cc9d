//! When hidden messages become visible (SQS-60, SQS-92).

use kernel::{DeadlineQueue, SimTime};

use super::store::Store;

/// Deadlines of messages in one state: in flight, or delayed.
///
/// A deadline that was called off stays until its time comes or too many of them wait.
#[derive(Clone, Debug, Default)]
pub(super) struct Deadlines {
    queue: DeadlineQueue<Wake>,
}

#[derive(Clone, Copy, Debug)]
struct Wake {
    slot: u32,
    deadline: u32,
}

/// Called-off deadlines that may wait beside as many live ones before they are swept. Ours.
const SWEEP_FROM: u64 = 64;

impl Wake {
    #[inline]
    fn is_live(self, store: &Store) -> bool {
        store.get(self.slot).deadline == self.deadline
    }
}

impl Deadlines {
    /// The message at `slot` becomes visible at `at`; a deadline set before is called off. `live` messages have one.
    #[inline]
    pub(super) fn set(&mut self, at: SimTime, slot: u32, live: u64, store: &mut Store) {
        let stored = store.get_mut(slot);
        stored.deadline = stored.deadline.wrapping_add(1);
        let wake = Wake { slot, deadline: stored.deadline };
        self.trim(store);
        if self.queue.len() as u64 > 2 * live + SWEEP_FROM {
            self.queue.retain(|wake| wake.is_live(store));
        }
        self.queue.push(at, wake);
    }

    /// The nearest deadline that still matters.
    pub(super) fn next(&mut self, store: &Store) -> Option<SimTime> {
        self.trim(store);
        self.queue.next_deadline()
    }

    /// The next message whose deadline is `now` or past.
    pub(super) fn pop_due(&mut self, now: SimTime, store: &Store) -> Option<u32> {
        while let Some(wake) = self.queue.pop_due(now) {
            if wake.is_live(store) {
                return Some(wake.slot);
            }
        }
        None
    }

    /// Forgets all deadlines.
    pub(super) fn clear(&mut self) {
        self.queue.clear();
    }

    #[inline]
    fn trim(&mut self, store: &Store) {
        while let Some((_, wake)) = self.queue.peek() {
            if wake.is_live(store) {
                return;
            }
            self.queue.pop();
        }
    }
}
