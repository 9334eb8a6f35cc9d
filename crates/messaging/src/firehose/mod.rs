//! Amazon Data Firehose: delivery streams that buffer records and deliver them in objects or requests (FH-1 to FH-49).
//!
//! Records are counted, not kept: a buffer knows how many there are, how many bytes, and since when. Only what waits
//! for a transformation is kept one by one.

mod buffer;
mod configuration;
mod delivery;
mod delivery_stream;
mod descriptor;
mod destination;
mod names;
mod properties;
mod put;
pub mod quotas;
mod source;
mod state;
mod transform;

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::call::Latency;
use crate::registry::ServiceRequest;
use crate::service_error::ServiceError;

pub use configuration::{
    Configuration, DestinationConfiguration, KinesisStreamSourceConfiguration, ProcessingConfiguration,
};
pub use delivery_stream::{DeliveryStream, DeliveryStreamTimer};
pub use destination::Destination;
pub use properties::{BufferingHints, CompressionFormat, DeliveryStreamProperties, OutputFormat};

/// A request to a delivery stream. The records are the call's entries.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Request {
    /// `PutRecord`: one entry (FH-7).
    PutRecord,
    /// `PutRecordBatch`: one to 500 entries (FH-8).
    PutRecordBatch,
}

/// A delivery stream's answer. What failed of a batch is in the call's entries (FH-10).
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Response {
    /// The call was accepted.
    Put,
}

/// A delivery stream's refusal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Error {
    /// Over the quota of the stream (FH-10).
    ServiceUnavailableException,
    /// A record or a batch is too large (FH-7, FH-8).
    InvalidArgumentException,
    /// The source is a Kinesis stream, so that nobody else may put (FH-3).
    InvalidSourceException,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::ServiceUnavailableException => "Slow down.",
            Self::InvalidArgumentException => {
                "A record may have 1,024,000 bytes, and a batch 500 records and 4 MiB."
            }
            Self::InvalidSourceException => {
                "This operation is not permitted on KinesisStreamAsSource delivery stream type."
            }
        })
    }
}

impl ServiceError for Error {
    fn code(&self) -> &'static str {
        match self {
            Self::ServiceUnavailableException => "ServiceUnavailableException",
            Self::InvalidArgumentException => "InvalidArgumentException",
            Self::InvalidSourceException => "InvalidSourceException",
        }
    }
    fn http_status(&self) -> u16 {
        match self {
            Self::ServiceUnavailableException => 503,
            Self::InvalidArgumentException | Self::InvalidSourceException => 400,
        }
    }
    fn is_throttling(&self) -> bool {
        *self == Self::ServiceUnavailableException
    }
}

impl ServiceRequest for Request {
    fn operation(&self) -> &'static str {
        match self {
            Self::PutRecord => "PutRecord",
            Self::PutRecordBatch => "PutRecordBatch",
        }
    }
    fn latency(&self) -> Latency {
        quotas::PUT_LATENCY
    }
}
