//! Amazon SNS: topics, subscriptions and filter policies (SNS-1 to SNS-255).

mod deduplication;
mod error;
pub mod filter_policy;
mod protocol;
pub mod quotas;
mod state;
mod subscription;
mod topic;

use kernel::SimDuration;

use crate::call::Latency;
use crate::registry::ServiceRequest;

pub use error::Error;
pub use protocol::Protocol;
pub use subscription::Subscription;
pub use topic::{FifoThroughputScope, Topic, TopicProperties, TopicTimer};

/// A request to a topic. The messages are the call's entries.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Request {
    /// `Publish` (SNS-20): one entry.
    Publish,
    /// `PublishBatch` (SNS-25): one to ten entries.
    PublishBatch,
}

/// A topic's answer. What failed of a batch is in the call's entries.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Response {
    /// The call was accepted; entries of a batch may carry errors of their own.
    Done,
}

impl ServiceRequest for Request {
    fn operation(&self) -> &'static str {
        match self {
            Self::Publish => "Publish",
            Self::PublishBatch => "PublishBatch",
        }
    }

    /// 10 ms in all, half of it each way (CMP-59).
    fn latency(&self) -> Latency {
        let half = SimDuration::from_millis(5);
        Latency { request: half, response: half }
    }
}
