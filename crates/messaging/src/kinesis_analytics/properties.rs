//! What the document says of a stream analytics application (KDA-1 to KDA-10).

use kernel::SimDuration;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::descriptor::{FieldKind, FieldSpec, field, integer, number};

/// What the document says of an application. CloudFormation holds the program as code; here it is a few operators, in
/// words of the playground's own.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "PascalCase", deny_unknown_fields, default)]
pub struct ApplicationProperties {
    /// A filter policy on the JSON fields of the data; everything passes if not given (KDA-1).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub filter: Option<Value>,
    /// The JSON field to group by; `PartitionKey` for the record's own; all together if empty (KDA-1).
    #[serde(skip_serializing_if = "String::is_empty")]
    pub key_field: String,
    /// How records are put together (KDA-3 to KDA-6).
    #[serde(skip_serializing_if = "is_default")]
    pub window: Window,
    /// What is made of the records of a window (KDA-1).
    #[serde(skip_serializing_if = "is_default")]
    pub aggregate: Aggregate,
    /// The JSON field whose number is added up; 0 where there is none.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub value_field: String,
    /// Which time counts (KDA-2).
    #[serde(skip_serializing_if = "is_default")]
    pub time: Time,
    /// The JSON field with the event time, in seconds of the run; when the producer made the record if empty.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub event_time_field: String,
    /// So far the watermark stays behind the latest record (KDA-7).
    #[serde(skip_serializing_if = "is_default")]
    pub out_of_orderness_seconds: f64,
    /// So much later than the watermark a record still counts (KDA-7).
    #[serde(skip_serializing_if = "is_default")]
    pub allowed_lateness_seconds: f64,
    /// A shard without records for so long no longer holds the watermark back; 0 for never (KDA-7).
    #[serde(skip_serializing_if = "is_default")]
    pub idleness_seconds: f64,
    /// Tasks side by side (KDA-8).
    #[serde(skip_serializing_if = "is_one")]
    pub parallelism: u32,
    /// Tasks on one Kinesis Processing Unit, 1 to 8 (KDA-8).
    #[serde(rename = "ParallelismPerKPU", skip_serializing_if = "is_one")]
    pub parallelism_per_kpu: u32,
    /// Parallelism follows the use of the processors (KDA-9).
    #[serde(skip_serializing_if = "is_true")]
    pub auto_scaling_enabled: bool,
    /// Records a second that one Kinesis Processing Unit takes (KDA-8). Ours.
    #[serde(rename = "RecordsPerSecondPerKPU", skip_serializing_if = "is_default_rate")]
    pub records_per_second_per_kpu: u32,
    /// Milliseconds from one checkpoint to the next; 0 for none (KDA-10).
    #[serde(skip_serializing_if = "is_default_interval")]
    pub checkpoint_interval: u32,
}

/// A kind of window (KDA-3 to KDA-6).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum WindowType {
    /// One after the other (KDA-3).
    #[default]
    Tumbling,
    /// Ends with every record (KDA-4).
    Sliding,
    /// Of one size, begun at every slide: Flink's sliding window (KDA-5).
    Hopping,
    /// As long as records come (KDA-5).
    Session,
    /// Begins with the first record of a key (KDA-6).
    Stagger,
}

/// How records are put together.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "PascalCase", deny_unknown_fields, default)]
pub struct Window {
    /// Its kind.
    #[serde(rename = "Type")]
    pub window_type: WindowType,
    /// Its size; of a session, the gap that ends it.
    pub size_seconds: f64,
    /// From the start of a hopping window to that of the next one; the size if 0.
    #[serde(skip_serializing_if = "is_default")]
    pub slide_seconds: f64,
}

impl Default for Window {
    fn default() -> Self {
        Self { window_type: WindowType::Tumbling, size_seconds: 60.0, slide_seconds: 0.0 }
    }
}

impl Window {
    /// At least a microsecond.
    pub(super) fn size(&self) -> SimDuration {
        SimDuration::from_secs_f64(self.size_seconds.max(0.000_001))
    }

    pub(super) fn slide(&self) -> SimDuration {
        match self.window_type {
            WindowType::Hopping if self.slide_seconds > 0.0 => {
                SimDuration::from_secs_f64(self.slide_seconds.max(0.000_001))
            }
            _ => self.size(),
        }
    }
}

/// What is made of the records of a window (KDA-1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "UPPERCASE")]
pub enum Aggregate {
    /// How many there are.
    #[default]
    Count,
    /// The sum of the values.
    Sum,
    /// The smallest value.
    Min,
    /// The largest value.
    Max,
    /// The mean of the values.
    Avg,
}

impl Aggregate {
    /// The name in results.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Count => "COUNT",
            Self::Sum => "SUM",
            Self::Min => "MIN",
            Self::Max => "MAX",
            Self::Avg => "AVG",
        }
    }
}

/// Which time counts (KDA-2).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Time {
    /// When the record was made: records may come out of order.
    EventTime,
    /// When the record arrived at the stream.
    #[default]
    IngestTime,
    /// When the application reads the record.
    ProcessingTime,
}

/// Ours (KDA-8).
const DEFAULT_RECORDS_PER_SECOND: u32 = 1_000;
/// The default of KDA-10.
const DEFAULT_CHECKPOINT_INTERVAL: u32 = 60_000;

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}
fn is_one(number: &u32) -> bool {
    *number == 1
}
fn is_true(value: &bool) -> bool {
    *value
}
fn is_default_rate(rate: &u32) -> bool {
    *rate == DEFAULT_RECORDS_PER_SECOND
}
fn is_default_interval(interval: &u32) -> bool {
    *interval == DEFAULT_CHECKPOINT_INTERVAL
}

impl Default for ApplicationProperties {
    fn default() -> Self {
        Self {
            filter: None,
            key_field: String::new(),
            window: Window::default(),
            aggregate: Aggregate::default(),
            value_field: String::new(),
            time: Time::default(),
            event_time_field: String::new(),
            out_of_orderness_seconds: 0.0,
            allowed_lateness_seconds: 0.0,
            idleness_seconds: 0.0,
            parallelism: 1,
            parallelism_per_kpu: 1,
            auto_scaling_enabled: true,
            records_per_second_per_kpu: DEFAULT_RECORDS_PER_SECOND,
            checkpoint_interval: DEFAULT_CHECKPOINT_INTERVAL,
        }
    }
}

/// A day. Ours.
const MAX_SECONDS: f64 = 86_400.0;
const SIZE: FieldSpec = field("SizeSeconds", number(0.001, MAX_SECONDS, "s"), "How long it is.", "KDA-3");
const SLIDE: FieldSpec =
    field("SlideSeconds", number(0.0, MAX_SECONDS, "s"), "From one start to the next.", "KDA-5");
const GAP: FieldSpec =
    field("SizeSeconds", number(0.001, MAX_SECONDS, "s"), "The gap after which a session ends.", "KDA-5");

pub(super) const FIELDS: &[FieldSpec] = &[
    field("Filter", FieldKind::Json, "A filter policy on the data: only what it matches counts.", "KDA-1"),
    field(
        "KeyField",
        FieldKind::Text,
        "The field to group by; PartitionKey for the record's own key; empty for all together.",
        "KDA-1",
    ),
    field(
        "Window",
        FieldKind::Variants {
            tag: "Type",
            cases: &[
                ("Tumbling", &[SIZE]),
                ("Sliding", &[SIZE]),
                ("Hopping", &[SIZE, SLIDE]),
                ("Session", &[GAP]),
                ("Stagger", &[SIZE]),
            ],
        },
        "How records are put together.",
        "KDA-3",
    ),
    field(
        "Aggregate",
        FieldKind::Choice(&["COUNT", "SUM", "MIN", "MAX", "AVG"]),
        "What is made of the records of a window.",
        "KDA-1",
    ),
    field("ValueField", FieldKind::Text, "The field whose number is added up.", "KDA-1"),
    field(
        "Time",
        FieldKind::Choice(&["EventTime", "IngestTime", "ProcessingTime"]),
        "Which time counts.",
        "KDA-2",
    ),
    field(
        "EventTimeField",
        FieldKind::Text,
        "The field with the event time in seconds; when it was made if empty.",
        "KDA-2",
    ),
    field(
        "OutOfOrdernessSeconds",
        number(0.0, MAX_SECONDS, "s"),
        "So far the watermark stays behind the latest record.",
        "KDA-7",
    ),
    field(
        "AllowedLatenessSeconds",
        number(0.0, MAX_SECONDS, "s"),
        "So much later a record still counts.",
        "KDA-7",
    ),
    field(
        "IdlenessSeconds",
        number(0.0, MAX_SECONDS, "s"),
        "A shard that is quiet for so long holds no watermark back; 0 for never.",
        "KDA-7",
    ),
    field("Parallelism", integer(1, 256, "tasks"), "Tasks side by side.", "KDA-8"),
    field("ParallelismPerKPU", integer(1, 8, "tasks"), "Tasks on one Kinesis Processing Unit.", "KDA-8"),
    field("AutoScalingEnabled", FieldKind::Switch, "Parallelism follows the use of the processors.", "KDA-9"),
    field(
        "RecordsPerSecondPerKPU",
        integer(1, 1_000_000, "/s"),
        "What one Kinesis Processing Unit takes.",
        "KDA-8",
    ),
    field(
        "CheckpointInterval",
        integer(0, 3_600_000, "ms"),
        "From one checkpoint to the next; 0 for none.",
        "KDA-10",
    ),
];
