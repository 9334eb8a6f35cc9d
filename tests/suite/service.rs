//! Services that are called and waited for (CMP-44 to CMP-46).

use messaging::MetricName::*;
use messaging::{Intervention, LogicalId, World};
use serde_json::{Value, json};

use super::support::{advance, metric, metrics, run, world_of};

/// A caller without retries, a service, and what more there is.
fn called(arrivals: Value, service: Value) -> Value {
    json!({
        "Resources": {
            "caller": {
                "Type": "Playground::Producer",
                "Properties": { "ArrivalProcess": arrivals, "RetryMode": "off" },
            },
            "service": { "Type": "Playground::Service", "Properties": service },
        },
        "Links": [{ "Type": "Playground::Send", "From": "caller", "To": "service" }],
    })
}

fn once(count: u32) -> Value {
    json!({ "Type": "AtOnce", "Count": count })
}

fn takes(seconds: f64) -> Value {
    json!({ "Distribution": "Constant", "Milliseconds": seconds * 1_000.0 })
}

fn outcome(world: &World) -> [u64; 3] {
    metrics(world, "service", [CallsServed, CallsRefused, CallsTimedOut])
}

#[test]
fn cmp_44_without_a_slot_a_call_is_refused_unless_it_may_wait() {
    for (waiting, expected) in [(0, [3, 7, 0]), (4, [7, 3, 0]), (100, [10, 0, 0])] {
        let service = json!({ "Slots": 3, "ServiceTime": takes(1.0), "AcceptQueue": waiting });
        let world = run(&called(once(10), service), 20.0);
        assert_eq!(outcome(&world), expected, "{waiting} may wait");
        let lost = metric(&world, "caller", MessagesLost);
        assert_eq!(lost, expected[1], "nobody else keeps them");
    }
}

#[test]
fn cmp_44_cmp_45_callers_give_up_and_what_has_a_slot_is_done_for_nobody() {
    let service = json!({ "Slots": 1, "ServiceTime": takes(4.0), "AcceptQueue": 10, "TimeoutSeconds": 6 });
    let mut world = world_of(&called(once(3), service));
    advance(&mut world, 5.0);
    assert_eq!(outcome(&world), [1, 0, 0]);
    advance(&mut world, 7.0);
    // The second had its slot for 2 s, the third still waited.
    assert_eq!(outcome(&world), [1, 0, 2]);
    assert_eq!(metrics(&world, "service", [BusySlots, CallsWaiting]), [1, 0], "the slot is not free");
    advance(&mut world, 9.0);
    assert_eq!(metric(&world, "service", BusySlots), 0);
    assert_eq!(outcome(&world), [1, 0, 2]);
}

/// SP-46: a service that is down takes all calls of that minute with it; a queue keeps them.
#[test]
fn cmp_46_failure_spreads_along_calls_and_not_through_a_queue() {
    let mut document = called(json!({ "Type": "Steady", "Rate": 2 }), json!({ "ServiceTime": takes(0.01) }));
    document["Resources"]["behind"] = json!({ "Type": "Playground::Service" });
    document["Resources"]["patient"] =
        json!({ "Type": "Playground::Service", "Properties": { "ServiceTime": takes(0.01) } });
    document["Resources"]["orders"] = json!({ "Type": "AWS::SQS::Queue" });
    document["Resources"]["crew"] = json!({ "Type": "Playground::Consumer" });
    let links = document["Links"].as_array_mut().expect("links");
    for (from, to) in [("service", "behind"), ("caller", "patient"), ("patient", "orders")] {
        links.push(json!({ "Type": "Playground::Send", "From": from, "To": to }));
    }
    links.push(json!({ "Type": "Playground::Poll", "From": "orders", "To": "crew" }));
    let mut world = world_of(&document);
    let both = |world: &mut World, what: fn(LogicalId) -> Intervention| {
        for name in ["behind", "crew"] {
            world.intervene(&what(LogicalId::from(name))).expect("both can");
        }
    };
    advance(&mut world, 59.9);
    both(&mut world, Intervention::Stop);
    advance(&mut world, 119.9);
    both(&mut world, Intervention::Start);
    advance(&mut world, 200.0);
    let failed = metric(&world, "service", CallsFailed);
    assert!(failed.abs_diff(120) <= 1, "{failed} of 120 calls failed");
    assert_eq!(metric(&world, "caller", MessagesLost), failed);
    assert_eq!(metrics(&world, "patient", [CallsFailed, CallsRefused, CallsTimedOut]), [0; 3]);
    let sent = metric(&world, "patient", CallsServed);
    assert!(sent.abs_diff(metric(&world, "crew", MessagesProcessed)) <= 2, "they waited, and were done");
}

/// CMP-62: a call within a Region takes a millisecond there and one back.
#[test]
fn cmp_44_cmp_62_a_caller_waits_for_the_service_and_the_way_and_its_slot_is_held() {
    let mut document = called(once(1), json!({ "Slots": 1, "ServiceTime": takes(0.0) }));
    document["Resources"]["behind"] =
        json!({ "Type": "Playground::Service", "Properties": { "ServiceTime": takes(2.0) } });
    let links = document["Links"].as_array_mut().expect("links");
    links.push(json!({ "Type": "Playground::Send", "From": "service", "To": "behind" }));
    let mut world = world_of(&document);
    advance(&mut world, 1.0);
    assert_eq!(metric(&world, "service", BusySlots), 1);
    advance(&mut world, 3.0);
    assert_eq!(metrics(&world, "service", [BusySlots, LongestWaitMilliseconds]), [0, 2_002]);
}

#[test]
fn cmp_45_a_service_that_goes_down_answers_at_once() {
    let service = json!({ "Slots": 2, "ServiceTime": takes(10.0), "AcceptQueue": 10 });
    let mut world = world_of(&called(once(4), service));
    advance(&mut world, 5.0);
    world.intervene(&Intervention::Stop(LogicalId::from("service"))).expect("a service can stop");
    assert_eq!(outcome(&world), [0, 4, 0]);
    world.intervene(&Intervention::Start(LogicalId::from("service"))).expect("a service can start");
    advance(&mut world, 60.0);
    assert_eq!(outcome(&world), [0, 4, 0], "nothing of before comes back");
}
