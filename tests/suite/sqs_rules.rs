//! Rules of SQS that are not about the answer to one call: names, settings, quotas, access, and what a node shows.

use messaging::MetricName::*;
use messaging::node_state::{Health, Instrument, NodeState, Tone};
use messaging::sqs::{self, QueueProperties, Response, queue_name_error, quotas};
use messaging::{Intervention, ResourceKind, World};
use serde_json::{Value, json};

use crate::support::{advance, call, edit, entry, metric, metrics, place, run, world_of};

fn one(id: &str, properties: Value) -> Value {
    let mut document = json!({ "Resources": {} });
    document["Resources"][id] = json!({ "Type": "AWS::SQS::Queue", "Properties": properties });
    document
}

fn state(world: &World, id: &str) -> NodeState {
    world.node_state(place(world, id)).expect("it is there")
}

fn receive(max: u8) -> sqs::Request {
    sqs::Request::ReceiveMessage {
        max_number_of_messages: max,
        wait_time_seconds: Some(1),
        visibility_timeout: None,
        receive_request_attempt_id: None,
    }
}

#[test]
fn names_of_queues() {
    // SQS-1, SQS-2, SP-52
    assert_eq!(queue_name_error("myfirstqueue.fifo", true), None);
    assert_eq!(queue_name_error("orders", false), None);
    assert_eq!(queue_name_error("orders-2_eu.fifo", true), None);
    assert_eq!(queue_name_error(&"q".repeat(80), false), None);
    assert_eq!(queue_name_error(&format!("{}.fifo", "q".repeat(75)), true), None);
    assert!(queue_name_error(&"q".repeat(81), false).is_some());
    assert!(queue_name_error(&format!("{}.fifo", "q".repeat(76)), true).is_some());
    for (name, fifo) in [
        ("", false),
        (".fifo", true),
        ("orders", true),
        ("orders.fifo", false),
        ("or.ders", false),
        ("öl", false),
    ] {
        assert!(queue_name_error(name, fifo).is_some(), "{name}");
    }
}

#[test]
fn settings_have_the_defaults_of_the_service_and_are_written_only_when_they_differ() {
    // SQS-7
    let properties = QueueProperties::default();
    assert_eq!(serde_json::to_value(&properties).expect("serialises"), json!({}));
    assert_eq!(properties.visibility_timeout, 30);
    assert_eq!(properties.message_retention_period, 345_600);
    assert_eq!((properties.delay_seconds, properties.receive_message_wait_time_seconds), (0, 0));
    let all = json!({
        "FifoQueue": true, "VisibilityTimeout": 1, "DelaySeconds": 1, "MessageRetentionPeriod": 61,
        "ReceiveMessageWaitTimeSeconds": 1, "MaximumMessageSize": 2048, "ContentBasedDeduplication": true,
        "DeduplicationScope": "messageGroup", "FifoThroughputLimit": "perMessageGroupId", "Policy": {},
        "RedriveAllowPolicy": { "redrivePermission": "denyAll" }, "SqsManagedSseEnabled": false,
        "KmsMasterKeyId": "alias/orders", "KmsDataKeyReusePeriodSeconds": 60, "KmsKeyPolicy": {},
        "KmsKeyState": "Disabled", "PurgeSeconds": 60, "RedeliveryAfterDeleteProbability": 0.5,
        "HighThroughputPartitions": 2,
        "DuplicateDeliveryProbability": 0.5, "ShortPollSampledShare": 0.25, "Partitions": 3,
    });
    let read: QueueProperties = serde_json::from_value(all.clone()).expect("fits");
    assert_eq!(serde_json::to_value(&read).expect("serialises"), all);
    let mut described: Vec<&str> =
        ResourceKind::Queue.descriptor().fields.iter().map(|field| field.name).collect();
    described.sort_unstable();
    let mut written: Vec<&String> = all.as_object().expect("an object").keys().collect();
    written.sort_unstable();
    assert_eq!(described, written);
}

#[test]
fn the_quota_of_high_throughput_depends_on_the_region() {
    // SQS-162
    let of = quotas::high_throughput_calls_per_second;
    assert_eq!(
        [of("eu-west-1"), of("us-east-2"), of("ap-south-1"), of("sa-east-1")],
        [70_000, 19_000, 9_000, 4_500]
    );
    assert_eq!(of("af-south-1"), 2_400);
    assert_eq!(quotas::FIFO_HIGH_THROUGHPUT_CALLS_PER_SECOND.current, 70_000);
}

#[test]
fn sequence_numbers_rise_and_a_duplicate_has_that_of_the_first() {
    // SQS-25, SQS-142, SQS-144
    let mut world = world_of(&one("q.fifo", json!({ "FifoQueue": true })));
    let mut send = |id: &str| {
        let sending = entry(&mut world, id, Some("g"), Some(id));
        let answer = call(&mut world, "q.fifo", sqs::Request::SendMessage, vec![sending]);
        match answer.result {
            Some(Ok(messaging::Response::Sqs(Response::Sent { sequence_number }))) => {
                (answer.entries[0].message.id, sequence_number)
            }
            other => panic!("{other:?}"),
        }
    };
    let (first, second, again) = (send("1"), send("2"), send("1"));
    assert!(first.1 < second.1 && first.0 != second.0);
    assert_eq!(again, first);
}

#[test]
fn a_dead_letter_keeps_its_id_and_comes_back_as_a_new_message() {
    // SQS-122, SQS-136
    let mut world = world_of(&json!({
        "Resources": {
            "orders": { "Type": "AWS::SQS::Queue", "Properties": { "VisibilityTimeout": 1 } },
            "dead": { "Type": "AWS::SQS::Queue", "Properties": { "VisibilityTimeout": 1 } },
        },
        "Links": [{ "Type": "AWS::SQS::RedrivePolicy", "From": "orders", "To": "dead", "Properties": { "maxReceiveCount": 1 } }],
    }));
    let sending = entry(&mut world, "a", None, None);
    let id = call(&mut world, "orders", sqs::Request::SendMessage, vec![sending]).entries[0].message.id;
    assert_eq!(call(&mut world, "orders", receive(1), vec![]).entries[0].message.id, id);
    advance(&mut world, 1.0);
    let short = sqs::Request::ReceiveMessage {
        max_number_of_messages: 1,
        wait_time_seconds: Some(0),
        visibility_timeout: None,
        receive_request_attempt_id: None,
    };
    while metric(&world, "orders", MessagesMovedToDeadLetterQueue) == 0 {
        assert!(call(&mut world, "orders", short, vec![]).entries.is_empty());
    }
    assert_eq!(call(&mut world, "dead", receive(1), vec![]).entries[0].message.id, id);
    advance(&mut world, 3.0);
    world.intervene(&Intervention::Redrive("dead".into())).expect("it is a dead-letter queue");
    advance(&mut world, 3.1);
    let back = call(&mut world, "orders", receive(1), vec![]);
    assert_ne!(back.entries[0].message.id, id);
    assert_eq!(back.entries[0].receive_count, 1);
}

#[test]
fn a_person_may_purge_and_redrive_where_that_has_a_meaning() {
    // SQS-100, SQS-130
    let mut world = world_of(&one("q", json!({})));
    let sending = entry(&mut world, "a", None, None);
    call(&mut world, "q", sqs::Request::SendMessage, vec![sending]);
    let mut refused =
        |intervention: Intervention| world.intervene(&intervention).map_err(|error| error.to_string());
    assert_eq!(refused(Intervention::Purge("q".into())), Ok(()));
    let again = refused(Intervention::Purge("q".into())).expect_err("within 60 s");
    assert_eq!(again, "q: Only one PurgeQueue operation on the queue is allowed every 60 seconds.");
    let redrive = refused(Intervention::Redrive("q".into())).expect_err("no dead-letter queue");
    assert_eq!(redrive, "q: Source queue must be configured as a Dead Letter Queue.");
    let crash = refused(Intervention::Crash("q".into())).expect_err("not a client");
    assert_eq!(crash, "q: A queue cannot crash.");
    assert_eq!(metric(&world, "q", ApproximateNumberOfMessagesVisible), 0);
}

#[test]
fn some_messages_come_twice_when_the_setting_says_so() {
    // SQS-90: the copy has the same id, another handle, and counts as a receive.
    let mut world = world_of(&one("q", json!({ "DuplicateDeliveryProbability": 0.25, "Partitions": 1 })));
    for number in 0..1_000 {
        let sending = entry(&mut world, &number.to_string(), None, None);
        call(&mut world, "q", sqs::Request::SendMessage, vec![sending]);
    }
    let mut again = 0;
    loop {
        let answer = call(&mut world, "q", receive(10), vec![]);
        again += answer.entries.iter().filter(|entry| entry.receive_count == 2).count();
        let received = metric(&world, "q", NumberOfMessagesReceived);
        if received >= 1_000 && metric(&world, "q", ApproximateNumberOfMessagesVisible) == 0 {
            break;
        }
    }
    assert!((200..300).contains(&again), "{again} of 1,000 came twice");
}

#[test]
fn a_fifo_queue_over_its_quota_says_who_how_much_and_what_helps() {
    // SQS-161, SQS-164, and the words of the interface
    let document = json!({
        "Resources": {
            "store-tills": { "Type": "Playground::Producer", "Properties": {
                "ArrivalProcess": { "Type": "Steady", "Rate": 412 }, "RetryMode": "off", "Keys": { "List": ["a", "b"] },
            } },
            "ledger.fifo": { "Type": "AWS::SQS::Queue", "Properties": { "FifoQueue": true } },
        },
        "Links": [{ "Type": "Playground::Send", "From": "store-tills", "To": "ledger.fifo" }],
    });
    let world = run(&document, 10.0);
    let [sent, refused] = metrics(&world, "ledger.fifo", [NumberOfMessagesSent, ThrottledRequests]);
    assert_eq!(sent + refused, metric(&world, "store-tills", MessagesOffered) - 2, "two are on their way");
    assert!((2_990..=3_000).contains(&sent), "{sent} in 10 s");
    let state = state(&world, "ledger.fifo");
    assert_eq!((state.health, state.tag.as_ref()), (Health::Throttled, "FIFO"));
    let problem = state.problem.expect("it refuses");
    assert_eq!(problem.title, "SendMessage is over its quota");
    assert_eq!(
        problem.text,
        "store-tills makes 412 calls/s, one message each. A FIFO queue takes 300 calls/s per API action, so 112/s \
         come back."
    );
    assert_eq!(problem.error_code.as_deref(), Some("RequestThrottled"));
    let labels: Vec<&str> = problem.remedies.iter().map(|remedy| remedy.label.as_ref()).collect();
    assert_eq!(labels, ["Batch by 10", "High throughput mode"]);
    assert_eq!(problem.remedies[0].set, Some(("store-tills".into(), "BatchSize".into(), "10".into())));
    let gauge = state.instruments.iter().find_map(|instrument| match instrument {
        Instrument::Gauge { label, value, limit, .. } => Some((label.as_ref(), *value, *limit)),
        _ => None,
    });
    assert_eq!(gauge, Some(("SendMessage", 412.0, 300.0)));
    let head = state.instruments.iter().find_map(|instrument| match instrument {
        Instrument::Head { messages } => Some(messages.len()),
        _ => None,
    });
    assert_eq!(head, Some(9));
    assert!(state.summary.ends_with("refusing 112 SendMessage calls per second"), "{}", state.summary);
}

#[test]
fn batches_of_ten_carry_three_thousand_messages_a_second() {
    // SQS-161
    let document = json!({
        "Resources": {
            "store-tills": { "Type": "Playground::Producer", "Properties": {
                "ArrivalProcess": { "Type": "Steady", "Rate": 2_900 }, "BatchSize": 10, "Keys": { "List": ["a", "b"] },
            } },
            "ledger.fifo": { "Type": "AWS::SQS::Queue", "Properties": { "FifoQueue": true } },
        },
        "Links": [{ "Type": "Playground::Send", "From": "store-tills", "To": "ledger.fifo" }],
    });
    let world = run(&document, 10.0);
    assert_eq!(metric(&world, "ledger.fifo", ThrottledRequests), 0);
    assert!(metric(&world, "ledger.fifo", NumberOfMessagesSent) >= 28_900);
    let state = state(&world, "ledger.fifo");
    assert_eq!(state.health, Health::NearQuota, "290 of 300");
}

#[test]
fn a_visibility_timeout_that_is_too_short_is_named() {
    // SQS-61, SQS-67
    let document = |timeout: u32| {
        json!({
            "Resources": {
                "shop": { "Type": "Playground::Producer", "Properties": { "ArrivalProcess": { "Type": "Steady", "Rate": 1 } } },
                "orders": { "Type": "AWS::SQS::Queue", "Properties": { "VisibilityTimeout": timeout } },
                "slow": { "Type": "Playground::Consumer", "Properties": {
                    "Workers": 8, "MaxNumberOfMessages": 1,
                    "ProcessingTime": { "Distribution": "Constant", "Milliseconds": 4_000 },
                } },
            },
            "Links": [
                { "Type": "Playground::Send", "From": "shop", "To": "orders" },
                { "Type": "Playground::Poll", "From": "orders", "To": "slow" },
            ],
        })
    };
    let mut world = run(&document(3), 60.0);
    let problem = state(&world, "orders").problem.expect("everything is done twice");
    assert_eq!(problem.title, "The visibility timeout is too short");
    assert_eq!(problem.remedies[0].set, Some(("orders".into(), "VisibilityTimeout".into(), "30".into())));
    edit(&mut world, &document(30));
    advance(&mut world, 200.0);
    assert_eq!(state(&world, "orders").problem, None);
}

#[test]
fn a_dead_letter_queue_shows_dead_letters() {
    // SQS-120, SQS-126
    let document = json!({
        "Resources": {
            "shop": { "Type": "Playground::Producer", "Properties": {
                "ArrivalProcess": { "Type": "AtOnce", "Count": 5 },
            } },
            "refunds": { "Type": "AWS::SQS::Queue", "Properties": { "VisibilityTimeout": 1 } },
            "refunds-dlq": { "Type": "AWS::SQS::Queue" },
            "worker": { "Type": "Playground::Consumer", "Properties": { "Workers": 1, "FailureProbability": 1.0 } },
        },
        "Links": [
            { "Type": "Playground::Send", "From": "shop", "To": "refunds" },
            { "Type": "Playground::Poll", "From": "refunds", "To": "worker" },
            { "Type": "AWS::SQS::RedrivePolicy", "From": "refunds", "To": "refunds-dlq" },
        ],
    });
    let world = run(&document, 30.0);
    let state = state(&world, "refunds-dlq");
    assert_eq!((state.health, state.tag.as_ref()), (Health::DeadLetters, "DLQ"));
    assert!(matches!(state.instruments[0], Instrument::MessageBar { visible: 5, dead_letters: true, .. }));
    assert!(matches!(&state.instruments[1],
        Instrument::Figure { label, value: 5.0, tone: Tone::Dead, .. } if label == "dead-lettered"));
    assert!(state.instruments.iter().any(|instrument| matches!(instrument,
        Instrument::Note { text, .. } if text == "from refunds")));
}

#[test]
fn edits_keep_what_a_queue_holds_but_its_type_is_fixed() {
    // SQS-1, SQS-9
    let mut world = world_of(&one("q", json!({})));
    for number in 0..100 {
        let sending = entry(&mut world, &number.to_string(), None, None);
        call(&mut world, "q", sqs::Request::SendMessage, vec![sending]);
    }
    call(&mut world, "q", receive(10), vec![]);
    edit(&mut world, &one("q", json!({ "Partitions": 2, "VisibilityTimeout": 5 })));
    let all = [ApproximateNumberOfMessagesVisible, ApproximateNumberOfMessagesNotVisible];
    assert_eq!(metrics(&world, "q", all), [90, 10]);
    let mut received = 0;
    for _ in 0..9 {
        received += call(&mut world, "q", receive(10), vec![]).entries.len();
    }
    assert_eq!(received, 90, "all are found after the servers were changed");
    advance(&mut world, 31.0);
    assert_eq!(metrics(&world, "q", all), [100, 0]);
}
