//! What the engine has said of the run.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use engine::{
    CatalogueAdditions, ExpectationState, Frame, Inspection, KeyInfo, LinkState, LogEntry, PayloadInfo,
    Revision, Roster, SeriesPiece, Spark, Status, WatchedMetric,
};
use kernel::SimTime;
use messaging::cost::Bill;
use messaging::node_state::{Instrument, NodeState};
use messaging::{Intervention, KeyId, LinkId, LogicalId, MetricName, PayloadId};
use scenario::Scenario;

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
    /// The number of the document last sent to the engine.
    pub sent: Revision,
    /// The number of the document the engine began this run with.
    pub(crate) loaded: Revision,
    /// The document last sent to the engine.
    pub(crate) sent_scenario: Option<Arc<Scenario>>,
    /// Where the link that was opened wants the run to stand, until the engine has the document.
    pub(crate) start_at: Option<SimTime>,
    /// Where the last seek went, until it is reached.
    pub(crate) seeking: Option<SimTime>,
    /// The document the engine runs.
    pub running: Revision,
    /// The names behind the numbers.
    pub roster: Arc<Roster>,
    /// How each resource stands.
    pub nodes: Arc<BTreeMap<LogicalId, Arc<NodeRun>>>,
    /// Messages that a full bar stands for: one scale for all queues, so that lengths compare.
    pub bar_scale: u64,
    /// What passed along each link.
    pub links: Arc<BTreeMap<LinkEnds, LinkState>>,
    /// What the run has cost so far.
    pub bill: Arc<Bill>,
    /// Bodies, attributes and keys.
    pub catalogue: Catalogue,
    /// Recorded metrics that are pinned.
    pub series: BTreeMap<WatchedMetric, Arc<Series>>,
    /// What happened, oldest first.
    pub log: Arc<VecDeque<LogEntry>>,
    /// What people did to this run, edits aside.
    pub done: Arc<Vec<(SimTime, Intervention)>>,
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
    fn add(&mut self, additions: &CatalogueAdditions) {
        self.payloads.truncate(additions.first_payload as usize);
        self.payloads.extend(additions.payloads.iter().cloned());
        self.keys.truncate(additions.first_key as usize);
        self.keys.extend(additions.keys.iter().cloned());
    }

    /// The payload of an id.
    pub fn payload(&self, id: PayloadId) -> Option<&PayloadInfo> {
        self.payloads.get(id.index())
    }

    /// The payload of an id as it was published: a topic's copies in other formats are the same message.
    pub fn published(&self, id: PayloadId) -> Option<&PayloadInfo> {
        let payload = self.payload(id)?;
        payload.enclosed.map_or(Some(payload), |published| self.payload(published))
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

pub(crate) fn add_piece(series: &mut BTreeMap<WatchedMetric, Arc<Series>>, piece: &SeriesPiece) {
    let known = Arc::make_mut(series.entry(piece.of.clone()).or_default());
    if piece.replace || known.values.is_empty() {
        known.first_second = piece.first_second;
        known.step_seconds = piece.step_seconds.max(1);
        known.values.clone_from(&piece.values);
        return;
    }
    // Going back and running again sends the same values for the same seconds.
    let place = piece.first_second.saturating_sub(known.first_second) / known.step_seconds;
    known.values.truncate(usize::try_from(place).unwrap_or(usize::MAX));
    known.values.extend_from_slice(&piece.values);
}

/// What a full bar stands for: 1, 2 or 5 times a power of ten, so that the longest bar fits.
pub(crate) fn bar_scale<'a>(states: impl Iterator<Item = &'a NodeState>) -> u64 {
    let totals = states.flat_map(|state| &state.instruments).filter_map(|instrument| match instrument {
        Instrument::MessageBar { delayed, visible, in_flight, .. } => Some(delayed + visible + in_flight),
        _ => None,
    });
    let most = totals.max().unwrap_or(0);
    let mut decade: u64 = 10;
    loop {
        let step = [1, 2, 5].into_iter().find(|step| most <= decade.saturating_mul(*step));
        if let Some(step) = step {
            return decade.saturating_mul(step);
        }
        decade = decade.saturating_mul(10);
    }
}

impl Run {
    /// The run begins anew at zero.
    pub(crate) fn restart(&mut self) {
        self.series.clear();
        self.log = Arc::default();
        self.suppressed_events = 0;
        self.expectations = Arc::default();
        self.done = Arc::default();
        self.inspection = None;
        self.seeking = None;
    }

    /// Takes what is new.
    pub(crate) fn take(&mut self, frame: &Frame) {
        if let Some(roster) = &frame.roster {
            self.roster = Arc::new(roster.clone());
        }
        self.catalogue.add(&frame.catalogue);
        if frame.jumped || frame.reached < frame.from {
            let log = Arc::make_mut(&mut self.log);
            // A jump brings the last events up to there; what is known of the time before them stays.
            let told = frame.events.first().map(|first| first.at);
            log.retain(|entry| entry.at <= frame.reached && told.is_none_or(|told| entry.at < told));
        }
        if !frame.events.is_empty() {
            let log = Arc::make_mut(&mut self.log);
            log.extend(frame.events.iter().cloned());
            let surplus = log.len().saturating_sub(MAX_LOG_ENTRIES);
            log.drain(..surplus);
        }
        self.suppressed_events += frame.suppressed_events;
        if *self.expectations != frame.expectations {
            self.expectations = Arc::new(frame.expectations.clone());
        }
        if !frame.series.is_empty() {
            frame.series.iter().for_each(|piece| add_piece(&mut self.series, piece));
        }
        if let Some(done) = &frame.done {
            self.done = Arc::new(done.clone());
        }
        if let Some(status) = &frame.status {
            self.take_status(status);
        }
    }

    fn take_status(&mut self, status: &Status) {
        self.bill = Arc::new(status.bill.clone());
        self.bar_scale = bar_scale(status.nodes.iter().map(|entry| &entry.state));
        let mut nodes = BTreeMap::new();
        for entry in &status.nodes {
            let Some(id) = self.roster.resource(entry.component) else { continue };
            let new = NodeRun { state: entry.state.clone(), sparks: entry.sparks.clone() };
            // What stands as before stays the same value: nothing is rendered again for it.
            let node = match self.nodes.get(id) {
                Some(old) if **old == new => old.clone(),
                _ => Arc::new(new),
            };
            nodes.insert(id.clone(), node);
        }
        self.nodes = Arc::new(nodes);
        let named = status.links.iter().zip(&self.roster.links);
        let links = named.filter_map(|(state, ends)| {
            let (from, to) = ends.clone()?;
            Some((LinkEnds { from, to }, *state))
        });
        self.links = Arc::new(links.collect());
    }

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
