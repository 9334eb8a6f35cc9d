//! Drawing a link: from port to port by drag, by click and click, or from the list.

use messaging::LogicalId;

use super::{ConnectState, HitTarget, Tool};
use crate::action::Action;
use crate::edit::Edit;
use crate::effect::{Effect, Focus};
use crate::geometry::Point;
use crate::keymap::KeyInput;
use crate::reduce::{fail, open_link, reduce, select};
use crate::selection::{LinkEnds, Selection};
use crate::state::EditorState;
use crate::view::{connect_view, refusal};

/// A drag from a port begins.
pub(super) fn begin_drag(state: &mut EditorState, from: LogicalId) {
    state.panels.find.clear();
    state.tool = Tool::Connect(ConnectState {
        from,
        loose_end: None,
        over: None,
        refusal: None,
        dragging: true,
        new_target_at: None,
    });
}

/// A port was clicked: the next click ends the link.
pub(super) fn begin_click(state: &mut EditorState, from: LogicalId) {
    begin_drag(state, from);
    if let Tool::Connect(connect) = &mut state.tool {
        connect.dragging = false;
    }
}

/// The loose end follows the pointer, and says why it may not end where it is.
pub(super) fn follow(state: &mut EditorState, at: Point, target: &HitTarget) {
    let world = state.viewport.to_world(at);
    let over = node_of(target);
    let Tool::Connect(connect) = &state.tool else { return };
    if connect.new_target_at.is_some() {
        return;
    }
    let from = connect.from.clone();
    let over = over.filter(|over| *over != from);
    let refused = over.as_ref().and_then(|over| refusal(state, &from, over));
    if let Tool::Connect(connect) = &mut state.tool {
        connect.loose_end = Some(world);
        connect.over = over;
        connect.refusal = refused;
    }
}

/// The link ends here, if it may.
pub(super) fn end(state: &mut EditorState, at: Point, target: &HitTarget) -> Vec<Effect> {
    let Tool::Connect(connect) = &state.tool else { return Vec::new() };
    let from = connect.from.clone();
    match node_of(target) {
        // A click on the port it starts at: the next click ends it.
        Some(to) if to == from => {
            begin_click(state, from);
            Vec::new()
        }
        Some(to) => finish(state, from, to),
        None if *target == HitTarget::Ground => {
            let world = state.viewport.to_world(at);
            if let Tool::Connect(connect) = &mut state.tool {
                connect.loose_end = Some(world);
                connect.new_target_at = Some(world);
                connect.dragging = false;
            }
            Vec::new()
        }
        None => {
            state.tool = Tool::Idle;
            Vec::new()
        }
    }
}

/// Makes the link, opens the one that is there, or says why there can be none.
pub(super) fn finish(state: &mut EditorState, from: LogicalId, to: LogicalId) -> Vec<Effect> {
    let ends = LinkEnds::new(from.clone(), to.clone());
    if state.scenario.link(&from, &to).is_some() {
        state.tool = Tool::Idle;
        open_link(state, ends);
        return Vec::new();
    }
    if let Some(refused) = refusal(state, &from, &to) {
        state.tool = Tool::Idle;
        return fail(state, format!("{} {}", refused.reason, refused.hint.unwrap_or_default()).trim_end());
    }
    state.tool = Tool::Idle;
    let effects = reduce(state, Action::Edit(Edit::Connect(ends.clone())));
    if state.scenario.link(&ends.from, &ends.to).is_some() {
        select(state, Selection::Link(ends));
    }
    effects
}

/// Keys while the list of targets is open: arrows choose, Enter connects.
pub(super) fn key(state: &mut EditorState, input: &KeyInput) -> Option<Vec<Effect>> {
    let view = connect_view(state)?;
    let forward = match input.key.as_str() {
        "ArrowDown" => true,
        "ArrowUp" => false,
        "Tab" if input.on_canvas => !input.shift,
        "Enter" => {
            let chosen = view.candidates.iter().find(|candidate| candidate.chosen)?;
            let (from, to) = (view.from.clone(), chosen.id.clone());
            let mut effects = finish(state, from, to);
            effects.push(Effect::Focus(Focus::Canvas));
            return Some(effects);
        }
        _ => return None,
    };
    // Refused ones are listed and passed over.
    let valid: Vec<&LogicalId> = view
        .candidates
        .iter()
        .filter(|candidate| !candidate.refused)
        .map(|candidate| &candidate.id)
        .collect();
    let chosen = view.candidates.iter().find(|candidate| candidate.chosen).map(|candidate| &candidate.id);
    let place = chosen.and_then(|chosen| valid.iter().position(|id| *id == chosen));
    let next = match (place, forward) {
        (None, _) => 0,
        (Some(place), true) => (place + 1) % valid.len(),
        (Some(place), false) => (place + valid.len() - 1) % valid.len(),
    };
    let next = valid.get(next).map(|id| (*id).clone());
    if let Tool::Connect(connect) = &mut state.tool {
        connect.over = next;
        connect.refusal = None;
    }
    Some(Vec::new())
}

fn node_of(target: &HitTarget) -> Option<LogicalId> {
    match target {
        HitTarget::Node(id) | HitTarget::Port(id) | HitTarget::Lane { of: id, .. } => Some(id.clone()),
        HitTarget::Link(ends) => Some(ends.to.clone()),
        _ => None,
    }
}
