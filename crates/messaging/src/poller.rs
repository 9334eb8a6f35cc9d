//! How a consumer reads from a pull source it has never heard of.

use kernel::{SimDuration, SimTime};

use crate::call::{ApiResult, Entries, Entry};
use crate::context::Context;
use crate::identifiers::LinkId;
use crate::registry::Request;
pub use crate::registry::{AnyPoller, PollerKind};

/// What a consumer wants of each read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PollSettings {
    /// The most messages of one read; the source's own maximum holds above it.
    pub max_messages: u32,
    /// `WaitTimeSeconds`, if the consumer sets it (SQS-80).
    pub wait_time_seconds: Option<u8>,
    /// `VisibilityTimeout` of the receive, if the consumer sets it (SQS-41).
    pub visibility_timeout_seconds: Option<u32>,
    /// The worker's place among the consumer's workers, for sources that are shared out.
    pub worker: u32,
    /// How many workers share the source.
    pub workers: u32,
}

/// The next step of a poller.
#[derive(Clone, Debug)]
pub enum Poll {
    /// Make this call.
    Call(Request),
    /// Ask again after this time.
    Wait(SimDuration),
    /// Messages come by themselves: there is nothing to ask for.
    Pushed,
    /// There is nothing to read for this worker until the links or the source change; ask again after a second.
    Idle,
}

/// What becomes of a message whose processing failed.
#[derive(Clone, Copy, Debug)]
pub enum AfterFailure {
    /// Nothing is said; the source notices by itself.
    Leave,
    /// The worker tries it again after this time, and nothing else before (MQ-18).
    Again(SimDuration),
    /// This call gives it back to the source (MQ-30).
    GiveBack(Request),
}

/// The loop that reads from one kind of pull source: for one worker and one link.
pub trait Poller: Clone + Default {
    /// What to do next.
    fn poll(&mut self, link: LinkId, settings: &PollSettings, cx: &mut Context<'_>) -> Poll;

    /// An answer to a read; the messages are in `entries`. Refusals are looked at here too.
    fn received(&mut self, result: &ApiResult, entries: &Entries, cx: &mut Context<'_>);

    /// How long to wait after a refused read: an SDK's scale of the first retry (KDS-80), unless the source has a
    /// schedule of its own.
    fn pause_after_refusal(&self) -> SimDuration {
        SimDuration::from_secs(1)
    }

    /// Processing of these messages succeeded: the call that settles them all, if the source needs one.
    fn settle(&mut self, entries: &[Entry]) -> Option<Request>;

    /// More time is needed for a message (SQS-62): the call that asks for it, if the source knows such a thing.
    fn extend(&mut self, entry: &Entry, seconds: u32) -> Option<Request> {
        let _ = (entry, seconds);
        None
    }

    /// How often more time is asked for although the consumer does not say so; nothing if never.
    fn extends_every(&self) -> Option<SimDuration> {
        None
    }

    /// The source has not heard of this worker for long, while it was at work on short messages: more time is to be
    /// asked for now.
    #[inline]
    fn is_overdue(&mut self, now: SimTime) -> bool {
        let _ = now;
        false
    }

    /// Processing of a message failed, and none of the two below holds.
    fn failed(&mut self, link: LinkId, entry: &Entry, cx: &mut Context<'_>) -> AfterFailure {
        let _ = (link, entry, cx);
        AfterFailure::Leave
    }

    /// A batch failed as a whole: the call that gives it back, if the source does not notice by itself.
    fn give_back(&mut self) -> Option<Request> {
        None
    }

    /// Messages are pushed to it: it is connected.
    fn is_pushed(&self) -> bool {
        false
    }

    /// What is pushed under this number is for it.
    fn takes_push(&self, subscription: u32) -> bool {
        let _ = subscription;
        false
    }

    /// The worker stops, or its connection broke: the call that says so, if the source has to know.
    fn close(&mut self) -> Option<Request> {
        None
    }

    /// The messages of one group must stay in order: after a failure the rest of its group is left for later
    /// (SQS-150).
    fn keeps_group_order(&self) -> bool {
        false
    }

    /// Processing of one message failed: true when the messages behind it must not be processed before it is
    /// tried again (an ordered source).
    fn blocks_on_failure(&self) -> bool {
        false
    }
}
