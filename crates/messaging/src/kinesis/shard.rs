//! One shard at work: its records and its limits.

use kernel::{CallWindow, SimDuration, SimTime};

use super::read_limit::ReadLimit;
use super::records::RecordLog;
use super::write_limit::WriteLimit;

/// One shard at work. Its range stands in the stream's shard map.
#[derive(Clone, Debug, Default)]
pub(super) struct Shard {
    pub(super) log: RecordLog,
    pub(super) write: WriteLimit,
    pub(super) read: ReadLimit,
    pub(super) iterators: CallWindow,
    /// Different partition keys seen.
    pub(super) keys: u32,
    /// Records from this place on are encrypted (KDS-109); none if nothing is.
    pub(super) encrypted_from: Option<u64>,
    /// Bytes stored so far.
    pub(super) bytes: u64,
    pub(super) closed_at: Option<SimTime>,
}

impl Shard {
    /// Index of the oldest record that is still readable (KDS-55).
    pub(super) fn trim_horizon(&self, now: SimTime, retention: SimDuration) -> u64 {
        match horizon(now, retention) {
            Some(horizon) => self.log.first_at_or_after(horizon).max(self.log.start()),
            None => self.log.start(),
        }
    }

    /// Closed, and all its records are past retention: no longer listed (KDS-57).
    pub(super) fn has_expired(&self, now: SimTime, retention: SimDuration) -> bool {
        self.closed_at.is_some_and(|closed_at| now.since(closed_at) >= retention)
    }
}

/// What arrived before this instant has expired; none while nothing can have.
pub(super) fn horizon(now: SimTime, retention: SimDuration) -> Option<SimTime> {
    let micros = now.as_micros().checked_sub(retention.as_micros())?;
    Some(SimTime::from_micros(micros + 1))
}
