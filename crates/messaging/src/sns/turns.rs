//! One delivery of a message group at a time, for FIFO queues (SNS-83).

use std::collections::{BTreeMap, VecDeque};

use super::quotas::BATCH_ENTRIES;
use crate::call::{Entries, Entry};
use crate::identifiers::KeyId;
use crate::message::Message;

/// The message groups with a delivery under way, and what waits behind it (SNS-83).
#[derive(Clone, Debug, Default)]
pub(super) struct Turns {
    groups: BTreeMap<KeyId, VecDeque<(Message, bool)>>,
}

impl Turns {
    /// How many messages wait.
    pub(super) fn messages(&self) -> u64 {
        self.groups.values().map(|waiting| waiting.len() as u64).sum()
    }

    /// True if a message may go now; otherwise it waits until the one before it has arrived or is given up.
    pub(super) fn take(&mut self, message: Message, replayed: bool) -> bool {
        if let Some(waiting) = self.groups.get_mut(&message.key) {
            waiting.push_back((message, replayed));
            return false;
        }
        self.groups.insert(message.key, VecDeque::new());
        true
    }

    /// What waited in a group whose delivery is over, as many as one call may carry, and whether they are replayed.
    pub(super) fn next(
        &mut self,
        group: KeyId,
        max_bytes: u64,
        size: impl Fn(&Message) -> u64,
    ) -> (Entries, bool) {
        let mut entries = Entries::new();
        let Some(waiting) = self.groups.get_mut(&group) else { return (entries, false) };
        let replays = waiting.front().is_some_and(|(_, replayed)| *replayed);
        let mut bytes = 0;
        while let Some((message, replayed)) = waiting.front() {
            bytes += size(message);
            let full = entries.len() as u64 == BATCH_ENTRIES.current || bytes > max_bytes;
            if !entries.is_empty() && (full || *replayed != replays) {
                break;
            }
            entries.extend(waiting.pop_front().map(|(message, _)| Entry::new(message)));
        }
        if entries.is_empty() {
            self.groups.remove(&group);
        }
        (entries, replays)
    }
}
