//! Every kind of resource against every fault: what it does to what the resource gets done, or why there is none.
//!
//! The match over kinds has no wildcard: a new service does not compile before somebody has said what can go wrong
//! with it.

use messaging::{Intervention, LogicalId, MetricName, ResourceKind};
use serde_json::{Value, json};

use super::support::{advance, metric, world_of};

/// A fault of a kind: there, with what it is done to; or not, with the reason.
#[derive(Clone, Copy)]
enum Fault {
    /// It can be done, and less is done for it.
    Less,
    /// It can be done, and what comes then fails there: the metric that says so.
    Fails(MetricName),
    /// It cannot be done, and why.
    No(&'static str),
}
use Fault::{Fails, Less, No};

/// Crash, slow, poison message, outage of a zone, link cut, throttle.
struct Row {
    crash: Fault,
    slow: Fault,
    poison: Fault,
    zone: Fault,
    cut: Fault,
    throttle: Fault,
    /// What it gets done, and where that is seen.
    done: (&'static str, MetricName),
    document: Value,
}

const REGIONAL: &str =
    "AWS runs it in several zones at once: nobody's crash or zone takes it away, a cut link does.";
const CARRIES: &str = "It carries a poison message as any other: it fails where it is processed.";
const NOT_CALLED: &str = "Nobody calls it: what it calls can be throttled.";
const HAS_A_SWITCH: &str = "What it has in hand is nothing: Stop takes it away and Start brings it back.";

const SERVED: (&str, &str) = ("shop", "it");

fn producer(rate: u32) -> Value {
    json!({ "Type": "Playground::Producer", "Properties": {
        "ArrivalProcess": { "Type": "Steady", "Rate": rate }, "RetryMode": "off", "AvailabilityZone": "eu-west-1a",
        "Keys": { "Prefix": "k", "Count": 10 },
    } })
}

fn workers() -> Value {
    json!({ "Type": "Playground::Consumer", "Properties": {
        "ProcessingTime": { "Distribution": "Constant", "Milliseconds": 50 }, "AvailabilityZone": "eu-west-1a",
    } })
}

/// A producer that sends ten messages a second to it, and what stands behind it.
fn fed(it: (&str, Value), behind: &[(&str, &str, Value)]) -> Value {
    let mut resources = json!({ "shop": producer(10), "it": { "Type": it.0, "Properties": it.1 } });
    let mut links = vec![json!({ "From": "shop", "To": "it" })];
    for (from, name, resource) in behind {
        resources[*name] = resource.clone();
        links.push(json!({ "From": from, "To": name }));
    }
    json!({ "Resources": resources, "Links": links })
}

/// The same, with a queue or a stream in front of it.
fn polled(source: &str, it: (&str, Value)) -> Value {
    json!({
        "Resources": {
            "shop": producer(10), "source": { "Type": source }, "it": { "Type": it.0, "Properties": it.1 },
        },
        "Links": [{ "From": "shop", "To": "source" }, { "From": "source", "To": "it" }],
    })
}

fn row(kind: ResourceKind) -> Row {
    use MetricName::*;
    let regional = |done, document| Row {
        crash: No(REGIONAL),
        slow: No(REGIONAL),
        poison: No(CARRIES),
        zone: No(REGIONAL),
        cut: Less,
        throttle: Less,
        done,
        document,
    };
    let queue = || json!({ "Type": "AWS::SQS::Queue" });
    match kind {
        ResourceKind::Producer => Row {
            crash: Less,
            slow: No("Its pace is its arrival process: set another rate."),
            poison: No("It makes the poison messages that fail elsewhere."),
            zone: Less,
            cut: Less,
            throttle: No(NOT_CALLED),
            done: ("shop", MessagesAccepted),
            document: json!({
                "Resources": { "shop": producer(10), "it": queue() }, "Links": [{ "From": "shop", "To": "it" }],
            }),
        },
        ResourceKind::Consumer => Row {
            crash: Less,
            slow: Less,
            poison: Fails(ProcessingFailures),
            zone: Less,
            cut: Less,
            throttle: No(NOT_CALLED),
            done: ("it", MessagesProcessed),
            document: polled("AWS::SQS::Queue", ("Playground::Consumer", workers()["Properties"].clone())),
        },
        ResourceKind::Topic => {
            let document = fed(("AWS::SNS::Topic", json!({})), &[("it", "orders", queue())]);
            regional(("orders", NumberOfMessagesSent), document)
        }
        ResourceKind::Queue => {
            let document = fed(("AWS::SQS::Queue", json!({})), &[("it", "crew", workers())]);
            regional(("crew", MessagesProcessed), document)
        }
        ResourceKind::Stream => {
            let document = fed(("AWS::Kinesis::Stream", json!({})), &[("it", "crew", workers())]);
            regional(("crew", MessagesProcessed), document)
        }
        ResourceKind::Broker => Row {
            crash: Less,
            slow: Less,
            poison: No(CARRIES),
            zone: Less,
            cut: Less,
            throttle: No(
                "A broker refuses nobody for being too fast: it lets publishers wait, as when it is slow (MQ-14).",
            ),
            done: ("crew", MessagesProcessed),
            document: fed(("AWS::AmazonMQ::Broker", json!({})), &[("it", "crew", workers())]),
        },
        ResourceKind::Database => Row {
            crash: No(HAS_A_SWITCH),
            slow: Less,
            poison: No(CARRIES),
            zone: Less,
            cut: Less,
            throttle: Less,
            done: ("it", WritesAccepted),
            document: fed(
                ("Playground::Database", json!({ "MaxConnections": 1, "AvailabilityZone": "eu-west-1a" })),
                &[],
            ),
        },
        ResourceKind::Endpoint => Row {
            crash: No(HAS_A_SWITCH),
            slow: Less,
            poison: No(
                "A delivery says nothing of what it holds: an endpoint fails as often as its settings say.",
            ),
            zone: No("It is somebody else's, wherever that is."),
            cut: Less,
            throttle: Less,
            done: ("it", DeliveriesAccepted),
            document: json!({
                "Resources": {
                    "shop": producer(10), "news": { "Type": "AWS::SNS::Topic" }, "it": { "Type": "Playground::Endpoint" },
                },
                "Links": [{ "From": "shop", "To": "news" }, { "From": "news", "To": "it" }],
            }),
        },
        ResourceKind::Function => Row {
            crash: No(
                "An environment is lost with every invocation that fails, and AWS starts another (CMP-26).",
            ),
            slow: Less,
            poison: Fails(ProcessingFailures),
            zone: No(REGIONAL),
            cut: Less,
            throttle: Less,
            done: ("it", MessagesProcessed),
            document: polled("AWS::SQS::Queue", ("AWS::Lambda::Function", json!({}))),
        },
        ResourceKind::Application => Row {
            crash: Less,
            slow: Less,
            poison: No("It reads fields of a record, and one that it cannot read counts as nothing (KDA-1)."),
            zone: No(REGIONAL),
            cut: Less,
            throttle: No(NOT_CALLED),
            done: ("it", NumRecordsIn),
            document: polled("AWS::Kinesis::Stream", ("AWS::KinesisAnalyticsV2::Application", json!({}))),
        },
        ResourceKind::VideoStream => {
            let mut document = fed(("AWS::KinesisVideo::Stream", json!({})), &[]);
            document["Resources"]["shop"] = producer(2);
            regional(("it", PutMediaIncomingFragments), document)
        }
        ResourceKind::Bucket => regional(("it", BytesUploaded), fed(("AWS::S3::Bucket", json!({})), &[])),
        ResourceKind::Service => Row {
            crash: Less,
            slow: Less,
            poison: No("A call holds up nobody behind it: what fails is answered and over (CMP-46)."),
            zone: Less,
            cut: Less,
            throttle: Less,
            done: ("it", CallsServed),
            document: fed(("Playground::Service", json!({ "AvailabilityZone": "eu-west-1a" })), &[]),
        },
        ResourceKind::Alarm => Row {
            slow: No("It looks at its metric when CloudWatch publishes it: set another period."),
            poison: No("No message comes to it."),
            throttle: No(NOT_CALLED),
            ..regional(
                ("it", AlarmsRaised),
                json!({
                    "Resources": {
                        "shop": producer(10), "orders": queue(),
                        "it": { "Type": "AWS::CloudWatch::Alarm", "Properties": { "Threshold": 500 } },
                    },
                    "Links": [{ "From": "shop", "To": "orders" }, { "From": "orders", "To": "it" }],
                }),
            )
        },
        ResourceKind::AutoScalingGroup => Row {
            crash: Less,
            slow: Less,
            poison: Fails(ProcessingFailures),
            zone: Less,
            cut: Less,
            throttle: No(NOT_CALLED),
            done: ("it", MessagesProcessed),
            document: polled("AWS::SQS::Queue", ("AWS::AutoScaling::AutoScalingGroup", json!({}))),
        },
        ResourceKind::DeliveryStream => {
            let document = fed(
                ("AWS::KinesisFirehose::DeliveryStream", json!({})),
                &[("it", "store", json!({ "Type": "AWS::S3::Bucket" }))],
            );
            regional(("it", IncomingRecords), document)
        }
    }
}

/// What is measured of a run of two minutes with what happens from its twentieth second on.
fn measured(row: &Row, timeline: &Value, of: (&str, MetricName)) -> u64 {
    let mut document = row.document.clone();
    document["Timeline"] = timeline.clone();
    let mut world = world_of(&document);
    advance(&mut world, 130.0);
    metric(&world, of.0, of.1)
}

/// The last link on the way to it, or the one it starts.
fn cut(row: &Row) -> Value {
    let links = row.document["Links"].as_array().expect("links");
    let link = links.iter().find(|link| link["To"] == SERVED.1).expect("a link to it");
    json!({ "CutLink": { "From": link["From"], "To": link["To"] } })
}

/// Issue of every service: crash, slow, poison message, outage of a zone, link cut, throttle (CMP-4, MQ-40).
#[test]
fn cmp_4_every_kind_has_every_fault_or_a_reason_why_not() {
    let mut wrong = Vec::new();
    for kind in ResourceKind::ALL {
        let row = row(*kind);
        let it = if *kind == ResourceKind::Producer { SERVED.0 } else { SERVED.1 };
        let faults = [
            ("Crash", row.crash, json!({ "Crash": it })),
            ("Slow", row.slow, json!({ "Slow": { "Of": it, "Factor": 5_000 } })),
            ("Poison", row.poison, json!({ "Poison": "shop" })),
            ("AvailabilityZoneOutage", row.zone, json!({ "AvailabilityZoneOutage": "eu-west-1a" })),
            ("CutLink", row.cut, cut(&row)),
            ("Throttle", row.throttle, json!({ "Throttle": { "Of": it, "CallsPerSecond": 0 } })),
        ];
        let usual = measured(&row, &json!([]), row.done);
        for (name, fault, mut happening) in faults {
            happening["At"] = json!("20s");
            // What has a word of its own for the kind is offered in the page, and nothing else is.
            let offered = kind.actions().any(|action| action == name);
            let own = ["Crash", "Slow", "Throttle"].contains(&name);
            match fault {
                No(reason) if reason.len() < 20 || !reason.ends_with('.') => {
                    wrong.push(format!("{kind:?}: {reason}"))
                }
                No(_) if own && offered => {
                    wrong.push(format!("{kind:?} has a reason not to {name}, and can"))
                }
                No(_) => {}
                _ if own && !offered => wrong.push(format!("{kind:?} is not offered {name}")),
                Less => {
                    let then = measured(&row, &json!([happening]), row.done);
                    if then >= usual {
                        wrong.push(format!(
                            "{name} of {kind:?}: {then} of {}, {usual} without",
                            row.done.1.name()
                        ));
                    }
                }
                Fails(metric) => {
                    let failures = measured(&row, &json!([happening]), (it, metric));
                    if failures == 0 || measured(&row, &json!([]), (it, metric)) > 0 {
                        wrong.push(format!("{name} of {kind:?}: {failures} of {}", metric.name()));
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// A crash loses what a service has in hand, and a stop only what waits; either way callers hear of it at once.
#[test]
fn cmp_44_a_service_that_crashes_loses_what_it_has_in_hand() {
    let document = |happening: &str| {
        json!({
            "Resources": {
                "shop": { "Type": "Playground::Producer", "Properties": {
                    "ArrivalProcess": { "Type": "AtOnce", "Count": 5 }, "RetryMode": "off"
                } },
                "it": { "Type": "Playground::Service", "Properties": {
                    "ServiceTime": { "Distribution": "Constant", "Milliseconds": 10_000 }
                } },
            },
            "Links": [{ "From": "shop", "To": "it" }],
            "Timeline": [{ "At": "5s", happening: "it" }, { "At": "6s", "Start": "it" }],
        })
    };
    for (happening, busy) in [("Stop", 5), ("Crash", 0)] {
        let mut world = world_of(&document(happening));
        advance(&mut world, 7.0);
        assert_eq!(metric(&world, "it", MetricName::CallsRefused), 5, "{happening}");
        assert_eq!(
            metric(&world, "it", MetricName::BusySlots),
            busy,
            "{happening}: what has a slot keeps it"
        );
        let send = Intervention::Send { from: LogicalId::from("shop"), count: 10 };
        world.intervene(&send).expect("it can send");
        advance(&mut world, 60.0);
        assert_eq!(metric(&world, "it", MetricName::CallsServed), 10 - busy, "{happening}");
    }
}

/// CMP-7: an alarm whose link is cut hears nothing of its metric any more.
#[test]
fn cmp_13_an_alarm_that_is_cut_off_has_insufficient_data() {
    let row = row(ResourceKind::Alarm);
    let mut document = row.document.clone();
    document["Timeline"] = json!([
        { "At": "2m", "CutLink": { "From": "orders", "To": "it" } }, { "At": "10m", "RestoreLink": { "From": "orders", "To": "it" } },
    ]);
    let mut world = world_of(&document);
    let state = |world: &messaging::World| metric(world, "it", MetricName::AlarmStateValue);
    advance(&mut world, 119.0);
    assert_eq!(state(&world), 1, "ALARM");
    advance(&mut world, 590.0);
    assert_eq!(state(&world), 2, "INSUFFICIENT_DATA");
    advance(&mut world, 900.0);
    assert_eq!(state(&world), 1, "ALARM again");
}
