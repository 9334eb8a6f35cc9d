//! The session: selection, viewport, panels.

use std::sync::Arc;

use messaging::LogicalId;

use crate::action::Action;
use crate::effect::{Effect, Focus};
use crate::geometry::{Point, Rect};
use crate::panels::{InspectorTab, Panel, Screen, Sheet};
use crate::selection::{LinkEnds, Selection};
use crate::state::EditorState;
use crate::tool::{ConnectState, Tool, ToolKind};
use crate::view::card::UPRIGHT_SIZE;
use crate::view::{crowded, drawn_around, file_stem, inspector_is_shown, node_rect, note_size, note_views};
use crate::viewport::{Detail, Viewport};

pub(super) fn reduce(state: &mut EditorState, action: Action) -> Vec<Effect> {
    match action {
        Action::Select(selection) => select(state, selection),
        Action::FocusNode(id) => state.focused = id,
        Action::ChooseTool(kind) => {
            state.tool = if kind == ToolKind::Pan { Tool::PanTool } else { Tool::Idle };
        }
        Action::StartConnect(from) => return start_connect(state, from),
        Action::Find(text) => state.panels.find = text,
        Action::MoveViewport(viewport) => look(state, viewport),
        Action::ResizeCanvas(size) => {
            let first = !state.playback.view_settled && state.viewport.size != size;
            let narrower = state.upright.is_some() && state.viewport.size.width != size.width;
            set_viewport(state, Viewport { size, ..state.viewport });
            if narrower {
                super::document::settle(state);
            }
            if std::mem::take(&mut state.playback.refit) || first || narrower {
                fit_all(state);
            }
        }
        Action::SetUpright(upright) if upright != state.upright.is_some() => {
            state.upright = upright.then_some(UPRIGHT_SIZE);
            super::document::settle(state);
            fit_all(state);
        }
        Action::ZoomAt { at, factor } => look(state, state.viewport.zoomed_at(at, factor)),
        Action::Pan { dx, dy } => look(state, state.viewport.panned(dx, dy)),
        Action::Reveal(id) => reveal(state, &id),
        Action::See(selection) => {
            let rects: Vec<Rect> = match &selection {
                Selection::Note(place) => note_views(state)
                    .into_iter()
                    .filter(|note| note.place == Some(*place))
                    .map(|note| Rect::new(note.at, note_size(&note.text)))
                    .collect(),
                other => other.nodes().map(|id| node_rect(state, id)).collect(),
            };
            select(state, selection);
            if let Some(all) = rects.into_iter().reduce(|all, rect| all.union(&rect)) {
                reveal_rect(state, all);
            }
            return vec![Effect::Focus(Focus::Canvas)];
        }
        Action::GoTo(id) if state.scenario.resources.contains_key(&id) => {
            select(state, Selection::node(id.clone()));
            reveal(state, &id);
            return vec![Effect::Focus(Focus::Node(id))];
        }
        Action::ShowScreen(screen) => {
            state.panels.screen = screen;
            state.panels.dialog = None;
            if screen == Screen::Gallery {
                state.playback.transport.playing = false;
                return vec![Effect::ListDrafts];
            }
        }
        Action::ShowDialog(dialog) => {
            state.panels.copied = None;
            state.panels.dialog = dialog;
        }
        Action::ShowPaletteTab(tab) => state.panels.palette_tab = tab,
        Action::ShowInspectorTab(tab) => {
            state.panels.inspector_tab = tab;
            state.panels.inspector_open = true;
        }
        Action::ShowDockTab(tab) => {
            state.panels.dock_tab = tab;
            state.panels.dock_open = true;
        }
        Action::TogglePanel(panel) => {
            let open = match panel {
                Panel::Palette => &mut state.panels.palette_open,
                Panel::Inspector => {
                    // Folding it away lets go of what it was opened for.
                    let shown = inspector_is_shown(state);
                    select(state, Selection::Nothing);
                    state.tool = Tool::Idle;
                    state.panels.inspector_open = shown;
                    &mut state.panels.inspector_open
                }
                Panel::Dock => &mut state.panels.dock_open,
            };
            *open = !*open;
        }
        Action::SetSheet(sheet) => state.panels.sheet = sheet,
        Action::SetTheme(theme) => {
            state.panels.theme = theme;
            return vec![Effect::SetTheme(theme)];
        }
        Action::SetSingleKeys(on) => state.panels.single_keys = on,
        Action::DismissNotice => state.panels.notice = None,
        Action::OpenLink(ends) => open_link(state, ends),
        Action::Copy(text) => return vec![Effect::CopyText(text)],
        Action::Save { name, text } => return vec![Effect::Download { name, text }],
        Action::Fail(reason) => return super::fail(state, reason),
        Action::Copied(done) => state.panels.copied = Some(done),
        Action::DownloadDocument => {
            let name = format!("{}.json", file_stem(state.title()));
            return vec![Effect::Download { name, text: state.scenario.to_json() }];
        }
        // All other actions are handled before.
        _ => {}
    }
    Vec::new()
}

pub(crate) fn select(state: &mut EditorState, selection: Selection) {
    if state.selection != selection {
        state.panels.renaming = false;
        if !matches!(&selection, Selection::Link(ends) if state.filter.as_ref().is_some_and(|f| f.link == *ends))
        {
            state.filter = None;
        }
    }
    if let Some(id) = selection.single_node() {
        state.focused = Some(id.clone());
    }
    state.panels.picking &= matches!(selection, Selection::Nodes(_));
    // On a narrow page the sheet goes with what it was opened for.
    if state.upright.is_some() && selection == Selection::Nothing {
        state.panels.inspector_open = false;
        state.panels.sheet = Sheet::Peek;
    }
    state.selection = selection;
}

/// Selects a link, and opens its filter policy if its kind has one.
pub(crate) fn open_link(state: &mut EditorState, ends: LinkEnds) {
    select(state, Selection::Link(ends.clone()));
    state.panels.inspector_open = true;
    if state.filter.is_none() {
        state.filter = crate::filter_policy::open(state, &ends);
    }
}

pub(crate) fn start_connect(state: &mut EditorState, from: LogicalId) -> Vec<Effect> {
    if !state.scenario.resources.contains_key(&from) {
        return Vec::new();
    }
    state.panels.find.clear();
    state.panels.inspector_open = true;
    state.tool = Tool::Connect(ConnectState {
        from,
        loose_end: None,
        over: None,
        refusal: None,
        dragging: false,
        new_target_at: None,
    });
    // On a telephone the field would bring the keyboard up, over the targets.
    if state.upright.is_some() { Vec::new() } else { vec![Effect::Focus(Focus::ConnectList)] }
}

fn set_viewport(state: &mut EditorState, viewport: Viewport) {
    let zoomed = state.viewport.zoom != viewport.zoom;
    state.viewport = viewport;
    state.detail = match state.upright {
        None => state.detail.at(viewport.zoom),
        Some(_) => Detail::Compact,
    };
    if zoomed {
        see_crowd(state);
    }
}

/// Finds the nodes that have no room for a compact card.
pub(crate) fn see_crowd(state: &mut EditorState) {
    let crowded = crowded(state);
    if *state.crowded != crowded {
        state.crowded = Arc::new(crowded);
        state.changes.document += 1;
    }
}

/// The person looks elsewhere.
pub(crate) fn look(state: &mut EditorState, viewport: Viewport) {
    state.playback.view_settled = true;
    set_viewport(state, viewport);
}

/// All of the diagram is seen.
pub(crate) fn fit_all(state: &mut EditorState) {
    let ids: Vec<LogicalId> = state.scenario.resources.keys().cloned().collect();
    let drawn: Vec<Rect> = full_rects(state, &ids).chain(drawn_around(state)).collect();
    see(state, &drawn);
}

pub(crate) fn fit(state: &mut EditorState, ids: &[LogicalId]) {
    let rects: Vec<Rect> = full_rects(state, ids).collect();
    see(state, &rects);
}

fn see(state: &mut EditorState, drawn: &[Rect]) {
    let bounds = drawn.iter().copied().reduce(|all, rect| all.union(&rect));
    let viewport = match (state.upright, bounds) {
        (Some(_), Some(bounds)) => state.viewport.fitted_upright(bounds),
        _ => state.viewport.fitted(drawn),
    };
    set_viewport(state, viewport);
}

fn full_rects<'a>(state: &'a EditorState, ids: &'a [LogicalId]) -> impl Iterator<Item = Rect> + 'a {
    ids.iter().map(|id| {
        let at = state.places.get(id).copied().unwrap_or_default();
        Rect::new(at, state.upright.unwrap_or_else(|| crate::view::full_size(state, id)))
    })
}

/// Moves the viewport just so far that a node is seen.
pub(crate) fn reveal(state: &mut EditorState, id: &LogicalId) {
    reveal_rect(state, node_rect(state, id));
}

fn reveal_rect(state: &mut EditorState, rect: Rect) {
    let seen = state.viewport.seen();
    let corner = Point::new(rect.right(), rect.bottom());
    if !seen.contains(rect.origin) || !seen.contains(corner) {
        let center = rect.center();
        let origin = center.moved(-seen.size.width / 2.0, -seen.size.height / 2.0);
        set_viewport(state, Viewport { origin, ..state.viewport });
    }
}

/// The tab of the inspector that a fresh selection opens on.
pub(crate) fn open_inspector(state: &mut EditorState) -> Vec<Effect> {
    state.panels.inspector_open = true;
    if let Selection::Link(ends) = state.selection.clone() {
        open_link(state, ends);
    } else if state.playback.transport.furthest == kernel::SimTime::ZERO && state.run.inspection.is_none() {
        // Before anything has happened there is nothing to see but how it is set up.
        state.panels.inspector_tab = InspectorTab::Configure;
    }
    vec![Effect::Focus(Focus::Inspector)]
}
