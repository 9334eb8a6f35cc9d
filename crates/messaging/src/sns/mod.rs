//! Amazon SNS: topics, subscriptions and filter policies (SNS-1 to SNS-255).

mod access;
mod account;
mod archive;
mod check;
mod deduplication;
mod delivery;
mod delivery_policy;
mod error;
mod facts;
mod fields;
pub mod filter_policy;
mod format;
mod metrics;
mod properties;
mod protocol;
mod publish;
pub mod quotas;
pub mod regions;
mod start;
mod state;
mod subscription;
mod throughput;
mod topic;
mod turns;

use kernel::SimDuration;

use crate::call::Latency;
use crate::registry::ServiceRequest;

pub use check::{Fault, check_subscription, check_subscriptions_of, check_topic};
pub use delivery_policy::{
    BackoffFunction, DeliveryPolicy, HealthyRetryPolicy, HttpDeliveryPolicy, RequestPolicy, RetryPolicy,
    ThrottlePolicy, TopicDeliveryPolicy,
};
pub use error::{AttributeFault, Error};
pub use properties::{
    ArchivePolicy, DeadLetters, FifoThroughputScope, LoggedProtocol, LoggingConfig, PointType, RedrivePolicy,
    ReplayPolicy, SignatureVersion, SubscribedBy, Subscription, TopicProperties, TracingConfig,
};
pub use protocol::Protocol;
pub use topic::{Topic, TopicTimer};

/// A request to a topic. The messages are the call's entries.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Request {
    /// `Publish` (SNS-20): one entry.
    Publish,
    /// `PublishBatch` (SNS-25): one to ten entries.
    PublishBatch,
    /// `CreateTopic` (SNS-2, SNS-3), of the type of the topic that is asked.
    CreateTopic(CreateTopic),
    /// `DeleteTopic` (SNS-2).
    DeleteTopic,
    /// `Subscribe` (SNS-40) of an endpoint that nobody has drawn: it only counts (SNS-4).
    Subscribe(Protocol),
    /// `Unsubscribe` (SNS-49) of such an endpoint.
    Unsubscribe,
}

/// Which topic `CreateTopic` names (SNS-2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CreateTopic {
    /// A new name: the topic counts and is not drawn.
    OtherTopic,
    /// The name of the topic that is asked, all else the same.
    SameTopic,
    /// The name of the topic that is asked, with other attributes.
    SameTopicOtherAttributes,
    /// The name of the topic that is asked, with other tags.
    SameTopicOtherTags,
}

/// A topic's answer. What failed of a batch is in the call's entries.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Response {
    /// The call was accepted; entries of a batch may carry errors of their own.
    Done,
    /// A single message was published to a FIFO topic.
    Published {
        /// `SequenceNumber`: shown with 20 digits (SNS-20).
        sequence_number: u64,
    },
}

impl ServiceRequest for Request {
    fn operation(&self) -> &'static str {
        match self {
            Self::Publish => "Publish",
            Self::PublishBatch => "PublishBatch",
            Self::CreateTopic(_) => "CreateTopic",
            Self::DeleteTopic => "DeleteTopic",
            Self::Subscribe(_) => "Subscribe",
            Self::Unsubscribe => "Unsubscribe",
        }
    }

    /// 10 ms in all, half of it each way (CMP-59).
    fn latency(&self) -> Latency {
        let half = SimDuration::from_millis(5);
        Latency { request: half, response: half }
    }
}
