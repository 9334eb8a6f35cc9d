//! Receives that wait for messages, first come first served (SQS-82, SQS-85).

use std::collections::VecDeque;

use kernel::{DeadlineQueue, SimDuration, SimTime};

use super::attempts::Attempt;
use crate::identifiers::CallId;

/// A receive that waits.
#[derive(Clone, Copy, Debug)]
pub(super) struct Waiting {
    pub(super) call: CallId,
    pub(super) max_messages: usize,
    pub(super) visibility_timeout: SimDuration,
    pub(super) attempt: Option<Attempt>,
    number: u64,
}

/// All receives that wait.
#[derive(Clone, Debug, Default)]
pub(super) struct LongPolls {
    waiting: VecDeque<Waiting>,
    deadlines: DeadlineQueue<u64>,
    last_number: u64,
}

impl LongPolls {
    /// Lets a receive wait until `deadline`.
    #[inline]
    pub(super) fn push(
        &mut self,
        deadline: SimTime,
        call: CallId,
        (max_messages, visibility_timeout): (usize, SimDuration),
        attempt: Option<Attempt>,
    ) {
        self.trim();
        self.last_number += 1;
        let number = self.last_number;
        self.waiting.push_back(Waiting { call, max_messages, visibility_timeout, attempt, number });
        self.deadlines.push(deadline, number);
        if self.deadlines.len() > 2 * self.waiting.len() + 64 {
            let waiting = &self.waiting;
            self.deadlines.retain(|number| place_of(waiting, *number).is_some());
        }
    }

    /// The receive that has waited longest.
    #[inline]
    pub(super) fn first(&self) -> Option<&Waiting> {
        self.waiting.front()
    }

    /// Takes the receive that has waited longest.
    #[inline]
    pub(super) fn pop(&mut self) -> Option<Waiting> {
        self.waiting.pop_front()
    }

    /// Takes a receive that has waited long enough.
    pub(super) fn pop_due(&mut self, now: SimTime) -> Option<Waiting> {
        while let Some(number) = self.deadlines.pop_due(now) {
            if let Some(place) = place_of(&self.waiting, number) {
                return self.waiting.remove(place);
            }
        }
        None
    }

    /// When the next receive has waited long enough.
    pub(super) fn next_deadline(&mut self) -> Option<SimTime> {
        self.trim();
        self.deadlines.next_deadline()
    }

    #[inline]
    fn trim(&mut self) {
        while let Some((_, number)) = self.deadlines.peek() {
            if place_of(&self.waiting, *number).is_some() {
                return;
            }
            self.deadlines.pop();
        }
    }
}

/// Where a receive waits; the numbers rise along the line.
#[inline]
fn place_of(waiting: &VecDeque<Waiting>, number: u64) -> Option<usize> {
    if waiting.front().is_none_or(|first| number < first.number) {
        return None;
    }
    waiting.binary_search_by_key(&number, |waiting| waiting.number).ok()
}
