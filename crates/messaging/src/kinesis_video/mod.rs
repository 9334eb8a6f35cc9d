//! Amazon Kinesis Video Streams: fragments in, media out (KVS-1 to KVS-7).

mod poller;
pub mod quotas;
mod stream;

use std::fmt;

use kernel::{SimDuration, SimTime};
use serde::{Deserialize, Serialize};

use crate::call::Latency;
use crate::registry::ServiceRequest;
use crate::service_error::ServiceError;

pub use poller::MediaPoller;
pub use stream::{VideoStream, VideoStreamProperties};

/// A request to a video stream.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Request {
    /// `PutMedia` (KVS-1): one fragment of the producer's long connection.
    PutMedia,
    /// `GetMedia` (KVS-3): opens a connection.
    GetMedia {
        /// Where to start.
        start_selector: StartSelector,
    },
    /// The reader is ready for the next chunks of its connection. Not an action of Kinesis Video Streams, which sends
    /// them along the connection.
    ReadChunks {
        /// The connection's number.
        connection: u32,
    },
    /// `ListFragments` of what is archived (KVS-4): the fragments are the call's entries.
    ListFragments,
}

/// Where reading starts (KVS-3).
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum StartSelector {
    /// `NOW`: what comes from now on.
    Now,
    /// `EARLIEST`: the oldest fragment.
    Earliest,
    /// `FRAGMENT_NUMBER`: this one, or the first after it that is left.
    FragmentNumber(u64),
    /// `SERVER_TIMESTAMP`: the first fragment of this instant or later.
    ServerTimestamp(SimTime),
}

/// The answer of a video stream.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Response {
    /// The acknowledgements of a fragment (KVS-1): it is `Buffering`, then `Received`, then, with a retention,
    /// `Persisted`.
    Acknowledged {
        /// Grows with every fragment.
        fragment_number: u64,
        /// The stream keeps it longer than its host's buffer.
        persisted: bool,
    },
    /// The connection stands.
    Connected {
        /// Its number.
        connection: u32,
    },
    /// Chunks, in the order of the fragments: they are the call's entries.
    Chunks,
    /// What is archived.
    Fragments,
}

/// A refusal of a video stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Error {
    /// Too many calls, connections, fragments or bytes (KVS-3, KVS-5).
    ClientLimitExceededException,
    /// Another producer sends (KVS-6).
    ConnectionLimitExceededException,
    /// A fragment is larger than it may be (KVS-5): the acknowledgement is `Error`.
    MaxFragmentSizeReached,
    /// There is no such connection, or nothing is archived without a retention (KVS-2).
    ResourceNotFoundException,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::ClientLimitExceededException => "Too many calls, connections, fragments or bytes.",
            Self::ConnectionLimitExceededException => "Another producer sends to the stream.",
            Self::MaxFragmentSizeReached => "The fragment has more than 50 MB.",
            Self::ResourceNotFoundException => "There is no such connection, or nothing is archived.",
        })
    }
}

impl ServiceError for Error {
    fn code(&self) -> &'static str {
        match self {
            Self::ClientLimitExceededException => "ClientLimitExceededException",
            Self::ConnectionLimitExceededException => "ConnectionLimitExceededException",
            Self::MaxFragmentSizeReached => "MAX_FRAGMENT_SIZE_REACHED",
            Self::ResourceNotFoundException => "ResourceNotFoundException",
        }
    }
    fn is_throttling(&self) -> bool {
        *self == Self::ClientLimitExceededException
    }
}

impl ServiceRequest for Request {
    fn operation(&self) -> &'static str {
        match self {
            Self::PutMedia => "PutMedia",
            Self::GetMedia { .. } | Self::ReadChunks { .. } => "GetMedia",
            Self::ListFragments => "ListFragments",
        }
    }
    /// Fragments travel 50 ms, there and on. Ours: AWS publishes nothing.
    fn latency(&self) -> Latency {
        let (zero, way) = (SimDuration::ZERO, SimDuration::from_millis(50));
        match self {
            Self::PutMedia => Latency { request: way, response: zero },
            Self::ReadChunks { .. } => Latency { request: zero, response: way },
            _ => Latency { request: zero, response: zero },
        }
    }
}
