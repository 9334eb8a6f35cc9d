//! What moved and what happened, for the screen. Bounded: what does not fit is counted.

use kernel::SimTime;
use serde::{Deserialize, Serialize};

use crate::identifiers::{ComponentId, KeyId, LinkId, PayloadId, TraceId};
use crate::registry::ApiError;

/// How a mark travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum TransitKind {
    /// Along the link, from its source to its target.
    Message,
    /// Refused at the target: back to its source.
    Refused,
    /// Filtered out at the source.
    FilteredOut,
    /// An answer without messages.
    EmptyReceive,
    /// Along a redrive link, to a dead-letter queue.
    DeadLettered,
}

/// One message, or several, on a link.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Transit {
    /// The link.
    pub link: LinkId,
    /// How it travels.
    pub kind: TransitKind,
    /// When it sets out.
    pub departs_at: SimTime,
    /// When it arrives; the same as `departs_at` for what has no travelling time.
    pub arrives_at: SimTime,
    /// What it carries.
    pub payload: PayloadId,
    /// Its message group or partition key.
    pub key: KeyId,
    /// Which published message it is a copy of.
    pub trace_id: TraceId,
    /// How many messages the mark stands for.
    pub count: u32,
}

/// Something a person may ask about.
#[derive(Clone, Debug, PartialEq)]
pub struct TraceEvent {
    /// When.
    pub at: SimTime,
    /// Where.
    pub component: ComponentId,
    /// Along which link, if any.
    pub link: LinkId,
    /// Which message, if one.
    pub trace_id: Option<TraceId>,
    /// What.
    pub kind: TraceKind,
}

/// What happened.
#[derive(Clone, Debug, PartialEq)]
pub enum TraceKind {
    /// A call was refused, as a whole or in one of its entries.
    ApiFailed {
        /// The API action.
        operation: &'static str,
        /// Why.
        error: ApiError,
    },
    /// A delivery was given up (SNS-141).
    NotificationFailed {
        /// Why.
        error: ApiError,
    },
    /// A message was received again (SQS-61).
    Redelivered {
        /// How often it has now been received.
        receive_count: u32,
    },
    /// The next receive would have exceeded `maxReceiveCount` (SQS-121).
    MovedToDeadLetterQueue {
        /// How often it had been received.
        receive_count: u32,
    },
    /// The retention period ended (SQS-110, KDS-55).
    Expired,
    /// The producer gave up after its last attempt (KDS-81).
    Lost {
        /// How many attempts it made.
        attempts: u32,
    },
    /// Processing failed.
    ProcessingFailed,
    /// Processing succeeded. Only of followed messages, like the three below.
    Processed,
    /// A worker died with the message in hand.
    Abandoned,
    /// A service keeps the message, in this state from now on.
    Kept(Kept),
    /// A service keeps the message no longer.
    Left(Left),
    /// An entry of the delivery status log (SNS-172).
    DeliveryStatus {
        /// The delivery succeeded.
        succeeded: bool,
        /// How many attempts it took.
        attempts: u32,
    },
    /// A person or the timeline did something to the component.
    Intervened {
        /// What was done, as a word.
        action: &'static str,
    },
}

/// How a service keeps a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    /// Hidden since it was sent, until this time.
    Delayed(SimTime),
    /// Can be received or read.
    Visible,
    /// Received, and hidden from others.
    InFlight,
}

/// Why a service keeps a message no longer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Left {
    /// Deleted after a receive.
    Deleted,
    /// Removed by a purge.
    Purged,
    /// It was a duplicate: accepted, and not kept a second time.
    Deduplicated,
    /// Moved on by a move task.
    Moved,
}

/// Something about a message that is followed.
#[derive(Clone, Debug, PartialEq)]
pub enum Followed {
    /// It moved, or was to move.
    Moved(Transit),
    /// A call it travelled with was answered.
    Answered(Answered),
    /// Something happened to it.
    Happened(TraceEvent),
}

/// The answer to a call that a followed message travelled with.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Answered {
    /// Which message.
    pub trace_id: TraceId,
    /// When the call was made.
    pub made_at: SimTime,
    /// When it was answered.
    pub at: SimTime,
    /// Who made it.
    pub from: ComponentId,
    /// Who answered it.
    pub to: ComponentId,
    /// Along which link.
    pub link: LinkId,
    /// The API action.
    pub operation: &'static str,
    /// Why it failed, for the whole call or for this message.
    pub error: Option<ApiError>,
}

/// The most notes on followed messages. Ours.
const MAX_FOLLOWED: usize = 50_000;

/// Messages that are followed: from one number to another, both included.
pub type FollowedRange = (TraceId, TraceId);

/// What was traced since the last time it was taken.
#[derive(Clone, Debug, Default)]
pub struct TraceBatch {
    /// What moved.
    pub transits: Vec<Transit>,
    /// What happened.
    pub events: Vec<TraceEvent>,
    /// How many messages moved without a mark of their own, because the batch was full.
    pub suppressed_messages: u64,
    /// How many events were left out, because the batch was full.
    pub suppressed_events: u64,
}

/// Collects the trace; part of the run's surroundings, not of its state.
#[derive(Clone, Debug)]
pub struct Trace {
    batch: TraceBatch,
    settings: TraceSettings,
    since_last_mark: Vec<u32>,
    following: Option<FollowedRange>,
    followed: Vec<Followed>,
}

/// How much is traced.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TraceSettings {
    /// One mark stands for so many messages of a link; 0 draws no marks at all. Ours.
    pub messages_per_mark: u32,
    /// The most marks between two calls of `take`. Ours.
    pub max_transits: u32,
    /// The most events between two calls of `take`. Ours.
    pub max_events: u32,
}

impl TraceSettings {
    /// Traces nothing: for runs without a screen.
    pub const OFF: Self = Self { messages_per_mark: 0, max_transits: 0, max_events: 0 };
    /// What the page uses.
    pub const PAGE: Self = Self { messages_per_mark: 1, max_transits: 2_000, max_events: 500 };
}

impl Trace {
    pub(crate) fn new(settings: TraceSettings) -> Self {
        Self {
            batch: TraceBatch::default(),
            settings,
            since_last_mark: Vec::new(),
            following: None,
            followed: Vec::new(),
        }
    }

    /// From now on notes all about some messages, and nothing else.
    pub(crate) fn follow(&mut self, range: FollowedRange) {
        *self = Self::new(TraceSettings::OFF);
        self.following = Some(range);
    }

    pub(crate) fn take_followed(&mut self) -> Vec<Followed> {
        std::mem::take(&mut self.followed)
    }

    #[inline]
    pub(crate) fn is_following(&self) -> bool {
        self.following.is_some()
    }

    pub(crate) fn follows(&self, id: TraceId) -> bool {
        self.following.is_some_and(|(first, last)| first <= id && id <= last)
    }

    pub(crate) fn note(&mut self, id: TraceId, what: Followed) {
        if self.follows(id) && self.followed.len() < MAX_FOLLOWED {
            self.followed.push(what);
        }
    }

    pub(crate) fn set(&mut self, settings: TraceSettings) {
        self.settings = settings;
    }

    pub(crate) fn batch(&self) -> &TraceBatch {
        &self.batch
    }

    pub(crate) fn take(&mut self) -> TraceBatch {
        std::mem::take(&mut self.batch)
    }

    /// Records that messages moved along a link; every so many of them become a mark.
    #[inline]
    pub(crate) fn moved(&mut self, transit: Transit) {
        let stride = self.settings.messages_per_mark;
        if stride == 0 {
            return self.note(transit.trace_id, Followed::Moved(transit));
        }
        let place = transit.link.index();
        if place >= self.since_last_mark.len() {
            self.since_last_mark.resize(place + 1, stride);
        }
        let waiting = &mut self.since_last_mark[place];
        *waiting += transit.count;
        if *waiting < stride {
            return;
        }
        *waiting = if stride == 1 { 0 } else { *waiting % stride };
        self.push(Transit { count: transit.count.max(stride), ..transit });
    }

    /// Records a rare transit, which always has a mark of its own.
    pub(crate) fn push(&mut self, transit: Transit) {
        if self.settings.messages_per_mark == 0 {
            return self.note(transit.trace_id, Followed::Moved(transit));
        }
        if self.batch.transits.len() < self.settings.max_transits as usize {
            self.batch.transits.push(transit);
        } else {
            self.batch.suppressed_messages += u64::from(transit.count);
        }
    }

    pub(crate) fn record(&mut self, event: TraceEvent) {
        if self.is_following() {
            if let Some(id) = event.trace_id {
                self.note(id, Followed::Happened(event));
            }
        } else if self.batch.events.len() < self.settings.max_events as usize {
            self.batch.events.push(event);
        } else if self.settings.max_events > 0 {
            self.batch.suppressed_events += 1;
        }
    }
}
