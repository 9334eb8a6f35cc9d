//! Deliveries: one after the other, tried again, and given up (FH-39 to FH-46).

use kernel::{SimDuration, SimTime};

use super::buffer::{Buffer, Failure, Purpose};
use super::delivery_stream::{DeliveryStream, DeliveryStreamTimer, Tag};
use super::destination::Destination;
use super::names::Name;
use super::quotas;
use crate::call::{Entries, Entry, NewCall, Principal, Reply};
use crate::context::Context;
use crate::identifiers::{CallId, KeyId, LinkId};
use crate::message::Message;
use crate::metric::MetricName;
use crate::registry::{ApiError, ApiError::Network, NetworkError, Request, Response};
use crate::{database, endpoint, s3};

/// A buffer on its way.
#[derive(Clone, Debug)]
pub(super) struct Delivery {
    id: u32,
    pub(super) purpose: Purpose,
    partition: KeyId,
    pub(super) records: u32,
    /// As delivered: compressed or converted.
    bytes: u64,
    pub(super) oldest_at: SimTime,
    first: Message,
    /// The object's key, once there is one.
    key: KeyId,
    pub(super) attempts: u32,
    /// When the first attempt failed, and for how long it may be tried again.
    failed_at: Option<SimTime>,
    step: Step,
    pub(super) phase: Phase,
}

/// What is asked next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    /// An object is put, or a request made.
    Put,
    /// Redshift copies the object (FH-41).
    Copy,
}

/// Where a delivery stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Phase {
    /// Waits for those before it.
    Queued,
    /// Waits for an answer.
    Asked,
    /// Waits for its next attempt.
    Paused,
}

impl DeliveryStream {
    /// A buffer is delivered, behind those that wait (FH-46).
    pub(super) fn close(&mut self, place: usize, cx: &mut Context<'_>) {
        let Buffer { purpose, partition, records, bytes, oldest_at, first, .. } = self.buffers.remove(place);
        let factor = match purpose {
            Purpose::Destination if self.destination.is_http() => 1.0,
            Purpose::Destination => self.properties.factor(),
            _ => 1.0,
        };
        self.enqueue(purpose, partition, (records, (bytes as f64 * factor) as u64), oldest_at, first);
        self.start(purpose, partition, cx);
    }

    fn enqueue(
        &mut self,
        purpose: Purpose,
        partition: KeyId,
        (records, bytes): (u32, u64),
        oldest_at: SimTime,
        first: Message,
    ) {
        self.next_delivery = (self.next_delivery + 1) & Tag::MASK;
        self.deliveries.push(Delivery {
            id: self.next_delivery,
            purpose,
            partition,
            records,
            bytes,
            oldest_at,
            first,
            key: KeyId::NONE,
            attempts: 0,
            failed_at: None,
            step: Step::Put,
            phase: Phase::Queued,
        });
    }

    /// A delivery has failed and others wait behind it.
    pub(super) fn falls_behind(&self) -> bool {
        let waiting = self.deliveries.iter().filter(|delivery| delivery.purpose == Purpose::Destination);
        waiting.clone().any(|delivery| delivery.attempts > 1) || waiting.count() > 1
    }

    /// Starts the first delivery of a lane, unless it is under way: one at a time for each purpose and partition.
    pub(super) fn start(&mut self, purpose: Purpose, partition: KeyId, cx: &mut Context<'_>) {
        let lane = |delivery: &Delivery| (delivery.purpose, delivery.partition) == (purpose, partition);
        while let Some(place) = self.deliveries.iter().position(lane) {
            if self.deliveries[place].phase != Phase::Queued || self.attempt(place, cx) {
                return;
            }
        }
    }

    /// Starts what can be: the links have changed.
    pub(super) fn start_all(&mut self, cx: &mut Context<'_>) {
        let lanes: Vec<_> =
            self.deliveries.iter().map(|delivery| (delivery.purpose, delivery.partition)).collect();
        for (purpose, partition) in lanes {
            self.start(purpose, partition, cx);
        }
    }

    /// Along which link a delivery goes; nothing if there is none.
    fn way(&self, delivery: &Delivery) -> Option<LinkId> {
        match (delivery.purpose, delivery.step) {
            (Purpose::Destination, Step::Put) if self.destination == Destination::Redshift => {
                self.backup_link
            }
            (Purpose::Destination, _) => self.destination_link,
            (Purpose::Backup, _) => self.backup_link,
            // S3 takes what failed itself (FH-36).
            (Purpose::Failed(_), _) if self.destination == Destination::ExtendedS3 => self.destination_link,
            (Purpose::Failed(_), _) => self.backup_link,
        }
    }

    /// Makes an attempt; false if the delivery is gone.
    fn attempt(&mut self, place: usize, cx: &mut Context<'_>) -> bool {
        let now = cx.now();
        let delivery = &self.deliveries[place];
        let (purpose, step) = (delivery.purpose, delivery.step);
        // Data put directly are kept for a day (FH-40).
        if self.source.is_none() && now.since(delivery.oldest_at) > quotas::S3_RETRY {
            self.lose(place, cx);
            return false;
        }
        let Some(link) = self.way(delivery) else {
            if purpose == Purpose::Destination {
                return true;
            }
            self.lose(place, cx);
            return false;
        };
        let http = purpose == Purpose::Destination && self.destination.is_http();
        if !http && step == Step::Put && !delivery.key.is_some() {
            self.name(place, cx);
        }
        let delivery = &mut self.deliveries[place];
        delivery.attempts += 1;
        delivery.phase = Phase::Asked;
        let (bytes, records) = (u32::try_from(delivery.bytes).unwrap_or(u32::MAX), delivery.records);
        let failed = matches!(purpose, Purpose::Failed(_));
        let request: Request = match step {
            _ if http => {
                let timeout_seconds = match self.destination {
                    Destination::Splunk => self
                        .properties
                        .hec_acknowledgment_timeout_in_seconds
                        .unwrap_or(quotas::HTTP_TIMEOUT_SECONDS),
                    _ => quotas::HTTP_TIMEOUT_SECONDS,
                };
                endpoint::Request::Delivery { bytes, records, timeout_seconds }.into()
            }
            Step::Put => s3::Request::PutObject(s3::Content::Records { bytes, records, failed }).into(),
            Step::Copy => database::Request::Copy { records }.into(),
        };
        let entry = Entry::new(Message { key: delivery.key, ..delivery.first });
        let entries = Entries::from_slice(&[entry]);
        let tag = Tag::Delivery(delivery.id).into();
        if http && self.destination.counts_as_http_endpoint() {
            cx.count(MetricName::DeliveryToHttpEndpointProcessedRecords, records.into());
            cx.count(MetricName::DeliveryToHttpEndpointProcessedBytes, bytes.into());
        }
        let (principal, reply) = (Principal::Account, Reply::Always);
        cx.make_call(NewCall { link, request, entries, principal, reply, tag });
        true
    }

    /// Gives an object its key (FH-26).
    fn name(&mut self, place: usize, cx: &mut Context<'_>) {
        let delivery = &self.deliveries[place];
        let stream = cx.name(cx.id()).to_owned();
        let partition =
            cx.catalogue().key(delivery.partition).map_or_else(String::new, |key| key.text.to_string());
        let error_type = match delivery.purpose {
            Purpose::Failed(failure) => Some(self.error_type(failure)),
            _ => None,
        };
        let (version, at, id) = (self.version, delivery.oldest_at, cx.new_message_id());
        let name = Name { stream: &stream, version, at, partition: &partition, error_type, id };
        let key = name.key(&self.properties, cx.random());
        self.deliveries[place].key = cx.catalogue_mut().add_key(&key);
    }

    fn error_type(&self, failure: Failure) -> &'static str {
        match failure {
            Failure::Processing => "processing-failed",
            Failure::FormatConversion => "format-conversion-failed",
            Failure::Delivery => self.destination.traits().error_type,
        }
    }

    /// The far end of a delivery has answered.
    pub(super) fn answered(&mut self, id: u32, call: CallId, cx: &mut Context<'_>) {
        let Some(place) = self.deliveries.iter().position(|delivery| delivery.id == id) else { return };
        let call = cx.call(call);
        let waited = cx.now().since(call.made_at);
        let error = match call.result {
            // An HTTP endpoint has to answer 200 (FH-44).
            Some(Ok(Response::Endpoint(endpoint::Response::Accepted { status_code })))
                if status_code != 200 =>
            {
                Some(endpoint::Error::StatusCode(status_code).into())
            }
            Some(Ok(_)) => None,
            Some(Err(error)) => Some(error),
            None => Some(Network(NetworkError::Unreachable)),
        };
        let (purpose, partition) = (self.deliveries[place].purpose, self.deliveries[place].partition);
        match error {
            None => self.delivered(place, waited, cx),
            Some(error) => self.failed(place, error, cx),
        }
        self.start(purpose, partition, cx);
    }

    fn delivered(&mut self, place: usize, waited: SimDuration, cx: &mut Context<'_>) {
        let delivery = &mut self.deliveries[place];
        let to_redshift = self.destination == Destination::Redshift;
        if delivery.purpose == Purpose::Destination && to_redshift && delivery.step == Step::Put {
            // The object is there; now COPY (FH-41).
            (delivery.step, delivery.phase, delivery.attempts) = (Step::Copy, Phase::Queued, 0);
            return;
        }
        let delivery = self.deliveries.remove(place);
        let (records, bytes) = (u64::from(delivery.records), delivery.bytes);
        let age = cx.now().since(delivery.oldest_at);
        let counted = match delivery.purpose {
            Purpose::Destination => {
                self.grown = 0;
                self.last_error = None;
                self.last_age = age;
                if self.destination == Destination::ExtendedS3 {
                    cx.count(MetricName::DeliveryToS3ObjectCount, 1);
                }
                if self.destination == Destination::Splunk {
                    self.last_acknowledgment = waited;
                }
                let traits = self.destination.traits();
                [traits.bytes, traits.records, traits.success]
            }
            _ => [MetricName::BackupToS3Bytes, MetricName::BackupToS3Records, MetricName::BackupToS3Success],
        };
        for (metric, amount) in counted.into_iter().zip([bytes, records, 1]) {
            cx.count(metric, amount);
        }
    }

    /// For how long a delivery is tried again (FH-16, FH-39).
    fn retry_duration(&self, purpose: Purpose) -> SimDuration {
        let usual = self.destination.traits().retry.filter(|_| purpose == Purpose::Destination);
        match usual {
            None => quotas::S3_RETRY,
            Some(usual) => {
                SimDuration::from_secs(self.properties.retry_duration_in_seconds.unwrap_or(usual).into())
            }
        }
    }

    fn failed(&mut self, place: usize, error: ApiError, cx: &mut Context<'_>) {
        let now = cx.now();
        self.last_error = Some(error);
        self.failures.add(now, 1);
        let delivery = &mut self.deliveries[place];
        let failed_at = *delivery.failed_at.get_or_insert(now);
        let seconds = 1_u64 << (delivery.attempts - 1).min(7);
        let (purpose, attempts, id) = (delivery.purpose, delivery.attempts, delivery.id);
        let ceiling = SimDuration::from_secs(seconds).min(quotas::MAX_BACKOFF);
        // Half of the wait is left to chance (FH-45).
        let wait = SimDuration::from_secs_f64(ceiling.as_secs_f64() * (0.5 + 0.5 * cx.random().unit()));
        if attempts == 0 || now + wait > failed_at + self.retry_duration(purpose) {
            return self.give_up(place, cx);
        }
        self.deliveries[place].phase = Phase::Paused;
        cx.schedule_in(wait, DeliveryStreamTimer::Attempt(id));
    }

    /// The wait before an attempt is over.
    pub(super) fn try_again(&mut self, id: u32, cx: &mut Context<'_>) {
        let Some(place) = self.deliveries.iter().position(|delivery| delivery.id == id) else { return };
        self.deliveries[place].phase = Phase::Queued;
        let (purpose, partition) = (self.deliveries[place].purpose, self.deliveries[place].partition);
        self.start(purpose, partition, cx);
    }

    /// No further attempt: to the bucket under the error prefix, or lost (FH-16, FH-39).
    fn give_up(&mut self, place: usize, cx: &mut Context<'_>) {
        let by_s3 = self.destination == Destination::ExtendedS3;
        if self.deliveries[place].purpose != Purpose::Destination || by_s3 {
            return self.lose(place, cx);
        }
        let Delivery { records, bytes, oldest_at, first, .. } = self.deliveries.remove(place);
        let purpose = Purpose::Failed(Failure::Delivery);
        self.enqueue(purpose, KeyId::NONE, (records, bytes), oldest_at, first);
        self.start(purpose, KeyId::NONE, cx);
    }

    fn lose(&mut self, place: usize, cx: &mut Context<'_>) {
        let delivery = self.deliveries.remove(place);
        cx.count(MetricName::MessagesLost, delivery.records.into());
        self.lost += u64::from(delivery.records);
    }

    /// Age of the oldest record that is not delivered (FH-47).
    pub(super) fn freshness(&self, backup: bool, now: SimTime) -> SimDuration {
        let wanted = |purpose: Purpose| (purpose != Purpose::Destination) == backup;
        let buffered =
            self.buffers.iter().filter(|buffer| wanted(buffer.purpose)).map(|buffer| buffer.oldest_at);
        let waiting = self.deliveries.iter().filter(|delivery| wanted(delivery.purpose));
        let oldest = buffered.chain(waiting.map(|delivery| delivery.oldest_at)).min();
        oldest.map_or(SimDuration::ZERO, |oldest| now.since(oldest))
    }
}
