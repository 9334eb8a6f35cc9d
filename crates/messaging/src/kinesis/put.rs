//! `PutRecord` and `PutRecords` (KDS-15 to KDS-25).

use crate::call::{Entries, Entry, Receipt};
use crate::context::Context;
use crate::identifiers::{CallId, KeyId};
use crate::message::Catalogue;
use crate::metric::MetricName;
use crate::trace::{Kept, TraceKind};

use super::error::{Error, Invalid, InvalidArgument};
use super::hash_key_range::parse_hash_key;
use super::quotas;
use super::records::message_id;
use super::request::Response;
use super::sequence_number::SequenceNumber;
use super::shard_map::ShardId;
use super::stream::Stream;
use super::write_limit::ShardLimits;

/// What one call of `PutRecords` came to.
#[derive(Clone, Copy, Debug, Default)]
struct Outcome {
    stored: u64,
    stored_bytes: u64,
    refused: u64,
}

impl Stream {
    /// `PutRecord` (KDS-15).
    pub(super) fn put_record(
        &mut self,
        id: CallId,
        explicit_hash_key: Option<KeyId>,
        ordering: Option<SequenceNumber>,
        cx: &mut Context<'_>,
    ) {
        let mut entries = std::mem::take(&mut cx.call_mut(id).entries);
        let result = self
            .check_key("kms:GenerateDataKey", id, cx)
            .and_then(|()| self.check_ordering(ordering))
            .and_then(|()| self.try_put_record(&mut entries, explicit_hash_key, cx));
        cx.call_mut(id).entries = entries;
        match result {
            Ok(_) => cx.count(MetricName::PutRecordSuccess, 1),
            Err(error) => {
                if matches!(error, Error::ProvisionedThroughputExceededException { .. }) {
                    cx.count(MetricName::WriteProvisionedThroughputExceeded, 1);
                }
                cx.count(MetricName::RefusedMessages, 1);
            }
        }
        let response = result.map(|sequence_number| Response::PutRecord { sequence_number });
        self.look_for_readers(cx);
        cx.reply(id, response.map(Into::into).map_err(Into::into));
    }

    /// The caller may use the key, if records are encrypted (KDS-109).
    #[inline]
    pub(super) fn check_key(&self, action: &str, id: CallId, cx: &Context<'_>) -> Result<(), Error> {
        match &self.key {
            None => Ok(()),
            Some(key) => key.check(&[action], cx.call(id).principal, cx).map_err(Error::Kms),
        }
    }

    /// A number that is still to come, or of a shard that is not there, cannot be ordered after (KDS-32).
    fn check_ordering(&self, ordering: Option<SequenceNumber>) -> Result<(), Error> {
        let Some(SequenceNumber { shard, index }) = ordering else { return Ok(()) };
        let known = self.shards.get(shard.index()).is_some_and(|shard| index < shard.log.end());
        known.then_some(()).ok_or(Error::InvalidArgumentException(InvalidArgument::SequenceNumber))
    }

    fn try_put_record(
        &mut self,
        entries: &mut Entries,
        explicit_hash_key: Option<KeyId>,
        cx: &mut Context<'_>,
    ) -> Result<SequenceNumber, Error> {
        let [entry] = entries.as_mut_slice() else {
            return Err(Error::ValidationException(Invalid::NumberOfRecords));
        };
        let second = cx.now().whole_second();
        let limits = self.limits(cx);
        let (mut shard, bytes) = self.look_at(entry, second, cx.catalogue())?;
        if let Some(key) = explicit_hash_key {
            let text = cx.catalogue().key(key).map_or("", |key| &key.text);
            shard = self.map.route(parse_hash_key(text)?);
        }
        self.tried += 1;
        if !self.shards[shard.index()].write.try_put_record(second, bytes, limits) {
            self.refused += 1;
            return Err(Error::ProvisionedThroughputExceededException { shard });
        }
        let sequence_number = self.store(shard, bytes, entry, false, cx);
        cx.follow(entry.message.trace_id, TraceKind::Kept(Kept::Visible));
        cx.count(MetricName::IncomingRecords, 1);
        cx.count(MetricName::IncomingBytes, bytes);
        self.assert_conserved();
        Ok(sequence_number)
    }

    /// `PutRecords` (KDS-15): one refused record never stops the others (KDS-16).
    pub(super) fn put_records(&mut self, id: CallId, aggregated: Option<u32>, cx: &mut Context<'_>) {
        let mut entries = std::mem::take(&mut cx.call_mut(id).entries);
        let result = self.check_key("kms:GenerateDataKey", id, cx).and_then(|()| match aggregated {
            None => self.try_put_records(&mut entries, cx),
            Some(size) => self.try_put_aggregated(&mut entries, size.into(), cx),
        });
        let offered = entries.len() as u64;
        cx.call_mut(id).entries = entries;
        let result = match result {
            Ok(outcome) => {
                cx.count(MetricName::PutRecordsTotalRecords, outcome.stored + outcome.refused);
                cx.count(MetricName::PutRecordsSuccessfulRecords, outcome.stored);
                cx.count(MetricName::PutRecordsThrottledRecords, outcome.refused);
                cx.count(MetricName::WriteProvisionedThroughputExceeded, outcome.refused);
                cx.count(MetricName::RefusedMessages, outcome.refused);
                cx.count(MetricName::IncomingRecords, outcome.stored);
                cx.count(MetricName::IncomingBytes, outcome.stored_bytes);
                Ok(Response::PutRecords { failed_record_count: outcome.refused as u32 }.into())
            }
            Err(error) => {
                cx.count(MetricName::RefusedMessages, offered);
                Err(error.into())
            }
        };
        self.look_for_readers(cx);
        cx.reply(id, result);
    }

    /// Somebody may wait for what was stored (KDS-52).
    #[inline]
    fn look_for_readers(&mut self, cx: &mut Context<'_>) {
        if self.fan_out.must_look(cx.now()) {
            self.push_events(cx);
        }
    }

    fn try_put_records(&mut self, entries: &mut Entries, cx: &mut Context<'_>) -> Result<Outcome, Error> {
        if entries.is_empty() || entries.len() as u64 > cx.quota(&quotas::PUT_RECORDS_RECORDS) {
            return Err(Error::ValidationException(Invalid::NumberOfRecords));
        }
        let second = cx.now().whole_second();
        let mut call_bytes = 0;
        for entry in entries.iter() {
            call_bytes += self.look_at(entry, second, cx.catalogue())?.1;
        }
        if call_bytes > cx.quota(&quotas::PUT_RECORDS_BYTES) {
            return Err(Error::InvalidArgumentException(InvalidArgument::RequestTooLarge));
        }
        let limits = self.limits(cx);
        self.calls += 1;
        let mut outcome = Outcome::default();
        for entry in entries.iter_mut() {
            let route = self.routes.of(entry.message.key, cx.catalogue(), &self.map, |_| {})?;
            let shard = ShardId(route.shard);
            let data = cx.catalogue().payload(entry.message.payload).size_bytes;
            let bytes = u64::from(data) + u64::from(route.key_bytes);
            if self.shards[shard.index()].write.try_put_records(second, bytes, self.calls, limits) {
                self.store(shard, bytes, entry, false, cx);
                cx.follow(entry.message.trace_id, TraceKind::Kept(Kept::Visible));
                outcome.stored += 1;
                outcome.stored_bytes += bytes;
            } else {
                entry.error = Some(Error::ProvisionedThroughputExceededException { shard }.into());
                outcome.refused += 1;
            }
        }
        self.tried += entries.len() as u64;
        self.refused += outcome.refused;
        self.assert_conserved();
        Ok(outcome)
    }

    /// Packs the user records of each shard into stream records, in their order, and puts those (KDS-83 to KDS-87). Of a
    /// stream record all user records are stored or none is.
    #[cold]
    fn try_put_aggregated(
        &mut self,
        entries: &mut Entries,
        max_size: u64,
        cx: &mut Context<'_>,
    ) -> Result<Outcome, Error> {
        let second = cx.now().whole_second();
        let mut of_shards = Vec::with_capacity(entries.len());
        for (place, entry) in entries.iter().enumerate() {
            let (shard, bytes) = self.look_at(entry, second, cx.catalogue())?;
            of_shards.push((shard, place, bytes));
        }
        if of_shards.iter().map(|(.., bytes)| bytes).sum::<u64>() > cx.quota(&quotas::PUT_RECORDS_BYTES) {
            return Err(Error::InvalidArgumentException(InvalidArgument::RequestTooLarge));
        }
        of_shards.sort_by_key(|(shard, ..)| *shard);
        let limits = self.limits(cx);
        self.calls += 1;
        let mut outcome = Outcome::default();
        let mut from = 0;
        while let Some((shard, _, first)) = of_shards.get(from).copied() {
            let mut bytes = first;
            let same = |(other, _, more): &&(ShardId, usize, u64)| {
                bytes += more;
                *other == shard && bytes <= max_size
            };
            let to = from + 1 + of_shards[from + 1..].iter().take_while(same).count();
            let packed = &of_shards[from..to];
            let bytes: u64 = packed.iter().map(|(.., bytes)| bytes).sum();
            if self.shards[shard.index()].write.try_put_records(second, bytes, self.calls, limits) {
                for (number, (_, place, bytes)) in packed.iter().enumerate() {
                    let entry = &mut entries[*place];
                    self.store(shard, *bytes, entry, number > 0, cx);
                    cx.follow(entry.message.trace_id, TraceKind::Kept(Kept::Visible));
                }
                outcome.stored += 1;
                outcome.stored_bytes += bytes;
            } else {
                for (_, place, _) in packed {
                    entries[*place].error =
                        Some(Error::ProvisionedThroughputExceededException { shard }.into());
                }
                outcome.refused += 1;
                self.refused += packed.len() as u64;
            }
            from = to;
        }
        self.tried += entries.len() as u64;
        self.assert_conserved();
        Ok(outcome)
    }

    fn limits(&self, cx: &Context<'_>) -> ShardLimits {
        ShardLimits {
            records: cx.quota(&quotas::SHARD_RECORDS_PER_SECOND),
            bytes: cx.quota(&quotas::SHARD_BYTES_PER_SECOND),
        }
    }

    /// The shard and size of a record (KDS-10, KDS-18); the key counts as tried.
    #[inline]
    fn look_at(
        &mut self,
        entry: &Entry,
        second: u64,
        catalogue: &Catalogue,
    ) -> Result<(ShardId, u64), Error> {
        let shards = &mut self.shards;
        let is_new = |shard: ShardId| shards[shard.index()].keys += 1;
        let route = self.routes.of(entry.message.key, catalogue, &self.map, is_new)?;
        route.count(second);
        let data = catalogue.payload(entry.message.payload).size_bytes;
        let bytes = u64::from(data) + u64::from(route.key_bytes);
        if bytes > self.max_record_bytes {
            return Err(Error::ValidationException(Invalid::RecordSize));
        }
        Ok((ShardId(route.shard), bytes))
    }

    #[inline]
    fn store(
        &mut self,
        shard: ShardId,
        bytes: u64,
        entry: &mut Entry,
        continues: bool,
        cx: &Context<'_>,
    ) -> SequenceNumber {
        let place = &mut self.shards[shard.index()];
        place.bytes += bytes;
        let (index, chunk_closed) = place.log.push(&entry.message, continues, cx.now());
        self.stored += 1;
        self.stored_records += u64::from(!continues);
        self.stored_bytes += bytes;
        if chunk_closed {
            self.forget_old_records(cx.now());
        }
        let sequence_number = SequenceNumber { shard, index };
        entry.message.id = message_id(sequence_number);
        entry.receipt = Receipt { slot: shard.0, generation: index as u32 };
        entry.error = None;
        sequence_number
    }
}
