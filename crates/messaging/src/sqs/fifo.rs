//! The order of a FIFO queue: one line for each message group, locked while its head is in flight (SQS-145 to
//! SQS-151).

use std::collections::BTreeSet;

use slab::Slab;

use super::store::{NO_SLOT, State, Store};
use crate::identifiers::KeyId;

/// The message groups of a FIFO queue.
///
/// What may be received of a group is the run of visible messages at its head (SQS-149). That is the lock of
/// SQS-146 and SQS-148 too: while a message is in flight, the run ends before it.
#[derive(Clone, Debug, Default)]
pub(super) struct Groups {
    place_of_key: Vec<u32>,
    all: Slab<Group>,
    /// Groups whose head is visible, by the position of the head: the oldest first (SQS-147).
    receivable: BTreeSet<(u64, u32)>,
    with_in_flight: u64,
}

#[derive(Clone, Debug)]
struct Group {
    key: KeyId,
    head: u32,
    tail: u32,
    in_flight: u32,
    /// Position under which it stands among the receivable ones; 0 if it does not.
    receivable_at: u64,
}

impl Groups {
    /// A message joins the end of its group.
    pub(super) fn append(&mut self, slot: u32, store: &mut Store) {
        let key = store.get(slot).message.key;
        let place = self.place_of(key);
        let group = &mut self.all[place as usize];
        let tail = std::mem::replace(&mut group.tail, slot);
        if tail == NO_SLOT {
            group.head = slot;
        } else {
            store.get_mut(tail).behind = slot;
        }
        let stored = store.get_mut(slot);
        stored.group = place;
        stored.before = tail;
        stored.behind = NO_SLOT;
    }

    /// A message leaves its group; its state is [`State::Free`] already.
    pub(super) fn unlink(&mut self, slot: u32, store: &mut Store) {
        let (before, behind, place) = {
            let stored = store.get(slot);
            (stored.before, stored.behind, stored.group)
        };
        let group = &mut self.all[place as usize];
        if before == NO_SLOT {
            group.head = behind;
        } else {
            store.get_mut(before).behind = behind;
        }
        if behind == NO_SLOT {
            group.tail = before;
        } else {
            store.get_mut(behind).before = before;
        }
        self.refresh(place, store);
        let group = &self.all[place as usize];
        if group.head == NO_SLOT {
            self.place_of_key[group.key.index()] = NO_SLOT;
            self.all.remove(place as usize);
        }
    }

    /// A message changed its state.
    #[inline]
    pub(super) fn changed(&mut self, slot: u32, from: State, to: State, store: &Store) {
        let place = store.get(slot).group;
        let group = &mut self.all[place as usize];
        match (from == State::InFlight, to == State::InFlight) {
            (false, true) => {
                group.in_flight += 1;
                self.with_in_flight += u64::from(group.in_flight == 1);
            }
            (true, false) => {
                group.in_flight -= 1;
                self.with_in_flight -= u64::from(group.in_flight == 0);
            }
            _ => {}
        }
        if group.head == slot {
            self.refresh(place, store);
        }
    }

    /// The head of the group that has waited longest, if one can be received.
    #[inline]
    pub(super) fn next(&self) -> Option<u32> {
        self.receivable.first().map(|(_, place)| self.all[*place as usize].head)
    }

    /// True when something can be received.
    #[inline]
    pub(super) fn has_receivable(&self) -> bool {
        !self.receivable.is_empty()
    }

    /// `ApproximateNumberOfGroupsWithInflightMessages` (SQS-180).
    pub(super) fn with_in_flight(&self) -> u64 {
        self.with_in_flight
    }

    /// Groups with messages.
    pub(super) fn count(&self) -> u64 {
        self.all.len() as u64
    }

    /// A visible message cannot be received yet, because one before it is in flight or delayed.
    pub(super) fn is_locked(&self, slot: u32, store: &Store) -> bool {
        let group = &self.all[store.get(slot).group as usize];
        group.receivable_at == 0 || (group.in_flight > 0 && group.head != slot)
    }

    fn place_of(&mut self, key: KeyId) -> u32 {
        if key.index() >= self.place_of_key.len() {
            self.place_of_key.resize(key.index() + 1, NO_SLOT);
        }
        let place = self.place_of_key[key.index()];
        if place != NO_SLOT {
            return place;
        }
        let group = Group { key, head: NO_SLOT, tail: NO_SLOT, in_flight: 0, receivable_at: 0 };
        let place = self.all.insert(group) as u32;
        self.place_of_key[key.index()] = place;
        place
    }

    #[inline]
    fn refresh(&mut self, place: u32, store: &Store) {
        let group = &mut self.all[place as usize];
        let wanted = match group.head {
            NO_SLOT => 0,
            head => {
                let head = store.get(head);
                if head.state == State::Visible { head.position } else { 0 }
            }
        };
        if wanted == group.receivable_at {
            return;
        }
        let before = std::mem::replace(&mut group.receivable_at, wanted);
        if before != 0 {
            self.receivable.remove(&(before, place));
        }
        if wanted != 0 {
            self.receivable.insert((wanted, place));
        }
    }
}
