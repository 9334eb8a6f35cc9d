//! How a consumer reads a video stream: one connection, fragment after fragment (KVS-3).

use kernel::{SimDuration, SimTime};

use super::{Request, Response, StartSelector};
use crate::call::{ApiResult, Entries, Entry};
use crate::context::Context;
use crate::identifiers::LinkId;
use crate::kinesis::StartingPosition;
use crate::poller::{Poll, PollSettings, Poller};
use crate::registry::{LinkProperties, Request as AnyRequest, Response as AnyResponse};

/// The loop of the one worker that plays a video stream.
#[derive(Clone, Debug, Default)]
pub struct MediaPoller {
    connection: Option<u32>,
    /// The fragment to be played next, once one was played.
    next: Option<u64>,
    /// The last call brought nothing.
    idle: bool,
    /// An answer is awaited; if it never came, the connection is opened anew.
    asked: bool,
}

/// How long a reader waits at the tip. Ours.
const WAIT: SimDuration = SimDuration::from_millis(200);
/// How long a reader waits that got no connection. Ours.
const RETRY: SimDuration = SimDuration::from_secs(1);

impl Poller for MediaPoller {
    fn poll(&mut self, link: LinkId, settings: &PollSettings, cx: &mut Context<'_>) -> Poll {
        // A connection plays everything to whoever opened it: there is nothing to share out.
        if settings.worker > 0 {
            return Poll::Idle;
        }
        if std::mem::take(&mut self.asked) {
            self.connection = None;
        }
        if std::mem::take(&mut self.idle) {
            return Poll::Wait(if self.connection.is_some() { WAIT } else { RETRY });
        }
        self.asked = true;
        if let Some(connection) = self.connection {
            return Poll::Call(Request::ReadChunks { connection }.into());
        }
        let start = match cx.links().get(link).map(|link| &link.properties) {
            _ if self.next.is_some() => StartSelector::FragmentNumber(self.next.unwrap_or(0)),
            Some(LinkProperties::Poll(poll)) => match poll.starting_position {
                StartingPosition::TrimHorizon => StartSelector::Earliest,
                StartingPosition::Latest => StartSelector::Now,
                StartingPosition::AtTimestamp => StartSelector::ServerTimestamp(
                    SimTime::ZERO + SimDuration::from_secs_f64(poll.starting_position_timestamp),
                ),
            },
            _ => StartSelector::Earliest,
        };
        Poll::Call(Request::GetMedia { start_selector: start }.into())
    }

    fn received(&mut self, result: &ApiResult, entries: &Entries, _cx: &mut Context<'_>) {
        self.asked = false;
        match result {
            Ok(AnyResponse::KinesisVideo(Response::Connected { connection })) => {
                self.connection = Some(*connection);
            }
            Ok(_) => self.idle = entries.is_empty(),
            Err(_) => (self.connection, self.idle) = (None, true),
        }
    }

    fn pause_after_refusal(&self) -> SimDuration {
        SimDuration::ZERO
    }

    fn settle(&mut self, entries: &[Entry]) -> Option<AnyRequest> {
        self.next = entries.last().map(|entry| u64::from(entry.receipt.generation) + 1).or(self.next);
        None
    }
}
