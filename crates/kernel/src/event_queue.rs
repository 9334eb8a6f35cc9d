//! Future events in one total order.

use std::cmp::Ordering;
use std::collections::VecDeque;

use crate::time::{SimDuration, SimTime};

/// Where an event stands in the one total order: by time, then by the order of scheduling.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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

impl EventKey {
    const LAST: Self = Self { at: SimTime::MAX, sequence: u64::MAX };
}

impl Ord for EventKey {
    #[inline]
    fn cmp(&self, other: &Self) -> Ordering {
        self.at.cmp(&other.at).then(self.sequence.cmp(&other.sequence))
    }
}

impl PartialOrd for EventKey {
    #[inline]
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
    #[inline]
    fn lt(&self, other: &Self) -> bool {
        self.at < other.at || (self.at == other.at && self.sequence < other.sequence)
    }
}

/// The future: events waiting to run, and the instant reached so far.
///
/// Events that always wait equally long, such as calls under way, come due in the order they were scheduled: each
/// such delay has a lane, first in, first out. All others are in a four-ary heap. Cloning copies memory, and
/// cancelling removes the entry at once. Cancelling looks for its entry from end to end; it is rare, because a
/// service arms one timer for its nearest deadline and keeps the rest in a
/// [`DeadlineQueue`](crate::DeadlineQueue).
#[derive(Clone, Debug)]
pub struct EventQueue<E> {
    heap: Vec<(EventKey, E)>,
    lanes: Vec<Lane<E>>,
    /// The lane whose first event comes first, and that event's key.
    next_lane: usize,
    next_lane_key: EventKey,
    next_sequence: u64,
    now: SimTime,
}

/// The events of one fixed delay.
#[derive(Clone, Debug)]
struct Lane<E> {
    delay: SimDuration,
    /// The key of the first event, or [`EventKey::LAST`].
    front: EventKey,
    events: VecDeque<(EventKey, E)>,
}

/// More different delays than this go into the heap.
const MAX_LANES: usize = 16;

impl<E> Default for EventQueue<E> {
    fn default() -> Self {
        Self {
            heap: Vec::with_capacity(64),
            lanes: Vec::new(),
            next_lane: 0,
            next_lane_key: EventKey::LAST,
            next_sequence: 0,
            now: SimTime::ZERO,
        }
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
        self.heap.len() + self.lanes.iter().map(|lane| lane.events.len()).sum::<usize>()
    }

    /// True when nothing waits.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
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

    /// Lets `event` run after `delay`, one of few delays that come again and again.
    #[inline]
    pub fn schedule_after(&mut self, delay: SimDuration, event: E) -> EventKey {
        let at = self.now + delay;
        let Some(lane) = self.lanes.iter().position(|lane| lane.delay == delay) else {
            if self.lanes.len() < MAX_LANES {
                self.lanes.push(Lane { delay, front: EventKey::LAST, events: VecDeque::with_capacity(16) });
                return self.schedule_after(delay, event);
            }
            return self.schedule(at, event);
        };
        let key = EventKey { at, sequence: self.next_sequence };
        self.next_sequence += 1;
        let events = &mut self.lanes[lane];
        events.events.push_back((key, event));
        if events.front == EventKey::LAST {
            events.front = key;
            if key < self.next_lane_key {
                self.next_lane = lane;
                self.next_lane_key = key;
            }
        }
        key
    }

    /// Removes an event that has not run yet and gives it back.
    pub fn cancel(&mut self, key: EventKey) -> Option<E> {
        let Some(index) = self.heap.iter().position(|(other, _)| *other == key) else {
            return self.cancel_in_lanes(key);
        };
        let (_, event) = self.heap.swap_remove(index);
        if index < self.heap.len() {
            self.sift_down(index);
            self.sift_up(index);
        }
        Some(event)
    }

    fn cancel_in_lanes(&mut self, key: EventKey) -> Option<E> {
        for lane in &mut self.lanes {
            if let Some(index) = lane.events.iter().position(|(other, _)| *other == key) {
                let event = lane.events.remove(index).map(|(_, event)| event);
                lane.front = lane.events.front().map_or(EventKey::LAST, |(key, _)| *key);
                self.find_next_lane();
                return event;
            }
        }
        None
    }

    #[inline]
    fn find_next_lane(&mut self) {
        self.next_lane_key = EventKey::LAST;
        for (place, lane) in self.lanes.iter().enumerate() {
            if lane.front < self.next_lane_key {
                self.next_lane = place;
                self.next_lane_key = lane.front;
            }
        }
    }

    /// The time of the next event.
    #[inline]
    pub fn next_at(&self) -> Option<SimTime> {
        let lane = (self.next_lane_key != EventKey::LAST).then_some(self.next_lane_key.at);
        let heap = self.heap.first().map(|(key, _)| key.at);
        match (lane, heap) {
            (Some(lane), Some(heap)) => Some(lane.min(heap)),
            (lane, heap) => lane.or(heap),
        }
    }

    /// Takes the next event that is due at or before `deadline`; without one, time moves to `deadline`.
    #[inline]
    pub fn pop_until(&mut self, deadline: SimTime) -> Option<(EventKey, E)> {
        let heap_key = self.heap.first().map_or(EventKey::LAST, |(key, _)| *key);
        let from_lane = self.next_lane_key < heap_key;
        let key = if from_lane { self.next_lane_key } else { heap_key };
        if key.at > deadline || key == EventKey::LAST {
            self.now = self.now.max(deadline);
            return None;
        }
        self.now = key.at;
        if from_lane { self.pop_lane() } else { Some(self.pop_heap()) }
    }

    #[inline]
    fn pop_lane(&mut self) -> Option<(EventKey, E)> {
        let lane = &mut self.lanes[self.next_lane];
        let next = lane.events.pop_front();
        lane.front = lane.events.front().map_or(EventKey::LAST, |(key, _)| *key);
        self.find_next_lane();
        next
    }

    #[inline]
    fn pop_heap(&mut self) -> (EventKey, E) {
        let next = self.heap.swap_remove(0);
        if !self.heap.is_empty() {
            self.sift_down(0);
        }
        next
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
    fn lanes_and_heap_give_one_order() {
        let mut queue = EventQueue::default();
        let mut random = crate::Seed(5).stream("test", "lanes");
        let mut expected = Vec::new();
        let mut popped = Vec::new();
        for event in 0..2_000_u64 {
            let delay = SimDuration::from_micros(random.below(20) * 7);
            let key = if random.below(2) == 0 {
                queue.schedule_after(delay, event)
            } else {
                queue.schedule(queue.now() + delay, event)
            };
            if random.below(10) == 0 {
                assert_eq!(queue.cancel(key), Some(event));
            } else {
                expected.push((key, event));
            }
            if random.below(2) == 0 {
                popped.extend(queue.pop_until(queue.now() + SimDuration::from_micros(3)));
            }
        }
        popped.extend(std::iter::from_fn(|| queue.pop_until(SimTime::MAX)));
        expected.sort_by_key(|(key, _)| *key);
        assert_eq!(popped, expected);
        assert!(queue.is_empty() && queue.next_at().is_none());
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
