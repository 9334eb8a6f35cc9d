//! Dead-letter queues: the way to them, and what comes back (SQS-120 to SQS-127, SQS-136).

use kernel::SimTime;
use smallvec::smallvec;

use super::queue::Queue;
use super::store::Arrival;
use super::{Request, Response};
use crate::call::{Entry, NewCall, Principal, Reply};
use crate::context::Context;
use crate::identifiers::{CallId, ComponentId, DeduplicationId, LinkId};
use crate::metric::MetricName;
use crate::registry::{LinkProperties, Request as AnyRequest};
use crate::trace::{Kept, TraceKind};

/// Where a queue's dead letters go.
#[derive(Clone, Copy, Debug)]
pub(super) struct DeadLetterQueue {
    pub(super) link: LinkId,
    pub(super) max_receive_count: u32,
    /// The way of the dead letters leads back to the queue (SQS-127).
    in_cycle: bool,
}

impl DeadLetterQueue {
    /// That of the running queue, if it has one (SQS-120).
    pub(super) fn of(cx: &Context<'_>) -> Option<Self> {
        let (link, max_receive_count) = policy_of(cx.id(), cx)?;
        let next = |queue: &ComponentId| Some(cx.links().get(policy_of(*queue, cx)?.0)?.to);
        let chain = std::iter::successors(next(&cx.id()), next).take(LONGEST_CHAIN);
        let in_cycle = chain.into_iter().any(|queue| queue == cx.id());
        Some(Self { link, max_receive_count, in_cycle })
    }
}

/// Dead-letter queues of dead-letter queues that are followed to find a cycle. Ours.
const LONGEST_CHAIN: usize = 1_000;

/// The redrive policy of a queue, and along which link it works.
fn policy_of(queue: ComponentId, cx: &Context<'_>) -> Option<(LinkId, u32)> {
    cx.links().leaving(queue).find_map(|link| match &link.properties {
        LinkProperties::RedrivePolicy(policy) => Some((link.id, policy.max_receive_count)),
        _ => None,
    })
}

/// Tag of the calls that move a message to the dead-letter queue.
const TO_DEAD_LETTER_QUEUE: u32 = 0;
/// Tag of the calls that move a message back.
pub(super) const BACK_TO_SOURCE: u32 = 1;

impl Queue {
    /// The receive that would exceed `maxReceiveCount` moves the message instead (SQS-121).
    #[inline]
    pub(super) fn is_dead_letter(&self, slot: u32, cx: &Context<'_>) -> bool {
        let Some(queue) = &self.dead_letter_queue else { return false };
        let stored = self.backlog.store.get(slot);
        if stored.receive_count < queue.max_receive_count {
            return false;
        }
        // In a cycle a message that came this instant is handed out, or it would go round for ever.
        let just_came = queue.in_cycle && stored.received_at == cx.now();
        !just_came && cx.links().get(queue.link).is_some_and(|link| !link.cut)
    }

    /// Moves a message that a receive has just taken to the dead-letter queue (SQS-121, SQS-122).
    pub(super) fn move_to_dead_letter_queue(&mut self, slot: u32, cx: &mut Context<'_>) {
        let Some(queue) = self.dead_letter_queue else { return };
        let stored = self.backlog.store.get(slot);
        let (message, receive_count) = (stored.message, stored.receive_count);
        let (enqueued_at, encrypted) = (stored.enqueued_at, stored.encrypted);
        self.backlog.remove(slot);
        self.backlog.ledger.moved_out += 1;
        cx.count(MetricName::MessagesMovedToDeadLetterQueue, 1);
        cx.record(queue.link, Some(message.trace_id), TraceKind::MovedToDeadLetterQueue { receive_count });
        cx.make_call(NewCall {
            link: queue.link,
            request: Request::Redrive { receive_count, source: cx.id(), enqueued_at, encrypted }.into(),
            entries: smallvec![Entry::new(message)],
            principal: Principal::Account,
            reply: Reply::OnFailure,
            tag: TO_DEAD_LETTER_QUEUE,
        });
    }

    /// A message comes by the redrive policy of another queue (SQS-122, SQS-123).
    pub(super) fn take_dead_letter(
        &mut self,
        call: CallId,
        (receive_count, source): (u32, ComponentId),
        sent_at: SimTime,
        encrypted: bool,
        cx: &mut Context<'_>,
    ) {
        for place in 0..cx.call(call).entries.len() {
            let mut message = cx.call(call).entries[place].message;
            let mut enqueued_at = sent_at;
            if self.properties.fifo_queue {
                // SQS-123 and SQS-112: known by the id it had, and its retention begins again.
                message.deduplication_id = DeduplicationId(message.id.0);
                enqueued_at = cx.now();
            }
            let arrival =
                Arrival { message, enqueued_at, came_at: cx.now(), receive_count, source, encrypted };
            self.add_moved(&arrival, cx);
            self.backlog.ledger.moved_in += 1;
            self.trouble.moved_in.add(cx.now(), 1);
            cx.count(MetricName::MessagesMovedIn, 1);
        }
        cx.reply(call, Ok(Response::Done.into()));
    }

    /// A message comes back from the dead-letter queue as a new one (SQS-136).
    pub(super) fn take_back(&mut self, call: CallId, encrypted: bool, cx: &mut Context<'_>) {
        for place in 0..cx.call(call).entries.len() {
            let message = cx.call(call).entries[place].message;
            let (enqueued_at, source) = (cx.now(), ComponentId::OUTSIDE);
            self.add_moved(
                &Arrival { message, enqueued_at, came_at: enqueued_at, receive_count: 0, source, encrypted },
                cx,
            );
            self.backlog.ledger.redriven_in += 1;
            cx.count(MetricName::MessagesMovedIn, 1);
        }
        cx.reply(call, Ok(Response::Done.into()));
    }

    /// A move found nobody at its end: the message stays here.
    pub(super) fn move_failed(&mut self, call: CallId, cx: &mut Context<'_>) {
        let call = cx.call(call);
        if !matches!(call.result, Some(Err(_))) {
            return;
        }
        let (tag, entries) = (call.tag, call.entries.clone());
        let (receive_count, encrypted) = match call.request {
            AnyRequest::Sqs(Request::Redrive { receive_count, encrypted, .. }) => (receive_count, encrypted),
            AnyRequest::Sqs(Request::MoveMessage { encrypted }) => (0, encrypted),
            _ => (0, false),
        };
        for entry in &entries {
            let (message, enqueued_at, source) = (entry.message, cx.now(), ComponentId::OUTSIDE);
            self.add_moved(
                &Arrival { message, enqueued_at, came_at: enqueued_at, receive_count, source, encrypted },
                cx,
            );
            match tag {
                TO_DEAD_LETTER_QUEUE => self.backlog.ledger.moved_out -= 1,
                _ => self.backlog.ledger.redriven_out -= 1,
            }
        }
        self.backlog.check();
    }

    /// Adds a message that comes from another queue: visible at once, whatever the queue's delay.
    fn add_moved(&mut self, arrival: &Arrival, cx: &mut Context<'_>) {
        let slot = self.backlog.add(arrival, None, cx.random());
        cx.follow(arrival.message.trace_id, TraceKind::Kept(Kept::Visible));
        let expires_at =
            super::backlog::expires_at(self.backlog.store.get(slot).enqueued_at, self.retention());
        self.alarm.wake_by(expires_at.max(cx.now()), cx);
    }
}
