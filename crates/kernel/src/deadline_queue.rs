//! Many deadlines, of which only the nearest has a timer.

use std::collections::{BTreeMap, VecDeque};

use crate::time::SimTime;

/// Items that fall due at given times.
///
/// A timer of the same length always falls due after those set before it, so such deadlines go into a ring in
/// constant time; only deadlines that come out of order go into a tree. Items that no longer matter are left
/// in place: the owner recognises them when they fall due, and removes them with [`retain`](Self::retain) when
/// they outnumber the others.
#[derive(Clone, Debug)]
pub struct DeadlineQueue<T> {
    ring: VecDeque<(SimTime, T)>,
    out_of_order: BTreeMap<(SimTime, u64), T>,
    next_sequence: u64,
}

impl<T> Default for DeadlineQueue<T> {
    fn default() -> Self {
        Self { ring: VecDeque::new(), out_of_order: BTreeMap::new(), next_sequence: 0 }
    }
}

impl<T> DeadlineQueue<T> {
    /// Adds an item that falls due at `deadline`.
    #[inline]
    pub fn push(&mut self, deadline: SimTime, item: T) {
        if self.ring.back().is_none_or(|(last, _)| *last <= deadline) {
            self.ring.push_back((deadline, item));
        } else {
            self.out_of_order.insert((deadline, self.next_sequence), item);
            self.next_sequence += 1;
        }
    }

    /// The nearest deadline.
    #[inline]
    pub fn next_deadline(&self) -> Option<SimTime> {
        let ring = self.ring.front().map(|(deadline, _)| *deadline);
        if self.out_of_order.is_empty() {
            return ring;
        }
        let tree = self.out_of_order.keys().next().map(|(deadline, _)| *deadline);
        match (ring, tree) {
            (Some(ring), Some(tree)) => Some(ring.min(tree)),
            (ring, tree) => ring.or(tree),
        }
    }

    /// Looks at the item with the nearest deadline.
    #[inline]
    pub fn peek(&self) -> Option<(SimTime, &T)> {
        let ring = self.ring.front().map(|(deadline, item)| (*deadline, item));
        if self.out_of_order.is_empty() {
            return ring;
        }
        let tree = self.out_of_order.iter().next().map(|((deadline, _), item)| (*deadline, item));
        match (ring, tree) {
            (Some(ring), Some(tree)) => Some(if tree.0 < ring.0 { tree } else { ring }),
            (ring, tree) => ring.or(tree),
        }
    }

    /// Takes the next item that is due at or before `now`, earliest deadline first.
    #[inline]
    pub fn pop_due(&mut self, now: SimTime) -> Option<T> {
        let deadline = self.next_deadline()?;
        if deadline > now {
            return None;
        }
        self.pop().map(|(_, item)| item)
    }

    /// Takes the item with the nearest deadline.
    #[inline]
    pub fn pop(&mut self) -> Option<(SimTime, T)> {
        let ring = self.ring.front().map(|(deadline, _)| *deadline);
        let tree_first = self
            .out_of_order
            .keys()
            .next()
            .is_some_and(|(deadline, _)| ring.is_none_or(|ring| *deadline < ring));
        if tree_first {
            self.out_of_order.pop_first().map(|((deadline, _), item)| (deadline, item))
        } else {
            self.ring.pop_front()
        }
    }

    /// How many items wait, including those that no longer matter.
    pub fn len(&self) -> usize {
        self.ring.len() + self.out_of_order.len()
    }

    /// True when nothing waits.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Drops the items for which `keep` is false.
    pub fn retain(&mut self, mut keep: impl FnMut(&T) -> bool) {
        self.ring.retain(|(_, item)| keep(item));
        self.out_of_order.retain(|_, item| keep(item));
    }

    /// Removes everything.
    pub fn clear(&mut self) {
        self.ring.clear();
        self.out_of_order.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_come_out_by_deadline_whatever_the_order_they_went_in() {
        let mut queue = DeadlineQueue::default();
        for micros in [5, 9, 3, 9, 4, 12, 1] {
            queue.push(SimTime::from_micros(micros), micros);
        }
        assert_eq!(queue.next_deadline(), Some(SimTime::from_micros(1)));
        let out: Vec<u64> = std::iter::from_fn(|| queue.pop_due(SimTime::from_micros(9))).collect();
        assert_eq!(out, [1, 3, 4, 5, 9, 9]);
        assert_eq!(queue.pop_due(SimTime::from_micros(11)), None);
        assert_eq!(queue.len(), 1);
    }
}
