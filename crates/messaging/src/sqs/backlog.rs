//! The messages of a queue with their order, their deadlines and their ledger.

use kernel::{RandomStream, SimDuration, SimTime};

use super::fair::Tenants;
use super::fifo::Groups;
use super::ledger::Ledger;
use super::moved::Moved;
use super::standard::{Partitions, Sample};
use super::store::{Arrival, NO_SLOT, State, Store};
use super::visibility::Deadlines;
use crate::identifiers::ComponentId;
use crate::message::Message;

/// The order of a queue.
#[derive(Clone, Debug)]
pub(super) enum Order {
    /// Best effort (SQS-91).
    Standard(Partitions),
    /// Strict within a group (SQS-145).
    Fifo(Groups),
}

/// The messages of a queue.
#[derive(Clone, Debug)]
pub(super) struct Backlog {
    pub(super) store: Store,
    pub(super) order: Order,
    pub(super) ledger: Ledger,
    /// Those of a standard queue (SQS-170).
    pub(super) tenants: Tenants,
    /// When the messages of a standard dead-letter queue came (SQS-180).
    pub(super) moved: Moved,
    in_flight: Deadlines,
    delayed: Deadlines,
    last_position: u64,
}

/// Where one receive looks, and how far it has come.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cursor {
    sample: Option<Sample>,
    /// The message behind the last one of the same group (SQS-147).
    behind: u32,
}

impl Backlog {
    /// An empty FIFO queue, or an empty standard queue of so many partitions.
    pub(super) fn new(fifo: bool, partitions: u32) -> Self {
        let order =
            if fifo { Order::Fifo(Groups::default()) } else { Order::Standard(Partitions::new(partitions)) };
        Self {
            store: Store::default(),
            order,
            ledger: Ledger::default(),
            tenants: Tenants::default(),
            moved: Moved::default(),
            in_flight: Deadlines::default(),
            delayed: Deadlines::default(),
            last_position: 0,
        }
    }

    /// Panics unless messages are conserved.
    #[inline]
    pub(super) fn check(&self) {
        self.ledger.check(self.store.held());
    }

    /// Adds a message, visible at once or from `visible_at` on; gives its place. The ledger is the caller's.
    #[inline]
    pub(super) fn add(
        &mut self,
        arrival: &Arrival,
        visible_at: Option<SimTime>,
        random: &mut RandomStream,
    ) -> u32 {
        self.last_position += 1;
        let slot = self.store.insert(arrival, self.last_position);
        match &mut self.order {
            Order::Standard(partitions) => {
                let in_flight = self.store.in_flight();
                let stored = self.store.get_mut(slot);
                stored.partition = partitions.place(random);
                stored.group = self.tenants.place_of(arrival.message.key, in_flight);
                if arrival.source != ComponentId::OUTSIDE {
                    self.moved.add(arrival.came_at, slot, &self.store);
                }
            }
            Order::Fifo(groups) => groups.append(slot, &mut self.store),
        }
        match visible_at {
            None => self.show_fresh(slot),
            Some(at) => self.delay(slot, at),
        }
        slot
    }

    /// A visible or new message is hidden until `at` (SQS-92).
    pub(super) fn delay(&mut self, slot: u32, at: SimTime) {
        self.change(slot, State::Delayed);
        self.delayed.set(at, slot, self.store.delayed(), &mut self.store);
    }

    /// True for a message that waits to be received for the first time.
    pub(super) fn is_waiting(&self, slot: u32) -> bool {
        matches!(self.store.get(slot).state, State::Visible | State::Delayed)
    }

    /// Takes the next message a receive may have; it is in flight then, without a deadline.
    #[inline]
    pub(super) fn take_next(&mut self, cursor: &mut Cursor) -> Option<u32> {
        match &mut self.order {
            Order::Standard(_) => self.take_standard(cursor.sample.as_mut()?),
            Order::Fifo(groups) => {
                let same_group =
                    cursor.behind != NO_SLOT && self.store.get(cursor.behind).state == State::Visible;
                let slot = if same_group { cursor.behind } else { groups.next()? };
                cursor.behind = self.store.get(slot).behind;
                self.change(slot, State::InFlight);
                Some(slot)
            }
        }
    }

    /// The next message of a standard queue: those of noisy tenants after all others (SQS-173).
    #[inline]
    fn take_standard(&mut self, sample: &mut Sample) -> Option<u32> {
        let Order::Standard(partitions) = &mut self.order else { return None };
        if self.tenants.has_noisy() {
            self.tenants.forgive(partitions, &mut self.store);
        }
        let slot = loop {
            let Some(slot) = partitions.take(sample, &self.store) else {
                break self.tenants.take_noisy(sample, &self.store)?;
            };
            if !self.tenants.has_noisy() {
                break slot;
            }
            // A message that was here before its tenant became noisy: its place is in the tenant's line.
            let Some(line) = self.tenants.line_of(slot, &self.store) else { break slot };
            line.add_returned(slot, &mut self.store);
            self.store.get_mut(slot).in_line = true;
        };
        self.store.get_mut(slot).in_line = false;
        self.change(slot, State::InFlight);
        Some(slot)
    }

    /// A cursor over everything that is receivable (SQS-82).
    #[inline]
    pub(super) fn look_everywhere(&self, random: &mut RandomStream) -> Cursor {
        let sample = match &self.order {
            Order::Standard(partitions) => Some(partitions.all_servers(random)),
            Order::Fifo(_) => None,
        };
        Cursor { sample, behind: NO_SLOT }
    }

    /// A cursor over what a short poll sees (SQS-83).
    pub(super) fn look_around(&self, share: f64, random: &mut RandomStream) -> Cursor {
        let sample = match &self.order {
            Order::Standard(partitions) => Some(partitions.some_servers(share, random)),
            Order::Fifo(_) => None,
        };
        Cursor { sample, behind: NO_SLOT }
    }

    /// True when a long poll would find something.
    #[inline]
    pub(super) fn has_receivable(&self) -> bool {
        match &self.order {
            Order::Standard(_) => self.store.visible() > 0,
            Order::Fifo(groups) => groups.has_receivable(),
        }
    }

    /// A message in flight stays hidden until `at` (SQS-60, SQS-62).
    #[inline]
    pub(super) fn hide_until(&mut self, slot: u32, at: SimTime) {
        if self.store.get(slot).state == State::Visible {
            self.unshelve(slot);
            self.change(slot, State::InFlight);
        }
        self.in_flight.set(at, slot, self.store.in_flight(), &mut self.store);
    }

    /// A message in flight becomes visible again, in its old turn or behind all others (SQS-125).
    pub(super) fn show_again(&mut self, slot: u32, to_back: bool) {
        let stored = self.store.get_mut(slot);
        stored.deadline = stored.deadline.wrapping_add(1);
        if to_back {
            self.last_position += 1;
            self.store.get_mut(slot).position = self.last_position;
        }
        self.change(slot, State::Visible);
        self.shelve(slot, false);
    }

    #[inline]
    fn show_fresh(&mut self, slot: u32) {
        self.change(slot, State::Visible);
        self.shelve(slot, true);
    }

    /// Puts a visible message of a standard queue where receives look for it.
    #[inline]
    fn shelve(&mut self, slot: u32, fresh: bool) {
        let Order::Standard(partitions) = &mut self.order else { return };
        let line = if self.tenants.has_noisy() { self.tenants.line_of(slot, &self.store) } else { None };
        let in_line = line.is_some();
        let partitions = line.unwrap_or(partitions);
        match fresh {
            true => partitions.add_fresh(slot, &mut self.store),
            false => partitions.add_returned(slot, &mut self.store),
        }
        self.store.get_mut(slot).in_line = in_line;
    }

    /// Removes a message, whatever its state. The ledger is the caller's.
    #[inline]
    pub(super) fn remove(&mut self, slot: u32) {
        if self.store.get(slot).state == State::Visible {
            self.unshelve(slot);
        }
        self.change(slot, State::Free);
        match &mut self.order {
            Order::Fifo(groups) => groups.unlink(slot, &mut self.store),
            Order::Standard(_) if self.store.get(slot).source != ComponentId::OUTSIDE => self.moved.remove(),
            Order::Standard(_) => {}
        }
        self.store.free(slot);
    }

    /// Removes everything (SQS-100).
    pub(super) fn clear(&mut self) -> u64 {
        let held = self.store.held();
        while let Some(slot) = self.store.oldest() {
            self.remove(slot);
        }
        self.in_flight.clear();
        self.delayed.clear();
        held
    }

    /// The next message whose visibility timeout has ended; it is in flight still (SQS-61).
    pub(super) fn pop_timed_out(&mut self, now: SimTime) -> Option<u32> {
        self.in_flight.pop_due(now, &self.store)
    }

    /// Shows the next message whose delay has ended; false if there is none (SQS-92).
    pub(super) fn end_delay(&mut self, now: SimTime) -> bool {
        let Some(slot) = self.delayed.pop_due(now, &self.store) else { return false };
        if let Order::Standard(_) = self.order {
            self.last_position += 1;
            self.store.get_mut(slot).position = self.last_position;
        }
        self.show_fresh(slot);
        true
    }

    /// Drops the next message that is older than `retention` (SQS-110).
    pub(super) fn expire(&mut self, now: SimTime, retention: SimDuration) -> Option<Message> {
        let slot = self.store.oldest()?;
        let stored = self.store.get(slot);
        if now.since(stored.enqueued_at) <= retention {
            return None;
        }
        let message = stored.message;
        self.ledger.expired += 1;
        self.remove(slot);
        Some(message)
    }

    /// The nearest instant at which something happens by itself.
    pub(super) fn next_deadline(&mut self, retention: SimDuration) -> Option<SimTime> {
        let expiry = self.store.oldest().map(|slot| expires_at(self.store.get(slot).enqueued_at, retention));
        let deadlines = [self.in_flight.next(&self.store), self.delayed.next(&self.store), expiry];
        deadlines.into_iter().flatten().min()
    }

    /// Spreads a standard queue over another number of servers.
    pub(super) fn set_partitions(&mut self, count: u32) {
        let Order::Standard(partitions) = &mut self.order else { return };
        *partitions = Partitions::new(count);
        self.tenants.forget_lines();
        let count = partitions.count();
        let mut visible: Vec<(u64, u32)> = Vec::new();
        for slot in self.store.by_age().collect::<Vec<_>>() {
            let stored = self.store.get_mut(slot);
            stored.partition = (u32::from(stored.partition) % count) as u8;
            stored.in_line = false;
            if stored.state == State::Visible {
                visible.push((stored.position, slot));
            }
        }
        visible.sort_unstable();
        for (_, slot) in visible {
            partitions.add_returned(slot, &mut self.store);
        }
    }

    #[inline]
    fn unshelve(&mut self, slot: u32) {
        let Order::Standard(partitions) = &mut self.order else { return };
        match self.store.get(slot).in_line {
            false => partitions.remove(slot, &self.store),
            true => {
                self.store.get_mut(slot).in_line = false;
                if let Some(line) = self.tenants.line_of(slot, &self.store) {
                    line.remove(slot, &self.store);
                }
            }
        }
    }

    #[inline]
    fn change(&mut self, slot: u32, to: State) {
        let from = self.store.set_state(slot, to);
        match &mut self.order {
            Order::Fifo(groups) => groups.changed(slot, from, to, &self.store),
            Order::Standard(partitions) if self.tenants.is_active() => {
                self.tenants.changed(slot, from, to, partitions.count(), &self.store);
            }
            Order::Standard(_) => {}
        }
    }
}

/// The first instant at which a message is too old: retention itself is still within (SQS-110).
#[inline]
pub(super) fn expires_at(enqueued_at: SimTime, retention: SimDuration) -> SimTime {
    enqueued_at + retention + SimDuration::from_micros(1)
}
