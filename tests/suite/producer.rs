//! Producers: when they send, how they batch, and how they try again (KDS-80, KDS-81).

use kernel::{SimDuration, SimTime};
use messaging::MetricName::*;
use messaging::World;
use messaging::trace::TraceKind;
use serde_json::{Value, json};

use super::support::{advance, edit, metric, metrics, run, world_of};

/// A producer in front of one target.
fn to(target: Value, producer: Value) -> Value {
    json!({
        "Resources": {
            "producer": { "Type": "Playground::Producer", "Properties": producer },
            "target": target,
        },
        "Links": [{ "Type": "Playground::Send", "From": "producer", "To": "target" }],
    })
}

fn to_queue(producer: Value) -> Value {
    to(json!({ "Type": "AWS::SQS::Queue" }), producer)
}

/// A database that takes `writes` a second.
fn to_database(writes: u32, producer: Value) -> Value {
    to(json!({ "Type": "Playground::Database", "Properties": { "MaxWritesPerSecond": writes } }), producer)
}

/// Everything offered is accepted, lost, waiting for another attempt, or on its way.
fn assert_all_accounted_for(world: &World) {
    let [offered, accepted, lost, waiting] =
        metrics(world, "producer", [MessagesOffered, MessagesAccepted, MessagesLost, MessagesAwaitingRetry]);
    assert_eq!(offered, accepted + lost + waiting, "offered = accepted + lost + waiting");
}

#[test]
fn each_arrival_process_offers_what_it_says() {
    let cases = [
        (json!({ "Type": "Steady", "Rate": 7.5 }), 100, 750..=750),
        (json!({ "Type": "Poisson", "Rate": 50 }), 200, 9_600..=10_400),
        (json!({ "Type": "Burst", "Size": 25, "EverySeconds": 10 }), 60, 150..=150),
        (json!({ "Type": "Ramp", "FromRate": 0, "ToRate": 200, "OverSeconds": 10 }), 20, 2_950..=3_050),
        (
            json!({ "Type": "Phases", "Phases": [
                { "Rate": 50, "Seconds": 10 }, { "Rate": 1_000, "Seconds": 10 }, { "Rate": 50 }
            ] }),
            30,
            11_000..=11_000,
        ),
        (json!({ "Type": "AtOnce", "Count": 500 }), 10, 500..=500),
    ];
    for (process, stop, expected) in cases {
        let producer = json!({ "ArrivalProcess": process, "StopAfterSeconds": stop });
        let world = run(&to_queue(producer), f64::from(stop) + 1.0);
        let sent = metric(&world, "target", NumberOfMessagesSent);
        assert!(expected.contains(&sent), "{process}: {sent}");
        assert_eq!(sent, metric(&world, "producer", MessagesOffered));
        assert_all_accounted_for(&world);
    }
}

#[test]
fn a_producer_starts_late_and_sends_no_more_than_it_may() {
    let producer = json!({ "StartAfterSeconds": 5, "MaxMessages": 42 });
    let mut world = world_of(&to_queue(producer));
    advance(&mut world, 4.9);
    assert_eq!(metric(&world, "producer", MessagesOffered), 0);
    advance(&mut world, 60.0);
    assert_eq!(metric(&world, "target", NumberOfMessagesSent), 42);
}

#[test]
fn cmp_41_sp_61_a_spike_straight_into_a_database_loses_nine_thousand() {
    let spike = json!([{ "Rate": 50, "Seconds": 10 }, { "Rate": 1_000, "Seconds": 10 }, { "Rate": 50 }]);
    let producer = json!({
        "ArrivalProcess": { "Type": "Phases", "Phases": spike }, "StopAfterSeconds": 30, "RetryMode": "off"
    });
    let world = run(&to_database(100, producer), 40.0);
    let lost = metric(&world, "producer", MessagesLost);
    // The last two of the spike travel into the calm second after it.
    assert!((8_998..=9_000).contains(&lost), "{lost}");
    assert_eq!(metric(&world, "target", WritesAccepted) + lost, 11_000);
    assert_eq!(metric(&world, "target", WritesRefused), lost);
    assert_all_accounted_for(&world);
}

#[test]
fn kds_80_each_retry_mode_makes_its_number_of_attempts() {
    for (mode, limit, attempts) in
        [("standard", None, 3), ("legacy", None, 5), ("off", None, 1), ("standard", Some(4), 4)]
    {
        let mut producer = json!({ "ArrivalProcess": { "Type": "AtOnce", "Count": 1 }, "RetryMode": mode });
        if let Some(limit) = limit {
            producer["MaxAttempts"] = json!(limit);
        }
        let mut document = to_database(1_000, producer);
        document["Timeline"] = json!([{ "At": "0s", "CutLink": { "From": "producer", "To": "target" } }]);
        let world = run(&document, 120.0);
        assert_eq!(
            metrics(&world, "producer", [MessagesRefused, MessagesRetried, MessagesLost]),
            [attempts, attempts - 1, 1],
            "{mode}"
        );
        assert_all_accounted_for(&world);
    }
}

/// When the calls of a run were refused, and after how many attempts its messages were given up.
fn refusals(world: &mut World) -> (Vec<SimTime>, Vec<u32>) {
    let events = world.take_trace().events;
    let refused = events.iter().filter(|event| matches!(event.kind, TraceKind::ApiFailed { .. }));
    let lost = events.iter().filter_map(|event| match event.kind {
        TraceKind::Lost { attempts } => Some(attempts),
        _ => None,
    });
    (refused.map(|event| event.at).collect(), lost.collect())
}

#[test]
fn kds_80_a_retry_waits_at_most_its_scale_doubled_each_time() {
    // Unreachable counts as an error of 50 ms scale, over capacity as throttling of 1 s scale.
    let travel = SimDuration::from_millis(4);
    for (cut, scale) in [(true, 0.05), (false, 1.0)] {
        let mut longest = 0.0_f64;
        for seed in 0..20 {
            // The second write of a second is one too many; the steady flow keeps every second full.
            let producer = json!({
                "ArrivalProcess": { "Type": "AtOnce", "Count": 1 }, "StartAfterSeconds": f64::from(seed) * 0.01 + 0.1
            });
            let mut document = to_database(1, producer);
            document["Resources"]["others"] = json!({
                "Type": "Playground::Producer",
                "Properties": { "ArrivalProcess": { "Type": "Steady", "Rate": 1 }, "RetryMode": "off" }
            });
            let others = json!({ "Type": "Playground::Send", "From": "others", "To": "target" });
            document["Links"].as_array_mut().expect("links").push(others);
            if cut {
                document["Timeline"] =
                    json!([{ "At": "0s", "CutLink": { "From": "producer", "To": "target" } }]);
            }
            let mut world = run(&document, 60.0);
            let (refused, lost) = refusals(&mut world);
            assert_eq!((refused.len(), lost), (3, vec![3]));
            for (retry, pair) in refused.windows(2).enumerate() {
                let waited = pair[1].since(pair[0]).as_secs_f64() - travel.as_secs_f64();
                assert!(
                    waited >= 0.0 && waited <= scale * f64::from(1 << retry),
                    "retry {retry} after {waited} s"
                );
                longest = longest.max(waited);
            }
        }
        // Full jitter: some wait nearly as long as they may.
        assert!(longest > scale, "{longest}");
    }
}

#[test]
fn a_refusal_that_cannot_change_is_not_tried_again() {
    let producer = json!({ "ArrivalProcess": { "Type": "AtOnce", "Count": 3 }, "PayloadBytes": 2_000_000 });
    let mut world = run(&to_queue(producer), 60.0);
    assert_eq!(
        metrics(&world, "producer", [MessagesRefused, MessagesRetried, MessagesLost]),
        [3, 0, 3],
        "a message that is too long (SQS-20)"
    );
    assert_eq!(refusals(&mut world).1, [1, 1, 1]);
    assert_all_accounted_for(&world);
}

#[test]
fn sqs_33_of_a_batch_only_what_failed_is_lost() {
    // Every fifth message is larger than the queue takes.
    let large = "x".repeat(2_000);
    let producer = json!({
        "ArrivalProcess": { "Type": "AtOnce", "Count": 10 },
        "BatchSize": 10,
        "Messages": [{ "Body": "small", "Weight": 4 }, { "Body": large }],
    });
    let queue = json!({ "Type": "AWS::SQS::Queue", "Properties": { "MaximumMessageSize": 1_024 } });
    let world = run(&to(queue, producer), 10.0);
    assert_eq!(metric(&world, "target", NumberOfMessagesSent), 8);
    assert_eq!(metrics(&world, "producer", [MessagesAccepted, MessagesRefused, MessagesLost]), [8, 2, 2]);
    assert_all_accounted_for(&world);
}

#[test]
fn kds_81_only_the_records_that_failed_are_sent_again() {
    // One shard takes 1,000 records in a second (KDS-21), whichever calls they come in.
    let stream = json!({ "Type": "AWS::Kinesis::Stream", "Properties": { "ShardCount": 1 } });
    let producer = json!({
        "ArrivalProcess": { "Type": "AtOnce", "Count": 1_200 }, "BatchSize": 300, "MaxAttempts": 10,
        "Keys": { "Prefix": "k", "Count": 50 },
    });
    let world = run(&to(stream, producer), 30.0);
    let [accepted, refused, retried, lost] =
        metrics(&world, "producer", [MessagesAccepted, MessagesRefused, MessagesRetried, MessagesLost]);
    assert_eq!((accepted, lost), (1_200, 0));
    assert!(refused >= 200 && refused == retried, "{refused} refused, {retried} sent again");
    let of_stream = [IncomingRecords, PutRecordsTotalRecords];
    assert_eq!(metrics(&world, "target", of_stream), [1_200, 1_200 + retried]);
    assert_all_accounted_for(&world);
}

#[test]
fn kds_84_a_batch_that_is_not_full_waits_a_tenth_of_a_second() {
    let producer = json!({ "ArrivalProcess": { "Type": "AtOnce", "Count": 95 }, "BatchSize": 10 });
    let mut world = world_of(&to_queue(producer));
    advance(&mut world, 0.099);
    assert_eq!(metric(&world, "target", NumberOfMessagesSent), 90);
    advance(&mut world, 0.104);
    assert_eq!(metric(&world, "target", NumberOfMessagesSent), 95);
}

#[test]
fn sqs_31_a_batch_holds_no_more_than_the_target_takes() {
    // 20 messages at once are two calls: a FIFO queue takes 300 a second (SQS-161).
    let queue = json!({ "Type": "AWS::SQS::Queue", "Properties": { "FifoQueue": true } });
    let producer = json!({
        "ArrivalProcess": { "Type": "Burst", "Size": 3_000, "EverySeconds": 100 },
        "BatchSize": 500,
        "RetryMode": "off",
        "Keys": { "Prefix": "g", "Count": 7 },
    });
    let mut document = to(queue, producer);
    let target = document["Resources"]["target"].take();
    document["Resources"].as_object_mut().expect("resources").remove("target");
    document["Resources"]["target.fifo"] = target;
    document["Links"][0]["To"] = json!("target.fifo");
    let world = run(&document, 10.0);
    assert_eq!(metric(&world, "target.fifo", NumberOfMessagesSent), 3_000);
    assert_eq!(metric(&world, "producer", MessagesLost), 0);
}

#[test]
fn an_edit_of_the_batch_size_leaves_nothing_behind() {
    let producer = |size: u32| {
        to_queue(json!({
            "ArrivalProcess": { "Type": "AtOnce", "Count": 5 }, "BatchSize": size,
            "BatchWindowMilliseconds": 1_000
        }))
    };
    let mut world = world_of(&producer(10));
    advance(&mut world, 0.5);
    assert_eq!(metric(&world, "target", NumberOfMessagesSent), 0);
    edit(&mut world, &producer(1));
    advance(&mut world, 5.0);
    assert_eq!(metric(&world, "target", NumberOfMessagesSent), 5);
    assert_all_accounted_for(&world);
}

#[test]
fn an_edit_of_another_link_leaves_a_batch_waiting_as_it_was() {
    let document = |links: Value| {
        json!({
            "Resources": {
                "producer": { "Type": "Playground::Producer", "Properties": {
                    "ArrivalProcess": { "Type": "AtOnce", "Count": 5 }, "BatchSize": 10
                } },
                "first": { "Type": "AWS::SQS::Queue" },
                "second": { "Type": "AWS::SQS::Queue" },
            },
            "Links": links,
        })
    };
    let send = |to: &str| json!({ "Type": "Playground::Send", "From": "producer", "To": to });
    let mut world = world_of(&document(json!([send("first"), send("second")])));
    advance(&mut world, 0.05);
    edit(&mut world, &document(json!([send("second")])));
    advance(&mut world, 0.104);
    assert_eq!(metric(&world, "second", NumberOfMessagesSent), 5);
    assert_eq!(metric(&world, "producer", MessagesLost), 5);
    assert_all_accounted_for(&world);
}

#[test]
fn what_waits_for_a_target_that_is_removed_is_lost_and_counted() {
    let producer = json!({ "ArrivalProcess": { "Type": "AtOnce", "Count": 5 }, "BatchSize": 10 });
    let document = to_queue(producer);
    let mut world = world_of(&document);
    advance(&mut world, 0.05);
    let mut without = document.clone();
    without["Links"] = json!([]);
    edit(&mut world, &without);
    advance(&mut world, 60.0);
    assert_eq!(metric(&world, "producer", MessagesLost), 5);
    assert_all_accounted_for(&world);
}

#[test]
fn sp_64_every_target_is_called_for_every_message() {
    let document = json!({
        "Resources": {
            "producer": {
                "Type": "Playground::Producer",
                "Properties": { "ArrivalProcess": { "Type": "AtOnce", "Count": 25 } }
            },
            "a": { "Type": "AWS::SQS::Queue" },
            "b": { "Type": "AWS::SQS::Queue" },
            "c": { "Type": "Playground::Database" },
        },
        "Links": [
            { "Type": "Playground::Send", "From": "producer", "To": "a" },
            { "Type": "Playground::Send", "From": "producer", "To": "b" },
            { "Type": "Playground::Send", "From": "producer", "To": "c" },
        ],
    });
    let world = run(&document, 10.0);
    for queue in ["a", "b"] {
        assert_eq!(metric(&world, queue, NumberOfMessagesSent), 25);
    }
    assert_eq!(metric(&world, "c", WritesAccepted), 25);
    assert_eq!(metric(&world, "producer", MessagesOffered), 75);
    assert_all_accounted_for(&world);
}

#[test]
fn a_crash_loses_what_waits_and_a_start_goes_on() {
    let producer = json!({ "ArrivalProcess": { "Type": "Steady", "Rate": 10 }, "MaxMessages": 100 });
    let mut document = to_database(4, producer);
    document["Timeline"] =
        json!([{ "At": "2.5s", "Crash": "producer" }, { "At": "20s", "Start": "producer" }]);
    let mut world = world_of(&document);
    advance(&mut world, 2.4);
    assert!(metric(&world, "producer", MessagesAwaitingRetry) > 0);
    advance(&mut world, 19.0);
    let sent = metric(&world, "producer", MessagesOffered);
    assert_eq!(sent, 25);
    assert_all_accounted_for(&world);
    advance(&mut world, 120.0);
    assert_eq!(metric(&world, "producer", MessagesOffered), 100);
    assert_all_accounted_for(&world);
}
