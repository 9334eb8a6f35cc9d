//! How transcripts speak to a stream.
//!
//! ```text
//! PutRecord truck_1 bytes=100 hash=0      the key, bytes of data, ExplicitHashKey; after=INDEX for an order
//! PutRecords a b c bytes=100
//! GetShardIterator TRIM_HORIZON shard=0   LATEST; AT_SEQUENCE_NUMBER index=3; AT_TIMESTAMP at=5
//! GetRecords shard=0 limit=100            with the newest iterator of the shard
//! SplitShard shard=0 at=170141183460469231731687303715884105728
//! MergeShards shard=0 with=1
//! UpdateShardCount to=4
//! UpdateStreamMode ON_DEMAND
//! RegisterStreamConsumer alarms           answered with the consumer's number
//! SubscribeToShard LATEST consumer=0 shard=0
//! ReceiveEvent consumer=0 until=60        the next event of the consumer's connections
//! ```
//!
//! A stored record is written as its shard's number, a record read as its key. `end` stands for no next iterator.

use std::collections::BTreeMap;

use kernel::SimTime;
use messaging::call::{Call, Entries, Entry};
use messaging::identifiers::DeduplicationId;
use messaging::kinesis::{
    Connection, Request, Response, SequenceNumber, ShardId, ShardIterator, ShardIteratorType, StreamMode,
};
use messaging::message::{Message, Payload};
use messaging::{MessageId, Request as AnyRequest, Response as AnyResponse, TraceId, World};

use crate::transcript::{Command, Dialect, refusal};

/// The conversation with one stream.
#[derive(Default)]
pub(crate) struct KinesisDialect {
    iterators: BTreeMap<ShardId, ShardIterator>,
}

impl Dialect for KinesisDialect {
    fn request(&mut self, command: &Command, world: &mut World) -> (AnyRequest, Entries) {
        let shard = || ShardId(command.number("shard").unwrap_or(0));
        let mut entries = Entries::new();
        let request = match command.operation.as_str() {
            "PutRecord" | "PutRecords" => {
                let bytes = command.number("bytes").unwrap_or(100);
                entries.extend(command.words.iter().map(|key| record(key, bytes, world)));
                match command.operation.as_str() {
                    "PutRecords" => Request::PutRecords,
                    _ => Request::PutRecord {
                        explicit_hash_key: command
                            .get("hash")
                            .map(|hash| world.catalogue_mut().add_key(hash)),
                        sequence_number_for_ordering: command
                            .number("after")
                            .map(|index| SequenceNumber { shard: shard(), index }),
                    },
                }
            }
            "GetShardIterator" => {
                Request::GetShardIterator { shard: shard(), iterator_type: iterator_type(shard(), command) }
            }
            "GetRecords" => Request::GetRecords {
                iterator: *self.iterators.get(&shard()).expect("an iterator first"),
                limit: command.number("limit").unwrap_or(10_000),
            },
            "SplitShard" => Request::SplitShard {
                shard: shard(),
                new_starting_hash_key: world.catalogue_mut().add_key(command.get("at").expect("at=HASH")),
            },
            "MergeShards" => Request::MergeShards {
                shard: shard(),
                adjacent: ShardId(command.number("with").expect("with=SHARD")),
            },
            "UpdateShardCount" => {
                Request::UpdateShardCount { target_shard_count: command.number("to").expect("to=COUNT") }
            }
            "RegisterStreamConsumer" => Request::RegisterStreamConsumer {
                consumer_name: world.catalogue_mut().add_key(&command.words[0]),
            },
            "DeregisterStreamConsumer" => {
                Request::DeregisterStreamConsumer { consumer: command.number("consumer").unwrap_or(0) }
            }
            "SubscribeToShard" => Request::SubscribeToShard {
                consumer: Some(command.number("consumer").unwrap_or(0)),
                reader: 0,
                shard: shard(),
                starting_position: iterator_type(shard(), command),
            },
            "ReceiveEvent" => Request::ReceiveEvent {
                consumer: Some(command.number("consumer").unwrap_or(0)),
                reader: 0,
                processed: None,
                until: SimTime::from_secs(command.number("until").expect("until=SECONDS")),
            },
            "UpdateStreamMode" => Request::UpdateStreamMode {
                stream_mode: match command.words.first().map(String::as_str) {
                    Some("ON_DEMAND") => StreamMode::OnDemand,
                    _ => StreamMode::Provisioned,
                },
            },
            other => panic!("Kinesis has no operation {other} here"),
        };
        (request.into(), entries)
    }

    fn answer(&mut self, call: &Call, world: &World) -> String {
        let Some(Ok(AnyResponse::Kinesis(response))) = call.result else { panic!("a stream's answer") };
        match response {
            Response::PutRecord { sequence_number } => sequence_number.shard.0.to_string(),
            Response::PutRecords { .. } => {
                let each = call.entries.iter().map(|entry| match &entry.error {
                    Some(error) => refusal(error),
                    None => entry.receipt.slot.to_string(),
                });
                each.collect::<Vec<_>>().join(", ")
            }
            Response::GetShardIterator(iterator) => {
                self.iterators.insert(iterator.shard(), iterator);
                "ok".into()
            }
            Response::GetRecords { next_shard_iterator, millis_behind_latest } => {
                if let Some(iterator) = next_shard_iterator {
                    self.iterators.insert(iterator.shard(), iterator);
                }
                let records = keys_of(call, world);
                let end = if next_shard_iterator.is_none() { ", end" } else { "" };
                format!("{records}, {millis_behind_latest} ms behind{end}")
            }
            Response::Resharding => "ok".into(),
            Response::StreamConsumer { consumer } => consumer.to_string(),
            Response::Subscribed => "ok".into(),
            Response::SubscribeToShardEvent { shard, connection, millis_behind_latest } => {
                let from = shard.map_or(String::new(), |shard| format!(" of shard {}", shard.0));
                let end = match connection {
                    Connection::Open => "",
                    Connection::Over => ", over",
                    Connection::EndOfShard => ", end",
                };
                format!("{}{from}, {millis_behind_latest} ms behind{end}", keys_of(call, world))
            }
            Response::Renewed | Response::Leases { .. } => panic!("nobody asks for leases here"),
        }
    }
}

/// The keys of the records read.
fn keys_of(call: &Call, world: &World) -> String {
    let keys = call.entries.iter().map(|entry| world.catalogue().key(entry.message.key));
    let keys: Vec<_> = keys.map(|key| key.map_or("", |key| &key.text)).collect();
    if keys.is_empty() { "nothing".to_owned() } else { keys.join(" ") }
}

fn iterator_type(shard: ShardId, command: &Command) -> ShardIteratorType {
    let index = command.number("index").unwrap_or(0);
    match command.words.first().map(String::as_str) {
        Some("TRIM_HORIZON") => ShardIteratorType::TrimHorizon,
        Some("LATEST") => ShardIteratorType::Latest,
        Some("AT_SEQUENCE_NUMBER") => ShardIteratorType::AtSequenceNumber(SequenceNumber { shard, index }),
        Some("AFTER_SEQUENCE_NUMBER") => {
            ShardIteratorType::AfterSequenceNumber(SequenceNumber { shard, index })
        }
        Some("AT_TIMESTAMP") => {
            ShardIteratorType::AtTimestamp(SimTime::from_secs(command.number("at").expect("at=SECONDS")))
        }
        other => panic!("no iterator type {other:?}"),
    }
}

fn record(key: &str, bytes: u32, world: &mut World) -> Entry {
    let published_at = world.now();
    let catalogue = world.catalogue_mut();
    Entry::new(Message {
        id: MessageId(0),
        trace_id: TraceId(0),
        payload: catalogue.add_payload(Payload::new("", Default::default(), bytes)),
        key: catalogue.add_key(key),
        deduplication_id: DeduplicationId::NONE,
        published_at,
        delay_seconds: None,
        poison: false,
    })
}
