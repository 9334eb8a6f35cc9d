//! Event source mappings on queues (SQS-200 to SQS-209, CMP-31 to CMP-35).

use messaging::MetricName::*;
use messaging::World;
use scenario::{Severity, parse_value, validate};
use serde_json::{Value, json};

use super::support::{advance, metric, metrics, run, world_of};

/// A processing time that is always the same.
fn takes(seconds: f64) -> Value {
    json!({ "Distribution": "Constant", "Milliseconds": seconds * 1_000.0 })
}

/// `count` messages at the start, a queue, a mapping and a function without cold starts.
fn document(count: u32, queue: Value, mapping: Value, function: Value) -> Value {
    let name = if queue["FifoQueue"] == json!(true) { "queue.fifo" } else { "queue" };
    let mut function = function;
    function["ColdStartMilliseconds"] = json!(0);
    json!({
        "Resources": {
            "producer": { "Type": "Playground::Producer", "Properties": {
                "ArrivalProcess": { "Type": "AtOnce", "Count": count }, "Keys": { "Prefix": "g", "Count": 3 },
                "BatchSize": 10
            } },
            name: { "Type": "AWS::SQS::Queue", "Properties": queue },
            "function": { "Type": "AWS::Lambda::Function", "Properties": function },
        },
        "Links": [
            { "From": "producer", "To": name },
            { "Type": "AWS::Lambda::EventSourceMapping", "From": name, "To": "function", "Properties": mapping },
        ],
    })
}

/// The most invocations at the same time, looked at ten times a second.
fn peak(world: &mut World, from_seconds: f64, to_seconds: f64) -> u64 {
    let mut peak = 0;
    let mut at = from_seconds;
    while at < to_seconds {
        advance(world, at);
        peak = peak.max(metric(world, "function", ConcurrentExecutions));
        at += 0.1;
    }
    peak
}

#[test]
fn sqs_200_sqs_207_a_batch_that_succeeds_is_deleted() {
    let world = run(&document(25, json!({}), json!({}), json!({})), 20.0);
    assert_eq!(metrics(&world, "function", [MessagesProcessed, Errors]), [25, 0]);
    let queue = [NumberOfMessagesDeleted, ApproximateNumberOfMessagesNotVisible, NumberOfMessagesReceived];
    assert_eq!(metrics(&world, "queue", queue), [25, 0, 25]);
    let invocations = metric(&world, "function", Invocations);
    assert!((3..=25).contains(&invocations), "{invocations}");
}

#[test]
fn sp_23_a_function_shares_a_queue_with_consumers() {
    let mut shared = document(600, json!({}), json!({}), json!({}));
    for consumer in ["instance", "own-server"] {
        shared["Resources"][consumer] =
            json!({ "Type": "Playground::Consumer", "Properties": { "Workers": 3 } });
        shared["Links"].as_array_mut().unwrap().push(json!({ "From": "queue", "To": consumer }));
    }
    let world = run(&shared, 60.0);
    let processed =
        ["instance", "own-server", "function"].map(|name| metric(&world, name, MessagesProcessed));
    assert!(processed.iter().all(|processed| *processed >= 50), "{processed:?}");
    assert_eq!(processed.iter().sum::<u64>(), 600);
    assert_eq!(metric(&world, "queue", NumberOfMessagesDeleted), 600);
}

#[test]
fn sqs_200_pollers_ask_with_long_polls() {
    let mut quiet = document(1, json!({}), json!({}), json!({}));
    quiet["Resources"]["producer"]["Properties"] = json!({ "StartAfterSeconds": 86_400 });
    let world = run(&quiet, 59.9);
    // Five pollers, every 20 s (SQS-203).
    assert_eq!(metrics(&world, "function", [ReceiveCalls, Invocations]), [15, 0]);
}

#[test]
fn sqs_201_sqs_202_a_batch_waits_for_its_window_or_its_size() {
    // Ten messages a second: a window of 5 s collects about 50.
    let flow = |mapping: Value| {
        let mut flow = document(1, json!({}), mapping, json!({ "ProcessingTime": takes(0.0) }));
        flow["Resources"]["producer"]["Properties"] =
            json!({ "ArrivalProcess": { "Type": "Steady", "Rate": 10 }, "MaxMessages": 600 });
        let world = run(&flow, 100.0);
        assert_eq!(metric(&world, "function", MessagesProcessed), 600);
        metric(&world, "function", Invocations)
    };
    // Each message finds a poller that waits.
    assert!(flow(json!({})) >= 550);
    // Five pollers share the messages of a window, whose messages come 5 to 6 s after the first.
    let by_window = flow(json!({ "BatchSize": 10_000, "MaximumBatchingWindowInSeconds": 5 }));
    assert!((30..=75).contains(&by_window), "{by_window} batches by window");
    let by_size = flow(json!({ "BatchSize": 5, "MaximumBatchingWindowInSeconds": 300 }));
    assert_eq!(by_size, 120);
}

#[test]
fn sqs_202_a_batch_holds_six_megabytes_at_most() {
    // Pollers that wait for more get ten messages each; six of them fit.
    let mapping = json!({ "BatchSize": 10, "MaximumBatchingWindowInSeconds": 20 });
    let mut large = document(50, json!({ "MaximumMessageSize": 1_048_576 }), mapping, json!({}));
    large["Resources"]["producer"]["Properties"]["PayloadBytes"] = json!(1_000_000);
    large["Resources"]["producer"]["Properties"]["BatchSize"] = json!(1);
    let mut world = world_of(&large);
    advance(&mut world, 2.0);
    // The first batch of each poller is complete at once.
    assert_eq!(metrics(&world, "function", [Invocations, MessagesProcessed]), [5, 30]);
    advance(&mut world, 60.0);
    let [invocations, processed] = metrics(&world, "function", [Invocations, MessagesProcessed]);
    assert_eq!(processed, 50);
    assert!(invocations >= 9, "{invocations}");
}

#[test]
fn sqs_203_cmp_31_a_standard_queue_starts_with_five_batches_and_adds_three_hundred_a_minute() {
    for (profile, per_minute) in [("Current", 300.0), ("Classic", 60.0)] {
        let queue = json!({ "VisibilityTimeout": 600 });
        let function = json!({ "ProcessingTime": takes(5.0), "Timeout": 60 });
        let mut backlog = document(60_000, queue, json!({ "BatchSize": 1 }), function);
        backlog["Settings"] = json!({ "QuotaProfile": profile });
        let mut world = world_of(&backlog);
        assert_eq!(peak(&mut world, 0.5, 1.0), 5, "{profile}");
        for seconds in [10.0, 30.0, 60.0] {
            let peak = peak(&mut world, seconds - 0.5, seconds) as f64;
            let expected = 5.0 + per_minute / 60.0 * (seconds - 1.0);
            assert!(
                (peak - expected).abs() <= per_minute / 30.0,
                "{profile}: {peak} at {seconds} s, not {expected}"
            );
        }
    }
}

#[test]
fn sqs_203_a_quiet_queue_keeps_two_pollers() {
    let world = run(&document(500, json!({}), json!({}), json!({ "ProcessingTime": takes(0.2) })), 300.0);
    let calls = metric(&world, "function", ReceiveCalls);
    let later = run(&document(500, json!({}), json!({}), json!({ "ProcessingTime": takes(0.2) })), 500.0);
    // Two long polls of 20 s each.
    assert_eq!(metric(&later, "function", ReceiveCalls) - calls, 20);
}

#[test]
fn sqs_205_cmp_33_maximum_concurrency_stops_the_pollers_without_throttles() {
    let mapping = json!({ "BatchSize": 1, "ScalingConfig": { "MaximumConcurrency": 20 } });
    let function = json!({ "ProcessingTime": takes(1.0), "ReservedConcurrentExecutions": 20 });
    let mut world = world_of(&document(5_000, json!({ "VisibilityTimeout": 60 }), mapping, function));
    assert_eq!(peak(&mut world, 20.0, 60.0), 20);
    assert_eq!(metrics(&world, "function", [Throttles, MessagesProcessedAgain]), [0, 0]);
}

#[test]
fn sqs_205_cmp_33_reserved_concurrency_throttles_and_the_messages_come_back_received_once_more() {
    let function = json!({ "ProcessingTime": takes(1.0), "ReservedConcurrentExecutions": 2 });
    let queue = json!({ "VisibilityTimeout": 30 });
    let mut world = world_of(&document(100, queue, json!({ "BatchSize": 1 }), function));
    advance(&mut world, 20.0);
    assert!(metric(&world, "function", Throttles) > 5);
    assert_eq!(metric(&world, "function", MessagesProcessedAgain), 0);
    advance(&mut world, 600.0);
    let [processed, again] = metrics(&world, "function", [MessagesProcessed, MessagesProcessedAgain]);
    assert_eq!(processed, 100);
    assert!(again > 5, "{again}");
    assert_eq!(
        metric(&world, "queue", NumberOfMessagesReceived),
        100 + metric(&world, "function", Throttles)
    );
}

#[test]
fn sqs_206_cmp_36_provisioned_mode_has_ten_batches_for_each_poller() {
    let mapping = json!({
        "BatchSize": 1, "ProvisionedPollerConfig": { "MinimumPollers": 4, "MaximumPollers": 6 }
    });
    let function = json!({ "ProcessingTime": takes(2.0) });
    let mut world = world_of(&document(5_000, json!({ "VisibilityTimeout": 60 }), mapping, function));
    assert_eq!(peak(&mut world, 0.5, 1.0), 40);
    // A thousand a minute: sixty after little more than a second.
    assert_eq!(peak(&mut world, 5.0, 8.0), 60);
}

#[test]
fn sqs_207_cmp_35_a_failed_batch_comes_back_as_a_whole_after_the_visibility_timeout() {
    let queue = json!({ "VisibilityTimeout": 30 });
    let mut failing = document(10, queue, json!({}), json!({ "ProcessingTime": takes(0.01) }));
    failing["Timeline"] = json!([{ "At": "0s", "Poison": "producer" }]);
    let mut whole = failing.clone();
    let mut world = world_of(&whole);
    advance(&mut world, 25.0);
    let [errors, processed] = metrics(&world, "function", [Errors, MessagesProcessed]);
    let received = metric(&world, "queue", NumberOfMessagesReceived);
    assert_eq!(errors, 1);
    advance(&mut world, 50.0);
    let again = metric(&world, "queue", NumberOfMessagesReceived) - received;
    assert_eq!(again, 10 - processed, "all messages of the batch come back");
    // With reports only the one that failed comes back (SQS-208).
    whole["Links"][1]["Properties"] = json!({ "FunctionResponseTypes": ["ReportBatchItemFailures"] });
    let mut world = world_of(&whole);
    advance(&mut world, 50.0);
    assert_eq!(metrics(&world, "function", [Errors, MessagesProcessed]), [0, 9]);
    assert_eq!(metrics(&world, "queue", [NumberOfMessagesDeleted, NumberOfMessagesReceived]), [9, 11]);
}

#[test]
fn sqs_207_pollers_back_off_after_failures_and_sqs_208_not_with_reports() {
    let invocations = |mapping: Value| {
        let function = json!({ "FailureProbability": 1.0, "ProcessingTime": takes(0.0) });
        let world = run(&document(2_000, json!({ "VisibilityTimeout": 3 }), mapping, function), 60.0);
        metric(&world, "function", Invocations)
    };
    let slow = invocations(json!({ "ScalingConfig": { "MaximumConcurrency": 5 } }));
    // 1, 2, 4, 8, 16 and 32 s: six or seven batches of each of five pollers in a minute.
    assert!((25..=40).contains(&slow), "{slow}");
    let fast = invocations(json!({
        "ScalingConfig": { "MaximumConcurrency": 5 }, "FunctionResponseTypes": ["ReportBatchItemFailures"]
    }));
    assert!(fast > 1_000, "{fast}");
}

#[test]
fn sqs_204_cmp_32_a_fifo_queue_has_one_batch_for_each_group_and_keeps_their_order() {
    for groups in [1, 3] {
        let queue = json!({ "FifoQueue": true, "VisibilityTimeout": 30 });
        let function = json!({ "ProcessingTime": takes(0.2), "FailureProbability": 0.05 });
        let mapping = json!({ "BatchSize": 5, "FunctionResponseTypes": ["ReportBatchItemFailures"] });
        let mut fifo = document(200, queue, mapping, function);
        fifo["Resources"]["producer"]["Properties"]["Keys"]["Count"] = json!(groups);
        let mut world = world_of(&fifo);
        assert_eq!(peak(&mut world, 0.1, 10.0), groups, "{groups} groups");
        advance(&mut world, 3_000.0);
        assert_eq!(metrics(&world, "function", [MessagesProcessed, ProcessedOutOfOrder]), [200, 0]);
        assert!(metric(&world, "function", ProcessingFailures) > 5);
        assert_eq!(metric(&world, "queue.fifo", NumberOfMessagesDeleted), 200);
    }
}

#[test]
fn sqs_208_a_fifo_batch_stops_at_its_first_failure() {
    // Ten messages of one group, the first of which always fails: nothing behind it is processed.
    let queue = json!({ "FifoQueue": true, "VisibilityTimeout": 5 });
    let mapping = json!({ "FunctionResponseTypes": ["ReportBatchItemFailures"] });
    let mut fifo = document(10, queue, mapping, json!({ "ProcessingTime": takes(0.0) }));
    fifo["Resources"]["producer"]["Properties"]["Keys"]["Count"] = json!(1);
    fifo["Timeline"] = json!([{ "At": "0s", "Poison": "producer" }]);
    let world = run(&fifo, 60.0);
    assert_eq!(metric(&world, "function", MessagesProcessed), 0);
    assert!(metric(&world, "function", ProcessingFailures) >= 20);
}

#[test]
fn sqs_209_what_aws_refuses_and_what_it_advises() {
    let found = |queue: Value, mapping: Value, function: Value, severity: Severity| {
        let mut scenario = document(1, queue, mapping, function);
        scenario["Version"] = json!(1);
        let parsed = parse_value(&scenario);
        assert!(parsed.diagnostics.is_empty(), "{:?}", parsed.diagnostics);
        let found = validate(&parsed.scenario);
        let found = found.iter().filter(|diagnostic| diagnostic.severity == severity);
        found.map(|diagnostic| diagnostic.message.clone()).collect::<Vec<_>>()
    };
    let errors = |queue, mapping, function| found(queue, mapping, function, Severity::Error);
    let warnings = |queue, mapping, function| found(queue, mapping, function, Severity::Warning);
    let fine = json!({ "VisibilityTimeout": 30 });
    let usual = json!({ "Timeout": 5 });
    assert!(errors(fine.clone(), json!({}), usual.clone()).is_empty());
    assert!(warnings(fine.clone(), json!({}), usual.clone()).is_empty());
    let refused = errors(fine.clone(), json!({}), json!({ "Timeout": 60 }));
    assert_eq!(refused, ["Queue visibility timeout: 30 seconds is less than Function timeout: 60 seconds"]);
    let advised = warnings(json!({ "VisibilityTimeout": 29 }), json!({}), usual.clone());
    assert_eq!(advised.len(), 1, "{advised:?}");
    let window = json!({ "BatchSize": 100, "MaximumBatchingWindowInSeconds": 1 });
    assert_eq!(warnings(fine.clone(), window.clone(), usual.clone()).len(), 1);
    assert!(errors(fine.clone(), window, usual.clone()).is_empty());
    // SQS-201
    assert_eq!(errors(fine.clone(), json!({ "BatchSize": 11 }), usual.clone()).len(), 1);
    let fifo = json!({ "FifoQueue": true });
    let mapping = json!({ "BatchSize": 11, "MaximumBatchingWindowInSeconds": 1 });
    assert_eq!(errors(fifo, mapping, usual.clone()).len(), 2);
    // SQS-206
    let both = json!({ "ProvisionedPollerConfig": {}, "ScalingConfig": { "MaximumConcurrency": 2 } });
    assert_eq!(errors(fine.clone(), both, usual).len(), 1);
    // CMP-25
    let reserved = errors(fine, json!({}), json!({ "ReservedConcurrentExecutions": 901 }));
    assert!(reserved.iter().any(|message| message.contains("[100]")), "{reserved:?}");
}

/// A mapping that is removed and drawn again starts afresh, and nothing is processed twice meanwhile.
#[test]
fn an_edit_of_the_mapping_keeps_its_batches() {
    let with = document(200, json!({}), json!({ "BatchSize": 1 }), json!({ "ProcessingTime": takes(0.5) }));
    let mut world = world_of(&with);
    advance(&mut world, 3.0);
    let mut other = with.clone();
    other["Links"][1]["Properties"] = json!({ "BatchSize": 10 });
    super::support::edit(&mut world, &other);
    advance(&mut world, 5.0);
    let mut without = with.clone();
    without["Links"].as_array_mut().unwrap().pop();
    super::support::edit(&mut world, &without);
    advance(&mut world, 10.0);
    super::support::edit(&mut world, &with);
    advance(&mut world, 400.0);
    assert_eq!(metric(&world, "queue", NumberOfMessagesDeleted), 200);
}

/// The usual link to a queue is that of failed events; a function that sends on says so, in links too.
#[test]
fn a_function_sends_on_what_it_has_processed_and_cmp_30_failed_events_go_to_standard_queues() {
    let mut chain = document(30, json!({}), json!({}), json!({}));
    chain["Resources"]["next"] = json!({ "Type": "AWS::SQS::Queue" });
    let send = json!({ "Type": "Playground::Send", "From": "function", "To": "next" });
    chain["Links"].as_array_mut().unwrap().push(send);
    let world = run(&chain, 20.0);
    assert_eq!(metric(&world, "next", NumberOfMessagesSent), 30);
    assert_eq!(metric(&world, "queue", NumberOfMessagesDeleted), 30);
    chain["Version"] = json!(1);
    let scenario = parse_value(&chain).scenario;
    let fragment = scenario::url::encode(&scenario);
    assert_eq!(scenario::url::decode(fragment.as_str()).unwrap().scenario.links, scenario.links);
    // A type that no rule has is refused as before, and so is a FIFO queue for failed events.
    let errors = |link: Value, fifo: bool| {
        let mut changed = chain.clone();
        if fifo {
            changed["Resources"]["next.fifo"] =
                json!({ "Type": "AWS::SQS::Queue", "Properties": { "FifoQueue": true } });
        }
        *changed["Links"].as_array_mut().unwrap().last_mut().unwrap() = link;
        let found = validate(&parse_value(&changed).scenario);
        found.iter().map(|diagnostic| format!("{:?}", diagnostic.code)).collect::<Vec<_>>()
    };
    let poll = json!({ "Type": "Playground::Poll", "From": "function", "To": "next" });
    assert_eq!(errors(poll, false), ["LinkNotAllowed"]);
    assert_eq!(errors(json!({ "From": "function", "To": "next.fifo" }), true), ["FifoMismatch"]);
    assert!(errors(json!({ "From": "function", "To": "next" }), false).is_empty());
}
