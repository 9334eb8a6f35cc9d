//! Select and move; the beginning of every drag.

use std::collections::BTreeMap;

use super::{DRAG_THRESHOLD, HitTarget, PointerState, TOUCH_DRAG_THRESHOLD, Tool, connect};
use crate::edit::Edit;
use crate::effect::Effect;
use crate::geometry::{Point, Rect};
use crate::reduce::{change, open_link, select};
use crate::selection::Selection;
use crate::state::EditorState;
use crate::view::{node_ids, node_rect};

/// The pointer went down: a click or a drag begins.
pub(super) fn down(
    state: &mut EditorState,
    at: Point,
    target: HitTarget,
    input: PointerState,
) -> Vec<Effect> {
    if input.pan {
        state.tool = Tool::Pan { last: at, keep: false };
        return Vec::new();
    }
    // What is pressed is selected at once, unless it is part of what is selected: that may be about to be moved.
    if let HitTarget::Node(id) = &target
        && !state.selection.has_node(id)
        && !(input.shift || input.control)
    {
        select(state, Selection::node(id.clone()));
    }
    state.tool = Tool::Pressed { at, target, input };
    Vec::new()
}

/// The pointer moved while pressed: far enough, it is a drag.
pub(super) fn drag(
    state: &mut EditorState,
    pressed_at: Point,
    target: &HitTarget,
    input: PointerState,
    at: Point,
) -> Vec<Effect> {
    let threshold = if input.touch { TOUCH_DRAG_THRESHOLD } else { DRAG_THRESHOLD };
    if pressed_at.distance(at) < threshold {
        return Vec::new();
    }
    let from = state.viewport.to_world(pressed_at);
    match target {
        HitTarget::Port(id) => {
            connect::begin_drag(state, id.clone());
        }
        HitTarget::Node(id) | HitTarget::Lane { of: id, .. } if state.upright.is_none() => {
            if !state.selection.has_node(id) {
                select(state, Selection::node(id.clone()));
            }
            let moving = node_ids(state).into_iter().filter(|id| state.selection.has_node(id));
            let nodes: BTreeMap<_, _> =
                moving.map(|id| (id.clone(), state.places.get(&id).copied().unwrap_or_default())).collect();
            state.tool = Tool::Move { from, delta: Point::default(), nodes };
        }
        _ if input.shift => state.tool = Tool::Area { from, area: Rect::between(from, from) },
        _ => state.tool = Tool::Pan { last: pressed_at, keep: false },
    }
    super::moved(state, at, &HitTarget::Outside)
}

/// The pointer went up where it went down.
pub(super) fn click(state: &mut EditorState, target: HitTarget, input: PointerState) -> Vec<Effect> {
    let adding = input.shift || input.control;
    match target {
        HitTarget::Node(id) if adding => state.selection.toggle(id),
        HitTarget::Node(id) => select(state, Selection::node(id)),
        HitTarget::Lane { of, shard_id } => select(state, Selection::Lane { of, shard_id }),
        HitTarget::Link(ends) => open_link(state, ends),
        HitTarget::Port(id) => connect::begin_click(state, id),
        HitTarget::Ground if !adding => select(state, Selection::Nothing),
        HitTarget::Ground | HitTarget::Palette { .. } | HitTarget::Outside => {}
    }
    Vec::new()
}

/// Where the dragged nodes are now: on the grid.
pub(super) fn move_delta(
    state: &EditorState,
    from: Point,
    nodes: &BTreeMap<messaging::LogicalId, Point>,
    at: Point,
) -> Point {
    let now = state.viewport.to_world(at);
    let Some(first) = nodes.values().next() else { return Point::default() };
    let wanted = first.moved(now.x - from.x, now.y - from.y).snapped();
    Point::new(wanted.x - first.x, wanted.y - first.y)
}

/// The nodes are let go: one step of undo.
pub(super) fn let_go(
    state: &mut EditorState,
    delta: Point,
    nodes: BTreeMap<messaging::LogicalId, Point>,
) -> Vec<Effect> {
    if delta == Point::default() {
        return Vec::new();
    }
    let places = nodes.into_iter().map(|(id, at)| (id, at.moved(delta.x, delta.y))).collect();
    change(state, &Edit::Move(places))
}

/// Selects what the area touches.
pub(super) fn select_area(state: &mut EditorState, area: Rect) {
    let touched = node_ids(state).into_iter().filter(|id| node_rect(state, id).overlaps(&area)).collect();
    let selection = Selection::Nodes(touched);
    let empty = matches!(&selection, Selection::Nodes(nodes) if nodes.is_empty());
    select(state, if empty { Selection::Nothing } else { selection });
}
