//! Queues in use: what producers, consumers and people see of them.

use kernel::{SimDuration, SimTime};
use messaging::MetricName::*;
use messaging::client::RetryMode;
use messaging::kms::KmsError;
use messaging::message::Payload;
use messaging::message_attributes::{MessageAttributeValue, MessageAttributes};
use messaging::node_state::{Health, Instrument};
use messaging::sqs::{self, BatchAction, Error, MessageMoveTaskStatus, MoveTaskFailure};
use messaging::{
    ApiError, EventBudget, Intervention, MetricName, Request, ResourceKind, Response, World, arn,
};
use serde_json::{Value, json};

use crate::support::{advance, call, code, edit, entry, entry_with, metric, metrics, place, run, world_of};

/// A producer, a queue `orders` (or `orders.fifo`), and consumers by name.
fn used(producer: Value, queue: Value, consumers: Value) -> Value {
    let name = if queue["FifoQueue"] == json!(true) { "orders.fifo" } else { "orders" };
    let mut document = json!({
        "Resources": {
            "shop": { "Type": "Playground::Producer", "Properties": producer },
            name: { "Type": "AWS::SQS::Queue", "Properties": queue },
        },
        "Links": [{ "Type": "Playground::Send", "From": "shop", "To": name }],
    });
    for (id, properties) in consumers.as_object().expect("consumers by name") {
        document["Resources"][id] = json!({ "Type": "Playground::Consumer", "Properties": properties });
        let link = json!({ "Type": "Playground::Poll", "From": name, "To": id });
        document["Links"].as_array_mut().expect("links").push(link);
    }
    document
}

fn at_once(count: u32) -> Value {
    json!({ "ArrivalProcess": { "Type": "AtOnce", "Count": count }, "BatchSize": 10 })
}

fn steady(rate: u32) -> Value {
    json!({ "ArrivalProcess": { "Type": "Steady", "Rate": rate } })
}

fn takes(seconds: f64) -> Value {
    json!({ "Distribution": "Constant", "Milliseconds": seconds * 1_000.0 })
}

fn long_poll() -> sqs::Request {
    sqs::Request::ReceiveMessage {
        max_number_of_messages: 10,
        wait_time_seconds: Some(1),
        visibility_timeout: None,
        receive_request_attempt_id: None,
    }
}

#[test]
fn sp_7_sp_21_sp_46_what_is_sent_is_received_and_deleted() {
    let order = json!({ "Body": "{\"order_id\":1,\"customer_id\":7}",
        "Attributes": { "priority": { "Type": "String", "Value": "high" } } });
    let mut producer = at_once(100);
    producer["Messages"] = json!([order]);
    let mut world = world_of(&used(producer.clone(), json!({}), json!({})));
    advance(&mut world, 60.0);
    let all = [NumberOfMessagesSent, NumberOfMessagesReceived, NumberOfMessagesDeleted];
    assert_eq!(metrics(&world, "orders", all), [100, 0, 0], "nothing moves while nobody polls");
    let taken = call(&mut world, "orders", long_poll(), vec![]);
    let payload = world.catalogue().payload(taken.entries[0].message.payload);
    assert_eq!(&*payload.body, "{\"order_id\":1,\"customer_id\":7}");
    assert_eq!(payload.attributes.keys().collect::<Vec<_>>(), ["priority"]);
    let world = run(&used(producer, json!({}), json!({ "worker": { "Workers": 3 } })), 60.0);
    assert_eq!(metrics(&world, "orders", all), [100, 100, 100]);
}

#[test]
fn sqs_6_sp_10_a_queue_holds_a_million_messages() {
    let mut producer = steady(10_000);
    producer["BatchSize"] = json!(10);
    let world = run(&used(producer, json!({}), json!({})), 100.1);
    let visible = metric(&world, "orders", ApproximateNumberOfMessagesVisible);
    assert!((1_000_000..1_001_100).contains(&visible), "{visible}");
    assert_eq!(metric(&world, "orders", RefusedMessages), 0);
}

#[test]
fn sqs_132_a_move_task_runs_for_36_hours_at_most() {
    let mut document = used(steady(10_000), json!({ "MessageRetentionPeriod": 1_209_600 }), json!({}));
    document["Resources"]["shop"]["Properties"]["MaxMessages"] = json!(130_000);
    document["Resources"]["shop"]["Properties"]["BatchSize"] = json!(10);
    document["Resources"]["source"] = json!({ "Type": "AWS::SQS::Queue" });
    document["Links"].as_array_mut().expect("links").push(json!(
        { "Type": "AWS::SQS::RedrivePolicy", "From": "source", "To": "orders", "Properties": { "maxReceiveCount": 1 } }
    ));
    let mut world = world_of(&document);
    advance(&mut world, 60.0);
    let destination = Some(place(&world, "source"));
    let start =
        sqs::Request::StartMessageMoveTask { max_number_of_messages_per_second: Some(1), destination };
    assert!(call(&mut world, "orders", start, vec![]).result.is_some_and(|result| result.is_ok()));
    // One a second for 36 h is 129,600 of the 130,000.
    advance(&mut world, 37.0 * 3_600.0);
    assert_eq!(metric(&world, "source", ApproximateNumberOfMessagesVisible), 129_600);
    let task = call(&mut world, "orders", sqs::Request::ListMessageMoveTasks, vec![]).result;
    let Some(Ok(Response::Sqs(sqs::Response::MessageMoveTask(Some(task))))) = task else {
        panic!("no task: {task:?}")
    };
    assert_eq!(task.status, MessageMoveTaskStatus::Failed(MoveTaskFailure::TimedOut));
}

#[test]
fn sqs_160_sp_11_sp_12_a_standard_queue_takes_whatever_is_sent() {
    for (rate, seconds) in [(1, 10), (10, 10), (100, 10), (1_000, 2), (10_000, 2), (50_000, 10)] {
        let mut producer = steady(rate);
        producer["BatchSize"] = json!(10);
        producer["MaxMessages"] = json!(rate * seconds);
        let mut world = world_of(&used(producer, json!({}), json!({})));
        advance(&mut world, f64::from(seconds) + 1.0);
        let all = [NumberOfMessagesSent, ThrottledRequests, RefusedMessages];
        assert_eq!(metrics(&world, "orders", all), [u64::from(rate * seconds), 0, 0], "{rate}/s");
        assert_eq!(metric(&world, "shop", MessagesAccepted), u64::from(rate * seconds), "{rate}/s");
    }
}

#[test]
fn sp_9_sp_45_nothing_is_provisioned_and_an_idle_queue_costs_no_call() {
    let fields = ResourceKind::Queue.descriptor().fields.iter();
    let capacity = fields.filter(|field| field.name.contains("Capacity") || field.name.contains("Units"));
    assert_eq!(capacity.count(), 0);
    let world = run(&used(steady(0), json!({}), json!({})), 86_400.0);
    assert_eq!(metrics(&world, "orders", [NumberOfEmptyReceives, KmsRequests]), [0, 0]);
}

#[test]
fn sqs_30_sqs_35_sp_16_a_call_takes_six_milliseconds_and_is_stored_before_it_is_answered() {
    for request in [sqs::Request::SendMessage, long_poll(), sqs::Request::DeleteMessage] {
        let latency = Request::from(request).latency();
        assert_eq!(latency.request + latency.response, SimDuration::from_millis(6));
    }
    let producer = json!({ "ArrivalProcess": { "Type": "AtOnce", "Count": 1 } });
    let mut world = world_of(&used(producer, json!({}), json!({})));
    let of = |world: &World| {
        [metric(world, "orders", NumberOfMessagesSent), metric(world, "shop", MessagesAccepted)]
    };
    advance(&mut world, 0.002);
    assert_eq!(of(&world), [0, 0]);
    advance(&mut world, 0.010);
    assert_eq!(of(&world), [1, 1]);
    // A thousand sends and receives: each is through in less than 10 ms, its two calls included.
    let consumers = json!({ "worker": { "ProcessingTime": takes(0.0) } });
    let mut world = world_of(&used(steady(100), json!({}), consumers));
    advance(&mut world, 10.0);
    let [sent, received] = metrics(&world, "orders", [NumberOfMessagesSent, NumberOfMessagesReceived]);
    assert!(sent >= 999 && sent - received <= 1, "{received} of {sent} were received by the next one");
}

#[test]
fn sp_18_sqs_90_duplicates_run_the_handler_again_and_idempotent_rows_do_not_mind() {
    for (probability, runs) in [(0.0, 10_000..=10_000), (0.01, 10_050..=10_150)] {
        let consumers = json!({ "worker": { "Workers": 20, "ProcessingTime": takes(0.001) } });
        let queue = json!({ "DuplicateDeliveryProbability": probability });
        let mut document = used(at_once(10_000), queue, consumers);
        document["Resources"]["rows"] =
            json!({ "Type": "Playground::Database", "Properties": { "MaxWritesPerSecond": 100_000 } });
        let write = json!({ "Type": "Playground::Send", "From": "worker", "To": "rows" });
        document["Links"].as_array_mut().expect("links").push(write);
        let world = run(&document, 120.0);
        let handled = metric(&world, "worker", MessagesProcessed);
        assert!(runs.contains(&handled), "{handled} with a probability of {probability}");
        let [written, again] = metrics(&world, "rows", [WritesAccepted, DuplicateWrites]);
        assert_eq!(written, handled);
        assert_eq!(written - again, 10_000, "rows");
    }
}

#[test]
fn sp_20_sqs_34_a_producer_sends_batches_of_ten_at_most() {
    let mut producer = at_once(95);
    producer["BatchSize"] = json!(500);
    let world = run(&used(producer, json!({}), json!({})), 10.0);
    assert_eq!(metrics(&world, "orders", [NumberOfMessagesSent, RefusedMessages]), [95, 0]);
    assert_eq!(ResourceKind::Queue.max_entries_per_send(), 10);
    let mut world = world_of(&used(steady(0), json!({}), json!({})));
    let single = vec![entry(&mut world, "a", None, None)];
    assert_eq!(ResourceKind::Queue.send_request(&single).map(|r| r.operation()), Some("SendMessage"));
    let double = vec![single[0], single[0]];
    assert_eq!(ResourceKind::Queue.send_request(&double).map(|r| r.operation()), Some("SendMessageBatch"));
}

#[test]
fn sqs_44_sp_23_consumers_of_every_kind_share_the_work() {
    let worker = |seconds: f64| json!({ "ProcessingTime": takes(seconds) });
    let consumers = json!({ "server": worker(0.2), "instance": worker(0.1), "function": worker(0.05) });
    let world = run(&used(at_once(700), json!({}), consumers), 120.0);
    let done = ["server", "instance", "function"].map(|name| metric(&world, name, MessagesProcessed));
    assert_eq!(done.iter().sum::<u64>(), 700, "each message went to one of them: {done:?}");
    assert!(done[0] > 50 && done[1] > done[0] && done[2] > done[1], "the faster, the more: {done:?}");
}

#[test]
fn sqs_28_sqs_45_sp_26_sp_27_the_consumer_deletes_and_not_the_read() {
    let properties = messaging::client::ConsumerProperties::default();
    assert_eq!((properties.wait_time_seconds, properties.delete_messages), (Some(20), true));
    for (deletes, left) in [(true, 0), (false, 50)] {
        let consumers = json!({ "worker": { "ProcessingTime": takes(0.01), "DeleteMessages": deletes } });
        let world = run(&used(at_once(50), json!({}), consumers), 20.0);
        assert_eq!(metric(&world, "worker", MessagesProcessed), 50);
        assert_eq!(metric(&world, "orders", NumberOfMessagesDeleted), 50 - left);
        assert_eq!(metric(&world, "orders", ApproximateNumberOfMessagesNotVisible), left);
    }
}

#[test]
fn sqs_45_what_fails_is_left_alone_until_its_timeout() {
    let consumers = json!({ "worker": { "ProcessingTime": takes(0.01), "FailureProbability": 1.0 } });
    let world = run(&used(at_once(5), json!({}), consumers), 29.0);
    assert_eq!(metrics(&world, "orders", [NumberOfMessagesReceived, NumberOfMessagesDeleted]), [5, 0]);
}

#[test]
fn sqs_84_long_polls_of_several_queues_do_not_wait_for_each_other() {
    let mut document =
        used(json!({ "StartAfterSeconds": 86_400 }), json!({}), json!({ "worker": { "Workers": 2 } }));
    document["Resources"]["refunds"] = json!({ "Type": "AWS::SQS::Queue" });
    let poll = json!({ "Type": "Playground::Poll", "From": "refunds", "To": "worker" });
    document["Links"].as_array_mut().expect("links").push(poll);
    let mut world = world_of(&document);
    for (second, queue) in [(5.0, "orders"), (9.0, "refunds")] {
        advance(&mut world, second);
        let sending = entry(&mut world, queue, None, None);
        call(&mut world, queue, sqs::Request::SendMessage, vec![sending]);
        advance(&mut world, second + 1.0);
        assert_eq!(metric(&world, queue, NumberOfMessagesDeleted), 1, "{queue}");
    }
}

#[test]
fn sp_41_a_long_poll_brings_a_message_at_once_and_a_short_one_after_half_its_interval() {
    let producer = json!({ "ArrivalProcess": { "Type": "Poisson", "Rate": 0.1 } });
    let consumer = |wait: u32, interval: u32| json!({ "worker": { "WaitTimeSeconds": wait, "PollIntervalMilliseconds": interval, "ProcessingTime": takes(0.0) } });
    let queue = json!({ "ShortPollSampledShare": 1 });
    let mut mean_wait = [0.0; 2];
    for (place, consumers) in [consumer(20, 0), consumer(0, 5_000)].into_iter().enumerate() {
        let mut world = world_of(&used(producer.clone(), queue.clone(), consumers));
        // Little's law: the mean wait is the mean number that waits, by the rate.
        let mut waiting = 0;
        for half_second in 1..=20_000_u32 {
            advance(&mut world, f64::from(half_second) * 0.5 + 0.1);
            waiting += metric(&world, "orders", ApproximateNumberOfMessagesVisible);
        }
        let sent = metric(&world, "orders", NumberOfMessagesSent);
        mean_wait[place] = waiting as f64 * 0.5 / sent as f64;
    }
    assert!(mean_wait[0] < 0.05, "{mean_wait:?}");
    assert!((2.2..2.8).contains(&mean_wait[1]), "{mean_wait:?}");
}

#[test]
fn sp_47_one_group_and_one_worker_keep_the_order() {
    let mut producer = at_once(1_000);
    producer["Keys"] = json!({ "List": ["all"] });
    let consumers = json!({ "worker": { "ProcessingTime": takes(0.001) } });
    let world = run(&used(producer, json!({ "FifoQueue": true }), consumers), 60.0);
    assert_eq!(metrics(&world, "worker", [MessagesProcessed, ProcessedOutOfOrder]), [1_000, 0]);
}

#[test]
fn sqs_152_sp_57_as_many_workers_are_busy_as_there_are_groups() {
    for (groups, workers, busy) in [(100, 150, 100), (1, 5, 1), (100, 60, 60)] {
        let mut producer = at_once(groups * 3);
        producer["Keys"] = json!({ "Prefix": "g", "Count": groups });
        let worker = json!({ "Workers": workers, "ProcessingTime": takes(5.0), "MaxNumberOfMessages": 1 });
        let mut world = world_of(&used(producer, json!({ "FifoQueue": true }), json!({ "worker": worker })));
        advance(&mut world, 4.0);
        assert_eq!(metric(&world, "worker", BusyWorkers), busy, "{groups} groups, {workers} workers");
        let locked = metric(&world, "orders.fifo", ApproximateNumberOfGroupsWithInflightMessages);
        assert_eq!(locked, busy);
    }
}

#[test]
fn sp_56_a_group_id_keeps_the_order_of_its_messages_as_a_partition_key_does() {
    let mut producer = steady(50);
    producer["Keys"] = json!({ "List": ["a", "b", "c"] });
    producer["MaxMessages"] = json!(300);
    let worker = json!({ "Workers": 3, "ProcessingTime": takes(0.01) });
    let mut document = used(producer, json!({ "FifoQueue": true }), json!({ "worker": worker }));
    document["Resources"]["stream"] =
        json!({ "Type": "AWS::Kinesis::Stream", "Properties": { "ShardCount": 3 } });
    document["Resources"]["reader"] = json!({ "Type": "Playground::Consumer", "Properties": worker });
    for link in [
        json!({ "Type": "Playground::Send", "From": "shop", "To": "stream" }),
        json!({ "Type": "Playground::Poll", "From": "stream", "To": "reader" }),
    ] {
        document["Links"].as_array_mut().expect("links").push(link);
    }
    let world = run(&document, 60.0);
    for reader in ["worker", "reader"] {
        assert_eq!(metrics(&world, reader, [MessagesProcessed, ProcessedOutOfOrder]), [300, 0], "{reader}");
    }
}

#[test]
fn sp_63_the_sender_hears_of_the_queue_and_nothing_of_the_row() {
    let consumers = json!({ "worker": { "Workers": 10, "ProcessingTime": takes(0.1) } });
    let mut document = used(at_once(10_000), json!({}), consumers);
    document["Resources"]["rows"] = json!({ "Type": "Playground::Database" });
    let write = json!({ "Type": "Playground::Send", "From": "worker", "To": "rows" });
    document["Links"].as_array_mut().expect("links").push(write);
    let mut world = world_of(&document);
    advance(&mut world, 5.0);
    assert_eq!(metric(&world, "shop", MessagesAccepted), 10_000, "all at the enqueue");
    let rows = metric(&world, "rows", WritesAccepted);
    assert!(rows < 1_000, "{rows} rows by then");
    advance(&mut world, 300.0);
    assert_eq!(metric(&world, "rows", WritesAccepted), 10_000);
    assert_eq!(metric(&world, "shop", MessagesAccepted), 10_000, "and no word more");
}

#[test]
fn sqs_182_sp_60_the_backlog_for_each_worker_says_how_many_are_wanted() {
    let workers = |count: u64| {
        let consumers = json!({ "worker": { "Workers": count, "ProcessingTime": takes(0.1) } });
        used(at_once(1_500), json!({}), consumers)
    };
    let mut world = world_of(&workers(0));
    advance(&mut world, 1.0);
    let backlog = metric(&world, "orders", ApproximateNumberOfMessagesVisible);
    assert_eq!(backlog, 1_500);
    // 10 s of latency at 0.1 s for each message: 100 messages for each worker are acceptable.
    let wanted = backlog.div_ceil((10.0 / 0.1) as u64);
    assert_eq!(wanted, 15);
    edit(&mut world, &workers(wanted));
    advance(&mut world, 12.0);
    assert_eq!(metric(&world, "orders", NumberOfMessagesDeleted), 1_500, "10 s later all are done");
}

#[test]
fn sqs_181_sqs_8_sp_59_the_attribute_and_the_metric_have_names_of_their_own() {
    let names: Vec<&str> = MetricName::ALL.iter().map(|metric| metric.name()).collect();
    assert!(names.contains(&"ApproximateNumberOfMessagesVisible"));
    assert!(!names.contains(&"ApproximateNumberOfMessages"), "the attribute's name is no metric's");
    let mut world = run(&used(at_once(25), json!({ "DelaySeconds": 0 }), json!({})), 1.0);
    call(&mut world, "orders", long_poll(), vec![]);
    let mut delayed = entry(&mut world, "later", None, None);
    delayed.message.delay_seconds = Some(60);
    call(&mut world, "orders", sqs::Request::SendMessage, vec![delayed]);
    let counts = [
        ApproximateNumberOfMessagesVisible,
        ApproximateNumberOfMessagesNotVisible,
        ApproximateNumberOfMessagesDelayed,
    ];
    assert_eq!(metrics(&world, "orders", counts), [15, 10, 1], "at once, and exactly");
}

#[test]
fn sqs_3_names_have_arns() {
    assert_eq!(arn::queue("orders"), "arn:aws:sqs:eu-west-1:123456789012:orders");
    assert_eq!(arn::queue("orders.fifo"), "arn:aws:sqs:eu-west-1:123456789012:orders.fifo");
}

#[test]
fn sqs_26_sqs_175_a_received_message_carries_its_system_attributes() {
    for (queue, id) in [(json!({}), "orders"), (json!({ "FifoQueue": true }), "orders.fifo")] {
        let mut world = world_of(&used(steady(0), queue, json!({})));
        advance(&mut world, 5.0);
        let mut attributes = MessageAttributes::new();
        attributes.insert("size".into(), MessageAttributeValue::string("large"));
        let payload = Payload::new("a", attributes.clone(), 0);
        let sending = entry_with(&mut world, payload, Some("tenant-7"), Some("1"));
        let sent = call(&mut world, id, sqs::Request::SendMessage, vec![sending]);
        advance(&mut world, 9.0);
        let received = call(&mut world, id, long_poll(), vec![]);
        let entry = &received.entries[0];
        assert_eq!(entry.receive_count, 1, "ApproximateReceiveCount");
        assert_eq!(entry.message.id, sent.entries[0].message.id);
        assert_eq!(entry.message.published_at, SimTime::from_secs(5), "SentTimestamp");
        assert_eq!(entry.message.deduplication_id, sending.message.deduplication_id);
        let group = world.catalogue().key(entry.message.key).map(|key| key.text.to_string());
        assert_eq!(group.as_deref(), Some("tenant-7"), "MessageGroupId");
        assert_eq!(world.catalogue().payload(entry.message.payload).attributes, attributes);
    }
}

#[test]
fn sqs_220_sqs_221_refusals_have_awss_codes_and_statuses() {
    let of = |error: Error| {
        let error = ApiError::from(error);
        let service = error.as_service_error();
        (service.code(), service.http_status(), service.is_retryable())
    };
    let handle = messaging::call::Receipt::default().into();
    let final_ones = [
        (Error::MissingMessageBody, "MissingParameter", 400),
        (Error::MissingMessageGroupId, "MissingParameter", 400),
        (Error::InvalidMessageContents, "InvalidMessageContents", 400),
        (Error::MessageTooLong { maximum_bytes: 1 }, "InvalidParameterValue", 400),
        (Error::ReceiptHandleIsInvalid(handle), "ReceiptHandleIsInvalid", 400),
        (Error::ReceiptHandleExpired(handle), "InvalidParameterValue", 400),
        (Error::MessageNotInflight, "AWS.SimpleQueueService.MessageNotInflight", 400),
        (Error::PurgeQueueInProgress, "AWS.SimpleQueueService.PurgeQueueInProgress", 403),
        (Error::AccessDenied, "AccessDenied", 403),
        (Error::NoSuchMoveTask, "ResourceNotFoundException", 404),
        (Error::EmptyBatchRequest(BatchAction::SendMessage), "AWS.SimpleQueueService.EmptyBatchRequest", 400),
        (Error::TooManyEntriesInBatchRequest(11), "AWS.SimpleQueueService.TooManyEntriesInBatchRequest", 400),
        (Error::Kms(KmsError::AccessDenied), "KMS.AccessDeniedException", 400),
        (Error::Kms(KmsError::Disabled), "KMS.DisabledException", 400),
        (Error::Kms(KmsError::InvalidState), "KMS.InvalidStateException", 400),
        (Error::Kms(KmsError::NotFound), "KMS.NotFoundException", 400),
    ];
    for (error, code, status) in final_ones {
        assert_eq!(of(error), (code, status, false), "{error:?}");
    }
    for (error, code) in [(Error::RequestThrottled, "RequestThrottled"), (Error::OverLimit, "OverLimit")] {
        assert_eq!(of(error), (code, 400, true), "tried again with back-off: {error:?}");
    }
    assert!(RetryMode::Standard.default_attempts() > 1);
}

/// SQS-195, ACC-24: the publish succeeds, the delivery does not, and the reason is on the link.
#[test]
fn sqs_195_a_topic_needs_a_key_whose_policy_lets_it_in() {
    let allows = json!({ "Version": "2012-10-17", "Statement": [{
        "Effect": "Allow", "Principal": { "Service": "sns.amazonaws.com" },
        "Action": ["kms:GenerateDataKey*", "kms:Decrypt"], "Resource": "*",
        "Condition": { "ArnEquals": { "aws:SourceArn": arn::topic("orders") } },
    }] });
    let elsewhere = json!({ "Version": "2012-10-17", "Statement": [{
        "Effect": "Allow", "Principal": { "Service": "sns.amazonaws.com" },
        "Action": "kms:*", "Resource": arn::key("another"),
    }] });
    let document = json!({
        "Resources": {
            "shop": { "Type": "Playground::Producer", "Properties": { "ArrivalProcess": { "Type": "AtOnce", "Count": 10 } } },
            "orders": { "Type": "AWS::SNS::Topic" },
            "plain": { "Type": "AWS::SQS::Queue" },
            "managed": { "Type": "AWS::SQS::Queue", "Properties": { "KmsMasterKeyId": "alias/aws/sqs", "KmsKeyPolicy": allows } },
            "fresh": { "Type": "AWS::SQS::Queue", "Properties": { "KmsMasterKeyId": "key-1" } },
            "allowed": { "Type": "AWS::SQS::Queue", "Properties": { "KmsMasterKeyId": "key-1", "KmsKeyPolicy": allows } },
            "other": { "Type": "AWS::SQS::Queue", "Properties": { "KmsMasterKeyId": "key-1", "KmsKeyPolicy": elsewhere } },
        },
        "Links": [
            { "Type": "Playground::Send", "From": "shop", "To": "orders" },
            { "Type": "AWS::SNS::Subscription", "From": "orders", "To": "plain" },
            { "Type": "AWS::SNS::Subscription", "From": "orders", "To": "managed" },
            { "Type": "AWS::SNS::Subscription", "From": "orders", "To": "fresh" },
            { "Type": "AWS::SNS::Subscription", "From": "orders", "To": "allowed" },
            { "Type": "AWS::SNS::Subscription", "From": "orders", "To": "other" },
        ],
    });
    let mut world = run(&document, 10.0);
    assert_eq!(metric(&world, "shop", MessagesAccepted), 10);
    let stored = ["plain", "managed", "fresh", "allowed", "other"];
    let stored = stored.map(|name| metric(&world, name, NumberOfMessagesSent));
    assert_eq!(stored, [10, 0, 0, 10, 0]);
    assert_eq!(
        metrics(&world, "orders", [NumberOfNotificationsDelivered, NumberOfNotificationsFailed]),
        [20, 30]
    );
    let refused = world.take_trace().events.into_iter().any(|event| {
        event.component == place(&world, "fresh")
            && matches!(event.kind, messaging::trace::TraceKind::ApiFailed { error, .. }
                if error == Error::Kms(KmsError::AccessDenied).into())
    });
    assert!(refused, "the reason is in the trace of the link");
    // The account itself may use a key of its own and the one AWS manages.
    for name in ["managed", "fresh"] {
        let sending = entry(&mut world, "a", None, None);
        assert_eq!(code(&call(&mut world, name, sqs::Request::SendMessage, vec![sending])), None, "{name}");
    }
}

#[test]
fn sqs_173_sp_28_a_noisy_tenant_does_not_keep_the_others_waiting() {
    // One tenant sends 60 of 100 messages a second, and the workers do 50.
    let document = |keys: Value| {
        let mut producer = steady(100);
        producer["Keys"] = keys;
        producer["StopAfterSeconds"] = json!(120);
        let worker = json!({ "Workers": 50, "ProcessingTime": takes(1.0), "MaxNumberOfMessages": 1 });
        used(producer, json!({ "VisibilityTimeout": 30 }), json!({ "worker": worker }))
    };
    let quiet_share = json!({ "Prefix": "tenant-", "Count": 20, "FirstKeyShare": 0.6 });
    let mut world = world_of(&document(quiet_share));
    advance(&mut world, 100.0);
    let of = [ApproximateNumberOfMessagesVisible, ApproximateNumberOfMessagesVisibleInQuietGroups];
    let [visible, quiet] = metrics(&world, "orders", of);
    assert!(visible > 4_000, "half of the load waits: {visible}");
    assert!(quiet < 50, "none of it is of the others: {quiet}");
    assert_eq!(metric(&world, "orders", ApproximateNumberOfNoisyGroups), 1);
    assert!(metric(&world, "orders", ApproximateAgeOfOldestMessageInQuietGroups) <= 3);
    assert!(metric(&world, "orders", ApproximateAgeOfOldestMessage) > 30);
    let state = world.node_state(place(&world, "orders")).expect("it is there");
    assert!(state.instruments.iter().any(|instrument| matches!(instrument,
        Instrument::Figure { label, value: 1.0, .. } if label == "noisy groups")));
    // Without group ids everybody waits.
    let mut world = world_of(&document(json!({})));
    advance(&mut world, 100.0);
    assert!(metric(&world, "orders", ApproximateAgeOfOldestMessage) > 30);
}

#[test]
fn sqs_163_a_queue_with_high_throughput_says_how_many_partitions_it_has() {
    let mut producer = steady(1_000);
    producer["Keys"] = json!({ "Prefix": "customer-", "Count": 1_000 });
    producer["RetryMode"] = json!("off");
    let queue = json!({
        "FifoQueue": true, "DeduplicationScope": "messageGroup", "FifoThroughputLimit": "perMessageGroupId",
    });
    let mut world = world_of(&used(producer, queue, json!({})));
    advance(&mut world, 10.0);
    let state = |world: &World| world.node_state(place(world, "orders.fifo")).expect("it is there");
    let problem = state(&world).problem.expect("one partition of 300 calls/s");
    assert_eq!(
        problem.text,
        "shop makes 1000 calls/s, one message each. A FIFO queue with high throughput has 1 partition now, of 300 \
         calls/s, so 700/s come back. After 30 s of such a load it has more, up to 70000 calls/s; one message \
         group never has more than one partition."
    );
    advance(&mut world, 60.0);
    assert_eq!(state(&world).problem, None, "four partitions by now");
    assert!(state(&world).instruments.iter().any(|instrument| matches!(instrument,
        Instrument::Note { text, .. } if text.ends_with(", 4 partitions"))));
    assert_ne!(state(&world).health, Health::Throttled);
}

#[test]
fn sqs_133_a_dead_letter_queue_tells_how_its_last_move_task_ended() {
    let mut world = world_of(&json!({
        "Resources": {
            "orders": { "Type": "AWS::SQS::Queue" },
            "dead": { "Type": "AWS::SQS::Queue" },
        },
        "Links": [{ "Type": "AWS::SQS::RedrivePolicy", "From": "orders", "To": "dead" }],
    }));
    let sending = entry(&mut world, "a", None, None);
    call(&mut world, "dead", sqs::Request::SendMessage, vec![sending]);
    world.intervene(&Intervention::Redrive("dead".into())).expect("it is a dead-letter queue");
    world.advance(SimTime::from_secs(1), EventBudget::UNLIMITED);
    let state = world.node_state(place(&world, "dead")).expect("it is there");
    assert!(
        state.instruments.iter().any(|instrument| matches!(instrument, Instrument::Note { text, .. }
            if text == "move task FAILED (CouldNotDetermineMessageSource), 0 moved")),
        "{:#?}",
        state.instruments
    );
}
