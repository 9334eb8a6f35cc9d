//! Everything that can be done or found, by name.

use scenario::gallery;

use crate::action::{Action, Alignment, Axis, Command};
use crate::branches::BranchAction;
use crate::edit::title_and_icon;
use crate::panels::{Dialog, DockTab, Screen};
use crate::selection::Selection;
use crate::state::EditorState;
use crate::text::TextAction;

/// The most entries that are listed. Ours: more are found by typing more.
const MOST: usize = 60;

/// Something that can be done, or gone to.
#[derive(Clone, Debug, PartialEq)]
pub struct CommandEntry {
    /// File name of its icon.
    pub icon: &'static str,
    /// What it is called.
    pub title: String,
    /// What kind of thing it is: `Command`, a kind of node, `Add`, `Scenario`, `Your diagram`.
    pub detail: String,
    /// The key that does the same; empty if there is none.
    pub key: &'static str,
    /// What it does.
    pub action: Action,
}

/// Icon, name, key, and what it does.
type Row = (&'static str, &'static str, &'static str, Command);

const ALWAYS: &[Row] = &[
    ("play", "Play or pause", "Space", Command::TogglePlay),
    ("step", "Step", ".", Command::StepForward),
    ("step-back", "One second back", ",", Command::StepBack),
    ("clock", "Faster", "]", Command::Faster),
    ("clock", "Slower", "[", Command::Slower),
    ("restart", "Go to the start", "Home", Command::ToStart),
    ("flag", "Return to live", "End", Command::ToLive),
    ("flag", "Next flag", "Shift .", Command::NextFlag),
    ("flag", "Previous flag", "Shift ,", Command::PreviousFlag),
    ("plus", "Add a component", "A", Command::AddComponent),
    ("note", "Add a note", "", Command::AddNote),
    ("bolt", "Inject fault", "X", Command::InjectFault),
    ("warn", "Next problem", "N", Command::NextProblem),
    ("undo", "Undo", "Ctrl Z", Command::Undo),
    ("redo", "Redo", "Shift Ctrl Z", Command::Redo),
    ("copy", "Paste", "Ctrl V", Command::Paste),
    ("grid", "Select every node", "Ctrl A", Command::SelectAll),
    ("flag", "Branch here", "B", Command::Branch),
    ("grid", "Arrange", "", Command::Arrange),
    ("fit", "Fit everything", "Shift 1", Command::FitAll),
    ("plus", "Zoom in", "+", Command::ZoomIn),
    ("minus", "Zoom out", "−", Command::ZoomOut),
    ("fit", "Zoom to 100 %", "0", Command::ZoomToFull),
    ("minimap", "Show or hide the minimap", "", Command::Minimap),
    ("eye", "Colour by the next thing", "L", Command::ColourBy),
    ("metrics", "Metrics", "M", Command::ShowDock(DockTab::Metrics)),
    ("journey", "Journeys", "J", Command::ShowDock(DockTab::Journeys)),
    ("log", "Events", "V", Command::ShowDock(DockTab::Events)),
    ("share", "Share", "Ctrl Shift S", Command::Share),
    ("keyboard", "Keyboard shortcuts", "?", Command::Shortcuts),
];

const WITH_NODES: &[Row] = &[
    ("link", "Connect from the selection", "C", Command::Connect),
    ("sliders", "Open the inspector", "Enter", Command::OpenInspector),
    ("code", "Rename", "F2", Command::Rename),
    ("copy", "Copy", "Ctrl C", Command::Copy),
    ("copy", "Cut", "Ctrl X", Command::Cut),
    ("copy", "Duplicate", "Ctrl D", Command::Duplicate),
    ("close", "Delete", "Del", Command::Delete),
    ("group", "Group or ungroup", "G", Command::Group),
    ("grid", "Select several", "Shift", Command::SelectSeveral),
    ("metrics", "Pin a metric as a track", "P", Command::PinMetric),
    ("fit", "Fit the selection", "Shift 2", Command::FitSelection),
];

const WITH_SEVERAL: &[Row] = &[
    ("align-left", "Align left", "", Command::Align(Alignment::Left)),
    ("align-centre", "Align centre", "", Command::Align(Alignment::Centre)),
    ("align-right", "Align right", "", Command::Align(Alignment::Right)),
    ("align-top", "Align top", "", Command::Align(Alignment::Top)),
    ("align-middle", "Align middle", "", Command::Align(Alignment::Middle)),
    ("align-bottom", "Align bottom", "", Command::Align(Alignment::Bottom)),
    ("spread-across", "Distribute across", "", Command::Distribute(Axis::Across)),
    ("spread-down", "Distribute down", "", Command::Distribute(Axis::Down)),
];

/// What is found for what was typed: best first, and in the order nodes, commands, components, scenarios otherwise.
pub fn narrowed<'a>(all: &'a [CommandEntry], find: &str) -> Vec<&'a CommandEntry> {
    let find = find.trim().to_lowercase();
    let mut found: Vec<(u8, &CommandEntry)> =
        all.iter().filter_map(|entry| Some((rank(entry, &find)?, entry))).collect();
    found.sort_by_key(|(rank, _)| *rank);
    found.into_iter().take(MOST).map(|(_, entry)| entry).collect()
}

/// How well an entry fits: 0 if its name begins so, 1 if a word of it does, 2 if it is somewhere in it.
fn rank(entry: &CommandEntry, find: &str) -> Option<u8> {
    let title = entry.title.to_lowercase();
    if title.starts_with(find) {
        return Some(0);
    }
    let text = format!("{title} {}", entry.detail.to_lowercase());
    let words = || find.split_whitespace();
    let begins = |word: &str| text.split([' ', '-', '_', '.']).any(|part| part.starts_with(word));
    if words().all(begins) {
        return Some(1);
    }
    words().all(|word| text.contains(word)).then_some(2)
}

/// Everything that can be done or gone to now.
pub fn command_entries(state: &EditorState) -> Vec<CommandEntry> {
    let entry = |icon, title: &str, detail: &str, key, action| CommandEntry {
        icon,
        title: title.into(),
        detail: detail.into(),
        key,
        action,
    };
    let mut all = Vec::new();
    for (id, properties) in &state.scenario.resources {
        let (kind, icon) = title_and_icon(properties);
        all.push(entry(icon, id.as_str(), kind, "", Action::GoTo(id.clone())));
    }
    for item in super::drawing::drawing_items(state) {
        let kind = if item.icon == "note" { "Note" } else { "Group" };
        all.push(entry(item.icon, &item.text, kind, "", Action::See(item.selection)));
    }
    let selected = state.selection.nodes().count();
    let one = usize::from(state.selection != Selection::Nothing);
    let rows = [(ALWAYS, 0), (WITH_NODES, 1), (WITH_SEVERAL, 2)];
    let rows = rows.iter().filter(|(_, least)| selected.max(one) >= *least).flat_map(|(rows, _)| rows.iter());
    all.extend(
        rows.map(|(icon, name, key, command)| entry(*icon, name, "Command", *key, Action::Command(*command))),
    );
    all.extend([
        entry("code", "Edit as text", "Command", "", Action::Text(TextAction::Open)),
        entry("download", "Save file", "Command", "", Action::DownloadDocument),
        entry("share", "Import a file or a link", "Command", "", Action::ShowDialog(Some(Dialog::Import))),
        entry("check", "Hints", "Command", "", Action::ShowDialog(Some(Dialog::Hints))),
        entry("grid", "All scenarios", "Command", "", Action::ShowScreen(Screen::Gallery)),
        entry("plus", "New diagram", "Command", "", Action::NewDocument),
    ]);
    for branch in state.branches.all.iter().filter(|branch| branch.id != state.branches.current) {
        let name = crate::branches::name(branch.id);
        let compared = state.branches.compared == Some(branch.id);
        let (word, with) = if compared { ("Stop comparing", None) } else { ("Compare", Some(branch.id)) };
        let act = |title: String, action| entry("journey", &title, "Run", "", Action::Branch(action));
        all.push(act(format!("{word} with {name}"), BranchAction::Compare(with)));
        all.push(act(format!("Switch to {name}"), BranchAction::SwitchTo(branch.id)));
    }
    for item in super::palette::items() {
        let action = Action::Add { kind: item.kind, preset: item.preset, at: None };
        all.push(entry(item.icon, &format!("Add {}", item.title), "Component", "", action));
    }
    for draft in state.drafts.iter() {
        let action = Action::ChooseDraft(draft.id.clone());
        all.push(entry("clock", &draft.title, "Your diagram", "", action));
    }
    for scenario in gallery::ALL {
        let action = Action::OpenGallery(scenario.name.into());
        all.push(entry("grid", &scenario.scenario().title, "Scenario", "", action));
    }
    all
}
