//! The one place where the state changes.

mod clipboard;
mod command;
mod document;
mod drawing;
mod opening;
mod running;
mod session;

use std::sync::Arc;

pub use document::picture_state;
pub(crate) use document::{change, desk_places, settle};
pub(crate) use drawing::move_note;
pub(crate) use running::poke;
pub(crate) use session::{look, open_link, select};

use crate::action::Action;
use crate::branches;
use crate::effect::{Effect, Urgency};
use crate::filter_policy;
use crate::journey;
use crate::panels::Notice;
use crate::state::EditorState;
use crate::tool::{self, PointerInput, Tool};

/// Changes the state and says what the browser has to do.
pub fn reduce(state: &mut EditorState, action: Action) -> Vec<Effect> {
    if let Some(effects) = running::clockwork(state, &action) {
        return effects;
    }
    if let Action::Pointer(input @ PointerInput::Move { .. }) = action {
        return pointer_moved(state, input);
    }
    if !permitted(state, &action) {
        return Vec::new();
    }
    let (before, selected) = (state.scenario.clone(), state.selection.clone());
    let (journeys_shown, tall) = (journey::is_shown(state), journey::is_tall(state));
    let mut effects = Vec::new();
    if takes_over(&action) {
        effects.extend(journey::stop_replay(state));
    }
    let was_past = state.playback.transport.is_past();
    let kept = was_past.then(|| branches::Kept::of(state));
    let mut done = dispatch(state, action);
    if let Some(kept) =
        kept.filter(|_| done.iter().any(branches::changes_the_run) && !branches::has_parted(&done))
    {
        // A change in the past leaves what came after to the run it was.
        effects.extend(branches::part(state, kept));
    }
    effects.append(&mut done);
    state.playback.refit |= journey::is_tall(state) != tall;
    if journey::is_shown(state) && !journeys_shown {
        effects.extend(journey::ask(state));
    }
    state.changes.session += 1;
    if !Arc::ptr_eq(&before, &state.scenario) {
        state.changes.document += 1;
    }
    if selected != state.selection || state.run.inspected != watched_resource(state) {
        effects.extend(running::inspect(state));
    }
    effects
}

fn dispatch(state: &mut EditorState, action: Action) -> Vec<Effect> {
    let action = match document::reduce(state, action) {
        Ok(effects) => return effects,
        Err(action) => action,
    };
    let action = match opening::reduce(state, action) {
        Ok(effects) => return effects,
        Err(action) => action,
    };
    let action = match running::reduce(state, action) {
        Ok(effects) => return effects,
        Err(action) => action,
    };
    match action {
        Action::Pointer(input) => tool::pointer(state, input),
        Action::Key(input) => command::key(state, &input),
        Action::Command(asked) => command::run(state, asked),
        Action::Journey(action) => journey::act(state, action),
        Action::Guide(action) => crate::guide::act(state, action),
        Action::Filter(act) => {
            let edits = filter_policy::act(state, act);
            edits.map_or_else(Vec::new, |edits| document::change_all(state, &edits))
        }
        other => session::reduce(state, other),
    }
}

/// Moves of the pointer are many: only what is being dragged can have changed.
fn pointer_moved(state: &mut EditorState, input: PointerInput) -> Vec<Effect> {
    if matches!(state.tool, Tool::Idle | Tool::PanTool) {
        return Vec::new();
    }
    let before = std::mem::discriminant(&state.tool);
    let effects = tool::pointer(state, input);
    if std::mem::discriminant(&state.tool) != before || matches!(state.tool, Tool::Connect(_)) {
        state.changes.session += 1;
    }
    state.changes.drag += 1;
    effects
}

/// What cannot be done in a page that shows the diagram to its readers. Changes of the document are looked at one by
/// one when they are made.
fn permitted(state: &EditorState, action: &Action) -> bool {
    use crate::command::Command;
    match action {
        Action::StartConnect(_)
        | Action::Command(Command::Connect | Command::AddComponent | Command::Rename) => state.may_draw(),
        Action::Intervene(_) | Action::Command(Command::InjectFault) => state.may_intervene(),
        Action::ShowScreen(_) => state.player.is_none(),
        _ => true,
    }
}

/// The person takes the clock into their own hand.
const fn takes_over(action: &Action) -> bool {
    matches!(action, Action::Pause | Action::SetSpeed(_) | Action::SeekTo(_) | Action::Step | Action::Reset)
}

/// The resource that is looked at closely: that of the filter tester, or the selected one.
fn watched_resource(state: &EditorState) -> Option<messaging::LogicalId> {
    let tested = filter_policy::tested_resource(state);
    tested.or_else(|| state.selection.single_node()).cloned()
}

/// Tells the person that what was just tried did not work.
pub(crate) fn fail(state: &mut EditorState, text: impl Into<String>) -> Vec<Effect> {
    let text = text.into();
    state.panels.notice = Some(Notice { text: text.clone(), is_error: true, ..Notice::default() });
    vec![Effect::Announce { text, urgency: Urgency::Assertive }]
}

/// Tells the person what was done.
pub(crate) fn tell(state: &mut EditorState, text: impl Into<String>, can_undo: bool) -> Effect {
    let text = text.into();
    state.panels.notice = Some(Notice { text: text.clone(), can_undo, ..Notice::default() });
    Effect::Announce { text, urgency: Urgency::Polite }
}
