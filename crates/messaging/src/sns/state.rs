//! What a topic shows of itself.

use super::Topic;
use crate::context::View;
use crate::node_state::{Health, Instrument, LinkRow, NodeState, Problem, Tone, Unit};

pub(super) fn state(topic: &Topic, view: &View<'_>) -> NodeState {
    let now = view.now();
    let name = view.name(view.id());
    let published = topic.published.last_second(now).max(topic.published.current(now));
    let delivered = topic.delivered.last_second(now).max(topic.delivered.current(now));
    let (failed, throttled) = (topic.failed.last_second(now), topic.throttled.last_second(now));
    let figure = |label: &'static str, value: u64, unit: Unit, tone: Tone| Instrument::Figure {
        label: label.into(),
        value: value as f64,
        unit,
        tone,
    };
    let mut instruments = vec![
        figure("in", published, Unit::PerSecond, Tone::Plain),
        figure("delivered", delivered, Unit::PerSecond, Tone::Plain),
    ];
    if failed > 0 {
        instruments.push(figure("failed", failed, Unit::PerSecond, Tone::Bad));
    }
    if topic.awaiting_retry() > 0 {
        instruments.push(figure("retrying", topic.awaiting_retry(), Unit::Count, Tone::Near));
    }
    let rows: Vec<LinkRow> = topic
        .subscriptions
        .iter()
        .map(|subscription| {
            let counts = view.links().get(subscription.link).map(|link| link.counts).unwrap_or_default();
            let seen = counts.messages + counts.filtered_out;
            LinkRow {
                link: subscription.link,
                label: subscription.label(),
                filtered: subscription.is_filtered(),
                share: (seen > 0).then(|| counts.messages as f64 / seen as f64),
                tone: if counts.refused > 0 { Tone::Bad } else { Tone::Plain },
            }
        })
        .collect();
    if !rows.is_empty() {
        instruments.push(Instrument::Rows { rows });
    }
    let problem = problem(name, failed, throttled);
    let health = match (failed, throttled) {
        (0, 0) => Health::Ok,
        (0, _) => Health::Throttled,
        _ => Health::Failing,
    };
    let kind = if topic.is_fifo() { "FIFO" } else { "Standard" };
    NodeState {
        health,
        tag: kind.into(),
        instruments,
        problem,
        summary: format!(
            "SNS topic, {published} published and {delivered} delivered per second, {} subscriptions",
            topic.subscriptions.len()
        ),
    }
}

fn problem(name: &str, failed: u64, throttled: u64) -> Option<Problem> {
    if throttled > 0 {
        return Some(Problem {
            title: "Publish is over its quota".into(),
            text: format!("{name} refuses {throttled} messages/s; their producers wait and try again."),
            error_code: Some("Throttled".into()),
            remedies: Vec::new(),
        });
    }
    (failed > 0).then(|| Problem {
        title: "Deliveries fail".into(),
        text: format!(
            "{failed} copies/s from {name} cannot be delivered and are lost. The publisher sees nothing of it: \
             Publish succeeds."
        ),
        error_code: Some("NumberOfNotificationsFailed".into()),
        remedies: Vec::new(),
    })
}
