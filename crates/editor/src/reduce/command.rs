//! What keys, buttons and menus ask for.

use std::collections::BTreeSet;

use kernel::{SimDuration, SimTime};
use messaging::LogicalId;
use messaging::node_state::Health;

use super::session::{fit, fit_all, look, open_inspector, reveal, select, start_connect};
use super::{clipboard, document, drawing, fail, reduce, tell};
use crate::action::{Action, Command, Direction};
use crate::edit::Edit;
use crate::effect::{Effect, Focus};
use crate::geometry::Point;
use crate::keymap::{KeyInput, command_of};
use crate::panels::{Dialog, DockTab, Sheet, Writing};
use crate::selection::Selection;
use crate::state::EditorState;
use crate::tool::{self, Tool};
use crate::view::{node_rect, tracks};
use crate::viewport::ZOOM_STEP;

pub(super) fn key(state: &mut EditorState, input: &KeyInput) -> Vec<Effect> {
    if let Some(effects) = tool::key(state, input) {
        return effects;
    }
    let Some(command) = command_of(input, state.panels.single_keys) else { return Vec::new() };
    // Tab, arrows and screen readers come to a node without selecting it, also while another one is selected.
    let selected = state.selection.single_node();
    let elsewhere = input.on_canvas && selected.is_some() && selected != state.focused.as_ref();
    if matches!(command, Command::OpenInspector | Command::Connect | Command::Rename)
        && (state.selection == Selection::Nothing || elsewhere)
        && let Some(focused) = state.focused.clone()
    {
        select(state, Selection::node(focused));
    }
    run(state, command)
}

pub(super) fn run(state: &mut EditorState, command: Command) -> Vec<Effect> {
    match command {
        Command::TogglePlay => {
            let playing = state.playback.transport.playing;
            reduce(state, if playing { Action::Pause } else { Action::Play })
        }
        Command::StepForward => reduce(state, Action::Step),
        Command::StepBack => {
            let at = state.playback.playhead().as_micros().saturating_sub(1_000_000);
            reduce(state, Action::SeekTo(SimTime::from_micros(at)))
        }
        Command::Slower => change_speed(state, 0.5),
        Command::Faster => change_speed(state, 2.0),
        Command::ToStart => reduce(state, Action::SeekTo(SimTime::ZERO)),
        Command::ToLive => {
            let furthest = state.playback.transport.furthest;
            reduce(state, Action::SeekTo(furthest))
        }
        Command::NextFlag | Command::PreviousFlag => {
            let forward = command == Command::NextFlag;
            let journeys = state.panels.dock_open && state.panels.dock_tab == DockTab::Journeys;
            if journeys { reduce(state, seek_trouble(forward)) } else { to_flag(state, forward) }
        }
        Command::Follow => crate::journey::toggle(state),
        Command::Branch => reduce(state, Action::Branch(crate::branches::BranchAction::Here)),
        Command::Undo | Command::Redo => undo_or_redo(state, command == Command::Undo),
        Command::Rename => rename(state),
        Command::Duplicate => clipboard::duplicate(state),
        Command::Copy => clipboard::copy(state),
        Command::Cut => clipboard::cut(state),
        Command::Paste => vec![Effect::ReadClipboard],
        Command::Delete => delete(state),
        Command::SelectAll => {
            let all: BTreeSet<LogicalId> = state.scenario.resources.keys().cloned().collect();
            let selection = if all.is_empty() { Selection::Nothing } else { Selection::Nodes(all) };
            select(state, selection);
            Vec::new()
        }
        Command::SelectSeveral => {
            state.panels.picking = !state.picks_several();
            if state.upright.is_some() {
                state.panels.sheet = Sheet::Half;
            }
            Vec::new()
        }
        Command::Connect => match state.selection.single_node().cloned() {
            Some(from) => start_connect(state, from),
            None => fail(state, "Select the node the link shall start at."),
        },
        Command::MoveFocus(direction) => move_focus(state, direction),
        Command::Nudge(direction) => drawing::nudge(state, vector(direction)),
        Command::NextProblem => next_problem(state),
        Command::PinMetric => pin_first_metric(state),
        Command::Arrange => drawing::arrange_all(state),
        Command::Align(alignment) => drawing::align(state, alignment),
        Command::Distribute(axis) => drawing::distribute(state, axis),
        Command::Group => drawing::group(state),
        Command::AddNote => drawing::add_note(state),
        other => show(state, other),
    }
}

/// Commands that only show something else.
fn show(state: &mut EditorState, command: Command) -> Vec<Effect> {
    let middle = Point::new(state.viewport.size.width / 2.0, state.viewport.size.height / 2.0);
    match command {
        Command::AddComponent => return open_dialog(state, Dialog::AddComponent),
        Command::InjectFault => return open_dialog(state, Dialog::InjectFault),
        Command::Share => return open_dialog(state, Dialog::Share),
        Command::Shortcuts => return open_dialog(state, Dialog::Shortcuts),
        Command::Find if state.panels.dock_open && state.panels.dock_tab == DockTab::Journeys => {
            return crate::journey::focus_find(state);
        }
        Command::Find | Command::Commands => return open_dialog(state, Dialog::Commands),
        Command::Minimap => state.panels.minimap = !state.panels.minimap,
        Command::OpenInspector => return open_inspector(state),
        Command::Back => return back(state),
        Command::ColourBy => {
            let legend = crate::view::legend(state);
            let place = legend.choices.iter().position(|by| *by == legend.by).map_or(0, |place| place + 1);
            if let Some(next) = legend.choices.get(place % legend.choices.len().max(1)).cloned() {
                return reduce(state, Action::SetColourBy(next));
            }
        }
        Command::ShowDock(tab) => {
            // The key of the tab that is open folds the dock away.
            state.panels.dock_open = !state.panels.dock_open || state.panels.dock_tab != tab;
            state.panels.dock_tab = tab;
        }
        Command::ZoomIn => look(state, state.viewport.zoomed_at(middle, ZOOM_STEP)),
        Command::ZoomOut => look(state, state.viewport.zoomed_at(middle, 1.0 / ZOOM_STEP)),
        Command::ZoomToFull => {
            look(state, state.viewport.zoomed_at(middle, 1.0 / state.viewport.zoom));
        }
        Command::FitAll => fit_all(state),
        Command::FitSelection => {
            let ids: Vec<LogicalId> = state.selection.nodes().cloned().collect();
            if ids.is_empty() { fit_all(state) } else { fit(state, &ids) }
        }
        Command::NextRegion => return vec![Effect::Focus(Focus::NextRegion)],
        Command::PreviousRegion => return vec![Effect::Focus(Focus::PreviousRegion)],
        _ => {}
    }
    Vec::new()
}

fn open_dialog(state: &mut EditorState, dialog: Dialog) -> Vec<Effect> {
    reduce(state, Action::ShowDialog(Some(dialog)))
}

/// Backs out one level: what is under way, dialog, rename, filter policy, selection.
fn back(state: &mut EditorState) -> Vec<Effect> {
    let canvas = vec![Effect::Focus(Focus::Canvas)];
    if !matches!(state.tool, Tool::Idle) {
        state.tool = Tool::Idle;
        return canvas;
    }
    if state.panels.dialog.is_some() {
        return reduce(state, Action::ShowDialog(None));
    }
    if state.picks_several() {
        state.panels.picking = false;
        return canvas;
    }
    if state.panels.renaming || state.panels.writing.is_some() {
        state.panels.renaming = false;
        state.panels.writing = None;
        return canvas;
    }
    if state.filter.take().is_some() {
        return canvas;
    }
    state.panels.notice = None;
    if state.selection == Selection::Nothing && state.journey.followed.is_some() {
        let mut effects = crate::journey::act(state, crate::journey::JourneyAction::Stop);
        effects.extend(canvas);
        return effects;
    }
    if state.selection == Selection::Nothing && state.text.as_ref().is_some_and(|text| !text.changed) {
        state.text = None;
        return canvas;
    }
    if state.selection != Selection::Nothing {
        select(state, Selection::Nothing);
        return canvas;
    }
    Vec::new()
}

fn change_speed(state: &mut EditorState, factor: f64) -> Vec<Effect> {
    let speed = state.playback.transport.speed * factor;
    reduce(state, Action::SetSpeed(speed))
}

fn to_flag(state: &mut EditorState, forward: bool) -> Vec<Effect> {
    let now = state.playback.playhead();
    let flags = tracks(state).flags;
    let mut times = flags.iter().map(|flag| flag.at);
    let to = if forward {
        times.filter(|at| *at > now).min()
    } else {
        // A flag just passed is the one to go back from.
        let before = now.as_micros().saturating_sub(SimDuration::from_millis(200).as_micros());
        times.by_ref().filter(|at| at.as_micros() < before).max()
    };
    match to {
        Some(to) => reduce(state, Action::SeekTo(to)),
        None => Vec::new(),
    }
}

const fn seek_trouble(forward: bool) -> Action {
    Action::Journey(crate::journey::JourneyAction::Seek { forward })
}

fn undo_or_redo(state: &mut EditorState, undo: bool) -> Vec<Effect> {
    let now = state.scenario.clone();
    let other = if undo { state.history.undo(&now) } else { state.history.redo(&now) };
    match other {
        Some(scenario) => {
            state.property_drafts.clear();
            if matches!(state.selection, Selection::Note(_)) && scenario.notes.len() != now.notes.len() {
                // Another note may have its place.
                state.selection = Selection::Nothing;
            }
            let mut effects = document::set_document(state, scenario);
            effects.push(tell(state, if undo { "Undone." } else { "Redone." }, false));
            state.panels.notice = None;
            effects
        }
        None => Vec::new(),
    }
}

fn rename(state: &mut EditorState) -> Vec<Effect> {
    if let Selection::Note(place) = state.selection {
        return reduce(state, Action::Write(Writing::Note(place)));
    }
    if let Some(place) =
        crate::view::group_of_selection(state).filter(|_| state.selection.nodes().count() > 1)
    {
        return reduce(state, Action::Write(Writing::Group(place)));
    }
    if state.selection.single_node().is_none() {
        return Vec::new();
    }
    state.panels.renaming = true;
    vec![Effect::Focus(Focus::Name)]
}

fn delete(state: &mut EditorState) -> Vec<Effect> {
    match state.selection.clone() {
        Selection::Nodes(nodes) => reduce(state, Action::Edit(Edit::Remove(nodes.into_iter().collect()))),
        Selection::Link(ends) => reduce(state, Action::Edit(Edit::Disconnect(ends))),
        Selection::Note(place) => drawing::remove_note(state, place),
        Selection::Nothing | Selection::Lane { .. } => Vec::new(),
    }
}

fn vector(direction: Direction) -> (f64, f64) {
    match direction {
        Direction::Left => (-1.0, 0.0),
        Direction::Right => (1.0, 0.0),
        Direction::Up => (0.0, -1.0),
        Direction::Down => (0.0, 1.0),
    }
}

/// To the nearest node that way: what lies aside counts double.
fn move_focus(state: &mut EditorState, direction: Direction) -> Vec<Effect> {
    let current = state.focused.clone().or_else(|| state.selection.single_node().cloned());
    let next = match &current {
        None => state.scenario.resources.keys().next().cloned(),
        Some(current) => nearest(state, current, direction),
    };
    let Some(next) = next else { return Vec::new() };
    select(state, Selection::node(next.clone()));
    reveal(state, &next);
    vec![Effect::Focus(Focus::Node(next))]
}

fn nearest(state: &EditorState, current: &LogicalId, direction: Direction) -> Option<LogicalId> {
    let (dx, dy) = vector(direction);
    let here = node_rect(state, current).center();
    let away = |id: &LogicalId| {
        let there = node_rect(state, id).center();
        let (x, y) = (there.x - here.x, there.y - here.y);
        let (along, aside) = (x * dx + y * dy, (x * dy - y * dx).abs());
        (along > 0.5 && aside <= 2.0 * along).then_some(along + 2.0 * aside)
    };
    let others = state.scenario.resources.keys().filter(|id| *id != current);
    let measured = others.filter_map(|id| Some((away(id)?, id)));
    measured.min_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, id)| id.clone())
}

fn next_problem(state: &mut EditorState) -> Vec<Effect> {
    let ids: Vec<&LogicalId> = state.scenario.resources.keys().collect();
    let start = state.selection.single_node().and_then(|id| ids.iter().position(|other| *other == id));
    let start = start.map_or(0, |place| place + 1);
    let health = |id: &LogicalId| state.run.nodes.get(id).map_or(Health::Ok, |node| node.state.health);
    let turned = ids.iter().cycle().skip(start).take(ids.len());
    let Some(next) = turned.copied().find(|id| health(id) > Health::Ok).cloned() else {
        return vec![tell(state, "Nothing is in trouble.", false)];
    };
    select(state, Selection::node(next.clone()));
    reveal(state, &next);
    vec![Effect::Focus(Focus::Node(next))]
}

fn pin_first_metric(state: &mut EditorState) -> Vec<Effect> {
    let Some(of) = state.selection.single_node().cloned() else { return Vec::new() };
    let Some(properties) = state.scenario.resources.get(&of) else { return Vec::new() };
    let pinned = |metric| state.playback.tracks.iter().any(|track| track.of == of && track.metric == metric);
    let metrics = properties.kind().descriptor().metrics;
    let Some(metric) = metrics.iter().copied().find(|metric| !pinned(*metric)) else { return Vec::new() };
    state.panels.dock_tab = DockTab::Metrics;
    state.panels.dock_open = true;
    reduce(state, Action::TogglePin { of, metric })
}
