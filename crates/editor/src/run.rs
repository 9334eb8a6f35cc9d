//! What the engine has said of the run.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use engine::{
    ExpectationState, Inspection, KeyInfo, LinkState, LogEntry, PayloadInfo, Revision, Roster, Spark,
    WatchedMetric,
};
use messaging::node_state::NodeState;
use messaging::{KeyId, LinkId, LogicalId, MetricName, PayloadId};

use crate::selection::LinkEnds;

/// The most lines of the log that are kept. Ours.
pub const MAX_LOG_ENTRIES: usize = 1_000;

/// How the engine is doing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum EngineStatus {
    /// Being loaded; the drawing is there already.
    #[default]
    Starting,
    /// There, with nothing to run.
    Idle,
    /// There, with a document.
    Ready,
    /// It stopped, and what it said. The document is safe.
    Failed(String),
}

/// What the engine has said of the run.
#[derive(Clone, Debug, Default)]
pub struct Run {
    /// How the engine is doing.
    pub engine: EngineStatus,
    /// The document last sent to the engine.
    pub sent: Revision,
    /// The document the engine runs.
    pub running: Revision,
    /// The names behind the numbers.
    pub roster: Arc<Roster>,
    /// How each resource stands.
    pub nodes: Arc<BTreeMap<LogicalId, Arc<NodeRun>>>,
    /// What passed along each link.
    pub links: Arc<BTreeMap<LinkEnds, LinkState>>,
    /// Bodies, attributes and keys.
    pub catalogue: Catalogue,
    /// Recorded metrics that are pinned.
    pub series: Arc<BTreeMap<WatchedMetric, Series>>,
    /// What happened, oldest first.
    pub log: Arc<VecDeque<LogEntry>>,
    /// Events that were left out of the log because there were too many.
    pub suppressed_events: u64,
    /// How the expectations came out whose time has come.
    pub expectations: Arc<Vec<ExpectationState>>,
    /// The resource looked at closely.
    pub inspected: Option<LogicalId>,
    /// What the engine said of it last.
    pub inspection: Option<Arc<Inspection>>,
}

/// How a resource stands.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct NodeRun {
    /// What it shows.
    pub state: NodeState,
    /// The last minute of the metrics it shows as lines.
    pub sparks: Vec<Spark>,
}

/// What messages carry, as far as it was sent.
#[derive(Clone, Debug, Default)]
pub struct Catalogue {
    /// Payloads by their number.
    pub payloads: Vec<PayloadInfo>,
    /// Message group ids and partition keys by their number.
    pub keys: Vec<KeyInfo>,
}

impl Catalogue {
    /// The payload of an id.
    pub fn payload(&self, id: PayloadId) -> Option<&PayloadInfo> {
        self.payloads.get(id.index())
    }

    /// The key of an id.
    pub fn key(&self, id: KeyId) -> Option<&KeyInfo> {
        self.keys.get(id.index())
    }
}

/// A recorded metric.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Series {
    /// The second of the first value.
    pub first_second: u64,
    /// Seconds between values.
    pub step_seconds: u64,
    /// Sums per second, gauges as they stood.
    pub values: Vec<f64>,
}

impl Run {
    /// How a resource stands.
    pub fn node(&self, id: &LogicalId) -> Option<&Arc<NodeRun>> {
        self.nodes.get(id)
    }

    /// What passed along a link.
    pub fn link(&self, ends: &LinkEnds) -> Option<&LinkState> {
        self.links.get(ends)
    }

    /// The engine's number of a link.
    pub fn link_id(&self, ends: &LinkEnds) -> Option<LinkId> {
        self.roster.link_between(&ends.from, &ends.to)
    }

    /// The last minute of a metric that a node shows as a line.
    pub fn spark(&self, id: &LogicalId, metric: MetricName) -> &[f32] {
        let node = self.nodes.get(id);
        let spark = node.and_then(|node| node.sparks.iter().find(|spark| spark.metric == metric));
        spark.map_or(&[], |spark| &spark.values)
    }
}
