//! SNS: what is refused when topics and subscriptions are made, who may publish, and what holds from end to end.

use messaging::MetricName::*;
use messaging::descriptor::FieldSpec;
use messaging::sns::Protocol;
use messaging::trace::TraceKind;
use messaging::{LinkProperties, Properties, ResourceKind, sns};
use scenario::link_refusal;
use serde_json::{Value, json};

use super::support::{advance, call, code, edit, entry, metric, metrics, run, world_of};

/// A topic with one subscription, the dead-letter queues it may name, and what else is given.
fn document(topic: Value, endpoint: Value, subscription: Value) -> Value {
    let name = if topic["FifoTopic"] == json!(true) { "topic.fifo" } else { "topic" };
    let (kind, endpoint_name) = match endpoint.get("Protocol") {
        Some(_) => ("Playground::Endpoint", "endpoint"),
        None if endpoint["FifoQueue"] == json!(true) => ("AWS::SQS::Queue", "endpoint.fifo"),
        None => ("AWS::SQS::Queue", "endpoint"),
    };
    json!({
        "Version": 1,
        "Resources": {
            name: { "Type": "AWS::SNS::Topic", "Properties": topic },
            endpoint_name: { "Type": kind, "Properties": endpoint },
            "dead": { "Type": "AWS::SQS::Queue" },
            "dead.fifo": { "Type": "AWS::SQS::Queue", "Properties": { "FifoQueue": true } },
        },
        "Links": [{
            "Type": "AWS::SNS::Subscription", "From": name, "To": endpoint_name, "Properties": subscription
        }],
    })
}

/// The faults of a document, as pointer and sentence.
fn faults(document: &Value) -> Vec<(String, String)> {
    let checked = scenario::parse(&document.to_string()).validated();
    let errors = checked.diagnostics.iter().filter(|fault| fault.severity == scenario::Severity::Error);
    errors.map(|fault| (fault.pointer.to_string(), fault.message.clone())).collect()
}

/// Exactly one fault, at the end of a pointer and with some words.
fn refused(document: &Value, pointer: &str, words: &str) {
    let faults = faults(document);
    assert_eq!(faults.len(), 1, "{words}: {faults:?}");
    let (at, message) = &faults[0];
    assert!(at.ends_with(pointer) && message.contains(words), "{at}: {message}, not {pointer}: {words}");
}

fn accepted(document: &Value) {
    assert_eq!(faults(document), []);
}

#[test]
fn sns_47_raw_delivery_and_delivery_policies_are_for_some_protocols_only() {
    let standard = || json!({});
    for protocol in ["http", "https", "email", "email-json", "sms", "application"] {
        let endpoint = json!({ "Protocol": protocol });
        let is_http = protocol.starts_with("http");
        let raw = document(standard(), endpoint.clone(), json!({ "RawMessageDelivery": true }));
        let policy =
            document(standard(), endpoint, json!({ "DeliveryPolicy": { "healthyRetryPolicy": {} } }));
        if is_http {
            accepted(&raw);
            accepted(&policy);
        } else {
            refused(&raw, "/RawMessageDelivery", "does not support raw message delivery.");
            refused(&policy, "/DeliveryPolicy", "only for protocols http and https");
        }
    }
    accepted(&document(standard(), json!({}), json!({ "RawMessageDelivery": true })));
    refused(
        &document(standard(), json!({}), json!({ "RawMessageDelivery": "yes" })),
        "/RawMessageDelivery",
        "true or false",
    );
    // Other names do not exist.
    let unknown = document(standard(), json!({}), json!({ "Endpoint": "x" }));
    refused(&unknown, "/Endpoint", "Endpoint");
}

#[test]
fn sns_145_limits_of_the_delivery_policy_are_checked_where_they_stand() {
    let https = || json!({ "Protocol": "https" });
    let own = |policy: Value| document(json!({}), https(), json!({ "DeliveryPolicy": policy }));
    accepted(&own(json!({ "healthyRetryPolicy": { "numRetries": 100, "maxDelayTarget": 3600 } })));
    let retry = "/DeliveryPolicy/healthyRetryPolicy";
    refused(&own(json!({ "healthyRetryPolicy": { "numRetries": 101 } })), retry, "between 0 and 100");
    refused(&own(json!({ "healthyRetryPolicy": { "minDelayTarget": 30 } })), retry, "less than or equal to");
    refused(
        &own(json!({ "throttlePolicy": { "maxReceivesPerSecond": 0 } })),
        "/DeliveryPolicy/throttlePolicy",
        "1 or more",
    );
    let topics =
        json!({ "DeliveryPolicy": { "http": { "defaultHealthyRetryPolicy": { "numRetries": 101 } } } });
    let at = "/DeliveryPolicy/http/defaultHealthyRetryPolicy";
    refused(&document(topics, https(), json!({})), at, "between 0 and 100");
}

#[test]
fn sns_87_sns_148_a_dead_letter_queue_has_the_type_of_the_topic() {
    let names = |queue: &str| json!({ "RedrivePolicy": { "deadLetterTargetArn": queue } });
    let fifo = || json!({ "FifoTopic": true });
    accepted(&document(json!({}), json!({}), names("dead")));
    accepted(&document(json!({}), json!({}), names("arn:aws:sqs:eu-west-1:123456789012:dead")));
    accepted(&document(fifo(), json!({ "FifoQueue": true }), names("dead.fifo")));
    let at = "/RedrivePolicy/deadLetterTargetArn";
    let words = "must use a FIFO queue as DLQ for a FIFO Subscription to a FIFO Topic.";
    refused(&document(fifo(), json!({ "FifoQueue": true }), names("dead")), at, words);
    refused(&document(json!({}), json!({}), names("dead.fifo")), at, "cannot be the DLQ");
    refused(&document(json!({}), json!({}), names("nowhere")), at, "there is no queue nowhere");
    refused(&document(json!({}), json!({}), names("topic")), at, "there is no queue topic");
}

#[test]
fn sns_44_sns_83_sp_83_sp_84_who_may_subscribe_to_a_fifo_topic() {
    let fifo = || json!({ "FifoTopic": true });
    accepted(&document(fifo(), json!({ "FifoQueue": true }), json!({})));
    accepted(&document(fifo(), json!({}), json!({})));
    for protocol in ["http", "email", "sms", "application"] {
        let faults = faults(&document(fifo(), json!({ "Protocol": protocol }), json!({})));
        assert!(faults.iter().any(|(_, text)| text.contains("SQS queues only")), "{protocol}: {faults:?}");
    }
    // Before September 2023 only FIFO queues could subscribe: the course notes' rule (SNS-45).
    let mut classic = document(fifo(), json!({}), json!({}));
    classic["Settings"] = json!({ "QuotaProfile": "Classic" });
    refused(&classic, "/Links/0", "a FIFO topic delivers to FIFO queues only");
}

#[test]
fn sns_40_sns_41_sp_74_the_protocol_follows_from_the_endpoint_and_some_have_none() {
    let protocol = |kind: ResourceKind| kind.default_properties().subscription_protocol();
    assert_eq!(protocol(ResourceKind::Queue), Some(Protocol::Sqs));
    let endpoint = |name: &str| {
        let json = json!({ "Protocol": name });
        ResourceKind::Endpoint.read_properties(&json).expect("a protocol").subscription_protocol()
    };
    for wanted in Protocol::ALL
        .into_iter()
        .filter(|wanted| !matches!(wanted, Protocol::Sqs | Protocol::Lambda | Protocol::Firehose))
    {
        assert_eq!(endpoint(wanted.name()), Some(wanted));
    }
    // A protocol of another name does not exist.
    assert!(ResourceKind::Endpoint.read_properties(&json!({ "Protocol": "ftp" })).is_err());
    // Streams, databases and topics cannot subscribe, and the reason names a way that works.
    let topic = ResourceKind::Topic.default_properties();
    for kind in [ResourceKind::Stream, ResourceKind::Database, ResourceKind::Topic, ResourceKind::Consumer] {
        assert_eq!(protocol(kind), None);
        let refusal = link_refusal(&topic, &kind.default_properties()).expect("refused");
        assert!(refusal.hint.is_some(), "{kind:?}: {}", refusal.reason);
    }
}

#[test]
fn sns_22_a_topic_above_256_kib_has_few_subscribers_and_no_e_mail() {
    let large = || json!({ "MaximumMessageSize": 1_048_576 });
    let at = "/MaximumMessageSize";
    accepted(&document(large(), json!({}), json!({})));
    let words = "all of them SQS, Lambda or Firehose";
    refused(&document(large(), json!({ "Protocol": "email" }), json!({})), at, words);
    let mut many = large();
    many["OtherSubscriptions"] = json!(99);
    accepted(&document(many.clone(), json!({}), json!({})));
    many["OtherSubscriptions"] = json!(100);
    refused(&document(many, json!({}), json!({})), at, words);
    let mut classic = document(large(), json!({}), json!({}));
    classic["Settings"] = json!({ "QuotaProfile": "Classic" });
    refused(&classic, at, "in the classic profile");
}

#[test]
fn sns_4_sns_250_what_is_drawn_counts_against_the_quotas_too() {
    let others = |count: u32| document(json!({ "OtherSubscriptions": count }), json!({}), json!({}));
    accepted(&others(12_499_999));
    refused(&others(12_500_000), "/Properties", "SubscriptionLimitExceeded");
    let fifo = |count: u32| {
        document(json!({ "FifoTopic": true, "OtherSubscriptions": count }), json!({}), json!({}))
    };
    accepted(&fifo(99));
    refused(&fifo(100), "/Properties", "SubscriptionLimitExceeded");
    let mut filters = document(json!({}), json!({}), json!({ "FilterPolicy": { "a": ["b"] } }));
    for number in 1..200 {
        let name = format!("q{number}");
        filters["Resources"][&name] = json!({ "Type": "AWS::SQS::Queue" });
        let policy = json!({ "FilterPolicy": { "a": ["b"] } });
        let link =
            json!({ "Type": "AWS::SNS::Subscription", "From": "topic", "To": name, "Properties": policy });
        filters["Links"].as_array_mut().expect("links").push(link);
    }
    accepted(&filters);
    filters["Resources"]["one-more"] = json!({ "Type": "AWS::SQS::Queue" });
    let link = json!({
        "Type": "AWS::SNS::Subscription", "From": "topic", "To": "one-more",
        "Properties": { "FilterPolicy": { "a": ["b"] } }
    });
    filters["Links"].as_array_mut().expect("links").push(link);
    refused(&filters, "/Properties", "FilterPolicyLimitExceeded");
}

#[test]
fn sns_5_sns_103_sns_130_attributes_of_a_topic_have_limits() {
    let topic = |properties: Value| document(properties, json!({}), json!({}));
    accepted(&topic(json!({
        "DisplayName": "Orders", "SignatureVersion": "2", "TracingConfig": "Active", "KmsMasterKeyId": "alias/mine",
        "DeliveryStatusLogging": [{ "Protocol": "sqs", "SuccessFeedbackSampleRate": 100 }],
    })));
    refused(&topic(json!({ "DisplayName": "x".repeat(101) })), "/DisplayName", "100");
    refused(
        &topic(json!({ "DeliveryStatusLogging": [{ "Protocol": "sqs", "SuccessFeedbackSampleRate": 101 }] })),
        "/DeliveryStatusLogging",
        "between 0 and 100",
    );
    let statement = |sid: String| json!({ "Sid": sid, "Effect": "Allow", "Principal": "*", "Action": "sns:Publish", "Resource": "*" });
    let policy = |count: usize, length: usize| {
        let statements: Vec<Value> = (0..count).map(|n| statement(format!("{n:0length$}"))).collect();
        topic(json!({ "Policy": { "Statement": statements } }))
    };
    accepted(&policy(100, 3));
    refused(&policy(101, 3), "/Policy", "100 statements");
    refused(&policy(10, 4_000), "/Policy", "30 KB");
    let archive = |fifo: bool, days: u32| {
        topic(json!({ "FifoTopic": fifo, "ArchivePolicy": { "MessageRetentionPeriod": days } }))
    };
    accepted(&archive(true, 1));
    accepted(&archive(true, 365));
    refused(&archive(true, 0), "/MessageRetentionPeriod", "between 1 and 365");
    refused(&archive(true, 366), "/MessageRetentionPeriod", "between 1 and 365");
    refused(&archive(false, 1), "/ArchivePolicy", "only for FIFO topics");
}

#[test]
fn sns_131_a_replay_needs_an_archive() {
    let archived = || json!({ "FifoTopic": true, "ArchivePolicy": { "MessageRetentionPeriod": 7 } });
    let replay = |from: u32, to: u32| json!({ "ReplayPolicy": { "PointType": "Timestamp", "StartingPoint": from, "EndingPoint": to } });
    accepted(&document(archived(), json!({}), replay(0, 10)));
    refused(&document(archived(), json!({}), replay(10, 0)), "/EndingPoint", "before StartingPoint");
    refused(
        &document(json!({ "FifoTopic": true }), json!({}), replay(0, 10)),
        "/ReplayPolicy",
        "ArchivePolicy",
    );
}

#[test]
fn sns_120_sns_122_other_regions_and_accounts_have_conditions() {
    let region = |name: &str| json!({ "EndpointRegion": name });
    accepted(&document(json!({}), json!({}), region("us-east-1")));
    refused(
        &document(json!({}), json!({ "Protocol": "http" }), region("us-east-1")),
        "/EndpointRegion",
        "only sqs",
    );
    let account = |id: &str| json!({ "EndpointAccount": id });
    let at = "/EndpointAccount";
    refused(&document(json!({}), json!({}), account("210987654321")), at, "SNS:Subscribe");
    refused(&document(json!({}), json!({}), account("me")), at, "12 digits");
    let asked = json!({ "EndpointAccount": "210987654321", "SubscribedBy": "TopicOwner" });
    accepted(&document(json!({}), json!({}), asked));
    // SP-165: the topic's policy lets the other account subscribe.
    let lets_in = json!({ "Policy": { "Statement": [{
        "Effect": "Allow", "Principal": { "AWS": "210987654321" }, "Action": "sns:Subscribe", "Resource": "*"
    }] } });
    accepted(&document(lets_in, json!({}), account("210987654321")));
}

/// A producer that calls as a service, a topic, a queue.
fn service(principal: &str, topic: Value, queue: Value) -> Value {
    let producer = json!({ "ArrivalProcess": { "Type": "AtOnce", "Count": 10 }, "ServicePrincipal": principal,
        "RetryMode": "off" });
    json!({
        "Resources": {
            "bucket": { "Type": "Playground::Producer", "Properties": producer },
            "topic": { "Type": "AWS::SNS::Topic", "Properties": topic },
            "queue": { "Type": "AWS::SQS::Queue", "Properties": queue },
        },
        "Links": [
            { "Type": "Playground::Send", "From": "bucket", "To": "topic" },
            { "Type": "AWS::SNS::Subscription", "From": "topic", "To": "queue" },
        ],
    })
}

fn allow(principal: &str, source: &str, actions: &[&str]) -> Value {
    json!({ "Statement": [{
        "Effect": "Allow", "Principal": { "Service": principal }, "Action": actions, "Resource": "*",
        "Condition": { "ArnLike": { "aws:SourceArn": source } },
    }] })
}

/// CMP-57: a producer with the name of a service.
#[test]
fn sns_27_sp_72_eight_services_publish() {
    let services = [
        "cloudwatch.amazonaws.com",
        "autoscaling.amazonaws.com",
        "cloudformation.amazonaws.com",
        "s3.amazonaws.com",
        "dms.amazonaws.com",
        "lambda.amazonaws.com",
        "dynamodb.amazonaws.com",
        "events.rds.amazonaws.com",
    ];
    for principal in services {
        let world = run(&service(principal, json!({}), json!({})), 10.0);
        assert_eq!(metric(&world, "queue", NumberOfMessagesSent), 10, "{principal}");
    }
}

#[test]
fn sns_150_acc_13_sp_166_a_service_needs_the_topics_policy() {
    let bucket = "arn:aws:s3:::bucket";
    let cases = [
        (allow("s3.amazonaws.com", bucket, &["sns:Publish"]), 10),
        (allow("s3.amazonaws.com", "arn:aws:s3:::other", &["sns:Publish"]), 0),
        (allow("cloudwatch.amazonaws.com", bucket, &["sns:Publish"]), 0),
        (json!({ "Statement": [] }), 0),
    ];
    for (policy, published) in cases {
        let world = run(&service("s3.amazonaws.com", json!({ "Policy": policy }), json!({})), 10.0);
        assert_eq!(metric(&world, "topic", NumberOfMessagesPublished), published, "{policy}");
        assert_eq!(metric(&world, "bucket", MessagesLost), 10 - published);
    }
}

#[test]
fn acc_24_sp_162_an_encrypted_topic_needs_the_keys_policy_for_services() {
    let key = |policy: Value| json!({ "KmsMasterKeyId": "alias/mine", "KmsKeyPolicy": policy });
    let both = ["kms:GenerateDataKey*", "kms:Decrypt"];
    let any = "arn:aws:s3:::*";
    let cases = [
        (json!({ "KmsMasterKeyId": "alias/aws/sns" }), 0),
        (key(allow("s3.amazonaws.com", any, &both)), 10),
        (key(allow("s3.amazonaws.com", any, &both[..1])), 0),
        (key(allow("sqs.amazonaws.com", any, &both)), 0),
        (json!({}), 10),
    ];
    for (topic, published) in cases {
        let mut world = run(&service("s3.amazonaws.com", topic.clone(), json!({})), 10.0);
        assert_eq!(metric(&world, "topic", NumberOfMessagesPublished), published, "{topic}");
        let refusals = world.take_trace().events.into_iter().filter_map(|event| match event.kind {
            TraceKind::ApiFailed { error, .. } => Some(error),
            _ => None,
        });
        assert!(refusals.into_iter().all(|error| error == sns::Error::KmsAccessDenied.into()));
    }
    // The account's own clients may use the key that AWS manages.
    let managed = json!({ "KmsMasterKeyId": "alias/aws/sns" });
    let world = run(&service("", managed, json!({})), 10.0);
    assert_eq!(metric(&world, "topic", NumberOfMessagesPublished), 10);
}

/// SNS-143, ACC-T8 to ACC-T10: a key that does not let SNS in breaks deliveries, and only the topic tells.
#[test]
fn sns_143_sp_162_the_key_of_a_queue_can_break_deliveries_silently() {
    let both = ["kms:GenerateDataKey", "kms:Decrypt"];
    let own_key = allow("sns.amazonaws.com", "arn:aws:sns:*:*:topic", &both);
    let cases = [
        (json!({ "KmsMasterKeyId": "alias/aws/sqs" }), 0),
        (json!({ "KmsMasterKeyId": "alias/mine", "KmsKeyPolicy": { "Statement": [] } }), 0),
        (json!({ "KmsMasterKeyId": "alias/mine", "KmsKeyPolicy": own_key }), 10),
        (json!({}), 10),
    ];
    for (queue, sent) in cases {
        let world = run(&service("", json!({}), queue.clone()), 10.0);
        assert_eq!(metric(&world, "queue", NumberOfMessagesSent), sent, "{queue}");
        let of_topic = [NumberOfMessagesPublished, NumberOfNotificationsFailed, MessagesLost];
        assert_eq!(metrics(&world, "topic", of_topic), [10, 10 - sent, 10 - sent], "{queue}");
        assert_eq!(metric(&world, "bucket", MessagesLost), 0, "the publisher sees nothing");
    }
}

#[test]
fn sns_66_what_a_topic_delivers_may_be_larger_than_the_queues_maximum() {
    let mut world = world_of(&service("", json!({}), json!({ "MaximumMessageSize": 1_024 })));
    advance(&mut world, 1.0);
    let large = "x".repeat(5_000);
    let message = entry(&mut world, &large, None, None);
    assert_eq!(code(&call(&mut world, "topic", sns::Request::Publish, vec![message])), None);
    let message = entry(&mut world, &large, None, None);
    let direct = call(&mut world, "queue", messaging::sqs::Request::SendMessage, vec![message]);
    assert_eq!(code(&direct), Some("InvalidParameterValue"));
    advance(&mut world, 2.0);
    assert_eq!(metric(&world, "queue", NumberOfMessagesSent), 11);
}

#[test]
fn sns_28_a_standard_topic_may_deliver_twice_and_in_another_order() {
    let flow = |topic: Value| {
        let mut document = service("", topic, json!({ "Partitions": 1 }));
        document["Resources"]["bucket"]["Properties"] = json!({
            "ArrivalProcess": { "Type": "Steady", "Rate": 200 }, "MaxMessages": 2_000,
            "Keys": { "Count": 1 },
        });
        document["Resources"]["worker"] = json!({ "Type": "Playground::Consumer", "Properties": {
            "ProcessingTime": { "Distribution": "Constant", "Milliseconds": 1 }, "DeleteInBatches": true,
        } });
        let link = json!({ "Type": "Playground::Poll", "From": "queue", "To": "worker" });
        document["Links"].as_array_mut().expect("links").push(link);
        let world = run(&document, 60.0);
        let delivered = metric(&world, "topic", NumberOfNotificationsDelivered);
        (delivered, metric(&world, "worker", ProcessedOutOfOrder))
    };
    assert_eq!(flow(json!({})), (2_000, 0), "the median of every hop: no disorder");
    let (delivered, disorder) = flow(json!({ "DeliveryJitterMilliseconds": 30 }));
    assert!(delivered == 2_000 && disorder > 100, "{delivered}, {disorder}");
    let (delivered, _) = flow(json!({ "DuplicateDeliveryProbability": 0.1 }));
    assert!((2_150..2_250).contains(&delivered), "{delivered}");
}

#[test]
fn sns_142_jitter_makes_the_waits_longer_and_never_shorter() {
    let second_attempts = |jitter: f64| {
        let mut document = service("", json!({ "RetryJitter": jitter }), json!({}));
        document["Timeline"] = json!([{ "At": "0s", "CutLink": { "From": "topic", "To": "queue" } }]);
        let mut world = run(&document, 40.0);
        let events = world.take_trace().events;
        events.iter().filter(|event| matches!(event.kind, TraceKind::ApiFailed { .. })).count()
    };
    // In 40 s: at once four times, then after 1, 1, 1, 2, 4, 8 and 16 s.
    assert_eq!(second_attempts(0.0), 10 * 11);
    assert!(second_attempts(1.0) < 10 * 11);
}

#[test]
fn sns_172_deliveries_are_logged_by_protocol_and_rate() {
    let logged = |config: Value, queue: Value| {
        let topic = json!({ "DeliveryStatusLogging": [config] });
        let mut document = service("", topic, queue);
        document["Resources"]["bucket"]["Properties"]["ArrivalProcess"]["Count"] = json!(1_000);
        metric(&run(&document, 10.0), "topic", DeliveryStatusLogEntries)
    };
    let sqs = |rate: u32| json!({ "Protocol": "sqs", "SuccessFeedbackRoleArn": "r", "SuccessFeedbackSampleRate": rate });
    assert_eq!(logged(sqs(100), json!({})), 1_000);
    let half = logged(sqs(50), json!({}));
    assert!((430..570).contains(&half), "{half}");
    assert_eq!(
        logged(
            json!({ "Protocol": "http/s", "SuccessFeedbackRoleArn": "r", "SuccessFeedbackSampleRate": 100 }),
            json!({})
        ),
        0
    );
    // Failures are logged all, if at all.
    let closed = || json!({ "Policy": { "Statement": [] } });
    assert_eq!(logged(json!({ "Protocol": "sqs", "FailureFeedbackRoleArn": "r" }), closed()), 1_000);
    assert_eq!(logged(sqs(100), closed()), 0);
}

/// SNS-85: no filter policy, permissions given, messages deleted in time, no acknowledgement lost: exactly once.
#[test]
fn sns_85_sp_81_sp_96_from_a_fifo_topic_to_a_worker_each_message_comes_once_and_in_order() {
    let document = |visibility: u32| {
        json!({
            "Resources": {
                "shop": { "Type": "Playground::Producer", "Properties": {
                    "ArrivalProcess": { "Type": "Steady", "Rate": 50 }, "MaxMessages": 500,
                    "Keys": { "Prefix": "g", "Count": 2 },
                } },
                "topic.fifo": { "Type": "AWS::SNS::Topic", "Properties": { "FifoTopic": true } },
                "queue.fifo": { "Type": "AWS::SQS::Queue", "Properties": {
                    "FifoQueue": true, "VisibilityTimeout": visibility,
                } },
                "worker": { "Type": "Playground::Consumer", "Properties": {
                    "Workers": 4, "MaxNumberOfMessages": 1,
                    "ProcessingTime": { "Distribution": "Constant", "Milliseconds": 1_500 },
                } },
            },
            "Links": [
                { "Type": "Playground::Send", "From": "shop", "To": "topic.fifo" },
                { "Type": "AWS::SNS::Subscription", "From": "topic.fifo", "To": "queue.fifo" },
                { "Type": "Playground::Poll", "From": "queue.fifo", "To": "worker" },
            ],
        })
    };
    let world = run(&document(30), 600.0);
    let of_worker = [MessagesProcessed, MessagesProcessedAgain, ProcessedOutOfOrder];
    assert_eq!(metrics(&world, "worker", of_worker), [500, 0, 0]);
    // Who deletes too late gets them again.
    let world = run(&document(1), 600.0);
    assert!(metric(&world, "worker", MessagesProcessedAgain) > 0);
}

#[test]
fn sns_104_sp_78_nothing_of_a_topic_provisions_throughput_and_the_quota_holds_all_the_same() {
    let names: Vec<&str> =
        ResourceKind::Topic.descriptor().fields.iter().map(|field: &FieldSpec| field.name).collect();
    for word in ["Capacity", "Provisioned", "Shard", "Units"] {
        assert!(names.iter().all(|name| !name.contains(word)), "{names:?}");
    }
    let mut document = service("", json!({}), json!({}));
    document["Resources"]["bucket"]["Properties"]["ArrivalProcess"] =
        json!({ "Type": "AtOnce", "Count": 10_000 });
    let world = run(&document, 10.0);
    // SNS-101: 9,000 messages a second in eu-west-1.
    assert_eq!(metrics(&world, "topic", [NumberOfMessagesPublished, RefusedMessages]), [9_000, 1_000]);
}

/// A topic, so many queues, and a producer of 60 messages.
fn fan_out(queues: usize, subscription: &Value) -> Value {
    let mut document = service("", json!({}), json!({}));
    document["Resources"]["bucket"]["Properties"]["ArrivalProcess"] =
        json!({ "Type": "AtOnce", "Count": 60 });
    document["Links"] = json!([{ "Type": "Playground::Send", "From": "bucket", "To": "topic" }]);
    for number in 0..queues {
        let name = format!("q{number}");
        document["Resources"][&name] = json!({ "Type": "AWS::SQS::Queue" });
        let link = json!({
            "Type": "AWS::SNS::Subscription", "From": "topic", "To": name, "Properties": subscription
        });
        document["Links"].as_array_mut().expect("links").push(link);
    }
    document
}

#[test]
fn sns_48_sp_66_sp_67_every_subscription_without_a_filter_gets_every_message() {
    for queues in [1, 10, 100] {
        let world = run(&fan_out(queues, &json!({})), 10.0);
        let of_topic = [NumberOfMessagesPublished, NumberOfNotificationsDelivered];
        assert_eq!(metrics(&world, "topic", of_topic), [60, 60 * queues as u64]);
        for number in 0..queues {
            assert_eq!(metric(&world, &format!("q{number}"), NumberOfMessagesSent), 60);
        }
    }
    let world = run(&fan_out(3, &json!({ "FilterPolicy": { "state": ["placed"] } })), 10.0);
    assert_eq!(metric(&world, "topic", NumberOfNotificationsDelivered), 0, "with a filter only what matches");
}

#[test]
fn sp_70_a_topic_pushes_and_nobody_polls_it() {
    let of = ResourceKind::default_properties;
    let refusal = link_refusal(&of(ResourceKind::Topic), &of(ResourceKind::Consumer)).expect("refused");
    assert!(refusal.reason.contains("a topic has nothing to poll"), "{}", refusal.reason);
    assert!(ResourceKind::Topic.poller().is_none());
}

#[test]
fn sp_76_who_publishes_before_anyone_subscribes_reaches_nobody() {
    let document = |queues| {
        let mut document = fan_out(queues, &json!({}));
        document["Resources"]["bucket"]["Properties"]["ArrivalProcess"] =
            json!({ "Type": "Burst", "Size": 1, "EverySeconds": 60 });
        document
    };
    let mut world = world_of(&document(0));
    advance(&mut world, 59.0);
    let before = metric(&world, "topic", NumberOfMessagesPublished);
    assert_eq!(metric(&world, "topic", NumberOfNotificationsDelivered), 0);
    edit(&mut world, &document(1));
    advance(&mut world, 119.0);
    let after = metric(&world, "topic", NumberOfMessagesPublished) - before;
    assert!(before > 0 && after > 0);
    assert_eq!(metric(&world, "topic", NumberOfNotificationsDelivered), after);
}

#[test]
fn sp_75_sp_88_behind_a_topic_a_queue_keeps_delays_and_gives_again() {
    let mut document = fan_out(1, &json!({}));
    document["Resources"]["bucket"]["Properties"]["ArrivalProcess"]["Count"] = json!(5);
    document["Resources"]["q0"]["Properties"] = json!({ "DelaySeconds": 60, "VisibilityTimeout": 5 });
    document["Resources"]["worker"] = json!({ "Type": "Playground::Consumer", "Properties": {
        "FailureProbability": 1.0, "ProcessingTime": { "Distribution": "Constant", "Milliseconds": 1 }
    } });
    let link = json!({ "Type": "Playground::Poll", "From": "q0", "To": "worker" });
    document["Links"].as_array_mut().expect("links").push(link);
    let mut world = world_of(&document);
    advance(&mut world, 59.0);
    let of_queue = [NumberOfMessagesSent, NumberOfMessagesReceived];
    assert_eq!(metrics(&world, "q0", of_queue), [5, 0], "delayed");
    advance(&mut world, 68.0);
    assert_eq!(metric(&world, "worker", ProcessingFailures), 10, "failed twice each");
    let mut works = document.clone();
    works["Resources"]["worker"]["Properties"]["FailureProbability"] = json!(0.0);
    edit(&mut world, &works);
    advance(&mut world, 80.0);
    assert_eq!(metric(&world, "worker", MessagesProcessed), 5, "done at the third try");
}

#[test]
fn sp_79_sp_99_cancelled_orders_go_to_an_inbox() {
    let state = |state: &str, weight: u32| json!({ "Attributes": { "state": { "Type": "String", "Value": state } }, "Weight": weight });
    let mut document = fan_out(1, &json!({}));
    let producer = &mut document["Resources"]["bucket"]["Properties"];
    producer["Messages"] = json!([state("placed", 3), state("cancelled", 2), state("declined", 1)]);
    producer["StartAfterSeconds"] = json!(5);
    document["Resources"]["inbox"] =
        json!({ "Type": "Playground::Endpoint", "Properties": { "Protocol": "email" } });
    let policy = json!({ "FilterPolicy": { "state": ["cancelled"] } });
    let link =
        json!({ "Type": "AWS::SNS::Subscription", "From": "topic", "To": "inbox", "Properties": policy });
    document["Links"].as_array_mut().expect("links").push(link);
    let mut world = world_of(&document);
    advance(&mut world, 8.0);
    // Ten e-mails a second to one subscription (SNS-102); the others are tried again 10 s later.
    assert_eq!(metric(&world, "inbox", DeliveriesAccepted), 10);
    advance(&mut world, 60.0);
    assert_eq!(metric(&world, "inbox", DeliveriesAccepted), 20);
    assert_eq!(metric(&world, "topic", MessagesLost), 0);
}

#[test]
fn sp_161_sp_163_a_filter_sees_the_attributes_of_what_the_client_has_encrypted_and_not_the_body() {
    let mut document = fan_out(2, &json!({}));
    document["Resources"]["bucket"]["Properties"]["Messages"] = json!([{
        "Body": "AQIDAHh5c2VjcmV0", "Attributes": { "state": { "Type": "String", "Value": "placed" } }
    }]);
    document["Links"][1]["Properties"] = json!({ "FilterPolicy": { "state": ["placed"] } });
    document["Links"][2]["Properties"] =
        json!({ "FilterPolicy": { "state": ["placed"] }, "FilterPolicyScope": "MessageBody" });
    let world = run(&document, 10.0);
    assert_eq!(["q0", "q1"].map(|queue| metric(&world, queue, NumberOfMessagesSent)), [60, 0]);
}

#[test]
fn sns_254_forms_that_only_the_engine_takes_are_refused() {
    use messaging::sns::filter_policy::{FilterPolicy, FilterPolicyScope};
    for policy in [
        r#"{"a":[{"prefix":{"equals-ignore-case":"x"}}]}"#,
        r#"{"a":[{"suffix":{"equals-ignore-case":"x"}}]}"#,
        r#"{"a":[{"anything-but":{"prefix":["x","y"]}}]}"#,
        r#"{"a":[{"anything-but":{"wildcard":["x*","y"]}}]}"#,
        r#"{"a":[{"exactly":"x"}]}"#,
    ] {
        assert!(FilterPolicy::parse(policy, FilterPolicyScope::MessageAttributes).is_err(), "{policy}");
    }
}

#[test]
fn properties_that_say_nothing_are_not_written() {
    let document = document(json!({}), json!({}), json!({}));
    let scenario = scenario::parse(&document.to_string()).scenario;
    let topic = scenario.resources.values().find(|properties| matches!(properties, Properties::Topic(_)));
    assert_eq!(serde_json::to_value(topic.expect("a topic")).expect("JSON"), json!({}));
    let LinkProperties::Subscription(subscription) = &scenario.links[0].properties else {
        panic!("a subscription")
    };
    assert_eq!(serde_json::to_value(subscription).expect("JSON"), json!({}));
}

#[test]
fn a_dead_letter_queue_keeps_its_subscription_through_a_new_name_and_is_forgotten_with_the_queue() {
    use editor::edit::{Edit, apply};
    for arn in ["dead", "arn:aws:sqs:eu-west-1:123456789012:dead"] {
        let document =
            document(json!({}), json!({}), json!({ "RedrivePolicy": { "deadLetterTargetArn": arn } }));
        let scenario = scenario::parse(&document.to_string()).scenario;
        let target = |scenario: &scenario::Scenario| {
            let link = serde_json::to_value(&scenario.links[0].properties).expect("JSON");
            link["RedrivePolicy"]["deadLetterTargetArn"].as_str().map(str::to_owned)
        };
        let renamed = Edit::Rename { from: "dead".into(), to: "missed".into() };
        let renamed = apply(&scenario, &renamed).expect("another name");
        assert_eq!(target(&renamed), Some(arn.replace("dead", "missed")));
        let removed = apply(&renamed, &Edit::Remove(vec!["missed".into()])).expect("gone");
        assert_eq!(target(&removed), None);
        accepted(&removed.to_value());
    }
}

/// SNS-171: in the end every copy of every message was delivered, filtered out, redriven or lost; none of them twice.
#[test]
fn sns_171_every_copy_ends_in_exactly_one_place() {
    let state = |state: &str| json!({ "Attributes": { "state": { "Type": "String", "Value": state } } });
    let failing = |protocol: &str, status: u32| {
        json!({ "Type": "Playground::Endpoint", "Properties": {
            "Protocol": protocol, "ConfirmAfterSeconds": 0, "FailureProbability": 0.6, "FailureStatusCode": status
        } })
    };
    let document = json!({
        "Resources": {
            "shop": { "Type": "Playground::Producer", "Properties": {
                "ArrivalProcess": { "Type": "Poisson", "Rate": 5 }, "StartAfterSeconds": 5, "MaxMessages": 300,
                "MessageChoice": "Random", "Messages": [state("placed"), state("cancelled"), {}],
            } },
            "topic": { "Type": "AWS::SNS::Topic" },
            "kept": { "Type": "AWS::SQS::Queue" },
            "closed": { "Type": "AWS::SQS::Queue", "Properties": { "Policy": { "Statement": [] } } },
            "closed-dead": { "Type": "AWS::SQS::Queue", "Properties": { "Policy": { "Statement": [] } } },
            "dead": { "Type": "AWS::SQS::Queue" },
            "server": failing("https", 503),
            "gone": failing("http", 404),
            "app": failing("application", 500),
            "inbox": failing("email", 429),
        },
        "Links": [
            { "Type": "Playground::Send", "From": "shop", "To": "topic" },
            { "Type": "AWS::SNS::Subscription", "From": "topic", "To": "kept",
              "Properties": { "FilterPolicy": { "state": ["placed"] } } },
            { "Type": "AWS::SNS::Subscription", "From": "topic", "To": "closed",
              "Properties": { "RedrivePolicy": { "deadLetterTargetArn": "closed-dead" } } },
            { "Type": "AWS::SNS::Subscription", "From": "topic", "To": "server" },
            { "Type": "AWS::SNS::Subscription", "From": "topic", "To": "gone",
              "Properties": { "RedrivePolicy": { "deadLetterTargetArn": "dead" } } },
            { "Type": "AWS::SNS::Subscription", "From": "topic", "To": "app" },
            { "Type": "AWS::SNS::Subscription", "From": "topic", "To": "inbox" },
        ],
    });
    let world = run(&document, 40_000.0);
    let [published, delivered, filtered, redriven, lost, waiting] = metrics(
        &world,
        "topic",
        [
            NumberOfMessagesPublished,
            NumberOfNotificationsDelivered,
            NumberOfNotificationsFilteredOut,
            NumberOfNotificationsRedrivenToDlq,
            MessagesLost,
            MessagesAwaitingRetry,
        ],
    );
    assert_eq!((published, waiting), (300, 0));
    assert!(filtered > 100 && redriven > 100 && lost > 300, "{filtered}, {redriven}, {lost}");
    assert_eq!(delivered + filtered + redriven + lost, 6 * published);
    assert_eq!(metric(&world, "dead", NumberOfMessagesSent), redriven);
    assert_eq!(metric(&world, "topic", NumberOfNotificationsFailedToRedriveToDlq), 300);
    // Managed by the customer means 50 retries: nothing of an app or an inbox is lost at this rate of failures.
    let accepted = ["app", "inbox"].map(|endpoint| metric(&world, endpoint, DeliveriesAccepted));
    assert_eq!(accepted, [300, 300]);
}

#[test]
fn sp_94_the_same_event_is_worked_on_in_two_ways() {
    let mut document = fan_out(0, &json!({}));
    document["Resources"]["bucket"]["Properties"]["ServicePrincipal"] = json!("s3.amazonaws.com");
    for work in ["thumbnails", "audit"] {
        let (queue, rows) = (format!("{work}-queue"), format!("{work}-rows"));
        document["Resources"][&queue] = json!({ "Type": "AWS::SQS::Queue" });
        document["Resources"][work] = json!({ "Type": "Playground::Consumer" });
        document["Resources"][&rows] = json!({ "Type": "Playground::Database" });
        let links = document["Links"].as_array_mut().expect("links");
        links.push(json!({ "Type": "AWS::SNS::Subscription", "From": "topic", "To": queue }));
        links.push(json!({ "Type": "Playground::Poll", "From": queue, "To": work }));
        links.push(json!({ "Type": "Playground::Send", "From": work, "To": rows }));
    }
    let world = run(&document, 60.0);
    let outputs = ["thumbnails-rows", "audit-rows"].map(|rows| metric(&world, rows, WritesAccepted));
    assert_eq!(outputs, [60, 60], "two outputs for each of 60 objects");
}
