//! Delivery streams: puts, buffers, formats, sources (FH-1 to FH-34).

use messaging::MetricName::*;
use messaging::message::Payload;
use messaging::{MetricName, World, firehose};
use scenario::parse_value;
use serde_json::{Value, json};

use super::support::{advance, call, code, edit, entry_with, metric, metrics, place, run, world_of};

/// A delivery stream to a bucket.
pub(crate) fn stream(properties: Value) -> Value {
    json!({
        "Resources": {
            "delivery": { "Type": "AWS::KinesisFirehose::DeliveryStream", "Properties": properties },
            "bucket": { "Type": "AWS::S3::Bucket" },
        },
        "Links": [{ "From": "delivery", "To": "bucket" }],
    })
}

/// The same with a producer of `rate` records of 1 KiB a second.
pub(crate) fn fed(rate: u32, properties: Value) -> Value {
    let mut document = stream(properties);
    document["Resources"]["producer"] = json!({
        "Type": "Playground::Producer",
        "Properties": { "ArrivalProcess": { "Type": "Steady", "Rate": rate }, "PayloadBytes": 1_024 },
    });
    document["Links"].as_array_mut().unwrap().push(json!({ "From": "producer", "To": "delivery" }));
    document
}

pub(crate) fn hints(size: u32, interval: u32) -> Value {
    json!({ "BufferingHints": { "SizeInMBs": size, "IntervalInSeconds": interval } })
}

/// Puts records of these sizes in one call; the code of the refusal of the call or of each record.
pub(crate) fn put(world: &mut World, sizes: &[u32]) -> Vec<Option<&'static str>> {
    let entries: Vec<_> = sizes
        .iter()
        .map(|bytes| entry_with(world, Payload::new("", Default::default(), *bytes), None, None))
        .collect();
    let request = match sizes {
        [_] => firehose::Request::PutRecord,
        _ => firehose::Request::PutRecordBatch,
    };
    let answer = call(world, "delivery", request, entries);
    match code(&answer) {
        Some(code) => vec![Some(code)],
        None => {
            let errors = answer.entries.iter().map(|entry| entry.error);
            errors.map(|error| error.map(|error| error.as_service_error().code())).collect()
        }
    }
}

/// What the document is refused for.
pub(crate) fn faults(document: &Value) -> Vec<String> {
    let mut document = document.clone();
    document["Version"] = json!(1);
    let found = parse_value(&document).validated().diagnostics;
    found.iter().map(|fault| format!("{}: {}", fault.pointer, fault.message)).collect()
}

/// Objects and records in the bucket.
fn stored(world: &World) -> [u64; 2] {
    metrics(world, "bucket", [NumberOfObjects, RecordsStored])
}

#[test]
fn sp_136_fh_7_fh_8_a_record_has_1_000_kib_and_a_batch_500_records_and_4_mib() {
    let mut world = world_of(&stream(json!({})));
    assert_eq!(put(&mut world, &[1_024_000]), [None]);
    assert_eq!(put(&mut world, &[1_024_001]), [Some("InvalidArgumentException")]);
    advance(&mut world, 10.0);
    assert_eq!(put(&mut world, &[1; 500]), [None; 500]);
    assert_eq!(put(&mut world, &[1; 501]), [Some("InvalidArgumentException")]);
    advance(&mut world, 20.0);
    assert_eq!(put(&mut world, &[1_000_000, 1_000_000, 1_000_000, 1_000_000, 194_304]), [None; 5]);
    advance(&mut world, 30.0);
    assert_eq!(
        put(&mut world, &[1_000_000, 1_000_000, 1_000_000, 1_000_000, 194_305]),
        [Some("InvalidArgumentException")]
    );
}

#[test]
fn fh_9_fh_10_fh_11_over_the_quota_each_record_of_a_batch_answers_for_itself() {
    let mut world = world_of(&stream(json!({})));
    // 5 MiB in a second: 5,242,880 bytes.
    assert_eq!(put(&mut world, &[1_000_000; 4]), [None; 4]);
    let unavailable = Some("ServiceUnavailableException");
    assert_eq!(put(&mut world, &[1_000_000, 1_000_000, 200_000, 42_880]), [None, unavailable, None, None]);
    assert_eq!(put(&mut world, &[1]), [unavailable]);
    let counted = [IncomingRecords, ThrottledRecords, IncomingPutRequests];
    assert_eq!(metrics(&world, "delivery", counted), [7, 2, 3]);
    let batches = [PutRecordBatchRequests, PutRecordBatchRecords, PutRecordBatchBytes, PutRecordRequests];
    assert_eq!(metrics(&world, "delivery", batches), [2, 7, 5_242_880, 1]);
    // The next whole second has its own (KDS-23).
    advance(&mut world, 1.0);
    assert_eq!(put(&mut world, &[1_000_000; 4]), [None; 4]);
    // 2,000 calls a second.
    advance(&mut world, 2.0);
    let refused = (0..2_100).filter(|_| put(&mut world, &[1]) == [unavailable]).count();
    assert_eq!(refused, 100);
    // Raised, the three limits rise together.
    let limits = [RecordsPerSecondLimit, PutRequestsPerSecondLimit, BytesPerSecondLimit];
    assert_eq!(metrics(&world, "delivery", limits), [500_000, 2_000, 5_242_880]);
    edit(&mut world, &stream(json!({ "ThroughputFactor": 2 })));
    assert_eq!(metrics(&world, "delivery", limits), [1_000_000, 4_000, 10_485_760]);
    let problem = world_problem(&mut world);
    assert_eq!(problem.as_deref(), Some("Records are throttled"));
}

fn world_problem(world: &mut World) -> Option<String> {
    Some(world.node_state(place(world, "delivery"))?.problem?.title)
}

#[test]
fn fh_14_a_put_that_is_tried_again_can_duplicate() {
    // The client hears nothing of a first put, and sends the record again: Firehose knows no duplicates.
    let mut world = world_of(&stream(hints(1, 1)));
    let record = entry_with(&mut world, Payload::new("same", Default::default(), 0), None, None);
    for _ in 0..2 {
        call(&mut world, "delivery", firehose::Request::PutRecord, vec![record]);
    }
    advance(&mut world, 2.0);
    assert_eq!(stored(&world), [1, 2]);
}

/// FH-24, its four vectors: records per second, hints, seconds, objects and records by then.
#[test]
fn fh_15_fh_24_a_buffer_is_closed_by_its_size_or_its_interval_whichever_comes_first() {
    for (rate, size, interval, seconds, objects, records) in [
        (1_024, 5, 300, 5.2, 1, 5_120),
        (1_024, 5, 300, 50.2, 10, 51_200),
        (10, 5, 300, 299.9, 0, 0),
        (10, 5, 300, 300.3, 1, 3_000),
        (10, 1, 60, 60.3, 1, 600),
        (10, 1, 60, 120.4, 2, 1_200),
        (100, 1, 60, 10.4, 1, 1_024),
        (100, 1, 60, 102.6, 10, 10_240),
    ] {
        let world = run(&fed(rate, hints(size, interval)), seconds);
        assert_eq!(stored(&world), [objects, records], "{rate}/s, {size} MiB or {interval} s, {seconds} s");
    }
}

#[test]
fn sp_144_what_is_hit_first_flushes_first() {
    let by_size = run(&fed(100, hints(1, 60)), 10.4);
    let by_time = run(&fed(10, hints(1, 60)), 60.3);
    assert_eq!((stored(&by_size), stored(&by_time)), ([1, 1_024], [1, 600]));
}

#[test]
fn fh_16_fh_17_sp_142_sp_143_hints_have_their_ranges_and_the_classic_profile_its_minute() {
    let refused = |hints: Value, more: Value, profile: &str| {
        let mut properties = json!({ "BufferingHints": hints });
        for (name, value) in more.as_object().unwrap() {
            properties[name] = value.clone();
        }
        let mut document = stream(properties);
        document["Settings"] = json!({ "QuotaProfile": profile });
        document["Links"] = json!([]);
        !faults(&document).is_empty()
    };
    let hint = |size: u32, interval: u32| json!({ "SizeInMBs": size, "IntervalInSeconds": interval });
    for (size, interval, current, classic) in [
        (5, 0, false, true),
        (5, 59, false, true),
        (5, 60, false, false),
        (5, 900, false, false),
        (5, 901, true, true),
        (0, 300, true, true),
        (1, 300, false, false),
        (128, 300, false, false),
        (129, 300, true, true),
    ] {
        assert_eq!(refused(hint(size, interval), json!({}), "Current"), current, "{size} {interval}");
        assert_eq!(
            refused(hint(size, interval), json!({}), "Classic"),
            classic,
            "{size} {interval}, classic"
        );
    }
    // Each destination has its own; SP-133.
    for (destination, size, interval, expected) in [
        ("AmazonOpenSearchService", 100, 900, false),
        ("AmazonOpenSearchService", 101, 900, true),
        ("Splunk", 5, 60, false),
        ("Splunk", 6, 60, true),
        ("Splunk", 5, 61, true),
        ("HttpEndpoint", 64, 900, false),
        ("HttpEndpoint", 65, 900, true),
        ("Datadog", 65, 60, true),
        ("NewRelic", 64, 60, false),
        ("MongoDB", 65, 60, true),
        ("Redshift", 128, 900, false),
    ] {
        let more = json!({ "Destination": destination });
        assert_eq!(
            refused(hint(size, interval), more, "Current"),
            expected,
            "{destination} {size} {interval}"
        );
    }
    // Conversion and partitions need large buffers.
    assert!(refused(hint(63, 300), json!({ "OutputFormat": "Parquet" }), "Current"));
    assert!(!refused(hint(64, 300), json!({ "OutputFormat": "Parquet" }), "Current"));
    // Both hints or none.
    assert!(!faults(&stream(json!({ "BufferingHints": { "SizeInMBs": 5 } }))).is_empty());
}

#[test]
fn fh_16_without_hints_the_destination_has_its_own() {
    for (properties, size, interval) in [
        (json!({}), 5, 300),
        (json!({ "OutputFormat": "ORC" }), 128, 300),
        (json!({ "Destination": "Splunk" }), 5, 60),
        (json!({ "Destination": "Datadog" }), 5, 60),
        (json!({ "Destination": "HttpEndpoint" }), 5, 300),
    ] {
        let mut document = stream(properties.clone());
        document["Links"] = json!([]);
        let world = world_of(&document);
        let shown = format!("{:?}", world.node_state(place(&world, "delivery")).unwrap().instruments);
        let limit = |value: f64| format!("limit: {value:?}");
        assert!(shown.contains(&limit(f64::from(size) * 1_048_576.0)), "{properties}: {shown}");
        assert!(shown.contains(&limit(f64::from(interval))), "{properties}: {shown}");
    }
}

#[test]
fn fh_18_the_record_that_exceeds_the_size_is_still_in_the_object() {
    let mut world = world_of(&stream(hints(1, 300)));
    put(&mut world, &[1_000_000]);
    put(&mut world, &[900_000]);
    put(&mut world, &[10]);
    advance(&mut world, 1.0);
    assert_eq!(metrics(&world, "bucket", [NumberOfObjects, BucketSizeBytes]), [1, 1_900_000]);
}

#[test]
fn fh_19_fh_21_the_interval_begins_with_the_first_record_and_may_be_zero() {
    let mut world = world_of(&stream(hints(5, 60)));
    advance(&mut world, 50.0);
    put(&mut world, &[10]);
    advance(&mut world, 109.9);
    assert_eq!(stored(&world)[0], 0);
    advance(&mut world, 110.2);
    assert_eq!(stored(&world)[0], 1);
    let mut world = world_of(&stream(hints(5, 0)));
    put(&mut world, &[10]);
    advance(&mut world, 5.0);
    assert_eq!(stored(&world), [1, 1]);
}

#[test]
fn fh_20_fh_46_buffers_grow_and_wait_while_deliveries_fall_behind() {
    let mut document = fed(1_024, hints(1, 900));
    document["Timeline"] = json!([{ "At": "10s", "Stop": "bucket" }, { "At": "40s", "Start": "bucket" }]);
    let mut world = world_of(&document);
    advance(&mut world, 39.0);
    let (objects, fresh) = (stored(&world)[0], metric(&world, "delivery", DeliveryToS3DataFreshness));
    assert!((8..=11).contains(&objects) && fresh >= 27, "{objects} objects, {fresh} s");
    assert!(metric(&world, "bucket", Errors5xx) > 0);
    let problem = world_problem(&mut world);
    assert_eq!(problem.as_deref(), Some("Deliveries fail"));
    advance(&mut world, 200.0);
    // Nothing is lost, and the buffers in between were larger: fewer objects than megabytes.
    let [objects, records] = stored(&world);
    assert!(records >= 200 * 1_024 - 2_048, "{records}");
    assert!(objects < 185, "{objects}");
    assert_eq!(metric(&world, "delivery", MessagesLost), 0);
}

#[test]
fn fh_22_with_a_kinesis_source_a_record_takes_the_poll_and_the_buffer() {
    let world = run(&from_stream(1, hints(64, 60)), 130.0);
    let age = world.metrics(place(&world, "delivery")).peak(DeliveryToS3DataFreshness);
    assert!((59..=61).contains(&age), "{age}");
    let oldest_in_stream = world.metrics(place(&world, "stream")).peak(GetRecordsIteratorAgeMilliseconds);
    assert!(oldest_in_stream <= 1_100, "{oldest_in_stream}");
}

/// A producer, a Kinesis stream and a delivery stream that reads it.
pub(crate) fn from_stream(shards: u32, properties: Value) -> Value {
    let mut document = fed(100, properties);
    document["Resources"]["stream"] =
        json!({ "Type": "AWS::Kinesis::Stream", "Properties": { "ShardCount": shards } });
    document["Resources"]["producer"]["Properties"]["Keys"] = json!({ "Prefix": "truck-", "Count": 20 });
    let links = document["Links"].as_array_mut().unwrap();
    links[1] = json!({ "From": "producer", "To": "stream" });
    links.push(json!({ "From": "stream", "To": "delivery" }));
    document
}

#[test]
fn fh_3_fh_12_a_stream_as_source_is_read_once_a_second_from_the_latest_record_on() {
    let mut world = world_of(&from_stream(2, hints(1, 10)));
    assert_eq!(put(&mut world, &[1]), [Some("InvalidSourceException")]);
    advance(&mut world, 60.0);
    let read = [DataReadFromKinesisStreamRecords, IncomingRecords, IncomingPutRequests];
    let [records, incoming, puts] = metrics(&world, "delivery", read);
    assert!((5_850..=6_000).contains(&records) && incoming == records && puts == 0, "{records} {puts}");
    // Two shards, one call each second; with its first records come none from before it looked.
    let calls = metric(&world, "stream", GetRecordsSuccess);
    assert!((110..=122).contains(&calls), "{calls}");
    assert!(stored(&world)[1] >= 4_500);
}

#[test]
fn fh_4_several_delivery_streams_each_get_all_of_a_stream() {
    let mut document = from_stream(1, hints(1, 10));
    document["Resources"]["other"] =
        json!({ "Type": "AWS::KinesisFirehose::DeliveryStream", "Properties": hints(1, 10) });
    document["Resources"]["archive"] = json!({ "Type": "AWS::S3::Bucket" });
    let links = document["Links"].as_array_mut().unwrap();
    links.push(json!({ "From": "stream", "To": "other" }));
    links.push(json!({ "From": "other", "To": "archive" }));
    let world = run(&document, 60.0);
    let read = ["delivery", "other"].map(|name| metric(&world, name, DataReadFromKinesisStreamRecords));
    assert!(read[0] > 5_800 && read[0].abs_diff(read[1]) <= 100, "{read:?}");
}

#[test]
fn fh_40_while_nothing_can_be_delivered_the_source_stream_keeps_the_records() {
    let mut document = from_stream(1, hints(1, 10));
    document["Timeline"] = json!([{ "At": "60s", "Stop": "bucket" }, { "At": "30m", "Start": "bucket" }]);
    let mut world = world_of(&document);
    advance(&mut world, 1_790.0);
    let read = metric(&world, "delivery", DataReadFromKinesisStreamRecords);
    assert!(read < 15_000, "{read} were read while nothing could be delivered");
    advance(&mut world, 2_400.0);
    let [_, records] = stored(&world);
    assert!(records > 230_000, "{records}");
    assert_eq!(metric(&world, "delivery", MessagesLost), 0);
}

#[test]
fn fh_1_fh_6_one_source_one_destination_and_no_capacity_to_set() {
    let mut document = from_stream(1, json!({}));
    assert_eq!(faults(&document), [""; 0]);
    document["Resources"]["second"] = json!({ "Type": "AWS::Kinesis::Stream" });
    document["Resources"]["other"] = json!({ "Type": "AWS::S3::Bucket" });
    let links = document["Links"].as_array_mut().unwrap();
    links.push(json!({ "From": "second", "To": "delivery" }));
    links.push(json!({ "From": "delivery", "To": "other" }));
    let refused = faults(&document);
    assert!(refused[0].starts_with("/Links/3: A delivery stream has one source"), "{refused:?}");
    assert!(refused[1].starts_with("/Links/4: A delivery stream has exactly one destination"), "{refused:?}");
    // SP-140: nothing of a delivery stream is a capacity.
    let fields = messaging::ResourceKind::DeliveryStream.descriptor().fields;
    assert!(
        fields
            .iter()
            .all(|field| !["Shard", "Capacity", "Instance"].iter().any(|word| field.name.contains(word)))
    );
}

#[test]
fn sp_140_ten_times_the_load_needs_no_other_setting() {
    for rate in [100, 1_000] {
        let world = run(&fed(rate, hints(1, 60)), 120.0);
        assert_eq!(metric(&world, "delivery", ThrottledRecords), 0, "{rate}");
        assert!(stored(&world)[1] >= u64::from(rate) * 100, "{rate}");
    }
}

/// SP-95, CMP-P5: 3,000 messages of 1 KiB at 10/s.
#[test]
fn sp_95_cmp_p5_fh_5_a_topic_writes_to_a_delivery_stream() {
    let role = "arn:aws:iam::123456789012:role/sns-to-firehose";
    let through_topic = |raw: bool| {
        let mut document = fed(10, json!({}));
        document["Resources"]["producer"]["Properties"]["MaxMessages"] = json!(3_000);
        document["Resources"]["topic"] = json!({ "Type": "AWS::SNS::Topic" });
        let links = document["Links"].as_array_mut().unwrap();
        links[1] = json!({ "From": "producer", "To": "topic" });
        links.push(json!({
            "From": "topic", "To": "delivery",
            "Properties": { "RawMessageDelivery": raw, "SubscriptionRoleArn": role },
        }));
        document
    };
    let world = run(&through_topic(true), 301.0);
    assert_eq!(stored(&world), [1, 3_000]);
    assert_eq!(metric(&world, "bucket", BucketSizeBytes), 3_000 * 1_024);
    // In an envelope a record is larger by more than 300 bytes.
    let mut world = world_of(&through_topic(false));
    advance(&mut world, 10.0);
    let [records, bytes] = metrics(&world, "delivery", [IncomingRecords, IncomingBytes]);
    assert!(bytes > records * 1_324, "{bytes} bytes of {records} records");
    // Without a role the subscription is refused; a link that is drawn has one.
    let mut document = through_topic(true);
    document["Links"][2]["Properties"] = json!({});
    assert!(faults(&document)[0].contains("SubscriptionRoleArn is required for protocol firehose"));
    document["Links"].as_array_mut().unwrap().pop();
    document["Version"] = json!(1);
    let drawn = scenario::new_link(&parse_value(&document).scenario, &"topic".into(), &"delivery".into());
    assert_eq!(serde_json::to_value(drawn.unwrap()).unwrap()["SubscriptionRoleArn"], role);
}

/// One publish, nine deliveries, each in its own format; web servers and inboxes have to confirm first (SNS-46).
#[test]
fn sp_73_a_topic_has_subscribers_of_all_nine_protocols() {
    let mut document = stream(hints(1, 1));
    document["Resources"]["topic"] = json!({ "Type": "AWS::SNS::Topic" });
    document["Resources"]["queue"] = json!({ "Type": "AWS::SQS::Queue" });
    document["Resources"]["function"] = json!({ "Type": "AWS::Lambda::Function" });
    let endpoints = ["http", "https", "email", "email-json", "sms", "application"];
    for protocol in endpoints {
        let properties = json!({ "Protocol": protocol, "ConfirmAfterSeconds": 5 });
        document["Resources"][protocol] = json!({ "Type": "Playground::Endpoint", "Properties": properties });
    }
    let links = document["Links"].as_array_mut().unwrap();
    let subscribers = endpoints.into_iter().chain(["queue", "function"]);
    links.extend(subscribers.map(|to| json!({ "From": "topic", "To": to })));
    let role = json!({ "SubscriptionRoleArn": "arn:aws:iam::123456789012:role/sns-to-firehose" });
    links.push(json!({ "From": "topic", "To": "delivery", "Properties": role }));
    let mut world = world_of(&document);
    let publish = |world: &mut World, at: f64| {
        advance(world, at);
        let message = entry_with(world, Payload::new("hello", Default::default(), 0), None, None);
        call(world, "topic", messaging::sns::Request::Publish, vec![message]);
        advance(world, at + 3.0);
    };
    let delivered = |world: &World| {
        let ends = endpoints.map(|protocol| metric(world, protocol, DeliveriesAccepted));
        let queue = metric(world, "queue", NumberOfMessagesSent);
        (
            ends,
            queue,
            metric(world, "function", MessagesProcessed),
            metric(world, "delivery", IncomingRecords),
        )
    };
    publish(&mut world, 1.0);
    // Nobody has confirmed yet.
    assert_eq!(delivered(&world), ([0, 0, 0, 0, 1, 1], 1, 1, 1));
    publish(&mut world, 10.0);
    assert_eq!(delivered(&world), ([1, 1, 1, 1, 2, 2], 2, 2, 2));
    assert_eq!(stored(&world)[1], 2);
    // What arrived: people get the text alone, a function its event, the others an envelope; Firehose one a line.
    let made_of = |text: &str| {
        let payloads = world.catalogue().payloads().iter();
        payloads.filter(|payload| payload.enclosed.is_some() && payload.body.contains(text)).count()
    };
    assert!(made_of("\"Type\":\"Notification\"") >= 2 && made_of("\"EventSource\":\"aws:sns\"") == 1);
    assert_eq!(made_of("}\n"), 1);
}

#[test]
fn fh_25_records_are_put_together_without_a_separator_unless_asked_for() {
    for (properties, bytes) in [(json!({}), 300), (json!({ "AppendDelimiterToRecord": true }), 303)] {
        let mut properties = properties;
        properties["BufferingHints"] = hints(1, 1)["BufferingHints"].clone();
        let mut world = world_of(&stream(properties));
        put(&mut world, &[100; 3]);
        advance(&mut world, 2.0);
        assert_eq!(metric(&world, "bucket", BucketSizeBytes), bytes);
    }
}

#[test]
fn fh_26_fh_27_objects_are_named_after_the_stream_its_version_and_the_oldest_record() {
    let key = |world: &World| {
        let shown = format!("{:?}", world.node_state(place(world, "bucket")).unwrap().instruments);
        shown[shown.find("last key: ").expect("a key") + 10..].to_owned()
    };
    let mut world = world_of(&stream(hints(1, 60)));
    advance(&mut world, 3_590.0);
    put(&mut world, &[100]);
    advance(&mut world, 3_700.0);
    // Its oldest record came in the first hour.
    assert!(key(&world).starts_with("2026/11/20/00/delivery-1-2026-11-20-00-59-50-"), "{}", key(&world));
    let mut changed = stream(hints(1, 10));
    changed["Resources"]["delivery"]["Properties"]["Prefix"] = json!("raw/");
    edit(&mut world, &changed);
    put(&mut world, &[100]);
    advance(&mut world, 3_720.0);
    assert!(key(&world).starts_with("raw/2026/11/20/01/delivery-2-2026-11-20-01-01-40-"), "{}", key(&world));
}

#[test]
fn sp_138_fh_30_compression_changes_the_object_and_not_the_buffer() {
    for (format, share) in [("UNCOMPRESSED", 1.0), ("GZIP", 0.25), ("Snappy", 0.5)] {
        let mut properties = hints(5, 300);
        properties["CompressionFormat"] = json!(format);
        let world = run(&fed(1_024, properties), 5.2);
        assert_eq!(stored(&world), [1, 5_120], "{format}");
        let bytes = (5.0 * 1_048_576.0 * share) as u64;
        assert_eq!(metric(&world, "bucket", BucketSizeBytes), bytes, "{format}");
    }
    // Redshift reads GZIP or plain text.
    let redshift = |format: &str| {
        let mut document = stream(json!({ "Destination": "Redshift", "CompressionFormat": format }));
        document["Links"] = json!([]);
        faults(&document).len()
    };
    assert_eq!(["UNCOMPRESSED", "GZIP", "ZIP", "Snappy"].map(redshift), [0, 0, 1, 1]);
}

#[test]
fn sp_138_fh_31_json_becomes_parquet_and_what_is_no_json_object_fails() {
    let mut properties = hints(64, 60);
    properties["OutputFormat"] = json!("Parquet");
    let mut document = fed(100, properties);
    document["Resources"]["producer"]["Properties"] = json!({
        "ArrivalProcess": { "Type": "Steady", "Rate": 100 }, "MaxMessages": 1_000,
        "Messages": [
            { "Body": "{\"id\":1}", "Weight": 8 }, { "Body": "[{\"id\":1},{\"id\":2}]" }, { "Body": "id=1" },
        ],
    });
    assert_eq!(faults(&document), [""; 0]);
    let world = run(&document, 90.0);
    let converted = [SucceedConversionRecords, FailedConversionRecords];
    assert_eq!(metrics(&world, "delivery", converted), [800, 200]);
    assert_eq!(metrics(&world, "bucket", [RecordsStored, ErrorRecordsStored]), [800, 200]);
    // S3 alone, and nothing compressed twice.
    for more in [json!({ "Destination": "Redshift" }), json!({ "CompressionFormat": "GZIP" })] {
        let mut document = stream(json!({ "OutputFormat": "Parquet" }));
        document["Links"] = json!([]);
        for (name, value) in more.as_object().unwrap() {
            document["Resources"]["delivery"]["Properties"][name] = value.clone();
        }
        assert!(faults(&document)[0].contains("FH-31"), "{more}");
    }
}

#[test]
fn fh_32_each_partition_has_a_buffer_of_its_own_and_there_are_500() {
    let partitioned = |keys: u32| {
        let mut document = fed(
            1_000,
            json!({
                "DynamicPartitioning": true, "Prefix": "region=!{partitionKeyFromQuery:region}/",
                "ErrorOutputPrefix": "errors/!{firehose:error-output-type}/",
                "BufferingHints": { "SizeInMBs": 64, "IntervalInSeconds": 60 },
            }),
        );
        let producer = &mut document["Resources"]["producer"]["Properties"];
        producer["Keys"] = json!({ "Prefix": "r", "Count": keys });
        producer["MaxMessages"] = json!(6_000);
        document
    };
    let mut world = world_of(&partitioned(3));
    advance(&mut world, 30.0);
    assert_eq!(metric(&world, "delivery", PartitionCount), 3);
    advance(&mut world, 70.0);
    assert_eq!(stored(&world), [3, 6_000]);
    let mut world = world_of(&partitioned(600));
    advance(&mut world, 30.0);
    let counted = [PartitionCount, PartitionCountExceeded];
    assert_eq!(metrics(&world, "delivery", counted), [500, 1_000]);
    advance(&mut world, 90.0);
    assert_eq!(metrics(&world, "bucket", [RecordsStored, ErrorRecordsStored]), [5_000, 1_000]);
    // For S3 alone, with the key in the prefix.
    let refused = |properties: Value| {
        let mut document = stream(properties);
        document["Links"] = json!([]);
        faults(&document).len()
    };
    assert_eq!(refused(json!({ "DynamicPartitioning": true })), 1);
    let query = json!("!{partitionKeyFromQuery:region}/");
    let splunk = json!({
        "DynamicPartitioning": true, "Prefix": query, "ErrorOutputPrefix": "errors/", "Destination": "Splunk"
    });
    assert_eq!(refused(splunk), 1);
}

#[test]
fn fh_47_metrics_have_their_real_names() {
    let names = [
        (DeliveryToS3DataFreshness, "DeliveryToS3.DataFreshness"),
        (DeliveryToOpenSearchRecords, "DeliveryToAmazonOpenSearchService.Records"),
        (PutRecordBatchRecords, "PutRecordBatch.Records"),
        (DataReadFromKinesisStreamBytes, "DataReadFromKinesisStream.Bytes"),
        (ExecuteProcessingDuration, "ExecuteProcessing.Duration"),
    ];
    for (metric, name) in names {
        assert_eq!(MetricName::name(metric), name);
    }
}
