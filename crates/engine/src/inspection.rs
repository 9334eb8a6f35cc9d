//! Everything about one resource.

use kernel::SimTime;
use messaging::metric::MetricKind;
use messaging::node_state::NodeState;
use messaging::{KeyId, LinkId, LogicalId, MetricName, PayloadId, TraceId};
use serde::{Deserialize, Serialize};

use crate::protocol::Revision;

/// Everything about one resource at one instant.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Inspection {
    /// Which document runs.
    pub revision: Revision,
    /// When.
    pub at: SimTime,
    /// Which resource.
    pub resource: LogicalId,
    /// What it shows.
    pub state: NodeState,
    /// Its metrics.
    pub metrics: Vec<MetricReading>,
    /// The last messages that came to it, oldest first, at most 50.
    pub recent: Vec<RecentMessage>,
}

/// One metric as it stands.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct MetricReading {
    /// Which metric.
    pub metric: MetricName,
    /// How it is read.
    pub kind: MetricKind,
    /// The sum since the start, or the level now.
    pub value: u64,
    /// The highest level a gauge had at a whole second; zero for sums.
    pub peak: u64,
    /// Per second of late; zero for gauges.
    pub per_second: f64,
}

/// A message that came to a resource.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct RecentMessage {
    /// When it arrived.
    pub at: SimTime,
    /// Along which link.
    pub link: LinkId,
    /// Which published message it is a copy of.
    pub trace_id: TraceId,
    /// What it carries.
    pub payload: PayloadId,
    /// Its message group or partition key.
    pub key: KeyId,
}
