//! Producers of streams: the KPL, lost answers, the agent (KDS-82 to KDS-88).

use messaging::MetricName::*;
use messaging::World;
use messaging::kinesis::{Request, ShardIteratorType};
use serde_json::{Value, json};

use crate::kinesis_fixture::{KIB, Streamed};
use crate::support::{metric, metrics, run};

/// A producer of user records of 512 B, a stream, an application with the KCL, and a function.
fn document(producer: Value, shards: u32) -> Value {
    let mut producer = producer;
    producer["PayloadBytes"] = json!(504);
    producer["Keys"] = json!({ "List": ["user-001", "user-002", "user-003", "user-004"] });
    json!({
        "Resources": {
            "producer": { "Type": "Playground::Producer", "Properties": producer },
            "stream": { "Type": "AWS::Kinesis::Stream", "Properties": { "ShardCount": shards } },
            "application": { "Type": "Playground::Consumer", "Properties": {
                "ProcessingTime": { "Distribution": "Constant", "Milliseconds": 0 },
                "MaxNumberOfMessages": 10_000
            } },
            "function": { "Type": "AWS::Lambda::Function", "Properties": {
                "ProcessingTime": { "Distribution": "Constant", "Milliseconds": 1 }
            } },
        },
        "Links": [
            { "From": "producer", "To": "stream" },
            { "From": "stream", "To": "application" },
            { "Type": "AWS::Lambda::EventSourceMapping", "From": "stream", "To": "function" },
        ],
    })
}

fn a_thousand_a_second(aggregation: bool) -> World {
    let arrivals = json!({ "Type": "Steady", "Rate": 1_000 });
    let producer = json!({ "ArrivalProcess": arrivals, "Aggregation": aggregation, "MaxMessages": 10_000, "BatchSize": 10 });
    run(&document(producer, 1), 60.0)
}

/// KDS-83, KDS-86, SP-119: 1,000 user records of 512 B a second are ten stream records; without the KPL they are the
/// whole quota of the shard. The KCL splits them again; Lambda does not (KDS-87).
#[test]
fn a_thousand_user_records_are_ten_stream_records() {
    let world = a_thousand_a_second(true);
    assert_eq!(metrics(&world, "stream", [IncomingRecords, IncomingBytes]), [100, 5_120_000]);
    assert_eq!(metric(&world, "producer", MessagesAccepted), 10_000);
    assert_eq!(metrics(&world, "application", [MessagesProcessed, ProcessedOutOfOrder]), [10_000, 0]);
    assert_eq!(metric(&world, "function", MessagesProcessed), 100);
    let world = a_thousand_a_second(false);
    assert_eq!(metric(&world, "stream", IncomingRecords), 10_000);
    assert_eq!(metrics(&world, "application", [MessagesProcessed, ProcessedOutOfOrder]), [10_000, 0]);
    assert_eq!(metric(&world, "function", MessagesProcessed), 10_000);
}

/// KDS-86: aggregated, the bytes bind: of 2,500 user records of 512 B a second a shard takes 2,048, less the rest of the
/// last stream record.
#[test]
fn aggregated_records_are_bound_by_their_bytes() {
    for (aggregation, taken) in [(true, 2_000), (false, 1_000)] {
        let producer = json!({
            "ArrivalProcess": { "Type": "Steady", "Rate": 2_500 }, "Aggregation": aggregation,
            "RetryMode": "off", "BatchSize": 10,
        });
        let world = run(&document(producer, 1), 20.0);
        let per_second = metric(&world, "producer", MessagesAccepted) / 20;
        assert!((taken - 10..=taken + 48).contains(&per_second), "{per_second}");
    }
}

/// KDS-85: records of one shard are joined, those of others are not; a single one is sent as it is.
#[test]
fn only_records_of_one_shard_are_joined() {
    let put = |keys: &[&str], shards: u64, aggregation_max_size: u32| {
        let mut stream = Streamed::with_shards(shards);
        let entries = keys.iter().map(|key| stream.record(key, KIB)).collect();
        stream.call(Request::PutAggregatedRecords { aggregation_max_size }, entries);
        let mut of_shards = Vec::new();
        for shard in 0..shards as u32 {
            let iterator = stream.iterator(shard, ShardIteratorType::TrimHorizon).expect("an iterator");
            let (entries, ..) = stream.get_records(iterator, 100).expect("records");
            let mut records: Vec<_> = entries.iter().map(|entry| entry.message.id).collect();
            records.dedup();
            of_shards.push((entries.len(), records.len()));
        }
        (stream.metric(IncomingRecords), of_shards)
    };
    // truck_1 is in the second shard of three, truck_2 and truck_3 in the second and the third one.
    let keys = ["truck_1", "truck_2", "truck_3", "truck_1"];
    assert_eq!(put(&keys, 1, 51_200), (1, vec![(4, 1)]));
    assert_eq!(put(&keys, 3, 51_200), (2, vec![(0, 0), (3, 1), (1, 1)]));
    assert_eq!(put(&keys, 1, 2_048), (2, vec![(4, 2)]));
    assert_eq!(put(&keys[..1], 1, 51_200), (1, vec![(1, 1)]));
}

/// KDS-83: a read counts stream records, and brings all user records of each.
#[test]
fn a_read_brings_whole_stream_records() {
    let mut stream = Streamed::with_shards(1);
    for _ in 0..3 {
        let entries = (0..50).map(|_| stream.record("k", 100)).collect();
        stream.call(Request::PutAggregatedRecords { aggregation_max_size: 51_200 }, entries);
    }
    let iterator = stream.iterator(0, ShardIteratorType::TrimHorizon).expect("an iterator");
    let (entries, next, _) = stream.get_records(iterator, 2).expect("records");
    assert_eq!(entries.len(), 100);
    let (entries, ..) = stream.get_records(next.expect("more"), 2).expect("records");
    assert_eq!(entries.len(), 50);
    assert_eq!(stream.metric(GetRecordsRecords), 3);
}

/// KDS-82: when the answer to a put is lost, the retry stores the same data twice.
#[test]
fn a_lost_answer_makes_a_duplicate() {
    let producer = json!({
        "ArrivalProcess": { "Type": "Steady", "Rate": 50 }, "MaxMessages": 1_000,
        "LostAcknowledgementProbability": 0.1, "MaxAttempts": 10,
    });
    let world = run(&document(producer, 1), 120.0);
    let [stored, retried] =
        [metric(&world, "stream", IncomingRecords), metric(&world, "producer", MessagesRetried)];
    assert!((1_060..1_160).contains(&stored), "{stored}");
    assert_eq!(retried, stored - 1_000);
    assert_eq!(metrics(&world, "producer", [MessagesAccepted, MessagesLost]), [1_000, 0]);
}

/// KDS-88, SP-119: the palette offers the producer with the SDK, with the KPL, and as the agent, which keeps what it
/// has read from its file until the stream takes it.
#[test]
fn the_palette_offers_the_library_and_the_agent() {
    let kind = messaging::ResourceKind::from_resource_type("Playground::Producer").expect("a kind");
    let preset = |title: &str| {
        let found = kind.descriptor().presets.iter().find(|preset| preset.title == title);
        let properties = found.unwrap_or_else(|| panic!("{title}")).properties;
        serde_json::from_str::<Value>(properties).expect("JSON")
    };
    assert_eq!(preset("Kinesis Producer Library")["Aggregation"], true);
    let mut agent = preset("Kinesis agent");
    kind.read_properties(&agent).expect("valid properties");
    // A minute with twice of what the shard takes, and then nothing new in the file.
    agent["ArrivalProcess"] = json!({ "Type": "Phases", "Phases": [
        { "Rate": 2_000, "Seconds": 20 }, { "Rate": 0, "Seconds": 1_000 },
    ] });
    let world = run(&document(agent, 1), 600.0);
    assert_eq!(metrics(&world, "producer", [MessagesOffered, MessagesLost]), [40_000, 0]);
    assert_eq!(metric(&world, "stream", IncomingRecords), 40_000);
}
