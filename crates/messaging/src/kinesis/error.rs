//! Kinesis's refusals, in AWS's words (KDS section 13).

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::service_error::ServiceError;

/// A refusal of a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Error {
    /// Over the limit of a shard (KDS-24).
    ProvisionedThroughputExceededException,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ProvisionedThroughputExceededException => f.write_str("Rate exceeded for the shard."),
        }
    }
}

impl ServiceError for Error {
    fn code(&self) -> &'static str {
        match self {
            Self::ProvisionedThroughputExceededException => "ProvisionedThroughputExceededException",
        }
    }
    fn http_status(&self) -> u16 {
        400
    }
    fn is_throttling(&self) -> bool {
        matches!(self, Self::ProvisionedThroughputExceededException)
    }
}
