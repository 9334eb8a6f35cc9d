//! The connection that a producer keeps to a broker: what is sent waits for it, and for the confirms (MQ-40, MQ-41).

use smallvec::smallvec;

use super::producer::{Producer, ProducerTimer, Target};
use crate::call::{Entries, NewCall, Principal, Reply};
use crate::context::Context;
use crate::identifiers::{CallId, LinkId};
use crate::metric::MetricName;
use crate::mq;
use crate::registry::{ApiError, LinkProperties, NetworkError, Request, Response};

/// The tag of a call that opens a connection; others have the number of their attempt.
const CONNECTS: u32 = u32::MAX;

/// How far a connection is.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
enum Stage {
    /// There is none.
    #[default]
    Closed,
    /// It is being opened, or waits for the next attempt.
    Opening,
    /// It is open.
    Open,
}

/// A connection to a broker.
#[derive(Clone, Debug, Default)]
pub(super) struct Connection {
    stage: Stage,
    /// Messages that may be under way without a confirm.
    window: u32,
    under_way: u32,
    /// Attempts that were refused, in a row.
    refused: u32,
}

/// The connection is gone, and not the message at fault.
fn is_broken(error: ApiError) -> bool {
    matches!(error, ApiError::Mq(mq::Error::ConnectionClosed) | ApiError::Network(NetworkError::Unreachable))
}

impl Producer {
    /// Puts messages where they belong among those that wait: what comes back goes before what came later.
    pub(super) fn hold(target: &mut Target, entries: Entries, attempt: u32) {
        let first = entries.first().map(|entry| entry.message.trace_id);
        let is_earlier = |other: &(Entries, u32)| other.0.first().map(|entry| entry.message.trace_id) < first;
        let place = target.held.partition_point(is_earlier);
        target.held.insert(place, (entries, attempt));
    }

    /// Opens the connection, or sends as much as may be under way.
    pub(super) fn send_connected(&mut self, place: usize, cx: &mut Context<'_>) {
        let (running, service) = (self.running, self.service);
        let target = &mut self.targets[place];
        let Some(connection) = &mut target.connection else { return };
        match connection.stage {
            Stage::Closed if running => {
                connection.stage = Stage::Opening;
                let Some(request) = target.kind.connect_request() else { return };
                let (link, entries, principal, reply) =
                    (target.link, Entries::new(), Principal::Account, Reply::Always);
                cx.make_call(NewCall { link, request, entries, principal, reply, tag: CONNECTS });
            }
            Stage::Open => {
                while connection.under_way < connection.window
                    && let Some((entries, attempt)) = target.held.pop_front()
                {
                    connection.under_way += 1;
                    super::producer::send(
                        (target.link, target.kind, None),
                        entries,
                        (attempt, service),
                        Reply::Always,
                        cx,
                    );
                }
            }
            _ => {}
        }
    }

    /// An answer of a broker; true if nothing else has to look at it.
    pub(super) fn connection_answered(&mut self, call_id: CallId, cx: &mut Context<'_>) -> bool {
        let call = cx.call(call_id);
        let (link, tag, result) = (call.link, call.tag, call.result);
        let Some(place) = self.targets.iter().position(|target| target.link == link) else { return false };
        let Some(connection) = &mut self.targets[place].connection else { return false };
        if tag == CONNECTS {
            match result {
                Some(Ok(Response::Mq(mq::Response::Connected { window }))) => {
                    *connection = Connection { stage: Stage::Open, window, under_way: 0, refused: 0 };
                    self.send_connected(place, cx);
                }
                _ => {
                    connection.refused += 1;
                    let wait = mq::quotas::reconnect_after(connection.refused - 1);
                    cx.schedule_in(wait, ProducerTimer::Held(link));
                }
            }
            return true;
        }
        connection.under_way = connection.under_way.saturating_sub(1);
        match result {
            Some(Err(error)) if is_broken(error) => {
                self.comes_back(place, call_id, cx);
                self.connection_closed(link, cx);
                true
            }
            _ => false,
        }
    }

    /// A message was not confirmed: it is sent again, unless nobody waits for confirms (MQ-35, MQ-41).
    fn comes_back(&mut self, place: usize, call_id: CallId, cx: &mut Context<'_>) {
        let call = cx.call(call_id);
        let (link, attempt, entries) = (call.link, call.tag, call.entries.clone());
        let amount = entries.len() as u64;
        let confirms = match cx.links().get(link).map(|link| &link.properties) {
            Some(LinkProperties::Publish(publish)) => publish.publisher_confirms,
            _ => true,
        };
        cx.count(if confirms { MetricName::MessagesRetried } else { MetricName::MessagesLost }, amount);
        if confirms {
            Self::hold(&mut self.targets[place], entries, attempt);
        }
    }

    /// The connection broke: the next attempt follows soon, and later ones later (MQ-40).
    pub(super) fn connection_closed(&mut self, link: LinkId, cx: &mut Context<'_>) {
        let Some(target) = self.targets.iter_mut().find(|target| target.link == link) else { return };
        if let Some(connection) = &mut target.connection
            && connection.stage == Stage::Open
        {
            connection.stage = Stage::Opening;
            cx.schedule_in(mq::quotas::FIRST_RECONNECT, ProducerTimer::Held(link));
        }
    }

    /// The time of the next attempt has come.
    pub(super) fn reconnect(&mut self, place: usize, cx: &mut Context<'_>) {
        if let Some(connection) = &mut self.targets[place].connection
            && connection.stage == Stage::Opening
        {
            connection.stage = Stage::Closed;
        }
        self.send_connected(place, cx);
    }

    /// The producer is gone: so are its connections.
    pub(super) fn close_connections(&mut self, cx: &mut Context<'_>) {
        for target in &mut self.targets {
            let Some(connection) = &mut target.connection else { continue };
            let open = connection.stage == Stage::Open;
            *connection = Connection::default();
            if open {
                let request = Request::Mq(mq::Request::Close { subscription: 0 });
                let (link, entries, principal, reply) =
                    (target.link, smallvec![], Principal::Account, Reply::OnFailure);
                cx.make_call(NewCall { link, request, entries, principal, reply, tag: CONNECTS });
            }
        }
    }

    /// A broker calls: the connection broke.
    pub(super) fn called(&mut self, call_id: CallId, cx: &mut Context<'_>) {
        let link = cx.call(call_id).link;
        cx.reply(call_id, Ok(mq::Response::Done.into()));
        self.connection_closed(link, cx);
    }
}
