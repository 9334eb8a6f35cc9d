//! Which metrics clients report; the playground's own.

use crate::metric::MetricName::{self, *};

/// Those of a producer.
pub(super) const PRODUCER: &[MetricName] = &[
    MessagesOffered,
    MessagesAccepted,
    MessagesRefused,
    MessagesRetried,
    MessagesLost,
    MessagesAwaitingRetry,
];

/// Those of a consumer.
pub(super) const CONSUMER: &[MetricName] = &[
    MessagesAccepted,
    MessagesRefused,
    MessagesRetried,
    MessagesLost,
    MessagesAwaitingRetry,
    MessagesProcessed,
    ProcessingFailures,
    MessagesProcessedAgain,
    BusyWorkers,
    ReceiveCalls,
    ProcessedOutOfOrder,
];
