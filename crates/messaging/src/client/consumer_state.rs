//! What a consumer shows of itself.

use super::consumer::Summary;
use crate::context::View;
use crate::node_state::{Health, Instrument, NodeState, Problem, Tone, Unit};

/// More workers than this are drawn as one bar (UI: more than 24 slots).
const MAX_SLOTS: usize = 24;

pub(super) fn state(summary: Summary, view: &View<'_>) -> NodeState {
    let now = view.now();
    let name = view.name(view.id());
    let busy = summary.busy_percent.len();
    let processed = summary.processed.last_second(now);
    let failed = summary.failed.last_second(now);
    let mean_milliseconds = summary.mean_time.as_secs_f64() * 1_000.0 * summary.slowness;
    let mut instruments = Vec::new();
    if summary.workers as usize <= MAX_SLOTS {
        instruments.push(Instrument::Slots { busy_percent: summary.busy_percent, total: summary.workers });
    } else {
        instruments.push(Instrument::Gauge {
            label: "busy".into(),
            value: busy as f64,
            limit: f64::from(summary.workers),
            unit: Unit::Count,
            quota: "Workers".into(),
            metric: None,
        });
    }
    let figure = |label: &'static str, value: f64, unit: Unit, tone: Tone| Instrument::Figure {
        label: label.into(),
        value,
        unit,
        tone,
    };
    let time_tone = if summary.slowness > 1.0 { Tone::Near } else { Tone::Plain };
    instruments.push(figure("processed", processed as f64, Unit::PerSecond, Tone::Plain));
    instruments.push(figure("each", mean_milliseconds, Unit::Milliseconds, time_tone));
    if failed > 0 {
        instruments.push(figure("failing", failed as f64, Unit::PerSecond, Tone::Bad));
    }
    let health = match (summary.running, failed) {
        (false, _) => Health::Down,
        (true, 1..) => Health::Failing,
        (true, 0) => Health::Ok,
    };
    let problem = (!summary.running).then(|| Problem {
        title: "No worker is running".into(),
        text: format!(
            "{name} reads nothing. What it held returns to its queue after the visibility timeout."
        ),
        error_code: None,
        remedies: Vec::new(),
    });
    NodeState {
        health,
        tag: if summary.running { "Workers" } else { "down" }.into(),
        instruments,
        problem,
        summary: format!(
            "Consumer, {busy} of {} workers busy, {processed} processed per second",
            summary.workers
        ),
    }
}
