//! Buckets: objects, event rules and their overlap, notifications (CMP-47 to CMP-54, CMP-64).

use messaging::MetricName::*;
use messaging::identifiers::LogicalId;
use messaging::{Intervention, World, s3};
use scenario::{new_link, parse_value};
use serde_json::{Value, json};

use super::support::{advance, call, code, edit, entry, entry_with, metric, metrics, place, run, world_of};

/// A bucket that notifies at once, with a rule for each of the queues.
fn bucket(rules: &[(&str, Value)]) -> Value {
    let delay = json!({ "Distribution": "Constant", "Milliseconds": 1_000 });
    let mut document = json!({
        "Resources": { "bucket": { "Type": "AWS::S3::Bucket", "Properties": { "NotificationDelay": delay } } },
        "Links": [],
    });
    for (queue, rule) in rules {
        document["Resources"][queue] = json!({ "Type": "AWS::SQS::Queue" });
        let link = json!({
            "Type": "AWS::S3::NotificationConfiguration", "From": "bucket", "To": queue, "Properties": rule
        });
        document["Links"].as_array_mut().unwrap().push(link);
    }
    document
}

/// What the document is refused for, each with its place.
fn faults(document: &Value) -> Vec<(String, String)> {
    let mut document = document.clone();
    document["Version"] = json!(1);
    let found = scenario::validate(&parse_value(&document).scenario);
    found.iter().map(|fault| (fault.pointer.to_string(), fault.message.clone())).collect()
}

fn put(world: &mut World, key: &str) -> Option<&'static str> {
    let key = (!key.is_empty()).then_some(key);
    let object = entry(world, "content", key, None);
    code(&call(world, "bucket", s3::Request::PutObject(s3::Content::Message), vec![object]))
}

#[test]
fn sp_92_cmp_49_the_second_rule_of_an_event_and_prefix_is_refused_where_it_stands() {
    let images = json!({ "Prefix": "images/" });
    assert_eq!(faults(&bucket(&[("q1", images.clone())])), []);
    let refused = faults(&bucket(&[("q1", images.clone()), ("q2", images)]));
    assert_eq!(refused.len(), 1, "{refused:?}");
    assert_eq!(refused[0].0, "/Links/1");
    assert!(refused[0].1.starts_with("Configurations overlap."), "{refused:?}");
    // Suffixes or prefixes of their own are fine.
    let jpg = json!({ "Prefix": "images/", "Suffix": ".jpg" });
    let png = json!({ "Prefix": "images/", "Suffix": ".png" });
    assert_eq!(faults(&bucket(&[("q1", jpg), ("q2", png)])), []);
}

#[test]
fn sp_92_a_second_rule_cannot_be_drawn_and_the_reason_is_told() {
    let drawn = |rule: Value| {
        let mut document = bucket(&[("q1", rule)]);
        document["Version"] = json!(1);
        document["Resources"]["q2"] = json!({ "Type": "AWS::SQS::Queue" });
        let scenario = parse_value(&document).scenario;
        new_link(&scenario, &LogicalId::from("bucket"), &LogicalId::from("q2"))
    };
    let refusal = drawn(json!({})).unwrap_err();
    assert!(refusal.reason.contains("(CMP-49)") && refusal.hint.unwrap().contains("topic"));
    // Beside a rule with a prefix a new one gets a prefix of its own.
    let fresh = serde_json::to_value(drawn(json!({ "Prefix": "images/" })).unwrap()).unwrap();
    assert_eq!(fresh, json!({ "Prefix": "q2/" }));
}

#[test]
fn cmp_47_fifo_topics_and_queues_are_refused() {
    for (kind, properties) in
        [("AWS::SQS::Queue", json!({ "FifoQueue": true })), ("AWS::SNS::Topic", json!({ "FifoTopic": true }))]
    {
        let mut document = bucket(&[]);
        document["Resources"]["to.fifo"] = json!({ "Type": kind, "Properties": properties });
        document["Links"] = json!([
            { "Type": "AWS::S3::NotificationConfiguration", "From": "bucket", "To": "to.fifo" }
        ]);
        assert!(faults(&document)[0].1.contains("standard queues and topics only"), "{kind}");
    }
}

#[test]
fn cmp_48_events_go_where_their_type_prefix_and_suffix_lead() {
    let document = bucket(&[
        ("images", json!({ "Event": "s3:ObjectCreated:Put", "Prefix": "images/" })),
        ("copies", json!({ "Event": "s3:ObjectCreated:Copy", "Prefix": "images/" })),
        ("removed", json!({ "Event": "s3:ObjectRemoved:*" })),
        ("pdf", json!({ "Prefix": "documents/", "Suffix": ".pdf" })),
    ]);
    let mut world = world_of(&document);
    for key in ["images/cat.jpg", "images/dog.jpg", "documents/a.pdf", "documents/a.txt", ""] {
        assert_eq!(put(&mut world, key), None);
    }
    advance(&mut world, 2.0);
    let sent = |world: &World| {
        ["images", "copies", "removed", "pdf"].map(|of| metric(world, of, NumberOfMessagesSent))
    };
    assert_eq!(sent(&world), [2, 0, 0, 1]);
    // Removing them is an event of its own.
    world.intervene(&Intervention::Purge(LogicalId::from("bucket"))).unwrap();
    assert_eq!(metrics(&world, "bucket", [NumberOfObjects, BucketSizeBytes]), [0, 0]);
    advance(&mut world, 4.0);
    assert_eq!(sent(&world), [2, 0, 5, 1]);
}

#[test]
fn cmp_52_an_event_names_bucket_key_and_size_and_a_new_rule_sends_a_test_event() {
    let document = bucket(&[("all", json!({}))]);
    let mut world = world_of(&document);
    put(&mut world, "images/Happy Face.jpg");
    advance(&mut world, 1.1);
    let last = |world: &mut World| {
        let receive = messaging::sqs::Request::ReceiveMessage {
            max_number_of_messages: 10,
            wait_time_seconds: Some(0),
            visibility_timeout: None,
            receive_request_attempt_id: None,
        };
        let received = call(world, "all", receive, vec![]);
        let message = received.entries.last().expect("an event").message;
        serde_json::from_str::<Value>(&world.catalogue().payload(message.payload).body).unwrap()
    };
    let record = last(&mut world)["Records"][0].clone();
    assert_eq!(record["eventName"], "ObjectCreated:Put");
    assert_eq!(record["s3"]["bucket"]["name"], "bucket");
    let object = &record["s3"]["object"];
    assert_eq!((&object["key"], &object["size"]), (&json!("images/Happy+Face.jpg"), &json!(7)));
    assert!(object["sequencer"].is_string() && object["eTag"].is_string());
    // Rules that stood there when the run began were saved before it: no test event yet.
    assert_eq!(metric(&world, "all", NumberOfMessagesSent), 1);
    let mut changed = document.clone();
    changed["Links"][0]["Properties"] = json!({ "Prefix": "images/" });
    edit(&mut world, &changed);
    advance(&mut world, 2.0);
    assert_eq!(last(&mut world)["Event"], "s3:TestEvent");
}

#[test]
fn cmp_51_events_come_at_least_once_and_in_any_order() {
    let mut document = bucket(&[("all", json!({}))]);
    document["Resources"]["bucket"]["Properties"] = json!({ "DuplicateNotificationProbability": 0.5 });
    document["Resources"]["uploads"] = json!({
        "Type": "Playground::Producer",
        "Properties": { "ArrivalProcess": { "Type": "Steady", "Rate": 100 }, "MaxMessages": 2_000 },
    });
    document["Resources"]["worker"] =
        json!({ "Type": "Playground::Consumer", "Properties": { "Workers": 20 } });
    for (from, to) in [("uploads", "bucket"), ("all", "worker")] {
        document["Links"].as_array_mut().unwrap().push(json!({ "From": from, "To": to }));
    }
    // The queue is down for a while: nothing is lost.
    document["Timeline"] = json!([
        { "At": "5s", "CutLink": { "From": "bucket", "To": "all" } },
        { "At": "12s", "RestoreLink": { "From": "bucket", "To": "all" } },
    ]);
    let world = run(&document, 300.0);
    assert_eq!(metrics(&world, "bucket", [EventNotifications, MessagesLost]), [2_000, 0]);
    let sent = metric(&world, "all", NumberOfMessagesSent);
    assert!((2_900..3_100).contains(&sent), "{sent}");
    // Events overtake each other: the default delay is a second, and ten for one in a hundred.
    let overtaken = metric(&world, "worker", ProcessedOutOfOrder);
    assert!(overtaken > 500, "{overtaken}");
}

/// ACC-18: S3 tries the destination before it saves the rule.
#[test]
fn cmp_53_acc_18_acc_t13_a_rule_to_a_destination_without_permission_is_refused() {
    let policy = |principal: &str| {
        json!({ "Statement": [{
            "Effect": "Allow", "Principal": { "Service": principal }, "Action": "sqs:SendMessage",
            "Resource": "*", "Condition": { "ArnLike": { "aws:SourceArn": "arn:aws:s3:::bucket" } },
        }] })
    };
    let mut document = bucket(&[("all", json!({}))]);
    document["Resources"]["all"]["Properties"] = json!({ "Policy": policy("sns.amazonaws.com") });
    let refused = faults(&document);
    assert!(refused[0].1.starts_with("Unable to validate the following destination configurations"));
    document["Resources"]["all"]["Properties"] = json!({ "Policy": policy("s3.amazonaws.com") });
    assert_eq!(faults(&document), []);
    // And with it the events arrive.
    let mut world = world_of(&document);
    put(&mut world, "a");
    advance(&mut world, 2.0);
    assert_eq!(metric(&world, "all", NumberOfMessagesSent), 1);
}

#[test]
fn cmp_53_events_to_a_queue_that_refuses_are_lost_and_nobody_hears_of_it() {
    let mut document = bucket(&[("all", json!({}))]);
    document["Resources"]["all"]["Properties"] = json!({ "KmsMasterKeyId": "alias/aws/sqs" });
    let mut world = world_of(&document);
    put(&mut world, "a");
    advance(&mut world, 60.0);
    assert_eq!(metric(&world, "all", NumberOfMessagesSent), 0);
    assert_eq!(metrics(&world, "bucket", [PutRequests, MessagesLost, Errors4xx]), [1, 1, 0]);
    let problem = world.node_state(place(&world, "bucket")).unwrap().problem.unwrap();
    assert_eq!(problem.title, "Events were lost");
}

/// CMP-P3: one object, three receivers.
#[test]
fn cmp_50_many_receivers_of_one_event_hang_on_a_topic() {
    let mut document = bucket(&[]);
    document["Resources"]["topic"] = json!({ "Type": "AWS::SNS::Topic" });
    document["Links"] =
        json!([{ "Type": "AWS::S3::NotificationConfiguration", "From": "bucket", "To": "topic" }]);
    for (name, kind) in
        [("q1", "AWS::SQS::Queue"), ("q2", "AWS::SQS::Queue"), ("function", "AWS::Lambda::Function")]
    {
        document["Resources"][name] = json!({ "Type": kind });
        document["Links"].as_array_mut().unwrap().push(json!({ "From": "topic", "To": name }));
    }
    let mut world = world_of(&document);
    put(&mut world, "a");
    advance(&mut world, 10.0);
    let received = ["q1", "q2"].map(|queue| metric(&world, queue, NumberOfMessagesSent));
    assert_eq!((received, metric(&world, "function", MessagesProcessed)), ([1, 1], 1));
}

#[test]
fn cmp_54_a_loop_is_stopped_after_a_hundred_generations() {
    let document = json!({
        "Resources": {
            "bucket": { "Type": "AWS::S3::Bucket" },
            "resize": { "Type": "AWS::Lambda::Function" },
        },
        "Links": [
            { "Type": "AWS::S3::NotificationConfiguration", "From": "bucket", "To": "resize" },
            { "Type": "Playground::Send", "From": "resize", "To": "bucket" },
        ],
    });
    // The document warns of it.
    assert!(faults(&document)[0].1.starts_with("Messages can go round"));
    let mut world = world_of(&document);
    put(&mut world, "");
    advance(&mut world, 3_600.0);
    assert_eq!(metric(&world, "bucket", NumberOfObjects), 100);
    let problem = world.node_state(place(&world, "bucket")).unwrap().problem.unwrap();
    assert_eq!(problem.title, "Objects go round in a loop");
}

#[test]
fn cmp_64_a_prefix_takes_so_many_writes_a_second() {
    let mut world = world_of(&bucket(&[]));
    let refused = |world: &mut World, key: &str| (0..3_600).filter(|_| put(world, key).is_some()).count();
    assert_eq!(refused(&mut world, "a/1"), 100);
    assert_eq!(put(&mut world, "a/2"), Some("SlowDown"));
    // Another prefix has its own, and so has the next second.
    assert_eq!(refused(&mut world, "b/1"), 100);
    advance(&mut world, 1.0);
    assert_eq!(put(&mut world, "a/2"), None);
    assert_eq!(metric(&world, "bucket", Errors5xx), 201);
}

#[test]
fn an_object_of_the_same_key_is_written_over() {
    let mut world = world_of(&bucket(&[]));
    for (key, bytes) in [("a", 10), ("a", 30), ("b", 5)] {
        let payload = messaging::message::Payload::new("", Default::default(), bytes);
        let object = entry_with(&mut world, payload, Some(key), None);
        call(&mut world, "bucket", s3::Request::PutObject(s3::Content::Message), vec![object]);
    }
    let figures = [NumberOfObjects, BucketSizeBytes, BytesUploaded];
    assert_eq!(metrics(&world, "bucket", figures), [2, 35, 45]);
    let state = world.node_state(place(&world, "bucket")).unwrap();
    assert!(format!("{:?}", state.instruments).contains("last key: b"));
}

#[test]
fn acc_16_the_bucket_policy_denies_and_a_bucket_that_is_down_answers_503() {
    let mut document = bucket(&[]);
    document["Resources"]["bucket"]["Properties"]["Policy"] = json!({ "Statement": [
        { "Effect": "Deny", "Principal": "*", "Action": "s3:PutObject", "Resource": "arn:aws:s3:::bucket/*" }
    ] });
    assert_eq!(put(&mut world_of(&document), "a"), Some("AccessDenied"));
    let mut world = world_of(&bucket(&[]));
    world.intervene(&Intervention::Stop(LogicalId::from("bucket"))).unwrap();
    assert_eq!(put(&mut world, "a"), Some("ServiceUnavailable"));
    world.intervene(&Intervention::Start(LogicalId::from("bucket"))).unwrap();
    assert_eq!(put(&mut world, "a"), None);
}
