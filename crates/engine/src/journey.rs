//! The journeys of messages: where each copy went, how long it stayed, and how it ended.

use kernel::SimTime;
use messaging::{KeyId, LogicalId, PayloadId, TraceId};
use serde::{Deserialize, Serialize};

use crate::protocol::Revision;

/// The journey of one message, and how those published around it ended.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Journeys {
    /// Which document runs.
    pub revision: Revision,
    /// How far the messages were followed.
    pub until: SimTime,
    /// As far as was asked for; false when the budget of events was used up before.
    pub whole: bool,
    /// The message asked for, if it was published.
    pub journey: Option<Journey>,
    /// The messages published around it, or the last ones, oldest first; itself too.
    pub around: Vec<Traveller>,
}

/// A message and how its copies ended.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Traveller {
    /// Which message: messages are numbered from 1 as they are published.
    pub trace_id: TraceId,
    /// What it carries, as it was published.
    pub payload: PayloadId,
    /// Its message group or partition key.
    pub key: KeyId,
    /// When it set out first.
    pub published_at: SimTime,
    /// How each copy ended, or where it is.
    pub outcomes: Vec<Outcome>,
}

/// Everything about the way of one message.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Journey {
    /// The message and its outcomes.
    pub traveller: Traveller,
    /// Its steps along links, in the order they set out.
    pub hops: Vec<Hop>,
    /// Where it stayed, in the order it came there.
    pub stays: Vec<Stay>,
    /// The API calls it travelled with, in the order of their answers.
    pub calls: Vec<ApiCall>,
}

/// A step along a link.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Hop {
    /// Its number; copies that set out at one instant share it. Zero for what set out on no way: a filtered copy.
    pub number: u32,
    /// From where.
    pub from: LogicalId,
    /// To where.
    pub to: LogicalId,
    /// When it set out.
    pub departs: SimTime,
    /// When it arrived.
    pub arrives: SimTime,
    /// What kind of step.
    pub kind: HopKind,
}

/// What kind of step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum HopKind {
    /// It was sent.
    Sent,
    /// Somebody received or read it.
    Received,
    /// To a dead-letter queue.
    DeadLettered,
    /// Filtered out: it never set out.
    FilteredOut,
    /// Refused at the far end.
    Refused,
}

/// A stay at a place.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Stay {
    /// Where.
    pub place: LogicalId,
    /// From when.
    pub from: SimTime,
    /// Until when; nothing when it is there still.
    pub until: Option<SimTime>,
    /// How.
    pub state: StayState,
    /// What there is to say, such as `receive 2, failed`.
    pub text: String,
}

/// How a message is at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum StayState {
    /// The service works on the call it came with.
    Passing,
    /// Hidden since it was sent.
    Delayed,
    /// Can be received or read.
    Visible,
    /// Received, and hidden from others.
    InFlight,
    /// Somebody works on it.
    Processing,
    /// Somebody worked on it and failed.
    Failed,
    /// It was refused.
    Refused,
    /// In a dead-letter queue.
    Dead,
}

/// How a copy ended, or where it is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Outcome {
    /// Where it ended.
    pub place: LogicalId,
    /// The other end that matters: who took it, or where it came from.
    pub via: Option<LogicalId>,
    /// How.
    pub kind: OutcomeKind,
    /// When.
    pub at: SimTime,
    /// How often that happened.
    pub times: u32,
    /// Why, in a sentence or two; empty when there is nothing to say.
    pub reason: String,
    /// The error code people meet; empty for none.
    pub code: String,
}

/// How a copy ended, best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum OutcomeKind {
    /// Somebody has it: deleted after success, or taken by where it ends.
    Delivered,
    /// Not for this subscription.
    FilteredOut,
    /// Accepted as a duplicate, and not kept again.
    Duplicate,
    /// Waits to be received.
    Waiting,
    /// Received, on its way, or in work.
    UnderWay,
    /// Refused, and perhaps tried again later.
    Refused,
    /// Removed by a purge.
    Purged,
    /// In a dead-letter queue.
    DeadLettered,
    /// Its retention period ended.
    Expired,
    /// Given up.
    Lost,
}

impl OutcomeKind {
    /// The outcome in a word or two.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Delivered => "delivered",
            Self::FilteredOut => "filtered out",
            Self::Duplicate => "duplicate",
            Self::Waiting => "waiting",
            Self::UnderWay => "under way",
            Self::Refused => "refused",
            Self::Purged => "purged",
            Self::DeadLettered => "dead-lettered",
            Self::Expired => "expired",
            Self::Lost => "lost",
        }
    }
}

/// An API call that the message travelled with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ApiCall {
    /// When it was made.
    pub made_at: SimTime,
    /// When it was answered.
    pub answered_at: SimTime,
    /// Who called.
    pub from: LogicalId,
    /// Who was called.
    pub to: LogicalId,
    /// The API action.
    pub operation: String,
    /// The error code, if it failed; empty otherwise.
    pub code: String,
}
