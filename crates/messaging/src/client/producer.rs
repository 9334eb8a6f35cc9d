//! A producer: has something to send at given times, sends it along each of its links, and tries again as an SDK
//! does.

use std::collections::VecDeque;

use kernel::{SecondCounter, SimDuration, SimTime};
use smallvec::smallvec;

use super::adaptive::RateLimiter;
use super::arrival_process::{Arrival, ArrivalClock};
use super::aws_service::service_principal;
use super::connection::Connection;
use super::messages::MessageSource;
use super::producer_properties::ProducerProperties;
use super::retry::{Retries, Retry, RetryMode, refused};
use crate::behavior::{Behavior, KeyNeed};
use crate::call::{Entries, Entry, NewCall, Principal, Reply};
use crate::context::{Context, View};
use crate::descriptor::ResourceDescriptor;
use crate::identifiers::{CallId, DeduplicationId, LinkId, MessageId};
use crate::intervention::ComponentAction;
use crate::message::Message;
use crate::metric::MetricName;
use crate::node_state::{Health, Instrument, NodeState, Problem, Tone, Unit};
use crate::registry::{ApiError, ResourceKind, Timer as AnyTimer};
use crate::trace::TraceKind;

/// What a producer is woken for.
#[derive(Clone, Copy, Debug)]
pub enum ProducerTimer {
    /// The next arrival, of so many messages; `generation` tells old wake-ups from new ones.
    Arrival {
        /// How many messages.
        count: u32,
        /// Counts the starts.
        generation: u32,
    },
    /// A batch has waited long enough.
    Flush {
        /// The link to the target.
        link: LinkId,
        /// Counts the batches of the target.
        batch: u32,
    },
    /// Messages are due for their next attempt.
    Retry(u32),
    /// The client's own rate limit lets the next call go.
    Held(LinkId),
}

impl From<ProducerTimer> for AnyTimer {
    fn from(timer: ProducerTimer) -> Self {
        Self::Producer(timer)
    }
}

/// How long a producer waits for an answer: the KPL's `RequestTimeout` (KDS-84).
const REQUEST_TIMEOUT: SimDuration = SimDuration::from_secs(6);

/// One link along which the producer sends.
#[derive(Clone, Debug)]
pub(super) struct Target {
    pub(super) link: LinkId,
    pub(super) kind: ResourceKind,
    /// To those that want one.
    pub(super) connection: Option<Connection>,
    entries_per_call: usize,
    /// With the KPL (KDS-83): bytes of a stream record, and those that wait.
    aggregation: Option<u32>,
    waiting_bytes: u64,
    waiting: Entries,
    batch: u32,
    /// The rate limit of the adaptive retry mode, and the calls it holds back.
    limiter: RateLimiter,
    pub(super) held: VecDeque<(Entries, u32)>,
}

/// A producer.
#[derive(Clone, Debug)]
pub struct Producer {
    properties: ProducerProperties,
    pub(super) service: Option<&'static str>,
    source: MessageSource,
    clock: ArrivalClock,
    generation: u32,
    sent: u64,
    pub(super) running: bool,
    poison_next: u32,
    pub(super) targets: Vec<Target>,
    retries: Retries,
    offered: SecondCounter,
    refused: SecondCounter,
    last_error: Option<(ApiError, SimTime)>,
}

impl Target {
    fn new(link: LinkId, kind: ResourceKind) -> Self {
        let (limiter, held) = (RateLimiter::default(), VecDeque::new());
        let connection = kind.connect_request().map(|_| Connection::default());
        Self {
            link,
            kind,
            connection,
            entries_per_call: 1,
            aggregation: None,
            waiting_bytes: 0,
            waiting: Entries::new(),
            batch: 0,
            limiter,
            held,
        }
    }

    /// Where its calls go, and as what.
    fn end(&self) -> (LinkId, ResourceKind, Option<u32>) {
        (self.link, self.kind, self.aggregation)
    }

    /// How many messages wait here: for their batch to fill, or for the rate limit.
    fn messages(&self) -> u64 {
        let held: usize = self.held.iter().map(|(entries, _)| entries.len()).sum();
        (self.waiting.len() + held) as u64
    }

    fn clear(&mut self) {
        self.waiting.clear();
        self.waiting_bytes = 0;
        self.held.clear();
        self.batch += 1;
    }
}

impl Producer {
    fn schedule_next(&mut self, cx: &mut Context<'_>) {
        let now = cx.now();
        let Some(Arrival { at, count }) = self.clock.next(now, cx.random()) else { return };
        if self.properties.stop_after_seconds.is_some_and(|stop| at.as_secs_f64() >= stop) {
            return;
        }
        if self.properties.max_messages.is_some_and(|most| self.sent >= most) {
            return;
        }
        cx.schedule_at(at, ProducerTimer::Arrival { count, generation: self.generation });
    }

    fn send(&mut self, count: u32, cx: &mut Context<'_>) {
        let now = cx.now();
        let left = self.properties.max_messages.map_or(u64::MAX, |most| most.saturating_sub(self.sent));
        let count = u64::from(count).min(left);
        self.sent += count;
        self.offered.add(now, count);
        for _ in 0..count {
            let (payload, deduplication_id, key) = self.source.next(cx.random());
            let trace_id = cx.new_trace_id();
            let deduplication_id =
                if deduplication_id.is_some() || self.properties.content_based_deduplication {
                    deduplication_id
                } else {
                    unique_deduplication_id(trace_id.0)
                };
            let poison = self.poison_next > 0 || cx.catalogue().payload(payload).poison;
            self.poison_next = self.poison_next.saturating_sub(1);
            let message = Message {
                id: MessageId(0),
                trace_id,
                payload,
                key,
                deduplication_id,
                published_at: now,
                delay_seconds: None,
                poison,
            };
            self.send_to_all(Entry::new(message), cx);
        }
    }

    #[inline]
    fn send_to_all(&mut self, entry: Entry, cx: &mut Context<'_>) {
        cx.count(MetricName::MessagesOffered, self.targets.len() as u64);
        for place in 0..self.targets.len() {
            let target = &mut self.targets[place];
            if target.entries_per_call == 1 {
                self.call(place, smallvec![entry], 1, cx);
                continue;
            }
            let mut full = false;
            if let Some(most) = target.aggregation {
                let bytes = user_record_bytes(&entry, cx);
                let waits = target.waiting_bytes;
                if waits > 0 && waits + bytes > most.into() {
                    self.flush(place, cx);
                }
                let target = &mut self.targets[place];
                target.waiting_bytes += bytes;
                full = target.waiting_bytes >= most.into();
            }
            let target = &mut self.targets[place];
            target.waiting.push(entry);
            if full || target.waiting.len() >= target.entries_per_call {
                self.flush(place, cx);
            } else if target.waiting.len() == 1 {
                let window = SimDuration::from_millis(u64::from(self.properties.batch_window_milliseconds));
                cx.schedule_in(window, ProducerTimer::Flush { link: target.link, batch: target.batch });
            }
        }
    }

    fn flush(&mut self, place: usize, cx: &mut Context<'_>) {
        let target = &mut self.targets[place];
        let entries = std::mem::take(&mut target.waiting);
        target.waiting_bytes = 0;
        target.batch += 1;
        if !entries.is_empty() {
            self.call(place, entries, 1, cx);
        }
    }

    #[inline]
    fn call(&mut self, place: usize, entries: Entries, attempt: u32, cx: &mut Context<'_>) {
        if self.targets[place].connection.is_some() {
            Self::hold(&mut self.targets[place], entries, attempt);
            return self.send_connected(place, cx);
        }
        if self.properties.retry_mode == RetryMode::Adaptive {
            self.targets[place].held.push_back((entries, attempt));
            if self.targets[place].held.len() == 1 {
                self.release(place, cx);
            }
            return;
        }
        let listens = self.properties.lost_acknowledgement_probability > 0.0;
        let reply = if listens { Reply::Always } else { Reply::OnFailure };
        send(self.targets[place].end(), entries, (attempt, self.service), reply, cx);
    }

    /// Lets held calls go as long as the rate limit allows, and comes back for the rest.
    fn release(&mut self, place: usize, cx: &mut Context<'_>) {
        let now = cx.now();
        if self.targets[place].connection.is_some() {
            return self.reconnect(place, cx);
        }
        let target = &mut self.targets[place];
        while !target.held.is_empty() {
            let adaptive = self.properties.retry_mode == RetryMode::Adaptive;
            if let Err(wait) = if adaptive { target.limiter.try_send(now) } else { Ok(()) } {
                cx.schedule_in(wait, ProducerTimer::Held(target.link));
                return;
            }
            if let Some((entries, attempt)) = target.held.pop_front() {
                send(target.end(), entries, (attempt, self.service), Reply::Always, cx);
            }
        }
    }

    /// All was stored, and the producer does not hear of it: when it has waited long enough it tries again (KDS-82).
    fn answer_lost(&mut self, call_id: CallId, cx: &mut Context<'_>) {
        let call = cx.call(call_id);
        let (link, attempts, entries) = (call.link, call.tag, call.entries.clone());
        let amount = entries.len() as u64;
        if attempts < self.max_attempts() {
            let retry = Retry { link, entries, attempts };
            self.retries.keep(retry, REQUEST_TIMEOUT, cx, |slot| ProducerTimer::Retry(slot).into());
        } else {
            cx.count(MetricName::MessagesLost, amount);
        }
    }

    fn max_attempts(&self) -> u32 {
        self.properties.max_attempts.unwrap_or_else(|| self.properties.retry_mode.default_attempts()).max(1)
    }

    fn restart(&mut self, cx: &mut Context<'_>) {
        let start = SimDuration::from_secs_f64(self.properties.start_after_seconds);
        self.generation += 1;
        self.clock = ArrivalClock::new(&self.properties.arrival_process, cx.now().max(SimTime::ZERO + start));
        if self.running {
            self.schedule_next(cx);
        }
    }
}

impl Producer {
    fn start(&mut self, cx: &mut Context<'_>) {
        self.running = true;
        self.restart(cx);
        (0..self.targets.len()).for_each(|place| self.release(place, cx));
    }

    fn crash(&mut self, cx: &mut Context<'_>) {
        self.running = false;
        let waiting: u64 = self.targets.iter().map(Target::messages).sum();
        let lost = self.retries.forget() + waiting;
        self.targets.iter_mut().for_each(Target::clear);
        self.close_connections(cx);
        cx.count(MetricName::MessagesLost, lost);
    }
}

fn message_source(properties: &ProducerProperties, cx: &mut Context<'_>) -> MessageSource {
    let keys = properties.keys.clone().unwrap_or_default();
    MessageSource::new(&properties.messages, properties.message_choice, &keys, properties.payload_bytes, cx)
}

/// Bytes of a user record: its data and its key. What the KPL adds is left out (KDS-85).
fn user_record_bytes(entry: &Entry, cx: &Context<'_>) -> u64 {
    let key = cx.catalogue().key(entry.message.key).map_or(0, |key| key.text.len());
    u64::from(cx.catalogue().payload(entry.message.payload).size_bytes) + key as u64
}

/// A deduplication id that no other message has.
fn unique_deduplication_id(number: u64) -> DeduplicationId {
    DeduplicationId(number << 1 | 1)
}

#[inline]
pub(super) fn send(
    (link, kind, aggregation): (LinkId, ResourceKind, Option<u32>),
    entries: Entries,
    (attempt, service): (u32, Option<&'static str>),
    reply: Reply,
    cx: &mut Context<'_>,
) {
    let request = match aggregation {
        Some(aggregation_max_size) => {
            Some(crate::kinesis::Request::PutAggregatedRecords { aggregation_max_size }.into())
        }
        None => kind.send_request(&entries),
    };
    let Some(request) = request else { return };
    let principal = match service {
        None => Principal::Account,
        Some(name) => Principal::Service { name, source: cx.id() },
    };
    cx.make_call(NewCall { link, request, entries, principal, reply, tag: attempt });
}

impl Behavior for Producer {
    type Properties = ProducerProperties;
    type Timer = ProducerTimer;
    const DESCRIPTOR: ResourceDescriptor = super::descriptor::PRODUCER;

    fn create(properties: &ProducerProperties, cx: &mut Context<'_>) -> Self {
        let mut producer = Self {
            properties: properties.clone(),
            service: service_principal(&properties.service_principal),
            source: message_source(properties, cx),
            clock: ArrivalClock::new(&properties.arrival_process, SimTime::ZERO),
            generation: 0,
            sent: 0,
            running: true,
            poison_next: 0,
            targets: Vec::new(),
            retries: Retries::default(),
            offered: SecondCounter::default(),
            refused: SecondCounter::default(),
            last_error: None,
        };
        producer.restart(cx);
        producer
    }

    fn update(&mut self, properties: &ProducerProperties, cx: &mut Context<'_>) {
        let old = std::mem::replace(&mut self.properties, properties.clone());
        self.service = service_principal(&properties.service_principal);
        self.source = message_source(properties, cx);
        let same_times = old.arrival_process == properties.arrival_process
            && old.start_after_seconds == properties.start_after_seconds
            && old.stop_after_seconds == properties.stop_after_seconds
            && old.max_messages == properties.max_messages;
        if !same_times {
            self.restart(cx);
        }
    }

    fn client_protocol(properties: &ProducerProperties) -> Option<crate::mq::Protocol> {
        properties.protocol
    }

    fn fill_keys(properties: &mut ProducerProperties, need: KeyNeed) {
        properties.fill_keys(need);
    }

    fn on_links_changed(&mut self, cx: &mut Context<'_>) {
        let id = cx.id();
        let links: Vec<_> = cx
            .links()
            .leaving(id)
            .filter(|link| link.properties.is_send())
            .map(|link| (link.id, link.to, link.cut))
            .collect();
        let mut targets = Vec::new();
        let cut: Vec<LinkId> = links.iter().filter(|link| link.2).map(|link| link.0).collect();
        for (link, to, _) in links {
            let Some(kind) = cx.kind(to) else { continue };
            let old = self.targets.iter().position(|target| target.link == link);
            let mut target =
                old.map_or_else(|| Target::new(link, kind), |place| self.targets.swap_remove(place));
            target.entries_per_call =
                (self.properties.batch_size as usize).clamp(1, kind.max_entries_per_send());
            target.aggregation = (self.properties.aggregation && kind == ResourceKind::Stream)
                .then_some(self.properties.aggregation_max_size);
            if target.aggregation.is_some() {
                target.entries_per_call = usize::MAX;
            }
            targets.push(target);
        }
        let gone: u64 = self.targets.iter().map(Target::messages).sum();
        cx.count(MetricName::MessagesLost, gone);
        self.targets = targets;
        cut.into_iter().for_each(|link| self.connection_closed(link, cx));
        for place in 0..self.targets.len() {
            self.release(place, cx);
        }
    }

    fn on_request(&mut self, call: CallId, cx: &mut Context<'_>) {
        self.called(call, cx);
    }

    fn on_response(&mut self, call_id: CallId, cx: &mut Context<'_>) {
        if self.connection_answered(call_id, cx) {
            return;
        }
        let now = cx.now();
        let call = cx.call(call_id);
        let (link, attempts) = (call.link, call.tag);
        let refusal = refused(call);
        let lost = self.properties.lost_acknowledgement_probability;
        if refusal.is_none() && cx.random().chance(lost) {
            return self.answer_lost(call_id, cx);
        }
        let call = cx.call(call_id);
        if call.reply == Reply::Always {
            let failed = refusal.as_ref().map_or(0, |(entries, _)| entries.len());
            let taken = call.entries.len() - failed;
            cx.count(MetricName::MessagesAccepted, taken as u64);
        }
        if self.properties.retry_mode == RetryMode::Adaptive {
            let throttled =
                refusal.as_ref().is_some_and(|(_, error)| error.as_service_error().is_throttling());
            if let Some(target) = self.targets.iter_mut().find(|target| target.link == link) {
                target.limiter.answered(now, throttled);
            }
        }
        if let Some(place) =
            self.targets.iter().position(|target| target.link == link && target.connection.is_some())
        {
            self.send_connected(place, cx);
        }
        let Some((entries, error)) = refusal else { return };
        let amount = entries.len() as u64;
        self.refused.add(now, amount);
        self.last_error = Some((error, now));
        cx.count(MetricName::MessagesRefused, amount);
        let service_error = error.as_service_error();
        if service_error.is_retryable() && attempts < self.max_attempts() {
            let throttled = service_error.is_throttling();
            let delay = self.properties.retry_mode.backoff(attempts - 1, throttled, cx.random());
            self.retries
                .keep(Retry { link, entries, attempts }, delay, cx, |slot| ProducerTimer::Retry(slot).into());
        } else {
            cx.count(MetricName::MessagesLost, amount);
            for entry in &entries {
                cx.record(link, Some(entry.message.trace_id), TraceKind::Lost { attempts });
            }
        }
    }

    #[inline]
    fn on_timer(&mut self, timer: ProducerTimer, cx: &mut Context<'_>) {
        match timer {
            ProducerTimer::Arrival { count, generation } => {
                if self.running && generation == self.generation {
                    self.send(count, cx);
                    self.schedule_next(cx);
                }
            }
            ProducerTimer::Flush { link, batch } => {
                let due = |target: &Target| target.link == link && target.batch == batch;
                if let Some(place) = self.targets.iter().position(due) {
                    self.flush(place, cx);
                }
            }
            ProducerTimer::Retry(slot) => {
                let Some(retry) = self.retries.take(slot) else { return };
                cx.count(MetricName::MessagesRetried, retry.entries.len() as u64);
                match self.targets.iter().position(|target| target.link == retry.link) {
                    Some(place) => self.call(place, retry.entries, retry.attempts + 1, cx),
                    None => cx.count(MetricName::MessagesLost, retry.entries.len() as u64),
                }
            }
            ProducerTimer::Held(link) => {
                if let Some(place) = self.targets.iter().position(|target| target.link == link) {
                    self.release(place, cx);
                }
            }
        }
    }

    fn on_action(&mut self, action: ComponentAction, cx: &mut Context<'_>) -> Result<(), String> {
        match action {
            ComponentAction::Start if !self.running => self.start(cx),
            ComponentAction::Start => {}
            ComponentAction::Stop => self.running = false,
            ComponentAction::Crash => self.crash(cx),
            ComponentAction::ZoneOutage(zone) if self.properties.availability_zone == Some(zone) => {
                self.crash(cx)
            }
            ComponentAction::ZoneRecovery(zone)
                if self.properties.availability_zone == Some(zone) && !self.running =>
            {
                self.start(cx);
            }
            ComponentAction::Send(count) => self.send(count, cx),
            ComponentAction::Poison => self.poison_next += 1,
            _ => {
                return Err(format!("A producer cannot {}.", action.name()));
            }
        }
        Ok(())
    }

    fn gauges(&self, view: &View<'_>, put: &mut dyn FnMut(MetricName, u64)) {
        let _ = view;
        let held: u64 =
            self.targets.iter().flat_map(|target| &target.held).map(|(held, _)| held.len() as u64).sum();
        put(MetricName::MessagesAwaitingRetry, self.retries.messages() + held);
    }

    fn state(&self, view: &View<'_>) -> NodeState {
        let now = view.now();
        let name = view.name(view.id());
        let offered = self.offered.last_second(now).max(self.offered.current(now));
        let refused = self.refused.last_second(now);
        let trouble = refused > 0;
        let plain = |label: &'static str, value: u64, unit: Unit, tone: Tone| Instrument::Figure {
            label: label.into(),
            value: value as f64,
            unit,
            tone,
        };
        let tone = if trouble { Tone::Bad } else { Tone::Plain };
        let mut instruments = vec![
            Instrument::Headline {
                value: offered as f64,
                unit: Unit::PerSecond,
                label: if trouble { "tried" } else { "sent" }.into(),
                tone,
            },
            Instrument::Spark { metric: MetricName::MessagesOffered, tone },
        ];
        if trouble {
            instruments.push(plain("refused", refused, Unit::PerSecond, Tone::Bad));
            instruments.push(plain("retrying", self.retries.messages(), Unit::Count, Tone::Plain));
        } else {
            let bytes = u64::from(self.properties.payload_bytes);
            if bytes > 0 {
                instruments.push(plain("each", bytes, Unit::Bytes, Tone::Plain));
            }
        }
        let problem = self.last_error.filter(|_| trouble).map(|(error, _)| Problem {
            title: format!("{refused} messages/s come back"),
            text: format!("{name} sends {offered} messages/s. {error}"),
            error_code: Some(error.as_service_error().code().into()),
            remedies: Vec::new(),
        });
        let health = match (self.running, trouble) {
            (false, _) => Health::Down,
            (true, true) => Health::Throttled,
            (true, false) => Health::Ok,
        };
        NodeState {
            health,
            tag: if self.running { "Producer" } else { "Stopped" }.into(),
            instruments,
            problem,
            summary: format!("Producer, {offered} messages per second, {refused} refused"),
        }
    }
}
