//! What every metric and every link stood at, second by second: outside the world, so that going back keeps it.

use std::collections::{BTreeMap, VecDeque};

use messaging::metric::MetricKind;
use messaging::{ComponentId, LinkId, MetricName, World};

/// The most values kept of one figure; then every second one goes. Ours.
const MAX_VALUES: u64 = 2_048;
/// Seconds kept one by one for sparks and rates.
const RECENT_SECONDS: u64 = 60;
/// Seconds over which a rate is meant.
const RATE_SECONDS: u64 = 5;

/// A figure that is recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Figure {
    Metric(ComponentId, MetricName),
    Link(LinkId, LinkFigure),
}

/// What is counted along a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum LinkFigure {
    Messages,
    Bytes,
    Refused,
    FilteredOut,
}

impl Figure {
    const fn adds_up(self) -> bool {
        match self {
            Self::Metric(_, metric) => matches!(metric.kind(), MetricKind::Sum),
            Self::Link(..) => true,
        }
    }
}

/// The values of one figure: sums since the start, or levels.
#[derive(Clone, Debug, Default)]
struct Column {
    /// Second of the first value; a multiple of the step.
    first: u64,
    values: Vec<u64>,
    /// The last seconds one by one, the latest last.
    recent: VecDeque<u64>,
}

/// The values of all figures.
#[derive(Clone, Debug)]
pub(crate) struct SeriesStore {
    columns: BTreeMap<Figure, Column>,
    step: u64,
    /// The latest second recorded.
    latest: Option<u64>,
    /// Counts what made values sent before wrong: thinning and branches.
    pub(crate) generation: u32,
}

impl Default for SeriesStore {
    fn default() -> Self {
        Self { columns: BTreeMap::new(), step: 1, latest: None, generation: 0 }
    }
}

impl SeriesStore {
    pub(crate) const fn step_seconds(&self) -> u64 {
        self.step
    }

    /// The second to be recorded next.
    pub(crate) fn next_second(&self) -> u64 {
        self.latest.map_or(0, |latest| latest + 1)
    }

    /// Records how the world stands at a whole second.
    pub(crate) fn record(&mut self, world: &World) {
        let second = world.now().whole_second();
        if second / self.step > MAX_VALUES {
            self.thin();
        }
        for id in world.component_ids() {
            let table = world.metrics(id);
            for metric in table.reported() {
                self.put(Figure::Metric(id, metric), second, table.value(metric));
            }
        }
        for link in world.links().iter() {
            let counts = link.counts;
            self.put(Figure::Link(link.id, LinkFigure::Messages), second, counts.messages);
            self.put(Figure::Link(link.id, LinkFigure::Bytes), second, counts.bytes);
            self.put(Figure::Link(link.id, LinkFigure::Refused), second, counts.refused);
            self.put(Figure::Link(link.id, LinkFigure::FilteredOut), second, counts.filtered_out);
        }
        self.latest = Some(second);
    }

    /// The run goes back to a whole second; what was recorded later stays until it is recorded again.
    pub(crate) fn rewind(&mut self, second: u64) {
        let step = self.step;
        for column in self.columns.values_mut() {
            let from = second.saturating_sub(RECENT_SECONDS).max(column.first);
            column.recent = (from..=second).filter_map(|second| column.at(second, step)).collect();
        }
        self.latest = Some(second);
    }

    /// Forgets all after a second: the run took another way from there.
    pub(crate) fn forget_after(&mut self, second: u64) {
        let step = self.step;
        for column in self.columns.values_mut() {
            let kept = if second < column.first { 0 } else { (second - column.first) / step + 1 };
            column.values.truncate(usize::try_from(kept).unwrap_or(usize::MAX));
        }
        self.generation += 1;
    }

    /// The second of the first value of a figure from `from` on, and the values: sums per second. A figure that was
    /// not reported yet was zero.
    pub(crate) fn values_from(&self, figure: Figure, from: u64) -> (u64, Vec<f64>) {
        let start = from.div_ceil(self.step) * self.step;
        let never = Column::default();
        let column = self.columns.get(&figure).unwrap_or(&never);
        let end = match column.values.len() as u64 {
            0 => self.next_second().div_ceil(self.step) * self.step,
            count => column.first + count * self.step,
        };
        let value = |place: u64| {
            let second = start + place * self.step;
            let now = column.at(second, self.step).unwrap_or_default();
            if !figure.adds_up() {
                return now as f64;
            }
            let before = second.checked_sub(self.step).and_then(|before| column.at(before, self.step));
            now.saturating_sub(before.unwrap_or_default()) as f64 / self.step as f64
        };
        let count = end.saturating_sub(start) / self.step;
        (start, (0..count).map(value).collect())
    }

    /// The last minute of a figure, a value for each second.
    pub(crate) fn spark(&self, figure: Figure) -> Vec<f32> {
        let Some(column) = self.columns.get(&figure) else { return Vec::new() };
        if !figure.adds_up() {
            let skip = column.recent.len().saturating_sub(RECENT_SECONDS as usize);
            return column.recent.iter().skip(skip).map(|value| *value as f32).collect();
        }
        let recent = column.recent.iter();
        recent.clone().zip(recent.skip(1)).map(|(before, now)| now.saturating_sub(*before) as f32).collect()
    }

    /// Per second of late: over 5 s, or over a minute when that is few. `now` is the sum at this instant.
    pub(crate) fn rate(&self, figure: Figure, now: u64, seconds: f64) -> f64 {
        let Some(column) = self.columns.get(&figure) else { return now as f64 / seconds.max(1.0) };
        let latest = self.latest.unwrap_or_default();
        let over = |window: u64| {
            // A figure that is not old enough was zero before.
            let back = column.recent.len().checked_sub(1 + window as usize);
            let before = back.and_then(|place| column.recent.get(place)).copied().unwrap_or_default();
            let since = latest.saturating_sub(window) as f64;
            now.saturating_sub(before) as f64 / (seconds - since).max(1.0)
        };
        let rate = over(RATE_SECONDS);
        if rate < 1.0 { over(RECENT_SECONDS) } else { rate }
    }

    fn put(&mut self, figure: Figure, second: u64, value: u64) {
        let step = self.step;
        let column = self.columns.entry(figure).or_default();
        if column.recent.len() > RECENT_SECONDS as usize {
            column.recent.pop_front();
        }
        column.recent.push_back(value);
        if !second.is_multiple_of(step) {
            return;
        }
        if column.values.is_empty() {
            column.first = second;
        }
        if second < column.first {
            return;
        }
        let place = usize::try_from((second - column.first) / step).unwrap_or(usize::MAX);
        match column.values.get_mut(place) {
            Some(old) => *old = value,
            None => {
                // A figure that was missing for a while keeps its last value.
                let last = column.values.last().copied().unwrap_or(value);
                column.values.resize(place, last);
                column.values.push(value);
            }
        }
    }

    fn thin(&mut self) {
        let step = self.step;
        self.step *= 2;
        self.generation += 1;
        for column in self.columns.values_mut() {
            let first = column.first;
            let mut second = first;
            let wanted = self.step;
            column.values.retain(|_| {
                let keep = second.is_multiple_of(wanted);
                second += step;
                keep
            });
            column.first = first.div_ceil(wanted) * wanted;
        }
    }
}

impl Column {
    fn at(&self, second: u64, step: u64) -> Option<u64> {
        let place = second.checked_sub(self.first)? / step;
        self.values.get(usize::try_from(place).ok()?).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SENT: Figure = Figure::Metric(ComponentId(0), MetricName::NumberOfMessagesSent);
    const VISIBLE: Figure = Figure::Metric(ComponentId(0), MetricName::ApproximateNumberOfMessagesVisible);

    const NEVER: Figure = Figure::Metric(ComponentId(0), MetricName::MessagesExpired);

    fn recorded(until: u64) -> SeriesStore {
        let mut store = SeriesStore::default();
        for second in 0..=until {
            if second / store.step > MAX_VALUES {
                store.thin();
            }
            store.put(SENT, second, second * 10);
            store.put(VISIBLE, second, second);
            store.latest = Some(second);
        }
        store
    }

    #[test]
    fn sums_are_sent_per_second_and_gauges_as_they_stood() {
        let store = recorded(5);
        assert_eq!(store.values_from(SENT, 2), (2, vec![10.0; 4]));
        assert_eq!(store.values_from(VISIBLE, 4), (4, vec![4.0, 5.0]));
        assert_eq!(store.values_from(VISIBLE, 6), (6, vec![]));
        assert_eq!(store.values_from(NEVER, 3), (3, vec![0.0; 3]));
        assert_eq!(store.rate(SENT, 55, 5.5), 10.0);
    }

    #[test]
    fn a_long_run_is_thinned_and_keeps_its_rates() {
        let store = recorded(10_000);
        let (first, values) = store.values_from(SENT, 0);
        assert_eq!((first, store.step), (0, 8));
        assert!(values.len() as u64 <= MAX_VALUES + 1 && values.iter().skip(1).all(|rate| *rate == 10.0));
        assert_eq!(store.spark(SENT), vec![10.0; 60]);
        assert_eq!(store.spark(VISIBLE).last(), Some(&10_000.0));
    }

    #[test]
    fn going_back_keeps_what_was_recorded_and_recording_again_changes_nothing() {
        let mut store = recorded(100);
        let before = store.values_from(VISIBLE, 0);
        store.rewind(40);
        assert_eq!(store.spark(SENT), vec![10.0; 40]);
        for second in 41..=80 {
            store.put(SENT, second, second * 10);
            store.put(VISIBLE, second, second);
        }
        assert_eq!(store.values_from(VISIBLE, 0), before);
        store.forget_after(80);
        assert_eq!(store.values_from(VISIBLE, 80), (80, vec![80.0]));
    }
}
