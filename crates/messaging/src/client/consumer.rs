//! A consumer: workers that read, process, and settle what they have processed (CMP-1, SQS-45).

use kernel::{Distribution, SecondCounter, SimDuration};
use smallvec::smallvec;

use super::consumer_properties::{ConsumerProperties, MAX_WORKERS};
use super::retry::{Retries, Retry, RetryMode, refused};
use super::worker::{Stage, Tag, TagKind, Worker};
use crate::behavior::Behavior;
use crate::call::{Entries, Entry, NewCall, Principal, Reply};
use crate::context::{Context, View};
use crate::descriptor::ResourceDescriptor;
use crate::identifiers::{CallId, DeduplicationId, LinkId};
use crate::intervention::ComponentAction;
use crate::metric::MetricName;
use crate::node_state::NodeState;
use crate::poller::{AfterFailure, Poll, PollSettings};
use crate::registry::{ResourceKind, Timer as AnyTimer};
use crate::trace::TraceKind;

/// A worker without anything to read looks again after this time. Ours.
const LOOK_AGAIN: SimDuration = SimDuration::from_secs(1);
/// A failed message of an ordered source is tried again after this time. Ours.
const ORDERED_RETRY: SimDuration = SimDuration::from_secs(1);

/// What a consumer is woken for; `generation` tells a worker's old wake-ups from new ones.
#[derive(Clone, Copy, Debug)]
#[expect(missing_docs, reason = "worker and generation say it all")]
pub enum ConsumerTimer {
    /// A worker looks for messages.
    Poll { worker: u32, generation: u32 },
    /// A worker has processed a message.
    Done { worker: u32, generation: u32 },
    /// A worker asks for more time; `task` is the message it was at work on.
    Heartbeat { worker: u32, generation: u32, task: u32 },
    /// A refused call is due for its next attempt.
    Retry(u32),
}

/// A consumer.
#[derive(Clone, Debug)]
pub struct Consumer {
    pub(super) properties: ConsumerProperties,
    processing: Distribution,
    slowness: f64,
    running: bool,
    pub(super) workers: Vec<Worker>,
    /// Whose timers its own are: those of the component it is, or is a part of.
    pub(super) wake: fn(ConsumerTimer) -> AnyTimer,
    /// Its places are opened and closed one by one, whatever the properties say (CMP-14).
    pub(super) managed: bool,
    /// Of workers yet to come: no answer to one that is gone is taken for theirs.
    first_generation: u32,
    pub(super) sources: Vec<(LinkId, ResourceKind)>,
    targets: Vec<(LinkId, ResourceKind)>,
    retries: Retries,
    pub(super) processed: SecondCounter,
    pub(super) failed: SecondCounter,
    last_of_key: Vec<u64>,
}

impl Consumer {
    pub(super) fn poll(&mut self, place: usize, cx: &mut Context<'_>) {
        let worker = &mut self.workers[place];
        if !self.running || worker.leaving {
            worker.stage = Stage::Stopped;
            return self.disconnect(place, cx);
        }
        if let Some((link, entry)) = worker.inbox.pop_front() {
            worker.source = link;
            worker.batch = smallvec![entry];
            worker.position = 0;
            return self.work(place, cx);
        }
        let wake = self.wake;
        let settings = PollSettings {
            max_messages: self.properties.max_number_of_messages.unwrap_or(u32::MAX),
            wait_time_seconds: self.properties.wait_time_seconds,
            visibility_timeout_seconds: self.properties.visibility_timeout,
            worker: worker.rank,
            workers: worker.ranks,
        };
        worker.stage = Stage::Waiting;
        let generation = worker.generation;
        let (mut wait, mut pushed) = (LOOK_AGAIN, 0);
        for _ in 0..worker.sources() {
            let Some((link, poller)) = worker.next_source() else { break };
            match poller.poll(link, &settings, cx) {
                Poll::Call(request) => {
                    worker.stage = Stage::Polling;
                    cx.count(MetricName::ReceiveCalls, 1);
                    let tag = Tag { kind: TagKind::Receive, worker: place as u32, generation }.into();
                    let (entries, principal, reply) = (Entries::new(), Principal::Account, Reply::Always);
                    cx.make_call(NewCall { link, request, entries, principal, reply, tag });
                    return;
                }
                Poll::Wait(delay) => wait = delay,
                Poll::Idle => {}
                Poll::Pushed => {
                    pushed += 1;
                    continue;
                }
            }
            break;
        }
        if pushed > 0 && pushed == worker.sources() {
            return;
        }
        cx.schedule_in(wait, wake(ConsumerTimer::Poll { worker: place as u32, generation }));
    }

    pub(super) fn poll_after(&mut self, place: usize, delay: SimDuration, cx: &mut Context<'_>) {
        if delay.is_zero() {
            return self.poll(place, cx);
        }
        let worker = &mut self.workers[place];
        worker.stage = Stage::Waiting;
        let timer = ConsumerTimer::Poll { worker: place as u32, generation: worker.generation };
        cx.schedule_in(delay, (self.wake)(timer));
    }

    fn received(&mut self, place: usize, call_id: CallId, cx: &mut Context<'_>) {
        let call = cx.call_mut(call_id);
        let entries = std::mem::take(&mut call.entries);
        let result = call.result.unwrap_or_else(|| Err(crate::registry::NetworkError::Unreachable.into()));
        let worker = &mut self.workers[place];
        let mut pause_after_refusal = LOOK_AGAIN;
        if let Some(poller) = worker.poller_of(cx.call(call_id).link) {
            poller.received(&result, &entries, cx);
            pause_after_refusal = poller.pause_after_refusal();
        }
        if result.is_err() {
            return self.poll_after(place, pause_after_refusal, cx);
        }
        if entries.is_empty() {
            let pause = SimDuration::from_millis(u64::from(self.properties.poll_interval_milliseconds));
            return self.poll_after(place, pause, cx);
        }
        worker.source = cx.call(call_id).link;
        worker.batch = entries;
        worker.position = 0;
        worker.processed.clear();
        self.work(place, cx);
    }

    /// Processes from the worker's position on, until something takes time.
    fn work(&mut self, place: usize, cx: &mut Context<'_>) {
        loop {
            let worker = &self.workers[place];
            let Some(entry) = worker.current().copied() else { return self.batch_done(place, cx) };
            self.note_arrival(&entry, cx);
            let time = self.processing_time(cx);
            if !time.is_zero() {
                return self.start_work(place, time, cx);
            }
            if !self.worked(place, cx) {
                return;
            }
        }
    }

    fn processing_time(&mut self, cx: &mut Context<'_>) -> SimDuration {
        let time = self.processing.sample(cx.random());
        match self.slowness == 1.0 {
            true => time,
            false => SimDuration::from_secs_f64(time.as_secs_f64() * self.slowness),
        }
    }

    fn start_work(&mut self, place: usize, time: SimDuration, cx: &mut Context<'_>) {
        let now = cx.now();
        let worker = &mut self.workers[place];
        worker.task = worker.task.wrapping_add(1);
        let (number, generation, task) = (place as u32, worker.generation, worker.task);
        let done = cx.schedule_in(time, (self.wake)(ConsumerTimer::Done { worker: number, generation }));
        worker.stage = Stage::Working { since: now, until: done };
        let heartbeat = self.heartbeat_every(place);
        if let Some(heartbeat) = heartbeat.filter(|heartbeat| !heartbeat.is_zero() && *heartbeat < time) {
            let timer = ConsumerTimer::Heartbeat { worker: number, generation, task };
            cx.schedule_in(heartbeat, (self.wake)(timer));
        }
    }

    /// How often a worker asks for more time while it is at work on a message.
    fn heartbeat_every(&mut self, place: usize) -> Option<SimDuration> {
        let worker = &mut self.workers[place];
        let own = self.properties.heartbeat_seconds.map(SimDuration::from_secs_f64);
        own.or_else(|| worker.poller_of(worker.source)?.extends_every())
    }

    fn note_arrival(&mut self, entry: &Entry, cx: &mut Context<'_>) {
        if entry.receive_count > 1 {
            cx.count(MetricName::MessagesProcessedAgain, 1);
        }
        let place = if entry.message.key.is_some() { entry.message.key.index() + 1 } else { 0 };
        if place >= self.last_of_key.len() {
            self.last_of_key.resize(place + 1, 0);
        }
        let last = &mut self.last_of_key[place];
        if entry.message.trace_id.0 < *last {
            cx.count(MetricName::ProcessedOutOfOrder, 1);
        } else {
            *last = entry.message.trace_id.0;
        }
    }

    /// The work on the current message is over; true when the worker can go on at once.
    fn worked(&mut self, place: usize, cx: &mut Context<'_>) -> bool {
        let Some(entry) = self.workers[place].current().copied() else { return true };
        let worker = &mut self.workers[place];
        if worker.poller_of(worker.source).is_some_and(|poller| poller.is_overdue(cx.now())) {
            self.ask_for_time(place, entry, cx);
        }
        if cx.random().chance(self.properties.crash_probability) {
            self.crash_worker(place, cx);
            return false;
        }
        if entry.message.poison || cx.random().chance(self.properties.failure_probability) {
            return self.message_failed(place, &entry, cx);
        }
        if self.targets.is_empty() {
            self.message_succeeded(place, &entry, cx);
            return true;
        }
        self.forward(place, &entry, cx);
        false
    }

    fn work_done(&mut self, place: usize, cx: &mut Context<'_>) {
        if self.worked(place, cx) {
            self.work(place, cx);
        }
    }

    /// Calls every target with the message; the worker waits for their answers.
    fn forward(&mut self, place: usize, entry: &Entry, cx: &mut Context<'_>) {
        let mut message = entry.message;
        message.delay_seconds = None;
        if !message.deduplication_id.is_some() {
            message.deduplication_id = DeduplicationId(message.trace_id.0 << 1 | 1);
        }
        let generation = self.workers[place].generation;
        let mut waiting = 0;
        for (link, kind) in &self.targets {
            let entries: Entries = smallvec![Entry::new(message)];
            let Some(request) = kind.send_request(&entries) else { continue };
            let tag = Tag { kind: TagKind::Forward, worker: place as u32, generation }.into();
            let (link, principal, reply) = (*link, Principal::Account, Reply::Always);
            cx.make_call(NewCall { link, request, entries, principal, reply, tag });
            waiting += 1;
        }
        self.workers[place].stage = Stage::Forwarding { waiting, failed: false };
    }

    fn forwarded(&mut self, place: usize, call_id: CallId, cx: &mut Context<'_>) {
        let refusal = refused(cx.call(call_id)).is_some();
        let Stage::Forwarding { waiting, failed } = &mut self.workers[place].stage else { return };
        *waiting -= 1;
        *failed |= refusal;
        if *waiting > 0 {
            return;
        }
        let failed = *failed;
        let Some(entry) = self.workers[place].current().copied() else { return };
        let goes_on = if failed {
            self.message_failed(place, &entry, cx)
        } else {
            self.message_succeeded(place, &entry, cx);
            true
        };
        if goes_on {
            self.work(place, cx);
        }
    }

    fn message_succeeded(&mut self, place: usize, entry: &Entry, cx: &mut Context<'_>) {
        cx.count(MetricName::MessagesProcessed, 1);
        cx.follow(entry.message.trace_id, TraceKind::Processed);
        self.processed.add(cx.now(), 1);
        let worker = &mut self.workers[place];
        worker.position += 1;
        if self.properties.delete_in_batches {
            worker.processed.push(*entry);
        } else {
            self.settle(place, smallvec![*entry], cx);
        }
    }

    /// Processing failed; true when the worker can go on at once.
    fn message_failed(&mut self, place: usize, entry: &Entry, cx: &mut Context<'_>) -> bool {
        let now = cx.now();
        cx.count(MetricName::ProcessingFailures, 1);
        self.failed.add(now, 1);
        let worker = &mut self.workers[place];
        cx.record(worker.source, Some(entry.message.trace_id), TraceKind::ProcessingFailed);
        let source = worker.source;
        if worker.poller_of(source).is_some_and(|poller| poller.blocks_on_failure()) {
            self.start_work(place, ORDERED_RETRY, cx);
            return false;
        }
        let after = worker.poller_of(source).map(|poller| poller.failed(source, entry, cx));
        let worker = &mut self.workers[place];
        match after {
            Some(AfterFailure::Again(delay)) => {
                if let Some(again) = worker.batch.get_mut(worker.position) {
                    again.receive_count += 1;
                }
                cx.count(MetricName::MessagesProcessedAgain, 1);
                let time = self.processing_time(cx);
                self.start_work(place, delay + time, cx);
                return false;
            }
            Some(AfterFailure::GiveBack(request)) => {
                worker.position += 1;
                self.give_back(place, (source, request), *entry, cx);
                return true;
            }
            Some(AfterFailure::Leave) | None => {}
        }
        // What belongs to the same message group must not overtake the failed message (SQS-150).
        worker.position += 1;
        if worker.poller_of(source).is_some_and(|poller| poller.keeps_group_order()) {
            worker.skip_group(entry.message.key);
        }
        true
    }

    /// Tells the source what was processed; the call that deletes it is left out if the properties say so.
    fn settle(&mut self, place: usize, entries: Entries, cx: &mut Context<'_>) {
        let worker = &mut self.workers[place];
        let link = worker.source;
        let Some(request) = worker.poller_of(link).and_then(|poller| poller.settle(&entries)) else { return };
        if !self.properties.delete_messages {
            return;
        }
        let tag = Tag { kind: TagKind::Settle, worker: place as u32, generation: 1 }.into();
        let (principal, reply) = (Principal::Account, Reply::OnFailure);
        cx.make_call(NewCall { link, request, entries, principal, reply, tag });
    }

    /// A refused delete is tried again as an SDK does.
    fn settle_refused(&mut self, tag: Tag, call_id: CallId, cx: &mut Context<'_>) {
        let call = cx.call(call_id);
        let Some((entries, error)) = refused(call) else { return };
        let link = call.link;
        let attempts = tag.generation;
        let error = error.as_service_error();
        if !error.is_retryable() || attempts >= RetryMode::Standard.default_attempts() {
            return;
        }
        let delay = RetryMode::Standard.backoff(attempts - 1, error.is_throttling(), cx.random());
        let wake = self.wake;
        self.retries
            .keep(Retry { link, entries, attempts }, delay, cx, |slot| wake(ConsumerTimer::Retry(slot)));
    }

    fn retry(&mut self, slot: u32, cx: &mut Context<'_>) {
        let Some(Retry { link, entries, attempts }) = self.retries.take(slot) else { return };
        let Some(poller) = self.workers.iter_mut().find_map(|worker| worker.poller_of(link)) else { return };
        let Some(request) = poller.settle(&entries) else { return };
        let tag = Tag { kind: TagKind::Settle, worker: 0, generation: attempts + 1 }.into();
        let (principal, reply) = (Principal::Account, Reply::OnFailure);
        cx.make_call(NewCall { link, request, entries, principal, reply, tag });
    }

    fn batch_done(&mut self, place: usize, cx: &mut Context<'_>) {
        let worker = &mut self.workers[place];
        worker.batch.clear();
        let processed = std::mem::take(&mut worker.processed);
        if !processed.is_empty() {
            self.settle(place, processed, cx);
        }
        let pause = SimDuration::from_millis(u64::from(self.properties.poll_interval_milliseconds));
        self.poll_after(place, pause, cx);
    }

    fn crash_worker(&mut self, place: usize, cx: &mut Context<'_>) {
        self.disconnect(place, cx);
        let worker = &mut self.workers[place];
        abandoned(worker, cx);
        let until = worker.lose_everything();
        if let Some(until) = until {
            cx.cancel(until);
        }
        let delay = SimDuration::from_secs_f64(self.properties.restart_after_seconds);
        let generation = worker.generation;
        cx.schedule_in(delay, (self.wake)(ConsumerTimer::Poll { worker: place as u32, generation }));
    }

    fn crash(&mut self, cx: &mut Context<'_>) {
        self.running = false;
        (0..self.workers.len()).for_each(|place| self.disconnect(place, cx));
        for worker in &mut self.workers {
            abandoned(worker, cx);
            if let Some(until) = worker.lose_everything() {
                cx.cancel(until);
            }
        }
        self.retries.forget();
    }

    /// Workers end after what they have in hand; those that wait for a push end at once.
    fn stop(&mut self, cx: &mut Context<'_>) {
        self.running = false;
        for place in 0..self.workers.len() {
            if self.workers[place].stage == Stage::Waiting && self.workers[place].is_pushed() {
                self.poll(place, cx);
            }
        }
    }

    fn start(&mut self, cx: &mut Context<'_>) {
        self.running = true;
        for place in 0..self.workers.len() {
            if matches!(self.workers[place].stage, Stage::Stopped) {
                self.poll(place, cx);
            }
        }
    }

    fn heartbeat(&mut self, place: usize, task: u32, cx: &mut Context<'_>) {
        let worker = &mut self.workers[place];
        if !matches!(worker.stage, Stage::Working { .. }) || worker.task != task {
            return;
        }
        let generation = worker.generation;
        let Some(entry) = worker.current().copied() else { return };
        if !self.ask_for_time(place, entry, cx) {
            return;
        }
        if let Some(every) = self.heartbeat_every(place) {
            let timer = ConsumerTimer::Heartbeat { worker: place as u32, generation, task };
            cx.schedule_in(every, (self.wake)(timer));
        }
    }

    /// Asks the source for more time for a message; false if the source knows no such thing.
    fn ask_for_time(&mut self, place: usize, entry: Entry, cx: &mut Context<'_>) -> bool {
        let seconds = self.properties.heartbeat_visibility_timeout;
        let worker = &mut self.workers[place];
        let (link, generation) = (worker.source, worker.generation);
        let Some(request) = worker.poller_of(link).and_then(|poller| poller.extend(&entry, seconds)) else {
            return false;
        };
        let tag = Tag { kind: TagKind::Heartbeat, worker: place as u32, generation }.into();
        let (entries, principal, reply) = (smallvec![entry], Principal::Account, Reply::OnFailure);
        cx.make_call(NewCall { link, request, entries, principal, reply, tag });
        true
    }

    fn is_current(&self, worker: u32, generation: u32) -> bool {
        self.workers.get(worker as usize).is_some_and(|worker| worker.generation == generation)
    }

    /// Gives each worker its share of the sources, and makes or drops workers as the properties say.
    fn assign(&mut self, cx: &mut Context<'_>) {
        if self.managed {
            return self.deal();
        }
        let wanted = self.properties.workers.min(MAX_WORKERS) as usize;
        while self.workers.len() > wanted {
            self.disconnect(self.workers.len() - 1, cx);
            let Some(mut worker) = self.workers.pop() else { break };
            if let Some(until) = worker.lose_everything() {
                cx.cancel(until);
            }
            self.first_generation = self.first_generation.max(worker.generation);
        }
        let known = self.workers.len();
        let stage = if self.running { Stage::Waiting } else { Stage::Stopped };
        let generation = self.first_generation;
        self.workers.resize_with(wanted, || Worker::new(stage, generation));
        self.deal();
        for place in known..wanted {
            if self.running {
                self.poll_after(place, SimDuration::from_micros(1), cx);
            }
        }
    }
}

impl Consumer {
    /// Gives each worker its share of the sources.
    pub(super) fn deal(&mut self) {
        let ranks = self.workers.iter().filter(|worker| worker.stage != Stage::Vacant).count();
        let present = self.workers.iter_mut().filter(|worker| worker.stage != Stage::Vacant);
        for (rank, worker) in present.enumerate() {
            (worker.rank, worker.ranks) = (rank as u32, ranks as u32);
            worker.set_sources(rank, ranks, &self.sources);
        }
    }
}

/// What a worker has in hand will not be settled.
fn abandoned(worker: &Worker, cx: &mut Context<'_>) {
    for entry in worker.batch.iter().skip(worker.position).chain(&worker.processed) {
        cx.follow(entry.message.trace_id, TraceKind::Abandoned);
    }
}

impl Behavior for Consumer {
    type Properties = ConsumerProperties;
    type Timer = ConsumerTimer;
    const DESCRIPTOR: ResourceDescriptor = super::descriptor::CONSUMER;

    fn create(properties: &ConsumerProperties, _cx: &mut Context<'_>) -> Self {
        Self {
            properties: properties.clone(),
            processing: properties.processing_time.distribution(),
            slowness: 1.0,
            running: !properties.stopped,
            workers: Vec::new(),
            wake: AnyTimer::Consumer,
            managed: false,
            first_generation: 0,
            sources: Vec::new(),
            targets: Vec::new(),
            retries: Retries::default(),
            processed: SecondCounter::default(),
            failed: SecondCounter::default(),
            last_of_key: Vec::new(),
        }
    }

    fn update(&mut self, properties: &ConsumerProperties, _cx: &mut Context<'_>) {
        self.properties = properties.clone();
        self.processing = properties.processing_time.distribution();
    }

    fn client_protocol(properties: &ConsumerProperties) -> Option<crate::mq::Protocol> {
        properties.protocol
    }

    fn on_links_changed(&mut self, cx: &mut Context<'_>) {
        let id = cx.id();
        let end = |(link, component)| Some((link, cx.kind(component)?));
        let sources = cx.links().arriving(id).filter(|link| link.properties.is_source());
        self.sources = sources.map(|link| (link.id, link.from)).filter_map(end).collect();
        let targets = cx.links().leaving(id).filter(|link| link.properties.is_send());
        self.targets = targets.map(|link| (link.id, link.to)).filter_map(end).collect();
        let cut = cx.links().arriving(id).filter(|link| link.cut).map(|link| link.id);
        let cut: Vec<LinkId> = cut.collect();
        self.assign(cx);
        cut.into_iter().for_each(|link| self.connection_broke(link, cx));
    }

    #[inline]
    fn on_request(&mut self, call: CallId, cx: &mut Context<'_>) {
        self.pushed(call, cx);
    }

    #[inline]
    fn on_response(&mut self, call_id: CallId, cx: &mut Context<'_>) {
        let tag = Tag::from(cx.call(call_id).tag);
        match tag.kind {
            TagKind::Settle => self.settle_refused(tag, call_id, cx),
            TagKind::Heartbeat => {}
            TagKind::Receive if self.is_current(tag.worker, tag.generation) => {
                self.received(tag.worker as usize, call_id, cx);
            }
            TagKind::Forward if self.is_current(tag.worker, tag.generation) => {
                self.forwarded(tag.worker as usize, call_id, cx);
            }
            TagKind::Receive | TagKind::Forward => {}
        }
    }

    #[inline]
    fn on_timer(&mut self, timer: ConsumerTimer, cx: &mut Context<'_>) {
        match timer {
            ConsumerTimer::Poll { worker, generation } if self.is_current(worker, generation) => {
                if matches!(self.workers[worker as usize].stage, Stage::Waiting | Stage::Stopped) {
                    self.poll(worker as usize, cx);
                }
            }
            ConsumerTimer::Done { worker, generation } if self.is_current(worker, generation) => {
                self.work_done(worker as usize, cx);
            }
            ConsumerTimer::Heartbeat { worker, generation, task } if self.is_current(worker, generation) => {
                self.heartbeat(worker as usize, task, cx);
            }
            ConsumerTimer::Retry(slot) => self.retry(slot, cx),
            _ => {}
        }
    }

    fn on_action(&mut self, action: ComponentAction, cx: &mut Context<'_>) -> Result<(), String> {
        match action {
            ComponentAction::Start => self.start(cx),
            ComponentAction::Stop => self.stop(cx),
            ComponentAction::Crash => self.crash(cx),
            ComponentAction::Slow(factor) if factor.is_finite() && factor > 0.0 => self.slowness = factor,
            ComponentAction::Slow(_) => return Err("The factor must be a number above 0.".into()),
            ComponentAction::ZoneOutage(zone) if self.properties.availability_zone == Some(zone) => {
                self.crash(cx)
            }
            ComponentAction::ZoneRecovery(zone) if self.properties.availability_zone == Some(zone) => {
                self.start(cx);
            }
            _ => {
                return Err(format!("A consumer cannot {}.", action.name()));
            }
        }
        Ok(())
    }

    fn gauges(&self, _view: &View<'_>, put: &mut dyn FnMut(MetricName, u64)) {
        put(MetricName::BusyWorkers, self.workers.iter().filter(|worker| worker.is_busy()).count() as u64);
    }

    fn state(&self, view: &View<'_>) -> NodeState {
        super::consumer_state::state(self.summary(view), view)
    }
}

/// What the consumer's node is drawn from.
pub(super) struct Summary {
    pub(super) running: bool,
    pub(super) slowness: f64,
    pub(super) busy_percent: Vec<u8>,
    pub(super) workers: u32,
    pub(super) processed: SecondCounter,
    pub(super) failed: SecondCounter,
    pub(super) mean_time: SimDuration,
}

impl Consumer {
    fn summary(&self, view: &View<'_>) -> Summary {
        Summary {
            running: self.running,
            slowness: self.slowness,
            busy_percent: self.workers.iter().filter_map(|worker| worker.busy_percent(view.now())).collect(),
            workers: self.workers.iter().filter(|worker| worker.stage != Stage::Vacant).count() as u32,
            processed: self.processed,
            failed: self.failed,
            mean_time: self.processing.mean(),
        }
    }
}
