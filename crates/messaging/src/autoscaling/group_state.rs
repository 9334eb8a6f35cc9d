//! What an Auto Scaling group shows of itself.

use super::group::AutoScalingGroup;
use super::instances::{Instance, Stage};
use crate::context::View;
use crate::node_state::{
    Health, InstanceLifecycle, InstanceTile, Instrument, NodeState, Problem, Tone, Unit,
};

pub(super) fn state(group: &AutoScalingGroup, view: &View<'_>) -> NodeState {
    let (now, properties) = (view.now(), &group.properties);
    let in_service = group.instances.count(Stage::InService);
    let threads = properties.threads();
    let tile = |place: usize, instance: &Instance| InstanceTile {
        lifecycle: match instance.stage {
            Stage::Pending => InstanceLifecycle::Pending,
            Stage::InService => InstanceLifecycle::InService,
            Stage::Terminating => InstanceLifecycle::Terminating,
        },
        threads: (place * threads..(place + 1) * threads)
            .map(|worker| group.fleet.busy_percent(worker, now))
            .collect(),
    };
    let figure = |label: &'static str, value: f64, unit: Unit, tone: Tone| Instrument::Figure {
        label: label.into(),
        value,
        unit,
        tone,
    };
    let (processed, failed) = group.fleet.per_second(now);
    let mut instruments = vec![
        Instrument::Instances {
            tiles: group.instances.iter().map(|(place, instance)| tile(place, instance)).collect(),
        },
        Instrument::Gauge {
            label: "in service".into(),
            value: in_service.into(),
            limit: properties.max_size.into(),
            unit: Unit::Count,
            quota: "MaxSize".into(),
            metric: Some((crate::MetricName::GroupInServiceInstances, properties.max_size.into())),
        },
        figure("desired", group.desired.into(), Unit::Count, Tone::Plain),
        figure("processed", processed as f64, Unit::PerSecond, Tone::Plain),
    ];
    if failed > 0 {
        instruments.push(figure("failing", failed as f64, Unit::PerSecond, Tone::Bad));
    }
    let cooldown = group.cooldown_until.since(now.min(group.cooldown_until)).as_secs_f64();
    if cooldown > 0.0 {
        instruments.push(figure("cooldown", cooldown, Unit::Seconds, Tone::Near));
    }
    let nobody = group.stopped || (in_service == 0 && group.desired > 0);
    let at_limit = group.desired == properties.max_size && properties.max_size > properties.min_size;
    let health = match () {
        () if nobody => Health::Down,
        () if failed > 0 => Health::Failing,
        () if at_limit => Health::NearQuota,
        () => Health::Ok,
    };
    NodeState {
        health,
        tag: if group.stopped { "down" } else { "Auto Scaling" }.into(),
        instruments,
        problem: nobody.then(|| problem(group, view)),
        summary: format!(
            "Auto Scaling group, {in_service} of {} instances in service, {processed} processed per second",
            group.desired
        ),
    }
}

fn problem(group: &AutoScalingGroup, view: &View<'_>) -> Problem {
    let name = view.name(view.id());
    let text = if group.stopped {
        format!("The workers of {name} are stopped.")
    } else {
        format!("{name} has {} instances that boot, and none in service.", group.desired)
    };
    Problem {
        title: "No instance works".into(),
        text: format!("{text} What was held returns to its queue after the visibility timeout."),
        error_code: None,
        remedies: Vec::new(),
    }
}
