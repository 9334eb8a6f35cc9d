//! Streams in use, as the course notes have it: who sends, who reads, and what a record is (SP-100 to SP-130).

use messaging::MetricName::*;
use messaging::ResourceKind;
use messaging::kinesis::ShardIteratorType;
use serde_json::{Value, json};

use crate::kinesis_fixture::{Streamed, world_spec};
use crate::support::{advance, edit, metric, world_of};

/// SP-101: the palette has the four services.
#[test]
fn the_palette_has_the_four_services() {
    for (name, title) in [
        ("AWS::Kinesis::Stream", "data stream"),
        ("AWS::KinesisFirehose::DeliveryStream", "Firehose"),
        ("AWS::KinesisAnalyticsV2::Application", "analytics"),
        ("AWS::KinesisVideo::Stream", "video"),
    ] {
        let kind = ResourceKind::from_resource_type(name).expect(name);
        assert!(kind.descriptor().title.contains(title), "{name}");
    }
}

/// Four kinds of sources into one stream, and whoever reads it.
fn sources(readers: Value, links: &[Value]) -> Value {
    let source = |rate: u32, prefix: &str| {
        json!({ "Type": "Playground::Producer", "Properties": {
            "ArrivalProcess": { "Type": "Steady", "Rate": rate }, "StopAfterSeconds": 60,
            "Keys": { "Prefix": prefix, "Count": 20 },
        } })
    };
    let mut document = json!({
        "Resources": {
            "logs": source(10, "host-"), "metrics": source(20, "metric-"),
            "clicks": source(30, "visitor-"), "sensors": source(40, "sensor-"),
            "stream": { "Type": "AWS::Kinesis::Stream", "Properties": { "ShardCount": 2 } },
        },
        "Links": [
            { "From": "logs", "To": "stream" }, { "From": "metrics", "To": "stream" },
            { "From": "clicks", "To": "stream" }, { "From": "sensors", "To": "stream" },
        ],
    });
    let resources = document["Resources"].as_object_mut().expect("resources");
    resources.extend(readers.as_object().expect("readers").clone());
    document["Links"].as_array_mut().expect("links").extend(links.iter().cloned());
    document
}

/// SP-100, SP-120: four sources, and five readers of one stream: two applications, one of them registered, a function,
/// a delivery stream and an application of analytics. Each of them sees every record.
#[test]
fn five_readers_see_what_four_sources_send() {
    let consumer = json!({ "Type": "Playground::Consumer", "Properties": {
        "ProcessingTime": { "Distribution": "Constant", "Milliseconds": 0 }, "MaxNumberOfMessages": 10_000,
    } });
    let readers = json!({
        "kcl": consumer, "registered": consumer,
        "function": { "Type": "AWS::Lambda::Function", "Properties": {
            "ProcessingTime": { "Distribution": "Constant", "Milliseconds": 1 }
        } },
        "delivery": { "Type": "AWS::KinesisFirehose::DeliveryStream" },
        "bucket": { "Type": "AWS::S3::Bucket" },
        "analytics": { "Type": "AWS::KinesisAnalyticsV2::Application" },
    });
    let links = [
        json!({ "From": "stream", "To": "kcl" }),
        json!({ "From": "stream", "To": "registered", "Properties": { "ConsumerName": "r" } }),
        json!({ "From": "stream", "To": "function" }),
        json!({ "From": "stream", "To": "delivery" }),
        json!({ "From": "delivery", "To": "bucket" }),
        json!({ "From": "stream", "To": "analytics" }),
    ];
    let mut world = world_of(&sources(readers, &links));
    advance(&mut world, 120.0);
    let sent: u64 = ["logs", "metrics", "clicks", "sensors"]
        .map(|name| metric(&world, name, MessagesAccepted))
        .iter()
        .sum();
    assert!((5_990..=6_000).contains(&sent), "{sent}");
    assert_eq!(metric(&world, "stream", IncomingRecords), sent);
    for reader in ["kcl", "registered", "function"] {
        assert_eq!(metric(&world, reader, MessagesProcessed), sent, "{reader}");
    }
    assert_eq!(metric(&world, "analytics", NumRecordsIn), sent);
    // Five times, and the delivery stream is the fourth that polls.
    assert_eq!(metric(&world, "stream", GetRecordsRecords), 4 * sent);
    assert_eq!(metric(&world, "stream", SubscribeToShardEventRecords), sent);
}

/// KDS-107: a delivery stream begins with what comes after it, and asks each shard once a second.
#[test]
fn a_delivery_stream_reads_from_now_on_once_a_second() {
    let readers = json!({
        "delivery": { "Type": "AWS::KinesisFirehose::DeliveryStream" }, "bucket": { "Type": "AWS::S3::Bucket" },
    });
    let links =
        [json!({ "From": "stream", "To": "delivery" }), json!({ "From": "delivery", "To": "bucket" })];
    let mut document = sources(readers, &links);
    let link = document["Links"].as_array_mut().expect("links").remove(4);
    let mut world = world_of(&document);
    advance(&mut world, 30.0);
    let before = metric(&world, "stream", IncomingRecords);
    document["Links"].as_array_mut().expect("links").push(link);
    edit(&mut world, &document);
    advance(&mut world, 92.0);
    let read = metric(&world, "stream", GetRecordsRecords);
    let after = metric(&world, "stream", IncomingRecords) - before;
    assert!(read.abs_diff(after) < 20, "{read} of {after}");
    let calls = metric(&world, "stream", GetRecordsSuccess);
    assert!((100..=126).contains(&calls), "{calls} calls in a minute at two shards");
}

/// SP-105, SP-128, KDS-27: three records are put, the shards are described, and from the oldest on three are read: each
/// with its partition key, its sequence number and its data, whatever that is.
#[test]
fn put_describe_get_iterator_get_records() {
    let mut stream = Streamed::in_world(&world_spec(&[("stream", "AWS::Kinesis::Stream", json!({}))], &[]));
    for key in ["user1", "user1", "user2"] {
        stream.put_record(key, 100).expect("stored");
    }
    let shards: Vec<_> = stream.lanes().into_iter().map(|lane| lane.shard_id).collect();
    assert_eq!(shards, ["shardId-000000000000"]);
    let iterator = stream.iterator(0, ShardIteratorType::TrimHorizon).expect("an iterator");
    let (entries, ..) = stream.get_records(iterator, 10).expect("records");
    let catalogue = stream.world.catalogue();
    let keys = entries.iter().filter_map(|entry| catalogue.key(entry.message.key));
    assert_eq!(keys.map(|key| key.text.to_string()).collect::<Vec<_>>(), ["user1", "user1", "user2"]);
    let numbers: Vec<_> =
        entries.iter().map(|entry| (entry.receipt.slot, entry.receipt.generation)).collect();
    assert_eq!(numbers, [(0, 0), (0, 1), (0, 2)]);
    assert!(entries.iter().all(|entry| catalogue.payload(entry.message.payload).size_bytes == 95));
}

/// SP-130: what a stream is meant for is said where people choose it.
#[test]
fn the_palette_says_what_a_stream_is_for() {
    let description = ResourceKind::Stream.descriptor().description;
    assert!(description.contains("big data, analytics and ETL"), "{description}");
}
