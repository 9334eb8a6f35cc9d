//! Copy, cut, paste and duplicate.

use std::collections::BTreeSet;

use messaging::LogicalId;
use scenario::Scenario;

use super::document::{change, desk_places};
use super::session::{reveal, select};
use super::{fail, tell};
use crate::action::{Action, Command};
use crate::clipboard::{copied, copied_text, moved, read};
use crate::edit::{Edit, with_fresh_names};
use crate::effect::{Effect, Focus};
use crate::geometry::{GRID, Point, Rect, Size};
use crate::layout::{free_place, places, taken};
use crate::selection::Selection;
use crate::state::EditorState;
use crate::view::{card, full_size, note_size};

pub(super) fn copy(state: &mut EditorState) -> Vec<Effect> {
    match copied_text(state) {
        Some(text) => vec![Effect::CopyText(text), said(state, "Copied")],
        None => fail(state, "Select what shall be copied."),
    }
}

pub(super) fn cut(state: &mut EditorState) -> Vec<Effect> {
    let Some(text) = copied_text(state) else { return fail(state, "Select what shall be cut.") };
    let mut effects = vec![Effect::CopyText(text)];
    effects.extend(super::reduce(state, Action::Command(Command::Delete)));
    effects
}

/// What was copied is said in a few words.
pub(super) fn said(state: &mut EditorState, word: &str) -> Effect {
    let what = copied(state).map_or_else(String::new, |copy| amount(&copy));
    tell(state, format!("{word} {what}."), false)
}

fn amount(fragment: &Scenario) -> String {
    let some = |count: usize, one: &str, many: &str| match count {
        0 => None,
        1 => Some(format!("1 {one}")),
        _ => Some(format!("{count} {many}")),
    };
    let parts = [
        some(fragment.resources.len(), "node", "nodes"),
        some(fragment.links.len(), "link", "links"),
        some(fragment.notes.len(), "note", "notes"),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// Puts a text of the clipboard into the diagram: under the pointer, or beside what is there; one step of undo.
pub(super) fn paste(state: &mut EditorState, text: &str, at: Option<Point>) -> Vec<Effect> {
    let fragment = match read(text) {
        Ok(fragment) => fragment,
        Err(reason) => return fail(state, reason),
    };
    if fragment.resources.is_empty() && fragment.notes.is_empty() {
        return fail(state, "There is nothing in it to paste.");
    }
    let scripted = !fragment.timeline.is_empty() || !fragment.expectations.is_empty();
    if state.scenario.resources.is_empty() && (scripted || !fragment.title.is_empty()) {
        // A whole document on an empty canvas is that document.
        let effects = change(state, &Edit::Replace(Box::new(fragment)));
        super::session::fit_all(state);
        return effects;
    }
    let at = at.filter(|_| state.upright.is_none()).map(|at| state.viewport.to_world(at));
    let pasted = amount(&fragment);
    let mut effects = insert(state, &fragment, at);
    let left = if scripted { " Its timeline and expectations were left out." } else { "" };
    effects.push(tell(state, format!("Pasted {pasted}.{left}"), true));
    effects
}

pub(super) fn duplicate(state: &mut EditorState) -> Vec<Effect> {
    match copied(state) {
        Some(copy) => insert(state, &copy, None),
        None => Vec::new(),
    }
}

/// Adds a piece of a document with names and at a place of its own, and selects it.
fn insert(state: &mut EditorState, fragment: &Scenario, middle: Option<Point>) -> Vec<Effect> {
    let mut fresh = with_fresh_names(&state.scenario, fragment);
    let size = |id: &LogicalId| match state.scenario.resources.contains_key(id) {
        true => full_size(state, id),
        // Until the engine says what the card will show.
        false => super::document::roomy(card::full_size(id.as_str(), None, 0)),
    };
    // What has no place gets one among its own.
    fresh.layout = places(&fresh, &size).iter().map(|(id, at)| (id.clone(), (*at).into())).collect();
    let nodes = fresh.layout.iter().map(|(id, at)| Rect::new(Point::from(*at), size(id)));
    let notes = fresh.notes.iter().map(|note| Rect::new(Point::from(note.at), note_size(&note.text)));
    let Some(bounds) = nodes.chain(notes).reduce(|all, rect| all.union(&rect)) else { return Vec::new() };
    let to = match middle {
        Some(at) => under_pointer(state, at, bounds.size),
        None => free_place(
            &taken(&desk_places(state), &|id| full_size(state, id)),
            bounds.size,
            bounds.origin.moved(2.0 * GRID, 2.0 * GRID),
        ),
    };
    let fresh = moved(fresh, Point::new(to.x - bounds.origin.x, to.y - bounds.origin.y));
    let copies: BTreeSet<LogicalId> = fresh.resources.keys().cloned().collect();
    let note = state.scenario.notes.len();
    let mut effects = change(state, &Edit::Merge(Box::new(fresh)));
    match copies.first().cloned() {
        Some(first) if state.scenario.resources.contains_key(&first) => {
            select(state, Selection::Nodes(copies));
            reveal(state, &first);
            effects.push(Effect::Focus(Focus::Node(first)));
        }
        None if state.scenario.notes.len() > note => select(state, Selection::Note(note)),
        _ => {}
    }
    effects
}

/// Under the pointer; pasted again at the same place, a little further on.
fn under_pointer(state: &EditorState, middle: Point, size: Size) -> Point {
    let mut at = middle.moved(-size.width / 2.0, -size.height / 2.0).snapped();
    let notes = || state.scenario.notes.iter().map(|note| Point::from(note.at));
    while state.places.values().copied().chain(notes()).any(|other| other == at) {
        at = at.moved(2.0 * GRID, 2.0 * GRID);
    }
    at
}
