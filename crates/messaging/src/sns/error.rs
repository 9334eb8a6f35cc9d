//! SNS's refusals, in AWS's words (SNS-190).

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::service_error::ServiceError;

/// A refusal of a topic.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Error {
    /// Over the quota of messages per second (SNS-100).
    Throttled,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Throttled => f.write_str("Rate exceeded"),
        }
    }
}

impl ServiceError for Error {
    fn code(&self) -> &'static str {
        match self {
            Self::Throttled => "Throttled",
        }
    }
    fn http_status(&self) -> u16 {
        429
    }
    fn is_throttling(&self) -> bool {
        matches!(self, Self::Throttled)
    }
}
