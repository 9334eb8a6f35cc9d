//! What is selected.

use std::collections::BTreeSet;

use messaging::LogicalId;
use serde::{Deserialize, Serialize};

/// A link, by the names of its two ends: no two links join the same two in the same direction.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct LinkEnds {
    /// Where messages come from.
    pub from: LogicalId,
    /// Where messages go.
    pub to: LogicalId,
}

impl LinkEnds {
    /// The link from `from` to `to`.
    pub const fn new(from: LogicalId, to: LogicalId) -> Self {
        Self { from, to }
    }

    /// True when the node is one of the ends.
    pub fn touches(&self, node: &LogicalId) -> bool {
        self.from == *node || self.to == *node
    }
}

/// What is selected.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Selection {
    /// Nothing.
    #[default]
    Nothing,
    /// One node or several.
    Nodes(BTreeSet<LogicalId>),
    /// A link, and the subscription or poller it stands for.
    Link(LinkEnds),
    /// A note, by its place in the document.
    Note(usize),
    /// A shard of a stream.
    Lane {
        /// Which stream.
        of: LogicalId,
        /// Which shard.
        shard_id: String,
    },
}

impl Selection {
    /// One node.
    pub fn node(id: LogicalId) -> Self {
        Self::Nodes(BTreeSet::from([id]))
    }

    /// The one node selected, or the stream of the shard selected.
    pub fn single_node(&self) -> Option<&LogicalId> {
        match self {
            Self::Nodes(nodes) if nodes.len() == 1 => nodes.first(),
            Self::Lane { of, .. } => Some(of),
            _ => None,
        }
    }

    /// The nodes selected.
    pub fn nodes(&self) -> impl Iterator<Item = &LogicalId> {
        let nodes = if let Self::Nodes(nodes) = self { Some(nodes) } else { None };
        nodes.into_iter().flatten()
    }

    /// True when the node is selected.
    pub fn has_node(&self, id: &LogicalId) -> bool {
        match self {
            Self::Nodes(nodes) => nodes.contains(id),
            Self::Lane { of, .. } => of == id,
            _ => false,
        }
    }

    /// True when the link is selected.
    pub fn has_link(&self, ends: &LinkEnds) -> bool {
        matches!(self, Self::Link(selected) if selected == ends)
    }

    /// Adds a node, or takes it out if it was in.
    pub fn toggle(&mut self, id: LogicalId) {
        let mut nodes = match std::mem::take(self) {
            Self::Nodes(nodes) => nodes,
            _ => BTreeSet::new(),
        };
        if !nodes.remove(&id) {
            nodes.insert(id);
        }
        if !nodes.is_empty() {
            *self = Self::Nodes(nodes);
        }
    }
}
