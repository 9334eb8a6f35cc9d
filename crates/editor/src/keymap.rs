//! Which key does what (UI.md section 7).

use crate::action::{Command, Direction};
use crate::panels::DockTab;

/// A key that was pressed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KeyInput {
    /// `KeyboardEvent.key`.
    pub key: String,
    /// Control, or Command on a Mac.
    pub control: bool,
    /// Shift.
    pub shift: bool,
    /// Alt.
    pub alt: bool,
    /// The focus is in a field for text, where letters are letters.
    pub in_text: bool,
    /// The focus is on the canvas or a node, where arrows and Enter are the diagram's.
    pub on_canvas: bool,
}

/// What the key asks for; nothing if the browser shall have it.
pub fn command_of(input: &KeyInput, single_keys: bool) -> Option<Command> {
    let key = input.key.as_str();
    if input.control {
        return with_control(input);
    }
    if key == "F6" {
        return Some(if input.shift { Command::PreviousRegion } else { Command::NextRegion });
    }
    if key == "Escape" {
        return Some(Command::Back);
    }
    if input.in_text {
        return None;
    }
    if input.on_canvas
        && let Some(command) = on_canvas(input)
    {
        return Some(command);
    }
    if single_keys && !input.alt { single(input) } else { None }
}

fn with_control(input: &KeyInput) -> Option<Command> {
    let key = input.key.to_ascii_lowercase();
    Some(match (key.as_str(), input.shift) {
        ("s", true) => Command::Share,
        ("k", false) if !input.alt => Command::Commands,
        _ if input.in_text || input.alt => return None,
        ("z", false) => Command::Undo,
        ("z", true) | ("y", false) => Command::Redo,
        ("d", false) => Command::Duplicate,
        ("a", false) if input.on_canvas => Command::SelectAll,
        _ => return None,
    })
}

fn on_canvas(input: &KeyInput) -> Option<Command> {
    let direction = match input.key.as_str() {
        "ArrowLeft" => Some(Direction::Left),
        "ArrowRight" => Some(Direction::Right),
        "ArrowUp" => Some(Direction::Up),
        "ArrowDown" => Some(Direction::Down),
        _ => None,
    };
    if let Some(direction) = direction {
        return Some(if input.alt { Command::Nudge(direction) } else { Command::MoveFocus(direction) });
    }
    Some(match input.key.as_str() {
        "Enter" => Command::OpenInspector,
        "F2" => Command::Rename,
        "Delete" | "Backspace" => Command::Delete,
        _ => return None,
    })
}

fn single(input: &KeyInput) -> Option<Command> {
    let lower = input.key.to_ascii_lowercase();
    Some(match (lower.as_str(), input.shift) {
        (" ", false) => Command::TogglePlay,
        (".", false) => Command::StepForward,
        (",", false) => Command::StepBack,
        (">", _) | (".", true) => Command::NextFlag,
        ("<", _) | (",", true) => Command::PreviousFlag,
        ("[", _) => Command::Slower,
        ("]", _) => Command::Faster,
        ("home", _) => Command::ToStart,
        ("end", _) => Command::ToLive,
        ("b", false) => Command::Branch,
        ("g", false) => Command::Group,
        ("a", false) => Command::AddComponent,
        ("/", _) => Command::Find,
        ("c", false) => Command::Connect,
        ("x", false) => Command::InjectFault,
        ("f", false) => Command::Follow,
        ("n", false) => Command::NextProblem,
        ("l", false) => Command::ColourBy,
        ("m", false) => Command::ShowDock(DockTab::Metrics),
        ("j", false) => Command::ShowDock(DockTab::Journeys),
        ("v", false) => Command::ShowDock(DockTab::Events),
        ("p", false) => Command::PinMetric,
        ("f2", _) => Command::Rename,
        ("delete", _) => Command::Delete,
        ("+" | "=", _) => Command::ZoomIn,
        ("-" | "_", _) => Command::ZoomOut,
        ("0", false) => Command::ZoomToFull,
        ("!" | "1", true) => Command::FitAll,
        ("@" | "\"" | "2", true) => Command::FitSelection,
        ("?", _) => Command::Shortcuts,
        _ => return None,
    })
}

/// The sheet of keys: what to press, and what it does.
pub const SHEET: &[(&str, &str)] = &[
    ("Space", "Play, pause"),
    (". ,", "Step forward, back"),
    ("[ ]", "Slower, faster"),
    ("Home End", "Start, live"),
    ("Shift . ,", "Next, previous flag; in journeys, trouble"),
    ("B", "Branch here"),
    ("A", "Add component"),
    ("/ Ctrl K", "Find: commands, nodes, components, scenarios"),
    ("C", "Connect from selection"),
    ("X", "Inject fault"),
    ("Arrows", "Nearest node that way"),
    ("Alt arrows", "Move node by grid"),
    ("Tab", "Next link of the node, then next node"),
    ("Enter", "Open inspector"),
    ("Esc", "Back out one level"),
    ("F2", "Rename"),
    ("G", "Group, ungroup"),
    ("Ctrl A", "Select every node"),
    ("Ctrl C X V", "Copy, cut, paste"),
    ("Ctrl D", "Duplicate"),
    ("Del", "Delete"),
    ("Ctrl Z", "Undo"),
    ("Shift Ctrl Z", "Redo"),
    ("F", "Follow message or selection"),
    ("L", "Colour by"),
    ("N", "Next problem"),
    ("M J V", "Metrics, journeys, events"),
    ("P", "Pin metric as track"),
    ("+ −", "Zoom"),
    ("Shift 1", "Fit all"),
    ("Shift 2", "Fit selection"),
    ("F6", "Next region"),
    ("Ctrl Shift S", "Share"),
    ("?", "Shortcuts"),
];
