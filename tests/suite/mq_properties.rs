//! Brokers under whatever happens: nothing is lost unseen, nothing overtakes, nothing comes twice without its flag.

use messaging::MetricName::*;
use messaging::World;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::mq::{document, takes};
use super::mq_rabbit::adds_up;
use super::support::{advance, metric, metrics, run, world_of};

/// What may happen to a broker and its clients within a minute.
fn happening() -> impl Strategy<Value = Value> {
    let what = prop_oneof![
        Just(json!({ "Reboot": "broker" })),
        Just(json!({ "Crash": "broker" })),
        Just(json!({ "Crash": "a" })),
        Just(json!({ "Start": "a" })),
        Just(json!({ "Stop": "b" })),
        Just(json!({ "Start": "b" })),
        Just(json!({ "AvailabilityZoneOutage": "eu-west-1a" })),
        Just(json!({ "AvailabilityZoneRecovery": "eu-west-1a" })),
        Just(json!({ "CutLink": { "From": "broker", "To": "a" } })),
        Just(json!({ "RestoreLink": { "From": "broker", "To": "a" } })),
        Just(json!({ "CutLink": { "From": "shop", "To": "broker" } })),
        Just(json!({ "RestoreLink": { "From": "shop", "To": "broker" } })),
    ];
    (1..59_000_u32, what).prop_map(|(at, mut what)| {
        what["At"] = json!(format!("{at}ms"));
        what
    })
}

/// A broker of one of five deployments, with a producer and two consumers of one queue.
fn troubled(kind: usize, prefetch: u32, failing: f64, mut timeline: Vec<Value>) -> Value {
    let quick = json!({ "FailoverSeconds": 8, "ReplacementSeconds": 15, "RebootSeconds": 3 });
    let mut broker = match kind {
        0 => json!({ "DeploymentMode": "SINGLE_INSTANCE", "StorageType": "EBS" }),
        1 => json!({ "DeploymentMode": "ACTIVE_STANDBY_MULTI_AZ" }),
        2 => json!({ "EngineType": "RABBITMQ" }),
        3 => {
            json!({ "EngineType": "RABBITMQ", "DeploymentMode": "CLUSTER_MULTI_AZ", "Queues": [{ "Name": "queue", "Type": "quorum" }] })
        }
        _ => json!({ "EngineType": "RABBITMQ", "DeploymentMode": "CLUSTER_MULTI_AZ" }),
    };
    for (name, value) in quick.as_object().into_iter().flatten() {
        broker[name] = value.clone();
    }
    // What was done is undone in the end, so that all can be drained.
    for last in [
        json!({ "AvailabilityZoneRecovery": "eu-west-1a" }),
        json!({ "RestoreLink": { "From": "broker", "To": "a" } }),
        json!({ "RestoreLink": { "From": "shop", "To": "broker" } }),
        json!({ "Start": "a" }),
        json!({ "Start": "b" }),
    ] {
        let mut last = last;
        last["At"] = json!("61s");
        timeline.push(last);
    }
    let worker = json!({ "Type": "Playground::Consumer", "Properties": {
        "Workers": 2, "ProcessingTime": takes(0.03), "FailureProbability": failing, "CrashProbability": failing / 4.0,
        "RestartAfterSeconds": 2
    } });
    let link = json!({ "Prefetch": prefetch });
    let mut document = document(
        broker,
        json!({
            "shop": { "Type": "Playground::Producer", "Properties": {
                "ArrivalProcess": { "Type": "Poisson", "Rate": 25 }, "StopAfterSeconds": 60
            } },
            "a": worker, "b": worker,
        }),
        &[
            ("shop", "broker", json!({ "RoutingKey": "queue" })),
            ("broker", "a", link.clone()),
            ("broker", "b", link),
        ],
    );
    document["Timeline"] = json!(timeline);
    document
}

fn there(world: &World) -> u64 {
    metric(world, "broker", MessageCount) + metric(world, "broker", TotalMessageCount)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    /// MQ-15, MQ-35, MQ-41 and MQ-42: with confirms and persistent messages all arrive, whatever breaks.
    #[test]
    fn what_was_sent_arrives_and_all_that_came_has_left_in_one_way(
        kind in 0..5_usize,
        prefetch in 0..30_u32,
        failing in prop_oneof![Just(0.0), Just(0.05)],
        timeline in prop::collection::vec(happening(), 0..12),
    ) {
        let document = troubled(kind, prefetch, failing, timeline);
        let mut world = world_of(&document);
        let mut at = 0.0;
        while at < 60.0 {
            at += 1.7;
            advance(&mut world, at);
            adds_up(&world);
        }
        advance(&mut world, 400.0);
        adds_up(&world);
        let [offered, accepted, lost] = metrics(&world, "shop", [MessagesOffered, MessagesAccepted, MessagesLost]);
        prop_assert_eq!((lost, accepted), (0, offered));
        let [done, moved, dropped] =
            metrics(&world, "broker", [DequeueCount, MessagesMovedToDeadLetterQueue, MessagesDropped]);
        prop_assert!(done + moved + dropped >= offered, "{} of {} are settled", done + moved + dropped, offered);
        prop_assert_eq!(there(&world), moved, "only dead letters are left");
        let processed = metric(&world, "a", MessagesProcessed) + metric(&world, "b", MessagesProcessed);
        prop_assert!(processed >= done);
    }

    /// MQ-15, MQ-17: with one worker nothing overtakes, whatever comes again.
    #[test]
    fn one_worker_sees_the_order_of_the_queue(
        kind in 0..5_usize,
        prefetch in 1..30_u32,
        timeline in prop::collection::vec(happening(), 0..8),
    ) {
        let mut document = troubled(kind, prefetch, 0.0, timeline);
        document["Resources"].as_object_mut().unwrap().remove("b");
        let links = document["Links"].as_array_mut().unwrap();
        links.retain(|link| link["To"] != "b");
        let timeline = document["Timeline"].as_array_mut().unwrap();
        timeline.retain(|entry| entry["Start"] != "b" && entry["Stop"] != "b");
        document["Resources"]["a"]["Properties"]["Workers"] = json!(1);
        let world = run(&document, 400.0);
        let [processed, again, out_of_order] =
            metrics(&world, "a", [MessagesProcessed, MessagesProcessedAgain, ProcessedOutOfOrder]);
        // Only what comes again is older than what was seen before it.
        prop_assert!(out_of_order <= again, "{} of {} again are out of order", out_of_order, again);
        prop_assert!(processed >= metric(&world, "shop", MessagesOffered));
    }
}
