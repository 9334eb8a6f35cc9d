//! Dead-letter queues and the way back from them (SQS-120 to SQS-136).

use kernel::{SimDuration, SimTime};
use smallvec::smallvec;

use super::error::Error;
use super::queue::Queue;
use super::store::{Arrival, State};
use super::{Request, Response, quotas};
use crate::call::{Entry, NewCall, Principal, Reply};
use crate::context::Context;
use crate::identifiers::{CallId, ComponentId, DeduplicationId, LinkId};
use crate::metric::MetricName;
use crate::registry::{LinkKind, LinkProperties, Request as AnyRequest};
use crate::trace::TraceKind;

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

/// A `StartMessageMoveTask` that runs (SQS-130).
#[derive(Clone, Copy, Debug)]
pub(super) struct MoveTask {
    /// Messages that were there when it started and have not been moved.
    left: u64,
    interval: SimDuration,
    next_at: SimTime,
}

impl MoveTask {
    pub(super) fn next_at(&self) -> SimTime {
        self.next_at
    }
    pub(super) fn left(&self) -> u64 {
        self.left
    }
}

/// Tag of the calls that move a message to the dead-letter queue.
const TO_DEAD_LETTER_QUEUE: u32 = 0;
/// Tag of the calls that move a message back.
const BACK_TO_SOURCE: u32 = 1;

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
        let (message, receive_count, enqueued_at) =
            (stored.message, stored.receive_count, stored.enqueued_at);
        self.backlog.remove(slot);
        self.backlog.ledger.moved_out += 1;
        cx.count(MetricName::MessagesMovedToDeadLetterQueue, 1);
        cx.record(queue.link, Some(message.trace_id), TraceKind::MovedToDeadLetterQueue { receive_count });
        cx.make_call(NewCall {
            link: queue.link,
            request: Request::Redrive { receive_count, source: cx.id(), enqueued_at }.into(),
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
        receive_count: u32,
        source: ComponentId,
        sent_at: SimTime,
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
            let arrival = Arrival { message, enqueued_at, came_at: cx.now(), receive_count, source };
            self.add_moved(&arrival, cx);
            self.backlog.ledger.moved_in += 1;
            self.trouble.moved_in.add(cx.now(), 1);
            cx.count(MetricName::MessagesMovedIn, 1);
        }
        cx.reply(call, Ok(Response::Done.into()));
    }

    /// A message comes back from the dead-letter queue as a new one (SQS-136).
    pub(super) fn take_back(&mut self, call: CallId, cx: &mut Context<'_>) {
        for place in 0..cx.call(call).entries.len() {
            let message = cx.call(call).entries[place].message;
            let (enqueued_at, source) = (cx.now(), ComponentId::OUTSIDE);
            self.add_moved(
                &Arrival { message, enqueued_at, came_at: enqueued_at, receive_count: 0, source },
                cx,
            );
            self.backlog.ledger.redriven_in += 1;
            cx.count(MetricName::MessagesMovedIn, 1);
        }
        cx.reply(call, Ok(Response::Done.into()));
    }

    /// Moves messages back to the queues they came from (SQS-130, SQS-131).
    ///
    /// # Errors
    /// The queue is nobody's dead-letter queue, or a task runs already, or the rate is out of range.
    pub(super) fn start_message_move_task(
        &mut self,
        rate: Option<u16>,
        cx: &mut Context<'_>,
    ) -> Result<(), Error> {
        let fastest = quotas::MOVE_TASK_MESSAGES_PER_SECOND.current;
        if let Some(rate) = rate
            && (rate == 0 || u64::from(rate) > fastest)
        {
            return Err(Error::MoveRateOutOfRange(rate));
        }
        if !cx.links().arriving(cx.id()).any(|link| link.properties.kind() == LinkKind::RedrivePolicy) {
            return Err(Error::NotADeadLetterQueue);
        }
        if self.move_task.is_some() {
            return Err(Error::MessageMoveTaskRunning);
        }
        let rate = rate.map_or(fastest, u64::from);
        let interval = SimDuration::from_micros(1_000_000 / rate);
        let left = self.backlog.store.visible();
        if left > 0 {
            self.move_task = Some(MoveTask { left, interval, next_at: cx.now() });
            self.alarm.wake_by(cx.now(), cx);
        }
        Ok(())
    }

    /// Moves the messages that are due, oldest first; stops when none can be moved (SQS-134).
    pub(super) fn run_move_task(&mut self, cx: &mut Context<'_>) {
        let now = cx.now();
        while let Some(task) = self.move_task.filter(|task| task.next_at <= now) {
            let Some((slot, link)) = self.next_to_move(cx) else {
                self.move_task = None;
                return;
            };
            self.move_back(slot, link, cx);
            self.move_task = (task.left > 1).then_some(MoveTask {
                left: task.left - 1,
                interval: task.interval,
                next_at: task.next_at + task.interval,
            });
        }
    }

    /// The oldest visible message whose source still redrives to this queue, and the way there.
    fn next_to_move(&self, cx: &Context<'_>) -> Option<(u32, LinkId)> {
        let store = &self.backlog.store;
        store.by_age().find_map(|slot| {
            let stored = store.get(slot);
            if stored.state != State::Visible || stored.source == ComponentId::OUTSIDE {
                return None;
            }
            let mut arriving = cx.links().arriving(cx.id());
            let link = arriving
                .find(|link| link.from == stored.source && link.properties.is_redrive() && !link.cut)?;
            Some((slot, link.id))
        })
    }

    fn move_back(&mut self, slot: u32, link: LinkId, cx: &mut Context<'_>) {
        let mut message = self.backlog.store.get(slot).message;
        message.id = cx.new_message_id();
        self.backlog.remove(slot);
        self.backlog.ledger.redriven_out += 1;
        cx.make_call(NewCall {
            link,
            request: Request::MoveMessage.into(),
            entries: smallvec![Entry::new(message)],
            principal: Principal::Account,
            reply: Reply::OnFailure,
            tag: BACK_TO_SOURCE,
        });
    }

    /// A move found nobody at its end: the message stays here.
    pub(super) fn move_failed(&mut self, call: CallId, cx: &mut Context<'_>) {
        let call = cx.call(call);
        if !matches!(call.result, Some(Err(_))) {
            return;
        }
        let (tag, entries) = (call.tag, call.entries.clone());
        let receive_count = match call.request {
            AnyRequest::Sqs(Request::Redrive { receive_count, .. }) => receive_count,
            _ => 0,
        };
        for entry in &entries {
            let (enqueued_at, source) = (cx.now(), ComponentId::OUTSIDE);
            self.add_moved(
                &Arrival { message: entry.message, enqueued_at, came_at: enqueued_at, receive_count, source },
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
        let expires_at =
            super::backlog::expires_at(self.backlog.store.get(slot).enqueued_at, self.retention());
        self.alarm.wake_by(expires_at.max(cx.now()), cx);
    }
}
