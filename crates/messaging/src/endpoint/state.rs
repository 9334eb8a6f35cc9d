//! What an endpoint shows of itself.

use super::Error;
use super::server::Endpoint;
use crate::context::View;
use crate::metric::MetricName;
use crate::node_state::{Health, Instrument, NodeState, Problem, Remedy, Text, Tone, Unit};
use crate::service_error::ServiceError;

pub(super) fn state(endpoint: &Endpoint, view: &View<'_>) -> NodeState {
    let now = view.now();
    let accepted = endpoint.accepted.last_second(now).max(endpoint.accepted.current(now));
    let refused = endpoint.refused.last_second(now).max(endpoint.refused.current(now));
    let figure = |label: &'static str, value: u64, unit: Unit, tone: Tone| Instrument::Figure {
        label: label.into(),
        value: value as f64,
        unit,
        tone,
    };
    let mut instruments = vec![
        Instrument::Spark { metric: MetricName::DeliveriesAccepted, tone: Tone::Plain },
        figure("accepted", accepted, Unit::PerSecond, Tone::Plain),
        figure("unanswered", endpoint.unanswered.into(), Unit::Count, Tone::Plain),
    ];
    if refused > 0 {
        instruments.push(figure("refused", refused, Unit::PerSecond, Tone::Bad));
    }
    let error =
        if endpoint.running { endpoint.last_error.filter(|_| refused > 0) } else { Some(Error::Unreachable) };
    let protocol = endpoint.properties.protocol.of_subscription().name();
    NodeState {
        health: match error {
            Some(Error::Unreachable) => Health::Down,
            Some(error) if error.is_throttling() => Health::Throttled,
            Some(_) => Health::Failing,
            None => Health::Ok,
        },
        tag: if endpoint.running { protocol } else { "down" }.into(),
        instruments,
        problem: error.map(|error| problem(endpoint, error, view)),
        summary: format!("{protocol} endpoint, {accepted} accepted and {refused} refused per second"),
    }
}

/// Why deliveries fail, and whether SNS tries again (SNS-140).
fn problem(endpoint: &Endpoint, error: Error, view: &View<'_>) -> Problem {
    let name = view.name(view.id());
    let then = if error.is_retryable() {
        "That is a server-side error: SNS tries again by its retry policy (SNS-142), Firehose for its retry duration (FH-16)."
    } else {
        "That is a client-side error: SNS does not try again (SNS-140), Firehose does (FH-16)."
    };
    let set = |property: &'static str, value: &'static str| {
        Some((name.to_owned(), Text::from(property), Text::from(value)))
    };
    let properties = &endpoint.properties;
    let remedy = match error {
        Error::StatusCode(status) if status == properties.status_code => {
            Some(("Answer 200", "Every delivery succeeds then.", set("StatusCode", "200")))
        }
        Error::StatusCode(_) if properties.failure_probability > 0.0 && !error.is_throttling() => {
            Some(("Never fail", "Every delivery succeeds then.", set("FailureProbability", "0")))
        }
        Error::EndpointDisabled => {
            Some(("Enable the app", "The push service knows its token again.", set("Enabled", "true")))
        }
        _ => None,
    };
    Problem {
        title: "Deliveries fail".into(),
        text: format!("{name}: {error} {then}"),
        error_code: Some(error.code().into()),
        remedies: remedy
            .map(|(label, text, set)| Remedy { label: label.into(), text: text.into(), set })
            .into_iter()
            .collect(),
    }
}
