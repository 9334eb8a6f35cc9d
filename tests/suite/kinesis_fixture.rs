//! A stream that is called from outside, for the tests of Kinesis.

use std::sync::Arc;

use kernel::{Seed, SimDuration, SimTime};
use messaging::call::{Call, Entries, Entry};
use messaging::identifiers::DeduplicationId;
use messaging::kinesis::{
    Error, PrintedSequenceNumber, Request, Response, ShardId, ShardIterator, ShardIteratorType,
};
use messaging::message::{Message, Payload};
use messaging::node_state::{Instrument, Lane};
use messaging::registry::{ApiError, Response as AnyResponse};
use messaging::trace::TraceSettings;
use messaging::{
    ComponentId, EventBudget, LinkKind, LinkSpec, LogicalId, MessageId, MetricName, ResourceKind,
    ResourceSpec, TraceId, World, WorldSpec,
};
use serde_json::{Value, json};

pub(crate) const KIB: u64 = 1_024;
pub(crate) const MIB: u64 = 1_024 * KIB;

/// A world with resources of the given ids, types and properties, and links between them.
pub(crate) fn world_spec(resources: &[(&str, &str, Value)], links: &[(&str, &str, &str)]) -> Arc<WorldSpec> {
    let resources = resources.iter().map(|(id, resource_type, properties)| {
        let kind = ResourceKind::from_resource_type(resource_type).expect("a resource type");
        let properties = kind.read_properties(properties).expect("valid properties");
        ResourceSpec { id: LogicalId::from(*id), properties }
    });
    let links = links.iter().map(|(from, to, link_type)| {
        let kind = LinkKind::from_link_type(link_type).expect("a link type");
        LinkSpec {
            from: LogicalId::from(*from),
            to: LogicalId::from(*to),
            properties: kind.default_properties(),
        }
    });
    Arc::new(WorldSpec { resources: resources.collect(), links: links.collect(), ..WorldSpec::default() })
}

/// A world with one stream.
pub(crate) struct Streamed {
    pub(crate) world: World,
    pub(crate) stream: ComponentId,
}

impl Streamed {
    pub(crate) fn new(properties: Value) -> Self {
        Self::in_world(&world_spec(&[("stream", "AWS::Kinesis::Stream", properties)], &[]))
    }

    pub(crate) fn with_shards(count: u64) -> Self {
        Self::new(json!({ "ShardCount": count }))
    }

    pub(crate) fn in_world(spec: &Arc<WorldSpec>) -> Self {
        let world = World::new(spec, Seed(1), TraceSettings::OFF);
        let stream = world.component(&LogicalId::from("stream")).expect("a stream");
        Self { world, stream }
    }

    pub(crate) fn advance_to(&mut self, seconds: f64) {
        let to = SimTime::ZERO + SimDuration::from_secs_f64(seconds);
        self.world.advance(to, EventBudget::UNLIMITED);
    }

    pub(crate) fn advance_by(&mut self, seconds: f64) {
        let now = self.world.now().as_secs_f64();
        self.advance_to(now + seconds);
    }

    /// A record whose key and data have `size` bytes together (KDS-18).
    pub(crate) fn record(&mut self, key: &str, size: u64) -> Entry {
        let data = size.saturating_sub(key.len() as u64) as u32;
        let catalogue = self.world.catalogue_mut();
        let payload = catalogue.add_payload(Payload::new("", Default::default(), data));
        let key = catalogue.add_key(key);
        Entry::new(Message {
            id: MessageId(0),
            trace_id: TraceId(0),
            payload,
            key,
            deduplication_id: DeduplicationId::NONE,
            published_at: self.world.now(),
            delay_seconds: None,
            poison: false,
        })
    }

    /// Makes a call and takes its answer, which may travel for a while.
    pub(crate) fn call(&mut self, request: Request, entries: Entries) -> Call {
        self.world.call_from_outside(self.stream, request.into(), entries, 0);
        for _ in 0..2 {
            if let Some(answer) = self.world.take_answers().pop() {
                return answer;
            }
            self.advance_by(0.085);
        }
        panic!("no answer to {request:?}");
    }

    pub(crate) fn ask(&mut self, request: Request) -> Result<Response, Error> {
        outcome(&self.call(request, Entries::new()))
    }

    pub(crate) fn put_record(&mut self, key: &str, size: u64) -> Result<ShardId, Error> {
        self.put_record_to(key, None, size)
    }

    pub(crate) fn put_record_to(
        &mut self,
        key: &str,
        explicit_hash_key: Option<&str>,
        size: u64,
    ) -> Result<ShardId, Error> {
        let record = self.record(key, size);
        let explicit_hash_key = explicit_hash_key.map(|text| self.world.catalogue_mut().add_key(text));
        let request = Request::PutRecord { explicit_hash_key, sequence_number_for_ordering: None };
        match outcome(&self.call(request, [record].into_iter().collect()))? {
            Response::PutRecord { sequence_number } => Ok(sequence_number.shard),
            other => panic!("{other:?}"),
        }
    }

    /// `PutRecords`: for each record its shard or its error.
    pub(crate) fn put_records(
        &mut self,
        records: &[(&str, u64)],
    ) -> Result<Vec<Result<ShardId, Error>>, Error> {
        let entries: Entries = records.iter().map(|(key, size)| self.record(key, *size)).collect();
        let answer = self.call(Request::PutRecords, entries);
        outcome(&answer)?;
        let each = answer.entries.iter().map(|entry| match entry.error {
            None => Ok(ShardId(entry.receipt.slot)),
            Some(ApiError::Kinesis(error)) => Err(error),
            Some(other) => panic!("{other:?}"),
        });
        Ok(each.collect())
    }

    pub(crate) fn iterator(
        &mut self,
        shard: u32,
        iterator_type: ShardIteratorType,
    ) -> Result<ShardIterator, Error> {
        match self.ask(Request::GetShardIterator { shard: ShardId(shard), iterator_type })? {
            Response::GetShardIterator(iterator) => Ok(iterator),
            other => panic!("{other:?}"),
        }
    }

    /// `GetRecords`: the records' entries, the next iterator, and the milliseconds behind.
    pub(crate) fn get_records(
        &mut self,
        iterator: ShardIterator,
        limit: u32,
    ) -> Result<(Entries, Option<ShardIterator>, u64), Error> {
        let answer = self.call(Request::GetRecords { iterator, limit }, Entries::new());
        match outcome(&answer)? {
            Response::GetRecords { next_shard_iterator, millis_behind_latest } => {
                Ok((answer.entries, next_shard_iterator, millis_behind_latest))
            }
            other => panic!("{other:?}"),
        }
    }

    /// The lanes of the open shards, in the order of their ranges.
    pub(crate) fn lanes(&self) -> Vec<Lane> {
        let state = self.world.node_state(self.stream).expect("a state");
        let lanes = state.instruments.into_iter().find_map(|instrument| match instrument {
            Instrument::Lanes { lanes } => Some(lanes),
            _ => None,
        });
        lanes.expect("lanes")
    }

    pub(crate) fn metric(&self, metric: MetricName) -> u64 {
        self.world.metric(self.stream, metric)
    }
}

pub(crate) fn outcome(answer: &Call) -> Result<Response, Error> {
    match answer.result.expect("an answer") {
        Ok(AnyResponse::Kinesis(response)) => Ok(response),
        Err(ApiError::Kinesis(error)) => Err(error),
        other => panic!("{other:?}"),
    }
}

/// The vectors of docs/spec/kinesis.md.
pub(crate) fn vectors() -> Value {
    serde_json::from_str(include_str!("../cases/kinesis_vectors.json")).expect("valid JSON")
}

/// The number behind `shardId-`.
pub(crate) fn shard_id(text: &Value) -> ShardId {
    let digits = text.as_str().and_then(|text| text.strip_prefix("shardId-")).expect("a shard id");
    ShardId(digits.parse().expect("digits"))
}

pub(crate) fn parse_printed(text: &Value) -> PrintedSequenceNumber {
    text.as_str().expect("text").parse().expect("a sequence number")
}
