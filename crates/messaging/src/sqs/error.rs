//! SQS's refusals, in AWS's words (SQS-220, SQS-221).

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::service_error::ServiceError;

/// A refusal of a queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Error {
    /// Over the quota of calls per second of an API action (SQS-164).
    RequestThrottled,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::RequestThrottled => f.write_str("The request was denied due to request throttling."),
        }
    }
}

impl ServiceError for Error {
    fn code(&self) -> &'static str {
        match self {
            Self::RequestThrottled => "RequestThrottled",
        }
    }
    fn is_throttling(&self) -> bool {
        matches!(self, Self::RequestThrottled)
    }
}
