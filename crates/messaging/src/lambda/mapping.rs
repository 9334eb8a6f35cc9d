//! The links of a function: event source mappings, and where failed events go.

use serde::{Deserialize, Serialize};

use crate::descriptor::{FieldKind, FieldSpec, LinkDescriptor};
use crate::kinesis::{STARTING_POSITIONS, STARTING_TIMESTAMPS, StartingPosition};
use crate::registry::LinkBehavior;

/// What the document says of an event source mapping (SQS-200 to SQS-208, KDS-98 to KDS-106).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "PascalCase", deny_unknown_fields, default)]
pub struct EventSourceMapping {
    /// The queue of a broker: exactly one (MQ-48).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub queues: Vec<String>,
    /// Messages of one invocation; 10 from a queue and 100 from a stream if not given (SQS-201, KDS-99).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub batch_size: Option<u32>,
    /// Seconds that a batch waits for more, 0 to 300 (SQS-201).
    #[serde(skip_serializing_if = "is_default")]
    pub maximum_batching_window_in_seconds: u32,
    /// What the function's answer says: `ReportBatchItemFailures` (SQS-208).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub function_response_types: Vec<FunctionResponseType>,
    /// A cap of its own (SQS-205).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scaling_config: Option<ScalingConfig>,
    /// Provisioned mode (SQS-206).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub provisioned_poller_config: Option<ProvisionedPollerConfig>,
    /// Where a mapping on a stream begins (KDS-106).
    #[serde(skip_serializing_if = "is_default")]
    pub starting_position: StartingPosition,
    /// Second of the run of `AT_TIMESTAMP` (KDS-106).
    #[serde(skip_serializing_if = "is_default")]
    pub starting_position_timestamp: f64,
    /// The registered consumer through which a stream is read, with enhanced fan-out; polled if empty (KDS-98).
    #[serde(skip_serializing_if = "String::is_empty")]
    pub consumer_name: String,
    /// Seconds of a tumbling window over a stream, up to 900; 0 for none (KDS-105).
    #[serde(skip_serializing_if = "is_default")]
    pub tumbling_window_in_seconds: u32,
    /// Batches at the same time of one shard, 1 to 10 (KDS-98).
    #[serde(skip_serializing_if = "is_one")]
    pub parallelization_factor: u32,
    /// A batch of a stream that failed is split into halves (KDS-102).
    #[serde(skip_serializing_if = "is_default")]
    pub bisect_batch_on_function_error: bool,
    /// Retries of a batch of a stream, up to 10,000; -1 for as many as it takes (KDS-101).
    #[serde(skip_serializing_if = "is_endless")]
    pub maximum_retry_attempts: i32,
    /// Seconds after which a record of a stream is given up, up to 604,800; -1 for its retention (KDS-101).
    #[serde(skip_serializing_if = "is_endless")]
    pub maximum_record_age_in_seconds: i32,
}

impl Default for EventSourceMapping {
    fn default() -> Self {
        Self {
            queues: Vec::new(),
            batch_size: None,
            maximum_batching_window_in_seconds: 0,
            function_response_types: Vec::new(),
            scaling_config: None,
            provisioned_poller_config: None,
            starting_position: StartingPosition::default(),
            starting_position_timestamp: 0.0,
            consumer_name: String::new(),
            tumbling_window_in_seconds: 0,
            parallelization_factor: 1,
            bisect_batch_on_function_error: false,
            maximum_retry_attempts: ENDLESS,
            maximum_record_age_in_seconds: ENDLESS,
        }
    }
}

/// As often or as long as it takes (KDS-101).
const ENDLESS: i32 = -1;

fn is_one(value: &u32) -> bool {
    *value == 1
}
fn is_endless(value: &i32) -> bool {
    *value == ENDLESS
}

/// What a function's answer to a batch says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum FunctionResponseType {
    /// Which messages failed (SQS-208).
    ReportBatchItemFailures,
}

/// How far a mapping on a queue scales (SQS-205).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "PascalCase", deny_unknown_fields, default)]
pub struct ScalingConfig {
    /// Batches at the same time, 2 to 1,000.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub maximum_concurrency: Option<u32>,
}

/// Provisioned mode of a mapping on a queue (SQS-206).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "PascalCase", deny_unknown_fields, default)]
pub struct ProvisionedPollerConfig {
    /// 2 to 200; each processes up to 10 batches at the same time.
    pub minimum_pollers: u32,
    /// 2 to 2,000.
    pub maximum_pollers: u32,
}

impl Default for ProvisionedPollerConfig {
    fn default() -> Self {
        Self { minimum_pollers: 2, maximum_pollers: 200 }
    }
}

/// Where an event goes that was given up (CMP-30).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "PascalCase", deny_unknown_fields, default)]
pub struct EventInvokeConfig {
    /// As what it goes there.
    #[serde(skip_serializing_if = "is_default")]
    pub destination: Destination,
}

/// As what an event goes that was given up (CMP-30).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Destination {
    /// `DestinationConfig.OnFailure`: a record of the invocation, with the event in it.
    #[default]
    OnFailure,
    /// `DeadLetterConfig`: the event itself.
    DeadLetterConfig,
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

impl EventSourceMapping {
    /// The function's answer says which messages failed (SQS-208).
    pub fn reports_item_failures(&self) -> bool {
        self.function_response_types.contains(&FunctionResponseType::ReportBatchItemFailures)
    }
}

const fn integer(low: i64, high: i64, unit: &'static str) -> FieldKind {
    FieldKind::Integer { low, high, unit }
}

impl LinkBehavior for EventSourceMapping {
    const DESCRIPTOR: LinkDescriptor = LinkDescriptor {
        link_type: "AWS::Lambda::EventSourceMapping",
        title: "Event source mapping",
        description: "Lambda reads the messages and invokes the function with batches of them.",
        fields: &[
            FieldSpec {
                name: "Queues",
                kind: FieldKind::Json,
                description: "[\"orders\"]: the queue of a broker.",
                rule: "MQ-48",
            },
            FieldSpec {
                name: "BatchSize",
                kind: integer(1, 10_000, "messages"),
                description: "Messages of one invocation: 10 from a queue and 100 from a stream if not given; at most 10 from a FIFO queue.",
                rule: "SQS-201",
            },
            FieldSpec {
                name: "MaximumBatchingWindowInSeconds",
                kind: integer(0, 300, "s"),
                description: "How long a batch waits for more messages.",
                rule: "SQS-201",
            },
            FieldSpec {
                name: "FunctionResponseTypes",
                kind: FieldKind::Json,
                description: "[\"ReportBatchItemFailures\"]: only the messages that failed come back.",
                rule: "SQS-208",
            },
            FieldSpec {
                name: "ScalingConfig",
                kind: FieldKind::Variants {
                    tag: "",
                    cases: &[(
                        "",
                        &[FieldSpec {
                            name: "MaximumConcurrency",
                            kind: integer(2, 1_000, "batches"),
                            description: "Batches at the same time; pollers stop there without throttles.",
                            rule: "SQS-205",
                        }],
                    )],
                },
                description: "How far the mapping scales.",
                rule: "SQS-205",
            },
            FieldSpec {
                name: "ProvisionedPollerConfig",
                kind: FieldKind::Variants {
                    tag: "",
                    cases: &[(
                        "",
                        &[
                            FieldSpec {
                                name: "MinimumPollers",
                                kind: integer(2, 200, "pollers"),
                                description: "Pollers that are always there, with 10 batches each.",
                                rule: "SQS-206",
                            },
                            FieldSpec {
                                name: "MaximumPollers",
                                kind: integer(2, 2_000, "pollers"),
                                description: "The most pollers.",
                                rule: "SQS-206",
                            },
                        ],
                    )],
                },
                description: "Provisioned mode: pollers that scale faster.",
                rule: "SQS-206",
            },
            FieldSpec {
                name: "StartingPosition",
                kind: STARTING_POSITIONS,
                description: "Where a mapping on a stream begins.",
                rule: "KDS-106",
            },
            FieldSpec {
                name: "StartingPositionTimestamp",
                kind: STARTING_TIMESTAMPS,
                description: "Second of the run of AT_TIMESTAMP.",
                rule: "KDS-106",
            },
            FieldSpec {
                name: "ConsumerName",
                kind: FieldKind::Text,
                description: "A registered consumer: the stream pushes with 2 MiB/s per shard of its own.",
                rule: "KDS-98",
            },
            FieldSpec {
                name: "TumblingWindowInSeconds",
                kind: integer(0, 900, "s"),
                description: "State is passed on within windows of so many seconds; 0 for none.",
                rule: "KDS-105",
            },
            FieldSpec {
                name: "ParallelizationFactor",
                kind: integer(1, 10, "batches"),
                description: "Batches at the same time of one shard; keys keep their order.",
                rule: "KDS-98",
            },
            FieldSpec {
                name: "BisectBatchOnFunctionError",
                kind: FieldKind::Switch,
                description: "A batch of a stream that failed is split into halves.",
                rule: "KDS-102",
            },
            FieldSpec {
                name: "MaximumRetryAttempts",
                kind: integer(-1, 10_000, "retries"),
                description: "Retries of a batch of a stream; -1 until it expires.",
                rule: "KDS-101",
            },
            FieldSpec {
                name: "MaximumRecordAgeInSeconds",
                kind: integer(-1, 604_800, "s"),
                description: "Older records of a stream are given up; -1 for the stream's retention.",
                rule: "KDS-101",
            },
        ],
        pull: true,
        redrive: false,
    };

    fn stream_consumer(&self) -> Option<&str> {
        Some(self.consumer_name.as_str()).filter(|name| !name.is_empty())
    }
}

impl LinkBehavior for EventInvokeConfig {
    const DESCRIPTOR: LinkDescriptor = LinkDescriptor {
        link_type: "AWS::Lambda::EventInvokeConfig",
        title: "On-failure destination",
        description: "Events of asynchronous invocations, and batches of streams, that were given up go here.",
        fields: &[FieldSpec {
            name: "Destination",
            kind: FieldKind::Choice(&["OnFailure", "DeadLetterConfig"]),
            description: "A record of the invocation with the event in it, or the event itself.",
            rule: "CMP-30",
        }],
        pull: false,
        redrive: true,
    };
}
