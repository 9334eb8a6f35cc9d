//! `PurgeQueue` (SQS-100 to SQS-102).

use kernel::SimDuration;

use crate::context::Context;
use crate::sqs::error::Error;
use crate::sqs::{Queue, quotas};

impl Queue {
    /// `PurgeQueue`: everything that is there vanishes at once, and duplicates are forgotten (SQS-101, SQS-102).
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
        self.backlog.ledger.purged += self.backlog.clear();
        self.deduplication.clear();
        self.move_task = None;
        Ok(())
    }
}
