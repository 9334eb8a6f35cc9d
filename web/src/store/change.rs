//! Who has to look again after an action: a node being dragged must not make a thousand others ask themselves
//! whether they look different now.

use std::collections::BTreeSet;

use editor::state::Changes;
use editor::tool::Tool;
use editor::{EditorState, LinkEnds};
use messaging::LogicalId;

/// What a listener shows.
#[derive(Clone, Debug, PartialEq)]
pub enum Interest {
    /// The clock, or something that moves with it.
    Clock,
    /// A part of the page.
    Page,
    /// What is being drawn or dragged on the canvas.
    Drawing,
    /// This node.
    Node(LogicalId),
    /// This link.
    Link(LinkEnds),
}

/// What can look different.
pub(super) enum Change {
    /// Only the clock.
    Time,
    /// These nodes, their links, and what is drawn.
    Drag(BTreeSet<LogicalId>),
    /// Everything.
    Everything,
}

impl Change {
    pub(super) fn since(before: Changes, state: &EditorState) -> Self {
        let now = state.changes;
        if now == before {
            return Self::Time;
        }
        if now != (Changes { drag: now.drag, ..before }) {
            return Self::Everything;
        }
        match &state.tool {
            Tool::Move { nodes, .. } => Self::Drag(nodes.keys().cloned().collect()),
            _ => Self::Drag(BTreeSet::new()),
        }
    }

    pub(super) fn concerns(&self, interest: &Interest) -> bool {
        match (self, interest) {
            (Self::Everything, _) | (_, Interest::Clock) | (Self::Drag(_), Interest::Drawing) => true,
            (Self::Time, _) | (Self::Drag(_), Interest::Page) => false,
            (Self::Drag(nodes), Interest::Node(node)) => nodes.contains(node),
            (Self::Drag(nodes), Interest::Link(ends)) => {
                nodes.contains(&ends.from) || nodes.contains(&ends.to)
            }
        }
    }
}
