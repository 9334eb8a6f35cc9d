//! Lambda's limits (CMP-25 to CMP-36, SQS-201 to SQS-206).

use kernel::SimDuration;

use crate::call::Latency;
use crate::quota::Quota;

const LIMITS: &str = "https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html";
const CONCURRENCY: &str = "https://docs.aws.amazon.com/lambda/latest/dg/lambda-concurrency.html";
const SQS: &str = "https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html";
const BATCHES: &str = "https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html";

/// Invocations at the same time of all functions of the account (CMP-25).
pub const CONCURRENT_EXECUTIONS: Quota = Quota {
    code: "ConcurrentExecutions",
    name: "Invocations at the same time, all functions of the account",
    current: 1_000,
    classic: 1_000,
    adjustable: true,
    rule: "CMP-25",
    source: LIMITS,
};
/// What reserved concurrency must leave to the other functions (CMP-25).
pub const UNRESERVED_CONCURRENCY: Quota = Quota {
    code: "UnreservedConcurrentExecutions",
    name: "Concurrency that cannot be reserved",
    current: 100,
    classic: 100,
    adjustable: false,
    rule: "CMP-25",
    source: CONCURRENCY,
};
/// Bytes of the event of an asynchronous invocation (CMP-29).
pub const ASYNCHRONOUS_PAYLOAD: Quota = Quota {
    code: "AsynchronousPayload",
    name: "Bytes of an event of an asynchronous invocation",
    current: 1_048_576,
    classic: 262_144,
    adjustable: false,
    rule: "CMP-29",
    source: LIMITS,
};
/// Bytes of the messages of one synchronous invocation (SQS-202).
pub const BATCH_BYTES: Quota = Quota {
    code: "SynchronousPayload",
    name: "Bytes of the messages of one batch",
    current: 6 * 1024 * 1024,
    classic: 6 * 1024 * 1024,
    adjustable: false,
    rule: "SQS-202",
    source: LIMITS,
};
/// Batches that the mapping of a queue processes at the same time (SQS-203).
pub const QUEUE_CONCURRENCY: Quota = Quota {
    code: "EventSourceMappingConcurrency",
    name: "Batches at the same time of one mapping on a queue",
    current: 1_250,
    classic: 1_000,
    adjustable: false,
    rule: "SQS-203",
    source: SQS,
};
/// Batches at the same time that the mapping of a queue gains per minute (SQS-203).
pub const QUEUE_SCALING_PER_MINUTE: Quota = Quota {
    code: "EventSourceMappingScaling",
    name: "Batches at the same time that a mapping on a queue gains per minute",
    current: 300,
    classic: 60,
    adjustable: false,
    rule: "SQS-203",
    source: SQS,
};
/// The same in provisioned mode (SQS-206).
pub const PROVISIONED_SCALING_PER_MINUTE: Quota = Quota {
    code: "ProvisionedPollerScaling",
    name: "Batches at the same time that a mapping in provisioned mode gains per minute",
    current: 1_000,
    classic: 1_000,
    adjustable: false,
    rule: "SQS-206",
    source: SQS,
};
/// Batches at the same time of one provisioned poller (SQS-206).
pub const PROVISIONED_POLLER_CONCURRENCY: Quota = Quota {
    code: "ProvisionedPollerConcurrency",
    name: "Batches at the same time of one provisioned poller",
    current: 10,
    classic: 10,
    adjustable: false,
    rule: "SQS-206",
    source: SQS,
};
/// Messages of a batch from a standard queue (SQS-201).
pub const STANDARD_BATCH_SIZE: Quota = Quota {
    code: "BatchSize",
    name: "Messages of a batch from a standard queue",
    current: 10_000,
    classic: 10_000,
    adjustable: false,
    rule: "SQS-201",
    source: BATCHES,
};
/// Messages of a batch from a FIFO queue, and of any batch without a window (SQS-201).
pub const FIFO_BATCH_SIZE: Quota = Quota {
    code: "FifoBatchSize",
    name: "Messages of a batch from a FIFO queue, or without a batching window",
    current: 10,
    classic: 10,
    adjustable: false,
    rule: "SQS-201",
    source: BATCHES,
};
/// Usual messages of a batch from a broker; the most are those of a standard queue.
pub const BROKER_BATCH_SIZE: Quota = Quota {
    code: "BrokerBatchSize",
    name: "Usual messages of a batch from a broker",
    current: 100,
    classic: 100,
    adjustable: true,
    rule: "MQ-48",
    source: "https://docs.aws.amazon.com/lambda/latest/dg/with-mq.html",
};
/// How long a batch from a broker waits for more if nobody says (MQ-48).
pub const BROKER_WINDOW: SimDuration = SimDuration::from_millis(500);

/// Messages of a batch from a stream unless the mapping says otherwise (KDS-99).
pub const STREAM_BATCH_SIZE: u32 = 100;
/// Batches at the same time of one shard (KDS-98).
pub const MAX_PARALLELIZATION: u32 = 10;
/// From one read of a shard to the next (KDS-98).
pub const STREAM_POLL_INTERVAL: SimDuration = SimDuration::from_secs(1);
/// So long a registered consumer's connection waits for records at a time; the next wait follows at once. Ours.
pub const EVENT_WAIT: SimDuration = SimDuration::from_secs(60);
/// A tumbling window is closed so long after its end: its last records may still have to be read (KDS-105). Ours.
pub const WINDOW_CLOSES_AFTER: SimDuration = SimDuration::from_secs(2);
/// Records of one read; no more are read while so many wait (KDS-38).
pub const STREAM_READ_RECORDS: u32 = 10_000;
/// How often a mapping looks for new shards. Ours.
pub const SHARD_SYNC_INTERVAL: SimDuration = SimDuration::from_secs(10);
/// From the end of a read to the handler (CMP-60).
pub const STREAM_INVOKE_LATENCY: SimDuration = SimDuration::from_millis(20);

/// Batches at the same time that a mapping on a queue starts with (SQS-203).
pub const FIRST_POLLERS: u32 = 5;
/// What is left of them when the queue is quiet (SQS-203).
pub const QUIET_POLLERS: u32 = 2;
/// A queue without messages for so long is quiet. Ours.
pub const QUIET_AFTER: SimDuration = SimDuration::from_secs(60);
/// A receive without an answer for so long has found the queue empty: no messages remain. Ours.
pub const EMPTY_AFTER: SimDuration = SimDuration::from_millis(100);
/// First pause of a poller after a failed batch; it doubles up to five times (SQS-207). Ours.
pub const FIRST_PAUSE: SimDuration = SimDuration::from_secs(1);
/// How often the pause doubles. Ours.
pub const MAX_DOUBLINGS: u32 = 5;
/// Wait of the pollers' receives (SQS-200).
pub const LONG_POLL_SECONDS: u64 = 20;

/// An environment that was idle for so long is gone (CMP-28).
pub const IDLE_LIFETIME: SimDuration = SimDuration::from_secs(600);
/// Waits before the retries of an asynchronous invocation after a function error (CMP-30).
pub const ERROR_RETRY_DELAYS: [SimDuration; 2] = [SimDuration::from_secs(60), SimDuration::from_secs(120)];
/// The longest wait of a throttled asynchronous invocation, which doubles from 1 s (CMP-30).
pub const MAX_THROTTLE_DELAY: SimDuration = SimDuration::from_secs(300);

/// From the caller to the function's event queue (CMP-59).
pub const INVOKE_LATENCY: Latency =
    Latency { request: SimDuration::from_millis(60), response: SimDuration::ZERO };
/// From a poller to the handler: with it a message takes 16 ms from the sender to the handler (CMP-58). Ours.
pub const BATCH_LATENCY: SimDuration = SimDuration::from_millis(7);
/// From the caller of a synchronous invocation to the handler and back (CMP-58). Ours.
pub const REQUEST_RESPONSE_LATENCY: Latency = Latency { request: BATCH_LATENCY, response: SimDuration::ZERO };
