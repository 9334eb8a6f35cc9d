//! How consumers and functions read from a broker: the one has messages pushed, the other asks.

use kernel::SimDuration;

use super::{AcknowledgeMode, Consume, Request, Response, quotas};
use crate::call::{ApiResult, Entries, Entry};
use crate::context::Context;
use crate::identifiers::LinkId;
use crate::poller::{AfterFailure, Poll, PollSettings, Poller};
use crate::registry::{LinkProperties, Request as AnyRequest, Response as AnyResponse};

/// One worker's connection to a broker, or one poller of a function.
#[derive(Clone, Debug, Default)]
pub struct BrokerPoller {
    /// The number of its subscription while it has one.
    subscription: Option<u32>,
    /// Refused attempts in a row.
    refused: u32,
    /// Nothing was there the last time it asked.
    empty: bool,
    auto_acknowledge: bool,
    lazy_after: u32,
    unacknowledged: u32,
}

fn consume(link: LinkId, cx: &Context<'_>) -> Option<Consume> {
    match &cx.links().get(link)?.properties {
        LinkProperties::Consume(consume) => Some(consume.clone()),
        _ => None,
    }
}

impl Poller for BrokerPoller {
    fn poll(&mut self, link: LinkId, settings: &PollSettings, cx: &mut Context<'_>) -> Poll {
        let Some(consume) = consume(link, cx) else {
            // A function's pollers ask again and again (MQ-48).
            return match std::mem::take(&mut self.empty) {
                true => Poll::Wait(quotas::RECEIVE_AGAIN),
                false => Poll::Call(Request::Receive { max_messages: settings.max_messages }.into()),
            };
        };
        if self.subscription.is_some() {
            return Poll::Pushed;
        }
        self.auto_acknowledge = consume.auto_acknowledge;
        self.unacknowledged = 0;
        self.lazy_after = match consume.acknowledge_mode {
            AcknowledgeMode::DupsOkAcknowledge => {
                consume.prefetch.unwrap_or(quotas::QUEUE_PREFETCH).div_ceil(2)
            }
            _ => 0,
        };
        Poll::Call(Request::Consume { worker: settings.worker }.into())
    }

    fn received(&mut self, result: &ApiResult, entries: &Entries, _cx: &mut Context<'_>) {
        match result {
            Ok(AnyResponse::Mq(Response::Subscribed { subscription })) => {
                (self.subscription, self.refused) = (Some(*subscription), 0);
            }
            Ok(_) => (self.empty, self.refused) = (entries.is_empty(), 0),
            Err(_) => self.refused += 1,
        }
    }

    /// The failover transport of JMS (MQ-40).
    fn pause_after_refusal(&self) -> SimDuration {
        quotas::reconnect_after(self.refused.saturating_sub(1))
    }

    fn settle(&mut self, _entries: &[Entry]) -> Option<AnyRequest> {
        if self.auto_acknowledge {
            return None;
        }
        if self.lazy_after > 0 {
            self.unacknowledged += 1;
            if self.unacknowledged < self.lazy_after {
                return None;
            }
            self.unacknowledged = 0;
            return Some(Request::Acknowledge { multiple: true }.into());
        }
        Some(Request::Acknowledge { multiple: false }.into())
    }

    fn failed(&mut self, link: LinkId, entry: &Entry, cx: &mut Context<'_>) -> AfterFailure {
        let Some(consume) = consume(link, cx) else { return AfterFailure::Leave };
        let is_rabbit = match cx.links().get(link).and_then(|link| cx.properties(link.from)) {
            Some(crate::registry::Properties::Broker(broker)) => broker.is_rabbit(),
            _ => false,
        };
        if is_rabbit {
            // MQ-30
            return match self.auto_acknowledge {
                true => AfterFailure::Leave,
                false => AfterFailure::GiveBack(Request::Reject { requeue: consume.requeue }.into()),
            };
        }
        // MQ-18: the client redelivers to itself, and gives the message up in the end.
        let redeliveries = entry.receive_count.saturating_sub(1);
        if consume.maximum_redeliveries >= 0 && redeliveries >= consume.maximum_redeliveries as u32 {
            return AfterFailure::GiveBack(Request::Reject { requeue: false }.into());
        }
        AfterFailure::Again(redelivery_delay(&consume, redeliveries))
    }

    fn give_back(&mut self) -> Option<AnyRequest> {
        Some(Request::Reject { requeue: true }.into())
    }

    fn takes_push(&self, subscription: u32) -> bool {
        self.subscription == Some(subscription)
    }

    fn is_pushed(&self) -> bool {
        self.subscription.is_some()
    }

    fn close(&mut self) -> Option<AnyRequest> {
        self.subscription.take().map(|subscription| Request::Close { subscription }.into())
    }
}

/// How long a client of JMS waits before it redelivers (MQ-18).
fn redelivery_delay(consume: &Consume, redeliveries: u32) -> SimDuration {
    let first = consume.initial_redelivery_delay;
    let delay = match (redeliveries, consume.use_exponential_back_off) {
        (0, _) => first as f64,
        (_, false) => consume.redelivery_delay as f64,
        (more, true) => first as f64 * libm::pow(consume.back_off_multiplier, f64::from(more)),
    };
    // Two weeks, so that an exponent of a stranger stays a time.
    SimDuration::from_secs_f64((delay / 1_000.0).min(1_209_600.0))
}
