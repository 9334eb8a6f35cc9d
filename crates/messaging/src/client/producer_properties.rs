//! What the document says of a producer.

use serde::{Deserialize, Serialize};

use super::arrival_process::ArrivalProcess;
use super::messages::{Choice, Keys, MessageTemplate, is_default};
use super::retry::RetryMode;
use crate::behavior::KeyNeed;

/// What the document says of a producer. The playground's own type: AWS has no such resource.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "PascalCase", deny_unknown_fields, default)]
pub struct ProducerProperties {
    /// When it has something to send.
    #[serde(skip_serializing_if = "is_default")]
    pub arrival_process: ArrivalProcess,
    /// Seconds before it starts.
    #[serde(skip_serializing_if = "is_default")]
    pub start_after_seconds: f64,
    /// Seconds of the run after which it sends no more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stop_after_seconds: Option<f64>,
    /// How many messages it sends in all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_messages: Option<u64>,
    /// What it sends; an empty JSON object if not given.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub messages: Vec<MessageTemplate>,
    /// In which order the messages are chosen.
    #[serde(skip_serializing_if = "is_default")]
    pub message_choice: Choice,
    /// Messages are padded to so many bytes.
    #[serde(skip_serializing_if = "is_default")]
    pub payload_bytes: u32,
    /// Message group ids or partition keys; none if not given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub keys: Option<Keys>,
    /// Give no deduplication id, so that the queue or topic takes the body's (SQS-141).
    #[serde(skip_serializing_if = "is_default")]
    pub content_based_deduplication: bool,
    /// Messages of one call; as many as the target takes at most.
    #[serde(skip_serializing_if = "is_one")]
    pub batch_size: u32,
    /// How long a batch that is not full waits for more.
    #[serde(skip_serializing_if = "is_default_window")]
    pub batch_window_milliseconds: u32,
    /// The producer uses the Kinesis Producer Library: records for a stream travel together in larger ones (KDS-83).
    #[serde(skip_serializing_if = "is_default")]
    pub aggregation: bool,
    /// Bytes of such a larger record, 64 to 10,485,760.
    #[serde(skip_serializing_if = "is_default_aggregation")]
    pub aggregation_max_size: u32,
    /// Share of the calls whose answer is lost on its way back, from 0 to 1: the producer sends again what was stored
    /// (KDS-82).
    #[serde(skip_serializing_if = "is_default")]
    pub lost_acknowledgement_probability: f64,
    /// The AWS service that sends, such as `s3.amazonaws.com`; a client of the account if empty (SNS-27).
    #[serde(skip_serializing_if = "String::is_empty")]
    pub service_principal: String,
    /// The messaging protocol it speaks, if that is not AWS's own; that of the broker if not given (MQ-3).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub protocol: Option<crate::mq::Protocol>,
    /// The zone it runs in; an outage stops it (CMP-4). In no zone if not given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub availability_zone: Option<crate::intervention::AvailabilityZone>,
    /// The SDK's retry mode.
    #[serde(skip_serializing_if = "is_default")]
    pub retry_mode: RetryMode,
    /// Attempts in all; the mode's own number if not given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_attempts: Option<u32>,
}

/// How long a batch that is not full waits for more: the KPL's (KDS-84).
const DEFAULT_BATCH_WINDOW_MILLISECONDS: u32 = 100;

/// `AggregationMaxSize` of the KPL (KDS-83).
const DEFAULT_AGGREGATION_BYTES: u32 = 51_200;

/// The one group of a producer that was not told its groups (SP-53).
const ONLY_GROUP: &str = "default";
/// Partition keys of a producer that was not told its keys. Ours.
const PARTITION_KEYS: u32 = 100;

fn is_one(size: &u32) -> bool {
    *size == 1
}
fn is_default_aggregation(bytes: &u32) -> bool {
    *bytes == DEFAULT_AGGREGATION_BYTES
}
fn is_default_window(window: &u32) -> bool {
    *window == DEFAULT_BATCH_WINDOW_MILLISECONDS
}

impl Default for ProducerProperties {
    fn default() -> Self {
        Self {
            arrival_process: ArrivalProcess::default(),
            start_after_seconds: 0.0,
            stop_after_seconds: None,
            max_messages: None,
            messages: Vec::new(),
            message_choice: Choice::default(),
            payload_bytes: 0,
            keys: None,
            content_based_deduplication: false,
            batch_size: 1,
            batch_window_milliseconds: DEFAULT_BATCH_WINDOW_MILLISECONDS,
            aggregation: false,
            aggregation_max_size: DEFAULT_AGGREGATION_BYTES,
            lost_acknowledgement_probability: 0.0,
            service_principal: String::new(),
            protocol: None,
            availability_zone: None,
            retry_mode: RetryMode::default(),
            max_attempts: None,
        }
    }
}

impl ProducerProperties {
    /// Keys of its own choice where a target needs them and none were chosen.
    pub(super) fn fill_keys(&mut self, need: KeyNeed) {
        if self.keys.is_none() {
            self.keys = match need {
                KeyNeed::None => None,
                KeyNeed::MessageGroupId => Some(Keys { list: vec![ONLY_GROUP.into()], ..Keys::default() }),
                KeyNeed::PartitionKey => {
                    Some(Keys { prefix: "key-".into(), count: PARTITION_KEYS, ..Keys::default() })
                }
            };
        }
    }
}
