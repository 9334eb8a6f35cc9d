//! Who may do what: the rules that no other module shows (ACC-4 to ACC-27).

use messaging::MetricName::*;
use messaging::access_policy::{AccessDecision, AccessPolicy, AccessRequest, Principal};
use serde_json::{Value, json};

use super::support::{advance, call, code, entry, metric, metrics, run, world_of};
use messaging::sqs;

const OTHER_ACCOUNT: &str = "arn:aws:iam::210987654321:role/client";

fn decision(statement: Value, principal: Principal<'_>, context: &[(&str, &str)]) -> AccessDecision {
    let policy = AccessPolicy::parse(&json!({ "Statement": [statement] })).expect("a policy");
    let resource_arn = "arn:aws:sqs:eu-west-1:123456789012:orders";
    policy.evaluate(&AccessRequest { principal, action: "sqs:SendMessage", resource_arn, context })
}

/// ACC-5, ACC-9: a resource policy lets another account in by name, and says nothing of those it does not name.
#[test]
fn acc_4_acc_5_acc_9_a_resource_policy_lets_another_account_in() {
    let allow = |principal: Value| json!({ "Effect": "Allow", "Principal": principal, "Action": "sqs:SendMessage", "Resource": "*" });
    for (principal, expected) in [
        (json!({ "AWS": "210987654321" }), AccessDecision::Allowed),
        (json!({ "AWS": OTHER_ACCOUNT }), AccessDecision::Allowed),
        (json!({ "AWS": "111122223333" }), AccessDecision::ImplicitDeny),
        (json!({ "Service": "s3.amazonaws.com" }), AccessDecision::ImplicitDeny),
    ] {
        assert_eq!(decision(allow(principal), Principal::Aws(OTHER_ACCOUNT), &[]), expected);
    }
}

/// ACC-14: from an opt-in Region the service has a principal of that Region.
#[test]
fn acc_14_a_service_of_an_opt_in_region_is_a_principal_of_its_own() {
    let allow = |name: &str| json!({ "Effect": "Allow", "Principal": { "Service": name }, "Action": "sqs:SendMessage", "Resource": "*" });
    let of_region = Principal::Service("sns.me-south-1.amazonaws.com");
    assert_eq!(decision(allow("sns.amazonaws.com"), of_region, &[]), AccessDecision::ImplicitDeny);
    assert_eq!(decision(allow("sns.me-south-1.amazonaws.com"), of_region, &[]), AccessDecision::Allowed);
}

/// ACC-21: calls travel by HTTPS, so that a policy that denies everything else denies nothing here.
#[test]
fn acc_8_acc_21_without_policies_all_goes_and_calls_are_encrypted_on_their_way() {
    let document = |policy: Value| {
        json!({
            "Resources": {
                "author": {
                    "Type": "Playground::Producer",
                    "Properties": { "ArrivalProcess": { "Type": "AtOnce", "Count": 5 }, "RetryMode": "off" },
                },
                "news": { "Type": "AWS::SNS::Topic", "Properties": policy },
            },
            "Links": [{ "Type": "Playground::Send", "From": "author", "To": "news" }],
        })
    };
    let denies = |condition: Value| {
        json!({ "Policy": { "Statement": [{
            "Effect": "Deny", "Principal": "*", "Action": "sns:Publish", "Resource": "*", "Condition": condition,
        }] } })
    };
    for (policy, published) in [
        (json!({}), 5),
        (denies(json!({ "Bool": { "aws:SecureTransport": "false" } })), 5),
        (denies(json!({ "Bool": { "aws:SecureTransport": "true" } })), 0),
    ] {
        let world = run(&document(policy.clone()), 5.0);
        assert_eq!(metric(&world, "news", NumberOfMessagesPublished), published, "{policy}");
    }
}

/// A publisher, a topic, and two queues of which the first has a policy.
fn fan_out(policy: &Value, dead_letters: bool) -> Value {
    let mut document = json!({
        "Resources": {
            "author": {
                "Type": "Playground::Producer",
                "Properties": { "ArrivalProcess": { "Type": "AtOnce", "Count": 10 } },
            },
            "news": { "Type": "AWS::SNS::Topic" },
            "closed": { "Type": "AWS::SQS::Queue", "Properties": { "Policy": policy } },
            "open": { "Type": "AWS::SQS::Queue" },
            "dead": { "Type": "AWS::SQS::Queue" },
        },
        "Links": [
            { "Type": "Playground::Send", "From": "author", "To": "news" },
            { "Type": "AWS::SNS::Subscription", "From": "news", "To": "closed" },
            { "Type": "AWS::SNS::Subscription", "From": "news", "To": "open" },
        ],
    });
    if dead_letters {
        document["Links"][1]["Properties"] =
            json!({ "RedrivePolicy": { "deadLetterTargetArn": messaging::arn::queue("dead") } });
    }
    document
}

#[test]
fn acc_17_a_delivery_without_permission_fails_once_and_alone() {
    let nobody = json!({ "Statement": [] });
    for dead_letters in [false, true] {
        let world = run(&fan_out(&nobody, dead_letters), 600.0);
        let news = metrics(&world, "news", [NumberOfMessagesPublished, NumberOfNotificationsFailed]);
        assert_eq!(news, [10, 10], "the publish succeeds, and nothing is tried again");
        assert_eq!(metrics(&world, "author", [MessagesAccepted, MessagesLost]), [10, 0]);
        assert_eq!(metric(&world, "open", NumberOfMessagesSent), 10, "others are not touched");
        let [closed, dead] =
            ["closed", "dead"].map(|name| metric(&world, name, ApproximateNumberOfMessagesVisible));
        assert_eq!((closed, dead), (0, if dead_letters { 10 } else { 0 }));
    }
}

/// The refusal of a send to a queue with such a key.
fn send(properties: Value) -> Option<&'static str> {
    let mut world =
        world_of(&json!({ "Resources": { "q": { "Type": "AWS::SQS::Queue", "Properties": properties } } }));
    advance(&mut world, 1.0);
    let message = entry(&mut world, "a", None, None);
    code(&call(&mut world, "q", sqs::Request::SendMessage, vec![message]))
}

#[test]
fn acc_22_acc_23_acc_25_a_key_has_to_be_there_and_enabled() {
    assert_eq!(send(json!({ "SqsManagedSseEnabled": true })), None, "SSE-SQS asks nobody");
    assert_eq!(send(json!({ "KmsMasterKeyId": "alias/mine" })), None);
    for (state, refusal) in [
        ("Disabled", "KMS.DisabledException"),
        ("PendingDeletion", "KMS.InvalidStateException"),
        ("NotFound", "KMS.NotFoundException"),
    ] {
        let key = json!({ "KmsMasterKeyId": "alias/mine", "KmsKeyState": state });
        assert_eq!(send(key), Some(refusal));
    }
    // A policy of the key that names nobody lets nobody in, not even the account's own clients (ACC-7).
    let policy = json!({ "KmsMasterKeyId": "alias/mine", "KmsKeyPolicy": { "Statement": [] } });
    assert_eq!(send(policy), Some("KMS.AccessDeniedException"));
}

/// ACC-24: what a key's policy says of the source is said of the bucket, when a bucket notifies.
#[test]
fn acc_24_a_key_may_let_one_bucket_in() {
    let stored = |bucket: &str| {
        let policy = json!({ "Statement": [{
            "Effect": "Allow", "Principal": { "Service": "s3.amazonaws.com" },
            "Action": ["kms:GenerateDataKey*", "kms:Decrypt"], "Resource": "*",
            "Condition": { "ArnEquals": { "aws:SourceArn": format!("arn:aws:s3:::{bucket}") } },
        }] });
        let world = run(
            &json!({
                "Resources": {
                    "camera": { "Type": "Playground::Producer", "Properties": { "ArrivalProcess": { "Type": "AtOnce", "Count": 10 } } },
                    "images": { "Type": "AWS::S3::Bucket" },
                    "jobs": {
                        "Type": "AWS::SQS::Queue",
                        "Properties": { "KmsMasterKeyId": "alias/mine", "KmsKeyPolicy": policy },
                    },
                },
                "Links": [
                    { "Type": "Playground::Send", "From": "camera", "To": "images" },
                    { "Type": "AWS::S3::NotificationConfiguration", "From": "images", "To": "jobs" },
                ],
            }),
            600.0,
        );
        metric(&world, "jobs", NumberOfMessagesSent)
    };
    assert_eq!(stored("images"), 10);
    assert_eq!(stored("another"), 0);
}

/// ACC-26: a data key is asked for once in each reuse period, and costs two requests.
#[test]
fn acc_26_a_producer_asks_kms_twice_in_each_reuse_period() {
    let document = json!({
        "Resources": {
            "shop": {
                "Type": "Playground::Producer",
                "Properties": { "ArrivalProcess": { "Type": "Steady", "Rate": 1 } },
            },
            "orders": {
                "Type": "AWS::SQS::Queue",
                "Properties": { "KmsMasterKeyId": "alias/mine", "KmsDataKeyReusePeriodSeconds": 300 },
            },
        },
        "Links": [{ "Type": "Playground::Send", "From": "shop", "To": "orders" }],
    });
    let mut world = world_of(&document);
    for hours in [1_u64, 2] {
        advance(&mut world, hours as f64 * 3_600.0 - 1.0);
        // R = B / D x 2 x P
        assert_eq!(metric(&world, "orders", KmsRequests), hours * 3_600 / 300 * 2);
    }
    assert_eq!(2_678_400 / 300 * 2, 17_856, "the guide's month");
}

/// ACC-27: what the client has encrypted is a body like any other, and its attributes can be read.
#[test]
fn acc_27_an_encrypted_body_hides_from_filters_and_its_attributes_do_not() {
    let document = |scope: &str, policy: Value| {
        json!({
            "Resources": {
                "author": {
                    "Type": "Playground::Producer",
                    "Properties": {
                        "ArrivalProcess": { "Type": "AtOnce", "Count": 10 },
                        "Messages": [{
                            "Body": "AQICAHhGz8m3",
                            "Attributes": { "state": { "DataType": "String", "StringValue": "placed" } },
                        }],
                    },
                },
                "news": { "Type": "AWS::SNS::Topic" },
                "inbox": { "Type": "AWS::SQS::Queue" },
            },
            "Links": [
                { "Type": "Playground::Send", "From": "author", "To": "news" },
                {
                    "Type": "AWS::SNS::Subscription", "From": "news", "To": "inbox",
                    "Properties": { "FilterPolicy": policy, "FilterPolicyScope": scope },
                },
            ],
        })
    };
    let policy = json!({ "state": ["placed"] });
    for (scope, sent) in [("MessageAttributes", 10), ("MessageBody", 0)] {
        let world = run(&document(scope, policy.clone()), 10.0);
        assert_eq!(metric(&world, "inbox", NumberOfMessagesSent), sent, "{scope}");
    }
}
