//! The deduplication history of a FIFO topic (SNS-81, SNS-82).

use std::collections::BTreeMap;

use kernel::{DeadlineQueue, SimTime};

use super::quotas::DEDUPLICATION_INTERVAL;
use crate::identifiers::{DeduplicationId, KeyId, MessageId};

/// Which ids were published in the last five minutes.
#[derive(Clone, Debug, Default)]
pub(super) struct DeduplicationHistory {
    known: BTreeMap<(DeduplicationId, KeyId), MessageId>,
    forget: DeadlineQueue<(DeduplicationId, KeyId)>,
}

impl DeduplicationHistory {
    /// The message that was published under this id, if that was less than five minutes ago; else keeps the new one.
    pub(super) fn repeat_of(
        &mut self,
        id: DeduplicationId,
        group: KeyId,
        message: MessageId,
        now: SimTime,
    ) -> Option<MessageId> {
        while let Some(old) = self.forget.pop_due(now) {
            self.known.remove(&old);
        }
        if let Some(first) = self.known.get(&(id, group)) {
            return Some(*first);
        }
        self.known.insert((id, group), message);
        self.forget.push(now + DEDUPLICATION_INTERVAL, (id, group));
        None
    }
}
