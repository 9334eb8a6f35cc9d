//! Event source mappings on streams: one batch at a time for each lane of a shard (KDS-98 to KDS-106).

use std::collections::VecDeque;

use kernel::{SimDuration, SimTime};

use super::function::{Function, FunctionTimer, Tag};
use super::invocation::{Outcome, Report, Source};
use super::mapping::EventSourceMapping;
use super::quotas;
use crate::call::{ApiResult, Entries, Entry, NewCall, Principal, Reply};
use crate::context::Context;
use crate::identifiers::{CallId, KeyId, LinkId};
use crate::kinesis::{
    Connection, Error as StreamError, Request, Response, SequenceNumber, ShardId, ShardIterator,
    ShardIteratorType, StartingPosition,
};
use crate::metric::MetricName;
use crate::registry::{ApiError, Request as AnyRequest, Response as AnyResponse};

/// The records of a shard that keep their order: all of them, or those of some keys (KDS-100).
#[derive(Clone, Debug, Default)]
struct Lane {
    /// Read and not yet in a batch, each with the time it was read.
    waiting: VecDeque<(Entry, SimTime)>,
    /// The batch in work, in pieces if it was bisected: the first one is invoked with (KDS-102).
    pieces: VecDeque<Entries>,
    /// The first piece is with the function, or waits for its next attempt.
    busy: bool,
    /// Retries of the first piece so far.
    retries: u32,
    /// Failures and throttles in a row, for the wait.
    failures: u32,
    /// When the window of the next batch is over, if it is waited for.
    due: Option<SimTime>,
    /// The tumbling window that is open: how many there were before it (KDS-105).
    window: Option<u64>,
}

/// A shard of a mapping.
#[derive(Clone, Debug)]
struct Shard {
    id: ShardId,
    starts_at: ShardIteratorType,
    iterator: Option<ShardIterator>,
    /// Enhanced fan-out: there is a connection (KDS-48).
    subscribed: bool,
    lanes: Vec<Lane>,
    /// Its end was read (KDS-43).
    ended: bool,
}

/// A mapping on a stream.
#[derive(Clone, Debug)]
pub(super) struct StreamMapping {
    pub(super) link: LinkId,
    properties: EventSourceMapping,
    retention: SimDuration,
    shards: Vec<Shard>,
    /// The shards that are there at the start may be read from their latest record on.
    listed: bool,
    started: bool,
}

impl StreamMapping {
    pub(super) fn new(link: LinkId) -> Self {
        Self {
            link,
            properties: EventSourceMapping::default(),
            retention: SimDuration::ZERO,
            shards: Vec::new(),
            listed: false,
            started: false,
        }
    }

    /// Takes what the document says; batches in work go on.
    pub(super) fn configure(&mut self, properties: &EventSourceMapping, retention: SimDuration) {
        (self.properties, self.retention) = (properties.clone(), retention);
    }

    fn batch_size(&self) -> usize {
        self.properties.batch_size.unwrap_or(quotas::STREAM_BATCH_SIZE) as usize
    }

    fn lanes(&self) -> usize {
        self.properties.parallelization_factor.clamp(1, quotas::MAX_PARALLELIZATION) as usize
    }

    /// How old a record may be that is tried again (KDS-101).
    fn maximum_age(&self) -> SimDuration {
        match self.properties.maximum_record_age_in_seconds {
            0.. => self
                .retention
                .min(SimDuration::from_secs(self.properties.maximum_record_age_in_seconds as u64)),
            _ => self.retention,
        }
    }

    fn shard(&mut self, id: ShardId) -> Option<&mut Shard> {
        self.shards.iter_mut().find(|shard| shard.id == id)
    }

    /// Lanes of shards with a batch in work.
    pub(super) fn batches(&self) -> usize {
        self.shards.iter().flat_map(|shard| &shard.lanes).filter(|lane| !lane.pieces.is_empty()).count()
    }

    /// Batches that there may be at the same time (KDS-98).
    pub(super) fn most_batches(&self) -> usize {
        self.shards.len() * self.lanes()
    }

    /// Shards that the stream has and the mapping does not read yet.
    fn add_shards(&mut self, first: u32, held: u64) -> Vec<ShardId> {
        let timestamp = SimDuration::from_secs_f64(self.properties.starting_position_timestamp);
        let starts_at = match self.properties.starting_position {
            StartingPosition::Latest if !self.listed => ShardIteratorType::Latest,
            StartingPosition::AtTimestamp => ShardIteratorType::AtTimestamp(SimTime::ZERO + timestamp),
            _ => ShardIteratorType::TrimHorizon,
        };
        let found = (0..u64::BITS).filter(|bit| held >> bit & 1 == 1).map(|bit| ShardId(first + bit));
        let new: Vec<_> = found.filter(|id| self.shards.iter().all(|shard| shard.id != *id)).collect();
        for id in &new {
            let (iterator, subscribed, lanes, ended) = (None, false, Vec::new(), false);
            self.shards.push(Shard { id: *id, starts_at, iterator, subscribed, lanes, ended });
        }
        new
    }
}

impl Lane {
    /// True when the open tumbling window has had its last record: the function is invoked once more, without any
    /// (KDS-105). `size` is the window's; `ended` says that the shard has no more records.
    fn window_is_complete(&self, size: SimDuration, ended: bool, now: SimTime) -> bool {
        let Some(window) = self.window else { return false };
        match self.waiting.front() {
            Some((entry, _)) => window_of(entry, size) != window,
            None => ended || now >= SimTime::ZERO + size * (window + 1) + quotas::WINDOW_CLOSES_AFTER,
        }
    }
}

/// The tumbling window in which a record arrived. Such records bear the time of their arrival.
fn window_of(entry: &Entry, size: SimDuration) -> u64 {
    entry.message.published_at.as_micros() / size.as_micros().max(1)
}

/// Which of `lanes` a key belongs to (KDS-100).
fn lane_of(key: KeyId, lanes: usize, cx: &Context<'_>) -> usize {
    cx.catalogue().key(key).map_or(0, |key| (key.md5 % lanes as u128) as usize)
}

impl Function {
    fn stream(&mut self, link: LinkId) -> Option<&mut StreamMapping> {
        self.streams.iter_mut().find(|mapping| mapping.link == link)
    }

    /// Asks a stream something on behalf of a mapping.
    fn ask_stream(&self, link: LinkId, request: Request, cx: &mut Context<'_>) {
        let (request, entries): (AnyRequest, _) = (request.into(), Entries::new());
        let (principal, reply, tag) = (Principal::Account, Reply::Always, Tag::Stream.into());
        cx.make_call(NewCall { link, request, entries, principal, reply, tag });
    }

    /// Begins to read; a mapping that already reads goes on.
    pub(super) fn start_stream(&mut self, link: LinkId, cx: &mut Context<'_>) {
        let Some(mapping) = self.stream(link) else { return };
        if !std::mem::replace(&mut mapping.started, true) {
            self.list_shards(link, 0, cx);
        }
    }

    /// Looks which shards there are: a child only after the end of its parents (KDS-94).
    pub(super) fn list_shards(&mut self, link: LinkId, first: u32, cx: &mut Context<'_>) {
        if self.stream(link).is_some() {
            self.ask_stream(link, Request::ListLeases { worker: 0, workers: 1, first: ShardId(first) }, cx);
        }
    }

    /// Once a second: reads on where there is room (KDS-98).
    pub(super) fn read_shard(&mut self, link: LinkId, id: ShardId, cx: &mut Context<'_>) {
        let until = cx.now() + quotas::EVENT_WAIT;
        let Some(mapping) = self.stream(link) else { return };
        let fans_out = !mapping.properties.consumer_name.is_empty();
        let Some(shard) = mapping.shard(id) else { return };
        let waiting: usize = shard.lanes.iter().map(|lane| lane.waiting.len()).sum();
        let (consumer, reader) = (None, id.0);
        let request = match shard.iterator {
            _ if waiting >= quotas::STREAM_READ_RECORDS as usize => None,
            _ if fans_out && shard.subscribed => {
                Some(Request::ReceiveEvent { consumer, reader, processed: None, until })
            }
            _ if fans_out => {
                let starting_position = shard.starts_at;
                Some(Request::SubscribeToShard { consumer, reader, shard: id, starting_position })
            }
            Some(iterator) => Some(Request::GetRecords { iterator, limit: quotas::STREAM_READ_RECORDS }),
            None => Some(Request::GetShardIterator { shard: id, iterator_type: shard.starts_at }),
        };
        match request {
            Some(request) => {
                cx.count(MetricName::ReceiveCalls, u64::from(matches!(request, Request::GetRecords { .. })));
                self.ask_stream(link, request, cx);
            }
            None => self.read_later(link, id, cx),
        }
    }

    fn read_later(&self, link: LinkId, shard: ShardId, cx: &mut Context<'_>) {
        cx.schedule_in(quotas::STREAM_POLL_INTERVAL, FunctionTimer::Shard { link, shard });
    }

    /// A stream has answered.
    pub(super) fn stream_answered(&mut self, call_id: CallId, cx: &mut Context<'_>) {
        let call = cx.call_mut(call_id);
        let (link, request) = (call.link, call.request);
        let entries = std::mem::take(&mut call.entries);
        let result = call.result.unwrap_or_else(|| Err(crate::registry::NetworkError::Unreachable.into()));
        let AnyRequest::Kinesis(request) = request else { return };
        match request {
            Request::ListLeases { first, .. } => self.shards_listed(link, first.0, &result, cx),
            Request::GetShardIterator { shard, .. } => {
                let Some(known) = self.stream(link).and_then(|mapping| mapping.shard(shard)) else { return };
                if let Ok(AnyResponse::Kinesis(Response::GetShardIterator(iterator))) = result {
                    known.iterator = Some(iterator);
                    return self.read_shard(link, shard, cx);
                }
                self.read_later(link, shard, cx);
            }
            Request::SubscribeToShard { shard, .. } => {
                let Some(known) = self.stream(link).and_then(|mapping| mapping.shard(shard)) else { return };
                known.subscribed = result.is_ok();
                if result.is_ok() {
                    return self.read_shard(link, shard, cx);
                }
                self.read_later(link, shard, cx);
            }
            Request::ReceiveEvent { reader, .. } => {
                self.records_read(link, ShardId(reader), &result, entries, cx);
            }
            Request::GetRecords { iterator, .. } => {
                self.records_read(link, iterator.shard(), &result, entries, cx);
            }
            _ => {}
        }
    }

    fn shards_listed(&mut self, link: LinkId, first: u32, result: &ApiResult, cx: &mut Context<'_>) {
        let Some(mapping) = self.stream(link) else { return };
        let Ok(AnyResponse::Kinesis(Response::Leases { held, more })) = *result else {
            cx.schedule_in(quotas::SHARD_SYNC_INTERVAL, FunctionTimer::Shards(link));
            return;
        };
        let new = mapping.add_shards(first, held);
        if more {
            self.list_shards(link, first + u64::BITS, cx);
        } else {
            mapping.listed = true;
            cx.schedule_in(quotas::SHARD_SYNC_INTERVAL, FunctionTimer::Shards(link));
        }
        for shard in new {
            self.read_shard(link, shard, cx);
        }
    }

    fn records_read(
        &mut self,
        link: LinkId,
        id: ShardId,
        result: &ApiResult,
        entries: Entries,
        cx: &mut Context<'_>,
    ) {
        let now = cx.now();
        let Some(mapping) = self.stream(link) else { return };
        let lanes = mapping.lanes();
        let Some(shard) = mapping.shard(id) else { return };
        if shard.lanes.len() < lanes {
            shard.lanes.resize_with(lanes, Lane::default);
        }
        if let Some(last) = entries.last() {
            let index = u64::from(last.receipt.generation);
            shard.starts_at = ShardIteratorType::AfterSequenceNumber(SequenceNumber { shard: id, index });
        }
        let mut last = None;
        for entry in entries {
            // Lambda does not split the records of the KPL again: each is one for the function (KDS-87).
            if last.replace(entry.message.id) == Some(entry.message.id) {
                continue;
            }
            let lane = lane_of(entry.message.key, lanes, cx);
            shard.lanes[lane].waiting.push_back((entry, now));
        }
        match result {
            Ok(AnyResponse::Kinesis(Response::GetRecords { next_shard_iterator, .. })) => {
                shard.iterator = *next_shard_iterator;
                shard.ended = next_shard_iterator.is_none();
            }
            Ok(AnyResponse::Kinesis(Response::SubscribeToShardEvent { connection, .. })) => {
                shard.subscribed = *connection == Connection::Open;
                shard.ended = *connection == Connection::EndOfShard;
            }
            Err(ApiError::Kinesis(StreamError::ExpiredIteratorException)) => shard.iterator = None,
            _ => shard.subscribed = false,
        }
        let pushed = shard.subscribed;
        if !shard.ended && !pushed {
            self.read_later(link, id, cx);
        }
        let count =
            self.stream(link).and_then(|mapping| mapping.shard(id)).map_or(0, |shard| shard.lanes.len());
        for lane in 0..count {
            self.next_batch(link, id, lane, cx);
        }
        if pushed {
            self.read_shard(link, id, cx);
        }
    }

    /// Takes the next batch of a lane that has none, if it is complete (KDS-99).
    pub(super) fn next_batch(&mut self, link: LinkId, id: ShardId, place: usize, cx: &mut Context<'_>) {
        let now = cx.now();
        let Some(mapping) = self.stream(link) else { return };
        let size = mapping.batch_size();
        let window = SimDuration::from_secs(mapping.properties.maximum_batching_window_in_seconds.into());
        let tumbling = SimDuration::from_secs(mapping.properties.tumbling_window_in_seconds.into());
        let Some(shard) = mapping.shard(id) else { return };
        let ended = shard.ended;
        let Some(lane) = shard.lanes.get_mut(place) else { return };
        if lane.busy {
            return;
        }
        if lane.pieces.is_empty() && lane.window_is_complete(tumbling, ended, now) {
            lane.window = None;
            lane.pieces.push_back(Entries::new());
            return self.try_batch(link, id, place, cx);
        }
        if lane.pieces.is_empty() {
            let Some((first, since)) = lane.waiting.front() else { return };
            let tumbling_window = (!tumbling.is_zero()).then(|| window_of(first, tumbling));
            if lane.window != tumbling_window {
                lane.window = tumbling_window;
                let number = tumbling_window.unwrap_or(0);
                let closes = SimTime::ZERO + tumbling * (number + 1) + quotas::WINDOW_CLOSES_AFTER;
                cx.schedule_at(closes, FunctionTimer::Lane { link, shard: id, lane: place as u32 });
            }
            let mut bytes = 0;
            let fits = lane.waiting.iter().take(size).take_while(|(entry, _)| {
                bytes += u64::from(cx.catalogue().payload(entry.message.payload).size_bytes);
                bytes <= quotas::BATCH_BYTES.current
                    && tumbling_window.is_none_or(|window| window_of(entry, tumbling) == window)
            });
            let fits = fits.count().max(1);
            let due = *since + window;
            if fits < size && fits == lane.waiting.len() && now < due {
                if lane.due.replace(due) != Some(due) {
                    cx.schedule_at(due, FunctionTimer::Lane { link, shard: id, lane: place as u32 });
                }
                return;
            }
            let batch = lane.waiting.drain(..fits).map(|(entry, _)| entry).collect();
            lane.pieces.push_back(batch);
        }
        self.try_batch(link, id, place, cx);
    }

    /// Invokes the function with the first piece of a lane's batch.
    pub(super) fn try_batch(&mut self, link: LinkId, id: ShardId, place: usize, cx: &mut Context<'_>) {
        let now = cx.now();
        let Some(mapping) = self.stream(link) else { return };
        let maximum_age = mapping.maximum_age();
        let reports = mapping.properties.reports_item_failures();
        let Some(lane) = mapping.shard(id).and_then(|shard| shard.lanes.get_mut(place)) else { return };
        let Some(piece) = lane.pieces.front() else { return };
        let age = |entry: Option<&Entry>| {
            entry.map_or(SimDuration::ZERO, |entry| now.since(entry.message.published_at))
        };
        if age(piece.first()) > maximum_age {
            return self.give_up_batch(link, id, place, "RecordAgeExceeded", cx);
        }
        lane.busy = true;
        let (newest, entries) = (age(piece.last()), piece.clone());
        self.iterator_age = newest;
        let source = Source::Stream { link, shard: id, lane: place as u32 };
        let report = if reports { Report::FromFirst } else { Report::Nothing };
        if !self.invoke(source, entries, report, cx) {
            // A throttle is no retry of the batch (KDS-101).
            self.wait_for_lane(link, id, place, cx);
        }
    }

    fn wait_for_lane(&mut self, link: LinkId, id: ShardId, place: usize, cx: &mut Context<'_>) {
        let Some(shard) = self.stream(link).and_then(|mapping| mapping.shard(id)) else { return };
        let lane = &mut shard.lanes[place];
        let delay = quotas::FIRST_PAUSE * (1 << lane.failures.min(quotas::MAX_DOUBLINGS));
        lane.failures += 1;
        lane.busy = true;
        cx.schedule_in(delay, FunctionTimer::Retry { link, shard: id, lane: place as u32 });
    }

    /// An invocation for a piece is over (KDS-101 to KDS-103).
    pub(super) fn piece_done(
        &mut self,
        (link, id, place): (LinkId, ShardId, usize),
        outcome: Outcome,
        cx: &mut Context<'_>,
    ) {
        let Some(mapping) = self.stream(link) else { return };
        let bisects = mapping.properties.bisect_batch_on_function_error;
        let most_retries = mapping.properties.maximum_retry_attempts;
        let Some(lane) = mapping.shard(id).and_then(|shard| shard.lanes.get_mut(place)) else { return };
        let Some(mut piece) = lane.pieces.pop_front() else { return };
        let first_failed = match outcome.error {
            Some(_) => Some(0),
            None => outcome.entries.iter().position(|entry| entry.error.is_some()),
        };
        let Some(first_failed) = first_failed else {
            (lane.busy, lane.retries, lane.failures) = (false, 0, 0);
            return self.next_batch(link, id, place, cx);
        };
        // Checkpoint before the lowest one that failed (KDS-103).
        piece.drain(..first_failed);
        piece.iter_mut().for_each(|entry| entry.receive_count += 1);
        if bisects && piece.len() > 1 && first_failed == 0 {
            // A bisection does not use up the retries (KDS-102).
            let half = Entries::from_slice(&piece[piece.len() / 2..]);
            piece.truncate(piece.len() / 2);
            lane.pieces.push_front(half);
            lane.pieces.push_front(piece);
        } else {
            lane.pieces.push_front(piece);
            if most_retries >= 0 && lane.retries >= most_retries as u32 {
                return self.give_up_batch(link, id, place, "RetryAttemptsExhausted", cx);
            }
            lane.retries += 1;
        }
        self.wait_for_lane(link, id, place, cx);
    }

    /// The first piece of a lane is given up: where it lies goes to the destination, and the shard goes on (KDS-104).
    fn give_up_batch(
        &mut self,
        link: LinkId,
        id: ShardId,
        place: usize,
        condition: &'static str,
        cx: &mut Context<'_>,
    ) {
        let Some(shard) = self.stream(link).and_then(|mapping| mapping.shard(id)) else { return };
        let lane = &mut shard.lanes[place];
        (lane.busy, lane.retries, lane.failures) = (false, 0, 0);
        let Some(piece) = lane.pieces.pop_front() else { return };
        cx.count(MetricName::MessagesLost, piece.len() as u64);
        self.send_batch_record(link, id, &piece, condition, cx);
        // By a timer: all that waits may have to be given up, one batch after the other.
        cx.schedule_in(SimDuration::ZERO, FunctionTimer::Lane { link, shard: id, lane: place as u32 });
    }

    /// A wait of a lane is over.
    pub(super) fn lane_due(&mut self, link: LinkId, id: ShardId, place: usize, cx: &mut Context<'_>) {
        let Some(shard) = self.stream(link).and_then(|mapping| mapping.shard(id)) else { return };
        if shard.lanes.get(place).is_some_and(|lane| lane.busy) {
            self.try_batch(link, id, place, cx);
        }
    }
}
