//! S3's limits (CMP-47 to CMP-64).

use kernel::SimDuration;

use crate::call::Latency;
use crate::quota::Quota;

/// Writes a second under one prefix (CMP-64).
pub const PUT_REQUESTS_PER_PREFIX: Quota = Quota {
    code: "PutRequestsPerPrefix",
    name: "PutObject calls per second under one prefix",
    current: 3_500,
    classic: 3_500,
    adjustable: false,
    rule: "CMP-64",
    source: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/optimizing-performance.html",
};
/// How often an object may go round a loop (CMP-54).
pub const LOOP_GENERATIONS: Quota = Quota {
    code: "LoopGenerations",
    name: "How often an object may come back to its bucket",
    current: 100,
    classic: 100,
    adjustable: false,
    rule: "CMP-54",
    source: "ours",
};

/// From the caller to the bucket and back (CMP-61).
pub const PUT_LATENCY: Latency =
    Latency { request: SimDuration::from_millis(50), response: SimDuration::from_millis(50) };
/// From the bucket to the destination, after the delay of the event (CMP-51). Ours.
pub const NOTIFICATION_LATENCY: Latency =
    Latency { request: SimDuration::from_millis(20), response: SimDuration::ZERO };
/// The longest wait before a notification is tried again; it doubles from 1 s. Ours: AWS says only that events are
/// delivered at least once (CMP-51).
pub const MAX_RETRY_DELAY: SimDuration = SimDuration::from_secs(60);
