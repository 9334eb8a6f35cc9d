//! At most so many calls in any one second.

use std::collections::VecDeque;

use crate::time::{SimDuration, SimTime};

const WINDOW: SimDuration = SimDuration::from_secs(1);

/// A limit on the calls in a sliding window of one second.
#[derive(Clone, Debug, Default)]
pub struct CallWindow {
    accepted: VecDeque<SimTime>,
}

impl CallWindow {
    /// Accepts a call at `now` if fewer than `limit` were accepted in the second before it.
    ///
    /// # Errors
    /// How long to wait until the oldest call leaves the window.
    #[inline]
    pub fn try_take(&mut self, now: SimTime, limit: u64) -> Result<(), SimDuration> {
        self.forget(now);
        if (self.accepted.len() as u64) < limit {
            self.accepted.push_back(now);
            Ok(())
        } else {
            let oldest = self.accepted.front().copied().unwrap_or(now);
            Err((oldest + WINDOW).since(now))
        }
    }

    /// Calls accepted in the second before `now`.
    pub fn in_last_second(&self, now: SimTime) -> u64 {
        self.accepted.iter().rev().take_while(|at| now.since(**at) < WINDOW).count() as u64
    }

    #[inline]
    fn forget(&mut self, now: SimTime) {
        while self.accepted.front().is_some_and(|oldest| now.since(*oldest) >= WINDOW) {
            self.accepted.pop_front();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_second_holds_more_than_the_limit() {
        let mut window = CallWindow::default();
        let mut accepted = Vec::new();
        for millis in (0..5_000).step_by(2) {
            let now = SimTime::from_micros(millis * 1_000);
            if window.try_take(now, 300).is_ok() {
                accepted.push(now);
            }
        }
        assert_eq!(accepted.len(), 1_500);
        for (index, at) in accepted.iter().enumerate().skip(300) {
            assert!(at.since(accepted[index - 300]) >= WINDOW);
        }
    }
}
