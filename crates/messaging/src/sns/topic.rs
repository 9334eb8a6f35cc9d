//! A topic: takes messages and delivers a copy of each to every subscription whose filter policy it passes.
//!
//! A topic keeps nothing for its subscribers (SNS-6), the archive of a FIFO topic aside (SNS-130).

use std::collections::VecDeque;

use kernel::SecondCounter;

use super::access::Access;
use super::account::Account;
use super::archive::Archive;
use super::deduplication::DeduplicationHistory;
use super::delivery::Tag;
use super::facts::PayloadBook;
use super::fields;
use super::metrics::METRICS;
use super::properties::TopicProperties;
use super::subscription::ActiveSubscription;
use super::throughput::FifoThroughput;
use super::{Error, Request};
use crate::arn;
use crate::behavior::{Behavior, KeyNeed};
use crate::call::Entry;
use crate::client::retry::Retries;
use crate::context::{Context, View};
use crate::descriptor::{LinkRule, PaletteGroup, Preset, ResourceDescriptor};
use crate::identifiers::{CallId, LinkId};
use crate::message::Message;
use crate::metric::MetricName;
use crate::node_state::NodeState;
use crate::registry::{ApiError, LinkKind, LinkProperties, Timer as AnyTimer};

/// What a topic is woken for.
#[derive(Clone, Copy, Debug)]
pub enum TopicTimer {
    /// The next attempt of a delivery, or its turn.
    Retry(u32),
    /// Whoever was asked to confirm a subscription does so (SNS-46).
    Confirm(LinkId),
    /// The request to confirm is no longer valid (SNS-46).
    Expire(LinkId),
    /// A changed filter policy takes effect (SNS-204).
    FilterPolicy(LinkId),
    /// The next messages of a replay (SNS-131).
    Replay(LinkId),
}

impl From<TopicTimer> for AnyTimer {
    fn from(timer: TopicTimer) -> Self {
        Self::Topic(timer)
    }
}

/// Messages kept for the filter policy tester. Ours.
pub(super) const RECENT_MESSAGES: usize = 50;

/// A topic.
#[derive(Clone, Debug)]
pub struct Topic {
    pub(super) properties: TopicProperties,
    pub(super) arn: String,
    pub(super) access: Access,
    pub(super) subscriptions: Vec<ActiveSubscription>,
    pub(super) facts: PayloadBook,
    pub(super) history: DeduplicationHistory,
    pub(super) fifo: FifoThroughput,
    pub(super) sequence_number: u64,
    pub(super) archive: Option<Archive>,
    pub(super) retries: Retries,
    pub(super) account: Account,
    pub(super) recent: VecDeque<Message>,
    pub(super) published: SecondCounter,
    pub(super) delivered: SecondCounter,
    pub(super) failed: SecondCounter,
    pub(super) lost: SecondCounter,
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

    #[inline]
    pub(super) fn place_of(&self, link: LinkId) -> Option<usize> {
        self.subscriptions.iter().position(|subscription| subscription.link == link)
    }

    fn set_archive(&mut self, cx: &Context<'_>) {
        match (&mut self.archive, self.properties.archive_policy.filter(|_| self.properties.fifo_topic)) {
            (Some(archive), Some(policy)) => archive.set(policy),
            (archive @ None, Some(policy)) => *archive = Some(Archive::new(policy, cx.now())),
            // Without the policy the archive is gone (SNS-130).
            (archive, None) => *archive = None,
        }
    }
}

impl Behavior for Topic {
    type Properties = TopicProperties;
    type Timer = TopicTimer;
    const QUOTAS: &'static [&'static crate::quota::Quota] = super::quotas::OF_THE_ACCOUNT;
    const THROTTLING: Option<ApiError> = Some(ApiError::Sns(super::Error::Throttled));
    const DESCRIPTOR: ResourceDescriptor = ResourceDescriptor {
        resource_type: "AWS::SNS::Topic",
        title: "SNS topic",
        description: "Delivers a copy of each message to every subscription that wants it.",
        group: PaletteGroup::RouteAndHold,
        icon: "sns-topic",
        id_prefix: "topic",
        fields: fields::TOPIC,
        links: &[
            LinkRule { link_type: "AWS::SNS::Subscription", to: "AWS::SQS::Queue" },
            LinkRule { link_type: "AWS::SNS::Subscription", to: "Playground::Endpoint" },
            LinkRule { link_type: "AWS::SNS::Subscription", to: "AWS::Lambda::Function" },
            LinkRule { link_type: "AWS::SNS::Subscription", to: "AWS::KinesisFirehose::DeliveryStream" },
        ],
        presets: &[Preset {
            title: "SNS FIFO topic",
            icon: "sns-topic",
            id_suffix: ".fifo",
            properties: r#"{"FifoTopic":true}"#,
        }],
        metrics: METRICS,
        actions: &[],
    };
    const MAX_ENTRIES_PER_SEND: usize = 10;

    fn create(properties: &TopicProperties, cx: &mut Context<'_>) -> Self {
        let mut topic = Self {
            properties: properties.clone(),
            arn: arn::topic(cx.name(cx.id())),
            access: Access::new(properties),
            subscriptions: Vec::new(),
            facts: PayloadBook::default(),
            history: DeduplicationHistory::default(),
            fifo: FifoThroughput::default(),
            sequence_number: 0,
            archive: None,
            retries: Retries::default(),
            account: Account::default(),
            recent: VecDeque::new(),
            published: SecondCounter::default(),
            delivered: SecondCounter::default(),
            failed: SecondCounter::default(),
            lost: SecondCounter::default(),
            throttled: SecondCounter::default(),
        };
        topic.set_archive(cx);
        topic
    }

    fn update(&mut self, properties: &TopicProperties, cx: &mut Context<'_>) {
        self.properties = properties.clone();
        self.access = Access::new(properties);
        self.set_archive(cx);
    }

    fn key_need(properties: &TopicProperties) -> KeyNeed {
        if properties.fifo_topic { KeyNeed::MessageGroupId } else { KeyNeed::None }
    }

    fn arriving_link_error(
        properties: &TopicProperties,
        name: &str,
        link: LinkKind,
        from: &str,
    ) -> Option<String> {
        let policy = properties.policy.as_ref().filter(|_| link == LinkKind::NotificationConfiguration);
        crate::s3::notification_refusal(policy, "sns:Publish", &arn::topic(name), from)
    }

    fn send_request(entries: &[Entry]) -> Option<crate::registry::Request> {
        Some(if entries.len() == 1 { Request::Publish } else { Request::PublishBatch }.into())
    }

    fn on_links_changed(&mut self, cx: &mut Context<'_>) {
        let links: Vec<_> = cx.links().leaving(cx.id()).cloned().collect();
        let mut subscriptions = Vec::new();
        let policy_takes_time = self.properties.filter_policy_propagation_seconds > 0;
        for link in links {
            let LinkProperties::Subscription(properties) = &link.properties else { continue };
            let Some(kind) = cx.kind(link.to) else { continue };
            let place = self.place_of(link.id);
            let old = place.map(|place| self.subscriptions.swap_remove(place));
            let mut subscription = match old {
                Some(old) if *old.properties == *properties => old,
                Some(old) => {
                    let new = ActiveSubscription::new(link.id, kind, properties);
                    new.replacing(old, policy_takes_time)
                }
                None => ActiveSubscription::new(link.id, kind, properties),
            };
            subscription.look_around(&self.properties, link.to, cx);
            subscriptions.push(subscription);
        }
        let gone: u64 = self.subscriptions.iter().map(|subscription| subscription.turns().messages()).sum();
        cx.count(MetricName::NumberOfNotificationsFailed, gone);
        cx.count(MetricName::MessagesLost, gone);
        self.subscriptions = if self.account.deleted { Vec::new() } else { subscriptions };
        for place in 0..self.subscriptions.len() {
            self.start_subscription(place, cx);
        }
    }

    fn on_request(&mut self, call: CallId, cx: &mut Context<'_>) {
        let crate::registry::Request::Sns(request) = cx.call(call).request else { return };
        let result = match request {
            Request::Publish | Request::PublishBatch => self.publish(call, cx),
            other => self.control(other, cx),
        };
        if result == Err(Error::Throttled) {
            let amount = cx.call(call).entries.len() as u64;
            self.throttled.add(cx.now(), amount);
            cx.count(MetricName::ThrottledRequests, 1);
            cx.count(MetricName::RefusedMessages, amount);
        }
        cx.reply(call, result.map(Into::into).map_err(Into::into));
    }

    #[inline]
    fn on_response(&mut self, call: CallId, cx: &mut Context<'_>) {
        self.delivery_answered(call, cx);
    }

    fn on_timer(&mut self, timer: TopicTimer, cx: &mut Context<'_>) {
        match timer {
            TopicTimer::Retry(slot) => self.retry(slot, cx),
            TopicTimer::Confirm(link) => self.confirm(link, cx),
            TopicTimer::Expire(link) => self.expire(link),
            TopicTimer::FilterPolicy(link) => {
                if let Some(place) = self.place_of(link) {
                    self.subscriptions[place].take_policy();
                }
            }
            TopicTimer::Replay(link) => self.replay(link, cx),
        }
    }

    fn gauges(&self, _view: &View<'_>, put: &mut dyn FnMut(MetricName, u64)) {
        put(MetricName::MessagesAwaitingRetry, self.awaiting_retry());
        if let Some(archive) = &self.archive {
            put(MetricName::ApproximateNumberOfMessagesArchived, archive.messages());
            put(MetricName::ApproximateNumberOfBytesArchived, archive.bytes());
        }
        if let Some(share) = self.account.sms_success_percent() {
            put(MetricName::SMSSuccessRate, share);
            put(MetricName::SMSMonthToDateSpentUSD, self.account.sms_spent_micro_usd);
        }
    }

    fn recent_messages(&self) -> Vec<Message> {
        self.recent.iter().copied().collect()
    }

    fn state(&self, view: &View<'_>) -> NodeState {
        super::state::state(self, view)
    }
}

/// The first attempt of a plain delivery.
pub(super) const FIRST_ATTEMPT: Tag = Tag(0);
