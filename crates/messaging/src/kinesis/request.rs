//! The API of a stream.

use kernel::SimTime;

use super::properties::StreamMode;
use super::quotas;
use super::sequence_number::SequenceNumber;
use super::shard_map::ShardId;
use crate::call::Latency;
use crate::identifiers::KeyId;
use crate::registry::ServiceRequest;

/// A request to a stream. The records of a put are the call's entries.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Request {
    /// `PutRecord` (KDS-15): one entry.
    PutRecord {
        /// `ExplicitHashKey` (KDS-9): its text stands in the catalogue among the keys.
        explicit_hash_key: Option<KeyId>,
        /// `SequenceNumberForOrdering` (KDS-32): arrival is exact here, so it only has to be a number there is.
        sequence_number_for_ordering: Option<SequenceNumber>,
    },
    /// `PutRecords` (KDS-15): 1 to 500 entries.
    PutRecords,
    /// `PutRecords` of the KPL: the entries are user records, and those of a shard travel together in stream records
    /// (KDS-83, KDS-85).
    PutAggregatedRecords {
        /// `AggregationMaxSize`: bytes of a stream record.
        aggregation_max_size: u32,
    },
    /// `GetShardIterator` (KDS-34).
    GetShardIterator {
        /// The shard.
        shard: ShardId,
        /// Where to start.
        iterator_type: ShardIteratorType,
    },
    /// `GetRecords` (KDS-38).
    GetRecords {
        /// Where to read.
        iterator: ShardIterator,
        /// 1 to 10,000 records.
        limit: u32,
    },
    /// `SplitShard` (KDS-59).
    SplitShard {
        /// `ShardToSplit`.
        shard: ShardId,
        /// `NewStartingHashKey`: its text stands in the catalogue among the keys.
        new_starting_hash_key: KeyId,
    },
    /// `MergeShards` (KDS-60).
    MergeShards {
        /// `ShardToMerge`.
        shard: ShardId,
        /// `AdjacentShardToMerge`.
        adjacent: ShardId,
    },
    /// `UpdateShardCount` with `UNIFORM_SCALING` (KDS-64).
    UpdateShardCount {
        /// `TargetShardCount`.
        target_shard_count: u32,
    },
    /// `RegisterStreamConsumer` (KDS-47).
    RegisterStreamConsumer {
        /// `ConsumerName`: its text stands in the catalogue among the keys.
        consumer_name: KeyId,
    },
    /// `DeregisterStreamConsumer`.
    DeregisterStreamConsumer {
        /// The consumer's number.
        consumer: u32,
    },
    /// `SubscribeToShard` (KDS-48).
    SubscribeToShard {
        /// The registered consumer; that of the link if none is given.
        consumer: Option<u32>,
        /// Whoever of the consumer's workers will hold the connection.
        reader: u32,
        /// The shard.
        shard: ShardId,
        /// `StartingPosition` (KDS-53).
        starting_position: ShardIteratorType,
    },
    /// A reader is ready for the next event of any of its connections. Not an action of Kinesis, which pushes: this is
    /// the flow control of the connection.
    ReceiveEvent {
        /// The registered consumer; that of the link if none is given.
        consumer: Option<u32>,
        /// Whoever of the consumer's workers is ready.
        reader: u32,
        /// The shard of the last event, when all its records were processed.
        processed: Option<ShardId>,
        /// Until when the reader waits.
        until: SimTime,
    },
    /// `UpdateStreamMode` (KDS-76).
    UpdateStreamMode {
        /// `StreamModeDetails`.
        stream_mode: StreamMode,
    },
    /// A worker of a KCL application that is at work on a long batch renews its leases (KDS-91). Not an action of
    /// Kinesis.
    RenewLeases {
        /// The worker's number.
        worker: u32,
    },
    /// A worker of a KCL application looks into its lease table (KDS-89). Not an action of Kinesis: the KCL keeps
    /// that table elsewhere; here the stream keeps one for each link.
    ListLeases {
        /// The worker's number.
        worker: u32,
        /// How many workers the application has.
        workers: u32,
        /// The answer is about the 64 shards from this one on.
        first: ShardId,
    },
}

/// Where reading starts (KDS-35).
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ShardIteratorType {
    /// `TRIM_HORIZON`: the oldest record.
    TrimHorizon,
    /// `LATEST`: what arrives from now on.
    Latest,
    /// `AT_SEQUENCE_NUMBER`.
    AtSequenceNumber(SequenceNumber),
    /// `AFTER_SEQUENCE_NUMBER`.
    AfterSequenceNumber(SequenceNumber),
    /// `AT_TIMESTAMP`: the first record that arrived then or later.
    AtTimestamp(SimTime),
    /// After the checkpoint of the lease (KDS-93), or `TRIM_HORIZON` without one. Not a type of Kinesis: the KCL
    /// looks the checkpoint up and asks with `AFTER_SEQUENCE_NUMBER`.
    Checkpoint {
        /// The worker that holds the lease.
        worker: u32,
    },
}

/// A position in a shard, good for five minutes (KDS-34).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ShardIterator {
    pub(super) shard: ShardId,
    pub(super) position: u64,
    pub(super) issued_at: SimTime,
    /// The worker of a KCL application that reads with it; none reads without leases.
    pub(super) worker: Option<u32>,
}

impl ShardIterator {
    /// The shard it belongs to.
    pub const fn shard(&self) -> ShardId {
        self.shard
    }
}

/// What is to become of a connection after an event (KDS-48).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Connection {
    /// More events follow.
    Open,
    /// Its five minutes are over: subscribe again.
    Over,
    /// The closed shard has no more records: its children are to be read (KDS-43).
    EndOfShard,
}

/// A stream's answer. Records read, and what failed of `PutRecords`, are in the call's entries.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Response {
    /// The record is stored (KDS-15).
    PutRecord {
        /// Its shard and place.
        sequence_number: SequenceNumber,
    },
    /// The records are stored, but for those whose entries carry an error. The receipt of a stored one has the
    /// shard as its slot and the low half of the sequence index as its generation.
    PutRecords {
        /// `FailedRecordCount` (KDS-15).
        failed_record_count: u32,
    },
    /// An iterator (KDS-34).
    GetShardIterator(ShardIterator),
    /// The records are the call's entries (KDS-38).
    GetRecords {
        /// Where to read on; none at the end of a closed shard (KDS-43).
        next_shard_iterator: Option<ShardIterator>,
        /// How far behind the tip the last record read was (KDS-42).
        millis_behind_latest: u64,
    },
    /// A consumer was registered, or is not any more.
    StreamConsumer {
        /// Its number.
        consumer: u32,
    },
    /// The connection stands (KDS-48).
    Subscribed,
    /// An event of a subscription (KDS-52): the records are the call's entries.
    SubscribeToShardEvent {
        /// The shard; none when nothing came as long as the reader waited.
        shard: Option<ShardId>,
        /// What is to become of the connection.
        connection: Connection,
        /// How far behind the tip the last record was.
        millis_behind_latest: u64,
    },
    /// A change has begun (KDS-2): a resharding, or another mode.
    Resharding,
    /// The leases are renewed.
    Renewed,
    /// The leases of the worker.
    Leases {
        /// Bit n stands for shard `first` + n.
        held: u64,
        /// There are shards beyond these 64.
        more: bool,
    },
}

impl ServiceRequest for Request {
    fn operation(&self) -> &'static str {
        match self {
            Self::PutRecord { .. } => "PutRecord",
            Self::PutRecords | Self::PutAggregatedRecords { .. } => "PutRecords",
            Self::GetShardIterator { .. } => "GetShardIterator",
            Self::GetRecords { .. } => "GetRecords",
            Self::SplitShard { .. } => "SplitShard",
            Self::MergeShards { .. } => "MergeShards",
            Self::UpdateShardCount { .. } => "UpdateShardCount",
            Self::RegisterStreamConsumer { .. } => "RegisterStreamConsumer",
            Self::DeregisterStreamConsumer { .. } => "DeregisterStreamConsumer",
            Self::SubscribeToShard { .. } => "SubscribeToShard",
            Self::ReceiveEvent { .. } => "SubscribeToShardEvent",
            Self::UpdateStreamMode { .. } => "UpdateStreamMode",
            Self::RenewLeases { .. } => "RenewLeases",
            Self::ListLeases { .. } => "ListLeases",
        }
    }

    /// Puts 15 ms, reads 85 ms (CMP-60).
    fn latency(&self) -> Latency {
        match self {
            Self::PutRecord { .. } | Self::PutRecords | Self::PutAggregatedRecords { .. } => {
                quotas::PUT_LATENCY
            }
            Self::GetRecords { .. } => quotas::GET_RECORDS_LATENCY,
            Self::ReceiveEvent { .. } => quotas::PUSH_LATENCY,
            Self::GetShardIterator { .. } | Self::SubscribeToShard { .. } => {
                quotas::GET_SHARD_ITERATOR_LATENCY
            }
            _ => quotas::CONTROL_LATENCY,
        }
    }
}
