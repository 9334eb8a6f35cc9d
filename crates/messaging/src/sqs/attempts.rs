//! Receives of a FIFO queue that are asked again under the same id (SQS-153).

use std::collections::VecDeque;
use std::num::NonZeroU32;

use kernel::{SimDuration, SimTime};

use super::backlog::Backlog;
use super::quotas;
use super::store::State;
use crate::call::{Entries, Entry};

/// What makes a receive the same as an earlier one: its id and its shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Attempt {
    pub(super) id: NonZeroU32,
    pub(super) max_messages: usize,
    pub(super) visibility_timeout: SimDuration,
}

/// The answers of the last five minutes to receives with an id.
#[derive(Clone, Debug, Default)]
pub(super) struct Attempts {
    answered: VecDeque<Answered>,
}

#[derive(Clone, Debug)]
struct Answered {
    at: SimTime,
    attempt: Attempt,
    /// Each message, and the deadline it was given: another one means that somebody changed it.
    entries: Vec<(Entry, u32)>,
}

impl Attempts {
    /// The messages of an earlier answer, hidden anew; nothing if one of them was deleted, changed or timed out.
    pub(super) fn repeat(
        &mut self,
        attempt: Attempt,
        now: SimTime,
        backlog: &mut Backlog,
    ) -> Option<Entries> {
        let memory = SimDuration::from_secs(quotas::RECEIVE_ATTEMPT_SECONDS.current);
        while self.answered.front().is_some_and(|answered| now.since(answered.at) >= memory) {
            self.answered.pop_front();
        }
        let answered = self.answered.iter_mut().rev().find(|answered| answered.attempt == attempt)?;
        let is_untouched = |(entry, deadline): &(Entry, u32)| {
            let stored = backlog.store.get(entry.receipt.slot);
            stored.state == State::InFlight
                && stored.generation == entry.receipt.generation
                && stored.deadline == *deadline
        };
        if !answered.entries.iter().all(is_untouched) {
            return None;
        }
        for (entry, deadline) in &mut answered.entries {
            backlog.hide_until(entry.receipt.slot, now + attempt.visibility_timeout);
            *deadline = backlog.store.get(entry.receipt.slot).deadline;
        }
        Some(answered.entries.iter().map(|(entry, _)| *entry).collect())
    }

    /// Remembers an answer.
    pub(super) fn remember(&mut self, attempt: Attempt, now: SimTime, entries: &Entries, backlog: &Backlog) {
        let entries = entries.iter().map(|entry| (*entry, backlog.store.get(entry.receipt.slot).deadline));
        self.answered.push_back(Answered { at: now, attempt, entries: entries.collect() });
    }

    /// Forgets everything: the queue was purged or is another.
    pub(super) fn clear(&mut self) {
        self.answered.clear();
    }
}
