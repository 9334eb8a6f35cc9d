//! Windows over keyed records, in event time (KDA-1 to KDA-7). Pure: records go in, results come out.

use kernel::{SimDuration, SimTime};

use super::properties::{Aggregate, Window, WindowType};
use crate::identifiers::KeyId;

/// What has been added up.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Sum {
    count: u64,
    sum: f64,
    low: f64,
    high: f64,
}

impl Sum {
    const EMPTY: Self = Self { count: 0, sum: 0.0, low: f64::INFINITY, high: f64::NEG_INFINITY };

    fn add(&mut self, value: f64) {
        self.count += 1;
        self.sum += value;
        (self.low, self.high) = (self.low.min(value), self.high.max(value));
    }

    fn join(&mut self, other: &Self) {
        (self.count, self.sum) = (self.count + other.count, self.sum + other.sum);
        (self.low, self.high) = (self.low.min(other.low), self.high.max(other.high));
    }

    fn result(&self, aggregate: Aggregate) -> f64 {
        match aggregate {
            Aggregate::Count => self.count as f64,
            Aggregate::Sum => self.sum,
            Aggregate::Min => self.low,
            Aggregate::Max => self.high,
            Aggregate::Avg => self.sum / self.count.max(1) as f64,
        }
    }
}

/// One window of one key.
#[derive(Clone, Copy, Debug)]
struct Pane {
    key: KeyId,
    start: SimTime,
    end: SimTime,
    sum: Sum,
    /// Its result was given; what still comes gives it again (KDA-7).
    fired: bool,
}

/// A record as the windows see it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Record {
    pub(super) key: KeyId,
    /// In the time the application counts by (KDA-2).
    pub(super) at: SimTime,
    pub(super) value: f64,
}

/// The result of one key and window (KDA-1).
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Output {
    pub(super) key: KeyId,
    /// End of the window.
    pub(super) end: SimTime,
    pub(super) value: f64,
}

/// All windows that are open.
#[derive(Clone, Debug)]
pub(super) struct Windows {
    window: Window,
    aggregate: Aggregate,
    lateness: SimDuration,
    /// By end, then key: the order in which they fire.
    panes: Vec<Pane>,
    /// Of sliding windows: the records that may still count, in the order of their time.
    recent: Vec<Record>,
    watermark: SimTime,
}

impl Windows {
    pub(super) fn new(window: Window, aggregate: Aggregate, lateness: SimDuration) -> Self {
        let (panes, recent, watermark) = (Vec::new(), Vec::new(), SimTime::ZERO);
        Self { window, aggregate, lateness, panes, recent, watermark }
    }

    /// How many windows are open.
    pub(super) fn open(&self) -> usize {
        self.panes.len()
    }

    /// Everything up to here is taken to have come (KDA-7).
    pub(super) fn watermark(&self) -> SimTime {
        self.watermark
    }

    /// When the next window ends, if any is open.
    pub(super) fn next_end(&self) -> Option<SimTime> {
        self.panes.iter().filter(|pane| !pane.fired).map(|pane| pane.end).min()
    }

    /// Takes the records of one batch; gives the results they bring at once and the number of those that were late.
    pub(super) fn add(&mut self, records: &[Record]) -> (Vec<Output>, u64) {
        let (mut outputs, mut late) = (Vec::new(), 0);
        for record in records {
            // Older than the watermark less the allowed lateness (KDA-7).
            if record.at + self.lateness < self.watermark {
                late += 1;
            } else if self.window.window_type == WindowType::Sliding {
                let place = self.recent.partition_point(|other| other.at <= record.at);
                self.recent.insert(place, *record);
            } else {
                self.add_to_panes(record);
            }
        }
        if self.window.window_type == WindowType::Sliding {
            self.slide(records, &mut outputs);
        }
        for pane in self.panes.iter_mut().filter(|pane| pane.end <= self.watermark && !pane.fired) {
            pane.fired = true;
            outputs.push(Output { key: pane.key, end: pane.end, value: pane.sum.result(self.aggregate) });
        }
        (outputs, late)
    }

    fn add_to_panes(&mut self, record: &Record) {
        let Record { key, at, .. } = *record;
        let (size, slide) = (self.window.size(), self.window.slide());
        match self.window.window_type {
            WindowType::Tumbling | WindowType::Hopping => {
                // The latest window that holds it, and those before that still do (KDA-3, KDA-5).
                let mut start = at.as_micros() / slide.as_micros() * slide.as_micros();
                while start + size.as_micros() > at.as_micros() {
                    let from = SimTime::from_micros(start);
                    self.add_to(key, from, from + size, record.value);
                    let Some(before) = start.checked_sub(slide.as_micros()) else { break };
                    start = before;
                }
            }
            WindowType::Session => self.add_to_session(record, size),
            WindowType::Stagger => {
                let holds = |pane: &&Pane| pane.key == key && pane.start <= at && at < pane.end;
                let (start, end) =
                    self.panes.iter().find(holds).map_or((at, at + size), |pane| (pane.start, pane.end));
                self.add_to(key, start, end, record.value);
            }
            WindowType::Sliding => {}
        }
    }

    /// A session ends so long after its last record; two that a late record joins become one (KDA-5).
    fn add_to_session(&mut self, record: &Record, gap: SimDuration) {
        let mut joined =
            Pane { key: record.key, start: record.at, end: record.at + gap, sum: Sum::EMPTY, fired: false };
        joined.sum.add(record.value);
        self.panes.retain(|pane| {
            let apart = pane.key != joined.key || pane.end < joined.start || pane.start > joined.end;
            if !apart {
                (joined.start, joined.end) = (joined.start.min(pane.start), joined.end.max(pane.end));
                joined.sum.join(&pane.sum);
            }
            apart
        });
        let place = self.place_of(joined.end, joined.key, joined.start);
        self.panes.insert(place.unwrap_or_else(|place| place), joined);
    }

    fn place_of(&self, end: SimTime, key: KeyId, start: SimTime) -> Result<usize, usize> {
        self.panes.binary_search_by_key(&(end, key, start), |pane| (pane.end, pane.key, pane.start))
    }

    fn add_to(&mut self, key: KeyId, start: SimTime, end: SimTime, value: f64) {
        let place = self.place_of(end, key, start).unwrap_or_else(|place| {
            self.panes.insert(place, Pane { key, start, end, sum: Sum::EMPTY, fired: false });
            place
        });
        let pane = &mut self.panes[place];
        pane.sum.add(value);
        pane.fired = false;
    }

    /// For every new record the records of its key in (t - s, t]; those of one instant count as one (KDA-4).
    fn slide(&mut self, records: &[Record], outputs: &mut Vec<Output>) {
        let size = self.window.size();
        let mut done: Vec<(SimTime, KeyId)> = records.iter().map(|record| (record.at, record.key)).collect();
        done.sort_unstable();
        done.dedup();
        for (at, key) in done {
            let mut sum = Sum::EMPTY;
            for other in self.recent.iter().filter(|other| other.key == key) {
                if other.at <= at && other.at + size > at {
                    sum.add(other.value);
                }
            }
            if sum.count > 0 {
                outputs.push(Output { key, end: at, value: sum.result(self.aggregate) });
            }
        }
    }

    /// The watermark rises: windows that end before it give their results, in order.
    pub(super) fn advance(&mut self, watermark: SimTime) -> Vec<Output> {
        if watermark <= self.watermark {
            return Vec::new();
        }
        self.watermark = watermark;
        let mut outputs = Vec::new();
        for pane in self.panes.iter_mut().filter(|pane| pane.end <= watermark && !pane.fired) {
            pane.fired = true;
            outputs.push(Output { key: pane.key, end: pane.end, value: pane.sum.result(self.aggregate) });
        }
        let (lateness, size) = (self.lateness, self.window.size());
        self.panes.retain(|pane| pane.end + lateness > watermark);
        self.recent.retain(|record| record.at + size + lateness > watermark);
        outputs
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: u64) -> SimTime {
        SimTime::from_secs(seconds)
    }

    fn windows(window_type: WindowType, size: f64, slide: f64) -> Windows {
        let window = Window { window_type, size_seconds: size, slide_seconds: slide };
        Windows::new(window, Aggregate::Count, SimDuration::ZERO)
    }

    fn record(key: u32, seconds: u64) -> Record {
        Record { key: KeyId(key), at: at(seconds), value: 1.0 }
    }

    fn values(outputs: &[Output]) -> Vec<f64> {
        outputs.iter().map(|output| output.value).collect()
    }

    /// KDA-4, SP-148: records at 1, 2, 6, 7 and three at 8 give 1, 2, 2, 2, 5.
    #[test]
    fn kda_4_a_sliding_window_answers_every_record() {
        let mut sliding = windows(WindowType::Sliding, 5.0, 0.0);
        let batches = [vec![1], vec![2], vec![6], vec![7], vec![8, 8, 8]];
        let mut given = Vec::new();
        for batch in batches {
            let records: Vec<_> = batch.iter().map(|seconds| record(0, *seconds)).collect();
            given.extend(values(&sliding.add(&records).0));
            given.extend(values(&sliding.advance(at(batch[0]))));
        }
        assert_eq!(given, [1.0, 2.0, 2.0, 2.0, 5.0]);
    }

    /// KDA-3: each record counts once; a window fires when the watermark passes its end.
    #[test]
    fn kda_3_tumbling_windows_count_each_record_once() {
        let mut tumbling = windows(WindowType::Tumbling, 60.0, 0.0);
        let records: Vec<_> = [0, 59, 60, 61, 119, 120].map(|seconds| record(0, seconds)).to_vec();
        assert!(tumbling.add(&records).0.is_empty());
        assert!(tumbling.advance(at(59)).is_empty());
        assert_eq!(values(&tumbling.advance(at(60))), [2.0]);
        assert_eq!(values(&tumbling.advance(at(240))), [3.0, 1.0]);
    }

    /// KDA-5: a record belongs to ceil(s / d) hopping windows.
    #[test]
    fn kda_5_hopping_windows_overlap() {
        for (size, slide, expected) in [(60.0, 20.0, 3), (60.0, 25.0, 3), (60.0, 60.0, 1)] {
            let mut hopping = windows(WindowType::Hopping, size, slide);
            hopping.add(&[record(0, 301)]);
            assert_eq!(hopping.open(), expected, "{size} {slide}");
        }
    }

    /// KDA-5: a session ends a gap after its last record; a record in between joins two.
    #[test]
    fn kda_5_sessions_end_after_a_gap_and_are_joined() {
        let mut session = windows(WindowType::Session, 10.0, 0.0);
        session.add(&[record(0, 1), record(0, 5), record(1, 5), record(0, 30)]);
        assert_eq!(session.open(), 3);
        assert_eq!(values(&session.advance(at(15))), [2.0, 1.0]);
        let mut session = windows(WindowType::Session, 10.0, 0.0);
        session.add(&[record(0, 1), record(0, 20)]);
        assert_eq!(session.open(), 2);
        session.add(&[record(0, 11)]);
        assert_eq!(session.open(), 1);
        assert_eq!(values(&session.advance(at(30))), [3.0]);
    }

    /// KDA-6: the vector of the guide, by arrival: tumbling gives 2, 1 and 1; stagger 3 and 1. Keys are event minutes.
    #[test]
    fn kda_6_a_stagger_window_opens_with_its_first_record() {
        let arrivals = [record(0, 20), record(0, 30), record(0, 65), record(1, 75)];
        let mut tumbling = windows(WindowType::Tumbling, 60.0, 0.0);
        tumbling.add(&arrivals);
        assert_eq!(values(&tumbling.advance(at(60))), [2.0]);
        assert_eq!(values(&tumbling.advance(at(120))), [1.0, 1.0]);
        let mut stagger = windows(WindowType::Stagger, 60.0, 0.0);
        stagger.add(&arrivals);
        assert_eq!(stagger.advance(at(79)), []);
        assert_eq!(values(&stagger.advance(at(80))), [3.0]);
        assert_eq!(values(&stagger.advance(at(135))), [1.0]);
    }

    /// KDA-7: what is older than the watermark is late, unless lateness is allowed; then its window fires again.
    #[test]
    fn kda_7_late_records_are_dropped_or_fire_again() {
        let window = Window { window_type: WindowType::Tumbling, size_seconds: 10.0, slide_seconds: 0.0 };
        for (lateness, expected_late, again) in [(0, 1, vec![]), (5, 0, vec![2.0])] {
            let mut windows = Windows::new(window, Aggregate::Count, SimDuration::from_secs(lateness));
            windows.add(&[record(0, 8)]);
            assert_eq!(values(&windows.advance(at(12))), [1.0]);
            let (outputs, late) = windows.add(&[record(0, 9)]);
            assert_eq!((late, values(&outputs)), (expected_late, again));
        }
    }

    /// KDA-1: the five aggregates.
    #[test]
    fn kda_1_values_are_counted_and_added_up() {
        let results = [Aggregate::Count, Aggregate::Sum, Aggregate::Min, Aggregate::Max, Aggregate::Avg];
        let results = results.map(|aggregate| {
            let window = Window { window_type: WindowType::Tumbling, size_seconds: 10.0, slide_seconds: 0.0 };
            let mut windows = Windows::new(window, aggregate, SimDuration::ZERO);
            let values = [3.0, 1.0, 8.0].map(|value| Record { key: KeyId(0), at: at(1), value });
            windows.add(&values);
            windows.advance(at(10))[0].value
        });
        assert_eq!(results, [3.0, 12.0, 1.0, 8.0, 4.0]);
    }
}
