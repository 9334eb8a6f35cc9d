//! Moving what part of the world is seen.

use super::Tool;
use crate::geometry::Point;
use crate::reduce::look;
use crate::state::EditorState;

/// The world follows the pointer.
pub(super) fn follow(state: &mut EditorState, last: Point, at: Point, keep: bool) {
    look(state, state.viewport.panned(at.x - last.x, at.y - last.y));
    state.tool = Tool::Pan { last: at, keep };
}
