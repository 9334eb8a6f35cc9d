//! A service that is called and waited for: what a queue is put in front of (CMP-44 to CMP-46).
//!
//! It works on as many calls as it has slots, lets a few wait, and refuses the rest. A call may need calls to other
//! services in its turn: its slot is held until they have answered. Each caller gives up after its timeout, and what
//! it asked for is then done for nobody.

mod server;
mod state;

use std::fmt;

use kernel::SimDuration;
use serde::{Deserialize, Serialize};

use crate::call::Latency;
use crate::client::{CONSUMER_TARGETS, PROCESSING_TIME, ProcessingTime};
use crate::descriptor::{FieldKind, FieldSpec, PaletteGroup, ResourceDescriptor, field, integer, number};
use crate::intervention::AvailabilityZone;
use crate::metric::MetricName;
use crate::registry::ServiceRequest;
use crate::service_error::ServiceError;

pub use server::{Service, ServiceTimer};

/// What the document says of a service.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "PascalCase", deny_unknown_fields, default)]
pub struct ServiceProperties {
    /// Calls it works on side by side (CMP-44).
    pub slots: u32,
    /// How long a call takes, those it makes itself left out (CMP-44).
    #[serde(skip_serializing_if = "is_default")]
    pub service_time: ProcessingTime,
    /// Calls that may wait for a slot (CMP-44).
    #[serde(skip_serializing_if = "is_default")]
    pub accept_queue: u32,
    /// Seconds until a caller gives up (CMP-44).
    #[serde(skip_serializing_if = "is_usual_timeout")]
    pub timeout_seconds: f64,
    /// The zone it runs in; an outage of the zone crashes it (CMP-4). In no zone if not given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub availability_zone: Option<AvailabilityZone>,
}

/// CMP-45.
const USUAL_SLOTS: u32 = 10;
/// CMP-44.
const USUAL_TIMEOUT_SECONDS: f64 = 30.0;

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}
fn is_usual_timeout(seconds: &f64) -> bool {
    *seconds == USUAL_TIMEOUT_SECONDS
}

impl Default for ServiceProperties {
    fn default() -> Self {
        Self {
            slots: USUAL_SLOTS,
            service_time: ProcessingTime::default(),
            accept_queue: 0,
            timeout_seconds: USUAL_TIMEOUT_SECONDS,
            availability_zone: None,
        }
    }
}

/// A request to a service.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Request {
    /// Do it, and answer when it is done.
    Call,
}

/// A service's answer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Response {
    /// Status 200: it is done.
    Done,
}

/// Why a call failed. The codes are the playground's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Error {
    /// 503: no slot is free, or the service is down (CMP-44).
    ServiceUnavailable,
    /// 504: the caller has given up (CMP-44).
    GatewayTimeout,
    /// 502: a service that this one needs has failed (CMP-46).
    BadGateway,
    /// 429: more calls than a person or the scenario lets through.
    TooManyRequests,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::ServiceUnavailable => "The service has no slot free, or is down.",
            Self::GatewayTimeout => "The service gave no answer in time.",
            Self::BadGateway => "A service that is needed for the answer failed.",
            Self::TooManyRequests => "The service takes no more calls in this second.",
        })
    }
}

impl ServiceError for Error {
    fn code(&self) -> &'static str {
        match self {
            Self::ServiceUnavailable => "ServiceUnavailable",
            Self::GatewayTimeout => "GatewayTimeout",
            Self::BadGateway => "BadGateway",
            Self::TooManyRequests => "TooManyRequests",
        }
    }
    fn http_status(&self) -> u16 {
        match self {
            Self::ServiceUnavailable => 503,
            Self::GatewayTimeout => 504,
            Self::BadGateway => 502,
            Self::TooManyRequests => 429,
        }
    }
    fn is_throttling(&self) -> bool {
        *self == Self::TooManyRequests
    }
}

/// Within a Region (CMP-62).
const NETWORK: Latency =
    Latency { request: SimDuration::from_millis(1), response: SimDuration::from_millis(1) };

impl ServiceRequest for Request {
    fn operation(&self) -> &'static str {
        "Call"
    }
    fn latency(&self) -> Latency {
        NETWORK
    }
}

/// The most slots, and the most calls that wait. Ours.
const MAX_CALLS: i64 = 1_000_000;

const ZONE: FieldSpec = field(
    "AvailabilityZone",
    FieldKind::Choice(AvailabilityZone::NAMES),
    "Where it runs; an outage of the zone crashes it.",
    "CMP-4",
);

const DESCRIPTOR: ResourceDescriptor = ResourceDescriptor {
    resource_type: "Playground::Service",
    title: "Service",
    description: "Is called and waited for: so many calls at a time, and the rest is refused.",
    group: PaletteGroup::Process,
    icon: "http-endpoint",
    id_prefix: "service",
    fields: &[
        field("Slots", integer(1, 1_000, "calls"), "Calls it works on side by side.", "CMP-44"),
        field("ServiceTime", PROCESSING_TIME, "How long a call takes.", "CMP-44"),
        field("AcceptQueue", integer(0, MAX_CALLS, "calls"), "Calls that may wait for a slot.", "CMP-44"),
        field("TimeoutSeconds", number(0.001, 86_400.0, "s"), "Until a caller gives up.", "CMP-44"),
        ZONE,
    ],
    links: CONSUMER_TARGETS,
    presets: &[],
    metrics: &[
        MetricName::CallsServed,
        MetricName::CallsRefused,
        MetricName::CallsTimedOut,
        MetricName::CallsFailed,
        MetricName::BusySlots,
        MetricName::CallsWaiting,
        MetricName::LongestWaitMilliseconds,
    ],
    actions: &["Start", "Stop", "Crash", "Slow"],
};
