//! What enters and leaves a broker: each message of a destination leaves it once, in one way.

use super::broker::Broker;
use super::destination::{Death, NOBODY, Stored};
use crate::call::Receipt;
use crate::context::Context;
use crate::message::Message;
use crate::metric::MetricName;
use crate::trace::{Kept, Left, TraceKind};

/// How a message leaves a destination.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Leaves {
    /// It was acknowledged.
    Acknowledged,
    /// It was dead-lettered, and stands elsewhere now.
    DeadLettered,
    /// Nobody wants it: rejected, expired or pushed out, and not dead-lettered.
    Dropped,
    /// A restart has lost it (MQ-24).
    Lost,
}

/// A message that is about to be stored.
#[derive(Clone, Debug)]
pub(super) struct Arrival {
    pub(super) message: Message,
    pub(super) time_to_live: Option<u64>,
    pub(super) persistent: bool,
    pub(super) deaths: Vec<Death>,
}

impl Broker {
    /// Puts a message at the end of a destination; gives its slot.
    pub(super) fn store(&mut self, place: u32, arrival: Arrival, cx: &mut Context<'_>) -> u32 {
        let now = cx.now();
        let bytes = cx.catalogue().payload(arrival.message.payload).size_bytes;
        self.next_order += 1;
        let destination = &mut self.destinations[place as usize];
        let persistent = arrival.persistent && !destination.declaration.transient;
        let stored = Stored {
            message: arrival.message,
            order: self.next_order,
            destination: place,
            subscription: NOBODY,
            delivered_at: now,
            expires_at: destination.expires_at(now, arrival.time_to_live),
            deliveries: 0,
            receipt: 0,
            bytes,
            persistent,
            deaths: arrival.deaths,
        };
        *(if persistent { &mut self.stored_bytes } else { &mut self.memory_bytes }) += u64::from(bytes);
        cx.count(MetricName::EnqueueCount, 1);
        cx.follow(stored.message.trace_id, TraceKind::Kept(Kept::Visible));
        let slot = self.stored.insert(stored) as u32;
        destination.ready.push_back(slot);
        slot
    }

    /// Takes a message out for good. It must no longer be among those that are ready.
    pub(super) fn remove(&mut self, slot: u32, leaves: Leaves, cx: &mut Context<'_>) -> Stored {
        let stored = self.stored.remove(slot as usize);
        let bytes = u64::from(stored.bytes);
        *(if stored.persistent { &mut self.stored_bytes } else { &mut self.memory_bytes }) -= bytes;
        let (metric, left) = match leaves {
            Leaves::Acknowledged => (MetricName::DequeueCount, Left::Deleted),
            Leaves::DeadLettered => (MetricName::MessagesMovedToDeadLetterQueue, Left::Moved),
            Leaves::Dropped => (MetricName::MessagesDropped, Left::Purged),
            Leaves::Lost => (MetricName::MessagesLost, Left::Purged),
        };
        cx.count(metric, 1);
        cx.follow(stored.message.trace_id, TraceKind::Left(left));
        stored
    }

    /// The slot of a receipt, if the message is still held by whoever got it.
    pub(super) fn held(&self, receipt: Receipt) -> Option<u32> {
        let stored = self.stored.get(receipt.slot as usize)?;
        (stored.receipt == receipt.generation && stored.subscription != NOBODY).then_some(receipt.slot)
    }

    /// Ends that somebody holds a message.
    pub(super) fn release(&mut self, slot: u32) {
        let stored = &mut self.stored[slot as usize];
        let subscription = std::mem::replace(&mut stored.subscription, NOBODY);
        self.destinations[stored.destination as usize].unacknowledged -= 1;
        if let Some(subscription) = self.subscriptions.get_mut(subscription as usize) {
            subscription.gave_back();
        }
    }

    /// Storage or memory is used up (MQ-14).
    pub(super) fn is_full(&self) -> bool {
        self.stored_bytes >= self.storage_limit || self.memory_bytes >= self.memory_limit
    }
}
