//! What a menu offers for what was pointed at.

use crate::action::{Action, Alignment, Axis, Command};
use crate::edit::Edit;
use crate::geometry::Point;
use crate::panels::Writing;
use crate::state::EditorState;
use crate::tool::HitTarget;
use crate::view::drawing::group_of_selection;

/// Something a menu offers.
#[derive(Clone, Debug, PartialEq)]
pub struct MenuItem {
    /// File name of its icon.
    pub icon: &'static str,
    /// What it says.
    pub name: &'static str,
    /// The key that does the same; empty if there is none.
    pub key: &'static str,
    /// What it does.
    pub action: Action,
}

/// A part of a menu.
#[derive(Clone, Debug, PartialEq)]
pub enum MenuPart {
    /// A line of its own.
    Item(MenuItem),
    /// Icons side by side.
    Icons(Vec<MenuItem>),
    /// A line between two parts.
    Line,
}

fn item(icon: &'static str, name: &'static str, key: &'static str, action: Action) -> MenuItem {
    MenuItem { icon, name, key, action }
}

fn command(icon: &'static str, name: &'static str, key: &'static str, command: Command) -> MenuPart {
    MenuPart::Item(item(icon, name, key, Action::Command(command)))
}

/// Ways to bring several nodes into order, for menus and the inspector.
pub fn align_items() -> Vec<MenuItem> {
    let align = |icon, name, alignment| item(icon, name, "", Action::Command(Command::Align(alignment)));
    vec![
        align("align-left", "Align left", Alignment::Left),
        align("align-centre", "Align centre", Alignment::Centre),
        align("align-right", "Align right", Alignment::Right),
        align("align-top", "Align top", Alignment::Top),
        align("align-middle", "Align middle", Alignment::Middle),
        align("align-bottom", "Align bottom", Alignment::Bottom),
    ]
}

/// Ways to make their spaces the same.
pub fn distribute_items() -> Vec<MenuItem> {
    let spread = |icon, name, axis| item(icon, name, "", Action::Command(Command::Distribute(axis)));
    vec![
        spread("spread-across", "Distribute across", Axis::Across),
        spread("spread-down", "Distribute down", Axis::Down),
    ]
}

/// What can be done with what is under the pointer; `at` is where that is, world units.
pub fn menu(state: &EditorState, target: &HitTarget, at: Point) -> Vec<MenuPart> {
    match target {
        HitTarget::Node(id) | HitTarget::Port(id) | HitTarget::Lane { of: id, .. } => {
            let several = state.selection.nodes().count() > 1 && state.selection.has_node(id);
            if several { of_several(state) } else { of_node() }
        }
        HitTarget::Group(place) => {
            let write = Action::Write(Writing::Group(*place));
            let mut parts = vec![MenuPart::Item(item("code", "Rename", "", write))];
            parts.extend(of_several(state));
            parts
        }
        HitTarget::Note(place) => vec![
            MenuPart::Item(item("code", "Edit", "", Action::Write(Writing::Note(*place)))),
            command("copy", "Copy", "Ctrl C", Command::Copy),
            command("copy", "Duplicate", "Ctrl D", Command::Duplicate),
            command("close", "Delete", "Del", Command::Delete),
        ],
        HitTarget::Link(ends) => vec![
            MenuPart::Item(item("eye", "Inspect", "", Action::OpenLink(ends.clone()))),
            command("bolt", "Inject fault", "X", Command::InjectFault),
            MenuPart::Item(item("close", "Delete", "Del", Action::Edit(Edit::Disconnect(ends.clone())))),
        ],
        HitTarget::Ground | HitTarget::Palette { .. } | HitTarget::Outside => of_ground(state, at),
    }
}

fn of_node() -> Vec<MenuPart> {
    vec![
        command("eye", "Inspect", "Enter", Command::OpenInspector),
        command("link", "Connect to", "C", Command::Connect),
        command("bolt", "Inject fault", "X", Command::InjectFault),
        command("code", "Rename", "F2", Command::Rename),
        command("grid", "Select several", "Shift", Command::SelectSeveral),
        MenuPart::Line,
        command("copy", "Copy", "Ctrl C", Command::Copy),
        command("copy", "Duplicate", "Ctrl D", Command::Duplicate),
        command("close", "Delete", "Del", Command::Delete),
    ]
}

fn of_several(state: &EditorState) -> Vec<MenuPart> {
    let grouped = group_of_selection(state).is_some();
    let mut parts = Vec::new();
    // An upright diagram arranges itself.
    if state.upright.is_none() {
        parts.extend([MenuPart::Icons(align_items()), MenuPart::Icons(distribute_items()), MenuPart::Line]);
    }
    parts.extend([
        command("group", if grouped { "Ungroup" } else { "Group" }, "G", Command::Group),
        command("copy", "Copy", "Ctrl C", Command::Copy),
        command("copy", "Cut", "Ctrl X", Command::Cut),
        command("copy", "Duplicate", "Ctrl D", Command::Duplicate),
        command("close", "Delete", "Del", Command::Delete),
    ]);
    parts
}

fn of_ground(state: &EditorState, at: Point) -> Vec<MenuPart> {
    let mut parts = vec![
        command("plus", "Add a component", "A", Command::AddComponent),
        MenuPart::Item(item("note", "Add a note", "", Action::Write(Writing::NewNote(at.snapped())))),
        command("copy", "Paste", "Ctrl V", Command::Paste),
        command("grid", "Select every node", "Ctrl A", Command::SelectAll),
        MenuPart::Line,
    ];
    if state.upright.is_none() {
        parts.push(command("grid", "Arrange", "", Command::Arrange));
    }
    parts.push(command("fit", "Fit everything", "Shift 1", Command::FitAll));
    parts
}
