//! `PutRecord` and `PutRecordBatch` (FH-7 to FH-11).

use smallvec::SmallVec;

use super::delivery_stream::DeliveryStream;
use super::{Error, Request, Response, quotas};
use crate::context::Context;
use crate::identifiers::CallId;
use crate::metric::MetricName;
use crate::quota::Quota;

impl DeliveryStream {
    /// A quota of direct puts, as raised for this stream (FH-9).
    pub(super) fn limit(&self, quota: &Quota, cx: &Context<'_>) -> u64 {
        cx.quota(quota) * u64::from(self.properties.throughput_factor.unwrap_or(1))
    }

    /// Takes records from a client or a topic: each for itself (FH-10).
    pub(super) fn put(&mut self, call: CallId, request: Request, cx: &mut Context<'_>) {
        let now = cx.now();
        if self.source.is_some() {
            return cx.reply(call, Err(Error::InvalidSourceException.into()));
        }
        let mut entries = cx.call(call).entries.clone();
        let size = |cx: &Context<'_>, place: usize| {
            u64::from(cx.catalogue().payload(entries[place].message.payload).size_bytes)
        };
        let sizes: SmallVec<[u64; 1]> = (0..entries.len()).map(|place| size(cx, place)).collect();
        let too_large = sizes.iter().any(|bytes| *bytes > cx.quota(&quotas::RECORD_BYTES));
        let batch = request == Request::PutRecordBatch;
        let too_much = batch && sizes.iter().sum::<u64>() > cx.quota(&quotas::BATCH_BYTES)
            || sizes.len() as u64 > cx.quota(&quotas::BATCH_RECORDS);
        if too_large || too_much {
            return cx.reply(call, Err(Error::InvalidArgumentException.into()));
        }
        cx.count(MetricName::IncomingPutRequests, 1);
        self.tried.add(now, sizes.len() as u64);
        let requests = self.limit(&quotas::PUT_REQUESTS_PER_SECOND, cx);
        if !self.requests.try_add(now, 1, requests) {
            self.throttled(sizes.len(), cx);
            return cx.reply(call, Err(Error::ServiceUnavailableException.into()));
        }
        let (mut taken, mut bytes) = (0, 0);
        for (place, size) in sizes.iter().enumerate() {
            if self.fits(*size, cx) {
                (taken, bytes) = (taken + 1, bytes + size);
                let message = entries[place].message;
                self.take_in(message, *size, now, cx);
            } else {
                entries[place].error = Some(Error::ServiceUnavailableException.into());
            }
        }
        let counted = match batch {
            true => [
                MetricName::PutRecordBatchRequests,
                MetricName::PutRecordBatchBytes,
                MetricName::PutRecordBatchRecords,
            ],
            false => [MetricName::PutRecordRequests, MetricName::PutRecordBytes, MetricName::IncomingRecords],
        };
        cx.count(counted[0], 1);
        cx.count(counted[1], bytes);
        if batch {
            cx.count(counted[2], taken);
        }
        let refused = sizes.len() - taken as usize;
        if refused > 0 {
            self.throttled(refused, cx);
            if !batch {
                return cx.reply(call, Err(Error::ServiceUnavailableException.into()));
            }
        }
        cx.call_mut(call).entries = entries;
        cx.reply(call, Ok(Response::Put.into()));
    }

    /// Takes a record from the quotas of this second; both or none (FH-11).
    fn fits(&mut self, bytes: u64, cx: &Context<'_>) -> bool {
        let now = cx.now();
        let records = self.limit(&quotas::RECORDS_PER_SECOND, cx);
        let most_bytes = self.limit(&quotas::BYTES_PER_SECOND, cx);
        self.records.current(now) < records && self.bytes.try_add(now, bytes, most_bytes) && {
            self.records.add(now, 1);
            true
        }
    }

    fn throttled(&mut self, records: usize, cx: &mut Context<'_>) {
        cx.count(MetricName::ThrottledRecords, records as u64);
        self.refused.add(cx.now(), records as u64);
    }
}
