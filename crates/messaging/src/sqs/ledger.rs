//! Every message is somewhere: what came in is what went out and what is there.

/// What came into a queue and what left it, since it was made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Ledger {
    /// Messages of send calls, whatever became of them.
    pub(super) offered: u64,
    /// Of these: refused.
    pub(super) refused: u64,
    /// Of these: swallowed by deduplication (SQS-142).
    pub(super) deduplicated: u64,
    /// Of these: stored.
    pub(super) sent: u64,
    /// Came by another queue's redrive policy (SQS-121).
    pub(super) moved_in: u64,
    /// Came back from a dead-letter queue by a move task (SQS-130).
    pub(super) redriven_in: u64,
    /// Deleted by a call (SQS-50).
    pub(super) deleted: u64,
    /// Dropped at the end of their retention (SQS-110).
    pub(super) expired: u64,
    /// Moved to the dead-letter queue (SQS-121).
    pub(super) moved_out: u64,
    /// Moved back to their sources by a move task (SQS-130).
    pub(super) redriven_out: u64,
    /// Purged (SQS-100).
    pub(super) purged: u64,
}

impl Ledger {
    /// Compares the ledger with the messages that are there.
    ///
    /// # Panics
    /// When they differ: a message was lost or came from nowhere, which is a bug.
    #[inline]
    pub(super) fn check(&self, held: u64) {
        let came = self.sent + self.moved_in + self.redriven_in;
        let left = self.deleted + self.expired + self.moved_out + self.redriven_out + self.purged;
        assert!(came == left + held, "messages are not conserved: {self:?}, held {held}");
        assert!(
            self.offered == self.refused + self.deduplicated + self.sent,
            "sends are not conserved: {self:?}"
        );
    }
}
