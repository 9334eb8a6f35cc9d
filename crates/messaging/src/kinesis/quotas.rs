//! The quotas of Kinesis Data Streams.

use kernel::SimDuration;

use crate::call::Latency;
use crate::quota::Quota;

const LIMITS: &str = "https://docs.aws.amazon.com/streams/latest/dev/service-sizes-and-limits.html";
const PUT_RECORD: &str = "https://docs.aws.amazon.com/kinesis/latest/APIReference/API_PutRecord.html";
const PUT_RECORDS: &str = "https://docs.aws.amazon.com/kinesis/latest/APIReference/API_PutRecords.html";
const GET_RECORDS: &str = "https://docs.aws.amazon.com/kinesis/latest/APIReference/API_GetRecords.html";
const GET_SHARD_ITERATOR: &str =
    "https://docs.aws.amazon.com/kinesis/latest/APIReference/API_GetShardIterator.html";
const UPDATE_SHARD_COUNT: &str =
    "https://docs.aws.amazon.com/kinesis/latest/APIReference/API_UpdateShardCount.html";
const SPLIT_SHARD: &str = "https://docs.aws.amazon.com/kinesis/latest/APIReference/API_SplitShard.html";
const RETENTION: &str = "https://docs.aws.amazon.com/streams/latest/dev/kinesis-extended-retention.html";
const REGISTER_CONSUMER: &str =
    "https://docs.aws.amazon.com/kinesis/latest/APIReference/API_RegisterStreamConsumer.html";
const ON_DEMAND: &str = "https://docs.aws.amazon.com/streams/latest/dev/how-do-i-size-a-stream.html";
const UPDATE_STREAM_MODE: &str =
    "https://docs.aws.amazon.com/kinesis/latest/APIReference/API_UpdateStreamMode.html";
const OURS: &str = "ours";

const KIB: u64 = 1_024;
const MIB: u64 = 1_024 * KIB;

macro_rules! quotas {
    ($($(#[$doc:meta])* $id:ident = $code:literal, $name:literal, $current:expr, $classic:expr, $adjustable:literal,
        $rule:literal, $source:expr;)+) => {
        $($(#[$doc])* pub const $id: Quota = Quota {
            code: $code, name: $name, current: $current, classic: $classic, adjustable: $adjustable,
            rule: $rule, source: $source,
        };)+
        /// All of them.
        pub const ALL: &[&Quota] = &[$(&$id),+];
    };
}

quotas! {
    /// Records a shard takes in any whole second.
    SHARD_RECORDS_PER_SECOND = "ShardWriteRecords", "Records per second written to a shard",
        1_000, 1_000, false, "KDS-21", LIMITS;
    /// Bytes a shard takes in any whole second, keys included.
    SHARD_BYTES_PER_SECOND = "ShardWriteBytes", "Bytes per second written to a shard",
        MIB, MIB, false, "KDS-21", LIMITS;
    /// Records of one `PutRecords`.
    PUT_RECORDS_RECORDS = "PutRecordsRecords", "Records of one PutRecords request",
        500, 500, false, "KDS-20", PUT_RECORDS;
    /// Bytes of one `PutRecords`, keys included.
    PUT_RECORDS_BYTES = "PutRecordsBytes", "Bytes of one PutRecords request",
        10 * MIB, 5 * MIB, false, "KDS-20", PUT_RECORDS;
    /// Characters of a partition key.
    PARTITION_KEY_CHARACTERS = "PartitionKeyCharacters", "Characters of a partition key",
        256, 256, false, "KDS-11", PUT_RECORD;
    /// `GetRecords` calls of a shard in any one second, shared by all consumers.
    GET_RECORDS_CALLS_PER_SECOND = "GetRecordsCalls", "GetRecords calls per second and shard",
        5, 5, false, "KDS-39", LIMITS;
    /// Bytes a shard gives per second, shared by all polling consumers.
    GET_RECORDS_BYTES_PER_SECOND = "GetRecordsBytesPerSecond", "Bytes per second read from a shard",
        2 * MIB, 2 * MIB, false, "KDS-39", LIMITS;
    /// Records of one `GetRecords`.
    GET_RECORDS_RECORDS = "GetRecordsRecords", "Records of one GetRecords answer",
        10_000, 10_000, false, "KDS-38", GET_RECORDS;
    /// Bytes of one `GetRecords`.
    GET_RECORDS_BYTES = "GetRecordsBytes", "Bytes of one GetRecords answer",
        10 * MIB, 10 * MIB, false, "KDS-38", GET_RECORDS;
    /// `GetShardIterator` calls of an open shard in any one second.
    GET_SHARD_ITERATOR_CALLS_PER_SECOND = "GetShardIteratorCalls", "GetShardIterator calls per second and shard",
        5, 5, false, "KDS-37", GET_SHARD_ITERATOR;
    /// Life of a shard iterator in seconds.
    SHARD_ITERATOR_SECONDS = "ShardIteratorSeconds", "Life of a shard iterator in seconds",
        300, 300, false, "KDS-34", GET_SHARD_ITERATOR;
    /// Smallest retention in hours, and the default.
    MIN_RETENTION_HOURS = "MinRetentionHours", "Smallest retention period in hours",
        24, 24, false, "KDS-54", RETENTION;
    /// Largest retention in hours.
    MAX_RETENTION_HOURS = "MaxRetentionHours", "Largest retention period in hours",
        8_760, 8_760, false, "KDS-54", RETENTION;
    /// Smallest setting of the maximum record size in KiB, and the default.
    MIN_MAX_RECORD_KIB = "MinMaxRecordSize", "Smallest maximum record size in KiB",
        1_024, 1_024, false, "KDS-19", LIMITS;
    /// Largest setting of the maximum record size in KiB.
    MAX_MAX_RECORD_KIB = "MaxMaxRecordSize", "Largest maximum record size in KiB",
        10_240, 1_024, false, "KDS-19", LIMITS;
    /// Open shards of the account. The classic number is that of the large regions in 2023.
    OPEN_SHARDS = "ShardLimit", "Open shards of the account",
        20_000, 500, true, "KDS-69", LIMITS;
    /// `SplitShard`, and `MergeShards`, calls in any one second.
    RESHARD_CALLS_PER_SECOND = "ReshardCalls", "SplitShard or MergeShards calls per second",
        5, 5, false, "KDS-58", SPLIT_SHARD;
    /// `UpdateShardCount` calls of a stream in a rolling day.
    UPDATE_SHARD_COUNT_PER_DAY = "UpdateShardCountPerDay", "UpdateShardCount calls per stream in 24 hours",
        10, 10, false, "KDS-64", UPDATE_SHARD_COUNT;
    /// Registered consumers of a stream.
    STREAM_CONSUMERS = "StreamConsumers", "Registered consumers of a stream",
        20, 20, false, "KDS-47", LIMITS;
    /// Registered consumers of a stream with on-demand advantage.
    WARM_STREAM_CONSUMERS = "WarmStreamConsumers", "Registered consumers of a stream with on-demand advantage",
        50, 20, false, "KDS-47", LIMITS;
    /// Registered consumers of a stream that are being created at the same time.
    STREAM_CONSUMERS_CREATING = "StreamConsumersCreating", "Consumers of a stream being created at the same time",
        5, 5, false, "KDS-47", REGISTER_CONSUMER;
    /// `RegisterStreamConsumer` calls of a stream in any one second.
    REGISTER_CONSUMER_CALLS_PER_SECOND = "RegisterStreamConsumerCalls", "RegisterStreamConsumer calls per second",
        5, 5, false, "KDS-47", REGISTER_CONSUMER;
    /// Bytes per second that a shard pushes to each registered consumer.
    FAN_OUT_BYTES_PER_SECOND = "FanOutBytesPerSecond", "Bytes per second pushed from a shard to each consumer",
        2 * MIB, 2 * MIB, false, "KDS-50", LIMITS;
    /// Bytes of one event; a single record always fits. Ours.
    FAN_OUT_EVENT_BYTES = "FanOutEventBytes", "Bytes of one pushed event",
        MIB, MIB, false, "KDS-52", OURS;
    /// Shards of a new on-demand stream.
    ON_DEMAND_SHARDS = "OnDemandShards", "Shards of a new on-demand stream",
        4, 4, false, "KDS-70", ON_DEMAND;
    /// Bytes a second that an on-demand stream takes at most. The classic number is that of the smaller Regions.
    ON_DEMAND_BYTES_PER_SECOND = "OnDemandWriteBytes", "Bytes per second written to an on-demand stream at most",
        10_240 * MIB, 200 * MIB, true, "KDS-72", LIMITS;
    /// Bytes a second above which a shard of an on-demand stream is split.
    ON_DEMAND_SPLIT_BYTES_PER_SECOND = "OnDemandSplitBytes", "Bytes per second above which on-demand mode splits a shard",
        500_000, 500_000, false, "KDS-73", ON_DEMAND;
    /// On-demand streams of the account.
    ON_DEMAND_STREAMS = "OnDemandStreams", "On-demand streams of the account",
        50, 50, true, "KDS-77", LIMITS;
    /// Switches of a stream's mode in a rolling day.
    UPDATE_STREAM_MODE_PER_DAY = "UpdateStreamModePerDay", "Switches of the mode of a stream in 24 hours",
        2, 2, false, "KDS-76", UPDATE_STREAM_MODE;
    /// Records a stream keeps in memory whatever its retention. Ours: a page has no disks.
    RECORDS_KEPT = "RecordsKept", "Records a simulated stream keeps at most",
        8_000_000, 8_000_000, true, "KDS-55", OURS;
}

/// How long a put travels to the stream; its answer comes at the same instant (CMP-60). Ours.
pub(super) const PUT_LATENCY: Latency =
    Latency { request: SimDuration::from_millis(15), response: SimDuration::ZERO };
/// How long the answer to `GetRecords` travels (CMP-60). Ours.
pub(super) const GET_RECORDS_LATENCY: Latency =
    Latency { request: SimDuration::ZERO, response: SimDuration::from_millis(85) };
/// How long the answer to `GetShardIterator` travels. Ours: AWS publishes nothing (CMP-60).
pub(super) const GET_SHARD_ITERATOR_LATENCY: Latency =
    Latency { request: SimDuration::ZERO, response: SimDuration::from_millis(10) };
/// Records that arrive so soon after each other share an event; with the way to the reader it makes the 55 ms of KDS-51.
/// Ours.
pub(super) const PUSH_COLLECTS: SimDuration = SimDuration::from_millis(20);
/// How long an event travels (KDS-51). Ours.
pub(super) const PUSH_LATENCY: Latency =
    Latency { request: SimDuration::ZERO, response: SimDuration::from_millis(35) };
/// How long a connection lasts (KDS-48).
pub(super) const SUBSCRIPTION_LASTS: SimDuration = SimDuration::from_secs(300);
/// So long no other call takes over a connection (KDS-49).
pub(super) const SUBSCRIPTION_PROTECTED: SimDuration = SimDuration::from_secs(5);
/// How long a consumer that is registered by a call is CREATING. Ours.
pub(super) const CONSUMER_CREATION: SimDuration = SimDuration::from_secs(10);
/// How long all other calls travel. Ours.
pub(super) const CONTROL_LATENCY: Latency =
    Latency { request: SimDuration::ZERO, response: SimDuration::ZERO };

/// Time from the call to the first split or merge (KDS-3). Ours, after recorded times.
pub(super) const FIRST_RESHARD_STEP: SimDuration = SimDuration::from_secs(30);
/// Time of each further split or merge of `UpdateShardCount` (KDS-3). Ours, after recorded times.
pub(super) const NEXT_RESHARD_STEP: SimDuration = SimDuration::from_secs(5);
/// From the minute in which an on-demand stream is found to have too few or too many shards until they are changed: AWS
/// takes up to 15 minutes (KDS-73). Ours.
pub(super) const ON_DEMAND_DELAY: SimDuration = SimDuration::from_secs(600);
/// A reader alone on a shard polls it so often (KDS-45); several take turns.
pub(super) const POLL_INTERVAL: SimDuration = SimDuration::from_millis(200);
/// A worker asks so often for its leases. Ours: the KCL takes 10 s and more (KDS-91, KDS-92).
pub(super) const LEASE_SYNC_INTERVAL: SimDuration = SimDuration::from_secs(2);
/// A worker that has not been heard of for so long loses its leases (KDS-91).
pub(super) const LEASE_FAILOVER: SimDuration = SimDuration::from_secs(10);
/// A worker at work on a long batch renews its leases so often: a third of the time after which it would lose them. Ours.
pub(super) const LEASE_RENEWAL: SimDuration = SimDuration::from_millis(3_333);
/// After its first word a worker waits so long for the other workers before it takes leases. Ours.
pub(super) const LEASE_JOIN_WAIT: SimDuration = SimDuration::from_millis(10);
