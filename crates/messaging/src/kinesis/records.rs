//! The records of one shard, kept in order in compact chunks.

use std::collections::VecDeque;
use std::sync::Arc;

use kernel::SimTime;

use super::sequence_number::SequenceNumber;
use super::shard_map::ShardId;
use crate::identifiers::{DeduplicationId, KeyId, MessageId, PayloadId, TraceId};
use crate::message::Message;

/// Records of a full chunk. Ours: full chunks are shared by all clones of a world.
pub(super) const CHUNK_RECORDS: usize = 4_096;

/// One record, as differences to its chunk.
#[derive(Clone, Copy, Debug)]
struct Record {
    trace: i32,
    /// Microseconds after the chunk's first record.
    arrival: u32,
    /// Microseconds between publishing and arrival; [`LONG_TRAVEL`] when they do not fit.
    travel: u32,
    key: KeyId,
    /// The lowest bit says whether it is a poison message, the next one whether it belongs to the same stream record as
    /// the one before (KDS-83).
    payload_and_bits: u32,
}

const POISON: u32 = 1;
const CONTINUES: u32 = 2;

const LONG_TRAVEL: u32 = u32::MAX;

/// Records that follow each other.
#[derive(Clone, Debug, Default)]
struct Chunk {
    first_index: u64,
    first_arrival: SimTime,
    first_trace: u64,
    records: Vec<Record>,
    /// When the records with [`LONG_TRAVEL`] were published, by their place.
    published: Vec<(u32, SimTime)>,
}

impl Chunk {
    fn arrival(&self, place: usize) -> SimTime {
        let after = u64::from(self.records[place].arrival);
        SimTime::from_micros(self.first_arrival.as_micros() + after)
    }

    fn last_arrival(&self) -> SimTime {
        self.records.len().checked_sub(1).map_or(self.first_arrival, |place| self.arrival(place))
    }

    fn end(&self) -> u64 {
        self.first_index + self.records.len() as u64
    }

    fn continues(&self, place: usize) -> bool {
        self.records[place].payload_and_bits & CONTINUES != 0
    }

    /// The first user record of the stream record that one belongs to.
    fn first_of(&self, place: usize) -> usize {
        (0..place).rev().take_while(|before| self.continues(before + 1)).last().unwrap_or(place)
    }

    fn stored(&self, place: usize, shard: ShardId) -> StoredRecord {
        let record = self.records[place];
        let (arrived_at, index) = (self.arrival(place), self.first_index + place as u64);
        let published_at = if record.travel == LONG_TRAVEL {
            let found = self.published.binary_search_by_key(&(place as u32), |(place, _)| *place);
            found.map_or(arrived_at, |found| self.published[found].1)
        } else {
            SimTime::from_micros(arrived_at.as_micros() - u64::from(record.travel))
        };
        let message = Message {
            id: message_id(SequenceNumber { shard, index: self.first_index + self.first_of(place) as u64 }),
            trace_id: TraceId(self.first_trace.wrapping_add_signed(i64::from(record.trace))),
            payload: PayloadId(record.payload_and_bits >> 2),
            key: record.key,
            deduplication_id: DeduplicationId::NONE,
            published_at,
            delay_seconds: None,
            poison: record.payload_and_bits & POISON != 0,
        };
        StoredRecord { index, arrived_at, continues: self.continues(place), message }
    }
}

/// A record as it is read.
#[derive(Clone, Copy, Debug)]
pub(super) struct StoredRecord {
    pub(super) index: u64,
    /// `ApproximateArrivalTimestamp` (KDS-33).
    pub(super) arrived_at: SimTime,
    /// It belongs to the same stream record as the one before (KDS-83). Both have the same message id.
    pub(super) continues: bool,
    pub(super) message: Message,
}

/// Stands for the sequence number where a message id is wanted: the same at every read.
pub(super) fn message_id(number: SequenceNumber) -> MessageId {
    MessageId(u64::from(number.shard.0) << 44 | (number.index + 1))
}

/// The records of one shard, oldest first. Indices count from the shard's first record (KDS-30).
#[derive(Clone, Debug, Default)]
pub(super) struct RecordLog {
    full: VecDeque<Arc<Chunk>>,
    open: Chunk,
}

impl RecordLog {
    /// Index of the oldest record kept.
    pub(super) fn start(&self) -> u64 {
        self.full.front().map_or(self.open.first_index, |chunk| chunk.first_index)
    }

    /// Index the next record will have.
    #[inline]
    pub(super) fn end(&self) -> u64 {
        self.open.end()
    }

    /// How many records are kept.
    pub(super) fn len(&self) -> u64 {
        self.end() - self.start()
    }

    /// Adds a record that arrives at `now`; gives its index, and tells whether a chunk became full.
    #[inline]
    pub(super) fn push(&mut self, message: &Message, continues: bool, now: SimTime) -> (u64, bool) {
        let mut closed = false;
        let (mut trace, mut arrival) = self.offsets(message, now);
        // A stream record is not torn apart.
        let full = self.open.records.len() >= CHUNK_RECORDS && !continues;
        if full || trace.is_none() || arrival.is_none() {
            self.close_chunk();
            closed = true;
        }
        if self.open.records.is_empty() {
            (self.open.first_arrival, self.open.first_trace) = (now, message.trace_id.0);
            (trace, arrival) = (Some(0), Some(0));
        }
        let place = self.open.records.len();
        let travel = now.since(message.published_at).as_micros();
        let travel = u32::try_from(travel).unwrap_or(LONG_TRAVEL);
        if travel == LONG_TRAVEL {
            self.open.published.push((place as u32, message.published_at));
        }
        self.open.records.push(Record {
            trace: trace.unwrap_or(0),
            arrival: arrival.unwrap_or(0),
            travel,
            key: message.key,
            payload_and_bits: message.payload.0 << 2 | u32::from(continues) << 1 | u32::from(message.poison),
        });
        (self.open.first_index + place as u64, closed)
    }

    #[inline]
    fn offsets(&self, message: &Message, now: SimTime) -> (Option<i32>, Option<u32>) {
        let trace = message.trace_id.0.wrapping_sub(self.open.first_trace) as i64;
        let arrival = now.since(self.open.first_arrival).as_micros();
        (i32::try_from(trace).ok(), u32::try_from(arrival).ok())
    }

    #[cold]
    fn close_chunk(&mut self) {
        if self.open.records.is_empty() {
            return;
        }
        let next = Chunk {
            first_index: self.open.end(),
            records: Vec::with_capacity(CHUNK_RECORDS),
            ..Chunk::default()
        };
        self.full.push_back(Arc::new(std::mem::replace(&mut self.open, next)));
    }

    fn chunks(&self) -> impl DoubleEndedIterator<Item = &Chunk> {
        self.full.iter().map(|chunk| &**chunk).chain(std::iter::once(&self.open))
    }

    /// The records from `index` on, or from the oldest one kept.
    pub(super) fn read(&self, index: u64, shard: ShardId) -> impl Iterator<Item = StoredRecord> + '_ {
        let skipped = self.full.partition_point(|chunk| chunk.end() <= index);
        self.chunks().skip(skipped).flat_map(move |chunk| {
            let from = index.saturating_sub(chunk.first_index).min(chunk.records.len() as u64) as usize;
            (from..chunk.records.len()).map(move |place| chunk.stored(place, shard))
        })
    }

    /// When the record of an index arrived, if it is kept.
    pub(super) fn arrived_at(&self, index: u64) -> Option<SimTime> {
        let place = self.full.partition_point(|chunk| chunk.end() <= index);
        let chunk = self.full.get(place).map_or(&self.open, |chunk| &**chunk);
        let inside = index.checked_sub(chunk.first_index)? as usize;
        (inside < chunk.records.len()).then(|| chunk.arrival(inside))
    }

    /// Index of the first record kept that arrived at `time` or later; the end if there is none.
    pub(super) fn first_at_or_after(&self, time: SimTime) -> u64 {
        let place = self.full.partition_point(|chunk| chunk.last_arrival() < time);
        let chunk = self.full.get(place).map_or(&self.open, |chunk| &**chunk);
        let base = chunk.first_arrival.as_micros();
        let inside =
            chunk.records.partition_point(|record| base + u64::from(record.arrival) < time.as_micros());
        chunk.first_index + inside as u64
    }

    /// Drops the chunks whose records all arrived before `time`; gives the number of records dropped.
    pub(super) fn drop_before(&mut self, time: SimTime) -> u64 {
        let mut dropped = 0;
        while self.full.front().is_some_and(|chunk| chunk.last_arrival() < time) {
            dropped += self.drop_oldest_chunk();
        }
        dropped
    }

    /// Drops the oldest full chunk; gives the number of records dropped.
    pub(super) fn drop_oldest_chunk(&mut self) -> u64 {
        self.full.pop_front().map_or(0, |chunk| chunk.records.len() as u64)
    }

    /// When the oldest full chunk began.
    pub(super) fn oldest_chunk_at(&self) -> Option<SimTime> {
        self.full.front().map(|chunk| chunk.first_arrival)
    }

    /// The keys of the last `count` records, oldest first.
    pub(super) fn last_keys(&self, count: usize) -> Vec<KeyId> {
        let newest_first = self.chunks().rev().flat_map(|chunk| chunk.records.iter().rev());
        let mut keys: Vec<_> = newest_first.take(count).map(|record| record.key).collect();
        keys.reverse();
        keys
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(trace: u64, published: u64) -> Message {
        Message {
            id: MessageId(0),
            trace_id: TraceId(trace),
            payload: PayloadId(3),
            key: KeyId(7),
            deduplication_id: DeduplicationId::NONE,
            published_at: SimTime::from_micros(published),
            delay_seconds: None,
            poison: trace.is_multiple_of(2),
        }
    }

    /// KDS-44: what is read is what was put, whatever the distances between the records.
    #[test]
    fn records_come_back_as_they_were_put() {
        let mut log = RecordLog::default();
        let traces = [5, 6, 1, u64::MAX, 9, 1 << 40, 10, 11];
        let mut put = Vec::new();
        let mut now = 0;
        for round in 0..2_000_u64 {
            for (number, trace) in traces.iter().enumerate() {
                now += round * number as u64 * 900_000;
                let message = message(*trace, now.saturating_sub(7_000_000_000 * (number as u64 % 2)));
                let (index, _) = log.push(&message, false, SimTime::from_micros(now));
                assert_eq!(index, put.len() as u64);
                put.push((now, message));
            }
        }
        let read: Vec<_> = log.read(0, ShardId(0)).collect();
        assert_eq!(read.len(), put.len());
        for (read, (now, message)) in read.iter().zip(&put) {
            assert_eq!(read.arrived_at.as_micros(), *now);
            assert_eq!(read.message, Message { id: read.message.id, ..*message });
            assert_eq!(log.arrived_at(read.index), Some(read.arrived_at));
        }
        assert_eq!(log.read(9_999, ShardId(0)).next().map(|record| record.index), Some(9_999));
        assert_eq!(log.read(log.end(), ShardId(0)).count(), 0);
        assert_eq!(log.last_keys(3).len(), 3);
    }

    /// KDS-35 (AT_TIMESTAMP) and KDS-55.
    #[test]
    fn times_find_the_first_record_at_or_after_them() {
        let mut log = RecordLog::default();
        for number in 0..10_000_u64 {
            log.push(&message(number, 0), false, SimTime::from_micros(number / 2 * 10));
        }
        for (time, index) in [(0, 0), (1, 2), (10, 2), (40_961, 8_194), (49_990, 9_998), (49_991, 10_000)] {
            assert_eq!(log.first_at_or_after(SimTime::from_micros(time)), index, "{time}");
        }
        assert_eq!(log.drop_before(SimTime::from_micros(41_000)), 8_192);
        assert_eq!((log.start(), log.len()), (8_192, 1_808));
        assert_eq!(log.arrived_at(8_191), None);
        assert_eq!(log.first_at_or_after(SimTime::ZERO), 8_192);
    }
}
