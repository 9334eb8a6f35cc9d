//! `PurgeQueue` (SQS-100 to SQS-102).

use kernel::SimDuration;

use crate::context::Context;
use crate::sqs::error::Error;
use crate::sqs::{Queue, quotas};
use crate::trace::{Left, TraceKind};

impl Queue {
    /// `PurgeQueue`: everything vanishes at once, or when `PurgeSeconds` are over (SQS-101).
    ///
    /// # Errors
    /// A purge in the 60 s before.
    pub(in crate::sqs) fn purge_queue(&mut self, cx: &mut Context<'_>) -> Result<(), Error> {
        let now = cx.now();
        let interval = SimDuration::from_secs(quotas::PURGE_INTERVAL_SECONDS.current);
        if self.purged_at.is_some_and(|at| now.since(at) < interval) {
            return Err(Error::PurgeQueueInProgress);
        }
        self.purged_at = Some(now);
        match self.properties.purge_seconds {
            0 => self.remove_everything(cx),
            seconds => {
                let ends_at = now + SimDuration::from_secs(u64::from(seconds));
                self.purge_ends_at = Some(ends_at);
                self.alarm.wake_by(ends_at, cx);
            }
        }
        Ok(())
    }

    /// All messages go, and duplicates are forgotten (SQS-102).
    pub(in crate::sqs) fn remove_everything(&mut self, cx: &mut Context<'_>) {
        if cx.is_following() {
            for slot in self.backlog.store.by_age().collect::<Vec<_>>() {
                cx.follow(self.backlog.store.get(slot).message.trace_id, TraceKind::Left(Left::Purged));
            }
        }
        self.purge_ends_at = None;
        self.backlog.ledger.purged += self.backlog.clear();
        self.deduplication.clear();
        self.attempts.clear();
    }
}
