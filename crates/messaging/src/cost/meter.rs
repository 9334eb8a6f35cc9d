//! What no metric tells: counted call by call, and added up over time.

use crate::call::{Call, Principal};
use crate::context::{Context, Core};
use crate::message::Message;
use crate::metric::MetricName;
use crate::registry::Request;
use crate::{kinesis, sns, sqs};

/// A payload counts as one request for each so many bytes (COST-2, COST-5).
const CHUNK: u64 = 64 * 1_024;
/// A `PUT` payload unit (COST-21).
const PUT_UNIT: u64 = 25 * 1_024;
/// Records of an on-demand stream are rounded up to this (COST-22).
const KB: u64 = 1_024;

/// What one component has been asked for, and what it has held over time.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Meter {
    /// API calls, in chunks of 64 KB (COST-2).
    pub(super) requests: u64,
    /// Of them, those with a message group (COST-3).
    pub(super) keyed_requests: u64,
    /// Bytes of messages sent to it.
    pub(super) bytes_in: u64,
    /// Bytes of messages read from it.
    pub(super) bytes_out: u64,
    /// Bytes pushed to registered consumers.
    pub(super) fan_out_bytes: u64,
    /// PUT payload units (COST-21).
    pub(super) put_units: u64,
    /// Bytes in, each record rounded up to 1 KB, or to 5 KB (COST-22, COST-30).
    pub(super) rounded_bytes_in: u64,
    /// Deliveries to queues (COST-6), and their bytes.
    pub(super) deliveries: u64,
    pub(super) delivery_bytes: u64,
    /// Deliveries to Firehose (COST-5).
    pub(super) firehose_deliveries: u64,
    /// Seconds it has been there.
    pub(super) seconds: u64,
    /// Open shards by seconds.
    pub(super) shard_seconds: u64,
    /// Instances by seconds, from their launch (CMP-14).
    pub(super) instance_seconds: u64,
    /// Kinesis Processing Units by seconds, with the one for orchestration (COST-60).
    pub(super) kpu_seconds: u64,
    /// Of them, those that work.
    pub(super) working_kpu_seconds: u64,
    /// What is kept now, in KiB, and by seconds (COST-24).
    kept_kilobytes: u64,
    pub(super) kilobyte_seconds: u64,
}

impl Meter {
    /// Time passes while metrics stand as they do.
    pub(crate) fn pass(&mut self, seconds: u64, level: impl Fn(MetricName) -> u64) {
        self.seconds += seconds;
        self.shard_seconds += seconds * level(MetricName::OpenShardCount);
        let instances = [
            MetricName::GroupPendingInstances,
            MetricName::GroupInServiceInstances,
            MetricName::GroupTerminatingInstances,
        ];
        self.instance_seconds += seconds * instances.into_iter().map(&level).sum::<u64>();
        let kpus = level(MetricName::Kpus);
        self.working_kpu_seconds += seconds * kpus;
        self.kpu_seconds += seconds * if kpus > 0 { kpus + 1 } else { 0 };
        self.kilobyte_seconds += seconds * self.kept_kilobytes;
    }
}

impl Context<'_> {
    /// What this component keeps from now on.
    pub(crate) fn bill_kept(&mut self, bytes: u64) {
        self.core.meters[self.id.index()].kept_kilobytes = bytes / KB;
    }

    /// Counts a record of this component, its bytes rounded up to whole `unit`s.
    #[inline]
    pub(crate) fn bill_record(&mut self, bytes: u64, unit: u64) {
        self.core.meters[self.id.index()].rounded_bytes_in += bytes.div_ceil(unit).max(1) * unit;
    }
}

/// Counts an answered call. Refused calls and entries are free.
#[inline]
pub(crate) fn count(core: &mut Core, call: usize) {
    let Core { calls, meters, catalogue, .. } = core;
    let call: &Call = &calls[call];
    let Some(meter) = meters.get_mut(call.to.index()) else { return };
    if call.result.is_none_or(|result| result.is_err()) {
        return;
    }
    let size = |message: &Message| u64::from(catalogue.payload(message.payload).size_bytes);
    let taken = call.entries.iter().filter(|entry| entry.error.is_none());
    match call.request {
        Request::Sqs(sqs::Request::Redrive { .. }) => {}
        Request::Sqs(request) => {
            let carries = matches!(
                request,
                sqs::Request::SendMessage
                    | sqs::Request::SendMessageBatch
                    | sqs::Request::ReceiveMessage { .. }
            );
            let (mut messages, mut bytes, mut keyed) = (0, 0, false);
            for entry in taken {
                messages += 1;
                if carries {
                    bytes += size(&entry.message);
                    keyed |= entry.message.key.is_some();
                }
            }
            if matches!(call.principal, Principal::Service { .. }) {
                // A delivery is the topic's, and no request to the queue (COST-6, COST-7).
                if let Some(topic) = meters.get_mut(call.from.index()) {
                    topic.deliveries += messages;
                    topic.delivery_bytes += bytes;
                }
                return;
            }
            let requests = bytes.div_ceil(CHUNK).max(1);
            meter.requests += requests;
            meter.keyed_requests += if keyed { requests } else { 0 };
        }
        Request::Sns(sns::Request::Publish | sns::Request::PublishBatch) => {
            let bytes: u64 = taken.map(|entry| size(&entry.message)).sum();
            meter.requests += bytes.div_ceil(CHUNK).max(1);
            meter.bytes_in += bytes;
        }
        Request::Firehose(_) if matches!(call.principal, Principal::Service { .. }) => {
            let records = taken.count() as u64;
            if let Some(topic) = meters.get_mut(call.from.index()) {
                topic.firehose_deliveries += records;
            }
        }
        Request::Kinesis(kinesis::Request::PutRecord { .. } | kinesis::Request::PutRecords) => {
            for entry in taken {
                let bytes = size(&entry.message);
                meter.put_units += bytes.div_ceil(PUT_UNIT).max(1);
                meter.rounded_bytes_in += bytes.div_ceil(KB) * KB;
            }
        }
        Request::Kinesis(kinesis::Request::ReceiveEvent { .. }) => {
            meter.fan_out_bytes += taken.map(|entry| size(&entry.message)).sum::<u64>();
        }
        Request::Kinesis(kinesis::Request::GetRecords { .. }) => {
            meter.bytes_out += taken.map(|entry| size(&entry.message)).sum::<u64>();
        }
        _ => {}
    }
}
