//! What a shard gives in one second, shared by all who poll it (KDS-39, KDS-40).

use std::collections::VecDeque;

use kernel::{SimDuration, SimTime};

const WINDOW: SimDuration = SimDuration::from_secs(1);

/// The `GetRecords` calls of one shard.
#[derive(Clone, Debug, Default)]
pub(super) struct ReadLimit {
    /// Calls of the last second, with the bytes each returned.
    calls: VecDeque<(SimTime, u64)>,
    /// Until when all calls are refused, after one that returned more than a second's bytes.
    blocked_until: SimTime,
    /// When everything returned so far is paid for at the shard's rate.
    paid_until: SimTime,
}

impl ReadLimit {
    /// True when a call may be made now.
    pub(super) fn allows(&mut self, now: SimTime, calls: u64, bytes_per_second: u64) -> bool {
        while self.calls.front().is_some_and(|(at, _)| now.since(*at) >= WINDOW) {
            self.calls.pop_front();
        }
        let bytes: u64 = self.calls.iter().map(|(_, bytes)| bytes).sum();
        (self.calls.len() as u64) < calls
            && bytes < bytes_per_second
            && self.blocked_until <= now
            && self.paid_until.since(now) < WINDOW
    }

    /// Notes that a call returned `bytes`.
    pub(super) fn returned(&mut self, now: SimTime, bytes: u64, bytes_per_second: u64) {
        self.calls.push_back((now, bytes));
        let pays_for = SimDuration::from_micros(bytes * 1_000_000 / bytes_per_second);
        self.paid_until = self.paid_until.max(now) + pays_for;
        if bytes > bytes_per_second {
            self.blocked_until = now + pays_for;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MIB: u64 = 1_048_576;

    fn at(millis: u64) -> SimTime {
        SimTime::from_micros(millis * 1_000)
    }

    /// KDS-39: 5 calls in any one second.
    #[test]
    fn the_sixth_call_of_a_second_is_refused() {
        let mut limit = ReadLimit::default();
        for number in 0..5 {
            assert!(limit.allows(at(number * 100), 5, 2 * MIB));
            limit.returned(at(number * 100), 0, 2 * MIB);
        }
        assert!(!limit.allows(at(999), 5, 2 * MIB));
        assert!(limit.allows(at(1_000), 5, 2 * MIB));
    }

    /// KDS-40: 10 MiB block for 5 s, a shortage below that for the rest of the second.
    #[test]
    fn bytes_block_as_long_as_they_take() {
        let mut limit = ReadLimit::default();
        limit.returned(at(0), 10 * MIB, 2 * MIB);
        assert!(!limit.allows(at(4_999), 5, 2 * MIB));
        assert!(limit.allows(at(5_000), 5, 2 * MIB));
        let mut limit = ReadLimit::default();
        for _ in 0..2 {
            assert!(limit.allows(at(0), 5, 2 * MIB));
            limit.returned(at(0), MIB, 2 * MIB);
        }
        assert!(!limit.allows(at(999), 5, 2 * MIB));
        assert!(limit.allows(at(1_000), 5, 2 * MIB));
    }

    /// KDS-39: however the calls are spread, the shard gives 2 MiB/s in the long run.
    #[test]
    fn many_small_reads_get_no_more_than_the_rate() {
        let mut limit = ReadLimit::default();
        let mut returned = 0;
        for tick in 0..6_000 {
            let now = at(tick * 10);
            if limit.allows(now, 5, 2 * MIB) {
                limit.returned(now, 600 * 1_024, 2 * MIB);
                returned += 600 * 1_024;
            }
        }
        assert!((119 * MIB..=123 * MIB).contains(&returned), "{returned}");
    }
}
