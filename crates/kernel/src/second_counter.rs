//! A counter per whole second of virtual time, and the count of the second before.

use crate::time::SimTime;

/// Counts amounts per whole second of virtual time.
#[derive(Clone, Copy, Debug, Default)]
pub struct SecondCounter {
    second: u64,
    current: u64,
    previous: u64,
}

impl SecondCounter {
    /// Adds `amount` to the second that `now` lies in.
    #[inline]
    pub fn add(&mut self, now: SimTime, amount: u64) {
        self.roll(now);
        self.current += amount;
    }

    /// Adds `amount` only if the second's count stays within `limit`; tells whether it did.
    #[inline]
    pub fn try_add(&mut self, now: SimTime, amount: u64, limit: u64) -> bool {
        self.roll(now);
        if self.current + amount > limit {
            return false;
        }
        self.current += amount;
        true
    }

    /// The count of the running second.
    #[inline]
    pub fn current(&self, now: SimTime) -> u64 {
        if now.whole_second() == self.second { self.current } else { 0 }
    }

    /// The count of the last whole second.
    pub fn last_second(&self, now: SimTime) -> u64 {
        match now.whole_second().wrapping_sub(self.second) {
            0 => self.previous,
            1 => self.current,
            _ => 0,
        }
    }

    #[inline]
    fn roll(&mut self, now: SimTime) {
        let second = now.whole_second();
        if second != self.second {
            self.previous = if second == self.second + 1 { self.current } else { 0 };
            self.current = 0;
            self.second = second;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_second_starts_afresh_and_remembers_the_one_before() {
        let mut counter = SecondCounter::default();
        let at = |millis: u64| SimTime::from_micros(millis * 1_000);
        assert!(counter.try_add(at(10), 7, 10));
        assert!(!counter.try_add(at(999), 4, 10));
        assert!(counter.try_add(at(1_000), 4, 10));
        assert_eq!((counter.current(at(1_500)), counter.last_second(at(1_500))), (4, 7));
        assert_eq!((counter.current(at(2_000)), counter.last_second(at(2_000))), (0, 4));
        assert_eq!(counter.last_second(at(9_000)), 0);
    }
}
