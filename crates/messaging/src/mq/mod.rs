//! Amazon MQ: managed brokers with ActiveMQ or RabbitMQ (MQ-1 to MQ-51).
//!
//! A broker is one resource with all its queues, topics and exchanges. Clients keep a connection: producers publish
//! along [`Publish`] links, and consumers get messages pushed along [`Consume`] links until their prefetch is reached.

mod accounting;
mod availability;
mod broker;
mod dead_letter;
mod destination;
mod dispatch;
mod error;
mod fields;
mod links;
mod metrics;
mod outside;
mod poller;
mod ports;
mod properties;
mod protocol;
mod publish;
pub mod quotas;
mod routing;
mod selector;
mod state;
mod subscription;
mod unroutable;

use kernel::SimDuration;

use crate::call::Latency;
use crate::identifiers::KeyId;
use crate::registry::ServiceRequest;

pub use broker::{Broker, BrokerTimer};
pub use error::Error;
pub use links::{AcknowledgeMode, Consume, DeliveryMode, DestinationType, Publish};
pub use poller::BrokerPoller;
pub use properties::{
    Binding, BrokerProperties, DeploymentMode, EngineType, Exchange, ExchangeType, HostInstanceType,
    Overflow, QueueDeclaration, QueueType, StorageType,
};
pub use protocol::Protocol;
pub use selector::Selector;

/// A request to a broker, or from a broker to its clients. The messages are the call's entries.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Request {
    /// A producer opens its connection.
    Connect,
    /// `basic.publish`, or a send of JMS: one entry.
    Publish,
    /// `basic.publish` from outside the graph: one entry, whose key is the routing key.
    BasicPublish {
        /// The exchange, by its name; the default exchange if none.
        exchange: KeyId,
        /// It comes back if no queue takes it (MQ-27).
        mandatory: bool,
        /// Milliseconds until it expires (MQ-32).
        time_to_live: Option<u32>,
    },
    /// `basic.get` from outside the graph.
    BasicGet {
        /// The queue, by its name.
        queue: KeyId,
        /// At most so many.
        max_messages: u32,
    },
    /// `basic.consume`: a worker of a consumer wants messages.
    Consume {
        /// Which worker of the consumer.
        worker: u32,
    },
    /// Reads messages at once, as the pollers of a function do (MQ-48).
    Receive {
        /// At most so many.
        max_messages: u32,
    },
    /// The messages were processed (MQ-17, MQ-29).
    Acknowledge {
        /// With them all that the subscription got before.
        multiple: bool,
    },
    /// `basic.nack`, or a poison acknowledgement of JMS (MQ-18, MQ-30).
    Reject {
        /// It comes again; otherwise it is dead-lettered or dropped.
        requeue: bool,
    },
    /// A worker or a producer closes its connection, or it broke.
    Close {
        /// The number of the worker's subscription; none of a producer.
        subscription: u32,
    },
    /// The broker pushes messages to a worker within its prefetch (MQ-16, MQ-29).
    Deliver {
        /// Where the worker was when it subscribed.
        worker: u32,
        /// The number of its subscription: deliveries of an earlier one mean nothing.
        subscription: u32,
    },
    /// The connection of a client to the broker broke (MQ-40).
    ConnectionClosed,
}

/// A broker's answer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Response {
    /// The connection is open.
    Connected {
        /// So many messages may be under way without a confirm.
        window: u32,
    },
    /// The message is safe (MQ-35).
    Confirmed,
    /// The worker will get messages.
    Subscribed {
        /// The number of the subscription.
        subscription: u32,
    },
    /// Done; messages that were read are the call's entries.
    Done,
}

impl ServiceRequest for Request {
    fn operation(&self) -> &'static str {
        match self {
            Self::Connect => "Connect",
            Self::Publish => "Publish",
            Self::BasicPublish { .. } => "BasicPublish",
            Self::BasicGet { .. } => "BasicGet",
            Self::Consume { .. } => "Consume",
            Self::Receive { .. } => "Receive",
            Self::Acknowledge { .. } => "Acknowledge",
            Self::Reject { .. } => "Reject",
            Self::Close { .. } => "Close",
            Self::Deliver { .. } => "Deliver",
            Self::ConnectionClosed => "ConnectionClosed",
        }
    }

    fn latency(&self) -> Latency {
        let half = SimDuration::from_micros(HALF_A_ROUND_TRIP_MICROSECONDS);
        Latency { request: half, response: half }
    }
}

/// Client and broker are in one VPC. With it a producer sends 5,000 messages/s that need no disk (MQ-9). Ours.
const HALF_A_ROUND_TRIP_MICROSECONDS: u64 = 100;

/// The destination of a link that names none. Ours.
pub(crate) const DEFAULT_DESTINATION: &str = "queue";
