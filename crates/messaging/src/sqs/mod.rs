//! Amazon SQS: standard and FIFO queues (SQS-1 to SQS-231).

mod error;
mod poller;
mod properties;
mod queue;

use kernel::SimDuration;

use crate::call::{Latency, Receipt};
use crate::registry::ServiceRequest;

pub use error::Error;
pub use poller::QueuePoller;
pub use properties::{QueueProperties, RedrivePolicy};
pub use queue::Queue;

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
    /// `PurgeQueue` (SQS-100).
    PurgeQueue,
    /// A message comes by the redrive policy of another queue (SQS-121): one entry.
    Redrive {
        /// How often it had been received there.
        receive_count: u32,
        /// The queue it comes from, for `DeadLetterQueueSourceArn` (SQS-122).
        source: crate::identifiers::ComponentId,
        /// When it was sent to that queue (SQS-112).
        enqueued_at: kernel::SimTime,
    },
    /// `StartMessageMoveTask` (SQS-130).
    StartMessageMoveTask {
        /// 1 to 500; the service picks one if not given.
        max_number_of_messages_per_second: Option<u16>,
    },
}

/// A queue's answer. Received messages, and what failed of a batch, are in the call's entries.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Response {
    /// The call was accepted; entries of a batch may carry errors of their own.
    Done,
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
            Self::PurgeQueue => "PurgeQueue",
            Self::Redrive { .. } => "Redrive",
            Self::StartMessageMoveTask { .. } => "StartMessageMoveTask",
        }
    }

    /// 6 ms in all, half of it each way (CMP-58, SQS-35); a redrive happens inside the service.
    fn latency(&self) -> Latency {
        let half = SimDuration::from_millis(3);
        match self {
            Self::Redrive { .. } => Latency { request: SimDuration::ZERO, response: SimDuration::ZERO },
            _ => Latency { request: half, response: half },
        }
    }
}

/// Nothing was received under this receipt.
pub const NO_RECEIPT: Receipt = Receipt { slot: u32::MAX, generation: 0 };
