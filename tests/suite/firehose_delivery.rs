//! Delivery streams: transformation, destinations, retries, backup (FH-33 to FH-49).

use kernel::Seed;
use messaging::MetricName::*;
use messaging::cost::Item;
use messaging::trace::{TraceSettings, TransitKind};
use messaging::{World, firehose};
use serde_json::{Value, json};

use super::firehose::{fed, from_stream, hints, put, stream};
use super::support::{advance, metric, metrics, place, run, spec_of, world_of};

/// 1,000 records at 100/s through a function: it fails at every twentieth and drops a tenth.
fn transformed(function: Value, processing: Value, properties: Value) -> Value {
    let mut document = fed(100, properties);
    document["Resources"]["producer"]["Properties"] = json!({
        "ArrivalProcess": { "Type": "Steady", "Rate": 100 }, "MaxMessages": 1_000, "PayloadBytes": 1_024,
        "Messages": [{ "Body": "good", "Weight": 19 }, { "Body": "bad", "Poison": true }],
    });
    document["Resources"]["function"] = json!({ "Type": "AWS::Lambda::Function", "Properties": function });
    let link = json!({ "From": "delivery", "To": "function", "Properties": processing });
    document["Links"].as_array_mut().unwrap().push(link);
    document
}

/// A function that takes so many milliseconds for a record.
fn takes(milliseconds: f64) -> Value {
    json!({
        "Timeout": 900, "ColdStartMilliseconds": 0,
        "ProcessingTime": { "Distribution": "Constant", "Milliseconds": milliseconds },
    })
}

/// Instead of the bucket a web server, with the bucket for what fails.
fn to_endpoint(properties: Value, endpoint: Value) -> Value {
    let mut document = stream(properties);
    document["Resources"]["server"] = json!({ "Type": "Playground::Endpoint", "Properties": endpoint });
    document["Links"] = json!([
        { "From": "delivery", "To": "server" },
        { "From": "delivery", "To": "bucket", "Properties": { "Configuration": "S3BackupConfiguration" } },
    ]);
    document
}

/// Instead of the bucket Redshift, which reads what stands in the bucket.
fn to_redshift(properties: Value) -> Value {
    let mut document = stream(properties);
    document["Resources"]["warehouse"] = json!({ "Type": "Playground::Database" });
    document["Links"] = json!([
        { "From": "delivery", "To": "warehouse" },
        { "From": "delivery", "To": "bucket", "Properties": { "Configuration": "S3BackupConfiguration" } },
    ]);
    document
}

fn at(document: &mut Value, entries: Value) {
    document["Timeline"] = entries;
}

#[test]
fn sp_137_fh_35_ok_is_delivered_dropped_is_gone_and_what_fails_goes_under_its_prefix() {
    let processing = json!({ "DroppedShare": 0.1, "BufferIntervalInSeconds": 5 });
    let world = run(&transformed(takes(0.1), processing, hints(5, 60)), 200.0);
    assert_eq!(metrics(&world, "bucket", [RecordsStored, ErrorRecordsStored]), [850, 50]);
    // Dropped records count as processed.
    assert_eq!(metrics(&world, "delivery", [IncomingRecords, SucceedProcessingRecords]), [1_000, 950]);
    let shown = format!("{:?}", world.node_state(place(&world, "bucket")).unwrap().instruments);
    assert!(shown.contains("2026/11/20/00/delivery-1-"), "{shown}");
    assert_eq!(metric(&world, "delivery", MessagesLost), 0);
}

#[test]
fn fh_33_fh_34_a_batch_has_a_megabyte_or_a_minute_and_five_are_with_the_function() {
    let invoked = |processing: Value, properties: Value, seconds: f64| {
        let mut document = transformed(takes(0.0), processing, properties);
        document["Resources"]["producer"]["Properties"] = json!({
            "ArrivalProcess": { "Type": "Steady", "Rate": 1_024 }, "PayloadBytes": 1_024,
        });
        document["Links"][0] = json!([]);
        document["Links"].as_array_mut().unwrap().remove(0);
        let world = run(&document, seconds);
        metric(&world, "function", Invocations)
    };
    // 1 MiB a second.
    assert_eq!(invoked(json!({}), json!({}), 10.5), 10);
    assert_eq!(invoked(json!({ "BufferSizeInMBs": 2.0 }), json!({}), 10.5), 5);
    assert_eq!(invoked(json!({}), json!({ "Destination": "Splunk" }), 10.5), 41);
    // A slow function: five batches are with it at the same time, and no more.
    let mut document = transformed(takes(100.0), json!({}), json!({}));
    document["Resources"]["producer"]["Properties"] =
        json!({ "ArrivalProcess": { "Type": "Steady", "Rate": 1_024 }, "PayloadBytes": 1_024 });
    let world = run(&document, 60.0);
    assert_eq!(metrics(&world, "function", [Invocations, ConcurrentExecutions]), [5, 5]);
    // By the interval: 10 records a second are far less than a megabyte.
    let mut document = transformed(takes(0.0), json!({}), json!({}));
    document["Resources"]["producer"]["Properties"] =
        json!({ "ArrivalProcess": { "Type": "Steady", "Rate": 10 } });
    let mut world = world_of(&document);
    advance(&mut world, 59.9);
    assert_eq!(metric(&world, "function", Invocations), 0);
    advance(&mut world, 61.0);
    assert_eq!(metrics(&world, "function", [Invocations, MessagesProcessed]), [1, 600]);
}

#[test]
fn fh_36_an_invocation_that_fails_is_tried_again_then_the_whole_batch_has_failed() {
    // Every invocation runs into the timeout of the function.
    let function = json!({
        "Timeout": 1, "ColdStartMilliseconds": 0,
        "ProcessingTime": { "Distribution": "Constant", "Milliseconds": 2_000 },
    });
    for (retries, attempts) in [(3, 4), (0, 1)] {
        let processing = json!({ "NumberOfRetries": retries, "BufferIntervalInSeconds": 20 });
        let world = run(&transformed(function.clone(), processing, hints(5, 60)), 200.0);
        assert_eq!(metrics(&world, "function", [Invocations, Errors]), [attempts, attempts]);
        assert_eq!(metrics(&world, "bucket", [RecordsStored, ErrorRecordsStored]), [0, 1_000]);
        assert_eq!(metric(&world, "delivery", ExecuteProcessingSuccess), 0);
    }
    // Throttled, it is tried again too.
    let mut throttled = takes(0.0);
    throttled["ReservedConcurrentExecutions"] = json!(0);
    let processing = json!({ "BufferIntervalInSeconds": 20 });
    let world = run(&transformed(throttled, processing, hints(5, 60)), 200.0);
    assert_eq!(metric(&world, "function", Throttles), 4);
    assert_eq!(metric(&world, "bucket", ErrorRecordsStored), 1_000);
}

#[test]
fn fh_34_an_invocation_may_take_five_minutes() {
    let processing = json!({ "NumberOfRetries": 0, "BufferIntervalInSeconds": 1 });
    for (milliseconds, failed) in [(2_900.0, 0), (3_100.0, 101)] {
        let mut document = transformed(takes(milliseconds), processing.clone(), hints(5, 1));
        document["Resources"]["producer"]["Properties"] =
            json!({ "ArrivalProcess": { "Type": "AtOnce", "Count": 101 } });
        let world = run(&document, 400.0);
        assert_eq!(metric(&world, "bucket", ErrorRecordsStored), failed, "{milliseconds} ms for each of 101");
    }
}

#[test]
fn sp_139_fh_37_fh_38_the_backup_has_all_that_came_in_or_what_failed_only() {
    let processing = json!({ "DroppedShare": 0.1, "BufferIntervalInSeconds": 5 });
    for (mode, backed_up) in [("AllData", 1_000), ("FailedDataOnly", 0), ("", 0)] {
        let mut properties = hints(5, 60);
        properties["S3BackupMode"] = json!(mode);
        let mut document = transformed(takes(0.1), processing.clone(), properties.clone());
        let over_http = to_endpoint(properties, json!({}));
        document["Resources"]["server"] = over_http["Resources"]["server"].clone();
        document["Links"][0] = over_http["Links"][0].clone();
        document["Links"].as_array_mut().unwrap().push(over_http["Links"][1].clone());
        let world = run(&document, 200.0);
        assert_eq!(metric(&world, "server", RecordsStored), 850, "{mode}");
        // All: as they came, untransformed. What failed comes in any case.
        assert_eq!(metrics(&world, "bucket", [RecordsStored, ErrorRecordsStored]), [backed_up, 50], "{mode}");
        assert_eq!(metric(&world, "delivery", BackupToS3Records), backed_up + 50, "{mode}");
    }
    // The words depend on the destination.
    let refused = |destination: &str, mode: &str| {
        let mut document = stream(json!({ "Destination": destination, "S3BackupMode": mode }));
        document["Links"] = json!([]);
        super::firehose::faults(&document).len()
    };
    for (destination, fits) in [
        ("ExtendedS3", ["Disabled", "Enabled"]),
        ("Redshift", ["Disabled", "Enabled"]),
        ("AmazonOpenSearchService", ["FailedDocumentsOnly", "AllDocuments"]),
        ("Splunk", ["FailedEventsOnly", "AllEvents"]),
        ("HttpEndpoint", ["FailedDataOnly", "AllData"]),
    ] {
        for mode in ["Disabled", "Enabled", "FailedDocumentsOnly", "AllDocuments", "AllEvents", "AllData"] {
            let expected = usize::from(!fits.contains(&mode));
            assert_eq!(refused(destination, mode), expected, "{destination} {mode}");
        }
    }
}

#[test]
fn fh_37_s3_itself_has_a_second_place_for_the_source_records() {
    let mut properties = hints(5, 30);
    properties["S3BackupMode"] = json!("Enabled");
    let processing = json!({ "DroppedShare": 0.1, "BufferIntervalInSeconds": 5 });
    let mut document = transformed(takes(0.1), processing, properties);
    document["Resources"]["backup"] = json!({ "Type": "AWS::S3::Bucket" });
    document["Links"].as_array_mut().unwrap().push(json!({
        "From": "delivery", "To": "backup", "Properties": { "Configuration": "S3BackupConfiguration" },
    }));
    let world = run(&document, 200.0);
    assert_eq!(metric(&world, "backup", RecordsStored), 1_000);
    assert_eq!(metrics(&world, "bucket", [RecordsStored, ErrorRecordsStored]), [850, 50]);
}

#[test]
fn sp_145_fh_39_s3_is_tried_for_a_day_then_the_records_are_lost() {
    let hours = |down: u32, at_hour: f64| {
        let mut document = stream(hints(1, 60));
        at(
            &mut document,
            json!([
                { "At": "1s", "Stop": "bucket" }, { "At": format!("{down}h"), "Start": "bucket" },
            ]),
        );
        let mut world = world_of(&document);
        put(&mut world, &[100; 10]);
        advance(&mut world, at_hour * 3_600.0);
        (metric(&world, "bucket", RecordsStored), metric(&world, "delivery", MessagesLost))
    };
    assert_eq!(hours(23, 23.5), (10, 0));
    assert_eq!(hours(25, 23.5), (0, 0));
    assert_eq!(hours(25, 26.0), (0, 10));
    // Nothing is kept, so nothing can be read again: a delivery stream has no reader and no action.
    let descriptor = messaging::ResourceKind::DeliveryStream.descriptor();
    assert!(descriptor.actions.is_empty() && messaging::ResourceKind::DeliveryStream.poller().is_none());
}

#[test]
fn fh_48_without_the_right_to_write_deliveries_fail_and_are_tried_again() {
    let mut document = stream(hints(1, 10));
    document["Resources"]["bucket"]["Properties"] = json!({ "Policy": { "Statement": [
        { "Effect": "Deny", "Principal": "*", "Action": "s3:PutObject", "Resource": "arn:aws:s3:::bucket/*" }
    ] } });
    let mut world = world_of(&document);
    put(&mut world, &[100; 10]);
    advance(&mut world, 600.0);
    assert_eq!(
        metrics(&world, "bucket", [NumberOfObjects, PutRequests].map(|of| of)),
        [0, metric(&world, "bucket", Errors4xx)]
    );
    assert!(metric(&world, "bucket", Errors4xx) > 5);
    let problem = world.node_state(place(&world, "delivery")).unwrap().problem.unwrap();
    assert_eq!(problem.error_code.as_deref(), Some("AccessDenied"));
    // Right restored: they arrive.
    let mut changed = document.clone();
    changed["Resources"]["bucket"]["Properties"] = json!({});
    super::support::edit(&mut world, &changed);
    advance(&mut world, 800.0);
    assert_eq!(metric(&world, "bucket", RecordsStored), 10);
}

/// FH-41: the trace shows the object first, then the COPY.
#[test]
fn sp_132_fh_41_redshift_copies_what_stands_in_s3_one_copy_at_a_time() {
    let document = to_redshift(hints(1, 60));
    let trace = TraceSettings { messages_per_mark: 1, ..TraceSettings::PAGE };
    let mut world = World::new(&spec_of(&document), Seed(7), trace);
    for second in [0.0, 1.0, 10.0] {
        advance(&mut world, second);
        put(&mut world, &[300_000; 4]);
    }
    advance(&mut world, 30.0);
    let moved: Vec<&str> = world
        .take_trace()
        .transits
        .iter()
        .filter(|transit| transit.kind == TransitKind::Message)
        .filter_map(|transit| world.links().get(transit.link))
        .map(|link| world.name(link.to).unwrap().as_str())
        .collect();
    assert_eq!(moved, ["bucket", "warehouse", "bucket", "warehouse", "bucket", "warehouse"]);
    let delivered = [DeliveryToRedshiftRecords, DeliveryToRedshiftSuccess];
    assert_eq!(metrics(&world, "delivery", delivered), [12, 3]);
    assert_eq!(metric(&world, "warehouse", RecordsStored), 12);
}

#[test]
fn fh_41_a_copy_that_fails_for_too_long_is_skipped_with_a_manifest() {
    for (retry, stored, skipped) in [(0, 0, 10), (600, 10, 0)] {
        let mut properties = hints(1, 10);
        properties["RetryDurationInSeconds"] = json!(retry);
        let mut document = to_redshift(properties);
        at(&mut document, json!([{ "At": "0s", "Stop": "warehouse" }, { "At": "5m", "Start": "warehouse" }]));
        let mut world = world_of(&document);
        put(&mut world, &[100; 10]);
        advance(&mut world, 700.0);
        // The object stays in the bucket either way.
        assert_eq!(metric(&world, "bucket", RecordsStored), 10);
        assert_eq!(metric(&world, "warehouse", RecordsStored), stored, "{retry} s");
        assert_eq!(metric(&world, "bucket", ErrorRecordsStored), skipped, "{retry} s");
    }
}

#[test]
fn sp_134_fh_42_fh_44_an_endpoint_that_is_down_too_long_loses_the_batch_to_the_bucket() {
    for (destination, prefix) in [
        ("HttpEndpoint", "http-endpoint-failed/"),
        ("Datadog", "http-endpoint-failed/"),
        ("NewRelic", "http-endpoint-failed/"),
        ("MongoDB", "http-endpoint-failed/"),
        ("AmazonOpenSearchService", "AmazonOpenSearchService-failed/"),
        ("Splunk", "splunk-failed/"),
    ] {
        let mut properties = hints(1, 10);
        properties["Destination"] = json!(destination);
        properties["RetryDurationInSeconds"] = json!(300);
        let mut document = to_endpoint(properties, json!({}));
        at(&mut document, json!([{ "At": "0s", "Stop": "server" }, { "At": "10m", "Start": "server" }]));
        let mut world = world_of(&document);
        put(&mut world, &[100; 10]);
        advance(&mut world, 650.0);
        // Down for ten minutes, tried for five.
        let taken = metric(&world, "server", RecordsStored);
        assert_eq!((taken, metric(&world, "bucket", ErrorRecordsStored)), (0, 10), "{destination}");
        let shown = format!("{:?}", world.node_state(place(&world, "bucket")).unwrap().instruments);
        assert!(shown.contains(&format!("last key: {prefix}")), "{shown}");
        // What comes later is delivered.
        put(&mut world, &[100; 5]);
        advance(&mut world, 700.0);
        assert_eq!(metric(&world, "server", RecordsStored), 5, "{destination}");
    }
}

#[test]
fn fh_16_sp_133_each_destination_counts_by_its_own_names() {
    for (destination, records) in [
        ("Splunk", DeliveryToSplunkRecords),
        ("AmazonOpenSearchService", DeliveryToOpenSearchRecords),
        ("HttpEndpoint", DeliveryToHttpEndpointRecords),
        ("MongoDB", DeliveryToHttpEndpointRecords),
    ] {
        let mut properties = hints(1, 10);
        properties["Destination"] = json!(destination);
        let mut world = world_of(&to_endpoint(properties, json!({})));
        put(&mut world, &[100; 10]);
        advance(&mut world, 12.0);
        assert_eq!(metrics(&world, "delivery", [records, DeliveryToS3Records]), [10, 0], "{destination}");
    }
}

#[test]
fn fh_43_splunk_has_its_time_to_acknowledge_and_a_late_answer_makes_duplicates() {
    let slow = |seconds: u32, timeout: u32| {
        let mut properties = hints(1, 10);
        properties["Destination"] = json!("Splunk");
        properties["HecAcknowledgmentTimeoutInSeconds"] = json!(timeout);
        properties["RetryDurationInSeconds"] = json!(60);
        let time = json!({ "Distribution": "Constant", "Milliseconds": seconds * 1_000 });
        let mut world = world_of(&to_endpoint(properties, json!({ "ResponseTime": time })));
        put(&mut world, &[100; 10]);
        advance(&mut world, 2_000.0);
        let failed = metric(&world, "bucket", ErrorRecordsStored);
        [metric(&world, "server", RecordsStored), metric(&world, "delivery", DeliveryToSplunkRecords), failed]
    };
    assert_eq!(slow(170, 180), [10, 10, 0]);
    // Too late: sent again, taken twice, and in the bucket as well.
    let [taken, delivered, failed] = slow(200, 180);
    assert!(taken >= 20 && delivered == 0 && failed == 10, "{taken} {delivered} {failed}");
    assert_eq!(slow(200, 300), [10, 10, 0]);
}

#[test]
fn fh_44_an_http_endpoint_has_to_answer_200_within_three_minutes_and_413_wants_less() {
    let delivered = |endpoint: Value| {
        let mut properties = hints(1, 10);
        properties["RetryDurationInSeconds"] = json!(0);
        let mut world = world_of(&to_endpoint(properties, endpoint));
        put(&mut world, &[100; 10]);
        advance(&mut world, 30.0);
        let problem = world.node_state(place(&world, "delivery")).unwrap().problem;
        advance(&mut world, 400.0);
        let remedies = problem.map_or(0, |problem| problem.remedies.len());
        (metric(&world, "delivery", DeliveryToHttpEndpointRecords), remedies)
    };
    let takes = |seconds: u32| json!({ "ResponseTime": { "Distribution": "Constant", "Milliseconds": seconds * 1_000 } });
    assert_eq!(delivered(json!({})), (10, 0));
    assert_eq!(delivered(json!({ "StatusCode": 204 })), (0, 0));
    assert_eq!(delivered(takes(170)), (10, 0));
    assert_eq!(delivered(takes(190)), (0, 0));
    assert_eq!(delivered(json!({ "MaxRequestBytes": 1_000 })), (10, 0));
    assert_eq!(delivered(json!({ "MaxRequestBytes": 999 })), (0, 1));
}

#[test]
fn fh_45_the_waits_between_attempts_double_up_to_two_minutes() {
    let mut document = stream(hints(1, 10));
    at(&mut document, json!([{ "At": "0s", "Stop": "bucket" }]));
    let mut world = world_of(&document);
    put(&mut world, &[100]);
    // 1, 2, 4 … 64, 120, 120: half of each is left to chance, so 8 waits take between 160 and 320 s.
    advance(&mut world, 160.0);
    let early = metric(&world, "bucket", PutRequests);
    assert!((7..=10).contains(&early), "{early}");
    advance(&mut world, 3_760.0);
    let in_an_hour = metric(&world, "bucket", PutRequests) - early;
    assert!((30..=60).contains(&in_an_hour), "{in_an_hour}");
}

#[test]
fn fh_49_cost_30_sp_141_each_record_is_billed_in_steps_of_five_kib() {
    let mut world = world_of(&stream(json!({})));
    let billed = |world: &World| {
        let bill = world.bill();
        let lines = bill.lines.iter().filter(|line| line.item == Item::FirehoseBytes);
        lines.map(|line| line.quantity).sum::<u64>()
    };
    put(&mut world, &[3 * 1_024]);
    assert_eq!(billed(&world), 5 * 1_024);
    put(&mut world, &[12 * 1_024]);
    assert_eq!(billed(&world), 20 * 1_024);
    // For each record, not for each call.
    put(&mut world, &[1; 10]);
    assert_eq!(billed(&world), 70 * 1_024);
}

/// Producers put directly, services too; the KPL reaches Firehose through a data stream only.
#[test]
fn sp_135_fh_2_producers_put_directly_or_through_a_stream() {
    for principal in ["", "cloudwatch.amazonaws.com", "s3.amazonaws.com"] {
        let mut document = fed(10, json!({}));
        document["Resources"]["producer"]["Properties"]["ServicePrincipal"] = json!(principal);
        let world = run(&document, 10.05);
        assert!(metric(&world, "delivery", IncomingRecords) >= 99, "{principal}");
    }
    let world = run(&from_stream(1, json!({})), 10.05);
    assert!(metric(&world, "delivery", DataReadFromKinesisStreamRecords) > 800);
    // What the KPL has put together is taken apart first (FH-3).
    let mut document = from_stream(1, json!({}));
    document["Resources"]["producer"]["Properties"]["Aggregation"] = json!(true);
    document["Resources"]["producer"]["Properties"]["BatchSize"] = json!(50);
    let world = run(&document, 10.05);
    assert!(metric(&world, "stream", IncomingRecords) < 400);
    assert!(metric(&world, "delivery", DataReadFromKinesisStreamRecords) > 800);
    assert_eq!(firehose::Destination::default(), firehose::Destination::ExtendedS3);
}
