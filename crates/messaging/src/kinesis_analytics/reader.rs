//! How an application reads its streams: every shard on its own, each with the time it has come to.

use kernel::{SimDuration, SimTime};

use super::application::{Application, ApplicationTimer};
use crate::call::{Entries, NewCall, Principal, Reply};
use crate::context::Context;
use crate::identifiers::{CallId, LinkId};
use crate::kinesis::{
    Request, Response, SequenceNumber, ShardId, ShardIterator, ShardIteratorType, polling_interval,
};
use crate::metric::MetricName;
use crate::registry::{Request as AnyRequest, Response as AnyResponse};

/// A shard as the application reads it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shard {
    pub(super) link: LinkId,
    pub(super) id: ShardId,
    pub(super) iterator: Option<ShardIterator>,
    /// The last record taken.
    last: Option<SequenceNumber>,
    /// The latest time among its records (KDA-7).
    pub(super) latest: SimTime,
    /// When records came last.
    pub(super) read_at: SimTime,
    pub(super) ended: bool,
}

/// How often it looks for new shards. Ours.
const SHARD_SYNC: SimDuration = SimDuration::from_secs(2);
/// Records of one read (KDS-38).
const READ_RECORDS: u64 = 10_000;

impl Application {
    fn ask(&self, link: LinkId, request: Request, cx: &mut Context<'_>) {
        let (request, entries): (AnyRequest, _) = (request.into(), Entries::new());
        let (principal, reply, tag) = (Principal::Account, Reply::Always, self.generation);
        cx.make_call(NewCall { link, request, entries, principal, reply, tag });
    }

    /// Looks which shards there are: a child only after the end of its parents (KDS-94).
    pub(super) fn list_shards(&mut self, link: LinkId, cx: &mut Context<'_>) {
        if self.sources.contains(&link) {
            self.ask(link, Request::ListLeases { worker: 0, workers: 1, first: ShardId(0) }, cx);
        }
    }

    fn shard(&self, link: LinkId, id: ShardId) -> Option<usize> {
        self.shards.iter().position(|shard| (shard.link, shard.id) == (link, id))
    }

    /// Reads on, if there is capacity (KDA-8).
    pub(super) fn read_shard(&mut self, link: LinkId, id: ShardId, cx: &mut Context<'_>) {
        let Some(place) = self.shard(link, id) else { return };
        let now = cx.now();
        if !self.is_up() {
            let later = ApplicationTimer::Shard { link, shard: id };
            cx.schedule_in(SimDuration::from_secs(1), later);
            return;
        }
        if self.free_at() > now {
            cx.schedule_at(self.free_at(), ApplicationTimer::Shard { link, shard: id });
            return;
        }
        let shard = &self.shards[place];
        let request = match (shard.iterator, shard.last) {
            (Some(iterator), _) => {
                cx.count(MetricName::ReceiveCalls, 1);
                let limit = self.capacity().clamp(1, READ_RECORDS) as u32;
                Request::GetRecords { iterator, limit }
            }
            (None, last) => Request::GetShardIterator {
                shard: id,
                iterator_type: last
                    .map_or(ShardIteratorType::TrimHorizon, ShardIteratorType::AfterSequenceNumber),
            },
        };
        self.ask(link, request, cx);
    }

    /// A stream has answered.
    pub(super) fn stream_answered(&mut self, call_id: CallId, cx: &mut Context<'_>) {
        let now = cx.now();
        let call = cx.call_mut(call_id);
        let (link, entries, result) = (call.link, std::mem::take(&mut call.entries), call.result);
        let stale = call.tag != self.generation;
        let AnyRequest::Kinesis(request) = call.request else { return };
        let answer = match result {
            Some(Ok(AnyResponse::Kinesis(response))) => Some(response),
            _ => None,
        };
        let id = match request {
            Request::ListLeases { first, .. } => return self.shards_listed(link, first, answer, cx),
            Request::GetShardIterator { shard, .. } => shard,
            Request::GetRecords { iterator, .. } => iterator.shard(),
            _ => return,
        };
        let Some(place) = self.shard(link, id) else { return };
        let again = cx.now() + polling_interval(link, cx);
        match answer {
            // What was read by an application that is down is read again.
            _ if stale || !self.is_up() => self.shards[place].iterator = None,
            Some(Response::GetShardIterator(iterator)) => {
                self.shards[place].iterator = Some(iterator);
                return self.read_shard(link, id, cx);
            }
            Some(Response::GetRecords { next_shard_iterator, millis_behind_latest }) => {
                let shard = &mut self.shards[place];
                shard.iterator = next_shard_iterator;
                shard.ended = next_shard_iterator.is_none();
                if let Some(entry) = entries.last() {
                    let index = entry.receipt.generation.into();
                    shard.last = Some(SequenceNumber { shard: id, index });
                }
                self.behind_millis = millis_behind_latest;
                self.take(place, &entries, cx);
                if self.shards[place].ended {
                    return;
                }
            }
            _ => self.shards[place].iterator = None,
        }
        cx.schedule_at(again.max(now), ApplicationTimer::Shard { link, shard: id });
    }

    fn shards_listed(
        &mut self,
        link: LinkId,
        first: ShardId,
        answer: Option<Response>,
        cx: &mut Context<'_>,
    ) {
        let now = cx.now();
        let mut more_to_come = false;
        if let Some(Response::Leases { held, more }) = answer {
            more_to_come = more;
            for id in (0..u64::BITS).filter(|bit| held >> bit & 1 == 1).map(|bit| ShardId(first.0 + bit)) {
                if self.shard(link, id).is_some() {
                    continue;
                }
                let (iterator, last, latest, read_at, ended) = (None, None, SimTime::ZERO, now, false);
                self.shards.push(Shard { link, id, iterator, last, latest, read_at, ended });
                self.read_shard(link, id, cx);
            }
        }
        if more_to_come {
            let first = ShardId(first.0 + u64::BITS);
            self.ask(link, Request::ListLeases { worker: 0, workers: 1, first }, cx);
        } else {
            cx.schedule_in(SHARD_SYNC, ApplicationTimer::Shards(link));
        }
    }
}
