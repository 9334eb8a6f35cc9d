//! An invocation: the handler goes through its messages one after the other, then sends on what succeeded.

use kernel::{SimDuration, SimTime};

use super::function::{Function, FunctionTimer, Tag};
use super::{Error, Response, quotas};
use crate::call::{Entries, Entry, NewCall, Principal, Reply};
use crate::client::retry::refused;
use crate::context::Context;
use crate::identifiers::{CallId, DeduplicationId, LinkId};
use crate::kinesis::ShardId;
use crate::metric::MetricName;
use crate::registry::Properties;
use crate::trace::TraceKind;

/// Who invoked the function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Source {
    /// An event of its own queue.
    Event(u32),
    /// A poller of a mapping on a queue.
    Queue { link: LinkId, poller: u32 },
    /// A lane of a shard of a mapping on a stream.
    Stream { link: LinkId, shard: ShardId, lane: u32 },
    /// A caller that waits for the answer.
    Call(CallId),
}

impl Source {
    fn link(self) -> LinkId {
        match self {
            Self::Event(_) | Self::Call(_) => LinkId::NONE,
            Self::Queue { link, .. } | Self::Stream { link, .. } => link,
        }
    }
}

/// What the function's answer says of single messages (SQS-208).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Report {
    /// Nothing: the handler throws at the first message that fails, and with it fails the batch (SQS-207).
    Nothing,
    /// Each message that failed.
    Each,
    /// The first one that failed and all behind it: the order has to be kept.
    FromFirst,
}

/// An invocation under way.
#[derive(Clone, Debug)]
pub(super) struct Invocation {
    pub(super) source: Source,
    /// The messages; those that failed carry an error.
    pub(super) entries: Entries,
    report: Report,
    /// The invocation as a whole failed.
    error: Option<Error>,
    pub(super) began_at: SimTime,
    pub(super) ends_at: SimTime,
    /// How many answers of targets are missing.
    waiting: u32,
}

/// How an invocation ended.
pub(super) struct Outcome {
    /// The messages; those that failed carry an error.
    pub(super) entries: Entries,
    /// The invocation as a whole failed.
    pub(super) error: Option<Error>,
}

impl Function {
    /// How many invocations there may be at this moment (CMP-25).
    fn concurrency_limit(&self, cx: &Context<'_>) -> u64 {
        if !self.running {
            return 0;
        }
        if let Some(reserved) = self.properties.reserved_concurrent_executions {
            return reserved.into();
        }
        let all = cx.quota(&quotas::CONCURRENT_EXECUTIONS).saturating_sub(self.reserved_by_others);
        all.saturating_sub(cx.account_level_of_others(quotas::CONCURRENT_EXECUTIONS.code))
    }

    /// Tells the account how much of its concurrency this function uses; reserved concurrency is its own.
    fn note_concurrency(&self, cx: &mut Context<'_>) {
        let reserved = self.properties.reserved_concurrent_executions.is_some();
        let level = if reserved { 0 } else { self.environments.busy().into() };
        cx.set_account_level(quotas::CONCURRENT_EXECUTIONS.code, level);
    }

    /// Invokes the function; false if it was throttled (CMP-27).
    pub(super) fn invoke(
        &mut self,
        source: Source,
        entries: Entries,
        report: Report,
        cx: &mut Context<'_>,
    ) -> bool {
        let now = cx.now();
        let fetched = matches!(source, Source::Queue { .. } | Source::Stream { .. });
        let limit = if fetched && cx.is_over_throttle() { 0 } else { self.concurrency_limit(cx) };
        let Some(cold) = self.environments.take(limit, now) else {
            cx.count(MetricName::Throttles, 1);
            self.throttled.add(now, 1);
            let trace_id = entries.first().map(|entry| entry.message.trace_id);
            let error = Error::TooManyRequestsException.into();
            cx.record(source.link(), trace_id, TraceKind::ApiFailed { operation: "Invoke", error });
            return false;
        };
        self.note_concurrency(cx);
        cx.count(MetricName::Invocations, 1);
        self.invoked.add(now, 1);
        let mut start = match source {
            Source::Event(_) | Source::Call(_) => SimDuration::ZERO,
            Source::Queue { .. } => quotas::BATCH_LATENCY,
            Source::Stream { .. } => quotas::STREAM_INVOKE_LATENCY,
        };
        if cold {
            cx.count(MetricName::ColdStarts, 1);
            start = start + SimDuration::from_millis(self.properties.cold_start_milliseconds.into());
        }
        let began_at = now + start;
        let mut invocation =
            Invocation { source, entries, report, error: None, began_at, ends_at: began_at, waiting: 0 };
        let time = self.run_handler(&mut invocation, cx);
        invocation.ends_at = began_at + time;
        let at = invocation.ends_at;
        let slot = self.invocations.insert(invocation) as u32;
        cx.schedule_at(at, FunctionTimer::Done(slot));
        true
    }

    /// What the handler will do: how long it takes, and at which messages it fails.
    fn run_handler(&self, invocation: &mut Invocation, cx: &mut Context<'_>) -> SimDuration {
        let timeout = SimDuration::from_secs(self.properties.timeout.into());
        let mut time = SimDuration::ZERO;
        let mut failed = false;
        for entry in &mut invocation.entries {
            if failed && invocation.report == Report::FromFirst {
                entry.error = Some(Error::Unhandled.into());
                continue;
            }
            let one = self.time.sample(cx.random());
            time = time + SimDuration::from_secs_f64(one.as_secs_f64() * self.slowness);
            if time > timeout {
                invocation.error = Some(Error::TimedOut);
                return timeout;
            }
            if entry.message.poison || cx.random().chance(self.properties.failure_probability) {
                entry.error = Some(Error::Unhandled.into());
                failed = true;
                if invocation.report == Report::Nothing {
                    invocation.error = Some(Error::Unhandled);
                    break;
                }
            }
        }
        time
    }

    /// The handler has gone through its messages.
    pub(super) fn handler_done(&mut self, slot: u32, cx: &mut Context<'_>) {
        let Some(invocation) = self.invocations.get(slot as usize) else { return };
        if invocation.error.is_none() && !self.targets.is_empty() {
            self.send_on(slot, cx);
        }
        if self.invocations[slot as usize].waiting == 0 {
            self.finish(slot, cx);
        }
    }

    /// Calls every target with the messages that succeeded; the invocation waits for the answers.
    fn send_on(&mut self, slot: u32, cx: &mut Context<'_>) {
        let invocation = &mut self.invocations[slot as usize];
        let mut good: Vec<Entry> = Vec::new();
        for entry in invocation.entries.iter().filter(|entry| entry.error.is_none()) {
            let mut message = entry.message;
            message.delay_seconds = None;
            if !message.deduplication_id.is_some() {
                message.deduplication_id = DeduplicationId(message.trace_id.0 << 1 | 1);
            }
            good.push(Entry::new(message));
        }
        for (link, kind) in &self.targets {
            for chunk in good.chunks(kind.max_entries_per_send()) {
                let entries = Entries::from_slice(chunk);
                let Some(request) = kind.send_request(&entries) else { continue };
                let (link, principal, reply) = (*link, Principal::Account, Reply::Always);
                let tag = Tag::SentOn(slot).into();
                cx.make_call(NewCall { link, request, entries, principal, reply, tag });
                invocation.waiting += 1;
            }
        }
    }

    /// A target has answered; what it refused has failed.
    pub(super) fn sent_on(&mut self, slot: u32, call_id: CallId, cx: &mut Context<'_>) {
        let Some(invocation) = self.invocations.get_mut(slot as usize) else { return };
        if let Some((refused, _)) = refused(cx.call(call_id)) {
            let is_refused = |entry: &Entry| {
                refused.iter().any(|refused| refused.message.trace_id == entry.message.trace_id)
            };
            match invocation.report {
                Report::Nothing => invocation.error = Some(Error::Unhandled),
                Report::Each => {
                    let failed = invocation.entries.iter_mut().filter(|entry| is_refused(entry));
                    failed.for_each(|entry| entry.error = Some(Error::Unhandled.into()));
                }
                Report::FromFirst => {
                    let failed = invocation.entries.iter_mut().skip_while(|entry| !is_refused(entry));
                    failed.for_each(|entry| entry.error = Some(Error::Unhandled.into()));
                }
            }
        }
        invocation.waiting -= 1;
        if invocation.waiting == 0 {
            self.finish(slot, cx);
        }
    }

    /// Counts a message that was processed after a later one of its key.
    fn note_order(&mut self, entry: &Entry, cx: &mut Context<'_>) {
        let (key, number) = (entry.message.key, entry.message.trace_id.0);
        let place = if key.is_some() { key.index() + 1 } else { 0 };
        if place >= self.last_of_key.len() {
            self.last_of_key.resize(place + 1, 0);
        }
        let last = &mut self.last_of_key[place];
        if number < *last {
            cx.count(MetricName::ProcessedOutOfOrder, 1);
        }
        *last = number.max(*last);
    }

    fn finish(&mut self, slot: u32, cx: &mut Context<'_>) {
        let now = cx.now();
        let Invocation { source, entries, error, began_at, .. } = self.invocations.remove(slot as usize);
        self.environments.give_back(now);
        self.note_concurrency(cx);
        cx.count(MetricName::Duration, now.since(began_at).as_millis());
        let mut good = 0;
        for entry in &entries {
            if entry.receive_count > 1 {
                cx.count(MetricName::MessagesProcessedAgain, 1);
            }
            if error.is_some() || entry.error.is_some() {
                cx.record(source.link(), Some(entry.message.trace_id), TraceKind::ProcessingFailed);
            } else {
                good += 1;
                cx.follow(entry.message.trace_id, TraceKind::Processed);
                self.note_order(entry, cx);
            }
        }
        cx.count(MetricName::MessagesProcessed, good);
        cx.count(MetricName::ProcessingFailures, entries.len() as u64 - good);
        if let Some(error) = error {
            cx.count(MetricName::Errors, 1);
            self.failed.add(now, 1);
            self.last_error = Some(error);
        }
        let outcome = Outcome { entries, error };
        match source {
            Source::Event(event) => self.event_done(event, outcome, cx),
            Source::Call(call) => answer(call, outcome, cx),
            Source::Queue { link, poller } => self.batch_done(link, poller, outcome, cx),
            Source::Stream { link, shard, lane } => {
                self.piece_done((link, shard, lane as usize), outcome, cx);
            }
        }
    }
}

impl Function {
    /// `Invoke` with the type `RequestResponse`: the caller waits.
    pub(super) fn invoke_for(&mut self, call: CallId, cx: &mut Context<'_>) {
        let entries = cx.call(call).entries.clone();
        let bytes = |entry: &Entry| u64::from(cx.catalogue().payload(entry.message.payload).size_bytes);
        // Base64 makes four bytes of three (FH-34).
        let size = entries.iter().map(bytes).sum::<u64>() * 4 / 3;
        if size > cx.quota(&quotas::BATCH_BYTES) {
            return cx.reply(call, Err(Error::RequestTooLargeException.into()));
        }
        if !self.invoke(Source::Call(call), entries, Report::Each, cx) {
            cx.reply(call, Err(Error::TooManyRequestsException.into()));
        }
    }
}

/// The handler is through, and the caller hears of it.
fn answer(call: CallId, outcome: Outcome, cx: &mut Context<'_>) {
    let result = outcome.error.map_or(Ok(Response::Returned.into()), |error| Err(error.into()));
    cx.call_mut(call).entries = outcome.entries;
    cx.reply(call, result);
}

/// What the other functions of the account have reserved (CMP-25).
pub(super) fn reserved_by_others(cx: &Context<'_>) -> u64 {
    let own = cx.name(cx.id());
    let others = cx.resources().iter().filter(|resource| resource.id.as_str() != own);
    let reserved = others.filter_map(|resource| match &resource.properties {
        Properties::Function(function) => function.reserved_concurrent_executions,
        _ => None,
    });
    reserved.map(u64::from).sum()
}
