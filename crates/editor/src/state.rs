//! Everything the editor knows.

use std::collections::BTreeMap;
use std::sync::Arc;

use messaging::LogicalId;
use scenario::{Diagnostics, JsonPointer, Scenario};

use crate::action::{Action, DraftEntry};
use crate::filter_policy::FilterDraft;
use crate::history::History;
use crate::layout::Places;
use crate::panels::Panels;
use crate::playback::Playback;
use crate::run::Run;
use crate::selection::Selection;
use crate::tool::Tool;
use crate::viewport::{Detail, Viewport};

/// Everything the editor knows: the document, the session and the run.
#[derive(Clone, Debug, Default)]
pub struct EditorState {
    // The document
    /// The document.
    pub scenario: Arc<Scenario>,
    /// What is wrong with it.
    pub diagnostics: Arc<Diagnostics>,
    /// Undo and redo.
    pub history: History,
    /// Where the document came from.
    pub origin: Origin,
    /// Whether it is kept in this browser.
    pub saving: Saving,

    // The session
    /// What is selected.
    pub selection: Selection,
    /// The node the keyboard stands on.
    pub focused: Option<LogicalId>,
    /// What the pointer does.
    pub tool: Tool,
    /// What part of the world is seen.
    pub viewport: Viewport,
    /// How much the nodes show.
    pub detail: Detail,
    /// Where every node stands: as in the document, or where there was room.
    pub places: Arc<Places>,
    /// Panels, tabs, dialogs.
    pub panels: Panels,
    /// The filter policy being edited.
    pub filter: Option<FilterDraft>,
    /// Texts typed in the inspector that do not fit yet, with what is wrong with them.
    pub property_drafts: BTreeMap<JsonPointer, (String, String)>,
    /// The kept diagrams.
    pub drafts: Arc<Vec<DraftEntry>>,
    /// A change in the past, waiting to be confirmed.
    pub pending_branch: Option<Box<Action>>,

    // The run
    /// Time: the transport and what is shown when.
    pub playback: Playback,
    /// What the engine has said.
    pub run: Run,
}

/// Where the document came from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Origin {
    /// It began empty.
    #[default]
    Empty,
    /// A scenario of the gallery.
    Gallery(String),
    /// A link.
    Link,
    /// A kept diagram.
    Draft,
    /// A file.
    File,
}

/// Whether the document is kept in this browser. It is kept from the first change on, always under an id of its
/// own: opening something never overwrites anything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Saving {
    /// The id it is kept under.
    pub draft: Option<String>,
    /// How the last attempt went.
    pub status: SaveStatus,
}

/// How keeping the document went.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum SaveStatus {
    /// Nothing was changed yet.
    #[default]
    Unchanged,
    /// On its way.
    Saving,
    /// Kept.
    Saved,
    /// Not kept, and why.
    Failed(String),
}
