//! What CloudWatch knows of a metric: a value at each whole minute (CMP-7).

use std::collections::VecDeque;

use kernel::{SimDuration, SimTime};

use super::alarm_properties::AlarmStatistic;
use crate::context::Context;
use crate::identifiers::ComponentId;
use crate::metric::{MetricKind, MetricName};
use crate::registry::ResourceKind;

/// How often services publish (CMP-7).
pub(super) const PUBLICATION: SimDuration = SimDuration::from_secs(60);
/// From a publication to its evaluation (CMP-13).
pub(super) const EVALUATION_DELAY: SimDuration = SimDuration::from_secs(5);
/// Levels are read at whole seconds: a moment later they are those of this second.
const AFTER_THE_SECOND: SimDuration = SimDuration::from_micros(1);
/// A queue reports for so long after its last use (CMP-7).
const ACTIVE_QUEUE: SimDuration = SimDuration::from_secs(6 * 3_600);

/// The next publication after `now`, on the grid of `every`.
pub(super) fn next_publication(now: SimTime, every: SimDuration) -> SimTime {
    let passed = now.as_micros() / every.as_micros();
    SimTime::ZERO + every * (passed + 1) + AFTER_THE_SECOND
}

/// The values of a metric of one resource or several, one for each publication.
#[derive(Clone, Debug, Default)]
pub(super) struct Points {
    /// Newest last; none where nothing was reported.
    values: VecDeque<Option<f64>>,
    /// The sum at the last publication.
    sum_before: u64,
    /// All that the watched have counted: it changes when they are used.
    used_before: u64,
    active_until: Option<SimTime>,
}

impl Points {
    /// Forgets all but what `now` is measured from: another metric is looked at.
    pub(super) fn restart(&mut self, metric: MetricName, of: &[ComponentId], cx: &Context<'_>) {
        let (sum, used, ..) = read(metric, of, cx);
        *self = Self { sum_before: sum, used_before: used, ..Self::default() };
    }

    /// A publication: a level as it stands, a sum as it grew since the one before.
    pub(super) fn publish(&mut self, metric: MetricName, of: &[ComponentId], keep: usize, cx: &Context<'_>) {
        let now = cx.now();
        let (value, used, holds, queues) = read(metric, of, cx);
        if used != self.used_before || holds {
            let lasts = if queues { ACTIVE_QUEUE } else { SimDuration::ZERO };
            self.active_until = Some(now + lasts);
        }
        let active = self.active_until.is_some_and(|until| now <= until);
        let grown = value.saturating_sub(self.sum_before);
        (self.sum_before, self.used_before) = (value, used);
        let shown = if metric.kind() == MetricKind::Sum { grown } else { value };
        self.values.push_back(active.then_some(shown as f64));
        while self.values.len() > keep {
            self.values.pop_front();
        }
    }

    /// The value of a period of `publications`, `back` periods ago.
    pub(super) fn period(&self, back: usize, publications: usize, statistic: AlarmStatistic) -> Option<f64> {
        let end = self.values.len().checked_sub(back * publications)?;
        let start = end.saturating_sub(publications);
        let values = self.values.range(start..end).copied().flatten();
        let (mut count, mut sum, mut low, mut high) = (0_u32, 0.0, f64::INFINITY, f64::NEG_INFINITY);
        for value in values {
            count += 1;
            sum += value;
            (low, high) = (value.min(low), value.max(high));
        }
        (count > 0).then(|| match statistic {
            AlarmStatistic::SampleCount => f64::from(count),
            AlarmStatistic::Average => sum / f64::from(count),
            AlarmStatistic::Sum => sum,
            AlarmStatistic::Minimum => low,
            AlarmStatistic::Maximum => high,
        })
    }

    /// The newest value.
    pub(super) fn last(&self) -> Option<f64> {
        self.values.back().copied().flatten()
    }
}

/// The metric of all that are watched added up, what they have counted in all, whether a level is above zero, and
/// whether they are queues.
fn read(metric: MetricName, of: &[ComponentId], cx: &Context<'_>) -> (u64, u64, bool, bool) {
    let (mut value, mut used, mut holds, mut queues) = (0, 0_u64, false, false);
    for id in of {
        let Some(table) = cx.metrics(*id) else { continue };
        queues |= cx.kind(*id) == Some(ResourceKind::Queue);
        value += table.value(metric);
        for other in MetricName::ALL {
            match other.kind() {
                MetricKind::Sum => used = used.wrapping_add(table.value(*other)),
                MetricKind::Gauge => holds |= table.value(*other) > 0,
            }
        }
    }
    (value, used, holds, queues)
}
