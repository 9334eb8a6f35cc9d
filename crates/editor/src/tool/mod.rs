//! What the pointer does.

mod connect;
mod pan;
mod place;
mod select;

use std::collections::BTreeMap;

use messaging::{LogicalId, ResourceKind};
use scenario::Refusal;

use crate::effect::Effect;
use crate::geometry::{Point, Rect};
use crate::selection::LinkEnds;
use crate::state::EditorState;

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
    let _ = (state, input);
    Vec::new()
}
