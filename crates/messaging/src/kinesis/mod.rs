//! Amazon Kinesis Data Streams (KDS-1 to KDS-112).

mod error;
mod poller;
mod stream;

use kernel::SimDuration;

use crate::call::Latency;
use crate::registry::ServiceRequest;

pub use error::Error;
pub use poller::StreamPoller;
pub use stream::{Stream, StreamProperties};

/// A request to a stream. The records of a put are the call's entries.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Request {
    /// `PutRecord` (KDS-15): one entry.
    PutRecord,
    /// `PutRecords` (KDS-15): 1 to 500 entries.
    PutRecords,
}

/// A stream's answer. Records read, and what failed of `PutRecords`, are in the call's entries.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Response {
    /// The call was accepted; entries of a batch may carry errors of their own.
    Done,
}

impl ServiceRequest for Request {
    fn operation(&self) -> &'static str {
        match self {
            Self::PutRecord => "PutRecord",
            Self::PutRecords => "PutRecords",
        }
    }

    /// Puts 15 ms, reads 85 ms (CMP-60).
    fn latency(&self) -> Latency {
        Latency { request: SimDuration::from_millis(15), response: SimDuration::ZERO }
    }
}
