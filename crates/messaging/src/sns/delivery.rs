//! Deliveries: attempts, retries, dead-letter queues and losses (SNS-140 to SNS-149).

use kernel::SimDuration;

use super::delivery_policy::RetryPolicy;
use super::publish::size;
use super::topic::{Topic, TopicTimer};
use super::{Error, Protocol, quotas};
use crate::call::{Entries, NewCall, Principal, Reply};
use crate::client::retry::{Retry, refused};
use crate::context::Context;
use crate::identifiers::{CallId, KeyId, LinkId};
use crate::metric::MetricName;
use crate::registry::{ApiError, ResourceKind};
use crate::service_error::{Fault, ServiceError};
use crate::trace::TraceKind;

/// What a topic has to know of a call when its answer comes: how many attempts there were, and what it is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Tag(pub(super) u32);

impl Tag {
    /// The message comes out of the archive (SNS-132).
    pub(super) const REPLAYED: Self = Self(1 << 31);
    /// Asks the endpoint to confirm (SNS-46).
    pub(super) const CONFIRMATION: Self = Self(1 << 30);
    /// Goes to a dead-letter queue (SNS-148).
    const DEAD_LETTER: Self = Self(1 << 29);
    /// Has waited for its turn (SNS-145).
    const PACED: Self = Self(1 << 28);
    /// A text message, which has metrics of its own (SNS-170).
    const SMS: Self = Self(1 << 27);

    const fn has(self, flag: Self) -> bool {
        self.0 & flag.0 != 0
    }
    const fn with(self, flag: Self) -> Self {
        Self(self.0 | flag.0)
    }
    const fn without(self, flag: Self) -> Self {
        Self(self.0 & !flag.0)
    }
    pub(super) const fn attempts(self) -> u32 {
        self.0 & 0x00ff_ffff
    }
    pub(super) const fn next(self) -> Self {
        Self(self.0 + 1)
    }
}

/// Unreachable, slow, overloaded: the same delivery may succeed later (SNS-140).
pub(super) fn is_server_side(error: &dyn ServiceError) -> bool {
    error.is_retryable() || error.fault() == Fault::Receiver || error.http_status() == 429
}

impl Topic {
    #[inline]
    pub(super) fn deliver(&mut self, place: usize, entries: Entries, tag: Tag, cx: &mut Context<'_>) {
        let protocol = self.subscriptions[place].protocol;
        let mut tag = tag;
        let mut latency = match protocol {
            Some(Protocol::Sqs) | None if self.properties.fifo_topic => quotas::FIFO_DELIVERY,
            Some(Protocol::Sqs) | None => quotas::DELIVERY,
            Some(protocol) => {
                if self.is_held_back(place, protocol, &entries, tag, cx) {
                    return;
                }
                tag = if protocol == Protocol::Sms { tag.with(Tag::SMS) } else { tag };
                protocol.latency()
            }
        };
        let subscription = &self.subscriptions[place];
        let Some(request) = subscription.kind.send_request(&entries) else { return };
        latency.request = latency.request + subscription.further;
        if self.properties.delivery_jitter_milliseconds > 0 {
            let most = u64::from(self.properties.delivery_jitter_milliseconds) * 1_000;
            latency.request = latency.request + SimDuration::from_micros(cx.random().below(most + 1));
        }
        let principal = Principal::Service { name: subscription.principal, source: cx.id() };
        let (link, reply, tag) = (subscription.link, Reply::Always, tag.without(Tag::PACED).0);
        cx.make_call_taking(NewCall { link, request, entries, principal, reply, tag }, latency);
    }

    /// What keeps a delivery from going out now: the pace, a quota, or a text message that nobody takes.
    fn is_held_back(
        &mut self,
        place: usize,
        protocol: Protocol,
        entries: &Entries,
        tag: Tag,
        cx: &mut Context<'_>,
    ) -> bool {
        let (now, link) = (cx.now(), self.subscriptions[place].link);
        if let Some(pace) = self.subscriptions[place].pace.as_mut().filter(|_| !tag.has(Tag::PACED)) {
            let wait = pace.free_at.since(now);
            pace.free_at = pace.free_at.max(now) + pace.interval;
            if !wait.is_zero() {
                // Waiting for its turn uses up no retries (SNS-145).
                self.keep(link, entries.clone(), tag.with(Tag::PACED), wait, cx);
                return true;
            }
        }
        let refusal = match protocol {
            Protocol::Email | Protocol::EmailJson => {
                let limit = cx.quota(&quotas::EMAIL_RATE);
                let fits = self.subscriptions[place].deliveries.try_add(now, 1, limit);
                (!fits).then_some(Error::Throttled)
            }
            Protocol::Sms => self.sms_refusal(entries, cx),
            _ => None,
        };
        let Some(error) = refusal else { return false };
        self.delivery_refused(link, tag, entries.clone(), error.into(), cx);
        true
    }

    /// Why a text message cannot be sent; otherwise it is paid for (SNS-102, SNS-113).
    fn sms_refusal(&mut self, entries: &Entries, cx: &mut Context<'_>) -> Option<Error> {
        let text = &cx.catalogue().payload(entries.first()?.message.payload).body;
        if text.chars().count() > quotas::SMS_CHARACTERS.current as usize {
            return Some(Error::SmsTooLong);
        }
        let parts = text.len().div_ceil(quotas::SMS_PART_BYTES.current as usize) as u64;
        let spent = self.account.sms_spent_micro_usd + parts * quotas::SMS_MICRO_USD.current;
        if spent > cx.quota(&quotas::SMS_SPENDING_MICRO_USD) {
            return Some(Error::SmsSpendingLimit);
        }
        if !cx.try_take_account_quota(&quotas::SMS_RATE, 1) {
            return Some(Error::Throttled);
        }
        self.account.sms_spent_micro_usd = spent;
        None
    }

    pub(super) fn keep(
        &mut self,
        link: LinkId,
        entries: Entries,
        tag: Tag,
        delay: SimDuration,
        cx: &mut Context<'_>,
    ) {
        let retry = Retry { link, entries, attempts: tag.0 };
        self.retries.keep(retry, delay, cx, |slot| TopicTimer::Retry(slot).into());
    }

    #[inline]
    pub(super) fn delivery_answered(&mut self, call_id: CallId, cx: &mut Context<'_>) {
        let call = cx.call(call_id);
        let (link, tag, all) = (call.link, Tag(call.tag), call.entries.len());
        let group = call.entries.first().map_or(KeyId::NONE, |entry| entry.message.key);
        let refusal = refused(call);
        let taken = (all - refusal.as_ref().map_or(0, |(entries, _)| entries.len())) as u64;
        if tag.has(Tag::DEAD_LETTER) {
            return self.dead_letter_answered(link, tag, taken, refusal, cx);
        }
        if tag.has(Tag::CONFIRMATION) {
            return self.confirmation_answered(link, tag, refusal, cx);
        }
        let metric = match tag.has(Tag::REPLAYED) {
            true => MetricName::NumberOfReplayedNotificationsDelivered,
            false => MetricName::NumberOfNotificationsDelivered,
        };
        cx.count(metric, taken);
        self.delivered.add(cx.now(), taken);
        if tag.has(Tag::SMS) {
            self.account.sms_delivered += taken;
        }
        if taken > 0 && !self.properties.delivery_status_logging.is_empty() {
            self.log(link, tag, None, cx);
        }
        let again =
            refusal.is_some_and(|(entries, error)| self.delivery_refused(link, tag, entries, error, cx));
        if self.is_fifo() && !again {
            self.deliver_next(link, group, cx);
        }
    }

    /// A delivery is over, so the next messages of its group may go (SNS-83).
    fn deliver_next(&mut self, link: LinkId, group: KeyId, cx: &mut Context<'_>) {
        let Some(place) = self.place_of(link) else { return };
        let max_bytes = cx.quota(&quotas::MAXIMUM_MESSAGE_SIZE);
        let (entries, replayed) =
            self.subscriptions[place].next_in_turn(group, max_bytes, |message| size(message, cx));
        if !entries.is_empty() {
            self.deliver(place, entries, if replayed { Tag::REPLAYED } else { Tag(0) }, cx);
        }
    }

    /// A delivery was refused; true if it is tried again, in which case its message group goes on waiting.
    fn delivery_refused(
        &mut self,
        link: LinkId,
        tag: Tag,
        entries: Entries,
        error: ApiError,
        cx: &mut Context<'_>,
    ) -> bool {
        let amount = entries.len() as u64;
        let Some(place) = self.place_of(link) else {
            self.subscription_gone(amount, cx);
            return false;
        };
        let subscription = &self.subscriptions[place];
        // Client-side errors are never retried (SNS-140).
        let retryable = is_server_side(error.as_service_error());
        let delay = if retryable { subscription.retry_policy.delay_before(tag.attempts()) } else { None };
        let Some(delay) = delay else {
            self.give_up(place, entries, error, tag, cx);
            return false;
        };
        if self.retries.messages() + amount > quotas::PENDING_DELIVERIES.current {
            self.give_up(place, entries, Error::TooManyPendingDeliveries.into(), tag, cx);
            return false;
        }
        if subscription.protocol.is_some_and(Protocol::is_http) {
            // Web servers: every failed attempt counts (SNS-170).
            self.failed.add(cx.now(), amount);
            cx.count(MetricName::NumberOfNotificationsFailed, amount);
        }
        let delay = self.with_jitter(delay, cx);
        self.keep(link, entries, tag.next(), delay, cx);
        true
    }

    fn with_jitter(&self, delay: SimDuration, cx: &mut Context<'_>) -> SimDuration {
        let share = self.properties.retry_jitter;
        if share <= 0.0 || delay.is_zero() {
            return delay;
        }
        SimDuration::from_secs_f64(delay.as_secs_f64() * (1.0 + share * cx.random().unit()))
    }

    /// The subscription was removed while its messages waited: they are lost.
    fn subscription_gone(&mut self, amount: u64, cx: &mut Context<'_>) {
        cx.count(MetricName::NumberOfNotificationsFailed, amount);
        cx.count(MetricName::MessagesLost, amount);
    }

    /// No further attempt: to the dead-letter queue, or lost (SNS-141).
    pub(super) fn give_up(
        &mut self,
        place: usize,
        entries: Entries,
        error: ApiError,
        tag: Tag,
        cx: &mut Context<'_>,
    ) {
        let (now, amount) = (cx.now(), entries.len() as u64);
        let metric = match tag.has(Tag::REPLAYED) {
            true => MetricName::NumberOfReplayedNotificationsFailed,
            false => MetricName::NumberOfNotificationsFailed,
        };
        self.failed.add(now, amount);
        cx.count(metric, amount);
        let subscription = &mut self.subscriptions[place];
        subscription.last_failure = Some((now, error));
        if subscription.protocol == Some(Protocol::Sms) {
            self.account.sms_failed += amount;
        }
        let link = subscription.link;
        for entry in &entries {
            cx.record(link, Some(entry.message.trace_id), TraceKind::NotificationFailed { error });
        }
        if !self.properties.delivery_status_logging.is_empty() {
            self.log(link, tag, Some(error), cx);
        }
        match self.subscriptions[place].dead_letter_link {
            Some(way) => self.send_dead_letters(place, way, entries, cx),
            None => {
                self.lost.add(now, amount);
                cx.count(MetricName::MessagesLost, amount);
            }
        }
    }

    /// What cannot be delivered goes to the dead-letter queue, as a queue would have got it (SNS-148).
    fn send_dead_letters(&mut self, place: usize, way: LinkId, mut entries: Entries, cx: &mut Context<'_>) {
        for entry in &mut entries {
            let topic = (&self.properties, self.arn.as_str());
            let payload = self.subscriptions[place].dead_letter(entry.message.payload, topic, cx);
            entry.message.payload = payload;
        }
        self.send_to_dead_letter_queue(way, entries, Tag::DEAD_LETTER, cx);
    }

    fn send_to_dead_letter_queue(&self, link: LinkId, entries: Entries, tag: Tag, cx: &mut Context<'_>) {
        let Some(request) = ResourceKind::Queue.send_request(&entries) else { return };
        let name = crate::access_policy::SNS_SERVICE_PRINCIPAL;
        let principal = Principal::Service { name, source: cx.id() };
        let (reply, tag) = (Reply::Always, tag.0);
        let new = NewCall { link, request, entries, principal, reply, tag };
        cx.make_call_taking(new, quotas::DELIVERY);
    }

    fn dead_letter_answered(
        &mut self,
        link: LinkId,
        tag: Tag,
        taken: u64,
        refusal: Option<(Entries, ApiError)>,
        cx: &mut Context<'_>,
    ) {
        cx.count(MetricName::NumberOfNotificationsRedrivenToDlq, taken);
        let Some((entries, error)) = refusal else { return };
        let retryable = is_server_side(error.as_service_error());
        let delay = if retryable { RetryPolicy::AWS_MANAGED.delay_before(tag.attempts()) } else { None };
        let amount = entries.len() as u64;
        if let Some(delay) = delay
            && self.retries.messages() + amount <= quotas::PENDING_DELIVERIES.current
        {
            return self.keep(link, entries, tag.next(), delay, cx);
        }
        // The move failed: the message is lost (SNS-149).
        cx.count(MetricName::NumberOfNotificationsFailedToRedriveToDlq, amount);
        cx.count(MetricName::MessagesLost, amount);
        self.lost.add(cx.now(), amount);
        for entry in &entries {
            cx.record(link, Some(entry.message.trace_id), TraceKind::NotificationFailed { error });
        }
    }

    /// The time of a delivery has come: its next attempt, or its turn.
    pub(super) fn retry(&mut self, slot: u32, cx: &mut Context<'_>) {
        let Some(Retry { link, entries, attempts }) = self.retries.take(slot) else { return };
        let tag = Tag(attempts);
        if tag.has(Tag::DEAD_LETTER) {
            return self.send_to_dead_letter_queue(link, entries, tag, cx);
        }
        match self.place_of(link) {
            Some(place) if tag.has(Tag::CONFIRMATION) => self.ask_to_confirm(place, entries, tag, cx),
            Some(place) => self.deliver(place, entries, tag, cx),
            None => self.subscription_gone(entries.len() as u64, cx),
        }
    }

    /// Delivery status logging (SNS-172).
    fn log(&self, link: LinkId, tag: Tag, error: Option<ApiError>, cx: &mut Context<'_>) {
        let Some(protocol) = self.place_of(link).and_then(|place| self.subscriptions[place].protocol) else {
            return;
        };
        for config in self.properties.delivery_status_logging.iter().filter(|config| config.covers(protocol))
        {
            let wanted = match error {
                Some(_) => config.failure_feedback_role_arn.is_some(),
                None if config.success_feedback_role_arn.is_none() => false,
                None => cx.random().below(100) < u64::from(config.success_feedback_sample_rate),
            };
            if wanted {
                cx.count(MetricName::DeliveryStatusLogEntries, 1);
                let (succeeded, attempts) = (error.is_none(), tag.attempts() + 1);
                cx.record(link, None, TraceKind::DeliveryStatus { succeeded, attempts });
            }
        }
    }
}
