//! What the pointer does.

mod connect;
mod pan;
mod place;
mod select;
mod snap;

use std::collections::BTreeMap;
use std::sync::Arc;

use messaging::{LogicalId, ResourceKind};
use scenario::Refusal;

use crate::action::{Action, Command};
use crate::effect::Effect;
use crate::geometry::{Point, Rect};
use crate::keymap::KeyInput;
use crate::panels::Writing;
use crate::reduce::reduce;
use crate::selection::LinkEnds;
use crate::state::EditorState;
pub use snap::{Guide, SnapLines};

/// A drag starts after so many CSS px.
pub const DRAG_THRESHOLD: f64 = 4.0;
/// A drag by touch starts after so many CSS px.
pub const TOUCH_DRAG_THRESHOLD: f64 = 10.0;

/// The tools a person can choose.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ToolKind {
    /// Select and move; drag from a port to connect; drag the ground to pan.
    #[default]
    Select,
    /// Drag anything to pan.
    Pan,
}

/// What the pointer is doing.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Tool {
    /// Nothing yet.
    #[default]
    Idle,
    /// Pressed on something; it is not yet clear whether this is a click or a drag.
    Pressed {
        /// Where, CSS px of the canvas.
        at: Point,
        /// On what.
        target: HitTarget,
        /// With which modifiers and pointer.
        input: PointerState,
    },
    /// Moving nodes: the document changes when they are let go.
    Move {
        /// Where the drag began, world units.
        from: Point,
        /// How far the nodes have moved, world units, snapped to the grid.
        delta: Point,
        /// The nodes and where they stood.
        nodes: BTreeMap<LogicalId, Point>,
        /// A note, and where it stood.
        note: Option<(usize, Point)>,
        /// Where other nodes have edges and middles.
        lines: Arc<SnapLines>,
        /// Which of them what is moved has come to.
        guides: Vec<Guide>,
    },
    /// Selecting by area.
    Area {
        /// Where the drag began, world units.
        from: Point,
        /// The area so far, world units.
        area: Rect,
    },
    /// Panning.
    Pan {
        /// Where the pointer was last, CSS px of the canvas.
        last: Point,
        /// The pan tool was chosen: it stays.
        keep: bool,
    },
    /// Drawing a link.
    Connect(ConnectState),
    /// Carrying something of the palette.
    Place(PlaceState),
    /// The pan tool, waiting.
    PanTool,
}

/// A link being drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct ConnectState {
    /// Where it starts.
    pub from: LogicalId,
    /// Where its loose end is, world units; nothing when it is drawn by keyboard.
    pub loose_end: Option<Point>,
    /// The node under the loose end, or chosen in the list.
    pub over: Option<LogicalId>,
    /// Why that node is refused.
    pub refusal: Option<Refusal>,
    /// The pointer is held down: letting go ends it.
    pub dragging: bool,
    /// Let go over the ground at this world point: the choice of a new target is open.
    pub new_target_at: Option<Point>,
}

/// Something of the palette being carried.
#[derive(Clone, Debug, PartialEq)]
pub struct PlaceState {
    /// Its kind.
    pub kind: ResourceKind,
    /// Which of the kind's presets.
    pub preset: Option<usize>,
    /// Where its middle is, world units; nothing while it is not over the canvas.
    pub at: Option<Point>,
    /// Where the press began, CSS px.
    pub pressed_at: Point,
}

/// What is under the pointer.
#[derive(Clone, Debug, PartialEq)]
pub enum HitTarget {
    /// The ground.
    Ground,
    /// A node's card.
    Node(LogicalId),
    /// A note, by its place in the document.
    Note(usize),
    /// The title of a group, by its place in the document.
    Group(usize),
    /// A node's port: drags from it draw a link.
    Port(LogicalId),
    /// A link's wire, pill or row.
    Link(LinkEnds),
    /// A lane of a stream.
    Lane {
        /// Which stream.
        of: LogicalId,
        /// Which shard.
        shard_id: String,
    },
    /// An item of the palette.
    Palette {
        /// Its kind.
        kind: ResourceKind,
        /// Which of the kind's presets.
        preset: Option<usize>,
    },
    /// Something else of the page.
    Outside,
}

/// How the pointer is held.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PointerState {
    /// Shift: select by area, or add to the selection.
    pub shift: bool,
    /// Control or Command: add to the selection.
    pub control: bool,
    /// The middle button, or the space bar is held: pan.
    pub pan: bool,
    /// A finger.
    pub touch: bool,
}

/// What the pointer did. Points are CSS px from the top left corner of the canvas, also outside of it.
#[derive(Clone, Debug, PartialEq)]
pub enum PointerInput {
    /// Pressed.
    Down {
        /// Where.
        at: Point,
        /// On what.
        target: HitTarget,
        /// How.
        state: PointerState,
    },
    /// Moved.
    Move {
        /// Where to.
        at: Point,
        /// What is under it now.
        target: HitTarget,
    },
    /// Let go.
    Up {
        /// Where.
        at: Point,
        /// What is under it.
        target: HitTarget,
    },
    /// Pressed twice.
    Double {
        /// On what.
        target: HitTarget,
    },
    /// Taken away by the browser.
    Cancel,
}

/// Lets the tool in use handle what the pointer did.
pub(crate) fn pointer(state: &mut EditorState, input: PointerInput) -> Vec<Effect> {
    match input {
        PointerInput::Down { at, target, state: held } => down(state, at, target, held),
        PointerInput::Move { at, target } => moved(state, at, &target),
        PointerInput::Up { at, target } => up(state, at, target),
        // Two quick taps put a node in and take it out again.
        PointerInput::Double { .. } if state.picks_several() => Vec::new(),
        PointerInput::Double { target: HitTarget::Node(id) } => {
            select_node(state, id);
            reduce(state, Action::Command(Command::Rename))
        }
        PointerInput::Double { target: HitTarget::Note(place) } => {
            reduce(state, Action::Write(Writing::Note(place)))
        }
        PointerInput::Double { target: HitTarget::Group(place) } => {
            reduce(state, Action::Write(Writing::Group(place)))
        }
        PointerInput::Double { .. } => Vec::new(),
        PointerInput::Cancel => {
            state.tool = Tool::Idle;
            Vec::new()
        }
    }
}

/// Lets the tool in use handle a key; nothing if it is not the tool's.
pub(crate) fn key(state: &mut EditorState, input: &KeyInput) -> Option<Vec<Effect>> {
    if matches!(state.tool, Tool::Connect(_)) { connect::key(state, input) } else { None }
}

fn down(state: &mut EditorState, at: Point, target: HitTarget, held: PointerState) -> Vec<Effect> {
    match (&state.tool, target) {
        (_, HitTarget::Palette { kind, preset }) => {
            state.tool = Tool::Place(PlaceState { kind, preset, at: None, pressed_at: at });
            Vec::new()
        }
        (Tool::Connect(connect), _) if connect.new_target_at.is_some() => {
            // A press beside the open choice closes it.
            state.tool = Tool::Idle;
            Vec::new()
        }
        // The end of a link begun by a click.
        (Tool::Connect(_), target) => {
            connect::follow(state, at, &target);
            Vec::new()
        }
        (Tool::PanTool, _) => {
            state.tool = Tool::Pan { last: at, keep: true };
            Vec::new()
        }
        (_, target) => select::down(state, at, target, held),
    }
}

fn moved(state: &mut EditorState, at: Point, target: &HitTarget) -> Vec<Effect> {
    match state.tool.clone() {
        Tool::Pressed { at: pressed_at, target, input } => {
            return select::drag(state, pressed_at, &target, input, at);
        }
        Tool::Move { from, nodes, note, lines, .. } => {
            let (delta, guides) = snap::delta(state, from, &nodes, note, &lines, at);
            state.tool = Tool::Move { from, delta, nodes, note, lines, guides };
        }
        Tool::Area { from, .. } => {
            let area = Rect::between(from, state.viewport.to_world(at));
            state.tool = Tool::Area { from, area };
        }
        Tool::Pan { last, keep } => {
            pan::follow(state, last, at, keep);
            state.changes.session += 1;
        }
        Tool::Connect(_) => connect::follow(state, at, target),
        Tool::Place(_) => place::follow(state, at, target),
        Tool::Idle | Tool::PanTool => {}
    }
    Vec::new()
}

fn up(state: &mut EditorState, at: Point, target: HitTarget) -> Vec<Effect> {
    match std::mem::take(&mut state.tool) {
        Tool::Pressed { target, input, .. } => select::click(state, target, input),
        Tool::Move { delta, nodes, note, .. } => select::let_go(state, delta, nodes, note),
        Tool::Area { area, .. } => {
            select::select_area(state, area);
            Vec::new()
        }
        Tool::Connect(connect) => {
            let waiting = connect.new_target_at.is_some();
            state.tool = Tool::Connect(connect);
            if waiting { Vec::new() } else { connect::end(state, at, &target) }
        }
        Tool::Place(place) => place::let_go(state, &place, at, &target),
        Tool::Pan { keep: true, .. } => {
            state.tool = Tool::PanTool;
            Vec::new()
        }
        Tool::Pan { .. } | Tool::Idle | Tool::PanTool => Vec::new(),
    }
}

fn select_node(state: &mut EditorState, id: LogicalId) {
    crate::reduce::select(state, crate::selection::Selection::node(id));
}
