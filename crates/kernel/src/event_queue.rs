//! Future events in one total order.

use crate::time::SimTime;

/// Where an event stands in the one total order: by time, then by the order of scheduling.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct EventKey {
    at: SimTime,
    sequence: u64,
}

impl EventKey {
    /// When the event will run.
    pub const fn at(self) -> SimTime {
        self.at
    }
}

/// The future: events waiting to run, and the instant reached so far.
///
/// A four-ary heap in one vector: cloning copies memory, cancelling removes the entry at once. Cancelling
/// looks for its entry from end to end; it is rare, because a service arms one timer for its nearest deadline
/// and keeps the rest in a [`DeadlineQueue`](crate::DeadlineQueue), so few events are ever pending.
#[derive(Clone, Debug)]
pub struct EventQueue<E> {
    heap: Vec<(EventKey, E)>,
    next_sequence: u64,
    now: SimTime,
}

impl<E> Default for EventQueue<E> {
    fn default() -> Self {
        Self { heap: Vec::with_capacity(64), next_sequence: 0, now: SimTime::ZERO }
    }
}

const ARITY: usize = 4;

impl<E: Copy> EventQueue<E> {
    /// The instant reached: the time of the last event popped, or the last deadline asked for.
    #[inline]
    pub fn now(&self) -> SimTime {
        self.now
    }

    /// How many events wait.
    pub fn len(&self) -> usize {
        self.heap.len()
    }

    /// True when nothing waits.
    pub fn is_empty(&self) -> bool {
        self.heap.is_empty()
    }

    /// How many events were ever scheduled.
    pub fn scheduled(&self) -> u64 {
        self.next_sequence
    }

    /// Lets `event` run at `at`. Events of one instant run in the order they were scheduled.
    ///
    /// # Panics
    /// When `at` lies in the past: a bug of the caller.
    #[inline]
    pub fn schedule(&mut self, at: SimTime, event: E) -> EventKey {
        assert!(at >= self.now, "an event cannot be scheduled in the past");
        let key = EventKey { at, sequence: self.next_sequence };
        self.next_sequence += 1;
        self.heap.push((key, event));
        self.sift_up(self.heap.len() - 1);
        key
    }

    /// Removes an event that has not run yet and gives it back.
    pub fn cancel(&mut self, key: EventKey) -> Option<E> {
        let index = self.heap.iter().position(|(other, _)| *other == key)?;
        let (_, event) = self.heap.swap_remove(index);
        if index < self.heap.len() {
            self.sift_down(index);
            self.sift_up(index);
        }
        Some(event)
    }

    /// The time of the next event.
    #[inline]
    pub fn next_at(&self) -> Option<SimTime> {
        self.heap.first().map(|(key, _)| key.at)
    }

    /// Takes the next event that is due at or before `deadline`; without one, time moves to `deadline`.
    #[inline]
    pub fn pop_until(&mut self, deadline: SimTime) -> Option<(EventKey, E)> {
        match self.heap.first() {
            Some((key, _)) if key.at <= deadline => {
                let next = self.heap.swap_remove(0);
                if !self.heap.is_empty() {
                    self.sift_down(0);
                }
                self.now = next.0.at;
                Some(next)
            }
            _ => {
                self.now = self.now.max(deadline);
                None
            }
        }
    }

    #[inline]
    fn sift_up(&mut self, mut index: usize) {
        let entry = self.heap[index];
        while index > 0 {
            let parent = (index - 1) / ARITY;
            if self.heap[parent].0 <= entry.0 {
                break;
            }
            self.heap[index] = self.heap[parent];
            index = parent;
        }
        self.heap[index] = entry;
    }

    #[inline]
    fn sift_down(&mut self, mut index: usize) {
        let entry = self.heap[index];
        let length = self.heap.len();
        loop {
            let first_child = index * ARITY + 1;
            if first_child >= length {
                break;
            }
            let mut least = first_child;
            for child in first_child + 1..(first_child + ARITY).min(length) {
                if self.heap[child].0 < self.heap[least].0 {
                    least = child;
                }
            }
            if entry.0 <= self.heap[least].0 {
                break;
            }
            self.heap[index] = self.heap[least];
            index = least;
        }
        self.heap[index] = entry;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_of_one_instant_run_in_scheduling_order() {
        let mut queue = EventQueue::default();
        for event in 0..100_u32 {
            queue.schedule(SimTime::from_micros(7), event);
        }
        let order: Vec<u32> =
            std::iter::from_fn(|| queue.pop_until(SimTime::MAX).map(|(_, event)| event)).collect();
        assert_eq!(order, (0..100).collect::<Vec<_>>());
    }

    #[test]
    fn a_cancelled_event_is_gone_and_the_rest_keeps_its_order() {
        let mut queue = EventQueue::default();
        let keys: Vec<EventKey> =
            (0..50_u64).map(|n| queue.schedule(SimTime::from_micros(n * 37 % 50), n)).collect();
        assert_eq!(queue.cancel(keys[10]), Some(10));
        assert_eq!(queue.cancel(keys[10]), None);
        let mut last = SimTime::ZERO;
        let mut count = 0;
        while let Some((key, event)) = queue.pop_until(SimTime::MAX) {
            assert!(key.at() >= last && event != 10);
            last = key.at();
            count += 1;
        }
        assert_eq!(count, 49);
    }

    #[test]
    fn time_moves_to_the_deadline_when_nothing_is_due() {
        let mut queue = EventQueue::default();
        queue.schedule(SimTime::from_secs(5), ());
        assert!(queue.pop_until(SimTime::from_secs(4)).is_none());
        assert_eq!(queue.now(), SimTime::from_secs(4));
        assert!(queue.pop_until(SimTime::from_secs(5)).is_some());
    }
}
