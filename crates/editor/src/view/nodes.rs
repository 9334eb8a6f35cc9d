//! Nodes: where they are, how large, what they show.

use messaging::LogicalId;
use messaging::node_state::Health;

use crate::geometry::{Point, Rect, Side};
use crate::run::NodeRun;
use crate::selection::LinkEnds;
use crate::state::EditorState;
use crate::view::Shared;
use crate::viewport::Detail;

/// A node as it is drawn. Its card's size follows from its instruments; see the constants below.
#[derive(Clone, Debug, PartialEq)]
pub struct NodeView {
    /// Its name.
    pub id: LogicalId,
    /// What people call its kind, such as `SQS FIFO queue`.
    pub kind_title: &'static str,
    /// File name of its icon, without ending.
    pub icon: &'static str,
    /// The word in its corner.
    pub tag: String,
    /// Where it is drawn, world units, at its level of detail. A card that keeps its size on screen is
    /// `rect.size × zoom` px large.
    pub rect: Rect,
    /// How much it shows: one level more when it is in trouble.
    pub detail: Detail,
    /// What it shows; nothing before the engine has said so.
    pub run: Option<Shared<NodeRun>>,
    /// How it is doing.
    pub health: Health,
    /// The problem's title, if there is one.
    pub trouble: Option<String>,
    /// Its subscriptions, each with a row and a port of its own.
    pub rows: Vec<RowView>,
    /// Its ports, in coordinates relative to `rect.origin`, world units.
    pub ports: Vec<PortView>,
    /// What a full bar of messages stands for: the same for all queues of the canvas.
    pub bar_scale: u64,
    /// It is selected.
    pub selected: bool,
    /// The keyboard stands on it.
    pub focused: bool,
    /// It is being dragged.
    pub dragged: bool,
    /// Something else is looked at.
    pub dimmed: bool,
    /// While a link is drawn: whether it may end here.
    pub candidate: CandidateMark,
    /// It is the selected one and its name is being edited.
    pub renaming: bool,
    /// What a screen reader says.
    pub label: String,
}

/// Whether a link being drawn may end at a node.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum CandidateMark {
    /// No link is being drawn.
    #[default]
    None,
    /// The link starts here.
    Source,
    /// It may end here.
    Valid,
    /// It may not, for this reason.
    Refused(String),
}

/// A subscription on its topic's card.
#[derive(Clone, Debug, PartialEq)]
pub struct RowView {
    /// The link it stands for.
    pub link: LinkEnds,
    /// The filter policy in a few words: the first key, or `No filter policy`.
    pub text: String,
    /// The first key is set apart: `state` of `state: placed`.
    pub key: Option<String>,
    /// It has a filter policy.
    pub filtered: bool,
    /// Share of messages that pass, such as `62%`; empty before there were any.
    pub share: String,
    /// Its link is selected.
    pub selected: bool,
}

/// A port.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PortView {
    /// Where, relative to the node's corner, world units.
    pub at: Point,
    /// On which side.
    pub side: Side,
    /// Calls are being refused here.
    pub refusing: bool,
}

/// Height of a card's head, px at 100 %.
pub const HEAD_HEIGHT: f64 = 30.0;
/// Height of a row.
pub const ROW_HEIGHT: f64 = 27.0;
/// Height of a lane.
pub const LANE_HEIGHT: f64 = 62.0;
/// Space below the last instrument.
pub const FOOT_HEIGHT: f64 = 7.0;

/// The names of all nodes, in the order of the document: what is drawn, and in which order Tab goes.
pub fn node_ids(state: &EditorState) -> Vec<LogicalId> {
    state.scenario.resources.keys().cloned().collect()
}

/// Where a node is drawn, world units.
pub fn node_rect(state: &EditorState, id: &LogicalId) -> Rect {
    let _ = (state, id);
    Rect::default()
}

/// One node.
pub fn node_view(state: &EditorState, id: &LogicalId) -> Option<NodeView> {
    let _ = (state, id);
    None
}

/// All nodes, in the order of the document.
pub fn node_views(state: &EditorState) -> Vec<NodeView> {
    node_ids(state).iter().filter_map(|id| node_view(state, id)).collect()
}
