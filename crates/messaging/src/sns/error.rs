//! SNS's refusals, in AWS's words (SNS-190).

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::service_error::ServiceError;

/// A refusal of a topic.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Error {
    /// Over the quota of messages per second (SNS-100).
    Throttled,
    /// Body and attributes are larger than the topic's maximum (SNS-21).
    MessageTooLong,
    /// The body is empty (SNS-23).
    EmptyMessage,
    /// A FIFO topic needs a message group id (SNS-80).
    MessageGroupIdRequired,
    /// A FIFO topic needs a deduplication id, given or from the content (SNS-81).
    DeduplicationIdRequired,
    /// A batch without entries (SNS-25).
    EmptyBatchRequest,
    /// A batch of more than ten entries (SNS-25).
    TooManyEntriesInBatchRequest,
    /// The entries of a batch are too large together (SNS-25).
    BatchRequestTooLong,
    /// A raw delivery to a queue with more than ten attributes (SNS-64).
    TooManyAttributesForRawDelivery,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Throttled => "Rate exceeded",
            Self::MessageTooLong => "Invalid parameter: Message too long",
            Self::EmptyMessage => "Invalid parameter: Empty message",
            Self::MessageGroupIdRequired => {
                "Invalid parameter: The MessageGroupId parameter is required for FIFO topics"
            }
            Self::DeduplicationIdRequired => {
                "Invalid parameter: The topic should either have ContentBasedDeduplication enabled or \
                 MessageDeduplicationId provided explicitly"
            }
            Self::EmptyBatchRequest => "The batch request doesn't contain any entries.",
            Self::TooManyEntriesInBatchRequest => "The batch request contains more entries than permissible.",
            Self::BatchRequestTooLong => {
                "The length of all the batch messages put together is more than the limit."
            }
            Self::TooManyAttributesForRawDelivery => {
                "Raw message delivery to Amazon SQS carries at most 10 message attributes."
            }
        })
    }
}

impl ServiceError for Error {
    fn code(&self) -> &'static str {
        match self {
            Self::Throttled => "Throttled",
            Self::MessageTooLong
            | Self::EmptyMessage
            | Self::MessageGroupIdRequired
            | Self::DeduplicationIdRequired
            | Self::TooManyAttributesForRawDelivery => "InvalidParameter",
            Self::EmptyBatchRequest => "EmptyBatchRequest",
            Self::TooManyEntriesInBatchRequest => "TooManyEntriesInBatchRequest",
            Self::BatchRequestTooLong => "BatchRequestTooLong",
        }
    }
    fn http_status(&self) -> u16 {
        match self {
            Self::Throttled => 429,
            _ => 400,
        }
    }
    fn is_throttling(&self) -> bool {
        matches!(self, Self::Throttled)
    }
}
