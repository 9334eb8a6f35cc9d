//! What the document says of a consumer.

use serde::{Deserialize, Serialize};

use super::messages::is_default;
use super::processing_time::ProcessingTime;

/// What the document says of a consumer. The playground's own type: a fleet of workers with an AWS SDK.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "PascalCase", deny_unknown_fields, default)]
pub struct ConsumerProperties {
    /// How many workers read and process side by side.
    pub workers: u32,
    /// How long processing one message takes.
    #[serde(skip_serializing_if = "is_default")]
    pub processing_time: ProcessingTime,
    /// Share of messages whose processing fails, from 0 to 1.
    #[serde(skip_serializing_if = "is_default")]
    pub failure_probability: f64,
    /// Share of messages at which the worker crashes, from 0 to 1: what it holds is not settled (CMP-4).
    #[serde(skip_serializing_if = "is_default")]
    pub crash_probability: f64,
    /// Seconds until a crashed worker is back.
    #[serde(skip_serializing_if = "is_default_restart")]
    pub restart_after_seconds: f64,
    /// Messages of one read; as many as the source gives if not given (SQS-40, KDS-38).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_number_of_messages: Option<u32>,
    /// Wait of a long poll in seconds; the queue's own value with `null` (SQS-80).
    #[serde(skip_serializing_if = "is_default_wait")]
    pub wait_time_seconds: Option<u8>,
    /// Visibility timeout of the receive in seconds; the queue's own value if not given (SQS-41).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub visibility_timeout: Option<u32>,
    /// Milliseconds between an answer and the next read.
    #[serde(skip_serializing_if = "is_default")]
    pub poll_interval_milliseconds: u32,
    /// Ask for more time every so many seconds while processing (SQS-62).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub heartbeat_seconds: Option<f64>,
    /// The new visibility timeout of each heartbeat, in seconds (SQS-62).
    #[serde(skip_serializing_if = "is_default_extension")]
    pub heartbeat_visibility_timeout: u32,
    /// Delete what was processed (SQS-28); otherwise it comes back.
    #[serde(skip_serializing_if = "is_true")]
    pub delete_messages: bool,
    /// Delete all messages of a read in one call at the end (SQS-54), instead of each on its own.
    #[serde(skip_serializing_if = "is_default")]
    pub delete_in_batches: bool,
    /// The messaging protocol it speaks, if that is not AWS's own; that of the broker if not given (MQ-3).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub protocol: Option<crate::mq::Protocol>,
    /// The zone that all its workers run in; an outage stops them (CMP-4). In no zone if not given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub availability_zone: Option<crate::intervention::AvailabilityZone>,
    /// The run starts with the workers stopped.
    #[serde(skip_serializing_if = "is_default")]
    pub stopped: bool,
}

/// The recommended wait of a long poll (SQS-84).
const DEFAULT_WAIT_SECONDS: u8 = 20;
/// Seconds until a crashed worker is back. Ours.
const DEFAULT_RESTART_SECONDS: f64 = 10.0;
/// The default visibility timeout (SQS-60).
const DEFAULT_EXTENSION_SECONDS: u32 = 30;
/// The most workers of one consumer. Ours.
pub(super) const MAX_WORKERS: u32 = 1_000;

fn is_true(value: &bool) -> bool {
    *value
}
fn is_default_wait(wait: &Option<u8>) -> bool {
    *wait == Some(DEFAULT_WAIT_SECONDS)
}
fn is_default_restart(seconds: &f64) -> bool {
    *seconds == DEFAULT_RESTART_SECONDS
}
fn is_default_extension(seconds: &u32) -> bool {
    *seconds == DEFAULT_EXTENSION_SECONDS
}

impl Default for ConsumerProperties {
    fn default() -> Self {
        Self {
            workers: 1,
            processing_time: ProcessingTime::default(),
            failure_probability: 0.0,
            crash_probability: 0.0,
            restart_after_seconds: DEFAULT_RESTART_SECONDS,
            max_number_of_messages: None,
            wait_time_seconds: Some(DEFAULT_WAIT_SECONDS),
            visibility_timeout: None,
            poll_interval_milliseconds: 0,
            heartbeat_seconds: None,
            heartbeat_visibility_timeout: DEFAULT_EXTENSION_SECONDS,
            delete_messages: true,
            delete_in_batches: false,
            protocol: None,
            availability_zone: None,
            stopped: false,
        }
    }
}
