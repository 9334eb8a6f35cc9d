//! AWS Lambda: functions, asynchronous invocations, event source mappings on queues and streams (CMP-25 to CMP-38,
//! SQS-200 to SQS-209, KDS-98 to KDS-106).

mod asynchronous;
mod descriptor;
mod environments;
mod function;
mod invocation;
mod mapping;
mod properties;
mod queue_source;
pub mod quotas;
mod state;
mod stream_source;

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::call::Latency;
use crate::registry::ServiceRequest;
use crate::service_error::ServiceError;

pub use function::{Function, FunctionTimer};
pub use mapping::{
    Destination, EventInvokeConfig, EventSourceMapping, FunctionResponseType, ProvisionedPollerConfig,
    ScalingConfig,
};
pub use properties::FunctionProperties;

/// A request to a function. The events are the call's entries.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Request {
    /// `Invoke` with the invocation type `Event` (CMP-30): the event is kept, and the function runs later.
    Invoke,
    /// `Invoke` with the invocation type `RequestResponse`: answered once the handler is through. Entries that it
    /// failed at carry an error (FH-35).
    InvokeRequestResponse,
}

/// A function's answer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Response {
    /// Status 202: the event is in the function's queue.
    Accepted,
    /// Status 200: the handler has gone through the entries.
    Returned,
}

/// A refusal, or the failure of an invocation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Error {
    /// No concurrency is left, or the function gains environments too fast (CMP-27).
    TooManyRequestsException,
    /// The event of an asynchronous invocation is too large (CMP-29).
    RequestTooLargeException,
    /// The handler has thrown an exception (`FunctionError: Unhandled`).
    Unhandled,
    /// The handler ran longer than `Timeout` (CMP-29).
    TimedOut,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::TooManyRequestsException => "Rate Exceeded.",
            Self::RequestTooLargeException => {
                "Request must be smaller than the limit for the Invoke operation."
            }
            Self::Unhandled => "The handler has thrown an exception.",
            Self::TimedOut => "Task timed out.",
        })
    }
}

impl ServiceError for Error {
    fn code(&self) -> &'static str {
        match self {
            Self::TooManyRequestsException => "TooManyRequestsException",
            Self::RequestTooLargeException => "RequestTooLargeException",
            Self::Unhandled => "Unhandled",
            Self::TimedOut => "Sandbox.Timedout",
        }
    }
    fn http_status(&self) -> u16 {
        match self {
            Self::TooManyRequestsException => 429,
            Self::RequestTooLargeException => 413,
            Self::Unhandled | Self::TimedOut => 200,
        }
    }
    fn is_throttling(&self) -> bool {
        *self == Self::TooManyRequestsException
    }
}

impl ServiceRequest for Request {
    fn operation(&self) -> &'static str {
        "Invoke"
    }
    fn latency(&self) -> Latency {
        match self {
            Self::Invoke => quotas::INVOKE_LATENCY,
            Self::InvokeRequestResponse => quotas::REQUEST_RESPONSE_LATENCY,
        }
    }
}
