//! Buffers: records put together until the size or the interval is reached (FH-15 to FH-21).

use kernel::{EventKey, SimDuration, SimTime};

use super::delivery_stream::{DeliveryStream, DeliveryStreamTimer};
use super::quotas;
use crate::context::Context;
use crate::identifiers::{KeyId, PayloadId};
use crate::message::Message;
use crate::metric::MetricName;

/// What becomes of the records of a buffer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Purpose {
    /// They are delivered.
    Destination,
    /// All that comes in, to the backup bucket (FH-37, FH-38).
    Backup,
    /// They failed, and go to the bucket under the error prefix (FH-29).
    Failed(Failure),
}

/// Why records go under the error prefix.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Failure {
    Processing,
    FormatConversion,
    Delivery,
}

/// Records put together.
#[derive(Clone, Copy, Debug)]
pub(super) struct Buffer {
    pub(super) purpose: Purpose,
    /// The partition key, with dynamic partitioning (FH-32).
    pub(super) partition: KeyId,
    pub(super) records: u32,
    /// Before compression (FH-15).
    pub(super) bytes: u64,
    /// When its oldest record arrived.
    pub(super) oldest_at: SimTime,
    /// When its first record came into it (FH-19).
    pub(super) opened_at: SimTime,
    /// Its first record, which stands for all.
    pub(super) first: Message,
    timer: EventKey,
}

impl DeliveryStream {
    /// Bytes at which a buffer is delivered; more while deliveries fall behind (FH-20).
    pub(super) fn most_bytes(&self) -> u64 {
        let hint = u64::from(self.hints.size_in_mbs) * 1_048_576;
        let least = hint.max(quotas::MOST_BUFFER_BYTES);
        (hint << self.grown.min(7)).min(least)
    }

    /// From the first record to the delivery (FH-19, FH-21).
    pub(super) fn interval(&self) -> SimDuration {
        match self.hints.interval_in_seconds {
            0 => quotas::ZERO_BUFFERING,
            seconds => SimDuration::from_secs(seconds.into()),
        }
    }

    /// A record to be delivered, which arrived at `arrived_at`.
    #[inline]
    pub(super) fn deliver(
        &mut self,
        message: Message,
        bytes: u64,
        arrived_at: SimTime,
        cx: &mut Context<'_>,
    ) {
        let mut purpose = Purpose::Destination;
        if self.properties.converts() {
            let fits = self.is_json(message.payload, cx);
            let [records, size] = match fits {
                true => [MetricName::SucceedConversionRecords, MetricName::SucceedConversionBytes],
                false => [MetricName::FailedConversionRecords, MetricName::FailedConversionBytes],
            };
            cx.count(records, 1);
            cx.count(size, bytes);
            if !fits {
                purpose = Purpose::Failed(Failure::FormatConversion);
            }
        }
        let delimiter = u64::from(self.properties.append_delimiter_to_record);
        self.buffer(purpose, message, bytes + delimiter, arrived_at, cx);
    }

    /// A conversion takes JSON objects, one for each record (FH-31).
    fn is_json(&mut self, payload: PayloadId, cx: &Context<'_>) -> bool {
        let place = payload.index();
        if let Some(Some(known)) = self.json.get(place) {
            return *known;
        }
        let body = &cx.catalogue().payload(payload).body;
        let fits = serde_json::from_str::<serde_json::Map<String, serde_json::Value>>(body).is_ok();
        if place >= self.json.len() {
            self.json.resize(place + 1, None);
        }
        self.json[place] = Some(fits);
        fits
    }

    /// Puts a record into its buffer, and delivers the buffer once it is full (FH-18).
    #[inline]
    pub(super) fn buffer(
        &mut self,
        purpose: Purpose,
        message: Message,
        bytes: u64,
        arrived_at: SimTime,
        cx: &mut Context<'_>,
    ) {
        let partitioned = self.properties.dynamic_partitioning && purpose == Purpose::Destination;
        let partition = if partitioned { message.key } else { KeyId::NONE };
        let find = |buffer: &Buffer| (buffer.purpose, buffer.partition).cmp(&(purpose, partition));
        let place = match self.buffers.binary_search_by(find) {
            Ok(place) => place,
            Err(_) if partitioned && self.has_too_many_partitions(partition, cx) => {
                // Over the limit, and what has no key at all (FH-32).
                cx.count(MetricName::PartitionCountExceeded, 1);
                let failed = Purpose::Failed(Failure::Processing);
                return self.buffer(failed, message, bytes, arrived_at, cx);
            }
            Err(place) => {
                let opened_at = cx.now();
                let timer =
                    cx.schedule_in(self.interval(), DeliveryStreamTimer::Interval { purpose, partition });
                let oldest_at = arrived_at;
                let (records, first) = (0, message);
                let buffer =
                    Buffer { purpose, partition, records, bytes: 0, oldest_at, opened_at, first, timer };
                self.buffers.insert(place, buffer);
                place
            }
        };
        let most = self.most_bytes();
        let buffer = &mut self.buffers[place];
        buffer.records += 1;
        buffer.bytes += bytes;
        buffer.oldest_at = buffer.oldest_at.min(arrived_at);
        if buffer.bytes >= most {
            if purpose == Purpose::Destination && self.falls_behind() && most < quotas::MOST_BUFFER_BYTES {
                self.grown += 1;
                return;
            }
            cx.cancel(self.buffers[place].timer);
            self.close(place, cx);
        }
    }

    fn has_too_many_partitions(&self, partition: KeyId, cx: &Context<'_>) -> bool {
        !partition.is_some() || self.partitions() as u64 >= cx.quota(&quotas::ACTIVE_PARTITIONS)
    }

    /// Partitions with a buffer now (FH-32).
    pub(super) fn partitions(&self) -> usize {
        self.buffers.iter().filter(|buffer| buffer.partition.is_some()).count()
    }

    /// The interval of a buffer is over.
    pub(super) fn interval_over(&mut self, purpose: Purpose, partition: KeyId, cx: &mut Context<'_>) {
        let place =
            self.buffers.iter().position(|buffer| (buffer.purpose, buffer.partition) == (purpose, partition));
        if let Some(place) = place {
            self.close(place, cx);
        }
    }
}
