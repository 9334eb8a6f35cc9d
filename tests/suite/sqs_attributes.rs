//! What AWS would refuse of a queue's attributes, and of who may name it as a dead-letter queue.

use scenario::{Diagnostic, DiagnosticCode, Severity};
use serde_json::{Value, json};

/// What validation says of a document of these queues, which all redrive to the last one.
fn diagnostics(queues: &[(&str, Value)]) -> Vec<Diagnostic> {
    let mut document = json!({ "Version": 1, "Resources": {}, "Links": [] });
    let (last, others) = queues.split_last().expect("one at least");
    for (id, properties) in queues {
        document["Resources"][id] = json!({ "Type": "AWS::SQS::Queue", "Properties": properties });
    }
    let links = others.iter().map(|(id, _)| json!({ "From": id, "To": last.0 }));
    document["Links"] = links.collect();
    scenario::parse(&document.to_string()).validated().diagnostics.0
}

fn one(properties: Value) -> Vec<(Severity, String, String)> {
    let id = if properties["FifoQueue"] == json!(true) { "q.fifo" } else { "q" };
    let found = diagnostics(&[(id, properties)]).into_iter();
    let attribute =
        |at: &Diagnostic| at.pointer.to_string().rsplit('/').next().unwrap_or_default().to_owned();
    found.map(|found| (found.severity, attribute(&found), found.message)).collect()
}

#[test]
fn sqs_10_attributes_of_a_fifo_queue_on_a_standard_queue() {
    let properties = json!({
        "ContentBasedDeduplication": true, "DeduplicationScope": "messageGroup",
        "FifoThroughputLimit": "perMessageGroupId",
    });
    let expected = ["ContentBasedDeduplication", "DeduplicationScope", "FifoThroughputLimit"].map(|name| {
        let message =
            format!("InvalidAttributeName: You can specify the {name} only when FifoQueue is set to true.");
        (Severity::Warning, name.to_owned(), message)
    });
    assert_eq!(one(properties.clone()), expected);
    let mut fifo = properties;
    fifo["FifoQueue"] = json!(true);
    assert_eq!(one(fifo), []);
}

#[test]
fn sqs_7_what_goes_together() {
    let limit = one(json!({ "FifoQueue": true, "FifoThroughputLimit": "perMessageGroupId" }));
    assert_eq!(limit.len(), 1);
    assert!(limit[0].2.contains("only when DeduplicationScope is messageGroup"), "{limit:?}");
    let statement = json!({ "Effect": "Allow", "Principal": "*", "Action": "sqs:*", "Resource": "*" });
    let policy = |count: usize| json!({ "Policy": { "Version": "2012-10-17", "Statement": vec![statement.clone(); count] } });
    assert_eq!(one(policy(20)), []);
    let too_large = one(policy(21));
    assert_eq!((too_large.len(), too_large[0].0), (1, Severity::Warning), "{too_large:?}");
}

#[test]
fn sqs_190_one_kind_of_encryption() {
    let both = one(json!({ "KmsMasterKeyId": "alias/orders", "SqsManagedSseEnabled": true }));
    assert_eq!((both.len(), both[0].0), (1, Severity::Error));
    assert!(both[0].2.starts_with("InvalidAttributeName: You can use one type of server-side encryption"));
    assert_eq!(one(json!({ "KmsMasterKeyId": "alias/orders" })), []);
    assert_eq!(one(json!({ "KmsMasterKeyId": "alias/orders", "SqsManagedSseEnabled": false })), []);
    assert_eq!(one(json!({ "SqsManagedSseEnabled": true })), []);
    let period = one(json!({ "KmsDataKeyReusePeriodSeconds": 59 }));
    assert!(period[0].2.contains("60 to 86400 s"), "{period:?}");
    let policy = one(json!({ "KmsKeyPolicy": { "Version": "2012-10-17" } }));
    assert_eq!((policy.len(), policy[0].0), (1, Severity::Error), "a policy that cannot be read: {policy:?}");
}

#[test]
fn sqs_124_a_dead_letter_queue_says_whose_it_may_be() {
    let arn = messaging::arn::queue;
    let faults = |policy: Value| {
        let dead = json!({ "RedriveAllowPolicy": policy });
        let found = diagnostics(&[("orders", json!({})), ("refunds", json!({})), ("dead", dead)]);
        found
            .into_iter()
            .map(|found| (found.code, found.pointer.to_string(), found.message))
            .collect::<Vec<_>>()
    };
    let refused = |place: usize, queue: &str| {
        let message = format!(
            "InvalidParameterValue: The redrive allow policy of dead does not allow {} to use it as a dead-letter queue.",
            arn(queue)
        );
        (DiagnosticCode::LinkNotAllowed, format!("/Links/{place}"), message)
    };
    assert_eq!(faults(json!({ "redrivePermission": "allowAll" })), []);
    let nobody = faults(json!({ "redrivePermission": "denyAll" }));
    assert_eq!(nobody, [refused(0, "orders"), refused(1, "refunds")]);
    let one = faults(json!({ "redrivePermission": "byQueue", "sourceQueueArns": [arn("refunds")] }));
    assert_eq!(one, [refused(0, "orders")]);
    let both = json!([arn("refunds"), arn("orders")]);
    assert_eq!(faults(json!({ "redrivePermission": "byQueue", "sourceQueueArns": both })), []);
    let eleven: Vec<String> =
        (0..11).map(|number| arn(&format!("q{number}"))).chain([arn("orders")]).collect();
    for wrong in [
        json!({ "redrivePermission": "byQueue", "sourceQueueArns": eleven }),
        json!({ "redrivePermission": "byQueue" }),
    ] {
        let (code, pointer, _) = &faults(wrong)[0];
        assert_eq!(*code, DiagnosticCode::InvalidAttribute);
        assert_eq!(pointer, "/Resources/dead/Properties/RedriveAllowPolicy");
    }
    let unknown = faults(json!({ "redrivePermission": "everybody" }));
    assert_eq!(unknown[0].0, DiagnosticCode::OutOfRange, "{unknown:?}");
}

#[test]
fn sqs_7_sp_14_retention_is_one_minute_to_fourteen_days() {
    assert_eq!(one(json!({ "MessageRetentionPeriod": 1_209_600 })), []);
    assert_eq!(one(json!({ "MessageRetentionPeriod": 60 })), []);
    for wrong in [59, 1_209_601] {
        let found = one(json!({ "MessageRetentionPeriod": wrong }));
        assert_eq!((found.len(), found[0].0), (1, Severity::Error), "{wrong}");
    }
}
