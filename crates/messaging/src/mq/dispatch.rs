//! Pushing messages to consumers, and what they answer (MQ-15 to MQ-17, MQ-23, MQ-29 to MQ-31).

use smallvec::smallvec;

use super::accounting::Leaves;
use super::broker::{Broker, BrokerTimer};
use super::destination::{NOBODY, Reason, Stored};
use super::ports::Way;
use super::subscription::Subscription;
use super::{Error, Request, Response, quotas};
use crate::call::{Entries, Entry, Receipt};
use crate::context::Context;
use crate::identifiers::{CallId, KeyId, LinkId};
use crate::message::Message;
use crate::metric::MetricName;
use crate::trace::{Kept, TraceKind};

/// The worker of a subscription that is a function's pollers: they ask, and nothing is pushed to them.
const POLLERS: u32 = u32::MAX;

impl Broker {
    /// A worker wants messages.
    pub(super) fn subscribe(&mut self, call: CallId, worker: u32, cx: &mut Context<'_>) {
        let link = cx.call(call).link;
        let too_many = self.has_too_many(link, cx);
        let node = self.instances.node_for(link);
        let tops_up_at_half = !self.properties.is_rabbit();
        let Some(port) = self.port(link) else { return cx.reply(call, Err(Error::NotFound.into())) };
        let Way::Consume { destination: Some(place), prefetch, auto_acknowledge, exclusive, .. } = port.way
        else {
            return cx.reply(call, Err(Error::NotFound.into()));
        };
        if too_many || self.destinations[place as usize].gone {
            let error = if too_many { Error::TooManyConnections } else { Error::NotFound };
            return cx.reply(call, Err(error.into()));
        }
        self.next_number += 1;
        let number = self.next_number;
        let subscription = self.subscriptions.insert(Subscription {
            link,
            worker,
            number,
            destination: place,
            prefetch,
            unacknowledged: 0,
            full: false,
            tops_up_at_half,
            auto_acknowledge,
            exclusive,
            node,
        });
        let destination = &mut self.destinations[place as usize];
        destination.subscriptions.push(subscription as u32);
        destination.unused_since = None;
        cx.reply(call, Ok(Response::Subscribed { subscription: number }.into()));
        self.dispatch(place, cx);
    }

    /// Pushes what can be pushed.
    #[inline]
    pub(super) fn dispatch(&mut self, place: u32, cx: &mut Context<'_>) {
        let now = cx.now();
        if self.breaking || !self.instances.is_serving() {
            return;
        }
        self.drop_expired(place, cx);
        if self.destinations[place as usize].subscriptions.is_empty() || !self.is_available(place, now) {
            return;
        }
        while let Some((position, subscription)) = self.next_delivery(place, cx) {
            let Some(slot) = self.destinations[place as usize].ready.remove(position) else { return };
            self.deliver(slot, subscription, cx);
            self.drop_expired(place, cx);
        }
    }

    /// The first message that somebody can take, and who: in turn, by group, by selector.
    fn next_delivery(&mut self, place: u32, cx: &Context<'_>) -> Option<(usize, u32)> {
        let destination = &self.destinations[place as usize];
        let with_groups = !self.properties.is_rabbit() && destination.is_queue();
        let mut position = 0;
        while position < self.destinations[place as usize].ready.len() {
            let slot = self.destinations[place as usize].ready[position];
            let message = self.stored[slot as usize].message;
            let key = if with_groups { message.key } else { KeyId::NONE };
            let mut skipped_for_room = true;
            if let Some(subscription) = self.taker(place, key, message, &mut skipped_for_room, cx) {
                return Some((position, subscription));
            }
            // Without groups and selectors the next message finds no taker either.
            if skipped_for_room && !key.is_some() {
                return None;
            }
            position += 1;
        }
        None
    }

    fn taker(
        &mut self,
        place: u32,
        key: KeyId,
        message: Message,
        only_room: &mut bool,
        cx: &Context<'_>,
    ) -> Option<u32> {
        let destination = &self.destinations[place as usize];
        let count = destination.subscriptions.len();
        let owner = match key.is_some() {
            true => destination.groups.iter().find(|(group, _)| *group == key).map(|(_, owner)| *owner),
            false => None,
        };
        let exclusive = destination
            .subscriptions
            .iter()
            .copied()
            .find(|other| self.subscriptions[*other as usize].exclusive);
        let start = destination.next_turn;
        for step in 0..count {
            let turn = (start + step) % count;
            let candidate = self.destinations[place as usize].subscriptions[turn];
            let wanted = owner.is_none_or(|owner| owner == candidate)
                && exclusive.is_none_or(|exclusive| exclusive == candidate);
            let subscription = &self.subscriptions[candidate as usize];
            if !wanted || !subscription.has_room() {
                continue;
            }
            let link = subscription.link;
            if let Ok(port) = self.ports.binary_search_by_key(&link, |port| port.link)
                && let Way::Consume { chooser, .. } = &mut self.ports[port].way
                && chooser.chooses()
                && !chooser.selects(message.payload, cx.catalogue())
            {
                *only_room = false;
                continue;
            }
            let destination = &mut self.destinations[place as usize];
            destination.next_turn = (turn + 1) % count;
            if key.is_some() && owner.is_none() {
                destination.groups.push((key, candidate));
            }
            return Some(candidate);
        }
        None
    }

    fn deliver(&mut self, slot: u32, subscription: u32, cx: &mut Context<'_>) {
        let now = cx.now();
        let entry = self.hand_out(slot, subscription, cx);
        let to = &mut self.subscriptions[subscription as usize];
        to.took_one();
        let request = Request::Deliver { worker: to.worker, subscription: to.number };
        let (link, gone) = (to.link, to.auto_acknowledge);
        if gone {
            self.release(slot);
            self.remove(slot, Leaves::Acknowledged, cx);
        }
        self.delivered.add(now, 1);
        self.tell((link, request), smallvec![entry], subscription, cx);
    }

    /// Notes who holds a message now; gives it as an entry.
    pub(super) fn hand_out(&mut self, slot: u32, subscription: u32, cx: &mut Context<'_>) -> Entry {
        self.next_receipt = self.next_receipt.wrapping_add(1);
        let stored = &mut self.stored[slot as usize];
        stored.subscription = subscription;
        stored.delivered_at = cx.now();
        stored.deliveries += 1;
        stored.receipt = self.next_receipt;
        let receipt = Receipt { slot, generation: stored.receipt };
        let entry = Entry { receipt, receive_count: stored.deliveries, ..Entry::new(stored.message) };
        self.destinations[stored.destination as usize].unacknowledged += 1;
        cx.count(MetricName::DispatchCount, 1);
        cx.follow(entry.message.trace_id, TraceKind::Kept(Kept::InFlight));
        if entry.receive_count > 1 {
            let (link, receive_count) = (LinkId::NONE, entry.receive_count);
            cx.record(link, Some(entry.message.trace_id), TraceKind::Redelivered { receive_count });
        }
        if self.properties.is_rabbit() && !std::mem::replace(&mut self.acknowledge_look_armed, true) {
            cx.schedule_in(quotas::ACKNOWLEDGE_LOOK, BrokerTimer::AcknowledgeTimeouts);
        }
        entry
    }

    /// The pollers of a function read (MQ-48).
    pub(super) fn receive(&mut self, call: CallId, max_messages: u32, cx: &mut Context<'_>) {
        let link = cx.call(call).link;
        let Some(Way::Receive { destination: Some(place) }) = self.port(link).map(|port| port.way.clone())
        else {
            return cx.reply(call, Err(Error::NotFound.into()));
        };
        let subscription = self.pollers_of(link, place);
        let entries = self.take_ready(place, subscription, max_messages, cx);
        cx.reply_with_messages(call, Ok(Response::Done.into()), entries);
    }

    /// The place of those who ask for the messages of a destination along a link.
    pub(super) fn pollers_of(&mut self, link: LinkId, destination: u32) -> u32 {
        let is_meant = |other: &Subscription| (other.link, other.destination) == (link, destination);
        if let Some((place, _)) = self.subscriptions.iter().find(|(_, other)| is_meant(other)) {
            return place as u32;
        }
        let node = self.instances.node_for(link);
        self.next_number += 1;
        self.subscriptions.insert(Subscription {
            link,
            worker: POLLERS,
            number: self.next_number,
            destination,
            prefetch: 0,
            unacknowledged: 0,
            full: false,
            tops_up_at_half: false,
            auto_acknowledge: false,
            exclusive: false,
            node,
        }) as u32
    }

    /// Messages were processed.
    #[inline]
    pub(super) fn acknowledge(&mut self, call: CallId, multiple: bool, cx: &mut Context<'_>) {
        let entries = cx.call(call).entries.clone();
        let mut places: smallvec::SmallVec<[u32; 4]> = smallvec![];
        for entry in &entries {
            let Some(slot) = self.held(entry.receipt) else { continue };
            let slots = if multiple { self.held_up_to(slot) } else { vec![slot] };
            for slot in slots {
                let place = self.stored[slot as usize].destination;
                self.release(slot);
                self.remove(slot, Leaves::Acknowledged, cx);
                cx.count(MetricName::AckRate, u64::from(self.properties.is_rabbit()));
                if !places.contains(&place) {
                    places.push(place);
                }
            }
        }
        cx.reply(call, Ok(Response::Done.into()));
        for place in places {
            self.dispatch(place, cx);
        }
        self.take_waiting(cx);
    }

    /// What the holder of a message got before it and still holds.
    fn held_up_to(&self, slot: u32) -> Vec<u32> {
        let last = &self.stored[slot as usize];
        let earlier = |other: &Stored| {
            other.subscription == last.subscription && last.receipt.wrapping_sub(other.receipt) < u32::MAX / 2
        };
        self.stored.iter().filter(|(_, other)| earlier(other)).map(|(slot, _)| slot as u32).collect()
    }

    /// Messages were not processed (MQ-18, MQ-30).
    pub(super) fn reject(&mut self, call: CallId, requeue: bool, cx: &mut Context<'_>) {
        let entries = cx.call(call).entries.clone();
        cx.reply(call, Ok(Response::Done.into()));
        for entry in &entries {
            let Some(slot) = self.held(entry.receipt) else { continue };
            let place = self.stored[slot as usize].destination;
            // What a client of JMS redelivered to itself counts too.
            self.stored[slot as usize].deliveries =
                entry.receive_count.max(self.stored[slot as usize].deliveries);
            self.release(slot);
            match requeue {
                true => self.comes_again(slot, cx),
                false => self.dead_letter(slot, Reason::Rejected, cx),
            }
            self.dispatch(place, cx);
        }
        self.take_waiting(cx);
    }

    /// A message goes back to its place, unless it was delivered too often (MQ-36).
    pub(super) fn comes_again(&mut self, slot: u32, cx: &mut Context<'_>) {
        let stored = &self.stored[slot as usize];
        let (place, deliveries) = (stored.destination as usize, stored.deliveries);
        if self.delivery_limit(place).is_some_and(|limit| deliveries > limit) {
            return self.dead_letter(slot, Reason::DeliveryLimit, cx);
        }
        cx.follow(self.stored[slot as usize].message.trace_id, TraceKind::Kept(Kept::Visible));
        self.destinations[place].put_back(slot, &self.stored);
    }

    /// 20 from RabbitMQ 4.0 on, if the queue does not say otherwise (MQ-36).
    fn delivery_limit(&self, place: usize) -> Option<u32> {
        let destination = &self.destinations[place];
        let usual = (self.properties.version() >= 400).then_some(quotas::DELIVERY_LIMIT);
        let is_quorum = self.properties.is_rabbit() && destination.is_quorum();
        if is_quorum { destination.declaration.delivery_limit.or(usual) } else { None }
    }

    /// A worker or its connection is gone: what it holds comes again, in its old place (MQ-17, MQ-30).
    pub(super) fn close_number(&mut self, number: u32, cx: &mut Context<'_>) {
        let found = self.subscriptions.iter().find(|(_, other)| other.number == number);
        let found = found.map(|(place, _)| place as u32);
        if let Some(subscription) = found {
            self.close(subscription, cx);
        }
    }

    pub(super) fn close(&mut self, subscription: u32, cx: &mut Context<'_>) {
        let now = cx.now();
        let closed = self.subscriptions.remove(subscription as usize);
        let place = closed.destination as usize;
        let destination = &mut self.destinations[place];
        destination.subscriptions.retain(|other| *other != subscription);
        destination.next_turn = 0;
        destination.groups.retain(|(_, owner)| *owner != subscription);
        if destination.subscriptions.is_empty() {
            destination.unused_since = Some(now);
            if let Some(expires) = destination.declaration.expires {
                cx.schedule_in(kernel::SimDuration::from_millis(expires), BrokerTimer::Unused(place as u32));
            }
        }
        let held = self.stored.iter().filter(|(_, stored)| stored.subscription == subscription);
        let mut held: Vec<(u64, u32)> = held.map(|(slot, stored)| (stored.order, slot as u32)).collect();
        held.sort_unstable();
        for (_, slot) in held {
            let stored = &mut self.stored[slot as usize];
            stored.subscription = NOBODY;
            self.destinations[place].unacknowledged -= 1;
            self.comes_again(slot, cx);
        }
        if !self.destinations[place].takes_copies() {
            self.empty(place as u32, Leaves::Dropped, cx);
        }
        self.dispatch(place as u32, cx);
    }

    /// All of a link.
    pub(super) fn close_link(&mut self, link: LinkId, cx: &mut Context<'_>) {
        if let Some(port) = self.port(link) {
            port.connected = false;
        }
        let all: Vec<u32> = self
            .subscriptions
            .iter()
            .filter(|(_, other)| other.link == link)
            .map(|(place, _)| place as u32)
            .collect();
        all.into_iter().for_each(|subscription| self.close(subscription, cx));
    }

    /// Channels whose consumer has not acknowledged for 30 minutes are closed (MQ-31).
    pub(super) fn look_for_acknowledge_timeouts(&mut self, cx: &mut Context<'_>) {
        let now = cx.now();
        self.acknowledge_look_armed = false;
        let quorum_only = self.properties.version() >= 403;
        let mut late: Vec<u32> = Vec::new();
        let mut any = false;
        for (_, stored) in &self.stored {
            if stored.subscription == NOBODY {
                continue;
            }
            any = true;
            let counts = !quorum_only || self.destinations[stored.destination as usize].is_quorum();
            let is_late = counts && now.since(stored.delivered_at) >= quotas::ACKNOWLEDGE_WITHIN;
            if is_late && !late.contains(&stored.subscription) {
                late.push(stored.subscription);
            }
        }
        if any {
            self.acknowledge_look_armed = true;
            cx.schedule_in(quotas::ACKNOWLEDGE_LOOK, BrokerTimer::AcknowledgeTimeouts);
        }
        for subscription in late {
            let link = self.subscriptions[subscription as usize].link;
            self.close(subscription, cx);
            self.tell((link, Request::ConnectionClosed), Entries::new(), 0, cx);
        }
    }
}
