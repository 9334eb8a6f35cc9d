//! Asynchronous invocations: the function's own queue of events, retries, and where failed events go (CMP-30).

use kernel::SimTime;

use super::function::{Function, FunctionTimer, Tag};
use super::invocation::{Outcome, Report, Source};
use super::mapping::Destination;
use super::{Error, Response, quotas};
use crate::call::{Entries, Entry, NewCall, Principal, Reply};
use crate::client::retry::refused;
use crate::context::Context;
use crate::identifiers::{CallId, KeyId, LinkId, PayloadId};
use crate::kinesis::ShardId;
use crate::message::{Message, Payload};
use crate::message_attributes::MessageAttributes;
use crate::metric::MetricName;

/// An event in the function's queue.
#[derive(Clone, Copy, Debug)]
pub(super) struct Event {
    message: Message,
    received_at: SimTime,
    /// Retries after function errors.
    retries: u32,
    /// Throttles since the last attempt that ran.
    throttles: u32,
}

/// Why an event was given up, in the words of the record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Condition {
    RetriesExhausted,
    EventAgeExceeded,
}

impl Condition {
    const fn name(self) -> &'static str {
        match self {
            Self::RetriesExhausted => "RetriesExhausted",
            Self::EventAgeExceeded => "EventAgeExceeded",
        }
    }
}

/// Records made so far: the event, the condition, the attempts, and the record.
pub(super) type Records = Vec<(PayloadId, &'static str, u32, PayloadId)>;

impl Function {
    /// `Invoke` with the type `Event`: every event is kept and tried.
    pub(super) fn accept(&mut self, call: CallId, cx: &mut Context<'_>) {
        let entries = cx.call(call).entries.clone();
        let limit = cx.quota(&quotas::ASYNCHRONOUS_PAYLOAD);
        let too_large =
            |entry: &Entry| u64::from(cx.catalogue().payload(entry.message.payload).size_bytes) > limit;
        if entries.iter().any(too_large) {
            return cx.reply(call, Err(Error::RequestTooLargeException.into()));
        }
        cx.count(MetricName::AsyncEventsReceived, entries.len() as u64);
        cx.reply(call, Ok(Response::Accepted.into()));
        for entry in entries {
            let event = Event { message: entry.message, received_at: cx.now(), retries: 0, throttles: 0 };
            let slot = self.events.insert(event) as u32;
            self.try_event(slot, cx);
        }
    }

    fn expires_at(&self, event: &Event) -> SimTime {
        let age = kernel::SimDuration::from_secs(self.properties.maximum_event_age_in_seconds.into());
        event.received_at + age
    }

    /// An event is due.
    pub(super) fn try_event(&mut self, slot: u32, cx: &mut Context<'_>) {
        let Some(event) = self.events.get(slot as usize).copied() else { return };
        let (now, expires_at) = (cx.now(), self.expires_at(&event));
        if now >= expires_at {
            return self.give_up(slot, Condition::EventAgeExceeded, cx);
        }
        self.last_event_age = now.since(event.received_at);
        let mut entry = Entry::new(event.message);
        entry.receive_count = 1 + event.retries;
        let entries = Entries::from_slice(&[entry]);
        if self.invoke(Source::Event(slot), entries, Report::Nothing, cx) {
            self.events[slot as usize].throttles = 0;
            return;
        }
        // Back into the queue, for longer each time (CMP-30).
        let event = &mut self.events[slot as usize];
        let delay =
            kernel::SimDuration::from_secs(1 << event.throttles.min(16)).min(quotas::MAX_THROTTLE_DELAY);
        event.throttles += 1;
        cx.schedule_at((now + delay).min(expires_at), FunctionTimer::Event(slot));
    }

    /// An invocation for an event is over.
    pub(super) fn event_done(&mut self, slot: u32, outcome: Outcome, cx: &mut Context<'_>) {
        if outcome.error.is_none() {
            self.events.try_remove(slot as usize);
            return;
        }
        let Some(event) = self.events.get_mut(slot as usize) else { return };
        if event.retries >= self.properties.maximum_retry_attempts {
            return self.give_up(slot, Condition::RetriesExhausted, cx);
        }
        let delay = quotas::ERROR_RETRY_DELAYS[event.retries.min(1) as usize];
        event.retries += 1;
        let event = *event;
        cx.schedule_at((cx.now() + delay).min(self.expires_at(&event)), FunctionTimer::Event(slot));
    }

    /// No further attempt: to the destinations, or lost (CMP-30).
    fn give_up(&mut self, slot: u32, condition: Condition, cx: &mut Context<'_>) {
        let Some(event) = self.events.try_remove(slot as usize) else { return };
        cx.count(MetricName::AsyncEventsDropped, 1);
        for place in 0..self.destinations.len() {
            let (link, kind, destination) = self.destinations[place];
            let mut message = Message { delay_seconds: None, ..event.message };
            if destination == Destination::OnFailure {
                message.payload = self.record(&event, condition, cx);
            }
            let entries = Entries::from_slice(&[Entry::new(message)]);
            let Some(request) = kind.send_request(&entries) else { continue };
            let (principal, reply) = (Principal::Account, Reply::Always);
            let tag = Tag::GivenUp(destination).into();
            cx.make_call(NewCall { link, request, entries, principal, reply, tag });
        }
    }

    /// A batch of a stream was given up: a record of where its records lie goes to the destinations (KDS-104). AWS's
    /// has the first and the last sequence number too; they are left out, so that the same few records serve again.
    pub(super) fn send_batch_record(
        &mut self,
        link: LinkId,
        shard: ShardId,
        batch: &[Entry],
        condition: &'static str,
        cx: &mut Context<'_>,
    ) {
        let Some(first) = batch.first() else { return };
        let stream = cx.links().get(link).map_or("", |link| cx.name(link.from));
        let text = serde_json::json!({
            "requestContext": {
                "functionArn": crate::arn::function(cx.name(cx.id())),
                "condition": condition,
            },
            "version": "1.0",
            "KinesisBatchInfo": {
                "shardId": shard.to_string(),
                "batchSize": batch.len(),
                "streamArn": crate::arn::stream(stream),
            },
        });
        let record = Payload::new(text.to_string(), MessageAttributes::new(), 0);
        let trace_id = first.message.trace_id;
        for place in 0..self.destinations.len() {
            let (link, kind, destination) = self.destinations[place];
            if destination != Destination::OnFailure {
                continue;
            }
            let payload = cx.catalogue_mut().add_payload(record.clone());
            let message = Message { payload, key: KeyId::NONE, trace_id, ..first.message };
            let entries = Entries::from_slice(&[Entry::new(message)]);
            let Some(request) = kind.send_request(&entries) else { continue };
            let (principal, reply) = (Principal::Account, Reply::Always);
            let tag = Tag::GivenUp(destination).into();
            cx.make_call(NewCall { link, request, entries, principal, reply, tag });
        }
    }

    /// A destination has answered.
    pub(super) fn given_up(&mut self, destination: Destination, call_id: CallId, cx: &mut Context<'_>) {
        let Some((lost, _)) = refused(cx.call(call_id)) else { return };
        let metric = match destination {
            Destination::OnFailure => MetricName::DestinationDeliveryFailures,
            Destination::DeadLetterConfig => MetricName::DeadLetterErrors,
        };
        cx.count(metric, lost.len() as u64);
    }

    /// The record of an invocation that goes to an on-failure destination. The ids and times of AWS's differ from
    /// event to event; here they are left out, so that one record serves for all events of a payload.
    fn record(&mut self, event: &Event, condition: Condition, cx: &mut Context<'_>) -> PayloadId {
        let (payload, attempts) = (event.message.payload, event.retries + 1);
        let condition = condition.name();
        let known =
            self.records.iter().find(|known| (known.0, known.1, known.2) == (payload, condition, attempts));
        if let Some(known) = known {
            return known.3;
        }
        let original = cx.catalogue().payload(payload);
        let text = serde_json::json!({
            "version": "1.0",
            "requestContext": {
                "functionArn": crate::arn::function(cx.name(cx.id())),
                "condition": condition,
                "approximateInvokeCount": attempts,
            },
            "requestPayload": &*original.body,
            "responseContext": { "statusCode": 200, "executedVersion": "$LATEST", "functionError": "Unhandled" },
        });
        let mut record = Payload::new(text.to_string(), MessageAttributes::new(), 0);
        record.enclosed = Some(cx.catalogue().original(payload));
        let record = cx.catalogue_mut().add_payload(record);
        self.records.push((payload, condition, attempts, record));
        record
    }
}
