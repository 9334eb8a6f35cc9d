//! The clients: producers that send and consumers that poll, as people write them.

mod adaptive;
mod arrival_process;
mod aws_service;
mod connection;
mod consumer;
mod consumer_properties;
mod consumer_state;
mod descriptor;
mod fleet;
mod messages;
mod metrics;
mod processing_time;
mod producer;
mod producer_properties;
mod push;
pub(crate) mod retry;
mod worker;

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::call::Latency;
use crate::descriptor::{FieldKind, LinkDescriptor, field};
use crate::kinesis::{STARTING_POSITIONS, STARTING_TIMESTAMPS, StartingPosition};
use crate::registry::{LinkBehavior, ServiceRequest};
use crate::service_error::ServiceError;

pub use arrival_process::{ArrivalProcess, Phase};
pub use consumer::{Consumer, ConsumerTimer};
pub use consumer_properties::ConsumerProperties;
pub(crate) use descriptor::{FIELDS as CONSUMER_FIELDS, PROCESSING_TIME, TARGETS as CONSUMER_TARGETS};
pub use messages::{Choice, Keys, MessageTemplate};
pub use processing_time::ProcessingTime;
pub use producer::{Producer, ProducerTimer};
pub use producer_properties::ProducerProperties;
pub use retry::RetryMode;

/// Clients answer no requests.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Request {}
/// Clients answer no requests.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Response {}
/// Clients answer no requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Error {}

impl fmt::Display for Error {
    fn fmt(&self, _f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {}
    }
}
impl ServiceError for Error {
    fn code(&self) -> &'static str {
        match *self {}
    }
}
impl ServiceRequest for Request {
    fn operation(&self) -> &'static str {
        match *self {}
    }
    fn latency(&self) -> Latency {
        match *self {}
    }
}

/// The link along which a client sends: `SendMessage`, `Publish`, `PutRecord` or a write, as its far end wants it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "PascalCase", deny_unknown_fields, default)]
pub struct Send {}

impl LinkBehavior for Send {
    const DESCRIPTOR: LinkDescriptor = LinkDescriptor {
        link_type: "Playground::Send",
        title: "Send",
        description: "The client calls the resource at the far end for each message.",
        fields: &[],
        pull: false,
        redrive: false,
    };
}

/// The link along which a consumer reads from a queue or a stream.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "PascalCase", deny_unknown_fields, default)]
pub struct Poll {
    /// Under this name the consumer is registered with a stream, which then pushes its records (KDS-47); it polls if
    /// empty.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub consumer_name: String,
    /// Where an application that has read nothing yet begins to read a stream (KDS-96).
    #[serde(skip_serializing_if = "messages::is_default")]
    pub starting_position: StartingPosition,
    /// Second of the run of `AT_TIMESTAMP`.
    #[serde(skip_serializing_if = "messages::is_default")]
    pub starting_position_timestamp: f64,
}

impl LinkBehavior for Poll {
    const DESCRIPTOR: LinkDescriptor = LinkDescriptor {
        link_type: "Playground::Poll",
        title: "Poll",
        description: "The consumer reads from the queue or stream and settles what it has processed.",
        fields: &[
            field(
                "ConsumerName",
                FieldKind::Text,
                "Of a stream: registered for enhanced fan-out, with 2 MiB/s per shard of its own.",
                "KDS-47",
            ),
            field(
                "StartingPosition",
                STARTING_POSITIONS,
                "Of a stream: where an application that has read nothing yet begins.",
                "KDS-96",
            ),
            field(
                "StartingPositionTimestamp",
                STARTING_TIMESTAMPS,
                "Of a stream: second of the run of AT_TIMESTAMP.",
                "KDS-96",
            ),
        ],
        pull: true,
        redrive: false,
    };

    fn stream_consumer(&self) -> Option<&str> {
        Some(self.consumer_name.as_str()).filter(|name| !name.is_empty())
    }
}
