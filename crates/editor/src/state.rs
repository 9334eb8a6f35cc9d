//! Everything the editor knows.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use messaging::LogicalId;
use scenario::{Diagnostics, JsonPointer, Scenario};

use crate::action::DraftEntry;
use crate::branches::Branches;
use crate::filter_policy::FilterDraft;
use crate::geometry::Size;
use crate::guide::Predictions;
use crate::history::History;
use crate::journey::JourneyState;
use crate::layout::Places;
use crate::panels::Panels;
use crate::playback::Playback;
use crate::player::Player;
use crate::run::Run;
use crate::selection::Selection;
use crate::text::TextDraft;
use crate::tool::Tool;
use crate::view::Announcer;
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
    /// The nodes that are drawn as glyphs because their compact cards would lie over each other.
    pub crowded: Arc<BTreeSet<LogicalId>>,
    /// Where every node stands: as in the document, or where there was room; or upright.
    pub places: Arc<Places>,
    /// On a narrow page the diagram runs from top to bottom, whatever the document says: all nodes are compact cards
    /// of this size, world units, and cannot be moved.
    pub upright: Option<Size>,
    /// Panels, tabs, dialogs.
    pub panels: Panels,
    /// The filter policy being edited.
    pub filter: Option<FilterDraft>,
    /// The document as text, while it is looked at.
    pub text: Option<TextDraft>,
    /// Texts typed in the inspector that do not fit yet, with what is wrong with them.
    pub property_drafts: BTreeMap<JsonPointer, (String, String)>,
    /// The kept diagrams.
    pub drafts: Arc<Vec<DraftEntry>>,

    /// The diagram stands inside another page, which says what may be done with it.
    pub player: Option<Player>,

    // The run
    /// Time: the transport and what is shown when.
    pub playback: Playback,
    /// What the engine has said.
    pub run: Run,
    /// Following a message.
    pub journey: JourneyState,
    /// What the reader has predicted.
    pub predictions: Predictions,
    /// The runs that part from each other.
    pub branches: Branches,

    /// Counts changes, so that a component need not look when nothing of its own can have changed.
    pub changes: Changes,
    /// What was said to whoever listens.
    pub(crate) announcer: Announcer,
}

/// Counts the changes of each part. The painter's clock and the simulated clock move without any.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// The document was changed.
    pub document: u64,
    /// Something of the session was changed: selection, tool, viewport, panels, texts.
    pub session: u64,
    /// The engine said how nodes and links stand, at most ten times a second.
    pub run: u64,
    /// Something is being dragged, and moved: only `dragged` nodes, their links, and what is drawn over the canvas
    /// can have changed.
    pub drag: u64,
}

/// What there is to keep.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DraftToSave {
    /// The id it is kept under, if it has been kept before.
    pub id: Option<String>,
    /// The document's title.
    pub title: String,
    /// The document's JSON.
    pub document: String,
}

impl EditorState {
    /// The fragment of the address bar: the whole document and the version that made it, without `#`.
    pub fn fragment(&self) -> String {
        scenario::url::write(&self.scenario, None, &[])
    }

    /// What there is to keep in the browser.
    pub fn draft(&self) -> DraftToSave {
        DraftToSave {
            id: self.saving.draft.clone(),
            title: self.title().to_owned(),
            document: self.scenario.to_json(),
        }
    }

    /// A tap or a click adds a node to the selection: only while there is one.
    pub fn picks_several(&self) -> bool {
        self.panels.picking && matches!(self.selection, Selection::Nodes(_))
    }

    /// The document's title, or what stands for it.
    pub fn title(&self) -> &str {
        if self.scenario.title.is_empty() { "Untitled diagram" } else { &self.scenario.title }
    }
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
    /// Another tab has kept it since: from the next change on it is kept here under an id of its own.
    Elsewhere,
    /// Not kept, and why.
    Failed(String),
}
