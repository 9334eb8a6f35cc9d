//! Signs of trouble, counted over the last minute or so, for what a node shows of itself.

use kernel::SimTime;

/// Half of the span that is looked back on, in seconds. Ours.
const HALF_SECONDS: u64 = 30;

/// A count over the last 30 to 60 seconds.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Recently {
    half: u64,
    current: u64,
    previous: u64,
}

impl Recently {
    pub(super) fn add(&mut self, now: SimTime, amount: u64) {
        let half = now.whole_second() / HALF_SECONDS;
        if half != self.half {
            self.previous = if half == self.half + 1 { self.current } else { 0 };
            self.current = 0;
            self.half = half;
        }
        self.current += amount;
    }

    pub(super) fn count(&self, now: SimTime) -> u64 {
        match (now.whole_second() / HALF_SECONDS).wrapping_sub(self.half) {
            0 => self.current + self.previous,
            1 => self.current,
            _ => 0,
        }
    }
}

/// What may be wrong with a queue or with those that use it.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Trouble {
    /// Deletes that came after the visibility timeout (SQS-51, SQS-52).
    pub(super) late_deletes: Recently,
    /// Messages received again.
    pub(super) redelivered: Recently,
    /// Messages that arrived by a redrive policy.
    pub(super) moved_in: Recently,
    /// Receives that found the quota of messages in flight used up (SQS-70, SQS-71).
    pub(super) over_limit: Recently,
}
