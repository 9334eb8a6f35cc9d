//! Tables of a run: what was measured, and what happened.

use editor::view::{Table, csv, events_as_table};
use engine::WatchedMetric;
use kernel::SimTime;
use messaging::metric::MetricKind;

use crate::stage::Stage;

/// Every metric of every resource, second by second to an instant: sums per second, gauges as they stood.
pub fn metrics_csv(stage: &mut Stage, to: SimTime) -> String {
    stage.watch_everything();
    stage.seek(to);
    let mut rows = Vec::new();
    for (WatchedMetric { of, metric }, series) in &stage.state.run.series {
        let statistic = if metric.kind() == MetricKind::Sum { "per second" } else { "level" };
        if series.values.iter().all(|value| *value == 0.0) {
            continue;
        }
        for (place, value) in series.values.iter().enumerate() {
            let second = series.first_second + series.step_seconds * place as u64;
            let texts = [&second.to_string(), of.as_str(), metric.name(), statistic, &value.to_string()];
            rows.push(texts.map(str::to_owned).to_vec());
        }
    }
    let columns = ["Seconds", "Node", "Metric", "Statistic", "Value"].map(str::to_owned).to_vec();
    csv(&Table { columns, rows })
}

/// What happened up to an instant: refusals, failures, redeliveries, losses, and what people or the timeline did.
pub fn events_csv(stage: &mut Stage, to: SimTime) -> String {
    stage.seek(SimTime::ZERO);
    stage.events.clear();
    stage.play_to(to, &mut |_| {});
    csv(&events_as_table(&stage.state, &mut stage.events.iter()))
}
