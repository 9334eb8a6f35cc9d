//! What a person or the scenario's timeline does to a running world.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::identifiers::LogicalId;
use crate::world_spec::WorldSpec;

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
