//! What `CreateQueue` and `SetQueueAttributes` would refuse of a queue's attributes (SQS-7, SQS-10).

use serde_json::Value;

use super::properties::{
    DeduplicationScope, FifoThroughputLimit, QueueProperties, RedriveAllowPolicy, RedrivePermission,
};
use crate::arn;
use crate::behavior::AttributeError;

/// Longest access policy in bytes (SQS-7).
const MAXIMUM_POLICY_BYTES: usize = 8_192;
/// Most statements of an access policy (SQS-7).
const MAXIMUM_POLICY_STATEMENTS: usize = 20;
/// Most queues that a redrive allow policy names (SQS-124).
const MAXIMUM_SOURCE_QUEUES: usize = 10;

/// All that AWS would refuse of a queue's attributes, ranges aside (SQS-7, SQS-10, SQS-124, SQS-190).
pub(super) fn attribute_errors(properties: &QueueProperties) -> Vec<AttributeError> {
    let mut errors = Vec::new();
    let fifo_only = [
        ("ContentBasedDeduplication", properties.content_based_deduplication),
        ("DeduplicationScope", properties.deduplication_scope != DeduplicationScope::Queue),
        ("FifoThroughputLimit", properties.fifo_throughput_limit != FifoThroughputLimit::PerQueue),
    ];
    for (attribute, _) in fifo_only.into_iter().filter(|(_, set)| *set && !properties.fifo_queue) {
        let message = format!(
            "InvalidAttributeName: You can specify the {attribute} only when FifoQueue is set to true."
        );
        errors.push(AttributeError { attribute, message, harmless: true });
    }
    let mut refuse = |attribute, message: &str, harmless| {
        errors.push(AttributeError { attribute, message: message.into(), harmless });
    };
    let per_group = properties.fifo_throughput_limit == FifoThroughputLimit::PerMessageGroupId;
    if properties.fifo_queue && per_group && !properties.has_high_throughput() {
        refuse(
            "FifoThroughputLimit",
            "InvalidAttributeValue: perMessageGroupId is allowed only when DeduplicationScope is messageGroup.",
            true,
        );
    }
    if properties.kms_master_key_id.is_some() && properties.sqs_managed_sse_enabled == Some(true) {
        refuse(
            "SqsManagedSseEnabled",
            "InvalidAttributeName: You can use one type of server-side encryption (SSE) at one time. You can either \
             enable KMS SSE or SQS SSE.",
            false,
        );
    }
    if let Some(policy) = &properties.policy
        && is_too_large(policy)
    {
        refuse("Policy", "InvalidAttributeValue: A policy has at most 8192 bytes and 20 statements.", true);
    }
    let allowed = properties.redrive_allow_policy.as_ref();
    if allowed.is_some_and(|allowed| !names_as_many_as_it_may(allowed)) {
        refuse(
            "RedriveAllowPolicy",
            "InvalidAttributeValue: sourceQueueArns names one to ten queues with byQueue, and none otherwise.",
            false,
        );
    }
    errors
}

fn is_too_large(policy: &Value) -> bool {
    let statements = policy.get("Statement").and_then(Value::as_array).map_or(0, Vec::len);
    policy.to_string().len() > MAXIMUM_POLICY_BYTES || statements > MAXIMUM_POLICY_STATEMENTS
}

fn names_as_many_as_it_may(policy: &RedriveAllowPolicy) -> bool {
    match policy.redrive_permission {
        RedrivePermission::ByQueue => (1..=MAXIMUM_SOURCE_QUEUES).contains(&policy.source_queue_arns.len()),
        _ => policy.source_queue_arns.is_empty(),
    }
}

/// Why `source` cannot have the queue of these properties as its dead-letter queue; nothing if it can (SQS-124).
pub(super) fn redrive_refusal(
    source: &str,
    dead_letter_queue: &str,
    properties: &QueueProperties,
) -> Option<String> {
    let policy = properties.redrive_allow_policy.as_ref()?;
    let allowed = match policy.redrive_permission {
        RedrivePermission::AllowAll => true,
        RedrivePermission::DenyAll => false,
        RedrivePermission::ByQueue => policy.source_queue_arns.contains(&arn::queue(source)),
    };
    (!allowed).then(|| {
        format!(
            "InvalidParameterValue: The redrive allow policy of {dead_letter_queue} does not allow {} to use it as a \
             dead-letter queue.",
            arn::queue(source)
        )
    })
}
