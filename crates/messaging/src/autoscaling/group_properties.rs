//! What the document says of an Auto Scaling group.

use serde::{Deserialize, Serialize};

use crate::behavior::AttributeError;
use crate::client::{CONSUMER_FIELDS, CONSUMER_TARGETS, ConsumerProperties};
use crate::descriptor::{FieldKind, PaletteGroup, ResourceDescriptor, field, integer, number};
use crate::metric::MetricName;

/// What a target-tracking policy keeps near its target (CMP-18): a metric that falls when there are more instances.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum TrackedMetric {
    /// Visible messages of the queues it reads, for each instance in service (CMP-19).
    #[default]
    BacklogPerInstance,
    /// Share of the workers at work, in per cent: what stands for the CPU here.
    #[serde(rename = "ASGAverageCPUUtilization")]
    CpuUtilization,
}

/// A target-tracking policy (CMP-18).
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "PascalCase", deny_unknown_fields, default)]
pub struct TargetTracking {
    /// What is kept near the target.
    pub metric: TrackedMetric,
    /// The target: acceptable latency by the mean processing time, for a backlog (CMP-19).
    pub target_value: f64,
    /// It only ever makes the group larger.
    #[serde(skip_serializing_if = "is_default")]
    pub disable_scale_in: bool,
}

impl Default for TargetTracking {
    fn default() -> Self {
        Self { metric: TrackedMetric::default(), target_value: USUAL_TARGET, disable_scale_in: false }
    }
}

/// What the document says of an Auto Scaling group.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "PascalCase", deny_unknown_fields, default)]
pub struct GroupProperties {
    /// The fewest instances (CMP-14).
    pub min_size: u32,
    /// The most instances (CMP-14).
    pub max_size: u32,
    /// Instances at the start; `MinSize` if not given (CMP-14).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub desired_capacity: Option<u32>,
    /// Seconds that simple policies wait (CMP-15).
    #[serde(skip_serializing_if = "is_usual_cooldown")]
    pub cooldown: u32,
    /// Seconds until an instance in service counts; `Cooldown` if not given (CMP-20).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default_instance_warmup: Option<u32>,
    /// A target-tracking policy, beside those of alarms (CMP-18).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target_tracking: Option<TargetTracking>,
    /// Over how many Availability Zones the instances are spread (CMP-22).
    #[serde(skip_serializing_if = "is_usual_zones")]
    pub availability_zones: u32,
    /// No instance is taken away for want of work (CMP-22).
    #[serde(skip_serializing_if = "is_default")]
    pub new_instances_protected_from_scale_in: bool,
    /// Seconds from the launch of an instance to its service (CMP-14).
    #[serde(skip_serializing_if = "is_usual_boot")]
    pub boot_seconds: u32,
    /// Seconds an instance has to finish what it holds before it goes; 0 is a crash (CMP-22).
    #[serde(skip_serializing_if = "is_usual_grace")]
    pub termination_grace_seconds: u32,
    /// What runs on each instance: a consumer, with its number of workers as threads (CMP-1).
    #[serde(skip_serializing_if = "is_default")]
    pub instance: ConsumerProperties,
}

/// CMP-15.
const USUAL_COOLDOWN_SECONDS: u32 = 300;
/// CMP-14. Ours.
const USUAL_BOOT_SECONDS: u32 = 60;
/// CMP-22. Ours.
const USUAL_GRACE_SECONDS: u32 = 30;
/// Ours.
const USUAL_ZONES: u32 = 2;
/// CMP-24.
const USUAL_MAX_SIZE: u32 = 10;
/// CMP-19.
const USUAL_TARGET: f64 = 100.0;
/// The most instances of a group. Ours.
const MAX_INSTANCES: u32 = 200;
/// The most workers of a group. Ours.
pub(super) const MAX_WORKERS: u32 = 1_000;

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}
fn is_usual_cooldown(seconds: &u32) -> bool {
    *seconds == USUAL_COOLDOWN_SECONDS
}
fn is_usual_boot(seconds: &u32) -> bool {
    *seconds == USUAL_BOOT_SECONDS
}
fn is_usual_grace(seconds: &u32) -> bool {
    *seconds == USUAL_GRACE_SECONDS
}
fn is_usual_zones(zones: &u32) -> bool {
    *zones == USUAL_ZONES
}

impl Default for GroupProperties {
    fn default() -> Self {
        Self {
            min_size: 1,
            max_size: USUAL_MAX_SIZE,
            desired_capacity: None,
            cooldown: USUAL_COOLDOWN_SECONDS,
            default_instance_warmup: None,
            target_tracking: None,
            availability_zones: USUAL_ZONES,
            new_instances_protected_from_scale_in: false,
            boot_seconds: USUAL_BOOT_SECONDS,
            termination_grace_seconds: USUAL_GRACE_SECONDS,
            instance: ConsumerProperties::default(),
        }
    }
}

impl GroupProperties {
    /// A capacity within the limits of the group (CMP-14).
    pub(super) fn within(&self, capacity: u32) -> u32 {
        capacity.min(self.max_size).max(self.min_size)
    }

    pub(super) fn threads(&self) -> usize {
        self.instance.workers.max(1) as usize
    }

    /// What the group would be refused for.
    pub(super) fn errors(&self) -> Vec<AttributeError> {
        let mut errors = Vec::new();
        let mut refuse = |attribute, message: String| {
            errors.push(AttributeError { attribute, message, harmless: false });
        };
        if self.min_size > self.max_size {
            refuse(
                "MinSize",
                "ValidationError: Max bound must be greater than or equal to min bound.".into(),
            );
        } else if self.desired_capacity.is_some_and(|desired| desired != self.within(desired)) {
            let message =
                "ValidationError: Desired capacity must be between the min and the max size (CMP-14).";
            refuse("DesiredCapacity", message.into());
        }
        if u64::from(self.max_size) * u64::from(self.instance.workers) > u64::from(MAX_WORKERS) {
            refuse("MaxSize", format!("The playground takes {MAX_WORKERS} workers in all of a group."));
        }
        errors
    }
}

const TRACKING: &[crate::descriptor::FieldSpec] = &[
    field(
        "Metric",
        FieldKind::Choice(&["BacklogPerInstance", "ASGAverageCPUUtilization"]),
        "What is kept near the target.",
        "CMP-19",
    ),
    field("TargetValue", number(0.001, 1e9, ""), "The target.", "CMP-18"),
    field("DisableScaleIn", FieldKind::Switch, "It only ever makes the group larger.", "CMP-18"),
];

pub(super) const DESCRIPTOR: ResourceDescriptor = ResourceDescriptor {
    resource_type: "AWS::AutoScaling::AutoScalingGroup",
    title: "Auto Scaling group",
    description: "EC2 instances that poll, as many as alarms and a target ask for.",
    group: PaletteGroup::Process,
    icon: "worker-fleet",
    id_prefix: "group",
    fields: &[
        field("MinSize", integer(0, MAX_INSTANCES as i64, "instances"), "The fewest.", "CMP-14"),
        field("MaxSize", integer(0, MAX_INSTANCES as i64, "instances"), "The most.", "CMP-14"),
        field(
            "DesiredCapacity",
            integer(0, MAX_INSTANCES as i64, "instances"),
            "How many at the start.",
            "CMP-14",
        ),
        field("Cooldown", integer(0, 86_400, "s"), "How long simple policies wait.", "CMP-15"),
        field(
            "DefaultInstanceWarmup",
            integer(0, 86_400, "s"),
            "Until an instance in service counts; Cooldown if not given.",
            "CMP-20",
        ),
        field(
            "TargetTracking",
            FieldKind::Variants { tag: "", cases: &[("", TRACKING)] },
            "A target-tracking policy.",
            "CMP-18",
        ),
        field("AvailabilityZones", integer(1, 6, "zones"), "Over how many they are spread.", "CMP-22"),
        field(
            "NewInstancesProtectedFromScaleIn",
            FieldKind::Switch,
            "No instance is taken away for want of work.",
            "CMP-22",
        ),
        field("BootSeconds", integer(0, 3_600, "s"), "From launch to service.", "CMP-14"),
        field(
            "TerminationGraceSeconds",
            integer(0, 7_200, "s"),
            "To finish what an instance holds; 0 is a crash.",
            "CMP-22",
        ),
        field(
            "Instance",
            FieldKind::Variants { tag: "", cases: &[("", CONSUMER_FIELDS)] },
            "What runs on each instance.",
            "CMP-1",
        ),
    ],
    links: CONSUMER_TARGETS,
    presets: &[],
    metrics: &[
        MetricName::GroupInServiceInstances,
        MetricName::GroupDesiredCapacity,
        MetricName::GroupPendingInstances,
        MetricName::GroupTerminatingInstances,
        MetricName::InstancesLaunched,
        MetricName::InstancesTerminated,
        MetricName::MessagesProcessed,
        MetricName::ProcessingFailures,
        MetricName::MessagesProcessedAgain,
        MetricName::BusyWorkers,
        MetricName::ReceiveCalls,
        MetricName::ProcessedOutOfOrder,
    ],
    actions: &["Start", "Stop", "Crash", "Slow"],
};
