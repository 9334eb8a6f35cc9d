//! The one place where the state changes.

use crate::action::Action;
use crate::effect::Effect;
use crate::state::EditorState;

/// Changes the state and says what the browser has to do.
pub fn reduce(state: &mut EditorState, action: Action) -> Vec<Effect> {
    let _ = (state, action);
    Vec::new()
}
