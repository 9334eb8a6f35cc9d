//! What the document says of a function.

use serde::{Deserialize, Serialize};

use crate::client::ProcessingTime;

/// What the document says of a function (CMP-25 to CMP-30).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "PascalCase", deny_unknown_fields, default)]
pub struct FunctionProperties {
    /// Seconds until an invocation is cut off, 1 to 900 (CMP-29).
    #[serde(skip_serializing_if = "is_usual_timeout")]
    pub timeout: u32,
    /// Megabytes, 128 to 10,240 (CMP-29). The handler's time does not depend on it here.
    #[serde(skip_serializing_if = "is_usual_memory")]
    pub memory_size: u32,
    /// Both a guarantee and a cap (CMP-25); 0 turns the function off.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reserved_concurrent_executions: Option<u32>,
    /// How long the handler takes for one message; a batch takes as long as its messages, one after the other (CMP-2).
    #[serde(skip_serializing_if = "is_default")]
    pub processing_time: ProcessingTime,
    /// Share of messages that the handler fails at, from 0 to 1.
    #[serde(skip_serializing_if = "is_default")]
    pub failure_probability: f64,
    /// Milliseconds that a new environment takes longer (CMP-28).
    #[serde(skip_serializing_if = "is_usual_cold_start")]
    pub cold_start_milliseconds: u32,
    /// Retries of an asynchronous invocation after a function error, 0 to 2 (CMP-30).
    #[serde(skip_serializing_if = "is_usual_retries")]
    pub maximum_retry_attempts: u32,
    /// Seconds after which an asynchronous invocation is given up, 60 to 21,600 (CMP-30).
    #[serde(skip_serializing_if = "is_usual_age")]
    pub maximum_event_age_in_seconds: u32,
}

const USUAL_TIMEOUT_SECONDS: u32 = 3;
const USUAL_MEMORY_MB: u32 = 128;
const USUAL_COLD_START_MS: u32 = 300;
const USUAL_RETRIES: u32 = 2;
const USUAL_AGE_SECONDS: u32 = 21_600;

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}
fn is_usual_timeout(value: &u32) -> bool {
    *value == USUAL_TIMEOUT_SECONDS
}
fn is_usual_memory(value: &u32) -> bool {
    *value == USUAL_MEMORY_MB
}
fn is_usual_cold_start(value: &u32) -> bool {
    *value == USUAL_COLD_START_MS
}
fn is_usual_retries(value: &u32) -> bool {
    *value == USUAL_RETRIES
}
fn is_usual_age(value: &u32) -> bool {
    *value == USUAL_AGE_SECONDS
}

impl Default for FunctionProperties {
    fn default() -> Self {
        Self {
            timeout: USUAL_TIMEOUT_SECONDS,
            memory_size: USUAL_MEMORY_MB,
            reserved_concurrent_executions: None,
            processing_time: ProcessingTime::default(),
            failure_probability: 0.0,
            cold_start_milliseconds: USUAL_COLD_START_MS,
            maximum_retry_attempts: USUAL_RETRIES,
            maximum_event_age_in_seconds: USUAL_AGE_SECONDS,
        }
    }
}
