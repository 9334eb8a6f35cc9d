//! Endpoints: what they answer a topic, when, and what SNS may try again (SNS-40 to SNS-65, SNS-112, SNS-140).

use messaging::MetricName::*;
use messaging::call::Call;
use messaging::{LogicalId, World, endpoint};
use scenario::{link_refusal, parse_value};
use serde_json::{Value, json};

use super::support::{advance, entry, metrics, place, world_of};

fn endpoint(properties: Value) -> World {
    world_of(&json!({
        "Resources": { "endpoint": { "Type": "Playground::Endpoint", "Properties": properties } },
    }))
}

/// A delivery that sets out now.
fn deliver(world: &mut World) {
    let to = place(world, "endpoint");
    let entry = entry(world, "hello", None, None);
    world.call_from_outside(to, endpoint::Request::Notification.into(), [entry].into_iter().collect(), 0);
}

/// The code of the refusal, whether SNS may try again, and the status; `None` for a delivery that was taken.
fn refusal(call: &Call) -> Option<(&'static str, bool, u16)> {
    let error = call.result.and_then(Result::err)?;
    let error = error.as_service_error();
    Some((error.code(), error.is_retryable(), error.http_status()))
}

/// The answer to a delivery, and the second at which it came.
fn answer(world: &mut World, within_seconds: u32) -> (Option<(&'static str, bool, u16)>, f64) {
    world.take_answers();
    let start = world.now().as_secs_f64();
    deliver(world);
    for millisecond in 0..=within_seconds * 1_000 {
        advance(world, start + f64::from(millisecond) / 1_000.0);
        if let Some(call) = world.take_answers().pop() {
            return (refusal(&call), world.now().as_secs_f64() - start);
        }
    }
    panic!("no answer within {within_seconds} s");
}

#[test]
fn sns_140_server_side_errors_may_be_tried_again_and_client_side_errors_not() {
    for (status, expected) in [
        (200, None),
        (204, None),
        (301, Some(("EndpointClientError", false, 301))),
        (400, Some(("EndpointClientError", false, 400))),
        (404, Some(("EndpointClientError", false, 404))),
        (429, Some(("TooManyRequests", true, 429))),
        (500, Some(("EndpointServerError", true, 500))),
        (503, Some(("EndpointServerError", true, 503))),
    ] {
        let mut world = endpoint(json!({ "StatusCode": status }));
        assert_eq!(answer(&mut world, 1), (expected, 0.05), "{status}");
        let refused = u64::from(expected.is_some());
        let counted = metrics(&world, "endpoint", [DeliveriesAccepted, DeliveriesRefused]);
        assert_eq!(counted, [1 - refused, refused], "{status}");
    }
}

#[test]
fn sns_65_a_web_server_has_fifteen_seconds_to_answer() {
    let slow = |protocol: &str, milliseconds: u32| {
        let time = json!({ "Distribution": "Constant", "Milliseconds": milliseconds });
        answer(&mut endpoint(json!({ "Protocol": protocol, "ResponseTime": time })), 40)
    };
    let timed_out = (Some(("EndpointTimedOut", true, 504)), 15.0);
    for protocol in ["http", "https"] {
        assert_eq!(slow(protocol, 15_000), (None, 15.0));
        assert_eq!(slow(protocol, 15_001), timed_out);
        assert_eq!(slow(protocol, 40_000), timed_out);
    }
    // An e-mail takes as long as it takes.
    assert_eq!(slow("email", 40_000), (None, 40.0));
}

#[test]
fn sns_46_who_has_to_confirm_and_when_it_does() {
    for (protocol, needs) in [
        ("http", true),
        ("https", true),
        ("email", true),
        ("email-json", true),
        ("sms", false),
        ("application", false),
    ] {
        let protocol: endpoint::Protocol = serde_json::from_value(json!(protocol)).unwrap();
        assert_eq!(protocol.of_subscription().needs_confirmation(), needs, "{protocol:?}");
        assert_eq!(json!(protocol), json!(protocol.of_subscription().name()));
    }
    let mut world = endpoint(json!({ "Protocol": "email", "ConfirmAfterSeconds": 90 }));
    let to = place(&world, "endpoint");
    world.call_from_outside(to, endpoint::Request::SubscriptionConfirmation.into(), Default::default(), 0);
    advance(&mut world, 89.9);
    assert!(world.take_answers().is_empty());
    advance(&mut world, 90.0);
    let answers = world.take_answers();
    assert_eq!(answers[0].result, Some(Ok(endpoint::Response::Confirmed.into())));
    assert_eq!(metrics(&world, "endpoint", [SubscriptionsConfirmed, DeliveriesAccepted]), [1, 0]);
}

#[test]
fn sns_140_an_endpoint_that_is_down_may_be_tried_again() {
    let mut world = world_of(&json!({
        "Resources": { "endpoint": { "Type": "Playground::Endpoint" } },
        "Timeline": [{ "At": "10s", "Stop": "endpoint" }, { "At": "20s", "Start": "endpoint" }],
    }));
    assert_eq!(answer(&mut world, 1).0, None);
    // What was under way when it went down is lost, too.
    advance(&mut world, 9.99);
    assert_eq!(answer(&mut world, 1).0, Some(("EndpointUnreachable", true, 503)));
    advance(&mut world, 12.0);
    assert_eq!(answer(&mut world, 1), (Some(("EndpointUnreachable", true, 503)), 0.0));
    advance(&mut world, 20.0);
    assert_eq!(answer(&mut world, 1).0, None);
}

#[test]
fn sns_112_an_app_that_is_disabled_is_a_client_side_error() {
    let mut world = endpoint(json!({ "Protocol": "application", "Enabled": false }));
    assert_eq!(answer(&mut world, 1).0, Some(("EndpointDisabled", false, 400)));
}

#[test]
fn more_than_it_takes_in_a_second_is_answered_with_429() {
    let mut world = endpoint(json!({ "MaxRequestsPerSecond": 3 }));
    for _ in 0..5 {
        deliver(&mut world);
    }
    advance(&mut world, 1.5);
    assert_eq!(metrics(&world, "endpoint", [DeliveriesAccepted, DeliveriesRefused]), [3, 2]);
    assert_eq!(answer(&mut world, 1).0, None);
}

#[test]
fn a_share_of_the_answers_is_of_the_other_status() {
    let mut world = endpoint(json!({ "FailureProbability": 0.25, "FailureStatusCode": 400 }));
    for _ in 0..4_000 {
        deliver(&mut world);
    }
    advance(&mut world, 1.0);
    let [accepted, refused] = metrics(&world, "endpoint", [DeliveriesAccepted, DeliveriesRefused]);
    assert_eq!(accepted + refused, 4_000);
    assert!((900..1_100).contains(&refused), "{refused}");
}

/// SP-79: a standard topic pushes to endpoints; a FIFO topic does not (SNS-44).
#[test]
fn sns_44_who_may_be_linked_to_an_endpoint() {
    let scenario = parse_value(&json!({ "Version": 1, "Resources": {
        "topic": { "Type": "AWS::SNS::Topic" },
        "topic.fifo": { "Type": "AWS::SNS::Topic", "Properties": { "FifoTopic": true } },
        "producer": { "Type": "Playground::Producer" },
        "consumer": { "Type": "Playground::Consumer" },
        "queue": { "Type": "AWS::SQS::Queue" },
        "stream": { "Type": "AWS::Kinesis::Stream" },
        "endpoint": { "Type": "Playground::Endpoint" },
    } }))
    .scenario;
    let refusal = |from: &str| {
        let of = |name: &str| scenario.resources.get(&LogicalId::from(name)).unwrap();
        link_refusal(of(from), of("endpoint")).map(|refusal| refusal.reason)
    };
    assert_eq!(refusal("topic"), None);
    assert_eq!(refusal("topic.fifo").unwrap(), "A FIFO topic delivers to SQS queues only (SNS-44).");
    for from in ["producer", "consumer", "queue", "stream", "endpoint"] {
        assert!(refusal(from).is_some(), "{from}");
    }
    // Phones and apps can be published to without a topic (SNS-20, SNS-110).
    for (protocol, allowed) in [("sms", true), ("application", true), ("email", false), ("http", false)] {
        let document = json!({ "Version": 1, "Resources": {
            "producer": { "Type": "Playground::Producer" },
            "endpoint": { "Type": "Playground::Endpoint", "Properties": { "Protocol": protocol } },
        } });
        let resources = parse_value(&document).scenario.resources;
        let of = |name: &str| resources.get(&LogicalId::from(name)).unwrap();
        assert_eq!(link_refusal(of("producer"), of("endpoint")).is_none(), allowed, "{protocol}");
    }
}

/// The endpoint says what is wrong and whether SNS tries again.
#[test]
fn a_problem_says_whose_fault_it_is() {
    let problem = |properties: Value| {
        let mut world = endpoint(properties);
        deliver(&mut world);
        advance(&mut world, 0.5);
        world.node_state(place(&world, "endpoint")).unwrap().problem
    };
    assert_eq!(problem(json!({})), None);
    let client = problem(json!({ "StatusCode": 403 })).unwrap();
    assert!(client.text.contains("does not try again (SNS-140)"), "{}", client.text);
    assert_eq!(client.remedies[0].set.as_ref().unwrap().1, "StatusCode");
    let server = problem(json!({ "StatusCode": 500 })).unwrap();
    assert!(server.text.contains("tries again by its retry policy (SNS-142)"), "{}", server.text);
}
