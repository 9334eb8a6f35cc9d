//! SQS's refusals, in AWS's words (SQS-220, SQS-221).

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::call::Receipt;
use crate::kms::KmsError;
use crate::service_error::ServiceError;

/// A refusal of a queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Error {
    /// Over the quota of calls per second of an API action (SQS-164).
    RequestThrottled,
    /// A short poll found the quota of messages in flight used up (SQS-70).
    OverLimit,
    /// The queue's access policy does not allow the call (SQS-193).
    AccessDenied,
    /// The queue's KMS key cannot be used (SQS-192).
    Kms(KmsError),
    /// The body is empty (SQS-23).
    MissingMessageBody,
    /// The body has characters that XML does not know (SQS-23).
    InvalidMessageContents,
    /// Message attributes break a rule (SQS-24).
    InvalidMessageAttributes,
    /// More than ten message attributes (SQS-24).
    TooManyMessageAttributes(u32),
    /// Larger than the queue's `MaximumMessageSize` (SQS-20).
    MessageTooLong {
        /// The queue's `MaximumMessageSize`.
        maximum_bytes: u32,
    },
    /// A send to a FIFO queue without group (SQS-140).
    MissingMessageGroupId,
    /// An entry of a batch to a FIFO queue without group (SQS-140).
    InvalidMessageGroupId,
    /// A send to a FIFO queue without any way to tell duplicates (SQS-141).
    MissingMessageDeduplicationId,
    /// A FIFO queue takes no delay of a single message (SQS-93).
    DelaySecondsNotForFifo(u16),
    /// A delay above 900 s (SQS-93).
    DelaySecondsOutOfRange(u16),
    /// A batch without entries (SQS-31).
    EmptyBatchRequest(BatchAction),
    /// A batch of more than ten entries (SQS-31).
    TooManyEntriesInBatchRequest(u32),
    /// The messages of a batch are too large together (SQS-32).
    BatchRequestTooLong {
        /// The limit that holds.
        maximum_bytes: u32,
        /// The sum.
        sent_bytes: u32,
    },
    /// `MaxNumberOfMessages` outside 1 to 10 (SQS-40).
    MaxNumberOfMessagesOutOfRange(u8),
    /// `WaitTimeSeconds` above 20 (SQS-80).
    WaitTimeSecondsOutOfRange(u8),
    /// `VisibilityTimeout` above 12 h (SQS-62).
    VisibilityTimeoutOutOfRange(u32),
    /// Extending would keep the message in flight for more than 12 h since its receive (SQS-63).
    TotalVisibilityTimeoutBeyondLimit(u32),
    /// No receive gave out such a handle (SQS-50).
    ReceiptHandleIsInvalid(ReceiptHandle),
    /// A FIFO queue's handle after its visibility timeout (SQS-52).
    ReceiptHandleExpired(ReceiptHandle),
    /// The message is gone, or was received again since (SQS-65).
    NotAvailableForVisibilityChange(ReceiptHandle),
    /// The message is not in flight (SQS-65).
    MessageNotInflight,
    /// A second purge within 60 s (SQS-100).
    PurgeQueueInProgress,
    /// A move task from a queue that is no dead-letter queue of a queue (SQS-130).
    NotADeadLetterQueue,
    /// A move task while another runs (SQS-132).
    MessageMoveTaskRunning,
    /// A rate outside 1 to 500 (SQS-130).
    MoveRateOutOfRange(u16),
    /// There is no move task to cancel (SQS-133).
    NoSuchMoveTask,
    /// The destination of a move task is not there (SQS-131).
    NoSuchDestination,
    /// A group id that is too long or of other characters (SQS-140).
    MessageGroupIdInvalid,
}

/// Which batch a request was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum BatchAction {
    /// `SendMessageBatch`.
    SendMessage,
    /// `DeleteMessageBatch`.
    DeleteMessage,
    /// `ChangeMessageVisibilityBatch`.
    ChangeMessageVisibility,
}

/// A receipt handle in the sentence of an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReceiptHandle {
    slot: u32,
    generation: u32,
}

impl From<Receipt> for ReceiptHandle {
    fn from(receipt: Receipt) -> Self {
        Self { slot: receipt.slot, generation: receipt.generation }
    }
}

impl fmt::Display for ReceiptHandle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:08x}-{:08x}", self.slot, self.generation)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::RequestThrottled => f.write_str("The request was denied due to request throttling."),
            Self::OverLimit => f.write_str("Too many messages in flight."),
            Self::AccessDenied => f.write_str("Access to the resource is denied."),
            Self::Kms(error) => f.write_str(match error {
                KmsError::AccessDenied => {
                    "The ciphertext refers to a key that doesn't exist or that you are not authorized to use."
                }
                KmsError::Disabled => "The request was denied due to the KMS key being disabled.",
                KmsError::InvalidState => "The request was rejected because the KMS key is pending deletion.",
                KmsError::NotFound => "The request was rejected because the KMS key can't be found.",
            }),
            Self::MissingMessageBody => f.write_str("The request must contain the parameter MessageBody."),
            Self::InvalidMessageContents => {
                f.write_str("Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF.")
            }
            Self::InvalidMessageAttributes => f.write_str("One or more message attributes are invalid."),
            Self::TooManyMessageAttributes(count) => {
                write!(f, "Number of message attributes [{count}] exceeds the allowed maximum [10].")
            }
            Self::MessageTooLong { maximum_bytes } => write!(
                f,
                "One or more parameters are invalid. Reason: Message must be shorter than {maximum_bytes} bytes."
            ),
            Self::MissingMessageGroupId | Self::InvalidMessageGroupId => {
                f.write_str("The request must contain the parameter MessageGroupId.")
            }
            Self::MissingMessageDeduplicationId => f.write_str(
                "The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly",
            ),
            Self::DelaySecondsNotForFifo(seconds) => write!(
                f,
                "Value {seconds} for parameter DelaySeconds is invalid. Reason: The request include parameter that is not valid for this queue type."
            ),
            Self::DelaySecondsOutOfRange(seconds) => write!(
                f,
                "Value {seconds} for parameter DelaySeconds is invalid. Reason: DelaySeconds must be >= 0 and <= 900."
            ),
            Self::EmptyBatchRequest(action) => write!(
                f,
                "There should be at least one {}BatchRequestEntry in the request.",
                action.name()
            ),
            Self::TooManyEntriesInBatchRequest(count) => {
                write!(f, "Maximum number of entries per request are 10. You have sent {count}.")
            }
            Self::BatchRequestTooLong { maximum_bytes, sent_bytes } => write!(
                f,
                "Batch requests cannot be longer than {maximum_bytes} bytes. You have sent {sent_bytes} bytes."
            ),
            Self::MaxNumberOfMessagesOutOfRange(number) => write!(
                f,
                "Value {number} for parameter MaxNumberOfMessages is invalid. Reason: Must be between 1 and 10, if provided."
            ),
            Self::WaitTimeSecondsOutOfRange(seconds) => write!(
                f,
                "Value {seconds} for parameter WaitTimeSeconds is invalid. Reason: Must be >= 0 and <= 20, if provided."
            ),
            Self::VisibilityTimeoutOutOfRange(seconds) => write!(
                f,
                "Value {seconds} for parameter VisibilityTimeout is invalid. Reason: Must be between 0 and 43200, if provided."
            ),
            Self::TotalVisibilityTimeoutBeyondLimit(seconds) => write!(
                f,
                "Value {seconds} for parameter VisibilityTimeout is invalid. Reason: Total VisibilityTimeout for the message is beyond the limit [43200 seconds]."
            ),
            Self::ReceiptHandleIsInvalid(handle) => {
                write!(f, "The input receipt handle \"{handle}\" is not a valid receipt handle.")
            }
            Self::ReceiptHandleExpired(handle) => write!(
                f,
                "Value {handle} for parameter ReceiptHandle is invalid. Reason: The receipt handle has expired."
            ),
            Self::NotAvailableForVisibilityChange(handle) => write!(
                f,
                "Value {handle} for parameter ReceiptHandle is invalid. Reason: Message does not exist or is not available for visibility timeout change."
            ),
            Self::MessageNotInflight => f.write_str("The specified message isn't in flight."),
            Self::PurgeQueueInProgress => {
                f.write_str("Only one PurgeQueue operation on the queue is allowed every 60 seconds.")
            }
            Self::NotADeadLetterQueue => f.write_str("Source queue must be configured as a Dead Letter Queue."),
            Self::MessageMoveTaskRunning => f.write_str(
                "There is already a task running. Only one active task is allowed for a source queue arn at a given time.",
            ),
            Self::MoveRateOutOfRange(rate) => write!(
                f,
                "Value {rate} for parameter MaxNumberOfMessagesPerSecond is invalid. Reason: Must be between 1 and 500, if provided."
            ),
            Self::NoSuchMoveTask => f.write_str("Task does not exist."),
            Self::NoSuchDestination => {
                f.write_str("The resource that you specified for the DestinationArn parameter doesn't exist.")
            }
            Self::MessageGroupIdInvalid => f.write_str(
                "The value of the parameter MessageGroupId is invalid. Reason: MessageGroupId can only include alphanumeric and punctuation characters. 1 to 128 in length.",
            ),
        }
    }
}

impl BatchAction {
    const fn name(self) -> &'static str {
        match self {
            Self::SendMessage => "SendMessage",
            Self::DeleteMessage => "DeleteMessage",
            Self::ChangeMessageVisibility => "ChangeMessageVisibility",
        }
    }
}

impl ServiceError for Error {
    fn code(&self) -> &'static str {
        match self {
            Self::RequestThrottled => "RequestThrottled",
            Self::OverLimit => "OverLimit",
            Self::AccessDenied => "AccessDenied",
            Self::Kms(KmsError::AccessDenied) => "KMS.AccessDeniedException",
            Self::Kms(KmsError::Disabled) => "KMS.DisabledException",
            Self::Kms(KmsError::InvalidState) => "KMS.InvalidStateException",
            Self::Kms(KmsError::NotFound) => "KMS.NotFoundException",
            Self::NoSuchMoveTask | Self::NoSuchDestination => "ResourceNotFoundException",
            Self::MissingMessageBody | Self::MissingMessageGroupId => "MissingParameter",
            Self::InvalidMessageContents => "InvalidMessageContents",
            Self::EmptyBatchRequest(_) => "AWS.SimpleQueueService.EmptyBatchRequest",
            Self::TooManyEntriesInBatchRequest(_) => "AWS.SimpleQueueService.TooManyEntriesInBatchRequest",
            Self::BatchRequestTooLong { .. } => "AWS.SimpleQueueService.BatchRequestTooLong",
            Self::ReceiptHandleIsInvalid(_) => "ReceiptHandleIsInvalid",
            Self::MessageNotInflight => "AWS.SimpleQueueService.MessageNotInflight",
            Self::PurgeQueueInProgress => "AWS.SimpleQueueService.PurgeQueueInProgress",
            Self::InvalidMessageAttributes
            | Self::TooManyMessageAttributes(_)
            | Self::MessageTooLong { .. }
            | Self::InvalidMessageGroupId
            | Self::MissingMessageDeduplicationId
            | Self::DelaySecondsNotForFifo(_)
            | Self::DelaySecondsOutOfRange(_)
            | Self::MaxNumberOfMessagesOutOfRange(_)
            | Self::WaitTimeSecondsOutOfRange(_)
            | Self::VisibilityTimeoutOutOfRange(_)
            | Self::TotalVisibilityTimeoutBeyondLimit(_)
            | Self::ReceiptHandleExpired(_)
            | Self::NotAvailableForVisibilityChange(_)
            | Self::NotADeadLetterQueue
            | Self::MessageMoveTaskRunning
            | Self::MessageGroupIdInvalid
            | Self::MoveRateOutOfRange(_) => "InvalidParameterValue",
        }
    }
    fn http_status(&self) -> u16 {
        match self {
            Self::AccessDenied | Self::PurgeQueueInProgress => 403,
            Self::NoSuchMoveTask | Self::NoSuchDestination => 404,
            _ => 400,
        }
    }
    fn is_throttling(&self) -> bool {
        matches!(self, Self::RequestThrottled)
    }
    fn is_retryable(&self) -> bool {
        // SQS-221: both are retried with back-off.
        matches!(self, Self::RequestThrottled | Self::OverLimit)
    }
}
