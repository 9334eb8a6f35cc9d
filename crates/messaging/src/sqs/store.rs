//! The messages of a queue in numbered places, used again when a message has left.

use std::collections::BTreeSet;

use kernel::SimTime;

use crate::call::Receipt;
use crate::identifiers::ComponentId;
use crate::message::Message;

/// No place.
pub(super) const NO_SLOT: u32 = u32::MAX;

/// Where a message is in its life (SQS-27).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// The place holds no message.
    Free,
    /// Hidden since it was sent (SQS-92).
    Delayed,
    /// Can be received, unless its group is locked.
    Visible,
    /// Received and neither deleted nor timed out (SQS-60).
    InFlight,
}

/// A message to be added.
#[derive(Clone, Copy, Debug)]
pub(super) struct Arrival {
    pub(super) message: Message,
    /// When its retention began (SQS-110, SQS-112).
    pub(super) enqueued_at: SimTime,
    /// When it came to this queue.
    pub(super) came_at: SimTime,
    /// How often it was received before it came (SQS-122).
    pub(super) receive_count: u32,
    /// `DeadLetterQueueSourceArn`; [`ComponentId::OUTSIDE`] if it was sent (SQS-122).
    pub(super) source: ComponentId,
    /// Encrypted with a KMS key when it was sent (SQS-191).
    pub(super) encrypted: bool,
}

/// A message, and where it stands.
#[derive(Clone, Debug)]
pub(super) struct Stored {
    pub(super) message: Message,
    pub(super) enqueued_at: SimTime,
    /// When it was received last, for the 12 h of SQS-63; before that, when it came.
    pub(super) received_at: SimTime,
    /// Its turn: smaller is earlier. In a FIFO queue the sequence number (SQS-144).
    pub(super) position: u64,
    pub(super) receive_count: u32,
    pub(super) source: ComponentId,
    /// Counts the uses of the place and the receives of its messages: the receipt that is good now (SQS-41).
    pub(super) generation: u32,
    /// The generation before the first receive of this message.
    pub(super) first_generation: u32,
    /// Counts the deadlines set for the place: only the last one is good.
    pub(super) deadline: u32,
    pub(super) state: State,
    /// The partition of a standard queue (SQS-83).
    pub(super) partition: u8,
    /// Waits among those of its partition that were never received.
    pub(super) fresh: bool,
    /// Stands in the line of a noisy tenant (SQS-173).
    pub(super) in_line: bool,
    /// Encrypted with a KMS key (SQS-191).
    pub(super) encrypted: bool,
    /// Its age stands in the tree, not in the list.
    by_tree: bool,
    older: u32,
    younger: u32,
    /// Neighbours within its message group.
    pub(super) before: u32,
    pub(super) behind: u32,
    /// Place of its message group; in a standard queue of its tenant (SQS-170).
    pub(super) group: u32,
}

/// What a receipt handle stands for now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Resolved {
    /// No receive ever gave it out.
    Unknown,
    /// Its message has left the queue.
    Gone,
    /// Its message was received again since.
    Older(u32),
    /// The last receive of the message at this place.
    Current(u32),
}

/// All messages of a queue, in all states.
#[derive(Clone, Debug)]
pub(super) struct Store {
    slots: Vec<Stored>,
    first_free: u32,
    delayed: u64,
    visible: u64,
    in_flight: u64,
    encrypted: u64,
    // Messages come in the order of their age but for those moved from other queues (SQS-112): the list takes the
    // former, the tree the latter.
    oldest: u32,
    youngest: u32,
    out_of_order: BTreeSet<(SimTime, u32)>,
}

impl Default for Store {
    fn default() -> Self {
        Self {
            slots: Vec::new(),
            first_free: NO_SLOT,
            delayed: 0,
            visible: 0,
            in_flight: 0,
            encrypted: 0,
            oldest: NO_SLOT,
            youngest: NO_SLOT,
            out_of_order: BTreeSet::new(),
        }
    }
}

impl Store {
    #[inline]
    pub(super) fn get(&self, slot: u32) -> &Stored {
        &self.slots[slot as usize]
    }
    #[inline]
    pub(super) fn get_mut(&mut self, slot: u32) -> &mut Stored {
        &mut self.slots[slot as usize]
    }
    #[inline]
    pub(super) fn delayed(&self) -> u64 {
        self.delayed
    }
    #[inline]
    pub(super) fn visible(&self) -> u64 {
        self.visible
    }
    #[inline]
    pub(super) fn in_flight(&self) -> u64 {
        self.in_flight
    }
    /// Messages encrypted with a KMS key (SQS-191).
    #[inline]
    pub(super) fn encrypted(&self) -> u64 {
        self.encrypted
    }
    /// Messages in any state.
    #[inline]
    pub(super) fn held(&self) -> u64 {
        self.delayed + self.visible + self.in_flight
    }

    /// Puts a message into a free place, in state [`State::Free`] still.
    #[inline]
    pub(super) fn insert(&mut self, arrival: &Arrival, position: u64) -> u32 {
        let slot = match self.first_free {
            NO_SLOT => self.add_slot(arrival),
            slot => {
                self.first_free = self.get(slot).behind;
                slot
            }
        };
        let stored = self.get_mut(slot);
        stored.message = arrival.message;
        stored.enqueued_at = arrival.enqueued_at;
        stored.received_at = arrival.came_at;
        stored.position = position;
        stored.receive_count = arrival.receive_count;
        stored.source = arrival.source;
        stored.generation = stored.generation.wrapping_add(1);
        stored.first_generation = stored.generation;
        stored.fresh = false;
        stored.in_line = false;
        stored.encrypted = arrival.encrypted;
        stored.before = NO_SLOT;
        stored.behind = NO_SLOT;
        stored.group = NO_SLOT;
        self.encrypted += u64::from(arrival.encrypted);
        self.age_added(slot);
        slot
    }

    fn add_slot(&mut self, arrival: &Arrival) -> u32 {
        self.slots.push(Stored {
            message: arrival.message,
            enqueued_at: arrival.enqueued_at,
            received_at: arrival.came_at,
            position: 0,
            receive_count: 0,
            source: ComponentId::OUTSIDE,
            generation: 0,
            first_generation: 0,
            deadline: 0,
            state: State::Free,
            partition: 0,
            fresh: false,
            in_line: false,
            encrypted: false,
            by_tree: false,
            older: NO_SLOT,
            younger: NO_SLOT,
            before: NO_SLOT,
            behind: NO_SLOT,
            group: NO_SLOT,
        });
        (self.slots.len() - 1) as u32
    }

    /// Changes the state of a message and the counts; gives the state before.
    #[inline]
    pub(super) fn set_state(&mut self, slot: u32, state: State) -> State {
        let before = std::mem::replace(&mut self.get_mut(slot).state, state);
        if let Some(count) = self.count_of(before) {
            *count -= 1;
        }
        if let Some(count) = self.count_of(state) {
            *count += 1;
        }
        before
    }

    #[inline]
    fn count_of(&mut self, state: State) -> Option<&mut u64> {
        match state {
            State::Free => None,
            State::Delayed => Some(&mut self.delayed),
            State::Visible => Some(&mut self.visible),
            State::InFlight => Some(&mut self.in_flight),
        }
    }

    /// Frees the place of a message that has left its order and its state already.
    #[inline]
    pub(super) fn free(&mut self, slot: u32) {
        self.age_removed(slot);
        let first_free = self.first_free;
        self.encrypted -= u64::from(self.get(slot).encrypted);
        let stored = self.get_mut(slot);
        stored.deadline = stored.deadline.wrapping_add(1);
        stored.behind = first_free;
        self.first_free = slot;
    }

    /// What a receipt handle stands for (SQS-50, SQS-51).
    #[inline]
    pub(super) fn resolve(&self, receipt: Receipt) -> Resolved {
        let Some(stored) = self.slots.get(receipt.slot as usize) else { return Resolved::Unknown };
        if receipt.generation == 0 || receipt.generation > stored.generation {
            Resolved::Unknown
        } else if stored.state == State::Free || receipt.generation < stored.first_generation {
            Resolved::Gone
        } else if receipt.generation == stored.first_generation {
            Resolved::Unknown
        } else if receipt.generation < stored.generation {
            Resolved::Older(receipt.slot)
        } else {
            Resolved::Current(receipt.slot)
        }
    }

    /// The message whose retention began first.
    #[inline]
    pub(super) fn oldest(&self) -> Option<u32> {
        let listed = (self.oldest != NO_SLOT).then_some(self.oldest);
        if self.out_of_order.is_empty() {
            return listed;
        }
        let moved = self.out_of_order.first().map(|(_, slot)| *slot);
        match (listed, moved) {
            (Some(listed), Some(moved)) if self.get(listed).enqueued_at <= self.get(moved).enqueued_at => {
                Some(listed)
            }
            (listed, moved) => moved.or(listed),
        }
    }

    /// All messages, the one whose retention began first first.
    pub(super) fn by_age(&self) -> impl Iterator<Item = u32> + '_ {
        let first = (self.oldest != NO_SLOT).then_some(self.oldest);
        let mut listed = std::iter::successors(first, |slot| {
            let younger = self.get(*slot).younger;
            (younger != NO_SLOT).then_some(younger)
        })
        .peekable();
        let mut moved = self.out_of_order.iter().peekable();
        std::iter::from_fn(move || match (moved.peek(), listed.peek()) {
            (Some((enqueued_at, _)), Some(slot)) if self.get(*slot).enqueued_at <= *enqueued_at => {
                listed.next()
            }
            (Some(_), _) => moved.next().map(|(_, slot)| *slot),
            (None, _) => listed.next(),
        })
    }

    #[inline]
    fn age_added(&mut self, slot: u32) {
        let enqueued_at = self.get(slot).enqueued_at;
        let youngest = self.youngest;
        let in_order = youngest == NO_SLOT || self.get(youngest).enqueued_at <= enqueued_at;
        let stored = self.get_mut(slot);
        stored.by_tree = !in_order;
        stored.younger = NO_SLOT;
        stored.older = youngest;
        if !in_order {
            self.out_of_order.insert((enqueued_at, slot));
            return;
        }
        match youngest {
            NO_SLOT => self.oldest = slot,
            youngest => self.get_mut(youngest).younger = slot,
        }
        self.youngest = slot;
    }

    #[inline]
    fn age_removed(&mut self, slot: u32) {
        let Stored { older, younger, enqueued_at, by_tree, .. } = *self.get(slot);
        if by_tree {
            self.out_of_order.remove(&(enqueued_at, slot));
            return;
        }
        match older {
            NO_SLOT => self.oldest = younger,
            older => self.get_mut(older).younger = younger,
        }
        match younger {
            NO_SLOT => self.youngest = older,
            younger => self.get_mut(younger).older = older,
        }
    }
}
