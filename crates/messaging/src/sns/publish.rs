//! `Publish` and `PublishBatch` (SNS-20 to SNS-31, SNS-80 to SNS-82).

use smallvec::smallvec;

use super::filter_policy::{Decision, FilteredOutReason};
use super::topic::{FIRST_ATTEMPT, RECENT_MESSAGES, Topic};
use super::{Error, FifoThroughputScope, Protocol, Request, Response, delivery::Tag, quotas};
use crate::call::Entry;
use crate::context::Context;
use crate::identifiers::{CallId, ComponentId, DeduplicationId, KeyId};
use crate::message::Message;
use crate::metric::MetricName;
use crate::trace::{Left, TraceKind};

impl Topic {
    fn maximum_message_size(&self, cx: &Context<'_>) -> u64 {
        self.properties
            .maximum_message_size
            .map_or_else(|| cx.quota(&quotas::MAXIMUM_MESSAGE_SIZE), u64::from)
    }

    /// `Publish` and `PublishBatch` (SNS-20, SNS-25).
    pub(super) fn publish(&mut self, call: CallId, cx: &mut Context<'_>) -> Result<Response, Error> {
        if self.account.deleted {
            return Err(Error::TopicDoesNotExist);
        }
        if !self.access.is_open() {
            let principal = cx.call(call).principal;
            if let Some(refusal) = self.access.refusal(principal, cx) {
                return Err(refusal);
            }
        }
        let count = cx.call(call).entries.len();
        let batch = cx.call(call).request == Request::PublishBatch.into();
        if batch {
            if count == 0 {
                return Err(Error::EmptyBatchRequest);
            }
            if count as u64 > cx.quota(&quotas::BATCH_ENTRIES) {
                return Err(Error::TooManyEntriesInBatchRequest);
            }
            let entries = &cx.call(call).entries;
            let bytes: u64 = entries.iter().map(|entry| size(&entry.message, cx)).sum();
            if bytes > self.maximum_message_size(cx) {
                return Err(Error::BatchRequestTooLong);
            }
        }
        self.take_throughput(call, cx)?;
        for place in 0..count {
            let entry = cx.call(call).entries[place];
            if let Err(error) = self.publish_one(entry.message, call, place, cx) {
                if !batch {
                    return Err(error);
                }
                cx.call_mut(call).entries[place].error = Some(error.into());
            }
        }
        let sequence_number = self.sequence_number;
        Ok(if self.is_fifo() && !batch { Response::Published { sequence_number } } else { Response::Done })
    }

    fn publish_one(
        &mut self,
        message: Message,
        call: CallId,
        place: usize,
        cx: &mut Context<'_>,
    ) -> Result<(), Error> {
        let bytes = size(&message, cx);
        if bytes > self.maximum_message_size(cx) {
            return Err(Error::MessageTooLong);
        }
        let facts = self.facts.facts(message.payload, cx);
        if let Some(error) = facts.error {
            return Err(error);
        }
        let mut message = Message { id: cx.new_message_id(), ..message };
        let now = cx.now();
        if self.is_fifo() {
            if !message.key.is_some() {
                return Err(Error::MessageGroupIdRequired);
            }
            if !message.deduplication_id.is_some() {
                if !self.properties.content_based_deduplication {
                    return Err(Error::DeduplicationIdRequired);
                }
                message.deduplication_id = facts.content_id;
            }
            let scope = match self.properties.fifo_throughput_scope {
                FifoThroughputScope::Topic => KeyId::NONE,
                FifoThroughputScope::MessageGroup => message.key,
            };
            if let Some(first) = self.history.repeat_of(message.deduplication_id, scope, message.id, now) {
                // Accepted with the first one's id, and not delivered again (SNS-81).
                cx.call_mut(call).entries[place].message.id = first;
                cx.follow(message.trace_id, TraceKind::Left(Left::Deduplicated));
                return Ok(());
            }
            self.sequence_number += 1;
            if let Some(archive) = &mut self.archive {
                archive.add(message, bytes, now);
                cx.count(MetricName::NumberOfMessagesArchiveProcessing, 1);
                cx.count(MetricName::NumberOfBytesArchiveProcessing, bytes);
            }
        } else if message.deduplication_id.is_some() && cx.call(call).from == ComponentId::OUTSIDE {
            // The producers here number all their messages, for whichever target wants it (SNS-31).
            return Err(Error::DeduplicationIdNotAllowed);
        }
        cx.call_mut(call).entries[place].message.id = message.id;
        cx.count(MetricName::NumberOfMessagesPublished, 1);
        cx.count(MetricName::PublishSize, bytes);
        self.published.add(now, 1);
        if self.recent.len() == RECENT_MESSAGES {
            self.recent.pop_front();
        }
        self.recent.push_back(message);
        for subscription in 0..self.subscriptions.len() {
            if self.subscriptions[subscription].is_live() {
                self.fan_out(subscription, message, false, cx);
            }
        }
        Ok(())
    }

    /// One subscription's copy: filtered out, or on its way (SNS-67, SNS-255).
    #[inline]
    pub(super) fn fan_out(&mut self, place: usize, message: Message, replayed: bool, cx: &mut Context<'_>) {
        let subscription = &mut self.subscriptions[place];
        if let Decision::FilteredOut(reason) = subscription.decide(message.payload, cx.catalogue()) {
            cx.count(MetricName::NumberOfNotificationsFilteredOut, 1);
            cx.count(filtered_out_metric(reason), 1);
            cx.filtered_out(subscription.link, &smallvec![Entry::new(message)]);
            return;
        }
        let tag = if replayed { Tag::REPLAYED } else { FIRST_ATTEMPT };
        if !subscription.can_carry(message.payload, cx.catalogue()) {
            let error = Error::TooManyAttributesForRawDelivery.into();
            return self.give_up(place, smallvec![Entry::new(message)], error, tag, cx);
        }
        if let Some(error) = subscription.forbidden {
            return self.give_up(place, smallvec![Entry::new(message)], error, tag, cx);
        }
        let payload = subscription.delivered(message.payload, replayed, (&self.properties, &self.arn), cx);
        let mut copy = Message { payload, delay_seconds: None, ..message };
        let keeps_group = match subscription.protocol {
            // A standard queue behind a FIFO topic gets no group (SNS-83), and only queues ever get one (SNS-31).
            Some(Protocol::Sqs) => subscription.to_fifo || !self.properties.fifo_topic,
            _ => false,
        };
        if !keeps_group {
            copy.key = KeyId::NONE;
            copy.deduplication_id = DeduplicationId::NONE;
        }
        if subscription.takes_turn(copy, replayed) {
            self.deliver(place, smallvec![Entry::new(copy)], tag, cx);
        }
        let twice = self.properties.duplicate_delivery_probability;
        if twice > 0.0 && !self.is_fifo() && cx.random().chance(twice) {
            self.deliver(place, smallvec![Entry::new(copy)], tag, cx);
        }
    }
}

pub(super) fn size(message: &Message, cx: &Context<'_>) -> u64 {
    u64::from(cx.catalogue().payload(message.payload).size_bytes)
}

const fn filtered_out_metric(reason: FilteredOutReason) -> MetricName {
    match reason {
        FilteredOutReason::MessageAttributes => MetricName::NumberOfNotificationsFilteredOutMessageAttributes,
        FilteredOutReason::MessageBody => MetricName::NumberOfNotificationsFilteredOutMessageBody,
        FilteredOutReason::InvalidAttributes => MetricName::NumberOfNotificationsFilteredOutInvalidAttributes,
        FilteredOutReason::NoMessageAttributes => {
            MetricName::NumberOfNotificationsFilteredOutNoMessageAttributes
        }
        FilteredOutReason::InvalidMessageBody => {
            MetricName::NumberOfNotificationsFilteredOutInvalidMessageBody
        }
    }
}
