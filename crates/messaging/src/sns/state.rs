//! What a topic shows of itself.

use std::fmt::Write as _;

use kernel::{SimDuration, SimTime};

use super::Topic;
use super::archive::{Replay, ReplayStatus};
use super::subscription::ActiveSubscription;
use crate::context::View;
use crate::node_state::{Health, Instrument, LinkRow, NodeState, Problem, Remedy, Tone, Unit};
use crate::registry::ApiError;

/// The reason of a failure is shown for so long. Ours.
const REASON_SHOWN: SimDuration = SimDuration::from_secs(10);

pub(super) fn state(topic: &Topic, view: &View<'_>) -> NodeState {
    let now = view.now();
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
                // Why nothing arrives stands beside the link, where the filter policy stands otherwise.
                label: recent_failure(subscription, now)
                    .map_or_else(|| subscription.label(), |error| error.as_service_error().code().to_owned()),
                filtered: subscription.is_filtered(),
                share: (seen > 0).then(|| counts.messages as f64 / seen as f64),
                tone: if counts.refused > 0 { Tone::Bad } else { Tone::Plain },
            }
        })
        .collect();
    if !rows.is_empty() {
        instruments.push(Instrument::Rows { rows });
    }
    for line in notes(topic, view) {
        instruments.push(Instrument::Note { text: line.into(), tone: Tone::Plain });
    }
    let problem = problem(topic, view, failed, throttled);
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

fn recent_failure(subscription: &ActiveSubscription, now: SimTime) -> Option<ApiError> {
    let (at, error) = subscription.last_failure?;
    (at + REASON_SHOWN > now).then_some(error)
}

/// Archive and replays, in a line each (SNS-130, SNS-131).
fn notes(topic: &Topic, view: &View<'_>) -> Vec<String> {
    let mut lines = Vec::new();
    let Some(archive) = &topic.archive else { return lines };
    let from = archive.beginning(view.now()).as_secs_f64();
    lines.push(format!("archive: {} messages, from {from:.0} s on", archive.messages()));
    let replays = topic.subscriptions.iter().filter_map(|subscription| {
        let to = view.links().get(subscription.link)?.to;
        Some((view.name(to), subscription.replay?))
    });
    for (to, replay) in replays {
        lines.push(format!("replay to {to}: {}", replay_status(&replay)));
    }
    lines
}

/// `ReplayStatus` (SNS-131).
const fn replay_status(replay: &Replay) -> &'static str {
    match replay.status {
        ReplayStatus::InProgress => "In progress",
        ReplayStatus::Completed => "Completed",
        ReplayStatus::Failed => "Failed",
    }
}

fn problem(topic: &Topic, view: &View<'_>, failed: u64, throttled: u64) -> Option<Problem> {
    let (now, name) = (view.now(), view.name(view.id()));
    if throttled > 0 {
        return Some(Problem {
            title: "Publish is over its quota".into(),
            text: format!("{name} refuses {throttled} messages/s; their producers wait and try again."),
            error_code: Some("Throttled".into()),
            remedies: Vec::new(),
        });
    }
    if failed == 0 {
        return None;
    }
    let lost = topic.lost.last_second(now);
    let mut text = format!("{failed} copies/s from {name} cannot be delivered");
    text.push_str(match lost {
        0 => ". None is lost: they are tried again, or go to a dead-letter queue.",
        lost if lost == failed => " and are lost.",
        _ => ", and some of them are lost.",
    });
    let failing = topic.subscriptions.iter().find_map(|subscription| {
        let to = view.links().get(subscription.link)?.to;
        Some((view.name(to), recent_failure(subscription, now)?))
    });
    if let Some((to, error)) = failing {
        let _ = write!(text, " {to}: {} ({error})", error.as_service_error().code());
    }
    text.push_str(" The publisher sees nothing of it: Publish succeeds.");
    let redrive = Remedy {
        label: "Give the subscription a redrive policy".into(),
        text: "What cannot be delivered then waits in a dead-letter queue (SNS-148).".into(),
        set: None,
    };
    Some(Problem {
        title: "Deliveries fail".into(),
        text,
        error_code: Some("NumberOfNotificationsFailed".into()),
        remedies: if lost > 0 { vec![redrive] } else { Vec::new() },
    })
}
