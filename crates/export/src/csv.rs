//! Tables of a run: what was measured, and what happened. RFC 4180.

use std::fmt::Write as _;

use editor::EditorState;
use engine::{LogEntry, WatchedMetric};
use kernel::SimTime;
use messaging::metric::MetricKind;

use crate::stage::Stage;

/// Every metric of every resource, second by second to an instant: sums per second, gauges as they stood.
pub fn metrics_csv(stage: &mut Stage, to: SimTime) -> String {
    stage.watch_everything();
    stage.seek(to);
    recorded_csv(&stage.state)
}

/// The metrics that a state has recorded: those of its tracks.
pub fn recorded_csv(state: &EditorState) -> String {
    let mut text = String::from("seconds,resource,metric,statistic,value\r\n");
    for (WatchedMetric { of, metric }, series) in &state.run.series {
        let statistic = if metric.kind() == MetricKind::Sum { "per second" } else { "level" };
        if series.values.iter().all(|value| *value == 0.0) {
            continue;
        }
        for (place, value) in series.values.iter().enumerate() {
            let second = series.first_second + series.step_seconds * place as u64;
            let _ = write!(text, "{second},{},{},{statistic},{value}\r\n", cell(of.as_str()), metric.name());
        }
    }
    text
}

/// What happened up to an instant: refusals, failures, redeliveries, losses, and what people or the timeline did.
pub fn events_csv(stage: &mut Stage, to: SimTime) -> String {
    stage.seek(SimTime::ZERO);
    stage.events.clear();
    stage.play_to(to, &mut |_| {});
    events(&stage.state, stage.events.iter())
}

/// The events that a state remembers.
pub fn log_csv(state: &EditorState) -> String {
    events(state, state.run.log.iter())
}

fn events<'a>(state: &EditorState, entries: impl Iterator<Item = &'a LogEntry>) -> String {
    let mut text = String::from("seconds,resource,event,action,code,text\r\n");
    for entry in entries {
        let resource = state.run.roster.resource(entry.component).map_or("", |id| id.as_str());
        let cells = [
            format!("{:.6}", entry.at.as_secs_f64()),
            cell(resource),
            cell(entry.kind.word()),
            cell(&entry.operation),
            cell(&entry.code),
            cell(&entry.text),
        ];
        text.push_str(&cells.join(","));
        text.push_str("\r\n");
    }
    text
}

/// A cell that a spreadsheet takes for a text, whatever it begins with.
fn cell(text: &str) -> String {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let text: String = text.chars().filter(|letter| !letter.is_control() || *letter == '\n').collect();
    let text = if formula { format!("'{text}") } else { text };
    if text.contains(['"', ',', '\n', '\r']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
}

#[cfg(test)]
mod tests {
    use super::cell;

    #[test]
    fn no_cell_is_a_formula_or_ends_its_row() {
        let cells = ["=1+1", "@SUM(A1)", "a,b", "a\"b\nc", "plain", "a\u{0}\rb"].map(cell);
        assert_eq!(cells, ["'=1+1", "'@SUM(A1)", "\"a,b\"", "\"a\"\"b\nc\"", "plain", "ab"]);
    }
}
