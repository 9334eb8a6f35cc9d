//! A Kinesis data stream as source: every shard once a second, from the latest record on (FH-3, FH-12).

use super::delivery_stream::{DeliveryStream, DeliveryStreamTimer, Tag};
use super::quotas;
use crate::call::{ApiResult, Entries, NewCall, Principal, Reply};
use crate::context::Context;
use crate::identifiers::{CallId, LinkId};
use crate::kinesis::{Error, Request, Response, SequenceNumber, ShardId, ShardIterator, ShardIteratorType};
use crate::metric::MetricName;
use crate::registry::{ApiError, NetworkError, Request as AnyRequest, Response as AnyResponse};

/// The stream that is read.
#[derive(Clone, Debug)]
pub(super) struct Source {
    pub(super) link: LinkId,
    shards: Vec<Shard>,
    /// The shards that are there at the start are read from their latest record on; their children from the first.
    listed: bool,
    pub(super) behind_millis: u64,
}

/// A shard that is read.
#[derive(Clone, Copy, Debug)]
struct Shard {
    id: ShardId,
    starts_at: ShardIteratorType,
    iterator: Option<ShardIterator>,
    ended: bool,
}

impl Source {
    pub(super) fn new(link: LinkId) -> Self {
        Self { link, shards: Vec::new(), listed: false, behind_millis: 0 }
    }
    /// How many shards are read: so many times more batches may be with the function (FH-34).
    pub(super) fn shards(&self) -> usize {
        self.shards.iter().filter(|shard| !shard.ended).count()
    }

    fn shard(&mut self, id: ShardId) -> Option<&mut Shard> {
        self.shards.iter_mut().find(|shard| shard.id == id)
    }
}

impl DeliveryStream {
    fn ask_source(&self, request: Request, cx: &mut Context<'_>) {
        let Some(source) = &self.source else { return };
        let (link, request): (_, AnyRequest) = (source.link, request.into());
        let (principal, reply, tag) = (Principal::Account, Reply::Always, Tag::Source.into());
        cx.make_call(NewCall { link, request, entries: Entries::new(), principal, reply, tag });
    }

    /// The timers are those of the source that is read, not of one before it.
    pub(super) fn reads(&self, link: LinkId) -> bool {
        self.source.as_ref().is_some_and(|source| source.link == link)
    }

    /// Looks which shards there are: a child only after the end of its parents (KDS-94).
    pub(super) fn list_shards(&self, first: u32, cx: &mut Context<'_>) {
        self.ask_source(Request::ListLeases { worker: 0, workers: 1, first: ShardId(first) }, cx);
    }

    /// Once a second, unless deliveries have fallen behind: the stream keeps the records meanwhile (FH-40).
    pub(super) fn read_shard(&mut self, id: ShardId, cx: &mut Context<'_>) {
        let behind = self.falls_behind() || self.transformation_falls_behind();
        let Some(shard) = self.source.as_mut().and_then(|source| source.shard(id)) else { return };
        let request = match shard.iterator {
            _ if behind => return self.read_later(id, cx),
            Some(iterator) => Request::GetRecords { iterator, limit: quotas::READ_RECORDS },
            None => Request::GetShardIterator { shard: id, iterator_type: shard.starts_at },
        };
        self.ask_source(request, cx);
    }

    fn read_later(&self, shard: ShardId, cx: &mut Context<'_>) {
        let Some(Source { link, .. }) = self.source else { return };
        cx.schedule_in(quotas::POLL_INTERVAL, DeliveryStreamTimer::Shard { link, shard });
    }

    /// The source has answered.
    pub(super) fn source_answered(&mut self, call: CallId, cx: &mut Context<'_>) {
        let call = cx.call_mut(call);
        let (link, request) = (call.link, call.request);
        let entries = std::mem::take(&mut call.entries);
        let result = call.result.unwrap_or_else(|| Err(NetworkError::Unreachable.into()));
        let Some(source) = self.source.as_mut().filter(|source| source.link == link) else { return };
        let AnyRequest::Kinesis(request) = request else { return };
        match (request, &result) {
            (Request::ListLeases { first, .. }, _) => self.shards_listed(first.0, &result, cx),
            (
                Request::GetShardIterator { shard, .. },
                Ok(AnyResponse::Kinesis(Response::GetShardIterator(at))),
            ) => {
                if let Some(known) = source.shard(shard) {
                    known.iterator = Some(*at);
                }
                self.read_shard(shard, cx);
            }
            (Request::GetShardIterator { shard, .. }, _) => self.read_later(shard, cx),
            (Request::GetRecords { iterator, .. }, _) => {
                self.records_read(iterator.shard(), &result, entries, cx);
            }
            _ => {}
        }
    }

    fn shards_listed(&mut self, first: u32, result: &ApiResult, cx: &mut Context<'_>) {
        let Some(source) = self.source.as_mut() else { return };
        let link = source.link;
        let mut new = Vec::new();
        let mut again = true;
        if let Ok(AnyResponse::Kinesis(Response::Leases { held, more })) = *result {
            let starts_at = match source.listed {
                false => ShardIteratorType::Latest,
                true => ShardIteratorType::TrimHorizon,
            };
            let found = (0..u64::BITS).filter(|bit| held >> bit & 1 == 1).map(|bit| ShardId(first + bit));
            for id in found {
                if source.shard(id).is_none() {
                    source.shards.push(Shard { id, starts_at, iterator: None, ended: false });
                    new.push(id);
                }
            }
            source.listed |= !more;
            again = !more;
        }
        if again {
            cx.schedule_in(quotas::SHARD_SYNC_INTERVAL, DeliveryStreamTimer::Shards(link));
        } else {
            self.list_shards(first + u64::BITS, cx);
        }
        for shard in new {
            self.read_shard(shard, cx);
        }
    }

    fn records_read(&mut self, id: ShardId, result: &ApiResult, entries: Entries, cx: &mut Context<'_>) {
        let now = cx.now();
        let Some(source) = self.source.as_mut() else { return };
        let Some(shard) = source.shard(id) else { return };
        if let Some(last) = entries.last() {
            let index = u64::from(last.receipt.generation);
            shard.starts_at = ShardIteratorType::AfterSequenceNumber(SequenceNumber { shard: id, index });
        }
        match result {
            Ok(AnyResponse::Kinesis(Response::GetRecords { next_shard_iterator, millis_behind_latest })) => {
                shard.iterator = *next_shard_iterator;
                shard.ended = next_shard_iterator.is_none();
                source.behind_millis = *millis_behind_latest;
            }
            Err(ApiError::Kinesis(Error::ExpiredIteratorException)) => shard.iterator = None,
            Err(ApiError::Kinesis(Error::ProvisionedThroughputExceededException { .. })) => {
                cx.count(MetricName::ThrottledGetRecords, 1);
            }
            _ => {}
        }
        let ended = source.shard(id).is_none_or(|shard| shard.ended);
        for entry in &entries {
            let bytes = u64::from(cx.catalogue().payload(entry.message.payload).size_bytes);
            cx.count(MetricName::DataReadFromKinesisStreamRecords, 1);
            cx.count(MetricName::DataReadFromKinesisStreamBytes, bytes);
            self.take_in(entry.message, bytes, now, cx);
        }
        if !ended {
            self.read_later(id, cx);
        }
    }
}
