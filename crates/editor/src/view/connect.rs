//! The list of targets a link may end at, with reasons for the others.

use messaging::{LogicalId, ResourceKind};

use crate::state::EditorState;

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
    let _ = state;
    None
}
