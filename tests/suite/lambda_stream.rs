//! Event source mappings on streams (KDS-98 to KDS-106).

use messaging::MetricName::*;
use messaging::{Intervention, World};
use scenario::{parse_value, validate};
use serde_json::{Value, json};

use super::support::{advance, call, edit, metric, metrics, run, world_of};

/// A processing time that is always the same.
fn takes(seconds: f64) -> Value {
    json!({ "Distribution": "Constant", "Milliseconds": seconds * 1_000.0 })
}

/// `count` records of `keys` keys at the start, a stream, a mapping, and a function with a destination.
fn document(count: u32, keys: u32, shards: u32, mapping: Value, function: Value) -> Value {
    let mut function = function;
    function["ColdStartMilliseconds"] = json!(0);
    json!({
        "Resources": {
            "producer": { "Type": "Playground::Producer", "Properties": {
                "ArrivalProcess": { "Type": "AtOnce", "Count": count }, "BatchSize": 500,
                "Keys": { "Prefix": "k", "Count": keys },
            } },
            "stream": { "Type": "AWS::Kinesis::Stream", "Properties": { "ShardCount": shards } },
            "function": { "Type": "AWS::Lambda::Function", "Properties": function },
            "failed": { "Type": "AWS::SQS::Queue" },
        },
        "Links": [
            { "From": "producer", "To": "stream" },
            { "Type": "AWS::Lambda::EventSourceMapping", "From": "stream", "To": "function", "Properties": mapping },
            { "Type": "AWS::Lambda::EventInvokeConfig", "From": "function", "To": "failed" },
        ],
    })
}

/// The most invocations at the same time, looked at every 20 ms.
fn peak(world: &mut World, to_seconds: f64) -> u64 {
    let mut peak = 0;
    for step in 0..(to_seconds * 50.0) as u32 {
        advance(world, f64::from(step) / 50.0);
        peak = peak.max(metric(world, "function", ConcurrentExecutions));
    }
    peak
}

/// CMP-37: what a mapping on a stream does is said by KDS-98 and the rules after it.
#[test]
fn kds_98_one_batch_for_each_shard_times_the_parallelization_factor() {
    for (shards, factor, most) in [(1, 1, 1), (4, 1, 4), (2, 3, 6)] {
        let mapping = json!({ "BatchSize": 5, "ParallelizationFactor": factor });
        let document = document(800, 200, shards, mapping, json!({ "ProcessingTime": takes(0.1) }));
        let mut world = world_of(&document);
        assert_eq!(peak(&mut world, 10.0), most, "{shards} shards, factor {factor}");
        advance(&mut world, 300.0);
        assert_eq!(metrics(&world, "function", [MessagesProcessed, ProcessedOutOfOrder]), [800, 0]);
    }
}

#[test]
fn kds_98_a_shard_is_read_once_a_second() {
    let mut quiet = document(1, 1, 3, json!({}), json!({}));
    quiet["Resources"]["producer"]["Properties"] =
        json!({ "StartAfterSeconds": 86_400, "Keys": { "Prefix": "k", "Count": 1 } });
    let mut world = world_of(&quiet);
    advance(&mut world, 10.0);
    let before = metric(&world, "function", ReceiveCalls);
    advance(&mut world, 70.0);
    // An answer takes 85 ms, and a second after it the shard is read again.
    let calls = metric(&world, "function", ReceiveCalls) - before;
    assert!((3 * 54..=3 * 60).contains(&calls), "{calls}");
}

#[test]
fn kds_99_a_batch_has_a_hundred_records_if_not_said_otherwise_and_waits_for_its_window() {
    let invocations = |mapping: Value| {
        let world = run(&document(950, 10, 1, mapping, json!({ "ProcessingTime": takes(0.001) })), 30.0);
        assert_eq!(metric(&world, "function", MessagesProcessed), 950);
        metric(&world, "function", Invocations)
    };
    let usual = invocations(json!({}));
    assert!((10..=11).contains(&usual), "{usual}");
    assert!((2..=3).contains(&invocations(json!({ "BatchSize": 500 }))));
    // 10 records a second: a window of 5 s collects about 50.
    let flow = |mapping: Value| {
        let mut flow = document(1, 10, 1, mapping, json!({ "ProcessingTime": takes(0.0) }));
        flow["Resources"]["producer"]["Properties"]["ArrivalProcess"] =
            json!({ "Type": "Steady", "Rate": 10 });
        let world = run(&flow, 60.0);
        metric(&world, "function", Invocations)
    };
    assert!((50..=60).contains(&flow(json!({}))));
    assert!((9..=13).contains(&flow(json!({ "MaximumBatchingWindowInSeconds": 5 }))));
}

#[test]
fn kds_100_with_a_factor_the_order_of_each_key_is_kept() {
    let mapping = json!({ "BatchSize": 3, "ParallelizationFactor": 10 });
    let function = json!({
        "ProcessingTime": { "Distribution": "Exponential", "MeanMilliseconds": 300 }, "Timeout": 60,
        "FailureProbability": 0.02
    });
    let mut flow = document(1, 40, 1, mapping, function);
    flow["Resources"]["producer"]["Properties"]["ArrivalProcess"] = json!({ "Type": "Steady", "Rate": 100 });
    flow["Resources"]["producer"]["Properties"]["BatchSize"] = json!(1);
    flow["Resources"]["producer"]["Properties"]["MaxMessages"] = json!(600);
    let world = run(&flow, 600.0);
    let [processed, out_of_order, errors] =
        metrics(&world, "function", [MessagesProcessed, ProcessedOutOfOrder, Errors]);
    assert_eq!((processed, out_of_order), (600, 0));
    assert!(errors > 3, "{errors}");
}

#[test]
fn kds_101_a_failed_batch_stops_its_shard_and_no_other() {
    // Two shards; one record of one of them can never be processed.
    let mut stuck =
        document(400, 100, 2, json!({ "BatchSize": 10 }), json!({ "ProcessingTime": takes(0.001) }));
    stuck["Timeline"] = json!([{ "At": "0s", "Poison": "producer" }]);
    let mut world = world_of(&stuck);
    advance(&mut world, 60.0);
    let half = metric(&world, "function", MessagesProcessed);
    assert!((150..=250).contains(&half), "{half}");
    advance(&mut world, 600.0);
    assert_eq!(metric(&world, "function", MessagesProcessed), half);
    assert!(metric(&world, "function", Errors) > 10);
    assert!(metric(&world, "function", IteratorAge) > 500_000);
    // The stream's retention ends it: 24 h (KDS-54).
    advance(&mut world, 86_600.0);
    assert_eq!(metrics(&world, "function", [MessagesProcessed, MessagesLost]), [half, 400 - half]);
}

#[test]
fn kds_101_kds_104_after_its_retries_a_batch_is_given_up_and_the_shard_goes_on() {
    for retries in [0, 3] {
        let mapping = json!({ "BatchSize": 10, "MaximumRetryAttempts": retries });
        let mut failing = document(100, 10, 1, mapping, json!({ "ProcessingTime": takes(0.001) }));
        failing["Timeline"] = json!([{ "At": "0s", "Poison": "producer" }]);
        let mut world = world_of(&failing);
        advance(&mut world, 120.0);
        let figures = [Errors, MessagesProcessed, MessagesLost];
        assert_eq!(metrics(&world, "function", figures), [retries + 1, 90, 10]);
        let receive = messaging::sqs::Request::ReceiveMessage {
            max_number_of_messages: 10,
            wait_time_seconds: None,
            visibility_timeout: None,
            receive_request_attempt_id: None,
        };
        let answer = call(&mut world, "failed", receive, Vec::new());
        assert_eq!(answer.entries.len(), 1);
        let body = &world.catalogue().payload(answer.entries[0].message.payload).body;
        let record: Value = serde_json::from_str(body).unwrap();
        assert_eq!(record["requestContext"]["condition"], "RetryAttemptsExhausted");
        assert_eq!(record["KinesisBatchInfo"]["batchSize"], 10);
        assert_eq!(record["KinesisBatchInfo"]["shardId"], "shardId-000000000000");
    }
}

#[test]
fn kds_101_records_that_are_too_old_are_given_up() {
    let mapping = json!({ "BatchSize": 10, "MaximumRecordAgeInSeconds": 60 });
    let mut failing = document(100, 10, 1, mapping, json!({ "ProcessingTime": takes(0.001) }));
    failing["Timeline"] = json!([{ "At": "0s", "Poison": "producer" }]);
    let mut world = world_of(&failing);
    advance(&mut world, 55.0);
    assert_eq!(metrics(&world, "function", [MessagesProcessed, MessagesLost]), [0, 0]);
    advance(&mut world, 200.0);
    // What waited behind is as old, so all of it is given up.
    assert_eq!(metrics(&world, "function", [MessagesProcessed, MessagesLost]), [0, 100]);
    assert_eq!(metric(&world, "failed", NumberOfMessagesSent), 10);
}

#[test]
fn kds_101_throttles_use_up_no_retries() {
    let mapping = json!({ "MaximumRetryAttempts": 0 });
    let mut throttled = document(50, 10, 1, mapping, json!({ "ProcessingTime": takes(0.001) }));
    throttled["Timeline"] = json!([{ "At": "0s", "Stop": "function" }, { "At": "30s", "Start": "function" }]);
    let world = run(&throttled, 120.0);
    assert_eq!(metrics(&world, "function", [MessagesProcessed, MessagesLost, Errors]), [50, 0, 0]);
    assert!(metric(&world, "function", Throttles) >= 4);
}

#[test]
fn kds_102_a_bisected_batch_leaves_the_bad_record_alone() {
    // 100 records and one that is bad: it is alone after ceil(log2 100) = 7 splits.
    let mapping = json!({ "BisectBatchOnFunctionError": true, "MaximumRetryAttempts": 0 });
    let mut bisected = document(100, 10, 1, mapping, json!({ "ProcessingTime": takes(0.001) }));
    bisected["Timeline"] = json!([{ "At": "0s", "Poison": "producer" }]);
    let world = run(&bisected, 600.0);
    let [processed, lost, errors] = metrics(&world, "function", [MessagesProcessed, MessagesLost, Errors]);
    assert_eq!((processed, lost), (99, 1));
    // The first record is the bad one: halves of 50, 25, 12, 6, 3, 1, and then alone.
    assert_eq!(errors, 7);
    assert_eq!(metric(&world, "failed", NumberOfMessagesSent), 1);
}

#[test]
fn kds_103_with_reports_a_batch_goes_on_at_the_record_that_failed() {
    // The eleventh record is bad.
    let mapping = json!({
        "FunctionResponseTypes": ["ReportBatchItemFailures"], "MaximumRetryAttempts": 2
    });
    let mut reported = document(10, 10, 1, mapping, json!({ "ProcessingTime": takes(0.001) }));
    reported["Resources"]["producer"]["Properties"]["BatchWindowMilliseconds"] = json!(0);
    let mut world = world_of(&reported);
    let poison = |world: &mut World| {
        world.intervene(&Intervention::Poison("producer".into())).unwrap();
        world.intervene(&Intervention::Send { from: "producer".into(), count: 10 }).unwrap();
    };
    advance(&mut world, 0.05);
    poison(&mut world);
    advance(&mut world, 120.0);
    // All ten in front are processed once, and the ten from the bad one on are given up together.
    assert_eq!(metrics(&world, "function", [MessagesProcessed, MessagesLost, Errors]), [10, 10, 0]);
    // Each of these ten was tried twice more.
    assert_eq!(metric(&world, "function", MessagesProcessedAgain), 20);
}

#[test]
fn kds_106_a_mapping_begins_at_the_oldest_record_or_with_the_next_one() {
    for (position, seen) in [("TRIM_HORIZON", 100), ("LATEST", 0)] {
        let mut later = document(
            100,
            10,
            2,
            json!({ "StartingPosition": position }),
            json!({ "ProcessingTime": takes(0.001) }),
        );
        let mapping = later["Links"].as_array_mut().unwrap().remove(1);
        let mut world = world_of(&later);
        advance(&mut world, 10.0);
        later["Links"].as_array_mut().unwrap().push(mapping);
        edit(&mut world, &later);
        advance(&mut world, 60.0);
        assert_eq!(metric(&world, "function", MessagesProcessed), seen, "{position}");
        world.intervene(&Intervention::Send { from: "producer".into(), count: 20 }).unwrap();
        advance(&mut world, 90.0);
        assert_eq!(metric(&world, "function", MessagesProcessed), seen + 20, "{position}");
    }
}

#[test]
fn kds_106_a_mapping_begins_at_a_time() {
    let mapping = json!({ "StartingPosition": "AT_TIMESTAMP", "StartingPositionTimestamp": 5 });
    let mut later = document(1, 10, 2, mapping, json!({ "ProcessingTime": takes(0.001) }));
    // A hundred records up to the fifth second, and forty from then on.
    later["Resources"]["producer"]["Properties"]["ArrivalProcess"] = json!({ "Type": "Phases", "Phases": [
        { "Rate": 20, "Seconds": 5 }, { "Rate": 8, "Seconds": 5 }, { "Rate": 0, "Seconds": 1000 },
    ] });
    later["Resources"]["producer"]["Properties"]["BatchSize"] = json!(1);
    let mapping = later["Links"].as_array_mut().unwrap().remove(1);
    let mut world = world_of(&later);
    advance(&mut world, 20.0);
    let put = metric(&world, "stream", IncomingRecords);
    later["Links"].as_array_mut().unwrap().push(mapping);
    edit(&mut world, &later);
    advance(&mut world, 60.0);
    let seen = metric(&world, "function", MessagesProcessed);
    assert!((139..=141).contains(&put) && (40..=41).contains(&seen), "{seen} of {put}");
}

/// A flow of ten records a second for a minute into one shard.
fn ten_a_second(mapping: Value) -> Value {
    let mut flow = document(1, 10, 1, mapping, json!({ "ProcessingTime": takes(0.001) }));
    flow["Resources"]["producer"]["Properties"]["ArrivalProcess"] = json!({ "Type": "Steady", "Rate": 10 });
    flow["Resources"]["producer"]["Properties"]["MaxMessages"] = json!(600);
    flow["Resources"]["producer"]["Properties"]["BatchSize"] = json!(1);
    flow
}

#[test]
fn kds_98_through_a_registered_consumer_the_records_are_pushed() {
    for (mapping, polled) in [(json!({}), true), (json!({ "ConsumerName": "function" }), false)] {
        let world = run(&ten_a_second(mapping), 90.0);
        assert_eq!(metrics(&world, "function", [MessagesProcessed, ProcessedOutOfOrder]), [600, 0]);
        let pushed = if polled { 0 } else { 600 };
        assert_eq!(metric(&world, "stream", SubscribeToShardEventRecords), pushed);
        assert_eq!(metric(&world, "stream", GetRecordsRecords), 600 - pushed);
    }
}

#[test]
fn kds_98_a_pushing_connection_is_renewed_and_its_shard_may_be_split() {
    let mut flow = ten_a_second(json!({ "ConsumerName": "function" }));
    flow["Resources"]["producer"]["Properties"]["MaxMessages"] = json!(8_000);
    let mut world = world_of(&flow);
    advance(&mut world, 20.0);
    flow["Resources"]["stream"]["Properties"]["ShardCount"] = json!(2);
    edit(&mut world, &flow);
    advance(&mut world, 900.0);
    assert_eq!(metrics(&world, "function", [MessagesProcessed, ProcessedOutOfOrder]), [8_000, 0]);
    assert!(metric(&world, "stream", SubscribeToShardSuccess) >= 6, "each connection lasts five minutes");
}

#[test]
fn kds_105_a_tumbling_window_cuts_batches_and_ends_with_an_invocation_of_its_own() {
    // 10 records a second for a minute: in each batch those of ten seconds at most.
    let invocations = |window: u32| {
        let mapping = json!({
            "TumblingWindowInSeconds": window, "BatchSize": 10_000, "MaximumBatchingWindowInSeconds": 300
        });
        let mut world = world_of(&ten_a_second(mapping));
        advance(&mut world, 400.0);
        metrics(&world, "function", [MessagesProcessed, Invocations])
    };
    assert_eq!(invocations(0), [600, 1]);
    // Each window is invoked once more at its end.
    assert_eq!(invocations(10), [600, 12]);
    assert_eq!(invocations(30), [600, 4]);
}

#[test]
fn the_children_of_a_split_shard_are_read_after_it() {
    let mut flow = document(1, 50, 1, json!({}), json!({ "ProcessingTime": takes(0.001) }));
    flow["Resources"]["producer"]["Properties"]["ArrivalProcess"] = json!({ "Type": "Steady", "Rate": 20 });
    flow["Resources"]["producer"]["Properties"]["MaxMessages"] = json!(2_000);
    let mut world = world_of(&flow);
    advance(&mut world, 20.0);
    flow["Resources"]["stream"]["Properties"]["ShardCount"] = json!(2);
    edit(&mut world, &flow);
    advance(&mut world, 200.0);
    assert_eq!(metrics(&world, "function", [MessagesProcessed, ProcessedOutOfOrder]), [2_000, 0]);
}

#[test]
fn kds_98_what_is_for_queues_is_refused_on_a_stream_and_the_other_way_round() {
    let errors = |mapping: Value, to_queue: bool| {
        let mut scenario = document(1, 1, 1, mapping, json!({}));
        scenario["Version"] = json!(1);
        if to_queue {
            scenario["Resources"]["stream"] = json!({ "Type": "AWS::SQS::Queue" });
        }
        let found = validate(&parse_value(&scenario).scenario);
        found.iter().map(|diagnostic| format!("{:?}", diagnostic.code)).collect::<Vec<_>>()
    };
    let refused = ["InvalidEventSourceMapping"];
    assert!(errors(json!({ "ParallelizationFactor": 2 }), false).is_empty());
    assert_eq!(errors(json!({ "ParallelizationFactor": 2 }), true), refused);
    assert_eq!(errors(json!({ "ScalingConfig": { "MaximumConcurrency": 5 } }), false), refused);
    assert!(errors(json!({ "ScalingConfig": { "MaximumConcurrency": 5 } }), true).is_empty());
}
