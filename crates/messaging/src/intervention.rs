//! What a person or the scenario's timeline does to a running world.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::identifiers::LogicalId;
use crate::world_spec::WorldSpec;

/// A zone of the simulated Region. What AWS calls regional, such as a queue or a topic, stands in all of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum AvailabilityZone {
    /// The first.
    #[serde(rename = "eu-west-1a")]
    A,
    /// The second.
    #[serde(rename = "eu-west-1b")]
    B,
    /// The third.
    #[serde(rename = "eu-west-1c")]
    C,
}

impl AvailabilityZone {
    /// All of them.
    pub const ALL: &'static [Self] = &[Self::A, Self::B, Self::C];
    /// Their names, and none: the choices of a property.
    pub const NAMES: &'static [&'static str] = &["eu-west-1a", "eu-west-1b", "eu-west-1c"];

    /// The zone's name.
    pub const fn name(self) -> &'static str {
        Self::NAMES[self as usize]
    }
    /// The last letter of the name, as people call it.
    pub const fn letter(self) -> &'static str {
        match self {
            Self::A => "a",
            Self::B => "b",
            Self::C => "c",
        }
    }
}

/// Something done to a running world, by a click or by the scenario's `Timeline`; recorded either way.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Intervention {
    /// A stopped client goes on.
    Start(LogicalId),
    /// A client stops after what it has in hand.
    Stop(LogicalId),
    /// A client loses what it has in hand and stops (CMP-4).
    Crash(LogicalId),
    /// A client takes so many times as long for its work; 1 is its normal pace.
    Slow {
        /// Which client.
        #[serde(rename = "Of")]
        of: LogicalId,
        /// How many times as long.
        #[serde(rename = "Factor")]
        factor: f64,
    },
    /// A producer sends so many messages at once.
    Send {
        /// Which producer.
        #[serde(rename = "From")]
        from: LogicalId,
        /// How many messages.
        #[serde(rename = "Count")]
        count: u32,
    },
    /// A producer's next message is one whose processing always fails.
    Poison(LogicalId),
    /// `PurgeQueue` (SQS-100).
    Purge(LogicalId),
    /// `StartMessageMoveTask` from a dead-letter queue back to its sources (SQS-130).
    Redrive(LogicalId),
    /// `RebootBroker` (MQ-40).
    Reboot(LogicalId),
    /// A resource refuses all calls beyond so many a second, with its own word for too many; as many as it likes
    /// without a number.
    Throttle {
        /// Which resource.
        #[serde(rename = "Of")]
        of: LogicalId,
        /// How many calls it takes in any whole second.
        #[serde(rename = "CallsPerSecond", default, skip_serializing_if = "Option::is_none")]
        calls_per_second: Option<u32>,
    },
    /// Everything that runs in a zone is lost (MQ-40, CMP-4).
    AvailabilityZoneOutage(AvailabilityZone),
    /// The zone is back, and what ran in it starts again.
    AvailabilityZoneRecovery(AvailabilityZone),
    /// Nothing passes along a link.
    CutLink {
        /// Where the link starts.
        #[serde(rename = "From")]
        from: LogicalId,
        /// Where the link ends.
        #[serde(rename = "To")]
        to: LogicalId,
    },
    /// A cut link works again.
    RestoreLink {
        /// Where the link starts.
        #[serde(rename = "From")]
        from: LogicalId,
        /// Where the link ends.
        #[serde(rename = "To")]
        to: LogicalId,
    },
    /// The document changed: what stays the same keeps its state, what is new starts now.
    #[serde(skip)]
    #[cfg_attr(feature = "schema", schemars(skip))]
    Reconfigure(Arc<WorldSpec>),
}

/// What an intervention asks of one component.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ComponentAction {
    /// Go on.
    Start,
    /// Stop after what is in hand.
    Stop,
    /// Lose what is in hand and stop.
    Crash,
    /// Take so many times as long.
    Slow(f64),
    /// Send so many messages at once.
    Send(u32),
    /// Make the next message one whose processing always fails.
    Poison,
    /// Remove all messages.
    Purge,
    /// Move dead letters back.
    Redrive,
    /// Start all instances anew.
    Reboot,
    /// A zone is lost with what runs in it.
    ZoneOutage(AvailabilityZone),
    /// The zone is back.
    ZoneRecovery(AvailabilityZone),
}

impl ComponentAction {
    /// The action as a word.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::Stop => "stop",
            Self::Crash => "crash",
            Self::Slow(_) => "slow",
            Self::Send(_) => "send",
            Self::Poison => "poison",
            Self::Purge => "purge",
            Self::Redrive => "redrive",
            Self::Reboot => "reboot",
            Self::ZoneOutage(_) => "lose a zone",
            Self::ZoneRecovery(_) => "regain a zone",
        }
    }
}

/// Why an intervention did nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum InterventionError {
    /// No such resource.
    NoSuchResource(LogicalId),
    /// No such link.
    NoSuchLink {
        /// Where it would start.
        from: LogicalId,
        /// Where it would end.
        to: LogicalId,
    },
    /// The resource cannot do that.
    NotPossible {
        /// Which resource.
        of: LogicalId,
        /// Why, as a sentence.
        reason: String,
    },
}

impl fmt::Display for InterventionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoSuchResource(id) => write!(f, "There is no resource {id}."),
            Self::NoSuchLink { from, to } => write!(f, "There is no link from {from} to {to}."),
            Self::NotPossible { of, reason } => write!(f, "{of}: {reason}"),
        }
    }
}
impl std::error::Error for InterventionError {}
