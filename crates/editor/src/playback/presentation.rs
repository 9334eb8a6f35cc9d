//! When marks are shown: an echo that trails the counters by at most two seconds.

use std::collections::BTreeMap;

use kernel::SimTime;
use messaging::{LogicalId, TraceId};

/// When marks are shown.
#[derive(Clone, Debug, Default)]
pub struct Presentation {
    /// The clock of the painter, seconds. It stands while the run is held.
    pub now: f64,
    /// The clock goes on until here although the run is held: a step is being shown.
    pub settle_until: f64,
    /// Which simulated instant is shown when.
    anchor: Option<(SimTime, f64)>,
    /// When each copy of a message is seen to arrive where.
    arrivals: BTreeMap<(TraceId, LogicalId), f64>,
}
