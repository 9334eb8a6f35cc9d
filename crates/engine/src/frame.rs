//! What happened between two instants, and how things stand at the second.

use kernel::SimTime;
use messaging::cost::Bill;
use messaging::message_attributes::MessageAttributes;
use messaging::node_state::NodeState;
use messaging::trace::Transit;
use messaging::{ComponentId, Intervention, MetricName, PayloadId};
use serde::{Deserialize, Serialize};

use crate::log::LogEntry;
use crate::protocol::{Revision, Roster, WatchedMetric};

/// What happened between two instants, and how things stand at the second.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Frame {
    /// Which document runs.
    pub revision: Revision,
    /// Where the run stood before.
    pub from: SimTime,
    /// Where it stands now.
    pub reached: SimTime,
    /// The run jumped here, by a load or a seek: nothing in `transits` and `events` tells how.
    pub jumped: bool,
    /// The budget of events was used up before the time asked for.
    pub budget_spent: bool,
    /// The names behind the numbers, whenever they have changed.
    pub roster: Option<Roster>,
    /// What moved, in the order it set out.
    pub transits: Vec<Transit>,
    /// Messages that moved without a mark of their own, because there was no room.
    pub suppressed_messages: u64,
    /// What happened, in order.
    pub events: Vec<LogEntry>,
    /// Events left out, because there was no room.
    pub suppressed_events: u64,
    /// How nodes and links stand, if asked for.
    pub status: Option<Status>,
    /// New samples of the watched metrics.
    pub series: Vec<SeriesPiece>,
    /// What the other run recorded of the watched metrics, whenever it was asked for.
    pub compared: Vec<SeriesPiece>,
    /// What people did to this run, whenever it has changed: not what the timeline did, and no edits.
    pub done: Option<Vec<(SimTime, Intervention)>>,
    /// Payloads and keys that transits refer to and that were not sent before.
    pub catalogue: CatalogueAdditions,
    /// The expectations whose time has come, in the document's order; behind them what its questions are about.
    pub expectations: Vec<ExpectationState>,
    /// When the next event will run; nothing when none is left.
    pub next_event_at: Option<SimTime>,
    /// The document's run is over: the last thing written down for it lies behind.
    pub ended: bool,
}

/// How nodes and links stand.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Status {
    /// Every resource.
    pub nodes: Vec<NodeEntry>,
    /// Every link by [`LinkId`](messaging::LinkId); removed ones are all zero.
    pub links: Vec<LinkState>,
    /// What the run has cost so far.
    pub bill: Bill,
}

/// One resource.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NodeEntry {
    /// Which.
    pub component: ComponentId,
    /// What it shows.
    pub state: NodeState,
    /// The last minute of each metric it shows as a line.
    pub sparks: Vec<Spark>,
}

/// The last minute of a metric.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Spark {
    /// Which metric.
    pub metric: MetricName,
    /// One value for each second, the latest last, at most 60: sums per second, gauges as they stood.
    pub values: Vec<f32>,
}

/// What passed along a link.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct LinkState {
    /// Messages since the start.
    pub messages: u64,
    /// Bytes since the start.
    pub bytes: u64,
    /// Messages refused at the far end since the start.
    pub refused: u64,
    /// Messages filtered out at the near end since the start.
    pub filtered_out: u64,
    /// Messages per second of late: over 5 s, or over a minute when there are few.
    pub messages_per_second: f64,
    /// Bytes per second of late.
    pub bytes_per_second: f64,
    /// Messages refused per second of late.
    pub refused_per_second: f64,
    /// Messages filtered out per second of late.
    pub filtered_out_per_second: f64,
    /// Cut: nothing passes.
    pub cut: bool,
}

/// Samples of one metric that follow those sent before.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SeriesPiece {
    /// Which metric of which resource.
    pub of: WatchedMetric,
    /// Forget what was sent before; these are all there are.
    pub replace: bool,
    /// The second of the first value.
    pub first_second: u64,
    /// Seconds between values: 1 at first, doubled when a run grows long.
    pub step_seconds: u64,
    /// Sums per second, meant over the step, and gauges as they stood.
    pub values: Vec<f64>,
}

/// What messages carry: what the page has not seen yet.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CatalogueAdditions {
    /// The place of the first payload; what the page has from there on is replaced.
    pub first_payload: u32,
    /// Payloads.
    pub payloads: Vec<PayloadInfo>,
    /// The place of the first key; what the page has from there on is replaced.
    pub first_key: u32,
    /// Message group ids and partition keys.
    pub keys: Vec<KeyInfo>,
}

/// A body with its attributes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PayloadInfo {
    /// The text sent.
    pub body: String,
    /// The message attributes sent with it.
    pub attributes: MessageAttributes,
    /// Body and attributes in bytes.
    pub size_bytes: u32,
    /// Its processing always fails.
    pub poison: bool,
    /// The payload that was published, when this is a topic's text around it or for one protocol (SNS-60).
    pub enclosed: Option<PayloadId>,
}

/// A message group id or partition key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyInfo {
    /// Its text.
    pub text: String,
    /// Its hash key (KDS-8).
    pub md5: u128,
}

/// How an expectation came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExpectationState {
    /// Its place in the document.
    pub place: u32,
    /// What was observed at its time.
    pub observed: u64,
    /// It came out as it should.
    pub holds: bool,
}
