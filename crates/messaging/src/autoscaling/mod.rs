//! CloudWatch alarms, and the Auto Scaling groups they scale (CMP-7 to CMP-24).
//!
//! An alarm looks at a metric of the resource it is linked from. While it is in `ALARM` it executes the scaling
//! policies of its links, and on each change of its state it publishes to topics. A group launches and terminates
//! instances that run the workers of a consumer.

mod alarm;
mod alarm_properties;
mod alarm_state;
mod evaluation;
mod group;
mod group_properties;
mod group_state;
mod instances;
mod points;
mod policy;

use std::fmt;

use kernel::SimDuration;
use serde::{Deserialize, Serialize};

use crate::call::Latency;
use crate::descriptor::{FieldKind, LinkDescriptor, field};
use crate::registry::{DoubtAbout, LinkBehavior, LinkDoubt, LinkProperties, Properties, ServiceRequest};
use crate::service_error::ServiceError;

pub use alarm::{Alarm, AlarmTimer};
pub use alarm_properties::{AlarmProperties, AlarmStatistic, ComparisonOperator, TreatMissingData};
pub use evaluation::{AlarmState, Datapoint, evaluate};
pub use group::{AutoScalingGroup, GroupTimer};
pub use group_properties::{GroupProperties, TargetTracking, TrackedMetric};
pub use policy::{AdjustmentType, PolicyType, ScalingPolicy, StepAdjustment, StepAdjustments};

/// A request to an Auto Scaling group.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Request {
    /// `ExecutePolicy`: the policy is that of the link the call comes along.
    ExecutePolicy {
        /// `MetricValue`: what the alarm has seen.
        metric_value: f64,
        /// `BreachThreshold`: the alarm's threshold.
        breach_threshold: f64,
    },
}

/// A group's answer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Response {
    /// The policy was looked at, whatever came of it.
    Executed,
}

/// A group's refusal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Error {
    /// There is no such policy.
    ValidationError,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("No scaling policy found.")
    }
}

impl ServiceError for Error {
    fn code(&self) -> &'static str {
        "ValidationError"
    }
}

/// From an alarm to a group. Ours.
const POLICY_LATENCY: Latency =
    Latency { request: SimDuration::from_millis(10), response: SimDuration::ZERO };

impl ServiceRequest for Request {
    fn operation(&self) -> &'static str {
        "ExecutePolicy"
    }
    fn latency(&self) -> Latency {
        POLICY_LATENCY
    }
}

/// The link from whatever an alarm watches to the alarm: a metric's way to CloudWatch. It carries no messages.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "PascalCase", deny_unknown_fields, default)]
pub struct Watch {}

impl LinkBehavior for Watch {
    const DESCRIPTOR: LinkDescriptor = LinkDescriptor {
        link_type: "Playground::Watch",
        title: "Watched metric",
        description: "The alarm looks at a metric of the resource. An alarm of several looks at the sum.",
        fields: &[],
        pull: false,
        redrive: false,
    };

    /// CloudWatch takes an alarm on a metric that is never published: it has no data for ever (CMP-11).
    fn doubt(&self, from: &Properties, to: &Properties, _leaving: &[&LinkProperties]) -> Option<LinkDoubt> {
        let Properties::Alarm(alarm) = to else { return None };
        let watched = from.kind().descriptor();
        if watched.metrics.contains(&alarm.metric_name) {
            return None;
        }
        let word = alarm.metric_name.name();
        Some(LinkDoubt {
            about: DoubtAbout::Target("MetricName"),
            message: format!(
                "A {} never reports {word}: the alarm stays without data (CMP-11).",
                watched.title
            ),
            word: word.into(),
            candidates: watched.metrics.iter().map(|metric| metric.name().to_owned()).collect(),
            hint: "Look at another resource.",
        })
    }
}

/// The link from an alarm to the topic it publishes to when its state changes (CMP-12).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "PascalCase", deny_unknown_fields, default)]
pub struct AlarmAction {
    /// It publishes when the state becomes `ALARM`.
    #[serde(skip_serializing_if = "is_true")]
    pub alarm_actions: bool,
    /// It publishes when the state becomes `OK`.
    #[serde(rename = "OKActions", skip_serializing_if = "is_false")]
    pub ok_actions: bool,
    /// It publishes when the state becomes `INSUFFICIENT_DATA`.
    #[serde(skip_serializing_if = "is_false")]
    pub insufficient_data_actions: bool,
}

fn is_true(value: &bool) -> bool {
    *value
}
fn is_false(value: &bool) -> bool {
    !*value
}

impl Default for AlarmAction {
    fn default() -> Self {
        Self { alarm_actions: true, ok_actions: false, insufficient_data_actions: false }
    }
}

impl AlarmAction {
    fn includes(&self, state: AlarmState) -> bool {
        match state {
            AlarmState::Alarm => self.alarm_actions,
            AlarmState::Ok => self.ok_actions,
            AlarmState::InsufficientData => self.insufficient_data_actions,
        }
    }
}

impl LinkBehavior for AlarmAction {
    const DESCRIPTOR: LinkDescriptor = LinkDescriptor {
        link_type: "Playground::AlarmAction",
        title: "Alarm action",
        description: "The alarm publishes to the topic when its state changes.",
        fields: &[
            field("AlarmActions", FieldKind::Switch, "When the state becomes ALARM.", "CMP-12"),
            field("OKActions", FieldKind::Switch, "When the state becomes OK.", "CMP-12"),
            field(
                "InsufficientDataActions",
                FieldKind::Switch,
                "When the state becomes INSUFFICIENT_DATA.",
                "CMP-12",
            ),
        ],
        pull: false,
        redrive: false,
    };
}
