//! What a queue shows of itself.

use kernel::{SimDuration, SimTime};

use super::queue::Queue;
use crate::context::View;
use crate::node_state::{Instrument, NodeState};

impl Queue {
    /// `ApproximateAgeOfOldestMessage` (SQS-180).
    pub(super) fn oldest_age(&self, now: SimTime) -> SimDuration {
        let store = &self.backlog.store;
        store.oldest().map_or(SimDuration::ZERO, |slot| now.since(store.get(slot).enqueued_at))
    }

    /// What it shows of itself.
    pub(super) fn node_state(&self, _view: &View<'_>) -> NodeState {
        let store = &self.backlog.store;
        NodeState {
            tag: if self.properties.fifo_queue { "FIFO" } else { "Standard" }.into(),
            instruments: vec![Instrument::MessageBar {
                delayed: store.delayed(),
                visible: store.visible(),
                in_flight: store.in_flight(),
                dead_letters: false,
            }],
            ..NodeState::default()
        }
    }
}
