//! What concerns the drawing alone: places, groups, notes. The run knows nothing of it.

use messaging::LogicalId;
use scenario::{Group, Note};

use super::document::{change, desk_places};
use super::session::{fit_all, select};
use super::{fail, tell};
use crate::action::{Alignment, Axis};
use crate::edit::Edit;
use crate::effect::{Effect, Focus};
use crate::geometry::{GRID, Point, Rect};
use crate::layout::arrange;
use crate::panels::Writing;
use crate::selection::Selection;
use crate::state::EditorState;
use crate::view::{full_size, group_of_selection, node_rect, note_size};

const UPRIGHT: &str = "On a narrow page nodes stand in the order of flow. On a wide one they can be moved.";

/// Moves what is selected by one step of the grid.
pub(super) fn nudge(state: &mut EditorState, (dx, dy): (f64, f64)) -> Vec<Effect> {
    if state.upright.is_some() {
        return fail(state, UPRIGHT);
    }
    if let Selection::Note(place) = state.selection
        && let Some(note) = state.scenario.notes.get(place)
    {
        let to = Point::from(note.at).moved(dx * GRID, dy * GRID).snapped();
        return move_note(state, place, to);
    }
    let places = state.selection.nodes().filter_map(|id| {
        let at = state.places.get(id)?;
        Some((id.clone(), at.moved(dx * GRID, dy * GRID).snapped()))
    });
    let places: Vec<_> = places.collect();
    if places.is_empty() { Vec::new() } else { change(state, &Edit::Move(places)) }
}

pub(super) fn arrange_all(state: &mut EditorState) -> Vec<Effect> {
    let size = |id: &LogicalId| full_size(state, id);
    let places = arrange(&state.scenario, &size).into_iter().collect();
    let effects = change(state, &Edit::Move(places));
    fit_all(state);
    effects
}

/// A selected node: where it stands in the document, and where its card is seen at this zoom. On a narrow page it is
/// where both would be on one with room for it.
struct Selected {
    id: LogicalId,
    place: Point,
    seen: Rect,
}

impl Selected {
    /// Where it stands once its card is seen at another place.
    fn seen_at(self, at: Point) -> (LogicalId, Point) {
        let (dx, dy) = (at.x - self.seen.origin.x, at.y - self.seen.origin.y);
        (self.id, self.place.moved(dx.round(), dy.round()))
    }
}

fn selected(state: &EditorState) -> Vec<Selected> {
    let places = desk_places(state);
    let one = |id: &LogicalId| {
        let place = *places.get(id)?;
        let full = || Rect::new(place, full_size(state, id));
        let seen = if state.upright.is_some() { full() } else { node_rect(state, id) };
        Some(Selected { id: id.clone(), place, seen })
    };
    state.selection.nodes().filter_map(one).collect()
}

/// Brings the selected nodes into a line as they are seen: to the outermost edge, or to the middle of all.
pub(super) fn align(state: &mut EditorState, alignment: Alignment) -> Vec<Effect> {
    let nodes = selected(state);
    let Some(all) = nodes.iter().map(|node| node.seen).reduce(|all, rect| all.union(&rect)) else {
        return Vec::new();
    };
    if nodes.len() < 2 {
        return fail(state, "Select two nodes or more to align them.");
    }
    let aligned = nodes.into_iter().map(|node| {
        let (mut at, size) = (node.seen.origin, node.seen.size);
        match alignment {
            Alignment::Left => at.x = all.origin.x,
            Alignment::Centre => at.x = all.center().x - size.width / 2.0,
            Alignment::Right => at.x = all.right() - size.width,
            Alignment::Top => at.y = all.origin.y,
            Alignment::Middle => at.y = all.center().y - size.height / 2.0,
            Alignment::Bottom => at.y = all.bottom() - size.height,
        }
        node.seen_at(at)
    });
    change(state, &Edit::Move(aligned.collect()))
}

/// Makes the spaces between the selected nodes the same; the outermost two stay.
pub(super) fn distribute(state: &mut EditorState, axis: Axis) -> Vec<Effect> {
    let mut nodes = selected(state);
    if nodes.len() < 3 {
        return fail(state, "Select three nodes or more to distribute them.");
    }
    let start = |rect: &Rect| if axis == Axis::Across { rect.origin.x } else { rect.origin.y };
    let length = |rect: &Rect| if axis == Axis::Across { rect.size.width } else { rect.size.height };
    nodes.sort_by(|a, b| start(&a.seen).total_cmp(&start(&b.seen)));
    let first = nodes.first().map_or(0.0, |node| start(&node.seen));
    let end = nodes.iter().map(|node| start(&node.seen) + length(&node.seen)).fold(first, f64::max);
    let filled: f64 = nodes.iter().map(|node| length(&node.seen)).sum();
    let gap = (end - first - filled) / (nodes.len() - 1) as f64;
    let mut next = first;
    let spread = nodes.into_iter().map(|node| {
        let here = next;
        next += length(&node.seen) + gap;
        let Point { x, y } = node.seen.origin;
        node.seen_at(if axis == Axis::Across { Point::new(here, y) } else { Point::new(x, here) })
    });
    change(state, &Edit::Move(spread.collect()))
}

/// Makes the selected nodes a group and asks for its title; a group that is selected as a whole is taken apart.
pub(super) fn group(state: &mut EditorState) -> Vec<Effect> {
    let mut groups = state.scenario.groups.clone();
    if let Some(place) = group_of_selection(state) {
        let taken = groups.remove(place);
        let mut effects = change(state, &Edit::SetGroups(groups));
        effects.push(tell(state, format!("{} is a group no longer.", taken.title), true));
        return effects;
    }
    let members: Vec<LogicalId> = state.selection.nodes().cloned().collect();
    if members.is_empty() {
        return fail(state, "Select the nodes that shall be a group.");
    }
    // Who joins a group leaves the one it was in.
    groups.iter_mut().for_each(|group| group.resources.retain(|id| !members.contains(id)));
    groups.retain(|group| !group.resources.is_empty());
    let named = |title: &String| groups.iter().any(|group| group.title == *title);
    let title = (1..).map(|number| format!("Group {number}")).find(|title| !named(title)).unwrap_or_default();
    groups.push(Group { title, resources: members });
    let place = groups.len() - 1;
    let mut effects = change(state, &Edit::SetGroups(groups));
    if place < state.scenario.groups.len() {
        effects.extend(write(state, Writing::Group(place)));
    }
    effects
}

/// Opens a text of the canvas for writing.
pub(super) fn write(state: &mut EditorState, what: Writing) -> Vec<Effect> {
    let is_there = match what {
        Writing::Group(place) => place < state.scenario.groups.len(),
        Writing::Note(place) => place < state.scenario.notes.len(),
        Writing::NewNote(_) => true,
    };
    if !is_there {
        return Vec::new();
    }
    let what = match what {
        // An upright diagram has no places of its own: the note comes below the nodes of a wide page.
        Writing::NewNote(_) if state.upright.is_some() => Writing::NewNote(below_all(state)),
        what => what,
    };
    if let Writing::Note(place) = what {
        select(state, Selection::Note(place));
    }
    state.panels.writing = Some(what);
    vec![Effect::Focus(Focus::Writing)]
}

/// A free place below the nodes, as they stand on a page with room for them.
fn below_all(state: &EditorState) -> Point {
    let places = desk_places(state);
    let rects = places.iter().map(|(id, at)| Rect::new(*at, full_size(state, id)));
    let notes = state.scenario.notes.iter().map(|note| Rect::new(note.at.into(), note_size(&note.text)));
    let all = rects.chain(notes).reduce(|all, rect| all.union(&rect)).unwrap_or_default();
    Point::new(all.origin.x, all.bottom() + 2.0 * GRID).snapped()
}

pub(super) fn add_note(state: &mut EditorState) -> Vec<Effect> {
    let at = state.viewport.seen().center().moved(-100.0, -20.0).snapped();
    write(state, Writing::NewNote(at))
}

/// What was written takes the place of what was there. A note without a text goes.
pub(super) fn written(state: &mut EditorState, text: Option<String>) -> Vec<Effect> {
    let (Some(what), Some(text)) = (state.panels.writing.take(), text) else { return Vec::new() };
    let text = text.trim().to_owned();
    let mut notes = state.scenario.notes.clone();
    match what {
        Writing::Group(place) => {
            let mut groups = state.scenario.groups.clone();
            if let Some(group) = groups.get_mut(place).filter(|_| !text.is_empty()) {
                group.title = text;
            }
            return change(state, &Edit::SetGroups(groups));
        }
        Writing::NewNote(_) if text.is_empty() => return Vec::new(),
        Writing::NewNote(at) => notes.push(Note { text, at: at.into() }),
        Writing::Note(place) if text.is_empty() => return remove_note(state, place),
        Writing::Note(place) => {
            if let Some(note) = notes.get_mut(place) {
                note.text = text;
            }
        }
    }
    let place = if let Writing::Note(place) = what { place } else { notes.len() - 1 };
    let effects = change(state, &Edit::SetNotes(notes));
    if place < state.scenario.notes.len() {
        select(state, Selection::Note(place));
    }
    effects
}

pub(crate) fn move_note(state: &mut EditorState, place: usize, to: Point) -> Vec<Effect> {
    let mut notes = state.scenario.notes.clone();
    if let Some(note) = notes.get_mut(place) {
        note.at = to.into();
    }
    change(state, &Edit::SetNotes(notes))
}

pub(super) fn remove_note(state: &mut EditorState, place: usize) -> Vec<Effect> {
    let mut notes = state.scenario.notes.clone();
    if place >= notes.len() {
        return Vec::new();
    }
    notes.remove(place);
    select(state, Selection::Nothing);
    let mut effects = change(state, &Edit::SetNotes(notes));
    effects.push(tell(state, "Deleted a note.", true));
    effects
}
