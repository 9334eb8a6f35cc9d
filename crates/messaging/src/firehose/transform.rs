//! Transformation by a function: batches, retries, and what becomes of each record (FH-33 to FH-37).

use std::collections::VecDeque;

use kernel::{EventKey, SimDuration};
use slab::Slab;

use super::buffer::{Failure, Purpose};
use super::configuration::ProcessingConfiguration;
use super::delivery_stream::{DeliveryStream, DeliveryStreamTimer, Tag};
use super::destination::Destination;
use super::quotas;
use crate::call::{Entries, Entry, NewCall, Principal, Reply};
use crate::context::Context;
use crate::identifiers::{CallId, LinkId};
use crate::lambda;
use crate::message::Message;
use crate::metric::MetricName;
use crate::registry::LinkProperties;

/// The function behind a delivery stream.
#[derive(Clone, Debug)]
pub(super) struct Transformation {
    link: LinkId,
    config: ProcessingConfiguration,
    /// What waits for the batch to be full, its bytes, and the end of its interval.
    waiting: Entries,
    bytes: u64,
    timer: Option<EventKey>,
    /// Batches that wait until fewer are with the function.
    queue: VecDeque<Entries>,
    running: Slab<Batch>,
    /// What part of a record is to be dropped by now.
    to_drop: f64,
}

impl Transformation {
    fn new(link: LinkId, config: ProcessingConfiguration) -> Self {
        Self {
            link,
            config,
            waiting: Entries::new(),
            bytes: 0,
            timer: None,
            queue: VecDeque::new(),
            running: Slab::new(),
            // Half a record in front: the first one to be dropped stands in the middle of its share.
            to_drop: 0.5,
        }
    }
}

/// A batch with the function, or between two attempts.
#[derive(Clone, Debug)]
struct Batch {
    entries: Entries,
    attempts: u32,
}

impl DeliveryStream {
    /// The function follows the links; a batch that it has comes back.
    pub(super) fn look_for_transformation(&mut self, cx: &mut Context<'_>) {
        let found = cx.links().leaving(cx.id()).find_map(|link| match &link.properties {
            LinkProperties::ProcessingConfiguration(config) => Some((link.id, *config)),
            _ => None,
        });
        match (found, &mut self.transformation) {
            (Some((link, config)), Some(known)) => (known.link, known.config) = (link, config),
            (Some((link, config)), none) => {
                *none = Some(Box::new(Transformation::new(link, config)));
            }
            // Without a function what waits goes on as it is.
            (None, Some(_)) => {
                let Some(mut gone) = self.transformation.take() else { return };
                let batches = gone.queue.into_iter().chain([std::mem::take(&mut gone.waiting)]);
                let running = gone.running.drain().map(|batch| batch.entries);
                for entry in batches.chain(running).flatten() {
                    let bytes = size(&entry.message, cx);
                    self.deliver(entry.message, bytes, cx.now(), cx);
                }
            }
            (None, None) => {}
        }
    }

    /// Bytes at which a batch is closed (FH-33).
    fn most_batch_bytes(&self, config: &ProcessingConfiguration) -> u64 {
        let usual = if self.destination == Destination::Splunk { 0.25 } else { 1.0 };
        (config.buffer_size_in_mbs.unwrap_or(usual) * 1_048_576.0) as u64
    }

    /// A record waits for its batch.
    pub(super) fn transform(&mut self, message: Message, bytes: u64, cx: &mut Context<'_>) {
        let Some(known) = &self.transformation else { return };
        let most = self.most_batch_bytes(&known.config);
        let Some(known) = &mut self.transformation else { return };
        if known.waiting.is_empty() {
            let interval = SimDuration::from_secs(known.config.buffer_interval_in_seconds.into());
            known.timer = Some(cx.schedule_in(interval, DeliveryStreamTimer::Batch));
        }
        known.waiting.push(Entry::new(message));
        known.bytes += bytes;
        if known.bytes >= most {
            if let Some(timer) = known.timer.take() {
                cx.cancel(timer);
            }
            self.batch_due(cx);
        }
    }

    /// A batch is full, or has waited long enough.
    pub(super) fn batch_due(&mut self, cx: &mut Context<'_>) {
        let Some(known) = &mut self.transformation else { return };
        (known.bytes, known.timer) = (0, None);
        let entries = std::mem::take(&mut known.waiting);
        if !entries.is_empty() {
            known.queue.push_back(entries);
        }
        self.invoke_next(cx);
    }

    /// How many batches may be with the function (FH-34).
    fn most_invocations(&self) -> usize {
        let each = match self.destination {
            Destination::Splunk => quotas::SPLUNK_INVOCATIONS,
            _ => quotas::INVOCATIONS,
        };
        each * self.source.as_ref().map_or(1, |source| source.shards().max(1))
    }

    /// More batches wait than may be with the function.
    pub(super) fn transformation_falls_behind(&self) -> bool {
        let most = self.most_invocations();
        self.transformation.as_ref().is_some_and(|known| known.queue.len() > most)
    }

    fn invoke_next(&mut self, cx: &mut Context<'_>) {
        let most = self.most_invocations();
        loop {
            let Some(known) = &mut self.transformation else { return };
            if known.running.len() >= most {
                return;
            }
            let Some(entries) = known.queue.pop_front() else { return };
            let slot = known.running.insert(Batch { entries, attempts: 0 }) as u32;
            self.invoke(slot, cx);
        }
    }

    /// Invokes the function, synchronously (FH-34).
    pub(super) fn invoke(&mut self, slot: u32, cx: &mut Context<'_>) {
        let Some(known) = &mut self.transformation else { return };
        let Some(batch) = known.running.get_mut(slot as usize) else { return };
        batch.attempts += 1;
        let link = known.link;
        let (request, entries) = (lambda::Request::InvokeRequestResponse.into(), batch.entries.clone());
        let (principal, reply, tag) = (Principal::Account, Reply::Always, Tag::Invocation(slot).into());
        cx.make_call(NewCall { link, request, entries, principal, reply, tag });
    }

    /// The function has answered (FH-35, FH-36).
    pub(super) fn batch_answered(&mut self, slot: u32, call: CallId, cx: &mut Context<'_>) {
        let took = cx.now().since(cx.call(call).made_at);
        let answered =
            cx.call(call).result.is_some_and(|result| result.is_ok()) && took <= quotas::MOST_PROCESSING;
        let entries = std::mem::take(&mut cx.call_mut(call).entries);
        let Some(known) = &mut self.transformation else { return };
        let Some(batch) = known.running.get(slot as usize) else { return };
        cx.count(MetricName::ExecuteProcessingDuration, took.as_millis());
        if !answered && batch.attempts <= known.config.number_of_retries {
            let wait = SimDuration::from_secs(1 << batch.attempts.min(7)).min(quotas::MAX_BACKOFF);
            cx.schedule_in(wait, DeliveryStreamTimer::BatchRetry(slot));
            return;
        }
        let batch = known.running.remove(slot as usize);
        if answered {
            cx.count(MetricName::ExecuteProcessingSuccess, 1);
            entries.iter().for_each(|entry| self.transformed(entry, cx));
        } else {
            batch.entries.iter().for_each(|entry| self.processing_failed(&entry.message, cx));
        }
        self.invoke_next(cx);
    }

    /// What the function says of one record: `Ok`, `Dropped` or `ProcessingFailed` (FH-35).
    fn transformed(&mut self, entry: &Entry, cx: &mut Context<'_>) {
        let Some(known) = &mut self.transformation else { return };
        known.to_drop += known.config.dropped_share;
        if entry.error.is_some() {
            return self.processing_failed(&entry.message, cx);
        }
        // A little below 1: shares such as a tenth do not add up to it exactly.
        let dropped = known.to_drop > 0.999_999;
        let factor = known.config.size_factor;
        if dropped {
            known.to_drop -= 1.0;
        }
        let bytes = size(&entry.message, cx);
        cx.count(MetricName::SucceedProcessingRecords, 1);
        cx.count(MetricName::SucceedProcessingBytes, bytes);
        if !dropped {
            let now = cx.now();
            self.deliver(entry.message, (bytes as f64 * factor) as u64, now, cx);
        }
    }

    /// A record goes under `processing-failed`, in base64 with its error (FH-36).
    fn processing_failed(&mut self, message: &Message, cx: &mut Context<'_>) {
        let bytes = size(message, cx).div_ceil(3) * 4 + quotas::FAILED_RECORD_BYTES;
        let now = cx.now();
        self.buffer(Purpose::Failed(Failure::Processing), *message, bytes, now, cx);
    }
}

fn size(message: &Message, cx: &Context<'_>) -> u64 {
    cx.catalogue().payload(message.payload).size_bytes.into()
}
