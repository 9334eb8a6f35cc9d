//! What a topic pushes to besides queues and functions: an HTTP(S) server, an e-mail inbox, a phone, a mobile app
//! (SNS-40, CMP-55).
//!
//! An endpoint is a plain target. It answers each request with success or with an error that says whose fault it is:
//! SNS tries again after a server-side error and never after a client-side one (SNS-140).

mod properties;
mod server;
mod state;

use std::fmt;

use kernel::SimDuration;
use serde::{Deserialize, Serialize};

use crate::call::Latency;
use crate::registry::ServiceRequest;
use crate::service_error::ServiceError;

pub use properties::{EndpointProperties, Protocol};
pub use server::{Endpoint, EndpointTimer};

/// How long SNS waits for the answer of an HTTP(S) endpoint (SNS-65).
pub const ANSWER_TIMEOUT: SimDuration = SimDuration::from_secs(15);

/// A request to an endpoint: by SNS's message type (SNS-65), or from a delivery stream.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Request {
    /// `Notification`: a delivery of one entry.
    Notification,
    /// `SubscriptionConfirmation` (SNS-46): answered once the endpoint confirms.
    SubscriptionConfirmation,
    /// Records that a delivery stream has put together (FH-44).
    Delivery {
        /// The bytes of all.
        bytes: u32,
        /// How many.
        records: u32,
        /// How long Firehose waits for the answer.
        timeout_seconds: u16,
    },
}

/// An endpoint's answer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Response {
    /// It took the delivery.
    Accepted {
        /// The HTTP status, 200 to 299.
        status_code: u16,
    },
    /// It called `ConfirmSubscription` (SNS-46).
    Confirmed,
}

/// Why a delivery failed. The codes are the playground's own, but for `EndpointDisabled`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Error {
    /// The endpoint answered with a status other than 2xx (SNS-140).
    StatusCode(u16),
    /// An HTTP(S) endpoint gave no answer in time (SNS-65).
    TimedOut,
    /// The endpoint is down (SNS-140).
    Unreachable,
    /// The push service has reported the app's token as dead (SNS-112).
    EndpointDisabled,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::StatusCode(status) => write!(f, "The endpoint answered with status {status}."),
            Self::TimedOut => f.write_str("The endpoint gave no answer in time."),
            Self::Unreachable => f.write_str("The endpoint is down."),
            Self::EndpointDisabled => f.write_str("Endpoint is disabled"),
        }
    }
}

impl ServiceError for Error {
    fn code(&self) -> &'static str {
        match self {
            Self::StatusCode(429) => "TooManyRequests",
            Self::StatusCode(500..) => "EndpointServerError",
            Self::StatusCode(_) => "EndpointClientError",
            Self::TimedOut => "EndpointTimedOut",
            Self::Unreachable => "EndpointUnreachable",
            Self::EndpointDisabled => "EndpointDisabled",
        }
    }

    fn http_status(&self) -> u16 {
        match self {
            Self::StatusCode(status) => *status,
            Self::TimedOut => 504,
            Self::Unreachable => 503,
            Self::EndpointDisabled => 400,
        }
    }

    /// 429: not the sender's fault, so tried again (SNS-140).
    fn is_throttling(&self) -> bool {
        *self == Self::StatusCode(429)
    }
}

impl ServiceRequest for Request {
    fn operation(&self) -> &'static str {
        match self {
            Self::Notification => "Notification",
            Self::SubscriptionConfirmation => "SubscriptionConfirmation",
            Self::Delivery { .. } => "Delivery",
        }
    }

    /// 50 ms to the endpoint (CMP-59); how long it takes to answer is a property of the endpoint.
    fn latency(&self) -> Latency {
        Latency { request: SimDuration::from_millis(50), response: SimDuration::ZERO }
    }
}
