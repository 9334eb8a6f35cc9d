//! Links between components.

use crate::identifiers::{ComponentId, LinkId};
use crate::registry::LinkProperties;

/// A link of the graph, in the direction messages flow.
#[derive(Clone, Debug)]
pub struct Link {
    /// Its place.
    pub id: LinkId,
    /// Where messages come from.
    pub from: ComponentId,
    /// Where messages go.
    pub to: ComponentId,
    /// What it is.
    pub properties: LinkProperties,
    /// Nothing passes: a fault put in by a person or the scenario.
    pub cut: bool,
    /// It was removed from the document; its place stays.
    pub removed: bool,
    /// What passed along it since the start.
    pub counts: LinkCounts,
}

/// What passed along a link since the start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LinkCounts {
    /// Messages that set out.
    pub messages: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Messages refused at the far end.
    pub refused: u64,
    /// Messages filtered out at the near end.
    pub filtered_out: u64,
}

/// All links of a world.
#[derive(Clone, Debug, Default)]
pub struct Links {
    pub(crate) all: Vec<Link>,
}

impl Links {
    /// The link of an id.
    #[inline]
    pub fn get(&self, id: LinkId) -> Option<&Link> {
        self.all.get(id.index())
    }

    /// All links, removed ones left out.
    pub fn iter(&self) -> impl Iterator<Item = &Link> {
        self.all.iter().filter(|link| !link.removed)
    }

    /// The links along which `component` sends.
    pub fn leaving(&self, component: ComponentId) -> impl Iterator<Item = &Link> {
        self.iter().filter(move |link| link.from == component)
    }

    /// The links along which `component` is sent to.
    pub fn arriving(&self, component: ComponentId) -> impl Iterator<Item = &Link> {
        self.iter().filter(move |link| link.to == component)
    }
}
