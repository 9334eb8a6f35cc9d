//! The execution environments of a function: how many there may be, and which of them are warm (CMP-25 to CMP-28).
//!
//! How fast a function gains environments (CMP-26) is not looked at: the account's concurrency of 1,000 is never more
//! than a function may gain at once.

use std::collections::VecDeque;

use kernel::SimTime;

use super::quotas;

/// The execution environments of a function.
#[derive(Clone, Debug, Default)]
pub(super) struct Environments {
    busy: u32,
    /// Since when each idle one is idle, oldest first.
    idle: VecDeque<SimTime>,
}

impl Environments {
    /// Invocations at this moment.
    pub(super) fn busy(&self) -> u32 {
        self.busy
    }

    /// An environment for an invocation: true if it is a new one. Nothing if there may be no more (CMP-27).
    pub(super) fn take(&mut self, limit: u64, now: SimTime) -> Option<bool> {
        if u64::from(self.busy) >= limit {
            return None;
        }
        while self.idle.front().is_some_and(|since| now.since(*since) >= quotas::IDLE_LIFETIME) {
            self.idle.pop_front();
        }
        // The one used last is used first.
        let cold = self.idle.pop_back().is_none();
        self.busy += 1;
        Some(cold)
    }

    /// An invocation is over.
    pub(super) fn give_back(&mut self, now: SimTime) {
        self.busy -= 1;
        self.idle.push_back(now);
    }
}
