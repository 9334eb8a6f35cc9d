//! What a broker refuses, in the words of its engine.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::service_error::{Fault, ServiceError};

/// A refusal of a broker.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Error {
    /// The broker is not there at the moment (MQ-40).
    ConnectionClosed,
    /// No more connections (MQ-8).
    TooManyConnections,
    /// ActiveMQ has no space and `sendFailIfNoSpace` is on (MQ-14).
    ResourceAllocationException,
    /// `basic.nack`: the queue takes no more messages (MQ-33).
    Nacked,
    /// `basic.return` of a mandatory message: no queue is bound with a matching key (MQ-27).
    NoRoute,
    /// The exchange or queue is not declared, or the link says nothing about it.
    NotFound,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::ConnectionClosed => "The connection to the broker is closed.",
            Self::TooManyConnections => "The broker has as many connections as its instance type allows.",
            Self::ResourceAllocationException => "Usage Manager Store is Full.",
            Self::Nacked => "The queue has reached its maximum length and takes no more messages.",
            Self::NoRoute => "NO_ROUTE: no queue is bound with a matching key.",
            Self::NotFound => "NOT_FOUND: there is no such queue or exchange.",
        })
    }
}

impl ServiceError for Error {
    fn code(&self) -> &'static str {
        match self {
            Self::ConnectionClosed => "ConnectionClosed",
            Self::TooManyConnections => "ExceededMaximumConnections",
            Self::ResourceAllocationException => "ResourceAllocationException",
            Self::Nacked => "basic.nack",
            Self::NoRoute => "NO_ROUTE",
            Self::NotFound => "NOT_FOUND",
        }
    }
    /// AMQP's reply codes where it has one.
    fn http_status(&self) -> u16 {
        match self {
            Self::ConnectionClosed => 503,
            Self::TooManyConnections => 530,
            Self::ResourceAllocationException => 507,
            Self::Nacked => 406,
            Self::NoRoute => 312,
            Self::NotFound => 404,
        }
    }
    fn fault(&self) -> Fault {
        match self {
            Self::NoRoute | Self::NotFound => Fault::Sender,
            _ => Fault::Receiver,
        }
    }
    /// The queue stays full however often somebody tries.
    fn is_retryable(&self) -> bool {
        matches!(self, Self::ConnectionClosed | Self::TooManyConnections | Self::ResourceAllocationException)
    }
}
