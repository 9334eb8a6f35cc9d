//! The properties of a queue as inspector and validation see them (SQS-7).

use super::properties::{MAXIMUM_FIFO_PARTITIONS, MAXIMUM_PARTITIONS};
use crate::descriptor::{FieldKind, FieldSpec};

const fn integer(
    name: &'static str,
    (low, high): (i64, i64),
    unit: &'static str,
    description: &'static str,
    rule: &'static str,
) -> FieldSpec {
    FieldSpec { name, kind: FieldKind::Integer { low, high, unit }, description, rule }
}

/// The properties as inspector and validation see them.
pub(super) const FIELDS: &[FieldSpec] = &[
    integer(
        "VisibilityTimeout",
        (0, 43_200),
        "s",
        "How long a received message stays hidden from other receives.",
        "SQS-60",
    ),
    integer("DelaySeconds", (0, 900), "s", "How long every new message stays hidden.", "SQS-92"),
    integer(
        "MessageRetentionPeriod",
        (60, 1_209_600),
        "s",
        "After this time a message is dropped, wherever it is.",
        "SQS-110",
    ),
    integer(
        "ReceiveMessageWaitTimeSeconds",
        (0, 20),
        "s",
        "How long a receive waits for messages: 0 is a short poll.",
        "SQS-80",
    ),
    integer(
        "MaximumMessageSize",
        (1_024, 1_048_576),
        "bytes",
        "Largest message, its attributes included.",
        "SQS-20",
    ),
    FieldSpec {
        name: "FifoQueue",
        kind: FieldKind::Switch,
        description: "Ordered within each message group and without duplicates. Fixed at creation.",
        rule: "SQS-1",
    },
    FieldSpec {
        name: "ContentBasedDeduplication",
        kind: FieldKind::Switch,
        description: "FIFO: the body's hash stands in for a missing deduplication id.",
        rule: "SQS-141",
    },
    FieldSpec {
        name: "DeduplicationScope",
        kind: FieldKind::Choice(&["queue", "messageGroup"]),
        description: "FIFO: among which messages deduplication ids are compared.",
        rule: "SQS-143",
    },
    FieldSpec {
        name: "FifoThroughputLimit",
        kind: FieldKind::Choice(&["perQueue", "perMessageGroupId"]),
        description: "FIFO: perMessageGroupId together with the scope messageGroup gives high throughput.",
        rule: "SQS-162",
    },
    FieldSpec {
        name: "Policy",
        kind: FieldKind::Json,
        description: "Access policy. Without one, every link drawn to the queue is allowed.",
        rule: "SQS-193",
    },
    FieldSpec {
        name: "RedriveAllowPolicy",
        kind: FieldKind::Variants {
            tag: "redrivePermission",
            cases: &[
                ("allowAll", &[]),
                ("denyAll", &[]),
                (
                    "byQueue",
                    &[FieldSpec {
                        name: "sourceQueueArns",
                        kind: FieldKind::Json,
                        description: "ARNs of up to ten queues, as a list.",
                        rule: "SQS-124",
                    }],
                ),
            ],
        },
        description: "As a dead-letter queue: which queues may name it.",
        rule: "SQS-124",
    },
    FieldSpec {
        name: "SqsManagedSseEnabled",
        kind: FieldKind::Switch,
        description: "Encryption with keys of SQS: on unless a KMS key is named, free, and nobody needs rights for it.",
        rule: "SQS-190",
    },
    FieldSpec {
        name: "KmsMasterKeyId",
        kind: FieldKind::Text,
        description: "Encryption with a KMS key: its id, ARN or alias. alias/aws/sqs is the key AWS manages.",
        rule: "SQS-190",
    },
    integer(
        "KmsDataKeyReusePeriodSeconds",
        (60, 86_400),
        "s",
        "How long a data key is used before KMS is asked again.",
        "SQS-192",
    ),
    FieldSpec {
        name: "KmsKeyPolicy",
        kind: FieldKind::Json,
        description: "Policy of the key. Without one the account may use it, and no service such as SNS.",
        rule: "SQS-195",
    },
    FieldSpec {
        name: "KmsKeyState",
        kind: FieldKind::Choice(&["Enabled", "Disabled", "PendingDeletion", "NotFound"]),
        description: "State of the key. When the data keys in use have run out, nothing can be sent or read until it is enabled.",
        rule: "SQS-192",
    },
    FieldSpec {
        name: "DuplicateDeliveryProbability",
        kind: FieldKind::Number { low: 0.0, high: 1.0, unit: "" },
        description: "Standard: how likely a received message stays visible for another receive. AWS gives no number.",
        rule: "SQS-90",
    },
    FieldSpec {
        name: "RedeliveryAfterDeleteProbability",
        kind: FieldKind::Number { low: 0.0, high: 1.0, unit: "" },
        description: "Standard: how likely a deleted message comes again. AWS gives no number.",
        rule: "SQS-53",
    },
    FieldSpec {
        name: "ShortPollSampledShare",
        kind: FieldKind::Number { low: 0.01, high: 1.0, unit: "" },
        description: "Standard: share of the servers that a short poll asks. AWS gives no number.",
        rule: "SQS-83",
    },
    integer(
        "PurgeSeconds",
        (0, 60),
        "s",
        "How long a purge takes: until then messages can be received. AWS says up to 60 s.",
        "SQS-101",
    ),
    integer(
        "HighThroughputPartitions",
        (1, MAXIMUM_FIFO_PARTITIONS as i64),
        "partitions",
        "FIFO with high throughput: partitions at the start; more come under load. AWS gives no number.",
        "SQS-163",
    ),
    integer(
        "Partitions",
        (1, MAXIMUM_PARTITIONS as i64),
        "servers",
        "Standard: servers the messages are spread over. AWS gives no number.",
        "SQS-83",
    ),
];
