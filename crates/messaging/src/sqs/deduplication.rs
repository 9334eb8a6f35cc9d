//! Duplicates of a FIFO queue are recognised for five minutes (SQS-142, SQS-143).

use std::collections::{BTreeMap, VecDeque};

use kernel::{SimDuration, SimTime};

use crate::identifiers::{DeduplicationId, KeyId, MessageId};

/// What a duplicate is answered with: the same as the first (SQS-142).
#[derive(Clone, Copy, Debug)]
pub(super) struct FirstSend {
    pub(super) message_id: MessageId,
    pub(super) sequence_number: u64,
}

/// The sends of the last five minutes.
#[derive(Clone, Debug, Default)]
pub(super) struct Deduplication {
    sends: BTreeMap<Scoped, FirstSend>,
    in_order: VecDeque<(SimTime, Scoped)>,
}

/// A deduplication id, within its group if the scope is the group (SQS-143).
type Scoped = (DeduplicationId, KeyId);

impl Deduplication {
    /// The first send under this id within the interval before `now`.
    pub(super) fn find(
        &mut self,
        now: SimTime,
        interval: SimDuration,
        id: DeduplicationId,
        scope: KeyId,
    ) -> Option<FirstSend> {
        while let Some((sent_at, scoped)) = self.in_order.front() {
            if now.since(*sent_at) < interval {
                break;
            }
            self.sends.remove(scoped);
            self.in_order.pop_front();
        }
        self.sends.get(&(id, scope)).copied()
    }

    /// Remembers a first send.
    pub(super) fn remember(&mut self, now: SimTime, id: DeduplicationId, scope: KeyId, first: FirstSend) {
        self.sends.insert((id, scope), first);
        self.in_order.push_back((now, (id, scope)));
    }

    /// Forgets everything (SQS-102).
    pub(super) fn clear(&mut self) {
        self.sends.clear();
        self.in_order.clear();
    }
}
