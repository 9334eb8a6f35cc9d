//! Functions: concurrency, environments, asynchronous invocations and what becomes of failures (CMP-25 to CMP-38).

use messaging::MetricName::*;
use messaging::{World, lambda};
use serde_json::{Value, json};

use super::support::{advance, call, code, edit, entry, metric, metrics, place, run, world_of};

/// A processing time that is always the same.
fn takes(seconds: f64) -> Value {
    json!({ "Distribution": "Constant", "Milliseconds": seconds * 1_000.0 })
}

/// A function alone, with its failed events going to `failed`.
fn function(properties: Value, destination: &str) -> Value {
    json!({
        "Resources": {
            "function": { "Type": "AWS::Lambda::Function", "Properties": properties },
            "failed": { "Type": "AWS::SQS::Queue" },
        },
        "Links": [{
            "Type": "AWS::Lambda::EventInvokeConfig", "From": "function", "To": "failed",
            "Properties": { "Destination": destination },
        }],
    })
}

/// Invokes asynchronously so many times; every call is accepted.
fn invoke(world: &mut World, times: usize) {
    for _ in 0..times {
        let event = entry(world, "event", None, None);
        let answer = call(world, "function", lambda::Request::Invoke, vec![event]);
        assert_eq!(answer.result, Some(Ok(lambda::Response::Accepted.into())));
    }
}

#[test]
fn cmp_25_cmp_27_reserved_concurrency_is_a_cap_and_what_is_above_it_is_throttled() {
    let properties = json!({ "ReservedConcurrentExecutions": 3, "ProcessingTime": takes(2.0) });
    let mut world = world_of(&function(properties, "OnFailure"));
    invoke(&mut world, 5);
    let figures = [Invocations, Throttles, ConcurrentExecutions];
    assert_eq!(metrics(&world, "function", figures), [3, 2, 3]);
    // Throttled events go back into the function's queue and are tried again, for longer each time (CMP-30).
    advance(&mut world, 1.5);
    assert_eq!(metrics(&world, "function", figures), [3, 4, 3]);
    advance(&mut world, 3.5);
    assert_eq!(metrics(&world, "function", figures), [5, 4, 2]);
    advance(&mut world, 60.0);
    assert_eq!(metrics(&world, "function", [Invocations, Errors, AsyncEventsDropped]), [5, 0, 0]);
}

#[test]
fn cmp_25_functions_share_the_concurrency_of_the_account_that_nobody_has_reserved() {
    let mut document = json!({ "Resources": {} });
    for (name, reserved) in [("a", json!(null)), ("b", json!(null)), ("c", json!(400))] {
        let mut properties = json!({ "ProcessingTime": takes(2.9) });
        if !reserved.is_null() {
            properties["ReservedConcurrentExecutions"] = reserved;
        }
        document["Resources"][name] = json!({ "Type": "AWS::Lambda::Function", "Properties": properties });
    }
    let mut world = world_of(&document);
    for name in ["a", "b", "c"] {
        for _ in 0..450 {
            let event = entry(&mut world, "event", None, None);
            call(&mut world, name, lambda::Request::Invoke, vec![event]);
        }
    }
    let concurrent = ["a", "b", "c"].map(|name| metric(&world, name, ConcurrentExecutions));
    assert_eq!(concurrent, [450, 150, 400]);
    let throttles = ["a", "b", "c"].map(|name| metric(&world, name, Throttles));
    assert_eq!(throttles, [0, 300, 50]);
}

#[test]
fn cmp_25_a_function_with_no_concurrency_runs_never() {
    let properties = json!({ "ReservedConcurrentExecutions": 0, "MaximumEventAgeInSeconds": 60 });
    let mut world = world_of(&function(properties, "OnFailure"));
    invoke(&mut world, 1);
    advance(&mut world, 59.0);
    assert_eq!(metrics(&world, "function", [Invocations, AsyncEventsDropped]), [0, 0]);
    // After its greatest age the event is given up (CMP-30).
    advance(&mut world, 61.0);
    assert_eq!(metrics(&world, "function", [Invocations, AsyncEventsDropped]), [0, 1]);
    assert_eq!(metric(&world, "failed", NumberOfMessagesSent), 1);
}

#[test]
fn cmp_28_the_first_invocation_of_an_environment_takes_longer() {
    let properties = json!({ "ColdStartMilliseconds": 400, "ProcessingTime": takes(0.1) });
    let mut world = world_of(&function(properties, "OnFailure"));
    invoke(&mut world, 1);
    advance(&mut world, 0.499);
    assert_eq!(metrics(&world, "function", [MessagesProcessed, ConcurrentExecutions]), [0, 1]);
    advance(&mut world, 0.5);
    assert_eq!(metrics(&world, "function", [MessagesProcessed, ConcurrentExecutions]), [1, 0]);
    invoke(&mut world, 1);
    advance(&mut world, 0.6);
    // The cold start is not part of the duration (CMP-38).
    assert_eq!(metrics(&world, "function", [MessagesProcessed, ColdStarts, Duration]), [2, 1, 200]);
    // Idle for less than ten minutes it is still warm, and after ten minutes it is gone.
    advance(&mut world, 600.0);
    invoke(&mut world, 1);
    advance(&mut world, 601.0);
    assert_eq!(metric(&world, "function", ColdStarts), 1);
    advance(&mut world, 1_201.0);
    invoke(&mut world, 1);
    assert_eq!(metric(&world, "function", ColdStarts), 2);
}

#[test]
fn cmp_29_an_invocation_is_cut_off_after_its_timeout() {
    let properties = json!({
        "Timeout": 2, "ProcessingTime": takes(5.0), "ColdStartMilliseconds": 0, "MaximumRetryAttempts": 0
    });
    let mut world = world_of(&function(properties, "DeadLetterConfig"));
    invoke(&mut world, 1);
    advance(&mut world, 1.999);
    assert_eq!(metrics(&world, "function", [Errors, ConcurrentExecutions]), [0, 1]);
    advance(&mut world, 2.0);
    assert_eq!(metrics(&world, "function", [Errors, ConcurrentExecutions, Duration]), [1, 0, 2_000]);
    let state = world.node_state(place(&world, "function")).unwrap();
    let problem = state.problem.expect("a problem");
    assert_eq!(problem.error_code.as_deref(), Some("Sandbox.Timedout"));
    assert_eq!(problem.remedies[0].set.as_ref().unwrap().2, "4");
}

#[test]
fn cmp_29_an_event_that_is_too_large_is_refused() {
    for (profile, limit) in [("Current", 1_048_576), ("Classic", 262_144)] {
        let mut document = function(json!({}), "OnFailure");
        document["Settings"] = json!({ "QuotaProfile": profile });
        let mut world = world_of(&document);
        for (bytes, expected) in [(limit, None), (limit + 1, Some("RequestTooLargeException"))] {
            let event = entry(&mut world, &"x".repeat(bytes), None, None);
            let answer = call(&mut world, "function", lambda::Request::Invoke, vec![event]);
            assert_eq!(code(&answer), expected, "{profile}: {bytes}");
        }
    }
}

#[test]
fn cmp_30_a_failed_event_is_tried_again_after_one_and_two_minutes_and_then_given_up() {
    for (attempts, ends) in [(0, 0.4), (1, 60.8), (2, 181.2)] {
        let properties = json!({
            "FailureProbability": 1.0, "MaximumRetryAttempts": attempts, "ProcessingTime": takes(0.4),
            "ColdStartMilliseconds": 0
        });
        let mut world = world_of(&function(properties, "OnFailure"));
        invoke(&mut world, 1);
        advance(&mut world, ends - 0.01);
        assert_eq!(metrics(&world, "function", [Invocations, AsyncEventsDropped]), [attempts + 1, 0]);
        advance(&mut world, ends);
        assert_eq!(metrics(&world, "function", [Errors, AsyncEventsDropped]), [attempts + 1, 1]);
        advance(&mut world, 1_000.0);
        assert_eq!(metric(&world, "function", Invocations), attempts + 1);
        assert_eq!(metric(&world, "failed", NumberOfMessagesSent), 1);
    }
}

#[test]
fn cmp_30_the_destination_gets_a_record_and_the_dead_letter_queue_the_event() {
    for (destination, condition) in [("OnFailure", true), ("DeadLetterConfig", false)] {
        let properties = json!({ "FailureProbability": 1.0, "MaximumRetryAttempts": 1 });
        let mut world = world_of(&function(properties, destination));
        invoke(&mut world, 1);
        advance(&mut world, 100.0);
        let receive = messaging::sqs::Request::ReceiveMessage {
            max_number_of_messages: 1,
            wait_time_seconds: None,
            visibility_timeout: None,
            receive_request_attempt_id: None,
        };
        let answer = call(&mut world, "failed", receive, Vec::new());
        let body = &world.catalogue().payload(answer.entries[0].message.payload).body;
        if !condition {
            assert_eq!(&**body, "event");
            continue;
        }
        let record: Value = serde_json::from_str(body).unwrap();
        assert_eq!(record["requestContext"]["condition"], "RetriesExhausted");
        assert_eq!(record["requestContext"]["approximateInvokeCount"], 2);
        assert_eq!(record["requestPayload"], "event");
    }
}

#[test]
fn cmp_38_what_a_destination_does_not_take_is_counted() {
    for (destination, figures) in [("OnFailure", [1, 0]), ("DeadLetterConfig", [0, 1])] {
        let properties = json!({ "FailureProbability": 1.0, "MaximumRetryAttempts": 0 });
        let mut document = function(properties, destination);
        document["Timeline"] = json!([{ "At": "0s", "CutLink": { "From": "function", "To": "failed" } }]);
        let mut world = world_of(&document);
        advance(&mut world, 0.1);
        invoke(&mut world, 1);
        advance(&mut world, 10.0);
        let counted = metrics(&world, "function", [DestinationDeliveryFailures, DeadLetterErrors]);
        assert_eq!(counted, figures, "{destination}");
        assert_eq!(metric(&world, "function", AsyncEventsDropped), 1);
    }
}

#[test]
fn cmp_30_a_throttled_event_waits_longer_each_time() {
    let mut world = world_of(&function(json!({ "ReservedConcurrentExecutions": 0 }), "OnFailure"));
    invoke(&mut world, 1);
    // At 0 s, and after waits of 1, 2, 4 … 256 and then 300 s.
    for (seconds, throttles) in
        [(0.5, 1), (1.0, 2), (2.9, 2), (3.0, 3), (7.0, 4), (511.0, 10), (810.9, 10), (811.0, 11)]
    {
        advance(&mut world, seconds);
        assert_eq!(metric(&world, "function", Throttles), throttles, "{seconds}");
    }
}

/// SP-79, SP-93: a topic invokes a function asynchronously, one event for each message (SNS-61).
#[test]
fn sns_61_a_topic_invokes_a_function_for_each_message() {
    let world = run(
        &json!({
            "Resources": {
                "shop": { "Type": "Playground::Producer", "Properties": {
                    "ArrivalProcess": { "Type": "AtOnce", "Count": 20 }
                } },
                "orders": { "Type": "AWS::SNS::Topic" },
                "function": { "Type": "AWS::Lambda::Function" },
            },
            "Links": [{ "From": "shop", "To": "orders" }, { "From": "orders", "To": "function" }],
        }),
        10.0,
    );
    assert_eq!(metric(&world, "orders", NumberOfNotificationsDelivered), 20);
    assert_eq!(metrics(&world, "function", [AsyncEventsReceived, Invocations, MessagesProcessed]), [20; 3]);
}

#[test]
fn cmp_6_a_function_writes_what_it_has_processed_and_fails_if_it_cannot() {
    let properties =
        json!({ "ProcessingTime": takes(0.0), "ColdStartMilliseconds": 0, "MaximumRetryAttempts": 2 });
    let mut document = function(properties, "OnFailure");
    document["Resources"]["rows"] =
        json!({ "Type": "Playground::Database", "Properties": { "MaxWritesPerSecond": 4 } });
    document["Links"].as_array_mut().unwrap().push(json!({ "From": "function", "To": "rows" }));
    let mut world = world_of(&document);
    for _ in 0..10 {
        let mut event = entry(&mut world, "event", None, None);
        event.message.trace_id = messaging::TraceId(world.now().as_micros() + 1);
        call(&mut world, "function", lambda::Request::Invoke, vec![event]);
    }
    advance(&mut world, 1.0);
    assert_eq!(metrics(&world, "function", [MessagesProcessed, Errors]), [4, 6]);
    advance(&mut world, 300.0);
    // Four more after a minute; two are left for the last retry.
    assert_eq!(metrics(&world, "function", [MessagesProcessed, AsyncEventsDropped]), [10, 0]);
}

#[test]
fn a_stopped_function_is_throttled_and_goes_on_later() {
    let mut document = function(json!({}), "OnFailure");
    document["Timeline"] = json!([{ "At": "1s", "Stop": "function" }, { "At": "10s", "Start": "function" }]);
    let mut world = world_of(&document);
    advance(&mut world, 2.0);
    invoke(&mut world, 1);
    advance(&mut world, 9.9);
    assert_eq!(metrics(&world, "function", [Invocations, Throttles]), [0, 4]);
    advance(&mut world, 30.0);
    assert_eq!(metrics(&world, "function", [Invocations, Throttles]), [1, 4]);
}

#[test]
fn an_edit_keeps_what_is_under_way() {
    let mut document = function(json!({ "ProcessingTime": takes(2.0) }), "OnFailure");
    let mut world = world_of(&document);
    invoke(&mut world, 3);
    advance(&mut world, 1.0);
    document["Resources"]["function"]["Properties"]["Timeout"] = json!(5);
    edit(&mut world, &document);
    assert_eq!(metric(&world, "function", ConcurrentExecutions), 3);
    advance(&mut world, 3.0);
    assert_eq!(metrics(&world, "function", [MessagesProcessed, ConcurrentExecutions]), [3, 0]);
}
