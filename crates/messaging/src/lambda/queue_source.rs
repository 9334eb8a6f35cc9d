//! Event source mappings on queues: pollers, batches, scaling (SQS-200 to SQS-208).

use kernel::{SimDuration, SimTime};

use super::function::{Function, FunctionTimer, Tag};
use super::invocation::{Outcome, Report, Source};
use super::{EventSourceMapping, quotas};
use crate::call::{Entries, Entry, NewCall, Principal, Reply};
use crate::context::Context;
use crate::identifiers::{CallId, LinkId};
use crate::metric::MetricName;
use crate::poller::{AnyPoller, Poll, PollSettings, PollerKind};
use crate::quota::QuotaProfile;

/// What a poller is doing.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Stage {
    /// It is not needed now.
    Stopped,
    /// It waits for the answer to a receive since then.
    Receiving(SimTime),
    /// It pauses after a failure.
    Paused,
    /// Its batch is being processed.
    Invoking,
}

/// One of the concurrent batches of a mapping.
#[derive(Clone, Debug)]
struct Poller {
    stage: Stage,
    poller: AnyPoller,
    /// The messages received and not yet invoked with.
    batch: Entries,
    /// When the first of them came.
    first_at: SimTime,
    /// Failures in a row.
    failures: u32,
}

/// A mapping on a queue.
#[derive(Clone, Debug)]
pub(super) struct QueueMapping {
    pub(super) link: LinkId,
    kind: PollerKind,
    properties: EventSourceMapping,
    fifo: bool,
    /// The source is a broker, with usual numbers of its own (MQ-48).
    broker: bool,
    pollers: Vec<Poller>,
    /// How many pollers there are to be, in millionths, so that they grow a little every second.
    wanted_millionths: u64,
    /// Batches since the last look at the scaling.
    batches: u32,
    last_batch_at: SimTime,
    /// The scaling is looked at once a second while there is something to scale.
    watched: bool,
}

const MILLION: u64 = 1_000_000;

impl QueueMapping {
    pub(super) fn new(link: LinkId, kind: PollerKind) -> Self {
        Self {
            link,
            kind,
            properties: EventSourceMapping::default(),
            fifo: false,
            broker: kind == PollerKind::BrokerPoller,
            pollers: Vec::new(),
            wanted_millionths: 0,
            batches: 0,
            last_batch_at: SimTime::ZERO,
            watched: false,
        }
    }

    /// Takes what the document says; the pollers go on with what they have in hand.
    pub(super) fn configure(&mut self, properties: &EventSourceMapping, fifo: bool, profile: QuotaProfile) {
        let first = self.wanted_millionths == 0;
        (self.properties, self.fifo) = (properties.clone(), fifo);
        if first {
            self.wanted_millionths = u64::from(self.least(false, profile)) * MILLION;
        }
        self.clamp(profile);
    }

    /// How many pollers there are to be.
    pub(super) fn wanted(&self) -> u32 {
        (self.wanted_millionths / MILLION) as u32
    }

    /// The function's answer says which messages failed.
    pub(super) fn reports_item_failures(&self) -> bool {
        self.properties.reports_item_failures()
    }

    fn batch_size(&self) -> usize {
        let most = if self.fifo { &quotas::FIFO_BATCH_SIZE } else { &quotas::STANDARD_BATCH_SIZE };
        let usual = if self.broker { &quotas::BROKER_BATCH_SIZE } else { &quotas::FIFO_BATCH_SIZE };
        self.properties.batch_size.unwrap_or(usual.current as u32).min(most.current as u32) as usize
    }

    /// FIFO queues have no window (SQS-201).
    fn window(&self) -> SimDuration {
        if self.broker && self.properties.maximum_batching_window_in_seconds == 0 {
            return quotas::BROKER_WINDOW;
        }
        let seconds = if self.fifo { 0 } else { self.properties.maximum_batching_window_in_seconds };
        SimDuration::from_secs(seconds.into())
    }

    /// The fewest pollers: fewer while the queue is quiet (SQS-203).
    fn least(&self, quiet: bool, profile: QuotaProfile) -> u32 {
        let least = match self.properties.provisioned_poller_config {
            Some(config) => config.minimum_pollers * quotas::PROVISIONED_POLLER_CONCURRENCY.current as u32,
            None if quiet => quotas::QUIET_POLLERS,
            None => quotas::FIRST_POLLERS,
        };
        least.min(self.most(profile))
    }

    /// The most pollers (SQS-203, SQS-205, SQS-206).
    fn most(&self, profile: QuotaProfile) -> u32 {
        if let Some(config) = self.properties.provisioned_poller_config {
            return config.maximum_pollers * quotas::PROVISIONED_POLLER_CONCURRENCY.current as u32;
        }
        let own = self.properties.scaling_config.and_then(|config| config.maximum_concurrency);
        let most = quotas::QUEUE_CONCURRENCY.value(profile) as u32;
        own.map_or(most, |own| own.min(most))
    }

    fn clamp(&mut self, profile: QuotaProfile) {
        self.wanted_millionths = self.wanted_millionths.min(u64::from(self.most(profile)) * MILLION);
    }

    /// Looks whether messages remain (SQS-203): every poller found some, and none waits at an empty queue.
    fn scale(&mut self, now: SimTime, profile: QuotaProfile) {
        let waiting_for = |poller: &Poller| match poller.stage {
            Stage::Receiving(since) => now.since(since),
            _ => SimDuration::ZERO,
        };
        let idle = self.pollers.iter().filter(|poller| waiting_for(poller) > quotas::EMPTY_AFTER).count();
        let per_minute = match self.properties.provisioned_poller_config {
            Some(_) => &quotas::PROVISIONED_SCALING_PER_MINUTE,
            None => &quotas::QUEUE_SCALING_PER_MINUTE,
        };
        let step = per_minute.value(profile) * MILLION / 60;
        let quiet = now.since(self.last_batch_at) >= quotas::QUIET_AFTER;
        let least = u64::from(self.least(quiet, profile)) * MILLION;
        if self.batches > 0 && idle == 0 {
            self.wanted_millionths += step;
        } else if idle * 2 > self.wanted() as usize {
            self.wanted_millionths = self.wanted_millionths.saturating_sub(step).max(least);
        }
        self.batches = 0;
        self.clamp(profile);
        self.watched = !quiet || self.wanted_millionths > least;
    }
}

impl Function {
    fn mapping(&mut self, link: LinkId) -> Option<&mut QueueMapping> {
        self.queues.iter_mut().find(|mapping| mapping.link == link)
    }

    /// Starts the pollers that are to be there and are not.
    pub(super) fn start_pollers(&mut self, link: LinkId, cx: &mut Context<'_>) {
        let Some(mapping) = self.queues.iter_mut().find(|mapping| mapping.link == link) else { return };
        let wanted = mapping.wanted() as usize;
        while mapping.pollers.len() < wanted {
            let (poller, batch) = (mapping.kind.create(), Entries::new());
            let first_at = SimTime::ZERO;
            mapping.pollers.push(Poller { stage: Stage::Stopped, poller, batch, first_at, failures: 0 });
        }
        for place in 0..wanted {
            let Some(mapping) = self.mapping(link) else { return };
            if mapping.pollers[place].stage == Stage::Stopped {
                self.poll(link, place, cx);
            }
        }
    }

    /// The next receive of a poller (SQS-200).
    pub(super) fn poll(&mut self, link: LinkId, place: usize, cx: &mut Context<'_>) {
        let now = cx.now();
        let Some(mapping) = self.mapping(link) else { return };
        let (wanted, size, window) = (mapping.wanted() as usize, mapping.batch_size(), mapping.window());
        let Some(poller) = mapping.pollers.get_mut(place) else { return };
        if place >= wanted && poller.batch.is_empty() {
            poller.stage = Stage::Stopped;
            return;
        }
        let left = if poller.batch.is_empty() {
            SimDuration::from_secs(quotas::LONG_POLL_SECONDS)
        } else {
            (poller.first_at + window).since(now)
        };
        // `WaitTimeSeconds` counts whole seconds; the window ends with the receive that passes it.
        let wait_seconds = left.as_micros().div_ceil(MILLION).min(quotas::LONG_POLL_SECONDS);
        let settings = PollSettings {
            max_messages: (size - poller.batch.len().min(size)) as u32,
            wait_time_seconds: Some(wait_seconds as u8),
            visibility_timeout_seconds: None,
            worker: place as u32,
            workers: wanted as u32,
        };
        match poller.poller.poll(link, &settings, cx) {
            Poll::Call(request) => {
                poller.stage = Stage::Receiving(now);
                cx.count(MetricName::ReceiveCalls, 1);
                let (entries, principal, reply) = (Entries::new(), Principal::Account, Reply::Always);
                let tag = Tag::Received(place as u32).into();
                cx.make_call(NewCall { link, request, entries, principal, reply, tag });
            }
            Poll::Wait(delay) => self.pause(link, place, delay, cx),
            Poll::Idle | Poll::Pushed => self.pause(link, place, quotas::FIRST_PAUSE, cx),
        }
    }

    fn pause(&mut self, link: LinkId, place: usize, delay: SimDuration, cx: &mut Context<'_>) {
        let Some(mapping) = self.mapping(link) else { return };
        mapping.pollers[place].stage = Stage::Paused;
        cx.schedule_in(delay, FunctionTimer::Poll { link, poller: place as u32 });
    }

    /// A pause is over.
    pub(super) fn pause_over(&mut self, link: LinkId, place: usize, cx: &mut Context<'_>) {
        let Some(mapping) = self.mapping(link) else { return };
        if mapping.pollers.get(place).is_some_and(|poller| poller.stage == Stage::Paused) {
            self.poll(link, place, cx);
        }
    }

    /// A receive was answered.
    pub(super) fn received(&mut self, place: usize, call_id: CallId, cx: &mut Context<'_>) {
        let now = cx.now();
        let link = cx.call(call_id).link;
        let call = cx.call_mut(call_id);
        let entries = std::mem::take(&mut call.entries);
        let result = call.result.unwrap_or_else(|| Err(crate::registry::NetworkError::Unreachable.into()));
        let Some(mapping) = self.queues.iter_mut().find(|mapping| mapping.link == link) else { return };
        let Some(poller) = mapping.pollers.get_mut(place) else { return };
        poller.poller.received(&result, &entries, cx);
        if result.is_err() && poller.batch.is_empty() {
            let delay = poller.poller.pause_after_refusal();
            return self.pause(link, place, delay, cx);
        }
        if poller.batch.is_empty() {
            poller.first_at = now;
        }
        poller.batch.extend(entries);
        self.batch_or_poll(link, place, cx);
    }

    /// Invokes the function if the batch is complete, and receives more if it is not (SQS-202).
    fn batch_or_poll(&mut self, link: LinkId, place: usize, cx: &mut Context<'_>) {
        let now = cx.now();
        let Some(mapping) = self.queues.iter_mut().find(|mapping| mapping.link == link) else { return };
        let (size, window) = (mapping.batch_size(), mapping.window());
        let Some(poller) = mapping.pollers.get_mut(place) else { return };
        let fits = that_fit(&poller.batch, size, cx);
        let complete = fits == size || fits < poller.batch.len() || now >= poller.first_at + window;
        if poller.batch.is_empty() || !complete {
            return self.poll(link, place, cx);
        }
        let rest = Entries::from_slice(&poller.batch[fits..]);
        let mut batch = std::mem::replace(&mut poller.batch, rest);
        batch.truncate(fits);
        poller.stage = Stage::Invoking;
        poller.first_at = now;
        mapping.batches += 1;
        mapping.last_batch_at = now;
        let profile = cx.profile();
        mapping.wanted_millionths =
            mapping.wanted_millionths.max(u64::from(mapping.least(false, profile)) * MILLION);
        let watch = !std::mem::replace(&mut mapping.watched, true);
        let report = match (mapping.properties.reports_item_failures(), mapping.fifo) {
            (false, _) => Report::Nothing,
            (true, false) => Report::Each,
            (true, true) => Report::FromFirst,
        };
        if watch {
            cx.schedule_in(SimDuration::from_secs(1), FunctionTimer::Scale(link));
        }
        let poller = place as u32;
        let kept = if mapping.broker { batch.clone() } else { Entries::new() };
        if !self.invoke(Source::Queue { link, poller }, batch, report, cx) {
            self.give_back(link, place, &kept, cx);
            // The messages come back after the visibility timeout, received once more (SQS-205, CMP-33).
            self.batch_failed(link, place, cx);
        }
        if watch {
            self.start_pollers(link, cx);
        }
    }

    /// A broker has to be told that messages were not processed: it has no visibility timeout (MQ-51).
    fn give_back(&mut self, link: LinkId, place: usize, entries: &[Entry], cx: &mut Context<'_>) {
        let Some(mapping) = self.mapping(link) else { return };
        let Some(request) = mapping.pollers[place].poller.give_back() else { return };
        let (principal, reply) = (Principal::Account, Reply::OnFailure);
        let (entries, tag) = (Entries::from_slice(entries), Tag::Deleted.into());
        cx.make_call(NewCall { link, request, entries, principal, reply, tag });
    }

    /// The poller pauses, longer after each failure in a row (SQS-207).
    fn batch_failed(&mut self, link: LinkId, place: usize, cx: &mut Context<'_>) {
        let Some(mapping) = self.mapping(link) else { return };
        let poller = &mut mapping.pollers[place];
        let delay = quotas::FIRST_PAUSE * (1 << poller.failures.min(quotas::MAX_DOUBLINGS));
        poller.failures += 1;
        self.pause(link, place, delay, cx);
    }

    /// An invocation for a batch is over: what succeeded is deleted (SQS-207, SQS-208).
    pub(super) fn batch_done(&mut self, link: LinkId, poller: u32, outcome: Outcome, cx: &mut Context<'_>) {
        let Some(mapping) = self.queues.iter_mut().find(|mapping| mapping.link == link) else { return };
        let place = poller as usize;
        let Some(poller) = mapping.pollers.get_mut(place) else { return };
        if outcome.error.is_none() {
            let good = outcome.entries.iter().filter(|entry| entry.error.is_none());
            let good: Vec<Entry> = good.copied().collect();
            for chunk in good.chunks(DELETED_AT_ONCE) {
                let Some(request) = poller.poller.settle(chunk) else { continue };
                let (principal, reply) = (Principal::Account, Reply::OnFailure);
                let (entries, tag) = (Entries::from_slice(chunk), Tag::Deleted.into());
                cx.make_call(NewCall { link, request, entries, principal, reply, tag });
            }
        }
        if mapping.broker {
            let whole = outcome.error.is_some();
            let bad = outcome.entries.iter().filter(|entry| whole || entry.error.is_some());
            let bad: Vec<Entry> = bad.copied().collect();
            if !bad.is_empty() {
                self.give_back(link, place, &bad, cx);
            }
        }
        let Some(mapping) = self.queues.iter_mut().find(|mapping| mapping.link == link) else { return };
        let Some(poller) = mapping.pollers.get_mut(place) else { return };
        // With reports, failures do not slow the polling down (SQS-208).
        if outcome.error.is_some() && !mapping.properties.reports_item_failures() {
            return self.batch_failed(link, place, cx);
        }
        poller.failures = 0;
        self.batch_or_poll(link, place, cx);
    }

    /// Once a second: more pollers or fewer.
    pub(super) fn scale(&mut self, link: LinkId, cx: &mut Context<'_>) {
        let (now, profile) = (cx.now(), cx.profile());
        let Some(mapping) = self.mapping(link) else { return };
        mapping.scale(now, profile);
        if mapping.watched {
            cx.schedule_in(SimDuration::from_secs(1), FunctionTimer::Scale(link));
        }
        self.start_pollers(link, cx);
    }
}

/// Entries of a `DeleteMessageBatch` (SQS-54).
const DELETED_AT_ONCE: usize = 10;

/// How many of the first messages fit into one invocation (SQS-202).
fn that_fit(batch: &[Entry], size: usize, cx: &Context<'_>) -> usize {
    let mut bytes = 0;
    let fits = batch.iter().take(size).take_while(|entry| {
        bytes += u64::from(cx.catalogue().payload(entry.message.payload).size_bytes);
        bytes <= quotas::BATCH_BYTES.current
    });
    // A single message that is larger than the limit goes all the same: no queue takes one.
    fits.count().max(usize::from(!batch.is_empty()))
}
