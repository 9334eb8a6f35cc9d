//! Amazon SQS: standard and FIFO queues (SQS-1 to SQS-231).

mod access;
mod alarm;
mod attempts;
mod attributes;
mod backlog;
mod deduplication;
mod encryption;
mod error;
mod fair;
mod fields;
mod fifo;
mod ledger;
mod long_poll;
mod metrics;
mod move_task;
mod moved;
mod operation;
mod partitions;
mod payload;
mod poller;
mod problem;
mod properties;
mod queue;
pub mod quotas;
mod redrive;
mod standard;
mod state;
mod store;
mod throughput;
mod trouble;
mod visibility;

use std::num::NonZeroU32;

use kernel::{SimDuration, SimTime};

use crate::call::{Latency, Receipt};
use crate::identifiers::ComponentId;
use crate::registry::ServiceRequest;

pub use error::{BatchAction, Error, ReceiptHandle};
pub use move_task::{MessageMoveTask, MessageMoveTaskStatus, MoveTaskFailure};
pub use poller::QueuePoller;
pub use properties::{
    DeduplicationScope, FIFO_SUFFIX, FifoThroughputLimit, QueueProperties, RedriveAllowPolicy,
    RedrivePermission, RedrivePolicy, queue_name_error,
};
pub use queue::{Queue, QueueTimer};

/// A request to a queue. The messages of a send, and the receipts of a delete, are the call's entries.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Request {
    /// `SendMessage` (SQS-30): one entry.
    SendMessage,
    /// `SendMessageBatch` (SQS-31): one to ten entries.
    SendMessageBatch,
    /// `ReceiveMessage` (SQS-40).
    ReceiveMessage {
        /// 1 to 10.
        max_number_of_messages: u8,
        /// 0 to 20 s; the queue's own value if not given (SQS-80).
        wait_time_seconds: Option<u8>,
        /// 0 to 43,200 s; the queue's own value if not given (SQS-41).
        visibility_timeout: Option<u32>,
        /// `ReceiveRequestAttemptId`, as a number: a FIFO queue answers the same id with the same messages (SQS-153).
        receive_request_attempt_id: Option<NonZeroU32>,
    },
    /// `DeleteMessage` (SQS-50): one entry, of which only the receipt counts.
    DeleteMessage,
    /// `DeleteMessageBatch` (SQS-54): one to ten entries.
    DeleteMessageBatch,
    /// `ChangeMessageVisibility` (SQS-62): one entry, of which only the receipt counts.
    ChangeMessageVisibility {
        /// 0 to 43,200 s from now.
        visibility_timeout: u32,
    },
    /// `ChangeMessageVisibilityBatch` (SQS-66): one to ten entries, all with the same timeout.
    ChangeMessageVisibilityBatch {
        /// 0 to 43,200 s from now.
        visibility_timeout: u32,
    },
    /// `PurgeQueue` (SQS-100).
    PurgeQueue,
    /// A message comes by the redrive policy of another queue (SQS-121): one entry.
    Redrive {
        /// How often it had been received there.
        receive_count: u32,
        /// The queue it comes from, for `DeadLetterQueueSourceArn` (SQS-122).
        source: ComponentId,
        /// When it was sent to that queue (SQS-112).
        enqueued_at: SimTime,
        /// It stays encrypted as it was (SQS-191).
        encrypted: bool,
    },
    /// `StartMessageMoveTask` (SQS-130).
    StartMessageMoveTask {
        /// 1 to 500; the service picks one if not given.
        max_number_of_messages_per_second: Option<u16>,
        /// Where all go: one of the queues it is the dead-letter queue of; each to its own if not given (SQS-131).
        destination: Option<ComponentId>,
    },
    /// `CancelMessageMoveTask` (SQS-133): what was moved stays moved.
    CancelMessageMoveTask,
    /// `ListMessageMoveTasks` with `MaxResults` 1, its default: the newest task (SQS-133).
    ListMessageMoveTasks,
    /// A message comes back from a dead-letter queue by a move task, as a new one (SQS-136): one entry.
    MoveMessage {
        /// It stays encrypted as it was (SQS-191).
        encrypted: bool,
    },
}

/// A queue's answer. Received messages, and what failed of a batch, are in the call's entries.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Response {
    /// The call was accepted; entries of a batch may carry errors of their own. A message that was sent carries its
    /// `MessageId` (SQS-25).
    Done,
    /// A single message was sent to a FIFO queue.
    Sent {
        /// `SequenceNumber`: shown with 20 digits (SQS-144).
        sequence_number: u64,
    },
    /// `CancelMessageMoveTask` stopped a task (SQS-133).
    MessageMoveTaskCancelled {
        /// `ApproximateNumberOfMessagesMoved`.
        approximate_number_of_messages_moved: u32,
    },
    /// `ListMessageMoveTasks`: the newest, if there was one (SQS-133).
    MessageMoveTask(Option<MessageMoveTask>),
}

impl ServiceRequest for Request {
    fn operation(&self) -> &'static str {
        match self {
            Self::SendMessage => "SendMessage",
            Self::SendMessageBatch => "SendMessageBatch",
            Self::ReceiveMessage { .. } => "ReceiveMessage",
            Self::DeleteMessage => "DeleteMessage",
            Self::DeleteMessageBatch => "DeleteMessageBatch",
            Self::ChangeMessageVisibility { .. } => "ChangeMessageVisibility",
            Self::ChangeMessageVisibilityBatch { .. } => "ChangeMessageVisibilityBatch",
            Self::PurgeQueue => "PurgeQueue",
            Self::Redrive { .. } => "Redrive",
            Self::StartMessageMoveTask { .. } => "StartMessageMoveTask",
            Self::CancelMessageMoveTask => "CancelMessageMoveTask",
            Self::ListMessageMoveTasks => "ListMessageMoveTasks",
            Self::MoveMessage { .. } => "MoveMessage",
        }
    }

    /// 6 ms in all, half of it each way (CMP-58, SQS-35); moves happen inside the service.
    fn latency(&self) -> Latency {
        let half = SimDuration::from_millis(3);
        match self {
            Self::Redrive { .. } | Self::MoveMessage { .. } => {
                Latency { request: SimDuration::ZERO, response: SimDuration::ZERO }
            }
            _ => Latency { request: half, response: half },
        }
    }
}

/// Nothing was received under this receipt.
pub const NO_RECEIPT: Receipt = Receipt { slot: u32::MAX, generation: 0 };
