//! What a function shows of itself.

use super::function::Function;
use super::{Error, quotas};
use crate::context::View;
use crate::metric::MetricName;
use crate::node_state::{Health, Instrument, NodeState, Problem, Remedy, Text, Tone, Unit};
use crate::service_error::ServiceError;

/// A gauge is near its limit from this share of it on (UI: near quota).
const NEAR: f64 = 0.8;

pub(super) fn state(function: &Function, view: &View<'_>) -> NodeState {
    let now = view.now();
    let per_second = |counter: &kernel::SecondCounter| counter.last_second(now).max(counter.current(now));
    let invoked = per_second(&function.invoked);
    let failed = per_second(&function.failed);
    let throttled = per_second(&function.throttled);
    let reserved = function.properties.reserved_concurrent_executions;
    let limit = reserved.map_or_else(
        || view.quota(&quotas::CONCURRENT_EXECUTIONS).saturating_sub(function.reserved_by_others),
        u64::from,
    );
    let busy = u64::from(function.environments.busy());
    let figure = |label: &'static str, value: f64, unit: Unit, tone: Tone| Instrument::Figure {
        label: label.into(),
        value,
        unit,
        tone,
    };
    let quota =
        if reserved.is_some() { "ReservedConcurrentExecutions" } else { quotas::CONCURRENT_EXECUTIONS.code };
    let mut instruments = vec![
        Instrument::Gauge {
            label: "concurrent".into(),
            value: busy as f64,
            limit: limit as f64,
            unit: Unit::Count,
            quota: quota.into(),
            metric: Some((MetricName::ConcurrentExecutions, limit as f64)),
        },
        figure("invoked", invoked as f64, Unit::PerSecond, Tone::Plain),
    ];
    let pollers: u32 = function.queues.iter().map(|mapping| mapping.wanted()).sum();
    if pollers > 0 {
        instruments.push(figure("pollers", f64::from(pollers), Unit::Count, Tone::Plain));
    }
    for mapping in &function.streams {
        instruments.push(Instrument::Gauge {
            label: "shards with a batch".into(),
            value: mapping.batches() as f64,
            limit: mapping.most_batches() as f64,
            unit: Unit::Count,
            quota: "ParallelizationFactor".into(),
            metric: None,
        });
    }
    if !function.events.is_empty() {
        instruments.push(figure("events", function.events.len() as f64, Unit::Count, Tone::Plain));
    }
    if failed > 0 {
        instruments.push(figure("errors", failed as f64, Unit::PerSecond, Tone::Bad));
    }
    if throttled > 0 {
        instruments.push(figure("throttled", throttled as f64, Unit::PerSecond, Tone::Bad));
    }
    let health = match () {
        () if !function.running || reserved == Some(0) => Health::Down,
        () if throttled > 0 => Health::Throttled,
        () if failed > 0 => Health::Failing,
        () if busy as f64 >= NEAR * limit as f64 => Health::NearQuota,
        () => Health::Ok,
    };
    NodeState {
        health,
        tag: if health == Health::Down { "off" } else { "Lambda" }.into(),
        instruments,
        problem: problem(function, health, failed > 0, limit, view),
        summary: format!("Function, {busy} of {limit} concurrent invocations, {invoked} invoked per second"),
    }
}

fn problem(function: &Function, health: Health, fails: bool, limit: u64, view: &View<'_>) -> Option<Problem> {
    let name = view.name(view.id());
    let set = |property: &'static str, value: String| {
        Some((name.to_owned(), Text::from(property), Text::from(value)))
    };
    let remedy =
        |label: String, text: &'static str, set| Remedy { label: label.into(), text: text.into(), set };
    if matches!(health, Health::Throttled | Health::Down) {
        let more = (limit.max(1) * 2).min(900).to_string();
        return Some(Problem {
            title: "Invocations are throttled".into(),
            text: format!(
                "{name} may run {limit} times at the same time, and more are asked for. Batches of a queue come back \
                 after its visibility timeout, received once more (CMP-33); events of a topic wait and are tried \
                 again for up to {} s (CMP-30).",
                function.properties.maximum_event_age_in_seconds
            ),
            error_code: Some(Error::TooManyRequestsException.code().into()),
            remedies: vec![
                remedy(
                    format!("Reserve {more}"),
                    "More may run at the same time; the other functions have that much less.",
                    set("ReservedConcurrentExecutions", more),
                ),
                remedy(
                    "MaximumConcurrency on the mapping".into(),
                    "The pollers of a queue stop there, and nothing is throttled.",
                    None,
                ),
            ],
        });
    }
    if !fails {
        return None;
    }
    let error = function.last_error?;
    if error == Error::TimedOut {
        let timeout = function.properties.timeout;
        let longer = (timeout * 2).min(900).to_string();
        return Some(Problem {
            title: "The handler runs into its timeout".into(),
            text: format!(
                "Invocations of {name} are cut off after {timeout} s, and all their messages count as failed."
            ),
            error_code: Some(error.code().into()),
            remedies: vec![
                remedy(
                    format!("Timeout {longer} s"),
                    "A queue's visibility timeout should be six times as long (SQS-209).",
                    set("Timeout", longer),
                ),
                remedy("A smaller BatchSize".into(), "A batch takes as long as its messages together.", None),
            ],
        });
    }
    let partial = function.queues.iter().all(|mapping| mapping.reports_item_failures());
    Some(Problem {
        title: "Invocations fail".into(),
        text: format!(
            "The handler of {name} throws an exception. A batch of a queue fails as a whole and comes back (SQS-207); \
             an event of a topic is tried {} more times (CMP-30).",
            function.properties.maximum_retry_attempts
        ),
        error_code: Some(error.code().into()),
        remedies: if partial {
            Vec::new()
        } else {
            vec![remedy(
                "ReportBatchItemFailures".into(),
                "In FunctionResponseTypes of the mapping: only the messages that failed come back (SQS-208).",
                None,
            )]
        },
    })
}
