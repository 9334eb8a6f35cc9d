//! The list of targets a link may end at, with reasons for the others.

use messaging::{LogicalId, ResourceKind};
use scenario::link_refusal;

use crate::edit::{preset_properties, title_and_icon};
use crate::state::EditorState;
use crate::tool::Tool;
use crate::view::nodes::refusal;

/// The list that opens with C.
#[derive(Clone, Debug, PartialEq)]
pub struct ConnectView {
    /// Where the link starts.
    pub from: LogicalId,
    /// How many nodes it may end at.
    pub valid: usize,
    /// The text typed to narrow the list.
    pub find: String,
    /// Those it may end at, then those it may not.
    pub candidates: Vec<CandidateView>,
    /// Kinds of new targets it may end at.
    pub new_targets: Vec<(ResourceKind, Option<usize>, &'static str, &'static str)>,
}

/// A node in the list.
#[derive(Clone, Debug, PartialEq)]
pub struct CandidateView {
    /// Its name.
    pub id: LogicalId,
    /// File name of its icon.
    pub icon: &'static str,
    /// What it is, or why a link cannot end there.
    pub text: String,
    /// A way that works, for one that is refused.
    pub hint: Option<String>,
    /// They are linked already: choosing it opens the link.
    pub linked: bool,
    /// A link cannot end there.
    pub refused: bool,
    /// Chosen with the arrows.
    pub chosen: bool,
}

/// The list, while a link is being drawn.
pub fn connect_view(state: &EditorState) -> Option<ConnectView> {
    let Tool::Connect(connect) = &state.tool else { return None };
    let from = &connect.from;
    let wanted = state.panels.find.trim().to_lowercase();
    let others = state.scenario.resources.keys().filter(|id| *id != from);
    let all: Vec<CandidateView> = others.map(|id| candidate(state, from, id)).collect();
    let valid = all.iter().filter(|candidate| !candidate.refused).count();
    let mut candidates: Vec<CandidateView> =
        all.into_iter().filter(|candidate| candidate.id.as_str().to_lowercase().contains(&wanted)).collect();
    // New ones first, then those to be opened, then those that cannot be.
    candidates.sort_by_key(|candidate| (candidate.refused, candidate.linked));
    let chosen = connect.over.as_ref();
    let place = candidates.iter().position(|candidate| Some(&candidate.id) == chosen && !candidate.refused);
    let place = place.or_else(|| candidates.iter().position(|candidate| !candidate.refused));
    if let Some(candidate) = place.and_then(|place| candidates.get_mut(place)) {
        candidate.chosen = true;
    }
    Some(ConnectView {
        from: from.clone(),
        valid,
        find: state.panels.find.clone(),
        candidates,
        new_targets: new_targets(state, from),
    })
}

fn candidate(state: &EditorState, from: &LogicalId, id: &LogicalId) -> CandidateView {
    let properties = &state.scenario.resources[id];
    let (title, icon) = title_and_icon(properties);
    let refused = refusal(state, from, id);
    let linked = state.scenario.link(from, id).is_some();
    let text = match &refused {
        Some(refusal) => refusal.reason.clone(),
        None if linked => format!("{title}, already linked"),
        None => title.to_owned(),
    };
    CandidateView {
        id: id.clone(),
        icon,
        text,
        hint: refused.as_ref().and_then(|refusal| refusal.hint.clone()),
        linked,
        refused: refused.is_some(),
        chosen: false,
    }
}

/// What a link from here could be drawn to that is not there yet.
fn new_targets(
    state: &EditorState,
    from: &LogicalId,
) -> Vec<(ResourceKind, Option<usize>, &'static str, &'static str)> {
    let Some(from) = state.scenario.resources.get(from) else { return Vec::new() };
    super::palette::items()
        .filter(|item| link_refusal(from, &preset_properties(item.kind, item.preset)).is_none())
        .map(|item| (item.kind, item.preset, item.title, item.icon))
        .collect()
}
