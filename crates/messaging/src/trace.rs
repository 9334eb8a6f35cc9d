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
        Self { batch: TraceBatch::default(), settings, since_last_mark: Vec::new() }
    }

    pub(crate) fn set(&mut self, settings: TraceSettings) {
        self.settings = settings;
    }

    pub(crate) fn take(&mut self) -> TraceBatch {
        std::mem::take(&mut self.batch)
    }

    /// Records that messages moved along a link; every so many of them become a mark.
    #[inline]
    pub(crate) fn moved(&mut self, transit: Transit) {
        let stride = self.settings.messages_per_mark;
        if stride == 0 {
            return;
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
            return;
        }
        if self.batch.transits.len() < self.settings.max_transits as usize {
            self.batch.transits.push(transit);
        } else {
            self.batch.suppressed_messages += u64::from(transit.count);
        }
    }

    pub(crate) fn record(&mut self, event: TraceEvent) {
        if self.batch.events.len() < self.settings.max_events as usize {
            self.batch.events.push(event);
        } else if self.settings.max_events > 0 {
            self.batch.suppressed_events += 1;
        }
    }
}
