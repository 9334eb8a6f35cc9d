//! What should come out, against what did.

use messaging::{MetricName, World};

use crate::model::{Expectation, Statistic};

/// What came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// The value of the metric.
    pub observed: u64,
    /// It is as it should be.
    pub holds: bool,
}

/// Looks at a world, which should stand at the expectation's time. A resource that is not there has reported
/// nothing.
pub fn check(expectation: &Expectation, world: &World) -> Outcome {
    let metrics = world.component(&expectation.of).map(|id| world.metrics(id)).unwrap_or_default();
    let observed = match expectation.statistic {
        _ if expectation.metric == MetricName::EstimatedCharges => {
            world.component(&expectation.of).map_or(0, |id| world.metric(id, expectation.metric))
        }
        Statistic::Last => metrics.value(expectation.metric),
        Statistic::Maximum => metrics.peak(expectation.metric).max(metrics.value(expectation.metric)),
    };
    Outcome { observed, holds: expectation.bound.holds(observed) }
}
