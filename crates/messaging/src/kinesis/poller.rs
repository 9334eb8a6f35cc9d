//! How a consumer reads from a stream: shard by shard (KDS-34 to KDS-45).

use crate::call::{ApiResult, Entries, Entry};
use crate::context::Context;
use crate::identifiers::LinkId;
use crate::poller::{Poll, PollSettings, Poller};
use crate::registry::Request as AnyRequest;

/// The loop of one worker that reads from a stream.
#[derive(Clone, Debug, Default)]
pub struct StreamPoller;

impl Poller for StreamPoller {
    fn poll(&mut self, _link: LinkId, _settings: &PollSettings, _cx: &mut Context<'_>) -> Poll {
        Poll::Idle
    }
    fn received(&mut self, _result: &ApiResult, _entries: &Entries, _cx: &mut Context<'_>) {}
    fn settle(&mut self, _entries: &[Entry]) -> Option<AnyRequest> {
        None
    }
    fn blocks_on_failure(&self) -> bool {
        true
    }
}
