//! What a shard takes in one second (KDS-21 to KDS-23).

const KIB: u64 = 1_024;

/// A whole number of KiB (KDS-22).
pub(super) const fn whole_kib(bytes: u64) -> u64 {
    bytes.div_ceil(KIB) * KIB
}

/// What was tried and taken in one whole second.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Tally {
    pub(super) tried_records: u64,
    pub(super) tried_bytes: u64,
    pub(super) accepted_records: u64,
    /// Rounded as KDS-22 says, debts paid included.
    charged_bytes: u64,
}

/// A shard's limits of a second.
#[derive(Clone, Copy, Debug)]
pub(super) struct ShardLimits {
    pub(super) records: u64,
    pub(super) bytes: u64,
}

/// Counts what is written to one shard, per whole second of virtual time (KDS-23).
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct WriteLimit {
    second: u64,
    current: Tally,
    previous: Tally,
    /// Bytes of a large record that later seconds have to pay.
    debt: u64,
    /// Which call of `PutRecords` was here last, and the bytes accepted of it.
    call: u64,
    call_bytes: u64,
}

impl WriteLimit {
    /// Takes a record of a `PutRecord` call: its size is rounded up (KDS-22). False when it is over the limit.
    #[inline]
    pub(super) fn try_put_record(&mut self, second: u64, bytes: u64, limits: ShardLimits) -> bool {
        self.try_take(second, bytes, whole_kib(bytes), limits)
    }

    /// Takes a record of a `PutRecords` call: the sum of the call's records here is rounded up (KDS-22).
    #[inline]
    pub(super) fn try_put_records(
        &mut self,
        second: u64,
        bytes: u64,
        call: u64,
        limits: ShardLimits,
    ) -> bool {
        if self.call != call {
            (self.call, self.call_bytes) = (call, 0);
        }
        let charge = whole_kib(self.call_bytes + bytes) - whole_kib(self.call_bytes);
        let taken = self.try_take(second, bytes, charge, limits);
        if taken {
            self.call_bytes += bytes;
        }
        taken
    }

    #[inline]
    fn try_take(&mut self, second: u64, bytes: u64, charge: u64, limits: ShardLimits) -> bool {
        self.roll(second, limits.bytes);
        let tally = &mut self.current;
        tally.tried_records += 1;
        tally.tried_bytes += bytes;
        if tally.accepted_records >= limits.records {
            return false;
        }
        if tally.charged_bytes + charge > limits.bytes {
            // Only a record that no second could hold may run into debt.
            if bytes <= limits.bytes || self.debt > 0 {
                return false;
            }
            self.debt = tally.charged_bytes + charge - limits.bytes;
            tally.charged_bytes = limits.bytes;
        } else {
            tally.charged_bytes += charge;
        }
        tally.accepted_records += 1;
        true
    }

    #[inline]
    fn roll(&mut self, second: u64, bytes_per_second: u64) {
        if second == self.second {
            return;
        }
        self.previous = if second == self.second + 1 { self.current } else { Tally::default() };
        self.current = Tally::default();
        if self.debt > 0 {
            let seconds_between = second - self.second - 1;
            self.debt = self.debt.saturating_sub(seconds_between.saturating_mul(bytes_per_second));
            let paid = self.debt.min(bytes_per_second);
            self.debt -= paid;
            self.current.charged_bytes = paid;
        }
        self.second = second;
    }

    /// The last whole second, or the running one if more was tried in it.
    pub(super) fn shown(&self, second: u64) -> Tally {
        let (current, previous) = match second.saturating_sub(self.second) {
            0 => (self.current, self.previous),
            1 => (Tally::default(), self.current),
            _ => (Tally::default(), Tally::default()),
        };
        if current.tried_records > previous.tried_records { current } else { previous }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MIB: u64 = 1_024 * KIB;
    const LIMITS: ShardLimits = ShardLimits { records: 1_000, bytes: MIB };

    /// KDS-23: a large record is paid by the seconds after it, and a second one waits for that.
    #[test]
    fn a_record_above_the_rate_makes_a_debt() {
        let mut limit = WriteLimit::default();
        assert!(limit.try_put_record(0, 512 * KIB, LIMITS));
        assert!(limit.try_put_record(0, 3 * MIB, LIMITS));
        assert!(!limit.try_put_record(0, 1, LIMITS));
        assert!(!limit.try_put_record(1, 1, LIMITS), "second 1 pays 1 of 2.5 MiB");
        assert!(!limit.try_put_record(2, 3 * MIB, LIMITS), "second 2 pays 1 of 1.5 MiB, debt stays open");
        assert!(limit.try_put_record(3, 512 * KIB, LIMITS), "second 3 pays the last 0.5 MiB");
        assert!(!limit.try_put_record(3, 1, LIMITS));
        assert!(limit.try_put_record(4, MIB, LIMITS));
    }

    /// KDS-23: seconds in which nothing is written pay too.
    #[test]
    fn idle_seconds_pay_the_debt() {
        let mut limit = WriteLimit::default();
        assert!(limit.try_put_record(0, 10 * MIB, LIMITS));
        assert!(!limit.try_put_record(9, 1, LIMITS), "second 9 pays the last of 9 MiB");
        let mut limit = WriteLimit::default();
        assert!(limit.try_put_record(0, 10 * MIB, LIMITS));
        assert!(limit.try_put_record(10, MIB, LIMITS));
    }
}
