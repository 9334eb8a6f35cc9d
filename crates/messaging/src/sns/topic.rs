//! A topic: takes messages and delivers a copy of each to every subscription whose filter policy it passes.
//!
//! A topic keeps nothing for its subscribers (SNS-6).

use std::collections::{BTreeMap, VecDeque};

use kernel::SecondCounter;
use serde::{Deserialize, Serialize};
use smallvec::smallvec;

use super::deduplication::DeduplicationHistory;
use super::filter_policy::{Decision, FilteredOutReason};
use super::quotas;
use super::subscription::ActiveSubscription;
use super::{Error, Request, Response};
use crate::arn;
use crate::behavior::{Behavior, KeyNeed};
use crate::call::{Entries, Entry, NewCall, Principal, Reply};
use crate::client::retry::{Retries, Retry, refused};
use crate::context::{Context, View};
use crate::descriptor::{FieldKind, FieldSpec, LinkRule, PaletteGroup, Preset, ResourceDescriptor};
use crate::identifiers::{CallId, DeduplicationId, KeyId, LinkId};
use crate::message::{Message, content_deduplication_id};
use crate::metric::MetricName;
use crate::node_state::NodeState;
use crate::registry::{ApiError, LinkProperties, Timer as AnyTimer};
use crate::trace::TraceKind;

/// What the document says of a topic (SNS-5).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "PascalCase", deny_unknown_fields, default)]
pub struct TopicProperties {
    /// Fixed at creation (SNS-1).
    #[serde(skip_serializing_if = "is_default")]
    pub fifo_topic: bool,
    /// Without a deduplication id the body's hash counts (SNS-81).
    #[serde(skip_serializing_if = "is_default")]
    pub content_based_deduplication: bool,
    /// Which messages share throughput and deduplication (SNS-82).
    #[serde(skip_serializing_if = "is_default")]
    pub fifo_throughput_scope: FifoThroughputScope,
    /// Bytes of a message, 1,024 to 1,048,576 (SNS-21); the quota's number if not given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub maximum_message_size: Option<u32>,
}

/// Which messages of a FIFO topic share throughput and deduplication (SNS-82).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum FifoThroughputScope {
    /// All messages of the topic.
    #[default]
    Topic,
    /// Those of one message group.
    MessageGroup,
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// What a topic is woken for: the next attempt of a delivery.
#[derive(Clone, Copy, Debug)]
pub struct TopicTimer(u32);

impl From<TopicTimer> for AnyTimer {
    fn from(timer: TopicTimer) -> Self {
        Self::Topic(timer)
    }
}

/// Messages kept for the filter policy tester. Ours.
const RECENT_MESSAGES: usize = 50;

/// A topic.
#[derive(Clone, Debug)]
pub struct Topic {
    properties: TopicProperties,
    arn: String,
    pub(super) subscriptions: Vec<ActiveSubscription>,
    history: DeduplicationHistory,
    content_ids: Vec<Option<DeduplicationId>>,
    fifo_messages: SecondCounter,
    fifo_bytes: SecondCounter,
    fifo_groups: BTreeMap<KeyId, SecondCounter>,
    retries: Retries,
    recent: VecDeque<Message>,
    pub(super) published: SecondCounter,
    pub(super) delivered: SecondCounter,
    pub(super) failed: SecondCounter,
    pub(super) throttled: SecondCounter,
}

impl Topic {
    pub(super) fn is_fifo(&self) -> bool {
        self.properties.fifo_topic
    }

    pub(super) fn awaiting_retry(&self) -> u64 {
        let waiting = self.subscriptions.iter().map(|subscription| subscription.turns().messages());
        self.retries.messages() + waiting.sum::<u64>()
    }

    fn maximum_message_size(&self, cx: &Context<'_>) -> u64 {
        self.properties
            .maximum_message_size
            .map_or_else(|| cx.quota(&quotas::MAXIMUM_MESSAGE_SIZE), u64::from)
    }

    /// `Publish` and `PublishBatch` (SNS-20, SNS-25).
    fn publish(&mut self, call: CallId, cx: &mut Context<'_>) -> Result<(), Error> {
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
        Ok(())
    }

    /// The quotas of messages and bytes per second (SNS-86, SNS-101).
    fn take_throughput(&mut self, call: CallId, cx: &mut Context<'_>) -> Result<(), Error> {
        let count = cx.call(call).entries.len() as u64;
        if !self.is_fifo() {
            let ok = cx.try_take_account_quota(&quotas::STANDARD_PUBLISH_RATE, count);
            return if ok { Ok(()) } else { Err(Error::Throttled) };
        }
        let now = cx.now();
        let bytes = cx.call(call).entries.iter().map(|entry| size(&entry.message, cx)).sum();
        if self.properties.fifo_throughput_scope == FifoThroughputScope::Topic {
            let fits = self.fifo_messages.current(now) + count <= cx.quota(&quotas::FIFO_TOPIC_RATE)
                && self.fifo_bytes.current(now) + bytes <= cx.quota(&quotas::FIFO_TOPIC_BYTES);
            if !fits {
                return Err(Error::Throttled);
            }
        }
        let entries = cx.call(call).entries.clone();
        let groups = entries.iter().map(|entry| entry.message.key).filter(|key| key.is_some());
        let limit = cx.quota(&quotas::FIFO_GROUP_RATE);
        for group in groups.clone() {
            let of_call = groups.clone().filter(|other| *other == group).count() as u64;
            if self.fifo_groups.entry(group).or_default().current(now) + of_call > limit {
                return Err(Error::Throttled);
            }
        }
        if !cx.try_take_account_quota(&quotas::FIFO_ACCOUNT_RATE, count) {
            return Err(Error::Throttled);
        }
        for group in groups {
            self.fifo_groups.entry(group).or_default().add(now, 1);
        }
        self.fifo_messages.add(now, count);
        self.fifo_bytes.add(now, bytes);
        Ok(())
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
        if cx.catalogue().payload(message.payload).body.is_empty() {
            return Err(Error::EmptyMessage);
        }
        let mut message = Message { id: cx.new_message_id(), ..message };
        let now = cx.now();
        if self.is_fifo() {
            if !message.key.is_some() {
                return Err(Error::MessageGroupIdRequired);
            }
            message.deduplication_id = self.deduplication_id(&message, cx)?;
            let scope = match self.properties.fifo_throughput_scope {
                FifoThroughputScope::Topic => KeyId::NONE,
                FifoThroughputScope::MessageGroup => message.key,
            };
            if let Some(first) = self.history.repeat_of(message.deduplication_id, scope, message.id, now) {
                // Accepted with the first one's id, and not delivered again (SNS-81).
                cx.call_mut(call).entries[place].message.id = first;
                return Ok(());
            }
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
            self.fan_out(subscription, message, cx);
        }
        Ok(())
    }

    fn deduplication_id(&mut self, message: &Message, cx: &Context<'_>) -> Result<DeduplicationId, Error> {
        if message.deduplication_id.is_some() {
            return Ok(message.deduplication_id);
        }
        if !self.properties.content_based_deduplication {
            return Err(Error::DeduplicationIdRequired);
        }
        let place = message.payload.index();
        if let Some(Some(id)) = self.content_ids.get(place) {
            return Ok(*id);
        }
        let id = content_deduplication_id(&cx.catalogue().payload(message.payload).body);
        if self.content_ids.len() <= place {
            self.content_ids.resize(place + 1, None);
        }
        self.content_ids[place] = Some(id);
        Ok(id)
    }

    /// One subscription's copy: filtered out, or on its way (SNS-67, SNS-255).
    #[inline]
    fn fan_out(&mut self, place: usize, message: Message, cx: &mut Context<'_>) {
        let subscription = &mut self.subscriptions[place];
        if let Decision::FilteredOut(reason) = subscription.decide(message.payload, cx.catalogue()) {
            cx.count(MetricName::NumberOfNotificationsFilteredOut, 1);
            cx.count(filtered_out_metric(reason), 1);
            cx.filtered_out(subscription.link, &smallvec![Entry::new(message)]);
            return;
        }
        if !subscription.can_carry(message.payload, cx.catalogue()) {
            self.failed.add(cx.now(), 1);
            cx.count(MetricName::NumberOfNotificationsFailed, 1);
            let error = Error::TooManyAttributesForRawDelivery.into();
            let kind = TraceKind::NotificationFailed { error };
            return cx.record(subscription.link, Some(message.trace_id), kind);
        }
        let payload = subscription.delivered(message.payload, &self.arn, cx);
        let mut copy = Message { payload, delay_seconds: None, ..message };
        if self.properties.fifo_topic && !subscription.to_fifo {
            // A standard queue behind a FIFO topic gets no group (SNS-83).
            copy.key = KeyId::NONE;
            copy.deduplication_id = DeduplicationId::NONE;
        }
        if subscription.takes_turn(copy) {
            self.deliver(place, smallvec![Entry::new(copy)], 0, cx);
        }
    }

    /// A delivery is over, so the next messages of its group may go (SNS-83).
    fn deliver_next(&mut self, link: LinkId, group: KeyId, cx: &mut Context<'_>) {
        let Some(place) = self.subscriptions.iter().position(|subscription| subscription.link == link) else {
            return;
        };
        let max_bytes = cx.quota(&quotas::MAXIMUM_MESSAGE_SIZE);
        let entries = self.subscriptions[place].next_in_turn(group, max_bytes, |message| size(message, cx));
        if !entries.is_empty() {
            self.deliver(place, entries, 0, cx);
        }
    }

    /// A delivery was refused; true if it is tried again, in which case its message group goes on waiting.
    fn delivery_refused(
        &mut self,
        link: LinkId,
        attempts: u32,
        entries: Entries,
        error: ApiError,
        cx: &mut Context<'_>,
    ) -> bool {
        let service_error = error.as_service_error();
        // Client-side errors are never retried (SNS-140).
        let delay = if service_error.is_retryable() { quotas::delivery_retry_delay(attempts) } else { None };
        if let Some(delay) = delay {
            let attempts = attempts + 1;
            self.retries.keep(Retry { link, entries, attempts }, delay, cx, |slot| TopicTimer(slot).into());
            return true;
        }
        let amount = entries.len() as u64;
        self.failed.add(cx.now(), amount);
        cx.count(MetricName::NumberOfNotificationsFailed, amount);
        for entry in &entries {
            cx.record(link, Some(entry.message.trace_id), TraceKind::NotificationFailed { error });
        }
        false
    }

    #[inline]
    fn deliver(&mut self, place: usize, entries: Entries, attempts: u32, cx: &mut Context<'_>) {
        let subscription = &self.subscriptions[place];
        let Some(request) = subscription.kind.send_request(&entries) else { return };
        let latency = if self.properties.fifo_topic { quotas::FIFO_DELIVERY } else { quotas::DELIVERY };
        let principal = Principal::Service { name: "sns.amazonaws.com", source: cx.id() };
        let (link, reply) = (subscription.link, Reply::Always);
        cx.make_call_taking(NewCall { link, request, entries, principal, reply, tag: attempts }, latency);
    }
}

fn size(message: &Message, cx: &Context<'_>) -> u64 {
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

impl Behavior for Topic {
    type Properties = TopicProperties;
    type Timer = TopicTimer;
    const DESCRIPTOR: ResourceDescriptor = ResourceDescriptor {
        resource_type: "AWS::SNS::Topic",
        title: "SNS topic",
        description: "Delivers a copy of each message to every subscription that wants it.",
        group: PaletteGroup::RouteAndHold,
        icon: "sns-topic",
        id_prefix: "topic",
        fields: FIELDS,
        links: &[
            LinkRule { link_type: "AWS::SNS::Subscription", to: "AWS::SQS::Queue" },
            LinkRule { link_type: "AWS::SNS::Subscription", to: "Playground::Endpoint" },
        ],
        presets: &[Preset {
            title: "SNS FIFO topic",
            icon: "sns-topic",
            id_suffix: ".fifo",
            properties: r#"{"FifoTopic":true}"#,
        }],
    };
    const MAX_ENTRIES_PER_SEND: usize = 10;

    fn create(properties: &TopicProperties, cx: &mut Context<'_>) -> Self {
        Self {
            properties: properties.clone(),
            arn: arn::topic(cx.name(cx.id())),
            subscriptions: Vec::new(),
            history: DeduplicationHistory::default(),
            content_ids: Vec::new(),
            fifo_messages: SecondCounter::default(),
            fifo_bytes: SecondCounter::default(),
            fifo_groups: BTreeMap::new(),
            retries: Retries::default(),
            recent: VecDeque::new(),
            published: SecondCounter::default(),
            delivered: SecondCounter::default(),
            failed: SecondCounter::default(),
            throttled: SecondCounter::default(),
        }
    }

    fn update(&mut self, properties: &TopicProperties, _cx: &mut Context<'_>) {
        self.properties = properties.clone();
    }

    fn key_need(properties: &TopicProperties) -> KeyNeed {
        if properties.fifo_topic { KeyNeed::MessageGroupId } else { KeyNeed::None }
    }

    fn send_request(entries: &[Entry]) -> Option<crate::registry::Request> {
        Some(if entries.len() == 1 { Request::Publish } else { Request::PublishBatch }.into())
    }

    fn on_links_changed(&mut self, cx: &mut Context<'_>) {
        let mut subscriptions = Vec::new();
        for link in cx.links().leaving(cx.id()) {
            let LinkProperties::Subscription(properties) = &link.properties else { continue };
            let Some(kind) = cx.kind(link.to) else { continue };
            let place = self.subscriptions.iter().position(|old| old.link == link.id);
            let old = place.map(|place| self.subscriptions.swap_remove(place));
            subscriptions.push(match old {
                Some(old) if old.properties == *properties => old,
                old => {
                    let to_fifo = cx.name(link.to).ends_with(".fifo");
                    ActiveSubscription::new(link.id, kind, to_fifo, properties).replacing(old)
                }
            });
        }
        let gone: u64 = self.subscriptions.iter().map(|subscription| subscription.turns().messages()).sum();
        cx.count(MetricName::NumberOfNotificationsFailed, gone);
        self.subscriptions = subscriptions;
    }

    fn on_request(&mut self, call: CallId, cx: &mut Context<'_>) {
        let result = self.publish(call, cx);
        if result == Err(Error::Throttled) {
            let amount = cx.call(call).entries.len() as u64;
            self.throttled.add(cx.now(), amount);
            cx.count(MetricName::ThrottledRequests, 1);
            cx.count(MetricName::RefusedMessages, amount);
        }
        cx.reply(call, result.map(|()| Response::Done.into()).map_err(Into::into));
    }

    #[inline]
    fn on_response(&mut self, call_id: CallId, cx: &mut Context<'_>) {
        let now = cx.now();
        let call = cx.call(call_id);
        let (link, attempts, all) = (call.link, call.tag, call.entries.len());
        let group = call.entries.first().map_or(KeyId::NONE, |entry| entry.message.key);
        let refusal = refused(call);
        let taken = (all - refusal.as_ref().map_or(0, |(entries, _)| entries.len())) as u64;
        cx.count(MetricName::NumberOfNotificationsDelivered, taken);
        self.delivered.add(now, taken);
        let again =
            refusal.is_some_and(|(entries, error)| self.delivery_refused(link, attempts, entries, error, cx));
        if self.is_fifo() && !again {
            self.deliver_next(link, group, cx);
        }
    }

    fn on_timer(&mut self, timer: TopicTimer, cx: &mut Context<'_>) {
        let Some(retry) = self.retries.take(timer.0) else { return };
        match self.subscriptions.iter().position(|subscription| subscription.link == retry.link) {
            Some(place) => self.deliver(place, retry.entries, retry.attempts, cx),
            None => cx.count(MetricName::NumberOfNotificationsFailed, retry.entries.len() as u64),
        }
    }

    fn gauges(&self, _view: &View<'_>, put: &mut dyn FnMut(MetricName, u64)) {
        put(MetricName::MessagesAwaitingRetry, self.awaiting_retry());
    }

    fn recent_messages(&self) -> Vec<Message> {
        self.recent.iter().copied().collect()
    }

    fn state(&self, view: &View<'_>) -> NodeState {
        super::state::state(self, view)
    }
}

const FIELDS: &[FieldSpec] = &[
    FieldSpec {
        name: "FifoTopic",
        kind: FieldKind::Switch,
        description: "Strict order per message group, no duplicates; the name must end in .fifo.",
        rule: "SNS-1",
    },
    FieldSpec {
        name: "ContentBasedDeduplication",
        kind: FieldKind::Switch,
        description: "Without a deduplication id the body's hash counts.",
        rule: "SNS-81",
    },
    FieldSpec {
        name: "FifoThroughputScope",
        kind: FieldKind::Choice(&["Topic", "MessageGroup"]),
        description: "Which messages share throughput and deduplication.",
        rule: "SNS-82",
    },
    FieldSpec {
        name: "MaximumMessageSize",
        kind: FieldKind::Integer { low: 1_024, high: 1_048_576, unit: "B" },
        description: "Bytes of a message, attributes included.",
        rule: "SNS-21",
    },
];
