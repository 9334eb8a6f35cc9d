//! Expired, rejected and pushed-out messages (MQ-18, MQ-20, MQ-32 to MQ-34).

use super::accounting::{Arrival, Leaves};
use super::broker::{Broker, BrokerTimer};
use super::destination::{Death, Reason};
use crate::context::Context;
use crate::identifiers::LinkId;
use crate::metric::MetricName;
use crate::trace::TraceKind;

/// Where ActiveMQ puts what nobody could process (MQ-18).
const DEAD_LETTER_QUEUE: &str = "ActiveMQ.DLQ";

impl Broker {
    /// Messages expire when they are at the head (MQ-32); a timer waits for that.
    #[inline]
    pub(super) fn drop_expired(&mut self, place: u32, cx: &mut Context<'_>) {
        let now = cx.now();
        while let Some(slot) = self.destinations[place as usize].ready.front().copied() {
            let expires_at = self.stored[slot as usize].expires_at;
            if expires_at == kernel::SimTime::MAX {
                return;
            }
            let destination = &mut self.destinations[place as usize];
            if expires_at > now {
                if destination.expiry_armed.is_none_or(|armed| armed > expires_at) {
                    destination.expiry_armed = Some(expires_at);
                    cx.schedule_at(expires_at, BrokerTimer::Expiry(place));
                }
                return;
            }
            destination.ready.pop_front();
            cx.count(MetricName::ExpiredCount, 1);
            let trace_id = self.stored[slot as usize].message.trace_id;
            cx.record(LinkId::NONE, Some(trace_id), TraceKind::Expired);
            self.dead_letter(slot, Reason::Expired, cx);
        }
    }

    /// A message leaves its destination because it could not be processed. It must no longer be among those that are
    /// ready, and nobody may hold it.
    pub(super) fn dead_letter(&mut self, slot: u32, reason: Reason, cx: &mut Context<'_>) {
        let targets = match self.properties.is_rabbit() {
            true => self.dead_letter_targets(slot, reason, cx),
            false => self.dead_letter_queue(slot, reason),
        };
        if targets.is_empty() {
            self.remove(slot, Leaves::Dropped, cx);
            return;
        }
        let stored = self.remove(slot, Leaves::DeadLettered, cx);
        let receive_count = stored.deliveries;
        let trace_id = stored.message.trace_id;
        cx.record(LinkId::NONE, Some(trace_id), TraceKind::MovedToDeadLetterQueue { receive_count });
        let mut message = stored.message;
        if self.properties.is_rabbit()
            && let Some(key) =
                self.destinations[stored.destination as usize].declaration.dead_letter_routing_key.clone()
        {
            message.key = cx.catalogue_mut().add_key(&key);
        }
        for place in targets {
            let (persistent, deaths) = (stored.persistent, stored.deaths.clone());
            // What the target refuses for want of room is gone, as a publish without confirms.
            if !self.arrive(place, Arrival { message, time_to_live: None, persistent, deaths }, cx) {
                cx.count(MetricName::MessagesDropped, 1);
            }
            self.dispatch(place, cx);
        }
    }

    /// The dead-letter queue of ActiveMQ, if the message is one for it (MQ-18, MQ-20).
    fn dead_letter_queue(&mut self, slot: u32, reason: Reason) -> Vec<u32> {
        let stored = &self.stored[slot as usize];
        let source = &self.destinations[stored.destination as usize];
        let unwanted = (reason == Reason::Expired && !self.properties.process_expired)
            || (!stored.persistent && !self.properties.process_non_persistent)
            || source.name.starts_with(DEAD_LETTER_QUEUE);
        if unwanted {
            return Vec::new();
        }
        let name = match self.properties.individual_dead_letter_queues {
            true => format!(
                "{DEAD_LETTER_QUEUE}.{}.{}",
                if source.is_queue() { "Queue" } else { "Topic" },
                source.name
            ),
            false => DEAD_LETTER_QUEUE.to_owned(),
        };
        vec![self.make_queue(&name)]
    }

    /// Where the dead-letter exchange sends the message; a cycle without a rejection ends (MQ-34).
    fn dead_letter_targets(&mut self, slot: u32, reason: Reason, cx: &mut Context<'_>) -> Vec<u32> {
        let stored = &mut self.stored[slot as usize];
        let source = stored.destination;
        let death = Death { destination: source, reason };
        if !stored.deaths.contains(&death) {
            stored.deaths.push(death);
        }
        let (message, deaths) = (stored.message, stored.deaths.clone());
        let declaration = &self.destinations[source as usize].declaration;
        let Some(exchange) = &declaration.dead_letter_exchange else { return Vec::new() };
        let Some(exchange) = self.routing.exchange(exchange) else { return Vec::new() };
        let key = match declaration.dead_letter_routing_key.clone() {
            Some(key) => cx.catalogue_mut().add_key(&key),
            None => message.key,
        };
        let rejected = deaths.iter().any(|death| death.reason == Reason::Rejected);
        let goes_round = |place: &u32| !rejected && deaths.iter().any(|death| death.destination == *place);
        let found = self.route(exchange, key, message.payload, cx);
        found.iter().copied().filter(|place| !goes_round(place)).collect()
    }

    /// Takes all out of a destination that nobody holds.
    pub(super) fn empty(&mut self, place: u32, leaves: Leaves, cx: &mut Context<'_>) {
        while let Some(slot) = self.destinations[place as usize].ready.pop_front() {
            self.remove(slot, leaves, cx);
        }
    }

    /// A destination is gone with all that is in it.
    pub(super) fn remove_destination(&mut self, place: u32, cx: &mut Context<'_>) {
        let all = self.destinations[place as usize].subscriptions.clone();
        all.into_iter().for_each(|subscription| self.close(subscription, cx));
        self.empty(place, Leaves::Dropped, cx);
        self.destinations[place as usize].gone = true;
        self.routing.forget();
    }

    /// Nobody has used the queue for long enough: it goes, and nothing is dead-lettered (MQ-32).
    pub(super) fn remove_if_unused(&mut self, place: u32, cx: &mut Context<'_>) {
        let destination = &self.destinations[place as usize];
        let Some((since, expires)) = destination.unused_since.zip(destination.declaration.expires) else {
            return;
        };
        let over = cx.now().since(since) >= kernel::SimDuration::from_millis(expires);
        if over && !destination.gone {
            self.remove_destination(place, cx);
        }
    }
}
