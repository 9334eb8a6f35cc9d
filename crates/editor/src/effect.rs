//! Everything the editor wants of the browser.

use engine::EngineRequest;
use messaging::LogicalId;

use crate::panels::Theme;
use crate::playback::{Band, Mark};

/// Something the browser has to do. The runner does them in order.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Ask the engine. Answers come as [`Action::Engine`](crate::Action::Engine), in the order of the questions.
    Engine(EngineRequest),
    /// Start an engine, in place of the one there is.
    StartEngine,
    /// Give marks to the painter, each once.
    AddMarks(Vec<Mark>),
    /// The painter forgets all marks.
    ClearMarks,
    /// All banded flows there are now.
    SetBands(Vec<Band>),
    /// Put [`EditorState::fragment`](crate::EditorState::fragment) into the address bar, without a new step of the
    /// browser's history. The runner waits a little for the next one.
    WriteLocation,
    /// Keep [`EditorState::draft`](crate::EditorState::draft) in the browser. The runner waits a little for the next
    /// one, draws an id if there is none, and answers with `DraftSaved` or `DraftFailed`.
    SaveDraft,
    /// Read a kept diagram and answer with `OpenDraft`.
    ReadDraft(String),
    /// Forget a kept diagram and answer with `DraftsListed`.
    DeleteDraft(String),
    /// List the kept diagrams and answer with `DraftsListed`.
    ListDrafts,
    /// Put text on the clipboard and answer with `Copied`.
    CopyText(String),
    /// Read the clipboard and answer with `Paste`; or with `PasteFailed`, where the browser gives it only to the keys.
    ReadClipboard,
    /// Offer a file.
    Download {
        /// The file's name.
        name: String,
        /// Its text.
        text: String,
    },
    /// Say something to whoever listens.
    Announce {
        /// What.
        text: String,
        /// Into which live region.
        urgency: Urgency,
    },
    /// Use this theme, and remember it.
    SetTheme(Theme),
    /// Move the keyboard's focus.
    Focus(Focus),
    /// Draw a seed and answer with `SeedDrawn`.
    DrawSeed,
}

/// How urgent an announcement is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Urgency {
    /// When there is time.
    Polite,
    /// Now: an error in what the person just did.
    Assertive,
}

/// Where the keyboard's focus can be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Focus {
    /// The canvas.
    Canvas,
    /// A node on the canvas.
    Node(LogicalId),
    /// The field that finds messages.
    FindMessage,
    /// The field that narrows the list of targets.
    ConnectList,
    /// The name of the selected node, to be edited.
    Name,
    /// The text on the canvas that is being written.
    Writing,
    /// The document as text.
    Text,
    /// The first field of the inspector.
    Inspector,
    /// The next region, in the order top bar, palette, canvas, inspector, dock.
    NextRegion,
    /// The region before.
    PreviousRegion,
}
