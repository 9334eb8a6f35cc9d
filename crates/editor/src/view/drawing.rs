//! Groups and notes, as they are drawn.

use messaging::LogicalId;
use messaging::node_state::Health;

use crate::geometry::{Point, Rect, Size};
use crate::panels::Writing;
use crate::selection::Selection;
use crate::state::EditorState;
use crate::tool::Tool;
use crate::view::nodes::full_size;

/// Width of a note, px at 100 %.
pub const NOTE_WIDTH: f64 = 200.0;
/// Height of a note's line, and space above and below its text.
const NOTE_LINE: f64 = 18.0;
const NOTE_PADDING: f64 = 16.0;
/// Letters that a line of a note holds, about.
const NOTE_LETTERS: usize = 30;
/// Space around the nodes of a group, and above them, where its title is.
const GROUP_MARGIN: f64 = 20.0;
const GROUP_TITLE: f64 = 40.0;

/// How much room a note takes, about: the stylesheet knows better, but only for the page.
pub(crate) fn note_size(text: &str) -> Size {
    let lines = text.split('\n').map(|line| line.chars().count().div_ceil(NOTE_LETTERS).max(1));
    Size::new(NOTE_WIDTH, NOTE_PADDING + NOTE_LINE * lines.sum::<usize>() as f64)
}

/// A note.
#[derive(Clone, Debug, PartialEq)]
pub struct NoteView {
    /// Its place in the document; nothing while it is being written for the first time.
    pub place: Option<usize>,
    /// What it says.
    pub text: String,
    /// Its top left corner, world units.
    pub at: Point,
    /// It is selected.
    pub selected: bool,
    /// It is being written.
    pub writing: bool,
}

/// The notes, and the one being written. An upright diagram has no places for them: there they are in the outline.
pub fn note_views(state: &EditorState) -> Vec<NoteView> {
    if state.upright.is_some() {
        return Vec::new();
    }
    let moved = match &state.tool {
        Tool::Move { note: Some((place, _)), delta, .. } => Some((*place, *delta)),
        _ => None,
    };
    let notes = state.scenario.notes.iter().enumerate().map(|(place, note)| {
        let delta = moved.filter(|(moved, _)| *moved == place).map_or(Point::default(), |(_, delta)| delta);
        NoteView {
            place: Some(place),
            text: note.text.clone(),
            at: Point::from(note.at).moved(delta.x, delta.y),
            selected: state.selection == Selection::Note(place),
            writing: state.panels.writing == Some(Writing::Note(place)),
        }
    });
    let new = match state.panels.writing {
        Some(Writing::NewNote(at)) => {
            Some(NoteView { place: None, text: String::new(), at, selected: true, writing: true })
        }
        _ => None,
    };
    notes.chain(new).collect()
}

/// A group.
#[derive(Clone, Debug, PartialEq)]
pub struct GroupView {
    /// Its place in the document.
    pub place: usize,
    /// Its title.
    pub title: String,
    /// How many nodes it has, and how many are in trouble.
    pub count: String,
    /// Around its nodes, world units.
    pub rect: Rect,
    /// All of its nodes are selected, and no other.
    pub selected: bool,
    /// Its title is being written.
    pub writing: bool,
}

/// The groups, as titled regions behind their nodes; none in an upright diagram.
pub fn group_views(state: &EditorState) -> Vec<GroupView> {
    if state.upright.is_some() {
        return Vec::new();
    }
    let selected = group_of_selection(state);
    let view = |(place, group): (usize, &scenario::Group)| {
        let rect =
            group.resources.iter().map(|id| rect_of(state, id)).reduce(|all, rect| all.union(&rect))?;
        let rect = Rect::new(
            rect.origin.moved(-GROUP_MARGIN, -GROUP_TITLE),
            Size::new(rect.size.width + 2.0 * GROUP_MARGIN, rect.size.height + GROUP_TITLE + GROUP_MARGIN),
        );
        Some(GroupView {
            place,
            title: group.title.clone(),
            count: count(state, &group.resources),
            rect,
            selected: selected == Some(place),
            writing: state.panels.writing == Some(Writing::Group(place)),
        })
    };
    state.scenario.groups.iter().enumerate().filter_map(view).collect()
}

/// What is drawn around the nodes and is seen with them.
pub(crate) fn drawn_around(state: &EditorState) -> Vec<Rect> {
    let notes = note_views(state).into_iter().map(|note| Rect::new(note.at, note_size(&note.text)));
    group_views(state).into_iter().map(|group| group.rect).chain(notes).collect()
}

/// A group or a note, as the outline and the list of commands name it.
#[derive(Clone, Debug, PartialEq)]
pub struct DrawingItem {
    /// File name of its icon.
    pub icon: &'static str,
    /// Its title, or the first words of its text.
    pub text: String,
    /// What a screen reader says of it.
    pub label: String,
    /// It is selected.
    pub selected: bool,
    /// What selects it.
    pub selection: Selection,
}

/// The groups and the notes, in the order of the document.
pub fn drawing_items(state: &EditorState) -> Vec<DrawingItem> {
    let own = group_of_selection(state);
    let groups = state.scenario.groups.iter().enumerate().map(|(place, group)| DrawingItem {
        icon: "group",
        text: group.title.clone(),
        label: format!("{}, group, {}", group.title, count(state, &group.resources)),
        selected: own == Some(place),
        selection: Selection::Nodes(group.resources.iter().cloned().collect()),
    });
    let notes = state.scenario.notes.iter().enumerate().map(|(place, note)| DrawingItem {
        icon: "note",
        text: note.text.lines().next().unwrap_or_default().chars().take(60).collect(),
        label: format!("Note: {}", note.text),
        selected: state.selection == Selection::Note(place),
        selection: Selection::Note(place),
    });
    groups.chain(notes).collect()
}

/// Where a node's full card is, also while it is dragged.
fn rect_of(state: &EditorState, id: &LogicalId) -> Rect {
    let at = state.places.get(id).copied().unwrap_or_default();
    let delta = match &state.tool {
        Tool::Move { delta, nodes, .. } if nodes.contains_key(id) => *delta,
        _ => Point::default(),
    };
    Rect::new(at.moved(delta.x, delta.y), full_size(state, id))
}

fn count(state: &EditorState, members: &[LogicalId]) -> String {
    let health = |id: &LogicalId| state.run.nodes.get(id).map_or(Health::Ok, |run| run.state.health);
    let troubled = members.iter().filter(|id| health(id) > Health::NearQuota).count();
    let nodes = if members.len() == 1 { "1 node".to_owned() } else { format!("{} nodes", members.len()) };
    if troubled == 0 { nodes } else { format!("{nodes}, {troubled} in trouble") }
}

/// The group whose nodes are selected, and no other node.
pub(crate) fn group_of_selection(state: &EditorState) -> Option<usize> {
    let Selection::Nodes(nodes) = &state.selection else { return None };
    state.scenario.groups.iter().position(|group| {
        group.resources.len() == nodes.len() && group.resources.iter().all(|id| nodes.contains(id))
    })
}
