//! What a service shows of itself.

use super::Error;
use super::server::Service;
use crate::context::View;
use crate::node_state::{Health, Instrument, NodeState, Problem, Remedy, Tone, Unit};
use crate::service_error::ServiceError;

/// More slots than this are drawn as one bar (UI: more than 24 slots).
const MAX_SLOTS: u32 = 24;

pub(super) fn state(service: &Service, view: &View<'_>) -> NodeState {
    let now = view.now();
    let served = service.served.last_second(now).max(service.served.current(now));
    let refused = service.refused.last_second(now).max(service.refused.current(now));
    let slots = service.properties.slots;
    let figure = |label: &'static str, value: f64, unit: Unit, tone: Tone| Instrument::Figure {
        label: label.into(),
        value,
        unit,
        tone,
    };
    let mut instruments = vec![if slots <= MAX_SLOTS {
        Instrument::Slots { busy_percent: service.busy_percent(now), total: slots }
    } else {
        Instrument::Gauge {
            label: "busy".into(),
            value: service.busy.into(),
            limit: slots.into(),
            unit: Unit::Count,
            quota: "Slots".into(),
            metric: None,
        }
    }];
    instruments.push(figure("served", served as f64, Unit::PerSecond, Tone::Plain));
    instruments.push(figure("waiting", service.waiting() as f64, Unit::Count, Tone::Plain));
    if refused > 0 {
        instruments.push(figure("failed", refused as f64, Unit::PerSecond, Tone::Bad));
    }
    let error = service.last_error.filter(|_| refused > 0);
    let health = match error {
        _ if !service.running => Health::Down,
        Some(Error::ServiceUnavailable) => Health::Throttled,
        Some(_) => Health::Failing,
        None if service.busy >= slots => Health::NearQuota,
        None => Health::Ok,
    };
    NodeState {
        health,
        tag: if service.running { "Service" } else { "down" }.into(),
        instruments,
        problem: error
            .or((!service.running).then_some(Error::ServiceUnavailable))
            .map(|error| problem(service, error, refused, view)),
        summary: format!(
            "Service, {} of {slots} slots busy, {} waiting, {served} served per second",
            service.busy,
            service.waiting()
        ),
    }
}

fn problem(service: &Service, error: Error, failed: u64, view: &View<'_>) -> Problem {
    let name = view.name(view.id());
    let properties = &service.properties;
    let text = match error {
        _ if !service.running => format!("{name} is down: every call fails."),
        Error::ServiceUnavailable => format!(
            "{name} has {} slots and lets {} calls wait, so {failed}/s are refused.",
            properties.slots, properties.accept_queue
        ),
        Error::GatewayTimeout => format!(
            "{name} has {} slots. Callers give up after {} s, and what they asked for is done for nobody.",
            properties.slots, properties.timeout_seconds
        ),
        Error::TooManyRequests => format!("{name} is throttled: {failed}/s are refused."),
        Error::BadGateway => {
            format!("{name} needs another service that fails, so {failed}/s of its own calls fail.")
        }
    };
    Problem {
        title: "Calls fail".into(),
        text: format!("{text} A queue between would keep them."),
        error_code: Some(error.code().into()),
        remedies: vec![Remedy {
            label: "Add slots".into(),
            text: "It takes more calls side by side, until the next spike.".into(),
            set: Some((
                name.to_owned(),
                "Slots".into(),
                (properties.slots * 2).min(1_000).to_string().into(),
            )),
        }],
    }
}
