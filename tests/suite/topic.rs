//! Topics: publishing, fan-out, filtering, delivery and its failures, FIFO topics, quotas (SNS-1 to SNS-171).

use messaging::MetricName::*;
use messaging::call::{Call, Entry};
use messaging::message::Payload;
use messaging::message_attributes::{MessageAttributeValue, MessageAttributes};
use messaging::trace::TraceKind;
use messaging::{World, sns, sqs};
use serde_json::{Value, json};

use super::support::{advance, call, code, edit, entry, entry_with, metric, metrics, run, world_of};

const TOPIC: &str = "arn:aws:sns:eu-west-1:123456789012:topic";

/// A topic, its subscriptions by queue name, and a producer unless `producer` is null.
fn topic(producer: Value, subscriptions: Value) -> Value {
    named_topic("topic", json!({}), producer, subscriptions)
}

fn fifo_topic(properties: Value, producer: Value, subscriptions: Value) -> Value {
    let mut properties = properties;
    properties["FifoTopic"] = json!(true);
    named_topic("topic.fifo", properties, producer, subscriptions)
}

fn named_topic(name: &str, properties: Value, producer: Value, subscriptions: Value) -> Value {
    let mut document = json!({
        "Resources": { name: { "Type": "AWS::SNS::Topic", "Properties": properties } },
        "Links": [],
    });
    let mut links = Vec::new();
    if !producer.is_null() {
        document["Resources"]["producer"] = json!({ "Type": "Playground::Producer", "Properties": producer });
        links.push(json!({ "Type": "Playground::Send", "From": "producer", "To": name }));
    }
    for (queue, subscription) in subscriptions.as_object().expect("subscriptions by queue") {
        let fifo = json!({ "FifoQueue": queue.ends_with(".fifo") });
        document["Resources"][queue] = json!({ "Type": "AWS::SQS::Queue", "Properties": fifo });
        links.push(json!({
            "Type": "AWS::SNS::Subscription", "From": name, "To": queue, "Properties": subscription
        }));
    }
    document["Links"] = json!(links);
    document
}

/// So many messages at the start.
fn at_once(count: u32) -> Value {
    json!({ "ArrivalProcess": { "Type": "AtOnce", "Count": count } })
}

/// So many messages a second for some seconds, each tried once.
fn flow(rate: u32, seconds: u32, groups: u32) -> Value {
    json!({
        "ArrivalProcess": { "Type": "Steady", "Rate": rate }, "StopAfterSeconds": seconds, "RetryMode": "off",
        "Keys": { "Prefix": "g", "Count": groups },
    })
}

fn publish(world: &mut World, topic: &str, entry: Entry) -> Call {
    call(world, topic, sns::Request::Publish, vec![entry])
}

/// Receives up to ten messages.
fn receive(world: &mut World, queue: &str) -> Vec<Entry> {
    let request = sqs::Request::ReceiveMessage {
        max_number_of_messages: 10,
        wait_time_seconds: Some(20),
        visibility_timeout: None,
        receive_request_attempt_id: None,
    };
    call(world, queue, request, Vec::new()).entries.to_vec()
}

/// What a received message carries.
fn payload(world: &World, entry: &Entry) -> Payload {
    world.catalogue().payload(entry.message.payload).clone()
}

fn sent(world: &World, queue: &str) -> u64 {
    metric(world, queue, NumberOfMessagesSent)
}

fn attributes(count: usize) -> MessageAttributes {
    (0..count).map(|number| (format!("a{number}"), MessageAttributeValue::string("x"))).collect()
}

#[test]
fn sp_86_sns_67_every_queue_gets_a_copy_of_every_message() {
    for queues in [1, 2, 10] {
        let subscriptions: Value = (0..queues).map(|queue| (format!("q{queue}"), json!({}))).collect();
        let world = run(&topic(at_once(100), subscriptions), 10.0);
        for queue in 0..queues {
            assert_eq!(sent(&world, &format!("q{queue}")), 100);
        }
        let delivered = metric(&world, "topic", NumberOfNotificationsDelivered);
        assert_eq!((metric(&world, "topic", NumberOfMessagesPublished), delivered), (100, 100 * queues));
    }
}

#[test]
fn sns_7_without_subscriptions_a_message_is_accepted_and_gone() {
    let world = run(&topic(at_once(5), json!({})), 10.0);
    assert_eq!(metrics(&world, "topic", [NumberOfMessagesPublished, NumberOfNotificationsDelivered]), [5, 0]);
    assert_eq!(metric(&world, "producer", MessagesLost), 0);
}

#[test]
fn sns_8_sp_89_a_queue_that_subscribes_later_sees_no_earlier_message() {
    let producer = json!({ "ArrivalProcess": { "Type": "Steady", "Rate": 10 }, "MaxMessages": 100 });
    let mut world = world_of(&topic(producer.clone(), json!({ "a": {}, "b": {} })));
    advance(&mut world, 4.95);
    edit(&mut world, &topic(producer, json!({ "a": {}, "b": {}, "c": {} })));
    advance(&mut world, 60.0);
    assert_eq!(["a", "b", "c"].map(|queue| sent(&world, queue)), [100, 100, 50]);
}

#[test]
fn sp_97_sp_98_filter_policies_share_out_the_orders_by_state() {
    let state = |state: &str, weight: u32| json!({ "Attributes": { "state": { "Type": "String", "Value": state } }, "Weight": weight });
    let mut producer = at_once(60);
    producer["Messages"] = json!([state("placed", 3), state("cancelled", 2), state("declined", 1)]);
    let wants = |state: &str| json!({ "FilterPolicy": { "state": [state] } });
    let subscriptions = json!({
        "placed": wants("placed"), "cancelled": wants("cancelled"), "declined": wants("declined"), "all": {}
    });
    let world = run(&topic(producer, subscriptions), 10.0);
    let counts = ["placed", "cancelled", "declined", "all"].map(|queue| sent(&world, queue));
    assert_eq!(counts, [30, 20, 10, 60]);
    // Each copy that was filtered out counts once, and once under its reason (SNS-255).
    let filtered = [NumberOfNotificationsFilteredOut, NumberOfNotificationsFilteredOutMessageAttributes];
    assert_eq!(metrics(&world, "topic", filtered), [120, 120]);
}

#[test]
fn sns_213_sns_238_what_cannot_be_filtered_is_filtered_out_under_its_own_name() {
    let subscriptions = json!({
        "attributes": { "FilterPolicy": { "state": ["placed"] } },
        "body": { "FilterPolicy": { "state": ["placed"] }, "FilterPolicyScope": "MessageBody" },
        "all": {},
    });
    let mut producer = at_once(4);
    producer["Messages"] = json!([{ "Body": "no JSON at all" }]);
    let world = run(&topic(producer, subscriptions), 10.0);
    let reasons = [
        NumberOfNotificationsFilteredOut,
        NumberOfNotificationsFilteredOutNoMessageAttributes,
        NumberOfNotificationsFilteredOutInvalidMessageBody,
    ];
    assert_eq!(metrics(&world, "topic", reasons), [8, 4, 4]);
    assert_eq!(["attributes", "body", "all"].map(|queue| sent(&world, queue)), [0, 0, 4]);
}

#[test]
fn sns_60_a_delivery_is_an_envelope_around_the_message() {
    let mut world = world_of(&topic(json!(null), json!({ "queue": {} })));
    let published = Payload::new("hello", attributes(2), 0);
    let entry = entry_with(&mut world, published, None, None);
    assert_eq!(code(&publish(&mut world, "topic", entry)), None);
    advance(&mut world, 1.0);
    let received = receive(&mut world, "queue");
    assert_eq!(received.len(), 1);
    let Payload { body, attributes, .. } = payload(&world, &received[0]);
    let envelope: Value = serde_json::from_str(&body).expect("the envelope is JSON");
    assert_eq!(envelope["Type"], "Notification");
    assert_eq!(envelope["TopicArn"], TOPIC);
    assert_eq!(envelope["Message"], "hello");
    assert_eq!(envelope["MessageAttributes"]["a1"], json!({ "Type": "String", "Value": "x" }));
    assert!(attributes.is_empty(), "the attributes are in the envelope only");
}

#[test]
fn sns_62_a_raw_delivery_is_the_message_itself() {
    let mut world = world_of(&topic(json!(null), json!({ "queue": { "RawMessageDelivery": true } })));
    let published = Payload::new("hello", attributes(2), 0);
    let entry = entry_with(&mut world, published.clone(), None, None);
    publish(&mut world, "topic", entry);
    advance(&mut world, 1.0);
    let received = receive(&mut world, "queue");
    assert_eq!(payload(&world, &received[0]), published);
}

#[test]
fn sns_64_a_raw_delivery_carries_ten_attributes_and_no_more() {
    let subscriptions = json!({ "raw": { "RawMessageDelivery": true }, "envelope": {} });
    let mut world = world_of(&topic(json!(null), subscriptions));
    for (count, raw, failed) in [(10, 1, 0), (11, 1, 1)] {
        let entry = entry_with(&mut world, Payload::new("x", attributes(count), 0), None, None);
        assert_eq!(code(&publish(&mut world, "topic", entry)), None, "the publisher sees nothing");
        let until = world.now().as_secs_f64() + 1.0;
        advance(&mut world, until);
        assert_eq!(sent(&world, "raw"), raw);
        assert_eq!(metric(&world, "topic", NumberOfNotificationsFailed), failed);
    }
    assert_eq!(sent(&world, "envelope"), 2);
}

/// What SNS needs to be allowed to send to a queue (SNS-144).
fn allows(queue: &str, topic: &str) -> Value {
    json!({ "Statement": [{
        "Effect": "Allow", "Principal": { "Service": "sns.amazonaws.com" }, "Action": "sqs:SendMessage",
        "Resource": format!("arn:aws:sqs:eu-west-1:123456789012:{queue}"),
        "Condition": { "ArnEquals": { "aws:SourceArn": topic } },
    }] })
}

#[test]
fn sns_143_sp_90_a_queue_that_does_not_allow_the_topic_gets_nothing_and_nobody_is_told() {
    let mut document = topic(at_once(100), json!({ "fraud": {}, "shipping": {} }));
    document["Resources"]["fraud"]["Properties"]["Policy"] = allows("fraud", TOPIC);
    document["Resources"]["shipping"]["Properties"]["Policy"] =
        allows("shipping", &TOPIC.replace("topic", "other"));
    let mut world = run(&document, 10.0);
    assert_eq!((sent(&world, "fraud"), sent(&world, "shipping")), (100, 0));
    let of_topic = [NumberOfMessagesPublished, NumberOfNotificationsDelivered, NumberOfNotificationsFailed];
    assert_eq!(metrics(&world, "topic", of_topic), [100, 100, 100]);
    assert_eq!(metrics(&world, "producer", [MessagesAccepted, MessagesRefused, MessagesLost]), [100, 0, 0]);
    // A client-side error is never tried again (SNS-140).
    let events = world.take_trace().events;
    let attempts = events.iter().filter(|event| matches!(event.kind, TraceKind::ApiFailed { .. })).count();
    assert_eq!(attempts, 100);
}

#[test]
fn sns_142_an_unreachable_queue_is_tried_again_by_the_policy_of_managed_endpoints() {
    let mut document = topic(at_once(1), json!({ "queue": {} }));
    document["Timeline"] = json!([
        { "At": "0s", "CutLink": { "From": "topic", "To": "queue" } },
        { "At": "30s", "RestoreLink": { "From": "topic", "To": "queue" } },
    ]);
    let mut world = world_of(&document);
    advance(&mut world, 20.0);
    let events = world.take_trace().events;
    let attempts = events.iter().filter(|event| matches!(event.kind, TraceKind::ApiFailed { .. }));
    let at: Vec<u64> = attempts.map(|event| event.at.whole_second()).collect();
    assert_eq!(at, [0, 0, 0, 0, 1, 2, 3, 5, 9, 17]);
    assert_eq!(metric(&world, "topic", MessagesAwaitingRetry), 1);
    advance(&mut world, 60.0);
    assert_eq!(sent(&world, "queue"), 1);
    assert_eq!(metric(&world, "topic", NumberOfNotificationsFailed), 0);
}

#[test]
fn sns_21_a_message_has_at_most_the_topics_size() {
    for (size, limit) in [(json!({}), 262_144), (json!({ "MaximumMessageSize": 1_024 }), 1_024)] {
        let mut world = world_of(&named_topic("topic", size, json!(null), json!({})));
        for (bytes, expected) in [(limit, None), (limit + 1, Some("InvalidParameter"))] {
            let entry = entry(&mut world, &"x".repeat(bytes), None, None);
            let answer = publish(&mut world, "topic", entry);
            assert_eq!(code(&answer), expected, "{bytes} bytes");
            if let Some(Err(error)) = answer.result {
                assert_eq!(error.to_string(), "Invalid parameter: Message too long");
            }
        }
    }
}

#[test]
fn sns_23_a_message_must_not_be_empty() {
    let mut world = world_of(&topic(json!(null), json!({})));
    let entry = entry(&mut world, "", None, None);
    let error = publish(&mut world, "topic", entry).result.and_then(Result::err).expect("a refusal");
    assert_eq!(error.to_string(), "Invalid parameter: Empty message");
}

#[test]
fn sns_25_a_batch_is_refused_as_a_whole_for_its_size() {
    let mut world = world_of(&topic(json!(null), json!({ "queue": {} })));
    let cases = [
        (0, 1, Some("EmptyBatchRequest")),
        (1, 1, None),
        (10, 1, None),
        (11, 1, Some("TooManyEntriesInBatchRequest")),
        (2, 131_072, None),
        (2, 131_073, Some("BatchRequestTooLong")),
    ];
    for (count, bytes, expected) in cases {
        let entries = (0..count).map(|_| entry(&mut world, &"x".repeat(bytes), None, None)).collect();
        let answer = call(&mut world, "topic", sns::Request::PublishBatch, entries);
        assert_eq!(code(&answer), expected, "{count} entries of {bytes} bytes");
    }
    advance(&mut world, 1.0);
    assert_eq!(sent(&world, "queue"), 13);
}

#[test]
fn sns_25_an_entry_of_a_batch_fails_by_itself() {
    let mut world = world_of(&fifo_topic(json!({}), json!(null), json!({ "queue.fifo": {} })));
    let entries = vec![
        entry(&mut world, "good", Some("g"), Some("1")),
        entry(&mut world, "no group", None, Some("2")),
        entry(&mut world, "no id", Some("g"), None),
    ];
    let answer = call(&mut world, "topic.fifo", sns::Request::PublishBatch, entries);
    assert_eq!(code(&answer), None);
    let errors: Vec<_> = answer.entries.iter().map(|entry| entry.error).collect();
    let expected =
        [None, Some(sns::Error::MessageGroupIdRequired), Some(sns::Error::DeduplicationIdRequired)];
    assert_eq!(errors, expected.map(|error| error.map(Into::into)));
    advance(&mut world, 1.0);
    assert_eq!(sent(&world, "queue.fifo"), 1);
}

#[test]
fn sns_80_sns_81_a_fifo_topic_wants_a_group_and_a_deduplication_id() {
    let mut world = world_of(&fifo_topic(json!({}), json!(null), json!({})));
    let no_group = "Invalid parameter: The MessageGroupId parameter is required for FIFO topics";
    let no_id = "Invalid parameter: The topic should either have ContentBasedDeduplication enabled or \
                 MessageDeduplicationId provided explicitly";
    for (group, id, expected) in
        [(None, Some("1"), Some(no_group)), (Some("g"), None, Some(no_id)), (Some("g"), Some("1"), None)]
    {
        let entry = entry(&mut world, "x", group, id);
        let answer = publish(&mut world, "topic.fifo", entry);
        let error = answer.result.and_then(Result::err).map(|error| error.to_string());
        assert_eq!(error.as_deref(), expected);
    }
}

#[test]
fn sp_82_sns_81_of_ten_publishes_with_three_repeats_seven_are_delivered() {
    let mut world = world_of(&fifo_topic(json!({}), json!(null), json!({ "queue.fifo": {} })));
    let mut ids = Vec::new();
    for id in ["1", "2", "3", "1", "4", "5", "3", "6", "7", "1"] {
        let entry = entry(&mut world, "x", Some("g"), Some(id));
        let answer = publish(&mut world, "topic.fifo", entry);
        assert_eq!(code(&answer), None);
        ids.push(answer.entries[0].message.id);
    }
    // A repeat is answered with the id of the first.
    assert_eq!((ids[3], ids[6], ids[9]), (ids[0], ids[2], ids[0]));
    assert_ne!(ids[0], ids[1]);
    advance(&mut world, 1.0);
    assert_eq!(sent(&world, "queue.fifo"), 7);
}

#[test]
fn sns_81_a_repeat_is_forgotten_after_five_minutes() {
    let mut world = world_of(&fifo_topic(json!({}), json!(null), json!({ "queue": {} })));
    for (at, delivered) in [(0.0, 1), (299.9, 1), (300.0, 2)] {
        advance(&mut world, at);
        let entry = entry(&mut world, "x", Some("g"), Some("1"));
        publish(&mut world, "topic.fifo", entry);
        advance(&mut world, at + 0.05);
        assert_eq!(sent(&world, "queue"), delivered, "at {at} s");
    }
}

#[test]
fn sns_81_content_based_deduplication_looks_at_the_body_only() {
    let content = json!({ "ContentBasedDeduplication": true });
    let mut world = world_of(&fifo_topic(content, json!(null), json!({ "queue.fifo": {} })));
    for (body, count) in [("a", 0), ("a", 3), ("b", 0)] {
        let entry = entry_with(&mut world, Payload::new(body, attributes(count), 0), Some("g"), None);
        publish(&mut world, "topic.fifo", entry);
    }
    advance(&mut world, 1.0);
    assert_eq!(sent(&world, "queue.fifo"), 2);
}

#[test]
fn sns_82_the_scope_decides_whether_groups_share_deduplication_ids() {
    for (scope, delivered) in [("Topic", 1), ("MessageGroup", 2)] {
        let properties = json!({ "FifoThroughputScope": scope });
        let mut world = world_of(&fifo_topic(properties, json!(null), json!({ "queue": {} })));
        for group in ["g", "h"] {
            let entry = entry(&mut world, "x", Some(group), Some("1"));
            publish(&mut world, "topic.fifo", entry);
        }
        advance(&mut world, 1.0);
        assert_eq!(sent(&world, "queue"), delivered, "{scope}");
    }
}

#[test]
fn sns_83_sns_84_only_fifo_queues_are_handed_the_group() {
    let subscriptions = json!({ "standard": {}, "queue.fifo": {} });
    let mut world = world_of(&fifo_topic(json!({}), json!(null), subscriptions));
    let entry = entry(&mut world, "x", Some("g"), Some("1"));
    publish(&mut world, "topic.fifo", entry);
    advance(&mut world, 1.0);
    let standard = receive(&mut world, "standard")[0].message;
    assert!(!standard.key.is_some() && !standard.deduplication_id.is_some());
    let fifo = receive(&mut world, "queue.fifo")[0].message;
    assert_eq!((fifo.key, fifo.deduplication_id), (entry.message.key, entry.message.deduplication_id));
}

#[test]
fn sns_83_a_group_stays_in_order_when_its_queue_refuses() {
    // A plain FIFO queue takes 300 calls a second (SQS-161); the rest is delivered again and again (SNS-142).
    let mut document = fifo_topic(json!({}), flow(900, 5, 50), json!({ "queue.fifo": {} }));
    document["Resources"]["w"] = json!({ "Type": "Playground::Consumer", "Properties": {
        "Workers": 3, "ProcessingTime": { "Distribution": "Constant", "Milliseconds": 20 },
        "DeleteInBatches": true
    } });
    let links = document["Links"].as_array_mut().expect("links");
    links.push(json!({ "Type": "Playground::Poll", "From": "queue.fifo", "To": "w" }));
    let world = run(&document, 600.0);
    assert!(metric(&world, "queue.fifo", ThrottledRequests) > 0);
    let of_topic = [NumberOfMessagesPublished, NumberOfNotificationsDelivered, NumberOfNotificationsFailed];
    assert_eq!(metrics(&world, "topic.fifo", of_topic), [4_500, 4_500, 0]);
    assert_eq!(metrics(&world, "w", [MessagesProcessed, ProcessedOutOfOrder]), [4_500, 0]);
}

#[test]
fn sns_83_an_edit_of_the_filter_policy_forgets_no_message_that_waits_its_turn() {
    let document = |policy: Value| fifo_topic(json!({}), flow(250, 2, 1), json!({ "queue.fifo": policy }));
    let mut world = world_of(&document(json!({})));
    advance(&mut world, 1.0);
    let raw = json!({ "RawMessageDelivery": true });
    edit(&mut world, &document(raw));
    advance(&mut world, 10.0);
    assert_eq!(
        metrics(&world, "topic.fifo", [NumberOfMessagesPublished, NumberOfNotificationsDelivered]),
        [500, 500]
    );
    assert_eq!(sent(&world, "queue.fifo"), 500);
}

#[test]
fn sns_86_sp_80_sp_85_a_fifo_topic_takes_three_thousand_messages_a_second() {
    for (profile, rate, groups, accepted) in [
        ("Current", 5_000, 100, 3_000),
        ("Classic", 500, 100, 300),
        ("Current", 500, 1, 300),
        ("Current", 299, 1, 299),
    ] {
        let mut document = fifo_topic(json!({}), flow(rate, 2, groups), json!({}));
        document["Settings"] = json!({ "QuotaProfile": profile });
        let world = run(&document, 10.0);
        let [published, throttled] =
            metrics(&world, "topic.fifo", [NumberOfMessagesPublished, ThrottledRequests]);
        // What sets out in the last 5 ms of a second arrives in the next.
        let boundary = 2 * u64::from(rate) * 5 / 1_000 + 1;
        assert!(
            published.abs_diff(2 * accepted) <= boundary,
            "{profile}, {rate}/s: {published} were accepted"
        );
        assert_eq!(published + throttled, 2 * u64::from(rate));
    }
}

#[test]
fn sns_86_a_fifo_topic_takes_twenty_megabytes_a_second() {
    let mut producer = flow(150, 4, 10);
    producer["PayloadBytes"] = json!(200_000);
    let world = run(&fifo_topic(json!({}), producer, json!({})), 10.0);
    let published = metric(&world, "topic.fifo", NumberOfMessagesPublished);
    assert!((4 * 104..=4 * 104 + 4).contains(&published), "{published}: 104 messages are 20 MiB");
}

#[test]
fn sns_86_each_group_of_a_batch_counts_by_itself() {
    // Two groups of 200 messages/s each in batches of ten, five of each group: no group comes near 300/s.
    let mut producer = flow(400, 3, 2);
    producer["BatchSize"] = json!(10);
    let world = run(&fifo_topic(json!({}), producer, json!({})), 10.0);
    assert_eq!(metrics(&world, "topic.fifo", [NumberOfMessagesPublished, ThrottledRequests]), [1_200, 0]);
}

#[test]
fn sns_101_all_standard_topics_share_the_accounts_quota() {
    let mut document = topic(flow(6_000, 2, 0), json!({}));
    document["Resources"]["other"] = json!({ "Type": "AWS::SNS::Topic" });
    let link = json!({ "Type": "Playground::Send", "From": "producer", "To": "other" });
    document["Links"].as_array_mut().expect("links").push(link);
    let world = run(&document, 10.0);
    let published =
        ["topic", "other"].map(|topic| metric(&world, topic, NumberOfMessagesPublished)).iter().sum::<u64>();
    assert!((18_000..=18_060).contains(&published), "{published}");
    assert!(metric(&world, "producer", MessagesLost) >= 5_900);
}

#[test]
fn sns_100_a_producer_waits_and_tries_again_when_it_is_throttled() {
    let mut producer = at_once(9_500);
    producer["MaxAttempts"] = json!(10);
    let world = run(&topic(producer, json!({})), 30.0);
    assert_eq!(metric(&world, "topic", NumberOfMessagesPublished), 9_500);
    assert!(metric(&world, "producer", MessagesRefused) >= 500);
    assert_eq!(metric(&world, "producer", MessagesLost), 0);
}

#[test]
fn sns_171_every_copy_is_delivered_filtered_out_failed_or_waiting() {
    let state = |state: &str| json!({ "Attributes": { "state": { "Type": "String", "Value": state } } });
    let mut producer = flow(200, 30, 5);
    producer["ArrivalProcess"] = json!({ "Type": "Poisson", "Rate": 200 });
    producer["MessageChoice"] = json!("Random");
    producer["Messages"] = json!([state("placed"), state("cancelled"), {}]);
    for name in ["topic", "topic.fifo"] {
        let fifo = name.ends_with(".fifo");
        let refusing = if fifo { "refusing.fifo" } else { "refusing" };
        let subscriptions = json!({
            "placed": { "FilterPolicy": { "state": ["placed"] } },
            "cut": {},
            refusing: { "RawMessageDelivery": true },
        });
        let mut document = named_topic(name, json!({ "FifoTopic": fifo }), producer.clone(), subscriptions);
        document["Resources"][refusing]["Properties"]["Policy"] = allows("nobody", "nothing");
        document["Timeline"] = json!([{ "At": "10s", "CutLink": { "From": name, "To": "cut" } }]);
        let mut world = world_of(&document);
        for second in 1..60 {
            // Deliveries under way belong to no column: look when there are none.
            advance(&mut world, f64::from(second));
            if second < 31 {
                continue;
            }
            let [published, delivered, filtered, failed, waiting] = metrics(
                &world,
                name,
                [
                    NumberOfMessagesPublished,
                    NumberOfNotificationsDelivered,
                    NumberOfNotificationsFilteredOut,
                    NumberOfNotificationsFailed,
                    MessagesAwaitingRetry,
                ],
            );
            assert!(published > 5_000 && failed >= published && filtered > 0 && delivered > 0);
            let accounted = delivered + filtered + failed + waiting;
            let under_way = 3 * published - accounted;
            assert!(
                accounted <= 3 * published && under_way <= 40,
                "{name} after {second} s: {under_way} under way"
            );
        }
    }
}
