//! Consumers: sharing the work, being late, failing and crashing (CMP-1 to CMP-5, SQS-45).

use messaging::MetricName::*;
use messaging::World;
use serde_json::{Value, json};

use super::support::{advance, edit, metric, metrics, run, world_of};

/// `count` messages at the start in a queue, or none and a producer that waits, and consumers by name.
fn queue(count: u32, queue: Value, consumers: Value) -> Value {
    named_queue("queue", count, queue, consumers)
}

fn named_queue(name: &str, count: u32, queue: Value, consumers: Value) -> Value {
    let mut document = json!({
        "Resources": {
            "producer": { "Type": "Playground::Producer", "Properties": {
                "ArrivalProcess": { "Type": "AtOnce", "Count": count }, "Keys": { "Prefix": "g", "Count": 3 }
            } },
            name: { "Type": "AWS::SQS::Queue", "Properties": queue },
        },
        "Links": [{ "Type": "Playground::Send", "From": "producer", "To": name }],
    });
    if count == 0 {
        let quiet = json!({ "StartAfterSeconds": 86_400 });
        document["Resources"]["producer"]["Properties"] = quiet;
    }
    for (consumer, properties) in consumers.as_object().expect("consumers by name") {
        document["Resources"][consumer] = json!({ "Type": "Playground::Consumer", "Properties": properties });
        let link = json!({ "Type": "Playground::Poll", "From": name, "To": consumer });
        document["Links"].as_array_mut().expect("links").push(link);
    }
    document
}

/// A processing time that is always the same.
fn takes(seconds: f64) -> Value {
    json!({ "Distribution": "Constant", "Milliseconds": seconds * 1_000.0 })
}

fn received(world: &World) -> u64 {
    metric(world, "queue", NumberOfMessagesReceived)
}

#[test]
fn sp_28_four_equal_workers_get_a_quarter_each() {
    let worker = json!({ "ProcessingTime": takes(0.1), "MaxNumberOfMessages": 1 });
    let workers = json!({ "a": worker, "b": worker, "c": worker, "d": worker });
    let world = run(&queue(1_000, json!({}), workers), 60.0);
    for name in ["a", "b", "c", "d"] {
        let processed = metric(&world, name, MessagesProcessed);
        assert!((240..=260).contains(&processed), "{name}: {processed}");
    }
    assert_eq!(metrics(&world, "queue", [NumberOfMessagesReceived, NumberOfMessagesDeleted]), [1_000, 1_000]);
}

#[test]
fn sp_29_cmp_5_ten_workers_are_ten_times_as_fast_as_one() {
    for (workers, seconds) in [(1, 100.0), (5, 20.0), (10, 10.0)] {
        let consumers = json!({ "workers": { "Workers": workers, "ProcessingTime": takes(0.1) } });
        let mut world = world_of(&queue(1_000, json!({}), consumers));
        advance(&mut world, seconds * 0.98);
        let done = metric(&world, "workers", MessagesProcessed);
        assert!((950..1_000).contains(&done), "{workers} workers: {done} shortly before {seconds} s");
        // Reading takes a little, too.
        advance(&mut world, seconds * 1.02);
        assert_eq!(metric(&world, "workers", MessagesProcessed), 1_000, "{workers} workers");
    }
}

#[test]
fn sp_33_cmp_3_work_longer_than_the_visibility_timeout_is_done_twice() {
    for (work, deliveries) in [(45.0, 2), (25.0, 1)] {
        let workers = json!({ "workers": { "Workers": 2, "ProcessingTime": takes(work) } });
        let world = run(&queue(1, json!({ "VisibilityTimeout": 30 }), workers), 59.0);
        assert_eq!(received(&world), deliveries, "work of {work} s");
        assert_eq!(metric(&world, "workers", MessagesProcessedAgain), deliveries - 1);
        // The first worker's delete came after the second receive: the message stays (SQS-51).
        assert_eq!(metric(&world, "queue", ApproximateNumberOfMessagesNotVisible), deliveries - 1);
    }
}

#[test]
fn sp_34_sqs_62_a_heartbeat_keeps_the_message_to_its_worker() {
    let worker = json!({
        "Workers": 2, "ProcessingTime": takes(45.0),
        "HeartbeatSeconds": 20, "HeartbeatVisibilityTimeout": 30
    });
    let world = run(&queue(1, json!({ "VisibilityTimeout": 30 }), json!({ "workers": worker })), 300.0);
    assert_eq!(received(&world), 1);
    assert_eq!(metric(&world, "workers", MessagesProcessed), 1);
}

#[test]
fn heartbeats_end_with_their_message() {
    // One message after the other: each costs as many events as the one before.
    let events = |count: u32| {
        let worker = json!({
            "ProcessingTime": takes(45.0), "MaxNumberOfMessages": 1, "HeartbeatSeconds": 20
        });
        let world =
            run(&queue(count, json!({ "MessageRetentionPeriod": 86_400 }), json!({ "w": worker })), 2_000.0);
        assert_eq!(metric(&world, "w", MessagesProcessed), u64::from(count));
        world.events()
    };
    let (five, fifteen, twenty_five) = (events(5), events(15), events(25));
    let (first, second) = (fifteen - five, twenty_five - fifteen);
    assert!(first.abs_diff(second) <= 10, "ten messages cost {first} events, ten more cost {second}");
}

#[test]
fn sp_36_a_very_short_visibility_timeout_hands_a_message_out_five_times() {
    let worker = json!({ "ProcessingTime": takes(9.0) });
    let workers = json!({ "a": worker, "b": worker, "c": worker, "d": worker, "e": worker });
    let mut world = world_of(&queue(1, json!({ "VisibilityTimeout": 2 }), workers));
    for (seconds, deliveries) in [(1.9, 1), (3.9, 2), (5.9, 3), (7.9, 4), (8.9, 5)] {
        advance(&mut world, seconds);
        assert_eq!(received(&world), deliveries, "after {seconds} s");
    }
}

#[test]
fn sp_30_sp_35_what_a_crashed_worker_held_comes_back_after_the_visibility_timeout() {
    for timeout in [30_u32, 7_200] {
        let workers = json!({
            "first": { "ProcessingTime": takes(20.0) },
            "second": { "ProcessingTime": takes(1.0), "Stopped": true },
        });
        let mut document = queue(1, json!({ "VisibilityTimeout": timeout }), workers);
        document["Timeline"] = json!([{ "At": "5s", "Crash": "first" }, { "At": "6s", "Start": "second" }]);
        let mut world = world_of(&document);
        advance(&mut world, f64::from(timeout) - 0.1);
        assert_eq!(received(&world), 1);
        advance(&mut world, f64::from(timeout) + 5.0);
        assert_eq!(received(&world), 2);
        assert_eq!(metric(&world, "first", MessagesProcessed), 0);
        assert_eq!(metric(&world, "second", MessagesProcessed), 1);
    }
}

#[test]
fn cmp_4_a_worker_that_crashes_by_itself_comes_back() {
    let worker = json!({
        "ProcessingTime": takes(1.0), "MaxNumberOfMessages": 1,
        "CrashProbability": 0.2, "RestartAfterSeconds": 5
    });
    let world = run(&queue(50, json!({ "VisibilityTimeout": 10 }), json!({ "w": worker })), 3_600.0);
    assert_eq!(metric(&world, "queue", NumberOfMessagesDeleted), 50);
    let again = metric(&world, "w", MessagesProcessedAgain);
    assert!(again > 0, "none of 50 messages met a crash");
    assert_eq!(received(&world), 50 + again);
}

#[test]
fn sp_22_a_message_that_is_not_deleted_is_received_again_and_again() {
    let worker = json!({ "ProcessingTime": takes(1.0), "DeleteMessages": false });
    let world = run(&queue(1, json!({ "VisibilityTimeout": 30 }), json!({ "w": worker })), 95.0);
    assert_eq!(received(&world), 4);
    assert_eq!(
        metrics(&world, "queue", [NumberOfMessagesDeleted, ApproximateNumberOfMessagesNotVisible]),
        [0, 1]
    );
}

#[test]
fn sqs_54_messages_of_a_read_are_deleted_together_if_the_consumer_says_so() {
    for (together, after_five_seconds) in [(false, 4), (true, 0)] {
        let worker = json!({ "ProcessingTime": takes(1.0), "DeleteInBatches": together });
        let mut world = world_of(&queue(10, json!({}), json!({ "w": worker })));
        advance(&mut world, 5.0);
        assert_eq!(metric(&world, "queue", NumberOfMessagesDeleted), after_five_seconds);
        advance(&mut world, 11.0);
        assert_eq!(metric(&world, "queue", NumberOfMessagesDeleted), 10);
    }
}

#[test]
fn sp_51_sqs_150_a_failed_message_holds_up_its_group_and_no_other() {
    let worker = json!({ "Workers": 3, "ProcessingTime": takes(0.2), "FailureProbability": 0.3 });
    let fifo = json!({ "FifoQueue": true, "VisibilityTimeout": 5 });
    let document = named_queue("queue.fifo", 60, fifo, json!({ "w": worker }));
    let world = run(&document, 3_600.0);
    let [processed, failures, out_of_order] =
        metrics(&world, "w", [MessagesProcessed, ProcessingFailures, ProcessedOutOfOrder]);
    assert_eq!((processed, out_of_order), (60, 0));
    assert!(failures > 5, "only {failures} failures");
}

#[test]
fn sp_19_the_same_failures_change_the_order_of_a_standard_queue() {
    let worker = json!({ "Workers": 3, "ProcessingTime": takes(0.2), "FailureProbability": 0.3 });
    let world = run(&queue(60, json!({ "VisibilityTimeout": 5 }), json!({ "w": worker })), 3_600.0);
    assert_eq!(metric(&world, "w", MessagesProcessed), 60);
    assert!(metric(&world, "w", ProcessedOutOfOrder) > 0);
}

#[test]
fn sp_53_sp_54_groups_decide_how_many_workers_are_of_use() {
    for (groups, seconds) in [(1, 9.0), (3, 3.0)] {
        let workers = json!({
            "w": { "Workers": 3, "ProcessingTime": takes(1.0), "MaxNumberOfMessages": 1 }
        });
        let mut document = named_queue("queue.fifo", 9, json!({ "FifoQueue": true }), workers);
        document["Resources"]["producer"]["Properties"]["Keys"]["Count"] = json!(groups);
        let mut world = world_of(&document);
        let mut busiest = 0;
        for tenth in 0..90 {
            advance(&mut world, f64::from(tenth) * 0.1);
            busiest = busiest.max(metric(&world, "w", BusyWorkers));
            assert!(busiest <= groups, "{busiest} workers at work on {groups} groups");
        }
        assert_eq!(busiest, groups);
        let mut world = world_of(&document);
        advance(&mut world, seconds - 0.1);
        assert!(metric(&world, "w", MessagesProcessed) < 9);
        advance(&mut world, seconds + 0.3);
        assert_eq!(metric(&world, "w", MessagesProcessed), 9, "{groups} groups");
        assert_eq!(metric(&world, "w", ProcessedOutOfOrder), 0);
    }
}

#[test]
fn sp_40_long_polls_ask_three_times_a_minute_and_short_polls_sixty_times() {
    let long = json!({ "WaitTimeSeconds": 20 });
    let short = json!({ "WaitTimeSeconds": 0, "PollIntervalMilliseconds": 994 });
    for (consumer, calls) in [(long, 3), (short, 60)] {
        let mut world = world_of(&queue(0, json!({}), json!({ "w": consumer })));
        advance(&mut world, 59.99);
        assert_eq!(metric(&world, "w", ReceiveCalls), calls);
    }
}

#[test]
fn a_stopped_consumer_finishes_what_it_has_in_hand() {
    let worker = json!({ "ProcessingTime": takes(1.0) });
    let mut document = queue(100, json!({}), json!({ "w": worker }));
    document["Timeline"] = json!([{ "At": "5s", "Stop": "w" }, { "At": "60s", "Start": "w" }]);
    let mut world = world_of(&document);
    advance(&mut world, 59.0);
    assert_eq!(metric(&world, "w", MessagesProcessed), 10);
    assert_eq!(metric(&world, "queue", ApproximateNumberOfMessagesNotVisible), 0);
    advance(&mut world, 200.0);
    assert_eq!(metric(&world, "w", MessagesProcessed), 100);
}

#[test]
fn a_slow_consumer_takes_so_many_times_as_long() {
    let worker = json!({ "ProcessingTime": takes(0.1) });
    let mut document = queue(10_000, json!({}), json!({ "w": worker }));
    document["Timeline"] = json!([{ "At": "0s", "Slow": { "Of": "w", "Factor": 4 } }]);
    let world = run(&document, 100.0);
    let processed = metric(&world, "w", MessagesProcessed);
    assert!((245..=250).contains(&processed), "{processed}");
}

#[test]
fn poison_fails_for_ever_and_ends_in_the_dead_letter_queue() {
    let worker = json!({ "ProcessingTime": takes(0.1) });
    let mut document = queue(0, json!({ "VisibilityTimeout": 5 }), json!({ "w": worker }));
    document["Resources"]["dead"] = json!({ "Type": "AWS::SQS::Queue" });
    document["Links"].as_array_mut().expect("links").push(json!({
        "Type": "AWS::SQS::RedrivePolicy", "From": "queue", "To": "dead", "Properties": { "maxReceiveCount": 3 }
    }));
    document["Timeline"] = json!([
        { "At": "1s", "Poison": "producer" }, { "At": "1s", "Send": { "From": "producer", "Count": 5 } }
    ]);
    let world = run(&document, 60.0);
    assert_eq!(metrics(&world, "w", [MessagesProcessed, ProcessingFailures]), [4, 3]);
    assert_eq!(metric(&world, "dead", ApproximateNumberOfMessagesVisible), 1);
}

#[test]
fn sp_25_cmp_6_a_message_is_deleted_only_once_its_row_is_written() {
    // Twenty messages at once against ten writes a second: the refused ones come back (CMP-42).
    let worker = json!({ "Workers": 20, "ProcessingTime": takes(0.0), "MaxNumberOfMessages": 1 });
    let mut document = queue(20, json!({ "VisibilityTimeout": 5 }), json!({ "w": worker }));
    document["Resources"]["rows"] =
        json!({ "Type": "Playground::Database", "Properties": { "MaxWritesPerSecond": 10 } });
    document["Links"]
        .as_array_mut()
        .expect("links")
        .push(json!({ "Type": "Playground::Send", "From": "w", "To": "rows" }));
    let world = run(&document, 60.0);
    assert_eq!(metrics(&world, "rows", [WritesAccepted, DuplicateWrites]), [20, 0]);
    assert!(metric(&world, "rows", WritesRefused) > 0);
    assert_eq!(metric(&world, "queue", NumberOfMessagesDeleted), 20);
}

#[test]
fn an_answer_to_a_worker_that_is_gone_means_nothing_to_the_one_in_its_place() {
    let document = |workers: u32| {
        let worker = json!({ "Workers": workers, "ProcessingTime": takes(0.3), "MaxNumberOfMessages": 1 });
        let mut document = queue(100, json!({ "VisibilityTimeout": 43_200 }), json!({ "w": worker }));
        document["Resources"]["producer"]["Properties"]["StartAfterSeconds"] = json!(10);
        document
    };
    let mut world = world_of(&document(4));
    advance(&mut world, 5.0);
    edit(&mut world, &document(1));
    edit(&mut world, &document(4));
    advance(&mut world, 40.0);
    // The reads of the three that are gone took a message each; nobody else has one in hand.
    assert_eq!(metric(&world, "queue", ApproximateNumberOfMessagesNotVisible), 3);
    assert_eq!(metric(&world, "w", MessagesProcessed), 97);
}
