//! Workers, databases, latencies: the rules of compute that no other module shows (CMP-1 to CMP-64).

use kernel::SimDuration;
use messaging::MetricName::*;
use messaging::call::Latency;
use messaging::{Request, World, autoscaling, database, endpoint, kinesis, lambda, s3, service, sns, sqs};
use serde_json::{Value, json};

use super::support::{advance, call, entry, metric, metrics, run, world_of};

fn takes(milliseconds: f64) -> Value {
    json!({ "Distribution": "Constant", "Milliseconds": milliseconds })
}

/// So many messages at once, a queue, a crew, and a database if its properties are given.
fn worked(count: u32, crew: Value, database: Option<Value>) -> Value {
    let mut document = json!({
        "Resources": {
            "shop": {
                "Type": "Playground::Producer",
                "Properties": { "ArrivalProcess": { "Type": "AtOnce", "Count": count } },
            },
            "orders": { "Type": "AWS::SQS::Queue" },
            "crew": { "Type": "Playground::Consumer", "Properties": crew },
        },
        "Links": [
            { "Type": "Playground::Send", "From": "shop", "To": "orders" },
            { "Type": "Playground::Poll", "From": "orders", "To": "crew" },
        ],
    });
    if let Some(properties) = database {
        document["Resources"]["rows"] = json!({ "Type": "Playground::Database", "Properties": properties });
        let links = document["Links"].as_array_mut().expect("links");
        links.push(json!({ "Type": "Playground::Send", "From": "crew", "To": "rows" }));
    }
    document
}

#[test]
fn cmp_1_a_worker_receives_processes_deletes_and_begins_again() {
    let crew = json!({ "Workers": 1, "ProcessingTime": takes(1_000.0), "MaxNumberOfMessages": 4 });
    let world = run(&worked(10, crew, None), 12.0);
    assert_eq!(
        metrics(&world, "crew", [MessagesProcessed, ReceiveCalls]),
        [10, 4],
        "4, 4, 2, and a long poll"
    );
    assert_eq!(metric(&world, "orders", NumberOfMessagesDeleted), 10);
    // Alone it waits for 20 s at an empty queue.
    let mut idle = worked(1, json!({}), None);
    idle["Resources"]["shop"]["Properties"] = json!({ "ArrivalProcess": { "Type": "Steady", "Rate": 0 } });
    let world = run(&idle, 61.0);
    assert_eq!(metric(&world, "crew", ReceiveCalls), 4);
}

#[test]
fn cmp_2_processing_times_have_their_mean_and_the_same_seed_gives_the_same_run() {
    for (time, mean) in [
        (takes(100.0), 0.1),
        (json!({ "Distribution": "Uniform", "LowMilliseconds": 50, "HighMilliseconds": 150 }), 0.1),
        (json!({ "Distribution": "Exponential", "MeanMilliseconds": 100 }), 0.1),
        // exp(sigma² / 2) by the median
        (json!({ "Distribution": "Lognormal", "MedianMilliseconds": 100, "Sigma": 0.5 }), 0.113_3),
    ] {
        let crew = json!({ "Workers": 1, "ProcessingTime": time, "VisibilityTimeout": 3_600 });
        let world = run(&worked(20_000, crew.clone(), None), 1_000.0);
        let done = metric(&world, "crew", MessagesProcessed) as f64;
        let each = 1_000.0 / done;
        assert!((each / (mean + 0.000_6) - 1.0).abs() < 0.04, "{crew}: {each} s");
        assert_eq!(run(&worked(20_000, crew, None), 1_000.0).fingerprint(), world.fingerprint());
    }
}

/// CMP-26: 1,000 environments in 10 s are the account's whole concurrency; none is refused for speed.
#[test]
fn cmp_26_a_function_gains_a_thousand_environments_at_once() {
    let function = json!({ "ProcessingTime": takes(5_000.0) });
    let document =
        json!({ "Resources": { "f": { "Type": "AWS::Lambda::Function", "Properties": function } } });
    let mut world = world_of(&document);
    for _ in 0..1_001 {
        let event = entry(&mut world, "event", None, None);
        call(&mut world, "f", lambda::Request::Invoke, vec![event]);
    }
    assert_eq!(metrics(&world, "f", [ConcurrentExecutions, Throttles]), [1_000, 1]);
}

#[test]
fn cmp_34_a_mapping_takes_ten_messages_and_more_only_with_a_window() {
    let faults = |mapping: Value| {
        let document = json!({
            "Version": 1,
            "Resources": {
                "orders": { "Type": "AWS::SQS::Queue", "Properties": { "VisibilityTimeout": 60 } },
                "f": { "Type": "AWS::Lambda::Function" },
            },
            "Links": [{
                "Type": "AWS::Lambda::EventSourceMapping", "From": "orders", "To": "f", "Properties": mapping,
            }],
        });
        scenario::parse_value(&document).validated().diagnostics.has_errors()
    };
    assert!(!faults(json!({ "BatchSize": 10 })));
    assert!(faults(json!({ "BatchSize": 11 })), "above 10 the window must be a second or more");
    assert!(!faults(json!({ "BatchSize": 10_000, "MaximumBatchingWindowInSeconds": 1 })));
    assert!(faults(json!({ "BatchSize": 10_001, "MaximumBatchingWindowInSeconds": 1 })));
    assert!(faults(json!({ "MaximumBatchingWindowInSeconds": 301 })));
}

#[test]
fn cmp_39_a_write_needs_a_connection_and_waits_for_one_if_it_may() {
    let direct = |database: Value| {
        let document = json!({
            "Resources": {
                "shop": {
                    "Type": "Playground::Producer",
                    "Properties": { "ArrivalProcess": { "Type": "AtOnce", "Count": 10 }, "RetryMode": "off" },
                },
                "rows": { "Type": "Playground::Database", "Properties": database },
            },
            "Links": [{ "Type": "Playground::Send", "From": "shop", "To": "rows" }],
        });
        let world = run(&document, 5.0);
        let [written, refused] = metrics(&world, "rows", [WritesAccepted, WritesRefused]);
        assert_eq!(metric(&world, "shop", MessagesLost), refused, "what is refused is lost");
        [written, refused]
    };
    assert_eq!(direct(json!({})), [10, 0]);
    assert_eq!(direct(json!({ "MaxWritesPerSecond": 6 })), [6, 4]);
    // Connections are held for as long as a write takes; without a time nobody holds one.
    assert_eq!(direct(json!({ "MaxConnections": 3 })), [10, 0]);
    assert_eq!(direct(json!({ "MaxConnections": 3, "WriteMilliseconds": 500 })), [3, 7]);
    assert_eq!(direct(json!({ "MaxConnections": 3, "WriteMilliseconds": 500, "WaitQueue": 5 })), [8, 2]);
    // 3 at 0.5 s, 3 at 1.0 s, 3 at 1.5 s, 1 at 2.0 s.
    let slow = json!({ "MaxConnections": 3, "WriteMilliseconds": 500, "WaitQueue": 100 });
    let crew = json!({ "Workers": 10, "ProcessingTime": takes(0.0), "MaxNumberOfMessages": 1 });
    let mut world = world_of(&worked(10, crew, Some(slow)));
    let written = |world: &World| metric(world, "rows", WritesAccepted);
    for (second, expected) in [(0.4, 0), (0.6, 3), (1.1, 6), (1.6, 9), (2.1, 10)] {
        advance(&mut world, second);
        assert_eq!(written(&world), expected, "at {second} s");
    }
}

/// CMP-40: the client of the direct pattern gets the database's answer, that of the buffer the queue's acceptance.
#[test]
fn cmp_40_cmp_42_a_buffer_answers_before_the_row_is_there_and_keeps_what_could_not_be_written() {
    let crew = json!({ "Workers": 5, "ProcessingTime": takes(0.0), "VisibilityTimeout": 2 });
    let mut world = world_of(&worked(50, crew, Some(json!({ "MaxWritesPerSecond": 10 }))));
    advance(&mut world, 0.9);
    assert_eq!(metric(&world, "shop", MessagesAccepted), 50);
    assert_eq!(metric(&world, "rows", WritesAccepted), 10);
    assert!(metric(&world, "crew", ProcessingFailures) > 0);
    advance(&mut world, 60.0);
    assert_eq!(metric(&world, "rows", WritesAccepted), 50, "each came back after its visibility timeout");
    assert_eq!(metric(&world, "shop", MessagesLost), 0);
}

#[test]
fn cmp_43_a_row_that_is_written_twice_is_counted() {
    // Deleting is left out: every message comes back, and is the same row.
    let crew = json!({ "ProcessingTime": takes(0.0), "DeleteMessages": false, "VisibilityTimeout": 10 });
    let world = run(&worked(5, crew, Some(json!({}))), 15.0);
    assert_eq!(metrics(&world, "rows", [WritesAccepted, DuplicateWrites]), [10, 5]);
}

fn s3_put() -> Request {
    s3::Request::PutObject(s3::Content::Message).into()
}

/// The time of a call there and back, in milliseconds.
fn milliseconds(request: impl Into<Request>) -> f64 {
    let Latency { request, response } = request.into().latency();
    (request + response).as_secs_f64() * 1_000.0
}

#[test]
fn cmp_58_cmp_59_cmp_60_cmp_61_hops_take_their_medians() {
    for (request, expected) in [
        (Request::from(sqs::Request::SendMessage), 6.0),
        (sqs::Request::DeleteMessage.into(), 6.0),
        (sns::Request::Publish.into(), 10.0),
        (lambda::Request::Invoke.into(), 60.0),
        (endpoint::Request::Notification.into(), 50.0),
        (
            kinesis::Request::PutRecord { explicit_hash_key: None, sequence_number_for_ordering: None }
                .into(),
            15.0,
        ),
        (s3_put(), 100.0),
        (database::Request::Write.into(), 4.0),
        (service::Request::Call.into(), 2.0),
        (autoscaling::Request::ExecutePolicy { metric_value: 0.0, breach_threshold: 0.0 }.into(), 10.0),
    ] {
        assert_eq!(milliseconds(request), expected, "{}", request.operation());
    }
    assert_eq!(sns::Protocol::Sqs.latency().request, SimDuration::from_millis(20));
    assert_eq!(sns::Protocol::Lambda.latency().request, SimDuration::from_millis(60));
}

/// CMP-63: how often the world is looked at changes nothing.
#[test]
fn cmp_63_the_clock_is_virtual() {
    let crew =
        json!({ "Workers": 3, "ProcessingTime": { "Distribution": "Exponential", "MeanMilliseconds": 80 } });
    let document = worked(200, crew, None);
    let at_once = run(&document, 20.0);
    let mut in_steps = world_of(&document);
    for frame in 1..=1_200 {
        advance(&mut in_steps, f64::from(frame) / 60.0);
    }
    assert_eq!(in_steps.fingerprint(), at_once.fingerprint());
    assert_eq!(in_steps.bill(), at_once.bill());
}
