//! Alarms and Auto Scaling groups: from a metric's point to an instance more (CMP-7 to CMP-24).

use messaging::MetricName::*;
use messaging::autoscaling::{
    AdjustmentType, AlarmState, Datapoint, PolicyType, ScalingPolicy, TreatMissingData, evaluate,
};
use messaging::node_state::{Health, InstanceLifecycle, Instrument};
use messaging::{Intervention, LogicalId, World};
use scenario::{link_refusal, parse_value};
use serde_json::{Value, json};

use super::support::{advance, edit, metric, metrics, place, run, world_of};

const GROUP: &str = "AWS::AutoScaling::AutoScalingGroup";
const ALARM: &str = "AWS::CloudWatch::Alarm";

/// A shop, a queue, a group that polls it, alarms by name with the policy of their link to the group.
fn scaled(rate: f64, group: Value, alarms: Value, policies: Value) -> Value {
    let mut document = json!({
        "Resources": {
            "shop": {
                "Type": "Playground::Producer",
                "Properties": { "ArrivalProcess": { "Type": "Steady", "Rate": rate } },
            },
            "orders": { "Type": "AWS::SQS::Queue" },
            "workers": { "Type": GROUP, "Properties": group },
        },
        "Links": [
            { "Type": "Playground::Send", "From": "shop", "To": "orders" },
            { "Type": "Playground::Poll", "From": "orders", "To": "workers" },
        ],
    });
    for (alarm, properties) in alarms.as_object().expect("alarms by name") {
        document["Resources"][alarm] = json!({ "Type": ALARM, "Properties": properties });
        let links = document["Links"].as_array_mut().expect("links");
        links.push(json!({ "Type": "Playground::Watch", "From": "orders", "To": alarm }));
        if let Some(policy) = policies.get(alarm) {
            let policy_type = "AWS::AutoScaling::ScalingPolicy";
            links.push(json!({ "Type": policy_type, "From": alarm, "To": "workers", "Properties": policy }));
        }
    }
    document
}

/// 10 messages a second for each instance, which boots in 30 s.
fn tens(more: Value) -> Value {
    let mut group = json!({
        "BootSeconds": 30,
        "DefaultInstanceWarmup": 0,
        "Instance": { "ProcessingTime": { "Distribution": "Constant", "Milliseconds": 100 } },
    });
    let members = more.as_object().expect("properties").clone();
    group.as_object_mut().expect("an object").extend(members);
    group
}

fn steps(adjustment: i32) -> Value {
    json!({
        "PolicyType": "StepScaling",
        "ScalingAdjustment": 1,
        "StepAdjustments": [{ "MetricIntervalLowerBound": 0, "ScalingAdjustment": adjustment }],
    })
}

/// When the number of instances in service changed, in whole seconds, and to what.
fn changes(world: &mut World, until: u32) -> Vec<(u32, u64)> {
    let mut seen = Vec::new();
    for second in 0..=until {
        advance(world, f64::from(second));
        let now = metric(world, "workers", GroupInServiceInstances);
        if seen.last().is_none_or(|(_, before)| *before != now) {
            seen.push((second, now));
        }
    }
    seen
}

/// The vectors of CMP-11: the range oldest first, and the states for missing, ignore, breaching, notBreaching.
#[test]
fn cmp_9_cmp_10_cmp_11_missing_data_is_filled_as_little_as_possible() {
    const KEEPS: AlarmState = AlarmState::InsufficientData;
    let [ok, alarm] = [AlarmState::Ok, AlarmState::Alarm];
    let unknown = AlarmState::InsufficientData;
    let vectors = [
        (3, "0-X-X", [ok; 4]),
        (3, "0----", [ok; 4]),
        (3, "-----", [unknown, KEEPS, alarm, ok]),
        (3, "0XX-X", [alarm; 4]),
        (3, "--X--", [alarm, KEEPS, alarm, ok]),
        (2, "0-X-X", [alarm; 4]),
        (2, "00X0X", [alarm; 4]),
        (2, "0-X--", [ok, ok, alarm, ok]),
        (2, "----0", [ok, ok, alarm, ok]),
        (2, "---X-", [alarm, KEEPS, alarm, ok]),
    ];
    let treats = [
        TreatMissingData::Missing,
        TreatMissingData::Ignore,
        TreatMissingData::Breaching,
        TreatMissingData::NotBreaching,
    ];
    for (needed, range, expected) in vectors {
        let points: Vec<Datapoint> = range
            .chars()
            .map(|point| match point {
                '0' => Datapoint::Fine,
                'X' => Datapoint::Breaching,
                _ => Datapoint::Missing,
            })
            .collect();
        for (treat, expected) in treats.into_iter().zip(expected) {
            let state = evaluate(&points, needed, 3, treat, KEEPS);
            assert_eq!(state, expected, "{needed} of 3, {range}, {treat:?}");
        }
    }
}

#[test]
fn cmp_17_a_percentage_is_rounded_but_never_to_nothing() {
    let policy = |percent: i32| ScalingPolicy {
        adjustment_type: AdjustmentType::PercentChangeInCapacity,
        scaling_adjustment: percent,
        ..ScalingPolicy::default()
    };
    // 12.7, 0.67, -0.58, -6.67 become 12, 1, -1, -6.
    for (capacity, percent, after) in
        [(127, 10, 139), (67, 1, 68), (58, -1, 57), (667, -1, 661), (10, 0, 10), (0, 50, 0)]
    {
        assert_eq!(policy(percent).capacity_after(capacity, 0.0), Some(after), "{percent} % of {capacity}");
    }
    let at_least_two = ScalingPolicy { min_adjustment_magnitude: Some(2), ..policy(10) };
    assert_eq!(at_least_two.capacity_after(4, 0.0), Some(6), "MinAdjustmentMagnitude");
    let exact = ScalingPolicy {
        adjustment_type: AdjustmentType::ExactCapacity,
        scaling_adjustment: 5,
        ..ScalingPolicy::default()
    };
    assert_eq!(exact.capacity_after(17, 0.0), Some(5));
}

fn step_policy(steps: &Value) -> Result<ScalingPolicy, serde_json::Error> {
    serde_json::from_value(json!({
        "PolicyType": "StepScaling",
        "AdjustmentType": "PercentChangeInCapacity",
        "StepAdjustments": steps,
    }))
}

fn step(low: Option<f64>, high: Option<f64>, adjustment: i32) -> Value {
    let mut step = json!({ "ScalingAdjustment": adjustment });
    for (name, bound) in [("MetricIntervalLowerBound", low), ("MetricIntervalUpperBound", high)] {
        if let Some(bound) = bound {
            step[name] = json!(bound);
        }
    }
    step
}

/// The vector of CMP-17: threshold 50, capacity 10, and the metric at 60, 70, 40 and 30.
#[test]
fn cmp_16_cmp_17_steps_grow_with_the_breach() {
    let out = step_policy(&json!([
        step(Some(0.0), Some(10.0), 0),
        step(Some(10.0), Some(20.0), 10),
        step(Some(20.0), None, 30),
    ]));
    let into = step_policy(&json!([
        step(Some(-10.0), Some(0.0), 0),
        step(Some(-20.0), Some(-10.0), -10),
        step(None, Some(-20.0), -30),
    ]));
    let (out, into) = (out.expect("steps out"), into.expect("steps in"));
    assert_eq!(out.policy_type, PolicyType::StepScaling);
    for (policy, capacity, metric, after) in
        [(&out, 10, 60.0, 11), (&out, 11, 70.0, 14), (&into, 14, 40.0, 13), (&into, 13, 30.0, 10)]
    {
        assert_eq!(policy.capacity_after(capacity, metric - 50.0), Some(after), "at {metric}");
    }
    assert_eq!(out.capacity_after(10, -1.0), None, "no step below the threshold");
}

#[test]
fn cmp_16_steps_have_no_gaps_and_no_overlaps() {
    for (steps, word) in [
        (json!([step(Some(0.0), Some(10.0), 1), step(Some(20.0), None, 2)]), "gap"),
        (json!([step(Some(0.0), Some(10.0), 1), step(Some(5.0), None, 2)]), "overlap"),
        (json!([step(None, Some(0.0), 1), step(None, Some(10.0), 2)]), "overlap"),
        (json!([step(Some(10.0), Some(0.0), 1)]), "end above"),
    ] {
        let error = step_policy(&steps).expect_err("refused").to_string();
        assert!(error.contains(word), "{steps}: {error}");
    }
}

#[test]
fn cmp_7_cmp_12_cmp_13_an_alarm_sees_whole_minutes_five_seconds_later_and_calls_each_minute() {
    let alarms = json!({ "high": { "Threshold": 100 } });
    let mut world = world_of(&scaled(100.0, tens(json!({})), alarms, json!({ "high": steps(1) })));
    let state = |world: &World| metric(world, "high", AlarmStateValue);
    advance(&mut world, 64.0);
    assert_eq!(state(&world), 2, "INSUFFICIENT_DATA until the first evaluation (CMP-9)");
    assert!(metric(&world, "high", AlarmMetricValue) > 5_000, "the point of the first minute is there");
    let seen = metric(&world, "high", AlarmMetricValue);
    advance(&mut world, 66.0);
    assert_eq!(state(&world), 1);
    assert_eq!(metric(&world, "high", AlarmMetricValue), seen, "and no other before the next minute");
    advance(&mut world, 246.0);
    assert_eq!(metric(&world, "high", AlarmsRaised), 1, "one change of state");
    assert_eq!(metric(&world, "high", AlarmActionsExecuted), 4, "and a call in each of four minutes");
}

#[test]
fn cmp_8_the_alarm_names_the_metric_and_not_the_attribute() {
    let parsed = parse_value(&json!({
        "Version": 1,
        "Resources": {
            "alarm": { "Type": ALARM, "Properties": { "MetricName": "ApproximateNumberOfMessages" } },
        },
    }));
    assert!(parsed.diagnostics.has_errors(), "that is an attribute");
}

#[test]
fn cmp_9_periods_and_datapoints_are_checked() {
    for (properties, fault) in [
        (json!({ "Period": 30 }), None),
        (json!({ "Period": 300, "EvaluationPeriods": 3, "DatapointsToAlarm": 3 }), None),
        (json!({ "Period": 45 }), Some("Period")),
        (json!({ "EvaluationPeriods": 2, "DatapointsToAlarm": 3 }), Some("DatapointsToAlarm")),
    ] {
        let document = json!({
            "Version": 1,
            "Resources": { "alarm": { "Type": ALARM, "Properties": properties } },
        });
        let diagnostics = parse_value(&document).validated().diagnostics;
        let found =
            diagnostics.0.iter().map(|found| found.pointer.to_string()).find(|at| at.contains("alarm"));
        let wanted = fault.map(|name| format!("/Resources/alarm/Properties/{name}"));
        assert_eq!(found, wanted, "{properties}");
    }
}

#[test]
fn cmp_10_a_longer_period_has_the_statistic_of_its_minutes() {
    let sent = |statistic: &str| {
        let alarm = json!({
            "MetricName": "NumberOfMessagesSent",
            "Statistic": statistic,
            "Period": 180,
            "Threshold": 400,
        });
        let world = run(&scaled(3.0, tens(json!({})), json!({ "sent": alarm }), json!({})), 200.0);
        metric(&world, "sent", AlarmStateValue)
    };
    // 180 messages a minute, 540 in three.
    assert_eq!(sent("Sum"), 1);
    assert_eq!(sent("Average"), 0);
}

#[test]
fn cmp_7_cmp_11_an_unused_queue_has_no_points_after_six_hours() {
    let document = json!({
        "Resources": {
            "shop": {
                "Type": "Playground::Producer",
                "Properties": { "ArrivalProcess": { "Type": "AtOnce", "Count": 1 } },
            },
            "orders": { "Type": "AWS::SQS::Queue" },
            "crew": { "Type": "Playground::Consumer" },
            "alarm": { "Type": ALARM, "Properties": { "ComparisonOperator": "LessThanThreshold" } },
        },
        "Links": [
            { "Type": "Playground::Send", "From": "shop", "To": "orders" },
            { "Type": "Playground::Poll", "From": "orders", "To": "crew" },
            { "Type": "Playground::Watch", "From": "orders", "To": "alarm" },
        ],
    });
    let mut world = world_of(&document);
    advance(&mut world, 60.0);
    // An idle consumer polls, and that is use: without it the queue falls silent.
    world.intervene(&Intervention::Stop(LogicalId::from("crew"))).expect("a consumer can stop");
    advance(&mut world, 6.0 * 3_600.0);
    assert_eq!(metric(&world, "alarm", AlarmStateValue), 1, "0 is below the threshold");
    advance(&mut world, 6.0 * 3_600.0 + 600.0);
    assert_eq!(metric(&world, "alarm", AlarmStateValue), 2, "nothing is known any more");
}

/// SP-58: 100 messages a second, 10 for each instance, two instances more over 1,000 messages.
#[test]
fn cmp_13_cmp_14_cmp_24_sp_58_capacity_grows_by_a_step_each_minute() {
    let alarms = json!({
        "high": {},
        "low": { "EvaluationPeriods": 3, "Threshold": 100, "ComparisonOperator": "LessThanThreshold" },
    });
    let less = json!({
        "PolicyType": "StepScaling",
        "ScalingAdjustment": 1,
        "StepAdjustments": [{ "MetricIntervalUpperBound": 0, "ScalingAdjustment": -1 }],
    });
    let policies = json!({ "high": steps(2), "low": less });
    let mut world = world_of(&scaled(100.0, tens(json!({})), alarms.clone(), policies.clone()));
    // The minute, 5 s to its evaluation, the call, and 30 s to boot.
    let expected = [(0, 1), (96, 3), (156, 5), (216, 7), (276, 9), (336, 10)];
    assert_eq!(changes(&mut world, 900), expected);
    // With the fall-back of 300 s the same step adds only every sixth minute (CMP-16, CMP-20).
    let cold = tens(json!({ "DefaultInstanceWarmup": null }));
    let mut world = world_of(&scaled(100.0, cold, alarms, policies));
    let expected = [(0, 1), (96, 3), (456, 5), (816, 7)];
    assert_eq!(changes(&mut world, 900), expected);
}

#[test]
fn cmp_15_a_simple_policy_waits_for_its_activity_and_its_cooldown() {
    let simple = json!({ "ScalingAdjustment": 1, "Cooldown": 100 });
    let alarms = json!({ "high": { "Threshold": 100 } });
    let mut world = world_of(&scaled(100.0, tens(json!({})), alarms, json!({ "high": simple })));
    // Ended at 95, cooled down at 195: the next call is that of 245.
    assert_eq!(changes(&mut world, 600), [(0, 1), (96, 2), (276, 3), (456, 4)]);
}

#[test]
fn cmp_18_cmp_19_cmp_20_sp_60_a_target_of_backlog_per_instance_says_how_many_are_wanted() {
    let tracking = json!({
        "DesiredCapacity": 10,
        "MinSize": 1,
        "MaxSize": 40,
        "TargetTracking": { "Metric": "BacklogPerInstance", "TargetValue": 100 },
        "Instance": { "Stopped": true },
    });
    let mut document = scaled(0.0, tens(tracking), json!({}), json!({}));
    let all_at_once = json!({ "ArrivalProcess": { "Type": "AtOnce", "Count": 1_500 } });
    document["Resources"]["shop"]["Properties"] = all_at_once;
    let mut world = world_of(&document);
    let desired = |world: &World| metric(world, "workers", GroupDesiredCapacity);
    advance(&mut world, 184.0);
    assert_eq!(desired(&world), 10, "150 for each, but three minutes must agree");
    advance(&mut world, 186.0);
    assert_eq!(desired(&world), 15, "five more");
    advance(&mut world, 1_200.0);
    assert_eq!(desired(&world), 15, "100 for each is the target");
    // The work is done: fifteen minutes below 90 % of the target, then one at a time down to the fewest (CMP-23).
    world.intervene(&Intervention::Start(LogicalId::from("workers"))).expect("a group can start");
    advance(&mut world, 1_200.0 + 15.0 * 60.0);
    assert_eq!(desired(&world), 15);
    advance(&mut world, 1_200.0 + 20.0 * 60.0);
    assert_eq!(desired(&world), 10);
    advance(&mut world, 7_200.0);
    assert_eq!(desired(&world), 1, "never below MinSize");
}

#[test]
fn cmp_21_the_larger_of_two_wishes_counts_and_all_must_agree_to_shrink() {
    let alarms = json!({ "one": { "Threshold": 10 }, "two": { "Threshold": 20 } });
    let policies = json!({ "one": steps(1), "two": steps(4) });
    let mut world = world_of(&scaled(100.0, tens(json!({})), alarms, policies));
    advance(&mut world, 70.0);
    assert_eq!(metric(&world, "workers", GroupDesiredCapacity), 5, "four more, not one and not five");
    // One policy wants fewer, the target holds.
    let group = tens(json!({
        "DesiredCapacity": 4,
        "TargetTracking": { "TargetValue": 1000 },
        "Instance": { "Stopped": true },
    }));
    let alarms = json!({ "low": { "Threshold": 1e9, "ComparisonOperator": "LessThanThreshold" } });
    let less = json!({ "low": { "ScalingAdjustment": -1, "Cooldown": 0 } });
    let alone = run(&scaled(5.0, tens(json!({ "DesiredCapacity": 4 })), alarms.clone(), less.clone()), 70.0);
    assert_eq!(metric(&alone, "workers", GroupDesiredCapacity), 3);
    let held = run(&scaled(5.0, group, alarms, less), 600.0);
    assert_eq!(metric(&held, "workers", GroupDesiredCapacity), 4);
}

/// Each tile's lifecycle.
fn tiles(world: &World) -> Vec<InstanceLifecycle> {
    let state = world.node_state(place(world, "workers")).expect("a state");
    let tiles = state.instruments.into_iter().find_map(|instrument| match instrument {
        Instrument::Instances { tiles } => Some(tiles),
        _ => None,
    });
    tiles.expect("a tile for each instance").iter().map(|tile| tile.lifecycle).collect()
}

#[test]
fn cmp_14_cmp_22_instances_boot_work_finish_and_are_gone() {
    let slow = json!({
        "DesiredCapacity": 2,
        "Instance": { "ProcessingTime": { "Distribution": "Constant", "Milliseconds": 20_000 } },
    });
    let document = |more: Value| {
        let mut group = slow.clone();
        group.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        scaled(1.0, tens(group), json!({}), json!({}))
    };
    let mut world = world_of(&document(json!({})));
    advance(&mut world, 10.0);
    assert_eq!(tiles(&world), [InstanceLifecycle::InService; 2]);
    edit(&mut world, &document(json!({ "DesiredCapacity": 3 })));
    assert_eq!(tiles(&world)[2], InstanceLifecycle::Pending);
    advance(&mut world, 39.0);
    assert_eq!(metric(&world, "workers", GroupPendingInstances), 1);
    advance(&mut world, 41.0);
    assert_eq!(metric(&world, "workers", GroupInServiceInstances), 3);
    // The oldest goes, once it has finished: 10 messages of a read take longer than its 30 s.
    edit(&mut world, &document(json!({ "DesiredCapacity": 2 })));
    assert_eq!(tiles(&world)[0], InstanceLifecycle::Terminating);
    advance(&mut world, 72.0);
    assert_eq!(metrics(&world, "workers", [GroupInServiceInstances, InstancesTerminated]), [2, 1]);
}

#[test]
fn cmp_4_cmp_22_what_a_terminated_instance_held_returns_after_its_visibility_timeout() {
    let group = |grace: u32, desired: u32| {
        let group = tens(json!({
            "MinSize": 0,
            "DesiredCapacity": desired,
            "TerminationGraceSeconds": grace,
            "Instance": {
                "ProcessingTime": { "Distribution": "Constant", "Milliseconds": 5_000 },
                "MaxNumberOfMessages": 1,
            },
        }));
        let mut document = scaled(0.0, group, json!({}), json!({}));
        document["Resources"]["shop"]["Properties"] =
            json!({ "ArrivalProcess": { "Type": "AtOnce", "Count": 1 } });
        document
    };
    let visible = |world: &World| metric(world, "orders", ApproximateNumberOfMessagesVisible);
    // Without time to finish it is a crash.
    let mut world = run(&group(0, 1), 2.0);
    edit(&mut world, &group(0, 0));
    advance(&mut world, 29.0);
    assert_eq!((visible(&world), metric(&world, "orders", ApproximateNumberOfMessagesNotVisible)), (0, 1));
    advance(&mut world, 32.0);
    assert_eq!(visible(&world), 1, "back after 30 s");
    // With time it is done.
    let mut world = run(&group(30, 1), 2.0);
    edit(&mut world, &group(30, 0));
    advance(&mut world, 32.0);
    assert_eq!(metric(&world, "orders", NumberOfMessagesDeleted), 1);
    assert_eq!(metrics(&world, "workers", [GroupDesiredCapacity, InstancesTerminated]), [0, 1]);
}

#[test]
fn cmp_22_protected_instances_stay() {
    let group = |more: Value| scaled(1.0, tens(more), json!({}), json!({}));
    let mut world =
        run(&group(json!({ "DesiredCapacity": 4, "NewInstancesProtectedFromScaleIn": true })), 1.0);
    edit(&mut world, &group(json!({ "DesiredCapacity": 1, "NewInstancesProtectedFromScaleIn": true })));
    advance(&mut world, 120.0);
    assert_eq!(metrics(&world, "workers", [GroupDesiredCapacity, GroupInServiceInstances]), [1, 4]);
}

#[test]
fn cmp_14_cmp_23_sizes_are_checked_and_kept() {
    let faults = |group: Value| {
        let document = json!({ "Version": 1, "Resources": { "g": { "Type": GROUP, "Properties": group } } });
        let diagnostics = parse_value(&document).validated().diagnostics;
        diagnostics.0.iter().map(|found| found.pointer.to_string()).collect::<Vec<_>>()
    };
    assert!(faults(json!({ "MinSize": 0, "MaxSize": 0 })).is_empty());
    assert_eq!(faults(json!({ "MinSize": 3, "MaxSize": 2 })), ["/Resources/g/Properties/MinSize"]);
    assert_eq!(faults(json!({ "DesiredCapacity": 11 })), ["/Resources/g/Properties/DesiredCapacity"]);
    // A crash takes all: the group launches as many again, and needs its boot time for it.
    let mut world = run(&scaled(5.0, tens(json!({ "MinSize": 3 })), json!({}), json!({})), 10.0);
    world.intervene(&Intervention::Crash(LogicalId::from("workers"))).expect("a group can crash");
    assert_eq!(tiles(&world), [InstanceLifecycle::Pending; 3]);
    let state = world.node_state(place(&world, "workers")).expect("a state");
    assert_eq!(state.health, Health::Down);
    advance(&mut world, 41.0);
    assert_eq!(metric(&world, "workers", GroupInServiceInstances), 3);
}

#[test]
fn cmp_5_throughput_is_instances_by_threads_by_pace() {
    let done = |instances: u32, threads: u32| {
        let group = tens(json!({
            "DesiredCapacity": instances,
            "Instance": {
                "Workers": threads,
                "ProcessingTime": { "Distribution": "Constant", "Milliseconds": 1_000 },
            },
        }));
        metric(&run(&scaled(200.0, group, json!({}), json!({})), 101.0), "workers", MessagesProcessed)
    };
    for (instances, threads) in [(1, 1), (2, 1), (2, 5), (10, 2)] {
        let expected = u64::from(instances * threads) * 100;
        assert!(done(instances, threads).abs_diff(expected) <= expected / 50, "{instances} x {threads}");
    }
}

#[test]
fn cmp_12_acc_13_an_alarm_tells_a_topic_of_changes_only() {
    let mut document = scaled(100.0, tens(json!({})), json!({ "high": { "Threshold": 100 } }), json!({}));
    document["Resources"]["operators"] = json!({ "Type": "AWS::SNS::Topic" });
    document["Resources"]["inbox"] = json!({ "Type": "AWS::SQS::Queue" });
    let links = document["Links"].as_array_mut().expect("links");
    links.push(json!({ "Type": "Playground::AlarmAction", "From": "high", "To": "operators" }));
    links.push(json!({ "Type": "AWS::SNS::Subscription", "From": "operators", "To": "inbox" }));
    let world = run(&document, 600.0);
    assert_eq!(metric(&world, "operators", NumberOfMessagesPublished), 1);
    assert_eq!(metric(&world, "inbox", ApproximateNumberOfMessagesVisible), 1);
    // A topic whose policy leaves CloudWatch out is told nothing.
    let policy = json!({ "Statement": [{ "Effect": "Allow", "Principal": { "AWS": "*" }, "Action": "sns:Publish",
        "Resource": "*", "Condition": { "ArnEquals": { "aws:SourceArn": "arn:aws:s3:::elsewhere" } } }] });
    document["Resources"]["operators"]["Properties"] = json!({ "Policy": policy });
    let world = run(&document, 600.0);
    assert_eq!(metrics(&world, "high", [AlarmActionsExecuted, AlarmActionsFailed]), [1, 1]);
    assert_eq!(metric(&world, "operators", NumberOfMessagesPublished), 0);
}

#[test]
fn any_resource_can_be_watched_and_an_alarm_leads_to_groups_and_standard_topics() {
    use messaging::ResourceKind;
    let alarm = ResourceKind::Alarm.default_properties();
    for kind in ResourceKind::ALL.iter().filter(|kind| **kind != ResourceKind::Alarm) {
        assert_eq!(link_refusal(&kind.default_properties(), &alarm), None, "{kind:?}");
        let leads = matches!(kind, ResourceKind::AutoScalingGroup | ResourceKind::Topic);
        assert_eq!(link_refusal(&alarm, &kind.default_properties()).is_none(), leads, "{kind:?}");
    }
    let fifo = ResourceKind::Topic.read_properties(&json!({ "FifoTopic": true })).expect("a FIFO topic");
    let refusal = link_refusal(&alarm, &fifo).expect("refused");
    assert_eq!(refusal.reason, "Alarms publish to standard topics only.");
}
