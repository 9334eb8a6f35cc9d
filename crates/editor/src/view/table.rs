//! What the tracks and the events show, as tables and as comma-separated values.

use engine::WatchedMetric;
use messaging::metric::MetricKind;

use crate::run::Series;
use crate::state::EditorState;
use crate::view::aggregate::{self, track_name};
use crate::view::dock::tracks;

/// What can be pinned, and is not yet: every metric of every resource.
pub fn track_choices(state: &EditorState) -> Vec<WatchedMetric> {
    let all = state.scenario.resources.iter().flat_map(|(id, properties)| {
        let metrics = properties.kind().descriptor().metrics.iter();
        metrics.map(|metric| WatchedMetric { of: id.clone(), metric: *metric })
    });
    let all = aggregate::choices(state).chain(all);
    all.filter(|choice| !state.playback.tracks.contains(choice)).collect()
}

/// A table: its columns, and its rows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    /// What stands in each column.
    pub columns: Vec<String>,
    /// The rows, oldest first.
    pub rows: Vec<Vec<String>>,
}

/// What the tracks show, as a table: a row for each second or minute.
pub fn track_table(state: &EditorState) -> Table {
    let view = tracks(state);
    let step = view.tracks.iter().map(|track| track.series.step_seconds).max().unwrap_or(1).max(1);
    let other = view.compared.clone().unwrap_or_default();
    let mut columns = vec!["Seconds".to_owned()];
    let mut series: Vec<&Series> = Vec::new();
    for track in &view.tracks {
        let per = match (track.of.metric.kind(), view.minutes) {
            (MetricKind::Sum, true) => " per minute",
            (MetricKind::Sum, false) => " per second",
            _ => "",
        };
        let name = format!("{} {}{per}", track_name(&track.of.of), track.of.metric.name());
        if let Some(compared) = &track.other {
            columns.push(name.clone());
            columns.push(format!("{name}, {other}"));
            series.extend([&*track.series, &**compared]);
        } else {
            columns.push(name);
            series.push(&track.series);
        }
    }
    let end =
        |series: &&Series| series.first_second + series.step_seconds.max(1) * series.values.len() as u64;
    let last = series.iter().map(end).max().unwrap_or(0);
    let cell = |series: &Series, second: u64| {
        let place = second.checked_sub(series.first_second)? / series.step_seconds.max(1);
        series.values.get(usize::try_from(place).ok()?).map(|value| number(*value))
    };
    let row = |second: u64| {
        let cells = series.iter().map(|series| cell(series, second).unwrap_or_default());
        std::iter::once(second.to_string()).chain(cells).collect()
    };
    Table { columns, rows: (0..last.div_ceil(step)).map(|place| row(place * step)).collect() }
}

/// A number as programs read it, with at most three digits after the point.
fn number(value: f64) -> String {
    let text = format!("{value:.3}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// The events that are remembered, as a table.
pub fn event_table(state: &EditorState) -> Table {
    events_as_table(state, &mut state.run.log.iter())
}

/// Events, as a table.
pub fn events_as_table(state: &EditorState, entries: &mut dyn Iterator<Item = &engine::LogEntry>) -> Table {
    let columns =
        ["Seconds", "Node", "Kind", "Message", "Action", "Code", "Text"].map(str::to_owned).to_vec();
    let row = |entry: &engine::LogEntry| {
        let node = state.run.roster.resource(entry.component).map_or_else(String::new, ToString::to_string);
        let message = entry.trace_id.map_or_else(String::new, |id| id.0.to_string());
        let at = entry.at.as_micros();
        vec![
            format!("{}.{:06}", at / 1_000_000, at % 1_000_000),
            node,
            entry.kind.word().to_owned(),
            message,
            entry.operation.clone(),
            entry.code.clone(),
            entry.text.clone(),
        ]
    };
    Table { columns, rows: entries.map(row).collect() }
}

/// A table as comma-separated values (RFC 4180).
pub fn csv(table: &Table) -> String {
    let line =
        |cells: &Vec<String>| cells.iter().map(|text| cell(text)).collect::<Vec<_>>().join(",") + "\r\n";
    std::iter::once(&table.columns).chain(&table.rows).map(line).collect()
}

/// A cell that a spreadsheet takes for a text or a number and never for a formula, whatever it begins with.
fn cell(text: &str) -> String {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']) && text.parse::<f64>().is_err();
    let text: String = text.chars().filter(|letter| !letter.is_control() || *letter == '\n').collect();
    let text = if formula { format!("'{text}") } else { text };
    if text.contains(['"', ',', '\n', '\r']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
}

#[cfg(test)]
mod tests {
    use super::cell;

    #[test]
    fn no_cell_is_a_formula_or_ends_its_row() {
        let cells = ["=1+1", "@SUM(A1)", "a,b", "a\"b\nc", "plain", "a\u{0}\rb", "-2.5"].map(cell);
        assert_eq!(cells, ["'=1+1", "'@SUM(A1)", "\"a,b\"", "\"a\"\"b\nc\"", "plain", "ab", "-2.5"]);
    }
}
