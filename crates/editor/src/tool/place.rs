//! Carrying something of the palette onto the canvas.

use super::{DRAG_THRESHOLD, HitTarget, PlaceState, Tool};
use crate::action::Action;
use crate::effect::Effect;
use crate::geometry::Point;
use crate::reduce::reduce;
use crate::state::EditorState;

/// What is carried follows the pointer; over the canvas it shows where it would stand.
pub(super) fn follow(state: &mut EditorState, at: Point, target: &HitTarget) {
    let world = state.viewport.to_world(at);
    let over_canvas = !matches!(target, HitTarget::Outside | HitTarget::Palette { .. });
    if let Tool::Place(place) = &mut state.tool {
        let dragged = place.pressed_at.distance(at) >= DRAG_THRESHOLD;
        place.at = (over_canvas && dragged).then_some(world);
    }
}

/// It is let go: over the canvas it stands there, on its own item in the palette it was a click, elsewhere nothing.
pub(super) fn let_go(
    state: &mut EditorState,
    place: &PlaceState,
    at: Point,
    target: &HitTarget,
) -> Vec<Effect> {
    state.tool = Tool::Idle;
    let (kind, preset) = (place.kind, place.preset);
    let clicked = *target == HitTarget::Palette { kind, preset };
    if clicked {
        return reduce(state, Action::Add { kind, preset, at: None });
    }
    if *target == HitTarget::Outside || matches!(target, HitTarget::Palette { .. }) {
        return Vec::new();
    }
    let at = Some(state.viewport.to_world(at));
    reduce(state, Action::Add { kind, preset, at })
}
