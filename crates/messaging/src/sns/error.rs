//! SNS's refusals, in AWS's words (SNS-190).

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::service_error::ServiceError;

/// A refusal of a topic, or why a delivery was given up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Error {
    /// Over the quota of messages per second (SNS-100).
    Throttled,
    /// Body and attributes are larger than the topic's maximum (SNS-21).
    MessageTooLong,
    /// The body is empty (SNS-23).
    EmptyMessage,
    /// The subject is empty, too long, or has a line break (SNS-23).
    InvalidSubject,
    /// A body of structure `json` is no JSON object (SNS-24).
    MessageStructureNotJson,
    /// A body of structure `json` has no text `default` (SNS-24).
    MessageStructureWithoutDefault,
    /// A body of structure `json` names a protocol twice (SNS-24).
    DuplicatedKeys,
    /// A message attribute is wrong (SNS-30).
    ParameterValueInvalid(AttributeFault),
    /// A FIFO topic needs a message group id (SNS-80).
    MessageGroupIdRequired,
    /// A FIFO topic needs a deduplication id, given or from the content (SNS-81).
    DeduplicationIdRequired,
    /// A standard topic takes no deduplication id (SNS-31).
    DeduplicationIdNotAllowed,
    /// A batch without entries (SNS-25).
    EmptyBatchRequest,
    /// A batch of more than ten entries (SNS-25).
    TooManyEntriesInBatchRequest,
    /// The entries of a batch are too large together (SNS-25).
    BatchRequestTooLong,
    /// A raw delivery to a queue with more than ten attributes (SNS-64).
    TooManyAttributesForRawDelivery,
    /// A text message of more than 1,600 characters (SNS-113).
    SmsTooLong,
    /// The account's text messages of this month cost more than it may spend (SNS-102).
    SmsSpendingLimit,
    /// The topic's or the key's policy does not let the caller publish (SNS-150).
    AuthorizationError,
    /// The key's policy does not let the caller use the key (ACC-25).
    KmsAccessDenied,
    /// There is no such topic, or no longer (SNS-26).
    TopicDoesNotExist,
    /// A topic of that name has other attributes (SNS-2).
    TopicExistsWithOtherAttributes,
    /// A topic of that name has other tags (SNS-2).
    TopicExistsWithOtherTags,
    /// The account has as many topics as it may have (SNS-3).
    TopicLimitExceeded,
    /// The topic has as many subscriptions as it may have (SNS-4).
    SubscriptionLimitExceeded,
    /// A FIFO topic delivers to queues only (SNS-44).
    FifoTopicTakesQueuesOnly,
    /// A FIFO topic with an archive cannot be deleted (SNS-2).
    TopicHasArchive,
    /// Too many replays at the same time (SNS-133).
    ReplayLimitExceeded,
    /// More deliveries wait for their next attempt than the playground keeps. Ours.
    TooManyPendingDeliveries,
}

/// What is wrong with a message attribute (SNS-30).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum AttributeFault {
    /// Its name.
    Name,
    /// Its data type.
    Type,
    /// It has no value.
    EmptyValue,
    /// A number that is none.
    NotANumber,
    /// Binary data that is no base64.
    NotBase64,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Throttled => "Rate exceeded",
            Self::MessageTooLong => "Invalid parameter: Message too long",
            Self::EmptyMessage => "Invalid parameter: Empty message",
            Self::InvalidSubject => "Invalid parameter: Subject",
            Self::MessageStructureNotJson => {
                "Invalid parameter: Message Structure - JSON message body failed to parse"
            }
            Self::MessageStructureWithoutDefault => {
                "Invalid parameter: Message Structure - No default entry in JSON message body"
            }
            Self::DuplicatedKeys => "Invalid parameter: Duplicated keys are not allowed.",
            Self::ParameterValueInvalid(fault) => fault.text(),
            Self::MessageGroupIdRequired => {
                "Invalid parameter: The MessageGroupId parameter is required for FIFO topics"
            }
            Self::DeduplicationIdRequired => {
                "Invalid parameter: The topic should either have ContentBasedDeduplication enabled or \
                 MessageDeduplicationId provided explicitly"
            }
            Self::DeduplicationIdNotAllowed => {
                "Invalid parameter: MessageDeduplicationId Reason: The request includes MessageDeduplicationId \
                 parameter that is not valid for this topic type"
            }
            Self::EmptyBatchRequest => "The batch request doesn't contain any entries.",
            Self::TooManyEntriesInBatchRequest => "The batch request contains more entries than permissible.",
            Self::BatchRequestTooLong => {
                "The length of all the batch messages put together is more than the limit."
            }
            Self::TooManyAttributesForRawDelivery => {
                "Raw message delivery to Amazon SQS carries at most 10 message attributes."
            }
            Self::SmsTooLong => "Invalid parameter: Message Reason: a text message has at most 1,600 characters.",
            Self::SmsSpendingLimit => "No quota left for account",
            Self::AuthorizationError => {
                "The caller is not authorized to perform: SNS:Publish on this resource because no resource-based \
                 policy allows the SNS:Publish action"
            }
            Self::KmsAccessDenied => "The key's policy does not let the caller use it.",
            Self::TopicDoesNotExist => "Topic does not exist",
            Self::TopicExistsWithOtherAttributes => {
                "Invalid parameter: Attributes Reason: Topic already exists with different attributes"
            }
            Self::TopicExistsWithOtherTags => {
                "Invalid parameter: Tags Reason: Topic already exists with different tags"
            }
            Self::TopicLimitExceeded => "The account has as many topics as it may have.",
            Self::SubscriptionLimitExceeded => "The topic has as many subscriptions as it may have.",
            Self::FifoTopicTakesQueuesOnly => {
                "Invalid parameter: Invalid parameter: Endpoint Reason: Please use SQS queues: a FIFO topic delivers to \
                 no other endpoint"
            }
            Self::TopicHasArchive => {
                "Invalid state: Cannot delete a topic with an ArchivePolicy; remove the policy first"
            }
            Self::ReplayLimitExceeded => "Too many replays run at the same time.",
            Self::TooManyPendingDeliveries => {
                "The playground keeps no more deliveries that wait for their next attempt."
            }
        })
    }
}

impl AttributeFault {
    const fn text(self) -> &'static str {
        match self {
            Self::Name => "Invalid parameter: a message attribute's name is not allowed",
            Self::Type => {
                "A message attribute has an invalid message attribute type, the set of supported type prefixes is \
                 Binary, Number, and String."
            }
            Self::EmptyValue => {
                "A message attribute must contain non-empty message attribute value for its message attribute type."
            }
            Self::NotANumber => "Could not cast message attribute value to number.",
            Self::NotBase64 => "A message attribute of type Binary is not valid base64.",
        }
    }
}

impl ServiceError for Error {
    fn code(&self) -> &'static str {
        match self {
            Self::Throttled => "Throttled",
            Self::ParameterValueInvalid(_) => "ParameterValueInvalid",
            Self::EmptyBatchRequest => "EmptyBatchRequest",
            Self::TooManyEntriesInBatchRequest => "TooManyEntriesInBatchRequest",
            Self::BatchRequestTooLong => "BatchRequestTooLong",
            Self::AuthorizationError => "AuthorizationError",
            Self::KmsAccessDenied => "KMSAccessDenied",
            Self::TopicDoesNotExist => "NotFound",
            Self::TopicLimitExceeded => "TopicLimitExceeded",
            Self::SubscriptionLimitExceeded => "SubscriptionLimitExceeded",
            Self::TopicHasArchive => "InvalidState",
            Self::ReplayLimitExceeded => "ReplayLimitExceeded",
            Self::TooManyPendingDeliveries => "TooManyPendingDeliveries",
            Self::SmsSpendingLimit => "SpendingLimitExceeded",
            _ => "InvalidParameter",
        }
    }
    fn http_status(&self) -> u16 {
        match self {
            Self::Throttled => 429,
            Self::TopicDoesNotExist => 404,
            Self::AuthorizationError
            | Self::TopicLimitExceeded
            | Self::SubscriptionLimitExceeded
            | Self::ReplayLimitExceeded => 403,
            _ => 400,
        }
    }
    fn is_throttling(&self) -> bool {
        matches!(self, Self::Throttled)
    }
}
