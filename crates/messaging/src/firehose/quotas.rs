//! Firehose's limits (FH-7 to FH-46).

use kernel::SimDuration;

use crate::call::Latency;
use crate::quota::Quota;

const LIMITS: &str = "https://docs.aws.amazon.com/firehose/latest/dev/limits.html";

/// Bytes of a record before base64 (FH-7).
pub const RECORD_BYTES: Quota = Quota {
    code: "RecordBytes",
    name: "Bytes of a record",
    current: 1_024_000,
    classic: 1_024_000,
    adjustable: false,
    rule: "FH-7",
    source: LIMITS,
};
/// Records of one `PutRecordBatch` (FH-8).
pub const BATCH_RECORDS: Quota = Quota {
    code: "BatchRecords",
    name: "Records of one PutRecordBatch",
    current: 500,
    classic: 500,
    adjustable: false,
    rule: "FH-8",
    source: LIMITS,
};
/// Bytes of one `PutRecordBatch` (FH-8).
pub const BATCH_BYTES: Quota = Quota {
    code: "BatchBytes",
    name: "Bytes of one PutRecordBatch",
    current: 4 * 1024 * 1024,
    classic: 4 * 1024 * 1024,
    adjustable: false,
    rule: "FH-8",
    source: LIMITS,
};
/// Records a second of one delivery stream in the Region of the account (FH-9).
pub const RECORDS_PER_SECOND: Quota = Quota {
    code: "RecordsPerSecondLimit",
    name: "Records a second of one delivery stream, by direct put",
    current: 500_000,
    classic: 500_000,
    adjustable: true,
    rule: "FH-9",
    source: LIMITS,
};
/// Calls a second of one delivery stream (FH-9).
pub const PUT_REQUESTS_PER_SECOND: Quota = Quota {
    code: "PutRequestsPerSecondLimit",
    name: "PutRecord and PutRecordBatch calls a second of one delivery stream",
    current: 2_000,
    classic: 2_000,
    adjustable: true,
    rule: "FH-9",
    source: LIMITS,
};
/// Bytes a second of one delivery stream (FH-9).
pub const BYTES_PER_SECOND: Quota = Quota {
    code: "BytesPerSecondLimit",
    name: "Bytes a second of one delivery stream, by direct put",
    current: 5 * 1024 * 1024,
    classic: 5 * 1024 * 1024,
    adjustable: true,
    rule: "FH-9",
    source: LIMITS,
};
/// The least `IntervalInSeconds` (FH-17).
pub const LEAST_INTERVAL_SECONDS: Quota = Quota {
    code: "IntervalInSeconds",
    name: "The least buffer interval, in seconds",
    current: 0,
    classic: 60,
    adjustable: false,
    rule: "FH-17",
    source: LIMITS,
};
/// Partitions with a buffer at the same time (FH-32).
pub const ACTIVE_PARTITIONS: Quota = Quota {
    code: "ActivePartitions",
    name: "Partitions with a buffer at the same time",
    current: 500,
    classic: 500,
    adjustable: true,
    rule: "FH-32",
    source: LIMITS,
};

/// From the caller to the stream and back. Ours.
pub const PUT_LATENCY: Latency =
    Latency { request: SimDuration::from_millis(5), response: SimDuration::from_millis(5) };
/// What a buffer without an interval waits (FH-21). Ours: AWS says a few seconds.
pub const ZERO_BUFFERING: SimDuration = SimDuration::from_secs(1);
/// A buffer never grows beyond this (FH-20). Ours.
pub const MOST_BUFFER_BYTES: u64 = 128 * 1024 * 1024;
/// How long S3 is tried, and how long data put directly are kept at most (FH-39, FH-40).
pub const S3_RETRY: SimDuration = SimDuration::from_secs(86_400);
/// The longest wait between two attempts; it doubles from 1 s (FH-45). Ours.
pub const MAX_BACKOFF: SimDuration = SimDuration::from_secs(120);
/// How long an HTTP endpoint may take to answer (FH-44).
pub const HTTP_TIMEOUT_SECONDS: u16 = 180;
/// From one read of a shard to the next (FH-3).
pub const POLL_INTERVAL: SimDuration = SimDuration::from_secs(1);
/// How often the shards of a source are listed. Ours.
pub const SHARD_SYNC_INTERVAL: SimDuration = SimDuration::from_secs(10);
/// Records of one read of a shard (KDS-38).
pub const READ_RECORDS: u32 = 10_000;
/// Size of what a conversion to Parquet or ORC leaves, unless `CompressionFactor` says otherwise (FH-31). Ours.
pub const CONVERSION_FACTOR: f64 = 0.5;
/// An invocation of a transformation may take so long (FH-34).
pub const MOST_PROCESSING: SimDuration = SimDuration::from_secs(300);
/// Invocations at the same time of each shard of the source, and of a stream without one (FH-34).
pub const INVOCATIONS: usize = 5;
/// The same for Splunk.
pub const SPLUNK_INVOCATIONS: usize = 10;
/// Bytes that stand around a failed record in its object: error, time, number of attempts (FH-36). Ours.
pub const FAILED_RECORD_BYTES: u64 = 300;
