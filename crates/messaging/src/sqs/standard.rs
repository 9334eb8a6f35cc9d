//! The order of a standard queue: spread over servers, oldest first on each (SQS-83, SQS-91).

use std::collections::{BTreeSet, VecDeque};

use kernel::RandomStream;

use super::properties::MAXIMUM_PARTITIONS;
use super::store::{State, Store};

/// The servers of a standard queue.
#[derive(Clone, Debug)]
pub(super) struct Partitions {
    all: Vec<Partition>,
    /// One bit for each partition with visible messages.
    nonempty: u64,
}

#[derive(Clone, Debug, Default)]
struct Partition {
    /// Never received, by position. What has left otherwise is recognised when its turn comes.
    fresh: VecDeque<(u64, u32)>,
    /// Visible again, by position.
    returned: BTreeSet<(u64, u32)>,
    visible: u64,
}

/// The servers one receive asks, and where it goes on.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sample {
    servers: u64,
    next: u32,
}

impl Partitions {
    pub(super) fn new(count: u32) -> Self {
        let count = count.clamp(1, MAXIMUM_PARTITIONS);
        Self { all: vec![Partition::default(); count as usize], nonempty: 0 }
    }

    /// How many there are.
    pub(super) fn count(&self) -> u32 {
        self.all.len() as u32
    }

    /// The server a new message lands on (SQS-83).
    #[inline]
    pub(super) fn place(&self, random: &mut RandomStream) -> u8 {
        match self.all.len() {
            1 => 0,
            count => random.below(count as u64) as u8,
        }
    }

    /// All servers: a long poll (SQS-82).
    #[inline]
    pub(super) fn all_servers(&self, random: &mut RandomStream) -> Sample {
        Sample { servers: u64::MAX, next: u32::from(self.place(random)) }
    }

    /// A share of the servers, rounded up: a short poll (SQS-83).
    pub(super) fn some_servers(&self, share: f64, random: &mut RandomStream) -> Sample {
        let count = self.all.len();
        let wanted = ((count as f64 * share).ceil() as usize).clamp(1, count);
        if wanted == count {
            return self.all_servers(random);
        }
        let mut left: [u8; MAXIMUM_PARTITIONS as usize] = std::array::from_fn(|place| place as u8);
        let mut servers = 0;
        for drawn in 0..wanted {
            let other = drawn + random.below((count - drawn) as u64) as usize;
            left.swap(drawn, other);
            servers |= 1 << left[drawn];
        }
        Sample { servers, next: u32::from(left[0]) }
    }

    /// A message that was never received becomes visible; its position is later than all before.
    #[inline]
    pub(super) fn add_fresh(&mut self, slot: u32, store: &mut Store) {
        let stored = store.get_mut(slot);
        stored.fresh = true;
        let place = stored.partition;
        let partition = &mut self.all[usize::from(place)];
        partition.fresh.push_back((stored.position, slot));
        partition.visible += 1;
        self.nonempty |= 1 << place;
    }

    /// A message becomes visible again.
    pub(super) fn add_returned(&mut self, slot: u32, store: &mut Store) {
        let stored = store.get_mut(slot);
        stored.fresh = false;
        let partition = &mut self.all[usize::from(stored.partition)];
        partition.returned.insert((stored.position, slot));
        partition.visible += 1;
        self.nonempty |= 1 << stored.partition;
    }

    /// A visible message leaves without being received.
    pub(super) fn remove(&mut self, slot: u32, store: &Store) {
        let stored = store.get(slot);
        let partition = &mut self.all[usize::from(stored.partition)];
        if !stored.fresh {
            partition.returned.remove(&(stored.position, slot));
        } else if partition.fresh.front() == Some(&(stored.position, slot)) {
            partition.fresh.pop_front();
        }
        self.left(stored.partition);
    }

    /// True when one of the asked servers has a visible message.
    #[inline]
    pub(super) fn has(&self, sample: &Sample) -> bool {
        self.nonempty & sample.servers != 0
    }

    /// Moves all messages to `others`.
    pub(super) fn move_all(&mut self, others: &mut Self, store: &mut Store) {
        let mut everywhere = Sample { servers: u64::MAX, next: 0 };
        while let Some(slot) = self.take(&mut everywhere, store) {
            store.get_mut(slot).in_line = false;
            others.add_returned(slot, store);
        }
    }

    /// Takes the next visible message: the asked servers in turn, the oldest of each.
    #[inline]
    pub(super) fn take(&mut self, sample: &mut Sample, store: &Store) -> Option<u32> {
        let candidates = self.nonempty & sample.servers;
        if candidates == 0 {
            return None;
        }
        let place = (candidates.rotate_right(sample.next).trailing_zeros() + sample.next) % u64::BITS;
        sample.next = (place + 1) % u64::BITS;
        let partition = &mut self.all[place as usize];
        let slot = partition.take_oldest(store)?;
        self.left(place as u8);
        Some(slot)
    }

    #[inline]
    fn left(&mut self, place: u8) {
        let partition = &mut self.all[usize::from(place)];
        partition.visible -= 1;
        if partition.visible == 0 {
            partition.fresh.clear();
            self.nonempty &= !(1 << place);
        }
    }
}

impl Partition {
    #[inline]
    fn take_oldest(&mut self, store: &Store) -> Option<u32> {
        loop {
            let fresh = self.fresh.front().copied();
            if let Some(returned) = self.returned.first().copied()
                && fresh.is_none_or(|fresh| returned < fresh)
            {
                self.returned.pop_first();
                return Some(returned.1);
            }
            let (position, slot) = fresh?;
            self.fresh.pop_front();
            let stored = store.get(slot);
            if stored.state == State::Visible && stored.fresh && stored.position == position {
                return Some(slot);
            }
        }
    }
}
