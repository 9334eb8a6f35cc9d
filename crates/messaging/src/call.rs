//! Calls between components: requests, their answers, and the time both take.

use kernel::{SimDuration, SimTime};
use smallvec::SmallVec;

use crate::identifiers::{ComponentId, LinkId};
use crate::message::Message;
use crate::registry::{ApiError, Request, Response};

/// The answer to a call. Batches and receives carry the rest in the call's [`Entries`].
pub type ApiResult = Result<Response, ApiError>;

/// The messages of a call: those sent, those received, or those to be deleted.
pub type Entries = SmallVec<[Entry; 1]>;

/// One message of a call.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// The message.
    pub message: Message,
    /// Stands for the receipt handle of this receive (SQS-41); meaningless for a message being sent.
    pub receipt: Receipt,
    /// How often it has been received, this time included (SQS-26); zero when being sent.
    pub receive_count: u32,
    /// Why this entry of a batch failed, if it did (SQS-33, KDS-15).
    pub error: Option<ApiError>,
}

impl Entry {
    /// An entry that sends `message`.
    pub const fn new(message: Message) -> Self {
        Self { message, receipt: Receipt { slot: 0, generation: 0 }, receive_count: 0, error: None }
    }
}

/// A receipt handle: where the message lies, and which of its receives this was (SQS-41).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Receipt {
    /// The message's place in its queue.
    pub slot: u32,
    /// Counts the uses of the place and the receives of the message.
    pub generation: u32,
}

/// On whose behalf a call is made (ACC-1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Principal {
    /// A role of the same account with full rights (ACC-8).
    Account,
    /// A service such as `sns.amazonaws.com`, acting for one of its resources.
    Service {
        /// The service's principal.
        name: &'static str,
        /// `aws:SourceArn`.
        source: ComponentId,
    },
}

/// Which answers the caller wants to hear of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reply {
    /// All of them.
    Always,
    /// Only refusals, of the whole call or of an entry: a success then costs no event.
    OnFailure,
}

/// How long a request and its answer travel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Latency {
    /// From the caller to the service.
    pub request: SimDuration,
    /// From the service to the caller; no time at all means the caller hears at the same instant.
    pub response: SimDuration,
}

/// A call on its way, in work, or on its way back.
#[derive(Clone, Debug)]
pub struct Call {
    /// Who made it.
    pub from: ComponentId,
    /// Whom it is for.
    pub to: ComponentId,
    /// Along which link.
    pub link: LinkId,
    /// Whatever the caller wants to find again.
    pub tag: u32,
    /// On whose behalf.
    pub principal: Principal,
    /// Which answers the caller wants.
    pub reply: Reply,
    /// What is asked.
    pub request: Request,
    /// The messages.
    pub entries: Entries,
    /// How long it and its answer travel.
    pub latency: Latency,
    /// When it was made.
    pub made_at: SimTime,
    /// The answer, once there is one.
    pub result: Option<ApiResult>,
}

/// A call to make.
#[derive(Clone, Debug)]
pub struct NewCall {
    /// Along which link; the far end is the one called.
    pub link: LinkId,
    /// What is asked.
    pub request: Request,
    /// The messages.
    pub entries: Entries,
    /// On whose behalf.
    pub principal: Principal,
    /// Which answers the caller wants.
    pub reply: Reply,
    /// Whatever the caller wants to find again.
    pub tag: u32,
}
