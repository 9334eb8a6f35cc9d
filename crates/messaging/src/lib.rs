//! AWS messaging semantics as state machines in one [`World`].
//!
//! A world is a plain value: every queue, topic, stream and client, and one ordered queue of future events.
//! [`World::advance`] runs it to a virtual time; nothing else makes it move. Nothing here reads a clock.
//!
//! A service is a folder and one line of [`registry`].

pub mod access_policy;
pub mod arn;
pub mod behavior;
pub mod call;
pub mod context;
pub mod cost;
pub mod descriptor;
pub mod identifiers;
pub mod intervention;
pub mod kms;
pub mod link;
pub mod message;
pub mod message_attributes;
pub mod metric;
pub mod node_state;
pub mod poller;
pub mod quota;
pub mod registry;
pub mod service_error;
pub mod trace;
mod world;
pub mod world_spec;

pub mod autoscaling;
pub mod client;
pub mod database;
pub mod endpoint;
pub mod firehose;
pub mod kinesis;
pub mod kinesis_analytics;
pub mod kinesis_video;
pub mod lambda;
pub mod mq;
pub mod s3;
pub mod service;
pub mod sns;
pub mod sqs;

pub use identifiers::{CallId, ComponentId, KeyId, LinkId, LogicalId, MessageId, PayloadId, TraceId};
pub use intervention::{Intervention, InterventionError};
pub use metric::MetricName;
pub use registry::{ApiError, LinkKind, LinkProperties, Properties, Request, ResourceKind, Response};
pub use world::{EventBudget, Progress, World};
pub use world_spec::{LinkSpec, ResourceSpec, Settings, WorldSpec};
