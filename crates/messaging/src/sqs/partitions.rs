//! The partitions of a FIFO queue with high throughput (SQS-163).

use kernel::{CallWindow, SimDuration, SimTime};

use super::properties::MAXIMUM_FIFO_PARTITIONS;
use super::quotas;

/// The partitions, and how much each took in the last second.
#[derive(Clone, Debug)]
pub(super) struct FifoPartitions {
    sends: Vec<CallWindow>,
    /// Since when there has been more load than they carry.
    over_since: Option<SimTime>,
}

impl FifoPartitions {
    pub(super) fn new(count: u32) -> Self {
        let count = count.clamp(1, MAXIMUM_FIFO_PARTITIONS);
        Self { sends: vec![CallWindow::default(); count as usize], over_since: None }
    }

    /// How many there are.
    pub(super) fn count(&self) -> u64 {
        self.sends.len() as u64
    }

    /// How many there are, in words.
    pub(super) fn text(&self) -> String {
        match self.count() {
            1 => "1 partition".into(),
            count => format!("{count} partitions"),
        }
    }

    /// Calls per second that all of them carry together.
    pub(super) fn calls_per_second(&self) -> u64 {
        self.count() * quotas::PARTITION_CALLS_PER_SECOND.current
    }

    /// The partition of a message group.
    pub(super) fn of(&self, group_md5: u128) -> usize {
        (group_md5 % self.sends.len() as u128) as usize
    }

    /// Counts a call against a partition; false if it has no room.
    pub(super) fn try_send(&mut self, partition: usize, now: SimTime) -> bool {
        self.sends[partition].try_take(now, quotas::PARTITION_CALLS_PER_SECOND.current).is_ok()
    }

    /// Makes more of them after half a minute of more calls a second than they carry; never fewer.
    pub(super) fn grow(&mut self, now: SimTime, calls_per_second: u64) {
        if calls_per_second <= self.calls_per_second() {
            self.over_since = None;
            return;
        }
        let since = *self.over_since.get_or_insert(now);
        if now.since(since) < SimDuration::from_secs(quotas::PARTITION_GROWTH_SECONDS.current) {
            return;
        }
        let wanted = calls_per_second.div_ceil(quotas::PARTITION_CALLS_PER_SECOND.current);
        let count = wanted.min(u64::from(MAXIMUM_FIFO_PARTITIONS)) as usize;
        self.sends.resize_with(count, CallWindow::default);
        self.over_since = None;
    }
}
