//! Changing the document.

use std::sync::Arc;

use engine::{EngineRequest, Revision};
use kernel::SimTime;
use messaging::{LogicalId, Properties, ResourceKind};
use scenario::{JsonPointer, Scenario, validate};

use super::{fail, tell};
use crate::action::Action;
use crate::edit::{Edit, EditError, apply, fresh_id, of_remedy};
use crate::effect::{Effect, Focus};
use crate::filter_policy;
use crate::geometry::{Point, Size};
use crate::layout::{Places, arrange_upright, free_place, places, taken};
use crate::panels::Writing;
use crate::run::EngineStatus;
use crate::selection::{LinkEnds, Selection};
use crate::state::{EditorState, SaveStatus};
use crate::tool::Tool;
use crate::view::{aggregate_exists, card, full_size};
use crate::viewport::{Detail, Viewport};

pub(super) fn reduce(state: &mut EditorState, action: Action) -> Result<Vec<Effect>, Action> {
    Ok(match action {
        Action::Edit(edit) => change(state, &edit),
        Action::TakeRemedy { of, remedy } => change_all(state, &of_remedy(&of, &remedy)),
        Action::Add { kind, preset, at } => add(state, kind, preset, at, None),
        Action::ConnectToNew { from, kind, preset, at } => add(state, kind, preset, at, Some(from)),
        Action::Change(changes) => change_by_words(state, &changes),
        Action::GestureStarted => {
            state.history.begin_gesture(&state.scenario);
            Vec::new()
        }
        Action::GestureEnded => {
            state.history.end_gesture(&state.scenario);
            Vec::new()
        }
        Action::Paste { text, at } => super::clipboard::paste(state, &text, at),
        Action::Write(what) => super::drawing::write(state, what),
        Action::Written(text) => super::drawing::written(state, text),
        Action::Text(action) => crate::text::act(state, action),
        Action::CopiedByKey => vec![super::clipboard::said(state, "Copied")],
        Action::PasteFailed => fail(state, "The browser gives the clipboard only to the keys: press Ctrl V."),
        Action::SeedDrawn(seed) => change(state, &Edit::SetSeed(seed)),
        Action::DraftProperty { pointer, text } => {
            match text {
                Some(text) => {
                    let fault = fault_of_draft(state, &pointer, &text);
                    state.property_drafts.insert(pointer, (text, fault));
                }
                None => drop(state.property_drafts.remove(&pointer)),
            }
            Vec::new()
        }
        other => return Err(other),
    })
}

/// Applies a change and records it; or says why it cannot be.
pub(crate) fn change(state: &mut EditorState, edit: &Edit) -> Vec<Effect> {
    change_all(state, std::slice::from_ref(edit))
}

/// Applies changes as one step of undo; or says why one of them cannot be, and applies none.
pub(crate) fn change_all(state: &mut EditorState, edits: &[Edit]) -> Vec<Effect> {
    if !edits.iter().all(|edit| state.permits(edit)) {
        return fail(state, "This cannot be changed here. Open the diagram to change a copy of it.");
    }
    let mut new = (*state.scenario).clone();
    for edit in edits {
        match apply(&new, edit) {
            Ok(changed) => new = changed,
            Err(error) => return refused(state, edit, &error),
        }
    }
    if new == *state.scenario {
        return Vec::new();
    }
    for edit in edits {
        follow_along(state, edit);
    }
    state.history.record(&state.scenario);
    state.playback.view_settled = true;
    let mut effects = set_document(state, Arc::new(new));
    for edit in edits {
        effects.extend(comment(state, edit));
    }
    effects
}

/// Changes properties by the words of a link, such as `producer.rate`.
fn change_by_words(state: &mut EditorState, changes: &[scenario::Override]) -> Vec<Effect> {
    let changed = scenario::apply_overrides(&state.scenario, changes).validated();
    if let Some(error) = changed.diagnostics.errors().next() {
        return fail(state, error.message.clone());
    }
    // As edits of single properties, so that what is locked stays as it is.
    let mut edits = Vec::new();
    for (id, properties) in &changed.scenario.resources {
        let before = state.scenario.resources.get(id);
        if before != Some(properties) {
            edits.extend(property_edits(id, before, properties));
        }
    }
    change_all(state, &edits)
}

fn property_edits(id: &LogicalId, before: Option<&Properties>, after: &Properties) -> Vec<Edit> {
    let values = |properties: &Properties| serde_json::to_value(properties).unwrap_or_default();
    let (old, new) = (before.map(values).unwrap_or_default(), values(after));
    let at = JsonPointer::root().then("Resources").then(id).then("Properties");
    let fields = after.kind().descriptor().fields.iter();
    let changed = fields.filter(|field| old.get(field.name) != new.get(field.name));
    changed
        .map(|field| Edit::SetProperty { pointer: at.then(field.name), value: new.get(field.name).cloned() })
        .collect()
}

fn refused(state: &mut EditorState, edit: &Edit, error: &EditError) -> Vec<Effect> {
    if let Edit::SetProperty { pointer, value: Some(value) } = edit {
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        state.property_drafts.insert(pointer.clone(), (text, error.to_string()));
    }
    let hint = match error {
        EditError::Refused(refusal) => refusal.hint.clone(),
        _ => None,
    };
    fail(state, format!("{error} {}", hint.unwrap_or_default()).trim_end())
}

/// The session follows: what was selected, inspected or pinned under an old name has the new one.
fn follow_along(state: &mut EditorState, edit: &Edit) {
    match edit {
        Edit::Rename { from, to } => renamed(state, from, to),
        Edit::SetProperty { pointer, .. } => drop(state.property_drafts.remove(pointer)),
        _ => {}
    }
}

fn renamed(state: &mut EditorState, from: &LogicalId, to: &LogicalId) {
    let swap = |id: &mut LogicalId| {
        if id == from {
            *id = to.clone();
        }
    };
    match &mut state.selection {
        Selection::Nodes(nodes) => {
            if nodes.remove(from) {
                nodes.insert(to.clone());
            }
        }
        Selection::Link(ends) => {
            swap(&mut ends.from);
            swap(&mut ends.to);
        }
        Selection::Lane { of, .. } => swap(of),
        Selection::Note(_) | Selection::Nothing => {}
    }
    if let Some(focused) = &mut state.focused {
        swap(focused);
    }
    if let Some(filter) = &mut state.filter {
        swap(&mut filter.link.from);
        swap(&mut filter.link.to);
    }
    for track in &mut state.playback.tracks {
        swap(&mut track.of);
    }
    let nodes = Arc::make_mut(&mut state.run.nodes);
    if let Some(node) = nodes.remove(from) {
        nodes.insert(to.clone(), node);
    }
    state.panels.renaming = false;
}

/// Says what went along with a deletion.
fn comment(state: &mut EditorState, edit: &Edit) -> Option<Effect> {
    if let Edit::SetTimeline(timeline) = edit {
        let text = match timeline.len() {
            0 => "Nothing is on the timeline.".to_owned(),
            1 => "1 thing is on the timeline.".to_owned(),
            count => format!("{count} things are on the timeline."),
        };
        return Some(tell(state, text, true));
    }
    let Edit::Remove(ids) = edit else { return None };
    let held: u64 =
        ids.iter().filter_map(|id| state.run.nodes.get(id)).map(|node| held_by(&node.state)).sum();
    let what = match ids.as_slice() {
        [id] => id.to_string(),
        _ => format!("{} nodes", ids.len()),
    };
    let with = match held {
        0 => String::new(),
        1 => " with 1 message".into(),
        _ => format!(" with {held} messages"),
    };
    Some(tell(state, format!("Deleted {what}{with}."), true))
}

fn held_by(state: &messaging::node_state::NodeState) -> u64 {
    let bars = state.instruments.iter().filter_map(|instrument| match instrument {
        messaging::node_state::Instrument::MessageBar { delayed, visible, in_flight, .. } => {
            Some(delayed + visible + in_flight)
        }
        _ => None,
    });
    bars.sum()
}

/// Makes a document the one being edited. The run goes on with it, if it can run.
pub(crate) fn set_document(state: &mut EditorState, new: Arc<Scenario>) -> Vec<Effect> {
    state.scenario = new;
    state.diagnostics = Arc::new(validate(&state.scenario));
    settle(state);
    crate::text::follow(state);
    let mut effects = send_to_engine(state);
    let tracks = state.playback.tracks.clone();
    if !state.playback.tracks_chosen {
        super::running::pick_tracks(state);
    }
    if tracks != state.playback.tracks {
        effects.extend(super::running::watch(state));
    }
    state.saving.status = SaveStatus::Saving;
    effects.extend([Effect::WriteLocation, Effect::SaveDraft]);
    effects
}

/// Where the nodes stand on a page with room for them: what is added upright needs a place there too.
pub(crate) fn desk_places(state: &EditorState) -> Arc<Places> {
    places(&state.scenario, &|id| full_size(state, id))
}

/// The state as a picture shows it: everything at 100 %, where it stands on a page with room for it, and nothing that
/// is only of the session.
pub fn picture_state(state: &EditorState) -> EditorState {
    let mut picture = state.clone();
    picture.upright = None;
    picture.viewport = Viewport::default();
    picture.detail = Detail::Full;
    picture.selection = Selection::Nothing;
    picture.tool = Tool::Idle;
    picture.filter = None;
    if state.upright.is_some() {
        picture.places = desk_places(&picture);
    }
    picture
}

/// What is gone from the document is gone from the session.
pub(crate) fn settle(state: &mut EditorState) {
    match state.upright {
        None => state.places = desk_places(state),
        Some(_) => {
            let (places, card) = arrange_upright(&state.scenario, state.viewport.size.width);
            (state.places, state.upright) = (Arc::new(places), Some(card));
        }
    }
    super::session::see_crowd(state);
    let exists = |id: &LogicalId| state.scenario.resources.contains_key(id);
    let linked = |ends: &LinkEnds| state.scenario.link(&ends.from, &ends.to).is_some();
    match &mut state.selection {
        Selection::Nodes(nodes) => nodes.retain(|id| exists(id)),
        Selection::Link(ends) if !linked(ends) => state.selection = Selection::Nothing,
        Selection::Lane { of, .. } if !exists(of) => state.selection = Selection::Nothing,
        Selection::Note(place) if *place >= state.scenario.notes.len() => {
            state.selection = Selection::Nothing
        }
        _ => {}
    }
    if matches!(&state.selection, Selection::Nodes(nodes) if nodes.is_empty()) {
        state.selection = Selection::Nothing;
    }
    state.panels.writing = state.panels.writing.filter(|what| match what {
        Writing::Group(place) => *place < state.scenario.groups.len(),
        Writing::Note(place) => *place < state.scenario.notes.len(),
        Writing::NewNote(_) => true,
    });
    if state.focused.as_ref().is_some_and(|id| !exists(id)) {
        state.focused = None;
    }
    let tracks = std::mem::take(&mut state.playback.tracks);
    let kept = tracks.into_iter().filter(|track| exists(&track.of) || aggregate_exists(state, &track.of));
    state.playback.tracks = kept.collect();
    let filter = state.filter.take().filter(|filter| linked(&filter.link));
    state.filter = match filter {
        // Undo and redo change the version in force; an untouched draft follows.
        Some(filter) if !filter.changed => filter_policy::open(state, &filter.link).map(|fresh| {
            filter_policy::FilterDraft { chosen: filter.chosen, pasted: filter.pasted, ..fresh }
        }),
        other => other,
    };
}

/// Gives the engine the document, unless nothing of it concerns the run or it cannot run as it stands.
fn send_to_engine(state: &mut EditorState) -> Vec<Effect> {
    let there = matches!(state.run.engine, EngineStatus::Idle | EngineStatus::Ready);
    if !there || state.diagnostics.has_errors() {
        return Vec::new();
    }
    match state.run.sent_scenario.clone() {
        Some(sent) if same_run(&sent, &state.scenario) => Vec::new(),
        // What was drawn before the first Play is the same run as the finished document opened from its link.
        Some(_) if state.playback.transport.furthest == SimTime::ZERO && state.branches.all.len() == 1 => {
            load(state)
        }
        Some(sent) if sent.seed == state.scenario.seed => {
            state.playback.transport.furthest = state.playback.transport.reached;
            let revision = next_revision(state);
            vec![Effect::Engine(EngineRequest::Edit { revision, scenario: state.scenario.clone() })]
        }
        _ => load(state),
    }
}

/// Starts the run again at zero.
pub(super) fn load(state: &mut EditorState) -> Vec<Effect> {
    if !matches!(state.run.engine, EngineStatus::Idle | EngineStatus::Ready) || state.diagnostics.has_errors()
    {
        return Vec::new();
    }
    let revision = next_revision(state);
    state.run.loaded = revision;
    crate::journey::forget(state);
    state.branches = crate::branches::Branches::default();
    state.run.restart();
    state.playback.transport.restart();
    let mut effects = state.playback.forget_flows();
    effects.push(Effect::Engine(EngineRequest::Load { revision, scenario: state.scenario.clone() }));
    effects.extend(super::running::go_to_start(state));
    effects
}

fn next_revision(state: &mut EditorState) -> Revision {
    state.run.sent = Revision(state.run.sent.0 + 1);
    state.run.sent_scenario = Some(state.scenario.clone());
    state.run.sent
}

/// True when two documents differ in nothing that concerns the run.
fn same_run(a: &Scenario, b: &Scenario) -> bool {
    a.seed == b.seed
        && a.settings == b.settings
        && a.resources == b.resources
        && a.resources.keys().eq(b.resources.keys())
        && a.links == b.links
        && a.timeline == b.timeline
        && a.looked_at().eq(b.looked_at())
}

/// Adds a resource where there is room, and a link to it if one is wanted; as one step of undo.
fn add(
    state: &mut EditorState,
    kind: ResourceKind,
    preset: Option<usize>,
    at: Option<Point>,
    from: Option<LogicalId>,
) -> Vec<Effect> {
    let descriptor = kind.descriptor();
    let suffix = preset.and_then(|place| descriptor.presets.get(place)).map_or("", |preset| preset.id_suffix);
    let is_taken = |id: &LogicalId| state.scenario.resources.contains_key(id);
    let id = fresh_id(&is_taken, descriptor.id_prefix, suffix);
    let size = roomy(card::full_size(id.as_str(), None, 0));
    let desk = desk_places(state);
    let at = at.filter(|_| state.upright.is_none());
    let middle = at.unwrap_or_else(|| beside(state, &desk, from.as_ref()));
    let near = middle.moved(-size.width / 2.0, -size.height / 2.0);
    let size_of = |other: &LogicalId| full_size(state, other);
    let at = match at {
        Some(_) => near.snapped(),
        None => free_place(&taken(&desk, &size_of), size, near),
    };
    let mut edits = vec![Edit::AddResource { id: id.clone(), kind, preset, at }];
    edits.extend(from.map(|from| Edit::Connect(LinkEnds::new(from, id.clone()))));
    let effects = change_all(state, &edits);
    if state.scenario.resources.contains_key(&id) {
        state.selection = Selection::node(id.clone());
        state.focused = Some(id.clone());
        state.tool = crate::tool::Tool::Idle;
        state.panels.screen = crate::panels::Screen::Editor;
        state.panels.dialog = None;
        return effects.into_iter().chain([Effect::Focus(Focus::Node(id))]).collect();
    }
    effects
}

/// The engine has not said yet what the card will show: most grow to this size.
pub(super) fn roomy(size: Size) -> Size {
    Size::new(size.width.max(180.0), size.height.max(112.0))
}

/// To the right of the node a link starts at, or in the middle of what is seen.
fn beside(state: &EditorState, desk: &Places, from: Option<&LogicalId>) -> Point {
    match from.and_then(|from| Some((desk.get(from)?, full_size(state, from)))) {
        Some((at, size)) => at.moved(size.width + 200.0, size.height / 2.0),
        None if state.upright.is_some() => {
            desk.values().last().map_or(Point::new(400.0, 300.0), |at| at.moved(300.0, 0.0))
        }
        None => state.viewport.seen().center(),
    }
}

/// What is wrong with a text typed for a property.
fn fault_of_draft(state: &EditorState, pointer: &scenario::JsonPointer, text: &str) -> String {
    match serde_json::from_str::<serde_json::Value>(text) {
        Err(error) => format!("This is not JSON: {error}."),
        Ok(value) => {
            let edit = Edit::SetProperty { pointer: pointer.clone(), value: Some(value) };
            apply(&state.scenario, &edit).err().map_or_else(String::new, |error| error.to_string())
        }
    }
}
