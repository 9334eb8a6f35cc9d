//! Kinesis's refusals, in AWS's words (KDS section 13).

use std::fmt;

use serde::{Deserialize, Serialize};

use super::shard_map::ShardId;
use crate::arn;
use crate::kms::KmsError;
use crate::service_error::ServiceError;

/// A refusal of a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Error {
    /// Over the write or read limit of a shard (KDS-24, KDS-39).
    ProvisionedThroughputExceededException {
        /// Which shard.
        shard: ShardId,
    },
    /// There is no such shard, or it has expired (KDS-57, KDS-61).
    ResourceNotFoundException {
        /// Which shard was asked for.
        shard: ShardId,
    },
    /// KMS refuses the use of the stream's key (KDS-109).
    Kms(KmsError),
    /// There is no such registered consumer: `ResourceNotFoundException` (KDS-47).
    NoSuchConsumer,
    /// The stream is being resharded (KDS-58).
    ResourceInUseException,
    /// The consumer has a connection to the shard that is younger than five seconds, or it is not ACTIVE, or its name
    /// is taken: `ResourceInUseException` (KDS-49).
    ConsumerInUse,
    /// An argument cannot be right.
    InvalidArgumentException(InvalidArgument),
    /// An argument breaks a constraint of the API.
    ValidationException(Invalid),
    /// A limit of the account or of the API's pace.
    LimitExceededException(Limit),
    /// The iterator is older than five minutes (KDS-34).
    ExpiredIteratorException,
    /// The KCL's, not Kinesis's: the lease belongs to another worker by now (KDS-95).
    ShutdownException,
}

/// Why an argument cannot be right.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum InvalidArgument {
    /// A hash key of 2^128 or more (KDS-9).
    HashKeyOutOfRange,
    /// The records of a `PutRecords` call are too large together (KDS-20).
    RequestTooLarge,
    /// The split point is not well inside the shard's range (KDS-59).
    NewStartingHashKey,
    /// The shards are not neighbours in this order (KDS-60).
    NotAdjacent {
        /// `ShardToMerge`.
        shard_to_merge: ShardId,
        /// `AdjacentShardToMerge`.
        adjacent_shard_to_merge: ShardId,
    },
    /// The shard is closed (KDS-61).
    AlreadyMergedOrSplit {
        /// Which shard.
        shard: ShardId,
    },
    /// The sequence number belongs to another shard, or lies in the future (KDS-36).
    SequenceNumber,
    /// `AT_TIMESTAMP` lies in the future (KDS-35).
    FutureTimestamp,
}

/// Which constraint of the API is broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Invalid {
    /// No partition key, or one of more than 256 characters (KDS-11).
    PartitionKey,
    /// The record is larger than the stream allows (KDS-19).
    RecordSize,
    /// `PutRecord` takes one record, `PutRecords` 1 to 500 (KDS-15, KDS-20).
    NumberOfRecords,
    /// Not `0|[1-9][0-9]{0,38}` (KDS-9).
    HashKey,
    /// `Limit` of `GetRecords` is 1 to 10,000 (KDS-38).
    Limit,
    /// `TargetShardCount` is 1 or more.
    TargetShardCount,
    /// Shards of an on-demand stream are not split or merged by calls (KDS-58).
    OnDemand,
}

/// Which limit was exceeded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Limit {
    /// Open shards of the account (KDS-61, KDS-69).
    OpenShards,
    /// More than double or less than half of the open shards (KDS-64).
    UniformScaling,
    /// `UpdateShardCount` in a rolling day (KDS-64).
    UpdateShardCountPerDay,
    /// Calls per second of a resharding action (KDS-58).
    CallsPerSecond,
    /// `UpdateStreamMode` in a rolling day (KDS-76).
    UpdateStreamModePerDay,
    /// On-demand streams of the account (KDS-77).
    OnDemandStreams,
    /// Registered consumers of the stream (KDS-47).
    StreamConsumers,
    /// Registered consumers that are being created (KDS-47).
    StreamConsumersCreating,
}

impl Error {
    /// The text as AWS writes it, for a stream of this name (KDS-17).
    pub fn text_for(&self, stream: &str) -> String {
        match self {
            Self::ProvisionedThroughputExceededException { shard } => {
                format!("Rate exceeded for shard {shard} in stream {stream} under account {}.", arn::ACCOUNT)
            }
            Self::ResourceNotFoundException { shard } => {
                format!("Could not find shard {shard} in stream {stream} under account {}.", arn::ACCOUNT)
            }
            Self::ResourceInUseException => format!(
                "Stream {stream} under account {} not ACTIVE, instead in state UPDATING",
                arn::ACCOUNT
            ),
            other => other.to_string(),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ProvisionedThroughputExceededException { shard } => {
                write!(f, "Rate exceeded for shard {shard}.")
            }
            Self::ResourceNotFoundException { shard } => write!(f, "Could not find shard {shard}."),
            Self::ResourceInUseException => {
                f.write_str("The stream is not ACTIVE, instead in state UPDATING.")
            }
            Self::Kms(KmsError::AccessDenied) => {
                f.write_str("The policy of the KMS key does not allow the caller to use it.")
            }
            Self::Kms(KmsError::Disabled) => f.write_str("The KMS key is disabled."),
            Self::Kms(KmsError::InvalidState) => f.write_str("The KMS key is pending deletion."),
            Self::Kms(KmsError::NotFound) => f.write_str("The KMS key cannot be found."),
            Self::NoSuchConsumer => f.write_str("There is no such registered consumer."),
            Self::ConsumerInUse => {
                f.write_str("The consumer is not ACTIVE, or is connected to the shard already.")
            }
            Self::InvalidArgumentException(reason) => reason.fmt(f),
            Self::ValidationException(reason) => f.write_str(reason.text()),
            Self::LimitExceededException(limit) => f.write_str(limit.text()),
            Self::ShutdownException => {
                f.write_str("The lease of the shard belongs to another worker by now: no checkpoint.")
            }
            Self::ExpiredIteratorException => {
                f.write_str("Iterator expired. Shard iterators expire after 5 minutes.")
            }
        }
    }
}

impl fmt::Display for InvalidArgument {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::HashKeyOutOfRange => f.write_str("The hash key must be between 0 and 2^128 - 1."),
            Self::RequestTooLarge => f.write_str("The records of the request are too large together."),
            Self::NewStartingHashKey => f.write_str(
                "NewStartingHashKey must be at least two above the start of the shard's range and below its end.",
            ),
            Self::NotAdjacent { shard_to_merge, adjacent_shard_to_merge } => write!(
                f,
                "Shards {shard_to_merge} and {adjacent_shard_to_merge} are not an adjacent pair of shards eligible for merging"
            ),
            Self::AlreadyMergedOrSplit { shard } => {
                write!(f, "Shard {shard} has already been merged or split, and thus is not eligible for merging or splitting.")
            }
            Self::SequenceNumber => {
                f.write_str("The sequence number does not belong to this shard, or lies in the future.")
            }
            Self::FutureTimestamp => f.write_str("The timestamp of AT_TIMESTAMP cannot lie in the future."),
        }
    }
}

impl Invalid {
    const fn text(self) -> &'static str {
        match self {
            Self::PartitionKey => "PartitionKey must have 1 to 256 characters.",
            Self::RecordSize => "The record is larger than the stream's maximum record size.",
            Self::NumberOfRecords => "PutRecord takes one record, PutRecords 1 to 500.",
            Self::HashKey => "A hash key must match the pattern 0|[1-9][0-9]{0,38}.",
            Self::Limit => "Limit must be between 1 and 10,000.",
            Self::TargetShardCount => "TargetShardCount must be 1 or more.",
            Self::OnDemand => "The stream is in on-demand mode, which chooses its shards itself.",
        }
    }
}

impl Limit {
    const fn text(self) -> &'static str {
        match self {
            Self::OpenShards => "This request would exceed the shard limit of the account.",
            Self::UniformScaling => {
                "UpdateShardCount cannot scale to more than double or less than half of the current open shards."
            }
            Self::UpdateShardCountPerDay => {
                "The stream was scaled ten times in the last 24 hours, which is the most."
            }
            Self::CallsPerSecond => "Rate exceeded for this API action.",
            Self::UpdateStreamModePerDay => {
                "The mode of the stream was switched twice in the last 24 hours, which is the most."
            }
            Self::StreamConsumers => "The stream has as many registered consumers as it may have.",
            Self::StreamConsumersCreating => "Five consumers of the stream are being created already.",
            Self::OnDemandStreams => "The account has as many on-demand streams as it may have.",
        }
    }
}

impl ServiceError for Error {
    fn code(&self) -> &'static str {
        match self {
            Self::ProvisionedThroughputExceededException { .. } => "ProvisionedThroughputExceededException",
            Self::Kms(KmsError::AccessDenied) => "KMSAccessDeniedException",
            Self::Kms(KmsError::Disabled) => "KMSDisabledException",
            Self::Kms(KmsError::InvalidState) => "KMSInvalidStateException",
            Self::Kms(KmsError::NotFound) => "KMSNotFoundException",
            Self::ResourceNotFoundException { .. } | Self::NoSuchConsumer => "ResourceNotFoundException",
            Self::ResourceInUseException | Self::ConsumerInUse => "ResourceInUseException",
            Self::InvalidArgumentException(_) => "InvalidArgumentException",
            Self::ValidationException(_) => "ValidationException",
            Self::LimitExceededException(_) => "LimitExceededException",
            Self::ExpiredIteratorException => "ExpiredIteratorException",
            Self::ShutdownException => "ShutdownException",
        }
    }
    /// Those of KDS-112.
    fn is_throttling(&self) -> bool {
        matches!(self, Self::ProvisionedThroughputExceededException { .. } | Self::LimitExceededException(_))
    }
}
