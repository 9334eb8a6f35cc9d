//! What the document says of an alarm.

use serde::{Deserialize, Serialize};

use crate::behavior::AttributeError;
use crate::descriptor::{FieldKind, LinkRule, PaletteGroup, ResourceDescriptor, field, integer, number};
use crate::metric::MetricName;

/// How the values of a period become one (CMP-9).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[expect(missing_docs, reason = "CloudWatch's words")]
pub enum AlarmStatistic {
    SampleCount,
    #[default]
    Average,
    Sum,
    Minimum,
    Maximum,
}

/// When a value is beyond the threshold (CMP-9).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[expect(missing_docs, reason = "CloudWatch's words")]
pub enum ComparisonOperator {
    #[default]
    GreaterThanThreshold,
    GreaterThanOrEqualToThreshold,
    LessThanThreshold,
    LessThanOrEqualToThreshold,
}

impl ComparisonOperator {
    pub(super) fn holds(self, value: f64, threshold: f64) -> bool {
        match self {
            Self::GreaterThanThreshold => value > threshold,
            Self::GreaterThanOrEqualToThreshold => value >= threshold,
            Self::LessThanThreshold => value < threshold,
            Self::LessThanOrEqualToThreshold => value <= threshold,
        }
    }

    /// As a sign.
    pub(super) const fn sign(self) -> &'static str {
        match self {
            Self::GreaterThanThreshold => ">",
            Self::GreaterThanOrEqualToThreshold => "≥",
            Self::LessThanThreshold => "<",
            Self::LessThanOrEqualToThreshold => "≤",
        }
    }
}

/// What stands for periods without a value (CMP-9, CMP-11).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum TreatMissingData {
    /// Nothing: without any value the state is `INSUFFICIENT_DATA`.
    #[default]
    Missing,
    /// The state stays.
    Ignore,
    /// They are beyond the threshold.
    Breaching,
    /// They are within the threshold.
    NotBreaching,
}

/// What the document says of an alarm.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "PascalCase", deny_unknown_fields, default)]
pub struct AlarmProperties {
    /// Which metric of the resource it is linked from (CMP-7, CMP-8).
    #[serde(skip_serializing_if = "is_usual_metric")]
    pub metric_name: MetricName,
    /// How the values of a period become one (CMP-9).
    #[serde(skip_serializing_if = "is_default")]
    pub statistic: AlarmStatistic,
    /// Seconds of a period: 10, 20, 30 or a multiple of 60 (CMP-9).
    #[serde(skip_serializing_if = "is_usual_period")]
    pub period: u32,
    /// How many periods are looked at (CMP-9).
    #[serde(skip_serializing_if = "is_one")]
    pub evaluation_periods: u32,
    /// How many of them must be beyond the threshold; all if not given (CMP-9).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub datapoints_to_alarm: Option<u32>,
    /// What the metric is held against.
    pub threshold: f64,
    /// When a value is beyond the threshold (CMP-9).
    #[serde(skip_serializing_if = "is_default")]
    pub comparison_operator: ComparisonOperator,
    /// What stands for periods without a value (CMP-11).
    #[serde(skip_serializing_if = "is_default")]
    pub treat_missing_data: TreatMissingData,
    /// False: its state changes, and nothing comes of it.
    #[serde(skip_serializing_if = "is_true")]
    pub actions_enabled: bool,
}

const MINUTE: u32 = 60;
/// Threshold of a fresh alarm: that of CMP-24.
const USUAL_THRESHOLD: f64 = 1_000.0;

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}
fn is_usual_metric(metric: &MetricName) -> bool {
    *metric == MetricName::ApproximateNumberOfMessagesVisible
}
fn is_usual_period(seconds: &u32) -> bool {
    *seconds == MINUTE
}
fn is_one(value: &u32) -> bool {
    *value == 1
}
fn is_true(value: &bool) -> bool {
    *value
}

impl Default for AlarmProperties {
    fn default() -> Self {
        Self {
            metric_name: MetricName::ApproximateNumberOfMessagesVisible,
            statistic: AlarmStatistic::default(),
            period: MINUTE,
            evaluation_periods: 1,
            datapoints_to_alarm: None,
            threshold: USUAL_THRESHOLD,
            comparison_operator: ComparisonOperator::default(),
            treat_missing_data: TreatMissingData::default(),
            actions_enabled: true,
        }
    }
}

impl AlarmProperties {
    /// What CloudWatch would refuse.
    pub(super) fn errors(&self) -> Vec<AttributeError> {
        let mut errors = Vec::new();
        let mut refuse = |attribute, message: &str| {
            errors.push(AttributeError { attribute, message: message.into(), harmless: false });
        };
        if !matches!(self.period, 10 | 20 | 30) && (self.period == 0 || !self.period.is_multiple_of(MINUTE)) {
            refuse("Period", "ValidationError: Period must be 10, 20, 30 or a multiple of 60 (CMP-9).");
        }
        if self.datapoints_to_alarm.is_some_and(|datapoints| datapoints > self.evaluation_periods) {
            refuse(
                "DatapointsToAlarm",
                "ValidationError: DatapointsToAlarm must be at most EvaluationPeriods (CMP-9).",
            );
        }
        errors
    }
}

pub(super) const DESCRIPTOR: ResourceDescriptor = ResourceDescriptor {
    resource_type: "AWS::CloudWatch::Alarm",
    title: "CloudWatch alarm",
    description: "Holds a metric against a threshold, and scales a group or tells a topic.",
    group: PaletteGroup::Process,
    icon: "alarm",
    id_prefix: "alarm",
    fields: &[
        field(
            "MetricName",
            FieldKind::Choice(MetricName::NAMES),
            "Which metric of the resource it is linked from.",
            "CMP-8",
        ),
        field(
            "Statistic",
            FieldKind::Choice(&["SampleCount", "Average", "Sum", "Minimum", "Maximum"]),
            "How the values of a period become one.",
            "CMP-9",
        ),
        field("Period", integer(10, 86_400, "s"), "10, 20, 30 or a multiple of 60.", "CMP-9"),
        field("EvaluationPeriods", integer(1, 1_440, "periods"), "How many are looked at.", "CMP-9"),
        field(
            "DatapointsToAlarm",
            integer(1, 1_440, "periods"),
            "How many of them must be beyond the threshold.",
            "CMP-9",
        ),
        field("Threshold", number(-1e15, 1e15, ""), "What the metric is held against.", "CMP-9"),
        field(
            "ComparisonOperator",
            FieldKind::Choice(&[
                "GreaterThanThreshold",
                "GreaterThanOrEqualToThreshold",
                "LessThanThreshold",
                "LessThanOrEqualToThreshold",
            ]),
            "When a value is beyond the threshold.",
            "CMP-9",
        ),
        field(
            "TreatMissingData",
            FieldKind::Choice(&["missing", "ignore", "breaching", "notBreaching"]),
            "What stands for periods without a value.",
            "CMP-11",
        ),
        field("ActionsEnabled", FieldKind::Switch, "Its changes of state have consequences.", "CMP-12"),
    ],
    links: &[
        LinkRule { link_type: "AWS::AutoScaling::ScalingPolicy", to: "AWS::AutoScaling::AutoScalingGroup" },
        LinkRule { link_type: "Playground::AlarmAction", to: "AWS::SNS::Topic" },
    ],
    presets: &[],
    metrics: &[
        MetricName::AlarmMetricValue,
        MetricName::AlarmsRaised,
        MetricName::AlarmActionsExecuted,
        MetricName::AlarmActionsFailed,
        MetricName::AlarmStateValue,
    ],
    actions: &[],
};
