//! What the document says of a topic (SNS-5) and of a subscription (SNS-47).

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Protocol;
use super::delivery_policy::{DeliveryPolicy, TopicDeliveryPolicy};
use super::filter_policy::{FilterPolicy, FilterPolicyError, FilterPolicyScope};

/// What the document says of a topic (SNS-5).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "PascalCase", deny_unknown_fields, default)]
pub struct TopicProperties {
    /// Fixed at creation (SNS-1).
    #[serde(skip_serializing_if = "is_default")]
    pub fifo_topic: bool,
    /// Without a deduplication id the body's hash counts (SNS-81).
    #[serde(skip_serializing_if = "is_default")]
    pub content_based_deduplication: bool,
    /// Which messages share throughput and deduplication (SNS-82).
    #[serde(skip_serializing_if = "is_default")]
    pub fifo_throughput_scope: FifoThroughputScope,
    /// Bytes of a message, 1,024 to 1,048,576 (SNS-21); the quota's number if not given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub maximum_message_size: Option<u32>,
    /// What e-mails and text messages name as their sender (SNS-5).
    #[serde(skip_serializing_if = "String::is_empty")]
    pub display_name: String,
    /// The access policy; if not given, every link drawn to the topic is allowed (SNS-150).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub policy: Option<Value>,
    /// Retries and pace of web servers (SNS-145).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delivery_policy: Option<TopicDeliveryPolicy>,
    /// The key that messages are encrypted with at rest; none by default (SNS-150).
    #[serde(skip_serializing_if = "String::is_empty")]
    pub kms_master_key_id: String,
    /// The policy of that key. Ours: in AWS it is the key's, which is no resource here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kms_key_policy: Option<Value>,
    /// How messages are signed (SNS-152).
    #[serde(skip_serializing_if = "is_default")]
    pub signature_version: SignatureVersion,
    /// Whether X-Ray sees the deliveries (SNS-5).
    #[serde(skip_serializing_if = "is_default")]
    pub tracing_config: TracingConfig,
    /// How long a FIFO topic keeps its messages for replays; not at all by default (SNS-130).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub archive_policy: Option<ArchivePolicy>,
    /// Which deliveries are logged (SNS-172).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub delivery_status_logging: Vec<LoggingConfig>,
    /// Subscriptions beside those drawn: they count against the quota, and nothing is delivered to them (SNS-4). Ours.
    #[serde(skip_serializing_if = "is_default")]
    pub other_subscriptions: u32,
    /// Seconds until a changed filter policy takes effect, 0 to 900 (SNS-204). Ours: AWS says within 15 minutes.
    #[serde(skip_serializing_if = "is_default")]
    pub filter_policy_propagation_seconds: u32,
    /// Probability that a copy is delivered twice (SNS-28). Ours.
    #[serde(skip_serializing_if = "is_default")]
    pub duplicate_delivery_probability: f64,
    /// Each copy takes up to so many milliseconds more, at random: this changes the order (SNS-28). Ours.
    #[serde(skip_serializing_if = "is_default")]
    pub delivery_jitter_milliseconds: u32,
    /// Each wait before a retry is longer by up to this share of it, at random (SNS-142). Ours.
    #[serde(skip_serializing_if = "is_default")]
    pub retry_jitter: f64,
}

/// Which messages of a FIFO topic share throughput and deduplication (SNS-82).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum FifoThroughputScope {
    /// All messages of the topic.
    #[default]
    Topic,
    /// Those of one message group.
    MessageGroup,
}

/// How messages are signed (SNS-152). The signature itself is a placeholder here.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum SignatureVersion {
    /// SHA-1.
    #[default]
    #[serde(rename = "1")]
    Sha1,
    /// SHA-256.
    #[serde(rename = "2")]
    Sha256,
}

/// Whether X-Ray sees the deliveries (SNS-5). The playground follows every message anyway.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum TracingConfig {
    /// As the publisher says.
    #[default]
    PassThrough,
    /// Always.
    Active,
}

/// `ArchivePolicy` of a FIFO topic (SNS-130).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct ArchivePolicy {
    /// Days, 1 to 365.
    pub message_retention_period: u32,
}

/// One entry of `DeliveryStatusLogging` (SNS-172), as CloudFormation writes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct LoggingConfig {
    /// Of which endpoints.
    pub protocol: LoggedProtocol,
    /// The role that writes of successes; none are logged without.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub success_feedback_role_arn: Option<String>,
    /// Per cent of the successes that are logged, 0 to 100.
    #[serde(default, skip_serializing_if = "is_default")]
    pub success_feedback_sample_rate: u32,
    /// The role that writes of failures, all of them; none are logged without.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure_feedback_role_arn: Option<String>,
}

/// What delivery status logging tells apart (SNS-172).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum LoggedProtocol {
    /// Web servers.
    #[serde(rename = "http/s")]
    Http,
    /// Queues.
    Sqs,
    /// Functions.
    Lambda,
    /// Delivery streams.
    Firehose,
    /// Apps.
    Application,
}

/// What the document says of a subscription (SNS-47). Its protocol follows from the far end (SNS-40).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "PascalCase", deny_unknown_fields, default)]
pub struct Subscription {
    /// `FilterPolicy` (SNS-205); everything passes without one (SNS-201).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub filter_policy: Option<Value>,
    /// Which part of the message the filter policy reads (SNS-202).
    #[serde(skip_serializing_if = "is_default")]
    pub filter_policy_scope: FilterPolicyScope,
    /// Deliver the body as published, without the envelope (SNS-62).
    #[serde(skip_serializing_if = "is_default")]
    pub raw_message_delivery: bool,
    /// Where messages go that cannot be delivered; they are lost without (SNS-148).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub redrive_policy: Option<RedrivePolicy>,
    /// Retries and pace, of a web server only (SNS-145).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delivery_policy: Option<Box<DeliveryPolicy>>,
    /// Which archived messages are delivered again (SNS-131).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub replay_policy: Option<ReplayPolicy>,
    /// The role by which SNS writes to a delivery stream (SNS-41).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subscription_role_arn: Option<String>,
    /// Seconds until the owner of a queue in another account confirms; more than 172,800 is never (SNS-122). Ours.
    #[serde(skip_serializing_if = "is_default")]
    pub confirm_after_seconds: u32,
    /// The Region of the endpoint, if it is not the topic's (SNS-120). Ours: in AWS it stands in the endpoint's ARN.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub endpoint_region: Option<String>,
    /// The account of the endpoint, if it is not the topic's (SNS-122). Ours: in AWS it stands in the endpoint's ARN.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub endpoint_account: Option<String>,
    /// Who subscribed the endpoint of another account (SNS-122). Ours.
    #[serde(skip_serializing_if = "is_default")]
    pub subscribed_by: SubscribedBy,
}

/// Who subscribed (SNS-122).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum SubscribedBy {
    /// The endpoint's owner, whom the topic's policy allows: nothing to confirm.
    #[default]
    EndpointOwner,
    /// The topic's owner: the endpoint has to confirm.
    TopicOwner,
}

/// `RedrivePolicy` of a subscription (SNS-148).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RedrivePolicy {
    /// The queue, by its ARN or by its name in the document.
    pub dead_letter_target_arn: String,
}

impl LoggingConfig {
    /// Deliveries of this protocol are logged.
    pub(super) fn covers(&self, protocol: Protocol) -> bool {
        match self.protocol {
            LoggedProtocol::Http => protocol.is_http(),
            LoggedProtocol::Sqs => protocol == Protocol::Sqs,
            LoggedProtocol::Lambda => protocol == Protocol::Lambda,
            LoggedProtocol::Firehose => protocol == Protocol::Firehose,
            LoggedProtocol::Application => protocol == Protocol::Application,
        }
    }
}

impl RedrivePolicy {
    /// The queue's name in the document.
    pub fn queue(&self) -> &str {
        self.dead_letter_target_arn.rsplit(':').next().unwrap_or_default()
    }
}

/// `ReplayPolicy` of a subscription (SNS-131).
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct ReplayPolicy {
    /// What the points are.
    pub point_type: PointType,
    /// The first moment to replay. Ours: seconds of the run, where AWS takes a time of day.
    pub starting_point: f64,
    /// The last moment to replay; with one, nothing more is delivered after it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ending_point: Option<f64>,
}

/// What the points of a replay policy are (SNS-131).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum PointType {
    /// Moments.
    Timestamp,
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

impl Subscription {
    /// The filter policy, compiled; nothing if everything passes (SNS-201).
    ///
    /// # Errors
    /// What SNS refuses of the policy (SNS-251).
    pub fn compile(&self) -> Result<Option<FilterPolicy>, FilterPolicyError> {
        let Some(policy) = &self.filter_policy else { return Ok(None) };
        let text = match policy {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        let policy = FilterPolicy::parse(&text, self.filter_policy_scope)?;
        Ok((!policy.is_empty()).then_some(policy))
    }
}

/// The way from a topic to the dead-letter queue of one of its subscriptions (SNS-148). It comes with the
/// subscription's `RedrivePolicy` and stands in no document.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct DeadLetters {}
