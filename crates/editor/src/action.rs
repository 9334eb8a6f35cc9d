//! Everything that can happen to the editor.

use engine::EngineReply;
use kernel::{Seed, SimDuration, SimTime};
use messaging::node_state::Remedy;
use messaging::{Intervention, LogicalId, MetricName, ResourceKind};
use serde::{Deserialize, Serialize};

use crate::branches::BranchAction;
pub use crate::command::{Alignment, Axis, Command, Direction};
use crate::edit::Edit;
use crate::filter_policy::FilterAction;
use crate::geometry::{Point, Size};
use crate::guide::GuideAction;
use crate::journey::JourneyAction;
use crate::keymap::KeyInput;
use crate::panels::{Dialog, DockTab, InspectorTab, PaletteTab, Screen, Sheet, Theme, Writing};
use crate::playback::{ColourBy, HopDisplay};
use crate::selection::{LinkEnds, Selection};
use crate::text::TextAction;
use crate::tool::{PointerInput, ToolKind};
use crate::viewport::Viewport;

/// Everything that can happen to the editor.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    // The document
    /// Change it. The run goes on with it.
    Edit(Edit),
    /// Take the step that a problem's remedy offers: all of its properties as one step of undo.
    TakeRemedy {
        /// The resource that has the problem.
        of: LogicalId,
        /// The remedy.
        remedy: Box<Remedy>,
    },
    /// Add a resource at a free place near the middle of what is seen, or at a world point.
    Add {
        /// Its kind.
        kind: ResourceKind,
        /// Which of the kind's presets.
        preset: Option<usize>,
        /// Where its middle shall be.
        at: Option<Point>,
    },
    /// A text of the clipboard comes into the diagram: a document, a piece of one, a link, or a text for a note.
    Paste {
        /// The text.
        text: String,
        /// Where the pointer is, CSS px of the canvas; nothing if it is elsewhere.
        at: Option<Point>,
    },
    /// The browser does not give the clipboard to a button.
    PasteFailed,
    /// Change properties by the words of a link, such as `producer.rate` and `450`; as one step of undo.
    Change(Vec<scenario::Override>),
    /// All edits until `GestureEnded` are one step of undo: a slider being dragged, a text being typed.
    GestureStarted,
    /// See `GestureStarted`.
    GestureEnded,
    /// The runner drew a seed, as [`Effect::DrawSeed`](crate::Effect::DrawSeed) asked.
    SeedDrawn(Seed),

    // Opening and keeping documents
    /// The address bar holds this fragment: at start, or because somebody pasted a link.
    OpenFragment(String),
    /// A scenario of the gallery.
    OpenGallery(String),
    /// A kept diagram was read from the browser's storage.
    OpenDraft(Draft),
    /// A kept diagram was chosen: it will be read.
    ChooseDraft(String),
    /// A kept diagram shall be forgotten.
    DeleteDraft(String),
    /// An empty diagram.
    NewDocument,
    /// JSON text of a document, or a link, from a file or the clipboard.
    Import(String),
    /// The kept diagrams, latest first.
    DraftsListed(Vec<DraftEntry>),
    /// The document was kept under this id.
    DraftSaved {
        /// Its id, which was new if the effect had none.
        id: String,
    },
    /// It could not be kept.
    DraftFailed(String),

    // The session
    /// The pointer did something on the canvas, or with something of the palette.
    Pointer(PointerInput),
    /// A key was pressed.
    Key(KeyInput),
    /// A command, by button or menu.
    Command(Command),
    /// Select something, or nothing.
    Select(Selection),
    /// The keyboard's place among the nodes moved.
    FocusNode(Option<LogicalId>),
    /// Write on the canvas: a note, or the title of a group.
    Write(Writing),
    /// What was written; nothing if it shall stay as it was.
    Written(Option<String>),
    /// Use another tool.
    ChooseTool(ToolKind),
    /// Choose targets for links from this node, by click or from the list.
    StartConnect(LogicalId),
    /// The text typed to narrow the list of targets, or to find a component.
    Find(String),
    /// See another part of the world.
    MoveViewport(Viewport),
    /// The page is so narrow that the diagram shall run from top to bottom, or no longer.
    SetUpright(bool),
    /// The canvas has this size now, CSS px.
    ResizeCanvas(Size),
    /// The wheel turned: zoom by a factor at a point of the canvas.
    ZoomAt {
        /// Where, CSS px of the canvas.
        at: Point,
        /// Larger than 1 zooms in.
        factor: f64,
    },
    /// The wheel or two fingers moved: pan by CSS px.
    Pan {
        /// To the right.
        dx: f64,
        /// Downwards.
        dy: f64,
    },
    /// Select a node, bring it into view and give it the keyboard.
    GoTo(LogicalId),
    /// Select something and bring it into view.
    See(Selection),
    /// The document as text.
    Text(TextAction),
    /// Another tab has kept the diagram of this id.
    KeptElsewhere(String),
    /// Bring a node into view.
    Reveal(LogicalId),
    /// Home or the editor.
    ShowScreen(Screen),
    /// A dialog, or none.
    ShowDialog(Option<Dialog>),
    /// A tab of the palette.
    ShowPaletteTab(PaletteTab),
    /// A tab of the inspector.
    ShowInspectorTab(InspectorTab),
    /// A tab of the dock.
    ShowDockTab(DockTab),
    /// Fold a panel away, or out.
    TogglePanel(crate::panels::Panel),
    /// Make the sheet of a narrow page so tall.
    SetSheet(Sheet),
    /// Light, dark, or as the system.
    SetTheme(Theme),
    /// The system wants less motion, or no longer.
    SetReducedMotion(bool),
    /// Single-letter keys are on or off.
    SetSingleKeys(bool),
    /// The message in the corner was read.
    DismissNotice,
    /// The filter policy editor.
    Filter(FilterAction),
    /// A draft of a property was typed in the inspector but does not fit yet; nothing clears it.
    DraftProperty {
        /// Which property.
        pointer: scenario::JsonPointer,
        /// The text.
        text: Option<String>,
    },
    /// What the marks are coloured by.
    SetColourBy(ColourBy),
    /// How hops are shown.
    SetHopDisplay(HopDisplay),
    /// Show a metric as a track, or no longer.
    TogglePin {
        /// Of which resource.
        of: LogicalId,
        /// Which metric.
        metric: MetricName,
    },
    /// Tracks show one value a minute, as CloudWatch does, or one a second.
    ShowMinutes(bool),
    /// Tracks are shown as a table, or drawn.
    ShowTable(bool),
    /// Save what the tracks show as a file of comma-separated values.
    DownloadTracks,
    /// Save the events as a file of comma-separated values.
    DownloadEvents,
    /// Move a track before another.
    MoveTrack {
        /// Its place.
        from: usize,
        /// Its new place.
        to: usize,
    },

    /// Following a message.
    Journey(JourneyAction),
    /// Being guided through the run.
    Guide(GuideAction),

    // The run
    /// Go on.
    Play,
    /// Hold.
    Pause,
    /// To the next thing that can be seen, of the selection or of anything.
    Step,
    /// Simulated seconds for a real one, 0.01 to 100.
    SetSpeed(f64),
    /// Start again at zero with the document as it is.
    Reset,
    /// Go to a time.
    SeekTo(SimTime),
    /// Do something to the running world.
    Intervene(Intervention),
    /// Runs that part from each other.
    Branch(BranchAction),
    /// The browser is about to paint.
    AnimationFrame {
        /// Real time since the last one.
        elapsed: SimDuration,
    },
    /// The engine answered.
    Engine(EngineReply),
    /// The engine is there.
    EngineStarted,
    /// The engine stopped for good, with what it said.
    EngineFailed(String),
    /// Start the engine again.
    RestartEngine,
    /// The page is hidden or seen again.
    SetHidden(bool),
    /// Look closely at one resource, as often as nodes are refreshed; or at none.
    Inspect(Option<LogicalId>),

    // Sharing
    /// Put something on the clipboard.
    Copy(String),
    /// The clipboard took the selection, by the browser's own key.
    CopiedByKey,
    /// The clipboard has it, or not.
    Copied(bool),
    /// Save the document as a file.
    DownloadDocument,
    /// Save a text as a file.
    Save {
        /// The file's name.
        name: String,
        /// Its text.
        text: String,
    },
    /// What was just tried did not work, for this reason.
    Fail(String),
    /// Draw a link to another target that does not exist yet.
    ConnectToNew {
        /// Where the link starts.
        from: LogicalId,
        /// The kind of the new target.
        kind: ResourceKind,
        /// Which of the kind's presets.
        preset: Option<usize>,
        /// Where.
        at: Option<Point>,
    },
    /// Select and open the inspector of a link.
    OpenLink(LinkEnds),
}

/// A kept diagram.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Draft {
    /// Its id, drawn by the runner.
    pub id: String,
    /// The document's JSON.
    pub document: String,
}

/// A kept diagram in the list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DraftEntry {
    /// Its id.
    pub id: String,
    /// The document's title.
    pub title: String,
    /// When it was kept last, as the runner says it, such as `yesterday`.
    pub saved: String,
}
