//! Select and move; the beginning of every drag.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use messaging::LogicalId;

use super::{DRAG_THRESHOLD, HitTarget, PointerState, TOUCH_DRAG_THRESHOLD, Tool, connect, snap};
use crate::action::Action;
use crate::edit::Edit;
use crate::effect::Effect;
use crate::geometry::{Point, Rect};
use crate::journey::JourneyAction;
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
    // What moves is small and does not wait: a press is enough.
    if matches!(target, HitTarget::Ground | HitTarget::Link(_))
        && !adds(state, input)
        && let Some(id) = crate::journey::mark_at(state, at)
    {
        return crate::reduce::reduce(state, Action::Journey(JourneyAction::Follow(id)));
    }
    if let Some(selection) = pressed(state, &target)
        && !adds(state, input)
        && !selection.nodes().all(|id| state.selection.has_node(id))
    {
        select(state, selection);
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
        _ if !state.may_draw() => state.tool = Tool::Pan { last: pressed_at, keep: false },
        HitTarget::Port(id) => {
            connect::begin_drag(state, id.clone());
        }
        HitTarget::Node(id) | HitTarget::Lane { of: id, .. } if state.upright.is_none() => {
            if !state.selection.has_node(id) {
                select(state, Selection::node(id.clone()));
            }
            lift(state, from, None);
        }
        HitTarget::Group(_) | HitTarget::Note(_) if state.upright.is_none() => {
            if let Some(selection) = pressed(state, target)
                && !selection.nodes().any(|id| state.selection.has_node(id))
            {
                select(state, selection);
            }
            let note = if let HitTarget::Note(place) = target { Some(*place) } else { None };
            lift(state, from, note);
        }
        _ if input.shift => state.tool = Tool::Area { from, area: Rect::between(from, from) },
        _ => state.tool = Tool::Pan { last: pressed_at, keep: false },
    }
    super::moved(state, at, &HitTarget::Outside)
}

/// The pointer went up where it went down.
pub(super) fn click(state: &mut EditorState, target: HitTarget, input: PointerState) -> Vec<Effect> {
    let adding = adds(state, input);
    match target {
        HitTarget::Node(id) | HitTarget::Port(id) | HitTarget::Lane { of: id, .. }
            if state.picks_several() =>
        {
            state.selection.toggle(id);
        }
        HitTarget::Node(id) if adding => state.selection.toggle(id),
        HitTarget::Group(place) if adding => {
            let members = state.scenario.groups.get(place).map(|group| group.resources.clone());
            for id in
                members.into_iter().flatten().filter(|id| !state.selection.has_node(id)).collect::<Vec<_>>()
            {
                state.selection.toggle(id);
            }
        }
        HitTarget::Node(_) | HitTarget::Group(_) | HitTarget::Note(_) => {
            if let Some(selection) = pressed(state, &target) {
                select(state, selection);
            }
        }
        HitTarget::Lane { of, shard_id } => select(state, Selection::Lane { of, shard_id }),
        HitTarget::Link(ends) => open_link(state, ends),
        HitTarget::Port(id) => connect::begin_click(state, id),
        HitTarget::Ground if !adding => select(state, Selection::Nothing),
        HitTarget::Ground | HitTarget::Palette { .. } | HitTarget::Outside => {}
    }
    Vec::new()
}

/// What is pressed joins what is selected.
fn adds(state: &EditorState, input: PointerState) -> bool {
    input.shift || input.control || state.picks_several()
}

/// What was dragged is let go: one step of undo.
pub(super) fn let_go(
    state: &mut EditorState,
    delta: Point,
    nodes: BTreeMap<LogicalId, Point>,
    note: Option<(usize, Point)>,
) -> Vec<Effect> {
    if delta == Point::default() {
        return Vec::new();
    }
    if let Some((place, at)) = note {
        return crate::reduce::move_note(state, place, at.moved(delta.x, delta.y));
    }
    let places = nodes.into_iter().map(|(id, at)| (id, at.moved(delta.x, delta.y))).collect();
    change(state, &Edit::Move(places))
}

/// Begins to move what is selected.
fn lift(state: &mut EditorState, from: Point, note: Option<usize>) {
    let ids = if note.is_some() { Vec::new() } else { node_ids(state) };
    let moving = ids.into_iter().filter(|id| state.selection.has_node(id));
    let nodes: BTreeMap<_, _> =
        moving.map(|id| (id.clone(), state.places.get(&id).copied().unwrap_or_default())).collect();
    let note = note.and_then(|place| Some((place, state.scenario.notes.get(place)?.at.into())));
    let lines = Arc::new(snap::lines(state, &nodes, note));
    state.tool = Tool::Move { from, delta: Point::default(), nodes, note, lines, guides: Vec::new() };
}

/// What is pressed: it is selected at once, unless it is part of what is selected, which may be about to be moved.
fn pressed(state: &EditorState, target: &HitTarget) -> Option<Selection> {
    let nodes = match target {
        HitTarget::Node(id) => BTreeSet::from([id.clone()]),
        HitTarget::Group(place) => state.scenario.groups.get(*place)?.resources.iter().cloned().collect(),
        HitTarget::Note(place) => return Some(Selection::Note(*place)),
        _ => return None,
    };
    Some(Selection::Nodes(nodes))
}

/// Selects what the area touches.
pub(super) fn select_area(state: &mut EditorState, area: Rect) {
    let touched = node_ids(state).into_iter().filter(|id| node_rect(state, id).overlaps(&area)).collect();
    let selection = Selection::Nodes(touched);
    let empty = matches!(&selection, Selection::Nodes(nodes) if nodes.is_empty());
    select(state, if empty { Selection::Nothing } else { selection });
}
