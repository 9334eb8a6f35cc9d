//! What the document says of a queue (SQS-7) and of a redrive policy (SQS-120).

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::descriptor::{FieldKind, FieldSpec, LinkDescriptor};
use crate::kms::KmsKeyState;
use crate::registry::LinkBehavior;

/// 4 days (SQS-7).
const DEFAULT_RETENTION_SECONDS: u32 = 345_600;
/// 30 s (SQS-60).
const DEFAULT_VISIBILITY_SECONDS: u32 = 30;
/// Servers a standard queue is spread over (SQS-83). Ours.
const DEFAULT_PARTITIONS: u32 = 8;
/// Share of them that a short poll asks (SQS-83). Ours.
const DEFAULT_SAMPLED_SHARE: f64 = 0.5;
/// 5 minutes (SQS-7).
const DEFAULT_DATA_KEY_REUSE_SECONDS: u32 = 300;
/// Partitions of a fresh FIFO queue with high throughput (SQS-163). Ours.
const DEFAULT_FIFO_PARTITIONS: u32 = 1;
/// Partitions that carry the largest quota of a region: 70,000 calls/s at 300 each (SQS-162, SQS-163).
pub(super) const MAXIMUM_FIFO_PARTITIONS: u32 = 234;
/// Most partitions: one bit each.
pub(super) const MAXIMUM_PARTITIONS: u32 = 64;

/// What the document says of a queue (SQS-7).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "PascalCase", deny_unknown_fields, default)]
pub struct QueueProperties {
    /// A FIFO queue; fixed at creation (SQS-1).
    #[serde(skip_serializing_if = "is_default")]
    pub fifo_queue: bool,
    /// Seconds a received message stays hidden from other receives, 0 to 43,200 (SQS-60).
    #[serde(skip_serializing_if = "is::<DEFAULT_VISIBILITY_SECONDS>")]
    pub visibility_timeout: u32,
    /// Seconds every new message stays hidden, 0 to 900 (SQS-92).
    #[serde(skip_serializing_if = "is_default")]
    pub delay_seconds: u32,
    /// Seconds after which a message is dropped, 60 to 1,209,600 (SQS-110).
    #[serde(skip_serializing_if = "is::<DEFAULT_RETENTION_SECONDS>")]
    pub message_retention_period: u32,
    /// Seconds a receive waits for messages, 0 to 20, unless the call says otherwise (SQS-80).
    #[serde(skip_serializing_if = "is_default")]
    pub receive_message_wait_time_seconds: u32,
    /// Largest message in bytes, 1,024 to 1,048,576; the service's maximum if not given (SQS-20).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub maximum_message_size: Option<u32>,
    /// FIFO: the body's hash stands in for a missing deduplication id (SQS-141).
    #[serde(skip_serializing_if = "is_default")]
    pub content_based_deduplication: bool,
    /// FIFO: among which messages deduplication ids are compared (SQS-143).
    #[serde(skip_serializing_if = "is_default")]
    pub deduplication_scope: DeduplicationScope,
    /// FIFO: what the quota of calls holds for (SQS-162).
    #[serde(skip_serializing_if = "is_default")]
    pub fifo_throughput_limit: FifoThroughputLimit,
    /// The access policy; if not given, every link drawn to the queue is allowed (SQS-193).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub policy: Option<Value>,
    /// As a dead-letter queue: whose it may be; anybody's if not given (SQS-124).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub redrive_allow_policy: Option<RedriveAllowPolicy>,
    /// SSE-SQS; on unless a KMS key is named (SQS-190). It costs nothing and can break nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sqs_managed_sse_enabled: Option<bool>,
    /// SSE-KMS with this key: an id, an ARN or an alias (SQS-190).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kms_master_key_id: Option<String>,
    /// Seconds for which a data key is used again, 60 to 86,400 (SQS-192).
    #[serde(skip_serializing_if = "is::<DEFAULT_DATA_KEY_REUSE_SECONDS>")]
    pub kms_data_key_reuse_period_seconds: u32,
    /// The policy of the key; if not given, the one that KMS gives a new key (SQS-192). Ours: keys are no resources.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kms_key_policy: Option<Value>,
    /// The state of the key (SQS-192). Ours: keys are no resources.
    #[serde(skip_serializing_if = "is_default")]
    pub kms_key_state: KmsKeyState,
    /// Seconds from `PurgeQueue` to the loss of all messages, 0 to 60 (SQS-101). Ours.
    #[serde(skip_serializing_if = "is_default")]
    pub purge_seconds: u32,
    /// Probability that a deleted message comes again (SQS-53). Ours.
    #[serde(skip_serializing_if = "is_default")]
    pub redelivery_after_delete_probability: f64,
    /// Partitions a FIFO queue with high throughput starts with, 1 to 234 (SQS-163). Ours.
    #[serde(skip_serializing_if = "is::<DEFAULT_FIFO_PARTITIONS>")]
    pub high_throughput_partitions: u32,
    /// Probability that a received message stays visible for another receive (SQS-90). Ours.
    #[serde(skip_serializing_if = "is_default")]
    pub duplicate_delivery_probability: f64,
    /// Share of the partitions that a short poll asks, above 0 up to 1 (SQS-83). Ours.
    #[serde(skip_serializing_if = "is_default_share")]
    pub short_poll_sampled_share: f64,
    /// Servers a standard queue is spread over, 1 to 64 (SQS-83). Ours.
    #[serde(skip_serializing_if = "is::<DEFAULT_PARTITIONS>")]
    pub partitions: u32,
}

impl Default for QueueProperties {
    fn default() -> Self {
        Self {
            fifo_queue: false,
            visibility_timeout: DEFAULT_VISIBILITY_SECONDS,
            delay_seconds: 0,
            message_retention_period: DEFAULT_RETENTION_SECONDS,
            receive_message_wait_time_seconds: 0,
            maximum_message_size: None,
            content_based_deduplication: false,
            deduplication_scope: DeduplicationScope::Queue,
            fifo_throughput_limit: FifoThroughputLimit::PerQueue,
            policy: None,
            redrive_allow_policy: None,
            sqs_managed_sse_enabled: None,
            kms_master_key_id: None,
            kms_data_key_reuse_period_seconds: DEFAULT_DATA_KEY_REUSE_SECONDS,
            kms_key_policy: None,
            kms_key_state: KmsKeyState::Enabled,
            purge_seconds: 0,
            redelivery_after_delete_probability: 0.0,
            high_throughput_partitions: DEFAULT_FIFO_PARTITIONS,
            duplicate_delivery_probability: 0.0,
            short_poll_sampled_share: DEFAULT_SAMPLED_SHARE,
            partitions: DEFAULT_PARTITIONS,
        }
    }
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}
fn is<const NUMBER: u32>(value: &u32) -> bool {
    *value == NUMBER
}
fn is_default_share(value: &f64) -> bool {
    *value == DEFAULT_SAMPLED_SHARE
}

/// Among which messages deduplication ids are compared (SQS-143).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum DeduplicationScope {
    /// All of the queue.
    #[default]
    Queue,
    /// Those of one message group.
    MessageGroup,
}

/// What the quota of calls of a FIFO queue holds for (SQS-162).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum FifoThroughputLimit {
    /// The queue: 300 calls per second for each API action (SQS-161).
    #[default]
    PerQueue,
    /// High throughput; only together with the scope `messageGroup` (SQS-7).
    PerMessageGroupId,
}

/// Whose dead-letter queue a queue may be (SQS-124).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RedriveAllowPolicy {
    /// Everybody's, nobody's, or that of the queues named.
    pub redrive_permission: RedrivePermission,
    /// With `byQueue`: the ARNs of up to ten queues.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub source_queue_arns: Vec<String>,
}

/// Which queues may name a queue as their dead-letter queue (SQS-124).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum RedrivePermission {
    /// All of the account.
    #[default]
    AllowAll,
    /// None.
    DenyAll,
    /// Those named.
    ByQueue,
}

impl QueueProperties {
    /// High throughput needs both settings (SQS-162).
    pub fn has_high_throughput(&self) -> bool {
        self.fifo_queue
            && self.deduplication_scope == DeduplicationScope::MessageGroup
            && self.fifo_throughput_limit == FifoThroughputLimit::PerMessageGroupId
    }
}

/// Ending of every FIFO queue's name (SQS-1).
pub const FIFO_SUFFIX: &str = ".fifo";
/// Longest name of a queue, ending included (SQS-2).
const MAXIMUM_NAME_LENGTH: usize = 80;

/// Why a queue cannot have this name, as a sentence; nothing if it can (SQS-1, SQS-2).
pub fn queue_name_error(name: &str, fifo_queue: bool) -> Option<&'static str> {
    let stem = name.strip_suffix(FIFO_SUFFIX);
    let plain = stem.unwrap_or(name);
    if plain.is_empty() || name.len() > MAXIMUM_NAME_LENGTH {
        return Some("The name of a queue has 1 to 80 characters, the suffix .fifo included.");
    }
    if !plain.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_') {
        return Some("Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length.");
    }
    match (fifo_queue, stem.is_some()) {
        (true, false) => Some("The name of a FIFO queue must end with the .fifo suffix."),
        (false, true) => {
            Some("Only the name of a FIFO queue may end with the .fifo suffix: set FifoQueue to true.")
        }
        _ => None,
    }
}

/// What the document says of a redrive policy: the link from a queue to its dead-letter queue (SQS-120).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct RedrivePolicy {
    /// How often a message may be received before it is moved, 1 to 1,000 (SQS-120).
    pub max_receive_count: u32,
}

impl Default for RedrivePolicy {
    fn default() -> Self {
        Self { max_receive_count: 3 }
    }
}

impl LinkBehavior for RedrivePolicy {
    const DESCRIPTOR: LinkDescriptor = LinkDescriptor {
        link_type: "AWS::SQS::RedrivePolicy",
        title: "Redrive policy",
        description: "Messages received too often move to the dead-letter queue.",
        fields: &[FieldSpec {
            name: "maxReceiveCount",
            kind: FieldKind::Integer { low: 1, high: 1_000, unit: "receives" },
            description: "How often a message may be received before it is moved.",
            rule: "SQS-120",
        }],
        pull: false,
        redrive: true,
    };
}
