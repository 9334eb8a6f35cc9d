//! `GetShardIterator` and `GetRecords` (KDS-34 to KDS-44).

use kernel::SimDuration;

use crate::call::{Entries, Entry, Receipt};
use crate::context::Context;
use crate::identifiers::{CallId, LinkId};
use crate::kinesis_analytics::Time;
use crate::metric::MetricName;
use crate::registry::{LinkProperties, Properties, ResourceKind};

use super::error::{Error, Invalid, InvalidArgument};
use super::quotas;
use super::request::{Response, ShardIterator, ShardIteratorType};
use super::shard_map::ShardId;
use super::stream::Stream;

/// What a read came to.
pub(super) struct Read {
    pub(super) entries: Entries,
    /// Stream records: those of the KPL hold several of the entries (KDS-83).
    pub(super) records: u64,
    pub(super) bytes: u64,
    pub(super) next: Option<ShardIterator>,
    pub(super) millis_behind_latest: u64,
}

impl Stream {
    /// `GetShardIterator` (KDS-34).
    ///
    /// # Errors
    /// Those of KDS-35 to KDS-37.
    pub(super) fn get_shard_iterator(
        &mut self,
        shard: ShardId,
        iterator_type: ShardIteratorType,
        link: LinkId,
        cx: &mut Context<'_>,
    ) -> Result<Response, Error> {
        let now = cx.now();
        self.check_listed(shard, cx)?;
        let calls = cx.quota(&quotas::GET_SHARD_ITERATOR_CALLS_PER_SECOND);
        let place = shard.index();
        let taken = self.shards[place].iterators.try_take(now, calls);
        taken.map_err(|_| Error::ProvisionedThroughputExceededException { shard })?;
        let position = self.starting_position(shard, iterator_type, link, cx)?;
        let worker = match iterator_type {
            ShardIteratorType::Checkpoint { worker } => Some(worker),
            _ => None,
        };
        Ok(Response::GetShardIterator(ShardIterator { shard, position, issued_at: now, worker }))
    }

    /// Where reading starts (KDS-35).
    pub(super) fn starting_position(
        &self,
        shard: ShardId,
        iterator_type: ShardIteratorType,
        link: LinkId,
        cx: &Context<'_>,
    ) -> Result<u64, Error> {
        let (now, place) = (cx.now(), shard.index());
        let end = self.shards[place].log.end();
        let horizon = self.shards[place].trim_horizon(now, self.retention);
        let refusal = Error::InvalidArgumentException(InvalidArgument::SequenceNumber);
        let position = match iterator_type {
            ShardIteratorType::TrimHorizon => horizon,
            ShardIteratorType::Latest => end,
            ShardIteratorType::AtSequenceNumber(number) | ShardIteratorType::AfterSequenceNumber(number)
                if number.shard != shard || number.index >= end =>
            {
                return Err(refusal);
            }
            ShardIteratorType::AtSequenceNumber(number) => number.index,
            ShardIteratorType::AfterSequenceNumber(number) => number.index + 1,
            ShardIteratorType::AtTimestamp(time) if time > now => {
                return Err(Error::InvalidArgumentException(InvalidArgument::FutureTimestamp));
            }
            ShardIteratorType::AtTimestamp(time) => self.shards[place].log.first_at_or_after(time),
            ShardIteratorType::Checkpoint { .. } => self
                .checkpoint(link, shard)
                .unwrap_or_else(|| self.initial_position((link, shard), (horizon, end), cx)),
        };
        Ok(position.max(horizon))
    }

    /// `GetRecords` (KDS-38): answers the call.
    pub(super) fn get_records(
        &mut self,
        id: CallId,
        iterator: ShardIterator,
        limit: u32,
        cx: &mut Context<'_>,
    ) {
        let link = cx.call(id).link;
        let shard = self.shards.get(iterator.shard.index());
        let plain = shard.is_none_or(|shard| {
            shard.encrypted_from.is_none_or(|from| iterator.position + u64::from(limit) <= from)
        });
        let allowed = if plain { Ok(()) } else { self.check_key("kms:Decrypt", id, cx) };
        match allowed.and_then(|()| self.try_get_records(iterator, limit, link, cx)) {
            Ok(read) => {
                cx.count(MetricName::GetRecordsSuccess, 1);
                cx.count(MetricName::GetRecordsRecords, read.records);
                cx.count(MetricName::GetRecordsBytes, read.bytes);
                let response = Response::GetRecords {
                    next_shard_iterator: read.next,
                    millis_behind_latest: read.millis_behind_latest,
                };
                cx.reply_with_messages(id, Ok(response.into()), read.entries);
            }
            Err(error) => {
                if matches!(error, Error::ProvisionedThroughputExceededException { .. }) {
                    cx.count(MetricName::ReadProvisionedThroughputExceeded, 1);
                    self.reads_refused.add(cx.now(), 1);
                }
                cx.reply(id, Err(error.into()));
            }
        }
    }

    fn try_get_records(
        &mut self,
        iterator: ShardIterator,
        limit: u32,
        link: LinkId,
        cx: &mut Context<'_>,
    ) -> Result<Read, Error> {
        let (now, shard) = (cx.now(), iterator.shard);
        if limit == 0 || u64::from(limit) > cx.quota(&quotas::GET_RECORDS_RECORDS) {
            return Err(Error::ValidationException(Invalid::Limit));
        }
        let life = SimDuration::from_secs(cx.quota(&quotas::SHARD_ITERATOR_SECONDS));
        if now.since(iterator.issued_at) > life {
            return Err(Error::ExpiredIteratorException);
        }
        self.check_listed(shard, cx)?;
        if let Some(worker) = iterator.worker {
            self.check_owner(worker, link, shard)?;
            self.renew_leases(worker, link, now);
        }
        let calls = cx.quota(&quotas::GET_RECORDS_CALLS_PER_SECOND);
        let bytes_per_second = cx.quota(&quotas::GET_RECORDS_BYTES_PER_SECOND);
        if !self.shards[shard.index()].read.allows(now, calls, bytes_per_second) {
            return Err(Error::ProvisionedThroughputExceededException { shard });
        }
        let horizon = self.shards[shard.index()].trim_horizon(now, self.retention);
        // A reader whose position has expired goes on at the oldest record left (KDS-56).
        let from = iterator.position.max(horizon);
        let read_before = self.note_checkpoint(link, shard, iterator.position, from);
        let most = cx.quota(&quotas::GET_RECORDS_BYTES);
        let mut read = self.collect(shard, (from, limit, most), read_before, cx);
        self.stamp_arrival(&mut read, shard, from, link, cx);
        if let Some(next) = &mut read.next {
            next.worker = iterator.worker;
        }
        self.shards[shard.index()].read.returned(now, read.bytes, bytes_per_second);
        let read_to = from + read.entries.len() as u64;
        self.note_read(link, shard, read_to, read.next.is_none());
        Ok(read)
    }

    /// The records from `from` on, at most `limit` and `most_bytes` of them; one always fits (KDS-38).
    pub(super) fn collect(
        &self,
        id: ShardId,
        (from, limit, most_bytes): (u64, u32, u64),
        read_before: u64,
        cx: &Context<'_>,
    ) -> Read {
        let (now, shard) = (cx.now(), &self.shards[id.index()]);
        let end = shard.log.end();
        let count = u64::from(limit).min(end.saturating_sub(from)) as usize;
        let mut entries = Entries::with_capacity(count);
        let (mut bytes, mut records, mut last_arrival) = (0, 0, now);
        for record in shard.log.read(from, id) {
            let catalogue = cx.catalogue();
            let key = catalogue.key(record.message.key).map_or(0, |key| key.text.len() as u64);
            let size = u64::from(catalogue.payload(record.message.payload).size_bytes) + key;
            // The user records of one stream record come together.
            let new = !record.continues || records == 0;
            if new && (records == u64::from(limit) || (bytes + size > most_bytes && records > 0)) {
                break;
            }
            records += u64::from(new);
            bytes += size;
            last_arrival = record.arrived_at;
            entries.push(Entry {
                message: record.message,
                receipt: Receipt { slot: id.0, generation: record.index as u32 },
                receive_count: if record.index < read_before { 2 } else { 1 },
                error: None,
            });
        }
        let position = from + entries.len() as u64;
        // The end of a closed shard is told by an answer without records (KDS-43): then everything before has
        // been processed.
        let at_end = shard.closed_at.is_some() && from >= end;
        let behind = if position < end { now.since(last_arrival).as_millis() } else { 0 };
        Read {
            entries,
            records,
            bytes,
            next: (!at_end).then_some(ShardIterator { shard: id, position, issued_at: now, worker: None }),
            millis_behind_latest: behind,
        }
    }

    /// Readers that count by windows of arrival get the `ApproximateArrivalTimestamp` of each record (KDS-33, KDS-105)
    /// in the place of the time it was published.
    pub(super) fn stamp_arrival(
        &self,
        read: &mut Read,
        shard: ShardId,
        from: u64,
        link: LinkId,
        cx: &Context<'_>,
    ) {
        let Some(link) = cx.links().get(link) else { return };
        let by_arrival = match (&link.properties, cx.kind(link.to)) {
            (LinkProperties::EventSourceMapping(mapping), _) => mapping.tumbling_window_in_seconds > 0,
            (_, Some(ResourceKind::Application)) => match cx.properties(link.to) {
                Some(Properties::Application(application)) => application.time == Time::IngestTime,
                _ => false,
            },
            _ => false,
        };
        if !by_arrival {
            return;
        }
        let stored = self.shards[shard.index()].log.read(from, shard);
        for (entry, record) in read.entries.iter_mut().zip(stored) {
            entry.message.published_at = record.arrived_at;
        }
    }

    /// The shard exists and has not expired (KDS-57).
    pub(super) fn check_listed(&self, shard: ShardId, cx: &Context<'_>) -> Result<(), Error> {
        let found = self.shards.get(shard.index());
        if found.is_none_or(|found| found.has_expired(cx.now(), self.retention)) {
            return Err(Error::ResourceNotFoundException { shard });
        }
        Ok(())
    }
}
