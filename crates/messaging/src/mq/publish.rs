//! Publishing: capacity, limits, routing, confirms (MQ-9 to MQ-14, MQ-26, MQ-27, MQ-33, MQ-35).

use kernel::SimDuration;

use super::accounting::Arrival;
use super::broker::{Broker, BrokerTimer};
use super::destination::{Destination, Reason};
use super::ports::{Terms, Way};
use super::{Error, Overflow, Response, quotas};
use crate::context::Context;
use crate::identifiers::{CallId, KeyId, LinkId, PayloadId};
use crate::message::Message;
use crate::metric::MetricName;

/// Messages are taken in pieces of so many bytes (MQ-10).
const PIECE_BYTES: u64 = 1_024;

impl Broker {
    /// A message arrived; it waits for its turn if others do.
    #[inline]
    pub(super) fn publish(&mut self, call: CallId, cx: &mut Context<'_>) {
        self.waiting.push_back(call);
        self.take_waiting(cx);
    }

    /// Takes as many of those that wait as capacity and space allow.
    pub(super) fn take_waiting(&mut self, cx: &mut Context<'_>) {
        while let Some(call) = self.waiting.front().copied() {
            let now = cx.now();
            if !self.instances.is_serving() {
                return;
            }
            if self.is_full() && !self.properties.send_fail_if_no_space {
                // MQ-14: sends block, and what is acknowledged makes room.
                return;
            }
            if self.free_at > now {
                if !std::mem::replace(&mut self.take_armed, true) {
                    cx.schedule_at(self.free_at, BrokerTimer::Take);
                }
                return;
            }
            self.waiting.pop_front();
            self.take(call, cx);
        }
    }

    fn take(&mut self, call: CallId, cx: &mut Context<'_>) {
        let now = cx.now();
        let link = cx.call(call).link;
        let Some(message) = cx.call(call).entries.first().map(|entry| entry.message) else {
            return cx.reply(call, Ok(Response::Confirmed.into()));
        };
        let bytes = u64::from(cx.catalogue().payload(message.payload).size_bytes);
        let pieces = bytes.div_ceil(PIECE_BYTES).max(1);
        let micros = (pieces * 1_000_000).div_ceil(self.capacity());
        self.free_at = now + SimDuration::from_micros(micros);
        if self.is_full() {
            return self.refuse(call, Error::ResourceAllocationException, cx);
        }
        let found = match link == LinkId::NONE {
            true => self.places_from_outside(call, cx),
            false => self.places_for(link, message, cx),
        };
        let Some((places, terms)) = found else {
            return self.refuse(call, Error::NotFound, cx);
        };
        if places.is_empty() && terms.mandatory {
            return self.refuse(call, Error::NoRoute, cx);
        }
        if places.iter().any(|place| !self.is_available(*place, now)) {
            // A quorum queue without its leader takes nothing yet (MQ-45).
            return self.delayed_by_election(call);
        }
        self.taken.add(now, 1);
        cx.count(MetricName::PublishRate, u64::from(self.properties.is_rabbit()));
        cx.count(MetricName::MessagesDropped, u64::from(places.is_empty()));
        let mut message = message;
        if let Some(key) = self.routing_key_of(link) {
            message.key = key;
        }
        message.id = cx.new_message_id();
        if let Some(entry) = cx.call_mut(call).entries.first_mut() {
            entry.message.id = message.id;
        }
        let at_once = self.properties.concurrent_store_and_dispatch
            && places.iter().all(|place| self.consumes_at_once(*place));
        let mut refused = false;
        for place in places.iter().copied() {
            let (persistent, time_to_live) = (terms.persistent, terms.time_to_live);
            let arrival = Arrival { message, time_to_live, persistent, deaths: Vec::new() };
            refused |= !self.arrive(place, arrival, cx);
        }
        if refused {
            return self.refuse(call, Error::Nacked, cx);
        }
        cx.count(MetricName::ConfirmRate, u64::from(terms.confirms && self.properties.is_rabbit()));
        self.confirm(call, terms.persistent && !at_once, bytes, cx);
        for place in places.iter().copied() {
            self.dispatch(place, cx);
        }
    }

    /// Where a message goes that came along a link, and on which terms; none if the exchange is not there.
    fn places_for(
        &mut self,
        link: LinkId,
        message: Message,
        cx: &Context<'_>,
    ) -> Option<(Box<[u32]>, Terms)> {
        let place = self.ports.binary_search_by_key(&link, |port| port.link).ok()?;
        match &self.ports[place].way {
            Way::Send { to, terms } => {
                let takes = |place: &&u32| self.destinations[**place as usize].takes_copies();
                Some((to.iter().filter(takes).copied().collect(), *terms))
            }
            Way::Publish { exchange, routing_key, terms } => {
                let (exchange, key, terms) = ((*exchange)?, routing_key.unwrap_or(message.key), *terms);
                Some((self.route(exchange, key, message.payload, cx), terms))
            }
            _ => None,
        }
    }

    /// The routing key that a link gives to all its messages (MQ-26).
    fn routing_key_of(&self, link: LinkId) -> Option<KeyId> {
        let place = self.ports.binary_search_by_key(&link, |port| port.link).ok()?;
        match &self.ports[place].way {
            Way::Publish { routing_key, .. } => *routing_key,
            _ => None,
        }
    }

    /// The queues an exchange chooses.
    pub(super) fn route(
        &mut self,
        exchange: u32,
        key: KeyId,
        payload: PayloadId,
        cx: &Context<'_>,
    ) -> Box<[u32]> {
        let destinations = &self.destinations;
        let queue = |name: &str| {
            let is_meant = |other: &Destination| !other.gone && other.name == name;
            destinations.iter().position(is_meant).map(|place| place as u32)
        };
        self.routing.route(exchange, key, payload, cx.catalogue(), queue).into()
    }

    /// A message comes to a destination; false if the destination refuses it (MQ-33).
    pub(super) fn arrive(&mut self, place: u32, arrival: Arrival, cx: &mut Context<'_>) -> bool {
        let cluster = self.properties.instances() == 3;
        let usual = (self.properties.is_rabbit() && cluster).then_some(quotas::CLUSTER_MAX_LENGTH.current);
        match self.destinations[place as usize].overflow(usual) {
            None => {
                self.store(place, arrival, cx);
                true
            }
            Some(Overflow::DropHead) => {
                self.store(place, arrival, cx);
                if let Some(head) = self.destinations[place as usize].ready.pop_front() {
                    self.dead_letter(head, Reason::MaxLength, cx);
                }
                true
            }
            Some(Overflow::RejectPublish) => false,
            Some(Overflow::RejectPublishDlx) => {
                let slot = self.store(place, arrival, cx);
                self.destinations[place as usize].ready.pop_back();
                self.dead_letter(slot, Reason::MaxLength, cx);
                false
            }
        }
    }

    /// A consumer has nothing else in hand: its message need not touch the disk (MQ-13).
    fn consumes_at_once(&self, place: u32) -> bool {
        let destination = &self.destinations[place as usize];
        let idle =
            |place: &u32| self.subscriptions.get(*place as usize).is_some_and(|it| it.unacknowledged == 0);
        destination.is_queue() && destination.ready.is_empty() && destination.subscriptions.iter().any(idle)
    }

    /// Tells the producer once the message is safe (MQ-9, MQ-35).
    fn confirm(&mut self, call: CallId, to_disk: bool, bytes: u64, cx: &mut Context<'_>) {
        let now = cx.now();
        if to_disk && !self.properties.is_rabbit() {
            let safe_at = cx.call(call).made_at + self.time_to_store(bytes);
            let latency = &mut cx.call_mut(call).latency;
            let usual = now + latency.response;
            latency.response = if safe_at > usual { safe_at.since(now) } else { latency.response };
        }
        let arrives_at = now + cx.call(call).latency.response;
        while self.unconfirmed.front().is_some_and(|(at, _)| *at <= now) {
            self.unconfirmed.pop_front();
        }
        self.unconfirmed.push_back((arrives_at, call));
        cx.reply(call, Ok(Response::Confirmed.into()));
    }
}
