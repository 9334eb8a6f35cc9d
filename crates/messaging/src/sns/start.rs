//! Subscriptions from their start: confirmation (SNS-46) and replays out of the archive (SNS-131).

use kernel::SimDuration;
use smallvec::smallvec;

use super::archive::{Replay, ReplayStatus, Step};
use super::delivery::{Tag, is_server_side};
use super::format::confirmation;
use super::subscription::Confirmation;
use super::topic::{Topic, TopicTimer};
use super::{Error, Protocol, quotas};
use crate::call::{Entries, Entry, Latency, NewCall, Principal, Reply};
use crate::context::Context;
use crate::identifiers::{DeduplicationId, KeyId, LinkId};
use crate::message::Message;
use crate::registry::{ApiError, ResourceKind};

impl Topic {
    /// A subscription is there, or was changed: it may have to be confirmed, or replayed to.
    pub(super) fn start_subscription(&mut self, place: usize, cx: &mut Context<'_>) {
        let subscription = &mut self.subscriptions[place];
        let link = subscription.link;
        if subscription.awaits_policy() {
            let seconds = u64::from(self.properties.filter_policy_propagation_seconds);
            cx.schedule_in(SimDuration::from_secs(seconds), TopicTimer::FilterPolicy(link));
        }
        if subscription.confirmation == Confirmation::New {
            if subscription.needs_confirmation() {
                subscription.confirmation = Confirmation::Pending;
                subscription.expiry =
                    Some(cx.schedule_in(quotas::CONFIRMATION_VALIDITY, TopicTimer::Expire(link)));
                let message = self.confirmation_message(cx);
                self.ask_to_confirm(place, smallvec![Entry::new(message)], Tag::CONFIRMATION, cx);
            } else {
                subscription.confirmation = Confirmation::Confirmed;
            }
        }
        self.start_replay(place, cx);
    }

    fn confirmation_message(&self, cx: &mut Context<'_>) -> Message {
        let payload = cx.catalogue_mut().add_payload(confirmation(&self.arn));
        Message {
            id: cx.new_message_id(),
            trace_id: cx.new_trace_id(),
            payload,
            key: KeyId::NONE,
            deduplication_id: DeduplicationId::NONE,
            published_at: cx.now(),
            delay_seconds: None,
            poison: false,
        }
    }

    pub(super) fn ask_to_confirm(&mut self, place: usize, entries: Entries, tag: Tag, cx: &mut Context<'_>) {
        let subscription = &self.subscriptions[place];
        // A queue gets the request as a message, and its owner confirms (SNS-122).
        let request = match subscription.kind {
            ResourceKind::Endpoint => Some(crate::endpoint::Request::SubscriptionConfirmation.into()),
            kind => kind.send_request(&entries),
        };
        let Some(request) = request else { return };
        let latency = subscription.protocol.map_or(quotas::DELIVERY, Protocol::latency);
        let latency = Latency { request: latency.request + subscription.further, ..latency };
        let principal = Principal::Service { name: subscription.principal, source: cx.id() };
        let (link, reply, tag) = (subscription.link, Reply::Always, tag.0);
        cx.make_call_taking(NewCall { link, request, entries, principal, reply, tag }, latency);
    }

    /// The endpoint got the request to confirm, or did not.
    pub(super) fn confirmation_answered(
        &mut self,
        link: LinkId,
        tag: Tag,
        refusal: Option<(Entries, ApiError)>,
        cx: &mut Context<'_>,
    ) {
        let Some(place) = self.place_of(link) else { return };
        let subscription = &self.subscriptions[place];
        let Some((entries, error)) = refusal else {
            if subscription.kind == ResourceKind::Endpoint {
                // An endpoint's answer is its confirmation.
                return self.confirm(link, cx);
            }
            let after = SimDuration::from_secs(u64::from(subscription.properties.confirm_after_seconds));
            cx.schedule_in(after, TopicTimer::Confirm(link));
            return;
        };
        let retryable = is_server_side(error.as_service_error());
        let delay = if retryable { subscription.retry_policy.delay_before(tag.attempts()) } else { None };
        if let Some(delay) = delay {
            self.keep(link, entries, tag.next(), delay, cx);
        }
    }

    /// `ConfirmSubscription` (SNS-46).
    pub(super) fn confirm(&mut self, link: LinkId, cx: &mut Context<'_>) {
        let Some(place) = self.place_of(link) else { return };
        let subscription = &mut self.subscriptions[place];
        if subscription.confirmation == Confirmation::Pending {
            subscription.confirmation = Confirmation::Confirmed;
            // Nothing is left to wait for: a run may end before two days are over.
            if let Some(key) = subscription.expiry.take() {
                cx.cancel(key);
            }
        }
    }

    /// Nobody confirmed in time: the subscription vanishes (SNS-46).
    pub(super) fn expire(&mut self, link: LinkId) {
        if let Some(place) = self.place_of(link)
            && self.subscriptions[place].confirmation == Confirmation::Pending
        {
            self.subscriptions[place].confirmation = Confirmation::Expired;
        }
    }

    /// A new replay policy starts a replay (SNS-131).
    fn start_replay(&mut self, place: usize, cx: &mut Context<'_>) {
        let wanted = self.subscriptions[place].properties.replay_policy;
        if wanted == self.subscriptions[place].replay.map(|replay| replay.policy()) {
            return;
        }
        let running = |replay: &Replay| replay.status == ReplayStatus::InProgress;
        let all = self.subscriptions.iter().filter(|other| other.replay.as_ref().is_some_and(running));
        let too_many = all.count() as u64 >= quotas::REPLAYS.current;
        let archive = if too_many { None } else { self.archive.as_ref() };
        let subscription = &mut self.subscriptions[place];
        subscription.replay = wanted.map(|policy| Replay::new(policy, archive));
        if subscription.replay.as_ref().is_some_and(running) {
            cx.schedule_in(SimDuration::ZERO, TopicTimer::Replay(subscription.link));
        } else if too_many && wanted.is_some() {
            subscription.last_failure = Some((cx.now(), Error::ReplayLimitExceeded.into()));
        }
    }

    /// The next messages of a replay (SNS-131, SNS-132).
    pub(super) fn replay(&mut self, link: LinkId, cx: &mut Context<'_>) {
        let Some(place) = self.place_of(link) else { return };
        for _ in 0..quotas::REPLAY_BATCH {
            let Some(replay) = self.subscriptions[place].replay.as_mut() else { return };
            if replay.status != ReplayStatus::InProgress {
                return;
            }
            match replay.step(self.archive.as_ref()) {
                Step::Deliver(message) => self.fan_out(place, message, true, cx),
                Step::Done if replay.goes_on(cx.now()) => {
                    cx.schedule_in(quotas::REPLAY_LOOKS_AGAIN, TopicTimer::Replay(link));
                    return;
                }
                Step::Done => {
                    replay.status = ReplayStatus::Completed;
                    return;
                }
            }
        }
        cx.schedule_in(quotas::REPLAY_INTERVAL, TopicTimer::Replay(link));
    }
}
