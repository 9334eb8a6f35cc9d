//! Enhanced fan-out: registered consumers, their subscriptions to shards, and the events pushed to them (KDS-47 to
//! KDS-53).
//!
//! An event goes only to a reader that is ready for it: the reader says so with `ReceiveEvent`, which the stream holds
//! until there is something to push. AWS does the same with the flow control of the connection.

use kernel::{EventKey, SimDuration, SimTime};

use super::error::{Error, Limit};
use super::quotas;
use super::request::{Connection, Response, ShardIteratorType};
use super::shard_map::ShardId;
use super::stream::{Stream, StreamTimer};
use crate::context::Context;
use crate::identifiers::{CallId, KeyId, LinkId};
use crate::metric::MetricName;
use crate::trace::TraceKind;

/// A registered consumer (KDS-47).
#[derive(Clone, Debug)]
struct StreamConsumer {
    /// The link it reads along; [`LinkId::NONE`] if it was registered by a call.
    link: LinkId,
    name: KeyId,
    active_at: SimTime,
    subscriptions: Vec<Subscription>,
    deregistered: bool,
}

/// The connection of a consumer to one shard (KDS-48).
#[derive(Clone, Copy, Debug)]
struct Subscription {
    shard: ShardId,
    /// Whoever of the consumer's workers holds it.
    reader: u32,
    /// The record to be pushed next.
    position: u64,
    since: SimTime,
    /// The last call, successful or not: one per second is allowed (KDS-49).
    called_at: SimTime,
    /// When everything pushed so far is paid for at the consumer's rate (KDS-50).
    paid_until: SimTime,
    open: bool,
}

/// A reader that waits for its next event.
#[derive(Clone, Copy, Debug)]
struct Held {
    call: CallId,
    consumer: usize,
    reader: u32,
    until: SimTime,
}

/// The registered consumers of a stream.
#[derive(Clone, Debug, Default)]
pub(super) struct FanOut {
    consumers: Vec<StreamConsumer>,
    register_calls: kernel::CallWindow,
    held: Vec<Held>,
    armed: Option<EventKey>,
}

impl FanOut {
    /// A record was stored: true when somebody waits, and may have to be woken earlier than planned.
    #[inline]
    pub(super) fn must_look(&self, now: SimTime) -> bool {
        !self.held.is_empty() && self.armed.is_none_or(|armed| armed.at() > now + quotas::PUSH_COLLECTS)
    }

    /// How many consumers are registered.
    pub(super) fn registered(&self) -> usize {
        self.consumers.iter().filter(|consumer| !consumer.deregistered).count()
    }

    fn of_link(&self, link: LinkId) -> Option<usize> {
        self.consumers.iter().position(|consumer| consumer.link == link && !consumer.deregistered)
    }
}

impl Stream {
    /// The readers of the links that name a consumer are registered, those of links that are gone are not any more.
    pub(super) fn register_linked_consumers(&mut self, cx: &mut Context<'_>) {
        let leaving = cx.links().leaving(cx.id());
        let wanted: Vec<(LinkId, String)> = leaving
            .filter_map(|link| Some((link.id, link.properties.stream_consumer()?.to_owned())))
            .collect();
        for consumer in &mut self.fan_out.consumers {
            let kept = consumer.link == LinkId::NONE || wanted.iter().any(|(link, _)| *link == consumer.link);
            consumer.deregistered |= !kept;
        }
        for (link, name) in wanted {
            if self.fan_out.of_link(link).is_some() {
                continue;
            }
            let name = cx.catalogue_mut().add_key(&name);
            if let Err(error) = self.register(name, link, cx) {
                let (operation, error) = ("RegisterStreamConsumer", error.into());
                cx.record(link, None, TraceKind::ApiFailed { operation, error });
            }
        }
    }

    /// `RegisterStreamConsumer` (KDS-47).
    ///
    /// # Errors
    /// `LimitExceededException` over the number of consumers, of those being created, and of calls per second;
    /// `ResourceInUseException` for a name that is taken.
    pub(super) fn register_stream_consumer(
        &mut self,
        name: KeyId,
        cx: &mut Context<'_>,
    ) -> Result<Response, Error> {
        let calls = cx.quota(&quotas::REGISTER_CONSUMER_CALLS_PER_SECOND);
        let taken = self.fan_out.register_calls.try_take(cx.now(), calls);
        taken.map_err(|_| Error::LimitExceededException(Limit::CallsPerSecond))?;
        self.register(name, LinkId::NONE, cx)
    }

    fn register(&mut self, name: KeyId, link: LinkId, cx: &mut Context<'_>) -> Result<Response, Error> {
        let now = cx.now();
        let here = || self.fan_out.consumers.iter().filter(|consumer| !consumer.deregistered);
        let warm = self.is_on_demand() && self.properties.warm_throughput_mibps > 0;
        let most = if warm { &quotas::WARM_STREAM_CONSUMERS } else { &quotas::STREAM_CONSUMERS };
        if here().count() as u64 >= cx.quota(most) {
            return Err(Error::LimitExceededException(Limit::StreamConsumers));
        }
        if here().filter(|consumer| consumer.active_at > now).count() as u64
            >= cx.quota(&quotas::STREAM_CONSUMERS_CREATING)
        {
            return Err(Error::LimitExceededException(Limit::StreamConsumersCreating));
        }
        if link == LinkId::NONE && here().any(|consumer| consumer.name == name) {
            return Err(Error::ConsumerInUse);
        }
        // What the document draws is there when the run begins, as the stream itself.
        let active_at = if link == LinkId::NONE { now + quotas::CONSUMER_CREATION } else { now };
        let subscriptions = Vec::new();
        let new = StreamConsumer { link, name, active_at, subscriptions, deregistered: false };
        self.fan_out.consumers.push(new);
        Ok(Response::StreamConsumer { consumer: self.fan_out.consumers.len() as u32 - 1 })
    }

    /// `DeregisterStreamConsumer`: its connections end.
    ///
    /// # Errors
    /// `ResourceNotFoundException` for an unknown one.
    pub(super) fn deregister_stream_consumer(
        &mut self,
        consumer: u32,
        cx: &mut Context<'_>,
    ) -> Result<Response, Error> {
        let place = self.consumer_place(Some(consumer), LinkId::NONE)?;
        let consumer = &mut self.fan_out.consumers[place];
        consumer.deregistered = true;
        consumer.subscriptions.clear();
        self.push_events(cx);
        Ok(Response::StreamConsumer { consumer: place as u32 })
    }

    fn consumer_place(&self, consumer: Option<u32>, link: LinkId) -> Result<usize, Error> {
        let place = match consumer {
            Some(place) => Some(place as usize),
            None => self.fan_out.of_link(link),
        };
        let known =
            |place: &usize| self.fan_out.consumers.get(*place).is_some_and(|consumer| !consumer.deregistered);
        place.filter(known).ok_or(Error::NoSuchConsumer)
    }

    /// `SubscribeToShard` (KDS-48): a connection of up to five minutes.
    ///
    /// # Errors
    /// Those of KDS-35 to KDS-37 for the position, `LimitExceededException` for a second call of a second, and
    /// `ResourceInUseException` within five seconds of a successful one or while the consumer is CREATING (KDS-49).
    pub(super) fn subscribe_to_shard(
        &mut self,
        (consumer, reader): (Option<u32>, u32),
        (shard, starting_position): (ShardId, ShardIteratorType),
        link: LinkId,
        cx: &mut Context<'_>,
    ) -> Result<Response, Error> {
        let now = cx.now();
        let place = self.consumer_place(consumer, link)?;
        self.check_listed(shard, cx)?;
        let position = self.starting_position(shard, starting_position, link, cx)?;
        let consumer = &mut self.fan_out.consumers[place];
        if consumer.active_at > now {
            return Err(Error::ConsumerInUse);
        }
        let known = consumer.subscriptions.iter().position(|known| known.shard == shard);
        if let Some(known) = known.map(|known| &mut consumer.subscriptions[known]) {
            if now.since(std::mem::replace(&mut known.called_at, now)) < SimDuration::from_secs(1) {
                cx.count(MetricName::SubscribeToShardRateExceeded, 1);
                return Err(Error::LimitExceededException(Limit::CallsPerSecond));
            }
            if known.open && now.since(known.since) < quotas::SUBSCRIPTION_PROTECTED {
                return Err(Error::ConsumerInUse);
            }
        }
        let paid_until = known.map_or(SimTime::ZERO, |known| consumer.subscriptions[known].paid_until);
        let (since, called_at, open) = (now, now, true);
        let new = Subscription { shard, reader, position, since, called_at, paid_until, open };
        match known {
            Some(known) => consumer.subscriptions[known] = new,
            None => consumer.subscriptions.push(new),
        }
        cx.count(MetricName::SubscribeToShardSuccess, 1);
        Ok(Response::Subscribed)
    }

    /// A reader is ready for its next event; `processed` is the shard of the last one, if all of that was processed.
    pub(super) fn receive_event(
        &mut self,
        id: CallId,
        (consumer, reader): (Option<u32>, u32),
        processed: Option<ShardId>,
        until: SimTime,
        cx: &mut Context<'_>,
    ) {
        let link = cx.call(id).link;
        let place =
            match self.check_key("kms:Decrypt", id, cx).and_then(|()| self.consumer_place(consumer, link)) {
                Ok(place) => place,
                Err(error) => return cx.reply(id, Err(error.into())),
            };
        self.renew_leases(reader, link, cx.now());
        if let Some(shard) = processed {
            if let Err(error) = self.check_owner(reader, link, shard) {
                return cx.reply(id, Err(error.into()));
            }
            let subscriptions = &self.fan_out.consumers[place].subscriptions;
            let found = subscriptions.iter().find(|one| one.shard == shard && one.reader == reader);
            if let Some(position) = found.map(|one| one.position) {
                self.note_checkpoint(link, shard, position, position);
            }
        }
        // The reader has come back without having heard of its last call.
        let same = |held: &Held| (held.consumer, held.reader) == (place, reader);
        if let Some(stale) = self.fan_out.held.iter().position(same) {
            let stale = self.fan_out.held.remove(stale);
            cx.reply(stale.call, Ok(nothing().into()));
        }
        self.fan_out.held.push(Held { call: id, consumer: place, reader, until });
        self.push_events(cx);
    }

    /// Answers every reader that waits and has something to get, and wakes the stream when the next one will.
    pub(super) fn push_events(&mut self, cx: &mut Context<'_>) {
        let now = cx.now();
        let mut next: Option<SimTime> = None;
        let mut place = 0;
        while let Some(held) = self.fan_out.held.get(place).copied() {
            match self.next_event(&held, now) {
                (at, event) if at <= now => {
                    self.fan_out.held.remove(place);
                    self.push(&held, event, cx);
                }
                (at, _) => {
                    next = Some(next.map_or(at, |next| next.min(at)));
                    place += 1;
                }
            }
        }
        if self.fan_out.armed.map(|armed| armed.at()) != next {
            if let Some(armed) = self.fan_out.armed.take() {
                cx.cancel(armed);
            }
            self.fan_out.armed = next.map(|at| cx.schedule_at(at, StreamTimer::PushEvents));
        }
    }

    /// The timer has fired.
    pub(super) fn events_due(&mut self, cx: &mut Context<'_>) {
        self.fan_out.armed = None;
        self.push_events(cx);
    }

    /// What a reader gets next and when: the place of the subscription, or nothing when its wait is over.
    fn next_event(&self, held: &Held, now: SimTime) -> (SimTime, Option<usize>) {
        let consumer = &self.fan_out.consumers[held.consumer];
        let mut best = (held.until, None);
        if consumer.deregistered {
            return (now, None);
        }
        for (place, one) in consumer.subscriptions.iter().enumerate() {
            if one.reader != held.reader || !one.open {
                continue;
            }
            let shard = &self.shards[one.shard.index()];
            let next = one.position.max(shard.log.start());
            let at = match shard.log.arrived_at(next) {
                Some(arrived_at) => (arrived_at + quotas::PUSH_COLLECTS).max(one.paid_until),
                None if shard.closed_at.is_some() => now,
                None => SimTime::MAX,
            };
            let at = at.min(one.since + quotas::SUBSCRIPTION_LASTS);
            if at < best.0 {
                best = (at, Some(place));
            }
        }
        best
    }

    fn push(&mut self, held: &Held, event: Option<usize>, cx: &mut Context<'_>) {
        let now = cx.now();
        let Some(place) = event else { return cx.reply(held.call, Ok(nothing().into())) };
        let one = self.fan_out.consumers[held.consumer].subscriptions[place];
        let link = cx.call(held.call).link;
        let over = now.since(one.since) >= quotas::SUBSCRIPTION_LASTS;
        let horizon = self.shards[one.shard.index()].trim_horizon(now, self.retention);
        let from = one.position.max(horizon);
        let read_before = self.note_missed(link, one.shard, from - one.position);
        let limit = cx.quota(&quotas::GET_RECORDS_RECORDS) as u32;
        let most = cx.quota(&quotas::FAN_OUT_EVENT_BYTES);
        let mut read = self.collect(one.shard, (from, limit, most), read_before, cx);
        self.stamp_arrival(&mut read, one.shard, from, link, cx);
        let ended = read.next.is_none();
        let connection = match () {
            () if ended => Connection::EndOfShard,
            () if over => Connection::Over,
            () => Connection::Open,
        };
        let rate = cx.quota(&quotas::FAN_OUT_BYTES_PER_SECOND);
        let one = &mut self.fan_out.consumers[held.consumer].subscriptions[place];
        one.open = connection == Connection::Open;
        one.position = from + read.entries.len() as u64;
        one.paid_until = one.paid_until.max(now) + SimDuration::from_micros(read.bytes * 1_000_000 / rate);
        let (shard, position) = (one.shard, one.position);
        self.note_read(link, shard, position, ended);
        cx.count(MetricName::SubscribeToShardEventSuccess, 1);
        cx.count(MetricName::SubscribeToShardEventRecords, read.records);
        cx.count(MetricName::SubscribeToShardEventBytes, read.bytes);
        let response = Response::SubscribeToShardEvent {
            shard: Some(shard),
            connection,
            millis_behind_latest: read.millis_behind_latest,
        };
        cx.reply_with_messages(held.call, Ok(response.into()), read.entries);
    }
}

/// The answer to a reader that has waited long enough.
const fn nothing() -> Response {
    Response::SubscribeToShardEvent { shard: None, connection: Connection::Open, millis_behind_latest: 0 }
}
