//! By which protocol a topic delivers, and what follows from it: confirmation, retries, formats (SNS-40 to SNS-66).

use kernel::SimDuration;
use serde::{Deserialize, Serialize};

use crate::call::Latency;

/// A subscription's protocol (SNS-40). It follows from what stands at the far end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Protocol {
    /// A queue.
    Sqs,
    /// A function, invoked asynchronously (SNS-61).
    Lambda,
    /// A delivery stream.
    Firehose,
    /// A web server.
    Http,
    /// A web server, encrypted.
    Https,
    /// A plain text to an address.
    Email,
    /// A JSON text to an address.
    EmailJson,
    /// A text message to a phone (SNS-113).
    Sms,
    /// A mobile app on a device (SNS-110).
    Application,
}

impl Protocol {
    /// All protocols, in the order of the API reference.
    pub const ALL: [Self; 9] = [
        Self::Http,
        Self::Https,
        Self::Email,
        Self::EmailJson,
        Self::Sms,
        Self::Sqs,
        Self::Application,
        Self::Lambda,
        Self::Firehose,
    ];

    /// The word of the API, which is also the key in a message of structure `json` (SNS-24).
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sqs => "sqs",
            Self::Lambda => "lambda",
            Self::Firehose => "firehose",
            Self::Http => "http",
            Self::Https => "https",
            Self::Email => "email",
            Self::EmailJson => "email-json",
            Self::Sms => "sms",
            Self::Application => "application",
        }
    }

    /// The endpoint has to agree before anything is delivered (SNS-46).
    pub const fn needs_confirmation(self) -> bool {
        matches!(self, Self::Http | Self::Https | Self::Email | Self::EmailJson)
    }

    /// A web server: its retries can be configured (SNS-145), and every failed attempt counts (SNS-170).
    pub const fn is_http(self) -> bool {
        matches!(self, Self::Http | Self::Https)
    }

    /// Can deliver the body as published (SNS-47).
    pub const fn can_be_raw(self) -> bool {
        matches!(self, Self::Sqs | Self::Firehose | Self::Http | Self::Https)
    }

    /// `Publish` may name the endpoint itself, by `PhoneNumber` or `TargetArn` (SNS-20, SNS-110).
    pub const fn takes_direct_publish(self) -> bool {
        matches!(self, Self::Sms | Self::Application)
    }

    /// Delivers to another Region (SNS-120).
    pub const fn crosses_regions(self) -> bool {
        matches!(self, Self::Sqs | Self::Lambda)
    }

    /// From the topic to the endpoint, which takes its own time to answer; the topic hears of it at the same instant
    /// (CMP-59).
    pub const fn latency(self) -> Latency {
        let milliseconds = match self {
            Self::Sqs => 20,
            Self::Lambda | Self::Firehose => 60,
            _ => 50,
        };
        Latency { request: SimDuration::from_millis(milliseconds), response: SimDuration::ZERO }
    }
}
