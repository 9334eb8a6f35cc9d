//! Amazon S3: a bucket that counts its objects, and the event rules of its notification configuration (CMP-47 to
//! CMP-54).
//!
//! Objects have a key and a size and no content. Nobody reads them.

mod access;
mod bucket;
mod event;
mod fields;
mod notify;
mod objects;
mod properties;
pub mod quotas;
mod state;

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::call::Latency;
use crate::registry::ServiceRequest;
use crate::service_error::ServiceError;

pub(crate) use access::notification_refusal;
pub use bucket::{Bucket, BucketTimer};
pub use properties::{BucketProperties, NotificationConfiguration};

/// A request to a bucket.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Request {
    /// `PutObject`: one entry, whose key names the object.
    PutObject(Content),
}

/// What an object holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Content {
    /// The message itself.
    Message,
    /// Records that a delivery stream has put together (FH-25).
    Records {
        /// The object's bytes.
        bytes: u32,
        /// How many records.
        records: u32,
        /// They stand under the error prefix (FH-29).
        failed: bool,
    },
}

/// A bucket's answer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Response {
    /// The object is stored.
    Stored,
}

/// A bucket's refusal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Error {
    /// More requests a second than a prefix takes (CMP-64).
    SlowDown,
    /// The bucket was stopped: a fault put in by a person or the scenario.
    ServiceUnavailable,
    /// The bucket policy denies it (ACC-16).
    AccessDenied,
    /// The object went round a loop too often (CMP-54). Ours.
    LoopStopped,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::SlowDown => "Please reduce your request rate.",
            Self::ServiceUnavailable => "Service is unable to handle request.",
            Self::AccessDenied => "Access Denied",
            Self::LoopStopped => "The playground has stopped a loop: this object has come round 100 times.",
        })
    }
}

impl ServiceError for Error {
    fn code(&self) -> &'static str {
        match self {
            Self::SlowDown => "SlowDown",
            Self::ServiceUnavailable => "ServiceUnavailable",
            Self::AccessDenied => "AccessDenied",
            Self::LoopStopped => "LoopStopped",
        }
    }
    fn http_status(&self) -> u16 {
        match self {
            Self::SlowDown | Self::ServiceUnavailable => 503,
            Self::AccessDenied => 403,
            Self::LoopStopped => 400,
        }
    }
    fn is_throttling(&self) -> bool {
        *self == Self::SlowDown
    }
}

impl ServiceRequest for Request {
    fn operation(&self) -> &'static str {
        "PutObject"
    }
    /// 100 ms in all (CMP-61).
    fn latency(&self) -> Latency {
        quotas::PUT_LATENCY
    }
}
