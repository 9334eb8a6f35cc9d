//! What is counted rather than drawn: topics, other subscriptions, text messages (SNS-2 to SNS-4, SNS-102, SNS-113).

use super::error::Error;
use super::topic::Topic;
use super::{CreateTopic, Protocol, Request, Response, quotas};
use crate::context::Context;
use crate::registry::Properties;

/// Counters of a topic and of its account, as far as they are met by calls.
#[derive(Clone, Debug, Default)]
pub(super) struct Account {
    /// `DeleteTopic` was called, and no `CreateTopic` after it.
    pub(super) deleted: bool,
    /// Topics created by calls, which nobody has drawn.
    topics: u64,
    /// Subscriptions made by calls, which nobody has drawn.
    subscriptions: u64,
    firehose: u64,
    pending: u64,
    pub(super) sms_spent_micro_usd: u64,
    pub(super) sms_delivered: u64,
    pub(super) sms_failed: u64,
}

impl Account {
    /// `SMSSuccessRate` in per cent, once a text message was sent.
    pub(super) fn sms_success_percent(&self) -> Option<u64> {
        let all = self.sms_delivered + self.sms_failed;
        (all > 0).then(|| 100 * self.sms_delivered / all)
    }
}

impl Topic {
    /// Subscriptions of the topic, drawn or not.
    pub(super) fn subscription_count(&self) -> u64 {
        let drawn = self.subscriptions.len() as u64;
        drawn + u64::from(self.properties.other_subscriptions) + self.account.subscriptions
    }

    /// The calls that publish nothing.
    pub(super) fn control(&mut self, request: Request, cx: &mut Context<'_>) -> Result<Response, Error> {
        match request {
            Request::CreateTopic(new) => self.create_topic(new, cx)?,
            Request::DeleteTopic => self.delete_topic()?,
            Request::Subscribe(protocol) => self.subscribe(protocol, cx)?,
            Request::Unsubscribe => {
                self.take_subscribe_quota(cx)?;
                // Nothing left to remove is no error (SNS-49).
                self.account.subscriptions = self.account.subscriptions.saturating_sub(1);
            }
            Request::Publish | Request::PublishBatch => {}
        }
        Ok(Response::Done)
    }

    fn create_topic(&mut self, new: CreateTopic, cx: &Context<'_>) -> Result<(), Error> {
        match new {
            CreateTopic::SameTopicOtherAttributes if !self.account.deleted => {
                return Err(Error::TopicExistsWithOtherAttributes);
            }
            CreateTopic::SameTopicOtherTags if !self.account.deleted => {
                return Err(Error::TopicExistsWithOtherTags);
            }
            CreateTopic::OtherTopic => {}
            // The topic that is there is the answer; one that was deleted is there again, without subscriptions.
            _ => {
                self.account.deleted = false;
                return Ok(());
            }
        }
        let quota = if self.is_fifo() { &quotas::FIFO_TOPICS } else { &quotas::STANDARD_TOPICS };
        let of_this_type = |properties: &Properties| matches!(properties, Properties::Topic(topic) if topic.fifo_topic == self.is_fifo());
        let drawn = cx.core.spec.resources.iter().filter(|resource| of_this_type(&resource.properties));
        if drawn.count() as u64 + self.account.topics >= cx.quota(quota) {
            return Err(Error::TopicLimitExceeded);
        }
        self.account.topics += 1;
        Ok(())
    }

    fn delete_topic(&mut self) -> Result<(), Error> {
        if self.archive.is_some() && !self.account.deleted {
            return Err(Error::TopicHasArchive);
        }
        // Messages under way still arrive, or are tried no more (SNS-2).
        self.account.deleted = true;
        self.account.subscriptions = 0;
        self.subscriptions.clear();
        Ok(())
    }

    fn subscribe(&mut self, protocol: Protocol, cx: &mut Context<'_>) -> Result<(), Error> {
        self.take_subscribe_quota(cx)?;
        if self.account.deleted {
            return Err(Error::TopicDoesNotExist);
        }
        if self.is_fifo() && protocol != Protocol::Sqs {
            return Err(Error::FifoTopicTakesQueuesOnly);
        }
        let quota =
            if self.is_fifo() { &quotas::FIFO_SUBSCRIPTIONS } else { &quotas::STANDARD_SUBSCRIPTIONS };
        let drawn = |protocol| {
            self.subscriptions.iter().filter(|drawn| drawn.protocol == Some(protocol)).count() as u64
        };
        let is_firehose = protocol == Protocol::Firehose;
        let full = self.subscription_count() >= cx.quota(quota)
            || is_firehose
                && self.account.firehose + drawn(Protocol::Firehose)
                    >= cx.quota(&quotas::FIREHOSE_SUBSCRIPTIONS)
            || protocol.needs_confirmation()
                && self.account.pending >= cx.quota(&quotas::PENDING_SUBSCRIPTIONS);
        if full {
            return Err(Error::SubscriptionLimitExceeded);
        }
        self.account.subscriptions += 1;
        self.account.firehose += u64::from(is_firehose);
        self.account.pending += u64::from(protocol.needs_confirmation());
        Ok(())
    }

    fn take_subscribe_quota(&self, cx: &mut Context<'_>) -> Result<(), Error> {
        if cx.try_take_account_quota(&quotas::SUBSCRIBE_RATE, 1) { Ok(()) } else { Err(Error::Throttled) }
    }
}
