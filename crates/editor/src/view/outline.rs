//! The diagram as a tree.

use messaging::LogicalId;
use messaging::node_state::Health;

use crate::selection::LinkEnds;
use crate::state::EditorState;

/// A node in the outline.
#[derive(Clone, Debug, PartialEq)]
pub struct OutlineItem {
    /// Its name.
    pub id: LogicalId,
    /// File name of its icon.
    pub icon: &'static str,
    /// What people call its kind.
    pub kind_title: &'static str,
    /// How it is doing.
    pub health: Health,
    /// It is selected.
    pub selected: bool,
    /// What a screen reader says of it.
    pub label: String,
    /// The links that leave it.
    pub links: Vec<OutlineLink>,
}

/// A link in the outline.
#[derive(Clone, Debug, PartialEq)]
pub struct OutlineLink {
    /// Which link.
    pub ends: LinkEnds,
    /// Such as `to refunds, filtered, 63 per second`.
    pub label: String,
    /// It is selected.
    pub selected: bool,
}

/// The diagram as a tree, in reading order: sources first.
pub fn outline(state: &EditorState) -> Vec<OutlineItem> {
    let _ = state;
    Vec::new()
}
