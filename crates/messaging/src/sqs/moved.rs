//! When the messages of a dead-letter queue came to it: their age counts from there (SQS-180).

use std::collections::VecDeque;

use kernel::SimTime;

use super::store::{State, Store};

/// The arrivals of messages by a redrive policy, oldest first.
#[derive(Clone, Debug, Default)]
pub(super) struct Moved {
    arrivals: VecDeque<Arrived>,
    held: u64,
}

#[derive(Clone, Copy, Debug)]
struct Arrived {
    at: SimTime,
    slot: u32,
    generation: u32,
}

/// Arrivals of messages that have left may wait beside as many others before they are swept. Ours.
const SWEEP_FROM: u64 = 64;

impl Arrived {
    fn is_there(&self, store: &Store) -> bool {
        let stored = store.get(self.slot);
        stored.state != State::Free && stored.first_generation == self.generation
    }
}

impl Moved {
    /// A message came to a place.
    pub(super) fn add(&mut self, at: SimTime, slot: u32, store: &Store) {
        self.held += 1;
        if self.arrivals.len() as u64 > 2 * self.held + SWEEP_FROM {
            self.arrivals.retain(|arrived| arrived.is_there(store));
        }
        let generation = store.get(slot).first_generation;
        self.arrivals.push_back(Arrived { at, slot, generation });
    }

    /// One of them has left.
    pub(super) fn remove(&mut self) {
        self.held -= 1;
    }

    /// How many are there.
    pub(super) fn held(&self) -> u64 {
        self.held
    }

    /// When the one that has been there longest came.
    pub(super) fn oldest(&self, store: &Store) -> Option<SimTime> {
        self.arrivals.iter().find(|arrived| arrived.is_there(store)).map(|arrived| arrived.at)
    }
}
