//! How a consumer reads from a queue: receive, process, delete (SQS-45).

use crate::call::{ApiResult, Entries, Entry};
use crate::context::Context;
use crate::identifiers::LinkId;
use crate::poller::{Poll, PollSettings, Poller};
use crate::registry::Request as AnyRequest;
use crate::sqs::Request;

/// The loop of one worker that reads from a queue.
#[derive(Clone, Debug, Default)]
pub struct QueuePoller {
    fifo: bool,
}

impl Poller for QueuePoller {
    fn poll(&mut self, link: LinkId, settings: &PollSettings, cx: &mut Context<'_>) -> Poll {
        // The name tells the kind: a FIFO queue's ends in `.fifo` (SQS-1).
        self.fifo = cx.links().get(link).is_some_and(|link| cx.name(link.from).ends_with(".fifo"));
        let request = Request::ReceiveMessage {
            max_number_of_messages: settings.max_messages.clamp(1, 10) as u8,
            wait_time_seconds: settings.wait_time_seconds,
            visibility_timeout: settings.visibility_timeout_seconds,
            receive_request_attempt_id: None,
        };
        Poll::Call(request.into())
    }

    fn received(&mut self, _result: &ApiResult, _entries: &Entries, _cx: &mut Context<'_>) {}

    fn settle(&mut self, entries: &[Entry]) -> Option<AnyRequest> {
        Some(if entries.len() == 1 { Request::DeleteMessage } else { Request::DeleteMessageBatch }.into())
    }

    fn keeps_group_order(&self) -> bool {
        self.fifo
    }

    fn extend(&mut self, _entry: &Entry, seconds: u32) -> Option<AnyRequest> {
        Some(Request::ChangeMessageVisibility { visibility_timeout: seconds }.into())
    }
}
