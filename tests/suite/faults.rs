//! Faults that every service knows: throttles, zones that are lost, links that are cut.

use messaging::MetricName::*;
use messaging::{Intervention, ResourceKind};
use serde_json::{Value, json};

use super::support::{advance, code, metric, metrics, run, world_of};

fn document(timeline: Value, workers: Value) -> Value {
    json!({
        "Resources": {
            "shop": { "Type": "Playground::Producer", "Properties": {
                "ArrivalProcess": { "Type": "Steady", "Rate": 10 }, "StopAfterSeconds": 60
            } },
            "orders": { "Type": "AWS::SQS::Queue", "Properties": { "VisibilityTimeout": 20 } },
            "workers": workers,
        },
        "Links": [{ "From": "shop", "To": "orders" }, { "From": "orders", "To": "workers" }],
        "Timeline": timeline,
    })
}

fn consumer(zone: &str) -> Value {
    json!({ "Type": "Playground::Consumer", "Properties": {
        "AvailabilityZone": zone, "ProcessingTime": { "Distribution": "Constant", "Milliseconds": 50 }
    } })
}

/// SQS-160: a throttled service refuses with its own word, and SDKs try again.
#[test]
fn a_throttled_queue_refuses_what_is_too_much_until_the_throttle_ends() {
    let timeline = json!([
        { "At": "10s", "Throttle": { "Of": "orders", "CallsPerSecond": 2 } }, { "At": "20s", "Throttle": { "Of": "orders" } },
    ]);
    let mut world = world_of(&document(timeline, consumer("eu-west-1a")));
    advance(&mut world, 9.9);
    assert_eq!(metric(&world, "shop", MessagesRefused), 0);
    advance(&mut world, 20.0);
    let refused = metric(&world, "shop", MessagesRefused);
    assert!(refused > 50, "{refused}");
    advance(&mut world, 60.0);
    let later = metric(&world, "shop", MessagesRefused);
    assert!(later <= refused + 5, "{later}: it is over");
}

#[test]
fn every_service_has_its_own_word_for_too_many_calls() {
    let words: Vec<_> = ResourceKind::ALL
        .iter()
        .filter_map(|kind| Some((*kind, kind.throttling()?.as_service_error().code(), kind.throttling()?)))
        .collect();
    assert!(words.len() >= 10, "{words:?}");
    for (kind, word, error) in words {
        assert!(error.as_service_error().is_throttling(), "{kind:?}: {word}");
        assert!(kind.actions().any(|action| action == "Throttle"), "{kind:?}");
    }
    let mut world = world_of(&document(json!([]), consumer("eu-west-1a")));
    let none = Intervention::Throttle { of: "orders".into(), calls_per_second: Some(0) };
    world.intervene(&none).unwrap();
    let answer = super::support::call(&mut world, "orders", messaging::sqs::Request::PurgeQueue, Vec::new());
    assert_eq!(code(&answer), Some("RequestThrottled"));
}

/// CMP-4: what runs in a zone is lost with it, and what AWS calls regional stays.
#[test]
fn a_lost_zone_takes_the_clients_in_it_and_leaves_the_queue() {
    let timeline = json!([
        { "At": "10s", "AvailabilityZoneOutage": "eu-west-1a" }, { "At": "40s", "AvailabilityZoneRecovery": "eu-west-1a" },
    ]);
    for (zone, stopped) in [("eu-west-1a", true), ("eu-west-1b", false)] {
        let mut world = world_of(&document(timeline.clone(), consumer(zone)));
        advance(&mut world, 39.0);
        assert_eq!(metric(&world, "orders", NumberOfMessagesSent), 390);
        assert_eq!(metric(&world, "workers", MessagesProcessed) < 110, stopped, "{zone}");
        advance(&mut world, 200.0);
        assert_eq!(metric(&world, "orders", NumberOfMessagesDeleted), 600);
    }
}

/// CMP-22: instances are spread over zones, and those that are left take the place of the lost.
#[test]
fn a_group_launches_elsewhere_what_a_lost_zone_has_taken() {
    let group = json!({ "Type": "AWS::AutoScaling::AutoScalingGroup", "Properties": {
        "MinSize": 3, "MaxSize": 3, "DesiredCapacity": 3, "AvailabilityZones": 3
    } });
    let timeline = json!([{ "At": "30s", "AvailabilityZoneOutage": "eu-west-1a" }]);
    let mut quiet = document(timeline, group);
    quiet["Resources"]["shop"]["Properties"]["StopAfterSeconds"] = json!(1);
    let world = run(&quiet, 600.0);
    let [launched, gone, in_service] =
        metrics(&world, "workers", [InstancesLaunched, InstancesTerminated, GroupInServiceInstances]);
    assert_eq!((launched, gone, in_service), (4, 1, 3));
}
