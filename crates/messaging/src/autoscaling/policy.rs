//! Scaling policies: how much an alarm changes a group (CMP-15 to CMP-17).

use serde::{Deserialize, Serialize};

use crate::descriptor::{FieldKind, LinkDescriptor, field, integer};
use crate::registry::LinkBehavior;

/// The kinds of policy an alarm can execute. A group tracks a target by itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum PolicyType {
    /// One adjustment, then a cooldown (CMP-15).
    #[default]
    SimpleScaling,
    /// An adjustment for each size of breach, and no cooldown (CMP-16).
    StepScaling,
}

/// What an adjustment means (CMP-17).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[expect(missing_docs, reason = "the words of the API")]
pub enum AdjustmentType {
    #[default]
    ChangeInCapacity,
    ExactCapacity,
    PercentChangeInCapacity,
}

/// One step, between two distances from the threshold (CMP-16).
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct StepAdjustment {
    /// Where it begins, above or below the threshold; without end if not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metric_interval_lower_bound: Option<f64>,
    /// Where it ends; without end if not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metric_interval_upper_bound: Option<f64>,
    /// By how much.
    pub scaling_adjustment: i32,
}

impl StepAdjustment {
    fn low(&self) -> f64 {
        self.metric_interval_lower_bound.unwrap_or(f64::NEG_INFINITY)
    }

    fn high(&self) -> f64 {
        self.metric_interval_upper_bound.unwrap_or(f64::INFINITY)
    }

    /// Above the threshold the lower bound belongs to the step, below it the upper one (CMP-16).
    fn contains(&self, breach: f64) -> bool {
        if self.high() <= 0.0 {
            self.low() < breach && breach <= self.high()
        } else {
            self.low() <= breach && breach < self.high()
        }
    }
}

/// The steps of a policy, lowest first, without gaps and overlaps (CMP-16).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(try_from = "Vec<StepAdjustment>", into = "Vec<StepAdjustment>")]
pub struct StepAdjustments(Vec<StepAdjustment>);

impl TryFrom<Vec<StepAdjustment>> for StepAdjustments {
    type Error = &'static str;

    fn try_from(mut steps: Vec<StepAdjustment>) -> Result<Self, Self::Error> {
        steps.sort_by(|a, b| a.low().total_cmp(&b.low()));
        if steps.iter().any(|step| step.low() >= step.high()) {
            return Err("A step must end above its beginning (CMP-16).");
        }
        for pair in steps.windows(2) {
            if pair[0].high() > pair[1].low() {
                return Err("Steps must not overlap (CMP-16).");
            }
            if pair[0].high() < pair[1].low() {
                return Err("There must be no gap between steps (CMP-16).");
            }
        }
        Ok(Self(steps))
    }
}

impl From<StepAdjustments> for Vec<StepAdjustment> {
    fn from(steps: StepAdjustments) -> Self {
        steps.0
    }
}

/// The link from an alarm to the group it scales, a policy of the group.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "PascalCase", deny_unknown_fields, default)]
pub struct ScalingPolicy {
    /// Simple or by steps (CMP-15, CMP-16).
    #[serde(skip_serializing_if = "is_default")]
    pub policy_type: PolicyType,
    /// What an adjustment means (CMP-17).
    #[serde(skip_serializing_if = "is_default")]
    pub adjustment_type: AdjustmentType,
    /// By how much a simple policy changes the group.
    pub scaling_adjustment: i32,
    /// By how much a step policy changes the group.
    #[serde(skip_serializing_if = "is_default")]
    pub step_adjustments: StepAdjustments,
    /// A percentage changes the group by at least so many instances (CMP-17).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_adjustment_magnitude: Option<u32>,
    /// Seconds a simple policy waits; those of the group if not given (CMP-15).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cooldown: Option<u32>,
    /// Seconds until an instance counts; those of the group if not given (CMP-20).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub estimated_instance_warmup: Option<u32>,
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

impl Default for ScalingPolicy {
    fn default() -> Self {
        Self {
            policy_type: PolicyType::default(),
            adjustment_type: AdjustmentType::default(),
            scaling_adjustment: 1,
            step_adjustments: StepAdjustments::default(),
            min_adjustment_magnitude: None,
            cooldown: None,
            estimated_instance_warmup: None,
        }
    }
}

impl ScalingPolicy {
    /// The capacity after the policy is executed at `breach` above the threshold, from `capacity` on. Nothing if no
    /// step is that large.
    pub fn capacity_after(&self, capacity: u32, breach: f64) -> Option<u32> {
        let adjustment = match self.policy_type {
            PolicyType::SimpleScaling => self.scaling_adjustment,
            PolicyType::StepScaling => {
                self.step_adjustments.0.iter().find(|step| step.contains(breach))?.scaling_adjustment
            }
        };
        let change = match self.adjustment_type {
            AdjustmentType::ExactCapacity => return Some(adjustment.max(0).unsigned_abs()),
            AdjustmentType::ChangeInCapacity => i64::from(adjustment),
            AdjustmentType::PercentChangeInCapacity => self.percentage(capacity, adjustment),
        };
        Some((i64::from(capacity) + change).clamp(0, i64::from(u32::MAX)) as u32)
    }

    /// It only ever makes a group smaller.
    pub(super) fn only_shrinks(&self) -> bool {
        let shrinks = |adjustment: i32| adjustment <= 0;
        self.adjustment_type != AdjustmentType::ExactCapacity
            && match self.policy_type {
                PolicyType::SimpleScaling => shrinks(self.scaling_adjustment),
                PolicyType::StepScaling => {
                    self.step_adjustments.0.iter().all(|step| shrinks(step.scaling_adjustment))
                }
            }
    }

    /// Rounded towards zero, but never to none (CMP-17).
    fn percentage(&self, capacity: u32, percent: i32) -> i64 {
        let hundredths = i64::from(capacity) * i64::from(percent);
        let rounded = if hundredths.abs() < 100 { hundredths.signum() } else { hundredths / 100 };
        let least = i64::from(self.min_adjustment_magnitude.unwrap_or(0));
        rounded.signum() * rounded.abs().max(if rounded == 0 { 0 } else { least })
    }
}

impl LinkBehavior for ScalingPolicy {
    const DESCRIPTOR: LinkDescriptor = LinkDescriptor {
        link_type: "AWS::AutoScaling::ScalingPolicy",
        title: "Scaling policy",
        description: "While the alarm is in ALARM, the group changes its capacity by this.",
        fields: &[
            field(
                "PolicyType",
                FieldKind::Choice(&["SimpleScaling", "StepScaling"]),
                "Simple waits for a cooldown, steps do not.",
                "CMP-16",
            ),
            field(
                "AdjustmentType",
                FieldKind::Choice(&["ChangeInCapacity", "ExactCapacity", "PercentChangeInCapacity"]),
                "What an adjustment means.",
                "CMP-17",
            ),
            field(
                "ScalingAdjustment",
                integer(-1_000, 1_000, ""),
                "By how much a simple policy changes the group.",
                "CMP-15",
            ),
            field(
                "StepAdjustments",
                FieldKind::Json,
                "By how much a step policy changes the group, for each distance from the threshold.",
                "CMP-16",
            ),
            field(
                "MinAdjustmentMagnitude",
                integer(1, 1_000, "instances"),
                "A percentage changes the group by at least so many.",
                "CMP-17",
            ),
            field("Cooldown", integer(0, 86_400, "s"), "How long a simple policy waits.", "CMP-15"),
            field(
                "EstimatedInstanceWarmup",
                integer(0, 86_400, "s"),
                "Until an instance in service counts.",
                "CMP-20",
            ),
        ],
        pull: false,
        redrive: false,
    };
}
