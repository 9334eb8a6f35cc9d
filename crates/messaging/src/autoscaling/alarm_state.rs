//! What an alarm shows of itself.

use super::alarm::Alarm;
use super::evaluation::AlarmState;
use crate::context::View;
use crate::metric::MetricName;
use crate::node_state::{Health, Instrument, NodeState, Problem, Tone, Unit};

pub(super) fn state(alarm: &Alarm, view: &View<'_>) -> NodeState {
    let properties = &alarm.properties;
    let (state, metric) = (alarm.state.name(), properties.metric_name.name());
    // A low alarm that only makes a group smaller is no trouble.
    let in_alarm = alarm.state == AlarmState::Alarm && !alarm.only_scales_in(view);
    let tone = if in_alarm { Tone::Bad } else { Tone::Plain };
    let value = alarm.points.last().unwrap_or(0.0);
    let since = view.now().since(alarm.since).as_secs_f64();
    let instruments = vec![
        Instrument::Spark { metric: MetricName::AlarmMetricValue, tone },
        Instrument::Gauge {
            label: metric.into(),
            value,
            limit: properties.threshold,
            unit: Unit::Count,
            quota: "Threshold".into(),
            metric: Some((MetricName::AlarmMetricValue, properties.threshold)),
        },
        Instrument::Figure { label: "for".into(), value: since, unit: Unit::Seconds, tone },
    ];
    NodeState {
        health: if in_alarm { Health::Failing } else { Health::Ok },
        tag: state.into(),
        instruments,
        problem: in_alarm.then(|| problem(alarm, value, view)),
        summary: format!(
            "CloudWatch alarm, {state}, {metric} {value} {} {}",
            properties.comparison_operator.sign(),
            properties.threshold
        ),
    }
}

/// Since when, why, and what it does about it.
fn problem(alarm: &Alarm, value: f64, view: &View<'_>) -> Problem {
    let properties = &alarm.properties;
    let actions: Vec<&str> = alarm.actions.iter().map(|(_, to)| view.name(*to)).collect();
    let actions = match actions.as_slice() {
        [] => "It has no action.".to_owned(),
        _ if !properties.actions_enabled => "Its actions are switched off.".to_owned(),
        names => format!("It calls {}, a group again every minute.", names.join(", ")),
    };
    Problem {
        title: "In ALARM".into(),
        text: format!(
            "{} is {value}, and {} {} for {} of {} periods of {} s. {actions}",
            properties.metric_name.name(),
            properties.comparison_operator.sign(),
            properties.threshold,
            properties.datapoints_to_alarm.unwrap_or(properties.evaluation_periods),
            properties.evaluation_periods,
            properties.period
        ),
        error_code: None,
        remedies: Vec::new(),
    }
}
