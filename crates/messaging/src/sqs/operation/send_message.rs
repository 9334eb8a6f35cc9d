//! `SendMessage` and `SendMessageBatch` (SQS-30 to SQS-34, SQS-92, SQS-93, SQS-140 to SQS-144).

use kernel::{SimDuration, SimTime};

use super::{check_batch, entry_mut};
use crate::call::Principal;
use crate::context::Context;
use crate::identifiers::{CallId, ComponentId, DeduplicationId, KeyId};
use crate::message::Message;
use crate::metric::MetricName;
use crate::registry::ResourceKind;
use crate::sqs::backlog::expires_at;
use crate::sqs::deduplication::FirstSend;
use crate::sqs::error::{BatchAction, Error};
use crate::sqs::payload::PayloadFacts;
use crate::sqs::properties::DeduplicationScope;
use crate::sqs::store::Arrival;
use crate::sqs::{Queue, Response, quotas};
use crate::trace::{Kept, Left, TraceKind};

impl Queue {
    /// `SendMessage`.
    #[inline]
    pub(in crate::sqs) fn send_message(&mut self, call: CallId, cx: &mut Context<'_>) {
        let Some(message) = cx.call(call).entries.first().map(|entry| entry.message) else {
            return self.refuse(call, Error::MissingMessageBody, cx);
        };
        match self.accept(message, call, false, cx) {
            Ok(sent) => {
                self.backlog.ledger.offered += 1;
                entry_mut(call, 0, cx).message.id = sent.message_id;
                let response = match self.properties.fifo_queue {
                    true => Response::Sent { sequence_number: sent.sequence_number },
                    false => Response::Done,
                };
                cx.reply(call, Ok(response.into()));
            }
            Err(error) => self.refuse_send(call, error, cx),
        }
    }

    /// `SendMessageBatch`: its entries succeed or fail one by one (SQS-33).
    pub(in crate::sqs) fn send_message_batch(&mut self, call: CallId, cx: &mut Context<'_>) {
        if let Err(error) = self.check_send_batch(call, cx) {
            return self.refuse_send(call, error, cx);
        }
        for place in 0..cx.call(call).entries.len() {
            let message = cx.call(call).entries[place].message;
            self.backlog.ledger.offered += 1;
            let throttled = cx.call(call).entries[place].error.is_some();
            let result =
                if throttled { Err(Error::RequestThrottled) } else { self.accept(message, call, true, cx) };
            match result {
                Ok(sent) => entry_mut(call, place, cx).message.id = sent.message_id,
                Err(error) => {
                    self.backlog.ledger.refused += 1;
                    cx.count(MetricName::RefusedMessages, 1);
                    entry_mut(call, place, cx).error = Some(error.into());
                }
            }
        }
        cx.reply(call, Ok(Response::Done.into()));
    }

    /// Refuses a send as a whole, with all its messages.
    pub(in crate::sqs) fn refuse_send(&mut self, call: CallId, error: Error, cx: &mut Context<'_>) {
        let count = cx.call(call).entries.len() as u64;
        self.backlog.ledger.offered += count;
        self.backlog.ledger.refused += count;
        cx.count(MetricName::RefusedMessages, count);
        self.refuse(call, error, cx);
    }

    fn check_send_batch(&mut self, call: CallId, cx: &Context<'_>) -> Result<(), Error> {
        check_batch(call, BatchAction::SendMessage, cx)?;
        let entries = &cx.call(call).entries;
        let sent_bytes: u64 = entries
            .iter()
            .map(|entry| u64::from(self.payloads.facts(entry.message.payload, cx).size_bytes))
            .sum();
        let maximum_bytes = cx.quota(&quotas::MAXIMUM_BATCH_SIZE);
        if sent_bytes > maximum_bytes {
            let sent_bytes = u32::try_from(sent_bytes).unwrap_or(u32::MAX);
            return Err(Error::BatchRequestTooLong { maximum_bytes: maximum_bytes as u32, sent_bytes });
        }
        Ok(())
    }

    /// Stores a message, or answers a duplicate as its first send was (SQS-142).
    #[inline]
    fn accept(
        &mut self,
        mut message: Message,
        call: CallId,
        in_batch: bool,
        cx: &mut Context<'_>,
    ) -> Result<FirstSend, Error> {
        let facts = self.payloads.facts(message.payload, cx);
        self.check_message(&message, &facts, (call, in_batch), cx)?;
        let mut scope = KeyId::NONE;
        if self.properties.fifo_queue {
            if !self.payloads.is_group_id(message.key, cx) {
                return Err(Error::MessageGroupIdInvalid);
            }
            if !message.deduplication_id.is_some() {
                message.deduplication_id = facts.content_id;
            }
            if self.properties.deduplication_scope == DeduplicationScope::MessageGroup {
                scope = message.key;
            }
            if let Some(first) = self.find_duplicate(message.deduplication_id, scope, cx) {
                cx.follow(message.trace_id, TraceKind::Left(Left::Deduplicated));
                return Ok(first);
            }
        }
        let now = cx.now();
        message.id = cx.new_message_id();
        let visible_at = self.visible_at(&message, now);
        let arrival = Arrival {
            message,
            enqueued_at: now,
            came_at: now,
            receive_count: 0,
            source: ComponentId::OUTSIDE,
            encrypted: self.encryption.is_on(),
        };
        let slot = self.backlog.add(&arrival, visible_at, cx.random());
        cx.follow(message.trace_id, TraceKind::Kept(visible_at.map_or(Kept::Visible, Kept::Delayed)));
        let sent =
            FirstSend { message_id: message.id, sequence_number: self.backlog.store.get(slot).position };
        if self.properties.fifo_queue {
            self.deduplication.remember(now, message.deduplication_id, scope, sent);
        }
        self.alarm.wake_by(expires_at(now, self.retention()), cx);
        if let Some(visible_at) = visible_at {
            self.alarm.wake_by(visible_at, cx);
        }
        self.backlog.ledger.sent += 1;
        cx.count(MetricName::NumberOfMessagesSent, 1);
        cx.count(MetricName::SentMessageSize, u64::from(facts.size_bytes));
        Ok(sent)
    }

    fn find_duplicate(
        &mut self,
        id: DeduplicationId,
        scope: KeyId,
        cx: &mut Context<'_>,
    ) -> Option<FirstSend> {
        let interval = SimDuration::from_secs(quotas::DEDUPLICATION_INTERVAL_SECONDS.current);
        let first = self.deduplication.find(cx.now(), interval, id, scope)?;
        self.backlog.ledger.deduplicated += 1;
        cx.count(MetricName::NumberOfDeduplicatedSentMessages, 1);
        Some(first)
    }

    #[inline]
    fn check_message(
        &self,
        message: &Message,
        facts: &PayloadFacts,
        (call, in_batch): (CallId, bool),
        cx: &Context<'_>,
    ) -> Result<(), Error> {
        if let Some(error) = facts.error {
            return Err(error);
        }
        let service_maximum = cx.quota(&quotas::MAXIMUM_MESSAGE_SIZE) as u32;
        let maximum_bytes =
            self.properties.maximum_message_size.unwrap_or(service_maximum).min(service_maximum);
        // What a topic delivers may be larger (SNS-66).
        if facts.size_bytes > maximum_bytes && !comes_from_a_topic(call, cx) {
            return Err(Error::MessageTooLong { maximum_bytes });
        }
        if let Some(seconds) = message.delay_seconds
            && u64::from(seconds) > quotas::DELAY_SECONDS.current
        {
            return Err(Error::DelaySecondsOutOfRange(seconds));
        }
        if self.properties.fifo_queue { self.check_fifo_message(message, in_batch) } else { Ok(()) }
    }

    fn check_fifo_message(&self, message: &Message, in_batch: bool) -> Result<(), Error> {
        if !message.key.is_some() {
            return Err(if in_batch { Error::InvalidMessageGroupId } else { Error::MissingMessageGroupId });
        }
        if !message.deduplication_id.is_some() && !self.properties.content_based_deduplication {
            return Err(Error::MissingMessageDeduplicationId);
        }
        match message.delay_seconds {
            Some(seconds) if seconds > 0 => Err(Error::DelaySecondsNotForFifo(seconds)),
            _ => Ok(()),
        }
    }

    /// When the message's delay ends, if it has one: its own, or the queue's (SQS-92, SQS-93).
    #[inline]
    fn visible_at(&self, message: &Message, now: SimTime) -> Option<SimTime> {
        let own = if self.properties.fifo_queue { None } else { message.delay_seconds.map(u32::from) };
        let seconds = own.unwrap_or(self.properties.delay_seconds);
        (seconds > 0).then(|| now + SimDuration::from_secs(u64::from(seconds)))
    }

    /// The queue's delay was changed: on a FIFO queue that holds for messages already waiting too (SQS-92).
    pub(in crate::sqs) fn change_delay(&mut self, cx: &mut Context<'_>) {
        if !self.properties.fifo_queue {
            return;
        }
        let delay = SimDuration::from_secs(u64::from(self.properties.delay_seconds));
        let now = cx.now();
        for slot in self.backlog.store.by_age().collect::<Vec<_>>() {
            let stored = self.backlog.store.get(slot);
            let visible_at = stored.enqueued_at + delay;
            if stored.receive_count == 0 && self.backlog.is_waiting(slot) {
                self.backlog.delay(slot, visible_at.max(now));
                self.alarm.wake_by(visible_at.max(now), cx);
            }
        }
    }
}

fn comes_from_a_topic(call: CallId, cx: &Context<'_>) -> bool {
    matches!(cx.call(call).principal, Principal::Service { source, .. } if cx.kind(source) == Some(ResourceKind::Topic))
}
