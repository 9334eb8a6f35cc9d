//! What each service puts on the bill: Firehose, video, analytics, and what topics deliver to Firehose.

use messaging::LogicalId;
use messaging::MetricName::*;
use messaging::cost::Item;
use serde_json::{Value, json};

use super::cost::{alone, quantity, send};
use super::support::{advance, metric, run};

const MILLION: u64 = 1_000_000;

/// FH-49: 3 KB are billed as 5 KB, and 12 KB as 15 KB.
#[test]
fn cost_30_each_record_of_a_delivery_stream_is_rounded_up_to_5_kb() {
    for (bytes, billed) in [(3_000, 5), (5_120, 5), (5_121, 10), (12_288, 15)] {
        let document = json!({
            "Resources": {
                "author": {
                    "Type": "Playground::Producer",
                    "Properties": { "ArrivalProcess": { "Type": "AtOnce", "Count": 7 }, "PayloadBytes": bytes },
                },
                "it": { "Type": "AWS::KinesisFirehose::DeliveryStream" },
                "store": { "Type": "AWS::S3::Bucket" },
            },
            "Links": [
                { "Type": "Playground::Send", "From": "author", "To": "it" },
                { "Type": "AWS::KinesisFirehose::DestinationConfiguration", "From": "it", "To": "store" },
            ],
        });
        let world = run(&document, 10.0);
        assert_eq!(quantity(&world, "it", Item::FirehoseBytes), 7 * billed * 1_024, "{bytes}");
    }
}

/// KDA-8: two KPUs work, and a third one orchestrates; 50 GB of storage come with each that works.
#[test]
fn cost_60_an_application_pays_for_its_units_one_for_orchestration_and_their_storage() {
    let mut world = alone("AWS::KinesisAnalyticsV2::Application", json!({ "Parallelism": 2 }));
    advance(&mut world, 3_600.0);
    assert_eq!(quantity(&world, "it", Item::FlinkKpuSeconds), 3 * 3_600);
    assert_eq!(quantity(&world, "it", Item::FlinkGigabyteSeconds), 100 * 3_600);
    assert_eq!(
        metric(&world, "it", EstimatedCharges),
        330_000 + 13_699,
        "0.33, and 100 GB for an hour of a month"
    );
    let bill = world.bill();
    assert_eq!(bill.by_service(), [("Managed Service for Apache Flink", 343_699)]);
    assert_eq!(
        (bill.per_hour(bill.total()), bill.driver().map(|line| line.item)),
        (343_699, Some(Item::FlinkKpuSeconds))
    );
    world.intervene(&messaging::Intervention::Stop(LogicalId::from("it"))).expect("it can stop");
    advance(&mut world, 7_200.0);
    let idle = quantity(&world, "it", Item::FlinkKpuSeconds) - 3 * 3_600;
    assert!(idle <= 3, "{idle}: one that is stopped costs nothing");
}

#[test]
fn cost_24_a_video_stream_pays_for_what_comes_what_goes_and_what_it_keeps() {
    for (hours, kept) in [(24, 1_024 * 3_599), (0, 0)] {
        let mut world = alone("AWS::KinesisVideo::Stream", json!({ "DataRetentionInHours": hours }));
        advance(&mut world, 0.5);
        send(&mut world, messaging::kinesis_video::Request::PutMedia, &[1 << 20], None);
        advance(&mut world, 3_600.0);
        assert_eq!(quantity(&world, "it", Item::VideoBytesIn), 1 << 20);
        assert_eq!(quantity(&world, "it", Item::VideoBytesOut), 0);
        let seconds = quantity(&world, "it", Item::VideoKilobyteSeconds);
        assert!(seconds.abs_diff(kept) <= 1_024, "{seconds} KiB for a second");
    }
    // A reader pays for what it reads: the camera of the gallery, thirty fragments of 500,000 bytes.
    let scenario = scenario::gallery::find("camera").expect("a scenario").scenario();
    let mut world = super::gallery::world(&scenario);
    advance(&mut world, 420.0);
    for (name, fragments) in [("live", 15_u64), ("kept", 30)] {
        assert_eq!(quantity(&world, name, Item::VideoBytesIn), 15 * MILLION, "{name}");
        let read = quantity(&world, name, Item::VideoBytesOut);
        assert!(read.abs_diff(fragments * 500_000) <= 500_000, "{name}: {read}");
    }
}

/// FH-31, FH-32: what is converted is billed as it was billed when it came in; partitions by what is delivered.
#[test]
fn cost_30_conversion_and_dynamic_partitioning_are_billed_on_top() {
    let document = |properties: Value| {
        json!({
            "Resources": {
                "author": { "Type": "Playground::Producer", "Properties": {
                    "ArrivalProcess": { "Type": "AtOnce", "Count": 10 }, "PayloadBytes": 3_000,
                    "Messages": [{ "Body": "{\"a\":1}" }], "Keys": { "Prefix": "k", "Count": 2 },
                } },
                "it": { "Type": "AWS::KinesisFirehose::DeliveryStream", "Properties": properties },
                "store": { "Type": "AWS::S3::Bucket" },
            },
            "Links": [
                { "From": "author", "To": "it" },
                { "Type": "AWS::KinesisFirehose::DestinationConfiguration", "From": "it", "To": "store" },
            ],
        })
    };
    let plain = json!({});
    let converts = json!({ "OutputFormat": "Parquet" });
    let partitions = json!({ "DynamicPartitioning": true, "Prefix": "!{partitionKeyFromQuery:k}/", "ErrorOutputPrefix": "bad/" });
    for (properties, converted, bytes, objects) in
        [(plain, 0, 0, 0), (converts, 10 * 5_120, 0, 0), (partitions, 0, 10 * 3_000, 2)]
    {
        let world = run(&document(properties.clone()), 900.0);
        assert_eq!(quantity(&world, "it", Item::FirehoseBytes), 10 * 5_120);
        assert_eq!(quantity(&world, "it", Item::FirehoseConvertedBytes), converted, "{properties}");
        assert_eq!(quantity(&world, "it", Item::FirehosePartitionedBytes), bytes, "{properties}");
        assert_eq!(quantity(&world, "it", Item::FirehosePartitionedObjects), objects, "{properties}");
    }
}

#[test]
fn cost_5_a_topic_pays_for_its_deliveries_to_firehose() {
    let world = run(
        &json!({
            "Resources": {
                "author": { "Type": "Playground::Producer", "Properties": { "ArrivalProcess": { "Type": "AtOnce", "Count": 7 } } },
                "news": { "Type": "AWS::SNS::Topic" },
                "it": { "Type": "AWS::KinesisFirehose::DeliveryStream" },
                "queue": { "Type": "AWS::SQS::Queue" },
                "store": { "Type": "AWS::S3::Bucket" },
            },
            "Links": [
                { "From": "author", "To": "news" }, { "From": "news", "To": "it", "Properties": { "SubscriptionRoleArn": "arn:aws:iam::123456789012:role/news" } }, { "From": "news", "To": "queue" },
                { "Type": "AWS::KinesisFirehose::DestinationConfiguration", "From": "it", "To": "store" },
            ],
        }),
        60.0,
    );
    assert_eq!(quantity(&world, "news", Item::SnsFirehoseDeliveries), 7, "and those to the queue are free");
}

/// No price of the table is there for show.
#[test]
fn cost_63_every_item_of_the_table_is_on_the_bill_of_something() {
    let bill = include_str!("../../crates/messaging/src/cost/bill.rs");
    let missing: Vec<_> =
        Item::ALL.iter().filter(|item| !bill.contains(&format!("Item::{item:?},"))).collect();
    assert!(missing.is_empty(), "{missing:?}");
}
